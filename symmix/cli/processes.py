"""Working on theorems in several processes: the same results, in the same order; loaded for several jobs alone."""

from __future__ import annotations

import multiprocessing
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import TypeVar

from symmix.catalogue import Place
from symmix.cli.terminal import progress
from symmix.theorems import Script

Found = TypeVar("Found")
Work = Callable[[Script], Found]


def together(work: Work[Found], places: Sequence[Place], jobs: int) -> Iterator[Found]:
    """Run through what comes of some work on each theorem, in their order."""
    others = set(multiprocessing.active_children())
    with ProcessPoolExecutor(jobs, multiprocessing.get_context(_method()), initializer=_stand_by) as pool:
        try:
            given = {place: pool.submit(_at, work, place.path, place.id) for place in _longest_first(places)}
            for number, place in enumerate(places, start=1):
                progress(f"[{number}/{len(places)}] {place.id}")
                yield _result(given[place], work, place)
        except BaseException:  # nobody waits for the rest
            for process in set(multiprocessing.active_children()) - others:
                process.terminate()
            raise


def _longest_first(places: Sequence[Place]) -> list[Place]:
    """Return theorems by how long their files are: what takes long is begun soon, or the others would wait for it."""
    return sorted(places, key=lambda place: -place.path.stat().st_size)


def _result(future: Future[tuple[Found] | None], work: Work[Found], place: Place) -> Found:
    """Return what came of the work; where nothing did, it is done here: errors are those of one process."""
    try:
        result = future.result()
    except BrokenProcessPool:  # a process ended: killed for want of memory, say
        result = None
    return work(place.script()) if result is None else result[0]


# -- in the other processes ---


def _method() -> str:
    """Return how processes begin: as copies of this one where that is safe, so that nothing is loaded twice."""
    return "fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn"


def _stand_by() -> None:
    """Leave Ctrl-C to the process that somebody watches."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _at(work: Work[Found], path: Path, name: str) -> tuple[Found] | None:
    """Work on one theorem of a file; nothing comes back if it goes wrong."""
    try:
        return (work(Place(path, name).script()),)
    except (Exception, SystemExit):  # noqa: BLE001 - whatever it is, it shows where the work is done again
        return None
