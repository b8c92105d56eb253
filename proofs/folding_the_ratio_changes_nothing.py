"""Folding the ratio to max(lam, 1-lam) changes nothing on average over symmetric pairs."""

import sympy as sp

from symmix import Identity, Theorem, prove, theorem
from symmix.datasets import RESIDUALS, in_numbers, pair_loss
from symmix.notation import i, j, lam, n

S = sp.MatrixSymbol("S", n, n)
symmetric = S + S.T  # any symmetric pairing is of this form
pairs = ((i, 0, n - 1), (j, 0, n - 1))


def total(pairing: sp.MatrixExpr, ratio: sp.Expr) -> sp.Expr:
    """Return the weighted loss of all pairs at a ratio."""
    return sp.Sum(pairing[i, j] * pair_loss(ratio=ratio), *pairs)


@theorem(
    title="Folding the ratio changes nothing",
    answers="Does it matter that some implementations take the larger one of the ratio and its complement?",
    source=("zhang2017mixup", "chen2020mixtext"),
    idea="Exchange the two samples of each pair.",
)
def folding_the_ratio_changes_nothing() -> Theorem:
    """For every symmetric pairing the loss of all pairs is the same at lam and at 1-lam, hence at max(lam, 1-lam).

    So the average over any distribution of the ratio is unchanged when the ratio is folded: the folded value is
    one of the two. A pairing that is not symmetric, one permutation say, does notice.
    """
    return Theorem(
        definitions=RESIDUALS,
        numbers=in_numbers(RESIDUALS),
        claim={
            "symmetric pairing": Identity(total(symmetric, lam), total(symmetric, 1 - lam)),
            "all pairs": Identity(total(sp.OneMatrix(n, n), lam), total(sp.OneMatrix(n, n), 1 - lam)),
        },
        near_misses={
            "any pairing": Identity(total(S, lam), total(S, 1 - lam)),
            "a single pair": Identity(pair_loss(), pair_loss(ratio=1 - lam)),
        },
        indices={i: n, j: n},
        meanings={S: "any square matrix; S + S^T is any symmetric pairing"},
    )


if __name__ == "__main__":
    prove(__file__)
