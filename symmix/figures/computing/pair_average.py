"""The loss of all pairs against the strength of mixing: a straight line, whatever the ratio's distribution."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from symmix.figures.computing.samples import BIAS, FEATURES, HEAD, RESIDUALS, as_floats
from symmix.figures.numbers import Numbers, computed
from symmix.numeric.averages import mean_residual, pair_average
from symmix.numeric.datasets import erm_loss, pair_average_loss
from symmix.numeric.ratios import beta_moment, beta_quadrature

if TYPE_CHECKING:
    from symmix.numeric.arrays import Array

PARAMETERS = tuple(Fraction(*a) for a in ((1, 10), (1, 5), (2, 5), (1, 1), (2, 1), (8, 1)))
LARGEST = Fraction(1, 2)


@dataclass(frozen=True, eq=False)
class PairAverage(Numbers):
    """What is drawn: dots from the definition, for Beta(a, a); the line from the theorem."""

    parameters: Array = computed("chosen: a; (6,)")
    strengths: Array = computed("c = 2 E[lam (1-lam)] of Beta(a, a), by symmix.numeric.ratios.beta_moment; (6,)")
    losses: Array = computed(
        "mean over all 144 pairs by datasets.pair_average_loss, ratio by ratios.beta_quadrature; (6,)"
    )
    line_strengths: Array = computed("c = 0, no mixing, and c = 1/2, always half and half; (2,)")
    line: Array = computed("ERM - (c/2) V, by symmix.numeric.averages.pair_average; (2,)")
    erm: Array = computed("symmix.numeric.datasets.erm_loss; ()")
    mean_part: Array = computed("|e-|^2 / 2, by symmix.numeric.averages.mean_residual: no mixing touches it; ()")


def _loss(a: Fraction) -> float:
    nodes, weights, _ = beta_quadrature(float(a), float(a), 2)
    case = (as_floats(array) for array in (FEATURES, RESIDUALS, HEAD, BIAS))
    return float(pair_average_loss(list(zip(nodes, weights, strict=True)), *case))


def compute() -> PairAverage:
    """Compute what is drawn."""
    ends = (Fraction(0), LARGEST)
    centre = mean_residual(RESIDUALS)
    return PairAverage(
        parameters=as_floats(np.array(PARAMETERS)),
        strengths=as_floats(np.array([2 * beta_moment(a, a, 1, 1) for a in PARAMETERS])),
        losses=np.array([_loss(a) for a in PARAMETERS]),
        line_strengths=as_floats(np.array(ends)),
        line=as_floats(np.array([pair_average(RESIDUALS, c) for c in ends])),
        erm=as_floats(erm_loss(FEATURES, RESIDUALS, HEAD, BIAS)),
        mean_part=as_floats(np.sum(centre * centre) / 2),
    )
