"""What is written for the web keeps to what GitHub shows; whether it is drawn, ``tests.web_mathematics`` finds out."""

from __future__ import annotations

import pytest

from tests.catalogue import IDS, outcome
from tests.web_mathematics.formulas import Formula, against_github, everywhere, of_markdown

WRONG = [
    (r"\operatorname{tr}(x)", "GitHub refuses"),
    (r"\bm{x}", "GitHub refuses"),
    (r"a\newline b", "GitHub refuses"),
    (r"\text{where $x$}", "a dollar sign"),
    (r"a\,b", "Markdown takes"),
    (r"\{a\}", "Markdown takes"),
]


@pytest.mark.parametrize(("latex", "words"), WRONG)
def test_what_github_does_not_show_is_noticed(latex: str, words: str) -> None:
    assert against_github(Formula(latex, display=False, where="")).startswith(words)


def test_formulas_of_a_page_are_all_found() -> None:
    page = "a $x$ and\n\n$$\ny \\\\\nz\n$$\n\n| $u$ | \\$5 |"
    found = [(formula.latex, formula.display) for formula in of_markdown(page, "")]
    assert found == [("y \\\\\nz", True), ("x", False), ("u", False)]


@pytest.mark.slow
def test_no_formula_is_beyond_github() -> None:
    formulas = list(everywhere([outcome(identifier) for identifier in IDS]))
    assert len(formulas) > 5000
    assert [(formula, words) for formula in formulas if (words := against_github(formula))] == []
