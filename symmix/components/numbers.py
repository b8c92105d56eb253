"""The numbers that components are: SymPy's rationals, polynomials in unknowns, and rational functions of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import reduce
from operator import mul
from typing import Any

import sympy as sp
from sympy.polys.fields import FracElement
from sympy.polys.rings import PolyElement, PolyRing

from symmix.components.cells import Cells
from symmix.errors import SymmixError

Rows = tuple[tuple[Fraction, ...], ...]


class Undefined(SymmixError):  # noqa: N818 - what has no value is no mistake of anybody's
    """Something is divided by zero, or a matrix has no inverse, at a point."""


def derivative_by(value: Any, by: Any) -> Any:
    """Return SymPy's derivative of a polynomial or rational function by an unknown."""
    if isinstance(value, PolyElement):
        return value.diff(by)
    return value.diff(value.field(by)) if isinstance(value, FracElement) else sp.QQ(0)


def exact(value: Any) -> Any:
    """Return a number as SymPy's polynomials take it, a matrix or array of them likewise."""
    if isinstance(value, Mapping):
        return {place: exact(x) for place, x in value.items()}
    if isinstance(value, Sequence):
        return Cells([[exact(x) for x in row] for row in value])
    return sp.QQ(int(value.numerator), int(value.denominator))


def fractions_of(value: Any) -> Rows:
    """Return a value as fractions; a scalar is 1 x 1."""
    cells = value.rows if isinstance(value, Cells) else [[value]]
    return tuple(tuple(Fraction(int(x.numerator), int(x.denominator)) for x in row) for row in cells)


def lifted_to(value: Any, ring: PolyRing) -> Any:
    """Return a value with room for the unknowns of a ring."""
    if isinstance(value, Cells):
        return value.map(lambda x: lifted_to(x, ring))
    if isinstance(value, PolyElement):  # before mappings: SymPy's polynomials are such
        return value.set_ring(ring)
    if isinstance(value, FracElement):
        return ring.to_field()(value.numer.set_ring(ring)) / ring.to_field()(value.denom.set_ring(ring))
    return {place: lifted_to(x, ring) for place, x in value.items()} if isinstance(value, Mapping) else value


def product_of(*factors: Any) -> Any:
    """Multiply scalars and matrices."""
    scale, matrices = sp.QQ(1), []
    for factor in factors:
        if isinstance(factor, Cells):
            matrices.append(factor)
        else:
            scale = scale * factor
    return reduce(mul, matrices).map(lambda x: scale * x) if matrices else scale


def divided(above: Any, below: Any) -> Any:
    """Return a quotient of scalars."""
    if not below:
        raise Undefined("a denominator that is not zero", "0", "take another point")
    if isinstance(below, PolyElement):
        below = below.ring.to_field()(below)
    if isinstance(below, FracElement):
        return (1 / below) * above
    return above * (1 / sp.QQ(below) if isinstance(below, int) else 1 / below)


def power(base: Any, exponent: Any) -> Any:
    """Return a whole power of a scalar."""
    whole = int(exponent)
    return base**whole if whole >= 0 else divided(sp.QQ(1), base**-whole)


def inverted(matrix: Cells) -> Cells:
    """Return the inverse by elimination; leads are those of the point, where the unknowns are zero."""
    size, _ = matrix.shape
    rows = [[*row, *(sp.QQ(int(i == j)) for j in range(size))] for i, row in enumerate(matrix.rows)]
    for k in range(size):
        lead = next((r for r in range(k, size) if there(rows[r][k])), None)
        if lead is None:
            raise Undefined("a matrix that has an inverse", "one that has none", "take another point")
        rows[k], rows[lead] = rows[lead], rows[k]
        pivot = rows[k][k]
        rows[k] = [divided(x, pivot) for x in rows[k]]
        for r in range(size):
            if r != k and rows[r][k]:
                against = rows[r][k]
                rows[r] = [x - against * y for x, y in zip(rows[r], rows[k], strict=True)]
    return Cells([row[size:] for row in rows])


def there(value: Any) -> Any:
    """Return a value where all unknowns are zero."""
    if isinstance(value, FracElement):
        return value.numer.coeff(1) / value.denom.coeff(1)
    return value.coeff(1) if isinstance(value, PolyElement) else value
