"""Mixing K features gives K^2 gradient terms, K own and K(K-1) cross, and the same picture on average."""

import sympy as sp
from sympy.tensor.array.expressions import ArraySymbol

from symmix import Derivation, Identity, Lemma, Theorem, prove, squared_norm, theorem
from symmix.datasets import SUMMARY, in_numbers
from symmix.language import Entries, Gradient, expectation
from symmix.moments import dirichlet_second_moments
from symmix.notation import E, W, a, b, ebar, h, i, j, k, n, p, theta, variance

K = sp.Symbol("K", integer=True, positive=True)
f, g = sp.symbols("f g", integer=True)
weights = sp.MatrixSymbol("q", K, 1)
ones = sp.OneMatrix(K, 1)
convex = weights.T * ones - sp.OneMatrix(1, 1)

# one mixture: K targets and features, a row each
Y, Z, R = (sp.MatrixSymbol(name, K, size) for name, size in (("Y", k), ("Z", h), ("R", k)))
J = ArraySymbol("J", (K, h, p))
mixed = Y.T * weights - W * Z.T * weights - b
dL = Gradient(-squared_norm(mixed) / 2, theta, {Z: J})
component, unit, target = sp.symbols("c_ u_ t_", integer=True)


def term(error: sp.Symbol, through: sp.Symbol) -> sp.Expr:
    """Return one of the K^2 terms: the error of one sample carried back through another."""
    carried = sp.Sum(
        J[through, unit, component] * W[target, unit] * R[error, target], (unit, 0, h - 1), (target, 0, k - 1)
    )
    return weights[through, 0] * weights[error, 0] * carried


def column(entry: sp.Expr) -> sp.MatrixExpr:
    """Return the column (p x 1) with the given component."""
    return Entries(p, 1, sp.Lambda((component, sp.Dummy()), entry))


all_terms = column(sp.Sum(term(i, j), (i, 0, K - 1), (j, 0, K - 1)))
own = column(sp.Sum(term(i, i), (i, 0, K - 1)))
cross = column(sp.Sum((1 - sp.KroneckerDelta(i, j)) * term(i, j), (i, 0, K - 1), (j, 0, K - 1)))

# on average: K samples drawn independently from n, weights from a symmetric Dirichlet distribution
same = sp.KroneckerDelta
drawn = sp.MatrixSymbol("D", K, n)  # D[s,i] = 1 if the s-th of the K is sample i
draws = {
    1: sp.Lambda((f, i), 1 / n),
    2: sp.Lambda((f, i, g, j), same(f, g) * same(i, j) / n + (1 - same(f, g)) / n**2),
}
square, product = dirichlet_second_moments(a, K)
dirichlet = {
    1: sp.Lambda((f,), 1 / K),
    2: sp.Lambda((f, g), sp.together(product + same(f, g) * sp.cancel(square - product))),
}
residual = E.T * drawn.T * weights
average = expectation(expectation(squared_norm(residual) / 2, drawn, draws), weights, dirichlet)
strength = (a + 1) / (K * a + 1)


@theorem(
    title="Mixing many features at once",
    quotes="similarly to my own work on interpolating the hidden representations of retrieved examples",
    source=("cho2022degeneracy", "zhao2018retrieval"),
    idea="The weights sum to one; expand and collect, then insert the moments.",
)
def many_way_mixing_has_square_terms() -> Theorem:
    """Mixing K features with convex weights gives K^2 gradient terms, K own and K(K-1) cross.

    The mixed residual is r = sum q_i e_i. With Dirichlet(a, ..., a) weights E |q|^2 = (a+1)/(K a+1), and over K
    independent draws from the data set the expected loss is (E|q|^2 V + |e-|^2) / 2: the variance is damped more
    the more features are mixed. K = 2 is manifold mixup, with 1 - c = (a+1)/(2a+1).
    """
    return Theorem(
        definitions={R: Y - Z * W.T - ones * b.T, **{key: SUMMARY[key] for key in (ebar, variance)}},
        numbers={R: "symmix.numeric.samples:residuals", **in_numbers([ebar, variance])},
        lemmas=[
            Lemma(
                "dirichlet_moments",
                "Dirichlet(a, ..., a) has E q[i] = 1/K and E q[i] q[j] = (a + [i = j]) / (K (K a + 1))",
                "recursion of the Gamma function",
            ),
            Lemma(
                "independent_draws",
                "E D[f,i] D[g,j] = [i = j]/n for f = g and 1/n^2 for f != g",
                "definition of drawing with replacement",
            ),
        ],
        claim={
            "the residual": Identity(mixed, R.T * weights, where=[convex]),
            "K^2 terms": Identity(dL, all_terms, where=[convex]),
            "K own and K(K-1) cross": Identity(dL, own + cross, where=[convex]),
            "the weights' squared norm": Identity(expectation(squared_norm(weights), weights, dirichlet), strength),
            "the average": Identity(average, (strength * variance + squared_norm(ebar)) / 2),
        },
        proof=Derivation(mixed)
        .equals(Y.T * weights - W * Z.T * weights - b * ones.T * weights, by="weights sum to one", where=[convex])
        .equals(R.T * weights, by="definition of the residuals"),
        near_misses={
            "weights that do not sum to one": Identity(mixed, R.T * weights),
            "own terms only": Identity(dL, own, where=[convex]),
            "E |q|^2 = 1/K": Identity(expectation(squared_norm(weights), weights, dirichlet), 1 / K),
            "the variance not damped": Identity(average, (variance + squared_norm(ebar)) / 2),
        },
        meanings={
            K: "how many are mixed",
            weights: "the weights of the mixture",
            Y: "the targets that are mixed, a row each",
            Z: "the features that are mixed, a row each",
            R: "the residuals of what is mixed, a row each",
            J: "the Jacobians of the features that are mixed",
            drawn: "the draws: D_si = 1 if the s-th of the K is sample i",
        },
    )


if __name__ == "__main__":
    prove(__file__)
