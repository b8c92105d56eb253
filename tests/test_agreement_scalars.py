"""Statements about moments and probabilities: exact rationals, Gauss quadrature and complex steps within their bounds.

No tolerance is chosen: a quadrature and a complex step bring their own error bound, and near misses lie outside of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
import sympy as sp

from proofs import beta_moments as beta
from proofs import permutation_average_equals_pair_average as shuffling
from proofs import softmax_fit_is_not_stationary as soft
from symmix import Equivalence, Identity, Positivity
from symmix.moments import beta_moments, dirichlet_second_moments
from symmix.notation import W, a, lam, s, t, y, yp, z
from symmix.numeric import complex_step
from symmix.numeric.bounded import Bounded
from symmix.numeric.datasets import permutations
from symmix.numeric.gradients import cross_entropy_mixup_gradient, softmax
from symmix.numeric.objectives import affine_head, cross_entropy_mixup_loss, log_sum_exp, mix
from symmix.numeric.ratios import UNIT_ROUNDOFF, beta_moment, beta_quadrature, dirichlet_moment
from symmix.permutations import PERMUTATION
from symmix.testing.strategies import one_case
from tests.catalogue import SCRIPTS
from tests.oracle import Point

PARAMETERS = [(Fraction(1, 4), Fraction(3, 4)), (Fraction(1), Fraction(1)), (Fraction(5, 2), Fraction(1, 2))]


def number(expression: sp.Basic, values: Mapping[sp.Symbol, Any]) -> Fraction:
    """Return a scalar at rational values."""
    (value,) = Point({}, {name: sp.Rational(x.numerator, x.denominator) for name, x in values.items()}).explicit(
        expression
    )
    return Fraction(int(value.p), int(value.q))


# -- moments of the ratio ---


@pytest.mark.parametrize(("first", "second"), PARAMETERS)
def test_beta_moments(first: Fraction, second: Fraction) -> None:
    """The claims at rational parameters: the Gamma recursion on fractions, and Gauss quadrature within its defect."""
    theorem = SCRIPTS["beta_moments"].theorem
    symmetric = {a: first, beta.q: second, lam: Fraction(0)}
    exact = {
        "the partner's own": beta_moment(first, first, 0, 2),
        "cross": beta_moment(first, first, 1, 1),
        "Beta(a, q): the partner's share": beta_moment(first, second, 0, 1),
        "Beta(a, q): cross": beta_moment(first, second, 1, 1),
    }
    drawn = {
        True: beta_quadrature(float(first), float(first), 4),
        False: beta_quadrature(float(first), float(second), 4),
    }
    of = {
        "the partner's own": lambda x: (1 - x) * (1 - x),
        "cross": lambda x: x - x * x,
        "Beta(a, q): the partner's share": lambda x: 1 - x,
    }
    of["Beta(a, q): cross"] = of["cross"]
    for label, value in exact.items():
        claim = theorem.claims[label]
        assert isinstance(claim, Identity)
        assert number(claim.left, symmetric) == number(claim.right, symmetric) == value
        nodes, weights, defect = drawn["Beta" not in label]
        found = Fraction(float(weights @ of[label](nodes)))
        bound = 5 * Fraction(defect) + 16 * Fraction(UNIT_ROUNDOFF)  # (p + 1) defects for each power, and roundings
        assert abs(found - value) <= bound
        assert abs(found - value * Fraction(1001, 1000)) > bound
    strength = first / (2 * first + 1)
    assert 2 * exact["cross"] == strength
    assert exact["cross"] * (first + 1) == exact["the partner's own"] * first
    assert 2 * exact["cross"] != first / (first + 1)  # c = a/(a+1)
    assert 0 < strength < Fraction(1, 2)


def test_beta_near_misses() -> None:
    theorem, large = SCRIPTS["beta_moments"].theorem, Fraction(5)
    assert beta_moment(large, large, 2, 0) != Fraction(1, 4)
    bound = theorem.near_misses["never more than a third"]
    assert isinstance(bound, Positivity)
    assert 2 * beta_moment(large, large, 1, 1) > Fraction(1, 3)
    for label in ("some mixing", "never more than half", "the ratio varies"):
        claim = theorem.claims[label]
        assert isinstance(claim, Positivity)
        for first, second in PARAMETERS:
            values = {a: first, beta.q: second, lam: Fraction(0)}
            scalar = claim.scalar.subs(theorem.definitions)  # SymPy's own substitution, in a ratio of numbers
            assert number(scalar, values) > 0


@pytest.mark.lemma("beta_moments_by_recursion")
@pytest.mark.parametrize(("first", "second"), [(1, 1), (2, 3), (4, 1)])
def test_the_recursion_equals_the_integral(first: int, second: int) -> None:
    """SymPy integrates the density, which is a polynomial for whole parameters."""
    x = sp.Symbol("x")
    density = x ** (first - 1) * (1 - x) ** (second - 1)
    whole = sp.integrate(sp.expand(density), (x, 0, 1))
    for power, value in beta_moments(sp.Integer(first), sp.Integer(second), 4).items():
        assert value == sp.integrate(sp.expand(density * x**power), (x, 0, 1)) / whole
        assert value == sp.Rational(*beta_moment(Fraction(first), Fraction(second), power, 0).as_integer_ratio())


# -- several weights ---


@pytest.mark.lemma("dirichlet_moments")
@pytest.mark.parametrize("size", [2, 3])
@pytest.mark.parametrize("parameter", [1, 2])
def test_dirichlet_moments_equal_the_integral(size: int, parameter: int) -> None:
    """Over the simplex, for whole parameters, and by the recursion for others."""
    theorem = SCRIPTS["many_way_mixing_has_square_terms"].theorem
    assert "(a + [i = j]) / (K (K a + 1))" in next(e.statement for e in theorem.lemmas if e.name == "dirichlet_moments")
    names = sp.symbols(f"x:{size - 1}")
    last = 1 - sum(names)
    weights = (*names, last)
    density = sp.expand(sp.prod(x ** (parameter - 1) for x in weights))

    def integral(function: sp.Expr) -> sp.Expr:
        for position in reversed(range(size - 1)):
            function = sp.integrate(sp.expand(function), (names[position], 0, 1 - sum(names[:position])))
        return function

    whole = integral(density)
    square, mixed = dirichlet_second_moments(sp.Integer(parameter), sp.Integer(size))
    for i, j in product(range(size), repeat=2):
        value = integral(density * weights[i] * weights[j]) / whole
        claimed = sp.Rational(parameter + (i == j), size * (size * parameter + 1))
        assert value == claimed == (square if i == j else mixed)
        powers = [int(q == i) + int(q == j) for q in range(size)]
        exact = dirichlet_moment([Fraction(parameter)] * size, powers)
        assert sp.Rational(exact.numerator, exact.denominator) == claimed
    assert integral(density * weights[0]) / whole == sp.Rational(1, size)


@pytest.mark.lemma("independent_draws")
@pytest.mark.parametrize(("count", "samples"), [(2, 3), (3, 2)])
def test_independent_draws(count: int, samples: int) -> None:
    """All tuples of samples."""
    tuples = list(product(range(samples), repeat=count))
    for s1, i1, s2, i2 in product(range(count), range(samples), range(count), range(samples)):
        mean = Fraction(sum(c[s1] == i1 and c[s2] == i2 for c in tuples), len(tuples))
        claimed = Fraction(int(i1 == i2), samples) if s1 == s2 else Fraction(1, samples**2)
        assert mean == claimed


# -- permutations ---


def _enumerated(count: int, *, derangements: bool = False) -> np.ndarray[Any, Any]:
    chosen = list(permutations(count, derangements=derangements))
    return np.array([np.eye(count, dtype=int)[list(pi)] for pi in chosen])


@pytest.mark.lemma("permutation_moments")
@pytest.mark.parametrize("count", [2, 3, 4, 5, 6])
def test_permutation_moments(count: int) -> None:
    """All permutations; the moments are those that the theorem hands to the kernel."""
    matrices = _enumerated(count)
    first = matrices.sum(axis=0)
    second = np.einsum("qij,qfg->ijfg", matrices, matrices)
    total = len(matrices)
    assert np.array_equal(first * count, np.full((count, count), total))
    stated = _stated(PERMUTATION[2], count)
    for place in product(range(count), repeat=4):
        assert Fraction(int(second[place]), total) == stated(*place)
    wrong = Fraction(1, count**2)  # independent entries
    assert any(Fraction(int(second[place]), total) != wrong for place in product(range(count), repeat=4))


@pytest.mark.lemma("derangement_moments")
@pytest.mark.parametrize("count", [2, 3, 4, 5, 6])
def test_derangement_moments(count: int) -> None:
    matrices = _enumerated(count, derangements=True)
    first, total = matrices.sum(axis=0), len(matrices)
    stated = _stated(shuffling.derangement[1], count)
    for place in product(range(count), repeat=2):
        assert Fraction(int(first[place]), total) == stated(*place)


def _stated(moment: sp.Lambda, count: int) -> Any:
    """Return a moment as a function of indices, by SymPy's substitution."""
    (size,) = {s for s in moment.expr.free_symbols if s.name == "n"}
    body = moment.expr.subs(size, count)

    def value(*place: int) -> Fraction:
        found = body.subs(dict(zip(moment.variables, place, strict=True)))
        return Fraction(int(found.p), int(found.q))

    return value


# -- softmax ---


@pytest.mark.lemma("softmax_is_the_gradient_of_log_sum_exp")
@pytest.mark.parametrize("k", [1, 2, 5])
def test_softmax_is_the_gradient(k: int) -> None:
    logits = np.random.default_rng(k).standard_normal((50, k))
    found = complex_step(log_sum_exp, {"logits": logits}, ["logits"])["logits"]
    assert found.agrees(softmax(logits)).all()
    assert not found.agrees(softmax(logits) * (1 + 1e-9)).all()


@pytest.mark.lemma("odds")
def test_odds() -> None:
    """The exponential of ln q is q, and that of a mean of logarithms a root of a product, within traced rounding."""
    first, second = (Bounded.exactly(np.array(odds)) for odds in ([4.0, 9.0, 0.25], [1.0, 4.0, 16.0]))
    cases: dict[str, tuple[Any, list[float]]] = {
        "the odds of (ln q, 0)": (np.exp(np.log(first)), [4.0, 9.0, 0.25]),
        "at the mean of the logits": (np.exp((np.log(first) + np.log(second)) / 2), [2.0, 6.0, 2.0]),
    }
    for found, expected in cases.values():
        assert np.all(np.abs(found.value - expected) <= found.error)
        assert np.all(np.abs(found.value - 1.000001 * np.array(expected)) > found.error)
        assert np.all(found.error > 0)


@pytest.mark.parametrize(("first", "second"), [(2, 1), (3, Fraction(1, 2)), (Fraction(5, 4), 7)])
def test_two_classes_at_a_soft_fit(first: Any, second: Any) -> None:
    """Odds s^2 and t^2 in exact rationals, by the definition of softmax."""
    odds, other = Fraction(first), Fraction(second)
    mean = (odds**2 / (1 + odds**2) + other**2 / (1 + other**2)) / 2
    left = mean - odds * other / (1 + odds * other)
    claim = SCRIPTS["softmax_fit_is_not_stationary"].theorem.claims["two classes at a soft fit"]
    assert isinstance(claim, Identity)
    assert number(claim.left, {s: odds, t: other}) == number(claim.right, {s: odds, t: other}) == left
    assert left != 0
    if (first, second) == (2, 1):
        assert left == Fraction(-1, 60)


@pytest.mark.parametrize(("k", "h"), [(2, 3), (4, 2)])
def test_the_feature_gradient_of_cross_entropy(k: int, h: int) -> None:
    """The stated gradient, evaluated exactly at the floating-point softmax, lies within the bound of a complex step."""
    rng = np.random.default_rng([k, h])
    case = {name: rng.standard_normal(shape) for name, shape in (("z", h), ("z_prime", h), ("W", (k, h)), ("b", k))}
    case |= {"lam": np.array(0.375), "y": np.eye(k)[0], "y_prime": np.full(k, 0.25 if k == 4 else 0.5)}
    logits = affine_head(mix(case["lam"], case["z"], case["z_prime"]), case["W"], case["b"])
    claim = SCRIPTS["softmax_fit_is_not_stationary"].theorem.claims["the gradient"]
    assert isinstance(claim, Identity)
    found = complex_step(cross_entropy_mixup_loss, one_case(case), ["z"])["z"]

    def value(expression: sp.Basic) -> sp.ImmutableMatrix:
        values = {soft.u: logits, soft.q: softmax(logits), soft.lse: np.array([0.0]), z: case["z"], W: case["W"]}
        values |= {y: case["y"], yp: case["y_prime"]}
        sizes = {W.shape[0]: k, W.shape[1]: h}
        matrices = {
            s: sp.ImmutableMatrix(
                np.asarray(v).reshape([int(sp.S(n).subs(sizes)) for n in s.shape]).shape[0],
                int(sp.S(s.shape[1]).subs(sizes)),
                [sp.Rational(*float(x).as_integer_ratio()) for x in np.asarray(v).reshape(-1)],
            )
            for s, v in values.items()
        }
        unfolded = expression.xreplace({soft.loss: soft.cross_entropy})
        return Point(sizes, {lam: sp.Rational(3, 8)}, matrices).explicit(unfolded)

    def exactly(expression: sp.Basic) -> Any:
        return np.array([float(x) for x in value(expression)])[None]

    assert value(claim.left) == value(claim.right)
    assert found.agrees(exactly(claim.right)).all()
    assert found.agrees(cross_entropy_mixup_gradient(**case)["z"][None]).all()
    for slip in ("the sign", "1 - lam for lam"):
        miss = SCRIPTS["softmax_fit_is_not_stationary"].theorem.near_misses[slip]
        assert isinstance(miss, Identity)
        assert not found.agrees(exactly(miss.right)).any()
    exact = SCRIPTS["softmax_fit_is_not_stationary"].theorem.claims["exactly when"]
    assert isinstance(exact, Equivalence)
    assert sp.Rational(3, 8) * value(exact.right[0]) == value(exact.left[0])
