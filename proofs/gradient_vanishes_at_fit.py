"""Once the two original points are fitted, every gradient of manifold mixup is zero."""

from symmix import Theorem, Vanishing, manifold_mixup, prove, theorem
from symmix.notation import W, b, e, ep, theta, z, zp

mixup = manifold_mixup()
gradients = [mixup.gradient(symbol) for symbol in (theta, z, zp, W, b)]


@theorem(
    title="Nothing is left at the fit",
    quotes="the gradient is zero when regression on the original pairs $(x,y)$ and $(x',y')$ is solved, regardless of"
    " how flattened the space induced by $F$ is.",
    source="cho2022degeneracy",
    idea="Each term of each gradient contains e or e', as in gradient_has_four_terms.",
)
def gradient_vanishes_at_fit() -> Theorem:
    """Where both points are fitted, the gradients by encoder, features, weights and bias are all zero.

    Whatever z, z', W, b, the Jacobians and lam are: each gradient is a combination of e and e', and the cofactors in
    it are the evidence. For the encoder's parameters they are the coefficients of the four terms.
    """
    return Theorem(
        definitions=mixup.definitions,
        numbers=mixup.numbers,
        claim=Vanishing(gradients, where=[e, ep]),
        near_misses={
            "where only the first point is fitted": Vanishing(gradients[:1], where=[e]),
            "where only the second point is fitted": Vanishing(gradients[1:2], where=[ep]),
            "where the residuals are equal": Vanishing(gradients[:1], where=[e - ep]),
            "where the residuals cancel": Vanishing(gradients[3:4], where=[e + ep]),
        },
    )


if __name__ == "__main__":
    prove(__file__)
