"""Words with ASCII mathematics in them, as LaTeX; and titles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symmix.printing.prose import Prose, title
from symmix.printing.symbols import PAPER, PLAIN, expansions
from symmix.publish.markup import LatexMarkup, MarkdownMarkup

PLAIN_PROSE = Prose(PLAIN, LatexMarkup().escape, {"gradient_has_four_terms": r"Theorem~\ref{x}"}, {"D": r"\bm{D}"})

LINES = [
    ("the weights lam and 1-lam", r"the weights $\lambda$ and $1-\lambda$"),
    ("r = lam e + (1-lam) e'.", r"$\bm{r} = \lambda \bm{e} + (1-\lambda) \bm{e}'$."),
    ("a gradient, and a = 1", "a gradient, and $a = 1$"),
    ("zero where e = 0, e' = 0", r"zero where $\bm{e} = 0$, $\bm{e}' = 0$"),
    ("-1/2 |r|^2 is maximised", r"$-\tfrac{1}{2} \lVert \bm{r}\rVert^{2}$ is maximised"),
    ("d(lam z)/dtheta = lam J", r"$\partial (\lambda \bm{z})/\partial \bm{\theta} = \lambda \bm{J}$"),
    ("dL/dz'", r"$\nabla_{\bm{z}'}\mathcal{L}$"),
    ("for all k, h >= 1 (not more)", r"for all $k$, $h \ge 1$ (not more)"),
    ("see gradient_has_four_terms.", r"see Theorem~\ref{x}."),
    ("see linear_head_mixup_is_erm.", "see ``Linear head mixup is ERM''."),
    ("the gap of D z~", r"the gap of $\bm{D} \bm{\tilde{z}}$"),
    ("50% of a_set & more #1", r"50\% of a\_set \& more \#1"),
    ('so "minimizing" is a slip', "so ``minimizing'' is a slip"),
    ("P[i,j] and E P[i,j]", r"$\bm{P}_{i j}$ and $\mathbb{E}\,\bm{P}_{i j}$"),
    ("(a teacher that is trained along)", "(a teacher that is trained along)"),
    ("I think that a W z is i-th", r"I think that a $\bm{W} \bm{z}$ is $i$-th"),
    ("i need a mixup, as in e.g. W.", r"i need a mixup, as in e.g. $\bm{W}$."),
    ("of classes A, B and C: class A is (A free head)", "of classes $A$, $B$ and $C$: class $A$ is (A free head)"),
    ("A class in dim H = 2 dimensions", r"A class in $\dim\,H = 2$ dimensions"),
    ("t max v + min u, at the max of v", r"$t \max\,v + \min\,u$, at the max of $v$"),
    ("the sum over i and j of P[i,j]", r"the sum over $i$ and $j$ of $\bm{P}_{i j}$"),
    ("l(y~, u) and F's softmax(u~)", r"$l(\tilde{\bm{y}}, u)$ and $F$'s $\operatorname{softmax}(\tilde{u})$"),
    ("c 11^T/n and Y - 1 b^T", r"$c \bm{1}\bm{1}^{\mathsf T}/n$ and $\bm{Y} - \bm{1} \bm{b}^{\mathsf T}$"),
    ("c n/(n-1) in the place of c (n >= 2)", r"$c n/(n-1)$ in the place of $c$ ($n \ge 2$)"),
    ("(1-c) times ERM's", "$(1-c)$ times ERM's"),
    ("S kron W^T W, in R^(k x h)", r"$S \otimes \bm{W}^{\mathsf T} \bm{W}$, in $\mathbb{R}^{k \times h}$"),
    ("(n-1)! permutations", "$(n-1)!$ permutations"),
    ("E lam (1-lam) = a q / ((a+q)(a+q+1))", r"$\mathbb{E}\,\lambda (1-\lambda) = a q/((a+q)(a+q+1))$"),
    ("cross/own = a/(a+1)", "cross/own = $a/(a+1)$"),
    ("``rows_sum_to_one`` and lam * criterion(pred)", r"rows\_sum\_to\_one and $\lambda$ * criterion(pred)"),
    ("of the Gamma function", "of the Gamma function"),
    ("r = lam e + W gap, the gap", r"$\bm{r} = \lambda \bm{e} + \bm{W} \bm{\delta}_{\lambda}$, the gap"),
    ("D_si = 1 if the s-th is sample i", r"$\bm{D}_{si} = 1$ if the $s$-th is sample $i$"),
    ("[[1, lam], [lam, 1]] is", r"$\bigl(\begin{smallmatrix}1 & \lambda \\ \lambda & 1\end{smallmatrix}\bigr)$ is"),
    ("zero iff W^T e = 0", r"zero if and only if $\bm{W}^{\mathsf T} \bm{e} = 0$"),
]


@pytest.mark.parametrize(("words", "latex"), LINES)
def test_formulas_are_found_in_words(words: str, latex: str) -> None:
    assert PLAIN_PROSE(words) == latex


def test_words_use_the_macros_of_a_paper_and_one_that_is_overridden_leaves_nothing() -> None:
    prose = Prose(PAPER, LatexMarkup().escape)
    assert prose("d(lam z)/dtheta = lam J") == r"$\partial (\sxmix \sxz)/\partial \sxtheta = \sxmix \sxJ$"
    assert prose("W gap = 0") == r"$\sxW \sxgap = 0$"
    for name, (latex, _) in expansions().items():
        assert r"\lambda" not in latex or name == r"\sxmix"


# -- any words, with any formulas among them ---

WORDS = """
    the a A I i is so of and gradient Gradient gap sum max rank ERM mixup ERM's e.g. i.e. row-stochastic x-axis y-axis
    don't it's and/or Each moves where for 2018 37 trace o'clock minimum (roughly) (a (not all) well-known k-means
    E-mail d'accord dL/dt-like Beta softmax beta-like naughts; words, end. t-test p-value W-step, yes: no! why?
""".split()  # noqa: SIM905 - words read as words
PLAIN_WORDS = ("where", "gradient", "moves", "and", "the", "of")  # what may stand right beside a formula
Pair = tuple[str, str]  # a formula as one types it, and in LaTeX

ATOMS: list[Pair] = [
    ("lam", r"\lambda"), ("z", r"\bm{z}"), ("z'", r"\bm{z}'"), ("W", r"\bm{W}"), ("e-", r"\bm{\bar{e}}"),
    ("D", r"\bm{D}"), ("theta", r"\bm{\theta}"), ("e_i", r"\bm{e}_{i}"), ("P[i,j]", r"\bm{P}_{i j}"), ("G", "G"),
    ("2", "2"), ("m2", r"\mu_2"), ("1/2", r"\tfrac{1}{2}"), ("mu", r"\mu"), ("u~", r"\tilde{u}"),
    ("dL/dz'", r"\nabla_{\bm{z}'}\mathcal{L}"), ("x", r"\bm{x}"),
]  # fmt: skip


def beside(left: str, right: str) -> str:
    return f"{left} {right}"


def of(pairs: st.SearchStrategy[Pair]) -> st.SearchStrategy[Pair]:
    names = st.sampled_from([pair for pair in ATOMS if pair[0] not in ("2", "1/2")])
    both = st.tuples(pairs, pairs)
    return st.one_of(
        both.map(lambda two: (f"({two[0][0]} + {two[1][0]})", f"({two[0][1]} + {two[1][1]})")),
        both.map(lambda two: (f"({two[0][0]}-{two[1][0]})", f"({two[0][1]}-{two[1][1]})")),
        st.tuples(names, pairs).map(lambda two: (beside(two[0][0], two[1][0]), beside(two[0][1], two[1][1]))),
        pairs.map(lambda one: (f"({one[0]})^2", f"({one[1]})^{{2}}")),
        pairs.map(lambda one: (f"({one[0]})^T", rf"({one[1]})^{{\mathsf T}}")),
        pairs.map(lambda one: (f"E[{one[0]}]", rf"\mathbb{{E}}[{one[1]}]")),
        pairs.map(lambda one: (f"G({one[0]})", f"G({one[1]})")),
        pairs.map(lambda one: (f"softmax({one[0]})", rf"\operatorname{{softmax}}({one[1]})")),
        pairs.map(lambda one: (f"max({one[0]}, 0)", rf"\max({one[1]}, 0)")),
    )


TERMS = st.recursive(st.sampled_from(ATOMS), of, max_leaves=5)
SIGNS = st.sampled_from([("=", "="), ("!=", r"\ne"), (">=", r"\ge"), ("+", "+"), ("-", "-"), ("->", r"\to")])
FORMULAS = st.one_of(
    st.tuples(TERMS, SIGNS, TERMS).map(lambda three: tuple(" ".join(side) for side in zip(*three, strict=True))),
    st.sampled_from([pair for pair in ATOMS if not pair[0].isdigit()]),
)
AMONG = st.tuples(st.sampled_from(PLAIN_WORDS), FORMULAS, st.sampled_from(["", ".", ",", ":"]))
PIECES = st.one_of(
    st.sampled_from(WORDS).map(lambda word: (word, word)),
    AMONG.map(lambda found: (f"{found[0]} {found[1][0]}{found[2]} the", f"{found[0]} ${found[1][1]}${found[2]} the")),
)


@given(st.lists(PIECES, min_size=1, max_size=12))
def test_any_words_stay_and_any_formulas_among_them_are_found(pieces: list[Pair]) -> None:
    prose = Prose(PLAIN, str, {}, {"D": r"\bm{D}"})
    words = " ".join(typed for typed, _ in pieces)
    index = "e_i" in words or "P[i," in words  # then an i that stands alone is the index, else a word
    inside = [False, *(not typed.endswith((".", ":", "?", "!")) for typed, _ in pieces)]  # no article is an A there
    letters = [{"i": index, "A": within}.get(typed, False) for (typed, _), within in zip(pieces, inside, strict=False)]
    expected = [f"${typed}$" if letter else latex for (typed, latex), letter in zip(pieces, letters, strict=True)]
    assert prose(words) == " ".join(expected)


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=60))
def test_whatever_is_written_formulas_are_balanced_and_nothing_else_is_lost(words: str) -> None:
    pieces = Prose(PLAIN, lambda text: text.replace("$", ""))(words).split("$")
    assert len(pieces) % 2 == 1
    for formula in pieces[1::2]:
        assert formula.count("{") == formula.count("}")
        assert formula.count("(") == formula.count(")")
        assert formula.count(r"\lVert") == formula.count(r"\rVert")
    if len(pieces) == 1 and "iff" not in words and "_" not in words and "``" not in words:
        assert pieces[0] == " ".join(words.replace("$", "").split()) or "$" in words


def test_markdown_keeps_words_from_being_markup() -> None:
    prose = Prose(PLAIN, MarkdownMarkup().escape)
    assert prose("*no* <b>emphasis</b> in some_words | here") == (
        r"\*no\* &lt;b&gt;emphasis&lt;/b&gt; in some\_words \| here"
    )


@pytest.mark.parametrize(
    ("identifier", "words"),
    [
        ("gradient_has_four_terms", "Gradient has four terms"),
        ("expected_gradient_vanishes_iff_fit", "Expected gradient vanishes if and only if fit"),
        ("averaged_hessian_has_erms_kernel", "Averaged Hessian has ERM's kernel"),
    ],
)
def test_an_id_reads_as_a_title(identifier: str, words: str) -> None:
    assert title(identifier) == words
