"""``python -m tests.planted [--every N] [--seed S]``: exit code 1 where an answer is wrong."""

# ruff: noqa: T201 - printing is what it is for
from __future__ import annotations

import argparse
import sys

from tests.planted.campaign import Outcome, run


def main() -> int:
    """Plant, judge, and say what was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.planted", description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="of all slips, every so many")
    parser.add_argument("--seed", type=int, default=1, help="of the points at which the numbers are computed")
    options = parser.parse_args()
    tally = run(options.every, options.seed, _tell)
    for text in tally.unsupported:
        print(f"not read: {text}")
    print(tally.table())
    return 1 if tally.bad else 0


def _tell(outcome: Outcome) -> None:
    what = outcome.bad or ("open" if outcome.word == "undecided" else "")
    if what:
        place = f"{outcome.step.name}, {outcome.slip or 'as it is'}"
        print(f"{what} ({place}), by the numbers {outcome.truth}\n{outcome.said}\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
