"""The post's objectives as functions: what they are for one pair, written from the definitions, to be maximised.

Shapes as in `symmix.numeric.objectives`. They come with the theorems: ``Theorem(numbers={L: manifold_mixup})``.
"""

from __future__ import annotations

from symmix.numeric.arrays import Array, contract
from symmix.numeric.objectives import (
    affine_head,
    manifold_mixup_loss,
    mix,
    quadratic_head,
    regression_loss,
    squared_loss,
)


def manifold_mixup(lam: Array, z: Array, z_prime: Array, y: Array, y_prime: Array, W: Array, b: Array) -> Array:
    """Mix features and targets: ``-1/2 |lam y + (1-lam) y' - W (lam z + (1-lam) z') - b|^2``."""
    return -manifold_mixup_loss(lam, z, z_prime, y, y_prime, W, b)


def input_mixup(lam: Array, z_tilde: Array, y: Array, y_prime: Array, W: Array, b: Array) -> Array:
    """Mix inputs, whose features are z~: ``-1/2 |lam y + (1-lam) y' - W z~ - b|^2``."""
    return -squared_loss(mix(lam, y, y_prime), affine_head(z_tilde, W, b))


def regression(z: Array, y: Array, W: Array, b: Array) -> Array:
    """Fit one sample: ``-1/2 |y - W z - b|^2``."""
    return -regression_loss(z, y, W, b)


def mixed_residual(lam: Array, z: Array, z_prime: Array, y: Array, y_prime: Array, W: Array, b: Array) -> Array:
    """Return what mixed targets leave at mixed features: ``lam y + (1-lam) y' - W (lam z + (1-lam) z') - b``."""
    difference: Array = mix(lam, y, y_prime) - affine_head(mix(lam, z, z_prime), W, b)
    return difference


def input_residual(lam: Array, z_tilde: Array, y: Array, y_prime: Array, W: Array, b: Array) -> Array:
    """Return what mixed targets leave at the features of mixed inputs: ``lam y + (1-lam) y' - W z~ - b``."""
    difference: Array = mix(lam, y, y_prime) - affine_head(z_tilde, W, b)
    return difference


def interpolation_gap(lam: Array, z: Array, z_prime: Array, z_tilde: Array) -> Array:
    """Return what the encoder fails to interpolate: ``lam z + (1-lam) z' - z~``."""
    difference: Array = mix(lam, z, z_prime) - z_tilde
    return difference


def residual(z: Array, y: Array, W: Array, b: Array) -> Array:
    """Return what the head leaves of one target: ``y - W z - b``."""
    difference: Array = y - affine_head(z, W, b)
    return difference


def partner_residual(z_prime: Array, y_prime: Array, W: Array, b: Array) -> Array:
    """Return what the head leaves of the partner's target: ``y' - W z' - b``."""
    return residual(z_prime, y_prime, W, b)


def partner_regression(z_prime: Array, y_prime: Array, W: Array, b: Array) -> Array:
    """Fit the partner: ``-1/2 |y' - W z' - b|^2``."""
    return regression(z_prime, y_prime, W, b)


def curved_residual(z: Array, y: Array, H: Array, g: Array, b: Array) -> Array:
    """Return what a quadratic head leaves of one target, a number: ``y - 1/2 z^T H z - g^T z - b``."""
    difference: Array = y - quadratic_head(z, H, g, b)
    return difference


def partner_curved_residual(z_prime: Array, y_prime: Array, H: Array, g: Array, b: Array) -> Array:
    """Return what a quadratic head leaves of the partner's target, a number."""
    return curved_residual(z_prime, y_prime, H, g, b)


def mixed_curved_residual(
    lam: Array, z: Array, z_prime: Array, y: Array, y_prime: Array, H: Array, g: Array, b: Array
) -> Array:
    """Return what a quadratic head leaves of the mixed target at mixed features, a number."""
    target = lam * y + (1 - lam) * y_prime
    return curved_residual(mix(lam, z, z_prime), target, H, g, b)


def encoded_residual(x: Array, y: Array, A: Array, t: Array, W: Array, b: Array) -> Array:
    """Return what the head leaves of one target, the encoder being affine: ``y - W (A x + t) - b``."""
    return residual(affine_head(x, A, t), y, W, b)


def partner_encoded_residual(x_prime: Array, y_prime: Array, A: Array, t: Array, W: Array, b: Array) -> Array:
    """Return what the head leaves of the partner's target, the encoder being affine: ``y' - W (A x' + t) - b``."""
    return encoded_residual(x_prime, y_prime, A, t, W, b)


def layer_gaps(lam: Array, z: Array, z_prime: Array, H: Array, N: Array) -> Array:
    """Apply N to what mixed features lack of each row of H: ``N (1 z~^T - H)``; H (q, h), N (q, q) to (q, h)."""
    return contract("...ij,...jh->...ih", N, mix(lam, z, z_prime)[..., None, :] - H)


def layer_residuals(lam: Array, y: Array, y_prime: Array, W: Array, b: Array, H: Array) -> Array:
    """Return what the head leaves of the mixed target at each row of H (q, h); shape (q, k)."""
    head = affine_head(H, W[..., None, :, :], b[..., None, :])
    difference: Array = mix(lam, y, y_prime)[..., None, :] - head
    return difference
