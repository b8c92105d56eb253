r"""What LaTeX typesets of a paper: no verbatim text, no comment of several lines, nothing behind the end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from symmix.reading.lexemes import comment
from symmix.reading.tokens import Place, ReadingError

_ENVIRONMENTS = "|".join(("verbatim", "Verbatim", "lstlisting", "minted", "comment", "filecontents", "alltt"))
_BEGIN = re.compile(
    r"\\\\"  # a line break begins nothing: \\verb
    rf"|\\begin\{{(?P<name>(?:{_ENVIRONMENTS})\*?)\}}"
    r"|\\(?P<false>iffalse)(?![A-Za-z])"
    r"|\\end\{(?P<end>document)\}"
    r"|\\(?:verb|lstinline)\*?(?P<mark>[^A-Za-z\s*{])"
)
_BRANCH = re.compile(r"\\\\|\\(?:(?P<open>if[A-Za-z]*)|(?P<close>fi)|(?P<other>else))(?![A-Za-z])")
_FALSE, _NEVER = r"\fi", ""


@dataclass
class _Hidden:
    """What is not typeset: where it begins, what ends it, and how many conditions are open in it."""

    place: Place
    closing: str
    depth: int = 0

    def end(self, line: str, at: int) -> int | None:
        """Return where it ends in a line, None if it goes on."""
        if self.closing == _NEVER:
            return None
        if self.closing == _FALSE:
            return self._end_of_branch(line, at)
        place = line.find(self.closing, at)
        return None if place < 0 else place + len(self.closing)

    def _end_of_branch(self, line: str, at: int) -> int | None:
        for found in _BRANCH.finditer(line, at):
            if self.depth == 0 and (found["close"] or found["other"]):
                return found.end()
            self.depth += bool(found["open"]) - bool(found["close"])
        return None


def typeset(lines: Sequence[str]) -> tuple[list[str], list[ReadingError]]:
    """Return the lines with spaces for all that is not typeset, columns kept; and what is never closed."""
    shown, hidden = [], None
    for number, line in enumerate(lines, 1):
        text, hidden = _shown(line, number, hidden)
        shown.append(text)
    if hidden is None or hidden.closing == _NEVER:
        return shown, []
    return shown, [ReadingError(hidden.place, f"{hidden.closing} behind this", "the end of the text", "close it")]


def _shown(line: str, number: int, hidden: _Hidden | None) -> tuple[str, _Hidden | None]:
    """Return a line with spaces for what is not typeset, and what is still hidden at its end."""
    at, text = 0, ""
    while at < len(line):
        if hidden is None:
            found = _begin(line, at)
            begin, at = (len(line),) * 2 if found is None else found.span()
            text += line[len(text) : begin]
            hidden = None if found is None else _Hidden(Place(number, begin + 1), _closing(found))
            continue
        end = hidden.end(line, at)
        at = len(line) if end is None else end
        hidden = None if end is not None or len(hidden.closing) == 1 else hidden  # \verb ends with its line
        text += " " * (at - len(text))
    return text, hidden


def _begin(line: str, at: int) -> re.Match[str] | None:
    """Return the beginning of the next piece that is not typeset; a comment has none."""
    found = _BEGIN.finditer(line, at, at + comment(line[at:]))
    return next((one for one in found if one.lastgroup), None)


def _closing(found: re.Match[str]) -> str:
    if found["name"]:
        return rf"\end{{{found['name']}}}"
    return _FALSE if found["false"] else found["mark"] or _NEVER
