"""Every permutation and every ratio conserve the sum of the residuals: the bias step of mixup is that of ERM."""

import sympy as sp

from symmix import Identity, Theorem, mix, prove, theorem
from symmix.datasets import ONES, RESIDUALS, SUMMARY, in_numbers
from symmix.language import Gradient
from symmix.notation import E, P, W, Y, Z, b, erm_loss, n

mixed = mix(Y, P * Y) - mix(Z, P * Z) * W.T - ONES * b.T  # the residuals r_i of the mixed batch, a row a sample
columns_sum_to_one = P.T * ONES - ONES
rows_sum_to_one = P * ONES - ONES
batch_loss = sp.Trace(mixed.T * mixed) / (2 * n)


@theorem(
    title="Mixing conserves the sum of the residuals",
    quotes="the other two terms are quite unusual",
    source="cho2022degeneracy",
    idea="The rows and the columns of the pairing add up to one, and so do the two weights.",
)
def mixing_conserves_the_residual_sum() -> Theorem:
    """For every permutation and every ratio, mixing conserves the sum of the residuals: sum_i r_i = sum_i e_i.

    Not on average: on every batch. Any pairing P whose rows and columns sum to one will do, permutations among them.
    """
    fair = [rows_sum_to_one, columns_sum_to_one]
    return Theorem(
        definitions={**RESIDUALS, **SUMMARY},
        numbers=in_numbers(RESIDUALS, SUMMARY),
        claim={
            "the sum": Identity(mixed.T * ONES, E.T * ONES, where=fair),
            "the bias gradient": Identity(Gradient(batch_loss, b), Gradient(erm_loss, b), where=fair),
        },
        near_misses={
            "partners drawn with replacement": Identity(mixed.T * ONES, E.T * ONES, where=[rows_sum_to_one]),
            "the weights' gradient too": Identity(Gradient(batch_loss, W), Gradient(erm_loss, W), where=fair),
            "each residual": Identity(mixed, E, where=fair),
        },
        meanings={P: "the pairing, a permutation matrix for one"},
    )


if __name__ == "__main__":
    prove(__file__)
