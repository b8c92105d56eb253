"""Thirteen slips in an implementation of the gradient: each is found, and correct implementations pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from symmix.numeric import check_gradient, complex_step, exact_differences
from symmix.numeric.cases import integer_batches, normal_batches
from symmix.numeric.objectives import manifold_mixup_loss

if TYPE_CHECKING:
    from collections.abc import Callable

WRT = ("z", "z_prime", "W", "b")
DRAWN = {"exact": (exact_differences, integer_batches), "complex step": (complex_step, normal_batches)}


def four_terms(
    lam: Any, z: Any, z_prime: Any, y: Any, y_prime: Any, W: Any, b: Any, *,
    cross: Any = None, second: Any = None, pull: Any = None, swap: bool = False, half: float = 1,
) -> dict[str, Any]:  # fmt: skip
    """The implementation under test: own and cross terms one by one, with places to slip."""
    own, partner = lam[:, None], 1 - lam[:, None]
    first_cross = own * partner if cross is None else cross(own)
    second_cross = own * partner if second is None else second(own)
    e = y - np.einsum("nki,ni->nk", W, z) - b
    e_prime = y_prime - np.einsum("nki,ni->nk", W, z_prime) - b
    if swap:
        e, e_prime = e_prime, e

    def back(r: Any) -> Any:
        return np.einsum("nki,nk->ni", W, r) if pull is None else pull(W, r)

    r = own * e + partner * e_prime
    return {
        "z": -half * (own * own * back(e) + first_cross * back(e_prime)),
        "z_prime": -half * (second_cross * back(e) + partner * partner * back(e_prime)),
        "W": -half * np.einsum("nk,ni->nki", r, own * z + partner * z_prime),
        "b": -half * r,
    }


def one_residual(lam: Any, z: Any, z_prime: Any, y: Any, y_prime: Any, W: Any, b: Any) -> dict[str, Any]:
    """The same gradient as a framework computes it: mix, predict, subtract, go back."""
    at = lam[:, None] * z + (1 - lam)[:, None] * z_prime
    up = np.matmul(W, at[..., None])[..., 0] + b - (lam[:, None] * y + (1 - lam)[:, None] * y_prime)
    down = np.matmul(up[:, None, :], W)[:, 0]
    return {
        "z": lam[:, None] * down,
        "z_prime": (1 - lam)[:, None] * down,
        "W": up[..., None] * at[:, None],
        "b": up,
    }


def differences_of_predictions(lam: Any, z: Any, z_prime: Any, y: Any, y_prime: Any, W: Any, b: Any) -> dict[str, Any]:
    """And once more, around the partner: z' + lam (z - z'), y' + lam (y - y'), summed entry by entry."""
    at, target = z_prime + lam[:, None] * (z - z_prime), y_prime + lam[:, None] * (y - y_prime)
    r = target - b
    for i in reversed(range(z.shape[1])):
        r = r - W[:, :, i] * at[:, i : i + 1]
    down = sum(-W[:, a] * r[:, a : a + 1] for a in range(W.shape[1]))
    return {
        "z": lam[:, None] * down,
        "z_prime": down - lam[:, None] * down,
        "W": -r[:, :, None] * at[:, None, :],
        "b": -r,
    }


def relative(error: float) -> Callable[..., dict[str, Any]]:
    return lambda **case: {name: g * (1 + error) for name, g in four_terms(**case).items()}


def transposed(W: Any, r: Any) -> Any:
    return np.einsum("nki,nk->ni", np.swapaxes(W, 1, 2) if W.shape[1] == W.shape[2] else W, r)


def wrong_at_the_ends(**case: Any) -> dict[str, Any]:
    ends = (case["lam"] == 0) | (case["lam"] == 1)
    right = four_terms(**case)
    return {name: np.where(ends.reshape(-1, *(1,) * (g.ndim - 1)), 0, g) for name, g in right.items()}


def wrong_when_wide(**case: Any) -> dict[str, Any]:
    k, h = case["W"].shape[1:]
    right = four_terms(**case)
    return {**right, "z": right["z"] * (2 if h > k else 1)}


def one_element(**case: Any) -> dict[str, Any]:
    right = four_terms(**case)
    off = np.ones(right["W"].shape)
    off[:, 0, -1] = 1.01
    return {**right, "W": right["W"] * off}


SLIPS: dict[str, Callable[..., dict[str, Any]]] = {
    "sign of a cross term": lambda **c: four_terms(**c, cross=lambda lam: -lam * (1 - lam)),
    "lam^2 for lam (1-lam)": lambda **c: four_terms(**c, cross=lambda lam: lam * lam),
    "a missing cross term": lambda **c: four_terms(**c, second=lambda lam: 0 * lam),
    "W for its transpose": lambda **c: four_terms(**c, pull=transposed),
    "e and e' swapped": lambda **c: four_terms(**c, swap=True),
    "a lost half": lambda **c: four_terms(**c, half=2),
    "relative error 1e-3": relative(1e-3),
    "relative error 1e-5": relative(1e-5),
    "relative error 1e-7": relative(1e-7),
    "relative error 1e-9": relative(1e-9),
    "wrong only at lam in {0, 1}": wrong_at_the_ends,
    "wrong only when h > k": wrong_when_wide,
    "one element 1% off": one_element,
}


def _check(implementation: Any, kind: str, dtype: Any = np.float64) -> Any:
    oracle, draw = DRAWN[kind]
    batches = draw(11, 200, dtype=dtype)
    return check_gradient(implementation, manifold_mixup_loss, batches, wrt=WRT, oracle=oracle)


def test_there_are_thirteen() -> None:
    assert len(SLIPS) == 13


@pytest.mark.parametrize("kind", DRAWN)
@pytest.mark.parametrize("slip", SLIPS)
def test_every_slip_is_found(slip: str, kind: str) -> None:
    report = _check(SLIPS[slip], kind)
    assert report.verdict == "failed"
    assert report.first_failure is not None


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("kind", DRAWN)
@pytest.mark.parametrize("right", [four_terms, one_residual, differences_of_predictions])
def test_no_correct_implementation_is_rejected(right: Any, kind: str, dtype: Any) -> None:
    report = _check(right, kind, dtype)
    assert report.passed, str(report)
    assert report.cases == 1600
    assert not report.incomparable


@pytest.mark.parametrize("slip", [name for name in SLIPS if name not in {"relative error 1e-7", "relative error 1e-9"}])
def test_single_precision_finds_all_that_it_can_hold(slip: str) -> None:
    def narrow(**case: Any) -> dict[str, Any]:
        return {name: g.astype(np.float32) for name, g in SLIPS[slip](**case).items()}

    assert _check(narrow, "exact", np.float32).verdict == "failed"


def test_slips_are_seen_only_where_they_are() -> None:
    square = integer_batches(12, 200, ((2, 2), (3, 1)))
    report = check_gradient(
        SLIPS["wrong only when h > k"], manifold_mixup_loss, square, wrt=WRT, oracle=exact_differences
    )
    assert report.passed  # and the report says that the corner did not run
    assert "k < h" not in report.corners
