"""Over random pairs the two unusual terms are noise: its covariance is the loss times Gauss and Newton's matrix."""

from typing import TypeAlias

import sympy as sp
from sympy.tensor.array.expressions import ArraySymbol

from symmix import Identity, Theorem, Vanishing, inner, prove, theorem
from symmix.datasets import ONES, average
from symmix.language import Entries, expectation
from symmix.notation import E, P, i, j, k, lam, n, p
from symmix.permutations import PERMUTATION, PERMUTATION_MOMENTS

f, g, s, t = sp.symbols("f g s t", integer=True)  # two parameters, two targets
A = ArraySymbol("A", (n, k, p))  # A_i = W J_i, the Jacobian of the i-th prediction by the parameters
strength = lam**2 * (1 - lam) ** 2
Size: TypeAlias = sp.Symbol


def by_parameters(columns: Size | int, entry: sp.Expr) -> sp.MatrixExpr:
    """Return the matrix with p rows that has the given entry."""
    return Entries(p, columns, sp.Lambda((f, g), entry))


def over_pairs(mean: sp.MatrixExpr, product: sp.Expr) -> sp.MatrixExpr:
    """Return the covariance over independent pairs (i, j): the second moment without the mean's."""
    return by_parameters(p, average(product, i, j)) - mean * mean.T


# vector targets
def cross(parameter: Size) -> sp.Expr:
    """Return an entry of lam (1 - lam) (A_i^T e_j + A_j^T e_i), the two unusual terms of a pair."""
    return lam * (1 - lam) * sp.Sum(A[i, s, parameter] * E[j, s] + A[j, s, parameter] * E[i, s], (s, 0, k - 1))


def slope(target: Size, parameter: Size, error: Size) -> sp.Expr:
    """Return an entry of C_ab: the average of one prediction's gradient times another target's error."""
    return average(A[i, target, parameter] * E[i, error], i)


mean = by_parameters(1, average(cross(f), i, j))
covariance = over_pairs(mean, cross(f) * cross(g))
targets = (s, 0, k - 1), (t, 0, k - 1)
seen = sp.Sum(average(A[i, s, f] * (E.T * E / n)[s, t] * A[i, t, g], i), *targets)
turned = sp.Sum(slope(s, f, t) * slope(t, g, s), *targets)
straight = sp.Sum(slope(s, f, t) * slope(s, g, t), *targets)

# a scalar target: residuals, and the predictions' gradients in rows
e, G = sp.MatrixSymbol("e", n, 1), sp.MatrixSymbol("G", n, p)
M, newton, downhill = inner(e, e) / n, G.T * G / n, G.T * e / n


def scalar_cross(parameter: Size) -> sp.Expr:
    """Return an entry of lam (1 - lam) (g_i e_j + g_j e_i)."""
    return lam * (1 - lam) * (G[i, parameter] * e[j, 0] + G[j, parameter] * e[i, 0])


scalar_mean = by_parameters(1, average(scalar_cross(f), i, j))
scalar_covariance = over_pairs(scalar_mean, scalar_cross(f) * scalar_cross(g))

# a batch that is mixed with a permutation of itself: its mean gradient
batch = lam * (1 - lam) * (G.T * P * e + G.T * P.T * e) / n
batch_mean = expectation(batch, P, PERMUTATION)
batch_covariance = expectation(batch * batch.T, P, PERMUTATION) - batch_mean * batch_mean.T
G0, e0 = G - ONES * ONES.T * G / n, e - ONES * ONES.T * e / n  # without their means
of_batch = inner(e0, e0) / n * G0.T * G0 / n + G0.T * e0 * e0.T * G0 / n**2


@theorem(
    title="The unusual terms are Gauss-Newton noise",
    quotes="what do those two unusual terms above in the gradient do to make the final model generalize better?",
    source=("cho2022degeneracy", "carratino2020mixup"),
    idea="The two samples of a pair are independent: average over each by itself.",
)
def cross_terms_are_gauss_newton_noise() -> Theorem:
    """Over random pairs the two unusual terms are noise of mean zero; its covariance is the loss times Gauss-Newton.

    For a scalar target, g_i the gradient of the i-th prediction and q = lam^2 (1-lam)^2, it is 2 q (E[e^2] E[g g^T] +
    E[g e] E[g e]^T), and for vectors likewise, with the matrix E[e e^T] between the gradients. So the two terms push
    along the directions in which predictions move, as strongly as the data are still misfitted, and stop at the fit:
    the noise of gradient descent on randomly perturbed labels, whose size is the error itself. Both samples are drawn
    independently, for every n and p. That the residuals are centred, as a free bias keeps them, is needed for the mean
    and for what the mean takes off the covariance. The mean over a batch that is mixed with a permutation of itself
    has the same covariance over n - 1, with g and e centred, and there nothing is asked of the residuals.
    """
    centred, scalar_centred = E.T * ONES, ONES.T * e
    return Theorem(
        lemmas=[PERMUTATION_MOMENTS],
        claim={
            "no drift": Vanishing([mean], where=[centred]),
            "its covariance": Identity(covariance, 2 * strength * by_parameters(p, seen + turned), where=[centred]),
            "a scalar target": Identity(
                scalar_covariance, 2 * strength * (M * newton + downhill * downhill.T), where=[scalar_centred]
            ),
            "a shuffled batch": Identity(batch_covariance, 2 * strength / (n - 1) * of_batch),
            "gone at the fit": Vanishing([covariance, mean], where=[E]),
        },
        near_misses={
            "the factor 1": Identity(covariance, strength * by_parameters(p, seen + turned), where=[centred]),
            "C_ab for C_ba": Identity(covariance, 2 * strength * by_parameters(p, seen + straight), where=[centred]),
            "Gauss-Newton alone": Identity(scalar_covariance, 2 * strength * M * newton, where=[scalar_centred]),
            "residuals that are not centred": Identity(
                scalar_covariance, 2 * strength * (M * newton + downhill * downhill.T)
            ),
            "no drift, residuals not centred": Vanishing([mean]),
            "a shuffled batch is n independent pairs": Identity(batch_covariance, 2 * strength / n * of_batch),
            "gone where the mean residual is": Vanishing([covariance], where=[centred]),
        },
        meanings={
            A: "the Jacobians of the predictions by the parameters, W J_i",
            G: "the gradients of the predictions by the parameters, a row each",
            e: "the residuals, for a scalar target",
            P: "a random permutation matrix, P_ij = 1 if i is mixed with j",
        },
    )


if __name__ == "__main__":
    prove(__file__)
