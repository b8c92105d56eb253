"""Objectives over a data set, by brute force from their definitions: every pair, permutation, tuple.

Slow on purpose: these loops are what the closed forms in `averages` are compared with. They run on floats
and, for `==`, on arrays of `fractions.Fraction`. Here the leading axis is the *sample*: z (n, h), y (n, k), W
(k, h), b (k,). A random ratio is a list of (ratio, probability) pairs.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from symmix.errors import DimensionError
from symmix.numeric.objectives import regression_loss

if TYPE_CHECKING:
    from symmix.numeric.arrays import Array

Ratios: TypeAlias = Sequence[tuple[Any, Any]]
"""A finite distribution of the ratio: (value, probability), the probabilities adding up to 1."""


def moments(ratios: Ratios) -> tuple[Any, Any]:
    """Mean and cross moment of a finite ratio: ``m = E lam`` and ``c = 2 E[lam (1-lam)]``.

    >>> moments([(0.0, 0.25), (0.5, 0.5), (1.0, 0.25)])
    (0.5, 0.25)
    """
    mean = sum(p * lam for lam, p in ratios)
    return mean, 2 * sum(p * lam * (1 - lam) for lam, p in ratios)


def fold(ratios: Ratios) -> list[tuple[Any, Any]]:
    """Replace each ratio by the larger of lam and 1 - lam, as some implementations do.

    >>> fold([(0.25, 0.5), (1.0, 0.5)])
    [(0.75, 0.5), (1.0, 0.5)]
    """
    return [(max(lam, 1 - lam), p) for lam, p in ratios]


def permutations(n: int, *, derangements: bool = False) -> Iterator[tuple[int, ...]]:
    """Enumerate the permutations of n samples, or only those without a fixed point.

    >>> list(permutations(3, derangements=True))
    [(1, 2, 0), (2, 0, 1)]
    """
    for permutation in itertools.permutations(range(n)):
        if not derangements or all(i != j for i, j in enumerate(permutation)):
            yield permutation


def erm_loss(z: Array, y: Array, W: Array, b: Array) -> Any:
    """Empirical risk, ``(1/2n) sum_i |e_i|^2``.

    >>> import numpy as np
    >>> z, y = np.array([[1.0], [2.0]]), np.array([[1.0], [4.0]])
    >>> float(erm_loss(z, y, np.array([[1.0]]), np.array([0.0])))
    1.0
    """
    return sum(regression_loss(z[i], y[i], W, b) for i in range(len(z))) / len(z)


def mixed_loss(shares: Iterable[tuple[Any, int]], z: Array, y: Array, W: Array, b: Array) -> Any:
    """Loss of one mixture of features and targets, each sample with its share ``(weight, index)``.

    >>> import numpy as np
    >>> z, y = np.array([[1.0], [2.0]]), np.array([[1.0], [4.0]])
    >>> float(mixed_loss([(0.5, 0), (0.5, 1)], z, y, np.array([[1.0]]), np.array([0.0])))
    0.5
    """
    parts = list(shares)
    return regression_loss(sum(w * z[i] for w, i in parts), sum(w * y[i] for w, i in parts), W, b)


def batch_loss(lam: Any, permutation: Sequence[int], z: Array, y: Array, W: Array, b: Array) -> Any:
    """One batch, one ratio, one permutation: the mean of the losses of each sample with its partner.

    >>> import numpy as np
    >>> z, y = np.array([[1.0], [2.0]]), np.array([[1.0], [4.0]])
    >>> float(batch_loss(0.5, (1, 0), z, y, np.array([[1.0]]), np.array([0.0])))
    0.5
    """
    if len(permutation) != len(z):
        raise DimensionError(
            "one partner for each sample",
            f"{len(permutation)} partners for {len(z)} samples",
            "permute the whole batch",
        )
    pairs = enumerate(permutation)
    return sum(mixed_loss([(lam, i), (1 - lam, j)], z, y, W, b) for i, j in pairs) / len(z)


def permutation_average_loss(
    ratios: Ratios, z: Array, y: Array, W: Array, b: Array, *, derangements: bool = False
) -> Any:
    """Mean of `batch_loss` over every permutation (or every derangement) of the batch and the ratio.

    Raises `DimensionError` where there is none: a single sample has no derangement.
    """
    chosen = list(permutations(len(z), derangements=derangements))
    if not chosen:
        raise DimensionError("at least two samples for a derangement", f"n = {len(z)}", "use a larger batch")
    return sum(p * batch_loss(lam, pi, z, y, W, b) for lam, p in ratios for pi in chosen) / len(chosen)


def pairing_loss(ratios: Ratios, P: Array, z: Array, y: Array, W: Array, b: Array) -> Any:
    """Mean loss where sample i meets partner j with probability P[i, j].

    ``(1/n) sum_ij P_ij E 1/2 |r_ij|^2``.

    P is (n, n) and row-stochastic; all ordered pairs are ``P = 1/n``, distinct ones ``(1 - 1[i=j]) / (n-1)``.
    Raises `DimensionError` for another shape.
    """
    n = len(z)
    if P.shape != (n, n):
        raise DimensionError(
            "a pairing matrix of one row and one column a sample", f"{P.shape} for n = {n}", "reshape P"
        )
    total = sum(
        p * P[i, j] * mixed_loss([(lam, i), (1 - lam, j)], z, y, W, b)
        for lam, p in ratios
        for i in range(n)
        for j in range(n)
    )
    return total / n


def pair_average_loss(ratios: Ratios, z: Array, y: Array, W: Array, b: Array, *, distinct: bool = False) -> Any:
    """Mean loss over all ordered pairs of samples (or over those with i != j) and the ratio."""
    n = len(z)
    pairs = [(i, j) for i in range(n) for j in range(n) if i != j or not distinct]
    if not pairs:
        raise DimensionError("at least two samples for distinct pairs", f"n = {n}", "use a larger batch")
    total = sum(p * mixed_loss([(lam, i), (1 - lam, j)], z, y, W, b) for lam, p in ratios for i, j in pairs)
    return total / len(pairs)


def many_way_loss(weightings: Sequence[tuple[Sequence[Any], Any]], z: Array, y: Array, W: Array, b: Array) -> Any:
    """Mean loss of mixing K independent uniform samples with convex weights.

    The weights are random: a list of (weights, probability).

    >>> import numpy as np
    >>> z, y = np.array([[1.0], [2.0]]), np.array([[1.0], [4.0]])
    >>> float(many_way_loss([((0.5, 0.5), 1.0)], z, y, np.array([[1.0]]), np.array([0.0])))
    0.75
    """
    n = len(z)
    total = 0
    for weights, p in weightings:
        tuples = list(itertools.product(range(n), repeat=len(weights)))
        losses = (mixed_loss(zip(weights, chosen, strict=True), z, y, W, b) for chosen in tuples)
        total = total + p * sum(losses) / len(tuples)
    return total
