"""Pairings, single pairs, curves and linear flows: what the pictures are computed from, against their definitions."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from symmix.errors import DimensionError, UnsupportedError
from symmix.numeric.datasets import pair_average_loss, pairing_loss
from symmix.numeric.encoders import bernstein_basis, bezier_features
from symmix.numeric.flows import linear_flow, measured_matrix
from symmix.numeric.pairings import (
    SIMPSON,
    mixed_losses,
    nearest_pairing,
    same_class_pairing,
    uniform_pairing,
    unmixed_losses,
)
from symmix.numeric.ratios import beta_moment
from tests.exact_arrays import drawn

ONE = Fraction(1)


def test_simpsons_ratios_have_the_moments_of_the_uniform_one_up_to_the_third() -> None:
    for power in range(4):
        assert sum(p * lam**power for lam, p in SIMPSON) == beta_moment(ONE, ONE, power, 0)
    assert sum(p * lam**4 for lam, p in SIMPSON) != beta_moment(ONE, ONE, 4, 0)


@pytest.mark.parametrize(
    "pairing",
    [uniform_pairing(5), same_class_pairing([0, 1, 0, 2, 0]), nearest_pairing([0, 1, 4, 9, 16], 2)],
    ids=["uniform", "same class", "nearest"],
)
def test_rows_of_a_pairing_add_up_to_one(pairing: Any) -> None:
    assert (pairing.sum(axis=1) == 1).all()
    assert (pairing >= 0).all()


def test_only_the_nearest_need_not_be_partners_equally_often() -> None:
    assert (same_class_pairing([0, 1, 0, 2, 0]).sum(axis=0) == 1).all()
    assert nearest_pairing([0, 1, 4, 9, 16], 2).sum(axis=0).tolist() == [1, 1, 2, Fraction(1, 2), Fraction(1, 2)]


def test_the_nearest_are_the_nearest() -> None:
    pairing = nearest_pairing([0, 1, 4, 9, 16], 2)
    partners = [[j for j in range(5) if row[j]] for row in pairing]
    assert partners == [[1, 2], [0, 2], [0, 1], [2, 4], [2, 3]]
    assert not pairing.diagonal().any()
    assert nearest_pairing([0, 1, 2], 1)[1].tolist() == [1, 0, 0]  # equally far: the one listed first


@pytest.mark.parametrize("k", [0, 3])
def test_as_many_partners_as_there_are_not(k: int) -> None:
    with pytest.raises(DimensionError, match=rf"k = {k} of n = 3"):
        nearest_pairing([0, 1, 2], k)


def test_single_pairs_add_up_to_the_loss_of_a_pairing() -> None:
    case = (drawn(4, 2, seed=1), drawn(4, 3, seed=2), drawn(3, 2, seed=3), drawn(3, seed=4))
    losses = mixed_losses(SIMPSON, *case)
    for pairing in (uniform_pairing(4), nearest_pairing([0, 1, 4, 9], 2)):
        assert (pairing * losses).sum() / 4 == pairing_loss(SIMPSON, pairing, *case)
    assert losses.sum() / 16 == pair_average_loss(SIMPSON, *case)


def test_mixing_losses_costs_no_less_than_mixing_samples() -> None:
    case = (drawn(4, 2, seed=1), drawn(4, 3, seed=2), drawn(3, 2, seed=3), drawn(3, seed=4))
    removed = unmixed_losses(SIMPSON, *case) - mixed_losses(SIMPSON, *case)
    assert (removed >= 0).all()
    assert not removed.diagonal().any()
    assert removed.sum() > 0


def test_a_bezier_curve_goes_from_its_first_to_its_last_control_point() -> None:
    C = drawn(3, 5, seed=1)
    assert (bezier_features(np.array(Fraction(0), dtype=object), C) == C[:, 0]).all()
    assert (bezier_features(np.array(ONE, dtype=object), C) == C[:, -1]).all()
    assert bernstein_basis(np.array(Fraction(2, 7), dtype=object), 4).sum() == 1


def test_equal_steps_of_control_points_make_an_affine_encoder() -> None:
    first, step = drawn(3, seed=1), drawn(3, seed=2)
    C = np.stack([first + k * step for k in range(4)], axis=1)
    x = np.array([Fraction(j, 5) for j in range(6)], dtype=object)
    assert (bezier_features(x, C) == first + 3 * x[:, None] * step).all()


def test_a_matrix_is_measured_where_the_map_is_linear() -> None:
    M = np.array([[2.0, -1.0], [-1.0, 5.0]])
    assert (measured_matrix(lambda e: e @ M.T, 2) == M).all()
    with pytest.raises(UnsupportedError, match="not linear"):
        measured_matrix(lambda e: e * e, 2)
    with pytest.raises(UnsupportedError, match="not linear"):
        measured_matrix(lambda e: e + 1, 2)


def test_the_flow_solves_its_equation() -> None:
    M, start = np.array([[-2.0, 1.0], [1.0, -3.0]]), np.array([[1.0, 2.0], [0.0, -1.0]])
    times = np.array([0.0, 0.3, 0.3 + 1e-5])
    paths = linear_flow(M, start, times)
    assert np.allclose(paths[:, 0], start, rtol=0, atol=1e-15)
    velocity = (paths[:, 2] - paths[:, 1]) / 1e-5
    assert np.allclose(velocity, paths[:, 1] @ M.T, rtol=1e-4)
    with pytest.raises(UnsupportedError, match="symmetric"):
        linear_flow(np.array([[0.0, 1.0], [-1.0, 0.0]]), start, times)
