"""Mixing at a random layer, the input among them, is not degenerate: at the fit every layer's gap is left."""

import sympy as sp

from symmix import Equivalence, Identity, Theorem, Vanishing, mix, prove, squared_norm, theorem
from symmix.language import Gradient
from symmix.notation import W, b, e, ep, h, k, lam, y, yp, z, zp
from symmix.objectives import PAIR_NUMBERS

q = sp.Symbol("q", integer=True, positive=True)  # layers at which to mix, the input among them, besides the last
H, D = sp.MatrixSymbol("H", q, h), sp.MatrixSymbol("D", q, h)
N, T = sp.MatrixSymbol("N", q, q), sp.MatrixSymbol("T", q, q)
R = sp.MatrixSymbol("R", q, k)
ones = sp.OneMatrix(q, 1)
add_up = [T * N - sp.Identity(q), N * T - sp.Identity(q)]
last = mix(e, ep)  # the residual where the last layer is mixed
loss = (sp.Trace(R.T * R) + squared_norm(last)) / (2 * (q + 1))
fit = [e, ep]

# two layers below the head: features where the input is mixed, and where the layer between is
h0, h1 = sp.MatrixSymbol("h0", h, 1), sp.MatrixSymbol("h1", h, 1)
own, between = sp.MatrixSymbol("a", h, 1), sp.MatrixSymbol("c", h, 1)


@theorem(
    title="Mixing at a random layer is not degenerate",
    quotes="there are quite a bit of details, such as randomly selecting the layer at which mixup is done, etc.",
    source=("cho2022degeneracy", "verma2018manifold"),
    idea="Telescope: the residuals of two successive layers differ by the gap between them.",
)
def random_layer_mixup_is_not_degenerate() -> Theorem:
    """At the fit, mixing at a random layer has zero loss if and only if the head sees no layer's gap: W d_j = 0.

    The rows of H are the features at the head when layer l = 0, ..., q - 1 is mixed, the input being layer 0, and the
    last layer's are lam z + (1-lam) z'. d_j is the difference of two successive ones: what the layers from j on make
    of mixing in front of layer j instead of behind it. N takes the differences of successive rows and T adds them up;
    all that is used is that they are inverse. So mixing at layer l leaves lam e + (1-lam) e' plus W times the sum of
    all d_j with j > l, and at the fit the average over the layers is zero only where every gap is unseen, and only
    there is it stationary in the features. The set of layers has to contain the input, or the gaps in front of the
    first mixed layer are free; Verma et al. draw from such a set, so their method does not have the degeneracy of the
    post's simplification. d_j is not the layer's own gap carried on by the slope of later layers, unless these are
    affine.
    """
    return Theorem(
        definitions={
            e: y - W * z - b,
            ep: yp - W * zp - b,
            D: N * (ones * mix(z, zp).T - H),
            R: ones * (mix(y, yp) - b).T - H * W.T,
        },
        numbers={
            **PAIR_NUMBERS,
            D: "symmix.numeric.post:layer_gaps",
            R: "symmix.numeric.post:layer_residuals",
        },
        claim={
            "all residuals": Identity(R, ones * last.T + T * D * W.T, where=add_up),
            "the loss is zero": Equivalence([loss], [R], where=fit),
            "if and only if no gap is seen": Equivalence(
                [R], [D * W.T], forth=lambda gaps: [T * gaps], back=lambda left: [N * left], where=[*add_up, *fit]
            ),
            "the gradient": Identity(Gradient(loss, H), -R * W / (q + 1)),
            "stationary if and only if no gap is seen": Equivalence([R * W], [D * W.T], where=[*add_up, *fit]),
        },
        point={  # everything is fitted, every gap unseen: the loss is zero
            q: 2,
            h: 2,
            k: 1,
            lam: sp.Rational(1, 3),
            y: [[3]],
            yp: [[-3]],
            b: [[1]],
            W: [[1, 1]],
            z: [[2], [0]],
            zp: [[-1], [-3]],
            H: [[-2, 0], [0, -2]],
            N: [[1, 0], [1, 1]],
            T: [[1, 0], [-1, 1]],
        },
        near_misses={
            "a gap with the other sign": Identity(R, ones * last.T - T * D * W.T, where=add_up),
            "degenerate": Vanishing([loss], where=[*add_up, *fit]),
            "the set without the input": Vanishing([W * (h1 - h0)], where=[*fit, mix(y, yp) - b - W * h1]),
            "no gap, seen or unseen": Equivalence([R], [D], where=[*add_up, *fit]),
            "the sum of the layers' own gaps": Identity(
                sp.HadamardProduct(own, own) - sp.HadamardProduct(between, between),
                2 * sp.HadamardProduct(between, own - between),
            ),
        },
        meanings={
            q: "how many layers may be mixed besides the last",
            H: "the features at the head, a row for each layer that is mixed",
            D: "the layers' gaps d_j, a row each",
            N: "takes differences of successive rows",
            T: "adds them up",
            R: "the mixed residuals, a row for each layer",
            h0: "the features at the head when the input is mixed",
            h1: "those when the layer between is mixed",
            own: "an entry of a hidden layer, mixed",
            between: "the same entry when the input is mixed",
        },
    )


if __name__ == "__main__":
    prove(__file__)
