"""From a sum of products to a plan: what terms have in common is factored out, so that it is computed once.

``X^T X w - X^T y`` becomes ``X^T (X w - y)``. A factor is taken out of all terms in which its axes meet the same free
indices, unless what is left would be larger than everything in sight. Sums are brought into one form, whatever they
were taken out of, so that equal ones are one node.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count
from math import prod
from typing import NamedTuple

from symmix.kernel.scalars import ONE, ZERO, Polynomial
from symmix.plans import Combination, Contraction, Eye, Filled, Node
from symmix.publish.code.scalars import data, split

Label = str | int  # free by name | summed by number
Placed = tuple[Node, tuple[Label, ...]]
Product = tuple[Placed, ...]
Term = tuple[Polynomial, Product]
Free = Mapping[str, str]  # free index -> size


class Sum(NamedTuple):
    """A sum as a coefficient times a node over the free indices in some order; no node: the coefficient alone."""

    coefficient: Polynomial
    node: Node | None
    order: tuple[str, ...]


Preference = Callable[[float, float], tuple[float, float]]
PREFERENCES: tuple[Preference, ...] = (  # by the size of what is left, and that of the factor
    lambda left, factor: (-left, factor),
    lambda left, factor: (-left, -factor),
    lambda left, factor: (factor, -left),
    lambda left, factor: (-factor, -left),
)


class _Place(NamedTuple):
    """Where a factor stands: what it is, how its axes hang, and over which free indices the rest is."""

    node: Node
    pattern: tuple[object, ...]
    left: frozenset[str]


class _Common(NamedTuple):
    """A factor that several terms have in common: how many, what is left, and where it stands in each."""

    rank: tuple[int, float, float, str]
    left: frozenset[str]
    places: dict[int, int]


class Factoring:
    """Makes plans of sums.

    Parameters
    ----------
    weight
        About how large a size is: it decides only what is worth factoring out.
    first
        The size of the axis that stands first where there is one: that of the batch.
    prefer
        Which of several factors that as many terms have in common is taken out; see ``PREFERENCES``.
    """

    def __init__(
        self, weight: Callable[[str], float], first: str | None = None, prefer: Preference | None = None
    ) -> None:
        self.weight, self.first = weight, first
        self.prefer = prefer or PREFERENCES[0]
        self._fresh = count(1)

    def node(self, free: Free, terms: Sequence[Term], order: Sequence[str]) -> Node:
        """Return a node whose axes are the free indices in the given order."""
        found = self.total(free, terms)
        axes = tuple(free[label] for label in order)
        if found.coefficient.is_zero:
            return Filled(0, axes)
        placed: Product = () if found.node is None else inlined(found.node, found.order, self._fresh)
        node = contraction(placed, order, free)
        return node if found.coefficient == ONE else Combination(((data(found.coefficient), node),))

    def total(self, free: Free, terms: Sequence[Term]) -> Sum:
        """Return a sum, factored, in one form."""
        left = [term for term in terms if not term[0].is_zero]
        while common := self._best(free, left):
            left = self._taken_out(free, left, common)
        left = _collected(left)
        if not left:
            return Sum(ZERO, None, ())
        left.sort(key=_key)
        if not any(product for _, product in left) and not free:
            return Sum(sum((c for c, _ in left), ZERO), None, ())
        scale, rest = split([c for c, _ in left])
        order = self._order(free, [product for _, product in left])
        nodes = [(c, contraction(product, order, free)) for c, (_, product) in zip(rest, left, strict=True)]
        if len(nodes) == 1 and nodes[0][0] == ONE:
            return Sum(scale, nodes[0][1], order)
        return Sum(scale, Combination(tuple((data(c), node) for c, node in nodes)), order)

    # -- what terms have in common ---

    def _best(self, free: Free, terms: Sequence[Term]) -> _Common | None:
        """Return the factor that most terms have in common; of several, the one that leaves least."""
        found: dict[_Place, dict[int, int]] = {}
        for number, (_, product) in enumerate(terms):
            for position, (node, labels) in enumerate(product):
                others = {i for other, (_, ix) in enumerate(product) if other != position for i in ix}
                left = frozenset(label for label in others if isinstance(label, str))
                found.setdefault(_Place(node, _pattern(labels, others), left), {}).setdefault(number, position)
        options = []
        for place, positions in found.items():
            products = [terms[number][1] for number in positions]
            rest = self._size_left(products[0], next(iter(positions.values())), free)
            seen = [self._size(node.sizes) for product in products for node, _ in product]
            if len(positions) > 1 and rest <= max(self._size(free.values()), *seen):
                rank = (len(positions), *self.prefer(rest, self._size(place.node.sizes)), str(place.node))
                options.append(_Common(rank, place.left, positions))
        return max(options, key=lambda option: option.rank, default=None)

    def _order(self, free: Free, products: Sequence[Product]) -> tuple[str, ...]:
        """Return the free indices in an order that does not depend on their names."""
        ordered = [placed for product in products for placed in _sorted(product)]
        telling = sorted(
            ordered, key=lambda placed: isinstance(placed[0], Eye | Filled)
        )  # whose axes are not all alike
        placed = [label for _, labels in telling for label in labels]
        along = dict.fromkeys([label for label in placed if isinstance(label, str)] + sorted(free))
        return tuple(sorted(along, key=lambda label: free[label] != self.first))

    def _size(self, sizes: Iterable[str]) -> float:
        return prod(map(self.weight, sizes))

    def _size_left(self, product: Product, position: int, free: Free) -> float:
        """Return the size of what is left without one factor: over the free indices in it and those that are cut."""
        cut = set(product[position][1])
        others = [placed for other, placed in enumerate(product) if other != position]
        sizes = {i: s for node, ix in others for i, s in zip(ix, node.sizes, strict=True)}
        return self._size(s for i, s in sizes.items() if i in free or i in cut)

    def _taken_out(self, free: Free, terms: Sequence[Term], common: _Common) -> list[Term]:
        """Return the terms with one in place of those that have a factor in common."""
        first, place = next(iter(common.places.items()))
        node, labels = terms[first][1][place]
        sizes = dict(zip(labels, node.sizes, strict=True))
        opened: list[str] = []
        rests: list[Term] = []
        for number, where in common.places.items():
            c, product = terms[number]
            others = [placed for other, placed in enumerate(product) if other != where]
            cut = _cut(product[where][1], others)
            if not opened:
                opened = [f"|{next(self._fresh)}" for _ in cut]
            names: dict[Label, Label] = dict(zip(cut, opened, strict=True))
            rests.append((c, tuple((n, tuple(names.get(i, i) for i in ix)) for n, ix in others)))
        cut = _cut(labels, [placed for other, placed in enumerate(terms[first][1]) if other != place])
        inner = {**{i: free[i] for i in common.left}, **{o: sizes[i] for o, i in zip(opened, cut, strict=True)}}
        rest = self.total(inner, rests)
        numbers: dict[Label, Label] = {o: -next(self._fresh) for o in opened}
        outer = {i: numbers[o] for i, o in zip(cut, opened, strict=True)}
        taken: list[Placed] = [(node, tuple(outer.get(i, i) for i in labels))]
        if rest.node is not None:
            taken += inlined(rest.node, tuple(numbers.get(i, i) for i in rest.order), self._fresh)
        kept = [term for number, term in enumerate(terms) if number not in common.places]
        return [*kept, (rest.coefficient, tuple(taken))] if not rest.coefficient.is_zero else kept


def _pattern(labels: Sequence[Label], others: set[Label]) -> tuple[object, ...]:
    """Return how a factor hangs in its product: on free indices, on indices that others have too, on its own."""
    rank: dict[Label, int] = {}
    pattern: list[object] = []
    for label in labels:
        if isinstance(label, str):
            pattern.append(label)
        else:
            pattern.append((label in others, rank.setdefault(label, len(rank))))
    return tuple(pattern)


def _cut(labels: Sequence[Label], others: Sequence[Placed]) -> list[Label]:
    """Return the summed indices that a factor shares with others, in its order."""
    elsewhere = {label for _, ix in others for label in ix}
    return list(dict.fromkeys(i for i in labels if not isinstance(i, str) and i in elsewhere))


def _collected(terms: Sequence[Term]) -> list[Term]:
    """Add the coefficients of equal products."""
    found: dict[tuple[object, ...], Term] = {}
    for c, product in terms:
        ordered = _sorted(product)
        numbers: dict[Label, Label] = {}
        for _, labels in ordered:
            for label in labels:
                if not isinstance(label, str):
                    numbers.setdefault(label, len(numbers))
        key = tuple((node, tuple(numbers.get(i, i) for i in labels)) for node, labels in ordered)
        found[key] = (found[key][0] + c if key in found else c, product)
    return [term for term in found.values() if not term[0].is_zero]


def _sorted(product: Sequence[Placed], order: Sequence[str] = ()) -> list[Placed]:
    """Return the factors in an order that does not depend on the numbers of indices; equal ones by their axes."""
    rank = {label: place for place, label in enumerate(order)}

    def key(placed: Placed) -> tuple[str, list[int], list[str]]:
        node, labels = placed
        return (
            str(node),
            [rank.get(i, len(rank)) for i in labels if isinstance(i, str)],
            [str(i) if isinstance(i, str) else "" for i in labels],
        )

    return sorted(product, key=key)


def _key(term: Term) -> tuple[int, list[str]]:
    return len(term[1]), sorted(str(node) for node, _ in term[1])


# -- nodes ---


def inlined(node: Node, order: Sequence[Label], fresh: count[int]) -> Product:
    """Return a node over the given indices as factors: those of a contraction, or itself."""
    if not isinstance(node, Contraction):
        return ((node, tuple(order)),)
    names: dict[int, Label] = dict(zip(node.output, order, strict=True))
    for index in node.extents:
        names.setdefault(index, -next(fresh))
    return tuple((operand, tuple(names[i] for i in labels)) for operand, labels in node.operands)


def contraction(product: Sequence[Placed], order: Sequence[str], free: Free) -> Node:
    """Return a product as a node whose axes are the free indices in the given order."""
    product = _without_ones(product)
    there = {label for _, labels in product for label in labels}
    lacking = tuple(label for label in order if label not in there)
    ones: list[Placed] = [(Filled(1, tuple(free[i] for i in lacking)), lacking)] if lacking or not product else []
    ordered = _sorted([*product, *ones], order)
    factors = [_plain(ordered, place, order) for place in range(len(ordered))]
    if len(factors) == 1 and factors[0][1] == tuple(order):
        return factors[0][0]
    numbers: dict[Label, int] = {}
    for _, labels in factors:
        for label in labels:
            numbers.setdefault(label, len(numbers))
    operands = tuple((node, tuple(numbers[i] for i in labels)) for node, labels in factors)
    return Contraction(operands, tuple(numbers[i] for i in order))


def _without_ones(product: Sequence[Placed]) -> list[Placed]:
    """Return a product without factors 1 along indices that others have."""
    found = list(product)
    for placed in product:
        others = [other for other in found if other is not placed]
        if isinstance(placed[0], Filled) and placed[0].value and {i for _, ix in others for i in ix} >= set(placed[1]):
            found = others
    return found


def _plain(product: Sequence[Placed], place: int, order: Sequence[str]) -> Placed:
    """Sum a factor of several over the indices that are its own, and take its diagonals, ahead of the others."""
    node, labels = product[place]
    elsewhere = {i for other, (_, ix) in enumerate(product) if other != place for i in ix} | set(order)
    kept = tuple(dict.fromkeys(label for label in labels if label in elsewhere))
    if len(product) == 1 or kept == labels:
        return node, labels
    numbers = {label: number for number, label in enumerate(dict.fromkeys(labels))}
    unary = Contraction(((node, tuple(numbers[i] for i in labels)),), tuple(numbers[i] for i in kept))
    return unary, kept
