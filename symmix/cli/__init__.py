"""The command line: one file a command.

Results go to stdout, messages to stderr. Exit codes: 0 fine, 1 something was not proved, 2 the command line or a
script is wrong, 3 the kernel and the second checker disagree, 5 nothing was selected, 130 interrupted.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import symmix
from symmix.cli import check, derive, export, figure, listing, prove, verify
from symmix.cli.running import guarded

_DESCRIPTION = "Gradients of mixup-type objectives: derived, decided in every dimension, and checked."
COMMANDS = (prove, listing, derive, check, export, figure, verify)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    options = _parser().parse_args(arguments)
    return guarded(lambda: int(options.run(options)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="symmix", description=_DESCRIPTION)
    parser.add_argument("--version", action="version", version=f"symmix {symmix.__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add(commands)
    return parser
