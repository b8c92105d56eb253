"""The mutants are what they are said to be, and the list of those that change nothing is about the code as it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.mutation.__main__ import LIST, modules_of, source_of
from tests.mutation.mutants import mutants_of

PROGRAM = '''
def least(values, *, strict=False):
    """Return the least."""
    if not values or (strict and len(values) < 2):
        raise ValueError("no values " + "at all")
    found = [value for value in sorted(values) if value is not None]
    return found[0] if all(found) else -1
TABLE = {"a": 1}
'''


def test_each_kind_of_change_is_made() -> None:
    found = {mutant.change for mutant in mutants_of("m", PROGRAM)}
    for change in (
        "if not (not values or (strict and len(values) < 2)): raise ValueError('no values ' + 'at all')",
        "strict and len(values) < 2 -> strict or len(values) < 2",
        "strict and len(values) < 2 -> strict",
        "len(values) < 2 -> len(values) <= 2",
        "len(values) < 2 -> len(values) >= 2",
        "2 -> 3",
        "2 -> 1",
        "not values -> values",
        "False -> True",
        "pass",
        "sorted(values) -> values",
        "without: if value is not None",
        "value is not None -> value is None",
        "all(found) -> any(found)",
        "found[0] if all(found) else -1 -> -1",
        "-1 -> 1",
        "return None",
        "1 -> 2",
        "'a' -> 'a?'",
    ):
        assert change in found, change
    assert not [change for change in found if "at all?" in change or "Return the least" in change]


@pytest.mark.slow
def test_every_mutant_can_be_compiled() -> None:
    for module in ("symmix.kernel.cofactors", "symmix.terms.codec"):
        for mutant in mutants_of(module, source_of(module)):
            assert mutant.code().co_name == "<module>"


def test_the_list_of_equivalent_mutants_names_such_that_there_are_with_a_reason_each() -> None:
    entries = json.loads(Path(LIST).read_text(encoding="utf-8"))
    keys = [tuple(entry["mutant"]) for entry in entries]
    assert len(set(keys)) == len(keys)
    assert all(entry["why"] for entry in entries)
    known = {
        mutant.key
        for module in modules_of({key[0]: None for key in keys})
        for mutant in mutants_of(module, source_of(module))
    }
    assert [key for key in keys if key not in known] == []
