"""In which way draws mix: by weights, by patches, by both, or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from symmix.testing.sources import Row

CUTS = frozenset({"cut", "patch", "mask", "replaced", "erased"})
"""Rows of which only a part has changed, or every position in its own way."""


def kinds_of(draws: Sequence[Sequence[Row]]) -> dict[str, int]:
    """Count in which way draws mix; a sample that is replaced whole is a patch where nothing but patches is seen.

    >>> import numpy as np
    >>> kinds_of([[Row("unmixed", 0, 0, np.eye(2)[0])], [Row("mixup", 0, 1, np.full(2, 0.5))]])
    {'unmixed': 1, 'mixup': 1}
    """
    sure = {row.kind for rows in draws for row in rows if not _whole(row)} - {"unmixed"}
    whole = "cut" if sure and sure <= CUTS else "mixup"

    def kind(rows: Sequence[Row]) -> str:
        found = {whole if _whole(row) else row.kind for row in rows} - {"unmixed"}
        if not found:
            return "unmixed"
        cut = found & CUTS
        return "both" if cut and found - CUTS else "cutmix" if cut else "mixup"

    return dict(Counter(map(kind, draws)).most_common())


def _whole(row: Row) -> bool:
    return row.kind == "mixup" and row.rounding > 0
