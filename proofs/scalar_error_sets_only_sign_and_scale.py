"""With a scalar target the partner's error sets sign and scale of the feature update; with more it turns it."""

import sympy as sp

from symmix import Fails, Identity, Theorem, Vanishing, manifold_mixup, mix, prove, squared_norm, theorem
from symmix.language import Gradient
from symmix.notation import W, e, h, lam, z, zp

mixup = manifold_mixup()
dz, alone = mixup.gradient(z), W.T * e  # alone: the update for the own error

# k = 1
y1, y1p, b1 = (sp.MatrixSymbol(name, 1, 1) for name in ("y1", "y1'", "b1"))
w = sp.MatrixSymbol("w", 1, h)
r1 = mix(y1, y1p) - w * mix(z, zp) - b1
dz1 = Gradient(-squared_norm(r1) / 2, z)


def outer(first: sp.MatrixExpr, second: sp.MatrixExpr) -> sp.MatrixExpr:
    """Return u v^T - v u^T, zero if and only if the columns u and v are parallel."""
    return first * second.T - second * first.T


@theorem(
    title="A scalar error sets sign and scale, not direction",
    quotes="the direction and scale of the update of $F$ given $x$ is determined by the regression error for $x'$ (!)",
    source="cho2022degeneracy",
    idea="Chain rule; a point settles the last.",
)
def scalar_error_sets_only_sign_and_scale() -> Theorem:
    """A scalar error leaves the line along which a feature moves as it is; errors of several components turn it.

    So with the post's y in R the partner's error determines the sign and the scale, not the line along which z moves.
    For vector targets it does determine the direction: the witness has an update that is not parallel to W^T e.
    """
    return Theorem(
        definitions=mixup.definitions,
        numbers=mixup.numbers,
        claim={
            "k = 1: a multiple of w^T": Identity(dz1, lam * w.T * r1),
            "k = 1: parallel to w^T": Vanishing([outer(dz1, w.T)]),
            "k >= 2: turned by the partner": Fails(Vanishing([outer(dz, alone)])),
        },
        near_misses={
            "the update is always along W^T e": Vanishing([outer(dz, alone)]),
            "k = 1: the scale is the own error alone": Identity(dz1, lam * w.T * (y1 - w * z - b1)),
        },
        meanings={
            y1: "a scalar target",
            y1p: "that of the second sample",
            w: "the weights of a head with one output",
            b1: "the bias of that head",
        },
    )


if __name__ == "__main__":
    prove(__file__)
