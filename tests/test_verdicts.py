"""Verdicts have three values and no truth value."""

from __future__ import annotations

import pytest

from symmix import Proved, Refuted, Undecided
from symmix.errors import StatementError
from symmix.kernel.arrays import Array
from symmix.kernel.networks import constant
from symmix.verdict import NormalForm, Verdict, all_of

PROOF, OTHER = (Proved((NormalForm(Array(constant(number))),)) for number in (1, 2))
NO, MAYBE = Refuted(None), Undecided("a lemma")


@pytest.mark.parametrize("verdict", [PROOF, NO, MAYBE], ids=lambda verdict: verdict.word)
def test_a_verdict_has_no_truth_value(verdict: Verdict) -> None:
    for use in (bool, lambda v: not v, lambda v: v and v, lambda v: 1 if v else 0, lambda v: all([v])):
        with pytest.raises(StatementError, match=f"'{verdict.word}' where a condition was expected"):
            use(verdict)


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ([PROOF], PROOF),
        ([PROOF, OTHER], Proved(PROOF.evidence + OTHER.evidence)),
        ([PROOF, MAYBE], MAYBE),
        ([MAYBE, NO], NO),
        ([NO, MAYBE, PROOF], NO),
        ([MAYBE, PROOF, Undecided("another")], MAYBE),
    ],
)
def test_a_conjunction_is_as_good_as_its_worst_part(parts: list[Verdict], whole: Verdict) -> None:
    assert all_of(parts) == whole


def test_words() -> None:
    assert [v.word for v in (PROOF, NO, MAYBE)] == ["proved", "refuted", "undecided"]
