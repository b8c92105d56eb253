"""With weight decay on features and head, mixup thresholds the modes of the targets more strongly than ERM does."""

import sympy as sp

from symmix import Identity, Nonnegative, Theorem, Vanishing, prove, squared_norm, theorem
from symmix.datasets import ONES, RESIDUALS, SUMMARY, in_numbers
from symmix.notation import W, Y, Z, c, ebar, erm_loss, h, k, kappa, n, variance

t, x = sp.symbols("t x", real=True)
X, G, C = sp.MatrixSymbol("X", n, k), sp.MatrixSymbol("G", n, k), sp.MatrixSymbol("C", n, n)
u, v, dead = sp.MatrixSymbol("u", n, 1), sp.MatrixSymbol("v", k, 1), sp.MatrixSymbol("w", k, 1)
U, Q = sp.MatrixSymbol("U", n, h), sp.MatrixSymbol("Q", k, h)


def energy(matrix: sp.MatrixExpr) -> sp.Expr:
    """Return the sum of the squared entries."""
    return sp.Trace(matrix.T * matrix)


loss = erm_loss - c / 2 * variance + kappa / 2 * (energy(W) + energy(Z))
least = kappa * sp.Trace(G.T * X) + kappa * t / 2 * energy(G)
Z0 = Z - ONES * ONES.T * Z / n
squares = squared_norm(ebar) / 2 + (1 - c) / (2 * n) * energy(X - Z0 * W.T)
squares += kappa / 2 * (energy(W - G.T * Z) + energy(C * Z))

split = Y - X - t * G
at_most_one = G * G.T + C.T * C - sp.Identity(n)  # no singular value of G exceeds one
centred = [ONES.T * G, ONES.T * X]


@theorem(
    title="Mixup thresholds modes",
    quotes="what do those two unusual terms above in the gradient do to make the final model generalize better?",
    source=("cho2022degeneracy", "carratino2020mixup"),
    idea="Subtract the value at the soft-thresholded targets: five squares are left.",
)
def mixup_thresholds_modes() -> Theorem:
    """With weight decay kappa on free features and head, mixup soft-thresholds the targets at t = n kappa/(1-c).

    Split the centred targets into Y = X + t G: X has the modes of Y with singular values above t, each less t, and G
    is one on these modes and at most one elsewhere. Then the averaged mixup loss with decay
    (pair_average_is_erm_minus_variance) exceeds kappa tr(G^T X) + kappa t |G|^2/2 by four squares. All are zero for Z
    = U diag(r), W = Q diag(r), X = U diag(r^2) Q^T, b = 0: so that is the minimum, and the prediction there is X. ERM
    is the case c = 0. So a mode of the targets with a singular value between n kappa and n kappa/(1-c) is learned by
    ERM and given up under mixup; a uniform ratio raises the threshold by half. Needed: decay on both factors, a bias
    that is free and not decayed, and as many features as there are modes above t. That no singular value of G exceeds
    one is needed for the bound; that targets are centred, for the mean not to count as a mode: it is left to the bias.
    """
    return Theorem(
        definitions={**RESIDUALS, **SUMMARY, kappa: t * (1 - c) / n},
        numbers={**in_numbers(RESIDUALS, SUMMARY), kappa: lambda t, c, n: t * (1 - c) / n},
        claim={
            "never below": Identity(loss - least, squares, where=[split, at_most_one, *centred]),
            "reached by the modes of X": Vanishing([C * U], where=[G.T * U - Q, G * Q - U, at_most_one]),
            "a mode that lives": Identity(Y * v, (x + t) * u, where=[split, X * v - x * u, G * v - u]),
            "a mode that dies": Identity(Y * dead, t * G * dead, where=[split, X * dead]),
            "and is not above t": Nonnegative(
                squared_norm(dead) - squared_norm(G * dead),
                where=[at_most_one],
                squares=[dead - G.T * G * dead, C * G * dead],
            ),
        },
        near_misses={
            "ERM's threshold": Identity(Y * v, (x + n * kappa) * u, where=[split, X * v - x * u, G * v - u]),
            "twice ERM's threshold": Identity(Y * v, (x + 2 * n * kappa) * u, where=[split, X * v - x * u, G * v - u]),
            "G any matrix": Identity(loss - least, squares, where=[split, *centred]),
            "targets that are not centred": Identity(loss - least, squares, where=[split, at_most_one]),
        },
        meanings={
            X: "the targets, soft-thresholded",
            G: "what is cut off, over t",
            C: "what makes I - G G^T a square, so that no singular value of G exceeds one",
            u: "a left singular vector, for a mode",
            v: "a right singular vector, for a mode that lives",
            dead: "a right singular vector, for a mode that dies",
            U: "left singular vectors of X",
            Q: "right singular vectors of X",
            t: "the threshold",
            x: "what is left of a mode's singular value",
        },
    )


if __name__ == "__main__":
    prove(__file__)
