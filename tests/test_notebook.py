"""What notebooks and terminals show."""

from __future__ import annotations

import re
import subprocess
import sys
from types import SimpleNamespace

import pytest
import sympy as sp

from symmix import Derivation, Equivalence, Fails, Identity, Positivity, Setting, Theorem, Vanishing, show, theorem
from symmix.display import Displayed, register
from symmix.errors import UnsupportedError
from symmix.language import Gradient
from symmix.notation import L, W, e, ep, lam, n, z, zp
from symmix.publish.givens import used
from symmix.statements import Statement
from symmix.verdict import Undecided
from tests.catalogue import EVERY, outcome

M = sp.MatrixSymbol("M", n, n)
CHAIN = Derivation(W * (z + zp)).equals(W * z + W * zp, by="W is linear, by gradient_has_four_terms")


def face(thing: Displayed) -> str:
    return thing._repr_latex_()


def test_a_derivation_is_aligned() -> None:
    assert face(CHAIN) == (
        "$\\displaystyle \\begin{aligned}\n"
        r"\boldsymbol{W}(\boldsymbol{z} + \boldsymbol{z}') &= \boldsymbol{W}\boldsymbol{z} + "
        r"\boldsymbol{W}\boldsymbol{z}' && \boldsymbol{W}\text{ is linear, by “Gradient has four terms”} \\"
        "\n"
        r"&\quad \text{(stated step by step, and not decided here)}"
        "\n\\end{aligned}$"
    )
    lines = ["W (z + z')", "  = W z + W z'   W is linear, by gradient_has_four_terms"]
    assert str(show(CHAIN)).splitlines() == [*lines, "  (stated step by step, and not decided here)"]


def test_nodes_show_themselves_also_inside_of_what_sympy_prints() -> None:
    slope = Gradient(L, z)
    assert face(slope) == r"$\displaystyle \nabla_{\boldsymbol{z}}\mathcal{L}$"
    assert r"\nabla_{\boldsymbol{z}}\mathcal{L}" in sp.latex(lam * slope)


def test_verdicts_show_what_they_rest_on() -> None:
    setting = Setting()
    proved, refuted = Identity(W * (z + zp), W * z + W * zp).decide(setting), Identity(e, ep).decide(setting)
    assert face(proved) == r"$\displaystyle \text{proved}$"
    assert str(show(proved)) == "proved (NormalForm)"
    assert face(refuted) == (
        r"$\displaystyle \text{refuted at }k = 1\text{, }\boldsymbol{e} = 0\text{, }\boldsymbol{e}' = 1"
        r"\text{: the left side is }0\text{ and the right side }1$"
    )
    assert str(show(refuted)).startswith("refuted at k = 1, ")
    assert str(show(Undecided("an idea"))) == "undecided, missing: an idea"
    assert face(Undecided("a point where e = 0")) == (
        r"$\displaystyle \text{undecided; missing: a point where }\boldsymbol{e} = 0$"
    )
    denied = Fails(Identity(W * (z + zp), W * z + W * zp)).decide(setting)
    assert face(denied) == r"$\displaystyle \text{refuted: what was to fail is proved}$"


def test_what_a_proof_assumes_is_shown_with_it() -> None:
    s, t = sp.symbols("s_1 t_1", real=True)
    verdict = Identity(s / (s - t) - t / (s - t), sp.S.One).decide(Setting())
    assert face(verdict) == r"$\displaystyle \text{proved, assuming }s_{1} \ne t_{1}$"


@pytest.mark.parametrize(
    "statement",
    [Identity(e, ep), Vanishing([e]), Equivalence([e], [ep]), Positivity(lam, {lam: (0, 1)}), Fails(Identity(e, ep))],
    ids=lambda statement: type(statement).__name__,
)
def test_every_kind_of_statement_has_a_face_by_itself(statement: Displayed) -> None:
    assert r"\begin{aligned}" in face(statement)
    assert statement._repr_markdown_() is None


def test_a_statement_shows_when_it_holds() -> None:
    conditional = face(Equivalence([lam * e], [e], provided=[lam]))
    assert r"\text{provided that} \\ \lambda &\ne 0" in " ".join(conditional.split())
    assert r"\text{for }0 \lt \lambda \lt 1" in face(Positivity(lam, {lam: (0, 1)}))
    assert r"\text{for }\lambda \in \mathbb{R}" in face(Positivity(lam**2, {lam: (-sp.oo, sp.oo)}))


@pytest.mark.parametrize(
    ("statement", "latex"),
    [
        (Identity(e, ep, where=[z]), r"\boldsymbol{e} &= \boldsymbol{e}'"),
        (Fails(Identity(e, ep)), r"&\text{not always}"),
        (Equivalence([e], [ep]), r"&\text{if and only if}"),
        (Positivity(lam, {lam: (0, 1)}), r"\lambda &\gt 0"),
    ],
)
def test_statements(statement: object, latex: str) -> None:
    assert latex in show(statement)._repr_latex_()


@pytest.mark.parametrize("name", EVERY)
def test_outcomes(name: str) -> None:
    found = outcome(name)
    shown = face(found)
    assert shown.count("{") == shown.count("}")
    assert shown.count("$") % 2 == 0
    assert r"\text{proved" in shown
    assert str(show(found)).startswith(found.script.id)
    page = found._repr_markdown_()
    assert page is not None
    assert ("Put" in page) == bool(used(found.document))
    assert "| slip | statement | false at | left | right |" in page
    assert page.count("\n| ") >= len(found.near_misses) + 2  # with its witness each
    assert "Then" in page


@pytest.mark.parametrize(
    ("claim", "word"),
    [(Identity(lam * e, e), "Refuted"), (Vanishing([M], where=[M.T * M * M.T * M]), "Undecided")],
)
def test_what_is_not_proved_has_no_proof_and_is_spelled_as_its_theorem_says(claim: Statement, word: str) -> None:
    @theorem(answers="is it so?")
    def doubtful() -> Theorem:
        """It is so."""
        slip = Vanishing([M], where=[M * M])
        return Theorem(claim=claim, near_misses={"slip": slip}, spelling={lam: r"\varrho", M: r"\mathcal{M}"})

    found = doubtful.prove()
    page, formula = found._repr_markdown_(), face(found)
    assert page is not None
    assert f"**What was found.** {word}" in page
    assert "Proof" not in page
    assert r"\square" not in page
    assert word.lower() in formula
    assert not re.search(r"\\lambda|\\boldsymbol\{M\}", page + formula)
    assert r"\varrho" in formula or r"\mathcal{M}" in formula


def test_a_step_that_is_not_proved_says_so() -> None:
    @theorem(answers="is it linear?")
    def linear() -> Theorem:
        """W is linear, or so."""
        slip = Derivation(W * (z + zp)).equals(W * z - W * zp, by="W is linear")
        chain = slip.equals(W * z + W * zp, by="the sign")
        claim, miss = Identity(W * (z + zp), W * z + W * zp), Identity(W * (z + zp), W * z)
        return Theorem(claim=claim, proof=chain, near_misses={"the second": miss})

    outcome = linear.prove()
    page = outcome._repr_markdown_()
    assert page is not None
    assert "[refuted]" in page
    assert "## Claim (Linear; refuted)" in page
    assert r"\text{(refuted)}" in face(outcome)


def test_nothing_else_is_shown() -> None:
    with pytest.raises(UnsupportedError, match="a SymPy expression"):
        show("lam e")


def test_who_imports_symmix_alone_sees_faces() -> None:
    """The printers are loaded when the first object is shown, and not before."""
    source = """
import sys
from symmix import Derivation
from symmix.notation import W, z
assert "symmix.publish.notebook" not in sys.modules
print(Derivation(W * z)._repr_latex_())
"""
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)
    assert r"\boldsymbol{W}\boldsymbol{z}" in done.stdout


def test_whoever_registers_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symmix.display._registered", [])
    with pytest.raises(UnsupportedError, match="a printer that has registered"):
        face(Displayed())
    register(lambda thing: f"${type(thing).__name__}$")
    assert face(Displayed()) == "$Displayed$"
    assert Displayed()._repr_markdown_() is None
    register(str, markdown=lambda thing: f"*{type(thing).__name__}*")
    assert Displayed()._repr_markdown_() == "*Displayed*"


def test_a_result_is_printed_as_its_report_and_an_interactive_terminal_shows_the_same() -> None:
    proved = outcome("gradient_has_four_terms")
    refuted = Identity(e, ep).decide(Setting())
    for result in (proved, refuted, Undecided("an idea")):
        assert str(result) == str(show(result))
        written: list[str] = []
        result._repr_pretty_(SimpleNamespace(text=written.append), None)
        assert written == [str(result)]
        assert repr(result).startswith(f"{type(result).__name__}(")
    assert "  claim     " in str(proved)
    assert str(refuted) == "refuted at k = 1, e = 0, e' = 1: left 0, right 1"


def test_a_scalar_at_the_point_of_a_verdict_is_not_bold() -> None:
    shown = face(outcome("gradient_has_four_terms").near_misses["the sign of the cross terms"])
    assert r"\mathcal{L} = -\tfrac" in shown
    assert r"\boldsymbol{L}" not in shown
