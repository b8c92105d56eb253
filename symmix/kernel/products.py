"""Products of tensor entries, and the canonical form in which two of them are equal exactly when they are one.

A product is a sequence of factors, each a tensor with an index in every slot. An index is free (a string) or summed (a
number, whose value means nothing). The canonical form contracts Kronecker deltas, numbers the summed indices in an
order that depends only on the product, and sorts the factors. Where tensors have a symmetry it is the least of the
forms that turning their slots leads to; a product that is its own negative is zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import combinations, permutations
from itertools import product as cartesian
from math import prod
from typing import NamedTuple

from symmix.errors import NotationError
from symmix.kernel.scalars import ONE, Polynomial
from symmix.labelling import canonical_order
from symmix.metering import metered, remembered

Index = str | int  # free by name | summed by number


class Tensor(NamedTuple):
    """A named array with one nominal dimension for each slot: ``Tensor("W", ("k", "h"))``.

    A "symmetric" one stays what it is where two slots of one dimension are exchanged, a "skew" one changes its sign.
    """

    name: str
    dims: tuple[str, ...]
    symmetry: str = ""

    def __str__(self) -> str:
        return f"{self.name}[{', '.join(self.dims)}]" if self.dims else self.name


class Factor(NamedTuple):
    """An entry of a tensor."""

    tensor: Tensor
    indices: tuple[Index, ...]


Product = tuple[Factor, ...]
DELTA = "\N{GREEK SMALL LETTER DELTA}"


@lru_cache
def turns(tensor: Tensor) -> tuple[tuple[tuple[int, ...], int], ...]:
    """Return the orders of its slots in which a tensor is what it is, each with a sign."""
    slots = range(len(tensor.dims))
    if not tensor.symmetry:
        return ((tuple(slots), 1),)
    orders = [p for p in permutations(slots) if all(tensor.dims[a] == tensor.dims[b] for a, b in enumerate(p))]
    odd = [tensor.symmetry == "skew" and sum(a > b for a, b in combinations(p, 2)) % 2 == 1 for p in orders]
    return tuple((p, -1 if is_odd else 1) for p, is_odd in zip(orders, odd, strict=True))


def delta_factor(i: Index, j: Index, dim: str) -> Factor:
    """Return a Kronecker delta as a factor."""
    return Factor(Tensor(DELTA, (dim, dim)), (i, j))


def relabel(factor: Factor, names: Mapping[Index, Index]) -> Factor:
    """Return the factor with some of its indices replaced, all at once."""
    tensor, indices = factor
    return factor if names.keys().isdisjoint(indices) else Factor(tensor, tuple(map(names.get, indices, indices)))


def width(product: Sequence[Factor]) -> int:
    """Return one more than the largest number of a summed index."""
    return max([i for _, indices in product for i in indices if isinstance(i, int)], default=-1) + 1


def shift(product: Sequence[Factor], by: int) -> list[Factor]:
    """Return the product with its summed indices renumbered past those of another."""
    return [Factor(t, tuple([i + by if isinstance(i, int) else i for i in ix])) for t, ix in product]


@remembered(1 << 14)
def normal_form(factors: Product) -> tuple[Polynomial, Product]:
    """Return the scalar and the canonical product that a product of factors equals."""
    scale, rest, free_deltas = _contract_deltas(factors)
    kinds = {f.tensor.symmetry for f in rest}
    if "skew" not in kinds:  # all orders of slots are numbered as one
        numbers = _numbers([turned for f in rest for turned, _ in _turned(f)] if any(kinds) else rest)
        moved = [relabel(f, numbers) for f in rest]
        if any(kinds):
            moved = [min([g for g, _ in _turned(f)], key=sort_key) for f in moved]
        return scale, tuple(sorted(free_deltas + moved, key=sort_key))
    forms: dict[Product, set[int]] = {}
    for chosen in metered(cartesian(*map(_turned, rest))):
        numbers = _numbers([f for f, _ in chosen])
        product = tuple(sorted(free_deltas + [relabel(f, numbers) for f, _ in chosen], key=sort_key))
        forms.setdefault(product, set()).add(prod(sign for _, sign in chosen))
    first = min(forms, key=lambda product: [*map(sort_key, product)])
    return scale * sum(forms[first]), first  # with both signs it is its own negative


def _turned(factor: Factor) -> list[tuple[Factor, int]]:
    """Return a factor with its slots in all orders in which it is the same, each with its sign."""
    tensor, indices = factor
    return [(Factor(tensor, tuple([indices[k] for k in order])), sign) for order, sign in turns(tensor)]


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


@lru_cache(1 << 10)
def _index_key(index: Index) -> tuple[int, str, int]:
    return (0, index, 0) if isinstance(index, str) else (1, "", index)


def _numbers(factors: Sequence[Factor]) -> Mapping[Index, Index]:
    """Return canonical numbers for the summed indices: whatever is proposed, if each index has a number of its own."""
    summed = {index for _, indices in factors for index in indices if isinstance(index, int)}
    if len(summed) < 2:
        return dict.fromkeys(summed, 0)
    kinds = {tensor: rank for rank, tensor in enumerate(sorted({f.tensor for f in factors}))}
    order = canonical_order([(kinds[f.tensor], f.indices) for f in factors])
    if len(order) != len(summed) or {*order} != summed:
        raise NotationError("a numbering of the summed indices", f"{order} of {sorted(summed)}", "report this")
    return {index: number for number, index in enumerate(order)}
