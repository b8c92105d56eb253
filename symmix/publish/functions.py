"""Functions that are not given, where a theorem says what it speaks of: their names, and what they map to what."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from symmix.printing.printer import Printer
from symmix.printing.symbols import FUNCTION
from symmix.terms import nodes as t
from symmix.terms.base import Node
from symmix.terms.functions import laws_of


def functions(some: Iterable[Node]) -> list[t.Function]:
    """Return the functions of trees, by name."""
    found = {node for tree in some for node in tree.walk() if isinstance(node, t.Function)}
    return sorted(found, key=lambda function: function.name)


def bound(some: Iterable[Node]) -> frozenset[t.Symbol]:
    """Return the symbols that take all values in what is assumed of functions: a theorem is not about these."""
    return frozenset(symbol for tree in some for law in laws_of(tree) for symbol in law.symbols)


def as_text(function: t.Function) -> str:
    """Return ``G: R^h -> R^k``."""
    source, target = (f"R^{axes[0]}" if axes else "R" for axes in (function.source, function.target))
    return f"{function.name}: {source} -> {target}"


def as_formula(function: t.Function, printer: Printer, space: Callable[[tuple[str, ...]], str]) -> str:
    r"""Return ``G : \mathbb{R}^{h} \to \mathbb{R}^{k}``; ``space`` writes where something of some axes lives."""
    name = printer.name(function.name, FUNCTION)
    return rf"{name} : {space(function.source)} \to {space(function.target)}"
