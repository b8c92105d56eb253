"""What is read is what Python reads, or nothing: brackets that are left out, signs that may belong to a name, lines."""

from __future__ import annotations

import ast
import re
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symmix.checking.forms import fenced
from symmix.reading import Chain, read_derivation
from symmix.reading.words import said
from symmix.terms import nodes as t

LET = "let a, b, e, e-, n size\n"
VALUES = {"a": Fraction(3), "b": Fraction(-5, 7), "e": Fraction(7, 2), "e-": Fraction(11), "n": Fraction(2)}
_TOKEN = re.compile(r"e- ?(?=[+*/)^-]|$)|[A-Za-z]|\d+|[-+*/^()]")


def value(node: t.Expression) -> Fraction:
    """Return the value of a scalar, by the tree alone."""
    match node:
        case t.Number(value=found):
            return found
        case t.Symbol(name=name) | t.Size(name=name):
            return VALUES[name]
        case t.Add(terms=terms):
            return sum(map(value, terms), Fraction(0))
        case t.Multiply(factors=factors):
            found = Fraction(1)
            for factor in factors:
                found *= value(factor)
            return found
        case t.Quotient(numerator=above, denominator=below):
            return value(above) / value(below)
        case t.Power(base=base, exponent=exponent):
            return value(base) ** exponent
    raise AssertionError(node)


class Number:
    """A number as Python's grammar meets it: ``**`` and the signs are those of Python."""

    def __init__(self, held: Fraction) -> None:
        self.held = held

    def __add__(self, other: Number) -> Number:
        return Number(self.held + other.held)

    def __sub__(self, other: Number) -> Number:
        return Number(self.held - other.held)

    def __mul__(self, other: Number) -> Number:
        return Number(self.held * other.held)

    def __truediv__(self, other: Number) -> Number:
        return Number(self.held / other.held)

    def __pow__(self, other: Number) -> Number:
        return Number(self.held ** int(other.held))

    def __neg__(self) -> Number:
        return Number(-self.held)


def pythons(text: str) -> Fraction:
    """Return what Python makes of a text: factors side by side are multiplied, and ^ is **."""
    names = {f"v{place}": Number(x) for place, x in enumerate(VALUES.values())}
    own = dict(zip(VALUES, names, strict=True))
    words, before = [], ""
    for token in map(str.strip, _TOKEN.findall(text)):
        if before and (before[0].isalnum() or before == ")") and (token[0].isalnum() or token == "("):
            words.append("*")
        words.append(
            "**" if token == "^" else own.get(token, f"Number(Fraction({token}))" if token.isdigit() else token)
        )
        before = token
    tree = ast.parse("".join(words), mode="eval")
    found: Any = eval(compile(tree, text, "eval"), {"Number": Number, "Fraction": Fraction, **names})  # noqa: S307 - our own words
    return Fraction(found.held)


def read(text: str) -> t.Expression | None:
    """Return what a side is read as; None if it is refused."""
    derivation = read_derivation(f"{LET}{text} = 0")
    if derivation.faults:
        return None
    (chain,) = derivation.parts
    assert isinstance(chain, Chain)
    return chain.links[0].expression


OPERANDS = st.sampled_from([*"aben", "2", "3", "(a)", "(-b)", "(a - b)", "1/2"])
EXPONENTS = st.lists(st.sampled_from(["^2", "^3", "^-1"]), max_size=2).map("".join)
OPERATORS = st.sampled_from([" ", " ", "/", " / ", "+", " - ", "-", " -", "*", "^"])


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Draw what may be an expression, with as few brackets as possible."""
    text = draw(st.sampled_from(["", "", "-"]))
    for place in range(draw(st.integers(2, 4))):
        text += (draw(OPERATORS) if place else "") + draw(OPERANDS) + draw(EXPONENTS)
    return text


@settings(max_examples=400, deadline=None)
@given(texts())
def test_what_is_read_without_brackets_is_what_python_reads(text: str) -> None:
    found = read(text)
    if found is None:
        return
    try:
        mine = value(found)
    except ZeroDivisionError:
        return
    assert mine == pythons(text), text


def test_the_judge_has_something_to_judge() -> None:
    texts = ["-a^2", "a/b e", "a/b/e", "2a - -b^2", "1/2 a", "1/2(a + b)", "(a + b)(a - b)", "a -b", "2^-1 a", "1/n a"]
    for text in texts:
        found = read(text)
        assert found is None or value(found) == pythons(text), text
    assert sum(read(text) is not None for text in texts) >= 9


# -- refused, each with what to write ---

AMBIGUOUS = ["a^2^3", "a^-1^2", "|a|^2^2", "a/2n", "1/2b a", "e-b", "a e-b", "e-(b)", "e-|b|^2", "(a^2)^2^2"]
CLEAR = [
    "(a^2)^3",
    "|a|^2",
    "(|a|^2)^2",
    "a/(2 n)",
    "a/2 n",
    "e - b",
    "e- b",
    "e -b",
    "e-",
    "e-^2",
    "|e-|^2",
    "e- - e",
    "1/2|a|^2",
]


@pytest.mark.parametrize("text", AMBIGUOUS)
def test_what_may_mean_two_things_is_refused_with_both(text: str) -> None:
    (error,) = read_derivation(f"{LET}{text} = 0").faults
    assert error.remedy.startswith("write ")
    assert " or " in error.remedy or ", for" in error.remedy


@pytest.mark.parametrize("text", CLEAR)
def test_what_means_one_thing_is_read(text: str) -> None:
    assert read(text) is not None


def test_a_sign_belongs_to_a_name_without_doubt_where_the_other_one_is_not_declared() -> None:
    for let, text in (("e, b", "e-b"), ("e-, b", "e-b")):
        assert not read_derivation(f"let {let}\n{text} = b").faults


# -- lines ---


@pytest.mark.parametrize("sign", ["\f", "\v", "\x1c", "\x85", "\u2028", "\u2029"])
def test_a_comment_ends_where_editors_end_its_line(sign: str) -> None:
    derivation = read_derivation(f"let a, b # one{sign}a = 2 a\r\na = b\ra = c\n")
    assert [part.links[0].place.line for part in derivation.parts if isinstance(part, Chain)] == [2, 3]
    assert [error.place.line for error in derivation.faults] == [3]


FENCES = {
    "```symmix\nA\n```": [2],
    "```Symmix\nA\n```": [2],
    "``` symmix title=x\nA\n```": [2],
    "```{.symmix .numberLines}\nA\n```": [2],
    "~~~symmix `x`\nA\n~~~": [2],
    "```symmixer\nA\n```": [],
    "```python symmix\nA\n```": [],
    "```symmix``` is a fence\n```symmix\nA\n```": [3],
    "````symmix\nA\n```\nB\n````\nC": [2, 3, 4],
    "````markdown\n```symmix\nA\n```\n````\n```symmix\nB\n```": [7],
    "~~~\n```symmix\nA\n```\n~~~": [],
    "``symmix\nA\n``": [],
    "- item\n\n  ```symmix\n  A\n  ```": [4],
    "```symmix\nA": [2],
}


@pytest.mark.parametrize("text", FENCES)
def test_the_fences_are_those_of_markdown(text: str) -> None:
    assert [number for number, _ in fenced(text.split("\n"))] == FENCES[text]


@pytest.mark.parametrize("word", ["claim", "near miss", "near-miss", "theorem", "title", "because"])
@pytest.mark.parametrize(
    "rest", [" " * 100_000, "#" + " " * 100_000, " x" * 50_000, ' "' + '""' * 50_000, " -" * 50_000]
)
def test_a_long_line_without_a_colon_is_no_line_of_words(word: str, rest: str) -> None:
    assert said(word + rest, 1, lambda _: False) is None
