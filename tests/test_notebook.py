"""What notebooks and terminals show."""

from __future__ import annotations

import subprocess
import sys

import pytest
import sympy as sp

from symmix import Derivation, Equivalence, Fails, Identity, Positivity, Setting, show
from symmix.catalogue import load
from symmix.display import Displayed, register
from symmix.errors import UnsupportedError
from symmix.language import Gradient
from symmix.notation import L, W, e, ep, lam, z, zp
from symmix.verdict import Undecided

CHAIN = Derivation(W * (z + zp)).equals(W * z + W * zp, by="W is linear, by gradient_has_four_terms")


def face(thing: Displayed) -> str:
    return thing._repr_latex_()


def test_a_derivation_is_aligned() -> None:
    assert face(CHAIN) == (
        "$\\displaystyle \\begin{aligned}\n"
        r"\boldsymbol{W}(\boldsymbol{z} + \boldsymbol{z}') &= \boldsymbol{W}\boldsymbol{z} + "
        r"\boldsymbol{W}\boldsymbol{z}' && \text{$\boldsymbol{W}$ is linear, by “Gradient has four terms”}"
        "\n\\end{aligned}$"
    )
    assert str(show(CHAIN)) == "W (z + z')\n  = W z + W z'   W is linear, by gradient_has_four_terms"


def test_nodes_show_themselves_also_inside_of_what_sympy_prints() -> None:
    slope = Gradient(L, z)
    assert face(slope) == r"$\displaystyle \nabla_{\boldsymbol{z}}\mathcal{L}$"
    assert r"\nabla_{\boldsymbol{z}}\mathcal{L}" in sp.latex(lam * slope)


def test_verdicts_show_their_word_and_their_point() -> None:
    setting = Setting()
    proved, refuted = Identity(W * (z + zp), W * z + W * zp).decide(setting), Identity(e, ep).decide(setting)
    assert face(proved) == r"$\displaystyle \text{proved}$"
    assert str(show(proved)) == "proved (NormalForm)"
    assert face(refuted) == r"$\displaystyle \text{refuted}$"
    assert str(show(refuted)).startswith("refuted at k = 1, ")
    assert str(show(Undecided("an idea"))) == "undecided, missing: an idea"


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


@pytest.mark.parametrize("script", load(), ids=lambda script: script.id)
def test_outcomes(script: object) -> None:
    outcome = script.prove()  # type: ignore[attr-defined]
    shown = face(outcome)
    assert shown.count("{") == shown.count("}")
    assert shown.count("$") % 2 == 0
    assert r"\text{proved}" in shown
    assert str(show(outcome)).startswith(outcome.script.id)


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
