"""For an affine encoder input mixup and manifold mixup are one, and the four terms are back."""

import sympy as sp

from symmix import Derivation, Identity, Theorem, Vanishing, head, mix, prove, squared_norm, theorem
from symmix.language import Gradient
from symmix.notation import W, d, e, ep, h, lam, x, xp, y, yp

A, shift = sp.MatrixSymbol("A", h, d), sp.MatrixSymbol("t", h, 1)


def F(inputs: sp.MatrixExpr) -> sp.MatrixExpr:
    """Return the affine encoder A x + t."""
    return A * inputs + shift


squares = sp.HadamardPower(mix(x, xp), 2) - mix(sp.HadamardPower(x, 2), sp.HadamardPower(xp, 2))
by_input = -squared_norm(mix(y, yp) - head(F(mix(x, xp)))) / 2
by_features = -squared_norm(mix(y, yp) - head(mix(F(x), F(xp)))) / 2
dA = Gradient(by_input, A)
own = lam**2 * W.T * e * x.T + (1 - lam) ** 2 * W.T * ep * xp.T
cross = lam * (1 - lam) * (W.T * ep * x.T + W.T * e * xp.T)


@theorem(
    title="Affine encoders: the two mixups are one",
    quotes=r"the contribution of each of $x$ and $x'$ cannot be separated throughout the entire network ($G \circ F$).",
    source=("cho2022degeneracy", "zhang2017mixup"),
    idea="F commutes with mixing; then as for manifold mixup.",
)
def input_mixup_separates_for_affine_encoders() -> Theorem:
    """If F is affine, input mixup equals manifold mixup, its gradient has the four terms, and it vanishes at the fit.

    So "cannot be separated" needs a nonlinear encoder: F(x) = A x + t interpolates by itself, for all sizes and
    all lam.
    """
    return Theorem(
        definitions={e: y - head(F(x)), ep: yp - head(F(xp))},
        numbers={
            e: "symmix.numeric.post:encoded_residual",
            ep: "symmix.numeric.post:partner_encoded_residual",
        },
        claim={
            "no gap": Identity(F(mix(x, xp)), mix(F(x), F(xp))),
            "one objective": Identity(by_input, by_features),
            "four terms": Identity(dA, own + cross),
            "degenerate": Vanishing([dA], where=[e, ep]),
        },
        proof=Derivation(dA)
        .equals(W.T * (mix(y, yp) - head(F(mix(x, xp)))) * mix(x, xp).T, by="chain rule")
        .equals(W.T * (mix(y, yp) - head(mix(F(x), F(xp)))) * mix(x, xp).T, by="no gap: F is affine")
        .equals(W.T * mix(e, ep) * mix(x, xp).T, by="mixed_residual_is_mixture_of_residuals")
        .equals(own + cross, by="multiply out"),
        near_misses={
            "a cross term dropped": Identity(dA, own + lam * (1 - lam) * W.T * ep * x.T),
            "no gap for squares either": Vanishing([squares]),
            "degenerate where one point is fitted": Vanishing([dA], where=[e]),
        },
        meanings={A: "the matrix of the encoder F(x) = A x + t", shift: "the shift of that encoder"},
    )


if __name__ == "__main__":
    prove(__file__)
