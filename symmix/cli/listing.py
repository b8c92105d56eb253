"""``symmix list``: what is there to prove."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import Any

from symmix import __version__
from symmix.catalogue import chapters, evidence
from symmix.cli.selection import FINE, NOTHING, add_selection, selected
from symmix.theorems import Script


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "list", help="list theorems: id, statement, the sentence that it answers, verdict, how it is checked"
    )
    add_selection(parser)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--format", choices=("text", "markdown"), default="text", help="default: text")
    form.add_argument("--json", action="store_true", help="print one JSON document")
    parser.set_defaults(run=_list)


def _list(options: argparse.Namespace) -> int:
    scripts = selected(options)
    if not scripts:
        return NOTHING
    if options.json:
        rows = [_row(script) for script in scripts]
        print(json.dumps({"symmix": __version__, "theorems": rows}, indent=2))
        return FINE
    if options.format == "markdown":
        print(markdown_table(scripts))
        return FINE
    headings = {} if options.paths else {ids[0]: title for title, ids in chapters().items()}
    for script in scripts:
        if script.id in headings:
            print(f"{headings[script.id]}\n")
        row = _row(script)
        print(
            f"  {script.id}\n      {script.summary}\n      answers: {script.answers}\n      verdict: {row['verdict']}"
        )
        if row["checked by"]:
            print(f"      checked by: {', '.join(row['checked by'])}")
        print()
    return FINE


def _row(script: Script) -> dict[str, Any]:
    """Decide a theorem and return what there is to say about it."""
    return {
        "id": script.id,
        "statement": script.summary,
        "answers": script.answers,
        "source": list(script.source),
        "verdict": script.prove().verdict.word,
        "checked by": list(evidence(script)),
    }


def markdown_table(scripts: Sequence[Script]) -> str:
    """Return the theorems as a table in Markdown: id, statement, the sentence that it answers, verdict, evidence."""
    head = ("theorem", "statement", "answers", "verdict", "checked by")
    cells = [head, ("---",) * len(head)]
    for row in map(_row, scripts):
        source = f" ({', '.join(row['source'])})" if row["source"] else ""
        checks = ", ".join(row["checked by"])
        cells.append((f"`{row['id']}`", row["statement"], row["answers"] + source, row["verdict"], checks))
    return "\n".join("| " + " | ".join(_escaped(cell) for cell in row) + " |" for row in cells)


def _escaped(cell: str) -> str:
    """Keep Markdown from reading bars as columns, and stars and underscores as emphasis, outside of code."""
    cell = cell.replace("|", "\\|")
    return cell if cell.startswith("`") else cell.replace("*", "\\*").replace("_", "\\_").replace("<", "&lt;")
