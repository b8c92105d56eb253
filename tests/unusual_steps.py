"""Right training steps in unusual styles, each made with a slip or without one: what a generator of code would give.

A style says what is around the mixing, a slip what is wrong with it.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.train_steps import CLASSES, Made, functional, network, nn, torch

SLIPS = {
    "kept": "labels are not mixed",
    "swapped": "labels weigh the partner by lam",
    "inverse": "inputs and labels are paired differently",
    "half": "the loss ignores lam",
}
Style = Callable[[str], Made]
STYLES: dict[str, Style] = {}


def style(function: Style) -> Style:
    STYLES[function.__name__.replace("_", " ")] = function
    return function


def batch() -> tuple[Any, Any]:
    return torch.rand(8, 3, 8, 8), torch.tensor([0, 3, 1, 5, 2, 6, 4, 0])


def slipped(slip: str, y: Any, p: Any, lam: Any) -> tuple[Any, Any]:
    """The partner's labels and the own weight, as a slip has them."""
    other = {"kept": y, "inverse": y[torch.argsort(p)]}.get(slip, y[p])
    return other, {"swapped": 1 - lam, "half": 0.5 + 0 * lam}.get(slip, lam)


def column(lam: Any, x: Any) -> Any:
    return lam.reshape(-1, *[1] * (x.ndim - 1))


def mixup_of(loss: Callable[..., Any], slip: str, *, draw: Any = None, per: str = "batch") -> Callable[..., Any]:
    """A plain step with mixed losses."""

    def train_step(model: Any, x: Any, y: Any) -> Any:
        n = len(x)
        lam = torch.from_numpy(np.random.beta(0.8, 0.8, n if per == "sample" else 1)).float()
        lam = lam if draw is None else draw(lam)
        p = torch.randperm(n)
        other, own = slipped(slip, y, p, lam)
        out = model(column(lam, x) * x + (1 - column(lam, x)) * x[p])
        return (own * loss(out, y) + (1 - own) * loss(out, other)).mean()

    return train_step


def rows(out: Any, y: Any) -> Any:
    return functional.cross_entropy(out, y, reduction="none")


@style
def one_ratio_a_sample(slip: str) -> Made:
    return mixup_of(rows, slip, per="sample"), (network(), *batch()), {}


@style
def folded_ratio(slip: str) -> Made:
    return mixup_of(rows, slip, draw=lambda lam: torch.maximum(lam, 1 - lam)), (network(), *batch()), {}


@style
def smoothing_and_class_weights(slip: str) -> Made:
    weight = torch.linspace(0.5, 2, CLASSES)

    def loss(out: Any, y: Any) -> Any:
        return functional.cross_entropy(out, y, weight=weight, label_smoothing=0.1)

    return mixup_of(loss, slip), (network(), *batch()), {}


@style
def weight_decay_inside_the_loss(slip: str) -> Made:
    step = mixup_of(rows, slip)

    def train_step(model: Any, x: Any, y: Any) -> Any:
        return step(model, x, y) + 1e-3 * sum((w**2).sum() for w in model.parameters())

    return train_step, (network(), *batch()), {}


@style
def several_losses(slip: str) -> Made:
    step = mixup_of(rows, slip)

    def train_step(model: Any, x: Any, y: Any) -> Any:
        first = step(model, x, y)
        return {"loss": first + 0.1 * first**2 / (1 + first.detach()), "first": first.detach()}

    return train_step, (network(), *batch()), {}


@style
def gradient_accumulation(slip: str) -> Made:
    step, count = mixup_of(rows, slip), [0]
    model = network()
    optimiser = torch.optim.SGD(model.parameters(), 0.1, momentum=0.9)

    def train_step(model: Any, x: Any, y: Any) -> Any:
        loss = step(model, x, y) / 4
        loss.backward()
        count[0] += 1
        if count[0] % 4 == 0:
            optimiser.step()
            optimiser.zero_grad()
        return loss.item() * 4

    return train_step, (model, *batch()), {}


@style
def two_micro_batches(slip: str) -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam = float(np.random.beta(0.8, 0.8))
        p = torch.randperm(len(x))
        other, own = slipped(slip, y, p, lam)
        mixed, loss = lam * x + (1 - lam) * x[p], torch.zeros(())
        for part in torch.arange(len(x)).chunk(2):
            out = model(mixed[part])
            loss = loss + (own * rows(out, y[part]) + (1 - own) * rows(out, other[part])).sum() / len(x)
        return loss

    return train_step, (network(), *batch()), {}


@style
def autocast_to_bfloat16(slip: str) -> Made:
    step = mixup_of(rows, slip)

    def train_step(model: Any, x: Any, y: Any) -> Any:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return step(model, x, y)

    return train_step, (network(), *batch()), {}


@style
def average_of_the_weights(slip: str) -> Made:
    step, model = mixup_of(rows, slip), network()
    average, optimiser = copy.deepcopy(model), torch.optim.AdamW(model.parameters())

    def train_step(model: Any, x: Any, y: Any) -> Any:
        optimiser.zero_grad(set_to_none=True)
        loss = step(model, x, y)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        with torch.no_grad():
            for slow, fast in zip(average.parameters(), model.parameters(), strict=True):
                slow.lerp_(fast, 0.01)
        return loss.detach()

    return train_step, (model, *batch()), {}


@style
def channels_last(slip: str) -> Made:
    step = mixup_of(rows, slip)
    x, y = batch()
    model = network().to(memory_format=torch.channels_last)
    return (
        lambda model, x, y: step(model, x.to(memory_format=torch.channels_last), y),
        (model, x.to(memory_format=torch.channels_last), y),
        {},
    )


@style
def a_dictionary(slip: str) -> Made:
    step = mixup_of(rows, slip)
    x, y = batch()
    return lambda model, batch: step(model, batch["image"], batch["label"]), (network(), {"image": x, "label": y}), {}


@style
def nested_batch(slip: str) -> Made:
    step = mixup_of(rows, slip)
    x, y = batch()

    def train_step(model: Any, batch: Any, batch_idx: int) -> Any:
        del batch_idx
        (images,), target = batch
        return step(model, images, target)

    return train_step, (network(), ((x,), y), 0), {}


@style
def labels_one_hot_smoothed(slip: str) -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        target = torch.full((len(y), CLASSES), 0.1 / CLASSES).scatter_(1, y[:, None], 0.9 + 0.1 / CLASSES)
        lam, p = torch.distributions.Beta(0.4, 0.4).sample(), torch.randperm(len(x))
        other, own = slipped(slip, target, p, lam)
        return functional.cross_entropy(model(x.lerp(x[p], 1 - lam)), own * target + (1 - own) * other)

    return train_step, (network(), *batch()), {}


@style
def binary_cross_entropy(slip: str) -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        target = functional.one_hot(y, CLASSES).to(x)
        lam, p = float(np.random.beta(1, 1)), torch.randperm(len(x))
        other, own = slipped(slip, target, p, lam)
        out = model(torch.add(lam * x, x[p], alpha=1 - lam))
        return functional.binary_cross_entropy_with_logits(out, own * target + (1 - own) * other)

    return train_step, (network(), *batch()), {}


class InForward(nn.Module):  # type: ignore[misc]  # torch is untyped here
    """Mixes in its forward pass where it is given labels, and returns both kinds with the ratio."""

    def __init__(self, slip: str) -> None:
        super().__init__()
        self.stem, self.head = nn.Conv2d(3, 8, 3, padding=1), nn.Linear(8, CLASSES)
        self.slip = slip

    def forward(self, x: Any, target: Any = None) -> Any:
        h = torch.relu(self.stem(x))
        if target is None:
            return self.head(h.mean((2, 3)))
        lam, p = torch.rand(()), torch.randperm(len(x))
        other, own = slipped(self.slip, target, p, lam)
        return self.head((lam * h + (1 - lam) * h[p]).mean((2, 3))), target, other, own


@style
def mixed_in_the_forward_pass(slip: str) -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        out, first, second, own = model(x, y)
        return own * functional.cross_entropy(out, first) + (1 - own) * functional.cross_entropy(out, second)

    return train_step, (InForward(slip), *batch()), {}


@style
def partners_by_a_flip(slip: str) -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = float(np.random.beta(0.8, 0.8)), torch.arange(len(x)).roll(1)
        other, own = slipped(slip, y, p, lam)
        out = model(x * lam + x.roll(1, 0) * (1.0 - lam))
        return torch.lerp(rows(out, other), rows(out, y), own).mean()

    return train_step, (network(), *batch()), {}


@style
def regression(slip: str) -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = torch.rand(len(x)), torch.randperm(len(x))
        other, own = slipped(slip, y, p, lam)
        out = model(column(lam, x) * x + (1 - column(lam, x)) * x[p]).squeeze(1)
        return functional.smooth_l1_loss(out, own * y + (1 - own) * other)

    return train_step, (network(1), batch()[0], torch.randn(8)), {}


@style
def a_distilled_teacher(slip: str) -> Made:
    teacher = network().eval()

    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = float(np.random.beta(0.8, 0.8)), torch.randperm(len(x))
        other, own = slipped(slip, y, p, lam)
        mixed = lam * x + (1 - lam) * x[p]
        with torch.no_grad():
            soft = teacher(mixed).softmax(1)
        out = model(mixed)
        hard = own * functional.cross_entropy(out, y) + (1 - own) * functional.cross_entropy(out, other)
        return hard + 0.5 * functional.kl_div(out.log_softmax(1), soft, reduction="batchmean")

    return train_step, (network(), *batch()), {}


@style
def by_chance_only(slip: str) -> Made:
    step = mixup_of(rows, slip)

    def train_step(model: Any, x: Any, y: Any) -> Any:
        if np.random.random() < 0.5:
            return step(model, x, y)
        return functional.cross_entropy(model(x), y)

    return train_step, (network(), *batch()), {}


@style
def with_a_generator_of_its_own(slip: str) -> Made:
    generator = torch.Generator().manual_seed(3)

    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam = torch.rand((), generator=generator).clamp(0.1, 0.9)
        p = torch.randperm(len(x), generator=generator)
        other, own = slipped(slip, y, p, lam)
        return (own * rows(out := model(lam * x + (1 - lam) * x[p]), y) + (1 - own) * rows(out, other)).mean()

    return train_step, (network(), *batch()), {}


@style
def double_precision(slip: str) -> Made:
    x, y = batch()
    return mixup_of(rows, slip), (network().double(), x.double(), y), {}


@style
def single_ratio_in_double_precision(slip: str) -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = float(np.random.beta(0.8, 0.8)), torch.randperm(len(x))
        other, own = slipped(slip, y, p, lam)
        single = torch.tensor(lam)  # float32, unless it is said
        out = model(single * x + (1 - single) * x[p])
        return own * functional.cross_entropy(out, y) + (1 - own) * functional.cross_entropy(out, other)

    x, y = batch()
    return train_step, (network().double(), x.double(), y), {}


@style
def closure_of_an_optimiser(slip: str) -> Made:
    step, model = mixup_of(rows, slip), network()
    optimiser = torch.optim.SGD(model.parameters(), 0.1)

    def train_step(model: Any, x: Any, y: Any) -> Any:
        def closure() -> Any:
            optimiser.zero_grad()
            loss = step(model, x, y)
            loss.backward()
            return loss

        return optimiser.step(closure)

    return train_step, (model, *batch()), {}


@style
def log_probabilities(slip: str) -> Made:
    def loss(out: Any, y: Any) -> Any:
        return functional.nll_loss(out.float().log_softmax(-1), y, reduction="none")

    return mixup_of(loss, slip, per="sample"), (network(), *batch()), {}


@style
def normalised_on_the_device(slip: str) -> Made:
    step = mixup_of(rows, slip)
    mean, std = torch.tensor([0.4, 0.5, 0.6]).view(3, 1, 1), torch.tensor([0.2, 0.3, 0.25]).view(3, 1, 1)

    def train_step(model: Any, x: Any, y: Any) -> Any:
        return step(model, (x - mean) / std, y)

    return train_step, (network(), *batch()), {}


@style
def no_reduction_but_a_weighted_sum(slip: str) -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = torch.rand(len(x)), torch.randperm(len(x))
        other, own = slipped(slip, y, p, lam)
        logs = model(column(lam, x) * x + (1 - column(lam, x)) * x[p]).log_softmax(1)
        picked = own * logs.gather(1, y[:, None])[:, 0] + (1 - own) * logs.gather(1, other[:, None])[:, 0]
        return -picked.sum() / len(x)

    return train_step, (network(), *batch()), {}
