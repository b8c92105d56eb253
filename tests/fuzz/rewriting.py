"""Rewriting by random identities: what comes out equals what went in; and slips, after which it need not."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import sympy as sp
from sympy.matrices.expressions.diagonal import DiagMatrix
from sympy.matrices.expressions.matexpr import MatrixElement

from symmix.language import At, Entries, Gradient, Jacobian
from tests.fuzz.evaluator import MatrixExpectation, ScalarExpectation

_KEEP: tuple[type, ...] = (sp.MatrixSymbol, sp.Symbol, sp.Number, MatrixElement, sp.KroneckerDelta, sp.Lambda, sp.Tuple)
_KEEP += (sp.Identity, sp.OneMatrix, sp.ZeroMatrix)
# of these only the first argument is an expression; the others say what is done to it
_FIRST = (Gradient, At, ScalarExpectation, MatrixExpectation, sp.Sum, sp.Pow, sp.MatPow, sp.HadamardPower)


class Rewriter:
    """Goes through a tree and rewrites some of its nodes."""

    def __init__(self, random: Random, share: float = 0.4) -> None:
        self.random = random
        self.share = share
        self.made = 0

    def __call__(self, node: Any) -> Any:
        """Return an equal expression that is not the same."""
        for _ in range(6):
            new = self._rewritten(node)
            if new != node:
                break
        return new

    def _rewritten(self, node: Any) -> Any:
        inner = self._inside(node)
        if self.random.random() > self.share:
            return inner
        found = [new for new in _equals(inner, self) if new is not None]
        return self.random.choice(found) if found else inner

    def _inside(self, node: Any) -> Any:
        if isinstance(node, _KEEP) or not node.args:
            return node
        if isinstance(node, _FIRST):
            return rebuilt(node, [self._rewritten(node.args[0]), *node.args[1:]])
        if isinstance(node, Entries | sp.FunctionMatrix):
            function = sp.Lambda(node.lamda.variables, self._rewritten(node.lamda.expr))
            return node.func(*node.args[:2], function)
        return rebuilt(
            node, [self._rewritten(arg) if isinstance(arg, sp.Expr | sp.MatrixExpr) else arg for arg in node.args]
        )

    def index(self) -> sp.Symbol:
        """Return an index that occurs nowhere else."""
        self.made += 1
        return sp.Symbol(f"r{self.made}", integer=True)


def rebuilt(node: Any, args: list[Any]) -> Any:
    """Put a node together again, without evaluation where there was none."""
    if tuple(args) == node.args:
        return node
    if isinstance(node, sp.Add | sp.Mul | sp.Pow):
        return node.func(*args, evaluate=False)
    return node.func(*args)


def _equals(node: Any, rewriter: Rewriter) -> Iterator[Any]:
    """Run through expressions that equal a node."""
    if isinstance(node, sp.MatrixExpr):
        yield from _matrices(node, rewriter)
    elif isinstance(node, sp.Expr):
        yield from _scalars(node, rewriter)


def _scalars(node: Any, rewriter: Rewriter) -> Iterator[Any]:
    random = rewriter.random
    if isinstance(node, sp.Add | sp.Mul):
        args = list(node.args)
        random.shuffle(args)
        yield node.func(*args, evaluate=False)
    if isinstance(node, sp.Mul):
        yield from _distributed(node)
    if isinstance(node, sp.Pow) and node.args[1].is_Integer and node.args[1] == 2:
        yield sp.Mul(node.args[0], node.args[0], evaluate=False)
    if isinstance(node, sp.Trace):
        yield from _traces(node.args[0], rewriter)
    if isinstance(node, sp.Sum):
        yield from _sums(node, rewriter)
    if isinstance(node, ScalarExpectation) and isinstance(node.args[0], sp.Add):
        yield sp.Add(*(type(node)(arg, *node.args[1:]) for arg in node.args[0].args), evaluate=False)
    yield sp.Add(sp.Mul(2, node, evaluate=False), sp.Mul(-1, node, evaluate=False), evaluate=False)


def _distributed(node: Any) -> Iterator[Any]:
    for position, arg in enumerate(node.args):
        if isinstance(arg, sp.Add):
            others = [*node.args[:position], *node.args[position + 1 :]]
            yield sp.Add(*(sp.Mul(*others, part, evaluate=False) for part in arg.args), evaluate=False)


def _traces(inner: Any, rewriter: Rewriter) -> Iterator[Any]:
    yield sp.Trace(sp.Transpose(inner))
    if isinstance(inner, sp.MatMul):
        matrices = [arg for arg in inner.args if isinstance(arg, sp.MatrixExpr)]
        scalars = [arg for arg in inner.args if not isinstance(arg, sp.MatrixExpr)]
        if len(matrices) > 1 and 1 not in matrices[0].shape:
            yield sp.Mul(*scalars, sp.Trace(sp.MatMul(*matrices[1:], matrices[0])), evaluate=False)
    if isinstance(inner, sp.MatAdd):
        yield sp.Add(*(sp.Trace(arg) for arg in inner.args), evaluate=False)
    if inner.shape[0] != 1:
        i = rewriter.index()
        yield sp.Sum(MatrixElement(inner, i, i), (i, 0, inner.shape[0] - 1))


def _sums(node: Any, rewriter: Rewriter) -> Iterator[Any]:
    if isinstance(node.function, sp.Add):
        yield sp.Add(*(sp.Sum(arg, *node.limits) for arg in node.function.args), evaluate=False)
    indices = {limit[0] for limit in node.limits}
    apart = not any(end.free_symbols & indices for limit in node.limits for end in limit[1:])
    if len(node.limits) > 1 and len(indices) == len(node.limits) and apart:
        yield sp.Sum(node.function, *reversed(node.limits))
    index, low, high = node.limits[0]
    if len(node.limits) == 1 and not node.function.atoms(sp.Sum, sp.Lambda):
        fresh = rewriter.index()
        yield sp.Sum(node.function.xreplace({index: fresh}), (fresh, low, high))


def _matrices(node: Any, rewriter: Rewriter) -> Iterator[Any]:
    rows, columns = node.shape
    if isinstance(node, sp.MatMul):
        yield from _products(node)
    if isinstance(node, sp.MatAdd):
        yield sp.MatAdd(*reversed(node.args))
    if isinstance(node, sp.HadamardProduct):
        yield sp.HadamardProduct(*reversed(node.args))
    if isinstance(node, sp.Transpose):
        yield from _transposes(node.args[0])
    if isinstance(node, DiagMatrix) and node.args[0].shape[1] == 1:
        i, j = rewriter.index(), rewriter.index()
        body = sp.Mul(sp.KroneckerDelta(i, j), MatrixElement(node.args[0], i, 0), evaluate=False)
        yield Entries(rows, rows, sp.Lambda((i, j), body))
        yield sp.HadamardProduct(sp.Identity(rows), sp.MatMul(node.args[0], sp.OneMatrix(1, rows)))
    if isinstance(node, Gradient):
        yield from _gradients(node)
    if isinstance(node, At) and all(symbol == value for symbol, value in node.values.items()):
        yield node.args[0]
    yield sp.Transpose(sp.Transpose(node))
    if rows != 1:
        yield sp.MatMul(sp.Identity(rows), node)
    if rows != 1 and columns != 1:
        i, j = rewriter.index(), rewriter.index()
        yield Entries(rows, columns, sp.Lambda((i, j), MatrixElement(node, i, j)))
    yield sp.MatAdd(node, sp.ZeroMatrix(rows, columns))


def _products(node: Any) -> Iterator[Any]:
    for position, arg in enumerate(node.args):
        before, after = node.args[:position], node.args[position + 1 :]
        if isinstance(arg, sp.MatAdd) or (isinstance(arg, sp.Add) and len(node.args) > 1):
            yield sp.MatAdd(*(sp.MatMul(*before, part, *after) for part in arg.args))
    matrices = [arg for arg in node.args if isinstance(arg, sp.MatrixExpr)]
    scalars = [arg for arg in node.args if not isinstance(arg, sp.MatrixExpr)]
    yield sp.MatMul(*scalars, sp.Transpose(sp.MatMul(*(sp.Transpose(m) for m in reversed(matrices)))))
    for position, arg in enumerate(matrices[:-1]):
        if isinstance(arg, DiagMatrix) and matrices[position + 1].shape[1] == 1 and arg.args[0].shape[1] == 1:
            pair = sp.HadamardProduct(arg.args[0], matrices[position + 1])
            yield sp.MatMul(*scalars, *matrices[:position], pair, *matrices[position + 2 :])


def _transposes(inner: Any) -> Iterator[Any]:
    if isinstance(inner, sp.MatAdd | sp.HadamardProduct):
        yield inner.func(*(sp.Transpose(arg) for arg in inner.args))
    if isinstance(inner, sp.MatMul):
        matrices = [sp.Transpose(arg) for arg in inner.args if isinstance(arg, sp.MatrixExpr)]
        scalars = [arg for arg in inner.args if not isinstance(arg, sp.MatrixExpr)]
        yield sp.MatMul(*scalars, *reversed(matrices))


def _gradients(node: Any) -> Iterator[Any]:
    """Derivatives are linear, and obey the product rule; parts that depend on nothing are left together."""
    inner, others, wrt = node.args[0], node.args[1:], node.wrt
    if isinstance(node, Jacobian):
        return
    moving = {wrt, *node.jacobians}
    if isinstance(inner, sp.Add) and all(moving & arg.atoms(sp.MatrixSymbol) for arg in inner.args):
        yield sp.MatAdd(*(Gradient(arg, *others) for arg in inner.args))
    if isinstance(inner, sp.Mul) and len(inner.args) == 2:
        first, second = inner.args
        pieces = []
        for factor, other in ((first, second), (second, first)):
            if moving & factor.atoms(sp.MatrixSymbol):
                pieces.append(sp.MatMul(other, Gradient(factor, *others)))
        if pieces:
            yield sp.MatAdd(*pieces) if len(pieces) > 1 else pieces[0]


# -- slips -------------------------------------------------------------------------------------------------------------


def slipped(node: Any, random: Random) -> Any:
    """Return a tree with one slip in it: a sign, a factor, an order, a transpose, a symbol, a term that got lost."""
    places = list(_paths(node))
    for path in random.sample(places, len(places)):
        found = [new for new in _slips(_at_path(node, path), random) if new is not None]
        if found:
            try:
                return _replaced(node, path, random.choice(found))
            except (TypeError, ValueError, AttributeError, IndexError):
                continue  # SymPy does not let the pieces together
    return sp.MatMul(2, node) if isinstance(node, sp.MatrixExpr) else sp.Add(node, 1, evaluate=False)


def _paths(node: Any, path: tuple[int, ...] = ()) -> Iterator[tuple[int, ...]]:
    yield path
    if isinstance(node, (*_KEEP, Entries, sp.FunctionMatrix)):
        return
    last = 1 if isinstance(node, _FIRST) else len(node.args)
    for number, arg in enumerate(node.args[:last]):
        if isinstance(arg, sp.Expr | sp.MatrixExpr):
            yield from _paths(arg, (*path, number))


def _at_path(node: Any, path: tuple[int, ...]) -> Any:
    for number in path:
        node = node.args[number]
    return node


def _replaced(node: Any, path: tuple[int, ...], new: Any) -> Any:
    if not path:
        return new
    args = list(node.args)
    args[path[0]] = _replaced(args[path[0]], path[1:], new)
    return rebuilt(node, args)


def _slips(node: Any, random: Random) -> Iterator[Any]:
    args = list(node.args)
    if isinstance(node, sp.MatMul) and len(args) > 1:
        swapped = [*args[:-2], args[-1], args[-2]]
        if getattr(args[-2], "shape", None) == args[-1].shape and args[-1] != args[-2]:
            yield sp.MatMul(*swapped)
    if isinstance(node, sp.Add | sp.MatAdd) and len(args) > 1:
        yield rebuilt(node, args[1:]) if len(args) > 2 else args[0]
    if isinstance(node, sp.Pow) and node.args[1] == 2:
        yield sp.Mul(3, node.args[0], evaluate=False)
    if isinstance(node, sp.MatrixExpr) and node.shape[0] == node.shape[1] != 1:
        yield sp.Transpose(node)
    if isinstance(node, sp.MatrixExpr) and random.random() < 0.3:
        yield sp.MatMul(-1, node)
    elif isinstance(node, sp.Expr) and random.random() < 0.3:
        yield sp.Mul(2, node, evaluate=False)
