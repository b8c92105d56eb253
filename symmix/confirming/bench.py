"""One theorem under comparison: what was decided is looked at on components and on arrays, which share no code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from itertools import islice
from random import Random
from typing import Any

import sympy as sp

from symmix.components import Components, Undefined, occurring
from symmix.confirmation import Remark, Tally
from symmix.confirming.functions import Own
from symmix.confirming.points import Ground, Wanted, shown, wanted_for
from symmix.confirming.sides import Rows, Seen, Trees, Written, comparable, parts, same, spans_of
from symmix.errors import ExactnessError, ImplementationError, SymmixError, UnsupportedError
from symmix.evaluation import EXACT, ROUNDED, Evaluation, Incomparable, Point, Singular
from symmix.kernel.points import Model
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.theorems import Outcome
from symmix.verdict import Existence, Proved, Refuted, Undecided, Verdict

POINTS = 2
"""Points for each kind that a statement says something about, at sizes that are all different."""
SIGNS = 5
"""Points of the same sizes for an inequality: at one alone the sign may be right by chance."""
_PLACES = 12  # choices of the sample indices at one point


@dataclass(frozen=True)
class Stated:
    """A statement with what it is called, as a tree and as it was written, and what was decided about it."""

    label: str
    tree: s.Statement
    written: Any
    verdict: Verdict
    role: str

    @property
    def inner(self) -> tuple[Any, Any]:
        """The statement that is said to hold or to fail, as a tree and as it was written."""
        return parts(self.tree), parts(self.written)

    @property
    def witness(self) -> Model | None:
        """The point at which it is said to fail; None where it is said to hold."""
        match self.verdict:
            case Proved(evidence=(Existence(witness=witness),)):
                return witness.model
            case Refuted(witness=witness) if witness is not None:
                return witness.model
        return None

    @property
    def met(self) -> Model | None:
        """A point at which its hypotheses hold, if one is known."""
        match self.verdict:
            case Proved(point=point) | Refuted(proof=Proved(point=point)):
                return point
        return None


def statements(outcome: Outcome) -> Iterator[Stated]:
    """Run through claims, steps and near misses."""
    theorem = outcome.theorem
    for label, tree in outcome.document.claims:
        name = f"claim {label!r}" if label else "the claim"
        yield Stated(name, tree, theorem.claims[label].components, outcome.claims[label], "claim")
    chains = zip(outcome.document.proofs, theorem.derivations, outcome.steps, strict=True)
    for number, (proof, written, verdicts) in enumerate(chains, 1):
        chain = f" of proof {number}" if len(outcome.steps) > 1 else ""
        steps = zip(proof.identities(), written.identities(), verdicts, strict=True)
        for place, (tree, step, verdict) in enumerate(steps, 1):
            yield Stated(f"step {place}{chain}", tree, step, verdict, "step")
    for label, tree in outcome.document.near_misses:
        yield Stated(
            f"near miss {label!r}", tree, theorem.near_misses[label].components, outcome.near_misses[label], "miss"
        )


@dataclass
class Bench:
    """One theorem under comparison."""

    outcome: Outcome
    seed: int = 0
    tallies: dict[str, Tally] = field(default_factory=lambda: {"components": Tally(), "arrays": Tally()})

    def __post_init__(self) -> None:
        self.ground = Ground(self.outcome)
        names = self.outcome.frame.names
        given = {str(symbol): function for symbol, function in self.outcome.theorem.numbers.items()}
        self.own = {name: Own.of(name, function, names) for name, function in given.items()}
        if self.own:
            self.tallies["numbers"] = Tally()

    @cached_property
    def stated(self) -> list[Stated]:
        """The statements."""
        return list(statements(self.outcome))

    def about_own(self, stated: Stated) -> bool:
        """Whether a statement is about a symbol that has its own numbers."""
        nodes = self.outcome.frame.names.unfolded(stated.tree)
        return any(isinstance(node, t.Symbol) and node.name in self.own for node in nodes)

    def run(self) -> None:
        """Compare every statement, on components and on arrays, and with the theorem's own numbers."""
        self.look_at_numbers()
        for stated in self.stated:
            if isinstance(stated.verdict, Undecided):
                self.skip(stated, "it is undecided")
            elif stated.witness is not None:
                self._fails(stated, stated.witness)
            else:
                self._holds(stated)

    def skip(self, stated: Stated, why: str, *ways: str) -> None:
        """Take note of what is not compared."""
        for way in ways or ("components", "arrays"):
            self.tallies[way].skipped.append(Remark(stated.label, why))

    def look_at_numbers(self) -> None:
        """Compare the theorem's own numbers with the definitions that they stand for."""
        for own in list(self.own.values()):
            self._defined(own)

    def _defined(self, own: Own) -> None:
        """Compare a theorem's own numbers with the definition of their symbol, several cases at once."""
        label, tally = f"the numbers of {own.symbol.name}", self.tallies["numbers"]
        definitions = self.outcome.frame.names.definitions
        wanted = Wanted(own.symbol)
        for sizes in islice(self.ground.lengths(own.symbol), POINTS):
            points = [p for seed in (0, 1, 2) if (p := self.ground.point(wanted, sizes, self.seed + seed)) is not None]
            for numbers in (EXACT, ROUNDED):
                there = [Evaluation(point, definitions, numbers) for point in points]
                try:
                    pairs = zip(own.many(there, twice=True), (e.symbol(own.symbol) for e in there), strict=True)
                    for point, (found, value) in zip(points, pairs, strict=True):
                        tally.cases += 1
                        tally.statements.add(label)
                        if not same(found.tolist(), value.tolist()):
                            what = (
                                f"they are {_values([found.tolist()])}, the definition is {_values([value.tolist()])}"
                            )
                            tally.disagreements.append(Remark(label, what, shown(point)))
                except ExactnessError:
                    continue
                except (ImplementationError, UnsupportedError) as error:
                    tally.disagreements.append(Remark(label, f"{error.required}; arrived: {error.arrived}"))
                    self.own = {}  # they are nothing to differentiate
                break

    # -- where ---

    def _fails(self, stated: Stated, witness: Model) -> None:
        tree, _ = stated.inner
        point = self.ground.from_model(witness, tree, {}, Random(self.seed))  # noqa: S311 - reproducible
        self.compare(stated, point, holds=False)

    def _holds(self, stated: Stated) -> None:
        tree, _ = stated.inner
        for where, wanted in wanted_for(tree).items():
            if not sum(self.compare(stated, point, holds=True) for point in self._points(wanted)):
                self._holds_where_met(stated, where)

    def _points(self, wanted: Wanted) -> Iterator[Point]:
        """Run through a few points of different sizes, none of which are equal."""
        inequality = isinstance(wanted.statement, s.Positivity | s.Minimum)
        seeds = range(self.seed, self.seed + (SIGNS if inequality else 1))
        found = (
            self.ground.point(wanted, sizes, seed) for sizes in self.ground.lengths(wanted.statement) for seed in seeds
        )
        yield from islice((point for point in found if point is not None), POINTS * len(seeds))

    def _holds_where_met(self, stated: Stated, where: str) -> None:
        """Compare at the point that the kernel met the hypotheses at, where none of different sizes was found."""
        tree, _ = stated.inner
        if stated.met is not None and not where:
            point = self.ground.from_model(stated.met, tree, {}, Random(self.seed))  # noqa: S311 - reproducible
            if self.compare(stated, point, holds=True):
                return
        self.skip(stated, f"no point of sizes that are all different was found {where or 'where its hypotheses hold'}")

    # -- comparing ---

    def compare(self, stated: Stated, point: Point, *, holds: bool) -> bool:
        """Look at a statement at a point, for all its samples; returns whether it was compared."""
        tree, _ = stated.inner
        looked: list[tuple[Point, Seen, Seen | str]] = []
        for place in islice(self.ground.everywhere(point, tree), _PLACES):
            try:
                looked.append((place, self.written(stated, place), self.evaluated(tree, place)))
            except Undefined:
                continue
            except KeyError as error:
                self._disagree("components", stated, f"what is written mentions {error}, its tree does not", place)
                return True
        if not looked:
            return False
        for place, written, evaluated in looked:
            self._judge(stated, place, written, evaluated)
        self._count("components", stated, point, [w for _, w, _ in looked], holds=holds)
        if self.own and self.about_own(stated):
            self._compare_own(stated, [(place, written) for place, written, _ in looked], holds=holds)
        seen = [e for _, _, e in looked if isinstance(e, Seen)]
        for why in {e for _, _, e in looked if isinstance(e, str)}:
            self.skip(stated, why, "arrays")
        if seen:
            self._count("arrays", stated, point, seen, holds=holds)
        return True

    def _compare_own(self, stated: Stated, looked: Sequence[tuple[Point, Seen]], *, holds: bool) -> None:
        """Look at a statement with the theorem's own numbers in the place of definitions."""
        tree, _ = stated.inner
        seen = []
        for place, written in looked:
            try:
                found = self.evaluated(tree, place, self.own)
            except SymmixError as error:
                self._disagree("numbers", stated, f"{error.required}; arrived: {error.arrived}", place)
                return
            if isinstance(found, str):
                self.skip(stated, found, "numbers")
                continue
            seen.append(found)
            for one, other in zip(written.values, found.values, strict=True):
                if not same(one, other):
                    what = f"SymPy's components are {_values([one])}, with own numbers it is {_values([other])}"
                    self._disagree("numbers", stated, what, place)
        if seen:
            self._count("numbers", stated, looked[0][0], seen, holds=holds)

    def _count(self, way: str, stated: Stated, point: Point, seen: Sequence[Seen], *, holds: bool) -> None:
        """Count cases; a statement that holds does so everywhere, one that fails does so somewhere."""
        tally = self.tallies[way]
        tally.cases += len(seen)
        tally.statements.add(stated.label)
        sizes = self._own_sizes(stated, point).items()
        tally.sizes[", ".join(f"size {size}" if name.isdigit() else f"{name} = {size}" for name, size in sizes)] = None
        fine = all(x.holds for x in seen) if holds else any(x.given and not x.holds for x in seen)
        if not fine:
            what = f"it is {stated.verdict.word}, and does not hold" if holds else "it holds where it is said to fail"
            self._disagree(way, stated, f"{what}: {_values(seen[0].values)}", point)
        elif stated.role == "miss":
            tally.misses.add(stated.label)

    def _own_sizes(self, stated: Stated, point: Point) -> Mapping[str, int]:
        tree, _ = stated.inner
        own = {size for symbol in self.ground.symbols(tree) for size in symbol.axes}
        return {name: size for name, size in point.sizes.items() if name in own}

    def _judge(self, stated: Stated, place: Point, written: Seen, evaluated: Seen | str) -> None:
        """Compare what SymPy's expressions and the tree say at one point, whether or not the statement holds."""
        if not written.given:
            self._disagree("components", stated, "its hypotheses hold for the kernel, and not for SymPy", place)
        if isinstance(evaluated, str):
            return
        if not evaluated.given:
            self._disagree("arrays", stated, "its hypotheses hold for the kernel, and not on arrays", place)
        for one, other in zip(written.values, evaluated.values, strict=True):
            if not same(one, other):
                what = f"SymPy's components are {_values([one])}, the tree is {_values([other])}"
                self._disagree("components", stated, what, place)

    def _disagree(self, way: str, stated: Stated, what: str, point: Point) -> None:
        found = self.tallies[way].disagreements
        if not any(remark.statement == stated.label and remark.what[:30] == what[:30] for remark in found):
            found.append(Remark(stated.label, what, shown(point)))

    # -- the two sides ---

    def written(self, stated: Stated, point: Point) -> Seen:
        """Return what SymPy's expressions say at a point."""
        tree, written = stated.inner
        symbols = self.outcome.setting.reader.symbols
        given: dict[str, Any] = {**point.sizes, **point.at}
        values = {symbols[name]: value for name, value in given.items() if name in symbols}
        for name, array in point.values.items():
            values[symbols[name]] = _as_written(symbols[name], array)
        components = Components(values, self.outcome.theorem.definitions)
        seen = Written(components, spans_of(getattr(written, "where", ()), tree.where, point)).seen(written)
        return seen if self._conditions_hold(components, values) else replace(seen, given=False)

    def _conditions_hold(self, components: Components, values: Mapping[sp.Basic, Any]) -> bool:
        theorem = self.outcome.theorem
        for relation in theorem.conditions:
            if set(occurring([relation], theorem.definitions)) <= values.keys():
                left, right = (components.rows(side)[0][0] for side in relation.args)
                if not relation.func(_rational(left), _rational(right)):
                    return False
        return True

    def evaluated(self, tree: Any, point: Point, functions: Mapping[str, Any] | None = None) -> Seen | str:
        """Return what the tree says at a point, or why arrays cannot tell."""
        definitions = self.outcome.frame.names.definitions
        try:
            return Trees(Evaluation(point, definitions, EXACT, functions or {})).seen(tree)
        except (ExactnessError, Singular):
            pass  # no polynomial is differentiated, or it is not defined at some step
        try:
            seen = Trees(Evaluation(point, definitions, ROUNDED, functions or {})).seen(tree)
        except Incomparable as error:
            return error.remedy
        except Singular:
            return "it is not defined at a point"
        if not all(map(comparable, seen.values)):
            return "the bound on the error of a complex step is too large"
        self.tallies["arrays"].rounded += 1
        return seen


def _as_written(symbol: sp.Basic, array: Any) -> Any:
    """Return the values of a symbol as components take them."""
    if array.ndim > 2:
        return dict(zip(_places(array.shape), array.ravel().tolist(), strict=True))
    return array.tolist() if getattr(symbol, "is_Matrix", False) else array[0, 0]


def _places(shape: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    first, *rest = shape
    for i in range(first):
        yield from ((i, *more) for more in _places(tuple(rest))) if rest else [(i,)]


def _rational(x: Fraction) -> sp.Rational:
    return sp.Rational(x.numerator, x.denominator)


def _values(values: Sequence[Rows]) -> str:
    return ", ".join(f"[{'; '.join(' '.join(map(str, row)) for row in rows)}]" for rows in values)
