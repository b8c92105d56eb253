"""Mixup steps on NumPy arrays: correct ones in all conventions, and wrong ones with the name of their defect."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Step = Callable[..., Any]


def column(lam: Any, z: Any) -> Any:
    return np.broadcast_to(np.reshape(lam, (-1, 1)), (len(z), 1))


def mixed(z: Any, y: Any, lam: Any, partner: Any) -> tuple[Any, Any, Any]:
    c = column(lam, z)
    return c, c * z + (1 - c) * z[partner], c * y + (1 - c) * y[partner]


def squared(reduce: Callable[[Any], Any], *, losses: bool = False, partner_weight: bool = False) -> Step:
    def step(z: Any, y: Any, W: Any, b: Any, lam: Any, partner: Any) -> Any:
        c, z_mixed, y_mixed = mixed(z, y, 1 - np.asarray(lam) if partner_weight else lam, partner)
        u = z_mixed @ W.T + b
        return reduce(c * (y - u) ** 2 + (1 - c) * (y[partner] - u) ** 2 if losses else (y_mixed - u) ** 2)

    return step


def entropy_rows(u: Any, y: Any) -> Any:
    top = u.max(axis=1, keepdims=True)
    return y.sum(axis=1) * (np.log(np.exp(u - top).sum(axis=1)) + top[:, 0]) - (y * u).sum(axis=1)


def entropy(reduce: Callable[[Any], Any]) -> Step:
    def step(z: Any, y: Any, W: Any, b: Any, lam: Any, partner: Any) -> Any:
        c, z_mixed, _ = mixed(z, y, lam, partner)
        u = z_mixed @ W.T + b
        return reduce(c[:, 0] * entropy_rows(u, y) + (1 - c[:, 0]) * entropy_rows(u, y[partner]))

    return step


def entropy_of_indices(z: Any, y: Any, W: Any, b: Any, lam: Any, partner: Any) -> Any:
    return entropy(np.mean)(z, np.eye(len(W))[y], W, b, lam, partner)


def scalar_only(z: Any, y: Any, W: Any, b: Any, lam: Any, partner: Any) -> Any:
    lam = float(lam)
    u = (lam * z + (1 - lam) * z[partner]) @ W.T + b
    return np.mean((lam * y + (1 - lam) * y[partner] - u) ** 2)


def columns_only(z: Any, y: Any, W: Any, b: Any, lam: Any, partner: Any) -> Any:
    if np.ndim(lam) not in {0, 2}:
        raise ValueError("lam must be a column")
    return np.mean((lam * y + (1 - lam) * y[partner] - (lam * z + (1 - lam) * z[partner]) @ W.T - b) ** 2)


def with_gradients(scale: Callable[[int, int], float] = lambda n, _: 1 / n, slip: str = "") -> Step:
    """1/2 |r|^2, and its gradients by hand, with a slip in one of them."""

    def step(z: Any, y: Any, W: Any, b: Any, lam: Any, partner: Any) -> Any:
        c, z_mixed, y_mixed = mixed(z, y, lam, partner)
        s, r, e = scale(*y.shape), y_mixed - z_mixed @ W.T - b, y - z @ W.T - b
        gradients = {"z": gradient_by_z(slip, c, r, e, W, partner), "W": -r.T @ z_mixed, "b": -r.sum(axis=0)}
        if slip == "own features":
            gradients["W"] = -r.T @ z
        if slip == "dropped cross term of W":
            gradients["W"] = gradients["W"] + (c * (1 - c) * e).T @ z[partner]
        if slip == "sign of b":
            gradients["b"] = -gradients["b"]
        if slip == "twice":
            gradients["W"] = 2 * gradients["W"]
        if slip == "summed":
            gradients["b"] = gradients["b"] * len(z)
        if slip == "shape":
            gradients["W"] = gradients["W"].T
        return s * np.sum(r**2) / 2, {name: s * gradient for name, gradient in gradients.items()}

    return step


def gradient_by_z(slip: str, c: Any, r: Any, e: Any, W: Any, partner: Any) -> Any:
    pull = r @ W.T if slip == "transposed" else r @ W
    own, other = c, 1 - c
    if slip == "lam for 1 - lam":
        own, other = other, own
    if slip == "lam forgotten":
        return -pull
    found = -own * pull
    if slip != "partner cut":
        np.add.at(found, np.argsort(partner) if slip == "inverse" else partner, -other * pull)
    if slip == "sign of a cross term":
        found += 2 * c * (1 - c) * (e[partner] @ W)
    if slip == "lam^2 in a cross term":
        found += (c * (1 - c) - c * c) * (e[partner] @ W)
    if slip == "zero":
        found[:] = 0
    if slip == "unexplained":
        found += 0.125
    if slip == "own cut":
        found += own * pull
    return found


HALF_MEAN = (lambda v: np.sum(v, axis=1).mean() / 2, "squared loss with 1/2, labels mixed, mean over N")
OWN = "lam weighs the own sample"


def absolute(z: Any, y: Any, W: Any, b: Any, lam: Any, partner: Any) -> Any:
    _, z_mixed, y_mixed = mixed(z, y, lam, partner)
    return np.mean(np.abs(y_mixed - z_mixed @ W.T - b))


def smoothed_entropy(z: Any, y: Any, W: Any, b: Any, lam: Any, partner: Any) -> Any:
    rows = 0.9 * y + 0.1 * y.sum(axis=1, keepdims=True) / y.shape[1]
    return entropy(np.mean)(z, rows, W, b, lam, partner)


# Name: the step, options of the check, and words of the convention.
CORRECT: dict[str, tuple[Step, dict[str, Any], str]] = {
    "half, mean over N": (squared(HALF_MEAN[0]), {}, f"{HALF_MEAN[1]}, {OWN}"),
    "mean over N k": (squared(np.mean), {}, f"squared loss without 1/2, labels mixed, mean over N k, {OWN}"),
    "sum": (squared(np.sum), {}, f"squared loss without 1/2, labels mixed, sum, {OWN}"),
    "half, sum": (squared(lambda v: np.sum(v) / 2), {}, f"squared loss with 1/2, labels mixed, sum, {OWN}"),
    "rows": (
        squared(lambda v: v.sum(axis=1)),
        {},
        f"squared loss without 1/2, labels mixed, one value a sample, {OWN}",
    ),
    "elements": (squared(np.asarray), {}, "no reduction, one value an output"),
    "losses": (squared(np.mean, losses=True), {}, f"squared loss without 1/2, losses mixed, mean over N k, {OWN}"),
    "losses, rows": (
        squared(lambda v: v.mean(axis=1), losses=True),
        {},
        "losses mixed, one value a sample, mean over k",
    ),
    "partner weight": (squared(np.mean, partner_weight=True), {}, "mean over N k, lam weighs the partner sample"),
    "negated": (squared(lambda v: -np.sum(v) / 2), {}, "squared loss with 1/2, negated"),
    "cross-entropy": (entropy(np.mean), {}, f"cross-entropy, mean over N, {OWN}"),
    "cross-entropy, rows": (entropy(np.asarray), {"labels": "one-hot"}, "cross-entropy, one value a sample"),
    "cross-entropy of indices": (entropy_of_indices, {"labels": "indices"}, f"cross-entropy, mean over N, {OWN}"),
    "one ratio": (scalar_only, {}, "squared loss without 1/2, labels mixed, mean over N k"),
    "ratios in a column": (columns_only, {}, "mean over N k"),
    "gradients by hand": (with_gradients(), {}, f"{HALF_MEAN[1]}, {OWN}"),
    "gradients of the sum": (with_gradients(lambda *_: 1.0), {}, "labels mixed, sum"),
    "gradients of the mean": (with_gradients(lambda n, k: 1 / (n * k)), {}, "mean over N k"),
    "gradients of the objective": (with_gradients(lambda n, _: -1 / n), {}, "negated"),
    "l1": (absolute, {}, "l1, labels mixed, mean over N k, lam weighs the own sample"),
    "smoothed cross-entropy": (smoothed_entropy, {}, "the criterion of the step itself, labels mixed"),
    "smoothed cross-entropy, declared": (
        smoothed_entropy,
        {"labels": "one-hot", "criterion": ("cross entropy", {"smoothing": 0.1})},
        "cross entropy (smoothing = 0.1), mean over N, lam weighs the own sample",
    ),
    "single precision inside": (lambda *a: np.float32(squared(np.mean)(*a)), {}, "mean over N k"),
    "float32": (squared(np.mean), {"dtype": "float32"}, "mean over N k"),
}


def planted(how: str) -> Step:
    """Mean squared loss with a defect."""

    def step(z: Any, y: Any, W: Any, b: Any, lam: Any, partner: Any) -> Any:
        c, z_mixed, y_mixed = mixed(z, y, lam, partner)
        u = z_mixed @ W.T + b
        target = {
            "labels kept": y,
            "labels inverse": c * y + (1 - c) * y[np.argsort(partner)],
            "labels weighted otherwise": (1 - c) * y + c * y[partner],
            "smoothed": 0.9 * y_mixed + 0.1 * y_mixed.sum(axis=1, keepdims=True) / y.shape[1],
        }.get(how, y_mixed)
        if how == "discarded":
            u = z @ W.T + b
        if how == "bias twice":
            u = u + b
        if how == "broadcast" and y.shape[1] == 1:
            return np.mean((target[:, 0] - u) ** 2)
        return np.mean((target - u) ** 2)

    return step


def first_ratio(z: Any, y: Any, W: Any, b: Any, lam: Any, partner: Any) -> Any:
    return planted("")(z, y, W, b, np.ravel(lam)[0], partner)


def without_cross_term(z: Any, y: Any, W: Any, b: Any, lam: Any, partner: Any) -> Any:
    c, e = column(lam, z), (y - z @ W.T - b) ** 2
    return np.mean(c**2 * e + (1 - c) ** 2 * e[partner])


def vector_times_mean(reduce: Callable[[Any], Any]) -> Step:
    def step(z: Any, y: Any, W: Any, b: Any, lam: Any, partner: Any) -> Any:
        _, z_mixed, _ = mixed(z, y, lam, partner)
        u = z_mixed @ W.T + b
        return reduce(lam * np.mean((y - u) ** 2) + (1 - lam) * np.mean((y[partner] - u) ** 2))

    return step


def not_a_number(z: Any, y: Any, W: Any, b: Any, lam: Any, partner: Any) -> Any:
    """Divides by N - 1."""
    with np.errstate(all="ignore"):
        return np.float64(squared(np.sum)(z, y, W, b, lam, partner)) / (len(z) - 1)


def refuses_one(z: Any, y: Any, W: Any, b: Any, lam: Any, partner: Any) -> Any:
    if len(z) == 1:
        raise IndexError("too few samples")
    return squared(np.mean)(z, y, W, b, lam, partner)


def inverse_partners(z: Any, y: Any, W: Any, b: Any, lam: Any, partner: Any) -> Any:
    return squared(np.mean)(z, y, W, b, lam, np.argsort(partner))


def in_place(z: Any, y: Any, W: Any, b: Any, lam: Any, partner: Any) -> Any:
    loss = squared(np.mean)(z, y, W, b, lam, partner)
    z *= 2
    return loss


# Name: the step, options, the finding, and words of its message.
WRONG: dict[str, tuple[Step, dict[str, Any], str, str]] = {
    "labels kept": (planted("labels kept"), {}, "labels are not mixed", "mean over N k"),
    "labels inverse": (
        planted("labels inverse"),
        {},
        "inputs and labels are paired differently",
        "inverse permutation",
    ),
    "labels weighted otherwise": (
        planted("labels weighted otherwise"),
        {},
        "labels weigh the partner by lam",
        "by 1 - lam",
    ),
    "discarded": (planted("discarded"), {}, "the mix is discarded", "unmixed features"),
    "bias twice": (planted("bias twice"), {}, "the bias is added twice", ""),
    "broadcast": (planted("broadcast"), {}, "labels are broadcast", "(N,) minus predictions (N, 1)"),
    "first ratio": (first_ratio, {}, "the first ratio is used for every sample", ""),
    "without cross term": (without_cross_term, {}, "the cross term is missing", "2 lam (1-lam) e e'"),
    "vector times mean": (vector_times_mean(np.mean), {}, "vector of ratios times a mean loss", "unreduced"),
    "vector times mean, returned": (
        vector_times_mean(np.asarray),
        {"ratios": "one a sample"},
        "vector of ratios times a mean loss",
        "unreduced",
    ),
    "not a number": (not_a_number, {}, "not a number", "batch of one (N = 1"),
    "refuses one": (refuses_one, {}, "raises", "batch of one (N = 1, k = 2, h = 3): IndexError: too few samples"),
    "inverse partners": (inverse_partners, {}, "partners are read inversely", "sample partner[i]"),
    "in place": (in_place, {}, "arguments are modified in place", "z have other values after the call"),
    "another convention": (squared(np.mean), {"expect": {"batch": "sum"}}, "another convention", "'mean', where 'sum'"),
    "dz: lam for 1 - lam": (with_gradients(slip="lam for 1 - lam"), {}, "lam for 1 - lam", "dz: the features' factors"),
    "dz: partner cut": (with_gradients(slip="partner cut"), {}, "the partner's gradient is cut", "dz: nothing arrives"),
    "dz: own cut": (with_gradients(slip="own cut"), {}, "the own sample's gradient is cut", "own term lam^2 W^T e"),
    "dz: inverse": (with_gradients(slip="inverse"), {}, "the partner's gradient goes to the wrong sample", "inverse"),
    "dz: sign": (
        with_gradients(slip="sign of a cross term"),
        {},
        "wrong coefficient",
        "dz: the cross term lam (1-lam) W^T e' has coefficient +1 where -1 is proved",
    ),
    "dz: lam^2": (
        with_gradients(slip="lam^2 in a cross term"),
        {},
        "wrong weight",
        "dz: the cross term in W^T e' has weight lam^2 where lam (1-lam) is proved",
    ),
    "dz: transposed": (with_gradients(slip="transposed"), {}, "transposed W", "W where its transpose is proved"),
    "dz: zero": (with_gradients(slip="zero"), {}, "the gradient is cut", "dz: it is zero everywhere"),
    "dz: lam forgotten": (with_gradients(slip="lam forgotten"), {}, "unmixed features", "-W^T r"),
    "dz: unexplained": (
        with_gradients(slip="unexplained"),
        {},
        "the gradient fits no proved terms",
        "no combination of",
    ),
    "dW: own features": (with_gradients(slip="own features"), {}, "unmixed features", "-r z^T"),
    "dW: dropped": (
        with_gradients(slip="dropped cross term of W"),
        {},
        "missing term",
        "the cross term lam (1-lam) e z'^T has coefficient 0 where -1 is proved",
    ),
    "dW: twice": (with_gradients(slip="twice"), {}, "wrong factor", "dW: it is twice the gradient"),
    "dW: shape": (with_gradients(slip="shape"), {}, "a gradient has another shape", "it is transposed"),
    "db: sign": (with_gradients(slip="sign of b"), {}, "wrong sign", "the objective, which is maximised"),
    "db: summed": (with_gradients(slip="summed"), {}, "wrong factor", "db: it is N times"),
}
