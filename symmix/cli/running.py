"""Running a command: errors go to stderr, and become exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from symmix.cli.selection import FINE, INTERRUPTED, USAGE
from symmix.errors import SymmixError


def guarded(command: Callable[[], int]) -> int:
    """Run a command and return its exit code."""
    try:
        code = command()
        sys.stdout.flush()  # a broken pipe shows itself here, not when Python exits
    except SymmixError as error:
        print(f"symmix: {str(error).lstrip()}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        print("symmix: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader of a pipe, `| head` say, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    return code
