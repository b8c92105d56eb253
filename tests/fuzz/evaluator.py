"""What a SymPy tree means at explicit small sizes, with exact rationals: written from the definitions alone.

It knows SymPy's nodes and those that a user builds with ``Gradient``, ``Jacobian``, ``At``, ``Entries`` and
``expectation``; of how symmix reads them it knows nothing. Derivatives are coefficients of infinitesimals that are
added to explicit components, expectations replace the monomials of explicit components by their moments.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import permutations
from typing import Any

import sympy as sp
from sympy.tensor.array.expressions import ArraySymbol

from symmix.language import At, Gradient, Jacobian, expectation, inverse, quotient
from tests.fuzz.algebra import (
    Meaningless,
    Series,
    Undefined,
    Value,
    coefficient,
    infinitesimals,
    random_variables,
    reciprocal,
    terms_of,
    value_of,
    variable,
)
from tests.fuzz.components import (
    MATRICES,
    SCALARS,
    Index,
    Matrix,
    Scope,
    entrywise,
    inverted,
    matrix,
    only,
    require,
    scalar,
)

__all__ = ["Index", "Matrix", "Scope", "matrix", "moment", "scalar"]

_X = sp.Symbol("x")
_V = sp.MatrixSymbol("V", 2, 2)
ScalarExpectation = type(expectation(_X, _X, {1: _X}))
MatrixExpectation = type(expectation(_V, _X, {1: _X}))
ScalarGradient = type(Gradient(_X**2, _X))
ScalarQuotient, MatrixQuotient, KeptInverse = type(quotient(_X, _X)), type(quotient(_V, _X)), type(inverse(_V))


def _seeded(node: Any, scope: Scope) -> tuple[Scope, list[int], tuple[int, int]]:
    """Add an infinitesimal to each component of what is differentiated by, and what follows to what depends on it."""
    base = scope.of(node.wrt)
    require(not {node.wrt, *node.jacobians} & set(scope.definitions), "a derivative by what is defined:", node)
    rows, columns = len(base), len(base[0])
    numbers = infinitesimals(rows * columns)
    moved: dict[sp.Basic, Any] = {
        node.wrt: [[x + variable(numbers[r * columns + c]) for c, x in enumerate(row)] for r, row in enumerate(base)]
    }
    for symbol, given in node.jacobians.items():
        moved[symbol] = _moved(symbol, given, numbers, scope)
    return scope.having(moved), numbers, (rows, columns)


def _moved(symbol: sp.Basic, given: sp.Basic, numbers: Sequence[int], scope: Scope) -> Matrix:
    base = scope.of(symbol)
    if isinstance(given, ArraySymbol):
        table = scope.of(given)
        slope = {(r, c, o): v for (r, c, o), v in table.items()}
    else:
        slope = {(r, 0, o): v for r, row in enumerate(matrix(given, scope)) for o, v in enumerate(row)}
    entries = [list(row) for row in base]
    for (r, c, o), value in slope.items():
        entries[r][c] = entries[r][c] + value * variable(numbers[o])
    return entries


def _gradient(node: Any, scope: Scope) -> Matrix:
    inner, numbers, (rows, columns) = _seeded(node, scope)
    value = scalar(node.differentiated, inner)
    return [[coefficient(value, numbers[r * columns + c]) for c in range(columns)] for r in range(rows)]


def _rate(node: Any, scope: Scope) -> Value:
    """Let a scalar move by one infinitesimal, and all that depends on it entry by entry."""
    require(not {node.wrt, *node.jacobians} & set(scope.definitions), "a derivative by what is defined:", node)
    (number,) = infinitesimals(1)
    moved: dict[sp.Basic, Any] = {node.wrt: scope.of(node.wrt) + variable(number)}
    for symbol, given in node.jacobians.items():
        base, slope = matrix(symbol, scope), matrix(given, scope)
        table = entrywise(lambda x, rate: x + rate * variable(number), base, slope)
        moved[symbol] = table if isinstance(symbol, sp.MatrixSymbol) else only(table)
    return coefficient(scalar(node.differentiated, scope.having(moved)), number)


def _jacobian(node: Any, scope: Scope) -> Matrix:
    inner, numbers, (_, columns) = _seeded(node, scope)
    require(columns == 1, "a Jacobian by what is not a column")
    value = matrix(node.differentiated, inner)
    require(len(value[0]) == 1, "a Jacobian of what is not a column")
    return [[coefficient(row[0], number) for number in numbers] for row in value]


def _at(node: Any, scope: Scope) -> Matrix:
    require(not set(node.values) & set(scope.definitions), "a replacement of what is defined:", node)
    replaced = {
        symbol: matrix(value, scope) if isinstance(symbol, sp.MatrixSymbol) else scalar(value, scope)
        for symbol, value in node.values.items()
    }
    return matrix(node.matrix, scope.having(replaced))


def _mean(node: Any, scope: Scope) -> Matrix:
    random = node.random
    require(random not in scope.definitions, "an expectation over what is defined:", node)
    if isinstance(random, sp.MatrixSymbol):
        base = scope.of(random)
        places = [(r, c) for r, row in enumerate(base) for c in range(len(row))]
        numbers = random_variables(len(places))
        where = dict(zip(numbers, places, strict=True))
        named = dict(zip(places, numbers, strict=True))
        formal: Any = [[variable(named[r, c]) for c in range(len(row))] for r, row in enumerate(base)]
    else:
        (number,) = random_variables(1)
        where, formal = {number: (0, 0)}, variable(number)
    entries = matrix(node.averaged, scope.having({random: formal}))
    known: dict[tuple[int, ...], Value] = {(): 1}
    return [[_averaged(value, where, node, scope, known) for value in row] for row in entries]


def _averaged(
    value: Value, where: Mapping[int, tuple[int, int]], node: Any, scope: Scope, known: dict[tuple[int, ...], Value]
) -> Value:
    total: Value = 0
    for monomial, factor in terms_of(value).items():
        own = tuple(v for v in monomial if v in where)
        if own not in known:
            known[own] = moment(node, [where[v] for v in own], scope)
        rest = tuple(v for v in monomial if v not in where)
        total = total + value_of({rest: factor}) * known[own]
    return total


def moment(node: Any, places: Sequence[tuple[int, int]], scope: Scope) -> Value:
    """Return the given moment of a product of entries of the random symbol."""
    given = node.moments.get(len(places))
    if given is None:
        raise Meaningless(f"the moment of degree {len(places)} of {node.random} is not given")
    if not isinstance(node.random, sp.MatrixSymbol):
        return scalar(given, scope)
    kept = [axis for axis, length in enumerate(node.random.shape) if length != 1]
    found = set()
    for order in permutations(places):
        positions = [place[axis] for place in order for axis in kept]
        require(len(positions) == len(given.variables), "the indices of the moment", given)
        bound = {s: Index(position) for s, position in zip(given.variables, positions, strict=True)}
        value = scalar(given.expr, scope.bound(bound))
        found.add(value if not isinstance(value, Series) else tuple(sorted(value.terms.items())))
    if len(found) > 1:
        raise Undefined  # the factors of a product can be exchanged, so no distribution has this moment here
    return value


def _quotient(node: Any, scope: Scope) -> Matrix:
    scale = reciprocal(scalar(node.args[1], scope))
    return [[scale * entry for entry in row] for row in matrix(node.args[0], scope)]


SCALARS[ScalarQuotient] = lambda node, scope: only(_quotient(node, scope))
MATRICES.update({MatrixQuotient: _quotient, KeptInverse: lambda node, scope: inverted(matrix(node.args[0], scope))})
SCALARS[ScalarGradient] = _rate
SCALARS[ScalarExpectation] = lambda node, scope: only(_mean(node, scope))
MATRICES.update({Jacobian: _jacobian, Gradient: _gradient, At: _at, MatrixExpectation: _mean})
