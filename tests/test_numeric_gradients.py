"""The gradients typed in from their statements, against oracles that know only the losses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from symmix.numeric import assert_gradient, complex_step, exact_differences
from symmix.numeric.cases import integer_batches, integer_pairs, normal_batches, normal_pairs
from symmix.numeric.curvature import averaged_feature_hessian, averaged_sample_matrix, feature_hessian
from symmix.numeric.encoders import (
    quadratic_features,
    quadratic_jacobian,
    split_parameters,
    tanh_features,
    tanh_jacobian,
)
from symmix.numeric.gradients import (
    cross_entropy_mixup_gradient,
    expected_feature_gradients,
    four_terms,
    input_mixup_encoder_gradient,
    input_mixup_residual,
    interpolation_gap,
    manifold_mixup_gradient,
    mixed_residual,
    quadratic_head_fit_residual,
    residual,
)
from symmix.numeric.grids import grid_batches, grid_size
from symmix.numeric.objectives import (
    affine_head,
    cross_entropy_mixup_loss,
    input_mixup_loss,
    manifold_mixup_loss,
    mix,
    quadratic_head,
    quadratic_head_mixup_loss,
    regression_loss,
)
from symmix.numeric.remedies import (
    mixed_reconstruction_gradient,
    mixed_reconstruction_loss,
    reconstruction_gradient,
    reconstruction_loss,
    temporal_gradient,
    temporal_loss,
)

PAIR = ("lam", "z", "z_prime", "y", "y_prime", "W", "b")
DTYPES = (np.float64, np.float32)


@pytest.mark.parametrize("dtype", DTYPES)
def test_manifold_mixup_gradient_equals_exact_differences(dtype: Any) -> None:
    report = assert_gradient(
        manifold_mixup_gradient,
        manifold_mixup_loss,
        integer_batches(1, dtype=dtype),
        wrt=PAIR,
        oracle=exact_differences,
    )
    assert report.cases == 1600
    assert {"lam = 0", "lam = 1/2", "lam = 1", "k > h", "k < h", "k = 1", "h = 1"} <= set(report.corners)


@pytest.mark.parametrize("dtype", [np.float64, pytest.param(np.float32, marks=pytest.mark.slow)])
def test_manifold_mixup_gradient_is_proved_on_the_grid(dtype: Any) -> None:
    report = assert_gradient(
        manifold_mixup_gradient,
        manifold_mixup_loss,
        grid_batches(dtype=dtype),
        wrt=PAIR,
        oracle=exact_differences,
    )
    assert report.cases == grid_size() == 1832706


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    ("gradient", "loss"),
    [
        (manifold_mixup_gradient, manifold_mixup_loss),
        (cross_entropy_mixup_gradient, cross_entropy_mixup_loss),
    ],
)
def test_gradients_lie_within_the_bound_of_a_complex_step(gradient: Any, loss: Any, dtype: Any) -> None:
    wrt = ("lam", "z", "z_prime", "W", "b")
    assert assert_gradient(gradient, loss, normal_batches(2, dtype=dtype), wrt=wrt, oracle=complex_step).cases == 1600


def _through_encoder(features: Any) -> Any:
    def loss(lam: Any, x: Any, x_prime: Any, y: Any, y_prime: Any, W: Any, b: Any, **theta: Any) -> Any:
        return manifold_mixup_loss(lam, features(x, **theta), features(x_prime, **theta), y, y_prime, W, b)

    return loss


def _four_terms_gradient(features: Any, jacobian: Any) -> Any:
    def gradient(lam: Any, x: Any, x_prime: Any, y: Any, y_prime: Any, W: Any, b: Any, **theta: Any) -> Any:
        e = residual(features(x, **theta), y, W, b)
        e_prime = residual(features(x_prime, **theta), y_prime, W, b)
        own, cross, cross_prime, own_prime = four_terms(
            lam, jacobian(x, **theta), jacobian(x_prime, **theta), W, e, e_prime
        )
        return split_parameters(
            -(own + cross + cross_prime + own_prime), {name: value.shape[1:] for name, value in theta.items()}
        )

    return gradient


def _input_mixup_gradient(features: Any, jacobian: Any) -> Any:
    def gradient(lam: Any, x: Any, x_prime: Any, y: Any, y_prime: Any, W: Any, b: Any, **theta: Any) -> Any:
        def encode(points: Any) -> Any:
            return features(points, **theta)

        x_mixed = mix(lam, x, x_prime)
        e, e_prime = residual(encode(x), y, W, b), residual(encode(x_prime), y_prime, W, b)
        gap = interpolation_gap(lam, encode(x), encode(x_prime), encode(x_mixed))
        r = input_mixup_residual(lam, e, e_prime, W, gap)
        by_theta = input_mixup_encoder_gradient(r, W, jacobian(x_mixed, **theta))
        return split_parameters(by_theta, {name: value.shape[1:] for name, value in theta.items()})

    return gradient


def _input_mixup(features: Any) -> Any:
    def loss(lam: Any, x: Any, x_prime: Any, y: Any, y_prime: Any, W: Any, b: Any, **theta: Any) -> Any:
        return input_mixup_loss(lambda points: features(points, **theta), lam, x, x_prime, y, y_prime, W, b)

    return loss


def _quadratic_cases(k: int, h: int, d: int) -> dict[str, Any]:
    rng = np.random.default_rng([k, h, d])
    case = integer_pairs(rng, k, h, 100, largest=1)
    draw = {"x": (d,), "x_prime": (d,), "A": (h, d), "Q": (h, d, d)}
    del case["z"], case["z_prime"]
    return {**case, **{name: rng.integers(-1, 1, (100, *s), endpoint=True) * 1.0 for name, s in draw.items()}}


def _tanh_cases(k: int, h: int, d: int, q: int) -> dict[str, Any]:
    rng = np.random.default_rng([k, h, d, q])
    case = normal_pairs(rng, k, h, 100)
    draw = {"x": (d,), "x_prime": (d,), "A": (q, d), "c": (q,), "B": (h, q)}
    del case["z"], case["z_prime"]
    return {**case, **{name: rng.standard_normal((100, *s)) for name, s in draw.items()}}


@pytest.mark.parametrize("size", [(1, 1, 1), (1, 2, 3), (3, 1, 2), (2, 3, 1)])
@pytest.mark.parametrize("kind", [(_through_encoder, _four_terms_gradient), (_input_mixup, _input_mixup_gradient)])
def test_encoder_gradients_are_exact_for_a_quadratic_encoder(kind: Any, size: tuple[int, int, int]) -> None:
    loss, gradient = kind
    assert_gradient(
        gradient(quadratic_features, quadratic_jacobian),
        loss(quadratic_features),
        [_quadratic_cases(*size)],
        wrt=("A", "Q"),
        oracle=exact_differences,
    )


@pytest.mark.parametrize("size", [(1, 1, 1, 1), (1, 2, 3, 4), (3, 1, 2, 2)])
@pytest.mark.parametrize("kind", [(_through_encoder, _four_terms_gradient), (_input_mixup, _input_mixup_gradient)])
def test_encoder_gradients_hold_for_a_nonlinear_encoder(kind: Any, size: tuple[int, int, int, int]) -> None:
    loss, gradient = kind
    assert_gradient(
        gradient(tanh_features, tanh_jacobian),
        loss(tanh_features),
        [_tanh_cases(*size)],
        wrt=("A", "c", "B"),
        oracle=complex_step,
    )


def test_manifold_and_input_mixup_differ_for_a_curved_encoder() -> None:
    report_case = _quadratic_cases(2, 3, 2)
    with pytest.raises(AssertionError, match="failed"):
        assert_gradient(
            _four_terms_gradient(quadratic_features, quadratic_jacobian),
            _input_mixup(quadratic_features),
            [report_case],
            wrt=("A",),
            oracle=exact_differences,
        )


def test_input_mixup_separates_for_an_affine_encoder() -> None:
    case = _quadratic_cases(2, 3, 2)
    case["Q"] = np.zeros_like(case["Q"])
    gradient = _four_terms_gradient(quadratic_features, quadratic_jacobian)
    loss = _input_mixup(quadratic_features)
    assert_gradient(gradient, loss, [case], wrt=("A",), oracle=exact_differences)


def test_mixed_residual_is_the_mixture_of_the_residuals_and_not_swapped() -> None:
    c = integer_pairs(np.random.default_rng(3), 2, 3, 500)
    e, e_prime = (
        residual(c["z"], c["y"], c["W"], c["b"]),
        residual(c["z_prime"], c["y_prime"], c["W"], c["b"]),
    )
    r = mix(c["lam"], c["y"], c["y_prime"]) - affine_head(mix(c["lam"], c["z"], c["z_prime"]), c["W"], c["b"])
    assert np.array_equal(r, mixed_residual(c["lam"], e, e_prime))
    assert not np.array_equal(r, mixed_residual(c["lam"], e_prime, e))


def test_own_terms_are_squared_ratios_times_regression_gradients() -> None:
    c = integer_pairs(np.random.default_rng(4), 2, 3, 500)
    found = exact_differences(regression_loss, {name: c[name] for name in "zyWb"}, ["z"])["z"].value
    e, zero = residual(c["z"], c["y"], c["W"], c["b"]), np.zeros_like(c["y"])
    J = np.broadcast_to(np.eye(3), (500, 3, 3))
    own = four_terms(c["lam"], J, J, c["W"], e, zero)[0]
    assert np.array_equal(own, -(c["lam"] ** 2)[:, None] * found)
    assert not np.array_equal(own, -c["lam"][:, None] * found)


def test_expected_feature_gradients_are_averages_over_the_ratio() -> None:
    c = integer_pairs(np.random.default_rng(5), 2, 3, 100)
    e, e_prime = (
        residual(c["z"], c["y"], c["W"], c["b"]),
        residual(c["z_prime"], c["y_prime"], c["W"], c["b"]),
    )
    ratios = np.array([0.0, 0.25, 0.25, 0.75])
    each = [manifold_mixup_gradient(**{**c, "lam": np.full(100, lam)}) for lam in ratios]
    own, cross, own_prime = np.mean(ratios**2), np.mean(ratios * (1 - ratios)), np.mean((1 - ratios) ** 2)
    dz, dz_prime = expected_feature_gradients(own, cross, own_prime, c["W"], e, e_prime)
    assert np.array_equal(dz, sum(g["z"] for g in each) / 4)
    assert np.array_equal(dz_prime, sum(g["z_prime"] for g in each) / 4)
    assert not np.array_equal(dz, dz_prime)


def test_curved_head_leaves_the_gap_at_the_fit() -> None:
    rng = np.random.default_rng(6)
    z, z_prime, g = (rng.integers(-3, 3, (200, 3)) * 1.0 for _ in range(3))
    half = rng.integers(-2, 2, (200, 3, 3)) * 1.0
    H, b, lam = half + half.swapaxes(1, 2), np.ones(200), rng.integers(0, 8, 200, endpoint=True) / 8
    y, y_prime = quadratic_head(z, H, g, b), quadratic_head(z_prime, H, g, b)
    r = quadratic_head_fit_residual(lam, z, z_prime, H)
    assert np.array_equal(r * r / 2, quadratic_head_mixup_loss(lam, z, z_prime, y, y_prime, H, g, b))
    at_mixture = quadratic_head(mix(lam, z, z_prime), H, g, b)
    assert np.array_equal(r, lam * y + (1 - lam) * y_prime - at_mixture)  # with this sign
    assert np.any(r != 0)


def test_a_singular_curvature_lets_the_encoder_absorb_the_gap() -> None:
    H, g, b = np.diag([2.0, 0.0]), np.array([0.0, 1.0]), np.array(0.0)
    z, v = np.array([1.0, 0.0]), np.array([0.0, 3.0])
    y, y_prime = quadratic_head(z, H, g, b), quadratic_head(z + v, H, g, b)
    assert y_prime - y == g @ v == 3.0
    for lam in np.arange(9) / 8:
        assert quadratic_head_mixup_loss(np.array(lam), z, z + v, y, y_prime, H, g, b) == 0.0


def test_loss_ignores_flat_directions_and_the_scale_of_the_representation() -> None:
    c = integer_pairs(np.random.default_rng(7), 2, 3, 300)
    c["W"][:, :, 2] = c["W"][:, :, 0]  # v = (1, 0, -1) is in the kernel
    moved = {
        **c,
        "z": c["z"] + np.array([5.0, 0.0, -5.0]),
        "z_prime": c["z_prime"] - np.array([3.0, 0.0, -3.0]),
    }
    scaled = {**c, "z": 4 * c["z"], "z_prime": 4 * c["z_prime"], "W": c["W"] / 4}
    loss = manifold_mixup_loss(**c)
    assert np.array_equal(loss, manifold_mixup_loss(**moved))
    assert np.array_equal(loss, manifold_mixup_loss(**scaled))
    bent = {**c, "z": c["z"] + np.array([5.0, 0.0, 5.0])}
    assert not np.array_equal(loss, manifold_mixup_loss(**bent))


def test_feature_hessian_equals_second_differences() -> None:
    c = {name: value[0] for name, value in integer_pairs(np.random.default_rng(8), 2, 3, 1).items()}
    c["lam"] = np.array(0.375)
    h = 3

    def loss(features: Any) -> Any:
        return manifold_mixup_loss(**{**c, "z": features[:h], "z_prime": features[h:]})

    at, unit = np.concatenate([c["z"], c["z_prime"]]), np.eye(2 * h)
    second = np.array([[loss(at + u + v) - loss(at + u) - loss(at + v) + loss(at) for v in unit] for u in unit])
    claimed = feature_hessian(0.375, c["W"])
    assert np.array_equal(second, claimed)
    assert not np.array_equal(second, feature_hessian(0.625, c["W"]))
    assert np.linalg.matrix_rank(claimed) == np.linalg.matrix_rank(c["W"])


def test_averaged_hessian_couples_samples_as_claimed() -> None:
    # two samples, ratio 0 or 1/2 with equal chances: c = 2 * (1/2) * (1/4) = 1/4; average over pairs
    W, c = np.array([[1.0, 2.0]]), 0.25
    total = np.zeros((4, 4))
    for lam in (0.0, 0.5):
        for i in range(2):
            for j in range(2):
                select = np.vstack([np.kron(np.eye(2)[i], np.eye(2)), np.kron(np.eye(2)[j], np.eye(2))])
                total += select.T @ feature_hessian(lam, W) @ select / 8
    assert np.array_equal(total, averaged_feature_hessian(2, c, W))
    S = averaged_sample_matrix(2, c)
    assert np.array_equal(S @ np.array([1, 1]), np.array([1, 1]))
    assert np.array_equal(S @ np.array([1, -1]), (1 - c) * np.array([1, -1]))


def test_remedies_have_the_claimed_gradients() -> None:
    rng = np.random.default_rng(9)
    z, z_before, z_after = (rng.integers(-3, 3, (100, 2)) * 1.0 for _ in range(3))
    x, x_prime, D = (
        rng.integers(-3, 3, (100, 3)) * 1.0,
        rng.integers(-3, 3, (100, 3)) * 1.0,
        rng.integers(-2, 2, (100, 3, 2)) * 1.0,
    )
    mu, lam = rng.integers(1, 4, 100) * 1.0, rng.integers(0, 8, 100, endpoint=True) / 8
    case = {"mu": mu, "x": x, "z": z, "D": D}
    found = exact_differences(reconstruction_loss, case, ["z"])["z"]
    assert found.agrees(reconstruction_gradient(mu, x, z, D)).all()
    codes = {"z_before": z_before, "z": z, "z_after": z_after}
    moving = exact_differences(temporal_loss, codes, list(codes))
    for name, claimed in zip(codes, temporal_gradient(z_before, z, z_after), strict=True):
        assert moving[name].agrees(claimed).all()

    def mixed(lam: Any, x: Any, x_prime: Any, z: Any, z_prime: Any, D: Any) -> Any:
        return mixed_reconstruction_loss(lambda at: np.einsum("...di,...i->...d", D, at), lam, x, x_prime, z, z_prime)

    pair = {"lam": lam, "x": x, "x_prime": x_prime, "z": z, "z_prime": z_after, "D": D}
    both = exact_differences(mixed, pair, ["z", "z_prime"])
    decoded = np.einsum("ndi,ni->nd", D, mix(lam, z, z_after))
    dz, dz_prime = mixed_reconstruction_gradient(lam, x, x_prime, decoded, D)
    assert both["z"].agrees(dz).all()
    assert both["z_prime"].agrees(dz_prime).all()
    fitted = {**pair, "x": np.einsum("ndi,ni->nd", D, z), "x_prime": np.einsum("ndi,ni->nd", D, z_after)}
    degenerate = exact_differences(mixed, fitted, ["z", "z_prime"])
    assert not degenerate["z"].value.any()
    assert both["z"].value.any()
