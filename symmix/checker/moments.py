"""Which moments some distribution has: Hankel matrices of moments, and of distances to the ends of the range."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import count
from typing import Any

from .reading import Meter

Matrix = list[list[Fraction]]


@dataclass
class Bounds:
    """Where a random scalar lies: its ends with whether they belong to the range, what does not, and whether whole."""

    meter: Meter
    low: tuple[Fraction, bool] | None = None
    high: tuple[Fraction, bool] | None = None
    excluded: set[Fraction] = field(default_factory=set)
    whole: bool = False

    def enter(self, slope: Fraction, constant: Fraction, sign: str) -> None:
        """Narrow the range by ``slope * x + constant sign 0``."""
        end, included = -constant / slope, sign[1:] == "="
        if sign == "!=":
            self.excluded.add(end)
        elif (slope > 0) == (sign[0] == ">"):
            self.low = max(self.low or (end, included), (end, included), key=lambda e: (e[0], not e[1]))
        else:
            self.high = min(self.high or (end, included), (end, included))

    def contain(self, x: Fraction) -> bool:
        """Whether a number lies in the range."""
        above = self.low is None or x > self.low[0] or (x == self.low[0] and self.low[1])
        below = self.high is None or x < self.high[0] or (x == self.high[0] and self.high[1])
        return above and below and x not in self.excluded and not (self.whole and x.denominator != 1)

    @property
    def distances(self) -> list[list[Fraction]]:
        """Coefficients of x - low and high - x."""
        low = [[-self.low[0], Fraction(1)]] if self.low else []
        return low + ([[self.high[0], Fraction(-1)]] if self.high else [])

    @property
    def is_closed(self) -> bool:
        """Whether the range is an interval with its ends."""
        return bool(self.low and self.high and self.low[1] and self.high[1] and not self.excluded)


def signature(matrix: Matrix, meter: Meter) -> tuple[bool, bool]:
    """Return whether a symmetric matrix is positive semidefinite, and whether it is definite, by elimination."""
    rows, definite = [list(row) for row in matrix], True
    while rows:
        meter.spend(len(rows) ** 2)
        first = rows[0]
        pivot = first[0]
        if pivot < 0 or (pivot == 0 and any(first)):
            return False, False
        definite = definite and pivot > 0
        scales = [row[0] / pivot if pivot else pivot for row in rows[1:]]
        rows = [
            [meter.weigh(x - scale * y) for x, y in zip(row[1:], first[1:], strict=True)]
            for row, scale in zip(rows[1:], scales, strict=True)
        ]
    return True, definite


def may_have_distribution(moments: Mapping[int, Fraction], bounds: Bounds) -> bool:
    """Whether nothing speaks against it that a distribution in the range has these moments."""
    top = next(degree for degree in count() if degree not in moments)
    m = [moments[degree] for degree in range(top)]
    weights = [[Fraction(1)], *bounds.distances]
    return all(signature(_hankel(m, w, (top - len(w)) // 2), bounds.meter)[0] for w in weights if top >= len(w))


def has_distribution(moments: Mapping[int, Fraction], bounds: Bounds) -> bool:
    """Whether some distribution in the range has these moments; False where that is not known.

    If all matrices are definite, there is one; so it is in a closed interval if they are semidefinite. If the Hankel
    matrix of the moments is singular, there is one candidate at most, which sits on finitely many points.
    """
    top = len(moments) - 1
    if sorted(moments) != list(range(top + 1)):
        return False
    m = [moments[degree] for degree in range(top + 1)]
    if top and all(value == m[1] ** degree for degree, value in moments.items()) and bounds.contain(m[1]):
        return True  # it is always the same
    semidefinite, definite = signature(_hankel(m, [Fraction(1)], top // 2), bounds.meter)
    if not definite:
        return semidefinite and _sits_on_points(m, top // 2, bounds)
    ends = bounds.distances
    if len(ends) == 2 and top % 2 == 0:
        (a, _), (b, _) = ends
        ends = [[a * b, b - a, Fraction(-1)]]
    found = [signature(_hankel(m, end, (top + 1 - len(end)) // 2), bounds.meter) for end in ends]
    fits = all(pd for _, pd in found) or (bounds.is_closed and all(psd for psd, _ in found))
    return fits and not bounds.whole


def has_joint_distribution(found: Mapping[int, Mapping[Any, Fraction]], places: Sequence[Any], bounds: Bounds) -> bool:
    """Whether some distribution has these moments: of one number, of a covariance, of what is always the same."""
    if any(values[held] != values[tuple(sorted(held))] for values in found.values() for held in values):
        return False  # they depend on the order of the entries
    if len(places) == 1:
        return has_distribution({degree: next(iter(values.values())) for degree, values in found.items()}, bounds)
    if 1 not in found and max(found) > 2:
        return False
    mean = {place: found[1][place,] if 1 in found else Fraction(0) for place in places}
    if max(found) == 1 or (1 in found and all(_sure(held, mean) == m for v in found.values() for held, m in v.items())):
        return True
    if max(found) > 3 or 2 not in found:
        return False
    covariance = [[found[2][p, q] - mean[p] * mean[q] for q in places] for p in places]
    semidefinite, definite = signature(covariance, bounds.meter)
    return definite if 3 in found else semidefinite


def _sure(held: Iterable[Any], mean: Mapping[Any, Fraction]) -> Fraction:
    total = Fraction(1)
    for place in held:
        total *= mean[place]
    return total


def _hankel(m: Sequence[Fraction], weight: Sequence[Fraction], highest: int) -> Matrix:
    """Return the matrix of E w(x) x^(i+j), i, j <= highest."""
    span = range(highest + 1)
    return [[sum((w * m[i + j + k] for k, w in enumerate(weight)), Fraction(0)) for j in span] for i in span]


def _sits_on_points(m: Sequence[Fraction], half: int, bounds: Bounds) -> bool:
    """Whether moments with a singular Hankel matrix are those of a distribution on the roots of a polynomial."""
    size = next(_singular(m, half, bounds.meter))
    relation = _solved(_hankel(m, [Fraction(1)], size - 1), m[size : 2 * size])  # x^size = sum_i relation_i x^i

    def follows(values: Sequence[Fraction]) -> bool:
        return values[size] == sum(c * value for c, value in zip(relation, values, strict=False))

    if not all(follows(m[start:]) for start in range(len(m) - size)) or (bounds.whole and size > 1):
        return False
    inside = all(signature(_hankel(m, end, size - 1), bounds.meter)[0] for end in bounds.distances)
    outside = {end[0] for end in (bounds.low, bounds.high) if end and not end[1]} | bounds.excluded
    return inside and not any(follows([x**power for power in range(size + 1)]) for x in outside)


def _singular(m: Sequence[Fraction], half: int, meter: Meter) -> Iterator[int]:
    return (size for size in range(1, half + 1) if not signature(_hankel(m, [Fraction(1)], size), meter)[1])


def _solved(matrix: Matrix, right: Sequence[Fraction]) -> list[Fraction]:
    """Solve a system whose matrix is definite."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for i in range(len(rows)):
        rows[i] = [x / rows[i][i] for x in rows[i]]
        others = [[x - row[i] * y for x, y in zip(row, rows[i], strict=True)] for row in rows]
        rows = [rows[i] if k == i else other for k, other in enumerate(others)]
    return [row[-1] for row in rows]
