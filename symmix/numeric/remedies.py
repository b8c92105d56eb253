"""The remedies the post proposes: losses by definition, and the gradients claimed at the regression fit.

Leading axes are cases; z (h,), x (d,), linear decoder D (d, h). Losses are to be minimised.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from symmix.numeric.arrays import Array, contract
from symmix.numeric.objectives import mix, squared_loss

if TYPE_CHECKING:
    from collections.abc import Callable


def reconstruction_loss(mu: Array, x: Array, z: Array, D: Array) -> Array:
    """Penalty that makes the features predictive of the input, ``mu/2 |x - D z|^2``; mu ().

    >>> import numpy as np
    >>> float(reconstruction_loss(np.array(2.0), np.array([3.0, 0.0]), np.ones(1), np.array([[1.0], [0.0]])))
    4.0
    """
    return mu * squared_loss(x, contract("...di,...i->...d", D, z))


def reconstruction_gradient(mu: Array, x: Array, z: Array, D: Array) -> Array:
    """Gradient of `reconstruction_loss` by z, ``-mu D^T (x - D z)``: all that is left at the regression fit.

    >>> import numpy as np
    >>> reconstruction_gradient(np.array(2.0), np.array([3.0, 0.0]), np.ones(1), np.array([[1.0], [0.0]]))
    array([-4.])
    """
    missing = x - contract("...di,...i->...d", D, z)
    return -mu[..., None] * contract("...di,...d->...i", D, missing)


def temporal_loss(z_before: Array, z: Array, z_after: Array) -> Array:
    """Penalty on curved motion of the code, ``1/2 |z_{t+1} - 2 z_t + z_{t-1}|^2`` (arXiv 1506.03011).

    >>> import numpy as np
    >>> float(temporal_loss(np.array([0.0]), np.array([1.0]), np.array([4.0])))
    2.0
    """
    return squared_loss(z_after + z_before, 2 * z)


def temporal_gradient(z_before: Array, z: Array, z_after: Array) -> tuple[Array, Array, Array]:
    """Gradient of `temporal_loss` by (z_{t-1}, z_t, z_{t+1}): ``(1, -2, 1)`` times the second difference.

    >>> import numpy as np
    >>> temporal_gradient(np.array([0.0]), np.array([1.0]), np.array([4.0]))
    (array([2.]), array([-4.]), array([2.]))
    """
    bend = z_after - 2 * z + z_before
    return bend, -2 * bend, bend


def mixed_reconstruction_loss(
    decode: Callable[[Array], Array], lam: Array, x: Array, x_prime: Array, z: Array, z_prime: Array
) -> Array:
    """Gaussian form of learned interpolation.

    ``lam |x - D(z~)|^2 + (1-lam) |x' - D(z~)|^2`` (arXiv 2112.13969).

    `decode` maps (..., h) to (..., d).

    >>> import numpy as np
    >>> one, zero = np.ones(1), np.zeros(1)
    >>> float(mixed_reconstruction_loss(lambda z: 2 * z, np.array(0.5), 2 * one, zero, one, zero))
    1.0
    """
    decoded = decode(mix(lam, z, z_prime))
    result: Array = 2 * (lam * squared_loss(x, decoded) + (1 - lam) * squared_loss(x_prime, decoded))
    return result


def mixed_reconstruction_gradient(
    lam: Array, x: Array, x_prime: Array, decoded: Array, J_decoder: Array
) -> tuple[Array, Array]:
    """Gradient of `mixed_reconstruction_loss` by z and z'.

    ``-2 lam J^T (x~ - D(z~))`` and ``-2 (1-lam) J^T (x~ - D(z~))``.

    J = dD/dz at z~, (d, h). With a linear decoder and x = D z, x' = D z' both vanish: the degeneracy returns.

    >>> import numpy as np
    >>> one = np.ones(1)
    >>> mixed_reconstruction_gradient(np.array(0.5), 2 * one, 0 * one, one, 2 * np.ones((1, 1)))
    (array([-0.]), array([-0.]))
    """
    pulled = contract("...di,...d->...i", J_decoder, mix(lam, x, x_prime) - decoded)
    own = lam[..., None]
    return -2 * own * pulled, -2 * (1 - own) * pulled
