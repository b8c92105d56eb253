"""What is left over of a step that does not hold: the normal form of one side minus the other, as a tree."""

from __future__ import annotations

import sympy as sp

from symmix.checking.effort import LEFT_OVER_WORK
from symmix.deciding import Frame
from symmix.errors import SymmixError
from symmix.kernel.arrays import Array, aligned
from symmix.language import Writer
from symmix.language.outward import reader_of
from symmix.metering import spend
from symmix.printing.order import ordered
from symmix.terms import nodes as t

MAX_TERMS, MAX_PARTS = 40, 120  # more than that nobody reads, of terms and of what their coefficients consist of


def left_over(left: t.Expression, right: t.Expression, frame: Frame) -> tuple[t.Expression | None, bool]:
    """Return left - right in normal form, and whether it is one term, of a kind that the right side has not.

    There is None where it is too long, or cannot be written as an expression.
    """
    spend(LEFT_OVER_WORK)
    first, second = frame.array(left), frame.array(right)
    one, other = aligned([first.expression, second.expression])
    difference = one - other
    is_new = len(difference.terms) == 1 and not difference.terms.keys() & other.terms.keys()
    if len(difference.terms) > MAX_TERMS or sum(len(c.terms) for c in difference.terms.values()) > MAX_PARTS:
        return None, is_new
    reader = reader_of(frame.names)
    writer = Writer(reader, frame.meaning.reciprocals, frame.meaning.inverses)
    try:
        return ordered(reader.expression(writer.write(Array(difference, first.rows, first.columns)))), is_new
    except (SymmixError, sp.PolynomialError):  # SymPy cancels with 1/q what the kernel keeps apart
        return None, is_new
