"""A small network under mixup at its last layer: a linear softmax head on the features of a two-layer encoder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

Ratio = Callable[[Any], float]
"""Draws a ratio from a generator."""


def erm(rng: Any) -> float:
    """Mix nothing."""
    del rng
    return 1.0


def midpoint(rng: Any) -> float:
    """Mix half and half."""
    del rng
    return 0.5


def beta(a: float) -> Ratio:
    """Return a ratio of the law Beta(a, a)."""
    return lambda rng: float(rng.beta(a, a))


@dataclass(frozen=True)
class Plan:
    """What is trained on, and how; nothing else is chosen anywhere."""

    x: Any
    labels: Any  # one-hot
    hidden: int
    features: int
    batch: int
    steps: int
    rate: float = 2e-3
    decay: float = 0.0


@dataclass(frozen=True)
class Network:
    """Parameters: the encoder's two layers with biases, and the head's weights and bias."""

    parameters: list[Any]

    def features(self, x: Any) -> Any:
        """Return the features at the head, a row each."""
        return self._layers(x)[1]

    def logits(self, x: Any) -> Any:
        """Return the logits, a row each."""
        return self.features(x) @ self.head + self.parameters[5]

    @property
    def head(self) -> Any:
        """The head's weights, a column for each class."""
        return self.parameters[4]

    def _layers(self, x: Any) -> tuple[Any, Any]:
        A, a, B, b, _, _ = self.parameters
        hidden = np.maximum(x @ A + a, 0)
        return hidden, hidden @ B + b

    def loss(self, x: Any, y: Any, partner: Any, lam: float) -> tuple[float, list[Any]]:
        """Return the mean cross-entropy of a batch whose features are mixed, and its gradient by each parameter."""
        _, _, B, _, W, bias = self.parameters
        hidden, z = self._layers(x)
        mixed, target = lam * z + (1 - lam) * z[partner], lam * y + (1 - lam) * y[partner]
        logits = mixed @ W + bias
        top = logits.max(axis=1, keepdims=True)
        powers = np.exp(logits - top)
        parts = powers.sum(axis=1, keepdims=True)
        loss = float((np.log(parts) + top).sum() - (target * logits).sum()) / len(x)
        error = (powers / parts - target) / len(x)
        back = error @ W.T
        by_z = lam * back
        by_z[partner] += (1 - lam) * back  # a permutation: no sample is a partner twice
        by_hidden = (by_z @ B.T) * (hidden > 0)
        return loss, [
            x.T @ by_hidden,
            by_hidden.sum(axis=0),
            hidden.T @ by_z,
            by_z.sum(axis=0),
            mixed.T @ error,
            error.sum(axis=0),
        ]


def start(plan: Plan, rng: Any) -> Network:
    """Return random weights of the usual sizes, and biases zero."""
    inputs, classes = plan.x.shape[1], plan.labels.shape[1]
    A = rng.standard_normal((inputs, plan.hidden)) * np.sqrt(2 / inputs)
    B = rng.standard_normal((plan.hidden, plan.features)) / np.sqrt(plan.hidden)
    W = rng.standard_normal((plan.features, classes)) / np.sqrt(plan.features)
    return Network([A, np.zeros(plan.hidden), B, np.zeros(plan.features), W, np.zeros(classes)])


def trained(plan: Plan, ratio: Ratio, seed: int) -> Network:
    """Return the network after Adam; in the second half of the steps the rate falls to zero."""
    rng = np.random.default_rng(seed)
    network = start(plan, rng)
    parameters = network.parameters
    first, second = ([np.zeros_like(p) for p in parameters] for _ in range(2))
    for step, (x, y, partner) in enumerate(_batches(plan, rng), 1):
        _, slopes = network.loss(x, y, partner, ratio(rng))
        rate = plan.rate * min(1.0, 2 * (1 - (step - 1) / plan.steps))
        for place, slope in enumerate(slopes):
            decayed = slope + plan.decay * parameters[place]
            first[place] += 0.1 * (decayed - first[place])
            second[place] += 0.001 * (decayed**2 - second[place])
            moved = first[place] / (1 - 0.9**step) / (np.sqrt(second[place] / (1 - 0.999**step)) + 1e-8)
            parameters[place] -= rate * moved
    return network


def _batches(plan: Plan, rng: Any) -> Iterator[tuple[Any, Any, Any]]:
    """Run through random batches, each with a permutation of itself."""
    for _ in range(plan.steps):
        chosen = rng.permutation(len(plan.x))[: plan.batch]
        yield plan.x[chosen], plan.labels[chosen], rng.permutation(len(chosen))
