"""``symmix guide``: the guides, for a terminal."""

from __future__ import annotations

import argparse
import sys

from symmix.cli.codes import FINE
from symmix.cli.terminal import console
from symmix.errors import UsageError
from symmix.publish.guides import GUIDES, heading, source


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    if options.name is None:
        width = max(map(len, GUIDES))
        for name in GUIDES:
            print(f"{name:<{width}}  {heading(name)}")
        return FINE
    if options.name not in GUIDES:
        raise UsageError(f"one of the guides {', '.join(GUIDES)}", options.name, "name one of them")
    if sys.stdout.isatty():
        _show(source(options.name))
    else:  # a pipe gets the page as it is written
        print(source(options.name), end="")
    return FINE


def _show(page: str) -> None:
    from rich.markdown import Markdown  # noqa: PLC0415  # drawing is for terminals alone

    console().print(Markdown(page))
