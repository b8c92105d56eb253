"""``symmix guide``: the guides, for a terminal."""

from __future__ import annotations

import argparse

from rich.markdown import Markdown

from symmix.cli.selection import FINE
from symmix.cli.terminal import console
from symmix.errors import UsageError
from symmix.publish.html.guides import GUIDES, heading, source


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser("guide", help="read a guide; without a name, list them")
    parser.add_argument("name", nargs="?", metavar="NAME", help=", ".join(GUIDES))
    parser.set_defaults(run=_guide)


def _guide(options: argparse.Namespace) -> int:
    if options.name is None:
        width = max(map(len, GUIDES))
        for name in GUIDES:
            print(f"{name:<{width}}  {heading(name)}")
        return FINE
    if options.name not in GUIDES:
        raise UsageError(f"one of the guides {', '.join(GUIDES)}", options.name, "name one of them")
    terminal = console()
    if terminal.is_terminal:
        terminal.print(Markdown(source(options.name)))
    else:  # a pipe gets the page as it is written
        print(source(options.name), end="")
    return FINE
