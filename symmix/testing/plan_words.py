"""A plan in words: short formulas for messages."""

from __future__ import annotations

from symmix.plans import Coefficient, Combination, Contraction, Inverse, Node

LONG = 70  # letters: what is longer is cut


def words(node: Node) -> str:
    """Return a node as a formula, cut where it is long.

    >>> from symmix.plans import Named
    >>> X, w = Named("X", ("n", "d")), Named("w", ("d",))
    >>> words(Contraction(((X, (0, 1)), (w, (1,))), (0,)))
    'X w'
    """
    text = _words(node)
    return text if len(text) <= LONG else f"{text[: LONG - 4]} ..."


def _words(node: Node) -> str:
    match node:
        case Combination(terms=terms):
            parts = [_term(c, term) for c, term in terms]
            return " + ".join(parts).replace("+ -", "- ")
        case Contraction():
            return _product(node)
        case Inverse(of=of):
            return f"{_bracketed(of)}^-1"
    return str(node)


def _term(coefficient: Coefficient, node: Node) -> str:
    weight = coefficient_in_words(coefficient)
    if weight in {"1", "-1"}:
        return f"{weight.removesuffix('1')}{_bracketed(node) if weight == '-1' else _words(node)}"
    return f"{weight} {_bracketed(node)}"


def _bracketed(node: Node) -> str:
    return f"({_words(node)})" if isinstance(node, Combination) else _words(node)


def _product(node: Contraction) -> str:
    """Return a product as one of matrices where it is one, the rows of the result first."""
    if len(node.operands) == 1:
        ((of, indices),) = node.operands
        if len(node.output) == 2 and set(node.output) == set(indices):
            return _transposed(of) if node.output != indices else _words(of)
        return f"sum {_bracketed(of)}"
    (first, left), (second, right) = node.operands[:2]
    shared = set(left) & set(right)
    if shared & set(node.output) or len(node.operands) > 2:
        return " o ".join(_bracketed(of) for of, _ in node.operands)
    if node.output and right and node.output[0] in right:
        first, left, second, right = second, right, first, left
    one = _transposed(first) if len(left) == 2 and left[1] not in shared else _bracketed(first)
    other = _transposed(second) if right and right[0] not in shared else _bracketed(second)
    return f"{one} {other}"


def _transposed(node: Node) -> str:
    return f"{_words(node) if _is_name(node) else f'({_words(node)})'}^T"


def _is_name(node: Node) -> bool:
    return not isinstance(node, Combination | Contraction | Inverse)


def coefficient_in_words(coefficient: Coefficient) -> str:
    """Return a coefficient as a formula.

    >>> from fractions import Fraction
    >>> coefficient_in_words((((), Fraction(1)), ((("lam", 1),), Fraction(-1))))
    '(1 - lam)'
    """
    parts = []
    for powers, c in coefficient:
        factors = [name if e == 1 else f"{name}^{e}" for name, e in powers]
        number = "" if abs(c) == 1 and factors else str(abs(c))
        parts.append(f"{'-' if c < 0 else ''}{' '.join([number, *factors]).strip()}")
    text = " + ".join(parts).replace("+ -", "- ")
    return f"({text})" if len(parts) > 1 else text
