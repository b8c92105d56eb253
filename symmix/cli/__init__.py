"""The command line: one file a command, loaded when the command runs.

Results go to stdout, messages to stderr. Exit codes: 0 fine, 1 something was not proved, 2 the command line or a
script is wrong, 3 the kernel and the second checker disagree, 5 nothing was selected, 130 interrupted.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from symmix.cli.grammar import parser
from symmix.cli.running import guarded

_FILES = {"list": "listing"}  # of commands that are not in a file of their name


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    options = parser().parse_args(arguments)
    file = _FILES.get(options.command, options.command)
    return guarded(lambda: int(import_module(f"symmix.cli.{file}").run(options)))
