"""Every formula that is printed of the catalogue is read back and means what was meant."""

from __future__ import annotations

import re

import pytest

from symmix.printing.inline import steady
from symmix.printing.symbols import PLAIN
from symmix.publish.markup import LatexMarkup, MarkdownMarkup, Markup
from symmix.publish.sheet import sheet
from symmix.terms import nodes as t
from symmix.terms.meanings import Names
from tests.catalogue import EVERY, outcome
from tests.latex_reader import Reader
from tests.trees import Point


def _without_marks(latex: str) -> str:
    """Return a text without what depends on the rest of it: where TeX may break a line, and which rows have numbers."""
    return re.sub(r"\\(?:nobreak|notag|penalty\d+)|\s", "", latex)


@pytest.mark.parametrize(
    "markup",
    [pytest.param(LatexMarkup(), id="latex"), pytest.param(MarkdownMarkup(), id="markdown", marks=pytest.mark.slow)],
)
@pytest.mark.parametrize("identifier", EVERY)
def test_every_formula_of_the_catalogue_says_what_was_decided(identifier: str, markup: Markup) -> None:
    found = outcome(identifier)
    written = sheet(found, markup, {}, [])
    names, free = found.frame.names, found.document.setting.indices
    assert written.formulas
    for expression, recorded in written.formulas:
        broken = markup.dialect.macros and recorded not in written.text
        latex = steady(recorded, markup.line) if broken else recorded
        assert recorded in written.text or _without_marks(recorded) in _without_marks(written.text)
        assert Names.of([expression], free).symbols.items() <= names.symbols.items()
        read = Reader([expression], markup.dialect, found.spelling, free).read(latex)
        point = Point.of(expression)
        assert point.value(read) == point.value(expression), f"{latex}\nwas read as {read}\ninstead of {expression}"


SLIPS = [
    (r"\lambda\,\bm{A}_{k,1} - \bm{B}_{k,1}", r"\lambda\,\bm{A}_{k,1} + \bm{B}_{k,1}"),
    (r"\lambda\,(\bm{A}_{k,1} - \bm{B}_{k,1})", r"\lambda\,\bm{A}_{k,1} - \bm{B}_{k,1}"),
    (r"\bm{C}_{k,k}\bm{A}_{k,1}", r"\bm{C}_{k,k}^{\mathsf T}\bm{A}_{k,1}"),
    (r"\bm{C}_{k,k}^{-1}\bm{A}_{k,1}", r"\bm{C}_{k,k}\bm{A}_{k,1}"),
    (r"\lVert \bm{A}_{k,1}\rVert^{2}", r"\lVert \bm{B}_{k,1}\rVert^{2}"),
    (r"\sum_{a=1}^{k}\,\lambda", r"\lambda"),
]


@pytest.mark.parametrize(("right", "wrong"), SLIPS)
def test_a_lost_sign_or_parenthesis_is_noticed(right: str, wrong: str) -> None:
    trees: list[t.Expression] = [t.Symbol(f"{letter}_k_1", ("k", "1")) for letter in "AB"]
    trees += [t.Symbol("C_k_k", ("k", "k")), t.Total((t.Index("a", "k"),), t.Symbol("lam"))]
    reader = Reader(trees, PLAIN)
    assert Point().value(reader.read(right)) != Point().value(reader.read(wrong))
