r"""A derivation in LaTeX: the formulas that are displayed, and declarations in comments: ``% let W: k x h, z: h``.

Read are ``equation``, ``align``, ``gather``, ``multline`` (with or without a star) and ``\[ ... \]``; a row goes on the
one above if it begins with =, + or -. What stands between displays is prose, and not looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce

from symmix.reading.context import Context
from symmix.reading.declarations import WORDS
from symmix.reading.documents import MAX_LINES, Derivation, Lines, require_short
from symmix.reading.formulas import Formula
from symmix.reading.lexemes import comment, lexemes
from symmix.reading.tokens import Place, ReadingError, Token, closing

_NAMES = ("equation", "align", "gather", "multline", "eqnarray", "flalign", "displaymath")
_DISPLAYS = (*_NAMES, *(f"{name}*" for name in _NAMES))
_INSIDE = frozenset({"aligned", "split", "gathered"})
_LABELS = frozenset({"\\label", "\\tag", "\\ref", "\\eqref", "\\cref"})
_REASONS = frozenset({"\\text", "\\intertext", "\\textrm", "\\mbox"})
_GOES_ON = frozenset({"+", "-", "\\cdot", "\\odot", "\\circ"})


def read_paper(text: str, context: Context | None = None) -> Derivation:
    """Read the displayed formulas of a text in LaTeX, with what its comments declare, and what is declared already."""
    lines = text.splitlines()
    paper = _Paper(Lines(Derivation(lines, context=context or Context()), as_written=False))
    for number, line in enumerate(lines[:MAX_LINES], 1):
        paper.line(number, line)
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
                if self.closing == "$$":
                    self.refuse(Place(number, at - 1), "displays of LaTeX", "$$", "write \\[ ... \\]")
            place = body.find(self.closing, at)
            end = place if place >= 0 else len(body)
            self.display.append((number, " " * at + body[at:end]))
            if place < 0:
                break
            if self.closing != "$$":
                _rows(self.reader, self.display, Place(number, place + 1), multline="multline" in self.closing)
            at, self.closing, self.display = place + len(self.closing), "", []

    def refuse(self, place: Place, required: str, arrived: str, remedy: str) -> None:
        """Keep an error."""
        self.reader.drop(ReadingError(place, required, arrived, remedy))


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
    openings |= {f"\\begin{{{name}}}": f"\\end{{{name}}}" for name in _DISPLAYS}
    found = [(place, opening) for opening in openings if (place := _find(body, opening, at)) >= 0]
    if not found:
        return None
    place, opening = min(found)
    return place + len(opening), openings[opening]


def _find(body: str, opening: str, at: int) -> int:
    r"""Return where something begins; ``\\[2pt]`` is a line break."""
    place = body.find(opening, at)
    while place > 0 and opening == "\\[" and body[place - 1] == "\\":
        place = body.find(opening, place + 1)
    return place


def _rows(reader: Lines, display: Sequence[tuple[int, str]], end: Place, *, multline: bool) -> None:
    """Read the rows of a display, each a statement, or what goes on of one."""
    reader.end()
    rows = list(_split(lexemes(display)))
    if multline:  # which is one formula in several rows
        rows = [reduce(_Row.followed_by, rows)]
    for whole in _whole(rows):
        row, context = list(whole.lexemes), reader.derivation.context
        while row and row[-1].text in (",", ".", ";"):
            row.pop()
        try:
            found = Formula(row, context, end).tokens()
        except ReadingError as error:
            reader.drop(error)
            continue
        if found:
            reader.statement(found, whole.reason, end)
    reader.close()


@dataclass(frozen=True)
class _Row:
    """What stands in a row, or in two columns of it; ``aligned`` says that it begins behind an &."""

    lexemes: list[Token]
    reason: str = ""
    aligned: bool = False

    @property
    def goes_on(self) -> bool:
        """Whether it goes on the row above: a row with = of its own that begins with a sign is a new one."""
        if not self.lexemes or self.lexemes[0].text not in _GOES_ON:
            return False
        return self.aligned or all(token.text != "=" for token in self.lexemes)

    def followed_by(self, other: _Row) -> _Row:
        """Return both as one."""
        words = " ".join(filter(None, (self.reason, other.reason)))
        return _Row([*self.lexemes, *other.lexemes], words, self.aligned)


def _split(found: Sequence[Token]) -> Iterator[_Row]:
    """Run through the rows between line breaks; a row has an equation in every two columns."""
    cells: list[list[Token]] = [[]]
    at = 0
    while at < len(found):
        text = found[at].text
        if text == "\\\\":
            yield from _paired(cells)
            cells, at = [[]], _behind_break(found, at + 1)
        elif text == "&":
            cells.append([])
            at += 1
        elif text in _LABELS or (text in ("\\begin", "\\end") and _group(found, at + 1)[0] in _INSIDE):
            at = _group(found, at + 1)[1]
        else:
            cells[-1].append(found[at])
            at += 1
    yield from _paired(cells)


def _paired(cells: Sequence[list[Token]]) -> Iterator[_Row]:
    r"""Run through the equations of a row: ``a &= b & c &= d`` has two, ``a & = & b`` (of an eqnarray) has one."""
    if any([token.text for token in cell] == ["="] for cell in cells):
        cells = [[token for cell in cells for token in cell]]
    row: _Row | None = None
    for place in range(0, len(cells), 2):
        aligned = not cells[place] and place + 1 < len(cells)
        body, reason = _reasoned([token for cell in cells[place : place + 2] for token in cell])
        if body and row is not None:
            yield row
            row = None
        row = _Row(body, reason, aligned) if row is None else row.followed_by(_Row(body, reason))
    if row is not None:
        yield row


def _reasoned(found: Sequence[Token]) -> tuple[list[Token], str]:
    """Return a formula without the words at its end, and these; words inside of a formula stay where they are."""
    at, words, begin = 0, list[str](), len(found)
    while at < len(found):
        if found[at].text in _REASONS:
            begin = at if not words else begin
            said, at = _group(found, at + 1)
            words.append(said)
        else:
            if found[at].text not in (",", ".", ";"):
                words, begin = [], len(found)
            at += 1
    return list(found[:begin]), " ".join(words)


def _behind_break(found: Sequence[Token], at: int) -> int:
    r"""Return where the next row begins: ``\\[2pt]`` says how far below."""
    if at < len(found) and found[at].text == "[" and not _apart(found[at - 1], found[at]):
        return next((place + 1 for place in range(at, len(found)) if found[place].text == "]"), at)
    return at


def _apart(one: Token, other: Token) -> bool:
    """Whether there is room between two lexemes, or another line."""
    return one.place.line != other.place.line or one.place.column + len(one.text) < other.place.column


def _group(found: Sequence[Token], at: int) -> tuple[str, int]:
    """Return the text of a group, and where it ends."""
    end = closing(found, at, "{", "}")
    end = len(found) if end is None else end + 1
    return _spoken(found[at + 1 : end - 1]), end


def _spoken(found: Sequence[Token]) -> str:
    """Return words: letters that stand side by side on their line are one."""
    said, before = "", None
    for token in found:
        said += (" " if before is not None and _apart(before, token) else "") + token.text
        before = token
    return said


def _whole(rows: Iterable[_Row]) -> Iterator[_Row]:
    """Put rows that go on behind those that they go on."""
    before: _Row | None = None
    for row in rows:
        if before is not None and (row.goes_on or not row.lexemes):
            before = before.followed_by(row)
            continue
        if before is not None and before.lexemes:
            yield before
        before = row
    if before is not None and before.lexemes:
        yield before
