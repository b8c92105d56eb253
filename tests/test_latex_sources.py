"""LaTeX as its authors wrote it: of each line is read what they meant, and the rest is refused where it stands."""

from __future__ import annotations

from contextlib import suppress
from random import Random

import pytest

from symmix import check_derivation
from tests.latex_outcomes import SOURCES, names, outcomes
from tests.planted.campaign import Tally, planted, right_steps
from tests.planted.grammar import UnsupportedError
from tests.planted.latex import paper
from tests.planted.settings import Step


@pytest.mark.parametrize("name", names())
def test_of_each_line_of_a_source_comes_what_was_looked_at_and_found_right(name: str) -> None:
    expected = (SOURCES / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    assert outcomes(SOURCES / f"{name}.tex") == expected


def test_every_source_names_its_page_and_there_are_many() -> None:
    first = [(SOURCES / f"{name}.tex").read_text(encoding="utf-8").splitlines()[0] for name in names()]
    assert len(first) >= 12
    assert all(line.startswith("% Source: ") for line in first)


def read_alike(step: Step, right: str, random: Random) -> bool:
    """Whether a line in LaTeX comes out as the line in text does: nothing is misread, however it is written."""
    text = [finding.word for finding in check_derivation(step.written(right)).findings]
    found = [finding.word for finding in check_derivation(paper(step, right, random), form="tex").findings]
    return text == found


def writable() -> list[Step]:
    """Return the right steps that the writer can write."""
    found = []
    for step in right_steps(Tally()):
        with suppress(UnsupportedError):
            paper(step, step.right, Random(0))
            found.append(step)
    return found


def test_derivations_written_in_latex_in_many_ways_come_out_as_in_text() -> None:
    random = Random(4)
    steps = random.sample(writable(), 12)
    differ = [at for at, step in enumerate(steps) if not read_alike(step, step.right, Random(at))]
    assert [paper(steps[at], steps[at].right, Random(at)) for at in differ] == []


@pytest.mark.slow
def test_right_and_wrong_lines_written_in_latex_come_out_as_in_text() -> None:
    random, steps = Random(6), writable()
    for at, step in enumerate(random.sample(steps, 30)):
        edits = [edit.of(step.right) for edit in planted(step)]
        wrong = random.choice([text for text in edits if "(" not in text] or edits[:1])
        assert read_alike(step, step.right, Random(at)), paper(step, step.right, Random(at))
        assert read_alike(step, wrong, Random(at)), paper(step, wrong, Random(at))
