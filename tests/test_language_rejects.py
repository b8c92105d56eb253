"""What is not in the language is refused, with the kind of the error and the offending subexpression."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalOf
from sympy.tensor.array.expressions import ArraySymbol

from symmix import gradient, jacobian, squared_norm
from symmix.errors import DimensionError, NotationError, StatementError, SymmixError, UnsupportedError
from symmix.language import ForAll, Gradient, Jacobian, Reader, expectation
from symmix.notation import h, k, lam, n, p

A, C = sp.MatrixSymbol("A", k, h), sp.MatrixSymbol("C", k, k)
E = sp.MatrixSymbol("E", n, k)
u, w = sp.MatrixSymbol("u", k, 1), sp.MatrixSymbol("w", h, 1)
i, j = sp.symbols("i j", integer=True)
f = sp.Function("f")


def unchecked(node: type, *args: sp.Basic) -> sp.Basic:
    """Build a node as SymPy does behind the checks of its constructor: wrong shapes come out of its rewritings."""
    return sp.Basic.__new__(node, *args)


CASES: dict[str, tuple[sp.Basic, type[SymmixError], str]] = {
    "product of wrong shapes": (unchecked(sp.MatMul, A, u), DimensionError, "A*u"),
    "sum of wrong shapes": (unchecked(sp.MatAdd, u, w), DimensionError, "u + w"),
    "sum of a matrix and its transpose": (unchecked(sp.MatAdd, A, A.T), DimensionError, "A"),
    "Hadamard product of wrong shapes": (unchecked(sp.HadamardProduct, u, w), DimensionError, "u"),
    "trace of no square": (unchecked(sp.Trace, A), DimensionError, "Trace(A)"),
    "power of no square": (unchecked(sp.MatPow, A, sp.Integer(2)), DimensionError, "A**2"),
    "diagonal of no square": (DiagonalOf(A), DimensionError, "DiagonalOf(A)"),
    "diagonal matrix of a matrix": (unchecked(DiagMatrix, A), DimensionError, "A"),
    "unknown function of a scalar": (f(lam), UnsupportedError, "f(lam)"),
    "exponential": (lam * sp.exp(lam), UnsupportedError, "exp(lam)"),
    "absolute value": (abs(sp.Symbol("t")), UnsupportedError, "Abs(t)"),
    "entrywise function": (u.applyfunc(sp.sin), UnsupportedError, "sin"),
    "float": (0.5 * A, UnsupportedError, "0.5"),
    "float scalar": (sp.Float(0.1) + lam, UnsupportedError, "0.1"),
    "pi": (sp.pi * lam, UnsupportedError, "pi"),
    "imaginary unit": (sp.I * lam, UnsupportedError, "I"),
    "infinity": (sp.oo, UnsupportedError, "oo"),
    "undefined": (sp.zoo, UnsupportedError, "zoo"),
    "nan": (sp.nan, UnsupportedError, "nan"),
    "inverse": (C.I * u, UnsupportedError, "C**(-1)"),
    "entries that are no function": (unchecked(sp.FunctionMatrix, k, k, lam), UnsupportedError, "lam"),
    "inverse in a product of scalars": (
        sp.Mul(lam, sp.Pow(C, -1, evaluate=False), evaluate=False),
        UnsupportedError,
        "C**(-1)",
    ),
    "determinant": (sp.Determinant(C), UnsupportedError, "Determinant(C)"),
    "adjoint": (unchecked(sp.Adjoint, C), UnsupportedError, "Adjoint(C)"),
    "block matrix": (sp.BlockMatrix([[C, C]]), UnsupportedError, "C"),
    "Kronecker product": (sp.kronecker_product(C, C), UnsupportedError, "C"),
    "relation": (sp.Gt(lam, 0), UnsupportedError, "lam > 0"),
    "boolean": (sp.true, UnsupportedError, "True"),
    "tuple": (sp.Tuple(u, u), UnsupportedError, "(u, u)"),
    "concrete size": (sp.MatrixSymbol("X", 20, k), UnsupportedError, "20 in X"),
    "size that is a sum": (sp.MatrixSymbol("X", n + 1, 1), UnsupportedError, "n + 1 in X"),
    "explicit matrix": (sp.ImmutableMatrix([[1, 2], [3, 4]]), UnsupportedError, "Matrix([[1, 2], [3, 4]])"),
    "identity of concrete size": (sp.Identity(30), UnsupportedError, "30 in I"),
    "half as an exponent": (sp.sqrt(lam), UnsupportedError, "sqrt(lam)"),
    "symbol as an exponent": (lam**n, UnsupportedError, "lam**n"),
    "symbolic matrix power": (C**n, UnsupportedError, "C**n"),
    "symbolic Hadamard power": (sp.HadamardPower(A, n), UnsupportedError, "A"),
    "negative Hadamard power": (sp.HadamardPower(A, -1), UnsupportedError, "A"),
    "division by an entry": (1 / sp.Trace(C), UnsupportedError, "1/Trace(C)"),
    "sum from two": (sp.Sum(u[i, 0], (i, 2, k - 1)), UnsupportedError, "Sum(u[i, 0], (i, 2, k - 1))"),
    "sum that stops early": (sp.Sum(u[i, 0], (i, 0, k - 2)), UnsupportedError, "k - 2"),
    "sum over numbers": (sp.Sum(u[i, 0], (i, 0, 30)), UnsupportedError, "Sum(u[i, 0], (i, 0, 30))"),
    "sum over another size": (sp.Sum(u[i, 0], (i, 0, h - 1)), DimensionError, "u[i, 0]"),
    "index of two sizes": (sp.Sum(u[i, 0] * w[i, 0], (i, 0, k - 1)), DimensionError, "w[i, 0]"),
    "index outside brackets": (sp.Sum(i * u[i, 0], (i, 0, k - 1)), UnsupportedError, "index inside square brackets"),
    "index in a power": (sp.Sum(lam**i, (i, 0, k - 1)), UnsupportedError, "lam**i"),
    "number as an index": (u[0, 0], UnsupportedError, "0 in u[0, 0]"),
    "shifted index": (sp.Sum(u[i + 1, 0], (i, 0, k - 1)), UnsupportedError, "i + 1"),
    "slice of some rows": (E[0:2, :], UnsupportedError, "E[:2, :]"),
    "stepped slice": (E[::2, :], UnsupportedError, "E"),
    "Kronecker delta without a size": (sp.KroneckerDelta(i, j), DimensionError, "KroneckerDelta(i, j)"),
    "Kronecker delta of two sizes": (
        sp.Sum(sp.KroneckerDelta(i, j), (i, 0, k - 1), (j, 0, h - 1)),
        DimensionError,
        "KroneckerDelta(i, j)",
    ),
    "Kronecker delta at a number": (sp.Sum(sp.KroneckerDelta(i, 0), (i, 0, k - 1)), DimensionError, "KroneckerDelta"),
    "two matrices of one name": (u + sp.MatrixSymbol("u", k, h) * w, NotationError, "'u'"),
    "scalar and matrix of one name": (sp.Symbol("u") * u, NotationError, "'u'"),
    "two scalars of one name": (lam + sp.Symbol("lam"), NotationError, "'lam'"),
    "size and matrix of one name": (sp.MatrixSymbol("k", k, 1), NotationError, "'k'"),
}


MORE: dict[str, tuple[sp.Basic, type[SymmixError], str, str]] = {
    "inverse": (C.I * u, UnsupportedError, "C**(-1)", "symmix.language.inverse(A)"),
    "negative matrix power": (unchecked(sp.MatPow, C, sp.Integer(-2)), UnsupportedError, "C**(-2)", "inverse(A)"),
    "derivative of SymPy's": (
        sp.Derivative(lam**2, lam),
        UnsupportedError,
        "Derivative(lam**2, lam)",
        "Gradient(f, x)",
    ),
    "integral": (sp.Integral(lam, (lam, 0, 1)), UnsupportedError, "Integral", "expectation with its moments"),
    "indexed": (sp.IndexedBase("x")[i], UnsupportedError, "x[i]", "MatrixSymbol('x', n, 1)"),
    "cases": (sp.Piecewise((lam, lam > 0), (0, True)), UnsupportedError, "Piecewise", "each case by itself"),
    "equation": (sp.Eq(u, C * u), UnsupportedError, "Eq(u, C*u)", "left - right among hypotheses"),
    "adjoint": (sp.Adjoint(C), UnsupportedError, "Adjoint(C)", "write A.T"),
    "wild symbol": (sp.Wild("x"), UnsupportedError, "x_ (Wild)", "declare a Symbol"),
    "long number": (sp.Integer(10) ** 2000 * lam, UnsupportedError, "a longer one", "name it by a symbol"),
    "delta with a range": (sp.KroneckerDelta(i, j, (0, 2)), DimensionError, "(0, 2)", "sum over its indices"),
    "delta with a size": (sp.KroneckerDelta(i, n) * u[i, 0], DimensionError, "KroneckerDelta(n, i)", "declare them"),
    "delta with a scalar": (sp.KroneckerDelta(i, lam) * u[i, 0], DimensionError, "(lam, i)", "declare them"),
    "matrix of ten by ten": (sp.MatrixSymbol("G", 10, 10), UnsupportedError, "10 in G", "symbolic size"),
    "scalar that divides": (u / sp.Trace(C), UnsupportedError, "Trace(C)", "name it by a symbol"),
    "scalar between matrices": (unchecked(sp.MatMul, u.T, u, w), DimensionError, "before w", "M[0, 0]"),
    "moment 0 that is not 1": (expectation(lam, lam, {0: 2, 1: lam}), StatementError, "2", "leave it out"),
    "sums over all of an axis": (sp.Sum(lam, (i, 1, n - 1)), UnsupportedError, "(i, 1, n - 1)", "whole axis"),
}


@pytest.mark.parametrize(("expression", "error", "named"), CASES.values(), ids=CASES.keys())
def test_it_is_refused_by_name(expression: sp.Basic, error: type[SymmixError], named: str) -> None:
    with pytest.raises(error) as caught:
        Reader().expression(expression)
    assert type(caught.value) is error
    assert named in str(caught.value)
    for part in ("required: ", " arrived: ", "    help: "):
        assert part in str(caught.value)


@pytest.mark.parametrize(("expression", "error", "named", "remedy"), MORE.values(), ids=MORE.keys())
def test_it_says_what_to_write_instead(expression: sp.Basic, error: type[SymmixError], named: str, remedy: str) -> None:
    with pytest.raises(error) as caught:
        Reader().expression(expression)
    assert type(caught.value) is error
    assert named in caught.value.arrived
    assert remedy in caught.value.remedy


@pytest.mark.parametrize(
    ("thing", "remedy"),
    [
        ("u", "text is never evaluated"),
        (b"u", "text is never evaluated"),
        (0.5, "sympy.Rational(1, 2)"),
        (1j, "sympy.Rational(1, 2)"),
        (True, "Identity(left, right)"),
        (u == C * u, "Identity(left, right)"),
        (None, "declare symbols"),
        (np.ones((3, 1)), "declare symbols"),
        (np.float64(1), "not 0.5"),
        (sp.Matrix([1, 2]), "MatrixSymbol('A', n, k)"),
        ([u], "leave the brackets out"),
        ({u: u}, "leave the brackets out"),
        (Reader, "declare symbols"),
    ],
    ids=repr,
)
def test_what_is_no_expression_is_refused(thing: object, remedy: str) -> None:
    with pytest.raises(SymmixError) as caught:
        Reader().expression(thing)
    assert remedy in caught.value.remedy


def test_exact_numbers_of_python_are_numbers() -> None:
    assert [str(Reader().expression(x)) for x in (0, -3, Fraction(1, 2), sp.Rational(-7, 3))] == [
        "0",
        "-3",
        "1/2",
        "-7/3",
    ]


@pytest.mark.parametrize(
    ("things", "remedy"),
    [
        (u - u, "put brackets around it"),
        (C * u, "put brackets around it"),
        (lam, "put brackets around it"),
        (0, "put brackets around it"),
        (sp.Matrix([1, 2]), "put brackets around it"),
        ((e for e in [u]), "an iterator can be read once only"),
        (iter([u]), "an iterator can be read once only"),
        ({u}, "its order is what is printed"),
        ({u: u}, "its order is what is printed"),
        ("u", "text is never evaluated"),
        (False, "[left - right]"),
        (np.ones(2), "write a list"),
        (None, "write a list"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_a_list_is_a_list(things: object, remedy: str) -> None:
    for read in (Reader().hypotheses, Reader().conditions, lambda given: Reader().expressions(given, "expressions")):
        with pytest.raises(StatementError, match="a list of") as caught:
            read(things)
        assert remedy in caught.value.remedy


def test_a_bare_hypothesis_for_all_is_no_list() -> None:
    with pytest.raises(StatementError, match="put brackets around it"):
        Reader().hypotheses(ForAll(i, u[i, 0]))


def test_zero_has_a_shape() -> None:
    for left, right in ((u, 0), (0, u)):
        with pytest.raises(StatementError, match="two sides of one shape") as caught:
            Reader().sides(left, right)
        assert "write sympy.ZeroMatrix(k, 1)" in str(caught.value)
    assert Reader().sides(lam, 0)
    assert Reader().sides(u.T * u, 0)


@pytest.mark.parametrize("relation", [sp.Eq(lam, 1), sp.true, True, lam == 1, lam, "lam > 0", None])
def test_a_condition_is_an_inequality(relation: object) -> None:
    with pytest.raises(StatementError, match="a condition of the form"):
        Reader().condition(relation)


def test_an_error_names_the_definition() -> None:
    with pytest.raises(DimensionError, match="in: the definition of u") as caught:
        Reader().definitions({lam: sp.S.Half, u: w})
    assert "w of shape ('h', '1')" in str(caught.value)


def test_what_is_too_large_is_refused_at_once() -> None:
    doubled, deep = C, lam
    for _ in range(60):
        doubled = unchecked(sp.MatMul, doubled, doubled)
    for _ in range(3000):
        deep = sp.Add(deep, 1, evaluate=False)
    for expression in (doubled, deep):
        with pytest.raises(UnsupportedError, match="inside of each other") as caught:
            Reader().expression(expression)
        assert len(str(caught.value)) < 500


def test_definitions_have_the_shape_of_their_symbol() -> None:
    for symbol, value in ((u, u.T * C), (u, w), (A, C), (u, lam), (A, u)):
        with pytest.raises((DimensionError, StatementError)):
            Reader().definitions({symbol: value})


def test_arrays_of_three_axes_are_not_defined() -> None:
    with pytest.raises(UnsupportedError, match="one of T"):
        Reader().definitions({ArraySymbol("T", (k, k, k)): u})


@pytest.mark.parametrize("symbol", [k, n, sp.Symbol("N", integer=True, positive=True)])
def test_sizes_are_not_defined(symbol: sp.Symbol) -> None:
    with pytest.raises(StatementError, match="left open"):
        Reader().definitions({symbol: sp.Integer(3)})


def test_gradients_need_a_scalar_and_a_symbol() -> None:
    with pytest.raises(DimensionError, match="a scalar to differentiate"):
        gradient(u, u)
    with pytest.raises(UnsupportedError, match="a matrix symbol"):
        gradient(squared_norm(u), C * u)
    with pytest.raises(StatementError, match="something that depends on lam"):
        gradient(squared_norm(u), lam)
    assert gradient(lam**2 * squared_norm(u), lam) == 2 * lam * sp.Trace(u.T * u)


THETA = sp.MatrixSymbol("theta", p, 1)


@pytest.mark.parametrize(
    "value",
    [sp.MatrixSymbol("K", p, k), sp.MatrixSymbol("K", k, k), sp.MatrixSymbol("K", k, 1), sp.MatrixSymbol("K", h, p)],
    ids=["transposed", "square", "column", "other rows"],
)
def test_jacobians_have_one_row_a_component(value: sp.MatrixSymbol) -> None:
    for node in (Gradient(squared_norm(u), THETA, {u: value}), Jacobian(u, THETA, {u: value})):
        with pytest.raises(DimensionError, match="a Jacobian of u by theta"):
            Reader().expression(node)


def test_jacobians_are_of_columns_by_columns() -> None:
    with pytest.raises(DimensionError, match="a Jacobian of"):
        gradient(sp.Trace(C), THETA, {C: sp.MatrixSymbol("K", k, p)})
    with pytest.raises(DimensionError, match="a Jacobian of"):
        gradient(squared_norm(u), A, {u: sp.MatrixSymbol("K", k, k)})
    with pytest.raises(DimensionError, match="a column to differentiate"):
        jacobian(C * C, u)
    with pytest.raises(DimensionError, match="a column to differentiate"):
        jacobian(2 * u, A)
    with pytest.raises(DimensionError, match="a column to differentiate"):
        jacobian(2 * u.T, u)


WORDS: list[tuple[object, str]] = [
    (C.I, "the hypothesis B*A = I"),
    (sp.Float(0.5), "sympy.Rational(1, 2), not 0.5"),
    (sp.oo, "every finite value"),
    (-sp.oo, "every finite value"),
    (sp.zoo, "divided by zero: correct it"),
    (sp.I, "real and imaginary parts as symbols"),
    (sp.Derivative(f(lam), lam), "symmix.language.Gradient(f, x)"),
    (sp.Integral(lam, lam), "with its moments"),
    (sp.Product(lam, (i, 1, n)), "declare a symbol for the value"),
    (sp.IndexedBase("x")[i], "write x[i, 0]"),
    (sp.IndexedBase("x"), "write x[i, 0]"),
    (sp.Piecewise((lam, lam > 0), (0, True)), "each case by itself, with its conditions"),
    (abs(sp.Symbol("t")), "squares need no bars"),
    (sp.conjugate(sp.Symbol("t")), "write A.T"),
    (sp.Matrix([[lam]]), "what is proved for every size holds for yours"),
    (sp.Array([lam, lam]), "an ArraySymbol and its entries"),
    (sp.BlockMatrix([[C, C]]), "each block a symbol"),
    (sp.Determinant(C), "state what that satisfies as a hypothesis"),
    (f(lam), "one for its Jacobian"),
    (sp.pi, "the hypotheses that it satisfies"),
    (sp.Wild("w"), "declare a Symbol"),
    (sp.Gt(lam, 0), "an inequality a condition"),
    (sp.true, "or drop assumptions"),
    (True, "Identity(left, right) for a claim"),
    ("text", "text is never evaluated"),
    (0.5, "Fraction(1, 2), not 0.5"),
    ([u], "state one for each"),
    (object(), "what is proved for all values holds for your numbers"),
]


@pytest.mark.parametrize(("node", "end"), WORDS, ids=[end for _, end in WORDS])
def test_what_is_refused_is_told_what_to_write_instead(node: object, end: str) -> None:
    with pytest.raises(SymmixError) as caught:
        Reader().expression(node)
    assert caught.value.remedy.endswith(end)
    wanted = ("an expression", "a SymPy expression", "an exact number", "one expression")
    required = caught.value.required
    assert required in wanted or required.endswith((" over a symbolic size", "a whole number, not negative"))


@pytest.mark.parametrize(
    ("things", "end"),
    [
        (u, "put brackets around it"),
        (3, "put brackets around it"),
        (True, "write [left - right]"),
        (iter([u]), "an iterator can be read once only"),
        ({u}, "its order is what is printed"),
        ({u: w}, "its order is what is printed"),
        ("u", "text is never evaluated"),
        (None, "write a list"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_what_is_no_list_is_told_how_to_be_one(things: object, end: str) -> None:
    with pytest.raises(StatementError, match="a list of expressions") as caught:
        Reader().expressions(things, "a role")
    assert caught.value.remedy.endswith(end)
