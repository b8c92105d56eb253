"""How long commands take that somebody waits for, beside importing SymPy: ``python tests/benchmarks/commands.py``.

Each is a process of its own, in turn with the others, with and without what was proved before. Times are those of the
wall; what is quoted is the median, and its ratio to importing SymPy in the same run. ``--quick`` runs
those that answer at once, once each.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SYMPY = "import sympy"
SYMMIX = ("-m", "symmix")
MIX = (
    "import numpy as np\n\n\ndef mix(x, y):\n    lam, other = np.random.beta(0.4, 0.4), np.random.permutation(len(x))\n"
)
MIX += "    return lam * x + (1 - lam) * x[other], lam * y + (1 - lam) * y[other]\n"
STATED = "from symmix.catalogue import load\nfor script in load():\n    script.stated()"

COMMANDS: dict[str, tuple[str, ...]] = {
    SYMPY: ("-c", SYMPY),
    "import numpy": ("-c", "import numpy"),
    "--version": (*SYMMIX, "--version"),
    "--help": (*SYMMIX, "--help"),
    "prove --help": (*SYMMIX, "prove", "--help"),
    "check": (*SYMMIX, "check", "mine:mix"),
    "derive": (*SYMMIX, "derive", "manifold_mixup", "theta"),
    "prove -k, one theorem": (*SYMMIX, "prove", "-k", "gradient_has_four_terms"),
}
WHOLE: dict[str, tuple[str, ...]] = {
    "the catalogue loaded and stated": ("-c", STATED),
    "prove --no-cache": (*SYMMIX, "prove", "--no-cache"),
    "prove --no-cache --jobs 2": (*SYMMIX, "prove", "--no-cache", "--jobs", "2"),
    "prove, nothing has changed": (*SYMMIX, "prove"),
    "prove --jobs 2, nothing has changed": (*SYMMIX, "prove", "--jobs", "2"),
    "export": (*SYMMIX, "export", "-o", "paper", "--force"),
    "export --jobs 2": (*SYMMIX, "export", "-o", "paper", "--force", "--jobs", "2"),
    "export as text, nothing has changed": (*SYMMIX, "export", "-o", "text", "--force", "--format", "text"),
}


def seconds(arguments: tuple[str, ...], folder: Path) -> float:
    """Run a command and return how long it takes."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SYMMIX_CACHE": str(folder / "cache")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # as it is for users
    environment["PYTHONPYCACHEPREFIX"] = str(folder / "compiled")
    begin = time.perf_counter()
    done = subprocess.run([sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, check=False)
    taken = time.perf_counter() - begin
    if done.returncode not in {0, 1}:
        raise RuntimeError(f"{arguments} ends with {done.returncode}: {done.stderr.decode()}")
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="those that answer at once, once each")
    parser.add_argument("--times", type=int, default=5, help="how often each runs; default: 5")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "mine.py").write_text(MIX)
        for title, commands, times in (
            ("what answers at once", COMMANDS, options.times),
            ("the whole catalogue", {SYMPY: COMMANDS[SYMPY], **WHOLE}, max(1, options.times // 2)),
        ):
            if options.quick and commands is not COMMANDS:
                continue
            taken: dict[str, list[float]] = {command: [] for command in commands}
            for number in range(1 if options.quick else times + 1):
                for command, arguments in commands.items():
                    value = seconds(arguments, folder)
                    if number or options.quick:  # the first compiles
                        taken[command].append(value)
            sympy = statistics.median(taken[SYMPY])
            print(f"{title}{'':<{40 - len(title)}}seconds   x {SYMPY}")
            for command, values in taken.items():
                middle = statistics.median(values)
                print(f"  {command:<38}{middle:7.2f}   {middle / sympy:6.2f}   {min(values):.2f} to {max(values):.2f}")
            print()


if __name__ == "__main__":
    main()
