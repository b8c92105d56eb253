"""Relations that hold for every network and every loss, for steps in which no spy can stand: JAX, NumPy, one formula.

All samples are u and all labels low; then row i of the batch is u whatever is mixed. Sample j is moved by s_j along a
direction d, and the label of sample k is made high. With features x~ = A x, labels y~ = M y, and l(u, y) the loss of a
row, the loss is F(s, b) = sum_i l(u + (A s)_i d, (M b)_i), so that at s = 0, b = 0

    d^2 F / ds_j ds_k           = (A^T A)_jk  d^2 l / ds^2
    d F / ds_j, k high - low    = (A^T M)_jk  (dl/ds, high - low)

for mixed losses, and for mixed labels where the loss is affine in the target. Rows of A and M sum to one, hence the
entries of both matrices sum to the number of samples, which removes the unknown factors. Labels are mixed as features
are, M = A, only if both matrices are equal; for every A that can be inverted that is also enough. Which row a mixture
stands in cannot be seen, and does not matter for a loss that is a sum over rows.

It is asked in two directions: where the answers differ, rows depend on each other, or features are mixed in patches,
and nothing is decided.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from itertools import permutations, product
from typing import Any

import numpy as np

from symmix.errors import ImplementationError
from symmix.numeric.arrays import Array
from symmix.testing.finding import Finding
from symmix.testing.state import Snapshot
from symmix.testing.train_step_arguments import Arguments
from symmix.testing.train_step_matrices import DIFFERENT, KNOWN, difference
from symmix.testing.train_step_report import TrainStepReport

DRAWS, TRIES = 3, 24
APART = ("inputs and labels have different ratios", "inputs and labels are paired differently")
EXACT, ROUGH = 2.0**-13, 2.0**-8
"""Entries may be off by this much: with derivatives of a library in float32, and with differences in float64."""


@dataclass(frozen=True)
class Relation:
    """Both matrices of one draw, and what an entry may be off by."""

    features: Array
    labels: Array
    error: float

    @property
    def mixes(self) -> bool:
        """Whether different samples meet in a row."""
        return bool(np.max(np.abs(self.features - np.diag(np.diag(self.features)))) > 16 * self.error)

    @property
    def holds(self) -> bool:
        """Whether labels are mixed as features are."""
        return bool(np.max(np.abs(self.features - self.labels)) <= 4 * self.error)


def look_without_a_spy(
    step: Callable[..., Any], arguments: Arguments, snapshot: Snapshot, seed: int
) -> TrainStepReport:
    """Decide by the relations alone."""
    slopes = _slopes(step, arguments, snapshot)
    found: list[Relation] = []
    reason = ""
    for number in range(TRIES):
        relation, why = relation_of(slopes, arguments.samples, seed * 1000 + number)
        reason = reason or why
        if relation is not None:
            found.append(relation)
        if sum(relation.mixes for relation in found) >= DRAWS or (why and number > DRAWS):
            break
    findings, undecided = _judged(found, reason)
    unseen = ("whether gradients reach every parameter: the step returns a loss", "the row in which a mixture stands")
    return TrainStepReport(
        tuple(findings), tuple(undecided), (), slopes.calls, "by relations", seed, () if undecided else unseen
    )


def _judged(found: list[Relation], reason: str) -> tuple[list[Finding], list[str]]:
    mixing = [relation for relation in found if relation.mixes]
    if not mixing:
        if reason or not found:
            return [], [reason or "the loss cannot be read"]
        if any(not relation.holds for relation in found):
            return [Finding("the mix is discarded", "labels are mixed, and features come as they were passed")], []
        return [Finding("nothing is mixed", f"in all {len(found)} draws samples do not meet in the loss")], []
    if all(relation.holds for relation in mixing):
        return [], []
    wrong = next(relation for relation in mixing if not relation.holds)
    at = [int(i) for i in np.unravel_index(np.argmax(np.abs(wrong.features - wrong.labels)), wrong.features.shape)]
    shown = (
        f"samples {at[0]} and {at[1]} meet with weight {wrong.features[at[0], at[1]]:.4g} in the features, and sample "
        f"{at[0]} meets label {at[1]} with {wrong.labels[at[0], at[1]]:.4g}"
    )
    names = [set(_names(relation)) for relation in mixing if not relation.holds]
    common = [name for name in KNOWN if all(name in some for some in names)]
    common += [name for name in APART if 2 * sum(name in some for some in names) > len(names)]
    name = common[0] if common else DIFFERENT
    words = KNOWN[name][1] + "; " if name in KNOWN else ""
    return [Finding(name, words + shown)], []


def _names(relation: Relation) -> Iterator[str]:
    """Yield what would explain the labels, for the mixtures that would give these features."""
    square = relation.labels @ relation.labels.T
    if np.max(np.abs(square - relation.features)) <= 8 * relation.error:
        yield "labels are not mixed"
    for features in _mixtures(relation):
        for name, (predicted, _) in KNOWN.items():
            weights = predicted(features)
            if weights is None or not weights.size:
                continue
            if np.max(np.abs(features.T @ weights - relation.labels)) <= 8 * relation.error:
                yield name
        if np.linalg.cond(features) < 16:
            name = difference(features, np.linalg.solve(features.T, relation.labels), 8 * relation.error)
            yield name if name in APART else DIFFERENT


def _mixtures(relation: Relation) -> Iterator[Array]:
    """Yield ``lam I + (1 - lam) P`` with one ratio for all and a permutation P, for which ``A^T A`` is as seen."""
    samples = len(relation.features)
    for order in permutations(range(samples)):
        partner = np.eye(samples)[list(order)]
        off = (partner + partner.T) * (1 - np.eye(samples))
        square = float(np.sum(off * off))
        if square == 0:
            continue
        both = float(np.sum(off * relation.features)) / square  # lam (1 - lam)
        if not 0 < both < 0.25 + relation.error:
            continue
        root = float(np.sqrt(max(0.0, 0.25 - both)))
        for lam in (0.5 + root, 0.5 - root):
            features = lam * np.eye(samples) + (1 - lam) * partner
            if np.max(np.abs(features.T @ features - relation.features)) <= 8 * relation.error:
                yield features


def relation_of(slopes: Slopes, samples: int, seed: int) -> tuple[Relation | None, str]:
    """Read both matrices in two directions; say why, if they cannot be read."""
    found = []
    for direction in range(2):
        low = np.zeros(samples)
        bend = slopes.second(low, direction, seed)
        base = slopes.first(low, direction, seed)
        slope = np.stack([slopes.first(np.eye(samples)[k], direction, seed) - base for k in range(samples)], axis=1)
        if not (np.all(np.isfinite(bend)) and np.all(np.isfinite(slope))):
            return None, "the loss is not finite where all samples are equal"
        for matrix, size, what in (
            (bend, float(np.abs(base).max()), "the loss does not bend along the features"),
            (slope, float(np.abs(base).max()), "the loss does not depend on features and labels together"),
        ):
            if abs(matrix.sum()) <= slopes.error * max(size, float(np.abs(matrix).max())):
                return None, f"{what}, so that mixtures cannot be read off it"
        found.append((samples * bend / bend.sum(), samples * slope / slope.sum()))
    apart = max(float(np.max(np.abs(a - b))) for a, b in zip(*found, strict=True))
    if apart > 4 * slopes.error:
        return None, (
            "features meet in other ways in different directions: rows depend on each other (batch normalisation in "
            "training mode), noise is added, draws do not repeat, or features are mixed in patches"
        )
    features, labels = ((a + b) / 2 for a, b in zip(*found, strict=True))
    return Relation(features, labels, slopes.error), ""


class Slopes:
    """The loss of a step as a function of s and b, and its derivatives by s: by differences, for any library.

    Parameters
    ----------
    step, arguments, snapshot
        The step, its call, and the state before the check.
    """

    error = ROUGH
    step_size = 2.0**-6

    def __init__(self, step: Callable[..., Any], arguments: Arguments, snapshot: Snapshot) -> None:
        self.step, self.arguments, self.snapshot = step, arguments, snapshot
        self.calls = 0
        x = np.asarray(_plain(arguments.x), dtype=np.float64)
        if str(arguments.x.dtype).find("float") < 0:
            raise ImplementationError(
                "features that are numbers, since no model was found in whose place a spy could stand",
                f"features of {arguments.x.dtype}",
                "pass the features as float, or the model among the arguments",
            )
        x = np.moveaxis(x, arguments.axis, 0)
        self.origin, self.ways = x[0], [x[1] - x[0], x[2] - x[0]]

    def loss(self, s: Array, bits: Array, direction: int, seed: int) -> float:
        """Call the step in the state before the check."""
        self.snapshot.restore()
        self.snapshot.seed(seed)
        self.calls += 1
        moved = self.origin + s.reshape(-1, *[1] * self.origin.ndim) * self.ways[direction]
        given = self.arguments.call(
            np.zeros(len(s), int), self.arguments.labelled(bits), self.keys(seed), x=self.native(moved)
        )
        return float(np.sum(_plain(loss_of(self.step(*given)))))

    def native(self, moved: Array) -> Any:
        """Return features in the step's own arrays."""
        return moved.astype(np.float64)

    def keys(self, seed: int) -> Any:
        """Return the key of JAX that is passed, if there is one."""
        del seed

    def first(self, bits: Array, direction: int, seed: int) -> Array:
        """Return dF/ds at 0."""
        unit = np.eye(len(bits)) * self.step_size

        def across(size: float) -> Array:
            ends = [[self.loss(sign * size * row, bits, direction, seed) for sign in (1, -1)] for row in unit]
            return np.array([(high - low) / (2 * size * self.step_size) for high, low in ends])

        return (4 * across(0.5) - across(1.0)) / 3  # Richardson

    def second(self, bits: Array, direction: int, seed: int) -> Array:
        """Return the matrix of second derivatives by s at 0."""
        samples, h = len(bits), self.step_size
        centre = self.loss(np.zeros(samples), bits, direction, seed)
        unit = np.eye(samples) * h
        single = {
            (j, sign): self.loss(sign * unit[j], bits, direction, seed) for j, sign in product(range(samples), (1, -1))
        }
        bend = np.empty((samples, samples))
        for j in range(samples):
            bend[j, j] = (single[j, 1] + single[j, -1] - 2 * centre) / h**2
            for k in range(j):
                both = sum(self.loss(sign * (unit[j] + unit[k]), bits, direction, seed) for sign in (1, -1))
                alone = sum(single[i, sign] for i in (j, k) for sign in (1, -1))
                bend[j, k] = bend[k, j] = (both - alone + 2 * centre) / (2 * h**2)
        return bend


def loss_of(returned: Any) -> Any:
    """Find the loss in what a step returned: the first number, or what is called loss.

    >>> loss_of(({"w": np.zeros(2)}, np.float64(0.5)))
    np.float64(0.5)
    """
    if hasattr(returned, "keys"):
        return returned["loss"] if "loss" in returned else next(iter(returned.values()))
    if isinstance(returned, (tuple, list)) and returned:
        numbers = [item for item in returned if _is_number(item)]
        return numbers[0] if numbers else loss_of(returned[0])
    return returned


def _is_number(item: Any) -> bool:
    return isinstance(item, float) or (getattr(item, "shape", None) == () and "float" in str(item.dtype))


def _plain(value: Any) -> Any:
    return value.detach().cpu().numpy() if hasattr(value, "detach") else np.asarray(value)


def _slopes(step: Callable[..., Any], arguments: Arguments, snapshot: Snapshot) -> Slopes:
    library = type(arguments.x).__module__.partition(".")[0]
    if library in {"jax", "jaxlib"}:
        kind: type[Slopes] = import_module("symmix.testing.relations_jax").JaxSlopes
        return kind(step, arguments, snapshot)
    if library == "torch":
        kind = import_module("symmix.testing.relations_torch").TorchSlopes
        return kind(step, arguments, snapshot)
    return Slopes(step, arguments, snapshot)


def takes(step: Callable[..., Any]) -> tuple[str, ...]:
    """Return the names of a step's parameters, as far as they can be had."""
    try:
        return tuple(inspect.signature(step).parameters)
    except (TypeError, ValueError):
        return ()
