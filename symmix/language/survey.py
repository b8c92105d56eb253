"""A first look at what is about to be read: its sizes, its names, and whether it is small enough to be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from itertools import chain

import sympy as sp
from sympy.matrices.expressions.slice import MatrixSlice
from sympy.tensor.array.expressions import ArrayElement, ArraySymbol

from symmix.errors import UnsupportedError
from symmix.language.nodes import Entries, ForAll, MatrixValue, ScalarValue
from symmix.language.sums import ordered_pairs

MAX_DEPTH, MAX_NODES = 120, 50_000


class Survey:
    """What occurs in expressions, before they are read: all names that are not bound, and the symbols used as sizes.

    Whether ``n`` is a size shows in one place and matters in another; a bound index must not take a name that comes
    later. So it pays to look at all statements of a theorem before the first is read.
    """

    def __init__(self) -> None:
        self.sizes: set[sp.Basic] = set()
        self.names: set[str] = set()
        self._free: dict[int, tuple[sp.Basic, frozenset[sp.Basic], int, int]] = {}

    def look(self, *things: object, bound: Iterable[sp.Basic] = ()) -> None:
        """Look at expressions, and at sequences, mappings and data classes of them; whatever else there is, pass by."""
        for thing in things:
            if isinstance(thing, ForAll):
                inside = thing.indices if isinstance(thing.indices, list | tuple | sp.Tuple) else (thing.indices,)
                self.look(thing.body, bound=[part for part in map(_head, inside) if isinstance(part, sp.Basic)])
            elif isinstance(thing, sp.Basic):
                self.names.update(str(symbol.name) for symbol in self.free(thing).difference(bound))
            elif isinstance(thing, Mapping):
                self.look(*thing.keys(), *thing.values())
            elif isinstance(thing, list | tuple):
                self.look(*thing)
            elif is_dataclass(thing) and not isinstance(thing, type):
                self.look(*(getattr(thing, field.name) for field in fields(thing)))

    def free(self, root: sp.Basic) -> frozenset[sp.Basic]:
        """Return the symbols, sizes and indices that are not bound in an expression.

        Raises
        ------
        UnsupportedError
            If the expression is too large to be read.
        """
        for node, parts in _bottom_up(root, self._free):
            _require_tuples(node)
            below = [self._free[id(part)] for part in parts]
            depth = 1 + max((entry[2] for entry in below), default=0)
            size = 1 + sum(entry[3] for entry in below)
            if depth > MAX_DEPTH or size > MAX_NODES:
                raise UnsupportedError(
                    f"an expression of at most {MAX_NODES} nodes, at most {MAX_DEPTH} inside of each other",
                    f"one of {size} nodes, {depth} inside of each other",
                    "define symbols for parts of it",
                )
            found = frozenset().union(*(entry[1] for entry in below))
            self._free[id(node)] = (node, self._own(node, found), depth, size)
        return self._free[id(root)][1]

    def _own(self, node: sp.Basic, below: frozenset[sp.Basic]) -> frozenset[sp.Basic]:
        if isinstance(node, sp.MatrixSymbol | ArraySymbol):
            return self._sized(*node.shape) | {node}
        if isinstance(node, sp.Symbol):
            return frozenset({node})
        if isinstance(node, ScalarValue | MatrixValue):
            below |= self._sized(*chain(*node.axes))
        if isinstance(node, sp.Identity | sp.OneMatrix | sp.ZeroMatrix | sp.FunctionMatrix | Entries):
            return below | self._sized(*node.args[:2])
        if isinstance(node, sp.Sum):
            pairs = ordered_pairs(node.limits)
            whole = [limit for limit in node.limits if len(limit) == 3 and limit[0] not in pairs]
            sizes = self._sized(
                *(sp.expand(high - low + 1) for _, low, high in whole), *(pair.size for pair in pairs.values())
            )
            return (below | sizes) - {limit[0] for limit in node.limits}
        if isinstance(node, sp.Lambda):
            return below - set(node.variables)
        return below

    def _sized(self, *sizes: sp.Basic) -> frozenset[sp.Basic]:
        found = frozenset(size for size in sizes if isinstance(size, sp.Symbol))
        self.sizes |= found
        return found


def _head(index: object) -> object:
    """Return the index of what binds it, be it alone or with its size."""
    return index[0] if isinstance(index, list | tuple | sp.Tuple) and index else index


def _require_tuples(node: sp.Basic) -> None:
    """Refuse what was made behind SymPy's constructors, with a matrix where a tuple belongs: iterating never ends."""
    within: tuple[sp.Basic, ...] = ()
    if isinstance(node, ArraySymbol | ArrayElement | sp.Sum | sp.Integral | sp.Product | MatrixSlice):
        within = node.args[1:]
    if not all(isinstance(part, sp.Tuple) for part in within):
        raise UnsupportedError(
            "an expression that SymPy's own constructors make",
            f"a malformed {type(node).__name__}",
            "build it from symbols by SymPy's operators",
        )


def _parts(node: sp.Basic) -> tuple[sp.Basic, ...]:
    """Return the parts of a node; the name of a symbol is none."""
    if isinstance(node, sp.MatrixSymbol | ArraySymbol):
        return ()
    return tuple(arg for arg in node.args if isinstance(arg, sp.Basic))


def _bottom_up(root: sp.Basic, known: Mapping[int, object]) -> Iterator[tuple[sp.Basic, tuple[sp.Basic, ...]]]:
    """Run through the nodes that are not known yet with their parts, each node behind these, and each once."""
    stack: list[tuple[sp.Basic, tuple[sp.Basic, ...] | None]] = [(root, None)]
    seen: set[int] = set()
    while stack:
        node, parts = stack.pop()
        if parts is not None:
            yield node, parts
        elif id(node) not in known and id(node) not in seen:
            seen.add(id(node))
            parts = _parts(node)
            stack.append((node, parts))
            stack.extend((part, None) for part in parts)
