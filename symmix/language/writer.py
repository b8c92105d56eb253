"""From the kernel to SymPy: matrix products and traces where indices form chains, sums over entries elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sympy as sp
from sympy.tensor.array.expressions import ArrayElement, ArraySymbol

from symmix.kernel.networks import Expression
from symmix.kernel.products import DELTA, Factor, Index, Product
from symmix.kernel.scalars import Polynomial
from symmix.language.array import COLUMN, ROW, Array, axes
from symmix.language.nodes import Entries

if TYPE_CHECKING:
    from symmix.language.dictionary import Language


_PAIRS = (("i", "j"), ("a", "b"), ("s", "t"), ("c", "d"), ("f", "g"))


class Writer:
    """Writes arrays in the symbols of one language."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def write(self, array: Array) -> sp.Basic:
        """Return a SymPy expression that reads back as the array."""
        expected = set(axes(array.rows, array.columns))
        if array.rows is None and array.columns is None:
            return sp.Add(*(self._scalar_term(c, product) for product, c in _ordered(array.expression)))
        rows, columns = (self._size(dim) for dim in (array.rows, array.columns))
        terms = [self._matrix_term(c, p, array, expected) for p, c in _ordered(array.expression)]
        if not terms:
            return sp.ZeroMatrix(rows, columns)
        return terms[0] if len(terms) == 1 else sp.MatAdd(*terms)

    def _size(self, dim: str | None) -> sp.Basic:
        return sp.S.One if dim is None else self.language.symbols[dim]

    def _scalar_term(self, c: Polynomial, product: Product) -> sp.Expr:
        coefficient = self.language.write_scalar(c)
        chains = _Chains.of(product, self.language)
        if chains is None:
            return coefficient * self._entries(product)
        return sp.Mul(coefficient, *(self._closed(chain) for chain in chains.closed))

    def _matrix_term(self, c: Polynomial, product: Product, array: Array, expected: set[str]) -> sp.MatrixExpr:
        coefficient = self.language.write_scalar(c)
        chains = _Chains.of(product, self.language)
        if chains is None or not chains.opened.keys() <= expected:
            return self._by_entries(coefficient, product, array)
        scale = sp.Mul(coefficient, *(self._closed(chain) for chain in chains.closed))
        row, column = chains.opened.get(ROW), chains.opened.get(COLUMN)
        if chains.through is not None:
            body = chains.through
        else:
            body = []
            if array.rows is not None:
                body += row or [sp.OneMatrix(self._size(array.rows), 1)]
            if array.columns is not None:
                body += _reversed(column or [sp.OneMatrix(self._size(array.columns), 1)])
        return _multiplied(scale, body)

    def _closed(self, chain: list[sp.MatrixExpr]) -> sp.Expr:
        if isinstance(chain[0], sp.Symbol):
            return chain[0]
        product = chain[0] if len(chain) == 1 else sp.MatMul(*chain)
        return product[0, 0] if isinstance(product, sp.MatrixSymbol) and product.shape == (1, 1) else sp.Trace(product)

    def _by_entries(self, coefficient: sp.Expr, product: Product, array: Array) -> sp.MatrixExpr:
        # printed, a dummy is its name: it must not be that of an index of the user's
        taken = {str(s.name) for s in self.language.index_symbols.values() if not isinstance(s, sp.Dummy)}
        names = next((pair for pair in _PAIRS if not taken & set(pair)), ("row", "column"))
        i, j = (sp.Dummy(name, integer=True) for name in names)
        body = coefficient * self._entries(product, {ROW: i, COLUMN: j})
        return Entries(self._size(array.rows), self._size(array.columns), sp.Lambda((i, j), body))

    def _entries(self, product: Product, names: Mapping[str, sp.Symbol] | None = None) -> sp.Expr:
        dims: dict[Index, str] = {}
        for tensor, indices in product:
            dims.update(zip(indices, tensor.dims, strict=True))
        symbols: dict[Index, sp.Symbol] = dict((names or {}).items())
        for index in dims:
            if index not in symbols:
                symbols[index] = self._index(index)
        body = sp.Mul(*(self._entry(f, symbols) for f in product))
        limits = [(symbols[i], 0, self._size(dim) - 1) for i, dim in dims.items() if isinstance(i, int)]
        return sp.Sum(body, *limits) if limits else body

    def _index(self, index: Index) -> sp.Symbol:
        if isinstance(index, int):
            return sp.Dummy(f"i{index}", integer=True)
        return self.language.index_symbols.get(index, sp.Symbol(index, integer=True))

    def _entry(self, factor: Factor, symbols: Mapping[Index, sp.Symbol]) -> sp.Expr:
        indices = [symbols[i] for i in factor.indices]
        if factor.tensor.name == DELTA:
            return sp.KroneckerDelta(*indices)
        symbol = self.language.symbols[factor.tensor.name]
        if isinstance(symbol, sp.Symbol):
            return symbol
        remaining = iter(indices)
        full = [sp.S.Zero if size == 1 else next(remaining) for size in symbol.shape]
        return ArrayElement(symbol, full) if isinstance(symbol, ArraySymbol) else symbol[tuple(full)]


def _ordered(expression: Expression) -> list[tuple[Product, Polynomial]]:
    return sorted(expression.terms.items(), key=lambda item: [(f.tensor, str(f.indices)) for f in item[0]])


def _multiplied(scale: sp.Expr, body: Sequence[sp.MatrixExpr]) -> sp.MatrixExpr:
    product = body[0] if len(body) == 1 else sp.MatMul(*body)
    return product if scale == 1 else scale * product


def _reversed(chain: Sequence[sp.MatrixExpr]) -> list[sp.MatrixExpr]:
    return [sp.Transpose(m).doit() for m in reversed(chain)]


@dataclass
class _Chains:
    """A product whose indices form chains: matrices between vectors, in rings, or leading to a free index."""

    opened: dict[str, list[sp.MatrixExpr]]  # free index -> column vector that starts there
    through: list[sp.MatrixExpr] | None  # from the row index to the column index
    closed: list[list[sp.MatrixExpr]]

    @classmethod
    def of(cls, product: Product, language: Language) -> _Chains | None:
        """Return the chains of a product, or None if some index has three ends or a tensor three slots."""
        ends: dict[Index, list[tuple[int, int]]] = {}
        for place, (tensor, indices) in enumerate(product):
            if len(indices) > 2 or isinstance(language.symbols.get(tensor.name), ArraySymbol):
                return None
            for slot, index in enumerate(indices):
                ends.setdefault(index, []).append((place, slot))
        if any(len(at) > (2 if isinstance(i, int) else 1) for i, at in ends.items()):
            return None
        return _Walk(product, ends, language).chains()


class _Walk:
    """Walks along the indices of a product and collects its chains."""

    def __init__(self, product: Product, ends: Mapping[Index, list[tuple[int, int]]], language: Language) -> None:
        self.product, self.ends, self.language = product, ends, language
        self.left = set(range(len(product)))

    def chains(self) -> _Chains | None:
        result = _Chains({}, None, [])
        for start in [i for i in (ROW, COLUMN) if i in self.ends]:
            if self.ends[start][0][0] in self.left:
                chain, last = self._follow(start, self.ends[start][0])
                if isinstance(last, str):
                    if start == ROW and last == COLUMN:
                        result.through = chain
                        result.opened = {ROW: chain, COLUMN: chain}
                        continue
                    return None
                result.opened[start] = chain
        if any(isinstance(i, str) and i not in (ROW, COLUMN) for i in self.ends):
            return None
        while self.left:
            result.closed.append(self._closed())
        return result

    def _closed(self) -> list[sp.MatrixExpr]:
        """Collect a chain between two vectors, or a ring."""
        for place in sorted(self.left):
            tensor, indices = self.product[place]
            if not indices:
                self.left.remove(place)
                return [self.language.symbols[tensor.name]]
            if len(indices) == 1:
                self.left.remove(place)
                head = _reversed([self._column(place)])
                return head + self._continue(indices[0], (place, 0))
            for slot, index in enumerate(indices):
                if len(self.ends[index]) == 1:  # a sum against ones
                    chain, _ = self._follow(index, (place, slot))
                    return [sp.OneMatrix(1, self._size(place, slot)), *chain]
        place = min(self.left)
        self.left.remove(place)
        return [self._oriented(place, 0), *self._continue(self.product[place].indices[1], (place, 1), ring=place)]

    def _continue(self, index: Index, came_from: tuple[int, int], ring: int | None = None) -> list[sp.MatrixExpr]:
        others = [end for end in self.ends[index] if end != came_from]
        if not others:
            return [sp.OneMatrix(self._size(*came_from), 1)]
        if others[0][0] == ring:
            return []
        chain, _ = self._follow(index, others[0], ring)
        return chain

    def _follow(
        self, index: Index, at: tuple[int, int], ring: int | None = None
    ) -> tuple[list[sp.MatrixExpr], Index | None]:
        """Walk from an index into a factor and on; return the matrices met and the free index at the end, if any."""
        chain: list[sp.MatrixExpr] = []
        while True:
            place, slot = at
            self.left.discard(place)
            indices = self.product[place].indices
            if len(indices) == 1:
                return [*chain, self._column(place)], None
            chain.append(self._oriented(place, slot))
            index = indices[1 - slot]
            if isinstance(index, str):
                return chain, index
            others = [end for end in self.ends[index] if end != (place, 1 - slot)]
            if not others:
                return [*chain, sp.OneMatrix(self._size(place, 1 - slot), 1)], None
            if others[0][0] == ring:
                return chain, None
            at = others[0]

    def _size(self, place: int, slot: int) -> sp.Basic:
        return self.language.symbols[self.product[place].tensor.dims[slot]]

    def _column(self, place: int) -> sp.MatrixExpr:
        symbol = self.language.symbols[self.product[place].tensor.name]
        return symbol if symbol.shape[1] == 1 else symbol.T

    def _oriented(self, place: int, slot: int) -> sp.MatrixExpr:
        """Return the matrix, transposed if the walk enters it from its second slot."""
        tensor = self.product[place].tensor
        if tensor.name == DELTA:
            return sp.Identity(self.language.symbols[tensor.dims[0]])
        symbol = self.language.symbols[tensor.name]
        return symbol if slot == 0 else symbol.T
