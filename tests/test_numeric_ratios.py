"""Moments of the ratio: the recursion of the Gamma function, the Jacobi matrix and Gauss quadrature agree."""

from __future__ import annotations

from fractions import Fraction
from math import comb
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symmix.errors import UnsupportedError
from symmix.numeric.datasets import moments
from symmix.numeric.ratios import (
    beta_moment,
    beta_quadrature,
    beta_recurrence,
    dirichlet_moment,
    moment_by_recurrence,
)

parameters = st.fractions(Fraction(1, 10), 20, max_denominator=10)


@given(parameters)
def test_beta_moments_as_claimed(a: Fraction) -> None:
    assert beta_moment(a, a, 2, 0) == (a + 1) / (2 * (2 * a + 1))
    assert beta_moment(a, a, 1, 1) == a / (2 * (2 * a + 1))
    assert 2 * beta_moment(a, a, 1, 1) == a / (2 * a + 1)
    assert beta_moment(a, a, 1, 1) / beta_moment(a, a, 2, 0) == a / (a + 1)
    assert beta_moment(a, a, 1, 1) != a / (2 * a + 1)  # the lost factor 2


@given(parameters, parameters, st.integers(0, 6))
def test_two_recursions_agree_exactly(a: Fraction, b: Fraction, power: int) -> None:
    assert moment_by_recurrence(a, b, power) == beta_moment(a, b, power, 0)


@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 3), st.integers(0, 3))
def test_moments_equal_the_integral_of_the_density(a: int, b: int, p: int, q: int) -> None:
    def integral(left: int, right: int) -> Fraction:  # of x^left (1-x)^right, by expanding the power
        return sum((Fraction(comb(right, j) * (-1) ** j, left + j + 1) for j in range(right + 1)), Fraction(0))

    want = integral(a - 1 + p, b - 1 + q) / integral(a - 1, b - 1)
    assert beta_moment(Fraction(a), Fraction(b), p, q) == want


@given(parameters, parameters, st.integers(2, 8))
def test_quadrature_keeps_its_bound(a: Fraction, b: Fraction, size: int) -> None:
    at, bt = Fraction(float(a)), Fraction(float(b))
    nodes, weights, defect = beta_quadrature(float(a), float(b), size)
    assert defect < 1e-12
    for power in range(4):
        got = Fraction(float(weights @ nodes**power))
        assert abs(got - beta_moment(at, bt, power, 0)) <= (power + 1) * Fraction(defect)
    assert abs(Fraction(float(weights @ nodes**2)) - beta_moment(at + 1, bt, 2, 0)) > 3 * Fraction(defect)


def test_the_recurrence_survives_a_plus_b_equal_to_one() -> None:
    assert beta_recurrence(Fraction(1, 2), Fraction(1, 2), 3)[1] == [Fraction(1, 8), Fraction(1, 16)]


@given(parameters, st.integers(1, 5))
def test_dirichlet_mean_square(a: Fraction, K: int) -> None:
    mean_square = sum(dirichlet_moment([a] * K, [2 * (i == j) for j in range(K)]) for i in range(K))
    assert mean_square == (a + 1) / (K * a + 1)
    if K == 2:
        assert dirichlet_moment([a, a], [1, 1]) == beta_moment(a, a, 1, 1)


def test_moments_of_a_finite_ratio() -> None:
    uniform = [(Fraction(j, 8), Fraction(1, 9)) for j in range(9)]
    assert moments(uniform) == (Fraction(1, 2), Fraction(7, 24))


@pytest.mark.parametrize("a", [0, -1, Fraction(-1, 2)])
def test_parameters_that_are_not_positive_are_refused(a: Any) -> None:
    for moment in (
        lambda: beta_moment(a, Fraction(1), 1, 1),
        lambda: beta_quadrature(1.0, a, 2),
        lambda: dirichlet_moment([Fraction(1), a], [1, 1]),
    ):
        with pytest.raises(UnsupportedError, match="positive parameters of a Beta or Dirichlet law"):
            moment()


def test_quadrature_nodes_lie_in_the_unit_interval() -> None:
    nodes, weights, _ = beta_quadrature(0.1, 0.1, 8)
    assert np.all((nodes >= 0) & (nodes <= 1))
    assert np.all(weights > 0)
