"""Expressions that are seen to be positive, so that nobody has to be told that they are not zero."""

from __future__ import annotations

from symmix.terms import nodes as t
from symmix.terms import statements as s


def is_positive(tree: t.Expression, setting: s.Setting) -> bool:
    """Whether an expression is seen to be positive: built of positive numbers and symbols, with no minus in it."""
    if isinstance(tree, t.Add):
        some = any(is_positive(term, setting) for term in tree.terms)
        return some and all(is_positive(term, setting) or _is_square(term) for term in tree.terms)
    if isinstance(tree, t.Multiply | t.Power):
        return all(is_positive(part, setting) for part in tree.children() if isinstance(part, t.Expression))
    if isinstance(tree, t.Number):
        return tree.value > 0
    bounds = (c for c in setting.conditions if c.left == tree and c.sign == ">")
    return isinstance(tree, t.Size) or any(_is_at_least_zero(bound.right) for bound in bounds)


def _is_at_least_zero(tree: t.Expression) -> bool:
    return isinstance(tree, t.Number) and tree.value >= 0


def _is_square(tree: t.Expression) -> bool:
    return isinstance(tree, t.Power) and tree.exponent % 2 == 0
