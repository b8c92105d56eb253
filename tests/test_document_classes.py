"""Fragments in other people's papers: no box too wide, no reference in the air, no name taken from anyone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from symmix.catalogue import chapters
from symmix.cli import main
from symmix.errors import UsageError
from symmix.publish import classes, paper, web
from symmix.publish.classes import NAMES, Page, page
from tests.catalogue import IDS, outcome
from tests.document_hosts import HOSTS, compiled, complaints, lay_out, names_of, require_tex
from tests.long_theorems import outcomes

pytestmark = pytest.mark.slow  # the packages that it needs are CI's

EVERY = bool(os.environ.get("SYMMIX_EVERY_PAGE"))  # the whole catalogue, in every width: a long run
SAMPLE = ["mixed_residual_is_mixture_of_residuals", "gradient_has_four_terms", "beta_moments"]
WIDTHS = ("60mm", "84mm", "120mm", "160mm")
NOT_FRAGMENTS = (paper.DOCUMENT, paper.MACROS)


def exported(target: Page) -> dict[str, str]:
    """Return the files of an export: a sample of the catalogue, or all of it, and what is hardest to typeset."""
    found = [outcome(identifier) for identifier in (IDS if EVERY else SAMPLE)]
    return paper.files([*found, *outcomes()], chapters(), page=target)


@pytest.mark.parametrize("name", HOSTS)
def test_fragments_fit_into_a_paper(name: str, tmp_path: Path) -> None:
    host = HOSTS[name]
    require_tex(*host.requires)
    files = exported(host.page)
    words = r"\cref{sx:gradient_has_four_terms:claim} of \cref{sx:gradient_has_four_terms}"
    document = host.document(names_of(files, NOT_FRAGMENTS), words if "cleveref" in host.preamble else "")
    lay_out(tmp_path, files, document)
    assert complaints(compiled(tmp_path)) == []


@pytest.mark.parametrize("name", NAMES)
def test_the_document_of_each_class_compiles(name: str, tmp_path: Path) -> None:
    require_tex(
        *HOSTS["beamer" if name == "beamer" else "NeurIPS" if name == "neurips" else name].requires
        if name != "article"
        else ("article.cls",)
    )
    lay_out(tmp_path, exported(page(name)), "")
    assert complaints(compiled(tmp_path, paper.DOCUMENT)) == []


@pytest.mark.parametrize("width", WIDTHS if EVERY else WIDTHS[1:2])
@pytest.mark.parametrize("name", [name for name in NAMES if name != "beamer"] if EVERY else ["article"])
def test_no_width_is_too_narrow(name: str, width: str, tmp_path: Path) -> None:
    require_tex("IEEEtran.cls" if name == "IEEEtran" else "article.cls", *(["ptmr7t.tfm"] if name == "neurips" else []))
    lay_out(tmp_path, exported(page(name, 1, width)), "")
    assert complaints(compiled(tmp_path, paper.DOCUMENT)) == []


# -- alone ---


def test_a_fragment_alone_has_no_question_marks(tmp_path: Path) -> None:
    """Neither the theorem that it refers to nor the source that it quotes is in the paper."""
    require_tex("cleveref.sty")
    files = exported(Page())
    assert r"\sxref{mixed_residual_is_mixture_of_residuals}" in files["gradient_has_four_terms.tex"]
    lay_out(tmp_path, files, HOSTS["article with sections"].document(["gradient_has_four_terms"]))
    log = compiled(tmp_path)
    assert complaints(log) == []
    assert "??" not in text_of(tmp_path)


def text_of(folder: Path) -> str:
    """Return what TeX has to say about the labels and citations of a document."""
    return (folder / "main.aux").read_text(encoding="utf-8").replace("sx:", "")


def test_a_paper_without_theorems_gets_its_own(tmp_path: Path) -> None:
    require_tex("article.cls")
    files = exported(Page("amsart"))
    lay_out(tmp_path, files, HOSTS["bare article"].document(["gradient_has_four_terms", "gradient_has_four_terms"]))
    log = compiled(tmp_path)
    assert any("multiply" in line for line in complaints(log))  # the same fragment twice: complaints are noticed


def test_a_ratio_of_another_name_leaves_no_lambda_behind() -> None:
    files = exported(Page())
    for name, text in files.items():
        if name != paper.MACROS and name.endswith(".tex") and name.removesuffix(".tex") in IDS:
            assert r"\lambda" not in text
    for line in files[paper.MACROS].splitlines():
        assert r"\lambda" not in line or line.startswith(r"\providecommand{\sxmix}"), line
    assert r"\partial \theta" not in files["gradient_has_four_terms.tex"]


def test_labels_are_our_own() -> None:
    for name, text in exported(Page()).items():
        if name.endswith(".tex") and name not in NOT_FRAGMENTS:
            labels = [line for line in text.splitlines() if r"\label{" in line]
            assert labels
            assert all(r"\label{sx:" in line for line in labels), name
            assert r"\ref{" not in text
            assert r"\begin{theorem}" not in text


def test_every_claim_has_a_number() -> None:
    text = exported(Page())["gradient_has_four_terms.tex"]
    assert r"\begin{equation}\label{sx:gradient_has_four_terms:claim}" in text


def test_nothing_of_it_is_in_markdown() -> None:
    page = web.single(outcomes(), {})
    assert r"\sx" not in page
    assert r"\penalty" not in page
    assert r"\nobreak" not in page


# -- what is asked for ---


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        ({}, 37.0), ({"columns": 2}, 20.9), ({"name": "IEEEtran"}, 22.2), ({"name": "neurips"}, 36.75),
        ({"width": "84 mm"}, 18.83), ({"width": "20em"}, 17.0), ({"name": "amsart", "width": "12cm"}, 30.54),
    ],
)  # fmt: skip
def test_a_page_knows_its_line(asked: dict[str, object], line: float) -> None:
    assert page(**asked).line == pytest.approx(line, abs=0.01)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"width": "84"}, "a width in pt, mm, cm, in, pc, em"),
        ({"width": "wide"}, "write a number with its unit"),
        ({"width": "84 parsec"}, "--width 84 parsec"),
        ({"width": "10mm"}, "which is 28 pt"),
        ({"width": "3000mm"}, "a width between"),
        ({"name": "beamer", "columns": 2}, "--columns 2"),
        ({"name": "neurips", "columns": 2}, "article, amsart, IEEEtran"),
    ],
)
def test_what_is_no_page(asked: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        page(**asked)  # type: ignore[arg-type]
    assert message in str(caught.value)


def test_only_latex_has_pages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(["export", "-k", "four_terms", "--format", "markdown", "--width", "84mm", "-o", str(tmp_path / "x")]) == 2
    )
    assert "--width for markdown" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


def test_a_page_can_be_asked_for(tmp_path: Path) -> None:
    for folder, asked in {"wide": [], "narrow": ["--columns", "2"], "slides": ["--class", "beamer"]}.items():
        assert main(["export", "-k", "four_terms", "-o", str(tmp_path / folder), *asked]) == 0
    wide, narrow, slides = (
        (tmp_path / folder / "theorems.tex").read_text("utf-8") for folder in ("wide", "narrow", "slides")
    )
    assert "twocolumn" not in wide
    assert "twocolumn" in narrow
    assert r"\begin{frame}" in slides
    texts = [(tmp_path / folder / "gradient_has_four_terms.tex").read_text("utf-8") for folder in ("wide", "narrow")]
    assert texts[0].count(r"\\") < texts[1].count(r"\\")


def test_the_names_of_classes_are_those_of_latex() -> None:
    assert set(classes.NAMES) == {"article", "amsart", "IEEEtran", "neurips", "beamer"}
