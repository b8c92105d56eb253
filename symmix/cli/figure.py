"""``symmix figure``: pictures from the theorems."""

from __future__ import annotations

import argparse
import sys
from textwrap import fill

from symmix.cli.codes import FINE
from symmix.errors import UsageError
from symmix.figures import FIGURES, write


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    if options.list or options.name is None:
        if options.name is not None or options.output is not None:
            raise UsageError("either a figure to draw, or the list", "both", "leave one of them out")
        _list()
        return FINE
    path = write(options.name, options.output or f"{options.name}.svg", width=options.width, force=options.force)
    print(path, file=sys.stderr)
    return FINE


def _list() -> None:
    for figure in FIGURES.values():
        print(f"{figure.name}\n  {figure.title}")
        print(fill(figure.caption, 100, initial_indent="  ", subsequent_indent="  "))
        print(f"  theorems: {', '.join(figure.theorems)}\n")
