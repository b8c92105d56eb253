"""Exact derivatives and means of polynomials, by evaluating them: rational numbers in, compared with ``==``.

A polynomial of degree at most 2m in t has the derivative ``sum_j w_j (f(j) - f(-j))`` at 0, j = 1 ... m, with ``w_j =
(-1)^(j+1) m!^2 / (j (m-j)! (m+j)!)``: exact, at any step, so at step 1. The degree is looked at, not assumed: along a
line in general direction, two further differences have to vanish.

A linear map on polynomials of degree at most D, given by moments, is determined by the values at the points of a
simplex with whole coordinates: ``E f = sum_(|a| <= D) (Delta^a f)(0) E prod_i C(x_i, a_i)``, by Newton's interpolation.
For every distribution with these moments that is the mean.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import cache
from itertools import combinations_with_replacement, product
from math import comb, factorial
from typing import Any

import numpy as np

from symmix.errors import ExactnessError
from symmix.numeric.arrays import Array

Place = tuple[int, ...]
HIGHEST = 10
"""The highest degree along a line that is looked for."""
_FIRST = 5
"""Points along a line that are looked at first: enough for degree 2."""


def exact_slopes(function: Callable[[Array], Array], shape: tuple[int, ...]) -> Array:
    """Differentiate a polynomial at zero by each entry of its argument: axes of the argument, then of the value.

    ``function`` takes arrays of numbers (dtype object), stacked along the leading axis, and returns their values,
    stacked likewise.

    Raises
    ------
    ExactnessError
        If it is no polynomial, or one of a degree above `HIGHEST`.

    >>> exact_slopes(lambda x: x * x + 3 * x, (2,)).astype(int).tolist()
    [[3, 0], [0, 3]]
    """
    stencil = _stencil(max(1, (degree_along(function, shape) + 1) // 2))
    places = list(np.ndindex(*shape))
    steps = np.zeros((len(places), len(stencil), 2, *shape), dtype=object)
    for case, place in enumerate(places):
        for number, (step, _) in enumerate(stencil):
            steps[(case, number, 0, *place)], steps[(case, number, 1, *place)] = step, -step
    values = function(steps.reshape(-1, *shape))
    values = values.reshape(len(places), len(stencil), 2, *values.shape[1:])
    above = values[:, :, 0] - values[:, :, 1]
    slopes = sum(weight * above[:, number] for number, (_, weight) in enumerate(stencil))
    return np.asarray(slopes, dtype=object).reshape((*shape, *values.shape[3:]))


def degree_along(function: Callable[[Array], Array], shape: tuple[int, ...]) -> int:
    """Return the degree of a polynomial along a line through zero in general direction; ``function`` takes stacks.

    >>> degree_along(lambda x: x[:, 0] * x[:, 1] * x[:, 1], (2,))
    3
    """
    for steps in (_FIRST, HIGHEST + 3):
        differences = function(np.stack([step * _general(shape) for step in range(steps)]))
        vanished = False
        for order in range(1, steps):
            differences = differences[1:] - differences[:-1]
            before, vanished = vanished, not np.any(differences[0])
            if before and vanished:
                return order - 2
    raise ExactnessError(
        f"a polynomial of degree at most {HIGHEST}",
        f"differences of order {HIGHEST + 1} and more that are not zero",
        "use the complex step, which takes any analytic function",
    )


@cache
def _general(shape: tuple[int, ...]) -> Array:
    """Return a direction in which nothing cancels by chance: whole numbers without a pattern."""
    found = np.empty(shape, dtype=object)
    for place, x in zip(np.ndindex(*shape), np.random.default_rng(17).integers(100, 1000, found.size), strict=True):
        found[place] = int(x)
    return found


@cache
def _stencil(half: int) -> Sequence[tuple[int, Fraction]]:
    """Return steps and weights of the central difference that is exact up to degree 2 ``half``."""
    if half == 1:
        return [(1, Fraction(1, 2))]
    signs = ((j, 1 if j % 2 else -1) for j in range(1, half + 1))
    square = factorial(half) ** 2
    return [(j, Fraction(s * square, j * factorial(half - j) * factorial(half + j))) for j, s in signs]


def mean_by_moments(
    function: Callable[[Array], Array],
    shape: tuple[int, ...],
    degree: int,
    moment: Callable[[Sequence[Place]], Any],
    number: Callable[[Fraction | int], Any] = Fraction,
) -> Array:
    """Return what a linear map on polynomials, given by moments, makes of one of a degree: see the module.

    Parameters
    ----------
    function
        Of the random array: takes several, stacked along the leading axis, and returns their values likewise.
    shape
        That of the random array.
    degree
        At most this, in all entries together.
    moment
        Of the product of the entries at some places, with repetitions; a number, or an array of them for each value.
    number
        Makes a rational number one of the kind that the function returns.

    >>> float(mean_by_moments(lambda x: x * x, (), 2, lambda places: [1, 3, 10][len(places)]))
    10.0
    """
    places = list(np.ndindex(*shape))
    weights: dict[tuple[int, ...], Array] = {}
    for powers in _simplex(len(places), degree):
        falling = _falling(powers, places, moment, number)
        for below, sign in _differences(powers) if np.any(falling) else ():
            weights[below] = _held(weights.get(below, _held(0)) + _held(_held(number(sign)) * falling))
    points = [below for below, weight in weights.items() if np.any(weight)] or [(0,) * len(places)]
    values = function(np.array(points, dtype=object).reshape(-1, *shape))
    weighted = (weights.get(below, _held(0)) * _held(value) for below, value in zip(points, values, strict=True))
    return _held(sum(weighted))


def _held(value: Any) -> Array:
    """Return an array of objects as it is, anything else as the one entry of such an array."""
    if isinstance(value, np.ndarray):
        return value
    found = np.empty((), dtype=object)
    found[()] = value
    return found


def _simplex(count: int, degree: int) -> Iterator[tuple[int, ...]]:
    for size in range(degree + 1):
        for chosen in combinations_with_replacement(range(count), size):
            counted = Counter(chosen)
            yield tuple(counted[i] for i in range(count))


@cache
def _differences(powers: tuple[int, ...]) -> Sequence[tuple[tuple[int, ...], int]]:
    """Return how often ``(Delta^powers f)(0)`` has which values of f."""
    found = []
    for below in product(*(range(power + 1) for power in powers)):
        times = -1 if (sum(powers) - sum(below)) % 2 else 1
        for power, part in zip(powers, below, strict=True):
            times *= comb(power, part)
        found.append((below, times))
    return found


def _falling(
    powers: tuple[int, ...],
    places: Sequence[Place],
    moment: Callable[[Sequence[Place]], Any],
    number: Callable[[Fraction | int], Any],
) -> Array:
    """Return what the linear map makes of a product of binomials ``C(x_i, power_i)``."""
    occurring = [(place, power) for place, power in zip(places, powers, strict=True) if power]
    total = _held(0)
    for parts in product(*(range(1, power + 1) for _, power in occurring)):
        weight = Fraction(1)
        chosen: list[Place] = []
        for (place, power), part in zip(occurring, parts, strict=True):
            weight *= _binomial(power)[part]
            chosen += [place] * part
        total = _held(total + _held(_held(number(weight)) * _held(moment(chosen))))
    return total


@cache
def _binomial(degree: int) -> Sequence[Fraction]:
    """Return the coefficients of ``C(x, degree)`` by powers of x."""
    found = [Fraction(1)]
    for root in range(degree):  # times (x - root) / (root + 1)
        shifted = [Fraction(0), *found]
        found = [(a - root * b) / (root + 1) for a, b in zip(shifted, [*found, Fraction(0)], strict=True)]
    return found
