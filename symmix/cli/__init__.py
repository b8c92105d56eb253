"""The command line: one file a command, loaded when the command runs.

Results go to stdout, messages to stderr. Exit codes: 0 fine, 1 something was not proved, 2 the command line or a
script is wrong, 3 the kernel and the second checker disagree, 5 nothing was selected, 130 interrupted.
"""

from __future__ import annotations

import argparse
import atexit
import gc
import os
from collections.abc import Sequence
from importlib import import_module

from symmix.cli.grammar import parser
from symmix.cli.running import guarded

_FILES = {"list": "listing"}  # of commands that are not in a file of their name
_ALLOCATIONS = 200_000  # before garbage is looked for: 130,000 objects are modules, and trees have no circles
DERIVATIONS = (".txt", ".md", ".tex", ".json")  # what ends so is a derivation, and no function


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    options = parser().parse_args(arguments)
    gc.set_threshold(_ALLOCATIONS, *gc.get_threshold()[1:])
    atexit.register(gc.freeze)  # a process that ends need not look through SymPy once more: a tenth of a second
    return guarded(lambda: int(import_module(f"symmix.cli.{_file(options)}").run(options)))


def _file(options: argparse.Namespace) -> str:
    """Return the file of a command; that of check depends on what is to be checked."""
    if options.command == "check" and any(_is_derivation(target) for target in options.target):
        return "derivations"
    command: str = options.command
    return _FILES.get(command, command)


def _is_derivation(target: str) -> bool:
    return target.endswith(DERIVATIONS) and (":" not in target or os.path.isfile(target))
