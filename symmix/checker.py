"""The exact second checker: reads certificates, trusts nothing in them, and decides anew what they state.

    symmix verify DIR                  or, this file copied to a machine without symmix:    python3 -I checker.py DIR

It shares no code with symmix and imports nothing of it; its only input is the JSON. How it decides:

*Identities, vanishing, equivalence.* Both sides are multiplied out into one kind of sum: numbers times products of
atoms. An atom is a scalar, or entries that summed indices hold together. Definitions are unfolded, derivatives and
expectations taken, deltas contracted. Two products are one if a bijection of their summed indices carries one into the
other. What is left has to cancel once denominators are cleared. Nothing is evaluated, so that holds for every size and
all values: there are no primes, no points, no chance. Cofactors are trees of the same language, multiplied out alike.
Where that would be large, sums in products are kept whole, as tensors, and put in one by one until everything cancels.
A size that is a number, "2" to "9", is that and no other: there evidence may go by components, one place after the
other, and the report says for which sizes that is.

*What is false* is evaluated at a point, exactly: products are contracted there, index by index. Every hypothesis and
condition is met, denominators and inverses are there, and moments that some distribution has.

*What is stated of functions* follows from an instance of what is assumed of them, or is false by explicit ones.

*What may be divided by*: numbers, sizes, what the statement itself divides by, what its conditions say is not zero,
and what they make positive, or a polynomial in one scalar without a zero where they let it be (Sturm's theorem).

Work is bounded by counting what is done. In this order: JSON; trees and statements, checked to be well formed; sums of
products; multiplying out (``RULES`` says all of a kind of node: parts, shape, products); points; moments; deciding;
functions; the report. ``checker_text.py`` beside this file prints statements. What trees mean says ``symmix.terms``.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from fractions import Fraction
from functools import reduce
from itertools import chain, combinations, pairwise, permutations
from itertools import combinations_with_replacement as multisets
from itertools import product as cartesian
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

__all__ = ["Report", "Result", "check", "check_file", "check_text", "main"]

MAX_BYTES = 2_000_000  # of a file
MAX_DEPTH = 120  # nodes inside of each other
MAX_WORK = 400_000  # products of terms, nodes and entries in one document: about a second
MAX_BITS = 20_000  # of a number that arises,
MAX_DIGITS = 1_000  # and of one in a file
MAX_POWER = 10_000
MAX_NAME = 60
MAX_SIZE = 1000  # of an axis at a point
MAX_BREADTH = 200  # products in a statement that is multiplied out at once
MAX_SUMMED = 2_000  # indices that hang together

Data = Any  # what JSON can hold
Number = int | Fraction  # in sums, where what is whole is an int: that is several times as fast
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

    def exact(self, value: Number) -> Number:
        """Count the work of arithmetic with a number, and return it, as an int if it is whole."""
        if not isinstance(value, int):
            return integral(self.weigh(value))
        if value.bit_length() > 255:
            self.weigh(Fraction(value))
        return value


def integral(value: Fraction) -> Number:
    """Return a number, as an int if it is whole."""
    return value.numerator if value.denominator == 1 else value


def ratio(a: Number, b: Number) -> Number:
    """Return a quotient: of ints, too, it is exact."""
    return a if b == 1 else integral(Fraction(a) / b)


# -- JSON from strangers -----------------------------------------------------------------------------------------------

_NUMBER = re.compile(r"(0|-?[1-9][0-9]*)(/[1-9][0-9]*)?")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*[+~-]?'*")
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,119}")
Reader = Callable[[Data], Any]


def parse(text: str) -> Data:
    """Return JSON as data; a key that stands twice, a float, and a large number are rejected."""

    def table(pairs: list[tuple[str, Data]]) -> dict[str, Data]:
        found = dict(pairs)
        return found if len(found) == len(pairs) else reject("a key stands twice in one table")

    def whole(digits: str) -> int:
        return int(digits) if len(digits) <= 10 else reject("a whole number of more than 10 digits")

    def no(digits: str) -> NoReturn:
        reject(f"a number with a fraction or an exponent: {digits[:40]}")

    if len(text) > MAX_BYTES:
        reject(f"a file of at most {MAX_BYTES} bytes is required")
    try:
        return json.loads(text, object_pairs_hook=table, parse_int=whole, parse_float=no, parse_constant=no)
    except ValueError as error:
        reject(f"no JSON: {error}")


def digest(data: Data) -> str:
    """Return the SHA-256 of JSON data in its one spelling: keys sorted, no white space, ASCII."""
    spelled = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(spelled.encode()).hexdigest()


def refuse(data: Data, what: str) -> NoReturn:
    """Refuse data that is not what is required."""
    reject(f"{what} is required, not {data!r:.80}")


def need(data: Data, what: str, *, fits: bool) -> Any:
    """Return data that fits; refuse anything else."""
    return data if fits else refuse(data, what)


def table_of(data: Data, what: str, *keys: str) -> dict[str, Data]:
    """Return a table, with exactly these keys if some are given."""
    if isinstance(data, dict) and (not keys or set(data) == set(keys)):
        return data
    refuse(data, f"{what}: a table of {', '.join(keys) or 'names'}")


def list_of(data: Data, what: str, length: int | None = None) -> list[Data]:
    """Return a list, of so many items."""
    if isinstance(data, list) and (length is None or length == len(data)):
        return data
    refuse(data, f"{what}: a list{'' if length is None else f' of {length}'}")


def row_of(data: Data, what: str, *readers: Reader) -> list[Any]:
    """Return a list of as many items as there are readers, each read by its own."""
    return [read(item) for read, item in zip(readers, list_of(data, what, len(readers)), strict=True)]


def text_of(data: Data) -> str:
    """Return text for people, without line breaks and control characters."""
    fits = isinstance(data, str) and len(data) <= 4000 and data.isprintable()
    return str(need(data, "one line of text", fits=fits))


def flag_of(data: Data) -> bool:
    """Return true or false."""
    return bool(need(data, "true or false", fits=isinstance(data, bool)))


def whole_of(data: Data, what: str, low: int = 0, high: int = MAX_POWER) -> int:
    """Return a whole number in a range."""
    return int(
        need(data, f"{what}: a whole number from {low} to {high}", fits=type(data) is int and low <= data <= high)
    )


def number_of(data: Data) -> Fraction:
    """Return a rational in lowest terms, written as text."""
    if isinstance(data, str) and len(data) <= MAX_DIGITS and _NUMBER.fullmatch(data):
        value = Fraction(data) if "/" in data else Fraction(int(data))
        if "/" not in data or str(value) == data:
            return value
    refuse(data, 'a number in lowest terms as text, "-1/2",')


def name_of(data: Data) -> str:
    """Return a name: an ASCII letter, then letters, digits and _, then accents."""
    fits = isinstance(data, str) and len(data) <= MAX_NAME and _NAME.fullmatch(data) is not None
    return str(need(data, "a name, a letter, then letters, digits and _, then accents,", fits=fits))


# -- trees: every node known, every name declared, shapes agreeing, no index captured ----------------------------------

ONE = "1"  # the size of an axis that is none
ONLY = "0"  # the position along it
FIXED = frozenset("23456789")  # sizes that are numbers
PLACES = "012345678"  # positions along an axis of such a size
Shape = tuple[str, str]
SCALAR: Shape = (ONE, ONE)
SAID: Shape = ("", "")  # of what is no expression
OWN = ("row", "column")  # the axes of what evidence is about, as it names them
Scope = Mapping[str, str]  # index -> size
Index = tuple[str, str]  # its name and its size
Shaped = Callable[..., Shape | None]
Interval = tuple[str, Fraction | None, Fraction | None]  # a name, and what it is above and below of


def its(name: str) -> str:
    """Return what an axis of evidence is called in a scope, where a tree may have bound its name to something else."""
    return f"its {name}"


class _Parts(NamedTuple):
    kind: str
    parts: tuple[Any, ...]
    shape: Shape = SCALAR


class Node(_Parts):
    """A node: its kind, its parts in their order, and its shape; how it hashes is worked out once, with its parts."""

    def __hash__(self) -> int:
        known: dict[str, int] = self.__dict__
        return known.get("hash") or known.setdefault("hash", super().__hash__())


class Trees:
    """Reads the trees of one document, and knows what its names mean."""

    def __init__(self, meter: Meter, sizes: Iterable[str], symbols: Mapping[str, tuple[str, ...]]) -> None:
        self.meter, self.sizes, self.symbols = meter, list(sizes), symbols
        self.definitions: dict[str, Node] = {}  # in their order
        self.properties: dict[str, str] = {}
        self.occurring: set[str] = set()  # sizes and symbols
        self.bound: set[str] = set()
        self.jacobians: dict[str, set[str]] = {}  # by the name of the variable
        self.uses: dict[str, set[str]] = {}  # what they use
        self.functions: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}  # axes of arguments and of values
        self.applied: set[str] = set()  # functions that occur
        self.everywhere: set[str] = set()  # symbols that take all values in hypotheses about functions,
        self.elsewhere: set[str] = set()  # and those that occur where they do not
        self.taking: set[str] = set()  # what takes all values in the hypothesis that is read
        self._nodes: dict[Node, Node] = {}  # those that were read: equal ones are one
        self._used: dict[Node, frozenset[str]] = {}

    def size(self, data: Data) -> str:
        """Return a size, which may be 1."""
        known = isinstance(data, str) and (data == ONE or data in FIXED or data in self.sizes)
        self.occurring.add(need(data, "a size of the document's table, or a number from 1 to 9,", fits=known))
        return str(data)

    def symbol(self, data: Data) -> str:
        """Return the name of a symbol."""
        need(data, "a symbol of the document's table", fits=isinstance(data, str) and data in self.symbols)
        self.occurring.update((data, *self.symbols[data]))
        if data not in self.taking:
            self.elsewhere.add(data)
        return str(data)

    def function(self, data: Data) -> str:
        """Return the name of a function."""
        need(data, "a function of the document's table", fits=isinstance(data, str) and data in self.functions)
        self.occurring.update(chain(*self.functions[data]))
        self.applied.add(data)
        return str(data)

    def taken(self, data: Data) -> str:
        """Return a symbol that takes all values."""
        need(data, "a scalar or a matrix", fits=isinstance(data, str) and len(self.symbols.get(data, "...")) in (0, 2))
        self.taking.add(str(data))
        self.everywhere.add(self.undefined(data))
        return str(data)

    def hypothesis(self, data: Data, scope: Scope, depth: int) -> Node:
        """Return a hypothesis: an expression that vanishes, or for all values of indices, or one about functions."""
        said = isinstance(data, list) and data[:1] in (["ForAll"], ["Everywhere"])
        found = self.tree(data if said else ["ForAll", [], data], scope, depth, rules=GIVEN)
        self.taking.clear()
        return found

    def speaks_of_functions(self, *parts: object) -> bool:
        """Whether a value of a function occurs."""
        return bool(self.functions) and any(node.kind == "Apply" for node in self.walk(*parts))

    def undefined(self, data: Data, *, scalar: bool = False) -> str:
        """Return the name of a symbol without a definition."""
        fits = self.symbol(data) not in self.definitions and not (scalar and self.symbols[data])
        fits = fits and data not in self.properties
        return str(need(data, f"a{' scalar' if scalar else ''} symbol without a definition or property", fits=fits))

    def index(self, data: Data, scope: Scope, others: str = "") -> str:
        """Return the name of an index in scope, or something else that may stand in its place."""
        name = its(data) if isinstance(data, str) and data in OWN and data not in scope else data
        known = isinstance(name, str) and (name in scope or name in (*others,))
        return str(name if known else refuse(data, "an index that is summed over or declared"))

    def declared(self, data: Data, scope: Scope) -> Index:
        """Return an index with its size, where it is declared."""
        name, size = row_of(data, "an index with its size", name_of, self.size)
        self.meter.spend(len(scope))
        if name in scope or size == ONE:
            reject(f"the index {name} is bound inside of itself, or runs over the size 1")
        self.bound.add(name)
        return name, size

    def tree(
        self, data: Data, scope: Scope, depth: int = 0, *, arrays: bool = False, rules: Mapping[str, Rule] | None = None
    ) -> Node:
        """Return a well-formed expression, or by other rules a statement.

        Parts are read by ``READERS``: one for each code of the rule, several after "*", at least one after "+", one or
        none after "?". An array is an expression only where entries are taken of it.
        """
        self.meter.spend(1)
        if depth > MAX_DEPTH:
            reject(f"more than {MAX_DEPTH} nodes inside of each other")
        table = RULES if rules is None else rules
        kind = str(data[0]) if isinstance(data, list) and data and isinstance(data[0], str) else ""
        if kind not in table:
            refuse(data, "a node of the language" if rules is None else "a statement")
        rule, parts = table[kind], list[Any]()
        items = list_of(data[1:], f"the parts of {kind}", len(rule.readers))
        for (read, number, binds), part in zip(rule.readers, items, strict=True):
            if number in ("", "?"):
                parts.append(None if number and part is None else read(self, part, scope, depth + 1, parts))
                scope = {**scope, **dict([parts[-1]])} if binds and parts[-1] else scope
                continue
            found = []
            for piece in list_of(part, f"the parts of {kind}"):
                found.append(read(self, piece, scope, depth + 1, parts))
                scope = {**scope, **dict(found[-1:])} if binds else scope
            if not found and number == "+":
                refuse(part, f"at least one part of {kind}")
            parts.append(tuple(found))
        shape = rule.shape(self, scope, *parts)
        if kind == "Symbol" and not arrays and len(self.symbols[parts[0]]) > 2:
            reject(f"the array {parts[0]} as a whole: only its entries have a meaning")
        node = Node(kind, tuple(parts), shape or reject(f"{kind} of what has another shape"))
        return self._nodes.setdefault(node, node)

    def sample(self, data: Data, scope: Scope) -> Index:
        """Return an index that evidence may name, as it does the row and the column of a matrix."""
        found = self.declared(data, scope)
        return found if found[0] not in OWN else reject(f"an index that is not called {found[0]} is required")

    def pair(self, data: Data, scope: Scope, depth: int, *, arrays: bool = False) -> tuple[str, Node]:
        """Return a symbol and its value."""
        name, value = list_of(data, "a symbol and its value", 2)
        return self.undefined(name), self.tree(value, scope, depth, arrays=arrays)

    def range(self, data: Data) -> Interval:
        """Return a name and what it lies between; it may be that nothing is above, or below."""
        name, *ends = list_of(data, "a range", 3)
        low, high = (None if end is None else number_of(end) for end in ends)
        return name if name in self.sizes else self.undefined(name, scalar=True), low, high

    def moment(self, data: Data, random: str, depth: int) -> Node:
        """Return a moment of a random symbol."""
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
        lengths = [int(size) if size in FIXED or size == ONE else 0 for size in axes]
        fits = len(names) == len(axes) and all(
            scope.get(name) == size or name in (*PLACES[:length],)
            for name, size, length in zip(names, axes, lengths, strict=True)
        )
        if fits:
            return SCALAR
        reject(f"the positions {', '.join(names).replace(its(''), '')} along axes of other sizes")

    def variable(self, by: str, jacobians: Sequence[tuple[str, Node]]) -> Shape:
        """Return the axes of a variable, by which the Jacobians have their shapes."""
        axes = self.symbols[by]
        if len(axes) > 2 or len(dict(jacobians)) != len(jacobians) or by in dict(jacobians):
            reject(f"a derivative by {by}, which is an array, or with a Jacobian of its own, or two of one symbol")
        for name, value in jacobians:
            own = self.symbols[name]
            table = self.symbols[value.parts[0]] if value.kind == "Symbol" else ()
            if not axes:
                if max(len(own), len(table)) > 2 or value.shape != (own or SCALAR):
                    reject(f"a derivative of {name} by {by} of another shape")
                self.jacobians.setdefault(by, set()).update(value.parts[:1] if value.kind == "Symbol" else ())
                continue
            array = len(table) > 2
            fits = (*own, axes[0]) == table if array else own[1:] == (ONE,) and value.shape == (own[0], axes[0])
            if axes[1] != ONE or len(own) != 2 or not fits:
                reject(f"a Jacobian of {name} by {by} of another shape")
            if value.kind == "Symbol":
                self.jacobians.setdefault(by, set()).add(value.parts[0])
        return (axes[0], axes[1]) if axes else SCALAR

    def plain(self, data: Data, scope: Scope, depth: int = 0) -> Node:
        """Return a scalar built from numbers, sizes and scalar symbols."""
        tree = self.tree(data, scope, depth)
        nodes = self.unfolded(tree)
        fits = all(n.kind in _PLAIN and not (n.kind == "Symbol" and self.symbols[n.parts[0]]) for n in nodes)
        return tree if fits and tree.shape == SCALAR else reject("a scalar without entries is required")

    def walk(self, *parts: object) -> Iterator[Node]:
        """Run through all nodes in some parts, once through a node that is met again."""
        left, met = [*parts], set[int]()
        while left:
            found = left.pop()
            if isinstance(found, Node):
                self.meter.spend(1)
                if id(found) not in met:
                    met.add(id(found))
                    left.extend(found.parts)
                    yield found
            elif isinstance(found, tuple):
                left.extend(found)

    def used(self, *trees: Node) -> set[str]:
        """Return the symbols and sizes that occur in trees, definitions unfolded."""
        return set[str]().union(*map(self._used_in, trees))

    def _used_in(self, tree: Node) -> frozenset[str]:
        if tree not in self._used:
            found = {node.parts[0] for node in self.walk(tree) if node.kind in ("Symbol", "Size")}
            inside = [self.uses[name] for name in found & self.uses.keys()]
            self.meter.spend(sum(map(len, inside)))
            self._used[tree] = frozenset(found.union(*inside))
        return self._used[tree]

    def unfolded(self, *trees: Node) -> Iterator[Node]:
        """Run through the nodes of trees and of the definitions that they use."""
        names = self.used(*trees)
        return self.walk(*trees, *(value for _, value in self.defined(names)))

    def defined(self, names: set[str]) -> list[tuple[str, Node]]:
        """Return those of some names that have definitions, with these, in their order: each uses earlier ones only."""
        self.meter.spend(len(self.definitions))
        return [pair for pair in self.definitions.items() if pair[0] in names]


_PLAIN = {"Number", "Size", "Symbol", "Add", "Multiply", "Quotient", "Power", "Expectation", "Moment"}
READERS: Mapping[str, Callable[[Trees, Data, Scope, int, Sequence[Any]], Any]] = {
    "e": lambda trees, data, scope, depth, _: trees.tree(data, scope, depth),  # an expression
    "a": lambda trees, data, scope, depth, _: trees.tree(data, scope, depth, arrays=True),  # or an array
    "d": lambda trees, data, scope, depth, _: trees.plain(data, scope, depth),  # what may be divided by
    "n": lambda _, data, *__: number_of(data),
    "z": lambda trees, data, *_: trees.size(data),
    "Z": lambda trees, data, *_: trees.size(need(data, "a size that is a name", fits=data in trees.sizes)),
    "y": lambda trees, data, *_: trees.symbol(data),
    "Y": lambda trees, data, *_: trees.undefined(need(data, "a symbol", fits=list_of(data, "", 2)[0] == "Symbol")[1]),
    "k": lambda _, data, *__: whole_of(data, "an exponent"),
    "b": lambda _, data, *__: flag_of(data),
    "i": lambda trees, data, scope, *_: trees.index(data, scope),
    "I": lambda trees, data, scope, *_: trees.index(data, scope, PLACES),
    "w": lambda trees, data, scope, *_: trees.index(data, scope, PLACES + ":"),
    "x": lambda trees, data, scope, *_: trees.declared(data, scope),  # an index that is declared here
    "s": lambda trees, data, scope, *_: trees.sample(data, scope),
    "p": lambda trees, data, scope, depth, _: trees.pair(data, scope, depth, arrays=True),  # a Jacobian
    "v": lambda trees, data, _, depth, __: trees.pair(data, {}, depth),  # the value of a symbol
    "m": lambda trees, data, _, depth, before: trees.moment(data, before[1], depth),
    "r": lambda trees, data, *_: trees.range(data),
    "h": lambda trees, data, scope, depth, _: trees.hypothesis(data, scope, depth),
    "f": lambda trees, data, *_: trees.function(data),
    "c": lambda trees, data, _, depth, __: trees.tree(data, {}, depth),  # in which no index is free
    "u": lambda trees, data, *_: trees.taken(data),
    "g": lambda _, data, *__: need(data, "one of = >=", fits=data in ("=", ">=")),
    "S": lambda trees, data, scope, depth, _: trees.tree(data, scope, depth, rules=INNER),
}


def matching(pattern: str) -> Shaped:
    """Return the shape after ">", if what is before it fits: one letter stands for one size, and "1" for itself."""
    before, after = pattern.replace(" ", "").split(">")

    def matched(_: Trees, __: Scope, *parts: object) -> Shape | None:
        sizes = {ONE: ONE}
        given = chain(*[part.shape for part in parts if isinstance(part, Node)])
        fits = all(sizes.setdefault(letter, size) == size for letter, size in zip(before, given, strict=True))
        return (sizes[after[0]], sizes[after[1]]) if fits else None

    return matched


def _alike(_: Trees, __: Scope, parts: Sequence[Node]) -> Shape | None:
    return parts[0].shape if len(parts) > 1 and len({part.shape for part in parts}) == 1 else None


def _chain(_: Trees, __: Scope, parts: Sequence[Node]) -> Shape | None:
    linked = [part.shape for part in parts if part.shape != SCALAR] or [SCALAR]
    fits = len(parts) > 1 and all(a[1] == b[0] for a, b in pairwise(linked))
    return (linked[0][0], linked[-1][1]) if fits else None


def _axes(trees: Trees, _: Scope, name: str) -> Shape:
    axes = trees.symbols[name]
    return (axes[0], axes[1]) if len(axes) == 2 else SCALAR


def _entry(trees: Trees, scope: Scope, of: Node, names: Sequence[str]) -> Shape:
    array = trees.symbols[of.parts[0]] if of.kind == "Symbol" else ()
    return trees.positions(names, array or of.shape, scope)


def _slice(trees: Trees, scope: Scope, of: Node, *places: str) -> Shape:
    cut = [(place, size) for place, size in zip(places, of.shape, strict=True) if place != ":"]
    trees.positions([place for place, _ in cut], [size for _, size in cut], scope)
    rows, columns = (size if place == ":" else ONE for place, size in zip(places, of.shape, strict=True))
    return rows, columns


def _gradient(trees: Trees, _: Scope, of: Node, *parts: Any) -> Shape | None:
    rows, columns = trees.variable(*parts[:2])
    return (rows, columns) if of.shape == SCALAR else None


def _jacobian(trees: Trees, _: Scope, of: Node, *parts: Any) -> Shape | None:
    shape = trees.variable(*parts[:2])
    return (of.shape[0], shape[0]) if trees.symbols[parts[0]] and of.shape[1] == shape[1] == ONE else None


def _at(trees: Trees, _: Scope, of: Node, values: Sequence[tuple[str, Node]]) -> Shape | None:
    fits = all(len(trees.symbols[n]) in (0, 2) and (trees.symbols[n] or SCALAR) == v.shape for n, v in values)
    return of.shape if fits and len(dict(values)) == len(values) > 0 else None


def _expectation(trees: Trees, _: Scope, of: Node, random: str, moments: Sequence[Node]) -> Shape | None:
    """Return the shape of an expectation, which is of polynomials only."""
    for node in trees.unfolded(of):
        if node.kind in ("Quotient", "Inverse") and random in trees.used(node.parts[-1]):
            reject(f"an expectation over {random} of what divides by it")
        if node.kind == "Gradient" and node.parts[1] == random and not trees.symbols[random]:
            reject(f"an expectation over {random} of a derivative by it")
    known = {moment.parts[0] for moment in moments}
    return of.shape if len(trees.symbols[random]) in (0, 2) and len(known) == len(moments) > 0 else None


_LAWFUL = {"Number", "Size", "Symbol", "Add", "Multiply", "Quotient", "Power", "Hadamard", "Transpose", "Trace"}
_LAWFUL |= {"Diagonal", "DiagonalMatrix", "Identity", "Ones", "Zeros", "Entry", "Slice", "Apply"}
_OPAQUE = {"Gradient", "Jacobian", "At", "Expectation", "Inverse", "Moment", "Equivalence", "Minimum"}


def _apply(trees: Trees, _: Scope, name: str, argument: Node) -> Shape | None:
    source, target = ((axes[0], axes[1]) if axes else SCALAR for axes in trees.functions[name])
    return target if argument.shape == source else None


def _everywhere(trees: Trees, _: Scope, names: Sequence[str], sign: str, body: Node) -> Shape | None:
    """Return a shape if something is said of functions in which no index is bound, and nothing but values is hidden."""
    nodes = [*trees.walk(body)]
    fits = {node.kind for node in nodes} <= _LAWFUL and any(node.kind == "Apply" for node in nodes)
    fits &= not any(trees.used(node.parts[1]) & {*names} for node in nodes if node.kind == "Quotient")
    return SAID if fits and len({*names}) == len(names) and (sign == "=" or body.shape == SCALAR) else None


# -- statements --------------------------------------------------------------------------------------------------------

STATEMENT = "symmix-statement/2"
_KEYS = "schema theorem sizes symbols indices definitions conditions whole independent claims proofs near_misses lemmas"
PROPERTIES = ("symmetric", "skew", "diagonal")
SIGNS: Mapping[str, Callable[[Fraction], bool]] = {
    ">": lambda x: x > 0,
    ">=": lambda x: x >= 0,
    "<": lambda x: x < 0,
    "<=": lambda x: x <= 0,
    "!=": lambda x: x != 0,
}


def _positivity(_: Trees, __: Scope, scalar: Node, ranges: Sequence[Interval], *___: object) -> Shape | None:
    """Return a shape if a scalar is bounded, and there is one range with points in it for each symbol."""
    fits = len({name for name, *_ in ranges}) == len(ranges) and scalar.shape == SCALAR
    # bounds that are None are left aside before the comparison, by ``in``, which narrows no type
    return SAID if fits and all(None in (low, high) or low < high for _, low, high in ranges) else None  # type: ignore[operator]


def _minimum(trees: Trees, scope: Scope, scalar: Node, at: Sequence[tuple[str, Node]], _: object) -> Shape | None:
    """Return a shape if a scalar is least where symbols have other values of their shapes."""
    return SAID if _at(trees, scope, scalar, at) == SCALAR else None


def _differ(_: Trees, __: Scope, left: Any, right: Any, *___: object) -> Shape | None:
    """Return a shape if two sides differ, of one shape if they are expressions."""
    alike = not isinstance(left, Node) or left.shape == right.shape
    return SAID if alike and left != right else reject("two sides of one shape that differ is required")


def roots_of(part: object) -> list[Node]:
    """Return the expressions of a statement, or of a part of one."""
    if isinstance(part, Node) and part.shape != SAID:
        return [part]
    inner = part.parts if isinstance(part, Node) else part if isinstance(part, tuple | list) else ()
    return [root for item in inner for root in roots_of(item)]


def sides_of(statement: Node) -> list[tuple[Node, ...]]:
    """Return what a statement is about, on one side or on two."""
    sides = statement.parts[: 2 if statement.kind in ("Identity", "Equivalence") else 1]
    return [(side,) if isinstance(side, Node) else side for side in sides]


def where_of(statement: Node) -> tuple[Node, ...]:
    """Return hypotheses: expressions that vanish at the claim's own sample, or for all values of what they bind."""
    return tuple(statement.parts[2 if statement.kind in ("Identity", "Positivity", "Minimum") else -1])


def coefficients_of(trees: Trees, function: str) -> tuple[tuple[str, tuple[str, ...]], tuple[str, tuple[str, ...]]]:
    """Return what an explicit function has as coefficients, with their axes: no symbol of a document is called so."""
    source, target = trees.functions[function]
    axes = (target[0] if target else ONE, source[0] if source else ONE) if source or target else ()
    return (f"d{function}/dx", axes), (f"{function}(0)", target)


class Theorem(Trees):
    """A statement document, well formed."""

    def __init__(self, data: Data, meter: Meter) -> None:
        said = isinstance(data, dict) and "properties" in data
        more = [key for key in ("properties", "functions") if isinstance(data, dict) and key in data]
        table_of(data, "a statement", *_KEYS.split(), *more)
        self.name = text_of(data["theorem"])
        if data["schema"] != STATEMENT or not _IDENTIFIER.fullmatch(self.name):
            reject(f"the schema {STATEMENT} and a name of letters, digits and _ are required")
        super().__init__(meter, map(name_of, list_of(data["sizes"], "sizes")), {})
        self._breadths: dict[Node, int] = {}
        self.symbols = {name: self._axes(name, axes) for name, axes in table_of(data["symbols"], "symbols").items()}
        table = table_of(data["functions"], "functions") if "functions" in more else {}
        self.functions = {name_of(name): self._maps(axes) for name, axes in table.items()}
        indices = [self.sample(index, {}) for index in list_of(data["indices"], "indices")]
        self.indices: Scope = dict(indices)
        self.bound.clear()
        self._say(list_of(data["properties"], "properties") if said else [], said=said)
        self._define(list_of(data["definitions"], "definitions"))
        self.conditions = [self._condition(condition) for condition in list_of(data["conditions"], "conditions")]
        self.whole = [self.undefined(name, scalar=True) for name in list_of(data["whole"], "whole")]
        self.claims = self._labelled(data["claims"], "claims")
        self.proofs = [self._derivation(proof) for proof in list_of(data["proofs"], "proofs")]
        self.fixed = sorted({*self.occurring, *self.indices.values()} & FIXED)  # numbers, in what is claimed
        self.near_misses = self._labelled(data["near_misses"], "near misses")
        self.lemmas = [row_of(lemma, "a lemma", *[text_of] * 3) for lemma in list_of(data["lemmas"], "lemmas")]
        names = [*self.sizes, *self.symbols, *self.functions, *(name for name, _ in indices), *self.bound]
        if len(set(names)) != len(names) or not self.claims:
            reject("a name has two meanings, or there are no claims")
        if self.occurring - FIXED - {ONE} != {*self.sizes, *self.symbols} or self.sizes != sorted(self.sizes):
            reject("tables of the sizes and symbols that occur, and of no others, are required")
        self._require_functions(said="functions" in more)
        nodes = [*self.walk(*self.roots())]
        outer = [node for node in nodes if node.kind == "Expectation"]
        pairs = ((n.parts[1], m.parts[1]) for n in outer for m in self.walk(n.parts[0]) if m.kind == "Expectation")
        self.independent, self.randoms = sorted(set(pairs)), {node.parts[1] for node in outer}
        if data["independent"] != [list(pair) for pair in self.independent]:
            reject(f"the independent pairs are {self.independent}")
        by_scalar = [n.parts[1:3] for n in nodes if n.kind == "Gradient" and not self.symbols[n.parts[1]]]
        if any({by, *dict(jacobians)} & {*self.whole} for by, jacobians in by_scalar):
            reject("a derivative by a whole number, or of one")

    @property
    def reach(self) -> str:
        """For which sizes all is proved, in words."""
        alone = f"size {' and '.join(self.fixed)} alone"
        return f"every open size, and {alone}" if self.fixed and self.sizes else alone if self.fixed else "every size"

    def _axes(self, name: str, data: Data) -> tuple[str, ...]:
        axes = list_of(data, f"the axes of {name_of(name)}")
        known = (ONE, *FIXED, *self.sizes)
        if len(axes) not in (0, 2, 3, 4) or any(size not in known for size in axes):
            reject(f"{name}: a scalar, a matrix, or an array of sizes of the table is required")
        return tuple(axes)

    def _maps(self, data: Data) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return what a function maps, and to what: scalars or columns."""
        found = [tuple(list_of(axes, "axes")) for axes in list_of(data, "what a function maps", 2)]
        known = (*FIXED, *self.sizes)
        fits = all(not axes or (len(axes) == 2 and axes[0] in known and axes[1] == ONE) for axes in found)
        return (found[0], found[1]) if fits else reject("functions from scalars or columns to such are required")

    def _require_functions(self, *, said: bool) -> None:
        """Refuse values of functions where they have no meaning, and symbols that are bound here and free there."""
        stated = [statement for _, statement in chain(self.claims, *self.proofs, self.near_misses)]
        opaque = [node for node in self.walk(*stated) if node.kind in _OPAQUE]
        if self.speaks_of_functions(*self.definitions.values(), *opaque):
            reject("a value of a function that is not known is differentiated, averaged, inverted, replaced or defined")
        if self.everywhere & {*self.elsewhere, *self.whole}:
            reject("a symbol that takes all values in a hypothesis occurs outside of it")
        if said != bool(self.functions) or {*self.functions} != self.applied:
            reject("a table of the functions that occur, and of no others, is required")
        self.coefficients = dict(pair for name in self.functions for pair in coefficients_of(self, name))
        self.symbols = {**self.symbols, **self.coefficients}

    def _say(self, data: list[Data], *, said: bool) -> None:
        """Read which symbols have a property: an array has two axes of one size for that, a diagonal matrix no more."""
        for name, word in (list_of(pair, "a symbol and its property", 2) for pair in data):
            axes = self.symbols[self.symbol(name)]
            if word not in PROPERTIES or len(set(axes)) == len(axes) or ONE in axes:
                reject(f"{name}: a property that it may have is required")
            if word == "diagonal" and len(axes) != 2:
                reject(f"{name}: a diagonal matrix is required")
            self.properties[name] = word
        if said and (not data or data != [[*pair] for pair in sorted(self.properties.items())]):
            reject("a sorted list of properties, one for each symbol, is required")
        self.occurring.clear()

    def _define(self, data: list[Data]) -> None:
        names = [self.symbol(list_of(pair, "a symbol and what it stands for", 2)[0]) for pair in data]
        for place, (name, value) in enumerate(data):
            tree, axes, pending = self.tree(value, {}), self.symbols[name], set(names[place:])
            taken = {*self.definitions, *self.properties}
            if len(axes) > 2 or tree.shape != (axes or SCALAR) or self.used(tree) & pending or name in taken:
                reject(f"one definition of {name} in its shape, by what is defined before it, is required")
            self.definitions[name], self.uses[name] = tree, self.used(tree)

    def _condition(self, data: Data) -> tuple[Node, str, Node]:
        left, sign, right = list_of(data, "a condition", 3)
        if not isinstance(sign, str) or sign not in SIGNS:
            reject(f"one of {', '.join(SIGNS)} is required")
        return self.plain(left, {}), sign, self.plain(right, {})

    def roots(self) -> list[Node]:
        """Return all expressions."""
        return roots_of([[*self.definitions.values()], self.conditions, self.claims, self.proofs, self.near_misses])

    def is_large(self, statement: Node) -> bool:
        """Whether sums are better kept whole: there are no hypotheses, and multiplied out it would be large."""
        inner = statement.parts[0] if statement.kind == "Fails" else statement
        roots = roots_of(inner)
        if inner.kind not in ("Identity", "Vanishing") or where_of(inner):
            return False
        nodes = list(self.unfolded(*roots))
        by_scalars = any(node.kind in ("Gradient", "Jacobian") and not self.symbols[node.parts[1]] for node in nodes)
        if by_scalars or any(node.kind in ("Inverse", "At", "Expectation") for node in nodes):
            return False
        names = self.used(*roots)
        inner_first = [value for _, value in self.defined(names)]
        return max([*map(self._breadth, (*inner_first, *roots))][len(inner_first) :]) > MAX_BREADTH

    def _breadth(self, tree: Node) -> int:
        """Return how many products there are at most in what a tree is multiplied out."""
        known = self._breadths.get(tree)
        if known is None:
            self.meter.spend(1)
            if tree.kind == "Symbol" and tree.parts[0] in self.definitions:
                found = self._breadth(self.definitions[tree.parts[0]])
            else:
                inner = [*map(self._breadth, roots_of(tree.parts))]
                found = sum(inner) if tree.kind == "Add" else reduce(lambda a, b: min(a * b, 10**9), inner, 1)
                found = found ** min(tree.parts[1], 30) if tree.kind == "Power" else found
            known = self._breadths[tree] = min(found, 10**9)
        return known

    def _labelled(self, data: Data, what: str) -> list[tuple[str, Node]]:
        found = [row_of(item, what, text_of, self.statement) for item in list_of(data, what)]
        if len({label for label, _ in found}) != len(found):
            reject(f"{what} with labels that differ are required")
        return [(label, statement) for label, statement in found]

    def statement(self, data: Data) -> Node:
        """Return a well-formed statement, which states something."""
        return self.tree(data, self.indices, rules=STATED)

    def _derivation(self, data: Data) -> list[tuple[str, Node]]:
        """Return the equalities that the steps of a chain state, each with its reason."""
        before, steps = list_of(data, "a proof", 2)
        found = list[tuple[str, Node]]()
        for step in list_of(steps, "steps"):
            after, reason, where = list_of(step, "a step", 3)
            found.append((text_of(reason), self.statement(["Identity", before, after, where])))
            before = after
        ends = {found[0][1].parts[0], found[-1][1].parts[1]} if found else set()
        about = [s for _, s in self.claims if s.kind == "Identity" and {*s.parts[:2]} == ends]
        if not about or {h for _, s in found for h in where_of(s)} - {h for claim in about for h in where_of(claim)}:
            reject("a proof leads from one side of a claimed identity to the other, by hypotheses of it alone")
        return found


def require_news(claim: Node) -> None:
    """Refuse a claim that is its own hypothesis, or that repeats a given moment."""
    if claim.kind == "Vanishing" and {*claim.parts[0]} & {h.parts[1] for h in where_of(claim) if not h.parts[0]}:
        reject("the claim is its own hypothesis")
    for side, other in (claim.parts[:2], claim.parts[1::-1]) if claim.kind == "Identity" else ():
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
Held = tuple[Product, tuple[tuple[int, int], ...]]  # what is put into a product, and what its free indices become
Sum = dict[Product, Number]
Renaming = Mapping[int, int]
NOTHING: Product = ()
WHOLE: Sum = {NOTHING: 1}
ROW, COLUMN, BY_ROW, BY_COLUMN = -1, -2, -3, -4  # free indices; further ones have names
AXES = {its(name): i for name, i in zip(OWN, (ROW, COLUMN), strict=True)}
PLACE = -(10**7)  # free indices from here downwards are places along axes of fixed sizes: 0 is PLACE, 1 is PLACE - 1
STEP: Product = ((0, 1),)  # small: its square is zero
NEVER: Product = ((0, 2),)
DELTA = "="  # no name; nor are those of reciprocals and inverses, "1/0", ..., "inverse 0", ...


def axes_of(shape: Sequence[str]) -> list[int]:
    """Return the free indices of a matrix: those of its axes whose size is not 1."""
    return [i for i, size in zip((ROW, COLUMN), shape, strict=False) if size != ONE]


class Algebra:
    """Adds, multiplies and divides sums, renames their indices and sums over them."""

    def __init__(self, meter: Meter) -> None:
        self.meter = meter
        self.components: list[Component] = []  # by atom
        self.free: list[frozenset[int]] = []  # the free indices of each,
        self.tensors: list[frozenset[str]] = []  # and its tensors
        self.deltas: set[int] = set()  # the atoms that are deltas
        self.inverted: dict[str, tuple[Sum, Shape]] = {}  # what the inverses are of; that of a scalar is a reciprocal
        self.facts: set[str] = set()  # what is taken for granted: that inverses exist, and more
        self.numbers: dict[int, int] = {}  # the atoms that are fixed sizes
        self._atoms: dict[Component, int] = {}
        self._inverses: dict[object, str] = {}
        self._together: dict[tuple[Component, tuple[Held, ...]], Product] = {}
        self.entry("+")  # of which STEP is the number: it comes first in a product

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
                if DELTA in self.tensors[number]:
                    self.deltas.add(number)
                if self.name(number) in FIXED:
                    self.numbers[number] = int(self.name(number))
            self._atoms[component] = number
        return number

    def entry(self, tensor: str, at: Iterable[int] = ()) -> Sum:
        """Return an entry of a tensor, or something without indices."""
        return {((self.atom(((), ((tensor, tuple(at)),))), 1),): 1}

    def name(self, atom: int) -> str:
        """Return the name of an atom without indices; other atoms have none."""
        (tensor, at), *others = self.components[atom][1]
        return "" if at or others else tensor

    def atoms_of(self, total: Sum) -> set[int]:
        """Return the atoms that occur in a sum."""
        return {atom for product in total for atom, _ in product}

    def has_indices(self, total: Sum) -> bool:
        """Whether there are free indices in a sum, besides those of a matrix and places."""
        return any(PLACE < i < COLUMN for atom in self.atoms_of(total) for i in self.free[atom])

    def delta(self, i: int, j: int) -> Sum:
        """Return the Kronecker delta of two free indices."""
        return WHOLE if i == j else self.entry(DELTA, sorted((i, j)))

    def plus(self, *sums: Sum) -> Sum:
        """Return the sum of sums."""
        total: Sum = {}
        for added in sums:
            self._run_through(added)
            for product, c in added.items():
                self._add(total, product, c)
        return total

    def enter(self, total: Sum, product: Product, c: Number) -> None:
        """Put one product into a sum."""
        self.meter.spend(1 + (len(product) >> 1))
        if vanishes(product):
            return
        if self.numbers:
            for atom, e in [item for item in product if item[0] in self.numbers]:
                c = self.meter.exact(c * Fraction(self.numbers[atom]) ** e)
                product = tuple([item for item in product if item[0] != atom])
        self._add(total, product, c)

    def _run_through(self, total: Sum) -> None:
        self.meter.spend(len(total) + (sum(map(len, total)) >> 1))

    def _add(self, total: Sum, product: Product, c: Number) -> None:
        before = total.pop(product, None)
        c = c if before is None else self.meter.exact(before + c)
        if c:
            total[product] = c

    def less(self, a: Sum, b: Sum) -> Sum:
        """Return a - b."""
        return self.plus(a, self.scaled(b, -1))

    def scaled(self, a: Sum, c: Number) -> Sum:
        """Return a sum times a number that is not zero."""
        if c == 1:
            return a
        self._run_through(a)
        return {product: self.meter.exact(c * d) for product, d in a.items()}

    def times(self, a: Sum, b: Sum) -> Sum:
        """Return the product of two sums over the same free indices."""
        for one, other in ((a, b), (b, a)):
            if len(one) == 1 and NOTHING in one:
                return self.scaled(other, one[NOTHING])
        total: Sum = {}
        for m, c in a.items():
            for n, d in b.items():
                self.enter(total, self.joined(m, n), self.meter.exact(c * d))
        return total

    def joined(self, m: Product, n: Product) -> Product:
        """Return the product of two products."""
        if not m or not n:
            return m or n
        powers = dict(m)
        for atom, e in n:
            powers[atom] = powers.get(atom, 0) + e
        product = tuple(sorted([(atom, e) for atom, e in powers.items() if e]))
        if len(product) > 1 and not self.deltas.isdisjoint(powers):
            held = tuple([item for item in product if self.free[item[0]]])  # deltas may make their free indices equal
            rest = tuple([item for item in product if not self.free[item[0]]])
            found = self.together((), (), ((held, ()),))
            return found if found == NEVER else tuple(sorted((*rest, *found)))
        return product

    def power(self, p: Sum, exponent: int, shape: Shape = SCALAR) -> Sum:
        """Return a whole power of a scalar or a square matrix; a negative one of a polynomial that is not zero."""
        if exponent < 0:
            return self.power(self.inverse(p), -exponent)
        result = self.unit(shape)
        while exponent:
            result = self.multiply((result, shape), (p, shape)) if exponent & 1 else result
            exponent >>= 1
            p = self.multiply((p, shape), (p, shape)) if exponent else p
        return result

    def multiply(self, *factors: tuple[Sum, Shape]) -> Sum:
        """Multiply scalars and chains of matrices, these half by half: then no half is long before it has to be."""
        total = reduce(self.times, [factor for factor, shape in factors if shape == SCALAR], WHOLE)
        chained = [factor for factor in factors if factor[1] != SCALAR]
        return self.times(total, self._chained(chained)[0]) if chained else total

    def _chained(self, factors: Sequence[tuple[Sum, Shape]]) -> tuple[Sum, Shape]:
        if len(factors) == 1:
            return factors[0]
        (a, left), (b, right) = self._chained(factors[: len(factors) // 2]), self._chained(factors[len(factors) // 2 :])
        if SCALAR in (left, right):
            return self.times(a, b), right if left == SCALAR else left
        if left[1] == ONE:
            return self.times(a, b), (left[0], right[1])
        return self.plugged([left[1]], [], [(a, {COLUMN: 0}), (b, {ROW: 0})]), (left[0], right[1])

    def unit(self, shape: Shape) -> Sum:
        """Return the identity matrix."""
        return WHOLE if shape == SCALAR else self.delta(ROW, COLUMN)

    # -- inverses ---

    def inverse(self, of: Sum, shape: Shape = SCALAR, *, plain: bool = True) -> Sum:
        """Return an inverse, a tensor of its own: equal matrices have one; that of a plain product is a product."""
        if self.has_indices(of):
            reject("an inverse that depends on an index")
        lead, scale = max(of.items(), default=(NOTHING, 0))
        monic = {product: self.meter.exact(ratio(c, scale)) for product, c in of.items()}
        key = shape, frozenset(monic.items())
        if key not in self._inverses:
            if self.is_zero(of):
                reject("a division by zero")
            self._inverses[key] = f"inverse {len(self.inverted)}"
            self.inverted[self._inverses[key]] = monic, shape
        name = self._inverses[key]
        self.facts.add(name)
        if plain and len(of) == 1:
            return {tuple([(atom, -e) for atom, e in lead]): ratio(1, scale)}
        return self.scaled(self.entry(name, axes_of(shape)), ratio(1, scale))

    def cleared(self, p: Sum) -> Sum:
        """Return a sum times denominators, which are not zero, so that no reciprocal is left."""
        while True:
            self.meter.spend(len(p))
            atoms = {atom for product in p for atom, _ in product if self.name(atom) in self.inverted}
            if not atoms:
                return p
            last = max(atoms)  # what it is of holds earlier reciprocals at most
            parts = by_power(p, last)
            below, top = self.inverted[self.name(last)][0], max(parts)
            p = self.plus(*(self.times(part, self.power(below, top - e)) for e, part in parts.items()))

    def is_zero(self, total: Sum) -> bool:
        """Whether a sum vanishes for all sizes and values, wherever its reciprocals exist."""
        coefficients: dict[Product, Sum] = {}
        for product, c in total.items():
            entries = tuple([item for item in product if not self.name(item[0])])
            rest = tuple([item for item in product if self.name(item[0])]) if entries else product
            coefficients.setdefault(entries, {})[rest] = c
        return not any(self.cleared(p) for p in coefficients.values())

    # -- indices ---

    def assembled(self, sizes: Sequence[str], factors: list[Factor]) -> Product:
        """Return a product in its form; a sum over an index that nothing depends on is its size.

        ``sizes`` are those of the summed indices 0, 1, ...; a delta with one of them makes it another index. Of two
        different places it is zero.
        """
        self.meter.spend(1 + 2 * len(factors) + len(sizes))
        stands: dict[int, int] = {}  # what an index is, by a delta: a free one rather than a summed one
        deltas = [at for tensor, at in factors if tensor == DELTA]
        for at in deltas:
            low, high = sorted([root(stands, i) for i in at])
            if low < high <= PLACE:
                return NEVER
            stands |= {high: low} if low != high else {}
        if deltas:
            factors = [(t, tuple([root(stands, i) for i in at])) for t, at in factors if t != DELTA]
            factors += [(DELTA, (root(stands, i), i)) for i in stands if i < 0]
        left = set(range(len(sizes))) - stands.keys()
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

    def together(self, sizes: tuple[str, ...], factors: tuple[Factor, ...], held: tuple[Held, ...]) -> Product:
        """Return the product of factors and what is held with them, in its form; each is made once."""
        key = (sizes, factors), held
        known = self._together.get(key)
        if known is None:
            every, single = [*sizes], [*factors]
            for product, names in held:
                more, inner = self.unpacked(product, len(every), dict(names))
                every, single = every + more, single + inner
            known = self._together[key] = self.assembled(every, single)
        return known

    def plugged(self, sizes: Sequence[str], factors: Sequence[Factor], values: Iterable[tuple[Sum, Renaming]]) -> Sum:
        """Return a product times sums whose free indices become indices of the product, summed ones too."""
        around = tuple(sizes), tuple(factors)
        left: list[tuple[Number, Product, tuple[Held, ...]]] = [(1, NOTHING, ())]
        for value, slots in values:
            names, grown = tuple(slots.items()), []
            for c, rest, held in left:
                for product, d in value.items():
                    self.meter.spend(1 + len(factors) + len(held))
                    moved = tuple([item for item in product if not self.free[item[0]].isdisjoint(slots)])
                    others = tuple([item for item in product if item not in moved]) if moved else product
                    if not vanishes(both := self.joined(rest, others)):
                        grown.append((self.meter.exact(c * d), both, (*held, (moved, names)) if moved else held))
            left = grown
        total: Sum = {}
        for c, rest, held in left:
            nothing = not held and not sizes and not factors
            self.enter(total, rest if nothing else self.joined(rest, self.together(*around, held)), c)
        return total

    def renamed(self, total: Sum, names: Renaming) -> Sum:
        """Rename free indices."""
        return self.plugged([], [], [(total, names)])

    def bound_over(self, total: Sum, indices: Iterable[tuple[int, str]]) -> Sum:
        """Sum over free indices, each over its size; there is nothing to do for the size 1."""
        pairs = [(i, size) for i, size in indices if size != ONE]
        return self.plugged([size for _, size in pairs], [], [(total, {i: n for n, (i, _) in enumerate(pairs)})])

    # -- axes of fixed sizes, place by place ---

    def at_places(self, total: Sum, free: Sequence[tuple[int, str]]) -> Iterator[Sum]:
        """Yield an expression at each place of its free indices over fixed sizes; what is summed there is written out.

        ``free`` are its free indices with their sizes; the last one runs first.
        """
        places = [(i, int(size)) for i, size in free if size in FIXED]
        for at in cartesian(*(range(size) for _, size in places)):
            self.meter.spend(1 + len(free))
            there = self.renamed(total, {i: PLACE - k for (i, _), k in zip(places, at, strict=True)})
            yield self.plus(*(self._written_out(product, c) for product, c in there.items()))

    def _written_out(self, product: Product, c: Number) -> Sum:
        """Return a product with its sums over fixed sizes written out."""
        plain = tuple([item for item in product if FIXED.isdisjoint(self.components[item[0]][0])])
        found: Sum = {plain: c}
        for atom, e in [item for item in product if item not in plain]:
            sizes, factors = self.components[atom]
            axes = [(i, int(size)) for i, size in enumerate(sizes) if size in FIXED]
            left = {i: n for n, i in enumerate(i for i, size in enumerate(sizes) if size not in FIXED)}
            values: Sum = {}
            for at in cartesian(*(range(size) for _, size in axes)):
                put = left | {i: PLACE - k for (i, _), k in zip(axes, at, strict=True)}
                moved = [(tensor, tuple([put.get(i, i) for i in indices])) for tensor, indices in factors]
                self.enter(values, self.assembled([sizes[i] for i in left], moved), 1)
            found = self.times(found, self.power(values, e))
        return found

    def canonical(self, component: Component) -> Component:
        """Return the one form of a component: the same for all ways to number its summed indices.

        Whatever is returned is the component with its summed indices numbered anew: components of one form *are* one.
        That all numberings lead to one form takes a search: indices are told apart by where they occur; of those that
        are not told apart one after the other is made the first; and the least form wins.
        """
        sizes, factors = component
        if len(sizes) > MAX_SUMMED:
            reject(f"a product in which more than {MAX_SUMMED} summed indices hang together")
        if len(sizes) < 2:
            self.meter.spend(len(factors))
            return sizes, tuple(sorted(factors))
        places: list[list[tuple[Factor, int]]] = [[] for _ in sizes]
        for factor in factors:
            for place, i in enumerate(factor[1]):
                if i >= 0:
                    places[i].append((factor, place))
        ranks = {size: rank for rank, size in enumerate(sorted(set(sizes)))}
        colours = [ranks[size] for size in sizes]
        return self._least(component, places, self._refined(places, colours, range(len(sizes)), []), [], every=True)[0]

    def _refined(
        self,
        places: Sequence[Sequence[tuple[Factor, int]]],
        colours: list[int],
        changed: Iterable[int],
        steps: list[Any],
        least: Sequence[Any] | None = None,
    ) -> list[int]:
        """Tell summed indices apart by the colours of what they occur with, until nothing changes.

        Looked at again are those that occur with one whose colour is new: in a cell of one colour they form groups of
        their own. The largest group of a cell keeps the colour, or those that were not looked at. ``steps`` takes down
        what happens; where that is more than the ``least`` that is known, there are no colours.
        """
        now, number, near = list(colours), 1 + max(colours, default=0), set(changed)
        members: dict[int, set[int]] = {}
        for i, colour in enumerate(now):
            members.setdefault(colour, set()).add(i)
        while near:
            groups: dict[int, dict[tuple[Any, ...], list[int]]] = {}
            for i in near:
                if len(members[now[i]]) > 1:
                    self.meter.spend(1 + len(places[i]))
                    seen = [(t, tuple([j if j < 0 else now[j] for j in at]), place) for (t, at), place in places[i]]
                    groups.setdefault(now[i], {}).setdefault(tuple(sorted(seen)), []).append(i)
            fresh: list[int] = []
            for colour in sorted(groups):
                parts = [groups[colour][key] for key in sorted(groups[colour])]
                steps.append((colour, sorted([(key, len(part)) for key, part in groups[colour].items()])))
                if least is not None and steps[-1:] > [*least[len(steps) - 1 : len(steps)]]:
                    return []
                least = None if least is not None and steps[-1] < least[len(steps) - 1] else least
                if sum(map(len, parts)) == len(members[colour]):
                    parts.remove(max(parts, key=len))
                for part in parts:
                    members[number] = set(part)
                    members[colour] -= members[number]
                    fresh += part
                    for i in part:
                        now[i] = number
                    number += 1
            near = {j for i in fresh for (_, at), _ in places[i] for j in at if j >= 0}
        return now

    def _least(
        self,
        component: Component,
        places: Sequence[Sequence[tuple[Factor, int]]],
        colours: list[int],
        symmetries: list[dict[int, int]],
        *,
        every: bool,
    ) -> tuple[Component, list[int]]:
        """Return the least form with the order of indices that gives it; if not every choice is tried, the first form.

        Where two choices give one form, a symmetry carries one into the other; it is kept, and what symmetries that
        move nothing chosen before carry into what was tried is not tried again.
        """
        sizes, factors = component
        cells: dict[int, list[int]] = {}
        for i, colour in enumerate(colours):
            cells.setdefault(colour, []).append(i)
        alike = min([cells[c] for c in sorted(cells) if len(cells[c]) > 1], key=len, default=[])
        if not alike:
            order = sorted(range(len(sizes)), key=colours.__getitem__)
            numbers = {i: number for number, i in enumerate(order)}
            self.meter.spend(len(factors))
            moved = sorted([(t, tuple([i if i < 0 else numbers[i] for i in at])) for t, at in factors])
            return (tuple([sizes[i] for i in order]), tuple(moved)), order
        best: list[tuple[Component, list[int]]] = []
        forms: dict[Component, list[int]] = {}
        least: list[Any] | None = None
        last = 1 + max(cells)
        for number, chosen in enumerate(alike):
            if number and self._reached(chosen, alike[:number], symmetries):
                continue
            near = [j for (_, at), _ in places[chosen] for j in at if j >= 0]
            marked = [last if i == chosen else c for i, c in enumerate(colours)]
            steps: list[Any] = []
            finer = self._refined(places, marked, near, steps, least)
            if not finer:
                continue
            if steps != least:
                least, best, forms = steps, [], {}
            form, order = self._least(component, places, finer, [], every=False)
            if not every:
                return form, order
            if form in forms:
                symmetries.append(dict(zip(forms[form], order, strict=True)))
                continue
            forms[form] = order
            kept = [symmetry for symmetry in symmetries if symmetry[chosen] == chosen]
            inner, alone = [*kept], len(set(finer)) == len(finer)
            found = (form, order) if alone else self._least(component, places, finer, inner, every=True)
            symmetries += inner[len(kept) :]
            if best and found[0] == best[0][0]:
                symmetries.append(dict(zip(best[0][1], found[1], strict=True)))
            best = [found] if not best or found[0] < best[0][0] else best
        return best[0]

    def _reached(self, chosen: int, tried: Iterable[int], symmetries: Sequence[Mapping[int, int]]) -> bool:
        """Whether symmetries carry a choice, in any number of steps, into one that was looked at before."""
        seen, left, goals = {chosen}, [chosen], set(tried)
        while left:
            self.meter.spend(len(symmetries))
            new = {symmetry[left[-1]] for symmetry in symmetries} - seen
            left.pop()
            if new & goals:
                return True
            seen |= new
            left += new
        return False


def vanishes(product: Product) -> bool:
    """Whether a product has the square of the small step."""
    return product[:1] > STEP and product[0][0] == STEP[0][0]


def by_power(p: Sum, atom: int) -> dict[int, Sum]:
    """Return the coefficients of the powers of an atom."""
    found: dict[int, Sum] = {}
    for product, c in p.items():
        found.setdefault(dict(product).get(atom, 0), {})[tuple([item for item in product if item[0] != atom])] = c
    return found


def root(parents: dict[int, int], i: int) -> int:
    """Return what stands for all that an index is joined to."""
    while (above := parents.get(i, i)) != i:
        parents[i] = parents.get(above, above)
        i = above
    return i


# -- multiplying out ---------------------------------------------------------------------------------------------------

Values = Mapping[str, tuple[Sequence[int], Sum]]  # what a tensor becomes, at which of its indices
Moments = dict[int, tuple[list[int], Sum]]  # by degree: at which indices


class Expansion(Algebra):
    """Multiplies the trees of one document out, definitions unfolded; that moments are given is a fact, too."""

    def __init__(self, trees: Trees, *, keeping: bool = False) -> None:
        super().__init__(trees.meter)
        self.trees, self.keeping = trees, keeping
        self.sums: dict[str, tuple[Sum, Shape]] = {}  # those that are kept whole, each made of earlier ones
        self._kept: dict[object, Sum] = {}
        self.moments: dict[str, tuple[str, Moments]] = {}  # what is given of a random symbol
        self._indices = dict(AXES)
        self._done: dict[Node, tuple[Sum, set[str]]] = {}  # what was multiplied out, and takes for granted
        self._defined: dict[str, tuple[Sum, set[str]]] = {}

    def index(self, name: str) -> int:
        """Return the number of a free index, or of a place."""
        if name in (*PLACES,):
            return PLACE - int(name)
        return self._indices.setdefault(name, -10 - len(self._indices))

    def read(self, tree: Node) -> Sum:
        """Return a tree multiplied out."""
        found = self._done.get(tree)
        if found is None:
            names = self.trees.used(tree)
            for name, value in self.trees.defined(names):
                if name not in self._defined:
                    self._defined[name] = self.with_facts(value)
            found = self.with_facts(tree)
        return found[0]

    def facts_of(self, trees: Iterable[Node]) -> set[str]:
        """Return what trees that were read take for granted."""
        return set[str]().union(*(self._done[tree][1] for tree in trees if self.read(tree) is not None))

    def with_facts(self, tree: Node) -> tuple[Sum, set[str]]:
        """Return a tree multiplied out whose definitions are known, and what this takes for granted; each once."""
        found = self._done.get(tree)
        if found is None:
            around, self.facts = self.facts, set()
            try:
                found = self._done[tree] = RULES[tree.kind].out(self, tree, *tree.parts), self.facts
            finally:
                self.facts = around
        return found

    def out(self, tree: Node) -> Sum:
        """Return a tree multiplied out whose definitions are known, and take for granted what this does."""
        self.meter.spend(1)
        total, facts = self.with_facts(tree)
        self.facts |= facts
        return total

    def symbol(self, name: str, at: Sequence[int]) -> Sum:
        """Return a symbol at indices, one for each axis that is not of size 1."""
        if name not in self.trees.definitions:
            return self._with_property(name, at)
        total, facts = self._defined[name]
        self.facts |= facts
        return self.renamed(total, dict(zip(axes_of(self.trees.symbols[name]), at, strict=True)))

    def _with_property(self, name: str, at: Sequence[int]) -> Sum:
        """Return an entry: of what is symmetric or skew the mean over all exchanges of axes of one size, with signs."""
        word, axes = self.trees.properties.get(name), self.trees.symbols[name]
        if word is None:
            return self.entry(name, at)
        if word == "diagonal":
            return self.times(self.entry(name, [at[0], at[0]]), self.delta(*at))
        orders = [p for p in permutations(range(len(axes))) if all(axes[i] == axes[j] for i, j in enumerate(p))]
        total: Sum = {}
        for order in orders:
            odd = sum(i > j for i, j in combinations(order, 2)) % 2 == 1 and word == "skew"
            mean = ratio(-1 if odd else 1, len(orders))
            total = self.plus(total, self.scaled(self.entry(name, [at[i] for i in order]), mean))
        return total

    def moved(self, of: Node, names: Renaming) -> Sum:
        """Return a tree multiplied out, its free indices renamed."""
        return self.renamed(self.out(of), names)

    def entry_of(self, _: Node, of: Node, indices: Sequence[str]) -> Sum:
        """Return an entry."""
        axes = of.shape if of.kind != "Symbol" else self.trees.symbols[of.parts[0]] or SCALAR
        at = [self.index(i) for i, size in zip(indices, axes, strict=True) if size != ONE]
        if of.kind == "Symbol":
            return self.symbol(of.parts[0], at)
        return self.moved(of, dict(zip(axes_of(of.shape), at, strict=True)))

    # -- sums that are kept whole ---

    def factor(self, tree: Node) -> Sum:
        """Return a factor multiplied out; or, if sums are kept whole, a tensor that stands for it."""
        total = self.out(tree)
        if not self.keeping or len(total) < 2:
            return total
        atoms = self.atoms_of(total)
        inner = all(self.free[atom] <= {ROW, COLUMN} for atom in atoms) and not all(map(self.name, atoms))
        return self.kept(total, tree.shape) if inner else total

    def kept(self, total: Sum, shape: Shape) -> Sum:
        """Return the tensor that stands for a sum; it does for the multiples of the sum and for its transpose, too."""
        swap = {ROW: COLUMN, COLUMN: ROW}
        monic, scale = self._monic(total)
        key = shape, frozenset(monic.items())
        if key not in self._kept:
            name = f"sum {len(self.sums)}"
            self.sums[name] = monic, shape
            self._kept[key] = self.entry(name, axes_of(shape))
            turned, factor = self._monic(self.renamed(monic, swap))
            symbol = self.scaled(self.renamed(self._kept[key], swap), ratio(1, factor))
            self._kept.setdefault((shape[::-1], frozenset(turned.items())), symbol)
        return self.scaled(self._kept[key], scale)

    def _monic(self, total: Sum) -> tuple[Sum, Number]:
        _, scale = max(total.items())
        return {product: self.meter.exact(ratio(c, scale)) for product, c in total.items()}, scale

    def is_zero(self, total: Sum) -> bool:
        """Whether a sum vanishes; sums in it that are kept whole are put in, one after the other, as long as it takes.

        Each time the way is taken that leaves the fewest terms; where there are many, the first.
        """
        while not super().is_zero(total):
            inside = set[str]().union(
                *(self.tensors[atom] for atom in {atom for product in total for atom, _ in product})
            )
            names = sorted(inside & self.sums.keys())
            ways = [(name, slot) for name in names for slot in range(max(len(axes_of(self.sums[name][1])), 1))]
            if not ways:
                return False
            several = ways if len(total) < 100 else ways[-1:]
            total = min((self.opened(total, name, slot) for name, slot in several), key=len)
        return True

    def opened(self, total: Sum, name: str, slot: int) -> Sum:
        """Put a sum in the place of the tensor that stands for it, once in each product where that occurs most often.

        That is where its slot is not joined to another such tensor, if there is such a place: at an end of a chain.
        """
        of, shape = self.sums[name]
        numbers = {
            atom: sum(t == name for t, _ in self.components[atom][1]) for product in total for atom, _ in product
        }
        often = {product: sum(e * numbers[atom] for atom, e in product) for product in total}
        found: Sum = {}
        for product, c in total.items():
            if often[product] < max(often.values()):
                self.enter(found, product, c)
                continue
            atom = next(atom for atom, _ in product if numbers[atom])
            rest = tuple([(a, e - (a == atom)) for a, e in product if a != atom or e > 1])
            sizes, factors = self.components[atom]
            places = [place for place, (tensor, _) in enumerate(factors) if tensor == name]
            held = [i for place in places for i in factors[place][1]]
            ends = [place for place in places if shape != SCALAR and held.count(factors[place][1][slot]) == 1]
            at = (ends or places)[0]
            others = [factor for place, factor in enumerate(factors) if place != at]
            put = self.plugged(sizes, others, [(of, dict(zip(axes_of(shape), factors[at][1], strict=True)))])
            for more, d in put.items():
                self.enter(found, self.joined(rest, more), self.meter.exact(c * d))
        return found

    # -- replacing tensors: in derivatives, At and expectations ---

    def tensors_in(self, total: Sum) -> set[str]:
        """Return the tensors, scalars and sizes that occur in a sum, also inside of inverses, reciprocals and sums."""
        found, left = set[str](), [total]
        while left:
            inside = left.pop()
            new = set[str]().union(
                *(self.tensors[atom] for atom in {atom for product in inside for atom, _ in product})
            )
            left += [(self.sums.get(name) or self.inverted[name])[0] for name in new - found if name in self._made()]
            found |= new
        return found

    def _made(self) -> set[str]:
        return self.sums.keys() | self.inverted.keys()

    def moving(self, total: Sum, rules: Values) -> list[str]:
        """Return the inverses in a sum that depend on what has a rule."""
        inside = {name for product in total for atom, _ in product for name in self.tensors[atom] & set(self.inverted)}
        return [name for name in sorted(inside) if self.tensors_in(self.inverted[name][0]) & set(rules)]

    def replaced(self, total: Sum, rules: Values) -> Sum:
        """Put values in the place of all factors that have a rule, at once."""
        known = dict(rules)
        for name in self.moving(total, rules):
            of, shape = self.inverted[name]
            other, mine = self.replaced(of, rules), (self.entry(name, axes_of(shape)), shape)
            if any(product[:1] == STEP for product in other):  # the inverse of A + S is B - B S B, for small S
                moved = self.less(mine[0], self.multiply(mine, (self.less(other, of), shape), mine))
            else:
                moved = self.inverse(other, shape, plain=False)
            known[name] = axes_of(shape), moved
        for name, (of, shape) in self.sums.items():
            if self.tensors_in(of) & set(rules):
                known[name] = (
                    axes_of(shape),
                    self.plus(self.entry(name, axes_of(shape)), self.less(self._put(of, known), of)),
                )
        return self._put(total, known)

    def _put(self, total: Sum, known: Values) -> Sum:
        values: dict[int, Sum] = {}
        parts = []
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
                    part = self.times(part, self._raised(atom, values[atom], e))
            parts.append(part)
        return self.plus(*parts)

    def _raised(self, atom: int, value: Sum, e: int) -> Sum:
        """Return a power of what an atom becomes; what is divided by becomes a number, or moves by small steps."""
        if e > 0 or set(value) == {NOTHING}:
            return self.power(value, e)
        below: Sum = {((atom, -1),): 1}
        step = self.less(value, {((atom, 1),): 1})
        if any(product[:1] != STEP for product in step):
            reject("another value of what is divided by")
        return self.power(self.less(below, self.times(self.times(below, step), below)), -e)

    def derivative(self, tree: Node, of: Node, by: str, jacobians: Any, constant: Any) -> Sum:
        """Differentiate, through the Jacobians that are declared."""
        slots = axes_of(self.trees.symbols[by])
        along = [BY_ROW if i == ROW else BY_COLUMN for i in slots]
        slopes: dict[str, tuple[Sequence[int], Sum]]
        slopes = {by: (slots, reduce(self.times, map(self.delta, slots, along), WHOLE))}
        for name, value in jacobians:
            at = axes_of(self.trees.symbols[name])
            array = value.kind == "Symbol" and len(self.trees.symbols[value.parts[0]]) > 2
            slope = self.symbol(value.parts[0], [*at, *along]) if array else self.out(value)
            slopes[name] = at, slope if array or not self.trees.symbols[by] else self.renamed(slope, {COLUMN: BY_ROW})
            if not self.trees.symbols[by] and self.has_indices(slope):
                reject(f"a derivative of {name} by {by} that depends on an index")
        inner = self.out(of)
        present = self.tensors_in(inner)
        if not constant and not present & set(slopes):
            reject(f"a derivative by {by} of what does not depend on it, without saying 'constant'")
        depends = set(self.trees.jacobians.get(by, ()))  # and what has a Jacobian inside, or is one
        for node in self.trees.unfolded(of):
            for name, value in node.parts[2] if node.kind in ("Gradient", "Jacobian") else ():
                depends |= {name} if node.parts[1] == by else set()
                depends |= {value.parts[0]} if value.kind == "Symbol" and name in slopes else set()
        if held := (present - set(slopes)) & depends:
            reject(f"{min(held)} is held constant in a derivative by {by}, on which it depends")
        names = {BY_ROW: ROW, BY_COLUMN: COLUMN} if tree.kind == "Gradient" else {BY_ROW: COLUMN}
        step: Sum = {STEP: 1}
        moved = {n: (at, self.plus(self.entry(n, at), self.times(step, slope))) for n, (at, slope) in slopes.items()}
        found = by_power(self.replaced(inner, moved), STEP[0][0])
        return self.renamed(found.get(1, {}), names)

    def at(self, _: Node, of: Node, values: Sequence[tuple[str, Node]]) -> Sum:
        """Replace symbols; what is taken for granted inside is so with the values in their place."""
        rules = {name: (axes_of(value.shape), self.out(value)) for name, value in values}
        inner, facts = self.with_facts(of)
        for fact in facts:
            if fact in self.inverted:
                mine = self.entry(fact, axes_of(self.inverted[fact][1]))
                self.replaced(mine, rules)  # which takes the inverse of what is there then for granted
                self.facts |= {fact} - set(self.moving(mine, rules))
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
        inner, facts = self.with_facts(of)
        self.facts |= facts
        if any(random in self.tensors_in(self.inverted[fact][0]) for fact in facts & self.inverted.keys()):
            reject(f"an expectation over {random} of what divides by it")  # once values are in their places, too
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
        values = {
            degree: Fraction(value.get(NOTHING, 0)) for degree, (_, value) in given.items() if set(value) <= {NOTHING}
        }
        numbers = len(values) == len(given) and not self.trees.symbols[random]
        if numbers and not realizable({0: UNITY, **values}, self.range_of(random), self.meter)[0]:
            reject(f"no distribution of {random} has the given moments")


class Rule:
    """All of a kind of node: the codes of its parts, its shape if they fit, and what it is multiplied out.

    The shape is a pattern for ``matching``, or comes of the trees, the scope, and the parts; what it is multiplied out,
    of the expansion, the node, and the parts.
    """

    def __init__(self, codes: str, shape: str | Shaped, out: Callable[..., Sum] = lambda *_: {}) -> None:
        self.readers = [(READERS[code[0]], code[1:], code[0] in "xs") for code in codes.split()]
        self.out = out
        self.shape: Shaped = matching(shape) if isinstance(shape, str) else shape


GIVEN: Mapping[str, Rule] = {"ForAll": Rule("s* e", lambda *_: SAID), "Everywhere": Rule("u+ g c", _everywhere)}
STATED: Mapping[str, Rule] = {
    "Identity": Rule("e e h*", _differ),
    "Vanishing": Rule("e+ h*", lambda *_: SAID),
    "Equivalence": Rule("e+ e+ d* h*", _differ),
    "Positivity": Rule("e r* h* b", _positivity),
    "Minimum": Rule("e v+ h*", _minimum),
    "Fails": Rule("S", lambda *_: SAID),
}
INNER: Mapping[str, Rule] = {kind: rule for kind, rule in STATED.items() if kind != "Fails"}
RULES: Mapping[str, Rule] = {
    "Number": Rule("n", ">11", lambda _, __, value: {NOTHING: integral(value)} if value else {}),
    "Size": Rule("Z", ">11", lambda e, _, name: e.entry(name)),
    "Symbol": Rule("y", _axes, lambda e, _, name: e.symbol(name, axes_of(e.trees.symbols[name]))),
    "Add": Rule("e+", _alike, lambda e, _, terms: e.plus(*map(e.out, terms))),
    "Multiply": Rule("e+", _chain, lambda e, _, factors: e.multiply(*((e.factor(f), f.shape) for f in factors))),
    "Quotient": Rule("e d", "rc 11>rc", lambda e, _, a, b: e.times(e.out(a), e.inverse(e.out(b)))),
    "Power": Rule("e k", "nn>nn", lambda e, tree, base, exponent: e.power(e.factor(base), exponent, tree.shape)),
    "Hadamard": Rule("e+", _alike, lambda e, _, factors: reduce(e.times, map(e.factor, factors))),
    "Transpose": Rule("e", "rc>cr", lambda e, _, of: e.moved(of, {ROW: COLUMN, COLUMN: ROW})),
    "Trace": Rule("e", "nn>11", lambda e, _, of: e.bound_over(e.moved(of, {COLUMN: ROW}), [(ROW, of.shape[0])])),
    "Diagonal": Rule("e", "nn>n1", lambda e, _, of: e.moved(of, {COLUMN: ROW})),
    "DiagonalMatrix": Rule(
        "e",
        lambda _, __, of: (max(of.shape, key=lambda n: n != ONE),) * 2 if ONE in of.shape else None,
        lambda e, tree, of: e.times(e.moved(of, {COLUMN: ROW}), e.unit(tree.shape)),
    ),
    "Inverse": Rule("e", "nn>nn", lambda e, tree, of: e.inverse(e.out(of), tree.shape, plain=False)),
    "Identity": Rule("z", lambda _, __, size: (size, size), lambda e, tree, __: e.unit(tree.shape)),
    "Ones": Rule("z z", lambda _, __, *shape: shape, lambda *_: WHOLE),
    "Zeros": Rule("z z", lambda _, __, *shape: shape, lambda *_: {}),
    "Delta": Rule(
        "i i",
        lambda _, scope, i, j: SCALAR if scope[i] == scope[j] else None,
        lambda e, _, i, j: e.delta(e.index(i), e.index(j)),
    ),
    "Entry": Rule("a I*", _entry, Expansion.entry_of),
    "Slice": Rule(
        "e w w",
        _slice,
        lambda e, _, of, *at: e.moved(
            of, {a: e.index(i) for a, i, n in zip((ROW, COLUMN), at, of.shape, strict=True) if i != ":" and n != ONE}
        ),
    ),
    "Total": Rule("x+ e", "11>11", lambda e, _, at, body: e.bound_over(e.out(body), [(e.index(i), n) for i, n in at])),
    "ByEntries": Rule(
        "x? x? e",
        lambda _, __, i, j, body: (i[1] if i else ONE, j[1] if j else ONE) if body.shape == SCALAR else None,
        lambda e, _, i, j, body: e.moved(body, {e.index(n[0]): axis for n, axis in ((i, ROW), (j, COLUMN)) if n}),
    ),
    "Gradient": Rule("e Y p* b", _gradient, Expansion.derivative),
    "Jacobian": Rule("e Y p* b", _jacobian, Expansion.derivative),
    "At": Rule("e v*", _at, Expansion.at),
    "Expectation": Rule("e Y m*", _expectation, Expansion.expectation),
    "Apply": Rule("f c", _apply, lambda *_: reject("a value of a function that is not known is not multiplied out")),
}


# -- points ------------------------------------------------------------------------------------------------------------

Entries = dict[tuple[int, ...], Number]  # what is not zero, by the values of indices
AT_PLACES = {PLACE - int(k): int(k) for k in PLACES}
Matrix = list[list[Fraction]]


class Point:
    """Sizes and values, at which sums are evaluated: one factor after the other gives values to its summed indices.

    A scalar is a table of one entry. What is not said of a symbol is 1, entries off the diagonal 0.
    """

    def __init__(
        self, out: Expansion, tables: Mapping[str, Entries], at: Mapping[int, int], random: Iterable[str] = ()
    ) -> None:
        self.out, self.meter, self.tables, self.at, self.open = out, out.meter, dict(tables), dict(at), set(random)
        self._known: dict[object, Number] = {}  # what was summed

    def number(self, name: str) -> Number:
        """Return the value of a scalar or a size."""
        return self.table(name).get((), 0)

    def span(self, sizes: Iterable[str]) -> Iterator[tuple[int, ...]]:
        """Run through the values of indices along axes; those of size 1 are left out."""
        lengths = (int(size if size in FIXED else self.number(size)) for size in sizes if size != ONE)
        for place in cartesian(*map(range, lengths)):
            self.meter.spend(1)
            yield place

    def table(self, name: str) -> Entries:
        """Return the entries of a tensor, or of what has no indices."""
        if name not in self.tables:
            if name in self.open:
                reject(f"the point does not say what {name} is")
            found: Mapping[tuple[int, ...], Fraction]
            if name in self.out.inverted:
                of, shape = self.out.inverted[name]
                places = list(self.span(shape))
                entries = [self.value(of, dict(zip(axes_of(shape), at, strict=True))) for at in places]
                found = dict(zip(places, inverted(entries, self.meter), strict=True))
            elif name in self.out.sums:
                of, shape = self.out.sums[name]
                found = {at: self.value(of, dict(zip(axes_of(shape), at, strict=True))) for at in self.span(shape)}
            else:
                axes = self.out.trees.symbols.get(name) or ()
                found = {at: UNITY for at in self.span(axes) if len({*at, *([0] if ONE in axes else [])}) < 2}
            self.tables[name] = {at: integral(x) for at, x in found.items() if x}
        return self.tables[name]

    def value(self, total: Sum, at: Mapping[int, int] | None = None) -> Fraction:
        """Return what a sum is where its free indices have values."""
        found: Number = 0
        known = {**self.at, **(at or {}), **AT_PLACES}
        for product, c in total.items():
            self.meter.spend(len(product))
            for atom, e in product:
                x = self._atom(atom, known)
                if not x and e < 0:
                    reject("a denominator is zero at the point")
                if abs(e) > 1 and abs(e) * (x.numerator.bit_length() + x.denominator.bit_length() - 2) > MAX_BITS:
                    reject("a number that is too large")
                c = self.meter.exact(c * x**e if e > 0 else ratio(c, x**-e))  # noqa: PLW2901 - a product on the way
            found = self.meter.exact(found + c)
        return Fraction(found)

    def _atom(self, atom: int, at: Mapping[int, int]) -> Number:
        """Return the value of an atom, whose free indices have values."""
        held = self.out.free[atom]
        if not held <= at.keys():
            reject("an index has no value at the point")
        there = {i: at[i] for i in held}
        key = atom, tuple(there.values())
        if key not in self._known:
            self._known[key] = self._summed(self.out.components[atom][1], there)
        return self._known[key]

    def _summed(self, factors: tuple[Factor, ...], at: Mapping[int, int]) -> Number:
        """Return a product, summed over all values of the indices that have none yet."""
        if not factors:
            return 1
        self.meter.spend(len(factors))
        held = {i for _, indices in factors for i in indices}
        key = factors, tuple([(i, at[i]) for i in sorted(held) if i in at])
        if key not in self._known:
            first = min(range(len(factors)), key=lambda place: len(set(factors[place][1]) - set(at)))
            (tensor, indices), rest = factors[first], factors[:first] + factors[first + 1 :]
            found: Number = 0
            for place, x in self._entries(tensor, at, indices):
                there = {i: k for i, k in {**at, **dict(zip(indices, place, strict=True))}.items() if i in held}
                if all(there[i] == k == at.get(i, k) for i, k in zip(indices, place, strict=True)):
                    found = self.meter.exact(found + x * self._summed(rest, there))
            self._known[key] = found
        return self._known[key]

    def _entries(self, tensor: str, at: Mapping[int, int], indices: Sequence[int]) -> Iterable[tuple[Any, Number]]:
        if tensor == DELTA:  # both of its indices are free
            i, j = (at[i] for i in indices)
            return [((i, j), 1)] if i == j else []
        self.meter.spend(len(self.table(tensor)))
        return self.table(tensor).items()

    def require(self, facts: Iterable[str]) -> None:
        """Refuse a point at which an inverse does not exist, or moments are not known to be those of a distribution."""
        given: list[tuple[str, dict[int, dict[Any, Fraction]]]] = []
        for fact in sorted(facts):
            if fact in self.out.inverted:
                self.table(fact)
                continue
            random, moments = self.out.moments[fact]
            places = list(self.span(self.out.trees.symbols[random]))
            found: dict[int, dict[Any, Fraction]] = {0: {(): UNITY}}
            for degree, (slots, value) in moments.items():
                self.meter.spend(len(places) ** degree)
                several = cartesian(places, repeat=degree)
                found[degree] = {
                    held: self.value(value, dict(zip(slots, chain(*held), strict=True))) for held in several
                }
            for about, known in given:  # two expectations are over one distribution, if they may be
                if about == random and all(known.get(degree, values) == values for degree, values in found.items()):
                    found |= known
            given.append((random, found))
        for random, found in given:
            places = list(self.span(self.out.trees.symbols[random]))
            if len(found) == 1 or not has_distribution(found, places, self.out.range_of(random, self), self.meter):
                reject(f"moments of {random} of which it is not known that a distribution has them")


def inverted(entries: Sequence[Fraction], meter: Meter) -> list[Fraction]:
    """Return the entries of the inverse of a matrix, row by row, by elimination."""
    size = next(n for n in range(len(entries) + 1) if n * n == len(entries))
    rows = [[*entries[i * size : (i + 1) * size], *(Fraction(i == j) for j in range(size))] for i in range(size)]
    for i in range(size):
        found = next((k for k in range(i, size) if rows[k][i]), None)
        if found is None:
            reject("a matrix has no inverse at the point")
        rows[i], rows[found] = rows[found], rows[i]
        pivot = rows[i] = [meter.weigh(x / rows[i][i]) for x in rows[i]]
        meter.spend(2 * size * size)
        others = [[meter.weigh(x - row[i] * y) for x, y in zip(row, pivot, strict=True)] for row in rows]
        rows = [pivot if k == i else other for k, other in enumerate(others)]
    return [x for row in rows for x in row[size:]]


# -- which moments some distribution has -------------------------------------------------------------------------------


class Range(NamedTuple):
    """Where a random scalar lies: its signs against bounds, and whether it is whole."""

    bounds: Sequence[tuple[str, Fraction]]
    whole: bool

    def contains(self, x: Fraction) -> bool:
        """Whether a number lies in the range."""
        return all(SIGNS[sign](x - bound) for sign, bound in self.bounds) and not (self.whole and x.denominator != 1)

    def contains_some(self) -> bool:
        """Whether any number lies in the range: a bound, one beside it, or one between two."""
        ends = [bound for _, bound in self.bounds] or [ZERO]
        tried = (x for a, b in cartesian(ends, repeat=2) for x in (a, a - 1, a + 1, (a + b) / 2, Fraction(a // 1 + 1)))
        return any(map(self.contains, tried))


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
    top = next(degree for degree in range(len(moments)) if degree + 1 not in moments)
    m = [moments[degree] for degree in range(top + 1)]
    lows, highs = ([bound for sign, bound in inside.bounds if sign[0] == wanted] for wanted in "><")
    weights = [[-max(lows), UNITY]] if lows else []
    weights += [[min(highs), -UNITY]] if highs else []
    if len(weights) == 2 and top % 2 == 0:
        weights = [[-max(lows) * min(highs), max(lows) + min(highs), -UNITY]]
    found = []
    for w in [[UNITY], *weights]:
        span = range((top + 1 - len(w)) // 2 + 1)
        found.append(
            signature([[sum((c * m[i + j + k] for k, c in enumerate(w)), ZERO) for j in span] for i in span], meter)
        )
    possible = all(semidefinite for semidefinite, _ in found)
    same = top > 0 and all(value == m[1] ** degree for degree, value in moments.items()) and inside.contains(m[1])
    closed = bool(lows and highs) and all(sign in (">=", "<=") for sign, _ in inside.bounds)
    definite = closed or all(definite for _, definite in found)
    return possible, possible and len(m) == len(moments) and (same or (definite and not inside.whole))


def has_distribution(
    found: Mapping[int, Mapping[Any, Fraction]], places: Sequence[Any], inside: Range, meter: Meter
) -> bool:
    """Whether some distribution has these moments: of one number, of a covariance, of what is always the same."""
    if len(places) == 1:
        numbers = {degree: next(iter(values.values())) for degree, values in found.items()}
        if numbers.keys() == {0, 2} and not (inside.bounds or inside.whole):
            numbers[1] = ZERO  # which is free
        return realizable(numbers, inside, meter)[1]
    moments = [(held, x, values) for values in found.values() for held, x in values.items()]
    mean = {place: found[1][place,] if 1 in found else ZERO for place in places}
    if all(x == reduce(lambda y, place: y * mean[place], held, UNITY) for held, x, _ in moments):
        return True
    if max(found) > 2 or any(x != values[tuple(sorted(held))] for held, x, values in moments):
        return False  # too many to judge, or they depend on the order of the entries
    return signature([[found[2][p, q] - mean[p] * mean[q] for q in places] for p in places], meter)[0]


# -- polynomials in one scalar, on a line: Sturm's theorem -------------------------------------------------------------

Line = list[Fraction]  # the coefficients of the powers 0, 1, ...; the last one is not zero


class Span(NamedTuple):
    """Where a scalar lies: between two ends, which None leaves open to infinity, and whether they are in it."""

    low: Fraction | None = None
    high: Fraction | None = None
    closed: tuple[bool, bool] = (False, False)

    def cut(self, sign: str, bound: Fraction) -> Span:
        """Return the part of it in which a relation to a bound holds."""
        low, high, (left, right) = self
        if sign[0] == ">" and (low is None or (bound, sign == ">") > (low, not left)):
            return Span(bound, high, (sign == ">=", right))
        if sign[0] == "<" and (high is None or (-bound, sign == "<") > (-high, not right)):
            return Span(low, bound, (left, sign == "<="))
        return self

    def inside(self) -> Fraction:
        """Return a point between the ends."""
        if self.low is not None and self.high is not None:
            return (self.low + self.high) / 2
        return self.low + 1 if self.low is not None else self.high - 1 if self.high is not None else ZERO

    def has(self, p: Line, meter: Meter, *, strict: bool) -> bool:
        """Whether a polynomial is never negative here; if ``strict``, it is positive."""
        if not p or (self.low is not None and self.high is not None and self.low >= self.high):
            return False
        ends = [end for end, closed in zip(self[:2], self.closed, strict=True) if closed and end is not None]
        if strict and any(value_at(p, end, meter) <= 0 for end in ends):
            return False
        rest = p = p if strict else alternating(p, meter)
        for end in (self.low, self.high):
            while end is not None and not value_at(rest, end, meter):
                rest = divided(rest, [-end, UNITY], meter)[0]
        none = changes(rest, self.low, -1, meter) == changes(rest, self.high, 1, meter)  # no zero between the ends
        return none and value_at(p, self.inside(), meter) > 0


def value_at(p: Line, x: Fraction, meter: Meter) -> Fraction:
    """Return the value of a polynomial."""
    return reduce(lambda total, c: meter.weigh(total * x + c), reversed(p), ZERO)


def divided(p: Line, q: Line, meter: Meter) -> tuple[Line, Line]:
    """Return the quotient and the rest of polynomials."""
    rest, whole = list(p), [ZERO] * max(len(p) - len(q) + 1, 0)
    for place in reversed(range(len(whole))):
        meter.spend(len(q))
        whole[place] = rest[place + len(q) - 1] / q[-1]
        for k, c in enumerate(q):
            rest[place + k] = meter.weigh(rest[place + k] - whole[place] * c)
    while rest and not rest[-1]:
        rest.pop()
    return whole, rest


def slope(p: Line) -> Line:
    """Return the derivative."""
    return [k * c for k, c in enumerate(p)][1:]


def chain_of(p: Line, q: Line, meter: Meter) -> list[Line]:
    """Return two polynomials and their negative rests up to their greatest common divisor, but for positive numbers."""
    found = [p, q]
    while found[-1]:
        rest = divided(found[-2], found[-1], meter)[1]
        found.append([meter.weigh(-c / abs(rest[-1])) for c in rest])
    return found[:-1]


def changes(p: Line, x: Fraction | None, side: int, meter: Meter) -> int:
    """Return how often the signs of Sturm's sequence change at a point which is no zero, or far to one side."""
    links = chain_of(p, slope(p), meter)
    values = [q[-1] * side ** (len(q) - 1) if x is None else value_at(q, x, meter) for q in links]
    signs = [v > 0 for v in values if v]
    return sum(a != b for a, b in pairwise(signs))


def alternating(p: Line, meter: Meter) -> Line:
    """Return a polynomial with the zeros of odd order, each once, and the sign of p where p is not zero."""
    if len(p) < 2:
        return p
    common = chain_of(p, slope(p), meter)[-1]  # here the orders are less by one
    return divided(divided(p, common, meter)[0], alternating(common, meter), meter)[0]


# -- deciding by evidence, none of which is believed -------------------------------------------------------------------

ANYWHERE: Data = {"sizes": {}, "scalars": {}, "entries": {}, "at": {}}
DIRECT: Data = {"squared": False, "multiplier": [], "terms": []}  # the combination of nothing


class Decider(Expansion):
    """Decides the statements of a theorem, by evidence and at points; whatever does not hold is rejected.

    What may be divided by: sizes, what a statement divides by itself, what is said not to be zero. ``units`` are the
    atoms among these, and in what these are multiples of; ``parts`` the polynomials, without such atoms.
    """

    def __init__(self, theorem: Theorem, *, keeping: bool = False) -> None:
        super().__init__(theorem, keeping=keeping)
        self.theorem = theorem
        self.units: set[int] = set()
        self.parts: list[Sum] = []
        self.signed: list[tuple[Sum, str]] = []  # what is > 0, >= 0 or != 0 by conditions
        self.permitted: set[str] = set()  # inverses

    def conditions_of(self, statement: Node) -> list[tuple[Node, str, Node]]:
        """Return the conditions of the theorem, those of ranges, and that what is provided is not zero."""
        found = [*self.theorem.conditions]
        for name, low, high in statement.parts[1] if statement.kind == "Positivity" else ():
            symbol = Node("Size" if name in self.theorem.sizes else "Symbol", (name,))
            found += [] if low is None else [(symbol, ">", Node("Number", (low,)))]
            found += [] if high is None else [(symbol, "<", Node("Number", (high,)))]
        provided = statement.parts[2] if statement.kind == "Equivalence" else ()
        return found + [(scalar, "!=", Node("Number", (ZERO,))) for scalar in provided]

    def allow(self, statement: Node) -> None:
        """Find what is divided by and inverted, or not zero by a condition; nothing else may be in the evidence."""
        trees = roots_of([statement, self.theorem.conditions])
        facts = self.facts_of(trees)
        signed = [(a, b) for a, sign, b in self.conditions_of(statement) if sign in (">", "<", "!=")]
        known = [self.less(self.read(a), self.read(b)) for a, b in signed]
        self.signed = [
            (self.less(self.read(b), self.read(a)), sign.replace("<", ">"))
            if sign[0] == "<"
            else (self.less(self.read(a), self.read(b)), sign)
            for a, sign, b in self.conditions_of(statement)
        ]
        known += [of for of, shape in (self.inverted[fact] for fact in facts & set(self.inverted)) if shape == SCALAR]
        self.units, self.parts = self.atoms_of(self.plus(*map(self.entry, self.theorem.sizes))), [WHOLE]
        for p in filter(None, map(self.cleared, known)):
            atoms, part = without_content(p)
            self.units |= atoms
            self.parts.append(part)
        self.permitted = facts.union(*(self.tensors_in(self.read(tree)) for tree in trees))

    def require_unit(self, p: Sum) -> Sum:
        """Refuse a polynomial that is not, but for units, one that is known not to be zero."""
        cleared = self.cleared(p)
        atoms, rest = without_content(cleared) if cleared else (set(), {})
        factors: list[Sum] = [{((atom, 1),): 1} for atom in atoms - self.units]
        factors += [] if rest and self._never_zero(rest) else self._left_of(rest)
        if not all(map(self._never_zero, factors)):
            reject("the evidence divides by something that is not known not to be zero")
        return p

    def _left_of(self, p: Sum) -> list[Sum]:
        """Return what is left of a polynomial divided by parts that are not zero; what divides one is not zero, too."""
        if p == WHOLE or p in self.parts:
            return []
        if not p or not all(map(self.name, self.atoms_of(p))):  # entries are not divided
            return [p]
        parts = [part for part in self.parts if part != WHOLE and all(map(self.name, self.atoms_of(part)))]
        for part in parts:
            while p != WHOLE and (less := self._divided(p, part)) is not None:
                p = without_content(less)[1]
        return [] if p == WHOLE or any(self._divided(part, p) is not None for part in parts) else [p]

    def _divided(self, p: Sum, q: Sum) -> Sum | None:
        """Divide polynomials, the highest terms first; None where that leaves a rest."""
        atoms = sorted(self.atoms_of(p) | self.atoms_of(q), reverse=True)

        def powers(product: Product) -> list[int]:
            return [dict(product).get(atom, 0) for atom in atoms]

        lead, found = max(q, key=powers), Sum()
        while p:
            self.meter.spend(len(p))
            top = max(p, key=powers)
            over = [(atom, a - b) for atom, a, b in zip(atoms, powers(top), powers(lead), strict=True) if a != b]
            if any(e < 0 for _, e in over):
                return None
            term: Sum = {tuple(sorted(over)): ratio(p[top], q[lead])}
            p, found = self.less(p, self.times(q, term)), self.plus(found, term)
        return found

    def _never_zero(self, p: Sum) -> bool:
        """Whether a polynomial or its negative shows that it is positive, or is on the line of its one scalar."""
        both = [p, self.scaled(p, -1)]
        return any(self._shows_sign(q, strict=True) for q in both) or any(
            span.has(line, self.meter, strict=True) for line, span in map(self._on_line, both)
        )

    def _on_line(self, p: Sum) -> tuple[Line, Span]:
        """Return a polynomial in one scalar or size, else none, and where that lies by the conditions on it alone."""
        atom, *others = self.atoms_of(p) or {-1}
        parts = {} if others or atom < 0 or not self.name(atom) else by_power(p, atom)
        if not parts or min(parts) < 0 or self.name(atom) in self.inverted:
            return [], Span()
        span = Span(UNITY, None, (True, False)) if self.name(atom) in self.theorem.sizes else Span()
        for q, sign in self.signed:
            bound = by_power(q, atom) if self.atoms_of(q) == {atom} and sign != "!=" else {}
            if 1 in bound and set(bound) <= {0, 1}:
                slope, constant = (Fraction(bound.get(e, {}).get(NOTHING, 0)) for e in (1, 0))
                span = span.cut(sign if slope > 0 else sign.replace(">", "<"), -constant / slope)
        self.meter.spend(max(parts))
        return [Fraction(parts.get(e, {}).get(NOTHING, 0)) for e in range(max(parts) + 1)], span

    def evident(self, data: Data, scope: Scope, shape: Shape = SCALAR) -> Sum:
        """Return a tree of the evidence multiplied out; it divides by what it may, and inverts what is inverted."""
        tree = self.theorem.tree(data, scope)
        total = self.read(tree) if tree.shape == shape else reject("evidence of this shape is required")
        self._require_defined(total)
        return total

    def _require_defined(self, total: Sum) -> None:
        for tensor in set[str]().union(*(self.tensors[atom] for atom in self.atoms_of(total))) & set(self.inverted):
            of, shape = self.inverted[tensor]
            if tensor not in self.permitted:
                if shape != SCALAR:
                    reject("an inverse that the statement does not speak of")
                self._require_defined(self.require_unit(of))
        for atom in {atom for product in total for atom, e in product if e < 0}:
            self.require_unit({((atom, 1),): 1})

    def require_combination(
        self, goal: Sum, shape: Shape, way: Data, sources: Mapping[str, Sequence[Node]], *, written_out: bool = False
    ) -> None:
        """Require that a goal is, but for a factor that is not zero, a combination of hypotheses, as the evidence says.

        Or that the sum of the squares of its entries is: for real numbers that is zero only where each entry is. If
        sums over fixed sizes are to be written out, they are so in the end.
        """
        more = list_of(way.get("squares", []), "squares") if isinstance(way, dict) else []
        table_of(way, "a combination", "squared", "multiplier", "terms", *(["squares"] if more else []))
        own = [*zip(AXES, shape, strict=True), *self.theorem.indices.items()]
        scope = {name: size for name, size in own if size != ONE}
        if flag_of(way["squared"]):
            goal = self.bound_over(self.times(goal, goal), zip(AXES.values(), shape, strict=True))
        bases = [self.evident(base, {}) for base in list_of(way["multiplier"], "a multiplier")]
        if more:  # a positive multiple of a sum of squares and more squares are zero together only where each is
            self._require_sign(bases, strict=True)
            goal = self.plus(reduce(self.times, bases, goal), self._squares(more)[0])
            need(way["squared"], "the square of what vanishes", fits=way["squared"])
        else:
            goal = reduce(self.times, map(self.require_unit, bases), goal)
        for term in list_of(way["terms"], "the terms of a combination"):
            goal = self.less(goal, self._term(term, scope, sources))
        if not self.is_zero(next(self.at_places(goal, [])) if written_out else goal):
            reject("the two sides differ" if way == DIRECT else "the combination gives something else")

    def require_components(self, goal: Sum, shape: Shape, ways: Data, sources: Mapping[str, Sequence[Node]]) -> None:
        """Require that a goal is a combination of hypotheses at each place of its axes of fixed sizes.

        There is a way for each place, the last axis first, of row, column and samples by name; without any all cancels.
        Or there is one for the goal as a whole.
        """
        if not {*self.theorem.occurring, *self.theorem.indices.values()} & FIXED:
            reject("components of what has no fixed sizes")
        if isinstance(ways, dict):
            self.require_combination(goal, shape, ways, sources)
            return
        samples = [(self.index(name), size) for name, size in sorted(self.theorem.indices.items())]
        axes = [*zip(AXES.values(), shape, strict=True), *samples]
        parts = [*self.at_places(goal, axes)]
        left = tuple(ONE if size in FIXED else size for size in shape)
        each = [DIRECT] * len(parts) if ways is None else list_of(ways, "a way for each component", len(parts))
        for part, way in zip(parts, each, strict=True):
            self.require_combination(part, (left[0], left[1]), way, sources, written_out=True)

    def _term(self, data: Data, scope: Scope, sources: Mapping[str, Sequence[Node]]) -> Sum:
        """Return factor times hypothesis, summed over the slots of the hypothesis.

        Slots are its row, its column, and what it says "for all" of; no index of a tree is called as they are.
        """
        of, factor = (table_of(data, "a term of a combination", "of", "factor")[key] for key in ("of", "factor"))
        bound, body, shape = self._hypothesis(of, sources)
        axes = zip(OWN, AXES.values(), shape, strict=True)
        mine = [(f"of {name}", i, size) for name, i, size in axes if size != ONE]
        mine += [(f"of {name}", self.index(name), size) for name, size in bound]
        total = self.evident(factor, {**scope, **{name: size for name, _, size in mine}})
        slots = {self.index(name): n for n, (name, *_) in enumerate(mine)}
        inner = {i: n for n, (_, i, _) in enumerate(mine)}
        return self.plugged([size for *_, size in mine], [], [(total, slots), (body, inner)])

    def _hypothesis(self, data: Data, sources: Mapping[str, Sequence[Node]]) -> tuple[Sequence[Index], Sum, Shape]:
        """Return what vanishes, with what it is said "for all" of, and its shape."""
        kind, which = list_of(data, "a hypothesis", 2)
        if text_of(kind) in sources:
            bound, tree = sources[kind][whole_of(which, "the number of a hypothesis", 0, len(sources[kind]) - 1)].parts
            return bound, self.read(tree), tree.shape
        if kind in ("left inverse", "right inverse"):
            inverse = self.theorem.tree(["Inverse", which], self.theorem.indices)
            return (), self._relation(inverse, left=kind == "left inverse"), inverse.shape
        if kind == "turned":
            return self._turned(which, sources)
        reject("a hypothesis of the statement is required")

    def _turned(self, data: Data, sources: Mapping[str, Sequence[Node]]) -> tuple[Sequence[Index], Sum, Shape]:
        """Return R L - f I where a hypothesis, times a multiplier, is L R - f I for square matrices, and f not zero.

        L has the inverse R/f then, for what is injective on a space of finite dimension is onto, and R/f L = I, too.
        """
        keys = ("of", "multiplier", "left", "right", "factor")
        of, multiplier, left, right, factor = (table_of(data, "a product that is turned", *keys)[key] for key in keys)
        bound, stated, shape = self._hypothesis(of, sources)
        if bound or shape[0] != shape[1] or shape == SCALAR or of[0] not in sources:
            reject("products of square matrices are turned, of which a hypothesis speaks")
        scope = dict(zip(AXES, shape, strict=True))
        pair = [(self.evident(matrix, scope), shape) for matrix in (left, right)]
        times = [[self.evident(base, {}) for base in list_of(d, "a multiplier")] for d in (multiplier, factor)]
        unit = reduce(self.times, map(self.require_unit, times[1]), self.unit(shape))
        if not self.is_zero(self.less(self.less(self.multiply(*pair), unit), reduce(self.times, times[0], stated))):
            reject("the hypothesis is not about this product")
        return (), self.less(self.multiply(*pair[::-1]), unit), shape

    def _relation(self, inverse: Node, *, left: bool) -> Sum:
        """Return B A - I, or A B - I, for the inverse B of A."""
        pair = [(self.read(tree), tree.shape) for tree in (inverse, inverse.parts[0])]
        self._require_defined(pair[0][0])
        return self.less(self.multiply(*(pair if left else pair[::-1])), self.unit(inverse.shape))

    def require_holds(self, statement: Node, data: Data) -> None:
        """Require that a statement holds for all sizes and values, by the evidence."""
        self.allow(statement)
        given = {"where": where_of(statement)}
        match statement.kind, data["kind"]:
            case "Identity" | "Vanishing", ("equal" | "combinations" | "components") as kind:
                table_of(data, "evidence", "kind", *(["ways"] if kind != "equal" else []))
                goals = self._goals(statement)
                ways = list_of(data.get("ways", [DIRECT] * len(goals)), "ways", len(goals))
                require = self.require_components if kind == "components" else self.require_combination
                for (goal, shape), way in zip(goals, ways, strict=True):
                    require(goal, shape, way, given)
            case "Equivalence", "both_directions":
                table_of(data, "evidence", "kind", "forward", "backward")
                left, right = sides_of(statement)
                for key, trees, known in (("forward", left, right), ("backward", right, left)):
                    sources = {**given, "other": [Node("ForAll", ((), tree), SAID) for tree in known]}
                    for tree, way in zip(trees, list_of(data[key], key, len(trees)), strict=True):
                        self.require_combination(self.read(tree), tree.shape, way, sources)
            case "Positivity" | "Minimum", "line":
                self._require_on_line(statement, data)
            case "Positivity", "positive":
                self._require_positive(statement, data)
            case "Positivity" | "Minimum", "squares":
                self._require_squares(statement, data)
            case _:
                reject(f"evidence for {statement.kind} is required, not of the kind {data['kind']!r:.40}")

    def _goals(self, statement: Node) -> list[tuple[Sum, Shape]]:
        """Return what has to vanish, or not to be negative: one side, or the difference of two."""
        if statement.kind == "Minimum":
            there = Node("At", statement.parts[:2], SCALAR)
            return [(self.less(self.read(statement.parts[0]), self.read(there)), SCALAR)]
        found = [(self.read(tree), tree.shape) for tree in chain(*sides_of(statement))]
        return [(self.less(found[0][0], found[1][0]), found[0][1])] if statement.kind == "Identity" else found

    def _require_on_line(self, statement: Node, data: Data) -> None:
        """Require that a scalar times a square is a polynomial in one scalar with the right sign on its line."""
        table_of(data, "evidence", "kind", "form", "root")
        form, root = (self.evident(data[key], {}) for key in ("form", "root"))
        ((goal, _),) = self._goals(statement)
        self.require_unit(root)
        if not self.is_zero(self.less(self.times(goal, self.times(root, root)), form)):
            reject("the polynomial is not that of the scalar")
        line, span = self._on_line(form)
        if not span.has(line, self.meter, strict=statement.parts[-1] is True):
            reject("the polynomial is not of that sign on its line")

    def _require_positive(self, statement: Node, data: Data) -> None:
        """Require a form and a multiplier with positive coefficients, in symbols t that are positive in the ranges.

        t is x - low, or (x - low)/(high - x). The form has to be the scalar times the multiplier and a square.
        """
        table_of(data, "evidence", "kind", "form", "multiplier", "root")
        if where_of(statement) or any(low is None for _, low, _ in statement.parts[1]):
            reject("evidence of squares is required")
        rules: dict[str, tuple[Sequence[int], Sum]] = {}
        for name, low, high in statement.parts[1]:
            t = self.less(self.entry(name), {NOTHING: integral(low)} if low else {})
            if high is not None:
                t = self.times(t, self.inverse(self.less({NOTHING: integral(high)} if high else {}, self.entry(name))))
            rules[name] = (), t
        form, multiplier, root = (self.evident(data[key], {}) for key in ("form", "multiplier", "root"))
        for total in (form, multiplier):
            names = {self.name(atom) for atom in self.atoms_of(total)}
            if not total or any(c <= 0 for c in total.values()) or not names <= {*rules, *self.theorem.sizes}:
                reject("a form in symbols with a range, with positive coefficients, is required")
        scalar = self.times(self.read(statement.parts[0]), self.times(root, root))
        if not self.is_zero(
            self.less(self.times(scalar, self.replaced(multiplier, rules)), self.replaced(form, rules))
        ):
            reject("the positive form is not that of the scalar")

    def _require_squares(self, statement: Node, data: Data) -> None:
        """Require that a positive multiple of a scalar is a sum of squares and of multiples of hypotheses.

        The squares have coefficients that are not negative; if the scalar has to be positive, one is of a number, with
        a positive coefficient.
        """
        table_of(data, "evidence", "kind", "squares", "multiplier", "terms")
        ((goal, _),) = self._goals(statement)
        samples = {name: size for name, size in self.theorem.indices.items() if size != ONE}
        bases = [self.evident(base, {}) for base in list_of(data["multiplier"], "a multiplier")]
        self._require_sign(bases, strict=True)
        squares, some = self._squares(data["squares"])
        total, some = self.less(reduce(self.times, bases, goal), squares), some or statement.parts[-1] is not True
        for term in list_of(data["terms"], "terms"):
            total = self.less(total, self._term(term, samples, {"where": where_of(statement)}))
        if not some or not self.is_zero(total):
            reject(
                "the squares and multiples of hypotheses are not the scalar" if some else "nothing is positive in it"
            )

    def _squares(self, data: Data) -> tuple[Sum, bool]:
        """Return a sum of squares with coefficients that are not negative, and whether one is a positive number."""
        samples = {name: size for name, size in self.theorem.indices.items() if size != ONE}
        total, some = Sum(), False
        for square in list_of(data, "squares"):
            scale, ends, root = (
                table_of(square, "a square", "scale", "ends", "root")[k] for k in ("scale", "ends", "root")
            )
            sizes = [self.theorem.size(size) for size in list_of(ends, "the sizes of the ends")]
            own = {f"end {number}": size for number, size in enumerate(sizes)}
            bases, base = (
                [self.evident(c, {}) for c in list_of(scale, "a scale")],
                self.evident(root, {**samples, **own}),
            )
            self._require_sign(bases, strict=False)
            some = some or (set(base) == {NOTHING} and self._has_sign(bases, strict=True))
            whole = self.bound_over(self.times(base, base), [(self.index(name), size) for name, size in own.items()])
            total = self.plus(total, reduce(self.times, bases, whole))
        return total, some

    def _require_sign(self, bases: Sequence[Sum], *, strict: bool) -> None:
        """Refuse a product that is not known to be positive, or if not ``strict`` not to be negative."""
        if not self._has_sign(bases, strict=strict):
            reject("a coefficient of squares is not known not to be negative")

    def _has_sign(self, bases: Sequence[Sum], *, strict: bool) -> bool:
        """Whether each base of a product occurs an even number of times, or shows its sign."""
        odd = [base for base in bases if not self._shows_sign(base, strict=strict)]
        return all(odd.count(base) % 2 == 0 and (not strict or self._is_unit(base)) for base in odd)

    def _shows_sign(self, base: Sum, *, strict: bool) -> bool:
        """Whether a polynomial is what a condition says, or has positive coefficients only, of what is not negative.

        Not negative are sizes, even powers, and scalars of which a condition says so.
        """
        known = [(q, sign == ">") for q, sign in self.signed if sign != "!="]
        above = self.atoms_of(self.plus(*map(self.entry, self.theorem.sizes)))
        single = [(self.atoms_of(q).pop(), sure) for q, sure in known if [*map(len, q)] == [1]]
        above |= {atom for atom, sure in single if sure and ({((atom, 1),): 1}, True) in known}
        least = above | {atom for atom, sure in single if ({((atom, 1),): 1}, sure) in known}
        shows = all(c > 0 and all(e % 2 == 0 or atom in least for atom, e in p) for p, c in base.items())
        said = any((sign or not strict) and _is_multiple(base, q) for q, sign in known)
        return said or (shows and (not strict or any(all(atom in above for atom, _ in p) for p in base)))

    def _is_unit(self, p: Sum) -> bool:
        try:
            return self.require_unit(p) is p
        except RejectedError:
            return False

    # -- at points ---

    def require_false(self, statement: Node, data: Data) -> Point:
        """Require that a statement is false at a point that meets its hypotheses and all conditions."""
        point = self._point_of(statement, data)
        point.require(self.facts_of(roots_of([statement, self.theorem.conditions])))
        found = [self._some(point, goal, shape) for goal, shape in self._goals(statement)]
        match statement.kind:
            case "Equivalence":
                false = any(found[: len(statement.parts[0])]) != any(found[len(statement.parts[0]) :])
            case "Positivity" | "Minimum":
                value = point.value(self._goals(statement)[0][0])
                false = value < 0 or (value == 0 and statement.parts[-1] is True)
            case _:
                false = any(found)
        if not false:
            reject("the statement is not false at the point")
        return point

    def require_met(self, statement: Node, data: Data) -> Point:
        """Require a point at which a statement has a meaning, and its hypotheses and all conditions hold."""
        if data is None and where_of(statement):
            reject("no point is known at which it says something")
        return self._point_of(statement, ANYWHERE if data is None else data)

    def _some(self, point: Point, total: Sum, shape: Shape, bound: Sequence[Index] = ()) -> bool:
        """Whether an expression has an entry at a point that is not zero."""
        axes = [(i, size) for i, size in zip(AXES.values(), shape, strict=True) if size != ONE]
        axes += [(self.index(name), size) for name, size in bound]
        places = point.span(size for _, size in axes)
        return any(point.value(total, dict(zip((i for i, _ in axes), place, strict=True))) for place in places)

    def _point_of(self, statement: Node, data: Data) -> Point:
        """Return a point; what has to hold there does, but for the range of what is random and has no value there."""
        theorem = self.theorem
        table_of(data, "a point", "sizes", "scalars", "entries", "at")
        sizes = {n: whole_of(size, "a size", 1, MAX_SIZE) for n, size in table_of(data["sizes"], "sizes").items()}
        need(sorted(sizes), "a list of sizes of the theorem", fits=set(sizes) <= set(theorem.sizes))
        tables: dict[str, Entries] = {name: {(): sizes.get(name, 1)} for name in theorem.sizes}
        for name, value in table_of(data["scalars"], "scalars").items():
            whole = theorem.undefined(name, scalar=True) in theorem.whole
            tables[name] = {(): need(integral(number_of(value)), "a whole number", fits=not whole or "/" not in value)}
        for name, value in table_of(data["entries"], "entries").items():
            axes = theorem.symbols[theorem.symbol(name)] or reject(f"{name} is a scalar")
            need(name, "a symbol without a definition", fits=name not in theorem.definitions)
            given = {**sizes, **{size: int(size) for size in FIXED}}
            lengths = [given.get(size) or reject(f"the size {size} is not given") for size in axes if size != ONE]
            tables[name] = dict(self._nested(value, lengths))
            self._require_property(name, tables[name])
        at = {self.index(name): 0 for name in theorem.indices}
        for name, place in table_of(data["at"], "samples").items():
            size = need(theorem.indices.get(name), "a sample index", fits=name in theorem.indices)
            at[self.index(name)] = whole_of(
                place, "a sample", 0, int(size if size in FIXED else sizes.get(size, 1)) - 1
            )
        nodes = theorem.unfolded(*roots_of(statement)) if theorem.randoms else ()
        point = Point(self, tables, at, {n.parts[1] for n in nodes if n.kind == "Expectation"} - tables.keys())
        conditions = [c for c in self.conditions_of(statement) if not point.open & theorem.used(c[0], c[2])]
        known = self.facts_of(roots_of([conditions, [h.parts[1] for h in where_of(statement)]]))
        point.require(known | (self.facts_of(roots_of(statement)) & set(self.inverted)))
        if not all(SIGNS[sign](point.value(self.read(a)) - point.value(self.read(b))) for a, sign, b in conditions):
            reject("the point does not meet the conditions")
        if not all(self.range_of(random, point).contains_some() for random in point.open):
            reject("the point does not meet the conditions on what is random")
        if any(self._some(point, self.read(h.parts[1]), h.parts[1].shape, h.parts[0]) for h in where_of(statement)):
            reject("the point does not meet the hypotheses")
        return point

    def _require_property(self, name: str, table: Entries) -> None:
        """Refuse entries without the property of their symbol: what becomes of them where two axes are exchanged."""
        word, axes = self.theorem.properties.get(name), self.theorem.symbols[name]
        for place, x in table.items() if word else ():
            self.meter.spend(len(axes) ** 2)
            for i, j in combinations(range(len(axes)), 2):
                other = [place[j] if k == i else place[i] if k == j else p for k, p in enumerate(place)]
                turned = table[tuple(other)] * (-1 if word == "skew" else 1) if axes[i] == axes[j] else x
                if turned != x or (word == "diagonal" and x and place[0] != place[1]):
                    reject(f"{name} is not {word} at the point")

    def _nested(self, data: Data, lengths: Sequence[int]) -> Iterator[tuple[tuple[int, ...], Number]]:
        """Return the entries in nested lists, by their places."""
        self.meter.spend(1)
        if not lengths:
            yield (), integral(number_of(data))
            return
        for i, row in enumerate(list_of(data, "entries", lengths[0])):
            yield from (((i, *at), x) for at, x in self._nested(row, lengths[1:]))

    def range_of(self, random: str, point: Point | None = None) -> Range:
        """Return the range that the conditions leave to a random scalar: at a point, or those on it alone."""
        bounds, at = list[tuple[str, Fraction]](), point or Point(self, {}, {})
        for left, sign, right in self.theorem.conditions:
            used = self.theorem.used(left, right)
            if random not in used or not (point or used == {random}):
                continue
            if any(node.kind == "Expectation" for node in self.theorem.unfolded(left, right)):
                reject(f"a condition on an expectation over {random}")
            parts = by_power(self.less(self.read(left), self.read(right)), *self.atoms_of(self.entry(random)))
            if set(parts) <= {0, 1} and not any(
                self.theorem.randoms & self.tensors_in(part) for part in parts.values()
            ):
                slope, constant = (at.value(parts.get(power, {})) for power in (1, 0))
                if slope:
                    turned = sign if slope > 0 else sign.translate(str.maketrans("<>", "><"))
                    bounds.append((turned, -constant / slope))
                elif not SIGNS[sign](constant):
                    reject("a condition that is not met")
            elif point:
                reject(f"a condition on the random {random} that is no bound")
        return Range(bounds, whole=random in self.theorem.whole)


def _is_multiple(p: Sum, q: Sum) -> bool:
    """Whether a polynomial is a positive number times another."""
    ratios = {ratio(p[m], q[m]) for m in p} if p.keys() == q.keys() else ()
    return len(ratios) == 1 and min(ratios) > 0


def without_content(p: Sum) -> tuple[set[int], Sum]:
    """Split off the powers of atoms that all terms of a polynomial have, and a number: return atoms, and the rest."""
    powers = [dict(product) for product in p]
    lowest = {atom: min([e.get(atom, 0) for e in powers]) for atom in {atom for e in powers for atom in e}}
    found = {}
    for e, c in zip(powers, p.values(), strict=True):
        rest = [(atom, e.get(atom, 0) - low) for atom, low in lowest.items()]
        found[tuple(sorted(item for item in rest if item[1]))] = c
    return {atom for atom, e in lowest.items() if e}, {
        product: ratio(c, found[max(found)]) for product, c in found.items()
    }


# -- functions: instances of what is assumed for all arguments, and explicit functions that meet it --------------------


def changed(part: Any, change: Callable[[Node], Node | None]) -> Any:
    """Return a part of a tree with other nodes in it; where ``change`` has none for a node, its parts are looked at."""
    if isinstance(part, Node):
        found = change(part)
        return Node(part.kind, changed(part.parts, change), part.shape) if found is None else found
    return tuple([changed(item, change) for item in part]) if isinstance(part, tuple) else part


def named(name: str, axes: tuple[str, ...]) -> Node:
    """Return a symbol."""
    return Node("Symbol", (name,), (axes[0], axes[1]) if axes else SCALAR)


class Instances:
    """Values of functions that are new symbols of a theorem, one for arguments that are the same multiplied out."""

    def __init__(self, theorem: Theorem, statement: Node) -> None:
        self.symbols = dict(theorem.symbols)
        theorem.symbols = self.symbols
        self.theorem, self.decider = theorem, Decider(theorem)
        self.known: list[tuple[str, Node, Node]] = []  # function, argument, symbol
        self.nodes = {*theorem.walk(statement)}

    def put_into(self, part: Node) -> Node:
        """Return a part of a tree with symbols for values of functions, all of which are known."""

        def symbol_for(node: Node) -> Node | None:
            if node.kind != "Apply":
                return None
            argument = self.put_into(node.parts[1])
            for function, other, found in self.known:
                if function == node.parts[0] and self._is_same(other, argument):
                    return found
            reject("a value of a function is none of the evidence's")

        replaced: Node = changed(part, symbol_for)
        return replaced

    def _is_same(self, one: Node, other: Node) -> bool:
        return self.decider.is_zero(self.decider.less(self.decider.read(one), self.decider.read(other)))

    def add(self, data: Data) -> None:
        """Make a value a symbol, whose name no document can hold; values in its argument are symbols already."""
        tree = self.told(data)
        need(tree.kind, "the value of a function", fits=tree.kind == "Apply")
        name, axes = f"value {len(self.known)}", self.theorem.functions[tree.parts[0]][1]
        self.symbols[name] = axes
        self.known.append((tree.parts[0], self.put_into(tree.parts[1]), named(name, axes)))

    def told(self, data: Data) -> Node:
        """Return a tree that divides by what the statement divides by, inverts no more, and has nothing bound in it."""
        tree = self.theorem.tree(data, {})
        if self.theorem.used(tree) & self.theorem.everywhere:
            reject("an instance at what takes all values")
        for node in self.theorem.walk(tree):
            if node.kind in (*_OPAQUE, "Quotient") and node not in self.nodes:
                reject("an instance at what the statement does not speak of")
        return tree

    def instance(self, where: Sequence[Node], data: Data) -> Node:
        """Return what a hypothesis says at given arguments; what is not negative is the square of a new symbol."""
        of, at, root = (table_of(data, "an instance", "of", "at", "root")[key] for key in ("of", "at", "root"))
        law = where[whole_of(of, "the number of a hypothesis", 0, len(where) - 1)]
        need(law.kind, "what is assumed for all arguments", fits=law.kind == "Everywhere")
        names, sign, body = law.parts
        put = dict(zip(names, map(self.told, list_of(at, "what is put in", len(names))), strict=True))
        if any(tree.shape != named("", self.theorem.symbols[name]).shape for name, tree in put.items()):
            reject("an instance at what has another shape")
        body = self.put_into(changed(body, lambda node: put.get(node.parts[0]) if node.kind == "Symbol" else None))
        if sign == "=":
            need(root, "no root of an equation", fits=root is None)
            return Node("ForAll", ((), body), SAID)
        name = f"root {whole_of(root, 'the number of a root')}"
        self.symbols[name] = need((), "a root of its own", fits=name not in self.symbols)
        square = Node("Multiply", ((Node("Number", (-UNITY,)), Node("Power", (named(name, ()), 2))),))
        return Node("ForAll", ((), Node("Add", ((body, square),))), SAID)


class Functional:
    """Decides what is stated of functions, as a decider does, by statements without functions.

    It holds if an instance does: values are symbols that are new, one for arguments that are the same multiplied out,
    and what is assumed for all arguments is so at some. It is false, or is not empty, by affine functions G(x) =
    (dG/dx) x + G(0) alone, of which what is assumed for all arguments is looked at as a polynomial in what is bound.
    """

    def __init__(self, decider: Decider) -> None:
        self.decider, self.theorem = decider, decider.theorem

    def require_holds(self, statement: Node, data: Data) -> None:
        """Require that a statement follows from instances that are such."""
        table_of(data, "evidence", "kind", "values", "instances", "evidence")
        need(data["kind"], "instances", fits=data["kind"] == "instances")
        values = Instances(copy(self.theorem), statement)
        for value in list_of(data["values"], "values"):
            values.add(value)
        found = [values.instance(where_of(statement), one) for one in list_of(data["instances"], "instances")]
        left = values.put_into(self._without_laws(statement, found))
        values.decider.require_holds(left, table_of(data["evidence"], "evidence"))

    def require_false(self, statement: Node, data: Data) -> None:
        """Require that a statement is false for explicit functions that meet all that is assumed of them."""
        point = self.decider.require_false(self._explicit(self._without_laws(statement)), data)
        self._require_laws(statement, point)

    def require_met(self, statement: Node, data: Data) -> None:
        """Require that explicit functions meet all that is assumed of them, with all else that is assumed."""
        if data is None and where_of(statement):
            reject("no point is known at which it says something")
        point = self.decider.require_met(self._explicit(self._without_laws(statement)), data)
        self._require_laws(statement, point)

    def _without_laws(self, statement: Node, instances: Sequence[Node] = ()) -> Node:
        """Return a statement with instances in the place of what is assumed for all arguments."""
        where = (*(h for h in where_of(statement) if h.kind != "Everywhere"), *instances)
        place = 2 if statement.kind in ("Identity", "Positivity") else 1
        return Node(statement.kind, (*statement.parts[:place], where, *statement.parts[place + 1 :]), statement.shape)

    def _explicit(self, part: Node) -> Node:
        """Return a part of a tree with explicit functions in it."""

        def put(node: Node) -> Node | None:
            if node.kind != "Apply":
                return None
            slope, value = (named(*coefficient) for coefficient in coefficients_of(self.theorem, node.parts[0]))
            moved = Node("Multiply", ((slope, self._explicit(node.parts[1])),), value.shape)
            return Node("Add", ((moved, value),), value.shape)

        found: Node = changed(part, put)
        return found

    def _require_laws(self, statement: Node, point: Point) -> None:
        for law in where_of(statement):
            if law.kind == "Everywhere":
                self._require_law(law, point)

    def _require_law(self, law: Node, point: Point) -> None:
        """Require that what is assumed for all values of its symbols is so at a point, as a polynomial in these."""
        out, (names, sign, body) = point.out, law.parts
        total, shape = out.read(self._explicit(body)), body.shape
        slots = [(n, at) for n in names for at in point.span(self.theorem.symbols[n])]
        degree = 0
        for product in total:
            inside = [(e, sum(tensor in names for tensor, _ in out.components[atom][1])) for atom, e in product]
            if any(count and e < 0 for e, count in inside):
                reject("a hypothesis about functions divides by what takes all values")
            degree = max(degree, sum(count * e for e, count in inside))

        def values(at: Mapping[tuple[str, tuple[int, ...]], int]) -> list[Fraction]:
            tables: dict[str, Entries] = {n: {place: x for (name, place), x in at.items() if name == n} for n in names}
            there = Point(out, {**point.tables, **tables}, point.at)
            places = point.span(shape)
            return [there.value(total, dict(zip(axes_of(shape), place, strict=True))) for place in places]

        if sign == "=":  # zero where the whole numbers that are put in have at most this sum, so everywhere
            at_most = (some for count in range(degree + 1) for some in multisets(slots, count))
            if any(any(values({slot: some.count(slot) for slot in some})) for some in at_most):
                reject("the functions do not meet what is assumed of them")
            return
        if degree > 2:
            reject("an inequality of degree more than two for explicit functions")
        rows = [[ZERO] * (len(slots) + 1) for _ in range(len(slots) + 1)]
        ((rows[0][0],), *rest) = [values({}), *(values({slot: 1}) for slot in slots)]
        for i, (slot, (up,)) in enumerate(zip(slots, rest, strict=True), 1):
            (twice,) = values({slot: 2})
            rows[i][i] = (twice - 2 * up + rows[0][0]) / 2
            rows[0][i] = rows[i][0] = (up - rows[0][0] - rows[i][i]) / 2
        for i, j in combinations(range(1, len(rows)), 2):
            (both,) = values({slots[i - 1]: 1, slots[j - 1]: 1})
            rows[i][j] = rows[j][i] = (both - rest[i - 1][0] - rest[j - 1][0] + rows[0][0]) / 2
        if not is_sum_of_squares(rows, self.theorem.meter):
            reject("the functions do not meet what is assumed of them")


def is_sum_of_squares(rows: list[list[Fraction]], meter: Meter) -> bool:
    """Whether a quadratic form, given by its symmetric matrix, is never negative: squares are completed."""
    while rows:
        first, *others = rows
        if first[0] < 0 or (not first[0] and any(first)):
            return False
        meter.spend(len(rows) ** 2)
        rows = [
            [meter.weigh(x - row[0] * y / first[0]) if first[0] else x for x, y in zip(row[1:], first[1:], strict=True)]
            for row in others
        ]
    return True


# -- the report --------------------------------------------------------------------------------------------------------

CERTIFICATE = "symmix-certificate/2"


class Result(NamedTuple):
    """What became of one claim, step or near miss."""

    role: str
    label: str
    accepted: bool
    reason: str = ""


class Report(NamedTuple):
    """What became of a certificate: it is accepted if all of its parts are, and none may be empty."""

    theorem: str
    digest: str
    accepted: bool
    reason: str = ""
    results: tuple[Result, ...] = ()
    work: int = 0
    sizes: str = ""  # for which that is

    @property
    def line(self) -> str:
        """What is printed of what was accepted."""
        roles = {"claim": "claims", "step": "steps", "near miss": "near misses"}
        counts = [(sum(result.role == role for result in self.results), role, many) for role, many in roles.items()]
        shown = ", ".join(f"{number} {role if number == 1 else many}" for number, role, many in counts)
        return f"CHECKED {self.theorem}: {shown}, for {self.sizes}; statement {self.digest}"


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
    meter, name, found, reach = Meter(limit), "", "", ""
    results: list[Result] = []
    try:
        data = parse(text)
        if isinstance(data, dict) and data.get("schema") == "symmix-certificate/1":
            reject("a certificate of an old version; `symmix prove --certificates DIR` writes it anew")
        table_of(data, "a certificate", "schema", "statement", "digest", "text", "evidence")
        if data["schema"] != CERTIFICATE:
            reject(f"the schema {CERTIFICATE} is required")
        theorem = Theorem(data["statement"], meter)
        name, found, reach = theorem.name, digest(data["statement"]), theorem.reach
        if data["digest"] != found:
            reject(f"the digest is not that of the statement, {found}")
        for _, claim in theorem.claims:
            require_news(claim)
        deciders = [Decider(theorem, keeping=keeping) for keeping in (False, True)]
        for role, label, statement, piece in _parts(theorem, data["evidence"]):
            plain_evidence = isinstance(piece, dict) and piece.get("kind") in ("equal", "witness")
            keeping = plain_evidence and not theorem.speaks_of_functions(statement) and theorem.is_large(statement)
            results.append(_decided(deciders[keeping], role, label, statement, piece))
        reason = next((f"{role} {label!a}: {why}" for role, label, _, why in results if why), "")
    except RejectedError as error:
        reason = str(error)
    except RecursionError:
        reason = "nodes are nested too deep"
    return Report(name, found, not reason, reason, tuple(results), limit - max(meter.left, 0), reach)


def _parts(theorem: Theorem, evidence: Data) -> Iterator[tuple[str, str, Node, Data]]:
    """Run through all that is stated, each with its evidence."""
    table_of(evidence, "the evidence", "claims", "proofs", "near_misses")
    proofs = zip(theorem.proofs, list_of(evidence["proofs"], "the proofs", len(theorem.proofs)), strict=True)
    stated = [("claim", theorem.claims, evidence["claims"]), *(("step", steps, found) for steps, found in proofs)]
    for role, pairs, given in (*stated, ("near miss", theorem.near_misses, evidence["near_misses"])):
        pieces = list_of(given, f"the evidence, {role} by {role}", len(pairs))
        yield from ((role, label, statement, piece) for (label, statement), piece in zip(pairs, pieces, strict=True))


def _decided(decider: Decider, role: str, label: str, statement: Node, evidence: Data) -> Result:
    """Decide one statement: a near miss has to be false, all else has to be true."""
    try:
        found = dict(table_of(evidence, "evidence"))
        point, kind, denial = found.pop("met", None), found.get("kind"), statement.kind == "Fails"
        inner = statement.parts[0] if denial else statement
        judge = Functional(decider) if decider.theorem.speaks_of_functions(inner) else decider
        if denial == (role == "near miss"):
            judge.require_holds(inner, need(found, "evidence of some kind", fits=isinstance(kind, str)))
            if role != "step":
                judge.require_met(inner, point)
        else:
            need(found.pop("kind", None), "a witness", fits=kind == "witness")
            judge.require_false(inner, found)
    except RejectedError as error:
        decider.meter.spend(0)  # where no work is left, nothing more is decided
        return Result(role, label, accepted=False, reason=str(error))
    return Result(role, label, accepted=True)


def check_file(file: Path) -> Report:
    """Check a certificate in a file."""
    try:
        if file.stat().st_size > MAX_BYTES:
            reject(f"a file of at most {MAX_BYTES} bytes is required")
        return check_text(file.read_text(encoding="utf-8"))
    except (RejectedError, OSError, UnicodeDecodeError) as error:
        return Report("", "", accepted=False, reason=plain(error))


def main(arguments: Sequence[str] | None = None) -> int:
    """Check folders and files, a line for each: by the file beside this one; if it is not there, without manifests."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    beside, fine = Path(__file__).resolve().with_name("checker_text.py"), bool(given)
    spec = importlib.util.spec_from_file_location("checker_text", beside) if beside.is_file() else None
    if spec is not None and spec.loader is not None:
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return int(module.command(sys.modules[__name__], given))
    for path in (Path(argument) for argument in given if argument != "--show"):
        for file in sorted({*path.glob("*.json")} - {path / "manifest.json"}) if path.is_dir() else [path]:
            report = check_file(file)
            fine &= report.accepted
            sys.stdout.write(report.line if report.accepted else f"REJECTED {plain(file)}: {report.reason}")
            sys.stdout.write("\n    checker_text.py, which prints what it states, is not there\n")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
