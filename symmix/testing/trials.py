"""A step tried with lam as a number, a vector and a column: which of them it takes, and what explains its losses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from symmix.errors import SymmixError
from symmix.testing.batches import CORNERS, StepBatch, step_batches
from symmix.testing.calling import RATIOS, Caller, Observation, observe
from symmix.testing.conventions import Convention
from symmix.testing.criteria import Criterion
from symmix.testing.finding import Finding
from symmix.testing.matching import matching, wrong_loss
from symmix.testing.mistakes import MEANING
from symmix.testing.plain import Plain, Relation, fitting_relations, name_own_mistake, numeric
from symmix.testing.unmixed import name_beside, relations_beside
from symmix.testing.weights import wrong_weights

NUMBER = RATIOS[0]
FEW_BATCHES = 12
"""Batches on which a step is compared with itself: every loss of them takes several calls."""


@dataclass(frozen=True)
class Trial:
    """A step called with one shape of lam, and what came of it.

    Attributes
    ----------
    caller, seen
        How it was called, and what it returned.
    findings
        What it did besides: raised, wrote into its arguments, computed in single precision.
    fitting
        The conventions or relations that give every loss.
    mistaken
        The mistake that gives every loss, if nothing right does; or a criterion that is not the declared one.
    gaps
        What could not be seen.
    number
        The trial with a number for lam, where another one was chosen: gradients may be compared there only.
    """

    caller: Caller
    seen: Sequence[Observation]
    findings: tuple[Finding, ...]
    fitting: Sequence[Convention | Relation] = ()
    mistaken: tuple[Finding, ...] = ()
    gaps: tuple[str, ...] = ()
    number: Trial | None = None

    @property
    def reduced(self) -> tuple[int, ...]:
        """The shape of the first loss."""
        return self.seen[0].loss.shape if self.seen else (-1,)


def chosen(
    caller: Caller, known: tuple[Criterion, ...], ratios: str | None, *, seed: int, rounds: int, dtype: str
) -> Trial:
    """Try a step with every shape of lam that it takes, and return the trial that shows most.

    A number is offered first: what a step does with it is right or wrong by itself. With one ratio a sample a step
    that was written for a number may broadcast; then its loss has another shape, and nothing follows.
    """
    first = list(step_batches(seed, labels=caller.labels, rounds=1, dtype=dtype))
    tried = [batch for batch in first if batch.exact and batch.corner in {CORNERS[0][0], "square head"}]
    settled = {shape: caller.settled(shape, *tried) for shape in (RATIOS if ratios is None else (ratios,))}
    callers = [found for found in settled.values() if isinstance(found, Caller)]
    errors = [found for found in settled.values() if isinstance(found, Exception)]
    if not callers:
        raise caller.cannot_be_called(errors[0]) from errors[0]
    trials: list[Trial] = []
    for each in callers:
        trials.append(_tried(each, known, seed=seed, rounds=rounds, dtype=dtype))
        if each.ratios != NUMBER and trials[-1].fitting and trials[-1].reduced == trials[0].reduced:
            break  # a column would show nothing that a vector does not
    several = [trial for trial in trials if trial.caller.ratios != NUMBER]
    if trials[0].caller.ratios != NUMBER:
        return _explained(_best(several))
    return _with_a_number(trials[0], several)


def _with_a_number(number: Trial, several: Sequence[Trial]) -> Trial:
    same = [trial for trial in several if trial.reduced == number.reduced]
    fitting = [trial for trial in same if trial.fitting]
    if fitting:
        return replace(_explained(fitting[0]), number=number if number.fitting else None)
    explained = _explained(number)
    if not number.fitting or explained.mistaken:
        return explained
    named = [wrong for wrong in map(_explained, same) if wrong.mistaken]
    if named:
        return named[0]
    if same:
        gap = "one ratio a sample: given a vector or a column, the loss is not that of one ratio a sample"
        return replace(number, gaps=(gap,))
    return number


def _best(trials: Sequence[Trial]) -> Trial:
    return next((trial for trial in trials if trial.fitting), trials[0])


def _tried(caller: Caller, known: tuple[Criterion, ...], *, seed: int, rounds: int, dtype: str) -> Trial:
    one_ratio = caller.ratios == NUMBER
    batches = step_batches(seed, labels=caller.labels, one_ratio=one_ratio, rounds=rounds, dtype=dtype)
    seen, findings = observe(caller, batches)
    if not seen:
        return Trial(caller, seen, tuple(findings))
    seen, fitting = _conventions(seen)
    if seen and fitting and seen[0].batch.z.dtype != np.dtype(dtype):
        findings.append(_single(dtype))
    # a mistake that is known to the letter comes before a criterion that might contain it
    known_mistake = None if fitting else wrong_loss(caller, seen)
    if known_mistake is not None:
        return Trial(caller, seen, tuple(findings), (), (known_mistake,))
    few = seen[:FEW_BATCHES]
    declared = [criterion for criterion in known if criterion.declared]
    if declared:
        return _with_declared(Trial(caller, seen, tuple(findings), fitting), declared)
    found: Sequence[Convention | Relation] = fitting or _named(caller, few, known)
    return Trial(caller, seen, tuple(findings), found)


def _named(caller: Caller, few: Sequence[Observation], known: Sequence[Criterion]) -> list[Relation]:
    """Relations of the step with itself, by the name of the criterion if it is a known one."""
    exact = numeric(few, known)
    if exact:
        return exact
    try:
        return fitting_relations(caller, few) or relations_beside(caller, few)
    except SymmixError:
        raise
    except Exception:  # noqa: BLE001  # a step that refuses lam = 1, or partners that are all their own
        return []


def _with_declared(trial: Trial, declared: Sequence[Criterion]) -> Trial:
    """Compare with the declared criterion: where it is not that of the step with everyone alone, it is another one."""
    few = trial.seen[:FEW_BATCHES]
    found = numeric(few, declared)
    if found:
        return replace(trial, fitting=trial.fitting or found)
    relations = _named(trial.caller, few, ())
    alone = [Plain(trial.caller, o.batch).at(o.batch.z, o.batch.y) for o in few]
    if numeric(alone, declared, plain=True):
        return replace(trial, fitting=relations)
    name = declared[0].name
    text = (
        f"with everyone alone and lam = 1 the loss is not {name}, in any reduction; a term of the weights may be added"
    )
    if not relations and not trial.fitting:
        return trial
    return replace(trial, fitting=trial.fitting or relations, mistaken=(Finding("another criterion", text),))


def _conventions(seen: list[Observation]) -> tuple[list[Observation], Sequence[Convention]]:
    """Match in the precision of the arguments, and then in single precision."""
    fitting = matching(seen)
    if fitting or seen[0].batch.z.dtype == np.float32:
        return seen, fitting
    single = [Observation(_widened(o.batch), o.loss, o.gradients) for o in seen]
    fitting = matching(single)
    return (single, fitting) if fitting else (seen, fitting)


def _widened(batch: StepBatch) -> StepBatch:
    """Return the same batch with the bounds of single precision."""
    return replace(batch, exact=False, z=batch.z.astype(np.float32))


def _single(dtype: str) -> Finding:
    text = f"the check runs in {dtype}, and the loss is right to the roundings of float32: a ratio or a loss in float32"
    return Finding(f"float32 inside {dtype}", text + "; pass dtype='float32' if all of it is", remark=True)


def _explained(trial: Trial) -> Trial:
    """Name the mistake in a trial that nothing right explains."""
    if trial.fitting or trial.mistaken or not trial.seen:
        return trial
    few = trial.seen[:FEW_BATCHES]
    try:
        named = _mistake_of_its_own(trial.caller, few)
    except SymmixError:
        raise
    except Exception:  # noqa: BLE001  # a step that refuses lam = 1, or partners that are all their own
        named = None
    if named is None:
        return trial
    finding = Finding(named[0], f"{named[1]}, whatever the criterion is", "", trial.caller.written(few[0].batch))
    return replace(trial, mistaken=(finding,))


def _mistake_of_its_own(caller: Caller, few: Sequence[Observation]) -> tuple[str, str] | None:
    """Name a mistake without knowing the criterion, and say what it is; None if nothing is found."""
    name = name_own_mistake(caller, few)
    if name is not None:
        return name, MEANING.get(name, "every returned value is explained by that")
    return wrong_weights(caller, few) or name_beside(caller, few)
