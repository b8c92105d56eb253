"""Trees: every node known, every name declared, shapes agreeing, no index captured."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from .reading import Data, Meter, flag_of, list_of, name_of, number_of, reject, whole_of

MAX_DEPTH = 120  # nodes inside of each other
ONE = "1"  # the size of an axis that is none
ONLY = "0"  # the position along it
Shape = tuple[str, str]
SCALAR: Shape = (ONE, ONE)
Scope = Mapping[str, str]  # index -> size


class Node(NamedTuple):
    """A node: its kind, its parts in their order, and its shape. An index is a pair of its name and its size."""

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


# How the parts of a node are read: e/E an expression/several, a an expression or array, n number, z size, y/Y a
# symbol bare/tagged, k exponent, b flag, i/I an index/several, w index or ":", x/X an index/several declared here,
# p/P pairs of symbol and value, closed if P, m moments.
_WRITTEN = """
    Number n, Size z, Symbol y, Add E, Multiply E, Quotient ee, Power ek, Hadamard E, Transpose e, Trace e, Diagonal e,
    DiagonalMatrix e, Inverse e, Identity z, Ones zz, Zeros zz, Delta ii, Entry aI, Slice eww, Total Xe, ByEntries xxe,
    Gradient eYpb, Jacobian eYpb, At eP, Expectation eYm
"""
_PARTS: dict[str, str] = dict(item.split() for item in _WRITTEN.split(","))
_PLAIN = {"Number", "Size", "Symbol", "Add", "Multiply", "Quotient", "Power", "Expectation", "Moment"}


class Trees:
    """Reads the trees of one document, and knows what its names mean."""

    def __init__(self, meter: Meter, sizes: Iterable[str], symbols: Mapping[str, tuple[str, ...]]) -> None:
        self.meter, self.sizes, self.symbols = meter, frozenset(sizes), symbols
        self.definitions: dict[str, Node] = {}  # in their order
        self.occurring: set[str] = set()  # sizes and symbols
        self.bound: set[str] = set()
        self.jacobians: dict[str, set[str]] = {}  # by the name of the variable
        self._used: dict[int, tuple[Node, frozenset[str]]] = {}  # the node is kept: its id is not given away again
        self._mentioned: dict[int, tuple[Node, frozenset[str]]] = {}

    # -- names ---

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

    def undefined(self, data: Data, *, scalar: bool = False) -> str:
        """Return the name of a symbol without a definition."""
        if self.symbol(data) in self.definitions or (scalar and self.symbols[data]):
            reject(f"a{' scalar' if scalar else ''} symbol without a definition is required, not {data}")
        return str(data)

    def index(self, data: Data, scope: Scope, others: Sequence[str] = ()) -> str:
        """Return the name of an index in scope, or something else that may stand in its place."""
        if not isinstance(data, str) or (data not in scope and data not in others):
            reject(f"an index that is summed over or declared is required, not {data!r:.80}")
        return data

    def declared(self, data: Data, scope: Scope) -> tuple[str, str]:
        """Return an index with its size, where it is declared."""
        name, size = list_of(data, "an index with its size", 2)
        if name_of(name, "an index") in scope or self.size(size) == ONE:
            reject(f"the index {name} is bound inside of itself, or runs over the size 1")
        self.bound.add(name)
        return name, size

    # -- nodes ---

    def tree(self, data: Data, scope: Scope, depth: int = 0, *, arrays: bool = False) -> Node:
        """Return a well-formed expression."""
        self.meter.spend(1)
        if depth > MAX_DEPTH:
            reject(f"more than {MAX_DEPTH} nodes inside of each other")
        if not isinstance(data, list) or not data or not isinstance(data[0], str) or data[0] not in _PARTS:
            reject(f"a node of the language is required, not {data!r:.80}")
        kind, codes = data[0], _PARTS[data[0]]
        parts: list[Any] = []
        for code, part in zip(codes, list_of(data[1:], f"the parts of {kind}", len(codes)), strict=True):
            if code in "xX":
                items = list_of(part, "indices") if code == "X" else [] if part is None else [part]
                found: list[tuple[str, str]] = []
                for item in items:
                    found.append(self.declared(item, scope))
                    scope = {**scope, **dict(found[-1:])}
                parts.append(tuple(found) if code == "X" else found[0] if found else None)
            elif code == "m":
                parts.append(tuple([self._moment(item, parts[1], depth + 1) for item in list_of(part, "moments")]))
            elif code in "eaE":
                several = list_of(part, f"the parts of {kind}") if code == "E" else [part]
                trees = [self.tree(item, scope, depth + 1, arrays=code == "a") for item in several]
                parts.append(tuple(trees) if code == "E" else trees[0])
            elif code in "pP":
                pairs = [list_of(pair, "a symbol and its value", 2) for pair in list_of(part, "pairs")]
                inner = scope if code == "p" else {}
                values = [self.tree(value, inner, depth + 1, arrays=code == "p") for _, value in pairs]
                parts.append(tuple(zip([self.undefined(name) for name, _ in pairs], values, strict=True)))
            else:
                parts.append(_LEAVES[code](self, part, scope))
        return Node(kind, tuple(parts), self._shape(kind, parts, scope, arrays=arrays))

    def _tagged(self, part: Data) -> str:
        tag, name = list_of(part, "a symbol", 2)
        return self.undefined(name) if tag == "Symbol" else reject("a symbol is required")

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

    # -- shapes ---

    def _shape(self, kind: str, parts: Sequence[Any], scope: Scope, *, arrays: bool) -> Shape:
        if kind == "Symbol":
            axes = self.symbols[parts[0]]
            if len(axes) not in (0, 2) and not arrays:
                reject(f"the array {parts[0]} as a whole: only its entries have a meaning")
            return (axes[0], axes[1]) if len(axes) == 2 else SCALAR
        if kind in _SHAPES:
            return _SHAPES[kind](*parts) or reject(f"{kind} of what has another shape")
        return _IN_SCOPE[kind](self, parts, scope)

    def _quotient(self, parts: Sequence[Any], _: Scope) -> Shape:
        self.require_plain(parts[1], "a denominator")
        return parts[0].shape  # type: ignore[no-any-return]

    def _delta(self, parts: Sequence[Any], scope: Scope) -> Shape:
        return SCALAR if scope[parts[0]] == scope[parts[1]] else reject("a delta of indices over two sizes")

    def _entry(self, parts: Sequence[Any], scope: Scope) -> Shape:
        of, positions = parts
        array = of.kind == "Symbol" and self.symbols[of.parts[0]]
        self._require_positions(positions, array or of.shape, scope)
        return SCALAR

    def _slice(self, parts: Sequence[Any], scope: Scope) -> Shape:
        of, *places = parts
        cut = [(place, size) for place, size in zip(places, of.shape, strict=True) if place != ":"]
        self._require_positions([place for place, _ in cut], [size for _, size in cut], scope)
        rows, columns = (size if place == ":" else ONE for place, size in zip(places, of.shape, strict=True))
        return rows, columns

    def _require_positions(self, positions: Sequence[str], axes: Sequence[str], scope: Scope) -> None:
        wanted = [scope.get(name, ONE) for name in positions]
        if wanted != list(axes):
            reject(f"the indices {', '.join(positions)} along axes of other sizes")

    def _require_once(self, pairs: Sequence[tuple[str, Node]]) -> None:
        if len({name for name, _ in pairs}) != len(pairs):
            reject("a symbol stands twice")

    def _gradient(self, parts: Sequence[Any], _: Scope) -> Shape:
        of, by, jacobians, _ = parts
        rows, columns = self._variable(by, jacobians)
        return (rows, columns) if of.shape == SCALAR else reject("a gradient of what is no scalar")

    def _jacobian(self, parts: Sequence[Any], _: Scope) -> Shape:
        of, by, jacobians, _ = parts
        rows, columns = self._variable(by, jacobians)
        return (of.shape[0], rows) if of.shape[1] == columns == ONE else reject("a Jacobian: of a column by a column")

    def _variable(self, by: str, jacobians: Sequence[tuple[str, Node]]) -> tuple[str, ...]:
        """Return the axes of a variable, by which the Jacobians have their shapes."""
        axes = self.symbols[by]
        if len(axes) != 2:
            reject(f"a derivative by {by}, which is no matrix")
        self._require_once(jacobians)
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

    def _at(self, parts: Sequence[Any], _: Scope) -> Shape:
        of, values = parts
        self._require_once(values)
        if not values or any(len(self.symbols[n]) != 2 or self.symbols[n] != v.shape for n, v in values):
            reject("At: matrix symbols with values of their shapes are required")
        return of.shape  # type: ignore[no-any-return]

    def _expectation(self, parts: Sequence[Any], _: Scope) -> Shape:
        of, random, moments = parts
        if len(self.symbols[random]) not in (0, 2) or not moments or len({m.parts[0] for m in moments}) != len(moments):
            reject(f"one moment of {random} for each degree is required")
        for node in self.unfolded(of):
            if node.kind in ("Quotient", "Inverse") and random in self.used(node.parts[-1]):
                reject(f"an expectation over {random} of what divides by it")
        return of.shape  # type: ignore[no-any-return]

    def require_plain(self, tree: Node, what: str) -> Node:
        """Refuse what is no scalar built from numbers, sizes and scalar symbols."""
        for kind, parts, _ in self.unfolded(tree):
            if kind not in _PLAIN or (kind == "Symbol" and self.symbols[parts[0]]):
                reject(f"{what}: a scalar without entries is required")
        return tree if tree.shape == SCALAR else reject(f"{what}: a scalar is required")

    # -- what occurs ---

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

    def mentioned(self, tree: Node) -> frozenset[str]:
        """Return the names of indices that stand in a tree."""
        if id(tree) not in self._mentioned:
            found: set[str] = set()
            for kind, parts, _ in walk(tree):
                self.meter.spend(1)
                if kind in ("Delta", "Entry", "Slice"):
                    found.update(parts if kind == "Delta" else parts[1] if kind == "Entry" else parts[1:])
            self._mentioned[id(tree)] = tree, frozenset(found)
        return self._mentioned[id(tree)][1]

    def unfolded(self, tree: Node) -> Iterator[Node]:
        """Run through the nodes of a tree and of the definitions that it uses."""
        names = self.used(tree)
        for root in (tree, *(value for name, value in self.definitions.items() if name in names)):
            for node in walk(root):
                self.meter.spend(1)
                yield node


_LEAVES: Mapping[str, Callable[[Trees, Data, Scope], Any]] = {
    "n": lambda _, part, __: number_of(part),
    "z": lambda trees, part, _: trees.size(part),
    "y": lambda trees, part, _: trees.symbol(part),
    "Y": lambda trees, part, _: trees._tagged(part),
    "k": lambda _, part, __: whole_of(part, "an exponent"),
    "b": lambda _, part, __: flag_of(part),
    "i": lambda trees, part, scope: trees.index(part, scope),
    "I": lambda trees, part, scope: tuple([trees.index(i, scope, ONLY) for i in list_of(part, "indices")]),
    "w": lambda trees, part, scope: trees.index(part, scope, (ONLY, ":")),
}


def _all_alike(parts: Sequence[Node]) -> Shape | None:
    shapes = {part.shape for part in parts}
    return shapes.pop() if len(parts) > 1 and len(shapes) == 1 else None


def _chained(parts: Sequence[Node]) -> Shape | None:
    chain = [part.shape for part in parts if part.shape != SCALAR]
    if len(parts) < 2 or any(a[1] != b[0] for a, b in pairwise(chain)):
        return None
    return (chain[0][0], chain[-1][1]) if chain else SCALAR


def _square(of: Node, *_: object) -> Shape | None:
    return of.shape if of.shape[0] == of.shape[1] else None


# the shape of a node by its parts; nothing if they do not fit
_SHAPES: Mapping[str, Callable[..., Shape | None]] = {
    "Number": lambda _: SCALAR,
    "Size": lambda name: SCALAR if name != ONE else None,
    "Add": _all_alike,
    "Hadamard": _all_alike,
    "Multiply": _chained,
    "Power": _square,
    "Inverse": _square,
    "Trace": lambda of: SCALAR if _square(of) else None,
    "Diagonal": lambda of: (of.shape[0], ONE) if _square(of) else None,
    "DiagonalMatrix": lambda of: (max(of.shape, key=lambda n: n != ONE),) * 2 if ONE in of.shape else None,
    "Transpose": lambda of: (of.shape[1], of.shape[0]),
    "Identity": lambda size: (size, size),
    "Ones": lambda rows, columns: (rows, columns),
    "Zeros": lambda rows, columns: (rows, columns),
    "Total": lambda indices, body: SCALAR if indices and body.shape == SCALAR else None,
    "ByEntries": lambda i, j, body: (i[1] if i else ONE, j[1] if j else ONE) if body.shape == SCALAR else None,
}
_IN_SCOPE: Mapping[str, Callable[[Trees, Sequence[Any], Scope], Shape]] = {
    "Quotient": Trees._quotient,
    "Delta": Trees._delta,
    "Entry": Trees._entry,
    "Slice": Trees._slice,
    "Gradient": Trees._gradient,
    "Jacobian": Trees._jacobian,
    "At": Trees._at,
    "Expectation": Trees._expectation,
}
