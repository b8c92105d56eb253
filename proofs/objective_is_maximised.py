"""As printed, the post's objective is to be maximised: it has no lower bound, and its gradient ascends."""

import sympy as sp

from symmix import Derivation, Identity, Theorem, inner, manifold_mixup, mix, prove, squared_norm, theorem
from symmix.notation import L, W, b, e, ep, k, lam, r, t, y, yp, z, zp

mixup = manifold_mixup()
g = mixup.gradient(z)
u = sp.MatrixSymbol("u", k, 1)


def objective(features: sp.MatrixExpr, bias: sp.MatrixExpr) -> sp.Expr:
    """Return L with another first feature and another bias."""
    return -squared_norm(mix(y, yp) - W * mix(features, zp) - bias) / 2


lowered = L + t * inner(u, r) - t**2 / 2 * squared_norm(u)
raised = L + t * squared_norm(g) - t**2 * lam**2 / 2 * squared_norm(W * g)


@theorem(
    title="The printed objective is to be maximised",
    quotes="we can write this down as minimizing",
    source="cho2022degeneracy",
    idea="Expand the square in t.",
)
def objective_is_maximised() -> Theorem:
    """The printed objective has no lower bound, and the printed gradient is its direction of ascent.

    So "minimizing" is a slip of the post. Along every direction u != 0 of the bias the coefficient of t^2 is negative:
    the printed objective falls to minus infinity. And the printed gradient dL/dz is the direction of ascent,
    along which the objective has the derivative |dL/dz|^2 >= 0 at t = 0.
    """
    return Theorem(
        definitions=mixup.definitions,
        numbers=mixup.numbers,
        claim={
            "no lower bound": Identity(objective(z, b + t * u), lowered),
            "from a fitted pair": Identity(objective(z, b + t * u), -(t**2) / 2 * squared_norm(u), where=[e, ep]),
            "ascent": Identity(objective(z + t * g, b), raised),
        },
        proof=Derivation(objective(z + t * g, b))
        .equals(-squared_norm(r - t * lam * W * g) / 2, by="the mixed residual is affine in z")
        .equals(L + t * lam * inner(W * g, r) - t**2 * lam**2 / 2 * squared_norm(W * g), by="expand the square")
        .equals(raised, by="dL/dz = lam W^T r"),
        near_misses={
            "descent": Identity(objective(z - t * g, b), raised),
            "bounded below: it does not fall": Identity(objective(z, b + t * u), L + t * inner(u, r)),
            "with the minus sign of a loss": Identity(-objective(z, b + t * u), lowered),
        },
        meanings={t: "a step", u: "a direction of the bias"},
    )


if __name__ == "__main__":
    prove(__file__)
