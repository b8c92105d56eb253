"""Equivalences: cofactors both ways, what a user shows, and points where one side vanishes alone."""

from __future__ import annotations

import pytest

from symmix.deciding import Hints, Shown
from symmix.errors import StatementError
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.verdict import (
    BothDirections,
)
from tests.deciding_cases import (
    ONE,
    TWO,
    ZERO,
    A,
    Ax,
    above,
    decided,
    e_s,
    frame_of,
    lam,
    minus,
    mu,
    norm,
    number,
    product,
    proved,
    smp,
    undecided,
    witness,
    x,
    z,
)

# -- equivalences ------------------------------------------------------------------------------------------------------


def test_an_equivalence_both_ways() -> None:
    verdict = proved(s.Equivalence((x, z), (t.Add((x, z)), minus(x, z))))
    (evidence,) = verdict.evidence
    assert isinstance(evidence, BothDirections)
    assert all(way.holds for way in (*evidence.forward, *evidence.backward))
    assert len(evidence.forward) == len(evidence.backward) == 2
    assert not evidence.squared
    assert verdict.met


def test_an_equivalence_by_the_adjugate_matrix() -> None:
    """``lam x + mu z`` and ``mu x + lam z`` vanish where x and z do, if ``lam^2 != mu^2``."""
    left = (t.Add((product(lam, x), product(mu, z))), t.Add((product(mu, x), product(lam, z))))
    determinant = minus(t.Power(lam, 2), t.Power(mu, 2))
    verdict = proved(s.Equivalence(left, (x, z), (determinant,)))
    (evidence,) = verdict.evidence
    assert isinstance(evidence, BothDirections)
    factor = evidence.factor.expression
    known = frame_of(s.Positivity(determinant)).array(determinant).expression
    assert factor in (known, -known)
    assert all(way.holds for way in evidence.backward)
    found = witness(s.Equivalence(left, (x, z)))
    assert found.scalars["lam"] ** 2 == found.scalars["mu"] ** 2
    assert verdict.point is not None
    three = (product(lam, x), t.Add((x, product(mu, z))))
    assert proved(s.Equivalence(three, (x, z), (lam, mu))).met
    assert witness(s.Equivalence(three, (x, z), (lam,))).scalars["mu"] == 0
    assert witness(s.Equivalence(three, (x, z), (mu,))).scalars["lam"] == 0


def test_an_equivalence_by_the_adjugate_matrix_at_a_sample_and_with_a_square() -> None:
    below, z_s = minus(ONE, lam), t.Entry(z, ("s", "0"))
    square = s.Equivalence((product(below, x), product(below, z)), (x, z), (below,))
    assert proved(square).met
    assert witness(s.Equivalence(square.left, square.right)).scalars == {"lam": 1}
    left = (t.Add((product(lam, e_s), product(mu, z_s))), t.Add((product(mu, e_s), product(lam, z_s))))
    determinant = minus(t.Power(lam, 2), t.Power(mu, 2))
    assert proved(s.Equivalence(left, (e_s, z_s), (determinant,)), indices=(smp,)).met


def test_an_equivalence_is_refuted_where_one_side_vanishes_alone() -> None:
    found = witness(s.Equivalence((Ax,), (x,)))
    assert found.values.keys() == {"value"}
    assert any(v for row in found.entries["x"] for v in row)
    other = witness(s.Equivalence((x,), (Ax,)))
    assert other.entries["x"] == found.entries["x"]
    undecided(s.Equivalence((norm(x),), (x,)))


def test_given_hypotheses_hold_both_ways() -> None:
    assert proved(s.Equivalence((x,), (t.Add((x, z)),), (), (z,))).met
    assert decided(s.Equivalence((x,), (t.Add((x, z)),))).word == "refuted"
    inverse = proved(s.Equivalence((z,), (t.Add((product(A, t.Inverse(A), x), product(number(-1), x), z)),)))
    assert isinstance(inverse.evidence[0], BothDirections)
    assert inverse.evidence[0].relations


def test_what_a_user_shows_is_multiplied_out() -> None:
    """``|x|^2 = 0`` iff ``x = 0``: over the reals the square is as good."""
    marker, other = t.Symbol("m", ("1", "1")), t.Symbol("m", ("h", "1"))
    statement = s.Equivalence((norm(x),), (x,))
    back = Shown((marker,), (marker,))
    verdict = proved(statement, hints=Hints(back=back))
    (evidence,) = verdict.evidence
    assert isinstance(evidence, BothDirections)
    assert evidence.squared
    for wrong in (product(TWO, marker), product(lam, marker), norm(x), product(marker, marker), ZERO):
        undecided(statement, hints=Hints(back=Shown((marker,), (wrong,))))
    forth = Shown((other,), (product(t.Transpose(x), other),))
    assert proved(statement, hints=Hints(forth, back)).met
    undecided(statement, hints=Hints(Shown((other,), (product(t.Transpose(other), other),)), back))
    scaled = s.Equivalence((product(lam, norm(x)),), (x,), (lam,))
    assert proved(scaled, hints=Hints(back=Shown((marker,), (marker,)))).met
    with pytest.raises(StatementError, match="one combination for each of the 1 expressions"):
        decided(statement, hints=Hints(back=Shown((marker,), (marker, marker))))
    with pytest.raises(StatementError, match="a combination over the indices"):
        decided(statement, hints=Hints(back=Shown((marker,), (t.Transpose(x),))))


def test_squares_and_plain_ways_may_stand_side_by_side() -> None:
    marker, plain = t.Symbol("m", ("1", "1")), t.Symbol("u", ("h", "1"))
    back = Hints(back=Shown((marker, plain), (marker, plain)))
    (evidence,) = proved(s.Equivalence((norm(x), z), (x, z)), hints=back).evidence
    assert isinstance(evidence, BothDirections)
    assert [len(way.goal.free) for way in evidence.backward] == [0, 1]
    assert (evidence.squared, evidence.squared_forward) == (True, False)
    (evidence,) = proved(s.Equivalence((x,), (norm(x),)), hints=Hints(forth=Shown((marker,), (marker,)))).evidence
    assert isinstance(evidence, BothDirections)
    assert (evidence.squared, evidence.squared_forward) == (False, True)
    nothing = s.Equivalence((minus(e_s, e_s),), (product(ZERO, e_s),))  # of entries at a sample there are no squares
    (evidence,) = proved(nothing, hints=Hints(Shown((t.Symbol("c"),), (ZERO,))), indices=(smp,)).evidence
    assert isinstance(evidence, BothDirections)
    assert not evidence.squared_forward


def test_what_is_provided_may_be_divided_by_forwards_too() -> None:
    assert proved(s.Equivalence((x,), (product(lam, x),), (lam,))).met
    assert witness(s.Equivalence((x,), (product(lam, x),))).scalars == {"lam": 0}
    zero = (above(lam, ">="), above(lam, "<="))  # no point meets these and what is provided
    assert not proved(s.Equivalence((x,), (product(lam, x),), (lam,)), conditions=zero).met


def test_the_way_forth_is_not_scaled_by_what_is_provided() -> None:
    marker = t.Symbol("m", ("h", "1"))
    statement = s.Equivalence((x,), (product(TWO, x),), (lam,))
    half = product(number("1/2"), marker)
    assert proved(statement, hints=Hints(forth=Shown((marker,), (half,)))).met
    undecided(statement, hints=Hints(forth=Shown((marker,), (product(lam, half),))))


def test_what_a_user_shows_may_use_what_is_given() -> None:
    marker = t.Symbol("m", ("h", "1"))
    statement = s.Equivalence((x,), (t.Add((x, z)),), (), (z,))
    assert proved(statement, hints=Hints(forth=Shown((marker,), (marker,)))).met
    undecided(
        s.Equivalence((norm(x),), (t.Add((x, z)),), (), (norm(z),)),
        hints=Hints(forth=Shown((marker,), (norm(marker),))),
    )


def test_a_scalar_that_is_zero_is_not_provided() -> None:
    with pytest.raises(StatementError, match="scalars that can differ from zero"):
        decided(s.Equivalence((x,), (product(lam, x),), (minus(lam, lam),)))
