"""Which theorem uses which: read off the reasons of the derivations and the ideas of the proofs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from symmix.theorems import Outcome

Uses = Mapping[str, tuple[str, ...]]


def named(outcome: Outcome) -> dict[str, None]:
    """Return the words of a proof, among them the ids of the theorems that it uses."""
    reasons = [step.reason for proof in outcome.document.proofs for step in proof.steps]
    return dict.fromkeys(re.findall(r"\w+", " ".join([*reasons, outcome.script.idea])))


def uses(outcomes: Sequence[Outcome]) -> Uses:
    """Return the theorems that each proof refers to, of those that are there."""
    present = [outcome.script.id for outcome in outcomes]
    return {
        outcome.script.id: tuple(name for name in named(outcome) if name in present and name != outcome.script.id)
        for outcome in outcomes
    }


def used(by: Uses) -> Uses:
    """Return the arrows turned round."""
    return {name: tuple(other for other, names in by.items() if name in names) for name in by}


def columns(by: Uses) -> list[list[str]]:
    """Return the theorems that take part, by the longest way from one that uses none, each beside what it uses."""
    turned = used(by)
    depths: dict[str, int] = {}

    def depth(name: str, above: tuple[str, ...] = ()) -> int:
        if name not in depths and name not in above:  # a circle of references is drawn, not followed
            depths[name] = 1 + max((depth(other, (*above, name)) for other in by[name]), default=-1)
        return depths.get(name, 0)

    taking_part = [name for name in by if by[name] or turned[name]]
    deepest = max(map(depth, taking_part), default=-1)
    found = [[name for name in taking_part if depth(name) == column] for column in range(deepest + 1)]
    places: dict[str, float] = {}
    for column in found:
        column.sort(key=lambda name: sum(places[o] for o in by[name] if o in places) / max(len(by[name]), 1))
        places.update({name: float(row) for row, name in enumerate(column)})
    return [column for column in found if column]
