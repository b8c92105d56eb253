"""The shapes in which mixing functions return features and labels, read into one: features and a label matrix.

    features                        x                    nothing is said about labels
    mixed labels                    x, y                 soft labels, one row a sample
    two labels and a ratio          x, y_a, y_b, lam     or x, (y_a, y_b, lam)
    a stack of labels and a ratio   x, s                 columns of s: y_a, y_b, lam

In the last two the label matrix is ``lam y_a + (1 - lam) y_b`` or, where lam weighs the partner, ``(1 - lam) y_a + lam
y_b``; the label weights show which one goes with the features.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from symmix.errors import ImplementationError
from symmix.numeric.arrays import Array

FORMS: tuple[str, ...] = ("features", "mixed labels", "two labels and a ratio", "a stack of labels and a ratio")
ASK = "pass a function with one of these returns, by a lambda around yours if need be"
SHAPES = "x, (x, y), (x, y_a, y_b, lam), (x, (y_a, y_b, lam)) or (x, stack of three columns)"


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


def parts_of(
    returned: Any, numpy: Callable[[Any], Array], samples: int, indices: Array | None = None, classes: int = 0
) -> Parts:
    """Tell the parts of a return apart; `indices` are the class indices that went in, if such did.

    >>> parts_of((np.zeros((2, 3)), np.array([0, 1]), np.array([1, 0]), 0.25), np.asarray, 2).form
    'two labels and a ratio'
    """
    rest = list(returned[1:]) if isinstance(returned, (tuple, list)) else []
    if len(rest) == 1 and isinstance(rest[0], (tuple, list)):
        rest = list(rest[0])
    if all(item is None for item in rest):
        return Parts("features")
    arrays = [numpy(item) for item in rest]
    if (
        len(arrays) == 1
        and indices is not None
        and arrays[0].shape == (samples, 3)
        and _is_stack(arrays[0], indices, classes)
    ):
        stack = arrays[0]
        return Parts("a stack of labels and a ratio", (stack[:, 0], stack[:, 1]), stack[:, 2])
    if len(arrays) == 1:
        return Parts("mixed labels", (arrays[0],))
    if len(arrays) == 2 and arrays[1].size in {1, samples} and arrays[1].ndim <= 2:
        return Parts("mixed labels", (arrays[0],), arrays[1])
    if len(arrays) == 3:
        return Parts("two labels and a ratio", (arrays[0], arrays[1]), arrays[2])
    shapes = ", ".join(str(np.shape(array)) for array in arrays)
    raise ImplementationError(SHAPES, f"features and {len(arrays)} more, of shapes {shapes}", ASK)


def _is_stack(columns: Array, indices: Array, classes: int) -> bool:
    """Tell a stack from one-hot rows of three classes: its first column holds the indices that went in."""
    return classes != 3 or bool(np.array_equal(columns[:, 0], indices))


def label_rows(labels: Array, classes: int) -> Array | None:
    """Return labels as one row a sample: one-hot rows of class indices, or rows as they are; None for neither.

    >>> label_rows(np.array([1.0, 0.0]), 2)
    array([[0., 1.],
           [1., 0.]])
    """
    if labels.ndim == 2 and labels.shape[1] == classes:
        return labels.astype(np.float64)
    if labels.ndim != 1 or np.any(labels != np.rint(labels)) or np.any((labels < 0) | (labels >= classes)):
        return None
    one_hot: Array = np.eye(classes)[labels.astype(int)]
    return one_hot


def weighted(own: Array, other: Array, ratio: Array, samples: int) -> Array:
    """Mix two arrays of label rows, with one ratio or one a sample: ``ratio own + (1 - ratio) other``.

    >>> weighted(np.eye(2), np.eye(2)[::-1], np.array(0.75), 2)
    array([[0.75, 0.25],
           [0.25, 0.75]])
    """
    if ratio.size not in {1, samples}:
        raise ImplementationError(f"one ratio, or one for each of {samples} samples", f"shape {ratio.shape}", ASK)
    weight = ratio.astype(np.float64).reshape(-1, 1)
    mixed: Array = weight * own + (1 - weight) * other
    return mixed
