"""Manifold mixup sees the features only through the predictions on the two points."""

import sympy as sp

from symmix import Identity, Theorem, head, manifold_mixup, mix, prove, squared_norm, theorem
from symmix.notation import L, W, b, h, y, yp, z, zm, zp

v, vp = sp.MatrixSymbol("v", h, 1), sp.MatrixSymbol("v'", h, 1)
A, B = sp.MatrixSymbol("A", h, h), sp.MatrixSymbol("B", h, h)  # B is the inverse of A
shift = sp.MatrixSymbol("t", h, 1)
u = sp.MatrixSymbol("u", h, 1)


def loss(first: sp.MatrixExpr, second: sp.MatrixExpr) -> sp.Expr:
    """Return the objective with other features in the place of z and z'."""
    return -squared_norm(mix(y, yp) - head(mix(first, second))) / 2


moved = A * mix(z, zp) + shift  # what mixing A z + t with A z' + t gives
pulled_back = W * B * (moved - shift) + b  # the head composed with the inverse map
reparametrised = -squared_norm(mix(y, yp) - pulled_back) / 2


@theorem(
    title="Flatness is invisible",
    quotes="because the contributions of $x$ and $x'$ can be separated out at the level of $F$ (not at $G$, though,)"
    " there is a room for $F$ to make linear interpolation pretty much meaningless.",
    source="cho2022degeneracy",
    idea="G(z + v) = G(z) where W v = 0, and mixing commutes with affine maps because the weights sum to one.",
)
def loss_ignores_flatness() -> Theorem:
    """The objective does not change when features move unseen by the head, or by an affine map that the head undoes.

    The features A z + t with the head composed with the inverse map give the same L for every invertible A. So L sees
    the encoder only through its predictions on the two points; how flat, curved or spread out the features are leaves
    no trace.
    """
    return Theorem(
        definitions=manifold_mixup().definitions,
        numbers=manifold_mixup().numbers,
        claim={
            "unseen directions": Identity(loss(z + v, zp + vp), L, where=[W * v, W * vp]),
            "mixing commutes with affine maps": Identity(mix(A * z + shift, A * zp + shift), moved),
            "reparametrised features": Identity(reparametrised, L, where=[B * A - sp.Identity(h)]),
        },
        near_misses={
            "every direction is unseen": Identity(loss(z + v, zp + vp), L),
            "only one of the two directions is unseen": Identity(loss(z + v, zp + vp), L, where=[W * v]),
            "any pair of maps, inverse or not": Identity(reparametrised, L),
            "the same for input mixup through a nonlinear F, whose z~ moves on its own": Identity(
                input_loss(zm + u), input_loss(zm), where=[W * v, W * vp]
            ),
        },
        meanings={
            v: "a displacement of z",
            vp: "a displacement of z'",
            u: "a displacement of z~",
            A: "a linear map of the features",
            B: "undoes that map where B A = I",
            shift: "a shift of the features",
        },
    )


def input_loss(mixed: sp.MatrixExpr) -> sp.Expr:
    """Return the input mixup objective at the features of the mixed input."""
    return -squared_norm(mix(y, yp) - head(mixed)) / 2


if __name__ == "__main__":
    prove(__file__)
