"""Equivalences: cofactors both ways, what a user shows, and points where one side vanishes alone."""

from __future__ import annotations

from fractions import Fraction

import pytest

from symmix.deciding import Hints, Shown
from symmix.errors import StatementError
from symmix.kernel.arrays import tensor
from symmix.kernel.points import Model
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.verdict import BothDirections
from tests.deciding_cases import (
    ONE,
    OPEN,
    TWO,
    ZERO,
    A,
    Ax,
    above,
    decided,
    e,
    e_s,
    frame_of,
    lam,
    minus,
    mu,
    norm,
    number,
    product,
    proved,
    q,
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
    assert all(way.cofactors.holds for way in (*evidence.forward, *evidence.backward))
    assert len(evidence.forward) == len(evidence.backward) == 2
    assert not any(way.squared for way in (*evidence.forward, *evidence.backward))
    assert verdict.met


def test_an_equivalence_by_the_adjugate_matrix() -> None:
    """``lam x + mu z`` and ``mu x + lam z`` vanish where x and z do, if ``lam^2 != mu^2``."""
    left = (t.Add((product(lam, x), product(mu, z))), t.Add((product(mu, x), product(lam, z))))
    determinant = minus(t.Power(lam, 2), t.Power(mu, 2))
    verdict = proved(s.Equivalence(left, (x, z), (determinant,)))
    (evidence,) = verdict.evidence
    assert isinstance(evidence, BothDirections)
    known = frame_of(s.Positivity(determinant)).meaning.scalar(determinant)
    assert all(way.factor in (known, -known) and way.cofactors.holds for way in evidence.backward)
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
    undecided(s.Equivalence(OPEN, OPEN[1:]))
    assert proved(s.Equivalence((norm(x),), (x,))).met  # real numbers


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
    assert evidence.backward[0].squared
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
    assert [len(way.cofactors.goal.free) for way in evidence.backward] == [0, 1]
    assert [way.squared for way in evidence.backward] == [True, False]
    assert not any(way.squared for way in evidence.forward)
    (evidence,) = proved(s.Equivalence((x,), (norm(x),)), hints=Hints(forth=Shown((marker,), (marker,)))).evidence
    assert isinstance(evidence, BothDirections)
    assert [way.squared for way in (*evidence.forward, *evidence.backward)] == [True, False]
    nothing = s.Equivalence((minus(e_s, e_s),), (product(ZERO, e_s),))  # of entries at a sample there are no squares
    (evidence,) = proved(nothing, hints=Hints(Shown((t.Symbol("c"),), (ZERO,))), indices=(smp,)).evidence
    assert isinstance(evidence, BothDirections)
    assert not evidence.forward[0].squared


def test_what_is_provided_may_be_divided_by_forwards_too() -> None:
    assert proved(s.Equivalence((x,), (product(lam, x),), (lam,))).met
    assert witness(s.Equivalence((x,), (product(lam, x),))).scalars == {"lam": 0}


def test_what_is_provided_has_to_be_possible_for_a_proof_to_be_met() -> None:
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


# -- what the adjugate matrix is asked for ---


def refuted(statement: s.Statement, hints: Hints | None = None) -> bool:
    return decided(statement, hints=hints).word == "refuted"


def test_equations_with_a_singular_matrix_say_less() -> None:
    """The determinant is zero, and zero times anything vanishes: that proves nothing."""
    singular = (t.Add((x, z)), t.Add((product(TWO, x), product(TWO, z))))
    assert refuted(s.Equivalence(singular, (x, z)))
    below = minus(ONE, lam)
    assert refuted(s.Equivalence((product(below, singular[0]), product(below, singular[1])), (x, z), (below,)))


@pytest.mark.parametrize("size", [3, 6, 7])
def test_many_equations_of_which_one_follows_from_the_others_are_refuted(size: int) -> None:
    """There are too many sets of few unknowns to try them all, and most have no solution."""
    rows = [[1 + i * (j + 1) % 7 + 2 * (i == j) for j in range(size)] for i in range(size - 1)]
    rows.append([sum(column) for column in zip(*rows, strict=True)])
    unknown = [t.Symbol(f"v{j}", x.shape) for j in range(size)]
    lines = [t.Add(tuple(product(number(c), v) for c, v in zip(row, unknown, strict=True))) for row in rows]
    assert refuted(s.Equivalence(tuple(lines), tuple(unknown)))


def test_the_determinant_may_be_a_multiple_of_what_is_provided() -> None:
    below = minus(ONE, lam)
    assert proved(s.Equivalence((product(below, x),), (x,), (product(TWO, below),))).met
    assert proved(s.Equivalence((product(TWO, below, x),), (x,), (below,))).met
    assert refuted(s.Equivalence((product(below, x),), (x,), (minus(TWO, lam),)))


def test_a_side_may_hold_more_expressions_than_the_other() -> None:
    for many in ((x, z, t.Add((x, z))), (x, t.Add((x, z)), minus(x, z))):
        assert proved(s.Equivalence((x, z), many)).met
        assert proved(s.Equivalence(many, (x, z))).met


def test_cofactors_that_are_no_multiples_of_the_identity() -> None:
    """``A x + (1 - lam) z`` and ``(1 - lam) z`` do not make x vanish where A has no inverse."""
    below = minus(ONE, lam)
    scaled = product(below, z)
    assert refuted(s.Equivalence((t.Add((Ax, scaled)), scaled), (x, z), (below,)))
    assert refuted(s.Equivalence((t.Add((Ax, product(below, x))), scaled), (x, z), (below,)))


def test_the_matrix_may_divide_by_what_is_provided() -> None:
    left = (t.Add((product(lam, x), product(mu, z))), t.Add((product(mu, x), product(t.Quotient(lam, q), z))))
    determinant = minus(t.Quotient(t.Power(lam, 2), q), t.Power(mu, 2))
    assert isinstance(proved(s.Equivalence(left, (x, z), (determinant,))).evidence[0], BothDirections)


def test_the_adjugate_may_divide_by_what_is_provided_where_nothing_else_does() -> None:
    """``x = (x + z) - (lam z)/lam``, beside an equation that only the determinant proves."""
    below = minus(ONE, mu)
    left = (t.Add((x, z)), product(lam, z), product(below, e))
    assert proved(s.Equivalence(left, (x, product(lam, z), e), (lam, below))).met
    assert refuted(s.Equivalence(left, (x, product(lam, z), e), (lam,)))


# -- what a user shows divides by nothing that may vanish ---


def test_what_a_user_shows_divides_by_what_is_known_not_to_vanish() -> None:
    marker = t.Symbol("m", ("h", "1"))
    hints = Hints(forth=Shown((marker,), (t.Quotient(marker, lam),)))
    assert proved(s.Equivalence((x,), (product(lam, x),), (lam,)), hints=hints).evidence
    assert refuted(s.Equivalence((x,), (product(lam, x),)), hints)


def test_no_marker_is_left_in_a_cofactor() -> None:
    """``a + a a g`` is a where g is given to be 0, but is no combination of what a stands for."""
    one, other, given = (t.Symbol(name, ("1", "1")) for name in ("c1", "c2", "g"))
    a, b = t.Symbol("m1", ("1", "1")), t.Symbol("m2", ("1", "1"))
    half = product(number("1/2"), b)
    statement = s.Equivalence((one, product(TWO, other)), (one, other), (), (given,))
    undecided(statement, hints=Hints(back=Shown((a, b), (t.Add((a, product(a, a, given))), half))))
    assert proved(statement, hints=Hints(back=Shown((a, b), (t.Add((a, product(a, given))), half)))).met


def test_what_is_given_may_be_about_a_sample_that_nothing_else_is_about() -> None:
    marker = t.Symbol("m", ("h", "1"))
    statement = s.Equivalence((x,), (t.Add((x, z)),), (), (z, e_s))
    for hints in (Hints(), Hints(forth=Shown((marker,), (marker,)))):
        assert proved(statement, hints=hints, indices=(smp,)).evidence


def test_the_point_meets_what_is_provided() -> None:
    X = tensor("x", ("h", "1"))
    statement = s.Equivalence((x,), (product(lam, x),), (lam,))
    for value, taken in ((0, False), (3, True)):
        given = Model({"h": 1}, {"lam": Fraction(value)}, {X: {}})
        assert (proved(statement, given=given).point == given) is taken
