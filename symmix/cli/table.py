"""The table of what came of several theorems."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.markup import escape
from rich.table import Table
from rich.text import Text

from symmix.cli.terminal import console
from symmix.publish.givens import assumed_as_text, lemmas
from symmix.publish.reach import for_size
from symmix.theorems import Outcome
from symmix.verdict import Refuted

_COLOURS = {"proved": "green", "refuted": "red", "undecided": "yellow"}
_RESTS = "given, and assuming"
_LONG = 60  # letters in a cell beyond which it is broken
_Column = tuple[str, dict[str, Any], list[str]]  # heading, look, cells


def print_table(outcomes: Sequence[Outcome]) -> None:
    """Print a line for each theorem, as wide as the screen; what is less important goes first."""
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
    """Return what a theorem takes for granted: a size, lemmas, and that what it divides by is not zero."""
    alone = filter(None, [for_size(outcome)])
    return escape(", ".join([*alone, *lemmas(outcome), *assumed_as_text(outcome)]))
