"""Which sample is mixed with which: the kind of pairing, from the partners of several draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from symmix.numeric.arrays import Array


@dataclass(frozen=True)
class Pairing:
    """How partners are chosen.

    Attributes
    ----------
    kind
        "nobody", "roll", "flip", "fixed permutation", "random roll", "random permutation", "with replacement" or
        "several partners".
    detail
        By how much is rolled, for instance; may be empty.
    self_pairs
        Share of samples that are mixed with themselves, as far as that can be seen; None if it cannot.
    """

    kind: str
    detail: str
    self_pairs: float | None

    def __str__(self) -> str:
        text = self.kind + (f" ({self.detail})" if self.detail else "")
        if self.self_pairs is not None and self.kind not in {"nobody", "roll", "flip"}:
            text += f"; {self.self_pairs:.0%} of the samples are mixed with themselves"
        return text


def pairing_of(partners: Sequence[Array], alone: Sequence[Array]) -> Pairing:
    """Classify the pairing; -1 in `partners` stands for several, `alone` marks samples without a visible partner.

    >>> pairing_of([np.array([1, 2, 0])] * 2, [np.zeros(3, bool)] * 2).kind
    'roll'
    """
    if not partners or all(np.all(row) for row in alone):
        return Pairing("nobody", "every sample comes back alone", None)
    if any(np.any(row < 0) for row in partners):
        return Pairing("several partners", "", None)
    # where every sample is alone the ratio was 1, and the draw says nothing about partners
    seen = [(row, single) for row, single in zip(partners, alone, strict=True) if not np.all(single)]
    share = float(np.mean([single for _, single in seen]))
    if not all(_injective(row, single) for row, single in seen):
        return Pairing("with replacement", "a sample is the partner of several", share)
    kind, detail = _permutation_kind([row for row, _ in seen], share)
    return Pairing(kind, detail, share)


def _permutation_kind(rows: list[Array], share: float) -> tuple[str, str]:
    first, shifts = rows[0], [_shift(row) for row in rows]
    several = len(rows) > 3
    fixed = all(np.array_equal(row, first) for row in rows)
    if fixed and shifts[0] is not None and len(first) > 2:
        return "roll", f"sample i with sample i + {shifts[0]}, in every draw"
    if fixed and np.array_equal(first, np.arange(len(first))[::-1]):
        return "flip", "sample i with sample n - 1 - i, in every draw"
    if fixed and several:
        return "fixed permutation", "the same in every draw"
    if several and None not in shifts and len(first) > 3:
        return "random roll", ""
    return "random permutation", "never with itself" if share == 0 and len(rows) > 9 else ""


def _injective(row: Array, single: Array) -> bool:
    partners = row[~single]
    return len(set(partners.tolist())) == len(partners)


def _shift(row: Array) -> int | None:
    shifts = (row - np.arange(len(row))) % len(row)
    return int(shifts[0]) if np.all(shifts == shifts[0]) else None
