"""Mistakes that mixup steps have had, as losses: each is computed as it would be written, and compared.

Called only when no convention fits; the first mistake that reproduces every returned value names the culprit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from symmix.numeric.arrays import Array
from symmix.numeric.gradients import softmax
from symmix.testing.batches import StepBatch
from symmix.testing.conventions import Convention, paired

EXPLAINS = 2.0**-30
"""How close, relative to the largest value, a mistake must come to explain what is already known to be wrong."""


@dataclass(frozen=True)
class Pieces:
    """Own and mixed features and targets of a batch, in rows: what mistakes are made of."""

    lam: Array
    z: Array
    z_prime: Array
    y: Array
    y_prime: Array
    W: Array
    b: Array
    batch: StepBatch

    @property
    def z_mixed(self) -> Array:
        """Mixed features."""
        mixed: Array = self.lam * self.z + (1 - self.lam) * self.z_prime
        return mixed

    @property
    def y_mixed(self) -> Array:
        """Mixed targets."""
        mixed: Array = self.lam * self.y + (1 - self.lam) * self.y_prime
        return mixed

    def head(self, z: Array) -> Array:
        """Predict."""
        predicted: Array = z @ self.W.T + self.b
        return predicted


def pieces(batch: StepBatch, weighs: str) -> Pieces:
    """Take a batch apart."""
    case = {name: np.asarray(value, np.float64) for name, value in paired(batch, weighs).items()}
    lam, z, z_prime, y, y_prime = (case[name] for name in ("lam", "z", "z_prime", "y", "y_prime"))
    return Pieces(lam[:, None], z, z_prime, y, y_prime, batch.W.astype(np.float64), batch.b.astype(np.float64), batch)


Criterion = Callable[[Array, Array], Array]
"""Target and prediction to elements: (N, k) for the squared loss, (N, 1) for the cross-entropy."""


def _squared(target: Array, u: Array) -> Array:
    return np.asarray((target - u) ** 2 / 2)


def _entropy(target: Array, u: Array) -> Array:
    return np.asarray(-(target * np.log(softmax(u))).sum(axis=-1, keepdims=True))


CRITERIA: dict[str, Criterion] = {"squared": _squared, "cross entropy": _entropy}


def _inverse(p: Pieces, rows: Array) -> Array:
    return np.asarray(rows[p.batch.inverse])


def _one_lam(p: Pieces, lam: Array, loss: Criterion) -> Array:
    same = Pieces(np.broadcast_to(lam, p.lam.shape), p.z, p.z_prime, p.y, p.y_prime, p.W, p.b, p.batch)
    return loss(same.y_mixed, same.head(same.z_mixed))


def _broadcast(p: Pieces, loss: Criterion) -> Array:
    """Targets (N,) against predictions (N, 1): every prediction meets every target."""
    u, y = p.head(p.z_mixed), p.y_mixed
    return loss(y, u) if u.shape[1] != 1 or loss is _entropy else _squared(y.T, u)


Mistake = Callable[[Pieces, Criterion], Array]

MISTAKES: dict[str, Mistake] = {
    "labels are not mixed": lambda p, loss: loss(p.y, p.head(p.z_mixed)),
    "the mix is discarded": lambda p, loss: loss(p.y_mixed, p.head(p.z)),
    "nothing is mixed": lambda p, loss: loss(p.y, p.head(p.z)),
    "labels weigh the partner by lam": lambda p, loss: loss((1 - p.lam) * p.y + p.lam * p.y_prime, p.head(p.z_mixed)),
    "losses weigh the partner by lam": lambda p, loss: (
        (1 - p.lam) * loss(p.y, p.head(p.z_mixed)) + p.lam * loss(p.y_prime, p.head(p.z_mixed))
    ),
    "inputs and labels are paired differently": lambda p, loss: loss(
        p.lam * p.y + (1 - p.lam) * _inverse(p, p.y), p.head(p.z_mixed)
    ),
    "the bias is dropped": lambda p, loss: loss(p.y_mixed, p.head(p.z_mixed) - p.b),
    "the bias is added twice": lambda p, loss: loss(p.y_mixed, p.head(p.z_mixed) + p.b),
    "the features are not mixed in the head": lambda p, loss: (
        p.lam * loss(p.y, p.head(p.z)) + (1 - p.lam) * loss(p.y_prime, p.head(p.z_prime))
    ),
    "the cross term is missing": lambda p, loss: (
        p.lam**2 * loss(p.y, p.head(p.z)) + (1 - p.lam) ** 2 * loss(p.y_prime, p.head(p.z_prime))
    ),
    "the first ratio is used for every sample": lambda p, loss: _one_lam(p, p.lam[0], loss),
    "the mean ratio is used for every sample": lambda p, loss: _one_lam(p, np.asarray(np.mean(p.lam)), loss),
    "labels are broadcast": _broadcast,
    "losses weigh the partner at a squared ratio": lambda p, loss: (
        p.lam**2 * loss(p.y, p.head(p.z_mixed)) + (1 - p.lam) ** 2 * loss(p.y_prime, p.head(p.z_mixed))
    ),
}
"""Name to the elements of the loss that the mistake makes."""

MEANING: dict[str, str] = {
    "labels are broadcast": "with one output, targets (N,) minus predictions (N, 1) are (N, N): every target meets "
    "every prediction",
    "vector of ratios times a mean loss": "losses are averaged over the batch before the ratios, one a sample, weigh "
    "them; take the losses unreduced, weigh, then average",
    "labels weigh the partner by lam": "features weigh the own sample by lam, labels by 1 - lam",
    "the cross term is missing": "lam^2 and (1-lam)^2 of the two errors without 2 lam (1-lam) e e'",
    "inputs and labels are paired differently": "labels follow the inverse permutation",
    "the mix is discarded": "the head sees the unmixed features, the loss the mixed labels",
}


def vector_times_mean(p: Pieces, loss: Criterion) -> Array:
    """One value a sample: ``lam_i mean(loss_a) + (1-lam_i) mean(loss_b)``, the means over the whole batch."""
    u, lam = p.head(p.z_mixed), p.lam[:, 0]
    return np.asarray(lam * loss(p.y, u).sum(axis=-1).mean() + (1 - lam) * loss(p.y_prime, u).sum(axis=-1).mean())


def explains(predicted: Array, returned: Array) -> bool:
    """Say whether a mistake reproduces a value.

    >>> explains(np.array(1.0), np.array(1.0 + 1e-12))
    True
    """
    if predicted.shape != returned.shape:
        return False
    scale = float(np.max(np.abs(predicted), initial=1.0))
    return bool(np.all(np.abs(predicted - returned) <= closeness(returned.dtype) * scale))


def closeness(dtype: np.dtype[Any]) -> float:
    """Return how close a value of size 1 must come: float32 leaves 24 bits, of which a handful go to the sums."""
    return max(EXPLAINS, 64 * float(np.finfo(dtype).eps))


def name_mistake(
    seen: Sequence[tuple[StepBatch, Array]], readings: Sequence[Convention]
) -> tuple[str, Convention] | None:
    """Find the mistake that reproduces every returned loss, with the reduction in which it does.

    Readings that differ only in what a mistake replaces are tried in their order.
    """
    forms = [form for form in readings if form.pairing == "partner" and form.mixes == "labels"]
    for name, mistake in MISTAKES.items():
        for weighs in ("own", "partner"):
            taken = [pieces(batch, weighs) for batch, _ in seen]
            for criterion, loss in CRITERIA.items():
                elements = [mistake(piece, loss) for piece in taken]
                for form in forms:
                    if (form.weighs, form.criterion) != (weighs, criterion):
                        continue
                    if all(explains(form.reduce(e), value) for e, (_, value) in zip(elements, seen, strict=True)):
                        return name, form
    return _name_vector(seen, forms)


def _name_vector(seen: Sequence[tuple[StepBatch, Array]], forms: Sequence[Convention]) -> tuple[str, Convention] | None:
    for form in forms:
        if form.batch == "elements" or form.sign != 1:
            continue
        rows = [vector_times_mean(pieces(batch, form.weighs), CRITERIA[form.criterion]) for batch, _ in seen]
        scales = [form.factor(batch.size) * (len(batch.z) if form.batch == "mean" else 1) for batch, _ in seen]
        wanted = [scale * row for scale, row in zip(scales, rows, strict=True)]
        for reduce in (np.asarray, np.mean, np.sum):
            if all(
                explains(np.asarray(reduce(value)) if not batch.one_ratio else np.asarray(value[0]), loss)
                for value, (batch, loss) in zip(wanted, seen, strict=True)
            ):
                return "vector of ratios times a mean loss", form
    return None
