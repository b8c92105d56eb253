"""The grammar of the Coq text that symmix writes: sentences, terms, definitions, theorems; nothing has a value yet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

# -- terms -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Name:
    text: str


@dataclass(frozen=True)
class Number:
    value: int


@dataclass(frozen=True)
class Apply:
    """A function and its arguments, one after the other."""

    function: Term
    arguments: tuple[Term, ...]


@dataclass(frozen=True)
class Infix:
    operator: str
    left: Term
    right: Term


@dataclass(frozen=True)
class Negative:
    of: Term


@dataclass(frozen=True)
class Binder:
    """Names of one type; ``implicit`` if they are in braces."""

    names: tuple[str, ...]
    kind: Term | None
    implicit: bool = False

    @property
    def typed(self) -> list[tuple[str, Term]]:
        """The names, each with its type; what has none is a number."""
        return [(name, self.kind or Name("R")) for name in self.names]


@dataclass(frozen=True)
class Bound:
    """``fun`` or ``forall``."""

    word: str
    binders: tuple[Binder, ...]
    body: Term


Term = Name | Number | Apply | Infix | Negative | Bound


@dataclass(frozen=True)
class Definition:
    binders: tuple[Binder, ...]
    result: Term
    body: Term

    @cached_property
    def parameters(self) -> list[tuple[str, Term]]:
        """What it is called with, each with its type."""
        return [pair for binder in self.binders if not binder.implicit for pair in binder.typed]

    @cached_property
    def implicit(self) -> list[tuple[str, Term]]:
        """What follows from the types of these."""
        return [pair for binder in self.binders if binder.implicit for pair in binder.typed]


@dataclass(frozen=True)
class Proposition:
    """A theorem: what is quantified at its front, the premises, and what is said to follow."""

    binders: tuple[Binder, ...]
    premises: tuple[Term, ...]
    conclusion: Term

    @property
    def parts(self) -> tuple[Term, ...]:
        """What is joined by "and" in the conclusion, and in both sides of an equivalence."""
        return tuple(part for side in operands("<->", self.conclusion) for part in operands("/\\", side))


def operands(operator: str, term: Term) -> tuple[Term, ...]:
    """Return ``a, b, c`` of ``a op (b op c)``."""
    if isinstance(term, Infix) and term.operator == operator:
        return term.left, *operands(operator, term.right)
    return (term,)


def applications(term: object, function: str) -> Iterator[Apply]:
    """Run through what a function of the prelude is applied to, anywhere in a term."""
    if isinstance(term, Apply) and term.function == Name(function):
        yield term
    if isinstance(term, tuple):
        for part in term:
            yield from applications(part, function)
    elif hasattr(term, "__dataclass_fields__"):
        for name in term.__dataclass_fields__:
            yield from applications(getattr(term, name), function)


class ReadError(Exception):
    """The text is no term of the language, or one that has no value."""


# -- grammar -----------------------------------------------------------------------------------------------------------

COMMENT = re.compile(r"\(\*.*?\*\)", re.DOTALL)
TOKEN = re.compile(r"\s*(?:([A-Za-z_][\w']*|\d+|:=|=>|->|<->|/\\|<>|[(){}:,=+\-*/^])|(\.)(?=\s|$))")
COMMANDS = re.compile(
    r"From Coq Require Import Reals|From Symmix Require Import Spaces Equivalence|Open Scope R_scope|Proof|settle|Qed"
    r"|Global Hint Unfold [\w' ]+ : definitions|Print Assumptions proved"
)
LEVELS = [("->",), ("<->",), ("/\\",), ("=", "<>"), ("+", "-"), ("*", "/")]  # from the loosest
TO_THE_RIGHT = {"->", "/\\"}


class Parser:
    """Reads one sentence, which ends with a full stop."""

    def __init__(self, tokens: Sequence[str]) -> None:
        self.tokens, self.place = [*tokens, ""], 0

    def peek(self) -> str:
        return self.tokens[self.place]

    def next(self) -> str:
        self.place += 1
        return self.tokens[self.place - 1]

    def taken(self, *tokens: str) -> bool:
        found = self.peek() in tokens
        self.place += found
        return found

    def take(self, token: str) -> None:
        if not self.taken(token):
            raise ReadError(f"{token} expected before {' '.join(self.tokens[self.place :])}")

    def end(self) -> None:
        self.take("")

    def term(self, level: int = 0) -> Term:
        """Read a term whose operators outside of parentheses bind at least as tightly as those of a level."""
        if level == len(LEVELS):
            return self.signed()
        left = self.term(level + 1)
        while self.peek() in LEVELS[level]:
            operator = self.next()
            left = Infix(operator, left, self.term(level if operator in TO_THE_RIGHT else level + 1))
        return left

    def signed(self) -> Term:
        if self.peek() in {"fun", "forall"}:
            return self.bound()
        if self.taken("-"):
            return Negative(self.signed())
        base = self.application()
        return Infix("^", base, self.application()) if self.taken("^") else base

    def application(self) -> Term:
        function, arguments = self.atom(), []
        while self.peek() == "(" or re.match(r"\w", self.peek()):
            arguments.append(self.atom())
        return Apply(function, tuple(arguments)) if arguments else function

    def atom(self) -> Term:
        token = self.next()
        if token == "(":
            inside = self.term()
            self.take(")")
            return inside
        if re.match(r"\w", token):
            return Number(int(token)) if token.isdigit() else Name(token)
        raise ReadError(f"a term expected at {token} {' '.join(self.tokens[self.place :])}")

    def bound(self) -> Term:
        word = self.next()
        binders = self.binders() or [self.binder()]
        self.take("=>" if word == "fun" else ",")
        return Bound(word, tuple(binders), self.term())

    def binders(self) -> list[Binder]:
        """Read binders in parentheses or braces."""
        found = []
        while self.peek() in {"(", "{"}:
            implicit = self.next() == "{"
            found.append(self.binder(implicit=implicit))
            self.take("}" if implicit else ")")
        return found

    def binder(self, *, implicit: bool = False) -> Binder:
        names = []
        while re.match(r"[^\W\d]", self.peek()):
            names.append(self.next())
        if not names:
            raise ReadError(f"a name expected at {self.peek()}")
        return Binder(tuple(names), self.term() if self.taken(":") else None, implicit)

    def definition(self) -> Definition:
        binders = self.binders()
        self.take(":")
        result = self.term()
        self.take(":=")
        return Definition(tuple(binders), result, self.term())


def sentences(code: str) -> Iterator[list[str]]:
    """Split a text into sentences, and these into tokens."""
    code, place, tokens = COMMENT.sub(" ", code).rstrip(), 0, list[str]()
    while place < len(code):
        match = TOKEN.match(code, place)
        if match is None:
            raise ReadError(f"no token: {code[place : place + 20]}")
        place = match.end()
        if match[2]:
            yield tokens
            tokens = []
        else:
            tokens.append(match[1])
    if tokens:
        raise ReadError(f"no full stop behind {' '.join(tokens)}")


def proposition(term: Term) -> Proposition:
    """Return a theorem's statement in its parts."""
    binders: tuple[Binder, ...] = ()
    if isinstance(term, Bound) and term.word == "forall":
        binders, term = term.binders, term.body
    *premises, conclusion = operands("->", term)
    return Proposition(binders, tuple(premises), conclusion)
