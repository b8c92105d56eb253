"""Sums of products of entries with polynomial coefficients, each product in one form.

A product is what its summed indices hold together, component by component. Two components are the same if a bijection
of their summed indices carries one into the other, and then they have the same form: see ``Algebra.canonical``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from .polynomials import ONE, UNIT, Monomial, Poly, Polynomials
from .reading import Meter, reject
from .trees import ONE as ONE_SIZE

Factor = tuple[str, tuple[int, ...]]  # a tensor at indices: free ones are negative, summed ones count from 0
Component = tuple[tuple[str, ...], tuple[Factor, ...]]  # the sizes of its summed indices, and its factors
Product = tuple[Component, ...]
Sum = dict[Product, Poly]
Gathered = dict[Product, list[Poly]]  # a sum on the way
Renaming = Mapping[int, int]
Plug = tuple[Sum, Renaming]
NOTHING: Product = ()
DELTA = "="  # no name; nor are the inverses, "inverse 0", ...
MAX_SUMMED = 100  # indices that hang together


class Algebra(Polynomials):
    """Adds, multiplies, renames and sums."""

    def __init__(self, meter: Meter) -> None:
        super().__init__(meter)
        self._forms: dict[Component, Component] = {}

    # -- products ---

    def assembled(self, sizes: Sequence[str], factors: list[Factor]) -> tuple[Monomial, Product]:
        """Return a product in its form, and the sizes that arose from sums over nothing.

        ``sizes`` are those of the summed indices 0, 1, ...; a delta with one of them makes it another index.
        """
        self.meter.spend(1 + 2 * len(factors) + len(sizes))
        merged: set[int] = set()
        if any(tensor == DELTA for tensor, _ in factors):
            factors, merged = _contracted(factors)
        held: dict[int, int] = {}  # summed indices that hang together have one root
        for _, indices in factors:
            summed = [i for i in indices if i >= 0]
            for i in summed:
                held.setdefault(i, i)
                held[_root(held, i)] = _root(held, summed[0])
        groups: dict[int, list[Factor]] = {}
        product: list[Component] = []
        for factor in factors:
            first = next((i for i in factor[1] if i >= 0), None)
            if first is None:
                product.append(((), (factor,)))
            else:
                groups.setdefault(_root(held, first), []).append(factor)
        for group in groups.values():
            numbers: dict[int, int] = {}
            moved = [
                (tensor, tuple([numbers.setdefault(i, len(numbers)) if i >= 0 else i for i in indices]))
                for tensor, indices in group
            ]
            product.append(self.canonical((tuple([sizes[i] for i in numbers]), tuple(moved))))
        empty: dict[str, int] = {}
        for i, size in enumerate(sizes):
            if i not in held and i not in merged:
                empty[size] = empty.get(size, 0) + 1
        return tuple(sorted(empty.items())), tuple(sorted(product))

    def canonical(self, component: Component) -> Component:
        """Return the one form of a component: the same for all ways to number its summed indices.

        Whatever is returned is the component with its summed indices numbered anew: components of one form *are* one.
        That all numberings lead to one form takes a search: indices are told apart by where they occur; of those that
        are not told apart one after the other is made the first; and the least form wins.
        """
        found = self._forms.get(component)
        if found is None:
            sizes, factors = component
            if len(sizes) > MAX_SUMMED:
                reject(f"a product in which more than {MAX_SUMMED} summed indices hang together")
            ranks = {size: rank for rank, size in enumerate(sorted(set(sizes)))}
            found = self._least(component, self._refined(factors, [ranks[size] for size in sizes]))
            self._forms[component] = found
        return found

    def _refined(self, factors: Sequence[Factor], colours: list[int]) -> list[int]:
        """Tell summed indices apart by the colours of what they occur with, until nothing changes."""
        count = len(set(colours))
        while True:
            self.meter.spend(2 * len(factors) + len(colours))
            seen: list[list[tuple[Any, ...]]] = [[] for _ in colours]
            for tensor, indices in factors:
                shown = tuple([i if i < 0 else colours[i] for i in indices])
                for place, i in enumerate(indices):
                    if i >= 0:
                        seen[i].append((tensor, shown, place))
            keys = [(colour, tuple(sorted(around))) for colour, around in zip(colours, seen, strict=True)]
            ranks = {key: rank for rank, key in enumerate(sorted(set(keys)))}
            colours = [ranks[key] for key in keys]
            if len(ranks) == count:
                return colours
            count = len(ranks)

    def _alike(self, colours: Sequence[int]) -> list[int]:
        """Return the first indices that are not told apart."""
        members: dict[int, list[int]] = {}
        for i, colour in enumerate(colours):
            members.setdefault(colour, []).append(i)
        return next((members[colour] for colour in sorted(members) if len(members[colour]) > 1), [])

    def _first(self, factors: Sequence[Factor], colours: Sequence[int], chosen: int) -> list[int]:
        return self._refined(factors, [2 * colour + (i != chosen) for i, colour in enumerate(colours)])

    def _form(self, component: Component, colours: list[int]) -> Component:
        """Return the form that taking always the first one leads to."""
        sizes, factors = component
        while alike := self._alike(colours):
            colours = self._first(factors, colours, alike[0])
        moved = sorted([(t, tuple([i if i < 0 else colours[i] for i in indices])) for t, indices in factors])
        return tuple([sizes[i] for i in sorted(range(len(sizes)), key=colours.__getitem__)]), tuple(moved)

    def _least(self, component: Component, colours: list[int]) -> Component:
        alike = self._alike(colours)
        if not alike:
            return self._form(component, colours)
        tried = self._first(component[1], colours, alike[0])
        form, best = self._form(component, tried), self._least(component, tried)
        for chosen in alike[1:]:
            other = self._first(component[1], colours, chosen)
            if self._form(component, other) != form:  # else a symmetry carries one choice into the other
                best = min(best, self._least(component, other))
        return best

    # -- sums ---

    def gather(self, found: Gathered, product: Product, coefficient: Poly) -> None:
        """Put one product into a sum on the way."""
        self.meter.spend(1 + sum([len(factors) for _, factors in product]))
        found.setdefault(product, []).append(coefficient)

    def gathered(self, found: Gathered) -> Sum:
        """Add up what was put into a sum."""
        total = {product: self.plus(*parts) if len(parts) > 1 else parts[0] for product, parts in found.items()}
        return {product: c for product, c in total.items() if c}

    def sum_of(self, parts: Iterable[Sum]) -> Sum:
        """Return the sum of sums."""
        found: Gathered = {}
        for part in parts:
            for product, c in part.items():
                self.gather(found, product, c)
        return self.gathered(found)

    def scaled(self, total: Sum, by: Poly) -> Sum:
        """Return a sum times a polynomial."""
        found = {product: self.times(c, by) for product, c in total.items()}
        return {product: c for product, c in found.items() if c}

    def minus(self, a: Sum, b: Sum) -> Sum:
        """Return the difference of two sums."""
        return self.sum_of([a, self.scaled(b, {UNIT: Fraction(-1)})])

    def multiplied(self, a: Sum, b: Sum) -> Sum:
        """Return the product of two sums over the same free indices."""
        found: Gathered = {}
        for p, c in a.items():
            for q, d in b.items():
                self.gather(found, self._joined(p + q), self.times(c, d))
        return self.gathered(found)

    def _joined(self, components: Product) -> Product:
        """Return components as one product; they share free indices only, which deltas may make equal."""
        if any(factors[0][0] == DELTA for _, factors in components):
            return self.assembled(*unpacked(components))[1]
        return tuple(sorted(components))

    def renamed(self, total: Sum, names: Renaming, summed: Sequence[str] = ()) -> Sum:
        """Rename free indices; what is renamed to 0, 1, ... is summed from then on, over these sizes."""
        found: Gathered = {}
        for product, c in total.items():
            touched = tuple([x for x in product if any(i in names for _, indices in x[1] for i in indices)])
            if touched or summed:
                rest = tuple([x for x in product if x not in touched]) if len(touched) < len(product) else ()
                sizes, factors = unpacked(touched, len(summed), names)
                self._enter(found, c, [*summed, *sizes], factors, rest)
            else:
                self.gather(found, product, c)
        return self.gathered(found)

    def _enter(
        self, found: Gathered, c: Poly, sizes: Sequence[str], factors: list[Factor], rest: Product = NOTHING
    ) -> None:
        """Put a product into a sum, given by factors and by components that share no summed index with these."""
        empty, product = self.assembled(sizes, factors)
        coefficient = self.times(c, {empty: ONE}) if empty else c
        self.gather(found, self._joined(product + rest) if rest else product, coefficient)

    def bound(self, total: Sum, indices: Iterable[tuple[int, str]]) -> Sum:
        """Sum over free indices, each over its size; there is nothing to do for the size 1."""
        pairs = [(i, size) for i, size in indices if size != ONE_SIZE]
        return self.renamed(total, {i: n for n, (i, _) in enumerate(pairs)}, [size for _, size in pairs])

    def plugged(
        self, found: Gathered, c: Poly, sizes: list[str], factors: list[Factor], values: Iterable[Plug]
    ) -> None:
        """Put into a sum a product times sums whose free indices become indices of the product, summed ones too."""
        left = [(c, sizes, factors)]
        for value, slots in values:
            grown = []
            for coefficient, before, own in left:
                for product, d in value.items():
                    more, others = unpacked(product, len(before), slots)
                    self.meter.spend(1 + len(own) + len(others))
                    grown.append((self.times(coefficient, d), before + more, own + others))
            left = grown
        for coefficient, before, own in left:
            self._enter(found, coefficient, before, own)

    def vanishes(self, total: Sum) -> bool:
        """Whether a sum is zero for all sizes and entries: products that differ are independent."""
        return all(self.is_zero(c) for c in total.values())


def unpacked(product: Product, shift: int = 0, names: Renaming | None = None) -> tuple[list[str], list[Factor]]:
    """Return the factors of a product, summed indices numbered through from ``shift`` on, free ones renamed."""
    sizes: list[str] = []
    factors: list[Factor] = []
    names = names or {}
    for own, held in product:
        start = shift + len(sizes)
        factors += [(t, tuple([i + start if i >= 0 else names.get(i, i) for i in indices])) for t, indices in held]
        sizes += own
    return sizes, factors


def _root(parents: dict[int, int], i: int) -> int:
    while (above := parents.get(i, i)) != i:
        parents[i] = parents.get(above, above)
        i = above
    return i


def _contracted(factors: Iterable[Factor]) -> tuple[list[Factor], set[int]]:
    """Return factors in which indices that deltas make equal are one, and the summed indices that became another one.

    Deltas of free indices stay: each of them with the one that stands for all.
    """
    parents: dict[int, int] = {}
    mentioned: set[int] = set()
    for tensor, indices in factors:
        if tensor == DELTA:
            low, high = sorted([_root(parents, i) for i in indices])
            parents[high] = low  # so free indices stand for summed ones
            mentioned.update(indices)
    kept = [(t, tuple([_root(parents, i) for i in indices])) for t, indices in factors if t != DELTA]
    others = {i for i in mentioned if _root(parents, i) != i}
    return [*kept, *((DELTA, (_root(parents, i), i)) for i in others if i < 0)], {i for i in others if i >= 0}
