"""The distribution of the ratio, from repeated draws: constant, uniform, Beta, folded.

For ``lam ~ Beta(a, a)``, ``E (2 lam - 1)^2 = 4 Var lam = 1/(2a + 1)``. The square does not change when lam is folded to
max(lam, 1 - lam) or turned to 1 - lam, so the same moment estimates a in every case (theorem ``beta_moments``;
``folding_the_ratio_changes_nothing`` says why it does not matter which).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from symmix.numeric.arrays import Array

FEW = 20
"""Below so many independent draws nothing is said about the distribution."""
WIDE = 3.0
"""Standard errors within which an estimate is called compatible with a value."""


@dataclass(frozen=True)
class RatioDistribution:
    """How the ratio is distributed, as estimated.

    Attributes
    ----------
    kind
        "constant", "uniform", "Beta", "other" or "too few draws".
    per
        "batch", "pair" or "sample": what shares one ratio.
    folded
        "" if it is not; "own" or "partner": which sample always has the larger weight.
    a, a_error
        The Beta parameter and its standard error; None where there is none.
    draws
        How many independent ratios this is estimated from.
    value
        The ratio, if it is constant.
    """

    kind: str
    per: str
    folded: str
    a: float | None
    a_error: float | None
    draws: int
    value: float | None = None

    def __str__(self) -> str:
        text = f"one a {self.per}, {self.kind}"
        if self.value is not None:
            text += f" {self.value:.6g}"
        if self.a is not None:
            text += f", a = {self.a:.2f} +- {self.a_error:.2f}"
        if self.folded:
            text += f", folded: the {self.folded} sample always weighs at least 1/2"
        return f"{text} (from {self.draws} draws)"


def ratio_distribution(weights: Array, per: str) -> RatioDistribution:
    """Estimate the distribution of independent own weights.

    >>> ratio_distribution(np.full(30, 0.25), "batch").kind
    'constant'
    """
    draws = len(weights)
    if draws and np.ptp(weights) <= 2.0**-20 and draws > 1:  # float32 may round a constant differently in each row
        return RatioDistribution("constant", per, "", None, None, draws, float(weights[0]))
    if draws < FEW:
        return RatioDistribution("too few draws", per, "", None, None, draws)
    folded = "own" if np.all(weights >= 0.5) else "partner" if np.all(weights <= 0.5) else ""
    spread = (2 * weights - 1) ** 2
    mean, error = float(np.mean(spread)), float(np.std(spread) / np.sqrt(draws))
    centred = abs(float(np.mean(weights)) - 0.5) <= WIDE * float(np.std(weights)) / np.sqrt(draws)
    if mean >= 1 or not (folded or centred):
        return RatioDistribution("other", per, folded, None, None, draws)
    a, a_error = (1 / mean - 1) / 2, error / (2 * mean**2)
    kind = "uniform" if abs(mean - 1 / 3) <= WIDE * error and _looks_uniform(weights, folded) else "Beta"
    return RatioDistribution(kind, per, folded, a, a_error, draws)


def _looks_uniform(weights: Array, folded: str) -> bool:
    """Kolmogorov's distance to the uniform distribution, within what chance explains once in 100 000 times."""
    unfolded = 2 * np.abs(weights - 0.5) if folded else weights
    ordered, steps = np.sort(unfolded), np.arange(1, len(weights) + 1) / len(weights)
    distance = max(float(np.max(steps - ordered)), float(np.max(ordered - steps + 1 / len(weights))))
    return distance <= float(np.sqrt(-np.log(0.5e-5) / (2 * len(weights))))


def shared_by(own: list[Array], partners: list[Array], alone: list[Array]) -> str:
    """Say what shares one ratio: all samples of a batch, the two of a pair, or nobody.

    >>> shared_by([np.array([0.25, 0.25])], [np.array([1, 0])], [np.zeros(2, bool)])
    'batch'
    """
    mixed = [weights[~single] for weights, single in zip(own, alone, strict=True)]
    if all(len(row) == 0 or np.ptp(row) <= 2.0**-20 for row in mixed):
        return "batch"
    if any(np.any(partner < 0) for partner in partners):
        rows = [weights[partner < 0] for weights, partner in zip(own, partners, strict=True)]
        return "batch" if all(len(row) == 0 or np.ptp(row) <= 2.0**-20 for row in rows) else "sample"
    mutual, together = 0, 0
    for weights, partner, single in zip(own, partners, alone, strict=True):
        for sample in np.flatnonzero(~single & (partner >= 0)):
            other = partner[sample]
            if partner[other] != sample:
                continue
            mutual += 1
            sums = weights[sample] + weights[other], 2 * weights[sample]
            together += min(abs(sums[0] - 1), abs(sums[0] - sums[1])) <= 2.0**-20
    return "pair" if mutual and mutual == together else "sample"
