"""A mixing function as a black box: features and labels go in, and what it does is read off what comes out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NoReturn

import numpy as np

from symmix.numeric.arrays import Array
from symmix.testing.draws import Draw, Probe, draw_once
from symmix.testing.finding import Finding
from symmix.testing.frameworks import Framework, framework_named
from symmix.testing.labels import CONSEQUENCES, UNEXPLAINED
from symmix.testing.pairing import Pairing, pairing_of
from symmix.testing.ratios import FEW, RatioDistribution, ratio_distribution, shared_by

BACKWARD_NAMES = (
    "the gradient is cut",
    "the partner's gradient is cut",
    "the own sample's gradient is cut",
    "the backward pass is not the transpose",
)


@dataclass(frozen=True)
class MixingReport:
    """What a mixing function does; it has no truth value, ask for `passed` or `failed`.

    Attributes
    ----------
    findings
        The defects, each once, in the order in which they were met.
    form
        The shape of the return: see `symmix.testing.returns`.
    pairing, ratio
        Which samples meet, and with which weights.
    weighs
        The sample that a returned ratio weighs, "own" or "partner"; None where no ratio is returned.
    backward
        "the transpose", or why it could not be looked at.
    repeatable
        Whether seeding the global generators repeats a draw.
    draws, samples, seed
        How often the function was called, with how many samples, from which seed.
    unseen
        What this check could not see.
    matrix
        The mixing matrix of the first draw, for reading.
    """

    findings: tuple[Finding, ...]
    form: str
    pairing: Pairing
    ratio: RatioDistribution
    weighs: str | None
    backward: str
    repeatable: bool
    draws: int
    samples: int
    seed: int
    unseen: tuple[str, ...]
    matrix: Array

    @property
    def passed(self) -> bool:
        """Whether draws were looked at and no defect was found."""
        return self.draws > 0 and not self.findings

    @property
    def failed(self) -> bool:
        """Whether there is a defect, or nothing was looked at."""
        return not self.passed

    def __bool__(self) -> NoReturn:
        raise TypeError("a report has no truth value: ask for report.passed or report.findings")

    def __str__(self) -> str:
        lines = [
            f"{'passed' if self.passed else 'failed'}: {self.draws} draws of {self.samples} samples, seed {self.seed}",
            *(f"  {line}" for finding in self.findings for line in str(finding).splitlines()),
            f"  returns    {self.form}" + (f"; lam weighs the {self.weighs} sample" if self.weighs else ""),
            f"  pairing    {self.pairing}",
            f"  ratio      {self.ratio}",
            f"  backward   {self.backward}",
            f"  seeding    {'repeats a draw' if self.repeatable else 'the global generators does not repeat a draw'}",
        ]
        lines += [f"  not seen   {gap}" for gap in self.unseen]
        return "\n".join(lines)

    def document(self) -> dict[str, Any]:
        """Return the report as plain data."""
        return {
            "kind": "mixing",
            "verdict": "passed" if self.passed else "failed",
            "findings": [finding.document() for finding in self.findings],
            "returns": self.form,
            "weighs": self.weighs,
            "pairing": str(self.pairing),
            "ratio": str(self.ratio),
            "backward": self.backward,
            "repeatable": self.repeatable,
            "draws": self.draws,
            "samples": self.samples,
            "seed": self.seed,
            "not seen": list(self.unseen),
        }


def probe_mixing(
    mix: Callable[..., Any],
    *,
    framework: str | Framework = "numpy",
    labels: str = "one-hot",
    shape: Sequence[int] | None = None,
    classes: int | None = None,
    samples: int = 6,
    ways: int = 2,
    in_place: bool = False,
    draws: int = 120,
    dtype: str | None = None,
    seed: int = 0,
) -> MixingReport:
    """Find out what ``mix(features, labels)`` does, and whether it is a mixup, from its results alone.

    Given its ratio and pairing, mixing is linear, ``x~ = A x`` and ``y~ = A y``: features that contain an identity and
    labels that are one show A in both. The function may return any of the shapes in `symmix.testing.returns`.

    Parameters
    ----------
    mix
        The function. One of features alone may ignore its second argument; wrap other signatures in a lambda.
    framework
        "numpy", "torch" or "jax": whose arrays it takes.
    labels
        "one-hot" rows or class "indices", whichever the function takes.
    shape
        The shape of one sample, such as (3, 8, 8) for images; more entries than samples. None: a vector.
    classes
        How many classes it is made for; None: as many as samples, and fewer in every other draw.
    ways
        How many samples a mixture may have.
    in_place
        Whether the function may write into the features it is given.
    draws
        How often it is called; fewer than 20 say nothing about the distribution of the ratio.

    Raises `ImplementationError` where the function cannot be called or returns something else than features.

    >>> rng = np.random.default_rng(0)
    >>> def mix(x, y):
    ...     lam, partner = rng.beta(0.2, 0.2), rng.permutation(len(x))
    ...     return lam * x + (1 - lam) * x[partner], lam * y + (1 - lam) * y[partner]
    >>> report = probe_mixing(mix)
    >>> report.passed, report.pairing.kind, report.ratio.kind, report.ratio.per
    (True, 'random permutation', 'Beta', 'batch')
    """
    library = framework_named(framework) if isinstance(framework, str) else framework
    probe = Probe(mix, library, labels, shape, classes, samples, ways, in_place, dtype or library.dtype)
    with library.random_states_kept():
        library.seed(seed)
        drawn = [draw_once(probe, number, seed) for number in range(draws)]
        repeatable = _repeatable(probe, seed) if draws else False
    return _report(probe, drawn, repeatable=repeatable, seed=seed)


def assert_mixing(mix: Callable[..., Any], **options: Any) -> MixingReport:
    """Probe a mixing function, and raise ``AssertionError`` with the report as its text unless it passed.

    Takes what `probe_mixing` takes.
    """
    report = probe_mixing(mix, **options)
    if report.failed:
        raise AssertionError(str(report))
    return report


def _repeatable(probe: Probe, seed: int) -> bool:
    matrices = []
    for _ in range(2):
        probe.framework.seed(seed)
        matrices.append([draw_once(probe, number, seed).mixing.matrix for number in range(3)])
    return all(np.array_equal(first, second) for first, second in zip(*matrices, strict=True))


def _report(probe: Probe, drawn: list[Draw], *, repeatable: bool, seed: int) -> MixingReport:
    found: dict[str, Finding] = {}
    for number, draw in enumerate(drawn, start=1):
        for finding in draw.findings:
            again = _again(probe, seed, number) if repeatable else ""
            found.setdefault(finding.name, replace(finding, reproducer=again))
    if len(found) > 1:
        found.pop(UNEXPLAINED, None)  # the same defect where classes repeat, seen less sharply than by its name
    if "mixed in place" in found:
        for name in CONSEQUENCES:
            found.pop(name, None)
    whole = [draw.mixing for draw in drawn if draw.linear]
    partners, own, alone = ([getattr(m, name) for m in whole] for name in ("partner", "own", "alone"))
    for over_all in (_never_mixes(drawn, alone), _changes_meaning(drawn)):
        if over_all is not None:
            found.setdefault(over_all.name, over_all)
    pairing = pairing_of(partners, alone) if whole else Pairing("not readable", "there is no mixing matrix", None)
    per = shared_by(own, partners, alone)
    ratio = ratio_distribution(_independent(own, partners, alone, per), per)
    weighs = _weighs(drawn)
    return MixingReport(
        findings=tuple(found.values()),
        form=drawn[0].form if drawn else "nothing",
        pairing=pairing,
        ratio=ratio,
        weighs=weighs,
        backward=_backward(drawn),
        repeatable=repeatable,
        draws=len(drawn),
        samples=probe.samples,
        seed=seed,
        unseen=_unseen(probe, drawn, ratio, weighs),
        matrix=drawn[0].mixing.matrix if drawn else np.empty((0, 0)),
    )


def _again(probe: Probe, seed: int, draws: int) -> str:
    """Write the call that ends with the draw of a finding; a seed repeats it only where the generators are global."""
    options = {
        "framework": probe.framework.name,
        "labels": probe.labels,
        "shape": probe.shape,
        "classes": probe.classes,
    }
    usual = {"framework": "numpy", "labels": "one-hot", "shape": None, "classes": None}
    given = "".join(f", {name}={value!r}" for name, value in options.items() if value != usual[name])
    return f"probe_mixing({getattr(probe.mix, '__name__', 'mix')}{given}, seed={seed}, draws={draws})"


def _never_mixes(drawn: list[Draw], alone: list[Array]) -> Finding | None:
    if not drawn or len(alone) < len(drawn) or not all(np.all(row) for row in alone):
        return None
    if any(draw.findings for draw in drawn):
        return None
    return Finding(
        "nothing is mixed",
        f"in all {len(drawn)} draws every sample came back alone; is mixing switched off, as in evaluation mode?",
    )


def _changes_meaning(drawn: list[Draw]) -> Finding | None:
    """Find a ratio that weighs now the own, now the partner sample: no convention."""
    sides = {draw.weighs for draw in drawn} - {None, "either"}
    if len(sides) < 2:
        return None
    return Finding(
        "the returned ratio changes its meaning", "it weighs the own sample in some draws, the partner in others"
    )


def _independent(own: list[Array], partners: list[Array], alone: list[Array], per: str) -> Array:
    """One own weight for each ratio that was drawn."""
    weights: list[float] = []
    for row, partner, single in zip(own, partners, alone, strict=True):
        seen = np.flatnonzero(~single)
        if per == "batch":
            seen = seen[:1]
        elif per == "pair":
            seen = seen[(partner[seen] >= seen) | (partner[partner[seen]] != seen)]
        weights.extend(float(row[sample]) for sample in seen)
    return np.array(weights)


def _weighs(drawn: list[Draw]) -> str | None:
    sides = [draw.weighs for draw in drawn if draw.weighs is not None]
    decided = [side for side in sides if side != "either"]
    return decided[0] if decided else ("either" if sides else None)


def _backward(drawn: list[Draw]) -> str:
    blind = next((draw.blind for draw in drawn if draw.blind), "")
    if blind:
        return f"not seen: {blind}"
    if not any(draw.linear for draw in drawn):
        return "not seen: there is no mixing matrix to transpose"
    wrong = any(finding.name in BACKWARD_NAMES for draw in drawn for finding in draw.findings)
    return "wrong" if wrong else "the transpose: gradients reach both partners"


def _unseen(probe: Probe, drawn: list[Draw], ratio: RatioDistribution, weighs: str | None) -> tuple[str, ...]:
    gaps = []
    if not drawn:
        return ("anything: no draw was made",)
    if not any(draw.linear for draw in drawn):
        gaps.append("pairing, ratio and backward pass: there is no mixing matrix")
    elif any(draw.blind for draw in drawn):
        gaps.append("the backward pass")
    if drawn[0].form == "features":
        gaps.append("labels: the function returns none")
    if weighs is None and not ratio.folded and ratio.kind != "constant":
        gaps.append("whether lam weighs the own sample or the partner: lam -> 1 - lam has the same distribution")
    if ratio.draws < FEW and ratio.kind != "constant":
        gaps.append(f"the distribution of the ratio: {ratio.draws} ratios, {FEW} are needed")
    if probe.classes is not None and probe.classes >= probe.samples:
        gaps.append("pairs of one class: every sample has a class of its own; pass fewer classes than samples")
    gaps.append("what the loss does with the mixture: see check_mixup_step")
    return tuple(gaps)
