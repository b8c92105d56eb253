"""What a theorem states, sorted by where it can be looked at: statements that need the same of a point share points."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from symmix.confirming.points import Ground, Wanted, wanted_for
from symmix.confirming.sides import parts
from symmix.evaluation import Point
from symmix.kernel.points import Model
from symmix.kernel.questions import Question
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.theorems import Outcome
from symmix.verdict import Existence, Proved, Refuted, Undecided, Verdict

POINTS = 2
"""Points for each kind of place, at sizes that are all different."""
SIGNS = 5
"""Points of the same sizes for an inequality: at one alone the sign may be right by chance."""


@dataclass(frozen=True)
class Stated:
    """A statement with what it is called, as a tree and as it was written, and what was decided about it."""

    label: str
    tree: s.Statement
    written: Any
    verdict: Verdict
    role: str

    @property
    def inner(self) -> tuple[Any, Any]:
        """The statement that is said to hold or to fail, as a tree and as it was written."""
        return parts(self.tree), parts(self.written)

    @property
    def witness(self) -> Model | None:
        """The point at which it is said to fail; None where it is said to hold."""
        match self.verdict:
            case Proved(evidence=(Existence(witness=witness),)):
                return witness.model
            case Refuted(witness=witness) if witness is not None:
                return witness.model
        return None

    @property
    def holds(self) -> bool:
        """Whether it is said to hold."""
        return self.witness is None and not isinstance(self.verdict, Undecided)

    @property
    def met(self) -> Model | None:
        """A point at which its hypotheses hold, if one is known."""
        match self.verdict:
            case Proved(point=point) | Refuted(proof=Proved(point=point)):
                return point
        return None


def statements(outcome: Outcome) -> Iterator[Stated]:
    """Run through claims, steps and near misses."""
    theorem = outcome.theorem
    for label, tree in outcome.document.claims:
        name = f"claim {label!r}" if label else "the claim"
        yield Stated(name, tree, theorem.claims[label].components, outcome.claims[label], "claim")
    chains = zip(outcome.document.proofs, theorem.derivations, outcome.steps, strict=True)
    for number, (proof, written, verdicts) in enumerate(chains, 1):
        chain = f" of proof {number}" if len(outcome.steps) > 1 else ""
        steps = zip(proof.identities(), written.identities(), verdicts, strict=True)
        for place, (tree, step, verdict) in enumerate(steps, 1):
            yield Stated(f"step {place}{chain}", tree, step, verdict, "step")
    for label, tree in outcome.document.near_misses:
        yield Stated(
            f"near miss {label!r}", tree, theorem.near_misses[label].components, outcome.near_misses[label], "miss"
        )


@dataclass
class Kind:
    """Places of one kind, and the statements that say something about them.

    ``where`` says in words which of the places that a statement is about these are, of ``among`` kinds of them;
    ``symbols`` are all that have a value there.
    """

    where: str
    among: int
    wanted: Wanted
    question: Question
    costly: bool
    inequality: bool
    symbols: list[t.Symbol]
    members: list[Stated]

    def points(self, ground: Ground, seed: int) -> Iterator[Point]:
        """Run through a few points of different sizes, none of which are equal."""
        seeds = range(seed, seed + (SIGNS if self.inequality else 1))
        found = (
            ground.point(self.question, self.symbols, sizes, seed)
            for sizes in ground.lengths(self.wanted.statement)
            for seed in seeds
        )
        yield from islice((point for point in found if point is not None), POINTS * len(seeds))


def kinds(ground: Ground, stated: Iterable[Stated]) -> list[Kind]:
    """Sort statements by what a point has to meet: hypotheses, conditions, moments; and by the sizes that occur."""
    found: dict[object, Kind] = {}
    for one in stated:
        tree, _ = one.inner
        wanted_here = wanted_for(tree)
        for where, wanted in wanted_here.items():
            question, subject = ground.question(wanted), ground.subject(tree)
            inequality = isinstance(tree, s.Positivity | s.Minimum)
            needed = (question.hypotheses, question.conditions, question.moments)
            key = (where, repr(needed), subject.costly, inequality, frozenset(subject.sizes))
            kind = found.get(key)
            if kind is None:
                kind = Kind(where, len(wanted_here), wanted, question, subject.costly, inequality, [], [])
                found[key] = kind
            kind.members.append(one)
            kind.symbols = list(dict.fromkeys([*kind.symbols, *subject.symbols]))
    return list(found.values())
