"""The conventions in which a mixup step can be right, and what each of them gives on a batch.

    row i         1/2 |lam_i y_i + (1-lam_i) y_p(i) - W (lam_i z_i + (1-lam_i) z_p(i)) - b|^2

or softmax cross-entropy in its place; labels or losses mixed; lam on the own sample or on the partner; with or without
the 1/2; summed or averaged over outputs and over samples; a loss or the post's objective, its negative. Values come
from `symmix.numeric`, with a bound on the error of any honest program; where nothing rounds the bound is zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from symmix.numeric.arrays import Array
from symmix.numeric.bounded import Bounded
from symmix.numeric.complex_step import complex_step
from symmix.numeric.gradients import cross_entropy_mixup_gradient, manifold_mixup_gradient
from symmix.numeric.objectives import (
    affine_head,
    cross_entropy,
    cross_entropy_mixup_loss,
    manifold_mixup_loss,
    mix,
)
from symmix.testing.batches import StepBatch

DIFFERENTIATED: tuple[str, ...] = ("z", "W", "b")


@dataclass(frozen=True)
class Convention:
    """How a step is meant.

    Attributes
    ----------
    criterion
        "squared" or "cross entropy".
    mixes
        "labels" or "losses".
    weighs
        The sample that lam weighs, "own" or "partner".
    pairing
        "partner": sample i meets partner[i]; "inverse": partner[i] meets sample i.
    half
        Whether the squared loss has its 1/2.
    outputs, batch
        "sum" or "mean" over the k outputs; "elements", "rows", "sum" or "mean" over the N samples.
    sign
        1 for a loss, -1 for an objective to be maximised.
    """

    criterion: str = "squared"
    mixes: str = "labels"
    weighs: str = "own"
    pairing: str = "partner"
    half: bool = True
    outputs: str = "sum"
    batch: str = "mean"
    sign: int = 1

    @property
    def reduction(self) -> str:
        """The reduction in words."""
        if self.batch == "elements":
            return "no reduction, one value an output"
        over = {("sum", "rows"): "one value a sample", ("mean", "rows"): "one value a sample, mean over k"}
        over |= {("sum", "sum"): "sum", ("mean", "sum"): "sum over N, mean over k"}
        over |= {("sum", "mean"): "mean over N", ("mean", "mean"): "mean over N k"}
        return over[self.outputs, self.batch]

    def __str__(self) -> str:
        return self.words()

    def words(self, undecided: Sequence[str] = ()) -> str:
        """Write the convention out, without some of its fields.

        >>> Convention().words(["weighs"])
        'squared loss with 1/2, labels mixed, mean over N'
        """
        entropy = self.criterion == "cross entropy"
        loss = "cross-entropy" if entropy else f"squared loss {'with' if self.half else 'without'} 1/2"
        parts = [loss + (", negated" if self.sign == -1 else "")]
        if not entropy and "mixes" not in undecided:
            parts.append(f"{self.mixes} mixed")
        parts.append(self.reduction)
        if "weighs" not in undecided:
            parts.append(f"lam weighs the {self.weighs} sample")
        return ", ".join(parts)

    def factor(self, size: tuple[int, int, int]) -> float:
        """Return what every row's proved gradient is multiplied by, when all returned values are added up."""
        n, k, _ = size
        scale = self.sign * (1.0 if self.half else 2.0)
        return scale / (k if self.outputs == "mean" else 1) / (n if self.batch == "mean" else 1)

    def is_exact(self, batch: StepBatch) -> bool:
        """Say whether nothing rounds: integers, no exponential, division by powers of two only."""
        n, k, _ = batch.size
        divisor = (k if self.outputs == "mean" else 1) * (n if self.batch == "mean" else 1)
        return batch.exact and self.criterion == "squared" and divisor & (divisor - 1) == 0

    def reduce(self, elements: Array) -> Array:
        """Add up or average non-negative terms with outputs on the last axis and samples on the first."""
        scaled = self.sign * (1.0 if self.half else 2.0) * elements
        if self.batch == "elements":
            return np.asarray(scaled)
        rows = np.asarray(scaled.sum(axis=-1) if self.outputs == "sum" else scaled.mean(axis=-1))
        return rows if self.batch == "rows" else np.asarray(rows.sum() if self.batch == "sum" else rows.mean())


def conventions() -> Iterator[Convention]:
    """List all conventions, the usual ones first.

    >>> len(list(conventions()))
    248
    """
    readings = list(product((1, -1), ("partner", "inverse"), ("own", "partner")))
    reductions = [*product(("sum", "mean"), ("mean", "sum", "rows")), ("sum", "elements")]
    for (sign, pairing, weighs), mixes, half, (outputs, batch) in product(
        readings, ("labels", "losses"), (True, False), reductions
    ):
        yield Convention("squared", mixes, weighs, pairing, half, outputs, batch, sign)
    # the cross-entropy is linear in its target, so that mixing labels and mixing losses are one and the same
    for (sign, pairing, weighs), batch in product(readings, ("mean", "sum", "rows")):
        yield Convention("cross entropy", "labels", weighs, pairing, half=True, batch=batch, sign=sign)


def paired(batch: StepBatch, weighs: str = "own", pairing: str = "partner") -> dict[str, Array]:
    """Lay a batch out as one case a sample, under the names of `symmix.numeric.objectives`."""
    n, k, h = batch.size
    other = batch.partner if pairing == "partner" else batch.inverse
    return {
        "lam": batch.lam if weighs == "own" else 1 - batch.lam,
        "z": batch.z,
        "z_prime": batch.z[other],
        "y": batch.y,
        "y_prime": batch.y[other],
        "W": np.broadcast_to(batch.W, (n, k, h)),
        "b": np.broadcast_to(batch.b, (n, k)),
    }


def squared_elements(batch: StepBatch, mixes: str, weighs: str, pairing: str) -> tuple[Array, Array]:
    """Half the squared residuals (N, k), and how far an honest program may be from each."""
    case = {name: Bounded.exactly(np.asarray(v, np.float64)) for name, v in paired(batch, weighs, pairing).items()}
    u = affine_head(mix(*_arrays(case, "lam", "z", "z_prime")), *_arrays(case, "W", "b"))
    if mixes == "labels":
        residual = mix(*_arrays(case, "lam", "y", "y_prime")) - u
        return _value_and_error(residual * residual / 2, batch)
    own, other = case["y"] - u, case["y_prime"] - u
    weight = case["lam"][:, None]
    return _value_and_error((weight * (own * own) + (1 - weight) * (other * other)) / 2, batch)


def _arrays(case: dict[str, Bounded], *names: str) -> tuple[Array, ...]:
    return tuple(case[name] for name in names)  # type: ignore[misc]  # bounded in, bounded out


def _value_and_error(found: Array, batch: StepBatch) -> tuple[Array, Array]:
    bounded: Bounded = found  # type: ignore[assignment]  # bounded in, bounded out
    return bounded.value, granted(batch) * bounded.error


def granted(batch: StepBatch) -> float:
    """How many times the bound of one row in float64 is granted to a program that reduces rows in the batch's type.

    A sum of N k rows with M roundings each has at most M + N k + 4, and gamma_{M+N k+4} <= (N k + 5) gamma_M for
    M >= 1; twice, because the oracle may be off as well.
    """
    n, k, _ = batch.size
    wider = float(np.finfo(batch.z.dtype).eps) / float(np.finfo(np.float64).eps)
    return 2 * (n * k + 5) * wider


def entropy_rows(batch: StepBatch, weighs: str, pairing: str) -> tuple[Array, Array]:
    """Cross-entropy of every sample, as (N, 1), and how far an honest program may be from each."""
    case = {name: Bounded.exactly(np.asarray(v, np.float64)) for name, v in paired(batch, weighs, pairing).items()}
    target = mix(*_arrays(case, "lam", "y", "y_prime"))
    u = affine_head(mix(*_arrays(case, "lam", "z", "z_prime")), *_arrays(case, "W", "b"))
    value, error = _value_and_error(cross_entropy(target, u), batch)
    return value[:, None], error[:, None]


def expected_gradients(batch: StepBatch, convention: Convention) -> dict[str, tuple[Array, Array]]:
    """Proved gradients by z, W and b of everything a convention adds up, each with what rounding may do to it."""
    case = {name: np.array(v, np.float64) for name, v in paired(batch, convention.weighs, convention.pairing).items()}
    entropy = convention.criterion == "cross entropy"
    proved = (cross_entropy_mixup_gradient if entropy else manifold_mixup_gradient)(**case)
    exact = convention.is_exact(batch)
    names = ("z", "z_prime", "W", "b")
    allowed = {name: np.zeros_like(proved[name]) for name in names}
    if not exact:
        oracle = complex_step(cross_entropy_mixup_loss if entropy else manifold_mixup_loss, case, names)
        allowed = {name: granted(batch) * np.asarray(oracle[name].allowed) for name in names}
    factor = convention.factor(batch.size)
    return {
        name: (factor * value, abs(factor) * error)
        for name, value, error in zip(
            DIFFERENTIATED, _gathered(batch, convention, proved), _gathered(batch, convention, allowed), strict=True
        )
    }


def _gathered(batch: StepBatch, convention: Convention, rows: dict[str, Array]) -> tuple[Array, Array, Array]:
    """Add up what the rows say about the features of the batch, the head and the bias."""
    other = batch.partner if convention.pairing == "partner" else batch.inverse
    by_z = rows["z"].copy()
    np.add.at(by_z, other, rows["z_prime"])
    return by_z, rows["W"].sum(axis=0), rows["b"].sum(axis=0)
