"""The data set of the pictures: twelve samples in two classes that overlap, with the residuals of some model."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from symmix.numeric.arrays import Array

INPUTS = (0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 13)
CLASSES = (0, 0, 0, 0, 1, 0, 1, 0, 1, 1, 1, 1)
EIGHTHS = (9, 12, 14, 11, -1, 8, -4, 6, -6, -7, -2, 0)
RESIDUALS = np.array([[Fraction(eighth, 8)] for eighth in EIGHTHS], dtype=object)
"""One residual a sample, (12, 1): as targets of features that are zero they are residuals by definition."""

FEATURES = np.array([[Fraction(0)] for _ in INPUTS], dtype=object)
HEAD, BIAS = np.array([[Fraction(1)]], dtype=object), np.array([Fraction(0)], dtype=object)


def as_floats(array: Array) -> Array:
    """Return exact rationals as the nearest floats."""
    return np.asarray(array, dtype=np.float64)
