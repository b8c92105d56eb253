"""Labels that are kept for both samples: two in their order, or tables of both, one below the other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from symmix.numeric.arrays import Array
from symmix.testing.returns import Parts, label_rows
from symmix.testing.sources import Row


def exchanged(parts: Parts, rows: Sequence[Row], y: Array) -> tuple[str, str] | None:
    """Find that the first of two labels is the partner's and the second the own one's."""
    if len(parts.labels) != 2 or any(row.partner < 0 for row in rows):
        return None
    read = [label_rows(labels, y.shape[1]) for labels in parts.labels]
    own, other = ([getattr(row, name) for row in rows] for name in ("own", "partner"))
    mixed = np.array([row.kind != "unmixed" for row in rows])
    first, second = (None if labels is None else labels[:, : y.shape[1]] for labels in read)
    if first is None or second is None or np.allclose(first[mixed], y[own][mixed], atol=2.0**-10):
        return None
    if not (np.allclose(first[mixed], y[other][mixed], atol=2.0**-10) and np.allclose(second, y[own], atol=2.0**-10)):
        return None
    return "the two labels are exchanged", (
        "the first is the partner's and the second the own sample's, while the ratio is that of the own sample's "
        "features: lam loss(y_a) + (1 - lam) loss(y_b) weighs them the wrong way round"
    )


def scaled_tables(labels: Array, rows: Sequence[Row], y: Array) -> tuple[str, str] | None:
    """Find that tables of both samples, class ids and corners of boxes, were multiplied by the ratio."""
    if labels.ndim != 3 or labels.shape[1] != 2 or any(row.partner < 0 for row in rows):
        return None
    ids = y.argmax(axis=1)
    own, other = (ids[[getattr(row, name) for row in rows]] for name in ("own", "partner"))
    weight = np.array([row.shares[row.own] for row in rows])
    mixed = np.array([row.kind != "unmixed" for row in rows])
    scaled = np.allclose(labels[mixed, 0, 0], (weight * own)[mixed], atol=2.0**-10)
    scaled &= np.allclose(labels[mixed, 1, 0], ((1 - weight) * other)[mixed], atol=2.0**-10)
    if not scaled or not np.any(own + other):
        return None
    return "targets of both are multiplied by the ratio", (
        f"targets are a union of both, {labels.shape[1]} rows a sample, each multiplied by its ratio: class ids and "
        "corners of boxes are no weights"
    )
