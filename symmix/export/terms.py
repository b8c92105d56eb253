"""Taking the terms of a sum apart, for a printer: sign, scalar factors, denominator, matrices, names."""

from __future__ import annotations

import sympy as sp


class Tie:
    """A term in a sort key, written out only where everything before it is equal: that takes long."""

    def __init__(self, term: sp.Basic) -> None:
        self.term = term

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tie) and self.term == other.term

    def __hash__(self) -> int:
        return hash(self.term)

    def __lt__(self, other: Tie) -> bool:
        return str(self.term) < str(other.term)


def signed(term: sp.Basic) -> tuple[bool, sp.Basic]:
    """Take the sign out of a term."""
    if isinstance(term, sp.Rational):
        return bool(term < 0), abs(term)
    if isinstance(term, sp.Mul | sp.MatMul):
        coefficient, rest = term.as_coeff_mmul() if isinstance(term, sp.MatMul) else term.as_coeff_Mul()
        if isinstance(coefficient, sp.Mul):  # a scalar product in front of a matrix
            number, _ = coefficient.as_coeff_Mul()
            if number < 0:
                return True, -coefficient * rest
        elif coefficient.is_Number and coefficient < 0:
            return True, (-coefficient) * rest if coefficient != -1 else rest
    return False, term


def split(term: sp.Basic) -> tuple[list[sp.Basic], sp.Expr, list[sp.Basic]]:
    """Split a product into scalar factors, denominator, and matrix factors."""
    if not isinstance(term, sp.Mul | sp.MatMul):
        return [term], sp.S.One, []
    matrices = [arg for arg in term.args if isinstance(arg, sp.MatrixExpr)]
    scalar = sp.Mul(*(arg for arg in term.args if not isinstance(arg, sp.MatrixExpr)))
    above, below = [], []
    for factor in sp.Mul.make_args(scalar):
        if isinstance(factor, sp.Pow) and factor.exp.is_negative:
            below.append(factor.base**-factor.exp)
        elif isinstance(factor, sp.Rational):
            above += [sp.Integer(factor.p)] if factor.p != 1 else []
            below += [sp.Integer(factor.q)] if factor.q != 1 else []
        else:
            above.append(factor)
    return above, sp.Mul(*below), matrices


def names(node: sp.Basic) -> list[str]:
    """Return the names of the symbols of a term in the order of its factors; sizes of matrix symbols do not count."""
    if isinstance(node, sp.MatrixSymbol | sp.Symbol):
        return [str(node.name)]
    if isinstance(node, sp.MatMul):
        args = sorted(node.args, key=lambda arg: not isinstance(arg, sp.MatrixExpr))
        return [name for arg in args for name in names(arg)]
    return [name for arg in node.args for name in names(arg)]


def tensorial(node: sp.Basic) -> bool:
    """Whether something is built from matrices."""
    return bool(node.atoms(sp.MatrixSymbol))


def complement(factor: sp.Basic) -> sp.Expr | None:
    """Return 1 - s for a factor s - 1 with a scalar s that is no size, else None."""
    if isinstance(factor, sp.Add) and len(factor.args) == 2 and factor.args[0] == -1:
        symbol = factor.args[1]
        return -factor if isinstance(symbol, sp.Symbol) and not symbol.is_integer else None
    return None


def with_complements(term: sp.Basic) -> tuple[bool, sp.Basic]:
    """Return a term with 1 - s for each of its factors s - 1, and whether that changes its sign."""
    if isinstance(term, sp.MatMul):
        scalar, matrices = term.as_coeff_matrices()
        negative, changed = with_complements(scalar)
        return (True, changed * sp.MatMul(*matrices)) if negative else (False, term)
    if not isinstance(term, sp.Mul):
        whole = complement(term)
        return (False, term) if whole is None else (True, whole)
    turned = [(factor, complement(factor)) for factor in term.args]
    factors = [factor if other is None else other for factor, other in turned]
    product = sp.Mul(*factors)
    odd = sum(other is not None for _, other in turned) % 2 == 1
    kept = product.is_Mul and set(product.args) == set(factors)  # SymPy distributes a number over a sum
    return (True, product) if odd and kept else (False, term)
