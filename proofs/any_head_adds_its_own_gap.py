"""A nonlinear head, as in TMix: the residual of the mixture is the mixture of residuals plus the head's own gap."""

import sympy as sp

from symmix import Derivation, Identity, Theorem, Vanishing, mix, prove, squared_norm, theorem
from symmix.language import Gradient
from symmix.notation import e, ep, h, k, lam, r, y, yp, z

u, up, um = (sp.MatrixSymbol(name, k, 1) for name in ("u", "u'", "u~"))  # G(z), G(z') and G(lam z + (1 - lam) z')
slope = sp.MatrixSymbol("K", k, h)  # the Jacobian of G at the mixed features
dz = Gradient(-squared_norm(mix(y, yp) - um) / 2, z, {um: lam * slope})


@theorem(
    title="Any other head adds a gap of its own",
    quotes="various authors have claimed that it works well (see, e.g., sentMixup as well as TMix).",
    source=("cho2022degeneracy", "chen2020mixtext"),
    idea="Add and subtract the mixture of the predictions.",
)
def any_head_adds_its_own_gap() -> Theorem:
    """For any head, the mixed residual has the head's own gap besides: r = lam e + (1-lam) e' + gap.

    At the fit only the gap is left, and dL/dz = lam K^T times the gap, K the Jacobian of G at z~ = lam z +
    (1-lam) z'. So for the squared loss a nonlinear head, as where TMix mixes hidden layers, is not degenerate:
    but what is left is the curvature of G between the two features, and the encoder enters at the training
    inputs only.
    """
    gap = mix(u, up) - um
    return Theorem(
        definitions={r: mix(y, yp) - um, e: y - u, ep: yp - up},
        numbers={
            r: lambda lam, y, y_prime, u_tilde: (lam * y.T + (1 - lam) * y_prime.T).T - u_tilde,
            e: lambda y, u: y - u,
            ep: lambda y_prime, u_prime: y_prime - u_prime,
        },
        claim={
            "the residual": Identity(r, mix(e, ep) + gap),
            "at the fit": Identity(r, gap, where=[e, ep]),
            "the gradient at the fit": Identity(dz, lam * slope.T * gap, where=[e, ep]),
        },
        proof=Derivation(r)
        .equals(mix(y, yp) - um, by="definition of r")
        .equals(mix(y - u, yp - up) + (mix(u, up) - um), by="add and subtract lam G(z) + (1 - lam) G(z')")
        .equals(mix(e, ep) + gap, by="definition of e and e'; what is left is the gap"),
        near_misses={
            "the gap with the other sign": Identity(r, mix(e, ep) - gap),
            "degenerate at the fit": Vanishing([dz], where=[e, ep]),
        },
        meanings={
            u: "the prediction G(z)",
            up: "the prediction G(z')",
            um: "the prediction G(lam z + (1-lam) z')",
            slope: "the Jacobian of G at the mixed features",
        },
    )


if __name__ == "__main__":
    prove(__file__)
