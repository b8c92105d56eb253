"""What mixing does on average: the closed forms that the theorems claim for data-set objectives.

Written from the statements, in terms of the residuals E (n, k) alone; `datasets` has the definitions they
must agree with. ``m = E lam``, ``c = 2 E[lam (1-lam)]``. Exact on arrays of `fractions.Fraction`. Losses are
to be minimised.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from symmix.numeric.arrays import Array, contract


def mean_residual(E: Array) -> Array:
    """Mean of the residuals, ``e- = (1/n) sum_i e_i``; shape (n, k) to (k,).

    >>> mean_residual(np.array([[1.0, 0.0, 0.0], [3.0, 0.0, 2.0]]))
    array([2., 0., 1.])
    """
    result: Array = np.sum(E, axis=0) / len(E)
    return result


def residual_variance(E: Array) -> Any:
    """Variance of the residuals, ``V = (1/n) sum_i |e_i|^2 - |e-|^2``.

    >>> float(residual_variance(np.array([[1.0], [3.0]])))
    1.0
    """
    centre = mean_residual(E)
    return np.sum(E * E) / len(E) - np.sum(centre * centre)


def pair_average(E: Array, c: Any) -> Any:
    """All ordered pairs, any ratio: ``ERM - (c/2) V = 1/2 [(1-c) V + |e-|^2]``.

    >>> float(pair_average(np.array([[1.0], [3.0]]), 0.5))
    2.25
    """
    return np.sum(E * E) / (2 * len(E)) - c * residual_variance(E) / 2


def distinct_pair_average(E: Array, c: Any) -> Any:
    """Ordered pairs with i != j, and derangements: c becomes ``c n/(n-1)``; needs n >= 2.

    >>> float(distinct_pair_average(np.array([[1.0], [3.0]]), 0.5))
    2.0
    """
    n = len(E)
    return pair_average(E, c * n / (n - 1))


def mixing_weights(P: Array, m: Any) -> Array:
    """Weight of each sample under a pairing matrix.

    ``w_i = m + (1-m) sum_j P_ji``; all 1 for a doubly stochastic P.

    >>> mixing_weights(np.array([[0.0, 1.0], [0.0, 1.0]]), 0.5)
    array([0.5, 1.5])
    """
    result: Array = m + (1 - m) * np.sum(P, axis=0)
    return result


def pairing_average(E: Array, P: Array, m: Any, c: Any) -> Any:
    """Any row-stochastic pairing: ``(1/2n) [sum_i w_i |e_i|^2 - (c/2) sum_ij P_ij |e_i - e_j|^2]``.

    >>> float(pairing_average(np.array([[1.0], [3.0]]), np.array([[0.0, 1.0], [1.0, 0.0]]), 0.5, 0.5))
    2.0
    """
    difference = E[:, None, :] - E[None, :, :]
    energy = contract("ij,ijk,ijk->", P, difference, difference)
    reweighted = np.sum(mixing_weights(P, m) * np.sum(E * E, axis=-1))
    return (reweighted - c * energy / 2) / (2 * len(E))


def many_way_average(E: Array, mean_square: Any) -> Any:
    """K-way mixing of independent samples: ``1/2 [s V + |e-|^2]`` with ``s = E sum_i lam_i^2``.

    >>> float(many_way_average(np.array([[1.0], [3.0]]), 0.5))
    2.25
    """
    centre = mean_residual(E)
    return (mean_square * residual_variance(E) + np.sum(centre * centre)) / 2


def average_gradient(E: Array, z: Array, W: Array, c: Any) -> dict[str, Array]:
    """Gradient of the pair average.

    ``dz_i = -W^T s_i/n``, ``dW = -(1/n) sum_i s_i z_i^T``, ``db = -e-``, ``s_i = (1-c) e_i + c e-``.

    Where e- = 0 it is (1-c) times the gradient of ERM (c = 0), which keeps ERM's critical points for every
    encoder.

    >>> average_gradient(np.array([[1.0], [3.0]]), np.zeros((2, 3)), np.zeros((1, 3)), 0.5)["b"]
    array([-2.])
    """
    n, centre = len(E), mean_residual(E)
    shrunk = (1 - c) * E + c * centre
    return {
        "z": -contract("ki,nk->ni", W, shrunk) / n,
        "W": -contract("nk,ni->ki", shrunk, z) / n,
        "b": -centre,
    }


def mean_cross_terms(E: Array, J: Array, W: Array, c: Any) -> Array:
    """Average over all ordered pairs of the two cross terms of dL/dtheta.

    ``c Jbar^T W^T e-``; J is (n, h, p).

    It is c times the gradient of ``-1/2 |e-|^2``, the post's sign.

    >>> mean_cross_terms(np.array([[1.0], [3.0]]), np.ones((2, 1, 3)), np.array([[1.0]]), 0.5)
    array([1., 1., 1.])
    """
    mean_jacobian = np.sum(J, axis=0) / len(J)
    result: Array = c * contract("ip,ki,k->p", mean_jacobian, W, mean_residual(E))
    return result


def decayed_average(E: Array, penalty: Any, c: Any, kappa: Any) -> Any:
    """Where e- = 0, averaged loss plus weight decay as larger decay on ERM.

    ``(1-c) (ERM + kappa/(2(1-c)) |.|^2)``; c != 1.

    >>> float(decayed_average(np.array([[-1.0], [1.0]]), 8.0, 0.5, 0.25))
    1.25
    """
    erm = np.sum(E * E) / (2 * len(E))
    return (1 - c) * (erm + kappa * penalty / (2 * (1 - c)))


def mixed_batch_residuals(E: Array, lam: Any, permutation: Array) -> Array:
    """Residuals of one mixed batch.

    ``r_i = lam e_i + (1-lam) e_pi(i)``; their sum is that of E, on every batch.

    >>> mixed_batch_residuals(np.array([[1.0], [3.0]]), 0.5, np.array([1, 0]))
    array([[2.],
           [2.]])
    """
    result: Array = lam * E + (1 - lam) * E[permutation]
    return result


def loss_mixing_surplus(lam: Any, y: Array, y_prime: Array) -> Any:
    """How much mixing two losses exceeds mixing their labels.

    ``1/2 lam (1-lam) |y - y'|^2``, whatever the prediction.

    >>> float(loss_mixing_surplus(0.5, np.array([2.0, 0.0]), np.zeros(2)))
    0.5
    """
    return lam * (1 - lam) * np.sum((y - y_prime) * (y - y_prime), axis=-1) / 2


def detached_gradient(E: Array, J: Array, W: Array, c: Any) -> Array:
    """Halve the encoder gradient: that of the pair average with the partner's features detached.

    For a symmetric ratio:

    ``-(1/2n) sum_i J_i^T W^T [(1-c) e_i + c e-]``; shapes (n, k), (n, h, p), (k, h) to (p,).

    >>> detached_gradient(np.array([[1.0], [3.0]]), np.ones((2, 1, 3)), np.array([[1.0]]), 0.5)
    array([-1., -1., -1.])
    """
    shrunk = (1 - c) * E + c * mean_residual(E)
    return -contract("nip,ki,nk->p", J, W, shrunk) / (2 * len(E))


def many_way_terms(weights: Array, J: Array, W: Array, E: Array) -> Array:
    """All K^2 terms of dL/dtheta under K-way mixing, ``T_ij = lam_i lam_j J_i^T W^T e_j``; shape (K, K, p).

    J is (K, h, p), E (K, k). The diagonal holds the K own terms, the rest are the K(K-1) cross terms (the
    post's sign).

    >>> many_way_terms(np.full(2, 0.5), np.ones((2, 1, 3)), np.array([[2.0]]), np.array([[2.0], [4.0]]))[0, 1]
    array([2., 2., 2.])
    """
    return contract("a,b,aip,ki,bk->abp", weights, weights, J, W, E)
