r"""How wide LaTeX is: its atoms, spaced by TeX's own rules, in the widths of TeX's own typeface.

An em is that of the size of the text. The width is that of a display; it errs on the wide side, by a few percent.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from symmix.printing.metrics import BOLD, BOLDER, ITALIC, LETTER, ROMAN, greek, letter
from symmix.printing.symbols import expansions

ORD, OP, BIN, REL = ("ord", "op", "bin", "rel")
OPEN, CLOSE, PUNCT, INNER, SPACE = ("open", "close", "punct", "inner", "space")

_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|[{}^_&'~$]|\s+|.", re.DOTALL)
_KERNS = {r"\,": 0.167, r"\thinspace": 0.167, r"\!": -0.167, r"\quad": 1.0, r"\qquad": 2.0, r"\ ": 0.334, "~": 0.334,
          r"\;": 0.278, r"\:": 0.223}  # fmt: skip
_SIGNS = {  # command: kind and width
    r"\ne": (REL, 0.778), r"\le": (REL, 0.778), r"\ge": (REL, 0.778), r"\gt": (REL, 0.778), r"\lt": (REL, 0.778),
    r"\in": (REL, 0.667), r"\leftarrow": (REL, 1.0), r"\to": (REL, 1.0), r"\mapsto": (REL, 1.0),
    r"\equiv": (REL, 0.778), r"\approx": (REL, 0.778), r"\sim": (REL, 0.778), r"\iff": (REL, 2.42),
    r"\implies": (REL, 2.2), r"\subset": (REL, 0.778), r"\circ": (BIN, 0.5), r"\cdot": (BIN, 0.278),
    r"\times": (BIN, 0.778), r"\otimes": (BIN, 0.778), r"\pm": (BIN, 0.778), r"\odot": (BIN, 0.778),
    r"\lVert": (OPEN, 0.5), r"\rVert": (CLOSE, 0.5), r"\lvert": (OPEN, 0.278), r"\rvert": (CLOSE, 0.278),
    r"\langle": (OPEN, 0.389), r"\rangle": (CLOSE, 0.389), r"\ldots": (INNER, 1.18), r"\dots": (INNER, 1.18),
    r"\cdots": (INNER, 1.18), r"\prime": (ORD, 0.33), r"\|": (ORD, 0.5), r"\{": (OPEN, 0.5), r"\}": (CLOSE, 0.5),
    r"\square": (ORD, 0.778), r"\%": (ORD, 0.834), r"\_": (ORD, 0.5), r"\colon": (PUNCT, 0.278),
    r"\nobreak": (SPACE, 0.0), r"\allowbreak": (SPACE, 0.0), r"\displaystyle": (SPACE, 0.0),
    r"\noindent": (SPACE, 0.0),
}  # fmt: skip
_CLASSES = {"+": BIN, "-": BIN, "*": BIN, "=": REL, "<": REL, ">": REL, ":": REL, "(": OPEN, "[": OPEN, ")": CLOSE,
            "]": CLOSE, "!": CLOSE, ",": PUNCT, ";": PUNCT}  # fmt: skip
_FUNCTIONS = frozenset([r"\ln", r"\log", r"\exp", r"\max", r"\min", r"\det", r"\dim", r"\rank", r"\sup", r"\inf"])
_BIG = {r"\bigl": 0.0, r"\bigr": 0.0, r"\big": 0.0, r"\Bigl": 1.0, r"\Bigr": 1.0}
_BIG_SIZES = {"(": (0.459, 0.598), ")": (0.459, 0.598), "[": (0.417, 0.473), "]": (0.417, 0.473)}
_BOLDING = frozenset((r"\bm", r"\boldsymbol", r"\sxV", r"\sxM"))
_UPRIGHT = frozenset((r"\mathrm", r"\mathsf", r"\textup", r"\mathbf", r"\emph", r"\textrm"))
_ROUND = {r"\mathbb": 0.79, r"\mathcal": 0.97, r"\mathfrak": 0.9, r"\mathscr": 1.0}  # the widest letter of each
_PLAIN = frozenset(
    [
        r"\sxown",
        r"\sxcross",
        r"\bar",
        r"\tilde",
        r"\hat",
        r"\overline",
        r"\vec",
        r"\dot",
        r"\ddot",
        r"\mathit",
        r"\underline",
    ]
)
_TEXTS = (r"\text", r"\mbox", r"\sxsized")
_SCALES = (1.0, 1.0, 0.83, 0.75)  # of letters in displays, in lines, in scripts, in scripts of scripts
_SCRIPT_SPACE = 0.05
_BAR = 0.25  # the space at both ends of a fraction
_THIN, _MEDIUM, _THICK = 0.167, 0.223, 0.278
_SPACING = {
    ORD: {OP: _THIN, BIN: _MEDIUM, REL: _THICK, INNER: _THIN},
    OP: {ORD: _THIN, OP: _THIN, REL: _THICK, INNER: _THIN},
    BIN: {ORD: _MEDIUM, OP: _MEDIUM, OPEN: _MEDIUM, INNER: _MEDIUM},
    REL: {ORD: _THICK, OP: _THICK, OPEN: _THICK, INNER: _THICK},
    CLOSE: {OP: _THIN, BIN: _MEDIUM, REL: _THICK, INNER: _THIN},
    PUNCT: {ORD: _THIN, OP: _THIN, REL: _THIN, OPEN: _THIN, CLOSE: _THIN, PUNCT: _THIN, INNER: _THIN},
    INNER: {ORD: _THIN, OP: _THIN, BIN: _MEDIUM, REL: _THICK, OPEN: _THIN, PUNCT: _THIN, INNER: _THIN},
}  # fmt: skip


class Atom(NamedTuple):
    """A piece of a formula that stands between braces of its own: where, how wide, and what TeX takes it for."""

    start: int
    end: int
    name: str
    kind: str
    width: float
    space: float = 0.0  # ahead of it


@lru_cache(maxsize=1 << 13)
def width(latex: str) -> float:
    """Return how wide a formula is in display style, in units of an em; it errs on the wide side.

    >>> width("x + y") < width("x + y + z")
    True
    """
    return sum(atom.space + atom.width for atom in atoms(latex))


@lru_cache(maxsize=1 << 12)
def atoms(latex: str) -> tuple[Atom, ...]:
    """Return the atoms of a formula, each with the space that TeX puts ahead of it."""
    return tuple(_Measure(latex, _Style()).line())


def text_width(words: str) -> float:
    """Return how wide a line of text is, formulas between dollar signs included."""
    parts = re.split(r"(?<!\\)\$", words)
    texts = sum(_spaces(part) + width(rf"\text{{{part}}}") for part in parts[::2])
    return texts + sum(width(part) for part in parts[1::2])


def _spaces(words: str) -> float:
    return 0.334 * len(re.findall(r"(?<!\\)\s+", words)) if "\\" not in words else 0.334 * words.count(" ")


class _Style(NamedTuple):
    level: int = 0  # display, line, script, script of a script
    font: str = ITALIC

    def script(self) -> _Style:
        return _Style(min(3, max(2, self.level + 1)), self.font)

    def stacked(self) -> _Style:
        return _Style(min(3, self.level + 1), self.font)


class _Measure:
    """A walk over the tokens of a formula."""

    def __init__(self, latex: str, style: _Style) -> None:
        self._latex = latex
        self._tokens: list[str] = [*_TOKEN.findall(latex), ""]  # the end is an empty token
        self._place = self._offset = 0
        self._style = style

    # -- tokens ----------------------------------------------------------------------------------------------------

    def _peek(self) -> str:
        return self._tokens[self._place]

    def _take(self) -> str:
        piece = self._tokens[self._place]
        self._place += bool(piece)
        self._offset += len(piece)
        return piece

    def _skip(self) -> None:
        while self._peek().isspace():
            self._take()

    # -- lines -----------------------------------------------------------------------------------------------------

    def line(self) -> list[Atom]:
        """Return the atoms up to the closing brace, or the end."""
        found: list[Atom] = []
        while (piece := self._peek()) and piece != "}":
            if piece.isspace() or piece == "&":
                self._take()
                continue
            start = self._offset
            name, kind, wide = self._nucleus()
            wide, kind = self._with_scripts(name, kind, wide)
            found.append(Atom(start, self._offset, name, kind, wide))
        return _spaced(found, self._style.level)

    def _total(self, style: _Style) -> float:
        """Return the width of the next piece or group in a style of its own."""
        self._skip()
        outer, self._style = self._style, style
        if self._peek() == "{":
            self._take()
            total = sum(atom.space + atom.width for atom in self.line())
            self._take()
        else:
            total = self._nucleus()[2] if self._peek() else 0.0
        self._style = outer
        return total

    def _nucleus(self) -> tuple[str, str, float]:
        """Read an atom without its scripts: its name, its kind and its width."""
        piece, scale = self._peek(), _SCALES[self._style.level]
        if piece == "{":
            return piece, ORD, self._total(self._style)
        if piece in ("^", "_", "'"):
            return "", ORD, 0.0
        self._take()
        if piece in _KERNS:
            return piece, SPACE, scale * _KERNS[piece]
        if piece in _SIGNS:
            kind, wide = _SIGNS[piece]
            return piece, kind, scale * wide
        if piece.startswith("\\"):
            return (piece, *self._command(piece))
        return piece, _CLASSES.get(piece, ORD), scale * letter(piece, self._style.font)

    def _command(self, piece: str) -> tuple[str, float]:
        style, scale = self._style, _SCALES[self._style.level]
        if piece in _BIG:
            return self._big(piece)
        if piece in (r"\frac", r"\tfrac", r"\dfrac"):
            inner = style.stacked() if piece == r"\frac" else _Style(2 if piece == r"\tfrac" else 1, style.font)
            return ORD, _BAR + max(self._total(inner), self._total(inner))
        if piece in (r"\sum", r"\underbrace", r"\operatorname") or piece in _FUNCTIONS:
            return OP, self._operator(piece, style, scale)
        if piece == r"\begin":
            return INNER, self._matrix()
        return ORD, self._words(piece) if piece in _TEXTS else self._letters(piece, style, scale)

    def _operator(self, piece: str, style: _Style, scale: float) -> float:
        if piece == r"\sum":
            return 1.445 if style.level == 0 else scale * 1.056
        if piece == r"\underbrace":
            return self._total(style)
        if piece == r"\operatorname":
            return self._total(_Style(style.level, ROMAN))
        return scale * 0.56 * len(piece[1:])

    def _letters(self, piece: str, style: _Style, scale: float) -> float:
        if piece in _BOLDING:
            return self._total(_Style(style.level, BOLD))
        if piece in _UPRIGHT:
            return self._total(_Style(style.level, ROMAN)) * (BOLDER if style.font == BOLD else 1.0)
        if piece in _ROUND:
            return max(self._total(style), scale * _ROUND[piece])
        if piece in _PLAIN:
            return self._total(style)
        if piece == r"\penalty":
            while self._peek().isdigit():
                self._take()
            return 0.0
        known = greek(piece[1:], style.font)
        return scale * (_expanded(piece, style.font) if known is None else known)

    def _words(self, piece: str) -> float:
        if piece == r"\sxsized":
            return float(self._argument()) * self._total(_Style(0, self._style.font))
        place = self._offset
        self._skip()
        wide = self._total(_Style(self._style.level, ROMAN))
        inside = self._latex[place : self._offset]
        return wide + _SCALES[self._style.level] * 0.334 * len(re.findall(r"(?<=\S)\s+(?=\S)", inside))

    def _argument(self) -> str:
        """Read a group, and return what stands in it."""
        place = self._offset
        self._total(self._style)
        return self._latex[place : self._offset].strip("{} ")

    def _big(self, piece: str) -> tuple[str, float]:
        sign = self._take()
        small, large = _BIG_SIZES.get(sign, (0.556, 0.556) if "Vert" in sign else (0.334, 0.334))
        kind = {"l": OPEN, "r": CLOSE}.get(piece[-1], ORD)
        return kind, large if _BIG[piece] else small

    def _matrix(self) -> float:
        """Read an environment of rows and columns, and return the width of its widest row."""
        name, rows, total, columns = self._argument(), [0.0], 0.0, 1
        small = name == "smallmatrix"
        inner = _Style(2 if small else 1, self._style.font)
        outer, self._style = self._style, inner
        while (piece := self._peek()) and piece != r"\end":
            if piece in ("&", "\\\\", r"\cr"):
                self._take()
                columns = max(columns, len(rows) + 1) if piece == "&" else columns
                total, rows = (total, [*rows, 0.0]) if piece == "&" else (max(total, sum(rows)), [0.0])
            elif piece.isspace():
                self._take()
            else:
                _, kind, wide = self._nucleus()
                rows[-1] += self._with_scripts("", kind, wide)[0]
        self._take()
        self._argument()
        self._style = outer
        return max(total, sum(rows)) + (columns - 1) * (0.6 if small else 1.0) + 0.34

    def _with_scripts(self, name: str, kind: str, wide: float) -> tuple[float, str]:
        """Read what is raised and lowered behind an atom; a sum of a display has it above and below."""
        above = below = 0.0
        style = self._style.script()
        seen = False
        while True:
            if self._peek().isspace() and self._tokens[self._place + 1] in ("^", "_"):
                self._take()
            if self._peek() == "'":
                self._take()
                above += 0.24
            elif self._peek() == "^":
                self._take()
                above += self._total(style)
            elif self._peek() == "_":
                self._take()
                below += self._total(style)
            else:
                break
            seen = True
        if not seen:
            return wide, kind
        if name == r"\underbrace" or (name == r"\sum" and self._style.level == 0):
            return max(wide, above, below), kind
        return wide + max(above, below) + _SCRIPT_SPACE, kind


def _spaced(found: list[Atom], level: int) -> list[Atom]:
    """Return the atoms with spaces ahead of them, and signs that have only one side as letters."""
    spaced: list[Atom] = []
    previous = ""
    for place, atom in enumerate(found):
        kind = atom.kind
        if kind == SPACE:
            spaced.append(atom)
            continue
        if kind == BIN:
            following = next((other.kind for other in found[place + 1 :] if other.kind != SPACE), "")
            if previous in ("", BIN, OP, REL, OPEN, PUNCT) or following in ("", REL, CLOSE, PUNCT):
                kind = ORD
        space = _SPACING.get(previous, {}).get(kind, 0.0)
        if level >= 2:
            space = _THIN if OP in (previous, kind) and space == _THIN else 0.0
        spaced.append(atom._replace(kind=kind, space=space))
        previous = kind
    return spaced


@cache
def _expanded(command: str, font: str) -> float:
    if command == r"\sxcomix":
        return width(r"(1-\sxmix)")
    found = expansions().get(command)
    if found is None:
        return LETTER
    return sum(atom.space + atom.width for atom in _Measure(found[0], _Style(font=font)).line())
