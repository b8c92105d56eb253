"""Confirming a theorem by numbers: every way of looking, and what they came to."""

from __future__ import annotations

import time

from symmix.confirmation import Confirmation, Row, Tally
from symmix.confirming.bench import Bench
from symmix.confirming.searching import search
from symmix.theorems import Outcome


def confirm(outcome: Outcome, seed: int = 0, examples: int = 13) -> Confirmation:
    """Compare everything that was decided about a theorem with numbers.

    Parameters
    ----------
    outcome
        What `Script.prove` returned.
    seed
        Fixes all points.
    examples
        How many points Hypothesis tries for each statement that is said to hold.
    """
    begin = time.perf_counter()
    bench = Bench(outcome, seed)
    bench.run()
    absent = search(bench, examples)
    rows = tuple(_row(way, tally, bench) for way, tally in bench.tallies.items())
    return Confirmation(outcome.script.id, outcome.digest, seed, time.perf_counter() - begin, rows, absent)


def _row(way: str, tally: Tally, bench: Bench) -> Row:
    about = [stated for stated in bench.stated if way != "numbers" or bench.about_own(stated)]
    statements = len(about) + (len(bench.outcome.theorem.numbers) if way == "numbers" else 0)
    misses = sum(stated.role == "miss" for stated in about)
    return Row(
        way,
        tally.cases,
        len(tally.statements),
        statements,
        len(tally.misses),
        misses,
        tuple(filter(None, tally.sizes)),
        tally.rounded,
        tuple(dict.fromkeys(tally.skipped)),
        tuple(tally.disagreements),
    )
