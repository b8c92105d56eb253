"""The width of a line of LaTeX, estimated, and where to break one that is too wide."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from symmix.printing.symbols import expansions

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[{}^_&]|\s+|.", re.DOTALL)
_WIDE = {"+": 1.25, "-": 1.25, "=": 1.35, "(": 0.42, ")": 0.42, "[": 0.32, "]": 0.32, "'": 0.25, ",": 0.45, ".": 0.3}
_COMMANDS = {
    r"\,": 0.17, r"\thinspace": 0.17, r"\quad": 1.0, r"\qquad": 2.0, r"\sum": 1.5, r"\circ": 0.95, r"\ne": 1.35,
    r"\ge": 1.35, r"\le": 1.35, r"\lVert": 0.52, r"\rVert": 0.52, r"\bigl": 0.12, r"\bigr": 0.12, r"\Bigl": 0.3,
    r"\Bigr": 0.3, r"\nabla": 0.85, r"\partial": 0.6, r"\mathbb": 0.2, r"\leftarrow": 1.6, r"\cdot": 0.8, r"\!": -0.15,
    r"\big": 0.1, r"\iff": 2.6, r"\in": 1.3,
}  # fmt: skip
_STYLES = "bm boldsymbol sxV sxM mathsf mathrm mathcal operatorname text tilde bar textup sxown sxcross underbrace"
_SILENT = frozenset("\\" + name for name in _STYLES.split())
_SCRIPT = 0.72


def width(latex: str) -> float:
    """Return about how wide a formula is in display style, in units of an em; it errs on the wide side.

    >>> width("x + y") < width("x + y + z")
    True
    """
    return _Measure(latex).line()


class _Measure:
    """A walk over the tokens of a formula."""

    def __init__(self, latex: str) -> None:
        self._tokens = _TOKEN.findall(latex)
        self._place = 0

    def line(self) -> float:
        """Return the width up to the closing brace, or the end."""
        total = 0.0
        while self._place < len(self._tokens):
            if self._tokens[self._place] == "}":
                break
            total += self._next()
        return total

    def _next(self) -> float:
        piece = self._tokens[self._place]
        self._place += 1
        match piece:
            case "{":
                inside = self.line()
                self._place += 1
                return inside
            case "^" | "_":
                return _SCRIPT * self._next()
            case r"\frac" | r"\tfrac":
                scale = _SCRIPT if piece == r"\tfrac" else 1.0
                return 0.25 + scale * max(self._next(), self._next())
        if piece.startswith("\\"):
            return self._command(piece)
        return 0.0 if piece.isspace() or piece == "&" else _WIDE.get(piece, 0.85 if piece.isupper() else 0.6)

    def _command(self, piece: str) -> float:
        if piece in _COMMANDS:
            return _COMMANDS[piece]
        return 0.0 if piece in _SILENT else _expanded(piece)


@cache
def _expanded(command: str) -> float:
    if command == r"\sxcomix":
        return width(r"(1-\sxmix)")
    found = expansions().get(command)
    return 0.65 if found is None else width(found[0])


# -- breaking ---

_OPENING, _CLOSING = ("(", "[", r"\lVert"), (")", "]", r"\rVert")


def broken(latex: str, limit: float, indent: float = 1.0) -> list[str]:
    """Return a formula in lines of at most the given width, broken before operators that are bracketed least.

    The continuation lines begin with their operator. A formula without an operator to break at stays as it is.
    """
    if width(latex) <= limit:
        return [latex]
    places = list(_operators(latex))
    if not places:
        return [latex]
    outermost = min(depth for depth, _ in places)
    first, *rest = _filled(latex, [place for depth, place in places if depth == outermost], limit, indent)
    if not rest:  # there is nothing to break at in one place; look deeper in the brackets
        return _deeper(latex, places, limit, indent)
    return [*broken(first, limit, indent), *(part for line in rest for part in broken(line, limit - indent, 0.0))]


def _deeper(latex: str, places: Sequence[tuple[int, int]], limit: float, indent: float) -> list[str]:
    lines = [latex]
    for depth in sorted({depth for depth, _ in places}):
        lines = _filled(latex, [place for d, place in places if d <= depth], limit, indent)
        if all(width(line) <= limit for line in lines):
            break
    return lines


def _operators(latex: str) -> Iterator[tuple[int, int]]:
    """Run through the operators outside of braces: how many brackets they are in, and where they are."""
    braces = brackets = place = 0
    for piece in _TOKEN.findall(latex):
        braces += (piece == "{") - (piece == "}")
        if not braces:
            brackets += (piece in _OPENING) - (piece in _CLOSING)
            if piece in "+-=" and place and latex[place - 1] == " " and latex[place + 1 : place + 2] == " ":
                yield brackets, place
        place += len(piece)


def _filled(latex: str, places: list[int], limit: float, indent: float) -> list[str]:
    """Fill the lines, one after the other."""
    lines: list[str] = []
    start = last = 0
    for place in [*places, len(latex)]:
        available = limit - (indent if lines else 0.0)
        if last > start and width(latex[start:place]) > available:
            lines.append(latex[start:last].rstrip())
            start = last
        last = place
    return [*lines, latex[start:]]
