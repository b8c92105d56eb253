"""What a look at a mixing function of large images costs, beside what the function itself takes.

``python tests/benchmarks/probes.py [--quick]``. Memory is that of NumPy's arrays at its peak, in batches: the bytes
of what the function is given. It fails where the look takes two batches beyond the function or more, or says something
else of it than it should; seconds fail nothing.
"""

from __future__ import annotations

import argparse
import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from symmix.testing import probe_mixing  # noqa: E402  the path has to be there first

MOST = 2  # batches beyond what the function takes
Mix = Callable[[Any, Any], Any]


def plain(rng: np.random.Generator) -> Mix:
    """Mix in one line."""

    def mix(x: Any, y: Any) -> Any:
        lam, other = np.float32(rng.beta(0.4, 0.4)), rng.permutation(len(x))
        return lam * x + (1 - lam) * x[other], lam * y + (1 - lam) * y[other]

    return mix


def sparing(rng: np.random.Generator, *, slip: bool = False) -> Mix:
    """Mix without more memory than for the result; or, wrong, with the labels of the next partner."""

    def mix(x: Any, y: Any) -> Any:
        lam, other = np.float32(rng.beta(0.4, 0.4)), rng.permutation(len(x))
        out = x[other]
        out *= 1 - lam
        for i, sample in enumerate(x):
            out[i] += lam * sample
        return out, lam * y + (1 - lam) * y[np.roll(other, 1) if slip else other]

    return mix


def pasted(rng: np.random.Generator) -> Mix:
    """Paste a box of the partner."""

    def mix(x: Any, y: Any) -> Any:
        other, (height, width) = rng.permutation(len(x)), x.shape[-2:]
        a, b = sorted(rng.integers(0, height + 1, 2))
        c, d = sorted(rng.integers(0, width + 1, 2))
        out = x.copy()
        out[..., a:b, c:d] = x[other][..., a:b, c:d]
        share = np.float32((b - a) * (d - c) / (height * width))
        return out, (1 - share) * y + share * y[other]

    return mix


FUNCTIONS: dict[str, tuple[Callable[[np.random.Generator], Mix], str]] = {
    "mixup": (plain, "passed"),
    "mixup, sparing": (sparing, "passed"),
    "mixup, wrong labels": (lambda rng: sparing(rng, slip=True), "failed"),
    "cutmix": (pasted, "passed"),
}


def peak(run: Callable[[], object]) -> int:
    """Return the bytes that a run takes at its peak, beyond those before."""
    tracing = tracemalloc.is_tracing()
    if not tracing:
        tracemalloc.start()
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    run()
    found = tracemalloc.get_traced_memory()[1] - before
    if not tracing:
        tracemalloc.stop()
    return found


def batches(mix: Mix, samples: int, shape: tuple[int, ...]) -> tuple[float, float]:
    """Return what the function takes beside its arguments, and what a look at it takes, in batches."""
    given = np.full((samples, *shape), 0.5, np.float32), np.eye(samples, dtype=np.float32)
    alone = peak(partial(mix, *given))
    whole = peak(partial(probe_mixing, mix, samples=samples, shape=shape, dtype="float32"))
    return alone / given[0].nbytes, whole / given[0].nbytes


def timed(name: str, samples: int, shape: tuple[int, ...]) -> str:
    """Look at a function once, untraced, and say what came out and how long that took."""
    inside = 0.0
    function = FUNCTIONS[name][0](np.random.default_rng(0))

    def mix(x: Any, y: Any) -> Any:
        nonlocal inside
        begin = time.process_time()
        returned = function(x, y)
        inside += time.process_time() - begin
        return returned

    begin = time.process_time()
    report = probe_mixing(mix, samples=samples, shape=shape, dtype="float32")
    taken = time.process_time() - begin
    return f"{report.verdict}  {taken:.2f} s, {inside:.2f} s of it the function's"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, and return 1 if a row fails."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="one function")
    options = parser.parse_args(arguments)
    samples, shape = 32, (3, 224, 224)
    failed = []
    for name in list(FUNCTIONS)[: 1 if options.quick else None]:
        make, wanted = FUNCTIONS[name]
        alone, whole = batches(make(np.random.default_rng(0)), samples, shape)
        said = timed(name, samples, shape)
        wrong = not said.startswith(wanted) or whole - alone >= MOST
        print(
            f"{name:<22}{whole:.2f} batches, {alone:.2f} the function's, {whole - alone:.2f} ours  {said}", flush=True
        )
        failed += [name] if wrong else []
    print(f"\nFAILED: {'; '.join(failed)}" if failed else f"\nall below {MOST} batches")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
