"""Products of entries whose indices form chains: matrix products and traces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sympy as sp

from symmix.kernel.arrays import COLUMN, ROW
from symmix.kernel.products import Index
from symmix.language.symbols import ARRAYS


@dataclass(frozen=True)
class Drawn:
    """A factor: what it is an entry of, its indices, and the sizes that they run over."""

    symbol: sp.Basic
    indices: tuple[Index, ...]
    sizes: tuple[sp.Basic, ...]


def reversed_chain(chain: Sequence[sp.MatrixExpr]) -> list[sp.MatrixExpr]:
    """Return the factors of the transpose of a product."""
    return [_transposed(m) for m in reversed(chain)]


def _transposed(matrix: sp.MatrixExpr) -> sp.MatrixExpr:
    return sp.Transpose(matrix).doit()


@dataclass
class Chains:
    """A product whose indices form chains: matrices between vectors, in rings, or leading to a free index."""

    opened: dict[str, list[sp.MatrixExpr]]  # free index -> column vector that starts there
    through: list[sp.MatrixExpr] | None  # from the row index to the column index
    closed: list[list[sp.MatrixExpr]]

    @classmethod
    def of(cls, product: Sequence[Drawn]) -> Chains | None:
        """Return the chains of a product, or None if some index has three ends or a factor three axes."""
        ends: dict[Index, list[tuple[int, int]]] = {}
        for place, factor in enumerate(product):
            if type(factor.symbol) in ARRAYS:
                return None
            for slot, index in enumerate(factor.indices):
                ends.setdefault(index, []).append((place, slot))
        if any(len(at) > (2 if isinstance(i, int) else 1) for i, at in ends.items()):
            return None
        return _Walk(product, ends).chains()


class _Walk:
    """Walks along the indices of a product and collects its chains."""

    def __init__(self, product: Sequence[Drawn], ends: Mapping[Index, list[tuple[int, int]]]) -> None:
        self.product, self.ends = product, ends
        self.left = set(range(len(product)))

    def chains(self) -> Chains | None:
        result = Chains({}, None, [])
        for start in [i for i in (ROW, COLUMN) if i in self.ends]:
            if self.ends[start][0][0] in self.left:
                chain, last = self._follow(start, self.ends[start][0])
                if last == COLUMN:
                    result.through = chain
                elif last is None:
                    result.opened[start] = chain
                else:
                    return None
        if any(isinstance(i, str) and i not in (ROW, COLUMN) for i in self.ends):
            return None
        while self.left:
            result.closed.append(self._closed())
        return result

    def _closed(self) -> list[sp.MatrixExpr]:
        """Collect a chain between two vectors, or a ring."""
        for place in sorted(self.left):
            factor = self.product[place]
            if not factor.indices:
                self.left.remove(place)
                return [factor.symbol]
            if len(factor.indices) == 1:
                self.left.remove(place)
                head = reversed_chain([self._column(place)])
                return head + self._continue(factor.indices[0], (place, 0))
            for slot, index in enumerate(factor.indices):
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
        return self.product[place].sizes[slot]

    def _column(self, place: int) -> sp.MatrixExpr:
        symbol = self.product[place].symbol
        return symbol if symbol.shape[1] == 1 else _transposed(symbol)

    def _oriented(self, place: int, slot: int) -> sp.MatrixExpr:
        """Return the matrix, transposed if the walk enters it from its second slot."""
        symbol = self.product[place].symbol
        return symbol if slot == 0 else _transposed(symbol)
