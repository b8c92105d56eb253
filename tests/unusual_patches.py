"""Right training steps in unusual styles that paste, mix parts of a batch, or draw which of several they do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from tests.train_steps import Made, cutmix_box, functional, network, torch
from tests.unusual_steps import SLIPS, STYLES, batch, column, mixup_of, rows, slipped, style

__all__ = ["SLIPS", "STYLES", "defects"]


@style
def cutmix_in_place(slip: str) -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        x, p = x.clone(), torch.randperm(len(x))
        tall, wide = cutmix_box(x, float(np.random.beta(1, 1)))
        x[:, :, tall, wide] = x[p][:, :, tall, wide]
        high, broad = range(8)[tall], range(8)[wide]
        lam = 1 - len(high) * len(broad) / 64
        other, own = slipped(slip, y, p, lam)
        out = model(x)
        return own * rows(out, y).mean() + (1 - own) * rows(out, other).mean()

    return train_step, (network(), *batch()), {}


@style
def cutmix_by_a_mask(slip: str) -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        p, mask = torch.randperm(len(x)), torch.ones(1, 1, 8, 8)
        tall, wide = cutmix_box(x, float(np.random.beta(1, 1)))
        mask[:, :, tall, wide] = 0
        other, own = slipped(slip, y, p, mask.mean())
        out = model(mask * x + (1 - mask) * x[p])
        return own * functional.cross_entropy(out, y) + (1 - own) * functional.cross_entropy(out, other)

    return train_step, (network(), *batch()), {}


@style
def half_of_the_batch_is_mixed(slip: str) -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        half, lam = len(x) // 2, torch.ones(len(x))
        lam[:half] = float(np.random.beta(0.8, 0.8))
        p = torch.cat([torch.randperm(half), torch.arange(half, len(x))])
        other, own = slipped(slip, y, p, lam)
        out = model(column(lam, x) * x + (1 - column(lam, x)) * x[p])
        return (own * rows(out, y) + (1 - own) * rows(out, other)).mean()

    return train_step, (network(), *batch()), {}


@style
def plain_and_mixed_together(slip: str) -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = float(np.random.beta(0.8, 0.8)), torch.randperm(len(x))
        other, own = slipped(slip, y, p, lam)
        out = model(torch.cat([x, lam * x + (1 - lam) * x[p]]))
        plain, mixed = out.chunk(2)
        return rows(plain, y).mean() + (own * rows(mixed, y) + (1 - own) * rows(mixed, other)).mean()

    return train_step, (network(), *batch()), {}


@style
def mixed_in_a_collate_function(slip: str) -> Made:
    def collate(samples: list[tuple[Any, Any]]) -> tuple[Any, Any, Any, Any]:
        x, y = torch.stack([x for x, _ in samples]), torch.stack([y for _, y in samples])
        lam, p = float(np.random.beta(0.8, 0.8)), torch.randperm(len(x))
        other, own = slipped(slip, y, p, lam)
        return lam * x + (1 - lam) * x[p], y, other, own

    def train_step(model: Any, x: Any, y: Any) -> Any:
        mixed, first, second, own = collate(list(zip(x, y, strict=True)))
        out = model(mixed)
        return own * functional.cross_entropy(out, first) + (1 - own) * functional.cross_entropy(out, second)

    return train_step, (network(), *batch()), {}


@style
def mixup_or_cutmix(slip: str) -> Made:
    mixup, cutmix = mixup_of(rows, slip), STYLES["cutmix by a mask"](slip)[0]

    def train_step(model: Any, x: Any, y: Any) -> Any:
        return (mixup if np.random.random() < 0.5 else cutmix)(model, x, y)

    return train_step, (network(), *batch()), {}


def defects() -> Iterator[tuple[str, str]]:
    """Every style with one slip, in turn."""
    for number, name in enumerate(STYLES):
        yield name, list(SLIPS)[number % len(SLIPS)]
