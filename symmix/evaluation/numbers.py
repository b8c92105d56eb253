"""Two kinds of numbers that entries of arrays may be: exact ones, and rounded ones that know a bound on their error."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from symmix.errors import SymmixError
from symmix.numeric.arrays import Array
from symmix.numeric.bounded import Bounded
from symmix.numeric.rational import exact_slopes

_STEP = 2.0**-40  # times itself it is below the unit roundoff of float64


class Singular(SymmixError):  # noqa: N818 - what has no value is no mistake of anybody's
    """Something is divided by zero, or a matrix has no inverse, at a point."""


class Numbers(ABC):
    """How numbers enter, are divided, and how functions of arrays of them are differentiated."""

    @abstractmethod
    def of(self, value: Fraction | int) -> Any:
        """Return a rational number as one of this kind."""

    @abstractmethod
    def reciprocal(self, value: Any) -> Any:
        """Return 1/value."""

    @abstractmethod
    def leads(self, column: list[Any]) -> int | None:
        """Return which entry of a column elimination may divide by, or None."""

    @abstractmethod
    def slopes(self, function: Callable[[Array], Array], shape: tuple[int, ...]) -> Array:
        """Differentiate at zero by each entry of a shape: axes of the argument, then of the value.

        ``function`` takes many arguments at once, stacked, and returns their values, stacked.
        """

    def array(self, values: Array) -> Array:
        """Return an array of rational numbers as one of this kind."""
        return by_entry(self.of, values)

    def inverse(self, matrix: Array) -> Array:
        """Return the inverse of a matrix, by elimination."""
        size = len(matrix)
        rows = [[*row, *(int(i == j) for j in range(size))] for i, row in enumerate(matrix.tolist())]
        for k in range(size):
            lead = self.leads([row[k] for row in rows[k:]])
            if lead is None:
                raise Singular("a matrix that has an inverse", "one that has none", "take another point")
            rows[k], rows[k + lead] = rows[k + lead], rows[k]
            scale = self.reciprocal(rows[k][k])
            rows[k] = [scale * x for x in rows[k]]
            for r in range(size):
                if r != k:
                    against = rows[r][k]
                    rows[r] = [x - against * y for x, y in zip(rows[r], rows[k], strict=True)]
        return filled((size, size), lambda i, j: rows[i][size + j])


class _Exact(Numbers):
    """Whole numbers where that is possible, else fractions: whole ones are many times faster."""

    def of(self, value: Fraction | int) -> Fraction | int:
        return int(value) if value.denominator == 1 else Fraction(value)

    def reciprocal(self, value: Any) -> Fraction:
        if not value:
            raise Singular("a denominator that is not zero", "0", "take another point")
        return 1 / Fraction(value)

    def leads(self, column: list[Any]) -> int | None:
        return next((i for i, x in enumerate(column) if x), None)

    def slopes(self, function: Callable[[Array], Array], shape: tuple[int, ...]) -> Array:
        return exact_slopes(function, shape)


class _Rounded(Numbers):
    """Floating-point numbers with a bound on their error, `symmix.numeric.bounded`; derivatives by complex step."""

    def of(self, value: Fraction | int) -> Bounded:
        nearest = np.asarray(float(value))
        return Bounded(nearest, np.abs(nearest), None, int(Fraction(float(value)) != value))

    def reciprocal(self, value: Any) -> Any:
        return 1 / value

    def leads(self, column: list[Any]) -> int | None:
        sizes = [float(np.abs(x.value)) if isinstance(x, Bounded) else float(abs(x)) for x in column]
        best = int(np.argmax(sizes))
        error = float(column[best].error) if isinstance(column[best], Bounded) else 0.0
        return best if sizes[best] > 2 * error else None

    def slopes(self, function: Callable[[Array], Array], shape: tuple[int, ...]) -> Array:
        places = list(np.ndindex(*shape))
        steps = np.zeros((len(places), *shape), dtype=object)
        for case, place in enumerate(places):
            steps[(case, *place)] = Bounded(np.asarray(1j * _STEP), np.asarray(0.0), np.asarray(_STEP))
        value = function(steps)
        return by_entry(_imaginary, value).reshape(*shape, *value.shape[1:])


def _imaginary(value: Any) -> Any:
    """Return the derivative that a complex step left in the imaginary part, with the bound on its error."""
    if not isinstance(value, Bounded) or value.step_size is None:
        return 0
    slope = np.asarray(value.value.imag) / _STEP
    return Bounded(slope, np.asarray(value.step_size) / _STEP, None, value.roundings)


EXACT: Numbers = _Exact()
ROUNDED: Numbers = _Rounded()


def filled(shape: tuple[int, ...], entry: Callable[..., Any]) -> Array:
    """Return an array of objects by its entries."""
    found = np.empty(shape, dtype=object)
    for place in np.ndindex(*shape):
        found[place] = entry(*place)
    return found


def single(value: Any) -> Array:
    """Return a number as a matrix of one entry."""
    found = np.empty((1, 1), dtype=object)
    found[0, 0] = value
    return found


def by_entry(function: Callable[[Any], Any], values: Array) -> Array:
    """Apply a function to each entry."""
    return np.asarray(np.frompyfunc(function, 1, 1)(values), dtype=object)
