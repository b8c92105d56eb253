"""Where lines are broken, and what symbols are called on paper."""

from __future__ import annotations

import pytest
import sympy as sp

from symmix.errors import NotationError
from symmix.export import paper
from symmix.export.latex import LatexPrinter
from symmix.export.layout import broken, width
from symmix.export.symbols import PAPER, PLAIN, expansions, spelled
from symmix.notation import J, Jp, L, W, e, ep, k, lam, legend, m2, z, zm, zp
from symmix.statements import Identity
from symmix.theorems import Outcome, Theorem, theorem


def test_a_short_formula_stays_whole() -> None:
    assert broken("a + b", 30) == ["a + b"]


def test_lines_break_at_the_outermost_sum_first() -> None:
    lines = broken("aaaa(b + c) + dddd(e - f) - gggg", 12)
    assert lines == ["aaaa(b + c)", "+ dddd(e - f) - gggg"]
    assert all(width(line) <= 12 for line in lines)


def test_inside_of_brackets_only_where_nothing_else_helps() -> None:
    assert broken("aaaa(bbbb + cccc)", 8) == ["aaaa(bbbb", "+ cccc)"]


def test_never_inside_of_braces() -> None:
    assert broken(r"{\underbrace{a + b + c + d + e}_{\text{x}}}", 3) == [r"{\underbrace{a + b + c + d + e}_{\text{x}}}"]


def test_the_complement_of_the_ratio_is_never_broken() -> None:
    printed = LatexPrinter().print((1 - lam) ** 2 * e + (lam - 1) * ep)
    assert printed == r"(1-\lambda)^{2}\,\bm{e} - (1-\lambda)\,\bm{e}'"


@pytest.mark.parametrize(
    ("symbol", "latex"),
    [
        (sp.Symbol("mu1"), r"\mu_{1}"),
        (sp.MatrixSymbol("z_+", k, 1), r"\bm{z}_{+}"),
        (sp.MatrixSymbol("u~", k, 1), r"\bm{\tilde{u}}"),
        (sp.MatrixSymbol("u'", k, 1), r"\bm{u}'"),
        (sp.MatrixSymbol("y1'", 1, 1), "y_{1}'"),
        (sp.Symbol("rate"), r"\mathrm{rate}"),
        (sp.Symbol("no name!"), r"\mathrm{no-name}"),
        (zm, r"\bm{\tilde{z}}"),
    ],
    ids=str,
)
def test_symbols_are_spelled_sensibly(symbol: sp.Basic, latex: str) -> None:
    assert spelled(symbol, PLAIN) == latex


def test_every_symbol_of_the_legend_has_a_macro_of_its_own() -> None:
    printer = LatexPrinter(PAPER)
    names = [printer.name(entry.symbol) for entry in legend()]
    assert len(set(names)) == len(names)
    assert all(name.rstrip("'") in expansions() for name in names)
    assert (printer.name(lam), printer.name(L), printer.name(m2), printer.name(zp)) == (
        r"\sxmix",
        r"\sxLoss",
        r"\sxmtwo",
        r"\sxz'",
    )


def test_a_spelling_can_be_given() -> None:
    assert LatexPrinter(PAPER, {z: r"\phi"}).print(W * z) == r"\sxW\phi"


def test_parts_are_marked_where_all_of_their_terms_are() -> None:
    own, cross = J.T * e + Jp.T * ep, J.T * ep + Jp.T * e
    printer = LatexPrinter(PAPER, parts={"own": own, "cross": cross})
    braced = r"{\underbrace{\sxown{\sxJ^{\sxT}\sxe + \sxJ'^{\sxT}\sxe'}}_{\text{own}}}"
    assert printer.print(own + J.T * ep) == rf"{braced} + \sxJ^{{\sxT}}\sxe'"
    assert printer.print(own + cross).count(r"\underbrace") == 2
    assert r"\underbrace" not in printer.print(own)


def homographs() -> Outcome:
    u, v = sp.MatrixSymbol("u1", k, 1), sp.MatrixSymbol("u_1", k, 1)

    @theorem(answers="?")
    def two_symbols_of_one_face() -> Theorem:
        """Two symbols look the same."""
        return Theorem(claim=Identity(u + v, v + u), near_misses={"one": Identity(u, v)})

    return two_symbols_of_one_face.prove()


def test_two_symbols_of_one_face_are_refused() -> None:
    with pytest.raises(NotationError, match="u1 and u_1") as caught:
        paper.files([homographs()], {})
    assert "Theorem(spelling={symbol: ...})" in str(caught.value)
