"""Making the representation small changes nothing that the head sees."""

import sympy as sp

from symmix import Derivation, Identity, Theorem, manifold_mixup, mix, prove, squared_norm, theorem
from symmix.language import quotient
from symmix.notation import L, W, b, lam, s, y, yp, z, zp


def objective(features: sp.MatrixExpr, weights: sp.MatrixExpr) -> sp.Expr:
    """Return the objective for mixed features and head weights."""
    return -squared_norm(mix(y, yp) - weights * features - b) / 2


change = s * z - s * zp


@theorem(
    title="A small representation is no restriction",
    quotes="ensuring that small changes in the input space indeed map to small changes in the representation space.",
    source="cho2022degeneracy",
    idea="Scaling commutes with mixing, and the head undoes it.",
)
def small_representation_is_removable() -> Theorem:
    """Features scaled by s and head weights divided by s give the same objective: (W/s) (s z) = W z for every s != 0.

    Changes scale by s. Asking only for small changes in the representation therefore does not constrain what the
    head sees: shrink F, grow W. A remedy has to tie the representation to something, such as the input.
    """
    return Theorem(
        definitions=manifold_mixup().definitions,
        numbers=manifold_mixup().numbers,
        claim={
            "the objective": Identity(objective(mix(s * z, s * zp), quotient(W, s)), L),
            "how far apart the features are": Identity(squared_norm(change), s**2 * squared_norm(z - zp)),
        },
        proof=Derivation(objective(mix(s * z, s * zp), quotient(W, s)))
        .equals(objective(s * mix(z, zp), quotient(W, s)), by="scaling commutes with mixing")
        .equals(objective(mix(z, zp), W), by="(W/s)(s z) = W z")
        .equals(L, by="definition of L"),
        near_misses={
            "the head left alone": Identity(objective(mix(s * z, s * zp), W), L),
            "W/s^2": Identity(objective(mix(s * z, s * zp), quotient(W, s**2)), L),
            "one feature scaled": Identity(objective(lam * s * z + (1 - lam) * zp, quotient(W, s)), L),
        },
        meanings={s: "a scale"},
    )


if __name__ == "__main__":
    prove(__file__)
