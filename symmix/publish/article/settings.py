"""The standing setting of a section: symbols with their sizes and what they are, then numbered definitions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from symmix.printing.display import Relation, enumerated
from symmix.printing.wording import Chain, chains
from symmix.publish.article import declared
from symmix.publish.article.nouns import noun
from symmix.publish.article.pen import Pen, filled
from symmix.publish.article.standing import Given, Jacobian, alike, clusters, given
from symmix.terms import nodes as t

_SPELLED_RATIO = r"\sxmix"
_ROWS = r" Rows are written as $\sxM{A}_{i,:}$."
_ENTRIES = r" The column with the entries $a_i$, where $i \le n$, is $[a_i]_{i \le n}$."
_DERIVATIVES = " A derivative holds constant all that is not said to depend on its variable."
_CONVENTIONS = (_ROWS, _ENTRIES, _DERIVATIVES)


@dataclass(frozen=True)
class _Group:
    """Definitions that belong together, with the symbols that only their theorems use."""

    defined: Sequence[t.Symbol]
    free: Sequence[t.Symbol]


def setting(pens: Sequence[Pen], shared: Given, label: str) -> str:
    """Return the paragraph: what is given throughout, and the displays of what is defined."""
    first = pens[0]
    groups, everywhere = _grouped(pens, shared)
    lead = [f"Throughout, {declared.sizes(shared.sizes, first)}."] if shared.sizes else []
    words = [*_sentence(everywhere, pens, shared)]
    for number, group in enumerate(groups, 1):
        words += [*_sentence(group.free, pens, shared), _defined(group.defined, pens, shared, f"{label}:{number}")]
    text = " ".join([*lead, *words, *_averages(pens, shared)])
    used = [node for pen in pens for claim in pen.outcome.document.claims for node in claim[1].walk()]
    used += [node for value in shared.definitions.values() for node in value.walk()]
    text += _ROWS if any(isinstance(node, t.Slice) for node in used) else ""
    text += _ENTRIES if any(isinstance(node, t.ByEntries) for node in used) else ""
    return text + (_DERIVATIVES if any(isinstance(node, t.Gradient | t.Jacobian) for node in used) else "")


def said_once(text: str) -> str:
    """Return an article that explains each convention of writing where it is used first, and not again."""
    for words in _CONVENTIONS:
        before, _, behind = text.partition(words)
        text = f"{before}{words}{behind.replace(words, '')}" if behind else text
    return text


def _grouped(pens: Sequence[Pen], shared: Given) -> tuple[list[_Group], list[t.Symbol]]:
    """Return the definitions in groups, each with the symbols of its own, and the symbols of all."""
    hidden = {random for random, _ in shared.means if not random.axes and random not in _certain(pens)}
    hidden |= {found.value for _, found in shared.means if isinstance(found.value, t.Symbol)}  # E lam = m says it
    free = [x for x in shared.symbols if x not in shared.definitions and x not in hidden]
    groups = clusters([pen.outcome for pen in pens], shared)
    each = [given(pen.outcome) for pen in pens]
    where = {
        x: {
            n
            for n, group in enumerate(groups)
            for one in each
            if x in one.symbols and set(group) & set(one.definitions)
        }
        for x in free
    }
    alone = [x for x in free if len(where[x]) == 1 and len(groups) > 1]
    return (
        [_Group(group, [x for x in alone if where[x] == {n}]) for n, group in enumerate(groups)],
        [x for x in free if x not in alone],
    )


def _certain(pens: Sequence[Pen]) -> set[t.Symbol]:
    """Return the symbols that some theorem does not average over."""
    averaged = [{random for random, _ in given(pen.outcome).means} for pen in pens]
    return {x for pen, some in zip(pens, averaged, strict=True) for x in given(pen.outcome).symbols if x not in some}


def _sentence(free: Sequence[t.Symbol], pens: Sequence[Pen], shared: Given) -> Iterator[str]:
    """Run through "Given are ...", with the Jacobians and conditions of these symbols; nothing without symbols."""
    parts = [words for x in declared.twinned(free) for words in declared.declared(x, _of(x[0], pens))]
    if not parts:
        return
    about = [found for found in shared.jacobians if found[0] in free]
    words = [text for f in about for text in declared.jacobians(Given(jacobians=(f,)), _through(f, pens))]
    names = {x for x in free if not x.axes}
    for chain in chains(shared.conditions):
        used = {node for part in chain if isinstance(part, t.Expression) for node in part.walk()}
        if {node for node in used if isinstance(node, t.Symbol)} <= names:
            words.append(declared.condition(chain, _of_chain(chain, pens)))
    yield f"Given are {enumerated(parts)}{f', with {enumerated(words)}' if words else ''}."


def _averages(pens: Sequence[Pen], shared: Given) -> Iterator[str]:
    """Run through what is said of averages: their moments, and what these satisfy."""
    moments = [declared.moment(random, found, _of(random, pens)) for random, found in shared.means]
    if not moments:
        return
    names = {x.name for _, found in shared.means for x in found.value.walk() if isinstance(x, t.Symbol)}
    known = [
        declared.condition(chain, _of_chain(chain, pens))
        for chain in chains(shared.conditions)
        if {n.name for p in chain if isinstance(p, t.Expression) for n in p.walk() if isinstance(n, t.Symbol)} <= names
    ]
    symbols = ", ".join(dict.fromkeys(_of(x, pens).setter.printer.print(x) for x, _ in shared.means))
    hence = f"; hence {enumerated(known)}" if known else ""
    is_ratio = symbols == _SPELLED_RATIO
    ratio = f"{'the ratio ' if is_ratio else ''}${symbols}$ is random{'@RATIO@' if is_ratio else ''}"
    known_moments = enumerated([f"${x}$" for x in moments])
    yield rf"In an average $\mathbb{{E}}_{{{symbols}}}$, {ratio}, with {known_moments}{hence}."


def _of_chain(chain: Chain, pens: Sequence[Pen]) -> Pen:
    """Return the pen of a theorem that has the symbols of a condition."""
    wanted = {node for part in chain if isinstance(part, t.Expression) for node in part.walk()}
    symbols = {node for node in wanted if isinstance(node, t.Symbol)}
    return next((pen for pen in pens if symbols <= set(given(pen.outcome).symbols)), pens[0])


def _through(found: Jacobian, pens: Sequence[Pen]) -> Pen:
    """Return the pen of a theorem that has a Jacobian."""
    return next(pen for pen in pens if found in given(pen.outcome).jacobians)


def _of(symbol: t.Symbol, pens: Sequence[Pen]) -> Pen:
    """Return the pen of a theorem that has a symbol, and one for which it is the legend's own if there is one."""
    having = [pen for pen in pens if symbol in given(pen.outcome).symbols]
    return next((pen for pen in having if noun(symbol, pen.outcome, pair=False)), having[0] if having else pens[0])


def _defined(group: Sequence[t.Symbol], pens: Sequence[Pen], shared: Given, label: str) -> str:
    """Return a display of definitions, after the names of what is defined."""
    owners = {x: min((_length(p, x), n, p) for n, p in enumerate(pens) if _has(p, x, shared))[2] for x in group}
    named = []
    for twins in declared.twinned(group):
        said = noun(twins[0], owners[twins[0]].outcome, pair=len(twins) > 1)
        names = ", ".join(owners[x].setter.printer.print(x) for x in twins)
        named.append(said.format(f"${names}$") if said else f"${names}$")
    rows = filled([(owners[x], Relation(x, "=", given(owners[x].outcome).definitions[x])) for x in group], ".")
    body = " \\\\\n".join(rows)
    words = enumerated(named)
    lead = f"{words[:1].upper()}{words[1:]} {'are' if len(group) > 1 else 'is'}" if words[0].isalpha() else "Put"
    return (
        f"{lead}\n"
        f"\\begin{{equation}}\\label{{{label}}}\n\\begin{{gathered}}\n{body}\n\\end{{gathered}}\n\\end{{equation}}"
    )


def _length(pen: Pen, symbol: t.Symbol) -> int:
    """Return how long a definition is in a theorem: names of bound indices differ from theorem to theorem."""
    return len(pen.setter.inline_printer.print(given(pen.outcome).definitions[symbol]))


def _has(pen: Pen, symbol: t.Symbol, shared: Given) -> bool:
    found = given(pen.outcome).definitions.get(symbol)
    return found is not None and alike(found, shared.definitions[symbol])
