"""A zero gradient of manifold mixup at one ratio does not mean that the points are fitted."""

from symmix import Equivalence, Fails, Theorem, Vanishing, manifold_mixup, mix, prove, theorem
from symmix.notation import W, b, e, ep, lam, theta, z, zp

mixup = manifold_mixup()
every_gradient = [mixup.gradient(symbol) for symbol in (theta, z, zp, W, b)]
dz = mixup.gradient(z)


@theorem(
    title="A zero gradient does not mean a fit",
    quotes="in other words, the gradient is zero when regression on the original pairs $(x,y)$ and $(x',y')$ is solved",
    answers="Does the converse hold: does a zero gradient mean that both points are fitted?",
    source="cho2022degeneracy",
    idea="A point settles the first; for the second divide the feature gradient by the ratio.",
)
def zero_gradient_does_not_imply_fit() -> Theorem:
    """At a fixed ratio all gradients can vanish without a fit: dL/dz = 0 iff W^T (lam e + (1-lam) e') = 0.

    The two errors may cancel in the mixture, or lie where W^T does not reach. The equivalence needs lam != 0:
    at lam = 0 the gradient by z is zero whatever the errors are. That the converse does hold on average over
    the ratio is expected_gradient_vanishes_iff_fit.
    """
    return Theorem(
        definitions=mixup.definitions,
        numbers=mixup.numbers,
        claim={
            "no fit": Fails(Vanishing([e, ep], where=every_gradient)),
            "exactly when": Equivalence([dz], [W.T * mix(e, ep)], provided=[lam]),
        },
        near_misses={
            "a zero gradient means that both points are fitted": Vanishing([e, ep], where=every_gradient),
            "a zero feature gradient means a zero mixed residual": Equivalence([dz], [mix(e, ep)], provided=[lam]),
            "also at lam = 0": Equivalence([dz], [W.T * mix(e, ep)]),
        },
    )


if __name__ == "__main__":
    prove(__file__)
