"""Canonical numberings: one form for every way to write a product, and two for products that differ, however alike."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, combinations_with_replacement, permutations
from itertools import product as cartesian
from random import Random

import pytest

from symmix.errors import NotationError
from symmix.kernel import products
from symmix.kernel.products import Factor, Index, Product, Tensor, normal_form
from symmix.labelling import Entry, canonical_order
from symmix.metering import TooMuchWork, allowed
from tests.benchmarks.cliffs.forms import Edges, complete, cubic, hypercube, rook, switched, triangular

A = Tensor("A", ("n", "n"))
TENSORS = (A, Tensor("T", ("n", "n", "n")), Tensor("x", ("n",)), Tensor("Q", ("n", "n", "n", "n")))


def contraction(edges: Edges, seed: int, *, directed: bool = False) -> Product:
    """Return a graph as a product, its vertices and factors in an order of their own."""
    random = Random(seed)
    places = list(range(1 + max(b for _, b in edges)))
    random.shuffle(places)
    both = [edge for a, b in edges for edge in ((a, b), (b, a))]
    factors = [Factor(A, (places[a], places[b])) for a, b in (edges if directed else both)]
    random.shuffle(factors)
    return tuple(factors)


def renumbered(product: Product, seed: int) -> Product:
    """Return the product with its summed indices numbered anew, and its factors in another order."""
    random = Random(seed)
    old = sorted({i for f in product for i in f.indices if isinstance(i, int)})
    new = random.sample(range(100), len(old))
    names: dict[Index, Index] = dict(zip(old, new, strict=True))
    factors = [Factor(t, tuple(names.get(i, i) for i in ix)) for t, ix in product]
    random.shuffle(factors)
    return tuple(factors)


def least(product: Product) -> list[tuple[str, tuple[tuple[int, str], ...]]]:
    """Return the least of all ways to number a product, by trying all: the oracle."""
    old = sorted({i for f in product for i in f.indices if isinstance(i, int)})
    forms = []
    for order in permutations(range(len(old))):
        names = dict(zip(old, order, strict=True))
        forms.append(
            sorted(
                (t.name, tuple((names[i], "") if isinstance(i, int) else (-1, i) for i in indices))
                for t, indices in product
            )
        )
    return min(forms)


def symmetric_product(random: Random) -> Product:
    """Return a small product that is likely to look like itself: few tensors, few indices, each at many places."""
    indices: list[Index] = [*range(random.randint(2, 5)), *random.choice(["", "i", "ij"])]
    tensors = random.sample(TENSORS, random.randint(1, 2))
    factors = []
    for _ in range(random.randint(2, 6)):
        tensor = random.choice(tensors)
        factors.append(Factor(tensor, tuple(random.choice(indices) for _ in tensor.dims)))
    return tuple(factors)


# -- small ones, against the oracle ------------------------------------------------------------------------------------


def test_small_products_have_one_form_exactly_when_some_numbering_makes_them_one() -> None:
    random, alike, different = Random(5), 0, 0
    for _ in range(250):
        one = symmetric_product(random)
        others = [renumbered(one, random.randrange(10**6)), moved(one, random)]
        for other in others:
            same = least(one) == least(other)
            alike, different = alike + same, different + (not same)
            assert (normal_form(one) == normal_form(other)) is same, (one, other)
    assert min(alike, different) > 100


def moved(product: Product, random: Random) -> Product:
    """Return a product in which two slots have exchanged their indices."""
    (p, f), (q, g) = random.sample(list(enumerate(product)), 2)
    s, t = random.randrange(len(f.indices)), random.randrange(len(g.indices))
    factors = [list(factor.indices) for factor in product]
    factors[p][s], factors[q][t] = factors[q][t], factors[p][s]
    return tuple(Factor(old.tensor, tuple(new)) for old, new in zip(product, factors, strict=True))


def test_all_graphs_with_five_vertices_have_as_many_forms_as_there_are_graphs() -> None:
    pairs = list(combinations(range(5), 2))
    ones = [Factor(Tensor("x", ("n",)), (v,)) for v in range(5)]
    forms = set()
    for chosen in cartesian((False, True), repeat=len(pairs)):
        edges = [pair for pair, there in zip(pairs, chosen, strict=True) if there]
        forms.add(normal_form((*ones, *(Factor(A, (i, j)) for a, b in edges for i, j in ((a, b), (b, a))))))
    assert len(forms) == 34


def test_all_directed_graphs_with_three_vertices_have_as_many_forms_as_there_are() -> None:
    pairs = [(a, b) for a in range(3) for b in range(3) if a != b]
    ones = [Factor(Tensor("x", ("n",)), (v,)) for v in range(3)]
    forms = set()
    for chosen in cartesian((False, True), repeat=len(pairs)):
        edges = [pair for pair, there in zip(pairs, chosen, strict=True) if there]
        forms.add(normal_form((*ones, *(Factor(A, edge) for edge in edges))))
    assert len(forms) == 16


# -- symmetric ones ----------------------------------------------------------------------------------------------------


def cycles(*lengths: int) -> Edges:
    found: Edges = []
    start = 0
    for length in lengths:
        found += [(start + i, start + (i + 1) % length) for i in range(length)]
        start += length
    return [(min(edge), max(edge)) for edge in found]


def copies(edges: Edges, count: int) -> Edges:
    size = 1 + max(b for _, b in edges)
    return [(a + size * k, b + size * k) for k in range(count) for a, b in edges]


def paley(prime: int) -> Edges:
    squares = {x * x % prime for x in range(1, prime)}
    return [(a, b) for a, b in combinations(range(prime), 2) if (a - b) % prime in squares]


SHRIKHANDE: Edges = [
    (a, b)
    for a, b in combinations(range(16), 2)
    if ((a // 4 - b // 4) % 4, (a - b) % 4) in {(0, 1), (0, 3), (1, 0), (3, 0), (1, 1), (3, 3)}
]


def seidel(vertices: Sequence[int], edges: Edges) -> Edges:
    """Return the graph in which exactly the pairs between some vertices and all others are exchanged."""
    size, known = 1 + max(b for _, b in edges), set(edges)
    return [
        (a, b) for a, b in combinations(range(size), 2) if ((a, b) in known) is ((a in vertices) is (b in vertices))
    ]


def chang() -> Edges:
    """Return the first of Chang's graphs: T(8), switched by a perfect matching, which has the same parameters."""
    pairs = list(combinations(range(8), 2))
    return seidel([pairs.index(pair) for pair in ((0, 1), (2, 3), (4, 5), (6, 7))], triangular(8))


def untwisted(base: Edges, *, twisted: bool) -> Edges:
    """Return the graph of Cai, Fürer and Immerman over a base: refinement cannot tell it from the twisted one."""
    around = {v: [e for e in base if v in e] for v in range(1 + max(b for _, b in base))}
    vertices = [
        (v, frozenset(chosen))
        for v, edges in around.items()
        for count in range(0, len(edges) + 1, 2)
        for chosen in combinations(edges, count)
    ]
    number = {vertex: i for i, vertex in enumerate(vertices)}
    found = set()
    for (u, s), (v, t) in combinations(vertices, 2):
        edge = (min(u, v), max(u, v))
        if edge in base and ((edge in s) is (edge in t)) is not (twisted and edge == base[0]):
            found.add((number[u, s], number[v, t]))
    return sorted(found)


PRISM: Edges = [(0, 1), (0, 2), (1, 2), (3, 4), (3, 5), (4, 5), (0, 3), (1, 4), (2, 5)]
BIPARTITE: Edges = [(a, b) for a in range(3) for b in range(3, 6)]
GRAPHS = {
    "a complete graph": complete(9),
    "a cycle": cycles(30),
    "a cube": hypercube(5),
    "a rook's graph": rook(5),
    "a triangular graph": triangular(7),
    "Shrikhande's": SHRIKHANDE,
    "Chang's": chang(),
    "Paley's": paley(29),
    "cubic": cubic(40),
    "copies of cycles": copies(cycles(5), 6),
    "copies of Shrikhande's": copies(SHRIKHANDE, 2),
    "a star": [(0, i) for i in range(1, 25)],
    "over a prism": untwisted(PRISM, twisted=False),
    "over K33": untwisted(BIPARTITE, twisted=True),
}


@pytest.mark.parametrize("name", GRAPHS)
def test_every_numbering_of_a_symmetric_graph_leads_to_one_form(name: str) -> None:
    assert len({normal_form(contraction(GRAPHS[name], seed)) for seed in range(6)}) == 1
    assert len({normal_form(renumbered(contraction(GRAPHS[name], 1, directed=True), seed)) for seed in range(3)}) == 1


@pytest.mark.parametrize("name", sorted(GRAPHS.keys() - {"a complete graph", "a star"}))
def test_two_switched_edges_are_seen(name: str) -> None:
    one, other = GRAPHS[name], switched(GRAPHS[name])
    assert sorted(v for e in one for v in e) == sorted(v for e in other for v in e)
    assert walks(one) != walks(other)  # which tells them apart by another way
    assert normal_form(contraction(one, 1)) != normal_form(contraction(other, 2))


def walks(edges: Edges) -> list[list[int]]:
    """Return how many closed walks of each length begin at a vertex, in order: the same for one graph numbered anew."""
    size = 1 + max(b for _, b in edges)
    near: list[list[int]] = [[] for _ in range(size)]
    for a, b in edges:
        near[a].append(b)
        near[b].append(a)
    found = []
    for start in range(size):
        counts, closed = [int(v == start) for v in range(size)], []
        for _ in range(8):
            counts = [sum(counts[u] for u in near[v]) for v in range(size)]
            closed.append(counts[start])
        found.append(closed)
    return sorted(found)


LOOKALIKES = {  # pairs that agree in degrees, in spectra, or in everything that refinement sees
    "one cycle and two": (cycles(6), cycles(3, 3)),
    "two cycles each": (cycles(5, 7), cycles(6, 6)),
    "the smallest with one spectrum": ([(0, 1), (0, 2), (0, 3), (0, 4)], cycles(4)),
    "16, 6, 2, 2": (rook(4), SHRIKHANDE),
    "28, 12, 6, 4": (triangular(8), chang()),
    "over a prism": (untwisted(PRISM, twisted=False), untwisted(PRISM, twisted=True)),
    "over K33": (untwisted(BIPARTITE, twisted=False), untwisted(BIPARTITE, twisted=True)),
    "over K5": (untwisted(complete(5), twisted=False), untwisted(complete(5), twisted=True)),
    "beside one another": (copies(rook(4), 2), [*rook(4), *((a + 16, b + 16) for a, b in SHRIKHANDE)]),
}


@pytest.mark.parametrize("name", LOOKALIKES)
def test_graphs_that_look_alike_have_two_forms(name: str) -> None:
    one, other = LOOKALIKES[name]
    first, second = ({normal_form(contraction(edges, seed)) for seed in range(3)} for edges in (one, other))
    assert (len(first), len(second)) == (1, 1)
    assert first != second


def around(size: int, steps: Sequence[int], first: int) -> list[Factor]:
    """Return a circle on which steps of some lengths lead on from every index."""
    return [Factor(A, (first + i, first + (i + step) % size)) for i in range(size) for step in steps]


@pytest.mark.parametrize(("size", "every"), [(3, 1), (4, 1), (5, 7)])
def test_circles_beside_one_another_have_one_form_for_every_numbering(size: int, every: int) -> None:
    """Nothing tells their indices apart before one is named, and then all may have the same colours in all circles."""
    circles = list(combinations_with_replacement(range(1, size), 3))
    for one, other in [*combinations(circles, 2)][::every]:
        product = (*around(size, one, 0), *around(size, other, size))
        assert len({normal_form(renumbered(product, seed)) for seed in range(6)}) == 1, (one, other)


PAPPUS: Edges = [
    *((i, (i + 1) % 18) for i in range(18)),
    *((i, (i + step) % 18) for i in range(18) if (step := (5, 7, -7, 7, -7, -5)[i % 6]) > 0),
]


@pytest.mark.parametrize("other", [complete(4), PRISM, BIPARTITE])
def test_what_hangs_on_a_bridge_has_one_form_whichever_vertex_comes_first(other: Edges) -> None:
    """Where an end of the bridge is named there are two parts that differ, which carries none into the other."""
    (a, b), *rest = PAPPUS
    (c, d), *others = [(u + 20, v + 20) for u, v in other]
    edges = [*rest, (a, 18), (b, 18), (18, 19), (c, 19), (d, 19), *others]
    vertices, random, forms = range(1 + max(b for _, b in edges)), Random(0), set()
    for first in vertices:
        order = [first, *random.sample([v for v in vertices if v != first], len(vertices) - 1)]
        factors = [Factor(A, (order.index(u), order.index(v))) for e in edges for u, v in (e, e[::-1])]
        forms.add(normal_form(tuple(random.sample(factors, len(factors)))))
    assert len(forms) == 1


def latin(size: int, random: Random) -> list[list[int]]:
    """Return a square in which every row and every column has each number once, without symmetries most likely."""
    square: list[list[int]] = []
    while len(square) < size:
        row: list[int] = []
        for column in range(size):
            used = {*row, *(other[column] for other in square)}
            free = [symbol for symbol in range(size) if symbol not in used]
            if not free:
                break
            row.append(random.choice(free))
        if len(row) == size:
            square.append(row)
        elif random.random() < 1 / 50:
            square = []
    return square


@pytest.mark.parametrize(("size", "count"), [(4, 6), (5, 1)])
def test_latin_squares_have_one_form_for_every_numbering(size: int, count: int) -> None:
    """Refinement tells no rows apart, nor after one is named, and hardly any is carried into another."""
    random = Random(size)
    for _ in range(count):
        square = latin(size, random)
        product = tuple(
            Factor(TENSORS[1], (row, size + column, 2 * size + square[row][column]))
            for row, column in cartesian(range(size), repeat=2)
        )
        assert len({normal_form(renumbered(product, seed)) for seed in range(6)}) == 1, square


def test_two_twists_are_none() -> None:
    base = untwisted(PRISM, twisted=True)
    other = untwisted([PRISM[3], *PRISM[:3], *PRISM[4:]], twisted=True)  # another edge is twisted
    assert normal_form(contraction(base, 3)) == normal_form(contraction(other, 4))


@pytest.mark.parametrize("seed", range(12))
def test_designs_of_triples_have_one_form_and_a_turned_triple_is_seen(seed: int) -> None:
    fano = [(0, 1, 2), (0, 3, 4), (0, 5, 6), (1, 3, 5), (1, 4, 6), (2, 3, 6), (2, 4, 5)]
    product = tuple(Factor(TENSORS[1], order) for line in fano for order in permutations(line))
    assert normal_form(product) == normal_form(renumbered(product, seed))
    turned = (Factor(TENSORS[1], (0, 0, 2)), *product[1:])
    assert normal_form(product) != normal_form(renumbered(turned, seed))


# -- what comes back is a numbering ------------------------------------------------------------------------------------


def test_numbering_is_work_that_is_counted() -> None:
    entries: list[Entry] = [(0, (0, 1)), (0, (1, 2)), (1, (2, "i"))]
    with allowed(10) as meter:
        canonical_order(entries)
    assert meter.left == 7
    with pytest.raises(TooMuchWork), allowed(2):
        canonical_order(entries)


def test_each_index_is_named_once() -> None:
    random = Random(11)
    for _ in range(200):
        product = symmetric_product(random)
        order = canonical_order([(TENSORS.index(f.tensor), f.indices) for f in product])
        assert sorted(order) == sorted({i for f in product for i in f.indices if isinstance(i, int)})


@pytest.mark.parametrize("proposed", [[], [0], [0, 0], [0, 1, 1], [0, 2], [1, 2, 0]])
def test_what_is_no_numbering_is_refused(proposed: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(products, "canonical_order", lambda _: proposed)
    with pytest.raises(NotationError, match="a numbering of the summed indices"):
        normal_form((Factor(Tensor(f"unheard {proposed}", ("n", "n")), (0, 1)),))


def test_a_bad_proposal_never_makes_two_products_one(monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(3)

    def anything(entries: Sequence[tuple[int, tuple[Index, ...]]]) -> list[int]:
        found = sorted({i for _, indices in entries for i in indices if isinstance(i, int)})
        random.shuffle(found)
        return found

    monkeypatch.setattr(products, "canonical_order", anything)
    normal_form.cache_clear()
    one, other = LOOKALIKES["one cycle and two"]
    assert not {normal_form(contraction(one, s)) for s in range(99)} & {
        normal_form(contraction(other, s)) for s in range(99)
    }
    normal_form.cache_clear()


# -- tensors that stay what they are where slots are exchanged ---------------------------------------------------------


def exchanged(product: Product, seed: int) -> Product:
    """Return the product with the slots of its factors exchanged here and there."""
    random = Random(seed)
    return tuple(Factor(t, tuple(random.sample(ix, len(ix)))) for t, ix in renumbered(product, seed))


@pytest.mark.parametrize("name", ["a cycle", "a cube", "Shrikhande's", "over a prism", "a rook's graph"])
def test_slots_of_symmetric_tensors_may_be_exchanged(name: str) -> None:
    symmetric = Tensor("S", ("n", "n"), "symmetric")
    product = tuple(Factor(symmetric, edge) for edge in GRAPHS[name])
    assert len({normal_form(exchanged(product, seed)) for seed in range(5)}) == 1
    turned = (Factor(A, product[0].indices), *product[1:])
    assert normal_form(turned) != normal_form(product)


def test_symmetric_tensors_are_told_apart_as_their_graphs_are() -> None:
    symmetric = Tensor("S", ("n", "n"), "symmetric")
    for name in ("one cycle and two", "16, 6, 2, 2", "over K33"):
        one, other = (tuple(Factor(symmetric, edge) for edge in edges) for edges in LOOKALIKES[name])
        assert normal_form(exchanged(one, 1)) == normal_form(one)
        assert normal_form(exchanged(one, 2)) != normal_form(exchanged(other, 3))
