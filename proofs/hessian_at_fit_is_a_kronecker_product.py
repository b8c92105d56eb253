"""The Hessian by the two features is a 2x2 matrix of the ratio times W^T W: rank W directions curve."""

import sympy as sp

from symmix import Equivalence, Identity, Theorem, inner, manifold_mixup, mix, prove, squared_norm, theorem
from symmix.language import Jacobian
from symmix.notation import W, h, lam, z, zp

mixup = manifold_mixup()
dz, dzp = -mixup.gradient(z), -mixup.gradient(zp)  # of the loss -L
v, vp = sp.MatrixSymbol("v", h, 1), sp.MatrixSymbol("v'", h, 1)


def second(gradient: sp.MatrixExpr, symbol: sp.MatrixSymbol) -> sp.MatrixExpr:
    """Return a block of the Hessian."""
    return Jacobian(gradient, symbol)


blocks = [[second(dz, z), second(dz, zp)], [second(dzp, z), second(dzp, zp)]]
curved = [row[0] * v + row[1] * vp for row in blocks]  # the Hessian applied to (v, v')
seen = W * mix(v, vp)


@theorem(
    title="The Hessian is a Kronecker product",
    quotes="there is no reason why $F$ should induce a space over which $G$ linearly interpolates in a meaningful way.",
    source="cho2022degeneracy",
    idea="Chain rule twice: the mixed residual is affine in both features.",
)
def hessian_at_fit_is_a_kronecker_product() -> Theorem:
    """The Hessian by both features is a matrix of the ratio times W^T W, whatever the errors are.

    A direction (v, v') is flat if and only if W (lam v + (1-lam) v') = 0. The map (v, v') -> lam v + (1-lam) v'
    is onto R^h ((v, v) goes to v), so the flat directions have dimension 2h - rank W: the loss curves in rank W
    directions only.
    """
    return Theorem(
        definitions=mixup.definitions,
        numbers=mixup.numbers,
        claim={
            "by z twice": Identity(blocks[0][0], lam**2 * W.T * W),
            "by z and z'": Identity(blocks[0][1], lam * (1 - lam) * W.T * W),
            "by z' and z": Identity(blocks[1][0], lam * (1 - lam) * W.T * W),
            "by z' twice": Identity(blocks[1][1], (1 - lam) ** 2 * W.T * W),
            "curvature": Identity(inner(v, curved[0]) + inner(vp, curved[1]), squared_norm(seen)),
            "flat directions": Equivalence(
                curved,
                [seen],
                forth=lambda seen: [lam * W.T * seen, (1 - lam) * W.T * seen],
                back=lambda by_z, by_zp: [v.T * by_z + vp.T * by_zp],
            ),
            "onto": Identity(mix(v, vp), v, where=[vp - v]),
        },
        near_misses={
            "no curvature between the two": Identity(blocks[0][1], sp.ZeroMatrix(h, h)),
            "flat only where each is unseen": Equivalence(curved, [W * v, W * vp]),
            "lam for lam^2": Identity(blocks[0][0], lam * W.T * W),
        },
        meanings={v: "a direction for z", vp: "a direction for z'"},
    )


if __name__ == "__main__":
    prove(__file__)
