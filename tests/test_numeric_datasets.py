"""Closed forms of averages against brute force over pairs, permutations and tuples, in rationals: ``==``."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symmix.errors import DimensionError
from symmix.numeric.averages import (
    average_gradient,
    decayed_average,
    detached_gradient,
    distinct_pair_average,
    loss_mixing_surplus,
    many_way_average,
    many_way_terms,
    mean_cross_terms,
    mixed_batch_residuals,
    mixing_weights,
    pair_average,
    pairing_average,
)
from symmix.numeric.datasets import (
    batch_loss,
    erm_loss,
    fold,
    many_way_loss,
    moments,
    pair_average_loss,
    pairing_loss,
    permutation_average_loss,
    permutations,
)
from symmix.numeric.gradients import four_terms, manifold_mixup_gradient, residual
from symmix.numeric.objectives import squared_loss
from symmix.testing.strategies import batches, pairings

RATIOS = [(Fraction(0), Fraction(1, 6)), (Fraction(1, 3), Fraction(1, 2)), (Fraction(4, 5), Fraction(1, 3))]
SYMMETRIC = [(Fraction(1, 5), Fraction(1, 2)), (Fraction(4, 5), Fraction(1, 2))]


def fractions(array: Any) -> Any:
    return np.vectorize(Fraction, otypes=[object])(array)


def data(batch: Any) -> tuple[Any, Any, Any, Any]:
    return fractions(batch.z), fractions(batch.y), fractions(batch.W), fractions(batch.b)


def fixed(n: int, k: int = 2, h: int = 3) -> tuple[Any, Any, Any, Any]:
    rng = np.random.default_rng([n, k, h])
    z, y, W, b = (rng.integers(-3, 4, shape) for shape in ((n, h), (n, k), (k, h), (k,)))
    return fractions(z), fractions(y), fractions(W), fractions(b)


def centred(n: int) -> tuple[Any, Any, Any, Any]:
    z, y, W, b = fixed(n)
    return z, y - sum(residual(z, y, W, b)) / n, W, b


@given(batches())
def test_pair_average_is_erm_minus_variance(batch: Any) -> None:
    z, y, W, b = data(batch)
    _, c = moments(RATIOS)
    E = residual(z, y, W, b)
    assert pair_average_loss(RATIOS, z, y, W, b) == pair_average(E, c)
    assert erm_loss(z, y, W, b) == pair_average(E, 0)


@settings(max_examples=30)
@given(batches(most=4))
def test_permutation_average_equals_pair_average(batch: Any) -> None:
    z, y, W, b = data(batch)
    _, c = moments(RATIOS)
    E = residual(z, y, W, b)
    assert permutation_average_loss(RATIOS, z, y, W, b) == pair_average(E, c)
    if len(z) > 1:
        distinct = distinct_pair_average(E, c)
        assert permutation_average_loss(RATIOS, z, y, W, b, derangements=True) == distinct
        assert pair_average_loss(RATIOS, z, y, W, b, distinct=True) == distinct


def test_derangements_differ_from_permutations() -> None:
    z, y, W, b = fixed(4)
    E, (_, c) = residual(z, y, W, b), moments(RATIOS)
    assert permutation_average_loss(RATIOS, z, y, W, b, derangements=True) != pair_average(E, c)
    assert len(list(permutations(4))) == 24
    assert len(list(permutations(4, derangements=True))) == 9


@given(st.data())
def test_mixing_graph_removes_dirichlet_energy(draw: Any) -> None:
    batch = draw.draw(batches())
    z, y, W, b = data(batch)
    P = fractions(draw.draw(pairings(len(z))))
    m, c = moments(RATIOS)
    E = residual(z, y, W, b)
    assert pairing_loss(RATIOS, P, z, y, W, b) == pairing_average(E, P, m, c)


def test_a_pairing_that_is_not_doubly_stochastic_reweights() -> None:
    z, y, W, b = fixed(3)
    E, (m, c) = residual(z, y, W, b), moments(RATIOS)
    P = fractions([[0, 1, 0], [0, 1, 0], [1, 0, 0]])
    true = pairing_loss(RATIOS, P, z, y, W, b)
    assert true == pairing_average(E, P, m, c)
    assert true != pairing_average(E, P, 1, c)  # forgetting the weights
    assert true != pairing_average(E, P.T, m, c)
    cycle = fractions([[0, 1, 0], [0, 0, 1], [1, 0, 0]])
    assert set(mixing_weights(cycle, m)) == {1}


def test_averaged_gradients_are_means_of_pair_gradients() -> None:
    n = 3
    z, y, W, b = fixed(n)
    total: dict[str, Any] = {"z": 0 * z, "W": 0 * W, "b": 0 * b}
    for lam, p in RATIOS:
        for i in range(n):
            for j in range(n):
                g = manifold_mixup_gradient(np.array(lam, dtype=object), z[i], z[j], y[i], y[j], W, b)
                total["z"][i] += p * g["z"] / n**2
                total["z"][j] += p * g["z_prime"] / n**2
                total["W"] = total["W"] + p * g["W"] / n**2
                total["b"] = total["b"] + p * g["b"] / n**2
    claimed = average_gradient(residual(z, y, W, b), z, W, moments(RATIOS)[1])
    for name, expected in total.items():
        assert np.array_equal(claimed[name], expected)


def test_cross_terms_average_to_the_gradient_of_the_mean_residual() -> None:
    n, p_theta = 3, 4
    z, y, W, b = fixed(n)
    E = residual(z, y, W, b)
    J = fractions(np.random.default_rng(2).integers(-3, 4, (n, 3, p_theta)))
    mean: Any = sum(
        p * sum(four_terms(np.array(lam, dtype=object), J[i], J[j], W, E[i], E[j])[1:3]) / n**2
        for lam, p in RATIOS
        for i in range(n)
        for j in range(n)
    )
    assert np.array_equal(mean, mean_cross_terms(E, J, W, moments(RATIOS)[1]))


def test_with_a_fitted_bias_the_gradient_is_a_multiple_of_erms() -> None:
    z, y, W, b = centred(4)
    E, (_, c) = residual(z, y, W, b), moments(RATIOS)
    assert not np.any(sum(E))
    mixed, erm = average_gradient(E, z, W, c), average_gradient(E, z, W, 0)
    for name in ("z", "W", "b"):
        assert np.array_equal(mixed[name], (1 - c) * erm[name])
    penalty, kappa = Fraction(7, 3), Fraction(1, 5)
    assert decayed_average(E, penalty, c, kappa) == pair_average_loss(RATIOS, z, y, W, b) + kappa * penalty / 2
    z, y, W, b = fixed(4)
    E = residual(z, y, W, b)
    assert not np.array_equal(average_gradient(E, z, W, c)["W"], (1 - c) * average_gradient(E, z, W, 0)["W"])


@given(batches())
def test_mixing_conserves_the_residual_sum(batch: Any) -> None:
    z, y, W, b = data(batch)
    E, lam = residual(z, y, W, b), Fraction(batch.lam)
    mixed = mixed_batch_residuals(E, lam, batch.permutation)
    assert np.array_equal(sum(mixed), sum(E))
    loss = batch_loss(lam, tuple(batch.permutation.tolist()), z, y, W, b)
    assert loss == np.sum(mixed * mixed) / (2 * len(E))


def test_a_map_that_is_no_permutation_does_not_conserve_the_sum() -> None:
    E = fractions([[1], [3]])
    assert sum(mixed_batch_residuals(E, Fraction(1, 2), np.array([1, 1]))) != sum(E)


def test_loss_mixing_equals_label_mixing_up_to_a_constant() -> None:
    y, y_prime, u, v = (fractions(a) for a in ([1, 2], [3, -1], [0, 5], [7, 7]))
    for lam, _ in RATIOS:
        surplus = [
            lam * squared_loss(y, at)
            + (1 - lam) * squared_loss(y_prime, at)
            - squared_loss(lam * y + (1 - lam) * y_prime, at)
            for at in (u, v)
        ]
        assert surplus == [loss_mixing_surplus(lam, y, y_prime)] * 2


def test_folding_the_ratio_changes_nothing_on_symmetric_pairs() -> None:
    z, y, W, b = fixed(3)
    assert pair_average_loss(fold(RATIOS), z, y, W, b) == pair_average_loss(RATIOS, z, y, W, b)
    assert fold(RATIOS) != RATIOS
    P = fractions([[0, 1, 0], [0, 1, 0], [1, 0, 0]])  # and does where the pairing is not symmetric
    assert pairing_loss(fold(RATIOS), P, z, y, W, b) != pairing_loss(RATIOS, P, z, y, W, b)


def _detached_by_definition(ratios: Any, J: Any, W: Any, E: Any) -> tuple[Any, Any]:
    n, detached, whole = len(E), 0, 0
    for lam, p in ratios:
        for i in range(n):
            for j in range(n):
                own, cross, cross_prime, own_prime = four_terms(np.array(lam, dtype=object), J[i], J[j], W, E[i], E[j])
                detached = detached - p * (own + cross) / n**2
                whole = whole - p * (own + cross + cross_prime + own_prime) / n**2
    return detached, whole


def test_detaching_the_partner_halves_the_gradient() -> None:
    z, y, W, b = fixed(3)
    E = residual(z, y, W, b)
    J = fractions(np.random.default_rng(3).integers(-3, 4, (3, 3, 2)))
    detached, whole = _detached_by_definition(SYMMETRIC, J, W, E)
    assert np.array_equal(2 * detached, whole)
    assert np.array_equal(detached, detached_gradient(E, J, W, moments(SYMMETRIC)[1]))
    skewed, whole = _detached_by_definition(RATIOS, J, W, E)
    assert not np.array_equal(2 * skewed, whole)


def test_many_way_mixing_has_square_terms() -> None:
    z, y, W, b = fixed(3)
    E = residual(z, y, W, b)
    weightings = [
        ((Fraction(1, 2), Fraction(1, 3), Fraction(1, 6)), Fraction(1, 4)),
        ((Fraction(1), Fraction(0), Fraction(0)), Fraction(3, 4)),
    ]
    mean_square = sum(p * sum(w * w for w in weights) for weights, p in weightings)
    assert many_way_loss(weightings, z, y, W, b) == many_way_average(E, mean_square)
    assert many_way_loss(weightings, z, y, W, b) != many_way_average(E, mean_square / 2)
    J = fractions(np.random.default_rng(4).integers(-3, 4, (3, 3, 2)))
    weights = np.array(weightings[0][0], dtype=object)
    terms = many_way_terms(weights, J, W, E)
    r = np.einsum("a,ak->k", weights, E)
    whole = np.einsum("ip,ki,k->p", np.einsum("a,aip->ip", weights, J), W, r)
    assert terms.shape == (3, 3, 2)
    assert np.array_equal(terms.sum(axis=(0, 1)), whole)
    lam = Fraction(1, 3)
    pair = many_way_terms(np.array([lam, 1 - lam], dtype=object), J[:2], W, E[:2])
    own, cross, cross_prime, own_prime = four_terms(np.array(lam, dtype=object), J[0], J[1], W, E[0], E[1])
    assert np.array_equal(pair, [[own, cross], [cross_prime, own_prime]])


def test_errors_say_what_to_do() -> None:
    z, y, W, b = fixed(1)
    with pytest.raises(DimensionError, match="at least two samples for a derangement\n arrived: n = 1"):
        permutation_average_loss(RATIOS, z, y, W, b, derangements=True)
    with pytest.raises(DimensionError, match="at least two samples for distinct pairs"):
        pair_average_loss(RATIOS, z, y, W, b, distinct=True)
    with pytest.raises(DimensionError, match="one partner for each sample\n arrived: 2 partners for 1 samples"):
        batch_loss(Fraction(1, 2), (0, 0), z, y, W, b)
    with pytest.raises(DimensionError, match="one row and one column a sample"):
        pairing_loss(RATIOS, np.ones((2, 2)), z, y, W, b)
