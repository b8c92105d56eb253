"""Calling somebody's step: arguments in its library's arrays, and what comes back as NumPy's."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from symmix.errors import ImplementationError, SymmixError, place_of
from symmix.numeric.arrays import Array
from symmix.testing.batches import StepBatch
from symmix.testing.finding import Finding
from symmix.testing.frameworks import Framework

RATIOS: tuple[str, ...] = ("one a batch", "one a sample", "one a sample, as a column")
"""What a step may take for lam, in the order in which it is offered: a number first, which broadcasts nowhere."""
LABELS: tuple[str, ...] = ("real", "scalar", "one-hot", "soft", "multi-label", "indices")
RETURN = "return the loss, or (loss, gradients) with gradients a mapping from 'z', 'W', 'b' to arrays"


@dataclass(frozen=True)
class Observation:
    """What a step returned for a batch: its loss, and gradients as far as it gave them."""

    batch: StepBatch
    loss: Array
    gradients: Mapping[str, Array]


@dataclass(frozen=True)
class Caller:
    """A step with the way to call it."""

    step: Callable[..., Any]
    framework: Framework
    labels: str
    ratios: str = RATIOS[0]
    differentiate: bool = False

    @property
    def name(self) -> str:
        """The name of the step."""
        return getattr(self.step, "__name__", "step")

    def settled(self, ratios: str, *batches: StepBatch) -> Caller | Exception:
        """Offer lam in one shape; return the way to call the step, or what it raised.

        The first of the batches on which the step can be called decides.
        """
        errors: list[Exception] = []
        for batch in batches:
            caller = replace(self, ratios=ratios)
            try:
                returned = caller.raw(batch)
            except SymmixError:
                raise
            except Exception as error:  # noqa: BLE001  # a step that does not take this shape is asked with the next
                errors.append(error)
                continue
            if not _has_gradients(returned) and self.framework.step_with_gradients is not None:
                caller = replace(caller, differentiate=True)
            _require_repeatable(caller, batch)
            return caller
        return errors[0]

    def cannot_be_called(self, error: Exception) -> ImplementationError:
        """Say what was passed, what was raised, and what else can be passed."""
        said = f"{type(error).__name__}: {error} ({place_of(error)})"
        return ImplementationError(
            "step(z, y, W, b, lam, partner) with z (N, h), W (k, h), b (k,), lam a number or (N,), partner (N,) and "
            + _labels_in_words(self.labels),
            f"{self.name} raised {said}",
            f"labels='indices' passes class indices, labels='one-hot' rows of one class, labels='scalar' targets (N,), "
            f"framework= other arrays than {self.framework.name}'s",
        )

    def arguments(self, batch: StepBatch) -> tuple[Any, ...]:
        """Return fresh arguments for a call."""
        array = self.framework.array
        return (
            array(batch.z),
            array(self._targets(batch)),
            array(batch.W),
            array(batch.b),
            self._ratio(batch),
            array(batch.partner),
        )

    def _targets(self, batch: StepBatch) -> Array:
        if self.labels == "indices":
            return np.asarray(batch.y.argmax(axis=1))
        return batch.y[:, 0] if self.labels == "scalar" else batch.y

    def _ratio(self, batch: StepBatch) -> Any:
        if self.ratios == "one a batch" or batch.one_ratio:
            return float(batch.lam[0])
        return self.framework.array(batch.lam[:, None] if self.ratios.endswith("column") else batch.lam)

    def raw(self, batch: StepBatch) -> Any:
        """Call the step and return what it returns."""
        step = self.step
        if self.differentiate and self.framework.step_with_gradients is not None:
            step = self.framework.step_with_gradients(step)
        return step(*self.arguments(batch))

    def modified(self, batch: StepBatch) -> str:
        """Name the arguments that a call writes into."""
        arguments = self.arguments(batch)
        before = [np.array(self.framework.numpy(argument)) for argument in arguments]
        self.step(*arguments)
        after = [self.framework.numpy(argument) for argument in arguments]
        names = ("z", "y", "W", "b", "lam", "partner")
        return ", ".join(n for n, a, b in zip(names, before, after, strict=True) if not np.array_equal(a, b))

    def observed(self, batch: StepBatch) -> Observation:
        """Call the step and read what it returns."""
        returned = self.raw(batch)
        loss, gradients = returned if _has_gradients(returned) else (returned, {})
        if loss is None or isinstance(loss, (str, Mapping, tuple, list)):
            raise ImplementationError("a loss, or (loss, gradients)", f"{type(loss).__name__} from {self.name}", RETURN)
        values = self.framework.numpy(loss)
        require_wide(values, "the loss")
        read = {name: self.framework.numpy(value) for name, value in gradients.items()}
        for name, value in read.items():
            require_wide(value, f"the gradient by {name}")
        if values.dtype.kind not in "fiu":
            raise ImplementationError("a loss of real numbers", f"dtype {values.dtype}", RETURN)
        return Observation(batch, values if values.dtype.kind == "f" else values.astype(np.float64), read)

    def written(self, batch: StepBatch) -> str:
        """Write a call as one line that can be pasted."""
        literal = self.framework.literal
        y = self._targets(batch)
        lam = repr(float(batch.lam[0]))
        if not (self.ratios == "one a batch" or batch.one_ratio):
            column = batch.lam[:, None] if self.ratios.endswith("column") else batch.lam
            lam = f"{literal}({column.tolist()})"
        named = {"z": batch.z, "y": y, "W": batch.W, "b": batch.b}
        arrays = ", ".join(f"{literal}({value.tolist()})" for value in named.values())
        return f"{self.name}({arrays}, {lam}, {literal}({batch.partner.tolist()}))"


def _labels_in_words(labels: str) -> str:
    if labels in {"indices", "scalar"}:
        return "class indices y (N,)" if labels == "indices" else "targets y (N,)"
    return f"{labels} targets y (N, k)"


def require_wide(array: Array, what: str) -> None:
    """Refuse half precision: three decimal digits cannot tell lam^2 from lam, nor 1 - lam from its neighbour.

    >>> require_wide(np.zeros(1, np.float32), "the loss")
    """
    if array.dtype == np.float16:
        raise ImplementationError(
            f"{what} in float32 or float64",
            "half precision (float16 or bfloat16)",
            "switch autocast or .half() off for the check; precision is not what is checked",
        )


def _has_gradients(returned: Any) -> bool:
    return isinstance(returned, tuple) and len(returned) == 2 and isinstance(returned[1], Mapping)


def require_signature(step: Callable[..., Any]) -> None:
    """Refuse what cannot be called with the six arguments of a step."""
    if not callable(step):
        raise ImplementationError("a function step(z, y, W, b, lam, partner)", f"{step!r}", "pass the function itself")
    try:
        signature = inspect.signature(step)
    except (TypeError, ValueError):
        return
    try:
        signature.bind("z", "y", "W", "b", "lam", "partner")
    except TypeError as error:
        raise ImplementationError(
            "a function that can be called as step(z, y, W, b, lam, partner)",
            f"{getattr(step, '__name__', step)!s}{signature}: {error}",
            "wrap it in one with these six arguments; a step that draws ratio and partners itself has to be given them",
        ) from error


def _require_repeatable(caller: Caller, batch: StepBatch) -> None:
    first, second = (caller.observed(batch) for _ in range(2))
    same = np.array_equal(first.loss, second.loss, equal_nan=True)
    if same and all(np.array_equal(g, second.gradients[n], equal_nan=True) for n, g in first.gradients.items()):
        return
    raise ImplementationError(
        "a step that depends on its arguments alone",
        f"two calls with equal arguments that returned {np.ravel(first.loss)[:1]} and {np.ravel(second.loss)[:1]}",
        "use the lam and partner that are passed, and switch dropout and other noise off (model.eval())",
    )


def observe(caller: Caller, batches: Iterable[StepBatch]) -> tuple[list[Observation], list[Finding]]:
    """Call a step on every batch; where it raises or returns no numbers, that is a finding."""
    seen: list[Observation] = []
    found: dict[str, Finding] = {}
    for batch in batches:
        n, k, h = batch.size
        where = f"{batch.corner} (N = {n}, k = {k}, h = {h})"
        try:
            observation = caller.observed(batch)
            written = "" if seen else caller.modified(batch)
        except SymmixError:
            raise
        except Exception as error:  # noqa: BLE001  # what a step raises is what is reported
            said = f"{where}: {type(error).__name__}: {error}"
            found.setdefault("raises", Finding("raises", said, reproducer=caller.written(batch)))
            continue
        if written:
            message = f"{where}: {written} have other values after the call than before it"
            found["in place"] = Finding("arguments are modified in place", message, reproducer=caller.written(batch))
        values = {"loss": observation.loss, **observation.gradients}
        broken = [name for name, value in values.items() if not np.all(np.isfinite(value))]
        if broken:
            message = f"{where}: the {broken[0]} is {values[broken[0]].ravel()[:4].tolist()} for finite arguments"
            found.setdefault("not a number", Finding("not a number", message, reproducer=caller.written(batch)))
            continue
        seen.append(observation)
    return seen, list(found.values())
