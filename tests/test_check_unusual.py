"""Right code in unusual styles passes every check, over seeds; with a slip put in it is named."""

from __future__ import annotations

import os
from typing import Any

import pytest

from symmix.testing import assert_mixing, assert_train_step, check_train_step, probe_mixing

torch = pytest.importorskip("torch", reason="torch is not installed: unusual code is not looked at")

from tests.unusual_mixing import RIGHT, Mix, drawn  # noqa: E402
from tests.unusual_patches import SLIPS, STYLES, defects  # noqa: E402

SEEDS = range(int(os.environ.get("SYMMIX_SEEDS", "1")))


def test_ids_that_are_turned_into_numbers_are_numbers() -> None:
    def otherwise(x: Any, y: Any) -> Any:
        lam, p = float(drawn()), torch.randperm(len(x))
        y = y.float()
        return lam * x + (1 - lam) * x[p], (1 - lam) * y + lam * y[p]

    mix, options = RIGHT["ages as numbers"]
    report = probe_mixing(mix, draws=24, **options)
    assert [(found.name, found.remark) for found in report.findings] == [("class ids are mixed as numbers", True)]
    report = probe_mixing(otherwise, draws=24, **options)
    assert [found.name for found in report.findings] == ["labels weigh the partner by lam"], str(report)


@pytest.mark.parametrize("name", RIGHT)
def test_right_functions_pass(name: str) -> None:
    mix, options = RIGHT[name]
    for seed in SEEDS:
        assert_mixing(mix, seed=seed, draws=40, **options)


APART = ("half", "chance", "fp16", "list", "generator", "rng", "ages")
WHOLE = [n for n, (_, o) in RIGHT.items() if not {"shape", "dtype"} & set(o) and not any(w in n for w in APART)]


def first_changed(mix: Mix, change: Any) -> Mix:
    def slipped(*arguments: Any) -> Any:
        returned = mix(*arguments)
        parts = list(returned.values()) if isinstance(returned, dict) else list(returned)
        return (change(parts[0], arguments[0]), *parts[1:])

    return slipped


@pytest.mark.parametrize("name", WHOLE)
def test_features_that_are_scaled_are_named(name: str) -> None:
    mix, options = RIGHT[name]
    report = probe_mixing(first_changed(mix, lambda mixed, _: mixed * 0.9), draws=24, **options)
    assert [found.name for found in report.findings if not found.remark] == ["rows do not sum to one"], str(report)


@pytest.mark.parametrize("name", STYLES)
def test_right_steps_pass(name: str) -> None:
    for seed in SEEDS:
        torch.manual_seed(seed)
        step, arguments, options = STYLES[name]("")
        assert_train_step(step, *arguments, seed=seed, **options)


@pytest.mark.parametrize(("name", "slip"), [*defects()])
def test_a_slip_is_named_in_every_style(name: str, slip: str) -> None:
    torch.manual_seed(0)
    step, arguments, options = STYLES[name](slip)
    report = check_train_step(step, *arguments, **options)
    assert [found.name for found in report.findings if not found.remark] == [SLIPS[slip]], str(report)
