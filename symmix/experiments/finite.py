"""Free logits under cross-entropy: what the direction towards the classes costs far away, and whether logits settle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from symmix.experiments.predictions import stated
from symmix.experiments.rows import Row

_THEOREM = "mixup_cross_entropy_minimiser_is_finite"
Ratios = Sequence[tuple[float, float]]


def _uniform(nodes: int) -> Ratios:
    return [((node + 0.5) / nodes, 1 / nodes) for node in range(nodes)]


def run(seed: int, *, small: bool) -> Iterator[Row]:
    """Walk far along the direction, then descend from random logits and look whether they go on growing."""
    rng = np.random.default_rng(seed)
    classes, each = (2, 2) if small else (4, 3)
    labels = np.repeat(np.eye(classes), each, axis=0)
    mixtures = (("ERM", [(1.0, 1.0)]), ("midpoint mixing", [(0.5, 1.0)]), ("uniform ratio", _uniform(100)))
    (price,) = stated(_THEOREM, "for the uniform ratio", {}, {}).ravel()
    others = (classes - 1) / classes  # how many pairs are of two classes
    for name, ratios in mixtures:
        far = 1e5
        slope = (
            loss_of_all_pairs(2 * far * labels, labels, ratios)[0] - loss_of_all_pairs(far * labels, labels, ratios)[0]
        ) / far
        yield Row(f"{name}: slope towards the classes", others * price if name == "uniform ratio" else 0.0, slope)
    steps = 500 if small else 2000
    for name, ratios in (*mixtures[:2], ("uniform ratio", _uniform(8))):
        logits = rng.standard_normal(labels.shape)
        sizes = []
        for step in range(1, 4 * steps + 1):
            logits = logits - 2.0 * len(labels) * loss_of_all_pairs(logits, labels, ratios)[1]
            if step in (steps, 4 * steps):
                sizes.append(float(np.ptp(logits, axis=1).mean()))
        finite = name == "uniform ratio"
        grown = sizes[1] - sizes[0]
        yield Row(f"{name}: growth of the logits from {steps} to {4 * steps} steps", 0.0, grown, "=" if finite else ">")


def loss_of_all_pairs(logits: Any, labels: Any, ratios: Ratios) -> tuple[float, Any]:
    """Return the cross-entropy over all ordered pairs and ratios, and its gradient by the logits."""
    count, total, slope = len(logits), 0.0, np.zeros_like(logits)
    for lam, weight in ratios:
        mixed = lam * logits[:, None] + (1 - lam) * logits[None]
        target = lam * labels[:, None] + (1 - lam) * labels[None]
        top = mixed.max(axis=-1, keepdims=True)
        powers = np.exp(mixed - top)
        parts = powers.sum(axis=-1, keepdims=True)
        total += weight * float((np.log(parts) + top).sum() - (target * mixed).sum()) / count**2
        error = weight * (powers / parts - target) / count**2
        slope += lam * error.sum(axis=1) + (1 - lam) * error.sum(axis=0)
    return total, slope
