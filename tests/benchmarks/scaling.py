"""How time grows as the work grows: one row for each family of inputs that once fell off a cliff.

``python tests/benchmarks/scaling.py [--quick] [WORD ...]``. A row is measured in a process of its own at several sizes,
each time on another instance: relabelled, renamed, reordered. Times are those of the processor, the least of several.
Growth is fitted to them: as a power of the size, or as a factor for each unit more. What fails is a row that gives
another answer than it should, or whose growth has jumped since it was last written down; seconds fail nothing.

The rows stand in ``tests/benchmarks/cliffs``, a table ``ROWS`` in each module.
"""

from __future__ import annotations

import argparse
import json
import math
import platform
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks.cliffs import Row  # noqa: E402  the path has to be there first

FOLDER = Path(__file__).parent / "cliffs"
TOLERATED = {"power": 0.8, "factor": 0.8}  # how much more growth is a jump: of the exponent, of the factor's logarithm
SHORT = 0.002  # seconds below which a time says little of growth


def rows() -> dict[str, Row]:
    """Return all rows by name."""
    found: dict[str, Row] = {}
    for path in sorted(FOLDER.glob("[a-z]*.py")):
        module: Any = import_module(f"tests.benchmarks.cliffs.{path.stem}")
        found |= module.ROWS
    return found


def growth(row: Row, seconds: Mapping[int, float]) -> float:
    """Fit the exponent of a power of the size, or the factor for a unit more, by least squares of logarithms."""
    known = [(size, max(value, SHORT)) for size, value in seconds.items()]
    places = [math.log(size) if row.growth == "power" else float(size) for size, _ in known]
    heights = [math.log(value) for _, value in known]
    middle, level = sum(places) / len(places), sum(heights) / len(heights)
    above = sum((x - middle) * (y - level) for x, y in zip(places, heights, strict=True))
    slope = above / sum((x - middle) ** 2 for x in places)
    return slope if row.growth == "power" else math.exp(slope)


def has_jumped(row: Row, fitted: float) -> bool:
    """Whether growth is more than what was written down, by more than noise explains."""
    if row.growth == "power":
        return fitted > row.kept + TOLERATED["power"]
    return math.log(fitted) > (1 + TOLERATED["factor"]) * math.log(max(row.kept, 1.1))


def measure(name: str, times: int) -> dict[str, Any]:
    """Time one row at all of its sizes."""
    row = rows()[name]
    row.make(row.sizes[0], times)()  # imports, and what is made once
    seconds: dict[int, float] = {}
    answers: set[str] = set()
    for size in row.sizes:
        for seed in range(times):
            decide = row.make(size, seed)
            begin = time.process_time()
            answers.add(decide())
            taken = time.process_time() - begin
            seconds[size] = min(taken, seconds.get(size, taken))
    return {"seconds": list(seconds.values()), "answers": sorted(answers)}


def fresh(name: str, times: int) -> dict[str, Any]:
    """Measure a row in a new process."""
    command = [sys.executable, "-X", "utf8", __file__, "--measure", name, "--times", str(times)]
    run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT)
    result: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return result


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, and return 1 if a row fails."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("words", nargs="*", help="only rows with one of these words in their names")
    parser.add_argument("--quick", action="store_true", help="each size once")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    parser.add_argument("--times", type=int, default=5, help="instances of each size")
    options = parser.parse_args(arguments)
    if options.measure:
        print(json.dumps(measure(options.measure, options.times)))
        return 0
    times = 1 if options.quick else options.times
    print(f"Python {platform.python_version()}, {platform.machine()}; the least of {times}, milliseconds\n")
    failed = []
    for name, row in rows().items():
        if options.words and not any(word in name for word in options.words):
            continue
        result = fresh(name, times)
        fitted = growth(row, dict(zip(row.sizes, result["seconds"], strict=True)))
        said = ", ".join(result["answers"])
        wrong = [] if said == row.answer else [f"says {said}, not {row.answer}"]
        wrong += [f"growth was {row.kept:g}"] if has_jumped(row, fitted) else []
        shown = "  ".join(f"{n}: {t * 1e3:,.1f}" for n, t in zip(row.sizes, result["seconds"], strict=True))
        fit = f"size^{fitted:.1f}" if row.growth == "power" else f"{fitted:.2f}^size"
        print(f"{name:<44}{fit:>10}  {shown}  {'; '.join(wrong) or said}", flush=True)
        failed += [name] if wrong else []
    print(f"\nFAILED: {'; '.join(failed)}" if failed else "\nno jump in growth")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
