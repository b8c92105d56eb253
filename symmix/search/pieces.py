"""Proposes how a polynomial in one variable keeps its sign: a square split off, and points that cut the line in pieces.

On a piece ``low < x < high`` a polynomial is one in ``t = (x - low)/(high - x)``, positive if no coefficient of that is
negative. Halving pieces comes to an end where no zero is repeated (Vincent's theorem): either every piece shows its
sign, or one shows the other sign. Nothing of it is trusted.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import zip_longest
from math import ceil, comb, lcm

Coefficients = tuple[Fraction, ...]  # of the powers 0, 1, ..., the last one is not zero
End = Fraction | None  # none is infinity

_MOST = 400  # pieces before the search gives up


@dataclass(frozen=True)
class Gap:
    """Where a polynomial is negative: all of ``low < x < high``."""

    low: End
    high: End

    def points(self) -> Iterator[Fraction]:
        """Run through points of it, without end."""
        left, right = self.low, self.high
        while True:
            middle = between(left, right)
            yield middle
            left = middle if right is None or left is not None else left
            right = middle if right is not None and left is None else right


def value(p: Sequence[Fraction], x: Fraction) -> Fraction:
    """Return the value of a polynomial."""
    total = Fraction(0)
    for c in reversed(p):
        total = total * x + c
    return total


def between(low: End, high: End) -> Fraction:
    """Return a point of a piece; in one without an end, twice as far out as its other end."""
    if low is None:
        return Fraction(0) if high is None else high - max(Fraction(1), abs(high))
    return low + max(Fraction(1), abs(low)) if high is None else (low + high) / 2


def parted(p: Coefficients, low: End, high: End) -> tuple[Fraction, ...] | Gap | None:
    """Return points between which all coefficients are positive, or where the polynomial is negative.

    None comes of a repeated zero inside, or of very many pieces.
    """
    waiting, points = deque([(low, high)]), list[Fraction]()
    while waiting:  # large pieces first: beside a zero there is one that shows the other sign
        left, right = waiting.popleft()
        signs = {c > 0 for c in _on_piece(p, left, right) if c} if (left, right) != (None, None) else {True, False}
        if signs == {False}:
            return Gap(left, right)
        if signs == {True}:
            continue
        if len(points) >= _MOST:
            return None
        points.append(between(left, right))
        waiting += [(left, points[-1]), (points[-1], right)]
    return tuple(sorted(points))


def _on_piece(p: Coefficients, low: End, high: End) -> list[Fraction]:
    """Return the coefficients in what runs from 0 to infinity as x runs through a piece."""
    if low is None:
        turned = tuple(-c if k % 2 else c for k, c in enumerate(p))
        return _on_piece(turned, None if high is None else -high, None)
    moved = _shifted(p, low)
    if high is None:
        return moved
    degree, width = len(p) - 1, high - low
    scaled = [c * width**k for k, c in enumerate(moved)]
    return [sum((scaled[k] * comb(degree - k, j - k) for k in range(j + 1)), Fraction(0)) for j in range(degree + 1)]


def _shifted(p: Coefficients, by: Fraction) -> list[Fraction]:
    """Return the coefficients in x - by."""
    found = list(p)
    for start in range(len(p) - 1):
        for k in range(len(p) - 2, start - 1, -1):
            found[k] += by * found[k + 1]
    return found


# -- repeated zeros ---


def split(p: Coefficients) -> tuple[Coefficients, Coefficients]:
    """Return q and s with ``p = q^2 s``, where s has no repeated zero."""
    if len(p) <= 1:
        return (Fraction(1),), p
    common = _common(p, _slope(p))
    inner, odd = split(common)  # where a zero of p has an even order, that of the common divisor has an odd one
    root = _product(inner, _monic(odd))
    return root, _divided(p, _product(root, root))[0]


def repeated(p: Coefficients) -> Coefficients:
    """Return a polynomial with the repeated zeros of another, each once."""
    found = _common(p, _slope(p)) if len(p) > 1 else (Fraction(1),)
    return _divided(found, _common(found, _slope(found)))[0] if len(found) > 1 else found


def zero(p: Coefficients, low: End, high: End) -> Fraction | Gap | None:
    """Return a zero inside of a piece, of a polynomial without repeated ones: itself, or between which points it is."""
    below = parted(p, low, high)
    above = parted(tuple(-c for c in p), low, high)
    if not isinstance(below, Gap) or not isinstance(above, Gap):
        return None
    left, right = next(below.points()), next(above.points())
    lead = abs(p[-1] * lcm(*(c.denominator for c in p)))  # the denominator of a zero divides this
    while abs(right - left) * lead >= 1:
        middle = (left + right) / 2
        found = value(p, middle)
        if not found:
            return middle
        left, right = (middle, right) if found < 0 else (left, middle)
    candidate = Fraction(ceil(min(left, right) * lead)) / lead
    return Gap(min(left, right), max(left, right)) if value(p, candidate) else candidate


def _slope(p: Coefficients) -> Coefficients:
    return tuple(k * c for k, c in enumerate(p))[1:]


def _monic(p: Coefficients) -> Coefficients:
    return tuple(c / p[-1] for c in p)


def _product(p: Coefficients, q: Coefficients) -> Coefficients:
    found = [Fraction(0)] * (len(p) + len(q) - 1)
    for i, a in enumerate(p):
        for j, b in enumerate(q):
            found[i + j] += a * b
    return tuple(found)


def _divided(p: Coefficients, q: Coefficients) -> tuple[Coefficients, Coefficients]:
    """Return the quotient and the rest."""
    rest, whole = list(p), list[Fraction]()
    while len(rest) >= len(q):
        lead = rest[-1] / q[-1]
        whole.append(lead)
        rest = [a - lead * b for a, b in zip_longest(reversed(rest), reversed(q), fillvalue=Fraction(0))][:0:-1]
    while rest and not rest[-1]:
        rest.pop()
    return tuple(reversed(whole)), tuple(rest)


def _common(p: Coefficients, q: Coefficients) -> Coefficients:
    """Return the greatest common divisor."""
    while q:
        p, q = q, _divided(p, q)[1]
        q = _monic(q) if q else q
    return _monic(p)
