"""Criteria that training steps have, as functions of prediction and target, and the ways to reduce them.

    squared        (t - u)^2                               l1      |t - u|
    cross entropy  -sum t log softmax(u)                   huber   1/2 (t - u)^2 up to 1, then |t - u| - 1/2
    bce            -t log s(u) - (1 - t) log s(-u)         kl      sum t (log t - log softmax(u))
    focal          -sum t (1 - softmax(u))^g log softmax(u)

A criterion may be named, named with options, ``("cross entropy", {"smoothing": 0.1})``, or be any function of
(prediction, target) in the arrays of the framework. What a step adds that depends on the weights alone, such as weight
decay, is no part of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from symmix.errors import ImplementationError
from symmix.numeric.arrays import Array
from symmix.testing.frameworks import Framework

Elements: TypeAlias = Callable[[Array, Array], Array]
"""Prediction (N, k) and target (N, k) to elements, (N, k) or one a row as (N, 1)."""


def _log_softmax(u: Array) -> Array:
    top = u - u.max(axis=1, keepdims=True)
    return np.asarray(top - np.log(np.exp(top).sum(axis=1, keepdims=True)))


def _entropy(u: Array, t: Array, *, smoothing: float = 0.0, weights: Any = None, temperature: float = 1.0) -> Array:
    t = (1 - smoothing) * t + smoothing * t.sum(axis=1, keepdims=True) / t.shape[1]
    scale = np.ones(t.shape[1]) if weights is None else np.asarray(weights, np.float64)
    return np.asarray(-(scale * t * _log_softmax(u / temperature)).sum(axis=1, keepdims=True))


def _bce(u: Array, t: Array, *, threshold: float | None = None) -> Array:
    t = t if threshold is None else (t > threshold).astype(np.float64)
    return np.asarray(np.maximum(u, 0) - u * t + np.log1p(np.exp(-np.abs(u))))


def _huber(u: Array, t: Array, *, delta: float = 1.0) -> Array:
    far = np.abs(u - t)
    return np.asarray(np.where(far <= delta, far**2 / 2, delta * (far - delta / 2)))


def _kl(u: Array, t: Array) -> Array:
    logs = np.log(np.where(t > 0, t, 1.0))
    return np.asarray((t * (logs - _log_softmax(u))).sum(axis=1, keepdims=True))


def _focal(u: Array, t: Array, *, gamma: float = 2.0) -> Array:
    logs = _log_softmax(u)
    return np.asarray(-(t * (1 - np.exp(logs)) ** gamma * logs).sum(axis=1, keepdims=True))


KNOWN: dict[str, Callable[..., Array]] = {
    "squared": lambda u, t: (t - u) ** 2,
    "cross entropy": _entropy,
    "bce": _bce,
    "l1": lambda u, t: np.abs(t - u),
    "huber": _huber,
    "kl": _kl,
    "focal": _focal,
}


@dataclass(frozen=True)
class Criterion:
    """A criterion with its name; `reduced` if it returns one number for a batch."""

    name: str
    elements: Elements
    declared: bool = False


def criteria(declared: Any, framework: Framework) -> tuple[Criterion, ...]:
    """Return the declared criterion alone, or all that are known."""
    if declared is None:
        return tuple(Criterion(name, function) for name, function in KNOWN.items())
    if callable(declared):
        return (Criterion(getattr(declared, "__name__", "criterion"), _through(declared, framework), declared=True),)
    name, options = (declared, {}) if isinstance(declared, str) else declared
    if name not in KNOWN or not isinstance(options, Mapping):
        raise ImplementationError(
            f"a criterion among {', '.join(KNOWN)}, one of them with options, or a function of prediction and target",
            repr(declared),
            "pass criterion=('cross entropy', {'smoothing': 0.1}), for instance, or leave it out",
        )
    known = KNOWN[name]
    words = ", ".join(f"{option} = {value}" for option, value in options.items())
    return (Criterion(f"{name} ({words})" if words else name, lambda u, t: known(u, t, **options), declared=True),)


def _through(function: Callable[..., Any], framework: Framework) -> Elements:
    """Call a function of the framework's arrays on NumPy's."""
    return lambda u, t: np.asarray(framework.numpy(function(framework.array(u), framework.array(t))), np.float64)


def reductions(elements: Array, samples: int, outputs: int) -> Iterator[tuple[str, Array]]:
    """Yield the ways to reduce elements (N, k) or (N, 1), the usual ones first; a number is reduced already.

    >>> [name for name, _ in reductions(np.ones((3, 2)), 3, 2)]
    ['mean over N k', 'mean over N', 'sum', 'one value a sample', 'no reduction, one value an output']
    """
    if elements.ndim == 0:
        yield "as the criterion reduces", elements
        return
    rows = elements.reshape(samples, -1)
    per_output = elements.ndim > 1 and rows.shape[1] == outputs
    if per_output:
        yield "mean over N k", np.asarray(rows.mean())
    yield "mean over N", np.asarray(rows.sum(axis=1).mean())
    yield "sum", np.asarray(rows.sum())
    yield "one value a sample", np.asarray(rows.sum(axis=1))
    if per_output:
        yield "no reduction, one value an output", rows
