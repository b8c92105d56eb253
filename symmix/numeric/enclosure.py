"""What an oracle says about one derivative: a value, and how far an honest program may be from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from symmix.numeric.arrays import Array


@dataclass(frozen=True)
class Enclosure:
    """A derivative by one variable, for every case, with a bound on the error.

    Attributes
    ----------
    value
        The derivative, shaped like the variable: cases, then its own axes.
    allowed
        How far a correct gradient may be from `value`; None where both are exact and must be equal.
    """

    value: Array
    allowed: Array | None

    def agrees(self, claimed: Array) -> Array:
        """Say for each element whether a claimed derivative is compatible; NaN never is.

        >>> Enclosure(np.array([1.0, 2.0]), None).agrees(np.array([1.0, 2.5]))
        array([ True, False])
        """
        if self.allowed is None:
            return np.asarray(claimed == self.value)
        return np.asarray(np.abs(claimed - self.value) <= self.allowed)

    def comparable(self) -> Array:
        """Say for each element whether anything is known about it: the value and the bound are finite."""
        known = np.isfinite(self.value)
        return known if self.allowed is None else known & np.isfinite(self.allowed)

    def visible(self, claimed: Array) -> Array:
        """Smallest relative error of `claimed` that would surely have been seen; infinite at 0.

        An error of s moves ``claimed`` by ``s |claimed|``, and is seen once that exceeds what is allowed plus
        the distance there is already; never less than the spacing of the floating-point numbers.
        """
        magnitude = np.abs(claimed).astype(np.float64)
        blind = np.zeros_like(magnitude)
        if self.allowed is not None:
            blind = self.allowed + np.abs(claimed - self.value)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            share = np.where(magnitude > 0, blind / magnitude, np.inf)
        return np.asarray(share + float(np.finfo(self.value.dtype).eps))
