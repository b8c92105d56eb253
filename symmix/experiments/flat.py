"""Heads of a given Lipschitz constant on three points: the error that is left on mixtures, and on the points."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from symmix.experiments.rows import Row

_A, _ALSO_A, _B = np.array([0.0, 0.0]), np.array([2.0, 0.0]), np.array([1.0, 0.25])


def run(seed: int, *, small: bool) -> Iterator[Row]:
    """Train spectrally normalised heads: errors of at most e on mixtures take L dist(b, line) >= 1 - 2 e."""
    to_line, to_points = 0.25, float(np.hypot(1, 0.25))
    shares = np.linspace(0, 1, 5 if small else 21)[:, None]
    chords = ((_A, _ALSO_A, 0.0, 0.0), (_A, _B, 0.0, 1.0), (_ALSO_A, _B, 0.0, 1.0))
    mixtures = np.concatenate([(1 - shares) * p + shares * q for p, q, _, _ in chords])
    targets = np.concatenate([(1 - shares) * s + shares * t for _, _, s, t in chords]).ravel()
    data = (
        ("points", np.stack([_A, _ALSO_A, _B]), np.array([0.0, 0.0, 1.0]), to_points),
        ("mixtures", mixtures, targets, to_line),
    )
    for constant in (0.5, 2.0) if small else (0.5, 1.0, 2.0, 3.0, 4.0, 8.0):
        for name, x, y, distance in data:
            error = _trained(x, y, constant, np.random.default_rng(seed), 300 if small else 6000)
            bound = max(0.0, (1 - constant * distance) / 2)
            yield Row(f"L = {constant:g}: largest error on {name}", bound, error, ">=")


def _trained(x: Any, y: Any, constant: float, rng: Any, steps: int) -> float:
    """Return the largest error of L w^T relu(V x + c) + d, |V| <= 1 and |w| <= 1, after Adam."""
    weights = [rng.standard_normal((64, 2)), rng.standard_normal(64), rng.standard_normal(64), np.array(0.5)]
    first, second = [0 * w for w in weights], [0 * w for w in weights]
    for step in range(1, steps + 1):
        _normalise(weights)
        V, shift, w, d = weights
        inner = x @ V.T + shift
        units = np.maximum(inner, 0)
        error = (constant * units @ w + d - y) / len(y)
        back = constant * np.outer(error, w) * (inner > 0)
        slopes = [back.T @ x, back.sum(axis=0), constant * units.T @ error, error.sum()]
        for place, slope in enumerate(slopes):
            first[place] = 0.9 * first[place] + 0.1 * slope
            second[place] = 0.999 * second[place] + 0.001 * slope**2
            scaled = first[place] / (1 - 0.9**step) / (np.sqrt(second[place] / (1 - 0.999**step)) + 1e-8)
            weights[place] = weights[place] - 0.01 * (1 - (step - 1) / steps) * scaled
    _normalise(weights)
    V, shift, w, d = weights
    return float(np.abs(constant * np.maximum(x @ V.T + shift, 0) @ w + d - y).max())


def _normalise(weights: list[Any]) -> None:
    """Divide by spectral norms above one: the head is then L-Lipschitz everywhere."""
    weights[0] = weights[0] / max(1.0, np.linalg.norm(weights[0], 2))
    weights[2] = weights[2] / max(1.0, float(np.linalg.norm(weights[2])))
