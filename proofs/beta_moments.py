"""How strongly a Beta-distributed ratio mixes: its second moments, and the ratio of cross to own terms."""

import sympy as sp

from symmix import Derivation, Identity, Lemma, Positivity, Theorem, prove, theorem
from symmix.language import expectation
from symmix.moments import beta_moments as moments
from symmix.notation import a, c, lam

q = sp.Symbol("q", real=True)  # the second parameter of Beta(a, q)
symmetric = moments(a, a, 2)
general = moments(a, q, 2)


def mean(scalar: sp.Expr, of: dict[int, sp.Expr]) -> sp.Basic:
    """Return the expectation over the ratio."""
    return expectation(scalar, lam, of)


own, cross = mean(lam**2, symmetric), mean(lam * (1 - lam), symmetric)


@theorem(
    title="How strongly a Beta ratio mixes",
    quotes=r"\(\alpha \in [0, 1]\) is a mixing ratio",
    answers="How strong are the cross terms for a ratio from Beta(a, a), from which both papers draw it?",
    source=("cho2022degeneracy", "zhang2017mixup", "verma2018manifold"),
    idea="Insert the moments; common denominator.",
)
def beta_moments() -> Theorem:
    """A ratio from Beta(a, a) mixes with a strength below 1/2, cross terms weighing less than own ones: c = a/(2a+1).

    The own terms weigh E lam^2 = (a+1)/(2(2a+1)), the cross terms E lam(1-lam) = a/(2(2a+1)). So c grows from 0 at
    a = 0 (no mixing: the ratio is 0 or 1) towards 1/2 (always half and half); the usual a = 1 gives c = 1/3, and
    cross terms half as strong as own ones. For Beta(a, q) the mean is a/(a+q), and E lam (1-lam) = a q /
    ((a+q)(a+q+1)).
    """
    return Theorem(
        definitions={c: a / (2 * a + 1)},
        numbers={c: lambda a: a / (2 * a + 1)},
        conditions=[a > 0, q > 0],
        lemmas=[
            Lemma(
                "beta_moments_by_recursion",
                "E lam^(d+1) = E lam^d (a + d)/(a + q + d) for Beta(a, q)",
                "B(a + 1, q) = B(a, q) a/(a + q), from the recursion of the Gamma function",
            )
        ],
        claim={
            "the partner's own": Identity(mean((1 - lam) ** 2, symmetric), (a + 1) / (2 * (2 * a + 1))),
            "cross": Identity(cross, a / (2 * (2 * a + 1))),
            "strength": Identity(2 * cross, c),
            "cross to own": Identity(cross * (a + 1), own * a),
            "Beta(a, q): the partner's share": Identity(mean(1 - lam, general), q / (a + q)),
            "Beta(a, q): cross": Identity(mean(lam * (1 - lam), general), a * q / ((a + q) * (a + q + 1))),
            "some mixing": Positivity(c, {a: (0, sp.oo)}),
            "never more than half": Positivity(sp.Rational(1, 2) - c, {a: (0, sp.oo)}),
            "the ratio varies": Positivity(
                mean(lam**2, general) - mean(lam, general) ** 2, {a: (0, sp.oo), q: (0, sp.oo)}
            ),
        },
        proof=Derivation(2 * cross)
        .equals(2 * (mean(lam, symmetric) - own), by="expectations are linear")
        .equals(2 * (sp.Rational(1, 2) - (a + 1) / (2 * (2 * a + 1))), by="beta_moments_by_recursion")
        .equals(c, by="common denominator"),
        near_misses={
            "c = a/(a+1)": Identity(2 * cross, a / (a + 1)),
            "E lam^2 = 1/4": Identity(own, sp.Rational(1, 4)),
            "never more than a third": Positivity(sp.Rational(1, 3) - c, {a: (0, sp.oo)}),
        },
        meanings={
            a: "the first parameter of the Beta distribution",
            q: "the second parameter of the Beta distribution",
        },
    )


if __name__ == "__main__":
    prove(__file__)
