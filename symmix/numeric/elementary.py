"""The elementary functions whose errors `Bounded` can follow, with bounds on three derivatives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from symmix.numeric.arrays import Array

LIBRARY_ROUNDINGS = 16
"""Roundings granted to one call of the library, for the real and for the imaginary part."""

Derivatives: TypeAlias = "tuple[Array, Array, Array, Array]"


@dataclass(frozen=True)
class Elementary:
    """An analytic function with bounds on |f|, |f'|, |f''|, |f'''| near a computed point.

    `derivatives` takes the real part of the point, the bound on its error and the size of its imaginary part,
    and covers the whole neighbourhood; infinite where that neighbourhood is too large for the bounds to hold.
    """

    evaluate: Callable[[Array], Array]
    derivatives: Callable[[Array, Array, Array], Derivatives]


def _within(known: Array, *bounds: Array) -> Derivatives:
    first, second, third, fourth = (np.where(known, bound, np.inf) for bound in np.broadcast_arrays(*bounds))
    return first, second, third, fourth


def _exp(at: Array, error: Array, step: Array) -> Derivatives:
    """All derivatives are exp; within 1/4 it grows by less than e^(1/4) < 1.3."""
    power = 1.3 * np.exp(at)
    return _within((error <= 0.25) & (step <= 0.25), power, power, power, power)


def _tanh(at: Array, error: Array, step: Array) -> Derivatives:
    """In the strip |Im| <= 1/4, |f'| <= 1/cos^2(1/4) < 1.1, |f''| <= 2|f||f'|, |f'''| <= 2|f'|^2 + 2|f||f''|.

    Not the sharper 1 - tanh^2: a program that computes it by that formula has an error of one roundoff of 1.
    """
    one = np.ones_like(at)
    known = (step <= 0.25) & (error < np.inf)
    return _within(known, np.abs(np.tanh(at)) + 0 * one, 1.1 * one, 2.3 * one, 7.1 * one)


def _log(at: Array, error: Array, step: Array) -> Derivatives:
    """Within a quarter of a > 0, 1/|.| <= 4/(3a).

    A library may lose digits of log near 1, absolutely, so 1 is added to |f|.
    """
    near = np.abs(at) / 4
    inverse = 4 / (3 * at)
    known = (at > 0) & (error <= near) & (step <= near)
    return _within(known, np.abs(np.log(np.abs(at))) + 1, inverse, inverse**2, 2 * inverse**3)


def _reciprocal(at: Array, error: Array, step: Array) -> Derivatives:
    """Within a quarter of a: derivatives j!/|.|^(j+1), and 1/|.| <= 4/(3|a|)."""
    near = np.abs(at) / 4
    inverse = 4 / (3 * np.abs(at))
    known = (near > 0) & (error <= near) & (step <= near)
    return _within(known, inverse, inverse**2, 2 * inverse**3, 6 * inverse**4)


def _tanh_value(a: Array) -> Array:
    value: Array = np.tanh(a)
    return value


def _exp_value(a: Array) -> Array:
    value: Array = np.exp(a)
    return value


def _log_value(a: Array) -> Array:
    value: Array = np.log(a)
    return value


def _reciprocal_value(a: Array) -> Array:
    return 1 / a


FUNCTIONS: dict[str, Elementary] = {
    "exp": Elementary(_exp_value, _exp),
    "log": Elementary(_log_value, _log),
    "tanh": Elementary(_tanh_value, _tanh),
    "reciprocal": Elementary(_reciprocal_value, _reciprocal),
}
