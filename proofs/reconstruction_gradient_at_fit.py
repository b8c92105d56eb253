"""Making the representation predictive of the input leaves a gradient at the fit: until the input is reconstructed."""

import sympy as sp

from symmix import Derivation, Equivalence, Identity, Theorem, Vanishing, head, mix, prove, squared_norm, theorem
from symmix.language import Gradient
from symmix.notation import W, d, e, ep, h, lam, mu, x, y, yp, z, zp
from symmix.objectives import PAIR_NUMBERS

D = sp.MatrixSymbol("D", d, h)  # a linear decoder
regression = squared_norm(mix(y, yp) - head(mix(z, zp))) / 2
loss = regression + mu / 2 * squared_norm(x - D * z)
dz = Gradient(loss, z)


@theorem(
    title="Reconstruction goes on asking at the fit",
    quotes="this can be done by e.g. making representation predictive of the input",
    source=("cho2022degeneracy", "cho2013motion", "bengio2012mixing"),
    idea="Chain rule; each term of the regression gradient contains e or e'.",
)
def reconstruction_gradient_at_fit() -> Theorem:
    """Predicting the input as well leaves a gradient where both points are fitted: -mu D^T (x - D z).

    It vanishes if and only if D^T (x - D z) = 0, that is when z reconstructs the input as far as the decoder D
    can (the normal equations). So unlike manifold mixup alone this remedy keeps asking something of a fitted
    representation.
    """
    return Theorem(
        definitions={e: y - head(z), ep: yp - head(zp)},
        numbers=PAIR_NUMBERS,
        conditions=[mu > 0],
        claim={
            "at the fit": Identity(dz, -mu * D.T * (x - D * z), where=[e, ep]),
            "if and only if": Equivalence([dz], [D.T * (x - D * z)], provided=[mu], where=[e, ep]),
        },
        proof=Derivation(dz)
        .equals(-lam * W.T * mix(e, ep) - mu * D.T * (x - D * z), by="partner_error_moves_the_feature, and chain rule")
        .equals(-mu * D.T * (x - D * z), by="both points are fitted", where=[e, ep]),
        near_misses={
            "nothing is left at the fit": Vanishing([dz], where=[e, ep]),
            "until the input is reproduced exactly": Equivalence([dz], [x - D * z], provided=[mu], where=[e, ep]),
            "the sign": Identity(dz, mu * D.T * (x - D * z), where=[e, ep]),
        },
        meanings={D: "a linear decoder", mu: "the weight of the reconstruction"},
    )


if __name__ == "__main__":
    prove(__file__)
