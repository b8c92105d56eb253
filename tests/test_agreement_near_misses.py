"""Near misses that no identity meets on the way: each is seen to fail on exact arrays, by the losses' definitions."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from symmix.numeric.datasets import erm_loss, pair_average_loss
from symmix.numeric.gradients import residual
from symmix.numeric.objectives import (
    affine_head,
    input_mixup_loss,
    manifold_mixup_loss,
    mix,
    quadratic_head,
    quadratic_head_mixup_loss,
)
from symmix.numeric.remedies import reconstruction_loss, temporal_loss
from tests.exact_arrays import differences, drawn, fractions, pair, ratio

Case = dict[str, Any]


def by(case: Case, name: str) -> Any:
    """Return the gradient of the manifold mixup loss."""
    return differences(manifold_mixup_loss, case, name)


def with_errors(case: Case, e: Any, e_prime: Any) -> Case:
    """Return the case with targets that leave the given residuals."""
    head = [affine_head(case[z], case["W"], case["b"]) for z in ("z", "z_prime")]
    return {**case, "y": head[0] + e, "y_prime": head[1] + e_prime}


def test_the_weights_are_not_transposed() -> None:
    """gradient_has_four_terms: W for its transpose, at k = h."""
    case = pair(3, 3)
    r = -by(case, "b")
    own = case["lam"][()]
    assert np.array_equal(by(case, "z"), -own * case["W"].T @ r)
    assert not np.array_equal(by(case, "z"), -own * case["W"] @ r)


@pytest.mark.parametrize("second", [1, -1])
def test_equal_and_cancelling_residuals_are_no_fit(second: int) -> None:
    """gradient_vanishes_at_fit: where the residuals are equal, or add up to zero."""
    e = drawn(2, seed=1)
    case = with_errors(pair(2, 3), e, second * e)
    assert all(np.any(by(case, name)) for name in ("z", "z_prime", "W", "b"))


def test_what_the_objective_does_see() -> None:
    """loss_ignores_flatness: any direction, one unseen of two, maps that are not inverse, the mixed input."""
    case, h = pair(2, 3), 3
    case["W"][:, -1] = case["W"][:, 0]
    unseen, v = fractions([1, 0, -1]), drawn(h, seed=2)
    whole = manifold_mixup_loss(**case)
    assert manifold_mixup_loss(**{**case, "z": case["z"] + unseen}) == whole
    assert manifold_mixup_loss(**{**case, "z": case["z"] + v, "z_prime": case["z_prime"] + v}) != whole
    assert manifold_mixup_loss(**{**case, "z": case["z"] + unseen, "z_prime": case["z_prime"] + v}) != whole
    A, B = drawn(h, h, seed=3), drawn(h, h, seed=4)
    mapped = {**case, "z": A @ case["z"], "z_prime": A @ case["z_prime"], "W": case["W"] @ B}
    assert manifold_mixup_loss(**mapped) != whole
    inputs = [fractions([1, 2, 3]), fractions([2, -1, 0])]
    rest = {name: case[name] for name in ("lam", "y", "y_prime", "W", "b")}

    def through(q: int) -> Any:
        """Return the loss behind an encoder with the same features at both inputs, but not between them."""

        def encode(x: Any) -> Any:
            return x + q * (x - inputs[0])[0] * (x - inputs[1])[0]

        return input_mixup_loss(encode, x=inputs[0], x_prime=inputs[1], **rest)

    assert through(0) != through(1)


def test_scaling_one_residual_does_not_scale_the_gradient() -> None:
    """gradient_shrinks_with_the_error: only one residual scaled."""
    e, e_prime = drawn(2, seed=5), drawn(2, seed=6)
    case, scaled = with_errors(pair(2, 3), e, e_prime), with_errors(pair(2, 3), 3 * e, e_prime)
    assert not np.array_equal(by(scaled, "z"), 3 * by(case, "z"))
    assert np.array_equal(by(with_errors(pair(2, 3), 3 * e, 3 * e_prime), "z"), 3 * by(case, "z"))


def test_a_gap_that_the_head_does_not_see() -> None:
    """input_mixup_is_not_degenerate: the gradient vanishes on a fitted pair whose features do not interpolate."""
    case = pair(1, 2)
    W = fractions([[1, 1]])
    A = fractions([[1], [-1]])  # F(x) = (x^2, -x^2) has a gap along (1, -1)
    rest = {"lam": case["lam"], "y": 0 * case["y"], "y_prime": 0 * case["y"], "b": 0 * case["b"]}

    def loss(W: Any) -> Any:
        return input_mixup_loss(lambda x: A @ (x * x), x=fractions([1]), x_prime=fractions([-1]), W=W, **rest)

    middle = mix(case["lam"], fractions([1]), fractions([-1]))
    gap = A @ (fractions([1]) - middle * middle)
    assert np.any(gap)
    assert loss(W) == 0  # so that every gradient is zero
    assert not np.any(W @ gap)


def test_displacements_that_do_not_absorb_the_gap() -> None:
    """encoder_can_absorb_the_gap: any displacement, and a flat one that misses the target's difference."""
    H, g, b = fractions(np.diag([2, 0])), fractions([0, 1]), np.array(Fraction(0), dtype=object)
    z = fractions([1, 0])
    y = quadratic_head(z, H, g, b)

    def left(v: Any, y_prime: Any) -> Any:
        return quadratic_head_mixup_loss(ratio(), z, z + v, y, y_prime, H, g, b)

    flat = fractions([0, 3])
    assert left(flat, y + 3) == 0
    assert left(flat, y + 2) != 0
    assert left(fractions([1, 1]), y + 1) != 0


def test_a_mixed_residual_that_the_head_does_not_see() -> None:
    """zero_gradient_does_not_imply_fit: a zero feature gradient is no zero mixed residual."""
    case = {**pair(2, 1), "W": fractions([[1], [1]])}
    off = with_errors(case, fractions([1, -1]), fractions([2, -2]))
    assert not np.any(by(off, "z"))
    assert np.any(by(off, "b"))


def test_what_the_expected_gradients_need() -> None:
    """expected_gradient_vanishes_iff_fit: one of the two does not suffice, and unseen residuals are not zero."""
    ratios = [(Fraction(0), Fraction(1, 2)), (Fraction(1, 2), Fraction(1, 2))]
    second = sum(q * x * x for x, q in ratios)
    crossed = sum(q * x * (1 - x) for x, q in ratios)
    e = drawn(2, seed=7)
    case = with_errors(pair(2, 3), crossed * e, -second * e)  # so that E lam^2 e + E lam (1 - lam) e' = 0

    def mean(case: Case, name: str) -> Any:
        return sum(q * by({**case, "lam": ratio(x)}, name) for x, q in ratios)

    assert not np.any(mean(case, "z"))
    assert np.any(mean(case, "z_prime"))
    assert np.any(case["W"].T @ residual(case["z"], case["y"], case["W"], case["b"]))
    blind = with_errors({**pair(2, 1), "W": fractions([[1], [1]])}, fractions([1, -1]), fractions([-3, 3]))
    assert not np.any(mean(blind, "z"))
    assert not np.any(mean(blind, "z_prime"))
    assert np.any(residual(blind["z"], blind["y"], blind["W"], blind["b"]))


def test_without_a_free_bias_the_critical_points_differ() -> None:
    """linear_head_mixup_is_erm: one weight, no bias; ERM's least squares is not critical for mixup."""
    z, y = fractions([[1], [2], [4]]), fractions([[1], [0], [3]])
    W = np.array([[(z * y).sum() / (z * z).sum()]], dtype=object)
    case = {"z": z, "y": y, "W": W, "b": fractions([0])}
    ratios = [(Fraction(0), Fraction(1, 2)), (Fraction(1, 2), Fraction(1, 2))]
    assert not np.any(differences(erm_loss, case, "W"))
    assert np.any(differences(lambda **case: pair_average_loss(ratios, **case), case, "W"))


def test_a_direction_that_is_flat_in_the_mixture_only() -> None:
    """hessian_at_fit_is_a_kronecker_product: flat although the head sees each of the two displacements."""
    case = pair(2, 3)
    own, v = case["lam"][()], drawn(3, seed=8)
    moved = {**case, "z": case["z"] + (1 - own) * v, "z_prime": case["z_prime"] - own * v}
    assert np.any(case["W"] @ v)
    assert np.array_equal(by(moved, "z"), by(case, "z"))
    assert np.array_equal(by(moved, "z_prime"), by(case, "z_prime"))


def test_remedies_stop_where_they_should_and_not_before() -> None:
    """An input that is reconstructed as far as the decoder can; three equally spaced codes that differ."""
    case = with_errors(pair(2, 2), fractions([0, 0]), fractions([0, 0]))
    D, inputs = fractions([[1, 0], [0, 1], [0, 0]]), fractions([*case["z"], 5])

    def reconstructed(z: Any) -> Any:
        return manifold_mixup_loss(**{**case, "z": z}) + reconstruction_loss(ratio(), inputs, z, D)

    assert np.any(inputs - D @ case["z"])
    assert not np.any(differences(reconstructed, {"z": case["z"]}, "z"))
    codes = {"z_before": case["z"], "z": case["z"] + 1, "z_after": case["z"] + 2}
    assert not any(np.any(differences(temporal_loss, codes, name)) for name in codes)
    assert np.any(codes["z"] - codes["z_before"])


def test_the_loss_is_not_the_objective() -> None:
    """objective_is_maximised: with the minus sign of a loss the value rises along every direction of the bias."""
    case, u = pair(2, 3), drawn(2, seed=9)
    r = -by(case, "b")
    lowered = -manifold_mixup_loss(**case) + u @ r - u @ u / 2
    moved = {**case, "b": case["b"] + u}
    assert -manifold_mixup_loss(**moved) == lowered
    assert manifold_mixup_loss(**moved) != lowered
