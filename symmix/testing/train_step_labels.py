"""The labels of a site against its features: whether both are mixed alike, and how they differ if not.

What could have been done to the labels is written as the weights that it would give, and compared with what was read;
a defect is named only where one of these explains every row of every draw.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from symmix.numeric.arrays import Array
from symmix.testing.finding import Finding
from symmix.testing.spy import COARSE, Weights
from symmix.testing.train_step_matrices import KNOWN, Prediction, difference, row_of


@dataclass(frozen=True)
class Reading:
    """One call, at one site: what features and labels were made of.

    Attributes
    ----------
    features
        The weights of samples in the features, (m, n).
    error
        What they may be off by.
    bits
        The labels that were passed, 0 for low and 1 for high: (n,).
    weights
        What the gradient says about them.
    draw
        Which random draw this was; equal numbers had equal mixtures.
    curve
        The gradient that was seen, that of rows whose labels all are this share of the way from low to high, and the
        rounding that is allowed. Between class ids lie other classes.
    soft
        Whether labels are numbers that can be mixed, and no ids.
    """

    features: Array
    error: float
    bits: Array
    weights: Weights
    draw: int
    curve: Callable[[float], tuple[Array, Array, Array]] | None = None
    soft: bool = False

    @property
    def settled(self) -> Array:
        """Rows whose label weights are known."""
        return np.asarray(self.weights.known & self.weights.between)


SINGLE = 2.0**-24
"""What a ratio may be off by that was rounded to single precision, where everything else has double."""
Matches: TypeAlias = Callable[[Reading, Array], bool]
"""Whether label weights are those that were read."""


def judge(readings: Sequence[Reading], site: str) -> tuple[Finding | None, str]:
    """Name what is wrong with the labels of a site; say why, if it cannot be decided.

    Returns no finding and an empty reason where labels are mixed as the features are.
    """
    telling = [reading for reading in readings if reading.weights.known.any()]
    if not telling:
        return None, f"{site}: the loss does not change with the labels, or too little to be measured"
    if (gone := _without_loss(telling, site)) is not None:
        return gone, ""
    fits = _strictly if _between(telling) and _agrees(telling) else _never
    if _is_right(telling, fits):
        return None, ""
    single = [replace(reading, error=max(reading.error, SINGLE)) for reading in telling]
    if _is_right(single, fits):
        words = "label weights are those of the features to the roundings of a ratio in float32"
        return Finding("float32 inside float64", f"{site}: {words}", remark=True), ""
    telling = single
    found = _known(telling, fits, site)
    if found is None and fits is _never:
        return None, (
            f"{site}: the gradient of the loss is no combination of those for the two labels that are mixed; for such "
            "a criterion label weights cannot be read"
        )
    return (found, "") if found is not None else _by_its_matrix(telling, site)


def _between(readings: Sequence[Reading]) -> bool:
    return all(np.all(reading.settled | ~reading.weights.known) for reading in readings)


def _is_right(readings: Sequence[Reading], fits: Matches) -> bool:
    ways = (fits, _normalised, _along_the_curve) if readings[0].soft else (fits, _normalised)
    return any(all(matches(r, r.features) for r in readings) for matches in ways) or _same_odds(readings, _as_they_are)


def _as_they_are(features: Array) -> Array:
    return features


def _known(readings: Sequence[Reading], fits: Matches, site: str) -> Finding | None:
    if fits is _never and not readings[0].soft and _explains(readings, _as_they_are, _along_the_curve):
        words = "class ids were averaged, which names a third class; mix one-hot rows, or the losses of both labels"
        return Finding("class ids are averaged", f"{site}: {words}")
    for matches in (fits, _normalised, _along_the_curve) if readings[0].soft else (fits, _normalised):
        for name, (predicted, words) in KNOWN.items():
            if _explains(readings, predicted, matches) or _same_odds(readings, predicted):
                return Finding(name, f"{site}: {words}; {_shown(readings, predicted)}")
    return None


def _never(_reading: Reading, _weights: Array) -> bool:
    return False


def _strictly(reading: Reading, weights: Array) -> bool:
    """Compare label weights that sum to one."""
    rows = reading.settled
    high, low = weights @ reading.bits, weights @ (1 - reading.bits)
    allowed = reading.weights.error + reading.error * 4
    off = (np.abs(reading.weights.high - high) > allowed) | (np.abs(reading.weights.low - low) > allowed)
    return bool(rows.any()) and not bool(np.any(off & rows))


def _normalised(reading: Reading, weights: Array) -> bool:
    """Compare label weights up to one factor a class and call: class weights, divided by their sum over the batch."""
    rows = reading.settled
    if not rows.any() or not np.all(rows | ~reading.weights.known):
        return False
    for found, expected in (
        (reading.weights.high, weights @ reading.bits),
        (reading.weights.low, weights @ (1 - reading.bits)),
    ):
        found, expected = found[rows], expected[rows]  # noqa: PLW2901  # the rows that are known
        square = float(expected @ expected)
        factor = float(expected @ found) / square if square > 0 else 0.0
        if square > 0 and factor <= 0:
            return False
        allowed = (reading.weights.error[rows] + reading.error * 4) * max(1.0, factor) * 4
        if np.any(np.abs(found - factor * expected) > allowed):
            return False
    return True


def _same_odds(readings: Sequence[Reading], predicted: Prediction) -> bool:
    """Compare the odds of both labels, up to one factor for all: rows have weights that depend on their labels."""
    offsets, allowed = [], []
    for reading in readings:
        rows = reading.settled
        if not np.all(rows | ~reading.weights.known):
            return False
        weights = predicted(reading.features)
        if weights is None or not weights.size:
            return False
        high, low = weights @ reading.bits, weights @ (1 - reading.bits)
        error = reading.weights.error + 4 * reading.error
        for expected, found in ((high, reading.weights.high), (low, reading.weights.low)):
            if np.any((expected <= COARSE / 4) & rows & (np.abs(found) > error)):
                return False
        both = rows & (high > COARSE) & (low > COARSE)
        if np.any((reading.weights.high <= 0) & both) or np.any((reading.weights.low <= 0) & both):
            return False
        offsets += list(np.log(reading.weights.high[both] / reading.weights.low[both] * low[both] / high[both]))
        allowed += list(16 * error[both] / np.minimum(high, low)[both])
    return len(offsets) > 8 and float(np.ptp(offsets)) <= float(np.max(allowed))


def _along_the_curve(reading: Reading, weights: Array) -> bool:
    """Compare the gradient with that of labels which are mixed already, as these weights mix them."""
    if reading.curve is None:
        return False
    shares = weights @ reading.bits
    for row in np.flatnonzero(reading.weights.known):
        found, expected, allowed = reading.curve(round(float(shares[row]), 12))
        if np.max(np.abs(found[row] - expected[row])) > allowed[row]:
            return False
    return True


def _explains(readings: Sequence[Reading], predicted: Prediction, matches: Matches) -> bool:
    said = False
    for reading in readings:
        weights = predicted(reading.features)
        if weights is None or (weights.size and not matches(reading, weights)):
            return False
        said |= weights.size > 0
    return said


def _agrees(readings: Sequence[Reading]) -> bool:
    """Whether equal draws and labels give equal weights for every prediction: else the criterion bends."""
    seen: dict[tuple[int, bytes], Reading] = {}
    for reading in readings:
        first = seen.setdefault((reading.draw, reading.bits.tobytes()), reading)
        rows = first.settled & reading.settled
        allowed = first.weights.error + reading.weights.error
        if np.any((np.abs(first.weights.high - reading.weights.high) > allowed) & rows):
            return False
    return True


def _without_loss(readings: Sequence[Reading], site: str) -> Finding | None:
    dead = np.all([reading.weights.dead for reading in readings], axis=0)
    if not dead.any() or dead.all():
        return None
    return Finding(
        "part of the batch has no loss",
        f"{site}: rows {np.flatnonzero(dead).tolist()} of {len(dead)} get no gradient, whatever their labels are",
    )


def _shown(readings: Sequence[Reading], predicted: Prediction) -> str:
    """Show the row whose features tell the most about what is wrong."""
    best, at = readings[0], 0
    largest = -1.0
    for reading in readings:
        weights = predicted(reading.features)
        if weights is None or not weights.size:
            continue
        apart = np.abs(weights - reading.features).max(axis=1)
        if float(apart.max()) > largest:
            best, at, largest = reading, int(apart.argmax()), float(apart.max())
    found = predicted(best.features)
    labels = best.features if found is None or not found.size else found
    return f"row {at} has features {row_of(best.features[at])} and labels {row_of(labels[at])}"


def _matrices(readings: Sequence[Reading]) -> Iterator[tuple[Array, Array, float]]:
    """Yield weights of features and of labels, for draws in which each sample had the high label once, alone."""
    for draw in dict.fromkeys(reading.draw for reading in readings):
        single = {int(r.bits.argmax()): r for r in readings if r.draw == draw and r.bits.sum() == 1}
        first = next(iter(single.values()), None)
        if first is None or len(single) < len(first.bits):
            continue
        if all(np.all(r.settled) for r in single.values()):
            labels = np.stack([single[sample].weights.high for sample in range(len(first.bits))], axis=1)
            error = max(float(np.max(r.weights.error)) for r in single.values()) + first.error * 4
            yield first.features, labels, error


def _by_its_matrix(readings: Sequence[Reading], site: str) -> tuple[Finding | None, str]:
    matrices = list(_matrices(readings))
    if not matrices:
        return None, f"{site}: label weights differ from those of the features, but change from call to call"
    names = [difference(*matrix) for matrix in matrices]
    telling = [name for name in names if name]
    if not telling:
        return None, f"{site}: labels are weighted otherwise than features, in a way that depends on the labels"
    name = telling[0] if len(set(telling)) == 1 else "labels are mixed otherwise than features"
    features, labels, _ = matrices[names.index(telling[0])]
    at = int(np.abs(features - labels).max(axis=1).argmax())
    return Finding(name, f"{site}: row {at} has features {row_of(features[at])} and labels {row_of(labels[at])}"), ""
