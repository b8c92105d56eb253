"""Backward passes written by hand, and slips in them: what is replaced by what, and what it should be called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp

from symmix import code, manifold_mixup, squared_norm
from symmix.notation import W, b, h, k, n, z, zp
from symmix.publish.code import Code

r = sp.Symbol("r", integer=True, positive=True)
mu, s = sp.symbols("mu s", real=True)
X, w, t = sp.MatrixSymbol("X", n, h), sp.MatrixSymbol("w", h, 1), sp.MatrixSymbol("t", n, 1)
Y, Z, F = sp.MatrixSymbol("Y", k, n), sp.MatrixSymbol("Z", h, n), sp.MatrixSymbol("F", k, h)
A, B = sp.MatrixSymbol("A", r, h), sp.MatrixSymbol("B", k, r)
D, E = sp.MatrixSymbol("D", h, r), sp.MatrixSymbol("E", r, h)
Q, K, V, T = *(sp.MatrixSymbol(name, h, k) for name in "QKV"), sp.MatrixSymbol("T", n, k)
x, g, c, v = (sp.MatrixSymbol(name, h, 1) for name in "xgcv")


def half(matrix: Any) -> Any:
    return sp.Trace(matrix.T * matrix) / 2


@dataclass(frozen=True)
class Handwritten:
    """A backward pass: what it should compute, its text, and slips as old text, new text, and the slip's name."""

    derived: Callable[[], Code]
    source: str
    slips: tuple[tuple[str, str, str], ...]

    def function(self, old: str = "", new: str = "") -> Callable[..., Any]:
        """Return the function, with one text replaced by another."""
        assert old in self.source
        space: dict[str, Any] = {"np": np}
        exec(self.source.replace(old, new) if old else self.source, space)  # noqa: S102 - the texts above
        found: Callable[..., Any] = space["backward"]
        return found


HANDWRITTEN: Mapping[str, Handwritten] = {
    "four terms": Handwritten(
        lambda: code(manifold_mixup(), by=[z, zp, W, b]),
        """
def backward(W, z, z_prime, y, b, y_prime, lam):
    e = y - W @ z - b
    e_prime = y_prime - W @ z_prime - b
    r = lam * e + (1 - lam) * e_prime
    mixed = lam * z + (1 - lam) * z_prime
    dz = lam * (W.T @ r)
    dz_prime = (1 - lam) * (W.T @ r)
    dW = np.outer(r, mixed)
    db = r.copy()
    return dz, dz_prime, dW, db
""",
        (
            ("dz = lam * (W.T @ r)", "dz = lam * (W @ r)", "missing transpose"),
            ("dz = lam * (W.T @ r)", "dz = (1 - lam) * (W.T @ r)", "lam for 1 - lam"),
            ("dz = lam * (W.T @ r)", "dz = W.T @ r", "missing factor"),
            ("dz = lam * (W.T @ r)", "dz = -lam * (W.T @ r)", "wrong sign"),
            ("dz = lam * (W.T @ r)", "dz = lam**2 * (W.T @ e)", "missing term"),
            ("dz = lam * (W.T @ r)", "dz = lam * (W.T @ e)", "another symbol"),
            ("r = lam * e + (1 - lam) * e_prime", "r = (1 - lam) * e + lam * e_prime", "lam for 1 - lam"),
            ("r = lam * e + (1 - lam) * e_prime", "r = lam * e - (1 - lam) * e_prime", "wrong sign"),
            ("r = lam * e + (1 - lam) * e_prime", "r = e + (1 - lam) * e_prime", "missing factor"),
            ("e = y - W @ z - b", "e = y - W @ z", "missing term"),
            ("e = y - W @ z - b", "e = y - W @ z + b", "wrong sign"),
            ("e_prime = y_prime - W", "e_prime = y - W", "another symbol"),
            ("W @ z_prime - b", "W @ z - b", "another symbol"),
            ("W @ z - b", "W.T @ z - b", "missing transpose"),
            ("mixed = lam * z + (1 - lam) * z_prime", "mixed = (1 - lam) * z + lam * z_prime", "lam for 1 - lam"),
            ("mixed = lam * z + (1 - lam) * z_prime", "mixed = z", "another symbol"),
            ("np.outer(r, mixed)", "np.outer(mixed, r)", "a gradient has another shape"),
            ("np.outer(r, mixed)", "np.outer(r, mixed) / len(mixed)", "mean for sum"),
            ("r.copy()", "2 * r", "wrong factor"),
            ("r.copy()", "0 * r", "the gradient is cut"),
        ),
    ),
    "ridge": Handwritten(
        lambda: code(squared_norm(X * w - t) / 2 + mu * squared_norm(w) / 2, by=[w]),
        """
def backward(X, w, t, mu):
    return X.T @ (X @ w - t) + mu * w
""",
        (
            ("X.T @ (X @ w - t)", "X @ (X @ w - t)", "missing transpose"),
            ("X.T @ (X @ w - t)", "X.T @ (X.T @ w - t)", "missing transpose"),
            ("X.T @ (X @ w - t)", "X.T @ (X @ w - t) / len(t)", "mean for sum"),
            ("X.T @ (X @ w - t)", "X.T @ (X @ w + t)", "wrong sign"),
            ("X.T @ (X @ w - t)", "X.T @ (t - X @ w)", "wrong sign"),
            ("X.T @ (X @ w - t)", "2 * X.T @ (X @ w - t)", "wrong factor"),
            ("X.T @ (X @ w - t)", "X.T @ X @ w", "missing term"),
            (" + mu * w", "", "missing term"),
            ("mu * w", "2 * mu * w", "wrong factor"),
            ("mu * w", "w", "missing factor"),
            ("mu * w", "mu * w / 2", "wrong factor"),
            ("mu * w", "(1 - mu) * w", "mu for 1 - mu"),
            ("mu * w", "mu**2 * w", "wrong factor"),
        ),
    ),
    "LoRA": Handwritten(
        lambda: code(half(Y - (F + B * A) * Z), by=[A, B]),
        """
def backward(F, A, B, Z, Y):
    inner = A @ Z
    R = F @ Z + B @ inner - Y
    dA = B.T @ R @ Z.T
    dB = R @ inner.T
    return dA, dB
""",
        (
            ("dA = B.T @ R", "dA = B @ R", "missing transpose"),
            ("R @ Z.T", "R @ Z", "missing transpose"),
            ("dB = R @ inner.T", "dB = R @ inner", "missing transpose"),
            ("dB = R @ inner.T", "dB = inner @ R.T", "a gradient has another shape"),
            ("R = F @ Z + B @ inner - Y", "R = B @ inner - Y", "missing term"),
            ("R = F @ Z + B @ inner - Y", "R = F @ Z - Y", "missing term"),
            ("R = F @ Z + B @ inner - Y", "R = F @ Z + B @ inner", "missing term"),
            ("R = F @ Z + B @ inner - Y", "R = Y - F @ Z - B @ inner", "wrong sign"),
            ("R = F @ Z + B @ inner - Y", "R = F.T @ Z + B @ inner - Y", "missing transpose"),
            ("dA = B.T @ R @ Z.T", "dA = B.T @ R @ Z.T / Z.shape[1]", "mean for sum"),
            ("dB = R @ inner.T", "dB = R @ Z.T", "a gradient has another shape"),
            ("dB = R @ inner.T", "dB = 2 * R @ inner.T", "wrong factor"),
        ),
    ),
    "linear autoencoder": Handwritten(
        lambda: code(half(Z - D * E * Z), by=[D, E]),
        """
def backward(D, E, Z):
    code = E @ Z
    R = D @ code - Z
    dD = R @ code.T
    dE = D.T @ R @ Z.T
    return dD, dE
""",
        (
            ("dD = R @ code.T", "dD = R @ code", "missing transpose"),
            ("dD = R @ code.T", "dD = R @ code.T / Z.shape[1]", "mean for sum"),
            ("dD = R @ code.T", "dD = R @ Z.T", "a gradient has another shape"),
            ("dD = R @ code.T", "dD = -R @ code.T", "wrong sign"),
            ("dE = D.T @ R @ Z.T", "dE = D @ R @ Z.T", "missing transpose"),
            ("dE = D.T @ R @ Z.T", "dE = D.T @ R @ Z", "missing transpose"),
            ("dE = D.T @ R @ Z.T", "dE = E @ R @ Z.T", "another symbol"),
            ("dE = D.T @ R @ Z.T", "dE = R @ Z.T", "a gradient has another shape"),
            ("R = D @ code - Z", "R = D @ code + Z", "wrong sign"),
            ("R = D @ code - Z", "R = D @ code", "missing term"),
            ("R = D @ code - Z", "R = E.T @ code - Z", "another symbol"),
            ("R = D @ code - Z", "R = D.T @ code - Z", "missing transpose"),
        ),
    ),
    "attention without softmax": Handwritten(
        lambda: code(half(X * Q * K.T * X.T * X * V - T), by=[Q, K, V]),
        """
def backward(X, Q, K, V, T):
    q, k, v = X @ Q, X @ K, X @ V
    scores = q @ k.T
    R = scores @ v - T
    dscores = R @ v.T
    dQ = X.T @ (dscores @ k)
    dK = X.T @ (dscores.T @ q)
    dV = X.T @ (scores.T @ R)
    return dQ, dK, dV
""",
        (
            ("dQ = X.T @ (dscores @ k)", "dQ = X @ (dscores @ k)", "missing transpose"),
            ("dQ = X.T @ (dscores @ k)", "dQ = X.T @ (dscores.T @ k)", "missing transpose"),
            ("dQ = X.T @ (dscores @ k)", "dQ = X.T @ (dscores @ q)", "another symbol"),
            ("dQ = X.T @ (dscores @ k)", "dQ = X.T @ (dscores @ v)", "another symbol"),
            ("dQ = X.T @ (dscores @ k)", "dQ = X.T @ (dscores @ k) / len(X)", "mean for sum"),
            ("dK = X.T @ (dscores.T @ q)", "dK = X.T @ (dscores @ q)", "missing transpose"),
            ("dK = X.T @ (dscores.T @ q)", "dK = dQ", "another gradient"),
            ("dK = X.T @ (dscores.T @ q)", "dK = -X.T @ (dscores.T @ q)", "wrong sign"),
            ("dV = X.T @ (scores.T @ R)", "dV = X.T @ (scores @ R)", "missing transpose"),
            ("dV = X.T @ (scores.T @ R)", "dV = X.T @ R", "missing factor"),
            ("R = scores @ v - T", "R = scores @ v + T", "wrong sign"),
            ("R = scores @ v - T", "R = scores @ v", "missing term"),
            ("dscores = R @ v.T", "dscores = 2 * R @ v.T", "wrong factor"),
        ),
    ),
    "LayerNorm with its scale": Handwritten(
        lambda: code(
            squared_norm(sp.HadamardProduct(g, s * (x - sp.OneMatrix(h, h) * x / h)) + c - v) / 2, by=[x, g, c]
        ),
        """
def backward(x, g, c, v, s):
    normal = s * (x - x.mean())
    R = g * normal + c - v
    dnormal = g * R
    dx = s * (dnormal - dnormal.mean())
    dg = R * normal
    dc = R.copy()
    return dx, dg, dc
""",
        (
            ("dx = s * (dnormal - dnormal.mean())", "dx = s * dnormal", "missing term"),
            ("dx = s * (dnormal - dnormal.mean())", "dx = s * (dnormal - dnormal.sum())", "sum for mean"),
            ("dx = s * (dnormal - dnormal.mean())", "dx = s * (dnormal + dnormal.mean())", "wrong sign"),
            ("dx = s * (dnormal - dnormal.mean())", "dx = dnormal - dnormal.mean()", "missing factor"),
            ("dnormal = g * R", "dnormal = R", "missing factor"),
            ("dnormal = g * R", "dnormal = c * R", "another symbol"),
            ("R = g * normal + c - v", "R = g * normal - v", "missing term"),
            ("R = g * normal + c - v", "R = g * normal + c + v", "wrong sign"),
            ("dg = R * normal", "dg = R * normal / s", "missing factor"),
            ("dg = R * normal", "dg = R * normal / len(x)", "mean for sum"),
            ("dc = R.copy()", "dc = R / len(x)", "mean for sum"),
            ("dc = R.copy()", "dc = R - R.mean()", "mean subtracted"),
        ),
    ),
}
