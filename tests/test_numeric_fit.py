"""Zero gradient at the fit: exactly zero on fitted pairs, not zero off them; the converse fails."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import find, given

from symmix.numeric import complex_step, exact_differences
from symmix.numeric.gradients import (
    cross_entropy_mixup_gradient,
    expected_feature_gradients,
    manifold_mixup_gradient,
    residual,
)
from symmix.numeric.objectives import cross_entropy_mixup_loss, input_mixup_loss, manifold_mixup_loss
from symmix.testing.strategies import fitted_pairs, one_case, pairs

LEARNED = ("z", "z_prime", "W", "b")


def _residuals(case: Any) -> tuple[Any, Any]:
    W, b = case["W"], case["b"]
    return residual(case["z"], case["y"], W, b), residual(case["z_prime"], case["y_prime"], W, b)


@given(fitted_pairs())
def test_the_gradient_is_exactly_zero_on_fitted_pairs(case: Any) -> None:
    claimed = manifold_mixup_gradient(**case)
    # y is 3 * 3 * 4 + 3 at most: well inside the exact range of float64
    found = exact_differences(manifold_mixup_loss, one_case(case), LEARNED)
    for name in LEARNED:
        assert not np.any(claimed[name])
        assert not np.any(found[name].value)


def test_the_gradient_is_generically_not_zero_off_the_fit() -> None:
    rng = np.random.default_rng(1)
    W, b = rng.integers(-3, 3, (1000, 2, 3)) * 1.0, np.zeros((1000, 2))
    z, z_prime = rng.integers(-3, 3, (1000, 3)) * 1.0, rng.integers(-3, 3, (1000, 3)) * 1.0
    y = np.einsum("nki,ni->nk", W, z) + np.array([1.0, 0.0])  # one target moved by one
    y_prime = np.einsum("nki,ni->nk", W, z_prime)
    lam = rng.integers(1, 8, 1000, endpoint=True) / 8
    found = exact_differences(
        manifold_mixup_loss,
        {"lam": lam, "z": z, "z_prime": z_prime, "y": y, "y_prime": y_prime, "W": W, "b": b},
        ["z", "b"],
    )
    assert np.all(np.any(found["b"].value, axis=1))
    seen = np.any(found["z"].value, axis=1)
    assert np.array_equal(seen, np.any(W[:, 0], axis=1))  # zero exactly where the moved output has no weights
    assert seen.mean() > 0.95


def _zero_but_not_fitted(case: Any) -> bool:
    e, e_prime = _residuals(case)
    gradient = manifold_mixup_gradient(**case)
    return bool(e.any() and e_prime.any() and not any(gradient[name].any() for name in LEARNED))


def test_zero_gradient_does_not_imply_fit() -> None:
    case = find(pairs((1, 1)), _zero_but_not_fitted)
    found = exact_differences(manifold_mixup_loss, one_case(case), LEARNED)
    assert all(not found[name].value.any() for name in LEARNED)
    e, e_prime = _residuals(case)
    assert e.any()
    assert e_prime.any()


def test_only_one_fitted_example_or_equal_residuals_do_not_suffice() -> None:
    W, b, z, lam = np.array([[1.0, 1.0]]), np.zeros(1), np.array([1.0, 2.0]), np.array(0.5)
    fitted, off = np.array([3.0]), np.array([4.0])
    assert manifold_mixup_gradient(lam, z, z, fitted, off, W, b)["z"].any()  # e = 0: the partner's error moves z
    assert manifold_mixup_gradient(lam, z, z, off, off, W, b)["z"].any()  # e = e'


def test_a_varying_ratio_leaves_no_zero_off_the_fit() -> None:
    W = np.array([[2.0]])
    e, e_prime = np.array([1.0]), np.array([-1.0])  # cancels at lam = 1/2
    moments = [(0.25, 0.25, 0.25), (0.375, 0.125, 0.375)]  # always 1/2; and uniform on {0, 1/2, 1/2, 1}
    fixed, varying = (
        expected_feature_gradients(np.array(own), np.array(cross), np.array(own_prime), W, e, e_prime)
        for own, cross, own_prime in moments
    )
    assert not fixed[0].any()
    assert varying[0].any()


def test_input_mixup_is_not_degenerate() -> None:
    def encode(x: Any) -> Any:
        return x * x

    lam, x, x_prime, W, b = np.array(0.5), np.array([1.0]), np.array([-1.0]), np.array([[1.0]]), np.zeros(1)
    y, y_prime = encode(x), encode(x_prime)  # fitted: G(F(x)) = y, G(F(x')) = y'
    assert input_mixup_loss(encode, lam, x, x_prime, y, y_prime, W, b) == 0.5
    assert manifold_mixup_loss(lam, encode(x), encode(x_prime), y, y_prime, W, b) == 0.0


def test_the_softmax_fit_is_not_stationary() -> None:
    W, b, lam = np.eye(2), np.zeros(2), np.array(0.5)
    u, u_prime = np.array([np.log(4.0), 0.0]), np.zeros(2)
    y, y_prime = np.array([0.8, 0.2]), np.array([0.5, 0.5])
    case = {"lam": lam, "z": u, "z_prime": u_prime, "y": y, "y_prime": y_prime, "W": W, "b": b}
    found = complex_step(cross_entropy_mixup_loss, one_case(case), ["b"])["b"]
    expected = 2 / 3 - 13 / 20  # softmax of (ln 2, 0) against the mixed label
    assert found.agrees(np.array([[expected, -expected]])).all()
    assert found.agrees(cross_entropy_mixup_gradient(**case)["b"][None]).all()
    assert not found.agrees(np.zeros((1, 2))).any()


@given(pairs())
def test_the_gradient_is_linear_in_the_residuals(case: Any) -> None:
    e, e_prime = _residuals(case)
    doubled = {
        **case,
        "y": case["y"] + e,
        "y_prime": case["y_prime"] + e_prime,
    }  # both residuals twice as large
    once, twice = manifold_mixup_gradient(**case), manifold_mixup_gradient(**doubled)
    for name in LEARNED:
        assert np.array_equal(2 * once[name], twice[name])
