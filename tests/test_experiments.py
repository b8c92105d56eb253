"""Experiments: what is measured is what was predicted, at the smallest sizes; and a wrong prediction would show."""

from __future__ import annotations

import json
import sys
from functools import cache

import numpy as np
import pytest

from symmix.cli import main
from symmix.errors import StatementError, UsageError
from symmix.experiments import EXPERIMENTS, Row, table
from symmix.experiments.classifier import Plan, start
from symmix.experiments.decay import _ERM, _fitted
from symmix.experiments.finite import loss_of_all_pairs
from symmix.experiments.predictions import stated
from symmix.experiments.scale import settled
from symmix.numeric.ratios import beta_quadrature
from tests.catalogue import SCRIPTS

# of a relation with a number: how far off the measurement may be, relative to the largest prediction
CLOSE = {"noise": 1e-12, "layers": 1e-12, "decay": 1e-3, "finite": 1e-3, "scale": 2e-2, "collapse": 1e-2, "flat": 0.0}


@cache
def rows(name: str) -> tuple[Row, ...]:
    return tuple(EXPERIMENTS[name].run(1, small=True))


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_what_is_measured_is_what_was_predicted(name: str) -> None:
    scale = max(abs(row.predicted) for row in rows(name)) or 1.0
    for row in rows(name):
        off = row.measured - row.predicted
        met = {"=": abs(off) <= CLOSE[name] * scale, ">": off > 1e-3 * scale, ">=": off >= 0, "": True}[row.relation]
        assert met, row


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_an_experiment_belongs_to_a_theorem_and_says_its_limits(name: str) -> None:
    experiment = EXPERIMENTS[name]
    assert experiment.name == name
    assert experiment.theorem in SCRIPTS
    assert experiment.question.endswith("?")
    assert experiment.limits.endswith(".")


def test_a_prediction_is_what_the_claim_says_and_not_what_the_near_miss_says() -> None:
    """Twice the noise, of the near miss without the factor 2, would not be taken for a measurement."""
    rng = np.random.default_rng(3)
    e, G = rng.standard_normal((4, 1)), rng.standard_normal((4, 2))
    e -= e.mean()
    values = {"e": e, "G": G, "lam": 0.5}
    found = stated("cross_terms_are_gauss_newton_noise", "a scalar target", {"n": 4, "k": 1, "p": 2}, values)
    by_hand = ((e.T @ e) * (G.T @ G) + G.T @ e @ e.T @ G) / 16 / 8
    assert np.allclose(found, by_hand, rtol=1e-12, atol=0)
    assert not np.allclose(found, by_hand / 2, rtol=1e-2, atol=0)


def test_only_claimed_identities_predict() -> None:
    with pytest.raises(StatementError, match="predict from what is claimed"):
        stated("cross_terms_are_gauss_newton_noise", "no drift", {}, {})


def test_a_gradient_that_experiments_descend_is_that_of_the_loss() -> None:
    rng = np.random.default_rng(0)
    logits, labels, ratios = rng.standard_normal((3, 2)), np.eye(2)[[0, 1, 0]], [(0.25, 0.5), (0.75, 0.5)]
    slope = loss_of_all_pairs(logits, labels, ratios)[1]
    for place in np.ndindex(*logits.shape):
        step = np.zeros_like(logits)
        step[place] = 1e-5
        difference = (
            loss_of_all_pairs(logits + step, labels, ratios)[0] - loss_of_all_pairs(logits - step, labels, ratios)[0]
        )
        assert abs(difference / 2e-5 - slope[place]) < 1e-9


def test_where_the_scale_settles_is_where_the_loss_is_least() -> None:
    """Compare the root of the slope with the loss itself, over all pairs of one sample a class, on both sides."""
    classes, a = 10, 1.0
    nodes, weights, _ = beta_quadrature(a, a, 40)
    ratios = list(zip(nodes, weights, strict=True))

    def loss(scale: float) -> float:
        return loss_of_all_pairs(scale * np.eye(classes), np.eye(classes), ratios)[0]

    found = settled(classes, a)
    assert 5.921 < found < 5.922  # of the catalogue of statements
    assert loss(found) < min(loss(found - 0.01), loss(found + 0.01))
    assert 3.542 < settled(2, a) < 3.543
    assert abs(settled(classes, 0.2) - found) > 0.1  # another ratio, another scale


@pytest.mark.parametrize("lam", [1.0, 0.5, 0.3])
def test_the_classifier_descends_its_loss(lam: float) -> None:
    rng = np.random.default_rng(0)
    x, partner = rng.standard_normal((5, 3)), rng.permutation(5)
    y = np.eye(2)[[0, 1, 0, 1, 1]]
    network = start(Plan(x, y, hidden=4, features=3, batch=5, steps=1), rng)
    slopes = network.loss(x, y, partner, lam)[1]
    for parameter, slope in zip(network.parameters, slopes, strict=True):
        for place in np.ndindex(*parameter.shape):
            ends, kept = [], parameter[place]
            for step in (1e-5, -1e-5):
                parameter[place] = kept + step
                ends.append(network.loss(x, y, partner, lam)[0])
            parameter[place] = kept
            assert abs((ends[0] - ends[1]) / 2e-5 - slope[place]) < 1e-7


def test_data_that_an_extra_brings_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    for name in ("noise", "scale", "collapse"):
        with pytest.raises(UsageError, match=r"pip install 'symmix\[experiments\]', or run it with --small"):
            next(EXPERIMENTS[name].run(0, small=False))


def test_without_decay_every_mode_lives() -> None:
    targets = np.array([[1.0, 0.0], [-1.0, 1.0], [0.0, -1.0]])
    found = _fitted(targets, _ERM, 0.0, np.random.default_rng(0), 2000)
    assert np.allclose(found, np.linalg.svd(targets, compute_uv=False), atol=1e-6)


def test_a_table_prints_bounds_and_what_is_not_predicted() -> None:
    shown = table([Row("a", 0.5, 0.25), Row("bound", 0.0, 1.0, ">="), Row("c", 0.0, 2.0, "")]).splitlines()
    assert [line.split() for line in shown] == [
        ["predicted", "measured"],
        ["a", "0.5", "0.25"],
        ["bound", ">=", "0", "1"],
        ["c", "-", "2"],
    ]


# -- the command ---


def test_the_command_prints_a_table_and_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["experiment", "decay", "--small", "--seed", "1"]) == 0
    text = capsys.readouterr().out
    assert "predicted by mixup_thresholds_modes, seed 1" in text
    assert "Limits: " in text
    assert main(["experiment", "decay", "--small", "--seed", "1", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [row["quantity"] for row in told["rows"]] == [row.quantity for row in rows("decay")]
    assert told["seed"] == 1


def test_the_command_lists_and_refuses(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["experiment"]) == 0
    listed = capsys.readouterr().out
    assert all(name in listed and experiment.theorem in listed for name, experiment in EXPERIMENTS.items())
    assert main(["experiment", "nothing"]) == 2
    assert "one of the experiments noise, layers" in capsys.readouterr().err
