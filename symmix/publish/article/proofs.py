"""A proof in an article: its idea in a sentence, the derivation, and the combination or the point that settles it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from symmix.printing.display import Relation
from symmix.printing.symbols import SIZE
from symmix.printing.wording import PERHAPS_OF_NOTHING
from symmix.publish.article.cofactors import short
from symmix.publish.article.pen import LINE, Pen, filled
from symmix.publish.authored import heading, spoken
from symmix.publish.evidence import bounded, turned
from symmix.publish.functions import as_coefficients
from symmix.publish.markup import LatexMarkup, ordinal
from symmix.publish.points import matrix, number
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.terms.functions import functions_of
from symmix.terms.meanings import Names
from symmix.verdict import (
    Bounded,
    Existence,
    Instantiated,
    Membership,
    NormalForm,
    Pieces,
    Positive,
    Proved,
    Refuted,
    Rows,
    Undecided,
    Verdict,
    Witness,
)

_MARKUP = LatexMarkup()


def proof(pen: Pen, *, shortly: bool = False) -> str:
    """Return the proof environment; ``shortly`` leaves out the derivation."""
    outcome = pen.outcome
    parts = [pen.words(outcome.script.idea)] if outcome.script.idea else []
    chains = [] if shortly else list(zip(outcome.document.proofs, outcome.steps, strict=True))
    parts += [_chain(derivation, verdicts, pen) for derivation, verdicts in chains]
    if not outcome.document.proofs:
        parts += [_combinations(pen)]
    parts += list(_settled(pen))
    body = "\n".join(part for part in parts if part) or _receipt(pen)
    for end in ("\n\\end{align*}", "\n\\end{gather*}"):
        if body.endswith(end):
            body = body.removesuffix(end) + r" \qedhere" + end
    return f"\\begin{{proof}}\n{body}\n\\end{{proof}}"


def _receipt(pen: Pen) -> str:
    """Return how it was decided, where nobody said why."""
    pieces = [x for v in pen.outcome.claims.values() if isinstance(v, Proved) for x in v.evidence]
    if all(isinstance(piece, NormalForm) for piece in pieces):
        return "Both sides have one normal form."
    if all(isinstance(piece, Positive | Pieces) for piece in pieces):
        return "On each part of the range all coefficients are positive; the certificate has them."
    if any(isinstance(piece, Instantiated) for piece in pieces):
        return "What is claimed follows from what is assumed of functions, at some arguments; the certificate has them."
    if any(isinstance(piece, Bounded) for piece in pieces):
        return "What is claimed is a sum of squares, up to a combination of what is given."
    return "What is claimed is a combination of what is given; the certificate has its cofactors."


def _chain(derivation: s.Derivation, verdicts: Sequence[Verdict], pen: Pen) -> str:
    steps = []
    for step, verdict in zip(derivation.steps, verdicts, strict=True):
        where = f", where {pen.hypotheses(step.where)}" if step.where and not step.reason.endswith("= 0") else ""
        mark = "" if isinstance(verdict, Proved) else f" [{verdict.word}]"
        steps.append((step.expression, pen.words(step.reason) + where + mark))
    before = len(pen.formulas)
    rows = pen.narrow(LINE, plain=True).chain(derivation.start, steps, _MARKUP.reason)
    first = next(number for number, line in enumerate(rows) if "&= " in line)
    if first > 1 and derivation.start in pen.seen:  # it takes several lines, and stands above
        del pen.setter.formulas[before]
        rows = [rf"&\text{{the left side of~\eqref{{{pen.seen[derivation.start]}}}}}", *rows[first:]]
    return _MARKUP.chain(rows)


def _combinations(pen: Pen) -> str:
    """Return the claims as combinations of their hypotheses, those that fit into a line."""
    found, said = [], []
    setting = pen.outcome.setting
    for piece in _memberships(pen):
        if isinstance(piece, Bounded):
            left, right = bounded(piece, setting)
        else:
            left, right = pen.sides(piece)
            turns = turned([piece.way], setting, lambda tree: f"${pen.inline(tree)}$")
            said += [f"{turns[0].upper()}{turns[1:]}."] if turns else []
        if short(left, right, pen):
            found.append((pen, Relation(left, "=", right)))
    body = " \\\\\n".join(filled(found, ".", LINE - 2)) if found else ""
    return "\n".join([*said, *([f"\\begin{{gather*}}\n{body}\n\\end{{gather*}}"] if found else [])])


def _memberships(pen: Pen) -> Iterator[Membership | Bounded]:
    for verdict in pen.outcome.claims.values():
        for piece in verdict.evidence if isinstance(verdict, Proved) else ():
            if isinstance(piece, Bounded) or (isinstance(piece, Membership) and piece.hypotheses):
                yield piece


def _settled(pen: Pen) -> Iterator[str]:
    """Run through what a point settles, and what is not proved."""
    several = len(pen.outcome.claims) > 1
    stated = [claim for _, claim in pen.outcome.document.claims]
    for place, (statement, verdict) in enumerate(zip(stated, pen.outcome.claims.values(), strict=True)):
        number_ = rf"\eqref{{eq:{pen.outcome.script.id}:{place + 1}}}" if several else "it"
        match verdict:
            case Proved(evidence=(Existence(witness=witness),)):
                where = at(values(witness, statement, pen))
                yield f"A point for {number_}: {where}, all else $0$; there {sides(witness)}."
            case Proved(met=False):
                yield f"{PERHAPS_OF_NOTHING.capitalize()}: no point was found at which the hypotheses hold."
            case Refuted(witness=witness) if witness is not None:
                where = at(values(witness, statement, pen))
                yield f"\\emph{{Refuted}} at {where}, all else $0$; there {sides(witness)}."
            case Refuted():
                yield "\\emph{Refuted:} the statement that was to fail holds."
            case Undecided(missing=missing):
                yield f"\\emph{{Undecided}}; missing: {pen.words(missing)}."


# -- points ---


def at(found: Mapping[str, str], usual: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return where the values of a witness differ from sizes of 1, from zero, and from what is usual otherwise."""
    shown = [f"${name} = {value}$" for name, value in found.items() if usual.get(name, "0") != value]
    return ", ".join(shown) or "the usual point"


def values(witness: Witness, statement: s.Statement, pen: Pen) -> dict[str, str]:
    """Return sizes above one, scalars and entries of a witness as LaTeX by LaTeX: those that the statement speaks of.

    What is defined has the value that its definition gives it, and is left out.
    """
    names = pen.outcome.frame.names
    printer = pen.setter.inline_printer
    symbols = {node.name: node for node in names.unfolded(statement) if isinstance(node, t.Symbol)}
    definitions = names.definitions
    spelled = {name: printer.print(symbol) for name, symbol in symbols.items() if symbol not in definitions}
    trees = [statement, *(definitions[symbol] for symbol in symbols.values() if symbol in definitions)]
    spelled |= as_coefficients(functions_of(trees) if names.functions else (), printer)
    sizes = Names.of(trees, pen.outcome.document.setting.indices).sizes
    found = {printer.name(x, SIZE): str(size) for x, size in witness.sizes.items() if size != 1 and x in sizes}
    found |= {spelled[x]: number(value) for x, value in witness.scalars.items() if x in spelled}
    found |= {spelled[x]: entries(rows) for x, rows in witness.entries.items() if x in spelled}
    found |= {printer.name(name, ("index",)): str(place + 1) for name, place in witness.at.items()}
    return found


def entries(rows: Rows) -> str:
    """Return a small matrix, or a single zero for many."""
    return "0" if not any(map(any, rows)) else matrix(rows, r" \\ ")


def sides(witness: Witness) -> str:
    """Return both values of a statement in words."""
    shown = {label: f"${entries(rows)}$" for label, rows in witness.values.items()}
    if set(shown) == {"left", "right"}:
        return f"the left side is {shown['left']} and the right side {shown['right']}"
    return "the value is " + " and ".join(shown.values())


def lemmas(pen: Pen) -> str:
    """Return what a theorem uses that nothing here decides."""
    found = pen.outcome.document.lemmas
    if not found:
        return ""
    items = [f"{ordinal(place)} {pen.words(x.statement)} ({pen.words(x.source)})" for place, x in enumerate(found)]
    return f"Given, and not decided here: {'; '.join(items)}."


def title(pen: Pen) -> str:
    """Return the title, with the verdict if it is not that the theorem is proved."""
    verdict = pen.outcome.verdict
    suffix = "" if isinstance(verdict, Proved) else f"; {verdict.word}"
    return _MARKUP.escape(heading(pen.outcome.script)) + suffix


def lead(one: Pen) -> str:
    """Return the statement in words, as far as it is no formula that is displayed right below."""
    return one.words(spoken(one.outcome.script)) + "."
