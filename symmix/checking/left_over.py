"""What is left over of a step that does not hold: the normal form of one side minus the other, as a tree."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.tensor.array.expressions import ArraySymbol

from symmix.deciding import Frame
from symmix.errors import SymmixError
from symmix.kernel.arrays import Array, aligned
from symmix.language import Reader, Writer
from symmix.printing.order import ordered
from symmix.terms import nodes as t
from symmix.terms.meanings import Names
from symmix.terms.names import is_fixed

MAX_TERMS = 40  # more than that nobody reads


def left_over(left: t.Expression, right: t.Expression, frame: Frame) -> tuple[t.Expression | None, bool]:
    """Return left - right in normal form, and whether it is one term, of a kind that the right side has not.

    There is None where it is too long, or cannot be written as an expression.
    """
    first, second = frame.array(left), frame.array(right)
    one, other = aligned([first.expression, second.expression])
    difference = one - other
    is_new = len(difference.terms) == 1 and not difference.terms.keys() & other.terms.keys()
    if len(difference.terms) > MAX_TERMS:
        return None, is_new
    reader = _reader(frame.names)
    writer = Writer(reader, frame.meaning.reciprocals, frame.meaning.inverses)
    try:
        return ordered(reader.expression(writer.write(Array(difference, first.rows, first.columns)))), is_new
    except (SymmixError, sp.PolynomialError):  # SymPy cancels with 1/q what the kernel keeps apart
        return None, is_new


def _reader(names: Names) -> Reader:
    """Return a reader that knows the names of a frame."""
    sizes: dict[str, Any] = {size: sp.Symbol(size, integer=True, positive=True) for size in names.sizes}
    indices = {sp.Symbol(name, integer=True): _size(size, sizes) for name, size in names.free.items()}
    reader = Reader(indices)
    known = reader.symbols
    known.update(sizes)
    for name, symbol in names.symbols.items():
        axes = [_size(size, sizes) for size in symbol.axes]
        if not axes:
            known[name] = sp.Symbol(name, real=True)
        else:
            known[name] = sp.MatrixSymbol(name, *axes) if len(axes) == 2 else ArraySymbol(name, tuple(axes))
    return reader


def _size(size: str, sizes: dict[str, Any]) -> Any:
    return sp.Integer(int(size)) if is_fixed(size) or size == "1" else sizes[size]
