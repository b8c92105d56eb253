"""The terms that a mixup gradient is proved to consist of, each by itself, on a batch.

For the squared loss, with e = y - W z - b at a sample and e' at its partner (theorem ``gradient_has_four_terms``), and
up to the sign and scale of the convention:

    dz    lam^2 W^T e,  lam (1-lam) W^T e'    at the sample,    lam (1-lam) W^T e,  (1-lam)^2 W^T e'    at its partner
    dW    lam^2 e z^T,  lam (1-lam) e z'^T,   lam (1-lam) e' z^T,   (1-lam)^2 e' z'^T
    db    lam e,  (1-lam) e'

For the cross-entropy with r = y~ - (sum y~) softmax(u~): lam W^T r and (1-lam) W^T r, lam r z^T and (1-lam) r z'^T, r.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from symmix.numeric.arrays import Array, contract
from symmix.numeric.gradients import residual, softmax
from symmix.testing.batches import StepBatch
from symmix.testing.conventions import Convention, paired

WEIGHTS: dict[str, Callable[[Array], Array]] = {
    "lam^2": lambda lam: lam * lam,
    "lam (1-lam)": lambda lam: lam * (1 - lam),
    "(1-lam)^2": lambda lam: (1 - lam) * (1 - lam),
    "lam": lambda lam: lam,
    "1-lam": lambda lam: 1 - lam,
    "1": np.ones_like,
}


@dataclass(frozen=True)
class Term:
    """One proved term: its name, its weight, what it weighs, and whose gradient it is.

    Attributes
    ----------
    name
        "own term", "cross term" and so on.
    weight
        A key of `WEIGHTS`.
    core
        What is weighted: a key of what `cores` returns.
    at_partner
        Whether it belongs to the partner's features.
    """

    name: str
    weight: str
    core: str
    at_partner: bool = False

    def __str__(self) -> str:
        weight = "" if self.weight == "1" else f"{self.weight} "
        return f"{self.name} {weight}{self.core}"


SQUARED: dict[str, tuple[Term, ...]] = {
    "z": (
        Term("own term", "lam^2", "W^T e"),
        Term("cross term", "lam (1-lam)", "W^T e'"),
        Term("partner's cross term", "lam (1-lam)", "W^T e", at_partner=True),
        Term("partner's own term", "(1-lam)^2", "W^T e'", at_partner=True),
    ),
    "W": (
        Term("own term", "lam^2", "e z^T"),
        Term("cross term", "lam (1-lam)", "e z'^T"),
        Term("cross term", "lam (1-lam)", "e' z^T"),
        Term("partner's own term", "(1-lam)^2", "e' z'^T"),
    ),
    "b": (Term("own term", "lam", "e"), Term("partner's term", "1-lam", "e'")),
}
ENTROPY: dict[str, tuple[Term, ...]] = {
    "z": (Term("own term", "lam", "W^T r"), Term("partner's term", "1-lam", "W^T r", at_partner=True)),
    "W": (Term("own term", "lam", "r z^T"), Term("partner's term", "1-lam", "r z'^T")),
    "b": (Term("only term", "1", "r"),),
}


def proved_terms(convention: Convention, variable: str) -> tuple[Term, ...]:
    """List the terms of the gradient by one variable."""
    return (SQUARED if convention.criterion == "squared" else ENTROPY)[variable]


@dataclass(frozen=True)
class Slip:
    """One way to get all terms wrong at once.

    Attributes
    ----------
    transposed, swapped, inverse
        W for W^T; e and e' exchanged; the partner's gradient at the sample whose partner it should be.
    """

    transposed: bool = False
    swapped: bool = False
    inverse: bool = False


RIGHT = Slip()


def cores(batch: StepBatch, convention: Convention, slip: Slip = RIGHT) -> dict[str, Array]:
    """Compute what the terms weigh, one row a sample."""
    case = {k: np.array(v, np.float64) for k, v in paired(batch, convention.weighs, convention.pairing).items()}
    z, z_prime, W = case["z"], case["z_prime"], case["W"]
    found: dict[str, Array] = {}
    pull = "nki,ni->nk" if slip.transposed else "nki,nk->ni"
    if convention.criterion == "squared":
        errors = [residual(z, case["y"], W, case["b"]), residual(z_prime, case["y_prime"], W, case["b"])]
        named = dict(zip(("e", "e'"), errors[::-1] if slip.swapped else errors, strict=True))
    else:
        lam = case["lam"][:, None]
        target = lam * case["y"] + (1 - lam) * case["y_prime"]
        u = contract("nki,ni->nk", W, lam * z + (1 - lam) * z_prime) + case["b"]
        named = {"r": target - target.sum(axis=1, keepdims=True) * softmax(u)}
    for name, error in named.items():
        found[name] = error
        found[f"W^T {name}"] = contract(pull, W, error)
        found[f"{name} z^T"] = contract("nk,ni->nki", error, z)
        found[f"{name} z'^T"] = contract("nk,ni->nki", error, z_prime)
    return found


def term_value(
    term: Term, batch: StepBatch, convention: Convention, found: dict[str, Array], weight: str, slip: Slip = RIGHT
) -> Array:
    """Compute a term under a given weight, with the sign and scale that the convention's gradient has."""
    lam = np.asarray(batch.lam if convention.weighs == "own" else 1 - batch.lam, np.float64)
    core = found[term.core]
    rows = WEIGHTS[weight](lam).reshape(-1, *(1 for _ in core.shape[1:])) * core
    scaled = -convention.factor(batch.size) * rows
    if not term.core.startswith("W^T"):
        return np.asarray(scaled.sum(axis=0))
    if not term.at_partner:
        return np.asarray(scaled)
    other = batch.partner if (convention.pairing == "partner") != slip.inverse else batch.inverse
    placed = np.zeros_like(scaled)
    np.add.at(placed, other, scaled)
    return placed
