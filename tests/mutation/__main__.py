"""``python -m tests.mutation --module symmix.kernel.scalars [--sample N --seed S]``: exit code 1 where one survives."""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from random import Random

import pytest

from tests.mutation.mutants import Mutant, mutants_of
from tests.mutation.running import Plugin

ROOT = Path(__file__).parents[2]
LIST = Path(__file__).with_name("equivalent.json")
PACKAGES = ("symmix.kernel", "symmix.terms", "symmix.meaning", "symmix.deciding", "symmix.language")
LEFT_OUT = ("symmix.kernel.check",)


def main() -> int:
    """Run the mutants that are asked for."""
    options = _options()
    chosen = [m for module in modules_of(options.module) for m in mutants_of(module, source_of(module))]
    equivalent = {tuple(entry["mutant"]): entry["why"] for entry in json.loads(LIST.read_text(encoding="utf-8"))}
    counted = Counter(m.module for m in chosen)
    left = [m for m in chosen if m.key not in equivalent]
    harmless = Counter(m.module for m in chosen if m.key in equivalent)
    if options.sample is not None and options.sample < len(left):
        left = sorted(Random(options.seed).sample(left, options.sample), key=lambda m: (m.module, m.line))
        print(f"a sample of {options.sample}, seed {options.seed}")
    if options.line:
        left = [m for m in left if m.line in options.line]
    plugin = Plugin(left, options.examples, options.processes, options.longest)
    tests = options.tests or [str(path) for path in sorted(ROOT.glob("tests/test_*.py")) if _is_about(path)]
    code = pytest.main(
        [*tests, "-q", "-s", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning"],
        plugins=[plugin],
    )
    survived, killed = (Counter(m.module for m in found) for found in (plugin.results.survived, plugin.results.killed))
    for module in counted:
        print(
            f"{module}: {counted[module]} mutants, {killed[module]} killed, {harmless[module]} equivalent,"
            f" {survived[module]} survived"
        )
    _say_what_is_stale(chosen, equivalent)
    return 2 if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED) else int(bool(survived))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--module", action="append", help="a module or package; all of them without this")
    parser.add_argument("--sample", type=int, help="so many mutants, drawn at random")
    parser.add_argument("--seed", type=int, default=0, help="of the draw")
    parser.add_argument("--examples", type=int, default=30, help="of a Hypothesis test")
    parser.add_argument("--longest", type=float, default=2, help="seconds that a test may take to be asked")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--line", type=int, action="append", help="mutants of this line alone")
    parser.add_argument("tests", nargs="*", help="files of tests; those of these packages without this")
    return parser.parse_args()


def modules_of(wanted: Iterable[str] | None) -> list[str]:
    found = []
    for name in wanted or PACKAGES:
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None:
            sys.exit(f"there is no module {name}")
        below = sorted(Path(spec.origin).parent.glob("*.py")) if spec.submodule_search_locations else []
        found += [name, *(f"{name}.{path.stem}" for path in below if path.stem != "__init__")]
    return [name for name in dict.fromkeys(found) if name not in LEFT_OUT]


def source_of(module: str) -> str:
    spec = importlib.util.find_spec(module)
    return Path(str(spec.origin if spec else "")).read_text(encoding="utf-8")


def _is_about(path: Path) -> bool:
    """Whether a file tests these packages by themselves, without starting other processes."""
    about = (
        "kernel",
        "terms",
        "meaning",
        "deciding",
        "gates",
        "language",
        "distributions",
        "lines",
        "labelling",
        "fixed",
        "functions",
        "turning",
    )
    return path.stem.split("_")[1] in about and path.stem != "test_kernel_is_small"


def _say_what_is_stale(chosen: list[Mutant], equivalent: dict[tuple[str, ...], str]) -> None:
    """Say which entries of the list belong to no mutant any more."""
    modules, keys = {m.module for m in chosen}, {m.key for m in chosen}
    for key in equivalent:
        if key[0] in modules and key not in keys:
            print(f"no such mutant any more: {' | '.join(key)}")


if __name__ == "__main__":
    sys.exit(main())
