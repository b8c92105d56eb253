"""A Lipschitz head without mixup loss keeps another class away from the whole line through two points of a class."""

import sympy as sp

from symmix import Identity, Nonnegative, Theorem, inner, prove, squared_norm, theorem
from symmix.language import ForAll, Function
from symmix.notation import h, k, y, yp

L, q, s = sp.symbols("L q s", real=True)
a, ap, b = (sp.MatrixSymbol(name, h, 1) for name in ("a", "a'", "b"))  # two points of a class, one of another
E, D = sp.MatrixSymbol("E", h, 1), sp.MatrixSymbol("D", h, 1)
apart = squared_norm(yp - y)
gram = squared_norm(E) * squared_norm(D) - inner(E, D) ** 2
bound = L**2 * gram - apart * squared_norm(E)
foot = q * squared_norm(E) - inner(E, D)  # a + q E is the point of the line that is nearest to b


G, H = Function("G", h, k), Function("H", h, h)  # heads; H has as many outputs as features
x, xp, v = (sp.MatrixSymbol(name, h, 1) for name in ("x", "x'", "v"))


def lipschitz(head: Function) -> ForAll:
    """Say of a head that it is Lipschitz: at all features."""
    return ForAll((x, xp), squared_norm(head(x) - head(xp)) <= L**2 * squared_norm(x - xp))


to_a, to_ap = (q - 1) * s, q * s  # ratios
near_a, near_ap = b + to_a * (a - b), b + to_ap * (ap - b)  # mixtures of b with each of the two points
no_loss_at_b, no_loss_at_the_foot = G(b) - yp, G(a + q * E) - y
no_loss_near_b = [G(near_a) - yp - to_a * (y - yp), G(near_ap) - yp - to_ap * (y - yp)]


def allowed(one: sp.MatrixExpr, other: sp.MatrixExpr, factor: sp.Expr = sp.S.One) -> sp.Expr:
    """Return what is left of the bound, or of a part of it, for the values of H at two points."""
    return factor * L**2 * gram - squared_norm(H(one) - H(other)) * squared_norm(E)


@theorem(
    title="Lipschitz heads need flat classes",
    quotes="one could think of these two terms as the ones that flatten the representation space induced by $F$",
    source=("cho2022degeneracy", "verma2018manifold", "carratino2020mixup"),
    idea="Use Lipschitz continuity at two mixtures whose difference is normal to the line; Lagrange.",
)
def lipschitz_heads_need_flat_classes() -> Theorem:
    """A Lipschitz head without mixup loss keeps a class |y' - y|/L away from any line through two points of another.

    With E = a' - a and D = b - a the squared distance of the targets is at most L^2 times the Gram determinant of E
    and D over the squared length of E: classes have to be flat as seen from each other. G is any map that is Lipschitz
    at all features; without mixup loss it takes the mixed targets at mixtures of pairs, and two of these are enough. If
    the foot of b, a + q E, lies between a and a', they are b and the foot. If it lies outside, they are b + t (a - b)
    and b + t' (a' - b) with t = (q - 1) s and t' = q s: their difference is s times the way from the foot to b. Where
    q < 0 any small s < 0 makes both of them mixtures, where q > 1 any small s > 0 does: points near b, on the chords to
    a and a'. So all three pairs are needed. Without mixup there is only the distance to the two points: |x| is
    1-Lipschitz, fits -1, 1 and 0, and has no mixup loss for the pairs with 0 either. Nor may G jump
    from one class to the other: it has to be Lipschitz.
    """
    return Theorem(
        definitions={E: ap - a, D: b - a},
        numbers={E: lambda a, a_prime: a_prime - a, D: lambda a, b: b - a},
        conditions=[sp.Ne(s, 0)],
        claim={
            "the distance to the line": Identity(squared_norm(D - q * E) * squared_norm(E), gram, where=[foot]),
            "a sum of squares": Identity(gram, squared_norm(E * D.T - D * E.T) / 2),
            "foot between the two points": Nonnegative(
                bound, where=[foot, lipschitz(G), no_loss_at_b, no_loss_at_the_foot]
            ),
            "foot outside": Nonnegative(bound, where=[foot, lipschitz(G), *no_loss_near_b]),
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
            s: "how far from b the two mixtures are",
            q: "where the foot of b lies: a + q E",
            L: "the Lipschitz constant of the head",
            v: "the difference of the values at the two points",
            G: "the head",
            H: "a head with as many outputs as features",
        },
        near_misses={
            # b in the middle of a and a', and a head with the values L |x - b|: what fits the points alone allows it
            "distance to both points": Nonnegative(
                L**2 * gram - squared_norm(v) * squared_norm(E), where=[E - 2 * D, v - L * D]
            ),
            "distance to a point": Nonnegative(allowed(b, a), where=[lipschitz(H)]),
            "half the bound": Nonnegative(allowed(b, a + q * E, sp.Rational(1, 2)), where=[foot, lipschitz(H)]),
            "any point of the line": Nonnegative(allowed(b, a + q * E), where=[lipschitz(H)]),
            "a head that need not be Lipschitz": Nonnegative(bound, where=[foot, no_loss_at_b, no_loss_at_the_foot]),
        },
    )


if __name__ == "__main__":
    prove(__file__)
