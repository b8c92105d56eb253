"""Data: real ones by an extra that need not be installed, and small ones that NumPy draws."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np

from symmix.errors import UsageError


def digits(count: int) -> tuple[Any, Any]:
    """Return the first handwritten digits, (count, 64) between 0 and 1, and their classes, (count,)."""
    x, classes = _sets().load_digits(return_X_y=True)
    return x[:count] / 16.0, classes[:count]


def diabetes() -> tuple[Any, Any]:
    """Return the diabetes data, standardised: (442, 10) measurements, and how the illness went on, (442,)."""
    x, y = _sets().load_diabetes(return_X_y=True)
    return (x - x.mean(axis=0)) / x.std(axis=0), (y - y.mean()) / y.std()


def blobs(rng: Any, *, classes: int, each: int) -> tuple[Any, Any]:
    """Return points around the corners of a polygon, (classes each, 2), and their classes."""
    labels = np.repeat(np.arange(classes), each)
    angles = 2 * np.pi * labels / classes
    corners = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return 2 * corners + 0.3 * rng.standard_normal(corners.shape), labels


def _sets() -> Any:
    """Import scikit-learn's data sets: an extra, and nothing but these experiments needs it.

    Raises
    ------
    UsageError
        If it is not installed.
    """
    try:
        return import_module("sklearn.datasets")
    except ImportError as error:
        raise UsageError(
            "scikit-learn, which brings the data of this experiment",
            f"no such package ({error})",
            "pip install 'symmix[experiments]', or run it with --small",
        ) from error
