"""A step as its own criterion: with everyone alone it computes the plain loss, whatever that is.

With ``P(z, y)`` the loss at lam = 1 where every sample is its own partner, a step is a mixup of P if

    labels mixed    L(z, y; lam, p) = P(lam z + (1-lam) z_p, lam y + (1-lam) y_p)
    losses mixed    L(z, y; lam, p) = lam P(lam z + (1-lam) z_p, y) + (1-lam) P(lam z + (1-lam) z_p, y_p)

for every criterion, reduction, regulariser and head. A term of the unmixed loss, mu P(z, y), is fitted; it is there at
lam = 1, too, so that P is then (1 + mu) times the criterion. The gradients follow by the chain rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from symmix.numeric.arrays import Array
from symmix.testing.batches import StepBatch
from symmix.testing.calling import Caller, Observation
from symmix.testing.criteria import Criterion, reductions
from symmix.testing.mistakes import explains

OWN_CRITERION = "the criterion of the step itself"
WEIGHTS: tuple[Callable[[float], tuple[float, float]], ...] = (
    lambda lam: (lam, lam),
    lambda _: (1.0, 1.0),
    lambda _: (0.5, 0.5),
    lambda lam: (lam**2, (1 - lam) ** 2),
    lambda lam: (1.0, 1 - lam),
    lambda lam: (lam, 1.0),
    lambda lam: (lam, 0.0),
)
"""Wrong weights of the two losses that are tried; with everyone alone they add up to what the plain loss has."""
RATIOS: tuple[Callable[[Array], Array], ...] = (lambda lam: lam**2, np.sqrt, lambda lam: 0 * lam + 0.5, np.round)
"""Wrong ratios of the labels that are tried."""


@dataclass(frozen=True)
class Relation:
    """How a step mixes, for a criterion that is only known by what the step does with it.

    Attributes
    ----------
    mixes, weighs, pairing
        As in `symmix.testing.conventions.Convention`.
    criterion, reduction
        What the criterion is called, if it is one that is known, and how it is reduced; else empty.
    erm
        The weight of a term of the unmixed loss.
    beside
        Whether there is a term of the unmixed samples with another criterion.
    """

    mixes: str
    weighs: str
    pairing: str
    criterion: str = OWN_CRITERION
    reduction: str = ""
    erm: float = 0.0
    beside: bool = False

    def words(self, undecided: Sequence[str] = ()) -> str:
        """Write it out, without some of its fields.

        >>> Relation("losses", "own", "partner").words()
        'the criterion of the step itself, losses mixed, lam weighs the own sample'
        """
        parts = [self.criterion]
        parts += [f"{self.mixes} mixed"] if "mixes" not in undecided else []
        parts += [self.reduction] if self.reduction else []
        parts += [f"lam weighs the {self.weighs} sample"] if "weighs" not in undecided else []
        parts += [f"and {self.erm:.4g} times the unmixed loss"] if self.erm else []
        return ", ".join(parts + (["and a term of the unmixed samples"] if self.beside else []))

    def __str__(self) -> str:
        return self.words()

    def other(self, batch: StepBatch) -> Array:
        """Return the partners (N,)."""
        return batch.partner if self.pairing == "partner" else batch.inverse

    def ratio(self, batch: StepBatch) -> Array:
        """Return the weight of the own sample (N, 1)."""
        lam = np.asarray(batch.lam, np.float64)[:, None]
        return lam if self.weighs == "own" else 1 - lam


class Plain:
    """The plain loss of a step, each value computed once."""

    def __init__(self, caller: Caller, batch: StepBatch) -> None:
        self.caller, self.batch = caller, batch
        self.known: dict[bytes, Observation] = {}

    def at(self, z: Array, y: Array) -> Observation:
        """Return loss and gradients with everyone alone; y are rows, also where the step takes indices."""
        key = np.asarray(z).tobytes() + np.asarray(y).tobytes()
        if key not in self.known:
            alone = replace(
                self.batch,
                z=np.asarray(z, self.batch.z.dtype),
                y=np.asarray(y, self.batch.y.dtype),
                lam=np.ones_like(self.batch.lam),
                partner=np.arange(len(z)),
            )
            self.known[key] = self.caller.observed(alone)
        return self.known[key]


@dataclass(frozen=True)
class Weighted:
    """One term of what a relation says: a plain loss at features and targets, with a weight."""

    weight: float
    z: Array
    y: Array
    mixed: bool = True


def relations(labels: str, *, one_ratio: bool) -> Iterator[Relation]:
    """List the relations that can be asked of a step: mixed labels need targets that are rows, losses one ratio."""
    mixes = (() if labels == "indices" else ("labels",)) + (("losses",) if one_ratio else ())
    for pairing, weighs, mix in product(("partner", "inverse"), ("own", "partner"), mixes):
        yield Relation(mix, weighs, pairing)


def terms(relation: Relation, batch: StepBatch) -> list[Weighted]:
    """Return the terms of a relation on a batch, without the unmixed loss."""
    lam, other = relation.ratio(batch), relation.other(batch)
    z = lam * batch.z + (1 - lam) * batch.z[other]
    if relation.mixes == "labels":
        return [Weighted(1.0, z, lam * batch.y + (1 - lam) * batch.y[other])]
    one = float(lam[0, 0])
    return [Weighted(one, z, batch.y), Weighted(1 - one, z, batch.y[other])]


def total(plain: Plain, parts: Sequence[Weighted]) -> Array:
    """Add up the losses of some terms."""
    return np.asarray(sum(part.weight * plain.at(part.z, part.y).loss for part in parts))


def fitting_relations(caller: Caller, seen: Sequence[Observation]) -> list[Relation]:
    """List the relations that hold for every returned loss, without an unmixed term if that does."""
    plain = [Plain(caller, o.batch) for o in seen]
    one_ratio = all(o.batch.one_ratio for o in seen) or caller.ratios == "one a batch"
    found, with_term = [], []
    for relation in relations(caller.labels, one_ratio=one_ratio):
        values = [total(p, terms(relation, o.batch)) for p, o in zip(plain, seen, strict=True)]
        if all(explains(value, o.loss) for value, o in zip(values, seen, strict=True)):
            found.append(relation)
            continue
        weight = _unmixed_weight(plain, values, seen)
        if weight is not None:
            with_term.append(replace(relation, erm=weight / (1 - weight)))
    return found or with_term


def _unmixed_weight(plain: Sequence[Plain], values: Sequence[Array], seen: Sequence[Observation]) -> float | None:
    """Fit one t in ``(1 - t) value + t P(z, y)``; None unless it explains all losses."""
    unmixed = [p.at(o.batch.z, o.batch.y).loss for p, o in zip(plain, seen, strict=True)]
    if any(
        np.shape(u) != np.shape(v) or np.shape(v) != o.loss.shape for u, v, o in zip(unmixed, values, seen, strict=True)
    ):
        return None
    along = np.concatenate([np.ravel(u - v) for u, v in zip(unmixed, values, strict=True)])
    wanted = np.concatenate([np.ravel(o.loss - v) for v, o in zip(values, seen, strict=True)])
    if not np.any(along):
        return None
    t = float(along @ wanted / (along @ along))
    guesses = [(1 - t) * v + t * u for u, v in zip(unmixed, values, strict=True)]
    fits = all(explains(np.asarray(g), o.loss) for g, o in zip(guesses, seen, strict=True))
    return t if fits and 2.0**-10 < t < 1 - 2.0**-10 else None


def expected(relation: Relation, plain: Plain, name: str) -> tuple[Array, Array, Array]:
    """Return the gradient that a relation demands: in all, through own samples alone, through partners."""
    batch = plain.batch
    scale = 1 / (1 + relation.erm)
    own, through_partner = np.zeros(1), np.zeros(1)
    for part in terms(relation, batch):
        pulled = scale * part.weight * plain.at(part.z, part.y).gradients[name]
        if name != "z":
            own = own + pulled
            continue
        lam, scattered = relation.ratio(batch), np.zeros_like(pulled)
        np.add.at(scattered, relation.other(batch), (1 - lam) * pulled)
        own, through_partner = own + lam * pulled, through_partner + scattered
    if relation.erm:
        own = own + relation.erm * scale * plain.at(batch.z, batch.y).gradients[name]
    return np.asarray(own + through_partner), np.asarray(own), np.asarray(through_partner)


def numeric(seen: Sequence[Observation], known: Sequence[Criterion], *, plain: bool = False) -> list[Relation]:
    """List known criteria, mixings and reductions that give every returned loss.

    `plain` asks for the loss with everyone alone instead, where nothing tells how it is mixed.
    """
    pairings = ("partner",) if plain else ("partner", "inverse")
    for criterion in known:
        found = []
        for pairing, weighs, mixes in product(pairings, ("own", "partner"), ("labels", "losses")):
            relation = Relation(mixes, weighs, pairing, criterion.name)
            left: set[str] | None = None
            for o in seen:
                fits = {n for n, v in _reduced(criterion, relation, o.batch) if explains(v, o.loss)}
                left = fits if left is None else left & fits
                if not left:
                    break
            if left:
                first = next(name for name, _ in _reduced(criterion, relation, seen[0].batch) if name in left)
                found.append(replace(relation, reduction=first))
        if found:
            return found
    return []


def _reduced(criterion: Criterion, relation: Relation, batch: StepBatch) -> list[tuple[str, Array]]:
    W, b = batch.W.astype(np.float64), batch.b.astype(np.float64)
    lam, other = relation.ratio(batch), relation.other(batch)
    z, y = batch.z.astype(np.float64), batch.y.astype(np.float64)
    u = (lam * z + (1 - lam) * z[other]) @ W.T + b
    if relation.mixes == "labels":
        return list(reductions(criterion.elements(u, lam * y + (1 - lam) * y[other]), *y.shape))
    own, partners = criterion.elements(u, y), criterion.elements(u, y[other])
    weight = lam if own.ndim == 2 else lam[:, 0] if own.ndim == 1 else lam[0, 0]
    return list(reductions(np.asarray(weight * own + (1 - weight) * partners), *y.shape))


# -- mistakes ---

Mistake = Callable[[StepBatch, Array, Array], list[Weighted]]


def _inverse(batch: StepBatch, rows: Array) -> Array:
    return np.asarray(rows[batch.inverse])


def _scaled(weights: Callable[[float], tuple[float, float]], lam: float) -> tuple[float, float]:
    """Divide by what the weights add up to at lam = 1, since the plain loss was computed with them."""
    whole = sum(weights(1.0))
    first, second = weights(lam)
    return first / whole, second / whole


def mistaken(labels: str, *, one_ratio: bool) -> dict[str, Callable[[StepBatch], list[list[Weighted]]]]:
    """Name mistakes, each with the plain losses that it adds up; several where it can be written in several ways."""
    rows = labels != "indices"

    def mixed(batch: StepBatch, lam: Array | None = None) -> tuple[Array, Array, Array]:
        lam = np.asarray(batch.lam, np.float64)[:, None] if lam is None else lam
        return (
            lam,
            lam * batch.z + (1 - lam) * batch.z[batch.partner],
            lam * batch.y + (1 - lam) * batch.y[batch.partner],
        )

    def two(batch: StepBatch, weights: tuple[float, float], second: Array, z: Array) -> list[Weighted]:
        return [Weighted(weights[0], z, batch.y), Weighted(weights[1], z, second)]

    def both(
        by_labels: Callable[[StepBatch], tuple[Array, Array]], by_losses: Callable[[StepBatch], list[Weighted]]
    ) -> Callable[[StepBatch], list[list[Weighted]]]:
        def guesses(batch: StepBatch) -> list[list[Weighted]]:
            found = [[Weighted(1.0, *by_labels(batch))]] if rows else []
            return found + ([by_losses(batch)] if one_ratio else [])

        return guesses

    def one(batch: StepBatch) -> float:
        return float(batch.lam[0])

    return {
        "labels are not mixed": lambda b: [[Weighted(1.0, mixed(b)[1], b.y)]],
        "nothing is mixed": lambda b: [[Weighted(1.0, b.z, b.y)]],
        "the mix is discarded": both(
            lambda b: (b.z, mixed(b)[2]), lambda b: two(b, (one(b), 1 - one(b)), b.y[b.partner], b.z)
        ),
        "labels weigh the partner by lam": both(
            lambda b: (mixed(b)[1], mixed(b, 1 - mixed(b)[0])[2]),
            lambda b: two(b, (1 - one(b), one(b)), b.y[b.partner], mixed(b)[1]),
        ),
        "inputs and labels are paired differently": both(
            lambda b: (mixed(b)[1], mixed(b)[0] * b.y + (1 - mixed(b)[0]) * _inverse(b, b.y)),
            lambda b: two(b, (one(b), 1 - one(b)), _inverse(b, b.y), mixed(b)[1]),
        ),
        "the features are not mixed in the head": lambda b: (
            [[Weighted(one(b), b.z, b.y), Weighted(1 - one(b), b.z[b.partner], b.y[b.partner])]] if one_ratio else []
        ),
        "the weights of the losses are wrong": lambda b: (
            [two(b, _scaled(weights, one(b)), b.y[b.partner], mixed(b)[1]) for weights in WEIGHTS] if one_ratio else []
        ),
        "inputs and labels have different ratios": lambda b: (
            [[Weighted(1.0, mixed(b)[1], mixed(b, ratio(mixed(b)[0]))[2])] for ratio in RATIOS] if rows else []
        ),
        "the first ratio is used for every sample": lambda b: (
            [[Weighted(1.0, *mixed(b, mixed(b)[0][:1])[1:])]] if rows and not one_ratio else []
        ),
    }


def name_own_mistake(caller: Caller, seen: Sequence[Observation]) -> str | None:
    """Find the mistake that reproduces every returned loss with the step as its own criterion; None if none does."""
    one_ratio = all(o.batch.one_ratio for o in seen) or caller.ratios == "one a batch"
    plain = [Plain(caller, o.batch) for o in seen]
    for name, guesses in mistaken(caller.labels, one_ratio=one_ratio).items():
        listed = [guesses(o.batch) for o in seen]
        ways = min(map(len, listed), default=0)
        for way in range(ways):
            if all(explains(total(p, g[way]), o.loss) for p, g, o in zip(plain, listed, seen, strict=True)):
                return name
    return None
