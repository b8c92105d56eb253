"""One call of a mixing function, and everything that can be read off it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from symmix.errors import ImplementationError, SymmixError
from symmix.numeric.arrays import Array
from symmix.testing.finding import Finding
from symmix.testing.frameworks import Call, Framework
from symmix.testing.labels import check_label_shape, check_labels
from symmix.testing.matrices import Mixing, check_features, read_matrix, require_wide, slack
from symmix.testing.returns import Parts, features_of, label_rows, parts_of, weighted

SPARE = 5
"""Features beyond the identity, which show whether the mixture is linear."""
LINEAR = ("permutation over the wrong axis", "not a mixture of samples", "features have another shape", "not a number")
"""Findings after which a draw has no mixing matrix."""


@dataclass(frozen=True)
class Probe:
    """A mixing function with the way to call it."""

    mix: Callable[..., Any]
    framework: Framework
    labels: str
    shape: Sequence[int] | None
    classes: int | None
    samples: int
    ways: int
    in_place: bool
    dtype: str

    def __post_init__(self) -> None:
        if self.labels not in {"one-hot", "indices"}:
            raise ImplementationError("labels='one-hot' or 'indices'", f"labels={self.labels!r}", "choose one of them")
        if self.samples < 3:
            raise ImplementationError(
                "at least 3 samples", str(self.samples), "two cannot show a permutation's inverse"
            )
        if self.shape is not None and int(np.prod(self.shape)) <= self.samples:
            raise ImplementationError(
                f"a shape with more entries than the {self.samples} samples, to hold an identity",
                f"shape {tuple(self.shape)} with {int(np.prod(self.shape))} entries",
                "pass a larger shape or fewer samples",
            )
        if self.dtype not in {"float32", "float64"}:
            raise ImplementationError("dtype float32 or float64", self.dtype, "half precision hides what is checked")


@dataclass(frozen=True)
class Draw:
    """What one call showed."""

    mixing: Mixing
    form: str
    findings: list[Finding]
    blind: str
    weighs: str | None = None
    linear: bool = field(default=True)


@dataclass(frozen=True)
class _Given:
    """The features [I | R] as samples in rows, and the labels, as rows and as they are passed."""

    x: Array
    rows: Array
    labels: Array


def _given(probe: Probe, number: int, seed: int, width: int | None = None) -> _Given:
    rng = np.random.default_rng([seed, number])
    n = probe.samples
    wide = width or (n + SPARE if probe.shape is None else int(np.prod(probe.shape)))
    # eighths within [0, 1]: a transform that keeps pixels in their range has nothing to clip
    spare = rng.integers(0, 8, (n, wide - n), endpoint=True) / 8
    classes = probe.classes or (n if number % 2 == 0 else max(2, n // 2))
    indices = np.arange(n) if classes >= n else rng.permutation(np.arange(n) % classes)
    rows = np.eye(classes)[indices]
    x = np.concatenate([np.eye(n), spare], axis=1).astype(probe.dtype)
    return _Given(x, rows, indices if probe.labels == "indices" else rows.astype(probe.dtype))


def draw_once(probe: Probe, number: int, seed: int) -> Draw:
    """Call the function once on features that show its matrix, and check everything about the call."""
    given = _given(probe, number, seed)
    call, after_labels = _call(probe, given, number, seed)
    if isinstance(call, Finding):
        return Draw(read_matrix(np.eye(probe.samples), 0.0), "nothing", [call], "", linear=False)
    numpy = probe.framework.numpy
    out = numpy(features_of(call.returned))
    indices = given.labels if probe.labels == "indices" else None
    parts = parts_of(call.returned, numpy, probe.samples, indices, given.rows.shape[1])
    found = _check_shape(out, given, probe)
    if found is not None:
        return Draw(read_matrix(np.eye(probe.samples), 0.0), parts.form, [found], call.blind, linear=False)
    flat = out.reshape(probe.samples, -1)
    mixing, findings = check_features(given.x, flat, probe.ways)
    linear = not any(finding.name in LINEAR for finding in findings)
    findings += _check_inputs(probe, given, call, after_labels)
    weighs = None
    if linear:
        weighs, wrong = _check_parts(parts, given, mixing, slack(flat, *parts.labels), probe)
        sent = _cotangent(probe, number, seed, out.shape).reshape(flat.shape)
        findings += wrong + _check_backward(call, mixing, sent)
    elif parts.form == "mixed labels":
        wrong_shape = check_label_shape(parts.labels[0], given.rows, indices)
        findings += [] if wrong_shape is None else [wrong_shape]
    return Draw(mixing, parts.form, findings, call.blind, weighs, linear)


def _call(probe: Probe, given: _Given, number: int, seed: int) -> tuple[Call | Finding, Array]:
    framework = probe.framework
    shape = (probe.samples, *(probe.shape or (given.x.shape[1],)))
    labels = framework.array(given.labels.copy())

    _require_signature(probe.mix)
    send = partial(_cotangent, probe, number, seed)
    try:
        call = framework.run(lambda x: probe.mix(x, labels), given.x.reshape(shape), features_of, send)
    except SymmixError:
        raise
    except Exception as error:  # whatever somebody else's function raises is what is reported
        square = _works_on_squares(probe, number, seed)
        message = f"{type(error).__name__}: {error}"
        if square:
            return Finding(
                "permutation over the wrong axis",
                f"the function works for as many features as samples and fails for {given.x.shape[1]} features of "
                f"{probe.samples} samples ({message}): samples are taken from axis 1",
            ), given.labels
        raise ImplementationError(
            f"a function mix(x, y) of features {shape} and labels {given.labels.shape} ({probe.labels}), "
            f"{probe.framework.name} arrays",
            f"{getattr(probe.mix, '__name__', probe.mix)!s} raised {message}",
            "pass shape= for images, labels='indices' for class indices, framework= for its arrays, or wrap it: "
            "lambda x, y: yours(...)",
        ) from error
    return call, np.array(framework.numpy(labels))


def _works_on_squares(probe: Probe, number: int, seed: int) -> bool:
    if probe.shape is not None:
        return False
    given = _given(probe, number, seed, width=probe.samples)
    array = probe.framework.array
    try:
        probe.mix(array(given.x), array(given.labels))
    except Exception:  # noqa: BLE001  # any failure is the answer no
        return False
    return True


def _require_signature(mix: Callable[..., Any]) -> None:
    if not callable(mix):
        raise ImplementationError(
            "a function mix(x, y)", f"{mix!r}, which cannot be called", "pass the function itself"
        )
    try:
        signature = inspect.signature(mix)
    except (TypeError, ValueError):
        return
    try:
        signature.bind("x", "y")
    except TypeError as error:
        raise ImplementationError(
            "a function that can be called as mix(x, y)",
            f"{getattr(mix, '__name__', mix)!s}{signature}: {error}",
            "wrap it: lambda x, y: yours(x, y, alpha=1.0), or lambda x, y: yours(x) for features alone",
        ) from error


def _check_shape(out: Array, given: _Given, probe: Probe) -> Finding | None:
    require_wide(out, "the mixed features")
    if out.size != given.x.size or len(out) != probe.samples:
        return Finding("features have another shape", f"{given.x.shape} became {out.shape}")
    if not np.all(np.isfinite(out)):
        index = [int(i) for i in np.argwhere(~np.isfinite(out))[0]]
        return Finding("not a number", f"mixed feature {index} is {out[tuple(index)]:g}; what went in was in [0, 1]")
    return None


def _check_inputs(probe: Probe, given: _Given, call: Call, after_labels: Array) -> list[Finding]:
    found = []
    after = call.features_after.reshape(given.x.shape)
    if not probe.in_place and not np.array_equal(after, given.x):
        row, column = (int(i) for i in np.argwhere(after != given.x)[0])
        found.append(
            Finding(
                "the features are modified in place",
                f"x[{row}, {column}] was {given.x[row, column]:.6g} before the call and is {after[row, column]:.6g} "
                "after it; pass in_place=True if that is intended",
            )
        )
    if not np.array_equal(after_labels, given.labels):
        found.append(Finding("the labels are modified in place", "the labels that were passed in have changed"))
    return found


def _check_parts(
    parts: Parts, given: _Given, mixing: Mixing, tolerance: float, probe: Probe
) -> tuple[str | None, list[Finding]]:
    """Check the labels; also say which sample a returned ratio weighs."""
    for labels in parts.labels:
        require_wide(labels, "the labels")
    if not all(np.all(np.isfinite(labels.astype(np.float64))) for labels in parts.labels):
        return None, [Finding("not a number", "a mixed label is not finite")]
    if parts.form == "features":
        return None, []
    if parts.form == "mixed labels":
        indices = given.labels if probe.labels == "indices" else None
        wrong = check_label_shape(parts.labels[0], given.rows, indices, mixing)
        if wrong is None and parts.labels[0].shape != given.rows.shape:
            return None, []
        if wrong is None:
            return None, check_labels(mixing, given.rows, parts.labels[0].astype(np.float64), tolerance)
        return None, [wrong]
    return _check_two_labels(parts, given, mixing, tolerance)


def _check_two_labels(
    parts: Parts, given: _Given, mixing: Mixing, tolerance: float
) -> tuple[str | None, list[Finding]]:
    own, other = (label_rows(labels, given.rows.shape[1]) for labels in parts.labels)
    if own is None or other is None or parts.ratio is None:
        shapes = " and ".join(str(labels.shape) for labels in parts.labels)
        return None, [Finding("labels have another shape", f"the two labels are {shapes}, neither rows nor indices")]
    ratio, samples = parts.ratio.astype(np.float64), len(given.rows)
    sides = {
        "own": check_labels(mixing, given.rows, weighted(own, other, ratio, samples), tolerance),
        "partner": check_labels(mixing, given.rows, weighted(own, other, 1 - ratio, samples), tolerance),
    }
    right = [side for side, wrong in sides.items() if not wrong]
    if not right:
        return None, sides["own"]
    return "either" if len(right) == 2 else right[0], []


def _cotangent(probe: Probe, number: int, seed: int, shape: tuple[int, ...]) -> Array:
    return np.random.default_rng([seed, number, 1]).integers(-3, 3, shape, endpoint=True).astype(probe.dtype)


def _check_backward(call: Call, mixing: Mixing, sent: Array) -> list[Finding]:
    """Compare the pullback of a cotangent C with ``A^T C``."""
    if call.blind or np.all(mixing.alone):
        return []
    if call.gradient is None:
        message = "the mixed features do not depend on the features: no_grad, detach, .data or a copy through NumPy"
        return [Finding("the gradient is cut", message)]
    return _compare_gradients(call.gradient.reshape(sent.shape), mixing, sent)


def _compare_gradients(gradient: Array, mixing: Mixing, sent: Array) -> list[Finding]:
    expected = mixing.raw.T @ sent
    tolerance = slack(gradient) * (np.abs(sent).sum(axis=0) + 1)  # every entry of A is known up to the slack
    wrong = np.abs(gradient - expected) > tolerance
    if not wrong.any():
        return []
    row, column = (int(i) for i in np.argwhere(wrong)[0])
    values = (
        f"the gradient by x[{row}, {column}] is {gradient[row, column]:.6g}, "
        f"the transpose gives {expected[row, column]:.6g}"
    )
    if not np.any(gradient):
        return [Finding("the gradient is cut", f"it is zero; {values}")]
    own, met = mixing.own[:, None] * sent, ~mixing.alone  # a sample that is alone is its own partner
    if np.all((np.abs(gradient - own) <= tolerance)[met]):
        message = f"gradients reach the own sample and not its partner, which is detached; {values}"
        return [Finding("the partner's gradient is cut", message, "detaching_the_partner_halves_the_gradient")]
    if np.all((np.abs(gradient - (expected - own)) <= tolerance)[met]):
        return [Finding("the own sample's gradient is cut", f"gradients reach the partner only; {values}")]
    return [Finding("the backward pass is not the transpose", values)]
