"""The gradients over one pair that the theorems claim, written by hand.

Nothing here differentiates anything, and nothing calls the objectives: each formula is typed in from the
statement, so that a difference quotient of the objective is an independent witness. Shapes as in
`objectives`; unless a function says otherwise it returns gradients of the *loss*, the negative of the post's
objective.
"""

from __future__ import annotations

import numpy as np

from symmix.numeric.arrays import Array, contract


def residual(z: Array, y: Array, W: Array, b: Array) -> Array:
    """Residual of one example, ``e = y - W z - b``; shapes (h,), (k,), (k, h), (k,) to (k,).

    >>> residual(np.array([1.0, 2.0]), np.array([5.0]), np.array([[1.0, 1.0]]), np.array([1.0]))
    array([1.])
    """
    return y - contract("...ki,...i->...k", W, z) - b


def mixed_residual(lam: Array, e: Array, e_prime: Array) -> Array:
    """Mixture of the residuals.

    ``r = lam e + (1-lam) e'``, which an affine head makes the residual of the mixture.

    >>> mixed_residual(np.array(0.25), np.array([4.0]), np.array([8.0]))
    array([7.])
    """
    own = lam[..., None]
    result: Array = own * e + (1 - own) * e_prime
    return result


def four_terms(
    lam: Array, J: Array, J_prime: Array, W: Array, e: Array, e_prime: Array
) -> tuple[Array, Array, Array, Array]:
    """List the four terms of dL/dtheta for the post's L (to be maximised): own, cross, cross, own.

    ``lam^2 J^T W^T e``, ``lam(1-lam) J^T W^T e'``, ``lam(1-lam) J'^T W^T e``, ``(1-lam)^2 J'^T W^T e'``; J
    and J' are (h, p), each term (p,). At lam = 1 only the first remains, at lam = 0 only the last. Source:
    Cho, "Manifold mixup: degeneracy?".

    >>> J, W, e = np.array([[1.0, 0.0, 2.0], [0.0, 1.0, 0.0]]), np.array([[1.0, 1.0]]), np.array([4.0])
    >>> four_terms(np.array(0.5), J, J, W, e, -e)[1]
    array([-1., -1., -2.])
    """
    pulled, pulled_prime = contract("...ki,...k->...i", W, e), contract("...ki,...k->...i", W, e_prime)
    weight = lam[..., None]
    own, cross, own_prime = weight * weight, weight * (1 - weight), (1 - weight) * (1 - weight)
    return (
        own * contract("...ip,...i->...p", J, pulled),
        cross * contract("...ip,...i->...p", J, pulled_prime),
        cross * contract("...ip,...i->...p", J_prime, pulled),
        own_prime * contract("...ip,...i->...p", J_prime, pulled_prime),
    )


def manifold_mixup_gradient(
    lam: Array, z: Array, z_prime: Array, y: Array, y_prime: Array, W: Array, b: Array
) -> dict[str, Array]:
    """Gradient of `manifold_mixup_loss` by every argument, under the arguments' names.

    With ``r = lam e + (1-lam) e'``: ``dz = -lam W^T r``, ``dz' = -(1-lam) W^T r``, ``dy = lam r``, ``dy' =
    (1-lam) r``, ``dW = -r z~^T``, ``db = -r``, ``dlam = r^T (e - e')``. All vanish where e = e' = 0, whatever
    z, z', W.

    >>> lam, z, y = np.array(0.5), np.array([1.0, 1.0]), np.array([4.0])
    >>> W, b = np.array([[1.0, 1.0]]), np.zeros(1)
    >>> manifold_mixup_gradient(lam, z, z, y, y, W, b)["z"]
    array([-1., -1.])
    """
    own = lam[..., None]
    partner = 1 - own
    e, e_prime = residual(z, y, W, b), residual(z_prime, y_prime, W, b)
    r = own * e + partner * e_prime
    pulled = contract("...ki,...k->...i", W, r)
    slope = y - y_prime - contract("...ki,...i->...k", W, z - z_prime)  # e - e', but b is not added to cancel
    return {
        "lam": contract("...k,...k->...", r, slope),
        "z": -own * pulled,
        "z_prime": -partner * pulled,
        "y": own * r,
        "y_prime": partner * r,
        "W": -contract("...k,...i->...ki", r, own * z + partner * z_prime),
        "b": -r,
    }


def expected_feature_gradients(
    second_moment: Array, cross_moment: Array, second_moment_prime: Array, W: Array, e: Array, e_prime: Array
) -> tuple[Array, Array]:
    """Return the expected gradients of the loss by z and z' over a random ratio, from its moments.

    ``-W^T (E[lam^2] e + E[lam(1-lam)] e')`` and ``-W^T (E[lam(1-lam)] e + E[(1-lam)^2] e')``; moments of
    shape (). The 2x2 matrix of moments has determinant Var lam, so where that is not 0 both vanish iff W^T e
    = W^T e' = 0.

    >>> m = np.array(1 / 4)
    >>> W, e = np.array([[1.0, 2.0]]), np.array([4.0])
    >>> expected_feature_gradients(2 * m, m, 2 * m, W, e, -e)
    (array([-1., -2.]), array([1., 2.]))
    """
    own, cross, own_prime = (np.asarray(m)[..., None] for m in (second_moment, cross_moment, second_moment_prime))
    return (
        -contract("...ki,...k->...i", W, own * e + cross * e_prime),
        -contract("...ki,...k->...i", W, cross * e + own_prime * e_prime),
    )


def softmax(logits: Array) -> Array:
    """Softmax, ``exp(u_k) / sum_l exp(u_l)``, without overflow; shape (k,) to (k,).

    >>> softmax(np.array([0.0, 0.0]))
    array([0.5, 0.5])
    """
    powers = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    result: Array = powers / np.sum(powers, axis=-1, keepdims=True)
    return result


def cross_entropy_mixup_gradient(
    lam: Array, z: Array, z_prime: Array, y: Array, y_prime: Array, W: Array, b: Array
) -> dict[str, Array]:
    """Gradient of `cross_entropy_mixup_loss` by z, z', W, b and lam, under the arguments' names.

    With ``d = (sum y~) softmax(u~) - y~``: ``dz = lam W^T d``, ``dz' = (1-lam) W^T d``, ``dW = d z~^T``, ``db
    = d``, ``dlam = d^T W (z - z') + sum(y - y') lse(u~) - (y - y')^T u~``. Source: sentMixup, arXiv
    1905.08941.

    >>> z, y, W, b = np.zeros(3), np.array([1.0, 0.0]), np.ones((2, 3)), np.zeros(2)
    >>> cross_entropy_mixup_gradient(np.array(1.0), z, z, y, y, W, b)["b"]
    array([-0.5,  0.5])
    """
    own = lam[..., None]
    partner = 1 - own
    z_mixed, y_mixed = own * z + partner * z_prime, own * y + partner * y_prime
    logits = contract("...ki,...i->...k", W, z_mixed) + b
    d = np.sum(y_mixed, axis=-1, keepdims=True) * softmax(logits) - y_mixed
    pulled = contract("...ki,...k->...i", W, d)
    top = np.max(logits, axis=-1)
    normaliser = np.log(np.sum(np.exp(logits - top[..., None]), axis=-1)) + top
    by_lam = np.sum(y - y_prime, axis=-1) * normaliser - contract("...k,...k->...", y - y_prime, logits)
    return {
        "lam": by_lam + contract("...i,...i->...", pulled, z - z_prime),
        "z": own * pulled,
        "z_prime": partner * pulled,
        "W": contract("...k,...i->...ki", d, z_mixed),
        "b": d,
    }


def interpolation_gap(lam: Array, at_own: Array, at_partner: Array, at_mixture: Array) -> Array:
    """Jensen gap of a map at a pair.

    ``J_lam = lam F(x) + (1-lam) F(x') - F(lam x + (1-lam) x')``; zero at lam = 0 and 1.

    >>> interpolation_gap(np.array(0.5), np.array([4.0]), np.array([0.0]), np.array([1.0]))
    array([1.])
    """
    own = lam[..., None]
    result: Array = own * at_own + (1 - own) * at_partner - at_mixture
    return result


def input_mixup_residual(lam: Array, e: Array, e_prime: Array, W: Array, gap: Array) -> Array:
    """Residual of input mixup through any encoder.

    ``r = lam e + (1-lam) e' + W J_lam F``; at the fit it is W times the gap.

    >>> zero = np.zeros(1)
    >>> input_mixup_residual(np.array(0.5), zero, zero, np.array([[2.0, 1.0]]), np.array([1.0, 3.0]))
    array([5.])
    """
    return mixed_residual(lam, e, e_prime) + contract("...ki,...i->...k", W, gap)


def input_mixup_encoder_gradient(r: Array, W: Array, J_mixed: Array) -> Array:
    """Gradient of `input_mixup_loss` by the encoder's parameters.

    ``-J(x~)^T W^T r``; J is (h, p) at the mixed input.

    >>> J = np.array([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]])
    >>> input_mixup_encoder_gradient(np.array([2.0]), np.array([[1.0, 0.0]]), J)
    array([-2., -4., -6.])
    """
    return -contract("...ip,...i->...p", J_mixed, contract("...ki,...k->...i", W, r))


def quadratic_head_fit_residual(lam: Array, z: Array, z_prime: Array, H: Array) -> Array:
    """Residual of a curved head at the fit.

    ``r = 1/2 lam (1-lam) D^T H D`` with ``D = z - z'``; shapes (h,), (h,), (h, h) to ().

    >>> float(quadratic_head_fit_residual(np.array(0.5), np.array([2.0, 0.0]), np.zeros(2), np.eye(2)))
    0.5
    """
    D = z - z_prime
    result: Array = lam * (1 - lam) * contract("...i,...ij,...j->...", D, H, D) / 2
    return result
