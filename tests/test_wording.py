"""What is said of hypotheses, conditions, divisions and verdicts."""

from __future__ import annotations

import pytest
import sympy as sp

from symmix import Equivalence, Identity, Positivity, Theorem, Vanishing, theorem
from symmix.language import ForAll, Gradient, Reader, inverse
from symmix.language.nodes import quotient
from symmix.printing.text import TextPrinter, text
from symmix.printing.wording import assumption, chains, unequal, wording
from symmix.publish.evidence import combination
from symmix.publish.markup import LatexMarkup
from symmix.publish.report import report
from symmix.publish.sheet import sheet
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.terms.meanings import samples_of
from symmix.theorems import Outcome
from symmix.verdict import Membership, Proved
from tests.trees import number

n, k, m = sp.symbols("n k m", integer=True, positive=True)
i, f, g = sp.symbols("i f g", integer=True)
v, x, e = (sp.MatrixSymbol(name, n, 1) for name in ("v", "x", "e"))
E, A, B = sp.MatrixSymbol("E", n, k), sp.MatrixSymbol("A", m, n), sp.MatrixSymbol("B", n, n)
q = sp.Symbol("q", integer=True)
mu, lam = sp.Symbol("mu", positive=True), sp.Symbol("lam")

TEXT = TextPrinter()


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (Identity(A * v, A * x, where=[v - x]), "A v = A x where v - x = 0"),
        (Vanishing([A * v], where=[ForAll(f, v[f, 0])]), "A v = 0 where for all f: v[f] = 0"),
        (Vanishing([v[i, 0] * x[i, 0]], where=[v[i, 0]]), "x[i] v[i] = 0 where v[i] = 0, at this i"),
        (Equivalence([v], [x], provided=[mu]), "v = 0 if and only if x = 0, given mu != 0"),
        (Positivity(lam, {lam: (0, sp.oo)}), "lam > 0 for 0 < lam < oo"),
        (Positivity(mu), "mu > 0"),
        (Identity(inverse(B) * B * x, x), "B^-1 B x = x"),
        (Identity(quotient(mu, mu), sp.S.One), "mu/mu = 1"),
    ],
    ids=str,
)
def test_statements_in_words(statement: object, words: str) -> None:
    assert wording(statement.tree(Reader()), TEXT) == words  # type: ignore[attr-defined]


def test_samples_are_what_nothing_binds() -> None:
    entry = t.Entry(t.Symbol("v", ("n", "1")), ("i", "0"))
    assert samples_of(entry) == ("i",)
    assert samples_of(s.ForAll((t.Index("i", "n"),), entry)) == ()
    assert samples_of(t.Total((t.Index("j", "n"),), t.Multiply((entry, t.Delta("i", "j"))))) == ("i",)


def test_two_bounds_are_one_chain() -> None:
    a, b = t.Symbol("a"), t.Symbol("b")
    low, high = s.Condition(a, ">=", number(0)), s.Condition(a, "<", number(1))
    other = s.Condition(b, "!=", number(0))
    assert chains([low, other, high]) == [(number(0), "<=", a, "<", number(1)), (b, "!=", number(0))]


def test_differences_are_told_as_two_sides_and_those_that_go_on_are_linked() -> None:
    a, b, square = t.Symbol("a"), t.Symbol("b"), t.Power(t.Symbol("a"), 2)

    def less(left: t.Expression, right: t.Expression) -> s.Condition:
        return s.Condition(t.Add((right, t.Multiply((number(-1), left)))), ">=", number(0))

    assert chains([less(square, b), less(b, a)]) == [(square, "<=", b, "<=", a)]
    assert chains([s.Condition(t.Add((a, number(-1))), ">", number(0))]) == [(a, ">", number(1))]
    assert unequal(t.Add((number(1), t.Multiply((number(-1), a))))) == (a, number(1))
    assert unequal(t.Add((b, t.Multiply((number(-1), square))))) == (b, square)
    assert unequal(t.Add((a, number(1)))) == (t.Add((a, number(1))), None)


def test_assumptions() -> None:
    matrix = t.Symbol("B", ("n", "n"))
    assert assumption(t.Inverse(matrix), TEXT) == "B has an inverse"
    assert assumption(t.Add((t.Symbol("a"), number(1))), TEXT) == "a + 1 != 0"


@theorem(answers="what follows?")
def hypotheses_of_all_kinds() -> Theorem:
    """Hypotheses about one sample and about all, inverses, and what is proved of nothing."""
    return Theorem(
        claim={
            "a column": Vanishing([A * v], where=[ForAll(f, v[f, 0])]),
            "rows": Vanishing([A * E], where=[ForAll(g, E[g, :])]),
            "scaled": Vanishing([A * v], where=[ForAll(f, (3 * v)[f, 0])]),
            "an inverse": Identity(inverse(B) * B * x, x),
            "of nothing": Identity(A * x, 2 * A * x, where=[sp.Trace(v.T * v) + 1, x]),
            "whole": Identity(mu * (q + 1) * x, mu * q * x + mu * x),
            "slope": Identity(Gradient(mu * sp.Trace(v.T * v) / 2, v), mu * v),
        },
        near_misses={"one of them": Vanishing([A * v], where=[v[i, 0]])},
    )


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return hypotheses_of_all_kinds.prove()


def combined(outcome: Outcome, label: str) -> str:
    verdict = outcome.claims[label]
    assert isinstance(verdict, Proved)
    (evidence,) = verdict.evidence
    assert isinstance(evidence, Membership)
    return text(combination(evidence, outcome.setting))


def test_combinations_name_the_hypotheses(outcome: Outcome) -> None:
    assert combined(outcome, "a column") == "A v"
    assert combined(outcome, "rows") == "A E"
    assert combined(outcome, "an inverse") == "0_n"
    assert "3 v" in combined(outcome, "scaled")


def test_the_report_says_what_is_assumed(outcome: Outcome) -> None:
    lines = report(outcome).splitlines()
    spaces = "v, x in R^n; A in R^(m x n); E in R^(n x k); B in R^(n x n)"
    assert f"  for all   sizes k, n, m; samples i < n; real mu; whole q; {spaces}" in lines
    assert "  proved    a combination of the hypotheses as it stands" in lines  # and not A v = A v
    assert "  given     mu > 0" in lines
    assert "  constant  mu in d/dv" in lines
    assert "  assuming  B has an inverse" in lines
    nothing = "  proved, perhaps of nothing (no point was found at which the hypotheses hold): A x - 2 A x = -A x"
    assert nothing in lines
    assert outcome.verdict.word == "undecided"


def test_pages_say_it_too(outcome: Outcome) -> None:
    page = sheet(outcome, LatexMarkup(), {}, []).text
    assert r"$q \in \mathbb{Z}$" in page
    assert r"$\sxM{B}$ has an inverse" in page
    assert r"The derivatives hold constant: $\sxmu$ by $\sxV{v}$." in page
    assert r"wherever $\sxV{v}_{f} = 0$ for all $f$." in page
    assert "Proved, perhaps of nothing: no point was found" in page
    assert r"wherever $\sxV{v}_{\sxi} = 0$ at this $\sxi$" in page
    assert r"\mu_1" not in page  # the size m of the script is not the legend's mean
