"""Right training steps: labels, criteria, ratios and pairs of many kinds."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.train_steps import (
    CLASSES,
    Made,
    Maker,
    batch,
    cutmix_box,
    drawn,
    functional,
    images,
    mixed,
    network,
    nn,
    torch,
    two,
)


def reference() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = drawn(x)
        return two(nn.CrossEntropyLoss(), model(mixed(x, p, lam)), y, p, lam)

    return train_step, batch(), {}


def with_an_optimiser() -> Made:
    model, x, y = batch()
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-2)

    def train_step(model: Any, x: Any, y: Any) -> float:
        model.train()
        lam, p = drawn(x)
        optimiser.zero_grad()
        loss = two(functional.cross_entropy, model(mixed(x, p, lam)), y, p, lam)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        return float(loss.detach())

    return train_step, (model, x, y), {}


def with_a_scheduler_and_accumulation() -> Made:
    model, x, y = batch()

    class Loop:
        def __init__(self) -> None:
            self.optimiser = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
            self.scheduler = torch.optim.lr_scheduler.StepLR(self.optimiser, 1)
            self.count = 0

        def train_step(self, x: Any, y: Any) -> dict[str, float]:
            lam = torch.distributions.Beta(0.8, 0.8).sample()
            p = torch.randperm(x.size(0))
            loss = two(functional.cross_entropy, model(mixed(x, p, lam)), y, p, lam) / 4
            loss.backward()
            self.count += 1
            if self.count % 4 == 0:
                self.optimiser.step()
                self.optimiser.zero_grad(set_to_none=True)
                self.scheduler.step()
            return {"loss": float(loss) * 4, "lam": float(lam)}

    return Loop().train_step, (x, y), {}


def one_hot_inside() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = drawn(x)
        rows = functional.one_hot(y, CLASSES).float()
        return torch.sum(-mixed(rows, p, lam) * torch.log_softmax(model(mixed(x, p, lam)), 1), dim=1).mean()

    return train_step, batch(), {}


def soft_labels() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = drawn(x)
        return functional.cross_entropy(model(mixed(x, p, lam)), mixed(y, p, lam), label_smoothing=0.1)

    model, x, y = batch()
    return train_step, (model, x, functional.one_hot(y, CLASSES).float()), {}


def smoothing_and_class_weights() -> Made:
    criterion = nn.CrossEntropyLoss(weight=torch.linspace(0.5, 2, CLASSES), label_smoothing=0.1)

    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = drawn(x)
        return two(criterion, model(mixed(x, p, lam)), y, p, lam)

    return train_step, batch(), {}


def class_weights() -> Made:
    criterion = nn.CrossEntropyLoss(weight=torch.linspace(0.5, 2, CLASSES))

    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = drawn(x)
        return two(criterion, model(mixed(x, p, lam)), y, p, lam)

    return train_step, batch(), {}


def ratio_a_sample() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam = torch.from_numpy(np.random.beta(1, 1, len(x))).float()
        p = torch.randperm(len(x))
        out = model(x * lam[:, None, None, None] + x[p] * (1 - lam)[:, None, None, None])
        own, other = (functional.cross_entropy(out, v, reduction="none") for v in (y, y[p]))
        return (lam * own + (1 - lam) * other).mean()

    return train_step, batch(), {}


def bce_per_class() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = drawn(x)
        return functional.binary_cross_entropy_with_logits(model(mixed(x, p, lam)), mixed(y, p, lam))

    model, x, y = batch()
    return train_step, (model, x, functional.one_hot(y, CLASSES).float()), {}


def multi_label() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = drawn(x)
        return nn.MultiLabelSoftMarginLoss()(model(mixed(x, p, lam)), mixed(y, p, lam))

    return train_step, (network(), images(), (torch.rand(8, CLASSES) > 0.5).float()), {}


def regression(criterion: Callable[..., Any], *, losses: bool) -> Maker:
    def make() -> Made:
        def train_step(model: Any, x: Any, y: Any) -> Any:
            lam, p = drawn(x)
            out = model(mixed(x, p, lam)).squeeze(1)
            return two(criterion, out, y, p, lam) if losses else criterion(out, mixed(y, p, lam))

        return train_step, (network(1), images(), torch.randn(8)), {}

    return make


def several_targets() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = drawn(x)
        return nn.HuberLoss(delta=0.5)(model(mixed(x, p, lam)), mixed(y, p, lam))

    return train_step, (network(3), images(), torch.randn(8, 3)), {}


def flipped() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam = random.betavariate(0.4, 0.4)
        out = model(torch.lerp(x.flip(0), x, lam))
        return lam * functional.cross_entropy(out, y) + (1 - lam) * functional.cross_entropy(out, y.flip(0))

    return train_step, batch(), {}


def rolled_and_folded() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam = max(lam := random.random(), 1 - lam)
        out = model(lam * x + (1 - lam) * x.roll(1, 0))
        return lam * functional.cross_entropy(out, y) + (1 - lam) * functional.cross_entropy(out, y.roll(1, 0))

    return train_step, batch(), {}


def partner_first() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = drawn(x)
        out = model((1 - lam) * x + lam * x[p])
        return (1 - lam) * functional.cross_entropy(out, y) + lam * functional.cross_entropy(out, y[p])

    return train_step, batch(), {}


def with_probability() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        if random.random() < 0.5:
            return functional.cross_entropy(model(x), y)
        lam, p = drawn(x)
        return two(functional.cross_entropy, model(mixed(x, p, lam)), y, p, lam)

    return train_step, batch(), {}


def cutmix() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = drawn(x)
        rows, columns = cutmix_box(x, lam)
        patched = x.clone()
        patched[:, :, rows, columns] = x[p][:, :, rows, columns]
        lam = 1 - x[0, 0, rows, columns].numel() / x[0, 0].numel()
        return two(functional.cross_entropy, model(patched), y, p, lam)

    return train_step, batch(), {}


def mixup_or_cutmix() -> Made:
    steps = reference()[0], cutmix()[0]

    def train_step(model: Any, x: Any, y: Any) -> Any:
        return random.choice(steps)(model, x, y)

    return train_step, batch(), {}


LABELS: dict[str, Maker] = {
    "reference": reference,
    "with an optimiser": with_an_optimiser,
    "with a scheduler and accumulation": with_a_scheduler_and_accumulation,
    "one-hot inside": one_hot_inside,
    "soft labels": soft_labels,
    "smoothing and class weights": smoothing_and_class_weights,
    "class weights": class_weights,
    "ratio a sample": ratio_a_sample,
    "bce per class": bce_per_class,
    "multi-label": multi_label,
    "squared, mixed labels": regression(functional.mse_loss, losses=False),
    "squared, mixed losses": regression(functional.mse_loss, losses=True),
    "absolute, mixed labels": regression(functional.l1_loss, losses=False),
    "absolute, mixed losses": regression(functional.l1_loss, losses=True),
    "huber, mixed labels": regression(functional.smooth_l1_loss, losses=False),
    "huber, mixed losses": regression(functional.huber_loss, losses=True),
    "several targets": several_targets,
    "flipped": flipped,
    "rolled and folded": rolled_and_folded,
    "partner first": partner_first,
    "with probability": with_probability,
    "cutmix": cutmix,
    "mixup or cutmix": mixup_or_cutmix,
}
