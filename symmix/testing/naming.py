"""One defect, one name: what all draws that went wrong have in common, with the shortest call that shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from symmix.testing.draws import Draw
from symmix.testing.finding import Finding
from symmix.testing.labels import EXPLANATIONS, UNEXPLAINED, message
from symmix.testing.pairing import Pairing
from symmix.testing.precision import SINGLE_RATIO
from symmix.testing.probes import Probe
from symmix.testing.ratios import RatioDistribution
from symmix.testing.repeating import Repeating

SAME_EPS = 1e-3
NOT_LINEAR = "not a mixture of samples"
SHARPER = frozenset({"rows do not sum to one", "permutation over the wrong axis", "too many samples in a row"})
IN_PLACE = "mixed in place"
"""What explains labels that are wrong in other draws: features were overwritten while they were read."""


def name_draws(
    probe: Probe,
    drawn: list[Draw],
    again: Repeating,
    pairing: Pairing,
    ratio: RatioDistribution,
    seed: int,
) -> list[Finding]:
    """Name every defect once: those of single calls, that of the labels, and those that only many draws show."""
    found: dict[str, tuple[Finding, int]] = {}
    for number, draw in enumerate(drawn, start=1):
        for finding in draw.findings:
            found.setdefault(finding.name, (finding, number))
    if len(found.keys() & SHARPER):
        found.pop(NOT_LINEAR, None)  # the same defect in a draw that shows it less sharply
    if "too many samples in a row" in found:
        found.pop(IN_PLACE, None)  # which explains all rows, or none
    first = [*found.values()]
    labels = None if IN_PLACE in found else _of_labels(drawn)
    if labels is not None:
        first.append(labels)
    listed = [
        replace(finding, reproducer=_again(probe, seed, number) if again.repeatable else "")
        for finding, number in first
    ]
    for over_all in (
        _never_mixes(drawn),
        _changes_meaning(drawn),
        _smoothed_unevenly(drawn),
        _always_the_same(drawn, again, pairing, ratio),
    ):
        if over_all is not None and not (listed and over_all.name == "nothing is mixed"):
            listed.append(over_all)
    return listed + _unrounded(drawn, listed) + _coarse(drawn, listed)


def _of_labels(drawn: Sequence[Draw]) -> tuple[Finding, int] | None:
    """Name what is wrong with labels where features are right; a defect of features explains wrong labels by itself."""
    wrong = [(number, draw) for number, draw in enumerate(drawn, start=1) if draw.wrong is not None]
    clean = [(number, draw) for number, draw in wrong if not draw.findings]
    if not clean:
        return None
    name = _common([draw for _, draw in clean])
    for end in range(1, len(clean) + 1):
        if _common([draw for _, draw in clean[:end]]) == name:
            number, draw = next(item for item in clean[:end] if name in item[1].explained)
            seen = draw.wrong
            text = message(name, seen) if seen is not None else ""
            return Finding(name, text), max(number, clean[end - 1][0])
    return None


def _common(drawn: Sequence[Draw]) -> str:
    """Return the first explanation that holds in all draws; else the one that holds in most of them."""
    common = frozenset.intersection(*(draw.explained for draw in drawn))
    best = next(name for name in [*EXPLANATIONS] if name in common or name == UNEXPLAINED)
    if best != UNEXPLAINED:
        return best
    counts = Counter(name for draw in drawn for name in draw.explained if name != UNEXPLAINED)
    name, many = max(counts.items(), key=lambda item: item[1], default=(UNEXPLAINED, 0))
    return name if many > len(drawn) / 2 else UNEXPLAINED


def _again(probe: Probe, seed: int, draws: int) -> str:
    """Write the call that ends with the draw of a finding; a seed repeats it only where the generators are global."""
    given = "".join(f", {name}={value!r}" for name, value in probe.options().items())
    return f"probe_mixing({probe.name}{given}, seed={seed}, draws={draws})"


def _never_mixes(drawn: Sequence[Draw]) -> Finding | None:
    if not drawn or not all(draw.linear and all(row.kind == "unmixed" for row in draw.rows) for draw in drawn):
        return None
    return Finding(
        "nothing is mixed",
        f"in all {len(drawn)} draws every sample came back alone; is mixing switched off, as in evaluation mode?",
    )


def _changes_meaning(drawn: Sequence[Draw]) -> Finding | None:
    """Find a ratio that weighs now the own, now the partner sample: no convention."""
    told = [draw.weighs for draw in drawn if draw.weighs]
    if not told or frozenset.intersection(*told):
        return None
    return Finding(
        "the returned ratio changes its meaning", "it weighs the own sample in some draws, the partner in others"
    )


def _smoothed_unevenly(drawn: Sequence[Draw]) -> Finding | None:
    """Tell smoothing from ratios of their own, which look like it where there are two classes."""
    agreed = [draw.agreed.smoothing for draw in drawn if draw.agreed is not None and not draw.agreed.union]
    mixing = [
        eps
        for eps, draw in zip(agreed, [d for d in drawn if d.agreed and not d.agreed.union], strict=True)
        if any(row.kind != "unmixed" for row in draw.rows)
    ]
    if not any(mixing) or np.ptp(mixing) <= SAME_EPS + 32 * max(d.numbers.tolerance for d in drawn if d.numbers):
        return None
    text = f"labels are closer to 1/K than features are mixed, by another amount in each draw: {mixing[0]:.4g}, ..."
    return Finding("inputs and labels have different ratios", text)


def _always_the_same(
    drawn: Sequence[Draw], again: Repeating, pairing: Pairing, ratio: RatioDistribution
) -> Finding | None:
    """Every draw the same by accident: an arbitrary permutation or ratios that never change, or a seed set inside."""
    whole = [draw.rows for draw in drawn if draw.linear and len(draw.rows) == len(drawn[0].rows)]
    if len(whole) < 4 or len(whole) < len(drawn) / 2 or pairing.kind == "nobody":
        return None
    tolerance = 8 * max(draw.numbers.tolerance for draw in drawn if draw.numbers)
    first = np.stack([row.shares for row in whole[0]])
    same = all(np.all(np.abs(np.stack([r.shares for r in rows]) - first) <= tolerance) for rows in whole[1:])
    designed = pairing.kind in {"roll", "flip", "neighbours", "several partners"} and ratio.kind == "constant"
    if not same or (designed and not again.reseeds):
        return None
    why = "the function seeds the global generator itself" if again.reseeds else "ratios and partners never change"
    return Finding("every draw is the same", f"in all {len(whole)} draws the mixing matrix is one and the same: {why}")


def _coarse(drawn: Sequence[Draw], found: Sequence[Finding]) -> list[Finding]:
    """Remark that a mixture was computed in coarser numbers than those it is returned in."""
    coarse = Counter(d.numbers.computed for d in drawn if d.numbers and d.numbers.coarser and _mixes(d))
    if not found and coarse[SINGLE_RATIO]:
        text = "mixtures and label weights differ by the roundings of a ratio in float32; tolerances are those of it"
        return [Finding("float32 inside float64", text, remark=True)]
    if found or not coarse or sum(coarse.values()) < len([d for d in drawn if _mixes(d)]):
        return []
    (name, _), declared = coarse.most_common(1)[0], next(d.numbers.declared for d in drawn if d.numbers)
    text = f"values of type {declared} lie on the grid of {name}; tolerances are those of {name}"
    title = "the mixture is rounded to bytes" if name == "bytes" else f"{name} inside {declared}"
    return [Finding(title, text, remark=True)]


def _unrounded(drawn: Sequence[Draw], found: Sequence[Finding]) -> list[Finding]:
    """Remark that label weights are those of a box whose sides are no whole numbers of pixels."""
    if found or not any(draw.agreed is not None and draw.agreed.rounded for draw in drawn):
        return []
    text = "label weights are the area of a box before its corners are rounded to pixels, not the share of pixels"
    return [Finding("label weights are not rounded to pixels", text, remark=True)]


def _mixes(draw: Draw) -> bool:
    return any(row.kind in {"mixup", "mask", "several", "patch"} for row in draw.rows)
