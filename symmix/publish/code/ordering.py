"""In which order a product is multiplied: the cheapest, by about how large sizes are; what is shared counts once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from math import prod

from symmix.errors import UnsupportedError
from symmix.plans import Combination, Contraction, Inverse, Node
from symmix.publish.code.factoring import contraction

MOST = 16  # factors of one product: if all of them share an index, there are 3^16 ways to cut it


class Ordering:
    """Orders the products of several nodes, all of them together.

    Parameters
    ----------
    weight
        About how large a size is.
    roots
        All that is computed: what occurs in several products is preferred, since it is computed once.
    first
        The size of the axis that stands first where there is one.
    """

    def __init__(self, weight: Callable[[str], float], roots: Iterable[Node], first: str | None = None) -> None:
        self.weight, self.first = weight, first
        self._done: dict[Node, Node] = {}
        products = {n for root in roots for n in root.walk() if isinstance(n, Contraction) and len(n.operands) > 2}
        self._shared = Counter(part for product in products for part in set(_Parts(product, first).nodes))

    def ordered(self, node: Node) -> Node:
        """Return a node in which no product has more than two factors."""
        if node not in self._done:
            self._done[node] = self._ordered(node)
        return self._done[node]

    def _ordered(self, node: Node) -> Node:
        match node:
            case Combination(terms=terms):
                return Combination(tuple((c, self.ordered(term)) for c, term in terms))
            case Inverse(of=of, square=square):
                return Inverse(self.ordered(of), square)
            case Contraction(operands=operands) if len(operands) > 2:
                return self._cut(_Parts(node, self.first), (1 << len(operands)) - 1)
            case Contraction(operands=operands, output=output):
                return Contraction(tuple((self.ordered(operand), ix) for operand, ix in operands), output)
        return node

    def _cut(self, parts: _Parts, everything: int) -> Node:
        """Return the cheapest way to multiply the factors, two at a time."""
        cost = {mask: 0.0 for mask in parts.masks if not mask & (mask - 1)}
        halves: dict[int, int] = {}
        for mask in parts.masks:
            if mask not in cost:
                cuts = ((half, mask ^ half) for half in parts.masks if half & mask == half and half != mask)
                options = [
                    (self._cost(parts, *cut) + cost[cut[0]] + cost[cut[1]], cut[0]) for cut in cuts if cut[1] in cost
                ]
                least, halves[mask] = min(options)
                cost[mask] = least / max(self._shared[parts.nodes_by_mask[mask]], 1)

        def build(mask: int) -> Node:
            if mask not in halves:
                return self.ordered(parts.product.operands[mask.bit_length() - 1][0])
            return parts.pair(halves[mask], mask ^ halves[mask], build(halves[mask]), build(mask ^ halves[mask]))

        return build(everything)

    def cost(self, roots: Iterable[Node]) -> float:
        """Return about how many operations it takes to compute nodes, what is shared once."""
        total = 0.0
        for node in {node for root in roots for node in root.walk()}:
            if isinstance(node, Contraction):
                total += prod(self.weight(size) for size in node.extents.values()) * (len(node.operands) > 1)
            elif isinstance(node, Combination):
                total += len(node.terms) * prod(map(self.weight, node.sizes))
        return total

    def _cost(self, parts: _Parts, left: int, right: int) -> float:
        indices = parts.indices(left) | parts.indices(right)
        return prod(self.weight(parts.product.extents[i]) for i in indices)


class _Parts:
    """The parts of a product, by the set of their factors."""

    def __init__(self, product: Contraction, first: str | None) -> None:
        if len(product.operands) > MOST:
            number = len(product.operands)
            raise UnsupportedError(
                f"products of at most {MOST} factors", f"one of {number}", "name a part of it, where={r: ...}"
            )
        self.product, self.first = product, first
        everything = (1 << len(product.operands)) - 1
        self.masks = self._connected(len(product.operands))
        self._indices = {mask: self._kept(mask, everything) for mask in self.masks}
        self.nodes_by_mask = {mask: self._node(mask) for mask in self.masks if mask & (mask - 1)}

    def _connected(self, number: int) -> list[int]:
        """Return the parts that hang together, and those of whole pieces; the smaller ones first."""
        near = [
            sum(1 << other for other in range(number) if {*self.product.operands[other][1]} & {*indices})
            for _, indices in self.product.operands
        ]
        found, new = set(), {1 << place for place in range(number)}
        while new:
            found |= new
            grown = {m | 1 << n for m in new for p in _places(m) for n in _places(near[p]) if not m >> n & 1}
            new = grown - found
        pieces = [m for m in found if not any(m != other and m & other == m for other in found)]
        whole = 0
        for piece in sorted(pieces):
            whole |= piece
            found.add(whole)
        return sorted(found, key=lambda mask: (mask.bit_count(), mask))

    @property
    def nodes(self) -> Iterable[Node]:
        """The parts of several factors."""
        return self.nodes_by_mask.values()

    def indices(self, mask: int) -> frozenset[int]:
        """Return the indices of a part: what is summed within it is gone."""
        return self._indices[mask]

    def pair(self, left: int, right: int, first: Node, second: Node) -> Node:
        """Return two parts multiplied."""
        placed = [(node, tuple(self._order(mask))) for mask, node in ((left, first), (right, second))]
        return self._contracted(placed, left | right)

    def _kept(self, mask: int, everything: int) -> frozenset[int]:
        inside = {i for place in _places(mask) for i in self.product.operands[place][1]}
        outside = {i for place in _places(everything ^ mask) for i in self.product.operands[place][1]}
        return frozenset(inside & (outside | set(self.product.output)))

    def _order(self, mask: int) -> Sequence[int]:
        """Return the indices of a part in the order of its axes."""
        if mask == (1 << len(self.product.operands)) - 1:
            return self.product.output
        if mask & (mask - 1) == 0:
            return self.product.operands[mask.bit_length() - 1][1]
        along = (i for place in _places(mask) for i in self.product.operands[place][1])
        kept = dict.fromkeys(i for i in along if i in self._indices[mask])
        return tuple(sorted(kept, key=lambda i: self.product.extents[i] != self.first))

    def _node(self, mask: int) -> Node:
        return self._contracted([self.product.operands[place] for place in _places(mask)], mask)

    def _contracted(self, placed: Sequence[tuple[Node, tuple[int, ...]]], mask: int) -> Node:
        names = {i: f"|{i}" for i in self._order(mask)}
        product = [(node, tuple(names.get(i, i) for i in ix)) for node, ix in placed]
        free = {name: self.product.extents[i] for i, name in names.items()}
        return contraction(product, list(names.values()), free)


def _places(mask: int) -> list[int]:
    return [place for place in range(mask.bit_length()) if mask >> place & 1]
