"""No slip in a file of theorems is PROVED unless it keeps it true: the catalogue's texts, changed as by a hand."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import islice

import pytest

from tests.text_slips import Slip, changes, judged, planted

LONG = ("mixing_graph", "thresholds", "cross_terms", "softmax", "many_way")  # seconds each
QUICK, WHOLE = 7, pytest.param(1, marks=pytest.mark.slow)  # every so many theorems


@cache
def every_slip(every: int) -> tuple[Slip, ...]:
    return tuple(planted(every))


@pytest.mark.parametrize("every", [QUICK, WHOLE])
def test_there_are_slips_of_each_kind_in_every_theorem(every: int) -> None:
    found = every_slip(every)
    kinds = Counter(slip.kind for slip in found)
    assert len(kinds) >= 11
    assert min(kinds.values()) >= 5
    assert len({slip.theorem for slip in found}) >= 46 // every
    assert len({slip.text for slip in found}) > 0.9 * len(found)


def test_a_slip_changes_one_place() -> None:
    found = dict.fromkeys(changed for _, changed in changes("A^T B + (1 - lam) z' = 2 lam A B z where e = 0, f = 0"))
    assert {
        "A B + (1 - lam) z' = 2 lam A B z where e = 0, f = 0",
        "A^T B - (1 - lam) z' = 2 lam A B z where e = 0, f = 0",
        "A^T B + (1 - lam) z' = 3 lam A B z where e = 0, f = 0",
        "A^T B + lam z' = 2 lam A B z where e = 0, f = 0",
        "A^T B + (1 - lam) z' = 2 lam B A z where e = 0, f = 0",
        "A^T B + (1 - lam) z = 2 lam A B z where e = 0, f = 0",
        "A^T B + (1 - lam) z' = 2 lam A B z",
        "A^T B + (1 - lam) z' = 2 lam A B z where f = 0",
    } <= found.keys()


@pytest.mark.parametrize("every", [QUICK, WHOLE])
def test_a_slip_is_refuted_or_rejected_unless_the_line_stays_true(every: int) -> None:
    short = [slip for slip in every_slip(every) if not slip.theorem.startswith(LONG)]
    kinds = sorted({slip.kind for slip in short})
    sample = [next(islice((slip for slip in short if slip.kind == kind), 3, None)) for kind in kinds]
    words = Counter(judged(slip) for slip in sample)
    assert words["refuted"] >= 3, words
    assert words["undecided"] <= 1, words
