"""``symmix export``: what it writes, where, and what it refuses; the document compiles."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from symmix.catalogue import chapters, load
from symmix.cli import main
from symmix.cli.files import LIST
from symmix.printing.symbols import expansions
from symmix.publish import paper, web
from symmix.publish.bibliography import sources
from symmix.publish.macros import macros
from symmix.theorems import Script
from tests.catalogue import IDS, outcome

REFUTED = '''"""A theorem that is false."""

from symmix import Identity, Theorem, theorem
from symmix.notation import e, ep


@theorem(answers="are 100% of the residuals equal?", source="my_own_notes")
def residuals_are_equal() -> Theorem:
    """Both residuals are equal: e = e'."""
    return Theorem(claim=Identity(e, ep), near_misses={"their sum": Identity(e + ep, e)})
'''


def export(*arguments: str | Path) -> int:
    return main(["export", *map(str, arguments)])


# -- files ---


def test_a_folder_has_fragments_macros_sources_and_a_document(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "new" / "paper"
    assert export("-k", "four_terms", "-o", folder) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith("theorems.tex: 1 theorem in 4 files\n")
    names = {"gradient_has_four_terms.tex", "references.bib", "symmix-macros.tex", "theorems.tex", LIST}
    assert {path.name for path in folder.iterdir()} == names
    assert [path.name for path in folder.parent.iterdir()] == ["paper"]
    fragment = (folder / "gradient_has_four_terms.tex").read_text(encoding="utf-8")
    assert r"\label{sx:gradient_has_four_terms}" in fragment
    assert r"\sxcite{cho2022degeneracy}{Cho, 2022}" in fragment
    assert r"ref{" not in fragment  # the lemma that it uses is not part of this export
    assert "``Mixed residual is mixture of residuals''" in fragment


@pytest.mark.slow
def test_output_is_the_same_twice(tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert export("-k", "average", "-o", tmp_path / name) == 0
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_existing_files_are_kept_without_force(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "theorems.tex").write_text("mine", encoding="utf-8")
    assert export("-k", "four_terms", "-o", tmp_path) == 2
    message = capsys.readouterr().err
    assert "required: files that do not exist yet" in message
    assert "theorems.tex" in message
    assert "--force" in message
    assert {path.name for path in tmp_path.iterdir()} == {"notes.txt", "theorems.tex"}
    assert export("-k", "four_terms", "-o", tmp_path, "--force") == 0
    assert (tmp_path / "theorems.tex").read_text(encoding="utf-8") != "mine"
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("name", ["theorems.tex", "gradient_has_four_terms.tex"])
def test_existing_files_are_refused_before_anything_is_proved(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Script, "prove", lambda _: pytest.fail("proved in vain"))
    (tmp_path / name).write_text("mine", encoding="utf-8")
    assert export("-k", "four_terms", "-o", tmp_path) == 2
    assert name in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "required: where to write to"),
        (("-o", "{folder}/file"), "which is a file"),
        (("-o", "{folder}/file/below"), "required: a folder that can be written to"),
        (("-o", "{folder}/blocked", "--force"), "without folders called like files"),
    ],
)
def test_what_cannot_be_written_to(
    tmp_path: Path, arguments: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    (tmp_path / "blocked" / "theorems.tex").mkdir(parents=True)
    before = sorted(tmp_path.rglob("*"))
    assert export("-k", "four_terms", *(argument.format(folder=tmp_path) for argument in arguments)) == 2
    assert message in capsys.readouterr().err
    assert sorted(tmp_path.rglob("*")) == before


def test_no_such_theorem(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert export("-k", "no_such_theorem", "-o", tmp_path / "x") == 5
    assert "no_such_theorem" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


def test_nothing_is_left_when_writing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, *_content: bytes) -> int:
        raise OSError(28, "No space left on device", str(self))

    monkeypatch.setattr(Path, "write_bytes", full)
    assert export("-k", "four_terms", "-o", tmp_path / "x") == 2
    assert list(tmp_path.iterdir()) == []


# -- contents ---


def test_a_refuted_statement_is_exported_with_its_witness(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = tmp_path / "mine.py"
    script.write_text(REFUTED, encoding="utf-8")
    assert export(script, "-o", "-") == 1
    out = capsys.readouterr().out
    assert r"\begin{sxclaim}[{Residuals are equal; refuted}]\label{sx:residuals_are_equal}" in out
    assert r"Refuted at $\sxk = 1$, " in out
    assert r"the left side is $0$ and the right side $1$" in out or "the left side is $1$" in out
    assert r"100\% of the residuals" in out
    assert r"(my\_own\_notes)" in out
    assert r"\sxcite{" not in out.partition(r"\begin{document}")[2]


def test_every_source_of_the_catalogue_is_known() -> None:
    keys = {key for script in load() for key in script.source}
    assert keys <= set(sources())
    assert all({"author", "title", "year"} <= set(fields) for fields in sources().values())


def test_the_macros_are_all_provided_and_never_defined() -> None:
    text = macros()
    names = re.findall(r"^\\providecommand\{(\\\w+)\}", text, re.MULTILINE)
    assert len(set(names)) == len(names) >= len(expansions())
    assert all(name.startswith(r"\sx") or name in (r"\gt", r"\lt") for name in names)
    assert not re.search(r"\\(?:def|renewcommand|usepackage|RequirePackage)\b", text)
    assert set(re.findall(r"\\newcommand\{(.*?)\}", text)) == {r"\sxtheoremenv", r"\sxclaimenv", r"\sxproofenv"}


@pytest.mark.slow
def test_used_macros_are_provided() -> None:
    provided = set(re.findall(r"\\providecommand\{(\\sx[A-Za-z]+)\}", macros()))
    for sheet in paper.written([outcome(identifier) for identifier in IDS]):
        assert set(re.findall(r"\\sx[A-Za-z]+", sheet.text)) <= provided


def test_markdown_is_pinned() -> None:
    expected = (Path(__file__).parent / "mixing_conserves_the_residual_sum.md").read_text(encoding="utf-8")
    page = web.single([outcome("mixing_conserves_the_residual_sum")], chapters())
    assert page == expected


@pytest.mark.slow
def test_markdown_has_no_backslash_before_punctuation_in_a_line() -> None:
    page = web.single([outcome(identifier) for identifier in IDS], chapters())
    text = re.sub(r"\n\$\$\n.*?\n\$\$\n", "\n", page, flags=re.DOTALL)
    for formula in re.findall(r"(?<!\\)\$([^$]+)\$", text):
        assert not re.search(r"\\[^A-Za-z]", formula), formula
    assert r"\sx" not in page
    assert page.count("\n$$\n") % 2 == 0


# -- TeX ---


def tex(folder: Path) -> str:
    if shutil.which("pdflatex") is None:
        if os.environ.get("CI"):
            pytest.fail("pdflatex is missing: install texlive-latex-base and texlive-latex-recommended")
        pytest.skip("pdflatex is not installed here")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "theorems.tex"]
    for _ in range(3):
        run = subprocess.run(command, cwd=folder, capture_output=True, check=False)
        assert run.returncode == 0, run.stdout.decode("utf-8", "replace")[-2000:]
    return (folder / "theorems.log").read_text(encoding="latin-1")


def complaints(log: str) -> list[str]:
    """Return what an author would have to mend: what is undefined, or defined twice, or over a point too wide."""
    wide = [
        line
        for line in log.splitlines()
        if (found := re.match(r"Overfull \\hbox \((\d+\.\d+)pt", line)) and float(found[1]) > 1
    ]
    return wide + re.findall(r"LaTeX Warning: (?:.*undefined|.*multiply).*", log)


@pytest.mark.slow
def test_the_whole_catalogue_compiles(tmp_path: Path) -> None:
    for name, text in paper.files([outcome(identifier) for identifier in IDS], chapters()).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert complaints(tex(tmp_path)) == []


def test_a_refuted_claim_alone_compiles(tmp_path: Path) -> None:
    script = tmp_path / "mine.py"
    script.write_text(REFUTED, encoding="utf-8")
    assert export(script, "-o", tmp_path / "paper", "--title", "Mine") == 1
    assert complaints(tex(tmp_path / "paper")) == []


def test_complaints_are_noticed(tmp_path: Path) -> None:
    body = r"\documentclass{article}\begin{document}\ref{nowhere}\noindent\rule{500pt}{1pt}\end{document}"
    (tmp_path / "theorems.tex").write_text(body, encoding="utf-8")
    assert len(complaints(tex(tmp_path))) >= 2
