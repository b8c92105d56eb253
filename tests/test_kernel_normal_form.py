"""Equality is decided: sound and complete, however an expression was written."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import combinations, permutations
from itertools import product as cartesian
from random import Random

import pytest
from hypothesis import event, given, settings

from symmix.kernel.networks import Expression, constant, delta, entry, ones
from symmix.kernel.products import Factor, Index, Product, Tensor, delta_factor, normal_form
from symmix.kernel.scalars import ONE, Polynomial
from tests.kernel_rewritings import random_pair, rewritten, slipped
from tests.kernel_strategies import (
    TENSORS,
    Written,
    build,
    expressions,
    pairs,
    random_point,
    seeds,
    value,
)

A, B, x = TENSORS["A"], TENSORS["B"], TENSORS["x"]
C = Tensor("C", ("n", "n"))


def confirmed(same: bool, one: Written, other: Written, random: Random) -> bool:  # noqa: FBT001
    """Confirm a decision by values: equal ones agree everywhere, different ones differ somewhere.

    The largest sizes exceed the number of indices of any product drawn here, so a difference must show there.
    """
    small, large = [{"n": 1, "m": 2}, {"n": 3, "m": 2}], [{"n": 2, "m": 3}, {"n": 4, "m": 3}, {"n": 5, "m": 4}]
    points = (random_point(random, sizes, reach=10**6) for sizes in (small if same else small + large))
    return same == all(value(one, at) == value(other, at) for at in points)


# -- random pairs ------------------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=300)
@given(expressions(), seeds)
def test_rewriting_keeps_the_normal_form(written: Written, seed: int) -> None:
    random = Random(seed)
    other = rewritten(written, random)
    assert build(written) == build(other, random)
    assert hash(build(written)) == hash(build(other))


@settings(deadline=None, max_examples=100)
@given(expressions(), seeds)
def test_the_rewritings_of_these_tests_keep_the_value(written: Written, seed: int) -> None:
    random = Random(seed)
    at = random_point(random, {"n": 2, "m": 3})
    assert value(written, at) == value(rewritten(written, random, steps=4), at)


@settings(deadline=None, max_examples=300)
@given(expressions(), seeds)
def test_a_slip_is_seen_exactly_when_it_changes_the_value(written: Written, seed: int) -> None:
    random = Random(seed)
    other = slipped(written, random)
    same = build(written) == build(other)
    event("the slip is harmless" if same else "the slip changes the value")
    assert confirmed(same, written, other, random)


@settings(deadline=None, max_examples=300)
@given(pairs(), seeds)
def test_arbitrary_pairs_are_equal_exactly_when_their_values_are(pair: tuple[Written, Written], seed: int) -> None:
    one, other = pair
    same = build(one) == build(other)
    event("equal" if same else "different")
    assert confirmed(same, one, other, Random(seed))


def test_thousands_of_small_pairs_are_equal_exactly_when_their_values_are() -> None:
    random = Random(7)
    agreed = Counter[bool]()
    for _ in range(2000):
        one, other = random_pair(random)
        same = build(one) == build(other)
        assert confirmed(same, one, other, random), (one, other)
        agreed[same] += 1
    assert min(agreed.values()) > 200  # both answers have been tried


@settings(deadline=None, max_examples=150)
@given(expressions())
def test_normal_form_is_idempotent(written: Written) -> None:
    once = build(written)
    again = Expression(once.free, [(c, product) for product, c in once.terms.items()])
    assert again == once
    assert list(again.terms) == list(once.terms)
    assert all(_numbers(product) == list(range(len(_numbers(product)))) for product in once.terms)


def _numbers(product: Product) -> list[int]:
    return sorted({i for f in product for i in f.indices if isinstance(i, int)})


@settings(deadline=None, max_examples=150)
@given(pairs())
def test_equal_expressions_are_one_key(pair: tuple[Written, Written]) -> None:
    one, other = map(build, pair)
    assert (len({one, other}) == 1) == (one == other)
    assert (str(one) == str(other)) == (one.terms == other.terms)
    assert (one - other).is_zero == (one == other)


@settings(deadline=None, max_examples=60)
@given(expressions(), expressions(), expressions())
def test_ring_laws(f: Written, g: Written, h: Written) -> None:
    a, b, c = (build(w).sum(*(index for index, _ in w.free)) for w in (f, g, h))
    assert a * b == b * a
    assert a * (b + c) == a * b + c * a
    assert (a * b) * c == a * (b * c)
    assert (a - b) * (a + b) == a * a - b * b


# -- a brute-force oracle ----------------------------------------------------------------------------------------------


def isomorphic(one: Product, other: Product) -> bool:
    """Try every bijection of the summed indices."""
    mine, theirs = _numbers(one), _numbers(other)
    goal = Counter(other)
    for image in permutations(theirs) if len(mine) == len(theirs) else ():
        table: dict[Index, Index] = dict(zip(mine, image, strict=True))
        if Counter(Factor(f.tensor, tuple(table.get(i, i) for i in f.indices)) for f in one) == goal:
            return True
    return False


def single(product: Product | list[Factor]) -> Expression:
    free = {i: d for f in product for i, d in zip(f.indices, f.tensor.dims, strict=True) if isinstance(i, str)}
    return Expression(free, [(ONE, product)])


def test_canonical_equality_is_isomorphism_for_small_random_products() -> None:
    random = Random(1)
    agreed = Counter[bool]()
    for _ in range(2000):
        tensors = random.choices([x, A, A, TENSORS["T"]], k=random.randint(1, 4))
        pool: list[Index] = [0, 1, 2, 3][: random.randint(2, 4)] + (["a"] if random.random() < 0.3 else [])
        one = tuple(Factor(t, tuple(random.choice(pool) for _ in t.dims)) for t in tensors)
        other = tuple(
            Factor(t, tuple(random.choice(pool) for _ in t.dims)) for t in random.sample(tensors, len(tensors))
        )
        if random.random() < 0.5:  # give equality a chance
            slot = random.randrange(len(one))
            other = (
                *one[:slot],
                Factor(one[slot].tensor, tuple(random.choice(pool) for _ in one[slot].indices)),
                *one[slot + 1 :],
            )
        same = isomorphic(one, other)
        assert (single(one).terms == single(other).terms) == same, (one, other)
        agreed[same] += 1
    assert min(agreed.values()) > 200  # both answers have been tried


def test_all_directed_graphs_on_three_indices_fall_into_their_isomorphism_classes() -> None:
    edges = list(cartesian(range(3), repeat=2))
    seen: dict[int, set[Product]] = {}
    for bits in range(1, 1 << len(edges)):
        chosen = [Factor(A, edge) for place, edge in enumerate(edges) if bits >> place & 1]
        (form,) = single(chosen).terms
        seen.setdefault(len(chosen), set()).add(form)
    # there are 104 digraphs with loops on 3 nodes (OEIS A000595); a product has no isolated nodes, and one has no edge
    assert sum(map(len, seen.values())) == 104 - 1


@pytest.mark.parametrize(
    "factors",
    [
        [Factor(A, (0, 1)), Factor(A, (1, 2)), Factor(A, (2, 0))],
        [Factor(A, (0, 1)), Factor(A, (2, 1)), Factor(A, (2, 3)), Factor(A, (0, 3))],
        [Factor(A, (0, 0)), Factor(A, (0, 1)), Factor(x, (1,)), Factor(x, (1,)), Factor(x, (2,))],
        [Factor(A, ("a", 0)), Factor(A, (0, "a")), Factor(A, (1, "a")), Factor(x, (1,))],
        [Factor(TENSORS["T"], (0, 1, 2)), Factor(TENSORS["T"], (1, 2, 0)), Factor(A, (0, 1))],
        [Factor(A, (0, 1)), delta_factor(1, 2, "n"), delta_factor(2, "a", "n"), delta_factor("b", "a", "n")],
        [delta_factor(0, 1, "n"), delta_factor(1, 2, "n"), delta_factor(3, 3, "n"), Factor(x, (3,))],
        [delta_factor("a", 0, "n"), delta_factor(0, "b", "n"), delta_factor("c", 0, "n"), Factor(x, ("c",))],
    ],
)
def test_every_order_of_the_factors_and_every_numbering_gives_one_normal_form(factors: list[Factor]) -> None:
    numbers = _numbers(tuple(factors))
    expected = single(factors)
    for image in permutations(range(len(numbers))):
        table: dict[Index, Index] = {i: 10 * j + 3 for i, j in zip(numbers, image, strict=True)}
        relabelled = [Factor(f.tensor, tuple(table.get(i, i) for i in f.indices)) for f in factors]
        assert all(single(list(order)) == expected for order in permutations(relabelled))


# -- symmetric products ------------------------------------------------------------------------------------------------


def chain(word: str) -> Expression:
    """The trace of a word: A, B, and a, b for their transposes."""
    matrices = {"A": A, "B": B, "C": C}
    names = [f"i{place}" for place in range(len(word))]
    total = ones()
    for place, letter in enumerate(word):
        pair = names[place], names[(place + 1) % len(word)]
        total = total * entry(matrices[letter.upper()], *(pair if letter.isupper() else pair[::-1]))
    return total.sum(*names)


def necklace(word: str) -> frozenset[str]:
    """The words with the same trace: rotations, and reversals with every letter transposed."""
    back = word[::-1].swapcase()
    return frozenset(w[place:] + w[:place] for w in (word, back) for place in range(len(word)))


@pytest.mark.parametrize(("letters", "length"), [("Aa", 7), ("AB", 7), ("AaB", 5), ("AaBb", 4), ("ABC", 5)])
def test_traces_of_words_are_equal_exactly_when_the_words_are_one_necklace(letters: str, length: int) -> None:
    by_form: dict[Expression, set[frozenset[str]]] = {}
    for word in map("".join, cartesian(letters, repeat=length)):
        by_form.setdefault(chain(word), set()).add(necklace(word))
    assert all(len(necklaces) == 1 for necklaces in by_form.values())
    assert len(by_form) == len({necklace("".join(w)) for w in cartesian(letters, repeat=length)})


def graph(edges: list[tuple[int, int]], *, both_ways: bool = True, tensor: Tensor = A) -> Expression:
    factors = [Factor(tensor, edge) for edge in edges]
    if both_ways:
        factors += [Factor(tensor, (j, i)) for i, j in edges]
    return Expression({}, [(ONE, factors)])


def presented_anew(edges: list[tuple[int, int]], random: Random) -> list[tuple[int, int]]:
    nodes = sorted({node for edge in edges for node in edge})
    image = dict(zip(nodes, random.sample(range(100), len(nodes)), strict=True))
    return [
        (image[i], image[j]) if random.random() < 0.5 else (image[j], image[i])
        for i, j in random.sample(edges, len(edges))
    ]


SQUARE = [(i, j) for i in range(4) for j in range(4)]
GRAPHS: dict[str, list[tuple[int, int]]] = {
    "star": [(0, i) for i in range(1, 12)],
    "cycle": [(i, (i + 1) % 16) for i in range(16)],
    "two cycles": [(i, (i + 1) % 8) for i in range(8)] + [(8 + i, 8 + (i + 1) % 8) for i in range(8)],
    "complete": list(combinations(range(8), 2)),
    "complete with pendants": [*combinations(range(5), 2), *((i, 10 + i) for i in range(5))],
    "cocktail party": [(i, j) for i, j in combinations(range(8), 2) if j != i + 4],
    "petersen": [(i, (i + 1) % 5) for i in range(5)]
    + [(i, i + 5) for i in range(5)]
    + [(5 + i, 5 + (i + 2) % 5) for i in range(5)],
    "pentagonal prism": [(i, (i + 1) % 5) for i in range(5)]
    + [(i, i + 5) for i in range(5)]
    + [(5 + i, 5 + (i + 1) % 5) for i in range(5)],
    "moebius ladder": [(i, (i + 1) % 10) for i in range(10)] + [(i, i + 5) for i in range(5)],
    "cube": [(a, a ^ (1 << b)) for a in range(8) for b in range(3) if a < a ^ (1 << b)],
    "k33": [(i, 3 + j) for i in range(3) for j in range(3)],
    "prism": [(0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (5, 3), (0, 3), (1, 4), (2, 5)],
    "hexagon": [(i, (i + 1) % 6) for i in range(6)],
    "two triangles": [(0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (5, 3)],
    "rook": [(4 * a + b, 4 * c + d) for (a, b), (c, d) in combinations(SQUARE, 2) if a == c or b == d],
    "shrikhande": [
        (4 * a + b, 4 * c + d)
        for (a, b), (c, d) in combinations(SQUARE, 2)
        if ((a - c) % 4, (b - d) % 4) in {(0, 1), (0, 3), (1, 0), (3, 0), (1, 1), (3, 3)}
    ],
}


@pytest.mark.parametrize("name", GRAPHS)
def test_a_symmetric_graph_is_recognised_however_it_is_presented(name: str) -> None:
    random = Random(name)
    for _ in range(3):
        assert graph(GRAPHS[name]) == graph(presented_anew(GRAPHS[name], random))


def test_graphs_that_refinement_cannot_tell_apart_are_told_apart() -> None:
    assert len({graph(edges) for edges in GRAPHS.values()}) == len(GRAPHS)


def test_indices_that_are_named_at_once_have_names_of_their_own() -> None:
    edges = [(0, 3), (1, 2), (2, 1), (3, 4), (4, 0), (0, 3), (1, 4), (2, 2), (3, 0), (4, 1)]
    random, found = Random(0), set()
    for new in permutations(range(5)):
        factors = [Factor(C, (new[i], new[j])) for i, j in edges]
        found.add(normal_form(tuple(random.sample(factors, len(factors)))))
    assert len(found) == 1


def random_regular(nodes: int, degree: int, random: Random) -> list[tuple[int, int]]:
    """Pair half-edges at random until there are no loops and no double edges."""
    while True:
        halves = [node for node in range(nodes) for _ in range(degree)]
        random.shuffle(halves)
        edges = {(min(pair), max(pair)) for pair in zip(halves[::2], halves[1::2], strict=True)}
        if len(edges) == nodes * degree // 2 and all(i != j for i, j in edges):
            return sorted(edges)


@pytest.mark.parametrize(("nodes", "degree", "draws", "count"), [(6, 3, 40, 2), (7, 4, 40, 2), (8, 3, 100, 5)])
def test_random_regular_graphs_fall_into_as_many_classes_as_there_are(
    nodes: int, degree: int, draws: int, count: int
) -> None:
    """OEIS A002851 and A006820: connected cubic and quartic graphs. Refinement sees nothing in any of them."""
    random = Random(nodes)
    seen = set()
    for _ in range(draws):
        edges = random_regular(nodes, degree, random)
        if len(reached(edges)) == nodes:
            seen.add(graph(edges))
            assert graph(presented_anew(edges, random)) in seen
    assert len(seen) == count


def reached(edges: list[tuple[int, int]]) -> set[int]:
    nodes = {0}
    while True:
        more = nodes | {k for edge in edges if nodes & set(edge) for k in edge}
        if more == nodes:
            return nodes
        nodes = more


def test_one_edge_turned_in_a_symmetric_graph_is_seen_exactly_when_it_matters() -> None:
    edges = GRAPHS["petersen"]
    turned = {graph([*edges[:k], edges[k][::-1], *edges[k + 1 :]], both_ways=False) for k in range(len(edges))}
    assert graph(edges, both_ways=False) not in turned
    once_removed = {graph(edges[:k] + edges[k + 1 :]) for k in range(len(edges))}
    assert len(once_removed) == 1  # all edges of the Petersen graph are alike
    once_removed = {graph(GRAPHS["pentagonal prism"][:k] + GRAPHS["pentagonal prism"][k + 1 :]) for k in range(15)}
    assert len(once_removed) == 2  # rims and rungs


def test_components_are_counted_and_not_merged() -> None:
    xx = (entry(x, "i") * entry(x, "i")).sum("i")
    x4 = (entry(x, "i") * entry(x, "i") * entry(x, "i") * entry(x, "i")).sum("i")
    powers = [ones()]
    for _ in range(12):
        powers.append(powers[-1] * xx)
    assert len(set(powers)) == len(powers)
    assert powers[2] != x4
    assert powers[5] * powers[7] == powers[12]
    assert chain("AA") * chain("AA") != chain("AAAA")
    assert chain("AB") * chain("AA") == chain("AA") * chain("BA")


def test_diagonals_are_not_traces_and_not_sums() -> None:
    W = entry(A, "i", "i")
    assert W.sum("i") == chain("A")
    assert (W * W).sum("i") not in {chain("AA"), chain("A") * chain("A"), chain("Aa")}
    assert entry(A, "i", "j").sum("i", "j") != chain("A")
    assert entry(A, "i", "j").rename({"j": "i"}) == W
    assert (entry(A, "i", "j") * delta("i", "j", "n")).sum("j") == W


def test_deltas_contract() -> None:
    n = constant(Polynomial.variable("n"))
    assert delta("i", "i", "n") == ones(i="n")
    assert delta("i", "j", "n") == delta("j", "i", "n")
    assert delta("i", "i", "n").sum("i") == n
    assert delta("i", "j", "n").sum("j") == ones(i="n")
    assert delta("i", "j", "n").sum("i", "j") == n
    assert (delta("i", "j", "n") * delta("j", "k", "n")).sum("j") == delta("i", "k", "n")
    assert delta("i", "j", "n") * delta("i", "j", "n") == delta("i", "j", "n")
    assert delta("i", "j", "n") * delta("j", "k", "n") == delta("k", "i", "n") * delta("i", "j", "n")
    assert delta("i", "j", "n") * entry(x, "i") == delta("i", "j", "n") * entry(x, "j")
    assert delta("i", "j", "n") != ones(i="n", j="n")
    assert ones(i="n").sum("i") == n != constant(1)
    assert ones(i="n", p="m").sum("i", "p") == constant(Polynomial.variable("n") * Polynomial.variable("m"))


def test_equality_needs_the_same_free_indices() -> None:
    assert entry(x, "i") != entry(x, "j")
    assert ones(i="n") != ones(i="m")
    assert ones(i="n") != ones()
    assert entry(x, "i") * 0 != entry(x, "j") * 0
    assert (entry(x, "i") * 0).is_zero


def test_coefficients_cancel_exactly() -> None:
    lam = Polynomial.variable("lam")
    third = Fraction(1, 3)
    e = entry(x, "i")
    assert (e * third + e * third + e * third - e).is_zero
    assert (e * lam * (1 - lam) + e * lam**2 - lam * e).is_zero
    assert not (e * lam * (1 - lam) - e).is_zero
    assert e * (lam * Polynomial.variable("lam", -1)) == e


def test_a_sum_prints_although_names_and_numbers_meet_in_one_slot() -> None:
    assert str(entry(x, "i") + entry(x, "j").sum("j") * ones(i="n")) == "(1) x[i] + (1) x[0]"


def test_long_chains_take_polynomial_time() -> None:
    assert chain("A" * 40) == chain("a" * 40)
    assert chain("Aa" * 12) == chain("aA" * 12)
