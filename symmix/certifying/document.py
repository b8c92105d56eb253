"""Certificates: what was stated and why it holds, as one JSON document a theorem, for a checker that trusts neither.

The document (schema ``symmix-certificate/2``) has these parts:

``statement``
    The theorem as a tree (see :mod:`symmix.terms.codec`), and ``digest``, the SHA-256 of its one spelling.
``text``
    For people: summary, what it answers, source.
``evidence``
    In the order of the statement: that normal forms are equal, combinations of the hypotheses, both directions of an
    equivalence, a positive form, a sum of squares, or a witness; ``met`` is a point at which hypotheses and conditions
    hold.
    See :mod:`symmix.certifying.encoding`.

Search is not stored, and neither are times: the same theorem gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from symmix.certifying.encoding import OWN, Data, Encoding, Multiplier, joined, point_data, unit
from symmix.deciding import Frame
from symmix.deciding.consequence import Known
from symmix.errors import StatementError
from symmix.kernel.points import Model
from symmix.kernel.positivity import Interval
from symmix.kernel.questions import Condition
from symmix.kernel.scalars import ONE, Polynomial
from symmix.search.elimination import quotient
from symmix.terms import statements as s
from symmix.terms.codec import digest, document, encoded
from symmix.terms.nodes import At, Expression, Inverse
from symmix.verdict import (
    BothDirections,
    Bounded,
    Components,
    Existence,
    Instantiated,
    Membership,
    NormalForm,
    Part,
    Pieces,
    Positive,
    Proved,
    Refuted,
    Turned,
    Verdict,
    Way,
    Witness,
)

Given = tuple[Data, Sequence[Data]]  # a hypothesis, and what it is multiplied by in all its terms

SCHEMA = "symmix-certificate/2"


@dataclass(frozen=True)
class Decided:
    """A theorem with its verdicts, in the order of its parts."""

    theorem: s.Theorem
    frame: Frame
    claims: Sequence[Verdict]
    steps: Sequence[Sequence[Verdict]]
    near_misses: Sequence[Verdict]


def certificate(decided: Decided, text: Mapping[str, Data]) -> Data:
    """Return the certificate of a theorem all of whose parts are decided as they should be, as JSON data.

    Raises
    ------
    StatementError
        If some part is not: there is nothing to certify.
    """
    stated = document(decided.theorem)
    evidence = _Evidence(decided, stated).data()
    return {"schema": SCHEMA, "statement": stated, "digest": digest(stated), "text": dict(text), "evidence": evidence}


def spelled(data: Data) -> str:
    """Return a certificate as the text of a file."""
    return json.dumps(data, indent=1, ensure_ascii=True) + "\n"


class _Evidence:
    """The evidence of one certificate in the making."""

    def __init__(self, decided: Decided, stated: Data) -> None:
        self.decided, self.frame = decided, decided.frame
        self.encoding = Encoding(
            sizes=frozenset(stated["sizes"]),
            symbols=stated["symbols"],
            samples=frozenset(name for name, _ in stated["indices"]),
            reciprocals=decided.frame.meaning.reciprocals,
            inverses=self._inverses(),
        )

    def data(self) -> Data:
        decided = self.decided
        claims = [self._part(c, v) for (_, c), v in zip(decided.theorem.claims, decided.claims, strict=True)]
        proofs = [
            [self._part(identity, verdict) for identity, verdict in zip(chain.identities(), verdicts, strict=True)]
            for chain, verdicts in zip(decided.theorem.proofs, decided.steps, strict=True)
        ]
        misses = [self._part(m, v) for (_, m), v in zip(decided.theorem.near_misses, decided.near_misses, strict=True)]
        return {"claims": claims, "proofs": proofs, "near_misses": misses}

    def _inverses(self) -> dict[str, Data]:
        """Return the inverses that occur, each with the tree of which it is one."""
        theorem = self.decided.theorem
        roots = [*theorem.proofs, *(statement for _, statement in (*theorem.claims, *theorem.near_misses))]
        found: dict[str, Data] = {}
        for node in (node for root in roots for node in self.frame.names.unfolded(root)):
            if isinstance(node, Inverse):
                (tensor,) = self.frame.array(node).expression.tensors
                found.setdefault(tensor.name, encoded(node.of))
        return found

    def _part(self, statement: s.Statement, verdict: Verdict) -> dict[str, Data]:
        if isinstance(statement, s.Fails) and isinstance(verdict, Refuted) and verdict.proof is not None:
            return self._part(statement.statement, verdict.proof)  # a denial is false where what it denies is true
        evidence = self._decided(statement, verdict)
        if isinstance(verdict, Proved):
            evidence["met"] = None if verdict.point is None else self._point(verdict.point)
        return evidence

    def _point(self, model: Model) -> Data:
        meaning = self.frame.meaning
        hidden = {*meaning.reciprocals, *(tensor.name for tensor in meaning.inverses), *model.sizes}
        return point_data(model, hidden)

    def _decided(self, statement: s.Statement, verdict: Verdict) -> dict[str, Data]:  # noqa: PLR0911 - one for each kind
        match statement, verdict:
            case (_, Refuted(witness=Witness() as witness)) | (
                s.Fails(),
                Proved(evidence=(Existence(witness=witness),)),
            ):
                return {"kind": "witness", **self._point(witness.model)}
            case _, Proved(evidence=(NormalForm(),)):
                return {"kind": "equal"}
            case _, Proved(evidence=(Instantiated() as found,)):
                return self._instances(found)
            case ((s.Identity() | s.Vanishing()), Proved(evidence=found)):
                pieces = [piece for piece in found if isinstance(piece, Membership | Components)]
                ways = [self._membership(statement, piece) for piece in pieces]
                if any(isinstance(piece, Components) for piece in found):
                    return {"kind": "components", "ways": ways}
                return {"kind": "combinations", "ways": ways}
            case s.Equivalence(), Proved(evidence=(BothDirections() as found,)):
                return self._both(statement, found)
            case (
                (s.Positivity() | s.Minimum()),
                Proved(evidence=((Positive() | Pieces() | Bounded()) as found,)),
            ):
                return self._signed(statement, found)
        raise StatementError("evidence that can be certified", f"{verdict!r}", "see symmix prove --verbose")

    def _instances(self, found: Instantiated) -> dict[str, Data]:
        """Return the values and instances, and why what is left holds: evidence in names of its own."""
        frame = cast("Frame", found.frame)
        theorem = replace(self.decided.theorem, claims=(("", found.lowered),), proofs=(), near_misses=())
        inner = _Evidence(Decided(theorem, frame, (), (), ()), _tables(frame))
        instances = [
            {
                "of": one.number,
                "at": [encoded(tree) for _, tree in one.at],
                "root": None if one.root is None else int(one.root.name.removeprefix("root ")),
            }
            for one in found.instances
        ]
        return {
            "kind": "instances",
            "values": [encoded(value) for value in found.values.values()],
            "instances": instances,
            "evidence": inner._decided(found.lowered, found.proved),
        }

    def _membership(self, statement: s.Identity | s.Vanishing, found: Membership | Components) -> Data:
        given = [*self._given(statement.where), *self._relations(found.relations)]
        clearing = self.frame.clearing(*found.difference)
        if isinstance(found, Membership):
            known = self.frame.known(statement, found.way.cofactors.hypotheses)
            return self._way(found.way, clearing, given, known)
        if found.finite.plain:
            return None
        hypotheses = (*self.frame.hypotheses(statement.where), *self.frame.relations(statement).values())
        known = self.frame.known(statement, hypotheses)
        parts = [self._part_of(given[part.number], part) for part in found.finite.parts]
        return [self._way(way, clearing, parts, known) for way in found.finite.ways]

    def _part_of(self, hypothesis: Given, part: Part) -> Given:
        """Return a hypothesis at a place: unit vectors pick it."""
        of, by = hypothesis
        return of, [*by, *(unit(size, f"of {OWN.get(i, i)}", place) for i, (size, place) in part.at.items())]

    def _way(
        self,
        way: Way,
        clearing: Multiplier,
        given: Sequence[Given],
        known: Known,
    ) -> Data:
        cleared = [(base, power * (2 if way.squared else 1)) for base, power in clearing]
        factor = known.signs.factored(way.factor, strict=True) if way.squares else _factored(way.factor, known.nonzero)
        used = [*given[: len(way.cofactors.hypotheses) - len(way.turned)]]
        used += [self._turned(given[turned.number], turned, known) for turned in way.turned]
        found = self.encoding.combination(way.cofactors, [*cleared, *(factor or ())], used)
        squares = [self.encoding.square(x.scale, x.root, way.cofactors.goal.free) for x in way.squares]
        return {"squared": way.squared, **({"squares": squares} if squares else {}), **found}

    def _given(self, where: Iterable[s.Hypothesis], part: str = "where") -> list[Given]:
        bases = self.encoding.bases
        return [([part, number], bases(self.frame.clearing_of(stated))) for number, stated in enumerate(where)]

    def _relations(self, relations: Sequence[tuple[str, str]]) -> list[Given]:
        return [([f"{side} inverse", self.encoding.inverses[name]], []) for name, side in relations]

    def _turned(self, hypothesis: Given, turned: Turned, known: Known) -> Given:
        """Return what follows of square matrices from what a hypothesis says of their product."""
        of, by = hypothesis
        left, right = (self.encoding.network(one, OWN) for one in (turned.left, turned.right))
        factor = self.encoding.bases(_factored(turned.factor, known.nonzero))
        return ["turned", {"of": of, "multiplier": by, "left": left, "right": right, "factor": factor}], []

    def _both(self, statement: s.Equivalence, found: BothDirections) -> dict[str, Data]:
        used = (h for way in (*found.forward, *found.backward) for h in way.cofactors.hypotheses)
        provided = [
            Condition(self.frame.meaning.same_sign(q), "!=") for q in map(self.frame.meaning.scalar, statement.provided)
        ]
        known = self.frame.known(statement, tuple(dict.fromkeys(used)), statement.provided, provided)
        given = [*self._given(statement.where), *self._relations(found.relations)]
        forward = self._ways(statement.left, [*self._given(statement.right, "other"), *given], found.forward, known)
        back = [*self._given(statement.left, "other"), *given]
        backward = self._ways(statement.right, back, found.backward, known)
        return {"kind": "both_directions", "forward": forward, "backward": backward}

    def _ways(
        self,
        goals: Sequence[Expression],
        given: Sequence[Given],
        ways: Sequence[Way],
        known: Known,
    ) -> Data:
        pairs = zip(ways, goals, strict=True)
        return [self._way(way, self.frame.clearing(goal), given, known) for way, goal in pairs]

    def _signed(self, statement: s.Positivity | s.Minimum, found: Positive | Pieces | Bounded) -> dict[str, Data]:
        match found:
            case Pieces():
                return self._on_line(statement, found)
            case Bounded():
                return self._bounded(statement, found)
        return self._positive(statement, found)

    def _bounded(self, statement: s.Positivity | s.Minimum, found: Bounded) -> dict[str, Data]:
        given = [*self._given(statement.where), *self._relations(found.relations)][: len(found.sum.rest.hypotheses)]
        clearing = self.frame.clearing(*found.difference, even=True)
        samples = found.sum.rest.goal.free
        squares = [self.encoding.square(square.scale, square.root, samples) for square in found.sum.squares]
        rest = self.encoding.combination(found.sum.rest, [*clearing, *found.sum.factor], given)
        return {"kind": "squares", "squares": squares, **rest}

    def _on_line(self, statement: s.Positivity | s.Minimum, found: Pieces) -> dict[str, Data]:
        """Return the polynomial of one scalar, and what is squared in the factor between it and what is stated."""
        scalar, there = (
            statement.scalar,
            At(statement.scalar, statement.at) if isinstance(statement, s.Minimum) else None,
        )
        sides = [scalar] if there is None else [scalar, there]
        root = [(q, power // 2) for q, power in self.frame.clearing(*sides, even=True)]
        lowest = min(
            dict(powers).get(found.line.name, 0)
            for c in self.frame.goal(*sides, even=True).terms.values()
            for powers in c.terms
        )
        root += [(Polynomial.variable(found.line.name), -(lowest // 2))] if lowest < 0 else []
        form = self.encoding.polynomial(found.original)
        return {"kind": "line", "form": form, "root": joined("Multiply", self.encoding.bases(root), 1)}

    def _positive(self, statement: s.Positivity | s.Minimum, found: Positive) -> dict[str, Data]:
        squares = [(q, power // 2) for q, power in self.frame.clearing(statement.scalar, even=True)]
        given = statement.ranges if isinstance(statement, s.Positivity) else ()
        ranges = {r.symbol.name: Interval(r.low, r.high) for r in given if r.low is not None}
        return {"kind": "positive", **self.encoding.positive(found.form, ranges, squares)}


def _tables(frame: Frame) -> dict[str, Data]:
    """Return the tables of names that evidence is written in."""
    names = frame.names
    symbols = {name: list(symbol.axes) for name, symbol in names.symbols.items()}
    return {"sizes": sorted(names.sizes), "symbols": symbols, "indices": [[*pair] for pair in names.free.items()]}


def _factored(factor: Polynomial, candidates: Sequence[Polynomial]) -> Multiplier:
    """Write a polynomial as a product of candidates and of what else is known not to vanish."""
    rest = factor
    found: list[tuple[Polynomial, int]] = []
    for q in candidates:
        while len(rest.terms) > 1 and (divided := quotient(rest, q)) is not None:
            rest, found = divided, [*found, (q, 1)]
    return found if rest == ONE else [*found, (rest, 1)]
