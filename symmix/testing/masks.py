"""Labels that are masks: one class a pixel, which has to come from where the pixel comes from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from symmix.numeric.arrays import Array
from symmix.testing.finding import Finding
from symmix.testing.probes import Given
from symmix.testing.returns import Parts
from symmix.testing.sources import Row


def mask_agreement(
    rows: Sequence[Row], parts: Parts, data: Given, changed: Array, tolerance: float
) -> tuple[frozenset[str], list[Finding]]:
    """Compare masks with what the features' rows make of those that went in: as ids, as classes, or two and a ratio.

    `changed` (M, D) marks the features that are not the own sample's.
    """
    own = np.array([row.own for row in rows])
    partner = np.array([row.partner for row in rows])
    if np.any(partner < 0):
        return frozenset(), []
    y = data.rows
    count = len(rows)
    if parts.ratio is not None and len(parts.labels) == 2:
        first, second = (labels.reshape(count, -1) for labels in parts.labels)
        right = np.array_equal(first, y[own])
        alone = np.array([row.kind == "unmixed" for row in rows])  # at a ratio of 1, or with itself: what is not seen
        right &= np.array_equal(second[~alone], y[partner][~alone])
        ratio = np.broadcast_to(parts.ratio.astype(np.float64).reshape(-1), (count,))
        weight = np.array([row.shares[row.own] for row in rows])
        vague = np.array([row.vague for row in rows]) + 8 * tolerance
        sides = {"own": ratio, "partner": 1 - ratio}
        fitting = frozenset(side for side, told in sides.items() if np.all((np.abs(told - weight) <= vague) | alone))
        return fitting, [] if right and fitting else [_wrong("two masks or their ratio")]
    labels = parts.labels[0]
    expected = _pasted(rows, changed, y, tolerance)
    if expected is not None and labels.size == y.size:
        return frozenset(), [] if np.array_equal(labels.reshape(count, -1), expected) else [_kept(labels, y[own])]
    if labels.size % y.size == 0 and labels.ndim >= 2:
        classes = labels.reshape(count, labels.size // y.size, -1)
        weight = np.array([row.shares[row.own] for row in rows])[:, None, None]
        one_hot = (y[:, None, :] == np.arange(classes.shape[1])[:, None]).astype(np.float64)
        mixed = weight * one_hot[own] + (1 - weight) * one_hot[partner]
        if expected is not None:
            mixed = (expected[:, None, :] == np.arange(classes.shape[1])[:, None]).astype(np.float64)
        close = np.all(np.abs(classes - mixed) <= 8 * tolerance + 2.0**-20)
        return frozenset(), [] if close else [_wrong("classes of pixels")]
    return frozenset(), [_kept(labels, y[own])]


def _pasted(rows: Sequence[Row], changed: Array, y: Array, tolerance: float) -> Array | None:
    """Paste the masks where every pixel is one sample's; None where pixels are mixed."""
    over_all = [row.kind == "mixup" and abs(row.ratio - 1) <= 4 * tolerance for row in rows]  # a patch over everything
    if any(row.kind not in {"cut", "unmixed"} and not over for row, over in zip(rows, over_all, strict=True)):
        return None
    pixels = changed.reshape(len(rows), -1, y.shape[1]).any(axis=1)
    own, partner = (np.array([getattr(row, name) for row in rows]) for name in ("own", "partner"))
    return np.asarray(np.where(pixels, y[partner], y[own]))


def _kept(labels: Array, own: Array) -> Finding:
    if labels.size == own.size and np.array_equal(labels.reshape(own.shape), own):
        return Finding("labels are not mixed", "pixels are mixed, masks come back as they went in")
    return _wrong("masks")


def _wrong(what: str) -> Finding:
    return Finding("labels are mixed otherwise than features", f"{what}: pixels of masks do not follow those of images")
