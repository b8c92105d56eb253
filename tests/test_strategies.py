"""The strategies draw what they promise, reach their corners, and shrink to cases that can be read."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import find, given
from hypothesis import strategies as st

from symmix.errors import UnsupportedError
from symmix.numeric import check_gradient, exact_differences
from symmix.numeric.gradients import manifold_mixup_gradient, residual
from symmix.numeric.objectives import manifold_mixup_loss
from symmix.testing.strategies import (
    DEGENERACIES,
    batches,
    degenerate_pairs,
    fitted_pairs,
    heads,
    one_case,
    pairings,
    pairs,
    permutations,
    ratios,
    sizes,
)

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("relation", "holds"),
    [
        ("k > h", lambda k, h: k > h),
        ("k < h", lambda k, h: k < h),
        ("k = 1", lambda k, _: k == 1),
        ("h = 1", lambda _, h: h == 1),
        ("any", lambda k, h: k >= 1 and h >= 1),
    ],
)
def test_sizes_keep_their_relation(relation: str, holds: Any) -> None:
    @given(sizes(relation))
    def kept(size: tuple[int, int]) -> None:
        assert holds(*size)
        assert max(size) <= 4

    kept()


@pytest.mark.parametrize("corner", [0.0, 0.5, 1.0, 0.375])
def test_ratios_reach_their_corners(corner: float) -> None:
    assert find(ratios(), lambda lam: lam == corner) == corner


@given(ratios())
def test_ratios_are_eighths_in_the_unit_interval(lam: float) -> None:
    assert 0 <= lam <= 1
    assert (8 * lam).is_integer()


@given(pairs())
def test_pairs_have_one_shape_and_integer_entries(case: Any) -> None:
    k, h = case["W"].shape
    assert {name: value.shape for name, value in case.items()} == {
        "lam": (), "z": (h,), "z_prime": (h,), "y": (k,), "y_prime": (k,), "W": (k, h), "b": (k,),
    }  # fmt: skip
    for name, value in case.items():
        assert value.dtype == np.float64
        assert np.all((8 if name == "lam" else 1) * value % 1 == 0)
        assert np.all(np.abs(value) <= 3)


@given(pairs())
def test_pairs_can_be_checked_exactly(case: Any) -> None:
    batch = [one_case(case)]
    wrt = tuple(case)
    assert check_gradient(manifold_mixup_gradient, manifold_mixup_loss, batch, wrt=wrt, oracle=exact_differences).passed


@given(fitted_pairs())
def test_fitted_pairs_are_exactly_fitted(case: Any) -> None:
    assert not residual(case["z"], case["y"], case["W"], case["b"]).any()
    assert not residual(case["z_prime"], case["y_prime"], case["W"], case["b"]).any()


def test_fitted_pairs_need_not_be_trivial() -> None:
    case = find(fitted_pairs((2, 3)), lambda c: bool(c["y"].all() and c["W"].any() and (c["z"] != c["z_prime"]).any()))
    assert case["y"].all()


@pytest.mark.parametrize("kind", DEGENERACIES)
def test_degenerate_pairs_are_degenerate(kind: str) -> None:
    @given(degenerate_pairs(kind))
    def degenerate(case: Any) -> None:
        W = case["W"]
        if kind == "equal features":
            assert np.array_equal(case["z"], case["z_prime"])
        elif kind == "repeated rows":
            assert len(W) >= 2
            assert np.all(W[0] == W)
        elif kind == "zero head":
            assert not W.any()
        else:
            assert np.linalg.matrix_rank(W) < min(W.shape)

    degenerate()


def test_every_degeneracy_is_drawn() -> None:
    assert find(degenerate_pairs(), lambda c: not c["W"].any() and bool(c["z"].any()))["z"].any()
    alike = find(degenerate_pairs(), lambda c: bool(c["W"].any() and np.array_equal(c["z"], c["z_prime"])))
    assert np.array_equal(alike["z"], alike["z_prime"])


@pytest.mark.parametrize("cycle", [(1, 1, 1), (2, 1), (3,)])
def test_permutations_reach_every_cycle_type(cycle: tuple[int, ...]) -> None:
    batch = find(batches(), lambda drawn: drawn.cycles == cycle)
    assert batch.fixed_points == cycle.count(1)


@given(batches())
def test_batches_fit_together(batch: Any) -> None:
    n = len(batch.permutation)
    assert sorted(batch.permutation.tolist()) == list(range(n))
    assert sum(batch.cycles) == len(batch.z) == len(batch.y) == n
    assert batch.z.shape[1] == batch.W.shape[1]
    assert batch.y.shape[1] == batch.W.shape[0] == len(batch.b)


@given(st.integers(1, 4).flatmap(pairings))
def test_pairings_are_row_stochastic(P: Any) -> None:
    assert np.all(P.sum(axis=1) == 1)
    assert np.all(P >= 0)


def test_pairings_reach_matrices_that_are_not_doubly_stochastic() -> None:
    assert np.any(find(pairings(2), lambda P: bool(np.any(P.sum(axis=0) != 1))).sum(axis=0) != 1)


def test_cases_shrink_to_what_can_be_read() -> None:
    case = find(pairs(), lambda c: bool(residual(c["z"], c["y"], c["W"], c["b"]).any()))
    assert case["W"].shape == (1, 1)
    assert sum(np.abs(value).sum() for value in case.values()) == 1
    assert find(permutations(4), lambda _: True).tolist() == [0, 1, 2, 3]
    assert find(heads((2, 3)), lambda head: bool(head["W"].any()))["W"].sum() in {1, -1}


def test_unknown_kinds_are_refused() -> None:
    with pytest.raises(UnsupportedError, match="a relation among k > h, k < h, k = 1, h = 1, any\n arrived: 'k = h'"):
        find(sizes("k = h"), lambda _: True)
    with pytest.raises(UnsupportedError, match="a kind among equal features, repeated rows"):
        find(degenerate_pairs("other"), lambda _: True)
