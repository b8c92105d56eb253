"""What a theorem is about, introduced in words and formulas, for what is read on paper and on pages."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby

from symmix.errors import NotationError
from symmix.notation import lookup
from symmix.printing.display import Typesetter, enumerated
from symmix.printing.latex import LatexPrinter
from symmix.printing.symbols import FUNCTION, INDEX, SIZE
from symmix.printing.wording import chains, unequal
from symmix.publish.functions import as_formula
from symmix.publish.givens import (
    assumed_of,
    by_shape,
    gone_through,
    held,
    place_of,
    random_symbols,
    sizes,
    spelled_axes,
    spoken,
    stated,
    symbols,
)
from symmix.terms import nodes as t
from symmix.terms.base import Node
from symmix.terms.functions import functions_of
from symmix.terms.names import ONE_SIZE
from symmix.theorems import Outcome

Key = tuple[t.Symbol, t.Symbol | int, t.Expression]  # symbol, variable, Jacobian; or random symbol, degree, moment
_SIGNS = {">": r"\gt", ">=": r"\ge", "<": r"\lt", "<=": r"\le", "!=": r"\ne"}


def in_words(outcome: Outcome, printer: LatexPrinter) -> dict[str, str]:
    """Return the LaTeX of all symbols by name, as far as words may speak of them: those that are bound, too."""
    return {x.name: printer.print(x) for x in outcome.frame.names.symbols.values() if len(x.axes) < 3}


def reject_homographs(outcome: Outcome, printer: LatexPrinter) -> None:
    """Refuse two symbols of a theorem that look the same on paper."""
    names = outcome.frame.names
    seen: dict[str, str] = {}
    named = [(size, SIZE) for size in sorted(names.sizes, key=lambda size: place_of(size, SIZE))]
    named += sorted((x.name, x.axes) for x in names.symbols.values())
    for name, axes in [*named, *((x.name, FUNCTION) for x in names.functions)]:
        other = seen.setdefault(printer.name(name, axes), name)
        if other != name:
            raise NotationError(
                "a spelling of its own for each symbol of a theorem",
                f"{other} and {name}, both {printer.name(name, axes)}",
                "rename one, or give it another spelling: Theorem(spelling={symbol: ...})",
            )


def held_in_words(outcome: Outcome, setter: Typesetter) -> str:
    """Return what derivatives hold constant, as a sentence; empty without derivatives."""
    write = setter.printer.print
    lines = (f"${', '.join(map(write, names))}$ by ${write(by)}${meant}" for names, by, meant in held(outcome))
    found = enumerated(list(lines) or [""])
    return f"The derivatives hold constant: {found}." if found else ""


def shapes(some: Collection[Node], setter: Typesetter, known: Collection[Node] = (), whole: Sequence[str] = ()) -> str:
    """Return ``y, y' in R^k, W in R^(k x h)``, and what functions map to what, for those that are not known."""
    told = set(known)
    listed = [x for x in symbols(some) if x not in told]
    parts = []
    for (_, axes, field), group in groupby(
        sorted(listed, key=lambda x: by_shape(x, whole)), lambda x: by_shape(x, whole)
    ):
        names = ", ".join(setter.printer.name(x.name, x.axes) for x in group)
        parts.append(rf"${names} \in {_space(axes, field, setter)}$")
    parts += [f"${_mapped(f, setter)}$" for f in functions_of(some) if f not in told]
    return enumerated(parts) if parts else ""


def _mapped(function: t.Function, setter: Typesetter) -> str:
    return as_formula(function, setter.printer, lambda axes: _space(axes, "R", setter))


def _space(axes: tuple[str, ...], field: str, setter: Typesetter) -> str:
    """Return where a symbol lives: a column in R^h, a row in R^(1 x h), a number in R."""
    sides = [size if size == ONE_SIZE else setter.printer.name(size, SIZE) for size in spelled_axes(axes)]
    exponent = r"\times ".join(sides)
    return rf"\mathbb{{{field}}}" + (f"^{{{exponent}}}" if sides else "")


def sizes_in_words(some: Iterable[Node], setter: Typesetter) -> str:
    """Return ``k, h, p >= 1``, empty without sizes."""
    names = [setter.printer.name(size, SIZE) for size in sizes(some)]
    return rf"${', '.join(names)} \ge 1$" if names else ""


def jacobians(some: Iterable[Node], setter: Typesetter) -> dict[Key, str]:
    """Return the Jacobians that gradients go through: ``dz/dtheta = J``, by symbol, variable and Jacobian."""
    found: dict[Key, str] = {}
    for symbol, by, value in gone_through(some):
        names = setter.printer.print(symbol), setter.printer.print(by)
        found[symbol, by, value] = rf"$\partial {names[0]}/\partial {names[1]} = {setter.printer.print(value)}$"
    return found


def moments(some: Iterable[Node], setter: Typesetter) -> dict[Key, str]:
    """Return the moments that expectations use, by random symbol, degree and value."""
    found: dict[Key, str] = {}
    for tree in some:
        for node in sorted({node for node in tree.walk() if isinstance(node, t.Expectation)}, key=str):
            for moment in node.moments:
                found[node.random, moment.degree, moment.value] = f"${_moment(node.random, moment, setter)}$"
    return found


def _moment(random: t.Symbol, moment: t.Moment, setter: Typesetter) -> str:
    name, value = setter.printer.print(random), setter.printer.print(moment.value)
    if not moment.indices:
        power = f"^{{{moment.degree}}}" if moment.degree > 1 else ""
        return rf"\mathbb{{E}}[{name}{power}] = {value}"
    width = len(moment.indices) // moment.degree
    indices = [setter.printer.name(index, INDEX) for index in moment.indices]
    places = [indices[d * width : (d + 1) * width] for d in range(moment.degree)]
    return rf"\mathbb{{E}}[{''.join(f'{name}_{{{chr(32).join(place)}}}' for place in places)}] = {value}"


def conditions(outcome: Outcome, setter: Typesetter) -> list[str]:
    """Return the side conditions, and that what is divided by is not zero, as the verdicts say."""
    written = [
        f"${' '.join(setter.inline(p) if isinstance(p, t.Expression) else _SIGNS[p] for p in chain)}$"
        for chain in chains(outcome.document.setting.conditions)
    ]
    return written + [assumed(tree, setter) for tree in assumed_of(outcome)]


def assumed(tree: t.Expression, setter: Typesetter) -> str:
    """Return what a division or an inverse assumes."""
    if isinstance(tree, t.Inverse):
        return f"${setter.inline(tree.of)}$ has an inverse"
    left, right = unequal(tree)
    return rf"${setter.inline(left)} \ne {'0' if right is None else setter.inline(right)}$"


def averaged(some: Sequence[Node], setter: Typesetter, context: Mapping[Key, str]) -> list[str]:
    """Return each random symbol with where it lives and the moments that all of a theorem agrees on."""
    lines = []
    for symbol in symbols(random_symbols(some)):
        told = [words for (random, degree, _), words in context.items() if random == symbol and isinstance(degree, int)]
        name = setter.printer.name(symbol.name, symbol.axes)
        behind = f" with {enumerated(told)}" if told else ""
        lines.append(rf"${name} \in {_space(symbol.axes, 'R', setter)}$ be random{behind}")
    return lines


def meaning(outcome: Outcome, name: str) -> str:
    """Return what a symbol, a size or an index means: as its theorem says, or the legend if it is the legend's own.

    A prime marks the second sample in the legend; on letters of a user's own it may be anything, and nothing is said.
    """
    said = outcome.meanings
    entry = lookup(name)
    if name in said:
        return said[name]
    if entry is not None and outcome.setting.reader.symbols.get(name) == entry.symbol:
        return entry.meaning
    twin = name.removesuffix("'")
    known = twin != name and twin not in said and meaning(outcome, twin)
    return f"like {twin}, of the second sample" if known else ""


def notation(outcome: Outcome, setter: Typesetter) -> list[tuple[str, str, str, str]]:
    """Return every size and symbol of a statement: its name, its LaTeX, where it lives, and what it means, if said."""
    trees = [*spoken(outcome.document), *outcome.document.setting.conditions]
    whole = outcome.document.setting.whole
    lines = [(name, setter.printer.name(name, SIZE), r"\ge 1") for name in sizes(trees)]
    for symbol in symbols(trees):
        field = "Z" if symbol.name in whole else "R"
        lines.append((symbol.name, setter.printer.print(symbol), rf"\in {_space(symbol.axes, field, setter)}"))
    lines += [(f.name, f.name, _mapped(f, setter).removeprefix(f.name)) for f in functions_of(trees)]
    return [(name, latex, space, meaning(outcome, name)) for name, latex, space in lines]


def independent(outcome: Outcome, setter: Typesetter) -> list[str]:
    """Return which matrices have a property, and which random symbols are independent of each other."""
    named: Mapping[str, t.Symbol] = {symbol.name: symbol for symbol in symbols(stated(outcome.document))}
    pairs = outcome.document.setting.independent
    said = outcome.document.setting.properties
    return [f"${setter.printer.print(named[name])}$ {word}" for name, word in said if name in named] + [
        f"${setter.printer.print(named[outer])}$ and ${setter.printer.print(named[inner])}$ independent"
        for outer, inner in pairs
        if outer in named and inner in named
    ]
