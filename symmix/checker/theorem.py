"""Statement documents: statements, settings, derivations and whole theorems, read and well formed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from .reading import Data, Meter, list_of, name_of, number_of, reject, table_of, text_of
from .trees import ONE, SCALAR, Node, Scope, Trees, walk

STATEMENT = "symmix-statement/2"
_SETTING = ("sizes", "symbols", "indices", "definitions", "conditions", "whole", "independent")
_PARTS = {"Identity": 3, "Vanishing": 2, "Equivalence": 4, "Positivity": 2, "Fails": 1}
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,119}")
SIGNS: Mapping[str, Callable[[Fraction], bool]] = {
    ">": lambda x: x > 0,
    ">=": lambda x: x >= 0,
    "<": lambda x: x < 0,
    "<=": lambda x: x <= 0,
    "!=": lambda x: x != 0,
}


class Hypothesis(NamedTuple):
    """An expression that vanishes: at the claim's own sample, or for all values of the indices that it binds."""

    indices: tuple[tuple[str, str], ...]
    body: Node


class Statement(NamedTuple):
    """What is stated: a kind, sides, hypotheses, and what the kind adds to these."""

    kind: str
    left: tuple[Node, ...] = ()
    right: tuple[Node, ...] = ()
    where: tuple[Hypothesis, ...] = ()
    provided: tuple[Node, ...] = ()
    ranges: tuple[tuple[str, Fraction, Fraction | None], ...] = ()
    inner: tuple[Statement, ...] = ()

    def roots(self) -> list[Node]:
        """Return all trees of it."""
        own = [*self.left, *self.right, *(h.body for h in self.where), *self.provided]
        return own + [root for statement in self.inner for root in statement.roots()]


class Theorem:
    """A statement document."""

    def __init__(self, data: Data, meter: Meter) -> None:
        keys = ("schema", "theorem", *_SETTING, "claims", "proofs", "near_misses", "lemmas")
        table_of(data, "a statement", keys)
        self.name = text_of(data["theorem"], "the name of a theorem")
        if data["schema"] != STATEMENT or not _IDENTIFIER.fullmatch(self.name):
            reject(f"the schema {STATEMENT} and a name of letters, digits and _ are required")
        self.sizes = [name_of(size, "a size") for size in list_of(data["sizes"], "sizes")]
        self.trees = Trees(meter, self.sizes, self._symbols(data["symbols"]))
        indices = [self._sample(index, {}) for index in list_of(data["indices"], "indices")]
        self.indices: Scope = dict(indices)
        self.trees.bound.clear()
        self._define(data["definitions"])
        self.conditions = [self._condition(condition) for condition in list_of(data["conditions"], "conditions")]
        self.whole = [self.trees.undefined(name, scalar=True) for name in list_of(data["whole"], "whole")]
        self.claims = self._labelled(data["claims"], "claims")
        self.proofs = [self._derivation(proof) for proof in list_of(data["proofs"], "proofs")]
        self.near_misses = self._labelled(data["near_misses"], "near misses")
        lemmas = [list_of(lemma, "a lemma", 3) for lemma in list_of(data["lemmas"], "lemmas")]
        self.lemmas = [[text_of(part, "a lemma") for part in lemma] for lemma in lemmas]
        self._require_names([name for name, _ in indices])
        self.independent = self._independent(data["independent"])

    # -- the setting ---

    def _symbols(self, data: Data) -> dict[str, tuple[str, ...]]:
        found = {}
        for name, axes in table_of(data, "symbols").items():
            found[name_of(name, "a symbol")] = tuple(list_of(axes, f"the axes of {name}"))
            if len(axes) not in (0, 2, 3, 4) or any(size != ONE and size not in self.sizes for size in axes):
                reject(f"{name}: a scalar, a matrix, or an array of sizes of the table is required")
        return found

    def _sample(self, data: Data, scope: Scope) -> tuple[str, str]:
        """Return an index that evidence may name, as it does the row and the column of a matrix."""
        name, size = self.trees.declared(data, scope)
        return (
            (name, size) if name not in ("row", "column") else reject(f"an index that is not called {name} is required")
        )

    def _define(self, data: Data) -> None:
        pairs = [list_of(pair, "a symbol and what it stands for", 2) for pair in list_of(data, "definitions")]
        pending = {self.trees.symbol(name) for name, _ in pairs}
        if len(pending) != len(pairs):
            reject("a symbol is defined twice")
        for name, value in pairs:
            tree, axes = self.trees.tree(value, {}), self.trees.symbols[name]
            if len(axes) > 2 or tree.shape != (axes or SCALAR) or self.trees.used(tree) & pending:
                reject(f"a definition of {name} in its shape, by what is defined before it, is required")
            self.trees.definitions[name] = tree
            pending.remove(name)

    def _condition(self, data: Data) -> tuple[Node, str, Node]:
        left, sign, right = list_of(data, "a condition", 3)
        if not isinstance(sign, str) or sign not in SIGNS:
            reject(f"one of {', '.join(SIGNS)} is required")
        sides = [self.trees.require_plain(self.trees.tree(side, {}), "a condition") for side in (left, right)]
        return sides[0], sign, sides[1]

    def _require_names(self, indices: Sequence[str]) -> None:
        """Refuse a name with two meanings, and tables that are not those of the trees."""
        names = [*self.sizes, *self.trees.symbols, *indices, *self.trees.bound]
        if len(set(names)) != len(names):
            reject("a name has two meanings")
        if self.trees.occurring - {ONE} != {*self.sizes, *self.trees.symbols} or self.sizes != sorted(self.sizes):
            reject("tables of the sizes and symbols that occur, and of no others, are required")

    def _independent(self, data: Data) -> list[tuple[str, str]]:
        found = set()
        for outer in (n for root in self.roots() for n in walk(root) if n.kind == "Expectation"):
            found |= {(outer.parts[1], inner.parts[1]) for inner in walk(outer.parts[0]) if inner.kind == "Expectation"}
        if data != [list(pair) for pair in sorted(found)]:
            reject(f"the independent pairs are {sorted(found)}")
        return sorted(found)

    def roots(self) -> list[Node]:
        """Return all trees."""
        stated = [s for _, s in (*self.claims, *self.near_misses, *(step for proof in self.proofs for step in proof))]
        sides = [side for left, _, right in self.conditions for side in (left, right)]
        return [*self.trees.definitions.values(), *sides, *(root for s in stated for root in s.roots())]

    # -- statements ---

    def _labelled(self, data: Data, what: str) -> list[tuple[str, Statement]]:
        found = []
        for item in list_of(data, what):
            label, statement = list_of(item, what, 2)
            found.append((text_of(label, "a label"), self.statement(statement)))
        if len({label for label, _ in found}) != len(found) or not (found or what != "claims"):
            reject(f"{what} with labels that differ are required")
        return found

    def expression(self, data: Data) -> Node:
        """Return an expression in the scope of the sample indices."""
        return self.trees.tree(data, self.indices)

    def statement(self, data: Data, *, inside: bool = False) -> Statement:
        """Return a well-formed statement, which states something."""
        kind = data[0] if isinstance(data, list) and data else None
        if not isinstance(kind, str) or kind not in _PARTS or (inside and kind == "Fails"):
            reject(f"a statement is required, not {data!r:.80}")
        parts = list_of(data[1:], kind, _PARTS[kind])
        match kind:
            case "Identity":
                left, right = self.expression(parts[0]), self.expression(parts[1])
                if left.shape != right.shape or left == right:
                    reject("an identity of two sides of one shape that differ is required")
                return Statement(kind, (left,), (right,), self._where(parts[2]))
            case "Vanishing":
                return Statement(kind, self._several(parts[0]), (), self._where(parts[1]))
            case "Equivalence":
                sides = self._several(parts[0]), self._several(parts[1])
                if sides[0] == sides[1]:
                    reject("an equivalence of two sides that differ is required")
                found = [self.expression(scalar) for scalar in list_of(parts[2], "provided")]
                provided = tuple([self.trees.require_plain(scalar, "what is not zero") for scalar in found])
                return Statement(kind, *sides, self._where(parts[3]), provided)
            case "Positivity":
                scalar = self.trees.require_plain(self.expression(parts[0]), "what is positive")
                return Statement(kind, (scalar,), ranges=self._ranges(parts[1]))
        return Statement(kind, inner=(self.statement(parts[0], inside=True),))

    def _several(self, data: Data) -> tuple[Node, ...]:
        found = tuple([self.expression(item) for item in list_of(data, "expressions")])
        return found or reject("at least one expression is required")

    def _where(self, data: Data) -> tuple[Hypothesis, ...]:
        found = []
        for item in list_of(data, "hypotheses"):
            bound: list[tuple[str, str]] = []
            body, scope = item, dict(self.indices)
            if isinstance(item, list) and item[:1] == ["ForAll"]:
                _, indices, body = list_of(item, "ForAll", 3)
                for index in list_of(indices, "indices"):
                    bound.append(self._sample(index, scope))
                    scope |= bound[-1:]
            found.append(Hypothesis(tuple(bound), self.trees.tree(body, scope)))
        return tuple(found)

    def _ranges(self, data: Data) -> tuple[tuple[str, Fraction, Fraction | None], ...]:
        found: dict[str, tuple[str, Fraction, Fraction | None]] = {}
        for item in list_of(data, "ranges"):
            name, low, high = list_of(item, "a range", 3)
            bounds = number_of(low), None if high is None else number_of(high)
            known = name if name in self.trees.sizes else self.trees.undefined(name, scalar=True)
            if known in found or (bounds[1] is not None and bounds[1] <= bounds[0]):
                reject("one range with points in it for each symbol is required")
            found[name] = (name, *bounds)
        return tuple(found.values())

    # -- proofs ---

    def _derivation(self, data: Data) -> list[tuple[str, Statement]]:
        """Return the equalities that the steps of a chain state, each with its reason."""
        start, steps = list_of(data, "a proof", 2)
        before, found = self.expression(start), []
        for step in list_of(steps, "steps"):
            tree, reason, where = list_of(step, "a step", 3)
            after = self.expression(tree)
            if before.shape != after.shape or before == after:
                reject("a step to another expression of the same shape is required")
            found.append((text_of(reason, "a reason"), Statement("Identity", (before,), (after,), self._where(where))))
            before = after
        if not found:
            reject("a proof with a step is required")
        ends = {found[0][1].left[0], before}
        about = [s for _, s in self.claims if s.kind == "Identity" and {s.left[0], s.right[0]} == ends]
        if not about:
            reject("a proof leads from one side of a claimed identity to the other")
        allowed = {hypothesis for claim in about for hypothesis in claim.where}
        if any(hypothesis not in allowed for _, step in found for hypothesis in step.where):
            reject("a step uses hypotheses of its claim alone")
        return found


def require_news(claim: Statement) -> None:
    """Refuse a claim that is its own hypothesis, or that repeats a given moment."""
    if claim.kind == "Vanishing" and any(Hypothesis((), e) in claim.where for e in claim.left):
        reject("the claim is its own hypothesis")
    if claim.kind == "Identity":
        for side, other in ((claim.left[0], claim.right[0]), (claim.right[0], claim.left[0])):
            if side.kind == "Expectation":
                of, random, moments = side.parts
                base, degree = of.parts if of.kind == "Power" else (of, 1)
                if base[:2] == ("Symbol", (random,)) and any(m.parts[::2] == (degree, other) for m in moments):
                    reject("the claim is a given moment")
