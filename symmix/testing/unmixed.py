"""A mixed loss beside a term of the samples as they are, where the two have different criteria.

    L(z, y; lam, p) = E(z, y) + lam M(z~, y) + (1-lam) M(z~, y_p)      or      E(z, y) + M(z~, y~)

With everyone alone only P = E + M is seen. Where partners are exchanged in pairs, z and z~ have the same mean in every
pair, and a half mixes each pair into that mean, so that F(z, y) = P(z, y) - L(z, y; 1/2, p) is M(z, y) without E, up to
what depends on the means alone. Hence, for every E and M that add up over the samples,

    losses mixed    L(z, y; lam, p) = L(z, y; 1/2, p) + lam F(z~, y) + (1-lam) F(z~, y_p)
    labels mixed    L(z, y; lam, p) = L(z, y; 1/2, p) + F(z~, y~)

With ``p = (i j)`` written t_ij, what a permutation adds is what its pairs add, each in both directions:

    L(p) + L(p^-1) - 2 P = sum_i (L(t_i,p(i)) - P)

and where lam is a vector, each ratio adds by itself. Derivatives by W and b obey the same identities, and those by z
after what is at z~ has gone back through the mixture.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from itertools import product
from operator import add

import numpy as np

from symmix.numeric.arrays import Array
from symmix.testing.batches import StepBatch
from symmix.testing.calling import Caller, Observation
from symmix.testing.conventions import DIFFERENTIATED
from symmix.testing.finding import Finding
from symmix.testing.mistakes import MEANING, explains
from symmix.testing.plain import Plain, Relation
from symmix.testing.plain_gradients import PARTNER_CUT, THEOREM

ENOUGH = 6
"""Batches on which the identities are asked."""
APART_BY = 2.0**-20
PAIRED = "where partners are exchanged in pairs, or labels are equal, all is right, and elsewhere it is not"


@dataclass(frozen=True)
class _Value:
    """A loss, summed if it has rows, and its gradients; values are added like numbers."""

    loss: Array
    gradients: dict[str, Array]

    def __add__(self, other: _Value) -> _Value:
        found = {name: value + other.gradients[name] for name, value in self.gradients.items()}
        return _Value(np.asarray(self.loss + other.loss), found)

    def __sub__(self, other: _Value) -> _Value:
        return self + other.times(-1.0)

    def times(self, weight: float) -> _Value:
        return _Value(np.asarray(weight * self.loss), {name: weight * value for name, value in self.gradients.items()})

    def through(self, pulled: Array) -> _Value:
        """Send the gradient by mixed features back to the features, through a symmetric mixture."""
        found = {name: pulled @ value if name == "z" else value for name, value in self.gradients.items()}
        return _Value(self.loss, found)

    def is_like(self, other: _Value, *, gradients: bool = False) -> bool:
        if not gradients:
            return explains(self.loss, other.loss)
        return all(explains(value, other.gradients[name]) for name, value in self.gradients.items())


class _Pairs:
    """A batch whose partners are exchanged in pairs, each with one ratio, and what the step makes of it."""

    def __init__(self, caller: Caller, batch: StepBatch) -> None:
        self.caller, self.whole = caller, batch
        partner = np.arange(len(batch.z))
        even = len(partner) - len(partner) % 2
        partner[:even] = partner[:even].reshape(-1, 2)[:, ::-1].ravel()
        one = caller.ratios == "one a batch" or batch.one_ratio
        lam = np.full(len(partner), batch.lam[0]) if one else np.repeat(batch.lam[::2], 2)[: len(partner)]
        self.batch = replace(batch, partner=partner, lam=lam.astype(batch.lam.dtype), one_ratio=one)
        self.plain = Plain(caller, self.batch)

    @property
    def mixture(self) -> Array:
        lam = np.asarray(self.batch.lam, np.float64)
        return np.diag(lam) + (1 - lam)[:, None] * np.eye(len(lam))[self.batch.partner]

    def at(self, batch: StepBatch) -> _Value:
        return _value(self.caller.observed(batch))

    @cached_property
    def mixed(self) -> _Value:
        return self.at(self.batch)

    @cached_property
    def halved(self) -> _Value:
        return self._by(0.5, self.batch.z, self.batch.y)

    @cached_property
    def depends(self) -> bool:
        """Whether the ratio makes any difference."""
        return not self.halved.is_like(_value(self.plain.at(self.batch.z, self.batch.y)))

    def _by(self, ratio: float, z: Array, y: Array) -> _Value:
        """Return the loss at these features and labels with this ratio."""
        lam = np.full_like(self.batch.lam, ratio)
        return self.at(replace(self.batch, z=z.astype(self.batch.z.dtype), y=y.astype(self.batch.y.dtype), lam=lam))

    def _free(self, z: Array, y: Array, ratio: float = 0.5) -> _Value:
        """Return what is left at a pair's mixture without the unmixed term: F, where the ratio is a half."""
        return _value(self.plain.at(z, y)) - self._by(ratio, z, y)

    def _at_mixture(self, mixes: str, own: Array, ratio: float = 0.5) -> _Value:
        y, other, z = self.batch.y, self.batch.y[self.batch.partner], self.mixture @ self.batch.z
        weight = np.asarray(own, np.float64)
        if mixes == "labels":
            return self._free(z, weight[:, None] * y + (1 - weight)[:, None] * other, ratio)
        one = float(weight[0])
        return self._free(z, y, ratio).times(one) + self._free(z, other, ratio).times(1 - one)

    def predicted(self, mixes: str, own: Array | None = None) -> _Value:
        """Return what the identity says; `own` replaces the ratio of labels or losses."""
        found = self._at_mixture(mixes, self.batch.lam if own is None else own)
        return self.halved + found.through(self.mixture)

    def detached(self, mixes: str) -> Array:
        """Return the gradient by z if partners are detached: with lam = 0 it is the unmixed term's alone."""
        lam = np.asarray(self.batch.lam, np.float64)
        found = self._at_mixture(mixes, self.batch.lam, ratio=0.0).gradients["z"]
        return np.asarray(self._by(0.0, self.batch.z, self.batch.y).gradients["z"] + lam[:, None] * found)


def _value(seen: Observation) -> _Value:
    gradients = {name: np.asarray(seen.gradients[name]) for name in DIFFERENTIATED if name in seen.gradients}
    return _Value(np.asarray(np.sum(seen.loss)), gradients)


def relations_beside(caller: Caller, seen: Sequence[Observation]) -> list[Relation]:
    """List how a mixed loss is mixed beside an unmixed term of another criterion; nothing if there is none.

    That lam weighs the own sample, and the direction of partners, cannot be told from sums over exchanged pairs.
    """
    pairs = _pairs(caller, seen)
    found = [mixes for mixes in _ways(caller, pairs) if all(p.predicted(mixes).is_like(p.mixed) for p in pairs)]
    if not found or not all(adds_up(caller, pair.whole) for pair in pairs):
        return []
    readings = product(found, ("own", "partner"), ("partner", "inverse"))
    return [Relation(mixes, weighs, pairing, beside=True) for mixes, weighs, pairing in readings]


def _pairs(caller: Caller, seen: Sequence[Observation]) -> list[_Pairs]:
    """Pick batches with pairs in them, and ratios that say something; none where the ratio makes no difference."""
    able = [o.batch for o in seen if len(o.batch.z) > 2 and not np.any(np.isin(o.batch.lam[:2], (0.0, 0.5, 1.0)))]
    pairs = [_Pairs(caller, batch) for batch in able[:ENOUGH]]
    return pairs if any(pair.depends for pair in pairs) else []


def _ways(caller: Caller, pairs: Sequence[_Pairs]) -> list[str]:
    if not pairs:
        return []
    one_ratio = all(pair.batch.one_ratio for pair in pairs)
    return ([] if caller.labels == "indices" else ["labels"]) + (["losses"] if one_ratio else [])


def adds_up(caller: Caller, batch: StepBatch, *, gradients: bool = False) -> bool:
    """Say whether a permutation adds what its pairs add, and whether each ratio adds by itself."""
    everyone = np.arange(len(batch.z))

    def added(partner: Array, lam: Array = batch.lam) -> _Value:
        return _value(caller.observed(replace(batch, partner=partner, lam=lam))) - alone

    def in_all(parts: Iterable[_Value]) -> _Value:
        return reduce(add, parts, alone)

    alone = _value(caller.observed(replace(batch, partner=everyone, lam=np.ones_like(batch.lam))))
    exchanged = in_all(added(_exchanged(everyone, int(sample), int(batch.partner[sample]))) for sample in everyone)
    if not exchanged.is_like(in_all((added(batch.partner), added(batch.inverse))), gradients=gradients):
        return False
    if caller.ratios == "one a batch" or batch.one_ratio:
        return True
    by_itself = (np.where(everyone == sample, batch.lam, 1).astype(batch.lam.dtype) for sample in everyone)
    each = in_all(added(batch.partner, lam) for lam in by_itself)
    return each.is_like(in_all((added(batch.partner),)), gradients=gradients)


def _exchanged(everyone: Array, first: int, second: int) -> Array:
    found = everyone.copy()
    found[[first, second]] = second, first
    return found


def gradients_beside(
    caller: Caller, seen: Sequence[Observation], relation: Relation
) -> tuple[tuple[str, ...], list[Finding]]:
    """Compare gradients with what the identities say of them; name those compared, and the culprits."""
    pairs = _pairs(caller, seen)
    names = tuple(name for name in DIFFERENTIATED if pairs and all(name in pair.mixed.gradients for pair in pairs))
    found = []
    for name in names:
        claimed = [pair.mixed.gradients[name] for pair in pairs]
        wanted = [pair.predicted(relation.mixes).gradients[name] for pair in pairs]
        if not all(map(explains, wanted, claimed)):
            found.append(_culprit(name, pairs, claimed, relation.mixes))
    if names and not found and not all(adds_up(caller, pair.whole, gradients=True) for pair in pairs):
        text = "the gradient of a permutation is not what the gradients of its pairs add up to"
        found.append(Finding("the gradient is not that of the mixture", text))
    return names, found


def _culprit(name: str, pairs: Sequence[_Pairs], claimed: Sequence[Array], mixes: str) -> Finding:
    line = pairs[0].caller.written(pairs[0].batch)
    if name == "z" and all(explains(pair.detached(mixes), c) for pair, c in zip(pairs, claimed, strict=True)):
        return Finding("the partner's gradient is cut", PARTNER_CUT, THEOREM, line)
    text = f"d{name} is not what the gradients with everyone alone, and with a half, give"
    return Finding("the gradient is not that of the mixture", text, reproducer=line)


def name_beside(caller: Caller, seen: Sequence[Observation]) -> tuple[str, str] | None:
    """Name the mistake of a mixed loss beside an unmixed term, where exchanged pairs or equal labels show it."""
    pairs = _pairs(caller, seen)
    for mixes in _ways(caller, pairs):
        if all(pair.predicted(mixes).is_like(pair.mixed) for pair in pairs):
            same = [replace(pair.whole, y=np.repeat(pair.batch.y[:1], len(pair.batch.y), axis=0)) for pair in pairs]
            right = all(adds_up(caller, batch) for batch in same)
            return ("inputs and labels are paired differently", PAIRED) if right else None
        if all(pair.predicted(mixes, 1 - pair.batch.lam).is_like(pair.mixed) for pair in pairs):
            return "labels weigh the partner by lam", MEANING["labels weigh the partner by lam"]
    return _one_weight(caller, pairs)


def _one_weight(caller: Caller, pairs: Sequence[_Pairs]) -> tuple[str, str] | None:
    """Fit the weight of the own label's loss at one lam, that of the partner's being what is left of 1."""
    if "losses" not in _ways(caller, pairs):
        return None
    lam = pairs[0].batch.lam[0]
    alike = [_Pairs(caller, replace(pair.whole, lam=np.full_like(pair.whole.lam, lam))) for pair in pairs]
    ends = [
        (pair.predicted("losses", 0 * pair.batch.lam), pair.predicted("losses", 1 + 0 * pair.batch.lam))
        for pair in alike
    ]
    along = np.array([float(high.loss - low.loss) for low, high in ends])
    wanted = np.array([float(pair.mixed.loss - low.loss) for pair, (low, _) in zip(alike, ends, strict=True)])
    if not np.any(along):
        return None
    weight = float(along @ wanted / (along @ along))
    guesses = [low.times(1 - weight) + high.times(weight) for low, high in ends]
    fits = all(guess.is_like(pair.mixed) for guess, pair in zip(guesses, alike, strict=True))
    if not fits or abs(weight - float(lam)) <= APART_BY:
        return None
    return "the weights of the losses are wrong", f"at lam = {lam:.4g}, that of the own label weighs {weight:.4g}"
