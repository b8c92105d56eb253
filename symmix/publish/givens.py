"""What a theorem is about: its symbols with their shapes, Jacobians, moments, conditions, and what is divided by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from symmix.errors import NotationError
from symmix.notation import legend
from symmix.printing.display import Typesetter, enumerated
from symmix.printing.latex import LatexPrinter
from symmix.printing.symbols import INDEX, SIZE, axes_of
from symmix.printing.text import TextPrinter
from symmix.printing.wording import Chain, assumption, assumptions, chains
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.terms.base import Node
from symmix.terms.meanings import Names
from symmix.terms.names import ONE_SIZE
from symmix.theorems import Outcome
from symmix.verdict import Proved, Verdict

Key = tuple[t.Symbol, t.Symbol | int, t.Expression]  # symbol, variable, Jacobian; or random symbol, degree, moment
_SIGNS = {">": r"\gt", ">=": r"\ge", "<": r"\lt", "<=": r"\le", "!=": r"\ne"}
_TEXT = TextPrinter()


def stated(theorem: s.Theorem) -> list[Node]:
    """Return the trees of the definitions, the claims and the proofs, in this order."""
    found: list[Node] = [side for pair in theorem.setting.definitions for side in pair]
    return [*found, *(claim for _, claim in theorem.claims), *theorem.proofs]


def symbols(some: Iterable[Node]) -> list[t.Symbol]:
    """Return the symbols of trees in the order of the legend: scalars, vectors, matrices."""
    return sorted(Names.of(some).symbols.values(), key=lambda symbol: _place(symbol.name, symbol.axes))


def sizes(some: Iterable[Node]) -> list[str]:
    """Return the sizes of trees in the order of the legend."""
    return sorted(Names.of(some).sizes, key=lambda size: _place(size, SIZE))


def _place(name: str, axes: tuple[str, ...]) -> tuple[int, str]:
    ranks = {(entry.name, axes_of(entry)): place for place, entry in enumerate(legend())}
    return ranks.get((name, axes), len(ranks)), name


def random_symbols(some: Iterable[Node]) -> frozenset[t.Symbol]:
    """Return the symbols that are averaged over."""
    return frozenset(node.random for tree in some for node in tree.walk() if isinstance(node, t.Expectation))


def reject_homographs(theorem: s.Theorem, printer: LatexPrinter) -> None:
    """Refuse two symbols of a theorem that look the same on paper."""
    trees = [*stated(theorem), *(miss for _, miss in theorem.near_misses)]
    seen: dict[str, str] = {}
    for name, axes in [*((size, SIZE) for size in sizes(trees)), *((x.name, x.axes) for x in symbols(trees))]:
        other = seen.setdefault(printer.name(name, axes), name)
        if other != name:
            raise NotationError(
                "a spelling of its own for each symbol of a theorem",
                f"{other} and {name}, both {printer.name(name, axes)}",
                "rename one, or give it another spelling: Theorem(spelling={symbol: ...})",
            )


# -- as text ---


def for_all(outcome: Outcome) -> str:
    """Return what a theorem speaks of, for all values: ``sizes d, n; samples i < n; real mu, X, w, y``."""
    setting, trees = outcome.document.setting, stated(outcome.document)
    averaged = random_symbols(trees)
    known = {*(symbol for symbol, _ in setting.definitions), *averaged}
    names = [symbol.name for symbol in symbols([*trees, *setting.conditions]) if symbol not in known]
    kinds = {
        "sizes": sizes(trees),
        "samples": [str(index) for index in setting.indices],
        "whole": [name for name in names if name in setting.whole],
        "real": [name for name in names if name not in setting.whole],
        "random": [symbol.name for symbol in symbols(averaged)],
    }
    return "; ".join(f"{kind} {', '.join(found)}" for kind, found in kinds.items() if found)


def conditions_as_text(theorem: s.Theorem) -> list[str]:
    """Return the conditions on scalars, those from assumptions included, and which random symbols are independent."""
    written = [" ".join(_TEXT.print(p) if isinstance(p, Node) else p for p in c) for c in _chains(theorem)]
    return written + [f"{outer} and {inner} independent" for outer, inner in theorem.setting.independent]


def _chains(theorem: s.Theorem) -> list[Chain]:
    return chains(theorem.setting.conditions)


def held_constant(outcome: Outcome) -> str:
    """Return what derivatives hold constant: ``W, b, y in d/dz; W, b in d/dtheta``, each once."""
    lines = (f"{', '.join(map(str, held))} in d/d{by}{meant}" for held, by, meant in _held(outcome))
    return "; ".join(lines)


def held_in_words(outcome: Outcome, setter: Typesetter) -> str:
    """Return what derivatives hold constant, as a sentence; empty without derivatives."""
    write = setter.printer.print
    lines = (f"${', '.join(map(write, held))}$ by ${write(by)}${meant}" for held, by, meant in _held(outcome))
    found = enumerated(list(lines) or [""])
    return f"The derivatives hold constant: {found}." if found else ""


def _held(outcome: Outcome) -> list[tuple[tuple[t.Symbol, ...], t.Symbol, str]]:
    """Return the symbols that each derivative holds constant, the variable, and whether all of it is meant to be."""
    found: dict[tuple[tuple[t.Symbol, ...], t.Symbol, str], None] = {}
    order = symbols([*outcome.held_constant, *stated(outcome.document)])
    for node, names in outcome.held_constant.items():
        if names and isinstance(node, t.Gradient | t.Jacobian):
            meant = ", as is meant" if node.constant else ""
            found[tuple(symbol for symbol in order if symbol.name in names), node.by, meant] = None
    return list(found)


def jacobians_as_text(theorem: s.Theorem) -> list[str]:
    """Return the Jacobians that claims go through: ``dz/dtheta = J``."""
    trees = [side for pair in theorem.setting.definitions for side in pair]
    found = _jacobians([*trees, *(claim for _, claim in theorem.claims)])
    return list(dict.fromkeys(f"d{symbol}/d{by} = {_TEXT.print(value)}" for symbol, by, value in found))


def lemmas(outcome: Outcome) -> list[str]:
    """Return the names of what a theorem uses and nobody here decides."""
    return [lemma.name for lemma in outcome.document.lemmas]


def given_lemmas(outcome: Outcome) -> str:
    """Return the lemmas that a proved theorem rests on, as words behind the verdict."""
    names = lemmas(outcome) if isinstance(outcome.verdict, Proved) else []
    return f", given {', '.join(names)}" if names else ""


def assumed_as_text(outcome: Outcome) -> list[str]:
    """Return what the claims and steps of a theorem assume of what they divide by or invert."""
    return [assumption(tree, _TEXT) for tree in assumptions(_verdicts(outcome))]


def verdict_as_text(outcome: Outcome) -> str:
    """Return the verdict with everything that it rests on: ``proved, given a_lemma, assuming mu != 0``."""
    assumed = assumed_as_text(outcome) if isinstance(outcome.verdict, Proved) else []
    behind = f", assuming {', '.join(assumed)}" if assumed else ""
    return f"{outcome.verdict.word}{given_lemmas(outcome)}{behind}"


def _verdicts(outcome: Outcome) -> list[Verdict]:
    return [*outcome.claims.values(), *(verdict for chain in outcome.steps for verdict in chain)]


# -- in words ---


def shapes(some: Iterable[Node], setter: Typesetter, known: Iterable[t.Symbol] = (), whole: Sequence[str] = ()) -> str:
    """Return ``y, y' in R^k, W in R^(k x h)`` for the symbols that are not known."""
    listed = [x for x in symbols(some) if x not in set(known)]
    parts = []
    for (_, axes, field), group in groupby(
        sorted(listed, key=lambda x: _by_shape(x, whole)), lambda x: _by_shape(x, whole)
    ):
        names = ", ".join(setter.printer.name(x.name, x.axes) for x in group)
        exponent = r"\times ".join(setter.printer.name(size, SIZE) for size in axes if size != ONE_SIZE)
        parts.append(rf"${names} \in \mathbb{{{field}}}{f'^{{{exponent}}}' if exponent else ''}$")
    return enumerated(parts) if parts else ""


def _by_shape(symbol: t.Symbol, whole: Sequence[str]) -> tuple[int, tuple[str, ...], str]:
    return sum(size != ONE_SIZE for size in symbol.axes), symbol.axes, "Z" if symbol.name in whole else "R"


def sizes_in_words(some: Iterable[Node], setter: Typesetter) -> str:
    """Return ``k, h, p >= 1``, empty without sizes."""
    names = [setter.printer.name(size, SIZE) for size in sizes(some)]
    return rf"${', '.join(names)} \ge 1$" if names else ""


def _jacobians(some: Iterable[Node]) -> Iterator[tuple[t.Symbol, t.Symbol, t.Expression]]:
    for tree in some:
        nodes = {node for node in tree.walk() if isinstance(node, t.Gradient | t.Jacobian)}
        for node in sorted(nodes, key=str):
            for symbol, value in node.jacobians:
                yield symbol, node.by, value


def jacobians(some: Iterable[Node], setter: Typesetter) -> dict[Key, str]:
    """Return the Jacobians that gradients go through: ``dz/dtheta = J``, by symbol, variable and Jacobian."""
    found: dict[Key, str] = {}
    for symbol, by, value in _jacobians(some):
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
        for chain in _chains(outcome.document)
    ]
    return written + [assumed(tree, setter) for tree in assumptions(_verdicts(outcome))]


def assumed(tree: t.Expression, setter: Typesetter) -> str:
    """Return what a division or an inverse assumes."""
    if isinstance(tree, t.Inverse):
        return f"${setter.inline(tree.of)}$ has an inverse"
    return rf"${setter.inline(tree)} \ne 0$"


def independent(outcome: Outcome, setter: Typesetter) -> list[str]:
    """Return which random symbols are independent of each other."""
    named: Mapping[str, t.Symbol] = {symbol.name: symbol for symbol in symbols(stated(outcome.document))}
    pairs = outcome.document.setting.independent
    return [
        f"${setter.printer.print(named[outer])}$ and ${setter.printer.print(named[inner])}$ independent"
        for outer, inner in pairs
        if outer in named and inner in named
    ]
