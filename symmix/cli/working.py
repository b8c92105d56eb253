"""Working on several theorems, one after the other or in several processes: the same results, in the same order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from symmix.catalogue import Place
from symmix.cli.terminal import progress
from symmix.theorems import Script

Found = TypeVar("Found")
Work = Callable[[Script], Found]


def each(work: Work[Found], places: Sequence[Place], jobs: int = 1) -> Iterator[Found]:
    """Run through what comes of some work on each theorem; show somebody who watches where the run is.

    Others go on working while it is looked at what came of one.

    Parameters
    ----------
    work
        For more than one job it has to be a function of a module, and what it returns plain data.
    places
        Where the theorems stand.
    jobs
        How many processes share the work. What goes wrong in one of them is done again here, where it shows as if
        there were none.
    """
    jobs = min(jobs, len(places))
    if jobs < 2:
        yield from _alone(work, places)
    else:
        from symmix.cli.processes import together  # noqa: PLC0415  # for several jobs alone

        yield from together(work, places, jobs)
    progress("")


def _alone(work: Work[Found], places: Sequence[Place]) -> Iterator[Found]:
    for number, place in enumerate(places, start=1):
        progress(f"[{number}/{len(places)}] {place.id}")
        yield work(place.script())
