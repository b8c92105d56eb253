"""The exact second checker: reads certificates, trusts nothing in them, and decides anew what they state.

    symmix verify DIR                  or, this file copied to a machine without symmix:    python3 -I checker.py DIR

It shares no code with symmix and imports nothing of it; its only input is the JSON. How it decides:

*Identities, vanishing, equivalence.* Both sides are multiplied out into one kind of sum: rational numbers times products
of atoms. An atom is a scalar, or entries that summed indices hold together. Definitions are unfolded, derivatives and
expectations taken, deltas contracted. Two products are one if a bijection of their summed indices carries one into the
other. What is left has to cancel once denominators are cleared. Nothing is evaluated, so that holds for every size and
all values: there are no primes, no points, no chance. Cofactors are trees of the same language, multiplied out alike.

*What is false* is evaluated at a point, exactly: the products are contracted there, index by index. Every hypothesis and
condition is met, denominators and inverses are there, and moments that some distribution has.

*What may be divided by* is decided syntactically: numbers, sizes, what the statement itself divides by, and what its
conditions say is not zero.

Work is bounded by counting what is done. In this order: JSON; trees and statements, checked to be well formed; sums of
products; multiplying out (``RULES`` says all of a kind of node: parts, shape, products); points; moments; deciding; the
report. ``checker_text.py`` beside this file prints statements. What a tree means is said in ``symmix.terms``.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import chain, pairwise
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
Reader = Callable[[Data], Any]


def parse(text: str) -> Data:
    """Return JSON as data; a key that stands twice, a float, a large number and deep nesting are rejected."""
    if len(text) > MAX_BYTES:
        reject(f"a file of at most {MAX_BYTES} bytes is required")
    depth = 0
    for bracket in re.findall(r"[\[\]{}]", _STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        if depth > MAX_NESTING:
            reject(f"brackets are nested more than {MAX_NESTING} deep")

    def table(pairs: list[tuple[str, Data]]) -> dict[str, Data]:
        found = dict(pairs)
        return found if len(found) == len(pairs) else reject("a key stands twice in one table")

    def whole(digits: str) -> int:
        return int(digits) if len(digits) <= 10 else reject("a whole number of more than 10 digits")

    def no(digits: str) -> NoReturn:
        reject(f"a number with a fraction or an exponent: {digits[:40]}")

    try:
        return json.loads(text, object_pairs_hook=table, parse_int=whole, parse_float=no, parse_constant=no)
    except ValueError as error:
        reject(f"no JSON: {error}")


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


def row_of(data: Data, what: str, *readers: Reader) -> list[Any]:
    """Return a list of as many items as there are readers, each read by its own."""
    return [read(item) for read, item in zip(readers, list_of(data, what, len(readers)), strict=True)]


def text_of(data: Data) -> str:
    """Return text for people, without line breaks and control characters."""
    if not isinstance(data, str) or len(data) > 4000 or not data.isprintable():
        reject(f"one line of text is required, not {data!r:.80}")
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


def name_of(data: Data) -> str:
    """Return a name: an ASCII letter, then letters, digits and _, then accents."""
    if not isinstance(data, str) or len(data) > MAX_NAME or not _NAME.fullmatch(data):
        reject(f"a name is a letter, then letters, digits and _, then accents, not {data!r:.80}")
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
        self._used: dict[int, tuple[Node, frozenset[str]]] = {}  # the node is kept: its id is not given away again

    def size(self, data: Data) -> str:
        """Return a size, which may be 1."""
        if not isinstance(data, str) or (data != ONE and data not in self.sizes):
            reject(f"a size of the document's table is required, not {data!r:.80}")
        self.occurring.add(data)
        return data

    def symbol(self, data: Data) -> str:
        """Return the name of a symbol."""
        if not isinstance(data, str) or data not in self.symbols:
            reject(f"a symbol of the document's table is required, not {data!r:.80}")
        self.occurring.update((data, *self.symbols[data]))
        return data

    def undefined(self, data: Data) -> str:
        """Return the name of a symbol without a definition."""
        name = self.symbol(data)
        return name if name not in self.definitions else reject(f"{name} has a definition")

    def scalar_name(self, data: Data) -> str:
        """Return the name of a scalar without a definition."""
        name = self.undefined(data)
        return name if not self.symbols[name] else reject(f"{name} is no scalar")

    def tagged(self, data: Data) -> str:
        """Return the name of a symbol without a definition, written as a node."""
        tag, name = list_of(data, "a symbol", 2)
        return self.undefined(name) if tag == "Symbol" else reject("a symbol is required")

    def index(self, data: Data, scope: Scope, others: str = "") -> str:
        """Return the name of an index in scope, or something else that may stand in its place."""
        if not isinstance(data, str) or (data not in scope and data not in (*others,)):
            reject(f"an index that is summed over or declared is required, not {data!r:.80}")
        return data

    def declared(self, data: Data, scope: Scope) -> Index:
        """Return an index with its size, where it is declared."""
        name, size = row_of(data, "an index with its size", name_of, self.size)
        if name in scope or size == ONE:
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
            inner = scope if code == "p" else {}
            reads: Reader = lambda part: self.tree(part, inner, depth, arrays=code == "p")  # noqa: E731
            return tuple(row_of(data, "a symbol and its value", self.undefined, reads))
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
    "w": lambda trees, part, scope: trees.index(part, scope, ONLY + ":"),
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
_KEYS = "schema theorem sizes symbols indices definitions conditions whole independent claims proofs near_misses lemmas"
_PARTS = {
    "Identity": ("side", "side", "where"),
    "Vanishing": ("sides", "where"),
    "Equivalence": ("sides", "sides", "provided", "where"),
    "Positivity": ("side", "ranges"),
    "Fails": ("inner",),
}
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
        table_of(data, "a statement", _KEYS.split())
        self.name = text_of(data["theorem"])
        if data["schema"] != STATEMENT or not _IDENTIFIER.fullmatch(self.name):
            reject(f"the schema {STATEMENT} and a name of letters, digits and _ are required")
        super().__init__(meter, map(name_of, list_of(data["sizes"], "sizes")), {})
        self.symbols = {name: self._axes(name, axes) for name, axes in table_of(data["symbols"], "symbols").items()}
        indices = [self._sample(index, {}) for index in list_of(data["indices"], "indices")]
        self.indices: Scope = dict(indices)
        self.bound.clear()
        self._define(list_of(data["definitions"], "definitions"))
        self.conditions = [self._condition(condition) for condition in list_of(data["conditions"], "conditions")]
        self.whole = [self.scalar_name(name) for name in list_of(data["whole"], "whole")]
        self.claims = self._labelled(data["claims"], "claims")
        self.proofs = [self._derivation(proof) for proof in list_of(data["proofs"], "proofs")]
        self.near_misses = self._labelled(data["near_misses"], "near misses")
        self.lemmas = [row_of(lemma, "a lemma", *[text_of] * 3) for lemma in list_of(data["lemmas"], "lemmas")]
        names = [*self.sizes, *self.symbols, *(name for name, _ in indices), *self.bound]
        if len(set(names)) != len(names) or not self.claims:
            reject("a name has two meanings, or there are no claims")
        if self.occurring - {ONE} != {*self.sizes, *self.symbols} or self.sizes != sorted(self.sizes):
            reject("tables of the sizes and symbols that occur, and of no others, are required")
        nodes = [node for root in self.roots() for node in walk(root) if node.kind == "Expectation"]
        inside = ((n, m) for n in nodes for m in walk(n.parts[0]) if m.kind == "Expectation")
        self.independent = sorted({(outer.parts[1], inner.parts[1]) for outer, inner in inside})
        if data["independent"] != [list(pair) for pair in self.independent]:
            reject(f"the independent pairs are {self.independent}")

    def _axes(self, name: str, data: Data) -> tuple[str, ...]:
        axes = list_of(data, f"the axes of {name_of(name)}")
        if len(axes) not in (0, 2, 3, 4) or any(size != ONE and size not in self.sizes for size in axes):
            reject(f"{name}: a scalar, a matrix, or an array of sizes of the table is required")
        return tuple(axes)

    def _sample(self, data: Data, scope: Scope) -> Index:
        """Return an index that evidence may name, as it does the row and the column of a matrix."""
        found = self.declared(data, scope)
        return found if found[0] not in OWN else reject(f"an index that is not called {found[0]} is required")

    def _define(self, data: list[Data]) -> None:
        pairs = [row_of(pair, "a symbol and what it stands for", self.symbol, lambda value: value) for pair in data]
        for place, (name, value) in enumerate(pairs):
            tree, axes, pending = self.tree(value, {}), self.symbols[name], {name for name, _ in pairs[place:]}
            if len(axes) > 2 or tree.shape != (axes or SCALAR) or self.used(tree) & pending or name in self.definitions:
                reject(f"one definition of {name} in its shape, by what is defined before it, is required")
            self.definitions[name] = tree

    def _condition(self, data: Data) -> tuple[Node, str, Node]:
        left, sign, right = list_of(data, "a condition", 3)
        if not isinstance(sign, str) or sign not in SIGNS:
            reject(f"one of {', '.join(SIGNS)} is required")
        sides = [self.require_plain(self.tree(side, {}), "a condition") for side in (left, right)]
        return sides[0], sign, sides[1]

    def sides(self) -> list[Node]:
        """Return the sides of all conditions."""
        return [side for left, _, right in self.conditions for side in (left, right)]

    def roots(self) -> list[Node]:
        """Return all trees."""
        stated = [s for _, s in (*self.claims, *self.near_misses, *chain(*self.proofs))]
        return [*self.definitions.values(), *self.sides(), *(root for s in stated for root in s.roots())]

    def _labelled(self, data: Data, what: str) -> list[tuple[str, Statement]]:
        found = [row_of(item, what, text_of, self.statement) for item in list_of(data, what)]
        if len({label for label, _ in found}) != len(found):
            reject(f"{what} with labels that differ are required")
        return [(label, statement) for label, statement in found]

    def expression(self, data: Data) -> Node:
        """Return an expression in the scope of the sample indices."""
        return self.tree(data, self.indices)

    def statement(self, data: Data, *, inside: bool = False) -> Statement:
        """Return a well-formed statement, which states something."""
        kind = data[0] if isinstance(data, list) and data else None
        if not isinstance(kind, str) or kind not in _PARTS or (inside and kind == "Fails"):
            reject(f"a statement is required, not {data!r:.80}")
        sides, found = list[tuple[Node, ...]](), dict[str, Any]()
        for name, part in zip(_PARTS[kind], list_of(data[1:], kind, len(_PARTS[kind])), strict=True):
            if name == "inner":
                found[name] = (self.statement(part, inside=True),)
            elif name in ("where", "ranges"):
                found[name] = self._where(part) if name == "where" else self._ranges(part)
            else:
                trees = tuple([self.expression(item) for item in ([part] if name == "side" else list_of(part, name))])
                if name == "provided":
                    found[name] = tuple([self.require_plain(tree, "what is not zero") for tree in trees])
                else:
                    sides.append(trees or reject("at least one expression is required"))
        if kind == "Positivity":
            self.require_plain(sides[0][0], "what is positive")
        if len(sides) == 2 and (
            sides[0] == sides[1] or (kind == "Identity" and sides[0][0].shape != sides[1][0].shape)
        ):
            reject(f"{kind} of two sides of one shape that differ is required")
        return Statement(kind, *sides, **found)

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
            known = name if name in self.sizes else self.scalar_name(name)
            if known in found or (bounds[1] is not None and bounds[1] <= bounds[0]):
                reject("one range with points in it for each symbol is required")
            found[name] = (name, *bounds)
        return tuple(found.values())

    def _derivation(self, data: Data) -> list[tuple[str, Statement]]:
        """Return the equalities that the steps of a chain state, each with its reason."""
        before, steps = row_of(data, "a proof", self.expression, lambda steps: list_of(steps, "steps"))
        found = list[tuple[str, Statement]]()
        for step in steps:
            after, reason, where = row_of(step, "a step", self.expression, text_of, self._where)
            if before.shape != after.shape or before == after:
                reject("a step to another expression of the same shape is required")
            found.append((reason, Statement("Identity", (before,), (after,), where)))
            before = after
        ends = {found[0][1].left[0], before} if found else set()
        about = [s for _, s in self.claims if s.kind == "Identity" and {s.left[0], s.right[0]} == ends]
        if not about:
            reject("a proof leads from one side of a claimed identity to the other")
        if {h for _, step in found for h in step.where} - {h for claim in about for h in claim.where}:
            reject("a step uses hypotheses of its claim alone")
        return found


def require_news(claim: Statement) -> None:
    """Refuse a claim that is its own hypothesis, or that repeats a given moment."""
    if claim.kind == "Vanishing" and any(Hypothesis((), e) in claim.where for e in claim.left):
        reject("the claim is its own hypothesis")
    for side, other in (pair for pair in cartesian(claim.left + claim.right, repeat=2) if claim.kind == "Identity"):
        if side.kind == "Expectation":
            of, random, moments = side.parts
            base, degree = of.parts if of.kind == "Power" else (of, 1)
            if base[:2] == ("Symbol", (random,)) and any(m.parts[::2] == (degree, other) for m in moments):
                reject("the claim is a given moment")


# -- sums of products of atoms, each product in one form ---------------------------------------------------------------

# An atom is a component that has a number: entries that summed indices hold together, or one thing without indices: a
# scalar, a size, a reciprocal. Two components are the same atom if a bijection of their summed indices carries one into
# the other: see ``Algebra.canonical``. A sum whose atoms all are without indices is a polynomial.
Factor = tuple[str, tuple[int, ...]]  # a tensor at indices: free ones are negative, summed ones count from 0
Component = tuple[tuple[str, ...], tuple[Factor, ...]]  # the sizes of its summed indices, and its factors
Product = tuple[tuple[int, int], ...]  # atoms with exponents, sorted
Sum = dict[Product, Fraction]
Renaming = Mapping[int, int]
NOTHING: Product = ()
WHOLE: Sum = {NOTHING: UNITY}
MINUS: Sum = {NOTHING: -UNITY}
DELTA = "="  # no name; nor are those of reciprocals and inverses, "1/0", ..., "inverse 0", ...


class Algebra:
    """Adds, multiplies and divides sums, renames their indices and sums over them."""

    def __init__(self, meter: Meter) -> None:
        self.meter = meter
        self.components: list[Component] = []  # by atom
        self.free: list[frozenset[int]] = []  # the free indices of each,
        self.tensors: list[frozenset[str]] = []  # and its tensors
        self.below: dict[str, Sum] = {}  # what the reciprocals are of
        self._atoms: dict[Component, int] = {}
        self._reciprocals: dict[frozenset[tuple[Product, Fraction]], str] = {}

    def atom(self, component: Component) -> int:
        """Return the number of a component."""
        number = self._atoms.get(component)
        if number is None:
            form = self.canonical(component)
            number = self._atoms.setdefault(form, len(self.components))
            if number == len(self.components):
                self.components.append(form)
                self.free.append(frozenset(i for _, at in form[1] for i in at if i < 0))
                self.tensors.append(frozenset(tensor for tensor, _ in form[1]))
            self._atoms[component] = number
        return number

    def entry(self, tensor: str, at: Iterable[int] = ()) -> Sum:
        """Return an entry of a tensor, or something without indices."""
        return {((self.atom(((), ((tensor, tuple(at)),))), 1),): UNITY}

    def name(self, atom: int) -> str:
        """Return the name of an atom without indices; other atoms have none."""
        (tensor, at), *others = self.components[atom][1]
        return "" if at or others else tensor

    def delta(self, i: int, j: int) -> Sum:
        """Return the Kronecker delta of two free indices."""
        return WHOLE if i == j else self.entry(DELTA, sorted((i, j)))

    def plus(self, *sums: Sum) -> Sum:
        """Return the sum of sums."""
        total: Sum = dict(sums[0]) if sums else {}
        for other in sums[1:]:
            for product, c in other.items():
                self.enter(total, product, c)
        return total

    def enter(self, total: Sum, product: Product, c: Fraction) -> None:
        """Put one product into a sum."""
        self.meter.spend(1 + (len(product) >> 1))
        before = total.pop(product, None)
        c = c if before is None else self.meter.weigh(before + c)
        if c:
            total[product] = c

    def less(self, a: Sum, b: Sum) -> Sum:
        """Return a - b."""
        return self.plus(a, self.times(b, MINUS))

    def times(self, a: Sum, b: Sum) -> Sum:
        """Return the product of two sums over the same free indices."""
        if WHOLE in (a, b):
            return b if a == WHOLE else a
        total: Sum = {}
        for m, c in a.items():
            for n, d in b.items():
                self.enter(total, self.joined(m, n), self.meter.weigh(c * d))
        return total

    def joined(self, m: Product, n: Product) -> Product:
        """Return the product of two products."""
        if not m or not n:
            return m or n
        powers = dict(m)
        for atom, e in n:
            powers[atom] = powers.get(atom, 0) + e
        product = tuple(sorted([(atom, e) for atom, e in powers.items() if e]))
        if len(product) > 1 and any(DELTA in self.tensors[atom] for atom, _ in product):
            held = [item for item in product if self.free[item[0]]]  # deltas may make their free indices equal
            rest = tuple([item for item in product if not self.free[item[0]]])
            return tuple(sorted((*rest, *self.assembled(*self.unpacked(held)))))
        return product

    def power(self, p: Sum, exponent: int) -> Sum:
        """Return a whole power; a negative one of a polynomial that is not zero."""
        if exponent < 0:
            return self.power(self.reciprocal(p), -exponent)
        result = WHOLE
        while exponent:
            result = self.times(result, p) if exponent & 1 else result
            exponent >>= 1
            p = self.times(p, p) if exponent else p
        return result

    # -- division by polynomials ---

    def reciprocal(self, p: Sum) -> Sum:
        """Return 1/p for a polynomial, which is an atom of its own if p has more than one term."""
        if self.is_zero(p):
            reject("a division by zero")
        lead, scale = max(p.items())
        if len(p) == 1:
            return {tuple([(atom, -e) for atom, e in lead]): 1 / scale}
        monic = {product: self.meter.weigh(c / scale) for product, c in p.items()}
        name = self._reciprocals.setdefault(frozenset(monic.items()), f"1/{len(self.below)}")
        self.below.setdefault(name, monic)
        return self.times(self.entry(name), {NOTHING: 1 / scale})

    def cleared(self, p: Sum) -> Sum:
        """Return a polynomial times denominators, which are not zero, so that no reciprocal is left."""
        while True:
            self.meter.spend(len(p))
            atoms = {atom for product in p for atom, _ in product if self.name(atom) in self.below}
            if not atoms:
                return p
            last = max(atoms)  # what it is of holds earlier reciprocals at most
            parts = by_power(p, last)
            below, top = self.below[self.name(last)], max(parts)
            p = self.plus({}, *(self.times(part, self.power(below, top - e)) for e, part in parts.items()))

    def is_zero(self, total: Sum) -> bool:
        """Whether a sum vanishes for all sizes and values, wherever its reciprocals exist."""
        coefficients: dict[Product, Sum] = {}
        for product, c in total.items():
            entries = tuple([item for item in product if not self.name(item[0])])
            rest = tuple([item for item in product if self.name(item[0])]) if entries else product
            coefficients.setdefault(entries, {})[rest] = c
        return not any(self.cleared(p) for p in coefficients.values())

    def divided(self, p: Sum, q: Sum) -> Sum | None:
        """Return p/q for polynomials without reciprocals and negative exponents, or None if there is a rest."""
        atoms = sorted({atom for product in (*p, *q) for atom, _ in product})

        def degree(product: Product) -> list[int]:
            powers = dict(product)
            return [powers.get(atom, 0) for atom in atoms]

        lead, quotient = max(q, key=degree), Sum()
        while p:
            self.meter.spend(len(p) + (len(p) + len(q)) * (1 + len(atoms)))
            top = max(p, key=degree)
            step = self.joined(top, inverse_of(lead))
            if any(e < 0 for _, e in step):
                return None
            quotient[step] = p[top] / q[lead]
            p = self.less(p, self.times({step: quotient[step]}, q))
        return quotient

    # -- indices ---

    def assembled(self, sizes: Sequence[str], factors: list[Factor]) -> Product:
        """Return a product in its form; a sum over an index that nothing depends on is its size.

        ``sizes`` are those of the summed indices 0, 1, ...; a delta with one of them makes it another index.
        """
        self.meter.spend(1 + 2 * len(factors) + len(sizes))
        left = set(range(len(sizes)))
        if any(tensor == DELTA for tensor, _ in factors):
            factors, merged = contracted(factors)
            left -= merged
        roots: dict[int, int] = {}  # summed indices that hang together have one root
        groups: dict[int, list[Factor]] = {}
        powers: dict[int, int] = {}
        summed = [[i for i in indices if i >= 0] for _, indices in factors]
        for held in summed:
            for i in held:
                roots[root(roots, i)] = root(roots, held[0])
            left.difference_update(held)
        for place, (factor, held) in enumerate(zip(factors, summed, strict=True)):
            groups.setdefault(root(roots, held[0]) if held else -1 - place, []).append(factor)
        for group in groups.values():
            numbers: dict[int, int] = {}
            moved = [
                (tensor, tuple([numbers.setdefault(i, len(numbers)) if i >= 0 else i for i in indices]))
                for tensor, indices in group
            ]
            atom = self.atom((tuple([sizes[i] for i in numbers]), tuple(moved)))
            powers[atom] = 1 if moved[0][0] == DELTA else powers.get(atom, 0) + 1
        for i in left:
            atom = self.atom(((), ((sizes[i], ()),)))
            powers[atom] = powers.get(atom, 0) + 1
        return tuple(sorted(powers.items()))

    def unpacked(
        self, product: Iterable[tuple[int, int]], shift: int = 0, names: Renaming | None = None
    ) -> tuple[list[str], list[Factor]]:
        """Return factors, summed indices numbered through from ``shift`` on, free ones renamed."""
        sizes, factors, names = list[str](), list[Factor](), names or {}
        for atom, e in product:
            mine, held = self.components[atom]
            self.meter.spend(e * len(held))
            for _ in range(e):
                start = shift + len(sizes)
                factors += [(t, tuple([i + start if i >= 0 else names.get(i, i) for i in at])) for t, at in held]
                sizes += mine
        return sizes, factors

    def plugged(self, sizes: Sequence[str], factors: Sequence[Factor], values: Iterable[tuple[Sum, Renaming]]) -> Sum:
        """Return a product times sums whose free indices become indices of the product, summed ones too."""
        left = [(UNITY, NOTHING, list(sizes), list(factors))]
        for value, slots in values:
            grown = []
            for c, rest, before, mine in left:
                for product, d in value.items():
                    moved = [item for item in product if not self.free[item[0]].isdisjoint(slots)]
                    others = tuple([item for item in product if item not in moved]) if moved else product
                    more, held = self.unpacked(moved, len(before), slots)
                    self.meter.spend(1 + len(mine))
                    grown.append((self.meter.weigh(c * d), self.joined(rest, others), before + more, mine + held))
            left = grown
        total: Sum = {}
        for c, rest, before, mine in left:
            self.enter(total, self.joined(rest, self.assembled(before, mine)) if before or mine else rest, c)
        return total

    def renamed(self, total: Sum, names: Renaming) -> Sum:
        """Rename free indices."""
        return self.plugged([], [], [(total, names)])

    def bound_over(self, total: Sum, indices: Iterable[tuple[int, str]]) -> Sum:
        """Sum over free indices, each over its size; there is nothing to do for the size 1."""
        pairs = [(i, size) for i, size in indices if size != ONE]
        return self.plugged([size for _, size in pairs], [], [(total, {i: n for n, (i, _) in enumerate(pairs)})])

    def canonical(self, component: Component) -> Component:
        """Return the one form of a component: the same for all ways to number its summed indices.

        Whatever is returned is the component with its summed indices numbered anew: components of one form *are* one.
        That all numberings lead to one form takes a search: indices are told apart by where they occur; of those that
        are not told apart one after the other is made the first; and the least form wins.
        """
        sizes, _ = component
        if len(sizes) > MAX_SUMMED:
            reject(f"a product in which more than {MAX_SUMMED} summed indices hang together")
        return self._least(component, self._refined(component, list(sizes)), every=True)

    def _refined(self, component: Component, colours: Sequence[Any]) -> list[int]:
        """Tell summed indices apart by the colours of what they occur with, until nothing changes."""
        ranks = {colour: rank for rank, colour in enumerate(sorted(set(colours)))}
        now, known = [ranks[colour] for colour in colours], 0
        while len(ranks) > known:
            known = len(ranks)
            self.meter.spend(2 * len(component[1]) + len(now))
            seen: list[list[tuple[Any, ...]]] = [[] for _ in now]
            for tensor, indices in component[1]:
                shown = tuple([i if i < 0 else now[i] for i in indices])
                for place, i in enumerate(indices):
                    if i >= 0:
                        seen[i].append((tensor, shown, place))
            keys = [(colour, tuple(sorted(around))) for colour, around in zip(now, seen, strict=True)]
            ranks = {key: rank for rank, key in enumerate(sorted(set(keys)))}
            now = [ranks[key] for key in keys]
        return now

    def _least(self, component: Component, colours: list[int], *, every: bool) -> Component:
        """Return the least form, or if not every choice is tried the one that taking always the first leads to."""
        sizes, factors = component
        alike = next(
            ([i for i in range(len(sizes)) if colours[i] == c] for c in sorted(colours) if colours.count(c) > 1), []
        )
        if not alike:
            moved = sorted([(t, tuple([i if i < 0 else colours[i] for i in indices])) for t, indices in factors])
            return tuple([size for _, size in sorted(zip(colours, sizes, strict=True))]), tuple(moved)
        first = best = None
        for chosen in alike if every else alike[:1]:
            tried = self._refined(component, [2 * colour + (i != chosen) for i, colour in enumerate(colours)])
            form = self._least(component, tried, every=False)
            if first is None or form != first:  # else a symmetry carries one choice into the other
                found = self._least(component, tried, every=True) if every else form
                best = found if best is None else min(best, found)
            first = first or form
        return best or component


def by_power(p: Sum, atom: int) -> dict[int, Sum]:
    """Return the coefficients of the powers of an atom."""
    found: dict[int, Sum] = {}
    for product, c in p.items():
        found.setdefault(dict(product).get(atom, 0), {})[tuple([item for item in product if item[0] != atom])] = c
    return found


def inverse_of(product: Product) -> Product:
    """Return one over a product."""
    return tuple([(atom, -e) for atom, e in product])


def root(parents: dict[int, int], i: int) -> int:
    """Return what stands for all that an index is joined to."""
    while (above := parents.get(i, i)) != i:
        parents[i] = parents.get(above, above)
        i = above
    return i


def contracted(factors: Iterable[Factor]) -> tuple[list[Factor], set[int]]:
    """Return factors in which indices that deltas make equal are one, and the summed indices that became another one.

    Deltas of free indices stay: each of them with the one that stands for all.
    """
    parents: dict[int, int] = {}
    mentioned: set[int] = set()
    for tensor, indices in factors:
        if tensor == DELTA:
            low, high = sorted([root(parents, i) for i in indices])
            parents[high] = low  # so free indices stand for summed ones
            mentioned.update(indices)
    kept = [(t, tuple([root(parents, i) for i in indices])) for t, indices in factors if t != DELTA]
    others = {i for i in mentioned if root(parents, i) != i}
    return [*kept, *((DELTA, (root(parents, i), i)) for i in others if i < 0)], {i for i in others if i >= 0}


# -- multiplying out ---------------------------------------------------------------------------------------------------

ROW, COLUMN, BY_ROW, BY_COLUMN, INNER = -1, -2, -3, -4, -5  # free indices; further ones have names
OWN = {"row": ROW, "column": COLUMN}  # as evidence names them
Values = Mapping[str, tuple[Sequence[int], Sum]]  # what a tensor becomes, at which of its indices
Moments = dict[int, tuple[list[int], Sum]]  # by degree: at which indices


def axes_of(shape: Sequence[str]) -> list[int]:
    """Return the free indices of a matrix: those of its axes whose size is not 1."""
    return [i for i, size in zip((ROW, COLUMN), shape, strict=False) if size != ONE]


class Expansion(Algebra):
    """Multiplies the trees of one document out, definitions unfolded.

    What it takes for granted on the way are its facts: that inverses exist, and that some distribution has the moments.
    """

    def __init__(self, trees: Trees) -> None:
        super().__init__(trees.meter)
        self.trees = trees
        self.inverted: dict[str, tuple[Sum, Shape]] = {}  # what the inverses are of
        self.moments: dict[str, tuple[str, Moments]] = {}  # what is given of a random symbol
        self.facts: set[str] = set()  # names of both
        self._inverses: dict[object, str] = {}
        self._indices = dict(OWN)
        self._done: dict[Node, tuple[Sum, set[str]]] = {}
        self._defined: dict[str, tuple[Sum, set[str]]] = {}

    def index(self, name: str) -> int:
        """Return the number of a free index."""
        return self._indices.setdefault(name, -10 - len(self._indices))

    def read(self, tree: Node) -> Sum:
        """Return a tree multiplied out."""
        return self.read_with_facts(tree)[0]

    def read_with_facts(self, tree: Node) -> tuple[Sum, set[str]]:
        """Return a tree multiplied out, and what this takes for granted."""
        if tree not in self._done:
            names = self.trees.used(tree)
            for name, value in self.trees.definitions.items():  # each uses earlier ones only
                if name in names and name not in self._defined:
                    self._defined[name] = self.out_with_facts(value)
            self._done[tree] = self.out_with_facts(tree)
        return self._done[tree]

    def facts_of(self, trees: Iterable[Node]) -> set[str]:
        """Return what trees take for granted."""
        return set[str]().union(*(self.read_with_facts(tree)[1] for tree in trees))

    def out_with_facts(self, tree: Node) -> tuple[Sum, set[str]]:
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

    def symbol(self, name: str, at: Sequence[int]) -> Sum:
        """Return a symbol at indices, one for each axis that is not of size 1."""
        if name not in self.trees.definitions:
            return self.entry(name, at)
        total, facts = self._defined[name]
        self.facts |= facts
        return self.renamed(total, dict(zip(axes_of(self.trees.symbols[name]), at, strict=True)))

    def chained(self, a: Sum, first: Shape, b: Sum, second: Shape) -> tuple[Sum, Shape]:
        """Multiply matrices, or a scalar and anything."""
        if SCALAR in (first, second):
            return self.times(a, b), second if first == SCALAR else first
        a, b = self.renamed(a, {COLUMN: INNER}), self.renamed(b, {ROW: INNER})
        return self.bound_over(self.times(a, b), [(INNER, first[1])]), (first[0], second[1])

    def multiply(self, *factors: tuple[Sum, Shape]) -> Sum:
        """Multiply scalars and chains of matrices."""
        total, shape = WHOLE, SCALAR
        for factor in factors:
            total, shape = self.chained(total, shape, *factor)
        return total

    def unit(self, shape: Shape) -> Sum:
        """Return the identity matrix."""
        return WHOLE if shape == SCALAR else self.delta(ROW, COLUMN)

    def matrix_power(self, tree: Node, base: Node, exponent: int) -> Sum:
        """Multiply something by itself."""
        total, result, shape = self.out(base), self.unit(tree.shape), tree.shape
        if shape == SCALAR:
            return self.power(total, exponent)
        while exponent:
            result = self.multiply((result, shape), (total, shape)) if exponent & 1 else result
            exponent >>= 1
            total = self.multiply((total, shape), (total, shape)) if exponent else total
        return result

    def inverse(self, of: Sum, shape: Shape) -> Sum:
        """Return the inverse of a matrix, a tensor of its own: equal matrices have one."""
        if any(self.free[atom] - {ROW, COLUMN} for product in of for atom, _ in product):
            reject("an inverse that depends on an index")
        name = self._inverses.setdefault((shape, frozenset(of.items())), f"inverse {len(self.inverted)}")
        self.inverted.setdefault(name, (of, shape))
        self.facts.add(name)
        return self.entry(name, axes_of(shape))

    def entry_of(self, _: Node, of: Node, indices: Sequence[str]) -> Sum:
        """Return an entry."""
        at = [self.index(i) for i in indices if i != ONLY]
        if of.kind == "Symbol":
            return self.symbol(of.parts[0], at)
        return self.renamed(self.out(of), dict(zip(axes_of(of.shape), at, strict=True)))

    def slice(self, _: Node, of: Node, *places: str) -> Sum:
        """Return a row or a column."""
        names = {i: self.index(name) for i, name in zip((ROW, COLUMN), places, strict=True) if name not in (ONLY, ":")}
        return self.renamed(self.out(of), names)

    def by_entries(self, _: Node, row: Index | None, column: Index | None, body: Node) -> Sum:
        """Return a matrix given by its entries."""
        return self.renamed(self.out(body), {self.index(i[0]): axis for i, axis in ((row, ROW), (column, COLUMN)) if i})

    # -- replacing tensors: in derivatives, At and expectations ---

    def tensors_in(self, total: Sum) -> set[str]:
        """Return the tensors, scalars and sizes that occur in a sum, also inside of inverses and reciprocals."""
        found = set[str]().union(*(self.tensors[atom] for atom in {atom for product in total for atom, _ in product}))
        inside = [self.inverted[name][0] for name in found if name in self.inverted]
        inside += [self.below[name] for name in found if name in self.below]
        return found.union(*map(self.tensors_in, inside))

    def moving(self, total: Sum, rules: Values) -> list[str]:
        """Return the inverses in a sum that depend on what has a rule."""
        inside = {name for product in total for atom, _ in product for name in self.tensors[atom] & set(self.inverted)}
        return [name for name in sorted(inside) if self.tensors_in(self.inverted[name][0]) & set(rules)]

    def replaced(self, total: Sum, rules: Values) -> Sum:
        """Put values in the place of all factors that have a rule, at once."""
        known = dict(rules)
        for name in self.moving(total, rules):
            of, shape = self.inverted[name]
            known[name] = axes_of(shape), self.inverse(self.replaced(of, rules), shape)
        values: dict[int, Sum] = {}
        found: Sum = {}
        for product, c in total.items():
            part: Sum = {tuple([item for item in product if self.tensors[item[0]].isdisjoint(known)]): c}
            for atom, e in product:
                if not self.tensors[atom].isdisjoint(known):
                    if atom not in values:
                        sizes, factors = self.components[atom]
                        put = [
                            (known[t][1], dict(zip(known[t][0], at, strict=True))) for t, at in factors if t in known
                        ]
                        values[atom] = self.plugged(sizes, [f for f in factors if f[0] not in known], put)
                    part = self.times(part, self.power(values[atom], e))
            found = self.plus(found, part)
        return found

    def differentiated(self, total: Sum, rules: Values) -> Sum:
        """Put its derivative in the place of one factor after the other, and add up."""
        known = dict(rules)
        for name in self.moving(total, rules):  # d B = -B dA B
            of, shape = self.inverted[name]
            mine = self.entry(name, axes_of(shape))
            slope = self.multiply((mine, shape), (self.differentiated(of, rules), shape), (mine, shape))
            known[name] = axes_of(shape), self.times(slope, MINUS)
        slopes: dict[int, Sum] = {}
        found: Sum = {}
        for product, c in total.items():
            for atom, e in product:
                if atom not in slopes:
                    sizes, factors = self.components[atom]
                    slopes[atom] = self.plus(
                        {},
                        *(
                            self.plugged(
                                sizes,
                                factors[:place] + factors[place + 1 :],
                                [(known[t][1], dict(zip(known[t][0], at, strict=True)))],
                            )
                            for place, (t, at) in enumerate(factors)
                            if t in known
                        ),
                    )
                if slopes[atom]:
                    rest = {self.joined(product, ((atom, -1),)): c * e}
                    found = self.plus(found, self.times(rest, slopes[atom]))
        return found

    def derivative(self, tree: Node, of: Node, by: str, jacobians: Any, constant: Any) -> Sum:
        """Differentiate, through the Jacobians that are declared."""
        slots = axes_of(self.trees.symbols[by])
        along = [BY_ROW if i == ROW else BY_COLUMN for i in slots]
        rules: dict[str, tuple[Sequence[int], Sum]]
        rules = {by: (slots, reduce(self.times, map(self.delta, slots, along), WHOLE))}
        for name, value in jacobians:
            at = axes_of(self.trees.symbols[name])
            array = value.kind == "Symbol" and len(self.trees.symbols[value.parts[0]]) > 2
            slope = self.symbol(value.parts[0], [*at, *along]) if array else self.out(value)
            rules[name] = at, slope if array else self.renamed(slope, {COLUMN: BY_ROW})
        inner = self.out(of)
        present = self.tensors_in(inner)
        if not constant and not present & set(rules):
            reject(f"a derivative by {by} of what does not depend on it, without saying 'constant'")
        depends = set(self.trees.jacobians.get(by, ()))  # and what has a Jacobian inside, or is one
        for node in self.trees.unfolded(of):
            for name, value in node.parts[2] if node.kind in ("Gradient", "Jacobian") else ():
                depends |= {name} if node.parts[1] == by else set()
                depends |= {value.parts[0]} if value.kind == "Symbol" and name in rules else set()
        if held := (present - set(rules)) & depends:
            reject(f"{min(held)} is held constant in a derivative by {by}, on which it depends")
        names = {BY_ROW: ROW, BY_COLUMN: COLUMN} if tree.kind == "Gradient" else {BY_ROW: COLUMN}
        return self.renamed(self.differentiated(inner, rules), names)

    def at(self, _: Node, of: Node, values: Sequence[tuple[str, Node]]) -> Sum:
        """Replace symbols; what is taken for granted inside is so with the values in their place."""
        rules = {name: (axes_of(value.shape), self.out(value)) for name, value in values}
        inner, facts = self.out_with_facts(of)
        for fact in facts:
            if fact in self.inverted:
                self.replaced(self.entry(fact, axes_of(self.inverted[fact][1])), rules)
                self.facts |= set() if self.tensors_in(self.inverted[fact][0]) & set(rules) else {fact}
            else:
                random, given = self.moments[fact]
                self.take(random, {degree: (i, self.replaced(value, rules)) for degree, (i, value) in given.items()})
        return self.replaced(inner, rules)

    def take(self, random: str, given: Moments) -> None:
        """Take moments for granted."""
        name = f"moments {len(self.moments)}"
        self.facts.add(name)
        self.moments[name] = random, given

    def expectation(self, _: Node, of: Node, random: str, moments: Sequence[Node]) -> Sum:
        """Put moments in the place of products of random entries, or of powers of a random scalar."""
        given: Moments = {
            degree: ([self.index(name) for name in names], self.out(value)) for _, (degree, names, value), _ in moments
        }
        self.require_possible(random, given)
        self.take(random, given)
        inner, facts = self.out_with_facts(of)
        self.facts |= facts
        for about, values in [self.moments[fact] for fact in facts if fact in self.moments]:
            if any(random in self.tensors_in(value) for _, value in values.values()):
                self.take(about, {})  # no distribution is known whose moments are random themselves
        known: Moments = {0: ([], WHOLE), **given}
        found: Sum = {}
        for product, c in inner.items():
            drawn = [item for item in product if random in self.tensors[item[0]]]
            rest: Sum = {tuple([item for item in product if item not in drawn]): c}
            sizes, factors = self.unpacked(drawn)
            at = sorted([at for t, at in factors if t == random], key=lambda at: [(i >= 0, abs(i)) for i in at])
            slots, value = known.get(len(at)) or reject(f"the moment of degree {len(at)} of {random} is not given")
            put = [(value, dict(zip(slots, chain(*at), strict=True)))]
            part = self.plugged(sizes, [factor for factor in factors if factor[0] != random], put)
            found = self.plus(found, self.times(rest, part))
        return found

    def range_of(self, random: str, point: Point | None = None) -> Range:  # noqa: ARG002 - by a decider
        """Return where a random scalar lies: anywhere, if nothing more is known."""
        return Range((), whole=False)

    def require_possible(self, random: str, given: Moments) -> None:
        """Refuse given numbers that are the moments of no distribution."""
        values = {degree: value.get(NOTHING, ZERO) for degree, (_, value) in given.items() if set(value) <= {NOTHING}}
        if len(values) == len(given) and not self.trees.symbols[random]:
            if not realizable({0: UNITY, **values}, self.range_of(random), self.meter)[0]:
                reject(f"no distribution of {random} has the given moments")


class Rule(NamedTuple):
    """All of a kind of node: the codes of its parts, its shape if they fit, and what it is multiplied out."""

    codes: str
    shape: Callable[..., Shape | None]  # by the trees, the scope, and the parts
    out: Callable[..., Sum]  # by the expansion, the node, and the parts


RULES: Mapping[str, Rule] = {
    "Number": Rule("n", lambda *_: SCALAR, lambda _, __, value: {NOTHING: value} if value else {}),
    "Size": Rule("z", lambda _, __, name: SCALAR if name != ONE else None, lambda e, _, name: e.entry(name)),
    "Symbol": Rule("y", _axes, lambda e, _, name: e.symbol(name, axes_of(e.trees.symbols[name]))),
    "Add": Rule("E", _alike, lambda e, _, terms: e.plus({}, *map(e.out, terms))),
    "Multiply": Rule("E", _chain, lambda e, _, factors: e.multiply(*((e.out(f), f.shape) for f in factors))),
    "Quotient": Rule("ee", _quotient, lambda e, _, above, below: e.times(e.out(above), e.reciprocal(e.out(below)))),
    "Power": Rule("ek", _square, Expansion.matrix_power),
    "Hadamard": Rule("E", _alike, lambda e, _, factors: reduce(e.times, map(e.out, factors))),
    "Transpose": Rule(
        "e", lambda _, __, of: of.shape[::-1], lambda e, _, of: e.renamed(e.out(of), {ROW: COLUMN, COLUMN: ROW})
    ),
    "Trace": Rule(
        "e",
        lambda _, __, of: SCALAR if _square(_, __, of) else None,
        lambda e, _, of: e.bound_over(e.renamed(e.out(of), {COLUMN: ROW}), [(ROW, of.shape[0])]),
    ),
    "Diagonal": Rule(
        "e",
        lambda _, __, of: (of.shape[0], ONE) if _square(_, __, of) else None,
        lambda e, _, of: e.renamed(e.out(of), {COLUMN: ROW}),
    ),
    "DiagonalMatrix": Rule(
        "e",
        lambda _, __, of: (max(of.shape, key=lambda n: n != ONE),) * 2 if ONE in of.shape else None,
        lambda e, tree, of: e.times(e.renamed(e.out(of), {COLUMN: ROW}), e.unit(tree.shape)),
    ),
    "Inverse": Rule("e", _square, lambda e, tree, of: e.inverse(e.out(of), tree.shape)),
    "Identity": Rule("z", lambda _, __, size: (size, size), lambda e, tree, __: e.unit(tree.shape)),
    "Ones": Rule("zz", lambda _, __, *shape: shape, lambda *_: WHOLE),
    "Zeros": Rule("zz", lambda _, __, *shape: shape, lambda *_: {}),
    "Delta": Rule(
        "ii",
        lambda _, scope, i, j: SCALAR if scope[i] == scope[j] else None,
        lambda e, _, i, j: e.delta(e.index(i), e.index(j)),
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


# -- points ------------------------------------------------------------------------------------------------------------

Entries = dict[tuple[int, ...], Fraction]  # what is not zero, by the values of indices
Table = tuple[tuple[int, ...], Entries]  # which indices these are
Matrix = list[list[Fraction]]


class Point:
    """Sizes and values, at which sums are evaluated: one summed index after the other is contracted.

    A scalar is a table of one entry. What is not said of a symbol is 1, entries off the diagonal 0.
    """

    def __init__(self, out: Expansion, tables: Mapping[str, Entries], at: Mapping[int, int]) -> None:
        self.out, self.meter, self.tables, self.at = out, out.meter, dict(tables), dict(at)
        self._values: dict[tuple[int, ...], Fraction] = {}
        self._given: dict[str, list[dict[int, dict[Any, Fraction]]]] = {}  # moments that a distribution has

    def number(self, name: str) -> Fraction:
        """Return the value of a scalar or a size."""
        return self.table(name).get((), ZERO)

    def span(self, sizes: Iterable[str]) -> Iterator[tuple[int, ...]]:
        """Run through the values of indices along axes; those of size 1 are left out."""
        for place in cartesian(*(range(int(self.number(size))) for size in sizes if size != ONE)):
            self.meter.spend(1)
            yield place

    def table(self, name: str) -> Entries:
        """Return the entries of a tensor, or of what has no indices."""
        if name not in self.tables:
            if name in self.out.below:
                found = {(): 1 / (self.value(self.out.below[name]) or reject("a denominator is zero at the point"))}
            elif name in self.out.inverted:
                found = self._inverse(*self.out.inverted[name])
            elif name in self.out.trees.symbols:
                axes = self.out.trees.symbols[name]
                found = {at: UNITY for at in self.span(axes) if len({*at, *([0] if ONE in axes else [])}) < 2}
            else:
                reject(f"the point does not say what the size {name} is")
            self.tables[name] = found
        return self.tables[name]

    def _inverse(self, of: Sum, shape: Shape) -> Entries:
        places, axes = list(self.span(shape)), axes_of(shape)
        size = len(places) if not axes else int(self.number(shape[0]))
        entries = iter([self.value(of, dict(zip(axes, at, strict=True))) for at in places])
        matrix = inverted([[next(entries) for _ in range(size)] for _ in range(size)], self.meter)
        return {at: x for at, x in zip(places, chain(*matrix), strict=True) if x}

    def value(self, total: Sum, at: Mapping[int, int] | None = None) -> Fraction:
        """Return what a sum is where its free indices have values."""
        found, at = ZERO, {**self.at, **(at or {})}
        for product, c in total.items():
            for atom, e in product:
                x = self._atom(atom, at)
                if not x and e < 0:
                    reject("a denominator is zero at the point")
                if abs(e) * (x.numerator.bit_length() + x.denominator.bit_length() - 2) > MAX_BITS:
                    reject("a number that is too large")
                c = self.meter.weigh(c * x**e)  # noqa: PLW2901 - a product on the way
            found = self.meter.weigh(found + c)
        return found

    def _atom(self, atom: int, at: Mapping[int, int]) -> Fraction:
        self.meter.spend(1)
        free = sorted(self.out.free[atom])
        if not set(free) <= set(at):
            reject("an index has no value at the point")
        key = (atom, *(at[i] for i in free))
        if key not in self._values:
            self._values[key] = self._contracted(*self.out.components[atom], at)
        return self._values[key]

    def _contracted(self, sizes: Sequence[str], factors: Sequence[Factor], at: Mapping[int, int]) -> Fraction:
        """Return what a component is, by joining the tables that have an index, and summing over it."""
        if factors[0][0] == DELTA:
            return Fraction(len({at[i] for i in factors[0][1]}) == 1)
        tables = [self._factor(tensor, indices, at) for tensor, indices in factors]
        left = set(range(len(sizes)))
        while left:
            chosen = min(left, key=lambda i: len({name for names, _ in tables if i in names for name in names}))
            names, entries = reduce(self._joined, [table for table in tables if chosen in table[0]])
            place, summed = names.index(chosen), Entries()
            for key, x in entries.items():
                rest = key[:place] + key[place + 1 :]
                summed[rest] = self.meter.weigh(summed.get(rest, ZERO) + x)
            tables = [
                *(table for table in tables if chosen not in table[0]),
                (names[:place] + names[place + 1 :], summed),
            ]
            left.remove(chosen)
        return reduce(self._joined, tables)[1].get((), ZERO)

    def _factor(self, tensor: str, indices: tuple[int, ...], at: Mapping[int, int]) -> Table:
        """Return the entries of a tensor by summed indices, where others have their values and equal ones are equal."""
        entries, found = self.table(tensor), Entries()
        self.meter.spend(len(entries))
        for place, x in entries.items():
            here: dict[int, int] = {}
            if all((at[i] if i < 0 else here.setdefault(i, k)) == k for i, k in zip(indices, place, strict=True)):
                found[tuple(here.values())] = x
        return tuple([i for i in dict.fromkeys(indices) if i >= 0]), found

    def _joined(self, a: Table, b: Table) -> Table:
        """Multiply two tables."""
        names = tuple(dict.fromkeys(a[0] + b[0]))
        shared = [(a[0].index(i), b[0].index(i)) for i in a[0] if i in b[0]]
        fresh = [b[0].index(i) for i in names[len(a[0]) :]]
        groups: dict[tuple[int, ...], list[tuple[tuple[int, ...], Fraction]]] = {}
        for place, x in b[1].items():
            groups.setdefault(tuple([place[j] for _, j in shared]), []).append((tuple([place[j] for j in fresh]), x))
        found: Entries = {}
        for place, x in a[1].items():
            for rest, y in groups.get(tuple([place[i] for i, _ in shared]), ()):
                self.meter.spend(1)
                found[place + rest] = self.meter.weigh(x * y)
        return names, found

    def require(self, facts: Iterable[str]) -> None:
        """Refuse a point at which an inverse does not exist, or moments are not known to be those of a distribution."""
        for fact in sorted(facts):
            if fact in self.out.inverted:
                self.table(fact)
            else:
                self._require_distribution(*self.out.moments[fact])

    def _require_distribution(self, random: str, given: Moments) -> None:
        if not given:
            reject(f"moments of {random} that depend on another random symbol")
        places = list(self.span(self.out.trees.symbols[random]))
        found: dict[int, dict[Any, Fraction]] = {0: {(): UNITY}}
        for degree, (slots, value) in given.items():
            self.meter.spend(len(places) ** degree)
            several = cartesian(places, repeat=degree)
            found[degree] = {held: self.value(value, dict(zip(slots, chain(*held), strict=True))) for held in several}
        tables = self._given.setdefault(random, [])
        for known in tables:  # what is given elsewhere of the same symbol is of the same distribution, if it may be
            if all(known.get(degree, values) == values for degree, values in found.items()):
                found |= known
        if found in tables:
            return
        inside = Range((), whole=False) if self.out.trees.symbols[random] else self.out.range_of(random, self)
        if not has_joint_distribution(found, places, inside, self.meter):
            reject(f"moments of {random} of which it is not known that a distribution has them")
        tables.append(found)


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


# -- which moments some distribution has -------------------------------------------------------------------------------


class Range(NamedTuple):
    """Where a random scalar x lies: slope * x + constant has a sign, >, >= or !=; and whether it is whole."""

    bounds: tuple[tuple[Fraction, Fraction, str], ...]
    whole: bool

    def contains(self, x: Fraction) -> bool:
        """Whether a number lies in the range."""
        return all(SIGNS[sign](a * x + b) for a, b, sign in self.bounds) and not (self.whole and x.denominator != 1)


def signature(matrix: Matrix, meter: Meter) -> tuple[bool, bool]:
    """Return whether a symmetric matrix is positive semidefinite, and whether it is definite, by elimination."""
    rows, definite = [list(row) for row in matrix], True
    while rows:
        meter.spend(len(rows) ** 2)
        first, *others = rows
        if first[0] < 0 or (first[0] == 0 and any(first)):
            return False, False
        definite = definite and first[0] > 0
        scales = [row[0] / first[0] if first[0] else ZERO for row in others]
        rows = [
            [meter.weigh(x - scale * y) for x, y in zip(row[1:], first[1:], strict=True)]
            for row, scale in zip(others, scales, strict=True)
        ]
    return True, definite


def realizable(moments: Mapping[int, Fraction], inside: Range, meter: Meter) -> tuple[bool, bool]:
    """Return whether a distribution in the range may have these moments, and whether it is known that one has.

    The Hankel matrices of moments, E w(x) x^(i+j), have to be semidefinite, for w = 1 and the distances to the ends of
    the range. If all are definite, there is a distribution; so it is in a closed interval if they are semidefinite.
    """
    top = 0
    while top + 1 in moments:
        top += 1
    m = [moments[degree] for degree in range(top + 1)]
    low = max((-b / a for a, b, sign in inside.bounds if a > 0 and sign != "!="), default=None)
    high = min((-b / a for a, b, sign in inside.bounds if a < 0 and sign != "!="), default=None)
    weights = [[UNITY]]
    if low is not None and high is not None and top % 2 == 0:
        weights.append([-low * high, low + high, -UNITY])
    else:
        weights += [[-low, UNITY]] if low is not None else []
        weights += [[high, -UNITY]] if high is not None else []
    found = []
    for w in (w for w in weights if len(w) <= top + 1):
        span = range((top + 1 - len(w)) // 2 + 1)
        hankel = [[sum((c * m[i + j + k] for k, c in enumerate(w)), ZERO) for j in span] for i in span]
        found.append(signature(hankel, meter))
    if not all(semidefinite for semidefinite, _ in found) or len(m) < len(moments):
        return all(semidefinite for semidefinite, _ in found), False
    same = top > 0 and all(value == m[1] ** degree for degree, value in moments.items()) and inside.contains(m[1])
    closed = low is not None and high is not None and all(sign == ">=" for *_, sign in inside.bounds)
    return True, same or (not inside.whole and (closed or all(definite for _, definite in found)))


def has_joint_distribution(
    found: Mapping[int, Mapping[Any, Fraction]], places: Sequence[Any], inside: Range, meter: Meter
) -> bool:
    """Whether some distribution has these moments: of one number, of a covariance, of what is always the same."""
    if len(places) == 1:
        return realizable({d: next(iter(values.values())) for d, values in found.items()}, inside, meter)[1]
    if any(values[held] != values[tuple(sorted(held))] for values in found.values() for held in values):
        return False  # they depend on the order of the entries
    mean = {place: found[1][place,] if 1 in found else ZERO for place in places}
    sure = (reduce(lambda x, place: x * mean[place], held, UNITY) == x for v in found.values() for held, x in v.items())
    if all(sure):
        return True
    if max(found) > 2:
        return False
    covariance = [[found[2][p, q] - mean[p] * mean[q] for q in places] for p in places]
    return signature(covariance, meter)[0]


# -- deciding by evidence, none of which is believed -------------------------------------------------------------------

Sources = Mapping[str, Sequence[Hypothesis]]
DIRECT: Data = {"squared": False, "multiplier": [], "terms": []}  # the combination of nothing
# where values that a point leaves open are looked for, so that the conditions hold
_TRIED = [Fraction(n, d) for n, d in ((1, 2), (1, 1), (2, 1), (1, 3), (0, 1), (-1, 1), (3, 1), (1, 4), (3, 4), (-2, 1))]


class Decider(Expansion):
    """Decides the statements of a theorem, by evidence and at points; whatever does not hold is rejected.

    What may be divided by: sizes, what a statement divides by itself, what is said not to be zero. ``units`` are the
    atoms among these, and in what these are multiples of; ``parts`` the polynomials, without such atoms.
    """

    def __init__(self, theorem: Theorem) -> None:
        super().__init__(theorem)
        self.theorem = theorem
        self.zero = Node("Number", (ZERO,))
        expectations = (n for root in theorem.roots() for n in walk(root) if n.kind == "Expectation")
        self.randoms = {node.parts[1] for node in expectations}
        self.units: set[int] = set()
        self.parts: list[Sum] = []
        self.permitted: set[str] = set()  # inverses

    def allow(self, statement: Statement) -> None:
        """Find what a statement divides by; nothing else may be divided by in its evidence."""
        known = [self.read(scalar) for scalar in (*statement.provided, *self.denominators_of(statement))]
        signs = [(a, b) for a, sign, b in self.theorem.conditions if sign in (">", "<", "!=")]
        known += [self.less(self.read(a), self.read(b)) for a, b in signs]
        self.units, self.parts = {atom for size in self.theorem.sizes for atom in self._atoms_of(self.entry(size))}, []
        for p in filter(None, map(self.cleared, known)):
            atoms, part = without_content(p)
            self.units |= atoms
            self.parts += [part] if len(part) > 1 else []
        self.permitted = set().union(*(self.tensors_in(self.read(root)) for root in statement.roots()))

    def _atoms_of(self, total: Sum) -> set[int]:
        return {atom for product in total for atom, _ in product}

    def denominators_of(self, statement: Statement) -> list[Node]:
        """Return what a statement, the conditions, and the definitions that they use divide by."""
        roots = [*statement.roots(), *self.theorem.sides()]
        found = (node for root in roots for node in self.theorem.unfolded(root) if node.kind == "Quotient")
        return list(dict.fromkeys(node.parts[1] for node in found))

    def require_unit(self, p: Sum) -> Sum:
        """Refuse a polynomial that is not, but for a number, a product or a factor of what is known not to be zero."""
        cleared = self.cleared(p)
        atoms, rest = without_content(cleared) if cleared else (set(), {})
        for part in self.parts:
            if len(rest) > 1 and self.divided(part, rest) is not None:
                rest = WHOLE
            while len(rest) > 1 and (quotient := self.divided(rest, part)) is not None:
                rest = quotient
        if len(rest) != 1 or not atoms <= self.units:
            reject("the evidence divides by something that is not known not to be zero")
        return p

    def evident(self, data: Data, scope: Scope, shape: Shape = SCALAR) -> Sum:
        """Return a tree of the evidence multiplied out; it divides by what it may, and inverts what is inverted."""
        tree = self.theorem.tree(data, scope)
        total = self.read(tree) if tree.shape == shape else reject("evidence of this shape is required")
        self._require_defined(total)
        return total

    def _require_defined(self, total: Sum) -> None:
        for tensor in set[str]().union(*(self.tensors[atom] for atom in self._atoms_of(total))):
            if tensor in self.inverted and tensor not in self.permitted:
                reject("an inverse that the statement does not speak of")
            if tensor in self.below:
                self._require_defined(self.below[tensor])
                self.require_unit(self.below[tensor])
        for atom in {atom for product in total for atom, e in product if e < 0}:
            self.require_unit({((atom, 1),): UNITY})

    def require_combination(self, goal: Sum, shape: Shape, way: Data, sources: Sources) -> None:
        """Require that a goal is, but for a factor that is not zero, a combination of hypotheses, as the evidence says.

        Or that the sum of the squares of its entries is: for real numbers that is zero only where each entry is.
        """
        table_of(way, "a combination", ("squared", "multiplier", "terms"))
        scope = {
            name: size for name, size in (*zip(OWN, shape, strict=True), *self.theorem.indices.items()) if size != ONE
        }
        if flag_of(way["squared"]):
            goal = self.bound_over(self.times(goal, goal), zip(OWN.values(), shape, strict=True))
        for base in list_of(way["multiplier"], "a multiplier"):
            goal = self.times(goal, self.require_unit(self.evident(base, {})))
        for term in list_of(way["terms"], "the terms of a combination"):
            goal = self.less(goal, self._term(term, scope, sources))
        if not self.is_zero(goal):
            reject("the two sides differ" if way == DIRECT else "the combination gives something else")

    def _term(self, data: Data, scope: Scope, sources: Sources) -> Sum:
        """Return factor times hypothesis, summed over the slots of the hypothesis.

        Slots are its row, its column, and what it says "for all" of; no index of a tree is called as they are.
        """
        of, factor = (table_of(data, "a term of a combination", ("of", "factor"))[key] for key in ("of", "factor"))
        kind, which = row_of(of, "a hypothesis", text_of, lambda which: which)
        bound: Sequence[Index] = ()
        if kind in sources:
            bound, tree = sources[kind][whole_of(which, "the number of a hypothesis", 0, len(sources[kind]) - 1)]
            body, shape = self.read(tree), tree.shape
        elif kind in ("left inverse", "right inverse"):
            inverse = self.theorem.expression(["Inverse", which])
            body, shape = self._relation(inverse, left=kind == "left inverse"), inverse.shape
        else:
            reject("a hypothesis of the statement is required")
        mine = [(f"of {name}", OWN[name], size) for name, size in zip(OWN, shape, strict=True) if size != ONE]
        mine += [(f"of {name}", self.index(name), size) for name, size in bound]
        hypothesis = self.renamed(body, {i: self.index(name) for name, i, _ in mine})
        total = self.times(self.evident(factor, {**scope, **{name: size for name, _, size in mine}}), hypothesis)
        return self.bound_over(total, [(self.index(name), size) for name, _, size in mine])

    def _relation(self, inverse: Node, *, left: bool) -> Sum:
        """Return B A - I, or A B - I, for the inverse B of A."""
        pair = [(self.read(tree), tree.shape) for tree in (inverse, inverse.parts[0])]
        self._require_defined(pair[0][0])
        return self.less(self.multiply(*(pair if left else pair[::-1])), self.unit(inverse.shape))

    def require_holds(self, statement: Statement, data: Data) -> None:
        """Require that a statement holds for all sizes and values, by the evidence."""
        self.allow(statement)
        given = {"where": statement.where}
        match statement.kind, data["kind"]:
            case "Identity" | "Vanishing", "equal" | "combinations":
                table_of(data, "evidence", ("kind", "ways") if data["kind"] == "combinations" else ("kind",))
                goals = [(self.read(tree), tree.shape) for tree in statement.left]
                if statement.kind == "Identity":
                    goals = [(self.less(goals[0][0], self.read(statement.right[0])), goals[0][1])]
                ways = list_of(data.get("ways", [DIRECT] * len(goals)), "ways", len(goals))
                for (goal, shape), way in zip(goals, ways, strict=True):
                    self.require_combination(goal, shape, way, given)
            case "Equivalence", "both_directions":
                table_of(data, "evidence", ("kind", "forward", "backward"))
                for key, goal, other in (("forward", "left", "right"), ("backward", "right", "left")):
                    trees, known = getattr(statement, goal), getattr(statement, other)
                    sources = {**given, other: [Hypothesis((), tree) for tree in known]}
                    for tree, way in zip(trees, list_of(data[key], key, len(trees)), strict=True):
                        self.require_combination(self.read(tree), tree.shape, way, sources)
            case "Positivity", "positive":
                self._require_positive(statement, data)
            case _:
                reject(f"evidence for {statement.kind} is required, not of the kind {data['kind']!r:.40}")

    def _require_positive(self, statement: Statement, data: Data) -> None:
        """Require a form and a multiplier with positive coefficients, in symbols t that are positive in the ranges.

        t is x - low, or (x - low)/(high - x). The form has to be the scalar times the multiplier and a square.
        """
        table_of(data, "evidence", ("kind", "form", "multiplier", "root"))
        rules: dict[str, tuple[Sequence[int], Sum]] = {}
        for name, low, high in statement.ranges:
            t = self.less(self.entry(name), {NOTHING: low} if low else {})
            if high is not None:
                t = self.times(t, self.reciprocal(self.less({NOTHING: high} if high else {}, self.entry(name))))
            rules[name] = (), t
        form, multiplier = (self.evident(data[key], {}) for key in ("form", "multiplier"))
        for total in (form, multiplier):
            names = {self.name(atom) for atom in self._atoms_of(total)}
            if not total or any(c <= 0 for c in total.values()) or not names <= {*rules, *self.theorem.sizes}:
                reject("a form in symbols with a range, with positive coefficients, is required")
        root = self.evident(data["root"], {})
        scalar = self.times(self.read(statement.left[0]), self.times(root, root))
        if not self.is_zero(
            self.less(self.times(scalar, self.replaced(multiplier, rules)), self.replaced(form, rules))
        ):
            reject("the positive form is not that of the scalar")

    # -- at points ---

    def require_false(self, statement: Statement, data: Data) -> None:
        """Require that a statement is false at a point that meets its hypotheses and all conditions."""
        point = self._point_of(statement, data)
        point.require(self.facts_of(statement.roots()))
        left, right = (any(self._some(point, self.read(t), t.shape) for t in side) for side in statement[1:3])
        match statement.kind:
            case "Identity":
                (a,), (b,) = statement.left, statement.right
                false = self._some(point, self.less(self.read(a), self.read(b)), a.shape)
            case "Vanishing":
                false = left
            case "Equivalence":
                false = left != right
            case _:
                false = self._in_ranges(statement, point) and point.value(self.read(statement.left[0])) <= 0
        if not false:
            reject("the statement is not false at the point")

    def is_met(self, statement: Statement, data: Data) -> bool:
        """Whether a point is known at which a statement has a meaning and its hypotheses and all conditions hold."""
        if data is None:
            return not statement.where and self._completed({}, {}, statement) is not None
        point = self._point_of(statement, data)
        point.require(fact for fact in self.facts_of(statement.roots()) if fact in self.inverted)
        return self._in_ranges(statement, point)

    def _some(self, point: Point, total: Sum, shape: Shape, bound: Sequence[Index] = ()) -> bool:
        """Whether an expression has an entry at a point that is not zero."""
        axes = [(i, size) for i, size in zip(OWN.values(), shape, strict=True) if size != ONE]
        axes += [(self.index(name), size) for name, size in bound]
        places = point.span(size for _, size in axes)
        return any(point.value(total, dict(zip((i for i, _ in axes), place, strict=True))) for place in places)

    def _in_ranges(self, statement: Statement, point: Point) -> bool:
        """Whether the symbols of a positivity are in their ranges at a point."""
        found = ((point.number(name), low, high) for name, low, high in statement.ranges)
        return all(low < x and (high is None or x < high) for x, low, high in found)

    def _point_of(self, statement: Statement, data: Data) -> Point:
        """Return a point; what has to hold there does."""
        table_of(data, "a point", ("sizes", "scalars", "entries", "at"))
        sizes = {n: whole_of(size, "a size", 1, MAX_SIZE) for n, size in table_of(data["sizes"], "sizes").items()}
        if not set(sizes) <= set(self.theorem.sizes):
            reject("sizes of the theorem are required")
        tables, at = {name: {(): Fraction(size)} for name, size in sizes.items()}, dict[int, int]()
        for name, value in table_of(data["scalars"], "scalars").items():
            tables[self.theorem.scalar_name(name)] = {(): number_of(value)}
        for name, value in table_of(data["entries"], "entries").items():
            axes = self.theorem.symbols[self.theorem.undefined(name)] or reject(f"{name} is a scalar")
            tables[name] = dict(self._given_entries(value, axes, sizes, ()))
        for name in {**self.theorem.indices, **table_of(data["at"], "samples")}:
            high = sizes.get(self.theorem.indices.get(name, ""), 0 if name in data["at"] else 1) - 1
            at[self.index(name)] = whole_of(data["at"].get(name, 0), "a sample", 0, high)
        point = self._completed(tables, at, statement) or reject("the point does not meet the conditions")
        point.require(self.facts_of([*(h.body for h in statement.where), *statement.provided]))
        if any(self._some(point, self.read(body), body.shape, bound) for bound, body in statement.where):
            reject("the point does not meet the hypotheses")
        if not all(point.value(self.read(scalar)) for scalar in statement.provided):
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

    def _completed(self, tables: dict[str, Entries], at: dict[int, int], statement: Statement) -> Point | None:
        """Return a point at which all conditions hold, and no denominator is zero.

        What is left open of their names is looked for; every other size that is left open is 1.
        """
        theorem = self.theorem
        conditions = [*theorem.conditions, *((below, "!=", self.zero) for below in self.denominators_of(statement))]
        used = [theorem.used(left) | theorem.used(right) for left, _, right in conditions]
        open_names = sorted(frozenset(theorem.whole).union(*used) - {*tables, *theorem.definitions})
        tables = {**{name: {(): UNITY} for name in theorem.sizes if name not in open_names}, **tables}
        if not all(self._may_be(name, tables[name][()]) for name in theorem.whole if name in tables):
            return None

        def search(found: dict[str, Entries], names: list[str]) -> Point | None:
            point = Point(self, found, at)
            decidable = [c for c, needed in zip(conditions, used, strict=True) if not needed & set(names)]
            if not all(self._is_true(condition, point) for condition in decidable):
                return None
            if not names:
                return point
            tries = (search({**found, names[0]: {(): x}}, names[1:]) for x in _TRIED if self._may_be(names[0], x))
            return next((point for point in tries if point is not None), None)

        return search(tables, open_names)

    def _may_be(self, name: str, x: Fraction) -> bool:
        whole, size = name in self.theorem.whole, name in self.theorem.sizes
        return (x.denominator == 1 or not (whole or size)) and (x > 0 or not size)

    def _is_true(self, condition: tuple[Node, str, Node], point: Point) -> bool:
        left, sign, right = condition
        try:
            point.require(self.facts_of([left, right]))
            return SIGNS[sign](point.value(self.read(left)) - point.value(self.read(right)))
        except RejectedError:
            self.meter.spend(0)  # it may have been that
            return False

    def range_of(self, random: str, point: Point | None = None) -> Range:
        """Return the range that the conditions leave to a random scalar: at a point, or those on it alone."""
        bounds = []
        for left, sign, right in self.theorem.conditions:
            used = self.theorem.used(left) | self.theorem.used(right)
            if random not in used or not (point or used == {random}):
                continue
            if any(node.kind == "Expectation" for side in (left, right) for node in self.theorem.unfolded(side)):
                reject(f"a condition on an expectation over {random}")
            parts = by_power(self.less(self.read(left), self.read(right)), *self._atoms_of(self.entry(random)))
            hidden = any(random in self.tensors_in(part) for part in parts.values())
            if hidden or not set(parts) <= {0, 1} or (point and used & (self.randoms - {random})):
                if point or hidden:
                    reject(f"a condition on the random {random} that is no bound")
                continue
            at = point or Point(self, {}, {})
            slope, constant = (at.value(parts.get(power, {})) for power in (1, 0))
            turn = -1 if sign[0] == "<" else 1
            if slope:
                bounds.append((turn * slope, turn * constant, sign.replace("<", ">")))
            elif not SIGNS[sign](constant):
                reject("a condition that is not met")
        return Range(tuple(bounds), whole=random in self.theorem.whole)


def without_content(p: Sum) -> tuple[set[int], Sum]:
    """Split off the powers of atoms that all terms of a polynomial have: return the atoms, and what is left."""
    powers = [dict(product) for product in p]
    lowest = {atom: min([e.get(atom, 0) for e in powers]) for atom in {atom for e in powers for atom in e}}
    content = {atom for atom, e in lowest.items() if e}
    found = {}
    for e, c in zip(powers, p.values(), strict=True):
        rest = [(atom, e.get(atom, 0) - low) for atom, low in lowest.items()]
        found[tuple(sorted(item for item in rest if item[1]))] = c
    return content, found


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

    @property
    def complaint(self) -> str:
        """Why a certificate with this part is rejected, "" if it is not."""
        if self.accepted and self.met:
            return ""
        return f"{self.role} {self.label!a}: {self.reason or 'no point is known at which it says something'}"


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
        roles = {"claim": "claims", "step": "steps", "near miss": "near misses"}
        counts = [(sum(result.role == role for result in self.results), role, many) for role, many in roles.items()]
        shown = ", ".join(f"{number} {role if number == 1 else many}" for number, role, many in counts)
        return f"CHECKED {self.theorem}: {shown}, for every size; statement {self.digest}"


def check(document: Data, limit: int = MAX_WORK) -> Report:
    """Check a certificate that is given as data; whatever is wrong with it is said in the report."""
    try:
        return check_text(json.dumps(document), limit)
    except (TypeError, ValueError, RecursionError) as error:
        return Report("", "", accepted=False, reason=f"no JSON: {type(error).__name__}")


def check_text(text: str, limit: int = MAX_WORK) -> Report:
    """Check a certificate that is given as text.

    A certificate is ``{"schema": "symmix-certificate/2", "statement": ..., "digest": ..., "text": ..., "evidence":
    {"claims": [...], "proofs": [[...]], "near_misses": [...]}}``; the text is for people, and not looked at.
    """
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
        for _, claim in theorem.claims:
            require_news(claim)
        decider = Decider(theorem)
        results += [_decided(decider, *part) for part in _parts(theorem, data["evidence"])]
        reason = next(filter(None, (result.complaint for result in results)), "")
    except RejectedError as error:
        reason = str(error)
    except RecursionError:
        reason = "nodes are nested too deep"
    return Report(name, found, not reason, reason, tuple(results), limit - max(meter.left, 0))


def check_statement(document: Data, evidence: Data) -> Result:
    """Decide the one claim of a statement document."""
    given = {"claims": [evidence], "proofs": [], "near_misses": []}
    whole = {"schema": CERTIFICATE, "statement": document, "digest": digest(document), "text": {}, "evidence": given}
    report = check(whole)
    return report.results[0] if report.results else Result("claim", "", accepted=False, reason=report.reason)


def _parts(theorem: Theorem, evidence: Data) -> Iterator[tuple[str, str, Statement, Data]]:
    """Run through all that is stated, each with its evidence."""
    table_of(evidence, "the evidence", ("claims", "proofs", "near_misses"))
    proofs = zip(theorem.proofs, list_of(evidence["proofs"], "the proofs", len(theorem.proofs)), strict=True)
    stated = [("claim", theorem.claims, evidence["claims"]), *(("step", steps, found) for steps, found in proofs)]
    for role, pairs, given in (*stated, ("near miss", theorem.near_misses, evidence["near_misses"])):
        pieces = list_of(given, f"the evidence, {role} by {role}", len(pairs))
        yield from ((role, label, statement, piece) for (label, statement), piece in zip(pairs, pieces, strict=True))


def _decided(decider: Decider, role: str, label: str, statement: Statement, evidence: Data) -> Result:
    """Decide one statement: a near miss has to be false, all else has to be true."""
    met = True
    try:
        evidence = dict(table_of(evidence, "evidence"))
        point, denial = evidence.pop("met", None), statement.kind == "Fails"
        inner = statement.inner[0] if denial else statement
        if evidence.get("kind") is None:
            reject("evidence of some kind is required")
        if denial == (role == "near miss"):
            decider.require_holds(inner, evidence)
            met = role == "step" or decider.is_met(inner, point)
        else:
            if evidence.pop("kind") != "witness":
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
            files = _listed(path) if path.is_dir() else {path: None}
        except (RejectedError, OSError, UnicodeDecodeError) as error:
            files, fine = {}, _say(f"REJECTED {path}: {error}", sys.stderr)
        for file, expected in files.items():
            fine &= _checked(file, expected, show="--show" in given)
    return FINE if fine else REJECTED


def _listed(folder: Path) -> dict[Path, list[str] | None]:
    """Return the certificates of a folder as its manifest lists them; a missing or an unlisted one is an error."""
    listing = folder / "manifest.json"
    if not listing.is_file():
        reject("there is no manifest.json, which says what belongs there; give the files, or write the folder anew")
    data = table_of(parse(listing.read_text(encoding="utf-8")), "a manifest", ("schema", "files"))
    files = table_of(data["files"], "files")
    differing = {path.name for path in folder.glob("*.json") if path != listing} ^ set(files)
    if data["schema"] != MANIFEST or differing:
        reject(f"manifest.json and the folder differ in: {', '.join(sorted(differing)) or 'the schema'}")
    return {folder / file: row_of(pair, file, text_of, text_of) for file, pair in files.items()}


def _checked(file: Path, expected: list[str] | None, *, show: bool) -> bool:
    try:
        if file.stat().st_size > MAX_BYTES:
            reject(f"a file of at most {MAX_BYTES} bytes is required")
        text = file.read_text(encoding="utf-8")
        report = check_text(text)
        if report.reason:
            reject(report.reason)
        if expected not in (None, [report.theorem, report.digest]):
            reject("it is not what manifest.json says")
    except (RejectedError, OSError, UnicodeDecodeError) as error:
        return _say(f"REJECTED {file}: {error}", sys.stderr)
    _say(report.line, sys.stdout)
    for line in _shown(Theorem(parse(text)["statement"], Meter(MAX_WORK))) if show else ():
        _say(f"    {line}", sys.stdout)
    return True


def _say(line: str, where: Any) -> bool:
    """Write a line; return that what it says is not fine."""
    where.write(plain(line) + "\n")
    return False


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
