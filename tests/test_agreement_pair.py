"""Statements about one pair: both sides on exact numbers equal what the losses' definitions give on arrays.

Derivatives are central differences of the losses, exact in rationals, and everything is compared with ``==``. Where a
near miss has the left side of a claim, it must differ from the number.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp

from proofs import encoder_can_absorb_the_gap as absorb
from proofs import input_mixup_is_not_degenerate as squares
from proofs import loss_ignores_flatness as flatness
from proofs import printed_product_needs_brackets as printed
from symmix import Equivalence, Fails, Vanishing
from symmix.notation import J, Jm, Jp, W, lam, s, theta, z, zm
from symmix.numeric.encoders import quadratic_features
from symmix.numeric.objectives import (
    input_mixup_loss,
    manifold_mixup_loss,
    mix,
    quadratic_head,
    quadratic_head_mixup_loss,
    regression_loss,
)
from symmix.verdict import Existence, Proved
from tests.catalogue import SCRIPTS, outcome
from tests.exact_arrays import agree, differences, drawn, fractions, pair, point, ratio
from tests.exact_pairs import Case, ascent, at, fitted, sized, through_encoder
from tests.points import Ground, vanishes


@sized
def test_mixed_residual(size: tuple[int, int]) -> None:
    case = pair(*size)
    met = agree("mixed_residual_is_mixture_of_residuals", at("mixed_residual_is_mixture_of_residuals", case), {
        "": ascent(case, "b"),
    })  # fmt: skip
    assert met == {"e and e' swapped", "the sign of a residual", "lam on both sides"}


@sized
def test_four_terms(size: tuple[int, int]) -> None:
    case, by_theta, more = through_encoder(pair(*size))
    met = agree("gradient_has_four_terms", at("gradient_has_four_terms", case, more), {"": by_theta()})
    assert met == SCRIPTS["gradient_has_four_terms"].theorem.near_misses.keys() - {"W for its transpose, at k = h"}


@sized
def test_own_terms(size: tuple[int, int]) -> None:
    name = "own_terms_are_regression_gradients"
    case, by_theta, more = through_encoder(pair(*size))
    own = [
        differences(regression_loss, {"z": case[f], "y": case[y], "W": case["W"], "b": case["b"]}, "z")
        for f, y in (("z", "y"), ("z_prime", "y_prime"))
    ]
    terms = [-more[slope].T @ by_feature for slope, by_feature in zip((J, Jp), own, strict=True)]
    weight = case["lam"][()]
    numbers = {
        "the regression gradient": terms[0],
        "the own terms": weight**2 * terms[0] + (1 - weight) ** 2 * terms[1],
    }
    assert agree(name, at(name, case, more), numbers) == {"lam for lam^2", "the points exchanged"}
    assert not np.array_equal(by_theta(), numbers["the own terms"])  # the cross terms forgotten


@sized
def test_partner(size: tuple[int, int]) -> None:
    name, case = "partner_error_moves_the_feature", pair(*size)
    first, second = fitted(case, "y"), fitted(case, "y_prime")
    assert agree(name, at(name, case), {"the feature gradient": ascent(case, "z")}) == {
        "it is driven by its own error alone"
    }
    met = agree(name, at(name, first), {"where the first point is fitted": ascent(first, "z")})
    assert met == SCRIPTS[name].theorem.near_misses.keys()
    agree(name, at(name, second), {"where the second point is fitted": ascent(second, "z_prime")})


@sized
def test_vanishing(size: tuple[int, int]) -> None:
    name = "gradient_vanishes_at_fit"
    theorem, case = SCRIPTS[name].theorem, fitted(pair(*size), "y", "y_prime")
    claim = theorem.claims[""]
    assert isinstance(claim, Vanishing)
    more = {theta: drawn(1, seed=1), J: drawn(size[1], 1, seed=2), Jp: drawn(size[1], 1, seed=3)}
    assert vanishes(at(name, case, more), claim.expressions)
    assert not any(np.any(ascent(case, by)) for by in ("z", "z_prime", "W", "b"))
    for targets in (("y",), ("y_prime",), ()):  # one point fitted, or none
        off = fitted(pair(*size), *targets)
        assert any(np.any(ascent(off, by)) for by in ("z", "z_prime"))
        assert not vanishes(at(name, off, more), claim.expressions)


@sized
def test_flatness(size: tuple[int, int]) -> None:
    name, case = "loss_ignores_flatness", pair(*size)
    h = size[1]
    case["W"][:, -1] = case["W"][:, 0]
    unseen = fractions([1] + [0] * (h - 2) + [-1])
    A = fractions(np.eye(h, dtype=int) + np.diag([2] * (h - 1), 1))
    B = fractions(np.round(np.linalg.inv(A.astype(float))).astype(int))
    assert np.array_equal(A @ B, np.eye(h))
    more = {
        flatness.v: 2 * unseen, flatness.vp: -3 * unseen, flatness.A: A, flatness.B: B,
        flatness.shift: drawn(h, seed=9), flatness.u: drawn(h, seed=10), zm: drawn(h, seed=11),
    }  # fmt: skip
    moved = {**case, "z": case["z"] + 2 * unseen, "z_prime": case["z_prime"] - 3 * unseen}
    shift = more[flatness.shift]
    mapped = {
        **case, "z": A @ case["z"] + shift, "z_prime": A @ case["z_prime"] + shift,
        "W": case["W"] @ B, "b": case["b"] - case["W"] @ B @ shift,
    }  # fmt: skip
    numbers = {
        "unseen directions": -manifold_mixup_loss(**moved),
        "mixing commutes with affine maps": mix(case["lam"], mapped["z"], mapped["z_prime"]),
        "reparametrised features": -manifold_mixup_loss(**mapped),
    }
    agree(name, at(name, case, more), numbers)
    seen = {**case, "z": case["z"] + drawn(h, seed=10)}
    assert manifold_mixup_loss(**seen) != manifold_mixup_loss(**case)  # a direction that the head sees


@sized
def test_shrinking(size: tuple[int, int]) -> None:
    name, by = "gradient_shrinks_with_the_error", Fraction(3, 5)
    case, by_theta, more = through_encoder(pair(*size))
    head = fitted(case, "y", "y_prime")
    scaled = {**case, **{y: head[y] + by * (case[y] - head[y]) for y in ("y", "y_prime")}}
    numbers = {
        "features": ascent(scaled, "z"),
        "weights": ascent(scaled, "W"),
        "bias": ascent(scaled, "b"),
        "encoder": more[J].T @ ascent(scaled, "z") + more[Jp].T @ ascent(scaled, "z_prime"),
    }
    met = agree(name, at(name, case, {**more, s: by}), numbers)
    assert met == {"quadratic in the residuals", "independent of the residuals"}
    assert np.array_equal(by * by_theta(), numbers["encoder"])


def curved(h: int, d: int = 2) -> tuple[Any, Any, Any]:
    """Return a curved encoder and two inputs."""
    A, Q = drawn(h, d, seed=31), drawn(h, d, d, seed=32)
    return lambda inputs: quadratic_features(inputs, A, Q), drawn(d, seed=33), drawn(d, seed=34)


def input_case(size: tuple[int, int], *, fit: bool) -> tuple[Case, Any, Any]:
    """Return a pair behind a curved encoder, the features of the mixed input, and dL/db of input mixup."""
    encode, first, second = curved(size[1])
    case = {**pair(*size), "z": encode(first), "z_prime": encode(second)}
    case = fitted(case, "y", "y_prime") if fit else case
    rest = {name: case[name] for name in ("lam", "y", "y_prime", "W", "b")}
    by_bias = -differences(lambda **at: input_mixup_loss(encode, x=first, x_prime=second, **at), rest, "b")
    return case, encode(mix(case["lam"], first, second)), by_bias


@sized
def test_gap(size: tuple[int, int]) -> None:
    name = "input_mixup_adds_the_interpolation_gap"
    case, mixed, by_bias = input_case(size, fit=False)
    met = agree(name, at(name, case, {zm: mixed}), {"in general": by_bias})
    case, mixed, by_bias = input_case(size, fit=True)
    met |= agree(name, at(name, case, {zm: mixed}), {"at the fit": by_bias})
    assert met == SCRIPTS[name].theorem.near_misses.keys()


@sized
def test_input_mixup_at_the_fit(size: tuple[int, int]) -> None:
    name = "input_mixup_is_not_degenerate"
    case, mixed, by_bias = input_case(size, fit=True)
    here, claim = (
        at(name, case, {zm: mixed, Jm: drawn(size[1], 1, seed=1)}),
        SCRIPTS[name].theorem.claims["exactly when"],
    )
    assert isinstance(claim, Equivalence)
    assert list(here.explicit(claim.left[0])) == [
        sp.Rational(v.numerator, v.denominator) for v in case["W"].T @ by_bias
    ]
    assert list(here.explicit(claim.right[0])) == [sp.Rational(v.numerator, v.denominator) for v in by_bias]
    assert np.any(by_bias)


def test_the_witness_of_input_mixup_moves() -> None:
    """The kernel's fitted pair, with the encoder of squares, on arrays."""
    name = "input_mixup_is_not_degenerate"
    theorem, verdict = SCRIPTS[name].theorem, outcome(name).claims["a fitted pair that moves"]
    assert isinstance(verdict, Proved)
    (evidence,) = verdict.evidence
    assert isinstance(evidence, Existence)
    claim = theorem.claims["a fitted pair that moves"]
    assert isinstance(claim, Fails)
    here = Ground(theorem, dict.fromkeys(W.shape, 1)).at(evidence.witness, [squares.through_squares])
    array = {str(symbol): _fractions(symbol, value) for symbol, value in here.matrices.items()}
    weight = ratio(Fraction(str(here.scalars[lam])))

    def encode(scale: Any, inputs: Any) -> Any:
        return scale * inputs * inputs

    def loss(q: Any) -> Any:
        zero = 0 * array["y"]
        return input_mixup_loss(
            lambda at: encode(q, at), weight, array["x"], array["x'"], array["y"], array["y'"], array["W"], zero
        )

    for target, inputs in (("y", "x"), ("y'", "x'")):
        assert np.array_equal(array[target], array["W"] @ encode(array["q"], array[inputs]))
    found = -differences(loss, {"q": array["q"]}, "q")
    assert np.any(found)
    stated = [x for row in evidence.witness.values["value"] for x in row]
    assert found.tolist() == stated


def _fractions(symbol: sp.MatrixSymbol, value: sp.ImmutableMatrix) -> Any:
    rows = np.array([[Fraction(int(x.p), int(x.q)) for x in row] for row in value.tolist()], dtype=object)
    return rows[:, 0] if symbol.shape[1] == 1 else rows


@pytest.mark.parametrize("h", [2, 3])
def test_curved_head(h: int) -> None:
    name = "encoder_can_absorb_the_gap"
    z0, z1, H, g = drawn(h, seed=1), drawn(h, seed=2), drawn(h, h, seed=3), drawn(h, seed=4)
    b0, y0, y1 = (drawn(1, seed=seed)[0] for seed in (5, 6, 7))
    weight = ratio()

    def by_bias(first: Any, second: Any) -> Any:
        rest = {"lam": weight, "z": z0, "z_prime": z1, "y": first, "y_prime": second, "H": H, "g": g}
        return -differences(lambda b: quadratic_head_mixup_loss(**rest, b=b), {"b": np.array(b0, dtype=object)}, "b")

    def here(first: Any, second: Any) -> Any:
        symbols = {z: z0, absorb.zp: z1, absorb.H: H, absorb.g: g, absorb.b: b0, absorb.y: first, absorb.yp: second}
        return point(name, {lam: weight, **symbols})

    agree(name, here(y0, y1), {"the gap of a quadratic head": by_bias(y0, y1)})
    fit = quadratic_head(z0, H, g, b0), quadratic_head(z1, H, g, b0)
    assert agree(name, here(*fit), {"at the fit": by_bias(*fit)}) == {
        "the gap with the other sign", "without the 1/2",
    }  # fmt: skip


@pytest.mark.parametrize("h", [2, 3])
def test_brackets(h: int) -> None:
    name, case = "printed_product_needs_brackets", pair(1, h)
    slopes, start = (drawn(h, seed=41), drawn(h, seed=42)), drawn(1, seed=43)
    case["b"] = 0 * case["b"]

    def loss(theta: Any) -> Any:
        moved = [case[f] + slope * (theta[0] - start[0]) for f, slope in zip(("z", "z_prime"), slopes, strict=True)]
        return manifold_mixup_loss(**{**case, "z": moved[0], "z_prime": moved[1]})

    symbols = {
        printed.y: case["y"], printed.yp: case["y_prime"], printed.z: case["z"], printed.zp: case["z_prime"],
        printed.J: slopes[0], printed.Jp: slopes[1], printed.w: case["W"], printed.theta: start, lam: case["lam"],
    }  # fmt: skip
    met = agree(name, point(name, symbols), {"with brackets": -differences(loss, {"theta": start}, "theta")})
    assert met == SCRIPTS[name].theorem.near_misses.keys()
