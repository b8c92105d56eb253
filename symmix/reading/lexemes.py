r"""Lexemes of LaTeX, each with its line and column: commands, brackets, letters, numbers; comments are left out."""

from __future__ import annotations

from collections.abc import Sequence

from symmix.reading.tokens import Place, Token

_SPACES = frozenset({"\\,", "\\;", "\\:", "\\!", "\\ ", "\\thinspace", "\\medspace", "~", "\\/"})
_SIGNS = {"\N{MINUS SIGN}": "-", "\N{ASTERISK OPERATOR}": "*"}
QUADS = frozenset({"\\quad", "\\qquad"})  # wide spaces, which also part formulas
_SIZES = tuple(f"\\{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("l", "r", ""))
IGNORED = _SPACES | {*_SIZES, "\\left", "\\right", "\\displaystyle", "\\textstyle", "\\limits", "\\nonumber", "\\notag"}
IGNORED |= {"\\qed", "\\qedhere"}


def lexemes(lines: Sequence[tuple[int, str]]) -> list[Token]:
    """Return the lexemes of some lines, each with its number; what only moves things apart is left out."""
    found = []
    for number, line in lines:
        at = 0
        body = line[: comment(line)]
        while at < len(body):
            text = _one(body, at)
            if not text.isspace() and text not in IGNORED:
                found.append(Token(_SIGNS.get(text, text), Place(number, at + 1), spaced=True))
            at += len(text)
    return found


def comment(line: str) -> int:
    r"""Return where the comment of a line begins, or its length: ``\%`` begins none."""
    at = 0
    while at < len(line) and line[at] != "%":
        at += 2 if line[at] == "\\" else 1
    return min(at, len(line))


def _one(line: str, at: int) -> str:
    """Return the lexeme at a place: a command with its name, digits together, anything else alone."""
    end = at + 1
    if line[at] == "\\":
        while end < len(line) and line[end].isalpha() and line[end].isascii():
            end += 1
        return line[at : max(end, at + 2)]
    if line[at].isdigit():
        while end < len(line) and line[end].isdigit():
            end += 1
    return line[at:end]
