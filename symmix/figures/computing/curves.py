"""The encoders of the pictures: Bezier curves from x = 0 to x' = 1 in a feature space of two dimensions.

All of them are one encoder with other parameters, the control points; the head G(z) = W z sees the first dimension
alone. Every number is a multiple of a power of two, so that differences with step 1 are exact.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from symmix.numeric.encoders import bezier_features
from symmix.numeric.objectives import affine_head

if TYPE_CHECKING:
    from symmix.numeric.arrays import Array

STRAIGHT = np.array([[0.0, 1.0, 2.0, 3.0], [0.0, 0.0, 0.0, 0.0]])
"""Control points in equal steps along a segment: F is affine."""

LOOPED = np.array([[0.0, 6.0, -1.5, 3.0], [0.75, 4.5, 4.5, 2.25]])
"""Control points that cross: the curve loops. In the first dimension its ends are those of the straight one."""

HEAD, BIAS = np.array([[0.5, 0.0]]), np.array([0.0])
OWN, PARTNER = np.array(0.0), np.array(1.0)


def fitted_targets(C: Array) -> tuple[Array, Array]:
    """Targets of x and x' that the head predicts without an error."""
    own, partner = (affine_head(bezier_features(x, C), HEAD, BIAS) for x in (OWN, PARTNER))
    return own, partner
