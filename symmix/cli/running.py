"""Running a command: errors go to stderr, and become exit codes."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable

from symmix.cli.codes import DEFECT, FAILED, FINE, INTERRUPTED, USAGE
from symmix.errors import SymmixError, place_of


def guarded(command: Callable[[], int]) -> int:
    """Run a command and return its exit code; every error is a message, and none a traceback."""
    _write_what_can_be_shown()
    try:
        code = command()
        sys.stdout.flush()  # a broken pipe shows itself here, not when Python exits
    except SymmixError as error:
        _say(str(error).lstrip())
        return USAGE
    except KeyboardInterrupt:
        _say("interrupted")
        return INTERRUPTED
    except BrokenPipeError:  # the reader of a pipe, `| head` say, has seen enough
        _give_up_stdout()
        return FINE
    except OSError as error:  # a full device, most likely
        _give_up_stdout()
        _say(f"required: output that can be written\n arrived: {error}\n    help: make room, or write elsewhere")
        return FAILED
    except Exception as error:
        if "SYMMIX_TRACEBACK" in os.environ:
            raise
        _say(
            f"a defect of symmix: {type(error).__name__}: {error}\n      in: {place_of(error, ours=True)}\n"
            "    help: SYMMIX_TRACEBACK=1 shows all of it; please report what you ran"
        )
        return DEFECT
    return code


def _say(message: str) -> None:
    print(f"symmix: {message}", file=sys.stderr)


def _write_what_can_be_shown() -> None:
    """Let a terminal that is not UTF-8 show what it can, and the rest by its number."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.encoding.lower().replace("-", "") != "utf8":
            stream.reconfigure(errors="backslashreplace")


def _give_up_stdout() -> None:
    """Let Python find nothing left to write when it exits."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
