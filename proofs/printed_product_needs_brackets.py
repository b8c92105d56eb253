"""The post's combined line, read as printed, is not the gradient; with two pairs of brackets it is."""

import sympy as sp

from symmix import Derivation, Fails, Identity, Theorem, mix, prove, squared_norm, theorem
from symmix.language import Gradient
from symmix.notation import L, h, lam

# the post's case: a scalar target and a linear head; one parameter, or the printed line would add a scalar to a vector
y, yp = sp.MatrixSymbol("y", 1, 1), sp.MatrixSymbol("y'", 1, 1)
e, ep = sp.MatrixSymbol("e", 1, 1), sp.MatrixSymbol("e'", 1, 1)
z, zp = sp.MatrixSymbol("z", h, 1), sp.MatrixSymbol("z'", h, 1)
J, Jp = sp.MatrixSymbol("J", h, 1), sp.MatrixSymbol("J'", h, 1)
w, theta = sp.MatrixSymbol("w", 1, h), sp.MatrixSymbol("theta", 1, 1)

dL = Gradient(L, theta, {z: J, zp: Jp})
as_printed = lam * e + (1 - lam) * ep * lam * w * J + (1 - lam) * w * Jp
with_brackets = mix(e, ep) * mix(w * J, w * Jp)


@theorem(
    title="The printed product needs brackets",
    quotes="combining all these together",
    answers="Is the post's combined line, read as it is printed, the gradient?",
    source="cho2022degeneracy",
    idea="Chain rule; all factors are numbers.",
)
def printed_product_needs_brackets() -> Theorem:
    """The post's combined line without brackets is not the gradient; it is the product of two bracketed sums.

    For a scalar target (k = 1), a linear head w, all h, and one encoder parameter: with more of them the line as
    printed would add a scalar to a vector.
    """
    return Theorem(
        definitions={
            L: -squared_norm(mix(y, yp) - w * mix(z, zp)) / 2,
            e: y - w * z,
            ep: yp - w * zp,
        },
        numbers={
            L: lambda lam, y, y_prime, w, z, z_prime: (
                -((lam * y + (1 - lam) * y_prime - (w * (lam * z.T + (1 - lam) * z_prime.T).T).sum(-1)) ** 2) / 2
            ),
            e: lambda y, w, z: y - (w * z).sum(-1),
            ep: lambda y_prime, w, z_prime: y_prime - (w * z_prime).sum(-1),
        },
        claim={
            "as printed": Fails(Identity(dL, as_printed)),
            "with brackets": Identity(dL, with_brackets),
        },
        proof=Derivation(dL)
        .equals(mix(J, Jp).T * w.T * mix(e, ep), by="chain rule, and mixed_residual_is_mixture_of_residuals")
        .equals(with_brackets, by="these are numbers: transposes and order do not matter"),
        near_misses={
            "as printed": Identity(dL, as_printed),
            "brackets around the residuals only": Identity(dL, mix(e, ep) * lam * w * J + (1 - lam) * w * Jp),
            "brackets around the derivatives only": Identity(dL, lam * e + (1 - lam) * ep * mix(w * J, w * Jp)),
        },
        meanings={
            y: "the first point's target, a number",
            yp: "the second point's",
            z: "features of the first point",
            zp: "those of the second",
            e: "the residual of the first point, a number",
            ep: "that of the second",
            J: "the Jacobian of z, a column",
            Jp: "that of z'",
            w: "the head, a row",
            theta: "one parameter of the encoder",
        },
    )


if __name__ == "__main__":
    prove(__file__)
