"""Tokens of a derivation in text, each with its line and column; what is no token is an error there.

A name is an ASCII letter, then letters, digits and ``_``, then accents: ``z_+``, ``e-``, ``u~``, ``z'``. A + or - right
behind a name is its accent only where such a name is declared: in ``e-b`` it is a minus unless ``e-`` is a name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeGuard

from symmix.errors import SymmixError
from symmix.reading.spellings import spelling
from symmix.terms.names import MAX_NAME

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_ACCENT = re.compile(r"([+~-]?)('*)")
_OPENING, _CLOSING = ("(", "[", "{"), (")", "]", "}")
NORMS = ("|^2", "|_2^2", "|_F^2")  # what ends a norm: any one, one of a column alone, one of a matrix, too
_OTHER = re.compile(r"\d+|:=|->|<=|>=|!=|\|(?:_[2F])?\^2(?!\d)|[-+*/^()\[\]{}|,:=<>_]")


@dataclass(frozen=True)
class Place:
    """A line and a column, both from 1 on."""

    line: int
    column: int


class ReadingError(SymmixError):
    """A text, or a line of it, that is not understood: nothing is guessed."""

    def __init__(self, place: Place, required: str, arrived: str, remedy: str) -> None:
        super().__init__(required, arrived, remedy)
        self.place = place


class ShapeError(ReadingError):
    """What is read is understood, but its shapes do not fit."""


@dataclass(frozen=True)
class Token:
    """A piece of text; ``spaced`` says that white space stands before it."""

    text: str
    place: Place
    spaced: bool

    @property
    def is_name(self) -> bool:
        """Whether it is a name."""
        return self.text[:1].isalpha()

    @property
    def is_number(self) -> bool:
        """Whether it is a whole number."""
        return self.text[:1].isdigit()

    @property
    def nesting(self) -> int:
        """How many brackets it opens: 1, -1 if it closes one, else 0."""
        return (self.text in _OPENING) - (self.text in _CLOSING)


def closing(found: Sequence[Token], at: int, opening: Sequence[str] = (), closed: Sequence[str] = ()) -> int | None:
    """Return where the bracket at a place is closed, among brackets of all kinds or of some; None if it is not."""
    depth = 0
    for place in range(at, len(found)):
        token = found[place]
        depth += (token.text in opening) - (token.text in closed) if opening else token.nesting
        if depth == 0:
            return place
    return None


def joined(found: Sequence[Token]) -> str:
    """Return tokens as one would write them."""
    text, before = "", ""
    for token in found:
        close = before in ("", *_OPENING, "^", "|", "_", "/") or token.text in (*_CLOSING, *NORMS, "^", ",", "_", "/")
        close = close or not token.spaced
        close = close or (before == "-" and text == "-")
        text, before = text + ("" if close else " ") + token.text, token.text
    return text


Known = Callable[[str], bool]  # whether a name is declared


def lines_of(text: str) -> list[str]:
    """Return the lines of a text as editors count them: a form feed in a comment ends none."""
    lines = re.split(r"\r\n|\r|\n", text)
    return lines if lines[-1] else lines[:-1]


def tokens(line: str, number: int, known: Known, begin: int = 0) -> list[Token]:
    """Return the tokens of a line, from a column on, without the end mark.

    Raises
    ------
    ReadingError
        At the first character that begins no token.
    """
    found: list[Token] = []
    at, spaced = begin, False
    while at < len(line):
        if line[at] in " \t":
            at, spaced = at + 1, True
            continue
        place = Place(number, at + 1)
        text = _token(line, at, known)
        if _is_open_to_both(text, line, at, known):
            base, sign = text[:-1], text[-1]
            remedy = f"write {text} and a space for the name {text}, or {base} {sign} with spaces for a {sign}"
            raise ReadingError(place, f"one meaning of {text}, which is declared as {base} is", line[at:][:20], remedy)
        if text is None:
            what = "whole numbers and fractions" if line[at] == "." else "ASCII mathematics"
            raise ReadingError(place, what, f"the character {line[at]!r}", spelling(line, at))
        if text[0].isalpha() and len(text) > MAX_NAME:
            raise ReadingError(place, f"names of at most {MAX_NAME} characters", f"{text[:20]}...", "rename it")
        if len(text) > MAX_NAME:
            raise ReadingError(place, f"numbers of at most {MAX_NAME} digits", f"{text[:20]}...", "name it")
        found.append(Token(text, place, spaced))
        at, spaced = at + len(text), False
    return found


def _token(line: str, at: int, known: Known) -> str | None:
    if (name := _NAME.match(line, at)) is not None:
        return _name(name.group(), line, name.end(), known)
    other = _OTHER.match(line, at)
    return other.group() if other else None


def _name(base: str, line: str, end: int, known: Known) -> str:
    """Return a name with its accents; a sign is one where a name with it is declared, also behind the d of dz."""
    accent = _ACCENT.match(line, end)
    sign, primes = accent.groups() if accent else ("", "")
    whole = base + sign + primes
    return whole if sign in ("", "~") or _is_known(whole, known) else base


def _is_known(name: str, known: Known) -> bool:
    return known(name) or (name.startswith("d") and known(name[1:]))


def _is_open_to_both(text: str | None, line: str, at: int, known: Known) -> TypeGuard[str]:
    """Whether a name ends with a sign that may as well stand between two others: ``e-b``, where e is declared, too."""
    if not text or text[-1] not in "+-" or not text[0].isalpha() or not _is_known(text[:-1], known):
        return False
    behind = line[at + len(text) :]
    return behind[:1].isalnum() or behind[:1] == "(" or (behind[:1] == "|" and not behind.startswith(NORMS))
