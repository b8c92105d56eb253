"""On average the curvature of mixup is ERM's, shrunk by 1-c across the data set: flat where ERM is flat."""

import sympy as sp

from symmix import Equivalence, Identity, Theorem, prove, theorem
from symmix.datasets import ONES, RESIDUALS, STRENGTH, SUMMARY, in_numbers, pair_average
from symmix.language import Gradient
from symmix.notation import W, Z, c, erm_loss, h, m, m2, mixed_loss, n

D = sp.MatrixSymbol("D", n, h)  # a direction in the features of all samples
S = sp.MatrixSymbol("S", n, n)
u = sp.MatrixSymbol("u", n, 1)


def curved(loss: sp.Symbol) -> sp.MatrixExpr:
    """Return the Hessian of a loss by all features, applied to the direction D."""
    return Gradient(sp.Trace(Gradient(loss, Z).T * D), Z)


@theorem(
    title="On average mixup is as flat as ERM",
    quotes="there is no reason why $F$ should induce a space over which $G$ linearly interpolates in a meaningful way.",
    source="cho2022degeneracy",
    idea="Differentiate ERM - (c/2) V twice (pair_average_is_erm_minus_variance); 1-c is not zero.",
)
def averaged_hessian_has_erms_kernel() -> Theorem:
    """On average the Hessian by all features has ERM's kernel: it is S kron W^T W / n with S = (1-c) I + c 11^T/n.

    S has the eigenvalue 1 on the mean and 1-c on everything orthogonal to it, and 1-c > 0: averaging neither
    adds nor removes flat directions, D is flat if and only if D W^T = 0. For a pair the factor of the ratio has
    determinant Var lam.
    """
    return Theorem(
        definitions={
            **RESIDUALS,
            **SUMMARY,
            **STRENGTH,
            mixed_loss: pair_average(),
            S: (1 - c) * sp.Identity(n) + c * ONES * ONES.T / n,
        },
        numbers={
            **in_numbers(RESIDUALS, SUMMARY, STRENGTH, [mixed_loss]),
            S: "symmix.numeric.samples:shrinking",
        },
        claim={
            "ERM": Identity(curved(erm_loss), D * W.T * W / n),
            "mixup": Identity(curved(mixed_loss), S * D * W.T * W / n),
            "on the mean": Identity(S * ONES, ONES),
            "across": Identity(S * u, (1 - c) * u, where=[ONES.T * u]),
            "the same kernel": Equivalence(
                [curved(mixed_loss)],
                [curved(erm_loss)],
                provided=[1 - c],
                back=lambda mixed: [mixed - c * ONES * ONES.T * mixed / n],
            ),
            "a pair": Identity(m2 * (1 - 2 * m + m2) - (m - m2) ** 2, m2 - m**2),
        },
        near_misses={
            "1-c everywhere": Identity(curved(mixed_loss), (1 - c) * curved(erm_loss)),
            "eigenvalue 1-c on the mean": Identity(S * ONES, (1 - c) * ONES),
            "eigenvalue 1 across": Identity(S * u, u, where=[ONES.T * u]),
        },
        meanings={
            D: "a direction in the features of all samples",
            S: "the factor of the data set",
            u: "a column with an entry for each sample",
        },
    )


if __name__ == "__main__":
    prove(__file__)
