"""A training step as engineers have it, with nothing rewritten: ``loss = train_step(model, x, y)``.

A spy stands in the model's place. It notes the features that the model is given, and reads off the gradient of the
loss what weights the labels have; `symmix.testing.spy` says how, and why this holds for every network.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from symmix.errors import ImplementationError, SymmixError, place_of
from symmix.testing.train_step_arguments import Arguments, read_arguments
from symmix.testing.train_step_report import TrainStepReport
from symmix.testing.train_step_verdict import look_at

WHOLE = 32
"""Samples in a batch that is tried whole, where a few of it cannot be passed."""
SIZES = (4, 5, 7, 3)
"""Samples that are tried where a sequence or features are as many, so that either axis could be that of samples."""


def check_train_step(
    train_step: Callable[..., Any],
    *arguments: Any,
    layer: str | Sequence[str] = (),
    features: str | None = None,
    labels: str | None = None,
    evaluation: Callable[..., Any] | None = None,
    detached: bool = False,
    seed: int = 0,
) -> TrainStepReport:
    """Check a training step; the arguments are those of a call, ``train_step(*arguments)``.

    The mixing of features must be that of labels: ``x~ = A x`` and a loss with label weights A, for every network,
    every criterion of mixed losses, and those of mixed labels whose gradient is affine in the target; with targets that
    are numbers, every criterion. Gradients must reach both partners. Parameters, buffers, optimisers and random
    states are as they were after the check.

    Parameters
    ----------
    train_step
        The step; a method such as ``module.training_step`` or ``trainer.compute_loss`` is one too. It returns a loss,
        a tuple or dictionary with one in it, or nothing where it goes backward itself.
    arguments
        Of a call: a model, a batch of at least 4 samples with two kinds of labels, ... A batch may be a tuple or a
        dictionary.
    layer
        For manifold mixup inside the model: the layers whose input is mixed, ``"layer2"``; it is then looked at what
        they are given.
    features, labels
        Names of arguments, or keys of the batch, where they cannot be guessed.
    evaluation
        A step for validation with the same arguments, in which nothing must be mixed.
    detached
        Whether a network is meant to get no gradient through the features that it computes.

    Raises `ImplementationError` where features and labels are not found or the step cannot be called.
    """
    found = read_arguments(train_step, arguments, features, labels)
    layers = (layer,) if isinstance(layer, str) else tuple(layer)
    look = partial(_look, train_step, layers, evaluation, detached=detached, seed=seed)
    try:
        if not found.both:
            return look(found)
        return _along_either(look, found)
    except SymmixError:
        raise
    except Exception as error:
        name = getattr(train_step, "__name__", type(train_step).__name__)
        raise ImplementationError(
            f"{name}(...) to run on a batch of {found.samples} samples, "
            f"features {tuple(np.shape(found.x))[1:]} and labels {found.y.dtype}",
            f"{type(error).__name__}: {error}, {place_of(error)}",
            'call it once with these arguments; name features="..." and labels="..." if they were guessed wrongly',
        ) from error


def _along_either(look: Callable[[Arguments], TrainStepReport], found: Arguments) -> TrainStepReport:
    """Take samples along the first axis of features, and along the second if that does not pass."""
    try:
        report = look(found)
    except Exception:  # noqa: BLE001  # where the second axis fails, too, that is told
        return look(replace(found, axis=1))
    if not report.passed:
        with suppress(Exception):
            other = look(replace(found, axis=1))
            return other if other.passed or (other.mixes and not report.mixes) else report
    return report


def _look(
    step: Callable[..., Any],
    layers: Sequence[str],
    evaluation: Callable[..., Any] | None,
    found: Arguments,
    *,
    detached: bool,
    seed: int,
) -> TrainStepReport:
    """Look with few samples; with the whole batch, where a few cannot be passed; with others, to tell axes apart."""
    rows = int(found.y.shape[0])
    try:
        report, unsure = look_at(step, found, layers, evaluation, detached=detached, seed=seed)
    except Exception:
        if not found.samples < rows <= WHOLE:
            raise
        found = replace(found, samples=rows)  # a step may be made for one size of batch
        return look_at(step, found, layers, evaluation, detached=detached, seed=seed)[0]
    for samples in [size for size in SIZES if size <= rows and size != found.samples] if not report.passed else ():
        if not unsure:
            break
        with suppress(Exception):
            other = replace(found, samples=samples)
            report, unsure = look_at(step, other, layers, evaluation, detached=detached, seed=seed)
    return report


def assert_train_step(train_step: Callable[..., Any], *arguments: Any, **options: Any) -> TrainStepReport:
    """Check a training step, and raise ``AssertionError`` with the report as its text unless it passed.

    Takes what `check_train_step` takes.
    """
    report = check_train_step(train_step, *arguments, **options)
    if not report.passed:
        raise AssertionError(str(report))
    return report
