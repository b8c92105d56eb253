"""What a check says about itself: its verdict, its power, its corners, its first failure."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest

from symmix.errors import DimensionError, NotationError
from symmix.numeric import Report, assert_gradient, check_gradient, complex_step, exact_differences
from symmix.numeric.cases import corners, integer_batches, integer_pairs, normal_batches
from symmix.numeric.enclosure import Enclosure
from symmix.numeric.gradients import manifold_mixup_gradient
from symmix.numeric.grids import grid_batches, grid_size, watched
from symmix.numeric.objectives import manifold_mixup_loss

ORACLES = (exact_differences, complex_step)


def _off_in_one_entry(**case: Any) -> Any:
    gradient = manifold_mixup_gradient(**case)
    gradient["W"] = gradient["W"].copy()
    gradient["W"][3, 1, 2] += 1
    return gradient


def test_the_first_failure_can_be_run_again() -> None:
    batches = list(integer_batches(1, 10, ((1, 2), (2, 3))))
    report = check_gradient(_only_on(2, 3), manifold_mixup_loss, batches, wrt=("z", "W"), oracle=exact_differences)
    failure = report.first_failure
    assert report.verdict == "failed"
    assert report.failures == 1
    assert failure is not None
    assert (failure.case, failure.variable, failure.index) == (13, "W", (1, 2))
    again = manifold_mixup_gradient(**failure.variables)["W"][failure.index]
    assert failure.expected == again == failure.claimed - 1
    assert failure.allowed == 0
    assert f"case 13: the derivative by W[1, 2] is {failure.expected!r}, not {failure.claimed!r}" in str(report)
    assert f"z = {failure.variables['z'].tolist()}" in str(report)


def _only_on(k: int, h: int) -> Any:
    def gradient(**case: Any) -> Any:
        return _off_in_one_entry(**case) if case["W"].shape[1:] == (k, h) else manifold_mixup_gradient(**case)

    return gradient


@pytest.mark.parametrize(
    "batches", [[], [{name: v[:0] for name, v in integer_pairs(np.random.default_rng(0), 1, 2, 1).items()}]]
)
@pytest.mark.parametrize("oracle", ORACLES)
def test_a_check_that_ran_no_case_fails(oracle: Any, batches: Any) -> None:
    report = check_gradient(manifold_mixup_gradient, manifold_mixup_loss, batches, wrt=("z",), oracle=oracle)
    assert report.verdict == "nothing compared"
    assert not report.passed
    assert report.smallest_error_seen == report.seen_in_most_cases == float("inf")
    with pytest.raises(AssertionError, match="nothing compared: 0 cases"):
        assert_gradient(manifold_mixup_gradient, manifold_mixup_loss, batches, wrt=("z",), oracle=oracle)


def test_a_report_has_no_truth_value() -> None:
    batches = integer_batches(1, 5)
    report = check_gradient(manifold_mixup_gradient, manifold_mixup_loss, batches, wrt=("z",), oracle=exact_differences)
    with pytest.raises(TypeError, match=r"a report has no truth value: ask for report\.passed or report\.verdict"):
        bool(report)


@pytest.mark.parametrize("oracle", ORACLES)
def test_the_stated_power_is_true(oracle: Any) -> None:
    draw = integer_batches if oracle is exact_differences else normal_batches

    def run(relative: float) -> Report:
        def scaled(**case: Any) -> Any:
            return {name: g * (1 + relative) for name, g in manifold_mixup_gradient(**case).items()}

        batches = draw(2, 100, ((3, 4),))
        return check_gradient(scaled, manifold_mixup_loss, batches, wrt=("z", "W", "b"), oracle=oracle)

    right = run(0.0)
    assert right.passed
    # twice eps where exact: 1 + eps times a number may round back
    assert run(2 * right.smallest_error_seen).failures >= 1
    assert run(2 * right.seen_in_most_cases).failures >= 95
    assert right.smallest_error_seen <= right.seen_in_most_cases < 1e-12
    assert f"{right.smallest_error_seen:.1e} if present throughout" in str(right)


def test_corners_are_those_that_ran() -> None:
    report = check_gradient(
        manifold_mixup_gradient,
        manifold_mixup_loss,
        [integer_pairs(np.random.default_rng(0), 3, 2, 50)],
        wrt=("z",),
        oracle=exact_differences,
    )
    assert set(report.corners) == {"lam = 0", "lam = 1/2", "lam = 1", "k > h"}
    assert "missing: k < h, k = 1, h = 1" in str(report)
    assert corners({"x": np.zeros((1, 2))}) == frozenset()


@pytest.mark.parametrize("oracle", ORACLES)
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_values_that_are_no_numbers_fail(oracle: Any, bad: float) -> None:
    def broken(**case: Any) -> Any:
        return {"b": np.full_like(case["b"], bad)}

    batches = integer_batches(1, 5)
    assert check_gradient(broken, manifold_mixup_loss, batches, wrt=("b",), oracle=oracle).failures == 40


def test_malformed_gradients_are_refused() -> None:
    batches = list(integer_batches(1, 5, ((2, 3),)))

    def check(gradient: Any) -> Any:
        return check_gradient(gradient, manifold_mixup_loss, batches, wrt=("z", "b"), oracle=exact_differences)

    with pytest.raises(NotationError, match="a gradient by b, since wrt lists it\n arrived: gradients by z"):
        check(lambda **case: {"z": case["z"]})
    with pytest.raises(NotationError, match="arrived: gradients by nothing"):
        check(lambda **_: {})
    with pytest.raises(DimensionError, match=r"shaped like z, \(5, 3\)\n arrived: shape \(3,\)"):
        check(lambda **case: {"z": case["z"].sum(axis=0), "b": case["b"]})


def test_an_enclosure_accepts_what_is_allowed_and_nothing_else() -> None:
    enclosure = Enclosure(np.array([1.0, 1.0, 1.0]), np.array([0.5, 0.5, np.inf]))
    assert enclosure.agrees(np.array([1.5, 1.75, 9.0])).tolist() == [True, False, True]
    assert enclosure.comparable().tolist() == [True, True, False]
    assert not Enclosure(np.array([1.0]), None).agrees(np.array([np.nan])).any()


def test_the_grid_lists_every_case_once_and_the_smallest_first() -> None:
    seen: dict[tuple[int, ...], set[bytes]] = {}
    order = []
    for case in grid_batches([(1, 1), (1, 2)], batch=5000):
        size = case["W"].shape[1:]
        order.append(size)
        assert len(case["lam"]) <= 5000
        rows = np.concatenate([v.reshape(len(v), -1) for v in case.values()], axis=1)
        seen.setdefault(size, set()).update(row.tobytes() for row in rows)
        assert set(np.unique(case["lam"])) <= {0.0, 0.5, 1.0}
        assert set(np.unique(rows)) <= {-1.0, 0.0, 0.5, 1.0}
    assert order == sorted(order)
    assert {size: len(rows) for size, rows in seen.items()} == {(1, 1): 2187, (1, 2): 59049}
    assert grid_size([(2, 1)]) == 177147


def test_the_folded_bias_takes_three_values() -> None:
    case = next(grid_batches([(2, 2)], batch=9))
    assert np.unique(case["b"], axis=0).tolist() == [[-1.0, 1.0], [0.0, 0.0], [1.0, -1.0]]
    assert next(grid_batches([(2, 2)], fold=False, batch=9))["b"].shape == (9, 2)


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_drawn_for_a_terminal_only() -> None:
    terminal, pipe = _Terminal(), io.StringIO()
    for stream in (terminal, pipe):
        assert len(list(watched(grid_batches([(1, 1)], batch=1000), 2187, stream))) == 3
    assert pipe.getvalue() == ""
    assert terminal.getvalue().endswith("100%  2187 of 2187 cases\n")
    assert terminal.getvalue().count("\r") == 3
