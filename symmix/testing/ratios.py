"""How the ratio is distributed, from the own weights that repeated draws showed: constant, uniform, Beta, folded.

For ``lam ~ Beta(a, a)``, ``E (2 lam - 1)^2 = 4 Var lam = 1/(2a + 1)``. The square does not change when lam is folded to
max(lam, 1 - lam) or turned to 1 - lam, so the same moment estimates a in every case (theorem ``beta_moments``;
``folding_the_ratio_changes_nothing`` says why it does not matter which).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from symmix.numeric.arrays import Array
from symmix.testing.sources import Row

FEW = 20
"""Below so many independent draws nothing is said about the distribution."""
WIDE = 3.0
"""Standard errors within which an estimate is called compatible with a value."""
SELDOM = 1e-5
"""How seldom a right distribution is called another one."""


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
    weights
        The own weights that were seen.
    """

    kind: str
    per: str
    folded: str
    a: float | None
    a_error: float | None
    draws: int
    value: float | None = None
    weights: tuple[float, ...] = ()

    def __str__(self) -> str:
        text = f"one a {self.per}, {self.kind}"
        if self.value is not None:
            text += f" {self.value:.6g}"
        if self.a is not None:
            text += f", a = {self.a:.2f} +- {self.a_error:.2f}"
        if self.folded:
            text += f", folded: the {self.folded} sample always weighs at least 1/2"
        return f"{text} (from {self.draws} draws)"


def ratio_distribution(weights: Array, per: str, tolerance: float = 2.0**-20) -> RatioDistribution:
    """Estimate the distribution of independent own weights, each known up to a tolerance.

    >>> ratio_distribution(np.full(30, 0.25), "batch").kind
    'constant'
    """
    draws, seen = len(weights), tuple(float(weight) for weight in weights)
    if draws > 1 and np.ptp(weights) <= tolerance:
        return RatioDistribution("constant", per, "", None, None, draws, float(np.mean(weights)), seen)
    if draws < FEW:
        return RatioDistribution("too few draws", per, "", None, None, draws, None, seen)
    above, below = np.all(weights >= 0.5 - tolerance), np.all(weights <= 0.5 + tolerance)
    folded = "own" if above else "partner" if below else ""
    spread = (2 * weights - 1) ** 2
    mean, error = float(np.mean(spread)), float(np.std(spread) / np.sqrt(draws))
    centred = abs(float(np.mean(weights)) - 0.5) <= WIDE * float(np.std(weights)) / np.sqrt(draws)
    if mean >= 1 or mean == 0 or not (folded or centred):
        return RatioDistribution("other", per, folded, None, None, draws, None, seen)
    a, a_error = (1 / mean - 1) / 2, error / (2 * mean**2)
    unfolded = np.asarray(2 * np.abs(weights - 0.5) if folded else weights)
    uniform = abs(mean - 1 / 3) <= WIDE * error and distance(unfolded, lambda at: at) <= chance(draws)
    return RatioDistribution("uniform" if uniform else "Beta", per, folded, a, a_error, draws, None, seen)


def distance(weights: Array, distribution: Callable[[float], float]) -> float:
    """Kolmogorov's distance of a sample to a distribution function.

    >>> distance(np.array([0.25, 0.75]), lambda at: at)
    0.25
    """
    ordered = np.sort(weights)
    at = np.array([distribution(float(min(max(weight, 0.0), 1.0))) for weight in ordered])
    steps = np.arange(1, len(weights) + 1) / len(weights)
    return max(float(np.max(steps - at)), float(np.max(at - steps + 1 / len(weights))))


def chance(draws: int) -> float:
    """Return the distance that chance exceeds once in 1 / `SELDOM` times, by Massart's bound 2 exp(-2 n d^2)."""
    return float(np.sqrt(-np.log(SELDOM / 2) / (2 * draws)))


def shared_by(draws: Sequence[Sequence[Row]], tolerance: float = 2.0**-20) -> str:
    """Say what shares one ratio: all samples of a batch, the two of a pair, or nobody.

    >>> shared_by([[Row("mixup", 0, 1, np.array([0.25, 0.75])), Row("mixup", 1, 0, np.array([0.75, 0.25]))]])
    'batch'
    """
    mixed = [[row for row in rows if row.kind != "unmixed"] for rows in draws]
    most = max((np.count_nonzero(row.shares) for rows in mixed for row in rows if row.kind == "several"), default=0)
    if most:  # where a sample is its own partner its weights add up
        mixed = [[row for row in rows if np.count_nonzero(row.shares) == most] for rows in mixed]
    spans = [
        np.ptp([row.shares[row.own] for row in rows]) - 2 * max(row.vague for row in rows) for rows in mixed if rows
    ]
    if all(span <= tolerance for span in spans):
        return "batch"
    mutual, together = 0, 0
    for rows in mixed:
        by_own = {row.own: row for row in rows}
        for row in rows:
            other = by_own.get(row.partner)
            if other is None or other.partner != row.own:
                continue
            mutual += 1
            first, second = row.shares[row.own], other.shares[other.own]
            together += min(abs(first - second), abs(first + second - 1)) <= tolerance
    return "pair" if mutual and mutual == together else "sample"


def independent(draws: Sequence[Sequence[Row]], per: str) -> Array:
    """One own weight for each ratio that was drawn, of samples that are seen to be mixed."""
    weights: list[float] = []
    for rows in draws:
        seen = [row for row in rows if row.kind != "unmixed"]
        if per == "batch":
            seen = seen[:1]
        elif per == "pair":
            pairs = {row.own: row.partner for row in seen}
            seen = [row for row in seen if row.partner >= row.own or pairs.get(row.partner) != row.own]
        weights.extend(float(row.shares[row.own]) for row in seen)
    return np.array(weights)
