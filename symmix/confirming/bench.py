"""One theorem under comparison: what was decided is looked at on components and on arrays, which share no code."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
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
from symmix.confirming.kinds import POINTS, SIGNS, Kind, Stated, kinds, statements
from symmix.confirming.points import Ground, Wanted, shown
from symmix.confirming.sides import Rows, Seen, Trees, Written, comparable, same, spans_of
from symmix.errors import ExactnessError, ImplementationError, SymmixError, UnsupportedError
from symmix.evaluation import EXACT, ROUNDED, Evaluation, Incomparable, Point, Singular
from symmix.evaluation.numbers import Numbers
from symmix.kernel.points import Model
from symmix.terms.functions import coefficients, speaks_of_functions
from symmix.theorems import Outcome
from symmix.verdict import Undecided

_PLACES = 12  # choices of the sample indices at one point


@dataclass
class Spot:
    """One place, and what was made of it: statements that are looked at there share what they have in common."""

    point: Point
    _made: dict[object, Any] = field(default_factory=dict)

    def once(self, key: object, make: Callable[[], Any]) -> Any:
        """Return what was made under a key."""
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]


@dataclass
class Spots:
    """The places of a point: one for all values of the sample indices that a statement is about."""

    ground: Ground
    point: Point
    _known: dict[object, Spot] = field(default_factory=dict)

    def of(self, tree: Any) -> Iterator[Spot]:
        """Run through the places for a statement."""
        for place in self.ground.everywhere(self.point, tree):
            yield self._known.setdefault(tuple(sorted(place.at.items())), Spot(place))


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
        return not self.own.keys().isdisjoint(self.ground.subject(stated.tree).defined)

    def run(self) -> None:
        """Compare every statement, on components and on arrays, and with the theorem's own numbers."""
        self.look_at_numbers()
        for kind in kinds(self.ground, (one for one in self.decided if one.holds and one not in self.functional)):
            self._holds(kind)
        for stated in self.stated:
            if isinstance(stated.verdict, Undecided):
                self.skip(stated, "it is undecided")
            elif stated.witness is not None:
                self._fails(stated, stated.witness)
        for stated in self.functional:
            self._with_functions(stated)

    @cached_property
    def decided(self) -> list[Stated]:
        """The statements that are not undecided."""
        return [stated for stated in self.stated if not isinstance(stated.verdict, Undecided)]

    @cached_property
    def functional(self) -> list[Stated]:
        """The statements about functions that hold."""
        return [stated for stated in self.decided if stated.holds and speaks_of_functions(stated.tree)]

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
        question, symbols = self.ground.question(Wanted(own.symbol)), self.ground.subject(own.symbol).symbols
        for sizes in islice(self.ground.lengths(own.symbol), POINTS):
            drawn = (self.ground.point(question, symbols, sizes, self.seed + seed) for seed in (0, 1, 2))
            points = [point for point in drawn if point is not None]
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
                            return
                except ExactnessError:
                    continue
                except (ImplementationError, UnsupportedError) as error:
                    tally.disagreements.append(
                        Remark(label, f"{error.required}; arrived: {error.arrived}; {error.remedy}")
                    )
                    self.own = {}  # they are nothing to differentiate
                    return
                break

    # -- where ---

    def _fails(self, stated: Stated, witness: Model) -> None:
        self.compare(stated, self.spots(stated, witness), holds=False)

    def spots(self, stated: Stated, model: Model, seed: int | None = None) -> Spots:
        """Return the places of a point of the kernel's for one statement."""
        tree, _ = stated.inner
        random = Random(self.seed if seed is None else seed)  # noqa: S311 - reproducible
        return Spots(self.ground, self.ground.from_model(model, self.ground.subject(tree).symbols, {}, random))

    def _holds(self, kind: Kind) -> None:
        """Compare statements that are said to hold at places of one kind."""
        compared: dict[str, bool] = {}
        for point in kind.points(self.ground, self.seed):
            spots = Spots(self.ground, point)
            for stated in kind.members:
                compared[stated.label] = self.compare(stated, spots, holds=True) or compared.get(stated.label, False)
        for stated in kind.members:
            if not compared.get(stated.label):
                self._holds_where_met(stated, kind)

    def _holds_where_met(self, stated: Stated, kind: Kind) -> None:
        """Compare at the kernel's point, or the theorem's own, where none of different sizes was found."""
        met = self.outcome.frame.given_for(kind.question) if kind.where else stated.met
        if met is None or not self.compare(stated, self.spots(stated, met), holds=True):
            where = kind.where or "where its hypotheses hold"
            self.skip(
                stated, f"no point of sizes that are all different was found {where}; give one, Theorem(point=...)"
            )

    def _with_functions(self, stated: Stated) -> None:
        """Compare with the explicit functions that are known to meet the hypotheses, at several of their arguments."""
        if stated.met is None:
            self.skip(stated, "no functions are known that meet its hypotheses")
            return
        for seed in range(self.seed, self.seed + SIGNS):
            self.compare(stated, self.spots(stated, stated.met, seed), holds=True)

    # -- comparing ---

    def compare(self, stated: Stated, spots: Spots, *, holds: bool) -> bool:
        """Look at a statement at a point, for all its samples; returns whether it was compared."""
        tree, _ = stated.inner
        point = spots.point
        looked: list[tuple[Spot, Seen, Seen | str]] = []
        for spot in islice(spots.of(tree), _PLACES):
            try:
                looked.append((spot, self.written(stated, spot), self.evaluated(tree, spot)))
            except Undefined:
                continue
            except KeyError as error:
                self._disagree("components", stated, f"what is written mentions {error}, its tree does not", point)
                return True
        if not looked:
            return False
        self.tallies["arrays"].rounded += sum(isinstance(e, Seen) and e.rounded for _, _, e in looked)
        for spot, written, evaluated in looked:
            self._judge(stated, spot.point, written, evaluated)
        self._count("components", stated, point, [w for _, w, _ in looked], holds=holds)
        if self.own and self.about_own(stated):
            self._compare_own(stated, [(spot, written) for spot, written, _ in looked], holds=holds)
        seen = [e for _, _, e in looked if isinstance(e, Seen)]
        for why in {e for _, _, e in looked if isinstance(e, str)}:
            self.skip(stated, why, "arrays")
        if seen:
            self._count("arrays", stated, point, seen, holds=holds)
        return True

    def _compare_own(self, stated: Stated, looked: Sequence[tuple[Spot, Seen]], *, holds: bool) -> None:
        """Look at a statement with the theorem's own numbers in the place of definitions."""
        tree, _ = stated.inner
        seen = []
        for spot, written in looked:
            place = spot.point
            try:
                found = self.evaluated(tree, spot, self.own)
            except SymmixError as error:
                self._disagree("numbers", stated, f"{error.required}; arrived: {error.arrived}; {error.remedy}", place)
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
            self._count("numbers", stated, looked[0][0].point, seen, holds=holds)

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
        own = {size for symbol in self.ground.subject(tree).symbols for size in symbol.axes}
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

    def written(self, stated: Stated, spot: Spot) -> Seen:
        """Return what SymPy's expressions say at a place."""
        tree, written = stated.inner
        components, met = spot.once("components", lambda: self._components(spot.point))
        seen = Written(components, spans_of(getattr(written, "where", ()), tree.where, spot.point)).seen(written)
        return seen if met else replace(seen, given=False)

    def _components(self, point: Point) -> tuple[Components, bool]:
        """Return SymPy's side at a place, and whether the theorem's conditions hold there."""
        symbols = self.outcome.setting.reader.symbols
        given: dict[str, Any] = {**point.sizes, **point.at}
        values = {symbols[name]: value for name, value in given.items() if name in symbols}
        functions = {x.name: x for f in self.outcome.frame.names.functions for x in coefficients(f)}
        for name, array in point.values.items():
            if name in functions:
                values[sp.Symbol(name)] = array.tolist() if functions[name].axes else array[0, 0]
            else:
                values[symbols[name]] = _as_written(symbols[name], array)
        components = Components(values, self.outcome.theorem.definitions)
        return components, self._conditions_hold(components, values)

    def _conditions_hold(self, components: Components, values: Mapping[sp.Basic, Any]) -> bool:
        theorem = self.outcome.theorem
        for relation in theorem.conditions:
            if set(occurring([relation], theorem.definitions)) <= values.keys():
                left, right = (components.rows(side)[0][0] for side in relation.args)
                if not relation.func(_rational(left), _rational(right)):
                    return False
        return True

    def evaluated(self, tree: Any, spot: Spot, functions: Mapping[str, Any] | None = None) -> Seen | str:
        """Return what the tree says at a place, or why arrays cannot tell."""
        try:
            return self._trees(spot, EXACT, functions).seen(tree)
        except (ExactnessError, Singular):
            pass  # no polynomial is differentiated, or it is not defined at some step
        try:
            seen = self._trees(spot, ROUNDED, functions).seen(tree)
        except Incomparable as error:
            return error.remedy
        except Singular:
            return "it is not defined at a point"
        if not all(map(comparable, seen.values)):
            return "the bound on the error of a complex step is too large"
        return replace(seen, rounded=True)

    def _trees(self, spot: Spot, numbers: Numbers, functions: Mapping[str, Any] | None) -> Trees:
        definitions = self.outcome.frame.names.definitions
        key = (numbers, functions is None)
        made: Trees = spot.once(key, lambda: Trees(Evaluation(spot.point, definitions, numbers, functions or {})))
        return made


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
