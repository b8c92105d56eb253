"""A mixing function as a black box: features and labels go in, and what it does is read off what comes out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from symmix.numeric.arrays import Array
from symmix.testing.draws import Draw, draw_once
from symmix.testing.expectations import unmet
from symmix.testing.finding import Finding, Judged
from symmix.testing.frameworks import Framework, framework_named
from symmix.testing.kinds import CUTS, kinds_of
from symmix.testing.naming import name_draws
from symmix.testing.pairing import Pairing, pairing_of
from symmix.testing.probes import Probe
from symmix.testing.ratios import FEW, RatioDistribution, independent, ratio_distribution, shared_by
from symmix.testing.repeating import Repeating, other_sizes, plan, repeating

BACKWARD_NAMES = (
    "the gradient is cut",
    "the partner's gradient is cut",
    "the own sample's gradient is cut",
    "the backward pass is not the transpose",
)
WIDE_BATCH = 2**22


@dataclass(frozen=True)
class MixingReport(Judged):
    """What a mixing function does; it has no truth value, ask for `passed` or `failed`.

    Attributes
    ----------
    findings
        The defects, each once; those that are remarks only do not make it fail.
    form
        The shape of the return: see `symmix.testing.returns`.
    kinds
        How many draws mixed in which way: "mixup", "cutmix" (parts are replaced), "both", "unmixed".
    pairing, ratio
        Which samples meet, and with which weights; with CutMix the weight is the share of pixels.
    weighs
        The sample that a returned ratio weighs, "own" or "partner"; None where no ratio is returned.
    labels
        How labels follow: "weighted as the features", with smoothing, or "the union of both".
    backward
        "the transpose", or why it could not be looked at.
    repeatable
        Whether seeding the global generators repeats a draw.
    draws, samples, seed
        How often the function was called, with how many samples, from which seed.
    sizes
        What was met with other batch sizes; empty if nothing.
    unseen
        What this check could not see, or could not decide.
    matrix
        The mixing matrix of the first draw, for reading.
    """

    findings: tuple[Finding, ...]
    form: str
    kinds: Mapping[str, int]
    pairing: Pairing
    ratio: RatioDistribution
    weighs: str | None
    labels: str
    backward: str
    repeatable: bool
    draws: int
    samples: int
    seed: int
    sizes: tuple[str, ...]
    unseen: tuple[str, ...]
    matrix: Array

    @property
    def verdict(self) -> str:
        """The word passed where draws were looked at and no defect was found, else failed."""
        return "passed" if self.draws > 0 and all(finding.remark for finding in self.findings) else "failed"

    def __str__(self) -> str:
        lines = [
            f"{self.verdict}: {self.draws} draws of {self.samples} samples, seed {self.seed}",
            *(f"  {line}" for finding in self.findings for line in str(finding).splitlines()),
            f"  returns    {self.form}" + (f"; lam weighs the {self.weighs} sample" if self.weighs else ""),
        ]
        if len(self.kinds) > 1 or "mixup" not in self.kinds:
            lines.append(f"  mixes by   {self._shares()}")
        lines += [f"  pairing    {self.pairing}", f"  ratio      {self.ratio}"]
        lines += [f"  labels     {self.labels}"] if self.labels else []
        lines += [
            f"  backward   {self.backward}",
            f"  seeding    {'repeats a draw' if self.repeatable else 'the global generators does not repeat a draw'}",
        ]
        lines += [f"  sizes      {size}" for size in self.sizes]
        return "\n".join(lines + [f"  not seen   {gap}" for gap in self.unseen])

    def _shares(self) -> str:
        return ", ".join(f"{many / self.draws:.0%} {kind}" for kind, many in self.kinds.items()) or "nothing"

    def document(self) -> dict[str, Any]:
        """Return the report as plain data."""
        return {
            "kind": "mixing",
            "verdict": "passed" if self.passed else "failed",
            "findings": [finding.document() for finding in self.findings],
            "returns": self.form,
            "mixes by": dict(self.kinds),
            "weighs": self.weighs,
            "pairing": str(self.pairing),
            "ratio": str(self.ratio),
            "labels": self.labels,
            "backward": self.backward,
            "repeatable": self.repeatable,
            "draws": self.draws,
            "samples": self.samples,
            "seed": self.seed,
            "sizes": list(self.sizes),
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
    in_place: bool | str = False,
    batch: str | tuple[str, str] = "arguments",
    kept: Sequence[int] = (),
    ignore_index: int | None = None,
    expect: Mapping[str, Any] | None = None,
    sizes: Sequence[int] = (),
    draws: int = 120,
    dtype: str | None = None,
    seed: int = 0,
) -> MixingReport:
    """Find out what ``mix(features, labels)`` does, and whether it is a mixup or CutMix, from its results alone.

    Given its ratio and pairing, mixing is linear at every position d of a sample, ``x~_i(d) = sum_j A_ij(d) x_j(d)``,
    and labels have to be ``y~ = A y`` with A averaged over positions. Features in general position show A. The function
    may return any of the shapes in `symmix.testing.returns`, for a batch of the same or another size.

    Parameters
    ----------
    mix
        The function. One of features alone may ignore its second argument; a further parameter named rng, generator
        or key is given a source of random numbers; wrap other signatures in a lambda.
    framework
        "numpy", "torch" or "jax": whose arrays it takes.
    labels
        "one-hot" rows, class "indices", "soft" rows, "multi-label" rows of zeros and ones, "real" targets (N,) or
        (N, classes), or "masks" (N, H, W) of class ids: whichever the function takes.
    shape
        The shape of one sample, such as (3, 8, 8) for images. None: a vector.
    classes
        How many classes it is made for; None: as many as samples, and fewer in every other draw. Rows that come back
        may have more.
    samples
        The batch size; where samples are large, most draws have a smaller one.
    ways
        How many samples a mixture may have.
    in_place
        Whether the function may write into what it is given: True, "features" or "labels".
    batch
        How both are passed: "arguments"; in one argument as a "pair" [x, y], a "list" of (x_i, y_i), a "dict", or a
        mapping with the two keys that are named.
    kept
        Indices of the first axis of a sample that are the own sample's on purpose, such as a mask among the channels.
    ignore_index
        A class index that stands for no class; some labels have it then.
    expect
        What is declared: see `symmix.testing.expectations`.
    sizes
        Batch sizes with which it has to work; others that fail are told in the report.
    draws
        How often it is called; fewer than 20 say nothing about the distribution of the ratio.
    dtype
        "float64", "float32", "float16", "bfloat16", or "uint8" for images of 0..255; None: that of the framework,
        "float32" for large batches.

    Raises `ImplementationError` where the function cannot be called or returns something else than features.

    >>> rng = np.random.default_rng(0)
    >>> def mix(x, y):
    ...     lam, partner = rng.beta(0.2, 0.2), rng.permutation(len(x))
    ...     return lam * x + (1 - lam) * x[partner], lam * y + (1 - lam) * y[partner]
    >>> report = probe_mixing(mix, expect={"ratio": ("beta", 0.2)})
    >>> report.passed, report.pairing.kind, report.ratio.kind, report.ratio.per
    (True, 'random permutation', 'Beta', 'batch')
    """
    library = framework_named(framework) if isinstance(framework, str) else framework
    probe = Probe(
        mix,
        library,
        labels,
        None if shape is None else tuple(shape),
        classes,
        samples,
        ways,
        in_place,
        dtype or _usual_dtype(library, samples, shape),
        tuple(batch) if isinstance(batch, (list, tuple)) else batch,  # type: ignore[arg-type]  # its length is checked
        tuple(kept),
        ignore_index,
    )
    with library.random_states_kept(), library.one_thread():
        library.seed(seed)
        drawn = [draw_once(each, number, seed) for number, each in enumerate(plan(probe, draws, seed))]
        again = repeating(probe, seed) if draws else Repeating(repeatable=False, reseeds=False)
        met = other_sizes(probe, sizes, seed) if draws and not any(draw.failed for draw in drawn) else []
    return _report(probe, drawn, again, met, seed, {"expect": dict(expect or {}), "sizes": tuple(sizes)})


def _usual_dtype(library: Framework, samples: int, shape: Sequence[int] | None) -> str:
    """Return the usual type of a framework; single precision for batches of more than `WIDE_BATCH` features."""
    wide = shape is not None and samples * int(np.prod(shape)) > WIDE_BATCH
    return "float32" if wide else library.dtype


def assert_mixing(mix: Callable[..., Any], **options: Any) -> MixingReport:
    """Probe a mixing function, and raise ``AssertionError`` with the report as its text unless it passed.

    Takes what `probe_mixing` takes.
    """
    __tracebackhide__ = True  # pytest shows the test that failed, not this
    report = probe_mixing(mix, **options)
    if report.failed:
        raise AssertionError(str(report))
    return report


def assert_not_mixing(mix: Callable[..., Any], **options: Any) -> MixingReport:
    """Raise ``AssertionError`` unless every sample comes back as it went in, with its own label, as in evaluation.

    Takes what `probe_mixing` takes.
    """
    __tracebackhide__ = True
    report = probe_mixing(mix, **options)
    wrong = [finding for finding in report.findings if finding.name != "nothing is mixed" and not finding.remark]
    if set(report.kinds) != {"unmixed"} or wrong:
        raise AssertionError(f"samples are mixed, where none should be\n{report}")
    return report


def _report(
    probe: Probe,
    drawn: list[Draw],
    again: Repeating,
    met: list[tuple[str, bool]],
    seed: int,
    options: dict[str, Any],
) -> MixingReport:
    whole = [draw for draw in drawn if draw.linear]
    kinds = kinds_of([draw.rows for draw in whole])
    rows = [draw.rows for draw in _of_one_size(whole)]
    samples = len(rows[0][0].shares) if rows else probe.samples
    pairing = pairing_of(rows, samples) if rows else Pairing("not readable", "there is no mixing matrix", None)
    tolerance = max([8 * d.numbers.tolerance for d in whole if d.numbers] + [2.0**-20])
    mixed = [[r for r in d.rows if r.kind not in CUTS] for d in whole] if "mixup" in kinds else [d.rows for d in whole]
    per = shared_by(mixed, tolerance)
    ratio = ratio_distribution(independent(mixed, per), per, tolerance)
    findings = name_draws(probe, drawn, again, pairing, ratio, seed)
    findings += [Finding("fails for another batch size", text) for text, wanted in met if wanted]
    weighs, form = _weighs(drawn), next((d.form for d in drawn if d.agreed), drawn[0].form if drawn else "nothing")
    findings += _given_to_the_wrong_side(form, weighs, kinds, options["expect"])
    smoothing = _smoothing(drawn)
    seen = {"weighs": weighs, "form": form, "smoothing": smoothing, "samples": samples, "draws": len(rows)}
    wrong, undecided = unmet(options["expect"], pairing, ratio, seen) if whole else ([], [])
    return MixingReport(
        findings=(*findings, *wrong),
        form=form,
        kinds=kinds,
        pairing=pairing,
        ratio=ratio,
        weighs=weighs,
        labels=_labels(drawn, smoothing),
        backward=_backward(drawn),
        repeatable=again.repeatable,
        draws=len(drawn),
        samples=probe.samples,
        seed=seed,
        sizes=tuple(text for text, wanted in met if not wanted),
        unseen=(*undecided, *_unseen(probe, drawn, ratio, weighs)),
        matrix=np.stack([row.shares for row in drawn[0].rows]) if drawn and drawn[0].rows else np.empty((0, 0)),
    )


def _given_to_the_wrong_side(
    form: str, weighs: str | None, kinds: Mapping[str, int], expect: Mapping[str, Any]
) -> list[Finding]:
    """Find the share of a patch given to the sample that it is pasted into.

    In mixup either sample may be called the own one. In CutMix one is pasted into the other, whose share is lam.
    """
    told = form in {"two labels and a ratio", "the partner's labels and a ratio"}
    if not told or weighs != "partner" or "cutmix" not in kinds or expect.get("weighs") == "partner":
        return []
    text = "lam is the share of the patch, and weighs the sample into which it is pasted: label weights are swapped"
    return [
        Finding("labels weigh the partner by lam", f"{text}; if that is meant, pass expect={{'weighs': 'partner'}}")
    ]


def _of_one_size(drawn: list[Draw]) -> list[Draw]:
    """Pick the draws of the batch size that was drawn most."""
    if not drawn:
        return []
    size = Counter(len(draw.rows[0].shares) for draw in drawn).most_common(1)[0][0]
    return [draw for draw in drawn if len(draw.rows[0].shares) == size]


def _weighs(drawn: list[Draw]) -> str | None:
    told = [draw.weighs for draw in drawn if draw.weighs]
    if not told:
        return None
    common = frozenset.intersection(*told)
    return next(iter(common)) if len(common) == 1 else "either" if common else next(iter(told[0]))


def _smoothing(drawn: list[Draw]) -> float | None:
    agreed = [draw.agreed.smoothing for draw in drawn if draw.agreed is not None]
    return float(np.median(agreed)) if agreed else None


def _labels(drawn: list[Draw], smoothing: float | None) -> str:
    agreed = [draw.agreed for draw in drawn if draw.agreed is not None]
    if not agreed:
        return ""
    if any(each.union for each in agreed):
        return "the union of both samples' labels"
    return "weighted as the features" + (f", smoothed by {smoothing:.4g}" if smoothing else "")


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
    if any(row.kind == "replaced" for draw in drawn for row in draw.rows):
        gaps.append("what the replaced part of a sample shows: it is nobody's at the same place, resized or moved")
    if drawn[0].form == "features":
        gaps.append("labels: the function returns none")
    if weighs in {None, "either"} and not ratio.folded and ratio.kind != "constant":
        gaps.append("whether lam weighs the own sample or the partner: lam -> 1 - lam has the same distribution")
    if ratio.draws < FEW and ratio.kind != "constant":
        gaps.append(f"the distribution of the ratio: {ratio.draws} ratios, {FEW} are needed")
    if any(draw.agreed and draw.agreed.union for draw in drawn):
        gaps.append("the weights of labels: a union has none")
    if probe.kept:
        gaps.append(f"the features that are kept: {list(probe.kept)} of the first axis")
    gaps.append("what the loss does with the mixture: see check_mixup_step")
    return tuple(gaps)
