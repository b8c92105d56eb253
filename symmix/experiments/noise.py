"""The two unusual terms over all pairs of a data set: their mean, and their covariance, before and after training."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import numpy as np

from symmix.experiments.data import diabetes
from symmix.experiments.predictions import stated
from symmix.experiments.rows import Row

_THEOREM = "cross_terms_are_gauss_newton_noise"
_RATIO = 0.375


class _Network:
    """A scalar head on tanh features; the parameters are one vector, and the head's bias comes last."""

    def __init__(self, inputs: int, hidden: int, rng: Any) -> None:
        self.inputs, self.hidden = inputs, hidden
        self.start = rng.standard_normal(inputs * hidden + hidden) / np.sqrt(inputs)

    def features(self, theta: Any, x: Any) -> Any:
        return np.tanh(x @ theta[: self.inputs * self.hidden].reshape(self.inputs, self.hidden))

    def head(self, theta: Any, z: Any) -> Any:
        return z @ theta[self.inputs * self.hidden :]


def _slopes(function: Callable[[Any], Any], theta: Any) -> Any:
    """Return the derivative by every parameter, by complex steps."""
    step = 1e-100
    columns = [np.imag(function(theta + 1j * step * unit)) / step for unit in np.eye(len(theta))]
    return np.stack(columns, axis=-1)


def run(seed: int, *, small: bool) -> Iterator[Row]:
    """Enumerate all pairs: the gradient of the mixed loss less those of the two points' own terms."""
    rng = np.random.default_rng(seed)
    x, y = _drawn(rng) if small else diabetes()
    network = _Network(x.shape[1], 2 if small else 4, rng)
    theta = network.start
    for when, steps in (("at the start", 0), ("half way", 300), ("trained", 3000)):
        theta = _trained(network, theta, x, y, steps // 10 if small else steps)
        yield from _measured(network, theta, x, y, when)


def _drawn(rng: Any) -> tuple[Any, Any]:
    x = rng.standard_normal((8, 2))
    return x, np.sin(2 * x[:, 0]) + x[:, -1] ** 2


def _trained(network: _Network, theta: Any, x: Any, y: Any, steps: int) -> Any:
    for _ in range(steps):
        errors = _centred(network, theta, x, y)
        slopes = _slopes(lambda t: network.head(t, network.features(t, x)), theta)
        theta = theta + 0.2 * (slopes - slopes.mean(axis=0)).T @ errors / len(y)
    return theta


def _centred(network: _Network, theta: Any, x: Any, y: Any) -> Any:
    """Return the residuals with the best bias."""
    errors = y - network.head(theta, network.features(theta, x))
    return errors - errors.mean()


def _measured(network: _Network, theta: Any, x: Any, y: Any, when: str) -> Iterator[Row]:
    count = len(y)
    errors = _centred(network, theta, x, y)
    bias = (y - network.head(theta, network.features(theta, x))).mean()
    slopes = _slopes(lambda t: network.head(t, network.features(t, x)), theta)
    sizes = {"n": count, "k": 1, "p": len(theta)}
    predicted = stated(_THEOREM, "a scalar target", sizes, {"e": errors[:, None], "G": slopes, "lam": _RATIO})

    def objective(t: Any) -> Any:
        """Return -1/2 r^2 of all pairs, by its definition."""
        z = network.features(t, x)
        mixed = _RATIO * z[:, None] + (1 - _RATIO) * z[None]
        r = _RATIO * y[:, None] + (1 - _RATIO) * y[None] - network.head(t, mixed) - bias
        return -(r**2) / 2

    own = errors[:, None] * slopes
    whole = _slopes(objective, theta)
    cross = whole - _RATIO**2 * own[:, None] - (1 - _RATIO) ** 2 * own[None]
    flat = np.array([cross[i, j] for i, j in product(range(count), repeat=2)])
    covariance = np.cov(flat.T, bias=True)
    yield Row(f"{when}: loss", 0.0, float(errors @ errors / (2 * count)), "")
    yield Row(f"{when}: length of the mean", 0.0, float(np.linalg.norm(flat.mean(axis=0))))
    yield Row(f"{when}: total variance", float(np.trace(predicted)), float(np.trace(covariance)))
    foreseen, found = (float(np.linalg.eigvalsh(matrix)[-1]) for matrix in (predicted, covariance))
    yield Row(f"{when}: largest eigenvalue", foreseen, found)
    off = float(np.abs(predicted - covariance).max() / np.abs(predicted).max())
    yield Row(f"{when}: largest relative deviation", 0.0, off)
