"""MathML says what was meant: read back by a reader of the tests' own, it has the value of the tree."""

from __future__ import annotations

from fractions import Fraction
from xml.etree import ElementTree as ET

import pytest
from hypothesis import assume, example, given, settings

from symmix.notation import legend
from symmix.printing.glyphs import GREEK, LEGEND, glyph
from symmix.printing.mathml import MathmlPrinter, displayed, mathematics
from symmix.printing.spelling import mathml
from symmix.printing.symbols import PLAIN, emboldened
from symmix.terms import nodes as t
from tests import trees
from tests.mathml_reader import Reader, parsed, spelled
from tests.trees import LAM, MU, Point, UndefinedError, any_expressions, number

u, v = (trees.symbol(letter, "k", "1") for letter in "AB")
C = trees.symbol("C", "k", "k")
e, ep, J = t.Symbol("e", ("k", "1")), t.Symbol("e'", ("k", "1")), t.Symbol("J'", ("k", "k"))


def defined(tree: t.Expression) -> bool:
    try:
        Point().value(tree)
    except UndefinedError:
        return False
    return True


def quotient(above: int, below: int, further: int) -> t.Expression:
    """Return a number that is divided twice, as it stands."""
    return t.Quotient(t.Quotient(number(above), number(below)), number(further))


@settings(max_examples=300)
@given(any_expressions())
@example(quotient(-3, -3, -3))
@example(quotient(2, -3, 5))
@example(t.Multiply((number(-3), t.Quotient(number(-3), number(Fraction(-1, 2))))))
def test_mathml_is_read_back(tree: t.Expression) -> None:
    assume(defined(tree))
    row = MathmlPrinter().print(tree)
    assert Point().value(Reader([tree]).read(row)) == Point().value(tree), row


@pytest.mark.parametrize(
    "tree",
    [
        t.Multiply((t.Transpose(J), ep)),
        t.Transpose(ep),
        t.Multiply((t.Transpose(ep), ep)),
        t.Power(J, 2),
        t.Inverse(J),
        t.Multiply((t.Power(t.Add((number(1), t.Multiply((number(-1), LAM)))), 2), e)),
        t.Add((e, t.Multiply((number(-1), ep)))),
        t.Quotient(t.Multiply((number(3), LAM, t.Trace(t.Multiply((t.Transpose(e), e))))), t.Multiply((number(2), MU))),
    ],
    ids=str,
)
def test_primes_powers_and_bars_are_read_back(tree: t.Expression) -> None:
    row = MathmlPrinter().print(tree)
    assert Point().value(Reader([tree]).read(row)) == Point().value(tree), row


SLIPS = [
    (t.Multiply((LAM, t.Add((u, v)))), ">(</mo>", ">[</mo>"),
    (t.Add((u, t.Multiply((number(-1), v)))), "\u2212", "+"),
    (t.Multiply((t.Transpose(C), u)), "\u22a4", "2"),
    (t.Trace(t.Multiply((t.Transpose(u), u))), "<mn>2</mn></msup>", "<mn>3</mn></msup>"),
]


@pytest.mark.parametrize(("tree", "right", "wrong"), SLIPS)
def test_a_lost_sign_or_bracket_is_noticed(tree: t.Expression, right: str, wrong: str) -> None:
    row = MathmlPrinter().print(tree)
    changed = row.replace(right, wrong)
    assert changed != row
    with pytest.raises((AssertionError, ValueError)):
        assert Point().value(Reader([tree]).read(changed)) == Point().value(tree)


def test_what_is_no_mathml_is_noticed() -> None:
    for row in ("<mfrac><mn>1</mn></mfrac>", "<mi></mi>", "<b>x</b>", "x<mi>y</mi>"):
        with pytest.raises(AssertionError):
            parsed(row)


def test_parts_of_a_sum_are_named_under_a_brace() -> None:
    whole = t.Add((u, v, t.Multiply((LAM, u))))
    row = MathmlPrinter(parts={"own & first": t.Add((u, v))}).print(whole)
    assert "<mtext>own &amp; first</mtext>" in row
    assert Point().value(Reader([whole]).read(row)) == Point().value(whole)


def test_a_formula_stands_in_a_math_element() -> None:
    assert ET.fromstring(mathematics("<mi>a</mi>")).tag == "math"
    block = ET.fromstring(displayed(["<mi>a</mi>", "<mo>=</mo><mi>b</mi>", "<mo>\u2212</mo><mo>+</mo>"]))
    assert block.get("display") == "block"
    assert [element.get("form") for element in block.iter("mo")] == ["infix", "infix", None]


# -- symbols ---


def test_the_legends_symbols_differ() -> None:
    seen = {glyph(entry.name, entry.axes) for entry in legend()}
    assert len(seen) == len(list(legend()))
    for markup in seen:
        parsed(markup)


def test_the_legends_symbols_look_as_they_do_in_latex() -> None:
    """The two tables of spellings are made by hand: what is not in this one is what its name says in both."""
    for entry in legend():
        latex = emboldened(entry.latex, entry.axes, PLAIN)
        letters = "".join(ET.fromstring(glyph(entry.name, entry.axes)).itertext())
        for name, letter in sorted(GREEK.items(), key=lambda pair: -len(pair[0])):
            latex = latex.replace("\\" + name, letter)
        for command, mark in (
            (r"\tilde", "˜"),
            (r"\bar", "¯"),
            (r"\mathcal", ""),
            (r"\mathrm", ""),
            (r"\mathsf", ""),
            (r"\bm", ""),
        ):
            latex = latex.replace(command, mark)
        latex = latex.replace(r"\ell", "ℓ").replace("'", "′").translate({ord(x): None for x in "{}_"})
        assert sorted(latex) == sorted(letters.replace("ℒ", "L")), entry.name


def test_the_table_holds_names_of_the_legend_alone() -> None:
    assert {entry.name for entry in legend()} >= set(LEGEND)


@pytest.mark.parametrize(
    ("name", "axes", "letters"),
    [
        ("mu", (), "μ"),
        ("z_+", ("h", "1"), "z+"),
        ("x'", ("d", "1"), "x′"),
        ("u~", ("k", "1"), "u˜"),
        ("y1", (), "y1"),
        ("Z_0_1", ("n", "h"), "Z0,1"),
        ("gain", (), "gain"),
        ("a<b", (), "a<b"),
        ("x~''", ("d", "1"), "x˜′′"),
    ],
)
def test_names_are_spelled_as_they_say(name: str, axes: tuple[str, ...], letters: str) -> None:
    assert "".join(ET.fromstring(glyph(name, axes)).itertext()) == letters


def test_a_namesake_of_the_legend_is_spelled_by_its_name() -> None:
    assert "".join(ET.fromstring(glyph("m2", ())).itertext()) == "μ2"
    assert "".join(ET.fromstring(glyph("m2", (), own=True)).itertext()) == "m2"
    row = MathmlPrinter(own=["m2"]).print(t.Symbol("m2"))
    assert Reader([t.Symbol("m2")], own=["m2"]).read(row) == t.Symbol("m2")


def test_vectors_and_matrices_are_marked() -> None:
    assert 'class="vector"' in glyph("e'", ("k", "1"))
    assert 'class="matrix"' in glyph("W", ("k", "h"))
    assert "class" not in glyph("s", ())
    assert spelled(ET.fromstring(glyph("e", ("k", "1")))) != spelled(ET.fromstring(glyph("e", ())))


# -- spelled by a user ---


@pytest.mark.parametrize(
    ("latex", "letters"),
    [
        (r"\bar e", "e¯"),
        (r"\mathcal{D}_{\mathrm{train\,and\,test}}", "\U0001d49ftrain\u00a0and\u00a0test"),
        (r"\hat{\bm{y}}''", "y^′′"),
        (r"\lambda_{0,+}^{*}", "λ0,+\u2217"),
        (r"\mathbb{R}\mathfrak{CA}\mathcal{BA}", "\u211d\u212d\U0001d504\u212c\U0001d49c"),
        (r"\mathsf{J}_\ell", "Jℓ"),
    ],
)
def test_a_symbol_is_spelled_as_its_user_said(latex: str, letters: str) -> None:
    row = MathmlPrinter(spelling={"D": latex}).print(t.Symbol("D", ("n", "h")))
    assert "".join(parsed(row).itertext()) == letters
    assert len(parsed(row)) == 1  # one element: an exponent belongs to all of it


@pytest.mark.parametrize(
    "latex",
    ["", r"\frac12", "x_{", "x}", "x_1_2", r"\mathcal{d}", r"\mathbb{1}", "<b>", "x^", r"\hat", r"\left(x\right)"],
)
def test_of_a_spelling_that_is_none_nothing_is_guessed(latex: str) -> None:
    assert mathml(latex) is None
    assert MathmlPrinter(spelling={"D": latex}).print(t.Symbol("D")) == "<mi>D</mi>"
