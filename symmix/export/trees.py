"""Statements as plain trees: one node of SymPy, one list. Nothing is read, unfolded or simplified on the way.

A tree is ``[operation, part, ...]``. This is what a certificate states; the kernel's reading of the same SymPy nodes is
evidence, and the second checker compares the two. What remains to be trusted of SymPy is that it built the node that
the script asked for (it sorts sums and collects equal terms on its own), and this module, which only spells it out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy as sp
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalMatrix, DiagonalOf
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.matrices.expressions.slice import MatrixSlice
from sympy.tensor.array.expressions import ArrayElement, ArraySymbol

from symmix.errors import NotationError, UnsupportedError
from symmix.language.nodes import At, Entries, Gradient, Jacobian, MatrixExpectation, ScalarExpectation

Tree = list[Any]


@dataclass
class Trees:
    """Spells out the expressions of one theorem, and collects the symbols that occur in them."""

    symbols: dict[str, sp.Basic] = field(default_factory=dict)
    sizes: dict[str, sp.Symbol] = field(default_factory=dict)
    dummies: dict[sp.Dummy, str] = field(default_factory=dict)

    def tree(self, node: sp.Basic) -> Tree:
        """Return the tree of a scalar or matrix expression."""
        for kind, spell in _NODES.items():
            if isinstance(node, kind):
                return spell(self, node)
        raise UnsupportedError(
            "an expression of the language", f"{node} ({type(node).__name__})", "see symmix.language"
        )

    def size(self, size: sp.Basic) -> str:
        """Return a size by name, or ``1``."""
        if size == 1:
            return "1"
        self._enter(size)
        self.sizes[str(size.name)] = size
        return str(size.name)

    def index(self, index: sp.Basic) -> str:
        """Return an index by name; SymPy's dummies are numbered as they come, for they are new in each run."""
        if isinstance(index, sp.Dummy):
            return self.dummies.setdefault(index, f"~{len(self.dummies)}")
        return str(index.name) if isinstance(index, sp.Symbol) else str(index)

    def scalar_symbols(self) -> dict[str, sp.Symbol]:
        """Return the scalar symbols that are no sizes."""
        return {n: s for n, s in self.symbols.items() if isinstance(s, sp.Symbol) and n not in self.sizes}

    def table(self) -> dict[str, list[str]]:
        """Return every symbol but the sizes with its shape; a scalar has none."""
        shapes = {n: getattr(s, "shape", ()) for n, s in sorted(self.symbols.items())}
        table = {n: [self.size(size) for size in shape] for n, shape in shapes.items()}
        return {n: shape for n, shape in table.items() if n not in self.sizes}

    def _enter(self, symbol: sp.Basic) -> None:
        known = self.symbols.setdefault(str(symbol.name), symbol)
        if known != symbol:
            raise NotationError(f"one meaning for {symbol.name}", f"{sp.srepr(known)} and {sp.srepr(symbol)}", "rename")

    def _symbol(self, node: sp.Basic) -> Tree:
        self._enter(node)
        for size in getattr(node, "shape", ()):
            self.size(size)
        return ["symbol", str(node.name)]

    def _all(self, operation: str, node: sp.Basic) -> Tree:
        return [operation, *map(self.tree, node.args)]

    def _matrix_product(self, node: sp.MatMul) -> Tree:
        scalars = [self.tree(arg) for arg in node.args if not isinstance(arg, sp.MatrixExpr)]
        matrices = [self.tree(arg) for arg in node.args if isinstance(arg, sp.MatrixExpr)]
        product = matrices[0] if len(matrices) == 1 else ["matmul", *matrices]
        return ["scale", scalars[0] if len(scalars) == 1 else ["mul", *scalars], product] if scalars else product

    def _power(self, operation: str, node: sp.Basic) -> Tree:
        base, exponent = node.args
        if not isinstance(exponent, sp.Integer):
            raise UnsupportedError("a whole number as exponent", str(node), "use whole powers only")
        return [operation, self.tree(base), int(exponent)]

    def _filled(self, operation: str, node: sp.MatrixExpr) -> Tree:
        return [operation, *map(self.size, node.shape)]

    def _sum(self, node: sp.Sum) -> Tree:
        body = self.tree(node.function)
        return ["sum", body, [[self.index(i), self.size(sp.expand(high - low + 1))] for i, low, high in node.limits]]

    def _entry(self, node: MatrixElement) -> Tree:
        return ["entry", self.tree(node.parent), self.index(node.i), self.index(node.j)]

    def _array_entry(self, node: ArrayElement) -> Tree:
        return ["array_entry", self._symbol(node.name)[1], *map(self.index, node.indices)]

    def _slice(self, node: MatrixSlice) -> Tree:
        """Spell out ``E[i, :]`` and ``E[:, j]``; a whole axis is a colon."""
        axes = zip((node.rowslice, node.colslice), node.parent.shape, strict=True)
        cut = [":" if (s[0], s[1], s[2]) == (0, full, 1) else self.index(s[0]) for s, full in axes]
        return ["slice", self.tree(node.parent), *cut]

    def _entries(self, node: sp.FunctionMatrix | Entries) -> Tree:
        names = [self.index(i) for i in node.lamda.variables]
        return ["entries", *map(self.size, node.shape), names, self.tree(node.lamda.expr)]

    def _gradient(self, operation: str, node: Gradient) -> Tree:
        pairs = [[self._symbol(symbol)[1], self._jacobian(value)] for symbol, value in node.jacobians.items()]
        return [operation, self.tree(node.differentiated), self._symbol(node.wrt)[1], pairs]

    def _jacobian(self, value: sp.Basic) -> Tree:
        return self._symbol(value) if isinstance(value, ArraySymbol) else self.tree(value)

    def _at(self, node: At) -> Tree:
        values = [[self._symbol(symbol)[1], self.tree(value)] for symbol, value in node.values.items()]
        return ["at", self.tree(node.matrix), values]

    def _mean(self, node: ScalarExpectation | MatrixExpectation) -> Tree:
        return [
            "mean",
            self.tree(node.averaged),
            self._symbol(node.random)[1],
            list(map(self._moment, node.moments.items())),
        ]

    def _moment(self, moment: tuple[int, sp.Basic]) -> Tree:
        degree, value = moment
        if isinstance(value, sp.Lambda):
            return [degree, [self.index(i) for i in value.variables], self.tree(value.expr)]
        return [degree, [], self.tree(value)]


def _named(operation: str) -> Callable[[Trees, Any], Tree]:
    def spell(trees: Trees, node: sp.Basic) -> Tree:
        return trees._all(operation, node)

    return spell


def _with(method: Callable[[Trees, str, Any], Tree], operation: str) -> Callable[[Trees, Any], Tree]:
    def spell(trees: Trees, node: sp.Basic) -> Tree:
        return method(trees, operation, node)

    return spell


_NODES: Mapping[type, Callable[[Trees, Any], Tree]] = {
    sp.Rational: lambda _, node: ["number", f"{int(node.p)}/{int(node.q)}" if node.q != 1 else str(int(node.p))],
    sp.Symbol: Trees._symbol,
    sp.MatrixSymbol: Trees._symbol,
    sp.MatAdd: _named("add"),
    sp.Add: _named("add"),
    sp.MatMul: Trees._matrix_product,
    sp.Mul: _named("mul"),
    sp.MatPow: _with(Trees._power, "matrix_power"),
    sp.Pow: _with(Trees._power, "power"),
    sp.Transpose: _named("transpose"),
    sp.Trace: _named("trace"),
    sp.Identity: lambda trees, node: ["identity", trees.size(node.shape[0])],
    sp.ZeroMatrix: _with(Trees._filled, "zeros"),
    sp.OneMatrix: _with(Trees._filled, "ones"),
    sp.HadamardProduct: _named("hadamard"),
    sp.HadamardPower: _with(Trees._power, "hadamard_power"),
    DiagMatrix: _named("diagonal_matrix"),  # of a vector
    DiagonalMatrix: _named("diagonal_part"),
    DiagonalOf: _named("diagonal"),  # as a column
    sp.Sum: Trees._sum,
    sp.KroneckerDelta: lambda trees, node: ["delta", trees.index(node.args[0]), trees.index(node.args[1])],
    MatrixElement: Trees._entry,
    ArrayElement: Trees._array_entry,
    MatrixSlice: Trees._slice,
    sp.FunctionMatrix: Trees._entries,
    Entries: Trees._entries,
    Jacobian: _with(Trees._gradient, "jacobian"),
    Gradient: _with(Trees._gradient, "gradient"),
    At: Trees._at,
    ScalarExpectation: Trees._mean,
    MatrixExpectation: Trees._mean,
}
