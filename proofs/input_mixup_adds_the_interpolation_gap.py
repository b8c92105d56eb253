"""The residual of input mixup is the mixture of the residuals plus what the encoder fails to interpolate."""

from symmix import Derivation, Identity, Theorem, head, input_mixup, mix, prove, theorem
from symmix.notation import W, e, ep, gap, r, y, yp, z, zm, zp


@theorem(
    title="Input mixup adds the encoder's gap",
    quotes="this is unlike the original mixup (or input mixup) where the contribution of each of $x$ and $x'$ cannot"
    r" be separated throughout the entire network ($G \circ F$).",
    source=("cho2022degeneracy", "zhang2017mixup"),
    idea="Add and subtract what the head makes of the mixed features.",
)
def input_mixup_adds_the_interpolation_gap() -> Theorem:
    """With an affine head, the residual of input mixup has the encoder's gap besides: r = lam e + (1-lam) e' + W gap.

    For every encoder F: z~ = F(lam x + (1-lam) x') is not tied to z and z'. Where both points are fitted the
    residual is exactly W times the interpolation gap of F, which is what input mixup then works on and manifold
    mixup never sees. At lam = 0 and 1 the gap is zero.
    """
    definitions = {**input_mixup().definitions, gap: mix(z, zp) - zm}
    return Theorem(
        definitions=definitions,
        numbers={**input_mixup().numbers, gap: "symmix.numeric.post:interpolation_gap"},
        claim={
            "in general": Identity(r, mix(e, ep) + W * gap),
            "at the fit": Identity(r, W * gap, where=[e, ep]),
        },
        proof=Derivation(r)
        .equals(mix(y, yp) - head(zm), by="definition of r")
        .equals(mix(y - head(z), yp - head(zp)) + W * (mix(z, zp) - zm), by="add and subtract W (lam z + (1 - lam) z')")
        .equals(mix(e, ep) + W * gap, by="definition of e, e' and the gap"),
        near_misses={
            "the gap with the other sign": Identity(r, mix(e, ep) - W * gap),
            "no gap, as in manifold mixup": Identity(r, mix(e, ep)),
            "the fit makes the residual vanish": Identity(r, 0 * e, where=[e, ep]),
        },
    )


if __name__ == "__main__":
    prove(__file__)
