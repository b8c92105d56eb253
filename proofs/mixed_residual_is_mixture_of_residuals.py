"""With an affine head, the residual of the mixture is the mixture of the residuals."""

import sympy as sp

from symmix import Derivation, Identity, Theorem, head, mix, prove, theorem
from symmix.notation import W, b, e, ep, lam, r, y, yp, z, zp
from symmix.objectives import PAIR_NUMBERS

mu = sp.Symbol("mu", real=True)  # a second weight, not tied to the first


@theorem(
    title="The residual of the mixture is the mixture of the residuals",
    quotes="because $G$ is linear",
    source="cho2022degeneracy",
    idea="The weights sum to one, so the bias splits; expand and collect.",
)
def mixed_residual_is_mixture_of_residuals() -> Theorem:
    """With an affine head, the residual of a mixed pair is the mixture of the two residuals: r = lam e + (1-lam) e'.

    For all sizes k, h >= 1, all y, y', z, z', W, b and all real lam: at lam = 0 and 1 it is one of the residuals, at
    1/2 their mean. The bias needs no special care, because the weights sum to one.
    """
    return Theorem(
        definitions={
            r: mix(y, yp) - head(mix(z, zp)),
            e: y - head(z),
            ep: yp - head(zp),
        },
        numbers={r: "symmix.numeric.post:mixed_residual", **PAIR_NUMBERS},
        claim=Identity(r, mix(e, ep)),
        proof=Derivation(r)
        .equals(mix(y, yp) - W * mix(z, zp) - b, by="definition of r, G(z) = W z + b")
        .equals(mix(y, yp) - mix(W * z, W * zp) - mix(b, b), by="W is linear, and b = lam b + (1 - lam) b")
        .equals(mix(y - head(z), yp - head(zp)), by="collect lam and 1 - lam")
        .equals(mix(e, ep), by="definition of e and e'"),
        near_misses={
            "e and e' swapped": Identity(r, mix(ep, e)),
            "weights that do not sum to one, with a bias": Identity(
                lam * y + mu * yp - head(lam * z + mu * zp), lam * e + mu * ep
            ),
            "the sign of a residual": Identity(r, lam * e - (1 - lam) * ep),
            "lam on both sides": Identity(r, lam * (e + ep)),
        },
    )


if __name__ == "__main__":
    prove(__file__)
