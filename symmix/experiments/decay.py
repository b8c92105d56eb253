"""Free features and a free head under weight decay: which modes of the targets live, with mixup and without."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from symmix.experiments.rows import Row

Ratios = Sequence[tuple[float, float]]
_ERM: Ratios = ((1.0, 1.0),)
_NODE = np.sqrt(1 / 12)
_UNIFORM: Ratios = ((0.5 - _NODE, 0.5), (0.5 + _NODE, 0.5))  # two Gauss nodes: exact for a squared loss


def run(seed: int, *, small: bool) -> Iterator[Row]:
    """Descend the averaged loss of all pairs with decay, and compare singular values with both thresholds."""
    rng = np.random.default_rng(seed)
    count, targets = (6, 2) if small else (12, 4)
    Y = rng.standard_normal((count, targets))
    Y -= Y.mean(axis=0)
    modes = np.linalg.svd(Y, compute_uv=False)
    # the decay at which ERM keeps the weakest mode, and the uniform ratio, c = 1/3, gives it up
    kappa = 0.8 * modes[-1] / count
    for name, ratios, strength in (("ERM", _ERM, 0.0), ("mixup", _UNIFORM, 1 / 3)):
        threshold = count * kappa / (1 - strength)
        found = _fitted(Y, ratios, kappa, rng, 4000 if small else 12000)
        for place, mode in enumerate(modes):
            yield Row(f"{name}: mode {place + 1}, {mode:.4f} in the targets", max(mode - threshold, 0.0), found[place])


def _fitted(Y: Any, ratios: Ratios, kappa: float, rng: Any, steps: int) -> Any:
    """Return the singular values of the centred predictions after descent, from all pairs and ratios."""
    count, targets = Y.shape
    Z, W, b = (
        0.3 * rng.standard_normal((count, targets)),
        0.3 * rng.standard_normal((targets, targets)),
        np.zeros(targets),
    )
    for _ in range(steps):
        by_z, by_w, by_b = kappa * Z, kappa * W, 0 * b
        for lam, weight in ratios:
            r = lam * (Y - Z @ W.T - b)[:, None] + (1 - lam) * (Y - Z @ W.T - b)[None]  # r_ij, as the head is affine
            r = weight * r / count**2
            by_z = by_z - (lam * r.sum(axis=1) + (1 - lam) * r.sum(axis=0)) @ W
            mixed = lam * Z[:, None] + (1 - lam) * Z[None]
            by_w = by_w - np.einsum("ijk,ijh->kh", r, mixed)
            by_b = by_b - r.sum(axis=(0, 1))
        Z, W, b = Z - 0.5 * by_z, W - 0.5 * by_w, b - 0.5 * by_b
    predicted = Z @ W.T
    return np.linalg.svd(predicted - predicted.mean(axis=0), compute_uv=False)
