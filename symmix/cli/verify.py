"""``symmix verify``: check certificates anew, by the second checker, which shares no code with what wrote them."""

from __future__ import annotations

import argparse

from symmix.checker import main


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    return main([*(["--show"] if options.show else []), *options.paths])
