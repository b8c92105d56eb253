"""Formulas in words become MathML, letter by letter, and words stay words."""

from __future__ import annotations

import re
from html import unescape
from xml.etree import ElementTree as ET

import pytest

from symmix.catalogue import load
from symmix.printing.prose import Prose
from symmix.printing.symbols import WEB
from symmix.printing.words import WebProse
from symmix.publish.html.elements import escape
from tests.mathml_reader import ARITY, CORE

PROSE = WebProse(WEB, escape)
SPACES = re.compile(r"\s+")


def letters(html: str) -> str:
    """Return the words as they are read, without tags and spaces."""
    return SPACES.sub("", unescape(re.sub(r"<[^>]*>", "", html)))


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("the weights lam and 1-lam", "the weights λ and 1−λ"),
        ("dL/dtheta = lam^2 J^T W^T e", "∇θℒ = λ2J⊤W⊤e"),
        ("where e' != 0 a feature moves", "where e′ ≠ 0 a feature moves"),
        ("S kron W^T W / n", "S⊗W⊤W/n"),
        ("x~ = lam x + (1-lam) x'", "x˜ = λx + (1−λ)x′"),
        ("E lam^2 = m2", "𝔼λ2 = μ2"),
        ("|e_i - e_j|^2", "‖ei−ej‖2"),
        ("sum_ij P_ij", "∑ijPij"),
        ("a sum of 1/2 and e- = 0", "a sum of 12 and e¯ = 0"),
        ("G o F is <b>bold</b> & true", "G∘F is <b>bold</b> & true"),
        ("at 3 points", "at 3 points"),
        ("[[lam^2, 0], [0, 1]]", "(λ2001)"),
        ("d(W z)/dz = W", "∂(Wz)/∂z = W"),
    ],
)
def test_words_are_read_as_before(words: str, read: str) -> None:
    assert letters(PROSE(words)) == SPACES.sub("", read)


def texts() -> list[str]:
    found = []
    for script in load():
        theorem = script.theorem
        found += [script.documentation, script.answers, *theorem.near_misses, *theorem.claims]
        found += [step.reason for derivation in theorem.derivations for step in derivation.steps]
        found += [lemma.statement for lemma in theorem.lemmas]
    return found


def test_every_formula_in_the_words_of_the_catalogue_is_mathml() -> None:
    core = CORE | {"mtable", "mtr", "mtd"}
    seen = 0
    for text in texts():
        for markup in re.findall(r"<math>.*?</math>", PROSE(text)):
            for element in ET.fromstring(markup).iter():
                assert element.tag in core, markup
                assert len(element) == ARITY.get(element.tag, len(element)), markup
                assert element.text or len(element) or element.tag in ("mspace", "mrow"), markup
            assert not re.search(r"[\\^_$]|lam\b", letters(markup)), markup
            seen += 1
    assert seen > 300


def test_formulas_are_found_where_latex_finds_them() -> None:
    """The two differ in how a formula is written, not in what is one."""
    latex = Prose(WEB, escape)
    for text in texts():
        there = re.sub(r"\$[^$]*\$", "#", latex(text))
        here = re.sub(r"<wbr>", "", PROSE(text))
        here = re.sub(r'(?:(?:<span class="inline">)?<math>.*?</math>(?:</span>)?)+', "#", here)
        numbers = re.sub(r"(?<![\w#])[\d.,]+(?=[^\w]|$)", "#", here)
        assert re.sub(r"[\s\d.,#]+", "#", there) == re.sub(r"[\s\d.,#]+", "#", numbers), text


def test_a_name_of_the_theorems_own_comes_before_the_legends() -> None:
    own = WebProse(WEB, escape, symbols={"D": "D", "gain": "gain"}, axes={"D": ("h", "h"), "gain": ()})
    assert '<mi class="matrix">D</mi>' in own("D z = 0")
    assert "<mi>gain</mi>" in own("gain > 0")


def test_a_long_formula_may_be_parted_where_a_line_ends() -> None:
    assert "<wbr>" in PROSE("r = lam e + (1-lam) e' + W gap")
    assert "<wbr>" not in PROSE("r = lam e")
    inside = PROSE("r = (lam e + (1-lam) e' + W gap)")
    assert inside.count("<wbr>") == 1  # before the sign, never in brackets
    pieces = re.findall(r"<math>(.*?)</math>", PROSE("r = lam e + (1-lam) e' + W gap"))
    assert [re.search(r'<mo form="infix">(.)</mo>', piece) is not None for piece in pieces] == [False, True, True, True]
