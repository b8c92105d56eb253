"""The same questions at open sizes by symmix, and at explicit sizes by tools that take one size at a time.

``python tests/benchmarks/peers.py [--quick]``. Each figure is processor time in a fresh process, after its imports.
SymPy's Groebner bases decide whether a component is in the ideal of the hypotheses' components; SumOfSquares (with
picos and an SDP solver, from PyPI) looks for a numerical sum of squares, alkahest for an exact one. A tool that is not
installed is said to be absent; one that takes longer than the limit is stopped, and that is said, too.
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
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
LIMIT = 60  # seconds for a size
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
    import alkahest  # type: ignore[import-not-found]  # optional, and skipped in words

    pool = alkahest.ExprPool()
    u, v = ([pool.symbol(f"{name}{i}") for i in range(size)] for name in "uv")

    def inner(a: Sequence[Any], b: Sequence[Any]) -> Any:
        products = [x * y for x, y in zip(a, b, strict=True)]
        total = products[0]
        for product in products[1:]:
            total = total + product
        return total

    form = inner(u, u) * inner(v, v) - inner(u, v) * inner(u, v)
    return lambda: f"an exact {alkahest.sos_decompose(form, [*u, *v])}"


OPEN: dict[str, Callable[[], Ask]] = {
    "inverses are unique": _open_inverses,
    "a chain of 3": partial(_open_chain, 3),
    "Lagrange's inequality": _open_lagrange,
}
PEERS: list[tuple[str, str, str, Callable[[int], Ask], tuple[int, ...]]] = [
    ("inverses are unique", "SymPy's groebner", "sympy", _inverses_by_groebner, (1, 2, 3)),
    ("a chain of 3", "SymPy's groebner", "sympy", partial(_chain_by_groebner, count=3), (1, 2, 3)),
    ("Lagrange's inequality", "SumOfSquares", "SumOfSquares", _lagrange_by_semidefinite_programming, (2, 3, 4, 5)),
    ("Lagrange's inequality", "alkahest", "alkahest", _lagrange_by_alkahest, (2, 3, 4)),
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
        print(f"{name:<24}{'symmix':<18}{'all sizes':<10}{fresh(number, 0, LIMIT)}", flush=True)
        if importlib.util.find_spec(package) is None:
            print(f"{name:<24}{tool:<18}skipped: {package} is not installed")
            continue
        for size in sizes[:1] if options.quick else sizes:
            print(f"{name:<24}{tool:<18}{'size ' + str(size):<10}{fresh(number, size, LIMIT)}", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
