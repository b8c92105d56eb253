"""Batches on which a mixup step is looked at: small, exact where possible, with the corners where steps go wrong.

A batch-mean squared loss with one ratio sees neither lam -> 1 - lam nor the inverse permutation: sums over a
permutation do not change when it is inverted. So most batches have one ratio a sample and a permutation that is not
its own inverse; others have a fixed point, a pair of one class, an odd size, one sample, one output, a square head.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from symmix.numeric.arrays import Array


@dataclass(frozen=True)
class StepBatch:
    """One set of arguments of a step.

    Attributes
    ----------
    corner
        What it is there for.
    z, y, W, b, lam, partner
        Features (N, h), targets (N, k), head (k, h) and (k,), ratios (N,), partners (N,).
    one_ratio
        Whether the step gets a single number for `lam`.
    exact
        Whether all entries are small integers and eighths, so that sums and products of them round nothing.
    """

    corner: str
    z: Array
    y: Array
    W: Array
    b: Array
    lam: Array
    partner: Array
    one_ratio: bool
    exact: bool

    @property
    def size(self) -> tuple[int, int, int]:
        """N, k, h."""
        return len(self.z), self.W.shape[0], self.W.shape[1]

    @property
    def inverse(self) -> Array:
        """The inverse of the permutation."""
        return np.argsort(self.partner)


CORNERS: tuple[tuple[str, tuple[int, int, int], tuple[int, ...]], ...] = (
    ("non-involutive permutation", (4, 2, 3), (1, 2, 3, 0)),
    ("fixed point", (4, 4, 3), (1, 2, 0, 3)),
    ("odd size", (5, 3, 2), (2, 0, 1, 4, 3)),
    ("one output", (4, 1, 3), (2, 0, 3, 1)),
    ("square head", (8, 4, 4), (3, 0, 1, 2, 5, 6, 7, 4)),
    ("as many samples as features and outputs", (4, 4, 4), (1, 2, 3, 0)),
    ("more outputs than features", (4, 8, 2), (3, 0, 1, 2)),
    ("pair of one class", (4, 4, 3), (1, 2, 3, 0)),
    ("batch of one", (1, 2, 3), (0,)),
)
"""Each with its N, k, h and its partners."""


def step_batches(
    seed: int, *, labels: str = "real", one_ratio: bool = False, rounds: int = 2, dtype: str = "float64"
) -> Iterator[StepBatch]:
    """Yield batches, smallest entries first: integers with ratios in eighths, then normal ones.

    `one_ratio` restricts them to a single ratio; otherwise two corners have one all the same. `labels` "real" draws
    integer targets, "scalar" one of them a sample, "soft" weights of classes, "multi-label" rows of zeros and ones,
    anything else one-hot rows.

    >>> next(step_batches(0)).corner
    'non-involutive permutation'
    """
    rng = np.random.default_rng(seed)
    for _ in range(rounds):
        for corner, size, partner in CORNERS:
            yield _batch(rng, corner, size, partner, labels, one_ratio=one_ratio, exact=True, dtype=dtype)
    for ratio in (0.0, 0.5, 1.0, 0.375):
        _, size, partner = CORNERS[1]
        drawn = _batch(rng, f"lam = {ratio:g}", size, partner, labels, one_ratio=True, exact=True, dtype=dtype)
        drawn.lam[:] = ratio
        yield drawn
    for corner, size, partner in CORNERS[:6]:
        yield _batch(rng, corner, size, partner, labels, one_ratio=one_ratio, exact=False, dtype=dtype)


def _batch(
    rng: np.random.Generator,
    corner: str,
    size: tuple[int, int, int],
    partner: tuple[int, ...],
    labels: str,
    *,
    one_ratio: bool,
    exact: bool,
    dtype: str,
) -> StepBatch:
    n, k, h = size if labels != "scalar" else (size[0], 1, size[2])

    def draw(*shape: int) -> Array:
        return rng.integers(-2, 2, shape, endpoint=True) if exact else rng.standard_normal(shape)

    classes = rng.permutation(np.arange(n) % k)
    if corner == "pair of one class":
        classes[partner[0]] = classes[0]
    one_class = labels not in {"real", "scalar"} or (corner == "pair of one class" and k > 1)
    y = np.eye(k)[classes] if one_class else draw(n, k)
    if labels in {"soft", "multi-label"}:
        others = rng.choice([1, 2, 4], (n, k)) if labels == "soft" else rng.integers(0, 1, (n, k), endpoint=True)
        y = (others + y) / (others + y).sum(axis=1, keepdims=True) if labels == "soft" else np.maximum(y, others)
    # none is 0, 1/2 or 1, where own and partner weight, or their squares, coincide
    eighths = rng.choice([1, 2, 3, 5, 6, 7], 1 if one_ratio else n, replace=n > 6) / 8
    lam = eighths if exact else rng.uniform(0.05, 0.95, 1 if one_ratio else n)
    return StepBatch(
        corner=corner,
        z=draw(n, h).astype(dtype),
        y=y.astype(dtype),
        W=draw(k, h).astype(dtype),
        b=draw(k).astype(dtype),
        lam=np.broadcast_to(lam, (n,)).astype(dtype),
        partner=np.array(partner),
        one_ratio=one_ratio,
        exact=exact,
    )
