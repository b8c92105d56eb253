"""The array types that the numerical side speaks of, and the one contraction it is written with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

# Entries are float32 or float64 in checks, complex in a complex step, `Fraction` (dtype object) where a mean
# over all pairs is compared with `==`, and `Bounded` where rounding is traced: objectives are written once.
Array: TypeAlias = NDArray[Any]

Variables: TypeAlias = Mapping[str, Array]
"""A batch of cases: each array carries the cases on its leading axis, under the name of its symbol."""

Objective: TypeAlias = Callable[..., Array]
"""Maps the variables, by name, to one loss a case."""

Gradient: TypeAlias = Callable[..., Mapping[str, Array]]
"""Maps the variables, by name, to the derivative by each of some variables, shaped like the variable."""


def contract(subscripts: str, *operands: Array) -> Array:
    """Contract arrays by index names, as ``numpy.einsum`` does, and say that the result is an array.

    >>> contract("ki,i->k", np.array([[1.0, 2.0]]), np.array([3.0, 4.0]))
    array([11.])
    """
    result: Array = np.einsum(subscripts, *operands)
    return result
