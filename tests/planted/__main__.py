"""``python -m tests.planted [--every N] [--seed S] [--show N]``: exit code 1 where an answer is wrong."""

# ruff: noqa: T201 - printing is what it is for
from __future__ import annotations

import argparse
import sys

from tests.planted.campaign import run


def main() -> int:
    """Plant, judge, and say what was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.planted", description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="of all slips, every so many")
    parser.add_argument("--seed", type=int, default=1, help="of the points at which the numbers are computed")
    parser.add_argument("--show", type=int, default=10, help="how many wrong answers, and open ones, are shown")
    options = parser.parse_args()
    tally = run(options.every, options.seed)
    for outcome in tally.bad[: options.show]:
        print(f"{outcome.bad} ({outcome.step.name}, {outcome.slip}), by the numbers {outcome.truth}\n{outcome.said}\n")
    for outcome in [one for one in tally.outcomes if one.word == "undecided"][: options.show]:
        print(f"open ({outcome.step.name}, {outcome.slip}), by the numbers {outcome.truth}\n{outcome.said}\n")
    for text in tally.unsupported:
        print(f"not read: {text}")
    print(tally.table())
    return 1 if tally.bad else 0


if __name__ == "__main__":
    sys.exit(main())
