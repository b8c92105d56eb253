"""One walk over a tree for every way of writing it down.

The walk keeps what was written: order, signs and brackets. It decides what is a sign, which pieces need parentheses,
and where an inner product is a squared norm. A subclass decides how the pieces look: ``text`` and ``latex``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple

from symmix.errors import UnsupportedError
from symmix.printing.signs import norm_in, signed, without_sign
from symmix.printing.symbols import FUNCTION, INDEX, SIZE, Axes
from symmix.terms import nodes as t
from symmix.terms.base import Node
from symmix.terms.names import ONE_SIZE, ONLY, WHOLE


class Strength(IntEnum):
    """How tightly a piece holds together; a weaker one inside a stronger one needs parentheses."""

    SUM = 1
    PRODUCT = 2
    POWER = 3
    ATOM = 4


class Piece(NamedTuple):
    """Something written down."""

    text: str
    strength: Strength


class Printer(ABC):
    """The walk; subclasses supply the look."""

    barred: ClassVar[Strength] = Strength.ATOM  # what stands before the values of its symbols
    _parts: Mapping[str, t.Expression] = MappingProxyType({})  # of sums, by their names; a look may have some

    def print(self, expression: t.Expression) -> str:
        """Return the expression as one line."""
        return self.piece(expression).text

    def piece(self, node: t.Expression) -> Piece:
        """Return a node with its strength."""
        method = _METHODS.get(type(node))
        if method is None:
            raise UnsupportedError("a node of the language", f"{node} ({type(node).__name__})", "see symmix.terms")
        return method(self, node)

    def at_least(self, node: t.Expression, strength: Strength) -> str:
        """Return a node, in parentheses if it holds together less than needed."""
        piece = self.piece(node)
        return piece.text if piece.strength >= strength else self.parenthesised(piece.text)

    # -- the look --------------------------------------------------------------------------------------------------

    @abstractmethod
    def name(self, name: str, axes: Axes = ()) -> str:
        """Return a symbol, a size or an index."""

    applies: ClassVar[str] = ""  # between a function and its argument

    @abstractmethod
    def parenthesised(self, text: str) -> str:
        """Return a text in parentheses."""

    @abstractmethod
    def quotient(self, numerator: t.Expression, denominator: t.Expression) -> str:
        """Return a quotient, which holds together as a product does."""

    @abstractmethod
    def joined(self, factors: Sequence[str], scalars: int = 0) -> str:
        """Return a product, the first factors of which are scalars."""

    @abstractmethod
    def raised(self, base: str, exponent: str) -> str:
        """Return a power; the base is an atom or in parentheses."""

    @abstractmethod
    def transposed(self, base: str) -> str:
        """Return a transpose; the base is an atom or in parentheses."""

    @abstractmethod
    def squared_norm(self, inside: str) -> str:
        """Return |v|^2."""

    @abstractmethod
    def subscripted(self, base: str, indices: Sequence[str]) -> str:
        """Return an entry of an array."""

    @abstractmethod
    def summed(self, indices: Sequence[tuple[str, str]], body: str) -> str:
        """Return a sum over indices, each with its size."""

    @abstractmethod
    def applied(self, function: str, inside: str) -> str:
        """Return trace, diag, ... of something."""

    @abstractmethod
    def special(self, node: t.Identity | t.Zeros | t.Ones) -> str:
        """Return an identity or zero matrix, or a column of ones."""

    @abstractmethod
    def derivative(self, node: t.Derivative) -> Piece:
        """Return a gradient or a Jacobian."""

    @abstractmethod
    def expected(self, inside: str, random: str) -> str:
        """Return an expectation over a random symbol."""

    @abstractmethod
    def at(self, inside: str, values: Sequence[tuple[str, str]]) -> str:
        """Return an expression with symbols replaced."""

    @abstractmethod
    def entrywise(self, factors: Sequence[str]) -> str:
        """Return a Hadamard product."""

    # -- the look, where one line of plain text has no choice --------------------------------------------------------

    def groups(self, terms: Sequence[t.Expression]) -> Sequence[tuple[str, Sequence[t.Expression]]]:
        """Return the parts that all terms are there of, and behind them the other terms, of no part: ""."""
        found: list[tuple[str, Sequence[t.Expression]]] = []
        rest = list(terms)
        for part, expression in self._parts.items():
            own = expression.terms if isinstance(expression, t.Add) else (expression,)
            if all(term in rest for term in own) and len(own) < len(terms):
                found.append((part, own))
                rest = [term for term in rest if term not in own]
        return [*found, ("", rest)]

    def named(self, part: str, body: str) -> str:
        """Return a part of a sum with its name."""
        raise UnsupportedError("a printer that can name the parts of a formula", part, f"print it alone: {body}")

    def needed(self, factor: t.Expression, before: Sequence[t.Expression], *, last: bool) -> Strength:
        """Return how tightly a factor has to hold together behind those before it: a quotient begins a product."""
        del last
        return Strength.POWER if before or not is_quotient(factor) else Strength.PRODUCT

    def norm_of(self, column: t.Expression, row: t.Expression) -> t.Expression:
        """Return which of a vector and its transpose stands between the bars of a norm."""
        del row
        return column

    def by_entries(self, body: str, indices: Sequence[tuple[str, str]]) -> str:
        """Return a matrix given by its entries; each index comes with its size."""
        return self.subscripted(f"[{body}]", [index for index, _ in indices])

    # -- sums ------------------------------------------------------------------------------------------------------

    def _sum(self, node: t.Add) -> Piece:
        text = ""
        for part, terms in self.groups(node.terms):
            if part:
                text += (" + " if text else "") + self.named(part, self._terms(terms, ""))
            else:
                text = self._terms(terms, text)
        return Piece(text, Strength.SUM)

    def _terms(self, terms: Sequence[t.Expression], text: str) -> str:
        for term in terms:
            negative, body = self._unsigned(term)
            text += (" - " if negative else " + ") + body if text else ("-" if negative else "") + body
        return text

    def _unsigned(self, term: t.Expression) -> tuple[bool, str]:
        """Return whether a term is negative, and what stands behind the sign; a product in it keeps its brackets."""
        if not signed(term):
            return False, self.at_least(term, Strength.PRODUCT)
        body = without_sign(term)
        bracketed = isinstance(body, t.Multiply) and body in term.children()
        return True, self.at_least(body, Strength.POWER if bracketed else Strength.PRODUCT)

    # -- products --------------------------------------------------------------------------------------------------

    def _product(self, node: t.Multiply) -> Piece:
        if signed(node):
            return Piece("-" + self._unsigned(node)[1], Strength.SUM)
        norm = norm_in(node)
        factors = node.factors[:-2] if norm else node.factors
        written = [self._factor(node.factors, place) for place in range(len(factors))]
        if norm:
            bars = self.squared_norm(self.print(self.norm_of(*norm)))
            if not written:
                return Piece(bars, Strength.POWER)
            written.append(bars)
        scalars = sum(factor.shape == t.SCALAR for factor in factors)
        leading = all(factor.shape == t.SCALAR for factor in factors[:scalars])
        return Piece(self.joined(written, scalars if leading else 0), Strength.PRODUCT)

    def _factor(self, factors: Sequence[t.Expression], place: int) -> str:
        factor, before = factors[place], factors[:place]
        digit = isinstance(factor, t.Identity | t.Ones | t.Zeros) and factor.shape == t.SCALAR
        if before and (digit or isinstance(factor, t.Number)):
            return self.parenthesised(self.print(factor))  # two numbers side by side would be one
        return self.at_least(factor, self.needed(factor, before, last=place == len(factors) - 1))

    def _quotient(self, node: t.Quotient) -> Piece:
        return Piece(self.quotient(node.numerator, node.denominator), Strength.PRODUCT)

    def _power(self, node: t.Power) -> Piece:
        return Piece(self.raised(self.at_least(node.base, Strength.ATOM), str(node.exponent)), Strength.POWER)

    def _inverse(self, node: t.Inverse) -> Piece:
        return Piece(self.raised(self.at_least(node.of, Strength.ATOM), "-1"), Strength.POWER)

    def _number(self, node: t.Number) -> Piece:
        if node.value < 0:
            return Piece("-" + self.print(t.Number(-node.value)), Strength.SUM)
        if node.value.denominator != 1:
            above, below = (t.Number(Fraction(part)) for part in node.value.as_integer_ratio())
            return Piece(self.quotient(above, below), Strength.PRODUCT)
        return Piece(str(node.value), Strength.ATOM)

    def _hadamard(self, node: t.Hadamard) -> Piece:
        return Piece(self.entrywise([self.at_least(f, Strength.POWER) for f in node.factors]), Strength.PRODUCT)

    # -- atoms and functions ---------------------------------------------------------------------------------------

    def _symbol(self, node: t.Symbol) -> Piece:
        return Piece(self.name(node.name, node.axes), Strength.ATOM)

    def _size(self, node: t.Size) -> Piece:
        return Piece(self.name(node.name, SIZE), Strength.ATOM)

    def _transpose(self, node: t.Transpose) -> Piece:
        return Piece(self.transposed(self.at_least(node.of, Strength.ATOM)), Strength.POWER)

    def _trace(self, node: t.Trace) -> Piece:
        if node.of.shape == t.SCALAR:  # a scalar is its own trace
            return self.piece(node.of)
        return Piece(self.applied("tr", self.print(node.of)), Strength.POWER)

    def _entry(self, node: t.Entry) -> Piece:
        axes = node.of.axes if isinstance(node.of, t.Symbol) and node.of.axes else node.of.shape
        pairs = zip(node.indices, axes, strict=True)
        indices = [self.position(name) for name, size in pairs if size != ONE_SIZE]
        if not indices:
            return self.piece(node.of)  # the only entry of a 1 x 1 matrix
        return Piece(self.subscripted(self.at_least(node.of, Strength.ATOM), indices), Strength.ATOM)

    def position(self, name: str) -> str:
        """Return an index, ":" for a whole axis, or the number of a position along an axis of a fixed size."""
        return name if name == WHOLE or name.isdigit() else self.name(name, INDEX)

    def _indices(self, names: Sequence[str]) -> list[str]:
        return [self.name(name, INDEX) for name in names if name != ONLY]

    def _slice(self, node: t.Slice) -> Piece:
        pairs = zip((node.row, node.column), node.of.shape, strict=True)
        indices = [name if size == ONE_SIZE else self.position(name) for name, size in pairs]
        return Piece(self.subscripted(self.at_least(node.of, Strength.ATOM), indices), Strength.ATOM)

    def _total(self, node: t.Total) -> Piece:
        indices = [self._bound(index) for index in node.indices]
        return Piece(self.summed(indices, self.at_least(node.body, Strength.PRODUCT)), Strength.PRODUCT)

    def _bound(self, index: t.Index) -> tuple[str, str]:
        return self.name(index.name, INDEX), self.name(index.size, SIZE)

    def _delta(self, node: t.Delta) -> Piece:
        indices = self._indices((node.first, node.second))
        return Piece(self.subscripted(self.applied("delta", ""), indices), Strength.POWER)

    def _special(self, node: t.Identity | t.Zeros) -> Piece:
        return Piece(self.special(node), Strength.ATOM)

    def _ones(self, node: t.Ones) -> Piece:
        """Write ones in terms of columns of ones."""
        column = self.special(t.Ones(node.rows, ONE_SIZE))
        if node.columns == ONE_SIZE:
            return Piece(column, Strength.ATOM)
        row = self.transposed(self.special(t.Ones(node.columns, ONE_SIZE)))
        if node.rows == ONE_SIZE:
            return Piece(row, Strength.POWER)
        return Piece(self.joined([column, row]), Strength.PRODUCT)

    def _diagonal(self, node: t.Diagonal | t.DiagonalMatrix) -> Piece:
        """Write diag: of a matrix a column, of a column or row a matrix."""
        return Piece(self.applied("diag", self.print(node.of)), Strength.POWER)

    def _derivative(self, node: t.Derivative) -> Piece:
        return self.derivative(node)

    def _at(self, node: t.At) -> Piece:
        values = [(self.print(symbol), self.print(value)) for symbol, value in node.values]
        return Piece(self.at(self.at_least(node.of, self.barred), values), Strength.POWER)

    def _expectation(self, node: t.Expectation) -> Piece:
        return Piece(self.expected(self.print(node.of), self.print(node.random)), Strength.ATOM)

    def _value(self, node: t.Apply) -> Piece:
        name = self.name(node.function.name, FUNCTION)
        return Piece(f"{name}{self.applies}{self.parenthesised(self.print(node.argument))}", Strength.ATOM)

    def _by_entries(self, node: t.ByEntries) -> Piece:
        """Write the entries; those of a row as a column, transposed."""
        bound = [index for index in (node.row, node.column) if index is not None]
        if not bound:
            return self.piece(node.body)
        whole = self.by_entries(self.print(node.body), [self._bound(index) for index in bound])
        return Piece(whole, Strength.ATOM) if node.row else Piece(self.transposed(whole), Strength.POWER)


def is_quotient(node: Node) -> bool:
    """Whether something is written as a quotient: a fraction is one too."""
    return isinstance(node, t.Quotient) or (
        isinstance(node, t.Number) and node.value.denominator != 1 and node.value > 0
    )


_METHODS: Mapping[type, Callable[[Any, Any], Piece]] = {
    t.Number: Printer._number,
    t.Size: Printer._size,
    t.Symbol: Printer._symbol,
    t.Add: Printer._sum,
    t.Multiply: Printer._product,
    t.Quotient: Printer._quotient,
    t.Power: Printer._power,
    t.Hadamard: Printer._hadamard,
    t.Transpose: Printer._transpose,
    t.Trace: Printer._trace,
    t.Diagonal: Printer._diagonal,
    t.DiagonalMatrix: Printer._diagonal,
    t.Inverse: Printer._inverse,
    t.Identity: Printer._special,
    t.Zeros: Printer._special,
    t.Ones: Printer._ones,
    t.Delta: Printer._delta,
    t.Entry: Printer._entry,
    t.Slice: Printer._slice,
    t.Total: Printer._total,
    t.ByEntries: Printer._by_entries,
    t.Gradient: Printer._derivative,
    t.Jacobian: Printer._derivative,
    t.At: Printer._at,
    t.Expectation: Printer._expectation,
    t.Apply: Printer._value,
}
