"""Whether expressions vanish where hypotheses hold: what is quick comes first, and points before what takes long."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from symmix.deciding.consequence import Known
from symmix.deciding.squares import by_squares
from symmix.kernel.cofactors import Hypothesis
from symmix.kernel.points import Model
from symmix.search.combinations import Effort
from symmix.verdict import Way

_FEW = 24  # draws of a first look for a point


def follow(
    goals: Sequence[Hypothesis], known: Known, fails: Callable[[int | None], Model | None]
) -> tuple[Way, ...] | Model | Effort:
    """Return a way for each goal, or a point at which some fails, or what was tried.

    ``fails(count)`` looks for a point in so many draws, ``fails(None)`` thoroughly: combining takes time, and false
    statements mostly fail at the first points.
    """
    rewritten = [known.rewritten(goal) for goal in goals]
    found = tuple(way for way in rewritten if way is not None)
    if len(found) == len(goals):
        return found
    point = fails(_FEW)
    if point is not None:
        return point
    searched = [way or known.combined(goal) for goal, way in zip(goals, rewritten, strict=True)]
    if any(isinstance(way, Effort) for way in searched):
        point = fails(None)
        if point is not None:
            return point
    last = [by_squares(g, known) or w if isinstance(w, Effort) else w for g, w in zip(goals, searched, strict=True)]
    return next((way for way in last if isinstance(way, Effort)), tuple(way for way in last if isinstance(way, Way)))
