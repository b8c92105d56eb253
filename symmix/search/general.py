"""Proposes points of given sizes at which hypotheses hold, in general position: nothing is made simple."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from symmix.kernel.points import Model
from symmix.kernel.questions import Question
from symmix.search.witnesses import Solver

_GENERAL = 17  # draws after which entries and scalars are no longer the simplest ones


def general_point(question: Question, sizes: Mapping[str, int], random: Random, attempts: int = 16) -> Model | None:
    """Return a point of these sizes that answers the question with yes, or None if none was found."""
    solver = Solver.of(question)
    for attempt in range(attempts):
        drawn = solver.drawn(_GENERAL + 4 * attempt, random, sizes)
        found = None if drawn is None else solver.completed(drawn, attempt)
        if found is not None and question.answered_by(found):
            return found
    return None
