"""How long deciding takes: the four-term gradient by the kernel, through SymPy, and by SymPy itself.

``python tests/benchmarks/deciding.py [--quick]``. Every figure is the median of several fresh processes, each of which
decides once, cold; imports are made before the clock starts and measured on their own. Ratios are within one run.

The statement: for L = -1/2 |r|^2, r = lam y + (1 - lam) y' - G(lam z + (1 - lam) z'), G(z) = W z + b,

    dL/dz     = lam^2 W^T e + lam (1 - lam) W^T e'
    dL/dtheta = lam^2 J^T W^T e + lam (1 - lam) J^T W^T e' + lam (1 - lam) J'^T W^T e + (1 - lam)^2 J'^T W^T e'

with e = y - G(z), e' = y' - G(z'). SymPy has no Jacobians that are merely declared: for it the encoder is z = J theta.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import io
import json
import platform
import subprocess
import sys
import time
import tokenize
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FOUR = (
    "mixed_residual_is_mixture_of_residuals",
    "gradient_has_four_terms",
    "gradient_vanishes_at_fit",
    "printed_product_needs_brackets",
)
Case = Callable[[], str]  # what is timed: derives, decides, and says what came out


# -- the kernel alone ---


def kernel(wrt: str, factors: int = 1, sign: int = 1) -> Case:
    """Decide by the kernel, networks built directly; the head is a product of so many factors, with a bias."""
    from symmix.kernel.calculus import Template, derivative
    from symmix.kernel.networks import Expression, entry
    from symmix.kernel.products import Tensor
    from symmix.kernel.scalars import Polynomial

    def decide() -> str:
        lam = Polynomial.variable("lam")
        weights = [Tensor(f"W{i}", (f"k{i}", f"k{i + 1}")) for i in range(factors)]  # W0 is applied last
        last = f"k{factors}"
        z, zp = Tensor("z", (last,)), Tensor("z'", (last,))
        y, yp, b = Tensor("y", ("k0",)), Tensor("y'", ("k0",)), Tensor("b", ("k0",))
        jacobian, jacobian_p = Tensor("J", (last, "p")), Tensor("J'", (last, "p"))

        def mix(first: Expression, second: Expression) -> Expression:
            return first * lam + second * (1 - lam)

        def apply(column: Expression) -> Expression:  # rows are called "i" and "j" in turn
            for level in reversed(range(factors)):
                below, above = ("i", "j") if (factors - level) % 2 else ("j", "i")
                column = (entry(weights[level], above, below) * column).sum(below)
            return column if not column.free or "i" in column.free else column.rename({"j": "i"})

        def pull(column: Expression) -> Expression:  # W^T column
            for level in range(factors):
                above, below = ("i", "j") if level % 2 == 0 else ("j", "i")
                column = (entry(weights[level], above, below) * column).sum(above)
            return column.rename({"j": "i"}) if "j" in column.free else column

        def head(column: Expression) -> Expression:
            return apply(column) + entry(b, "i")

        r = mix(entry(y, "i"), entry(yp, "i")) - head(mix(entry(z, "i"), entry(zp, "i")))
        objective = (r * r).sum("i") * Fraction(-1, 2)
        e, ep = entry(y, "i") - head(entry(z, "i")), entry(yp, "i") - head(entry(zp, "i"))
        terms = mix(e, ep) * sign
        if wrt == "z":
            left = derivative(objective, z, ("i",))
            right = pull(terms) * lam
        else:
            chain = [
                Template(z, ("s",), entry(jacobian, "s", "t")),
                Template(zp, ("s",), entry(jacobian_p, "s", "t")),
            ]
            left = derivative(objective, Tensor("theta", ("p",)), ("t",), chain)
            own = (pull(terms) * entry(jacobian, "i", "t")).sum("i") * lam
            other = (pull(terms) * entry(jacobian_p, "i", "t")).sum("i") * (1 - lam)
            right = own + other
        return "proved" if left == right else "refuted"

    return decide


# -- symmix through SymPy ---


def symmix(wrt: str) -> Case:
    """Decide by symmix, stated in SymPy as in the proof scripts."""
    from symmix import Identity, Setting, manifold_mixup
    from symmix.notation import J, Jp, W, e, ep, lam, theta, z

    def decide() -> str:
        mixup = manifold_mixup()
        if wrt == "z":
            right = lam**2 * W.T * e + lam * (1 - lam) * W.T * ep
        else:
            own = lam**2 * J.T * W.T * e + (1 - lam) ** 2 * Jp.T * W.T * ep
            right = own + lam * (1 - lam) * J.T * W.T * ep + lam * (1 - lam) * Jp.T * W.T * e
        verdict = Identity(mixup.gradient(z if wrt == "z" else theta), right).decide(Setting(mixup.definitions))
        return verdict.word

    return decide


# -- SymPy alone ---


def sympy_matrices(wrt: str, form: str = "trace") -> Case:
    """Decide by SymPy's matrix expressions: diff of a trace or of the entry of a 1 x 1 product, expand, compare."""
    import sympy as sp

    def decide() -> str:
        k, h, p = sp.symbols("k h p", integer=True, positive=True)
        lam = sp.Symbol("lam", real=True)
        weights, b = sp.MatrixSymbol("W", k, h), sp.MatrixSymbol("b", k, 1)
        y, yp = sp.MatrixSymbol("y", k, 1), sp.MatrixSymbol("y'", k, 1)
        theta = sp.MatrixSymbol("theta", p, 1)
        jacobian, jacobian_p = sp.MatrixSymbol("J", h, p), sp.MatrixSymbol("J'", h, p)
        z, zp = sp.MatrixSymbol("z", h, 1), sp.MatrixSymbol("z'", h, 1)
        if wrt == "theta":
            z, zp = jacobian * theta, jacobian_p * theta
        e, ep = y - weights * z - b, yp - weights * zp - b
        r = lam * y + (1 - lam) * yp - weights * (lam * z + (1 - lam) * zp) - b
        norm = sp.Trace(r.T * r) if form == "trace" else (r.T * r)[0, 0]
        left = sp.diff(-norm / 2, z if wrt == "z" else theta)
        pulled = weights.T * (lam * e + (1 - lam) * ep)
        right = lam * pulled if wrt == "z" else lam * jacobian.T * pulled + (1 - lam) * jacobian_p.T * pulled
        if left == 0 or left.is_ZeroMatrix:
            return "wrong: SymPy's gradient is 0"
        difference = sp.expand(sp.expand(left) - sp.expand(right)).doit()
        if difference == sp.ZeroMatrix(*theta.shape if wrt == "theta" else z.shape):
            return "difference 0"
        return f"undecided: {len(sp.Add.make_args(difference)) or 1} terms of the difference are left"

    return decide


def sympy_components(wrt: str, size: int) -> Case:
    """Decide by SymPy's scalars: every entry a symbol, k = h = p = size, scalar derivatives, expand, compare with 0."""
    import sympy as sp

    def decide() -> str:
        lam = sp.Symbol("lam", real=True)
        matrices = {name: sp.Matrix(size, size, sp.symbols(f"{name}:{size**2}")) for name in ("W", "J", "K")}
        weights, jacobian, jacobian_p = matrices.values()
        columns = [sp.Matrix(sp.symbols(f"{name}:{size}")) for name in ("y", "u", "z", "v", "b", "t")]
        y, yp, z, zp, b, theta = columns
        variable = z
        if wrt == "theta":
            z, zp, variable = jacobian * theta, jacobian_p * theta, theta
        e, ep = y - weights * z - b, yp - weights * zp - b
        r = lam * y + (1 - lam) * yp - weights * (lam * z + (1 - lam) * zp) - b
        objective = -sum(entry**2 for entry in r) / 2
        pulled = weights.T * (lam * e + (1 - lam) * ep)
        right = lam * pulled if wrt == "z" else lam * jacobian.T * pulled + (1 - lam) * jacobian_p.T * pulled
        holds = all(sp.expand(sp.diff(objective, variable[i]) - right[i]) == 0 for i in range(size))
        return f"holds at size {size}" if holds else f"fails at size {size}"

    return decide


CASES: dict[str, Callable[[], Case]] = {
    "kernel z": partial(kernel, "z"),
    "kernel theta": partial(kernel, "theta"),
    "kernel z, head of 16 factors": partial(kernel, "z", 16),
    "kernel z, wrong sign": partial(kernel, "z", 1, -1),
    "symmix z": partial(symmix, "z"),
    "symmix theta": partial(symmix, "theta"),
    "matrices z": partial(sympy_matrices, "z"),
    "matrices theta": partial(sympy_matrices, "theta"),
    "matrices z, (r^T r)[0,0]": partial(sympy_matrices, "z", "entry"),
    "components z 4": partial(sympy_components, "z", 4),
    "components theta 4": partial(sympy_components, "theta", 4),
    "components z 16": partial(sympy_components, "z", 16),
}
LABELS = {
    "kernel": "symmix.kernel alone",
    "symmix": "symmix, stated in SymPy",
    "matrices": "SymPy's matrix expressions",
    "components": "SymPy's scalars, k = h =",
}


# -- one measurement, in a process of its own ---


def measure(name: str) -> dict[str, Any]:
    """Time one case, once, after its imports."""
    decide = CASES[name]()
    begin = time.perf_counter()
    try:
        answer = decide()
    except Exception as error:  # noqa: BLE001  what SymPy cannot do is an answer too
        answer = f"{type(error).__name__}: {error}"
    return {"seconds": time.perf_counter() - begin, "answer": answer}


def measure_import(*modules: str) -> dict[str, Any]:
    """Time the import of modules; of a package named with a star, of all its public names."""
    begin = time.perf_counter()
    for name in modules:
        module = import_module(name.removesuffix(".*"))
        for public in module.__all__ if name.endswith(".*") else ():
            getattr(module, public)
    return {"seconds": time.perf_counter() - begin, "answer": ""}


def measure_prove() -> dict[str, Any]:
    """Time ``symmix prove`` on the four theorems, part by part."""
    marks = [time.perf_counter()]
    import sympy  # noqa: F401

    marks.append(time.perf_counter())
    from symmix.cli import main

    marks.append(time.perf_counter())
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        code = main(["prove", *(str(ROOT / "proofs" / f"{name}.py") for name in FOUR)])
    marks.append(time.perf_counter())
    parts = [after - before for before, after in pairwise(marks)]
    return {"parts": parts, "answer": printed.getvalue().splitlines()[-1] if code == 0 else f"exit code {code}"}


def fresh(*arguments: str) -> dict[str, Any]:
    """Run this file in a new process and return what it measured there."""
    begin = time.perf_counter()
    command = [sys.executable, "-X", "utf8", __file__, "--measure", *arguments]
    run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT)
    result: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return {**result, "wall": time.perf_counter() - begin}


def repeated(times: int, *arguments: str) -> tuple[list[float], str]:
    """Return the times of several fresh processes, and their one answer."""
    results = [fresh(*arguments) for _ in range(times)]
    answers = {result["answer"] for result in results}
    if len(answers) != 1:
        raise RuntimeError(f"{arguments} does not give the same answer every time: {answers}")
    return [result["seconds"] for result in results], answers.pop()


# -- the kernel's size ---


def lines_of(folder: Path) -> tuple[int, int]:
    """Return the lines of code, and all lines: with the blank ones, the comments and the docstrings."""
    code = total = 0
    for path in folder.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        total += len(source.splitlines())
        documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
        docstrings = {
            line
            for node in ast.walk(ast.parse(source))
            if isinstance(node, documented) and ast.get_docstring(node) is not None
            for line in range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1)
        }
        silent = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
        tokens = tokenize.generate_tokens(io.StringIO(source).readline)
        spoken = {n for t in tokens if t.type not in silent for n in range(t.start[0], t.end[0] + 1)}
        code += len(spoken - docstrings)
    return code, total


# -- the tables ---


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="one process each, nothing slow: shows that it runs")
    parser.add_argument("--measure", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.measure:
        kind, *names = options.measure
        kinds: dict[str, Callable[..., dict[str, Any]]] = {
            "case": measure,
            "import": measure_import,
            "prove": measure_prove,
        }
        print(json.dumps(kinds[kind](*names)))
        return 0
    times = 1 if options.quick else 9
    print(f"Python {platform.python_version()}, {platform.machine()}; median of {times} fresh processes\n")
    _print_cases(times, quick=options.quick)
    _print_prove(times)
    _print_imports(times)
    code, total = lines_of(ROOT / "symmix" / "kernel")
    print(f"symmix.kernel: {code} lines of code, {total} with blank lines, comments and docstrings")
    return 0


def _print_cases(times: int, *, quick: bool) -> None:
    print("Deriving the gradient and deciding the four terms\n")
    print(f"{'by':<44}{'gradient':<10}{'ms':>10}{'range':>20}{'to kernel':>11}  answer")
    base: dict[str, float] = {}
    for name in CASES:
        if quick and name.endswith("16"):
            continue
        slow = name.startswith("components")
        seconds, answer = repeated(1 if slow else times, "case", name)
        way, wrt, *detail = name.replace(",", " ,").split(" ")
        value = median(seconds)
        spread = f"{min(seconds) * 1e3:,.1f} - {max(seconds) * 1e3:,.1f}" if len(seconds) > 1 else "1 process"
        ratio = value / base.setdefault(wrt, value)
        label = f"{LABELS[way]} {' '.join(detail)}".replace(" ,", ",")
        print(f"{label:<44}{'dL/d' + wrt:<10}{value * 1e3:>10,.1f}{spread:>20}{ratio:>11,.1f}  {answer}")
    print()


def _print_prove(times: int) -> None:
    results = [fresh("prove") for _ in range(times)]
    sympy, package, rest = (median(result["parts"][part] for result in results) for part in range(3))
    wall = median(result["wall"] for result in results)
    print(f"symmix prove on four theorems: {wall * 1e3:,.0f} ms from start to exit ({results[0]['answer']})")
    rows = {"import of SymPy": sympy, "import of the rest": package, "stating and deciding": rest}
    for label, value in {**rows, "start and end of the process": wall - sum(rows.values())}.items():
        print(f"  {label:<30}{value * 1e3:>7,.0f} ms  {value / wall:>4.0%}")
    print()


def _print_imports(times: int) -> None:
    modules = [f"symmix.kernel.{path.stem}" for path in sorted((ROOT / "symmix" / "kernel").glob("[a-z]*.py"))]
    for label, names in {
        "import symmix.kernel, all of it": modules,
        "import symmix": ["symmix"],
        "import symmix, all public names (loads SymPy)": ["symmix.*"],
        "import sympy, for comparison": ["sympy"],
    }.items():
        seconds, _ = repeated(times, "import", *names)
        print(f"{label:<48}{median(seconds) * 1e3:>7,.1f} ms")
    print()


if __name__ == "__main__":
    raise SystemExit(main())
