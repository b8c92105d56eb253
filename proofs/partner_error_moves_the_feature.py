"""Where its own point is fitted, a feature is moved by its partner's error alone."""

from symmix import Derivation, Identity, Theorem, Vanishing, manifold_mixup, mix, prove, theorem
from symmix.notation import W, e, ep, lam, r, z, zp

mixup = manifold_mixup()
dz, dzp = mixup.gradient(z), mixup.gradient(zp)


@theorem(
    title="The partner's error moves the feature",
    quotes="the direction and scale of the update of $F$ given $x$ is determined by the regression error for $x'$ (!)"
    " and that given $x'$ by the error for $x$ (!).",
    source="cho2022degeneracy",
    idea="Chain rule; insert the mixed residual; where one error is zero one term is left.",
)
def partner_error_moves_the_feature() -> Theorem:
    """A feature is moved by both errors, and where its own point is fitted by its partner's alone: lam (1-lam) W^T e'.

    The same with the roles exchanged for z'. It is strongest at lam = 1/2 and absent at lam = 0 and 1.
    """
    return Theorem(
        definitions=mixup.definitions,
        numbers=mixup.numbers,
        claim={
            "the feature gradient": Identity(dz, lam * W.T * mix(e, ep)),
            "where the first point is fitted": Identity(dz, lam * (1 - lam) * W.T * ep, where=[e]),
            "where the second point is fitted": Identity(dzp, lam * (1 - lam) * W.T * e, where=[ep]),
        },
        proof=Derivation(dz)
        .equals(lam * W.T * r, by="chain rule: d(lam z + (1 - lam) z')/dz = lam I")
        .equals(lam * W.T * mix(e, ep), by="mixed_residual_is_mixture_of_residuals")
        .equals(lam * (1 - lam) * W.T * ep, by="the first point is fitted, e = 0", where=[e]),
        near_misses={
            "it vanishes where its own point is fitted": Vanishing([dz], where=[e]),
            "it is driven by its own error alone": Identity(dz, lam**2 * W.T * e),
            "lam^2 for lam (1 - lam)": Identity(dz, lam**2 * W.T * ep, where=[e]),
        },
    )


if __name__ == "__main__":
    prove(__file__)
