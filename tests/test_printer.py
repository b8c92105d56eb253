"""What is printed says what was meant: read back by a reader of the tests' own, it has the value of the tree.

The readers know the notation as a person does; what a tree is worth is worked out at a point of small sizes, without
the printers and without the kernel. A lost pair of parentheses changes the value.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import sympy as sp
from hypothesis import assume, given, settings
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalMatrix, DiagonalOf

from symmix.catalogue import load
from symmix.errors import UnsupportedError
from symmix.language import read
from symmix.notation import h, k, lam, n
from symmix.printing.latex import LatexPrinter
from symmix.printing.symbols import PAPER, PLAIN, WEB, Dialect
from symmix.printing.text import TextPrinter
from symmix.terms import nodes as t
from symmix.terms.meanings import Names
from tests import trees
from tests.latex_reader import Reader
from tests.text_reader import TextReader
from tests.trees import LAM, MU, RHO, Point, UndefinedError, any_expressions, number, without_constants

TEXT = TextPrinter()


def read_text(line: str, tree: t.Expression) -> t.Expression:
    names = Names.of([tree])
    return TextReader([*names.symbols.values(), RHO], ("k", "h", "n"), RHO).read(line)


def assert_reads_as_meant(tree: t.Expression) -> None:
    line = TEXT.print(tree)
    assert Point().value(read_text(line, tree)) == Point().value(tree), line
    assert "+ -" not in line
    assert "- -" not in line


def assert_latex_reads_as_meant(tree: t.Expression, dialect: Dialect) -> None:
    line = LatexPrinter(dialect).print(tree)
    assert Point().value(Reader([tree], dialect).read(line)) == Point().value(tree), line
    assert "+ -" not in line
    assert line.count("{") == line.count("}")


def defined(tree: t.Expression) -> bool:
    try:
        Point().value(tree)
    except UndefinedError:
        return False
    return True


@settings(max_examples=300)
@given(any_expressions().map(without_constants))
def test_parentheses_are_never_lost(tree: t.Expression) -> None:
    assume(defined(tree))
    assert_reads_as_meant(tree)


@pytest.mark.parametrize("dialect", [PAPER, PLAIN, WEB], ids=["paper", "plain", "web"])
@settings(max_examples=150)
@given(tree=any_expressions())
def test_latex_is_read_back(dialect: Dialect, tree: t.Expression) -> None:
    assume(defined(tree))
    assert_latex_reads_as_meant(tree, dialect)


u, v, A = (trees.symbol(letter, "k", "1") for letter in "ABC")
C, D = trees.symbol("C", "k", "k"), trees.symbol("D", "k", "k")
a, b = t.Index("ak", "k"), t.Index("bk", "k")
MINUS = number(-1)


def entry(of: t.Expression, *indices: str) -> t.Entry:
    return t.Entry(of, indices)


def add(*terms: t.Expression) -> t.Add:
    return t.Add(terms)


def mul(*factors: t.Expression) -> t.Multiply:
    return t.Multiply(factors)


# brackets, signs and their order are kept: read back, the text is the same tree
EXACT: list[tuple[t.Expression, str]] = [
    (add(add(u, v), A), "(A_k_1 + B_k_1) + C_k_1"),
    (add(u, add(v, A)), "A_k_1 + (B_k_1 + C_k_1)"),
    (add(mul(MINUS, u), v), "-A_k_1 + B_k_1"),
    (add(u, mul(number(-2), v)), "A_k_1 - 2 B_k_1"),
    (add(u, mul(MINUS, add(v, A))), "A_k_1 - (B_k_1 + C_k_1)"),
    (mul(MINUS, add(u, v)), "-(A_k_1 + B_k_1)"),
    (mul(MINUS, mul(LAM, u)), "-(lam A_k_1)"),
    (mul(MINUS, mul(MINUS, u)), "-(-A_k_1)"),
    (mul(number(-1), number(2), LAM), "(-1) (2) lam"),
    (mul(LAM, number(-3)), "lam (-3)"),
    (mul(mul(LAM, MU), u), "(lam mu) A_k_1"),
    (mul(LAM, mul(MU, u)), "lam (mu A_k_1)"),
    (mul(add(LAM, MU), u), "(lam + mu) A_k_1"),
    (t.Power(number(-2), 2), "(-2)^2"),
    (mul(MINUS, t.Power(LAM, 2)), "-lam^2"),
    (t.Power(mul(MINUS, LAM), 2), "(-lam)^2"),
    (t.Power(t.Quotient(LAM, MU), 2), "(lam/mu)^2"),
    (t.Power(t.Power(LAM, 2), 3), "(lam^2)^3"),
    (t.Quotient(t.Quotient(LAM, MU), LAM), "(lam/mu)/lam"),
    (t.Quotient(LAM, t.Quotient(MU, LAM)), "lam/(mu/lam)"),
    (t.Quotient(mul(LAM, MU), mul(number(2), t.Size("n"))), "lam mu/(2 n)"),
    (t.Quotient(mul(MINUS, LAM), MU), "(-lam)/mu"),
    (mul(MINUS, t.Quotient(LAM, MU)), "-lam/mu"),
    (mul(LAM, t.Quotient(MU, LAM), u), "lam (mu/lam) A_k_1"),
    (mul(t.Quotient(LAM, MU), u), "lam/mu A_k_1"),
    (t.Quotient(t.Total((a,), entry(u, "ak", "0")), LAM), "(sum_{ak<k} A_k_1[ak])/lam"),
    (t.Total((a,), t.Quotient(entry(u, "ak", "0"), LAM)), "sum_{ak<k} A_k_1[ak]/lam"),
    (mul(LAM, t.Total((a,), entry(u, "ak", "0"))), "lam (sum_{ak<k} A_k_1[ak])"),
    (t.Total((a,), add(entry(u, "ak", "0"), LAM)), "sum_{ak<k} (A_k_1[ak] + lam)"),
    (t.Total((a,), mul(MINUS, entry(u, "ak", "0"))), "sum_{ak<k} (-A_k_1[ak])"),
    (add(t.Total((a,), entry(u, "ak", "0")), LAM), "sum_{ak<k} A_k_1[ak] + lam"),
    (t.Trace(add(C, D)), "tr(C_k_k + D_k_k)"),
    (t.Transpose(mul(C, D)), "(C_k_k D_k_k)^T"),
    (t.Inverse(t.Transpose(C)), "(C_k_k^T)^-1"),
    (t.Transpose(t.Inverse(C)), "(C_k_k^-1)^T"),
    (mul(C, t.Inverse(C)), "C_k_k C_k_k^-1"),
    (t.Inverse(mul(C, D)), "(C_k_k D_k_k)^-1"),
    (t.Hadamard((add(u, v), u)), "(A_k_1 + B_k_1) o A_k_1"),
    (mul(LAM, t.Hadamard((u, v))), "lam (A_k_1 o B_k_1)"),
    (t.Hadamard((t.Hadamard((u, v)), mul(C, u))), "(A_k_1 o B_k_1) o (C_k_k A_k_1)"),
    (entry(add(C, D), "ak", "bk"), "(C_k_k + D_k_k)[ak,bk]"),
    (t.At(add(u, v), ((u, v),)), "(A_k_1 + B_k_1) {A_k_1 := B_k_1}"),
    (mul(LAM, t.At(u, ((u, v),))), "lam A_k_1 {A_k_1 := B_k_1}"),
    (t.Diagonal(C), "diag(C_k_k)"),
    (t.DiagonalMatrix(t.Diagonal(C)), "diag(diag(C_k_k))"),
    (t.ByEntries(a, b, entry(C, "bk", "ak")), "[C_k_k[bk,ak]]_{ak<k,bk<k}"),
    (mul(C, t.ByEntries(a, None, LAM)), "C_k_k [lam]_{ak<k}"),
    (t.Gradient(LAM, u), "dlam/dA_k_1"),
    (t.Transpose(t.Gradient(mul(LAM, MU), u)), "(d(lam mu)/dA_k_1)^T"),
    (mul(C, t.Gradient(mul(LAM, MU), u)), "C_k_k (d(lam mu)/dA_k_1)"),
]


@pytest.mark.parametrize(("tree", "line"), EXACT, ids=[line for _, line in EXACT])
def test_brackets_and_signs_are_kept(tree: t.Expression, line: str) -> None:
    assert TEXT.print(tree) == line
    assert read_text(line, tree) == tree


NORMS: list[tuple[t.Expression, str, str]] = [
    (mul(t.Transpose(u), u), "|A_k_1|^2", r"\lVert \bm{A}_{k,1}\rVert^{2}"),
    (t.Trace(mul(t.Transpose(u), u)), "|A_k_1|^2", r"\lVert \bm{A}_{k,1}\rVert^{2}"),
    (mul(number("-1/2"), t.Transpose(u), u), "-1/2 |A_k_1|^2", r"-\tfrac{1}{2}\,\lVert \bm{A}_{k,1}\rVert^{2}"),
    (mul(t.Transpose(add(u, v)), add(u, v)), "|A_k_1 + B_k_1|^2", r"\lVert \bm{A}_{k,1} + \bm{B}_{k,1}\rVert^{2}"),
    (mul(add(t.Transpose(v), t.Transpose(u)), add(u, v)), "|A_k_1 + B_k_1|^2", r"\lVert "),
    (mul(mul(t.Transpose(u), t.Transpose(C)), mul(C, u)), "|C_k_k A_k_1|^2", r"\lVert "),
    (t.Power(mul(t.Transpose(u), u), 2), "(|A_k_1|^2)^2", r"^{2})^{2}"),
    (
        mul(t.Transpose(t.Hadamard((u, v))), t.Hadamard((v, u))),
        "|B_k_1 o A_k_1|^2",
        r"\lVert \bm{B}_{k,1} \circ \bm{A}_{k,1}\rVert^{2}",
    ),
    (mul(t.Transpose(u), v), "A_k_1^T B_k_1", r"\bm{A}_{k,1}^{\mathsf T}\bm{B}_{k,1}"),
    (mul(u, t.Transpose(u)), "A_k_1 A_k_1^T", r"\bm{A}_{k,1}\bm{A}_{k,1}^{\mathsf T}"),
    (t.Trace(mul(t.Transpose(C), C)), "tr(C_k_k^T C_k_k)", r"\operatorname{tr}("),
]


@pytest.mark.parametrize(("tree", "line", "latex"), NORMS, ids=[line for _, line, _ in NORMS])
def test_an_inner_product_with_itself_is_a_squared_norm(tree: t.Expression, line: str, latex: str) -> None:
    assert TEXT.print(tree) == line
    assert latex in LatexPrinter(PLAIN).print(tree).replace(r"\bigl", "").replace(r"\bigr", "")
    assert_reads_as_meant(tree)


mu = sp.Symbol("mu", real=True)
x, y = (sp.MatrixSymbol(f"{letter}_k_1", k, 1) for letter in "AB")
M, q, B = sp.MatrixSymbol("C_k_k", k, k), sp.MatrixSymbol("B_1_k", 1, k), sp.MatrixSymbol("A_k_h", k, h)
i, j = sp.symbols("ik jk", integer=True)


@pytest.mark.parametrize(
    "expression",
    [
        (lam + mu) * (x + y),
        lam * (mu - (lam - mu)) * x,
        -(x + y),
        -lam * (x - y),
        (lam - 1) * x - (1 - lam) * y,
        ((B + B) * B.T).T * x,
        (M * M).T,
        (M + M.T) ** 2,
        (M.T) ** 2,
        (M**2).T,
        (lam + mu) ** 2 / (n + 1),
        x / (2 * n * (n + 1)),
        -x / (2 * n),
        lam / (mu + 2) * x,
        sp.Rational(-2, 3) * lam**2 * x,
        (sp.Trace(M) + 1) ** 2 * x,
        sp.Trace((x - y).T * (x - y)) ** 2,
        sp.Trace((x - y).T * (x - y)) * sp.Trace(M),
        sp.HadamardProduct(x + y, x) + y,
        lam * sp.HadamardProduct(x, M * y),
        sp.HadamardProduct(M, M + M.T) * x,
        sp.HadamardPower(M + M.T, 2).T,
        DiagMatrix(x + y) * M,
        DiagonalMatrix(M) * x,
        DiagonalOf(M) + x,
        sp.Sum(x[i, 0] - y[i, 0], (i, 0, k - 1)) * lam,
        sp.Sum(x[i, 0] * (x[i, 0] + y[i, 0]), (i, 0, k - 1)) ** 2,
        sp.Sum(M[i, j] * q[0, j], (j, 0, k - 1), (i, 0, k - 1)) + lam,
        sp.Sum(x[i, 0], (i, 0, k - 1)) * sp.Sum(y[i, 0], (i, 0, k - 1)),
        sp.Sum(lam * sp.Sum(x[i, 0] * y[j, 0], (i, 0, k - 1)) + 1, (j, 0, k - 1)),
        sp.FunctionMatrix(k, k, sp.Lambda((i, j), M[i, j] + x[j, 0])) * y,
        (lam - mu) ** 3 * (1 - (lam - mu)) * M,
        1 / (lam + 2) + 1 / (mu + 2) ** 2,
        -(lam + mu),
        -sp.Trace(M) + lam,
        (x.T * y)[0, 0] * x,
        ((x + y).T * y)[0, 0] ** 2,
    ],
    ids=str,
)
def test_what_sympy_states_reads_as_meant(expression: sp.Basic) -> None:
    tree = read(expression)
    assert_reads_as_meant(tree)
    assert_latex_reads_as_meant(tree, PLAIN)


def test_the_readers_see_lost_parentheses() -> None:
    whole, lost = "lam (A_k_1 + B_k_1)", "lam A_k_1 + B_k_1"
    tree = mul(LAM, add(u, v))
    assert read_text(whole, tree) == tree != read_text(lost, tree)
    assert Point().value(read_text(whole, tree)) != Point().value(read_text(lost, tree))
    assert Point().value(read_text("1/2 lam", LAM)) == Point().value(t.Quotient(LAM, number(2)))


@pytest.mark.parametrize("node", [t.Index("i", "n"), None, "lam"], ids=str)
def test_a_printer_takes_expressions_alone(node: object) -> None:
    with pytest.raises(UnsupportedError, match="a node of the language"):
        TEXT.print(node)  # type: ignore[arg-type]


def test_a_namesake_of_the_legend_looks_like_its_name(tmp_path: Path) -> None:
    script = tmp_path / "own.py"
    script.write_text(
        '''import sympy as sp
from symmix import Identity, Theorem, theorem

L, m, lam = sp.symbols("L m lam", real=True)


@theorem(answers="what do namesakes look like?")
def namesakes_look_like_their_names() -> Theorem:
    """Half of L is half of it, with m and lam."""
    return Theorem(claim=Identity(L * (m + lam), m * L + lam * L), near_misses={"one": Identity(L * m, lam * L)})
''',
        encoding="utf-8",
    )
    (found,) = load([script])
    printer = LatexPrinter(PAPER, found.prove().spelling)
    assert [printer.name(name) for name in ("L", "m", "lam")] == ["L", "m", r"\sxmix"]
    assert LatexPrinter(PAPER).name("L") == r"\sxLoss"
