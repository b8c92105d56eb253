"""The calls that a check of a training step makes with a spy, and what is read off each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from importlib import import_module
from typing import Any, Protocol

import numpy as np

from symmix.numeric.arrays import Array
from symmix.testing.spy import COARSE, COLUMNS, ROUNDINGS, Mixture, Seen, Site, read_mixture, read_weights
from symmix.testing.state import Snapshot
from symmix.testing.train_step_arguments import Arguments
from symmix.testing.train_step_labels import Reading

TRIES, ENOUGH = 40, 3
"""Draws that are looked at for a mixture, and those that are looked at closely."""


class Spy(Protocol):
    """Whoever stands in the network's place."""

    looks: bool
    columns: int | None
    tied: bool
    unsure: bool
    last: list[Any]

    def call(self, step: Callable[..., Any], arguments: tuple[Any, ...], labels: Any, outputs: Any) -> Seen:
        """Call the step with its networks answered for."""


@dataclass(frozen=True)
class Draw:
    """One draw of ratio and partners.

    Attributes
    ----------
    seed
        What the generators were seeded with.
    seen
        The call.
    mixtures
        What each site was given, as combinations of what it is made of.
    totals
        The same as combinations of the samples that were passed; None where that cannot be said.
    """

    seed: int
    seen: Seen
    mixtures: tuple[Mixture, ...]
    totals: tuple[Array | None, ...]

    @property
    def readable(self) -> bool:
        """Whether every site's features are combinations of samples."""
        return all(total is not None for total in self.totals)

    @property
    def mixes(self) -> bool:
        """Whether samples are mixed somewhere."""
        return any(mixture.mixes for mixture in self.mixtures)

    @property
    def telling(self) -> int:
        """How many rows of some site tell own and partner apart."""
        return max((mixture.telling for mixture in self.mixtures), default=0)

    @property
    def heavy(self) -> bool:
        """Whether own samples weigh more than their partners."""
        return any(
            mixture.weights is not None and mixture.mixes and float(np.mean(_own_of(mixture.weights))) >= 0.5
            for mixture in self.mixtures
        )

    @property
    def score(self) -> int:
        """How much is told: mixed rows, and the first of them, whose ratio is sometimes used for all."""
        first = (m.weights is not None and int((m.weights[0] > COARSE).sum()) > 1 for m in self.mixtures)
        return self.telling + 2 * any(first)


def _in_its_row(pure: Array | None) -> Array | None:
    """Take each sample as it looks in its own row, for augmentations that are drawn row by row before the mixing."""
    if pure is None or pure.shape[0] > pure.shape[1]:
        return pure
    own = pure[np.arange(len(pure)), np.arange(len(pure))]
    return np.broadcast_to(own[:, None], pure.shape)


def _with_share(mixture: Mixture, site: Site) -> Mixture:
    """Allow for patches of which only some features were noted."""
    return replace(mixture, error=COARSE) if mixture.how == "patches" and not site.whole else mixture


def _same_features(first: Seen, second: Seen, *, answers: bool) -> bool:
    """Compare what was noted in two calls; `answers`: whether networks gave the same, and so what is made of it."""
    pairs = list(zip(first.sites, second.sites, strict=True))
    return all((not answers and (one.sources or other.sources)) or _equal(one, other) for one, other in pairs)


def _equal(first: Site, second: Site) -> bool:
    one, other = sorted((first.features, second.features), key=lambda array: array.shape[1])
    step = -(-other.shape[1] // one.shape[1]) if one.shape[1] else 1
    return bool(np.array_equal(one, other[:, ::step]))


def _own_of(weights: Array) -> Array:
    two = weights[(weights > COARSE).sum(axis=1) > 1]
    rows = np.flatnonzero((weights > COARSE).sum(axis=1) > 1)
    return np.asarray(two[np.arange(len(two)), rows % weights.shape[1]])


@dataclass
class Session:
    """A step with its arguments and a spy."""

    step: Callable[..., Any]
    arguments: Arguments
    snapshot: Snapshot
    spy: Spy
    roots: list[Any]
    seed: int
    training: bool = True
    span: tuple[float, float] | None = None
    answers: Any = None
    repeats: bool = True
    _between: dict[tuple[int, int, float], dict[int, Array]] = field(default_factory=dict)
    _pure_of: dict[tuple[str, ...], list[Array]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.answers = import_module("symmix.testing.spy_torch_answers").Answers

    def prepare(self, seed: int) -> None:
        """Bring back the state before the check, with the generators seeded."""
        self.snapshot.restore()
        self.snapshot.seed(seed)
        for root in self.roots:
            if root.training != self.training:
                root.train(self.training)

    def call(self, rows: Array, labels: Any, seed: int, *, keep: bool = False, **answers: Any) -> Seen:
        """Call the step in the state before the check; or, if that is kept, in the one that the last call left."""
        if not keep:
            self.prepare(seed)
        given, said = self.arguments.call(rows, labels), self.answers(span=self.span, **answers)
        try:
            return self.spy.call(self.step, given, labels, said)
        except Exception:
            if self.spy.tied:
                raise
            self.spy.tied = True  # a step may ask for gradients of the parameters that a spy has none of
            self.prepare(seed)
            return self.spy.call(self.step, self.arguments.call(rows, labels), labels, said)

    @property
    def rows(self) -> Array:
        """The samples of a usual call."""
        return np.arange(self.arguments.samples)

    def bits(self) -> Array:
        """Labels low, high, low, high, ..."""
        return self.rows % 2.0

    def draw(self, number: int) -> Draw:
        """Draw once and read the mixtures."""
        seed = self.seed * 1000 + number
        labels = self.arguments.labelled(self.bits())
        self.spy.looks, self.spy.columns = True, None
        seen = self.call(self.rows, labels, seed, answer=0)
        self.spy.looks = False
        if number == 0:
            again = self.call(self.rows, labels, seed, answer=0)
            self.repeats = again.names == seen.names and _same_features(seen, again, answers=True)
        mixtures = self.mixtures(seen, self.pure(seen, seed))
        if any(mixture.weights is None for mixture in mixtures):  # what is done to samples before may be drawn as well
            self._pure_of.pop(seen.names, None)
            pure = self.pure(seen, seed)
            mixtures = self.mixtures(seen, pure)
            if any(mixture.weights is None for mixture in mixtures):
                mixtures = self.mixtures(seen, [_in_its_row(alone) for alone in pure])
        return Draw(seed, seen, mixtures, tuple(self.totals(seen, mixtures)))

    def mixtures(self, seen: Seen, pure: list[Array | None]) -> tuple[Mixture, ...]:
        """Read what each site was given."""
        return tuple(
            Mixture(None, 1.0) if alone is None else _with_share(read_mixture(site.features, alone, site.eps), site)
            for site, alone in zip(seen.sites, pure, strict=True)
        )

    def pure(self, seen: Seen, seed: int) -> list[Array | None]:
        """Return what each site is given where all samples are sample j, for every j: (rows, m, D)."""
        names = seen.names
        if names not in self._pure_of:
            samples = self.arguments.samples
            most = max([samples, *(len(site.features) for site in seen.sites)])
            found: list[list[Array]] = []
            for row in range(most):
                rows = np.full(samples, row % samples)
                low = self.arguments.labelled(np.zeros(samples))
                alone = self.call(rows, low, seed, answer=0, row=row)
                if alone.names != names:
                    return [None] * len(seen.sites)
                found.append([site.features for site in alone.sites])
            self._pure_of[names] = [np.stack(parts) for parts in zip(*found, strict=True)]
        return list(self._pure_of[names])

    def totals(self, seen: Seen, mixtures: tuple[Mixture, ...]) -> Iterator[Array | None]:
        """Follow the mixtures from the samples that were passed through every site."""
        samples, done = self.arguments.samples, list[Array | None]()
        for site, mixture in zip(seen.sites, mixtures, strict=True):
            done.append(_total(mixture, [done[source] for source in site.sources], samples))
            yield done[-1]

    def follows(self, draw: Draw) -> tuple[bool, ...]:
        """Say which sites are given something made of what other sites answered."""
        self.spy.columns = None
        again = self.call(self.rows, self.arguments.labelled(self.bits()), draw.seed, answer=1)
        if again.names != draw.seen.names:
            return tuple(False for _ in draw.seen.sites)
        pairs = zip(draw.seen.sites, again.sites, strict=True)
        return tuple(not np.array_equal(first.features, second.features) for first, second in pairs)

    def readings(self, draw: Draw, answer: int) -> dict[int, list[Reading]]:
        """Read the label weights of every site for each sample labelled high alone, and for all but one."""
        samples = self.arguments.samples
        self.spy.columns = COLUMNS if self.repeats else None
        ends = [self.gradients(draw, self.arguments.labelled(np.full(samples, bit)), answer) for bit in (0.0, 1.0)]
        found: dict[int, list[Reading]] = {}
        for bits in (*np.eye(samples), 1 - np.eye(samples)[0]):
            seen = self.labelled(draw, bits, answer)
            features = self.own_features(draw, seen, answer)
            for number, (site, total) in enumerate(zip(seen.sites, features, strict=True)):
                low, high = ends[0].get(number), ends[1].get(number)
                if low is None or high is None or total is None:
                    continue
                got = np.zeros_like(low) if site.gradient is None else site.gradient
                if got.shape != low.shape or low.shape != high.shape:
                    continue
                weights = read_weights(got, low, high, site.gradient_eps)
                curve, soft = partial(self.along, draw, answer, number, got), self.arguments.soft
                error = draw.mixtures[number].error
                found.setdefault(number, []).append(Reading(total, error, bits, weights, draw.seed, curve, soft))
        return found

    def labelled(self, draw: Draw, bits: Array, answer: int) -> Seen:
        """Call with these labels; all features are noted where they are others than those of the draw."""
        labels = self.arguments.labelled(bits)
        seen = self.call(self.rows, labels, draw.seed, answer=answer)
        if not self.repeats or seen.names != draw.seen.names or _same_features(seen, draw.seen, answers=answer == 0):
            return seen
        self.spy.columns = None  # pairs may depend on labels
        seen = self.call(self.rows, labels, draw.seed, answer=answer)
        self.spy.columns = COLUMNS
        return seen

    def own_features(self, draw: Draw, seen: Seen, answer: int) -> list[Array | None]:
        """Return the totals of a call: those of the draw, unless the generators cannot be seeded."""
        if seen.names != draw.seen.names:
            return [None] * len(seen.sites)
        same = _same_features(seen, draw.seen, answers=answer == 0)
        if draw.seen.names not in self._pure_of or same:
            return list(draw.totals)
        pure = self._pure_of[draw.seen.names]
        fresh = tuple(read_mixture(s.features, p, s.eps) for s, p in zip(seen.sites, pure, strict=True))
        return list(self.totals(seen, fresh))

    def gradients(self, draw: Draw, labels: Any, answer: int) -> dict[int, Array]:
        """Return the gradients of the sites that have one, for these labels."""
        seen = self.call(self.rows, labels, draw.seed, answer=answer)
        if seen.names != draw.seen.names:
            return {}
        return {number: site.gradient for number, site in enumerate(seen.sites) if site.gradient is not None}

    def along(self, draw: Draw, answer: int, number: int, got: Array, share: float) -> tuple[Array, Array, Array]:
        """Return the gradient seen, and that for equal labels in between, with the rounding that is allowed."""
        key = (draw.seed, answer, share)
        if key not in self._between:
            self._between[key] = self.gradients(draw, self.arguments.between(share), answer)
        expected = self._between[key].get(number, np.zeros_like(got))
        eps = draw.seen.sites[number].gradient_eps
        size = np.abs(got).max(axis=1) + np.abs(expected).max(axis=1)
        return got, expected, ROUNDINGS * eps * (size + float(size.max()))

    def coupled(self, draw: Draw, number: int) -> tuple[bool, bool]:
        """Say whether rows of a site depend on each other in the loss, and whether they add up to zero over the batch.

        The second is the mark of a softmax over the samples instead of the classes.
        """
        labels = self.arguments.labelled(self.bits())
        first, second = (self.call(self.rows, labels, draw.seed, answer=0, moved=moved) for moved in (False, True))
        if first.names != second.names:
            return False, False
        one, other = first.sites[number].gradient, second.sites[number].gradient
        if one is None or other is None or len(one) < 2 or one.shape[1] < 2:
            return False, False
        size = float(np.abs(one).max())
        allowed = ROUNDINGS * first.sites[number].gradient_eps * size
        moves = bool(np.max(np.abs(one - other)[1:]) > allowed)
        columns, rows = np.abs(one.sum(axis=0)).max(), np.abs(one.sum(axis=1)).max()
        return moves, bool(columns <= allowed * len(one) < rows)


def _total(mixture: Mixture, sources: list[Array | None], samples: int) -> Array | None:
    weights = mixture.weights
    if weights is None or any(source is None for source in sources):
        return None
    known = [source for source in sources if source is not None] or [np.eye(samples)]
    first = known[0]
    if any(other.shape != first.shape or np.max(np.abs(other - first)) > 2.0**-12 for other in known[1:]):
        return None
    repeats = -(-weights.shape[1] // len(first))
    return np.asarray(weights @ np.tile(first, (repeats, 1))[: weights.shape[1]])
