"""What moves: a symbol along a direction, whatever hangs on it through its Jacobian, and symbols that are replaced.

What hangs on the encoder's parameters moves along a line too, as its Jacobian says: that is the chain rule, whose proof
is not a matter of inner products.
"""

from __future__ import annotations

from symmix.publish.coq.axes import OPEN, UNIT, Env, at, fed, outside, sizes_of
from symmix.publish.coq.printing import Printing
from symmix.publish.coq.syntax import applied, binder, loose_samples
from symmix.terms import nodes as t
from symmix.terms.names import ONE_SIZE


def line(printer: Printing, node: t.Gradient, direction: str, env: Env) -> str:
    """Return the function ``fun step => L (move step z direction)``, with everything that hangs on z."""
    context = printer.context
    if context.has(node.of, t.Gradient, t.Jacobian):
        raise outside(node, "second derivatives")
    hanging = [(node.by, None), *node.jacobians]
    moved = {
        symbol.name: _along(printer, symbol, jacobian, direction, env)
        for symbol, jacobian in hanging
        if context.names.depends(node.of, symbol.name)
    }
    moving = f"fun step => {printer.scalar(node.of, {**env, **moved})}"
    if loose_samples(moving) - context.free:
        raise outside(node, "a gradient inside of a sum")
    context.lines[moving] = applied("quadratic", moving)
    return moving


def _along(printer: Printing, symbol: t.Symbol, jacobian: t.Expression | None, direction: str, env: Env) -> str:
    """Return a symbol that moves along a direction, or because what it depends on does; a family, sample by sample."""
    shape, value = sizes_of(symbol), printer.reference(symbol, env)
    counted = printer.context.counted(shape)
    if counted == [True, False]:
        name = printer.context.sample()
        towards = applied(direction, name) if jacobian is None else _carried(printer, jacobian, name, direction, env)
        return binder(name, printer.context.size(shape[0]), applied("move", "step", applied(value, name), towards))
    if any(counted) or not shape:
        raise outside(symbol, "a number that moves")
    towards = direction if jacobian is None else _carried(printer, jacobian, "", direction, env)
    return applied("move" if len(shape) == 1 else "move_map", "step", value, towards)


def _carried(printer: Printing, jacobian: t.Expression, sample: str, direction: str, env: Env) -> str:
    """Return a Jacobian applied to a direction: that of one sample, if there is one for each."""
    if isinstance(jacobian, t.Symbol) and len(jacobian.axes) > 2:
        return printer.looked_at(jacobian, [at(sample), OPEN, fed(direction)], env)
    return printer.view(jacobian, (OPEN, fed(direction)), env)


def replaced(printer: Printing, node: t.At, env: Env) -> Env:
    """Return the environment in which symbols are replaced."""
    values = {}
    for symbol, value in node.values:
        shape = sizes_of(symbol)
        if isinstance(value, t.Symbol):
            values[symbol.name] = printer.reference(value, env)
        elif any(printer.context.counted(shape)) or len(shape) != 1:
            raise outside(node, "another matrix in the place of one")
        else:
            views = (OPEN, UNIT) if symbol.axes[1] == ONE_SIZE else (UNIT, OPEN)
            values[symbol.name] = printer.view(value, views, env)
    return {**env, **values}
