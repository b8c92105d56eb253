"""Objectives over a data set, from their definitions: sums over pairs, over a pairing matrix, over mixtures of K.

Rows are samples: Y (n x k) targets, Z (n x h) features, E = Y - Z W^T - 1 b^T (n x k) residuals. Everything here is a
loss, to be minimised, with the factor 1/2; expectations over the ratio use its moments m = E lam and m2 = E lam^2.
"""

from __future__ import annotations

from collections.abc import Iterable

import sympy as sp

from symmix.language import expectation
from symmix.notation import E, W, Y, Z, b, c, ebar, erm_loss, i, j, lam, m, m2, mixed_loss, n, variance
from symmix.objectives import mix, product, squared_norm, summed

ONES = sp.OneMatrix(n, 1)
RATIO = {1: m, 2: m2}
STRENGTH = {c: 2 * (m - m2)}  # c = 2 E[lam (1 - lam)]
RESIDUALS = {E: summed(Y, product(-1, Z, W.T), product(-1, ONES, b.T))}
SUMMARY = {
    ebar: E.T * ONES / n,
    erm_loss: sp.Trace(E.T * E) / (2 * n),
    variance: sp.Trace(E.T * E) / n - squared_norm(ebar),
}
_NUMBERS = {
    E: "symmix.numeric.samples:residuals",
    ebar: "symmix.numeric.samples:mean_residual",
    erm_loss: "symmix.numeric.samples:erm",
    variance: "symmix.numeric.samples:residual_variance",
    c: "symmix.numeric.samples:strength",
    mixed_loss: "symmix.numeric.samples:pair_average",
}


def in_numbers(*defined: Iterable[sp.Basic]) -> dict[sp.Basic, str]:
    """Return the same in NumPy, see `symmix.Theorem`: functions of `symmix.numeric.samples` by their place."""
    return {symbol: _NUMBERS[symbol] for symbols in defined for symbol in symbols}


def average(summand: sp.Expr, *indices: sp.Symbol) -> sp.Expr:
    """Return the mean of a scalar over samples, one or several indices from 0 to n - 1."""
    return sp.Sum(summand, *((index, 0, n - 1) for index in indices)) / n ** len(indices)


def pair_loss(ratio: sp.Expr = lam) -> sp.Expr:
    """Return 1/2 |r_ij|^2, the loss of the mixture of samples i and j with weights lam and 1 - lam: the definition."""
    target, features = mix(Y[i, :], Y[j, :], ratio), mix(Z[i, :], Z[j, :], ratio)
    return squared_norm(summed(target, product(-1, features, W.T), product(-1, b.T))) / 2


def over_ratio(scalar: sp.Basic) -> sp.Basic:
    """Return the expectation over the ratio, by its first two moments."""
    return expectation(scalar, lam, RATIO)


def pair_average() -> sp.Basic:
    """Return the expected loss over the ratio, averaged over all ordered pairs (i, j), i = j included."""
    return over_ratio(average(pair_loss(), i, j))
