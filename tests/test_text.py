"""Pinned lines: the order of terms and factors, signs, norms, fractions, in text and in LaTeX."""

from __future__ import annotations

import re

import pytest
import sympy as sp
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalMatrix, DiagonalOf

from symmix import latex, text
from symmix.errors import UnsupportedError
from symmix.language import Gradient, Jacobian, inverse
from symmix.notation import J, L, W, b, e, ep, h, k, lam, n, s, theta, y, yp, z, zm, zp
from symmix.terms import nodes as t

E = sp.MatrixSymbol("E", n, k)
C = sp.MatrixSymbol("C", k, k)
i = sp.Symbol("i", integer=True)

LINES: list[tuple[sp.Basic, str, str]] = [
    (y - W * z, "y - W z", r"\bm{y} - \bm{W}\bm{z}"),
    (-W * z + y - b, "y - W z - b", r"\bm{y} - \bm{W}\bm{z} - \bm{b}"),
    (1 - lam, "1 - lam", r"1-\lambda"),
    (lam * (1 - lam), "lam (1 - lam)", r"\lambda(1-\lambda)"),
    (lam * e + (1 - lam) * ep, "lam e + (1 - lam) e'", r"\lambda\,\bm{e} + (1-\lambda)\,\bm{e}'"),
    (-lam * e, "-lam e", r"-\lambda\,\bm{e}"),
    (e - ep, "e - e'", r"\bm{e} - \bm{e}'"),
    (-(e + ep), "-e - e'", r"-\bm{e} - \bm{e}'"),
    (J.T * W.T * e, "J^T W^T e", r"\bm{J}^{\mathsf T}\bm{W}^{\mathsf T}\bm{e}"),
    (ep.T, "e'^T", r"\bm{e}'^{\mathsf T}"),
    ((W * z).T, "z^T W^T", r"\bm{z}^{\mathsf T}\bm{W}^{\mathsf T}"),
    (zm - zp, "z~ - z'", r"\tilde{z}"),
    (-sp.Trace(e.T * e) / 2, "-|e|^2/2", r"-\tfrac{1}{2}\,\lVert \bm{e}\rVert^{2}"),
    (lam * e / n, "lam/n e", r"\tfrac{\lambda}{n}\,\bm{e}"),
    (e / (2 * n), "1/(2 n) e", r"\tfrac{1}{2n}\,\bm{e}"),
    (1 / (n - 1) + lam, "1/(n - 1) + lam", r"\tfrac{1}{n - 1} + \lambda"),
    (sp.Trace(C), "tr(C)", r"\operatorname{tr}(\bm{C})"),
    (sp.HadamardProduct(y, yp - b), "y o (y' - b)", r"\bm{y} \circ (\bm{y}' - \bm{b})"),
    (inverse(C) * e, "C^-1 e", r"\bm{C}^{-1}\bm{e}"),
    (DiagMatrix(y), "diag(y)", r"\operatorname{diag}(\bm{y})"),
    (DiagonalOf(C), "diag(C)", r"\operatorname{diag}(\bm{C})"),
    (DiagonalMatrix(C), "diag(diag(C))", r"\operatorname{diag}\bigl(\operatorname{diag}(\bm{C})\bigr)"),
    (sp.OneMatrix(1, n) * E, "1_n^T E", r"\bm{1}_{n}^{\mathsf T}\bm{E}"),
    (sp.Identity(k) - C, "I_k - C", r"\bm{I}_{k} - \bm{C}"),
    (sp.Sum(C[i, i] + 1, (i, 0, k - 1)), "sum_{i<k} (C[i,i] + 1)", r"\sum_{i=1}^{k}\,(\bm{C}_{i i} + 1)"),
    (Gradient(L, z), "dL/dz", r"\nabla_{\bm{z}}\mathcal{L}"),
    (Gradient(L, s), "dL/ds", r"\partial_{s}\mathcal{L}"),
    (2 * Gradient(lam * s, s), "2 (d(lam s)/ds)", r"2\,\partial_{s}(\lambda s)"),
    (Gradient(L, z).T, "(dL/dz)^T", r"(\nabla_{\bm{z}}\mathcal{L})^{\mathsf T}"),
    (Jacobian(Gradient(L, z), zp), "d(dL/dz)/dz'", r"\partial_{\bm{z}'}(\nabla_{\bm{z}}\mathcal{L})"),
    (2 * Gradient(L, theta), "2 dL/dtheta", r"2\,\nabla_{\bm{\theta}}\mathcal{L}"),
    (sp.Symbol("mu", negative=True) * e, "mu e", r"\mu\,\bm{e}"),
]


@pytest.mark.parametrize(("expression", "line", "tex"), LINES, ids=[line for _, line, _ in LINES])
def test_lines(expression: sp.Basic, line: str, tex: str) -> None:
    assert text(expression) == line
    assert tex in latex(expression)
    assert latex(expression).count("{") == latex(expression).count("}")
    assert latex(expression).count(r"\bigl") == latex(expression).count(r"\bigr")


@pytest.mark.parametrize("node", [sp.exp(lam), sp.Determinant(C), "y", 1.5, None], ids=str)
def test_what_is_not_of_the_language_is_refused(node: object) -> None:
    for write in (text, latex):
        with pytest.raises(UnsupportedError, match="arrived: .*" + re.escape(str(node))):
            write(node)


def test_a_tree_is_printed_as_it_is() -> None:
    tree = t.Add((t.Symbol("e", ("k", "1")), t.Symbol("y", ("k", "1"))))
    assert text(tree) == "e + y"
    assert latex(tree) == r"\bm{e} + \bm{y}"


def test_shapes_do_not_matter_to_names() -> None:
    assert text(sp.MatrixSymbol("x_1", h, 1)) == "x_1"
