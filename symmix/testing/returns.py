"""The shapes in which mixing functions return features and labels, read into one: features and a label matrix.

    features                        x                      nothing is said about labels
    mixed labels                    x, y  or  x, y, lam    one row a sample
    two labels and a ratio          x, y_a, y_b, lam       or x, (y_a, y_b, lam)  or x, (y_a, y_b), lam
    partner's labels and a ratio    x, y_b, lam            the own ones are those that went in
    a stack of labels and a ratio   x, s                   columns of s: y_a, y_b, lam

In the last three the label matrix is ``lam y_a + (1 - lam) y_b`` or, where lam weighs the partner, ``(1 - lam) y_a +
lam y_b``; the label weights show which one goes with the features. A mapping is read by its values, in their order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from symmix.errors import ImplementationError
from symmix.numeric.arrays import Array

FORMS: tuple[str, ...] = (
    "features",
    "mixed labels",
    "two labels and a ratio",
    "the partner's labels and a ratio",
    "a stack of labels and a ratio",
)
ASK = "pass a function with one of these returns, by a lambda around yours if need be"
SHAPES = "x, (x, y), (x, y_b, lam), (x, y_a, y_b, lam), (x, (y_a, y_b, lam)) or (x, stack of three columns)"


@dataclass(frozen=True)
class Parts:
    """What a mixing function returned, told apart; `labels` and `ratio` are NumPy arrays.

    Attributes
    ----------
    form
        One of `FORMS`.
    labels
        No, one, or two arrays of labels.
    ratio
        The ratio that was returned, if one was.
    """

    form: str
    labels: tuple[Array, ...] = ()
    ratio: Array | None = None


def unpacked(returned: Any, batch: str | tuple[str, str]) -> Any:
    """Turn mappings and lists of samples into a tuple with the features first.

    >>> unpacked({"y": 2, "x": 1}, ("x", "y"))
    (1, 2)
    """
    if isinstance(returned, Mapping):
        keys = list(returned)
        first = [key for key in batch if key in returned] if isinstance(batch, tuple) else []
        return tuple(returned[key] for key in [*first, *(key for key in keys if key not in first)])
    return returned


def is_list_of_samples(returned: Any, samples: int) -> bool:
    """Tell a list of (features, label) from features and labels."""
    return (
        isinstance(returned, (list, tuple))
        and len(returned) == samples
        and all(isinstance(item, (list, tuple)) and len(item) == 2 for item in returned)
    )


def features_of(returned: Any) -> Any:
    """Return the features, in the library's own array.

    >>> features_of(("x", "y"))
    'x'
    """
    if isinstance(returned, (tuple, list)):
        if not returned:
            raise ImplementationError(SHAPES, "nothing: an empty tuple", ASK)
        return returned[0]
    if returned is None:
        raise ImplementationError(SHAPES, "None: the function returns nothing", ASK)
    return returned


def parts_of(returned: Any, numpy: Callable[[Any], Array], rows: int, indices: Array | None = None) -> Parts:
    """Tell the parts of a return apart; `indices` are the class indices that went in, if such did.

    >>> parts_of((np.zeros((2, 3)), np.array([0, 1]), np.array([1, 0]), 0.25), np.asarray, 2).form
    'two labels and a ratio'
    """
    rest = list(returned[1:]) if isinstance(returned, (tuple, list)) else []
    if len(rest) == 1 and isinstance(rest[0], Mapping):
        rest = [tuple(rest[0].values())]
    if len(rest) == 1 and isinstance(rest[0], (tuple, list)):
        rest = list(rest[0])
    rest = [part for item in rest for part in (item if _is_pair(item) else (item,))]
    arrays = [numpy(item) for item in rest if item is not None]
    if not arrays:
        return Parts("features")
    if len(arrays) == 1:
        stack = _stack(arrays[0], rows, indices)
        if stack is not None:
            return Parts("a stack of labels and a ratio", (stack[:, 0], stack[:, 1]), stack[:, 2])
        return Parts("mixed labels", (arrays[0],))
    if len(arrays) == 2 and _is_ratio(arrays[1], rows):
        return Parts("the partner's labels and a ratio", (arrays[0],), arrays[1])
    if len(arrays) == 3:
        return Parts("two labels and a ratio", (arrays[0], arrays[1]), arrays[2])
    shapes = ", ".join(str(np.shape(array)) for array in arrays)
    raise ImplementationError(SHAPES, f"features and {len(arrays)} more, of shapes {shapes}", ASK)


def _is_pair(item: Any) -> bool:
    """Tell both labels in one, as in (x, (y_a, y_b), lam), from labels that are a plain list of numbers."""
    both = isinstance(item, (tuple, list)) and len(item) == 2
    return both and all(getattr(part, "ndim", 0) >= 1 for part in item)


def _is_ratio(array: Array, rows: int) -> bool:
    return array.size in {1, rows}


def _stack(array: Array, rows: int, indices: Array | None) -> Array | None:
    """Columns y_a, y_b, lam, told from rows of three classes by the indices that went in."""
    if indices is None or array.size != 3 * rows or array.shape[-2:] != (rows, 3):
        return None
    columns = array.reshape(rows, 3)
    own = columns[:, 0]
    known = np.array_equal(own, indices) if len(indices) == rows else bool(np.all(np.isin(own, indices)))
    return columns if known and np.all(np.isin(columns[:, 1], indices)) else None


def label_rows(labels: Array, classes: int) -> Array | None:
    """Return labels as one row a sample: one-hot rows of class indices, or rows as they are; None for neither.

    Rows of more than `classes` are those of a function that knows of more classes than it was given.

    >>> label_rows(np.array([1.0, 0.0]), 2)
    array([[0., 1.],
           [1., 0.]])
    """
    if labels.ndim == 2 and labels.shape[1] >= classes:
        return labels.astype(np.float64)
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim != 1 or np.any(labels != np.rint(labels)):
        return None
    rows = np.zeros((len(labels), classes))
    known = (labels >= 0) & (labels < classes)  # an ignored index stands for no class
    rows[known, labels[known].astype(int)] = 1
    return rows


def weighted(own: Array, other: Array, ratio: Array, rows: int) -> Array:
    """Mix two arrays of label rows, with one ratio or one a sample: ``ratio own + (1 - ratio) other``.

    >>> weighted(np.eye(2), np.eye(2)[::-1], np.array(0.75), 2)
    array([[0.75, 0.25],
           [0.25, 0.75]])
    """
    if ratio.size not in {1, rows}:
        raise ImplementationError(f"one ratio, or one for each of {rows} samples", f"shape {ratio.shape}", ASK)
    weight = ratio.astype(np.float64).reshape(-1, 1)
    mixed: Array = weight * own + (1 - weight) * other
    return mixed
