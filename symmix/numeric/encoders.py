"""Small encoders F with their Jacobians by the parameters, written by hand.

The parameters theta are listed in the order of the arguments and flattened row by row, so that a Jacobian has
shape (h, p) and its columns can be cut back into arrays with `split_parameters`.
"""

from __future__ import annotations

from math import comb

import numpy as np

from symmix.errors import DimensionError
from symmix.numeric.arrays import Array, contract


def tanh_features(x: Array, A: Array, c: Array, B: Array) -> Array:
    """Encode by two layers, ``F(x) = B tanh(A x + c)``; shapes (d,), (q, d), (q,), (h, q) to (h,).

    >>> tanh_features(np.zeros(2), np.ones((3, 2)), np.zeros(3), np.ones((4, 3)))
    array([0., 0., 0., 0.])
    """
    hidden = np.tanh(contract("...qd,...d->...q", A, x) + c)
    return contract("...hq,...q->...h", B, hidden)


def tanh_jacobian(x: Array, A: Array, c: Array, B: Array) -> Array:
    """Jacobian of `tanh_features` by (A, c, B).

    ``dF_h/dA_qd = B_hq s_q x_d``, ``dF_h/dc_q = B_hq s_q``, ``dF_h/dB_gq = 1[g=h] t_q``.

    Here ``t = tanh(A x + c)`` and ``s = 1 - t^2``; shape (h, p) with p = q d + q + h q.

    >>> tanh_jacobian(np.zeros(2), np.ones((3, 2)), np.zeros(3), np.ones((4, 3))).shape
    (4, 21)
    """
    hidden = np.tanh(contract("...qd,...d->...q", A, x) + c)
    by_bias = B * (1 - hidden * hidden)[..., None, :]
    by_weight = contract("...hq,...d->...hqd", by_bias, x)
    h = B.shape[-2]
    by_output = contract("hg,...q->...hgq", np.eye(h, dtype=hidden.dtype), hidden)
    cases = by_bias.shape[:-2]
    return np.concatenate([by_weight.reshape(*cases, h, -1), by_bias, by_output.reshape(*cases, h, -1)], axis=-1)


def quadratic_features(x: Array, A: Array, Q: Array) -> Array:
    """Encode by a quadratic map.

    ``F_i(x) = A_ij x_j + Q_ijl x_j x_l``; shapes (d,), (h, d), (h, d, d) to (h,).

    On integers it is exact, and its interpolation gap is not zero: enough to tell input from manifold mixup.

    >>> quadratic_features(np.array([1.0, 2.0]), np.zeros((1, 2)), np.ones((1, 2, 2)))
    array([9.])
    """
    curved = contract("...ij,...j->...i", contract("...ijl,...l->...ij", Q, x), x)
    return contract("...ij,...j->...i", A, x) + curved


def quadratic_jacobian(x: Array, A: Array, Q: Array) -> Array:
    """Jacobian of `quadratic_features` by (A, Q).

    ``1[i=g] x_j`` and ``1[i=g] x_j x_l``; shape (h, h d + h d d).

    F is linear in its parameters, so only their shapes matter.

    >>> quadratic_jacobian(np.array([1.0, 2.0]), np.zeros((3, 2)), np.zeros((3, 2, 2))).shape
    (3, 18)
    """
    h = A.shape[-2]
    if Q.shape[-3] != h:
        raise DimensionError("A (h, d) and Q (h, d, d) with one h", f"h = {h} and {Q.shape[-3]}", "match the rows")
    one = np.eye(h, dtype=x.dtype)
    linear = contract("ig,...j->...igj", one, x)
    curved = contract("...igj,...l->...igjl", linear, x)
    cases = linear.shape[:-3]
    return np.concatenate([linear.reshape(*cases, h, -1), curved.reshape(*cases, h, -1)], axis=-1)


def bernstein_basis(x: Array, degree: int) -> Array:
    """Weights of the control points of a Bezier curve, ``B_m(x) = binom(q, m) x^m (1-x)^(q-m)``; () to (q + 1,).

    They add up to 1; at x = 0 only the first is left, at x = 1 only the last.

    >>> bernstein_basis(np.array(0.5), 2)
    array([0.25, 0.5 , 0.25])
    """
    return np.stack([comb(degree, m) * x**m * (1 - x) ** (degree - m) for m in range(degree + 1)], axis=-1)


def bezier_features(x: Array, C: Array) -> Array:
    """Encode a number by a curve, ``F_i(x) = sum_m C_im B_m(x)``; shapes (), (h, q + 1) to (h,).

    The parameters C are the control points: F(0) is the first, F(1) the last, and what lies between bends the curve
    without moving its ends. With control points in equal steps along a segment F is affine.

    >>> bezier_features(np.array(0.5), np.array([[0.0, 4.0, 1.0]]))
    array([2.25])
    """
    return contract("...im,...m->...i", C, bernstein_basis(x, C.shape[-1] - 1))


def split_parameters(gradient: Array, shapes: dict[str, tuple[int, ...]]) -> dict[str, Array]:
    """Cut a flat gradient (..., p) into named arrays of the given shapes, in order.

    Raises `DimensionError` when the sizes do not add up to p.

    >>> {name: part.shape for name, part in split_parameters(np.zeros(8), {"A": (2, 3), "c": (2,)}).items()}
    {'A': (2, 3), 'c': (2,)}
    """
    sizes = [int(np.prod(shape)) for shape in shapes.values()]
    if sum(sizes) != gradient.shape[-1]:
        raise DimensionError(
            "shapes whose sizes add up to the number of parameters",
            f"{sum(sizes)} entries for {gradient.shape[-1]} parameters",
            "list every parameter of the encoder, in the order of its arguments",
        )
    parts = np.split(gradient, np.cumsum(sizes)[:-1], axis=-1)
    cases = gradient.shape[:-1]
    return {name: part.reshape(*cases, *shape) for (name, shape), part in zip(shapes.items(), parts, strict=True)}
