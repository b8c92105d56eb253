"""Whoever is mixed with whom: mixup is ERM, reweighted, minus the residuals' Dirichlet energy on that graph."""

import sympy as sp

from symmix import Derivation, Identity, Theorem, mix, prove, squared_norm, theorem
from symmix.datasets import ONES, RESIDUALS, STRENGTH, SUMMARY, in_numbers, over_ratio, pair_loss
from symmix.notation import E, P, c, erm_loss, i, j, m, n, variance

# sample i is mixed with sample j in a share P[i,j] of the cases: each row of P sums to one
pairs = ((i, 0, n - 1), (j, 0, n - 1))
loss = over_ratio(sp.Sum(P[i, j] * pair_loss(), *pairs) / n)
rows_sum_to_one = P * ONES - ONES
columns_sum_to_one = P.T * ONES - ONES

visits = P.T * ONES  # how often each sample is a partner
weights = m * ONES + (1 - m) * visits
reweighted = sp.Sum(weights[i, 0] * squared_norm(E[i, :]), (i, 0, n - 1))
energy = sp.Sum(P[i, j] * squared_norm(E[i, :] - E[j, :]), *pairs)


@theorem(
    title="Mixing on a graph removes Dirichlet energy",
    quotes="what do those two unusual terms above in the gradient do to make the final model generalize better?",
    source=("cho2022degeneracy", "yao2022cmixup", "greenewald2021kmixup"),
    idea="Polarisation for each pair; average over pairs.",
)
def mixing_graph_removes_dirichlet_energy() -> Theorem:
    """Whoever is mixed with whom, the loss is a weighted ERM minus the residuals' Dirichlet energy on the mixing graph.

    For a row-stochastic pairing P the weights are w_i = m + (1-m) sum_j P_ji, one for all samples if P is doubly
    stochastic: then mixup is ERM minus c/(4 n) times the Dirichlet energy. Uniform pairing P = 1/n recovers
    the variance (pair_average_is_erm_minus_variance); P = I, no mixing at all, has no energy. A pairing of another
    kind is studied by replacing the first hypothesis by what it satisfies.
    """
    claimed = (reweighted - c / 2 * energy) / (2 * n)
    return Theorem(
        definitions={**RESIDUALS, **SUMMARY, **STRENGTH},
        numbers=in_numbers(RESIDUALS, SUMMARY, STRENGTH),
        claim={
            "row-stochastic": Identity(loss, claimed, where=[rows_sum_to_one]),
            "doubly stochastic": Identity(
                loss, erm_loss - c / (4 * n) * energy, where=[rows_sum_to_one, columns_sum_to_one]
            ),
            "uniform": Identity(energy / (2 * n), variance, where=[P - ONES * ONES.T / n]),
        },
        proof=Derivation(loss)
        .equals(
            over_ratio(sp.Sum(P[i, j] * squared_norm(mix(E[i, :], E[j, :])), *pairs) / (2 * n)),
            by="mixed_residual_is_mixture_of_residuals, for each pair",
        )
        .equals(
            (sp.Sum(P[i, j] * (m * squared_norm(E[i, :]) + (1 - m) * squared_norm(E[j, :])), *pairs) - c / 2 * energy)
            / (2 * n),
            by="|lam u + (1-lam) v|^2 = lam |u|^2 + (1-lam) |v|^2 - lam (1-lam) |u - v|^2",
        )
        .equals(claimed, by="rows sum to one; w_i = m + (1-m) sum_j P_ji", where=[rows_sum_to_one]),
        near_misses={
            "rows that do not sum to one": Identity(loss, claimed),
            "energy added": Identity(loss, (reweighted + c / 2 * energy) / (2 * n), where=[rows_sum_to_one]),
            "c for c/2": Identity(loss, (reweighted - c * energy) / (2 * n), where=[rows_sum_to_one]),
            "weights one for every pairing": Identity(loss, erm_loss - c / (4 * n) * energy, where=[rows_sum_to_one]),
        },
        meanings={P: "the pairing: sample i is mixed with sample j in a share P_ij of the cases"},
    )


if __name__ == "__main__":
    prove(__file__)
