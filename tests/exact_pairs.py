"""A pair of samples in exact numbers, and its point in the symbols of a theorem."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sympy as sp

from symmix.notation import J, Jp, p, theta
from symmix.numeric.encoders import quadratic_features, quadratic_jacobian
from symmix.numeric.objectives import (
    affine_head,
    manifold_mixup_loss,
)
from tests.exact_arrays import PAIR, SIZES, differences, drawn, fractions, point

Case = dict[str, Any]
sized = pytest.mark.parametrize("size", SIZES, ids=["k < h", "k > h"])


def at(name: str, case: Case, more: dict[Any, Any] | None = None, sizes: dict[sp.Symbol, int] | None = None) -> Any:
    """Return the point of a pair."""
    known = {PAIR[key]: value for key, value in case.items() if key in PAIR}
    return point(name, {**known, **(more or {})}, sizes or {p: 1})


def fitted(case: Case, *targets: str) -> Case:
    """Return the case with some targets on their predictions."""
    features = {"y": "z", "y_prime": "z_prime"}
    return {**case, **{y: affine_head(case[features[y]], case["W"], case["b"]) for y in targets}}


def ascent(case: Case, name: str) -> Any:
    """Return the derivative of the objective, which is the negative loss."""
    return -differences(manifold_mixup_loss, case, name)


def through_encoder(case: Case, d: int = 2) -> tuple[Case, Any, dict[Any, Any]]:
    """Return the pair with features from a curved encoder, its loss as a function of theta, and both Jacobians."""
    h = len(case["z"])
    inputs, A, Q = [drawn(d, seed=seed) for seed in (21, 22)], drawn(h, d, seed=23), drawn(h, d, d, seed=24)
    flat = np.concatenate([A.reshape(-1), Q.reshape(-1)])
    rest = {name: case[name] for name in ("lam", "y", "y_prime", "W", "b")}

    def features(theta: Any, at: Any) -> Any:
        return quadratic_features(at, theta[: h * d].reshape(h, d), theta[h * d :].reshape(h, d, d))

    def loss(theta: Any) -> Any:
        return manifold_mixup_loss(z=features(theta, inputs[0]), z_prime=features(theta, inputs[1]), **rest)

    slopes = {symbol: fractions(quadratic_jacobian(i, A, Q)) for symbol, i in zip((J, Jp), inputs, strict=True)}
    moved = {**rest, "z": features(flat, inputs[0]), "z_prime": features(flat, inputs[1])}
    return moved, lambda: -differences(loss, {"theta": flat}, "theta"), {**slopes, theta: flat}
