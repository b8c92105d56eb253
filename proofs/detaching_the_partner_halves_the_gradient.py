"""Stopping the gradient at the partner halves the expected feature gradient, and leaves its direction alone."""

import sympy as sp

from symmix import Identity, Theorem, mix, prove, squared_norm, theorem
from symmix.datasets import average
from symmix.language import At, Gradient, expectation
from symmix.notation import W, Y, Z, b, h, i, j, lam, m2, n

detached = sp.MatrixSymbol("Z_0", n, h)  # the partners' features, held constant
symmetric_ratio = {1: sp.Rational(1, 2), 2: m2}  # E lam = 1/2, as for every Beta(a, a)


def loss(partners: sp.MatrixExpr) -> sp.Expr:
    """Return the average loss of all ordered pairs, the partner's features taken from another array."""
    residual = mix(Y[i, :], Y[j, :]) - mix(Z[i, :], partners[j, :]) * W.T - b.T
    return average(squared_norm(residual) / 2, i, j)


def expected(matrix: sp.MatrixExpr, moments: dict[int, sp.Expr]) -> sp.MatrixExpr:
    """Return the expectation over the ratio."""
    return expectation(matrix, lam, moments)


whole = Gradient(loss(Z), Z)
stopped = At(Gradient(loss(detached), Z), {detached: Z})
skewed = {1: sp.Rational(1, 3), 2: m2}


@theorem(
    title="Detaching the partner halves the gradient",
    quotes="backpropagates gradients through the earlier parts of the network",
    source=("cho2022degeneracy", "verma2018manifold"),
    idea="Exchange the two samples of each pair: both halves are the same.",
)
def detaching_the_partner_halves_the_gradient() -> Theorem:
    """Stopping the gradient at one partner gives half the feature gradient, for a symmetric ratio and pairing.

    E lam = 1/2 is all that is needed of the ratio. So a detached partner, or a bank of stored features, points
    in the same direction on average: it is a smaller step, not another objective. Pairs are all ordered pairs
    (i, j).
    """
    return Theorem(
        claim=Identity(expected(stopped, symmetric_ratio), expected(whole, symmetric_ratio) / 2),
        near_misses={
            "a ratio that is not symmetric": Identity(expected(stopped, skewed), expected(whole, skewed) / 2),
            "the whole gradient": Identity(expected(stopped, symmetric_ratio), expected(whole, symmetric_ratio)),
            "at every ratio": Identity(stopped, whole / 2),
        },
        meanings={detached: "the partners' features, held constant and then put equal to Z"},
    )


if __name__ == "__main__":
    prove(__file__)
