"""Wrong backward passes by faults of operations: a right one runs on arrays whose k-th operation goes wrong.

Knows nothing of plans or of slips in formulas: it runs NumPy code. ``python -m tests.faulty_operations`` runs all: how
many are caught, and how many are named.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import sympy as sp

from symmix import code, squared_norm
from symmix.language import inverse
from symmix.notation import k, n
from symmix.testing import check_gradient_is
from tests.backward_passes import HANDWRITTEN, A, F, Handwritten, T, V, X, Y, Z, half, t, w

M, P = sp.MatrixSymbol("M", k, n), sp.MatrixSymbol("P", k, n)
H, u = sp.MatrixSymbol("H", n, n), sp.MatrixSymbol("u", n, 1)
G, U = sp.MatrixSymbol("G", n, k), sp.MatrixSymbol("U", k, n)

MORE: Mapping[str, Handwritten] = {
    "dropout": Handwritten(
        lambda: code(half(sp.HadamardProduct(M, F * Z) - Y), by=[F, Z]),
        """
def backward(M, F, Z, Y):
    kept = M * (F @ Z)
    slope = M * (kept - Y)
    return slope @ Z.T, F.T @ slope
""",
        (
            ("slope = M * (kept - Y)", "slope = kept - Y", "missing factor"),
            ("slope = M * (kept - Y)", "slope = M * M * (kept - Y)", "doubled factor"),
            ("kept = M * (F @ Z)", "kept = F @ Z", "missing factor"),
            ("kept = M * (F @ Z)", "kept = M * M * (F @ Z)", "doubled factor"),
            ("M * (kept - Y)", "(M != 0) * (kept - Y)", "no known slip"),
        ),
    ),
    "centred regression": Handwritten(
        lambda: code(squared_norm(X * w - sp.OneMatrix(n, n) * X * w / n - t) / 2, by=[w, t]),
        """
def backward(X, w, t):
    p = X @ w
    R = p - p.mean() - t
    return X.T @ (R - R.mean()), -R
""",
        (
            ("R = p - p.mean() - t", "R = p - t", "missing term"),
            ("X.T @ (R - R.mean())", "X.T @ R", "missing term"),
            ("R - R.mean()), -R", "R - R.mean()), R.mean() - R", "mean subtracted"),
            ("p - p.mean() - t", "p - p.sum() - t", "sum for mean"),
        ),
    ),
    "inverse": Handwritten(
        lambda: code(squared_norm(inverse(H) * u - t) / 2, by=[H, u]),
        """
def backward(H, u, t):
    solved = np.linalg.inv(H) @ u
    back = np.linalg.inv(H).T @ (solved - t)
    return -np.outer(back, solved), back
""",
        (
            ("back = np.linalg.inv(H).T", "back = np.linalg.inv(H)", "missing transpose"),
            ("back = np.linalg.inv(H).T", "back = H", "transpose for inverse"),
            ("solved = np.linalg.inv(H) @ u", "solved = H @ u", "missing inverse"),
            ("-np.outer(back, solved)", "-np.outer(back, u)", "missing factor"),
        ),
    ),
    "declared inverse": Handwritten(
        lambda: code(half(G * P * Y.T - T) + half(P - U), by=[P, Y]),
        """
def backward(G, P, U, Y, T):
    seen = G @ P
    R = seen @ Y.T - T
    return G.T @ R @ Y + P - U, R.T @ seen
""",
        (
            ("return G.T @ R", "return np.linalg.pinv(G) @ R", "another inverse"),
            ("seen = G @ P", "seen = G @ np.linalg.pinv(G)", "another inverse"),
            ("Y + P - U", "Y + np.linalg.pinv(G) - U", "another inverse"),
        ),
    ),
    "scale": Handwritten(
        lambda: code(half(V * sp.Symbol("s", real=True) - A.T * A * V), by=[V]),
        """
def backward(V, A, s):
    R = s * V - A.T @ (A @ V)
    return s * R - A.T @ (A @ R)
""",
        (
            ("return s * R", "s = 1 / V.std()\n    return s * R", "wrong factor"),
            ("R = s * V", "s = 1 / V.std()\n    R = s * V", "another scale"),
            ("R = s * V", "s = 1 / np.linalg.norm(V)\n    R = s * V", "another scale"),
            ("return s * R - A.T @ (A @ R)", "return s * s * R - A.T @ (A @ R)", "wrong factor"),
        ),
    ),
}
OBJECTIVES: Mapping[str, Handwritten] = {**HANDWRITTEN, **MORE}

Fault = Callable[[Any, Sequence[Any]], Any]


def _twice(result: Any, operands: Sequence[Any]) -> Any:
    return result * operands[0] if np.shape(result) == np.shape(operands[0]) else operands[0] @ result


FAULTS: Mapping[str, Fault] = {
    "doubled": lambda result, _: 2 * result,
    "negated": lambda result, _: -result,
    "a mean over the first axis": lambda result, _: result / len(result),
    "centred along the first axis": lambda result, _: result - result.mean(0),
    "centred along the last axis": lambda result, _: result - result.mean(-1, keepdims=True),
    "transposed": lambda result, _: result.T if np.ndim(result) == 2 else result,
    "masked": lambda result, _: np.where(np.indices(np.shape(result)).sum(0) % 2 == 0, result, 0),
    "the first operand alone": lambda result, operands: operands[0] + 0 * result,
    "the last operand alone": lambda result, operands: operands[-1] + 0 * result,
    "the first operand twice": _twice,
    "in reverse order": lambda result, _: result[::-1],
    "squared": lambda result, _: result * result,
    "cut below zero": lambda result, _: np.maximum(result, 0),
}


class Tape:
    """Counts operations, and makes one of them go wrong."""

    def __init__(self, wrong: int = -1, fault: Fault = lambda result, _: result) -> None:
        self.count, self.wrong, self.fault = 0, wrong, fault

    def done(self, result: Any, operands: Sequence[Any]) -> Any:
        """Return what comes of an operation."""
        self.count += 1
        return Watched(self.fault(result, operands) if self.count - 1 == self.wrong else result, self)


class Watched(np.lib.mixins.NDArrayOperatorsMixin):
    """An array whose operations are counted."""

    def __init__(self, array: Any, tape: Tape) -> None:
        self.array, self.tape = np.asarray(array), tape

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        plain = [_plain(x) for x in inputs]
        return self.tape.done(getattr(ufunc, method)(*plain, **options), plain)

    def __array_function__(self, function: Callable[..., Any], types: Any, args: Any, kwargs: Any) -> Any:
        plain = [_plain(x) for x in args]
        return self.tape.done(function(*plain, **kwargs), plain)

    def __len__(self) -> int:
        return len(self.array)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.array, name)
        if callable(found):
            return lambda *args, **kwargs: self.tape.done(found(*args, **kwargs), [self.array])
        return self.tape.done(found, [self.array]) if name == "T" else found


def _plain(value: Any) -> Any:
    return value.array if isinstance(value, Watched) else value


def faulty(right: Callable[..., Any], tape: Callable[[], Tape]) -> Callable[..., Any]:
    """Return a backward pass that runs with faults."""

    def wrong(*arguments: Any) -> Any:
        own = tape()
        found = right(*(Watched(a, own) if isinstance(a, np.ndarray) else a for a in arguments))
        return tuple(map(_plain, found)) if isinstance(found, tuple) else _plain(found)

    return wrong


def wrong_ones(written: Handwritten) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield backward passes with a fault that changes what they return, and what the fault is."""
    right = written.function()
    names = right.__code__.co_varnames[: right.__code__.co_argcount]
    random = np.random.default_rng(3)
    plan = written.derived().plan
    symbols = {safe: symbol for symbol, safe in written.derived().arguments.items()}
    given = [
        random.standard_normal([4] * len(plan.arrays[symbols[name]])) if symbols[name] in plan.arrays else 0.375
        for name in names
    ]
    counted = Tape()
    expected = _flat(faulty(right, lambda: counted)(*given))
    for step in range(counted.count):
        for what, fault in FAULTS.items():
            wrong = faulty(right, lambda step=step, fault=fault: Tape(step, fault))  # type: ignore[misc]
            try:
                found = _flat(wrong(*given))
            except (ValueError, TypeError, IndexError):
                continue  # it cannot go wrong in this way
            if found.shape != expected.shape or not np.allclose(found, expected, rtol=1e-6, atol=1e-9):
                yield f"operation {step}: {what}", wrong


def _flat(found: Any) -> Any:
    parts = found if isinstance(found, tuple) else (found,)
    return np.concatenate([np.ravel(part) for part in parts])


def judged(written: Handwritten, *, every: int = 1) -> Iterator[tuple[str, str, str]]:
    """Yield for each wrong one, or for a sample: the fault, how the check ends (passed, named, unnamed), the report."""
    right = written.function()
    order = right.__code__.co_varnames[: right.__code__.co_argcount]
    for what, wrong in list(wrong_ones(written))[::every]:
        with np.errstate(all="ignore"):
            report = check_gradient_is(written.derived(), wrong, arguments=order)
        names = [finding.name for finding in report.findings if not finding.name.startswith("raises")]
        named = "unnamed" if not names or "no known slip" in names else "named"
        yield what, "passed" if report.passed else named, str(report)


def main() -> int:
    """Print a table; the exit code is 1 if a wrong one has passed."""
    whole: Counter[str] = Counter()
    faults: Counter[str] = Counter()
    for name, written in OBJECTIVES.items():
        found = list(judged(written))
        counted = Counter(how for _, how, _ in found)
        faults += Counter(what.split(": ")[1] for what, how, _ in found if how == "unnamed")
        whole += counted
        sys.stdout.write(f"{name:<28} {dict(counted)}\n")
    sys.stdout.write(f"{'all':<28} {dict(whole)}\nunnamed: {dict(faults)}\n")
    return 1 if whole["passed"] else 0


if __name__ == "__main__":
    sys.exit(main())
