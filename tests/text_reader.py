"""A reader for the plain text that symmix prints, the tests' own: what is printed is compared with what was meant.

A reader knows the notation so: a power binds
before a product, a product before a sum, ``a b/c d`` is ``((a b)/c) d``, and a sum over an index reaches to the end of
its product. A lost pair of parentheses is another tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

from symmix.terms import nodes as t

SIGNS = r"sum_\{|_\{|delta\[|tr\(|diag\(|E_rho\[|d(?=\()|\|\^2|\^T|\^-?\d+|:=|[-+/()\[\]{},|:<]"


class TextReader:
    """Reads lines over the given symbols and sizes; expectations are over one random symbol."""

    def __init__(self, symbols: Iterable[t.Symbol], sizes: Iterable[str], random: t.Symbol | None = None) -> None:
        self.symbols, self.sizes, self.random = {s.name: s for s in symbols}, set(sizes), random
        names = sorted((re.escape(name) for name in (*self.symbols, *self.sizes)), key=len, reverse=True)
        derived = "|".join(names)
        self.token = re.compile(rf"( \[)| *({SIGNS}|(?:{derived})(?![\w'])|d(?=(?:{derived})(?![\w']))|\w+)")
        self.tokens: list[str] = []

    def read(self, line: str) -> t.Expression:
        """Return what a line says."""
        self.tokens, at = [], 0
        while at < len(line.rstrip()):
            match = self.token.match(line, at)
            assert match, f"no token at {line[at:]!r} in {line!r}"
            self.tokens.append(match[1] or match[2])
            at = match.end()
        tree = self.sum()
        assert not self.tokens, f"left over: {self.tokens} of {line}"
        return tree

    @property
    def next(self) -> str:
        return self.tokens[0] if self.tokens else ""

    def take(self, *expected: str) -> str:
        token = self.tokens.pop(0)
        assert not expected or token in expected, f"{token!r} where {expected} should be, before {self.tokens}"
        return token

    def taken(self, token: str) -> bool:
        return self.next == token and bool(self.take())

    # -- grammar ---------------------------------------------------------------------------------------------------

    def sum(self) -> t.Expression:
        terms = [self.product(negative=self.taken("-"))]
        while self.next in ("+", "-"):
            sign = self.take()
            assert self.next != "-", "two signs in a row"
            terms.append(self.product(negative=sign == "-"))
        return terms[0] if len(terms) == 1 else t.Add(tuple(terms))

    def product(self, *, negative: bool = False) -> t.Expression:
        if self.next == "sum_{":
            return negated(self.total()) if negative else self.total()
        factors = [self.factor()]
        while self.next == "o":
            self.take()
            factors.append(self.factor())
            assert self.next in ("o", "", "+", "-", ")", "]", "}", ",", "|^2"), "a product beside o"
        if len(factors) > 1:
            return negated(t.Hadamard(tuple(factors))) if negative else t.Hadamard(tuple(factors))
        while self.next not in ("", "+", "-", ")", "]", "}", ",", "|^2"):
            if self.taken("/"):
                factors = [t.Quotient(multiplied(factors), self.factor())]
            else:
                factors.append(self.factor())
        if negative and isinstance(factors[0], t.Number) and factors[0].value > 0:
            return multiplied([t.Number(-factors[0].value), *factors[1:]])
        return multiplied([t.Number(Fraction(-1)), *factors] if negative else factors)

    def factor(self) -> t.Expression:
        base = self.atom()
        while self.next[:1] in ("^", "{", "["):  # behind a space, a bracket opens a matrix by its entries
            token = self.take()
            if token == "{":
                base = t.At(base, tuple(self.values()))
            elif token == "[":
                base = self.entry(base)
            elif token == "^T":
                base = t.Transpose(base)
            elif token == "^-1":
                base = t.Inverse(base)
            else:
                base = t.Power(base, int(token[1:]))
        return base

    def values(self) -> Iterable[tuple[t.Symbol, t.Expression]]:
        while True:
            symbol = self.symbols[self.take()]
            self.take(":=")
            yield symbol, self.sum()
            if self.take(",", "}") == "}":
                return

    def atom(self) -> t.Expression:
        token = self.take()
        if token == "d":
            return self.derivative()
        if token.isdigit():
            return t.Number(Fraction(token))
        if token in self.symbols:
            return self.symbols[token]
        if token in self.sizes:
            return t.Size(token)
        if token == "delta[":
            return t.Delta(*self.indices())
        if token.strip() == "[":
            return self.by_entries()
        closing = {"(": ")", "|": "|^2", "tr(": ")", "diag(": ")", "E_rho[": "]"}
        assert token in closing, f"{token!r} before {self.tokens}"
        inside = self.sum()
        self.take(closing[token])
        if token == "|":
            return t.Trace(t.Multiply((t.Transpose(inside), inside)))
        if token == "tr(":
            return t.Trace(inside)
        if token == "diag(":
            return t.DiagonalMatrix(inside) if "1" in inside.shape else t.Diagonal(inside)
        return t.Expectation(inside, self.random, ()) if token == "E_rho[" and self.random else inside

    def derivative(self) -> t.Expression:
        of = self.atom()
        while self.next == "[":
            self.take()
            of = self.entry(of)
        self.take("/")
        self.take("d")
        kind = t.Gradient if of.shape == t.SCALAR else t.Jacobian
        return kind(of, self.symbols[self.take()])

    def total(self) -> t.Expression:
        self.take("sum_{")
        name, _, size, _ = self.take(), self.take("<"), self.take(), self.take("}")
        return t.Total((t.Index(name, size),), self.product())

    def indices(self) -> list[str]:
        found = [self.take()]
        while self.take(",", "]") == ",":
            found.append(self.take())
        return found

    def entry(self, base: t.Expression) -> t.Expression:
        names = self.indices()
        if ":" in names:
            return t.Slice(base, *names)
        if isinstance(base, t.Symbol) and len(base.axes) > 2:
            return t.Entry(base, tuple(names))
        left = iter(names)
        return t.Entry(base, tuple("0" if size == "1" else next(left) for size in base.shape))

    def by_entries(self) -> t.Expression:
        body = self.sum()
        self.take("]")
        self.take("_{")
        found = []
        while True:
            name, _, size = self.take(), self.take("<"), self.take()
            found.append(t.Index(name, size))
            if self.take(",", "}") == "}":
                break
        row, column = [*found, None][:2]
        return t.ByEntries(row, column, body)


def negated(tree: t.Expression) -> t.Expression:
    return t.Multiply((t.Number(Fraction(-1)), tree))


def multiplied(factors: list[t.Expression]) -> t.Expression:
    return factors[0] if len(factors) == 1 else t.Multiply(tuple(factors))
