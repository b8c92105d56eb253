"""Derivatives by complex step, each with a rigorous bound on its error: no tolerance to choose.

For real analytic f, ``f'(x) = Im f(x + i h) / h`` up to terms of order h^2, and nothing is subtracted, so h
may be tiny (Squire and Trapp 1998). `symmix.numeric.bounded` derives the bound: with N roundings on the
longest path and size S* of the imaginary part, truncation included,

    |Im fl(f(x + i h)) / h - f'(x)| <= gamma_N S* / h

and S*/h is the sum of the absolute values of the terms of f'. A correct program that adds up those same
terms, in any order, has an error of at most gamma_M S*/h if M roundings lie on its longest path. It is
granted M = N: as many as the complex step itself took, which differentiates the whole objective and so takes
more than a closed formula. Hence a claimed derivative is accepted iff it is within 2 gamma_N S* / h. (A
program that adds terms only to cancel them, such as a large bias in e - e', is granted nothing for that: its
digits are as wrong as they look.) Unit roundoff and range follow the type of the variables: float32 is
stepped in complex64, float64 in complex128.

The step. ``h = 2^-k s``, with s the power of two above the largest entry of the variable (1 if all are 0) and
k = 40 in double precision, 18 in single: then (h/s)^2 is far below the unit roundoff. Powers of two make the
division by h exact. Where the variables leave [2^-30, 2^30] such a step may underflow (all entries near
1e-150: h times a gradient is 1e-450) or be too large for its neighbours (z = 0 next to W = 1e150). Both are
covered by the bound, which then becomes useless, not wrong; so further steps are tried there, and for each
element the one with the smallest bound is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from symmix.errors import NotationError
from symmix.numeric.bounded import Bounded, precision
from symmix.numeric.enclosure import Enclosure

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from symmix.numeric.arrays import Array, Objective, Variables

_ORDINARY = 30
# How many numbers are read, and how many perturbed copies made, at once: bounds the memory, and is about what
# the
# caches hold (measured by tests/benchmarks/numeric.py).
_READ, _COPIED = 1 << 15, 1 << 17


def require_names(variables: Variables, names: Sequence[str]) -> None:
    """Raise `NotationError` unless every name is a variable.

    >>> require_names({"z": np.zeros((1, 2))}, ["z"])
    """
    unknown = [name for name in names if name not in variables]
    if unknown or not names:
        raise NotationError(
            "names of variables to differentiate by: " + ", ".join(variables),
            ", ".join(unknown) or "none",
            "pass some of the names above as wrt",
        )


def _scale_exponents(variable: Array) -> Array:
    """Exponent of the power of two above the largest entry of each case; 0 where all entries are 0."""
    largest = np.max(np.abs(variable.reshape(len(variable), -1)), axis=1).astype(np.float64)
    return np.where(largest > 0, np.frexp(largest)[1], 0)


def _depth(dtype: np.dtype[Any]) -> int:
    return 18 if precision(dtype)[0] > 2.0**-50 else 40


def _step_exponents(variables: Variables, name: str) -> Iterator[Array]:
    """Yield exponents of steps worth trying, one for each case: a single one at ordinary scales."""
    variable = variables[name]
    exponents = _scale_exponents(variable)
    k = _depth(variable.dtype)
    yield exponents - k
    scales = [_scale_exponents(other) for other in variables.values()]
    if all(np.all(np.abs(scale) <= _ORDINARY) for scale in scales):
        return
    others = np.max(scales, axis=0)
    yield from (np.full_like(exponents, -k), np.zeros_like(exponents), -k - others)


def case_blocks(variables: Variables) -> Iterator[slice]:
    """Cut a batch into blocks of cases.

    >>> list(case_blocks({"z": np.zeros((1000, 64))}))
    [slice(0, 512, None), slice(512, 1024, None)]
    """
    width = sum(int(np.prod(variable.shape[1:])) for variable in variables.values())
    block = max(32, _READ // width)
    cases = max(len(variable) for variable in variables.values())
    return (slice(start, start + block) for start in range(0, cases, block))


def entry_blocks(variable: Array) -> Iterator[slice]:
    """Cut the entries of a variable into blocks, so that a copy for each entry stays small.

    >>> list(entry_blocks(np.zeros((1 << 14, 2, 2))))
    [slice(0, 2, None), slice(2, 4, None)]
    """
    entries = int(np.prod(variable.shape[1:]))
    block = max(1, _COPIED // max(1, variable.size))
    return (slice(start, min(start + block, entries)) for start in range(0, entries, block))


def case_contiguous(variable: Array) -> Array:
    """Lay cases next to each other in memory: NumPy's inner loops then run over cases, not small axes.

    >>> case_contiguous(np.zeros((5, 2, 3))).strides[0]
    8
    """
    return np.moveaxis(np.ascontiguousarray(np.moveaxis(variable, 0, -1)), -1, 0)


def _directions(shape: tuple[int, ...], entries: slice) -> Array:
    """One unit vector for each of some entries of a variable, as (entries, 1 case, *shape)."""
    return np.eye(int(np.prod(shape)))[entries].reshape(-1, 1, *shape)


def _stepped(objective: Objective, variables: Variables, tangents: dict[str, Array]) -> Bounded:
    """Run the objective on variables with given imaginary parts."""
    inputs: dict[str, Bounded] = {}
    for name, variable in variables.items():
        inputs[name] = Bounded.exactly(variable)
        if name in tangents:
            tangent = tangents[name].astype(variable.dtype)
            value = variable + 1j * tangent
            size = np.abs(np.broadcast_to(variable, value.shape)).astype(np.float64)
            inputs[name] = Bounded(value, size, np.abs(tangent).astype(np.float64))
    outcome: Bounded = objective(**inputs)  # type: ignore[assignment]  # bounded in, bounded out
    return outcome


def _ladder(objective: Objective, variables: Variables, name: str, entries: slice) -> tuple[Array, Array]:
    """Return derivatives by some entries of one variable and their errors, with the best of the steps."""
    variable = variables[name]
    shape = variable.shape[1:]
    unit = _directions(shape, entries)
    smallest = precision(variable.dtype)[1]
    best_value = np.zeros((len(unit), len(variable)), variable.dtype)
    best_error = np.full(best_value.shape, np.inf)
    for exponents in _step_exponents(variables, name):
        info = np.finfo(variable.dtype)
        usable = np.clip(exponents, int(info.minexp) + 1, int(info.maxexp) - 2)
        step = np.ldexp(1.0, usable).reshape(1, -1, *(1 for _ in shape))
        with np.errstate(all="ignore"):  # overflow and underflow are part of the bound
            outcome = _stepped(objective, variables, {name: unit * step})
            value = (outcome.value.imag / np.ldexp(1.0, usable)).astype(variable.dtype)
            error = outcome.step_error / np.ldexp(1.0, usable) + smallest
            better = np.isfinite(value) & (error < best_error)
        best_value, best_error = np.where(better, value, best_value), np.where(better, error, best_error)
    return best_value, best_error


def complex_step(objective: Objective, variables: Variables, wrt: Sequence[str]) -> dict[str, Enclosure]:
    """Differentiate an objective by every entry of some variables, with a bound on every error.

    `variables` are real arrays of one floating type with the cases on the leading axis. The objective is
    called by name with `Bounded` arrays and must be written in the operations these support. An element about
    which nothing can be said (overflow, for one) gets an infinite bound.

    Raises `NotationError` for unknown names, `UnsupportedError` for operations whose rounding is not known.

    >>> square = lambda z: np.sum(z * z, axis=-1) / 2
    >>> found = complex_step(square, {"z": np.array([[1.0, 3.0]])}, ["z"])["z"]
    >>> found.value, bool(np.all(found.allowed < 1e-13))
    (array([[1., 3.]]), True)
    """
    require_names(variables, wrt)
    found: dict[str, Enclosure] = {}
    for name in wrt:
        shape = variables[name].shape
        value = np.empty((shape[0], int(np.prod(shape[1:]))), variables[name].dtype)
        error = np.empty(value.shape)
        for cases in case_blocks(variables):
            part = {key: case_contiguous(v[cases]) for key, v in variables.items()}
            for entries in entry_blocks(part[name]):
                found_value, found_error = _ladder(objective, part, name, entries)
                value[cases, entries] = found_value.T
                error[cases, entries] = found_error.T
        found[name] = Enclosure(value.reshape(shape), 2 * error.reshape(shape))
    return found


def complex_step_along(objective: Objective, variables: Variables, directions: Variables) -> Enclosure:
    """Differentiate along one direction a case.

    ``sum_v <df/dv, direction_v>``: one evaluation for the whole gradient.

    The directions must be of the order of their variables or smaller. `allowed` covers a claimed gradient
    multiplied with the directions by plain sums, whose roundings are counted.

    >>> square = lambda z: np.sum(z * z, axis=-1) / 2
    >>> along = complex_step_along(square, {"z": np.array([[1.0, 3.0]])}, {"z": np.array([[1.0, 1.0]])})
    >>> along.value
    array([4.])
    """
    require_names(variables, list(directions))
    dtype = variables[next(iter(directions))].dtype
    smallest = precision(dtype)[1]
    step = 2.0 ** -_depth(dtype)
    entries = sum(int(np.prod(direction.shape[1:])) for direction in directions.values())
    with np.errstate(all="ignore"):  # overflow and underflow are part of the bound
        outcome = _stepped(objective, variables, {key: step * v for key, v in directions.items()})
        value = (outcome.value.imag / step).astype(dtype)
        own = outcome.step_error / step + smallest
        outcome.roundings += entries + 1  # those of the dot product
        claimed = outcome.step_error / step + (entries + 1) * smallest
    return Enclosure(value, own + claimed)
