"""A derivation that comes as a statement tree in JSON: the claims, steps and near misses of a theorem's document."""

from __future__ import annotations

import json
from collections.abc import Iterator
from types import MappingProxyType

from symmix.errors import StatementError
from symmix.printing.text import TextPrinter
from symmix.printing.wording import wording
from symmix.reading import Chain, Derivation, Link, Place, Stated
from symmix.reading.context import Context
from symmix.terms import statements as s
from symmix.terms.codec import theorem_of
from symmix.terms.documents import require_theorem
from symmix.terms.meanings import names_of

_PRINTER = TextPrinter()


def from_document(text: str) -> Derivation:
    """Return what a theorem's document states, a statement or a side of a chain a line.

    Raises
    ------
    SymmixError
        If it is no document of a theorem, or not well formed.
    """
    try:
        theorem = theorem_of(json.loads(text))
        require_theorem(theorem)
    except (ValueError, RecursionError) as error:
        raise StatementError(
            "the document of a theorem, as JSON", f"{error}", "see `statement` in a certificate"
        ) from error
    context = context_of(theorem)
    parts: list[Chain | Stated] = []
    lines: list[str] = []
    for label, statement in _statements(theorem):
        said = wording(statement, _PRINTER)
        lines.append(said)
        parts.append(Stated(Place(len(lines), 1), said, statement, context, label, label))
    for proof in theorem.proofs:
        links = [Link(Place(len(lines) + 1, 1), _PRINTER.print(proof.start), proof.start, context)]
        for step in proof.steps:
            lines.append(_PRINTER.print(step.expression))
            place = Place(len(lines), 1)
            links.append(Link(place, lines[-1], step.expression, context, step.where, step.reason))
        parts.append(Chain(tuple(links)))
    return Derivation(lines, list(parts), context)


def _statements(theorem: s.Theorem) -> Iterator[tuple[str, s.Statement]]:
    """Run through the claims, and what is said of near misses: that they do not always hold."""
    yield from theorem.claims
    for slip, miss in theorem.near_misses:
        if isinstance(miss, s.Fails):
            raise StatementError("near misses that are to fail", wording(miss, _PRINTER), "state it as a claim")
        yield slip, s.Fails(miss)


def context_of(theorem: s.Theorem) -> Context:
    """Return what is declared in a theorem."""
    setting, names = theorem.setting, names_of(theorem)
    symbols = {**names.symbols, **{symbol.name: symbol for symbol, _ in setting.definitions}}
    return Context(
        MappingProxyType(symbols),
        MappingProxyType({index.name: index.size for index in setting.indices}),
        setting.definitions,
        conditions=setting.conditions,
        whole=setting.whole,
        properties=MappingProxyType(dict(setting.properties)),
    )
