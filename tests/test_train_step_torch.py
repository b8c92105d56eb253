"""Training steps on torch as engineers have them: right ones pass, wrong ones are named, nothing is left changed."""

from __future__ import annotations

import copy
import doctest
import os
import random
from importlib import import_module
from typing import Any

import numpy as np
import pytest

from symmix.errors import ImplementationError
from symmix.testing.finding import Finding
from symmix.testing.train_step import assert_train_step, check_train_step
from symmix.testing.train_step_report import TrainStepReport

torch = pytest.importorskip("torch", reason="torch is not installed: the checks of training steps on it are skipped")

from tests.train_steps import Encoder, Hooked, batch, drawn, functional, hooked_step, mixed, network, two  # noqa: E402
from tests.train_steps_labels import LABELS, reference, with_an_optimiser  # noqa: E402
from tests.train_steps_networks import NETWORKS  # noqa: E402
from tests.train_steps_sequences import SEQUENCES, WRONG_SEQUENCES  # noqa: E402
from tests.train_steps_wrong import WRONG  # noqa: E402

RIGHT = {**LABELS, **NETWORKS, **SEQUENCES}
DEFECTS = {**WRONG, **WRONG_SEQUENCES}
SEEDS = range(int(os.environ.get("SYMMIX_SEEDS", "1")))
"""One seed in each test run; more of them by the environment, for a longer one."""


@pytest.mark.parametrize("name", RIGHT)
def test_right_steps_pass_whatever_is_drawn(name: str) -> None:
    for seed in SEEDS:
        torch.manual_seed(seed)
        step, arguments, options = RIGHT[name]()
        report = check_train_step(step, *arguments, seed=seed, **options)
        assert report.passed, str(report)


@pytest.mark.parametrize("name", DEFECTS)
def test_defects_are_found_and_named_once(name: str) -> None:
    make, finding = DEFECTS[name]
    for seed in SEEDS:
        torch.manual_seed(seed)
        step, arguments, options = make()
        report = check_train_step(step, *arguments, seed=seed, **options)
        assert [found.name for found in report.findings] == [finding], str(report)


def test_what_a_criterion_hides_is_not_decided() -> None:
    def focal(model: Any, x: Any, y: Any) -> Any:
        lam, p = drawn(x)
        rows, share = mixed(functional.one_hot(y, 7).float(), p, lam), torch.sigmoid(model(mixed(x, p, lam)))
        entropy = functional.binary_cross_entropy(share, rows, reduction="none")
        return (entropy * (1 - share * rows - (1 - share) * (1 - rows)) ** 2).mean()

    report = check_train_step(focal, *batch())
    assert report.verdict == "not decided", str(report)
    assert "for such a criterion label weights cannot be read" in report.undecided[0]


def test_what_is_no_mixture_is_not_decided() -> None:
    def noisy(model: Any, x: Any, y: Any) -> Any:
        lam, p = drawn(x)
        out = model(mixed(x, p, lam) + 0.1 * torch.from_numpy(np.random.default_rng().normal(size=x.shape)).float())
        return two(functional.cross_entropy, out, y, p, lam)

    report = check_train_step(noisy, *batch())
    assert report.verdict == "not decided", str(report)
    assert "no combination of samples" in str(report)


def test_everything_is_as_it_was_afterwards() -> None:
    step, (model, x, y), options = with_an_optimiser()
    optimiser = next(c.cell_contents for c in step.__closure__ or () if isinstance(c.cell_contents, torch.optim.AdamW))
    step(model, x.clone(), y)
    model.eval()
    random.seed(1)
    np.random.seed(2)
    torch.manual_seed(3)
    kept = copy.deepcopy((model.state_dict(), optimiser.state_dict(), [p.grad for p in model.parameters()], x, y))
    states = random.getstate(), np.random.get_state(), torch.get_rng_state()
    assert check_train_step(step, model, x, y, **options).passed
    now = (model.state_dict(), optimiser.state_dict(), [p.grad for p in model.parameters()], x, y)
    assert str(now) == str(kept)
    assert all(torch.equal(value, kept[0][name]) for name, value in model.state_dict().items())
    assert not model.training
    assert random.getstate() == states[0]
    assert str(np.random.get_state()) == str(states[1])
    assert torch.equal(torch.get_rng_state(), states[2])


def test_a_remark_fails_no_report() -> None:
    remark, defect = Finding("float32 inside float64", "", remark=True), Finding("nothing is mixed", "")
    for findings, undecided, verdict in (
        ((remark,), (), "passed"),
        ((remark,), ("why",), "not decided"),
        ((remark, defect), (), "failed"),
    ):
        assert TrainStepReport(findings, undecided, (), 1, "by a spy", 0).verdict == verdict


def test_modules_work_again_afterwards_even_if_the_step_raises() -> None:
    def raises(model: Any, x: Any, y: Any) -> Any:
        model(x)
        raise KeyError(str(y))

    model, x, y = batch()
    call = torch.nn.Module.__call__
    with pytest.raises(ImplementationError, match="KeyError"):
        check_train_step(raises, model, x, y)
    assert torch.nn.Module.__call__ is call
    assert model(x).shape == (8, 7)


def test_the_layer_at_which_a_hook_mixes_is_found_or_named() -> None:
    arguments = (Hooked(), *batch()[1:])
    for options in ({}, {"layer": "layer2"}, {"layer": ["layer1", "layer2"]}):
        report = check_train_step(hooked_step, *arguments, **options)
        assert report.passed
        assert "Conv2d layer2: 6 of 6 rows are mixtures of samples" in report.sites
    with pytest.raises(ImplementationError, match=r"a layer 'layer9' of the model\n arrived: layers layer1, layer2"):
        check_train_step(hooked_step, *arguments, layer="layer9")


def test_an_encoder_that_is_meant_to_be_frozen_is_declared() -> None:
    def frozen(model: Any, x: Any, y: Any) -> Any:
        with torch.no_grad():
            z = model.encoder(x)
        lam, p = drawn(z)
        return two(functional.cross_entropy, model.head(mixed(z, p, lam)), y, p, lam)

    arguments = (Encoder(), *batch()[1:])
    assert check_train_step(frozen, *arguments).failed
    assert check_train_step(frozen, *arguments, detached=True).passed
    for parameter in arguments[0].encoder.parameters():
        parameter.requires_grad_(False)  # noqa: FBT003
    assert check_train_step(frozen, *arguments).passed


def test_the_report_is_text_and_data_and_no_truth_value() -> None:
    step, arguments, _ = reference()
    report = assert_train_step(step, *arguments)
    assert report.document()["verdict"] == "passed"
    assert str(report).startswith(f"passed: {report.calls} calls by a spy, seed 0\n  site         Sequential: ")
    with pytest.raises(TypeError, match="no truth value"):
        bool(report)
    with pytest.raises(AssertionError, match=r"failed: .*\n  labels are not mixed: Sequential"):
        assert_train_step(lambda model, x, y: functional.cross_entropy(model(mixed(x, *drawn(x)[::-1])), y), *arguments)


def test_names_of_features_and_labels_can_be_given() -> None:
    def step(model: Any, sample: dict[str, Any]) -> Any:
        lam, p = drawn(sample["b"])
        return two(functional.cross_entropy, model(mixed(sample["b"], p, lam)), sample["a"], p, lam)

    model, x, y = batch()
    assert check_train_step(step, model, {"a": y, "b": x}, features="b", labels="a").passed
    with pytest.raises(ImplementationError, match="an argument or a key 'c' that holds the features"):
        check_train_step(step, model, {"a": y, "b": x}, features="c")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda x, y: (x[:3], y[:3]), "a batch of at least 4 samples"),
        (lambda x, y: (x, y * 0), "labels of two kinds at least"),
        (lambda x, y: (x[:6], y), "features and labels of equal length"),
    ],
)
def test_a_batch_that_shows_nothing_is_refused(change: Any, message: str) -> None:
    step, (model, x, y), _ = reference()
    with pytest.raises(ImplementationError, match=message):
        check_train_step(step, model, *change(x, y))


def test_a_plain_formula_of_tensors_is_checked_by_relations() -> None:
    weight = torch.randn(7, 192) / 14

    def step(x: Any, y: Any, how: str = "") -> Any:
        lam, p = drawn(x)
        out = torch.tanh(mixed(x, p, lam)).flatten(1) @ weight.T
        return functional.cross_entropy(out, y) if how else two(functional.cross_entropy, out, y, p, lam)

    _, x, y = batch()
    report = check_train_step(step, x, y)
    assert report.passed, str(report)
    assert report.how == "by relations"
    assert [f.name for f in check_train_step(step, x, y, "unmixed").findings] == ["labels are not mixed"]


def test_networks_are_not_run_again_for_every_call() -> None:
    model, runs = network(), [0]
    model[0].register_forward_hook(lambda *_: runs.__setitem__(0, runs[0] + 1))
    step, (_, x, y), _ = reference()
    report = check_train_step(step, model, x, y)
    assert report.passed
    assert runs[0] <= 2 < report.calls


@pytest.mark.parametrize("name", ["spy_torch_answers", "spy_torch_layers"])
def test_examples_in_the_documentation_hold(name: str) -> None:
    results = doctest.testmod(import_module(f"symmix.testing.{name}"))
    assert results.attempted > 0
    assert results.failed == 0
