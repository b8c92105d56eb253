"""Exact differences: they are exact, their range is checked, and it is not stated in vain."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from symmix.errors import ExactnessError, NotationError, UnsupportedError
from symmix.numeric import exact_differences
from symmix.numeric.bounded import Bounded, dyadic_bits
from symmix.numeric.cases import integer_pairs
from symmix.numeric.differences import require_exact, required_bits
from symmix.numeric.gradients import manifold_mixup_gradient
from symmix.numeric.objectives import cross_entropy_mixup_loss, manifold_mixup_loss
from symmix.testing.strategies import one_case, pairs

PAIR = ("lam", "z", "z_prime", "y", "y_prime", "W", "b")


def _rational(case: Any) -> dict[str, Any]:
    return {name: np.vectorize(Fraction, otypes=[object])(value) for name, value in case.items()}


@given(pairs())
def test_differences_equal_rational_arithmetic(case: Any) -> None:
    exact = manifold_mixup_gradient(**_rational(case))
    for dtype in (np.float64, np.float32):
        batch = {name: value.astype(dtype) for name, value in one_case(case).items()}
        if required_bits(manifold_mixup_loss, batch) <= np.finfo(dtype).nmant + 1:
            found = exact_differences(manifold_mixup_loss, batch, PAIR)
            for name in PAIR:
                assert found[name].value.dtype == dtype
                assert np.array_equal(found[name].value[0], np.asarray(exact[name], dtype=np.float64))


def test_the_stated_range_is_what_is_computed() -> None:
    k, h, m = 3, 4, 2
    largest = {name: np.full_like(v, m) for name, v in integer_pairs(np.random.default_rng(0), k, h, 1).items()}
    largest["lam"] = np.array([0.875])  # an eighth below 1, so that three bits are needed; lam + 1 < 2
    M = m + 1
    stated = np.log2(k * (6 * M + 5 * h * M**2) ** 2 / 2) + 7
    assert stated - 0.5 < required_bits(manifold_mixup_loss, largest) <= stated < 24


@pytest.mark.parametrize(("dtype", "inside", "outside"), [(np.float32, 2, 40), (np.float64, 300, 10**7)])
def test_outside_the_range_the_check_refuses_and_would_have_been_wrong(dtype: Any, inside: int, outside: int) -> None:
    rng = np.random.default_rng(1)
    small = integer_pairs(rng, 3, 4, 200, largest=inside, dtype=dtype)
    require_exact(manifold_mixup_loss, small, PAIR)
    large = integer_pairs(rng, 3, 4, 200, largest=outside, dtype=dtype)
    with pytest.raises(ExactnessError, match=f"numbers of at most {np.finfo(dtype).nmant + 1} bits") as refusal:
        exact_differences(manifold_mixup_loss, large, PAIR)
    assert "use smaller integers with lam = j/8, a wider type, or the complex step" in str(refusal.value)
    assert f"so that {np.dtype(dtype)} rounds nothing" in str(refusal.value)
    # not refused in vain: these differences round
    shifted = {**large, "b": large["b"] + np.eye(3, dtype=dtype)[0]}
    slope = manifold_mixup_loss(**shifted) - manifold_mixup_loss(
        **{**large, "b": large["b"] - np.eye(3, dtype=dtype)[0]}
    )
    exact = manifold_mixup_gradient(**_rational(large))["b"][:, 0].astype(np.float64)
    assert np.any(slope / 2 != exact)


def test_a_ratio_that_is_no_dyadic_number_is_refused() -> None:
    case = integer_pairs(np.random.default_rng(2), 2, 3, 5)
    case["lam"] = np.full(5, 0.1)
    with pytest.raises(ExactnessError, match="numbers of at most 53 bits"):
        exact_differences(manifold_mixup_loss, case, ["z"])
    case["lam"] = np.full(5, np.nan)
    with pytest.raises(ExactnessError, match="terms that always round"):
        exact_differences(manifold_mixup_loss, case, ["z"])


def test_objectives_that_are_not_quadratic_are_refused() -> None:
    case = integer_pairs(np.random.default_rng(3), 2, 3, 5)
    with pytest.raises(ExactnessError, match="terms that always round"):
        exact_differences(cross_entropy_mixup_loss, case, ["z"])

    def cubic(z: Any) -> Any:
        return np.einsum("...i,...i->...", z * z, z)

    with pytest.raises(ExactnessError, match="a third difference by z that is not zero"):
        exact_differences(cubic, {"z": np.ones((5, 2))}, ["z"])


def test_unknown_names_are_refused() -> None:
    case = integer_pairs(np.random.default_rng(4), 2, 3, 5)
    with pytest.raises(NotationError, match="arrived: alpha"):
        exact_differences(manifold_mixup_loss, case, ["z", "alpha"])
    with pytest.raises(NotationError, match="arrived: none"):
        exact_differences(manifold_mixup_loss, case, [])


def test_batches_of_any_length_give_the_same_values() -> None:
    case = integer_pairs(np.random.default_rng(5), 2, 3, 5000)
    whole = exact_differences(manifold_mixup_loss, case, PAIR)
    alone = exact_differences(manifold_mixup_loss, {name: v[4321:4322] for name, v in case.items()}, PAIR)
    for name in PAIR:
        assert np.array_equal(whole[name].value[4321:4322], alone[name].value)
        assert whole[name].value.shape == case[name].shape


def test_bits_follow_sums_products_and_halves() -> None:
    a = Bounded.exactly(np.array([3.0]), 0)
    lam = Bounded.exactly(np.array([0.375]), 3)
    assert (lam * a).bits == 3
    assert (lam * lam + a).bits == 6
    assert (lam / 2).bits == 4
    assert (a * 0.25).bits == 2
    assert (a / 3).bits is None
    exponential: Any = np.exp(a)
    assert exponential.bits is None
    assert dyadic_bits(np.array([np.inf])) is None
    with pytest.raises(UnsupportedError, match=r"numpy\.sin on a bounded array"):
        np.sin(a)
