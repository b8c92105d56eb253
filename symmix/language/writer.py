"""From the kernel to SymPy: matrix products and traces where indices form chains, sums over entries elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod

import sympy as sp
from sympy.core.sorting import default_sort_key
from sympy.tensor.array.expressions import ArrayElement

from symmix.kernel.arrays import COLUMN, ROW, Array
from symmix.kernel.networks import Expression
from symmix.kernel.products import DELTA, Factor, Index, Product, Tensor
from symmix.kernel.scalars import Polynomial, Rational
from symmix.language.chains import Chains, Drawn, reversed_chain
from symmix.language.nodes import Entries, OwnIndex, inverse
from symmix.language.reader import Reader
from symmix.language.symbols import ARRAYS

_MAX_NAMES, _MAX_TERMS = 16, 300  # of a coefficient that is factored: it takes a second at most
Reciprocals = Mapping[str, Polynomial]
Inverses = Mapping[Tensor, Array]


class Writer:
    """Writes arrays in the symbols of one theorem.

    Parameters
    ----------
    reader
        What has read the theorem.
    reciprocals, inverses
        The kernel's names for 1/q, with q, and for inverses, with what they are of.
    """

    def __init__(
        self, reader: Reader, reciprocals: Reciprocals | None = None, inverses: Inverses | None = None
    ) -> None:
        self.reader = reader
        self.reciprocals = {} if reciprocals is None else reciprocals
        self.inverses = {} if inverses is None else inverses
        self._scalars: dict[Polynomial, sp.Expr] = {}

    def write(self, array: Array) -> sp.Basic:
        """Return a SymPy expression that reads back as the array."""
        names = [x.name for x in array.expression.tensors if x.symmetry == "symmetric" and len(x.dims) == 2]
        return self._written(array).xreplace({self.reader.symbols[n].T: self.reader.symbols[n] for n in names})

    def _written(self, array: Array) -> sp.Basic:
        if array.rows is None and array.columns is None:
            return sp.Add(*(self._scalar_term(c, product) for product, c in _ordered(array.expression)))
        terms = [self._matrix_term(c, p, array) for p, c in _ordered(array.expression)]
        if not terms:
            return sp.ZeroMatrix(self._size(array.rows), self._size(array.columns))
        # in SymPy's order, that is in none that was chosen
        return terms[0] if len(terms) == 1 else sp.MatAdd(*sorted(terms, key=default_sort_key))

    # -- scalars ---

    def write_scalar(self, polynomial: Polynomial) -> sp.Expr:
        """Return a coefficient as a SymPy expression, factored, with ``1 - lam`` rather than ``lam - 1``."""
        if polynomial not in self._scalars:
            self._scalars[polynomial] = self._factored(polynomial)
        return self._scalars[polynomial]

    def _factored(self, polynomial: Polynomial) -> sp.Expr:
        total = sp.Add(*(self._power_product(powers, c) for powers, c in polynomial.terms.items()))
        if len(polynomial.terms) < 2:
            return total
        if self._is_large(polynomial):
            return total
        numerator, denominator = sp.fraction(sp.together(total))
        lead, factors = sp.factor_list(numerator)
        flips = sum(exponent for base, exponent in factors if _prefers_flip(base))
        powers = [(-base if _prefers_flip(base) else base) ** exponent for base, exponent in factors]
        return sp.Mul((-1) ** flips * lead, *powers) / denominator

    def _is_large(self, polynomial: Polynomial) -> bool:
        """Whether SymPy might take for ever to factor a coefficient: by its names, and terms over one denominator."""
        names = {*polynomial.names}.union(*(self.reciprocals[n].names for n in polynomial.names & {*self.reciprocals}))
        below = [(self.reciprocals[n], n) for n in polynomial.names if n in self.reciprocals]
        highest = {n: max(dict(powers).get(n, 0) for powers in polynomial.terms) for _, n in below}
        terms = len(polynomial.terms) * prod(len(q.terms) ** highest[n] for q, n in below)
        return len(names) > _MAX_NAMES or terms > _MAX_TERMS

    def _power_product(self, powers: Sequence[tuple[str, int]], c: Rational) -> sp.Expr:
        known = self.reciprocals
        bases = [
            1 / self.write_scalar(known[name]) if name in known else self.reader.symbols[name] for name, _ in powers
        ]
        powered = [base**exponent for base, (_, exponent) in zip(bases, powers, strict=True)]
        return sp.Mul(sp.Rational(c.numerator, c.denominator), *powered)

    # -- terms ---

    def _size(self, dim: str | None) -> sp.Basic:
        if dim is None or dim.isdigit():
            return sp.Integer(dim or 1)
        return self.reader.symbols[dim]

    def _drawn(self, product: Product, places: Mapping[Index, sp.Basic]) -> list[Drawn]:
        """Return the factors, without the unit vectors that only hold an index in its place."""
        left = (f for f in product if not (f.tensor.name.isdigit() and f.indices[0] in places))
        return [self._factor(factor) for factor in left]

    def _factor(self, factor: Factor) -> Drawn:
        """Return a factor with the SymPy matrix, scalar or array that it is an entry of."""
        sizes = tuple(self._size(dim) for dim in factor.tensor.dims)
        if factor.tensor.name == DELTA:
            return Drawn(sp.Identity(sizes[0]), factor.indices, sizes)
        if factor.tensor.name.isdigit():
            place = int(factor.tensor.name)
            return Drawn(sp.Identity(sizes[0])[:, place : place + 1], factor.indices, sizes)
        of = self.inverses.get(factor.tensor)
        if of is None:
            return Drawn(self.reader.symbols[factor.tensor.name], factor.indices, sizes)
        return Drawn(inverse(self.write(of)), factor.indices, sizes)

    def _scalar_term(self, c: Polynomial, product: Product) -> sp.Expr:
        coefficient = self.write_scalar(c)
        places = _places(product)
        drawn = self._drawn(product, places)
        chains = None if places else Chains.of(drawn)
        if chains is None:
            return coefficient * self._entries(drawn, places)
        return sp.Mul(coefficient, *(_closed(chain) for chain in chains.closed))

    def _matrix_term(self, c: Polynomial, product: Product, array: Array) -> sp.MatrixExpr:
        coefficient = self.write_scalar(c)
        places = _places(product)
        drawn = self._drawn(product, places)
        chains = None if places else Chains.of(drawn)
        if chains is None:
            return self._by_entries(coefficient, drawn, array, places)
        scale = sp.Mul(coefficient, *(_closed(chain) for chain in chains.closed))
        row, column = chains.opened.get(ROW), chains.opened.get(COLUMN)
        if chains.through is not None:
            body = chains.through
        else:
            body = []
            if array.rows is not None:
                body += row or [sp.OneMatrix(self._size(array.rows), 1)]
            if array.columns is not None:
                body += reversed_chain(column or [sp.OneMatrix(self._size(array.columns), 1)])
        product_of = body[0] if len(body) == 1 else sp.MatMul(*body)
        return product_of if scale == 1 else scale * product_of

    def _by_entries(
        self, coefficient: sp.Expr, drawn: Sequence[Drawn], array: Array, places: Mapping[Index, sp.Basic]
    ) -> sp.MatrixExpr:
        i, j = (OwnIndex(name, integer=True) for name in ("i", "j"))
        body = coefficient * self._entries(drawn, {ROW: i, COLUMN: j, **places})
        return Entries(self._size(array.rows), self._size(array.columns), sp.Lambda((i, j), body))

    def _entries(self, drawn: Sequence[Drawn], names: Mapping[Index, sp.Basic]) -> sp.Expr:
        """Return a product of entries, summed over the indices that are numbers."""
        sizes: dict[Index, sp.Basic] = {}
        for factor in drawn:
            sizes.update(zip(factor.indices, factor.sizes, strict=True))
        symbols: dict[Index, sp.Basic] = {index: self._index(index) for index in sizes} | dict(names)
        body = sp.Mul(*(_entry(factor, symbols) for factor in drawn))
        limits = []
        for index, size in sizes.items():
            if isinstance(index, int) and index not in names:
                low = 0 if size.is_Integer else self.reader.first(str(size.name))
                limits.append((symbols[index], low, size - 1 + low))
        return sp.Sum(body, *limits) if limits else body

    def _index(self, index: Index) -> sp.Symbol:
        return OwnIndex("i", integer=True) if isinstance(index, int) else self.reader.symbols.get(index)


def _prefers_flip(base: sp.Expr) -> bool:
    """Whether a factor such as ``lam - 1`` reads better with the other sign; sizes (integers) stay as ``n - 1``."""
    constant_term = base.as_coeff_Add()[0]
    return bool(constant_term < 0) and not all(s.is_integer for s in base.free_symbols)


def _ordered(expression: Expression) -> list[tuple[Product, Polynomial]]:
    return sorted(expression.terms.items(), key=lambda item: [(f.tensor, str(f.indices)) for f in item[0]])


def _closed(chain: Sequence[sp.Basic]) -> sp.Expr:
    product = chain[0] if len(chain) == 1 else sp.MatMul(*chain)
    return product[0, 0] if isinstance(product, sp.MatrixSymbol) and product.shape == (1, 1) else sp.Trace(product)


def _places(product: Product) -> dict[Index, sp.Basic]:
    """Return the positions at which unit vectors hold summed indices, one each."""
    units = [factor for factor in product if factor.tensor.name.isdigit() and isinstance(factor.indices[0], int)]
    held = [factor.indices[0] for factor in units]
    return {f.indices[0]: sp.Integer(f.tensor.name) for f in units if held.count(f.indices[0]) == 1}


def _entry(factor: Drawn, symbols: Mapping[Index, sp.Basic]) -> sp.Expr:
    indices = [symbols[i] for i in factor.indices]
    if isinstance(factor.symbol, sp.Identity):
        return sp.KroneckerDelta(*indices)
    remaining = iter(indices)
    full = [sp.S.Zero if size == 1 else next(remaining) for size in factor.symbol.shape]
    if type(factor.symbol) in ARRAYS:
        return ArrayElement(factor.symbol, full)
    return sp.matrices.expressions.matexpr.MatrixElement(factor.symbol, *full)
