"""Central differences with step 1 that are exact: compared with ``==``, in float64 and float32 alike.

No truncation. If f is a polynomial of degree at most 2 in an entry t, then ``(f(t+1) - f(t-1)) / 2 = f'(t)``.
The squared losses are, in each entry of z, z', W, b, y, y' and in lam. The third difference over -1, 0, 1, 2
is looked at for the first cases, so that an objective of higher degree is refused instead of misjudged.

No rounding. Let every entry be a multiple of ``2**-q`` with q read off the data (0 for integers, 3 for lam =
j/8). Every term of the expanded objective is then a multiple of ``2**-B``; for manifold mixup B = 2*3 + 1 =
7. Let S be the sum of the absolute values of all terms with each ``|entry|`` replaced by the largest of the
batch plus 1, and p the number of significant bits (53 or 24). If ``S * 2**B <= 2**p``, every partial sum in
the loss and in the gradient is a multiple of 2**-B no larger than S: the numbers of p bits contain it, and
nothing rounds, in whatever order a program adds. The gradient is covered because its terms are those of the
loss divided by an entry, times a degree: S at ``|entry| + 1`` exceeds S at ``|entry|`` by at least the sum of
the absolute terms of the derivative. Intermediate values are covered because no factor is below ``2**-q`` in
these units. `symmix.numeric.bounded` computes S and B by running the objective itself.

For manifold mixup with integers up to m and lam = j/8, shifts included: ``S <= k (6 M + 5 h M^2)^2 / 2`` with
``M = m + 1``. Float32 (S <= 2^17) covers m = 2 at (k, h) = (3, 4), where S = 58806; float64 (S <= 2^46)
covers m = 100 at (10, 64).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from symmix.errors import ExactnessError
from symmix.numeric.bounded import Bounded, dyadic_bits
from symmix.numeric.complex_step import case_blocks, case_contiguous, entry_blocks, require_names
from symmix.numeric.enclosure import Enclosure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from symmix.numeric.arrays import Array, Objective, Variables

_LOOKED_AT = 4
"""Cases whose third differences are examined: the degree is a property of the objective, not of the case."""


def required_bits(objective: Objective, variables: Variables, *, reach: int = 1) -> float:
    """Significant bits that a batch needs for the differences to be exact.

    ``log2(S) + B``; infinite if never.

    `reach` is how far an entry may be shifted.

    >>> half_square = lambda z: np.einsum("ni,ni->n", z, z) / 2
    >>> required_bits(half_square, {"z": np.array([[2.0, -2.0]])})  # S = 2 * 3^2 / 2 = 9 and B = 1
    4.169925001442312
    """
    inputs: dict[str, Bounded] = {}
    for name, variable in variables.items():
        bits = dyadic_bits(variable)
        if bits is None:
            return float("inf")
        largest = np.max(np.abs(variable), axis=0, keepdims=True).astype(np.float64) + reach
        inputs[name] = Bounded.exactly(largest, bits)
    outcome: Bounded = objective(**inputs)  # type: ignore[assignment]  # bounded in, bounded out
    return float("inf") if outcome.bits is None else float(np.log2(np.max(outcome.size))) + outcome.bits


def require_exact(objective: Objective, variables: Variables, wrt: Sequence[str]) -> None:
    """Raise `ExactnessError` where step-1 differences of this batch would round, or have a truncation error.

    >>> require_exact(lambda z: z * z / 2, {"z": np.array([3.0, -1.0])}, ["z"])
    """
    dtype = np.result_type(*variables.values())
    few = {name: variable[:_LOOKED_AT].astype(np.float64) for name, variable in variables.items()}
    _require_bits(required_bits(objective, variables), dtype)
    _require_bits(required_bits(objective, few, reach=2), np.dtype(np.float64))
    for name in wrt:
        below, at, above, beyond = (_shifted(objective, few, name, shift, slice(None)) for shift in (-1, 0, 1, 2))
        if np.any(beyond - 3 * above + 3 * at - below != 0):
            raise ExactnessError(
                "an objective of degree at most 2 in each entry",
                f"a third difference by {name} that is not zero",
                "use the complex step, which has no truncation error at any degree",
            )


def _require_bits(required: float, dtype: np.dtype[Any]) -> None:
    available = np.finfo(dtype).nmant + 1
    if required <= available:
        return
    needs = f"a batch that needs {required:.1f}" if np.isfinite(required) else "terms that always round"
    raise ExactnessError(
        f"numbers of at most {available} bits, so that {dtype} rounds nothing",
        needs,
        "use smaller integers with lam = j/8, a wider type, or the complex step, which bounds rounding",
    )


def _shifted(objective: Objective, variables: Variables, name: str, shift: int, entries: slice) -> Array:
    """Values of the objective with some entries of one variable shifted, each in turn: (entries, cases)."""
    variable = variables[name]
    shape = variable.shape[1:]
    which = np.arange(int(np.prod(shape)))[entries]
    # Cases lie next to each other in memory, so that NumPy's inner loops run over cases, not over small axes.
    moved = np.empty((len(which), *shape, len(variable)), variable.dtype)
    moved[...] = np.moveaxis(variable, 0, -1)
    flat = moved.reshape(len(which), -1, len(variable))
    flat[np.arange(len(which)), which] += shift
    return objective(**{**variables, name: np.moveaxis(moved, -1, 1)})


def exact_differences(objective: Objective, variables: Variables, wrt: Sequence[str]) -> dict[str, Enclosure]:
    """Differentiate a batch by every entry of some variables, exactly: ``(f(t+1) - f(t-1)) / 2``.

    `variables` are float32 or float64 arrays with the cases on the leading axis; the result has no error, and
    a correct gradient equals it. Raises `ExactnessError` outside the range where that is so, `NotationError`
    for unknown names.

    >>> exact_differences(lambda z: z * z / 2, {"z": np.array([3.0, -1.0])}, ["z"])["z"].value
    array([ 3., -1.])
    """
    require_names(variables, wrt)
    require_exact(objective, variables, wrt)
    found = {name: np.empty(variables[name].shape, variables[name].dtype) for name in wrt}
    for cases in case_blocks(variables):
        part = {key: case_contiguous(v[cases]) for key, v in variables.items()}
        for name in wrt:
            into = found[name][cases].reshape(len(part[name]), -1)
            for entries in entry_blocks(part[name]):
                above, below = (_shifted(objective, part, name, shift, entries) for shift in (1, -1))
                into[:, entries] = ((above - below) / 2).T
    return {name: Enclosure(value, None) for name, value in found.items()}
