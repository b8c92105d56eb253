"""The same questions at open sizes by symmix, and at explicit sizes by tools that take one size at a time.

``python tests/benchmarks/peers.py [--quick]``. Each figure is processor time in a fresh process, after its imports.
Groebner bases, SymPy's and alkahest's, decide whether a component is in the ideal of the hypotheses' components;
SumOfSquares (with picos and an SDP solver, from PyPI) looks for a numerical sum of squares, alkahest for an exact one.
The gradient of the mixed loss is that of ``|lam y + (1 - lam) y' - W (lam z + (1 - lam) z')|^2`` by z: SymPy's ``ring``
and alkahest differentiate polynomials in all entries, tensorgrad networks at open sizes. A tool that is not installed
is said to be absent; one that takes longer than the limit is stopped, and that is said, too.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial, reduce
from operator import add
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
LIMIT = 60  # seconds for a size
ALL = -1  # instead of a size: open ones
Ask = Callable[[], str]  # answers in a word


def _open_inverses() -> Ask:
    import sympy as sp

    from symmix import Identity, Setting

    n = sp.Symbol("n", integer=True, positive=True)
    a, b, c = (sp.MatrixSymbol(name, n, n) for name in "ABC")
    stated = Identity(b, c, where=[b * a - sp.Identity(n), a * c - sp.Identity(n)])
    return lambda: stated.decide(Setting()).word


def _open_chain(count: int) -> Ask:
    from tests.benchmarks.hypotheses import chain

    decide, setting = chain(count)
    return lambda: str(decide(setting).word)


def _open_lagrange() -> Ask:
    import sympy as sp

    from symmix import Nonnegative, Setting

    n = sp.Symbol("n", integer=True, positive=True)
    u, v = (sp.MatrixSymbol(name, n, 1) for name in "uv")
    stated = Nonnegative(sp.Trace(u.T * u) * sp.Trace(v.T * v) - sp.Trace(u.T * v) ** 2)
    return lambda: stated.decide(Setting()).word


def _open_gradient(*, slip: bool) -> Ask:
    import sympy as sp

    from symmix import Identity, Setting, squared_norm
    from symmix.language import Gradient

    k, h = sp.symbols("k h", integer=True, positive=True)
    lam = sp.Symbol("lam", real=True)
    columns = [sp.MatrixSymbol(name, size, 1) for size, names in ((k, ("y", "y'")), (h, ("z", "z'"))) for name in names]
    residual, right = _mixed_loss(lam, sp.MatrixSymbol("W", k, h), columns, slip=slip)
    stated = Identity(Gradient(squared_norm(residual), columns[2]), right)
    return lambda: stated.decide(Setting()).word


def _mixed_loss(lam: Any, weights: Any, columns: Sequence[Any], *, slip: bool) -> tuple[Any, Any]:
    """Return the residual of the mixed loss, and what its squared norm's gradient is; or that with a wrong sign."""
    y, yp, z, zp = columns
    own, other = y - weights * z, yp - weights * zp
    residual = lam * y + (1 - lam) * yp - weights * (lam * z + (1 - lam) * zp)
    return residual, -2 * lam * weights.T * (lam * own + (-1 if slip else 1) * (1 - lam) * other)


def _gradient_in(symbol: Callable[[str], Any], size: int) -> tuple[Any, list[Any], list[Any], list[Any]]:
    """Return the loss, the entries of z, what the gradient is by these, and all symbols, in somebody's symbols."""
    weights = [[symbol(f"w{i}_{j}") for j in range(size)] for i in range(size)]
    y, yp, z, zp = ([symbol(f"{name}{i}") for i in range(size)] for name in ("y", "u", "z", "v"))
    lam = symbol("lam")

    def mix(one: Sequence[Any], other: Sequence[Any]) -> list[Any]:
        return [lam * a + (1 - lam) * b for a, b in zip(one, other, strict=True)]

    def residual(target: Sequence[Any], features: Sequence[Any]) -> list[Any]:
        return [a - _inner(row, features) for a, row in zip(target, weights, strict=True)]

    rest, terms = residual(mix(y, yp), mix(z, zp)), mix(residual(y, z), residual(yp, zp))
    right = [lam * _inner(column, terms) * (-2) for column in zip(*weights, strict=True)]
    return _inner(rest, rest), z, right, [lam, *y, *yp, *z, *zp, *(w for row in weights for w in row)]


def _inner(a: Sequence[Any], b: Sequence[Any]) -> Any:
    return reduce(add, (x * y for x, y in zip(a, b, strict=True)))


def _gradient_by_ring(size: int) -> Ask:
    from sympy.polys.domains import QQ
    from sympy.polys.rings import PolyRing

    names = [f"w{i}_{j}" for i in range(size) for j in range(size)]
    names += ["lam", *(f"{name}{i}" for name in "yuzv" for i in range(size))]
    entries = dict(zip(names, PolyRing(names, QQ).gens, strict=True))

    def ask() -> str:
        loss, z, right, _ = _gradient_in(entries.__getitem__, size)
        return "holds" if all(loss.diff(x) == g for x, g in zip(z, right, strict=True)) else "fails"

    return ask


def _gradient_by_alkahest(size: int) -> Ask:
    import alkahest  # type: ignore[import-not-found]  # optional, and skipped in words

    pool = alkahest.ExprPool()

    def ask() -> str:
        loss, z, right, symbols = _gradient_in(pool.symbol, size)
        off = [alkahest.diff(loss, x).value - g for x, g in zip(z, right, strict=True)]
        return "holds" if all(alkahest.MultiPoly.from_symbolic(e, symbols).is_zero for e in off) else "fails"

    return ask


def _gradient_by_tensorgrad(_size: int, *, slip: bool) -> Ask:
    import sympy as sp
    import tensorgrad as tg  # type: ignore[import-not-found]  # optional, and skipped in words

    k, h = sp.symbols("k h")
    lam, weights = tg.Variable("lam"), tg.Variable("W", k, h)
    y, yp, z, zp = (tg.Variable(name, size) for name, size in (("y", k), ("y'", k), ("z", h), ("z'", h)))

    def ask() -> str:
        own, other = y - weights @ z, yp - weights @ zp
        rest = lam * y + (1 - lam) * yp - weights @ (lam * z + (1 - lam) * zp)
        left = tg.Derivative(tg.frobenius2(rest), z).full_simplify()
        right = -2 * lam * (weights @ (lam * own + (-1 if slip else 1) * (1 - lam) * other))
        (edge,) = left.edges
        difference = (left - right.rename(h=edge)).full_simplify()
        return "difference 0" if isinstance(difference, tg.Zero) else "a difference is left"

    return ask


def _ideal(goals: Sequence[Any], given: Sequence[Any]) -> Ask:
    """Return whether all goals are in the ideal of what is given."""
    import sympy as sp

    names = sorted({symbol for e in (*goals, *given) for symbol in e.free_symbols}, key=str)

    def ask() -> str:
        basis = sp.groebner(given, *names, order="grevlex")
        return "in the ideal" if all(basis.contains(goal) for goal in goals) else "not in the ideal"

    return ask


def _inverses_by_groebner(size: int) -> Ask:
    import sympy as sp

    a, b, c = (sp.Matrix(size, size, lambda i, j, x=x: sp.Symbol(f"{x}{i}{j}")) for x in "abc")
    return _ideal(list(b - c), [*(b * a - sp.eye(size)), *(a * c - sp.eye(size))])


def _inverses_by_alkahest(size: int) -> Ask:
    import alkahest

    pool = alkahest.ExprPool()
    a, b, c = ([[pool.symbol(f"{x}{i}{j}") for j in range(size)] for i in range(size)] for x in "abc")

    def less_one(left: Sequence[Sequence[Any]], right: Sequence[Sequence[Any]]) -> list[Any]:
        columns = list(zip(*right, strict=True))
        return [_inner(row, column) - int(i == j) for i, row in enumerate(left) for j, column in enumerate(columns)]

    given = [*less_one(b, a), *less_one(a, c)]
    names = [x for matrix in (a, b, c) for row in matrix for x in row]
    goals = [x - y for rows in zip(b, c, strict=True) for x, y in zip(*rows, strict=True)]

    def ask() -> str:
        basis = alkahest.GroebnerBasis.compute(given, names, order="grevlex")
        return "in the ideal" if all(basis.contains(goal) for goal in goals) else "not in the ideal"

    return ask


def _chain_by_groebner(size: int, count: int) -> Ask:
    import sympy as sp

    states = [sp.Matrix(size, 1, lambda i, _, k=k: sp.Symbol(f"x{k}_{i}")) for k in range(count + 1)]
    maps = [sp.Matrix(size, size, lambda i, j, k=k: sp.Symbol(f"a{k}_{i}{j}")) for k in range(count)]
    whole = states[0]
    for factor in maps:
        whole = factor * whole
    given = [e for k in range(count) for e in states[k + 1] - maps[k] * states[k]]
    return _ideal([sp.expand(e) for e in states[-1] - whole], [sp.expand(e) for e in given])


def _lagrange_by_semidefinite_programming(size: int) -> Ask:
    import sympy as sp
    from SumOfSquares import SOSProblem  # type: ignore[import-not-found]  # optional, and skipped in words

    u, v = sp.symbols(f"u:{size}"), sp.symbols(f"v:{size}")
    form = sum(x * x for x in u) * sum(x * x for x in v) - sum(x * y for x, y in zip(u, v, strict=True)) ** 2

    def ask() -> str:
        problem = SOSProblem()
        problem.add_sos_constraint(sp.expand(form), [*u, *v])
        problem.solve(solver="cvxopt")
        return "a numerical sum of squares"

    return ask


def _lagrange_by_alkahest(size: int) -> Ask:
    import alkahest

    pool = alkahest.ExprPool()
    u, v = ([pool.symbol(f"{name}{i}") for i in range(size)] for name in "uv")

    form = _inner(u, u) * _inner(v, v) - _inner(u, v) * _inner(u, v)
    return lambda: f"an exact {alkahest.sos_decompose(form, [*u, *v])}"


OPEN: dict[str, Callable[[], Ask]] = {
    "inverses are unique": _open_inverses,
    "a chain of 3": partial(_open_chain, 3),
    "Lagrange's inequality": _open_lagrange,
    "the mixed gradient": partial(_open_gradient, slip=False),
    "the mixed gradient, wrong": partial(_open_gradient, slip=True),
}
PEERS: list[tuple[str, str, str, Callable[[int], Ask], tuple[int, ...]]] = [
    ("inverses are unique", "SymPy's groebner", "sympy", _inverses_by_groebner, (1, 2, 3)),
    ("inverses are unique", "alkahest", "alkahest", _inverses_by_alkahest, (1, 2, 3)),
    ("a chain of 3", "SymPy's groebner", "sympy", partial(_chain_by_groebner, count=3), (1, 2, 3)),
    ("Lagrange's inequality", "SumOfSquares", "SumOfSquares", _lagrange_by_semidefinite_programming, (2, 3, 4, 5)),
    ("Lagrange's inequality", "alkahest", "alkahest", _lagrange_by_alkahest, (2, 3, 4)),
    ("the mixed gradient", "SymPy's ring", "sympy", _gradient_by_ring, (2, 4, 8)),
    ("the mixed gradient", "alkahest", "alkahest", _gradient_by_alkahest, (2, 4, 8)),
    ("the mixed gradient", "tensorgrad", "tensorgrad", partial(_gradient_by_tensorgrad, slip=False), (ALL,)),
    ("the mixed gradient, wrong", "tensorgrad", "tensorgrad", partial(_gradient_by_tensorgrad, slip=True), (ALL,)),
]


def measure(number: int, size: int) -> dict[str, Any]:
    """Time one question, once, after its imports; size 0 is open."""
    ask = PEERS[number][3](size) if size else OPEN[PEERS[number][0]]()
    begin = time.process_time()
    answer = ask()
    return {"seconds": time.process_time() - begin, "answer": answer}


def fresh(number: int, size: int, limit: int) -> str:
    """Run this file in a new process and return what it measured there, in words."""
    command = [sys.executable, "-X", "utf8", __file__, "--measure", str(number), "--size", str(size)]
    try:
        run = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=limit, check=False)
    except subprocess.TimeoutExpired:
        return f"stopped after {limit} s"
    if run.returncode:
        return f"failed: {(run.stderr.splitlines() or ['?'])[-1][:80]}"
    result = json.loads(run.stdout.splitlines()[-1])
    return f"{result['seconds'] * 1e3:>10,.1f} ms  {result['answer']}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="the smallest size of each: shows that it runs")
    parser.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--size", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.measure is not None:
        print(json.dumps(measure(options.measure, options.size)))
        return 0
    print(f"Python {platform.python_version()}, {platform.machine()}; processor time of one fresh process each\n")
    for number, (name, tool, package, _, sizes) in enumerate(PEERS):
        if name != PEERS[number - 1][0]:
            print(f"{name:<26}{'symmix':<18}{'all sizes':<10}{fresh(number, 0, LIMIT)}", flush=True)
        if importlib.util.find_spec(package) is None:
            print(f"{name:<26}{tool:<18}skipped: {package} is not installed")
            continue
        for size in sizes[:1] if options.quick else sizes:
            said = "all sizes" if size == ALL else f"size {size}"
            print(f"{name:<26}{tool:<18}{said:<10}{fresh(number, size, LIMIT)}", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
