"""Halves of products: what squares of which a goal may be a sum are made of.

Each product is cut in two networks, whose open ends are joined in it; one of them is a root where its square consists
of products that are there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations, permutations

from symmix.kernel.networks import Expression, delta, ones, total
from symmix.kernel.products import DELTA, Factor, Index, Product, Tensor, relabel
from symmix.kernel.scalars import ONE, Polynomial
from symmix.metering import remembered

_MOST = 10  # halves with the same ends
_ENDS = 4  # open ends of a half
_VARIANTS = 50  # halves with the same ends, of which some are chosen
_LONGEST = 8  # factors of a product that is cut

Ends = tuple[str, ...]  # the sizes of a half's open ends, sorted


def halves_of(support: Sequence[Product], free: Mapping[str, str]) -> dict[Ends, list[Expression]]:
    """Return the halves of products by their ends: those whose squares consist of products that are there."""
    known, kinds = set(support), {_tensors(p) for p in support}
    sizes = sorted({len(kind) // 2 for kind in kinds if len(kind) % 2 == 0})
    roots = {kind[::2] for kind in kinds if kind[::2] == kind[1::2]}
    found: dict[Ends, dict[Expression, None]] = {}
    seen = set[Product]()
    for whole in support:
        for half, ends in _cut(whole, sizes, roots):
            if half not in seen:
                seen.add(half)
                plain, target = Expression({**free, **ends}, [(ONE, half)]), tuple(sorted(ends.values()))
                if _squared_in([plain], known, free):  # whatever its ends are called
                    found.setdefault(target, {}).update(dict.fromkeys(_variants(plain, ends, target)))
    return {ends: [*variants] for ends, variants in found.items()}


def choices(
    found: Mapping[Ends, Sequence[Expression]], known: set[Product], free: Mapping[str, str]
) -> Iterator[Mapping[Ends, Sequence[Expression]]]:
    """Run through halves to choose from, each made when those before have led to nothing."""
    plain = {ends: variants[:_MOST] for ends, variants in found.items()}
    yield plain
    yield _with_centred(plain, known, free)
    linked = {ends: _linked(variants, known, free)[:_MOST] for ends, variants in found.items()}
    if linked != plain:
        yield linked


def _tensors(factors: Sequence[Factor]) -> tuple[Tensor, ...]:
    """Return what a product is made of: the factors of one in normal form are sorted by this first."""
    return tuple([f.tensor for f in factors])


def _linked(halves: Sequence[Expression], known: set[Product], free: Mapping[str, str]) -> list[Expression]:
    """Return the first half, and those that have a product with one of them which is there, and so on."""
    found, left = list(halves[:1]), list(halves[1:_VARIANTS])
    for half in found:  # which grows
        near = [other for other in left if square(half, other, frozenset(free)).terms.keys() <= known]
        found += near
        left = [other for other in left if other not in near]
    return found


def _squared_in(halves: Iterable[Expression], known: set[Product], free: Mapping[str, str]) -> list[Expression]:
    return [half for half in halves if not half.is_zero and square(half, half, frozenset(free)).terms.keys() <= known]


def _with_centred(
    halves: Mapping[Ends, Sequence[Expression]], known: set[Product], free: Mapping[str, str]
) -> dict[Ends, list[Expression]]:
    """Add to the halves those less their means over an end, or over a diagonal: variances are sums of their squares."""
    found = {}
    for ends, own in halves.items():
        centred = [
            half - half.sum(end(n)) * ones(**{end(n): size}) * Polynomial.variable(size, -1)
            for half in own
            for n, size in enumerate(ends)
        ]
        if len(ends) == 2 and ends[0] == ends[1]:
            unit = delta(end(0), end(1), ends[0]) * Polynomial.variable(ends[0], -1)
            centred += [half - half.rename({end(1): end(0)}).sum(end(0)) * unit for half in own]
        kept = _squared_in(dict.fromkeys(e for e in centred if not e.is_zero), known, free)
        found[ends] = [*own, *kept][: 2 * _MOST]
    return found


def _cut(
    whole: Product, sizes: Sequence[int], roots: set[tuple[Tensor, ...]]
) -> Iterator[tuple[Product, dict[str, str]]]:
    """Run through the halves of a product, of these sizes and made of what roots are, with their ends by name."""
    if len(whole) > _LONGEST or any(f.tensor.name == DELTA for f in whole):
        return
    summed = [{i: d for i, d in zip(f.indices, f.tensor.dims, strict=True) if isinstance(i, int)} for f in whole]
    where = {i: {place for place, own in enumerate(summed) if i in own} for own in summed for i in own}
    for count in sizes:
        if count > len(whole) or len(whole) - count not in sizes:
            continue
        for places in combinations(range(len(whole)), count):
            one = [whole[i] for i in places]
            if _tensors(one) not in roots:
                continue
            dims = {i: d for place in places for i, d in summed[place].items()}
            cut = [i for i in dims if not where[i].issubset(places)]
            if len(cut) <= _ENDS:
                names: dict[Index, Index] = {i: n for n, i in enumerate(dims)}
                names |= {i: end(n) for n, i in enumerate(cut)}
                yield tuple([relabel(f, names) for f in one]), {end(n): dims[i] for n, i in enumerate(cut)}


@lru_cache
def end(number: int) -> str:
    """Return what the open end with a number is called."""
    return f"\N{WHITE SQUARE}{number}"


def _variants(half: Expression, ends: Mapping[str, str], target: Ends) -> Iterator[Expression]:
    """Run through the ways to call the ends by the places of the target."""
    names = list(ends)
    for order in permutations(range(len(target)), len(names)):
        if all(ends[name] == target[place] for name, place in zip(names, order, strict=True)):
            yield half.rename({name: end(place) for name, place in zip(names, order, strict=True)})


@remembered(1 << 12)
def square(one: Expression, other: Expression, free: frozenset[str]) -> Expression:
    """Return the product of two halves, summed over their open ends."""
    # in normal form here, where that work is remembered, and not where somebody looks at it first
    return total([(one * other).sum(*(i for i in one.free if i not in free))])
