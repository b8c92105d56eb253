"""Signs and squared norms: where a tree has them, for the printers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from fractions import Fraction

from symmix.terms import nodes as t
from symmix.terms.names import ONE_SIZE


def signed(term: t.Expression) -> bool:
    """Whether a term is written with a minus: a negative number, or a product that begins with one."""
    if isinstance(term, t.Number):
        return term.value < 0
    if not isinstance(term, t.Multiply):
        return False
    first, second = term.factors[:2]
    return isinstance(first, t.Number) and first.value < 0 and not (first.value == -1 and isinstance(second, t.Number))


def without_sign(term: t.Expression) -> t.Expression:
    """Return what stands behind the minus of a term that has one."""
    if isinstance(term, t.Number):
        return t.Number(-term.value)
    first, rest = (term.factors[0], term.factors[1:]) if isinstance(term, t.Multiply) else (term, ())
    if not isinstance(first, t.Number):
        return term
    factors = (*(() if first.value == -1 else (t.Number(-first.value),)), *rest)
    return factors[0] if len(factors) == 1 else t.Multiply(factors)


def minus(left: t.Expression, right: t.Expression) -> t.Expression:
    """Return a difference as one sum, a sum on the right term by term."""
    terms = [*_terms(left), *(negated(term) for term in _terms(right))]
    zero = isinstance(right, t.Zeros) or (isinstance(right, t.Number) and right.value == 0)
    return left if zero else t.Add(tuple(terms))


def _terms(node: t.Expression) -> tuple[t.Expression, ...]:
    return node.terms if isinstance(node, t.Add) else (node,)


def negated(term: t.Expression) -> t.Expression:
    """Return a term with the other sign."""
    if signed(term):
        return without_sign(term)
    if isinstance(term, t.Number):
        return t.Number(-term.value)
    factors = term.factors if isinstance(term, t.Multiply) else (term,)
    first = factors[0]
    if isinstance(first, t.Number):
        return t.Multiply((t.Number(-first.value), *factors[1:]))
    return t.Multiply((t.Number(Fraction(-1)), *factors))


def norm_in(product: t.Multiply) -> tuple[t.Expression, t.Expression] | None:
    """Return v and v^T where a product ends with v^T v for a column v, and has no other matrices; else None."""
    row, column = product.factors[-2:]
    if not product.matrices and row != column:  # of a 1 x 1 matrix
        column, row = sorted((row, column), key=transposes)
    elif product.matrices != (row, column) or column.shape[1] != ONE_SIZE or row.shape != (ONE_SIZE, column.shape[0]):
        return None
    return (column, row) if row != column and _key(row, turned=True) == _key(column) else None


def transposes(node: t.Expression) -> int:
    """Return how many transposes stand in an expression."""
    return sum(isinstance(part, t.Transpose) for part in node.walk())


def _key(node: t.Expression, *, turned: bool = False) -> Hashable:
    """Return what is equal for expressions that differ in how transposes are written: (A B)^T is B^T A^T."""
    match node:
        case t.Transpose(of=of):
            return _key(of, turned=not turned)
        case t.Add(terms=parts) | t.Hadamard(factors=parts):
            return type(node), frozenset(Counter(_key(part, turned=turned) for part in parts).items())
        case t.Multiply(factors=factors):
            scales = Counter(_key(factor) for factor in factors if factor.shape == t.SCALAR)
            chain = reversed(node.matrices) if turned else node.matrices
            return type(node), frozenset(scales.items()), tuple(_key(factor, turned=turned) for factor in chain)
        case t.Quotient(numerator=numerator, denominator=denominator):
            return type(node), _key(numerator, turned=turned), denominator
    return node, turned and node.shape != t.SCALAR
