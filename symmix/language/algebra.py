"""Sums, products, powers and matrices, read from SymPy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any, cast

import sympy as sp

from symmix.errors import DimensionError, UnsupportedError
from symmix.language import order
from symmix.language.inert import shown
from symmix.language.nodes import MatrixQuotient, ScalarQuotient
from symmix.language.refusals import inverse_refused
from symmix.language.scopes import Around
from symmix.language.translation import Translation
from symmix.terms import nodes as t

MAX_COPIES = 100
ONE = t.Number(Fraction(1))

# -- what has a name ---


def scalar(translation: Translation, node: sp.Symbol, around: Around) -> t.Expression:
    """Read a scalar symbol, or a size as a number."""
    if node in around.bound:
        raise UnsupportedError("an index inside square brackets", shown(node), "use it as an index only")
    return translation.symbols.scalar(node)


def matrix(translation: Translation, node: sp.MatrixSymbol, _around: Around) -> t.Symbol:
    """Read a matrix symbol."""
    return translation.symbols.matrix(node)


# -- sums and products ---


def add(translation: Translation, node: sp.Add | sp.MatAdd, around: Around) -> t.Expression:
    """Read a sum, in reading order if its own is lost."""
    terms = [translation.read(arg, around) for arg in node.args]
    if order.is_sorted(node):
        terms = order.terms_in_order(terms)
    return t.Add(tuple(terms)) if len(terms) > 1 else terms[0]


def multiply(translation: Translation, node: sp.Mul | sp.MatMul, around: Around) -> t.Expression:
    """Read a product, its scalars in reading order if their own is lost."""
    factors = list(node.args)
    if isinstance(node, sp.MatMul) and type(factors[0]) is sp.Mul and order.is_sorted(factors[0]):
        factors[:1] = factors[0].args
    trees = [_factor(translation, factor, around) for factor in factors]
    _require_chain(node, factors, trees)
    return _reordered(factors, trees) if order.is_sorted(node) else _as_written(factors, trees)


def _factor(translation: Translation, factor: sp.Basic, around: Around) -> t.Expression:
    base = _divided_by(factor)
    if base is None:
        return translation.read(factor, around)
    return t.Quotient(ONE, _raised(translation, base, -int(factor.exp), around))


def _divided_by(factor: sp.Basic) -> sp.Basic | None:
    """Return the base of a negative power."""
    if type(factor) is not sp.Pow or isinstance(factor.base, sp.MatrixExpr):
        return None
    return factor.base if isinstance(factor.exp, sp.Integer) and factor.exp < 0 else None


def _require_chain(node: sp.Basic, factors: Sequence[sp.Basic], trees: Sequence[t.Expression]) -> None:
    """Refuse matrices of which the sizes between them differ, also 1 x 1 ones, which SymPy does not always do."""
    matrices = [pair for pair in zip(factors, trees, strict=True) if isinstance(pair[0], sp.MatrixExpr)]
    for (left, tree), (right, other) in pairwise(matrices):
        if tree.shape[1] != other.shape[0]:
            raise DimensionError(
                f"matching inner sizes in the product {shown(node)}",
                f"{shown(left)} of shape {tree.shape} before {shown(right)} of shape {other.shape}",
                "transpose a factor; a 1x1 matrix M becomes a scalar as M[0, 0]",
            )


def _as_written(factors: Sequence[sp.Basic], trees: Sequence[t.Expression]) -> t.Expression:
    """Return the factors in their order, over the denominators that stand at the end."""
    last = len(factors)
    while last and _divided_by(factors[last - 1]) is not None:
        last -= 1
    below = [tree.denominator for tree in trees[last:] if isinstance(tree, t.Quotient)]
    above = order.multiplied(trees[:last])
    return t.Quotient(above, order.multiplied(below)) if below else above


def _reordered(factors: Sequence[sp.Basic], trees: Sequence[t.Expression]) -> t.Expression:
    """Return sign, numbers and scalars over their denominators, then the matrices."""
    number = Fraction(1)
    above: list[tuple[t.Expression, bool]] = []
    below: list[t.Expression] = []
    matrices: list[t.Expression] = []
    for factor, tree in zip(factors, trees, strict=True):
        if isinstance(factor, sp.MatrixExpr):
            matrices.append(tree)
        elif isinstance(tree, t.Number):
            number *= tree.value
        elif _divided_by(factor) is not None:
            below.append(cast("t.Quotient", tree).denominator)
        else:
            above.append((tree, order.complement(factor)))
    scalars = [tree for tree, _ in above]
    if sum(turned for _, turned in above) % 2 == 1:
        number, scalars = -number, [order.turned(tree) if turned else tree for tree, turned in above]
    return order.scaled(number, order.scalars_in_order(scalars), order.scalars_in_order(below), matrices)


# -- powers and quotients ---


def power(translation: Translation, node: sp.Pow | sp.MatPow, around: Around) -> t.Expression:
    """Read a whole power; a negative one of a scalar divides."""
    base, exponent = node.args
    if not isinstance(exponent, sp.Integer):
        raise UnsupportedError("a whole number as exponent", shown(node), "use whole powers only")
    if exponent < 0:
        if isinstance(base, sp.MatrixExpr):
            raise inverse_refused(node)
        return t.Quotient(ONE, _raised(translation, base, -int(exponent), around))
    return t.Power(translation.read(base, around), int(exponent))


def _raised(translation: Translation, base: sp.Basic, exponent: int, around: Around) -> t.Expression:
    tree = translation.read(base, around)
    return tree if exponent == 1 else t.Power(tree, exponent)


def quotient(translation: Translation, node: ScalarQuotient | MatrixQuotient, around: Around) -> t.Quotient:
    """Read a quotient of which nothing was cancelled."""
    return t.Quotient(translation.read(node.numerator, around), translation.read(node.denominator, around))


def hadamard(translation: Translation, node: sp.HadamardProduct, around: Around) -> t.Expression:
    """Read a product entry by entry."""
    factors = tuple(translation.read(arg, around) for arg in node.args)
    return t.Hadamard(factors) if len(factors) > 1 else factors[0]


def hadamard_power(translation: Translation, node: sp.HadamardPower, around: Around) -> t.Expression:
    """Read a power entry by entry as a product of copies."""
    base, exponent = node.args
    if not isinstance(exponent, sp.Integer) or not 1 <= exponent <= MAX_COPIES:
        raise UnsupportedError(
            f"a whole number from 1 to {MAX_COPIES} as exponent", shown(node), "use whole powers only"
        )
    tree = translation.read(base, around)
    return t.Hadamard((tree,) * int(exponent)) if exponent > 1 else tree


# -- matrices ---


def identity(translation: Translation, node: sp.Identity, _around: Around) -> t.Identity:
    """Read an identity matrix."""
    return t.Identity(translation.symbols.size(node.args[0], node))


def filled(translation: Translation, node: sp.ZeroMatrix | sp.OneMatrix, _around: Around) -> t.Expression:
    """Read a matrix of zeros or ones."""
    rows, columns = (translation.symbols.size(size, node) for size in node.shape)
    return (t.Zeros if isinstance(node, sp.ZeroMatrix) else t.Ones)(rows, columns)


def diagonal_part(translation: Translation, node: Any, around: Around) -> t.Expression:
    """Read a matrix of which all but the diagonal is removed."""
    return t.DiagonalMatrix(t.Diagonal(translation.read(node.args[0], around)))


def of_one_part(
    kind: Callable[[t.Expression], t.Expression], translation: Translation, node: Any, around: Around
) -> t.Expression:
    """Read a node that has one part."""
    return kind(translation.read(node.args[0], around))
