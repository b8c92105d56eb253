"""A reader for the LaTeX that symmix writes, the tests' own: what is printed is compared with what was meant."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalOf
from sympy.tensor.array.expressions import ArrayElement, ArraySymbol

from symmix.export.latex import LatexPrinter
from symmix.export.symbols import Dialect
from symmix.language import At, Entries, Gradient, Jacobian, expectation
from symmix.language.nodes import MatrixExpectation, ScalarExpectation
from symmix.notation import lam

LAYOUT = re.compile(r"&|\\\\(?:\n|$)|\\q?quad|\\,|\\thinspace|\\[bB]ig[lr]|\{\}")
TOKEN = re.compile(r"\\[A-Za-z]+|\d+|[^\s\\]|\\.")


class Reader:
    """Reads formulas over the symbols of some expression, printed in one dialect."""

    def __init__(
        self, symbols: Sequence[Any], dialect: Dialect, spelling: Mapping[Any, str] | None = None, original: Any = None
    ) -> None:
        printer = LatexPrinter(dialect, spelling)
        self.dialect = dialect
        self.names = {printer.name(symbol): symbol for symbol in symbols}
        different = [symbol for symbol in symbols if not isinstance(symbol, sp.Dummy)]  # those are bound
        assert len({printer.name(s) for s in different}) == len(different), "two symbols look the same"
        self.jacobians: dict[Any, dict[Any, Any]] = {}
        self.moments: dict[Any, dict[int, Any]] = {}
        for node in sp.preorder_traversal(original) if original is not None else ():
            if isinstance(node, Gradient):
                self.jacobians.setdefault(node.wrt, {}).update(node.jacobians)
            if isinstance(node, ScalarExpectation | MatrixExpectation):
                assert self.moments.setdefault(node.random, node.moments) == node.moments
        self.text, self.place = "", 0

    def read(self, latex: str) -> Any:
        """Return what a formula says, line breaks and alignment left out."""
        self.text, self.place = LAYOUT.sub(" ", latex).strip(), 0
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

    def symbol(self) -> Any | None:
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

    def expression(self) -> Any:
        terms = [negated(self.term()) if self.taken("-") else self.term()]
        while self.peek() in ("+", "-"):
            terms.append(self.term() if self.next() == "+" else negated(self.term()))
        return added(terms)

    def term(self) -> Any:
        factors = [self.factor()]
        if self.peek() == r"\circ":
            while self.taken(r"\circ"):
                factors.append(self.factor())
            return sp.HadamardProduct(*factors)
        while self.peek() not in ("", "+", "-", ")", "]", "}", ",", "=", r"\rVert", r"\le", r"\leftarrow", r"\circ"):
            factors.append(self.factor())
        return multiplied(factors)

    def factor(self) -> Any:
        value = self.base()
        while True:
            if self.taken("^"):
                value = self.raised(value)
            elif self.peek() == "_" and isinstance(value, sp.MatrixExpr | ArraySymbol):
                value = self.entry(value)
            elif self.taken(r"\big"):
                value = self.at(value)
            else:
                return value

    def raised(self, value: Any) -> Any:
        self.take("{")
        self.skip()
        if self.text.startswith(self.dialect.transpose + "}", self.place):
            self.place += len(self.dialect.transpose) + 1
            return sp.Transpose(value) if isinstance(value, sp.MatrixExpr) else value
        exponent = self.expression()
        self.take("}")
        return value**exponent

    def entry(self, value: Any) -> Any:
        self.take("_", "{")
        indices = []
        while not self.taken("}"):
            indices.append(":" if self.taken(":") else self.factor())
            self.taken(",")
        if isinstance(value, ArraySymbol):
            return ArrayElement(value, indices)
        if ":" in indices:
            return value[slice(None), indices[1]] if indices[0] == ":" else value[indices[0], slice(None)]
        remaining = iter(indices)
        return value[tuple(0 if size == 1 else next(remaining) for size in value.shape)]

    def at(self, value: Any) -> At:
        self.take("|", "_", "{")
        values = {}
        while not self.taken("}"):
            symbol = self.factor()
            self.take(r"\leftarrow")
            values[symbol] = self.expression()
            self.taken(",")
        return At(value, values)

    def base(self) -> Any:
        constant = self.constant()
        if constant is not None:
            return constant
        found = self.symbol()
        if found is not None:
            return found
        token = self.next()
        if token.isdigit():
            return sp.Integer(token)
        readers = {
            "(": self.parenthesised, "{": self.group, "[": self.by_entries, r"\lVert": self.norm, r"\sum": self.total,
            r"\frac": self.fraction, r"\tfrac": self.fraction, r"\operatorname": self.function,
            r"\nabla": self.gradient, r"\partial": self.jacobian, r"\mathbb": self.mean,
            r"\delta": self.delta, r"\underbrace": self.braced,
        }  # fmt: skip
        if token in (r"\sxown", r"\sxcross"):
            self.take("{")
            return self.group()
        if token == r"\sxcomix":
            return 1 - lam
        assert token in readers, f"{token} in {self.text}"
        return readers[token]()

    def constant(self) -> Any | None:
        """Read an identity, zero or all-ones matrix."""
        self.skip()
        for style, digit in ((self.dialect.matrix, "I"), (self.dialect.matrix, "0"), (self.dialect.vector, "1")):
            name = style % digit + "_{"
            if self.text.startswith(name, self.place):
                self.place += len(name)
                size = self.factor()
                if digit == "0":
                    self.take(r"\times")
                    size = (size, self.factor())
                self.take("}")
                return {"I": sp.Identity, "0": lambda shape: sp.ZeroMatrix(*shape), "1": lambda n: sp.OneMatrix(n, 1)}[
                    digit
                ](size)
        return None

    def parenthesised(self) -> Any:
        value = self.expression()
        self.take(")")
        return value

    def group(self) -> Any:
        value = self.expression()
        self.take("}")
        return value

    def braced(self) -> Any:
        self.take("{")
        value = self.group()
        self.take("_", "{", r"\text", "{")
        self.place = self.text.index("}}", self.place) + 2
        return value

    def norm(self) -> Any:
        value = self.expression()
        self.take(r"\rVert", "^", "{", "2", "}")
        return sp.Trace(value * value.T) if value.shape[0] == 1 else sp.Trace(value.T * value)

    def fraction(self) -> Any:
        self.take("{")
        above = self.group()
        self.take("{")
        return above / self.group()

    def function(self) -> Any:
        self.take("{")
        name = self.next()
        while not self.taken("}"):
            name += self.next()
        self.take("(")
        inside = self.parenthesised()
        if name == "tr":
            return sp.Trace(inside)
        assert name == "diag"
        return DiagMatrix(inside) if inside.shape[1] == 1 else DiagonalOf(inside)

    def subscript(self) -> Any:
        self.take("_", "{")
        return self.group()

    def gradient(self) -> Any:
        wrt = self.subscript()
        return Gradient(self.atom(), wrt, self.jacobians.get(wrt))

    def jacobian(self) -> Any:
        wrt = self.subscript()
        return Jacobian(self.atom(), wrt, self.jacobians.get(wrt))

    def atom(self) -> Any:
        value = self.base()
        while self.peek() == "_":
            value = self.entry(value)
        return scalar(value)

    def mean(self) -> Any:
        self.take("{", "E", "}")
        random = self.subscript()
        self.take("[")
        value = self.expression()
        self.take("]")
        return expectation(scalar(value), random, self.moments[random])

    def delta(self) -> Any:
        self.take("_", "{")
        indices = [self.factor(), self.factor()]
        self.take("}")
        return sp.KroneckerDelta(*indices)

    def total(self) -> Any:
        self.take("_", "{")
        index = self.factor()
        self.take("=", "1", "}", "^", "{")
        size = self.group()
        return sp.Sum(entry_of(self.term()), (index, 0, size - 1))

    def by_entries(self) -> Any:
        body = entry_of(self.expression())
        self.take("]")
        limits = []
        if self.taken("_"):
            self.take("{")
            while not self.taken("}"):
                index = self.factor()
                self.take(r"\le")
                limits.append((index, self.expression()))
                self.taken(",")
        (i, rows), (j, columns) = [*limits, (sp.Dummy(), sp.S.One), (sp.Dummy(), sp.S.One)][:2]
        return Entries(rows, columns, sp.Lambda((i, j), body))


# -- arithmetic: a 1 x 1 matrix is a scalar ---


def scalar(value: Any) -> Any:
    is_product = isinstance(value, sp.MatrixExpr) and value.shape == (1, 1) and not isinstance(value, sp.MatrixSymbol)
    return sp.Trace(value) if is_product else value


def entry_of(value: Any) -> Any:
    return sp.Trace(value) if isinstance(value, sp.MatrixExpr) else value


def negated(value: Any) -> Any:
    return -value


def added(terms: Sequence[Any]) -> Any:
    if any(not isinstance(term, sp.MatrixExpr) for term in terms):
        return sp.Add(*(entry_of(term) for term in terms))
    return terms[0] if len(terms) == 1 else sp.MatAdd(*terms)


def multiplied(factors: Sequence[Any]) -> Any:
    """Multiply from left to right; a 1 x 1 matrix that does not fit is a scalar."""
    scale: Any = sp.S.One
    product: Any | None = None
    for factor in factors:
        if not isinstance(factor, sp.MatrixExpr):
            scale *= factor
        elif product is None:
            product = factor
        elif product.shape[1] == factor.shape[0]:
            product = product * factor
        elif product.shape == (1, 1):
            scale, product = scale * sp.Trace(product), factor
        else:
            assert factor.shape == (1, 1), f"{product.shape} by {factor.shape}"
            scale *= sp.Trace(factor)
    return scale if product is None else (product if scale == 1 else scale * product)
