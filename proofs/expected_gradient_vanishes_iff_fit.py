"""Averaged over the ratio, the feature gradients vanish exactly where the head sees no error."""

from symmix import Derivation, Equivalence, Identity, Theorem, manifold_mixup, mix, prove, theorem
from symmix.datasets import over_ratio
from symmix.notation import W, e, ep, lam, m, m2, z, zp

mixup = manifold_mixup()
dz, dzp = over_ratio(mixup.gradient(z)), over_ratio(mixup.gradient(zp))
seen, seen_p = W.T * e, W.T * ep


@theorem(
    title="Zero on average means fitted",
    quotes="the gradient is zero when regression on the original pairs $(x,y)$ and $(x',y')$ is solved",
    answers="Does the converse hold on average over the ratio?",
    source="cho2022degeneracy",
    idea="Average over the ratio; the system in the two seen errors has the determinant m2 - m^2, the variance of"
    " the ratio.",
)
def expected_gradient_vanishes_iff_fit() -> Theorem:
    """If the ratio varies, both expected gradients vanish exactly where the head sees no error: W^T e = W^T e' = 0.

    The two expected gradients are the Gram matrix of (lam, 1 - lam) applied to W^T e and W^T e', and its
    determinant is Var lam = m2 - m^2. A fixed ratio has Var lam = 0, and then the converse fails
    (zero_gradient_does_not_imply_fit).
    """
    return Theorem(
        definitions=mixup.definitions,
        numbers=mixup.numbers,
        claim={
            "by z": Identity(dz, m2 * seen + (m - m2) * seen_p),
            "by z'": Identity(dzp, (m - m2) * seen + (1 - 2 * m + m2) * seen_p),
            "if and only if": Equivalence([dz, dzp], [seen, seen_p], provided=[m2 - m**2]),
        },
        proof=Derivation(dz)
        .equals(over_ratio(lam * W.T * mix(e, ep)), by="partner_error_moves_the_feature")
        .equals(m2 * seen + (m - m2) * seen_p, by="E lam^2 = m2, E lam (1 - lam) = m - m2"),
        near_misses={
            "E lam for E lam^2": Identity(dz, m * seen + (m - m2) * seen_p),
            "also for a fixed ratio": Equivalence([dz, dzp], [seen, seen_p]),
            "one of the two gradients suffices": Equivalence([dz], [seen, seen_p], provided=[m2 - m**2]),
            "zero residuals, not only unseen ones": Equivalence([dz, dzp], [e, ep], provided=[m2 - m**2]),
        },
    )


if __name__ == "__main__":
    prove(__file__)
