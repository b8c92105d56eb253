"""``symmix export``: theorems on paper, for Coq, and as a web site."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from symmix.catalogue import chapters, evidence, kinds
from symmix.cli.files import reject_losses, write_whole
from symmix.cli.selection import FAILED, FINE, NOTHING, add_selection, decided, selected
from symmix.errors import UsageError
from symmix.publish import coq, html, paper, web
from symmix.publish.sheet import many
from symmix.theorems import Script
from symmix.verdict import Proved

_WRITERS = {"latex": paper, "markdown": web, "coq": coq, "html": html}


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser("export", help="write theorems as LaTeX, as Markdown, for Coq, or as a web site")
    add_selection(parser)
    parser.add_argument("-o", "--output", metavar="DIR", help="folder to write to, or - for one document on stdout")
    parser.add_argument("--format", choices=tuple(_WRITERS), default="latex", help="default: latex")
    parser.add_argument("--title", default="", help="title of the document")
    parser.add_argument("--force", action="store_true", help="replace the files of an earlier export")
    parser.set_defaults(run=_export)


def _export(options: argparse.Namespace) -> int:
    if options.output is None:
        raise UsageError("where to write to", "no -o", "give a folder, -o DIR, or -o - for stdout")
    scripts = selected(options)
    if not scripts:
        return NOTHING
    writer = _WRITERS[options.format]
    folder = Path(options.output)
    if options.output != "-":  # refused before the theorems are proved
        names = [writer.DOCUMENT, *(f"{script.id}{writer.SUFFIX}" for script in scripts)]
        reject_losses(folder, names, force=options.force)
    outcomes = decided(scripts)
    more = {"levels": _levels(scripts)} if writer is html else {}
    if options.output == "-":
        print(writer.single(outcomes, chapters(), options.title, **more), end="")
    else:
        files = writer.files(outcomes, chapters(), options.title, **more)
        write_whole(folder, files, force=options.force, replaces=True)
        print(
            f"{folder / writer.DOCUMENT}: {many(len(outcomes), 'theorem')} in {many(len(files), 'file')}",
            file=sys.stderr,
        )
        for line in coq.remarks(outcomes) if writer is coq else ():
            print(f"outside of Coq's fragment: {line}", file=sys.stderr)
    return FINE if all(isinstance(outcome.verdict, Proved) for outcome in outcomes) else FAILED


def _levels(scripts: Sequence[Script]) -> dict[str, list[tuple[str, str]]]:
    """Return how each theorem of the catalogue is confirmed, by the kernel before all, and what that means."""
    known = {script.id: evidence(script) for script in scripts}
    return {name: [kinds()[level] for level in ("kernel", *levels)] for name, levels in known.items() if levels}
