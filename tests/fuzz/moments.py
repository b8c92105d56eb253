"""Whether a distribution can have the moments that a statement gives, at one point."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import sympy as sp

from tests.fuzz.algebra import Meaningless, Series, Undefined, Value
from tests.fuzz.claims import Claim
from tests.fuzz.evaluator import MatrixExpectation, ScalarExpectation, Scope, matrix, moment, scalar


def means_of(claim: Claim) -> Iterator[Any]:
    """Run through the expectations of a claim."""
    return (node for node in claim.nodes if isinstance(node, ScalarExpectation | MatrixExpectation))


def possible(claim: Claim, scope: Scope) -> bool:
    """Whether every expectation of the claim is that of some distribution, as far as its moments say."""
    return all(has_distribution(node, scope) for node in means_of(claim))


def has_distribution(node: Any, scope: Scope) -> bool:
    """Whether the moments pass the tests that all moments pass; those that depend on a sum's index are not tested."""
    try:
        if isinstance(node.random, sp.MatrixSymbol):
            return 2 not in node.moments or _second_moments(node, scope)
        given = {degree: scalar(value, scope) for degree, value in node.moments.items()}
    except (Meaningless, Undefined):
        return True
    given[0] = 1
    known: list[Fraction] = []
    while len(known) in given:
        known.append(_plain(given[len(known)]))
    return _hankel(known) and _signs(node.random, known)


def _plain(value: Value) -> Fraction:
    if isinstance(value, Series):
        raise Meaningless("a moment that is not a number")
    return Fraction(value)


def _hankel(known: Sequence[Fraction]) -> bool:
    """Powers 1, x, x^2, ... have a matrix of second moments; without variance every moment follows."""
    half = (len(known) + 1) // 2
    if len(known) > 2 and known[2] == known[1] ** 2:
        return all(value == known[1] ** degree for degree, value in enumerate(known))
    return semidefinite([[known[r + c] for c in range(half)] for r in range(half)])


def _signs(random: sp.Symbol, known: Sequence[Fraction]) -> bool:
    if random.is_positive:
        return all(value > 0 for value in known)
    if random.is_nonnegative:
        return all(value >= 0 for value in known)
    return True


def _second_moments(node: Any, scope: Scope) -> bool:
    base = matrix(node.random, scope)
    places = [(r, c) for r, row in enumerate(base) for c in range(len(row))]
    try:
        means = [_plain(moment(node, [place], scope)) for place in places] if 1 in node.moments else []
        table = {pair: _plain(moment(node, pair, scope)) for pair in product(places, repeat=2)}
    except Undefined:
        return False
    rows = [[table[a, b] for b in places] for a in places]
    if means:
        rows = [[Fraction(1), *means], *([mean, *row] for mean, row in zip(means, rows, strict=True))]
    return semidefinite(rows)


def semidefinite(rows: Sequence[Sequence[Fraction]]) -> bool:
    """Whether a symmetric matrix is positive semidefinite, by elimination."""
    left = [list(row) for row in rows]
    for k in range(len(left)):
        pivot = left[k][k]
        if pivot < 0 or (not pivot and any(left[k][c] for c in range(k, len(left)))):
            return False
        for r in range(k + 1, len(left)):
            if pivot:
                factor = left[r][k] / pivot
                left[r] = [a - factor * b for a, b in zip(left[r], left[k], strict=True)]
    return True
