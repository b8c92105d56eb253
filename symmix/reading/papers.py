r"""A derivation in LaTeX: the formulas that are displayed, and declarations in comments: ``% let W: k x h, z: h``.

Read are ``equation``, ``align``, ``gather``, ``multline`` (with or without a star) and ``\[ ... \]``; a row goes on the
one above if it begins with =, + or -. What stands between displays is prose, and not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from symmix.reading.context import Context
from symmix.reading.declarations import WORDS
from symmix.reading.documents import MAX_LINE, MAX_LINES, Derivation, Lines
from symmix.reading.formulas import Formula
from symmix.reading.lexemes import comment, lexemes
from symmix.reading.tokens import Place, ReadingError, Token

_NAMES = ("equation", "align", "gather", "multline", "eqnarray", "flalign", "displaymath")
_DISPLAYS = (*_NAMES, *(f"{name}*" for name in _NAMES))
_INSIDE = frozenset({"aligned", "split", "gathered"})
_LABELS = frozenset({"\\label", "\\tag", "\\ref", "\\eqref", "\\cref"})
_REASONS = frozenset({"\\text", "\\intertext", "\\textrm", "\\mbox"})
_GOES_ON = frozenset({"+", "-", "\\cdot", "\\odot", "\\circ"})


def read_paper(text: str, context: Context | None = None) -> Derivation:
    """Read the displayed formulas of a text in LaTeX, with what its comments declare, and what is declared already."""
    lines = text.splitlines()
    paper = _Paper(Lines(Derivation(lines, context=context or Context())))
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
        if len(line) > MAX_LINE:
            self.refuse(Place(number, MAX_LINE), f"at most {MAX_LINE} characters a line", f"{len(line)}", "break it")
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
                _rows(self.reader, self.display, Place(number, place + 1))
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


def _rows(reader: Lines, display: Sequence[tuple[int, str]], end: Place) -> None:
    """Read the rows of a display, each a statement, or what goes on of one."""
    reader.end()
    for row, reason in _whole(_split(lexemes(display))):
        context = reader.derivation.context
        while row and row[-1].text in (",", ".", ";"):
            row.pop()
        try:
            found = Formula(row, context, end).tokens()
        except ReadingError as error:
            reader.drop(error)
            continue
        if found:
            reader.statement(found, reason, end)
    reader.close()


Row = tuple[list[Token], str]


def _split(found: Sequence[Token]) -> Iterator[Row]:
    """Run through the rows between line breaks, with the words in them as reasons; labels are left out."""
    row, words, at = list[Token](), list[str](), 0
    while at < len(found):
        text = found[at].text
        if text == "\\\\":
            yield row, " ".join(words)
            row, words, at = [], [], _behind_break(found, at + 1)
        elif (text in ("\\begin", "\\end") and _group(found, at + 1)[0] in _INSIDE) or text in _LABELS:
            at = _group(found, at + 1)[1]
        elif text in _REASONS:
            said, at = _group(found, at + 1)
            words.append(said)
        else:
            row.append(found[at])
            at += 1
    yield row, " ".join(words)


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
    begin, depth = at, 0
    while at < len(found):
        depth += (found[at].text == "{") - (found[at].text == "}")
        at += 1
        if depth == 0:
            break
    return _spoken(found[begin + 1 : at - 1]), at


def _spoken(found: Sequence[Token]) -> str:
    """Return words: letters that stand side by side on their line are one."""
    said, before = "", None
    for token in found:
        said += (" " if before is not None and _apart(before, token) else "") + token.text
        before = token
    return said


def _whole(rows: Iterator[Row]) -> Iterator[Row]:
    """Put rows that begin with an operator behind those that they go on."""
    before: Row | None = None
    for row, words in rows:
        if before is not None and row and row[0].text in _GOES_ON:
            before = ([*before[0], *row], " ".join(filter(None, (before[1], words))))
            continue
        if before is not None and before[0]:
            yield before
        before = (row, words)
    if before is not None and before[0]:
        yield before
