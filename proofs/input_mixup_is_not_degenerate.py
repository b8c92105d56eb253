"""A fitted pair does not stop input mixup: its gradient vanishes only where the head cannot see the gap."""

import sympy as sp

from symmix import Equivalence, Fails, Theorem, Vanishing, input_mixup, mix, prove, squared_norm, theorem
from symmix.language import Gradient
from symmix.notation import W, e, ep, gap, h, y, yp, z, zm, zp

mixup = input_mixup()
dzm = mixup.gradient(zm)

# an encoder that is as simple as a nonlinear one can be: F(x) = theta o x o x, entry by entry
x, xp, scale = (sp.MatrixSymbol(name, h, 1) for name in ("x", "x'", "q"))


def F(inputs: sp.MatrixExpr) -> sp.MatrixExpr:
    """Return the squares of the inputs, weighted."""
    return sp.HadamardProduct(scale, inputs, inputs)


f, fp = y - W * F(x), yp - W * F(xp)
through_squares = Gradient(-squared_norm(mix(y, yp) - W * F(mix(x, xp))) / 2, scale)


@theorem(
    title="Input mixup does not stop at the fit",
    quotes="this is unlike the original mixup (or input mixup)",
    source=("cho2022degeneracy", "zhang2017mixup"),
    idea="Chain rule; at the fit the gap alone is left (input_mixup_adds_the_interpolation_gap), and"
    " gap^T W^T W gap = |W gap|^2.",
)
def input_mixup_is_not_degenerate() -> Theorem:
    """On a fitted pair, input mixup stops only where the head cannot see the encoder's gap: W gap = 0.

    And it is not zero in general: for the encoder F(x) = q o x o x (entry by entry) the witness is a fitted pair with
    exact numbers at which the gradient by the encoder's parameters q does not vanish.
    """
    return Theorem(
        definitions={**mixup.definitions, gap: mix(z, zp) - zm},
        numbers={**mixup.numbers, gap: "symmix.numeric.post:interpolation_gap"},
        claim={
            "exactly when": Equivalence([dzm], [W * gap], back=lambda gradient: [gap.T * gradient], where=[e, ep]),
            "a fitted pair that moves": Fails(Vanishing([through_squares], where=[f, fp])),
        },
        near_misses={
            "it vanishes at the fit": Vanishing([dzm], where=[e, ep]),
            "it vanishes at the fit, for the encoder of squares": Vanishing([through_squares], where=[f, fp]),
            "only if the features interpolate": Equivalence([dzm], [gap], where=[e, ep]),
        },
        meanings={
            x: "an input",
            xp: "another input",
            scale: "the parameters of the encoder F(x) = q o x o x, entry by entry",
        },
    )


if __name__ == "__main__":
    prove(__file__)
