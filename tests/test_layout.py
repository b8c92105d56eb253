"""Where lines are broken, and what symbols are called on paper."""

from __future__ import annotations

import pytest
import sympy as sp

from symmix import latex
from symmix.errors import NotationError
from symmix.language import read
from symmix.notation import J, Jp, L, W, e, ep, k, lam, legend, m2, z, zp
from symmix.printing.breaking import broken
from symmix.printing.display import equations
from symmix.printing.latex import LatexPrinter
from symmix.printing.layout import width
from symmix.printing.symbols import PAPER, PLAIN, expansions, spelled
from symmix.publish import paper
from symmix.statements import Identity
from symmix.theorems import Outcome, Theorem, theorem


def test_a_short_formula_stays_whole() -> None:
    assert broken("a + b", 30) == ["a + b"]


def test_lines_break_at_the_outermost_sum_first() -> None:
    lines = broken("aaaa(b + c) + dddd(e - f) - gggg", 11)
    assert lines == ["aaaa(b + c)", "+ dddd(e - f) - gggg"]
    assert all(width(line) <= 11 for line in lines)


def test_inside_of_brackets_only_where_nothing_else_helps() -> None:
    assert broken("a(bbbbbb + c - d + e)", 6.0) == ["a(bbbbbb + c", r"\quad - d + e)"]


def test_never_inside_of_braces() -> None:
    assert broken(r"{\underbrace{a + b + c + d + e}_{\text{x}}}", 3) == [r"{\underbrace{a + b + c + d + e}_{\text{x}}}"]


def test_the_complement_of_the_ratio_is_never_broken() -> None:
    assert latex((1 - lam) ** 2 * e + (lam - 1) * ep) == r"(1-\lambda)^{2}\,\bm{e} - (1-\lambda)\,\bm{e}'"


@pytest.mark.parametrize(
    ("name", "axes", "latex"),
    [
        ("mu1", (), r"\mu_{1}"),
        ("z_+", ("k", "1"), r"\bm{z}_{+}"),
        ("u~", ("k", "1"), r"\bm{\tilde{u}}"),
        ("u'", ("k", "1"), r"\bm{u}'"),
        ("y1'", ("1", "1"), "y_{1}'"),
        ("rate", (), r"\mathrm{rate}"),
        ("no name!", (), r"\mathrm{no-name}"),
        ("z~", ("h", "1"), r"\bm{\tilde{z}}"),
        ("W", ("k", "h"), r"\bm{W}"),
        ("T", ("k", "h", "p"), r"\mathsf{T}"),
    ],
)
def test_symbols_are_spelled_sensibly(name: str, axes: tuple[str, ...], latex: str) -> None:
    assert spelled(name, axes, PLAIN) == latex


def test_every_symbol_of_the_legend_has_a_macro_of_its_own() -> None:
    printer = LatexPrinter(PAPER)
    names = [printer.name(entry.name, entry.axes) for entry in legend()]
    assert len(set(names)) == len(names)
    assert all(name.rstrip("'") in expansions() for name in names)
    assert tuple(printer.print(read(symbol)) for symbol in (lam, L, m2, zp)) == (
        r"\sxmix",
        r"\sxLoss",
        r"\sxmtwo",
        r"\sxz'",
    )


def test_a_spelling_can_be_given() -> None:
    assert LatexPrinter(PAPER, {"z": r"\phi"}).print(read(W * z)) == r"\sxW\phi"


def test_parts_are_marked_where_all_of_their_terms_are() -> None:
    own, cross = J.T * z + Jp.T * zp, J.T * zp + Jp.T * z
    printer = LatexPrinter(PAPER, parts={"own": read(own), "cross": read(cross)})
    braced = r"{\underbrace{\sxown{\sxJ^{\sxT}\sxz + \sxJ'^{\sxT}\sxz'}}_{\text{own}}}"
    assert printer.print(read(own + J.T * zp)) == rf"{braced} + \sxJ^{{\sxT}}\sxz'"
    assert printer.print(read(own + cross)).count(r"\underbrace") == 2
    assert r"\underbrace" not in printer.print(read(own))


@pytest.mark.parametrize(
    ("expression", "left", "right"),
    [(e - ep, e, ep), (e + ep, e + ep, None), (e - W * z, e, W * z), (W * z, W * z, None), (-e - ep, -e - ep, None)],
    ids=str,
)
def test_a_hypothesis_reads_as_an_equation(expression: sp.Basic, left: sp.Basic, right: sp.Basic | None) -> None:
    (found,) = equations([read(expression)])
    assert found[:3] == (read(left), "=", None if right is None else read(right))


def homographs() -> Outcome:
    u, v = sp.MatrixSymbol("u1", k, 1), sp.MatrixSymbol("u_1", k, 1)

    @theorem(answers="?")
    def two_symbols_of_one_face() -> Theorem:
        """Two symbols look the same."""
        return Theorem(claim=Identity(lam * (u + v), lam * u + lam * v), near_misses={"one": Identity(u, v)})

    return two_symbols_of_one_face.prove()


def test_two_symbols_of_one_face_are_refused() -> None:
    with pytest.raises(NotationError, match="u1 and u_1") as caught:
        paper.files([homographs()], {})
    assert "Theorem(spelling={symbol: ...})" in str(caught.value)
