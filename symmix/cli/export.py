"""``symmix export``: theorems on paper, and for Coq."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from symmix.catalogue import chapters
from symmix.cli.files import reject_losses, write_whole
from symmix.cli.selection import FAILED, FINE, NOTHING, add_selection, decided, selected
from symmix.errors import UsageError
from symmix.publish import classes, coq, paper, web
from symmix.publish.sheet import many
from symmix.verdict import Proved

_WRITERS = {"latex": paper, "markdown": web, "coq": coq}


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser("export", help="write theorems as LaTeX, as Markdown, or for Coq")
    add_selection(parser)
    parser.add_argument("-o", "--output", metavar="DIR", help="folder to write to, or - for one document on stdout")
    parser.add_argument("--format", choices=tuple(_WRITERS), default="latex", help="default: latex")
    parser.add_argument("--title", default="", help="title of the document")
    parser.add_argument("--class", dest="document_class", choices=classes.NAMES, help="what the LaTeX is for")
    parser.add_argument("--columns", type=int, choices=(1, 2), help="columns of a page; default: as the class has them")
    parser.add_argument("--width", metavar="LENGTH", help="width of a column, as in 84mm; default: the class's own")
    parser.add_argument("--force", action="store_true", help="overwrite the files of an earlier export")
    parser.set_defaults(run=_export)


def _page(options: argparse.Namespace) -> classes.Page | None:
    """Return what LaTeX is printed on; no other format has pages."""
    given = (options.document_class, options.columns, options.width)
    if given == (None, None, None):
        return None
    if options.format != "latex":
        asked = [f"--{name}" for name, value in zip(("class", "columns", "width"), given, strict=True) if value]
        raise UsageError("--format latex", f"{', '.join(asked)} for {options.format}", f"leave out {', '.join(asked)}")
    return classes.page(*given)


def _export(options: argparse.Namespace) -> int:
    if options.output is None:
        raise UsageError("where to write to", "no -o", "give a folder, -o DIR, or -o - for stdout")
    page = _page(options)
    scripts = selected(options)
    if not scripts:
        return NOTHING
    writer = _WRITERS[options.format]
    pages = {} if page is None else {"page": page}
    folder = Path(options.output)
    if options.output != "-":  # refused before the theorems are proved
        names = [writer.DOCUMENT, *(f"{script.id}{writer.SUFFIX}" for script in scripts)]
        reject_losses(folder, names, force=options.force)
    outcomes = decided(scripts)
    if options.output == "-":
        print(writer.single(outcomes, chapters(), options.title, **pages), end="")
    else:
        files = writer.files(outcomes, chapters(), options.title, **pages)
        write_whole(folder, files, force=options.force)
        print(
            f"{folder / writer.DOCUMENT}: {many(len(outcomes), 'theorem')} in {many(len(files), 'file')}",
            file=sys.stderr,
        )
        for line in coq.remarks(outcomes) if writer is coq else ():
            print(f"outside of Coq's fragment: {line}", file=sys.stderr)
    return FINE if all(isinstance(outcome.verdict, Proved) for outcome in outcomes) else FAILED
