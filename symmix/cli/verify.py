"""``symmix verify``: check certificates anew, by the second checker, which shares no code with what wrote them."""

from __future__ import annotations

import argparse

from symmix.checker import main


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser("verify", help="check certificates: folders with a manifest, or files")
    parser.add_argument("paths", nargs="+", metavar="PATH", help="what `symmix prove --certificates` wrote")
    parser.add_argument("--show", action="store_true", help="print what each certificate states, from its tree")
    parser.set_defaults(run=_verify)


def _verify(options: argparse.Namespace) -> int:
    return main([*(["--show"] if options.show else []), *options.paths])
