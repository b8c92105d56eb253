"""The values that inverses have at a point that is given without them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from symmix.kernel.arrays import COLUMN, ROW, Array
from symmix.kernel.points import Model, evaluate
from symmix.kernel.questions import Question
from symmix.meaning import Meaning


def with_inverses(meaning: Meaning, question: Question, at: Model) -> Model | None:
    """Return the point with the values of the inverses that a question speaks of, or None where one does not exist."""
    wanted = frozenset().union(*(e.tensors for e in question.expressions)) & meaning.inverses.keys()
    for symbol in sorted(wanted, key=lambda symbol: list(meaning.inverses).index(symbol)):  # inner ones came first
        completed = question.completed(at)
        table = None if completed is None else _inverse(meaning.inverses[symbol], completed)
        if table is None:
            return None
        at = replace(at, entries={**at.entries, symbol: table})
    return at


def _inverse(array: Array, at: Model) -> dict[tuple[int, ...], Fraction] | None:
    """Return the inverse of a matrix (or scalar) at a point, by elimination."""
    values = evaluate(array.expression, at)
    if array.rows is None:
        return {(): 1 / values[()]} if values[()] else None
    size, names = range(at.sizes[array.rows]), list(array.expression.free)
    row, column = names.index(ROW), names.index(COLUMN)
    entries = {(place[row], place[column]): value for place, value in values.items()}
    rows = [[entries[i, j] for j in size] + [Fraction(i == j) for j in size] for i in size]
    for column in size:
        pivot = next((k for k in size if k >= column and rows[k][column]), None)
        if pivot is None:
            return None
        rows[column], rows[pivot] = rows[pivot], rows[column]
        lead = [x / rows[column][column] for x in rows[column]]
        rows = [lead if k == column else _less(row, lead, row[column]) for k, row in enumerate(rows)]
    return {(i, j): rows[i][len(size) + j] for i in size for j in size}


def _less(row: list[Fraction], lead: list[Fraction], factor: Fraction) -> list[Fraction]:
    return [x - factor * y for x, y in zip(row, lead, strict=True)]
