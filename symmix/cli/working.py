"""Working on several theorems, one after the other or in several processes: the same results, in the same order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from symmix.cli.terminal import progress
from symmix.theorems import Script

Found = TypeVar("Found")
Work = Callable[[Script], Found]


def each(work: Work[Found], scripts: Sequence[Script], jobs: int = 1) -> Iterator[Found]:
    """Run through what comes of some work on each theorem; show somebody who watches where the run is.

    Others go on working while it is looked at what came of one.

    Parameters
    ----------
    work
        For more than one job it has to be a function of a module, and what it returns plain data.
    scripts
        The theorems.
    jobs
        How many processes share the work. What goes wrong in one of them is done again here, where it shows as if
        there were none.
    """
    jobs = min(jobs, len(scripts))
    if jobs < 2:
        yield from _alone(work, scripts)
    else:
        from symmix.cli.processes import together  # noqa: PLC0415  # for several jobs alone

        yield from together(work, scripts, jobs)
    progress("")


def _alone(work: Work[Found], scripts: Sequence[Script]) -> Iterator[Found]:
    for number, script in enumerate(scripts, start=1):
        progress(f"[{number}/{len(scripts)}] {script.id}")
        yield work(script)
