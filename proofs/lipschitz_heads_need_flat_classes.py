"""A Lipschitz head without mixup loss keeps another class away from the whole line through two points of a class."""

import sympy as sp

from symmix import Identity, Lemma, Nonnegative, Theorem, inner, prove, squared_norm, theorem
from symmix.notation import h, k, y, yp

L, q, s, t, w = sp.symbols("L q s t w", real=True)
a, ap, b = (sp.MatrixSymbol(name, h, 1) for name in ("a", "a'", "b"))  # two points of a class, one of another
E, D = sp.MatrixSymbol("E", h, 1), sp.MatrixSymbol("D", h, 1)
apart = squared_norm(yp - y)
gram = squared_norm(E) * squared_norm(D) - inner(E, D) ** 2
bound = L**2 * gram - apart * squared_norm(E)
foot = q * squared_norm(E) - inner(E, D)  # a + q E is the point of the line that is nearest to b


def lipschitz(u: sp.MatrixExpr, v: sp.MatrixExpr, at_u: sp.MatrixExpr, at_v: sp.MatrixExpr) -> sp.Expr:
    """Return what the head's values at two points are closer by than L allows, squared."""
    return L**2 * squared_norm(u - v) - squared_norm(at_u - at_v)


at_the_foot = lipschitz(b, a + q * (ap - a), yp, y)
near_b = lipschitz(b + t * (a - b), b + s * (ap - b), yp + t * (y - yp), yp + s * (y - yp))

v = sp.MatrixSymbol(
    "v", h, 1
)  # y' - y of a head with as many outputs as features that moves at full speed, |v| = L |u|


def full_speed(allowed: sp.Expr) -> sp.Expr:
    """Return what is left of the bound for such a head."""
    return allowed - squared_norm(v) * squared_norm(E)


@theorem(
    title="Lipschitz heads need flat classes",
    quotes="one could think of these two terms as the ones that flatten the representation space induced by $F$",
    source=("cho2022degeneracy", "verma2018manifold", "carratino2020mixup"),
    idea="Instantiate Lipschitz continuity at two points of chords whose difference is normal to the line; Lagrange.",
)
def lipschitz_heads_need_flat_classes() -> Theorem:
    """A Lipschitz head without mixup loss keeps a class |y' - y|/L away from any line through two points of another.

    With E = a' - a and D = b - a the squared distance of the targets is at most L^2 times the Gram determinant of E
    and D over the squared length of E: classes have to be flat as seen from each other. Lipschitz continuity is used
    at two points. If the foot of b lies between a and a', at b and the foot, where the chord of a and a' has the value
    y. If it lies outside, at b + t (a - b) and b + s (a' - b), with s = q (s - t): two points near b on the chords
    to a and a', whose difference is (s - t) times the way from the foot to b; that makes the same inequality. q < 0
    takes t > s, q > 1 takes s > t, both as small as one likes. Without mixup there is only the distance to the two
    points: |x| is 1-Lipschitz, fits -1, 1 and 0, and has no mixup loss for the pairs with 0 either. So all three pairs
    are needed. w is the root of what is left in the inequality, since what is not negative is a square.
    """
    return Theorem(
        definitions={E: ap - a, D: b - a},
        numbers={E: lambda a, a_prime: a_prime - a, D: lambda a, b: b - a},
        lemmas=[
            Lemma(
                "lipschitz_at_two_points",
                "a head with the Lipschitz constant L satisfies |G(z) - G(z')| <= L |z - z'| at any two points, in"
                " particular at mixtures of pairs, where without mixup loss it takes the mixed targets",
                "instantiation: what holds for all arguments holds for given ones",
            ),
        ],
        claim={
            "the distance to the line": Identity(squared_norm(D - q * E) * squared_norm(E), gram, where=[foot]),
            "a sum of squares": Identity(gram, squared_norm(E * D.T - D * E.T) / 2),
            "foot between the two points": Nonnegative(bound, where=[foot, at_the_foot - w**2]),
            "foot outside": Identity(near_b, (s - t) ** 2 * at_the_foot, where=[s - q * (s - t)]),
        },
        point={
            h: 2,
            k: 1,
            a: [[0], [0]],
            ap: [[2], [0]],
            b: [[1], [1]],
            y: [[0]],
            yp: [[3]],
            L: 5,
            w: 4,
            q: sp.Rational(1, 2),
            s: 1,
            t: -1,
        },
        spelling={L: "L"},  # not the loss of the other theorems
        meanings={
            a: "the features of a point of the first class",
            ap: "those of another point of that class",
            b: "those of a point of the other class",
            y: "the target of the first class",
            yp: "the target of the other class",
            E: "the way from one point of the first class to the other",
            D: "the way from the first of these points to the other class",
            s: "the share of the way from b to the second point of the first class",
            t: "the share of the way from b to the first point of the first class",
            w: "the root of what is left in the inequality",
            q: "where the foot of b lies: a + q E",
            L: "the Lipschitz constant of the head",
            v: "the difference of the targets, for a head that moves as fast as it may",
        },
        near_misses={
            "distance to the points": Nonnegative(full_speed(L**2 * gram), where=[E - 2 * D, v - L * D]),
            "half the bound": Nonnegative(full_speed(L**2 * gram / 2), where=[foot, v - L * (D - q * E)]),
            "any point of the line": Nonnegative(bound, where=[at_the_foot]),
            "foot outside, the two chords swapped": Identity(
                near_b, (s - t) ** 2 * at_the_foot, where=[t - q * (s - t)]
            ),
        },
    )


if __name__ == "__main__":
    prove(__file__)
