"""A mixup step as somebody wrote it, against the proved loss and gradients, in whichever convention it is meant."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from symmix.errors import ImplementationError
from symmix.testing.calling import LABELS, RATIOS, Caller, require_signature
from symmix.testing.conventions import Convention
from symmix.testing.criteria import criteria
from symmix.testing.diagnosis import check_gradients
from symmix.testing.finding import Finding, Judged
from symmix.testing.frameworks import Framework, framework_named
from symmix.testing.matching import differing
from symmix.testing.plain import Relation
from symmix.testing.plain_gradients import check_own_gradients
from symmix.testing.trials import Trial, chosen
from symmix.testing.unmixed import gradients_beside

FIELDS: dict[str, str] = {
    "weighs": "whether lam weighs the own sample or the partner",
    "pairing": "whether partner[i] is the partner of i or the other way round",
    "mixes": "whether labels or losses are mixed",
    "half": "whether there is a factor 1/2",
    "outputs": "whether outputs are summed or averaged",
    "batch": "whether samples are summed or averaged",
    "criterion": "squared loss or cross-entropy",
    "sign": "whether it is a loss or its negative",
    "reduction": "how samples and outputs are reduced",
    "erm": "whether the unmixed loss is added",
}


@dataclass(frozen=True)
class StepReport(Judged):
    """Whether a step is right, and in which convention; it has no truth value, ask for `passed` or `failed`.

    Attributes
    ----------
    findings
        The defects.
    convention
        The convention in which every loss is the proved one, or how the step mixes a criterion that nothing is proved
        about; None if neither was found.
    batches, exact
        How many batches were compared, and how many of them with ``==``.
    ratios
        "one a sample", "one a sample, as a column" or "one a batch": what the step takes for lam.
    gradients
        The variables whose gradients were compared.
    unseen
        What this check could not see.
    undecided
        Fields in which several conventions that fit differ; `convention` has the usual value there.
    """

    findings: tuple[Finding, ...]
    convention: Convention | Relation | None
    batches: int
    exact: int
    ratios: str
    gradients: tuple[str, ...]
    unseen: tuple[str, ...]
    undecided: tuple[str, ...] = ()

    @property
    def stated(self) -> str:
        """The convention in words, without what was not decided."""
        return "none of those known" if self.convention is None else self.convention.words(self.undecided)

    @property
    def verdict(self) -> str:
        """The word passed, failed, or not decided where nothing known explains the loss, right or wrong."""
        if self.batches == 0 or any(not finding.remark for finding in self.findings):
            return "failed"
        return "not decided" if self.convention is None else "passed"

    def __str__(self) -> str:
        by = f", gradients by {', '.join(self.gradients)}" if self.gradients else ""
        lines = [
            f"{self.verdict}: {self.batches} batches, {self.exact} of them exactly{by}",
            *(f"  {line}" for finding in self.findings for line in str(finding).splitlines()),
            f"  convention {self.stated}",
            f"  ratios     {self.ratios}",
        ]
        return "\n".join(lines + [f"  not seen   {gap}" for gap in self.unseen])

    def document(self) -> dict[str, Any]:
        """Return the report as plain data."""
        return {
            "kind": "step",
            "verdict": self.verdict,
            "findings": [finding.document() for finding in self.findings],
            "convention": None if self.convention is None else self.stated,
            "batches": self.batches,
            "exact": self.exact,
            "ratios": self.ratios,
            "gradients": list(self.gradients),
            "not seen": list(self.unseen),
        }


def check_mixup_step(
    step: Callable[..., Any],
    *,
    framework: str | Framework = "numpy",
    labels: str = "real",
    criterion: Any = None,
    ratios: str | None = None,
    expect: Mapping[str, Any] | None = None,
    dtype: str | None = None,
    rounds: int = 2,
    seed: int = 0,
) -> StepReport:
    """Compare ``step(z, y, W, b, lam, partner)`` with the proved loss and gradients, and say which convention fits.

    The step returns a loss, unreduced or reduced in any way, or ``(loss, {"z": dz, "W": dW, "b": db})``; a step on
    torch or JAX arrays that returns a loss alone is differentiated by them. Shapes: z (N, h), y (N, k), W (k, h),
    b (k,), lam a number or (N,), partner (N,). A criterion that nothing is proved about is compared with itself: the
    loss has to be that of the mixed batch, or a mixture of losses, as the step computes them at lam = 1. What neither
    explains, nor any known mistake, is not decided.

    Parameters
    ----------
    step
        The step.
    framework
        "numpy", "torch" or "jax".
    labels
        "real" targets (N, k) or "scalar" ones (N,), "one-hot", "soft" or "multi-label" rows, or class "indices",
        whichever the step takes.
    criterion
        What the loss is, to be compared with: see `symmix.testing.criteria`. None: whatever it is.
    ratios
        "one a batch", "one a sample" or "one a sample, as a column": what the step takes for lam. None: what it can.
    expect
        Fields of `Convention` that must come out so, such as ``{"weighs": "own", "batch": "mean"}``.
    dtype
        "float64" or "float32"; None: the widest that the framework has.

    Raises `ImplementationError` where the step cannot be called, is not a function of its arguments, or returns
    something else than a loss.

    >>> def step(z, y, W, b, lam, partner):
    ...     lam = np.reshape(lam, (-1, 1))
    ...     z, y = lam * z + (1 - lam) * z[partner], lam * y + (1 - lam) * y[partner]
    ...     return np.mean((y - z @ W.T - b) ** 2)
    >>> import numpy as np
    >>> print(check_mixup_step(step).convention)
    squared loss without 1/2, labels mixed, mean over N k, lam weighs the own sample
    """
    library = framework_named(framework) if isinstance(framework, str) else framework
    if labels not in LABELS:
        raise ImplementationError(f"labels among {', '.join(LABELS)}", repr(labels), "choose one of them")
    if ratios is not None and ratios not in RATIOS:
        raise ImplementationError(f"ratios among {', '.join(RATIOS)}", repr(ratios), "choose one of them, or none")
    dtype = dtype or library.step_dtype
    if dtype not in {"float32", "float64"}:
        raise ImplementationError("dtype float32 or float64", dtype, "half precision hides what is checked")
    require_signature(step)
    known = criteria(criterion, library)
    with library.random_states_kept(), library.one_thread():
        library.seed(seed)
        trial = chosen(Caller(step, library, labels), known, ratios, seed=seed, rounds=rounds, dtype=dtype)
        return _report(trial, expect or {})


def assert_mixup_step(step: Callable[..., Any], **options: Any) -> StepReport:
    """Check a step, and raise ``AssertionError`` with the report as its text if it failed.

    Takes what `check_mixup_step` takes. What is not decided is no failure: it is told by a warning.
    """
    __tracebackhide__ = True  # pytest shows the test that failed, not this
    report = check_mixup_step(step, **options)
    if report.failed:
        raise AssertionError(str(report))
    if not report.passed:
        warnings.warn(f"nothing was decided about the step\n{report}", stacklevel=2)
    return report


def _report(trial: Trial, expect: Mapping[str, Any]) -> StepReport:
    fitting, findings = trial.fitting, [*trial.findings]
    convention = fitting[0] if fitting else None
    names: tuple[str, ...] = ()
    if convention is None:
        findings += trial.mistaken
    else:
        findings += _unwanted(convention, fitting, expect)
        names, wrong = _gradients(trial, convention)
        if not names and trial.number is not None and isinstance(trial.number.fitting[0], Relation):
            names, wrong = _gradients(trial.number, trial.number.fitting[0])
        findings += [*wrong, *trial.mistaken]
    exact = sum(convention.is_exact(o.batch) for o in trial.seen) if isinstance(convention, Convention) else 0
    unseen = (*trial.gaps, *_unseen(trial, names))
    undecided = tuple(differing(fitting))
    return StepReport(
        tuple(findings), convention, len(trial.seen), exact, trial.caller.ratios, names, unseen, undecided
    )


def _gradients(trial: Trial, convention: Convention | Relation) -> tuple[tuple[str, ...], list[Finding]]:
    if isinstance(convention, Convention):
        return check_gradients(trial.caller, trial.seen, convention)
    compare = gradients_beside if convention.beside else check_own_gradients
    return compare(trial.caller, trial.seen, convention)


def _unwanted(
    convention: Convention | Relation, fitting: Sequence[Convention | Relation], expect: Mapping[str, Any]
) -> list[Finding]:
    found = []
    if convention.pairing == "inverse":
        found.append(
            Finding(
                "partners are read inversely",
                "sample partner[i] is mixed with lam[i] and sample i, where sample i should be mixed with partner[i]",
            )
        )
    for name, value in expect.items():
        if name not in FIELDS:
            raise ImplementationError(f"fields of a convention: {', '.join(FIELDS)}", repr(name), "expect one of them")
        if all(getattr(other, name, value) != value for other in fitting):
            message = f"{FIELDS[name]}: {getattr(convention, name)!r}, where {value!r} is expected"
            found.append(Finding("another convention", message))
    return found


def _unseen(trial: Trial, names: tuple[str, ...]) -> tuple[str, ...]:
    gaps = [FIELDS[name] for name in differing(trial.fitting) if name in FIELDS]
    if not trial.fitting and not trial.mistaken:
        gaps.append("whether the step is right: no known criterion, mixing or mistake gives its loss")
    if trial.caller.ratios == "one a batch":
        gaps.append("one ratio a sample: the step takes a single one")
    if not names:
        gaps.append("gradients: the step returns the loss alone")
    if names == ("b",):
        gaps.append("ratio and pairing in the gradients: that by b sees neither (mixing_conserves_the_residual_sum)")
    gaps.append("how ratio and partners are drawn: see probe_mixing")
    return tuple(gaps)
