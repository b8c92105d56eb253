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
from proofs import lipschitz_heads_need_flat_classes as flat
from proofs import mixup_cross_entropy_minimiser_is_finite as finite
from proofs import mixup_thresholds_modes as thresholds
from proofs import random_layer_mixup_is_not_degenerate as layered
from proofs import selective_mixup_resamples as selective
from proofs import softmax_hessian_is_a_sum_of_squares as soft
from proofs import verma_collapse_fails_for_free_heads as free
from symmix import Identity
from symmix.notation import E, W, Y, Z, b, c, i, j, lam, m, m2
from symmix.numeric import complex_step
from symmix.numeric.datasets import pair_average_loss, permutations
from symmix.numeric.gradients import softmax
from symmix.numeric.objectives import affine_head, manifold_mixup_loss, mix
from tests.catalogue import SCRIPTS
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
    for own, label in enumerate(classes):
        partners = [s for s, other in enumerate(classes) if other != label]
        weights[own] += mean
        for s in partners:
            weights[s] += (1 - mean) / len(partners)
    return weights


# -- losses ---


@pytest.mark.parametrize(("targets", "features"), [(2, 3), (3, 2)])
def test_the_quartic_loss(targets: int, features: int) -> None:
    name, case = "any_loss_of_the_residual_is_degenerate", pair(targets, features)

    def quartic(**case: Any) -> Any:
        return manifold_mixup_loss(**case) ** 2  # (|r|^2 / 2)^2

    by_features = differences(quartic, case, "z")
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
        assert not np.any(differences(quartic, case, variable))


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


@pytest.mark.lemma("softmax_jacobian")
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


# -- layers ---


@pytest.mark.parametrize(("layers", "targets", "features"), [(2, 2, 3), (3, 3, 2)])
def test_mixing_at_every_layer(layers: int, targets: int, features: int) -> None:
    name, case = "random_layer_mixup_is_not_degenerate", pair(targets, features)
    for first, second in (("y", "z"), ("y_prime", "z_prime")):
        case[first] = affine_head(case[second], case["W"], case["b"])
    rows = drawn(layers, features, seed=9)  # the features at the head, whatever the layers are
    last = mix(case["lam"], case["z"], case["z_prime"])
    target = mix(case["lam"], case["y"], case["y_prime"])
    steps = np.vstack([rows, last])
    gaps = steps[1:] - steps[:-1]
    left = target - affine_head(rows, case["W"], case["b"])
    add_up = fractions(np.triu(np.ones((layers, layers), dtype=int)))
    differ = fractions(np.eye(layers, dtype=int) - np.eye(layers, k=1, dtype=int))
    assert np.array_equal(left, add_up @ gaps @ case["W"].T)

    def loss(H: Any) -> Any:
        missed = target - affine_head(np.vstack([H, last]), case["W"], case["b"])
        return np.sum(missed * missed) / (2 * (layers + 1))

    by_features = differences(loss, {"H": rows}, "H")
    values = {PAIR[name]: value for name, value in case.items()}
    here = point(name, {**values, layered.H: rows, layered.N: differ, layered.T: add_up})
    assert "a gap with the other sign" in agree(name, here, {"all residuals": left, "the gradient": by_features})
    assert loss(rows) != 0
    assert loss(np.vstack([last] * layers)) == 0
    unseen = drawn(layers, features, seed=4)
    unseen = unseen - unseen @ case["W"].T @ _inverse(case["W"] @ case["W"].T) @ case["W"] if targets < features else 0
    assert loss(np.vstack([last] * layers) + unseen) == 0


def _inverse(matrix: Any) -> Any:
    found = sp.Matrix(matrix.tolist()).applyfunc(sp.Rational).inv()
    return fractions([[Fraction(int(x.p), int(x.q)) for x in found.row(row)] for row in range(found.rows)])


# -- thresholds ---


@pytest.mark.parametrize("strength", [Fraction(0), Fraction(1, 3)])
def test_soft_thresholded_targets_are_the_minimum(strength: Fraction) -> None:
    """Four samples with a mode 4 above the threshold and one at 3/5 of it: the loss from its definition, exactly."""
    count, t = 4, Fraction(6)
    first, second = fractions([1, -1, 1, -1]) / 2, fractions([1, 1, -1, -1]) / 2
    X = 4 * np.outer(first, fractions([1, 0]))
    G = np.outer(first, fractions([1, 0])) + Fraction(3, 5) * np.outer(second, fractions([0, 1]))
    C = fractions(np.eye(4, dtype=int)) - np.outer(first, first) - np.outer(second, second) / 5
    assert np.array_equal(G @ G.T + C.T @ C, fractions(np.eye(4, dtype=int)))
    targets = X + t * G
    ratios = [(Fraction(1), 1 - strength), (Fraction(1, 2), strength)]
    mixing = 2 * sum(q * x * (1 - x) for x, q in ratios)
    kappa = t * (1 - mixing) / count

    def loss(Z: Any, W: Any, b: Any) -> Any:
        mixed = pair_average_loss(ratios, z=Z, y=targets, W=W, b=b)
        return mixed + kappa / 2 * (np.sum(Z * Z) + np.sum(W * W))

    best = {"Z": 2 * first[:, None], "W": fractions([[2], [0]]), "b": fractions([0, 0])}
    least = loss(**best)
    assert least == kappa * np.sum(G * X) + kappa * t / 2 * np.sum(G * G)
    for name, value in best.items():
        for seed in range(4):
            moved = {**best, name: value + drawn(*value.shape, seed=seed) / 5}
            assert loss(**moved) > least
    name = "mixup_thresholds_modes"
    values = {
        thresholds.X: X,
        thresholds.G: G,
        thresholds.C: C,
        Y: targets,
        Z: best["Z"] + 1,
        W: best["W"],
        b: best["b"],
    }
    here = point(name, {**values, c: mixing, thresholds.t: t})
    number = loss(best["Z"] + 1, best["W"], best["b"]) - least
    assert number > 0
    agree(name, here, {"never below": number})


# -- a finite minimum ---


@pytest.mark.lemma("log_sum_exp_grows_like_the_maximum")
@pytest.mark.parametrize("count", [2, 3, 5])
def test_far_away_cross_entropy_grows_by_what_is_stated(count: int) -> None:
    rng = np.random.default_rng(count)
    u, v, y = rng.standard_normal(count), rng.standard_normal(count), rng.dirichlet(np.ones(count))
    for far in (1e3, 1e5):
        moved = u + far * v
        top = moved.max()
        loss = top + np.log(np.exp(moved - top).sum()) - y @ moved
        assert abs(loss / far - (v.max() - y @ v)) <= (np.abs(u).max() * 2 + np.log(count)) / far
    theorem = SCRIPTS["mixup_cross_entropy_minimiser_is_finite"].theorem
    claim = theorem.claims["towards the classes"]
    assert isinstance(claim, Identity)
    for ratio in (Fraction(0), Fraction(1, 5), Fraction(1, 2), Fraction(2, 3), Fraction(1)):
        moved = fractions([ratio, 1 - ratio])
        price = max(moved) - moved @ moved
        stated = claim.right.subs(finite.mu, sp.Rational(*max(moved).as_integer_ratio()))
        assert sp.Rational(*price.as_integer_ratio()) == stated
        assert (price == 0) == (ratio in (0, Fraction(1, 2), 1))
    x = sp.Symbol("x")
    price = 2 * sp.integrate((2 * x - 1) * (1 - x), (x, sp.Rational(1, 2), 1))
    assert price == sp.Rational(1, 12)


@pytest.mark.lemma("existence_by_recession")
@pytest.mark.parametrize(("ratio", "finite_there"), [(1.0, False), (0.5, False), (0.7, True), (0.25, True)])
def test_newtons_method_runs_away_exactly_where_it_should(ratio: float, finite_there: bool) -> None:  # noqa: FBT001
    """Free logits of four samples in two classes, written as differences: one number a sample."""
    labels = np.array([1.0, 1.0, 0.0, 0.0])
    logits = np.zeros(4)
    sizes = []
    for _ in range(60):
        gradient, hessian = np.zeros(4), 1e-12 * np.eye(4)
        for one, other in product(range(4), repeat=2):
            share = np.zeros(4)
            share[one] += ratio
            share[other] += 1 - ratio
            odds = 1 / (1 + np.exp(-share @ logits))
            gradient += (odds - share @ labels) * share
            hessian += odds * (1 - odds) * np.outer(share, share)
        step = np.linalg.solve(hessian, gradient)
        logits -= step * min(1.0, 1 / np.abs(step).max())
        sizes.append(np.abs(logits).max())
    assert (sizes[-1] - sizes[29] < 1e-6) == finite_there
    assert finite_there or sizes[-1] > sizes[29] + 1


# -- classes in a plane ---


def test_a_head_that_fits_all_mixtures_of_two_points_of_a_class() -> None:
    quarter, zero, one_ = Fraction(1, 4), Fraction(0), Fraction(1)
    corners = {(zero, zero): 0, (quarter, quarter): 0, (one_, zero): 1, (zero, one_): 2}

    def head(x: Fraction, y: Fraction) -> list[Fraction]:
        second = max(Fraction(0), x - y, (3 * x + y - 1) / 2)
        third = max(Fraction(0), y - x, (3 * y + x - 1) / 2)
        return [1 - second - third, second, third]

    for (one, first), (other, second) in product(corners.items(), repeat=2):
        for share in (Fraction(step, 12) for step in range(13)):
            place = [share * s + (1 - share) * q for s, q in zip(one, other, strict=True)]
            assert head(*place) == [share * (k == first) + (1 - share) * (k == second) for k in range(3)]
    assert head(Fraction(1, 2), Fraction(1, 2)) == [0, Fraction(1, 2), Fraction(1, 2)]  # not class A at (1, 1) / 2
    for x, y in product((sp.Rational(1, 3), sp.Rational(2, 3), sp.S.NegativeOne), (sp.Rational(1, 5), sp.S.One)):
        values = [piece.subs({free.z1: x, free.z2: y}) for piece in free.pieces]
        assert max(values) == head(*(Fraction(int(s.p), int(s.q)) for s in (x, y)))[1]


# -- flat classes ---


@pytest.mark.parametrize("foot", [Fraction(1, 3), Fraction(-1, 2), Fraction(5, 4)])
def test_two_points_of_chords_are_normal_to_the_line(foot: Fraction) -> None:
    """The points at which a Lipschitz head is looked at lie on the chords, and their distance is that to the line."""
    a, ap = fractions([0, 1, 0]), fractions([2, 2, 1])
    normal = fractions([1, -2, 0])  # to a' - a
    b = a + foot * (ap - a) + normal
    y, yp = fractions([1, 0]), fractions([0, 1])
    if 0 <= foot <= 1:
        first, second, values = b, a + foot * (ap - a), (yp, y)
    else:
        size = Fraction(1, 10)
        s, t = (foot * size, (foot - 1) * size) if foot > 1 else (-foot * size, (1 - foot) * size)
        assert 0 <= s <= 1
        assert 0 <= t <= 1
        first, second = b + t * (a - b), b + s * (ap - b)
        values = yp + t * (y - yp), yp + s * (y - yp)
    apart, far = first - second, values[0] - values[1]
    steepness = (far @ far) / (apart @ apart)  # the square of what a head needs to be able to
    E, D = ap - a, b - a
    assert steepness * ((E @ E) * (D @ D) - (E @ D) ** 2) == ((yp - y) @ (yp - y)) * (E @ E)
    assert steepness > ((yp - y) @ (yp - y)) / min(D @ D, (b - ap) @ (b - ap))  # more than the points ask for
    name = "lipschitz_heads_need_flat_classes"
    here = point(name, {flat.a: a, flat.ap: ap, flat.b: b, flat.q: foot})
    gram = (E @ E) * (D @ D) - (E @ D) ** 2
    agree(name, here, {"the distance to the line": gram, "a sum of squares": gram})
