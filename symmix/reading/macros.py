r"""Macros of a paper, ``\newcommand{\vx}{\mathbf{x}}``, put in the place of their names before anything is read.

Read are ``\newcommand``, ``\renewcommand``, ``\providecommand``, ``\def`` and ``\DeclareMathOperator``, with arguments
#1 to #9. A macro with two meanings, or with an optional argument, is none: its name is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from symmix.reading.tokens import Place, ReadingError, Token, closing

_DEFINING = frozenset({"\\newcommand", "\\renewcommand", "\\providecommand", "\\DeclareMathOperator"})
_MOST = 20_000  # lexemes of one display when every macro is written out
_DEEPEST = 20


@dataclass(frozen=True)
class Macro:
    """What a name stands for, and how many arguments it has."""

    arguments: int
    body: tuple[Token, ...]

    def is_like(self, other: Macro) -> bool:
        """Whether both stand for the same."""
        return self.arguments == other.arguments and [x.text for x in self.body] == [x.text for x in other.body]


def macros(found: Sequence[Token]) -> dict[str, Macro]:
    """Return the macros that lexemes of a whole paper define."""
    known: dict[str, Macro | None] = {}
    at = 0
    while at < len(found):
        text, at = found[at].text, at + 1
        read = _defined(found, at, text) if text in _DEFINING else _def(found, at) if text == "\\def" else None
        if read is not None:
            name, macro, at = read
            before = known.get(name)
            same = macro is not None and before is not None and before.is_like(macro)
            known[name] = macro if name not in known or same else None
    return {name: macro for name, macro in known.items() if macro is not None}


def _defined(found: Sequence[Token], at: int, word: str) -> tuple[str, Macro | None, int] | None:
    r"""Read what stands behind ``\newcommand``."""
    at += _text(found, at) == "*"
    braced = _text(found, at) == "{"
    name, at = _text(found, at + braced), at + 1 + 2 * braced
    count, optional = 0, False
    while _text(found, at) == "[":
        end = closing(found, at)
        if end is None:
            return None
        if count or not _text(found, at + 1).isdigit():
            optional = True
        else:
            count = int(_text(found, at + 1)[:2])
        at = end + 1
    end = closing(found, at, "{", "}") if _text(found, at) == "{" else None
    if end is None or not name.startswith("\\"):
        return None
    body = tuple(found[at + 1 : end])
    if word == "\\DeclareMathOperator":
        place = found[at].place
        body = (Token("\\operatorname", place, spaced=True), *found[at : end + 1])
    return name, None if optional else Macro(count, body), end + 1


def _def(found: Sequence[Token], at: int) -> tuple[str, Macro | None, int] | None:
    r"""Read what stands behind ``\def``: a name, ``#1#2...``, and a group."""
    name, at = _text(found, at), at + 1
    count = 0
    while _text(found, at) == "#" and _text(found, at + 1) == str(count + 1):
        count, at = count + 1, at + 2
    end = closing(found, at, "{", "}") if _text(found, at) == "{" else None
    if end is None or not name.startswith("\\"):
        return None
    return name, Macro(count, tuple(found[at + 1 : end])), end + 1


def expanded(found: Sequence[Token], known: Mapping[str, Macro]) -> list[Token]:
    """Return lexemes with what macros stand for in their places, where the name of the macro stands.

    Raises
    ------
    ReadingError
        Where an argument is missing, or they expand to far too much.
    """
    written: list[Token] = []
    open_ = [(token, 0) for token in reversed(found)]
    while open_:
        token, depth = open_.pop()
        macro = known.get(token.text)
        if len(written) + len(open_) > _MOST or depth > _DEEPEST:
            raise ReadingError(token.place, f"macros that stand for at most {_MOST} signs", "more", "write them out")
        if macro is None:
            written.append(token)
            continue
        arguments = [_argument(open_, token) for _ in range(macro.arguments)]
        open_ += [(part, depth + 1) for part in reversed(_filled(macro, arguments, token.place))]
    return written


def _argument(open_: list[tuple[Token, int]], name: Token) -> list[Token]:
    """Take the next argument from what is still to be read."""
    if not open_:
        raise ReadingError(name.place, "an argument of this macro", "the end of the formula", "write it out")
    first = open_.pop()[0]
    if first.text != "{":
        return [first]
    depth, inside = 1, list[Token]()
    while open_:
        token = open_.pop()[0]
        depth += (token.text == "{") - (token.text == "}")
        if depth == 0:
            return inside
        inside.append(token)
    raise ReadingError(first.place, "a } for this {", "the end of the formula", "close it")


def _filled(macro: Macro, arguments: Sequence[Sequence[Token]], place: Place) -> list[Token]:
    """Return what a macro stands for: its own signs stand where its name does, arguments where they are."""
    written: list[Token] = []
    at = 0
    while at < len(macro.body):
        token = macro.body[at]
        number = _text(macro.body, at + 1)
        if token.text == "#" and number[:1].isdigit() and 0 < int(number[0]) <= len(arguments):
            written += arguments[int(number[0]) - 1]
            if number[1:]:
                written.append(Token(number[1:], place, spaced=True))
            at += 2
        else:
            written.append(Token(token.text, place, token.spaced))
            at += 1
    return written


def _text(found: Sequence[Token], at: int) -> str:
    return found[at].text if at < len(found) else ""
