"""A long run: ``python -m tests.fuzz --statements 20000 --seed 7``, or one statement of it with ``--only 123``."""

# ruff: noqa: T201 - printing is what it is for
from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from random import Random

from tests.fuzz.border import decide
from tests.fuzz.campaign import Tally, run, statement
from tests.fuzz.judge import judged


def main() -> int:
    """Run, and say what was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--statements", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=Random().randrange(10**6))
    parser.add_argument("--only", type=int, help="the number of one statement, which is shown with its answer")
    parser.add_argument("--refused", action="store_true", help="show plain statements that were refused")
    parser.add_argument("--show", type=int, default=3, help="how many findings of a family are shown")
    options = parser.parse_args()
    if options.only is not None:
        return _one(options.seed, options.only)
    print(f"seed {options.seed}", flush=True)
    start = time.perf_counter()
    tally = run(decide, options.statements, options.seed)
    _report(tally, options.show, time.perf_counter() - start)
    if options.refused:
        for number, claim, answer in tally.refused:
            print(f"\nrefused, statement {number}\n{claim}\n{answer.detail}")
    return 1 if tally.findings else 0


def _one(seed: int, number: int) -> int:
    claim = statement(seed, number)
    answer = decide(claim)
    print(f"{claim}\n{answer}\n{judged(claim, answer, Random(f'points {seed} {number}')) or 'nothing is wrong'}")
    return 0


def _report(tally: Tally, show: int, seconds: float) -> None:
    shown: Counter[str] = Counter()
    for finding in tally.findings:
        shown[finding.claim.family] += 1
        if shown[finding.claim.family] <= show:
            print(f"\n{finding}")
    print(f"\n{tally.table()}\n")
    print(f"plain statements refused: {len(tally.refused)} of {tally.plain}")
    print(f"true statements not proved: {tally.lost} of {tally.true}")
    print(f"{tally.statements} statements in {seconds:.0f} s, {len(tally.findings)} wrong answers {dict(shown)}")


if __name__ == "__main__":
    sys.exit(main())
