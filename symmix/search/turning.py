"""Proposes how a matrix that vanishes is a product of square matrices less a multiple of the identity."""

from __future__ import annotations

from collections.abc import Iterator

from symmix.kernel.arrays import COLUMN, ROW, Array
from symmix.kernel.networks import Expression, delta, total
from symmix.kernel.products import Factor, Index, Product, relabel
from symmix.kernel.scalars import ONE, Polynomial
from symmix.search.elimination import quotient

_MOST = 60  # ways to cut a term, those with simple coefficients first

Split = tuple[Expression, Expression]


def products_in(matrix: Expression) -> Iterator[tuple[Expression, Expression, Polynomial]]:
    """Run through left, right and factor: ``matrix = left right - factor I``, where no side is a mere multiple of I.

    A term of the matrix is cut in two: all terms that begin with the one half say what the right side is, and those
    that end with the other what the left side is.
    """
    size = matrix.free[ROW]
    unit = delta(ROW, COLUMN, size)
    (one,) = unit.terms
    pieces = {split: c for term, c in matrix.terms.items() if term != one for split in _splits(term, size, unit)}
    for left, right in sorted(pieces, key=lambda split: len(pieces[split].names))[:_MOST]:
        lead = pieces[left, right]
        rows = [(piece[0], quotient(c, lead)) for piece, c in pieces.items() if piece[1] == right]
        columns = [(piece[1], c) for piece, c in pieces.items() if piece[0] == left]
        sides = [total([part * c for part, c in parts if c is not None]) for parts in (rows, columns)]
        product = (Array(sides[0], size, size) @ Array(sides[1], size, size)).expression
        rest = (product - matrix).terms
        if rest.keys() == {one} and all(side.tensors for side in sides):
            yield sides[0], sides[1], rest[one]


def _splits(product: Product, size: str, unit: Expression) -> Iterator[Split]:
    """Run through the ways to cut a product at one index into what has the row and what has the column."""
    whole = Expression(unit.free, [(ONE, product)])
    yield whole, unit
    yield unit, whole
    for cut in dict.fromkeys(i for factor in product for i in factor.indices if isinstance(i, int)):
        if sum(factor.indices.count(cut) for factor in product) != 2:
            continue
        left = _connected(product, cut)
        right = [place for place in range(len(product)) if place not in left]
        dims = {d for factor in product for i, d in zip(factor.indices, factor.tensor.dims, strict=True) if i == cut}
        ends = [{i for place in part for i in product[place].indices} for part in (left, right)]
        if dims == {size} and ROW in ends[0] and COLUMN in ends[1] and not {ROW} & ends[1] and not {COLUMN} & ends[0]:
            yield _part(product, sorted(left), {cut: COLUMN}, unit), _part(product, right, {cut: ROW}, unit)


def _connected(product: Product, cut: Index) -> set[int]:
    """Return the places of the factors that the row leads to, without the index that is cut."""
    reached, indices = set[int](), set[Index]({ROW})
    while True:
        more = {place for place, f in enumerate(product) if place not in reached and indices & {*f.indices}}
        if not more:
            return reached
        reached |= more
        indices |= {i for place in more for i in product[place].indices if i != cut}


def _part(product: Product, places: list[int], names: dict[Index, Index], unit: Expression) -> Expression:
    factors: list[Factor] = [relabel(product[place], names) for place in places]
    return Expression(unit.free, [(ONE, factors)])
