"""Statements about a data set: both sides equal brute force over all pairs, permutations, tuples and ratios.

The batches are small, everything is rational and compared with ``==``, and the loops are those of the definitions.
Where a near miss has the left side of a claim, it must differ from the number.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
import sympy as sp

from proofs import averaged_hessian_has_erms_kernel as hessian
from proofs import detaching_the_partner_halves_the_gradient as detaching
from proofs import folding_the_ratio_changes_nothing as folding
from proofs import many_way_mixing_has_square_terms as many_way
from symmix.notation import JZ, P, W, Y, Z, a, b, kappa, lam, m, m2, n, p, theta
from symmix.notation import E as RESIDUALS
from symmix.numeric.averages import mean_residual, residual_variance
from symmix.numeric.curvature import averaged_sample_matrix
from symmix.numeric.datasets import (
    batch_loss,
    erm_loss,
    mixed_loss,
    pair_average_loss,
    pairing_loss,
    permutation_average_loss,
    permutations,
)
from symmix.numeric.gradients import four_terms, residual
from symmix.numeric.objectives import regression_loss
from symmix.numeric.ratios import dirichlet_moment
from tests.catalogue import SCRIPTS
from tests.exact_arrays import agree, differences, drawn, fractions, point, ratio

Case = dict[str, Any]
RATIOS = [(Fraction(0), Fraction(1, 6)), (Fraction(1, 3), Fraction(1, 2)), (Fraction(4, 5), Fraction(1, 3))]
SYMMETRIC = [(Fraction(1, 5), Fraction(1, 2)), (Fraction(4, 5), Fraction(1, 2))]
SIZES = ((3, 1, 2), (4, 2, 1))  # n, k, h
sized = pytest.mark.parametrize("size", SIZES, ids=str)


def data(size: tuple[int, int, int], *, centred: bool = False) -> Case:
    """Return samples and a head; centred ones have a mean residual of zero."""
    n, k, h = size
    case = {"z": drawn(n, h, seed=1), "y": drawn(n, k, seed=2), "W": drawn(k, h, seed=3), "b": drawn(k, seed=4)}
    return {**case, "b": case["b"] + mean_residual(errors(case))} if centred else case


def errors(case: Case) -> Any:
    """Return the residuals, a row a sample."""
    return residual(case["z"], case["y"], case["W"], case["b"])


def moments(ratios: Any) -> dict[Any, Any]:
    """Return the moments of a finite ratio."""
    return {m: sum(q * x for x, q in ratios), m2: sum(q * x * x for x, q in ratios)}


def at(name: str, case: Case, more: dict[Any, Any] | None = None, ratios: Any = RATIOS) -> Any:
    """Return the point of a data set."""
    known = {Z: case["z"], Y: case["y"], W: case["W"], b: case["b"], **moments(ratios)}
    return point(name, {**known, **(more or {})}, {p: 1, n: len(case["z"])})


def strength() -> Any:
    """Return c, by its definition as an average."""
    return 2 * sum(q * x * (1 - x) for x, q in RATIOS)


def mean_over_pairs(**case: Any) -> Any:
    """Return the average loss over all ordered pairs and the ratio."""
    return pair_average_loss(RATIOS, **case)


@sized
def test_pair_average(size: tuple[int, int, int]) -> None:
    name, case = "pair_average_is_erm_minus_variance", data(size)
    met = agree(name, at(name, case), {"": mean_over_pairs(**case)})
    assert met == SCRIPTS[name].theorem.near_misses.keys() - {"one pair stands for all"}
    one = sum(q * mixed_loss([(x, 0), (1 - x, 1)], **case) for x, q in RATIOS)
    assert one != mean_over_pairs(**case)


@sized
def test_permutations(size: tuple[int, int, int]) -> None:
    name, case = "permutation_average_equals_pair_average", data(size)
    number = permutation_average_loss(RATIOS, **case)
    deranged = permutation_average_loss(RATIOS, **case, derangements=True)
    distinct = pair_average_loss(RATIOS, **case, distinct=True)
    numbers = {
        "permuted batch": number,
        "sample by sample": number,
        "derangements": deranged,
        "pairs i != j": distinct,
    }
    met = agree(name, at(name, case), numbers)
    assert met == SCRIPTS[name].theorem.near_misses.keys() - {"the entries of P taken as independent"}
    # the entries of P taken as independent: each pair of partners equally likely, whatever the other samples have
    miss = SCRIPTS[name].theorem.near_misses["the entries of P taken as independent"]
    here = at(name, case, {lam: Fraction(1, 3)})
    each = [batch_loss(Fraction(1, 3), pi, **case) for pi in permutations(size[0])]
    mean = sum(each) / len(each)
    assert list(here.explicit(miss.right)) == [sp.Rational(mean.numerator, mean.denominator)]  # type: ignore[attr-defined]
    assert here.explicit(miss.left) != here.explicit(miss.right)  # type: ignore[attr-defined]


@sized
def test_mixing_graph(size: tuple[int, int, int]) -> None:
    name, case, count = "mixing_graph_removes_dirichlet_energy", data(size), size[0]
    rows = fractions([[1 + (r + 2 * s) % 3 for s in range(count)] for r in range(count)])
    skewed = rows * np.array([[1 + s for s in range(count)]])
    stochastic = skewed / skewed.sum(axis=1, keepdims=True)
    assert set(stochastic.sum(axis=1)) == {1}
    assert set(stochastic.sum(axis=0)) != {1}
    met = agree(name, at(name, case, {P: stochastic}), {"row-stochastic": pairing_loss(RATIOS, stochastic, **case)})
    assert met == {"energy added", "c for c/2", "weights one for every pairing"}
    cycle = fractions(np.eye(count, dtype=int)[[*range(1, count), 0]])
    doubly = (3 * cycle + fractions(np.eye(count, dtype=int))) / 4
    agree(name, at(name, case, {P: doubly}), {"doubly stochastic": pairing_loss(RATIOS, doubly, **case)})
    uniform = fractions(np.ones((count, count), dtype=int)) / count
    numbers = {"uniform": residual_variance(errors(case)), "row-stochastic": mean_over_pairs(**case)}
    agree(name, at(name, case, {P: uniform}), numbers)
    loose = at(name, case, {P: 2 * stochastic})  # rows that do not sum to one
    miss = SCRIPTS[name].theorem.near_misses["rows that do not sum to one"]
    number = pairing_loss(RATIOS, 2 * stochastic, **case)
    assert list(loose.explicit(miss.left)) == [sp.Rational(number.numerator, number.denominator)]  # type: ignore[attr-defined]
    assert loose.explicit(miss.left) != loose.explicit(miss.right)  # type: ignore[attr-defined]


def encoded(case: Case, count: int = 2) -> tuple[Any, dict[Any, Any]]:
    """Return Jacobians of all features by some parameters, and the symbols for them."""
    slopes = drawn(*case["z"].shape, count, seed=5)
    return slopes, {JZ: slopes, theta: drawn(count, seed=6)}


@sized
def test_cross_terms(size: tuple[int, int, int]) -> None:
    name, case = "cross_terms_average_to_mean_residual_gradient", data(size)
    slopes, more = encoded(case)
    E, count = errors(case), size[0]
    terms = [
        q * np.array(four_terms(ratio(x), slopes[r], slopes[s], case["W"], E[r], E[s])) / count**2
        for x, q in RATIOS
        for r, s in product(range(count), repeat=2)
    ]
    own, cross, cross_prime, own_prime = sum(terms)

    def mean_objective(theta: Any) -> Any:
        moved = {**case, "z": case["z"] + slopes @ theta}
        centre = mean_residual(errors(moved))
        return -(centre @ centre) / 2

    zero = {"theta": fractions(np.zeros(2, dtype=int))}
    assert np.array_equal(cross + cross_prime, strength() * differences(mean_objective, zero, "theta"))
    numbers = {"the two unusual terms": cross + cross_prime, "all four": own + cross + cross_prime + own_prime}
    assert agree(name, at(name, case, more), numbers) == SCRIPTS[name].theorem.near_misses.keys()


@sized
def test_critical_points(size: tuple[int, int, int]) -> None:
    name, case = "linear_head_mixup_is_erm", data(size)
    slopes, more = encoded(case)

    def mixed(by: str, case: Case) -> Any:
        return differences(mean_over_pairs, case, by)

    by_bias = mixed("b", case)
    numbers = {"bias": by_bias, "the mean residual": by_bias}
    assert agree(name, at(name, case, more), numbers) == {"the bias step shrinks too"}
    assert np.array_equal(by_bias, differences(erm_loss, case, "b"))
    centred = data(size, centred=True)
    by_theta = np.einsum("nip,ni->p", slopes, mixed("z", centred))
    numbers = {"weights": mixed("W", centred), "features": mixed("z", centred), "encoder": by_theta}
    assert agree(name, at(name, centred, more), numbers) == {"ERM's step size"}
    for by in ("W", "z"):
        assert np.array_equal(mixed(by, centred), (1 - strength()) * differences(erm_loss, centred, by))
    # off the mean residual: no multiple, so that ERM's solution without a bias is not mixup's
    assert not np.array_equal(mixed("W", case), (1 - strength()) * differences(erm_loss, case, "W"))


@sized
def test_weight_decay(size: tuple[int, int, int]) -> None:
    name, decay = "mixup_scales_weight_decay", Fraction(3, 7)

    def regularised(**case: Any) -> Any:
        return mean_over_pairs(**case) + decay * np.sum(case["W"] * case["W"]) / 2

    centred = data(size, centred=True)
    numbers = {
        "the loss": regularised(**centred),
        "by weights": differences(regularised, centred, "W"),
        "by bias": differences(regularised, centred, "b"),
    }
    assert agree(name, at(name, centred, {kappa: decay}), numbers) == {"the same decay", "less decay"}
    case, c = data(size), strength()
    scaled = (1 - c) * (erm_loss(**case) + decay / (1 - c) * np.sum(case["W"] * case["W"]) / 2)
    assert regularised(**case) != scaled


@sized
def test_conserved_sum(size: tuple[int, int, int]) -> None:
    name, case, weight = "mixing_conserves_the_residual_sum", data(size), Fraction(2, 7)
    E, by_erm = errors(case), differences(erm_loss, case, "b")
    count = size[0]
    for pi in permutations(count):
        mixed = weight * E + (1 - weight) * E[list(pi)]

        def loss(pi: tuple[int, ...] = pi, **case: Any) -> Any:
            return batch_loss(weight, pi, **case)

        pairing = fractions(np.eye(count, dtype=int)[list(pi)])
        by_bias = differences(loss, case, "b")
        assert np.array_equal(by_bias, by_erm)
        if pi == (*range(1, count), 0):
            numbers = {"the sum": mixed.sum(axis=0), "the bias gradient": by_bias}
            agree(name, at(name, case, {P: pairing, lam: weight}), numbers)
            assert not np.array_equal(differences(loss, case, "W"), differences(erm_loss, case, "W"))
            assert not np.array_equal(mixed, E)
    replaced = [0] * count  # partners drawn with replacement
    assert not np.array_equal((weight * E + (1 - weight) * E[replaced]).sum(axis=0), E.sum(axis=0))


@sized
def test_folding(size: tuple[int, int, int]) -> None:
    name, case, count, weight = "folding_the_ratio_changes_nothing", data(size), size[0], Fraction(2, 7)
    half = drawn(count, count, seed=7)

    def total(pairing: Any, x: Fraction) -> Any:
        return sum(pairing[r, s] * mixed_loss([(x, r), (1 - x, s)], **case) for r, s in product(range(count), repeat=2))

    more = {folding.S: half, lam: weight}
    everyone = fractions(np.ones((count, count), dtype=int))
    numbers = {"symmetric pairing": total(half + half.T, weight), "all pairs": total(everyone, weight)}
    agree(name, at(name, case, more), numbers)
    assert total(half + half.T, weight) == total(half + half.T, 1 - weight)
    assert total(half, weight) != total(half, 1 - weight)
    single = [mixed_loss([(x, 0), (1 - x, 1)], **case) for x in (weight, 1 - weight)]
    assert single[0] != single[1]


@sized
def test_detaching(size: tuple[int, int, int]) -> None:
    name, case, count = "detaching_the_partner_halves_the_gradient", data(size), size[0]

    def loss(z: Any, held: Any, ratios: Any) -> Any:
        total = 0
        for (x, q), (r, s) in product(ratios, product(range(count), repeat=2)):
            features, target = x * z[r] + (1 - x) * held[s], x * case["y"][r] + (1 - x) * case["y"][s]
            total = total + q * regression_loss(features, target, case["W"], case["b"])
        return total / count**2

    def by_features(ratios: Any, *, detached: bool) -> Any:
        held = case["z"]
        return differences(lambda z: loss(z, held if detached else z, ratios), {"z": case["z"]}, "z")

    stopped, whole = (by_features(SYMMETRIC, detached=detached) for detached in (True, False))
    assert np.array_equal(2 * stopped, whole)
    met = agree(
        name, at(name, case, {detaching.detached: 0 * case["z"], lam: Fraction(1, 3)}, SYMMETRIC), {"": stopped}
    )
    assert met == {"the whole gradient"}
    for ratios in (RATIOS, [(Fraction(2, 7), Fraction(1))]):  # a ratio that is not symmetric, or fixed
        assert not np.array_equal(2 * by_features(ratios, detached=True), by_features(ratios, detached=False))


@pytest.mark.parametrize("count", [2, 3])
def test_many_way(count: int) -> None:
    name, k, h, parameter = "many_way_mixing_has_square_terms", 2, 1, Fraction(3, 4)
    case = data((count, k, h))
    weights = fractions([1 + s for s in range(count)]) / sum(1 + s for s in range(count))
    slopes, more = encoded(case)

    def objective(theta: Any) -> Any:
        shares = list(zip(weights, range(count), strict=True))
        return -mixed_loss(shares, **{**case, "z": case["z"] + slopes @ theta})

    by_theta = differences(objective, {"theta": fractions(np.zeros(2, dtype=int))}, "theta")
    mixed = sum(w * e for w, e in zip(weights, errors(case), strict=True))
    symbols = {
        many_way.weights: weights, many_way.Z: case["z"], many_way.Y: case["y"], many_way.J: slopes, W: case["W"],
        b: case["b"], theta: more[theta], a: parameter,
    }  # fmt: skip
    square = sum(dirichlet_moment([parameter] * count, [2 * (s == t) for t in range(count)]) for s in range(count))
    here = point(name, symbols)
    numbers = {
        "the residual": mixed,
        "K^2 terms": by_theta,
        "K own and K(K-1) cross": by_theta,
        "the weights' squared norm": square,
    }
    assert agree(name, here, numbers) == {"own terms only", "E |q|^2 = 1/K"}
    doubled = 2 * weights  # weights that do not sum to one
    off = (
        (doubled[:, None] * case["y"]).sum(axis=0) - case["W"] @ (doubled[:, None] * case["z"]).sum(axis=0) - case["b"]
    )
    assert not np.array_equal(off, sum(w * e for w, e in zip(doubled, errors(case), strict=True)))


@pytest.mark.parametrize(("count", "samples"), [(2, 3), (3, 2)])
def test_many_way_average(count: int, samples: int) -> None:
    """All tuples of samples, and the exact second moments of the weights."""
    name, parameter = "many_way_mixing_has_square_terms", Fraction(3, 4)
    E = drawn(samples, 2, seed=8)
    total = Fraction(0)
    for chosen in product(range(samples), repeat=count):
        for s, t in product(range(count), repeat=2):
            powers = [int(q == s) + int(q == t) for q in range(count)]
            total += dirichlet_moment([parameter] * count, powers) * (E[chosen[s]] @ E[chosen[t]]) / 2
    here = point(name, {RESIDUALS: E, a: parameter}, {many_way.K: count})
    assert agree(name, here, {"the average": total / samples**count}) == {"the variance not damped"}


@pytest.mark.parametrize("size", [(3, 1, 2), (2, 2, 1)], ids=str)
def test_averaged_hessian(size: tuple[int, int, int]) -> None:
    name, case, count = "averaged_hessian_has_erms_kernel", data(size), size[0]
    direction = drawn(*case["z"].shape, seed=9)

    def curved(loss: Any) -> Any:
        """Return the Hessian by all features along the direction: the gradients on both sides of the point."""
        up, down = (differences(loss, {**case, "z": case["z"] + sign * direction}, "z") for sign in (1, -1))
        return (up - down) / 2

    unseen = drawn(count, seed=10)
    unseen = unseen - sum(unseen) / count
    S = averaged_sample_matrix(count, strength())
    ones = fractions(np.ones(count, dtype=int))
    mixed = curved(mean_over_pairs)
    numbers = {
        "ERM": curved(erm_loss), "mixup": mixed, "on the mean": S @ ones, "across": S @ unseen,
        "a pair": moments(RATIOS)[m2] - moments(RATIOS)[m] ** 2,
    }  # fmt: skip
    met = agree(name, at(name, case, {hessian.D: direction, hessian.u: unseen}), numbers)
    assert met == SCRIPTS[name].theorem.near_misses.keys()
    flat = fractions(np.ones((count, 1), dtype=int)) * _kernel(case["W"])
    if np.any(flat):
        direction = flat
        assert not np.any(curved(mean_over_pairs))
        assert not np.any(curved(erm_loss))


def _kernel(rows: Any) -> Any:
    """Return a vector that a head with one output and two features does not see, or zero."""
    return fractions([-rows[0, 1], rows[0, 0]]) if rows.shape == (1, 2) else 0 * rows[0]
