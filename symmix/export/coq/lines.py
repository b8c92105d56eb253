"""What moves: a symbol along a direction, whatever hangs on it through its Jacobian, and symbols that are replaced.

What hangs on the encoder's parameters moves along a line too, as its Jacobian says: that is the chain rule, whose proof
is not a matter of inner products.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sympy as sp

from symmix.export.coq.axes import OPEN, UNIT, Env, at, fed, outside, sizes_of
from symmix.export.coq.syntax import applied, binder, loose_samples
from symmix.export.text import text
from symmix.language.nodes import At, Gradient

if TYPE_CHECKING:
    from symmix.export.coq.terms import Printer


def line(printer: Printer, node: Gradient, direction: str, env: Env) -> str:
    """Return the function ``fun step => L (move step z direction)``, with everything that hangs on z."""
    if node.differentiated.has(Gradient):
        raise outside(text(node), "second derivatives")
    hanging = [s for s in (node.wrt, *node.jacobians) if printer.context.depends(node.differentiated, s)]
    moved = {symbol: _along(printer, symbol, node.jacobians.get(symbol), direction, env) for symbol in hanging}
    moving = f"fun step => {printer.scalar(node.differentiated, {**env, **moved})}"
    if loose_samples(moving) - set(env.values()):
        raise outside(text(node), "a gradient inside of a sum")
    printer.context.lines[moving] = applied("quadratic", moving)
    return moving


def _along(printer: Printer, symbol: sp.Basic, jacobian: sp.Basic | None, direction: str, env: Env) -> str:
    """Return a symbol that moves along a direction, or because what it depends on does; a family, sample by sample."""
    shape, value = sizes_of(symbol), printer.reference(symbol, env)
    counted = [size in printer.context.samples for size in shape]
    if counted == [True, False]:
        name = printer.context.sample()
        towards = applied(direction, name) if jacobian is None else _carried(printer, jacobian, name, direction, env)
        return binder(name, printer.context.size(shape[0]), applied("move", "step", applied(value, name), towards))
    if any(counted) or not shape:
        raise outside(text(symbol), "a number that moves")
    towards = direction if jacobian is None else _carried(printer, jacobian, "", direction, env)
    return applied("move" if len(shape) == 1 else "move_map", "step", value, towards)


def _carried(printer: Printer, jacobian: sp.Basic, sample: str, direction: str, env: Env) -> str:
    """Return a Jacobian applied to a direction: that of one sample, if there is one for each."""
    if isinstance(jacobian, sp.MatrixExpr):
        return printer.view(jacobian, (OPEN, fed(direction)), env)
    return printer.looked_at(jacobian, [at(sample), OPEN, fed(direction)], env)


def replaced(printer: Printer, node: At, env: Env) -> Env:
    """Return the environment in which symbols are replaced."""
    values = {}
    for symbol, value in node.values.items():
        shape = sizes_of(symbol)
        if isinstance(value, sp.MatrixSymbol):
            values[symbol] = printer.reference(value, env)
        elif any(size in printer.context.samples for size in shape) or len(shape) == 2:
            raise outside(text(node), "another matrix in the place of one")
        else:
            values[symbol] = printer.view(value, (OPEN, UNIT), env) if shape else printer.scalar(value, env)
    return {**env, **values}
