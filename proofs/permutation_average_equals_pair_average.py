"""One ratio and a random permutation of the batch give the same expected loss as all ordered pairs."""

import sympy as sp

from symmix import Identity, Lemma, Theorem, mix, prove, theorem
from symmix.datasets import ONES, RESIDUALS, STRENGTH, SUMMARY, in_numbers, over_ratio, pair_average, pair_loss
from symmix.language import expectation
from symmix.notation import P, W, Y, Z, b, c, erm_loss, i, j, n, variance
from symmix.permutations import PERMUTATION, PERMUTATION_MOMENTS

f, g = sp.symbols("f g", integer=True)
same = sp.KroneckerDelta
share = 1 / (n - 1)

# E P[i,j] of a uniform permutation without fixed points
derangement = {1: sp.Lambda((i, j), (1 - same(i, j)) * share)}

# the batch in matrices: targets, features and residuals mixed with their permutation
batch = mix(Y, P * Y) - mix(Z, P * Z) * W.T - ONES * b.T
batch_loss = sp.Trace(batch.T * batch) / (2 * n)
# the same loss sample by sample: i is mixed with the j for which P[i,j] = 1
sample_loss = sp.Sum(P[i, j] * pair_loss(), (j, 0, n - 1), (i, 0, n - 1)) / n
distinct_pairs = over_ratio(sp.Sum((1 - same(i, j)) * pair_loss(), (j, 0, n - 1), (i, 0, n - 1)) / (n * (n - 1)))


@theorem(
    title="A shuffled batch averages like all pairs",
    answers="Mixup is run on a minibatch and its own shuffling: is its expected loss that of all pairs?",
    source=("zhang2017mixup", "verma2018manifold"),
    idea="Expand the square; insert the moments of a random permutation.",
)
def permutation_average_equals_pair_average() -> Theorem:
    """Mixing a batch with a uniform permutation of itself has the expected loss of all ordered pairs: ERM - (c/2) V.

    For every batch size n, with one ratio for the batch. A uniform permutation without fixed points, or all
    pairs i != j, has c n/(n-1) in the place of c (n >= 2). The averages use E P[i,j] and E P[i,j] P[f,g] of a
    random permutation matrix.
    """
    return Theorem(
        definitions={**RESIDUALS, **SUMMARY, **STRENGTH},
        numbers=in_numbers(RESIDUALS, SUMMARY, STRENGTH),
        lemmas=[
            PERMUTATION_MOMENTS,
            Lemma(
                "derangement_moments",
                "a uniform derangement matrix has E P[i,j] = 1/(n-1) for i != j and 0 for i = j",
                "relabelling the samples carries derangements to derangements",
            ),
        ],
        claim={
            "permuted batch": Identity(
                over_ratio(expectation(batch_loss, P, PERMUTATION)), erm_loss - c / 2 * variance
            ),
            "sample by sample": Identity(over_ratio(expectation(sample_loss, P, PERMUTATION)), pair_average()),
            "derangements": Identity(
                over_ratio(expectation(sample_loss, P, derangement)), erm_loss - c * n / (2 * (n - 1)) * variance
            ),
            "pairs i != j": Identity(distinct_pairs, erm_loss - c * n / (2 * (n - 1)) * variance),
        },
        near_misses={
            "derangements mix as much as permutations": Identity(
                over_ratio(expectation(sample_loss, P, derangement)), erm_loss - c / 2 * variance
            ),
            "c (n-1)/n for c n/(n-1)": Identity(distinct_pairs, erm_loss - c * (n - 1) / (2 * n) * variance),
            "the entries of P taken as independent": Identity(
                expectation(batch_loss, P, {1: PERMUTATION[1], 2: sp.Lambda((i, j, f, g), 1 / n**2)}),
                expectation(batch_loss, P, PERMUTATION),
            ),
        },
        meanings={P: "a random permutation matrix, P_ij = 1 if i is mixed with j"},
    )


if __name__ == "__main__":
    prove(__file__)
