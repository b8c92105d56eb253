"""At an affine head mixup acts as larger weight decay."""

import sympy as sp

from symmix import Derivation, Identity, Theorem, prove, squared_norm, theorem
from symmix.datasets import RESIDUALS, STRENGTH, SUMMARY, in_numbers, pair_average
from symmix.language import Gradient
from symmix.notation import W, b, c, ebar, erm_loss, kappa, mixed_loss, variance

decay = sp.Trace(W.T * W) / 2
regularised = mixed_loss + kappa * decay


@theorem(
    title="Mixup acts as larger weight decay",
    quotes="why does manifold mixup work well?",
    source=("cho2022degeneracy", "zhang2017mixup"),
    idea="Insert ERM - (c/2) V; where the mean residual is zero, V is 2 ERM.",
)
def mixup_scales_weight_decay() -> Theorem:
    """Where the mean residual is zero, mixup with weight decay kappa is (1-c) times ERM with weight decay kappa/(1-c).

    Loss and gradients agree, for the decay (kappa/2)|W|^2 of the weights (a free bias is not decayed, and keeps
    e- = 0). With lam uniform c = 1/3: mixup is then ERM with one and a half times the decay.
    """
    scaled = (1 - c) * (erm_loss + kappa / (1 - c) * decay)
    return Theorem(
        definitions={**RESIDUALS, **SUMMARY, **STRENGTH, mixed_loss: pair_average()},
        numbers=in_numbers(RESIDUALS, SUMMARY, STRENGTH, [mixed_loss]),
        claim={
            "the loss": Identity(regularised, scaled, where=[ebar]),
            "by weights": Identity(Gradient(regularised, W), Gradient(scaled, W), where=[ebar]),
            "by bias": Identity(Gradient(regularised, b), Gradient(scaled, b), where=[ebar]),
        },
        proof=Derivation(regularised)
        .equals(erm_loss - c / 2 * variance + kappa * decay, by="pair_average_is_erm_minus_variance")
        .equals((1 - c) * erm_loss + c / 2 * squared_norm(ebar) + kappa * decay, by="V = 2 ERM - |e-|^2")
        .equals((1 - c) * erm_loss + kappa * decay, by="the bias is at its optimum, e- = 0", where=[ebar])
        .equals(scaled, by="take out 1 - c"),
        near_misses={
            "the same decay": Identity(regularised, (1 - c) * (erm_loss + kappa * decay), where=[ebar]),
            "less decay": Identity(regularised, (1 - c) * (erm_loss + kappa * (1 - c) * decay), where=[ebar]),
            "whatever the mean residual is": Identity(regularised, scaled),
        },
    )


if __name__ == "__main__":
    prove(__file__)
