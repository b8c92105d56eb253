"""``symmix export --layout story``: what the two unusual terms do, told; theorems and figures stand where it says."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from symmix.catalogue import chapters, text
from symmix.cli import main
from symmix.errors import NotationError
from symmix.experiments import EXPERIMENTS
from symmix.publish import telling
from symmix.publish.article import layouts
from tests import site
from tests.articles import compiled, complaints, keys, labels, pages, receipts, referenced
from tests.catalogue import outcome

STORY = text("story")
CHAPTER = "The mystery: noise, spread and classes"


@cache
def source() -> str:
    pictures = site.pictures(".pdf")
    return layouts.single(layouts.story([outcome(name) for name in telling.theorems(STORY)], STORY, pictures=pictures))


def test_it_tells_all_of_its_chapter_once_and_nothing_else() -> None:
    assert telling.theorems(STORY) == list(chapters()[CHAPTER])
    assert re.findall(r"\\begin\{theorem\}\[[^]]*\]\\label\{sx:(\w+)\}", source()) == telling.theorems(STORY)


def test_each_experiment_has_its_figure_behind_its_theorem() -> None:
    assert sorted(telling.figures(STORY)) == sorted(f"measured-{name}" for name in EXPERIMENTS)
    assert re.findall(r"\\includegraphics\[[^]]*\]\{(.*?)\.pdf\}", source()) == telling.figures(STORY)


def test_a_caption_spells_its_symbols_as_its_theorem_does() -> None:
    """L is a Lipschitz constant there, and not the objective, which the legend calls so."""
    (caption,) = re.findall(r"\\caption\{Largest error of trained heads.*", source())
    assert "with Lipschitz constant $L$ on" in caption
    assert r"\sxLoss" not in caption


def test_what_it_refers_to_is_there() -> None:
    tex = source()
    found = labels(tex)
    assert len(found) == len(set(found))
    assert referenced(tex) <= set(found)
    assert keys(tex) == set(re.findall(r"\\bibitem\{([^}]*)\}", tex))
    assert receipts(tex) == []
    assert "{{" not in tex.partition("The answer")[2]
    assert "`" not in tex.partition(r"\begin{document}")[2]


def test_what_the_machine_was_given_is_said() -> None:
    given = [name for name in telling.theorems(STORY) if outcome(name).document.lemmas]
    assert source().count("Given, and not decided here") == len(given) == 3


@pytest.mark.parametrize(
    ("block", "complaint"),
    [
        ("{{no_such_theorem_is_here: a}}", "a theorem to state"),
        ("{{mixup_shrinks_the_covariance: the variance}}", "the variance in the text"),
    ],
)
def test_what_is_not_there_is_not_told(block: str, complaint: str) -> None:
    article = layouts.story([outcome("mixup_shrinks_the_covariance")], f"# A title\n\n{block}\n")
    with pytest.raises(NotationError, match=complaint):
        layouts.single(article)


def test_a_figure_that_was_not_drawn_is_left_out() -> None:
    article = layouts.story(
        [outcome("mixup_shrinks_the_covariance")], "# A title\n\nWords.\n\n{{figures: measured-noise}}\n"
    )
    assert "figure}" not in layouts.single(article).partition(r"\begin{document}")[2]


def test_a_selection_of_it_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--layout", "story", "-k", "mixup", "-o", str(tmp_path / "s")]) == 2
    assert "the story as it is told" in capsys.readouterr().err


def test_it_takes_no_more_than_four_pages_without_its_figures(tmp_path: Path) -> None:
    article = layouts.story([outcome(name) for name in telling.theorems(STORY)], STORY)
    log = compiled(layouts.files(article), layouts.STORY, tmp_path)
    assert pages(log) <= 4
    assert complaints(log) == []
