"""The mixing matrix of one draw, position by position: who is in a row of what came back, where, and with which weight.

Given its ratio and pairing, mixing is linear at every position d of a sample: ``x~_i(d) = sum_j A_ij(d) x_j(d)``. Mixup
has the same A everywhere, CutMix zeros and ones, a soft mask anything in between. Features in general position, all
different and none of them zero, show which: a pair (i, j) explains a row if one weight does at every position, and no
other pair can, but for chance that the number of positions makes negligible.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from symmix.numeric.arrays import Array

LOOKED_AT = 96
"""Positions by which a partner is found; it is then confirmed at all of them."""
FOR_A_MASK = 40
"""Positions that a soft mask has to explain: with fewer a wrong partner may by chance."""
KEPT = 1 / 50
"""The part of a sample that has to be its own, for the rest to be called replaced."""
FEW = 16
"""Samples among which the own one is looked for, where there are not as many rows as samples."""
IN_FULL = 2
"""Rows that are confirmed at every position; where all of a further row has changed, it is at `CONFIRMED` of them."""
CONFIRMED = 4096
BLOCK = 2**13
"""Positions that are compared at a time, few enough for the cache, and for BLAS not to start threads."""
PATCHES = 8
"""Samples that may be pasted into one."""
WHOLE: frozenset[str] = frozenset({"unmixed", "mixup", "several"})


@dataclass(frozen=True)
class Row:
    """One mixed sample: its samples with their weights at every position.

    Attributes
    ----------
    kind
        "unmixed"; "mixup", one weight for all positions; "cut", positions of one replaced by the other's; "patch", a
        part mixed by one weight; "mask", another weight at every position; "several" samples; "replaced", a part that
        comes from nowhere; "erased", a part of one value; "unread".
    own, partner
        The sample itself and the other one; -1 for several or none that is known.
    shares
        (N,) the weight of every sample, averaged over positions.
    vague
        What shares may be off by: positions at which the two samples do not differ.
    ratio
        The partner's weight where it has one: 1 in a cut, that of the mixed part in a patch.
    sure
        Whether no other sample could be the partner.
    rounding
        What the share of a patch changes by if its sides are not rounded to whole pixels.
    """

    kind: str
    own: int
    partner: int
    shares: Array
    vague: float = 0.0
    ratio: float = 0.0
    sure: bool = True
    rounding: float = 0.0


def read_rows(x: Array, out: Array, tolerance: float, shape: tuple[int, ...] = ()) -> list[Row]:
    """Read every row of `out` (M, D) against the samples in `x` (N, D); `shape` is that of a sample.

    Of an image a part may be strange, and a patch has sides.

    >>> x = np.array([[0.25, 0.75, 0.5], [0.5, 0.125, 0.875]])
    >>> [row.kind for row in read_rows(x, np.stack([(x[0] + x[1]) / 2, x[1]]), 1e-12)]
    ['mixup', 'unmixed']
    """
    reader = _Reader(x, out, tolerance, shape)
    return [reader.row(number) for number in range(len(out))]


class _Reader:
    def __init__(self, x: Array, out: Array, tolerance: float, shape: tuple[int, ...]) -> None:
        self.x, self.out, self.tolerance, self.shape = x, out, tolerance, shape
        self.image = len(shape) > 1
        self.samples, self.width = x.shape
        self.solved: Array | None = None
        self.amplified = 1.0

    def row(self, number: int) -> Row:
        out = self.out[number]
        own = number if len(self.out) == self.samples else self._own(number)
        return (
            self._pair(own, out)
            or self._combination(number, own)
            or self._patches(own, out)
            or self._masked(own, out)
            or self._kept(own, out)
        )

    def _own(self, number: int) -> int:
        """Guess whose row it is where there are fewer rows than samples: the first sample that is in it."""
        out = self.out[number]
        likely = dict.fromkeys([number % self.samples, 2 * number % self.samples, *range(min(self.samples, FEW))])
        for own in map(int, likely):
            if self._pair(own, out) is not None:
                return int(own)
        found = self._combination(number, 0)
        if found is not None:
            return int(np.argmax(found.shares != 0))
        equal = np.abs(self.x - out) <= self.tolerance
        return int(np.argmax(equal.mean(axis=1) >= min(1 / 4, float(equal.mean(axis=1).max()))))

    def _alone(self, own: int, kind: str = "unmixed") -> Row:
        nothing = rounding_of(
            np.zeros(self.width, bool), self.shape
        )  # a patch too narrow to hold a pixel, if it is one
        return Row(kind, own, own if kind == "unmixed" else -1, np.eye(self.samples)[own], rounding=nothing)

    def _pair(self, own: int, out: Array) -> Row | None:
        """One weight, or one a position, on two samples."""
        mine = self.x[own]
        changed = self._changed(own, out)
        if not changed.any():
            return self._alone(own)
        at = spread(np.flatnonzero(changed))
        apart, moved = np.subtract(self.x[:, at], mine[at], dtype=np.float64), out[at] - mine[at]
        square = np.einsum("nd,nd->n", apart, apart)
        ratio = np.divide(apart @ moved, square, out=np.zeros(self.samples), where=square > 0)
        off = np.max(np.abs(moved - ratio[:, None] * apart), axis=1) - self.tolerance * (1 + np.abs(ratio))
        off[own] = np.inf
        found = [self._confirmed(own, int(j), float(ratio[j]), out, changed) for j in np.flatnonzero(off <= 0)]
        fitting = [row for row in found if row is not None]
        if not fitting:
            return None
        if len(fitting) == 1:
            return fitting[0]
        # where next to nothing has changed, anybody may be the partner: most likely one who is pasted, or weighs < 1
        likely = sorted(fitting, key=lambda row: (row.kind == "patch", not 0 <= row.ratio <= 1))
        return replace(likely[0], sure=False)

    def _some(self, own: int) -> int:
        """Say how far apart positions of a row may lie that are looked at."""
        return self.width // CONFIRMED if own >= IN_FULL and self.width > 8 * CONFIRMED else 1

    def _changed(self, own: int, out: Array) -> Array:
        """See where a row is not the own sample; everywhere, where it is not in positions all over it."""
        apart = self._some(own)
        if apart > 1 and np.all(np.abs(out[::apart] - self.x[own, ::apart]) > self.tolerance):
            return np.ones(self.width, dtype=bool)
        return np.asarray(np.abs(out - self.x[own]) > self.tolerance)

    def _confirmed(self, own: int, other: int, ratio: float, out: Array, changed: Array) -> Row | None:
        inside = float(np.mean(changed))
        if inside == 1:
            return self._everywhere(own, other, out)
        apart = np.subtract(self.x[other], self.x[own], dtype=np.float64)
        moved = np.subtract(out, self.x[own], dtype=np.float64)
        mine, gone = apart[changed], moved[changed]
        square = float(np.einsum("i,i->", mine, mine))
        ratio = float(np.einsum("i,i->", mine, gone)) / square if square else ratio
        if not np.all(np.abs(gone - ratio * mine) <= self.tolerance * (1 + abs(ratio))):
            return None
        if np.all(np.abs(ratio * apart[~changed]) <= 3 * self.tolerance):
            return self._whole(own, other, ratio)
        unseen = float(np.mean(np.abs(ratio * apart) <= 3 * self.tolerance))
        cut = abs(ratio - 1) <= 4 * self.tolerance
        found = self._of_two("cut" if cut else "patch", own, other, inside * (1 if cut else ratio), ratio, unseen)
        return replace(found, rounding=rounding_of(changed, self.shape)) if cut else found

    def _everywhere(self, own: int, other: int, out: Array) -> Row | None:
        """Confirm one ratio where all positions have changed, a part of the row at a time, so that it stays small."""
        apart_by = self._some(own)
        parts = [slice(start, start + BLOCK * apart_by, apart_by) for start in range(0, self.width, BLOCK * apart_by)]
        both = [self._moved(own, other, out, part) for part in parts]
        square = sum(float(apart @ apart) for apart, _ in both)
        ratio = sum(float(apart @ moved) for apart, moved in both) / square if square else 0.0
        allowed = self.tolerance * (1 + abs(ratio))
        for apart, moved in both:
            off = np.subtract(np.multiply(apart, ratio, out=apart), moved, out=apart)
            if not max(float(off.max()), -float(off.min())) <= allowed:
                return None
        return self._whole(own, other, ratio)

    def _moved(self, own: int, other: int, out: Array, part: slice) -> tuple[Array, Array]:
        mine = self.x[own, part]
        return np.subtract(self.x[other, part], mine, dtype=np.float64), np.subtract(out[part], mine, dtype=np.float64)

    def _whole(self, own: int, other: int, ratio: float) -> Row:
        found = self._of_two("mixup", own, other, ratio, ratio)
        if abs(ratio - 1) > 4 * self.tolerance:
            return found
        return replace(found, rounding=rounding_of(np.ones(self.width, bool), self.shape))  # a patch over everything

    def _of_two(self, kind: str, own: int, other: int, share: float, ratio: float = 0.0, vague: float = 0.0) -> Row:
        shares = np.zeros(self.samples)
        shares[own], shares[other] = 1 - share, share
        return Row(kind, own, other, shares, vague, ratio)

    def _masked(self, own: int, out: Array) -> Row | None:
        """Find a weight between 0 and 1 at every position; only the right partner has one everywhere."""
        changed = np.abs(out - self.x[own]) > self.tolerance
        at = spread(np.flatnonzero(changed))
        apart = np.subtract(self.x[:, at], self.x[own, at], dtype=np.float64)
        moved = out[at] - self.x[own, at]
        if apart.shape[1] < FOR_A_MASK:
            return None
        within = (moved >= np.minimum(apart, 0) - self.tolerance) & (moved <= np.maximum(apart, 0) + self.tolerance)
        fits = np.flatnonzero(np.all(within, axis=1))
        if len(fits) != 1:
            return None
        other = int(fits[0])
        wide, shift = np.subtract(self.x[other], self.x[own], dtype=np.float64), out - self.x[own]
        clear = np.abs(wide) > 4 * self.tolerance
        weights = np.divide(shift, wide, out=np.zeros(self.width), where=clear)
        allowed = np.divide(4 * self.tolerance, np.abs(wide), out=np.zeros(self.width), where=clear)
        if np.any((weights < -allowed) | (weights > 1 + allowed)) or np.any(
            changed & ~clear & (np.abs(shift) > 8 * self.tolerance)
        ):
            return None
        vague = float(np.mean(~clear)) + 2 * self.tolerance * float(np.mean(1 / np.abs(wide[clear])))
        return self._of_two("mask", own, other, float(np.mean(weights[clear])), 0.0, vague)

    def _patches(self, own: int, out: Array) -> Row | None:
        """Positions of several samples pasted into one: each position equals that of somebody."""
        at = np.flatnonzero(np.abs(out - self.x[own]) > self.tolerance)
        used: list[int] = []
        left = spread(at, 4 * LOOKED_AT)
        while len(left) and len(used) < PATCHES:
            equal = np.abs(self.x[:, left] - out[left]) <= self.tolerance
            best = int(np.argmax(equal.sum(axis=1)))
            if not equal[best].any():
                return None
            used.append(best)
            left = left[~equal[best]]
        if len(left) or not used:
            return None
        shares, free = np.zeros(self.samples), np.ones(self.width, dtype=bool)
        for sample in [own, *used]:
            equal = free & (np.abs(self.x[sample] - out) <= self.tolerance)
            shares[sample] += np.mean(equal)
            free &= ~equal
        if free.any():
            return None
        either = sum(np.abs(self.x[sample] - out) <= self.tolerance for sample in [own, *used])
        return Row("cut", own, -1, shares, float(np.mean(either > 1)))

    def _combination(self, number: int, own: int) -> Row | None:
        """Any weights on any samples, the same at every position: what mixup of several samples or a slip makes."""
        if self.width <= self.samples:
            return None
        if self.solved is None:
            at = spread(np.arange(self.width), 3 * self.samples + 16)
            inverse = np.linalg.pinv(self.x[:, at].astype(np.float64))
            self.solved = self.out[:, at] @ inverse
            self.amplified = float(np.max(np.abs(inverse).sum(axis=0)))
        weights = self.solved[number]
        own_rounding = self.samples * 2.0**-50  # of the solution itself
        allowed = (self.tolerance + own_rounding) * (1 + float(np.abs(weights).sum())) * max(1.0, self.amplified)
        if np.any(np.abs(weights @ self.x - self.out[number]) > 2 * allowed) or allowed > 1 / 32:
            return None
        clean = np.where(np.abs(weights) <= allowed, 0.0, weights)
        others = np.flatnonzero(clean * (np.arange(self.samples) != own))
        partner = int(others[0]) if len(others) == 1 else own if len(others) == 0 else -1
        kind = "mixup" if partner >= 0 else "several"
        return Row(kind, own, partner, clean, allowed, float(clean.sum() - clean[own]))

    def _kept(self, own: int, out: Array) -> Row:
        """Part of it is the own sample, the rest comes from nowhere: resized, moved or drawn anew."""
        changed = np.abs(out - self.x[own]) > self.tolerance
        kept = float(np.mean(~changed))
        if not self.image or not KEPT <= kept < 1 or self.width < 2 * FOR_A_MASK:
            return self._alone(own, "unread")
        by_chance = kept - float(np.mean(~pixels_of(changed, self.shape)))  # equal in one channel, and not in others
        vague = by_chance if by_chance < KEPT else 0.0
        erased = float(np.ptp(out[changed])) <= self.tolerance
        return Row("erased" if erased else "replaced", own, -1, kept * np.eye(self.samples)[own], vague)


def spread(positions: Array, many: int = LOOKED_AT) -> Array:
    """Pick some of the positions, far from each other."""
    if len(positions) <= many:
        return positions
    return np.asarray(positions[np.linspace(0, len(positions) - 1, many).astype(int)])


def rounding_of(changed: Array, shape: tuple[int, ...]) -> float:
    """Bound what the share of a box of a x b pixels has gained or lost by rounding its corners: (a + b + 1) / (H W).

    >>> rounding_of(np.array([True, True, False, False]), (1, 2, 2))
    1.0
    """
    if len(shape) < 2 or changed.size != int(np.prod(shape)):
        return 0.0
    pixels = pixels_of(changed, shape)
    sides = int(pixels.any(axis=1).sum() + pixels.any(axis=0).sum())
    return float(sides + 1 if sides else max(pixels.shape)) / pixels.size


def pixels_of(changed: Array, shape: tuple[int, ...]) -> Array:
    """Return (H, W): the pixels of which any channel has changed; channels come first or last.

    >>> pixels_of(np.array([True, False, False, False, False, False, True, False]), (2, 2, 2))
    array([[ True, False],
           [ True, False]])
    """
    first = len(shape) - 2 if shape[0] <= shape[-1] else 0
    others = tuple(axis for axis in range(len(shape)) if axis not in {first, first + 1})
    return np.asarray(changed.reshape(shape).any(axis=others))


def weights_at(row: Row, x: Array, out: Array, positions: Array, tolerance: float) -> Array:
    """Return the weights (N, P) of all samples in a row at given positions; NaN where they cannot be seen well."""
    if row.kind in WHOLE:
        return np.asarray(np.repeat(row.shares[:, None], len(positions), axis=1))
    found = np.zeros((len(x), len(positions)))
    here, mine = out[positions], x[row.own, positions]
    if row.partner < 0:
        free = np.ones(len(positions), dtype=bool)
        for sample in [row.own, *np.argsort(-row.shares)]:
            equal = free & (np.abs(x[sample, positions] - here) <= tolerance)
            found[sample, equal] += 1
            free &= ~equal
        return found
    apart = x[row.partner, positions] - mine
    if row.kind == "mask":
        weight = np.divide(here - mine, apart, out=np.full(len(positions), np.nan), where=np.abs(apart) > 1 / 8)
    else:
        weight = np.where(np.abs(here - mine) > tolerance, row.ratio, 0.0)
    found[row.own], found[row.partner] = 1 - weight, weight
    return found
