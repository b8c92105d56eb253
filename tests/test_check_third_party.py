"""Mixup as other people publish it: the PyPI package mixup and kornia, driven as their documentation says."""

from __future__ import annotations

from typing import Any

import pytest

from symmix.testing import assert_mixing, probe_mixing

pytest.importorskip("torch", reason="torch is not installed: third-party implementations are skipped")
IMAGE = (3, 8, 8)


@pytest.fixture
def published() -> Any:
    return pytest.importorskip("mixup", reason="the package mixup is not installed")


@pytest.fixture
def augmentation() -> Any:
    return pytest.importorskip("kornia", reason="kornia is not installed").augmentation


def test_vanilla_mixup_of_the_package_mixup_is_right_for_rows(published: Any) -> None:
    for seed in range(5):
        report = assert_mixing(published.VanillaMixUp(alpha=0.4), framework="torch", shape=IMAGE, seed=seed)
    assert (report.pairing.kind, report.ratio.kind, report.ratio.per) == ("random permutation", "Beta", "batch")
    assert report.ratio.a is not None
    assert report.ratio.a_error is not None
    assert abs(report.ratio.a - 0.4) <= 4 * report.ratio.a_error


def test_vanilla_mixup_of_the_package_mixup_averages_class_ids(published: Any) -> None:
    report = probe_mixing(published.VanillaMixUp(alpha=0.4), framework="torch", shape=IMAGE, labels="indices")
    assert [found.name for found in report.findings] == ["class ids are averaged"]


def test_switched_off_it_mixes_nothing(published: Any) -> None:
    report = probe_mixing(published.VanillaMixUp(probability=-1.0), framework="torch", shape=IMAGE, draws=20)
    assert [found.name for found in report.findings] == ["nothing is mixed"]


def test_saliency_mix_of_the_package_mixup_broadcasts_labels(published: Any) -> None:
    """Its labels come back with four axes."""
    report = probe_mixing(published.SaliencyMix(alpha=1.0), framework="torch", shape=IMAGE, draws=10)
    (finding,) = report.findings
    assert finding.name == "labels are broadcast"
    assert "labels (6, 6) became (6, 1, 6, 6)" in finding.message


def test_cutmix_is_told_from_mixup(published: Any) -> None:
    report = assert_mixing(published.CutMix(alpha=1.0), framework="torch", shape=IMAGE, draws=40)
    assert "cutmix" in report.kinds
    assert "mixup" not in report.kinds or report.kinds["mixup"] < 4  # a patch over everything


@pytest.mark.parametrize(("same_on_batch", "per"), [(False, "sample"), (True, "batch")])
def test_random_mixup_of_kornia_is_right_and_weighs_the_partner(
    augmentation: Any,
    same_on_batch: bool,  # noqa: FBT001
    per: str,
) -> None:
    mix = augmentation.RandomMixUpV2(data_keys=["input", "class"], same_on_batch=same_on_batch)
    report = assert_mixing(mix, framework="torch", shape=(1, 3, 3), labels="indices", draws=30)
    assert report.form == "a stack of labels and a ratio"
    assert report.weighs == "partner"
    assert (report.pairing.kind, report.ratio.kind, report.ratio.per) == ("random permutation", "uniform", per)
    assert report.backward == "the transpose: gradients reach both partners"


def test_a_range_of_ratios_of_kornia_is_seen(augmentation: Any) -> None:
    mix = augmentation.RandomMixUpV2(lambda_val=(0.0, 0.5), data_keys=["input", "class"])
    report = assert_mixing(mix, framework="torch", shape=(1, 3, 3), labels="indices", draws=20)
    assert report.ratio.folded == "own"
