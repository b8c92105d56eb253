"""Whether given moments are those of some distribution: a witness with moments that none has refutes nothing.

On an interval the moments 1, m_1, ..., m_D are those of a distribution exactly if the Hankel matrices of the moments
and of their products with what is non-negative on the interval are positive semidefinite (Markov, Lukacs). On a half
line or the whole line they have to be positive definite, or to be continued by the recursion of the finitely many atoms
that a singular Hankel matrix leaves. Anything else is not known, and then not accepted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from symmix.kernel.networks import Expression
from symmix.kernel.points import Model, evaluate
from symmix.kernel.products import Tensor
from symmix.kernel.scalars import ONE, ZERO, Polynomial

Matrix = Sequence[Sequence[Fraction]]


@dataclass(frozen=True)
class ScalarMoments:
    """E x^d of a random scalar for d = 1, 2, ...; ``bounds`` are polynomials in x that are not negative.

    If ``strict``, the ends of the range do not belong to it (or some other value does not).
    """

    name: str
    moments: Mapping[int, Polynomial]
    bounds: tuple[Polynomial, ...] = ()
    strict: bool = False
    whole: bool = False  # whole numbers only, which nothing is known about here
    valued: bool = False  # it has a value, too, where it is not averaged over

    @property
    def scalars(self) -> frozenset[str]:
        """The scalars that they depend on."""
        names = frozenset().union(*(m.names for m in (*self.moments.values(), *self.bounds)))
        return names - {self.name}

    def realizable(self, at: Model) -> bool:
        """Whether some distribution is known to have these moments at a point."""
        known = not self.whole and (self.valued or self.name not in at.scalars)
        moments, found = (self._values(at), self._interval(at)) if known else ([], None)
        return bool(moments) and found is not None and is_moment_sequence(moments, *found, strict=self.strict)

    @property
    def is_impossible(self) -> bool:
        """Whether these moments, where they and the bounds are numbers, are known to be those of no distribution."""
        moments, found = ([], None) if self.scalars else (self._values(Model({})), self._interval(Model({})))
        rows = [] if found is None else [moments, *_products(moments, *found)]
        return any(_recurs(row) is False for row in rows)

    def _values(self, at: Model) -> list[Fraction]:
        """Return 1, m_1, ..., m_D at a point; nothing if one of them is not given."""
        known = all(d in self.moments for d in range(1, len(self.moments) + 1))
        return [Fraction(1), *(Fraction(at.scalar(self.moments[d])) for d in sorted(self.moments))] if known else []

    def _interval(self, at: Model) -> tuple[Fraction | None, Fraction | None] | None:
        """Return the ends of the range of x at a point, None where there is none; None if it is no known interval."""
        low: Fraction | None = None
        high: Fraction | None = None
        for bound in self.bounds:
            slopes = {dict(powers).get(self.name, 0) for powers in bound.terms}
            if not slopes <= {0, 1}:
                return None
            zero = at.scalar(bound.map_powers(self.name, {0: ONE, 1: ZERO}))
            slope = Fraction(at.scalar(bound.map_powers(self.name, {0: ZERO, 1: ONE})))
            if slope > 0:
                low = max(-zero / slope, low) if low is not None else -zero / slope
            elif slope < 0:
                high = min(-zero / slope, high) if high is not None else -zero / slope
            elif zero < 0 or (self.strict and not zero):
                return None
        return low, high


@dataclass(frozen=True)
class TensorMoments:
    """E T[i] and E T[i] T[j] of a random tensor over the slots of one and of two entries."""

    tensor: Tensor
    moments: Mapping[int, tuple[tuple[str, ...], Expression]]

    def realizable(self, at: Model) -> bool:
        """Whether some distribution has these moments at a point: a mean alone, or with a covariance."""
        if not set(self.moments) <= {1, 2} or self.tensor in at.entries:
            return False
        positions = list(at.positions(self.tensor.dims))
        if 2 not in self.moments:
            return True
        second = self._table(2, at)
        rows = [[second[a + b] for b in positions] for a in positions]
        if 1 in self.moments:  # otherwise the mean is free to be zero
            first = self._table(1, at)
            mean = [first[a] for a in positions]
            rows = [[Fraction(1), *mean], *([m, *row] for m, row in zip(mean, rows, strict=True))]
        return rows == [list(column) for column in zip(*rows, strict=True)] and is_positive_semidefinite(rows)

    def _table(self, degree: int, at: Model) -> dict[tuple[int, ...], Fraction]:
        slots, body = self.moments[degree]
        order = [list(body.free).index(slot) for slot in slots]
        return {tuple(place[o] for o in order): value for place, value in evaluate(body, at).items()}


def is_moment_sequence(
    moments: Sequence[Fraction], low: Fraction | None, high: Fraction | None, *, strict: bool = False
) -> bool:
    """Whether 1, m_1, ..., m_D are known to be moments of a distribution between the bounds that are given.

    If ``strict``, the bounds are not reached: then all matrices have to be definite, and an inner distribution exists.
    """
    if low is not None and high is not None and low >= high:
        return low == high and not strict and all(m == low**d for d, m in enumerate(moments))
    matrices = [_hankel(row) for row in (moments, *_products(moments, low, high))]
    if not all(is_positive_semidefinite(matrix) for matrix in matrices):
        return False
    if all(_is_definite(matrix) for matrix in matrices):
        return True
    if strict:
        return False
    # finitely many atoms, if all moments obey their recursion; the matrices keep them in the range
    return (low is not None and high is not None) or bool(_recurs(moments))


def _products(moments: Sequence[Fraction], low: Fraction | None, high: Fraction | None) -> list[list[Fraction]]:
    """Return the moments times x - low, high - x, and times both."""
    above = [] if low is None else [b - low * a for a, b in pairwise(moments)]
    below, both = ([] if high is None else [high * a - b for a, b in pairwise(row)] for row in (moments, above))
    return [above, below, both]


def _hankel(moments: Sequence[Fraction]) -> Matrix:
    size = (len(moments) + 1) // 2
    return [[moments[a + b] for b in range(size)] for a in range(size)]


def _recurs(moments: Sequence[Fraction]) -> bool | None:
    """Whether all moments obey the recursion of finitely many atoms (None: a Hankel matrix allows more)."""
    size = next((r for r in range(len(moments)) if not _is_definite(_hankel(moments[: 2 * r + 1]))), None)
    if size is None:
        return None
    recursion = _solve([moments[a : a + size] for a in range(size)], moments[size : 2 * size])
    return all(
        moments[k + size] == sum(c * m for c, m in zip(recursion, moments[k:], strict=False))
        for k in range(len(moments) - size)
    )


def is_positive_semidefinite(matrix: Matrix) -> bool:
    """Whether elimination comes to an end."""
    return _pivots(matrix) is not None


def _is_definite(matrix: Matrix) -> bool:
    pivots = _pivots(matrix)
    return pivots is not None and all(pivots)


def _pivots(matrix: Matrix) -> list[Fraction] | None:
    """Eliminate; a negative pivot, or a zero one with something beside it, says that this is not semidefinite."""
    rows, pivots = [list(row) for row in matrix], list[Fraction]()
    while rows:
        pivot, head = rows[0][0], rows[0][1:]
        if pivot < 0 or (pivot == 0 and any(head)):
            return None
        pivots.append(pivot)
        scale = 1 / pivot if pivot else pivot
        rows = [[x - row[0] * h * scale for x, h in zip(row[1:], head, strict=True)] for row in rows[1:]]
    return pivots


def _solve(matrix: Matrix, right: Sequence[Fraction]) -> list[Fraction]:
    """Solve a positive definite system."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for k in range(len(rows)):
        lead = [x / rows[k][k] for x in rows[k]]
        rows = [[x - row[k] * p for x, p in zip(row, lead, strict=True)] for row in rows]
        rows[k] = lead
    return [row[-1] for row in rows]
