"""The two ways of looking at a statement at a point: as SymPy has it, on components, and as a tree, on arrays."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from symmix.components import Components
from symmix.errors import StatementError
from symmix.evaluation import Evaluation, Point
from symmix.language import ForAll
from symmix.numeric.bounded import Bounded
from symmix.terms import nodes as t
from symmix.terms import statements as s

Rows = Sequence[Sequence[Any]]  # of fractions, or of numbers with bounds


@dataclass(frozen=True)
class Seen:
    """What is seen of a statement at a point: whether its hypotheses hold, its sides, whether it holds.

    ``rounded`` says that it is seen within a bound, and not by ``==``.
    """

    given: bool
    values: tuple[Rows, ...]
    holds: bool
    rounded: bool = False


class Side(ABC):
    """A way of looking at statements."""

    @abstractmethod
    def value(self, expression: Any) -> Rows:
        """Return the entries of an expression."""

    @abstractmethod
    def replaced(self, expression: Any, values: Any) -> Rows:
        """Return the entries of an expression at other values of some symbols."""

    @abstractmethod
    def hypothesis(self, stated: Any) -> Iterator[Rows]:
        """Run through what a hypothesis says vanishes."""

    def seen(self, statement: Any) -> Seen:
        """Return what is seen of a statement, which has the same parts whoever wrote it."""
        if isinstance(statement, s.Fails) or type(statement).__name__ == "Fails":
            return self.seen(statement.statement)
        given = all(vanishes(rows) for stated in statement.where for rows in self.hypothesis(stated))
        values, holds = _KINDS[type(statement).__name__](self, statement)
        return Seen(given, tuple(values), holds)


class Written(Side):
    """SymPy's expressions on components; ``sizes`` are those of the indices that a ForAll binds, by its tree."""

    def __init__(self, components: Components, spans: Mapping[int, Sequence[int]]) -> None:
        self.components, self.spans = components, spans

    def value(self, expression: Any) -> Rows:
        """Return the entries of an expression."""
        return self.components.rows(expression)

    def replaced(self, expression: Any, values: Any) -> Rows:
        """Return the entries of an expression at other values of some symbols."""
        return self.components.replaced(expression, values)

    def hypothesis(self, stated: Any) -> Iterator[Rows]:
        """Run through what a hypothesis says vanishes."""
        if not isinstance(stated, ForAll):
            yield self.value(stated)
            return
        if id(stated) not in self.spans:
            yield self._law(stated.body)
            return
        given = stated.indices if isinstance(stated.indices, list | tuple) else (stated.indices,)
        spans = self.spans[id(stated)]
        bound = [one[0] if isinstance(one, list | tuple) else one for one in given][: len(spans)]
        for places in product(*map(range, spans)):
            yield self.components.rows(stated.body, dict(zip(bound, places, strict=True)))

    def _law(self, body: Any) -> Rows:
        """Return what vanishes of a hypothesis about functions at the values that the point has for what it binds."""
        if not getattr(body, "is_Relational", False):
            return self.value(body)
        (more,), (less,) = self.value(body.gts)[0], self.value(body.lts)[0]
        return [[int(more < less)]]


class Trees(Side):
    """Trees on arrays."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation

    def value(self, expression: t.Expression) -> Rows:
        """Return the entries of an expression."""
        return _rows(self.evaluation.value(expression))

    def replaced(self, expression: t.Expression, values: t.Pairs) -> Rows:
        """Return the entries of an expression at other values of some symbols."""
        return self.value(t.At(expression, values))

    def hypothesis(self, stated: s.Hypothesis) -> Iterator[Rows]:
        """Run through what a hypothesis says vanishes."""
        if isinstance(stated, s.Everywhere):
            rows = self.value(stated.body)
            yield rows if stated.sign == "=" else [[int(_sign(rows[0][0]) < 0)]]
            return
        if not isinstance(stated, s.ForAll):
            yield self.value(stated)
            return
        point = self.evaluation.point
        for places in product(*(range(point.length(index.size)) for index in stated.indices)):
            at = dict(zip((index.name for index in stated.indices), places, strict=True))
            yield _rows(self.evaluation.value(stated.body, at))


def spans_of(written: Sequence[Any], trees: Sequence[s.Hypothesis], point: Point) -> dict[int, list[int]]:
    """Return over how much each index of each ForAll runs."""
    pairs = zip(written, trees, strict=True)
    return {id(w): [point.length(i.size) for i in tree.indices] for w, tree in pairs if isinstance(tree, s.ForAll)}


# -- numbers, exact or with bounds ---


def agree(one: Any, other: Any) -> bool:
    """Whether two numbers are equal, or as close as their bounds leave open."""
    if not isinstance(one, Bounded) and not isinstance(other, Bounded):
        return bool(one == other)
    (a, error), (b, another) = _with_error(one), _with_error(other)
    return abs(a - b) <= error + another


def comparable(rows: Rows) -> bool:
    """Whether something is known of all numbers."""
    return all(_with_error(x)[1] < 1e-3 * (1 + abs(_with_error(x)[0])) for row in rows for x in row)


def _with_error(x: Any) -> tuple[float, float]:
    if isinstance(x, Bounded):
        return float(x.value), float(x.error)
    nearest = float(x)
    return nearest, 0.0 if Fraction(nearest) == x else abs(nearest) * 2.0**-52


def same(one: Rows, other: Rows) -> bool:
    """Whether two matrices agree."""
    shapes = [(len(rows), len(rows[0])) for rows in (one, other)]
    return shapes[0] == shapes[1] and all(
        agree(x, y) for pair in zip(one, other, strict=True) for x, y in zip(*pair, strict=True)
    )


def vanishes(rows: Rows) -> bool:
    """Whether all entries are zero."""
    return all(agree(x, 0) for row in rows for x in row)


def _sign(x: Any) -> float:
    """Return a number of the sign of x, 0 where that is open."""
    value, error = _with_error(x)
    return 0.0 if isinstance(x, Bounded) and abs(value) <= error else value


def _rows(array: Any) -> Rows:
    rows: list[list[Any]] = array.tolist() if array.dtype != object else [list(row) for row in array]
    return rows


# -- what each kind of statement says ---

Said = tuple[Sequence[Rows], bool]


def _identity(side: Side, statement: Any) -> Said:
    values = [side.value(statement.left), side.value(statement.right)]
    return values, same(*values)


def _vanishing(side: Side, statement: Any) -> Said:
    values = [side.value(expression) for expression in statement.expressions]
    return values, all(map(vanishes, values))


def _equivalence(side: Side, statement: Any) -> Said:
    left, right = ([side.value(e) for e in found] for found in (statement.left, statement.right))
    given = [side.value(scalar) for scalar in statement.provided]
    holds = any(map(vanishes, given)) or all(map(vanishes, left)) == all(map(vanishes, right))
    return [*left, *right], holds


def _positivity(side: Side, statement: Any) -> Said:
    value = side.value(statement.scalar)
    sign = _sign(value[0][0])
    return [value], sign > 0 or (not sign and not statement.strict)


def _minimum(side: Side, statement: Any) -> Said:
    left, right = side.value(statement.scalar), side.replaced(statement.scalar, statement.at)
    return [left, right], _sign(left[0][0] - right[0][0]) >= 0


_KINDS: Mapping[str, Callable[[Side, Any], Said]] = {
    "Identity": _identity,
    "Vanishing": _vanishing,
    "Equivalence": _equivalence,
    "Positivity": _positivity,
    "Minimum": _minimum,
}


def parts(statement: Any) -> Any:
    """Return what a denial denies, or the statement."""
    if type(statement).__name__ == "Fails":
        return statement.statement
    if type(statement).__name__ in _KINDS:
        return statement
    raise StatementError("a statement of a known kind", type(statement).__name__, "see symmix.statements")
