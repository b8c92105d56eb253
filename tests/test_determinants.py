"""Linear systems of symbols: what follows where a determinant is not zero; exact division, which keeps it small."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from random import Random

import pytest
import sympy as sp

from symmix import Setting, Vanishing, check_derivation
from symmix.kernel.scalars import ONE, ZERO, Polynomial
from symmix.search.elimination import quotient
from symmix.theorems import Theorem, theorem
from symmix.verdict import Proved, Refuted

n = sp.Symbol("n", integer=True, positive=True)


def system(size: int, names: Sequence[sp.Expr], random: Random) -> tuple[list[sp.Expr], sp.Expr]:
    """Return the lines of a system, in an order of their own, and its determinant."""
    entries = sp.Matrix(size, size, lambda i, j: sp.Symbol(f"m{i}{j}", real=True))
    lines = [sum((entries[i, j] * names[j] for j in range(1, size)), entries[i, 0] * names[0]) for i in range(size)]
    random.shuffle(lines)
    return lines, sp.expand(entries.det(method="berkowitz"))


def unknowns(size: int, *, columns: bool) -> list[sp.Expr]:
    return [sp.MatrixSymbol(f"v{i}", n, 1) if columns else sp.Symbol(f"v{i}", real=True) for i in range(size)]


@pytest.mark.parametrize("columns", [False, True])
@pytest.mark.parametrize("size", [2, 3, 4])
def test_each_unknown_of_a_regular_system_is_zero(size: int, *, columns: bool) -> None:
    names = unknowns(size, columns=columns)
    lines, determinant = system(size, names, Random(size))
    for unknown in names:
        verdict = Vanishing([unknown], where=lines).decide(Setting(conditions=[sp.Ne(determinant, 0)]))
        assert isinstance(verdict, Proved)
        assert verdict.met


@pytest.mark.parametrize("columns", [False, True])
@pytest.mark.parametrize("size", [2, 3])
def test_an_unknown_of_a_system_that_may_be_singular_is_not(size: int, *, columns: bool) -> None:
    names = unknowns(size, columns=columns)
    lines, determinant = system(size, names, Random(size))
    leading = sp.Symbol("m00", real=True)
    for condition in (sp.Ne(determinant + 1, 0), sp.Ne(leading, 0)):
        assert isinstance(Vanishing([names[0]], where=lines).decide(Setting(conditions=[condition])), Refuted)


@pytest.mark.parametrize("claim", ["u = v", "u (a + 1) = 0", "z = 0"])
def test_what_no_system_says_is_refuted_before_it_is_combined(claim: str) -> None:
    given = (
        "a b u + a v + (1 - a) z = d, d u + (a + b) v + (1 - a) w + c z = d",
        "b u + a w + c z = 1, (1 - a) u + c v + w + 2 z = 1",
    )
    text = f"let a, b, c, d, u, v, w, z\ngiven {', '.join(given)}\n{claim}"
    (finding,) = check_derivation(text, causes="none").findings
    assert finding.word == "refuted"


def test_the_second_checker_agrees_on_a_system_of_symbols() -> None:
    names = unknowns(3, columns=False)
    lines, determinant = system(3, names, Random(0))

    @theorem(answers="What does a regular system say?")
    def a_regular_system_has_one_solution() -> Theorem:
        """Where the determinant is not zero, all unknowns are."""
        return Theorem(
            claim=Vanishing(names, where=lines),
            near_misses={"a line less": Vanishing(names, where=lines[1:])},
            conditions=[sp.Ne(determinant, 0)],
        )

    outcome = a_regular_system_has_one_solution.prove()
    assert isinstance(outcome.verdict, Proved), outcome.disagreement


# -- exact division ---


def drawn(random: Random, terms: int, least: int) -> Polynomial:
    """Draw a polynomial in three names that is not zero, with powers from ``least`` on."""
    total = ZERO
    while total.is_zero:
        for _ in range(terms):
            powers = [Polynomial.variable(name, random.randint(least, 3)) for name in "xyz"]
            total += powers[0] * powers[1] * powers[2] * Fraction(random.randint(-5, 5), random.randint(1, 4))
    return total


@pytest.mark.parametrize("seed", range(60))
def test_what_was_multiplied_is_divided_again(seed: int) -> None:
    random = Random(seed)
    least = -2 if seed % 2 else 0
    one, other = drawn(random, random.randint(1, 6), least), drawn(random, random.randint(1, 6), least)
    found = quotient(one * other, other)
    assert found == one or (least < 0 and found is None)  # nothing is divided by that was not before
    assert quotient(other, ONE) == other
    assert quotient(ZERO, other) == ZERO


@pytest.mark.parametrize("seed", range(60))
def test_what_leaves_a_rest_is_not_divided(seed: int) -> None:
    random = Random(seed)
    divisor = drawn(random, 4, 0) + Polynomial.variable("x", 5)
    rest = drawn(random, 3, 0)  # of a lower degree in x than the divisor
    dividend = drawn(random, 4, 0) * divisor + rest
    assert quotient(dividend, divisor) is None
