"""What was decided about a theorem, as plain text for a terminal and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import sympy as sp
from sympy.tensor.array.expressions import ArraySymbol

from symmix.export.evidence import combination
from symmix.export.text import TextPrinter, text
from symmix.export.wording import where as clause
from symmix.export.wording import wording, zeros
from symmix.statements import Statement
from symmix.theorems import Outcome, Theorem
from symmix.verdict import (
    BothDirections,
    Evidence,
    Existence,
    Membership,
    NormalForm,
    Positive,
    Proved,
    Refuted,
    Rows,
    Undecided,
    Verdict,
    Witness,
)

_PRINTER = TextPrinter()


def report(outcome: Outcome) -> str:
    """Return the whole outcome: statement, hypotheses, derivation, evidence, near misses."""
    return "\n".join(_lines(outcome))


def _lines(outcome: Outcome) -> Iterator[str]:
    theorem = outcome.theorem
    yield outcome.script.id
    yield from _indented(outcome.script.summary)
    yield ""
    for symbol, value in theorem.definitions.items():
        yield f"  with      {symbol.name} = {text(value)}"
    for symbol, wrt, value in theorem.jacobians:
        yield f"  given     d{text(symbol)}/d{text(wrt)} = {_jacobian(value)}"
    for condition in theorem.conditions:
        yield f"  given     {condition}"
    for lemma in theorem.lemmas:
        yield f"  using     {lemma.name}: {lemma.statement} ({lemma.source})"
    for label, statement in theorem.claims.items():
        verdict = outcome.claims[label]
        yield f"  claim     {label + ': ' if label else ''}{wording(statement, _PRINTER)}"
        yield f"  {verdict.word:<9} {_reason(verdict, outcome)}"
        yield from _assumptions(verdict, outcome)
        yield from _complaint(verdict, statement, outcome)
    for derivation, verdicts in zip(theorem.derivations, outcome.steps, strict=True):
        yield ""
        yield from _chain(derivation, verdicts, outcome)
    yield ""
    for slip, statement in theorem.near_misses.items():
        verdict = outcome.near_misses[slip]
        yield f"  near miss {slip}: {wording(statement, _PRINTER)}"
        yield f"  {verdict.word:<9} {_reason(verdict, outcome)}"


def _nonzero(verdict: Proved, outcome: Outcome) -> str:
    return ", ".join(f"{text(outcome.setting.language.write_scalar(q))} != 0" for q in verdict.assuming)


def _step_assumes(verdict: Verdict, outcome: Outcome) -> str:
    """Name what a step divides by beyond the claims: they say so themselves."""
    stated = {q for claim in outcome.claims.values() if isinstance(claim, Proved) for q in claim.assuming}
    if isinstance(verdict, Proved) and not stated >= set(verdict.assuming):
        return f", for {_nonzero(verdict, outcome)}"
    return ""


def _jacobian(value: sp.Basic) -> str:
    """Return a Jacobian, also one with three axes, which is a name and no expression."""
    return _PRINTER.name(value) if isinstance(value, ArraySymbol) else text(value)


def _assumptions(verdict: Verdict, outcome: Outcome) -> Iterator[str]:
    """Say what a proof assumes without a hypothesis of its own: that denominators do not vanish."""
    if not isinstance(verdict, Proved):
        return
    if verdict.assuming:
        yield f"  assuming  {_nonzero(verdict, outcome)}"
    if not verdict.met:
        yield "  beware    no point was found at which the hypotheses hold: the statement may be empty"


def _chain(derivation: Any, verdicts: Sequence[Verdict], outcome: Outcome) -> Iterator[str]:
    rows = [
        (text(step.expression), step.reason + clause(step.where, _PRINTER) + _step_assumes(verdict, outcome))
        for step, verdict in zip(derivation.steps, verdicts, strict=True)
    ]
    width = min(max(len(line) for line, _ in rows), 72)
    yield f"  proof     {text(derivation.start)}"
    for (line, reason), verdict, identity in zip(rows, verdicts, derivation.identities(), strict=True):
        mark = "" if isinstance(verdict, Proved) else f"   <- {verdict.word.upper()}"
        yield f"          = {line:<{width}}   {reason}{mark}"
        yield from _complaint(verdict, identity, outcome)


def _complaint(verdict: Verdict, statement: Statement, outcome: Outcome) -> Iterator[str]:
    """Say all that helps to mend a step or a claim that did not go through."""
    if isinstance(verdict, Proved):
        return
    where = getattr(statement, "where", ())
    if where:
        yield f"            hypotheses  {zeros(where, _PRINTER)}"
    yield f"            goal        {wording(statement, _PRINTER)}"
    if hasattr(statement, "left") and hasattr(statement, "right") and not isinstance(statement.left, Sequence):
        remaining = outcome.setting.left_over(statement.left, statement.right)
        yield f"            left over   {text(outcome.setting.language.write(remaining))}"
    match verdict:
        case Refuted(witness=witness) if witness is not None:
            yield f"            witness     {describe_witness(witness)}"
        case Undecided(missing=missing):
            yield f"            missing     {missing}"


def _reason(verdict: Verdict, outcome: Outcome) -> str:
    match verdict:
        case Proved(evidence=evidence):
            return "; ".join(_evidence(piece, outcome) for piece in evidence)
        case Refuted(witness=witness):
            return describe_witness(witness) if witness is not None else "the statement was proved"
        case Undecided(missing=missing):
            return f"missing: {missing}"
    return verdict.word


def _evidence(evidence: Evidence, outcome: Outcome) -> str:
    match evidence:
        case NormalForm(form=form):
            return f"both sides have the same normal form, of {len(form.expression.terms)} terms"
        case Membership(difference=difference):
            return f"{' - '.join(map(text, difference))} = {text(combination(evidence, outcome.setting)[0])}"
        case BothDirections(forward=forward, factor=factor, squared=squared):
            squares = ", of its square" if squared else ""
            times = text(outcome.setting.language.write(factor))
            ways = f"{len(forward)} forward; backward for {times} times the right side{squares}"
            return f"cofactors both ways: {ways}"
        case Positive(form=form):
            return f"all coefficients of {form.form} are positive, for positive arguments"
        case Existence(witness=witness):
            return describe_witness(witness)


def describe_witness(witness: Witness) -> str:
    """Return a witness on one line: sizes, scalars, entries, both values."""
    return _witness_line(witness, witness.entries)


def describe_witness_shortly(witness: Witness, theorem: Theorem) -> str:
    """Return a witness on one line, without what follows by definition, and zeros in two words."""
    defined = {str(symbol.name) for symbol in theorem.definitions}
    given = {name: rows for name, rows in witness.entries.items() if name not in defined}
    shown = {name: rows for name, rows in given.items() if any(map(any, rows))}
    return _witness_line(witness, shown, () if shown == given else ("else 0",))


def _witness_line(witness: Witness, entries: Mapping[str, Rows], more: Sequence[str] = ()) -> str:
    parts = [f"{name} = {size}" for name, size in witness.sizes.items()]
    parts += [f"{name} = {value}" for name, value in witness.scalars.items()]
    parts += [f"{name} = {_matrix(rows)}" for name, rows in entries.items()]
    parts += [*more, *(f"sample {name} = {value}" for name, value in witness.at.items())]
    values = ", ".join(f"{label} {_matrix(rows)}" for label, rows in witness.values.items())
    return f"at {', '.join(parts)}: {values}"


def _matrix(rows: Rows) -> str:
    if len(rows) == 1 and len(rows[0]) == 1:
        return str(rows[0][0])
    if all(len(row) == 1 for row in rows):
        return "(" + ", ".join(str(row[0]) for row in rows) + ")"
    return "[" + "; ".join(", ".join(str(x) for x in row) for row in rows) + "]"


def _indented(paragraph: str) -> Iterator[str]:
    yield f"  {paragraph}"


# -- JSON ---


def document(outcome: Outcome) -> dict[str, Any]:
    """Return the outcome as plain data."""
    theorem = outcome.theorem
    return {
        "id": outcome.script.id,
        "statement": outcome.script.summary,
        "answers": outcome.script.answers,
        "source": list(outcome.script.source),
        "verdict": outcome.verdict.word,
        "definitions": {str(symbol.name): text(value) for symbol, value in theorem.definitions.items()},
        "jacobians": [f"d{text(s)}/d{text(wrt)} = {_jacobian(value)}" for s, wrt, value in theorem.jacobians],
        "conditions": [str(condition) for condition in theorem.conditions],
        "lemmas": [{"name": i.name, "statement": i.statement, "source": i.source} for i in theorem.lemmas],
        "claims": _decided(theorem.claims, outcome.claims),
        "proof": [
            {
                "start": text(derivation.start),
                "steps": [
                    {
                        "equals": text(step.expression),
                        "by": step.reason,
                        "where": list(map(text, step.where)),
                        **_verdict(verdict),
                    }
                    for step, verdict in zip(derivation.steps, verdicts, strict=True)
                ],
            }
            for derivation, verdicts in zip(theorem.derivations, outcome.steps, strict=True)
        ],
        "near_misses": _decided(theorem.near_misses, outcome.near_misses),
        "seconds": round(outcome.seconds, 6),
    }


def _decided(statements: Mapping[str, Statement], verdicts: Mapping[str, Verdict]) -> list[dict[str, Any]]:
    return [
        {"label": label, "statement": wording(statement, _PRINTER), **_verdict(verdicts[label])}
        for label, statement in statements.items()
    ]


def _verdict(verdict: Verdict) -> dict[str, Any]:
    match verdict:
        case Refuted(witness=witness) if witness is not None:
            return {"verdict": verdict.word, "witness": _witness(witness)}
        case Undecided(missing=missing):
            return {"verdict": verdict.word, "missing": missing}
        case Proved(evidence=evidence, met=met):
            found = [_witness(piece.witness) for piece in evidence if isinstance(piece, Existence)]
            assuming = [f"{q} != 0" for q in verdict.assuming]
            shown = {"witness": found[0]} if found else {}
            return {"verdict": verdict.word, "assuming": assuming, "hypotheses_met": met, **shown}
    return {"verdict": verdict.word}


def _witness(witness: Witness) -> dict[str, Any]:
    def exact(rows: Rows) -> list[list[str]]:
        return [[str(Fraction(x)) for x in row] for row in rows]

    return {
        "sizes": dict(witness.sizes),
        "scalars": {name: str(value) for name, value in witness.scalars.items()},
        "entries": {name: exact(rows) for name, rows in witness.entries.items()},
        "values": {label: exact(rows) for label, rows in witness.values.items()},
        "at": dict(witness.at),
    }
