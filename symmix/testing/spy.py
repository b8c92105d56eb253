"""What a spy in the model's place sees, and the mixtures and label weights that can be read off it.

Every network call in a step is a site: it notes the features that it is given, and hands back numbers of the spy's
choice instead of computing. Two kinds of batch make it readable, whatever is drawn and whatever the criterion is:

    all rows sample j        mixing changes nothing, so that the site shows what sample j looks like there, after any
                             preprocessing, unmixed; the rows of a real batch are then combinations of these
    all labels equal c       mixing changes nothing, so that the gradient of the loss by the site's output is the one
                             for label c; a mixture of labels lies between the gradients for its two labels

The second holds for mixed losses of every criterion, and for mixed labels where the gradient is affine in the target:
squared loss, cross-entropy, BCE, KL. Elsewhere equal labels *between* the two show what a mixed label would give.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from symmix.numeric.arrays import Array

ROUNDINGS = 64
"""Units of the coarsest type that a weight may be off by: a mixture and a loss round a few times at each size."""
COARSE = 0.04
"""A weight that is known less well than this is not compared: half precision."""
COLUMNS = 4096
"""Features that are looked at when partners are searched; all are when a partner is found."""


@dataclass(frozen=True)
class Site:
    """One call of a network.

    Attributes
    ----------
    name
        Of which network.
    features
        What it was given, one row a sample: (m, D).
    eps
        The unit of rounding of what it was given.
    sources
        Earlier sites of whose outputs its features are made, as far as gradients say.
    reach
        For each source, which of its rows a gradient reaches from which row of the features: (m, rows) of booleans.
    gradient
        Of the loss by its output, (m, K); None where there is none.
    gradient_eps
        The unit of rounding of the output.
    trainable, enabled
        Whether it has parameters to learn, and whether gradients were being recorded.
    whole
        Whether all features were noted.
    twin
        An earlier call of the same network with the same features, whose gradient holds that of this one too.
    training, rested
        Whether it was in training mode, and whether it was in evaluation mode when the step began.
    """

    name: str
    features: Array
    eps: float
    sources: tuple[int, ...] = ()
    reach: tuple[Array, ...] = ()
    gradient: Array | None = None
    gradient_eps: float = 2.0**-52
    trainable: bool = True
    enabled: bool = True
    whole: bool = True
    twin: int | None = None
    training: bool = True
    rested: bool = False


@dataclass(frozen=True)
class Seen:
    """One call of a step: its sites, and the order of events."""

    sites: tuple[Site, ...]
    events: tuple[str, ...] = ()
    numeric: bool = False
    """Whether it returned a plain number, so that no gradient can be asked for."""

    @property
    def names(self) -> tuple[str, ...]:
        """The networks that were called, in order."""
        return tuple(f"{site.name} {len(site.features)}" for site in self.sites)


@dataclass(frozen=True)
class Mixture:
    """The weights of samples in each row of a site's features.

    Attributes
    ----------
    weights
        (m, n), or None where the features are no combination of samples.
    error
        What an entry may be off by.
    how
        "samples" or "patches".
    """

    weights: Array | None
    error: float
    how: str = "samples"

    @property
    def mixes(self) -> bool:
        """Whether some row has more than one sample."""
        return self.weights is not None and bool(np.any((self.weights > COARSE).sum(axis=1) > 1))

    @property
    def telling(self) -> int:
        """How many rows have two samples, neither of them with nearly all the weight."""
        return 0 if self.weights is None else int(np.sum(((self.weights > 0.08) & (self.weights < 0.92)).any(axis=1)))


def read_mixture(features: Array, pure: Array, eps: float) -> Mixture:
    """Read which samples are in which row, with which weights.

    `features` are (m, D); `pure` are (n, m, D), the same rows where all samples are sample j.

    >>> x = np.random.default_rng(0).random((3, 5))
    >>> pure = np.repeat(x[:, None], 3, axis=1)
    >>> read_mixture(0.75 * x + 0.25 * x[[1, 2, 0]], pure, 2.0**-52).weights.round(6)
    array([[0.75, 0.25, 0.  ],
           [0.  , 0.75, 0.25],
           [0.25, 0.  , 0.75]])
    """
    if pure.shape[1:] != features.shape or features.shape[1] == 0:
        return Mixture(None, 1.0)
    weights, worst, patches = [], 0.0, False
    for row, mixed in enumerate(features):
        found = _row(mixed, pure[:, row], eps)
        if found is None:
            return Mixture(None, 1.0)
        weights.append(found[0])
        worst, patches = max(worst, found[1]), patches or found[2]
    return Mixture(np.array(weights), worst, "patches" if patches else "samples")


def _row(mixed: Array, pure: Array, eps: float) -> tuple[Array, float, bool] | None:
    size = float(np.max(np.abs(pure), initial=0.0)) + float(np.max(np.abs(mixed)))
    allowed = ROUNDINGS * eps * max(size, 2.0**-100)
    alone = np.max(np.abs(pure - mixed), axis=1) <= allowed
    if alone.any():
        return np.eye(len(pure))[int(np.argmax(alone))], 0.0, False
    columns = _spread(mixed.size)
    return (
        _two(mixed, pure, columns, allowed)
        or _many(mixed[columns], pure[:, columns], allowed)
        or _patches(mixed, pure, allowed)
    )


def _spread(size: int) -> Array:
    return np.unique(np.linspace(0, size - 1, min(size, COLUMNS)).astype(int))


def _two(mixed: Array, pure: Array, columns: Array, allowed: float) -> tuple[Array, float, bool] | None:
    """Find the two samples between which a row lies; a third would have to lie on the same line."""
    some, few = mixed[columns], pure[:, columns]
    for first in range(len(pure)):
        for second in range(first + 1, len(pure)):
            along, gone = few[second] - few[first], some - few[first]
            square = float(along @ along)
            share = float(along @ gone) / square if square > 0 else 0.0
            if square == 0 or np.max(np.abs(gone - share * along)) > allowed:
                continue
            if np.max(np.abs(mixed - (1 - share) * pure[first] - share * pure[second])) > allowed:
                continue
            row = np.zeros(len(pure))
            row[[first, second]] = 1 - share, share
            return row, allowed / float(np.sqrt(square / len(columns))), False
    return None


def _many(mixed: Array, pure: Array, allowed: float) -> tuple[Array, float, bool] | None:
    if len(mixed) <= len(pure):
        return None
    row, _, rank, singular = np.linalg.lstsq(pure.T, mixed, rcond=None)
    if rank < len(pure) or np.max(np.abs(row @ pure - mixed)) > allowed * (1 + np.abs(row).sum()):
        return None
    error = allowed * float(np.sqrt(len(mixed))) / float(singular[-1])
    return np.where(np.abs(row) <= error, 0.0, row), error, False


def _patches(mixed: Array, pure: Array, allowed: float) -> tuple[Array, float, bool] | None:
    """Find two samples of which one gives every feature: CutMix; the weight is the share of the features."""
    given = np.abs(pure - mixed) <= allowed
    for first in range(len(pure)):
        for second in range(first + 1, len(pure)):
            if not np.all(given[first] | given[second]):
                continue
            differing = given[first] != given[second]
            if not differing.any():
                continue
            share = float(np.mean(given[second][differing]))
            row = np.zeros(len(pure))
            row[[first, second]] = 1 - share, share
            return row, 2.0**-20 + float(np.mean(~differing)), True
    return None


@dataclass(frozen=True)
class Weights:
    """What the gradient of a loss says about the labels in each row, of two kinds, low and high.

    Attributes
    ----------
    low, high
        The coefficients of the gradients for equal labels: (m,). For one output a row, low is 1 - high.
    error
        What they may be off by: (m,).
    known
        Rows where the gradients for the two labels differ.
    between
        Rows whose gradient is a combination of these two.
    dead
        Rows that have no gradient for either label.
    """

    low: Array
    high: Array
    error: Array
    known: Array
    between: Array
    dead: Array = field(repr=False)


def read_weights(gradient: Array, low: Array, high: Array, eps: float) -> Weights:
    """Read label weights off the gradients of a site, each (m, K), for labels, and for all low and all high.

    >>> low, high = np.array([[1.0, 0.0, -1.0]]), np.array([[0.0, 1.0, -1.0]])
    >>> read_weights(0.75 * low + 0.25 * high, low, high, 2.0**-52).high
    array([0.25])
    """
    apart = high - low
    size = np.abs(low).max(axis=1) + np.abs(high).max(axis=1) + np.abs(gradient).max(axis=1)
    square = np.einsum("ij,ij->i", apart, apart)
    distance = np.sqrt(square)
    dead = size == 0
    error = ROUNDINGS * eps * np.divide(size, distance, out=np.full(len(size), np.inf), where=distance > 0)
    some = [np.abs(part).max(axis=1) > 0 for part in (gradient, low, high)]  # a margin, or the hardest rows alone
    known = (error < COARSE) & some[0] & some[1] & some[2]
    shares = np.divide(
        np.einsum("ij,ij->i", apart, gradient - low), square, out=np.zeros(len(size)), where=known & (square > 0)
    )
    coefficients = np.stack([1 - shares, shares], axis=1)
    left = np.abs(gradient - low - shares[:, None] * apart).max(axis=1)
    allowed = ROUNDINGS * eps * (1 + np.abs(shares)) * size
    between = left <= allowed
    for row in np.flatnonzero(known & ~between):  # weights that do not sum to one
        basis = np.stack([low[row], high[row]], axis=1)
        found, _, rank, singular = np.linalg.lstsq(basis, gradient[row], rcond=None)
        if rank == 2 and basis.shape[0] > 2:
            coefficients[row] = found
            between[row] = bool(np.max(np.abs(basis @ found - gradient[row])) <= allowed[row] * 4)
            error[row] = max(error[row], ROUNDINGS * eps * size[row] / singular[-1])
    return Weights(coefficients[:, 0], coefficients[:, 1], error, known, between, dead)
