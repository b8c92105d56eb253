"""Tensors that exchanges of slots leave as they are, or turn into their negatives: forms agree where values do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from itertools import combinations, permutations
from itertools import product as cartesian
from random import Random

import pytest

from symmix.kernel.networks import entry
from symmix.kernel.points import Model, evaluate, projected
from symmix.kernel.products import Factor, Index, Product, Tensor, delta_factor, normal_form

SIZES = {"n": 4, "m": 2}
S, K = Tensor("S", ("n", "n"), "symmetric"), Tensor("K", ("n", "n"), "skew")
P, L = Tensor("P", ("n", "m", "n"), "symmetric"), Tensor("L", ("m", "n", "n"), "skew")
T, E = Tensor("T", ("n", "n", "n"), "symmetric"), Tensor("E", ("n", "n", "n"), "skew")
A, x = Tensor("A", ("n", "n")), Tensor("x", ("n",))
Table = Mapping[tuple[int, ...], int]


def parity(order: tuple[int, ...]) -> int:
    """Return the sign of a permutation: the product of those of its cycles."""
    left, sign = set(range(len(order))), 1
    while left:
        place, length = left.pop(), 1
        while (place := order[place]) in left:
            left.remove(place)
            length += 1
        sign *= (-1) ** (length - 1)
    return sign


def random_entries(tensor: Tensor, random: Random) -> Table:
    """Return entries with the symmetry: the sums of random ones over all exchanges of slots, with signs."""
    places = list(cartesian(*(range(SIZES[dim]) for dim in tensor.dims)))
    free = {place: random.randint(1, 10**6) for place in places}
    if not tensor.symmetry:
        return free
    orders = [o for o in permutations(range(len(tensor.dims))) if [tensor.dims[k] for k in o] == [*tensor.dims]]
    signs = [parity(order) if tensor.symmetry == "skew" else 1 for order in orders]
    return {
        place: sum(sign * free[tuple(place[k] for k in order)] for order, sign in zip(orders, signs, strict=True))
        for place in places
    }


ENTRIES = {tensor: random_entries(tensor, Random(tensor.name)) for tensor in (S, K, P, L, T, E, A, x)}


def value(product: Product) -> list[int]:
    """Return the sum over all values of the summed indices, for each value of the free ones: the definition."""
    sizes = {i: SIZES[dim] for tensor, indices in product for i, dim in zip(indices, tensor.dims, strict=True)}
    free = sorted(i for i in sizes if isinstance(i, str))
    summed = [i for i in sizes if isinstance(i, int)]
    found = []
    for outer in cartesian(*(range(sizes[i]) for i in free)):
        total = 0
        for inner in cartesian(*(range(sizes[i]) for i in summed)):
            at = dict(zip([*free, *summed], outer + inner, strict=True))
            one = 1
            for tensor, indices in product:
                one *= ENTRIES[tensor][tuple(at[i] for i in indices)]
            total += one
        found.append(total)
    return found


def random_product(random: Random, tensors: list[Tensor]) -> Product:
    """Draw a product over one free index and few summed ones, each of which is likely to be at several places."""
    near: list[Index] = [0, 1, 2, "a"]
    pools: dict[str, list[Index]] = {"n": near[random.randint(0, 1) :], "m": [7]}
    drawn = [Factor(t, tuple(random.choice(pools[dim]) for dim in t.dims)) for t in tensors]
    return (Factor(x, ("a",)), *drawn)


def exchanged(product: Product, random: Random, *, within: bool) -> Product:
    """Return the product written otherwise, with the indices of two slots exchanged: within one tensor, or anywhere."""
    slots = [(p, k) for p, (tensor, _) in enumerate(product) for k in range(len(tensor.dims))]
    pairs = [((p, k), (q, m)) for (p, k), (q, m) in combinations(slots, 2) if p == q or not within]
    one, other = random.choice([(a, b) for a, b in pairs if _dim(product, a) == _dim(product, b)])
    turned = [[*factor.indices] for factor in product]
    turned[one[0]][one[1]], turned[other[0]][other[1]] = turned[other[0]][other[1]], turned[one[0]][one[1]]
    new: dict[Index, Index] = dict(enumerate(random.sample(range(9), 9)))
    factors = [Factor(f.tensor, tuple(new.get(i, i) for i in ix)) for f, ix in zip(product, turned, strict=True)]
    return tuple(random.sample(factors, len(factors)))


def _dim(product: Product, slot: tuple[int, int]) -> str:
    return product[slot[0]].tensor.dims[slot[1]]


@pytest.mark.parametrize(
    "tensors", [[S, A, S], [S, K, A], [K, K, A], [P, P, S], [L, L, A], [T, T], [E, E, A], [E, K], [T, S, K]]
)
def test_forms_are_equal_exactly_when_values_are(tensors: list[Tensor]) -> None:
    random, agreed = Random(str(tensors)), Counter[bool]()
    for _ in range(30):
        one = random_product(random, tensors)
        (c, form), mine = normal_form(one), value(one)
        assert mine == [c.value({}) * total for total in value(form)]
        for within in (False, True):
            other = exchanged(one, random, within=within)
            d, other_form = normal_form(other)
            same = mine == value(other)
            assert same is ((c, form if c.terms else ()) == (d, other_form if d.terms else ())), (one, other)
            agreed[same] += 1
    assert min(agreed[True], agreed[False]) > 5


def test_exchanges_of_three_slots_have_the_signs_of_permutations() -> None:
    for order in permutations("abc"):
        sign = parity(tuple("abc".index(i) for i in order))
        assert entry(E, *order) == entry(E, "a", "b", "c") * sign
        assert entry(T, *order) == entry(T, "a", "b", "c")
    assert entry(E, "a", "b", "a").is_zero


def test_slots_of_other_dimensions_are_not_exchanged() -> None:
    assert entry(P, "b", "i", "a") == entry(P, "a", "i", "b")
    assert entry(L, "i", "b", "a") == -entry(L, "i", "a", "b")
    assert (entry(L, "i", "a", "b") * entry(S, "a", "b")).sum("a", "b").is_zero
    assert not (entry(L, "i", "a", "b") * entry(A, "a", "b")).sum("a", "b").is_zero
    own: dict[tuple[int, ...], Fraction] = {(0, 1, 1): Fraction(3)}
    assert projected(L, own) == {(0, 1, 1): 0}
    at = Model(SIZES, entries={P: {(0, 1, 2): Fraction(5)}})
    found = evaluate(entry(P, "a", "i", "b"), at)  # in the order of names: a, b, i
    assert {place: v for place, v in found.items() if v} == {(0, 2, 1): Fraction(5, 2), (2, 0, 1): Fraction(5, 2)}


def test_an_exchange_of_slots_joins_what_a_delta_joins() -> None:
    one = (delta_factor("a", 0, "n"), Factor(K, (0, "b")))
    other = (delta_factor(3, "a", "n"), Factor(K, ("b", 3)))
    assert normal_form(one) == (-normal_form(other)[0], normal_form(other)[1])
