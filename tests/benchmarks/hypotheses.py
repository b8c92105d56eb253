"""How long it takes to combine hypotheses, and to find sums of squares, at open sizes.

``python tests/benchmarks/hypotheses.py [--quick]``. Every figure is the median of several fresh processes, each of
which decides once, cold, after its imports; times are those of the processor.

* a chain: ``x_n = A_(n-1) ... A_0 x_0`` by ``x_(i+1) = A_i x_i``, one to twelve hypotheses, and scrambled: each
  hypothesis is the sum of two of these, so that none says what a symbol is;
* facts that take combining: inverses are unique, push-through, eigenvectors, a Cayley transform;
* sums of squares: a Gram form, a variance, Jensen, Cauchy and Schwarz, soft-thresholding; and what is not one.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
COUNTS = (1, 2, 3, 4, 6, 8, 10, 12)
FACTS = ("inverses are unique", "push-through", "eigenvectors", "Cayley transform", "products of frames")
BOUNDS = ("a Gram form", "a variance", "Jensen", "Cauchy and Schwarz", "Bessel", "soft-thresholding")
Case = tuple[Callable[[Any], Any], Any]  # what decides, and its setting


def chain(count: int, *, scrambled: bool = False, false: bool = False) -> Case:
    """Follow a chain of so many hypotheses."""
    import sympy as sp

    from symmix import Identity, Setting

    n = sp.Symbol("n", integer=True, positive=True)
    states = [sp.MatrixSymbol(f"x{i}", n, 1) for i in range(count + 1)]
    maps = [sp.MatrixSymbol(f"A{i}", n, n) for i in range(count)]
    plain = [states[i + 1] - maps[i] * states[i] for i in range(count)]
    where = [e + plain[i + 1] if scrambled and i + 1 < count else e for i, e in enumerate(plain)]
    whole = states[0]
    for factor in maps:
        whole = factor * whole
    return Identity(states[-1], (2 if false else 1) * whole, where=where).decide, Setting()


def fact(name: str, *, false: bool = False) -> Case:
    """Decide a fact of the tests, or its near miss."""
    from symmix import Identity, Setting
    from tests import test_combining

    found = test_combining.FACTS[name]
    where = found.missing if false else found.where
    return Identity(found.left, found.right, where=where).decide, Setting()


def bound(name: str, *, false: bool = False) -> Case:
    """Decide an inequality of the tests, or its near miss."""
    from symmix import Nonnegative, Setting
    from tests import test_inequalities

    found = test_inequalities.BOUNDS[name]
    stated = Nonnegative(found.false if false else found.scalar, where=found.where)
    return stated.decide, Setting(conditions=found.conditions)


CASES: dict[str, Callable[[], Case]] = {
    **{f"chain of {count}": partial(chain, count) for count in COUNTS},
    **{f"chain of {count}, scrambled": partial(chain, count, scrambled=True) for count in COUNTS},
    **{f"chain of {count}, false": partial(chain, count, false=True) for count in (1, 4, 12)},
    **{name: partial(fact, name) for name in FACTS},
    **{f"{name}, near miss": partial(fact, name, false=True) for name in FACTS},
    **{name: partial(bound, name) for name in BOUNDS},
    **{f"{name}, near miss": partial(bound, name, false=True) for name in BOUNDS},
}


def measure(name: str) -> dict[str, Any]:
    """Time one case, once, after its imports."""
    decide, setting = CASES[name]()
    begin = time.process_time()
    word = decide(setting).word
    return {"seconds": time.process_time() - begin, "answer": word}


def fresh(name: str) -> dict[str, Any]:
    """Run this file in a new process and return what it measured there."""
    command = [sys.executable, "-X", "utf8", __file__, "--measure", name]
    run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT)
    result: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return result


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="one process each: shows that it runs")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.measure:
        print(json.dumps(measure(options.measure)))
        return 0
    times = 1 if options.quick else 5
    print(f"Python {platform.python_version()}, {platform.machine()}; median of {times} fresh processes\n")
    for name in CASES:
        results = [fresh(name) for _ in range(times)]
        answers = {result["answer"] for result in results}
        print(f"{name:<40}{median(r['seconds'] for r in results) * 1e3:>10,.1f} ms  {', '.join(sorted(answers))}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
