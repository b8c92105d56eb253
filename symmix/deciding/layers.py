"""Identities that would multiply out into too much: their sums are kept whole, and opened only as far as it takes.

``(I + V)(I + W) x`` is two symbols and x here, each with what it stands for; equal sums are one symbol. Where both
sides have the same outer structure nothing has to be opened; where they do not, sums are opened one layer after
another, each time the one that leaves the fewest terms. What vanishes for all values of the symbols vanishes for the
sums that they stand for: that is a proof. That it does not is none: a point shows what is false, and the gate for
points decides that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from math import prod

from symmix.deciding.frame import Frame
from symmix.deciding.witnesses import described
from symmix.kernel.arrays import COLUMN, ROW, Array, axes
from symmix.kernel.calculus import Raw, Template, splice
from symmix.kernel.cofactors import Hypothesis
from symmix.kernel.networks import Expression, entry
from symmix.kernel.products import Product, Tensor, sort_key
from symmix.meaning import Meaning
from symmix.search.witnesses import find_witness
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.terms.base import Node
from symmix.terms.meanings import Names
from symmix.verdict import NormalForm, Proved, Refuted

MANY = 150  # terms, multiplied out, from which on sums are kept whole
_OPEN = 40  # terms, besides four for each at first, beyond which opening sums is no better than multiplying out
_DRAWS = 24


class Layers(Meaning):
    """What trees mean with the sums in products kept whole: ``sums`` says what their symbols stand for."""

    def __init__(self, names: Names) -> None:
        super().__init__(names)
        self._symbols: dict[Array, Array] = {}

    def factor(self, array: Array) -> Array:
        """Return a symbol for a sum with entries, times a number; a transpose has the symbol of what it is of."""
        expression = array.expression
        if len(expression.terms) < 2 or not expression.tensors or expression.free.keys() - {ROW, COLUMN}:
            return array
        first = expression.terms[min(expression.terms, key=lambda product: [sort_key(f) for f in product])]
        scale = first.terms[min(first.terms)]
        whole = replace(array, expression=expression * Fraction(1, scale))
        if whole not in self._symbols:
            free = axes(array.rows, array.columns)
            symbol = Tensor(f"sum {len(self.sums)}", tuple(free.values()))
            self.sums[symbol] = whole
            self._symbols[whole] = replace(array, expression=entry(symbol, *free))
            self._symbols.setdefault(whole.transposed, self._symbols[whole].transposed)
        known = self._symbols[whole]
        return replace(known, expression=known.expression * scale)

    def opened(self, expression: Expression, symbol: Tensor, slot: int) -> Expression:
        """Put what a symbol stands for in its place once in each product where it occurs most often.

        That is at an end of a run: where the slot is joined to none of its other occurrences, if there is such a place.
        """
        of = self.sums[symbol]
        template = Template(symbol, tuple(axes(of.rows, of.columns)), of.expression)
        count = {product: sum(f.tensor == symbol for f in product) for product in expression.terms}
        most = max(count.values())
        raw: Raw = []
        for product, c in expression.terms.items():
            at = {_end(product, symbol, slot): template} if count[product] == most else {}
            raw += [(c * scale, factors) for scale, factors in splice(product, at)]
        return Expression(expression.free, raw)

    def vanishes(self, expression: Expression) -> bool:
        """Whether an expression vanishes, opening sums as long as that leaves few terms."""
        most = _OPEN + 4 * len(expression.terms)
        while not expression.is_zero:
            ways = [
                self.opened(expression, symbol, slot)
                for symbol in sorted(expression.tensors & self.sums.keys())
                for slot in range(max(len(symbol.dims), 1))
            ]
            if not ways:
                return False
            expression = min(ways, key=lambda way: len(way.terms))
            if len(expression.terms) > most:
                return False
        return True

    @property
    def hypotheses(self) -> tuple[Hypothesis, ...]:
        """What the symbols stand for, as equations: a point has to meet them."""
        pairs = ((entry(symbol, *axes(of.rows, of.columns)), of) for symbol, of in self.sums.items())
        return tuple(Hypothesis(own - of.expression, tuple(axes(of.rows, of.columns))) for own, of in pairs)


def _end(product: Product, symbol: Tensor, slot: int) -> int:
    places = [place for place, f in enumerate(product) if f.tensor == symbol]
    for place in places if symbol.dims else ():
        others = {i for other in places if other != place for i in product[other].indices}
        if product[place].indices[slot] not in others:
            return place
    return places[0]


def decide_in_layers(
    sides: Mapping[str, t.Expression], statement: s.Identity | s.Vanishing, frame: Frame
) -> Proved | Refuted | None:
    """Decide whether a side vanishes, or two are equal, if they are large and hold anyway; None if that is open."""
    if statement.where:
        return None
    for value in frame.names.definitions.values() if not frame.lengths else ():  # each is made of earlier ones
        _terms(value, frame.names, frame.lengths)
    if max(_terms(side, frame.names, frame.lengths) for side in sides.values()) < MANY:
        return None
    if any(map(_is_outside, frame.names.unfolded(statement))):
        return None
    layers = Layers(frame.names)
    layered = replace(frame, meaning=layers)
    goal = layered.goal(*sides.values())
    question = layered.question([goal], layers.hypotheses, statement)
    point = find_witness(question, attempts=_DRAWS, drawn_is_fine=True)
    if point is not None:
        return Refuted(described(layered, point, sides))
    if not layers.vanishes(goal):
        return None
    form = layered.array(next(iter(sides.values())))
    return frame.proved(NormalForm(form, len(layers.sums)), statement)


def _is_outside(node: Node) -> bool:
    """Whether a node looks into sums: an inverse, a value, a mean, and how coefficients move with a scalar."""
    return isinstance(node, t.Inverse | t.At | t.Expectation) or (isinstance(node, t.Gradient) and not node.by.axes)


def _terms(tree: Node, names: Names, known: dict[Node, int]) -> int:
    """Return how many terms a tree has at most, multiplied out."""
    if tree in known:
        return known[tree]
    if isinstance(tree, t.Symbol) and tree in names.definitions:
        found = _terms(names.definitions[tree], names, known)
    else:
        inner = [_terms(part, names, known) for part in _inside(tree)]
        if isinstance(tree, t.Add):
            found = sum(inner)
        elif isinstance(tree, t.Power):
            found = inner[0] ** min(tree.exponent, 99)
        else:
            found = prod(inner)
    known[tree] = min(found, 10**9)
    return known[tree]


def _inside(tree: Node) -> Iterator[Node]:
    for part in tree.parts:
        yield from (item for item in (part if isinstance(part, tuple) else (part,)) if isinstance(item, t.Expression))
