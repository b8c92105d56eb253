"""The levels of evidence of theorems: from the deciders of this run, and from numbers, of this run or on disk."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from symmix.confirmation import CHECKER, KERNEL, by_numbers
from symmix.theorems import Outcome
from symmix.verdict import Proved

Level = tuple[str, str]  # its name, and what it means
FOLDER = "evidence"  # beside certificates


def levels(outcome: Outcome, *, confirm: bool, folder: Path | None) -> list[Level]:
    """Return how a theorem that is proved is confirmed: what was not looked at is not there.

    Numbers are compared if ``confirm``; else those count that an earlier ``symmix prove --confirm --certificates
    FOLDER`` left there for the same statement.
    """
    found = list(_decided(outcome))
    if found and confirm:
        found += by_numbers(outcome, 0).levels()
    elif found and folder is not None:
        found += _left(folder, outcome)
    return found


def evidence_name(name: str) -> str:
    """Return where the evidence of a theorem stands in a folder of certificates."""
    return f"{FOLDER}/{name}.json"


def _decided(outcome: Outcome) -> Iterator[Level]:
    if isinstance(outcome.verdict, Proved):
        yield KERNEL
        if outcome.certified is not None:
            yield CHECKER


def _left(folder: Path, outcome: Outcome) -> list[Level]:
    """Return the levels that a run left behind for the same statement; none if there is nothing that can be read."""
    try:
        left = json.loads((folder / evidence_name(outcome.script.id)).read_text(encoding="utf-8"))
        same = left["digest"] == outcome.digest
        return [(str(name), str(how)) for name, how in left["levels"]] if same else []
    except (OSError, ValueError, KeyError, TypeError):
        return []
