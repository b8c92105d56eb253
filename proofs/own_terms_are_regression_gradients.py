"""The two own terms are the regression gradients of the two points, times lam^2 and (1 - lam)^2."""

import sympy as sp

from symmix import Derivation, Identity, Theorem, manifold_mixup, prove, squared_norm, theorem
from symmix.language import Gradient
from symmix.notation import J, Jp, W, e, ep, lam, theta, z, zp

mixup = manifold_mixup()
fit, fitp = sp.Symbol("l"), sp.Symbol("l'")  # regression objectives of the two points
dl, dlp = Gradient(fit, theta, {z: J}), Gradient(fitp, theta, {zp: Jp})
cross = lam * (1 - lam) * J.T * W.T * ep + lam * (1 - lam) * Jp.T * W.T * e
dL = mixup.gradient(theta)


@theorem(
    title="The own terms are regression gradients",
    quotes=r"two terms are usual gradients we get from making $G \circ F$ predict $y$ given $x$ and $y'$ given $x'$,"
    " just like any regression",
    source="cho2022degeneracy",
    idea="Chain rule for each regression objective; compare with the four terms.",
)
def own_terms_are_regression_gradients() -> Theorem:
    """Without the cross terms the gradient is made of two regression gradients: lam^2 dl/dtheta + (1-lam)^2 dl'/dtheta.

    At lam = 0 or 1 one of them is left alone; at lam = 1/2 each is divided by four, not by two.
    """
    return Theorem(
        definitions={**mixup.definitions, fit: -squared_norm(e) / 2, fitp: -squared_norm(ep) / 2},
        numbers={
            **mixup.numbers,
            fit: "symmix.numeric.post:regression",
            fitp: "symmix.numeric.post:partner_regression",
        },
        claim={
            "the regression gradient": Identity(dl, J.T * W.T * e),
            "the own terms": Identity(dL - cross, lam**2 * dl + (1 - lam) ** 2 * dlp),
        },
        proof=Derivation(dL - cross)
        .equals(lam**2 * J.T * W.T * e + (1 - lam) ** 2 * Jp.T * W.T * ep, by="gradient_has_four_terms")
        .equals(lam**2 * dl + (1 - lam) ** 2 * dlp, by="the regression gradients are J^T W^T e and J'^T W^T e'"),
        near_misses={
            "lam for lam^2": Identity(dL - cross, lam * dl + (1 - lam) * dlp),
            "the cross terms forgotten": Identity(dL, lam**2 * dl + (1 - lam) ** 2 * dlp),
            "the points exchanged": Identity(dL - cross, (1 - lam) ** 2 * dl + lam**2 * dlp),
        },
        meanings={
            fit: "the regression objective of the first point",
            fitp: "the regression objective of the second point",
        },
    )


if __name__ == "__main__":
    prove(__file__)
