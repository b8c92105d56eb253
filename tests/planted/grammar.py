"""A reader of derivations that shares nothing with symmix's: each part knows where in the text it stands."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

TOKEN = re.compile(r"\s*([01]_\{[^}]*\}|[01]_\w+|\d+|[A-Za-z]\w*'*~?|sum_|:=|\^-1|\^T\b|\^|.)", re.DOTALL)
OPENING, CLOSING = "([{", ")]}"


class UnsupportedError(Exception):
    """A way of writing that this small reader does not know."""


@dataclass(frozen=True)
class Part:
    """A part of an expression, ``text[begin:end]`` of its line.

    The kinds are number, name, identity, ones, zeros, norm, tr, diag, derivative, mean, entry, cells, sum, terms,
    product, quotient, hadamard, T, power, inverse, replaced and brackets; ``word`` is a name, a number, or the signs
    of terms; ``names`` are indices with their ranges, or the names that are replaced.
    """

    kind: str
    begin: int
    end: int
    word: str = ""
    parts: tuple[Part, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Token:
    text: str
    begin: int
    end: int


def tokens(text: str, known: Collection[str]) -> list[Token]:
    """Return the tokens; a sign belongs to a name where a name was declared so."""
    found, at = [], 0
    while at < len(text.rstrip()):
        match = TOKEN.match(text, at)
        if match is None:
            raise UnsupportedError(text)
        begin, at = match.span(1)
        if text[begin:at][0].isalpha() and text[begin : at + 1] in known and text[at : at + 1] in ("+", "-"):
            at += 1
        found.append(Token(text[begin:at], begin, at))
    return found


class Reader:
    """Reads one side of a line."""

    def __init__(self, text: str, known: Collection[str]) -> None:
        self.known, self.text = known, text
        self.tokens = tokens(text, known)
        self.at = 0
        self.bars = 0

    @property
    def next(self) -> str:
        return self.tokens[self.at].text if self.at < len(self.tokens) else ""

    def peek(self, ahead: int) -> str:
        return self.tokens[self.at + ahead].text if self.at + ahead < len(self.tokens) else ""

    def take(self, wanted: str = "") -> Token:
        if not self.next or (wanted and self.next != wanted):
            raise UnsupportedError(f"{wanted or 'more'} is missing in {self.text!r} before {self.next!r}")
        self.at += 1
        return self.tokens[self.at - 1]

    def whole(self) -> Part:
        side = self.terms()
        if self.next:
            raise UnsupportedError(f"{self.next} in {self.text!r}")
        return side

    def terms(self) -> Part:
        begin = self.tokens[self.at].begin if self.next else 0
        signs = self.take().text if self.next in ("+", "-") else " "
        found = [self.product()]
        while self.next in ("+", "-"):
            signs += self.take().text
            found.append(self.product())
        return Part("terms", begin, found[-1].end, signs, tuple(found))

    def product(self) -> Part:
        if self.next.startswith("sum_"):
            return self.sum()
        left = self.factor()
        factors = [left]
        while self.next and self.next not in ("+", "-", "=", ",", ")", "]", "}", "with", "constant", "where"):
            if self.next == "|" and self.bars:
                break
            if self.next == "o" and "o" not in self.known:
                self.take()
                right = self.factor()
                factors[-1] = Part("hadamard", factors[-1].begin, right.end, "", (factors[-1], right))
            elif self.next == "/":
                self.take()
                right = self.factor()
                whole = self._product(factors)
                factors = [Part("quotient", whole.begin, right.end, "", (whole, right))]
            elif self.next.startswith("sum_"):
                factors.append(self.sum())
            else:
                if self.next == "*":
                    self.take()
                factors.append(self.factor())
        return self._product(factors)

    @staticmethod
    def _product(factors: list[Part]) -> Part:
        if len(factors) == 1:
            return factors[0]
        return Part("product", factors[0].begin, factors[-1].end, "", tuple(factors))

    def sum(self) -> Part:
        begin = self.take().begin
        indices = self.ranges()
        body = self.product()
        return Part("sum", begin, body.end, "", (body,), indices)

    def ranges(self) -> tuple[str, ...]:
        self.take("{")
        found = []
        while self.next != "}":
            index = self.take().text
            self.take("<")
            found.append(f"{index}<{self.take().text}")
            if self.next == ",":
                self.take()
        self.take("}")
        return tuple(found)

    def factor(self) -> Part:
        part = self.atom()
        while True:
            begin = part.begin
            if self.next == "^T":
                part = Part("T", begin, self.take().end, "", (part,))
            elif self.next == "^-1":
                part = Part("inverse", begin, self.take().end, "", (part,))
            elif self.next == "^":
                self.take()
                power = self.take()
                part = Part("power", begin, power.end, power.text, (part,))
            elif self.next == "[" and part.kind in ("name", "brackets", "T"):
                part = self.entry(part)
            elif self.next == "{":
                part = self.replaced(part)
            else:
                return part

    def entry(self, of: Part) -> Part:
        self.take("[")
        at = [self.place()]
        if self.next == ",":
            self.take()
            at.append(self.place())
        return Part("entry", of.begin, self.take("]").end, "", (of,), tuple(at))

    def place(self) -> str:
        return self.take().text

    def replaced(self, of: Part) -> Part:
        self.take("{")
        names, values = [], []
        while True:
            names.append(self.take().text)
            self.take(":=")
            values.append(self.terms())
            if self.next != ",":
                break
            self.take()
        return Part("replaced", of.begin, self.take("}").end, "", (of, *values), tuple(names))

    def inner(self, close: str) -> tuple[Part, int]:
        outside, self.bars = self.bars, 0
        part = self.terms()
        self.bars = outside
        return part, self.take(close).end

    def atom(self) -> Part:
        token = self.take()
        text, begin = token.text, token.begin
        if text == "(":
            part, end = self.inner(")")
            return Part("brackets", begin, end, "", (part,))
        if text == "|":
            self.bars += 1
            part = self.terms()
            self.bars -= 1
            return Part("norm", begin, self.take("|").end, "", (part,))
        if text == "[":
            part, end = self.inner("]")
            if self.take().text != "_":
                raise UnsupportedError(f"cells without ranges in {self.text!r}")
            indices = self.ranges()
            return Part("cells", begin, self.tokens[self.at - 1].end, "", (part,), indices)
        if text[:2] in ("0_", "1_"):
            shape = text[2:].strip("{}").replace(" ", "")
            return Part({"0": "zeros", "1": "ones"}[text[0]], begin, token.end, shape)
        if text.isdigit():
            return Part("number", begin, token.end, text)
        if text[0].isalpha():
            return self.word(token)
        raise UnsupportedError(f"{text!r} in {self.text!r}")

    def word(self, token: Token) -> Part:
        text, begin = token.text, token.begin
        if text in self.known and not (text == "d" and self.next == "(" and self.derives()):
            return Part("name", begin, token.end, text)
        if text in ("tr", "diag") and self.next == "(":
            self.take()
            part, end = self.inner(")")
            return Part(text, begin, end, "", (part,))
        if text.startswith("E_") and self.next == "[":
            self.take()
            part, end = self.inner("]")
            return Part("mean", begin, end, text[2:], (part,))
        if text.startswith("I_"):
            return Part("identity", begin, token.end, text[2:])
        if text == "delta" and self.next == "[":
            return self.entry(Part("name", begin, token.end, text))
        if text == "d" and self.next == "(":
            self.take()
            part, _ = self.inner(")")
            return self.by(begin, part)
        if text[0] == "d" and text[1:] in self.known and self.next == "/":
            return self.by(begin, Part("name", begin + 1, token.end, text[1:]))
        raise UnsupportedError(f"{text!r} in {self.text!r}")

    def derives(self) -> bool:
        """Return whether a bracket begins here that is followed by a division by a differential."""
        depth = 0
        for ahead in range(len(self.tokens) - self.at):
            depth += (self.peek(ahead) == "(") - (self.peek(ahead) == ")")
            if depth == 0:
                by = self.peek(ahead + 2)
                return self.peek(ahead + 1) == "/" and by[:1] == "d" and by[1:] in self.known
        return False

    def by(self, begin: int, of: Part) -> Part:
        self.take("/")
        token = self.take()
        if token.text[0] != "d" or token.text[1:] not in self.known:
            raise UnsupportedError(f"derivative by {token.text!r} in {self.text!r}")
        return Part("derivative", begin, token.end, token.text[1:], (of,))


def split(text: str, sign: str) -> list[str]:
    """Return what stands between signs that stand in no brackets, with its blanks."""
    found, depth, begin = [], 0, 0
    for at, letter in enumerate(text):
        depth += (letter in OPENING) - (letter in CLOSING)
        if letter == sign and depth == 0 and text[max(at - 1, 0)] not in (":", "<", ">", "!"):
            found.append(text[begin:at])
            begin = at + 1
    return [*found, text[begin:]]
