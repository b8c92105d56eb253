"""One walk over a SymPy expression for every way of writing it down.

The walk decides what belongs to the mathematics: order of terms (``y - W z``, ``1 - lam``), signs, parentheses, norms.
A subclass decides how the pieces look: ``text`` and ``latex``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum
from typing import Any, NamedTuple

import sympy as sp
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalMatrix, DiagonalOf
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.matrices.expressions.slice import MatrixSlice
from sympy.tensor.array.expressions import ArrayElement

from symmix.errors import UnsupportedError
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
    def joined(self, factors: Sequence[str]) -> str:
        """Return a product."""

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
    def expected(self, inside: str) -> str:
        """Return an expectation."""

    @abstractmethod
    def at(self, inside: str, values: Sequence[tuple[str, str]]) -> str:
        """Return an expression with symbols replaced."""

    @abstractmethod
    def entrywise(self, factors: Sequence[str]) -> str:
        """Return a Hadamard product."""

    # -- sums ------------------------------------------------------------------------------------------------------

    def _sum(self, node: sp.Add | sp.MatAdd) -> Piece:
        terms = sorted((_signed(arg) for arg in node.args), key=self._term_order)
        text = ""
        for negative, term in terms:
            body = self.at_least(term, Strength.PRODUCT)
            text += (" - " if negative else " + ") + body if text else ("-" if negative else "") + body
        return Piece(text, Strength.SUM)

    def _term_order(self, signed: tuple[bool, sp.Basic]) -> tuple[object, ...]:
        """Positive terms first, then by the legend: y before W z, lam before 1 - lam, e before e'."""
        negative, term = signed
        ranks = [self._rank.get(name, len(self._rank)) for name in _names(term)]
        return negative, not ranks and not negative, ranks, str(term)

    # -- products --------------------------------------------------------------------------------------------------

    def _product(self, node: sp.Mul | sp.MatMul) -> Piece:
        negative, body = _signed(node)
        if negative:
            return Piece("-" + self.at_least(body, Strength.PRODUCT), Strength.SUM)
        above, below, matrices = _split(body)
        factors = [self.at_least(factor, Strength.POWER) for factor in self._scalars(above)]
        rest = [self.at_least(factor, Strength.POWER) for factor in matrices]
        if below != 1:
            numerator = self.joined(factors) if factors else "1"
            return Piece(self.fraction(numerator, below, self.joined(rest) if rest else ""), Strength.PRODUCT)
        if len(factors) + len(rest) == 1:
            return self.piece((above + matrices)[0])
        return Piece(self.joined(factors + rest), Strength.PRODUCT)

    def _scalars(self, factors: Sequence[sp.Expr]) -> list[sp.Expr]:
        def order(factor: sp.Expr) -> tuple[object, ...]:
            ranks = [self._rank.get(name, len(self._rank)) for name in _names(factor)]
            base = factor.base if isinstance(factor, sp.Pow) else factor
            return not factor.is_number, _tensorial(factor), isinstance(base, sp.Add), ranks, str(factor)

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
                return Piece(self.squared_norm(self.print(right)), Strength.POWER)
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
            row = self.transposed(self.special(node))
            if node.shape[0] == 1:
                return Piece(row, Strength.POWER)
            return Piece(self.joined([self.special(node), row]), Strength.PRODUCT)
        return Piece(self.special(node), Strength.ATOM)

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
        return Piece(self.at(self.at_least(node.matrix, Strength.ATOM), values), Strength.ATOM)

    def _expectation(self, node: ScalarExpectation | MatrixExpectation) -> Piece:
        return Piece(self.expected(self.print(node.averaged)), Strength.ATOM)

    def _function(self, node: sp.FunctionMatrix | Entries) -> Piece:
        body, indices = node.lamda.expr, []
        for symbol, size in zip(node.lamda.variables, node.shape, strict=True):
            if size == 1:
                body = body.subs(symbol, 0)
            else:
                indices.append(self.print(symbol))
        return Piece(self.subscripted(f"[{self.print(body)}]", indices), Strength.ATOM)


def _signed(term: sp.Basic) -> tuple[bool, sp.Basic]:
    """Take the sign out of a term."""
    if isinstance(term, sp.Rational):
        return bool(term < 0), abs(term)
    if isinstance(term, sp.Mul | sp.MatMul):
        coefficient, rest = term.as_coeff_mmul() if isinstance(term, sp.MatMul) else term.as_coeff_Mul()
        if isinstance(coefficient, sp.Mul):  # a scalar product in front of a matrix
            number, _ = coefficient.as_coeff_Mul()
            if number < 0:
                return True, -coefficient * rest
        elif coefficient.is_Number and coefficient < 0:
            return True, (-coefficient) * rest if coefficient != -1 else rest
    return False, term


def _split(term: sp.Basic) -> tuple[list[sp.Basic], sp.Expr, list[sp.Basic]]:
    """Split a product into scalar factors, denominator, and matrix factors."""
    if not isinstance(term, sp.Mul | sp.MatMul):
        return [term], sp.S.One, []
    matrices = [arg for arg in term.args if isinstance(arg, sp.MatrixExpr)]
    scalar = sp.Mul(*(arg for arg in term.args if not isinstance(arg, sp.MatrixExpr)))
    above, below = [], []
    for factor in sp.Mul.make_args(scalar):
        if isinstance(factor, sp.Pow) and factor.exp.is_negative:
            below.append(factor.base**-factor.exp)
        elif isinstance(factor, sp.Rational):
            above += [sp.Integer(factor.p)] if factor.p != 1 else []
            below += [sp.Integer(factor.q)] if factor.q != 1 else []
        else:
            above.append(factor)
    return above, sp.Mul(*below), matrices


def _names(node: sp.Basic) -> list[str]:
    """Return the names of the symbols of a term in the order of its factors; sizes of matrix symbols do not count."""
    if isinstance(node, sp.MatrixSymbol | sp.Symbol):
        return [str(node.name)]
    if isinstance(node, sp.MatMul):
        args = sorted(node.args, key=lambda arg: not isinstance(arg, sp.MatrixExpr))
        return [name for arg in args for name in _names(arg)]
    return [name for arg in node.args for name in _names(arg)]


def _tensorial(node: sp.Basic) -> bool:
    return bool(node.atoms(sp.MatrixSymbol))


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
