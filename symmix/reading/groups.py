"""Lexemes of LaTeX from left to right: groups, arguments, refusals, tokens that are written where something stands."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import NoReturn, Self

from symmix.reading.context import Context
from symmix.reading.tokens import Place, ReadingError, Token, closing

FONTS = frozenset({"\\mathbf", "\\boldsymbol", "\\bm", "\\mathcal", "\\mathit", "\\mathsf", "\\mathbb", "\\mathfrak"})
WORDS = frozenset({"\\mathrm", "\\operatorname", "\\textrm", "\\text"})
ACCENTS = {"\\tilde": "~", "\\widetilde": "~", "\\bar": "-", "\\overline": "-", "\\vec": ""}
ACCENTS |= {"\\hat": "hat", "\\widehat": "hat"}
_AFTER = frozenset({"+", "-", "*", "o", "=", ",", "/", "<", ">", ")", "<=", ">=", "!="})
_MOST_BRACES = 40  # inside of each other
HELP = "see symmix guide check-a-derivation, LaTeX"


class Groups(ABC):
    """Goes through lexemes; a subclass says what they mean, in ``tokens``."""

    def __init__(self, found: Sequence[Token], context: Context, end: Place, depth: int = 0) -> None:
        self.lexemes, self.context, self.at, self.depth = list(found), context, 0, depth
        self._end = Token("", end, spaced=True)

    @abstractmethod
    def tokens(self) -> list[Token]:
        """Return all of it as tokens."""

    @property
    def next(self) -> Token:
        """The next lexeme; its text is empty at the end."""
        return self.lexemes[self.at] if self.at < len(self.lexemes) else self._end

    def take(self) -> Token:
        """Return the next lexeme, and go on."""
        token = self.next
        self.at += 1
        return token

    def refuse(self, required: str, at: Token, remedy: str = HELP) -> NoReturn:
        """Say what was required at a lexeme."""
        raise ReadingError(at.place, required, at.text or "the end of the formula", remedy)

    def argument(self) -> list[Token]:
        """Return the lexemes of the next argument: of a group, or one of them."""
        token = self.take()
        if token.text in ("", "}", "^", "_"):
            self.refuse("an argument", token)
        if token.text.isdigit() and len(token.text) > 1:  # of digits the first alone is an argument
            rest = Token(token.text[1:], Place(token.place.line, token.place.column + 1), spaced=False)
            first = Token(token.text[0], token.place, spaced=True)
            self.lexemes[self.at - 1 : self.at] = [first, rest]
            return [first]
        if token.text != "{":
            if token.text in FONTS | WORDS or token.text in ACCENTS:
                begin = self.at - 1
                self.argument()
                return self.lexemes[begin : self.at]
            return [token]
        begin, end = self.at, closing(self.lexemes, self.at - 1, "{", "}")
        if end is None:
            self.refuse("a } for this {", token)
        self.at = end + 1
        return self.lexemes[begin:end]

    def scripts_in_order(self) -> bool:
        """Put what is written below in front of what is raised, and return whether it stood behind it."""
        if self.next.text != "^":
            return False
        begin = self.at
        self.take()
        raised = self.next.text
        if raised in ("", "}", "^", "_") or (raised.isdigit() and len(raised) > 1):
            self.at = begin
            return False
        self.argument()
        middle = self.at
        if self.next.text == "_":
            self.take()
            self.argument()
            self.lexemes[begin : self.at] = [*self.lexemes[middle : self.at], *self.lexemes[begin:middle]]
        self.at, behind = begin, self.at > middle
        return behind

    def require_divided(self, pieces: Sequence[Sequence[Token]], slash: int) -> None:
        """Refuse ``a / b c``, of which one cannot say what it divides by; half of something, 1/2 a, is none of it."""
        end, depth = slash + 1, 0
        while end < len(pieces):
            depth += sum((token.text == "(") - (token.text == ")") for token in pieces[end])
            end += 1
            if depth <= 0:
                break
        behind = next((piece[0] for piece in pieces[end:] if piece), None)
        numbers = all(
            len(piece) == 1 and piece[0].is_number for piece in (*pieces[slash - 1 : slash], *pieces[slash + 1 : end])
        )
        if behind is not None and behind.text not in _AFTER and not numbers:
            self.refuse("brackets, or \\frac, around what is divided", behind, "write \\frac{a}{b} c, or a / (b c)")

    def part(self, found: Sequence[Token]) -> Self:
        """Return a reader of the lexemes of an argument."""
        end = found[-1].place if found else self.next.place
        if self.depth >= _MOST_BRACES:
            raise ReadingError(end, f"at most {_MOST_BRACES} groups inside of each other", "more", "define parts of it")
        return type(self)(found, self.context, end, self.depth + 1)

    def inner(self, found: Sequence[Token]) -> list[Token]:
        """Return the tokens of the lexemes of an argument."""
        return self.part(found).tokens()


def at(text: str, token: Token) -> Token:
    """Return a token that stands where a lexeme does."""
    return Token(text, token.place, spaced=True)


def glued(text: str, token: Token) -> Token:
    """Return what stands right behind what is before it."""
    return Token(text, token.place, spaced=False)


def texts(found: Sequence[Token]) -> list[str]:
    """Return what lexemes are, without their places."""
    return [token.text for token in found]
