"""Learned interpolation by mixed reconstruction: a linear decoder brings the degeneracy back."""

import sympy as sp

from symmix import Derivation, Equivalence, Identity, Theorem, Vanishing, mix, prove, squared_norm, theorem
from symmix.language import Gradient
from symmix.notation import d, h, lam, x, xp, z, zp

D = sp.MatrixSymbol("D", d, h)
g, gp, gm = (sp.MatrixSymbol(name, d, 1) for name in ("g", "g'", "g~"))  # a decoder at z, z' and the mixed code
slope = sp.MatrixSymbol("K", d, h)  # its Jacobian at the mixed code


def likelihood(decoded: sp.MatrixExpr) -> sp.Expr:
    """Return the negative log-likelihood of both inputs under one decoded mixture, up to constants."""
    return lam * squared_norm(x - decoded) + (1 - lam) * squared_norm(xp - decoded)


linear, nonlinear = likelihood(D * mix(z, zp)), likelihood(gm)
dz, dD = Gradient(linear, z), Gradient(linear, D)
dz_nonlinear = Gradient(nonlinear, z, {gm: lam * slope})
spread = lam * (1 - lam) * squared_norm(D * z - D * zp)


@theorem(
    title="Learned interpolation with a linear decoder is degenerate, too",
    quotes="i need to plug my latest work on learning to interpolate in an unsupervised way as well",
    source=("cho2022degeneracy", "kim2021linda"),
    idea="Chain rule; each term contains one of the two reconstruction errors.",
)
def interpolation_likelihood_is_degenerate_for_linear_decoders() -> Theorem:
    """With a linear decoder all gradients of the likelihood vanish where both inputs are met: x = D z, x' = D z'.

    z~ = lam z + (1-lam) z'. The likelihood itself is not zero there, it is lam (1-lam) |D z - D z'|^2: its two
    parts pull in opposite directions. With a decoder g in the place of D the gradient at x = g(z), x' = g(z')
    is -2 lam K^T times the gap lam g(z) + (1-lam) g(z') - g(z~), K the Jacobian of g at z~. A Gaussian form of
    learned interpolation.
    """
    return Theorem(
        claim={
            "by features and decoder": Vanishing([dz, dD], where=[x - D * z, xp - D * zp]),
            "what is left of the likelihood": Identity(linear, spread, where=[x - D * z, xp - D * zp]),
            "a nonlinear decoder": Identity(
                dz_nonlinear, -2 * lam * slope.T * (mix(g, gp) - gm), where=[x - g, xp - gp]
            ),
            "if and only if": Equivalence(
                [dz_nonlinear], [slope.T * (mix(g, gp) - gm)], provided=[lam], where=[x - g, xp - gp]
            ),
        },
        proof=Derivation(dz_nonlinear)
        .equals(-2 * lam * slope.T * mix(x - gm, xp - gm), by="chain rule")
        .equals(-2 * lam * slope.T * (mix(g, gp) - gm), by="both inputs are reconstructed", where=[x - g, xp - gp]),
        near_misses={
            "where one input is reconstructed": Vanishing([dz], where=[x - D * z]),
            "the likelihood vanishes too": Vanishing([linear], where=[x - D * z, xp - D * zp]),
            "a nonlinear decoder is degenerate too": Vanishing([dz_nonlinear], where=[x - g, xp - gp]),
        },
        meanings={
            D: "a linear decoder",
            g: "a decoder at z",
            gp: "the decoder at z'",
            gm: "the decoder at z~ = lam z + (1-lam) z'",
            slope: "the Jacobian of the decoder at z~",
        },
    )


if __name__ == "__main__":
    prove(__file__)
