"""Mixing each sample with one of the other class resamples the classes: at a mean ratio of 1/2 they weigh the same."""

import sympy as sp

from symmix import Derivation, Equivalence, Identity, Theorem, inner, prove, theorem
from symmix.datasets import ONES
from symmix.notation import P, m, n

first, second, third = sp.symbols("n1 n2 n3", positive=True)
f, g, w = (sp.MatrixSymbol(name, n, 1) for name in "fgw")  # f and g mark the samples of the two classes
two_classes = [sp.HadamardProduct(f, g), inner(ONES, f) - first]
by_class = inner(f, w), inner(g, w)
balanced = n / (2 * first) * f + n / (2 * second) * g


def one_of_three(own: sp.Expr, *others: sp.Expr) -> sp.Expr:
    """Return the total weight of one of three classes at m = 1/2: the others share their partners between two."""
    return own / 2 * (1 + others[0] / (own + others[1]) + others[1] / (own + others[0]))


@theorem(
    title="Mixing across classes is resampling",
    answers="Selective mixup pairs samples with those of the other class: what does the pairing do by itself?",
    source=("teney2023selective", "zhang2017mixup"),
    idea="A sample enters as itself with weight E lam, and as a partner with weight 1 - E lam: count the partners.",
)
def selective_mixup_resamples() -> Theorem:
    """Pairing each sample with the other class gives two classes the same weight if E lam = 1/2, whatever their sizes.

    The totals are m n1 + (1-m) n2 and m n2 + (1-m) n1, m = E lam: they are equal at m = 1/2, and where the classes
    differ in size, only then. At m = 1/2 every sample weighs n/(2 n1) or n/(2 n2), which is what training with
    balanced class weights takes, and takes no mixing. P draws the partner uniformly from the other class, and w_i = m
    + (1-m) sum_j P_ji is what a pairing lets a sample count (mixing_graph_removes_dirichlet_energy). That a sample is
    of one class only is needed for each of the claims; that there are two classes, too: with three, the partners are
    shared between the other two, and the totals are no longer equal.
    """
    return Theorem(
        definitions={
            g: ONES - f,
            second: n - first,
            P: f * g.T / second + g * f.T / first,
            w: m * ONES + (1 - m) * P.T * ONES,
        },
        numbers={
            g: lambda f: 1 - f,
            second: lambda n, n1: n - n1,
            P: "symmix.numeric.samples:partners",
            w: "symmix.numeric.samples:resampled_weights",
        },
        claim={
            "everybody has a partner": Identity(P * ONES, ONES, where=two_classes),
            "the first class": Identity(by_class[0], m * first + (1 - m) * second, where=two_classes),
            "the second class": Identity(by_class[1], m * second + (1 - m) * first, where=two_classes),
            "their difference": Identity(by_class[0] - by_class[1], (2 * m - 1) * (first - second), where=two_classes),
            "equal if and only if": Equivalence(
                [(2 * m - 1) * (first - second)], [2 * m - 1], provided=[first - second]
            ),
            "balanced weights": Identity(w, balanced, where=[*two_classes, 2 * m - 1]),
        },
        proof=Derivation(w)
        .equals(
            m * ONES + (1 - m) * (second / first * f + first / second * g),
            by="there are n2 samples to share n1 partners, and the other way round",
            where=two_classes,
        )
        .equals(balanced, by="m = 1/2, and f + g = 1", where=[2 * m - 1]),
        near_misses={
            "whatever the ratio": Identity(m * first + (1 - m) * second, m * second + (1 - m) * first),
            "equal only at 1/2, also for classes of one size": Equivalence(
                [(2 * m - 1) * (first - second)], [2 * m - 1]
            ),
            "three classes": Identity(one_of_three(first, second, third), one_of_three(second, first, third)),
            "samples of both classes": Identity(*by_class, where=[two_classes[1], 2 * m - 1]),
        },
        meanings={
            f: "one for the samples of the first class, zero for the others",
            g: "one for the samples of the second class, zero for the others",
            first: "the size of the first class",
            second: "the size of the second class",
            third: "the size of a third class",
            w: "what a sample counts",
        },
    )


if __name__ == "__main__":
    prove(__file__)
