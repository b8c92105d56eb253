"""Check an implementation of a gradient against an oracle that knows only the objective."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from symmix.errors import DimensionError, NotationError
from symmix.numeric.arrays import Array, Gradient, Objective, Variables
from symmix.numeric.cases import corners
from symmix.numeric.enclosure import Enclosure
from symmix.numeric.report import Failure, Report

Oracle: TypeAlias = Callable[[Objective, Variables, Sequence[str]], dict[str, Enclosure]]
"""`exact_differences` or `complex_step`."""


@dataclass
class _Tally:
    """What has been seen so far; a `Report` in the making."""

    cases: int = 0
    incomparable: int = 0
    failures: int = 0
    first: Failure | None = None

    def __post_init__(self) -> None:
        self.corners: set[str] = set()
        self.visible: list[Array] = []


def _claimed(name: str, gradient: Any, shape: tuple[int, ...]) -> Array:
    if name not in gradient:
        raise NotationError(
            f"a gradient by {name}, since wrt lists it",
            f"gradients by {', '.join(gradient) or 'nothing'}",
            f"return a mapping with the key {name!r}, or leave it out of wrt",
        )
    claimed = np.asarray(gradient[name])
    if claimed.shape != shape:
        raise DimensionError(
            f"a gradient by {name} shaped like {name}, {shape}",
            f"shape {claimed.shape}",
            "keep the leading axis of cases, and do not sum over it",
        )
    return claimed


def _by_case(flags: Array) -> Array:
    return np.asarray(flags.reshape(len(flags), -1))


def _first_failure(
    offset: int,
    wrong: dict[str, Array],
    claims: dict[str, Array],
    found: dict[str, Enclosure],
    variables: Variables,
) -> Failure:
    case = min(int(np.argmax(_by_case(flags).any(axis=1))) for flags in wrong.values() if flags.any())
    name = next(name for name, flags in wrong.items() if flags[case].any())
    index = tuple(int(i) for i in np.argwhere(wrong[name][case])[0])
    allowed = found[name].allowed
    return Failure(
        case=offset + case,
        variable=name,
        index=index,
        claimed=float(claims[name][(case, *index)]),
        expected=float(found[name].value[(case, *index)]),
        allowed=0.0 if allowed is None else float(allowed[(case, *index)]),
        variables={key: np.array(variable[case]) for key, variable in variables.items()},
    )


def _judge(tally: _Tally, claims: dict[str, Array], found: dict[str, Enclosure], variables: Variables) -> None:
    cases = len(next(iter(claims.values())))
    known = np.ones(cases, bool)
    seen = np.full(cases, np.inf)
    wrong: dict[str, Array] = {}
    for name, claimed in claims.items():
        comparable = found[name].comparable()
        known &= _by_case(comparable).all(axis=1)
        # a claim that is not a number is wrong wherever the true derivative is known to be one
        wrong[name] = comparable & ~found[name].agrees(claimed)
        visible = np.where(comparable, found[name].visible(claimed), np.inf)
        seen = np.minimum(seen, _by_case(visible).min(axis=1))
    failed = np.any([_by_case(flags).any(axis=1) for flags in wrong.values()], axis=0)
    if failed.any() and tally.first is None:
        tally.first = _first_failure(tally.cases + tally.incomparable, wrong, claims, found, variables)
    counted = known | failed
    tally.failures += int(failed.sum())
    tally.incomparable += int((~counted).sum())
    tally.cases += int(counted.sum())
    tally.visible.append(seen[counted])
    if counted.any():
        tally.corners |= corners({key: variable[counted] for key, variable in variables.items()})


def check_gradient(
    implementation: Gradient,
    objective: Objective,
    batches: Iterable[Variables],
    *,
    wrt: Sequence[str],
    oracle: Oracle,
) -> Report:
    """Compare a gradient with what an oracle finds from the objective alone, on every case of every batch.

    `implementation` and `objective` are called by name with the arrays of a batch, cases on the leading axis;
    the implementation returns a mapping with at least the names in `wrt`. `oracle` is `exact_differences`
    (compares with ``==``) or `complex_step` (compares with a bound derived from the rounding). A check that
    compared no case fails.

    Raises `DimensionError` or `NotationError` for a malformed gradient, and what the oracle raises.

    >>> from symmix.numeric.differences import exact_differences
    >>> half_square, batches = lambda z: z * z / 2, [{"z": np.array([3.0])}]
    >>> own, oracle = lambda z: {"z": z}, exact_differences
    >>> report = check_gradient(own, half_square, batches, wrt=["z"], oracle=oracle)
    >>> report.verdict
    'passed'
    """
    tally = _Tally()
    for variables in batches:
        if not len(next(iter(variables.values()))):
            continue
        found = oracle(objective, variables, wrt)
        gradient = implementation(**variables)
        claims = {name: _claimed(name, gradient, variables[name].shape) for name in wrt}
        _judge(tally, claims, found, variables)
    visible = np.concatenate([*tally.visible, np.empty(0)])
    return Report(
        oracle=getattr(oracle, "__name__", type(oracle).__name__).replace("_", " "),
        variables=tuple(wrt),
        cases=tally.cases,
        incomparable=tally.incomparable,
        failures=tally.failures,
        first_failure=tally.first,
        corners=tuple(sorted(tally.corners)),
        smallest_error_seen=float(np.min(visible, initial=np.inf)),
        seen_in_most_cases=float(np.quantile(visible, 0.95, method="higher")) if len(visible) else float("inf"),
    )


def assert_gradient(
    implementation: Gradient,
    objective: Objective,
    batches: Iterable[Variables],
    *,
    wrt: Sequence[str],
    oracle: Oracle,
) -> Report:
    """Check a gradient, and raise ``AssertionError`` with the report as its text unless it passed."""
    report = check_gradient(implementation, objective, batches, wrt=wrt, oracle=oracle)
    if not report.passed:
        raise AssertionError(str(report))
    return report
