"""What an experiment is, and its table of predictions beside measurements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Row:
    """A quantity with what was predicted of it, before, and what was measured.

    ``relation`` says what is predicted: equality, a bound, or nothing, where the quantity is there to be compared with.
    """

    quantity: str
    predicted: float
    measured: float
    relation: str = "="

    @property
    def prediction(self) -> str:
        """The prediction as it is printed."""
        if self.relation == "":
            return "-"
        return f"{self.predicted:.6g}" if self.relation == "=" else f"{self.relation} {self.predicted:.6g}"


class Run(Protocol):
    """Predicts and measures; ``small`` takes the smallest sizes, as tests do."""

    def __call__(self, seed: int, *, small: bool) -> Iterator[Row]:
        """Return the rows, in the order of the table."""


@dataclass(frozen=True)
class Experiment:
    """A question to a theorem, what answers it by numbers, and what the answer does not say."""

    name: str
    theorem: str
    question: str
    limits: str
    run: Run


def table(rows: Sequence[Row]) -> str:
    """Return the rows as text, in columns."""
    width = max((len(row.quantity) for row in rows), default=0)
    lines = [f"{'':<{width}}  {'predicted':>12}  {'measured':>12}"]
    lines += [f"{row.quantity:<{width}}  {row.prediction:>12}  {row.measured:>12.6g}" for row in rows]
    return "\n".join(lines)
