"""Hypothesis looks for sizes, corners and scales at which what was decided is not so, and shrinks what it finds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from importlib.util import find_spec
from itertools import islice
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np

from symmix.confirmation import Remark, Tally
from symmix.confirming.bench import Bench, Stated
from symmix.confirming.points import Wanted, shown, wanted_for
from symmix.evaluation import Point
from symmix.kernel.points import Model, fixed_size, unit_vector
from symmix.kernel.questions import Question
from symmix.search.witnesses import Solver
from symmix.terms import nodes as t
from symmix.verdict import Undecided

if TYPE_CHECKING:
    from hypothesis.strategies import DataObject

WAY = "hypothesis"
TRIES = 40
"""Points that are tried against a near miss before its witness has to do."""
REFUSALS = 60
"""Draws at which the hypotheses cannot be met, after which no more are made: each has systems of equations to solve."""
_CORNERS = [Fraction(n, d) for n, d in ((1, 2), (0, 1), (1, 1), (1, 3), (2, 3), (-1, 1), (2, 1), (5, 7))]
_SCALES = [Fraction(1), Fraction(1, 1000), Fraction(10**6), Fraction(0)]
_PLACES = 4  # choices of the sample indices at one point


class _FoundError(AssertionError):
    """A point at which a statement fails."""

    def __init__(self, point: Point) -> None:
        super().__init__(shown(point))
        self.point = point


def search(bench: Bench, examples: int) -> tuple[str, ...]:
    """Search for points against every statement; says what is missing where Hypothesis is not installed."""
    if find_spec("hypothesis") is None:
        return ("Hypothesis: not installed, so nothing was searched; pip install 'symmix[testing]'",)
    bench.tallies[WAY] = Tally()
    for stated in bench.stated:
        if isinstance(stated.verdict, Undecided):
            bench.skip(stated, "it is undecided", WAY)
        else:
            _Search(bench, stated).run(examples)
    return ()


class _HopelessError(BaseException):
    """Enough draws had no point that meets the hypotheses; Hypothesis lets through what is no Exception."""


class _Search:
    """The search against one statement."""

    def __init__(self, bench: Bench, stated: Stated) -> None:
        self.bench, self.stated, self.tally = bench, stated, bench.tallies[WAY]
        self.tree, _ = stated.inner
        self.fails = stated.witness is not None

    def run(self, examples: int) -> None:
        """Look at points; one that holds has to hold at all of them, one that fails at some."""
        before = self.tally.cases
        found: _FoundError | None = None
        kinds = wanted_for(self.tree)
        for wanted in kinds.values():
            found = found or self._attacked(wanted, TRIES if self.fails else -(-examples // len(kinds)))
        if self.tally.cases == before and not self.fails:
            self.bench.skip(self.stated, "no point at which its hypotheses hold was drawn", WAY)
            return
        if self.stated.witness is not None and found is None:
            self._at_witness(self.stated.witness)
        elif self.fails and self.stated.role == "miss":
            self.tally.misses.add(self.stated.label)
        elif found is not None and not self.fails:
            what = f"it is {self.stated.verdict.word}, and does not hold"
            self.tally.disagreements.append(Remark(self.stated.label, what, shown(found.point)))
        self.tally.statements.add(self.stated.label)

    def _at_witness(self, witness: Model) -> None:
        """Take the kernel's witness where the search comes back with nothing."""
        point = self.bench.ground.from_model(witness, self.tree, {}, Random(0))  # noqa: S311
        before = self.tally.cases
        if not self._holds(point):
            if self.stated.role == "miss":
                self.tally.misses.add(self.stated.label)
            return
        if self.tally.cases == before:
            self.bench.skip(self.stated, "arrays cannot tell at the point where it is said to fail", WAY)
            return
        what = "it holds where it is said to fail"
        self.tally.disagreements.append(Remark(self.stated.label, what, shown(point)))

    def _attacked(self, wanted: Wanted, examples: int) -> _FoundError | None:
        from hypothesis import HealthCheck, Phase, Verbosity, given, reject, seed, settings  # noqa: PLC0415
        from hypothesis import strategies as st  # noqa: PLC0415
        from hypothesis.errors import Unsatisfiable  # noqa: PLC0415

        drawing = _Drawing(self.bench, wanted)
        if drawing.symbols:
            self.tally.sizes[f"sizes from 1 to {drawing.largest}"] = None
        phases = [Phase.generate] if self.fails else [Phase.generate, Phase.shrink]

        @seed(self.bench.seed)
        @settings(
            max_examples=examples, phases=phases, database=None, deadline=None, suppress_health_check=list(HealthCheck),
            verbosity=Verbosity.quiet, print_blob=False, report_multiple_bugs=False,
        )  # fmt: skip
        @given(st.data())
        def attack(data: DataObject) -> None:
            point = drawing.point(data)
            if point is None:
                reject()
            elif not self._holds(point):
                raise _FoundError(point)

        try:
            attack()
        except _FoundError as found:
            return found
        except (Unsatisfiable, _HopelessError):
            return None
        return None

    def _holds(self, point: Point) -> bool:
        """Whether the statement holds on arrays, for some of the samples; what cannot be told is no failure."""
        holds = True
        for place in islice(self.bench.ground.everywhere(point, self.tree), _PLACES):
            seen = self.bench.evaluated(self.tree, place)
            if isinstance(seen, str):
                continue
            self.tally.cases += 1
            holds = holds and (seen.holds or not seen.given)
        return holds


class _Drawing:
    """Draws points for one kind of place: what hypotheses and conditions fix is solved for."""

    def __init__(self, bench: Bench, wanted: Wanted) -> None:
        from hypothesis import strategies as st  # noqa: PLC0415

        self.ground, self.wanted, self.meaning = bench.ground, wanted, bench.outcome.frame.meaning
        self.question: Question = bench.ground.question(wanted)
        self.solver = Solver.of(self.question)
        self.symbols = bench.ground.symbols(wanted.statement)
        self.sizes = sorted(bench.outcome.frame.names.sizes)
        self.largest = 2 if bench.ground.is_costly(wanted.statement) else 3
        self.length = st.integers(1, self.largest)
        self.seeds = st.integers(0, 999)
        self.known: dict[str, Model | None] = {}
        self.scalar = st.sampled_from(_CORNERS) | st.fractions(-2, 2, max_denominator=9)
        self.scale = st.sampled_from(_SCALES)
        self.entries: Callable[[int], Any] = lambda count: st.lists(st.integers(-3, 3), min_size=count, max_size=count)

    def point(self, data: DataObject) -> Point | None:
        """Return a point at which hypotheses and conditions hold, or None where these draws have none."""
        used = dict.fromkeys(size for symbol in self.symbols for size in symbol.axes if size != "1")
        used |= dict.fromkeys(sorted(self.question.dims.union(*(e.dims for e in self.question.expressions))))
        sizes = {size: fixed_size(size) or data.draw(self.length, label=size) for size in used}
        values = {symbol.name: self._value(symbol, sizes, data) for symbol in self.symbols}
        seed = data.draw(self.seeds)
        key = str((sizes, seed, [value.tolist() for value in values.values()]))
        if key not in self.known:  # what was drawn once has to come out as it did
            if sum(model is None for model in self.known.values()) > REFUSALS:
                raise _HopelessError
            self.known[key] = self._met(sizes, values, seed)
        model = self.known[key]
        if model is None:
            return None
        random = Random(0)  # noqa: S311 - what is left open there is in ``values``
        return self.ground.from_model(model, self.wanted.statement, sizes, random, values)

    def _value(self, symbol: t.Symbol, sizes: Mapping[str, int], data: DataObject) -> Any:
        shape = tuple(fixed_size(size) or sizes[size] for size in symbol.axes) or (1, 1)
        found = np.empty(shape, dtype=object)
        if not symbol.axes:
            found[0, 0] = data.draw(self.scalar, label=symbol.name)
            return found
        scale = data.draw(self.scale)
        entries = data.draw(self.entries(found.size), label=symbol.name)
        for place, entry in zip(np.ndindex(*shape), entries, strict=True):
            found[place] = scale * entry
        return found

    def _met(self, sizes: Mapping[str, int], values: Mapping[str, Any], seed: int) -> Model | None:
        """Return a point for what hypotheses and conditions are about: as drawn, the rest solved for, or drawn anew."""
        random = Random(seed)  # noqa: S311 - reproducible
        model = self.solver.scalars.drawn(sizes, seed % 32, random)
        if model is None:
            return None
        tensors = frozenset().union(*(e.tensors for e in self.question.expressions))
        known = {self.meaning.tensor(s): s for s in self.symbols}
        entries = {}
        for wanted in tensors:
            array = values[wanted.name].ravel() if wanted in known else None
            places = list(model.positions(wanted.dims))
            entries[wanted] = unit_vector(wanted) or {
                p: Fraction(0 if array is None else array[i]) for i, p in enumerate(places)
            }
        at = {index: random.randrange(model.sizes[dim]) for index, dim in self.question.samples.items()}
        drawn = Model(model.sizes, model.scalars, entries, at)
        for candidate in (drawn, self.solver.drawn(17 + seed % 8, random, sizes) if tensors else None):
            found = None if candidate is None else self.solver.completed(candidate, seed)
            if found is not None and self.question.answered_by(found):
                return found
        return None
