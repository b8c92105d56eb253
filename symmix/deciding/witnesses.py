"""Points in the names of the statement: entries as rows, and the values of defined symbols and of the sides there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from symmix.deciding.frame import Frame
from symmix.kernel.arrays import COLUMN, ROW, Array, aligned
from symmix.kernel.networks import Expression
from symmix.kernel.points import Model, evaluate, fixed_size, unit_vector
from symmix.kernel.scalars import Polynomial
from symmix.terms.nodes import Expression as Tree
from symmix.verdict import Rows, Witness

Values = dict[tuple[int, ...], Fraction]


def described(frame: Frame, model: Model, sides: Mapping[str, Tree]) -> Witness:
    """Return the point in the statement's names, with the values of the defined symbols and of the sides there."""
    arrays = {label: frame.array(side) for label, side in sides.items()}
    model = completed(frame, frame.settled(model), [array.expression for array in arrays.values()])
    at = {**_first_difference([array.expression for array in arrays.values()], model), **model.at}
    hidden = frame.meaning.inverses.keys() | frame.meaning.sums.keys()
    visible = sorted((t, table) for t, table in model.entries.items() if t not in hidden and not t.name.isdigit())
    entries = {t.name: _rows(_plain(t.dims, table, model)) for t, table in visible}
    scalars = {n: v for n, v in model.scalars.items() if n not in frame.meaning.reciprocals}
    for symbol in frame.names.definitions:
        defined = frame.array(symbol)
        if not _is_known(defined.expression, model):
            continue
        if symbol.axes or defined.expression.tensors:
            entries[symbol.name] = _rows(_value(defined, model, {}))
    values = {label: _rows(_value(array, model, at)) for label, array in arrays.items()}
    sizes = {size: number for size, number in sorted(model.sizes.items()) if not size.isdigit()}
    # the names that layers have for sums and reciprocals are theirs alone
    entries_left = {t: e for t, e in model.entries.items() if t not in frame.meaning.sums}
    found = replace(model, at=at, scalars=scalars, entries=entries_left)
    return Witness(sizes, scalars, entries, values, at, found)


def completed(frame: Frame, model: Model, expressions: Sequence[Expression]) -> Model:
    """Add what the sides mention and the question did not need: zero entries, size 1, reciprocals."""
    mentioned = frozenset[str]().union(*(e.dims | e.scalars for e in expressions))
    fixed = {dim: fixed_size(dim) for dim in mentioned if fixed_size(dim)}
    sizes = dict.fromkeys(mentioned & frame.names.sizes, 1) | fixed | dict(model.sizes)
    open_ones = sorted(mentioned - model.scalars.keys() - sizes.keys() - frame.meaning.reciprocals.keys())
    fallback = {name: Fraction(1) if name in frame.setting.whole else Fraction(1, 2) for name in open_ones}
    entries = {**{t: unit_vector(t) for e in expressions for t in e.tensors}, **model.entries}
    complete = Model(sizes, {**model.scalars, **fallback}, entries, model.at)
    for name, denominator in frame.meaning.reciprocals.items():
        value = _scalar(denominator, complete)
        if value:
            complete = replace(complete, scalars={**complete.scalars, name: 1 / value})
    return complete


def _is_known(expression: Expression, model: Model) -> bool:
    """Whether a defined symbol has one value at a point: nothing in it is open there."""
    if not (expression.dims <= model.sizes.keys() and expression.tensors <= model.entries.keys()):
        return False
    return all(_scalar(coefficient, model) is not None for coefficient in expression.terms.values())


def _scalar(polynomial: Polynomial, at: Model) -> Fraction | None:
    """Return the value of a coefficient, or None where it is open or divided by zero."""
    if not polynomial.names <= {*at.scalars, *at.sizes}:
        return None
    defined = all(at.scalar(Polynomial.variable(n)) for n in polynomial.divisors)
    return Fraction(at.scalar(polynomial)) if defined else None


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


def _value(array: Array, model: Model, at: Mapping[str, int]) -> Values:
    names = list(array.expression.free)
    shape = [i for i, size in ((ROW, array.rows), (COLUMN, array.columns)) if size is not None]
    values: Values = {}
    for position, value in evaluate(array.expression, model).items():
        place = dict(zip(names, position, strict=True))
        if all(place[i] == v for i, v in at.items() if i in place):
            row, column = (place[i] if i in shape else 0 for i in (ROW, COLUMN))
            values[row, column] = value
    return values


def _plain(dims: Sequence[str], table: Mapping[tuple[int, ...], Fraction], model: Model) -> Values:
    """Return a tensor's entries as those of a matrix; further slots are laid out along the columns."""
    values: Values = {}
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
