"""The scale of a small network's logits: where mixup says that it settles, and whether it settles without."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from symmix.experiments.classifier import Network, Plan, beta, erm, midpoint, trained
from symmix.experiments.data import blobs, digits
from symmix.experiments.finite import loss_of_all_pairs
from symmix.experiments.rows import Row
from symmix.numeric.ratios import beta_quadrature

BETAS = (0.2, 1.0, 4.0)


def plan(*, small: bool, longer: int = 1, decay: float = 0.0) -> Plan:
    """Return what the experiments with a classifier train on: ten digits, or three blobs."""
    if small:
        x, classes = blobs(np.random.default_rng(0), classes=3, each=8)
        return Plan(x, np.eye(3)[classes], hidden=16, features=4, batch=24, steps=600 * longer, rate=1e-2, decay=decay)
    x, classes = digits(600)
    return Plan(x, np.eye(10)[classes], hidden=128, features=16, batch=200, steps=1500 * longer, decay=decay)


def run(seed: int, *, small: bool) -> Iterator[Row]:
    """Predict the scale for each ratio, then train: free logits, and an encoder with a head from two seeds."""
    classes = plan(small=small).labels.shape[1]
    betas = BETAS[1:2] if small else BETAS
    seeds = (seed,) if small else (seed, seed + 1)
    predicted = {a: settled(classes, a) for a in betas}
    for a in betas:
        found = _scale(_free_logits(classes, a, seed), np.eye(classes))
        yield Row(f"Beta({a:g}, {a:g}), free logits: scale", predicted[a], found)
    long = plan(small=small, longer=4)
    for a in betas:
        for one in seeds:
            found = _scale_of(trained(long, beta(a), one), long)
            yield Row(f"Beta({a:g}, {a:g}), network, seed {one}: scale", predicted[a], found)
    short = plan(small=small)
    for name, ratio in (("ERM", erm), ("midpoint mixing", midpoint)):
        for one in seeds:
            sizes = [_scale_of(trained(one_plan, ratio, one), one_plan) for one_plan in (short, long)]
            yield Row(f"{name}, network, seed {one}: scale after {short.steps} steps", 0.0, sizes[0], "")
            yield Row(f"{name}, network, seed {one}: growth until {long.steps} steps", 0.0, sizes[1] - sizes[0], ">")


def settled(classes: int, a: float) -> float:
    """Return s*, where the averaged loss stops falling along s (e_c - 1/K), for balanced classes and Beta(a, a).

    There the loss is [log(e^s + K - 1) - s]/K + (1 - 1/K) E[log(e^(lam s) + e^((1-lam) s) + K - 2) - s (lam^2 +
    (1-lam)^2)]: a pair is of one class with probability 1/K. It is convex in s, and its slope has one zero.
    """
    nodes, weights, _ = beta_quadrature(a, a, 200)

    def slope(s: float) -> float:
        own, partner = np.exp(nodes * s), np.exp((1 - nodes) * s)
        mixed = (nodes * own + (1 - nodes) * partner) / (own + partner + classes - 2)
        within = np.exp(s) / (np.exp(s) + classes - 1) - 1
        between = weights @ (mixed - nodes**2 - (1 - nodes) ** 2)
        return float(within + (classes - 1) * between)

    low, high = 0.0, 64.0
    while high - low > 1e-12:
        middle = (low + high) / 2
        low, high = (middle, high) if slope(middle) < 0 else (low, middle)
    return low


def _free_logits(classes: int, a: float, seed: int) -> Any:
    """Return the logits of one sample a class after descent, over all pairs and a rule that is exact enough."""
    nodes, weights, _ = beta_quadrature(a, a, 24)
    labels, ratios = np.eye(classes), list(zip(nodes, weights, strict=True))
    logits = np.random.default_rng(seed).standard_normal(labels.shape)
    for _ in range(1500):
        logits = logits - 5.0 * classes * loss_of_all_pairs(logits, labels, ratios)[1]
    return logits


def _scale_of(network: Network, trained_on: Plan) -> float:
    return _scale(network.logits(trained_on.x), trained_on.labels)


def _scale(logits: Any, labels: Any) -> float:
    """Return the own logit less the mean of the others, of the mean logits of a class, averaged over classes."""
    means = labels.T @ logits / labels.sum(axis=0)[:, None]
    classes = len(means)
    own = np.trace(means)
    return float((own - (means.sum() - own) / (classes - 1)) / classes)
