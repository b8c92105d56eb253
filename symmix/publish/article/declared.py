"""What is given, in words and formulas: a standing setting, and what one theorem has beyond it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from symmix.printing.display import Relation, enumerated
from symmix.printing.symbols import SIZE
from symmix.printing.wording import Chain, chains
from symmix.publish.article.nouns import meaning, noun
from symmix.publish.article.pen import Pen
from symmix.publish.article.standing import Given
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.terms.names import ONE_SIZE

SIGNS = {">": r"\gt", ">=": r"\ge", "<": r"\lt", "<=": r"\le", "!=": r"\ne"}


def shape(axes: tuple[str, ...], pen: Pen, field: str = "R") -> str:
    r"""Return ``\mathbb{R}^{k}``; a row keeps that it has one."""
    if all(size == ONE_SIZE for size in axes):
        return rf"\mathbb{{{field}}}"
    kept = axes[:1] if axes[1:] == (ONE_SIZE,) else axes
    exponent = r"\times ".join("1" if size == ONE_SIZE else pen.setter.printer.name(size, SIZE) for size in kept)
    return rf"\mathbb{{{field}}}^{{{exponent}}}"


def sizes(names: Sequence[str], pen: Pen) -> str:
    """Return ``k, h >= 1`` with dollar signs."""
    return rf"${', '.join(pen.setter.printer.name(size, SIZE) for size in names)} \ge 1$"


def named(symbols: Iterable[t.Symbol], pen: Pen) -> str:
    r"""Return ``y, y' \in \mathbb{R}^{k}`` for symbols of one shape, with dollar signs."""
    listed = list(symbols)
    whole = pen.outcome.document.setting.whole
    field = "Z" if listed[0].name in whole else "R"
    names = ", ".join(pen.setter.printer.print(x) for x in listed)
    return rf"${names} \in {shape(listed[0].axes, pen, field)}$"


def declared(symbols: Sequence[t.Symbol], pen: Pen) -> Iterator[str]:
    """Run through declarations: what a symbol is, if that is known, and its shape; primed twins together."""
    by_name = sorted(symbols, key=lambda x: (_place(x, symbols), x.name))
    for _, group in groupby(by_name, key=lambda x: (x.name.rstrip("'"), x.axes)):
        twins = list(group)
        said = noun(twins[0], pen.outcome, pair=len(twins) > 1)
        own = [words for words in (meaning(x, pen.outcome) for x in twins) if words] if not said else []
        what = named(twins, pen)
        yield said.format(what) if said else what + (f" ({pen.words('; '.join(own))})" if own else "")


def _place(symbol: t.Symbol, symbols: Sequence[t.Symbol]) -> int:
    return min(place for place, x in enumerate(symbols) if x.name.rstrip("'") == symbol.name.rstrip("'"))


def definitions(given: Given, wanted: Iterable[t.Symbol]) -> list[Relation]:
    """Return definitions as relations."""
    return [Relation(symbol, "=", given.definitions[symbol]) for symbol in wanted]


def jacobians(given: Given, pen: Pen) -> list[str]:
    """Return ``dz/dtheta = J``, with dollar signs."""
    write = pen.setter.printer.print
    return [rf"$\partial {write(x)}/\partial {write(by)} = {pen.inline(value)}$" for x, by, value in given.jacobians]


def means(given: Given, pen: Pen) -> list[str]:
    """Return the moments of random symbols, with dollar signs."""
    return [f"${moment_of(random, moment, pen)}$" for random, moment in given.means]


def moment_of(random: t.Symbol, moment: t.Moment, pen: Pen) -> str:
    name, value = pen.setter.printer.print(random), pen.setter.inline_printer.print(moment.value)
    if not moment.indices:
        power = f"^{{{moment.degree}}}" if moment.degree > 1 else ""
        return rf"\mathbb{{E}}\,{name}{power} = {value}"
    span = len(moment.indices) // moment.degree
    places = [moment.indices[d * span : (d + 1) * span] for d in range(moment.degree)]
    return rf"\mathbb{{E}}\,{''.join(f'{name}_{{{chr(32).join(place)}}}' for place in places)} = {value}"


def conditions(given: Sequence[s.Condition], pen: Pen) -> list[str]:
    """Return conditions on scalars, with dollar signs."""
    return [condition(chain, pen) for chain in chains(given)]


def condition(chain: Chain, pen: Pen) -> str:
    """Return one condition, with dollar signs."""
    return f"${' '.join(pen.inline(p) if isinstance(p, t.Expression) else SIGNS[p] for p in chain)}$"


def own(given: Given, shared: Given, pen: Pen) -> str:
    """Return what a theorem has beyond the setting, in a sentence or two; empty if there is nothing."""
    new = given.without(shared)
    averaged = {random for random, _ in given.means}
    free = [x for x in new.symbols if x not in given.definitions and x not in averaged]
    parts = list(declared(free, pen))
    parts += [f"{sizes(new.sizes, pen)}"] if new.sizes else []
    parts += [rf"${pen.setter.printer.print(x)}$ arbitrary" for x in given.undefined(shared)]
    parts += jacobians(new, pen)
    sentences = [f"Let {enumerated(parts)}."] if parts else []
    moments = means(new, pen)
    kept = [x for x in new.conditions if not _about(x, {random.name for random in averaged})]
    conditions_ = conditions(kept, pen)
    independent = [
        rf"${pen.setter.printer.print(x)}$ and ${pen.setter.printer.print(y)}$ independent"
        for x, y in _pairs(pen.outcome.document.setting.independent, given.symbols)
    ]
    given_words = [*conditions_, *moments, *independent]
    sentences += [f"Assume {enumerated(given_words)}."] if given_words else []
    if new.definitions:
        relations = definitions(new, new.definitions)
        sentences.append(f"Put {pen.setter.listing(relations)}.")
    return " ".join(sentences)


def _about(condition: s.Condition, names: set[str]) -> bool:
    return any(isinstance(node, t.Symbol) and node.name in names for node in condition.walk())


def _pairs(pairs: Iterable[tuple[str, str]], symbols: Iterable[t.Symbol]) -> Iterator[tuple[t.Symbol, t.Symbol]]:
    by_name = {symbol.name: symbol for symbol in symbols}
    for first, second in pairs:
        if first in by_name and second in by_name:
            yield by_name[first], by_name[second]
