"""Everything that is printed as LaTeX is read back and decided equal to what was meant."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from sympy.tensor.array.expressions import ArraySymbol

from symmix.catalogue import load
from symmix.export.latex import LatexPrinter
from symmix.export.markup import LatexMarkup, MarkdownMarkup, Markup
from symmix.export.sheet import sheet
from symmix.export.symbols import PAPER, PLAIN, WEB, Dialect
from symmix.language import Language
from symmix.setting import Setting
from symmix.theorems import Outcome
from tests.expressions import any_expressions
from tests.latex_reader import Reader
from tests.test_language_round_trip import assert_same

IDS = [script.id for script in load()]


@cache
def outcome(identifier: str) -> Outcome:
    (script,) = (script for script in load() if script.id == identifier)
    return script.prove()


def symbols(expression: Any) -> list[Any]:
    arrays = expression.atoms(sp.MatrixSymbol, ArraySymbol)
    hidden = {array.args[0] for array in arrays}
    found = (expression.atoms(sp.Symbol) | arrays) - hidden
    return sorted((s for s in found if not str(s.name).startswith("Dummy")), key=str)


def equal(setting: Setting, one: Any, other: Any) -> bool:
    _, _, rest = setting.for_one_statement().difference(one, other)
    return rest.is_zero


@pytest.mark.parametrize("markup", [LatexMarkup(), MarkdownMarkup()], ids=["latex", "markdown"])
@pytest.mark.parametrize("identifier", IDS)
def test_every_formula_of_the_catalogue_says_what_was_decided(identifier: str, markup: Markup) -> None:
    found = outcome(identifier)
    theorem = found.theorem
    written = sheet(found, markup, {}, [])
    setting = Setting(theorem.definitions, theorem.conditions, theorem.indices)
    assert written.formulas
    for expression, latex in written.formulas:
        assert latex in written.text
        read = Reader(symbols(expression), markup.dialect, theorem.spelling, expression).read(latex)
        assert equal(setting, read, expression), f"{latex}\nwas read as {read}\ninstead of {expression}"


@pytest.mark.parametrize("dialect", [PAPER, PLAIN, WEB], ids=["paper", "plain", "web"])
@settings(max_examples=150)
@given(expression=any_expressions())
def test_random_expressions_are_read_back(dialect: Dialect, expression: Any) -> None:
    latex = LatexPrinter(dialect).print(expression)
    assert "+ -" not in latex
    assert latex.count("{") == latex.count("}")
    read = Reader(symbols(expression), dialect, original=expression).read(latex)
    language = Language()
    assert_same(language, language.read(read), language.read(expression))


SLIPS = [
    (r"\lambda\,\bm{A}_{k,1} - \bm{B}_{k,1}", r"\lambda\,\bm{A}_{k,1} + \bm{B}_{k,1}"),
    (r"\lambda\,(\bm{A}_{k,1} - \bm{B}_{k,1})", r"\lambda\,\bm{A}_{k,1} - \bm{B}_{k,1}"),
    (r"\bm{C}_{k,k}\bm{A}_{k,1}", r"\bm{C}_{k,k}^{\mathsf T}\bm{A}_{k,1}"),
    (r"\lVert \bm{A}_{k,1}\rVert^{2}", r"\lVert \bm{B}_{k,1}\rVert^{2}"),
    (r"\sum_{a=1}^{k}\,\bm{A}_{k,1}", r"\bm{A}_{k,1}"),
]


@pytest.mark.parametrize(("right", "wrong"), SLIPS)
def test_a_lost_sign_or_parenthesis_is_noticed(right: str, wrong: str) -> None:
    k = sp.Symbol("k", integer=True, positive=True)
    names = [sp.MatrixSymbol("A_k_1", k, 1), sp.MatrixSymbol("B_k_1", k, 1), sp.MatrixSymbol("C_k_k", k, k)]
    reader = Reader([*names, k, sp.Symbol("a", integer=True), sp.Symbol("lam", real=True)], PLAIN)
    setting = Setting()
    assert equal(setting, reader.read(right), reader.read(right))
    assert not equal(setting, reader.read(right), reader.read(wrong))
