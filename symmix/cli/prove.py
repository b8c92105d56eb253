"""``symmix prove``: decide theorems."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from rich.markup import escape
from rich.table import Table
from rich.text import Text

from symmix import __version__
from symmix.catalogue import load
from symmix.checker_text import manifest
from symmix.cli.files import reject_losses, write_whole
from symmix.cli.running import guarded
from symmix.cli.selection import DEFECT, FAILED, FINE, NOTHING, add_selection, decided, selected
from symmix.cli.terminal import console
from symmix.publish.givens import assumed_as_text, lemmas
from symmix.publish.report import conclusion, document, report
from symmix.theorems import Outcome, Script
from symmix.verdict import Proved, Refuted

MANIFEST = "manifest.json"

_COLOURS = {"proved": "green", "refuted": "red", "undecided": "yellow"}
_RESTS = "given, and assuming"
_LONG = 60  # letters in a cell beyond which it is broken
_Column = tuple[str, dict[str, Any], list[str]]  # heading, look, cells


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser("prove", help="decide theorems: the catalogue's, or those of files and folders")
    add_selection(parser)
    parser.add_argument("--verbose", "-v", action="store_true", help="show derivation, evidence and witnesses")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--certificates", type=Path, metavar="DIR", help="write what a second checker can check")
    parser.add_argument("--force", action="store_true", help="overwrite certificates that are there")
    parser.set_defaults(run=_prove)


def prove(path: str | Path) -> NoReturn:
    """Decide the theorems of a file as ``symmix prove FILE`` does, and exit with its code.

    It ends a proof script that may be run by itself::

        if __name__ == "__main__":
            prove(__file__)
    """

    def run() -> int:
        outcomes = decided(load([Path(path)]))
        _print_outcomes(outcomes, verbose=len(outcomes) == 1)
        return _code(outcomes)

    raise SystemExit(guarded(run))


def _prove(options: argparse.Namespace) -> int:
    scripts = selected(options)
    if not scripts:
        return NOTHING
    if options.certificates is not None:
        reject_losses(options.certificates, [_certificate_name(script) for script in scripts], force=options.force)
    outcomes = decided(scripts)
    if options.json:
        print(json.dumps({"symmix": __version__, "theorems": [document(o) for o in outcomes]}, indent=2))
    else:
        _print_outcomes(outcomes, verbose=options.verbose or len(outcomes) == 1)
    if options.certificates is not None:
        _write_certificates(outcomes, options.certificates)
    return _code(outcomes)


def _code(outcomes: Sequence[Outcome]) -> int:
    """Return the exit code; a disagreement of the deciders is a defect of ours, and said so."""
    for outcome in outcomes:
        if outcome.disagreement:
            print(
                f"DEFECT {outcome.script.id}: kernel: proved; second checker: {outcome.disagreement}", file=sys.stderr
            )
    if any(outcome.disagreement for outcome in outcomes):
        return DEFECT
    return FINE if all(isinstance(outcome.verdict, Proved) for outcome in outcomes) else FAILED


def _write_certificates(outcomes: Sequence[Outcome], folder: Path) -> None:
    """Write the certificates of what was proved, and the folder's manifest; a theorem that was not has none."""
    proved = [outcome for outcome in outcomes if isinstance(outcome.verdict, Proved)]
    files = {_certificate_name(o.script): o.certificate() for o in proved}
    listed = {_certificate_name(o.script): (o.script.id, o.digest) for o in proved}
    contents = json.dumps(manifest({**_listed(folder), **listed}), indent=1) + "\n"
    write_whole(folder, {**files, MANIFEST: contents}, force=True)  # what would be lost was refused before
    print(f"symmix: {len(proved)} certificates in {folder}; symmix verify {folder} checks them", file=sys.stderr)


def _listed(folder: Path) -> dict[str, tuple[str, str]]:
    """Return what the manifest of a folder lists and is still there: certificates may be added to others."""
    try:
        files = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"].items()
        return {file: (name, digest) for file, (name, digest) in files if (folder / file).is_file()}
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return {}  # none, or none that can be read: `symmix verify` names what it does not list


def _certificate_name(script: Script) -> str:
    return f"{script.id}.json"


def _print_outcomes(outcomes: Sequence[Outcome], *, verbose: bool) -> None:
    failed = [outcome for outcome in outcomes if not isinstance(outcome.verdict, Proved)]
    shown = outcomes if verbose else failed
    for outcome in shown:
        print(report(outcome), end="\n\n")
    if len(outcomes) == 1:
        print(conclusion(outcomes[0]))
        return
    _print_table(outcomes)
    proved = f"{len(outcomes) - len(failed)} of {len(outcomes)} theorems"
    both = " by the kernel, and anew by the second checker"
    print(
        f"PROVED {proved}{both}" if not failed else f"FAILED {', '.join(o.script.id for o in failed)}: proved {proved}"
    )


def _print_table(outcomes: Sequence[Outcome]) -> None:
    screen = console()
    columns = _columns(outcomes)
    while len(columns) > 2 and sum(map(_width, columns)) > screen.width:
        columns.pop()  # theorem and verdict are always there
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading, options, _ in columns:
        table.add_column(heading, **options)
    for cells in zip(*(cells for _, _, cells in columns), strict=True):
        table.add_row(*cells)
    screen.print(table)
    if columns[-1][0] != _RESTS:  # what a theorem takes for granted is always said
        for outcome in outcomes:
            if rests := _rests_on(outcome):
                screen.print(f"{outcome.script.id}: {_RESTS} {rests}")


def _columns(outcomes: Sequence[Outcome]) -> list[_Column]:
    """Return heading, look and cells of each column, the most important first."""
    refuted = [sum(isinstance(verdict, Refuted) for verdict in o.near_misses.values()) for o in outcomes]
    pairs = list(zip(refuted, outcomes, strict=True))
    rests = [_rests_on(outcome) for outcome in outcomes]
    right = {"justify": "right"}
    columns: list[_Column] = [
        ("theorem", {"overflow": "fold"}, [outcome.script.id for outcome in outcomes]),
        ("verdict", {"min_width": 9}, [f"[{_COLOURS[o.verdict.word]}]{o.verdict.word}[/]" for o in outcomes]),
        ("steps", right, [str(sum(map(len, outcome.steps))) for outcome in outcomes]),
        ("near misses refuted", right, [f"{r} of {len(o.near_misses)}" for r, o in pairs]),
        ("ms", right, [f"{outcome.seconds * 1000:.0f}" for outcome in outcomes]),
    ]
    return [*columns, (_RESTS, {}, rests)] if any(rests) else columns


def _width(column: _Column) -> int:
    """Return how much room a column wants; long ones may be broken."""
    heading, _, cells = column
    return 2 + max(len(heading), *(min(len(Text.from_markup(cell)), _LONG) for cell in cells))


def _rests_on(outcome: Outcome) -> str:
    """Return what a theorem takes for granted: lemmas, and that what it divides by is not zero."""
    return escape(", ".join([*lemmas(outcome), *assumed_as_text(outcome)]))
