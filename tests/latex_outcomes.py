"""What comes of the LaTeX in ``latex_sources``: ``python -m tests.latex_outcomes [NAME ...]`` prints it, to look at.

Each source is short formulas out of a public page, quoted as they stand there; only the comments are ours: they name
the page, and declare what it says in words. Beside it, ``NAME.txt`` says what is expected: of a step its line, the
verdict and what was read; of what is not read the line, and the LaTeX at the caret.
"""

from __future__ import annotations

import sys
from pathlib import Path

from symmix import check_derivation

SOURCES = Path(__file__).parent / "latex_sources"


def outcomes(path: Path) -> list[str]:
    """Return what comes out, a line for each finding; what is refused is refused with a remedy."""
    lines = path.read_text(encoding="utf-8").splitlines()
    found = []
    for finding in check_derivation("\n".join(lines), form="tex").findings:
        assert finding.word != "not understood" or all(finding.problem or ("",))
        there = lines[finding.line - 1][finding.column - 1 :]
        shown = there[:24].rstrip() if finding.word == "not understood" else finding.text
        found.append(f"{finding.line} {finding.word}: {shown}")
    return found


def names() -> list[str]:
    """Return the names of the sources."""
    return sorted(path.stem for path in SOURCES.glob("*.tex"))


if __name__ == "__main__":
    for name in sys.argv[1:] or names():
        print(f"--- {name}\n" + "\n".join(outcomes(SOURCES / f"{name}.tex")))  # noqa: T201 - printing is what it is for
