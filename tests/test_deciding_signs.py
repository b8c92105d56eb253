"""The gates of inequalities and combinations by themselves: signs, what is not zero, sums of squares."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from symmix.deciding.consequence import Known, is_nonzero
from symmix.deciding.signs import Signs, multiplied, separated
from symmix.deciding.squares import Inequality, by_squares, holds
from symmix.kernel.arrays import ROW
from symmix.kernel.cofactors import Cofactors, Hypothesis
from symmix.kernel.networks import Expression, constant, delta, entry, zeros
from symmix.kernel.products import Tensor
from symmix.kernel.questions import Condition
from symmix.kernel.scalars import ONE, ZERO, Polynomial
from symmix.verdict import Square, SquareSum

var = Polynomial.variable
p, q, r, s, n, free = (var(name) for name in ("p", "q", "r", "s", "n", "free"))


def signs() -> Signs:
    """Return what is known, anew: it remembers what it worked out."""
    return Signs(
        (
            Condition(p, ">"), Condition(q, ">="), Condition(r, "!="), Condition(s - 1, ">"), Condition(1 - q, ">="),
            Condition(free - s, "!="), Condition(2 * var("double"), ">"), Condition(var("square") ** 2, ">"),
        ),
        frozenset({"n"}),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("base", "power", "fine", "strict"),
    [
        (p, 1, True, True),
        (p, 2, True, True),
        (p, -1, False, False),
        (p, 0, True, True),
        (var("p", -1), 1, True, True),
        (n, 1, True, True),
        (var("n", -1), 1, True, True),
        (n - 1, 1, False, False),
        (q, 1, True, False),
        (q, 2, True, False),
        (var("q", -1), 1, False, False),
        (var("q", -1), 2, False, False),
        (r, 1, False, False),
        (r, 2, True, True),
        (r, 3, False, False),
        (r * r, 1, True, True),
        (r * r * p, 1, True, True),
        (r**3, 1, False, False),
        (var("r", -1), 1, False, False),
        (var("r", -1), 2, True, True),
        (var("r", -2), 1, True, True),
        (free, 1, False, False),
        (free, 2, True, False),
        (free * free, 1, True, False),
        (free * free + 1, 1, True, True),
        (free * free - 1, 1, False, False),
        (free * free + q, 1, True, False),
        (free * free + p, 1, True, True),
        (free * free + r * r, 1, True, True),
        (free * r * r, 1, False, False),
        (s, 1, False, False),
        (s - 1, 1, True, True),
        (3 * s - 3, 1, True, True),
        (1 - s, 1, False, False),
        (1 - s, 2, True, True),
        (1 - q, 1, True, False),
        (2 - 2 * q, 1, True, False),
        (q - 1, 1, False, False),
        (q - 1, 2, True, False),
        (free - s, 1, False, False),
        (free - s, 2, True, True),
        (s - free, 2, True, True),
        (s + free, 2, True, False),
        (var("double"), 1, False, False),  # not by itself; twice it is
        (2 * var("double"), 1, True, True),
        (var("double") * 5, 1, True, True),
        (var("square"), 1, False, False),
        (ONE, 1, True, True),
        (-ONE, 1, False, False),
        (-ONE, 2, True, True),
        (ZERO, 1, True, False),
        (ZERO, 2, True, False),
    ],
    ids=str,
)
def test_a_sign_is_known_or_not(base: Polynomial, power: int, fine: bool, strict: bool) -> None:  # noqa: FBT001
    if base == var("double"):  # a positive multiple of what a condition is about
        fine = strict = True
    assert signs().holds(((base, power),), strict=False) is fine
    assert signs().holds(((base, power),), strict=True) is strict
    assert signs().holds(((p, 1), (base, power)), strict=False) is fine
    assert signs().holds(((base, power), (q, 1)), strict=True) is False


def test_a_multiple_has_the_same_proportions() -> None:
    above = Signs((Condition(2 * s - 1, ">"),), frozenset())
    assert above.holds(((4 * s - 2, 1),), strict=True)
    assert not above.holds(((s - 2, 1),), strict=False)
    assert not above.holds(((1 - 2 * s, 1),), strict=False)


def test_a_condition_on_zero_says_nothing() -> None:
    nothing = Signs((Condition(ZERO, ">="), Condition(ZERO, ">")), frozenset())
    for base in (-ONE, p, ZERO - p):
        assert not nothing.holds(((base, 1),), strict=False)
    assert not nothing.holds(((ZERO, 1),), strict=True)


def test_what_is_neither_negative_nor_zero_is_positive() -> None:
    both = Signs((Condition(p, ">="), Condition(p, "!=")), frozenset())
    assert both.holds(((p, 1), (p**3, 1), (var("p", -1), 1)), strict=True)
    assert not Signs((Condition(p, ">="), Condition(q, "!=")), frozenset()).holds(((p, 1),), strict=True)
    only = Signs((Condition(r, "!="),), frozenset())
    assert only.holds(((var("r", -2), 1), (r, 2)), strict=True)


def test_a_product_of_nothing_is_one() -> None:
    assert signs().holds((), strict=True)
    assert multiplied(()) == ONE
    assert multiplied(((p, 2), (q - 1, 1))) == p * p * (q - 1)


@pytest.mark.parametrize("polynomial", [q - q * q, p * (s - 1), (s - 1) ** 2 * p, (s - 1) ** 3, p + q, ONE, 2 * ONE])
def test_a_polynomial_is_factored_into_what_has_a_sign(polynomial: Polynomial) -> None:
    found = signs().factored(polynomial)
    assert found is not None
    assert multiplied(found) == polynomial
    assert signs().is_nonnegative(polynomial)


@pytest.mark.parametrize("polynomial", [q * q - q, s, free * p, -ONE, q - 2])
def test_what_has_no_known_sign_is_not_factored(polynomial: Polynomial) -> None:
    assert signs().factored(polynomial) is None
    assert not signs().is_nonnegative(polynomial)


def test_strictness_is_asked_of_every_factor() -> None:
    assert signs().factored(p * (s - 1), strict=True) is not None
    assert signs().factored(q - q * q, strict=True) is None


# -- what is not zero ---

x, y = Tensor("x", ("n",)), Tensor("y", ("n",))
X, Y = entry(x, "i"), entry(y, "i")
NORM = (X * X).sum("i")
KNOWN = Known((Hypothesis(X, ("i",)),), frozenset({"p", "r"}), (p, r, s - free, s + 1))


@pytest.mark.parametrize(
    "polynomial", [ONE, -2 * ONE, p, p * r * 3, var("p", -1), s - free, (free - s) ** 2 * p, s + 1]
)
def test_products_of_what_is_not_zero_are_not_zero(polynomial: Polynomial) -> None:
    assert is_nonzero(polynomial, KNOWN)


@pytest.mark.parametrize("polynomial", [ZERO, s, p * s, s - free + 1, (s - free) * s, s * s - 1, p + r, s + free])
def test_what_may_be_zero_is_not_divided_by(polynomial: Polynomial) -> None:
    assert not is_nonzero(polynomial, KNOWN)


def cofactors(goal: Expression, factor: Polynomial = ONE, given: Hypothesis = KNOWN.hypotheses[0]) -> Cofactors:
    """Return a multiple of X, as cofactors of it."""
    identity = delta("i", "a", "n") * factor
    return Cofactors(goal, (given,), (identity,), (("a",),), KNOWN.units)


def test_a_combination_is_of_these_hypotheses_and_of_this_goal() -> None:
    fine = cofactors(X * 2, 2 * ONE)
    assert KNOWN.shown_by(fine, X, 2 * ONE)
    assert not KNOWN.shown_by(fine, X, ONE)
    assert not KNOWN.shown_by(fine, Y, 2 * ONE)
    assert not KNOWN.shown_by(cofactors(X * s, s), X, s)  # s may be zero
    assert KNOWN.shown_by(cofactors(X * p, p), X, p)
    assert not KNOWN.shown_by(replace(fine, units=frozenset({"p", "r", "s"})), X, 2 * ONE)
    assert not KNOWN.shown_by(cofactors(Y * 2, 2 * ONE), Y, 2 * ONE)
    other = cofactors(Y * 2, 2 * ONE, Hypothesis(Y, ("i",)))
    assert other.holds
    assert not KNOWN.shown_by(other, Y, 2 * ONE)


def test_a_quotient_is_multiplied_out_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symmix.deciding.consequence.quotient", lambda *_: ONE)
    assert not is_nonzero(s * s + p, KNOWN)
    assert is_nonzero(s + 1, KNOWN)


def test_a_goal_is_rewritten_or_its_square_is() -> None:
    plain = KNOWN.rewritten(Hypothesis(X * 2, ("i",)))
    assert plain is not None
    assert (plain.squared, plain.factor, plain.cofactors.goal) == (False, ONE, X * 2)
    squares = Known((Hypothesis(NORM, ()),), frozenset())
    assert squares.rewritten(Hypothesis(X, ("i",))) is None
    found = squares.squared(Hypothesis(X, ("i",)))
    assert found is not None
    assert (found.squared, found.cofactors.goal) == (True, NORM)
    assert squares.squared(Hypothesis(Y, ("i",))) is None
    assert squares.plainly(Hypothesis(X, ("i",))) is None


# -- sums of squares ---

NOTHING = Known((), frozenset({"p"}))


def stated(goal: Expression, *, strict: bool = False, known: Known = NOTHING) -> Inequality:
    return Inequality(goal, known, signs(), strict)


def summed(*squares: Square, goal: Expression, factor: Any = (), rest: Cofactors | None = None) -> SquareSum:
    """Return squares and what is left beside them, which has to vanish by itself."""
    total = goal * multiplied(factor)
    for square in squares:
        total = total - square.over(goal.free)
    return SquareSum(squares, factor, rest or Cofactors(total, (), (), (), NOTHING.units))


def test_a_sum_of_squares_is_the_goal() -> None:
    fine = summed(Square((), X), goal=NORM)
    assert holds(fine, stated(NORM))
    assert not holds(fine, stated(NORM * 2))
    assert not holds(fine, stated(NORM, strict=True))
    assert not holds(summed(goal=NORM), stated(NORM))
    assert not holds(summed(Square(((-ONE, 1),), X), goal=-NORM), stated(-NORM))
    assert holds(summed(Square(((q, 1),), X), goal=NORM * q), stated(NORM * q))
    assert not holds(summed(Square(((s, 1),), X), goal=NORM * s), stated(NORM * s))
    twice = summed(Square(((p, 1),), X), goal=NORM, factor=((p, 1),))
    assert holds(twice, stated(NORM))


@pytest.mark.parametrize("factor", [-ONE, q, s, ZERO, var("q", -1)], ids=str)
def test_a_factor_of_the_goal_is_positive(factor: Polynomial) -> None:
    scaled = summed(Square(((factor, 1),), X), goal=NORM, factor=((factor, 1),))
    assert not holds(scaled, stated(NORM))


@pytest.mark.parametrize(
    ("extra", "fine"),
    [
        (Square((), constant(1)), True),
        (Square(((p, 1),), constant(1)), True),
        (Square(((q, 1),), constant(1)), False),
        (Square(((r, 2),), constant(1)), True),
        (Square(((free, 2),), constant(1)), False),
        (Square((), constant(free)), False),
        (Square((), zeros({})), False),
    ],
    ids=str,
)
def test_strictly_positive_is_a_number_among_the_squares(extra: Square, fine: bool) -> None:  # noqa: FBT001
    goal = NORM + extra.over({})
    found = summed(Square((), X), extra, goal=goal)
    assert holds(found, stated(goal))
    assert holds(found, stated(goal, strict=True)) is fine


def test_a_root_divides_by_nothing_that_may_be_zero() -> None:
    for name, fine in (("s", False), ("q", False), ("p", True), ("n", True)):
        root = X * var(name, -1)
        goal = (root * root).sum("i")
        found = summed(Square((), root), Square(((-ONE, 2),), zeros({})), goal=NORM, factor=())
        assert not holds(found, stated(NORM))
        whole = summed(Square(((var(name), 2),), root), goal=NORM)
        assert holds(whole, stated(NORM)) is fine
        assert holds(summed(Square((), root), goal=goal), stated(goal))  # what the goal divides by is not zero


def test_what_is_left_follows_from_the_hypotheses_of_the_statement() -> None:
    given = Known((Hypothesis(X, ("i",)),), NOTHING.units)
    identity = entry(x, "a")
    rest = Cofactors(NORM, given.hypotheses, (identity,), (("a",),), NOTHING.units)
    assert rest.holds
    found = SquareSum((), (), rest)
    assert holds(found, stated(NORM, known=given))
    assert not holds(found, stated(NORM))  # without that hypothesis
    assert not holds(SquareSum((), (), replace(rest, goal=-NORM)), stated(-NORM, known=given))
    assert not holds(SquareSum((), (), replace(rest, units=frozenset({"s"}))), stated(NORM, known=given))
    assert not holds(found, stated(NORM, strict=True, known=given))


def test_what_hypotheses_divide_by_is_not_zero() -> None:
    root = X * var("s", -1)
    fine = summed(Square(((s, 2),), root), goal=NORM)
    assert not holds(fine, stated(NORM))
    given = Known((Hypothesis(Y * var("s", -1), ("i",)),), NOTHING.units)
    unused = Cofactors(fine.rest.goal, given.hypotheses, (zeros({"a": "n"}),), (("a",),), NOTHING.units)
    assert holds(replace(fine, rest=unused), stated(NORM, known=given))
    alone = Inequality(NORM, Known((), frozenset({"p"})), Signs((Condition(p, ">"),), frozenset()), strict=False)
    assert holds(summed(Square(((p, 2),), X * var("p", -1)), goal=NORM), alone)


def test_a_matrix_is_not_bounded() -> None:
    rows = entry(x, ROW)
    assert not holds(summed(Square((), rows), goal=rows * rows), stated(rows * rows))


def test_a_sample_is_not_summed_over() -> None:
    goal = X * X
    assert holds(summed(Square((), X), goal=goal), stated(goal))
    wrong = SquareSum((Square((), Y),), (), Cofactors(goal - Y * Y, (), (), (), NOTHING.units))
    assert not holds(wrong, stated(goal))


# -- what is never zero ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("polynomial", "never"),
    [
        (p, True), (-p, True), (-p - q, True), (p - q, False), (q, False), (q + 1, True), (2 - q, True), (q - 1, False),
        (s, True), (s - 1, True), (1 - s, True), (s - 2, False), (s + q, False), (r, True), (r * p, True),
        (r * q, False), (free, False), (free - s, True), (2 * s - 2 * free, True), (free * free + 1, True),
        (free * free - 1, False),
        (free + q, False), (q * free + 2, False), (n, True), (2 * n - 1, True), (n - 1, False), (2 * n - 5, False),
        (ZERO, False), (ONE, True), (-ONE, True), (1 + var("p", -1), True), (1 - var("p", -1), False),
        (var("q", -1), False), (var("r", -1), True), (1 + var("s", -1), False), (var("free", -2) + 1, False),
        (var("double"), True), (var("square"), False), (s * s - 3 * s + 3, True), (s * s - 3 * s + 2, False),
    ],
)  # fmt: skip
def test_what_is_never_zero(polynomial: Polynomial, never: bool) -> None:  # noqa: FBT001
    assert signs().never_zero(polynomial) is never
    known = Known((), frozenset(), (), signs())
    assert is_nonzero(polynomial, known) is never or polynomial in (r * p,)


def test_a_single_condition_is_enough() -> None:
    alone = Signs((Condition(r, "!="),), frozenset())
    assert alone.never_zero(r)
    assert alone.holds(((r, 2),), strict=True)
    assert not alone.holds(((r * free, 2),), strict=True)
    assert alone.never_zero(var("r", -1))
    both = Signs((Condition(r, "!="), Condition(q, "!=")), frozenset())
    assert both.never_zero(q * r)


def test_a_product_is_written_by_what_conditions_are_about() -> None:
    assert signs().factored(ONE) == ()
    assert signs().factored(p) == ((p, 1),)
    assert signs().factored(p * (1 - q)) == ((p, 1), (1 - q, 1))
    assert dict(signs().factored((s - 1) * (s - 1) * q) or ()) == {s - 1: 2, q: 1}
    assert signs().factored(q - 1) is None
    assert signs().factored(q, strict=True) is None
    assert signs().is_nonnegative(q * (1 - q))
    assert not signs().is_nonnegative(q - 1)


@pytest.mark.parametrize(
    ("polynomial", "factors"),
    [
        ((2 - q) * (1 + p) * (free * free + 3), 3),
        ((2 - q) * (1 + p), 2),
        ((2 - q) * (3 + 3 * p), 2),
        (1 + p * q, 1),
        (p + q, 1),
        (p * q + p + 2 * q, 1),
        ((1 + p) * (1 + p), 1),
        (p * (1 + q), 2),
        (ONE, 1),
    ],
)
def test_products_of_polynomials_in_one_scalar_each_are_taken_apart(polynomial: Polynomial, factors: int) -> None:
    found = separated(polynomial)
    assert len(found) == factors
    assert multiplied([(part, 1) for part in found]) == polynomial
    assert factors == 1 or all(len(part.names) == 1 for part in found)


def test_squares_beside_a_goal_add_up_to_what_hypotheses_make_zero() -> None:
    """Of ``(p + |w|^2) v = 0`` the inner product with v is ``p |v|^2`` and squares."""
    v, w = (entry(Tensor(name, ("n",)), "i") for name in "vw")
    goal = Hypothesis(v, ("i",))
    for sign, found in ((1, True), (-1, False)):
        given = Hypothesis(v * p + v * (w * w).sum("i") * sign, ("i",))
        known = Known((given,), frozenset({"p"}), (), signs())
        way = by_squares(goal, known)
        assert (way is not None) is found
        if way is not None:
            total = (v * v).sum("i") * way.factor
            for square in way.squares:
                total = total + square.over({})
                assert signs().holds(square.scale, strict=False)
            assert way.squared
            assert way.squares
            assert way.cofactors.holds
            assert (way.cofactors.goal, way.cofactors.hypotheses) == (total, (given,))
            assert signs().never_zero(way.factor)
