"""With an affine head every loss of the residual that is stationary at zero is degenerate, not just the squared one."""

import sympy as sp

from symmix import Identity, Theorem, Vanishing, inner, manifold_mixup, prove, theorem
from symmix.language import At, Gradient
from symmix.notation import J, Jp, W, b, e, ep, k, lam, r, theta, z, zp

mixup = manifold_mixup()
q = sp.MatrixSymbol("q", k, 1)  # the gradient of the loss by the residual, at the residual
Q = sp.MatrixSymbol("Q", k, k)
gap = sp.MatrixSymbol("gap", k, 1)  # the head's own gap, zero for an affine head
along = inner(q, r)  # a loss of the residual has the gradient of this, q held constant


def by(wrt: sp.MatrixSymbol, slope: sp.MatrixExpr = Q * r) -> sp.MatrixExpr:
    """Return the gradient of a loss of the residual, whose gradient by the residual is given."""
    jacobians = {z: J, zp: Jp} if wrt == theta else {}
    return At(Gradient(along, wrt, jacobians), {q: slope})


EVERYTHING = (z, zp, W, b, theta)


@theorem(
    title="Any loss of the residual is degenerate",
    quotes="the gradient is zero when regression on the original pairs $(x,y)$ and $(x',y')$ is solved",
    source="cho2022degeneracy",
    idea="Chain rule: every gradient is a multiple of grad l(r), and at the fit r = 0.",
)
def any_loss_of_the_residual_is_degenerate() -> Theorem:
    """With an affine head every loss l(r) with grad l(0) = 0 is stationary where both points are fitted.

    By features, weights, bias and encoder: each gradient is a multiple of grad l(r), dL/dz = -lam W^T grad l(r), and r
    = 0 at the fit. The squared loss, Huber's, log-cosh and the quartic loss are examples; neither convexity nor a
    degree is asked for. That the gradient is zero at zero is written grad l(r) = Q r, with a matrix Q that may depend
    on everything: any such gradient can be written so. It is needed: the pinball loss has a kink at zero and goes on
    moving a fitted pair. That the loss sees targets and predictions through their difference alone is needed, too:
    cross-entropy does not (softmax_fit_is_not_stationary), and r = lam e + (1-lam) e' takes an affine head.
    """
    return Theorem(
        definitions={key: value for key, value in mixup.definitions.items() if key in (r, e, ep)},
        numbers={key: mixup.numbers[key] for key in (r, e, ep)},
        claim={
            "every gradient vanishes at the fit": Vanishing([by(wrt) for wrt in EVERYTHING], where=[e, ep]),
            "features": Identity(by(z, q), -lam * W.T * q),
        },
        near_misses={
            "a loss that is not stationary at zero": Vanishing([by(wrt, q) for wrt in EVERYTHING], where=[e, ep]),
            "where only one point is fitted": Vanishing([by(wrt) for wrt in EVERYTHING], where=[e]),
            "1 - lam for lam": Identity(by(z, q), -(1 - lam) * W.T * q),
            "a head that is not affine": Vanishing([by(wrt, Q * (r + gap)) for wrt in EVERYTHING], where=[e, ep]),
        },
        meanings={
            q: "grad l(r), the gradient of the loss at the mixed residual",
            Q: "a matrix with grad l(r) = Q r",
            gap: "what a curved head adds to the mixed residual",
        },
    )


if __name__ == "__main__":
    prove(__file__)
