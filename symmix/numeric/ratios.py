"""Moments of random mixing ratios, three ways: Gamma recursion, Jacobi matrix, Gauss quadrature."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from symmix.errors import UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from symmix.numeric.arrays import Array

UNIT_ROUNDOFF = 2.0**-53


def _require_positive(*parameters: Any) -> None:
    if not all(parameter > 0 for parameter in parameters):
        raise UnsupportedError(
            "positive parameters of a Beta or Dirichlet law",
            f"{', '.join(map(str, parameters))}",
            "pass a > 0; a ratio that is always 0 or 1 has no density",
        )


def _rising(a: Fraction, steps: int) -> Fraction:
    product = Fraction(1)
    for step in range(steps):
        product *= a + step
    return product


def beta_moment(a: Fraction, b: Fraction, p: int, q: int) -> Fraction:
    """Moment ``E[lam^p (1-lam)^q] = (a)_p (b)_q / (a+b)_{p+q}`` of Beta(a, b), exact.

    By the recursion of the Gamma function.

    Raises `UnsupportedError` unless a, b > 0.

    >>> beta_moment(Fraction(1), Fraction(1), 1, 1)
    Fraction(1, 6)
    """
    _require_positive(a, b)
    return _rising(Fraction(a), p) * _rising(Fraction(b), q) / _rising(Fraction(a) + Fraction(b), p + q)


def dirichlet_moment(parameters: Sequence[Fraction], powers: Sequence[int]) -> Fraction:
    """Moment ``E[prod lam_i^p_i] = prod (a_i)_p_i / (sum a)_(sum p)`` of a Dirichlet law, exact.

    Raises `UnsupportedError` unless every parameter is positive.

    >>> dirichlet_moment([Fraction(1)] * 3, [2, 0, 0])
    Fraction(1, 6)
    """
    _require_positive(*parameters)
    product = Fraction(1)
    for a, p in zip(parameters, powers, strict=True):
        product *= _rising(Fraction(a), p)
    return product / _rising(sum(map(Fraction, parameters), Fraction(0)), sum(powers))


def beta_recurrence(a: Any, b: Any, size: int) -> tuple[list[Any], list[Any]]:
    """Diagonal and *squared* off-diagonal of the Jacobi matrix of Beta(a, b) on [0, 1]; exact on fractions.

    The matrix of multiplication by lam in the orthonormal polynomials of the law (Golub and Welsch 1969).

    >>> beta_recurrence(Fraction(1), Fraction(1), 2)
    ([Fraction(1, 2), Fraction(1, 2)], [Fraction(1, 12)])
    """
    _require_positive(a, b)
    diagonal, squares = [a / (a + b)], []
    for j in range(1, size):
        s = a + b + 2 * j
        diagonal.append((1 + (a - b) * (a + b - 2) / (s * (s - 2))) / 2)
        if j == 1:  # the general entry is 0/0 here when a + b = 1
            squares.append(a * b / ((a + b) * (a + b) * (a + b + 1)))
        else:
            n = a + b + j
            squares.append(j * (a + j - 1) * (b + j - 1) * (n - 2) / ((s - 2) * (s - 2) * (s - 1) * (s - 3)))
    return diagonal, squares


def _paths(diagonal: list[Any], squares: list[Any], power: int) -> Any:
    """Compute entry (0, 0) of the power of a tridiagonal matrix from the squares of its off-diagonal."""
    column = [1] + [0] * (len(diagonal) - 1)  # in the basis where the lower entries are the squares, the upper ones 1
    for _ in range(power):
        padded = [0, *column, 0]
        column = [
            (squares[i - 1] * padded[i] if i else 0) + diagonal[i] * padded[i + 1] + padded[i + 2]
            for i in range(len(column))
        ]
    return column[0]


def moment_by_recurrence(a: Fraction, b: Fraction, power: int) -> Fraction:
    """Moment ``E lam^p`` of Beta(a, b) as entry (0, 0) of the p-th power of its Jacobi matrix; exact.

    >>> moment_by_recurrence(Fraction(1), Fraction(1), 2)
    Fraction(1, 3)
    """
    diagonal, squares = beta_recurrence(Fraction(a), Fraction(b), power // 2 + 1)
    return Fraction(_paths(diagonal, squares, power))


def beta_quadrature(a: float, b: float, size: int) -> tuple[Array, Array, float]:
    """Gauss nodes and weights of Beta(a, b), and a defect d.

    ``|sum w f(x) - E f| <= (p + 1) d`` for ``f = lam^p``, p < 2 size.

    Derivation. The rule is exact for p < 2 size: ``E lam^p = (T^p)_00`` with T the Jacobi matrix, |T| <= 1.
    Let Q, X be the computed eigenvectors and nodes, R = T Q - Q X, O = I - Q^T Q. Telescoping gives |T^p Q -
    Q X^p| <= p |R| (nodes clipped to [0, 1], which R sees), and Q^-1 - Q^T = O Q^-1, hence |T^p - Q X^p Q^T|
    <= (p |R| + |O|) / sqrt(1 - |O|). Both defects are measured in Frobenius norm after the fact, so no
    property of the eigensolver is assumed; to them is added the rounding of T (from exact fractions; at
    most 3 roundings an entry, 3 entries a row), of R and O (size + 3 a dot product of vectors no longer than
    2) and of the final sum.

    >>> nodes, weights, defect = beta_quadrature(1.0, 1.0, 3)
    >>> abs(float(weights @ nodes**2) - 1 / 3) <= 3 * defect < 1e-12
    True
    """
    exact_diagonal, exact_squares = beta_recurrence(Fraction(a), Fraction(b), size)
    diagonal, off = [float(entry) for entry in exact_diagonal], np.sqrt([float(s) for s in exact_squares])
    T = np.diag(diagonal) + np.diag(off, 1) + np.diag(off, -1)
    nodes, Q = np.linalg.eigh(T)
    nodes = np.clip(nodes, 0.0, 1.0)
    measured = np.linalg.norm(T @ Q - Q * nodes) + np.linalg.norm(np.eye(size) - Q.T @ Q)
    rounding = (36 + 2 * size * (size + 3) * 4 + size) * UNIT_ROUNDOFF
    return nodes, Q[0] ** 2, 1.01 * float(measured) + rounding
