"""Quotation marks stand around exact text of a source, and around nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from symmix import Identity, Theorem, theorem
from symmix.catalogue import load
from symmix.notation import e, ep
from symmix.publish.authored import asked, heading, marked
from symmix.publish.bibliography import sources
from symmix.theorems import Script

SOURCES = Path(__file__).parent / "sources"
SCRIPTS = load()
QUOTING = [script for script in SCRIPTS if script.quotes]


def folded(text: str) -> str:
    """Return a text with one kind of apostrophe and of dash, and single spaces."""
    return " ".join(text.replace("\u2019", "'").replace("\u2013", "-").split())


def source(key: str) -> str:
    return folded((SOURCES / f"{key}.md").read_text(encoding="utf-8").partition("\n---\n")[2])


@pytest.mark.parametrize("script", QUOTING, ids=lambda script: script.id)
def test_a_quotation_stands_word_for_word_in_its_source(script: Script) -> None:
    assert folded(script.quotes) in source(script.source[0])


def test_a_changed_word_is_noticed() -> None:
    (script,) = load(wanted=["gradient_has_four_terms"])
    assert folded(script.quotes.replace("essentially", "really")) not in source(script.source[0])


def test_most_theorems_quote_and_the_others_ask() -> None:
    assert len(QUOTING) >= 30
    assert all(script.quotes or script.answers.endswith("?") for script in SCRIPTS)
    assert not any("“" in script.answers + script.quotes for script in SCRIPTS)


def test_every_theorem_of_the_catalogue_has_a_title_and_an_idea_of_its_own() -> None:
    assert all(script.title and script.idea.endswith(".") for script in SCRIPTS)
    assert len({heading(script) for script in SCRIPTS}) == len(SCRIPTS)
    assert all(set(script.source) <= set(sources()) for script in SCRIPTS)


def test_mathematics_of_a_quotation_is_kept_and_its_words_are_escaped() -> None:
    assert marked(r"50% of $G \circ F$ and \(\alpha\)", lambda words: words.replace("%", r"\%")) == (
        r"“50\% of $G \circ F$ and $\alpha$”"
    )


def test_a_question_has_no_quotation_marks() -> None:
    @theorem(answers="are they equal?", source=["one", "two"])
    def residuals_are_equal() -> Theorem:
        """Both residuals are equal."""
        return Theorem(claim=Identity(e, ep), near_misses={"their sum": Identity(e + ep, e)})

    assert asked(residuals_are_equal) == "are they equal? (cf. one, two)"
    assert heading(residuals_are_equal) == "Residuals are equal"


def test_a_quotation_names_the_first_source_and_the_others_are_compared() -> None:
    (script,) = load(wanted=["softmax_fit"])
    assert asked(script).startswith("“since then, various authors")
    assert asked(script).endswith("” (cho2022degeneracy) (cf. guo2019augmenting, chen2020mixtext)")
    (script,) = load(wanted=["own_terms"])
    assert "making G o F predict y given x" in asked(script)


# -- the audit ---

AUDIT = (Path(__file__).parent.parent / "docs" / "audit.md").read_text(encoding="utf-8")


def test_the_audit_quotes_word_for_word_and_names_theorems() -> None:
    quoted = re.findall(r"“([^”]*)”", AUDIT)
    assert len(quoted) == AUDIT.count("“") >= 10
    authors = {"": "cho2022degeneracy", "Zhang": "zhang2017mixup", "Verma": "verma2018manifold"}
    authors["Carratino"] = "carratino2020mixup"
    rows = re.findall(r"^\| (?:(\w+) et al\.: )?“([^”]*)”", AUDIT, re.MULTILINE)
    assert [words for _, words in rows] == quoted
    assert {author for author, _ in rows} == set(authors)
    assert all(folded(words) in source(authors[author]) for author, words in rows)
    named = re.findall(r"`(\w+)`", AUDIT)
    assert set(named) <= {script.id for script in SCRIPTS}
