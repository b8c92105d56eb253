"""The exact second checker: reads certificates, trusts nothing in them, and decides anew what they state.

    symmix verify DIR                  or, this file copied to a machine without symmix:    python3 -I checker.py DIR

It shares no code with symmix and imports nothing of it; its only input is the JSON. How it decides:

*Identities, vanishing, equivalence.* Both sides are multiplied out into products of entries whose coefficients are
polynomials over the rationals: definitions are unfolded, derivatives and expectations taken, deltas contracted. Two
products are one if an explicit bijection of their summed indices carries one into the other. What is left has to cancel
once denominators are cleared. Nothing is evaluated, so that holds for every size and all values: there are no primes,
no points, no chance. Cofactors that the certificate proposes are multiplied out in the same way.

*What is false* is evaluated at a point, exactly: the products are multiplied out and contracted there, index by index.
Every hypothesis and condition is met, denominators and inverses are there, and moments that some distribution has.

*What may be divided by* is decided syntactically: numbers, sizes, what the statement itself divides by, and what its
conditions say is not zero.

Work is bounded by counting what is done. In this order: JSON; trees and statements, checked to be well formed;
polynomials; products; multiplying out (``RULES`` says all of a kind of node: parts, shape, products); moments; points;
evidence; deciding; the report. ``checker_text.py`` beside this file prints statements; without it less is printed. What
a tree means is said in ``symmix.terms``.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from itertools import chain, count, pairwise
from itertools import product as cartesian
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

__all__ = ["Report", "Result", "check", "check_statement", "check_text", "main", "manifest"]

MAX_BYTES = 2_000_000  # of a file
MAX_NESTING = 400  # brackets inside of each other
MAX_DEPTH = 120  # nodes inside of each other
MAX_WORK = 400_000  # products of terms, nodes and entries in one document: about a second
MAX_BITS = 20_000  # of a number that arises,
MAX_DIGITS = 1_000  # and of one in a file
MAX_POWER = 10_000
MAX_NAME = 60
MAX_SIZE = 1000  # of an axis at a point
MAX_SUMMED = 100  # indices that hang together

Data = Any  # what JSON can hold
ZERO, UNITY = Fraction(0), Fraction(1)


class RejectedError(Exception):
    """Something that the document states is not borne out, or it is no document; the text says what."""


def reject(reason: str) -> NoReturn:
    """Reject, on one line of printable ASCII: nothing in a document writes lines of its own."""
    raise RejectedError(plain(reason if len(reason) <= 400 else reason[:400] + "..."))


def plain(text: object) -> str:
    """Return text in printable ASCII, everything else escaped."""
    return "".join(c if c.isascii() and c.isprintable() else ascii(c)[1:-1] for c in str(text))


class Meter:
    """Counts the work that is done for one document."""

    def __init__(self, limit: int) -> None:
        self.left = limit

    def spend(self, amount: int) -> None:
        """Count some work."""
        self.left -= amount
        if self.left < 0:
            reject("more work than this checker does for one document")

    def weigh(self, value: Fraction) -> Fraction:
        """Count the work of arithmetic with a number, which may not be too large."""
        bits = value.numerator.bit_length() + value.denominator.bit_length()
        if bits > 256:
            self.spend((bits >> 8) ** 2)
            if bits > MAX_BITS:
                reject("a number that is too large")
        return value


# -- JSON from strangers -----------------------------------------------------------------------------------------------

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_NUMBER = re.compile(r"(0|-?[1-9][0-9]*)(/[1-9][0-9]*)?")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*[+~-]?'*")
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,119}")


def parse(text: str) -> Data:
    """Return JSON as data; a key that stands twice, a float, a large number and deep nesting are rejected."""
    if len(text) > MAX_BYTES:
        reject(f"a file of at most {MAX_BYTES} bytes is required")
    depth = 0
    for bracket in re.findall(r"[\[\]{}]", _STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        if depth > MAX_NESTING:
            reject(f"brackets are nested more than {MAX_NESTING} deep")
    try:
        return json.loads(text, object_pairs_hook=_table, parse_int=_whole, parse_float=_no, parse_constant=_no)
    except ValueError as error:
        reject(f"no JSON: {error}")


def _table(pairs: list[tuple[str, Data]]) -> dict[str, Data]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else reject("a key stands twice in one table")


def _whole(digits: str) -> int:
    return int(digits) if len(digits) <= 10 else reject("a whole number of more than 10 digits")


def _no(digits: str) -> NoReturn:
    reject(f"a number with a fraction or an exponent: {digits[:40]}")


def digest(data: Data) -> str:
    """Return the SHA-256 of JSON data in its one spelling: keys sorted, no white space, ASCII."""
    spelled = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(spelled.encode()).hexdigest()


def table_of(data: Data, what: str, keys: Iterable[str] | None = None) -> dict[str, Data]:
    """Return a table, with exactly these keys."""
    if not isinstance(data, dict) or (keys is not None and set(data) != set(keys)):
        reject(f"{what}: a table{'' if keys is None else ' of ' + ', '.join(sorted(keys))} is required")
    return data


def list_of(data: Data, what: str, length: int | None = None) -> list[Data]:
    """Return a list, of so many items."""
    if not isinstance(data, list) or (length is not None and len(data) != length):
        reject(f"{what}: a list{'' if length is None else f' of {length}'} is required, not {data!r:.80}")
    return data


def text_of(data: Data, what: str) -> str:
    """Return text for people, without line breaks and control characters."""
    if not isinstance(data, str) or len(data) > 4000 or not data.isprintable():
        reject(f"{what}: one line of text is required, not {data!r:.80}")
    return data


def flag_of(data: Data) -> bool:
    """Return true or false."""
    return data if isinstance(data, bool) else reject(f"true or false is required, not {data!r:.80}")


def whole_of(data: Data, what: str, low: int = 0, high: int = MAX_POWER) -> int:
    """Return a whole number in a range."""
    if type(data) is not int or not low <= data <= high:
        reject(f"{what}: a whole number from {low} to {high} is required, not {data!r:.80}")
    return data


def number_of(data: Data) -> Fraction:
    """Return a rational in lowest terms, written as text."""
    if isinstance(data, str) and len(data) <= MAX_DIGITS and _NUMBER.fullmatch(data):
        value = Fraction(data)
        if str(value) == data:
            return value
    reject(f'a number in lowest terms as text, "-1/2", is required, not {data!r:.80}')


def name_of(data: Data, what: str) -> str:
    """Return a name: an ASCII letter, then letters, digits and _, then accents."""
    if not isinstance(data, str) or len(data) > MAX_NAME or not _NAME.fullmatch(data):
        reject(f"the name of {what}: a letter, then letters, digits and _, then accents, not {data!r:.80}")
    return data


# -- trees: every node known, every name declared, shapes agreeing, no index captured ----------------------------------

ONE = "1"  # the size of an axis that is none
ONLY = "0"  # the position along it
Shape = tuple[str, str]
SCALAR: Shape = (ONE, ONE)
Scope = Mapping[str, str]  # index -> size
Index = tuple[str, str]  # its name and its size


class Node(NamedTuple):
    """A node: its kind, its parts in their order, and its shape."""

    kind: str
    parts: tuple[Any, ...]
    shape: Shape = SCALAR


def walk(part: object) -> Iterator[Node]:
    """Run through all nodes in a part."""
    left = [part]
    while left:
        found = left.pop()
        if isinstance(found, Node):
            yield found
            left.extend(found.parts)
        elif isinstance(found, tuple):
            left.extend(found)


class Trees:
    """Reads the trees of one document, and knows what its names mean."""

    def __init__(self, meter: Meter, sizes: Iterable[str], symbols: Mapping[str, tuple[str, ...]]) -> None:
        self.meter, self.sizes, self.symbols = meter, list(sizes), symbols
        self.definitions: dict[str, Node] = {}  # in their order
        self.occurring: set[str] = set()  # sizes and symbols
        self.bound: set[str] = set()
        self.jacobians: dict[str, set[str]] = {}  # by the name of the variable
        self._sizes = frozenset((ONE, *self.sizes))
        self._used: dict[int, tuple[Node, frozenset[str]]] = {}  # the node is kept: its id is not given away again

    def size(self, data: Data) -> str:
        """Return a size, which may be 1."""
        if not isinstance(data, str) or data not in self._sizes:
            reject(f"a size of the document's table is required, not {data!r:.80}")
        self.occurring.add(data)
        return data

    def symbol(self, data: Data) -> str:
        """Return the name of a symbol."""
        if not isinstance(data, str) or data not in self.symbols:
            reject(f"a symbol of the document's table is required, not {data!r:.80}")
        self.occurring.update((data, *self.symbols[data]))
        return data

    def undefined(self, data: Data, *, scalar: bool = False) -> str:
        """Return the name of a symbol without a definition."""
        if self.symbol(data) in self.definitions or (scalar and self.symbols[data]):
            reject(f"a{' scalar' if scalar else ''} symbol without a definition is required, not {data}")
        return str(data)

    def tagged(self, part: Data) -> str:
        """Return the name of a symbol without a definition, written as a node."""
        tag, name = list_of(part, "a symbol", 2)
        return self.undefined(name) if tag == "Symbol" else reject("a symbol is required")

    def index(self, data: Data, scope: Scope, others: Sequence[str] = ()) -> str:
        """Return the name of an index in scope, or something else that may stand in its place."""
        if not isinstance(data, str) or (data not in scope and data not in others):
            reject(f"an index that is summed over or declared is required, not {data!r:.80}")
        return data

    def declared(self, data: Data, scope: Scope) -> Index:
        """Return an index with its size, where it is declared."""
        name, size = list_of(data, "an index with its size", 2)
        if name_of(name, "an index") in scope or self.size(size) == ONE:
            reject(f"the index {name} is bound inside of itself, or runs over the size 1")
        self.bound.add(name)
        return name, size

    def tree(self, data: Data, scope: Scope, depth: int = 0, *, arrays: bool = False) -> Node:
        """Return a well-formed expression; an array as a whole is one only where entries are taken of it.

        How parts are read, by the codes of ``RULES``: e/E an expression/several, a an expression or array, n number, z
        size, y/Y a symbol bare/tagged, k exponent, b flag, i/I an index/several, w index or ":", x/X an index/several
        declared here, p/P pairs of symbol and value, closed if P, m moments.
        """
        self.meter.spend(1)
        if depth > MAX_DEPTH:
            reject(f"more than {MAX_DEPTH} nodes inside of each other")
        if not isinstance(data, list) or not data or not isinstance(data[0], str) or data[0] not in RULES:
            reject(f"a node of the language is required, not {data!r:.80}")
        kind, rule, parts = data[0], RULES[data[0]], list[Any]()
        for code, part in zip(rule.codes, list_of(data[1:], f"the parts of {kind}", len(rule.codes)), strict=True):
            items = list_of(part, f"the parts of {kind}") if code in "EIXPpm" else [] if part is None else [part]
            if not items and code not in "EIXPpmx":
                reject(f"a part of {kind} is missing")
            found: list[Any] = []
            for item in items:
                found.append(self._part(code, item, scope, parts, depth + 1))
                scope = {**scope, **dict(found[-1:])} if code in "xX" else scope
            parts.append(tuple(found) if code in "EIXPpm" else found[0] if found else None)
        shape = rule.shape(self, scope, *parts) or reject(f"{kind} of what has another shape")
        if kind == "Symbol" and not arrays and len(self.symbols[parts[0]]) > 2:
            reject(f"the array {parts[0]} as a whole: only its entries have a meaning")
        return Node(kind, tuple(parts), shape)

    def _part(self, code: str, data: Data, scope: Scope, before: Sequence[Any], depth: int) -> Any:
        if code == "m":
            return self._moment(data, before[1], depth)
        if code in "eaE":
            return self.tree(data, scope, depth, arrays=code == "a")
        if code in "pP":
            name, value = list_of(data, "a symbol and its value", 2)
            return self.undefined(name), self.tree(value, scope if code == "p" else {}, depth, arrays=code == "p")
        return self.declared(data, scope) if code in "xX" else _LEAVES[code](self, data, scope)

    def _moment(self, data: Data, random: str, depth: int) -> Node:
        degree, names, value = list_of(data, "a moment", 3)
        sizes = [size for size in self.symbols[random] if size != ONE] * whole_of(degree, "a degree", 1, 100)
        scope: dict[str, str] = {}
        for pair in zip(list_of(names, "the indices of a moment", len(sizes)), sizes, strict=True):
            scope |= [self.declared([*pair], scope)]
        found = self.tree(value, scope, depth)
        if found.shape != SCALAR or random in self.used(found):
            reject(f"a moment of {random} is a scalar that is free of it")
        return Node("Moment", (degree, tuple(names), found))

    def positions(self, names: Sequence[str], axes: Sequence[str], scope: Scope) -> Shape:
        """Require indices along axes of their sizes."""
        fits = [scope.get(name, ONE) for name in names] == list(axes)
        return SCALAR if fits else reject(f"the indices {', '.join(names)} along axes of other sizes")

    def variable(self, by: str, jacobians: Sequence[tuple[str, Node]]) -> tuple[str, ...]:
        """Return the axes of a variable, by which the Jacobians have their shapes."""
        axes = self.symbols[by]
        if len(axes) != 2 or len(dict(jacobians)) != len(jacobians):
            reject(f"a derivative by {by}, which is no matrix, or with two Jacobians of one symbol")
        for name, value in jacobians:
            own = self.symbols[name]
            table = self.symbols[value.parts[0]] if value.kind == "Symbol" else ()
            array = len(table) > 2
            fits = (*own, axes[0]) == table if array else own[1:] == (ONE,) and value.shape == (own[0], axes[0])
            if axes[1] != ONE or name == by or len(own) != 2 or not fits:
                reject(f"a Jacobian of {name} by {by} of another shape")
            if value.kind == "Symbol":
                self.jacobians.setdefault(by, set()).add(value.parts[0])
        return axes

    def require_plain(self, tree: Node, what: str) -> Node:
        """Refuse what is no scalar built from numbers, sizes and scalar symbols."""
        for kind, parts, _ in self.unfolded(tree):
            if kind not in _PLAIN or (kind == "Symbol" and self.symbols[parts[0]]):
                reject(f"{what}: a scalar without entries is required")
        return tree if tree.shape == SCALAR else reject(f"{what}: a scalar is required")

    def used(self, tree: Node) -> frozenset[str]:
        """Return the symbols and sizes that occur in a tree, definitions unfolded."""
        if id(tree) not in self._used:
            found: set[str] = set()
            for node in walk(tree):
                self.meter.spend(1)
                if node.kind in ("Symbol", "Size"):
                    found.add(node.parts[0])
            for name in found & set(self.definitions):
                found |= self.used(self.definitions[name])
                self.meter.spend(len(found))
            self._used[id(tree)] = tree, frozenset(found)
        return self._used[id(tree)][1]

    def unfolded(self, tree: Node) -> Iterator[Node]:
        """Run through the nodes of a tree and of the definitions that it uses."""
        names = self.used(tree)
        for root in (tree, *(value for name, value in self.definitions.items() if name in names)):
            for node in walk(root):
                self.meter.spend(1)
                yield node


_PLAIN = {"Number", "Size", "Symbol", "Add", "Multiply", "Quotient", "Power", "Expectation", "Moment"}
_LEAVES: Mapping[str, Callable[[Trees, Data, Scope], Any]] = {
    "n": lambda _, part, __: number_of(part),
    "z": lambda trees, part, _: trees.size(part),
    "y": lambda trees, part, _: trees.symbol(part),
    "Y": lambda trees, part, _: trees.tagged(part),
    "k": lambda _, part, __: whole_of(part, "an exponent"),
    "b": lambda _, part, __: flag_of(part),
    "i": lambda trees, part, scope: trees.index(part, scope),
    "I": lambda trees, part, scope: trees.index(part, scope, ONLY),
    "w": lambda trees, part, scope: trees.index(part, scope, (ONLY, ":")),
}


def _alike(_: Trees, __: Scope, parts: Sequence[Node]) -> Shape | None:
    return parts[0].shape if len(parts) > 1 and len({part.shape for part in parts}) == 1 else None


def _chain(_: Trees, __: Scope, parts: Sequence[Node]) -> Shape | None:
    linked = [part.shape for part in parts if part.shape != SCALAR]
    if len(parts) < 2 or any(a[1] != b[0] for a, b in pairwise(linked)):
        return None
    return (linked[0][0], linked[-1][1]) if linked else SCALAR


def _square(_: Trees, __: Scope, of: Node, *___: object) -> Shape | None:
    return of.shape if of.shape[0] == of.shape[1] else None


def _quotient(trees: Trees, _: Scope, above: Node, below: Node) -> Shape:
    trees.require_plain(below, "a denominator")
    return above.shape


def _entry(trees: Trees, scope: Scope, of: Node, names: Sequence[str]) -> Shape:
    array = trees.symbols[of.parts[0]] if of.kind == "Symbol" else ()
    return trees.positions(names, array or of.shape, scope)


def _slice(trees: Trees, scope: Scope, of: Node, *places: str) -> Shape:
    cut = [(place, size) for place, size in zip(places, of.shape, strict=True) if place != ":"]
    trees.positions([place for place, _ in cut], [size for _, size in cut], scope)
    rows, columns = (size if place == ":" else ONE for place, size in zip(places, of.shape, strict=True))
    return rows, columns


def _gradient(trees: Trees, _: Scope, of: Node, by: str, jacobians: Any, *__: object) -> Shape | None:
    rows, columns = trees.variable(by, jacobians)
    return (rows, columns) if of.shape == SCALAR else None


def _jacobian(trees: Trees, _: Scope, of: Node, by: str, jacobians: Any, *__: object) -> Shape | None:
    rows, columns = trees.variable(by, jacobians)
    return (of.shape[0], rows) if of.shape[1] == columns == ONE else None


def _at(trees: Trees, _: Scope, of: Node, values: Sequence[tuple[str, Node]]) -> Shape | None:
    fits = all(len(trees.symbols[n]) == 2 and trees.symbols[n] == v.shape for n, v in values)
    return of.shape if fits and len(dict(values)) == len(values) > 0 else None


def _expectation(trees: Trees, _: Scope, of: Node, random: str, moments: Sequence[Node]) -> Shape | None:
    """Return the shape of an expectation, which is of polynomials only."""
    for node in trees.unfolded(of):
        if node.kind in ("Quotient", "Inverse") and random in trees.used(node.parts[-1]):
            reject(f"an expectation over {random} of what divides by it")
    known = {moment.parts[0] for moment in moments}
    return of.shape if len(trees.symbols[random]) in (0, 2) and len(known) == len(moments) > 0 else None


def _axes(trees: Trees, _: Scope, name: str) -> Shape:
    axes = trees.symbols[name]
    return (axes[0], axes[1]) if len(axes) == 2 else SCALAR


# -- statements --------------------------------------------------------------------------------------------------------

STATEMENT = "symmix-statement/2"
_SETTING = ("sizes", "symbols", "indices", "definitions", "conditions", "whole", "independent")
_PARTS = {"Identity": 3, "Vanishing": 2, "Equivalence": 4, "Positivity": 2, "Fails": 1}
SIGNS: Mapping[str, Callable[[Fraction], bool]] = {
    ">": lambda x: x > 0,
    ">=": lambda x: x >= 0,
    "<": lambda x: x < 0,
    "<=": lambda x: x <= 0,
    "!=": lambda x: x != 0,
}


class Hypothesis(NamedTuple):
    """An expression that vanishes: at the claim's own sample, or for all values of the indices that it binds."""

    indices: tuple[Index, ...]
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


class Theorem(Trees):
    """A statement document, well formed."""

    def __init__(self, data: Data, meter: Meter) -> None:
        keys = ("schema", "theorem", *_SETTING, "claims", "proofs", "near_misses", "lemmas")
        table_of(data, "a statement", keys)
        self.name = text_of(data["theorem"], "the name of a theorem")
        if data["schema"] != STATEMENT or not _IDENTIFIER.fullmatch(self.name):
            reject(f"the schema {STATEMENT} and a name of letters, digits and _ are required")
        super().__init__(meter, [name_of(size, "a size") for size in list_of(data["sizes"], "sizes")], {})
        self.symbols = self._symbols(data["symbols"])
        indices = [self._sample(index, {}) for index in list_of(data["indices"], "indices")]
        self.indices: Scope = dict(indices)
        self.bound.clear()
        self._define(data["definitions"])
        self.conditions = [self._condition(condition) for condition in list_of(data["conditions"], "conditions")]
        self.whole = [self.undefined(name, scalar=True) for name in list_of(data["whole"], "whole")]
        self.claims = self._labelled(data["claims"], "claims")
        self.proofs = [self._derivation(proof) for proof in list_of(data["proofs"], "proofs")]
        self.near_misses = self._labelled(data["near_misses"], "near misses")
        lemmas = [list_of(lemma, "a lemma", 3) for lemma in list_of(data["lemmas"], "lemmas")]
        self.lemmas = [[text_of(part, "a lemma") for part in lemma] for lemma in lemmas]
        names = [*self.sizes, *self.symbols, *(name for name, _ in indices), *self.bound]
        if len(set(names)) != len(names):
            reject("a name has two meanings")
        if self.occurring - {ONE} != {*self.sizes, *self.symbols} or self.sizes != sorted(self.sizes):
            reject("tables of the sizes and symbols that occur, and of no others, are required")
        self.independent = self._independent(data["independent"])

    def _symbols(self, data: Data) -> dict[str, tuple[str, ...]]:
        found = {}
        for name, axes in table_of(data, "symbols").items():
            found[name_of(name, "a symbol")] = tuple(list_of(axes, f"the axes of {name}"))
            if len(axes) not in (0, 2, 3, 4) or any(size != ONE and size not in self.sizes for size in axes):
                reject(f"{name}: a scalar, a matrix, or an array of sizes of the table is required")
        return found

    def _sample(self, data: Data, scope: Scope) -> Index:
        """Return an index that evidence may name, as it does the row and the column of a matrix."""
        found = self.declared(data, scope)
        reserved = found[0] in ("row", "column")
        return reject(f"an index that is not called {found[0]} is required") if reserved else found

    def _define(self, data: Data) -> None:
        pairs = [list_of(pair, "a symbol and what it stands for", 2) for pair in list_of(data, "definitions")]
        pending = {self.symbol(name) for name, _ in pairs}
        if len(pending) != len(pairs):
            reject("a symbol is defined twice")
        for name, value in pairs:
            tree, axes = self.tree(value, {}), self.symbols[name]
            if len(axes) > 2 or tree.shape != (axes or SCALAR) or self.used(tree) & pending:
                reject(f"a definition of {name} in its shape, by what is defined before it, is required")
            self.definitions[name] = tree
            pending.remove(name)

    def _condition(self, data: Data) -> tuple[Node, str, Node]:
        left, sign, right = list_of(data, "a condition", 3)
        if not isinstance(sign, str) or sign not in SIGNS:
            reject(f"one of {', '.join(SIGNS)} is required")
        sides = [self.require_plain(self.tree(side, {}), "a condition") for side in (left, right)]
        return sides[0], sign, sides[1]

    def _independent(self, data: Data) -> list[tuple[str, str]]:
        found = set()
        for outer in (n for root in self.roots() for n in walk(root) if n.kind == "Expectation"):
            found |= {(outer.parts[1], inner.parts[1]) for inner in walk(outer.parts[0]) if inner.kind == "Expectation"}
        if data != [list(pair) for pair in sorted(found)]:
            reject(f"the independent pairs are {sorted(found)}")
        return sorted(found)

    def sides(self) -> list[Node]:
        """Return the sides of all conditions."""
        return [side for left, _, right in self.conditions for side in (left, right)]

    def roots(self) -> list[Node]:
        """Return all trees."""
        stated = [s for _, s in (*self.claims, *self.near_misses, *(step for proof in self.proofs for step in proof))]
        return [*self.definitions.values(), *self.sides(), *(root for s in stated for root in s.roots())]

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
        return self.tree(data, self.indices)

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
                provided = tuple([self.require_plain(scalar, "what is not zero") for scalar in found])
                return Statement(kind, *sides, self._where(parts[3]), provided)
            case "Positivity":
                scalar = self.require_plain(self.expression(parts[0]), "what is positive")
                return Statement(kind, (scalar,), ranges=self._ranges(parts[1]))
        return Statement(kind, inner=(self.statement(parts[0], inside=True),))

    def _several(self, data: Data) -> tuple[Node, ...]:
        found = tuple([self.expression(item) for item in list_of(data, "expressions")])
        return found or reject("at least one expression is required")

    def _where(self, data: Data) -> tuple[Hypothesis, ...]:
        found = []
        for item in list_of(data, "hypotheses"):
            bound, body, scope = list[Index](), item, dict(self.indices)
            if isinstance(item, list) and item[:1] == ["ForAll"]:
                _, indices, body = list_of(item, "ForAll", 3)
                for index in list_of(indices, "indices"):
                    bound.append(self._sample(index, scope))
                    scope |= bound[-1:]
            found.append(Hypothesis(tuple(bound), self.tree(body, scope)))
        return tuple(found)

    def _ranges(self, data: Data) -> tuple[tuple[str, Fraction, Fraction | None], ...]:
        found: dict[str, tuple[str, Fraction, Fraction | None]] = {}
        for item in list_of(data, "ranges"):
            name, low, high = list_of(item, "a range", 3)
            bounds = number_of(low), None if high is None else number_of(high)
            known = name if name in self.sizes else self.undefined(name, scalar=True)
            if known in found or (bounds[1] is not None and bounds[1] <= bounds[0]):
                reject("one range with points in it for each symbol is required")
            found[name] = (name, *bounds)
        return tuple(found.values())

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


# -- polynomials over the rationals, with names for reciprocals of polynomials -----------------------------------------

Monomial = tuple[tuple[str, int], ...]  # names with exponents, sorted; "1/0", "1/1", ... are reciprocals
Poly = dict[Monomial, Fraction]
UNIT: Monomial = ()
CONSTANT: Poly = {UNIT: UNITY}


def own(name: str) -> Poly:
    """Return the polynomial that is a name."""
    return {((name, 1),): UNITY}


class Polynomials:
    """Adds, multiplies and divides; knows what the reciprocals are of."""

    def __init__(self, meter: Meter) -> None:
        self.meter = meter
        self.denominators: list[Poly] = []
        self._numbers: dict[frozenset[tuple[Monomial, Fraction]], int] = {}

    def plus(self, first: Poly, *others: Poly) -> Poly:
        """Return a sum."""
        total = dict(first)
        for other in others:
            self.meter.spend(len(other))
            for monomial, c in other.items():
                value = total.pop(monomial, None)
                value = c if value is None else self.meter.weigh(value + c)
                if value:
                    total[monomial] = value
        return total

    def less(self, a: Poly, b: Poly) -> Poly:
        """Return a - b."""
        return self.plus(a, {m: -c for m, c in b.items()})

    def times(self, a: Poly, b: Poly) -> Poly:
        """Return a * b."""
        if CONSTANT in (a, b):
            return b if a == CONSTANT else a
        total: Poly = {}
        width = sum([1 + (len(n) >> 1) for n in b])
        for m, c in a.items():
            self.meter.spend(width + len(b) * (len(m) >> 1))
            for n, d in b.items():
                monomial = product_of(m, n)
                total[monomial] = self.meter.weigh(total.get(monomial, 0) + c * d)
        return {m: c for m, c in total.items() if c}

    def power(self, p: Poly, exponent: int) -> Poly:
        """Return a whole power; a negative one of a polynomial that is not zero."""
        if exponent < 0:
            return self.power(self.reciprocal(p), -exponent)
        result = CONSTANT
        while exponent:
            result = self.times(result, p) if exponent & 1 else result
            exponent >>= 1
            p = self.times(p, p) if exponent else p
        return result

    def reciprocal(self, p: Poly) -> Poly:
        """Return 1/p, which is a name of its own if p has more than one term."""
        if self.is_zero(p):
            reject("a division by zero")
        scale = p[max(p)]
        if len(p) == 1:
            return {tuple([(name, -e) for name, e in max(p)]): 1 / scale}
        monic = {m: self.meter.weigh(c / scale) for m, c in p.items()}
        number = self._numbers.setdefault(frozenset(monic.items()), len(self.denominators))
        if number == len(self.denominators):
            self.denominators.append(monic)
        return {((f"1/{number}", 1),): 1 / scale}

    def below(self, name: str) -> Poly | None:
        """Return what a name is the reciprocal of, if it is one."""
        return self.denominators[int(name[2:])] if name[0] == "1" else None

    def cleared(self, p: Poly) -> Poly:
        """Return a polynomial times denominators, which are not zero, so that no reciprocal is left."""
        while True:
            self.meter.spend(len(p))
            numbers = {int(name[2:]) for m in p for name, _ in m if name[0] == "1"}
            if not numbers:
                return p
            last = max(numbers)  # what it is of holds earlier reciprocals at most
            parts = by_power(p, f"1/{last}")
            below, top = self.denominators[last], max(parts)
            p = self.plus({}, *(self.times(part, self.power(below, top - e)) for e, part in parts.items()))

    def is_zero(self, p: Poly) -> bool:
        """Whether a polynomial vanishes wherever its reciprocals exist."""
        return not p or not self.cleared(p)

    def divided(self, p: Poly, q: Poly) -> Poly | None:
        """Return p/q for polynomials without reciprocals and negative exponents, or None if there is a rest."""
        names = sorted({name for m in (*p, *q) for name, _ in m})

        def degree(m: Monomial) -> tuple[int, ...]:
            exponents = dict(m)
            return tuple([exponents.get(name, 0) for name in names])

        lead, quotient = max(q, key=degree), {}
        while p:
            self.meter.spend(len(p) + (len(p) + len(q)) * (1 + len(names)))
            top = max(p, key=degree)
            step = product_of(top, tuple([(name, -e) for name, e in lead]))
            if any(e < 0 for _, e in step):
                return None
            quotient[step] = p[top] / q[lead]
            p = self.plus(p, self.times({step: -quotient[step]}, q))
        return quotient

    def value(self, p: Poly, values: Mapping[str, Fraction]) -> Fraction:
        """Return what a polynomial is where its names have values; its reciprocals have to exist there."""
        total = ZERO
        for monomial, c in p.items():
            for name, e in monomial:
                self.meter.spend(1)
                below = self.below(name)
                if below is None and name not in values:
                    reject(f"the point does not say what {name} is")
                base, exponent = (values[name], e) if below is None else (self.value(below, values), -e)
                if not base and exponent < 0:
                    reject("a denominator is zero at the point")
                if abs(e) * (base.numerator.bit_length() + base.denominator.bit_length() - 2) > MAX_BITS:
                    reject("a number that is too large")
                c = self.meter.weigh(c * base**exponent)  # noqa: PLW2901 - a product on the way
            total = self.meter.weigh(total + c)
        return total


def product_of(m: Monomial, n: Monomial) -> Monomial:
    """Return the product of two monomials."""
    if not m or not n:
        return m or n
    exponents = dict(m)
    for name, e in n:
        exponents[name] = exponents.get(name, 0) + e
    return tuple(sorted([(name, e) for name, e in exponents.items() if e]))


def by_power(p: Poly, name: str) -> dict[int, Poly]:
    """Return the coefficients of the powers of a name."""
    found: dict[int, Poly] = {}
    for monomial, c in p.items():
        rest = dict(monomial)
        exponent = rest.pop(name, 0)
        found.setdefault(exponent, {})[tuple(rest.items())] = c
    return found


def without_content(p: Poly) -> tuple[set[str], Poly]:
    """Split off the powers of names that all terms of a polynomial have: return the names, and what is left."""
    exponents = [dict(m) for m in p]
    lowest = {name: min([e.get(name, 0) for e in exponents]) for name in {name for e in exponents for name in e}}
    inverse = tuple(sorted((name, -e) for name, e in lowest.items() if e))
    return {name for name, _ in inverse}, {product_of(m, inverse): c for m, c in p.items()}


# -- sums of products of entries with polynomial coefficients, each product in one form --------------------------------

# A product is what its summed indices hold together, component by component. Two components are the same if a bijection
# of their summed indices carries one into the other, and then they have the same form: see ``Algebra.canonical``.
Factor = tuple[str, tuple[int, ...]]  # a tensor at indices: free ones are negative, summed ones count from 0
Component = tuple[tuple[str, ...], tuple[Factor, ...]]  # the sizes of its summed indices, and its factors
Product = tuple[Component, ...]
Sum = dict[Product, Poly]
Gathered = dict[Product, list[Poly]]  # a sum on the way
Renaming = Mapping[int, int]
NOTHING: Product = ()
WHOLE: Sum = {NOTHING: CONSTANT}
DELTA = "="  # no name; nor are the inverses, "inverse 0", ...


class Algebra(Polynomials):
    """Adds, multiplies, renames and sums."""

    def __init__(self, meter: Meter) -> None:
        super().__init__(meter)
        self._forms: dict[Component, Component] = {}

    def assembled(self, sizes: Sequence[str], factors: list[Factor]) -> tuple[Monomial, Product]:
        """Return a product in its form, and the sizes that arose from sums over nothing.

        ``sizes`` are those of the summed indices 0, 1, ...; a delta with one of them makes it another index.
        """
        self.meter.spend(1 + 2 * len(factors) + len(sizes))
        merged: set[int] = set()
        if any(tensor == DELTA for tensor, _ in factors):
            factors, merged = _contracted(factors)
        held: dict[int, int] = {}  # summed indices that hang together have one root
        for _, indices in factors:
            summed = [i for i in indices if i >= 0]
            for i in summed:
                held.setdefault(i, i)
                held[_root(held, i)] = _root(held, summed[0])
        groups: dict[int, list[Factor]] = {}
        product: list[Component] = []
        for factor in factors:
            first = next((i for i in factor[1] if i >= 0), None)
            if first is None:
                product.append(((), (factor,)))
            else:
                groups.setdefault(_root(held, first), []).append(factor)
        for group in groups.values():
            numbers: dict[int, int] = {}
            moved = [
                (tensor, tuple([numbers.setdefault(i, len(numbers)) if i >= 0 else i for i in indices]))
                for tensor, indices in group
            ]
            product.append(self.canonical((tuple([sizes[i] for i in numbers]), tuple(moved))))
        empty: dict[str, int] = {}
        for i, size in enumerate(sizes):
            if i not in held and i not in merged:
                empty[size] = empty.get(size, 0) + 1
        return tuple(sorted(empty.items())), tuple(sorted(product))

    def canonical(self, component: Component) -> Component:
        """Return the one form of a component: the same for all ways to number its summed indices.

        Whatever is returned is the component with its summed indices numbered anew: components of one form *are* one.
        That all numberings lead to one form takes a search: indices are told apart by where they occur; of those that
        are not told apart one after the other is made the first; and the least form wins.
        """
        found = self._forms.get(component)
        if found is None:
            sizes, factors = component
            if len(sizes) > MAX_SUMMED:
                reject(f"a product in which more than {MAX_SUMMED} summed indices hang together")
            ranks = {size: rank for rank, size in enumerate(sorted(set(sizes)))}
            found = self._least(component, self._refined(factors, [ranks[size] for size in sizes]), every=True)
            self._forms[component] = found
        return found

    def _refined(self, factors: Sequence[Factor], colours: list[int]) -> list[int]:
        """Tell summed indices apart by the colours of what they occur with, until nothing changes."""
        known = len(set(colours))
        while True:
            self.meter.spend(2 * len(factors) + len(colours))
            seen: list[list[tuple[Any, ...]]] = [[] for _ in colours]
            for tensor, indices in factors:
                shown = tuple([i if i < 0 else colours[i] for i in indices])
                for place, i in enumerate(indices):
                    if i >= 0:
                        seen[i].append((tensor, shown, place))
            keys = [(colour, tuple(sorted(around))) for colour, around in zip(colours, seen, strict=True)]
            ranks = {key: rank for rank, key in enumerate(sorted(set(keys)))}
            colours = [ranks[key] for key in keys]
            if len(ranks) == known:
                return colours
            known = len(ranks)

    def _least(self, component: Component, colours: list[int], *, every: bool) -> Component:
        """Return the least form, or if not every choice is tried the one that taking always the first leads to."""
        sizes, factors = component
        members: dict[int, list[int]] = {}
        for i, colour in enumerate(colours):
            members.setdefault(colour, []).append(i)
        alike = next((members[colour] for colour in sorted(members) if len(members[colour]) > 1), [])
        if not alike:
            moved = sorted([(t, tuple([i if i < 0 else colours[i] for i in indices])) for t, indices in factors])
            return tuple([sizes[i] for i in sorted(range(len(sizes)), key=colours.__getitem__)]), tuple(moved)
        first = best = None
        for chosen in alike if every else alike[:1]:
            tried = self._refined(factors, [2 * colour + (i != chosen) for i, colour in enumerate(colours)])
            form = self._least(component, tried, every=False)
            if first is None or form != first:  # else a symmetry carries one choice into the other
                found = self._least(component, tried, every=True) if every else form
                best = found if best is None else min(best, found)
            first = first or form
        return best or component

    def gather(self, found: Gathered, product: Product, coefficient: Poly) -> None:
        """Put one product into a sum on the way."""
        self.meter.spend(1 + sum([len(factors) for _, factors in product]))
        found.setdefault(product, []).append(coefficient)

    def gathered(self, found: Gathered) -> Sum:
        """Add up what was put into a sum."""
        total = {product: self.plus(*parts) if len(parts) > 1 else parts[0] for product, parts in found.items()}
        return {product: c for product, c in total.items() if c}

    def sum_of(self, parts: Iterable[Sum]) -> Sum:
        """Return the sum of sums."""
        found: Gathered = {}
        for product, c in chain.from_iterable(part.items() for part in parts):
            self.gather(found, product, c)
        return self.gathered(found)

    def scaled(self, total: Sum, by: Poly) -> Sum:
        """Return a sum times a polynomial."""
        found = {product: self.times(c, by) for product, c in total.items()}
        return {product: c for product, c in found.items() if c}

    def minus(self, a: Sum, b: Sum) -> Sum:
        """Return the difference of two sums."""
        return self.sum_of([a, self.scaled(b, {UNIT: -UNITY})])

    def multiplied(self, a: Sum, b: Sum) -> Sum:
        """Return the product of two sums over the same free indices."""
        found: Gathered = {}
        for p, c in a.items():
            for q, d in b.items():
                self.gather(found, self._joined(p + q), self.times(c, d))
        return self.gathered(found)

    def _joined(self, components: Product) -> Product:
        """Return components as one product; they share free indices only, which deltas may make equal."""
        if any(factors[0][0] == DELTA for _, factors in components):
            return self.assembled(*unpacked(components))[1]
        return tuple(sorted(components))

    def renamed(self, total: Sum, names: Renaming, summed: Sequence[str] = ()) -> Sum:
        """Rename free indices; what is renamed to 0, 1, ... is summed from then on, over these sizes."""
        found: Gathered = {}
        for product, c in total.items():
            touched = tuple([x for x in product if any(i in names for _, indices in x[1] for i in indices)])
            if touched or summed:
                rest = tuple([x for x in product if x not in touched]) if len(touched) < len(product) else ()
                sizes, factors = unpacked(touched, len(summed), names)
                self._enter(found, c, [*summed, *sizes], factors, rest)
            else:
                self.gather(found, product, c)
        return self.gathered(found)

    def _enter(
        self, found: Gathered, c: Poly, sizes: Sequence[str], factors: list[Factor], rest: Product = NOTHING
    ) -> None:
        """Put a product into a sum, given by factors and by components that share no summed index with these."""
        empty, product = self.assembled(sizes, factors)
        coefficient = self.times(c, {empty: UNITY}) if empty else c
        self.gather(found, self._joined(product + rest) if rest else product, coefficient)

    def bound_over(self, total: Sum, indices: Iterable[tuple[int, str]]) -> Sum:
        """Sum over free indices, each over its size; there is nothing to do for the size 1."""
        pairs = [(i, size) for i, size in indices if size != ONE]
        return self.renamed(total, {i: n for n, (i, _) in enumerate(pairs)}, [size for _, size in pairs])

    def plugged(
        self, found: Gathered, c: Poly, sizes: list[str], factors: list[Factor], values: Iterable[tuple[Sum, Renaming]]
    ) -> None:
        """Put into a sum a product times sums whose free indices become indices of the product, summed ones too."""
        left = [(c, sizes, factors)]
        for value, slots in values:
            grown = []
            for coefficient, before, mine in left:
                for product, d in value.items():
                    more, others = unpacked(product, len(before), slots)
                    self.meter.spend(1 + len(mine) + len(others))
                    grown.append((self.times(coefficient, d), before + more, mine + others))
            left = grown
        for coefficient, before, mine in left:
            self._enter(found, coefficient, before, mine)


def unpacked(product: Product, shift: int = 0, names: Renaming | None = None) -> tuple[list[str], list[Factor]]:
    """Return the factors of a product, summed indices numbered through from ``shift`` on, free ones renamed."""
    sizes: list[str] = []
    factors: list[Factor] = []
    names = names or {}
    for mine, held in product:
        start = shift + len(sizes)
        factors += [(t, tuple([i + start if i >= 0 else names.get(i, i) for i in indices])) for t, indices in held]
        sizes += mine
    return sizes, factors


def _root(parents: dict[int, int], i: int) -> int:
    while (above := parents.get(i, i)) != i:
        parents[i] = parents.get(above, above)
        i = above
    return i


def _contracted(factors: Iterable[Factor]) -> tuple[list[Factor], set[int]]:
    """Return factors in which indices that deltas make equal are one, and the summed indices that became another one.

    Deltas of free indices stay: each of them with the one that stands for all.
    """
    parents: dict[int, int] = {}
    mentioned: set[int] = set()
    for tensor, indices in factors:
        if tensor == DELTA:
            low, high = sorted([_root(parents, i) for i in indices])
            parents[high] = low  # so free indices stand for summed ones
            mentioned.update(indices)
    kept = [(t, tuple([_root(parents, i) for i in indices])) for t, indices in factors if t != DELTA]
    others = {i for i in mentioned if _root(parents, i) != i}
    return [*kept, *((DELTA, (_root(parents, i), i)) for i in others if i < 0)], {i for i in others if i >= 0}


def tensors_in(total: Sum) -> set[str]:
    """Return the tensors that occur in a sum."""
    return {tensor for product in total for _, factors in product for tensor, _ in factors}


# -- multiplying out ---------------------------------------------------------------------------------------------------

ROW, COLUMN, BY_ROW, BY_COLUMN, INNER = -1, -2, -3, -4, -5  # free indices; further ones have names
INVERSE = "inverse "  # and a number: the tensors that are inverses
Values = Mapping[str, tuple[Sequence[int], Sum]]  # what a tensor becomes, at which of its indices
Moments = dict[int, tuple[list[int], Sum]]  # by degree: at which indices


def axes_of(shape: Sequence[str]) -> list[int]:
    """Return the free indices of a matrix: those of its axes whose size is not 1."""
    return [i for i, size in zip((ROW, COLUMN), shape, strict=False) if size != ONE]


def entry(tensor: str, at: Iterable[int]) -> Sum:
    """Return an entry of a tensor."""
    return {(((), ((tensor, tuple(at)),)),): CONSTANT}


def delta(i: int, j: int) -> Sum:
    """Return the Kronecker delta of two free indices."""
    return WHOLE if i == j else entry(DELTA, sorted((i, j)))


def unit(shape: Shape) -> Sum:
    """Return the identity matrix."""
    return WHOLE if shape == SCALAR else delta(ROW, COLUMN)


class Expansion(Algebra):
    """Multiplies the trees of one document out, definitions unfolded.

    What it takes for granted on the way are its facts: inverses that exist, by their tensors, and moments that some
    distribution has, by their numbers in ``moments``.
    """

    def __init__(self, trees: Trees) -> None:
        super().__init__(trees.meter)
        self.trees = trees
        self.inverted: list[tuple[Sum, Shape]] = []  # what the inverses are of
        self.moments: list[tuple[str, Moments]] = []  # what is given of a random symbol
        self.facts: set[str | int] = set()
        self._inverses: dict[object, int] = {}
        self._indices: dict[str, int] = {}
        self._done: dict[Node, tuple[Sum, set[str | int]]] = {}
        self._defined: dict[str, tuple[Sum, set[str | int]]] = {}

    def index(self, name: str) -> int:
        """Return the number of a free index."""
        return self._indices.setdefault(name, -10 - len(self._indices))

    def read(self, tree: Node) -> Sum:
        """Return a tree multiplied out."""
        return self.read_with_facts(tree)[0]

    def read_with_facts(self, tree: Node) -> tuple[Sum, set[str | int]]:
        """Return a tree multiplied out, and what this takes for granted."""
        if tree not in self._done:
            names = self.trees.used(tree)
            for name, value in self.trees.definitions.items():  # each uses earlier ones only
                if name in names and name not in self._defined:
                    self._defined[name] = self.out_with_facts(value)
            self._done[tree] = self.out_with_facts(tree)
        return self._done[tree]

    def facts_of(self, trees: Iterable[Node]) -> set[str | int]:
        """Return what trees take for granted."""
        return set[str | int]().union(*(self.read_with_facts(tree)[1] for tree in trees))

    def out_with_facts(self, tree: Node) -> tuple[Sum, set[str | int]]:
        """Return a tree multiplied out whose definitions are known, and what this takes for granted."""
        around, self.facts = self.facts, set()
        try:
            return self.out(tree), self.facts
        finally:
            self.facts = around

    def out(self, tree: Node) -> Sum:
        """Return a tree multiplied out whose definitions are known."""
        self.meter.spend(1)
        return RULES[tree.kind].out(self, tree, *tree.parts)

    def scalar(self, tree: Node) -> Poly:
        """Return a scalar without entries."""
        return self.read(tree).get(NOTHING, {})

    def symbol(self, name: str, at: Sequence[int]) -> Sum:
        """Return a symbol at indices, one for each axis that is not of size 1."""
        axes = self.trees.symbols[name]
        if name in self.trees.definitions:
            total, facts = self._defined[name]
            self.facts |= facts
            return self.renamed(total, dict(zip(axes_of(axes), at, strict=True)))
        return entry(name, at) if axes else {NOTHING: own(name)}

    def chained(self, a: Sum, first: Shape, b: Sum, second: Shape) -> tuple[Sum, Shape]:
        """Multiply matrices, or a scalar and anything."""
        if SCALAR in (first, second):
            return self.multiplied(a, b), second if first == SCALAR else first
        a, b = self.renamed(a, {COLUMN: INNER}), self.renamed(b, {ROW: INNER})
        return self.bound_over(self.multiplied(a, b), [(INNER, first[1])]), (first[0], second[1])

    def multiply(self, _: Node, factors: Sequence[Node]) -> Sum:
        """Multiply scalars and chains of matrices."""
        total, shape = WHOLE, SCALAR
        for factor in factors:
            total, shape = self.chained(total, shape, self.out(factor), factor.shape)
        return total

    def matrix_power(self, tree: Node, base: Node, exponent: int) -> Sum:
        """Multiply something by itself."""
        total, result, shape = self.out(base), unit(tree.shape), tree.shape
        if shape == SCALAR and set(total) == {NOTHING}:
            return {NOTHING: self.power(total[NOTHING], exponent)}
        while exponent:
            result = self.chained(result, shape, total, shape)[0] if exponent & 1 else result
            exponent >>= 1
            total = self.chained(total, shape, total, shape)[0] if exponent else total
        return result

    def on_diagonal(self, of: Node) -> Sum:
        """Return a matrix, or a row, over its rows."""
        return self.renamed(self.out(of), {COLUMN: ROW})

    def inverse(self, of: Sum, shape: Shape) -> Sum:
        """Return the inverse of a matrix, a tensor of its own: equal matrices have one."""
        if any(i < 0 and i not in (ROW, COLUMN) for x in of for _, held in x for _, at in held for i in at):
            reject("an inverse that depends on an index")
        key = shape, frozenset((product, frozenset(c.items())) for product, c in of.items())
        number = self._inverses.setdefault(key, len(self.inverted))
        if number == len(self.inverted):
            self.inverted.append((of, shape))
        self.facts.add(f"{INVERSE}{number}")
        return entry(f"{INVERSE}{number}", axes_of(shape))

    def inverse_of(self, tensor: str) -> tuple[Sum, Shape] | None:
        """Return what a tensor is the inverse of, if it is one."""
        return self.inverted[int(tensor[len(INVERSE) :])] if tensor.startswith(INVERSE) else None

    def entry_of(self, _: Node, of: Node, indices: Sequence[str]) -> Sum:
        """Return an entry."""
        at = [self.index(i) for i in indices if i != ONLY]
        if of.kind == "Symbol":
            return self.symbol(of.parts[0], at)
        return self.renamed(self.out(of), dict(zip(axes_of(of.shape), at, strict=True)))

    def slice(self, _: Node, of: Node, row: str, column: str) -> Sum:
        """Return a row or a column."""
        names = {i: self.index(name) for i, name in ((ROW, row), (COLUMN, column)) if name not in (ONLY, ":")}
        return self.renamed(self.out(of), names)

    def by_entries(self, _: Node, row: Index | None, column: Index | None, body: Node) -> Sum:
        """Return a matrix given by its entries."""
        names = {self.index(i[0]): axis for i, axis in ((row, ROW), (column, COLUMN)) if i}
        return self.renamed(self.out(body), names)

    def derivative(self, tree: Node, of: Node, by: str, jacobians: Any, constant: Any) -> Sum:
        """Differentiate, through the Jacobians that are declared."""
        slots = axes_of(self.trees.symbols[by])
        along = [BY_ROW if i == ROW else BY_COLUMN for i in slots]
        steps = map(delta, slots, along)
        rules: dict[str, tuple[Sequence[int], Sum]] = {by: (slots, reduce(self.multiplied, steps, WHOLE))}
        for name, value in jacobians:
            at = axes_of(self.trees.symbols[name])
            array = value.kind == "Symbol" and len(self.trees.symbols[value.parts[0]]) > 2
            slope = self.symbol(value.parts[0], [*at, *along]) if array else self.out(value)
            rules[name] = at, slope if array else self.renamed(slope, {COLUMN: BY_ROW})
        inner = self.out(of)
        present = self.tensors(inner)
        if not constant and not present & set(rules):
            reject(f"a derivative by {by} of what does not depend on it, without saying 'constant'")
        self._require_declared(of, by, present - set(rules), set(rules))
        names = {BY_ROW: ROW, BY_COLUMN: COLUMN} if tree.kind == "Gradient" else {BY_ROW: COLUMN}
        return self.renamed(self.differentiated(inner, rules), names)

    def _require_declared(self, of: Node, by: str, still: set[str], moving: set[str]) -> None:
        """Refuse to hold constant what is said to depend on the variable: what has a Jacobian inside, or is one."""
        depends = set(self.trees.jacobians.get(by, ()))
        for node in self.trees.unfolded(of):
            for name, value in node.parts[2] if node.kind in ("Gradient", "Jacobian") else ():
                depends |= {name} if node.parts[1] == by else set()
                depends |= {value.parts[0]} if value.kind == "Symbol" and name in moving else set()
        if still & depends:
            reject(f"{min(still & depends)} is held constant in a derivative by {by}, on which it depends")

    def tensors(self, total: Sum) -> set[str]:
        """Return the tensors that occur in a sum, also inside of inverses."""
        found = tensors_in(total)
        return found.union(*(self.tensors(of[0]) for of in map(self.inverse_of, found) if of))

    def _moving(self, total: Sum, rules: Values) -> dict[str, tuple[Sum, Shape]]:
        """Return the inverses in a sum that depend on what has a rule, with what they are of."""
        inside = {name: of for name in sorted(tensors_in(total)) if (of := self.inverse_of(name))}
        return {name: of for name, of in inside.items() if self.tensors(of[0]) & set(rules)}

    def differentiated(self, total: Sum, rules: Values) -> Sum:
        """Put its derivative in the place of one factor after the other, and add up."""
        known = dict(rules)
        for name, (of, shape) in self._moving(total, rules).items():  # d B = -B dA B
            mine, inner = entry(name, axes_of(shape)), self.differentiated(of, rules)
            slope, _ = self.chained(*self.chained(mine, shape, inner, shape), mine, shape)
            known[name] = axes_of(shape), self.scaled(slope, {UNIT: -UNITY})
        found: Gathered = {}
        for product, c in total.items():
            sizes, factors = unpacked(product)
            for place, (tensor, at) in enumerate(factors):
                if tensor in known:
                    slots, value = known[tensor]
                    rest = factors[:place] + factors[place + 1 :]
                    self.plugged(found, c, sizes, rest, [(value, dict(zip(slots, at, strict=True)))])
        return self.gathered(found)

    def at(self, _: Node, of: Node, values: Sequence[tuple[str, Node]]) -> Sum:
        """Replace symbols."""
        rules = {name: (axes_of(value.shape), self.out(value)) for name, value in values}
        inner, facts = self.out_with_facts(of)
        for fact in facts:
            if isinstance(fact, int):
                random, given = self.moments[fact]
                self._take(random, {degree: (i, self.replaced(value, rules)) for degree, (i, value) in given.items()})
                continue
            was, shape = self.inverted[int(fact[len(INVERSE) :])]
            if self.tensors(was) & set(rules):
                self.inverse(self.replaced(was, rules), shape)
            else:
                self.facts.add(fact)
        return self.replaced(inner, rules)

    def replaced(self, total: Sum, rules: Values) -> Sum:
        """Put values in the place of all factors that have a rule, at once."""
        known = dict(rules)
        for name, (of, shape) in self._moving(total, rules).items():
            known[name] = axes_of(shape), self.inverse(self.replaced(of, rules), shape)
        found: Gathered = {}
        for product, c in total.items():
            sizes, factors = unpacked(product)
            values = [(known[t][1], dict(zip(known[t][0], at, strict=True))) for t, at in factors if t in known]
            self.plugged(found, c, sizes, [f for f in factors if f[0] not in known], values)
        return self.gathered(found)

    def _take(self, random: str, given: Moments) -> None:
        """Take moments for granted."""
        self.facts.add(len(self.moments))
        self.moments.append((random, given))

    def expectation(self, _: Node, of: Node, random: str, moments: Sequence[Node]) -> Sum:
        """Put moments in the place of products of random entries, or of powers of a random scalar."""
        given = {
            moment.parts[0]: ([self.index(name) for name in moment.parts[1]], self.out(moment.parts[2]))
            for moment in moments
        }
        self._require_possible(random, given)
        self._take(random, given)
        inner, facts = self.out_with_facts(of)
        self.facts |= facts
        for about, values in [self.moments[fact] for fact in facts if isinstance(fact, int)]:
            if any(self.mentions(value, random) for _, value in values.values()):
                self._take(about, {})  # no distribution is known whose moments are random themselves
        known: Moments = {0: ([], WHOLE), **given}
        found: Gathered = {}
        for product, c in inner.items():
            sizes, factors = unpacked(product)
            at = sorted([at for t, at in factors if t == random], key=lambda at: [(i >= 0, abs(i)) for i in at])
            rest = [factor for factor in factors if factor[0] != random]
            scalar = not self.trees.symbols[random]
            for degree, part in (by_power(c, random) if scalar else {len(at): c}).items():
                slots, value = known.get(degree) or reject(f"the moment of degree {degree} of {random} is not given")
                self.plugged(found, part, sizes, rest, [(value, dict(zip(slots, chain(*at), strict=True)))])
        return self.gathered(found)

    def mentions(self, total: Sum, name: str) -> bool:
        """Whether a symbol occurs in a sum; what divides by it counts."""
        return name in self.tensors(total) or any(self.involves(c, name) for c in total.values())

    def involves(self, p: Poly, name: str) -> bool:
        """Whether a name occurs in a polynomial, or in what it divides by."""
        names = {n for m in p for n, _ in m}
        return name in names or any(self.involves(below, name) for below in map(self.below, names) if below)

    def range_of(self, random: str, point: Point | None = None) -> Bounds:  # noqa: ARG002 - by a decider
        """Return where a random scalar lies: anywhere, if nothing more is known."""
        return Bounds(self.meter)

    def _require_possible(self, random: str, given: Moments) -> None:
        """Refuse given numbers that are the moments of no distribution."""
        numbers = {}
        for degree, (_, value) in given.items():
            p = value.get(NOTHING, {})
            if self.trees.symbols[random] or set(value) - {NOTHING} or set(p) - {UNIT}:
                return
            numbers[degree] = p.get(UNIT, ZERO)
        if not may_have_distribution({0: UNITY, **numbers}, self.range_of(random)):
            reject(f"no distribution of {random} has the given moments")


class Rule(NamedTuple):
    """All of a kind of node: the codes of its parts, its shape if they fit, and what it is multiplied out."""

    codes: str
    shape: Callable[..., Shape | None]  # by the trees, the scope, and the parts
    out: Callable[..., Sum]  # by the expansion, the node, and the parts


RULES: Mapping[str, Rule] = {
    "Number": Rule("n", lambda *_: SCALAR, lambda _, __, value: {NOTHING: {UNIT: value}} if value else {}),
    "Size": Rule("z", lambda _, __, name: SCALAR if name != ONE else None, lambda _, __, name: {NOTHING: own(name)}),
    "Symbol": Rule("y", _axes, lambda e, _, name: e.symbol(name, axes_of(e.trees.symbols[name]))),
    "Add": Rule("E", _alike, lambda e, _, terms: e.sum_of([e.out(term) for term in terms])),
    "Multiply": Rule("E", _chain, Expansion.multiply),
    "Quotient": Rule("ee", _quotient, lambda e, _, a, b: e.scaled(e.out(a), e.reciprocal(e.out(b).get(NOTHING, {})))),
    "Power": Rule("ek", _square, Expansion.matrix_power),
    "Hadamard": Rule("E", _alike, lambda e, _, factors: reduce(e.multiplied, map(e.out, factors), WHOLE)),
    "Transpose": Rule(
        "e", lambda _, __, of: of.shape[::-1], lambda e, _, of: e.renamed(e.out(of), {ROW: COLUMN, COLUMN: ROW})
    ),
    "Trace": Rule(
        "e",
        lambda _, __, of: SCALAR if _square(_, __, of) else None,
        lambda e, _, of: e.bound_over(e.on_diagonal(of), [(ROW, of.shape[0])]),
    ),
    "Diagonal": Rule(
        "e", lambda _, __, of: (of.shape[0], ONE) if _square(_, __, of) else None, lambda e, _, of: e.on_diagonal(of)
    ),
    "DiagonalMatrix": Rule(
        "e",
        lambda _, __, of: (max(of.shape, key=lambda n: n != ONE),) * 2 if ONE in of.shape else None,
        lambda e, tree, of: e.multiplied(e.on_diagonal(of), unit(tree.shape)),
    ),
    "Inverse": Rule("e", _square, lambda e, tree, of: e.inverse(e.out(of), tree.shape)),
    "Identity": Rule("z", lambda _, __, size: (size, size), lambda _, tree, __: unit(tree.shape)),
    "Ones": Rule("zz", lambda _, __, *shape: shape, lambda *_: WHOLE),
    "Zeros": Rule("zz", lambda _, __, *shape: shape, lambda *_: {}),
    "Delta": Rule(
        "ii",
        lambda _, scope, i, j: SCALAR if scope[i] == scope[j] else None,
        lambda e, _, i, j: delta(e.index(i), e.index(j)),
    ),
    "Entry": Rule("aI", _entry, Expansion.entry_of),
    "Slice": Rule("eww", _slice, Expansion.slice),
    "Total": Rule(
        "Xe",
        lambda _, __, indices, body: SCALAR if indices and body.shape == SCALAR else None,
        lambda e, _, indices, body: e.bound_over(e.out(body), [(e.index(name), size) for name, size in indices]),
    ),
    "ByEntries": Rule(
        "xxe",
        lambda _, __, i, j, body: (i[1] if i else ONE, j[1] if j else ONE) if body.shape == SCALAR else None,
        Expansion.by_entries,
    ),
    "Gradient": Rule("eYpb", _gradient, Expansion.derivative),
    "Jacobian": Rule("eYpb", _jacobian, Expansion.derivative),
    "At": Rule("eP", _at, Expansion.at),
    "Expectation": Rule("eYm", _expectation, Expansion.expectation),
}


# -- which moments some distribution has -------------------------------------------------------------------------------

Matrix = list[list[Fraction]]


@dataclass
class Bounds:
    """Where a random scalar lies: its ends with whether they belong to the range, what does not, and whether whole."""

    meter: Meter
    low: tuple[Fraction, bool] | None = None
    high: tuple[Fraction, bool] | None = None
    excluded: set[Fraction] = field(default_factory=set)
    whole: bool = False

    def enter(self, slope: Fraction, constant: Fraction, sign: str) -> None:
        """Narrow the range by ``slope * x + constant sign 0``."""
        end, included = -constant / slope, sign[1:] == "="
        if sign == "!=":
            self.excluded.add(end)
        elif (slope > 0) == (sign[0] == ">"):
            self.low = max(self.low or (end, included), (end, included), key=lambda e: (e[0], not e[1]))
        else:
            self.high = min(self.high or (end, included), (end, included))

    def contain(self, x: Fraction) -> bool:
        """Whether a number lies in the range."""
        above = self.low is None or x > self.low[0] or (x == self.low[0] and self.low[1])
        below = self.high is None or x < self.high[0] or (x == self.high[0] and self.high[1])
        return above and below and x not in self.excluded and not (self.whole and x.denominator != 1)

    @property
    def distances(self) -> list[list[Fraction]]:
        """Coefficients of x - low and high - x."""
        low = [[-self.low[0], UNITY]] if self.low else []
        return low + ([[self.high[0], -UNITY]] if self.high else [])

    @property
    def is_closed(self) -> bool:
        """Whether the range is an interval with its ends."""
        return bool(self.low and self.high and self.low[1] and self.high[1] and not self.excluded)


def signature(matrix: Matrix, meter: Meter) -> tuple[bool, bool]:
    """Return whether a symmetric matrix is positive semidefinite, and whether it is definite, by elimination."""
    rows, definite = [list(row) for row in matrix], True
    while rows:
        meter.spend(len(rows) ** 2)
        first = rows[0]
        pivot = first[0]
        if pivot < 0 or (pivot == 0 and any(first)):
            return False, False
        definite = definite and pivot > 0
        scales = [row[0] / pivot if pivot else pivot for row in rows[1:]]
        rows = [
            [meter.weigh(x - scale * y) for x, y in zip(row[1:], first[1:], strict=True)]
            for row, scale in zip(rows[1:], scales, strict=True)
        ]
    return True, definite


def inverted(matrix: Matrix, meter: Meter) -> Matrix:
    """Return the inverse of a matrix, by elimination."""
    size = len(matrix)
    rows = [[*row, *(Fraction(i == j) for j in range(size))] for i, row in enumerate(matrix)]
    for i in range(size):
        found = next((k for k in range(i, size) if rows[k][i]), None)
        if found is None:
            reject("a matrix has no inverse at the point")
        rows[i], rows[found] = rows[found], rows[i]
        pivot = rows[i] = [meter.weigh(x / rows[i][i]) for x in rows[i]]
        meter.spend(2 * size * size)
        others = [[meter.weigh(x - row[i] * y) for x, y in zip(row, pivot, strict=True)] for row in rows]
        rows = [pivot if k == i else other for k, other in enumerate(others)]
    return [row[size:] for row in rows]


def may_have_distribution(moments: Mapping[int, Fraction], bounds: Bounds) -> bool:
    """Whether nothing speaks against it that a distribution in the range has these moments."""
    top = next(degree for degree in count() if degree not in moments)
    m = [moments[degree] for degree in range(top)]
    weights = [[UNITY], *bounds.distances]
    return all(signature(_hankel(m, w, (top - len(w)) // 2), bounds.meter)[0] for w in weights if top >= len(w))


def has_distribution(moments: Mapping[int, Fraction], bounds: Bounds) -> bool:
    """Whether some distribution in the range has these moments; False where that is not known.

    If all Hankel matrices, of moments and of distances to the ends of the range, are definite, there is one; so it is
    in a closed interval if they are semidefinite. If the Hankel matrix of the moments is singular, there is one
    candidate at most, which sits on finitely many points.
    """
    top = len(moments) - 1
    if sorted(moments) != list(range(top + 1)):
        return False
    m = [moments[degree] for degree in range(top + 1)]
    if top and all(value == m[1] ** degree for degree, value in moments.items()) and bounds.contain(m[1]):
        return True  # it is always the same
    semidefinite, definite = signature(_hankel(m, [UNITY], top // 2), bounds.meter)
    if not definite:
        return semidefinite and _sits_on_points(m, top // 2, bounds)
    ends = bounds.distances
    if len(ends) == 2 and top % 2 == 0:
        (a, _), (b, _) = ends
        ends = [[a * b, b - a, -UNITY]]
    found = [signature(_hankel(m, end, (top + 1 - len(end)) // 2), bounds.meter) for end in ends]
    fits = all(pd for _, pd in found) or (bounds.is_closed and all(psd for psd, _ in found))
    return fits and not bounds.whole


def has_joint_distribution(found: Mapping[int, Mapping[Any, Fraction]], places: Sequence[Any], bounds: Bounds) -> bool:
    """Whether some distribution has these moments: of one number, of a covariance, of what is always the same."""
    if any(values[held] != values[tuple(sorted(held))] for values in found.values() for held in values):
        return False  # they depend on the order of the entries
    if len(places) == 1:
        return has_distribution({degree: next(iter(values.values())) for degree, values in found.items()}, bounds)
    if 1 not in found and max(found) > 2:
        return False
    mean = {place: found[1][place,] if 1 in found else ZERO for place in places}

    def is_sure(held: Iterable[Any], moment: Fraction) -> bool:
        return reduce(lambda x, place: x * mean[place], held, UNITY) == moment

    if max(found) == 1 or (1 in found and all(is_sure(*item) for values in found.values() for item in values.items())):
        return True
    if max(found) > 3 or 2 not in found:
        return False
    covariance = [[found[2][p, q] - mean[p] * mean[q] for q in places] for p in places]
    semidefinite, definite = signature(covariance, bounds.meter)
    return definite if 3 in found else semidefinite


def _hankel(m: Sequence[Fraction], weight: Sequence[Fraction], highest: int) -> Matrix:
    """Return the matrix of E w(x) x^(i+j), i, j <= highest."""
    span = range(highest + 1)
    return [[sum((w * m[i + j + k] for k, w in enumerate(weight)), ZERO) for j in span] for i in span]


def _sits_on_points(m: Sequence[Fraction], half: int, bounds: Bounds) -> bool:
    """Whether moments with a singular Hankel matrix are those of a distribution on the roots of a polynomial."""
    sizes = range(1, half + 1)
    size = next(size for size in sizes if not signature(_hankel(m, [UNITY], size), bounds.meter)[1])
    against = inverted(_hankel(m, [UNITY], size - 1), bounds.meter)
    relation = [sum(map(Fraction.__mul__, row, m[size : 2 * size]), ZERO) for row in against]

    def follows(values: Sequence[Fraction]) -> bool:  # x^size = sum_i relation_i x^i
        return values[size] == sum(c * value for c, value in zip(relation, values, strict=False))

    if not all(follows(m[start:]) for start in range(len(m) - size)) or (bounds.whole and size > 1):
        return False
    inside = all(signature(_hankel(m, end, size - 1), bounds.meter)[0] for end in bounds.distances)
    outside = {end[0] for end in (bounds.low, bounds.high) if end and not end[1]} | bounds.excluded
    return inside and not any(follows([x**power for power in range(size + 1)]) for x in outside)


# -- points ------------------------------------------------------------------------------------------------------------

Entries = dict[tuple[int, ...], Fraction]  # what is not zero, by the values of indices
Table = tuple[tuple[int, ...], Entries]  # which indices these are


class Point:
    """Sizes and values, at which sums of products are evaluated: one summed index after the other is contracted."""

    def __init__(
        self, out: Expansion, numbers: Mapping[str, Fraction], entries: Mapping[str, Entries], at: Mapping[int, int]
    ) -> None:
        self.out, self.meter, self.numbers, self.tensors, self.at = out, out.meter, numbers, dict(entries), at
        self._inverses: dict[str, Entries] = {}
        self._given: dict[str, list[dict[int, dict[Any, Fraction]]]] = {}  # moments that a distribution has

    def length(self, size: str) -> int:
        """Return what a size is."""
        if size != ONE and size not in self.numbers:
            reject(f"the point does not say what the size {size} is")
        return 1 if size == ONE else int(self.numbers[size])

    def entries(self, total: Sum, free: Mapping[int, str]) -> Entries:
        """Return the entries of a sum that are not zero, by the values of its free indices, which have sizes."""
        parts: dict[tuple[int, ...], list[Entries]] = {}
        for product, c in total.items():
            table: Table = (), {(): self.out.value(c, self.numbers)}
            for sizes, factors in product:
                table = self._joined(table, self._contracted(sizes, factors, free))
            parts.setdefault(table[0], []).append(table[1])
        found: Entries = {}
        for names, tables in parts.items():
            if not set(names) <= set(free):
                reject("an index has no value at the point")
            others = [i for i in free if i not in names]
            order = [[*names, *others].index(i) for i in free]
            for rest in cartesian(*(range(self.length(free[i])) for i in others)):
                for place, x in chain.from_iterable(map(Entries.items, tables)):
                    self.meter.spend(1)
                    whole = place + rest
                    at = tuple([whole[i] for i in order])
                    found[at] = self.meter.weigh(found.get(at, ZERO) + x)
        return {at: x for at, x in found.items() if x}

    def _contracted(self, sizes: Sequence[str], factors: Sequence[Factor], free: Mapping[int, str]) -> Table:
        """Return a component, by the values of its free indices."""
        lengths = {**free, **dict(enumerate(sizes))}
        tables = [self._factor(tensor, indices, lengths) for tensor, indices in factors]
        left = set(range(len(sizes)))
        while left:
            chosen = min(left, key=lambda i: len({name for names, _ in tables if i in names for name in names}))
            names, entries = reduce(self._joined, [table for table in tables if chosen in table[0]])
            place, summed = names.index(chosen), Entries()
            for at, x in entries.items():
                rest = at[:place] + at[place + 1 :]
                summed[rest] = self.meter.weigh(summed.get(rest, ZERO) + x)
            tables = [table for table in tables if chosen not in table[0]]
            tables.append((names[:place] + names[place + 1 :], summed))
            left.remove(chosen)
        return reduce(self._joined, tables)

    def _factor(self, tensor: str, indices: tuple[int, ...], lengths: Mapping[int, str]) -> Table:
        """Return the entries of a tensor, where its indices are the same, and those of the sample."""
        if tensor == DELTA:
            size = next((lengths[i] for i in indices if i in lengths), None)
            span = [self.at[indices[0]]] if size is None else range(self.length(size))
            entries: Entries = {(i, i): UNITY for i in span}
        else:
            entries = self.inverse(tensor) if tensor.startswith(INVERSE) else self.tensors[tensor]
        self.meter.spend(len(entries))
        found: Entries = {}
        for place, x in entries.items():
            here: dict[int, int] = {}
            if all(self.at.get(i, here.setdefault(i, at)) == at for i, at in zip(indices, place, strict=True)):
                found[tuple([at for i, at in here.items() if i not in self.at])] = x
        return tuple([i for i in dict.fromkeys(indices) if i not in self.at]), found

    def _joined(self, a: Table, b: Table) -> Table:
        """Multiply two tables."""
        names = tuple(sorted({*a[0], *b[0]}))
        shared = [(a[0].index(i), b[0].index(i)) for i in a[0] if i in b[0]]
        order = [[*a[0], *b[0]].index(i) for i in names]
        groups: dict[tuple[int, ...], list[tuple[tuple[int, ...], Fraction]]] = {}
        for place, x in b[1].items():
            groups.setdefault(tuple([place[j] for _, j in shared]), []).append((place, x))
        found: Entries = {}
        for place, x in a[1].items():
            for other, y in groups.get(tuple([place[i] for i, _ in shared]), ()):
                self.meter.spend(1)
                whole = place + other
                found[tuple([whole[i] for i in order])] = self.meter.weigh(x * y)
        return names, found

    def inverse(self, tensor: str) -> Entries:
        """Return the entries of an inverse, which has to exist."""
        if tensor not in self._inverses:
            of, shape = self.out.inverted[int(tensor[len(INVERSE) :])]
            axes, rows = axes_of(shape), range(self.length(shape[0]))
            entries = self.entries(of, dict(zip(axes, shape, strict=False)))
            self.meter.spend(len(rows) ** 2)
            matrix = [[entries.get((i, j)[: len(axes)], ZERO) for j in rows] for i in rows]
            places = ((i, j, x) for i, row in enumerate(inverted(matrix, self.meter)) for j, x in enumerate(row))
            self._inverses[tensor] = {(i, j)[: len(axes)]: x for i, j, x in places if x}
        return self._inverses[tensor]

    def require(self, facts: Iterable[str | int]) -> None:
        """Refuse a point at which an inverse does not exist, or moments are not known to be those of a distribution."""
        for fact in facts:
            if isinstance(fact, str):
                self.inverse(fact)
            else:
                self._require_distribution(*self.out.moments[fact])

    def _require_distribution(self, random: str, given: Moments) -> None:
        if not given:
            reject(f"moments of {random} that depend on another random symbol")
        axes = [size for size in self.out.trees.symbols[random] if size != ONE]
        places = list(cartesian(*(range(self.length(size)) for size in axes)))
        found: dict[int, dict[Any, Fraction]] = {0: {(): UNITY}}
        for degree, (slots, value) in given.items():
            self.meter.spend(len(places) ** degree)
            entries = self.entries(value, dict(zip(slots, axes * degree, strict=True)))
            several = cartesian(places, repeat=degree)
            found[degree] = {held: entries.get(tuple(chain(*held)), ZERO) for held in several}
        tables = self._given.setdefault(random, [])
        for known in tables:  # what is given elsewhere of the same symbol is of the same distribution, if it may be
            if all(known.get(degree, values) == values for degree, values in found.items()):
                if known.keys() >= found.keys():
                    return
                found |= known
        bounds = Bounds(self.meter) if self.out.trees.symbols[random] else self.out.range_of(random, self)
        if not has_joint_distribution(found, places, bounds):
            reject(f"moments of {random} of which it is not known that a distribution has them")
        tables.append(found)


# -- deciding by evidence, none of which is believed -------------------------------------------------------------------

Sources = Mapping[str, Sequence[Hypothesis]]
DIRECT: Data = {"squared": False, "multiplier": [], "terms": []}  # the combination of nothing
# where values that a point leaves open are looked for, so that the conditions hold
_TRIED = [Fraction(n, d) for n, d in ((1, 2), (1, 1), (2, 1), (1, 3), (0, 1), (-1, 1), (3, 1), (1, 4), (3, 4), (-2, 1))]


class Units:
    """What one statement may divide by: sizes, what it divides by itself, what is said not to be zero."""

    def __init__(self, algebra: Polynomials, sizes: Iterable[str], known: Iterable[Poly]) -> None:
        self.algebra, self.names = algebra, set(sizes)
        self.parts: list[Poly] = []
        for p in filter(None, map(algebra.cleared, known)):
            names, part = without_content(p)
            self.names |= names
            self.parts += [part] if len(part) > 1 else []

    def require(self, p: Poly) -> Poly:
        """Refuse a polynomial that is not, but for a number, a product or a factor of what is known not to be zero."""
        cleared = self.algebra.cleared(p)
        names, rest = without_content(cleared) if cleared else (set(), {})
        for part in self.parts:
            if len(rest) > 1 and self.algebra.divided(part, rest) is not None:
                rest = CONSTANT
            while len(rest) > 1 and (quotient := self.algebra.divided(rest, part)) is not None:
                rest = quotient
        if len(rest) != 1 or not names <= self.names:
            reject("the evidence divides by something that is not known not to be zero")
        return p


class Decider(Expansion):
    """Decides the statements of a theorem, by evidence and at points; whatever does not hold is rejected."""

    def __init__(self, theorem: Theorem, data: Data) -> None:
        super().__init__(theorem)
        self.theorem = theorem
        self.indices = {"row": ROW, "column": COLUMN, **{i: self.index(i) for i in theorem.indices}}
        self.randoms = {n.parts[1] for root in theorem.roots() for n in walk(root) if n.kind == "Expectation"}
        self._bounding: set[str] = set()
        self._reciprocals = dict(table_of(data["reciprocals"], "reciprocals"))
        self._read: dict[str, Poly] = {}
        self._tensors: dict[str, str] = {}  # inverses by their names in the evidence
        self.units = Units(self, theorem.sizes, ())
        self.permitted: set[str] = set()  # inverses
        for name, tree in table_of(data["inverses"], "inverses").items():
            (((_, ((tensor, _),)),),) = self.read(theorem.expression(["Inverse", tree]))
            self._tensors[name] = tensor
        names = [*theorem.sizes, *theorem.symbols, *self._reciprocals, *self._tensors]
        if len(set(names)) != len(names):
            reject("names of reciprocals and inverses that mean nothing else are required")

    def allow(self, statement: Statement) -> None:
        """Find what a statement divides by; nothing else may be divided by in its evidence."""
        known = [self.scalar(scalar) for scalar in (*statement.provided, *self.denominators_of(statement))]
        signs = [(a, b) for a, sign, b in self.theorem.conditions if sign in (">", "<", "!=")]
        known += [self.less(self.scalar(a), self.scalar(b)) for a, b in signs]
        self.units = Units(self, self.theorem.sizes, known)
        self.permitted = set().union(*(self.tensors(self.read(root)) for root in statement.roots()))
        self._read.clear()  # what was allowed for another statement

    def denominators_of(self, statement: Statement) -> list[Node]:
        """Return what a statement, the conditions, and the definitions that they use divide by."""
        roots = [*statement.roots(), *self.theorem.sides()]
        found = (node for root in roots for node in self.theorem.unfolded(root) if node.kind == "Quotient")
        return list(dict.fromkeys(node.parts[1] for node in found))

    def polynomial(self, data: Data) -> Poly:
        """Return a polynomial; what it divides by has to be allowed."""
        parts: list[Poly] = [{}]
        for term in list_of(data, "a polynomial"):
            number, powers = list_of(term, "a term", 2)
            c = number_of(number)
            product: Poly = {UNIT: c} if c else {}
            for name, exponent in table_of(powers, "names with exponents").items():
                product = self.times(product, self._power(name, whole_of(exponent, "an exponent", -MAX_POWER)))
            parts.append(product)
        return self.plus(*parts)

    def _power(self, name: str, exponent: int) -> Poly:
        if name in self._reciprocals:
            if name not in self._read:
                data = self._reciprocals.pop(name)  # so that none is made of itself
                try:
                    self._read[name] = self.units.require(self.polynomial(data))
                finally:
                    self._reciprocals[name] = data
            return self.power(self._read[name], -exponent)
        if name not in self.theorem.sizes:
            self.theorem.undefined(name, scalar=True)
        return self.power(own(name) if exponent >= 0 else self.units.require(own(name)), exponent)

    def multiplier(self, data: Data, *, unit: bool) -> Poly:
        """Return a product of powers; if it has to be a unit, each of them has to be known not to be zero."""
        total: Poly = CONSTANT
        for item in list_of(data, "a multiplier"):
            base, power = list_of(item, "a polynomial and a power", 2)
            found = self.polynomial(base)
            found = self.units.require(found) if unit else found
            total = self.times(total, self.power(found, whole_of(power, "a power")))
        return total

    def network(self, data: Data, free: Mapping[str, tuple[int, str]]) -> Sum:
        """Return a sum of products of entries; ``free`` are the free indices that it may have, with their sizes."""
        table_of(data, "a network", ("free", "terms"))
        for name, size in table_of(data["free"], "free indices").items():
            if name not in free or free[name][1] != size:
                reject(f"a free index of the statement, with its size, is required, not {name!r:.80}")
        found: Gathered = {}
        for term in list_of(data["terms"], "the terms of a network"):
            coefficient, factors = list_of(term, "a term", 2)
            sizes, product = _Term(self, free).read(list_of(factors, "factors"))
            self.plugged(found, self.polynomial(coefficient), sizes, product, [])
        return self.gathered(found)

    def tensor_of(self, data: Data) -> tuple[str, list[str]]:
        """Return a symbol without a definition, or an inverse, and the sizes of its indices."""
        if isinstance(data, str) and data in self._tensors:
            tensor = self._tensors[data]
            _, shape = self.inverse_of(self.allowed(tensor)) or reject("an inverse is required")
            return tensor, [size for size in shape if size != ONE]
        axes = self.theorem.symbols[self.theorem.undefined(data)]
        return (data, [size for size in axes if size != ONE]) if axes else reject(f"{data} has no entries")

    def allowed(self, tensor: str) -> str:
        """Refuse an inverse that the statement does not speak of."""
        return tensor if tensor in self.permitted else reject("an inverse that the statement does not speak of")

    def require_combination(self, goal: Sum, shape: Shape, way: Data, sources: Sources) -> None:
        """Require that a goal is, but for a factor that is not zero, a combination of hypotheses, as the evidence says.

        Or that the sum of the squares of its entries is: for real numbers that is zero only where each entry is.
        """
        table_of(way, "a combination", ("squared", "multiplier", "terms"))
        mine = {name: (self.indices[name], size) for name, size in zip(("row", "column"), shape, strict=True)}
        samples = {name: (self.indices[name], size) for name, size in self.theorem.indices.items()}
        free = {name: place for name, place in {**mine, **samples}.items() if place[1] != ONE}
        if flag_of(way["squared"]):
            goal = self.bound_over(self.multiplied(goal, goal), mine.values())
        rest = self.scaled(goal, self.multiplier(way["multiplier"], unit=True))
        for term in list_of(way["terms"], "the terms of a combination"):
            rest = self.minus(rest, self._term(term, free, sources))
        if not all(self.is_zero(c) for c in rest.values()):
            reject("the two sides differ" if way == DIRECT else "the combination gives something else")

    def _term(self, data: Data, free: Mapping[str, tuple[int, str]], sources: Sources) -> Sum:
        """Return factor times hypothesis, summed over the slots of the hypothesis."""
        table_of(data, "a term of a combination", ("of", "multiplier", "slots", "factor"))
        body, mine = self._source(data["of"], sources)
        slots = table_of(data["slots"], "the slots of a hypothesis", mine)
        fresh = {name for name in slots.values() if isinstance(name, str) and name not in free}
        if len(fresh) != len(mine):
            reject("slots with names of their own are required")
        moved = {mine[i][0]: self.index(f"slot {name}") for i, name in slots.items()}
        inner = {name: (moved[mine[i][0]], mine[i][1]) for i, name in slots.items()}
        body = self.renamed(body, moved)
        hypothesis = self.scaled(body, self.multiplier(data["multiplier"], unit=False))
        factor = self.network(data["factor"], {**free, **inner})
        return self.bound_over(self.multiplied(factor, hypothesis), inner.values())

    def _relation(self, tensor: str, *, left: bool) -> tuple[Sum, Shape]:
        """Return B A - I, or A B - I, for the inverse B of A."""
        of, shape = self.inverse_of(tensor) or reject("an inverse is required")
        mine = entry(tensor, axes_of(shape))
        product, _ = self.chained(mine, shape, of, shape) if left else self.chained(of, shape, mine, shape)
        return self.minus(product, unit(shape)), shape

    def _source(self, of: Data, sources: Sources) -> tuple[Sum, dict[str, tuple[int, str]]]:
        """Return a hypothesis with its slots: its row, its column, and what it says "for all" of; no sample index."""
        kind, which = [*table_of(of, "a hypothesis").items(), ("", None)][0]
        if len(of) != 1:
            reject("one hypothesis is required")
        bound: Sequence[tuple[str, str]] = ()
        if kind == "inverse":
            name, side = list_of(which, "an inverse and a side", 2)
            if not isinstance(name, str) or name not in self._tensors or side not in ("left", "right"):
                reject("an inverse of the evidence, left or right, is required")
            body, shape = self._relation(self.allowed(self._tensors[name]), left=side == "left")
        elif kind in sources:
            bound, tree = sources[kind][whole_of(which, "the number of a hypothesis", 0, len(sources[kind]) - 1)]
            body, shape = self.read(tree), tree.shape
        else:
            reject("a hypothesis of the statement is required")
        axes = [(name, size) for name, size in zip(("row", "column"), shape, strict=True) if size != ONE]
        mine = {name: (i, size) for (name, size), i in zip(axes, axes_of(shape), strict=True)}
        return body, {**mine, **{name: (self.index(name), size) for name, size in bound}}

    def require_holds(self, statement: Statement, data: Data) -> None:
        """Require that a statement holds for all sizes and values, by the evidence."""
        self.allow(statement)
        given = {"where": statement.where}
        match statement.kind, data["kind"]:
            case "Identity" | "Vanishing", "equal" | "combinations":
                table_of(data, "evidence", ("kind", "ways") if data["kind"] == "combinations" else ("kind",))
                goals = list(self._goals(statement))
                ways = list_of(data.get("ways", [DIRECT] * len(goals)), "ways", len(goals))
                for (goal, shape), way in zip(goals, ways, strict=True):
                    self.require_combination(goal, shape, way, given)
            case "Equivalence", "both_directions":
                table_of(data, "evidence", ("kind", "forward", "backward"))
                sides = {"left": statement.left, "right": statement.right}
                for key, name, other in (("forward", "left", "right"), ("backward", "right", "left")):
                    sources = {**given, other: [Hypothesis((), tree) for tree in sides[other]]}
                    for tree, way in zip(sides[name], list_of(data[key], key, len(sides[name])), strict=True):
                        self.require_combination(self.read(tree), tree.shape, way, sources)
            case "Positivity", "positive":
                self._require_positive(statement, data)
            case _:
                reject(f"evidence for {statement.kind} is required, not of the kind {data['kind']!r:.40}")

    def _goals(self, statement: Statement) -> Iterator[tuple[Sum, Shape]]:
        found = [(self.read(tree), tree.shape) for tree in (*statement.left, *statement.right)]
        if statement.kind == "Identity":
            (left, shape), (right, _) = found
            found = [(self.minus(left, right), shape)]
        yield from found

    def _require_positive(self, statement: Statement, data: Data) -> None:
        """Require a form all of whose coefficients are positive, in symbols t that are positive in the ranges.

        t is x - low, or (x - low)/(high - x). The form has to be the scalar times squares, times powers of the 1 + t
        (``degrees``) and of 1 + the sum of the t that occur (``lifted``).
        """
        table_of(data, "evidence", ("kind", "form", "squares", "degrees", "lifted"))
        times, plus, power = self.times, self.plus, self.power
        form, one = self.polynomial(data["form"]), CONSTANT
        terms = {name: self._positive_term(name, low, high) for name, low, high in statement.ranges}
        names = {name for m in form for name, _ in m}
        if not form or any(c <= 0 for c in form.values()) or not names <= {*terms, *self.theorem.sizes}:
            reject("a form in symbols with a range, with positive coefficients, is required")
        root = self.multiplier(data["squares"], unit=False)
        total, lift = times(self.scalar(statement.left[0]), times(root, root)), one
        for name, degree in table_of(data["degrees"], "degrees").items():
            term = terms.get(name) or reject("degrees of symbols with a range are required")
            total = times(total, power(plus(one, term), whole_of(degree, "a degree")))
        for name in sorted(names & set(terms)):
            lift = plus(lift, terms[name])
        total = times(total, power(lift, whole_of(data["lifted"], "lifted")))
        for monomial, c in form.items():
            found: Poly = {UNIT: -c}
            for name, exponent in monomial:
                found = times(found, power(terms.get(name, own(name)), exponent))
            total = plus(total, found)
        if not self.is_zero(total):
            reject("the positive form is not that of the scalar")

    def _positive_term(self, name: str, low: Fraction, high: Fraction | None) -> Poly:
        above = self.plus(own(name), {UNIT: -low} if low else {})
        below = self.plus({((name, 1),): -UNITY}, {UNIT: high} if high else {})
        return above if high is None else self.times(above, self.reciprocal(below))

    def require_false(self, statement: Statement, data: Data) -> None:
        """Require that a statement is false at a point that meets its hypotheses and all conditions."""
        point = self._point_of(statement, data)
        point.require(self.facts_of(statement.roots()))
        sides = ((self._some(point, self.read(tree), tree.shape) for tree in side) for side in statement[1:3])
        left, right = (any(side) for side in sides)
        match statement.kind:
            case "Identity":
                (a,), (b,) = statement.left, statement.right
                false = self._some(point, self.minus(self.read(a), self.read(b)), a.shape)
            case "Vanishing":
                false = left
            case "Equivalence":
                false = left != right
            case _:
                value = self.value(self.scalar(statement.left[0]), point.numbers)
                false = self._in_ranges(statement, point) and value <= 0
        if not false:
            reject("the statement is not false at the point")

    def is_met(self, statement: Statement, data: Data) -> bool:
        """Whether a point is known at which a statement has a meaning and its hypotheses and all conditions hold."""
        if data is None:
            return not statement.where and self._completed({}, {}, {}, statement) is not None
        point = self._point_of(statement, data)
        point.require(fact for fact in self.facts_of(statement.roots()) if isinstance(fact, str))
        return self._in_ranges(statement, point)

    def _some(self, point: Point, total: Sum, shape: Shape, bound: Sequence[Index] = ()) -> bool:
        """Whether an expression has an entry at a point that is not zero."""
        axes = {i: size for i, size in ((ROW, shape[0]), (COLUMN, shape[1])) if size != ONE}
        return bool(point.entries(total, {**axes, **{self.index(name): size for name, size in bound}}))

    def _in_ranges(self, statement: Statement, point: Point) -> bool:
        """Whether the symbols of a positivity are in their ranges at a point."""
        return all(
            low < point.numbers[name] and (high is None or point.numbers[name] < high)
            for name, low, high in statement.ranges
        )

    def _point_of(self, statement: Statement, data: Data) -> Point:
        """Return a point; what has to hold there does."""
        table_of(data, "a point", ("sizes", "scalars", "entries", "at"))
        sizes = {n: whole_of(size, "a size", 1, MAX_SIZE) for n, size in table_of(data["sizes"], "sizes").items()}
        if not set(sizes) <= set(self.theorem.sizes):
            reject("sizes of the theorem are required")
        numbers, entries, at = {n: Fraction(size) for n, size in sizes.items()}, dict[str, Entries](), dict[int, int]()
        for name, value in table_of(data["scalars"], "scalars").items():
            numbers[self.theorem.undefined(name, scalar=True)] = number_of(value)
        for name, value in table_of(data["entries"], "entries").items():
            axes = self.theorem.symbols[self.theorem.undefined(name)] or reject(f"{name} is a scalar")
            entries[name] = dict(self._given_entries(value, axes, sizes, ()))
        for name in {**self.theorem.indices, **table_of(data["at"], "samples")}:
            high = sizes.get(self.theorem.indices.get(name, ""), 0 if name in data["at"] else 1) - 1
            at[self.index(name)] = whole_of(data["at"].get(name, 0), "a sample", 0, high)
        point = self._completed(numbers, entries, at, statement) or reject("the point does not meet the conditions")
        point.require(self.facts_of([*(h.body for h in statement.where), *statement.provided]))
        if any(self._some(point, self.read(body), body.shape, bound) for bound, body in statement.where):
            reject("the point does not meet the hypotheses")
        if not all(self.value(self.scalar(scalar), point.numbers) for scalar in statement.provided):
            reject("what is provided not to be zero is zero at the point")
        return point

    def _given_entries(self, data: Data, axes: Sequence[str], sizes: Mapping[str, int], at: tuple[int, ...]) -> Any:
        """Return what a point says of entries, by their places, those along the size 1 left out."""
        self.meter.spend(1)
        if not axes:
            yield at, number_of(data)
            return
        if axes[0] != ONE and axes[0] not in sizes:
            reject(f"the point does not say what the size {axes[0]} is")
        rows = [data] if axes[0] == ONE else list_of(data, "entries", sizes[axes[0]])
        for i, row in enumerate(rows):
            yield from self._given_entries(row, axes[1:], sizes, at if axes[0] == ONE else (*at, i))

    def _completed(
        self, numbers: dict[str, Fraction], entries: dict[str, Entries], at: dict[int, int], statement: Statement
    ) -> Point | None:
        """Return a point at which all conditions hold, and no denominator is zero.

        What is left open of their names is looked for; everything else that is left open becomes 1, or as the identity.
        """
        theorem = self.theorem
        zero = Node("Number", (ZERO,))
        conditions = [*theorem.conditions, *((below, "!=", zero) for below in self.denominators_of(statement))]
        used = [theorem.used(left) | theorem.used(right) for left, _, right in conditions]
        open_names = sorted(frozenset(theorem.whole).union(*used) - {*numbers, *theorem.definitions})
        numbers = {**{name: UNITY for name in theorem.sizes if name not in open_names}, **numbers}
        if not all(self._may_be(name, numbers[name]) for name in theorem.whole if name in numbers):
            return None

        def search(found: dict[str, Fraction], names: list[str]) -> Point | None:
            decidable = [c for c, needed in zip(conditions, used, strict=True) if not needed & set(names)]
            if not all(self._is_true(condition, found) for condition in decidable):
                return None
            if not names:
                return self._filled(found, entries, at)
            tries = (search({**found, names[0]: x}, names[1:]) for x in _TRIED if self._may_be(names[0], x))
            return next((point for point in tries if point is not None), None)

        return search(numbers, open_names)

    def _filled(self, numbers: dict[str, Fraction], entries: dict[str, Entries], at: dict[int, int]) -> Point | None:
        missing = {n: axes for n, axes in self.theorem.symbols.items() if n not in (self.theorem.definitions | entries)}
        added = {name: UNITY for name, axes in missing.items() if not axes}
        point = Point(self, {**added, **numbers}, entries, at)
        for name, axes in missing.items():
            if axes:
                spans = [range(point.length(size)) for size in axes if size != ONE]
                self.meter.spend(reduce(lambda x, span: x * len(span), spans, 1))
                places = [place for place in cartesian(*spans) if len({*place, *([0] if ONE in axes else [])}) < 2]
                point.tensors[name] = dict.fromkeys(places, UNITY)
        try:
            point.require(self.facts_of(self.theorem.sides()))
        except RejectedError:
            self.meter.spend(0)  # it may have been that
            return None
        return point

    def _may_be(self, name: str, x: Fraction) -> bool:
        whole, size = name in self.theorem.whole, name in self.theorem.sizes
        return (x.denominator == 1 or not (whole or size)) and (x > 0 or not size)

    def _is_true(self, condition: tuple[Node, str, Node], numbers: Mapping[str, Fraction]) -> bool:
        left, sign, right = condition
        try:
            return SIGNS[sign](self.value(self.scalar(left), numbers) - self.value(self.scalar(right), numbers))
        except RejectedError:
            self.meter.spend(0)  # it may have been that
            return False

    def range_of(self, random: str, point: Point | None = None) -> Bounds:
        """Return the range that the conditions leave to a random scalar: at a point, or those on it alone."""
        if random in self._bounding:
            reject(f"a condition on an expectation over {random}")
        self._bounding.add(random)
        try:
            return self._narrowed(random, point)
        finally:
            self._bounding.remove(random)

    def _narrowed(self, random: str, point: Point | None) -> Bounds:
        bounds = Bounds(self.meter, whole=random in self.theorem.whole)
        for left, sign, right in self.theorem.conditions:
            used = self.theorem.used(left) | self.theorem.used(right)
            if random not in used or not (point or used == {random}):
                continue
            parts = by_power(self.less(self.scalar(left), self.scalar(right)), random)
            expected = self.facts_of([left, right])
            hidden = any(self.involves(part, random) for part in parts.values())
            if expected or hidden or not set(parts) <= {0, 1} or (point and used & (self.randoms - {random})):
                if point or expected or hidden:
                    reject(f"a condition on the random {random} that is no bound")
                continue
            slope, constant = (self.value(parts.get(power, {}), point.numbers if point else {}) for power in (1, 0))
            if slope:
                bounds.enter(slope, constant, sign)
            elif not SIGNS[sign](constant):
                reject("a condition that is not met")
        return bounds


class _Term:
    """A product of entries on the way: summed indices, whole numbers there, are numbered and get their sizes."""

    def __init__(self, evidence: Decider, free: Mapping[str, tuple[int, str]]) -> None:
        self.evidence, self.free = evidence, free
        self.numbers: dict[int, int] = {}
        self.sizes: dict[int, str | None] = {}

    def read(self, data: Sequence[Data]) -> tuple[list[str], list[Factor]]:
        """Return the sizes of the summed indices, and the factors."""
        found, deltas = [], []
        for item in data:
            tensor, indices = list_of(item, "a factor", 2)
            if tensor == DELTA:
                deltas.append(list_of(indices, "the indices of a delta", 2))
            else:
                name, axes = self.evidence.tensor_of(tensor)
                places = zip(list_of(indices, f"the indices of {name}", len(axes)), axes, strict=True)
                found.append((name, tuple([self._place(i, size) for i, size in places])))
        self.evidence.meter.spend(len(deltas) ** 2)
        for _ in deltas:  # the size of one index of a delta is that of the other
            for i, j in deltas:
                self._place(i, self._size(j))
                self._place(j, self._size(i))
        found += [(DELTA, (self._place(i, None), self._place(j, None))) for i, j in deltas]
        sizes = [self.sizes[number] or reject("a summed index without a size") for number in range(len(self.numbers))]
        return sizes, found

    def _size(self, i: Any) -> str | None:
        return self.free[i][1] if isinstance(i, str) and i in self.free else self.sizes.get(self._place(i, None))

    def _place(self, i: Any, size: str | None) -> int:
        """Return the number of an index along an axis of some size."""
        if isinstance(i, str) and i in self.free:
            number, known = self.free[i]
        else:
            number = self.numbers.setdefault(whole_of(i, "a summed index"), len(self.numbers))
            own = self.sizes[number] = self.sizes.get(number) or size
            known = own or ""
        return number if size in (None, known) else reject("an index along axes of two sizes")


# -- the report --------------------------------------------------------------------------------------------------------

CERTIFICATE = "symmix-certificate/2"
MANIFEST = "symmix-manifest/1"
FINE, REJECTED, USAGE = 0, 1, 2
USED = "usage: python3 -I checker.py [--show] DIR|FILE ..."


@dataclass(frozen=True)
class Result:
    """What became of one claim, step or near miss; ``met`` is whether a point is known at which its hypotheses hold."""

    role: str
    label: str
    accepted: bool
    reason: str = ""
    met: bool = True


@dataclass(frozen=True)
class Report:
    """What became of a certificate: it is accepted if all of its parts are, and none may be empty."""

    theorem: str
    digest: str
    accepted: bool
    reason: str = ""
    results: tuple[Result, ...] = ()
    work: int = 0

    @property
    def line(self) -> str:
        """What is printed of what was accepted."""
        names = {"claim": ("claim", "claims"), "step": ("step", "steps"), "near miss": ("near miss", "near misses")}
        counts = {role: sum(result.role == role for result in self.results) for role in names}
        shown = ", ".join(f"{counts[role]} {names[role][counts[role] != 1]}" for role in names)
        return f"CHECKED {self.theorem}: {shown}, for every size; statement {self.digest}"


def check(document: Data, limit: int = MAX_WORK) -> Report:
    """Check a certificate that is given as data; whatever is wrong with it is said in the report.

    A certificate is ``{"schema": "symmix-certificate/2", "statement": ..., "digest": ..., "text": ..., "evidence":
    {"reciprocals": {name: polynomial}, "inverses": {name: tree}, "claims": [...], "proofs": [[...]], "near_misses":
    [...]}}``; the text is for people, and not looked at.
    """
    try:
        return check_text(json.dumps(document), limit)
    except (TypeError, ValueError, RecursionError) as error:
        return Report("", "", accepted=False, reason=f"no JSON: {type(error).__name__}")


def check_text(text: str, limit: int = MAX_WORK) -> Report:
    """Check a certificate that is given as text."""
    meter, name, found = Meter(limit), "", ""
    results: list[Result] = []
    try:
        data = parse(text)
        if isinstance(data, dict) and data.get("schema") == "symmix-certificate/1":
            reject("a certificate of an old version; `symmix prove --certificates DIR` writes it anew")
        table_of(data, "a certificate", ("schema", "statement", "digest", "text", "evidence"))
        if data["schema"] != CERTIFICATE:
            reject(f"the schema {CERTIFICATE} is required")
        theorem = Theorem(data["statement"], meter)
        name, found = theorem.name, digest(data["statement"])
        if data["digest"] != found:
            reject(f"the digest is not that of the statement, {found}")
        results += _results(theorem, data["evidence"])
        reason = next(filter(None, map(_complaint, results)), "")
    except RejectedError as error:
        reason = str(error)
    except RecursionError:
        reason = "nodes are nested too deep"
    return Report(name, found, not reason, reason, tuple(results), limit - max(meter.left, 0))


def check_statement(document: Data, evidence: Data, **names: Data) -> Result:
    """Decide the one claim of a statement document; ``reciprocals`` and ``inverses`` are names used in the evidence."""
    given = {"reciprocals": {}, "inverses": {}, "claims": [evidence], "proofs": [], "near_misses": [], **names}
    whole = {"schema": CERTIFICATE, "statement": document, "digest": digest(document), "text": {}, "evidence": given}
    report = check(whole)
    return report.results[0] if report.results else Result("claim", "", accepted=False, reason=report.reason)


def _complaint(result: Result) -> str:
    if result.accepted and result.met:
        return ""
    return f"{result.role} {result.label!a}: {result.reason or 'no point is known at which it says something'}"


def _results(theorem: Theorem, evidence: Data) -> Iterator[Result]:
    table_of(evidence, "the evidence", ("reciprocals", "inverses", "claims", "proofs", "near_misses"))
    decider = Decider(theorem, evidence)
    for (label, claim), found in _paired(theorem.claims, evidence["claims"], "claims"):
        require_news(claim)
        yield _decided(decider, "claim", label, claim, found)
    for proof, pieces in _paired(theorem.proofs, evidence["proofs"], "proofs"):
        for (label, step), found in _paired(proof, pieces, "steps"):
            yield _decided(decider, "step", label, step, found)
    for (label, miss), found in _paired(theorem.near_misses, evidence["near_misses"], "near misses"):
        yield _decided(decider, "near miss", label, miss, found)


def _paired(stated: Sequence[Any], evidence: Data, what: str) -> Iterable[tuple[Any, Data]]:
    return zip(stated, list_of(evidence, f"the evidence of the {what}", len(stated)), strict=True)


def _decided(decider: Decider, role: str, label: str, statement: Statement, evidence: Data) -> Result:
    """Decide one statement: a near miss has to be false, all else has to be true."""
    met = True
    try:
        point = table_of(evidence, "evidence").get("met")
        evidence = {key: value for key, value in evidence.items() if key != "met"}
        kind = evidence.get("kind")
        denial = statement.kind == "Fails"
        inner = statement.inner[0] if denial else statement
        if denial == (role == "near miss"):
            if kind is None:
                reject("evidence of some kind is required")
            decider.require_holds(inner, evidence)
            met = role == "step" or decider.is_met(inner, point)
        else:
            if evidence.pop("kind", None) != "witness":
                reject("a witness is required")
            decider.require_false(inner, evidence)
    except RejectedError as error:
        decider.meter.spend(0)  # where no work is left, nothing more is decided
        return Result(role, label, accepted=False, reason=str(error))
    return Result(role, label, accepted=True, met=met)


# -- the command -------------------------------------------------------------------------------------------------------


def manifest(files: Mapping[str, tuple[str, str]]) -> Data:
    """Return the manifest of a folder: for each file the name of its theorem and the digest of its statement."""
    return {"schema": MANIFEST, "files": {file: list(pair) for file, pair in sorted(files.items())}}


def _listed(folder: Path) -> dict[Path, tuple[str, str]]:
    """Return the certificates of a folder as its manifest lists them; a missing or an unlisted one is an error."""
    listing = folder / "manifest.json"
    if not listing.is_file():
        reject("there is no manifest.json, which says what belongs there; give the files, or write the folder anew")
    data = table_of(parse(listing.read_text(encoding="utf-8")), "a manifest", ("schema", "files"))
    files = table_of(data["files"], "files")
    differing = {path.name for path in folder.glob("*.json") if path != listing} ^ set(files)
    if data["schema"] != MANIFEST or differing:
        reject(f"manifest.json and the folder differ in: {', '.join(sorted(differing)) or 'the schema'}")
    pairs = {file: [text_of(part, "a name") for part in list_of(pair, file, 2)] for file, pair in files.items()}
    return {folder / file: (name, value) for file, (name, value) in pairs.items()}


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the certificates of folders and files; print a line for each, or with ``--show`` what it states."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    paths = [Path(argument) for argument in given if not argument.startswith("-")]
    if not paths or any(argument.startswith("-") and argument != "--show" for argument in given):
        _say(USED, sys.stderr)
        return USAGE
    fine = True
    for path in paths:
        try:
            files: Mapping[Path, tuple[str, str] | None] = _listed(path) if path.is_dir() else {path: None}
        except (RejectedError, OSError, UnicodeDecodeError) as error:
            _say(f"REJECTED {path}: {error}", sys.stderr)
            fine = False
            continue
        for file, expected in files.items():
            fine &= _checked(file, expected, show="--show" in given)
    return FINE if fine else REJECTED


def _checked(file: Path, expected: tuple[str, str] | None, *, show: bool) -> bool:
    try:
        if file.stat().st_size > MAX_BYTES:
            reject(f"a file of at most {MAX_BYTES} bytes is required")
        text = file.read_text(encoding="utf-8")
        report = check_text(text)
        if report.reason:
            reject(report.reason)
        if expected not in (None, (report.theorem, report.digest)):
            reject("it is not what manifest.json says")
    except (RejectedError, OSError, UnicodeDecodeError) as error:
        _say(f"REJECTED {file}: {error}", sys.stderr)
        return False
    _say(report.line, sys.stdout)
    for line in _shown(Theorem(parse(text)["statement"], Meter(MAX_WORK))) if show else ():
        _say(f"    {line}", sys.stdout)
    return True


def _say(line: str, where: Any) -> None:
    where.write(plain(line) + "\n")


def _shown(theorem: Theorem) -> list[str]:
    """Return a theorem as lines, printed by the file beside this one, if it is there."""
    file = Path(__file__).resolve().with_name("checker_text.py")
    spec = importlib.util.spec_from_file_location("checker_text", file) if file.is_file() else None
    if spec is None or spec.loader is None:
        return [f"theorem {theorem.name}; checker_text.py, which prints what it states, is not there"]
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return list(module.lines(theorem))


if __name__ == "__main__":
    sys.exit(main())
