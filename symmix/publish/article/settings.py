"""The standing setting of a section: symbols with their sizes and what they are, then numbered definitions."""

from __future__ import annotations

from collections.abc import Sequence

from symmix.printing.display import Relation, enumerated
from symmix.printing.layout import width
from symmix.printing.wording import Chain, chains
from symmix.publish.article import declared
from symmix.publish.article.nouns import noun
from symmix.publish.article.pen import LINE, Pen
from symmix.publish.article.standing import Given, clusters, given
from symmix.terms import nodes as t

_BETWEEN = 2.0  # between two equations of a line, in em


def setting(pens: Sequence[Pen], shared: Given, label: str) -> str:
    """Return the paragraph: what is given throughout, and the displays of what is defined."""
    averaged = {random for random, _ in shared.means}
    free = [x for x in shared.symbols if x not in shared.definitions]
    first = pens[0]
    parts = [words for x in _groups(free) for words in declared.declared(x, _of(x[0], pens))]
    lead = [f"Throughout, {declared.sizes(shared.sizes, first)}."] if shared.sizes else []
    if parts:
        lead.append(f"Given are {enumerated(parts)}" + _with(pens, shared) + ".")
    moments = [declared.moment_of(random, moment, _of(random, pens)) for random, moment in shared.means]
    if moments:
        names = ", ".join(sorted({_of(x, pens).setter.printer.print(x) for x in averaged}))
        lead.append(rf"Averages $\mathbb{{E}}_{{{names}}}$ have ${', '.join(moments)}$.")
    blocks = [_defined(group, pens, shared, rf"{label}:{n + 1}") for n, group in enumerate(_grouped(pens, shared))]
    return " ".join([*lead, *blocks])


def _grouped(pens: Sequence[Pen], shared: Given) -> list[list[t.Symbol]]:
    return clusters([pen.outcome for pen in pens], shared)


def _with(pens: Sequence[Pen], shared: Given) -> str:
    """Return the Jacobians and the conditions, as words behind the symbols."""
    words = [
        text
        for found in shared.jacobians
        for text in declared.jacobians(Given(jacobians=(found,)), _of(found[0], pens))
    ]
    for condition in chains(shared.conditions):
        words.append(declared.condition(condition, _of_name(condition, pens)))
    return f", with {enumerated(words)}" if words else ""


def _of_name(chain: Chain, pens: Sequence[Pen]) -> Pen:
    """Return the pen of a theorem that has the symbols of a condition."""
    wanted = {node for part in chain if isinstance(part, t.Expression) for node in part.walk()}
    symbols = {node for node in wanted if isinstance(node, t.Symbol)}
    return next((pen for pen in pens if symbols <= set(given(pen.outcome).symbols)), pens[0])


def _of(symbol: t.Symbol, pens: Sequence[Pen]) -> Pen:
    """Return the pen of a theorem that has a symbol."""
    return next((pen for pen in pens if symbol in given(pen.outcome).symbols), pens[0])


def _groups(symbols: Sequence[t.Symbol]) -> list[list[t.Symbol]]:
    """Return symbols with their primed twins."""
    found: dict[tuple[str, tuple[str, ...]], list[t.Symbol]] = {}
    for symbol in symbols:
        found.setdefault((symbol.name.rstrip("'"), symbol.axes), []).append(symbol)
    return list(found.values())


def _defined(group: Sequence[t.Symbol], pens: Sequence[Pen], shared: Given, label: str) -> str:
    """Return a display of definitions, after the names of what is defined."""
    owners = {x: next(p for p in pens if given(p.outcome).definitions.get(x) == shared.definitions[x]) for x in group}
    named = []
    for twins in _groups(group):
        said = noun(twins[0], owners[twins[0]].outcome, pair=len(twins) > 1)
        names = ", ".join(owners[x].setter.printer.print(x) for x in twins)
        named.append(said.format(f"${names}$") if said else f"${names}$")
    rows = filled([(owners[x], Relation(x, "=", shared.definitions[x])) for x in group])
    body = " \\\\\n".join(rows)
    several = len(group) > 1
    words = enumerated(named)
    return (
        f"{words[:1].upper()}{words[1:]} {'are' if several else 'is'}\n"
        f"\\begin{{equation}}\\label{{{label}}}\n\\begin{{gathered}}\n{body}.\n\\end{{gathered}}\n\\end{{equation}}"
    )


def filled(relations: Sequence[tuple[Pen, Relation]], line: float = LINE - 4) -> list[str]:
    """Return equations in lines, as many as fit into one."""
    lines: list[str] = []
    room = 0.0
    for pen, relation in relations:
        latex = pen.narrow(line, plain=True).relation(relation)
        wide = width(latex)
        if wide > line:
            rows = pen.narrow(line, plain=True).rows([relation])
            inner = " \\\\\n".join(rows)
            latex, wide = f"\\begin{{aligned}}[t]\n{inner}\n\\end{{aligned}}", line
        if lines and room + _BETWEEN + wide <= line:
            lines[-1] += rf",\qquad {latex}"
            room += _BETWEEN + wide
        else:
            lines = [*(f"{x},".replace(",,", ",") for x in lines), latex]
            room = wide
    return lines
