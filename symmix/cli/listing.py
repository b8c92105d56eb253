"""``symmix list``: what is there to prove, and how each of it is confirmed."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from symmix import __version__
from symmix.catalogue import chapters
from symmix.cli.codes import FINE, NOTHING
from symmix.cli.levels import Level, levels
from symmix.cli.selection import selected
from symmix.cli.working import each
from symmix.publish.authored import asked, heading
from symmix.publish.givens import assumed_as_text, lemmas, verdict_as_text
from symmix.publish.report import describe_witness_shortly
from symmix.publish.sheet import many
from symmix.theorems import Outcome, Script
from symmix.verdict import Existence, Proved, Refuted, Witness

Row = dict[str, Any]


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    places = selected(options)
    if not places:
        return NOTHING
    work = partial(_proved_row, confirm=options.confirm, folder=options.certificates)
    found = list(each(work, places, options.jobs))
    rows = [row for row, _ in found]
    legend = {name: how for _, known in found for name, how in known}
    if options.json:
        print(json.dumps({"symmix": __version__, "evidence": legend, "theorems": rows}, indent=2))
    elif options.format == "markdown":
        print("\n".join(_markdown(rows, legend)))
    else:
        headings = {} if options.paths else {ids[0]: title for title, ids in chapters().items()}
        print("\n".join(_text(rows, headings, legend)))
    return FINE


def _proved_row(script: Script, *, confirm: bool, folder: Path | None) -> tuple[Row, list[Level]]:
    outcome = script.prove()
    known = levels(outcome, confirm=confirm, folder=folder)
    return _row(outcome, known), known


def _row(outcome: Outcome, known: Sequence[Level]) -> Row:
    """Return what there is to say about a theorem."""
    script, verdict = outcome.script, outcome.verdict
    return {
        "id": script.id,
        "statement": script.summary,
        "title": heading(script),
        "quotes": script.quotes,
        "answers": script.answers,
        "asked": asked(script),
        "source": list(script.source),
        "verdict": verdict.word,
        "given": lemmas(outcome),
        "assuming": assumed_as_text(outcome),
        "in words": verdict_as_text(outcome),
        "near misses": len(outcome.near_misses),
        "near misses refuted": sum(isinstance(miss, Refuted) for miss in outcome.near_misses.values()),
        "witnesses": {
            label: describe_witness_shortly(witness, outcome.document) for label, witness in _witnesses(outcome)
        },
        "evidence": [name for name, _ in known],
    }


def _witnesses(outcome: Outcome) -> Iterator[tuple[str, Witness]]:
    """Run through the points that settle claims: that something fails is proved by one, a false claim is refuted."""
    for label, verdict in outcome.claims.items():
        match verdict:
            case Proved(evidence=(Existence(witness=witness),)):
                yield label, witness
            case Refuted(witness=witness) if witness is not None:
                yield label, witness


def _verdict(row: Row) -> str:
    """Return the verdict in words: ``proved, assuming s != 0; 3 near misses refuted; witness (no fit) at h = 1``."""
    refuted, misses = row["near misses refuted"], row["near misses"]
    part = "" if refuted == misses else f"{refuted} of "
    witnesses = [f"witness {f'({label}) ' if label else ''}{point}" for label, point in row["witnesses"].items()]
    return "; ".join([row["in words"], f"{part}{many(misses, 'near miss', 'near misses')} refuted", *witnesses])


def _text(rows: Sequence[Row], headings: dict[str, str], legend: dict[str, str]) -> Iterator[str]:
    for row in rows:
        if row["id"] in headings:
            yield f"{headings[row['id']]}\n"
        yield f"  {row['id']}\n      {row['statement']}"
        yield f"      answers: {row['asked']}\n      verdict: {_verdict(row)}"
        if row["evidence"]:
            yield f"      evidence: {', '.join(row['evidence'])}"
        yield ""
    if legend:
        yield "Evidence\n"
        yield from (f"  {name}: {how}" for name, how in legend.items())


def _markdown(rows: Sequence[Row], legend: dict[str, str]) -> Iterator[str]:
    """Run through the lines of the legend and of a table."""
    if legend:
        yield from (f"- *{name}*: {_escaped(how)}" for name, how in legend.items())
        yield ""
    head = ("theorem", "statement", "answers", "verdict", "evidence")
    cells = [head, ("---",) * len(head)]
    for row in rows:
        shown = (row["statement"], row["asked"], _verdict(row), ", ".join(row["evidence"]))
        cells.append((f"`{row['id']}`", *shown))
    yield from ("| " + " | ".join(_escaped(cell) for cell in row) + " |" for row in cells)


def _escaped(cell: str) -> str:
    """Keep Markdown from reading bars as columns, and stars and underscores as emphasis, outside of code."""
    cell = cell.replace("|", "\\|")
    return cell if cell.startswith("`") else cell.replace("*", "\\*").replace("_", "\\_").replace("<", "&lt;")
