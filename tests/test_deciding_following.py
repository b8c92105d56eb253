"""What is looked for first: ways that are quick, then points, then what takes long."""

from __future__ import annotations

from fractions import Fraction

import pytest

from symmix.deciding.consequence import Known
from symmix.deciding.following import follow
from symmix.kernel.arrays import COLUMN, ROW
from symmix.kernel.cofactors import Hypothesis
from symmix.kernel.networks import Expression, delta, entry
from symmix.kernel.points import Model
from symmix.kernel.products import Tensor
from symmix.kernel.scalars import Polynomial
from symmix.metering import allowed
from symmix.search.combinations import Effort

s = Polynomial.variable("s")
A, B, C, D = (Tensor(name, ("n", "n")) for name in "ABCD")
x, y, z = (Tensor(name, ("n",)) for name in "xyz")
X, Y = entry(x, "i"), entry(y, "i")
AX = (entry(A, "i", "j") * entry(x, "j")).sum("j")


def inverse(left: Tensor, right: Tensor) -> Hypothesis:
    """Return that a product of two matrices is the identity."""
    product = (entry(left, ROW, "k") * entry(right, "k", COLUMN)).sum("k")
    return Hypothesis(product - delta(ROW, COLUMN, "n"), (ROW, COLUMN))


AB, BA = inverse(A, B), inverse(B, A)
POINT = Model({"n": 1}, {}, {x: {(0,): Fraction(1)}})


class Looks:
    """Finds a point at the look of that number, if any, and keeps in how many draws each looked."""

    def __init__(self, found_at: int | None = None) -> None:
        self.found_at, self.draws = found_at, list[int | None]()

    def __call__(self, draws: int | None) -> Model | None:
        self.draws.append(draws)
        return POINT if len(self.draws) == self.found_at else None


def at_all(*expressions: Expression) -> tuple[Hypothesis, ...]:
    return tuple(Hypothesis(e, tuple(e.free)) for e in expressions)


def square(e: Expression) -> Expression:
    return (e * e).sum("i")


def both(*expressions: Expression) -> Expression:
    """Return a sum of squares that is zero where all of these are."""
    first, *rest = [square(e) for e in expressions]
    return sum(rest, start=first)


WAYS: dict[
    str, tuple[Expression, list[Expression], list[int | None], bool]
] = {  # goal, hypotheses, in how many draws points were looked for before, and whether the way is to a square
    "rewriting": (AX, [X], [], False),
    "dividing a hypothesis": (X, [X * (s * s + 1)], [4], False),
    "combining few multiples": (X + Y, [X * s + Y, X * (s + 1) + Y * 2], [4], False),
    "rewriting the square": (X, [square(X)], [4, 24], True),
    "squares": (X, [both(X, Y)], [4, 24, 96, None], True),
}


@pytest.mark.parametrize("name", WAYS)
def test_points_are_looked_for_while_no_way_is_found(name: str) -> None:
    goal, hypotheses, draws, squared = WAYS[name]
    looks, known = Looks(), Known(at_all(*hypotheses), frozenset())
    found = follow(at_all(goal), known, looks)
    assert isinstance(found, tuple)
    (way,) = found
    assert (way.squared or bool(way.squares)) is squared
    assert looks.draws == draws
    beside = follow(at_all(X * 0, goal, goal), known, looks)
    assert isinstance(beside, tuple)
    assert beside[1:] == (way, way)
    assert beside[0].cofactors.goal.is_zero


@pytest.mark.parametrize("found_at", [1, 2, 3, 4])
def test_a_point_is_enough_whichever_look_finds_it(found_at: int) -> None:
    looks, known = Looks(found_at), Known(at_all(X), frozenset())
    assert follow(at_all(X * 2, Y), known, looks) is POINT
    assert looks.draws == [4, 24, 96, None][:found_at]


def test_where_work_is_counted_the_second_look_comes_first() -> None:
    looks, known = Looks(), Known(at_all(X * s + Y, X * (s + 1) + Y * 2), frozenset())
    with allowed(10**6):
        assert isinstance(follow(at_all(X + Y), known, looks), tuple)
    assert looks.draws == [24]


def test_without_a_way_and_without_a_point_what_was_tried_is_told() -> None:
    looks, known = Looks(), Known(at_all(X), frozenset())
    for goals in (at_all(Y), at_all(Y, X), at_all(X, Y)):
        assert isinstance(follow(goals, known, looks), Effort)
    assert isinstance(follow(at_all(Y), Known((AB,), frozenset()), looks), Effort)


def chain(left: Tensor, right: Tensor, count: int) -> Expression:
    """Return ``y^T (left right)^count y``."""
    longer = entry(y, "0")
    for k in range(0, 2 * count, 2):
        pair = entry(left, f"{k}", f"{k + 1}") * entry(right, f"{k + 1}", f"{k + 2}")
        longer = (longer * pair).sum(f"{k}", f"{k + 1}")
    return (longer * entry(y, f"{2 * count}")).sum(f"{2 * count}")


def test_a_way_that_is_found_stays_while_others_are_searched_for() -> None:
    known = Known((AB, *at_all(both(X, entry(z, "i")))), frozenset())
    goal = Hypothesis(chain(A, B, 9) - square(Y), ())  # rewritten at once; more multiples than may be combined
    alone, beside = follow((goal,), known, Looks()), follow((goal, *at_all(X)), known, Looks())
    assert isinstance(alone, tuple)
    assert isinstance(beside, tuple)
    assert beside[0] == alone[0]


# -- products of square matrices, turned round ---


def test_what_turned_products_show_at_once_is_not_combined() -> None:
    norms = square(X) + square(Y) - chain(B, A, 4)
    for goal, known, work in ((BA, (AB,), 3000), (at_all(X)[0], (AB, *at_all(norms)), 20_000)):
        with allowed(work):
            found = follow((goal,), Known(known, frozenset()), Looks())
        assert isinstance(found, tuple)
        assert [turned.hypothesis for turned in found[0].turned] == [BA]


def test_what_needs_no_turned_product_has_none() -> None:
    turned = (X * entry(B, "i", "k") * entry(A, "k", "j") * entry(x, "j")).sum("i", "j", "k")
    known = Known((*at_all(turned), BA, inverse(C, D)), frozenset())
    found = follow(at_all(X), known, looks := Looks())
    assert isinstance(found, tuple)
    assert looks.draws[:2] == [4, 24]
    assert not found[0].turned
