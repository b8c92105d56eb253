"""From SymPy to trees: the walk, what has a name, and what binds; the rules for the kinds of nodes stand apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import sympy as sp

from symmix.errors import DimensionError, NotationError, StatementError, UnsupportedError
from symmix.language.inert import shown
from symmix.language.refusals import unsupported
from symmix.language.scopes import Around, Bound
from symmix.language.symbols import ARRAYS, INDICES, MATRICES, SCALARS, Symbols, two_meanings
from symmix.terms import nodes as t
from symmix.terms.names import ONE_SIZE, ONLY, is_position

MAX_DIGITS = 1000
_TOO_LARGE = 10**MAX_DIGITS


class Translation:
    """Translates one expression by rules, one for each type of SymPy node; subclasses of these types are foreign.

    ``records`` are the trees that the expression consists of, each behind its parts, with where it comes from.
    """

    def __init__(self, symbols: Symbols, rules: Rules) -> None:
        self.symbols, self.rules = symbols, rules
        self.records: list[tuple[t.Expression, sp.Basic, Around]] = []
        self.symmetric: list[tuple[t.Expression, tuple[str, str], sp.Basic, Around]] = []  # terms of ordered sums
        self.unsized: list[tuple[sp.Basic, sp.Basic]] = []  # indices of deltas, whose size shows elsewhere

    def read(self, node: object, around: Around) -> t.Expression:
        """Return the tree of a scalar or matrix expression."""
        if isinstance(node, int | Fraction) and not isinstance(node, bool):
            node = sp.Rational(node.numerator, node.denominator)
        if isinstance(node, sp.Rational):
            return _number(node)
        rule = self.rules.get(type(node))
        if rule is None:
            raise unsupported(node)
        tree = rule(self, node, around)
        self.records.append((tree, node, around))
        return tree

    # -- what has a name ---

    def symbol(self, node: sp.Basic, role: str) -> t.Symbol:
        """Return a symbol where nothing else will do."""
        found: t.Symbol | None = None
        if type(node) in SCALARS:
            found = self.symbols.quantity(node)
        elif type(node) in (*MATRICES, *ARRAYS):
            found = self.symbols.matrix(node)
        if found is None:
            raise UnsupportedError(f"a symbol {role}", shown(node), "declare a symbol that is no size")
        return found

    def index(self, index: sp.Basic, size: str, node: sp.Basic, around: Around) -> str:
        """Return the name of an index along an axis of ``node``; one that is not known becomes a sample index."""
        bound = around.bound.get(index)
        if size == ONE_SIZE:
            if index != 0 and (bound is None or bound.size != ONE_SIZE):
                raise DimensionError("the index 0 along an axis of size 1", f"{shown(index)} in {shown(node)}", "use 0")
            return ONLY
        if isinstance(index, sp.Integer | int) and is_position(str(index), size):
            return str(index)
        if type(index) not in INDICES:
            raise UnsupportedError(
                "a symbol as index along a symbolic size, or a number along one that is fixed",
                f"{shown(index)} in {shown(node)}",
                "sum over a symbol, or multiply by a unit vector that is a symbol of its own",
            )
        if bound is None:
            if around.closed:
                raise NotationError(
                    "indices of its own in a moment, in an argument, or in a value that replaces a symbol",
                    f"{shown(index)} in {shown(node)}",
                    "bind it there: a moment is one value for all samples, and a function is taken at one argument",
                )
            return self.symbols.free_index(index, size, node)
        bound.size = bound.size or size
        if bound.size != size:
            raise DimensionError(
                f"one size for the index {index}",
                f"{bound.size!r} and {size!r} in {shown(node)}",
                "use another index, or check the order of the factors",
            )
        return bound.name

    def unsized_index(self, index: sp.Basic, node: sp.KroneckerDelta, around: Around) -> str:
        """Return the name of an index of a delta."""
        bound = around.bound.get(index)
        if type(index) not in INDICES or (around.closed if bound is None else bound.size == ONE_SIZE):
            raise no_delta(node)
        if bound is None:
            self.unsized.append((index, node))
            return str(index.name)
        return bound.name

    def require_sizes(self) -> None:
        """Refuse deltas of what turned out to be no index: a size, a scalar, or something of unknown size."""
        for index, node in self.unsized:
            if not self.symbols.is_free(index):
                raise no_delta(node)

    # -- what binds ---

    def variables(self, function: sp.Lambda, count: int) -> tuple[sp.Symbol, ...]:
        """Return the different variables of a function of this many indices."""
        variables = tuple(function.variables)
        distinct = len(set(variables)) == len(variables) == count
        if not distinct or any(type(variable) not in INDICES for variable in function.signature):
            raise StatementError(f"a Lambda of {count} different indices", shown(function), "write Lambda((i, j), ...)")
        return variables

    def bind(self, sizes: Mapping[sp.Basic, str], around: Around, body: sp.Basic, first: int = 0) -> Around:
        """Return what is bound inside of ``body`` by something that binds these indices, from ``first`` on."""
        more: dict[sp.Basic, Bound] = {}
        free = self.symbols.survey.free(body) - around.bound.keys() - sizes.keys()
        for index, size in sizes.items():
            if index in self.symbols.survey.sizes:
                raise two_meanings(str(index), f"{sp.srepr(index)} as a size, and as an index")
            self._require_no_namesake(index, free)
            taken = around.names | {bound.name for bound in more.values()}
            name = ONLY if size == ONE_SIZE else self.symbols.fresh(index, taken, first)
            more[index] = Bound(name, size)
        return around.within(more)

    def _require_no_namesake(self, index: sp.Basic, free: frozenset[sp.Basic]) -> None:
        """Refuse ``Sum(u[i, 0], (i, 0, n - 1))`` with two different symbols i: that is no sum over the entries of u."""
        if isinstance(index, sp.Dummy):
            return
        for other in free:
            if isinstance(other, sp.Symbol) and other.name == index.name and not self.symbols.is_free(other):
                raise two_meanings(
                    str(index.name), f"{sp.srepr(index)}, which is bound, and {sp.srepr(other)} inside of it"
                )


Rules = Mapping[type, Callable[[Translation, Any, Around], t.Expression]]


def no_delta(node: sp.KroneckerDelta) -> DimensionError:
    """Return the error for a delta of something that is no index."""
    return DimensionError(
        "a Kronecker delta of two indices over the same size",
        shown(node),
        "sum over its indices, or declare them as sample indices: indices={i: n}",
    )


def _number(node: sp.Rational) -> t.Number:
    if max(abs(node.p), node.q) >= _TOO_LARGE:
        raise UnsupportedError(f"numbers of at most {MAX_DIGITS} digits", "a longer one", "name it by a symbol")
    return t.Number(Fraction(int(node.p), int(node.q)))
