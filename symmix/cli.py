"""The command line: prove, derive, list.

Results go to stdout, messages to stderr. Exit codes: 0 fine, 1 something was not proved, 2 the command line or a
script is wrong, 5 nothing was selected, 130 interrupted.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import sympy as sp
from rich.console import Console
from rich.table import Table

from symmix import __version__
from symmix.catalogue import chapters, load
from symmix.errors import SymmixError, UsageError
from symmix.export.latex import latex
from symmix.export.report import document, report
from symmix.export.text import text
from symmix.gradients import gradient
from symmix.notation import lookup
from symmix.objectives import OBJECTIVES
from symmix.rewriting import substitute
from symmix.theorems import Outcome, Script
from symmix.verdict import Proved, Refuted

FINE, FAILED, USAGE, NOTHING, INTERRUPTED = 0, 1, 2, 5, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
        sys.stdout.flush()  # a broken pipe shows itself here, not when Python exits
    except SymmixError as error:
        print(f"symmix: {error}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        print("symmix: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader of a pipe, `| head` say, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="symmix", description=sys.modules["symmix"].__doc__)
    parser.add_argument("--version", action="version", version=f"symmix {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    prove = commands.add_parser("prove", help="decide theorems: the catalogue's, or those of files and folders")
    _add_selection(prove)
    prove.add_argument("--verbose", "-v", action="store_true", help="show derivation, evidence and witnesses")
    prove.add_argument("--json", action="store_true", help="print one JSON document")
    prove.set_defaults(run=_prove)

    listing = commands.add_parser("list", help="list theorems: id, statement, and the sentence that it answers")
    _add_selection(listing)
    listing.add_argument("--json", action="store_true", help="print one JSON document")
    listing.set_defaults(run=_list)

    derive = commands.add_parser("derive", help="print the gradient of an objective")
    derive.add_argument("objective", help=f"one of {', '.join(OBJECTIVES)}")
    derive.add_argument("symbol", help="what to differentiate by: z, z', W, b, theta, ...")
    derive.add_argument("--format", choices=("text", "latex", "srepr"), default="text", help="default: text")
    derive.add_argument("--expand", action="store_true", help="in targets and features, not in residuals")
    derive.set_defaults(run=_derive)
    return parser


def _add_selection(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files or folders; default: the catalogue")
    parser.add_argument("-k", action="append", default=[], metavar="ID", help="only theorems whose id contains ID")


def _selected(options: argparse.Namespace) -> list[Script]:
    scripts = load(options.paths, options.k)
    if not scripts:
        print(f"symmix: no theorem has an id with {' or '.join(options.k)} in it; see symmix list", file=sys.stderr)
    return scripts


# -- prove ---


def _prove(options: argparse.Namespace) -> int:
    scripts = _selected(options)
    if not scripts:
        return NOTHING
    outcomes = []
    for number, script in enumerate(scripts, start=1):
        _progress(f"[{number}/{len(scripts)}] {script.id}")
        outcomes.append(script.prove())
    _progress("")
    failed = [outcome for outcome in outcomes if not isinstance(outcome.verdict, Proved)]
    if options.json:
        print(json.dumps({"symmix": __version__, "theorems": [document(o) for o in outcomes]}, indent=2))
    else:
        _print_outcomes(outcomes, failed, verbose=options.verbose or len(outcomes) == 1)
    return FAILED if failed else FINE


def _print_outcomes(outcomes: Sequence[Outcome], failed: Sequence[Outcome], *, verbose: bool) -> None:
    shown = outcomes if verbose else failed
    for outcome in shown:
        print(report(outcome), end="\n\n")
    if len(outcomes) == 1:
        print(f"{outcomes[0].verdict.word.upper()} {outcomes[0].script.id}")
        return
    _print_table(outcomes)
    proved = f"{len(outcomes) - len(failed)} of {len(outcomes)} theorems"
    print(f"PROVED {proved}" if not failed else f"FAILED {', '.join(o.script.id for o in failed)}: proved {proved}")


def _print_table(outcomes: Sequence[Outcome]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("theorem", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    table.add_column("steps", justify="right")
    table.add_column("near misses refuted", justify="right")
    table.add_column("ms", justify="right")
    colours = {"proved": "green", "refuted": "red", "undecided": "yellow"}
    for outcome in outcomes:
        word = outcome.verdict.word
        refuted = sum(isinstance(verdict, Refuted) for verdict in outcome.near_misses.values())
        table.add_row(
            outcome.script.id,
            f"[{colours[word]}]{word}[/]",
            str(sum(map(len, outcome.steps))),
            f"{refuted} of {len(outcome.near_misses)}",
            f"{outcome.seconds * 1000:.0f}",
        )
    _console().print(table)


def _console() -> Console:
    """Return a console that never cuts what goes into a pipe."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=200)


def _progress(message: str) -> None:
    """Show where a long run is, if somebody watches: one line on stderr that is overwritten."""
    if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        print(f"\r\x1b[K{message}", end="", file=sys.stderr, flush=True)


# -- list ---


def _list(options: argparse.Namespace) -> int:
    scripts = _selected(options)
    if not scripts:
        return NOTHING
    if options.json:
        rows = [{"id": s.id, "statement": s.summary, "answers": s.answers, "source": list(s.source)} for s in scripts]
        print(json.dumps({"symmix": __version__, "theorems": rows}, indent=2))
        return FINE
    headings = {} if options.paths else {ids[0]: title for title, ids in chapters().items()}
    for script in scripts:
        if script.id in headings:
            print(f"{headings[script.id]}\n")
        print(f"  {script.id}\n      {script.summary}\n      answers: {script.answers}\n")
    return FINE


# -- derive ---


def _derive(options: argparse.Namespace) -> int:
    if options.objective not in OBJECTIVES:
        raise UsageError(f"one of the objectives {', '.join(OBJECTIVES)}", options.objective, "name one of them")
    objective = OBJECTIVES[options.objective]()
    entry = lookup(options.symbol)
    if entry is None or not isinstance(entry.symbol, sp.MatrixSymbol):
        raise UsageError("a vector or matrix of the legend, such as z, z', W, b, theta", options.symbol, "name one")
    result = gradient(objective, entry.symbol)
    if not options.expand:
        result = substitute(result, objective.targets)
    write = {"text": text, "latex": latex, "srepr": sp.srepr}[options.format]
    print(write(result))
    return FINE
