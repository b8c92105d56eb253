"""Mixup makes the minimum of cross-entropy finite: no direction of the logits is free but at ratios 0, 1/2, 1."""

import sympy as sp
from sympy.matrices.expressions.diagonal import DiagMatrix

from symmix import (
    Equivalence,
    Identity,
    Lemma,
    Nonnegative,
    Theorem,
    Vanishing,
    inner,
    prove,
    squared_norm,
    theorem,
)
from symmix.language import expectation
from symmix.notation import lam

K = sp.Symbol("K", integer=True, positive=True)  # classes
v, rho, sigma = (sp.MatrixSymbol(name, K, 1) for name in ("v", "rho", "sigma"))
top, mu, f, g = sp.symbols("top mu f g", real=True)
ones = sp.OneMatrix(K, 1)

# a mixture whose logits move along v: its target is rho^2, and the largest of the v_k is top, v_k = top - sigma_k^2
target = DiagMatrix(rho) * rho
slope = top - inner(target, v)
largest = v - top * ones + DiagMatrix(sigma) * sigma
on_the_simplex = squared_norm(rho) - 1

# classes A and B, and mixtures in which they are level: f = d_i[A] - d_i[B], g = d_j[B] - d_j[A]
level = lam * f - (1 - lam) * g
level_swapped = lam * g - (1 - lam) * f

# all logits of a class move towards it: the larger ratio is mu, and so is the largest v_k
towards = mu - (mu**2 + (1 - mu) ** 2)
uniform = {1: sp.Rational(3, 4), 2: sp.Rational(7, 12)}


@theorem(
    title="Mixup makes the minimum of cross-entropy finite",
    quotes="this leaves us with a BIG mystery: why does manifold mixup work well?",
    source=("cho2022degeneracy", "zhang2017mixup", "verma2018manifold"),
    idea="Far away cross-entropy grows by the largest logit less the target's mean one: ask where that is zero.",
)
def mixup_cross_entropy_minimiser_is_finite() -> Theorem:
    """Under mixup cross-entropy has a minimiser if and only if the ratio may be something else than 0, 1/2 and 1.

    Along a direction of the logits of all samples the loss of a mixture grows, far away, by the largest entry of v
    less the mean of v under the target, where v = lam d_i + (1-lam) d_j is how the mixture moves. That is never
    negative, and zero only where every class with mass attains the maximum. If that is so for both orders of each
    pair, a sample's two logits are level unless lam = 1/2: so d is constant, and nothing is left that does not grow.
    Conversely, at the ratios 0, 1/2 and 1 moving all logits towards their class costs nothing and gains: ERM has no
    minimiser, midpoint mixing has none, and mixing with any probability above zero has one. For the uniform ratio the
    price of that direction is 1/12 for a pair of two classes. Needed: every class occurs, both orders of each pair
    have weight, and the logits are free but for a constant, as with free features of K - 1 dimensions or more. What
    the machine decides are the slopes and the systems of equations; the lemmas take it from there.
    """
    return Theorem(
        conditions=[lam > 0, lam < 1],
        lemmas=[
            Lemma(
                "log_sum_exp_grows_like_the_maximum",
                "log-sum-exp of t v + b, divided by t, tends to the largest entry of v as t grows",
                "it lies between t max v + min b and t max v + max b + log K",
            ),
            Lemma(
                "existence_by_recession",
                "a convex function on R^N has a minimiser if every direction along which it does not grow is one along"
                " which it is constant; it has none if along some direction it falls for ever",
                "Rockafellar, Convex Analysis, Theorem 27.1",
            ),
        ],
        claim={
            "no direction goes down": Nonnegative(slope, where=[largest, on_the_simplex]),
            "one is flat only where": Equivalence([slope], [DiagMatrix(rho) * sigma], where=[largest, on_the_simplex]),
            "classes with mass attain the maximum": Identity(
                DiagMatrix(target) * v, top * target, where=[largest, DiagMatrix(rho) * sigma]
            ),
            "both orders": Vanishing([(2 * lam - 1) * f, (2 * lam - 1) * g], where=[level, level_swapped]),
            "no direction is flat": Equivalence([level, level_swapped], [f, g], provided=[2 * lam - 1]),
            "towards the classes": Identity(towards, (2 * mu - 1) * (1 - mu)),
            "for the uniform ratio": Identity(expectation(towards, mu, uniform), sp.Rational(1, 12)),
        },
        near_misses={
            "midpoint mixing": Equivalence([level, level_swapped], [f, g]),
            "one order of each pair": Equivalence([level], [f, g], provided=[2 * lam - 1]),
            "ERM": Vanishing([v - top * ones], where=[largest, DiagMatrix(rho) * sigma, on_the_simplex]),
            "another logit than the largest": Nonnegative(slope, where=[on_the_simplex]),
            "the price is 1/6": Identity(expectation(towards, mu, uniform), sp.Rational(1, 6)),
        },
        meanings={
            K: "the number of classes",
            v: "how the logits of a mixture move, lam d_i + (1-lam) d_j",
            top: "the largest entry of v",
            rho: "the square roots of the mixed target's entries",
            sigma: "the square roots of what the entries of v are smaller than the largest by",
            f: "by how much a sample of class A moves towards A rather than B",
            g: "by how much a sample of class B moves towards B rather than A",
            mu: "the larger of lam and 1 - lam",
        },
    )


if __name__ == "__main__":
    prove(__file__)
