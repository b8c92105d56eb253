"""Multiples of hypotheses that reach a product: ``B A S = B (A S - I) + B`` for the product ``B`` and ``A S - I = 0``.

A multiple of ``h = 0`` is a product of factors with holes for the slots of ``h``, contracted with it; it is zero where
the hypothesis holds. Those that matter for a product are the ones in which a term of ``h`` lands on it: its factors are
found among the product's, and each of its Kronecker deltas splits an index in two, or joins the places that are there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from symmix.kernel.cofactors import Hypothesis
from symmix.kernel.networks import Expression
from symmix.kernel.products import DELTA, Factor, Index, Product, delta_factor, relabel
from symmix.kernel.scalars import ONE
from symmix.search.embeddings import embeddings

HOLE = "\N{WHITE SQUARE}"  # begins the name of a slot in a context
_SPLITS = 4  # occurrences of an index beyond which it is not split


@dataclass(frozen=True)
class Multiple:
    """A hypothesis, by its number, in a context: one product, over the claim's indices and its slots."""

    number: int
    hypothesis: Hypothesis
    context: Expression

    @cached_property
    def degree(self) -> int:
        """The length of its longest product."""
        (product,) = self.context.terms
        own = sum(f.tensor.name != DELTA for f in product)
        return own + max(sum(f.tensor.name != DELTA for f in term) for term in self.hypothesis.expression.terms)

    @cached_property
    def expanded(self) -> Expression:
        """The multiple, multiplied out."""
        names = {slot: hole(slot) for slot in self.hypothesis.slots}
        return (self.context * self.hypothesis.expression.rename(names)).sum(*names.values())


def hole(slot: str) -> str:
    """Return what a slot is called in a context."""
    return HOLE + slot


def multiples_at(target: Product, free: Mapping[str, str], number: int, hypothesis: Hypothesis) -> Iterator[Multiple]:
    """Run through the multiples of a hypothesis in which one of its terms lands on a product."""
    holes = {hole(slot): hypothesis.expression.free[slot] for slot in hypothesis.slots}
    seen: set[Expression] = set()
    for term in hypothesis.expression.terms:
        for factors in _contexts(target, term, hypothesis, free):
            context = Expression({**free, **holes}, [(ONE, factors)])
            if context not in seen and len(context.terms) == 1:
                seen.add(context)
                yield Multiple(number, hypothesis, context)


def _contexts(
    target: Product, term: Product, hypothesis: Hypothesis, free: Mapping[str, str]
) -> Iterator[list[Factor]]:
    """Run through what is left of a product where a term is taken out of it, with holes in the term's place."""
    fixed: dict[Index, Index] = {index: index for index in hypothesis.samples}
    solid = tuple(f for f in term if f.tensor.name != DELTA)
    deltas = [f for f in term if f.tensor.name == DELTA]
    for places, names, _ in embeddings(solid, target, fixed):
        rest = [f for i, f in enumerate(target) if i not in places]
        for image, factors in _joined(deltas, names, rest, free):
            yield from _filled(hypothesis, image, factors, target, free)


# -- deltas ---


def _joined(
    deltas: Sequence[Factor], names: Mapping[Index, Index], rest: list[Factor], free: Mapping[str, str]
) -> Iterator[tuple[dict[Index, Index], list[Factor]]]:
    """Let each delta of the term split an index of the product, so that its two ends are the delta's."""
    if not deltas:
        yield dict(names), rest
        return
    (one, other), size = deltas[0].indices, deltas[0].tensor.dims[0]
    if other in names and one not in names:
        one, other = other, one
    if one in names and other in names:
        if names[one] == names[other]:
            yield from _joined(deltas[1:], names, rest, free)
        return
    for index in [names[one]] if one in names else _indices(rest, free, size):
        for factors, first, second in _splits(index, rest, free):
            image = {**names, one: names.get(one, first), other: second}
            moved = factors if one not in names else [relabel(f, {first: names[one]}) for f in factors]
            yield from _joined(deltas[1:], image, moved, free)
        if isinstance(index, int) and one in names:  # nothing else hangs on the index: both ends are one
            yield from _joined(deltas[1:], {**names, other: index}, rest, free)


def _indices(factors: Sequence[Factor], free: Mapping[str, str], size: str) -> list[Index]:
    found = {i: d for f in factors for i, d in zip(f.indices, f.tensor.dims, strict=True)} | dict(free)
    return [index for index, dim in found.items() if dim == size]


def _splits(
    index: Index, factors: Sequence[Factor], free: Mapping[str, str]
) -> Iterator[tuple[list[Factor], Index, Index]]:
    """Run through the ways to part the places of an index in two, each of which gets a name of its own."""
    places = [(n, slot) for n, f in enumerate(factors) for slot, i in enumerate(f.indices) if i == index]
    outside = [(-1, 0)] if index in free else []
    whole = [*places, *outside]
    if not 2 <= len(whole) <= _SPLITS:
        return
    fresh = 1 + max((i for f in factors for i in f.indices if isinstance(i, int)), default=0)
    for count in range(1, len(whole)):
        for chosen in combinations(whole, count):
            first: Index = index if outside and outside[0] in chosen else fresh
            second: Index = index if outside and outside[0] not in chosen else fresh + 1
            changed = [
                Factor(
                    f.tensor,
                    tuple(
                        (first if (n, slot) in chosen else second) if i == index else i
                        for slot, i in enumerate(f.indices)
                    ),
                )
                for n, f in enumerate(factors)
            ]
            yield changed, first, second


# -- holes ---


def _filled(
    hypothesis: Hypothesis,
    image: Mapping[Index, Index],
    factors: Sequence[Factor],
    target: Product,
    free: Mapping[str, str],
) -> Iterator[list[Factor]]:
    """Attach the holes; a slot that the term does not mention may be any index of its size, or summed by itself."""
    dims = hypothesis.expression.free
    known = [delta_factor(hole(slot), image[slot], dims[slot]) for slot in hypothesis.slots if slot in image]
    loose = [slot for slot in hypothesis.slots if slot not in image]
    partial: list[list[Factor]] = [[*factors, *known]]
    for slot in loose:
        size = dims[slot]
        ends = _indices(target, free, size)
        partial = [
            [*done, *extra]
            for done in partial
            for extra in ([], *([delta_factor(hole(slot), end, size)] for end in ends))
        ]
    yield from partial
