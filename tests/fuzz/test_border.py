"""Random statements against the border: proved is true at every point tried, refuted is false at its witness.

A sample runs always, twice as many with ``-m slow``. ``SYMMIX_FUZZ_STATEMENTS`` and ``SYMMIX_FUZZ_SEED`` make
either another run; ``python -m tests.fuzz`` makes a long one.
"""

from __future__ import annotations

import os
from collections import Counter

import pytest

from tests.fuzz.border import decide
from tests.fuzz.campaign import FAMILIES, Tally, run

SEED = int(os.environ.get("SYMMIX_FUZZ_SEED", "20"))


@pytest.fixture(
    scope="module", params=[pytest.param(200, id="a sample"), pytest.param(400, id="many", marks=pytest.mark.slow)]
)
def tally(request: pytest.FixtureRequest) -> Tally:
    return run(decide, int(os.environ.get("SYMMIX_FUZZ_STATEMENTS", request.param)), SEED)


def test_no_verdict_is_wrong_and_nothing_crashes(tally: Tally) -> None:
    shown = "\n\n".join(str(finding) for finding in tally.findings[:20])
    assert not tally.findings, f"{len(tally.findings)} wrong answers with seed {SEED}:\n{shown}\n\n{tally.table()}"


def test_plain_statements_are_hardly_ever_refused(tally: Tally) -> None:
    shown = "\n\n".join(f"statement {n}\n{claim}\n{answer.detail}" for n, claim, answer in tally.refused[:10])
    assert len(tally.refused) <= tally.plain * 0.02, f"seed {SEED}, {len(tally.refused)} of {tally.plain}:\n{shown}"


def test_no_plain_kind_is_refused_as_a_whole(tally: Tally) -> None:
    refused = Counter(claim.family for _, claim, _ in tally.refused)
    often = [family for family, count in refused.items() if count > 0.2 * tally.decided(family)]
    assert not often, f"seed {SEED}\n{tally.table()}"


def test_true_statements_are_hardly_ever_lost(tally: Tally) -> None:
    assert tally.lost <= tally.true * 0.1, f"seed {SEED}: {tally.lost} of {tally.true} were not proved"


def test_both_verdicts_occur(tally: Tally) -> None:
    """A decider that never commits itself is never wrong: the plain kinds are proved and refuted."""
    for word in ("proved", "refuted"):
        count = sum(
            tally.words[family, word] for family in ("identity", "moments", "hessians", "samples", "hypothesis")
        )
        assert count > tally.statements // len(FAMILIES), f"{count} {word}\n{tally.table()}"
