"""The array types that the numerical side speaks of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

# Entries are float32 or float64 in checks, complex in a complex step, `Fraction` (dtype object) where a mean over
# all pairs is compared with `==`, and `Bounded` where rounding is traced: the objectives are written once for all.
Array: TypeAlias = NDArray[Any]
Floats: TypeAlias = NDArray[np.floating[Any]]

# A batch of cases: every array carries the cases on its leading axis, under the name of its symbol.
Variables: TypeAlias = Mapping[str, Array]

Objective: TypeAlias = Callable[..., Array]
"""Maps the variables, by name, to one loss a case."""

Gradient: TypeAlias = Callable[..., Mapping[str, Array]]
"""Maps the variables, by name, to one array for each variable it differentiates by, shaped like the variable."""
