"""Statements on noise, spread and classes: both sides equal brute force over pairs, permutations and ratios, or a step.

Everything is rational and compared with ``==``; the loops are those of the definitions.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
import sympy as sp

from proofs import any_loss_of_the_residual_is_degenerate as any_loss
from proofs import cross_terms_are_gauss_newton_noise as noise
from proofs import selective_mixup_resamples as selective
from proofs import softmax_hessian_is_a_sum_of_squares as soft
from symmix import Identity
from symmix.notation import E, Y, Z, i, j, lam, m, m2
from symmix.numeric import complex_step
from symmix.numeric.datasets import permutations
from symmix.numeric.gradients import softmax
from symmix.numeric.objectives import affine_head, manifold_mixup_loss, mix
from tests.catalogue import SCRIPTS
from tests.evidence import confirms, confirms_lemma
from tests.exact_arrays import PAIR, agree, differences, drawn, fractions, pair, point

RATIOS = [(Fraction(0), Fraction(1, 6)), (Fraction(1, 3), Fraction(1, 2)), (Fraction(4, 5), Fraction(1, 3))]
MOMENTS = {m: sum(q * x for x, q in RATIOS), m2: sum(q * x * x for x, q in RATIOS)}
STRENGTH = 2 * sum(q * x * (1 - x) for x, q in RATIOS)


def covariance(columns: list[Any], weights: list[Fraction] | None = None) -> Any:
    """Return the covariance of equally likely columns, by its definition."""
    weights = weights or [Fraction(1, len(columns))] * len(columns)
    mean = sum(w * c for w, c in zip(weights, columns, strict=True))
    return sum(w * np.outer(c - mean, c - mean) for w, c in zip(weights, columns, strict=True))


# -- noise ---


@confirms("cross_terms_are_gauss_newton_noise", "enumeration")
@pytest.mark.parametrize("size", [(3, 2, 2), (4, 1, 3)], ids=str)  # n, k, p
def test_cross_terms_over_all_pairs_and_permutations(size: tuple[int, int, int]) -> None:
    name, weight = "cross_terms_are_gauss_newton_noise", Fraction(2, 7)
    count, targets, parameters = size
    slopes, errors = drawn(count, targets, parameters, seed=1), drawn(count, targets, seed=2)
    errors = errors - errors.mean(axis=0)
    G, e = drawn(count, parameters, seed=3), drawn(count, seed=4)
    e = e - e.mean()
    known = {noise.A: slopes, E: errors, noise.G: G, noise.e: e, lam: weight}
    here = point(name, known)

    def cross(r: int, s: int) -> Any:
        return weight * (1 - weight) * (slopes[r].T @ errors[s] + slopes[s].T @ errors[r])

    def of_scalars(pi: Any) -> Any:
        return weight * (1 - weight) * sum(G[r] * e[pi[r]] + G[pi[r]] * e[r] for r in range(count)) / count

    pairs = list(product(range(count), repeat=2))
    numbers = {
        "its covariance": covariance([cross(r, s) for r, s in pairs]),
        "a scalar target": covariance([weight * (1 - weight) * (G[r] * e[s] + G[s] * e[r]) for r, s in pairs]),
        "a shuffled batch": covariance([of_scalars(pi) for pi in permutations(count)]),
    }
    assert not np.any(sum(cross(r, s) for r, s in pairs))
    met = agree(name, here, numbers)
    assert {"the factor 1", "Gauss-Newton alone", "a shuffled batch is n independent pairs"} <= met
    assert ("C_ab for C_ba" in met) == (targets > 1)
    off = point(name, {**known, noise.e: e + 1, E: errors + 1})  # nothing is asked of a shuffled batch
    e = e + 1
    agree(name, off, {"a shuffled batch": covariance([of_scalars(pi) for pi in permutations(count)])})
    miss = SCRIPTS[name].theorem.near_misses["residuals that are not centred"]
    assert isinstance(miss, Identity)
    found = covariance([weight * (1 - weight) * (G[r] * e[s] + G[s] * e[r]) for r, s in pairs])
    assert [Fraction(int(x.p), int(x.q)) for x in off.explicit(miss.left)] == found.reshape(-1).tolist()
    assert off.explicit(miss.left) != off.explicit(miss.right)


# -- spread ---


@confirms("mixup_shrinks_the_covariance", "enumeration")
@pytest.mark.parametrize("size", [(3, 1, 2), (4, 2, 1)], ids=str)  # n, k, h
def test_the_covariance_of_mixed_samples(size: tuple[int, int, int]) -> None:
    name = "mixup_shrinks_the_covariance"
    count, targets, features = size
    samples = np.concatenate([drawn(count, features, seed=1), drawn(count, targets, seed=2)], axis=1)
    mixed = [x * samples[r] + (1 - x) * samples[s] for x, _ in RATIOS for r, s in product(range(count), repeat=2)]
    weights = [q / count**2 for _, q in RATIOS for _ in range(count**2)]
    whole = covariance(mixed, weights)
    numbers = {
        "the mean": samples.mean(axis=0)[:features],
        "the covariance": whole[:features, :features],
        "with the targets": whole[:features, features:],
    }
    here = point(name, {Z: samples[:, :features], Y: samples[:, features:], **MOMENTS})
    met = agree(name, here, numbers)
    assert {"preserved", "1 - c/2"} <= met
    assert np.array_equal(whole, (1 - STRENGTH) * covariance(list(samples)))


@confirms("mixup_is_erm_on_recentred_data", "enumeration")
@pytest.mark.parametrize("size", [(3, 1, 2), (4, 2, 1)], ids=str)  # n, k, h
def test_mixtures_with_a_given_sample(size: tuple[int, int, int]) -> None:
    name = "mixup_is_erm_on_recentred_data"
    count, targets, features = size
    samples = np.concatenate([drawn(count, features, seed=1), drawn(count, targets, seed=2)], axis=1)
    here = point(name, {Z: samples[:, :features], Y: samples[:, features:], lam: Fraction(2, 7), **MOMENTS})
    for own in range(count):
        mixed = [x * samples[own] + (1 - x) * samples[s] for x, _ in RATIOS for s in range(count)]
        weights = [q / count for _, q in RATIOS for _ in range(count)]
        mean = sum(w * c for w, c in zip(weights, mixed, strict=True))
        assert np.array_equal(mean, samples.mean(axis=0) + MOMENTS[m] * (samples[own] - samples.mean(axis=0)))
        whole = covariance(mixed, weights)
        numbers = {
            "its covariance": whole[:features, :features],
            "features with targets": whole[:features, features:],
        }
        met = agree(name, replace(here, at={i: own, j: 0}), numbers)
        assert met == {
            "Var lam for E (1-lam)^2",
            "noise of the same covariance for all samples",
            "noise of features and targets independent",
        }


# -- classes ---


@confirms("selective_mixup_resamples", "enumeration")
@pytest.mark.parametrize("classes", [(0, 1, 1), (0, 1, 0, 0), (1, 1, 0, 1, 0)], ids=str)
def test_what_a_sample_counts_when_classes_are_crossed(classes: tuple[int, ...]) -> None:
    name = "selective_mixup_resamples"
    for mean in (Fraction(2, 5), Fraction(1, 2)):
        weights = _weights(classes, mean)
        mark = fractions([int(c == 0) for c in classes])
        here = point(name, {selective.f: mark, selective.first: Fraction(classes.count(0)), m: mean, m2: mean})
        totals = (mark @ weights, (1 - mark) @ weights)
        numbers = {
            "the first class": totals[0],
            "the second class": totals[1],
            "their difference": totals[0] - totals[1],
        }
        agree(name, here, {**numbers, **({"balanced weights": weights} if 2 * mean == 1 else {})})
        assert (totals[0] == totals[1]) == (2 * mean == 1 or classes.count(0) == classes.count(1))


def test_three_classes_are_not_balanced() -> None:
    classes = (0, 0, 0, 1, 1, 2)
    weights = _weights(classes, Fraction(1, 2))
    for one, others in ((0, (1, 2)), (1, (0, 2)), (2, (0, 1))):
        sizes = [sp.Integer(classes.count(c)) for c in (one, *others)]
        stated = selective.one_of_three(sizes[0], *sizes[1:])
        total = sum(w for w, c in zip(weights, classes, strict=True) if c == one)
        assert sp.Rational(total.numerator, total.denominator) == stated
    assert len({sum(w for w, c in zip(weights, classes, strict=True) if c == one) for one in range(3)}) == 3


def _weights(classes: tuple[int, ...], mean: Fraction) -> Any:
    """Count each sample as itself and as a partner, drawn uniformly from the other classes."""
    weights = fractions([0] * len(classes))
    for own, c in enumerate(classes):
        partners = [s for s, other in enumerate(classes) if other != c]
        weights[own] += mean
        for s in partners:
            weights[s] += (1 - mean) / len(partners)
    return weights


# -- losses ---


@confirms("any_loss_of_the_residual_is_degenerate", "differences")
@pytest.mark.parametrize(("targets", "features"), [(2, 3), (3, 2)])
def test_the_quartic_loss(targets: int, features: int) -> None:
    name, case = "any_loss_of_the_residual_is_degenerate", pair(targets, features)

    def quartic(**case: Any) -> Any:
        return manifold_mixup_loss(**case) ** 2  # (|r|^2 / 2)^2

    by_features = differences(quartic, case, "z", degree=4)
    r = mix(case["lam"], case["y"], case["y_prime"]) - affine_head(
        mix(case["lam"], case["z"], case["z_prime"]), case["W"], case["b"]
    )
    assert np.array_equal(by_features, -case["lam"][()] * (r @ r) * case["W"].T @ r)
    values = {PAIR[name]: value for name, value in case.items()}
    here = point(name, {**values, any_loss.q: (r @ r) * r})
    assert agree(name, here, {"features": by_features}) == {"1 - lam for lam"}
    for first, second in (("y", "z"), ("y_prime", "z_prime")):
        case[first] = affine_head(case[second], case["W"], case["b"])
    for variable in ("z", "z_prime", "W", "b"):
        assert not np.any(differences(quartic, case, variable, degree=4))


@confirms("softmax_hessian_is_a_sum_of_squares", "arrays")
@pytest.mark.parametrize("count", [1, 2, 4])
def test_the_form_is_half_the_mean_squared_difference(count: int) -> None:
    name = "softmax_hessian_is_a_sum_of_squares"
    s, v = abs(drawn(count, seed=1)), drawn(count, seed=2)
    s = s / s.sum()
    number = v @ (np.diag(s) - np.outer(s, s)) @ v
    pairs = product(range(count), repeat=2)
    assert number == sum(s[r] * s[q] * (v[r] - v[q]) ** 2 for r, q in pairs) / 2
    met = agree(name, point(name, {soft.s: s, soft.v: v}), {"the form": number})
    assert met == ({"without the half"} if count > 1 else set())
    assert number >= 0
    assert (number == 0) == (len(set(v)) == 1)


@confirms("softmax_hessian_is_a_sum_of_squares", "complex step")
@confirms_lemma("softmax_jacobian")
@pytest.mark.parametrize("count", [1, 2, 5])
def test_the_hessian_of_cross_entropy(count: int) -> None:
    """The gradient softmax(u) - y along v, differentiated by a complex step, is (diag s - s s^T) v."""
    rng = np.random.default_rng(count)
    logits, v = rng.standard_normal((20, count)), rng.standard_normal(count)

    def along(logits: Any) -> Any:
        powers = np.exp(logits)
        return (powers * v).sum(-1) / powers.sum(-1)

    found = complex_step(along, {"logits": logits}, ["logits"])["logits"]
    s = softmax(logits)
    stated = s * v - s * (s @ v)[:, None]
    assert found.agrees(stated).all()
    if count > 1:
        assert not found.agrees(s * v).all()
        assert not found.agrees(stated * (1 + 1e-9)).all()
