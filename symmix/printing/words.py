"""Words with ASCII mathematics in them, for the web: ``the weights lam and 1-lam`` with its formulas as MathML.

Where formulas stand in words is found by :mod:`symmix.printing.prose`. Here each is written as presentation MathML
from its letters: names, scripts, fractions of numbers, bars and signs in their order, without a guess at what is
multiplied or applied. A formula in words proves nothing; what is decided is written from the trees.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from html import escape

from symmix.legend import legend
from symmix.printing.glyphs import GREEK, glyph, plain
from symmix.printing.mathml import grouped, inline, raised
from symmix.printing.prose import Prose
from symmix.printing.spelling import mathml
from symmix.printing.symbols import Axes

_SIGNS = {"!=": "≠", "<=": "≤", ">=": "≥", "->": "→", "*": "⋅", "-": "−", "...": "…"}
_WORDS = {"R": "ℝ", "sum": "∑", "kron": "⊗", "o": "∘"}
_OPERATORS = ("sum", "kron", "o")
_TOKEN = re.compile(
    r"(?P<space>\s+)|d(?P<of>L|l'?|G)/d(?P<by>[A-Za-z]+'?)|(?P<partial>\bd(?=\())|(?P<over>(?<=\))/d(?=\w))"
    r"|\^(?P<up>T|-?\w|\([^()]*\))"
    r"|_(?P<down>\+|[A-Za-z0-9]{1,2}(?![A-Za-z0-9_]))|(?<=[A-DF-Za-z'])\[(?P<entry>[\w, :]+)\]"
    r"|(?P<ratio>\d+/\d+(?![\d(a-z]))|(?P<number>\d+(?:\.\d+)?)|(?P<mean>\bE(?=[ \[|]))"
    r"|(?P<name>[A-Za-z]+~?'*)|(?P<sign>!=|<=|>=|->|\.\.\.|[-+/*=<>()\[\],;!])|(?P<bar>\|\|?)"
)
_MATRIX = re.compile(r"\[\[(.*?)\], \[(.*?)\]\]")
_SPACE = '<mspace width="0.22em"></mspace>'
_OPEN, _CLOSE = '<mo stretchy="false">(</mo>', '<mo stretchy="false">)</mo>'
_BREAKS = ("=", "+", "-", "!=", "<=", ">=", "<", ">", "->")
_SPACED = tuple(
    f"<mo{look}>{escape(_SIGNS.get(sign, sign), quote=False)}</mo>"
    for sign in _BREAKS
    for look in ("", ' form="infix"')
)
_LONG = 24  # letters of a formula that may be parted where a line ends


@dataclass(frozen=True)
class WebProse(Prose):
    """Turns words into HTML with MathML.

    Parameters
    ----------
    axes
        The sizes of the theorem's symbols, by name.
    own
        Names of symbols that are not the legend's, although they look it.
    spelling
        LaTeX for symbols of the theorem, by name.
    """

    axes: Mapping[str, Axes] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    spelling: Mapping[str, str] = field(default_factory=dict)

    def formula(self, core: str, latex: str) -> str:
        """Return a formula as MathML, a long one in pieces, between which a line may end; a number stays a word."""
        del latex
        if re.fullmatch(r"[\d.,]+", core):
            return core
        pieces = _Formula(self, re.sub(r"\b11\^T", "1 1^T", core), parted=len(core) > _LONG).pieces()
        return "<wbr>".join(map(inline, pieces))

    @cached_property
    def shapes(self) -> Mapping[str, Axes]:
        """The names that may stand in a formula, the theorem's before the legend's."""
        return {**{entry.name: entry.axes for entry in legend()}, **self.axes}

    @cached_property
    def known(self) -> re.Pattern[str]:
        """Finds the longest of these names; single letters are found as such."""
        names = sorted((name for name in self.shapes if len(name) > 1 and name != "JZ"), key=len, reverse=True)
        ends = [rf"{re.escape(n)}(?![A-Za-z0-9{'(' if n.endswith('-') else chr(39) + '~'}])" for n in names]
        return re.compile("|".join(ends))

    def symbol(self, name: str) -> str:
        """Return a name: the theorem's, the legend's, a letter with its accents, or a word."""
        if written := mathml(self.spelling.get(name, "")):
            return written
        base = name.rstrip("~'")
        axes = self.shapes.get(name, self.shapes.get(base, ()))
        if name in self.shapes or base in GREEK or (len(base) == 1 and base not in _WORDS):
            return glyph(name, axes, own=name in self.own)
        return plain(_WORDS.get(name, name), "mo" if name in _OPERATORS else "mi")


class _Formula:
    """One formula on its way from letters to elements."""

    def __init__(self, prose: WebProse, text: str, *, parted: bool = False) -> None:
        self.prose, self.text, self.parted = prose, text, parted
        self.done: list[str] = []  # pieces behind which a line may end
        self.row: list[str] = []
        self.depth = self.bars = 0

    def pieces(self) -> list[str]:
        """Return the formula in rows of elements."""
        place = 0
        while place < len(self.text):
            place = self._next(place)
        return [*self.done, "".join(self.row)]

    def _next(self, place: int) -> int:
        """Write what stands at a place, and return the place behind it."""
        matrix = _MATRIX.match(self.text, place)
        if matrix is not None:
            self.row.append(self._matrix(matrix[1], matrix[2]))
            return matrix.end()
        begins = place == 0 or not self.text[place - 1].isalpha()
        name = self.prose.known.match(self.text, place) if begins else None
        if name is not None:
            self.row.append(self.prose.symbol(name.group()))
            return name.end()
        token = _TOKEN.match(self.text, place)
        if token is None:
            self.row.append(plain(self.text[place], "mo"))
            return place + 1
        self._take(token)
        return token.end()

    def _take(self, token: re.Match[str]) -> None:
        match token.lastgroup, token.group():
            case "by", _:
                by = grouped(self.prose.symbol(token["by"]))
                self.row += [f"<msub><mo>∇</mo>{by}</msub>", self.prose.symbol(token["of"])]
            case "up", _:
                self._script("msup", self._inner(token["up"].strip("()")))
            case "down" | "entry" as kind, _:
                parts = re.findall(r"[A-Za-z]|\d+|[+:,]", token[kind])
                self._script("msub", "".join(map(_index, parts)))
            case "sign", text:
                self._sign(text)
            case "bar", _:
                self.bars += 1
                form = "prefix" if self.bars % 2 else "postfix"
                self.row.append(f'<mo form="{form}" stretchy="false">‖</mo>')
            case "space", _ if self.row and self.row[-1] in _SPACED:
                pass  # the sign before it brings its own space
            case kind, text:
                self.row.append(self._simple(str(kind), text))

    def _simple(self, kind: str, text: str) -> str:
        match kind:
            case "name":
                return self.prose.symbol(text)
            case "ratio":
                above, below = map(plain, text.split("/"))
                return f"<mfrac>{above}{below}</mfrac>"
            case "number":
                return plain(text)
        return {"space": _SPACE, "partial": "<mo>∂</mo>", "over": "<mo>/</mo><mo>∂</mo>", "mean": "<mi>𝔼</mi>"}[kind]

    def _inner(self, text: str) -> str:
        return '<mo lspace="0" rspace="0">⊤</mo>' if text == "T" else "".join(_Formula(self.prose, text).pieces())

    def _sign(self, text: str) -> None:
        self.depth += (text in ("(", "[")) - (text in (")", "]"))
        look = ' stretchy="false"' if text in ("(", ")", "[", "]") else ""
        if text in _BREAKS and self.row[-1:] == [_SPACE]:
            self.row.pop()  # the sign has a space of its own
        if self.parted and text in _BREAKS and self.row and self.depth == 0 and self.bars % 2 == 0:
            self.done, self.row, look = [*self.done, "".join(self.row)], [], ' form="infix"'
        self.row.append(f"<mo{look}>{escape(_SIGNS.get(text, text), quote=False)}</mo>")

    # -- scripts ---------------------------------------------------------------------------------------------------

    def _script(self, tag: str, script: str) -> None:
        base = self.row.pop() if self.row else "<mrow></mrow>"
        if base == _CLOSE:
            base = self._back_to(base, _OPEN)
        elif "‖" in base:
            base = self._back_to(base, "‖")
        upper = tag == "msup"
        self.row.append(raised(base, grouped(script)) if upper else f"<msub>{grouped(base)}{grouped(script)}</msub>")

    def _back_to(self, closing: str, opening: str) -> str:
        """Return everything from the matching bracket or bar on."""
        taken, depth = [closing], 1
        while self.row and depth:
            piece = self.row.pop()
            depth += (piece == closing and closing == _CLOSE) - (opening in piece)
            taken.insert(0, piece)
        return "".join(taken)

    def _matrix(self, first: str, second: str) -> str:
        rows = "".join(f"<mtr>{self._cells(row)}</mtr>" for row in (first, second))
        return f"<mrow><mo>(</mo><mtable>{rows}</mtable><mo>)</mo></mrow>"

    def _cells(self, row: str) -> str:
        return "".join(f"<mtd>{self._inner(cell)}</mtd>" for cell in row.split(", "))


def _index(part: str) -> str:
    return plain(part, "mn" if part.isdigit() else "mi" if part.isalpha() else "mo")
