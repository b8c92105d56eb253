"""Objectives over one pair, from their definitions, for any number of cases at once.

Every function here is a *loss*, to be minimised: the post maximises its negative, L = -loss. The leading axes
are cases (none, one, or several that broadcast); the trailing axes are those of the mathematics:

    lam ()   z, z_prime (h,)   y, y_prime (k,)   W (k, h)   b (k,)   x, x_prime (d,)

All of them are polynomials or analytic, and use nothing but sums, products, ``exp`` and ``log``, so that they
run on real, complex, rational (``dtype=object``) and bounded arrays alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from symmix.numeric.arrays import Array, contract

if TYPE_CHECKING:
    from collections.abc import Callable


def mix(lam: Array, own: Array, partner: Array) -> Array:
    """Mix two vectors: ``lam own + (1 - lam) partner``; `own` at lam = 1, `partner` at lam = 0.

    >>> mix(np.array(0.25), np.array([4.0, 0.0]), np.array([0.0, 4.0]))
    array([1., 3.])
    """
    weight = lam[..., None]
    result: Array = weight * own + (1 - weight) * partner
    return result


def affine_head(z: Array, W: Array, b: Array) -> Array:
    """Predict ``G(z) = W z + b``; shapes (h,), (k, h), (k,) to (k,).

    >>> W, b = np.array([[1.0, 1.0], [0.0, 1.0], [1.0, 0.0]]), np.array([0.0, 0.0, 5.0])
    >>> affine_head(np.array([1.0, 2.0]), W, b)
    array([3., 2., 6.])
    """
    return contract("...ki,...i->...k", W, z) + b


def quadratic_head(z: Array, H: Array, g: Array, b: Array) -> Array:
    """Predict ``G(z) = 1/2 z^T H z + g^T z + b``, a curved head with one output.

    Shapes (h,), (h, h), (h,), () to ().

    >>> z, H, g = np.array([1.0, 2.0]), np.array([[2.0, 0.0], [0.0, 1.0]]), np.array([1.0, 0.0])
    >>> float(quadratic_head(z, H, g, np.array(3.0)))
    7.0
    """
    curved = contract("...i,...i->...", z, contract("...ij,...j->...i", H, z))
    return curved / 2 + contract("...i,...i->...", g, z) + b


def squared_loss(target: Array, prediction: Array) -> Array:
    """Half the squared distance, ``1/2 |target - prediction|^2``; shapes (k,), (k,) to ().

    >>> float(squared_loss(np.array([1.0, 2.0, 2.0]), np.zeros(3)))
    4.5
    """
    residual = target - prediction
    return contract("...k,...k->...", residual, residual) / 2


def log_sum_exp(logits: Array) -> Array:
    """Sum in the exponent, ``log sum_k exp u_k``, without overflow; shape (k,) to ().

    The shift is the largest real part, taken as a constant: any shift gives the same value, so its derivative
    is 0.

    >>> float(log_sum_exp(np.array([800.0, -800.0, 0.0])))
    800.0
    """
    shift = np.max(logits.real, axis=-1, keepdims=True)
    result: Array = np.log(np.sum(np.exp(logits - shift), axis=-1)) + shift[..., 0]
    return result


def cross_entropy(target: Array, logits: Array) -> Array:
    """Cross-entropy of soft targets with logits.

    ``(sum_k y_k) log sum exp u - y^T u``; shapes (k,), (k,) to ().

    For targets that sum to 1 this is ``-sum_k y_k log softmax(u)_k``; the sum is kept so that the loss is
    defined, and differentiable, off the simplex too.

    >>> float(cross_entropy(np.array([1.0, 0.0]), np.zeros(2))) - float(np.log(2.0))
    0.0
    """
    result: Array = np.sum(target, axis=-1) * log_sum_exp(logits) - contract("...k,...k->...", target, logits)
    return result


def regression_loss(z: Array, y: Array, W: Array, b: Array) -> Array:
    """Regression on one example: ``1/2 |y - W z - b|^2``.

    >>> float(regression_loss(np.array([1.0, 1.0]), np.array([3.0]), np.array([[1.0, 1.0]]), np.array([0.0])))
    0.5
    """
    return squared_loss(y, affine_head(z, W, b))


def erm_pair_loss(z: Array, z_prime: Array, y: Array, y_prime: Array, W: Array, b: Array) -> Array:
    """Empirical risk of a pair: ``(1/2 |e|^2 + 1/2 |e'|^2) / 2``, the mean over its two examples.

    >>> z, W, b = np.array([1.0, 1.0]), np.array([[1.0, 1.0]]), np.array([0.0])
    >>> float(erm_pair_loss(z, z, np.array([3.0]), np.array([2.0]), W, b))
    0.25
    """
    return (regression_loss(z, y, W, b) + regression_loss(z_prime, y_prime, W, b)) / 2


def manifold_mixup_loss(lam: Array, z: Array, z_prime: Array, y: Array, y_prime: Array, W: Array, b: Array) -> Array:
    """Manifold mixup at an affine head: ``1/2 |lam y + (1-lam) y' - W (lam z + (1-lam) z') - b|^2``.

    A polynomial of degree at most 2 in each entry of each argument, lam included. At lam = 1 and lam = 0 it
    is the regression loss of one example. The post's objective is its negative (Cho, "Manifold mixup:
    degeneracy?").

    >>> lam, z, z_prime = np.array(0.5), np.array([2.0, 0.0]), np.array([0.0, 2.0])
    >>> y, y_prime, W, b = np.array([4.0]), np.array([0.0]), np.array([[1.0, 0.0]]), np.array([0.0])
    >>> float(manifold_mixup_loss(lam, z, z_prime, y, y_prime, W, b))
    0.5
    """
    return squared_loss(mix(lam, y, y_prime), affine_head(mix(lam, z, z_prime), W, b))


def cross_entropy_mixup_loss(
    lam: Array, z: Array, z_prime: Array, y: Array, y_prime: Array, W: Array, b: Array
) -> Array:
    """Manifold mixup with softmax cross-entropy at a linear head (sentMixup, arXiv 1905.08941).

    ``CE(lam y + (1-lam) y', W (lam z + (1-lam) z') + b)``; targets are soft labels of shape (k,).

    >>> zero, y, W, b = np.zeros(3), np.array([1.0, 0.0]), np.zeros((2, 3)), np.zeros(2)
    >>> float(cross_entropy_mixup_loss(np.array(0.5), zero, zero, y, y[::-1], W, b)) - float(np.log(2.0))
    0.0
    """
    return cross_entropy(mix(lam, y, y_prime), affine_head(mix(lam, z, z_prime), W, b))


def input_mixup_loss(
    encode: Callable[[Array], Array],
    lam: Array,
    x: Array,
    x_prime: Array,
    y: Array,
    y_prime: Array,
    W: Array,
    b: Array,
) -> Array:
    """Input mixup through an encoder F: ``1/2 |y~ - W F(lam x + (1-lam) x') - b|^2`` (arXiv 1710.09412).

    `encode` maps (..., d) to (..., h). With an affine F it equals manifold mixup at F's features.

    >>> x, y, W, b = np.array([2.0]), np.array([4.0]), np.array([[1.0]]), np.array([0.0])
    >>> float(input_mixup_loss(lambda x: x * x, np.array(0.5), x, 0 * x, y, 0 * y, W, b))
    0.5
    """
    return squared_loss(mix(lam, y, y_prime), affine_head(encode(mix(lam, x, x_prime)), W, b))


def quadratic_head_mixup_loss(
    lam: Array, z: Array, z_prime: Array, y: Array, y_prime: Array, H: Array, g: Array, b: Array
) -> Array:
    """Manifold mixup at a curved head with one output.

    ``1/2 (lam y + (1-lam) y' - G(z~))^2``; y, y_prime, b of shape ().

    >>> one, z = np.array(1.0), np.array([2.0, 0.0])
    >>> float(quadratic_head_mixup_loss(one / 2, z, -z, 2 * one, 2 * one, np.eye(2), 0 * z, 0 * one))
    2.0
    """
    residual = lam * y + (1 - lam) * y_prime - quadratic_head(mix(lam, z, z_prime), H, g, b)
    result: Array = residual * residual / 2
    return result
