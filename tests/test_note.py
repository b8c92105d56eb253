"""``symmix export --layout note``: what one could submit; its content, its formulas, its pages, and what it refuses."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from symmix.catalogue import load
from symmix.cli import main
from symmix.cli.files import LIST
from symmix.publish import paper
from symmix.publish.article import layouts
from symmix.publish.article.pen import Pen, pen
from symmix.publish.markup import LatexMarkup
from symmix.terms.meanings import Names
from tests.articles import CORE, compiled, complaints, keys, labels, note, pages, receipts, referenced, source
from tests.catalogue import outcome
from tests.latex_reader import Reader
from tests.trees import Point

RIDGE = '''"""Ridge regression: the dual solves the primal."""

import sympy as sp

from symmix import Derivation, Identity, Theorem, theorem

d, n = sp.symbols("d n", integer=True, positive=True)
X, y = sp.MatrixSymbol("X", n, d), sp.MatrixSymbol("y", n, 1)
w, a = sp.MatrixSymbol("w", d, 1), sp.MatrixSymbol("a", n, 1)
mu = sp.Symbol("mu", positive=True)
residual, dual = y - X * w, w - X.T * a


@theorem(title="Ridge residuals", answers="How do the residuals depend on the dual?", idea="Insert.")
def ridge_residuals_solve_the_dual() -> Theorem:
    """The residuals are a multiple of the dual variables: mu a = y - X w."""
    solved = mu * a + X * X.T * a - y
    return Theorem(
        claim=Identity(residual, mu * a, where=[dual, solved]),
        meanings={X: "the inputs, a row each", mu: "the weight of the penalty"},
        near_misses={"without the dual": Identity(residual, mu * a, where=[solved])},
    )
'''
UNDECIDED = '''"""A theorem that is false."""

from symmix import Identity, Theorem, theorem
from symmix.notation import e, ep


@theorem(answers="are 100% of the residuals equal?", source="my_own_notes")
def residuals_are_equal() -> Theorem:
    """Both residuals are equal."""
    return Theorem(claim=Identity(e, ep), near_misses={"their sum": Identity(e + ep, e)})
'''


def export(*arguments: str | Path) -> int:
    return main(["export", *map(str, arguments)])


def noted(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], code: int = 0) -> str:
    """Return the note of a user's script; the command ends with the code."""
    script = tmp_path / "mine.py"
    script.write_text(text, encoding="utf-8")
    assert export(script, "--layout", "note", "-o", "-") == code
    return capsys.readouterr().out


# -- the note of the core ---


def test_everything_stands_in_its_order() -> None:
    tex = source("note")
    places = [
        tex.index(words)
        for words in (
            r"\begin{document}",
            "A blog post",
            r"\paragraph{Setting.}",
            r"\begin{lemma}[The residual of the mixture is the mixture of the residuals]",
            r"\begin{theorem}[Four terms]",
            r"\begin{theorem}[Nothing is left at the fit]",
            r"\begin{theorem}[With a free bias mixup is ERM]",
            "One slip away",
            "How this was checked",
            r"\begin{thebibliography}",
            "first 12 digits of the digests",
            r"\end{document}",
        )
    ]
    assert places == sorted(places)


def test_every_theorem_is_there_once_and_what_it_refers_to_besides() -> None:
    tex = source("note")
    assert re.findall(r"\\begin\{theorem\}\[[^]]*\]\\label\{sx:(\w+)\}", tex) == [
        script.id for script in load() if script.id in CORE
    ]
    lemmas = re.findall(r"\\begin\{lemma\}\[[^]]*\]\\label\{sx:(\w+)\}", tex)
    assert lemmas == ["mixed_residual_is_mixture_of_residuals", "partner_error_moves_the_feature"]
    assert note().lemmas == set(lemmas)


def test_every_label_is_unique_and_every_reference_has_one() -> None:
    tex = source("note")
    found = labels(tex)
    assert len(found) == len(set(found))
    assert referenced(tex) <= set(found)
    assert keys(tex) == set(re.findall(r"\\bibitem\{([^}]*)\}", tex))


def test_the_setting_is_said_once() -> None:
    tex = source("note")
    assert tex.count(r"\sxe = \sxy - \sxW\sxz - \sxb") == 1
    assert tex.count(r"\sxLoss = -") == 1
    assert tex.count(r"\in \mathbb{R}^{\sxk\times \sxh}") == 1
    assert tex.count("A derivative holds constant") == 1
    assert r"$\sxcomix = 1-\sxmix$" in tex


def test_the_setting_declares_every_symbol() -> None:
    """Each symbol of each theorem is declared: in the setting with its space or definition, or by the theorem."""
    for text, one in declarations(source("note")):
        printer = one.setter.printer
        for symbol in one.outcome.frame.names.symbols.values():
            names = printer.name(symbol.name, symbol.axes)
            used = any(symbol in claim.walk() for _, claim in one.outcome.document.claims)
            assert not used or names in text, f"{symbol} of {one.outcome.script.id}"


def declarations(tex: str) -> list[tuple[str, Pen]]:
    """Return, for each theorem, the text in which its symbols are declared: the setting's, and its own."""
    setting = tex[tex.index(r"\paragraph{Setting.}") : tex.index(r"\begin{lemma}")]
    found = []
    for section in note().sections:
        for one in section.outcomes:
            start = tex.index(rf"\label{{sx:{one.script.id}}}")
            display = re.compile(r"\\begin\{(?:align|gather)").search(tex, start)
            assert display
            end = display.start()
            found.append((setting + tex[start:end], pen(one, {})))
    return found


def test_nothing_is_a_receipt() -> None:
    assert receipts(source("note")) == []


def test_the_terms_are_weighed_by_error_and_jacobian() -> None:
    table = source("note").partition("The weights of the terms")[2].partition(r"\end{center}")[0]
    rows = re.findall(r"error \$(\S+)\$ & (.*) & (.*)\\\\", table)
    assert [row[0] for row in rows] == [r"\sxe", r"\sxe'"]
    assert ["own" in cell for row in rows for cell in row[1:]] == [True, False, False, True]
    assert rows[0][1] == r"{\color{sxown}$\sxmix^{2}$}"


def test_near_misses_are_one_table() -> None:
    tex = source("note")
    table = tex.partition(r"\label{sx:misses}")[2].partition(r"\end{longtable}")[0]
    rows = [line for line in table.splitlines() if line.startswith(r"\ref{sx:")]
    slips = [(name, slip) for name in CORE for slip in outcome(name).near_misses]
    assert len(rows) == len(slips)
    assert all(re.sub(r"\\begin\{smallmatrix\}.*?\\end", "", row).count(" & ") == 4 for row in rows)
    assert r"\ref{sx:mixed_residual_is_mixture_of_residuals} &" not in table


def test_formulas_are_read_back_and_mean_what_was_meant() -> None:
    written = layouts.write(note(), "")
    assert len(written.formulas) > 150
    for found, (expression, latex) in written.formulas:
        free = found.document.setting.indices
        assert latex in written.text
        assert Names.of([expression], free).symbols.items() <= found.frame.names.symbols.items()
        dialect = LatexMarkup.dialect
        read = Reader([expression], dialect, found.spelling, free).read(latex)
        point = Point.of(expression)
        assert point.value(read) == point.value(expression), latex


def test_what_is_not_the_settings_is_said() -> None:
    """Another definition of a symbol that the setting defines, and symbols that only near misses have."""
    tex = source("note")
    gap = tex.partition(r"\label{sx:input_mixup_adds_the_interpolation_gap}")[2].partition(r"\begin{align")[0]
    assert "In place of the setting's, here the mixed residual $\\sxr = " in gap
    words = tex.partition("Symbols that only these statements have: ")[2].partition(r"\par")[0]
    assert words.startswith(
        r"of~\ref{sx:gradient_has_four_terms}, $\sxM{A} \in \mathbb{R}^{\sxk\times \sxk}$ (a square head)"
    )
    assert r"of~\ref{sx:loss_ignores_flatness}" in words


def test_a_point_speaks_of_what_the_statement_speaks_of() -> None:
    """The two classes of softmax know no ratio: it is one half."""
    tex = source("note")
    (row,) = [line for line in tex.splitlines() if "it vanishes at a soft fit" in line]
    assert r"$\sxs = " in row
    assert r"\sxmix" not in row


def test_sources_have_links() -> None:
    tex = source("note")
    assert r"\href{https://arxiv.org/abs/1806.05236}" in tex
    assert r"\href{https://kyunghyuncho.me/manifold-mixup-degeneracy/}" in tex


def test_digests_are_short_in_print_and_whole_in_the_source() -> None:
    tex = source("note")
    for name in CORE:
        digest = outcome(name).digest
        assert rf"\texttt{{{digest[:12]}}}" in tex
        assert f"% {name}: proved; statement sha256 {digest}" in tex


@pytest.mark.slow
def test_the_note_has_four_pages(tmp_path: Path) -> None:
    log = compiled(layouts.files(note()), layouts.NOTE, tmp_path)
    assert complaints(log) == []
    assert pages(log) <= 4


# -- theorems of users ---


def test_a_theorem_of_ones_own_is_stated_with_its_own_symbols(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tex = noted(RIDGE, tmp_path, capsys)
    setting = tex.partition(r"\paragraph{Setting.}")[2].partition(r"\begin{theorem}")[0]
    assert r"$\sxM{X} \in \mathbb{R}^{\sxn\times \sxd}$ (the inputs, " in setting
    assert r"(the weight of the penalty)" in setting
    assert "second weight" not in tex.partition(r"\begin{document}")[2]
    assert r"\sxa" not in setting.replace(r"\sxV{a}", "")  # their a is no parameter of a distribution
    assert r"\Large Ridge residuals" in tex  # the title of a note with one theorem
    assert "How do the residuals" in tex
    assert "no. & name & digest\\\\" in tex
    assert "The numbered claim is proved by machine" in tex
    assert "blog post" not in tex
    log = compiled({"note.tex": tex}, "note.tex", tmp_path)
    assert complaints(log) == []
    assert pages(log) == 1


HEAD = '''"""What a Lipschitz function allows."""

import sympy as sp

from symmix import Nonnegative, Theorem, squared_norm, theorem
from symmix.language import ForAll, Function

h, k = sp.symbols("h k", integer=True, positive=True)
L = sp.Symbol("L", real=True)
p, q, u, v = (sp.MatrixSymbol(name, h, 1) for name in ("p", "q", "u", "v"))
G, H = Function("G", h, k), Function("H", h, h)


def lipschitz(head):
    return ForAll((p, q), squared_norm(head(p) - head(q)) <= L**2 * squared_norm(p - q))


def allowed(head, share):
    return share * L**2 * squared_norm(u - v) - squared_norm(head(u) - head((u + v) / 2))


@theorem(answers="how far does a Lipschitz head move on the way to the middle?")
def heads_move_half_as_far() -> Theorem:
    """Where |G(p) - G(q)| is at most L |p - q|, G moves by at most L |u - v|/2 up to the middle."""
    return Theorem(
        claim=Nonnegative(allowed(G, sp.Rational(1, 4)), where=[lipschitz(G)]),
        near_misses={"a fifth": Nonnegative(allowed(H, sp.Rational(1, 5)), where=[lipschitz(H)])},
        meanings={G: "the head", H: "a square head"},
    )
'''


def test_functions_are_declared_and_given_where_they_refute(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tex = noted(HEAD, tmp_path, capsys)
    assert r"$G : \mathbb{R}^{\sxh} \to \mathbb{R}^{\sxk}$ (the head)" in tex
    assert r"$\lVert G(\sxV{p}) - G(\sxV{q})\rVert$ is at most" in tex
    (row,) = [line for line in tex.splitlines() if "& a fifth &" in line]
    assert "$dH/dx = " in row  # without it H would be zero, and the statement true
    (only,) = [line for line in tex.splitlines() if "Symbols that only these statements have" in line]
    assert only.endswith(r"$H : \mathbb{R}^{\sxh} \to \mathbb{R}^{\sxh}$ (a square head).\par}")
    assert r"\sxV{p}" not in only  # what takes all values
    assert complaints(compiled({"note.tex": tex}, "note.tex", tmp_path)) == []


def test_a_refuted_statement_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tex = noted(UNDECIDED, tmp_path, capsys, code=1)
    assert r"\begin{claim}[Residuals are equal; refuted]" in tex
    assert r"\emph{Refuted} at $" in tex
    assert r"are 100\% of the residuals equal?" in tex
    assert r"\cite" not in tex.partition(r"\begin{document}")[2]
    assert complaints(compiled({"note.tex": tex}, "note.tex", tmp_path)) == []


# -- the command ---


def test_a_note_is_two_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "note"
    assert export("--layout", "note", "-k", "gradient_vanishes_at_fit", "-o", folder, "--title", "A & B") == 0
    assert {path.name for path in folder.iterdir()} == {LIST, "note.tex", paper.MACROS}
    assert capsys.readouterr().err.endswith("note.tex: 1 theorem in 2 files\n")
    tex = (folder / "note.tex").read_text(encoding="utf-8")
    assert r"A \& B" in tex
    assert "A blog post" not in tex  # the abstract speaks of theorems that are not here
    assert export("--layout", "note", "-k", "gradient_vanishes_at_fit", "-o", folder) == 2
    assert "--force" in capsys.readouterr().err


def test_an_unknown_name_among_several_is_no_small_thing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert export("--layout", "note", "-k", "four_terms", "-k", "no_such", "-o", tmp_path / "x") == 5
    assert "no theorem has an id with no_such in it" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--layout", "note", "--format", "markdown"), "required: a layout of LaTeX"),
        (("--figures",), "required: a note or a booklet in a folder for the figures"),
    ],
)
def test_what_does_not_go_together(
    arguments: tuple[str, ...], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert export("-k", "four_terms", "-o", tmp_path / "x", *arguments) == 2
    assert message in capsys.readouterr().err


def stub(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put figures in the place of the extra."""
    module = ModuleType("symmix.figures")
    figure = SimpleNamespace(
        title="It", theorems=("gradient_vanishes_at_fit", "elsewhere"), caption="The gradient by e and e'."
    )
    module.FIGURES = {"phase": figure}  # type: ignore[attr-defined]
    module.write = lambda name, path: path.write_bytes(f"PDF of {name}".encode())  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "symmix.figures", module)


def test_figures_of_the_theorems_are_part_of_the_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stub(monkeypatch)
    folder = tmp_path / "note"
    assert export("--layout", "note", "-k", "gradient_vanishes_at_fit", "--figures", "-o", folder) == 0
    assert (folder / "phase.pdf").read_bytes() == b"PDF of phase"
    tex = (folder / "note.tex").read_text(encoding="utf-8")
    assert r"\includegraphics[width=0.9\linewidth]{phase.pdf}" in tex
    assert r"\caption{The gradient by $\sxe$ and $\sxe'$. (Theorem~\ref{sx:gradient_vanishes_at_fit})}" in tex


def test_without_the_extra_figures_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "symmix.figures", None)
    assert export("--layout", "note", "-k", "four_terms", "--figures", "-o", tmp_path / "x") == 2
    assert "symmix[figures]" in capsys.readouterr().err
