"""Derivatives, replacements, expectations and values of functions, read from SymPy."""

from __future__ import annotations

import sympy as sp

from symmix.errors import StatementError, UnsupportedError
from symmix.language.derivatives import Gradient, Jacobian, ScalarGradient
from symmix.language.inert import shown
from symmix.language.nodes import At, MatrixExpectation, MatrixValue, ScalarExpectation, ScalarValue
from symmix.language.scopes import Around
from symmix.language.symbols import ARRAYS
from symmix.language.translation import Translation
from symmix.terms import nodes as t
from symmix.terms.names import ONE_SIZE


def derivative(translation: Translation, node: Gradient | ScalarGradient, around: Around) -> t.Gradient | t.Jacobian:
    """Read a gradient or a Jacobian."""
    kind = t.Jacobian if isinstance(node, Jacobian) else t.Gradient
    for moving in (node.wrt, *node.jacobians):
        if isinstance(moving, sp.Symbol) and moving.is_integer:
            raise UnsupportedError(
                "a scalar that takes all values in between, to differentiate by, or to depend on such a one",
                f"the whole number {moving} in {shown(node)}",
                "of a whole number take a difference; if it is none, declare it without integer=True",
            )
    by = translation.symbol(node.wrt, "to differentiate by")
    pairs = _pairs(translation, node.args[2], "that depends", around)
    return kind(translation.read(node.differentiated, around), by, pairs, node.constant)


def at(translation: Translation, node: At, around: Around) -> t.At:
    """Read an expression in which symbols are replaced."""
    of = translation.read(node.matrix, around)
    return t.At(of, _pairs(translation, node.args[1], "to replace", Around(closed=True)))


def _pairs(translation: Translation, pairs: sp.Tuple, role: str, around: Around) -> t.Pairs:
    found = []
    for symbol, value in pairs:
        whole = type(value) in ARRAYS  # the Jacobian of a matrix
        tree = translation.symbols.matrix(value) if whole else translation.read(value, around)
        found.append((translation.symbol(symbol, role), tree))
    return tuple(found)


def expectation(translation: Translation, node: ScalarExpectation | MatrixExpectation, around: Around) -> t.Expectation:
    """Read an expectation."""
    random = translation.symbol(node.random, "to average over")
    of = translation.read(node.averaged, around)
    moments = [
        _moment(translation, degree, value, random)
        for degree, value in node.moments.items()
        if not (degree == 0 and value == 1)  # which goes without saying
    ]
    return t.Expectation(of, random, tuple(moments))


def _moment(translation: Translation, degree: int, value: sp.Basic, random: t.Symbol) -> t.Moment:
    if degree < 1:
        raise StatementError(f"a moment of degree 0 of {random} that is 1", shown(value), "leave it out")
    axes = [size for size in random.axes if size != ONE_SIZE] * degree
    around = Around(closed=True)
    if not axes and not isinstance(value, sp.Lambda):
        return t.Moment(degree, (), translation.read(value, around))
    if not isinstance(value, sp.Lambda) or len(value.variables) != len(axes):
        raise StatementError(
            f"a Lambda of {len(axes)} indices for the moment of degree {degree} of {random}",
            shown(value),
            "give all indices of the first entry, then of the second",
        )
    slots = translation.variables(value, len(axes))
    around = translation.bind(dict(zip(slots, axes, strict=True)), around, value.expr)
    names = tuple(around.bound[slot].name for slot in slots)
    return t.Moment(degree, names, translation.read(value.expr, around))


def value(translation: Translation, node: ScalarValue | MatrixValue, _: Around) -> t.Apply:
    """Read the value of a function; nothing that is bound around it may stand in its argument."""
    source, target = (tuple(translation.symbols.size(size, node) for size in axes) for axes in node.axes)
    return t.Apply(t.Function(node.function, source, target), translation.read(node.argument, Around(closed=True)))
