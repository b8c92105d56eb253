"""The black-box probe: correct functions in all conventions pass, and every planted defect is found and named."""

from __future__ import annotations

import os
import random
from typing import Any

import numpy as np
import pytest

from symmix.errors import ImplementationError
from symmix.testing import assert_mixing, probe_mixing
from symmix.testing.ratios import ratio_distribution
from tests.mixing_functions import CORRECT, WRONG, four_returns, standard

SEEDS = range(int(os.environ.get("SYMMIX_SEEDS", "1")))


@pytest.mark.parametrize("name", CORRECT)
def test_correct_functions_pass_and_are_described(name: str) -> None:
    make, options, told = CORRECT[name]
    report = assert_mixing(make(np.random.default_rng(1)), **options)
    said = {
        "pairing": report.pairing.kind,
        "ratio": report.ratio.kind,
        "per": report.ratio.per,
        "folded": report.ratio.folded,
        "weighs": report.weighs,
        "form": report.form,
        "repeatable": report.repeatable,
        "smoothing": report.labels,
    }
    assert {key: said[key] for key in told} == told


@pytest.mark.parametrize("name", CORRECT)
def test_no_false_alarm_over_many_seeds(name: str) -> None:
    make, options, _ = CORRECT[name]
    for seed in SEEDS:
        for samples in (3, 8):
            if samples < 8 or "classes" not in options:
                mix = make(np.random.default_rng([seed, samples]))
                assert_mixing(mix, **options, seed=seed, samples=samples, draws=24)


@pytest.mark.parametrize("name", WRONG)
def test_planted_defect_is_found_and_named(name: str) -> None:
    make, options, finding, words = WRONG[name]
    report = probe_mixing(make(np.random.default_rng(1)), **options)
    assert report.failed
    assert finding in [found.name for found in report.findings], str(report)
    assert report.findings[0].name == finding, str(report)
    assert any(words in found.message for found in report.findings if found.name == finding), str(report)
    assert {found.name for found in report.findings} == {finding}, str(report)


def test_a_failure_is_raised_with_the_report_as_its_text() -> None:
    make, options, finding, _ = WRONG["labels kept"]
    with pytest.raises(AssertionError, match=finding):
        assert_mixing(make(np.random.default_rng(1)), **options)


@pytest.mark.parametrize("name", WRONG)
def test_planted_defect_is_found_whatever_the_seed(name: str) -> None:
    make, options, finding, _ = WRONG[name]
    for seed in SEEDS:
        report = probe_mixing(make(np.random.default_rng(seed)), **options, seed=seed, draws=30)
        assert finding in [found.name for found in report.findings], f"seed {seed}\n{report}"


@pytest.mark.parametrize("a", [0.2, 1.0, 2.0])
@pytest.mark.parametrize("folded", [False, True])
def test_beta_parameter_is_estimated(a: float, folded: bool) -> None:  # noqa: FBT001
    lam = np.random.default_rng(3).beta(a, a, 2000)
    found = ratio_distribution(np.maximum(lam, 1 - lam) if folded else lam, "batch")
    assert found.a is not None
    assert found.a_error is not None
    assert abs(found.a - a) <= 4 * found.a_error <= 0.4 * a
    assert found.kind == ("uniform" if a == 1 else "Beta")
    assert found.folded == ("own" if folded else "")


def test_lopsided_ratios_are_not_called_symmetric() -> None:
    assert ratio_distribution(np.random.default_rng(0).beta(5, 1, 300), "batch").kind == "other"
    assert ratio_distribution(np.array([0.1, 0.4]), "batch").kind == "too few draws"


def test_a_probe_without_draws_fails() -> None:
    report = probe_mixing(standard(np.random.default_rng(0)), draws=0)
    assert report.failed
    assert "anything: no draw was made" in report.unseen


def test_a_report_has_no_truth_value() -> None:
    report = probe_mixing(standard(np.random.default_rng(0)), draws=3)
    with pytest.raises(TypeError, match=r"no truth value: ask for report\.passed or report\.findings"):
        bool(report)
    assert "the distribution of the ratio: 3 ratios, 20 are needed" in report.unseen


def test_the_reproducer_repeats_the_finding_where_generators_are_global() -> None:
    def mix(x: Any, y: Any) -> Any:
        lam, partner = np.random.beta(0.4, 0.4), np.random.permutation(len(x))
        return lam * x + (1 - lam) * x[partner], y

    (finding,) = probe_mixing(mix, seed=4).findings
    again = eval(finding.reproducer, {"probe_mixing": probe_mixing, "mix": mix})  # noqa: S307  # a line that we wrote
    assert again.findings == (finding,)
    assert again.draws <= 2
    (other,) = probe_mixing(WRONG["labels kept"][0](np.random.default_rng(0))).findings
    assert other.reproducer == ""


def test_what_cannot_be_seen_is_listed() -> None:
    report = probe_mixing(standard(np.random.default_rng(0)))
    assert "the backward pass" in report.unseen
    assert any("lam -> 1 - lam has the same distribution" in gap for gap in report.unseen)
    told = probe_mixing(four_returns(np.random.default_rng(0)))
    assert not any("lam -> 1 - lam" in gap for gap in told.unseen)


def test_global_random_states_are_left_as_they_were() -> None:
    np.random.seed(5)
    random.seed(5)
    expected = np.random.random(), random.random()
    np.random.seed(5)
    random.seed(5)
    probe_mixing(lambda x, y: (np.random.beta(1, 1) * x, random.random() * y), draws=5)
    assert (np.random.random(), random.random()) == expected


def test_stateful_transforms_are_called_as_they_are() -> None:
    class Alternating:
        def __init__(self) -> None:
            self.calls = 0

        def __call__(self, x: Any, y: Any) -> Any:
            self.calls += 1
            shift = self.calls % 5 + 1
            return (x + np.roll(x, shift, 0)) / 2, (y + np.roll(y, shift, 0)) / 2

    transform = Alternating()
    report = assert_mixing(transform)
    assert report.pairing.kind == "random roll"
    assert transform.calls >= report.draws
    assert not report.repeatable


@pytest.mark.parametrize(
    ("mix", "options", "message"),
    [
        (lambda x: x, {}, r"required: a function that can be called as mix\(x, y\)"),
        (lambda x, _y, _lam: x, {}, "help: wrap it: lambda x, y: yours"),
        ("mixup", {}, "'mixup', which cannot be called"),
        (lambda _x, _y: None, {}, "arrived: None: the function returns nothing"),
        (lambda x, y: (x, y, y, y, y), {}, "arrived: features and 4 more, of shapes"),
        (lambda x, y: (x, np.eye(6)[y]), {}, "labels='indices' for class indices"),
        (lambda x, y: (x, y), {"labels": "hard"}, "arrived: labels='hard'"),
        (lambda x, y: (x, y), {"framework": "tensorflow"}, "required: a framework among numpy, torch, jax"),
        (lambda x, y: (x, y), {"shape": (1, 2)}, "required: a shape of at least 4 entries"),
        (lambda x, y: (x, y), {"dtype": "float8"}, "required: dtype among float64, float32, float16, bfloat16, uint8"),
        (lambda x, y: (x, y), {"samples": 2}, "required: at least 3 samples"),
        (lambda x, y: (x, y), {"classes": 1}, "arrived: classes=1\n    help: all labels would be equal"),
        (lambda x, y: (x, y), {"labels": "masks"}, r"required: a shape \(..., H, W\) for masks"),
        (lambda x, y: (x, y), {"batch": "tuple"}, "required: batch among arguments, pair, list, dict, or two keys"),
        (lambda x, y: (x, y), {"in_place": "both"}, "required: in_place False, True, 'features' or 'labels'"),
        (standard(np.random.default_rng(0)), {"expect": {"partner": "flip"}}, "required: expectations among pairing"),
        (standard(np.random.default_rng(0)), {"expect": {"ratio": "gamma"}}, r"required: \('beta', a\)"),
    ],
)
def test_errors_say_what_was_required_and_what_to_do(mix: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ImplementationError, match=message):
        probe_mixing(mix, **options)


def blended(x: Any, y: Any, *, rows: int | None = None) -> Any:
    lam, partner = np.random.beta(1, 1, (rows or len(x), 1)), np.random.permutation(len(x))
    return lam * x + (1 - lam) * x[partner], lam * y + (1 - lam) * y[partner]


def test_features_that_are_kept_on_purpose_are_named_and_left_out() -> None:
    def mix(x: Any, y: Any) -> Any:
        mixed, labels = blended(x, y)
        mixed[:, -1] = x[:, -1]
        return mixed, labels

    (finding,) = probe_mixing(mix).findings
    assert finding.name == "the mixture differs from feature to feature"
    assert "kept=" in finding.message
    assert_mixing(mix, kept=(-1,))


def test_other_batch_sizes_are_told_and_asked_for() -> None:
    def mix(x: Any, y: Any) -> Any:
        return blended(x, y, rows=6)

    report = assert_mixing(mix)
    assert any(line.startswith("5 samples: raises ValueError") for line in report.sizes)
    assert any("are broadcast" in line for line in report.sizes)
    for options in ({"samples": 5}, {"sizes": (5,)}):
        named = [found.name for found in probe_mixing(mix, **options).findings]
        assert named == ["fails for another batch size"]
    assert assert_mixing(blended, sizes=(5, 2, 1)).sizes == ()


def test_a_function_that_seeds_itself_is_told() -> None:
    def mix(x: Any, y: Any) -> Any:
        np.random.seed(0)
        return blended(x, y)

    (finding,) = probe_mixing(mix).findings
    assert finding.name == "every draw is the same"
    assert "seeds the global generator itself" in finding.message


@pytest.mark.parametrize("classes", [6, 10, 50])
def test_labels_that_are_indices_or_not_used_are_told_at_any_number_of_classes(classes: int) -> None:
    def index_for_label(x: Any, y: Any) -> Any:
        lam, partner = np.random.beta(1, 1), np.random.permutation(len(x))
        return lam * x + (1 - lam) * x[partner], y, partner, lam

    def not_used(x: Any, _: Any) -> Any:
        return blended(x, np.eye(classes)[: len(x)])

    for mix, name in (
        (index_for_label, "indices of partners in place of their labels"),
        (not_used, "the labels that are passed in are not used"),
    ):
        named = [found.name for found in probe_mixing(mix, labels="indices", classes=classes).findings]
        assert named == [name]


def test_a_roll_with_extreme_ratios_is_a_roll() -> None:
    def mix(x: Any, y: Any) -> Any:
        lam = np.random.beta(0.2, 0.2, (len(x), 1)).astype(np.float32)
        return lam * x + (1 - lam) * np.roll(x, -1, 0), lam * y + (1 - lam) * np.roll(y, -1, 0)

    assert assert_mixing(mix, dtype="float32").pairing.kind == "roll"


def test_a_cast_to_bytes_is_told_from_bytes() -> None:
    def mix(x: Any, y: Any) -> Any:
        mixed, labels = blended(x.reshape(len(x), -1).astype(float), y)
        return mixed.astype(np.uint8).reshape(x.shape), labels

    assert [found.name for found in probe_mixing(mix).findings] == ["the mixture is cast to uint8"]
    assert_mixing(mix, dtype="uint8", shape=(3, 5, 5))


def test_a_ratio_of_gammas_with_shape_and_rate_exchanged_is_not_the_declared_beta() -> None:
    def mix(x: Any, y: Any) -> Any:
        g, h = np.random.gamma(1.0, 5.0, (2, len(x), 1))
        lam, p = g / (g + h), np.random.permutation(len(x))
        return lam * x + (1 - lam) * x[p], lam * y + (1 - lam) * y[p]

    report = probe_mixing(mix, expect={"ratio": ("beta", 0.2)})
    assert [found.name for found in report.findings] == ["the ratio has another distribution"], str(report)
    assert "uniform, a = 1.0" in report.findings[0].message
    assert_mixing(mix, expect={"ratio": "uniform"})
