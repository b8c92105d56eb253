"""How far an honest mixture may be from the ideal one, in each type of numbers.

``lam x + (1-lam) x'`` and ``x' + lam (x - x')`` take at most four roundings on terms no larger than 2 where features
are in [0, 1], and the ratio itself was rounded once. So an honest entry is within `ROUNDINGS` unit roundoffs of the
ideal one. A mixture that is rounded or cut to bytes is off by less than one grey level of 255, whatever came before.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from symmix.numeric.arrays import Array

ROUNDINGS = 16
LEVEL = 1 / 255
SINGLE_RATIO = "a float32 ratio"
BITS: dict[str, int] = {"float64": 53, "float32": 24, "float16": 11, "bfloat16": 8, "uint8": 8}
"""Bits of a number of each type in which features may be passed."""
UNITS: dict[str, float] = {name: 2.0**-bits for name, bits in BITS.items()}
LARGEST_COUNT = 64
"""Bytes have no fractions: integers above this many are no longer small."""


@dataclass(frozen=True)
class Numbers:
    """What the numbers of a mixture are.

    Attributes
    ----------
    tolerance
        What an entry in [0, 1] may be off by.
    computed
        The type in which it was computed, as far as its values tell: a coarser one than theirs, or "bytes".
    declared
        The type that the array has.
    """

    tolerance: float
    computed: str
    declared: str

    @property
    def single(self) -> Numbers:
        """The same numbers, where a ratio was rounded to single precision before double ones were weighed with it."""
        return Numbers(max(self.tolerance, ROUNDINGS * UNITS["float32"]), SINGLE_RATIO, self.declared)

    @property
    def coarser(self) -> bool:
        """Whether the values are coarser than their type."""
        return self.computed != self.declared


def slack(*arrays: Array) -> float:
    """Return what an entry of size 1 may be off by: `ROUNDINGS` units of the coarsest type.

    >>> slack(np.zeros(1)) == 16 * 2.0**-53
    True
    """
    units = [float(np.finfo(array.dtype).eps) / 2 for array in arrays if array.dtype.kind == "f"]
    return ROUNDINGS * max(units, default=2.0**-53)


def numbers_of(values: Array, declared: str) -> Numbers:
    """Tell in which numbers a mixture was computed: values of a coarse type lie on its grid.

    >>> numbers_of(np.float64(np.float32([0.1, 0.2, 0.3])), "float64").computed
    'float32'
    """
    known = declared if declared in UNITS else "float64"
    seen = np.unique(np.ravel(values)[:: max(1, values.size // 512)])
    if len(seen) > 3 and np.all(np.abs(255 * seen - np.rint(255 * seen)) <= 255 * ROUNDINGS * UNITS["float32"]):
        return Numbers(1.5 * LEVEL, "bytes", declared)  # rounded or cut, and computed in some type before
    if known == "uint8":
        return Numbers(1.5 * LEVEL, "uint8", "uint8")
    for name in ("bfloat16", "float16", "float32"):
        if BITS[name] < BITS[known] and np.all(_rounded(seen, name) == seen):
            return Numbers(ROUNDINGS * UNITS[name], name, declared)
    return Numbers(ROUNDINGS * UNITS[known], declared, declared)


def _rounded(values: Array, name: str) -> Array:
    if name != "bfloat16":
        return np.asarray(values.astype(name).astype(values.dtype))
    mantissa, exponent = np.frexp(values.astype(np.float64))
    return np.asarray(np.ldexp(np.rint(mantissa * 2.0**8) / 2.0**8, exponent).astype(values.dtype))
