"""One pair with other heads, ratios and remedies: both sides on exact numbers are what the losses' definitions give.

Derivatives are central differences of the losses, exact in rationals, and everything is compared with ``==``. Where a
near miss has the left side of a claim, it must differ from the number.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from proofs import any_head_adds_its_own_gap as any_head
from proofs import input_mixup_separates_for_affine_encoders as affine
from proofs import interpolation_likelihood_is_degenerate_for_linear_decoders as decoder
from proofs import loss_mixing_equals_label_mixing_up_to_a_constant as labels
from proofs import objective_is_maximised as maximised
from proofs import reconstruction_gradient_at_fit as reconstruction
from proofs import scalar_error_sets_only_sign_and_scale as scalar
from proofs import temporal_linearization_gradient_at_fit as temporal
from symmix import Equivalence, Vanishing
from symmix.notation import lam, m, m2, mu, s, t, x, xp, z, zp
from symmix.numeric.encoders import quadratic_features
from symmix.numeric.gradients import residual
from symmix.numeric.objectives import (
    affine_head,
    input_mixup_loss,
    manifold_mixup_loss,
    mix,
    quadratic_head,
    quadratic_head_mixup_loss,
    squared_loss,
)
from symmix.numeric.remedies import mixed_reconstruction_loss, reconstruction_loss, temporal_loss
from tests.catalogue import SCRIPTS
from tests.exact_arrays import PAIR, agree, differences, drawn, pair, point, ratio
from tests.exact_pairs import Case, ascent, at, fitted, sized
from tests.points import vanishes


@sized
def test_maximised(size: tuple[int, int]) -> None:
    name, case, step = "objective_is_maximised", pair(*size), Fraction(5, 3)
    direction, g = drawn(size[0], seed=12), ascent(case, "z")
    more = {maximised.u: direction, t: step}
    lowered = {**case, "b": case["b"] + step * direction}
    numbers = {
        "no lower bound": -manifold_mixup_loss(**lowered),
        "ascent": -manifold_mixup_loss(**{**case, "z": case["z"] + step * g}),
    }
    met = agree(name, at(name, case, more), numbers)
    assert "bounded below: it does not fall" in met
    fit = fitted(case, "y", "y_prime")
    number = -manifold_mixup_loss(**{**fit, "b": fit["b"] + step * direction})
    agree(name, at(name, fit, more), {"from a fitted pair": number})
    descended = -manifold_mixup_loss(**{**case, "z": case["z"] - step * g})
    assert descended != numbers["ascent"]
    falls = [-manifold_mixup_loss(**{**case, "b": case["b"] + 10**i * direction}) for i in range(1, 5)]
    assert falls == sorted(falls, reverse=True)
    assert falls[-1] < -(10**6)


@sized
def test_zero_gradient(size: tuple[int, int]) -> None:
    name = "zero_gradient_does_not_imply_fit"
    claim, case = SCRIPTS[name].theorem.claims["exactly when"], fitted(pair(*size), "y", "y_prime")
    assert isinstance(claim, Equivalence)
    weight, error = case["lam"][()], drawn(size[0], seed=13)
    cancelling = {**case, "y": case["y"] + (1 - weight) * error, "y_prime": case["y_prime"] - weight * error}
    for off in (case, cancelling, pair(*size)):
        zero = not np.any(ascent(off, "z"))
        assert vanishes(at(name, off), claim.left) == vanishes(at(name, off), claim.right) == zero
    e1, e2 = (
        residual(cancelling[f], cancelling[y], case["W"], case["b"]) for f, y in (("z", "y"), ("z_prime", "y_prime"))
    )
    assert np.all(e1 != 0)
    assert np.all(e2 != 0)
    assert not any(np.any(ascent(cancelling, by)) for by in ("z", "z_prime", "W", "b"))
    at_zero = {**pair(*size), "lam": ratio(Fraction(0))}  # also at lam = 0: no gradient, and errors
    assert not np.any(ascent(at_zero, "z"))
    assert not vanishes(at(name, at_zero), claim.right)


@pytest.mark.parametrize("h", [2, 3])
def test_one_output(h: int) -> None:
    name, case = "scalar_error_sets_only_sign_and_scale", pair(1, h)
    symbols = {
        scalar.y1: case["y"], scalar.y1p: case["y_prime"], scalar.b1: case["b"], scalar.w: case["W"],
        z: case["z"], zp: case["z_prime"], lam: case["lam"],
    }  # fmt: skip
    found = ascent(case, "z")
    met = agree(name, point(name, symbols), {"k = 1: a multiple of w^T": found})
    assert met == {"k = 1: the scale is the own error alone"}
    row = case["W"][0]
    assert not np.any(np.outer(found, row) - np.outer(row, found))
    wide = pair(2, h)
    turned, own = ascent(wide, "z"), wide["W"].T @ residual(wide["z"], wide["y"], wide["W"], wide["b"])
    assert np.any(np.outer(turned, own) - np.outer(own, turned))


@sized
def test_two_weights(size: tuple[int, int]) -> None:
    name, case, second = "affine_head_suffices", pair(*size), Fraction(4, 3)
    weight = case["lam"][()]

    def number(case: Case, other: Fraction) -> Any:
        features = weight * case["z"] + other * case["z_prime"]
        return weight * case["y"] + other * case["y_prime"] - affine_head(features, case["W"], case["b"])

    met = agree(name, at(name, case, {mu: second}), {"any two weights": number(case, second)})
    assert met == SCRIPTS[name].theorem.near_misses.keys()
    agree(name, at(name, case, {mu: second}), {"weights that sum to one": number(case, 1 - weight)})
    unbiased = {**case, "b": 0 * case["b"]}
    agree(name, at(name, unbiased, {mu: second}), {"no bias": number(unbiased, second)})


@sized
def test_affine_encoder(size: tuple[int, int]) -> None:
    name, d, h = "input_mixup_separates_for_affine_encoders", 4, size[1]
    A, shift, first, second = drawn(h, d, seed=51), drawn(h, seed=52), drawn(d, seed=53), drawn(d, seed=54)
    case = {**pair(*size), "z": A @ first + shift, "z_prime": A @ second + shift}
    rest = ("lam", "y", "y_prime", "W", "b")

    def by_input(case: Case, A: Any = A) -> Any:
        known = {name: case[name] for name in rest}
        return input_mixup_loss(lambda inputs: A @ inputs + shift, x=first, x_prime=second, **known)

    def here(case: Case) -> Any:
        known = {PAIR[name]: case[name] for name in rest}
        return point(name, {**known, affine.A: A, affine.shift: shift, x: first, xp: second})

    by_A = -differences(lambda A: by_input(case, A), {"A": A}, "A")
    met = agree(name, here(case), {
        "no gap": A @ mix(case["lam"], first, second) + shift,
        "one objective": -manifold_mixup_loss(**case),
        "four terms": by_A,
    })  # fmt: skip
    assert by_input(case) == manifold_mixup_loss(**case)
    assert met == {"a cross term dropped"}
    for targets, zero in ((("y", "y_prime"), True), (("y",), False)):
        off = fitted(case, *targets)
        assert np.any(differences(lambda A, off=off: by_input(off, A), {"A": A}, "A")) != zero
    mixture = mix(case["lam"], first, second)
    assert np.any(mixture**2 - mix(case["lam"], first**2, second**2))  # squares do not interpolate


@pytest.mark.parametrize("fit", [True, False])
def test_any_head(fit: bool) -> None:  # noqa: FBT001
    """A quadratic head with one output; its loss has degree four in the features, and so have the differences."""
    name, h = "any_head_adds_its_own_gap", 3
    z0, z1, H, g = drawn(h, seed=1), drawn(h, seed=2), drawn(h, h, seed=3), drawn(h, seed=4)
    b0, y0, y1 = (drawn(1, seed=seed)[0] for seed in (5, 6, 7))
    weight = ratio()
    if fit:
        y0, y1 = quadratic_head(z0, H, g, b0), quadratic_head(z1, H, g, b0)
    mixed = mix(weight, z0, z1)
    slope = (H + H.T) @ mixed / 2 + g
    symbols = {
        any_head.u: quadratic_head(z0, H, g, b0), any_head.up: quadratic_head(z1, H, g, b0),
        any_head.um: quadratic_head(mixed, H, g, b0), any_head.slope: slope[None, :],
        PAIR["y"]: y0, PAIR["y_prime"]: y1, z: z0, lam: weight,
    }  # fmt: skip
    rest = {"lam": weight, "z_prime": z1, "y": y0, "y_prime": y1, "H": H, "g": g}
    by_z = -differences(lambda z: quadratic_head_mixup_loss(**rest, z=z, b=b0), {"z": z0}, "z")
    by_b = -differences(lambda b: quadratic_head_mixup_loss(**rest, z=z0, b=b), {"b": np.array(b0, dtype=object)}, "b")
    numbers = {"the residual": by_b}
    if fit:
        numbers |= {"at the fit": by_b, "the gradient at the fit": by_z}
    met = agree(name, point(name, symbols), numbers)
    assert met == (SCRIPTS[name].theorem.near_misses.keys() if fit else {"the gap with the other sign"})


@sized
def test_scaling(size: tuple[int, int]) -> None:
    name, case, by = "small_representation_is_removable", pair(*size), Fraction(3, 4)
    scaled = {**case, "z": by * case["z"], "z_prime": by * case["z_prime"], "W": case["W"] / by}
    change = by * (case["z"] - case["z_prime"])
    numbers = {"the objective": -manifold_mixup_loss(**scaled), "how far apart the features are": change @ change}
    agree(name, at(name, case, {s: by}), numbers)
    others = [{**scaled, "W": case["W"]}, {**scaled, "W": case["W"] / by**2}, {**scaled, "z_prime": case["z_prime"]}]
    assert all(-manifold_mixup_loss(**other) != numbers["the objective"] for other in others)


RATIOS = [(Fraction(0), Fraction(1, 6)), (Fraction(1, 3), Fraction(1, 2)), (Fraction(4, 5), Fraction(1, 3))]


@sized
def test_expected_gradient(size: tuple[int, int]) -> None:
    """Over a ratio with three values, and over one that is fixed."""
    name, case = "expected_gradient_vanishes_iff_fit", pair(*size)
    first, second = (sum(p * weight**power for weight, p in RATIOS) for power in (1, 2))

    def mean(case: Case, by: str, ratios: Any = RATIOS) -> Any:
        return sum(p * ascent({**case, "lam": ratio(weight)}, by) for weight, p in ratios)

    here = at(name, {key: case[key] for key in case if key != "lam"}, {m: first, m2: second})
    agree(name, here, {"by z": mean(case, "z"), "by z'": mean(case, "z_prime")})
    fit = fitted(case, "y", "y_prime")
    fixed, error = [(Fraction(1, 2), Fraction(1))], drawn(size[0], seed=14)
    cancelling = {**fit, "y": fit["y"] + error, "y_prime": fit["y_prime"] - error}
    assert not np.any(mean(fit, "z"))
    assert not np.any(mean(cancelling, "z", fixed))  # also for a fixed ratio
    assert np.any(mean(cancelling, "z"))
    pulled = [
        case["W"].T @ residual(case[f], case[y], case["W"], case["b"]) for f, y in (("z", "y"), ("z_prime", "y_prime"))
    ]
    assert np.array_equal(mean(case, "z"), second * pulled[0] + (first - second) * pulled[1])


@pytest.mark.parametrize("k", [2, 3])
def test_two_losses(k: int) -> None:
    name, weight = "loss_mixing_equals_label_mixing_up_to_a_constant", ratio()
    first, second, at_u = (drawn(k, seed=seed) for seed in (61, 62, 63))

    def losses(u: Any, y: Any = first) -> Any:
        return weight * squared_loss(y, u) + (1 - weight) * squared_loss(second, u)

    def mixed(u: Any, y: Any = first) -> Any:
        return squared_loss(mix(weight, y, second), u)

    symbols = {PAIR["y"]: first, PAIR["y_prime"]: second, labels.u: at_u, lam: weight}
    numbers = {
        "the constant": losses(at_u) - mixed(at_u),
        "by the prediction": differences(losses, {"u": at_u}, "u"),
    }
    assert agree(name, point(name, symbols), numbers) == {"without the 1/2"}
    assert np.array_equal(numbers["by the prediction"], differences(mixed, {"u": at_u}, "u"))
    assert losses(at_u) != mixed(at_u)
    moving = [differences(lambda y, f=f: f(at_u, y), {"y": first}, "y") for f in (losses, mixed)]
    assert not np.array_equal(*moving)  # targets that move


@sized
def test_hessian(size: tuple[int, int]) -> None:
    name, case, h = "hessian_at_fit_is_a_kronecker_product", pair(*size), size[1]

    def second(first: str, other: str) -> Any:
        columns = []
        for unit in np.eye(h, dtype=int):
            moved = [
                differences(manifold_mixup_loss, {**case, other: case[other] + sign * unit}, first) for sign in (1, -1)
            ]
            columns.append((moved[0] - moved[1]) / 2)
        return np.array(columns).T

    from proofs import hessian_at_fit_is_a_kronecker_product as hessian  # noqa: PLC0415

    v, vp = drawn(h, seed=71), drawn(h, seed=72)
    blocks = {
        "by z twice": second("z", "z"), "by z and z'": second("z", "z_prime"),
        "by z' and z": second("z_prime", "z"), "by z' twice": second("z_prime", "z_prime"),
    }  # fmt: skip
    quadratic = (
        v @ blocks["by z twice"] @ v
        + v @ blocks["by z and z'"] @ vp
        + vp @ blocks["by z' and z"] @ v
        + vp @ blocks["by z' twice"] @ vp
    )
    here = at(name, case, {hessian.v: v, hessian.vp: vp})
    met = agree(name, here, {**blocks, "curvature": quadratic})
    assert met == {"no curvature between the two", "lam for lam^2"}
    agree(name, at(name, case, {hessian.v: v, hessian.vp: v}), {"onto": v})


@sized
def test_reconstruction(size: tuple[int, int]) -> None:
    name, d, h = "reconstruction_gradient_at_fit", 4, size[1]
    case, D, inputs, weight = fitted(pair(*size), "y", "y_prime"), drawn(d, h, seed=81), drawn(d, seed=82), ratio()

    def loss(**case: Any) -> Any:
        return manifold_mixup_loss(**case) + reconstruction_loss(weight, inputs, case["z"], D)

    here = at(name, case, {reconstruction.D: D, x: inputs, mu: weight})
    met = agree(name, here, {"at the fit": differences(loss, case, "z")})
    assert "the sign" in met
    assert np.any(differences(loss, case, "z"))
    inputs = D @ case["z"]  # reconstructed: nothing is left
    assert not np.any(differences(loss, case, "z"))


@sized
def test_temporal(size: tuple[int, int]) -> None:
    name, case = "temporal_linearization_gradient_at_fit", fitted(pair(*size), "y", "y_prime")
    after = drawn(size[1], seed=83)

    def loss(after: Any, **case: Any) -> Any:
        return manifold_mixup_loss(**case) + temporal_loss(case["z"], case["z_prime"], after)

    whole = {**case, "after": after}
    numbers = {"first": "z", "middle": "z_prime", "last": "after"}
    met = agree(
        name,
        at(name, case, {temporal.after: after}),
        {label: differences(loss, whole, by) for label, by in numbers.items()},
    )
    assert "the middle code by 2" in met
    straight = {**case, "after": 2 * case["z_prime"] - case["z"]}
    assert not any(np.any(differences(loss, straight, by)) for by in numbers.values())


@pytest.mark.parametrize("size", [(4, 3), (2, 3)])
def test_interpolation(size: tuple[int, int]) -> None:
    name, (d, h), weight = "interpolation_likelihood_is_degenerate_for_linear_decoders", size, ratio()
    D, z0, z1 = drawn(d, h, seed=91), drawn(h, seed=92), drawn(h, seed=93)

    def loss(x: Any, x_prime: Any, z: Any, z_prime: Any, D: Any) -> Any:
        return mixed_reconstruction_loss(lambda code: D @ code, weight, x, x_prime, z, z_prime)

    fit = {"x": D @ z0, "x_prime": D @ z1, "z": z0, "z_prime": z1, "D": D}
    claim = SCRIPTS[name].theorem.claims["by features and decoder"]
    assert isinstance(claim, Vanishing)

    def here(case: Case) -> Any:
        return point(name, {lam: weight, x: case["x"], xp: case["x_prime"], z: z0, zp: z1, decoder.D: D})

    agree(name, here(fit), {"what is left of the likelihood": loss(**fit)})
    assert loss(**fit) != 0
    assert vanishes(here(fit), claim.expressions)
    assert not any(np.any(differences(loss, fit, by)) for by in ("z", "z_prime", "D"))
    off = {**fit, "x_prime": fit["x_prime"] + drawn(d, seed=94)}
    assert np.any(differences(loss, off, "z"))
    assert not vanishes(here(off), claim.expressions)


def test_interpolation_with_a_curved_decoder() -> None:
    name, d, h, weight = "interpolation_likelihood_is_degenerate_for_linear_decoders", 2, 3, ratio()
    A, Q = drawn(d, h, seed=95), drawn(d, h, h, seed=96)
    z0, z1 = drawn(h, seed=97), drawn(h, seed=98)

    def decode(code: Any) -> Any:
        return quadratic_features(code, A, Q)

    def loss(z: Any) -> Any:
        return mixed_reconstruction_loss(decode, weight, decode(z0), decode(z1), z, z1)

    mixed = mix(weight, z0, z1)
    slope = A + (Q + Q.swapaxes(1, 2)) @ mixed
    symbols = {
        lam: weight, z: z0, x: decode(z0), xp: decode(z1), decoder.g: decode(z0), decoder.gp: decode(z1),
        decoder.gm: decode(mixed), decoder.slope: slope,
    }  # fmt: skip
    found = differences(loss, {"z": z0}, "z")
    met = agree(name, point(name, symbols), {"a nonlinear decoder": found})
    assert met == {"a nonlinear decoder is degenerate too"}
