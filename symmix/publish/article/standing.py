"""What theorems that stand together have in common: it is said once, and each theorem says what is its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeVar

from symmix.publish import givens
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.terms.base import Node
from symmix.terms.functions import bound_in
from symmix.terms.meanings import Names
from symmix.theorems import Outcome

_Item = TypeVar("_Item")
Jacobian = tuple[t.Symbol, t.Symbol, t.Expression]  # a symbol, the variable, the derivative
Mean = tuple[t.Symbol, t.Moment]


@dataclass(frozen=True)
class Given:
    """What is given: for one theorem, for what several share, or for what one has beyond that."""

    symbols: tuple[t.Symbol, ...] = ()
    said: Mapping[t.Symbol, str] = field(default_factory=dict)  # what a theorem itself says of its symbols
    sizes: tuple[str, ...] = ()
    definitions: Mapping[t.Symbol, t.Expression] = field(default_factory=dict)
    jacobians: tuple[Jacobian, ...] = ()
    means: tuple[Mean, ...] = ()
    conditions: tuple[s.Condition, ...] = ()

    def without(self, other: Given) -> Given:
        """Return what is given here and not there."""
        return Given(
            tuple(x for x in self.symbols if x not in other.symbols or self.said.get(x) != other.said.get(x)),
            self.said,
            tuple(size for size in self.sizes if size not in other.sizes),
            {x: value for x, value in self.definitions.items() if not _same(other.definitions.get(x), value)},
            tuple(found for found in self.jacobians if found not in other.jacobians),
            tuple(found for found in self.means if found not in other.means),
            tuple(found for found in self.conditions if found not in other.conditions),
        )

    def undefined(self, other: Given) -> tuple[t.Symbol, ...]:
        """Return the symbols that another one defines, and that are arbitrary here."""
        return tuple(x for x in self.symbols if x in other.definitions and x not in self.definitions)


@lru_cache(maxsize=256)
def given(outcome: Outcome) -> Given:
    """Return what one theorem speaks of: what its statements, proofs and near misses use, definitions unfolded."""
    theorem, setting = outcome.document, outcome.document.setting
    names = outcome.frame.names
    roots: list[Node] = [*(claim for _, claim in theorem.claims), *theorem.proofs]
    used = list(dict.fromkeys(node for root in roots for node in names.unfolded(root)))
    defined = {symbol: value for symbol, value in setting.definitions if symbol in used}
    found = Names.of([*roots, *defined, *defined.values()], setting.indices)
    bound = bound_in(roots)
    symbols = [symbol for symbol in givens.symbols([*found.symbols.values()]) if symbol not in bound]
    sizes = givens.sizes([*roots, *defined, *defined.values()])
    derivatives = [node for node in used if isinstance(node, t.Gradient | t.Jacobian)]
    jacobians = dict.fromkeys((x, node.by, value) for node in derivatives for x, value in node.jacobians)
    averages = [node for node in used if isinstance(node, t.Expectation)]
    means = dict.fromkeys((node.random, moment) for node in averages for moment in node.moments)
    known = {symbol.name for symbol in symbols}
    conditions = tuple(c for c in setting.conditions if _names(c) <= known)
    said = {x: outcome.meanings[x.name] for x in symbols if x.name in outcome.meanings}
    return Given(tuple(symbols), said, tuple(sizes), defined, _sorted(jacobians), tuple(means), conditions)


def _sorted(jacobians: Iterable[Jacobian]) -> tuple[Jacobian, ...]:
    return tuple(sorted(jacobians, key=lambda found: (str(found[0]), str(found[1]), str(found[2]))))


def _names(condition: s.Condition) -> set[str]:
    return {node.name for node in condition.walk() if isinstance(node, t.Symbol)}


def standing(outcomes: Sequence[Outcome]) -> Given:
    """Return what is said once for several theorems: what at least two of them share, of each symbol one meaning.

    For a single theorem that is everything.
    """
    each = [given(outcome) for outcome in outcomes]
    least = min(2, len(each))
    definitions = _agreed(pair for one in each for pair in one.definitions.items())
    shared = {x: value for x, value in definitions.items() if _count(each, x, value) >= least}
    often = _often(((x, one.said.get(x)) for one in each for x in one.symbols), least)
    symbols = _first_of_name(x for x, words in often if words is None or len(each) == 1)
    symbols = [x for x in symbols if x in shared or not any(x in one.definitions for one in each)]
    inside = Names.of([*shared, *shared.values()])
    symbols = givens.symbols(dict.fromkeys([*symbols, *shared, *inside.symbols.values()]))
    sizes = givens.sizes([*symbols, *_often_sizes(each, least), *shared.values()])
    jacobians = {(x, by): value for x, by, value in _often((f for one in each for f in one.jacobians), least)}
    known = set(symbols)
    kept = [(x, by, value) for (x, by), value in jacobians.items() if {x, by} <= known and x not in shared]
    moments = _often((found for one in each for found in one.means), least)
    means = _first_moments([found for found in moments if found[0] in known])
    conditions = _often((c for one in each for c in one.conditions), least)
    names = {x.name for x in symbols}
    return Given(
        tuple(symbols),
        {x: each[0].said[x] for x in symbols if x in each[0].said} if len(each) == 1 else {},
        tuple(sizes),
        _in_order(shared),
        _sorted(kept),
        means,
        tuple(c for c in conditions if _names(c) <= names),
    )


def _often_sizes(each: Sequence[Given], least: int) -> list[Node]:
    return [t.Size(size) for size in _often((size for one in each for size in one.sizes), least)]


def _often(found: Iterable[_Item], least: int) -> list[_Item]:
    """Return what occurs often enough, the most frequent first."""
    return [item for item, count in Counter(found).most_common() if count >= least]


def _agreed(pairs: Iterable[tuple[t.Symbol, t.Expression]]) -> dict[t.Symbol, t.Expression]:
    """Return the most frequent definition of each symbol; of two symbols of one name, one."""
    found: dict[t.Symbol, t.Expression] = {}
    listed = [(symbol, _canonical(value), value) for symbol, value in pairs]
    written = {(symbol, form): value for symbol, form, value in reversed(listed)}
    for symbol, form in (key for key, _ in Counter((x, form) for x, form, _ in listed).most_common()):
        value = written[symbol, form]
        if symbol.name not in {other.name for other in found}:
            found[symbol] = value
    return found


def _count(each: Sequence[Given], symbol: t.Symbol, value: t.Expression) -> int:
    return sum(_same(one.definitions.get(symbol), value) for one in each)


def _first_of_name(symbols: Iterable[t.Symbol]) -> list[t.Symbol]:
    found: dict[str, t.Symbol] = {}
    for symbol in symbols:
        found.setdefault(symbol.name, symbol)
    return list(found.values())


def _first_moments(means: Iterable[Mean]) -> tuple[Mean, ...]:
    found: dict[tuple[t.Symbol, int], Mean] = {}
    for random, moment in means:
        found.setdefault((random, moment.degree), (random, moment))
    return tuple(found[key] for key in sorted(found, key=str))


def _in_order(definitions: Mapping[t.Symbol, t.Expression]) -> dict[t.Symbol, t.Expression]:
    """Return definitions in the order in which they can be read: what one uses stands before it."""
    ordered: dict[t.Symbol, t.Expression] = {}
    left = {x: definitions[x] for x in sorted(definitions, key=lambda x: (x.name not in ("e", "e'"), x.name))}
    while left:
        free = [x for x in left if not any(node in left and node != x for node in left[x].walk())]
        for symbol in free or list(left):
            ordered[symbol] = left.pop(symbol)
    return ordered


def alike(first: t.Expression, second: t.Expression) -> bool:
    """Whether two expressions are the same up to the names of the indices that they bind."""
    return _canonical(first) == _canonical(second)


def _same(first: t.Expression | None, second: t.Expression) -> bool:
    return first is not None and alike(first, second)


def _canonical(tree: t.Expression) -> t.Expression:
    """Return a tree with its bound indices named in their order."""
    bound = [node.name for node in tree.walk() if isinstance(node, t.Index)]
    named: t.Expression = _renamed(tree, {name: f"bound{n}" for n, name in enumerate(dict.fromkeys(bound))})
    return named


def _renamed(part: Any, names: Mapping[str, str]) -> Any:
    """Return a part of a tree with other names for indices."""
    match part:
        case t.Symbol() | t.Size():
            return part
        case t.Index(name=name, size=size):
            return t.Index(names.get(name, name), size)
        case str():
            return names.get(part, part)
        case tuple():
            return tuple(_renamed(item, names) for item in part)
        case Node():
            return type(part)(*(_renamed(item, names) for item in part.parts))
    return part


def clusters(outcomes: Sequence[Outcome], shared: Given) -> list[list[t.Symbol]]:
    """Return the shared definitions in groups, those that occur together in a theorem in one."""
    found: list[set[t.Symbol]] = []
    for outcome in outcomes:
        used = {x for x, value in given(outcome).definitions.items() if _same(shared.definitions.get(x), value)}
        touching = [group for group in found if group & used]
        found = [group for group in found if not group & used] + [used.union(*touching)]
    ordered = [[x for x in shared.definitions if x in group] for group in found]
    return sorted((group for group in ordered if group), key=lambda group: list(shared.definitions).index(group[0]))
