"""Canonical forms of products that are as symmetric as graphs: the adjacency matrix, an entry for each direction."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import combinations
from random import Random

from symmix.kernel.products import Factor, Product, Tensor, normal_form
from tests.benchmarks.cliffs import Row

Edges = list[tuple[int, int]]


def cubic(size: int) -> Edges:
    """Return a random graph in which each vertex has three neighbours."""
    random = Random(size)
    while True:
        ends = [v for v in range(size) for _ in range(3)]
        random.shuffle(ends)
        pairs = {(min(pair), max(pair)) for pair in zip(ends[::2], ends[1::2], strict=True)}
        if len(pairs) == 3 * size // 2 and all(a != b for a, b in pairs):
            return sorted(pairs)


def hypercube(dimension: int) -> Edges:
    """Return the edges of a cube."""
    return [(v, v ^ 1 << i) for v in range(2**dimension) for i in range(dimension) if not v & 1 << i]


def rook(side: int) -> Edges:
    """Return the moves of a rook on a board."""
    return [(a, b) for a, b in combinations(range(side**2), 2) if a % side == b % side or a // side == b // side]


def triangular(points: int) -> Edges:
    """Return the pairs of pairs of points that share one."""
    pairs = list(combinations(range(points), 2))
    return [(a, b) for a, b in combinations(range(len(pairs)), 2) if set(pairs[a]) & set(pairs[b])]


def complete(size: int) -> Edges:
    """Return all pairs."""
    return list(combinations(range(size), 2))


def contraction(edges: Edges, seed: int) -> Product:
    """Return a graph as a product in which every index is summed, its vertices numbered anew."""
    random = Random(seed)
    tensor = Tensor(f"A{seed}", ("n", "n"))
    places = list(range(1 + max(b for _, b in edges)))
    random.shuffle(places)
    factors = [Factor(tensor, (places[i], places[j])) for a, b in edges for i, j in ((a, b), (b, a))]
    random.shuffle(factors)
    return tuple(factors)


def switched(edges: Edges) -> Edges:
    """Return a graph with the same degrees, but for two edges that exchanged their ends."""
    for (a, b), (c, d) in combinations(edges, 2):
        known = {frozenset(edge) for edge in edges}
        if len({a, b, c, d}) == 4 and not {frozenset((a, d)), frozenset((c, b))} & known:
            return [*(edge for edge in edges if edge not in ((a, b), (c, d))), (a, d), (c, b)]
    return edges[1:]


@cache
def known_form(family: Callable[[int], Edges], size: int, seed: int) -> object:
    """Return the normal form of another numbering."""
    first = contraction(family(size), seed)
    return normal_form(first[1:] + first[:1])


def graph(family: Callable[[int], Edges], *, slip: bool = False) -> Callable[[int, int], Callable[[], str]]:
    """Return how a graph of a family is compared with a numbering of its own, or of one that differs a little."""

    def make(size: int, seed: int) -> Callable[[], str]:
        edges = family(size)
        tensor = contraction(edges, seed)[0].tensor
        numbered = contraction(switched(edges) if slip else edges, 1000 + seed)
        product = tuple(Factor(tensor, factor.indices) for factor in numbered)
        known = known_form(family, size, seed)
        return lambda: "one form" if normal_form(product) == known else "two forms"

    return make


ROWS = {
    "cubic graphs": Row(graph(cubic), (40, 80, 160), "one form", 1.6),
    "cubic graphs, two edges switched": Row(graph(cubic, slip=True), (40, 80, 160), "two forms", 1.6),
    "hypercubes": Row(graph(hypercube), (4, 5, 6), "one form", 3.3, "factor"),
    "rook's graphs": Row(graph(rook), (4, 5, 6), "one form", 2.7, "factor"),
    "triangular graphs": Row(graph(triangular), (5, 7, 9), "one form", 2.0, "factor"),
    "complete graphs": Row(graph(complete), (8, 14, 20), "one form", 3.4),
}
