"""A row of tokens that is read from left to right, and the errors on the way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from symmix.reading.tokens import Place, ReadingError, ShapeError, Token

HELP = "check what stands before it; the grammar is in symmix guide check-a-derivation"


class Stream:
    """Tokens from left to right; ``end`` is the place behind the last of them."""

    def __init__(self, tokens: Sequence[Token], end: Place) -> None:
        self.tokens, self.at = tokens, 0
        self._end = Token("", end, spaced=True)

    @property
    def next(self) -> Token:
        """The next token; its text is empty at the end."""
        return self.peek(0)

    def peek(self, ahead: int) -> Token:
        """Return a token further on."""
        return self.tokens[self.at + ahead] if self.at + ahead < len(self.tokens) else self._end

    def take(self) -> Token:
        """Return the next token, and go on behind it."""
        token = self.next
        self.at += 1
        return token

    def taken(self, *texts: str) -> bool:
        """Go on behind the next token if it is one of some texts."""
        found = self.next.text in texts
        self.at += found
        return found

    def expect(self, text: str, remedy: str = "") -> Token:
        """Take a token that has to be there."""
        if self.next.text != text:
            self.refuse(f"{text!r}", remedy=remedy or f"write {text} here, or check what stands before it")
        return self.take()

    def word(self, role: str) -> Token:
        """Take a name."""
        if not self.next.is_name:
            self.refuse(f"the name of {role}", remedy="write a name: an ASCII letter, then letters and numbers")
        return self.take()

    def done(self) -> None:
        """Refuse what is left over."""
        if self.next.text:
            self.refuse(
                "the end of the line, or an operator", remedy="begin a new line, or check what stands before it"
            )

    def refuse(self, required: str, arrived: str = "", remedy: str = HELP, at: Token | None = None) -> NoReturn:
        """Say what is wrong at a token, the next one unless another is named."""
        token = at or self.next
        raise ReadingError(token.place, required, arrived or shown(token), remedy)

    def misfit(self, required: str, arrived: str, remedy: str, at: Token) -> NoReturn:
        """Say that shapes do not fit."""
        raise ShapeError(at.place, required, arrived, remedy)


def shown(token: Token) -> str:
    """Return a token for an error."""
    return repr(token.text) if token.text else "the end of the line"
