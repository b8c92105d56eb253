"""The check of a step: correct ones in all conventions pass, and every planted defect is found and named."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

import numpy as np
import pytest

from symmix.catalogue import load
from symmix.errors import ImplementationError
from symmix.testing import StepReport, assert_mixup_step, check_mixup_step
from symmix.testing.batches import step_batches
from symmix.testing.calling import Observation
from symmix.testing.conventions import conventions
from symmix.testing.matching import differing, matching, unreduced
from tests.mixup_steps import CORRECT, WRONG, scalar_only, squared, with_gradients

SEEDS = range(int(os.environ.get("SYMMIX_SEEDS", "2")))


@cache
def reported(name: str) -> StepReport:
    """The report of a wrong step, once for all tests."""
    step, options, *_ = WRONG[name]
    return check_mixup_step(step, **options)


@pytest.mark.parametrize("name", CORRECT)
def test_correct_steps_pass_and_their_convention_is_told(name: str) -> None:
    step, options, words = CORRECT[name]
    for seed in SEEDS:
        report = assert_mixup_step(step, **options, seed=seed, rounds=1 + seed % 3)
        assert words in report.stated, str(report)


@pytest.mark.parametrize("name", WRONG)
def test_planted_defect_is_found_and_named(name: str) -> None:
    step, options, finding, words = WRONG[name]
    for seed in SEEDS:
        report = reported(name) if seed == 0 else check_mixup_step(step, **options, seed=seed)
        named = [found for found in report.findings if found.name == finding]
        assert report.failed
        assert named, str(report)
        assert any(words in found.message for found in named), str(report)


def test_a_failure_is_raised_with_the_report_as_its_text() -> None:
    step, options, finding, _ = WRONG["labels kept"]
    with pytest.raises(AssertionError, match=finding):
        assert_mixup_step(step, **options)


def test_theorems_that_are_named_exist() -> None:
    known = {script.id for script in load()}
    named = {found.theorem for name in WRONG for found in reported(name).findings}
    assert named - {""} <= known
    assert "detaching_the_partner_halves_the_gradient" in named


def test_the_reproducer_runs_and_shows_the_value() -> None:
    step = with_gradients(slip="sign of a cross term")
    (finding,) = check_mixup_step(step).findings
    assert finding.reproducer.startswith("step(np.array([[")
    assert "\n" not in finding.reproducer
    _, gradients = eval(finding.reproducer, {"step": step, "np": np})  # noqa: S307  # a line that we wrote
    index = tuple(int(i) for i in finding.message.partition("dz[")[2].partition("]")[0].split(","))
    assert f"is {float(gradients['z'][index])!r}, proved is" in finding.message


def test_what_cannot_be_seen_is_listed() -> None:
    report = check_mixup_step(scalar_only)
    assert report.passed
    assert report.ratios == "one a batch"
    assert set(report.undecided) == {"weighs", "pairing"}
    assert "lam weighs" not in report.stated
    for gap in (
        "whether lam weighs the own sample or the partner",
        "whether partner[i] is the partner of i or the other way round",
        "one ratio a sample: the step takes a single one",
        "gradients: the step returns the loss alone",
    ):
        assert gap in report.unseen
    seeing = check_mixup_step(with_gradients())
    assert seeing.unseen == ("how ratio and partners are drawn: see probe_mixing",)


def test_all_conventions_are_told_apart_by_rows() -> None:
    """Each convention, as a step that follows it to the letter, is the only one that fits; b alone sees less."""
    batches = list(step_batches(0, rounds=1))
    for convention in list(conventions())[::7]:
        seen = [Observation(b, convention.reduce(unreduced(b, convention)[0]), {}) for b in batches]
        assert matching(seen) == [convention], (convention, differing(matching(seen)))


def test_a_bias_gradient_alone_sees_neither_ratio_nor_pairing() -> None:
    def step(*arguments: Any) -> Any:
        loss, gradients = with_gradients()(*arguments)
        return loss, {"b": gradients["b"]}

    report = assert_mixup_step(step)
    assert report.gradients == ("b",)
    assert any("mixing_conserves_the_residual_sum" in gap for gap in report.unseen)


def test_a_report_has_no_truth_value() -> None:
    with pytest.raises(TypeError, match=r"no truth value: ask for report\.passed or report\.findings"):
        bool(check_mixup_step(squared(np.mean)))


def test_a_check_that_compared_no_batch_fails() -> None:
    def never(*_: Any) -> Any:
        return np.array(np.nan)

    report = check_mixup_step(never)
    assert report.failed
    assert report.batches == 0


def test_steps_need_not_be_named() -> None:
    class Step:
        def __call__(self, z: Any, y: Any, W: Any, b: Any, lam: Any, partner: Any) -> Any:
            return squared(np.mean)(z, y, W, b, lam, partner)

    assert_mixup_step(Step())


def noisy(z: Any, y: Any, W: Any, b: Any, lam: Any, partner: Any) -> Any:
    return squared(np.mean)(z + np.random.random(z.shape), y, W, b, lam, partner)


@pytest.mark.parametrize(
    ("step", "options", "message"),
    [
        (lambda _z, _y: 0.0, {}, r"required: a function that can be called as step\(z, y, W, b, lam, partner\)"),
        (lambda *_: None, {}, r"arrived: NoneType from <lambda>\n    help: return the loss, or \(loss, gradients\)"),
        (lambda *_: (1.0, 2.0), {}, "arrived: tuple from <lambda>"),
        (lambda *a: squared(np.mean)(*a).astype(np.float16), {}, "the loss in float32 or float64"),
        (noisy, {}, r"two calls with equal arguments that returned .*\n    help: use the lam and partner .* dropout"),
        (lambda _z, y, *_: np.eye(3)[y], {}, "labels='indices' passes class indices"),
        (squared(np.mean), {"labels": "hard"}, "arrived: 'hard'"),
        (squared(np.mean), {"criterion": "hinge"}, "required: a criterion among squared, cross entropy, bce"),
        (squared(np.mean), {"ratios": "two"}, "required: ratios among one a batch, one a sample"),
        (squared(np.mean), {"expect": {"ratio": "own"}}, "required: fields of a convention: weighs"),
        (3.0, {}, "arrived: 3.0"),
        (squared(np.mean), {"dtype": "float16"}, "required: dtype float32 or float64"),
        (lambda *a: squared(np.mean)(*a) + 0j, {}, "required: a loss of real numbers"),
    ],
)
def test_errors_say_what_was_required_and_what_to_do(step: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ImplementationError, match=message):
        check_mixup_step(step, **options)
