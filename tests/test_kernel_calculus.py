"""Substitution, derivative, moments and value against their definitions, exactly.

The value is compared with the naive one first; derivative and substitution then rest on naive values, too, and averages
over explicit distributions on the value that was compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import permutations
from itertools import product as cartesian
from math import comb
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from symmix.kernel.calculus import Template, derivative, scalar_moments, substitute, tensor_moments
from symmix.kernel.networks import Expression, constant, delta, entry, ones, zeros
from symmix.kernel.points import Model, evaluate
from symmix.kernel.products import Tensor
from symmix.kernel.scalars import ONE, Polynomial
from tests.kernel_strategies import SHAPES, TENSORS, Point, Written, build, expressions, random_point, seeds, value

SIZES = {"n": 2, "m": 3}
Values = dict[tuple[int, ...], Fraction]


def model(at: Point) -> Model:
    return Model(
        at.sizes, at.scalars, {TENSORS.get(name, Tensor(name, ())): table for name, table in at.entries.items()}
    )


def moved(at: Point, name: str, position: tuple[int, ...], by: int) -> Point:
    table = dict(at.entries[name])
    table[position] = table[position] + by
    return Point(at.sizes, at.scalars, {**at.entries, name: table})


def plus(left: Values, right: Values, weight: Fraction | int) -> Values:
    return {position: left[position] + weight * right[position] for position in left}


# -- the value ---------------------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=300)
@given(expressions(), seeds, st.sampled_from([{"n": 1, "m": 1}, {"n": 1, "m": 2}, {"n": 3, "m": 2}, {"n": 2, "m": 3}]))
def test_value_is_the_sum_over_all_index_values(written: Written, seed: int, sizes: dict[str, int]) -> None:
    at = random_point(Random(seed), sizes)
    assert evaluate(build(written), model(at)) == value(written, at)


def test_value_of_a_sparse_table_and_of_zero() -> None:
    at = Model({"n": 3}, {}, {TENSORS["x"]: {(2,): Fraction(5)}})
    assert evaluate(entry(TENSORS["x"], "i"), at) == {(0,): 0, (1,): 0, (2,): 5}
    assert evaluate(zeros({"i": "n"}), at) == {(0,): 0, (1,): 0, (2,): 0}
    assert evaluate(delta("i", "j", "n"), at) == {(i, j): int(i == j) for i in range(3) for j in range(3)}


# -- derivative --------------------------------------------------------------------------------------------------------


def slope(written: Written, at: Point, name: str, position: tuple[int, ...], degree: int) -> Values:
    """Differentiate by one entry exactly: f'(0) = sum over k >= 1 of (-1)**(k-1) / k * the k-th forward difference."""
    samples = [value(written, moved(at, name, position, by)) for by in range(degree + 1)]
    total = {place: Fraction(0) for place in samples[0]}
    for k in range(1, degree + 1):
        for j in range(k + 1):
            total = plus(total, samples[j], Fraction((-1) ** (k - j) * comb(k, j) * (-1) ** (k - 1), k))
    return total


@settings(deadline=None, max_examples=150)
@given(st.data(), expressions(max_terms=2), seeds)
def test_derivative_is_the_slope_in_each_entry(data: st.DataObject, written: Written, seed: int) -> None:
    occurring = sorted({atom for term in written.terms for atom, _ in term.atoms} & SHAPES.keys())
    assume(occurring)
    name = data.draw(st.sampled_from(occurring))
    degree = max(sum(atom == name for atom, _ in term.atoms) for term in written.terms)
    at = random_point(Random(seed), SIZES, reach=4)
    indices = [f"~{slot}" for slot in range(len(SHAPES[name]))]  # sort behind the others
    found = evaluate(derivative(build(written), TENSORS[name], indices), model(at))
    for position in cartesian(*(range(SIZES[dim]) for dim in SHAPES[name])):
        expected = slope(written, at, name, position, degree)
        assert {place: found[(*place, *position)] for place in expected} == expected


def test_derivative_of_a_constant_is_zero_over_all_indices() -> None:
    result = derivative(entry(TENSORS["A"], "i", "j"), TENSORS["x"], ["k"])
    assert result.is_zero
    assert result.free == {"i": "n", "j": "n", "k": "n"}


@settings(deadline=None, max_examples=120)
@given(expressions(max_terms=2), expressions(max_terms=2))
def test_product_rule_and_symmetry_of_second_derivatives(f: Written, g: Written) -> None:
    x, A = TENSORS["x"], TENSORS["A"]
    one, other = (build(w).sum(*(index for index, _ in w.free)) for w in (f, g))
    product = derivative(one * other, x, ["k"])
    assert product == derivative(one, x, ["k"]) * other + one * derivative(other, x, ["k"])
    twice = derivative(derivative(one, x, ["k"]), A, ["q", "r"])
    assert twice == derivative(derivative(one, A, ["q", "r"]), x, ["k"])
    hessian = derivative(derivative(one, x, ["k"]), x, ["q"])
    assert hessian == hessian.rename({"k": "q", "q": "k"})


THETA = Tensor("theta", ("p",))
Q, L_, J = Tensor("Q", ("n", "p", "p")), Tensor("L", ("n", "p")), Tensor("J", ("n", "p"))


def quadratic_map() -> Expression:
    """x[i] = sum_jk Q[i,j,k] theta[j] theta[k] + sum_j L[i,j] theta[j]."""
    bilinear = entry(Q, "i", "j", "k") * entry(THETA, "j") * entry(THETA, "k")
    return bilinear.sum("j", "k") + (entry(L_, "i", "j") * entry(THETA, "j")).sum("j")


@settings(deadline=None, max_examples=120)
@given(expressions(max_terms=2, names=("x", "A", "s", "T")))
def test_declared_jacobian_is_the_chain_rule_of_an_explicit_map(written: Written) -> None:
    x, expression, body = TENSORS["x"], build(written), quadratic_map()
    explicit = derivative(substitute(expression, [Template(x, ("i",), body)]), THETA, ["t"])
    declared = derivative(expression, THETA, ["t"], [Template(x, ("i",), entry(J, "i", "t"))])
    jacobian = derivative(body, THETA, ["t"])
    assert substitute(declared, [Template(J, ("i", "t"), jacobian), Template(x, ("i",), body)]) == explicit


def test_variable_may_occur_beside_its_images() -> None:
    x, y = TENSORS["x"], TENSORS["y"]
    loss = (entry(x, "i") * entry(y, "i")).sum("i")
    found = derivative(loss, y, ["t"], [Template(x, ("i",), entry(TENSORS["A"], "i", "t"))])
    assert found == entry(x, "t") + (entry(y, "i") * entry(TENSORS["A"], "i", "t")).sum("i")


def test_no_index_name_is_special_to_the_derivative() -> None:
    x = TENSORS["x"]
    for name in ("slot 0", "slot 1", "i", "0", "slot 0 of ['slot 0']"):
        assert derivative(entry(x, "a").sum("a"), x, [name]) == ones(**{name: "n"})
        assert derivative(entry(x, "a"), x, [name]) == delta("a", name, "n")
    swapped = derivative(entry(TENSORS["A"], "a", "b"), TENSORS["A"], ["slot 1", "slot 0"])
    assert swapped == delta("a", "slot 1", "n") * delta("b", "slot 0", "n")


# -- substitution ------------------------------------------------------------------------------------------------------

COMPOSED = {"x": (("g0", "n"),), "A": (("g0", "n"), ("g1", "n")), "u": (("g0", "m"),)}


@st.composite
def definitions(draw: st.DrawFn) -> tuple[str, Expression]:
    name = draw(st.sampled_from(sorted(COMPOSED)))
    y, B, W = TENSORS["y"], TENSORS["B"], TENSORS["W"]
    lam = Polynomial.variable("lam")
    bodies = {
        "x": [
            entry(y, "g0") * lam,
            ones(g0="n"),
            zeros({"g0": "n"}),
            (entry(B, "g0", "k") * entry(TENSORS["x"], "k")).sum("k") - entry(y, "g0"),
            entry(B, "g0", "g0") * entry(TENSORS["x"], "g0"),
        ],
        "A": [
            delta("g0", "g1", "n"),
            delta("g0", "g1", "n") * entry(y, "g0") + entry(B, "g1", "g0"),
            entry(y, "g0") * entry(TENSORS["x"], "g1") * (1 - lam),
            (entry(TENSORS["A"], "g0", "k") * entry(TENSORS["A"], "k", "g1")).sum("k"),
            ones(g0="n", g1="n"),
        ],
        "u": [(entry(W, "g0", "k") * entry(y, "k")).sum("k"), entry(W, "g0", "k").sum("k") + entry(TENSORS["u"], "g0")],
    }
    return name, draw(st.sampled_from(bodies[name]))


@settings(deadline=None, max_examples=150)
@given(expressions(max_terms=2), definitions(), seeds)
def test_substitution_composes_values(written: Written, definition: tuple[str, Expression], seed: int) -> None:
    name, body = definition
    at = random_point(Random(seed), SIZES, reach=5)
    inner = evaluate(body, model(at))
    composed = substitute(build(written), [Template(TENSORS[name], tuple(i for i, _ in COMPOSED[name]), body)])
    expected = value(written, Point(at.sizes, at.scalars, {**at.entries, name: inner}))
    assert evaluate(composed, model(at)) == expected


def test_substitution_is_simultaneous() -> None:
    x, y = TENSORS["x"], TENSORS["y"]
    swap = [Template(x, ("i",), entry(y, "i")), Template(y, ("i",), entry(x, "i"))]
    e = entry(x, "a") * entry(x, "a") * entry(y, "a")
    assert substitute(e, swap) == entry(y, "a") * entry(y, "a") * entry(x, "a")


def test_substitution_captures_no_index() -> None:
    x, A = TENSORS["x"], TENSORS["A"]
    body = (entry(A, "slot", "a") * entry(TENSORS["y"], "a")).sum("a")  # sums over an a of its own
    found = substitute(entry(x, "a") * entry(x, "b"), [Template(x, ("slot",), body)])
    one, other = ((entry(A, i, "k") * entry(TENSORS["y"], "k")).sum("k") for i in "ab")
    assert found == one * other


# -- moments -----------------------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=100)
@given(expressions(names=("x", "A", "s")), st.tuples(st.integers(-3, 3), st.integers(1, 4)), seeds)
def test_scalar_moments_are_the_average_over_a_two_point_distribution(
    written: Written, points: tuple[int, int], seed: int
) -> None:
    assume(points[0] != 0)  # 1 / lam occurs
    weight = Fraction(1, 3)
    support = [(weight, Fraction(points[0])), (1 - weight, Fraction(points[1], 5))]
    image = {d: Polynomial.constant(sum((w * v**d for w, v in support), start=Fraction(0))) for d in range(-1, 5)}
    at = random_point(Random(seed), SIZES)
    total = {place: Fraction(0) for place in value(written, at)}
    for w, v in support:
        total = plus(total, value(written, Point(at.sizes, {**at.scalars, "lam": v}, at.entries)), w)
    assert evaluate(scalar_moments(build(written), "lam", image), model(at)) == total


@pytest.mark.parametrize("size", [2, 3, 4])
def test_tensor_moments_of_a_uniform_permutation_matrix(size: int) -> None:
    """E P_ij = 1/n; E P_ij P_kl = 1/n for one and the same entry, 1/(n(n-1)) where row and column differ, else 0."""
    P, x, y, B = Tensor("P", ("n", "n")), TENSORS["x"], TENSORS["y"], TENSORS["B"]
    inverse, below = Polynomial.variable("n", -1), Polynomial.variable("below", -1)  # below = n - 1
    same, other = delta("i", "k", "n"), delta("j", "l", "n")
    apart = (ones(i="n", k="n") - same) * (ones(j="n", l="n") - other)
    moments = {
        1: (("i", "j"), ones(i="n", j="n") * inverse),
        2: (("i", "j", "k", "l"), same * other * inverse + apart * (inverse * below)),
    }
    Px = (entry(P, "i", "j") * entry(x, "j")).sum("j")
    Py = (entry(P, "i", "j") * entry(y, "j")).sum("j")
    PtBP = (entry(P, "k", "i") * entry(B, "k", "l") * entry(P, "l", "j")).sum("k", "l")
    at = random_point(Random(size), {"n": size, "m": 1})
    everywhere = Model(at.sizes, {**at.scalars, "below": Fraction(size - 1)}, model(at).entries)
    for expression in (
        Px,
        Px * Px,
        Px * Py,
        (Px * Py).sum("i"),
        PtBP,
        ones(i="n"),
        entry(P, "i", "i"),
        Px * 2 - Py * Px,
    ):
        found = evaluate(tensor_moments(expression, P, moments), everywhere)
        matrices: list[Mapping[tuple[int, ...], Fraction]] = [
            {(i, j): Fraction(int(p[i] == j)) for i in range(size) for j in range(size)}
            for p in permutations(range(size))
        ]
        for place, total in average(expression, P, matrices, everywhere).items():
            assert found[place] == total


def average(
    expression: Expression, tensor: Tensor, support: Sequence[Mapping[tuple[int, ...], Fraction]], at: Model
) -> Values:
    values = [evaluate(expression, Model(at.sizes, at.scalars, {**at.entries, tensor: t})) for t in support]
    return {place: sum((v[place] for v in values), start=Fraction(0)) / len(support) for place in values[0]}


def test_tensor_moments_of_a_vector_with_independent_signs() -> None:
    """E x_i x_j = d_ij and the fourth moment is the sum of the three pairings minus twice the full diagonal."""
    x, A = TENSORS["x"], TENSORS["A"]
    pair = {p: delta(p[0], p[1], "n") for p in ("ij", "kl", "ik", "jl", "il", "jk")}
    diagonal = pair["ij"] * pair["kl"] * pair["jk"]
    fourth = pair["ij"] * pair["kl"] + pair["ik"] * pair["jl"] + pair["il"] * pair["jk"] - 2 * diagonal
    moments = {
        1: (("i",), zeros({"i": "n"})),
        2: (("i", "j"), pair["ij"]),
        3: (("i", "j", "k"), zeros({"i": "n", "j": "n", "k": "n"})),
        4: (("i", "j", "k", "l"), fourth),
    }
    form = (entry(A, "i", "j") * entry(x, "i") * entry(x, "j")).sum("i", "j")
    at = random_point(Random(4), {"n": 3, "m": 1})
    support: list[Mapping[tuple[int, ...], Fraction]] = [
        {(i,): Fraction(s) for i, s in enumerate(signs)} for signs in cartesian((-1, 1), repeat=3)
    ]
    for expression in (
        form,
        form * form,
        form * entry(x, "a"),
        form * entry(x, "a") * entry(x, "b") + form * ones(a="n", b="n"),
    ):
        found = evaluate(tensor_moments(expression, x, moments), model(at))
        assert found == average(expression, x, support, model(at))
    assert tensor_moments(form, x, moments) == entry(A, "i", "i").sum("i")


def test_moment_of_degree_zero_is_one() -> None:
    x, y = TENSORS["x"], TENSORS["y"]
    assert tensor_moments(entry(y, "i"), x, {}) == entry(y, "i")
    assert scalar_moments(entry(y, "i"), "lam", {0: ONE}) == entry(y, "i")
    assert scalar_moments(constant(Polynomial.variable("lam", 2)), "lam", {2: Polynomial.variable("m2")}) == constant(
        Polynomial.variable("m2")
    )
