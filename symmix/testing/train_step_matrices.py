"""Matrices of label weights against those of features: what they would be for known mistakes, and how two differ."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from symmix.numeric.arrays import Array
from symmix.testing.spy import COARSE

Prediction: TypeAlias = Callable[[Array], Array | None]
"""From the weights of features to those of labels; None where it does not apply, empty where it says nothing."""


def own_of(features: Array) -> Array:
    """Say which sample a row belongs to: the one of its number, where a batch is repeated, halved or a part of one.

    >>> own_of(np.eye(2)[[0, 1, 0, 1]])
    array([0, 1, 0, 1])
    >>> own_of(np.eye(4)[2:])
    array([2, 3])
    """
    rows, samples = features.shape
    starts = range(0, max(1, samples - rows + 1), rows)
    own = max(((start + np.arange(rows)) % samples for start in starts), key=lambda own: _present(features, own))
    absent = features[np.arange(rows), own] <= 0
    return np.asarray(np.where(absent, features.argmax(axis=1), own))


def _present(features: Array, own: Array) -> int:
    return int(np.sum(features[np.arange(len(own)), own] > 0))


def _own_weight(features: Array) -> Array:
    return np.asarray(features[np.arange(len(features)), own_of(features)])


def _with_own(features: Array, weight: Array) -> Array:
    """Give the own sample this weight and its partner the rest."""
    own, rows = own_of(features), np.arange(len(features))
    partner = features.copy()
    partner[rows, own] = 0
    total = partner.sum(axis=1, keepdims=True)
    alone = total[:, 0] <= 0
    share = np.divide(partner, total, out=np.zeros_like(partner), where=total > 0) * (1 - weight)[:, None]
    share[rows, own] = np.where(alone, 1.0, weight)
    return np.asarray(share)


def _inverse(features: Array) -> Array | None:
    if features.shape[0] != features.shape[1]:
        return None
    partner = _with_own(features, np.zeros(len(features)))
    if not np.allclose(partner.sum(axis=0), 1):
        return None
    weight = _own_weight(features)[:, None]
    return np.asarray(weight * np.eye(len(features)) + (1 - weight) * partner.T)


def _twice(features: Array) -> Array | None:
    return np.asarray(features @ features) if features.shape[0] == features.shape[1] else None


def _first(features: Array) -> Array:
    first = _own_weight(features)[0]
    alone = abs(first - 1) < COARSE and (features[0] > 0).sum() == 1  # of a sample that met itself it is not known
    return np.empty((0, 0)) if alone else _with_own(features, np.full(len(features), first))


def _mean(features: Array) -> Array:
    return _with_own(features, np.full(len(features), float(np.mean(_own_weight(features)))))


AVERAGED = "vector of ratios times a mean loss"

KNOWN: dict[str, tuple[Prediction, str]] = {
    "labels are not mixed": (
        lambda a: _with_own(a, np.ones(len(a))),
        "features are mixed, and the loss has the own label alone",
    ),
    "the own label is lost": (
        lambda a: _with_own(a, np.zeros(len(a))),
        "features are mixed, and the loss has the partner's label alone",
    ),
    "labels weigh the partner by lam": (
        lambda a: _with_own(a, 1 - _own_weight(a)),
        "the weights of own and partner's label are exchanged",
    ),
    "inputs and labels are paired differently": (_inverse, "labels follow the inverse permutation"),
    "the loss ignores lam": (
        lambda a: _with_own(a, np.full(len(a), 0.5)),
        "both labels have equal weights, whatever the features have",
    ),
    "labels are mixed twice": (_twice, "the label weights are those of mixing twice"),
    "the first ratio is used for every sample": (_first, "features have a ratio each, labels that of the first sample"),
    AVERAGED: (
        _mean,
        (
            "features have a ratio each, labels its average: a vector of ratios times a loss that is reduced already; "
            "keep the loss unreduced"
        ),
    ),
}

DIFFERENT = "labels are mixed otherwise than features"


def row_of(weights: Array) -> str:
    """Write the weights of a row, without those that are nothing.

    >>> row_of(np.array([0.75, 0.0, 0.25]))
    '0.75 [0] + 0.25 [2]'
    """
    return " + ".join(f"{weight:.4g} [{sample}]" for sample, weight in enumerate(weights) if abs(weight) > COARSE / 4)


def difference(features: Array, labels: Array, error: float) -> str:
    """Name how two matrices differ; empty if they do not.

    >>> difference(np.array([[0.75, 0.25], [0.25, 0.75]]), np.array([[0.5, 0.5], [0.5, 0.5]]), 1e-6)
    'inputs and labels have different ratios'
    """
    off = np.abs(features - labels).max(axis=1) > error
    if not off.any():
        return ""
    return next((name for name, holds in DIFFERENCES.items() if holds(features, labels, error, off)), DIFFERENT)


def _twice_by_features(features: Array, labels: Array, error: float, _off: Array) -> bool:
    square = features.shape[0] == features.shape[1]
    return square and bool(np.all(np.abs(labels @ labels - features) <= 4 * error))


def _partly(features: Array, labels: Array, error: float, off: Array) -> bool:
    """Rows that differ have labels of their own, or features of their own, while other rows are mixed in both."""
    own = _with_own(features, np.ones(len(features)))
    unmixed = np.abs(labels - own).max(axis=1) <= error
    return bool(np.all(unmixed[off]) or not _has_two(features, error)[off].any())


def _paired(features: Array, labels: Array, error: float, _off: Array) -> bool:
    first, second = _partners(features, error), _partners(labels, error)
    return bool(np.any((first != second) & (first >= 0) & (second >= 0)))


def _same_partners(features: Array, labels: Array, error: float, off: Array) -> bool:
    return bool(np.all((_partners(features, error) == _partners(labels, error))[off]))


def _average(features: Array, labels: Array, error: float, off: Array) -> bool:
    """Whether labels have the average of the features' ratios; that of a sample that met itself is not known."""
    met = _has_two(features, error)
    given, found = _own_weight(features)[met], _own_weight(labels)[met]
    if not _same_partners(features, labels, error, off) or np.ptp(found) > 4 * error or np.ptp(given) <= 4 * error:
        return False
    least = float(given.sum()) / len(features)
    most = least + float(np.mean(~met))
    return bool(least - 4 * error <= found[0] <= most + 4 * error)


def _has_two(weights: Array, error: float) -> Array:
    return np.asarray((weights > error).sum(axis=1) > 1)


def _partners(weights: Array, error: float) -> Array:
    """Return the other sample of each row; -1 where there is none, or several."""
    others = (np.abs(weights) > error).copy()
    others[np.arange(len(weights)), own_of(weights)] = False
    return np.where(others.sum(axis=1) == 1, others.argmax(axis=1), -1)


DIFFERENCES: dict[str, Callable[[Array, Array, float, Array], bool]] = {
    "the mix is discarded": lambda features, _labels, error, _off: not _has_two(features, error).any(),
    "features are mixed twice": _twice_by_features,
    "only part of the batch is mixed": _partly,
    "labels do not sum to one": lambda _features, labels, error, _off: bool(
        np.any(np.abs(labels.sum(axis=1) - 1) > 4 * error)
    ),
    "inputs and labels are paired differently": _paired,
    AVERAGED: _average,
    "inputs and labels have different ratios": _same_partners,
}
