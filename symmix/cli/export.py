"""``symmix export``: theorems on paper."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from symmix.catalogue import chapters
from symmix.cli.selection import FAILED, FINE, NOTHING, add_selection, selected
from symmix.cli.terminal import progress
from symmix.errors import UsageError
from symmix.export import paper, web
from symmix.export.sheet import many
from symmix.verdict import Proved

_WRITERS = {"latex": paper, "markdown": web}


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser("export", help="write theorems as LaTeX or Markdown")
    add_selection(parser)
    parser.add_argument("-o", "--output", metavar="DIR", help="folder to write to, or - for one document on stdout")
    parser.add_argument("--format", choices=tuple(_WRITERS), default="latex", help="default: latex")
    parser.add_argument("--title", default="", help="title of the document")
    parser.add_argument("--force", action="store_true", help="overwrite the files of an earlier export")
    parser.set_defaults(run=_export)


def _export(options: argparse.Namespace) -> int:
    if options.output is None:
        raise UsageError("where to write to", "no -o", "give a folder, -o DIR, or -o - for stdout")
    scripts = selected(options)
    if not scripts:
        return NOTHING
    writer = _WRITERS[options.format]
    outcomes = []
    for number, script in enumerate(scripts, start=1):
        progress(f"[{number}/{len(scripts)}] {script.id}")
        outcomes.append(script.prove())
    progress("")
    if options.output == "-":
        print(writer.single(outcomes, chapters(), options.title), end="")
    else:
        folder = Path(options.output)
        files = writer.files(outcomes, chapters(), options.title)
        write_whole(folder, files, force=options.force)
        print(
            f"{folder / writer.DOCUMENT}: {many(len(outcomes), 'theorem')} in {many(len(files), 'file')}",
            file=sys.stderr,
        )
    return FINE if all(isinstance(outcome.verdict, Proved) for outcome in outcomes) else FAILED


def write_whole(folder: Path, files: Mapping[str, str], *, force: bool) -> None:
    """Write files into a folder, all of them or none; a new folder appears at once with everything in it.

    Raises
    ------
    UsageError
        If files of these names are there already and ``force`` is not given, or the folder cannot be written to.
    """
    _reject_losses(folder, files, force=force)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise _unwritable(folder, error) from error
    try:
        for name, text in files.items():
            (temporary / name).write_text(text, encoding="utf-8")
        if folder.exists():
            for name in files:  # each of them whole
                (temporary / name).replace(folder / name)
        else:
            temporary.chmod(0o777 & ~_umask())
            temporary.rename(folder)
    except OSError as error:
        raise _unwritable(folder, error) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _reject_losses(folder: Path, files: Mapping[str, str], *, force: bool) -> None:
    if folder.exists() and not folder.is_dir():
        raise UsageError("a folder to write to", f"{folder}, which is a file", "name another one")
    present = [name for name in files if (folder / name).exists()]
    if any((folder / name).is_dir() for name in present):
        raise UsageError("a folder without folders called like files", str(folder), "name another one")
    if present and not force:
        more = f" and {len(present) - 1} more" if len(present) > 1 else ""
        raise UsageError(
            "files that do not exist yet", f"{folder / present[0]}{more}", "name another folder, or add --force"
        )


def _unwritable(folder: Path, error: OSError) -> UsageError:
    return UsageError("a folder that can be written to", f"{folder}: {error.strerror}", "name another one")


def _umask() -> int:
    """Return the mask; Python can only read it by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
