"""Throughput and sharpness of the gradient checks, beside those of SciPy, PyTorch and JAX.

Run ``python tests/benchmarks/numeric.py``, with ``--quick`` for the smallest size alone. Everything is measured
in one run on one machine; ratios are to SciPy's ``check_grad`` in a loop over the cases. A checker that is not
installed is said to be so. The checks look at every entry of z, z', W and b, but for "one random direction".
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from symmix.numeric import check_gradient, complex_step, complex_step_along, exact_differences
from symmix.numeric.cases import integer_pairs, normal_pairs
from symmix.numeric.gradients import manifold_mixup_gradient
from symmix.numeric.objectives import manifold_mixup_loss

SIZES = ((3, 4), (3, 16), (10, 64))
WRT = ("z", "z_prime", "W", "b")
ERRORS = [10.0**-e for e in range(1, 16)]
SECONDS, QUICK_SECONDS = 0.7, 0.02

Case = dict[str, Any]
Gradient = Callable[..., Any]


def say(line: str) -> None:
    """Print one line of a table at once: the whole run takes a minute."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def scaled(error: float) -> Gradient:
    """The correct gradient with every entry off by the same relative error."""
    return lambda **case: {name: g * (1 + error) for name, g in manifold_mixup_gradient(**case).items()}


def rate(run: Callable[[], int], seconds: float) -> float:
    """Cases a second: the best repetition, in about so many seconds, of a run that returns its number of cases."""
    best, stop = 0.0, time.perf_counter() + seconds
    while True:
        start = time.perf_counter()
        cases = run()
        now = time.perf_counter()
        best = max(best, cases / (now - start))
        if now > stop:
            return best


def draw(k: int, h: int, cases: int, *, integers: bool, dtype: Any = np.float64) -> Case:
    """Cases of one size; integers small enough for the type to be exact."""
    rng = np.random.default_rng([k, h])
    if integers:
        return integer_pairs(rng, k, h, cases, largest=2 if h <= 4 else 1, dtype=dtype)
    return normal_pairs(rng, k, h, cases, dtype=dtype)


def exact_run(case: Case) -> Callable[[], int]:
    """Check all cases by exact differences."""

    def run() -> int:
        return check_gradient(
            manifold_mixup_gradient, manifold_mixup_loss, [case], wrt=WRT, oracle=exact_differences
        ).cases

    return run


def step_run(case: Case) -> Callable[[], int]:
    """Check all cases by complex step with a bound."""

    def run() -> int:
        return check_gradient(manifold_mixup_gradient, manifold_mixup_loss, [case], wrt=WRT, oracle=complex_step).cases

    return run


def project(gradient: Case, directions: Case) -> Any:
    """Multiply a gradient with one direction a case."""
    return sum(np.sum((gradient[name] * v).reshape(len(v), -1), axis=1) for name, v in directions.items())


def along(case: Case, gradient: Gradient) -> Any:
    """Whether each case agrees along one random direction."""
    rng = np.random.default_rng(1)
    directions = {name: rng.choice([-1.0, 1.0], case[name].shape) for name in WRT}
    return complex_step_along(manifold_mixup_loss, case, directions).agrees(project(gradient(**case), directions))


def along_run(case: Case) -> Callable[[], int]:
    """Check all cases along one direction each."""
    return lambda: int(np.sum(along(case, manifold_mixup_gradient)))


class Flat:
    """One case as a function of one flat vector, as the usual checkers want it."""

    def __init__(self, case: Case, index: int, gradient: Gradient) -> None:
        self.fixed = {name: value[index] for name, value in case.items()}
        self.gradient = gradient
        self.start = np.concatenate([self.fixed[name].ravel() for name in WRT])

    def _variables(self, flat: Any) -> Case:
        out, at = dict(self.fixed), 0
        for name in WRT:
            size = self.fixed[name].size
            out[name] = flat[at : at + size].reshape(self.fixed[name].shape)
            at += size
        return out

    def value(self, flat: Any) -> float:
        """The loss."""
        return float(manifold_mixup_loss(**self._variables(flat)))

    def slope(self, flat: Any) -> Any:
        """The claimed gradient."""
        gradient = self.gradient(**self._variables(flat))
        return np.concatenate([gradient[name].ravel() for name in WRT])


def scipy_rejects(case: Case, index: int, gradient: Gradient) -> bool:
    """SciPy returns a norm and leaves the judgement to the user; the usual one is 1e-6 of the gradient."""
    check_grad = importlib.import_module("scipy.optimize").check_grad
    flat = Flat(case, index, gradient)
    return bool(check_grad(flat.value, flat.slope, flat.start) > 1e-6 * np.linalg.norm(flat.slope(flat.start)))


def torch_rejects(case: Case, index: int, gradient: Gradient) -> bool:
    """``torch.autograd.gradcheck`` with its defaults."""
    torch = importlib.import_module("torch")
    flat = Flat(case, index, gradient)

    def forward(context: Any, x: Any) -> Any:
        context.save_for_backward(x)
        return torch.tensor(flat.value(x.detach().numpy()), dtype=torch.float64)

    def backward(context: Any, upstream: Any) -> Any:
        (x,) = context.saved_tensors
        return upstream * torch.from_numpy(flat.slope(x.detach().numpy()))

    members = {"forward": staticmethod(forward), "backward": staticmethod(backward)}
    function: Any = type("Loss", (torch.autograd.Function,), members)
    start = torch.tensor(flat.start, dtype=torch.float64, requires_grad=True)
    return not torch.autograd.gradcheck(function.apply, (start,), raise_exception=False)


def jax_rejects(case: Case, index: int, gradient: Gradient) -> bool:
    """``jax.test_util.check_grads``, reverse mode, first order, with its defaults in double precision."""
    jax = importlib.import_module("jax")
    check_grads = importlib.import_module("jax.test_util").check_grads
    jax.config.update("jax_enable_x64", val=True)
    flat = Flat(case, index, gradient)
    shape = jax.ShapeDtypeStruct((), np.float64)
    loss = jax.custom_vjp(lambda x: jax.pure_callback(lambda at: np.float64(flat.value(np.asarray(at))), shape, x))
    wide = jax.ShapeDtypeStruct(flat.start.shape, np.float64)

    def backward(x: Any, upstream: Any) -> Any:
        return (upstream * jax.pure_callback(lambda at: flat.slope(np.asarray(at)), wide, x),)

    loss.defvjp(lambda x: (loss(x), x), backward)
    try:
        check_grads(loss, (flat.start,), order=1, modes=("rev",))
    except AssertionError:
        return True
    return False


THEIRS = {
    "scipy check_grad, looped": ("scipy", scipy_rejects),
    "torch gradcheck, looped": ("torch", torch_rejects),
    "jax check_grads, looped": ("jax", jax_rejects),
}


def installed(module: str) -> bool:
    """Whether a module can be imported."""
    try:
        importlib.import_module(module)
    except ImportError:
        return False
    return True


def looped_run(rejects: Callable[[Case, int, Gradient], bool], case: Case, cases: int) -> Callable[[], int]:
    """Check a few cases one by one."""

    def run() -> int:
        for index in range(cases):
            rejects(case, index, manifold_mixup_gradient)
        return cases

    return run


def throughput(sizes: Sequence[tuple[int, int]], seconds: float) -> None:
    """Print cases a second."""
    say("cases a second (times scipy's)")
    say(f"{'':34}" + "".join(f"{f'(k,h) = {size}':>22}" for size in sizes))
    rows: dict[str, list[float | None]] = {}
    for k, h in sizes:
        many = max(200, 200_000 // (k * h))
        for dtype in (np.float64, np.float32):
            if dtype is np.float64 or h <= 4:
                case = draw(k, h, many, integers=True, dtype=dtype)
                rows.setdefault(f"exact differences, {dtype.__name__}", []).append(rate(exact_run(case), seconds))
            else:
                rows.setdefault(f"exact differences, {dtype.__name__}", []).append(None)
            case = draw(k, h, max(50, many // 5), integers=False, dtype=dtype)
            rows.setdefault(f"complex step, {dtype.__name__}", []).append(rate(step_run(case), seconds))
        case = draw(k, h, many, integers=False)
        rows.setdefault("one random direction, float64", []).append(rate(along_run(case), seconds))
        for name, (module, rejects) in THEIRS.items():
            found = rate(looped_run(rejects, case, 5), seconds) if installed(module) else None
            rows.setdefault(name, []).append(found)
    base = rows["scipy check_grad, looped"]
    for name, values in rows.items():
        cells = "".join(f"{cell(value, reference):>22}" for value, reference in zip(values, base, strict=True))
        say(f"{name:34}{cells}")


def cell(value: float | None, reference: float | None) -> str:
    """One entry of the table."""
    if value is None:
        return "-"
    return f"{value:,.0f}" + (f" ({value / reference:,.3g}x)" if reference else "")


def smallest_found(found: Callable[[Gradient], float]) -> str:
    """The smallest power of ten such that an error of this size is found in 95% of the cases."""
    best = ""
    for error in ERRORS:
        if found(scaled(error)) < 0.95:
            break
        best = f"{error:.0e}"
    return best or "none"


def share_found(case: Case, oracle: Any, gradient: Gradient) -> float:
    """Share of the cases in which an oracle rejects a gradient."""
    report = check_gradient(gradient, manifold_mixup_loss, [case], wrt=WRT, oracle=oracle)
    return report.failures / len(case["lam"])


def share_rejected_along(case: Case, gradient: Gradient) -> float:
    """Share of the cases in which one random direction shows an error."""
    return float(np.mean(~along(case, gradient)))


def share_rejected(case: Case, rejects: Callable[[Case, int, Gradient], bool], gradient: Gradient) -> float:
    """Share of forty cases that somebody else's checker rejects."""
    return float(np.mean([rejects(case, index, gradient) for index in range(40)]))


def sharpness(sizes: Sequence[tuple[int, int]]) -> None:
    """Print the smallest relative error found in 95% of the cases, and how many correct ones fail."""
    say("\nsmallest relative error found in 95% of the cases (correct gradients rejected)")
    say(f"{'':34}" + "".join(f"{f'(k,h) = {size}':>22}" for size in sizes))
    rows: dict[str, list[str]] = {}
    for k, h in sizes:
        whole, drawn = draw(k, h, 200, integers=True), draw(k, h, 200, integers=False)
        # an all-zero gradient has no relative error: those integer cases are left out
        kept = np.any(manifold_mixup_gradient(**whole)["b"] != 0, axis=1)
        whole = {name: value[kept] for name, value in whole.items()}
        judges: dict[str, Callable[[Gradient], float]] = {
            "exact differences": partial(share_found, whole, exact_differences),
            "complex step": partial(share_found, drawn, complex_step),
            "one random direction": partial(share_rejected_along, drawn),
        }
        for name, (module, rejects) in THEIRS.items():
            if installed(module):
                judges[name] = partial(share_rejected, drawn, rejects)
        for name, judge in judges.items():
            text = f"{smallest_found(judge)} ({judge(manifold_mixup_gradient):.0%})"
            rows.setdefault(name, []).append(text)
    for name, texts in rows.items():
        say(f"{name:34}" + "".join(f"{text:>22}" for text in texts))


def main() -> None:
    """Run everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the smallest size alone, to see that all of it runs")
    quick = parser.parse_args().quick
    sizes = SIZES[:1] if quick else SIZES
    throughput(sizes, QUICK_SECONDS if quick else SECONDS)
    sharpness(sizes)
    for name, (module, _) in THEIRS.items():
        if not installed(module):
            say(f"{name.split(',')[0]}: {module} is not installed")


if __name__ == "__main__":
    main()
