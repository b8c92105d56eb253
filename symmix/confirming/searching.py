"""Hypothesis looks for sizes, corners and scales at which what was decided is not so, and shrinks what it finds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from importlib.util import find_spec
from itertools import islice
from math import prod
from random import Random
from typing import Any

import numpy as np

from symmix.confirmation import Remark, Tally
from symmix.confirming.bench import Bench, Spots
from symmix.confirming.kinds import Kind, Stated, kinds
from symmix.confirming.points import shown
from symmix.evaluation import Point
from symmix.kernel.points import Model, fixed_size, unit_vector
from symmix.search.witnesses import Solver
from symmix.terms.functions import speaks_of_functions
from symmix.verdict import Undecided

WAY = "hypothesis"
TRIES = 40
"""Points that are tried against a near miss before its witness has to do."""
REFUSALS = 60
"""Draws at which the hypotheses cannot be met, after which no more are made: each has systems of equations to solve."""
HOPELESS = 30
"""Likewise, where they were met at none."""
# by the bytes that are drawn: the smaller the simpler
_CORNERS = [Fraction(n, d) for n, d in ((1, 2), (0, 1), (1, 1), (1, 3), (2, 3), (-1, 1), (2, 1), (5, 7))]
_OTHERS = sorted({Fraction(n, d) for d in range(1, 10) for n in range(-2 * d, 2 * d + 1)}, key=lambda x: x.denominator)
_SCALES = [Fraction(1), Fraction(1, 1000), Fraction(10**6), Fraction(0)]
_ENTRIES = (0, 1, -1, 2, -2, 3, -3)
_PLACES = 4  # choices of the sample indices at one point


class _FoundError(AssertionError):
    """A point at which a statement fails."""

    def __init__(self, stated: Stated, point: Point) -> None:
        super().__init__(shown(point))
        self.stated, self.point = stated, point


def search(bench: Bench, examples: int) -> tuple[str, ...]:
    """Search for points against every statement; says what is missing where Hypothesis is not installed."""
    if find_spec("hypothesis") is None:
        return ("Hypothesis: not installed, so nothing was searched; pip install 'symmix[testing]'",)
    bench.tallies[WAY] = Tally()
    found = _Search(bench)
    for kind in kinds(bench.ground, (one for one in bench.decided if not speaks_of_functions(one.tree))):
        found.attack(kind, examples)
    for stated in bench.stated:
        found.conclude(stated)
    return ()


class _DoneError(BaseException):
    """Nothing is left to look for, or it is hopeless; Hypothesis lets through what is no Exception."""


class _Search:
    """The search against all statements of a theorem."""

    def __init__(self, bench: Bench) -> None:
        self.bench, self.tally = bench, bench.tallies[WAY]
        self.cases: Counter[str] = Counter()
        self.failed: dict[str, Point] = {}

    def conclude(self, stated: Stated) -> None:
        """Say what the search came to; one that holds has to hold at all points, one that fails at some."""
        if isinstance(stated.verdict, Undecided):
            self.bench.skip(stated, "it is undecided", WAY)
            return
        if stated in self.bench.functional:
            self.bench.skip(stated, "it speaks of functions, and none are drawn", WAY)
            return
        point = self.failed.get(stated.label)
        if stated.witness is not None and point is None:
            self._at_witness(stated, stated.witness)
        elif stated.witness is not None and stated.role == "miss":
            self.tally.misses.add(stated.label)
        elif stated.holds and point is not None:
            what = f"it is {stated.verdict.word}, and does not hold"
            self.tally.disagreements.append(Remark(stated.label, what, shown(point)))
        elif stated.holds and not self.cases[stated.label] and not self._holds_where_met(stated):
            self.bench.skip(
                stated, "no point at which its hypotheses hold was drawn; give one, Theorem(point=...)", WAY
            )
            return
        self.tally.statements.add(stated.label)

    def _holds_where_met(self, stated: Stated) -> bool:
        """Look where the kernel met the hypotheses, if nothing else was drawn; returns whether it was compared."""
        if stated.met is not None and not self._holds(stated, self.bench.spots(stated, stated.met)):
            what = f"it is {stated.verdict.word}, and does not hold where its hypotheses were met"
            self.tally.disagreements.append(Remark(stated.label, what))
        return self.cases[stated.label] > 0

    def _at_witness(self, stated: Stated, witness: Model) -> None:
        """Take the kernel's witness where the search comes back with nothing."""
        before = self.cases[stated.label]
        spots = self.bench.spots(stated, witness)
        if not self._holds(stated, spots):
            if stated.role == "miss":
                self.tally.misses.add(stated.label)
        elif self.cases[stated.label] == before:
            self.bench.skip(stated, "arrays cannot tell at the point where it is said to fail", WAY)
        else:
            what = "it holds where it is said to fail"
            self.tally.disagreements.append(Remark(stated.label, what, shown(spots.point)))

    def attack(self, kind: Kind, examples: int) -> None:
        """Look at places of a kind until each statement that fails did so, and enough of them for what holds."""
        drawing = _Drawing(self.bench, kind)
        if kind.symbols:
            self.tally.sizes[f"sizes from 1 to {drawing.largest}"] = None
        quota = -(-examples // kind.among)
        while (found := self._attacked(kind, drawing, quota)) is not None:
            self.failed[found.stated.label] = found.point

    def _attacked(self, kind: Kind, drawing: _Drawing, quota: int) -> _FoundError | None:
        from hypothesis import HealthCheck, Phase, Verbosity, given, reject, seed, settings  # noqa: PLC0415
        from hypothesis.errors import Unsatisfiable  # noqa: PLC0415

        holding = self._left([one for one in kind.members if one.holds])
        failing = self._left([one for one in kind.members if not one.holds])
        if not holding and not failing:
            return None
        shrinking: list[Stated] = []
        looked: set[object] = set()

        @seed(self.bench.seed)
        @settings(
            max_examples=max(quota if holding else 0, TRIES if failing else 0), database=None, deadline=None,
            phases=[Phase.generate, Phase.shrink], suppress_health_check=list(HealthCheck), verbosity=Verbosity.quiet,
            print_blob=False, report_multiple_bugs=False,
        )  # fmt: skip
        @given(drawing.strategy)
        def attack(drawn: bytes) -> None:
            point = drawing.point(drawn)
            if point is None:
                reject()
            looked.add(drawn)
            self._look(point, holding, failing, shrinking)
            if not shrinking and len(looked) >= (quota if holding else 0) and not self._left(failing):
                raise _DoneError

        try:
            attack()
        except _FoundError as found:
            return found
        except (Unsatisfiable, _DoneError):
            return None
        return None

    def _left(self, failing: Sequence[Stated]) -> list[Stated]:
        """Return the statements that have not failed yet."""
        return [one for one in failing if one.label not in self.failed]

    def _look(
        self, point: Point, holding: Sequence[Stated], failing: Sequence[Stated], shrinking: list[Stated]
    ) -> None:
        """Look at all statements at a point; once one that holds fails, at this one alone: its point is made smaller.

        Raises
        ------
        _FoundError
            If one that is said to hold fails.
        """
        spots = Spots(self.bench.ground, point)
        for one in shrinking or holding:
            if not self._holds(one, spots):
                shrinking[:] = [one]
                raise _FoundError(one, point)
        for one in () if shrinking else self._left(failing):
            if not self._holds(one, spots):
                self.failed[one.label] = point

    def _holds(self, stated: Stated, spots: Spots) -> bool:
        """Whether the statement holds on arrays, for some of the samples; what cannot be told is no failure."""
        tree, _ = stated.inner
        holds = True
        for spot in islice(spots.of(tree), _PLACES):
            seen = self.bench.evaluated(tree, spot)
            if isinstance(seen, str):
                continue
            self.tally.cases += 1
            self.cases[stated.label] += 1
            holds = holds and (seen.holds or not seen.given)
        return holds


class _Drawing:
    """Draws points for one kind of place: what hypotheses and conditions fix is solved for.

    Hypothesis chooses a string of bytes, which it shrinks: a seed, lengths, scalars, scales and entries of arrays.
    """

    def __init__(self, bench: Bench, kind: Kind) -> None:
        from hypothesis import strategies as st  # noqa: PLC0415

        self.ground, self.meaning = bench.ground, bench.outcome.frame.meaning
        self.question, self.symbols = kind.question, kind.symbols
        self.solver = Solver.of(self.question)
        used = dict.fromkeys(size for symbol in self.symbols for size in symbol.axes if size != "1")
        used |= dict.fromkeys(sorted(self.question.dims.union(*(e.dims for e in self.question.expressions))))
        self.sizes = list(used)
        self.largest = 2 if kind.costly else 3
        self.scalars = [symbol for symbol in self.symbols if not symbol.axes]
        self.arrays = [symbol for symbol in self.symbols if symbol.axes]
        entries = sum(prod(fixed_size(size) or self.largest for size in symbol.axes) for symbol in self.arrays)
        lengths = sum(not fixed_size(size) for size in self.sizes)
        count = 2 + lengths + len(self.scalars) + len(self.arrays) + entries
        self.strategy: Any = st.binary(min_size=count, max_size=count)
        self.known: dict[bytes, Model | None] = {}

    def point(self, drawn: bytes) -> Point | None:
        """Return a point at which hypotheses and conditions hold, or None where these draws have none."""
        left = iter(drawn)
        seed = 256 * next(left) + next(left)
        sizes = {size: fixed_size(size) or 1 + next(left) % self.largest for size in self.sizes}
        values: dict[str, Any] = {}
        for symbol in self.scalars:
            values[symbol.name] = np.full((1, 1), _scalar(next(left)), dtype=object)
        for symbol in self.arrays:
            scale = _SCALES[next(left) % len(_SCALES)]
            found = np.empty(tuple(fixed_size(size) or sizes[size] for size in symbol.axes), dtype=object)
            for place in np.ndindex(*found.shape):
                found[place] = scale * _ENTRIES[next(left) % len(_ENTRIES)]
            values[symbol.name] = found
        if drawn not in self.known:  # what was drawn once has to come out as it did
            refused = sum(model is None for model in self.known.values())
            if refused > (REFUSALS if refused < len(self.known) else HOPELESS):
                raise _DoneError
            self.known[drawn] = self._met(sizes, values, seed)
        model = self.known[drawn]
        if model is None:
            return None
        random = Random(0)  # noqa: S311 - what is left open there is in ``values``
        return self.ground.from_model(model, self.symbols, sizes, random, values)

    def _met(self, sizes: Mapping[str, int], values: Mapping[str, Any], seed: int) -> Model | None:
        """Return a point for what hypotheses and conditions are about: as drawn, the rest solved for, or drawn anew."""
        random = Random(seed)  # noqa: S311 - reproducible
        model = self.solver.scalars.drawn(sizes, seed % 32, random)
        if model is None:
            return None
        tensors = frozenset().union(*(e.tensors for e in self.question.expressions))
        known = {self.meaning.tensor(s) for s in self.symbols}
        entries = {}
        for wanted in tensors:
            array = values[wanted.name].ravel() if wanted in known else None
            places = list(model.positions(wanted.dims))
            entries[wanted] = unit_vector(wanted) or {
                p: Fraction(0 if array is None else array[i]) for i, p in enumerate(places)
            }
        at = {index: random.randrange(model.sizes[dim]) for index, dim in self.question.samples.items()}
        found = self._answering(Model(model.sizes, model.scalars, entries, at), seed)
        if found is not None or not tensors:
            return found
        return self._answering(self.solver.drawn(17 + seed % 8, random, sizes), seed)

    def _answering(self, candidate: Model | None, seed: int) -> Model | None:
        found = None if candidate is None else self.solver.completed(candidate, seed)
        return found if found is not None and self.question.answered_by(found) else None


def _scalar(byte: int) -> Fraction:
    return _CORNERS[byte % len(_CORNERS)] if byte < 128 else _OTHERS[byte % len(_OTHERS)]
