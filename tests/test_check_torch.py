"""The checks on torch: backward passes, modules with hooks, autograd, and two implementations of other people."""

from __future__ import annotations

import doctest
from typing import Any

import numpy as np
import pytest

from symmix.errors import ImplementationError
from symmix.testing import assert_mixing, assert_mixup_step, check_mixup_step, explain_degeneracy, probe_mixing

torch = pytest.importorskip("torch", reason="torch is not installed: the checks of torch functions are skipped")
functional = torch.nn.functional


def batch_ratio(x: Any, y: Any) -> Any:
    lam, partner = np.random.beta(0.4, 0.4), torch.randperm(len(x))
    return lam * x + (1 - lam) * x[partner], lam * y + (1 - lam) * y[partner]


def sample_ratio(x: Any, y: Any) -> Any:
    lam, partner = torch.rand(len(x), 1), torch.randperm(len(x))
    lam = torch.maximum(lam, 1 - lam)
    return torch.lerp(x[partner], x, lam), torch.lerp(y[partner], y, lam)


def four_returns(x: Any, y: Any) -> Any:
    lam, partner = float(torch.rand(())), torch.randperm(len(x))
    return lam * x + (1 - lam) * x[partner], y, y[partner], lam


def flipped_in_place(x: Any, y: Any) -> Any:
    lam = float(np.random.beta(1, 1))
    other = x.flip(0).mul(1 - lam)
    x.mul_(lam).add_(other)
    return x, y * lam + y.flip(0) * (1 - lam)


def through_numpy(x: Any, y: Any) -> Any:
    return batch_ratio(torch.tensor(x.numpy()), y)


CORRECT: dict[str, tuple[Any, dict[str, Any]]] = {
    "batch ratio": (batch_ratio, {}),
    "batch ratio, images": (batch_ratio, {"shape": (3, 4, 4)}),
    "sample ratio": (sample_ratio, {}),
    "four returns": (four_returns, {"labels": "indices"}),
    "in place, as agreed": (flipped_in_place, {"in_place": True}),
    "double precision": (batch_ratio, {"dtype": "float64"}),
}


@pytest.mark.parametrize("name", CORRECT)
def test_correct_functions_pass_and_the_backward_pass_is_the_transpose(name: str) -> None:
    mix, options = CORRECT[name]
    for seed in range(8):
        report = assert_mixing(mix, framework="torch", seed=seed, draws=30, **options)
        assert report.backward == "the transpose: gradients reach both partners"
        assert report.repeatable


def without_gradient(x: Any, y: Any) -> Any:
    with torch.no_grad():
        return batch_ratio(x, y)


def partner_detached(x: Any, y: Any) -> Any:
    lam, partner = np.random.beta(1, 1), torch.randperm(len(x))
    return lam * x + (1 - lam) * x[partner].detach(), lam * y + (1 - lam) * y[partner]


def own_detached(x: Any, y: Any) -> Any:
    lam, partner = np.random.beta(1, 1), torch.randperm(len(x))
    return lam * x.detach() + (1 - lam) * x[partner], lam * y + (1 - lam) * y[partner]


def scaled_backward(x: Any, y: Any) -> Any:
    mixed, rows = batch_ratio(x, y)
    return 2 * mixed - mixed.detach(), rows


@pytest.mark.parametrize(
    ("mix", "options", "finding"),
    [
        (without_gradient, {}, "the gradient is cut"),
        (partner_detached, {}, "the partner's gradient is cut"),
        (own_detached, {}, "the own sample's gradient is cut"),
        (scaled_backward, {}, "the backward pass is not the transpose"),
        (flipped_in_place, {}, "the features are modified in place"),
        (batch_ratio, {"labels": "indices"}, "class ids are averaged"),
    ],
)
def test_planted_defect_is_found_and_named(mix: Any, options: dict[str, Any], finding: str) -> None:
    for seed in range(5):
        report = probe_mixing(mix, framework="torch", seed=seed, draws=20, **options)
        assert [found.name for found in report.findings] == [finding], str(report)


def test_a_function_that_leaves_torch_says_that_its_backward_pass_was_not_seen() -> None:
    report = probe_mixing(through_numpy, framework="torch", draws=20)
    assert report.backward.startswith("not seen: the function refuses tensors that require a gradient")
    assert "the backward pass" in report.unseen


def test_the_random_states_of_torch_are_left_as_they_were() -> None:
    torch.manual_seed(3)
    expected = torch.rand(3)
    torch.manual_seed(3)
    probe_mixing(batch_ratio, framework="torch", draws=5)
    assert torch.equal(torch.rand(3), expected)


def test_tensors_without_the_framework_are_explained() -> None:
    with pytest.raises(ImplementationError, match=r"arrived: a torch\.Tensor\n    help: pass framework='torch'"):
        probe_mixing(lambda x, y: (torch.tensor(x), y))


@pytest.mark.parametrize("half", ["float16", "bfloat16"])
def test_half_precision_is_seen_and_its_tolerance_is_its_own(half: str) -> None:
    def mix(x: Any, y: Any) -> Any:
        return batch_ratio(x.to(getattr(torch, half)), y)

    for seed in range(5):
        assert_mixing(mix, framework="torch", seed=seed, draws=30)
        assert_mixing(batch_ratio, framework="torch", dtype=half, seed=seed, draws=30)
        wrong = probe_mixing(lambda x, y: (mix(x, y)[0], y), framework="torch", seed=seed, draws=30)
        assert [found.name for found in wrong.findings] == ["labels are not mixed"]


class ManifoldMixup(torch.nn.Module):  # type: ignore[misc,name-defined]  # torch is optional, and unknown to mypy
    """Mixes at one of its layers by a hook."""

    def __init__(self, *, detached: bool = False) -> None:
        super().__init__()
        self.first, self.second = torch.nn.Linear(4, 11), torch.nn.Linear(11, 3)
        self.detached = detached
        self.second.register_forward_pre_hook(self.mix)

    def mix(self, _: Any, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
        (z,) = inputs
        self.lam, self.partner = np.random.beta(2, 2), torch.randperm(len(z))
        other = z[self.partner].detach() if self.detached else z[self.partner]
        return (self.lam * z + (1 - self.lam) * other,)

    def forward(self, x: Any) -> Any:
        return self.second(self.first(x))

    def labels(self, y: Any) -> Any:
        return self.lam * y + (1 - self.lam) * y[self.partner]


def test_hooks_of_a_module_are_probed_and_the_layer_is_left_alone() -> None:
    from symmix.testing.torch import hooks_of  # noqa: PLC0415  # imports torch

    model = ManifoldMixup()
    weights = model.second.weight.detach().clone()
    report = assert_mixing(hooks_of(model.second, model.labels), framework="torch")
    assert report.ratio.kind == "Beta"
    assert assert_mixing(hooks_of(model.second), framework="torch").form == "features"
    assert torch.equal(model.second.weight, weights)
    assert model(torch.zeros(6, 4)).shape == (6, 3)
    cut = probe_mixing(hooks_of(ManifoldMixup(detached=True).second), framework="torch")
    assert [found.name for found in cut.findings] == ["the partner's gradient is cut"]


def column(lam: Any, z: Any) -> Any:
    return torch.as_tensor(lam, dtype=z.dtype).reshape(-1, 1)


def mse(z: Any, y: Any, W: Any, b: Any, lam: Any, partner: Any) -> Any:
    lam = column(lam, z)
    return functional.mse_loss((lam * z + (1 - lam) * z[partner]) @ W.T + b, lam * y + (1 - lam) * y[partner])


def losses_mixed(z: Any, y: Any, W: Any, b: Any, lam: Any, partner: Any) -> Any:
    c = column(lam, z)
    u = functional.linear(torch.lerp(z[partner], z, c), W, b)
    rows, other = (functional.cross_entropy(u, target, reduction="none") for target in (y, y[partner]))
    return (c[:, 0] * rows + (1 - c[:, 0]) * other).mean()


def as_in_the_paper(z: Any, y: Any, W: Any, b: Any, lam: Any, partner: Any) -> Any:
    """lam * criterion(pred, y_a) + (1 - lam) * criterion(pred, y_b), with one ratio a batch."""
    lam = float(lam)
    u = (lam * z + (1 - lam) * z[partner]) @ W.T + b
    return lam * functional.cross_entropy(u, y) + (1 - lam) * functional.cross_entropy(u, y[partner])


def smoothing(z: Any, y: Any, W: Any, b: Any, lam: Any, partner: Any) -> Any:
    c = column(lam, z)
    u = (c * z + (1 - c) * z[partner]) @ W.T + b
    return functional.cross_entropy(u, c * y + (1 - c) * y[partner], label_smoothing=0.1)


@pytest.mark.parametrize(
    ("step", "options", "words"),
    [
        (mse, {}, "squared loss without 1/2, labels mixed, mean over N k, lam weighs the own sample"),
        (mse, {"dtype": "float32"}, "squared loss without 1/2, labels mixed, mean over N k, lam weighs the own sample"),
        (losses_mixed, {"labels": "indices"}, "cross-entropy, mean over N, lam weighs the own sample"),
        (losses_mixed, {"labels": "one-hot"}, "cross-entropy, mean over N, lam weighs the own sample"),
        (as_in_the_paper, {"labels": "indices"}, "cross-entropy, mean over N"),
        (smoothing, {"labels": "one-hot"}, "the criterion of the step itself, labels mixed"),
    ],
)
def test_correct_steps_pass_with_the_gradients_of_autograd(step: Any, options: dict[str, Any], words: str) -> None:
    for seed in range(2):
        report = assert_mixup_step(step, framework="torch", seed=seed, **options)
        assert report.gradients == ("z", "W", "b")
        assert report.stated.startswith(words)


def cut_partner(z: Any, y: Any, W: Any, b: Any, lam: Any, partner: Any) -> Any:
    lam = column(lam, z)
    z_mixed = lam * z + (1 - lam) * z[partner].detach()
    return functional.mse_loss(z_mixed @ W.T + b, lam * y + (1 - lam) * y[partner])


def cut_all(z: Any, y: Any, W: Any, b: Any, lam: Any, partner: Any) -> Any:
    with torch.no_grad():
        z = z.clone()
    return mse(z, y, W, b, lam, partner)


def vector_times_mean(z: Any, y: Any, W: Any, b: Any, lam: Any, partner: Any) -> Any:
    c = column(lam, z)
    u = (c * z + (1 - c) * z[partner]) @ W.T + b
    a, other = functional.cross_entropy(u, y), functional.cross_entropy(u, y[partner])
    return (torch.as_tensor(lam) * a + (1 - torch.as_tensor(lam)) * other).mean()


@pytest.mark.parametrize(
    ("step", "options", "finding", "words"),
    [
        (cut_partner, {}, "the partner's gradient is cut", "dz: nothing arrives through the partner"),
        (cut_all, {}, "the gradient is cut", "dz: it is zero everywhere"),
        (vector_times_mean, {"labels": "indices"}, "vector of ratios times a mean loss", "unreduced"),
    ],
)
def test_planted_defect_of_a_step_is_named(step: Any, options: dict[str, Any], finding: str, words: str) -> None:
    report = check_mixup_step(step, framework="torch", **options)
    named = [found for found in report.findings if found.name == finding]
    assert named, str(report)
    assert words in named[0].message
    assert "torch.tensor([[" in named[0].reproducer


def test_a_head_and_a_loss_of_torch_are_taken_for_what_they_are() -> None:
    linear = torch.nn.Linear(4, 3)
    curved = torch.nn.Sequential(linear, torch.nn.Tanh())
    assert explain_degeneracy(linear, functional.mse_loss, framework="torch").degenerate is True
    assert explain_degeneracy(curved, functional.mse_loss, framework="torch").head == "other"
    assert (
        explain_degeneracy(linear, lambda y, u: functional.cross_entropy(u, y), framework="torch").loss
        == "cross entropy"
    )


def test_a_step_that_writes_into_its_arguments_is_named() -> None:
    def step(z: Any, y: Any, W: Any, b: Any, lam: Any, partner: Any) -> Any:
        loss = mse(z, y, W, b, lam, partner)
        with torch.no_grad():
            z.mul_(2)
        return loss

    report = check_mixup_step(step, framework="torch")
    assert "arguments are modified in place" in [found.name for found in report.findings], str(report)


def test_examples_in_the_docstrings_run() -> None:
    import symmix.testing.torch  # noqa: PLC0415  # imports torch

    results = doctest.testmod(symmix.testing.torch)
    assert results.failed == 0
    assert results.attempted > 0
