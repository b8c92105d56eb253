"""Words with ASCII mathematics in them, as LaTeX; and titles."""

from __future__ import annotations

import pytest

from symmix.printing.prose import Prose, title
from symmix.printing.symbols import PLAIN
from symmix.publish.markup import LatexMarkup, MarkdownMarkup

PLAIN_PROSE = Prose(PLAIN, LatexMarkup().escape, {"gradient_has_four_terms": r"Theorem~\ref{x}"}, {"D": r"\bm{D}"})

LINES = [
    ("the weights lam and 1-lam", r"the weights $\lambda$ and $1-\lambda$"),
    ("r = lam e + (1-lam) e'.", r"$\bm{r} = \lambda \bm{e} + (1-\lambda) \bm{e}'$."),
    ("a gradient, and a = 1", "a gradient, and $a = 1$"),
    ("zero where e = 0, e' = 0", r"zero where $\bm{e} = 0$, $\bm{e}' = 0$"),
    ("-1/2 |r|^2 is maximised", r"$-\tfrac{1}{2} \lVert \bm{r}\rVert ^{2}$ is maximised"),
    ("d(lam z)/dtheta = lam J", r"$\partial(\lambda \bm{z})/\partial \bm{\theta} = \lambda \bm{J}$"),
    ("dL/dz'", r"$\nabla_{\bm{z}'}\mathcal{L}$"),
    ("for all k, h >= 1 (not more)", r"for all $k$, $h \ge  1$ (not more)"),
    ("see gradient_has_four_terms.", r"see Theorem~\ref{x}."),
    ("see linear_head_mixup_is_erm.", "see ``Linear head mixup is ERM''."),
    ("the gap of D z~", r"the gap of $\bm{D} \bm{\tilde{z}}$"),
    ("50% of a_set & more #1", r"50\% of a\_set \& more \#1"),
    ('so "minimizing" is a slip', "so ``minimizing'' is a slip"),
    ("P[i,j] and E P[i,j]", r"$\bm{P}_{i j}$ and $\mathbb{E}\, \bm{P}_{i j}$"),
    ("(a teacher that is trained along)", "(a teacher that is trained along)"),
]


@pytest.mark.parametrize(("words", "latex"), LINES)
def test_formulas_are_found_in_words(words: str, latex: str) -> None:
    assert PLAIN_PROSE(words) == latex


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
