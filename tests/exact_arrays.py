"""Exact rational arrays for the numerical side, and the same numbers as a point for the symbolic side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp
from sympy.tensor.array.expressions import ArraySymbol

from symmix import Identity, Vanishing
from symmix.components import occurring
from symmix.notation import W, b, lam, y, yp, z, zp
from symmix.numeric.rational import exact_slopes
from tests.catalogue import SCRIPTS
from tests.oracle import Point
from tests.points import vanishes

Case = dict[str, Any]
PAIR = {"lam": lam, "z": z, "z_prime": zp, "y": y, "y_prime": yp, "W": W, "b": b}
SIZES = ((2, 3), (3, 2))


def fractions(array: Any) -> Any:
    """Return an array of exact rationals."""
    return np.vectorize(Fraction, otypes=[object])(np.asarray(array))


def drawn(*shape: int, seed: int) -> Any:
    """Return an array of small rationals, none of them zero."""
    rng = np.random.default_rng([seed, *shape])
    return fractions(rng.choice([-3, -2, -1, 1, 2, 3], shape)) / int(rng.integers(1, 4))


def ratio(value: Fraction = Fraction(2, 7)) -> Any:
    """Return a ratio as the objectives take it."""
    return np.array(value, dtype=object)


def pair(k: int, h: int) -> Case:
    """Return a pair of samples with a ratio and a head."""
    shapes = {"z": (h,), "z_prime": (h,), "y": (k,), "y_prime": (k,), "W": (k, h), "b": (k,)}
    return {"lam": ratio(), **{name: drawn(*shape, seed=i) for i, (name, shape) in enumerate(shapes.items())}}


def differences(loss: Callable[..., Any], case: Mapping[str, Any], name: str) -> Any:
    """Return the derivative by every entry of a variable: exact for polynomials."""

    def moved(steps: Any) -> Any:
        return np.array([loss(**{**case, name: case[name] + step}) for step in steps], dtype=object)

    return exact_slopes(moved, case[name].shape)


def matrix(array: Any) -> sp.ImmutableMatrix:
    """Return a scalar, a column or a matrix of rationals as SymPy's."""
    array = np.asarray(array)
    rows = array.reshape(-1, 1) if array.ndim < 2 else array
    return sp.ImmutableMatrix([[sp.Rational(x.numerator, x.denominator) for x in row] for row in rows.tolist()])


def point(name: str, values: Mapping[Any, Any], sizes: Mapping[sp.Symbol, int] | None = None) -> Point:
    """Return a theorem's point with the given numbers; sizes are those of the arrays."""
    theorem = SCRIPTS[name].theorem
    found = dict(sizes or {})
    for symbol, value in values.items():
        if isinstance(symbol, sp.MatrixSymbol | ArraySymbol):
            found.update((s, n) for s, n in zip(symbol.shape, np.asarray(value).shape, strict=False) if s.is_Symbol)
    at = Point(found, definitions=theorem.definitions)
    for symbol, value in values.items():
        if isinstance(symbol, ArraySymbol):
            table = {place: matrix(value[place])[0] for place in np.ndindex(*value.shape)}
            at = replace(at, arrays={**at.arrays, symbol: table})
        elif isinstance(symbol, sp.MatrixSymbol):
            shaped = matrix(np.asarray(value).reshape([int(sp.S(s).subs(found)) for s in symbol.shape]))
            at = replace(at, matrices={**at.matrices, symbol: shaped})
        else:
            at = replace(at, scalars={**at.scalars, symbol: matrix(value)[0]})
    return at


def agree(name: str, at: Point, numbers: Mapping[str, Any]) -> set[str]:
    """Compare both sides of claimed identities with numbers from arrays, and return the near misses that differ there.

    That is: they have the left side of such a claim, their hypotheses hold at the point, and their right side is
    another number.
    """
    theorem = SCRIPTS[name].theorem
    seen: dict[sp.Basic, sp.ImmutableMatrix] = {}
    for label, value in numbers.items():
        claim = theorem.claims[label]
        assert isinstance(claim, Identity)
        assert vanishes(at, claim.where), f"{label}: the hypotheses do not hold"
        number = matrix(value)
        for side in (claim.left, claim.right):
            assert list(at.explicit(side)) == list(number), label
        seen[claim.left] = number
    met: set[str] = set()
    for slip, miss in theorem.near_misses.items():
        if isinstance(miss, Identity) and miss.left in seen and _there(at, [miss.right, *miss.where]):
            wrong = list(at.explicit(miss.right)) != list(seen[miss.left])
        elif isinstance(miss, Vanishing) and set(miss.expressions) <= seen.keys():
            wrong = any(any(seen[expression]) for expression in miss.expressions)
        else:
            continue
        if wrong and vanishes(at, miss.where):
            met.add(slip)
    return met


def _there(at: Point, expressions: list[sp.Basic]) -> bool:
    known = {*at.sizes, *at.scalars, *at.matrices, *at.arrays, *at.at}
    return set(occurring(expressions, at.definitions)) <= known
