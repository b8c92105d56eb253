"""Generated gradients against gradients written by hand: time and difference of four objectives.

    python tests/benchmarks/generated.py           h = k = 512, n = 4096
    python tests/benchmarks/generated.py --quick   small sizes, a few runs: that it works, not how fast

Each pair computes the same results of the same arguments; the time is the least of several runs, in turns. The exit
code is 1 if a generated function takes more than 1.5 times as long as the one written by hand, or differs from it.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import sympy as sp

from symmix import code, manifold_mixup, squared_norm
from symmix.notation import W, b, y, yp, z, zp
from symmix.publish.code import Code

LIMIT = 1.5
k, h, n, q = sp.symbols("k h n q", integer=True, positive=True)
mu = sp.Symbol("mu", real=True)
X, w, t = sp.MatrixSymbol("X", n, h), sp.MatrixSymbol("w", h, 1), sp.MatrixSymbol("t", n, 1)
Y, Z = sp.MatrixSymbol("Y", k, n), sp.MatrixSymbol("Z", h, n)
F, A, B = sp.MatrixSymbol("F", k, h), sp.MatrixSymbol("A", q, h), sp.MatrixSymbol("B", k, q)
D, E = sp.MatrixSymbol("D", h, k), sp.MatrixSymbol("E", k, h)


def half(matrix: Any) -> Any:
    return sp.Trace(matrix.T * matrix) / 2


# -- by hand ---


def four_terms(W: Any, b: Any, z: Any, z_prime: Any, y: Any, y_prime: Any, lam: float) -> tuple[Any, ...]:
    mixed = lam * z + (1 - lam) * z_prime
    r = lam * y + (1 - lam) * y_prime - mixed @ W.T - b
    back = r @ W
    return lam * back, (1 - lam) * back, r.T @ mixed, r.sum(0)


def ridge(X: Any, w: Any, t: Any, mu: float) -> Any:
    return X.T @ (X @ w - t) + mu * w


def low_rank(F: Any, A: Any, B: Any, Z: Any, Y: Any) -> tuple[Any, Any]:
    inner = A @ Z
    r = F @ Z + B @ inner - Y
    return B.T @ r @ Z.T, r @ inner.T


def autoencoder(D: Any, E: Any, Z: Any) -> tuple[Any, Any]:
    inner = E @ Z
    r = D @ inner - Z
    return r @ inner.T, D.T @ r @ Z.T


Case = tuple[Callable[..., Any], Callable[..., Any], dict[str, tuple[str, ...]]]


def cases() -> dict[str, Case]:
    """Return what is compared: generated, by hand, and the shapes of the arguments."""
    pair = {"W": "kh", "b": "k", "z": "nh", "z_prime": "nh", "y": "nk", "y_prime": "nk", "lam": ""}
    found: dict[str, tuple[Code, Callable[..., Any], dict[str, str]]] = {
        "four terms": (code(manifold_mixup(), by=[z, zp, W, b], batch=[z, zp, y, yp]), four_terms, pair),
        "ridge": (
            code(squared_norm(X * w - t) / 2 + mu * squared_norm(w) / 2, by=[w]),
            ridge,
            {"X": "nh", "w": "h", "t": "n", "mu": ""},
        ),
        "LoRA": (
            code(half(Y - (F + B * A) * Z), by=[A, B]),
            low_rank,
            {"F": "kh", "A": "qh", "B": "kq", "Z": "hn", "Y": "kn"},
        ),
        "linear autoencoder": (code(half(Z - D * E * Z), by=[D, E]), autoencoder, {"D": "hk", "E": "kh", "Z": "hn"}),
    }
    return {
        name: (made.function, hand, {a: tuple(s) for a, s in shapes.items()})
        for name, (made, hand, shapes) in found.items()
    }


def tupled(found: Any) -> tuple[Any, ...]:
    return found if isinstance(found, tuple) else (found,)


def measured(case: Case, sizes: dict[str, int], runs: int) -> tuple[float, float, float]:
    """Return the least times of the generated function and of the other one, and by how much they differ."""
    made, hand, shapes = case
    random = np.random.default_rng(0)
    arrays: dict[str, Any] = {
        name: random.standard_normal([sizes[s] for s in axes]) / 8 for name, axes in shapes.items()
    }
    arrays = {name: array if array.shape else 0.375 for name, array in arrays.items()}
    pairs = zip(tupled(made(**arrays)), tupled(hand(**arrays)), strict=True)
    off = max(float(np.max(np.abs(a - b)) / np.max(np.abs(b))) for a, b in pairs)
    times: dict[Callable[..., Any], list[float]] = {made: [], hand: []}
    for _ in range(runs):
        for function, taken in times.items():
            start = time.perf_counter()
            function(**arrays)
            taken.append(time.perf_counter() - start)
    return min(times[made]), min(times[hand]), off


def main() -> int:
    """Print a table, and say by the exit code whether it is as it should be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="small sizes and few runs")
    quick = parser.parse_args().quick
    sizes = {"h": 16, "k": 16, "n": 64, "q": 4} if quick else {"h": 512, "k": 512, "n": 4096, "q": 16}
    print(f"{'objective':<20} {'generated':>10} {'by hand':>10} {'ratio':>7} {'difference':>11}")
    fine = True
    for name, case in cases().items():
        made, hand, off = measured(case, sizes, 3 if quick else 9)
        print(f"{name:<20} {made * 1e3:8.2f}ms {hand * 1e3:8.2f}ms {made / hand:7.2f} {off:11.1e}")
        fine &= off < 1e-10 and (quick or made <= LIMIT * hand)
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
