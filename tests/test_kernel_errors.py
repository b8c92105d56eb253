"""What the kernel refuses, and that it says what was required, what arrived, and what to do."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from symmix.errors import DimensionError, NotationError, SymmixError, UnsupportedError
from symmix.kernel.calculus import Template, derivative, scalar_moments, substitute, tensor_moments
from symmix.kernel.networks import constant, delta, entry, ones, zeros
from symmix.kernel.points import Model, evaluate
from symmix.kernel.positivity import Interval
from symmix.kernel.products import DELTA, Tensor
from symmix.kernel.scalars import ONE, Polynomial

LAM = Polynomial.variable("lam")
W, x, y = Tensor("W", ("k", "h")), Tensor("x", ("h",)), Tensor("y", ("k",))
J, theta = Tensor("J", ("h", "p")), Tensor("theta", ("p",))
xi, yi = entry(x, "i"), entry(y, "i")

# what is done; the error; what it must say was required, arrived, and may help
REFUSED: dict[str, tuple[Callable[[], object], type[SymmixError], str, str, str]] = {
    "W @ y on the wrong axis": (
        lambda: entry(W, "a", "i") * yi,
        DimensionError,
        "one dimension for the index 'i'",
        "'h' and 'k'",
        "check the order of the factors",
    ),
    "W^T @ x on the wrong axis": (
        lambda: entry(W, "a", "i") * entry(x, "a"),
        DimensionError,
        "one dimension for the index 'a'",
        "'k' and 'h'",
        "check the order of the factors",
    ),
    "adding vectors of different spaces": (
        lambda: xi + yi,
        DimensionError,
        "the same free indices",
        "{i: h} and {i: k}",
        "rename the indices",
    ),
    "adding a scalar to a vector": (
        lambda: xi + constant(1),
        DimensionError,
        "the same free indices",
        "{i: h} and {}",
        "multiply by ones",
    ),
    "subtracting over another index": (
        lambda: xi - entry(x, "j"),
        DimensionError,
        "the same free indices",
        "{i: h} and {j: h}",
        "rename the indices",
    ),
    "adding zeros of another space": (
        lambda: xi + zeros({"i": "k"}),
        DimensionError,
        "the same free indices",
        "{i: h} and {i: k}",
        "rename the indices",
    ),
    "trace of a rectangular matrix": (
        lambda: entry(W, "i", "i"),
        DimensionError,
        "one dimension for the index 'i'",
        "'k' and 'h'",
        "another index",
    ),
    "diagonal of a rectangular matrix by renaming": (
        lambda: entry(W, "a", "i").rename({"a": "i"}),
        DimensionError,
        "one dimension for the index 'i'",
        "'k' and 'h'",
        "another index",
    ),
    "delta between two dimensions": (
        lambda: xi * delta("i", "j", "k"),
        DimensionError,
        "one dimension for the index 'i'",
        "'h' and 'k'",
        "another index",
    ),
    "ones of another dimension": (
        lambda: xi * ones(i="k"),
        DimensionError,
        "one dimension for the index 'i'",
        "'h' and 'k'",
        "another index",
    ),
    "too few indices": (
        lambda: entry(W, "a"),
        DimensionError,
        "2 indices for W[k, h]",
        "1: ('a',)",
        "one index a slot",
    ),
    "too many indices": (
        lambda: entry(x, "a", "b"),
        DimensionError,
        "1 indices for x[h]",
        "2: ('a', 'b')",
        "one index a slot",
    ),
    "summing over an index that is not there": (
        lambda: xi.sum("j"),
        NotationError,
        "a free index to sum over",
        "'j'; free are {i: h}",
        "an index of the expression",
    ),
    "summing twice over one index": (
        lambda: xi.sum("i", "i"),
        NotationError,
        "a free index to sum over",
        "'i'",
        "an index of the expression",
    ),
    "the delta's name": (
        lambda: entry(Tensor(DELTA, ("h", "k")), "i", "j"),
        NotationError,
        "a tensor with a name of its own",
        DELTA,
        "delta(i, j, dim)",
    ),
    "a definition of another shape": (
        lambda: Template(x, ("i",), yi),
        DimensionError,
        "of dimensions ('h',)",
        "slots ('i',) of dimensions ('k',)",
        "the shape that it has",
    ),
    "a definition with too few slots": (
        lambda: Template(W, ("i",), xi),
        DimensionError,
        "a definition of W[k, h]",
        "slots ('i',)",
        "the shape that it has",
    ),
    "a definition that names a slot twice": (
        lambda: Template(Tensor("A", ("h", "h")), ("i", "i"), xi),
        DimensionError,
        "one free index a slot",
        "('i', 'i')",
        "the shape that it has",
    ),
    "a definition with a dangling index": (
        lambda: substitute(xi, [Template(x, ("i",), entry(J, "i", "t"))]),
        DimensionError,
        "whose only free indices are its slots",
        "['t']",
        "sum over them",
    ),
    "two definitions of one tensor": (
        lambda: substitute(xi, [Template(x, ("i",), xi), Template(x, ("j",), entry(x, "j") * 2)]),
        NotationError,
        "one definition of x[h]",
        "(1) x[i] and (2) x[j]",
        "leave one out",
    ),
    "two Jacobians of one tensor": (
        lambda: derivative(xi.sum("i"), theta, ["t"], [Template(x, ("i",), entry(J, "i", "t") * c) for c in (1, 2)]),
        NotationError,
        "one definition of x[h]",
        "(1) J[i,t] and (2) J[i,t]",
        "leave one out",
    ),
    "a Jacobian of the variable itself": (
        lambda: derivative(xi, x, ["j"], [Template(x, ("i",), entry(Tensor("G", ("h", "h")), "i", "j"))]),
        NotationError,
        "one definition of x[h]",
        "G[i,j]",
        "the identity and is not declared",
    ),
    "a Jacobian over another dimension": (
        lambda: derivative(xi, theta, ["t"], [Template(x, ("i",), entry(W, "t", "i"))]),
        DimensionError,
        "over the indices {'t': 'p'}",
        "{'t': 'k'}",
        "one axis for each slot of the variable",
    ),
    "a derivative by an index that is taken": (
        lambda: derivative(xi, x, ["i"]),
        NotationError,
        "1 new and distinct indices for x[h]",
        "('i',); taken are ['i']",
        "that the expression does not use",
    ),
    "a derivative with one index for two slots": (
        lambda: derivative(constant(1), W, ["a", "a"]),
        NotationError,
        "2 new and distinct indices for W[k, h]",
        "('a', 'a')",
        "that the expression does not use",
    ),
    "a derivative with too few indices": (
        lambda: derivative(constant(1), W, ["a"]),
        NotationError,
        "2 new and distinct indices for W[k, h]",
        "('a',)",
        "that the expression does not use",
    ),
    "a scalar moment that is missing": (
        lambda: scalar_moments(xi * LAM**3, "lam", {0: ONE, 1: ONE, 2: ONE}),
        UnsupportedError,
        "a moment of lam for each power that occurs",
        "lam**3; there are moments for the powers [0, 1, 2]",
        "give that moment too",
    ),
    "a tensor moment that is missing": (
        lambda: tensor_moments(xi * entry(x, "j"), x, {1: (("i",), ones(i="h"))}),
        UnsupportedError,
        "a moment of x for each degree that occurs",
        "degree 2; there are moments for the degrees [1]",
        "give that moment too",
    ),
    "a moment with a dangling index": (
        lambda: tensor_moments(xi, x, {1: (("i",), entry(J, "i", "t"))}),
        DimensionError,
        "over 1 slots and no other free index",
        "J[i,t]",
        "sum over all other indices",
    ),
    "a moment of another degree": (
        lambda: tensor_moments(xi, x, {2: (("i",), xi)}),
        DimensionError,
        "a moment of degree 2 of x[h] over 2 slots",
        "('i',)",
        "name the slots of the first factor",
    ),
    "a moment that is not symmetric": (
        lambda: tensor_moments(xi * entry(x, "j"), x, {2: (("i", "j"), entry(Tensor("G", ("h", "h")), "i", "j"))}),
        NotationError,
        "symmetric under exchange of its factors",
        "G[i,j]",
        "average it over the orders",
    ),
    "a moment of degree 0 that is not 1": (
        lambda: tensor_moments(xi, x, {0: ((), constant(2))}),
        DimensionError,
        "1 as the moment of degree 0 of x",
        "(2)",
        "leave it out",
    ),
    "a model without entries": (
        lambda: evaluate(xi, Model({"h": 1})),
        NotationError,
        "entries for x[h]",
        "none",
        "all tensors that occur",
    ),
    "a negative power of a sum": (
        lambda: (1 - LAM) ** -1,
        UnsupportedError,
        "a single non-zero term under a negative exponent",
        "(1 - lam)**-1",
        "name the reciprocal",
    ),
    "a negative power of zero": (
        lambda: Polynomial() ** -2,
        UnsupportedError,
        "a single non-zero term under a negative exponent",
        "(0)**-2",
        "name the reciprocal",
    ),
    "a float as a coefficient": (
        lambda: constant(0.5),  # type: ignore[arg-type]
        UnsupportedError,
        "an integer or a Fraction",
        "0.5 of type float",
        "Fraction(1, 2) for 0.5",
    ),
    "an empty interval": (
        lambda: Interval(Fraction(1), Fraction(0)),
        UnsupportedError,
        "an interval with points in it",
        "1 < x < 0",
        "the smaller bound first",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_what_was_required_what_arrived_and_what_helps(name: str) -> None:
    attempt, kind, required, arrived, remedy = REFUSED[name]
    with pytest.raises(SymmixError) as caught:
        attempt()
    error = caught.value
    assert type(error) is kind
    assert required in error.required
    assert arrived in error.arrived
    assert remedy in error.remedy
    assert str(error) == f"required: {error.required}\n arrived: {error.arrived}\n    help: {error.remedy}"


def test_floats_do_not_mix_with_exact_numbers() -> None:
    half: Any = 0.5  # the types forbid it; so does the kernel when nobody checks types
    operations: list[Callable[[], object]] = [
        lambda: LAM * half,
        lambda: half * LAM,
        lambda: LAM + half,
        lambda: LAM - half,
        lambda: half - LAM,
        lambda: xi * half,
        lambda: half * xi,
    ]
    for operation in operations:
        with pytest.raises((TypeError, UnsupportedError)):
            operation()


def test_a_scalar_multiplies_from_either_side() -> None:
    assert LAM * xi == xi * LAM
    assert Fraction(1, 2) * xi == xi * Fraction(1, 2)
    assert 2 * xi == xi + xi
    assert (1 - LAM) * xi == xi - LAM * xi
