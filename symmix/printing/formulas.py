r"""Formulas in ASCII, as one writes them in a comment, turned into LaTeX: ``lam e + (1-lam) e'``.

The grammar is explicit. What it does not understand as a whole, each token of it, is no formula, and stays what it is::

    relation := sum (("=" | "!=" | "<=" | ">=" | "<" | ">" | "->") sum)*
    sum      := ["-"] term (("+" | "-") term)*
    term     := factor (["*" | "/" | "o" | "kron" | "x"] factor)*
    factor   := atom ("^" raised | "_" letters | "[" list "]" | "!")*
    atom     := number | name | operator factor | "(" list ")" | "[" list "]" | "|" sum "|" | derivative | "..."
    list     := relation ("," relation)*
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from symmix.legend import legend
from symmix.printing.symbols import GREEK, SIZE, Dialect, joined, spelled

_RELATIONS = {"=": "=", "!=": r"\ne", "<=": r"\le", ">=": r"\ge", "<": r"\lt", ">": r"\gt", "->": r"\to"}
_FUNCTIONS = ("softmax", "logsumexp", "Beta", "Dirichlet", "tr", "diag", "max", "min", "exp", "ln", "log", "det")
_OPERATORS = ("Var", "rank", "dim", "max", "min", "ln", "log")  # also without parentheses: Var lam
_OWN_COMMANDS = ("max", "min", "dim", "exp", "ln", "log", "det")
_BETWEEN = {"*": r"\cdot", "o": r"\circ", "kron": r"\otimes", "x": r"\times"}
_ARTICLES = ("a", "A", "I", "i")  # words that are letters, too
_WORDS = ("gap", "ERM")  # names that are words, too
_ENDING = (*_RELATIONS, "+", "-", "!", ")", "]", ",")
_OPENING = ("(", "[", "|", "||")
_FIXED = (
    r"(?P<space>\s+)|(?P<slope>(?<![A-Za-z])d(?:[A-Z]|l'?)/d(?=[A-Za-z]))|(?P<partial>(?<![A-Za-z])d(?=\())|(?P<over>(?<=\))/d(?=[A-Za-z]))"
    r"|(?P<ones>11(?=\^T))|(?P<ratio>\d+/\d+(?![\dA-Za-z_(.]))|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<up>\^(?:T\b|-?\d+|-?[A-Za-z](?![A-Za-z])|(?=\()))|(?P<down>_(?:\+|[A-Za-z0-9]{1,2}(?![A-Za-z0-9_])))"
    r"|(?P<sign>\.\.\.|!=|<=|>=|->|\|\||[-+*/=<>()\[\],|!])"
)


class Token(NamedTuple):
    """A piece of a formula; ``glued`` to what stands before it if there is no space between."""

    kind: str
    text: str
    glued: bool


class _NoFormulaError(Exception):
    """The words are no formula after all."""


@dataclass(frozen=True)
class Formulas:
    """Reads formulas over the names that are known: some symbols', the legend's, Greek letters, and single letters.

    Parameters
    ----------
    dialect
        How symbols are spelled.
    symbols
        LaTeX for names, before the legend's.
    """

    dialect: Dialect
    symbols: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, words: str, *, first: bool = False, last: bool = False) -> str | None:
        """Return the LaTeX of a formula, or None if they are none; they may begin a sentence, or end one."""
        tokens = self.tokens(words)
        declared = "A" in self.symbols and last
        alone = words == "i" or (words == "A" and (declared or not first))  # an article begins a sentence
        if not tokens or not (alone or self._may_stand(tokens, first=first)):
            return None
        try:
            parser = _Parser(self, tokens)
            latex = parser.whole()
        except _NoFormulaError:
            return None
        return latex if all(self._is_factor(tokens, place, parser) for place in parser.beside) else None

    def tokens(self, words: str) -> list[Token] | None:
        """Return the tokens of some words, or None if one of them is unknown."""
        found: list[Token] = []
        place, glued = 0, True
        while place < len(words):
            match = self._pattern.match(words, place)
            if match is None:
                return None
            kind, place = str(match.lastgroup), match.end()
            if kind != "space":
                found.append(Token(kind, match.group(), glued))
            glued = kind != "space"
        return found

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        names = sorted(self.known, key=len, reverse=True)
        ends = (rf"{re.escape(n)}(?![A-Za-z0-9{'(' if n.endswith('-') else chr(39) + '~'}])" for n in names)
        words = "|".join((*_FUNCTIONS, *_OPERATORS, "sum", "kron"))
        letters = rf"(?P<word>(?:{words})(?![A-Za-z]))|(?P<name>{'|'.join(ends)}|[A-Za-z](?![A-Za-z])~?'*)"
        return re.compile(rf"{_FIXED}|(?:(?<![A-Za-z])|(?<=/d))(?:{letters})")

    # -- names -----------------------------------------------------------------------------------------------------

    @cached_property
    def known(self) -> Mapping[str, str]:
        """The names of several letters, with their LaTeX."""
        own = {entry.name: spelled(entry.name, entry.axes, self.dialect) for entry in legend()}
        greek = {name: "\\" + name for name in GREEK if name.islower()}  # of the Gamma function, Gamma is a word
        return {name: latex for name, latex in {**greek, **own, **self.symbols}.items() if len(name) > 1}

    def name(self, name: str) -> str:
        """Return the LaTeX of a name: the symbol's, the legend's, or the letter itself; accents are put on it."""
        found = self.symbols.get(name, self.known.get(name))
        if found is not None:
            return found
        if name.endswith("'"):
            return self.name(name[:-1]) + "'"
        if name.endswith("~"):
            return rf"\tilde{{{self.name(name[:-1])}}}"
        own = [entry for entry in legend() if entry.name == name]
        return spelled(name, own[0].axes, self.dialect) if own else name

    @cached_property
    def _sizes(self) -> frozenset[str]:
        return frozenset({"K"} | {entry.name for entry in legend() if entry.axes == SIZE})

    def is_size(self, token: Token) -> bool:
        """Whether a token may stand beside the x of k x h."""
        return token.kind == "number" or token.text in self._sizes

    # -- words that are names, too -----------------------------------------------------------------------------------

    def _may_stand(self, tokens: Sequence[Token], *, first: bool) -> bool:
        """Whether the tokens may be a formula, and not the words that they also are."""
        head, *rest = tokens
        if not rest:
            return head.kind in ("name", "ratio") and head.text not in (*_ARTICLES, *_WORDS)
        wordy = head.text in (*_ARTICLES, *_WORDS)
        if not wordy or rest[0].glued or (rest[0].kind == "sign" and rest[0].text not in _OPENING):
            return True
        declared = head.text in self.symbols and not (first and head.text == "A")
        return declared and any(token.text in (*_RELATIONS, "+", "-") for token in rest)

    def _is_factor(self, tokens: Sequence[Token], place: int, parser: _Parser) -> bool:
        """Whether a name that stands beside a factor, a space between them, is another factor, and not a word."""
        token, before = tokens[place], tokens[place - 1]
        ends = place == len(tokens) - 1 or place + 1 in parser.beside
        related = any(other.text in _RELATIONS for other in tokens)
        rules = {
            **dict.fromkeys(("a", "A", "i"), token.text in self.symbols and not ends),
            "I": before.kind != "number",
            "gap": token.text in self.symbols or related,
            "ERM": before.kind != "number" or related,  # V = 2 ERM, but not 37 ERM
        }
        return token.glued or token.text not in rules or (before.kind != "word" and rules[token.text])


class _Parser:
    """A walk over the tokens of one formula, by the grammar."""

    def __init__(self, formulas: Formulas, tokens: Sequence[Token]) -> None:
        self.formulas, self.dialect, self.tokens = formulas, formulas.dialect, tokens
        self.place, self.bars = 0, 0
        self.beside: set[int] = set()  # where factors begin that have no sign before them

    # -- tokens ---

    @property
    def next(self) -> Token:
        """The token that comes next."""
        return self.tokens[self.place] if self.place < len(self.tokens) else Token("end", "", glued=False)

    def take(self) -> Token:
        token = self.next
        self.place += 1
        return token

    def taken(self, text: str) -> bool:
        found = self.next.text == text
        self.place += found
        return found

    def require(self, text: str) -> None:
        if not self.taken(text):
            raise _NoFormulaError

    # -- grammar ---

    def whole(self) -> str:
        latex = self.relation()
        if self.place < len(self.tokens):
            raise _NoFormulaError
        return latex

    def relation(self) -> str:
        latex = self.sum()
        while self.next.text in _RELATIONS:
            latex = joined(latex, " ", _RELATIONS[self.take().text], " ", self.sum())
        return latex

    def sum(self) -> str:
        latex = "-" if self.taken("-") else ""
        latex += self.term()
        while self.next.text in ("+", "-"):
            space = "" if self.next.glued else " "
            latex = f"{latex}{space}{self.take().text}{space}{self.term()}"
        return latex

    def term(self) -> str:
        begin = self.place
        latex = self.factor()
        while (sign := self._sign()) is not None:
            space = "" if self.next.glued and not sign else " "
            row = self.tokens[begin].text == "1" and self.place == begin + 1 and not sign
            begin = self.place
            if not sign:
                self._require_apart(self.tokens[self.place - 1], self.next)
                self.beside.add(self.place)
            factor = self.factor()
            if row and self.tokens[self.place - 1].text == "^T":  # a column of ones times a row
                latex = self.dialect.vector % "1"
            latex = joined(latex, "" if sign == "/" else space, sign, "" if sign == "/" else space, factor)
            latex = latex.replace("  ", " ")
        return latex

    def _require_apart(self, before: Token, token: Token) -> None:
        """Refuse two numbers beside each other, a name with a number that is none of the names, and F's."""
        begins = token.kind in ("number", "ratio")
        split = (begins or token.kind == "name") and before.kind == "name" and token.glued
        if split or (begins and before.kind == "number"):
            raise _NoFormulaError

    def _sign(self) -> str | None:
        """Take the sign before the next factor: none if it stands beside the last, None if there is no more."""
        token = self.next
        if token.text == "/":
            self.take()
            return "/"
        if token.text in _BETWEEN and not token.glued and self._is_between(token):
            return _BETWEEN[self.take().text]
        if token.kind in ("end", "over", "up", "down") or token.text in _ENDING:
            return None
        return None if token.text in ("|", "||") and self.bars else ""

    def _is_between(self, token: Token) -> bool:
        if token.text != "x":
            return True
        following = self.tokens[self.place + 1 : self.place + 2]
        return all(self.formulas.is_size(t) for t in (self.tokens[self.place - 1], *following)) and bool(following)

    def factor(self) -> str:
        token = self.next
        latex = self.atom()
        while True:
            following = self.next
            if following.kind == "up" and following.glued:
                latex += self.raised()
            elif following.kind == "down" and following.glued:
                latex += f"_{{{self.take().text[1:]}}}"
            elif following.text == "[" and following.glued and token.kind in ("name", "word"):
                self.take()
                latex += f"_{{{self.list(']').replace(', ', ' ')}}}"
            elif following.text == "!" and following.glued and self._is_whole(self.tokens[self.place - 1]):
                latex += self.take().text
            else:
                return latex

    def _is_whole(self, token: Token) -> bool:
        return token.text == ")" or self.formulas.is_size(token)

    def raised(self) -> str:
        text = self.take().text[1:]
        if text == "T":
            return f"^{{{self.dialect.transpose}}}"
        if not text:
            self.require("(")
            return f"^{{{self.list(')')}}}"
        sign, name = ("-", text[1:]) if text.startswith("-") else ("", text)
        return f"^{{{sign}{name if name.isdigit() else self.formulas.name(name)}}}"

    def list(self, end: str) -> str:
        items = [self.relation()]
        while self.taken(","):
            items.append(self.relation())
        self.require(end)
        return ", ".join(items)

    # -- atoms ---

    def atom(self) -> str:
        token = self.take()
        writers: dict[str, Callable[[Token], str]] = {
            "name": self.named, "word": self.word, "slope": self.slope, "partial": self.partial, "sign": self.sign,
            "number": self.number, "ratio": lambda token: r"\tfrac{" + token.text.replace("/", "}{") + "}",
            "ones": lambda _: self.dialect.vector % "1" + self.dialect.vector % "1",
        }  # fmt: skip
        if token.kind not in writers:
            raise _NoFormulaError
        return writers[token.kind](token)

    def number(self, token: Token) -> str:
        return self.dialect.vector % "1" if token.text == "1" and self.next.text == "^T" else token.text

    def named(self, token: Token) -> str:
        following = self.next
        if token.text == "E" and self._averages(following):
            return joined(r"\mathbb{E}", "" if following.glued else self.dialect.space, self.operand(following))
        if token.text == "R" and "R" not in self.formulas.symbols:
            return r"\mathbb{R}"
        if token.text == "I" and "I" not in self.formulas.symbols:
            return self.dialect.matrix % "I"
        return self.formulas.name(token.text)

    def operand(self, following: Token) -> str:
        if not following.glued:
            self.beside.add(self.place)
            return self.factor()
        if following.text == "[":
            self.take()
            return f"[{self.list(']')}]"
        return self.factor()

    def _averages(self, following: Token) -> bool:
        """Whether an E is an expectation: of what follows."""
        if following.text == "[" and following.glued:  # E[i,j] is an entry
            inside = [token for token in self.tokens[self.place + 1 :] if token.kind != "sign"]
            return not (inside and inside[0].text in ("i", "j"))
        begins = following.kind in ("name", "word", "slope", "ratio", "number") or following.text in ("(", "|", "||")
        return begins and not (following.glued and following.text not in ("|", "||"))

    def word(self, token: Token) -> str:
        if token.text == "sum":
            return self.summed()
        name = "\\" + token.text if token.text in _OWN_COMMANDS else self.dialect.operator % token.text
        if self.next.text == "(" and self.next.glued:
            return joined(name, self.factor())
        counted = self.next.kind == "number" and token.text not in _OWN_COMMANDS  # no rank 4, but a ln 4
        if token.text in _OPERATORS and self.next.kind != "end" and not counted:
            self.beside.add(self.place)
            return joined(name, self.dialect.space, self.factor())
        raise _NoFormulaError

    def summed(self) -> str:
        begins = self.place == 1 or self.tokens[self.place - 2].kind == "word"
        below = ""
        if self.next.kind == "down" and self.next.glued:
            below = f"_{{{','.join(self.take().text[1:])}}}"
        if (begins and not below) or self.next.kind in ("end", "number"):
            raise _NoFormulaError
        self.beside.add(self.place)
        return joined(rf"\sum{below}", " ", self.factor())

    def slope(self, token: Token) -> str:
        of = token.text.partition("/")[0][1:]
        return joined(rf"\nabla_{{{self.by()}}}", self.formulas.name(of))

    def partial(self, _: Token) -> str:
        inside = self.factor()
        if self.take().kind != "over":
            raise _NoFormulaError
        return rf"\partial {inside}/\partial {self.by()}"

    def by(self) -> str:
        token = self.take()
        if token.kind != "name":
            raise _NoFormulaError
        return self.formulas.name(token.text)

    def sign(self, token: Token) -> str:
        match token.text:
            case "(":
                bars, self.bars = self.bars, 0
                latex = f"({self.list(')')})"
                self.bars = bars
                return latex
            case "[":
                return self.rows() if self.next.text == "[" else f"[{self.list(']')}]"
            case "|" | "||":
                self.bars += 1
                inside = self.sum()
                self.require(token.text)
                self.bars -= 1
                return joined(r"\lVert", " ", inside, r"\rVert")
            case "...":
                return r"\ldots"
        raise _NoFormulaError

    def rows(self) -> str:
        rows = []
        while self.taken("["):
            rows.append(self.list("]").replace(", ", " & "))
            if not self.taken(","):
                break
        self.require("]")
        return rf"\bigl(\begin{{smallmatrix}}{self.dialect.newline.join(rows)}\end{{smallmatrix}}\bigr)"
