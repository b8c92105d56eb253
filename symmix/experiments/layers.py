"""A fitted pair under input, hidden and last-layer mixing: what each goes on asking for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from symmix.experiments.predictions import stated
from symmix.experiments.rows import Row

_THEOREM = "random_layer_mixup_is_not_degenerate"
_RATIO = 0.375
_NAMES = ("the input", "the hidden layer")


def run(seed: int, *, small: bool) -> Iterator[Row]:
    """Measure the slope of the averaged loss in the features at the head, and in all parameters of the encoder."""
    rng = np.random.default_rng(seed)
    inputs, width, features, targets = (2, 2, 2, 2) if small else (5, 8, 6, 3)
    x, xp = rng.standard_normal((2, inputs))
    shapes = {"A": (width, inputs), "B": (features, width), "W": (targets, features), "b": (targets,)}
    weights = {name: rng.standard_normal(shape) for name, shape in shapes.items()}
    z, zp = (_encoded(weights, point)[-1] for point in (x, xp))
    y, yp = (weights["W"] @ code + weights["b"] for code in (z, zp))  # the pair is fitted

    def residual(layer: int, moved: dict[str, Any], shift: Any = 0) -> Any:
        """Return the mixed residual when this layer is mixed, 0 the input, with the features at the head shifted."""
        return _mix(y, yp) - weights["W"] @ (_mixed_at(layer, moved, x, xp) + shift) - weights["b"]

    count = len(_NAMES)
    rows = np.stack([_mixed_at(layer, weights, x, xp) for layer in range(count)])
    values = {"H": rows, "z": z[:, None], "z'": zp[:, None], "y": y[:, None], "y'": yp[:, None], "W": weights["W"]}
    values |= {"b": weights["b"][:, None], "lam": _RATIO}
    sizes = {"q": count, "h": features, "k": targets}
    predicted = stated(_THEOREM, "the gradient", sizes, values)
    for layer, name in enumerate(_NAMES):
        steps = np.eye(features)
        ends = [[_loss(residual(layer, weights, sign * step)) for step in steps] for sign in (1, -1)]
        measured = (np.array(ends[0]) - ends[1]) / 2 / (count + 1)  # exact: the loss is quadratic in the features
        foreseen, found = (float(np.linalg.norm(slope)) for slope in (predicted[layer], measured))
        yield Row(f"mixing {name}: slope in the features", foreseen, found)
        yield Row(f"mixing {name}: deviation", 0.0, float(np.abs(predicted[layer] - measured).max()))

    def slope(layers: tuple[int, ...]) -> float:
        """Return the length of the gradient by the encoder's weights, by complex steps."""
        squares = 0.0
        for name in ("A", "B"):
            for place in np.ndindex(*weights[name].shape):
                moved = {**weights, name: weights[name].astype(complex)}
                moved[name][place] += 1e-100j
                squares += (np.imag(sum(_loss(residual(k, moved)) for k in layers)) / 1e-100 / len(layers)) ** 2
        return float(np.sqrt(squares))

    yield Row("the last layer alone (the post): gradient", 0.0, slope((2,)))
    yield Row("a random layer, the input among them: gradient", 0.0, slope((0, 1, 2)), ">")
    yield Row("the input alone: gradient", 0.0, slope((0,)), ">")


def _mix(own: Any, partner: Any) -> Any:
    return _RATIO * own + (1 - _RATIO) * partner


def _loss(r: Any) -> Any:
    return (r @ r) / 2


def _encoded(weights: dict[str, Any], x: Any) -> tuple[Any, Any]:
    hidden = np.tanh(weights["A"] @ x)
    return hidden, np.tanh(weights["B"] @ hidden)


def _mixed_at(layer: int, weights: dict[str, Any], x: Any, xp: Any) -> Any:
    """Return the features at the head when this layer is mixed."""
    if layer == 0:
        return _encoded(weights, _mix(x, xp))[1]
    codes = [_encoded(weights, point) for point in (x, xp)]
    if layer == 1:
        return np.tanh(weights["B"] @ _mix(codes[0][0], codes[1][0]))
    return _mix(codes[0][1], codes[1][1])
