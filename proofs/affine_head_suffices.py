"""A linear head is not needed: weights that sum to one carry a bias along, and no others do."""

from symmix import Derivation, Fails, Identity, Theorem, head, mix, prove, theorem
from symmix.notation import W, b, e, ep, lam, mu, y, yp, z, zp
from symmix.objectives import PAIR_NUMBERS

weighted = lam * y + mu * yp - head(lam * z + mu * zp)
mixed = lam * e + mu * ep


@theorem(
    title="An affine head suffices",
    quotes=r"after assuming that \(y \in \mathbb{R}\) and \(G\) is a linear function",
    source=("cho2022degeneracy", "guo2019augmenting"),
    idea="Expand and collect the bias.",
)
def affine_head_suffices() -> Theorem:
    """For any two weights the residual of the mixture exceeds that of the residuals by a share of b: (lam + mu - 1) b.

    With lam + mu = 1 that is zero for every bias, so what the post states for a linear head holds for an affine
    one. With other weights it holds for b = 0 only.
    """
    return Theorem(
        definitions={e: y - head(z), ep: yp - head(zp)},
        numbers=PAIR_NUMBERS,
        claim={
            "any two weights": Identity(weighted, mixed + (lam + mu - 1) * b),
            "weights that sum to one": Identity(mix(y, yp) - head(mix(z, zp)), mix(e, ep)),
            "no bias": Identity(weighted, mixed, where=[b]),
            "other weights do not do": Fails(Identity(weighted, mixed)),
        },
        proof=Derivation(weighted)
        .equals(lam * (y - W * z) + mu * (yp - W * zp) - b, by="W is linear")
        .equals(lam * (e + b) + mu * (ep + b) - b, by="y - W z = e + b, y' - W z' = e' + b")
        .equals(mixed + (lam + mu - 1) * b, by="collect b"),
        near_misses={
            "any two weights": Identity(weighted, mixed),
            "the bias with the other sign": Identity(weighted, mixed - (lam + mu - 1) * b),
            "the bias once for each point": Identity(weighted, mixed + (lam + mu) * b),
        },
        meanings={mu: "a second weight, not tied to the first"},
    )


if __name__ == "__main__":
    prove(__file__)
