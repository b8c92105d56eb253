"""The gradient of manifold mixup with an affine head has four terms: two own, two cross."""

import sympy as sp

from symmix import Derivation, Identity, Theorem, manifold_mixup, mix, prove, squared_norm, theorem
from symmix.language import Gradient
from symmix.notation import J, Jp, W, b, e, ep, k, lam, p, r, theta, y, yp

own = lam**2 * J.T * W.T * e + (1 - lam) ** 2 * Jp.T * W.T * ep
cross = lam * (1 - lam) * J.T * W.T * ep + lam * (1 - lam) * Jp.T * W.T * e
mixup = manifold_mixup()
dL = mixup.gradient(theta)

# a head from R^k to R^k: only there W and its transpose have the same shape and can be confused
A, u, up = sp.MatrixSymbol("A", k, k), sp.MatrixSymbol("u", k, 1), sp.MatrixSymbol("u'", k, 1)
K, Kp = sp.MatrixSymbol("K", k, p), sp.MatrixSymbol("K'", k, p)
f, fp = y - A * u - b, yp - A * up - b
dL_square = Gradient(-squared_norm(mix(f, fp)) / 2, theta, {u: K, up: Kp})


@theorem(
    title="Four terms",
    quotes="what you notice here is that there are essentially four terms after expanding this multiplication.",
    source="cho2022degeneracy",
    idea="Chain rule; insert the mixed residual and multiply out.",
)
def gradient_has_four_terms() -> Theorem:
    """The gradient of manifold mixup by the encoder's parameters is a sum of two own and two cross terms.

    For every affine head G(z) = W z + b, vector targets, all sizes and all real lam; the post's formula is the case
    k = 1, b = 0. At lam = 0 and 1 one own term is left; at 1/2 all four weigh 1/4.
    """
    chain_rule = mix(J, Jp).T * W.T * r
    return Theorem(
        definitions=mixup.definitions,
        numbers=mixup.numbers,
        claim=Identity(dL, own + cross),
        parts={"own errors": own, "the partner's errors": cross},
        proof=Derivation(dL)
        .equals(chain_rule, by="chain rule: d(lam z + (1 - lam) z')/dtheta = lam J + (1 - lam) J'")
        .equals(mix(J, Jp).T * W.T * mix(e, ep), by="mixed_residual_is_mixture_of_residuals")
        .equals(own + cross, by="multiply out"),
        near_misses={
            "the cross term through J dropped": Identity(dL, own + lam * (1 - lam) * Jp.T * W.T * e),
            "the cross term through J' dropped": Identity(dL, own + lam * (1 - lam) * J.T * W.T * ep),
            "the sign of the cross terms": Identity(dL, own - cross),
            "lam^2 for lam (1 - lam)": Identity(dL, own + lam**2 * (J.T * W.T * ep + Jp.T * W.T * e)),
            "e and e' swapped in the own terms": Identity(
                dL, lam**2 * J.T * W.T * ep + (1 - lam) ** 2 * Jp.T * W.T * e + cross
            ),
            "W for its transpose, at k = h": Identity(dL_square, mix(K, Kp).T * A * mix(f, fp)),
        },
        meanings={
            A: "a square head",
            u: "features for A of the first point",
            up: "the same of the second point",
            K: "the Jacobian of u",
            Kp: "the Jacobian of u'",
        },
    )


if __name__ == "__main__":
    prove(__file__)
