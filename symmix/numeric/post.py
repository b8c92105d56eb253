"""The post's objectives as functions: what they are for one pair, written from the definitions, to be maximised.

Shapes as in `symmix.numeric.objectives`. They come with the theorems: ``Theorem(numbers={L: manifold_mixup})``.
"""

from __future__ import annotations

from symmix.numeric.arrays import Array
from symmix.numeric.objectives import affine_head, manifold_mixup_loss, mix, regression_loss, squared_loss


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
