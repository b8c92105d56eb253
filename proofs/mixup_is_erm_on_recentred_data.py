"""Mixup is empirical risk on samples that are moved towards their mean, with noise of a known covariance."""

import sympy as sp

from symmix import Identity, Theorem, Vanishing, mix, prove, theorem
from symmix.datasets import ONES, average, over_ratio
from symmix.language import Entries
from symmix.notation import Y, Z, h, i, j, k, lam, m, m2, n

zbar, ybar = sp.MatrixSymbol("z-", h, 1), sp.MatrixSymbol("y-", k, 1)
S = sp.MatrixSymbol("S", h, h)
f, g = sp.symbols("f g", integer=True)


def moved(data: sp.MatrixSymbol, mean: sp.MatrixSymbol) -> sp.MatrixExpr:
    """Return the recentred sample: the mean, and E lam times the way from there to the sample."""
    return mean + m * (data[i, :].T - mean)


def noise(data: sp.MatrixSymbol, mean: sp.MatrixSymbol) -> sp.MatrixExpr:
    """Return what the mixture with sample j has besides."""
    return (lam - m) * data[i, :].T + (1 - lam) * data[j, :].T - (1 - m) * mean


mixed = mix(Z[i, :].T, Z[j, :].T)
delta, epsilon = noise(Z, zbar), noise(Y, ybar)
own = Z[i, :].T - zbar


def over_partners(column: sp.MatrixExpr) -> sp.Basic:
    """Return the mean of a column over partners j and the ratio, the sample i being given."""
    size = column.shape[0]
    return over_ratio(Entries(size, 1, sp.Lambda((f, g), average(column[f, 0], j))))


def spread(first: sp.MatrixExpr, second: sp.MatrixExpr) -> sp.Basic:
    """Return the mean over partners and the ratio of the outer product of two columns."""
    entry = average(first[f, 0] * second[g, 0], j)
    return over_ratio(Entries(first.shape[0], second.shape[0], sp.Lambda((f, g), entry)))


expected = (m2 - m**2) * own * own.T + (1 - 2 * m + m2) * S


@theorem(
    title="Mixup is ERM on recentred, noisy data",
    answers="Is mixup a way of adding noise to the data, and if so, which noise, and to which data?",
    source=("carratino2020mixup", "zhang2017mixup"),
    idea="Split the ratio into its mean and what varies; average over the partner.",
)
def mixup_is_erm_on_recentred_data() -> Theorem:
    """A mixed sample is z- + m d plus noise of mean 0 and covariance Var(lam) d d^T + E (1-lam)^2 S, d = z_i - z-.

    m = E lam, S the covariance of the data; targets are moved and disturbed alike, by the same ratio and the same
    partner. As the arguments of the loss are equal, so is the loss, whatever it is and whatever the
    model: mixup is empirical risk on recentred data with noise. The partner has to be independent and uniform, nothing
    is asked of the ratio. For a symmetric ratio lam may be folded to max(lam, 1-lam) first
    (folding_the_ratio_changes_nothing): m is then between 1/2 and 1, and a sample stays nearer to itself. Without
    folding the same holds with m = 1/2, so that which data are disturbed by which noise is a matter of convention.
    """
    return Theorem(
        definitions={zbar: Z.T * ONES / n, ybar: Y.T * ONES / n, S: Z.T * Z / n - zbar * zbar.T},
        numbers={
            zbar: "symmix.numeric.samples:mean_features",
            ybar: "symmix.numeric.samples:mean_target",
            S: "symmix.numeric.samples:covariance",
        },
        claim={
            "features": Identity(mixed, moved(Z, zbar) + delta),
            "targets": Identity(mix(Y[i, :].T, Y[j, :].T), moved(Y, ybar) + epsilon),
            "noise of mean zero": Vanishing([over_partners(delta), over_partners(epsilon)]),
            "its covariance": Identity(spread(delta, delta), expected),
            "features with targets": Identity(
                spread(delta, epsilon),
                (m2 - m**2) * own * (Y[i, :].T - ybar).T + (1 - 2 * m + m2) * (Z.T * Y / n - zbar * ybar.T),
            ),
        },
        near_misses={
            "Var lam for E (1-lam)^2": Identity(spread(delta, delta), (m2 - m**2) * (own * own.T + S)),
            "noise of the same covariance for all samples": Identity(spread(delta, delta), (1 - 2 * m + m2) * S),
            "features not recentred": Vanishing([over_partners(mixed - Z[i, :].T)]),
            "targets not recentred": Vanishing([over_partners(mix(Y[i, :].T, Y[j, :].T) - Y[i, :].T)]),
            "noise of features and targets independent": Vanishing([spread(delta, epsilon)]),
        },
        indices={i: n, j: n},
        meanings={
            zbar: "the mean of the features",
            ybar: "the mean of the targets",
            S: "the covariance of the features",
        },
    )


if __name__ == "__main__":
    prove(__file__)
