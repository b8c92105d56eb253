"""Asking codes to move linearly in time leaves a gradient at the fit: until they do."""

import sympy as sp

from symmix import Derivation, Equivalence, Identity, Theorem, Vanishing, head, mix, prove, squared_norm, theorem
from symmix.language import Gradient
from symmix.notation import W, e, ep, h, lam, y, yp, z, zp
from symmix.objectives import PAIR_NUMBERS

after = sp.MatrixSymbol("z_+", h, 1)  # z, z' and this one are codes of three consecutive frames
second = after - 2 * zp + z
loss = squared_norm(mix(y, yp) - head(mix(z, zp))) / 2 + squared_norm(second) / 2
gradients = [Gradient(loss, symbol) for symbol in (z, zp, after)]


@theorem(
    title="Linearity in time goes on asking at the fit",
    quotes="explicitly making representation linear using some auxiliary information such as time",
    source=("cho2022degeneracy", "goroshin2015linearize"),
    idea="Chain rule; each term of the regression gradient contains e or e'.",
)
def temporal_linearization_gradient_at_fit() -> Theorem:
    """Asking codes to be linear in time leaves a gradient where both points are fitted: a multiple of z_+ - 2 z' + z.

    For 1/2 |z_+ - 2 z' + z|^2 it is (1, -2, 1) times the second difference. It vanishes if and only if the three
    codes lie equally spaced on a line. A pair of the three is mixed and fitted; the remedy keeps asking the
    representation to be linear in time where manifold mixup has stopped.
    """
    return Theorem(
        definitions={e: y - head(z), ep: yp - head(zp)},
        numbers=PAIR_NUMBERS,
        claim={
            "first": Identity(gradients[0], second, where=[e, ep]),
            "middle": Identity(gradients[1], -2 * second, where=[e, ep]),
            "last": Identity(gradients[2], second, where=[e, ep]),
            "if and only if": Equivalence(
                gradients, [second], back=lambda _first, _middle, last: [last], where=[e, ep]
            ),
        },
        proof=Derivation(gradients[1])
        .equals(-(1 - lam) * W.T * mix(e, ep) - 2 * second, by="partner_error_moves_the_feature, and chain rule")
        .equals(-2 * second, by="both points are fitted", where=[e, ep]),
        near_misses={
            "nothing is left at the fit": Vanishing(gradients, where=[e, ep]),
            "the middle code by 2": Identity(gradients[1], 2 * second, where=[e, ep]),
            "until the codes are equal": Equivalence(gradients, [after - zp, zp - z], where=[e, ep]),
        },
        meanings={
            z: "the code of the first of three frames",
            zp: "the code of the second",
            after: "the code of the third",
        },
    )


if __name__ == "__main__":
    prove(__file__)
