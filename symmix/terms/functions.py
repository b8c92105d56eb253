"""Functions of which nothing is known but what is stated: where their values may stand, and what is said of all.

A value G(a) stands for one scalar or column, so its argument has no free index, and nothing is differentiated,
replaced, averaged or inverted through it. What ``Everywhere`` binds occurs in such hypotheses alone: an instance of
one is its body with other expressions in the place of these symbols, and nothing can be captured, since no index is
bound in the body.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from operator import is_
from typing import Any

from symmix.errors import DimensionError, NotationError, StatementError, UnsupportedError
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.terms.base import Node
from symmix.terms.meanings import Names, Scope
from symmix.terms.names import ONE_SIZE

Rule = Callable[[Any, Scope], None]
WellFormed = Callable[[t.Expression, Scope], t.Shape]

_SUMS = (t.Number, t.Size, t.Symbol, t.Add, t.Multiply, t.Quotient, t.Power, t.Hadamard, t.Transpose, t.Trace)
# what no index is bound in: the body of a hypothesis is made of it
ALGEBRA = (*_SUMS, t.Diagonal, t.DiagonalMatrix, t.Identity, t.Ones, t.Zeros, t.Entry, t.Slice, t.Apply, t.Function)


def speaks_of_functions(tree: Node) -> bool:
    """Whether a value of a function occurs."""
    return any(isinstance(node, t.Apply) for node in tree.walk())


def laws_of(statement: Node) -> list[s.Everywhere]:
    """Return what a statement, a step or a theorem assumes of functions for all arguments."""
    return [node for node in statement.walk() if isinstance(node, s.Everywhere)]


def functions_of(some: Iterable[Node]) -> list[t.Function]:
    """Return the functions of trees, by name."""
    found = {node for tree in some for node in tree.walk() if isinstance(node, t.Function)}
    return sorted(found, key=lambda function: function.name)


def bound_in(some: Iterable[Node]) -> frozenset[t.Symbol]:
    """Return the symbols that take all values in what is assumed of functions: a theorem is not about these."""
    return frozenset(symbol for tree in some for law in laws_of(tree) for symbol in law.symbols)


def linear(function: t.Function) -> t.Symbol:
    """Return the symbol of a function's derivative, where it is affine; no symbol of a document is called so."""
    rows, columns = (axes[0] if axes else ONE_SIZE for axes in (function.target, function.source))
    scalars = not function.source and not function.target
    return t.Symbol(f"d{function.name}/dx", () if scalars else (rows, columns))


def constant(function: t.Function) -> t.Symbol:
    """Return the symbol of its value at 0."""
    return t.Symbol(f"{function.name}(0)", function.target)


def coefficients(function: t.Function) -> tuple[t.Symbol, t.Symbol]:
    """Return the symbols of a function's derivative, and of its value at 0, where it is affine."""
    return linear(function), constant(function)


def rewritten(part: Any, change: Callable[[Node], Node | None]) -> Any:
    """Return a part of a tree in which nodes are replaced; where ``change`` returns None, a node is walked through."""
    if not isinstance(part, tuple | Node):
        return part
    changed = change(part) if isinstance(part, Node) else None
    if changed is not None:
        return changed
    items = part if isinstance(part, tuple) else part.parts
    found = tuple([rewritten(item, change) for item in items])
    if all(map(is_, found, items)):  # what stays the same stays one tree, which is known already
        return part
    return found if isinstance(part, tuple) else type(part)(*found)


def instance(law: s.Everywhere, values: Iterable[t.Expression]) -> t.Expression:
    """Return the body of a hypothesis with expressions in the place of what it binds."""
    put = dict(zip(law.symbols, values, strict=True))
    body: t.Expression = rewritten(law.body, lambda node: put.get(node) if isinstance(node, t.Symbol) else None)
    return body


def require_value(expression: t.Apply, scope: Scope, well_formed: WellFormed) -> None:
    """Refuse a value at what is no argument of its function."""
    function = expression.function
    for axes in (function.source, function.target):
        if axes and (len(axes) != 2 or axes[1] != ONE_SIZE or axes[0] == ONE_SIZE):
            raise UnsupportedError(
                "functions from scalars or columns to scalars or columns",
                f"{function} with the axes {axes}",
                "take the columns of a matrix one by one",
            )
    well_formed(expression.argument, scope)
    try:
        shape = well_formed(expression.argument, replace(scope, indices={}))
    except NotationError as error:
        raise UnsupportedError(
            "an argument that is one for all samples", f"{expression}", "give it a symbol of its own, and a hypothesis"
        ) from error
    wanted = (function.source[0], function.source[1]) if function.source else t.SCALAR
    if shape != wanted:
        raise DimensionError(
            f"an argument of {function} of shape {wanted}", f"{expression.argument} of shape {shape}", "check it"
        )


def without_values(rule: Rule) -> Rule:
    """Return the rule of a kind of node in which no value of a function may stand."""

    def ruled(expression: t.Expression, scope: Scope) -> None:
        require_no_value(expression, "derivatives, inverses, expectations and replacements of what is known")
        rule(expression, scope)

    return ruled


def require_no_value(tree: Node, required: str) -> None:
    """Refuse what has a value of a function in it."""
    found = next((node for node in tree.walk() if isinstance(node, t.Apply)), None)
    if found is not None:
        raise UnsupportedError(
            required, f"{found} in {tree}, of a function that is not known", "give what is meant a symbol of its own"
        )


def require_law(law: s.Everywhere, scope: Scope, well_formed: WellFormed) -> None:
    """Refuse what is no hypothesis about functions at all arguments."""
    names = {symbol.name for symbol in law.symbols}
    if not names or len(names) != len(law.symbols):
        raise StatementError("different symbols that take all values", f"{law.symbols}", "name each once")
    for symbol in law.symbols:
        if len(symbol.axes) not in (0, 2) or symbol in scope.names.definitions or symbol.name in scope.names.properties:
            raise StatementError(
                "scalars and matrices without definition or property that take all values", f"{symbol}", "rename it"
            )
    shape = well_formed(law.body, replace(scope, indices={}))
    if law.sign == ">=" and shape != t.SCALAR:
        raise DimensionError("a scalar in an inequality", f"{law.body} of shape {shape}", "take a squared norm")
    if not speaks_of_functions(law):
        raise StatementError("something said of a function for all arguments", f"{law.body}", "say it of one value")
    for node in law.body.walk():
        below = isinstance(node, t.Quotient) and any(scope.names.depends(node.denominator, name) for name in names)
        if not isinstance(node, ALGEBRA) or below:
            raise UnsupportedError(
                "sums, products, powers, entries and values of functions, for all arguments",
                f"{node} in {law.body}",
                "multiply by what it is divided by, or name it by a symbol and define that",
            )


def require_bound_alone(roots: Iterable[Node], names: Names, whole: Iterable[str] = ()) -> None:
    """Refuse symbols that take all values in a hypothesis, and occur where they do not, too."""
    if not names.functions:  # nothing else is said for all arguments
        return
    everything = [*roots, *(part for pair in names.definitions.items() for part in pair)]
    bound = {symbol.name for symbol in bound_in(everything)}
    free = {name for root in everything if bound for name in _free(root)}
    for name in sorted(bound & {*free, *whole}):
        raise StatementError(
            "symbols that take all values in a hypothesis, and occur nowhere else",
            f"{name}, outside of it, in another one, or with an assumption of its own",
            "rename it where all values are meant, and assume nothing of it",
        )


def _free(root: Node) -> Iterator[str]:
    """Run through the names of symbols, but for those that a hypothesis about functions binds, in it."""
    left = [root]
    while left:
        node = left.pop()
        if isinstance(node, t.Symbol):
            yield node.name
        elif isinstance(node, s.Everywhere):
            yield from {*_free(node.body)} - {symbol.name for symbol in node.symbols}
        else:
            left.extend(node.children())
