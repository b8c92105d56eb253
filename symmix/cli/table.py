"""The table of what came of several theorems."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.markup import escape
from rich.table import Table
from rich.text import Text

from symmix.cli.shown import Shown
from symmix.cli.terminal import console

_COLOURS = {"proved": "green", "refuted": "red", "undecided": "yellow"}
_RESTS = "given, and assuming"
_LONG = 60  # letters in a cell beyond which it is broken
_Column = tuple[str, dict[str, Any], list[str]]  # heading, look, cells


def print_table(theorems: Sequence[Shown]) -> None:
    """Print a line for each theorem, as wide as the screen; what is less important goes first."""
    screen = console()
    columns = _columns(theorems)
    while len(columns) > 2 and sum(map(_width, columns)) > screen.width:
        columns.pop()  # theorem and verdict are always there
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading, options, _ in columns:
        table.add_column(heading, **options)
    for cells in zip(*(cells for _, _, cells in columns), strict=True):
        table.add_row(*cells)
    screen.print(table)
    if columns[-1][0] != _RESTS:  # what a theorem takes for granted is always said
        for theorem in theorems:
            if theorem.rests:
                screen.print(f"{theorem.id}: {_RESTS} {escape(theorem.rests)}")


def _columns(theorems: Sequence[Shown]) -> list[_Column]:
    """Return heading, look and cells of each column, the most important first."""
    rests = [escape(theorem.rests) for theorem in theorems]
    right = {"justify": "right"}
    columns: list[_Column] = [
        ("theorem", {"overflow": "fold"}, [theorem.id for theorem in theorems]),
        ("verdict", {"min_width": 9}, list(map(_verdict, theorems))),
        ("steps", right, [str(theorem.steps) for theorem in theorems]),
        ("near misses refuted", right, [f"{theorem.refuted} of {theorem.misses}" for theorem in theorems]),
        ("ms", right, [f"{theorem.seconds * 1000:.0f}" for theorem in theorems]),
    ]
    return [*columns, (_RESTS, {}, rests)] if any(rests) else columns


def _verdict(theorem: Shown) -> str:
    return f"[{_COLOURS[theorem.word]}]{theorem.word}[/]{' (cached)' if theorem.remembered else ''}"


def _width(column: _Column) -> int:
    """Return how much room a column wants; long ones may be broken."""
    heading, _, cells = column
    return 2 + max(len(heading), *(min(len(Text.from_markup(cell)), _LONG) for cell in cells))
