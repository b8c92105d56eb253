"""What NumPy makes of an array, as a part of a plan for wrong computations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from symmix.numeric.arrays import Array
from symmix.plans import Node
from symmix.testing.plan_words import words

FUNCTIONS: Mapping[str, Callable[[Array], Array]] = {
    "pinv": np.linalg.pinv,
    "1/std": lambda a: np.asarray(1 / np.std(a)),
    "1/norm": lambda a: np.asarray(1 / np.sqrt(np.sum(a * a))),
    "1/rms": lambda a: np.asarray(1 / np.sqrt(np.mean(a * a))),
    "1/max": lambda a: np.asarray(1 / np.max(np.abs(a))),
    "std": lambda a: np.asarray(np.std(a)),
    "mean": lambda a: np.asarray(np.mean(a)),
}


@dataclass(frozen=True, eq=False)
class Applied(Node):
    """What NumPy makes of an array: no part of any formula, but of code that computes what is a symbol there."""

    function: str
    of: Node
    axes: tuple[str, ...]

    @property
    def sizes(self) -> tuple[str, ...]:
        """Those of the result."""
        return self.axes

    def children(self) -> tuple[Node, ...]:
        """Return what the function is of."""
        return (self.of,)

    def applied(self, value: Array) -> Array:
        """Return the function of a value."""
        return np.asarray(FUNCTIONS[self.function](value))

    def __str__(self) -> str:
        return f"{self.function}({words(self.of)})"
