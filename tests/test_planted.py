"""Slips planted by rules of their own and judged by numbers of their own: none is believed, no right line refused."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest

from symmix import check_derivation
from tests.planted.campaign import CAUGHT, judge, planted, run, truth
from tests.planted.points import point
from tests.planted.settings import Step, steps
from tests.planted.slips import KINDS

CHAIN = """\
let X: n x d, w: d, y: n, lam in [0,1], M: d x d, m
L := 1/2 |X w - y|^2 + lam/2 |w|^2
dL/dw = X^T (X w - y) + lam w = (X^T X + lam I_d) w - X^T y
given M X^T X = I_d
M X^T X w = w
random lam: E[lam] = m
(2 - m)/n (1_n^T y) = 1/n sum_{i<n} E_lam[y[i] + (1 - lam) y[i]]
"""


def right() -> list[Step]:
    return list(steps("chain", CHAIN))


def test_what_is_right_is_right_by_the_numbers_and_what_is_not_is_not() -> None:
    first = right()[0]
    world = [point(first, Random(5), distinct=True)]
    assert truth(first, first.right, world) == "true"
    assert truth(first, "X^T (X w - y) - lam w", world) == "wrong"
    assert truth(first, "(X w - y)^T X + lam w", world) == "shapes"


def test_every_kind_of_slip_is_planted_at_every_step_that_has_room_for_it() -> None:
    found = [{edit.kind for edit in planted(step)} for step in right()]
    assert set().union(*found) == set(KINDS)
    assert min(len(planted(step)) for step in right()) > 3


def test_an_edit_changes_one_place_of_the_text() -> None:
    step = right()[1]
    texts = [edit.of(step.right) for edit in planted(step)]
    assert {"(X^T X - lam I_d) w - X^T y", "(X X + lam I_d) w - X^T y", "w (X^T X + lam I_d) - X^T y"} <= set(texts)
    assert len(texts) == len(set(texts))
    assert step.right not in texts


def test_a_point_meets_what_is_assumed() -> None:
    step = right()[2]
    world = point(step, Random(1), distinct=True)
    X, M = world.values["X"], world.values["M"]
    assert [[entry == Fraction(int(i == j)) for j, entry in enumerate(row)] for i, row in enumerate(M @ X.T @ X)]
    assert truth(step, "w + w", [world]) == "wrong"


def test_slips_of_a_derivation_with_hypotheses_and_means_are_all_caught() -> None:
    step = right()[3]
    outcomes = list(judge(step, planted(step)[::4], [point(step, Random(2), distinct=at < 2) for at in range(3)]))
    assert [outcome.said for outcome in outcomes if outcome.bad] == []
    assert any(outcome.word in CAUGHT for outcome in outcomes)


def test_zeros_with_a_sign_and_among_matrices_have_their_shape() -> None:
    """What the planter found: right lines that were not read."""
    report = check_derivation("let A: n x k\nA - A = -0\n0 - A = -A - 0\n-0 = A - A\n")
    assert [finding.word for finding in report.findings] == ["proved", "proved", "proved"]


def test_a_norm_may_begin_with_a_sign() -> None:
    report = check_derivation("let x: n, y: n\n|x - y|^2 = |-x + y|^2 = -2 x^T y + |-x|^2 + |y|^2\n")
    assert [finding.word for finding in report.findings] == ["proved", "proved"]


@pytest.mark.slow
def test_no_slip_of_a_sample_is_believed_and_no_true_line_is_refused() -> None:
    tally = run(every=170, seed=11)
    assert [f"{one.bad}\n{one.said}" for one in tally.bad] == []
    assert tally.unsupported == []
    wrong = [one for one in tally.outcomes if one.truth != "true"]
    assert len(wrong) > 25
    assert sum(bool(one.cause) for one in wrong) > len(wrong) / 2
