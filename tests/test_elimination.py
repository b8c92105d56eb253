"""Systems over polynomials: solved where numbers say that they can be, and what is found is a combination of rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import prod
from random import Random

import pytest

from symmix.kernel.products import Factor, Product, Tensor
from symmix.kernel.scalars import Polynomial
from symmix.search.elimination import System, quotient

NAMES = "abc"
Row = list[Polynomial]
UNITS: dict[str, Callable[[Polynomial], bool]] = {
    "no units": lambda _: False,
    "numbers": lambda x: len(x.terms) == 1 and not x.names,
    "single terms": lambda x: len(x.terms) == 1,
}


def entry(random: Random) -> Polynomial:
    """Draw an entry: often zero or a number, and else a few terms, with negative powers and large numbers."""
    kind = random.random()
    if kind < 0.5:
        return Polynomial.constant(Fraction(random.choice([0, 0, 2, -2, 4, 1, 10**20]), 2))
    terms = []
    for _ in range(random.randint(1, 2)):
        powers = sorted((name, random.choice([-1, 1, 1, 2])) for name in random.sample(NAMES, random.randint(1, 2)))
        terms.append((tuple(powers), Fraction(random.randint(-3, 3), random.choice((1, 7)))))
    return Polynomial(terms)


def value(polynomial: Polynomial, at: dict[str, Fraction]) -> Fraction:
    """Work out a value, term by term."""
    terms = polynomial.terms.items()
    return sum(
        (Fraction(c) * prod((at[x] ** e for x, e in powers), start=Fraction(1)) for powers, c in terms), Fraction(0)
    )


def rank(rows: Sequence[Sequence[Fraction]]) -> int:
    """Return how many rows are independent."""
    left, found = [list(row) for row in rows], 0
    for column in range(len(rows[0])):
        pivot = next((row for row in left if row[column]), None)
        if pivot is not None:
            left = [
                [x - row[column] / pivot[column] * y for x, y in zip(row, pivot, strict=True)]
                for row in left
                if row is not pivot
            ]
            found += 1
    return found


def keyed(row: Row) -> dict[Product, Polynomial]:
    """Return a row by products."""
    return {(Factor(Tensor(f"x{k}", ()), ()),): x for k, x in enumerate(row) if not x.is_zero}


@pytest.mark.parametrize("units", UNITS)
def test_a_row_is_a_combination_where_numbers_say_so(units: str) -> None:
    solvable = 0
    for seed in range(40):
        random = Random(f"{units} {seed}")
        height, width = random.randint(1, 4), random.randint(1, 4)
        rows: list[Row] = [[entry(random) for _ in range(width)] for _ in range(height)]
        weights = [entry(random) for _ in rows]
        goal = [sum((w * row[k] for w, row in zip(weights, rows, strict=True)), Polynomial()) for k in range(width)]
        if random.random() < 0.4:
            goal[random.randrange(width)] += 1
        system = System(UNITS[units], lambda product: product)
        for row in rows:
            system.add(keyed(row))
        at = {name: Fraction(random.randint(10**3, 10**6), random.randint(1, 50)) for name in NAMES}
        numbers = [[value(x, at) for x in row] for row in rows]
        expected = rank(numbers) == rank([*numbers, [value(x, at) for x in goal]])
        solvable += expected
        for solved in (system.solve(keyed(goal)), system.copy().solve(keyed(goal))):  # which leaves it as it was
            assert (solved is not None) is expected, seed
            if solved is not None:
                factor, found = solved
                assert not factor.is_zero
                for k in range(width):
                    assert sum((x * rows[i][k] for i, x in found.items()), Polynomial()) == goal[k] * factor, seed
    assert 15 < solvable < 39


def test_quotients_are_exact_or_there_are_none() -> None:
    whole = 0
    for seed in range(300):
        random = Random(seed)
        p, q, r = (sum((entry(random) for _ in range(random.randint(1, 4))), Polynomial()) for _ in range(3))
        if q.is_zero:
            continue
        found = quotient(p * q, q)
        assert found is None or found == p
        whole += found is not None
        rest = quotient(p * q + r, q)
        assert rest is None or rest * q == p * q + r
    assert whole > 200
