"""Polynomials in one scalar on a line: decided completely, twice, by methods that have nothing in common.

The oracle is SymPy's isolation of real roots.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import islice, pairwise
from random import Random

import pytest
import sympy as sp

from symmix.checker import Meter, Span
from symmix.deciding.lines import failing, holds, line_of, never_zero, pieces, repeated_zero
from symmix.kernel.questions import Condition
from symmix.kernel.scalars import ONE, Polynomial
from symmix.search.pieces import Gap, between, repeated, split, value, zero
from symmix.verdict import Line, Pieces

x = Polynomial.variable("x")
X = sp.Symbol("x", real=True)
ENDS = (None, Fraction(-3, 2), Fraction(0), Fraction(1), Fraction(2))


def written(coefficients: list[Fraction]) -> Polynomial:
    return Polynomial((((("x", k),) if k else ()), c) for k, c in enumerate(coefficients))


def coefficients(p: Polynomial) -> list[Fraction]:
    degrees = {dict(powers).get("x", 0): c for powers, c in p.terms.items()}
    return [Fraction(degrees.get(k, 0)) for k in range(max(degrees, default=-1) + 1)]


def drawn(random: Random) -> tuple[Polynomial, Line]:
    """Draw a product of small powers, so that zeros repeat and stand at the ends, on a line."""
    p = Polynomial.constant(random.choice((1, -1, 2, Fraction(1, 3))))
    for _ in range(random.randint(0, 4)):
        factor = written([Fraction(random.randint(-3, 3)) for _ in range(random.randint(1, 3))])
        p = p * (factor if not factor.is_zero else ONE) ** random.randint(1, 3)
    if random.random() < 1 / 4:
        p = p + Fraction(random.randint(-1, 1), 1000)
    low, high = random.choice([(a, b) for a in ENDS for b in ENDS if a is None or b is None or a < b])
    return p, Line(
        "x", low, high, low is not None and random.random() < 1 / 2, high is not None and random.random() < 1 / 2
    )


def oracle(p: Polynomial, line: Line, *, strict: bool) -> bool:
    """Return whether a polynomial keeps its sign on a line, by the real roots that SymPy finds."""
    if p.is_zero:
        return not strict
    poly = sp.Poly([sp.Rational(c.numerator, c.denominator) for c in reversed(coefficients(p))], X)
    low = -sp.oo if line.low is None else sp.Rational(line.low.numerator, line.low.denominator)
    high = sp.oo if line.high is None else sp.Rational(line.high.numerator, line.high.denominator)
    roots = sorted(set(poly.real_roots())) if poly.degree() > 0 else []
    inside = [r for r in roots if low < r < high]
    closed = [r for r in roots if (line.low_is_in and r == low) or (line.high_is_in and r == high)]
    if strict and (inside or closed):
        return False
    cuts = [low, *inside, high]
    tried = []
    for a, b in pairwise(cuts):
        if a == -sp.oo:
            tried.append(sp.Integer(0) if b == sp.oo else sp.floor(b) - 1)
        else:
            tried.append(sp.ceiling(a) + 1 if b == sp.oo else sp.nsimplify((a + b) / 2))
    return all(poly.eval(t) > 0 for t in tried)


@pytest.mark.parametrize("seed", range(20))
def test_both_deciders_agree_with_real_roots(seed: int) -> None:
    random = Random(seed)
    for _ in range(4):
        p, line = drawn(random)
        span = Span(line.low, line.high, (line.low_is_in, line.high_is_in))
        for strict in (True, False):
            if p.is_zero:
                assert pieces(p, line, strict=strict) is None
                continue
            wanted = oracle(p, line, strict=strict)
            assert (pieces(p, line, strict=strict) is not None) is wanted, (p, line, strict)
            assert span.has(coefficients(p), Meter(10**7), strict=strict) is wanted, (p, line, strict)
            points = list(islice(failing(p, line, strict=strict), 3))
            assert not (wanted and points)
            for point in points:
                at = p.value({"x": point})
                assert at < 0 or (strict and at == 0)
                assert line.low is None or point > line.low or (point == line.low and line.low_is_in)
                assert line.high is None or point < line.high or (point == line.high and line.high_is_in)


def test_a_line_is_cut_by_the_stricter_bound() -> None:
    whole = Line("x", None, None)
    assert str(whole) == "(-oo, oo)"
    for first, second in (((0, False), (0, True)), ((0, True), (0, False)), ((-1, True), (0, False))):
        cut, span = whole, Span()
        for bound, closed in (first, second):
            cut = cut.cut(Fraction(bound), above=True, closed=closed).cut(
                Fraction(1 - bound), above=False, closed=closed
            )
            span = span.cut(">=" if closed else ">", Fraction(bound)).cut("<=" if closed else "<", Fraction(1 - bound))
        assert str(cut) == "(0, 1)"
        assert span == Span(Fraction(0), Fraction(1), (False, False))
    assert not whole.cut(Fraction(1), above=True, closed=True).is_empty
    assert whole.cut(Fraction(1), above=True, closed=True).cut(Fraction(1), above=False, closed=True).is_empty
    assert (
        list(whole.cut(Fraction(2), above=True, closed=True).cut(Fraction(1), above=False, closed=True).points()) == []
    )


def test_the_line_of_a_scalar_is_what_conditions_on_it_alone_leave() -> None:
    y = Polynomial.variable("y")
    given = (
        Condition(2 * x - 3, ">"),
        Condition(12 - 3 * x, ">="),
        Condition(x * y - 9, ">"),
        Condition(x + y - 9, ">"),
        Condition(x**2 - 9, ">"),
        Condition(x - 2, "!="),
        Condition(y - 7, ">"),
    )
    assert str(line_of("x", given, frozenset())) == "(3/2, 4]"
    assert str(line_of("x", given[1:], frozenset({"x"}))) == "[1, 4]"
    assert str(line_of("x", given[2:], frozenset())) == "(-oo, oo)"
    assert str(line_of("x", (Condition(-x, ">"),), frozenset())) == "(-oo, 0)"


def test_the_gate_of_pieces_says_no() -> None:
    """What is changed in a proof is found out: the line, the points, the factors, the sign that is claimed."""
    line = Line("x", Fraction(0), Fraction(2), low_is_in=True)
    p = (x - 1) ** 2 + Fraction(1, 100)
    shown = pieces(p, line, strict=True)
    assert shown is not None
    assert shown.points
    assert holds(shown, p, line, strict=True)
    for changed in (
        replace(shown, points=()),
        replace(shown, points=(*shown.points, Fraction(1, 7))),
        replace(shown, points=(*shown.points, Fraction(3))),
        replace(shown, points=(*shown.points, shown.points[-1])),
        replace(shown, line=replace(line, high=Fraction(1))),
        replace(shown, rest=shown.rest + 1),
        replace(shown, square=x, rest=shown.rest),
        replace(shown, line=replace(line, name="y")),
    ):
        assert not holds(changed, p, line, strict=True), changed
    touching = (x - 1) ** 2 * (x + 1)
    squared = pieces(touching, line, strict=False)
    assert squared is not None
    assert (squared.square, squared.rest) == (x - 1, x + 1)
    assert holds(squared, touching, line, strict=False)
    assert not holds(squared, touching, line, strict=True)
    at_the_end = pieces(x, line, strict=False)
    assert at_the_end is not None
    assert not holds(at_the_end, x, line, strict=True)
    assert holds(
        replace(at_the_end, line=replace(line, low_is_in=False)), x, replace(line, low_is_in=False), strict=True
    )
    assert not holds(replace(at_the_end, line=Line("x", None, None)), x, Line("x", None, None), strict=False)


def test_each_piece_and_each_point_counts() -> None:
    line = Line("x", Fraction(0), Fraction(2))
    for p, points, strict in (
        (x - 1, (Fraction(1),), False),
        (1 - x, (Fraction(1),), False),
        ((x - 1) ** 2, (Fraction(1),), True),
        ((x - 1) ** 2 + Polynomial.variable("y"), (Fraction(1),), False),
    ):
        assert not holds(Pieces(line, p, ONE, p, points), p, line, strict=strict), p
    assert holds(Pieces(line, (x - 1) ** 2, ONE, (x - 1) ** 2, (Fraction(1),)), (x - 1) ** 2, line, strict=False)
    left = Line("x", None, Fraction(0))
    assert not holds(Pieces(left, x, ONE, x, ()), x, left, strict=False)
    assert holds(Pieces(left, -x, ONE, -x, ()), -x, left, strict=True)
    assert not holds(Pieces(left, x * x - 1, ONE, x * x - 1, (Fraction(-2),)), x * x - 1, left, strict=False)
    below = Polynomial.variable("x", -1)
    assert not holds(Pieces(line, below, ONE, below, ()), below, line, strict=True)


def test_zeros_are_found_where_they_are_rational_and_enclosed_where_they_are_not() -> None:
    def on(p: Polynomial) -> tuple[Fraction, ...]:
        return tuple(coefficients(p))

    assert zero(on(7 * x - 3), Fraction(0), None) == Fraction(3, 7)
    found = zero(on(x**2 - 2), Fraction(0), Fraction(2))
    assert isinstance(found, Gap)
    assert found.low is not None
    assert found.high is not None
    assert found.low**2 < 2 < found.high**2
    assert zero(on(x**2 + 1), None, None) is None
    assert repeated(on((x - 1) ** 3 * (x + 2) ** 2 * x)) == on((x - 1) * (x + 2))
    assert split(on(3 * (x - 1) ** 3 * (x + 2) ** 2)) == (on((x - 1) * (x + 2)), on(3 * (x - 1)))
    assert value(on(x**2 - 2), Fraction(3)) == 7
    assert between(None, None) == 0
    assert not never_zero(x - 1, Line("x", Fraction(1), None, low_is_in=True))
    assert never_zero(1 - x, Line("x", Fraction(1), None))


def test_ends_fail_only_where_they_belong_to_the_line() -> None:
    unit = Line("x", Fraction(0), Fraction(1))
    closed = replace(unit, low_is_in=True, high_is_in=True)
    ends = {Fraction(0), Fraction(1)}
    assert [*failing(x * (1 - x), closed, strict=True)] == [0, 1]
    assert [*failing(x * (1 - x), replace(unit, high_is_in=True), strict=True)] == [1]
    assert [*failing(x * (1 - x), unit, strict=True)] == []
    assert [*failing(x * (1 - x), closed, strict=False)] == []
    assert [*islice(failing(x - Fraction(1, 2), closed, strict=False), 1)] == [0]
    assert not ends & {*islice(failing(x - Fraction(1, 2), unit, strict=False), 20)}
    assert [*failing((7 * x - 3) ** 2, unit, strict=True)] == [Fraction(3, 7)]
    assert [*islice(failing(1 - x, replace(Line("x", None, None), low_is_in=True, high_is_in=True), strict=False), 1)]


def test_a_line_may_be_a_single_point_or_none() -> None:
    point = Line("x", Fraction(1), Fraction(1), low_is_in=True, high_is_in=True)
    assert [*failing(x - 2, point, strict=False)] == [1, 1]
    assert [*failing(x - 1, point, strict=True)] == [1, 1]
    assert [*failing(x - 1, point, strict=False)] == []
    for line in (point, replace(point, low=Fraction(2)), replace(point, low_is_in=False)):
        assert pieces(x, line, strict=True) is None
        assert repeated_zero((x - 1) ** 2 * (x**2 - 3) ** 2, line) is None
    assert [*failing(-x, replace(point, low_is_in=False, high_is_in=False), strict=False)] == []


def test_the_gate_takes_each_piece_as_it_is() -> None:
    """``(x^2 - x + 1)(x + 1)`` has no negative coefficient; ``x^2 - x + 1`` has one, and is to be cut."""
    p, line = x**2 - x + 1, Line("x", Fraction(0), None)
    assert not holds(Pieces(line, p, ONE, p, ()), p, line, strict=True)
    assert holds(Pieces(line, p, ONE, p, (Fraction(1),)), p, line, strict=True)
    endless = replace(line, high_is_in=True)  # as if infinity were a value
    assert holds(Pieces(endless, p, ONE, p, (Fraction(1),)), p, endless, strict=True)
