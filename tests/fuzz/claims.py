"""A statement as the generator hands it over: what a user would write, and how to find points for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.tensor.array.expressions import ArraySymbol

from symmix.language import ForAll

Assignments = tuple[tuple[sp.Basic, Any], ...]  # symbols or entries, and the expressions that they are set to


@dataclass(frozen=True)
class Claim:
    """One statement with its setting.

    ``solutions`` are ways to meet the hypotheses: each sets some symbols to expressions of the others, one after the
    other. ``expected`` is what it was built to be, if that is known; the judge never trusts it.
    """

    family: str
    kind: str  # identity, vanishing, equivalence, positivity, nonnegative or minimum
    left: Any
    right: Any = None
    where: Any = ()
    provided: Any = ()
    ranges: Mapping[sp.Symbol, tuple[Any, Any]] = field(default_factory=dict)
    definitions: Mapping[sp.Basic, sp.Basic] = field(default_factory=dict)
    conditions: tuple[Any, ...] = ()
    indices: Mapping[sp.Symbol, sp.Symbol] = field(default_factory=dict)
    properties: Mapping[sp.MatrixSymbol, str] = field(default_factory=dict)
    solutions: tuple[Assignments, ...] = ((),)
    expected: bool | None = None
    plain: bool = False  # clearly inside the language: a refusal is a loss
    refuse: str = ""  # why it has to be refused
    empty: bool = False  # its hypotheses contradict each other
    denied: bool = False  # wrapped in Fails

    @property
    def goals(self) -> list[Any]:
        """The expressions that the claim is about; a bare expression stands for a list of one."""
        return [self.left, self.right] if self.kind in {"identity"} else [*listed(self.left), *listed(self.right)]

    def parts(self) -> Iterator[Any]:
        """Run through every expression of the statement and of its setting."""
        yield from (part for part in self.goals if part is not None)
        for hypothesis in listed(self.where):
            yield from about_all(hypothesis) if isinstance(hypothesis, ForAll) else [hypothesis]
        yield from (*listed(self.provided), *self.conditions, *self.definitions.values())

    @cached_property
    def nodes(self) -> set[Any]:
        """Every node of the statement and of its setting, once."""
        return _nodes(self.parts())

    @cached_property
    def symbols(self) -> Symbols:
        """The symbols of the statement."""
        return _sorted_out(self.nodes | set(self.indices.values()))

    @cached_property
    def all_symbols(self) -> Symbols:
        """The symbols of the statement, and those that its solutions bring in."""
        return _sorted_out(self.nodes | set(self.indices.values()) | _nodes(self.solved()))

    def solved(self) -> Iterator[Any]:
        """Run through what the solutions mention besides."""
        for solution in self.solutions:
            for target, value in solution:
                yield from (target, sp.sympify(value))

    def __str__(self) -> str:
        hidden = {"solutions", "plain", "nodes", "symbols", "all_symbols"}
        shown = {name: value for name, value in vars(self).items() if value and name not in hidden}
        return "\n".join(f"    {name}: {written(value)}" for name, value in shown.items())


def written(value: Any) -> str:
    """Write an expression out, also one that SymPy's printer fails at."""
    try:
        return str(value)
    except Exception as error:  # noqa: BLE001 - a printer that fails must not hide what was found
        return f"{sp.srepr(value)} (which SymPy cannot print: {error})"


def about_all(hypothesis: ForAll) -> list[Any]:
    """Return what a hypothesis about all samples says, and the sizes that it says it for."""
    return [hypothesis.body, *(length for _, length in ranges_of(hypothesis))]


def ranges_of(hypothesis: ForAll) -> list[tuple[sp.Symbol, Any]]:
    """Return the indices of a hypothesis about all samples, each with the size of the axis along which it is used."""
    indices = hypothesis.indices if isinstance(hypothesis.indices, tuple) else (hypothesis.indices,)
    lengths: dict[Any, Any] = {}
    for entry in hypothesis.body.atoms(MatrixElement):
        for index, length in zip((entry.i, entry.j), entry.parent.shape, strict=True):
            lengths.setdefault(index, length)
    return [(index, lengths[index]) for index in indices if index in lengths]


def listed(expressions: Any) -> list[Any]:
    """Return what somebody gave where a list belongs."""
    if expressions is None:
        return []
    return list(expressions) if isinstance(expressions, list | tuple | set) else [expressions]


@dataclass(frozen=True)
class Symbols:
    """The scalar symbols of a claim, its matrix and array symbols, and those of the scalars that are sizes."""

    scalars: frozenset[sp.Symbol]
    tensors: frozenset[Any]
    sizes: frozenset[sp.Symbol]


def _sorted_out(nodes: Iterable[Any]) -> Symbols:
    scalars: set[sp.Symbol] = set()
    tensors: set[sp.Basic] = set()
    sizes: set[sp.Symbol] = set()
    for node in nodes:
        if isinstance(node, sp.Symbol):
            scalars.add(node)
        elif isinstance(node, sp.MatrixSymbol | ArraySymbol):
            tensors.add(node)
        if isinstance(node, sp.MatrixExpr | ArraySymbol):
            sizes |= _size_symbols(node.shape)
        elif isinstance(node, sp.Sum):
            bound = {index for index, _, _ in node.limits}
            sizes |= _size_symbols([high - low for _, low, high in node.limits]) - bound
    return Symbols(frozenset(scalars | sizes), frozenset(tensors), frozenset(sizes))


def _nodes(parts: Iterable[Any]) -> set[Any]:
    return {node for part in parts for node in sp.preorder_traversal(sp.sympify(part))}


def _size_symbols(shape: Any) -> set[sp.Symbol]:
    return {symbol for length in shape for symbol in sp.sympify(length).atoms(sp.Symbol)}
