"""Features under mixup: samples of a class agree in what the head sees, and need not in what it does not see."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from symmix.experiments.classifier import Network, Plan, beta, erm, trained
from symmix.experiments.rows import Row
from symmix.experiments.scale import plan


def run(seed: int, *, small: bool) -> Iterator[Row]:
    """Train with mixup, without, and without but with weight decay; then split features by what the head sees."""
    plain, decayed = (plan(small=small, longer=4, decay=decay) for decay in (0.0, 1e-3))
    for name, ratio, trained_on in (("mixup", beta(1.0), plain), ("ERM", erm, plain), ("ERM with decay", erm, decayed)):
        network = trained(trained_on, ratio, seed)
        seen, unseen = _spread(network, trained_on)
        collapses = name == "mixup"
        yield Row(f"{name}: within a class, seen, of what is between classes", 0.0, seen, "=" if collapses else "")
        yield Row(f"{name}: within a class, unseen, of what is seen", 1.0, unseen, ">" if collapses else "")


def _spread(network: Network, trained_on: Plan) -> tuple[float, float]:
    """Return the variance within classes over that between, where the head sees it; and unseen over seen within."""
    z, labels = network.features(trained_on.x), trained_on.labels
    means = labels.T @ z / labels.sum(axis=0)[:, None]
    within, between = z - labels @ means, labels @ (means - labels.mean(axis=0) @ means)
    head = network.head - network.head.mean(axis=1, keepdims=True)  # what moves all logits alike is not seen
    directions = np.linalg.svd(head)[0]
    rank = labels.shape[1] - 1
    seen, unseen = directions[:, :rank], directions[:, rank:]
    inside = _variance(within @ seen)
    return inside / _variance(between @ seen), _variance(within @ unseen) / inside


def _variance(parts: Any) -> float:
    """Return the mean square of a coordinate."""
    return float((parts**2).mean())
