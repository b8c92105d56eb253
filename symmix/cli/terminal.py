"""What depends on whether somebody watches."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console


def console() -> Console:
    """Return a console that never cuts what goes into a pipe."""
    from rich.console import Console  # noqa: PLC0415  # drawing is for tables and guides alone

    found = Console(highlight=False)
    return found if found.is_terminal else Console(highlight=False, width=1000)


def progress(message: str) -> None:
    """Show where a long run is, if somebody watches: one line on stderr that is overwritten."""
    if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        print(f"\r\x1b[K{message}", end="", file=sys.stderr, flush=True)
