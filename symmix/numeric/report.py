"""What a check found, how much it could have found, and where it looked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from symmix.numeric.arrays import Array

CORNERS: tuple[str, ...] = ("lam = 0", "lam = 1/2", "lam = 1", "k > h", "k < h", "k = 1", "h = 1")
"""The corners in which implementations go wrong."""


@dataclass(frozen=True)
class Failure:
    """The first case in which a claimed derivative cannot be right.

    Attributes
    ----------
    case
        Its number in the whole run, from 0.
    variable, index
        The entry that the derivative is by.
    claimed, expected, allowed
        What the implementation said, what the oracle found, and how far apart they may be (0 for exact
        differences).
    variables
        The case itself, without the axis of cases: enough to run it again.
    """

    case: int
    variable: str
    index: tuple[int, ...]
    claimed: float
    expected: float
    allowed: float
    variables: dict[str, Array] = field(compare=False)

    def __str__(self) -> str:
        entry = self.variable + (str(list(self.index)) if self.index else "")
        given = "\n".join(f"    {name} = {value.tolist()}" for name, value in self.variables.items())
        return (
            f"case {self.case}: the derivative by {entry} is {self.expected!r}, not {self.claimed!r}"
            f" (allowed: {self.allowed:.1e})\n{given}"
        )


@dataclass(frozen=True)
class Report:
    """The outcome of a check; it has no truth value, ask for `passed`.

    Attributes
    ----------
    oracle, variables
        What the implementation was compared with, and by which variables it differentiates.
    cases, incomparable, failures
        Cases compared; cases about which the oracle could say nothing (overflow); cases found wrong.
    first_failure
        The first of them.
    corners
        The corners that were among the cases compared.
    smallest_error_seen
        The smallest relative error of the whole gradient that could not have passed in every case.
    seen_in_most_cases
        The smallest relative error that would have been seen in each of 95% of the cases.
    """

    oracle: str
    variables: tuple[str, ...]
    cases: int
    incomparable: int
    failures: int
    first_failure: Failure | None
    corners: tuple[str, ...]
    smallest_error_seen: float
    seen_in_most_cases: float

    @property
    def verdict(self) -> str:
        """``passed``, ``failed``, or ``nothing compared``, which is no pass."""
        if self.failures:
            return "failed"
        return "passed" if self.cases else "nothing compared"

    @property
    def passed(self) -> bool:
        """Whether cases were compared and none was wrong."""
        return self.verdict == "passed"

    def __bool__(self) -> NoReturn:
        raise TypeError("a report has no truth value: ask for report.passed or report.verdict")

    def __str__(self) -> str:
        missing = [corner for corner in CORNERS if corner not in self.corners]
        lines = [
            f"{self.verdict}: {self.cases} cases against {self.oracle}, by {', '.join(self.variables)}",
            f"  wrong: {self.failures}; not comparable: {self.incomparable}",
            f"  corners: {', '.join(self.corners) or 'none'}; missing: {', '.join(missing) or 'none'}",
            f"  smallest relative error seen: {self.smallest_error_seen:.1e} if present throughout",
            f"  smallest relative error seen in 95% of the cases: {self.seen_in_most_cases:.1e}",
        ]
        if self.first_failure is not None:
            lines.append(f"  {self.first_failure}")
        return "\n".join(lines)
