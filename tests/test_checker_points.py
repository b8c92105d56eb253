"""The exact checker and points: what refutes meets all that is assumed, and its moments are those of a distribution."""

from __future__ import annotations

from typing import Any

import pytest

from tests.checker_documents import (
    EQUAL,
    ZERO,
    add,
    at,
    equivalence,
    expected,
    identity,
    mul,
    num,
    over,
    power,
    sym,
    transposed,
    vanishing,
    verdict,
    witness,
)

s, t, lam, m1, m2, q = map(sym, ("s", "t", "lam", "m1", "m2", "q"))
A, B, x, y, P = map(sym, ("A", "B", "x", "y", "P"))

# -- moments ---


@pytest.mark.parametrize(
    ("moments", "values"),
    [
        ({"m1": ZERO, "m2": num(-1)}, {}),
        ({"m1": num(1), "m2": num("1/2")}, {}),
        ({"m1": m1, "m2": m2}, {"m1": "1", "m2": "0"}),
        ({"m1": ZERO, "m2": num(1), "m3": num(1), "m4": num(1)}, {}),
        ({"m1": ZERO, "m2": ZERO, "m3": num(1)}, {}),
        ({"m1": ZERO, "m2": num(1), "m3": ZERO, "m4": num("1/2")}, {}),
        ({"m2": num(-1)}, {}),
    ],
)
def test_no_point_has_moments_that_no_distribution_has(moments: Any, values: Any) -> None:
    claim = ["Fails", identity(expected(power(lam, 2), "lam", **moments), num(17))]
    assert verdict(claim, witness({}, **values))


def test_a_range_bounds_moments() -> None:
    claim = ["Fails", identity(expected(add(lam, power(lam, 2)), "lam", m1=m1, m2=m2), num(17))]
    closed = [[lam, ">=", ZERO], [lam, "<=", num(1)]]
    inside = [[lam, ">", ZERO], [lam, "<", num(1)]]
    assert not verdict(claim, witness({}, m1="1/2", m2="1/3"), conditions=inside)
    assert not verdict(claim, witness({}, m1="1/2", m2="1/2"), conditions=closed)
    assert not verdict(claim, witness({}, m1="1/2", m2="1/4"), conditions=inside)
    assert verdict(claim, witness({}, m1="1/2", m2="1/2"), conditions=inside)
    assert verdict(claim, witness({}, m1="1/2", m2="1/2"), conditions=[*closed, [lam, "!=", ZERO]])
    assert verdict(claim, witness({}, m1="1/2", m2="1/4"), conditions=[*closed, [lam, "!=", num("1/2")]])
    assert verdict(claim, witness({}, m1="1/2", m2="2/3"), conditions=closed)
    assert verdict(claim, witness({}, m1="2", m2="4"), conditions=closed)
    assert verdict(claim, witness({}, m1="1/2", m2="1"), whole=["lam"])
    assert not verdict(claim, witness({}, m1="2", m2="4"), whole=["lam"])
    assert verdict(claim, witness({}, m1="1/2", m2="1/3"), conditions=[[power(lam, 2), "<", num(1)]])
    assert verdict(
        claim, witness({}, m1="1/2", m2="1/3", t="1"), conditions=[[expected(lam, "lam", m1=m1), "<", num(1)]]
    )


def test_a_range_in_which_nothing_lies_makes_a_claim_empty() -> None:
    claim = identity(expected(add(lam, lam), "lam", m1=m1), mul(num(2), m1))
    assert not verdict(claim, EQUAL, conditions=[[lam, ">", ZERO], [lam, "<", num(1)], [lam, "!=", num("1/2")]])
    assert not verdict(claim, EQUAL, conditions=[[lam, ">=", num(2)], [lam, "<=", num(2)]], whole=["lam"])
    for empty in (
        [[lam, ">", num(1)], [lam, "<", ZERO]],
        [[lam, ">=", num(2)], [lam, "<=", num(2)], [lam, "!=", num(2)]],
    ):
        assert "what is random" in verdict(claim, EQUAL, conditions=empty)
    between = [[lam, ">", num("1/3")], [lam, "<", num("2/3")]]
    assert not verdict(claim, EQUAL, conditions=between)
    assert "what is random" in verdict(claim, EQUAL, conditions=between, whole=["lam"])


def test_moments_of_one_symbol_are_those_of_one_distribution() -> None:
    """E x = 0 where E x^2 = 0; each of E x = 1 and E x^2 = 0 is possible by itself."""
    claim = identity(expected(lam, "lam", m1=m1), ZERO, [expected(power(lam, 2), "lam", m2=m2)])
    assert "not known that a distribution" in verdict(["Fails", claim], witness(m1="1", m2="0"))
    together = identity(expected(lam, "lam", m1=ZERO), s, [add(expected(power(lam, 2), "lam", m1=ZERO, m2=num(-1)), t)])
    assert verdict(["Fails", together], witness(s="1", t="1"))


def test_given_numbers_that_are_no_moments_are_refused_in_claims_too() -> None:
    claim = identity(expected(power(add(lam, num(-1)), 2), "lam", m1=ZERO, m2=num(-2)), num(-1))
    assert "no distribution" in verdict(claim, EQUAL)
    assert not verdict(identity(expected(power(add(lam, num(-1)), 2), "lam", m1=ZERO, m2=num(2)), num(3)), EQUAL)
    bounded = identity(expected(add(lam, num(1)), "lam", m1=num(2)), num(3))
    assert "no distribution" in verdict(bounded, EQUAL, conditions=[[lam, "<=", num(1)]])


@pytest.mark.parametrize(
    ("second", "there"),
    [
        ([["1", "0"], ["0", "1"]], True),
        ([["1", "1"], ["1", "1"]], True),
        ([["1", "2"], ["2", "1"]], False),
        ([["1", "1"], ["0", "1"]], False),
        ([["-1", "0"], ["0", "1"]], False),
    ],
)
def test_covariances_are_those_of_a_distribution(second: Any, there: Any) -> None:
    moments = [[1, ["i"], ZERO], [2, ["i", "j"], at(A, "i", "j")]]
    expectation = ["Expectation", mul(transposed(P), P), sym("P"), moments]
    claim = ["Fails", identity(expectation, num(17))]
    assert bool(verdict(claim, witness({"n": 2}, A=second))) != there


# -- witnesses ---


@pytest.mark.parametrize(
    "evidence",
    [
        witness(),
        witness(s="1"),
        witness(s="1", t="1"),
        witness(s="1/0", t="0"),
        witness(s="2/4", t="0"),
        witness(s=1, t="0"),
        witness(s="1.5", t="0"),
        witness(s="nan", t="0"),
        witness({"n": 2}, s="1", t="0"),
        witness(s="1", t="0", m1="1"),
        {**witness(s="1", t="0"), "values": {}},
        {**witness(s="1", t="0"), "kind": "point"},
        {**witness(s="1", t="0"), "at": {"i": 0}},
        {**witness(s="1", t="0"), "scalars": [["s", "1"]]},
        EQUAL,
        None,
        [],
    ],
)
def test_a_point_is_one_at_which_the_statement_is_false(evidence: Any) -> None:
    assert verdict(["Fails", identity(s, t)], evidence)  # what nothing is said of becomes 1
    assert not verdict(["Fails", identity(s, t)], witness(s="1", t="0"))


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        (identity(over(s, t), ZERO), witness(s="1", t="0")),
        (identity(over(s, add(t, num(-1))), ZERO), witness(s="1", t="1")),
        (identity(["Inverse", A], B), witness({"n": 1}, A=[["0"]], B=[["1"]])),
        (identity(["Inverse", A], B), witness({"n": 2}, A=[["1", "2"], ["2", "4"]], B=[["1", "0"], ["0", "1"]])),
        (vanishing(x, where=[y]), witness({"n": 1}, x=["1"], y=["1"])),
        (vanishing(x, where=[y]), witness({"n": 0}, x=[], y=[])),
        (vanishing(x), witness({"n": -1}, x=[])),
        (vanishing(x), witness({"n": 2}, x=["1"])),
        (vanishing(x), witness({"n": 1}, x="1")),
        (vanishing(x), witness({"n": 1}, x=[["1"]])),
        (equivalence([s], [t], [q]), witness(s="0", t="1", q="0")),
        (["Positivity", s, [["s", "0", None]], [], True], witness(s="0")),
        (["Positivity", add(s, num(-1)), [["s", "0", "1"]], [], True], witness(s="2")),
        (["Positivity", mul(s, t), [["s", "0", None]], [], True], witness(s="-1", t="1")),
    ],
)
def test_a_point_meets_all_that_is_assumed(claim: Any, evidence: Any) -> None:
    assert verdict(["Fails", claim], evidence)


def test_whole_numbers_are_whole() -> None:
    claim = ["Fails", identity(power(s, 2), s)]
    assert not verdict(claim, witness(s="2"), whole=["s"])
    assert verdict(claim, witness(s="1/2"), whole=["s"])
    assert not verdict(claim, witness(s="1/2"))
