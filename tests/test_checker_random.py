"""The exact checker against an evaluator that shares no rule with it: random trees, multiplied out and entry by entry.

What a tree multiplied out is at a point is computed here by adding up all values of the summed indices.
"""

from __future__ import annotations

import functools
import itertools
import os
import random
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import partial
from typing import Any, TypeVar

import pytest

from symmix import checker
from symmix.checker import COLUMN, DELTA, PLACE, ROW, Entries, Expansion, Meter, Node, RejectedError, Sum, Trees
from symmix.checker import Point as Contracted
from tests.checker_documents import EQUAL, add, certificate, expected, identity, mul, neg, num, statement, sym
from tests.entry_by_entry import Point, number_at

Data = Any
T = TypeVar("T")
ROUNDS = int(os.environ.get("SYMMIX_ROUNDS", "150"))
SIZES = ("n", "m", "1", "2")
MATRICES = {f"M{a}{b}".replace("1", "o"): (a, b) for a in SIZES for b in SIZES}
SYMBOLS: dict[str, tuple[str, ...]] = {"s": (), "t": (), "lam": (), "J": ("n", "m"), "H": ("n", "m", "m"), **MATRICES}
VARIABLE, DEPENDENT = "Mmo", "Mno"  # a column, and one with the Jacobian J by it
NAMES = ("i", "j", "l", "row", "column")  # of indices: few, so that one stands in many scopes


class Grower:
    """Grows well-formed trees of a shape: every kind of node that fits."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def names(self, scope: Mapping[str, str]) -> list[str]:
        """Return two names for indices that are new in a scope."""
        left = [name for name in NAMES if name not in scope]
        return self.rng.sample(left, 2) if len(left) > 1 else [f"i{len(scope)}", f"j{len(scope)}"]

    def tree(self, shape: tuple[str, str], depth: int, scope: Mapping[str, str]) -> Data:
        rows, columns = shape
        if depth == 0 or self.rng.random() < 0.1:
            return self.leaf(shape, scope)
        kinds = ["Add", "Multiply", "Hadamard", "Transpose", "Scaled", "Quotient", "ByEntries", "At", "E"]
        kinds += ["Trace", "Total", "Entry", "Power", "Delta"] if shape == ("1", "1") else []
        kinds += ["Power", "Inverse", "DiagonalMatrix"] if rows == columns else []
        kinds += ["Diagonal"] if columns == "1" else []
        kinds += ["Slice"] if "1" in shape else []
        kinds += ["Gradient"] if shape in ((*MATRICES[VARIABLE],), ("n", "n"), ("2", "1")) else []
        kinds += ["Rate", "Rate"] if shape == ("1", "1") else []
        kinds += ["Jacobian"] if columns == "m" else []
        return getattr(self, self.rng.choice(kinds).lower())(shape, depth - 1, scope)

    def leaf(self, shape: tuple[str, str], scope: Mapping[str, str]) -> Data:
        name = next(name for name, axes in MATRICES.items() if axes == shape)
        if shape == ("1", "1"):
            found = [sym("s"), sym("t"), sym(name), num(self.rng.choice(["2", "-1", "1/2"])), ["Size", "n"]]
            indices = [i for i, size in scope.items() if size == "n"]
            found += [["Entry", sym("Mno"), [self.rng.choice(indices), "0"]]] * 3 if indices else []
            found += [["Entry", sym("M22"), [self.rng.choice("01"), self.rng.choice("01")]]]
            return self.rng.choice(found)
        constants = [["Identity", shape[0]]] if shape[0] == shape[1] else [["Ones", *shape]]
        return self.rng.choice([sym(name), sym(name), *constants])

    def add(self, shape: Any, depth: int, scope: Any) -> Data:
        return ["Add", [self.tree(shape, depth, scope) for _ in range(self.rng.randint(2, 3))]]

    def hadamard(self, shape: Any, depth: int, scope: Any) -> Data:
        return ["Hadamard", [self.tree(shape, depth, scope) for _ in range(2)]]

    def multiply(self, shape: Any, depth: int, scope: Any) -> Data:
        inner = self.rng.choice(SIZES)
        return ["Multiply", [self.tree((shape[0], inner), depth, scope), self.tree((inner, shape[1]), depth, scope)]]

    def scaled(self, shape: Any, depth: int, scope: Any) -> Data:
        factors = [self.tree(("1", "1"), depth, scope), self.tree(shape, depth, scope)]
        return ["Multiply", self.rng.sample(factors, 2)]

    def transpose(self, shape: Any, depth: int, scope: Any) -> Data:
        return ["Transpose", self.tree(shape[::-1], depth, scope)]

    def quotient(self, shape: Any, depth: int, scope: Any) -> Data:
        below = self.rng.choice(
            [sym("s"), add(sym("s"), num(1)), mul(sym("t"), ["Size", "n"]), add(sym("s"), sym("t"))]
        )
        return ["Quotient", self.tree(shape, depth, scope), below]

    def power(self, shape: Any, depth: int, scope: Any) -> Data:
        return ["Power", self.tree(shape, min(depth, 2), scope), self.rng.randint(0, 3)]

    def trace(self, _: Any, depth: int, scope: Any) -> Data:
        size = self.rng.choice(SIZES)
        return ["Trace", self.tree((size, size), depth, scope)]

    def diagonal(self, shape: Any, depth: int, scope: Any) -> Data:
        return ["Diagonal", self.tree((shape[0], shape[0]), depth, scope)]

    def diagonalmatrix(self, shape: Any, depth: int, scope: Any) -> Data:
        return ["DiagonalMatrix", self.tree(self.rng.choice([(shape[0], "1"), ("1", shape[0])]), depth, scope)]

    def inverse(self, shape: Any, *_: Any) -> Data:
        return ["Inverse", self.tree(shape, 1, {})]

    def total(self, _: Any, depth: int, scope: Any) -> Data:
        size = self.rng.choice(["n", "m", "2"])
        name = self.names(scope)[0]
        return ["Total", [[name, size]], self.tree(("1", "1"), depth, {**scope, name: size})]

    def byentries(self, shape: Any, depth: int, scope: Any) -> Data:
        names = self.names(scope)
        bound = [None if size == "1" else [name, size] for name, size in zip(names, shape, strict=True)]
        inner = {**scope, **dict(filter(None, bound))}
        return ["ByEntries", *bound, self.tree(("1", "1"), depth, inner)]

    def delta(self, shape: Any, depth: int, scope: Any) -> Data:
        indices = [i for i, size in scope.items() if size == "n"]
        return ["Delta", *self.rng.choices(indices, k=2)] if indices else self.tree(shape, depth, scope)

    def entry(self, _: Any, depth: int, scope: Any) -> Data:
        sizes = {size: [i for i, s in scope.items() if s == size] for size in ("n", "m", "2")} | {"1": ["0"]}
        sizes["2"] += ["0", "1"]
        rows, columns = (self.rng.choice([size for size in SIZES if sizes[size]]) for _ in range(2))
        at = [self.rng.choice(sizes[rows]), self.rng.choice(sizes[columns])]
        return ["Entry", self.tree((rows, columns), depth, scope), at]

    def slice(self, shape: Any, depth: int, scope: Any) -> Data:
        rows, columns = shape
        of, places = [rows, columns], [":", ":"]
        if columns == "1":
            of[1] = self.rng.choice([*scope.values(), "1", "2"])
            places[1] = self.rng.choice([i for i, size in scope.items() if size == of[1]] or ["0"])
        elif rows == "1" and self.rng.random() < 0.5:
            of[0], places[0] = "2", self.rng.choice("01")
        return ["Slice", self.tree((of[0], of[1]), depth, scope), *places]

    def at(self, shape: Any, depth: int, scope: Any) -> Data:
        name = self.rng.choice(list(MATRICES))
        return ["At", self.tree(shape, depth, scope), [[name, self.tree(MATRICES[name], min(depth, 2), {})]]]

    def e(self, shape: Any, depth: int, scope: Any) -> Data:
        inner = mul(sym("lam"), self.tree(shape, depth, scope), add(sym("lam"), sym("s")))
        return expected(inner, "lam", m1=sym("t"), m2=num("1/3"), m3=num(2), m4=sym("s"), m5=num(1), m6=num(0))

    def gradient(self, shape: Any, depth: int, scope: Any) -> Data:
        name = next(name for name, axes in MATRICES.items() if axes == shape)
        jacobians = [[DEPENDENT, sym("J")], ["J", sym("H")]] if name == VARIABLE else []
        return ["Gradient", self.tree(("1", "1"), depth, scope), sym(name), jacobians, True]

    def rate(self, shape: Any, depth: int, scope: Any) -> Data:
        moving = [name for name in ("s", "M2o", "Mno", "Mmn") if self.rng.random() < 0.4]
        pairs = [[name, self.tree(MATRICES.get(name, ("1", "1")), min(depth, 1), {})] for name in moving]
        return ["Gradient", self.tree(shape, depth, scope), sym("t"), pairs, True]

    def jacobian(self, shape: Any, depth: int, scope: Any) -> Data:
        jacobians = [[DEPENDENT, sym("J")], ["J", sym("H")]]
        return ["Jacobian", self.tree((shape[0], "1"), depth, scope), sym(VARIABLE), jacobians, True]


def filled(axes: tuple[str, ...], sizes: Mapping[str, int], rng: random.Random) -> Any:
    if not axes:
        return Fraction(rng.randint(-4, 4), rng.choice([1, 1, 2]))
    return [filled(axes[1:], sizes, rng) for _ in range(sizes[axes[0]])]


def at_point(total: Sum, expansion: Expansion, point: Point, free: Mapping[int, int]) -> Fraction:
    """Return what a sum is: all values of its summed indices added up, straight from what a product is."""
    value = Fraction(0)
    for product, coefficient in total.items():
        part = coefficient
        for atom, exponent in product:
            sizes, factors = expansion.components[atom]
            component = Fraction(0)
            for place in itertools.product(*(range(point.sizes[size]) for size in sizes)):
                found = Fraction(1)
                for tensor, indices in factors:
                    at = [PLACE - i if i <= PLACE else free[i] if i < 0 else place[i] for i in indices]
                    found *= entry_at(tensor, at, expansion, point)
                component += found
            part *= component**exponent
        value += part
    return value


def entry_at(tensor: str, at: list[int], expansion: Expansion, point: Point) -> Fraction:
    if tensor == DELTA:
        return Fraction(at[0] == at[1])
    if tensor in point.sizes:
        return Fraction(point.sizes[tensor])
    axes: tuple[str, ...]
    if tensor in expansion.inverted:
        of, axes = expansion.inverted[tensor]
        rows, columns = (range(point.sizes[size]) for size in axes)
        numbers = [[at_point(of, expansion, point, {ROW: i, COLUMN: j}) for j in columns] for i in rows]
        values: Any = point.inverted(numbers)
    else:
        values, axes = point.around.values[tensor], SYMBOLS[tensor] or ("1", "1")
    left = iter(at)
    for size in axes:
        values = values[0 if size == "1" else next(left)]
    return Fraction(values)


def contracted(expansion: Expansion, sizes: Mapping[str, int], values: Mapping[str, Any]) -> Contracted:
    """Return the same point as the checker takes it."""
    tables: dict[str, Entries] = {name: {(): Fraction(size)} for name, size in sizes.items() if name not in "12"}
    for name, axes in SYMBOLS.items():
        tables[name] = {}
        for place in itertools.product(*(range(sizes[size]) for size in axes or ("1", "1"))):
            value = functools.reduce(lambda rows, i: rows[i], place, values[name])
            at = tuple(i for i, size in zip(place, axes or ("1", "1"), strict=True) if size != "1")
            tables[name][at] = Fraction(value)
    return Contracted(expansion, tables, {})


def grown(seed: int) -> tuple[random.Random, Trees, Node]:
    rng = random.Random(seed)
    shape = rng.choice(list(MATRICES.values()))
    trees = Trees(Meter(10**7), ("n", "m"), SYMBOLS)
    while True:
        data = Grower(rng).tree((shape[0], shape[1]), 4, {})
        tree, reason = tried(partial(trees.tree, data, {}))
        if tree is not None:
            return rng, trees, tree
        assert "divides by it" in reason or "free of it" in reason


def tried(action: Callable[[], T]) -> tuple[T | None, str]:
    """Return what comes of an action, or why it is rejected."""
    try:
        return action(), ""
    except RejectedError as error:
        return None, str(error)


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_tree_multiplied_out_is_what_it_is_entry_by_entry(seed: int) -> None:
    rng, trees, tree = grown(seed)
    expansion = Expansion(trees)
    total, reason = tried(lambda: expansion.read(tree))
    if total is None:
        assert any(word in reason for word in ("held constant", "more work", "by zero"))
        return
    compared, axes = 0, list(zip((ROW, COLUMN), tree.shape, strict=True))
    places = list(itertools.product(*(range(2) for size in tree.shape if size == "2")))
    parts, reason = tried(lambda: list(expansion.at_places(total, axes)))
    if parts is None:
        assert "more work" in reason
        return
    for _ in range(6):
        sizes = {"n": rng.randint(1, 2), "m": rng.randint(1, 2), "1": 1, "2": 2}
        values = {name: filled(axes or ("1", "1"), sizes, rng) for name, axes in SYMBOLS.items()}
        point = Point(trees, sizes, values)
        try:
            matrix = point.matrix(tree, {})
            for i, row in enumerate(matrix):
                for j, x in enumerate(row):
                    assert number_at(x) == at_point(total, expansion, point, {ROW: i, COLUMN: j})
            for place, part in zip(places, parts, strict=True):
                assert not any("2" in expansion.components[atom][0] for atom in expansion.atoms_of(part))
                at = dict(zip((i for i, size in axes if size == "2"), place, strict=True))
                i, j = (at.get(axis, 0) for axis in (ROW, COLUMN))
                assert number_at(matrix[i][j]) == at_point(part, expansion, point, {ROW: i, COLUMN: j})
            there = contracted(expansion, sizes, values)
            for i, j in itertools.product(range(sizes[tree.shape[0]]), range(sizes[tree.shape[1]])):
                assert there.value(total, {ROW: i, COLUMN: j}) == number_at(matrix[i][j])
            compared += 1
        except (RejectedError, ZeroDivisionError):  # a denominator is zero there, or a matrix has no inverse
            continue
        if compared == 2:
            break


@pytest.mark.parametrize("seed", range(ROUNDS // 3))
def test_a_statement_holds_with_its_evidence_and_not_once_it_is_changed(seed: int) -> None:
    """A sum in another order is the same; with another number, sign or factor in one place it mostly is not."""
    rng = random.Random(seed)
    grower = Grower(rng)
    terms = [grower.tree(("n", "1"), 2, {}) for _ in range(3)]
    symbols = {name: list(axes) for name, axes in SYMBOLS.items()}
    left = mul(add(sym("s"), sym("t")), add(*terms))
    right = add(*(mul(term, sym(name)) for term in rng.sample(terms, 3) for name in ("t", "s")))

    def accepted(claim: Data, evidence: Data) -> bool:
        return checker.check(certificate(statement(claim, symbols=symbols, sizes=["m", "n"]), evidence)).accepted

    claim = identity(left, right)
    reason = checker.check(certificate(statement(claim, symbols=symbols), EQUAL)).reason
    if reason:
        known = ("divides by it", "free of it", "held constant", "by zero", "more work", "independent pairs")
        assert any(word in reason for word in known)
        return
    assert not accepted(["Fails", claim], {"kind": "witness", "sizes": {}, "scalars": {}, "entries": {}, "at": {}})
    other = mul(sym("Mno"), sym("lam"))
    for changed in (add(right, other), add(right, neg(other), neg(other))):
        assert not accepted(identity(left, changed), EQUAL)
