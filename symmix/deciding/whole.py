"""A theorem as a whole: all its claims, steps and near misses, and what follows for the theorem."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from symmix.deciding.decide import decide, require_news
from symmix.deciding.frame import Frame
from symmix.deciding.implication import Hints
from symmix.errors import within
from symmix.terms import statements as s
from symmix.verdict import Proved, Refuted, Undecided, Verdict, all_of

HintsOf = Callable[[str], Hints]  # by label


@dataclass(frozen=True)
class Verdicts:
    """The verdicts on the parts of a theorem: claims and near misses by label, steps by proof."""

    claims: Mapping[str, Verdict]
    steps: Sequence[Sequence[Verdict]]
    near_misses: Mapping[str, Verdict]

    @property
    def verdict(self) -> Verdict:
        """Proved if every claim and every step is, of something, and every near miss is refuted."""
        verdict = all_of([*self.claims.values(), *(v for chain in self.steps for v in chain)])
        if not isinstance(verdict, Proved):
            return verdict
        empty = [label for label, v in self.claims.items() if isinstance(v, Proved) and not v.met]
        if empty:
            named = f"claim {empty[0]!r}" if empty[0] else "the claim"
            return Undecided(f"a point at which the hypotheses of {named} hold: it is proved, perhaps of nothing")
        for name, miss in self.near_misses.items():
            if not isinstance(miss, Refuted):
                return Undecided(f"a witness against the near miss {name!r}: it is {miss.word}")
        return verdict


def decide_theorem(theorem: s.Theorem, frame: Frame, claims: HintsOf, near_misses: HintsOf) -> Verdicts:
    """Decide every part of a well-formed theorem; ``claims`` and ``near_misses`` return hints by label."""
    require_claims(theorem, frame)
    decided = _decided(theorem.claims, claims, "claim", frame)
    steps = [_steps(proof, frame) for proof in theorem.proofs]
    return Verdicts(decided, steps, _decided(theorem.near_misses, near_misses, "near miss", frame))


def require_claims(theorem: s.Theorem, frame: Frame) -> None:
    """Refuse a claim that claims nothing."""
    for label, claim in theorem.claims:
        with within(_place("claim", label)):
            require_news(claim, frame)


def _decided(trees: Sequence[tuple[str, s.Statement]], hints: HintsOf, role: str, frame: Frame) -> dict[str, Verdict]:
    verdicts: dict[str, Verdict] = {}
    for label, tree in trees:
        with within(_place(role, label)):
            verdicts[label] = decide(tree, frame, hints(label))
    return verdicts


def _place(role: str, label: str) -> str:
    return f"{role} {label!r}" if label else f"the {role}"


def _steps(proof: s.Derivation, frame: Frame) -> list[Verdict]:
    verdicts = []
    for number, identity in enumerate(proof.identities(), 1):
        with within(f"step {number} of the proof"):
            verdicts.append(decide(identity, frame))
    return verdicts
