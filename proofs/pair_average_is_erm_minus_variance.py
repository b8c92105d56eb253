"""Over all pairs of a data set mixup is empirical risk minus a share of the residuals' variance."""

from symmix import Derivation, Identity, Theorem, prove, squared_norm, theorem
from symmix.datasets import RESIDUALS, STRENGTH, SUMMARY, average, in_numbers, over_ratio, pair_average, pair_loss
from symmix.notation import E, c, ebar, erm_loss, i, j, lam, mixed_loss, variance

shrunk = ((1 - c) * variance + squared_norm(ebar)) / 2
mixed_row = lam * E[i, :] + (1 - lam) * E[j, :]


@theorem(
    title="On average: ERM minus variance",
    quotes="what do those two unusual terms above in the gradient do to make the final model generalize better?",
    source=("cho2022degeneracy", "carratino2020mixup"),
    idea="Expand the square and average over pairs and the ratio.",
)
def pair_average_is_erm_minus_variance() -> Theorem:
    """Averaged over all pairs and the ratio, mixup is ERM minus a share of the residuals' variance: ERM - (c/2) V.

    c = 2 E[lam (1-lam)] for any distribution of the ratio: no mixing c = 0 gives ERM, and c is at most 1/2. V
    is the variance of the residuals e_i = y_i - W z_i - b over the data set, e- their mean. The average is the
    double sum over i and j, pairs of a sample with itself included; k, h, n and the encoder are arbitrary.
    """
    return Theorem(
        definitions={**RESIDUALS, **SUMMARY, **STRENGTH, mixed_loss: pair_average()},
        numbers=in_numbers(RESIDUALS, SUMMARY, STRENGTH, [mixed_loss]),
        claim=Identity(mixed_loss, erm_loss - c / 2 * variance),
        proof=Derivation(mixed_loss)
        .equals(
            over_ratio(average(squared_norm(mixed_row) / 2, i, j)),
            by="mixed_residual_is_mixture_of_residuals, for each pair",
        )
        .equals(shrunk, by="expand the square: E lam^2 + E (1-lam)^2 = 1 - c, 2 E lam (1-lam) = c")
        .equals(erm_loss - c / 2 * variance, by="V + |e-|^2 = 2 ERM"),
        near_misses={
            "variance added": Identity(mixed_loss, erm_loss + c / 2 * variance),
            "c for c/2": Identity(mixed_loss, erm_loss - c * variance),
            "the mean shrunk instead of the variance": Identity(
                mixed_loss, (variance + (1 - c) * squared_norm(ebar)) / 2
            ),
            "ERM itself": Identity(mixed_loss, erm_loss),
            "one pair stands for all": Identity(over_ratio(pair_loss()), erm_loss - c / 2 * variance),
        },
        indices={i: E.shape[0], j: E.shape[0]},
    )


if __name__ == "__main__":
    prove(__file__)
