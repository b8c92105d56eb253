"""Labels against features: whether both are mixed by the same matrix, and what explains it if not.

The features show the weights A of every sample in every row; the labels that went in are known, so ``A y`` is what
labels have to be. If they are not, every explanation in `EXPLANATIONS` is tried; the one that holds in all draws that
went wrong is the name of the defect.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from symmix.numeric.arrays import Array
from symmix.testing.sources import Row

STRANGE = frozenset({"erased", "replaced"})
"""Rows with a part that is nobody's: with one value, for which labels must not change, or with a partner's, moved."""
UNEXPLAINED = "labels are mixed otherwise than features"


@dataclass(frozen=True)
class Compared:
    """Mixed labels L (M, K) beside what features say they should be; y (N, K) went in.

    `allowed` (M, 1) is what rounding may do to a row, and what its shares may be off by.
    """

    rows: Sequence[Row]
    y: Array
    labels: Array
    allowed: Array

    @property
    def shares(self) -> Array:
        """(M, N) the weights that features show."""
        return np.stack([row.shares for row in self.rows])

    @property
    def expected(self) -> Array:
        """A y."""
        return np.asarray(self.shares @ self.y)

    @property
    def own(self) -> Array:
        """(M, K) the own labels."""
        return np.asarray(self.y[[row.own for row in self.rows]])

    @property
    def partners(self) -> Array:
        """(M,) the partners, -1 for several."""
        return np.array([row.partner for row in self.rows])

    @property
    def weight(self) -> Array:
        """(M, 1) the weight of the own sample."""
        return np.array([[row.shares[row.own]] for row in self.rows])

    @property
    def paired(self) -> bool:
        """Whether every row has one partner, or none."""
        return bool(np.all(self.partners >= 0))

    @property
    def fits(self) -> bool:
        """Whether labels are weighted as the features."""
        return self.equals(self.expected)

    def equals(self, guess: Array) -> bool:
        """Whether a guess gives the labels."""
        return guess.shape == self.labels.shape and bool(np.all(np.abs(self.labels - guess) <= self.allowed))


def padded(y: Array, classes: int) -> Array:
    """Add columns of zeros for classes that a function knows of and no sample has.

    >>> padded(np.eye(2), 3).shape
    (2, 3)
    """
    return np.pad(y, ((0, 0), (0, max(0, classes - y.shape[1]))))


@dataclass(frozen=True)
class Agreement:
    """How labels go with features: smoothed, the union of both samples', or for a box not rounded to pixels."""

    smoothing: float = 0.0
    union: bool = False
    rounded: bool = False


def agreement(compared: Compared, *, soft: bool) -> Agreement | None:
    """Say how labels follow from the features' weights; None if they do not. `soft`: rows are weights of classes."""
    if compared.fits:
        return Agreement()
    kinds = {row.kind for row in compared.rows}
    strange = (compared.equals(compared.own) if "erased" in kinds else _other_partner(compared)) and kinds & STRANGE
    if strange:
        return Agreement()
    if not soft or "erased" in kinds:
        return None
    if np.all(np.isin(compared.labels, (0.0, 1.0))) and compared.paired:
        others = compared.y[compared.partners]
        # of two samples of which one is hardly seen, either label may be kept
        if np.all(compared.labels == np.maximum(compared.own, others)):
            return Agreement(union=True)
    eps = smoothing_of(compared)
    if eps is not None:
        return Agreement(smoothing=eps)
    return Agreement(rounded=True) if _before_rounding(compared) else None


def _before_rounding(compared: Compared) -> bool:
    """Whether labels have the area of a box whose corners are no whole pixels; without a box nothing is granted."""
    rounding = np.array([[row.rounding] for row in compared.rows])
    boxes = [row.kind == "cut" for row in compared.rows]
    if not any(boxes) and not np.all(rounding > 0):
        return False
    return replace(compared, allowed=compared.allowed + rounding).equals(compared.expected)


def smoothing_of(compared: Compared) -> float | None:
    """Fit eps in ``(1 - eps) y~ + eps / K``; None if there is none between 0 and 1."""
    expected, classes = compared.expected, compared.labels.shape[1]
    if classes < 2 or not np.all(np.abs(expected.sum(axis=1, keepdims=True) - 1) <= 4 * compared.allowed):
        return None
    direction = 1 / classes - expected
    clear = [number for number, row in enumerate(compared.rows) if row.vague == min(r.vague for r in compared.rows)]
    moved, along = (compared.labels - expected)[clear], direction[clear]
    eps = float(np.sum(moved * along) / np.sum(along**2)) if np.any(along) else 0.0
    return eps if 0 < eps < 1 and compared.equals(expected + eps * direction) else None


def _unchanged(c: Compared) -> bool:
    return c.equals(c.own) and not all(row.kind == "unmixed" for row in c.rows)


def _discarded(c: Compared) -> bool:
    return all(row.kind == "unmixed" for row in c.rows) and _of_two_somewhere(c)


def _of_two_somewhere(c: Compared) -> bool:
    return all(_fitted(c, number, None) is not None for number in range(len(c.rows)))


def _ignored(c: Compared) -> bool:
    """Labels are those of 0, 1, 2, ... whatever went in."""
    samples = len(c.y)
    return c.labels.shape[1] >= samples and c.equals(padded(c.shares, c.labels.shape[1]))


def _index_for_label(c: Compared) -> bool:
    """Say whether the partner's label is the partner's index."""
    if not c.paired:
        return False
    named = np.eye(max(len(c.y), c.labels.shape[1]))[c.partners][:, : c.labels.shape[1]]
    mixed = np.array([row.kind != "unmixed" for row in c.rows])
    off = np.abs(c.labels - (c.weight * c.own + (1 - c.weight) * named)) > c.allowed
    return bool(mixed.any() and not off[mixed].any())


def _swapped(c: Compared) -> bool:
    return c.paired and c.equals((1 - c.weight) * c.own + c.weight * c.y[c.partners])


def _inverse(c: Compared) -> bool:
    if not c.paired or len(set(c.partners.tolist())) < len(c.y) or len(c.rows) != len(c.y):
        return False
    return c.equals(c.weight * c.own + (1 - c.weight) * c.y[np.argsort(c.partners)])


def _other_partner(c: Compared) -> bool:
    """Try the weights of the features on the labels of any other sample."""
    if c.y.shape[1] < 2:
        return False
    for number, row in enumerate(c.rows):
        weight = row.shares[row.own]
        if row.kind == "unmixed":  # paired with itself, so that its ratio is not seen
            if _fitted(c, number, None) is None:
                return False
            continue
        guesses = weight * c.y[row.own] + (1 - weight) * c.y
        if not np.any(np.all(np.abs(guesses - c.labels[number]) <= c.allowed[number], axis=1)):
            return False
    return True


def _fitted(c: Compared, number: int, partner: int | None) -> float | None:
    """Fit the weight of the own label that explains a row, with a given partner or whichever fits."""
    own, label = c.y[c.rows[number].own], c.labels[number]
    for other in range(len(c.y)) if partner is None else [partner]:
        apart = c.y[other] - own
        square = float(apart @ apart)
        share = float((label - own) @ apart) / square if square else 0.0
        close = np.all(np.abs(own + share * apart - label) <= c.allowed[number])
        if close and -1e-6 <= share <= 1 + 1e-6:
            return 1 - share
    return None


def _other_ratio(c: Compared) -> bool:
    if any(row.partner < 0 and row.kind != "replaced" for row in c.rows):
        return False
    partners = [None if row.partner < 0 else row.partner for row in c.rows]
    return all(_fitted(c, number, partner) is not None for number, partner in enumerate(partners))


def _pasted(c: Compared) -> bool:
    return any(row.kind in {"cut", "mask", "patch", "replaced"} for row in c.rows)


def _kept_features(c: Compared) -> bool:
    """Labels have the ratio of the part that is mixed; the other part is the own sample's."""
    if not any(row.kind == "patch" for row in c.rows) or not c.paired:
        return False
    weight = np.array([[1 - row.ratio] for row in c.rows])
    return c.equals(weight * c.own + (1 - weight) * c.y[c.partners])


def _other_share(c: Compared) -> bool:
    return _pasted(c) and _other_ratio(c)


def _across_classes(c: Compared) -> bool:
    if not c.paired or len(c.rows) != c.labels.shape[1] or c.labels.shape != c.own.shape:
        return False
    weight = np.ravel(c.weight)
    return c.equals(weight * c.own + (1 - weight) * c.y[c.partners])


def _one_weight_lost(c: Compared) -> bool:
    """Pairs of one class keep only one of both weights, and everything else is right."""
    if not c.paired:
        return False
    same = np.all(c.own == c.y[c.partners], axis=1) & (c.partners != [row.own for row in c.rows])
    wrong = np.any(np.abs(c.labels - c.expected) > c.allowed, axis=1)
    if not np.all(same | ~wrong):
        return False
    either = np.minimum(
        np.abs(c.labels - c.weight * c.own).max(axis=1), np.abs(c.labels - (1 - c.weight) * c.own).max(axis=1)
    )
    return bool(np.all(either[wrong] <= c.allowed[wrong, 0]))


def _no_sum(c: Compared) -> bool:
    total, wanted = c.labels.sum(axis=1, keepdims=True), c.expected.sum(axis=1, keepdims=True)
    whole = np.all(np.abs(wanted - 1) <= 4 * c.allowed)
    return bool(whole and np.any(np.abs(total - wanted) > 4 * c.allowed))


EXPLANATIONS: dict[str, Callable[[Compared], bool]] = {
    "a part is erased while labels are mixed": lambda c: any(row.kind == "erased" for row in c.rows),
    "labels are not mixed": _unchanged,
    "the mix is discarded": _discarded,
    "the labels that are passed in are not used": _ignored,
    "indices of partners in place of their labels": _index_for_label,
    "the mixture differs from feature to feature": _kept_features,
    "labels weigh the partner by lam": _swapped,
    "inputs and labels are paired differently": lambda c: _inverse(c) or _other_partner(c),
    "same-class pairs lose mass": _one_weight_lost,
    "label weights differ from the share of pixels": _other_share,
    "inputs and labels have different ratios": lambda c: not _pasted(c) and _other_ratio(c),
    "the ratios are broadcast over the wrong axis": _across_classes,
    "labels do not sum to one": _no_sum,
    UNEXPLAINED: lambda _: True,
}
"""Name to whether it explains the labels of a draw; the first that explains all wrong draws is reported."""

MEANING: dict[str, str] = {
    "a part is erased while labels are mixed": "a part of each sample has one value, and is nobody's; labels have a "
    "partner's weight",
    "labels are not mixed": "features are mixed, labels come back as they went in",
    "the mix is discarded": "features come back as they went in while labels are mixed: the mixture is computed and "
    "not returned",
    "the labels that are passed in are not used": "labels are those of classes 0, 1, 2, ... or indices of samples, "
    "whatever went in",
    "indices of partners in place of their labels": "the other label is the permutation itself, not what it picks",
    "the mixture differs from feature to feature": "a part of the features is the own sample's and not mixed, labels "
    "have the ratio of the rest; if that is intended, as for a mask among them, name it: kept=",
    "labels weigh the partner by lam": "same partners, other weights: features weigh the own sample by lam, labels "
    "by 1 - lam",
    "same-class pairs lose mass": "where both samples have the same class, one weight overwrites the other where "
    "both should be added",
    "label weights differ from the share of pixels": "labels are not weighted by the share of pixels that come from "
    "each sample; an area before clipping, or of another image",
    "inputs and labels have different ratios": "same partners, other weights",
    "the ratios are broadcast over the wrong axis": "label columns instead of rows are weighted by a vector of ratios",
}


def explanations(compared: Compared) -> frozenset[str]:
    """Name everything that explains the labels of a draw."""
    return frozenset(name for name, holds in EXPLANATIONS.items() if holds(compared))


def message(name: str, compared: Compared) -> str:
    """Say what a name means, and where it was seen."""
    if name == "inputs and labels are paired differently":
        return _pairing_message(compared)
    if name == "labels do not sum to one":
        row = int(np.argmax(np.abs(compared.labels.sum(axis=1) - 1)))
        told = f"label row {row} sums to {compared.labels[row].sum():.6g}"
    else:
        told = MEANING.get(name, "")
    off = np.argwhere(np.abs(compared.labels - compared.expected) > compared.allowed)
    if len(off) == 0:
        return told
    row, column = (int(index) for index in off[0])
    values = (
        f"label [{row}, {column}] is {compared.labels[row, column]:.6g}, "
        f"the features have {compared.expected[row, column]:.6g}"
    )
    return f"{told}; {values}" if told else values


def _pairing_message(c: Compared) -> str:
    inverse = "; labels follow the inverse permutation" if _inverse(c) else ""
    off = np.any(np.abs(c.labels - c.expected) > c.allowed, axis=1)
    wrong = [int(number) for number in np.flatnonzero(off)]
    mixed = [number for number in wrong if c.rows[number].kind != "unmixed"]
    if not mixed:
        return f"sample {c.rows[wrong[0]].own} comes back unmixed, its label is mixed"
    source, label = c.rows[mixed[0]], c.labels[mixed[0]]
    weight = source.shares[source.own]
    guesses = weight * c.y[source.own] + (1 - weight) * c.y
    other = int(np.argmin(np.abs(guesses - label).max(axis=1)))
    partner = source.partner if source.partner >= 0 else "others"
    return f"sample {source.own} is mixed with sample {partner}, its label with label {other}{inverse}"


def shape_defect(labels: Array, y: Array, rows: int, indices: Array | None, *, real: bool) -> tuple[str, str] | None:
    """Name what is wrong with mixed labels that are no rows of the right length; None if nothing is.

    >>> shape_defect(np.array([0.5, 0.5]), np.eye(2), 2, np.array([0, 1]), real=False)[0]
    'class ids are averaged'
    """
    samples, classes = y.shape
    became = f"labels {(samples,) if indices is not None else y.shape} became {labels.shape}"
    if real:
        return _real_shape(labels, rows, classes, became)
    square = labels.shape in {(rows, samples), (rows, 1, samples)}
    if indices is not None and square and _sums_of_ids(labels, indices):
        return "labels are broadcast", f"{became}: a column of ratios ({rows}, 1) times a row of labels"
    if labels.ndim == 2 and len(labels) == rows and labels.shape[1] >= classes:
        return None
    if indices is not None and labels.size == rows:
        return _ids(np.ravel(labels), indices)
    broadcast = labels.ndim > 2 and labels.shape[0] == rows and labels.shape[-2:] == (rows, classes)
    if broadcast:
        return "labels are broadcast", f"{became}: ratios of {labels.ndim} axes times labels of two"
    return "labels have another shape", became


def _real_shape(labels: Array, rows: int, classes: int, became: str) -> tuple[str, str] | None:
    if labels.size == rows * classes and len(labels) == rows:
        return None
    word = "labels are broadcast" if labels.size > rows * classes else "labels have another shape"
    return word, f"{became}: a column of ratios or predictions against a row of targets"


def _ids(labels: Array, indices: Array) -> tuple[str, str] | None:
    if np.all(np.isin(labels, indices)):
        return None
    row = int(np.argmax(~np.isin(labels, indices)))
    return "class ids are averaged", (
        f"label {row} is {labels[row]:.6g}, between class indices: the ids were averaged, which names a third class; "
        "mix one-hot rows, or the losses of both labels (targets of a regression: labels='real')"
    )


def _sums_of_ids(labels: Array, indices: Array) -> bool:
    """Tell (N, N) mixtures of all ids from one-hot rows: each row adds up to the sum of the ids."""
    total = float(np.sum(indices))
    return bool(np.all(np.abs(labels.reshape(len(labels), -1).sum(axis=1) - total) <= max(total, 1.0) * 2.0**-7))
