"""What a mixing function is declared to do, against what was seen: a wrong declaration is a finding.

    {"pairing": "flip", "ratio": ("beta", 0.2), "per": "sample", "weighs": "own"}

A ratio is ("beta", a), ("beta", a, b), "uniform", ("uniform", low, high) or ("constant", value). Its distribution is
tested by Kolmogorov's distance: a right one is refused once in 1 / `SELDOM` checks. Folded ratios are compared folded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import exp, lgamma, log
from typing import Any

import numpy as np

from symmix.errors import ImplementationError
from symmix.numeric.arrays import Array
from symmix.testing.finding import Finding
from symmix.testing.pairing import Pairing
from symmix.testing.ratios import FEW, SELDOM, RatioDistribution, chance, distance

FIELDS: dict[str, str] = {
    "pairing": "how partners are chosen",
    "ratio": "how the ratio is distributed",
    "per": "what shares one ratio",
    "folded": "which sample always weighs at least 1/2",
    "weighs": "which sample a returned ratio weighs",
    "form": "the shape of what is returned",
    "smoothing": "the smoothing of labels",
}
STEPS = 400


def beta_distribution(a: float, b: float) -> Callable[[float], float]:
    """Return the distribution function of Beta(a, b), by the continued fraction of Lentz.

    >>> round(beta_distribution(2, 3)(0.5), 12)
    0.6875
    """

    def front(x: float, p: float, q: float) -> float:
        return exp(lgamma(p + q) - lgamma(p) - lgamma(q) + p * log(x) + q * log(1 - x)) / p

    def at(x: float) -> float:
        if x <= 0 or x >= 1:
            return float(x >= 1)
        if x < (a + 1) / (a + b + 2):
            return front(x, a, b) * _fraction(x, a, b)
        return 1 - front(1 - x, b, a) * _fraction(1 - x, b, a)

    return at


def _fraction(x: float, a: float, b: float) -> float:
    tiny = 1e-300
    c, d = 1.0, 1 / max(1 - (a + b) * x / (a + 1), tiny)
    value = d
    for m in range(1, STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        factor = 1.0
        for term in (even, odd):
            d, c = 1 + term * d, 1 + term / c
            d, c = 1 / (d if abs(d) > tiny else tiny), c if abs(c) > tiny else tiny
            factor = d * c
            value *= factor
        if abs(factor - 1) < 1e-13:
            break
    return value


def unmet(
    expect: Mapping[str, Any], pairing: Pairing, ratio: RatioDistribution, seen: Mapping[str, Any]
) -> tuple[list[Finding], list[str]]:
    """Compare a declaration with what was seen; return findings, and what could not be decided."""
    found, undecided = [], []
    for name, wanted in expect.items():
        if name not in FIELDS:
            raise ImplementationError(f"expectations among {', '.join(FIELDS)}", repr(name), "expect one of them")
        if name == "ratio":
            wrong = _ratio(wanted, ratio, _alone_by_ratio(pairing, seen))
            found += [Finding("the ratio has another distribution", wrong)] if wrong else []
            if wrong is None:
                undecided.append(f"the expected ratio: {ratio.draws} ratios were seen, {FEW} are needed")
            continue
        value = {"pairing": pairing.kind, "per": ratio.per, "folded": ratio.folded}.get(name, seen.get(name))
        if value in {None, "not readable", "either"} or (name in {"per", "folded"} and not ratio.draws):
            undecided.append(f"the expected {name}: {FIELDS[name]} was not seen")
        elif not _same(value, wanted):
            found.append(Finding("not as expected", f"{FIELDS[name]}: {value!r}, where {wanted!r} is expected"))
    return found, undecided


def _same(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, float) and isinstance(value, float):
        return abs(value - wanted) <= 1e-3
    return bool(value == wanted)


def _alone_by_ratio(pairing: Pairing, seen: Mapping[str, Any]) -> float:
    """Bound the share of rows that came back alone for a ratio of 0 or 1, which is not seen.

    A permutation of N has one fixed point on average, with variance 1: those are alone whatever the ratio is.
    """
    alone, samples, draws = pairing.unmixed or 0.0, seen.get("samples", 0), seen.get("draws", 0)
    if pairing.kind != "random permutation" or not samples or not draws:
        return alone
    return float(min(alone, max(0.0, alone - 1 / samples) + 4 / (samples * np.sqrt(draws))))


def _ratio(wanted: Any, ratio: RatioDistribution, alone: float) -> str | None:
    """Say how the ratio differs from a declaration: empty if it does not, None where too few were seen."""
    kind, *numbers = (wanted,) if isinstance(wanted, str) else wanted
    weights = np.array(ratio.weights)
    said = f"{ratio}, where {wanted!r} is expected"
    if kind == "constant" and numbers:
        close = ratio.kind == "constant" and min(abs(weights[0] - numbers[0]), abs(1 - weights[0] - numbers[0])) < 1e-2
        return None if not len(weights) else "" if close else said
    if len(weights) < FEW:
        return None
    if kind == "uniform":
        low, high = numbers or (0.0, 1.0)
        expected: Callable[[float], float] = lambda at: min(max((at - low) / (high - low), 0.0), 1.0)  # noqa: E731
    elif kind == "beta" and numbers:
        expected = beta_distribution(float(numbers[0]), float(numbers[-1]))
    else:
        known = "('beta', a), ('beta', a, b), 'uniform', ('uniform', low, high) or ('constant', value)"
        raise ImplementationError(known, repr(wanted), "expect one of them")
    allowed = chance(len(weights)) + alone
    off = min(_distances(weights, expected, folded=bool(ratio.folded)))
    if off <= allowed:
        return ""
    return (
        f"{said}: a distance of {off:.3f} between the distribution functions, where chance exceeds {allowed:.3f} once "
        f"in {1 / SELDOM:.0f} times"
    )


def _distances(weights: Array, expected: Callable[[float], float], *, folded: bool) -> list[float]:
    """For lam and for 1 - lam, since either may be the own sample's; of max(lam, 1 - lam) where that is drawn."""
    if folded:
        larger = np.maximum(weights, 1 - weights)
        return [distance(2 * larger - 1, lambda at: expected((1 + at) / 2) - expected((1 - at) / 2))]
    return [distance(weights, expected), distance(1 - weights, expected)]
