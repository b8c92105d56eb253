"""Who is mixed with whom: row-stochastic pairings, and what one pair costs before and after mixing.

``P[i, j]`` is the probability that sample i meets partner j, as a `fractions.Fraction` (dtype object), so that a data
set of rationals is averaged exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from symmix.errors import DimensionError
from symmix.numeric.datasets import mixed_loss
from symmix.numeric.objectives import regression_loss

if TYPE_CHECKING:
    from symmix.numeric.arrays import Array
    from symmix.numeric.datasets import Ratios

SIMPSON: Ratios = [(Fraction(0), Fraction(1, 6)), (Fraction(1, 2), Fraction(2, 3)), (Fraction(1), Fraction(1, 6))]
"""Three ratios that have the moments of the uniform one up to the third: enough for everything quadratic in it."""


def uniform_pairing(n: int) -> Array:
    """Pair with every sample alike, itself included: ``P = 1/n``.

    >>> uniform_pairing(2).tolist()
    [[Fraction(1, 2), Fraction(1, 2)], [Fraction(1, 2), Fraction(1, 2)]]
    """
    return np.full((n, n), Fraction(1, n), dtype=object)


def same_class_pairing(classes: Sequence[int]) -> Array:
    """Pair with every sample of the own class alike, itself included.

    >>> same_class_pairing([0, 1, 1])[1].tolist()
    [Fraction(0, 1), Fraction(1, 2), Fraction(1, 2)]
    """
    sizes = {label: sum(other == label for other in classes) for label in classes}
    rows = [[Fraction(int(own == other), sizes[own]) for other in classes] for own in classes]
    return np.array(rows, dtype=object)


def nearest_pairing(inputs: Sequence[Any], k: int) -> Array:
    """Pair with the k nearest other inputs alike; of two that are equally far, with the one listed first.

    Rows add up to 1, columns need not: a sample in the middle of a crowd is a partner more often than one far off.
    Raises `DimensionError` unless 1 <= k < n.

    >>> nearest_pairing([0, 1, 3], 1).astype(int).tolist()
    [[0, 1, 0], [1, 0, 0], [0, 1, 0]]
    """
    n = len(inputs)
    if not 1 <= k < n:
        raise DimensionError(
            "at least one partner, and other samples to choose it from", f"k = {k} of n = {n}", "change k"
        )
    P = np.full((n, n), Fraction(0), dtype=object)
    for i in range(n):
        others = sorted((j for j in range(n) if j != i), key=lambda j, i=i: abs(inputs[i] - inputs[j]))  # type: ignore[misc]
        P[i, others[:k]] = Fraction(1, k)
    return P


def unmixed_losses(ratios: Ratios, z: Array, y: Array, W: Array, b: Array) -> Array:
    """Loss of each ordered pair if the losses are mixed: ``E[lam loss_i + (1-lam) loss_j]``; (n, n).

    >>> z, y = np.array([[1.0], [2.0]]), np.array([[1.0], [4.0]])
    >>> unmixed_losses([(0.5, 1.0)], z, y, np.array([[1.0]]), np.array([0.0])).tolist()
    [[0.0, 1.0], [1.0, 2.0]]
    """
    losses = [regression_loss(z[i], y[i], W, b) for i in range(len(z))]
    return np.array(
        [[sum(p * (lam * own + (1 - lam) * other) for lam, p in ratios) for other in losses] for own in losses]
    )


def mixed_losses(ratios: Ratios, z: Array, y: Array, W: Array, b: Array) -> Array:
    """Loss of each ordered pair if features and targets are mixed, averaged over the ratio; (n, n).

    >>> z, y = np.array([[1.0], [2.0]]), np.array([[1.0], [4.0]])
    >>> mixed_losses([(0.5, 1.0)], z, y, np.array([[1.0]]), np.array([0.0])).tolist()
    [[0.0, 0.5], [0.5, 2.0]]
    """
    n = range(len(z))
    return np.array(
        [[sum(p * mixed_loss([(lam, i), (1 - lam, j)], z, y, W, b) for lam, p in ratios) for j in n] for i in n]
    )
