"""How the gradient falls with the error: manifold mixup's with slope one, input mixup's down to a floor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from symmix.figures.computing.curves import BIAS, HEAD, LOOPED, OWN, PARTNER, STRAIGHT, fitted_targets
from symmix.figures.numbers import Numbers, computed
from symmix.numeric import exact_differences
from symmix.numeric.arrays import contract
from symmix.numeric.encoders import bezier_features
from symmix.numeric.gradients import input_mixup_residual, interpolation_gap
from symmix.numeric.objectives import mix, regression_loss

if TYPE_CHECKING:
    from symmix.numeric.arrays import Array

RATIO = np.array(0.75)
ERRORS = 2.0 ** -np.arange(13)
BENDS = np.array([1.0, 1 / 8, 1 / 64])
BETWEEN = 2.0 ** (-np.arange(0, 12 * 8 + 1) / 8)
DIRECTION = np.array([-1.0])
"""Both residuals are s times this: with the sign of W gap, so that the two parts of the residual do not cancel."""

_NORM = "norm of the derivative by the mixed features z~, by symmix.numeric.exact_differences of regression_loss at"


@dataclass(frozen=True, eq=False)
class GradientFloor(Numbers):
    """What is drawn: dots from the definitions, lines from the theorems."""

    ratio: Array = computed("chosen")
    errors: Array = computed("chosen: e = e' = -s for s = 1, 1/2, ..., 1/4096, by moving the targets; (13,)")
    bends: Array = computed("chosen: shares of the way from the straight to the looped control points; (3,)")
    manifold: Array = computed(f"{_NORM} z~ = lam z + (1-lam) z'; (13,), the same for every bend")
    through_input: Array = computed(f"{_NORM} z~ = F(lam x + (1-lam) x'); (3, 13)")
    floors: Array = computed("|W^T W gap| with the gap of F, by symmix.numeric.gradients.interpolation_gap; (3,)")
    line_errors: Array = computed("chosen: eight values between two errors; (97,)")
    slope_one: Array = computed("the theorem's line: s times the manifold gradient at s = 1; (97,)")
    with_gap: Array = computed(
        "the theorem's curve: |W^T r|, r by symmix.numeric.gradients.input_mixup_residual; (3, 97)"
    )


def bent(share: float) -> Array:
    """Control points between the straight ones and the looped ones."""
    result: Array = STRAIGHT + share * (LOOPED - STRAIGHT)
    return result


def mixed_targets(C: Array, errors: Array) -> Array:
    """Mixture of targets that are missed by ``-s`` each; (cases,) to (cases, 1)."""
    y, y_prime = (fitted + errors[:, None] * DIRECTION for fitted in fitted_targets(C))
    return mix(RATIO, y, y_prime)


def gradient_norms(z_mixed: Array, y_mixed: Array) -> Array:
    """Norms of the derivatives of the mixture's loss by its features, for each target, from exact differences."""
    cases = len(y_mixed)
    variables = {
        "z": np.tile(z_mixed, (cases, 1)),
        "y": y_mixed,
        "W": np.tile(HEAD, (cases, 1, 1)),
        "b": np.tile(BIAS, (cases, 1)),
    }
    result: Array = np.linalg.norm(exact_differences(regression_loss, variables, ["z"])["z"].value, axis=1)
    return result


def gap(C: Array) -> Array:
    """Interpolation gap of the encoder at the pair."""
    x_mixed = mix(RATIO, OWN[None], PARTNER[None])[0]
    return interpolation_gap(RATIO, *(bezier_features(x, C) for x in (OWN, PARTNER, x_mixed)))


def pulled_norm(r: Array) -> Array:
    """Norm of ``W^T r``; (..., 1) to (...)."""
    result: Array = np.linalg.norm(contract("ki,...k->...i", HEAD, r), axis=-1)
    return result


def compute() -> GradientFloor:
    """Compute what is drawn."""
    encoders = [bent(share) for share in BENDS]
    manifold = [
        gradient_norms(mix(RATIO, bezier_features(OWN, C), bezier_features(PARTNER, C)), mixed_targets(C, ERRORS))
        for C in [STRAIGHT, *encoders]
    ]
    if any(not np.array_equal(norms, manifold[0]) for norms in manifold):
        raise ArithmeticError("the gradient of manifold mixup depends on the bend")
    x_mixed = mix(RATIO, OWN[None], PARTNER[None])[0]
    residuals = BETWEEN[:, None] * DIRECTION
    return GradientFloor(
        ratio=RATIO.copy(),
        errors=ERRORS.copy(),
        bends=BENDS.copy(),
        manifold=manifold[0],
        through_input=np.array(
            [gradient_norms(bezier_features(x_mixed, C), mixed_targets(C, ERRORS)) for C in encoders]
        ),
        floors=np.array([pulled_norm(contract("ki,i->k", HEAD, gap(C))) for C in encoders]),
        line_errors=BETWEEN.copy(),
        slope_one=BETWEEN * manifold[0][0],
        with_gap=np.array(
            [pulled_norm(input_mixup_residual(RATIO, residuals, residuals, HEAD, gap(C))) for C in encoders]
        ),
    )
