"""Random scalar and matrix expressions, over every node that a statement may hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalMatrix, DiagonalOf

from symmix.language import At, Entries, Gradient, Jacobian, distinct, expectation, ordered
from tests.fuzz.vocabulary import Vocabulary, squared_norm


class Generator:
    """Draws expressions from a vocabulary; ``depth`` bounds how far they branch."""

    def __init__(self, words: Vocabulary) -> None:
        self.words = words
        self.random = words.random

    # -- scalars -------------------------------------------------------------------------------------------------------

    def scalar(self, depth: int) -> Any:
        """Draw a scalar."""
        if depth <= 0:
            return self._scalar_leaf()
        choices = [self._add, self._mul, self._sum] * 2 + [self._trace, self._power, self._quadratic]
        choices += [self._one_by_one, self._double_sum, self._mean, self._rate, self._pairs]
        return self.random.choice(choices)(depth)

    def _scalar_leaf(self) -> Any:
        roll = self.random.random()
        if roll < 0.2:
            return self.number()
        if roll < 0.3:
            return self.words.size()
        if roll < 0.7:
            return self.words.symbol()
        if roll < 0.85 and self.words.sizes[-1].is_Integer:
            return self._placed()
        return squared_norm(self.words.column())

    def _placed(self) -> Any:
        """Draw an entry at a place, along axes whose size is a number."""
        size = self.words.sizes[-1]
        columns = self.random.choice([sp.S.One, size])
        return self.words.entry(
            self.words.matrix(size, columns), *(self.random.randrange(int(n)) for n in (size, columns))
        )

    def _rate(self, depth: int) -> Any:
        """Differentiate by a scalar, of which something may depend on."""
        by = self.words.symbol(fresh=True, real=True)
        column = self.words.column()
        moving = {} if self.random.random() < 0.5 else {column: self.words.matrix(*column.shape)}
        inner = self.words.mul(by, self.words.add(by, self.scalar(depth - 1)), self.scalar(depth - 2))
        return Gradient(inner, by, moving, constant=True)

    def _pairs(self, depth: int) -> Any:  # noqa: ARG002 - as the others
        """Sum over two different indices, in order or not."""
        words, size, i, j = self.words, self.words.size(), sp.Symbol("i1", integer=True), sp.Symbol("j1", integer=True)
        x = words.column(size)
        term = (x[i, 0] - x[j, 0]) ** 2 * self.random.choice([sp.S.One, words.symbol()])
        return self.random.choice([distinct, ordered])(term, (i, 0, size - 1), (j, 0, size - 1))

    def number(self) -> Any:
        """Draw a rational number."""
        return self.random.choice([sp.Integer(2), sp.Integer(-1), sp.Integer(3), sp.Rational(1, 2), sp.Rational(-2, 3)])

    def _add(self, depth: int) -> Any:
        return self.words.add(*(self.scalar(depth - 1) for _ in range(self.random.randint(2, 3))))

    def _mul(self, depth: int) -> Any:
        return self.words.mul(self.scalar(depth - 1), self.scalar(depth - 1))

    def _power(self, depth: int) -> Any:
        if self.random.random() < 0.3:
            return self.reciprocal()
        return self.words.pow(self.scalar(depth - 1), 2)

    def reciprocal(self) -> Any:
        """Draw a negative power, often of a sum."""
        words = self.words
        base = self.random.choice(
            [
                words.symbol(),
                words.add(words.symbol(), words.symbol()),
                words.add(sp.S.One, words.pow(words.symbol(), 2)),
                words.size(),
                words.add(sp.S.One, words.symbol()),
            ]
        )
        return words.pow(base, self.random.choice([-1, -1, -2]))

    def _trace(self, depth: int) -> Any:
        size = self.words.size()
        return sp.Trace(self.matrix(size, size, depth - 1))

    def _quadratic(self, depth: int) -> Any:
        words, size = self.words, self.words.size()
        left, right = words.column(size), words.column(size)
        return sp.Trace(words.mat_mul(words.transpose(left), self.matrix(size, size, depth - 1), right))

    def _one_by_one(self, depth: int) -> Any:
        words, size = self.words, self.words.size()
        product = words.mat_mul(words.transpose(self.matrix(size, 1, depth - 1)), words.column(size))
        return words.entry(product, 0, 0)

    def _sum(self, depth: int) -> Any:
        words, size, index = self.words, self.words.size(), self.words.index()
        return words.sum(self._summand(size, index, depth - 1), index, size)

    def _double_sum(self, depth: int) -> Any:
        words = self.words
        rows, columns, i, j = words.size(), words.size(), words.index(), words.index()
        body = words.mul(words.entry(words.matrix(rows, columns), i, j), self._summand(rows, i, depth - 2))
        if rows == columns and self.random.random() < 0.4:
            body = words.mul(sp.KroneckerDelta(i, j), body)
        elif self.random.random() < 0.4:
            body = words.mul(body, self._summand(columns, j, 0))
        if self.random.random() < 0.5:
            return sp.Sum(body, (i, 0, rows - 1), (j, 0, columns - 1))
        return words.sum(words.sum(body, j, columns), i, rows)

    def _summand(self, size: Any, index: Any, depth: int) -> Any:
        words, roll = self.words, self.random.random()
        entry = words.entry(words.column(size), index, 0)
        if depth <= 0 or roll < 0.3:
            return entry
        if roll < 0.45:
            return words.mul(entry, self.scalar(depth - 1))
        if roll < 0.6:
            return words.pow(words.add(entry, words.entry(words.column(size), index, 0)), 2)
        if roll < 0.75:  # the index comes back for another sum inside
            return words.mul(entry, words.sum(words.entry(words.column(size), index, 0), index, size))
        if roll < 0.9:
            return words.mul(entry, words.entry(self.matrix(size, 1, depth - 1), index, 0))
        return words.add(entry, self.scalar(depth - 1))

    def _mean(self, depth: int) -> Any:
        """Average a polynomial in a random scalar, whose moments are symbols."""
        words, random = self.words, sp.Symbol(self.random.choice(["lam", "xi"]), real=True)
        means = {1: sp.Symbol("m1", real=True), 2: sp.Symbol("m2", real=True)}
        form = self.random.choice([random, random**2, random * (1 - random), words.add(sp.S.One, random)])
        return expectation(words.mul(form, self.scalar(depth - 2)) if depth > 1 else form, random, means)

    # -- matrices ------------------------------------------------------------------------------------------------------

    def matrix(self, rows: Any, columns: Any, depth: int) -> Any:
        """Draw a matrix of a shape."""
        if depth <= 0:
            return self._leaf(rows, columns)
        choices: list[Callable[[Any, Any, int], Any]] = [self._mat_add, self._mat_mul, self._mat_mul, self._transpose]
        choices += [self._scaled, self._hadamard, self._entries, self._function, self._leaf, self._at, self._gradient]
        if rows == columns:
            choices += [self._diagonal, self._mat_pow]
        if columns == 1:
            choices += [self._column_of, self._jacobian]
        return self.random.choice(choices)(rows, columns, depth)

    def _leaf(self, rows: Any, columns: Any, _: int = 0) -> Any:
        roll = self.random.random()
        if roll < 0.06:
            return sp.OneMatrix(rows, columns)
        if roll < 0.08:
            return sp.ZeroMatrix(rows, columns)
        if rows == columns != 1 and roll < 0.2:
            return sp.Identity(rows)
        return self.words.matrix(rows, columns)

    def _mat_add(self, rows: Any, columns: Any, depth: int) -> Any:
        return self.words.mat_add(self.matrix(rows, columns, depth - 1), self.matrix(rows, columns, depth - 1))

    def _mat_mul(self, rows: Any, columns: Any, depth: int) -> Any:
        inner = self.words.size() if self.random.random() < 0.9 else sp.S.One
        return self.words.mat_mul(self.matrix(rows, inner, depth - 1), self.matrix(inner, columns, depth - 1))

    def _scaled(self, rows: Any, columns: Any, depth: int) -> Any:
        return self.words.mat_mul(self.scalar(depth - 1), self.matrix(rows, columns, depth - 1))

    def _transpose(self, rows: Any, columns: Any, depth: int) -> Any:
        return self.words.transpose(self.matrix(columns, rows, depth - 1))

    def _hadamard(self, rows: Any, columns: Any, depth: int) -> Any:
        return self.words.hadamard(self.matrix(rows, columns, depth - 1), self._leaf(rows, columns))

    def _lambda(self, rows: Any, columns: Any, depth: int) -> Any:
        words, i, j = self.words, self.words.index(), self.words.index()
        row, column = (i if rows != 1 else 0), (j if columns != 1 else 0)
        body = words.entry(words.matrix(rows, columns), row, column)
        if self.random.random() < 0.5:
            body = words.mul(body, self.scalar(depth - 2))
        return sp.Lambda((i, j), body) if i != j else None

    def _entries(self, rows: Any, columns: Any, depth: int) -> Any:
        function = self._lambda(rows, columns, depth)
        return Entries(rows, columns, function) if function is not None else self._leaf(rows, columns)

    def _function(self, rows: Any, columns: Any, depth: int) -> Any:
        function = self._lambda(rows, columns, depth)
        return sp.FunctionMatrix(rows, columns, function) if function is not None else self._leaf(rows, columns)

    def _mat_pow(self, rows: Any, columns: Any, depth: int) -> Any:
        return sp.MatPow(self.matrix(rows, columns, depth - 2), self.random.choice([2, 2, 3, 0]))

    def _diagonal(self, rows: Any, columns: Any, depth: int) -> Any:
        if self.random.random() < 0.7 or columns != rows:
            return DiagMatrix(self.words.column(rows))
        return DiagonalMatrix(self.matrix(rows, columns, depth - 1))

    def _column_of(self, rows: Any, _: Any, depth: int) -> Any:
        if self.random.random() < 0.5 and rows != 1:
            return DiagonalOf(self.matrix(rows, rows, depth - 1))
        inner = self.words.size()
        return self.words.mat_mul(self.matrix(rows, inner, depth - 1), self.words.column(inner))

    def _gradient(self, rows: Any, columns: Any, depth: int) -> Any:
        wrt = self.words.matrix(rows, columns)
        return Gradient(self.loss(wrt, depth), wrt)

    def loss(self, wrt: Any, depth: int) -> Any:
        """Draw a scalar that depends on a symbol."""
        words, (rows, columns) = self.words, wrt.shape
        moved = words.mat_mul(self.matrix(words.size(), rows, depth - 2), wrt)
        other = self.matrix(moved.shape[0], columns, 0)
        residual = words.mat_add(moved, words.mat_mul(sp.S.NegativeOne, other))
        form = sp.Trace(words.mat_mul(words.transpose(residual), residual))
        if self.random.random() < 0.3:
            return words.mul(form, self.scalar(depth - 2))
        return words.mul(sp.Rational(1, 2), form)

    def _jacobian(self, rows: Any, _: Any, depth: int) -> Any:
        words, wrt = self.words, self.words.column()
        column = words.hadamard(words.mat_mul(words.matrix(rows, wrt.shape[0]), wrt), self._leaf(rows, 1))
        return words.mat_mul(Jacobian(column, wrt), self.matrix(wrt.shape[0], 1, depth - 2))

    def _at(self, rows: Any, columns: Any, depth: int) -> Any:
        symbol = self.words.matrix(rows, columns)
        inner = Gradient(self.loss(symbol, depth), symbol)
        if self.random.random() < 0.3:
            inner = self.words.mat_add(symbol, self.matrix(rows, columns, depth - 1))
        return At(inner, {symbol: self.matrix(rows, columns, depth - 2)})
