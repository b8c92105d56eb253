"""Under softmax cross-entropy a fitted pair does not stop the features: the degeneracy is one of the squared loss."""

import sympy as sp

from symmix import Equivalence, Fails, Identity, Lemma, Theorem, Vanishing, mix, prove, theorem
from symmix.language import Gradient, quotient
from symmix.notation import W, k, lam, s, t, y, yp, z

u = sp.MatrixSymbol("u~", k, 1)  # logits of the mixed features, W (lam z + (1 - lam) z') + b
q = sp.MatrixSymbol("q", k, 1)  # softmax(u~)
lse = sp.MatrixSymbol("lse", 1, 1)  # log sum exp of u~
loss = sp.MatrixSymbol("l", 1, 1)
cross_entropy = lse - mix(y, yp).T * u  # targets sum to one
dz = Gradient(loss, z, {u: lam * W, lse: lam * q.T * W})


# two classes and lam = 1/2: with odds s^2 and t^2 the mixed logits have the odds s t
def left_over(s: sp.Expr, t: sp.Expr) -> sp.Expr:
    """Return the first entry of y~ - softmax(u~)."""
    return (quotient(s**2, 1 + s**2) + quotient(t**2, 1 + t**2)) / 2 - quotient(s * t, 1 + s * t)


residual = left_over(s, t)


@theorem(
    title="Softmax: a fitted pair still moves",
    quotes="since then, various authors have claimed that it works well (see, e.g., sentMixup as well as TMix).",
    source=("cho2022degeneracy", "guo2019augmenting", "chen2020mixtext"),
    idea="Chain rule, log-sum-exp having the gradient softmax; then a common denominator.",
)
def softmax_fit_is_not_stationary() -> Theorem:
    """The feature gradient of softmax cross-entropy need not vanish at a soft fit: it is lam W^T (softmax(u~) - y~).

    A soft fit is y = softmax(u), y' = softmax(u'). For two classes with odds s^2 and t^2, mixed at lam = 1/2,
    what is left of y~ - softmax(u~) is (s-t)^2 (1-s t) / (2 (1+s^2) (1+t^2) (1+s t)): zero only where both points
    have the same or reciprocal odds. At u = (ln 4, 0), u' = (0, 0) it is 13/20 - 2/3 = -1/60. TMix has a
    nonlinear head besides.
    """
    return Theorem(
        definitions={loss: cross_entropy},
        numbers={
            loss: lambda lam, lse, y, y_prime, u_tilde: (
                lse - lam * (y * u_tilde).sum(-1) - (1 - lam) * (y_prime * u_tilde).sum(-1)
            )
        },
        conditions=[s > 0, t > 0],
        lemmas=[
            Lemma(
                "softmax_is_the_gradient_of_log_sum_exp",
                "the gradient of log-sum-exp at u~ is q = softmax(u~)",
                "differentiate the logarithm of the sum of exp(u_i)",
            ),
            Lemma(
                "odds",
                "two logits that differ by ln s^2 have the softmax (s^2/(1+s^2), 1/(1+s^2)); mixing logits at 1/2 takes"
                " the root of the product of the odds",
                "exp(u + u') = exp(u) exp(u')",
            ),
        ],
        claim={
            "the gradient": Identity(dz, lam * W.T * (q - mix(y, yp))),
            "exactly when": Equivalence([dz], [W.T * (q - mix(y, yp))], provided=[lam]),
            "two classes at a soft fit": Identity(
                residual, (s - t) ** 2 * (1 - s * t) / (2 * (1 + s**2) * (1 + t**2) * (1 + s * t))
            ),
            "at u = (ln 4, 0), u' = (0, 0)": Identity(left_over(sp.Integer(2), sp.Integer(1)), sp.Rational(-1, 60)),
            "it does not vanish": Fails(Vanishing([residual])),
        },
        near_misses={
            "it vanishes at a soft fit": Vanishing([residual]),
            "the sign": Identity(dz, lam * W.T * (mix(y, yp) - q)),
            "1 - lam for lam": Identity(dz, (1 - lam) * W.T * (q - mix(y, yp))),
        },
        meanings={
            u: "the logits of the mixed features, W (lam z + (1-lam) z') + b",
            q: "softmax(u~)",
            lse: "log-sum-exp of u~, whose gradient is q",
            loss: "the cross-entropy, for targets that sum to one",
            s: "root of the odds of the first point",
            t: "root of the odds of the second point",
        },
    )


if __name__ == "__main__":
    prove(__file__)
