"""Entries, slices, Kronecker deltas and sums over indices, read from SymPy."""

from __future__ import annotations

from fractions import Fraction

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.matrices.expressions.slice import MatrixSlice
from sympy.tensor.array.expressions import ArrayElement

from symmix.errors import UnsupportedError
from symmix.language.inert import shown
from symmix.language.nodes import Entries, OwnIndex
from symmix.language.refusals import unsupported
from symmix.language.scopes import Around
from symmix.language.sums import ordered_pairs
from symmix.language.symbols import ARRAYS, INDICES, SCALARS
from symmix.language.translation import Translation, no_delta
from symmix.terms import nodes as t
from symmix.terms.names import ONE_SIZE, WHOLE, is_fixed


def by_entries(translation: Translation, node: sp.FunctionMatrix | Entries, around: Around) -> t.ByEntries:
    """Read a matrix given by its entries; along a size 1 the index is 0."""
    sizes = [translation.symbols.size(size, node) for size in node.shape]
    if not isinstance(node.lamda, sp.Lambda):
        raise unsupported(node)
    variables = translation.variables(node.lamda, 2)
    inner = translation.bind(dict(zip(variables, sizes, strict=True)), around, node.lamda.expr)
    row, column = (
        t.Index(inner.bound[variable].name, size) if size != ONE_SIZE else None
        for variable, size in zip(variables, sizes, strict=True)
    )
    return t.ByEntries(row, column, translation.read(node.lamda.expr, inner))


def entry(translation: Translation, node: MatrixElement, around: Around) -> t.Expression:
    """Read an entry of a matrix; that of a 1 x 1 matrix is the matrix."""
    tree = translation.read(node.parent, around)
    pairs = zip((node.i, node.j), tree.shape, strict=True)
    indices = tuple(translation.index(index, size, node, around) for index, size in pairs)
    return tree if tree.shape == t.SCALAR else t.Entry(tree, indices)


def array_entry(translation: Translation, node: ArrayElement, around: Around) -> t.Entry:
    """Read an entry of an array."""
    if type(node.name) not in ARRAYS:
        raise unsupported(node)
    symbol = translation.symbols.matrix(node.name)
    pairs = zip(node.indices, symbol.axes, strict=True)
    return t.Entry(symbol, tuple(translation.index(index, size, node, around) for index, size in pairs))


def part(translation: Translation, node: MatrixSlice, around: Around) -> t.Expression:
    """Read one row or column of a matrix, ``E[i, :]`` or ``E[:, j]``."""
    tree = translation.read(node.parent, around)
    cut = []
    axes = zip((node.rowslice, node.colslice), node.parent.shape, tree.shape, strict=True)
    for (start, stop, step), full, size in axes:
        if start == 0 and stop == full and step == 1:
            cut.append(WHOLE)
        elif step == 1 and sp.expand(stop - start) == 1:
            cut.append(translation.index(start, size, node, around))
        else:
            raise UnsupportedError("a whole axis or a single row or column", shown(node), "slice E[i, :] or E[:, j]")
    if cut == [WHOLE, WHOLE]:
        return tree
    return t.Slice(tree, *cut) if WHOLE in cut else t.Entry(tree, tuple(cut))


def delta(translation: Translation, node: sp.KroneckerDelta, around: Around) -> t.Delta:
    """Read a Kronecker delta of two indices; a range has to be the whole axis, as in SymPy's entries of an identity."""
    if len(node.args) != 2:
        low, high = node.args[2]
        size = sp.expand(high + 1)
        if low != 0 or type(size) not in SCALARS:
            raise no_delta(node)
        name = translation.symbols.size(size, node)
        return t.Delta(*(translation.index(index, name, node, around) for index in node.args[:2]))
    first, second = (translation.unsized_index(index, node, around) for index in node.args)
    return t.Delta(first, second)


def total(translation: Translation, node: sp.Sum, around: Around) -> t.Total:
    """Read a sum over whole axes, the outermost index first; over pairs in order, as half of that over all others."""
    indices, pairs = [], ordered_pairs(node.limits)
    whole = {index: pair for pair in pairs.values() for index in (pair.outer, pair.inner)}
    for limit in reversed(node.limits):  # SymPy's first limit is the innermost sum
        pair = whole.get(limit[0])
        size, first = _whole(limit, node) if pair is None else (pair.size, pair.first)
        name = translation.symbols.size(size, node)
        if type(limit[0]) is not OwnIndex:
            translation.symbols.start(name, first, node)
        around = translation.bind({limit[0]: name}, around, node.function, first)
        indices.append(t.Index(around.bound[limit[0]].name, name))
    body = translation.read(node.function, around)
    for pair in pairs.values():
        names = around.bound[pair.outer].name, around.bound[pair.inner].name
        translation.symmetric.append((body, names, node, around))
        differ = t.Add((t.Number(Fraction(1)), t.Multiply((t.Number(Fraction(-1)), t.Delta(*names)))))
        body = t.Multiply((t.Number(Fraction(1, 2)), differ, body))
    return t.Total(tuple(indices), body)


def _whole(limit: sp.Tuple, node: sp.Sum) -> tuple[sp.Basic, int]:
    """Return the size that a sum runs over, and where it begins."""
    size = sp.expand(limit[2] - limit[1] + 1) if len(limit) == 3 and limit[1] in (0, 1) else None
    fixed = size is not None and size.is_Integer and is_fixed(str(size)) and limit[1] == 0  # as positions count
    if type(limit[0]) not in INDICES or (type(size) not in SCALARS and not fixed):
        raise UnsupportedError(
            "a sum from 0 to n - 1 (or from 1 to n) over a symbolic size n",
            shown(node),
            "sum over a whole axis; weights can select a part of it; of pairs see symmix.language.distinct and ordered",
        )
    return size, int(limit[1])
