"""Deciding the statements of one theorem: that they hold, by evidence; that they are false, at a point."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from .algebra import Algebra, Sum
from .evidence import DIRECT, Evidence
from .expansion import Expansion
from .moments import Bounds
from .points import Matrix, Point
from .polynomials import ONE, UNIT, Poly
from .reading import Data, Meter, RejectedError, list_of, number_of, reject, table_of, whole_of
from .taylor import number_at
from .theorem import SIGNS, Hypothesis, Statement, Theorem
from .trees import ONE as ONE_SIZE
from .trees import SCALAR, Node, Shape, walk

MAX_SIZE = 1000
ZERO = Node("Number", (Fraction(0),))
# where values that a point leaves open are looked for, so that the conditions hold
_TRIED = [Fraction(n, d) for n, d in ((1, 2), (1, 1), (2, 1), (1, 3), (0, 1), (-1, 1), (3, 1), (1, 4), (3, 4), (-2, 1))]


class Decider:
    """Decides; whatever does not hold is rejected with a reason."""

    def __init__(self, theorem: Theorem, data: Data, meter: Meter) -> None:
        self.theorem, self.trees, self.meter = theorem, theorem.trees, meter
        self.algebra = Algebra(meter)
        self.expansion = Expansion(theorem.trees, self.algebra, lambda random: self._bounds(random, None))
        self.evidence = Evidence(theorem, self.algebra, self.expansion, data)
        self.randoms = {n.parts[1] for root in theorem.roots() for n in walk(root) if n.kind == "Expectation"}
        self._bounding: set[str] = set()

    # -- statements that hold ---

    def require_holds(self, statement: Statement, data: Data) -> None:
        """Require that a statement holds for all sizes and values, by the evidence."""
        self.evidence.allow(statement)
        given = {"where": statement.where}
        match statement.kind, data["kind"]:
            case "Identity" | "Vanishing", "equal" | "combinations":
                table_of(data, "evidence", ("kind", "ways") if data["kind"] == "combinations" else ("kind",))
                goals = list(self._goals(statement))
                ways = list_of(data.get("ways", [DIRECT] * len(goals)), "ways", len(goals))
                for (goal, shape), way in zip(goals, ways, strict=True):
                    self.evidence.require_combination(goal, shape, way, given)
            case "Equivalence", "both_directions":
                table_of(data, "evidence", ("kind", "forward", "backward"))
                sides = {"left": statement.left, "right": statement.right}
                for key, name, other in (("forward", "left", "right"), ("backward", "right", "left")):
                    sources = {**given, other: [Hypothesis((), tree) for tree in sides[other]]}
                    for tree, way in zip(sides[name], list_of(data[key], key, len(sides[name])), strict=True):
                        self.evidence.require_combination(self.expansion.read(tree), tree.shape, way, sources)
            case "Positivity", "positive":
                self._require_positive(statement, data)
            case _:
                reject(f"evidence for {statement.kind} is required, not of the kind {data['kind']!r:.40}")

    def _goals(self, statement: Statement) -> Iterator[tuple[Sum, Shape]]:
        found = [(self.expansion.read(tree), tree.shape) for tree in (*statement.left, *statement.right)]
        if statement.kind == "Identity":
            (left, shape), (right, _) = found
            found = [(self.algebra.minus(left, right), shape)]
        yield from found

    def _require_positive(self, statement: Statement, data: Data) -> None:
        """Require a form all of whose coefficients are positive, in symbols t that are positive in the ranges.

        t is x - low, or (x - low)/(high - x). The form has to be the scalar times squares, times powers of the 1 + t
        (``degrees``) and of 1 + the sum of the t that occur (``lifted``).
        """
        table_of(data, "evidence", ("kind", "form", "squares", "degrees", "lifted"))
        times, plus, power = self.algebra.times, self.algebra.plus, self.algebra.power
        form, one = self.evidence.polynomial(data["form"]), {UNIT: ONE}
        terms = {name: self._positive_term(name, low, high) for name, low, high in statement.ranges}
        names = {name for m in form for name, _ in m}
        if not form or any(c <= 0 for c in form.values()) or not names <= {*terms, *self.theorem.sizes}:
            reject("a form in symbols with a range, with positive coefficients, is required")
        root = self.evidence.multiplier(data["squares"], unit=False)
        total, lift = times(self.expansion.scalar(statement.left[0]), times(root, root)), one
        for name, degree in table_of(data["degrees"], "degrees").items():
            term = terms.get(name) or reject("degrees of symbols with a range are required")
            total = times(total, power(plus(one, term), whole_of(degree, "a degree")))
        for name in sorted(names & set(terms)):
            lift = plus(lift, terms[name])
        total = times(total, power(lift, whole_of(data["lifted"], "lifted")))
        for monomial, c in form.items():
            found: Poly = {UNIT: -c}
            for name, exponent in monomial:
                found = times(found, power(terms.get(name, {((name, 1),): ONE}), exponent))
            total = plus(total, found)
        if not self.algebra.is_zero(total):
            reject("the positive form is not that of the scalar")

    def _positive_term(self, name: str, low: Fraction, high: Fraction | None) -> Poly:
        above = self.algebra.plus({((name, 1),): ONE}, {UNIT: -low} if low else {})
        below = self.algebra.plus({((name, 1),): -ONE}, {UNIT: high} if high else {})
        return above if high is None else self.algebra.times(above, self.algebra.reciprocal(below))

    # -- points ---

    def require_false(self, statement: Statement, data: Data) -> None:
        """Require that a statement is false at a point that meets its hypotheses and all conditions."""
        point, at = self._point_of(statement, data)
        left, right = ([point.matrix(tree, at) for tree in side] for side in (statement.left, statement.right))
        match statement.kind:
            case "Identity":
                false = _numbers(left[0]) != _numbers(right[0])
            case "Vanishing":
                false = any(map(_some, left))
            case "Equivalence":
                false = any(map(_some, left)) != any(map(_some, right))
            case _:
                false = self._in_ranges(statement, point) and number_at(left[0][0][0]) <= 0
        if not false:
            reject("the statement is not false at the point")

    def is_met(self, statement: Statement, data: Data) -> bool:
        """Whether a point is known at which a statement has a meaning and its hypotheses and all conditions hold."""
        if data is None:
            return not statement.where and self._completed({}, {}, statement) is not None
        point, at = self._point_of(statement, data)
        for node in self._inside(statement, "Inverse"):
            point.matrix(node, at)  # it exists
        return self._in_ranges(statement, point)

    def _in_ranges(self, statement: Statement, point: Point) -> bool:
        """Whether the symbols of a positivity are in their ranges at a point."""
        values = {name: Fraction(size) for name, size in point.sizes.items()}
        scalars = (name for name, _, _ in statement.ranges if name in point.around.values)
        values |= {name: number_at(point.around.values[name][0][0]) for name in scalars}
        return all(
            name in values and low < values[name] and (high is None or values[name] < high)
            for name, low, high in statement.ranges
        )

    def _inside(self, statement: Statement, kind: str) -> dict[Node, None]:
        """Return the nodes of a kind in a statement and in the definitions that it uses."""
        found = (node for root in statement.roots() for node in self.trees.unfolded(root))
        return dict.fromkeys(node for node in found if node.kind == kind)

    def _point_of(self, statement: Statement, data: Data) -> tuple[Point, dict[str, int]]:
        """Return a point, with the values of the sample indices; what has to hold there does."""
        table_of(data, "a point", ("sizes", "scalars", "entries", "at"))
        sizes = {n: whole_of(size, "a size", 1, MAX_SIZE) for n, size in table_of(data["sizes"], "sizes").items()}
        if not set(sizes) <= set(self.theorem.sizes):
            reject("sizes of the theorem are required")
        values: dict[str, Any] = {}
        for kind in ("scalars", "entries"):
            for name, value in table_of(data[kind], kind).items():
                axes = self.trees.symbols[self.trees.undefined(name, scalar=kind == "scalars")]
                values[name] = self._entries(value, axes or SCALAR, sizes)
        at = dict.fromkeys(self.theorem.indices, 0)
        for name, i in table_of(data["at"], "samples").items():
            at[name] = whole_of(i, "a sample", 0, sizes.get(self.theorem.indices.get(name, ""), 0) - 1)
        point = self._completed(sizes, values, statement) or reject("the point does not meet the conditions")
        if not all(self._holds(hypothesis, point, at) for hypothesis in statement.where):
            reject("the point does not meet the hypotheses")
        if not all(point.scalar(scalar, at) for scalar in statement.provided):
            reject("what is provided not to be zero is zero at the point")
        return point, at

    def _entries(self, data: Data, axes: tuple[str, ...], sizes: Mapping[str, int]) -> Any:
        self.meter.spend(1)
        if not axes:
            return number_of(data)
        if axes[0] == ONE_SIZE:
            return [self._entries(data, axes[1:], sizes)]
        size = sizes.get(axes[0]) or reject(f"the point does not say what the size {axes[0]} is")
        return [self._entries(row, axes[1:], sizes) for row in list_of(data, "entries", size)]

    def _holds(self, hypothesis: Hypothesis, point: Point, at: Mapping[str, int]) -> bool:
        names = [name for name, _ in hypothesis.indices]
        places = product(*(range(point.length(size)) for _, size in hypothesis.indices))
        inner = ({**at, **dict(zip(names, place, strict=True))} for place in places)
        return not any(_some(point.matrix(hypothesis.body, there)) for there in inner)

    # -- conditions ---

    def _completed(self, sizes: Mapping[str, int], values: Mapping[str, Any], statement: Statement) -> Point | None:
        """Return a point at which all conditions hold, and no denominator is zero.

        What is left open of their names is looked for; everything else that is left open becomes 1, or as the identity.
        """
        below = [(node.parts[1], "!=", ZERO) for node in self._inside(statement, "Quotient")]
        conditions = [*self.theorem.conditions, *below]
        used = [self.trees.used(left) | self.trees.used(right) for left, _, right in conditions]
        known = {*sizes, *values, *self.trees.definitions}
        left_open = sorted(frozenset(self.theorem.whole).union(*used) - known)
        sizes = {**{name: 1 for name in self.theorem.sizes if name not in left_open}, **sizes}
        if not all(self._may_be(name, values[name][0][0]) for name in self.theorem.whole if name in values):
            return None

        def search(found: dict[str, Any], names: list[str]) -> Point | None:
            chosen = {name: int(x) for name, x in found.items() if name in self.theorem.sizes}
            rest = {name: [[x]] for name, x in found.items() if name not in chosen}
            point = Point(self.trees, {**sizes, **chosen}, {**values, **rest}, self._bounds)
            decidable = [c for c, needed in zip(conditions, used, strict=True) if not needed & set(names)]
            if not all(self._is_true(point, condition) for condition in decidable):
                return None
            if not names:
                return self._filled(point)
            tries = (search({**found, names[0]: x}, names[1:]) for x in _TRIED if self._may_be(names[0], x))
            return next((point for point in tries if point is not None), None)

        return search({}, left_open)

    def _filled(self, point: Point) -> Point:
        missing = set(self.trees.symbols) - set(point.around.values) - set(self.trees.definitions)
        added = {name: self._unit(self.trees.symbols[name] or SCALAR, point, ()) for name in missing}
        return Point(self.trees, point.sizes, {**point.around.values, **added}, self._bounds)

    def _unit(self, axes: Sequence[str], point: Point, place: tuple[int, ...]) -> Any:
        if not axes:
            self.meter.spend(1)
            return Fraction(len(set(place)) < 2)
        return [self._unit(axes[1:], point, (*place, i)) for i in range(point.length(axes[0]))]

    def _may_be(self, name: str, x: Fraction) -> bool:
        whole, size = name in self.theorem.whole, name in self.theorem.sizes
        return (x.denominator == 1 or not (whole or size)) and (x > 0 or not size)

    def _is_true(self, point: Point, condition: tuple[Node, str, Node]) -> bool:
        left, sign, right = condition
        try:
            return SIGNS[sign](point.scalar(left, {}) - point.scalar(right, {}))
        except RejectedError:
            self.meter.spend(0)  # it may have been that
            return False

    def _bounds(self, random: str, point: Point | None) -> Bounds:
        """Return the range that the conditions leave to a random scalar: at a point, or those on it alone."""
        if random in self._bounding:
            reject(f"a condition on an expectation over {random}")
        self._bounding.add(random)
        try:
            return self._narrowed(random, point)
        finally:
            self._bounding.remove(random)

    def _narrowed(self, random: str, point: Point | None) -> Bounds:
        bounds = Bounds(self.meter, whole=random in self.theorem.whole)
        for left, sign, right in self.theorem.conditions:
            used = self.trees.used(left) | self.trees.used(right)
            if random in used and (point or used == {random}):
                found = (point or Point(self.trees, {}, {}, self._bounds)).line(random, left, right)
                if point and (found is None or used & (self.randoms - {random})):
                    reject(f"a condition on the random {random} that is no bound")
                if found and found[0]:
                    bounds.enter(*found, sign)
                elif found and not SIGNS[sign](found[1]):
                    reject("a condition that is not met")
        return bounds


def _numbers(matrix: Matrix) -> list[list[Fraction]]:
    return [[number_at(x) for x in row] for row in matrix]


def _some(matrix: Matrix) -> bool:
    """Whether a matrix has an entry that is not zero."""
    return any(x for row in _numbers(matrix) for x in row)
