"""What a theorem speaks of, on its page: sizes, symbols, definitions, conditions, what derivatives hold constant."""

from __future__ import annotations

from collections.abc import Iterator

from symmix.printing.display import Relation
from symmix.printing.glyphs import plain
from symmix.printing.mathml import APPLY, fenced, inline, mathematics
from symmix.printing.symbols import FUNCTION, INDEX
from symmix.printing.wording import assumptions, chains
from symmix.publish import givens, introducing
from symmix.publish.html.elements import element, joined, listed
from symmix.publish.html.formulas import Formulas
from symmix.terms import nodes as t
from symmix.terms.functions import functions_of
from symmix.verdict import Verdict


def setting(formulas: Formulas, level: int) -> str:
    """Return the setting of a theorem, definitions first, which a claim is read with; headings are of the level."""
    sentences = listed(list(_sentences(formulas)))
    return _definitions(formulas, level) + sentences + _table(formulas)


# -- the symbols ---


def _table(formulas: Formulas) -> str:
    rows = [*_sizes(formulas), *_symbols(formulas)]
    head = element("tr", *(element("th", words, scope="col") for words in ("symbol", "is", "meaning")))
    caption = element("caption", "The statement holds for all of these")
    return element("div", element("table", caption, element("thead", head), element("tbody", *rows)), class_="scroll")


def _row(symbol: str, kind: str, means: str) -> str:
    return element("tr", element("th", symbol, scope="row"), element("td", kind), element("td", means))


def _sizes(formulas: Formulas) -> Iterator[str]:
    for name in givens.sizes(formulas.trees):
        means = _meaning(name, formulas) or "a size"
        yield _row(mathematics(formulas.size(name)), f"size, {mathematics('<mo>≥</mo><mn>1</mn>')}", means)
    for index in formulas.outcome.document.setting.indices:
        name = formulas.printer.name(index.name, INDEX)
        yield _row(mathematics(name), f"sample, 1 to {mathematics(formulas.size(index.size))}", "every sample")


def _symbols(formulas: Formulas) -> Iterator[str]:
    outcome = formulas.outcome
    defined = {symbol.name for symbol, _ in outcome.document.setting.definitions}
    averaged = givens.random_symbols(formulas.trees)
    constraints = outcome.document.setting.conditions
    for symbol in givens.symbols([*formulas.trees, *constraints]):
        kind = f"in {formulas.space(symbol)}"
        if symbol in averaged:
            kind = f"random, in {formulas.space(symbol)}"
        elif symbol.name in defined:
            kind = f"in {formulas.space(symbol)}, defined above"
        yield _row(mathematics(formulas.printer.name(symbol.name, symbol.axes)), kind, _meaning(symbol.name, formulas))
    for found in functions_of(formulas.trees):
        source, target = (formulas.space(t.Symbol(found.name, axes)) for axes in (found.source, found.target))
        name = mathematics(formulas.printer.name(found.name, FUNCTION))
        yield _row(name, f"a function from {source} to {target}", _meaning(found.name, formulas))


def _meaning(name: str, formulas: Formulas) -> str:
    words = introducing.meaning(formulas.outcome, name)
    return formulas.prose(words) if words else ""


def _definitions(formulas: Formulas, level: int) -> str:
    found = [
        formulas.block(Relation(symbol, "=", value)) for symbol, value in formulas.outcome.document.setting.definitions
    ]
    return element(f"h{level}", "Definitions") + "".join(found) if found else ""


# -- sentences ---


def _sentences(formulas: Formulas) -> Iterator[str]:
    outcome = formulas.outcome
    if found := _jacobians(formulas):
        yield f"Derivatives go through {joined(found)}."
    if found := _moments(formulas):
        yield f"Averages use {joined(found)}."
    names = {symbol.name: symbol for symbol in givens.symbols(formulas.trees)}
    for name, word in outcome.document.setting.properties:
        if name in names:
            yield f"{formulas.inline(names[name])} is {word}."
    for outer, inner in outcome.document.setting.independent:
        if outer in names and inner in names:
            both = [formulas.inline(names[name]) for name in (outer, inner)]
            yield f"{joined(both)} are independent."
    if found := [formulas.chain(chain) for chain in chains(outcome.document.setting.conditions)]:
        yield f"Provided that {joined(found)}."
    if found := [assumed(tree, formulas) for tree in assumptions(verdicts(formulas))]:
        yield f"Assumed where something is divided by or inverted: {joined(found)}."
    yield from _held_constant(formulas)


def verdicts(formulas: Formulas) -> list[Verdict]:
    """Return the verdicts of claims and steps."""
    outcome = formulas.outcome
    return [*outcome.claims.values(), *(verdict for chain in outcome.steps for verdict in chain)]


def assumed(tree: t.Expression, formulas: Formulas) -> str:
    """Return what a division or an inverse assumes."""
    if isinstance(tree, t.Inverse):
        return f"{formulas.inline(tree.of)} has an inverse"
    return formulas.relation(Relation(tree, "!=", None))


def _held_constant(formulas: Formulas) -> Iterator[str]:
    for names, by, meant in givens.held(formulas.outcome):
        written = ", ".join(formulas.inline(name) for name in names)
        yield f"The derivative by {formulas.inline(by)} holds constant {written}{meant}."


def _jacobians(formulas: Formulas) -> list[str]:
    found: dict[str, None] = {}
    for node in (node for tree in formulas.trees for node in tree.walk()):
        if isinstance(node, t.Gradient | t.Jacobian):
            for symbol, value in node.jacobians:
                above, below = (f"<mrow><mo>∂</mo>{formulas.printer.print(x)}</mrow>" for x in (symbol, node.by))
                found[inline(f"<mfrac>{above}{below}</mfrac><mo>=</mo>{formulas.printer.print(value)}")] = None
    return list(found)


def _moments(formulas: Formulas) -> list[str]:
    found: dict[str, None] = {}
    for node in (node for tree in formulas.trees for node in tree.walk()):
        if isinstance(node, t.Expectation):
            for moment in node.moments:
                found[inline(_moment(node.random, moment, formulas))] = None
    return list(found)


def _moment(random: t.Symbol, moment: t.Moment, formulas: Formulas) -> str:
    name, value = formulas.printer.print(random), formulas.printer.print(moment.value)
    inside = name if moment.degree == 1 else f"<msup><mrow>{name}</mrow>{plain(str(moment.degree))}</msup>"
    if moment.indices:
        width = len(moment.indices) // moment.degree
        indices = [formulas.printer.name(index, INDEX) for index in moment.indices]
        places = [indices[d * width : (d + 1) * width] for d in range(moment.degree)]
        inside = "".join(f"<msub><mrow>{name}</mrow><mrow>{''.join(place)}</mrow></msub>" for place in places)
    return f"<mi>𝔼</mi>{APPLY}{fenced('[', inside, ']')}<mo>=</mo>{value}"
