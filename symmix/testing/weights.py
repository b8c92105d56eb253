"""Wrong ratios and weights, found as numbers: what a step does at one lam, whatever formula it has for it.

Where partners are equal, features and labels both, nothing is mixed and lam cannot matter, whatever the criterion is.
Otherwise, with P the loss with everyone alone and one lam for all, two numbers are fitted to several batches,
``L = v P(z~, y) + w P(z~, y_p)``, or one is looked for in ``L = P(z~, v y + (1-v) y_p)`` and in
``L = P(v z + (1-v) z_p, y~)``. It is found if it gives every loss.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from symmix.numeric.arrays import Array
from symmix.testing.batches import StepBatch
from symmix.testing.calling import Caller, Observation
from symmix.testing.mistakes import explains
from symmix.testing.plain import Plain

RATIO = 0.375
STEPS = 32
"""Intervals in which one number is looked for."""
HALVINGS = 50
APART_BY = 2.0**-20
"""Ratios that are nearer than that are one ratio, whatever single precision has made of it."""
WEIGHTS, APART = "the weights of the losses are wrong", "inputs and labels have different ratios"


def wrong_weights(caller: Caller, seen: Sequence[Observation]) -> tuple[str, str] | None:
    """Name weights or a ratio that give every loss, and say which they are; None if there are none."""
    batches = [_with_one_ratio(o.batch) for o in seen if len(o.batch.z) > 2]
    if not batches:
        return None
    if (shown := _differs_for_equal_partners(caller, batches[0])) is not None:
        return WEIGHTS, shown
    losses = [caller.observed(batch).loss for batch in batches]
    plain = [Plain(caller, batch) for batch in batches]
    if (weights := _two_weights(plain, losses)) is not None:
        return WEIGHTS, f"at lam = {RATIO}, the losses of both labels weigh {weights[0]:.4g} and {weights[1]:.4g}"
    for what, guess in _with_one_number(caller.labels):
        found = _one_number(plain, losses, guess)
        if found is not None:
            return APART, f"at lam = {RATIO}, {what} weigh the own sample by {found:.4g}"
    return None


def _with_one_ratio(batch: StepBatch) -> StepBatch:
    return replace(batch, lam=np.full_like(batch.lam, RATIO), one_ratio=True)


def _differs_for_equal_partners(caller: Caller, batch: StepBatch) -> str | None:
    same = replace(
        batch, z=np.repeat(batch.z[:1], len(batch.z), axis=0), y=np.repeat(batch.y[:1], len(batch.y), axis=0)
    )
    alone = Plain(caller, same).at(same.z, same.y).loss
    found = caller.observed(same).loss
    if explains(alone, found):
        return None
    values = f"{float(np.sum(found)):.6g} at lam = {RATIO}, {float(np.sum(alone)):.6g} at lam = 1"
    return f"where all samples are equal, features and labels, the loss is {values}: weights do not add up to one"


def _mixed(batch: StepBatch, rows: Array, ratio: float) -> Array:
    return np.asarray(ratio * rows + (1 - ratio) * rows[batch.partner])


def _two_weights(plain: Sequence[Plain], losses: Sequence[Array]) -> tuple[float, float] | None:
    own, other = [], []
    for each in plain:
        z = _mixed(each.batch, each.batch.z, RATIO)
        own.append(each.at(z, each.batch.y).loss)
        other.append(each.at(z, each.batch.y[each.batch.partner]).loss)
    if [np.shape(value) for value in own] != [np.shape(value) for value in losses]:
        return None
    columns = np.stack([np.concatenate([np.ravel(v) for v in part]) for part in (own, other)], axis=1)
    fit, _, rank, _ = np.linalg.lstsq(columns, np.concatenate([np.ravel(v) for v in losses]), rcond=None)
    if rank < 2 or len(columns) < 4:
        return None
    guesses = [fit[0] * first + fit[1] * second for first, second in zip(own, other, strict=True)]
    fits = all(explains(np.asarray(guess), loss) for guess, loss in zip(guesses, losses, strict=True))
    right = bool(
        np.all(np.abs(fit - [RATIO, 1 - RATIO]) <= APART_BY)
    )  # of one ratio; several may be wrong all the same
    return (float(fit[0]), float(fit[1])) if fits and not right else None


Guess = Callable[[Plain, float], Array]


def _with_one_number(labels: str) -> Iterator[tuple[str, Guess]]:
    """Yield what may have a ratio of its own, and the loss that it gives."""

    def of_losses(plain: Plain, ratio: float) -> Array:
        batch = plain.batch
        z = _mixed(batch, batch.z, ratio)
        parts = plain.at(z, batch.y).loss, plain.at(z, batch.y[batch.partner]).loss
        return np.asarray(RATIO * parts[0] + (1 - RATIO) * parts[1])

    if labels != "indices":
        yield "labels", lambda p, v: p.at(_mixed(p.batch, p.batch.z, RATIO), _mixed(p.batch, p.batch.y, v)).loss
        yield "features", lambda p, v: p.at(_mixed(p.batch, p.batch.z, v), _mixed(p.batch, p.batch.y, RATIO)).loss
    yield "features", of_losses


def _one_number(plain: Sequence[Plain], losses: Sequence[Array], guess: Guess) -> float | None:
    """Look for the number where the first loss is met, and ask the others."""

    def off(ratio: float) -> float:
        return float(np.sum(guess(plain[0], ratio)) - np.sum(losses[0]))

    grid = np.linspace(0, 1, STEPS + 1)
    ends = [off(float(ratio)) for ratio in grid]
    for number in range(STEPS):
        if ends[number] * ends[number + 1] > 0:
            continue
        found = _root(off, float(grid[number]), float(grid[number + 1]))
        pairs = zip(plain, losses, strict=True)
        if abs(found - RATIO) > APART_BY and all(explains(guess(each, found), loss) for each, loss in pairs):
            return found
    return None


def _root(off: Callable[[float], float], low: float, high: float) -> float:
    below = off(low)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        value = off(middle)
        low, high = (middle, high) if below * value > 0 else (low, middle)
    return (low + high) / 2
