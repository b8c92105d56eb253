"""What a theorem is about: its symbols with their shapes, Jacobians, moments, conditions, and what is divided by."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby

from symmix.errors import NotationError
from symmix.notation import legend, lookup
from symmix.printing.display import Typesetter, enumerated
from symmix.printing.latex import LatexPrinter
from symmix.printing.order import ordered
from symmix.printing.symbols import FUNCTION, INDEX, SIZE
from symmix.printing.text import TextPrinter
from symmix.printing.wording import assumption, assumptions, chains, unequal
from symmix.publish.functions import as_formula, as_text
from symmix.publish.positive import is_positive
from symmix.publish.reach import for_size
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.terms.base import Node
from symmix.terms.functions import bound_in, functions_of
from symmix.terms.meanings import Names, roots_of
from symmix.terms.names import ONE_SIZE
from symmix.theorems import Outcome
from symmix.verdict import Proved

Key = tuple[t.Symbol, t.Symbol | int, t.Expression]  # symbol, variable, Jacobian; or random symbol, degree, moment
_SIGNS = {">": r"\gt", ">=": r"\ge", "<": r"\lt", "<=": r"\le", "!=": r"\ne"}
_TEXT = TextPrinter()


def stated(theorem: s.Theorem) -> list[Node]:
    """Return the trees of the definitions, the claims and the proofs, in this order."""
    found: list[Node] = [side for pair in theorem.setting.definitions for side in pair]
    return [*found, *(claim for _, claim in theorem.claims), *theorem.proofs]


def used(theorem: s.Theorem) -> t.Pairs:
    """Return the definitions that a theorem makes use of, in claims, proofs or near misses: others say nothing."""
    left: list[Node] = [*roots_of(theorem)]
    definitions, needed = dict(theorem.setting.definitions), set[t.Symbol]()
    while left:
        for node in left.pop().walk():
            if isinstance(node, t.Symbol) and node in definitions and node not in needed:
                needed.add(node)
                left.append(definitions[node])
    return tuple(pair for pair in theorem.setting.definitions if pair[0] in needed)


def spoken(theorem: s.Theorem) -> list[Node]:
    """Return the trees that are printed as the statement and its proofs: those of stated, without idle definitions."""
    found: list[Node] = [side for pair in used(theorem) for side in pair]
    return [*found, *(claim for _, claim in theorem.claims), *theorem.proofs]


def symbols(some: Collection[Node]) -> list[t.Symbol]:
    """Return the symbols that trees speak of in the order of the legend: scalars, vectors, matrices."""
    named, bound = Names.of(some).symbols.values(), bound_in(some)
    return sorted({*named} - bound, key=lambda symbol: _place(symbol.name, symbol.axes))


def sizes(some: Iterable[Node]) -> list[str]:
    """Return the sizes of trees in the order of the legend."""
    return sorted(Names.of(some).sizes, key=lambda size: _place(size, SIZE))


def _place(name: str, axes: tuple[str, ...]) -> tuple[int, str]:
    return _ranks().get((name, axes), len(_ranks())), name


@cache
def _ranks() -> dict[tuple[str, tuple[str, ...]], int]:
    return {(entry.name, entry.axes): place for place, entry in enumerate(legend())}


def random_symbols(some: Iterable[Node]) -> frozenset[t.Symbol]:
    """Return the symbols that are averaged over."""
    return frozenset(node.random for tree in some for node in tree.walk() if isinstance(node, t.Expectation))


def in_words(outcome: Outcome, printer: LatexPrinter) -> dict[str, str]:
    """Return the LaTeX of all symbols by name, as far as words may speak of them: those that are bound, too."""
    return {x.name: printer.print(x) for x in outcome.frame.names.symbols.values() if len(x.axes) < 3}


def reject_homographs(outcome: Outcome, printer: LatexPrinter) -> None:
    """Refuse two symbols of a theorem that look the same on paper."""
    names = outcome.frame.names
    seen: dict[str, str] = {}
    named = [(size, SIZE) for size in sorted(names.sizes, key=lambda size: _place(size, SIZE))]
    named += sorted((x.name, x.axes) for x in names.symbols.values())
    for name, axes in [*named, *((x.name, FUNCTION) for x in names.functions)]:
        other = seen.setdefault(printer.name(name, axes), name)
        if other != name:
            raise NotationError(
                "a spelling of its own for each symbol of a theorem",
                f"{other} and {name}, both {printer.name(name, axes)}",
                "rename one, or give it another spelling: Theorem(spelling={symbol: ...})",
            )


# -- as text ---


def for_all(outcome: Outcome) -> str:
    """Return what a theorem speaks of, for all values: ``sizes d, n; real mu; X in R^(n x d); random lam``."""
    setting, trees = outcome.document.setting, stated(outcome.document)
    averaged = random_symbols(trees)
    known = {*(symbol for symbol, _ in setting.definitions), *averaged}
    free = [symbol for symbol in symbols([*trees, *setting.conditions]) if symbol not in known]
    kinds = {"sizes": sizes(trees), "samples": [str(index) for index in setting.indices]}
    shaped: dict[str, list[str]] = {}
    for symbol in sorted(free, key=lambda x: _by_shape(x, setting.whole)):
        shaped.setdefault(_space_as_text(symbol, setting.whole), []).append(symbol.name)
    lines = [f"{kind} {', '.join(found)}" for kind, found in kinds.items() if found]
    for space, names in shaped.items():
        kind = {"R": "real ", "Z": "whole "}.get(space, "")
        lines.append(f"{kind}{', '.join(names)}" + ("" if kind else f" in {space}"))
    for symbol in symbols(averaged):
        space = _space_as_text(symbol, ())
        lines.append(f"random {symbol.name}" + ("" if space == "R" else f" in {space}"))
    lines += [f"functions {', '.join(map(as_text, found))}"] if (found := functions_of(trees)) else []
    return "; ".join(filter(None, [*lines, for_size(outcome)]))


def _space_as_text(symbol: t.Symbol, whole: Sequence[str]) -> str:
    sides = spelled_axes(symbol.axes)
    power = f"^{sides[0]}" if len(sides) == 1 else f"^({' x '.join(sides)})" if sides else ""
    return ("Z" if symbol.name in whole else "R") + power


def conditions_as_text(theorem: s.Theorem) -> list[str]:
    """Return conditions on scalars, those from assumptions included, properties of matrices, and independence."""
    setting = theorem.setting
    written = [" ".join(_TEXT.print(p) if isinstance(p, Node) else p for p in c) for c in chains(setting.conditions)]
    written += [f"{name} {word}" for name, word in setting.properties]
    return written + [f"{outer} and {inner} independent" for outer, inner in setting.independent]


def held_constant(outcome: Outcome) -> str:
    """Return what derivatives hold constant: ``W, b, y in d/dz; W, b in d/dtheta``, each once."""
    lines = (f"{', '.join(map(str, names))} in d/d{by}{meant}" for names, by, meant in held(outcome))
    return "; ".join(lines)


def held_in_words(outcome: Outcome, setter: Typesetter) -> str:
    """Return what derivatives hold constant, as a sentence; empty without derivatives."""
    write = setter.printer.print
    lines = (f"${', '.join(map(write, names))}$ by ${write(by)}${meant}" for names, by, meant in held(outcome))
    found = enumerated(list(lines) or [""])
    return f"The derivatives hold constant: {found}." if found else ""


def held(outcome: Outcome) -> list[tuple[tuple[t.Symbol, ...], t.Symbol, str]]:
    """Return the symbols that derivatives hold constant, by variable and by what depends on it, each once."""
    found: dict[tuple[t.Symbol, frozenset[str], str], set[str]] = {}
    for node, names in outcome.held_constant.items():
        if names and isinstance(node, t.Gradient | t.Jacobian):
            meant = ", as is meant" if node.constant else ""
            moved = frozenset(symbol.name for symbol, _ in node.jacobians)
            found.setdefault((node.by, moved, meant), set()).update(names)
    order = symbols([*outcome.held_constant, *stated(outcome.document)])
    return [(tuple(x for x in order if x.name in names), by, meant) for (by, _, meant), names in found.items()]


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
    return [assumption(tree, _TEXT) for tree in assumed_of(outcome)]


def verdict_as_text(outcome: Outcome) -> str:
    """Return the verdict with everything that it rests on: ``proved, given a_lemma, assuming mu != 0``."""
    assumed = assumed_as_text(outcome) if isinstance(outcome.verdict, Proved) else []
    behind = f", assuming {', '.join(assumed)}" if assumed else ""
    return f"{' '.join(filter(None, [outcome.verdict.word, for_size(outcome)]))}{given_lemmas(outcome)}{behind}"


def assumed_of(outcome: Outcome) -> list[t.Expression]:
    """Return what claims and steps divide by and invert: each factor once, without what the conditions exclude."""
    found: dict[t.Expression, None] = {}
    for tree in assumptions([*outcome.claims.values(), *(verdict for chain in outcome.steps for verdict in chain)]):
        if isinstance(tree, t.Inverse):
            found[tree] = None
            continue
        names = {node.name for node in tree.walk() if isinstance(node, t.Symbol)}
        defined = any(symbol.name in names for symbol, _ in outcome.document.setting.definitions)
        whole = ordered(tree if defined else outcome.setting.written(outcome.frame.array(tree)))
        found.update(dict.fromkeys(x for x in _factors(whole) if not is_positive(x, outcome.document.setting)))
    return list(found)


def _factors(tree: t.Expression) -> Iterator[t.Expression]:
    match tree:
        case t.Multiply(factors=factors):
            for factor in factors:
                yield from _factors(factor)
        case t.Power(base=base):
            yield from _factors(base)
        case t.Quotient(numerator=numerator):
            yield from _factors(numerator)
        case t.Number():
            return
        case _:
            yield tree


# -- in words ---


def shapes(some: Collection[Node], setter: Typesetter, known: Collection[Node] = (), whole: Sequence[str] = ()) -> str:
    """Return ``y, y' in R^k, W in R^(k x h)``, and what functions map to what, for those that are not known."""
    told = set(known)
    listed = [x for x in symbols(some) if x not in told]
    parts = []
    for (_, axes, field), group in groupby(
        sorted(listed, key=lambda x: _by_shape(x, whole)), lambda x: _by_shape(x, whole)
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


def spelled_axes(axes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the sizes that are written: none of a number, one of a column, both of a row and of a matrix."""
    if all(size == ONE_SIZE for size in axes):
        return ()
    return axes[:1] if axes[1:] == (ONE_SIZE,) else axes


def _by_shape(symbol: t.Symbol, whole: Sequence[str]) -> tuple[int, tuple[str, ...], str]:
    return (
        sum(size != ONE_SIZE for size in symbol.axes),
        spelled_axes(symbol.axes),
        "Z" if symbol.name in whole else "R",
    )


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


def moments_as_text(outcome: Outcome) -> str:
    """Return the moments that all expectations of a theorem agree on: ``E[lam] = m, E[lam^2] = m2``."""
    found: dict[tuple[t.Symbol, int], dict[t.Moment, None]] = {}
    for node in (node for tree in stated(outcome.document) for node in tree.walk()):
        if isinstance(node, t.Expectation):
            for moment in node.moments:
                found.setdefault((node.random, moment.degree), {})[moment] = None
    lines = [(random, next(iter(one))) for (random, _), one in found.items() if len(one) == 1]
    return ", ".join(f"E[{_product_as_text(random, moment)}] = {_TEXT.print(moment.value)}" for random, moment in lines)


def _product_as_text(random: t.Symbol, moment: t.Moment) -> str:
    if not moment.indices:
        return random.name + (f"^{moment.degree}" if moment.degree > 1 else "")
    width = len(moment.indices) // moment.degree
    places = [moment.indices[d * width : (d + 1) * width] for d in range(moment.degree)]
    return " ".join(f"{random.name}[{','.join(place)}]" for place in places)


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
    said = {str(getattr(own, "name", own)): words for own, words in outcome.theorem.meanings.items()}
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
