"""What mixing takes away from the loss, pair by pair, for three ways of choosing partners."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from symmix.figures.computing.samples import BIAS, CLASSES, FEATURES, HEAD, INPUTS, RESIDUALS, as_floats
from symmix.figures.numbers import Numbers, computed
from symmix.numeric.datasets import erm_loss, pairing_loss
from symmix.numeric.pairings import (
    SIMPSON,
    mixed_losses,
    nearest_pairing,
    same_class_pairing,
    uniform_pairing,
    unmixed_losses,
)

if TYPE_CHECKING:
    from symmix.numeric.arrays import Array

NEAREST = 2
PAIRINGS = {
    "same class": same_class_pairing(CLASSES),
    "all pairs": uniform_pairing(len(INPUTS)),
    f"{NEAREST} nearest": nearest_pairing(INPUTS, NEAREST),
}

_EXACT = "in exact rationals, with the moments of the uniform ratio"


@dataclass(frozen=True, eq=False)
class MixingGraph(Numbers):
    """What is drawn; the pairings are same class, all pairs, nearest."""

    inputs: Array = computed("chosen; (12,)")
    residuals: Array = computed("chosen; (12,)")
    classes: Array = computed("chosen; (12,)")
    pairings: Array = computed("probability that i meets j, by symmix.numeric.pairings; (3, 12, 12)")
    removed: Array = computed(
        f"P_ij/n times (unmixed_losses - mixed_losses) of symmix.numeric.pairings, {_EXACT}; (3, 12, 12)"
    )
    erm: Array = computed("symmix.numeric.datasets.erm_loss; ()")
    unmixed: Array = computed(f"sum of P_ij/n times unmixed_losses, {_EXACT}; (3,)")
    removed_total: Array = computed("sum of what is removed; (3,)")
    remaining: Array = computed(f"symmix.numeric.datasets.pairing_loss, {_EXACT}; (3,)")


def compute() -> MixingGraph:
    """Compute what is drawn."""
    case = (FEATURES, RESIDUALS, HEAD, BIAS)
    n = len(INPUTS)
    unmixed, mixed = unmixed_losses(SIMPSON, *case), mixed_losses(SIMPSON, *case)
    removed = np.array([P * (unmixed - mixed) / n for P in PAIRINGS.values()])
    return MixingGraph(
        inputs=np.array(INPUTS, dtype=np.float64),
        residuals=as_floats(RESIDUALS[:, 0]),
        classes=np.array(CLASSES),
        pairings=as_floats(np.array(list(PAIRINGS.values()))),
        removed=as_floats(removed),
        erm=as_floats(erm_loss(*case)),
        unmixed=as_floats(np.array([np.sum(P * unmixed) / n for P in PAIRINGS.values()])),
        removed_total=as_floats(np.sum(removed, axis=(1, 2))),
        remaining=as_floats(np.array([pairing_loss(SIMPSON, P, *case) for P in PAIRINGS.values()])),
    )
