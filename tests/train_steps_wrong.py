"""Wrong training steps, each with the name of its defect."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.train_steps import (
    CLASSES,
    Encoder,
    Hooked,
    Lit,
    Made,
    Maker,
    Trainer,
    batch,
    cutmix_box,
    drawn,
    functional,
    hooked_step,
    ids,
    images,
    mixed,
    network,
    torch,
    two,
    validation,
)
from tests.train_steps_labels import reference


def wrong_labels(weigh: Callable[..., Any]) -> Maker:
    """Mix features rightly; `weigh(criterion, out, y, p, lam)` is the loss."""

    def make() -> Made:
        def train_step(model: Any, x: Any, y: Any) -> Any:
            lam, p = drawn(x)
            return weigh(functional.cross_entropy, model(mixed(x, p, lam)), y, p, lam)

        return train_step, batch(), {}

    return make


def wrong_rows(change: Callable[..., Any], criterion: Callable[..., Any] = functional.cross_entropy) -> Maker:
    """Mix features rightly; `change(rows, p, lam)` are the labels."""

    def make() -> Made:
        def train_step(model: Any, x: Any, y: Any) -> Any:
            lam, p = drawn(x)
            return criterion(model(mixed(x, p, lam)), change(functional.one_hot(y, CLASSES).float(), p, lam))

        return train_step, batch(), {}

    return make


def ratios(weigh: Callable[..., Any]) -> Maker:
    """A ratio a sample for features; `weigh(out, y, p, lam)` is the loss."""

    def make() -> Made:
        def train_step(model: Any, x: Any, y: Any) -> Any:
            lam, p = torch.rand(len(x)), torch.randperm(len(x))
            wide = lam[:, None, None, None]
            return weigh(model(wide * x + (1 - wide) * x[p]), y, p, lam)

        return train_step, batch(), {}

    return make


def unreduced(out: Any, y: Any, p: Any, lam: Any) -> Any:
    own, other = (functional.cross_entropy(out, v, reduction="none") for v in (y, y[p]))
    return (lam * own + (1 - lam) * other).mean()


def labels_shuffled_again(criterion: Any, out: Any, y: Any, p: Any, lam: Any) -> Any:
    return two(criterion, out, y, torch.randperm(len(p)), lam)


def another_ratio(criterion: Any, out: Any, y: Any, p: Any, lam: Any) -> Any:
    del lam
    return two(criterion, out, y, p, np.random.beta(1, 1))


def without_gradient() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = drawn(x)
        with torch.no_grad():
            out = model(mixed(x, p, lam))
        return two(functional.cross_entropy, out.requires_grad_(), y, p, lam)

    return train_step, batch(), {}


def loss_as_data() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = drawn(x)
        return two(functional.cross_entropy, model(mixed(x, p, lam)), y, p, lam).detach()

    return train_step, batch(), {}


def encoder_cut(how: str) -> Maker:
    def make() -> Made:
        def train_step(model: Any, x: Any, y: Any) -> Any:
            if how == "no_grad":
                with torch.no_grad():
                    z = model.encoder(x)
            else:
                z = model.encoder(x)
            lam, p = drawn(z)
            own = z.detach() if how in {"own", "both"} else z
            other = z[p].detach() if how in {"partner", "both"} else z[p]
            return two(functional.cross_entropy, model.head(lam * own + (1 - lam) * other), y, p, lam)

        return train_step, (Encoder(), images(), ids()), {}

    return make


def hooked(how: str) -> Maker:
    return lambda: (hooked_step, (Hooked(how), images(), ids()), {"layer": "layer2", "evaluation": validation})


def half_mixed() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = drawn(x)
        half = len(x) // 2
        inputs = torch.cat([mixed(x, p, lam)[:half], x[half:]])
        return two(functional.cross_entropy, model(inputs), y, p, lam)

    return train_step, batch(), {}


def half_labelled() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = drawn(x)
        half = len(x) // 2
        out = model(mixed(x, p, lam))
        rows = functional.one_hot(y, CLASSES).float()
        rows[:half] = mixed(rows, p, lam)[:half]
        return functional.cross_entropy(out, rows)

    return train_step, batch(), {}


def half_lost() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = drawn(x)
        half = len(x) // 2
        return two(functional.cross_entropy, model(mixed(x, p, lam))[:half], y[:half], p[:half] % half, lam)

    return train_step, batch(), {}


def softmax_over_samples() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = drawn(x)
        logp = torch.log_softmax(model(mixed(x, p, lam)), dim=0)
        return two(functional.nll_loss, logp, y, p, lam)

    return train_step, batch(), {}


def features_mixed_twice() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = drawn(x)
        return two(functional.cross_entropy, model(mixed(mixed(x, p, lam), p, lam)), y, p, lam)

    return train_step, batch(), {}


def features_not_mixed() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = drawn(x)
        mixed(x, p, lam)
        return two(functional.cross_entropy, model(x), y, p, lam)

    return train_step, batch(), {}


def not_at_all() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        return functional.cross_entropy(model(x), y)

    return train_step, batch(), {}


def called_twice() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = drawn(x)
        first, second = model(mixed(x, p, lam)), model(mixed(x, torch.randperm(len(x)), lam))
        return lam * functional.cross_entropy(first, y) + (1 - lam) * functional.cross_entropy(second, y[p])

    return train_step, batch(), {}


def in_evaluation_mode() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        model.eval()
        lam, p = drawn(x)
        return two(functional.cross_entropy, model(mixed(x, p, lam)), y, p, lam)

    return train_step, batch(), {}


def left_in_evaluation_mode() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = drawn(x)
        loss = two(functional.cross_entropy, model(mixed(x, p, lam)), y, p, lam)
        model.eval()
        with torch.no_grad():
            model(x).argmax(1)
        return loss

    return train_step, batch(), {}


def steps_too_early() -> Made:
    model, x, y = batch()
    optimiser = torch.optim.SGD(model.parameters(), lr=0.1)

    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = drawn(x)
        loss = two(functional.cross_entropy, model(mixed(x, p, lam)), y, p, lam)
        optimiser.step()
        optimiser.zero_grad()
        loss.backward()
        return loss.item()

    return train_step, (model, x, y), {}


def cutmix_of_the_drawn_ratio() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = drawn(x)
        rows, columns = cutmix_box(x, lam)
        patched = x.clone()
        patched[:, :, rows, columns] = x[p][:, :, rows, columns]
        return two(functional.cross_entropy, model(patched), y, p, lam)

    return train_step, batch(), {}


def cutmix_of_the_other_side() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = drawn(x)
        rows, columns = cutmix_box(x, lam)
        patched = x.clone()
        patched[:, :, rows, columns] = x[p][:, :, rows, columns]
        lam = x[0, 0, rows, columns].numel() / x[0, 0].numel()
        return two(functional.cross_entropy, model(patched), y, p, lam)

    return train_step, batch(), {}


def regression_unmixed(criterion: Callable[..., Any]) -> Maker:
    def make() -> Made:
        def train_step(model: Any, x: Any, y: Any) -> Any:
            lam, p = drawn(x)
            return criterion(model(mixed(x, p, lam)).squeeze(1), y)

        return train_step, (network(1), images(), torch.randn(8)), {}

    return make


def lightning_swapped() -> Made:
    return Lit("swapped").training_step, ((images(), ids()), 0), {}


def trainer_inverse() -> Made:
    return Trainer("inverse").compute_loss, (network(), {"pixel_values": images(), "labels": ids()}), {}


def mixing_while_validating() -> Made:
    return reference()[0], batch(), {"evaluation": reference()[0]}


PAIRED = "inputs and labels are paired differently"
UNMIXED = "labels are not mixed"
CUT = "the gradient is cut"
PARTLY = "only part of the batch is mixed"
RATIOS = "inputs and labels have different ratios"
SWAPPED = "labels weigh the partner by lam"

WRONG: dict[str, tuple[Maker, str]] = {
    "own label alone": (wrong_labels(lambda c, out, y, _p, _lam: c(out, y)), UNMIXED),
    "own label alone, rows": (wrong_rows(lambda rows, _p, _lam: rows), UNMIXED),
    "partner's label alone": (wrong_labels(lambda c, out, y, p, _lam: c(out, y[p])), "the own label is lost"),
    "shuffled again": (wrong_labels(labels_shuffled_again), PAIRED),
    "inverse": (wrong_labels(lambda c, out, y, p, lam: two(c, out, y, torch.argsort(p), lam)), PAIRED),
    "another ratio": (wrong_labels(another_ratio), RATIOS),
    "swapped": (wrong_labels(lambda c, out, y, p, lam: two(c, out, y, p, 1 - lam)), SWAPPED),
    "swapped, rows": (wrong_rows(lambda rows, p, lam: mixed(rows, p, 1 - lam)), SWAPPED),
    "lam ignored": (wrong_labels(lambda c, out, y, p, _lam: (c(out, y) + c(out, y[p])) / 2), "the loss ignores lam"),
    "lam twice": (wrong_labels(lambda c, out, y, p, lam: lam * c(out, y) + lam * c(out, y[p])), "the loss ignores lam"),
    "lam squared": (wrong_labels(lambda c, out, y, p, lam: two(c, out, y, p, lam**2)), RATIOS),
    "folded afterwards": (wrong_labels(lambda c, out, y, p, lam: two(c, out, y, p, max(lam, 1 - lam))), RATIOS),
    "mixed twice": (
        wrong_rows(lambda rows, p, lam: mixed(mixed(rows, p, lam), p, lam)),
        "labels are mixed twice",
    ),
    "mixed again by the loss": (
        wrong_rows(
            lambda rows, p, lam: (mixed(rows, p, lam), p, lam),
            lambda out, made: two(functional.cross_entropy, out, *made),
        ),
        "labels are mixed twice",
    ),
    "vector times mean": (
        ratios(lambda out, y, p, lam: two(functional.cross_entropy, out, y, p, lam).mean()),
        "vector of ratios times a mean loss",
    ),
    "first ratio": (
        ratios(lambda out, y, p, lam: unreduced(out, y, p, lam[0])),
        "the first ratio is used for every sample",
    ),
    "column of ratios": (
        ratios(lambda out, y, p, lam: unreduced(out, y, p, lam[:, None])),
        "vector of ratios times a mean loss",
    ),
    "ratios of the partners": (ratios(lambda out, y, p, lam: unreduced(out, y, p, lam[p])), RATIOS),
    "no_grad": (without_gradient, CUT),
    "loss as data": (loss_as_data, CUT),
    "encoder in no_grad": (encoder_cut("no_grad"), CUT),
    "encoder detached": (encoder_cut("both"), CUT),
    "partner detached": (encoder_cut("partner"), "the partner's gradient is cut"),
    "own detached": (encoder_cut("own"), "the own sample's gradient is cut"),
    "partner detached in a hook": (hooked("detached"), "the partner's gradient is cut"),
    "shuffled after a hook": (hooked("shuffled"), PAIRED),
    "hook in evaluation": (hooked("always"), "mixing in evaluation"),
    "mixing while validating": (mixing_while_validating, "mixing in evaluation"),
    "half mixed": (half_mixed, PARTLY),
    "half labelled": (half_labelled, PARTLY),
    "half lost": (half_lost, "part of the batch has no loss"),
    "softmax over samples": (softmax_over_samples, "the loss is reduced over the wrong axis"),
    "features mixed twice": (features_mixed_twice, "features are mixed twice"),
    "features not mixed": (features_not_mixed, "the mix is discarded"),
    "not at all": (not_at_all, "nothing is mixed"),
    "called twice": (called_twice, "the model is called twice with different mixtures"),
    "in evaluation mode": (in_evaluation_mode, "the network runs in evaluation mode"),
    "left in evaluation mode": (left_in_evaluation_mode, "the network is left in evaluation mode"),
    "steps too early": (steps_too_early, "the optimiser steps before the backward pass"),
    "cutmix, drawn ratio": (cutmix_of_the_drawn_ratio, "label weights differ from the share of pixels"),
    "cutmix, other side": (cutmix_of_the_other_side, SWAPPED),
    "squared, unmixed": (regression_unmixed(functional.mse_loss), UNMIXED),
    "absolute, unmixed": (regression_unmixed(functional.l1_loss), UNMIXED),
    "huber, unmixed": (regression_unmixed(functional.smooth_l1_loss), UNMIXED),
    "lightning, swapped": (lightning_swapped, SWAPPED),
    "trainer, inverse": (trainer_inverse, PAIRED),
}


WRONG.update(
    {
        "shuffled after a layer that is found": (
            lambda: (hooked_step, (Hooked("shuffled"), images(), ids()), {}),
            PAIRED,
        ),
        "ids averaged": (
            wrong_labels(lambda c, out, y, p, lam: c(out, mixed(y.float(), p, lam).long())),
            "class ids are averaged",
        ),
        "hinge, unmixed": (
            wrong_labels(lambda _c, out, y, _p, _lam: functional.multi_margin_loss(out, y)),
            UNMIXED,
        ),
        "weights of samples, swapped": (
            wrong_rows(
                lambda rows, p, lam: (mixed(rows, p, 1 - lam), mixed(rows, p, lam)),
                lambda out, both: (
                    -((both[1] @ torch.linspace(0.5, 2, CLASSES)) * (both[0] * torch.log_softmax(out, 1)).sum(1)).mean()
                ),
            ),
            "labels weigh the partner by lam",
        ),
    }
)
