"""A defect that a check found and named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


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
