r"""A derivation in LaTeX: the formulas that are displayed, and declarations in comments: ``% let W: k x h, z: h``.

Read are ``equation``, ``align``, ``gather``, ``multline`` (with or without a star), ``\[ ... \]`` and ``$$ ... $$``.
A row goes on the one above if it begins with =, + or -, and so does a display that begins with =. What stands between
displays is prose, and not looked at; nor is what is not typeset, see :mod:`symmix.reading.typeset`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from itertools import zip_longest

from symmix.reading.context import Context
from symmix.reading.declarations import WORDS
from symmix.reading.documents import MAX_LINES, Derivation, Lines, require_short
from symmix.reading.formulas import Formula
from symmix.reading.lexemes import comment, lexemes
from symmix.reading.macros import Macro, expanded, macros
from symmix.reading.rows import (
    DISPLAYS,
    Row,
    apart_by_quads,
    defining,
    divided,
    is_open,
    is_parted,
    split,
    whole,
)
from symmix.reading.tokens import Place, ReadingError, Token, lines_of
from symmix.reading.typeset import typeset

_UNREAD = ("IEEEeqnarray", "IEEEeqnarray*", "dmath", "dmath*", "darray", "empheq", "math")  # other displays


def read_paper(text: str, context: Context | None = None) -> Derivation:
    """Read the displayed formulas of a text in LaTeX, with what its comments declare, and what is declared already."""
    lines = lines_of(text)
    shown, open_ends = typeset(lines[:MAX_LINES])
    known = macros(lexemes(list(enumerate(shown, 1))))
    paper = _Paper(Lines(Derivation(lines, context=context or Context()), as_written=False), known)
    for number, line in enumerate(shown, 1):
        paper.line(number, line)
    for error in open_ends:
        paper.reader.drop(error)
    if paper.closing:
        paper.refuse(Place(len(lines), 1), f"{paper.closing} of the last display", "the end of the text", "close it")
    if len(lines) > MAX_LINES:
        paper.refuse(Place(MAX_LINES, 1), f"at most {MAX_LINES} lines", f"{len(lines)}", "check it in parts")
    paper.reader.end()
    paper.reader.finished()
    return paper.reader.derivation


@dataclass
class _Paper:
    """Goes through the lines: ``closing`` is what closes the display that is open, ``display`` what it has so far."""

    reader: Lines
    macros: Mapping[str, Macro]
    closing: str = ""
    display: list[tuple[int, str]] = field(default_factory=list)

    def line(self, number: int, line: str) -> None:
        """Read a line: what it declares, and the displays that begin or end in it."""
        if (declaration := _declaration(line)) is not None:
            self.reader.line(number, declaration)
            return
        try:
            require_short(line, number)
        except ReadingError as error:
            self.reader.drop(error)
            return
        body, at = line[: comment(line)], 0
        while True:
            if not self.closing:
                opened = _opened(body, at)
                if opened is None:
                    break
                at, self.closing = opened
                self._require_read(Place(number, at))
            place = body.find(self.closing, at)
            end = place if place >= 0 else len(body)
            self.display.append((number, " " * at + body[at:end]))
            if place < 0:
                break
            if self._is_read:
                self._rows(Place(number, place + 1))
            at, self.closing, self.display = place + len(self.closing), "", []

    @property
    def _is_read(self) -> bool:
        return self.closing not in [f"\\end{{{name}}}" for name in _UNREAD]

    def _require_read(self, place: Place) -> None:
        """Refuse a display of a kind that is not read."""
        name = self.closing.removeprefix("\\end{").removesuffix("}")
        if name in _UNREAD:
            self.refuse(place, "equation, align, gather, multline or \\[ \\]", name, "write align")

    def _rows(self, end: Place) -> None:
        """Read the rows of the display, each a statement, or what goes on of one."""
        if "alignat" in self.closing and self.display[0][1].lstrip().startswith("{"):
            number, line = self.display[0]  # of how many columns
            begin = line.find("}") + 1
            self.display[0] = number, " " * begin + line[begin:]
        try:
            found = expanded(lexemes(self.display), self.macros)
        except ReadingError as error:
            self.reader.drop(error)
            return
        rows = list(split(found))
        if "multline" in self.closing and rows:  # which is one formula in several rows
            rows = [reduce(Row.followed_by, rows)]
        if not rows or rows[0].lexemes[:1] == [] or rows[0].lexemes[0].text != "=":
            self.reader.close()
        formulas = [formula for row in whole(rows) for formula in apart_by_quads(row)]
        for formula, following in zip_longest(formulas, formulas[1:]):
            goes_on = following is not None and following.lexemes[0].text == "="
            try:
                self._formula(formula, end, goes_on=goes_on)
            except ReadingError as error:
                self._sides(formula, end, error)
        self.reader.end()

    def _sides(self, row: Row, end: Place, error: ReadingError) -> None:
        """Read a row of which something is not understood side by side, as far as it is a chain.

        Where words or other signs stand in it, what stands behind them may be about something else.
        """
        sides = list(divided(row.lexemes))
        if len(sides) == 1 or defining(row.lexemes) is not None:
            self.reader.unread(error, goes_on=row.lexemes[0].text == "=")
            return
        is_chain = not is_parted(row.lexemes)
        for sign, side in sides:
            try:
                found = Formula(side, self.reader.derivation.context, end).tokens()
            except ReadingError as its_own:
                self.reader.unread(its_own, goes_on=bool(sign))
                if not is_chain:
                    break
            else:
                if sign or found:
                    self.reader.statement([*sign, *found], row.reason, end)

    def _formula(self, row: Row, end: Place, *, goes_on: bool) -> None:
        """Read a row; whether the next one ``goes_on`` with it matters to a definition, which may begin a chain."""
        found, context = row.trimmed, self.reader.derivation.context
        sign = defining(found)
        written: Sequence[Token]
        if sign is None:
            written = Formula(found, context, end).tokens()
        else:
            place, width = sign
            name = Formula(found[:place], context, found[place].place).defined()
            written = [name, replace(found[place], text="="), *Formula(found[place + width :], context, end).tokens()]
            if not _is_defined(name.text, context):
                written = self._definition(written, end, goes_on=goes_on)
        if written:
            self.reader.statement(written, row.reason, end)

    def _definition(self, found: Sequence[Token], end: Place, *, goes_on: bool) -> Sequence[Token]:
        """Define a name as the first of what it is said to equal, and return the chain that this begins, or nothing."""
        ends = [place for place in range(2, len(found)) if found[place].text == "=" and not is_open(found[2:place])]
        value = found[2 : ends[0]] if ends else found[2:]
        self.reader.statement([found[0], replace(found[1], text=":="), *value], "", end)
        return found if (ends or goes_on) and _is_defined(found[0].text, self.reader.derivation.context) else []

    def refuse(self, place: Place, required: str, arrived: str, remedy: str) -> None:
        """Keep an error."""
        self.reader.drop(ReadingError(place, required, arrived, remedy))


def _is_defined(name: str, context: Context) -> bool:
    """Whether a name stands for something already, so that ``:=`` repeats what is known."""
    return name in context.symbols and context.defined(context.symbols[name]) is not None


def _declaration(line: str) -> str | None:
    """Return the line with spaces for its comment sign if the comment declares something."""
    place = comment(line)
    said = line[place:].lstrip("% ")
    if line[:place].strip() or not said or not (said.split()[0] in WORDS or ":=" in said):
        return None
    return " " * (len(line) - len(said)) + said


def _opened(body: str, at: int) -> tuple[int, str] | None:
    """Return where the first display of a line begins behind its opening, and what closes it."""
    openings = {"\\[": "\\]", "$$": "$$"}
    openings |= {f"\\begin{{{name}}}": f"\\end{{{name}}}" for name in (*DISPLAYS, *_UNREAD)}
    found = [(place, opening) for opening in openings if (place := _find(body, opening, at)) >= 0]
    if not found:
        return None
    place, opening = min(found)
    return place + len(opening), openings[opening]


def _find(body: str, opening: str, at: int) -> int:
    r"""Return where something begins; ``\\\\[2pt]`` is a line break, and of ``$a$$b$`` the middle is no display."""
    place = body.find(opening, at)
    while place > 0 and (
        (opening == "\\[" and body[place - 1] == "\\") or (opening == "$$" and _is_inside_of_text(body[at:place]))
    ):
        place = body.find(opening, place + 1)
    return place


def _is_inside_of_text(before: str) -> bool:
    """Whether a formula in the text is open behind something, or a dollar is meant."""
    return before.endswith("\\") or (before.count("$") - before.count("\\$")) % 2 == 1
