"""The gradient of manifold mixup is linear in the two residuals: it dies out as fast as the error does."""

from symmix import Derivation, Identity, Theorem, head, manifold_mixup, mix, prove, theorem
from symmix.language import At
from symmix.notation import J, Jp, W, b, e, ep, s, theta, y, yp, z, zp

mixup = manifold_mixup()
scaled = {y: head(z) + s * e, yp: head(zp) + s * ep}  # targets whose residuals are s e and s e'
dL, dz, dW, db = (mixup.gradient(symbol) for symbol in (theta, z, W, b))


@theorem(
    title="The gradient dies out with the error",
    quotes=r"it stops changing as long as the model $G \circ F$ can predict original training examples very well.",
    source="cho2022degeneracy",
    idea="Each term of each gradient contains e or e' once.",
)
def gradient_shrinks_with_the_error() -> Theorem:
    """Scaling both residuals by s scales every gradient by s: by encoder, features, weights and bias.

    So a model that predicts both points within a thousandth of the targets moves a thousandth as much, for all
    real s; at s = 0 this is gradient_vanishes_at_fit. Residuals are scaled by moving the targets to G(z) + s e
    and G(z') + s e'.
    """
    return Theorem(
        definitions=mixup.definitions,
        numbers=mixup.numbers,
        claim={
            "encoder": Identity(At(dL, scaled), s * dL),
            "features": Identity(At(dz, scaled), s * dz),
            "weights": Identity(At(dW, scaled), s * dW),
            "bias": Identity(At(db, scaled), s * db),
        },
        proof=Derivation(At(dL, scaled))
        .equals(mix(J, Jp).T * W.T * mix(s * e, s * ep), by="the residuals at these targets are s e and s e'")
        .equals(s * mix(J, Jp).T * W.T * mix(e, ep), by="everything else does not depend on the targets")
        .equals(s * dL, by="gradient_has_four_terms, before multiplying out"),
        near_misses={
            "quadratic in the residuals": Identity(At(dL, scaled), s**2 * dL),
            "only one residual scaled": Identity(At(dL, {y: head(z) + s * e}), s * dL),
            "independent of the residuals": Identity(At(dL, scaled), dL),
        },
        meanings={s: "a scale of both residuals"},
    )


if __name__ == "__main__":
    prove(__file__)
