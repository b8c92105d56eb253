"""Right functions of which a draw shows next to nothing: patches of one feature or over everything, ratios near 1."""

from __future__ import annotations

import os
import random
from typing import Any

import numpy as np
import pytest

from symmix.testing import check_train_step, probe_mixing

SEEDS = range(int(os.environ.get("SYMMIX_SEEDS", "1")))


def span(size: int) -> slice:
    first, last = sorted(random.sample(range(size + 1), 2))
    return slice(first, last)


def masks_cut_and_pasted(x: Any, y: Any) -> Any:
    p, rows, columns = np.random.permutation(len(x)), span(8), span(8) if random.random() < 0.7 else slice(8)
    x, y, others, labels = x.copy(), y.copy(), x[p], y[p]
    x[..., rows, columns], y[..., rows, columns] = others[..., rows, columns], labels[..., rows, columns]
    return x, y


def times_at_random(x: Any, y: Any) -> Any:
    p, from_partner = np.random.permutation(len(x)), np.random.random(16) < random.random()
    return np.where(from_partner, x[p], x), y, y[p], 1 - float(np.mean(from_partner))


def one_row_of_several(x: Any, y: Any, rng: Any) -> Any:
    lam, p = rng.beta(0.05, 0.05, len(x)), rng.permutation(len(x))
    return x * lam[:, None] + x[p] * (1 - lam[:, None]), y, y[p], lam


RIGHT: dict[str, tuple[Any, dict[str, Any]]] = {
    "masks": (masks_cut_and_pasted, {"labels": "masks", "shape": (3, 8, 8)}),
    "times": (times_at_random, {"labels": "indices", "shape": (1, 16)}),
    "extreme ratios": (one_row_of_several, {"labels": "indices"}),
}


@pytest.mark.parametrize("name", RIGHT)
def test_right_functions_pass_whatever_is_drawn(name: str) -> None:
    mix, options = RIGHT[name]
    for seed in SEEDS:
        report = probe_mixing(mix, seed=seed, **options)
        assert report.passed, str(report)


def test_a_ratio_near_one_in_half_precision_says_nothing_of_partners() -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed: bfloat16 is not looked at")

    def mix(x: Any, y: Any) -> Any:
        lam, p = torch.rand((), dtype=x.dtype), torch.randperm(len(x))
        return x * lam + x[p] * (1 - lam), y * lam + y[p] * (1 - lam)

    for seed in SEEDS:
        report = probe_mixing(mix, framework="torch", dtype="bfloat16", seed=seed)
        assert report.passed, str(report)


def test_sequences_of_numpy_with_time_first() -> None:
    W, x, y = (
        np.random.default_rng(0).normal(size=(5, 4)),
        np.random.default_rng(1).normal(size=(3, 8, 4)),
        np.arange(8),
    )

    def train_step(W: Any, x: Any, y: Any, rng: Any, how: str = "") -> Any:
        lam, p = rng.random(), rng.permutation(len(y))
        u = np.tanh(lam * x + (1 - lam) * x[:, p]).mean(axis=0) @ W.T
        first, second = (np.log(np.exp(u).sum(axis=1)) - u[np.arange(len(y)), v % 5] for v in (y, y[p]))
        return np.mean(first if how else lam * first + (1 - lam) * second)

    assert check_train_step(train_step, W, x, y, np.random.default_rng(2)).passed
    report = check_train_step(train_step, W, x, y, np.random.default_rng(2), "unmixed")
    assert [found.name for found in report.findings] == ["labels are not mixed"], str(report)
