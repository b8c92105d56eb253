"""The second checker and names that mean two things, and values that come where they may not stand.

A tree may bind the names that evidence has for rows and columns; a symbol may be replaced by what is random, or be
given a Jacobian that has more axes than it.
"""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from symmix import checker
from tests.checker_documents import (
    EQUAL,
    add,
    at,
    certificate,
    combination,
    expected,
    identity,
    mul,
    num,
    over,
    point,
    power,
    size,
    statement,
    sym,
    term,
    total,
    trace,
    transposed,
    vanishing,
    verdict,
    ways,
    witness,
)

s, t, lam, m1, m2, q = map(sym, ("s", "t", "lam", "m1", "m2", "q"))
A, B, x, H = map(sym, ("A", "B", "x", "H"))
NAMES = ("row", "column", "i")


def by_entries(body: Any, i: str | None, j: str | None = None) -> Any:
    return ["ByEntries", i and [i, "n"], j and [j, "n"], body]


def scaled(name: str) -> list[tuple[Any, Any]]:
    """Return what is summed or listed over an index in front of a matrix, each with what it is."""
    entry, sums = at(x, name, "0"), total(at(x, "j", "0"), j="n")
    return [
        (total(trace(mul(entry, A)), **{name: "n"}), mul(sums, trace(A))),
        (total(trace(["Transpose", mul(A, entry)]), **{name: "n"}), mul(sums, trace(A))),
        (by_entries(trace(mul(entry, A)), name), mul(trace(A), x)),
        (total(trace(mul(A, mul(entry, B))), **{name: "n"}), mul(sums, trace(mul(A, B)))),
        (total(trace(mul(entry, transposed(x), x)), **{name: "n"}), mul(sums, transposed(x), x)),
        (trace(["DiagonalMatrix", by_entries(trace(mul(entry, A)), name)]), mul(sums, trace(A))),
    ]


@pytest.mark.parametrize(("name", "which"), list(itertools.product(NAMES, range(6))))
def test_an_index_that_a_tree_binds_is_no_row_and_no_column(name: str, which: int) -> None:
    left, right = scaled(name)[which]
    assert not verdict(identity(left, right), EQUAL)
    ones: dict[str, Any] = {"x": ["1", "1"], "A": [["1", "0"], ["0", "1"]], "B": [["1", "0"], ["0", "1"]]}
    words = str(left)
    there = witness({"n": 2}, **{k: v for k, v in ones.items() if f"'{k}'" in words})
    assert "not false" in verdict(["Fails", identity(left, right)], there)
    captured = mul(size("n"), total(mul(at(x, "j", "0"), at(A, "j", "j")), j="n"))
    assert "differ" in verdict(identity(left, mul(captured, x) if which == 2 else captured), EQUAL)


@pytest.mark.parametrize("names", list(itertools.permutations(NAMES, 2)))
def test_moments_may_call_their_indices_as_they_like(names: tuple[str, str]) -> None:
    """E x^T x = n tr A where E x_i x_j = delta_ij tr A: the names are those of places in x alone."""
    i, j = names
    value = trace(mul(["Delta", i, j], A))
    mean = ["Expectation", mul(transposed(x), x), x, [[2, [i, j], value]]]
    met = {**EQUAL, "met": point({"n": 1}, A=[["1"]], x=["0"])}
    assert not verdict(identity(mean, mul(size("n"), trace(A))), met)
    assert "differ" in verdict(identity(mean, trace(A)), met)


@pytest.mark.parametrize("name", ["row", "column"])
def test_evidence_names_its_axes_though_a_tree_binds_their_names(name: str) -> None:
    """(sum_r x_r) A = 0 where A = 0, a matrix: the factor has the axes of both, and the sum of the claim in it."""
    sums = total(at(x, name, "0"), **{name: "n"})
    claim, met = vanishing(mul(sums, A), where=[A]), point({"n": 1}, A=[["0"]], x=["1"])
    same = mul(["Delta", "row", "of row"], ["Delta", "column", "of column"])
    assert not verdict(claim, {**ways(combination(term(0, mul(sums, same)))), "met": met})
    turned = mul(["Delta", "row", "of column"], ["Delta", "column", "of row"])
    for factor in (mul(sums, turned), same, mul(at(x, name, "0"), same)):
        assert verdict(claim, {**ways(combination(term(0, factor))), "met": met})
    nowhere = identity(at(x, name, "0"), s)  # there is no such axis in a statement, and that is said as it was written
    assert f"is required, not '{name}'" in verdict(nowhere, EQUAL)


RANDOM = [lam, add(num(1), lam), mul(s, lam), add(power(lam, 2), num(1)), power(lam, 3)]
DIVIDED: list[tuple[Any, str, bool]] = [
    (over(num(1), add(num(1), t)), "t", False),
    (over(q, add(t, power(t, 2))), "t", False),
    (mul(num(0), over(num(1), add(num(1), t))), "t", False),
    (trace(["Inverse", A]), "A", True),
    (trace(mul(B, ["Inverse", add(["Identity", "n"], A)])), "A", True),
]


@pytest.mark.parametrize(("value", "which"), list(itertools.product(range(len(RANDOM)), range(len(DIVIDED)))))
def test_no_value_brings_what_is_random_below(value: int, which: int) -> None:
    """An expectation is of polynomials also once values have been put in the place of symbols."""
    (of, name, matrix), put = DIVIDED[which], RANDOM[value]
    replaced = ["At", of, [[name, mul(put, B) if matrix else put]]]
    nested = ["At", ["At", of, [[name, mul(m1, B) if matrix else m1]]], [["m1", put]]]
    for inner, factor in itertools.product((replaced, nested), (num(1), lam, m2)):
        mean = expected(mul(factor, inner), "lam", m1=s, m2=num(1), m3=num(1))
        for right in (mul(s if factor is lam else factor, inner), num(0)):
            claim = statement(identity(mean, right))
            values: Any = {"lam": "1", **{n: "1" for n in ("s", "q", "m1", "m2") if n in claim["symbols"]}}
            values |= {n: [["1"]] for n in "AB" if n in claim["symbols"]}
            sizes = dict.fromkeys(claim["sizes"], 1)
            for evidence in (EQUAL, {**EQUAL, "met": point(sizes, **values)}):
                reason = checker.check(certificate(claim, evidence)).reason
                assert "of what divides by it" in reason or "another value of what is divided by" in reason


def test_a_value_below_that_is_not_random_may_be_averaged() -> None:
    inner = ["At", over(num(1), add(num(1), t)), [["t", q]]]
    claim = identity(expected(mul(lam, inner), "lam", m1=s), over(s, add(num(1), q)))
    assert not verdict(claim, {**EQUAL, "met": point(s="1", q="1")})


def test_the_jacobian_of_a_scalar_by_a_scalar_is_no_array() -> None:
    for body in (q, mul(q, s)):
        claim = identity(["Gradient", body, s, [["q", H]], False], add(t, q))
        for evidence in (EQUAL, witness({"n": 1, "p": 1})):
            assert "of another shape" in verdict(claim, evidence)
            assert "of another shape" in verdict(["Fails", claim], evidence)
