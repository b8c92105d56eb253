"""Mixed samples have the mean of the data, and its covariance shrunk by 1 - c in every direction."""

import sympy as sp

from symmix import Derivation, Equivalence, Identity, Nonnegative, Theorem, prove, theorem
from symmix.datasets import ONES, STRENGTH, average, in_numbers, over_ratio
from symmix.language import Entries
from symmix.notation import Y, Z, c, h, i, j, k, m, m2, n
from symmix.objectives import mix

zbar, ybar = sp.MatrixSymbol("z-", h, 1), sp.MatrixSymbol("y-", k, 1)
S, T = sp.MatrixSymbol("S", h, h), sp.MatrixSymbol("T", h, k)
v = sp.MatrixSymbol("v", h, 1)
f, g = sp.symbols("f g", integer=True)


def mixed(data: sp.MatrixSymbol, column: sp.Basic) -> sp.Expr:
    """Return an entry of the mixture of the samples i and j."""
    return mix(data[i, column], data[j, column])


def covariance(second: sp.MatrixSymbol, mean: sp.MatrixSymbol) -> sp.MatrixExpr:
    """Return the covariance of mixed features with something else that is mixed alike, over all pairs and the ratio."""
    product = (mixed(Z, f) - zbar[f, 0]) * (mixed(second, g) - mean[g, 0])
    return over_ratio(Entries(h, second.shape[1], sp.Lambda((f, g), average(product, i, j))))


mixed_mean = over_ratio(Entries(h, 1, sp.Lambda((f, g), average(mixed(Z, f), i, j))))
of_features, with_targets = covariance(Z, zbar), covariance(Y, ybar)


@theorem(
    title="Mixed data are less spread out",
    answers="Do mixed samples look like samples: have they the mean and the covariance of the data?",
    source=("zhang2017mixup", "greenewald2021kmixup"),
    idea="The two samples of a pair are independent: variances add, with the weights E lam^2 + E (1-lam)^2 = 1 - c.",
)
def mixup_shrinks_the_covariance() -> Theorem:
    """Mixing keeps the mean of a data set and shrinks its covariance by 1 - c, in every direction: Cov(z~) = (1-c) S.

    c = 2 E[lam (1-lam)] for any ratio; the covariance of features with targets shrinks alike, which is why the slopes
    of linear regression do not change. So the covariance is preserved only if c = 0, that is if lam is almost surely 0
    or 1 and nothing is mixed, or if all samples are equal. A uniform ratio removes a third of the variance, and no
    ratio removes more than half. Independent partners are needed: where like is mixed with like, less is removed.
    """
    return Theorem(
        definitions={
            **STRENGTH,
            zbar: Z.T * ONES / n,
            ybar: Y.T * ONES / n,
            S: Z.T * Z / n - zbar * zbar.T,
            T: Z.T * Y / n - zbar * ybar.T,
        },
        numbers={
            **in_numbers(STRENGTH),
            zbar: "symmix.numeric.samples:mean_features",
            ybar: "symmix.numeric.samples:mean_target",
            S: "symmix.numeric.samples:covariance",
            T: "symmix.numeric.samples:covariance_with_targets",
        },
        claim={
            "the mean": Identity(mixed_mean, zbar),
            "the covariance": Identity(of_features, (1 - c) * S),
            "with the targets": Identity(with_targets, (1 - c) * T),
            "in no direction more": Nonnegative(sp.Trace(v.T * (S - of_features) * v)),
            "at most half is removed": Identity(sp.Rational(1, 2) - c, (1 - 2 * m) ** 2 / 2 + 2 * (m2 - m**2)),
            "preserved only where nothing varies": Equivalence([of_features - S], [S], provided=[c]),
        },
        proof=Derivation(of_features)
        .equals((m2 + 1 - 2 * m + m2) * S, by="the samples of a pair are independent")
        .equals((1 - c) * S, by="E lam^2 + E (1-lam)^2 = 1 - c"),
        near_misses={
            "preserved": Identity(of_features, S),
            "1 - c/2": Identity(of_features, (1 - c / 2) * S),
            "the second moment shrinks too": Identity(of_features + zbar * zbar.T, (1 - c) * Z.T * Z / n),
            "preserved only where nothing varies, whatever the ratio": Equivalence([of_features - S], [S]),
        },
        meanings={
            zbar: "the mean of the features",
            ybar: "the mean of the targets",
            S: "the covariance of the features",
            T: "the covariance of features and targets",
            v: "a direction",
        },
    )


if __name__ == "__main__":
    prove(__file__)
