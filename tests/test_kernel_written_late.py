"""Expressions made one out of another, looked at early, late, or never: worth what was written, entry by entry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations, permutations
from itertools import product as cartesian
from math import prod
from random import Random

from symmix.kernel.networks import Expression, constant, delta, entry, ones, total
from symmix.kernel.points import Model, evaluate
from symmix.kernel.products import Tensor
from symmix.kernel.scalars import Polynomial

At = Mapping[str, int]
Monomials = list[tuple[Fraction, dict[str, int]]]
TENSORS = (
    *(
        Tensor("A", ("n", "n")),
        Tensor("B", ("n", "m")),
        Tensor("x", ("n",)),
        Tensor("c", ()),
        Tensor("T", ("n", "n", "m")),
    ),
    *(Tensor("S", ("n", "n"), "symmetric"), Tensor("K", ("n", "n"), "skew"), Tensor("P", ("n", "n", "n"), "symmetric")),
    *(Tensor("Q", ("n", "n", "n"), "skew"), Tensor("u", ("2",))),
)
INDICES = {"n": "ijkl", "m": "ab", "2": "p"}
NUMBERS = (Fraction(1), Fraction(-1), Fraction(1, 3), Fraction(-5, 2), Fraction(10**30), Fraction(10**25, 7))


@dataclass
class Place:
    """Sizes, scalars and entries; those of tensors with a symmetry are means over the orders of their slots."""

    sizes: dict[str, int]
    scalars: dict[str, Fraction]
    drawn: dict[Tensor, dict[tuple[int, ...], Fraction]]
    entries: dict[Tensor, dict[tuple[int, ...], Fraction]] = field(default_factory=dict)

    @classmethod
    def of(cls, random: Random, n: int) -> Place:
        """Draw."""
        sizes = {"n": n, "m": random.randint(1, 3), "2": 2}
        scalars = {name: Fraction(random.choice([-3, -1, 2, 5]), random.randint(1, 3)) for name in "st"}
        drawn = {
            t: {
                at: Fraction(random.randint(-9, 9), random.randint(1, 2))
                for at in cartesian(*(range(sizes[d]) for d in t.dims))
            }
            for t in TENSORS
        }
        found = cls(sizes, scalars, drawn)
        found.entries = {t: found._mean(t) if t.symmetry else table for t, table in drawn.items()}
        return found

    def _mean(self, tensor: Tensor) -> dict[tuple[int, ...], Fraction]:
        orders = list(permutations(range(len(tensor.dims))))
        odd = [sum(a > b for a, b in combinations(order, 2)) % 2 for order in orders]
        signs = [-1 if tensor.symmetry == "skew" and is_odd else 1 for is_odd in odd]
        table = self.drawn[tensor]
        return {
            at: sum(
                (sign * table[tuple(at[k] for k in order)] for order, sign in zip(orders, signs, strict=True)),
                Fraction(0),
            )
            / len(orders)
            for at in table
        }

    def value(self, monomials: Monomials) -> Fraction:
        """Return what a coefficient is here."""
        known = self.scalars | {size: Fraction(number) for size, number in self.sizes.items()}
        return sum(
            (c * prod((known[x] ** e for x, e in powers.items()), start=Fraction(1)) for c, powers in monomials),
            Fraction(0),
        )


@dataclass(frozen=True)
class Made:
    """An expression, and what was written."""

    expression: Expression
    free: Mapping[str, str]
    value: Callable[[Place, At], Fraction]

    def everywhere(self, place: Place) -> dict[tuple[int, ...], Fraction]:
        """Return its values at all positions."""
        names = sorted(self.free)
        positions = cartesian(*(range(place.sizes[self.free[i]]) for i in names))
        return {at: self.value(place, dict(zip(names, at, strict=True))) for at in positions}


def coefficient(random: Random) -> tuple[Monomials, Polynomial]:
    """Draw a polynomial, with negative powers, and sizes in it; some are zero."""
    some = [
        (
            random.choice(NUMBERS),
            {x: random.choice([-2, -1, 1, 2, 3]) for x in random.sample("stnm", random.randint(0, 2))},
        )
        for _ in range(random.randint(1, 3))
    ]
    some += [(-some[0][0], some[0][1])] if random.random() < 0.2 else []
    terms = [(tuple(sorted(powers.items())), c) for c, powers in some]
    return some, Polynomial(terms)


def leaf(random: Random) -> Made:
    """Draw an entry, a delta, ones, or a number."""
    kind = random.random()
    if kind < 0.7:
        tensor = random.choice(TENSORS)
        held = tuple(random.choice(INDICES[dim]) for dim in tensor.dims)
        free = dict(zip(held, tensor.dims, strict=True))
        return Made(entry(tensor, *held), free, lambda place, at: place.entries[tensor][tuple(at[i] for i in held)])
    dim = random.choice([*INDICES])
    if kind < 0.85 and dim != "2":
        i, j = random.sample(INDICES[dim], 2)
        return Made(delta(i, j, dim), {i: dim, j: dim}, lambda _, at: Fraction(at[i] == at[j]))
    if kind < 0.92:
        index = random.choice(INDICES[dim])
        return Made(ones(**{index: dim}), {index: dim}, lambda _place, _at: Fraction(1))
    written, polynomial = coefficient(random)
    return Made(constant(polynomial), {}, lambda place, _: place.value(written))


def made_of(one: Made, pool: list[Made], random: Random) -> Made | None:
    """Make something of an expression, and of others that there are."""
    kind, other = random.random(), random.choice(pool)
    if kind < 0.3 and len({**one.free, **other.free}) <= 5:
        free = {**one.free, **other.free}
        return Made(
            one.expression * other.expression, free, lambda place, at: one.value(place, at) * other.value(place, at)
        )
    if kind < 0.55 and one.free:
        lost = random.sample(sorted(one.free), random.randint(1, len(one.free)))
        free = {i: dim for i, dim in one.free.items() if i not in lost}

        def summed(place: Place, at: At) -> Fraction:
            runs = cartesian(*(range(place.sizes[one.free[i]]) for i in lost))
            return sum((one.value(place, {**at, **dict(zip(lost, run, strict=True))}) for run in runs), Fraction(0))

        return Made(one.expression.sum(*lost), free, summed)
    if kind < 0.75:
        names = {i: random.choice(INDICES[dim]) for i, dim in one.free.items() if random.random() < 0.7}
        free = {names.get(i, i): dim for i, dim in one.free.items()}
        renamed = one.expression.rename(names)
        return Made(renamed, free, lambda place, at: one.value(place, {i: at[names.get(i, i)] for i in one.free}))
    if kind < 0.88 and other.free == one.free:
        both = one.expression + other.expression if random.random() < 0.5 else total([other.expression, one.expression])
        return Made(both, one.free, lambda place, at: one.value(place, at) + other.value(place, at))
    written, polynomial = coefficient(random)
    return Made(one.expression * polynomial, one.free, lambda place, at: one.value(place, at) * place.value(written))


def length(made: Made) -> int:
    """Return how much work it is to write an expression out, without looking at it."""
    return sum(1 + len(factors) ** 2 for _, factors in made.expression._written())


def test_expressions_are_worth_what_was_written_whenever_they_are_looked_at() -> None:
    alike = 0
    for seed in range(60):
        random = Random(seed)
        pool = [leaf(random) for _ in range(4)]
        for _ in range(24):
            one = random.choice(pool)
            if random.random() < 0.25:
                assert one.expression.terms is one.expression.terms  # what is looked at early is used later on
            new = made_of(one, pool, random)
            if new is not None and length(new) < 250:
                pool += [new, leaf(random)]
        found: dict[object, Expression] = {}
        places = [Place.of(random, n) for n in (4, 2)]
        for one in random.sample(pool, 12):
            assert [*one.expression.free] == sorted(one.free)
            values = [one.everywhere(place) for place in places]
            for place, value in zip(places, values, strict=True):
                assert evaluate(one.expression, Model(place.sizes, place.scalars, place.drawn)) == value, seed
            key = tuple(sorted(one.free.items())), tuple(tuple(sorted(value.items())) for value in values)
            alike += key in found
            same = found.setdefault(key, one.expression)
            assert (same, hash(same)) == (one.expression, hash(one.expression)), seed
    assert alike > 20
