"""Moments of the distributions that ratios are drawn from, by the recursion of the Gamma function."""

from __future__ import annotations

import sympy as sp


def beta_moments(a: sp.Expr, b: sp.Expr, highest: int) -> dict[int, sp.Expr]:
    """Return E lam^d for lam from Beta(a, b), d = 1 ... highest.

    E lam^d = B(a + d, b) / B(a, b) = prod_{i < d} (a + i)/(a + b + i), by Gamma(x + 1) = x Gamma(x).

    >>> a = sp.Symbol("a")
    >>> beta_moments(a, a, 1)
    {1: 1/2}
    """
    moments: dict[int, sp.Expr] = {}
    value = sp.S.One
    for d in range(highest):
        value = sp.factor(sp.cancel(value * (a + d) / (a + b + d)))
        moments[d + 1] = value
    return moments


def dirichlet_second_moments(a: sp.Expr, size: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """Return E q_i^2 and E q_i q_j (i != j) of a symmetric Dirichlet(a, ..., a) over ``size`` components.

    E q_i^2 = a (a + 1) / (A (A + 1)) and E q_i q_j = a^2 / (A (A + 1)), A = size * a: the mean of a product of Gamma
    variables over their independent sum.
    """
    total = size * a
    return sp.cancel((a + 1) * a / (total * (total + 1))), sp.cancel(a * a / (total * (total + 1)))
