"""Gradient flow where it is linear: the matrix is measured, not derived, and the flow is its exponential."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from symmix.errors import UnsupportedError
from symmix.numeric.arrays import Array, contract

if TYPE_CHECKING:
    from collections.abc import Callable


def measured_matrix(velocity: Callable[[Array], Array], size: int) -> Array:
    """Matrix of a linear map from its values at the unit vectors: column j is ``velocity(u_j)``.

    `velocity` maps (cases, size) to (cases, size). Raises `UnsupportedError` if twice the sum of the unit vectors does
    not go to twice the sum of their values, or zero not to zero: the map is not linear.

    >>> measured_matrix(lambda e: np.stack([2 * e[:, 1], -e[:, 0]], axis=1), 2)
    array([[ 0.,  2.],
           [-1., -0.]])
    """
    units = np.eye(size)
    columns = velocity(units)
    probes = velocity(np.stack([np.full(size, 2.0), np.zeros(size)]))
    if not np.allclose(probes, [2 * columns.sum(axis=0), np.zeros(size)], rtol=0, atol=1e-12):
        raise UnsupportedError("a linear velocity", "one that is not linear in the unit vectors", "integrate it")
    return columns.T


def linear_flow(M: Array, start: Array, times: Array) -> Array:
    """Solve ``de/dt = M e`` for symmetric M: ``e(t) = Q exp(t X) Q^T e(0)``; (d, d), (cases, d), (t,) to (cases, t, d).

    Raises `UnsupportedError` where M is not symmetric, as it is for every gradient flow.

    >>> linear_flow(np.array([[-1.0]]), np.array([[2.0]]), np.array([0.0, np.log(2.0)])).round(12).tolist()
    [[[2.0], [1.0]]]
    """
    if not np.allclose(M, M.T, rtol=0, atol=1e-12):
        raise UnsupportedError("a symmetric matrix", str(M.tolist()), "a gradient flow has one")
    rates, Q = np.linalg.eigh(M)
    decay = np.exp(np.multiply.outer(times, rates))
    return contract("ia,ta,ja,cj->cti", Q, decay, Q, start)
