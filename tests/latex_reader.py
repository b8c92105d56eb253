"""A reader for the LaTeX that symmix writes, the tests' own: what is printed is compared with what was meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from symmix.printing.latex import LatexPrinter
from symmix.printing.symbols import FUNCTION, INDEX, SIZE, Dialect
from symmix.terms import nodes as t
from symmix.terms.base import Node
from symmix.terms.meanings import Names
from tests.text_reader import multiplied, negated

LAYOUT = re.compile(
    r"&|\\\\(?:\n|$)|\\q?quad|\\,|\\thinspace|\\[bB]ig[lr]|\{\}|\\cdot(?![A-Za-z])|\\nobreak|\\penalty\d+"
)
SIZED = re.compile(r"\\sxsized\{[\d.]+\}\{((?:[^{}]|\{(?:[^{}]|\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\})*\})*)\}")
TOKEN = re.compile(r"\\[A-Za-z]+|\d+|[^\s\\]|\\.")
ENDS = ("", "+", "-", ")", "]", "}", ",", "=", r"\rVert", r"\le", r"\leftarrow", r"\circ")


class Reader:
    """Reads formulas over the names of some trees, printed in one dialect.

    What is not printed is taken from the trees: Jacobians by the symbol of the derivative, moments by the random one.
    """

    def __init__(
        self,
        trees: Iterable[Node],
        dialect: Dialect,
        spelling: Mapping[str, str] | None = None,
        free: Sequence[t.Index] = (),
    ) -> None:
        trees = list(trees)
        printer, names = LatexPrinter(dialect, spelling), Names.of(trees, free)
        self.dialect = dialect
        indices = {node.name for tree in trees for node in tree.walk() if isinstance(node, t.Index)} | set(names.free)
        indices |= {
            name for tree in trees for node in tree.walk() if isinstance(node, t.Moment) for name in node.indices
        }
        self.names: dict[str, t.Symbol | t.Size | str] = {printer.name(index, INDEX): index for index in indices}
        self.names |= {printer.name(size, SIZE): t.Size(size) for size in names.sizes}
        self.names |= {printer.name(s.name, s.axes): s for s in names.symbols.values()}
        assert len(self.names) == len(indices) + len(names.sizes) + len(names.symbols), "two names look the same"
        self.names = {**{letter: letter for letter in "ijlquv"}, **self.names}  # what numbered indices are called
        self.functions = {printer.name(f.name, FUNCTION): f for f in names.functions}
        self.derivatives: dict[tuple[type, t.Symbol], t.Derivative] = {}
        self.moments: dict[t.Symbol, tuple[t.Moment, ...]] = {}
        for node in (node for tree in trees for node in tree.walk()):
            if isinstance(node, t.Gradient | t.Jacobian):
                self.derivatives[type(node), node.by] = node
            if isinstance(node, t.Expectation):
                assert self.moments.setdefault(node.random, node.moments) == node.moments
        self.text, self.place = "", 0

    def read(self, latex: str) -> t.Expression:
        """Return what a formula says, line breaks and alignment left out."""
        self.text, self.place = LAYOUT.sub(" ", SIZED.sub(r"\1", latex)).strip(), 0
        value = self.expression()
        assert self.place == len(self.text), f"left over: {self.text[self.place :]}"
        return value

    # -- tokens ----------------------------------------------------------------------------------------------------

    def skip(self) -> None:
        while self.text[self.place : self.place + 1].isspace():
            self.place += 1

    def peek(self) -> str:
        self.skip()
        match = TOKEN.match(self.text, self.place)
        return match.group() if match else ""

    def next(self) -> str:
        token = self.peek()
        self.place += len(token)
        return token

    def take(self, *tokens: str) -> None:
        for token in tokens:
            assert self.next() == token, f"{token} expected before {self.text[self.place :]} in {self.text}"

    def taken(self, token: str) -> bool:
        if self.peek() != token:
            return False
        self.next()
        return True

    def symbol(self) -> t.Symbol | t.Size | str | None:
        """Read the longest name that stands here."""
        self.skip()
        fits = [name for name in self.names if self.text.startswith(name, self.place) and self.ends(name)]
        if not fits:
            return None
        name = max(fits, key=len)
        self.place += len(name)
        return self.names[name]

    def ends(self, name: str) -> bool:
        following = self.text[self.place + len(name) : self.place + len(name) + 1]
        return not (re.search(r"\\[A-Za-z]+$", name) and following.isalpha()) and following != "'"

    # -- grammar ---------------------------------------------------------------------------------------------------

    def expression(self) -> t.Expression:
        terms = [negated(self.term()) if self.taken("-") else self.term()]
        while self.peek() in ("+", "-"):
            terms.append(self.term() if self.next() == "+" else negated(self.term()))
        return terms[0] if len(terms) == 1 else t.Add(tuple(terms))

    def term(self) -> t.Expression:
        factors = [self.factor()]
        if self.peek() == r"\circ":
            while self.taken(r"\circ"):
                factors.append(self.factor())
            return t.Hadamard(tuple(factors))
        while self.peek() not in ENDS:
            factors.append(self.factor())
        return multiplied(factors)

    def factor(self) -> t.Expression:
        value = self.base()
        while True:
            if self.taken("^"):
                value = self.raised(value)
            elif self.peek() == "_":
                value = self.entry(value)
            elif self.taken(r"\big"):
                value = self.at(value)
            else:
                return value

    def raised(self, value: t.Expression) -> t.Expression:
        self.take("{")
        self.skip()
        if self.text.startswith(self.dialect.transpose + "}", self.place):
            self.place += len(self.dialect.transpose) + 1
            return t.Transpose(value)
        inverse, exponent = self.taken("-"), int(self.next())
        self.take("}")
        return t.Inverse(value) if inverse else t.Power(value, exponent)

    def index(self) -> str:
        """Read an index, a size, or the number of a position."""
        found = self.symbol()
        if found is None:
            return self.next()
        return found if isinstance(found, str) else found.name

    def entry(self, value: t.Expression) -> t.Expression:
        self.take("_", "{")
        indices = []
        while not self.taken("}"):
            indices.append(self.index())
            self.taken(",")
        if ":" in indices:
            return t.Slice(value, *indices)
        axes = value.axes if isinstance(value, t.Symbol) else value.shape
        remaining = iter(indices)
        return t.Entry(value, tuple("0" if size == "1" else next(remaining) for size in axes))

    def at(self, value: t.Expression) -> t.At:
        self.take("|", "_", "{")
        values = []
        while not self.taken("}"):
            symbol = self.factor()
            assert isinstance(symbol, t.Symbol)
            self.take(r"\leftarrow")
            values.append((symbol, self.expression()))
            self.taken(",")
        return t.At(value, tuple(values))

    def base(self) -> t.Expression:
        constant = self.constant()
        if constant is not None:
            return constant
        function = next(
            (name for name in self.functions if re.match(re.escape(name) + r"\s*\(", self.text[self.place :])), None
        )
        if function is not None:
            self.place += len(function)
            self.take("(")
            return t.Apply(self.functions[function], self.parenthesised())
        found = self.symbol()
        if found is not None:
            assert not isinstance(found, str), f"{found} is an index"
            return found
        token = self.next()
        if token.isdigit():
            return t.Number(Fraction(token))
        readers = {
            "(": self.parenthesised, "{": self.group, "[": self.by_entries, r"\lVert": self.norm, r"\sum": self.total,
            r"\frac": self.fraction, r"\tfrac": self.fraction,
            r"\operatorname": self.function, r"\mathrm": self.function,
            r"\nabla": self.gradient, r"\partial": self.jacobian, r"\mathbb": self.mean,
            r"\delta": self.delta, r"\underbrace": self.braced,
        }  # fmt: skip
        if token in (r"\sxown", r"\sxcross"):
            self.take("{")
            return self.group()
        if token == r"\sxcomix":
            return t.Add((t.Number(Fraction(1)), negated(t.Symbol("lam"))))
        assert token in readers, f"{token} in {self.text}"
        return readers[token]()

    def constant(self) -> t.Expression | None:
        """Read an identity, zero or all-ones matrix."""
        self.skip()
        for style, digit in ((self.dialect.matrix, "I"), (self.dialect.matrix, "0"), (self.dialect.vector, "1")):
            name = style % digit + "_{"
            if self.text.startswith(name, self.place):
                self.place += len(name)
                rows = self.index()
                columns = self.index() if self.taken(r"\times") else "1"
                self.take("}")
                return {"I": t.Identity(rows), "0": t.Zeros(rows, columns), "1": t.Ones(rows, "1")}[digit]
        return None

    def parenthesised(self) -> t.Expression:
        value = self.expression()
        self.take(")")
        return value

    def group(self) -> t.Expression:
        value = self.expression()
        self.take("}")
        return value

    def braced(self) -> t.Expression:
        self.take("{")
        value = self.group()
        self.take("_", "{", r"\text", "{")
        self.place = self.text.index("}}", self.place) + 2
        return value

    def norm(self) -> t.Expression:
        value = self.expression()
        self.take(r"\rVert", "^", "{", "2", "}")
        sides = (value, t.Transpose(value)) if value.shape[0] == "1" else (t.Transpose(value), value)
        return t.Trace(t.Multiply(sides))

    def fraction(self) -> t.Expression:
        self.take("{")
        above = self.group()
        self.take("{")
        return t.Quotient(above, self.group())

    def function(self) -> t.Expression:
        self.take("{")
        name = self.next()
        while not self.taken("}"):
            name += self.next()
        self.take("(")
        inside = self.parenthesised()
        if name == "tr":
            return t.Trace(inside)
        assert name == "diag"
        return t.DiagonalMatrix(inside) if "1" in inside.shape else t.Diagonal(inside)

    def by(self) -> t.Symbol:
        self.take("_", "{")
        symbol = self.group()
        assert isinstance(symbol, t.Symbol)
        return symbol

    def gradient(self) -> t.Expression:
        by = self.by()
        known = self.derivatives[t.Gradient, by]
        return t.Gradient(self.atom(), by, known.jacobians, known.constant)

    def jacobian(self) -> t.Expression:
        by = self.by()
        kind = t.Jacobian if by.axes else t.Gradient
        known = self.derivatives[kind, by]
        return kind(self.atom(), by, known.jacobians, known.constant)

    def atom(self) -> t.Expression:
        value = self.base()
        while self.peek() == "_":
            value = self.entry(value)
        return value

    def mean(self) -> t.Expression:
        self.take("{", "E", "}")
        random = self.by()
        self.take("[")
        value = self.expression()
        self.take("]")
        return t.Expectation(value, random, self.moments[random])

    def delta(self) -> t.Expression:
        self.take("_", "{")
        first, second = self.index(), self.index()
        self.take("}")
        return t.Delta(first, second)

    def total(self) -> t.Expression:
        self.take("_", "{")
        names = [self.index()]
        while self.taken(","):
            names.append(self.index())
        self.take("=", "1", "}", "^", "{")
        size = self.index()
        self.take("}")
        return t.Total(tuple(t.Index(name, size) for name in names), self.term())

    def by_entries(self) -> t.Expression:
        body = self.expression()
        self.take("]", "_", "{")
        limits = []
        while not self.taken("}"):
            index = self.index()
            self.take(r"\le")
            limits.append(t.Index(index, self.index()))
            self.taken(",")
        row, column = [*limits, None][:2]
        return t.ByEntries(row, column, body)
