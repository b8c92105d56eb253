"""Which expressions are well formed: shapes agree, an index has one size, a name has one meaning, nothing is captured.

Every tree passes through here before anybody reads it: the ways in build trees, the kernel, the printers and the
certificates may rely on what is said here and check nothing of it again. An error names the node.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from symmix.errors import DimensionError, NotationError, StatementError, UnsupportedError
from symmix.terms import nodes as t
from symmix.terms.base import Node
from symmix.terms.functions import require_value, without_values
from symmix.terms.meanings import Names, Scope
from symmix.terms.names import ONE_SIZE, WHOLE
from symmix.terms.positions import require_position

MAX_DEPTH = 120  # nodes inside of each other
MAX_POWER = 100  # of what may be a sum: its terms multiply


def require_well_formed(expression: t.Expression, scope: Scope) -> t.Shape:
    """Return the shape of a well-formed expression.

    Raises
    ------
    DimensionError, NotationError, StatementError, UnsupportedError
        Naming the node that is not well formed.
    """
    if scope.depth > MAX_DEPTH:
        raise UnsupportedError(
            f"at most {MAX_DEPTH} nodes inside of each other", "more", "define symbols for parts of it"
        )
    rule = _RULES.get(type(expression))
    if rule is None:
        raise UnsupportedError(
            "a node of the language", f"{expression!r} ({type(expression).__name__})", "see symmix.terms"
        )
    rule(expression, Scope(scope.names, scope.indices, scope.depth + 1))
    return expression.shape


def require_scalar(expression: t.Expression, scope: Scope, role: str) -> None:
    """Refuse what is no well-formed scalar built from numbers, sizes and scalar symbols; ``role`` is for the error."""
    if require_well_formed(expression, scope) != t.SCALAR:
        raise DimensionError(
            f"a scalar {role}", f"{expression} of shape {expression.shape}", "take an entry, or a trace"
        )
    outside = _without_entries(expression, scope.names)
    if outside is not None:
        raise UnsupportedError(
            f"a scalar built from numbers, scalar symbols and sizes {role}",
            f"{outside} in {expression}",
            "name it by a symbol, and state what that satisfies as a hypothesis",
        )


_ENTRYLESS = (t.Number, t.Size, t.Symbol, t.Add, t.Multiply, t.Quotient, t.Power, t.Expectation, t.Moment)


def _without_entries(expression: t.Expression, names: Names) -> Node | None:
    """Return a node that keeps an expression from being a plain scalar, definitions unfolded, or None."""
    return next(
        (
            n
            for n in names.unfolded(expression)
            if not isinstance(n, _ENTRYLESS) or (isinstance(n, t.Symbol) and n.axes)
        ),
        None,
    )


# -- one rule a kind of node ---


def _plain(_expression: t.Expression, _scope: Scope) -> None:
    return


def _number(expression: t.Number, _scope: Scope) -> None:
    if type(expression.value).__name__ != "Fraction":
        raise UnsupportedError("an exact rational number", repr(expression.value), "write a Fraction")


def _symbol(expression: t.Symbol, _scope: Scope) -> None:
    if len(expression.axes) not in (0, 2):
        raise UnsupportedError("the entries of an array", f"{expression} as a whole", "index all of its axes")


def _all_of_one_shape(parts: tuple[t.Expression, ...], expression: t.Expression, scope: Scope) -> None:
    if len(parts) < 2:
        raise StatementError("two or more parts", f"{expression}", "leave the node out")
    shapes = [require_well_formed(part, scope) for part in parts]
    for part, shape in zip(parts, shapes, strict=True):
        if shape != shapes[0]:
            raise DimensionError(
                f"parts of one shape in {expression}",
                f"{parts[0]} of shape {shapes[0]} and {part} of shape {shape}",
                "transpose one of them, or check the shapes of the symbols",
            )


def _add(expression: t.Add, scope: Scope) -> None:
    _all_of_one_shape(expression.terms, expression, scope)


def _hadamard(expression: t.Hadamard, scope: Scope) -> None:
    _all_of_one_shape(expression.factors, expression, scope)


def _multiply(expression: t.Multiply, scope: Scope) -> None:
    if len(expression.factors) < 2:
        raise StatementError("two or more factors", f"{expression}", "leave the node out")
    for factor in expression.factors:
        require_well_formed(factor, scope)
    for left, right in zip(expression.matrices, expression.matrices[1:], strict=False):
        if left.shape[1] != right.shape[0]:
            raise DimensionError(
                f"matching inner sizes in the product {expression}",
                f"{left} of shape {left.shape} before {right} of shape {right.shape}",
                "transpose a factor, or check the order of the factors",
            )


def _quotient(expression: t.Quotient, scope: Scope) -> None:
    require_well_formed(expression.numerator, scope)
    require_scalar(expression.denominator, scope, "to divide by")


def _power(expression: t.Power, scope: Scope) -> None:
    _square(expression.base, expression, scope)
    if type(expression.exponent) is not int or not 0 <= expression.exponent <= MAX_POWER:
        raise UnsupportedError(
            f"a whole number from 0 to {MAX_POWER} as exponent", f"{expression}", "write a quotient, or an inverse"
        )


def _square(part: t.Expression, expression: t.Expression, scope: Scope) -> None:
    rows, columns = require_well_formed(part, scope)
    if rows != columns:
        raise DimensionError("a square matrix", f"{part} of shape {part.shape} in {expression}", "check its factors")


def _of(expression: t.Transpose, scope: Scope) -> None:
    require_well_formed(expression.of, scope)


def _of_square(expression: t.Trace | t.Diagonal | t.Inverse, scope: Scope) -> None:
    _square(expression.of, expression, scope)


def _diagonal_matrix(expression: t.DiagonalMatrix, scope: Scope) -> None:
    shape = require_well_formed(expression.of, scope)
    if ONE_SIZE not in shape:
        raise DimensionError("a column or a row", f"{expression.of} of shape {shape}", "take its diagonal")


# -- entries ---


def _delta(expression: t.Delta, scope: Scope) -> None:
    sizes = []
    for name in (expression.first, expression.second):
        if name not in scope.indices:
            raise DimensionError(
                "a Kronecker delta of two indices over the same size",
                f"{name!r} in {expression}",
                "sum over its indices, or declare them as sample indices",
            )
        sizes.append(scope.indices[name])
    if sizes[0] != sizes[1]:
        raise DimensionError(
            "a Kronecker delta of two indices over the same size", f"{expression}: {sizes}", "check them"
        )


def _entry(expression: t.Entry, scope: Scope) -> None:
    axes = _axes(expression.of, scope)
    if len(axes) != len(expression.indices):
        raise DimensionError(f"{len(axes)} indices for {expression.of}", f"{expression.indices}", "give one an axis")
    for name, size in zip(expression.indices, axes, strict=True):
        require_position(name, size, expression, scope)


def _axes(expression: t.Expression, scope: Scope) -> tuple[str, ...]:
    """Return the axes of a symbol that is an array, or the shape of what is well formed as a whole."""
    if isinstance(expression, t.Symbol) and len(expression.axes) > 2:
        return expression.axes
    return require_well_formed(expression, scope)


def _slice(expression: t.Slice, scope: Scope) -> None:
    sizes = require_well_formed(expression.of, scope)
    for name, size in zip((expression.row, expression.column), sizes, strict=True):
        if name != WHOLE:
            require_position(name, size, expression, scope)


def _total(expression: t.Total, scope: Scope) -> None:
    if not expression.indices:
        raise StatementError("an index to sum over", f"{expression}", "leave the sum out")
    shape = require_well_formed(expression.body, scope.within(expression.indices))
    if shape != t.SCALAR:
        raise DimensionError("a scalar to sum", f"{expression.body} of shape {shape}", "sum its entries")


def _by_entries(expression: t.ByEntries, scope: Scope) -> None:
    bound = [index for index in (expression.row, expression.column) if index is not None]
    shape = require_well_formed(expression.body, scope.within(bound))
    if shape != t.SCALAR:
        raise DimensionError("a scalar as entry", f"{expression.body} of shape {shape}", "take an entry of it")


# -- calculus ---


def _require_undefined(symbol: t.Symbol, expression: t.Expression, scope: Scope) -> None:
    """Refuse a symbol that is unfolded away before something is done to it: the result would be silently wrong."""
    if symbol in scope.names.definitions:
        raise StatementError(
            "undefined symbols to differentiate by, to average over, to replace, or to have Jacobians",
            f"{symbol} in {expression}, which has a definition",
            "use what it is defined with, or leave it undefined",
        )
    if symbol.name in scope.names.properties:
        raise UnsupportedError(
            "symbols whose entries are free of each other, to differentiate by, to average over, or to replace",
            f"{symbol} in {expression}, which is {scope.names.properties[symbol.name]}",
            "define it by one without the property, A = B + B.T, and take B; or say it as a hypothesis, A - A.T",
        )


def _distinct(pairs: t.Pairs, expression: t.Expression) -> None:
    symbols = [symbol for symbol, _ in pairs]
    if len(set(symbols)) != len(symbols):
        raise NotationError("each symbol once", f"{', '.join(map(str, symbols))} in {expression}", "leave one out")


def _derivative(expression: t.Gradient | t.Jacobian, scope: Scope) -> None:
    shape, by = require_well_formed(expression.of, scope), expression.by
    if len(by.axes) != 2 and (by.axes or isinstance(expression, t.Jacobian)):
        raise UnsupportedError(
            "a matrix symbol to differentiate by", f"{by} in {expression}", "declare a matrix symbol"
        )
    if isinstance(expression, t.Gradient) and shape != t.SCALAR:
        raise DimensionError(
            "a scalar to differentiate",
            f"{expression.of} of shape {shape}",
            "use a Jacobian for a column; of two columns u, v take the scalar Trace(u.T*v)",
        )
    if isinstance(expression, t.Jacobian) and (shape[1] != ONE_SIZE or by.axes[1] != ONE_SIZE):
        raise DimensionError(
            "a column to differentiate, by a column",
            f"{expression.of} of shape {shape} by {by} of shape {by.axes}",
            "differentiate a k x 1 expression by an h x 1 symbol",
        )
    _require_undefined(by, expression, scope)
    _distinct(expression.jacobians, expression)
    for symbol, value in expression.jacobians:
        _require_undefined(symbol, expression, scope)
        if symbol == by:
            raise StatementError("Jacobians of other symbols", f"one of {by} by itself in {expression}", "leave it out")
        _require_jacobian(symbol, value, expression, scope)


def _require_jacobian(symbol: t.Symbol, value: t.Expression, node: t.Gradient | t.Jacobian, scope: Scope) -> None:
    """Refuse a Jacobian of another shape: (components, by); of a matrix (or a Jacobian) an array symbol.

    By a scalar it is of the shape of its symbol.
    """
    by = node.by
    if not by.axes:
        _require_rate(symbol, value, node, scope)
        return
    if by.axes[1] != ONE_SIZE or len(symbol.axes) != 2:
        raise DimensionError(
            "a Jacobian of a matrix symbol by a column",
            f"{symbol} {symbol.axes} by {by} {by.axes}",
            "differentiate by a column",
        )
    shape = _axes(value, scope)
    array = len(shape) > 2
    wanted = (*symbol.axes, by.axes[0]) if array else (symbol.axes[0], by.axes[0])
    if shape != wanted or (not array and symbol.axes[1] != ONE_SIZE):
        raise DimensionError(
            f"a Jacobian of {symbol} by {by} of shape {wanted}",
            f"{value} of shape {shape}",
            "rows are the components of what depends, columns those of the variable; of a matrix it is an array",
        )


def _require_rate(symbol: t.Symbol, value: t.Expression, node: t.Gradient | t.Jacobian, scope: Scope) -> None:
    shape, required = _axes(value, scope), f"a derivative of {symbol} by the scalar {node.by} of its shape"
    if len(symbol.axes) not in (0, 2) or shape != symbol.shape:
        raise DimensionError(f"{required} {symbol.shape}", f"{value} of shape {shape}", "give dz/ds entry by entry")


def _at(expression: t.At, scope: Scope) -> None:
    require_well_formed(expression.of, scope)
    if not expression.values:
        raise StatementError("symbols to replace", f"none in {expression}", "leave the node out")
    _distinct(expression.values, expression)
    for symbol, value in expression.values:
        _require_undefined(symbol, expression, scope)
        shape = require_well_formed(value, replace(scope, indices={}))
        if not symbol.axes:
            require_scalar(value, replace(scope, indices={}), f"as value of the scalar {symbol}")
        elif shape != symbol.axes:
            raise DimensionError(
                f"a value of the shape of the matrix symbol {symbol}", f"{value} of shape {shape}", "check it"
            )


def _expectation(expression: t.Expectation, scope: Scope) -> None:
    random, names = expression.random, scope.names
    require_well_formed(expression.of, scope)
    _require_undefined(random, expression, scope)
    if len(random.axes) not in (0, 2):
        raise UnsupportedError("a random scalar or matrix symbol", f"{random}", "average over its entries")
    degrees = [moment.degree for moment in expression.moments]
    if len(set(degrees)) != len(degrees) or not degrees:
        raise StatementError("one moment for each degree", f"{degrees} in {expression}", "leave one out, or give one")
    for moment in expression.moments:
        _require_moment(moment, random, expression, scope)
    for node in names.unfolded(expression.of):
        if isinstance(node, t.Gradient) and node.by == random and not random.axes:
            raise UnsupportedError(
                f"derivatives by {random} outside of an expectation over it",
                f"{node} in {expression}",
                "write what the derivative is, and average that",
            )
        if isinstance(node, t.Quotient | t.Inverse):
            below = node.denominator if isinstance(node, t.Quotient) else node.of
            if names.depends(below, random.name):
                raise UnsupportedError(
                    f"a polynomial in the random symbol {random}",
                    f"{node}, which divides by it",
                    "name the quotient by a symbol of its own, and give its moments",
                )


def _require_moment(moment: t.Moment, random: t.Symbol, expression: t.Expectation, scope: Scope) -> None:
    axes = [size for size in random.axes if size != ONE_SIZE] * moment.degree
    if type(moment.degree) is not int or moment.degree < 1:
        raise StatementError("moments of degree 1 and more; that of degree 0 is 1", f"{moment.degree}", "leave it out")
    if len(moment.indices) != len(axes):
        raise StatementError(
            f"{len(axes)} indices for the moment of degree {moment.degree} of {random}",
            f"{moment.indices}",
            "give all indices of the first entry, then of the second",
        )
    slots = [t.Index(name, size) for name, size in zip(moment.indices, axes, strict=True)]
    inner = replace(scope, indices={}).within(slots)
    if not random.axes:
        require_scalar(moment.value, inner, f"as moment of the scalar {random}")
    if require_well_formed(moment.value, inner) != t.SCALAR:
        raise DimensionError(
            "a scalar as moment", f"{moment.value} of shape {moment.value.shape}", "take an entry of it"
        )
    if scope.names.depends(moment.value, random.name):
        raise StatementError(
            f"a moment of {random} that is free of it", f"{moment.value} in {expression}", "name its value"
        )


_RULES: Mapping[type, Callable[[Any, Scope], None]] = {
    t.Number: _number,
    t.Size: _plain,
    t.Symbol: _symbol,
    t.Add: _add,
    t.Multiply: _multiply,
    t.Quotient: _quotient,
    t.Power: _power,
    t.Hadamard: _hadamard,
    t.Transpose: _of,
    t.Trace: _of_square,
    t.Diagonal: _of_square,
    t.DiagonalMatrix: _diagonal_matrix,
    t.Inverse: without_values(_of_square),
    t.Identity: _plain,
    t.Ones: _plain,
    t.Zeros: _plain,
    t.Delta: _delta,
    t.Entry: _entry,
    t.Slice: _slice,
    t.Total: _total,
    t.ByEntries: _by_entries,
    t.Gradient: without_values(_derivative),
    t.Jacobian: without_values(_derivative),
    t.At: without_values(_at),
    t.Expectation: without_values(_expectation),
    t.Apply: lambda expression, scope: require_value(expression, scope, require_well_formed),
}
