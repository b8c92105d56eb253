"""A quadratic head's gap can be removed by the encoder alone, and the head stays as curved as it was."""

import sympy as sp

from symmix import Derivation, Identity, Theorem, Vanishing, mix, prove, theorem
from symmix.notation import h, lam, z

# a scalar target; H need not be symmetric: only its symmetric part acts
y, yp, r = (sp.MatrixSymbol(name, 1, 1) for name in ("y", "y'", "r"))
e, ep, b = (sp.MatrixSymbol(name, 1, 1) for name in ("e", "e'", "b"))
zp, D, v, g = (sp.MatrixSymbol(name, h, 1) for name in ("z'", "D", "v", "g"))
H = sp.MatrixSymbol("H", h, h)
curvature = lam * (1 - lam) / 2 * D.T * H * D


def G(features: sp.MatrixExpr) -> sp.MatrixExpr:
    """Return the quadratic head 1/2 z^T H z + g^T z + b."""
    return features.T * H * features / 2 + g.T * features + b


def residual(second: sp.MatrixExpr) -> sp.MatrixExpr:
    """Return the mixed residual with the second feature given."""
    return mix(y, yp) - G(mix(z, second))


unseen = [H * v, H.T * v, g.T * v - (yp - y)]


@theorem(
    title="The encoder can absorb a quadratic head's gap",
    quotes=r"\(G\) can linearly interpolate in the space induced by \(F\) by adapting \(F\) rather than \(G\)",
    source=("cho2022degeneracy", "verma2018manifold"),
    idea="Expand the head: its affine part cancels, and its quadratic part leaves D^T H D.",
)
def encoder_can_absorb_the_gap() -> Theorem:
    """A quadratic head leaves its curvature in the mixed residual; the encoder can absorb it: lam (1-lam) D^T H D/2.

    If H is singular, H v = H^T v = 0, the encoder can place z' = z + v with g^T v = y' - y: then a fitted first
    point makes the second fitted and the mixed residual zero at every lam, while G stays as curved as it was.
    (For symmetric H the two conditions are one.) Targets are scalars; all h.
    """
    return Theorem(
        definitions={r: residual(zp), e: y - G(z), ep: yp - G(zp), D: z - zp},
        numbers={
            r: "symmix.numeric.post:mixed_curved_residual",
            e: "symmix.numeric.post:curved_residual",
            ep: "symmix.numeric.post:partner_curved_residual",
            D: lambda z, z_prime: z - z_prime,
        },
        claim={
            "the gap of a quadratic head": Identity(r, mix(e, ep) + curvature),
            "at the fit": Identity(r, curvature, where=[e, ep]),
            "absorbed by the encoder": Vanishing([yp - G(z + v), residual(z + v)], where=[e, *unseen]),
        },
        proof=Derivation(r)
        .equals(mix(y, yp) - G(mix(z, zp)), by="definition of r")
        .equals(mix(e, ep) + mix(G(z), G(zp)) - G(mix(z, zp)), by="y = e + G(z), y' = e' + G(z')")
        .equals(mix(e, ep) + curvature, by="the affine part of G cancels, the quadratic part leaves D^T H D"),
        near_misses={
            "the gap with the other sign": Identity(r, -curvature, where=[e, ep]),
            "without the 1/2": Identity(r, 2 * curvature, where=[e, ep]),
            "any displacement absorbs it": Vanishing([residual(z + v)], where=[e]),
            "the target's difference ignored": Vanishing([residual(z + v)], where=[e, H * v, H.T * v]),
        },
        meanings={
            y: "the first point's target, a number",
            yp: "the second point's",
            r: "the mixed residual, a number",
            e: "the residual of the first point, a number",
            ep: "that of the second",
            H: "the curvature of the head",
            g: "the slope of the head",
            b: "the bias of the head",
            v: "a displacement of z",
            D: "the difference of the features",
        },
    )


if __name__ == "__main__":
    prove(__file__)
