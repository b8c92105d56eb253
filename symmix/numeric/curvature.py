"""The Hessians that the theorems claim, from their statements."""

from __future__ import annotations

from typing import Any

import numpy as np

from symmix.numeric.arrays import Array, contract


def ratio_matrix(lam: Any) -> Array:
    """Outer product of the ratios, ``[[lam^2, lam(1-lam)], [lam(1-lam), (1-lam)^2]]``; rank one.

    >>> ratio_matrix(0.5)
    array([[0.25, 0.25],
           [0.25, 0.25]])
    """
    pair = np.array([lam, 1 - lam])
    return np.outer(pair, pair)


def feature_hessian(lam: Any, W: Array) -> Array:
    """Hessian of the manifold mixup loss by (z, z'): `ratio_matrix` Kronecker ``W^T W``; (2h, 2h).

    It does not depend on the residuals.

    Positive semidefinite of rank rank(W), so 2h - rank(W) directions are flat.

    >>> feature_hessian(0.5, np.array([[2.0, 0.0]])).shape
    (4, 4)
    """
    return np.kron(ratio_matrix(lam), contract("ki,kj->ij", W, W))


def averaged_sample_matrix(n: int, c: Any) -> Array:
    """How averaging couples n samples, ``S = (1-c) I + (c/n) 1 1^T``: 1 on the mean, 1 - c on the rest.

    >>> averaged_sample_matrix(2, 0.5)
    array([[0.75, 0.25],
           [0.25, 0.75]])
    """
    result: Array = (1 - c) * np.eye(n, dtype=int) + np.full((n, n), c) / n
    return result


def averaged_feature_hessian(n: int, c: Any, W: Array) -> Array:
    """Hessian of the pair average by all features.

    ``(1/n) S Kronecker W^T W``; (n h, n h), ERM's kernel if c < 1.

    >>> averaged_feature_hessian(3, 0.5, np.array([[2.0, 0.0]])).shape
    (6, 6)
    """
    return np.kron(averaged_sample_matrix(n, c), contract("ki,kj->ij", W, W)) / n
