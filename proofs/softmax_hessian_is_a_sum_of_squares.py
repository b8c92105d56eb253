"""The Hessian of cross-entropy by the logits is a sum of squares of their differences, for every number of classes."""

import sympy as sp
from sympy.matrices.expressions.diagonal import DiagMatrix

from symmix import Equivalence, Identity, Lemma, Nonnegative, Theorem, inner, prove, theorem
from symmix.language import Gradient
from symmix.notation import i, j

K = sp.Symbol("K", integer=True, positive=True)  # classes
u, y, v = (sp.MatrixSymbol(name, K, 1) for name in ("u", "y", "v"))  # logits, target, a direction
s, rho, tau = (sp.MatrixSymbol(name, K, 1) for name in ("s", "rho", "tau"))  # softmax(u), its roots, their inverses
lse, loss = sp.MatrixSymbol("lse", 1, 1), sp.MatrixSymbol("l", 1, 1)
ones = sp.OneMatrix(K, 1)

hessian = DiagMatrix(s) - s * s.T
slope = Gradient(loss, u, {lse: s.T})
curved = Gradient(inner(slope, v), u, {s: hessian})
form = inner(v, hessian * v)
differences = sp.Sum(s[i, 0] * s[j, 0] * (v[i, 0] - v[j, 0]) ** 2, (i, 0, K - 1), (j, 0, K - 1)) / 2
apart = v - ones * s.T * v  # what differs between logits: zero if and only if v moves all of them alike

summed = inner(ones, s) - 1
rooted = s - DiagMatrix(rho) * rho
nowhere_zero = DiagMatrix(tau) * rho - ones
on_the_simplex = [summed, rooted]


@theorem(
    title="Cross-entropy curves where logits differ",
    answers="With softmax, mixed samples are fitted by a convex loss of the logits: is it strictly convex?",
    source=("guo2019augmenting", "zhang2017mixup"),
    idea="Spread over pairs of classes, the variance of v under s is half the mean squared difference.",
)
def softmax_hessian_is_a_sum_of_squares() -> Theorem:
    """For every number of classes v^T (diag s - s s^T) v is half the sum of s_i s_j (v_i - v_j)^2, s = softmax(u).

    diag s - s s^T is the Hessian of cross-entropy by the logits u, whatever the target, hard, soft or mixed. So the
    loss is convex in the logits, also averaged over pairs and ratios since mixed logits are linear in the logits of
    the samples, and it is flat only along directions that move all logits of a mixture alike: strictly convex but for
    a constant. That s sums to one is needed for the form, that no class has mass zero for strictness; softmax gives
    both. s is written as the square of rho, entry by entry, and tau is the inverse of rho: every positive s can be
    written so.
    """
    return Theorem(
        definitions={loss: lse - y.T * u},
        numbers={loss: lambda lse, y, u: lse - (y * u).sum(-1)},
        lemmas=[
            Lemma("softmax_is_the_gradient_of_log_sum_exp", "d lse / d u[i] = softmax(u)[i]", "definition of softmax"),
            Lemma(
                "softmax_jacobian",
                "d softmax(u)[i] / d u[j] = softmax(u)[i] ([i = j] - softmax(u)[j])",
                "quotient rule; the exponential function is its own derivative",
            ),
        ],
        claim={
            "the Hessian": Identity(curved, hessian * v),
            "the form": Identity(form, differences, where=[summed]),
            "convex": Nonnegative(form, where=on_the_simplex),
            "flat where": Equivalence([form], [DiagMatrix(rho) * apart], where=on_the_simplex),
            "flat only along constants": Equivalence(
                [DiagMatrix(rho) * apart],
                [apart],
                forth=lambda apart: [DiagMatrix(rho) * apart],
                back=lambda weighted: [DiagMatrix(tau) * weighted],
                where=[nowhere_zero],
            ),
        },
        near_misses={
            "strictly convex": Equivalence([form], [v], where=[*on_the_simplex, nowhere_zero]),
            "without the half": Identity(form, 2 * differences, where=[summed]),
            "s does not sum to one": Identity(form, differences),
            "convex, although s does not sum to one": Nonnegative(form, where=[rooted]),
            "convex, although s has entries of both signs": Nonnegative(form, where=[summed]),
            "flat only along constants, although a class has no mass": Equivalence(
                [DiagMatrix(rho) * apart], [apart], where=on_the_simplex
            ),
        },
        meanings={
            K: "the number of classes",
            u: "logits",
            y: "a target, hard or soft",
            v: "a direction in the logits",
            s: "softmax(u)",
            rho: "the square roots of the entries of s",
            tau: "the inverses of the entries of rho",
            lse: "log-sum-exp of u, whose gradient is s",
            loss: "the cross-entropy, for targets that sum to one",
        },
    )


if __name__ == "__main__":
    prove(__file__)
