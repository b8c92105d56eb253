"""Whatever symmix prints as text it reads back, as what it meant."""

from __future__ import annotations

from typing import Any

from hypothesis import assume, given, settings

from symmix.printing.text import TextPrinter
from symmix.reading.context import Context
from symmix.reading.expressions import Expressions
from symmix.reading.stream import Stream
from symmix.reading.tokens import Place, tokens
from symmix.terms import nodes as t
from symmix.terms.base import Node
from symmix.terms.meanings import Names
from tests.trees import LAM, MU, RHO, Point, UndefinedError, any_expressions

PRINTER = TextPrinter()
MOMENTS = (t.Moment(1, (), LAM), t.Moment(2, (), MU))


def read_back(line: str, tree: t.Expression) -> t.Expression:
    sizes = t.Symbol("sizes", ("k", "h", "n"))
    known = {**Names.of([tree]).symbols, **{symbol.name: symbol for symbol in (LAM, MU, RHO, sizes)}}
    context = Context(symbols=known, moments={"rho": MOMENTS})
    stream = Stream(tokens(line, 1, context.knows), Place(1, len(line) + 1))
    reader = Expressions(stream, context)
    part = reader.sum()
    stream.done()
    return reader.settled(part)


def without_promises(part: Any) -> Any:
    """Return a tree whose derivatives do not say that they are meant to be constant: that is not printed."""
    if isinstance(part, t.Gradient | t.Jacobian):
        return type(part)(without_promises(part.of), part.by, part.jacobians)
    if isinstance(part, tuple):
        return tuple(map(without_promises, part))
    return type(part)(*map(without_promises, part.parts)) if isinstance(part, Node) else part


@settings(max_examples=150)
@given(any_expressions())
def test_what_is_printed_is_read_back_as_what_was_meant(tree: t.Expression) -> None:
    plain = without_promises(tree)
    try:
        value = Point().value(plain)
    except UndefinedError:
        assume(False)  # noqa: FBT003 - it divides by zero
    line = PRINTER.print(tree)
    read = read_back(line, tree)
    assert read.shape == tree.shape
    assert Point().value(read) == value, line
    again = PRINTER.print(read)
    assert PRINTER.print(read_back(again, tree)) == again
