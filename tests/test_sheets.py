"""What an editor looks for on each page: nothing that states nothing, every symbol declared, rows that are rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
import sympy as sp
from hypothesis import assume, given, settings

from symmix import Derivation, Identity, Theorem, Vanishing, squared_norm, theorem
from symmix.language import Gradient, Reader, expectation
from symmix.notation import W, e, ep, h, lam, m, m2, mu, n, r, y, z
from symmix.printing.display import Relation, Typesetter
from symmix.printing.latex import LatexPrinter
from symmix.printing.symbols import PLAIN, SIZE
from symmix.publish import givens, introducing
from symmix.publish.markup import LatexMarkup, MarkdownMarkup, Markup
from symmix.publish.report import report
from symmix.publish.sheet import sheet
from symmix.terms import nodes as t
from symmix.terms.functions import functions_of
from symmix.theorems import Outcome
from tests.catalogue import EVERY, outcome
from tests.trees import any_expressions

DISPLAYS = re.compile(r"\\begin\{(?:aligned|align\*)\}\n(.*?)\n\\end\{(?:aligned|align\*)\}", re.DOTALL)
FORMATS = pytest.mark.parametrize("markup", [LatexMarkup(), MarkdownMarkup()], ids=["latex", "markdown"])
EACH = pytest.mark.parametrize("identifier", EVERY)


def equations(text: str) -> Iterator[str]:
    """Run through what a page says is equal: displays whole, formulas in lines."""
    for body in DISPLAYS.findall(text):
        yield re.sub(r"&& .*", "", body)
    yield from re.findall(r"(?<!\\)\$([^$]+)\$", DISPLAYS.sub("", text))


def idle(text: str) -> list[str]:
    """Return the equations of which two neighbouring sides look the same."""
    found = []
    for equation in equations(text):
        plain = re.sub(r"\\\\\n|&|\{\}|\\q?quad|\\[bB]ig[lr]|\s+", "", equation).rstrip(".,")
        sides = re.split(r"(?<![<>!])=(?![^{]*\})", plain)
        if any(left == right for left, right in pairwise(sides)):
            found.append(equation)
    return found


# -- nothing is printed that states nothing ---


@FORMATS
@EACH
def test_no_equation_of_the_catalogue_has_two_sides_that_look_the_same(identifier: str, markup: Markup) -> None:
    text = sheet(outcome(identifier), markup, {}, []).text
    said = [equation for equation in idle(text) if "on the left $" not in text]  # averages may differ in their moments
    assert said == []


@EACH
def test_no_line_of_a_report_says_that_something_is_itself(identifier: str) -> None:
    for line in report(outcome(identifier)).splitlines():
        sides = re.split(r" = ", re.sub(r"^  \w+( miss)? +", "", line))
        assert len(sides) != 2 or sides[0] != sides[1], line


@EACH
def test_no_proof_has_a_line_twice(identifier: str) -> None:
    for proof in outcome(identifier).document.proofs:
        setter = Typesetter(LatexPrinter(PLAIN), LatexPrinter(PLAIN), 400.0)
        rows = setter.chain(proof.start, [(x.expression, "") for x in proof.steps], lambda words, **_: words)
        assert len({row.partition("=")[2] for row in rows}) == len(rows)


def test_an_idle_equation_is_noticed() -> None:
    assert idle("$v = v$") == ["v = v"]
    assert idle("\\begin{aligned}\na &= b \\\\\n&= \\bigl(c\\bigr) \\\\\n&= (c)\n\\end{aligned}") != []
    assert idle("$u = v$, $\\sum_{i=1}^{n} u = u$") == []


MU = t.Symbol("mu")


@settings(max_examples=200)
@given(any_expressions())
def test_sides_that_differ_in_their_order_only_are_printed_as_they_were_written(tree: t.Expression) -> None:
    assume(LatexPrinter(PLAIN).print(tree) != LatexPrinter(PLAIN).print(MU))  # the only entry of a scalar looks like it
    swapped = t.Multiply((tree, MU)), t.Multiply((MU, tree))
    setter = Typesetter(LatexPrinter(PLAIN), LatexPrinter(PLAIN), 400.0)
    for rows in (
        [setter.relation(Relation(swapped[0], "=", swapped[1]))],
        setter.rows([Relation(swapped[0], "=", swapped[1])]),
        [" ".join(setter.chain(swapped[0], [(swapped[1], "")], lambda words, **_: words))],
    ):
        assert idle(f"${' '.join(rows)}$") == []


@theorem(answers="does the order count?")
def order_does_not_count() -> Theorem:
    """Scalars commute, and what vanishes vanishes."""
    left, right = (sp.Mul(*pair, evaluate=False) for pair in ((mu, lam), (lam, mu)))
    return Theorem(
        claim={
            "scalars": Identity(left, right),
            "a multiple": Vanishing([W.T * e], where=[e]),
            "nothing is needed": Vanishing([sp.MatAdd(W.T * e, -1 * W.T * e, evaluate=False)]),
        },
        near_misses={"one more": Identity(left, right + mu)},
    )


@FORMATS
def test_a_proof_by_nothing_says_so_and_names_no_hypotheses(markup: Markup) -> None:
    text = sheet(order_does_not_count.prove(), markup, {}, []).text
    assert idle(text) == []
    assert "(ii) As it stands, that is a combination of the hypotheses." in text
    assert "(iii) Expand and collect: all terms cancel." in text
    assert "The hypotheses make" not in text


@FORMATS
@EACH
def test_hypotheses_are_named_where_there_are_some(identifier: str, markup: Markup) -> None:
    found = outcome(identifier)
    if not any(getattr(claim, "where", ()) for _, claim in found.document.claims):
        assert "The hypotheses make" not in sheet(found, markup, {}, []).text


# -- symbols ---


@FORMATS
@EACH
def test_every_symbol_of_a_statement_is_declared_with_its_size(identifier: str, markup: Markup) -> None:
    found = outcome(identifier)
    text = sheet(found, markup, {}, []).text
    given_part = text[: text.index("Then")]
    printer = LatexPrinter(markup.dialect, found.spelling)
    trees = [*givens.spoken(found.document), *found.document.setting.conditions]
    defined = {symbol for symbol, _ in givens.used(found.document)}
    for symbol in givens.symbols(trees):
        name = re.escape(printer.print(symbol))
        if symbol in defined:
            assert re.search(rf"(?m)^&?\\?,?{name} &= ", given_part), symbol
        else:
            assert re.search(rf"[$ ]{name}(?:, [^$]*)? \\in \\mathbb\{{[RZ]\}}", given_part), symbol
    for size in givens.sizes(trees):
        assert re.search(rf"all sizes \$[^$]*{re.escape(printer.name(size, SIZE))}", text), size


@EACH
def test_every_symbol_of_the_catalogue_has_a_meaning(identifier: str) -> None:
    setter = Typesetter(LatexPrinter(PLAIN), LatexPrinter(PLAIN), 40.0)
    assert [name for name, _, _, meaning in introducing.notation(outcome(identifier), setter) if not meaning] == []


@EACH
def test_nothing_is_said_of_symbols_that_do_not_occur(identifier: str) -> None:
    found = outcome(identifier)
    trees = [*givens.stated(found.document), *(miss for _, miss in found.document.near_misses)]
    known = {symbol.name for symbol in givens.symbols(trees)} | set(givens.sizes(trees))
    known |= {function.name for function in functions_of(trees)}
    assert {str(getattr(symbol, "name", symbol)) for symbol in found.theorem.meanings} <= known


X, w, target = sp.MatrixSymbol("X", n, h), sp.MatrixSymbol("w", 1, h), sp.MatrixSymbol("y", n, 1)
own_mu = sp.Symbol("mu", positive=True)


@theorem(answers="what is a row?")
def rows_are_rows() -> Theorem:
    """A row of weights, and a weight of its own: the gradient is a row."""
    ridge = squared_norm(target - X * w.T) + own_mu * squared_norm(w.T)
    return Theorem(
        claim=Identity(Gradient(ridge, w), 2 * (own_mu * w - target.T * X + w * X.T * X)),
        near_misses={"the sign": Identity(Gradient(ridge, w), 2 * (own_mu * w + target.T * X + w * X.T * X))},
        meanings={w: "the weights, a row", X: "the inputs, a row a sample", own_mu: "the ridge"},
    )


@theorem(answers="is everything used?")
def a_definition_is_idle() -> Theorem:
    """The residuals, and their mixture, which nobody asks for."""
    residuals = {e: y - W * z, r: lam * e + (1 - lam) * ep}
    return Theorem(
        claim=Identity(e + W * z, y), definitions=residuals, near_misses={"the sign": Identity(e - W * z, y)}
    )


@FORMATS
def test_a_definition_that_nothing_uses_is_not_printed(markup: Markup) -> None:
    text = told(a_definition_is_idle.prove(), markup)
    name = LatexPrinter(markup.dialect).print(t.Symbol("r", ("k", "1")))
    assert f"{name} &= " not in text
    assert f"${name} = " not in text


def told(found: Outcome, markup: Markup) -> str:
    return sheet(found, markup, {}, []).text


def test_a_row_is_declared_as_one_and_own_symbols_are_explained_by_nobody_else() -> None:
    found = rows_are_rows.prove()
    assert r"$\sxM{w}" not in told(found, LatexMarkup())
    assert r"\sxV{w} \in \mathbb{R}^{1\times \sxh}" in told(found, LatexMarkup())
    page = told(found, MarkdownMarkup())
    assert r"\boldsymbol{w} \in \mathbb{R}^{1\times h}" in page
    assert r"| $\mu$ | $\in \mathbb{R}$ | the ridge |" in page
    assert r"| $\boldsymbol{w}$ | $\in \mathbb{R}^{1\times h}$ | the weights, a row |" in page
    assert "a second weight" not in page
    assert r"| $\boldsymbol{y}$ | $\in \mathbb{R}^{n}$ |  |" in page  # nobody says what: the legend's y is another
    assert "real mu; w in R^(1 x h); y in R^n; X in R^(n x h)" in report(found)


@theorem(answers="what is random?")
def an_average_names_its_moments() -> Theorem:
    """The average of the ratio's square."""
    known = {1: m, 2: m2}
    return Theorem(
        claim=Identity(expectation(lam**2 * e, lam, known), m2 * e),
        near_misses={"the mean": Identity(expectation(lam**2 * e, lam, known), m * e)},
    )


def test_random_numbers_are_declared_with_their_moments() -> None:
    found = an_average_names_its_moments.prove()
    page = told(found, MarkdownMarkup())
    assert r"and let $\lambda \in \mathbb{R}$ be random with $\mathbb{E}[\lambda] = \mu_1$ and" in page
    assert r"$\mu_1^{2} \le \mu_2 \le \mu_1$" in page
    lines = report(found).splitlines()
    assert "  given     E[lam] = m, E[lam^2] = m2" in lines
    assert any(line.endswith("random lam") for line in lines)


def test_a_derivation_keeps_what_is_shown_apart() -> None:
    chain = Derivation(mu * (W * z)).equals(sp.MatMul(W, mu, z, evaluate=False), by="scalars move")
    shown = Typesetter(LatexPrinter(PLAIN), LatexPrinter(PLAIN), 40.0)
    tree = chain.tree(Reader())
    rows = shown.chain(tree.start, [(x.expression, x.reason) for x in tree.steps], lambda words, **_: words)
    assert idle(f"${' '.join(rows)}$") == []
