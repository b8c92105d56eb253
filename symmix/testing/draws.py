"""One call of a mixing function, and everything that can be read off it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from symmix.numeric.arrays import Array
from symmix.testing.calls import call_once, cotangent_at, turns_ids
from symmix.testing.finding import Finding
from symmix.testing.frameworks import Call, Native
from symmix.testing.labels import Agreement, Compared, agreement, explanations, padded, shape_defect
from symmix.testing.masks import mask_agreement
from symmix.testing.precision import Numbers, numbers_of, slack
from symmix.testing.probes import IN_PLACE, Given, Probe, given
from symmix.testing.returns import Parts, features_of, label_rows, parts_of, unpacked, weighted
from symmix.testing.rows import ACROSS, cast_defect, check_rows, unread
from symmix.testing.sources import Row, read_rows, spread, weights_at
from symmix.testing.tables import exchanged, scaled_tables

NUMBERS = (
    "the function turns the ids into floating numbers and weighs them as the features: right for targets that are "
    "numbers, where labels='real' shows more, and a third class for classes"
)
ENTRIES = 2**19
"""Entries of a mixing matrix by position that the backward pass is compared with."""


@dataclass(frozen=True)
class Draw:
    """What one call showed.

    Attributes
    ----------
    rows
        Every mixed sample, read; empty where none could be.
    form
        The shape of the return.
    findings
        The defects that one call shows by itself.
    blind
        Why the backward pass could not be looked at.
    weighs
        The sides that a returned ratio can weigh; empty where none is returned.
    agreed
        How labels follow from features; None if they do not, or there are none.
    wrong
        The labels beside what they should be, if they are not.
    """

    rows: tuple[Row, ...] = ()
    form: str = "nothing"
    findings: tuple[Finding, ...] = ()
    blind: str = ""
    weighs: frozenset[str] = frozenset()
    agreed: Agreement | None = None
    wrong: Compared | None = None
    numbers: Numbers | None = None
    explained: frozenset[str] = field(default=frozenset())

    @property
    def linear(self) -> bool:
        """Whether all rows could be read."""
        across = any(finding.name == ACROSS for finding in self.findings)
        return bool(self.rows) and not across and all(row.kind != "unread" for row in self.rows)

    @property
    def failed(self) -> bool:
        """Whether anything is wrong."""
        return any(not finding.remark for finding in self.findings) or self.wrong is not None


def draw_once(probe: Probe, number: int, seed: int) -> Draw:
    """Call the function once on features that show its matrix, and check everything about the call."""
    data = given(probe, number, seed)
    before = data.digest if data.lent else None
    call, labels_after = call_once(probe, data, number, seed)
    if isinstance(call, Finding):
        return Draw(findings=(call,))
    if before is not None and data.digest != before:
        data = given(probe, number, seed)  # as it was
    numpy = probe.framework.numpy
    returned = unpacked(call.returned, probe.batch)
    native = features_of(returned)
    out = numpy(native)
    shape = _check_shape(out, data)
    if shape is not None:
        return Draw(findings=(shape,), blind=call.blind)
    flat, numbers = _in_unit_range(out.reshape(-1, data.x.shape[1]), native, probe)
    cast = cast_defect(flat, out)
    if cast is not None:
        return Draw(findings=(cast,), blind=call.blind)
    rows = read_rows(*_compared_positions(probe, data.x, flat), numbers.tolerance, probe.given_shape)
    indices = data.labels if probe.labels == "indices" else None
    parts = parts_of(returned, numpy, len(rows), indices)
    findings = [*unread(rows, data.x, flat, numbers), *_check_inputs(probe, data, call, labels_after)]
    draw = Draw(tuple(rows), parts.form, tuple(findings), call.blind, numbers=numbers)
    if not draw.linear:
        return _with_label_shape(draw, parts, data, indices, probe)
    weights, numbers = _weights(rows, probe, numbers)
    draw = _and(draw, numbers=numbers)
    findings += weights
    findings += _check_backward(probe, call, rows, data.x, flat, numbers, (number, seed))
    draw = _and(draw, *findings[len(draw.findings) :])
    if probe.labels == "masks" and parts.form != "features":
        return _with_masks(draw, parts, data, flat)
    return _with_labels_to_rounding(draw, parts, data, probe)


# -- features ---


def _weights(rows: list[Row], probe: Probe, numbers: Numbers) -> tuple[list[Finding], Numbers]:
    """Check the weights of rows, and say in which numbers they were; a ratio may be single where features are not."""
    strict = check_rows(rows, probe.ways, numbers.tolerance)
    if not strict or numbers.declared != "float64" or check_rows(rows, probe.ways, numbers.single.tolerance):
        return strict, numbers
    return [], numbers.single


def _check_shape(out: Array, data: Given) -> Finding | None:
    width = data.x.shape[1]
    if out.size == 0 or out.size % width or out.ndim < 2 or out.size // width != len(out):
        return Finding("features have another shape", f"{data.features.shape} became {out.shape}")
    if out.shape[1:] != data.features.shape[1:] and data.features.ndim == out.ndim:
        return Finding("features have another shape", f"{data.features.shape} became {out.shape}")
    if not np.isfinite(np.sum(out)) and not np.all(np.isfinite(out)):
        index = [int(i) for i in np.argwhere(~np.isfinite(out))[0]]
        return Finding("not a number", f"mixed feature {index} is {out[tuple(index)]:g}; what went in was in [0, 1]")
    return None


def _in_unit_range(flat: Array, native: Native, probe: Probe) -> tuple[Array, Numbers]:
    """Bring bytes to [0, 1], whether they went in as bytes or were made of [0, 1]."""
    declared = str(getattr(native, "dtype", flat.dtype)).rpartition(".")[2]
    values = flat if flat.dtype.kind == "f" and flat.dtype != np.float16 else flat.astype(np.float64)
    if probe.dtype == "uint8" or (flat.dtype.kind in "iu" and float(np.max(values)) > 2):
        values = values / 255
    return values, numbers_of(values, declared)


def _compared_positions(probe: Probe, x: Array, flat: Array) -> tuple[Array, Array]:
    """Leave out what is kept from the own sample on purpose: indices of the first axis of a sample."""
    if not probe.kept:
        return x, flat
    mixed = np.ones(probe.given_shape, dtype=bool)
    mixed[list(probe.kept)] = False
    return x[:, mixed.ravel()], flat[:, mixed.ravel()]


def _check_inputs(probe: Probe, data: Given, call: Call, labels_after: Array) -> list[Finding]:
    found, allowed = [], IN_PLACE[probe.in_place]
    after = call.features_after.reshape(data.features.shape)
    if "features" not in allowed and not _are_one(after, data.features):
        at = tuple(int(i) for i in np.argwhere(after != data.features)[0])
        found.append(
            Finding(
                "the features are modified in place",
                f"x{list(at)} was {data.features[at]:.6g} before the call and is {after[at]:.6g} "
                "after it; pass in_place=True if that is intended",
            )
        )
    if "labels" not in allowed and not np.array_equal(labels_after, data.labels):
        message = "the labels that were passed in have changed; pass in_place=True if that is intended"
        found.append(Finding("the labels are modified in place", message))
    return found


def _are_one(after: Array, before: Array) -> bool:
    """Compare features row by row, which takes little memory."""
    return all(np.array_equal(*pair) for pair in zip(after, before, strict=True))


# -- labels ---


def _with_label_shape(draw: Draw, parts: Parts, data: Given, indices: Array | None, probe: Probe) -> Draw:
    if parts.form != "mixed labels" or probe.labels == "masks":
        return draw
    wrong = shape_defect(parts.labels[0], data.rows, len(draw.rows), indices, real=probe.labels == "real")
    return draw if wrong is None else _and(draw, Finding(*wrong))


def _and(draw: Draw, *findings: Finding, **changes: Any) -> Draw:
    return Draw(**{**vars(draw), "findings": (*draw.findings, *findings), **changes})


def _with_labels_to_rounding(draw: Draw, parts: Parts, data: Given, probe: Probe) -> Draw:
    """Compare labels, and if they are wrong in double precision, to the roundings of a ratio in single precision."""
    labelled = _with_labels(draw, parts, data, probe)
    if labelled.wrong is None or draw.numbers is None or draw.numbers.declared != "float64":
        return labelled
    single = _with_labels(_and(draw, numbers=draw.numbers.single), parts, data, probe)
    return labelled if single.wrong is not None else single


def _with_labels(draw: Draw, parts: Parts, data: Given, probe: Probe) -> Draw:
    if parts.form == "features":
        return draw
    if not all(np.all(np.isfinite(labels.astype(np.float64))) for labels in parts.labels):
        return _and(draw, Finding("not a number", "a mixed label is not finite"))
    readings, wrong_shape = _readings(parts, draw, data, probe)
    if wrong_shape is not None:
        return _as_numbers(draw, parts, data, probe) or _and(draw, Finding(*wrong_shape))
    soft = probe.labels != "real"
    fitting = [(side, form, agreed) for side, form, c in readings if (agreed := agreement(c, soft=soft)) is not None]
    if fitting:
        exact = [item for item in fitting if item[2] == Agreement()] or fitting
        turned = exchanged(parts, draw.rows, data.rows)
        if turned is not None:
            draw = _and(draw, Finding(*turned))
        return _and(draw, weighs=frozenset(side for side, _, _ in exact if side), agreed=exact[0][2], form=exact[0][1])
    explained = [explanations(compared) for _, _, compared in readings]
    best = min(range(len(readings)), key=lambda place: -len(explained[place]))
    return _and(draw, wrong=readings[best][2], explained=frozenset().union(*explained))


def _as_numbers(draw: Draw, parts: Parts, data: Given, probe: Probe) -> Draw | None:
    """Compare class ids that a function turns into numbers as numbers; None for ids that are averaged as they are."""
    mixed = np.ravel(parts.labels[0]).astype(np.float64) if len(parts.labels) == 1 else np.empty(0)
    if probe.labels != "indices" or parts.labels[0].dtype.kind != "f" or len(mixed) != len(draw.rows):
        return None
    numbers = data.labels[:, None].astype(np.float64)
    allowed = _label_tolerance(draw, parts, max(1.0, float(np.max(np.abs(numbers)))))
    if not turns_ids(probe, data):
        return None
    compared = Compared(draw.rows, numbers, mixed[:, None], allowed)
    if not compared.fits:
        return _and(draw, wrong=compared, explained=explanations(compared))
    return _and(draw, Finding("class ids are mixed as numbers", NUMBERS, remark=True), agreed=Agreement())


def _with_masks(draw: Draw, parts: Parts, data: Given, flat: Array) -> Draw:
    tolerance = draw.numbers.tolerance if draw.numbers else 0.0
    changed = np.abs(flat - data.x[[row.own for row in draw.rows]]) > tolerance
    sides, wrong = mask_agreement(draw.rows, parts, data, changed, tolerance)
    return _and(draw, *wrong, weighs=sides, agreed=None if wrong else Agreement())


Reading = tuple[str, str, Compared]


def _readings(parts: Parts, draw: Draw, data: Given, probe: Probe) -> tuple[list[Reading], tuple[str, str] | None]:
    """Lay out what the returned labels can mean: which sample a ratio weighs, its form, and the labels to compare."""
    indices = data.labels if probe.labels == "indices" else None
    rows, y, real = len(draw.rows), data.rows, probe.labels == "real"
    found: list[Reading] = []

    def read(labels: Array) -> Array | None:
        return labels.reshape(rows, -1).astype(np.float64) if real else label_rows(labels, y.shape[1])

    def add(side: str, form: str, labels: Array) -> None:
        tolerance = _label_tolerance(draw, parts, max(1.0, float(np.max(np.abs(y)))))
        found.append((side, form, Compared(draw.rows, padded(y, labels.shape[1]), labels, tolerance)))

    wrong = None
    if parts.form in {"mixed labels", "the partner's labels and a ratio"}:
        wrong = shape_defect(parts.labels[0], y, rows, indices, real=real)
    if wrong is not None and parts.form == "mixed labels":
        return [], scaled_tables(parts.labels[0], draw.rows, y) or wrong
    if parts.form != "mixed labels" and parts.ratio is not None:
        given_labels = parts.labels if len(parts.labels) == 2 else (None, parts.labels[0])
        own = read(given_labels[0]) if given_labels[0] is not None else y[[row.own for row in draw.rows]]
        other = read(given_labels[1])
        if own is None or other is None or len(own) != rows or len(other) != rows:
            shapes = " and ".join(str(labels.shape) for labels in parts.labels)
            return [], ("labels have another shape", f"the labels are {shapes}, neither rows nor indices")
        width = max(own.shape[1], other.shape[1])
        pair = padded(own, width), padded(other, width)
        ratio = parts.ratio.astype(np.float64)
        add("own", parts.form, weighted(*pair, ratio, rows))
        add("partner", parts.form, weighted(*pair, 1 - ratio, rows))
    if len(parts.labels) == 1 and wrong is None:
        mixed = read(parts.labels[0])
        if mixed is not None:
            add("", "mixed labels", mixed)
    return found, None if found else (wrong or ("labels have another shape", "neither rows nor indices"))


def _label_tolerance(draw: Draw, parts: Parts, scale: float) -> Array:
    """Bound what labels may be off by: a weight is known within four roundings of an entry, and labels round, too."""
    features = draw.numbers.tolerance if draw.numbers else 0.0
    ratio = () if parts.ratio is None else (parts.ratio,)
    own = slack(*parts.labels, *ratio)
    vague = np.array([row.vague for row in draw.rows])
    return np.asarray((scale * (4 * features + own + vague))[:, None])


# -- backward ---


def _check_backward(
    probe: Probe,
    call: Call,
    rows: list[Row],
    x: Array,
    flat: Array,
    numbers: Numbers,
    draw: tuple[int, int],
) -> list[Finding]:
    """Compare the pullback of a cotangent C with ``A^T C``."""
    unknown = any(row.kind in {"replaced", "erased"} or not row.sure for row in rows)
    if call.blind or probe.kept or unknown or all(row.kind == "unmixed" for row in rows):
        return []
    if call.gradient is None:
        message = "the mixed features do not depend on the features: no_grad, detach, .data or a copy through NumPy"
        return [_cut("the gradient is cut", message, probe)]
    at = spread(np.arange(x.shape[1]), max(8, min(512, ENTRIES // (len(rows) * len(x)))))
    A = np.stack([weights_at(row, x, out, at, numbers.tolerance) for row, out in zip(rows, flat, strict=True)])
    sent = cotangent_at(*draw, np.arange(len(flat))[:, None] * flat.shape[1] + at).astype(np.float64)
    own = np.array([row.own for row in rows])
    gradient = call.gradient.reshape(len(x), -1)[:, at]
    if numbers.computed == "bytes" and not np.any(gradient):
        return []  # rounding has no gradient
    found = _compare_gradients(gradient, A, own, sent, max(numbers.tolerance, slack(gradient)), at)
    if found and found[0].name == "the partner's gradient is cut" and _written(call, x):
        return [_cut(found[0].name, found[0].message + "; written in place under no_grad", probe)]
    return found


def _written(call: Call, x: Array) -> bool:
    return not np.array_equal(call.features_after.reshape(len(x), -1), x.astype(call.features_after.dtype))


def _cut(name: str, message: str, probe: Probe) -> Finding:
    """Report a gradient that stops: a defect of mixed features, a remark of images, with nothing in front."""
    if len(probe.given_shape) < 3:
        return Finding(name, message)
    return Finding(name, f"{message}; right for inputs, wrong for what a layer puts out", remark=True)


def _compare_gradients(
    gradient: Array, A: Array, own: Array, sent: Array, tolerance: float, at: Array
) -> list[Finding]:
    expected = np.einsum("mnp,mp->np", A, sent)
    allowed = 4 * tolerance * (np.abs(sent).sum(axis=0) + 1)  # every entry of A is known up to the tolerance
    wrong = np.abs(gradient - expected) > allowed  # never where a weight is not seen
    if not wrong.any():
        return []
    row, column = (int(i) for i in np.argwhere(wrong)[0])
    values = (
        f"the gradient by x[{row}, {int(at[column])}] is {gradient[row, column]:.6g}, "
        f"the transpose gives {expected[row, column]:.6g}"
    )
    if not np.any(gradient):
        return [Finding("the gradient is cut", f"it is zero; {values}")]
    mine = np.zeros_like(A)
    mine[np.arange(len(own)), own] = A[np.arange(len(own)), own]
    alone = A.max(axis=1) == 1  # a sample that is alone is its own partner
    by_own = np.einsum("mnp,mp->np", np.where(alone[:, None], A, mine), sent)
    by_other = np.einsum("mnp,mp->np", np.where(alone[:, None], A, A - mine), sent)
    lone = np.zeros(gradient.shape, dtype=bool)
    np.logical_or.at(lone, own, alone)
    if np.all((np.abs(gradient - by_own) <= allowed) | lone):
        message = f"gradients reach the own sample and not its partner, which is detached; {values}"
        return [Finding("the partner's gradient is cut", message, "detaching_the_partner_halves_the_gradient")]
    if np.all((np.abs(gradient - by_other) <= allowed) | lone):
        return [Finding("the own sample's gradient is cut", f"gradients reach the partner only; {values}")]
    return [Finding("the backward pass is not the transpose", values)]
