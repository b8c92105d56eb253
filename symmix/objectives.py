"""The objectives, as SymPy expressions over the legend's symbols.

All are written as in the post, with the minus sign: they are to be maximised, and the loss is their negative. The
head is affine, G(z) = W z + b, targets are vectors, and every size is a symbol.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import sympy as sp

from symmix.language import Gradient
from symmix.notation import J, Jm, Jp, L, W, b, e, ep, gap, lam, r, theta, y, yp, z, zm, zp

HALF = sp.Rational(1, 2)


@dataclass(frozen=True)
class Objective:
    """A scalar objective, to be maximised, and what its symbols stand for.

    Attributes
    ----------
    definitions
        The symbol ``L`` of the objective, and every other defined symbol, with their definitions.
    jacobians
        Each feature vector (h x 1) with its Jacobian (h x p) by ``parameters``.
    parameters
        The encoder's parameters (p x 1).
    targets
        Each target in terms of its residual, and a mixed feature in terms of its gap: definitions, solved; gradients
        read best this way.
    numbers
        The same in NumPy, see `symmix.Theorem`: functions of `symmix.numeric.post` by their place.
    """

    name: str
    definitions: Mapping[sp.Basic, sp.Basic]
    jacobians: Mapping[sp.MatrixSymbol, sp.MatrixSymbol] = field(default_factory=dict)
    targets: Mapping[sp.MatrixSymbol, sp.MatrixExpr] = field(default_factory=dict)
    parameters: sp.MatrixSymbol = theta
    numbers: Mapping[sp.Basic, str] = field(default_factory=dict)

    @property
    def symbol(self) -> sp.Symbol:
        """The symbol of the objective: the first that is defined."""
        return next(iter(self.definitions))

    def gradient(self, wrt: sp.MatrixSymbol) -> Gradient:
        """Return dL/d(wrt), not multiplied out; by the parameters it goes through the Jacobians."""
        found: Gradient = Gradient(self.symbol, wrt, self.jacobians if wrt == self.parameters else {})
        return found


def head(features: sp.MatrixExpr) -> sp.MatrixExpr:
    """Return G(z) = W z + b, for z of shape h x 1; shape k x 1."""
    return summed(product(W, features), b)


def residual(target: sp.MatrixExpr, features: sp.MatrixExpr) -> sp.MatrixExpr:
    """Return y - G(z) = y - W z - b."""
    return summed(target, product(-1, W, features), product(-1, b))


def mix(first: sp.Basic, second: sp.Basic, ratio: sp.Expr = lam) -> sp.Basic:
    """Return ratio * first + (1 - ratio) * second, for two scalars or two matrices of one shape; the ratio is lam."""
    if isinstance(first, sp.MatrixExpr) and isinstance(second, sp.MatrixExpr):
        return summed(product(ratio, first), product(1 - ratio, second))
    return ratio * first + (1 - ratio) * second


def squared_norm(vector: sp.MatrixExpr) -> sp.Expr:
    """Return |v|^2 of a column or a row, as a trace."""
    return sp.Trace(product(vector, vector.T)) if vector.shape[0] == 1 else inner(vector, vector)


def inner(first: sp.MatrixExpr, second: sp.MatrixExpr) -> sp.Expr:
    """Return u^T v of two columns, as a trace."""
    return sp.Trace(product(first.T, second))


# SymPy's operators on matrices work all parts of their operands out anew: these do no more than is new


def summed(*terms: sp.MatrixExpr) -> sp.MatrixExpr:
    """Return the sum of matrices that are worked out, as ``+`` does."""
    return sp.MatAdd(*terms).doit(deep=False)


def product(*factors: sp.Basic | int) -> sp.MatrixExpr:
    """Return the product of scalars and matrices that are worked out, as ``*`` does."""
    return sp.MatMul(*factors).doit(deep=False)


PAIR_RESIDUALS = {e: residual(y, z), ep: residual(yp, zp)}
PAIR_NUMBERS = {e: "symmix.numeric.post:residual", ep: "symmix.numeric.post:partner_residual"}
PAIR_TARGETS = {y: e + head(z), yp: ep + head(zp)}


def manifold_mixup() -> Objective:
    """Return -1/2 |y~ - G(lam z + (1 - lam) z')|^2: features and targets of a pair are mixed at the head.

    Source: Verma et al. 2018; the post's L^mmix.
    """
    definitions = {L: -HALF * squared_norm(r), r: residual(mix(y, yp), mix(z, zp)), **PAIR_RESIDUALS}
    numbers = {
        L: "symmix.numeric.post:manifold_mixup",
        r: "symmix.numeric.post:mixed_residual",
        **PAIR_NUMBERS,
    }
    return Objective("manifold_mixup", definitions, {z: J, zp: Jp}, PAIR_TARGETS, numbers=numbers)


def input_mixup() -> Objective:
    """Return -1/2 |y~ - G(F(lam x + (1 - lam) x'))|^2, with z~ = F(x~) a symbol of its own.

    An encoder ties z~ to z and z' in no way that holds for all encoders: the gap is lam z + (1 - lam) z' - z~.
    Source: Zhang et al. 2017; the post's first objective.
    """
    definitions = {L: -HALF * squared_norm(r), r: residual(mix(y, yp), zm), **PAIR_RESIDUALS}
    numbers = {
        L: "symmix.numeric.post:input_mixup",
        r: "symmix.numeric.post:input_residual",
        **PAIR_NUMBERS,
    }
    return Objective("input_mixup", definitions, {zm: Jm}, {**PAIR_TARGETS, zm: mix(z, zp) - gap}, numbers=numbers)


def erm() -> Objective:
    """Return -1/2 |y - G(z)|^2 - 1/2 |y' - G(z')|^2: empirical risk of the unmixed pair."""
    definitions = {L: -HALF * squared_norm(e) - HALF * squared_norm(ep), **PAIR_RESIDUALS}
    return Objective("erm", definitions, {z: J, zp: Jp}, PAIR_TARGETS)


OBJECTIVES: Mapping[str, Callable[[], Objective]] = {
    "manifold_mixup": manifold_mixup,
    "input_mixup": input_mixup,
    "erm": erm,
}
