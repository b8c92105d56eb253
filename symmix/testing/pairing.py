"""Which sample is mixed with which: the kind of pairing, from the partners that were seen in several draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from symmix.testing.sources import Row

FEW_DRAWS = 3
"""Up to so many draws, a pairing that repeats itself may be chance."""
FOR_NEVER = 20
"""Draws in which a sample has to come back unmixed to be called one that never is."""


@dataclass(frozen=True)
class Pairing:
    """How partners are chosen.

    Attributes
    ----------
    kind
        "nobody", "roll", "flip", "fixed permutation", "random roll", "random permutation", "with replacement",
        "neighbours" (2i with 2i + 1), "several partners" or "not readable".
    detail
        By how much is rolled, for instance; may be empty.
    unmixed
        Share of samples that come back unmixed in draws that mix: mixed with themselves, or at a ratio of 0 or 1;
        None if it cannot be seen.
    never
        Samples that are never mixed while others are.
    """

    kind: str
    detail: str
    unmixed: float | None
    never: tuple[int, ...] = ()

    def __str__(self) -> str:
        text = self.kind + (f" ({self.detail})" if self.detail else "")
        if self.never:
            many = (
                f"samples {', '.join(map(str, self.never))} are"
                if len(self.never) > 1
                else f"sample {self.never[0]} is"
            )
            return f"{text}; {many} never mixed"
        if self.unmixed and self.kind != "nobody":
            text += f"; {self.unmixed:.0%} of the samples come back unmixed: paired with themselves, or lam = 1"
        return text


def pairing_of(draws: Sequence[Sequence[Row]], samples: int) -> Pairing:
    """Classify the pairing by what was seen of it: a sample that comes back alone says nothing about its partner.

    >>> rows = [Row("mixup", i, (i + 1) % 3, np.full(3, 1 / 3)) for i in range(3)]
    >>> pairing_of([rows], 3).kind
    'roll'
    """
    mixing = [rows for rows in draws if any(row.kind != "unmixed" for row in rows)]
    if not mixing:
        return Pairing("nobody", "every sample comes back alone", None)
    unmixed = float(np.mean([row.kind == "unmixed" for rows in mixing for row in rows]))
    seen = [[(r.own, r.partner) for r in rows if r.kind != "unmixed" and r.partner >= 0 and r.sure] for rows in mixing]
    several = sum(row.partner < 0 for rows in mixing for row in rows)
    if 3 * several > sum(map(len, seen)):
        return Pairing("several partners", "", None)
    never = _never(mixing, samples)
    kind, detail = _kind([pairs for pairs in seen if pairs], samples)
    return Pairing(
        kind, detail or ("never with itself" if _never_itself(kind, unmixed, mixing) else ""), unmixed, never
    )


def _never(mixing: Sequence[Sequence[Row]], samples: int) -> tuple[int, ...]:
    if len(mixing) < FOR_NEVER:
        return ()
    mixed = {row.own for rows in mixing for row in rows if row.kind != "unmixed"}
    there = {row.own for rows in mixing for row in rows}
    return tuple(sorted(there - mixed)) if len(mixed) > 1 and samples > 1 else ()


def _never_itself(kind: str, unmixed: float, mixing: Sequence[Sequence[Row]]) -> bool:
    return kind == "random permutation" and unmixed == 0 and len(mixing) > 3 * FEW_DRAWS


def _kind(seen: Sequence[list[tuple[int, int]]], samples: int) -> tuple[str, str]:
    pairs = {pair for draw in seen for pair in draw}
    if not pairs:
        return "not readable", "no partner was seen"
    shifts = {(partner - own) % samples for own, partner in pairs}
    several, repeated = len(seen) > FEW_DRAWS, len({own for own, _ in pairs}) == len(pairs)
    kinds = (
        ("neighbours", "sample 2i with sample 2i + 1, in every draw", all(i ^ 1 == j for i, j in pairs)),
        ("roll", f"sample i with sample i + {min(shifts)}, in every draw", len(shifts) == 1 and samples > 2),
        ("flip", "sample i with sample n - 1 - i, in every draw", all(i + j == samples - 1 for i, j in pairs)),
        ("fixed permutation", "the same in every draw", several and repeated and not _seldom(seen)),
        ("with replacement", "a sample is the partner of several", any(_collides(draw) for draw in seen)),
        ("random roll", "", several and samples > 3 and all(_shifts_alike(draw, samples) for draw in seen)),
    )
    return next(((kind, detail) for kind, detail, holds in kinds if holds), ("random permutation", ""))


def _collides(draw: list[tuple[int, int]]) -> bool:
    return len({partner for _, partner in draw}) < len(draw)


def _shifts_alike(draw: list[tuple[int, int]], samples: int) -> bool:
    return len({(partner - own) % samples for own, partner in draw}) == 1


def _seldom(seen: Sequence[list[tuple[int, int]]]) -> bool:
    """Whether samples were seen with a partner too seldom to tell a fixed one from a drawn one."""
    return sum(map(len, seen)) <= FEW_DRAWS * len({own for draw in seen for own, _ in draw})
