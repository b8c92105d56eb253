"""The booklet of the catalogue: chapters with a setting each, introduction, map, symbols; every formula read back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from symmix.catalogue import chapters, load, text
from symmix.cli import main
from symmix.cli.files import LIST
from symmix.publish.article import layouts
from symmix.publish.article.introduction import latex
from symmix.publish.bibliography import sources
from symmix.publish.markup import LatexMarkup
from symmix.publish.telling import cited, mentioned
from symmix.publish.uses import columns, uses
from symmix.terms.meanings import Names
from tests.articles import booklet, compiled, complaints, keys, labels, pages, receipts, referenced, source
from tests.catalogue import IDS, outcome
from tests.latex_reader import Reader
from tests.trees import Point

pytestmark = pytest.mark.slow  # the catalogue is written and typeset as a whole

MINE = '''"""A theorem of one's own."""

from symmix import Identity, Theorem, theorem
from symmix.notation import e, ep, lam


@theorem(answers="how far does mixing move a residual?")
def mixing_goes_a_share_of_the_way() -> Theorem:
    """Mixing moves a residual by a share of the way to the other."""
    return Theorem(
        claim=Identity(lam * e + (1 - lam) * ep - e, (1 - lam) * (ep - e)),
        near_misses={"all of the way": Identity(lam * e + (1 - lam) * ep - e, ep - e)},
    )
'''


def test_chapters_stand_in_order_with_a_setting_each() -> None:
    tex = source("booklet")
    names = re.findall(r"\\section\{([^}]*)\}", tex)
    own = ["What fails", "How this was checked", "Which theorem uses which", "Symbols", "Cofactors"]
    assert names == [*chapters(), *own]
    assert tex.count(r"\paragraph{Setting.}") == len(chapters())
    assert re.findall(r"\\begin\{theorem\}\[[^]]*\]\\label\{sx:(\w+)\}", tex) == IDS


def test_no_theorem_is_said_to_be_proved_37_times() -> None:
    printed = re.sub(r"(?m)^%.*", "", source("booklet").partition(r"\begin{document}")[2])
    assert printed.count("proved") < 10
    assert receipts(source("booklet")) == []


def test_every_label_is_unique_and_every_reference_has_one() -> None:
    tex = source("booklet")
    found = labels(tex)
    assert len(found) == len(set(found))
    assert referenced(tex) <= set(found)
    assert keys(tex) == set(re.findall(r"\\bibitem\{([^}]*)\}", tex))


@pytest.mark.parametrize("name", ["introduction", "abstract"])
def test_what_is_written_by_hand_refers_to_theorems_and_sources_that_are_there(name: str) -> None:
    words = text(name)
    assert mentioned(words) <= set(IDS)
    assert set(re.findall(r"\[@([\w-]+)\]", words)) == cited(words) <= set(sources())
    assert len(mentioned(words)) > 8


def test_a_text_becomes_latex() -> None:
    words = "## What it is\n\nA `four_terms`, see\n`elsewhere`: 50% of r = lam e [@cho2022degeneracy]."
    assert latex(words, {"four_terms": r"Theorem~\ref{sx:four_terms}"}) == (
        "\\subsection*{What it is}\n\nA Theorem~\\ref{sx:four_terms}, see elsewhere: 50\\% of $\\sxr = \\sxmix \\sxe$ "
        "\\cite{cho2022degeneracy}."
    )


def test_the_map_is_what_proofs_refer_to() -> None:
    found = uses([outcome(name) for name in IDS])
    assert "mixed_residual_is_mixture_of_residuals" in found["gradient_has_four_terms"]
    assert found["mixed_residual_is_mixture_of_residuals"] == ()
    arrows = sum(map(len, found.values()))
    assert arrows >= 15
    drawing, _, table = source("booklet").partition(r"\label{sx:drawn}")
    drawing = drawing.partition(r"\begin{picture}")[2]
    assert drawing.count(r"\vector(1,0)") == arrows
    assert set(re.findall(r"\\hyperref\[sx:(\w+)\]", drawing)) == {x for column in columns(found) for x in column}
    assert table.partition(r"\label{sx:map}")[2].partition(r"\end{longtable}")[0].count(r"\pageref") == len(IDS)


def test_no_theorem_rests_on_itself() -> None:
    """What is used stands in an earlier column of the map: a circle of proofs would prove nothing."""
    found = uses([outcome(name) for name in IDS])
    places = {name: place for place, column in enumerate(columns(found)) for name in column}
    assert all(places[other] < places[name] for name, others in found.items() for other in others)


def test_a_meaning_can_be_read_alone() -> None:
    """In the index of symbols, "its Jacobian" is nobody's."""
    for name in IDS:
        said = outcome(name).theorem.meanings.values()
        assert not [words for words in said if words.startswith(("its ", "their ", "of "))], name


def test_each_chapter_says_what_the_ratio_leaves() -> None:
    chapters_ = source("booklet").split(r"\paragraph{Setting.}")[1:]
    for words in chapters_:
        assert (r"\sxcomix = 1-\sxmix" in words) == (r"\sxcomix" in words)


def test_every_symbol_with_a_meaning_is_in_the_index() -> None:
    tex = source("booklet")
    index = tex.partition(r"\section{Symbols}")[2].partition(r"\end{multicols}")[0]
    for name in (r"\sxe", r"\sxW", r"\sxgap", r"\sxermloss", r"\sxV{q}", r"\sxP", r"\sxJZ"):
        assert rf"\item ${name}$ in $" in index, name
    assert r"the logits of the mixed features" in index
    rows = [line for line in index.splitlines() if line.startswith(r"\item ")]
    assert len(rows) == len({row.rpartition(r", \ref{sx:")[0] for row in rows}) > 50


def test_formulas_of_the_booklet_are_read_back_and_mean_what_was_meant() -> None:
    written = layouts.write(booklet(), "")
    assert len(written.formulas) > 600
    for found, (expression, formula) in written.formulas:
        free = found.document.setting.indices
        assert formula in written.text
        assert Names.of([expression], free).symbols.items() <= found.frame.names.symbols.items()
        read = Reader([expression], LatexMarkup.dialect, found.spelling, free).read(formula)
        point = Point.of(expression)
        assert point.value(read) == point.value(expression), formula


def test_words_of_the_booklet_are_words_and_formulas_are_set() -> None:
    """What no formula is read out of shows by its characters: bars, powers, angles and braces between words."""
    printed = re.sub(r"(?m)^%.*|\\texttt\{[^}]*\}", "", source("booklet").partition(r"\begin{document}")[2])
    assert re.findall(r".{40}\\text(?:bar|asciicircum|less|greater)\b.{40}|\w+\\_\S*", printed) == []


def test_the_booklet_has_three_quarters_of_a_page_for_a_theorem(tmp_path: Path) -> None:
    log = compiled(layouts.files(booklet()), layouts.BOOKLET, tmp_path)
    assert complaints(log) == []
    assert len(IDS) / 2 <= pages(log) <= 3 * len(IDS) / 4


def test_the_catalogue_is_a_booklet_unless_another_layout_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("symmix.cli.export.decided", lambda scripts, *_: [outcome(script.id) for script in scripts])
    assert main(["export", "-o", str(tmp_path / "booklet")]) == 0
    assert {path.name for path in (tmp_path / "booklet").iterdir()} == {LIST, "booklet.tex", "symmix-macros.tex"}
    assert f"booklet.tex: {len(load())} theorems in 2 files" in capsys.readouterr().err
    assert main(["export", "--layout", "fragments", "-o", str(tmp_path / "fragments")]) == 0
    assert len(list((tmp_path / "fragments").iterdir())) == len(IDS) + 4  # document, macros, sources, list


def test_a_booklet_of_theorems_of_no_chapter(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(MINE, encoding="utf-8")
    assert main(["export", str(tmp_path / "mine.py"), "--layout", "booklet", "-o", str(tmp_path / "out")]) == 0
    tex = (tmp_path / "out" / "booklet.tex").read_text(encoding="utf-8")
    assert r"\section{Theorems}" in tex
    assert "What the post claims" not in tex
    written = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert complaints(compiled(written, "booklet.tex", tmp_path)) == []
