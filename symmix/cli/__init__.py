"""The command line: one file a command.

Results go to stdout, messages to stderr. Exit codes: 0 fine, 1 something was not proved, 2 the command line or a
script is wrong, 5 nothing was selected, 130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

import symmix
from symmix.cli import check, derive, export, listing, prove
from symmix.cli.selection import FINE, INTERRUPTED, USAGE
from symmix.errors import SymmixError

COMMANDS = (prove, listing, derive, check, export)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
        sys.stdout.flush()  # a broken pipe shows itself here, not when Python exits
    except SymmixError as error:
        print(f"symmix: {error}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        print("symmix: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader of a pipe, `| head` say, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="symmix", description=symmix.__doc__)
    parser.add_argument("--version", action="version", version=f"symmix {symmix.__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add(commands)
    return parser
