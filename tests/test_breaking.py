"""Lines are broken in the best place there is, lose nothing, and are as wide as TeX makes them."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from symmix.printing.breaking import bare, broken, fitted, places, rejoined
from symmix.printing.inline import steady
from symmix.printing.latex import LatexPrinter
from symmix.printing.layout import atoms, width
from symmix.printing.symbols import PAPER
from symmix.publish.macros import macros
from symmix.publish.markup import LatexMarkup
from symmix.publish.sheet import sheet
from symmix.terms import nodes as t
from tests import trees
from tests.catalogue import IDS, outcome
from tests.document_hosts import compiled, lay_out, require_tex
from tests.latex_reader import Reader
from tests.trees import Point

LIMITS = st.sampled_from([4.0, 7.0, 12.0, 20.0, 37.0])
PRINTER = LatexPrinter(PAPER)


def depth_of(latex: str) -> int:
    """Count the brackets that are open at the end of a line, braces left out."""
    outside, braces = "", 0
    for token in re.findall(r"\\[A-Za-z]+|\\.|.", latex, re.DOTALL):
        braces += (token == "{") - (token == "}")
        outside += token if not braces else ""
    return len(re.findall(r"[(\[]|\\lVert", outside)) - len(re.findall(r"[)\]]|\\rVert", outside))


@given(trees.any_expressions(), LIMITS, st.sampled_from([0.0, 1.0]))
def test_the_lines_joined_again_are_the_formula(tree: t.Expression, limit: float, indent: float) -> None:
    latex = PRINTER.print(tree)
    assert rejoined(broken(latex, limit, indent)) == bare(latex)


@given(trees.any_expressions(), LIMITS)
def test_a_line_that_is_too_wide_has_no_place_to_break(tree: t.Expression, limit: float) -> None:
    for line in broken(PRINTER.print(tree), limit, 0.0):
        whole = re.sub(r"^(?:\\quad |\\cdot |\\circ |[-+] )*", "", line)
        assert width(line) <= limit or not list(places(whole))


@given(trees.any_expressions(), LIMITS)
def test_no_line_begins_inside_of_brackets_without_need(tree: t.Expression, limit: float) -> None:
    """If one does, there is no way to break the formula outside of brackets alone: some piece would be too wide."""
    latex = PRINTER.print(tree)
    lines = broken(latex, limit, 0.0)
    inside = [number for number in range(1, len(lines)) if depth_of("".join(lines[:number]))]
    if inside:
        outer = [place.atom for place in places(latex) if not place.depth]
        assert max(width(piece) for piece in cut(latex, outer)) + 0.79 > limit


def cut(latex: str, marks: list[int]) -> list[str]:
    """Cut a formula before some of its atoms."""
    bounds = [0, *(atoms(latex)[mark].start for mark in marks), len(latex)]
    return [latex[start:end] for start, end in pairwise(bounds)]


@given(trees.any_expressions(), LIMITS)
def test_lines_that_are_made_to_fit_fit_and_mean_the_same(tree: t.Expression, limit: float) -> None:
    latex = PRINTER.print(tree)
    lines = fitted(latex, limit)
    for number, line in enumerate(lines):
        assert width(line) <= limit - (1.0 if number else 0.0) + 1e-9 or r"\sxsized{0.4}" in line
    written = "\n".join(lines)
    if r"\Bigr)^{-1}" not in written:  # which the reader takes for a matrix
        assert meaning(tree, written) == meaning(tree, latex)


def meaning(tree: t.Expression, latex: str) -> object:
    """Return the value of what is read, at a point of small sizes; a formula that has none there is no test."""
    try:
        return Point().value(Reader([tree], PAPER).read(latex))
    except trees.UndefinedError:
        reject()


@given(trees.any_expressions(), LIMITS)
def test_a_formula_in_a_line_means_the_same(tree: t.Expression, limit: float) -> None:
    latex = PRINTER.print(tree)
    calm = steady(latex, limit)
    assert steady(calm, limit) == calm
    assert meaning(tree, calm) == meaning(tree, latex)


@pytest.mark.parametrize(
    ("latex", "limit", "lines"),
    [
        ("a + b = c + d", 5.0, ["a + b", "= c + d"]),  # a relation rather than a sum
        (r"\bm{A}(b + c)\bm{D}", 4.4, [r"\bm{A}(b + c)", r"\cdot \bm{D}"]),  # a product rather than in brackets
        (r"aaaa\bm{B} + cccc\bm{D} + e", 6.5, [r"aaaa\bm{B}", r"+ cccc\bm{D} + e"]),  # never inside of a product here
        (r"\nabla_{x}(a + b + c)", 5.0, [r"\nabla_{x}(a + b", r"\quad + c)"]),  # not behind a sign that wants something
        (r"12345\bm{A} + b", 3.9, [r"12345\bm{A}", "+ b"]),  # nor behind a coefficient
        (r"\sum_{i=1}^{n}\,(a + b)", 3.0, [r"\sum_{i=1}^{n}\,(a", r"\quad + b)"]),
    ],
)
def test_where_lines_are_broken(latex: str, limit: float, lines: list[str]) -> None:
    assert broken(latex, limit, 0.0) == lines


def test_a_wide_fraction_becomes_a_product() -> None:
    assert fitted(r"\frac{a + b + c}{n}\,z", 4.0) == [r"\frac{1}{n}\,\Bigl(a + b", r"\quad + c\Bigr)", r"\cdot z"]
    assert r"\Bigr)^{-1}" in "".join(fitted(r"\frac{a + b + c}{a + b + c + d}", 5.0))


def test_a_wide_brace_is_divided_and_keeps_its_name() -> None:
    lines = fitted(r"{\underbrace{\sxown{aaa + bbb - ccc}}_{\text{own}}} + d", 5.0)
    assert sum(line.count(r"_{\text{own}}") for line in lines) == 3
    assert r"- {\underbrace{\sxown{ccc}}" in "".join(lines)


def test_what_cannot_be_broken_is_set_smaller() -> None:
    (line,) = fitted(r"\mathrm{averylongname}", 4.0)
    assert re.fullmatch(r"\\sxsized\{0\.\d+\}\{\\mathrm\{averylongname\}\}", line)
    assert 3.8 < width(line) <= 4.0


def formulas() -> list[str]:
    """Return every formula of the catalogue in one line."""
    found = set()
    for identifier in IDS:
        known = outcome(identifier)
        printer = LatexPrinter(PAPER, known.spelling, known.parts)
        found |= {printer.print(tree) for tree, _ in sheet(known, LatexMarkup(), {}, []).formulas}
    return sorted(found)


@pytest.mark.slow
@pytest.mark.parametrize("options", ["10pt", "11pt", "12pt"])
def test_widths_are_those_of_tex(options: str, tmp_path: Path) -> None:
    """The estimate is an upper bound, within a thousandth of an em, and a tight one."""
    require_tex("article.cls", "bm.sty")
    written = formulas()
    boxes = [rf"\setbox0\hbox{{$\displaystyle {latex}$}}\typeout{{WIDTH \the\wd0}}" for latex in written]
    preamble = rf"\documentclass[{options}]{{article}}\usepackage{{amsmath,amssymb,bm,xcolor}}"
    body = "\n".join([preamble, macros(), r"\begin{document}", *boxes, r"\typeout{EM \the\fontdimen6\textfont2}"])
    lay_out(tmp_path, {}, body + "\\end{document}")
    log = compiled(tmp_path)
    (em,) = (float(found) for found in re.findall(r"^EM ([\d.]+)pt", log, re.MULTILINE))
    measured = [float(found) / em for found in re.findall(r"^WIDTH ([\d.]+)pt", log, re.MULTILINE)]
    assert len(measured) == len(written) > 400
    for latex, wide in zip(written, measured, strict=True):
        assert wide <= width(latex) + 0.001, latex
        assert width(latex) <= 1.2 * wide + 0.4, latex
