"""With a free bias, average mixup at an affine head is empirical risk minimisation with a smaller step."""

import sympy as sp

from symmix import Derivation, Equivalence, Identity, Theorem, prove, theorem
from symmix.datasets import ONES, RESIDUALS, STRENGTH, SUMMARY, in_numbers, pair_average
from symmix.language import Gradient
from symmix.notation import JZ, W, Z, b, c, ebar, erm_loss, mixed_loss, n, theta

dM = {symbol: Gradient(mixed_loss, symbol) for symbol in (b, W, Z)}
dR = {symbol: Gradient(erm_loss, symbol) for symbol in (b, W, Z)}
dM_theta, dR_theta = Gradient(mixed_loss, theta, {Z: JZ}), Gradient(erm_loss, theta, {Z: JZ})
mean_feature = Z.T * ONES / n


def back(by_bias: sp.MatrixExpr, by_weights: sp.MatrixExpr) -> list[sp.MatrixExpr]:
    """Return (1 - c) times ERM's gradients by bias and weights, from those of mixup."""
    return [(1 - c) * by_bias, by_weights - c * by_bias * mean_feature.T]


@theorem(
    title="With a free bias mixup is ERM",
    quotes="this leaves us with a BIG mystery: why does manifold mixup work well?",
    source=("cho2022degeneracy", "carratino2020mixup"),
    idea="Differentiate ERM - (c/2) V: where the mean residual is zero, V is 2 ERM.",
)
def linear_head_mixup_is_erm() -> Theorem:
    """The bias gradient of the average mixup loss is ERM's; where it is zero all others are (1-c) times ERM's.

    So for every encoder the critical points of mixup by bias and weights are those of ERM, since c <= 1/2, and
    along them the features and the encoder's parameters see ERM too. In particular mixup linear regression with
    an intercept is ordinary least squares. The average is over all ordered pairs and any ratio; for a permuted
    batch it is the same one.
    """
    return Theorem(
        definitions={**RESIDUALS, **SUMMARY, **STRENGTH, mixed_loss: pair_average()},
        numbers=in_numbers(RESIDUALS, SUMMARY, STRENGTH, [mixed_loss]),
        claim={
            "bias": Identity(dM[b], dR[b]),
            "the mean residual": Identity(dM[b], -ebar),
            "weights": Identity(dM[W], (1 - c) * dR[W], where=[ebar]),
            "features": Identity(dM[Z], (1 - c) * dR[Z], where=[ebar]),
            "encoder": Identity(dM_theta, (1 - c) * dR_theta, where=[ebar]),
            "critical points": Equivalence([dM[b], dM[W]], [dR[b], dR[W]], provided=[1 - c], back=back),
        },
        proof=Derivation(dM[W])
        .equals((1 - c) * dR[W] - c * ebar * mean_feature.T, by="pair_average_is_erm_minus_variance")
        .equals((1 - c) * dR[W], by="the bias is at its optimum, e- = 0", where=[ebar]),
        near_misses={
            "without the bias condition": Identity(dM[W], (1 - c) * dR[W]),
            "ERM's step size": Identity(dM[W], dR[W], where=[ebar]),
            "the bias step shrinks too": Identity(dM[b], (1 - c) * dR[b]),
            "no free bias": Equivalence([dM[W]], [dR[W]], provided=[1 - c]),
        },
    )


if __name__ == "__main__":
    prove(__file__)
