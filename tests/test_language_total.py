"""Reading is total: whatever SymPy expression arrives, there is a tree, well formed, or an error of the family."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy.core.symbol import Str
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalMatrix, DiagonalOf
from sympy.tensor.array.expressions import ArrayElement, ArraySymbol

from symmix.errors import SymmixError
from symmix.language import At, Entries, ForAll, Gradient, Jacobian, Reader, expectation, inverse, quotient
from symmix.language.survey import MAX_NODES
from symmix.terms import nodes as t
from symmix.terms.meanings import Names, Scope
from symmix.terms.wellformed import require_well_formed

n, k = sp.symbols("n k", integer=True, positive=True)
i, j = sp.symbols("i j", integer=True)
x, y = sp.symbols("x y", real=True)
A, B = sp.MatrixSymbol("A", n, n), sp.MatrixSymbol("B", n, k)
u, v, one = sp.MatrixSymbol("u", n, 1), sp.MatrixSymbol("v", k, 1), sp.MatrixSymbol("o", 1, 1)
T = ArraySymbol("T", (n, n, k))

PLAIN = [n, k, i, j, x, y, A, B, u, v, one, u[i, 0], A[i, j], B[i, j], sp.S.Zero, sp.S.One, sp.S(-2), sp.S.Half]
CLASHING = [
    sp.Symbol("x"), sp.Symbol("x", positive=True), sp.Symbol("n"), sp.Symbol("A"), sp.Symbol("i"), sp.Dummy("i"),
    sp.Dummy(), sp.MatrixSymbol("A", n, k), sp.MatrixSymbol("x", n, 1), sp.MatrixSymbol("n", n, 1), sp.Symbol("a b"),
]  # fmt: skip
FOREIGN = [
    T, sp.pi, sp.I, sp.oo, sp.nan, sp.zoo, sp.Float(0.5), sp.true, sp.Wild("w"), sp.EmptySet, sp.Tuple(x), Str("s"),
    sp.Symbol("c", commutative=False), sp.Symbol("z", complex=True), sp.exp(x), sp.Eq(x, y), sp.ImmutableMatrix([[x]]),
]  # fmt: skip
LEAVES = [*PLAIN * 3, sp.Identity(n), sp.ZeroMatrix(n, 1), sp.OneMatrix(k, n), *CLASHING, *FOREIGN]


def limits(index: sp.Basic, size: sp.Basic, low: int) -> tuple[sp.Basic, int, sp.Basic]:
    return (index, low, size - 1 + low)


def unchecked(kind: type) -> Callable[..., sp.Basic]:
    """Build a node behind the checks of its constructor, as some of SymPy's rewritings do."""
    return lambda *args: sp.Basic.__new__(kind, *args)


BUILD: list[Callable[..., Any]] = [
    *(lambda a, b, f=f: f(a, b) for f in (sp.Add, sp.Mul, sp.MatAdd, sp.MatMul, sp.HadamardProduct, quotient)),
    *(lambda a, b, f=f: f(a, b, evaluate=False) for f in (sp.Add, sp.Mul, sp.MatAdd, sp.MatMul, sp.Pow)),
    *(unchecked(f) for f in (sp.MatAdd, sp.MatMul, sp.HadamardProduct, sp.KroneckerDelta)),
    *(lambda a, _, f=f: f(a) for f in (sp.Transpose, sp.Trace, DiagMatrix, DiagonalOf, DiagonalMatrix, inverse)),
    *(lambda a, _, e=e: a**e for e in (-2, -1, 2, 3)),
    lambda a, _: sp.HadamardPower(a, 2),
    lambda a, b: a - b,
    sp.KroneckerDelta,
    lambda a, _: a[i, 0],
    lambda a, _: a[i, :],
    lambda a, b: sp.Sum(a, limits(b, n, 0)),
    lambda a, b: sp.Sum(a, limits(b, k, 1)),
    lambda a, _: sp.Sum(a, limits(i, n, 0), limits(j, n, 0)),
    lambda a, b: Entries(n, b, sp.Lambda((i, j), a)),
    lambda a, b: sp.FunctionMatrix(n, k, sp.Lambda((i, b), a)),
    lambda a, b: ArrayElement(T, (a, b, i)),
    Gradient,
    lambda a, b: Gradient(a, u, {v: b}, constant=True),
    Jacobian,
    lambda a, b: At(a, {u: b}),
    lambda a, b: expectation(a, x, {1: b, 2: y}),
    lambda a, b: expectation(a, u, {1: sp.Lambda((i,), b)}),
]


@st.composite
def expressions(draw: st.DrawFn, depth: int = 4) -> Any:
    """Draw anything that SymPy lets one build."""
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        return draw(st.sampled_from(LEAVES))
    first, second = draw(expressions(depth - 1)), draw(expressions(depth - 1))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return draw(st.sampled_from(BUILD))(first, second)
    except Exception:  # noqa: BLE001 - SymPy refuses in many ways
        return first


def result(read: Callable[[], Any]) -> Any:
    """Return what is read, or the error of the family."""
    try:
        return read()
    except SymmixError as error:
        return error


def require_tree_or_refusal(reader: Reader, expression: Any) -> t.Expression | None:
    tree = result(lambda: reader.expression(expression))
    if isinstance(tree, SymmixError):
        assert tree.__cause__ is None, f"not foreseen: {tree}"
        assert all((tree.required, tree.arrived, tree.remedy))
        assert len(str(tree)) < 3000
        return None
    assert isinstance(tree, t.Expression)
    free = [t.Index(name, size) for name, size in reader.indices.items()]
    names = Names.of([tree], free)
    require_well_formed(tree, Scope(names, names.free))
    return tree


@pytest.mark.slow
@settings(max_examples=1500, deadline=None)
@given(expressions(), st.booleans())
def test_a_tree_or_an_error_of_the_family(expression: Any, declared: bool) -> None:  # noqa: FBT001 - drawn
    reader = Reader({i: n} if declared else {})
    tree = require_tree_or_refusal(reader, expression)
    if tree is not None:
        assert reader.expression(expression) == tree
        reader.finished((), (), [tree])


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.lists(expressions(depth=3), min_size=2, max_size=3), expressions(depth=2))
def test_what_is_read_together_has_one_meaning_a_name(several: list[Any], hypothesis: Any) -> None:
    """All trees of one reader go together in one document, whichever was read first."""
    reader = Reader()
    reader.survey(several, hypothesis)
    trees = [tree for expression in several if (tree := require_tree_or_refusal(reader, expression)) is not None]
    more = result(lambda: reader.hypotheses([ForAll(i, hypothesis)]))
    more = () if isinstance(more, SymmixError) else more
    Names.of([*trees, *more], [t.Index(name, size) for name, size in reader.indices.items()])


@given(st.integers(1, 200))
def test_how_much_is_read_is_bounded(depth: int) -> None:
    doubled: sp.Basic = A
    for _ in range(depth):
        doubled = sp.Basic.__new__(sp.MatMul, doubled, doubled)
    read = result(lambda: Reader().expression(doubled))
    assert isinstance(read, SymmixError) == (2 ** (depth + 1) > MAX_NODES)
