"""What ``--confirm`` prints: numbers beside the verdicts, for one theorem or as a table of many."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence

from rich.table import Table

from symmix.cli.terminal import console
from symmix.confirmation import WAYS, Confirmation


def print_confirmations(
    confirmations: Sequence[Confirmation], unproved: Collection[str], begin: float, *, verbose: bool
) -> None:
    """Print each confirmation, or a table of them; what was not compared, and what disagrees, is printed always.

    Of what is not proved numbers may agree with the verdict: that confirms no theorem, and does not say so.
    """
    if verbose:
        for confirmation in confirmations:
            print(f"{confirmation}\n")
    else:
        _print_table(confirmations)
        for confirmation in confirmations:
            for line in _remarks(confirmation):
                print(line)
    absent = list(dict.fromkeys(line for c in confirmations for line in c.absent))
    for line in absent if not verbose else ():
        print(line)
    if confirmations:
        print(_conclusion(confirmations, unproved, time.perf_counter() - begin))


def _print_table(confirmations: Sequence[Confirmation]) -> None:
    ways = [way for way in WAYS if any(row.way == way for c in confirmations for row in c.rows)]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("theorem", *(f"{WAYS[way][0]}: cases" for way in ways), "near misses", "not compared", "ms"):
        table.add_column(heading, overflow="fold", justify="left" if heading == "theorem" else "right")
    for c in confirmations:
        rows = {row.way: row for row in c.rows}
        cells = [str(rows[way].cases) if way in rows else "" for way in ways]
        of = max((row.of_misses for row in c.rows), default=0)
        fail = of - max((row.of_misses - row.misses for row in c.rows), default=0)  # own numbers are about some alone
        left = sum(len(row.skipped) for row in c.rows)
        table.add_row(c.id, *cells, f"{fail} of {of}", str(left or ""), f"{c.seconds * 1000:.0f}")
    console().print(table)


def _remarks(confirmation: Confirmation) -> Iterator[str]:
    for row in confirmation.rows:
        name = WAYS[row.way][0]
        yield from (f"{confirmation.id}: {name}: not compared: {remark}" for remark in row.skipped)
        yield from (f"{confirmation.id}: {name}: DISAGREES: {remark}" for remark in row.disagreements)


def _conclusion(confirmations: Sequence[Confirmation], unproved: Collection[str], seconds: float) -> str:
    cases = sum(c.cases for c in confirmations)
    said = f"{cases} cases, seed {confirmations[0].seed}, {cases / max(seconds, 1e-3):.0f} cases a second"
    failed = [c.id for c in confirmations if not c.agrees]
    if failed:
        return f"NOT CONFIRMED {', '.join(failed)}: {said}"
    whole = f"of {len(confirmations)} theorems"
    rest = [c.id for c in confirmations if c.id in unproved]
    if rest:
        agreeing = f"numbers agree with what was decided of {', '.join(rest)}: {said}"
        confirmed = len(confirmations) - len(rest)
        return agreeing if len(confirmations) == 1 else f"CONFIRMED {confirmed} {whole}; {agreeing}"
    if len(confirmations) == 1:
        return f"CONFIRMED {confirmations[0].id}: {said}"
    return f"CONFIRMED {len(confirmations)} {whole}: {said}"
