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


def beside(mixed: Any, unmixed: Any) -> Any:
    """A mixed loss beside a term of the samples as they are, with another criterion."""

    def step(z: Any, y: Any, W: Any, b: Any, lam: Any, partner: Any) -> Any:
        return unmixed(z @ W.T + b, y) + mixed(z, y, W, b, lam, partner) / 2

    return step


def a_row(loss: Loss) -> Any:
    """A step that weighs the losses of rows, given a number or a vector."""

    def step(z: Any, y: Any, W: Any, b: Any, lam: Any, partner: Any) -> Any:
        c = torch.as_tensor(lam, dtype=z.dtype).reshape(-1, 1)
        out = (c * z + (1 - c) * z[partner]) @ W.T + b
        return (c[:, 0] * loss(out, y) + (1 - c[:, 0]) * loss(out, y[partner])).mean()

    return step


def smoothed_rows(u: Any, t: Any) -> Any:
    return functional.cross_entropy(u, t, label_smoothing=0.2, reduction="none")


ONE_HOT: dict[str, Any] = {"labels": "one-hot"}
IDS: dict[str, Any] = {"labels": "indices"}
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
    "ERM beside smoothed losses": (
        beside(mixed_step(smoothed, losses=True), functional.cross_entropy),
        IDS,
        "losses mixed, and a term of the unmixed samples",
    ),
    "ERM beside smoothed labels": (
        beside(mixed_step(smoothed), functional.cross_entropy),
        ONE_HOT,
        "labels mixed, and a term of the unmixed samples",
    ),
    "ERM beside l1": (beside(mixed_step(l1), functional.mse_loss), {}, "and a term of the unmixed samples"),
    "ERM beside focal losses": (
        beside(mixed_step(focal_of_ids, losses=True), functional.cross_entropy),
        IDS,
        "losses mixed, and a term of the unmixed samples",
    ),
    "ERM beside smoothed rows": (
        beside(a_row(smoothed_rows), functional.cross_entropy),
        IDS,
        "losses mixed, and a term of the unmixed samples",
    ),
    "smoothed rows": (a_row(smoothed_rows), IDS, "the criterion of the step itself, losses mixed"),
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


BESIDE = {name: finding for name, finding in SLIPS.items() if name in {"detached", "inverse", "swapped"}}


@pytest.mark.parametrize("slip", BESIDE)
def test_a_slip_is_named_beside_an_unmixed_term(slip: str) -> None:
    step = beside(mixed_step(smoothed, losses=True, slip=slip), functional.cross_entropy)
    report = check_mixup_step(step, framework="torch", **IDS)
    assert [found.name for found in report.findings] == [BESIDE[slip]], str(report)


WEIGHTS: dict[str, tuple[Callable[[float], float], Callable[[float], float]]] = {
    "squared, and the rest": (lambda lam: lam**2, lambda lam: 1 - lam**2),
    "squares": (lambda lam: lam**2, lambda lam: (1 - lam) ** 2),
    "a root, and the rest": (lambda lam: lam**0.5, lambda lam: 1 - lam**0.5),
    "more than one": (lambda lam: lam, lambda lam: 1.2 - lam),
}


@pytest.mark.parametrize("name", WEIGHTS)
@pytest.mark.parametrize("loss", [functional.l1_loss, functional.huber_loss])
@pytest.mark.parametrize("erm", [None, functional.mse_loss])
def test_wrong_weights_of_losses_are_found_as_numbers(name: str, loss: Loss, erm: Loss | None) -> None:
    own, other = WEIGHTS[name]

    def step(z: Any, y: Any, W: Any, b: Any, lam: Any, partner: Any) -> Any:
        out, lam = (float(lam) * z + (1 - float(lam)) * z[partner]) @ W.T + b, float(lam)
        found = own(lam) * loss(out, y) + other(lam) * loss(out, y[partner])
        return found if erm is None else found + erm(z @ W.T + b, y)

    report = check_mixup_step(step, framework="torch")
    assert [found.name for found in report.findings] == ["the weights of the losses are wrong"], str(report)


def test_other_ratios_of_labels_or_features_are_found_as_numbers() -> None:
    def labels(z: Any, y: Any, W: Any, b: Any, lam: Any, partner: Any) -> Any:
        c = torch.as_tensor(lam, dtype=z.dtype).reshape(-1, 1)
        d = torch.clamp(1.3 * c - 0.15, 0, 1)
        return functional.huber_loss((c * z + (1 - c) * z[partner]) @ W.T + b, d * y + (1 - d) * y[partner])

    def features(z: Any, y: Any, W: Any, b: Any, lam: Any, partner: Any) -> Any:
        lam = float(lam)
        out = (lam**3 * z + (1 - lam**3) * z[partner]) @ W.T + b
        return lam * smoothed(out, y, W) + (1 - lam) * smoothed(out, y[partner], W)

    cases: tuple[tuple[Any, dict[str, Any]], ...] = ((labels, {}), (features, IDS))
    for step, options in cases:
        report = check_mixup_step(step, framework="torch", **options)
        assert [found.name for found in report.findings] == ["inputs and labels have different ratios"], str(report)


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
