"""Derivations from public sources: what is right is proved line by line, what is wrong is caught at its line.

They were written from the guide alone, by somebody who had not seen the parser. A line that is wrong says so in its
comment, `# wrong: why`, and where one slip mends it `| cause: ` what the report has to name.
"""

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from symmix import check_derivation
from tests.slow import slow_but

DERIVATIONS = sorted((Path(__file__).parent / "derivations").glob("*.txt"))
WRONG, CAUSE = "# wrong", "| cause: "
CAUGHT = {"refuted", "shapes do not fit"}
SAID = ("let ", "given ", "random ")

each = pytest.mark.parametrize("path", DERIVATIONS, ids=lambda path: path.stem)


@cache
def _found(path: Path) -> tuple[list[str], dict[int, list[Any]]]:
    """The lines of a derivation, and what was found at each of them."""
    text = path.read_text(encoding="utf-8")
    found: dict[int, list[Any]] = {}
    for finding in check_derivation(text).findings:
        found.setdefault(finding.line, []).append(finding)
    return text.splitlines(), found


def test_there_are_at_least_twelve_and_each_names_its_source() -> None:
    assert len(DERIVATIONS) >= 12
    assert [p.name for p in DERIVATIONS if "Source: " not in p.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize("path", slow_but(DERIVATIONS[::3], DERIVATIONS), ids=lambda path: path.stem)
def test_what_is_right_is_proved_line_by_line(path: Path) -> None:
    lines, found = _found(path)
    right = [f for at, findings in found.items() for f in findings if WRONG not in lines[at - 1]]
    assert [(f.line, f.word, f.text) for f in right if f.word != "proved"] == []


@each
def test_what_is_wrong_is_caught_at_its_line(path: Path) -> None:
    lines, found = _found(path)
    wrong = [at for at, line in enumerate(lines, start=1) if WRONG in line]
    assert [at for at in wrong if {f.word for f in found.get(at, [])} - CAUGHT or at not in found] == []


@each
def test_where_one_slip_mends_a_wrong_line_the_report_names_it(path: Path) -> None:
    lines, found = _found(path)
    causes = {at: line.split(CAUSE)[1].strip() for at, line in enumerate(lines, start=1) if CAUSE in line}
    assert {at: [f.cause for f in found.get(at, [])] for at in causes} == {at: [cause] for at, cause in causes.items()}


@each
def test_every_line_with_an_equals_sign_gets_a_verdict(path: Path) -> None:
    lines, found = _found(path)
    code = {at: line.split("#")[0].strip() for at, line in enumerate(lines, start=1)}
    steps = {at for at, words in code.items() if "=" in words.replace(":=", "") and not words.startswith(SAID)}
    assert steps
    assert steps - set(found) == set()
