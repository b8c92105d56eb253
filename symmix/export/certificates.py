"""Certificates: what was stated and why it holds, as one JSON document a theorem, for a checker that trusts neither.

The document (schema ``symmix-certificate/1``) has these parts:

``theorem, summary, answers, source, lemmas``
    For people. The lemmas are what the proof uses beyond the kernel; no checker of certificates checks them.
``sizes, symbols, indices, definitions, conditions``
    The setting. Symbols have their shape; definitions stand behind those that they use; a condition is a tree that is
    ``>``, ``>=`` or ``!=`` zero, the theorem's and what the legend always assumes of the scalars that occur.
``statement``
    ``claims``, ``proof`` (derivations: a start, then steps) and ``near_misses``, which are false. Every expression is
    given three times: as ``text`` to be read, as ``tree``, node by node as the script has it, and as ``network``, the
    sum of products of entries that the kernel read it as (see ``trees`` and :mod:`symmix.kernel.certificate`),
    definitions not yet unfolded but for derivatives, which need them. The tree is what is stated.
``evidence``
    In the order of the statement: a normal form, combinations of the hypotheses, both directions of an equivalence, a
    positive form, or a witness. ``reciprocals`` names the denominators that are no single product.

Search is not stored, and neither are times: the same theorem gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

import sympy as sp

from symmix.errors import StatementError
from symmix.export.text import TextPrinter, text
from symmix.export.trees import Trees
from symmix.export.wording import wording
from symmix.kernel.certificate import (
    Data,
    Multiplier,
    combination_data,
    network_data,
    polynomial_data,
    positive_data,
)
from symmix.kernel.membership import Cofactors
from symmix.kernel.networks import Expression
from symmix.kernel.positivity import Interval
from symmix.kernel.scalars import ONE, Polynomial
from symmix.language.array import COLUMN, ROW
from symmix.notation import lookup
from symmix.setting import aligned
from symmix.statements import Equivalence, Fails, Identity, Positivity, Statement, Vanishing
from symmix.theorems import Outcome
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
    Verdict,
    Witness,
)

SCHEMA = "symmix-certificate/1"
LABELS = {ROW: "row", COLUMN: "column"}


def certificate(outcome: Outcome) -> str:
    """Return the certificate of a proved theorem as JSON.

    Raises
    ------
    StatementError
        If the theorem is not proved: there is nothing to certify.
    """
    if not isinstance(outcome.verdict, Proved):
        raise StatementError("a proved theorem", f"{outcome.script.id}, {outcome.verdict.word}", "see symmix prove -v")
    return json.dumps(_Document(outcome).data(), indent=1, ensure_ascii=False) + "\n"


class _Document:
    """One certificate in the making; the trees collect the symbols that its head lists."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome, self.theorem, self.setting = outcome, outcome.theorem, outcome.setting
        self.trees = Trees()

    def data(self) -> Data:
        script, theorem = self.outcome.script, self.theorem
        statement, evidence = self._statement(), self._evidence()
        definitions = self._definitions()
        conditions = self._conditions()
        indices = {self.trees.index(i): self.trees.size(size) for i, size in theorem.indices.items()}
        return {
            "schema": SCHEMA,
            "theorem": script.id,
            "summary": script.summary,
            "answers": script.answers,
            "source": list(script.source),
            "lemmas": [{"name": i.name, "statement": i.statement, "source": i.source} for i in theorem.lemmas],
            "sizes": sorted(self.trees.sizes),
            "symbols": self.trees.table(),
            "indices": indices,
            "definitions": definitions,
            "conditions": conditions,
            "statement": statement,
            "evidence": evidence,
        }

    # -- the statement ---

    def _statement(self) -> Data:
        return {
            "claims": self._labelled(self.theorem.claims),
            "proof": [
                {
                    "start": self._expression(derivation.start),
                    "steps": [
                        {"equals": self._expression(s.expression), "by": s.reason, "where": self._expressions(s.where)}
                        for s in derivation.steps
                    ],
                }
                for derivation in self.theorem.derivations
            ],
            "near_misses": self._labelled(self.theorem.near_misses),
        }

    def _labelled(self, statements: Mapping[str, Statement]) -> Data:
        printer = TextPrinter()
        return [
            {"label": label, "text": wording(statement, printer), **self._stated(statement)}
            for label, statement in statements.items()
        ]

    def _stated(self, statement: Statement) -> dict[str, Data]:
        match statement:
            case Identity(left=left, right=right, where=where):
                sides = {"left": self._expression(left), "right": self._expression(right)}
                return {"kind": "identity", **sides, "where": self._expressions(where)}
            case Vanishing(expressions=expressions, where=where):
                shown = self._expressions(expressions)
                return {"kind": "vanishing", "expressions": shown, "where": self._expressions(where)}
            case Equivalence():
                parts = ("left", "right", "provided", "where")
                return {"kind": "equivalence", **{p: self._expressions(getattr(statement, p)) for p in parts}}
            case Positivity(scalar=scalar, ranges=ranges):
                bounds = {self.trees.tree(s)[1]: [_bound(low), _bound(high)] for s, (low, high) in ranges.items()}
                return {"kind": "positivity", "scalar": self._expression(scalar), "ranges": bounds}
            case Fails(statement=inner):
                return {"kind": "fails", "statement": self._stated(inner)}
        raise StatementError("a kind of statement that symmix knows", type(statement).__name__, "see symmix.statements")

    def _expression(self, expression: sp.Basic) -> Data:
        tree, read = self.trees.tree(expression), self.setting.language.read(expression)
        return {"text": text(expression), "tree": tree, "network": network_data(read.expression, LABELS)}

    def _expressions(self, expressions: Iterable[sp.Basic]) -> Data:
        return [self._expression(expression) for expression in expressions]

    # -- the setting ---

    def _definitions(self) -> Data:
        """Return the definitions, each behind those that it uses."""
        left = dict(self.theorem.definitions)
        ordered: list[sp.Basic] = []
        while left:
            ready = [s for s, value in left.items() if not any(value.has(other) for other in left)]
            ordered += ready
            left = {symbol: value for symbol, value in left.items() if symbol not in ready}
        return [{"symbol": self.trees.tree(s)[1], **self._expression(self.theorem.definitions[s])} for s in ordered]

    def _conditions(self) -> Data:
        """Return the theorem's conditions and those of the legend; these may speak of further scalars."""
        found = [_condition(self.trees, relation) for relation in self.theorem.conditions]
        done: set[str] = set()
        while names := sorted(self.trees.scalar_symbols().keys() - done):
            for name in names:
                entry = lookup(name)
                if entry is not None and entry.symbol == self.trees.symbols[name]:
                    found += [_condition(self.trees, relation) for relation in entry.domain]
                done.add(name)
        return list({json.dumps(condition): condition for condition in found}.values())

    # -- the evidence ---

    def _evidence(self) -> Data:
        chains = zip(self.theorem.derivations, self.outcome.steps, strict=True)
        claims = [self._decided(s, self.outcome.claims[label]) for label, s in self.theorem.claims.items()]
        proof = [
            [self._decided(identity, verdict) for identity, verdict in zip(d.identities(), verdicts, strict=True)]
            for d, verdicts in chains
        ]
        missed = self.outcome.near_misses
        near_misses = [self._decided(statement, missed[label]) for label, statement in self.theorem.near_misses.items()]
        reciprocals = sorted(self.setting.language.reciprocals.items())
        return {
            "reciprocals": {name: polynomial_data(denominator) for name, denominator in reciprocals},
            "claims": claims,
            "proof": proof,
            "near_misses": near_misses,
        }

    def _decided(self, statement: Statement, verdict: Verdict) -> Data:
        match statement, verdict:
            case _, Refuted(witness=witness) if witness is not None:
                return _witness(witness)
            case Fails(), Proved(evidence=(Existence(witness=witness),)):
                return _witness(witness)
            case _, Proved(evidence=(NormalForm(form=form),)):
                return {"kind": "normal_form", "form": network_data(form.expression, LABELS)}
            case Identity() | Vanishing(), Proved(evidence=evidence):
                return {"kind": "combinations", "ways": self._memberships(statement, evidence)}
            case Equivalence(), Proved(evidence=(BothDirections() as ways,)):
                return self._both(statement, ways)
            case Positivity(), Proved(evidence=(Positive() as positive,)):
                return self._positive(statement, positive)
        raise StatementError("evidence that can be certified", f"{verdict}", "this is a defect of symmix")

    def _memberships(self, statement: Identity | Vanishing, evidence: Sequence[Evidence]) -> Data:
        given = [({"where": number}, self._clearing([e])) for number, e in enumerate(statement.where)]
        ways = []
        for piece in evidence:
            if isinstance(piece, Membership):
                multiplier = self._clearing(piece.difference)
                ways.append({"squared": False, **combination_data(piece.cofactors, multiplier, given, LABELS)})
        return ways

    def _both(self, statement: Equivalence, found: BothDirections) -> Data:
        provided = [self.setting.scalar(scalar) for scalar in statement.provided]
        factor = found.factor.expression.terms.get((), ONE)
        forward = self._ways(statement, "left", "right", found.forward, [])
        backward = self._ways(statement, "right", "left", found.backward, _factored(factor, provided))
        return {"kind": "both_directions", "forward": forward, "backward": backward}

    def _ways(
        self, statement: Equivalence, goals: str, sources: str, ways: Sequence[Cofactors], factor: Multiplier
    ) -> Data:
        given: list[tuple[Data, Multiplier]] = []
        for part in (sources, "where"):
            given += [({part: number}, self._clearing([e])) for number, e in enumerate(getattr(statement, part))]
        shown = []
        for way, goal in zip(ways, getattr(statement, goals), strict=True):
            squared = way.goal.free != self.setting.read(goal).expression.free
            cleared = [(base, power * (2 if squared else 1)) for base, power in self._clearing([goal])]
            used = given[: len(way.hypotheses)]
            shown.append({"squared": squared, **combination_data(way, [*cleared, *factor], used, LABELS)})
        return shown

    def _clearing(self, sides: Sequence[sp.Basic]) -> Multiplier:
        """Return what an expression, or the difference of two, was multiplied by to clear the denominators."""
        read = aligned([self.setting.read(side).expression for side in sides])
        whole = read[0] if len(read) == 1 else read[0] - read[1]
        return [
            (q, highest) for name, q in self.setting.language.reciprocals.items() if (highest := _power(whole, name))
        ]

    def _positive(self, statement: Positivity, positive: Positive) -> Data:
        scalar = self.setting.read(statement.scalar).expression
        reciprocals = self.setting.language.reciprocals.items()
        squares = [(q, (highest + 1) // 2) for name, q in reciprocals if (highest := _power(scalar, name))]
        ranges = {
            str(symbol.name): Interval(_exact(low), None if high == sp.oo else _exact(high))
            for symbol, (low, high) in statement.ranges.items()
        }
        return {"kind": "positive", **positive_data(positive.form, ranges, squares)}


def _power(expression: Expression, name: str) -> int:
    return max((dict(p).get(name, 0) for c in expression.terms.values() for p in c.terms), default=0)


def _factored(factor: Polynomial, candidates: Sequence[Polynomial]) -> Multiplier:
    """Write a polynomial as a number times powers of candidates, which are known not to vanish."""
    found: list[tuple[Polynomial, Multiplier]] = [(ONE, [])]
    for q in candidates:
        found = [(total * q**power, [*parts, (q, power)]) for total, parts in found for power in range(3)]
    for total, parts in found:
        for powers, coefficient in list(total.terms.items())[:1]:
            scale = factor.terms.get(powers, Fraction(0)) / coefficient
            if scale and total * scale == factor:
                return [*parts, (Polynomial.constant(scale), 1)] if scale != 1 else parts
    raise StatementError("a factor made of what is provided not to vanish", str(factor), "this is a defect of symmix")


def _condition(trees: Trees, relation: sp.Rel) -> Data:
    """Return a condition as a tree that is >, >= or != 0."""
    canonical = relation.reversed if isinstance(relation, sp.LessThan | sp.StrictLessThan) else relation
    signs = {sp.StrictGreaterThan: ">", sp.GreaterThan: ">=", sp.Unequality: "!="}
    sign = next(sign for kind, sign in signs.items() if isinstance(canonical, kind))
    value = canonical.lhs - canonical.rhs
    return {"text": f"{text(value)} {sign} 0", "relation": sign, "tree": trees.tree(value)}


def _exact(bound: object) -> Fraction:
    value = sp.S(bound) if isinstance(bound, sp.Basic | int) else bound
    if isinstance(value, sp.Rational):
        return Fraction(int(value.p), int(value.q))
    if isinstance(value, Fraction):
        return value
    raise StatementError("a rational bound", repr(bound), "give exact bounds")


def _bound(bound: object) -> str | None:
    return None if bound == sp.oo else str(_exact(bound))


def _witness(witness: Witness) -> Data:
    def exact(rows: Rows) -> list[list[str]]:
        return [[str(Fraction(x)) for x in row] for row in rows]

    return {
        "kind": "witness",
        "sizes": dict(witness.sizes),
        "scalars": {name: str(value) for name, value in sorted(witness.scalars.items())},
        "entries": {name: exact(rows) for name, rows in sorted(witness.entries.items())},
        "values": {label: exact(rows) for label, rows in witness.values.items()},
        "at": dict(witness.at),
    }
