"""LaTeX as its authors wrote it: of each line is read what they meant, and the rest is refused where it stands."""

from __future__ import annotations

import pytest

from symmix import check_derivation
from tests.latex_outcomes import SOURCES, names, outcomes


@pytest.mark.parametrize("name", names())
def test_of_each_line_of_a_source_comes_what_was_looked_at_and_found_right(name: str) -> None:
    expected = (SOURCES / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    assert outcomes(SOURCES / f"{name}.tex") == expected


@pytest.mark.parametrize("name", names())
def test_what_is_refused_is_refused_with_a_remedy(name: str) -> None:
    text = (SOURCES / f"{name}.tex").read_text(encoding="utf-8")
    for finding in check_derivation(text, form="tex").findings:
        if finding.word == "not understood":
            assert finding.problem is not None
            assert all(finding.problem)


def test_every_source_names_its_page_and_there_are_many() -> None:
    first = [(SOURCES / f"{name}.tex").read_text(encoding="utf-8").splitlines()[0] for name in names()]
    assert len(first) >= 12
    assert all(line.startswith("% Source: ") for line in first)
