"""One walk over a SymPy expression for every way of writing it down.

The walk decides what belongs to the mathematics: order of terms (``y - W z``, ``1 - lam``), signs, parentheses, norms.
A subclass decides how the pieces look: ``text`` and ``latex``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum
from typing import Any, ClassVar, NamedTuple

import sympy as sp
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalMatrix, DiagonalOf
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.matrices.expressions.slice import MatrixSlice
from sympy.tensor.array.expressions import ArrayElement

from symmix.errors import UnsupportedError
from symmix.export.terms import Tie, names, signed, split, tensorial
from symmix.language.nodes import At, Entries, Gradient, Jacobian, MatrixExpectation, ScalarExpectation
from symmix.notation import legend


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

    def __init__(self) -> None:
        self._rank = {entry.name: place for place, entry in enumerate(legend())}

    def print(self, expression: sp.Basic) -> str:
        """Return the expression as one line."""
        return self.piece(expression).text

    def piece(self, node: sp.Basic) -> Piece:
        """Return a node with its strength."""
        for kind, method in _METHODS.items():
            if isinstance(node, kind):
                return method(self, node)
        raise UnsupportedError(
            "an expression of the language", f"{node} ({type(node).__name__})", "see symmix.language"
        )

    def at_least(self, node: sp.Basic, strength: Strength) -> str:
        """Return a node, in parentheses if it holds together less than needed."""
        piece = self.piece(node)
        return piece.text if piece.strength >= strength else self.parenthesised(piece.text)

    # -- the look --------------------------------------------------------------------------------------------------

    @abstractmethod
    def name(self, symbol: sp.Basic) -> str:
        """Return a symbol."""

    @abstractmethod
    def parenthesised(self, text: str) -> str:
        """Return a text in parentheses."""

    @abstractmethod
    def fraction(self, numerator: str, denominator: sp.Expr, rest: str) -> str:
        """Return numerator / denominator times the rest; the numerator holds together as a product."""

    @abstractmethod
    def raised(self, base: str, exponent: str) -> str:
        """Return a power."""

    def exponent(self, node: sp.Expr) -> str:
        """Return an exponent; a number needs no parentheses for its sign."""
        return str(node) if isinstance(node, sp.Integer) else self.at_least(node, Strength.ATOM)

    @abstractmethod
    def joined(self, factors: Sequence[str], scalars: int = 0) -> str:
        """Return a product, the first factors of which are scalars."""

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
    def special(self, node: sp.Basic) -> str:
        """Return an identity, zero or all-ones matrix."""

    @abstractmethod
    def gradient(self, scalar: str, wrt: str) -> str:
        """Return the gradient of something."""

    @abstractmethod
    def jacobian(self, column: str, wrt: str) -> str:
        """Return the Jacobian of something."""

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

    def signed(self, term: sp.Basic) -> tuple[bool, sp.Basic]:
        """Return whether a term is negative, and the term without its sign."""
        return signed(term)

    def groups(self, terms: Sequence[sp.Basic]) -> Sequence[tuple[str, Sequence[sp.Basic]]]:
        """Return the terms of a sum by the name of the part that they belong to; most belong to none, named ""."""
        return [("", terms)]

    def named(self, part: str, body: str) -> str:
        """Return a part of a sum with its name."""
        raise UnsupportedError("a printer that can name the parts of a formula", part, f"print it alone: {body}")

    def needed(self, factor: sp.Basic, *, last: bool) -> Strength:
        """Return how tightly a factor of a product has to hold together, at the end of it or before."""
        del factor, last
        return Strength.POWER

    def alone_above(self, factor: sp.Expr) -> str:
        """Return the only factor above the bar of a fraction."""
        return self.at_least(factor, Strength.POWER)

    def beside(self, factors: Sequence[sp.Expr], denominator: sp.Expr) -> tuple[Sequence[sp.Expr], Sequence[sp.Expr]]:
        """Return the scalar factors above a fraction's bar, and those beside the fraction; none of them is lost."""
        del denominator
        return factors, ()

    def ones(self, size: sp.Basic) -> str:
        """Return a column of ones."""
        return "1" if size == 1 else self.special(sp.OneMatrix(size, 1))

    def norm_of(self, column: sp.MatrixExpr, row: sp.MatrixExpr) -> sp.MatrixExpr:
        """Return which of a vector and its transpose stands between the bars of a norm."""
        del row
        return column

    def by_entries(self, body: str, indices: Sequence[tuple[str, str]]) -> str:
        """Return a matrix given by its entries; each index comes with its size."""
        return self.subscripted(f"[{body}]", [index for index, _ in indices])

    # -- sums ------------------------------------------------------------------------------------------------------

    def _sum(self, node: sp.Add | sp.MatAdd) -> Piece:
        text = ""
        for part, group in self.groups(node.args):
            terms = self.ordered(group)
            if part:
                text += (" + " if text else "") + self.named(part, self._terms(terms, ""))
            else:
                text = self._terms(terms, text)
        return Piece(text, Strength.SUM)

    def _terms(self, terms: Sequence[tuple[bool, sp.Basic]], text: str) -> str:
        for negative, term in terms:
            body = self.at_least(term, Strength.PRODUCT)
            text += (" - " if negative else " + ") + body if text else ("-" if negative else "") + body
        return text

    def ordered(self, terms: Sequence[sp.Basic]) -> list[tuple[bool, sp.Basic]]:
        """Return terms in the order in which a sum reads best: whether each is negative, and it without its sign."""
        return sorted((self.signed(term) for term in terms), key=self._term_order)

    def _term_order(self, signed: tuple[bool, sp.Basic]) -> tuple[object, ...]:
        """Positive terms first, then by the legend: y before W z, lam before 1 - lam, e before e'."""
        negative, term = signed
        ranks = [self._rank.get(name, len(self._rank)) for name in names(term)]
        return negative, not ranks and not negative, ranks, names(term), Tie(term)

    # -- products --------------------------------------------------------------------------------------------------

    def _product(self, node: sp.Mul | sp.MatMul) -> Piece:
        negative, body = self.signed(node)
        if negative:
            return Piece("-" + self.at_least(body, Strength.PRODUCT), Strength.SUM)
        above, below, matrices = split(body)
        if below == 1 and len(above) + len(matrices) == 1:
            return self.piece((above + matrices)[0])
        numerator, beside = (
            self.beside(self.scalars_ordered(above), below) if below != 1 else (self.scalars_ordered(above), ())
        )
        if below != 1 and len(numerator) == 1:
            factors = [self.alone_above(numerator[0])]
        else:
            factors = self._written(numerator, last=below != 1 or not (matrices or beside))
        rest = self._written([*beside, *matrices], last=True)
        if below != 1:
            over = self.joined(factors, len(factors)) if factors else "1"
            return Piece(self.fraction(over, below, self.joined(rest, len(beside)) if rest else ""), Strength.PRODUCT)
        return Piece(self.joined(factors + rest, len(factors)), Strength.PRODUCT)

    def _written(self, factors: Sequence[sp.Basic], *, last: bool) -> list[str]:
        ends = [last and place == len(factors) for place in range(1, len(factors) + 1)]
        return [self.at_least(f, self.needed(f, last=end)) for f, end in zip(factors, ends, strict=True)]

    def scalars_ordered(self, factors: Sequence[sp.Expr]) -> list[sp.Expr]:
        """Return the scalar factors of a product in the order in which it reads best."""

        def order(factor: sp.Expr) -> tuple[object, ...]:
            ranks = [self._rank.get(name, len(self._rank)) for name in names(factor)]
            base = factor.base if isinstance(factor, sp.Pow) else factor
            return not factor.is_number, tensorial(factor), isinstance(base, sp.Add), ranks, Tie(factor)

        return sorted(factors, key=order)

    def _power(self, node: sp.Pow | sp.MatPow) -> Piece:
        base, exponent = node.args
        if exponent.is_negative and not isinstance(base, sp.MatrixExpr):
            return Piece(self.fraction("1", base**-exponent, ""), Strength.PRODUCT)
        return Piece(self.raised(self.at_least(base, Strength.ATOM), self.exponent(exponent)), Strength.POWER)

    def _number(self, node: sp.Rational) -> Piece:
        if node < 0:
            return Piece("-" + self.print(-node), Strength.SUM)
        if node.q != 1:
            return Piece(self.fraction(str(node.p), sp.Integer(node.q), ""), Strength.PRODUCT)
        return Piece(str(node), Strength.ATOM)

    # -- atoms and functions ---------------------------------------------------------------------------------------

    def _symbol(self, node: sp.Basic) -> Piece:
        return Piece(self.name(node), Strength.ATOM)

    def _transpose(self, node: sp.Transpose) -> Piece:
        return Piece(self.transposed(self.at_least(node.arg, Strength.ATOM)), Strength.POWER)

    def _trace(self, node: sp.Trace) -> Piece:
        inside = node.arg
        if isinstance(inside, sp.MatMul) and len(inside.args) == 2:
            left, right = inside.args
            if left == right.T and right.shape[1] == 1:
                return Piece(self.squared_norm(self.print(self.norm_of(right, left))), Strength.POWER)
        if inside.shape == (1, 1):
            return self.piece(inside)
        return Piece(self.applied("tr", self.print(inside)), Strength.POWER)

    def _entry(self, node: MatrixElement) -> Piece:
        indices = [self.print(i) for i, size in zip((node.i, node.j), node.parent.shape, strict=True) if size != 1]
        base = self.at_least(node.parent, Strength.ATOM)
        return Piece(self.subscripted(base, indices) if indices else base, Strength.ATOM)

    def _array_entry(self, node: ArrayElement) -> Piece:
        return Piece(self.subscripted(self.name(node.name), [self.print(i) for i in node.indices]), Strength.ATOM)

    def _slice(self, node: MatrixSlice) -> Piece:
        (row, *_), (column, *_) = node.rowslice, node.colslice
        whole = node.rowslice[1] == node.parent.shape[0] and row == 0
        indices = [":", self.print(column)] if whole else [self.print(row), ":"]
        return Piece(self.subscripted(self.at_least(node.parent, Strength.ATOM), indices), Strength.ATOM)

    def _total(self, node: sp.Sum) -> Piece:
        indices = [(self.print(i), self.print(sp.expand(high - low + 1))) for i, low, high in node.limits]
        return Piece(self.summed(indices, self.at_least(node.function, Strength.PRODUCT)), Strength.PRODUCT)

    def _delta(self, node: sp.KroneckerDelta) -> Piece:
        return Piece(
            self.subscripted(self.applied("delta", ""), [self.print(i) for i in node.args[:2]]), Strength.POWER
        )

    def _special(self, node: sp.Basic) -> Piece:
        if isinstance(node, sp.OneMatrix) and node.shape[1] != 1:  # in terms of columns of ones
            row = self.transposed(self.ones(node.shape[1]))
            if node.shape[0] == 1:
                return Piece(row, Strength.POWER)
            return Piece(self.joined([self.ones(node.shape[0]), row]), Strength.PRODUCT)
        return Piece(self.ones(node.shape[0]) if isinstance(node, sp.OneMatrix) else self.special(node), Strength.ATOM)

    def _hadamard(self, node: sp.HadamardProduct) -> Piece:
        return Piece(self.entrywise([self.at_least(arg, Strength.POWER) for arg in node.args]), Strength.PRODUCT)

    def _hadamard_power(self, node: sp.HadamardPower) -> Piece:
        base = self.at_least(node.args[0], Strength.POWER)
        return Piece(self.entrywise([base] * int(node.args[1])), Strength.PRODUCT)

    def _diagonal(self, node: sp.Basic) -> Piece:
        inside = self.applied("diag", self.print(node.args[0]))
        # the diagonal of a matrix is a column; as a matrix again, that column's diagonal matrix
        return Piece(self.applied("diag", inside) if isinstance(node, DiagonalMatrix) else inside, Strength.POWER)

    def _gradient(self, node: Gradient) -> Piece:
        write = self.jacobian if isinstance(node, Jacobian) else self.gradient
        return Piece(write(self.at_least(node.differentiated, Strength.ATOM), self.print(node.wrt)), Strength.POWER)

    def _at(self, node: At) -> Piece:
        values = [(self.print(symbol), self.print(value)) for symbol, value in node.values.items()]
        return Piece(self.at(self.at_least(node.matrix, self.barred), values), self.barred)

    def _expectation(self, node: ScalarExpectation | MatrixExpectation) -> Piece:
        return Piece(self.expected(self.print(node.averaged), self.print(node.random)), Strength.ATOM)

    def _function(self, node: sp.FunctionMatrix | Entries) -> Piece:
        body, indices = node.lamda.expr, []
        for symbol, size in zip(node.lamda.variables, node.shape, strict=True):
            if size == 1:
                body = body.subs(symbol, 0)
            else:
                indices.append((self.print(symbol), self.print(size)))
        return Piece(self.by_entries(self.print(body), indices), Strength.ATOM)


_METHODS: Mapping[type, Callable[[Any, Any], Piece]] = {
    sp.Rational: Printer._number,
    sp.MatAdd: Printer._sum,
    sp.Add: Printer._sum,
    sp.MatMul: Printer._product,
    sp.Mul: Printer._product,
    sp.MatPow: Printer._power,
    sp.Pow: Printer._power,
    sp.Symbol: Printer._symbol,
    sp.MatrixSymbol: Printer._symbol,
    sp.Transpose: Printer._transpose,
    sp.Trace: Printer._trace,
    MatrixElement: Printer._entry,
    ArrayElement: Printer._array_entry,
    MatrixSlice: Printer._slice,
    sp.Sum: Printer._total,
    sp.KroneckerDelta: Printer._delta,
    sp.Identity: Printer._special,
    sp.ZeroMatrix: Printer._special,
    sp.OneMatrix: Printer._special,
    sp.HadamardProduct: Printer._hadamard,
    sp.HadamardPower: Printer._hadamard_power,
    DiagMatrix: Printer._diagonal,
    DiagonalMatrix: Printer._diagonal,
    DiagonalOf: Printer._diagonal,
    sp.FunctionMatrix: Printer._function,
    Entries: Printer._function,
    Gradient: Printer._gradient,
    At: Printer._at,
    ScalarExpectation: Printer._expectation,
    MatrixExpectation: Printer._expectation,
}
