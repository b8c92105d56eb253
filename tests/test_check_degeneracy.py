"""Whether the degeneracy applies: what is said, by which theorems, and what a callable is taken for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from symmix.catalogue import load
from symmix.errors import ImplementationError
from symmix.testing import assert_degenerate, assert_not_degenerate, explain_degeneracy
from symmix.testing.degeneracy import HEADS, LOSSES

RNG = np.random.default_rng(0)
W, B = RNG.standard_normal((3, 4)), RNG.standard_normal(3)
H = RNG.standard_normal((4, 4))


def affine(z: Any) -> Any:
    return z @ W.T + B


def quadratic(z: Any) -> Any:
    return np.einsum("ni,ij,nj->n", z, H, z) + z[:, 0]


def softmax_loss(y: Any, u: Any) -> Any:
    return np.mean(np.log(np.exp(u).sum(axis=1)) - (y * u).sum(axis=1))


@pytest.mark.parametrize(
    ("head", "loss", "layer", "degenerate", "theorem"),
    [
        ("affine", "squared", "hidden", True, "gradient_vanishes_at_fit"),
        ("affine", "squared", "hidden", True, "pair_average_is_erm_minus_variance"),
        ("affine", "squared", "input", False, "input_mixup_adds_the_interpolation_gap"),
        ("affine", "cross entropy", "hidden", False, "softmax_fit_is_not_stationary"),
        ("other", "cross entropy", "hidden", None, "softmax_fit_is_not_stationary"),
        ("quadratic", "squared", "hidden", False, "encoder_can_absorb_the_gap"),
        ("other", "squared", "hidden", False, "any_head_adds_its_own_gap"),
        ("affine", "other", "hidden", None, "loss_ignores_flatness"),
    ],
)
def test_what_is_proved_is_named(head: str, loss: str, layer: str, degenerate: bool | None, theorem: str) -> None:  # noqa: FBT001
    found = explain_degeneracy(head, loss, layer)
    assert found.degenerate is degenerate
    assert theorem in {name for _, names in found.statements for name in names}
    assert theorem in str(found)
    assert str(found).startswith({True: "degenerate", False: "not degenerate", None: "nothing proved"}[degenerate])


def test_theorems_that_are_named_exist() -> None:
    known = {script.id for script in load()}
    for head in HEADS:
        for loss in LOSSES:
            for layer in ("hidden", "input"):
                assert {n for _, names in explain_degeneracy(head, loss, layer).statements for n in names} <= known


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (affine, "affine"),
        (lambda z: affine(z).astype(np.float32), "affine"),
        (lambda z: affine(z).astype(np.float32).astype(float), "undecided"),
        (quadratic, "quadratic"),
        (lambda z: np.maximum(affine(z), 0), "other"),
        (lambda z: affine(z) + 1e-6 * quadratic(z)[:, None], "quadratic"),
        (np.tanh, "other"),
        (lambda z: 0 * z, "affine"),
    ],
)
def test_heads_are_taken_for_what_they_are(head: Any, kind: str) -> None:
    for seed in range(20):
        found = explain_degeneracy(head, "squared", seed=seed)
        assert found.head == kind, str(found)
    assert "numerically" in found.decided[0]
    assert kind == "undecided" or "a check, not a proof" in found.decided[0]
    assert (found.degenerate is None) == (kind == "undecided")


@pytest.mark.parametrize(
    ("loss", "kind"),
    [
        (lambda y, u: np.mean((y - u) ** 2), "squared"),
        (lambda y, u: np.sum((y - u) ** 2, axis=1) / 2, "squared"),
        (softmax_loss, "cross entropy"),
        (lambda y, u: np.abs(y - u).sum(), "other"),
        (lambda y, u: ((y - 2 * u) ** 2).sum(), "other"),
        (lambda y, u: 0.0 * np.sum(y - u), "other"),
    ],
)
def test_losses_are_taken_for_what_they_are(loss: Any, kind: str) -> None:
    for seed in range(10):
        found = explain_degeneracy("affine", loss, seed=seed)
        assert found.loss == kind, str(found)
    assert "numerically" in found.decided[1]


def test_twins_raise_with_the_explanation() -> None:
    assert assert_degenerate(affine, "squared").degenerate is True
    assert assert_not_degenerate(np.tanh, "squared").degenerate is False
    with pytest.raises(AssertionError, match="not degenerate: other head"):
        assert_degenerate(np.tanh, "squared")
    with pytest.raises(AssertionError, match="degenerate: affine head"):
        assert_not_degenerate(affine, "squared")
    with pytest.raises(AssertionError, match="nothing proved"):
        assert_not_degenerate("affine", "other")


def test_it_has_no_truth_value() -> None:
    with pytest.raises(TypeError, match=r"ask for \.degenerate, which may be None"):
        bool(explain_degeneracy("affine", "squared"))


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (("linear", "squared"), {}, "required: head: affine, quadratic, other, or a function"),
        (("affine", "mse"), {}, "required: loss: squared"),
        (("affine", "squared", 3), {}, "arrived: 3"),
        ((affine, "squared"), {"features": 5}, "help: pass features="),
        ((lambda z: z / 0.0 * 0, "squared"), {}, "NaN or infinity"),
    ],
)
def test_errors_say_what_was_required(arguments: Any, options: dict[str, Any], message: str) -> None:
    with np.errstate(all="ignore"), pytest.raises(ImplementationError, match=message):
        explain_degeneracy(*arguments, **options)
