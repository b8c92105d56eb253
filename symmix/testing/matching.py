"""Which conventions give every loss that a step returned, and what to say if none does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import numpy as np

from symmix.numeric.arrays import Array
from symmix.testing.batches import StepBatch
from symmix.testing.calling import Caller, Observation
from symmix.testing.conventions import Convention, conventions, entropy_rows, squared_elements
from symmix.testing.finding import Finding
from symmix.testing.mistakes import MEANING, name_mistake


class _Elements:
    """The unreduced losses of one batch, each computed once."""

    def __init__(self, batch: StepBatch) -> None:
        self.batch = batch
        self.known: dict[tuple[str, str, str, str], tuple[Array, Array]] = {}

    def of(self, convention: Convention) -> tuple[Array, Array]:
        """Return values and what an honest program may be off by, for the convention's criterion and pairing."""
        key = (convention.criterion, convention.mixes, convention.weighs, convention.pairing)
        if key not in self.known:
            self.known[key] = unreduced(self.batch, convention)
        return self.known[key]


def unreduced(batch: StepBatch, convention: Convention) -> tuple[Array, Array]:
    """Compute the losses of a batch before they are reduced, and what an honest program may be off by."""
    if convention.criterion == "squared":
        return squared_elements(batch, convention.mixes, convention.weighs, convention.pairing)
    return entropy_rows(batch, convention.weighs, convention.pairing)


def matching(seen: Sequence[Observation]) -> list[Convention]:
    """List the conventions that give every returned loss, the usual ones first."""
    if not seen:
        return []
    left = list(conventions())
    for observation in seen:
        known = _Elements(observation.batch)
        left = [convention for convention in left if _agrees(convention, observation, *known.of(convention))]
        if not left:
            break
    return left


def _agrees(convention: Convention, observation: Observation, elements: Array, errors: Array) -> bool:
    expected = convention.reduce(elements)
    if expected.shape != observation.loss.shape:
        return False
    if convention.is_exact(observation.batch):
        return bool(np.all(observation.loss == expected))
    return bool(np.all(np.abs(observation.loss - expected) <= np.abs(convention.reduce(errors))))


def differing(fitting: Sequence[Any]) -> list[str]:
    """Name the fields in which several fitting conventions, or relations, differ."""
    if len(fitting) < 2:
        return []
    names = [field.name for field in fields(fitting[0])]
    return [name for name in names if len({getattr(convention, name) for convention in fitting}) > 1]


def wrong_loss(caller: Caller, seen: Sequence[Observation]) -> Finding | None:
    """Name the mistake that explains the losses of a known criterion; None if none does."""
    mistake = name_mistake([(o.batch, o.loss) for o in seen], list(conventions()))
    if mistake is None:
        return None
    name, form = mistake
    first = _first_wrong(seen, form)
    expected = form.reduce(unreduced(first.batch, form)[0])
    values = f"at {first.batch.corner}, the loss is {_short(first.loss)}, proved is {_short(expected)} ({form})"
    line = caller.written(first.batch)
    title, _, detail = name.partition(" with ")
    meaning = MEANING.get(title, detail or "every returned value is explained by that")
    return Finding(title, f"{meaning} ({form.reduction}); {values}", "", line)


def _first_wrong(seen: Sequence[Observation], convention: Convention) -> Observation:
    wrong = (o for o in seen if not _agrees(convention, o, *unreduced(o.batch, convention)))
    return next(wrong, seen[0])


def _short(values: Array) -> str:
    flat = np.ravel(values)
    shown = ", ".join(f"{value:.6g}" for value in flat[:4])
    return shown if values.ndim == 0 else f"[{shown}{', ...' if len(flat) > 4 else ''}]"
