"""Products of tensor entries, and the canonical form in which two of them are equal exactly when they are one.

A product is a sequence of factors, each a tensor with an index in every slot. An index is free (a string) or summed (a
number, whose value means nothing). The canonical form contracts Kronecker deltas, numbers the summed indices in an
order that depends only on the product, and sorts the factors.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from symmix.kernel.scalars import ONE, Polynomial

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
    numbers: dict[Index, Index] = {index: number for number, index in enumerate(_canonical_order(tuple(rest)))}
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
            scale = scale * Polynomial.variable(dim)  # a sum over an index that nothing depends on
    dims = {index: f.tensor.dims[0] for f in deltas for index in f.indices}
    free = [delta_factor(find(i), i, dim) for i, dim in dims.items() if isinstance(i, str) and find(i) != i]
    return scale, rest, free


def _index_key(index: Index) -> tuple[int, str, int]:
    return (0, index, 0) if isinstance(index, str) else (1, "", index)


# Canonical numbering. Summed indices are named one after the other: whenever the names given so far (and the free
# indices) tell one apart from all others, it is named next; naming some of them cuts the product into parts that are
# connected only through named indices, and the parts are numbered separately. Only where a part is perfectly
# symmetric does the search branch, over indices that are not interchangeable anyway.

Key = tuple[int, ...] | tuple[int, str]
Form = tuple[tuple[tuple[int, tuple[Key, ...]], ...], tuple["Form", ...]]


@lru_cache(maxsize=1 << 14)
def _canonical_order(factors: Product) -> tuple[int, ...]:
    """Return the summed indices in an order that depends only on the product, not on how it was written."""
    kinds = {tensor: rank for rank, tensor in enumerate(sorted({f.tensor for f in factors}))}
    entries = [(kinds[f.tensor], f.indices) for f in factors]
    return tuple(_name(entries, {})[1])


Entry = tuple[int, tuple[Index, ...]]


def _name(entries: Sequence[Entry], named: Mapping[int, int]) -> tuple[Form, list[int]]:
    """Return the canonical form of a product some of whose summed indices are named, and the order of the others."""
    done, parts = _split(entries, named)
    ground = tuple(sorted((kind, tuple(_key(i, named) for i in ix)) for kind, ix in done))
    results = sorted((_name_part(part, named) for part in parts), key=lambda result: result[0])
    return (ground, tuple(form for form, _ in results)), [i for _, order in results for i in order]


def _name_part(part: Sequence[Entry], named: Mapping[int, int]) -> tuple[Form, list[int]]:
    classes = _colour_classes(part, named)
    chosen = [group[0] for group in classes if len(group) == 1]
    if chosen:
        form, order = _name(part, _extend(named, chosen))
        return form, chosen + order
    smallest = min(classes, key=len)
    branches: dict[Form, list[int]] = {}
    orbit = {index: index for index in smallest}
    tried: set[int] = set()  # orbits
    for index in _representatives(part, smallest):
        if orbit[index] in tried:
            continue
        form, order = _name(part, _extend(named, [index]))
        if form in branches:  # the two orders differ by a symmetry of the part: what it moves need not be tried again
            for one, other in zip(branches[form], [index, *order], strict=True):
                if one in orbit:
                    orbit = {i: orbit[one] if leader == orbit[other] else leader for i, leader in orbit.items()}
        branches.setdefault(form, [index, *order])
        tried = {orbit[i] for order in branches.values() for i in order[:1]}
    return min(branches.items())


def _extend(named: Mapping[int, int], chosen: Sequence[int]) -> dict[int, int]:
    return {**named, **{index: len(named) + rank for rank, index in enumerate(chosen)}}


def _key(index: Index, named: Mapping[int, int]) -> Key:
    return (0, index) if isinstance(index, str) else (1, named[index])


def _split(entries: Sequence[Entry], named: Mapping[int, int]) -> tuple[list[Entry], list[list[Entry]]]:
    """Separate the entries without unnamed indices, and cut the others into connected parts."""
    done: list[Entry] = []
    parts: list[tuple[set[int], list[Entry]]] = []
    for item in entries:
        loose = {i for i in item[1] if i not in named and isinstance(i, int)}
        if not loose:
            done.append(item)
            continue
        touching = [part for part in parts if part[0] & loose]
        parts = [part for part in parts if not part[0] & loose]
        members = [member for _, group in touching for member in group]
        parts.append((loose.union(*(indices for indices, _ in touching)), [*members, item]))
    return done, [group for _, group in parts]


def _colour_classes(part: Sequence[Entry], named: Mapping[int, int]) -> list[list[int]]:
    """Refine until some index is told apart, or nothing more can be; classes come in an invariant order."""
    colour = {i: 0 for _, ix in part for i in ix if isinstance(i, int) and i not in named}
    count = 0
    while True:
        marks: dict[int, list[tuple[int, int, tuple[Key, ...]]]] = {i: [] for i in colour}
        for kind, ix in part:
            seen = tuple((2, colour[i]) if i in colour else _key(i, named) for i in ix)
            for slot, index in enumerate(ix):
                if isinstance(index, int) and index in colour:
                    marks[index].append((kind, slot, seen))
        signature = {i: (colour[i], sorted(m)) for i, m in marks.items()}
        ordered = sorted(signature, key=signature.__getitem__)
        classes = [list(group) for _, group in groupby(ordered, key=signature.__getitem__)]
        if len(classes) == count or any(len(group) == 1 for group in classes):
            return classes
        count = len(classes)
        colour = {i: rank for rank, group in enumerate(classes) for i in group}


def _representatives(part: Sequence[Entry], group: Sequence[int]) -> list[int]:
    """Drop the indices that can be exchanged with one already kept: they would only repeat its branch."""
    whole = Counter(part)
    kept: list[int] = []
    for index in group:
        if not any(_swapped(part, index, other) == whole for other in kept):
            kept.append(index)
    return kept


def _swapped(part: Sequence[Entry], one: int, other: int) -> Counter[Entry]:
    exchange: dict[Index, Index] = {one: other, other: one}
    return Counter((kind, tuple(exchange.get(i, i) for i in ix)) for kind, ix in part)
