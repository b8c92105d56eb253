"""The setting of a theorem: definitions, side conditions, sample indices, and the language that they are read in.

Whatever a theorem states is read through its setting, which unfolds the definitions; the verdict is then about the
symbols that are not defined, for all their values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from fractions import Fraction

import sympy as sp

from symmix.errors import StatementError
from symmix.kernel.calculus import Model, evaluate
from symmix.kernel.networks import Expression, constant, ones
from symmix.kernel.scalars import Polynomial
from symmix.kernel.witness import Condition, Question, find_witness
from symmix.language import Array, Language
from symmix.language.array import COLUMN, ROW
from symmix.notation import lookup
from symmix.verdict import Evidence, Proved, Rows, Witness


@dataclass
class Setting:
    """What holds throughout one theorem.

    Parameters
    ----------
    definitions
        Matrix symbols or scalars with what they stand for; they may build on each other, not on themselves.
    conditions
        Relations between scalars that every witness must meet: ``lam > 0``, ``Ne(v, 0)``. Those that the legend
        states of its symbols (``0 <= lam <= 1``) are added.
    indices
        Free sample indices with their sizes, for statements "for every i".
    """

    definitions: Mapping[sp.Basic, sp.Basic] = field(default_factory=dict)
    conditions: Sequence[sp.Basic] = ()
    indices: Mapping[sp.Symbol, sp.Symbol] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.language = Language(self.indices)
        self.language.define(self.definitions)
        self._nonzero = frozenset(self.language.nonzero)
        # the sides of a claim come back in its steps and near misses: what each is read as, and what it divides by
        self._read: dict[sp.Basic, tuple[Array, frozenset[Polynomial]]] = {}

    def for_one_statement(self) -> Setting:
        """Return the setting without what earlier statements were divided by: that is their assumption alone."""
        scoped = copy(self)
        scoped.language = replace(self.language, nonzero=set(self._nonzero))
        return scoped

    # -- reading -----------------------------------------------------------------------------------------------------

    def read(self, expression: sp.Basic) -> Array:
        """Return an expression with all definitions unfolded."""
        if expression not in self._read:
            before, self.language.nonzero = self.language.nonzero, set()
            array = self.language.unfolded(self.language.read(expression))
            self._read[expression] = array, frozenset(self.language.nonzero)
            self.language.nonzero = before
        array, divisors = self._read[expression]
        self.language.nonzero |= divisors
        return array

    def scalar(self, expression: sp.Basic) -> Polynomial:
        """Return a scalar coefficient with all definitions unfolded."""
        return self.language.scalar(expression).substitute(self.language.scalar_definitions)

    def difference(self, left: sp.Basic, right: sp.Basic) -> tuple[Array, Array, Expression]:
        """Return both sides and their difference with the denominators cleared."""
        a, b = self.read(left), self.read(right)
        if a.shape != b.shape:
            raise StatementError(
                "two sides of one shape",
                f"shape {a.shape} of {left}, and shape {b.shape} of {right}",
                "transpose a side, or check the shapes of its symbols",
            )
        first, second = aligned([a.expression, b.expression])
        return a, b, self.language.cleared(first - second)

    def left_over(self, left: sp.Basic, right: sp.Basic) -> Array:
        """Return left - right as it stands, not multiplied by denominators."""
        a, b = self.read(left), self.read(right)
        first, second = aligned([a.expression, b.expression])
        return replace(a, expression=first - second)

    def hypotheses(self, expressions: Iterable[sp.Basic]) -> tuple[Expression, ...]:
        """Return the hypotheses ``expression = 0``, denominators cleared."""
        return tuple(self.language.cleared(self.read(expression).expression) for expression in expressions)

    # -- conditions --------------------------------------------------------------------------------------------------

    def scalar_conditions(self, expressions: Sequence[Expression]) -> tuple[Condition, ...]:
        """Return every condition on scalars: the theorem's, the legend's, and that no denominator vanishes."""
        stated = [self._condition(relation) for relation in self.conditions]
        occurring = frozenset().union(*(e.scalars for e in expressions), *(c.names for c in stated))
        legend = [self._condition(r) for name in sorted(occurring) for r in self._domain(name)]
        denominators = [Condition(q, "!=") for q in self.language.nonzero]
        return (*sorted(denominators, key=str), *stated, *legend)  # in this order no condition divides by zero

    def _domain(self, name: str) -> tuple[sp.Basic, ...]:
        """Return what the legend always assumes of a scalar, if the theorem's scalar of that name is the legend's."""
        entry = lookup(name)
        known = entry is not None and entry.symbol == self.language.symbols.get(name)
        return entry.domain if entry is not None and known else ()

    def _condition(self, relation: sp.Basic) -> Condition:
        canonical = relation.reversed if isinstance(relation, sp.LessThan | sp.StrictLessThan) else relation
        value = None
        if isinstance(canonical, sp.Rel):
            value = self.language.same_sign(self.scalar(canonical.lhs - canonical.rhs))
        if value is not None and isinstance(canonical, sp.StrictGreaterThan):
            return Condition(value, ">")
        if value is not None and isinstance(canonical, sp.GreaterThan):
            return Condition(value, ">=")
        if value is None or not isinstance(canonical, sp.Unequality):
            raise StatementError(
                "a condition of the form a > b, a >= b, a < b, a <= b or Ne(a, b) between scalars",
                f"{relation} ({type(relation).__name__})",
                "split it into such conditions; if SymPy evaluated it, drop the assumptions of its symbols",
            )
        return Condition(value, "!=")

    @property
    def units(self) -> frozenset[str]:
        """The scalars that are known not to be zero, and may be divided by."""
        stated = (self._condition(relation) for relation in self.conditions)
        known = [c.polynomial for c in stated if c.relation != ">="]
        return frozenset(name for q in [*known, *self.language.nonzero] for name in q.names if len(q.terms) == 1)

    # -- verdicts ---

    def proved(self, evidence: Evidence, hypotheses: Sequence[Expression] = ()) -> Proved:
        """Return the verdict, with what the statement divides by, and whether its hypotheses can be met."""
        sizes = self.language.sizes
        assuming = [q for q in self.language.nonzero if not (len(q.terms) == 1 and q.names <= sizes)]
        return Proved((evidence,), tuple(sorted(assuming, key=str)), self._can_be_met(hypotheses))

    def _can_be_met(self, hypotheses: Sequence[Expression]) -> bool:
        return not hypotheses or self._find([constant(1)], hypotheses) is not None

    # -- witnesses ---------------------------------------------------------------------------------------------------

    def find_witness(
        self,
        goals: Sequence[Expression],
        hypotheses: Sequence[Expression],
        sides: Mapping[str, sp.Basic],
        extra: Sequence[Condition] = (),
    ) -> Witness | None:
        """Return a point where hypotheses and conditions hold and some goal does not vanish, or None."""
        model = self._find(goals, hypotheses, extra)
        return None if model is None else self.describe(model, sides)

    def _find(
        self, goals: Sequence[Expression], hypotheses: Sequence[Expression], extra: Sequence[Condition] = ()
    ) -> Model | None:
        conditions = (*self.scalar_conditions([*goals, *hypotheses]), *extra)
        # a size that occurs in coefficients alone is a whole number still
        names = frozenset().union(*(e.scalars for e in (*goals, *hypotheses)), *(c.names for c in conditions))
        sizes = frozenset(name for name in names if self._whole(name))
        return find_witness(Question(tuple(goals), tuple(hypotheses), conditions, sizes))

    def _whole(self, name: str) -> bool:
        """Whether a scalar takes positive whole numbers only: sizes do, and symbols that SymPy is told so about."""
        symbol = self.language.symbols.get(name)
        return name in self.language.sizes or bool(symbol is not None and symbol.is_integer and symbol.is_positive)

    def describe(self, model: Model, sides: Mapping[str, sp.Basic]) -> Witness:
        """Return the point in the user's names, with the values of the defined symbols and of the sides there."""
        arrays = {label: self.read(side) for label, side in sides.items()}
        model = self._completed(model, [a.expression for a in arrays.values()])
        at = _first_difference([a.expression for a in arrays.values()], model)
        entries = {t.name: _rows(_plain(t.dims, table, model)) for t, table in sorted(model.entries.items())}
        for symbol in self.definitions:
            if isinstance(symbol, sp.MatrixSymbol) or symbol in self.language.quantities:
                defined = self.read(symbol)
                if _is_known(defined.expression, model):
                    entries[str(symbol.name)] = _rows(_value(defined, model, {}))
        hidden = {*self.language.reciprocals, *model.sizes}
        scalars = {name: value for name, value in model.scalars.items() if name not in hidden}
        values = {label: _rows(_value(array, model, at)) for label, array in arrays.items()}
        return Witness(dict(sorted(model.sizes.items())), scalars, entries, values, at)

    def _completed(self, model: Model, expressions: Sequence[Expression]) -> Model:
        """Add what the sides mention and the question did not need: zero entries, size 1, reciprocals."""
        sizes = {dim: 1 for e in expressions for dim in sorted(e.dims)} | dict(model.sizes)
        names = sorted({name for e in expressions for name in e.scalars} - model.scalars.keys() - sizes.keys())
        scalars = dict(model.scalars)
        for name in names:
            if name not in self.language.reciprocals:
                scalars[name] = Fraction(1) if self._whole(name) else Fraction(1, 2)
        entries = {t: model.entries.get(t, {}) for e in expressions for t in sorted(e.tensors)} | dict(model.entries)
        complete = Model(sizes, scalars, entries)
        for name, denominator in self.language.reciprocals.items():
            value = complete.scalar(denominator) if denominator.names <= {*sizes, *scalars} else None
            if value:
                complete = replace(complete, scalars={**complete.scalars, name: 1 / value})
        return complete


def _is_known(expression: Expression, model: Model) -> bool:
    """Whether a defined symbol has one value at a point: nothing in it is open there."""
    scalars = expression.scalars <= {*model.scalars, *model.sizes}
    return scalars and expression.tensors <= model.entries.keys() and set(expression.free) <= {ROW, COLUMN}


def aligned(expressions: Sequence[Expression]) -> list[Expression]:
    """Give all expressions the same free indices: a side that does not depend on a sample holds for each of them."""
    free: dict[str, str] = {}
    for expression in expressions:
        free.update(expression.free)
    return [e * ones(**{i: dim for i, dim in free.items() if i not in e.free}) for e in expressions]


def _first_difference(expressions: Sequence[Expression], model: Model) -> dict[str, int]:
    """Return the first sample position at which two sides differ (or the only one does not vanish)."""
    sides = aligned(expressions)
    if not sides:
        return {}
    total = sides[0] if len(sides) == 1 else sides[0] - sides[1]
    names = list(total.free)
    for position, value in evaluate(total, model).items():
        if value:
            return {i: v for i, v in zip(names, position, strict=True) if i not in (ROW, COLUMN)}
    return dict.fromkeys((i for i in names if i not in (ROW, COLUMN)), 0)


def _value(array: Array, model: Model, at: Mapping[str, int]) -> dict[tuple[int, ...], Fraction]:
    names = list(array.expression.free)
    shape = [i for i, size in ((ROW, array.rows), (COLUMN, array.columns)) if size is not None]
    values: dict[tuple[int, ...], Fraction] = {}
    for position, value in evaluate(array.expression, model).items():
        place = dict(zip(names, position, strict=True))
        if all(place[i] == v for i, v in at.items() if i in place):
            row, column = (place[i] if i in shape else 0 for i in (ROW, COLUMN))
            values[row, column] = value
    return values


def _plain(
    dims: Sequence[str], table: Mapping[tuple[int, ...], Fraction], model: Model
) -> dict[tuple[int, ...], Fraction]:
    """Return a tensor's entries as those of a matrix; further slots are laid out along the columns."""
    values: dict[tuple[int, ...], Fraction] = {}
    for position in model.positions(dims):
        row, column = (position[0] if position else 0), 0
        for dim, index in zip(dims[1:], position[1:], strict=True):
            column = column * model.sizes[dim] + index
        values[row, column] = table.get(position, Fraction(0))
    return values


def _rows(values: Mapping[tuple[int, ...], Fraction]) -> Rows:
    height = 1 + max(row for row, _ in values)
    width = 1 + max(column for _, column in values)
    return tuple(tuple(values[row, column] for column in range(width)) for row in range(height))
