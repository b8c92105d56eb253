"""The second checker does nothing twice: what it knows of one tree changes nothing about others.

A tree is multiplied out once in a document, equal parts of trees are one, and whole numbers are ints, which / rounds.
"""

from __future__ import annotations

import ast
import itertools
import json
from fractions import Fraction
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest

from symmix import checker
from symmix.checker import COLUMN, ROW, Expansion, Meter, Node, Theorem, Trees
from tests.checker_documents import EQUAL, add, certificate, identity, mul, num, over, power, statement, sym
from tests.entry_by_entry import Point
from tests.test_checker_random import SYMBOLS, at_point, contracted, filled, grown, tried

s, t, A, B = map(sym, ("s", "t", "A", "B"))
SUMS = ("Algebra", "Expansion", "Point")  # the classes in whose numbers whole ones are ints


def test_sums_and_points_divide_exactly_alone() -> None:
    classes = {
        node.name: node
        for node in ast.parse(Path(checker.__file__).read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef)
    }
    for name in SUMS:
        assert not [node for node in ast.walk(classes[name]) if isinstance(node, ast.Div)], name


@pytest.mark.parametrize("seed", range(60))
def test_what_was_read_before_changes_nothing(seed: int) -> None:
    """A tree means the same at a point whether its parts were multiplied out before it or not; no number is a float."""
    rng, trees, tree = grown(1000 + seed)
    parts = [node for node in trees.walk(tree) if node.kind != "Moment"]
    rng.shuffle(parts)
    alone, among = Expansion(trees), Expansion(trees)
    for part in parts[:12]:
        tried(partial(among.read, part))
    (one, why), (other, reason) = tried(lambda: alone.read(tree)), tried(lambda: among.read(tree))
    assert why == reason
    if one is None or other is None:
        return
    assert all(type(c) is int or c.denominator > 1 for total in (one, other) for c in total.values())
    assert len(alone.facts_of([tree])) == len(among.facts_of([tree]))
    for _ in range(3):
        sizes = {"n": rng.randint(1, 2), "m": rng.randint(1, 2), "1": 1, "2": 2}
        values = {name: filled(axes or ("1", "1"), sizes, rng) for name, axes in SYMBOLS.items()}
        there = [contracted(expansion, sizes, values) for expansion in (alone, among)]
        for i, j in itertools.product(range(sizes[tree.shape[0]]), range(sizes[tree.shape[1]])):
            at = {ROW: i, COLUMN: j}
            found = [tried(partial(point.value, total, at)) for point, total in zip(there, (one, other), strict=True)]
            assert found[0] == found[1]


def test_equal_trees_are_one_and_unlike_trees_are_not() -> None:
    trees = Trees(Meter(10**6), ("n",), {"s": (), "t": (), "A": ("n", "n")})
    one, other = (trees.tree(json.loads(json.dumps(add(mul(s, t), power(s, 2)))), {}) for _ in range(2))
    assert one is other
    assert trees.tree(add(mul(t, s), power(s, 2)), {}) != one
    first, second = one.parts[0]
    made = Node("Add", ((Node("Multiply", first.parts), second),), one.shape)  # equal, and not the reader's
    assert made == one
    assert hash(made) == hash(one)
    assert made is not one


def test_two_sides_that_are_the_same_state_nothing_however_often_they_are_written() -> None:
    claim = identity(add(s, mul(t, s)), add(s, mul(t, s)))
    assert "two sides" in checker.check(certificate(statement(claim), EQUAL)).reason


def test_what_one_claim_takes_for_granted_another_does_not() -> None:
    """The parts of two claims are one tree, and what is divided by in one is not divided by in the other for that."""
    divided = identity(mul(over(t, s), s), t)
    plain = identity(mul(add(s, t), t), add(mul(s, t), power(t, 2)))
    theorem = Theorem(statement(divided, plain), Meter(10**6))
    decider = checker.Decider(theorem)
    (_, first), (_, second) = theorem.claims
    assert decider.facts_of(checker.roots_of(first))
    assert not decider.facts_of(checker.roots_of(second))


def test_looking_at_many_places_counts_though_the_values_are_known() -> None:
    trees = Trees(Meter(10**6), ("n",), {"s": (), "t": (), "A": ("n", "n")})
    expansion = Expansion(trees)
    total = expansion.read(trees.tree(power(add(s, t, num(1)), 6), {}))
    point = checker.Point(expansion, {"s": {(): 1}, "t": {(): 2}}, {})
    point.value(total)
    before = trees.meter.left
    assert point.value(total) == 4**6
    assert before - trees.meter.left >= len(total)


def entries(rng: Random, size: int) -> list[list[Any]]:
    return [[rng.randint(-3, 3) for _ in range(size)] for _ in range(size)]


@pytest.mark.parametrize("seed", range(20))
def test_denominators_at_points_are_exact(seed: int) -> None:
    """Whole numbers divided by whole numbers: the reference has rationals throughout."""
    rng = Random(seed)
    trees = Trees(Meter(10**6), ("n",), {"s": (), "t": (), "A": ("n", "n"), "B": ("n", "n")})
    traced = ["Trace", mul(["Inverse", A], B)]
    tree = trees.tree(add(over(mul(s, num(7)), add(t, num(3))), over(traced, power(s, 3))), {})
    values: dict[str, Any] = {"s": [[rng.randint(1, 9)]], "t": [[rng.randint(0, 9)]]}
    values |= {name: entries(rng, 2) for name in "AB"}
    expansion = Expansion(trees)
    total = expansion.read(tree)
    tables: dict[str, checker.Entries] = {"n": {(): 2}, **{name: {(): values[name][0][0]} for name in "st"}}
    for name in "AB":
        tables[name] = {(i, j): values[name][i][j] for i in range(2) for j in range(2) if values[name][i][j]}
    expected, why = tried(lambda: Point(trees, {"n": 2}, fractions(values)).scalar(tree, {}))
    found, reason = tried(lambda: checker.Point(expansion, tables, {}).value(total))
    assert (found, bool(reason)) == (expected, bool(why))


def fractions(values: dict[str, Any]) -> dict[str, Any]:
    return {name: [[Fraction(x) for x in row] for row in rows] for name, rows in values.items()}


def test_at_point_is_what_a_point_says() -> None:
    """The oracle of the random trees and the checker's points, on one small sum of halves."""
    trees = Trees(Meter(10**6), ("n", "m"), SYMBOLS)
    expansion = Expansion(trees)
    total = expansion.read(trees.tree(over(add(s, num("1/2")), num(4)), {}))
    rng = Random(1)
    sizes = {"n": 1, "m": 1, "1": 1, "2": 2}
    values = {name: filled(axes or ("1", "1"), sizes, rng) for name, axes in SYMBOLS.items()}
    point = Point(trees, sizes, values)
    assert at_point(total, expansion, point, {}) == contracted(expansion, sizes, values).value(total)
