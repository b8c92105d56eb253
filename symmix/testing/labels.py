"""Labels against features: whether both are mixed by the same matrix, and how they differ if not."""

from __future__ import annotations

import numpy as np

from symmix.numeric.arrays import Array
from symmix.testing.finding import Finding
from symmix.testing.matrices import Mixing, read_matrix

UNEXPLAINED = "labels are mixed otherwise than features"
CONSEQUENCES = ("inputs and labels are paired differently", "inputs and labels have different ratios")
"""What else is seen of features that were mixed in place, while labels were not."""


def check_labels(features: Mixing, given: Array, labels: Array, tolerance: float) -> list[Finding]:
    """Compare mixed label rows with what the features' matrix makes of the labels that were given.

    `given` are one-hot rows; where they are an identity, the label matrix itself is seen.

    >>> mixing = read_matrix(np.array([[0.75, 0.25], [0.25, 0.75]]), 1e-15)
    >>> check_labels(mixing, np.eye(2), np.eye(2), 1e-15)[0].name
    'labels are not mixed'
    """
    samples, classes = given.shape
    expected = features.raw @ given
    if np.all(np.abs(labels - expected) <= tolerance):
        return []
    identity = samples == classes and np.array_equal(given, np.eye(samples))
    found = _smoothed(expected, labels, tolerance) or _unmixed(features, given, labels, expected, tolerance)
    if found is None and identity:
        found = _different_matrix(features, labels, tolerance)
    return [found or _mass(given, features, labels, expected, tolerance)]


def _where(expected: Array, labels: Array, tolerance: float) -> str:
    row, column = (int(i) for i in np.argwhere(np.abs(labels - expected) > tolerance)[0])
    return f"label [{row}, {column}] is {labels[row, column]:.6g}, the features have {expected[row, column]:.6g}"


def _smoothed(expected: Array, labels: Array, tolerance: float) -> Finding | None:
    """Labels ``(1 - eps) y~ + eps/k``."""
    classes = labels.shape[1]
    free = expected == 0
    if not free.any():
        return None
    floor = float(np.min(labels[free]))
    eps = floor * classes
    if floor <= tolerance or np.any(np.abs(labels - ((1 - eps) * expected + floor)) > 4 * tolerance):
        return None
    return Finding(
        "label smoothing",
        f"labels are (1 - eps) y~ + eps/{classes} with eps = {eps:.4g}; {_where(expected, labels, tolerance)}",
    )


def _unmixed(features: Mixing, given: Array, labels: Array, expected: Array, tolerance: float) -> Finding | None:
    if np.all(features.alone):
        return Finding(
            "the mix is discarded",
            "features come back as they went in while labels are mixed: the mixture is computed and not returned; "
            + _where(expected, labels, tolerance),
        )
    if np.array_equal(labels, given):
        return Finding(
            "labels are not mixed",
            f"features are mixed, labels come back as they went in; {_where(expected, labels, tolerance)}",
        )
    return None


def _different_matrix(features: Mixing, labels: Array, tolerance: float) -> Finding | None:
    of_labels = read_matrix(labels, tolerance)
    seen = _where(features.matrix, labels, tolerance)
    apart = (
        (features.partner != of_labels.partner)
        & (features.partner >= 0)
        & ~features.alone
        & ~of_labels.alone
        & (of_labels.partner >= 0)
    )
    if apart.any():
        row = int(np.argmax(apart))
        back = features.partner[of_labels.partner] == np.arange(len(labels))
        inverse = bool(np.all(back | of_labels.alone)) and not features.alone.any()
        return Finding(
            "inputs and labels are paired differently",
            f"sample {row} is mixed with sample {features.partner[row]}, its label with label {of_labels.partner[row]}"
            + (": labels follow the inverse permutation" if inverse else ""),
        )
    rows, columns = labels.sum(axis=1), labels.sum(axis=0)
    partners = features.partner
    along = np.abs(features.own[partners] + labels[np.arange(len(labels)), partners] - 1) <= tolerance
    if np.any(np.abs(rows - 1) > tolerance) and np.all(along | features.alone):
        return Finding(
            "the ratios are broadcast over the wrong axis",
            f"label columns instead of rows are weighted by a vector of ratios: rows sum to {rows.round(4).tolist()}, "
            f"columns to {columns.round(4).tolist()}; {seen}",
        )
    if np.any(np.abs(rows - 1) > tolerance):
        return None
    pairs = (partners >= 0) & ~features.alone
    swapped = np.abs(of_labels.own + features.own - 1) <= tolerance
    name = "labels weigh the partner by lam" if np.all(swapped[pairs]) else "inputs and labels have different ratios"
    return Finding(name, f"same partners, other weights: {seen}")


def _mass(given: Array, features: Mixing, labels: Array, expected: Array, tolerance: float) -> Finding:
    total, wanted = labels.sum(axis=1), expected.sum(axis=1)
    lost = np.abs(total - wanted) > tolerance * 4
    same = np.all(given == given[features.partner], axis=1) & ~features.alone
    if lost.any() and np.all(np.abs(wanted - 1) <= tolerance * 4):
        row = int(np.argmax(lost))
        if np.all(same | ~lost):
            return Finding(
                "same-class pairs lose mass",
                f"samples {row} and {features.partner[row]} have the same class, and their label sums to "
                f"{total[row]:.6g}: one weight overwrites the other where both should be added",
            )
        return Finding("labels do not sum to one", f"label row {row} sums to {total[row]:.6g}, not {wanted[row]:.6g}")
    return Finding(UNEXPLAINED, _where(expected, labels, tolerance))


def check_label_shape(
    labels: Array, given: Array, indices: Array | None, features: Mixing | None = None
) -> Finding | None:
    """Name what is wrong with mixed labels that are no rows of the right length; None if nothing is.

    `features` tell which samples were mixed, if that is known.

    >>> check_label_shape(np.array([0.5, 0.5]), np.eye(2), np.array([0, 1])).name
    'class ids are averaged'
    """
    samples, classes = given.shape
    if labels.shape == (samples, classes) and not _adds_up_to_ids(labels, indices):
        return None
    if indices is not None and labels.shape == (samples,):
        return _ids(labels, indices, features)
    if indices is not None and labels.shape in {(samples, samples), (samples, 1, samples)}:
        shape = f"labels ({samples},) became {labels.shape}"
        return Finding("labels are broadcast", f"{shape}: a column of ratios ({samples}, 1) times a row of labels")
    if labels.ndim > 2 and labels.shape[0] == samples and labels.shape[-2:] == given.shape:
        return Finding(
            "labels are broadcast",
            f"labels {given.shape} became {labels.shape}: ratios of {labels.ndim} axes times labels of two",
        )
    hint = ""
    if indices is not None and labels.ndim == 2:
        hint = f"; if the function makes one-hot rows itself, pass classes={labels.shape[1]}"
    return Finding("labels have another shape", f"labels {given.shape} became {labels.shape}{hint}")


def _ids(labels: Array, indices: Array, features: Mixing | None) -> Finding | None:
    """Name what is wrong with one number a sample where class indices went in."""
    if not np.array_equal(labels, indices):
        row = int(np.argmax(labels != indices))
        return Finding(
            "class ids are averaged",
            f"label {row} is {labels[row]:.6g}, between class indices: the ids were averaged, which names "
            "a third class; mix one-hot rows, or the losses of both labels",
        )
    if features is None or np.array_equal(indices, indices[features.partner]):
        return None  # only samples of one class were mixed, whose average id is their id
    return Finding("labels are not mixed", "class indices come back as they went in")


def _adds_up_to_ids(labels: Array, indices: Array | None) -> bool:
    """Tell (N, N) mixtures of all ids from one-hot rows: each row adds up to the sum of the ids."""
    if indices is None or labels.shape != (len(indices), len(indices)):
        return False
    total = float(np.sum(indices))
    return bool(np.all(np.abs(labels.sum(axis=1) - total) <= total * 2.0**-18))
