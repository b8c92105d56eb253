"""What theorems about data sets define, as functions: means over all samples and over all pairs, from the definitions.

Cases on the leading axes, then the sample: Y (n, k), Z (n, h), E (n, k), W (k, h), b (k,); m = E lam and m2 = E lam^2
are those of the ratio. They come with the theorems: ``Theorem(numbers={E: "symmix.numeric.samples:residuals"})``.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from symmix.numeric.arrays import Array, contract
from symmix.numeric.objectives import affine_head, mix, squared_loss


def residuals(Y: Array, Z: Array, W: Array, b: Array) -> Array:
    """Return what the head leaves of each target, ``e_i = y_i - W z_i - b``; shape (n, k)."""
    difference: Array = Y - affine_head(Z, W[..., None, :, :], b[..., None, :])
    return difference


def mean_residual(E: Array) -> Array:
    """Average the residuals, ``1/n sum_i e_i``; shape (k,)."""
    return mean(E)


def erm(E: Array) -> Array:
    """Average the losses, ``1/n sum_i 1/2 |e_i|^2``; shape ()."""
    return contract("...nk,...nk->...", E, E / (2 * E.shape[-2]))


def residual_variance(E: Array) -> Array:
    """Average the squared deviations from the mean, ``1/n sum_i |e_i - e-|^2``; shape ()."""
    return 2 * erm(E - mean(E)[..., None, :])


def mean(rows: Array) -> Array:
    """Average the samples; (n, h) to (h,)."""
    found: Array = np.sum(rows, axis=-2) / rows.shape[-2]
    return found


def mean_features(Z: Array) -> Array:
    """Average the features, ``1/n sum_i z_i``; shape (h,)."""
    return mean(Z)


def mean_target(Y: Array) -> Array:
    """Average the targets, ``1/n sum_i y_i``; shape (k,)."""
    return mean(Y)


def covariance(Z: Array) -> Array:
    """Average ``(z_i - z-) (z_i - z-)^T``; shape (h, h)."""
    return covariance_with_targets(Z, Z)


def covariance_with_targets(Z: Array, Y: Array) -> Array:
    """Average ``(z_i - z-) (y_i - y-)^T``; shape (h, k)."""
    of_features, of_targets = (rows - mean(rows)[..., None, :] for rows in (Z, Y))
    return contract("...nh,...nk->...hk", of_features, of_targets / Z.shape[-2])


def over_ratio(quadratic: Callable[[Array], Array], m: Array, m2: Array) -> Array:
    """Average a quadratic function of the ratio, known at 0, 1 and -1, by the ratio's moments.

    >>> over_ratio(lambda lam: 3 * lam * lam - lam + 1, np.array(2.0), np.array(5.0)).tolist()
    14.0
    """
    at_zero, at_one, below = (quadratic(np.array(lam, dtype=object)) for lam in (0, 1, -1))
    found: Array = at_zero + m * (at_one - below) / 2 + m2 * (at_one + below - 2 * at_zero) / 2
    return found


def strength(m: Array, m2: Array) -> Array:
    """Return the strength of mixing, ``2 E[lam (1 - lam)]``; shape ()."""
    return 2 * over_ratio(lambda lam: lam * (1 - lam), m, m2)


def pair_average(Y: Array, Z: Array, W: Array, b: Array, m: Array, m2: Array) -> Array:
    """Average the loss of mixtures of samples i and j, over all n^2 ordered pairs and the ratio; shape ()."""

    def loss(lam: Array) -> Array:
        target, features = (mix(lam, rows[..., :, None, :], rows[..., None, :, :]) for rows in (Y, Z))
        prediction = affine_head(features, W[..., None, None, :, :], b[..., None, None, :])
        return contract("...ij->...", squared_loss(target, prediction) / Y.shape[-2] ** 2)

    return over_ratio(loss, m, m2)


def shrinking(c: Array, n: int) -> Array:
    """Return the matrix that leaves the mean of n numbers and shrinks what they deviate by 1 - c; shape (n, n)."""
    identity = np.eye(n, dtype=object)
    to_mean = c[..., None, None] * np.ones((n, n), dtype=object) / n
    found: Array = to_mean + (1 - c[..., None, None]) * identity
    return found


def partners(f: Array, g: Array, n1: Array, n2: Array) -> Array:
    """Pair each sample with those of the other class, all alike; f, g mark the classes; shape (n, n)."""
    first, second = (f / n1[..., None], g / n2[..., None])
    return contract("...i,...j->...ij", f, second) + contract("...i,...j->...ij", g, first)


def resampled_weights(m: Array, P: Array) -> Array:
    """Return what each sample counts: m by itself, 1 - m by those that it is a partner of; shape (n,)."""
    chosen: Array = np.sum(P, axis=-2)
    found: Array = m[..., None] + (1 - m[..., None]) * chosen
    return found
