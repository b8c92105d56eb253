"""``symmix figure``: pictures from the theorems."""

from __future__ import annotations

import argparse
import sys
from textwrap import fill

from symmix.cli.selection import FINE
from symmix.errors import UsageError


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser("figure", help="draw what theorems say, as SVG, PDF or PNG")
    parser.add_argument("name", nargs="?", metavar="NAME", help="which one; without a name they are listed")
    parser.add_argument("-o", "--output", metavar="FILE", help="file to write to: .svg, .pdf, .png; default: NAME.svg")
    parser.add_argument("--width", choices=("column", "page"), default="", help="84 or 170 mm; default: as suits it")
    parser.add_argument("--force", action="store_true", help="overwrite the file")
    parser.add_argument("--list", action="store_true", help="list the figures and what one sees in them")
    parser.set_defaults(run=_figure)


def _figure(options: argparse.Namespace) -> int:
    from symmix.figures import write  # noqa: PLC0415  # NumPy is for this command alone

    if options.list or options.name is None:
        if options.name is not None or options.output is not None:
            raise UsageError("either a figure to draw, or the list", "both", "leave one of them out")
        _list()
        return FINE
    path = write(options.name, options.output or f"{options.name}.svg", width=options.width, force=options.force)
    print(path, file=sys.stderr)
    return FINE


def _list() -> None:
    from symmix.figures import FIGURES  # noqa: PLC0415  # NumPy is for this command alone

    for figure in FIGURES.values():
        print(f"{figure.name}\n  {figure.title}")
        print(fill(figure.caption, 100, initial_indent="  ", subsequent_indent="  "))
        print(f"  theorems: {', '.join(figure.theorems)}\n")
