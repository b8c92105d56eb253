"""Averaged over pairs, the two unusual terms are the gradient of a penalty on the mean residual."""

import sympy as sp

from symmix import Identity, Theorem, prove, squared_norm, theorem
from symmix.datasets import RESIDUALS, STRENGTH, SUMMARY, average, in_numbers, over_ratio
from symmix.language import Entries, Gradient
from symmix.notation import JZ, E, W, Z, c, ebar, h, i, j, k, lam, n, p, theta

t, f, q = sp.symbols("t_ f q", integer=True)
mean_objective = -squared_norm(ebar) / 2
dmean = Gradient(mean_objective, theta, {Z: JZ})


def carried(error: sp.Symbol, through: sp.Symbol) -> sp.Expr:
    """Return component t of J_through^T W^T e_error: the error of one sample carried back through another."""
    return sp.Sum(JZ[through, q, t] * W[f, q] * E[error, f], (f, 0, k - 1), (q, 0, h - 1))


def column(entry: sp.Expr) -> sp.MatrixExpr:
    """Return the column (p x 1) with the given component t."""
    return Entries(p, 1, sp.Lambda((t, sp.Dummy()), entry))


unusual = lam * (1 - lam) * (carried(j, i) + carried(i, j))
usual = lam**2 * carried(i, i) + (1 - lam) ** 2 * carried(j, j)
unusual_average = column(over_ratio(average(unusual, i, j)))
whole_average = column(over_ratio(average(usual + unusual, i, j)))


@theorem(
    title="The cross terms push the mean residual to zero",
    quotes="what do those two unusual terms above in the gradient do to make the final model generalize better?",
    source="cho2022degeneracy",
    idea="Average gradient_has_four_terms over pairs: a double sum of products is a product of two means.",
)
def cross_terms_average_to_mean_residual_gradient() -> Theorem:
    """Over all ordered pairs and the ratio, the cross terms average to c times the gradient of a penalty: -1/2 |e-|^2.

    By the encoder's parameters, for every encoder, head and data set. So the post's strange terms together do
    one thing: they push the mean residual to zero. The own terms average to (1-c) times the gradient of -ERM.
    """
    return Theorem(
        definitions={**RESIDUALS, **SUMMARY, **STRENGTH},
        numbers=in_numbers(RESIDUALS, SUMMARY, STRENGTH),
        claim={
            "the two unusual terms": Identity(unusual_average, c * dmean),
            "all four": Identity(
                whole_average,
                Gradient(-(1 - c) * sp.Trace(E.T * E) / (2 * n) + c * mean_objective, theta, {Z: JZ}),
            ),
        },
        near_misses={
            "half of it": Identity(unusual_average, c / 2 * dmean),
            "the other sign": Identity(unusual_average, -c * dmean),
            "they cancel": Identity(unusual_average, 0 * dmean),
            "they are a gradient of the variance": Identity(
                unusual_average, Gradient(-sp.Trace(E.T * E) / (2 * n) * c, theta, {Z: JZ})
            ),
        },
    )


if __name__ == "__main__":
    prove(__file__)
