"""A defect that a check found and named."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, NoReturn


@dataclass(frozen=True)
class Finding:
    """One defect.

    Attributes
    ----------
    name
        What it is called, the same words in every report: what a test asks for.
    message
        What was seen, where, and both values.
    theorem
        The theorem of the catalogue that says why it matters; empty if none does.
    reproducer
        One line that shows it again; empty where a draw cannot be repeated.
    remark
        Whether it is worth knowing and no defect: a report with remarks alone has passed.
    """

    name: str
    message: str
    theorem: str = ""
    reproducer: str = ""
    remark: bool = False

    def __str__(self) -> str:
        lines = [f"{'remark: ' if self.remark else ''}{self.name}: {self.message}"]
        if self.theorem:
            lines.append(f"  see    {self.theorem}")
        if self.reproducer:
            lines.append(f"  again  {self.reproducer}")
        return "\n".join(lines)

    def document(self) -> dict[str, Any]:
        """Return the finding as plain data."""
        return {
            "name": self.name,
            "message": self.message,
            "theorem": self.theorem,
            "reproducer": self.reproducer,
            "remark": self.remark,
        }


class Judged(ABC):
    """What every report has: a verdict in words, and no truth value, since "not passed" need not be "failed"."""

    @property
    @abstractmethod
    def verdict(self) -> str:
        """The word passed, failed or not decided."""

    @property
    def passed(self) -> bool:
        """Whether everything that was to be seen was seen, and no defect was found."""
        return self.verdict == "passed"

    @property
    def failed(self) -> bool:
        """Whether there is a defect, or nothing could be looked at."""
        return self.verdict == "failed"

    def __bool__(self) -> NoReturn:
        raise TypeError("a report has no truth value: ask for report.passed or report.findings")
