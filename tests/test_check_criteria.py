"""Steps with criteria that nothing is proved about: right ones pass whatever the loss is, wrong ones are named."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from symmix.testing import assert_mixup_step, check_mixup_step

torch = pytest.importorskip("torch", reason="torch is not installed: steps with other criteria are not checked")
functional = torch.nn.functional
Loss = Callable[..., Any]
SEEDS = range(int(os.environ.get("SYMMIX_SEEDS", "1")))


def mixed_step(loss: Loss, *, losses: bool = False, slip: str = "") -> Any:
    """A step that mixes labels, or losses with one ratio a batch; with a slip."""

    def step(z: Any, y: Any, W: Any, b: Any, lam: Any, partner: Any) -> Any:
        c = torch.as_tensor(lam, dtype=z.dtype).reshape(-1, 1)
        other = z[partner].detach() if slip == "detached" else z[partner]
        features = z if slip == "discarded" else c * z + (1 - c) * other
        out = (features.detach() if slip == "cut" else features) @ W.T + b
        pair = {"inverse": y[torch.argsort(partner)], "kept": y}.get(slip, y[partner])
        own = {"swapped": 1 - c, "squared": c**2}.get(slip, c)
        if losses:
            lam = float(own.reshape(-1)[0]) if np.ndim(lam) == 0 else float(lam)
            weights = {"sum": (lam, lam), "half": (0.5, 0.5), "own alone": (lam, 0.0)}.get(slip, (lam, 1 - lam))
            return weights[0] * loss(out, y, W) + weights[1] * loss(out, pair, W)
        rows = [functional.one_hot(v, out.shape[1]).to(z.dtype) if not v.is_floating_point() else v for v in (y, pair)]
        own = own[:, 0] if rows[0].ndim == 1 else own
        return loss(out, own * rows[0] + (1 - own) * rows[1], W)

    return step


def weights(out: Any) -> Any:
    return torch.linspace(0.5, 2, out.shape[1], dtype=out.dtype)


def focal(u: Any, t: Any, _: Any) -> Any:
    return -(t * (1 - u.softmax(1)) ** 2 * u.log_softmax(1)).sum(1).mean()


def focal_of_ids(u: Any, t: Any, _: Any) -> Any:
    rows = functional.cross_entropy(u, t, reduction="none")
    return ((1 - torch.exp(-rows)) ** 2 * rows).mean()


def bce(u: Any, t: Any, _: Any) -> Any:
    return functional.binary_cross_entropy_with_logits(u, t)


def thresholded(u: Any, t: Any, _: Any) -> Any:
    return functional.binary_cross_entropy_with_logits(u, (t > 0.2).to(u.dtype))


def l1(u: Any, t: Any, _: Any) -> Any:
    return functional.l1_loss(u, t)


def smoothed(u: Any, t: Any, _: Any) -> Any:
    return functional.cross_entropy(u, t, label_smoothing=0.1)


def decayed(u: Any, t: Any, W: Any) -> Any:
    return functional.mse_loss(u, t) + 0.01 * (W**2).sum()


def unmixed_too(z: Any, y: Any, W: Any, b: Any, lam: Any, partner: Any) -> Any:
    mixed = mixed_step(lambda u, t, _: functional.mse_loss(u, t))(z, y, W, b, lam, partner)
    return mixed + functional.mse_loss(z @ W.T + b, y) / 2


ONE_HOT, IDS = {"labels": "one-hot"}, {"labels": "indices"}
# Name: the step, its options, and words of what is said of it.
RIGHT: dict[str, tuple[Any, dict[str, Any], str]] = {
    "bce": (mixed_step(bce), ONE_HOT, "bce, mean over N k, lam weighs the own sample"),
    "bce, several labels": (mixed_step(bce), {"labels": "multi-label"}, "bce"),
    "bce, rows made inside": (mixed_step(bce), IDS, "bce"),
    "bce, thresholded": (mixed_step(thresholded), ONE_HOT, "the criterion of the step itself, labels mixed"),
    "bce, thresholded, rows made inside": (
        mixed_step(thresholded),
        {**IDS, "criterion": ("bce", {"threshold": 0.2})},
        "bce (threshold = 0.2), labels mixed",
    ),
    "l1": (mixed_step(l1), {}, "l1, labels mixed, mean over N k"),
    "l1, targets (N,)": (
        mixed_step(lambda u, t, _: functional.l1_loss(u[:, 0], t)),
        {"labels": "scalar"},
        "l1, labels mixed",
    ),
    "squared, targets (N,)": (
        mixed_step(lambda u, t, _: functional.mse_loss(u[:, 0], t)),
        {"labels": "scalar"},
        "squared loss without 1/2, labels mixed",
    ),
    "huber, losses": (
        mixed_step(lambda u, t, _: functional.huber_loss(u, t), losses=True),
        {},
        "huber, losses mixed, mean over N k",
    ),
    "kl": (
        mixed_step(lambda u, t, _: functional.kl_div(functional.log_softmax(u, 1), t, reduction="batchmean")),
        {"labels": "soft"},
        "kl, labels mixed, mean over N",
    ),
    "smoothed, losses": (mixed_step(smoothed, losses=True), IDS, "the criterion of the step itself, losses mixed"),
    "class weights, losses": (
        mixed_step(lambda u, t, _: functional.cross_entropy(u, t, weight=weights(u)), losses=True),
        IDS,
        "the criterion of the step itself, losses mixed",
    ),
    "temperature, declared": (
        mixed_step(lambda u, t, _: functional.cross_entropy(u / 2, t)),
        {**IDS, "criterion": ("cross entropy", {"temperature": 2.0})},
        "cross entropy (temperature = 2.0), mean over N",
    ),
    "focal": (mixed_step(focal), ONE_HOT, "focal, mean over N"),
    "focal, losses": (mixed_step(focal_of_ids, losses=True), IDS, "focal, mean over N"),
    "weight decay": (mixed_step(decayed), {}, "the criterion of the step itself, labels mixed"),
    "the unmixed loss added": (unmixed_too, {}, "and 0.5 times the unmixed loss"),
    "any function, declared": (mixed_step(l1), {"criterion": functional.l1_loss}, "l1_loss, labels mixed"),
}


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_step_passes_whatever_its_criterion(name: str) -> None:
    step, options, words = RIGHT[name]
    for seed in SEEDS:
        report = assert_mixup_step(step, framework="torch", seed=seed, **options)
        assert words in report.stated, str(report)
        assert report.findings == ()


SLIPS: dict[str, str] = {
    "detached": "the partner's gradient is cut",
    "cut": "the gradient is cut",
    "discarded": "the mix is discarded",
    "inverse": "inputs and labels are paired differently",
    "swapped": "labels weigh the partner by lam",
    "kept": "labels are not mixed",
}
OF_LABELS = SLIPS | {"squared": "inputs and labels have different ratios"}
OF_LOSSES = SLIPS | dict.fromkeys(("sum", "half", "own alone"), "the weights of the losses are wrong")
KINDS: dict[str, tuple[Loss, bool, dict[str, Any]]] = {
    "bce": (bce, False, ONE_HOT),
    "l1": (l1, False, {}),
    "weight decay": (decayed, False, {}),
    "smoothed": (smoothed, True, IDS),
    "focal": (focal_of_ids, True, IDS),
}
WRONG = [(kind, slip) for kind, (_, losses, _) in KINDS.items() for slip in (OF_LOSSES if losses else OF_LABELS)]


@pytest.mark.parametrize(("kind", "slip"), WRONG)
def test_a_slip_is_named_whatever_the_criterion(kind: str, slip: str) -> None:
    loss, losses, options = KINDS[kind]
    report = check_mixup_step(mixed_step(loss, losses=losses, slip=slip), framework="torch", **options)
    assert [found.name for found in report.findings] == [(OF_LOSSES if losses else OF_LABELS)[slip]], str(report)


def test_another_criterion_than_the_declared_one_is_told() -> None:
    report = check_mixup_step(mixed_step(l1), framework="torch", criterion="squared")
    assert [found.name for found in report.findings] == ["another criterion"], str(report)


def test_what_nothing_explains_is_not_decided() -> None:
    def step(z: Any, y: Any, W: Any, b: Any, lam: Any, partner: Any) -> Any:
        apart = (z @ W.T + b) - (z[partner] @ W.T + b)
        return functional.mse_loss(z @ W.T + b, y) + (float(np.ravel(lam)[0]) - 0.5) ** 3 * apart.abs().mean()

    report = check_mixup_step(step, framework="torch")
    assert report.verdict == "not decided", str(report)
    assert not report.passed
    assert not report.failed
    with pytest.warns(UserWarning, match="nothing was decided about the step"):
        assert_mixup_step(step, framework="torch")
