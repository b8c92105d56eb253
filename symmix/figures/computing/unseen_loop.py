"""Two encoders that manifold mixup cannot tell apart: one is straight, the other one loops out of the head's sight."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from symmix.figures.computing.curves import BIAS, HEAD, LOOPED, OWN, PARTNER, STRAIGHT, fitted_targets
from symmix.figures.numbers import Numbers, computed
from symmix.numeric import exact_differences
from symmix.numeric.encoders import bezier_features
from symmix.numeric.objectives import input_mixup_loss, manifold_mixup_loss, mix

if TYPE_CHECKING:
    from symmix.numeric.arrays import Array

ENCODERS = (STRAIGHT, LOOPED)
INPUTS = np.arange(129) / 128
RATIOS = np.arange(65) / 64
RATIO = np.array(0.75)

_LOSS = "by its definition in symmix.numeric.objectives, for each encoder at each ratio"
_NORM = (
    "norm of the derivatives by all parameters of encoder and head (C, W, b), by symmix.numeric.exact_differences of"
)


@dataclass(frozen=True, eq=False)
class UnseenLoop(Numbers):
    """What is drawn of both encoders; the straight one is the first."""

    curves: Array = computed("F(x) for x = 0, 1/128, ..., 1, by symmix.numeric.encoders.bezier_features; (2, 129, 2)")
    ends: Array = computed("z = F(0) and z' = F(1); (2, 2, 2): encoder, sample, dimension")
    ratio: Array = computed("chosen: the ratio at which mixtures are marked")
    mixed_features: Array = computed("lam z + (1-lam) z', by symmix.numeric.objectives.mix; (2, 2)")
    features_of_mixture: Array = computed("F(lam x + (1-lam) x'); (2, 2)")
    ratios: Array = computed("chosen: 0, 1/64, ..., 1")
    manifold_losses: Array = computed(f"manifold_mixup_loss {_LOSS}; (2, 65)")
    input_losses: Array = computed(f"input_mixup_loss {_LOSS}; (2, 65)")
    manifold_gradients: Array = computed(f"{_NORM} manifold_mixup_loss; (2, 65)")
    input_gradients: Array = computed(f"{_NORM} input_mixup_loss; (2, 65)")


def manifold_loss(lam: Array, C: Array, W: Array, b: Array) -> Array:
    """Manifold mixup of the two samples at targets that both encoders fit; by the parameters of encoder and head."""
    y, y_prime = fitted_targets(STRAIGHT)
    return manifold_mixup_loss(lam, bezier_features(OWN, C), bezier_features(PARTNER, C), y, y_prime, W, b)


def input_loss(lam: Array, C: Array, W: Array, b: Array) -> Array:
    """Input mixup of the same samples at the same targets."""
    y, y_prime = fitted_targets(STRAIGHT)
    return input_mixup_loss(lambda x: bezier_features(x[..., 0], C), lam, OWN[None], PARTNER[None], y, y_prime, W, b)


def gradient_norm(loss: Callable[..., Array], lam: Array, C: Array) -> float:
    """Norm of the derivatives of a loss by every parameter, from exact differences."""
    variables = {"C": C[None], "W": HEAD[None], "b": BIAS[None]}
    found = exact_differences(lambda **v: loss(lam, **v), variables, ["C", "W", "b"])
    return float(np.sqrt(sum(np.sum(by.value**2) for by in found.values())))


def compute() -> UnseenLoop:
    """Compute what is drawn."""
    ends = np.array([[bezier_features(x, C) for x in (OWN, PARTNER)] for C in ENCODERS])
    x_mixed = mix(RATIO, OWN[None], PARTNER[None])[0]
    losses, gradients = (
        {
            loss: np.array([[measure(loss, lam, C) for lam in RATIOS] for C in ENCODERS])
            for loss in (manifold_loss, input_loss)
        }
        for measure in (lambda loss, lam, C: loss(lam, C, HEAD, BIAS), gradient_norm)
    )
    return UnseenLoop(
        curves=np.array([bezier_features(INPUTS, C) for C in ENCODERS]),
        ends=ends,
        ratio=RATIO.copy(),
        mixed_features=np.array([mix(RATIO, z, z_prime) for z, z_prime in ends]),
        features_of_mixture=np.array([bezier_features(x_mixed, C) for C in ENCODERS]),
        ratios=RATIOS.copy(),
        manifold_losses=losses[manifold_loss],
        input_losses=losses[input_loss],
        manifold_gradients=gradients[manifold_loss],
        input_gradients=gradients[input_loss],
    )
