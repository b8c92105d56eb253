"""Whether expressions vanish where hypotheses hold: what is quick comes first, and points before what takes long."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from symmix.deciding.consequence import Known
from symmix.deciding.squares import by_squares
from symmix.deciding.turning import turned_in
from symmix.kernel.cofactors import Hypothesis
from symmix.kernel.points import Model
from symmix.metering import is_counted
from symmix.search.combinations import MULTIPLES, Effort
from symmix.verdict import Turned, Way

_GLANCE = 4  # draws of a first look for a point: one in thirty of the points that a few draws find comes later,
_FEW = 24  # and of a second
_EFFORTS = ((80, 4 * _FEW), (MULTIPLES, None))  # multiples of hypotheses that are combined, then draws, in turns


def follow(
    goals: Sequence[Hypothesis], known: Known, fails: Callable[[int | None], Model | None]
) -> tuple[Way, ...] | Model | Effort:
    """Return a way for each goal, or a point at which some fails, or what was tried."""
    found = at_first(goals, known, fails)
    return found if isinstance(found, Model) else at_length(goals, known, fails, found)


def at_first(
    goals: Sequence[Hypothesis], known: Known, fails: Callable[[int | None], Model | None]
) -> list[Way | None] | Model:
    """Return a way for each goal as far as rewriting finds one, or a point at which some goal fails.

    ``fails(count)`` looks for a point in so many draws, ``fails(None)`` thoroughly: combining takes time, and false
    statements mostly fail at the first points. Where work is counted the second look comes first, too: what a system of
    symbols takes to combine may be all that is allowed.
    """
    ways = [known.rewritten(goal) for goal in goals]
    glance = _FEW if is_counted() else _GLANCE
    for draws, search in ((glance, known.briefly), (_FEW, known.squared)):
        point = fails(draws) if None in ways else None
        if point is not None:
            return point
        ways = [way or search(goal) for goal, way in zip(goals, ways, strict=True)]
    return ways


def at_length(
    goals: Sequence[Hypothesis],
    known: Known,
    fails: Callable[[int | None], Model | None],
    rewritten: Sequence[Way | None],
) -> tuple[Way, ...] | Model | Effort:
    """Return a way for each goal, searched for where rewriting has found none, or a point, or what was tried."""
    turns = turned_in(known) if None in rewritten else ()
    searched: list[Way | Effort | None] = list(rewritten)
    for most, draws in _EFFORTS:  # neither side waits long for the other
        pairs = zip(goals, searched, strict=True)
        searched = [way if isinstance(way, Way) else _searched(goal, known, turns, most) for goal, way in pairs]
        point = fails(draws) if any(isinstance(way, Effort) for way in searched) else None
        if point is not None:
            return point
    last = [by_squares(g, known) or w if isinstance(w, Effort) else w for g, w in zip(goals, searched, strict=True)]
    return next((way for way in last if isinstance(way, Effort)), tuple(way for way in last if isinstance(way, Way)))


def _searched(goal: Hypothesis, known: Known, turns: tuple[Turned, ...], most: int) -> Way | Effort:
    """Search for a way, also with products of square matrices turned round: what is quick comes first."""
    more = replace(known, hypotheses=(*known.hypotheses, *(turned.hypothesis for turned in turns)))
    quick = more.rewritten(goal) or more.squared(goal) if turns else None
    if quick is not None:
        return replace(quick, turned=turns)
    found = known.combined(goal, most)
    if isinstance(found, Way) or not turns:
        return found
    again = more.combined(goal, most)
    return replace(again, turned=turns) if isinstance(again, Way) else again
