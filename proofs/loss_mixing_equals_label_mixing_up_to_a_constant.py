"""Mixing two losses instead of two labels adds a constant, so the gradient is the same."""

import sympy as sp

from symmix import Derivation, Fails, Identity, Theorem, mix, prove, squared_norm, theorem
from symmix.language import Gradient
from symmix.notation import k, lam, p, theta, y, yp

u = sp.MatrixSymbol("u", k, 1)  # the prediction at the mixed features
Ju, Jy = sp.MatrixSymbol("J_u", k, p), sp.MatrixSymbol("J_y", k, p)


def loss(target: sp.MatrixExpr) -> sp.Expr:
    """Return the squared loss of the prediction."""
    return squared_norm(target - u) / 2


labels, losses = loss(mix(y, yp)), mix(loss(y), loss(yp))
by_theta = {u: Ju, y: Jy}


@theorem(
    title="Mixing losses is mixing labels, up to a constant",
    answers="Is it the same whether labels are mixed, or losses, as mixup's code does it?",
    source=("cho2022degeneracy", "zhang2017mixup"),
    idea="Polarisation: what holds u is linear in the targets, and cancels.",
)
def loss_mixing_equals_label_mixing_up_to_a_constant() -> Theorem:
    """Mixing two squared losses instead of two labels adds a constant: 1/2 lam (1-lam) |y - y'|^2.

    lam l(y, u) + (1-lam) l(y', u) - l(y~, u) is this constant whatever the prediction u is.

    The two ways have the same gradient by the prediction u, hence by everything that only u depends on. If a target
    depends on the parameters as well (a teacher that is trained along), they differ: there is a witness.
    """
    return Theorem(
        claim={
            "the constant": Identity(losses - labels, lam * (1 - lam) / 2 * squared_norm(y - yp)),
            "by the prediction": Identity(Gradient(losses, u), Gradient(labels, u)),
            "targets that move": Fails(Identity(Gradient(losses, theta, by_theta), Gradient(labels, theta, by_theta))),
        },
        proof=Derivation(losses - labels)
        .equals(
            (mix(squared_norm(y), squared_norm(yp)) - squared_norm(mix(y, yp))) / 2,
            by="what holds u is linear in the targets, and cancels",
        )
        .equals(lam * (1 - lam) / 2 * squared_norm(y - yp), by="the gap of the squared norm"),
        near_misses={
            "no constant": Identity(losses, labels),
            "without the 1/2": Identity(losses - labels, lam * (1 - lam) * squared_norm(y - yp)),
            "targets that move": Identity(Gradient(losses, theta, by_theta), Gradient(labels, theta, by_theta)),
        },
        meanings={
            u: "the prediction at the mixed features",
            Ju: "the Jacobian of the prediction",
            Jy: "the Jacobian of the first target",
        },
    )


if __name__ == "__main__":
    prove(__file__)
