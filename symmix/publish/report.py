"""What was decided about a theorem, as plain text for a terminal and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from symmix.kernel.arrays import aligned
from symmix.printing.text import TextPrinter
from symmix.printing.wording import assumption, assumptions, word, wording, zeros
from symmix.printing.wording import where as clause
from symmix.publish import givens
from symmix.publish.authored import heading
from symmix.publish.evidence import SQUARES, bounded, combination, combined, factor, instantiated, positive, turned
from symmix.publish.reach import all_components, for_size
from symmix.terms import statements as s
from symmix.theorems import Outcome
from symmix.verdict import (
    BothDirections,
    Bounded,
    Components,
    Evidence,
    Existence,
    Instantiated,
    Membership,
    NormalForm,
    Pieces,
    Positive,
    Proved,
    Refuted,
    Remembered,
    Rows,
    Undecided,
    Verdict,
    Witness,
)

_REMEMBERED = "by evidence of an earlier run (cached), which the second checker accepted again"
_PRINTER = TextPrinter()
_text = _PRINTER.print


def report(outcome: Outcome) -> str:
    """Return the whole outcome: statement, hypotheses, derivation, evidence, near misses."""
    return "\n".join(_lines(outcome))


def conclusion(outcome: Outcome) -> str:
    """Return the last line: ``PROVED id``, the size if it is for one alone, and the lemmas that it rests on."""
    alone = for_size(outcome)
    words = f"{outcome.script.id}{', ' if alone else ''}{alone}"
    return f"{outcome.verdict.word.upper()} {words}{givens.given_lemmas(outcome)}"


def _lines(outcome: Outcome) -> Iterator[str]:
    theorem = outcome.document
    yield outcome.script.id
    yield f"  {outcome.script.summary}"
    yield ""
    yield from _givens(outcome)
    for label, statement in theorem.claims:
        verdict = outcome.claims[label]
        yield f"  claim     {label + ': ' if label else ''}{wording(statement, _PRINTER)}"
        yield f"  {word(verdict):<9} {_reason(verdict, outcome)}"
        if isinstance(verdict, Proved) and verdict.assuming:
            yield f"  assuming  {_assuming(verdict)}"
        yield from _complaint(verdict, statement, outcome)
    for derivation, verdicts in zip(theorem.proofs, outcome.steps, strict=True):
        yield ""
        yield from _chain(derivation, verdicts, outcome)
    yield ""
    for slip, statement in theorem.near_misses:
        verdict = outcome.near_misses[slip]
        yield f"  near miss {slip}: {wording(statement, _PRINTER)}"
        yield f"  {verdict.word:<9} {_reason(verdict, outcome)}"
    yield ""
    yield from _decided_by(outcome)


def _decided_by(outcome: Outcome) -> Iterator[str]:
    """Say who decided, and about which statement: its digest stands in the certificate, too."""
    if outcome.disagreement:
        yield f"  defect    the kernel proved it, the second checker rejects {outcome.disagreement}"
    elif outcome.certified is not None:
        yield "  decided   by the kernel, and anew by the second checker"
    yield f"  statement sha256 {outcome.digest}"


def _givens(outcome: Outcome) -> Iterator[str]:
    """Say what a theorem speaks of, and everything that is assumed throughout."""
    theorem = outcome.document
    for symbol, value in theorem.setting.definitions:
        yield f"  with      {symbol} = {_text(value)}"
    yield f"  for all   {givens.for_all(outcome)}"
    for given in (
        ", ".join(givens.jacobians_as_text(theorem)),
        givens.moments_as_text(outcome),
        ", ".join(givens.conditions_as_text(theorem)),
    ):
        yield from [f"  given     {given}"] if given else []
    if held := givens.held_constant(outcome):
        yield f"  constant  {held}"
    for lemma in theorem.lemmas:
        yield f"  using     {lemma.name}: {lemma.statement} ({lemma.source})"


def _assuming(verdict: Proved) -> str:
    return ", ".join(assumption(tree, _PRINTER) for tree in verdict.assuming)


def _step_assumes(verdict: Verdict, outcome: Outcome) -> str:
    """Name what a step divides by beyond the claims: they say so themselves."""
    stated = set(assumptions(outcome.claims.values()))
    if isinstance(verdict, Proved) and not stated >= set(verdict.assuming):
        return f", for {_assuming(verdict)}"
    return ""


def _chain(derivation: s.Derivation, verdicts: Sequence[Verdict], outcome: Outcome) -> Iterator[str]:
    rows = [
        (_text(step.expression), step.reason + clause(step.where, _PRINTER) + _step_assumes(verdict, outcome))
        for step, verdict in zip(derivation.steps, verdicts, strict=True)
    ]
    width = min(max(len(line) for line, _ in rows), 72)
    yield f"  proof     {_text(derivation.start)}"
    for (line, reason), verdict, identity in zip(rows, verdicts, derivation.identities(), strict=True):
        mark = "" if isinstance(verdict, Proved) else f"   <- {verdict.word.upper()}"
        yield f"          = {line:<{width}}   {reason}{mark}"
        yield from _complaint(verdict, identity, outcome)


def _complaint(verdict: Verdict, statement: s.Statement, outcome: Outcome) -> Iterator[str]:
    """Say all that helps to mend a step or a claim that did not go through."""
    if isinstance(verdict, Proved):
        return
    where = getattr(statement, "where", ())
    if where:
        yield f"            hypotheses  {zeros(where, _PRINTER)}"
    yield f"            goal        {wording(statement, _PRINTER)}"
    if isinstance(statement, s.Identity):
        yield f"            left over   {_left_over(statement, outcome)}"
    match verdict:
        case Refuted(witness=witness) if witness is not None:
            yield f"            witness     {describe_witness(witness)}"
        case Undecided(missing=missing):
            yield f"            missing     {missing}"


def _left_over(identity: s.Identity, outcome: Outcome) -> str:
    """Return left - right as it stands, not multiplied by denominators."""
    left, right = outcome.frame.array(identity.left), outcome.frame.array(identity.right)
    first, second = aligned([left.expression, right.expression])
    return _text(outcome.setting.written(replace(left, expression=first - second)))


def _reason(verdict: Verdict, outcome: Outcome) -> str:
    match verdict:
        case Proved(evidence=evidence, met=met):
            beware = "" if met else "(no point was found at which the hypotheses hold): "
            return beware + "; ".join(_evidence(piece, outcome) for piece in evidence)
        case Refuted(witness=witness, proof=proof):
            shown = describe_witness(witness) if witness is not None else "the statement was proved"
            return _REMEMBERED if proof == Proved((Remembered(),)) else shown
        case Undecided(missing=missing):
            return f"missing: {missing}"
    return verdict.word


def _evidence(evidence: Evidence, outcome: Outcome) -> str:  # noqa: C901, PLR0911 - one for each kind
    match evidence:
        case Instantiated():
            return instantiated(evidence, _text)
        case NormalForm(form=form, sums=sums):
            kept = f" in {sums} sums that are kept whole" if sums else ""
            return f"both sides have the same normal form, of {len(form.expression.terms)} terms{kept}"
        case Membership():
            sides = [_text(side(evidence, outcome.setting)) for side in (combined, combination)]
            shown = " = ".join(sides)
            if sides[0] == sides[1]:
                assumed = f"{sides[0]} = 0 is assumed"
                shown = assumed if evidence.way.squared else "a combination of the hypotheses as it stands"
            turns = turned([evidence.way], outcome.setting, _text)
            if turns:
                shown = turns if sides[0] == sides[1] and not evidence.way.squared else f"{turns}; {shown}"
            return f"{SQUARES}: {shown}" if evidence.way.squared else shown
        case Components(finite=finite):
            return f"{for_size(outcome)}: {all_components(finite)}"
        case BothDirections(forward=forward, backward=backward):
            back, forth = (", or of its square" if any(w.squared for w in ways) else "" for ways in (backward, forward))
            times = _text(factor(backward, outcome.setting))
            turns = turned([*forward, *backward], outcome.setting, _text)
            said = f"{turns}; " if turns else ""
            ways = f"{len(forward)} forward{forth}; backward for {times} times the right side{back}"
            return f"{said}cofactors both ways: {ways}"
        case Positive() | Pieces():
            return "".join(positive(evidence))
        case Bounded():
            left, right = bounded(evidence, outcome.setting)
            return f"{_text(left)} = {_text(right)}"
        case Existence() | Remembered():
            return describe_witness(evidence.witness) if isinstance(evidence, Existence) else _REMEMBERED


def describe_witness(witness: Witness) -> str:
    """Return a witness on one line: sizes, scalars, entries, both values."""
    return _witness_line(witness, witness.entries)


def describe_witness_shortly(witness: Witness, theorem: s.Theorem) -> str:
    """Return a witness on one line, without what follows by definition, and zeros in two words."""
    defined = {symbol.name for symbol, _ in theorem.setting.definitions}
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
    return "[" + ", ".join("[" + ", ".join(map(str, row)) + "]" for row in rows) + "]"  # as a text's point is read


# -- JSON ---


def document(outcome: Outcome) -> dict[str, Any]:
    """Return the outcome as plain data."""
    theorem, setting = outcome.document, outcome.document.setting
    return {
        "id": outcome.script.id,
        "statement": outcome.script.summary,
        "title": heading(outcome.script),
        "quotes": outcome.script.quotes,
        "answers": outcome.script.answers,
        "idea": outcome.script.idea,
        "source": list(outcome.script.source),
        "verdict": outcome.verdict.word,
        "decided by": _deciders(outcome),
        "cached": outcome.remembered,
        "digest": outcome.digest,
        "given": givens.lemmas(outcome),
        "assuming": givens.assumed_as_text(outcome),
        "for all": givens.for_all(outcome),
        "definitions": {symbol.name: _text(value) for symbol, value in setting.definitions},
        "jacobians": givens.jacobians_as_text(theorem),
        "conditions": givens.conditions_as_text(theorem),
        "held constant": givens.held_constant(outcome),
        "lemmas": [{"name": i.name, "statement": i.statement, "source": i.source} for i in theorem.lemmas],
        "claims": _decided(theorem.claims, outcome.claims),
        "proof": [
            {"start": _text(derivation.start), "steps": _steps(derivation, verdicts)}
            for derivation, verdicts in zip(theorem.proofs, outcome.steps, strict=True)
        ],
        "near_misses": _decided(theorem.near_misses, outcome.near_misses),
        "seconds": round(outcome.seconds, 6),
    }


def _deciders(outcome: Outcome) -> dict[str, str]:
    """Return what the kernel and the second checker say; the checker is asked about what the kernel proved."""
    if outcome.certified is None:
        return {"kernel": outcome.verdict.word}
    return {"kernel": "proved", "second checker": outcome.disagreement or "proved"}


def _steps(derivation: s.Derivation, verdicts: Sequence[Verdict]) -> list[dict[str, Any]]:
    return [
        {
            "equals": _text(step.expression),
            "by": step.reason,
            "where": [zeros([hypothesis], _PRINTER) for hypothesis in step.where],
            **_verdict(verdict),
        }
        for step, verdict in zip(derivation.steps, verdicts, strict=True)
    ]


def _decided(statements: Sequence[tuple[str, s.Statement]], verdicts: Mapping[str, Verdict]) -> list[dict[str, Any]]:
    return [
        {"label": label, "statement": wording(statement, _PRINTER), **_verdict(verdicts[label])}
        for label, statement in statements
    ]


def _verdict(verdict: Verdict) -> dict[str, Any]:
    match verdict:
        case Refuted(witness=witness) if witness is not None:
            return {"verdict": verdict.word, "witness": _witness(witness)}
        case Undecided(missing=missing):
            return {"verdict": verdict.word, "missing": missing}
        case Proved(evidence=evidence, met=met):
            found = [_witness(piece.witness) for piece in evidence if isinstance(piece, Existence)]
            assuming = [assumption(tree, _PRINTER) for tree in verdict.assuming]
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
