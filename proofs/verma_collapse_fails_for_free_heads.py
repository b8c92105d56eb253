"""Zero mixup loss does not collapse classes where the head is free: two points of a class, all mixtures fitted."""

import sympy as sp

from symmix import Identity, Theorem, prove, theorem
from symmix.notation import lam

z1, z2 = sp.symbols("z1 z2", real=True)  # a point of the plane of features
# the head's output for class B is the largest of three affine functions; for class C it is the same with z1, z2 swapped
pieces = sp.Integer(0), z1 - z2, (3 * z1 + z2 - 1) / 2
alpha, beta, gamma = sp.symbols(
    "alpha beta gamma", real=True
)  # read off: what the target exceeds each of the pieces by
FIRST, SECOND, B, C = (0, 0), (sp.Rational(1, 4), sp.Rational(1, 4)), (1, 0), (0, 1)
Point = tuple[sp.Expr | int, sp.Expr | int]


def chord(own: Point, partner: Point, ratio: sp.Expr = lam) -> list[sp.Expr]:
    """Return the equations of the mixture of two points."""
    return [at - ratio * x - (1 - ratio) * y for at, x, y in zip((z1, z2), own, partner, strict=True)]


def above(target: sp.Expr | int) -> sp.Expr:
    """Return what a target exceeds the three pieces by."""
    return sum(weight * (target - piece) for weight, piece in zip((alpha, beta, gamma), pieces, strict=True))


# a head that is affine everywhere
g0, g1, g2 = sp.symbols("g0 g1 g2", real=True)


@theorem(
    title="A free head need not collapse classes",
    quotes="the majority of directions in H-space will be empty in the class-conditional manifold",
    source=("cho2022degeneracy", "verma2018manifold"),
    idea="Triangulate: every chord is an edge, and on each the largest piece is the target.",
)
def verma_collapse_fails_for_free_heads() -> Theorem:
    """Some head has zero mixup loss on three classes in a plane: (0,0) with (1/4,1/4), (1,0), and (0,1).

    For all pairs and all ratios of the classes A, B and C, as they are called here in this order. The head is
    continuous and piecewise linear on the whole plane, a small ReLU network:
    G_B = max(0, z1 - z2, (3 z1 + z2 - 1)/2), G_C the same with z1 and z2 swapped, and G_A = 1 - G_B - G_C. Each claim
    is a chord: what the target of class B exceeds the three pieces by, weighted with alpha, beta and gamma, which may
    be anything. No coefficient there is negative, and one is zero: so the target is their maximum. For class C swap B
    and C. Yet class A is two points, where a linear head with d = 3 classes in dim H = 2 dimensions leaves a class dim
    H - d + 1 = 0. So what collapses classes is the linear head (or a Lipschitz one,
    lipschitz_heads_need_flat_classes), not zero loss. It takes points whose chords do not cross: where they do, two
    targets meet in one point.
    """
    return Theorem(
        claim={
            "A with A'": Identity(above(0), gamma * lam / 2, where=chord(FIRST, SECOND)),
            "B with A": Identity(above(lam), alpha * lam + gamma * (1 - lam) / 2, where=chord(B, FIRST)),
            "B with A'": Identity(above(lam), alpha * lam, where=chord(B, SECOND)),
            "C with A": Identity(above(0), beta * lam + gamma * (1 - lam) / 2, where=chord(C, FIRST)),
            "C with A'": Identity(above(0), beta * lam, where=chord(C, SECOND)),
            "B with C": Identity(above(lam), alpha * lam + beta * (1 - lam), where=chord(B, C)),
        },
        near_misses={
            "an affine head fits A' too": Identity(g0 + (g1 + g2) / 4, sp.S.Zero, where=[g0, g0 + g1 - 1, g0 + g2]),
            "A' at (1, 1), this head": Identity(above(0), gamma * lam / 2, where=chord(FIRST, (1, 1))),
            "any head, where the chord of A and (1, 1) crosses that of B and C": Identity(
                lam, sp.S.Zero, where=[*chord(B, C), z1 - z2]
            ),
            "without the third piece": Identity(lam, (z1 - z2), where=chord(B, C)),
        },
        meanings={
            z1: "the first coordinate of a mixture's features",
            z2: "the second coordinate of a mixture's features",
            alpha: "the weight of the piece 0",
            beta: "the weight of the piece z1 - z2",
            gamma: "the weight of the piece (3 z1 + z2 - 1)/2",
        },
    )


if __name__ == "__main__":
    prove(__file__)
