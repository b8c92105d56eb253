"""Functions that are not given, where a theorem says what it speaks of: their names, and what they map to what."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from symmix.printing.printer import Printer
from symmix.printing.symbols import FUNCTION
from symmix.terms import nodes as t
from symmix.terms.functions import constant, linear


def as_text(function: t.Function) -> str:
    """Return ``G: R^h -> R^k``."""
    source, target = (f"R^{axes[0]}" if axes else "R" for axes in (function.source, function.target))
    return f"{function.name}: {source} -> {target}"


def as_formula(function: t.Function, printer: Printer, space: Callable[[tuple[str, ...]], str]) -> str:
    r"""Return ``G : \mathbb{R}^{h} \to \mathbb{R}^{k}``; ``space`` writes where something of some axes lives."""
    name = printer.name(function.name, FUNCTION)
    return rf"{name} : {space(function.source)} \to {space(function.target)}"


def as_coefficients(found: Iterable[t.Function], printer: Printer) -> dict[str, str]:
    """Return what the numbers are called, by name, by which affine functions are given at a point."""
    names = {function: printer.name(function.name, FUNCTION) for function in found}
    slopes = {linear(function).name: f"d{name}/dx" for function, name in names.items()}
    return slopes | {constant(function).name: f"{name}(0)" for function, name in names.items()}
