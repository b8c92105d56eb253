"""Derivations in LaTeX: displays with declarations in comments; what is not read is refused where it stands."""

from __future__ import annotations

import re

import pytest

from symmix import check_derivation
from symmix.checking.judging import judged
from symmix.checking.report import Finding
from symmix.checking.trees import context_of
from symmix.printing.latex import LatexPrinter
from symmix.reading import Chain, read_paper
from symmix.reading.letters import GREEK
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.terms.meanings import names_of
from tests.catalogue import EVERY, SCRIPTS, outcome

DECLARED = r"""% let W: k x h, b: k, z: h, z': h, y: k, y': k, lam in [0,1], A: k x k, X: n x d, w: d, u: n, mu, a: n
% e := y - W z - b
% e' := y' - W z' - b
% r := lam y + (1 - lam) y' - W (lam z + (1 - lam) z') - b
% L := 1/2 |r|^2
"""


def findings(display: str) -> list[Finding]:
    return list(check_derivation(DECLARED + display, form="tex").findings)


def words(display: str) -> list[str]:
    return [finding.word for finding in findings(display)]


@pytest.mark.parametrize(
    "formula",
    [
        r"\nabla_z L = -\lambda W^\top r",
        r"\frac{\partial L}{\partial z} = -\lambda W^{\mathsf T} \bigl(\lambda e + (1-\lambda) e'\bigr)",
        r"\nabla_{z} \bigl(\tfrac12 \|r\|^2\bigr) = - \lambda \mathbf{W}^{\top} \boldsymbol{r}",
        r"\nabla_w \lVert Xw - u \rVert^2 = 2 X^\top (Xw - u)",
        r"\nabla_w \nabla_w \|Xw\|^2 = 2 X^T X",
        r"\operatorname{tr}(X X^\top) = \|X\|_F^2 = \sum_{i=1}^{n} \sum_{j=1}^d X_{ij} X_{ij}",
        r"\sum_{i} a_i u_i = a^\top u = u^{\intercal} a",
        r"\mathbf{1}_n^\top a = \sum_{i=1}^n a_i",
        r"(A + A^\top)^{-1} \left(A + A^\top\right) = I_k",
        r"\frac{r^\top r}{2} = L",
        r"2 \cdot \mu \, w = \mu\, w + w \mu",
        r"e \odot e' = e' \circ e",
        r"\frac{1}{n} \sum_{i=1}^n \lambda a_i = \frac{\lambda \mathbf 1_n^\top a}{n}",
        r"\frac{\partial}{\partial w} ||Xw||_2^2 = 2 \mathbf{X^\top X w}",
        r"\partial L/\partial z = \partial L / \partial \mathbf{z} = -\lambda W^\top r",
        r"\nabla L(z) = -\lambda W^\top r",
        r"\frac{\partial L(z, z')}{\partial z} = \nabla_z L(z)",
        r"\frac{\partial a^\top u a^\top u}{\partial u} = 2 (a^\top u)\, a",
        r"\nabla_w \frac{1}{2} \|Xw\|^2 = \tfrac12 \nabla_w \|Xw\|^2_2",
        r"\nabla_A \operatorname{tr}\left[A A\right] = 2 A^{\top}",
        r"Tr(A) = \text{tr}(A) = trace\{A^\top\}",
        r"A^{-\top} A^{\text{T}} = I_{k \times k}",
        r"A{}^{\mathsf T} A - A^T A = 0 - A + A",
        r"\vec{a} \overset{(a)}{=} \underbrace{2 a}_{\text{twice}} − \boxed{a}",
        r"\color{blue}{\mathbf{Xw}} = X \textcolor{red}{w}",
        r"\underset{i}{\sum} a_i u_i = \sum^n_{i=1} a_i u_i",
        r"\mathbf{0} = a - a",
        r"1/2 \|a\|_2^2 = \|a\|_2^2 / 2 = \mu \|a\|^2 / (2 \mu)",
    ],
)
def test_the_usual_ways_of_writing_it_are_read(formula: str) -> None:
    assert set(words(rf"\[ {formula}. \]")) == {"proved"}


def test_rows_of_a_display_are_a_chain_with_reasons_where_they_stand() -> None:
    rows = [
        "so that",
        r"\begin{align*}",
        r"  \nabla_z L &= -\lambda W^\top r && \text{chain rule} \label{eq:a} \\",
        r"   &= -\lambda^2 W^{\top} e",
        r"      - \lambda (1 - \lambda) W^\top e' \\[2pt]",
        r"   &= -\lambda^2 W^\top e - \lambda W^\top e'.",
        r"\end{align*}",
    ]
    found = findings("\n".join(rows))
    assert [(f.line, f.word) for f in found] == [(8, "proved"), (9, "proved"), (11, "refuted")]
    assert found[0].text == "dL/dz = -lam W^T r"
    assert found[0].reason == "chain rule"
    assert found[2].cause == "a factor 1 - lam"


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (r"a &= a & u &= u", ["a = a", "u = u"]),
        (r"a &= a && \text{as said}", ["a = a"]),
        (r"2 a & = & a + a", ["2 a = a + a"]),
        (r"a + u &= u \\ &\quad + a", ["a + u = u + a"]),
        (r"a + u =& u \\ & + a", ["a + u = u + a"]),
        (r"a &= a \\ -u &= -u", ["a = a", "-u = -u"]),
        (r"a &= a \\ + u &= u", ["a = a"]),
        (r"\text{tr}(A) &= \textrm{tr}(A^\top)", ["tr(A) = tr(A^T)"]),
        (r"a &= a \quad \text{by (1)} \tag{2}. \\ &= a \text{, again}", ["a = a", "a = a"]),
        (r"a &= a \quad (\text{since } u = u \text{ as said}) \\ &= a \text{ because } q", ["a = a", "a = a"]),
        (r"a = a \qquad u = u", ["a = a", "u = u"]),
        (r"2 a &{}= a \\ &\phantom{{}={}} + a \qedhere", ["2 a = a + a"]),
        (r"2 a = a \\ &{}+ a \hspace{1cm}", ["2 a = a + a"]),
        (r"\mu &= \text{mu} \\ &= \mu\text{ as said} \\ &= \mu \quad\text{again}", ["mu = mu", "mu = mu", "mu = mu"]),
        (r"a = a, \quad\text{and}\quad u = u.", ["a = a", "u = u"]),
        (r"a &= a \\ \intertext{so that} u &= u", ["a = a", "u = u"]),
        (r"a &= q + a \\ &= 2 a \\ &= a + a", ["2 a = a + a"]),
    ],
)
def test_columns_and_rows_are_what_they_are_in_a_display(row: str, found: list[str]) -> None:
    report = findings(rf"\begin{{align}} {row} \end{{align}}")
    assert [finding.text for finding in report if finding.word == "proved"] == found


@pytest.mark.parametrize(
    "row",
    [
        r"a = a \text{ and } u = u",
        r"a = a \text{ if } u = u",
        r"a = a\text{q}",
        r"a = a \quad \text{if} \quad u = u",
        r"a \text{o} u = u",
        r"a \not= u",
        r"a = a \Rightarrow u = u",
    ],
)
def test_words_inside_of_a_formula_are_not_left_out(row: str) -> None:
    assert "not understood" in words(rf"\[ {row} \]")


@pytest.mark.parametrize(
    ("formula", "at"),
    [
        (r"\nabla_w (X w - u)^\top (X w - u) = 2 X^\top (X w - u)", "^"),  # of the product, or only of the bracket?
        (r"\nabla_w \|X w\|^2 \mu = 0", r"\mu"),
        (r"\nabla_w w^\top w = 2 w", r"\nabla"),
        (r"\mu(w) = \mu", "("),  # a function, or a product?
        (r"L(w) = L", "("),  # of something else than it is defined by
        (r"L(0) = L", "("),
        (r"\sum_{i,j=1}^k A^\top_{ij} A_{ij} = \|A\|^2", "A"),  # an entry of the transpose, or of A?
        (r"\sum_{i,j=1}^k A_{ij}^{-1} = \mu", "A"),
        (r"\sum_{i=1}^n a_i a_i^\top = \|a\|^2", "a_i^"),  # a number has no transpose: a sample is meant
        (r"L(z + y) = L", "("),
        (r"\mathrm{d} L = \mu", r"\mathrm"),
        (r"\lambda / \mu (1 - \lambda) = 1", "("),  # divided by the bracket, too?
        (r"\lambda / (1 + \mu)^2 \|u\|^2 = \lambda", r"\|"),
        (r"\|A\|_2^2 = \operatorname{tr}(A^\top A)", r"\|"),  # of a matrix the greatest singular value
        (r"\lVert A A + A\rVert_2^2 = 0", r"\lVert"),
        (r"a = a \ \ (6)", "("),  # a factor, or a number of the equation?
        (r"A \stackrel{!}{=} 0", r"\stackrel"),  # a wish
        (r"A \overset{d}{=} A", r"\overset"),
        (r"\mathbf{Xw}^\top u = u", r"\mathbf"),
        (r"\mathbf{RSS} = a", r"\mathbf"),
        (r"B {}^\top A = A", "B"),
        (r"\frac{\partial a + u}{\partial u} = a", r"\frac"),
    ],
)
def test_what_may_mean_two_things_is_refused_at_the_place(formula: str, at: str) -> None:
    first = next(found for found in findings(rf"\[ {formula} \]") if found.problem)
    assert rf"\[ {formula} \]"[first.column - 1 :].startswith(at)


def test_a_quotient_of_ds_is_a_derivative_unless_something_is_called_d() -> None:
    declared = "% let s, lam\n% g := lam^2 s\n"
    ways = (r"\[ dg/d\lambda = 2 \lambda s \]", r"\[ \frac{dg}{d\lambda} = \frac{\mathrm{d} g}{\mathrm{d} \lambda} \]")
    for way in ways:
        (found,) = check_derivation(declared + way, form="tex").findings
        assert found.word == "proved"
    for way in ways:
        (found,) = check_derivation(f"% let d size\n{declared}{way}", form="tex").findings
        assert found.word == "not understood"


def test_a_display_that_begins_with_equals_goes_on_the_one_above() -> None:
    found = findings("$$ 2 a = a + a $$\nSubstituting, we have\n$$\n= 3 a - a,\n$$\n\\[ u = u \\]\n\\[ = 2 u \\]\n")
    assert [f.text for f in found] == ["2 a = a + a", "a + a = 3 a - a", "u = u", "u = 2 u"]
    assert found[3].word == "refuted"


def test_definitions_in_displays_define_and_repeated_ones_are_checked() -> None:
    paper = [
        r"\[ M := A + A^\top. \]",
        r"\begin{align} N(A) &\coloneqq A^\top A \\ &= A A^\top \end{align}",
        r"\[ M^\top = M \]",
        r"\[ M \triangleq 2 A \]",
    ]
    found = [(finding.text, finding.word) for finding in findings("\n".join(paper))]
    assert found == [
        ("N = A^T A", "proved"),
        ("A^T A = A A^T", "refuted"),
        ("M^T = M", "proved"),
        ("M = 2 A", "refuted"),
    ]


MACROS = r"""% let W: k x h, z: h, y: k
% L := 1/2 |y - W z|^2
\newcommand{\vz}{\mathbf{z}} \def\half{\tfrac{1}{2}} \newcommand\norm[1]{\left\lVert #1 \right\rVert}
\newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}} \DeclareMathOperator{\Trace}{tr}
\newcommand{\opt}[1][z]{#1} \newcommand{\both}{a} \renewcommand{\both}{z} \newcommand{\loop}{\loop\loop}
"""


@pytest.mark.parametrize(
    ("formula", "word"),
    [
        (r"\pd{L}{\vz} = -W^\top (y - W\vz)", "proved"),
        (r"L = \half \norm{y - W \vz}^2 = \half \Trace((y - Wz)(y - Wz)^\top)", "proved"),
        (r"\opt = z", "not understood"),
        (r"\both = z", "not understood"),
        (r"\loop = z", "not understood"),
        (r"\pd{L} = z", "not understood"),
    ],
)
def test_macros_stand_for_what_they_are_defined_as(formula: str, word: str) -> None:
    (found, *others) = check_derivation(MACROS + rf"\[ {formula} \]", form="tex").findings
    assert {found.word, *(other.word for other in others)} == {word}
    assert found.line == 6


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("yhat", r"\hat{\mathbf{y}}"),
        ("yhat_i", r"\hat y_i"),
        ("wstar", r"\mathbf{w}^\star"),
        ("x_star", r"x_*"),
        ("P_k_km1", r"P_{k|k-1}"),
        ("x_k~", r"\tilde{x}_k"),
        ("x__i", r"x^{(i)}"),
        ("sigma_n", r"\sigma_\text{n}"),
        ("DeltaW", r"\Delta W"),
    ],
)
def test_names_with_accents_and_indices_are_what_the_guide_says(name: str, written: str) -> None:
    (found,) = check_derivation(
        f"% let {name}: k x k\n\\[ {written} + {written} = 2 {written} \\]", form="tex"
    ).findings
    assert (found.word, found.text) == ("proved", f"{name} + {name} = 2 {name}")


def test_a_multline_is_one_formula() -> None:
    (found,) = findings(r"\begin{multline} 2 a - u = a \\ - u \\ + a \end{multline}")
    assert (found.word, found.text) == ("proved", "2 a - u = a - u + a")


def test_other_environments_are_read_refused_or_passed_over() -> None:
    assert words(r"\begin{alignat*}{2} 2 a &= a + a && \\ &= 2 a \end{alignat*}") == ["proved", "proved"]
    (found,) = findings(r"\begin{IEEEeqnarray}{rCl} a &=& 2 a \end{IEEEeqnarray} $a$$a$")
    assert found.problem is not None
    assert "IEEEeqnarray" in found.problem[1]
    assert words("\\begin{verbatim}\n\\[ a = 2 a \\]\n\\end{verbatim} \\[ a + a = 2 a \\]") == ["proved"]


def test_displays_on_one_line_are_all_read() -> None:
    assert words(r"\[ a = a \] and \[ 2a = a \] % \[ a = 3a \]") == ["proved", "refuted"]


@pytest.mark.parametrize(
    ("display", "column", "said"),
    [
        (r"\[ 0.5 a = a \]", 5, r"\frac{1}{2}"),
        (r"\[ \hat{a} = a \]", 4, "let ahat"),
        (r"\[ a = \sin(a) \]", 8, r"\sin"),
        (r"\[ A^10 = A \]", 6, "^{10}"),
        (r"\[ \|a\| = a \]", 4, r"\|v\|^2"),
        (r"\[ q = a \]", 4, "let q"),
        (r"\[ a_3 = \mu \]", 4, "let a"),
        (r"\[ \nabla L = z \]", 4, r"\nabla_z L"),
        (r"\[ \nabla_z L^\top = z^\top \]", 4, "brackets"),
        (r"\[ \frac{a}{u} = u \]", 10, "inverse"),
        (r"\[ \sum_{i=0}^n a_i = \mu \]", 4, r"\sum_{i=1}^n"),
        (r"\[ {a = a \]", 4, "}"),
    ],
)
def test_what_is_not_read_is_refused_where_it_stands(display: str, column: int, said: str) -> None:
    first = next(found for found in findings(display) if found.problem)
    assert (first.line, first.column) == (6, column)
    assert said in " ".join(first.problem or ())


def test_a_display_that_is_not_closed_is_said_to_be() -> None:
    (found,) = findings(r"\begin{align} a &= 3a")
    assert found.problem is not None
    assert r"\end{align}" in found.problem[0]


def test_deep_groups_end() -> None:
    assert words(r"\[" + "{" * 900 + "a" + "}" * 900 + r" = a \]") == ["not understood"]


# -- what symmix prints ---


def spelled(name: str) -> str:
    """Return LaTeX that says which name it is."""
    whole = re.fullmatch(r"([A-Za-z]+)(\d*)(?:_([^~'-]*))?([~-]?)('*)", name)
    assert whole is not None, name
    head, number, below, accent, primes = (part or "" for part in whole.groups())
    greek = {"lam": "lambda"}.get(head, head)
    letter = f"\\{greek}" if greek in GREEK else head if len(head) == 1 else f"\\mathrm{{{head}}}"
    letter = {"~": f"\\tilde{{{letter}}}", "-": f"\\bar{{{letter}}}"}.get(accent, letter)
    return letter + (f"_{{{below or number}}}" if below or number else "") + primes


def printer_of(theorem: s.Theorem) -> LatexPrinter:
    names = names_of(theorem)
    known = {*names.symbols, *names.sizes, *(symbol.name for symbol, _ in theorem.setting.definitions)}
    return LatexPrinter(names={one: spelled(one) for one in known if not one.isdigit()})


def says_all(side: t.Expression) -> bool:
    """Whether print says all of an expression: not what it knows of dependences and moments."""
    nodes = [node for node in side.walk() if isinstance(node, t.Gradient | t.Jacobian | t.Expectation)]
    return not any(isinstance(node, t.Expectation) or node.jacobians or node.constant for node in nodes)


@pytest.mark.parametrize("name", EVERY)
def test_what_symmix_prints_is_read_as_it_was_meant_or_not_at_all(name: str) -> None:
    theorem = outcome(name).document
    printer, context = printer_of(theorem), context_of(theorem)
    identities = [claim for _, claim in theorem.claims if isinstance(claim, s.Identity)]
    identities += [identity for proof in theorem.proofs for identity in proof.identities()]
    sides = [side for identity in identities for side in (identity.left, identity.right)]
    for side in filter(says_all, sides):
        text = printer.print(side)
        for part in read_paper(rf"\[ {text} = 0 \]", context).parts:
            read = part.links[0].expression if isinstance(part, Chain) else None
            if read is not None and read != side:
                assert read.shape == side.shape, text
                assert judged(s.Identity(side, read), context).is_proved, text


@pytest.mark.slow
def test_most_of_what_symmix_prints_is_read() -> None:
    unread, every = [], 0
    for name in SCRIPTS:
        theorem = outcome(name).document
        printer, context = printer_of(theorem), context_of(theorem)
        for claim in (claim for _, claim in theorem.claims if isinstance(claim, s.Identity)):
            every += 1
            paper = read_paper(rf"\[ {printer.print(claim.left)} = {printer.print(claim.right)} \]", context)
            unread += [f"{name}: {error}" for error in paper.faults[:1]]
    assert every > 60
    assert len(unread) < every / 3, (every, unread)
