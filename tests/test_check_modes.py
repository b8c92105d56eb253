"""Modes of published libraries: none is called wrong, over several seeds; each with a defect put in is, by one name."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from symmix.testing import assert_mixing, assert_not_mixing, probe_mixing
from tests.benchmarks import probes
from tests.library_functions import Mix, composer, keras, reference, timm, torchvision
from tests.library_modes import IDS, MODES, PIXELS

SEEDS = range(int(os.environ.get("SYMMIX_SEEDS", "1")))


@pytest.mark.parametrize("name", MODES)
def test_a_right_mode_passes_and_is_described(name: str) -> None:
    make, options, told = MODES[name]
    for seed in SEEDS:
        report = assert_mixing(make(np.random.default_rng(seed)), seed=seed, draws=40, **options)
        said = {
            "pairing": report.pairing.kind,
            "ratio": report.ratio.kind,
            "per": report.ratio.per,
            "folded": report.ratio.folded,
            "weighs": report.weighs,
            "labels": report.labels,
            "kinds": set(report.kinds),
        }
        assert {key: said[key] for key in told} == told, str(report)


Defect = Callable[[np.random.Generator, Any, Any, Any], Any]


def with_labels(change: Callable[[np.random.Generator, Any], Any]) -> Defect:
    return lambda rng, returned, _x, _y: (returned[0], change(rng, returned[1]))


def with_features(change: Callable[[Any, Any], Any]) -> Defect:
    return lambda _rng, returned, x, _y: (change(returned[0], x), *returned[1:])


ROWS: dict[str, tuple[Defect, str]] = {
    "labels of the next sample": (
        with_labels(lambda _, rows: np.roll(rows, 1, 0)),
        "labels are mixed otherwise than features",
    ),
    "labels halved": (with_labels(lambda _, rows: rows / 2), "labels do not sum to one"),
    "features scaled": (with_features(lambda out, _: out * 0.9), "rows do not sum to one"),
    "features shifted": (with_features(lambda out, _: out + 0.05), "not a mixture of samples"),
    "features unmixed": (with_features(lambda _, x: x), "the mix is discarded"),
    "features reversed": (with_features(lambda out, _: out[..., ::-1]), "not a mixture of samples"),
}
PAIRS: dict[str, tuple[Defect, str]] = {
    "own labels twice": (with_labels(lambda _, t: (t[0], t[0], t[2])), "labels are not mixed"),
    "labels exchanged": (with_labels(lambda _, t: (t[1], t[0], t[2])), "the two labels are exchanged"),
    "another ratio": (
        with_labels(lambda rng, t: (t[0], t[1], rng.random())),
        "inputs and labels have different ratios",
    ),
    "the ratio squared": (with_labels(lambda _, t: (t[0], t[1], t[2] ** 2)), "inputs and labels have different ratios"),
    "partners shuffled again": (
        with_labels(lambda rng, t: (t[0], rng.permutation(t[1]), t[2])),
        "inputs and labels are paired differently",
    ),
    "partners rolled": (
        with_labels(lambda _, t: (t[0], np.roll(t[1], 1), t[2])),
        "inputs and labels are paired differently",
    ),
}


def nested(rng: np.random.Generator, make: Callable[[np.random.Generator], Mix]) -> Mix:
    mix = make(rng)

    def call(x: Any, y: Any) -> Any:
        out, *rest = mix(x, y)
        return out, tuple(rest)

    return call


def spoiled(mix: Mix, defect: Defect, rng: np.random.Generator) -> Mix:
    def call(x: Any, y: Any) -> Any:
        return defect(rng, mix(x.copy(), y.copy()), x, y)

    return call


def assert_named(mix: Mix, options: dict[str, Any], seed: int, name: str) -> None:
    report = probe_mixing(mix, seed=seed, draws=30, **options)
    assert [found.name for found in report.findings] == [name], str(report)


@pytest.mark.parametrize("defect", ROWS)
def test_a_defect_of_a_mode_that_mixes_rows_has_one_name(defect: str) -> None:
    change, name = ROWS[defect]
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        assert_named(spoiled(torchvision(rng), change, rng), {**IDS, **PIXELS}, seed, name)


@pytest.mark.parametrize("defect", PAIRS)
@pytest.mark.parametrize("classes", [3, 10, 100])
def test_a_defect_of_a_mode_with_two_labels_has_one_name_at_any_number_of_classes(defect: str, classes: int) -> None:
    change, name = PAIRS[defect]
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        options = {"labels": "indices", "classes": classes}
        assert_named(spoiled(nested(rng, reference), change, rng), options, seed, name)


@pytest.mark.parametrize("name", ["timm, CutMix", "timm, both by turns", "torchvision, CutMix", "composer, CutMix"])
def test_the_share_of_a_patch_given_to_the_wrong_side_is_named(name: str) -> None:
    """Label weights lam and 1 - lam exchanged."""

    def swapped(rng: np.random.Generator) -> Mix:
        mix = MODES[name][0](rng)

        def call(x: Any, y: Any) -> Any:
            out, *labels = mix(x, y)
            if len(labels) == 2:
                return out, labels[0], 1 - labels[1]
            return out, np.roll(labels[0], 1, 0)

        return call

    for seed in SEEDS:
        report = probe_mixing(swapped(np.random.default_rng(seed)), seed=seed, draws=30, **MODES[name][1])
        wanted = "labels weigh the partner by lam" if "composer" in name else "labels are mixed otherwise than features"
        assert [found.name for found in report.findings] == [wanted], str(report)


@pytest.mark.parametrize(
    ("expect", "met"),
    [
        ({"pairing": "flip", "ratio": ("beta", 0.2), "per": "batch", "smoothing": 0.1}, True),
        ({"ratio": "uniform"}, False),
        ({"ratio": ("beta", 1.0)}, False),
        ({"ratio": ("constant", 0.5)}, False),
        ({"per": "sample"}, False),
        ({"pairing": "random permutation"}, False),
        ({"smoothing": 0.0}, False),
    ],
)
def test_a_declaration_is_compared(expect: dict[str, Any], met: bool) -> None:  # noqa: FBT001
    for seed in SEEDS:
        mix = timm(np.random.default_rng(seed), mixup=0.2)
        report = probe_mixing(mix, seed=seed, expect=expect, in_place=True, **IDS)
        assert report.passed is met, str(report)


def test_a_mode_that_is_switched_off_does_not_mix() -> None:
    off = timm(np.random.default_rng(0), prob=0.0, smoothing=0)
    assert_not_mixing(off, in_place=True, **IDS)
    with pytest.raises(AssertionError, match="samples are mixed, where none should be"):
        assert_not_mixing(reference(np.random.default_rng(0)), **IDS)
    with pytest.raises(AssertionError, match="nothing is mixed"):
        assert_mixing(off, in_place=True, **IDS)


def test_a_batch_in_one_argument_may_come_in_any_order() -> None:
    def mix(batch: Any) -> Any:
        out, labels, lam = composer(np.random.default_rng(len(batch)))(batch[0], batch[1])
        return [out, labels, lam]

    assert probe_mixing(mix, batch="pair", draws=10, expect={"weighs": "partner"}, **IDS).failed  # always the same
    mapping = keras(np.random.default_rng(0))
    assert_mixing(lambda batch: dict(reversed(mapping(batch).items())), batch=("images", "labels"), **PIXELS)


def test_large_images_are_looked_at_once_and_small_batches_often() -> None:
    report = assert_mixing(torchvision(np.random.default_rng(0)), samples=64, shape=(3, 224, 224), **IDS)
    assert report.samples == 64
    assert report.draws > 20
    assert report.pairing.kind == "roll"


@pytest.mark.parametrize("written", [-1.0, 0.0])
def test_what_is_written_into_a_large_batch_is_compared_with_what_it_was(written: float) -> None:
    """Large batches are lent to the function: there is no copy that it could not reach."""
    rng, found = np.random.default_rng(0), torchvision(np.random.default_rng(0))

    def mix(x: Any, y: Any) -> Any:
        mixed = found(x, y)
        x[rng.integers(len(x)), ..., 7] = written
        return mixed

    large: dict[str, Any] = {"samples": 15, "shape": (3, 224, 224), "draws": 1, "dtype": "float32", **IDS}
    report = probe_mixing(mix, **large)
    assert [finding.name for finding in report.findings if not finding.remark] == ["the features are modified in place"]
    assert f"is {written:g} after it" in str(report)
    assert probe_mixing(mix, in_place="features", **large).passed
    assert assert_mixing(found, **large).draws == 1


def test_looking_at_a_large_batch_takes_little_more_memory_than_the_function() -> None:
    alone, whole = probes.batches(probes.sparing(np.random.default_rng(0)), 32, (3, 224, 224))
    assert whole - alone < probes.MOST


def test_a_patch_that_is_erased_has_no_partner() -> None:
    def mix(rng: np.random.Generator, *, labels: bool) -> Mix:
        cut = torchvision(rng, cutmix=True)

        def call(x: Any, y: Any) -> Any:
            mixed, rows = cut(x, y)
            return np.where(mixed == x, x, 0), rows if labels else np.eye(10)[y]

        return call

    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        options = {**IDS, **PIXELS}
        assert_named(mix(rng, labels=True), options, seed, "a part is erased while labels are mixed")
        assert_mixing(mix(rng, labels=False), seed=seed, draws=30, **options)
