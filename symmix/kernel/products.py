"""Products of tensor entries, and the canonical form in which two of them are equal exactly when they are one.

A product is a sequence of factors, each a tensor with an index in every slot. An index is free (a string) or summed (a
number, whose value means nothing). The canonical form contracts Kronecker deltas, numbers the summed indices in an
order that depends only on the product, and sorts the factors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from symmix.errors import NotationError
from symmix.kernel.scalars import ONE, Polynomial
from symmix.labelling import canonical_order

Index = str | int  # free by name | summed by number


class Tensor(NamedTuple):
    """A named array with one nominal dimension for each slot: ``Tensor("W", ("k", "h"))``."""

    name: str
    dims: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.name}[{', '.join(self.dims)}]" if self.dims else self.name


class Factor(NamedTuple):
    """An entry of a tensor."""

    tensor: Tensor
    indices: tuple[Index, ...]


Product = tuple[Factor, ...]
DELTA = "\N{GREEK SMALL LETTER DELTA}"


def delta_factor(i: Index, j: Index, dim: str) -> Factor:
    """Return a Kronecker delta as a factor."""
    return Factor(Tensor(DELTA, (dim, dim)), (i, j))


def relabel(factor: Factor, names: Mapping[Index, Index]) -> Factor:
    """Return the factor with some of its indices replaced, all at once."""
    return Factor(factor.tensor, tuple([names.get(index, index) for index in factor.indices]))


def width(product: Sequence[Factor]) -> int:
    """Return one more than the largest number of a summed index."""
    return max((i + 1 for f in product for i in f.indices if isinstance(i, int)), default=0)


def shift(product: Sequence[Factor], by: int) -> list[Factor]:
    """Return the product with its summed indices renumbered past those of another."""
    return [Factor(t, tuple(i + by if isinstance(i, int) else i for i in ix)) for t, ix in product]


def normal_form(factors: Sequence[Factor]) -> tuple[Polynomial, Product]:
    """Return the scalar and the canonical product that a product of factors equals."""
    scale, rest, free_deltas = _contract_deltas(factors)
    numbers = _numbering(tuple(rest))
    product = sorted(free_deltas + [relabel(f, numbers) for f in rest], key=sort_key)
    return scale, tuple(product)


def sort_key(factor: Factor) -> tuple[Tensor, tuple[tuple[int, str, int], ...]]:
    """Return what factors are sorted by: tensor, then indices, names before numbers."""
    return factor.tensor, tuple(map(_index_key, factor.indices))


def _contract_deltas(factors: Sequence[Factor]) -> tuple[Polynomial, list[Factor], list[Factor]]:
    """Contract every delta: summed indices disappear into what they equal, equal free indices get one speaker."""
    deltas = [f for f in factors if f.tensor.name == DELTA]
    if not deltas:
        return ONE, list(factors), []
    speaker: dict[Index, Index] = {}

    def find(index: Index) -> Index:
        while index in speaker:
            index = speaker[index]
        return index

    for _, (i, j) in deltas:
        # the speaker of a class is its first free index, if it has one: summed indices are forgotten first
        first, second = sorted((find(i), find(j)), key=_index_key)
        if first != second:
            speaker[second] = first
    rest = [Factor(t, tuple(map(find, ix))) for t, ix in factors if t.name != DELTA]
    used = {index for f in rest for index in f.indices}
    classes = {index: f.tensor.dims[0] for f in deltas for index in map(find, f.indices)}
    scale = ONE
    for index, dim in classes.items():
        if isinstance(index, int) and index not in used:
            scale = scale * (int(dim) if dim.isdigit() else Polynomial.variable(dim))  # a sum that nothing depends on
    dims = {index: f.tensor.dims[0] for f in deltas for index in f.indices}
    free = [delta_factor(find(i), i, dim) for i, dim in dims.items() if isinstance(i, str) and find(i) != i]
    return scale, rest, free


def _index_key(index: Index) -> tuple[int, str, int]:
    return (0, index, 0) if isinstance(index, str) else (1, "", index)


@lru_cache(maxsize=1 << 14)
def _numbering(factors: Product) -> Mapping[Index, Index]:
    """Return canonical numbers for the summed indices: whatever is proposed, if each index has a number of its own."""
    kinds = {tensor: rank for rank, tensor in enumerate(sorted({f.tensor for f in factors}))}
    order = canonical_order([(kinds[f.tensor], f.indices) for f in factors])
    summed = {index for f in factors for index in f.indices if isinstance(index, int)}
    if len(order) != len(summed) or {*order} != summed:
        raise NotationError("a numbering of the summed indices", f"{order} of {sorted(summed)}", "report this")
    return {index: number for number, index in enumerate(order)}
