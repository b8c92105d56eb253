"""What a theorem is about: its symbols with their shapes, Jacobians, moments, conditions, and what is divided by."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache

from symmix.legend import legend
from symmix.printing.order import ordered
from symmix.printing.symbols import SIZE
from symmix.printing.text import TextPrinter
from symmix.printing.wording import assumption, assumptions, chains
from symmix.publish.functions import as_text
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
    return sorted({*named} - bound, key=lambda symbol: place_of(symbol.name, symbol.axes))


def sizes(some: Iterable[Node]) -> list[str]:
    """Return the sizes of trees in the order of the legend."""
    return sorted(Names.of(some).sizes, key=lambda size: place_of(size, SIZE))


def place_of(name: str, axes: tuple[str, ...]) -> tuple[int, str]:
    """Return what names are listed by: the legend's order, then the alphabet."""
    return _ranks().get((name, axes), len(_ranks())), name


@cache
def _ranks() -> dict[tuple[str, tuple[str, ...]], int]:
    return {(entry.name, entry.axes): place for place, entry in enumerate(legend())}


def random_symbols(some: Iterable[Node]) -> frozenset[t.Symbol]:
    """Return the symbols that are averaged over."""
    return frozenset(node.random for tree in some for node in tree.walk() if isinstance(node, t.Expectation))


def spelled_axes(axes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the sizes that are written: none of a number, one of a column, both of a row and of a matrix."""
    if all(size == ONE_SIZE for size in axes):
        return ()
    return axes[:1] if axes[1:] == (ONE_SIZE,) else axes


def by_shape(symbol: t.Symbol, whole: Sequence[str]) -> tuple[int, tuple[str, ...], str]:
    """Return what symbols are listed by: how many sides, which, and whether they are whole numbers."""
    return (
        sum(size != ONE_SIZE for size in symbol.axes),
        spelled_axes(symbol.axes),
        "Z" if symbol.name in whole else "R",
    )


def gone_through(some: Iterable[Node]) -> Iterator[tuple[t.Symbol, t.Symbol, t.Expression]]:
    """Run through what derivatives go through: a symbol, the variable, and the Jacobian of the one by the other."""
    for tree in some:
        nodes = {node for node in tree.walk() if isinstance(node, t.Gradient | t.Jacobian)}
        for node in sorted(nodes, key=str):
            for symbol, value in node.jacobians:
                yield symbol, node.by, value


# -- as text ---


def for_all(outcome: Outcome) -> str:
    """Return what a theorem speaks of, for all values: ``sizes d, n; real mu; X in R^(n x d); random lam``."""
    setting, trees = outcome.document.setting, stated(outcome.document)
    averaged = random_symbols(trees)
    known = {*(symbol for symbol, _ in setting.definitions), *averaged}
    free = [symbol for symbol in symbols([*trees, *setting.conditions]) if symbol not in known]
    kinds = {"sizes": sizes(trees), "samples": [str(index) for index in setting.indices]}
    shaped: dict[str, list[str]] = {}
    for symbol in sorted(free, key=lambda x: by_shape(x, setting.whole)):
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
    found = gone_through([*trees, *(claim for _, claim in theorem.claims)])
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
