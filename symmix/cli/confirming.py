"""What ``--confirm`` adds to a command: numbers beside the verdicts, for many theorems at once, and their table."""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed

from rich.table import Table

from symmix.cli.terminal import console, progress
from symmix.confirmation import WAYS, Confirmation
from symmix.confirming import confirm
from symmix.theorems import Outcome

_FEW = 3  # theorems for which another process is not worth its start
_shared: list[Outcome] = []  # what forked processes find where they begin


def confirmed(outcomes: Sequence[Outcome], seed: int) -> list[Confirmation]:
    """Confirm theorems, on all cores where processes can be forked, and show somebody who watches how far it is."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    forks = "fork" in multiprocessing.get_all_start_methods() and sys.platform == "linux"
    if len(outcomes) <= _FEW or cores < 2 or not forks:
        found = []
        for number, outcome in enumerate(outcomes):
            _show(number, len(outcomes), outcome.script.id)
            found.append(confirm(outcome, seed))
        progress("")
        return found
    return _forked(outcomes, seed, min(cores, 8))


def _forked(outcomes: Sequence[Outcome], seed: int, cores: int) -> list[Confirmation]:
    """Confirm in processes that have the outcomes already: what was decided is not for sending."""
    _shared[:] = outcomes
    found: dict[int, Confirmation] = {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # threads of NumPy's libraries, which stay idle
            with ProcessPoolExecutor(cores, multiprocessing.get_context("fork")) as pool:
                running = {pool.submit(_confirm_shared, number, seed): number for number in range(len(outcomes))}
                for done in as_completed(running):
                    found[running[done]] = done.result()
                    _show(len(found), len(outcomes), found[running[done]].id)
    finally:
        _shared.clear()
    progress("")
    return [found[number] for number in range(len(outcomes))]


def _confirm_shared(number: int, seed: int) -> Confirmation:
    return confirm(_shared[number], seed)


def _show(done: int, of: int, name: str) -> None:
    """Show a bar."""
    filled = round(20 * done / max(1, of))
    progress(f"confirming [{'=' * filled}{' ' * (20 - filled)}] {done}/{of} {name}")


# -- what is printed ---


def print_confirmations(confirmations: Sequence[Confirmation], begin: float, *, verbose: bool) -> None:
    """Print each confirmation, or a table of them; what was not compared, and what disagrees, is printed always."""
    if verbose:
        for confirmation in confirmations:
            print(f"{confirmation}\n")
    else:
        _print_table(confirmations)
        for confirmation in confirmations:
            for line in _remarks(confirmation):
                print(line)
    absent = list(dict.fromkeys(line for c in confirmations for line in c.absent))
    for line in absent if not verbose else ():
        print(line)
    print(_conclusion(confirmations, time.perf_counter() - begin))


def _print_table(confirmations: Sequence[Confirmation]) -> None:
    ways = [way for way in WAYS if any(row.way == way for c in confirmations for row in c.rows)]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("theorem", *(f"{WAYS[way][0]}: cases" for way in ways), "near misses", "not compared", "ms"):
        table.add_column(heading, overflow="fold", justify="left" if heading == "theorem" else "right")
    for c in confirmations:
        rows = {row.way: row for row in c.rows}
        cells = [str(rows[way].cases) if way in rows else "" for way in ways]
        fail = min((row.misses for row in c.rows), default=0)
        of = max((row.of_misses for row in c.rows), default=0)
        left = sum(len(row.skipped) for row in c.rows)
        table.add_row(c.id, *cells, f"{fail} of {of}", str(left or ""), f"{c.seconds * 1000:.0f}")
    console().print(table)


def _remarks(confirmation: Confirmation) -> Iterator[str]:
    for row in confirmation.rows:
        name = WAYS[row.way][0]
        yield from (f"{confirmation.id}: {name}: not compared: {remark}" for remark in row.skipped)
        yield from (f"{confirmation.id}: {name}: DISAGREES: {remark}" for remark in row.disagreements)


def _conclusion(confirmations: Sequence[Confirmation], seconds: float) -> str:
    cases = sum(c.cases for c in confirmations)
    said = f"{cases} cases, seed {confirmations[0].seed}, {cases / max(seconds, 1e-3):.0f} cases a second"
    failed = [c.id for c in confirmations if not c.agrees]
    if failed:
        return f"NOT CONFIRMED {', '.join(failed)}: {said}"
    if len(confirmations) == 1:
        return f"CONFIRMED {confirmations[0].id}: {said}"
    return f"CONFIRMED {len(confirmations)} of {len(confirmations)} theorems: {said}"
