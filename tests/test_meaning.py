"""What a tree means, node by node, against an evaluator on explicit components that knows nothing of the kernel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import product as cartesian
from random import Random
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from symmix.errors import StatementError, SymmixError, UnsupportedError
from symmix.kernel.arrays import COLUMN, ROW, Array, tensor
from symmix.kernel.networks import constant, entry
from symmix.kernel.points import Model, evaluate
from symmix.kernel.products import Tensor
from symmix.kernel.scalars import Polynomial
from symmix.meaning import Meaning
from symmix.terms import nodes as t
from symmix.terms.base import Node
from symmix.terms.meanings import Names, Scope
from symmix.terms.wellformed import require_well_formed
from tests.explicit import Explicit, Poly, Rows, UndefinedError
from tests.trees import any_expressions

Pairs = t.Pairs
W, A, B = t.Symbol("W", ("k", "h")), t.Symbol("A", ("h", "h")), t.Symbol("B", ("h", "h"))
x, y, z = t.Symbol("x", ("h", "1")), t.Symbol("y", ("k", "1")), t.Symbol("z", ("h", "1"))
J, T, one = t.Symbol("J", ("k", "h")), t.Symbol("T", ("k", "h", "h")), t.Symbol("c", ("1", "1"))
lam, mu, rho = t.Symbol("lam"), t.Symbol("mu"), t.Symbol("rho")
i, j, a = t.Index("i", "h"), t.Index("j", "h"), t.Index("a", "k")
n = t.Size("n")
SIZES: list[dict[str, int]] = [{"k": 2, "h": 1, "n": 3, "m": 2}, {"k": 1, "h": 2, "n": 2, "m": 3}]
SIZES += [{"k": 2, "h": 3, "n": 1, "m": 2}]


def number(value: int | str) -> t.Number:
    return t.Number(Fraction(value))


def product(*factors: t.Expression) -> t.Expression:
    return t.Multiply(factors)


def minus(left: t.Expression, right: t.Expression) -> t.Expression:
    return t.Add((left, product(number(-1), right)))


def dot(u: t.Expression, v: t.Expression) -> t.Expression:
    return product(t.Transpose(u), v)


def names_of(trees: Iterable[Node], definitions: Pairs = (), free: tuple[t.Index, ...] = ()) -> Names:
    return Names.of(trees, free, definitions)


def meaning_of(*trees: t.Expression, definitions: Pairs = (), free: tuple[t.Index, ...] = ()) -> Meaning:
    names = names_of(trees, definitions, free)
    for tree in trees:
        require_well_formed(tree, Scope(names, dict(names.free)))
    return Meaning(names)


# -- the comparison ----------------------------------------------------------------------------------------------------


def drawn(names: Names, sizes: Mapping[str, int], seed: int) -> dict[str, Any]:
    """Draw values of all symbols."""
    random = Random(seed)

    def some() -> Poly:
        return Poly.of(Fraction(random.choice((-3, -2, -1, 1, 2, 3, 5)), random.choice((1, 1, 2))))

    values: dict[str, Any] = {}
    for name, symbol in sorted(names.symbols.items()):
        if len(symbol.axes) > 2:
            spans = cartesian(*(range(1 if size == "1" else sizes[size]) for size in symbol.axes))
            values[name] = {place: some() for place in spans}
        else:
            rows, columns = (1 if size == "1" else sizes[size] for size in symbol.shape)
            values[name] = [[some() for _ in range(columns)] for _ in range(rows)]
    return values


def model_of(explicit: Explicit, names: Names, meaning: Meaning) -> Model:
    """Return the same point for the kernel, with the values of reciprocals and inverses."""
    scalars = {s.name: explicit.values[s.name][0][0].constant() for s in names.symbols.values() if not s.axes}
    entries: dict[Any, dict[tuple[int, ...], Fraction]] = {}
    for symbol in names.symbols.values():
        value, kept = explicit.values[symbol.name], [k for k, size in enumerate(symbol.axes) if size != "1"]
        if len(symbol.axes) > 2:
            cells = value.items()
        else:
            cells = (((r, c), cell) for r, row in enumerate(value) for c, cell in enumerate(row))
        if symbol.axes:
            entries[tensor(symbol.name, symbol.axes)] = {
                tuple(place[k] for k in kept): cell.constant() for place, cell in cells
            }
    fixed = [size for size in explicit.sizes if size.isdigit()]
    entries |= {Tensor(str(p), (size,)): {(p,): Fraction(1)} for size in fixed for p in range(int(size))}
    sizes = {size: explicit.sizes[size] for size in (*names.sizes, *fixed)}
    plain = Model(sizes, scalars)
    below = {name: Fraction(plain.scalar(q)) for name, q in meaning.reciprocals.items()}
    if not all(below.values()):
        raise UndefinedError
    scalars |= {name: 1 / value for name, value in below.items()}
    for inverted, of in meaning.inverses.items():  # in the order in which they came: inner ones first
        rows = values_of(of, Model(sizes, scalars, entries), explicit)
        inverse = Explicit({}, {"of": [[Poly.of(v) for v in row] for row in rows]}).of(
            t.Inverse(t.Symbol("of", ("1", "1")))
        )
        kept = [k for k, size in enumerate((of.rows, of.columns)) if size is not None]
        entries[inverted] = {
            tuple((r, c)[k] for k in kept): inverse[r][c].constant() for r in range(len(rows)) for c in range(len(rows))
        }
    return Model(sizes, scalars, entries)


def values_of(array: Array, model: Model, explicit: Explicit) -> list[list[Fraction]]:
    """Return the rows of an array at a point, its sample indices where the explicit values have them."""
    shape = [1 if size is None else model.sizes[size] for size in (array.rows, array.columns)]
    rows = [[Fraction(0)] * shape[1] for _ in range(shape[0])]
    free = list(array.expression.free)
    for position, value in evaluate(array.expression, model).items():
        place = dict(zip(free, position, strict=True))
        if all(place[name] == explicit.at[name] for name in place if name not in (ROW, COLUMN)):
            rows[place.get(ROW, 0)][place.get(COLUMN, 0)] = value
    return rows


def plain(rows: Rows) -> list[list[Fraction]]:
    return [[cell.constant() for cell in row] for row in rows]


def agree(
    tree: t.Expression, definitions: Pairs = (), free: tuple[t.Index, ...] = (), seeds: Iterable[int] = (1, 2)
) -> Meaning:
    """Compare a tree's meaning with its explicit value at some sizes and points."""
    meaning = meaning_of(tree, definitions=definitions, free=free)
    array = meaning.array(tree)
    assert array.shape == tree.shape
    compared = 0
    for sizes, seed in cartesian(SIZES, seeds):
        values = drawn(meaning.names, sizes, seed)
        for places in cartesian(*(range(sizes[index.size]) for index in free)):
            at = {index.name: place for index, place in zip(free, places, strict=True)}
            explicit = Explicit(sizes, values, meaning.names.definitions, at)
            try:
                expected = plain(explicit.of(tree))
                model = model_of(explicit, meaning.names, meaning)
            except UndefinedError:
                continue
            assert values_of(array, model, explicit) == expected
            compared += 1
    assert compared
    return meaning


# -- every kind of node ------------------------------------------------------------------------------------------------

e_i = t.Entry(x, ("i", "0"))
NODES: list[t.Expression] = [
    number("-3/2"),
    n,
    lam,
    W,
    one,
    product(t.Ones("m", "1"), t.Ones("1", "n")),
    t.Add((x, z, x)),
    t.Add((lam, one, n)),
    product(lam, W, one, A, x),
    product(W, A, x, t.Transpose(y)),
    product(x, t.Transpose(x)),
    dot(x, x),
    product(lam, mu),
    t.Quotient(W, lam),
    t.Quotient(W, minus(lam, number(7))),
    t.Quotient(t.Quotient(lam, t.Add((n, lam))), t.Quotient(mu, t.Add((n, lam)))),
    t.Quotient(number(1), t.Add((t.Quotient(number(1), t.Add((lam, mu))), mu))),
    t.Quotient(number(1), t.Add((t.Power(t.Quotient(number(1), t.Add((lam, mu))), 2), mu))),
    t.Total((i, j), t.Total((t.Index("b", "h"),), product(t.Delta("i", "j"), t.Delta("b", "j"), e_i))),
    t.Total((i,), t.Total((j,), product(t.Delta("i", "j"), t.Entry(A, ("j", "i"))))),
    t.Gradient(dot(y, y), x, ((y, W), (t.Symbol("v", ("1", "k")), t.Symbol("R", ("1", "k", "h"))))),
    t.Jacobian(
        t.Transpose(t.Symbol("v", ("1", "k"))), x, ((t.Symbol("v", ("1", "k")), t.Symbol("R", ("1", "k", "h"))),)
    ),
    t.Jacobian(product(y, one), x, ((y, J), (one, t.Symbol("Q", ("1", "1", "h"))))),
    t.Total((a, i), t.Entry(t.Symbol("R", ("k", "1", "h")), ("a", "0", "i"))),
    t.Power(A, 0),
    t.Power(A, 1),
    t.Power(A, 3),
    t.Power(lam, 3),
    t.Power(t.Add((one, lam)), 2),
    t.Power(one, 0),
    t.Hadamard((W, W, J)),
    t.Hadamard((lam, mu)),
    t.Transpose(product(W, A)),
    t.Transpose(lam),
    t.Trace(product(A, t.Transpose(B))),
    t.Trace(one),
    t.Diagonal(product(A, B)),
    t.DiagonalMatrix(x),
    t.DiagonalMatrix(t.Transpose(x)),
    t.DiagonalMatrix(lam),
    t.Diagonal(one),
    t.Inverse(A),
    t.Inverse(product(A, B)),
    t.Inverse(one),
    t.Inverse(lam),
    t.Add((t.Inverse(A), t.Inverse(t.Add((A, t.Inverse(B)))), t.Inverse(A))),
    t.Identity("h"),
    t.Identity("1"),
    t.Ones("k", "h"),
    t.Ones("1", "1"),
    t.Zeros("k", "1"),
    t.Total((i, j), product(t.Delta("i", "j"), t.Entry(A, ("i", "j")))),
    t.Total((i, j), t.Entry(x, ("i", "0"))),
    t.Total((a, i, j), product(t.Entry(T, ("a", "i", "j")), t.Entry(W, ("a", "j")))),
    t.Total((i,), product(e_i, t.Total((j,), t.Entry(A, ("i", "j"))))),
    t.ByEntries(i, j, t.Entry(A, ("j", "i"))),
    t.ByEntries(i, j, e_i),
    t.ByEntries(j, None, t.Total((i,), product(e_i, t.Delta("i", "j")))),
    t.ByEntries(None, a, t.Entry(y, ("a", "0"))),
    t.ByEntries(None, None, lam),
    t.ByEntries(i, None, t.Entry(t.Slice(A, "i", ":"), ("0", "i"))),
    t.ByEntries(i, None, dot(t.Slice(A, ":", "i"), x)),
    t.ByEntries(i, None, t.Trace(product(e_i, A))),
    t.Entry(one, ("0", "0")),
    t.Slice(x, ":", "0"),
    t.Slice(x, ":", ":"),
    t.Gradient(dot(product(W, x), y), x),
    t.Gradient(dot(product(W, x), product(W, x)), W),
    t.Gradient(product(one, one), one),
    t.Gradient(dot(x, x), t.Symbol("x", ("h", "1"))),
    t.Gradient(t.Trace(product(A, A, A)), A),
    t.Gradient(lam, x, constant=True),
    t.Gradient(dot(t.Gradient(product(t.Transpose(x), A, x), x), z), x),
    t.Jacobian(product(W, A, x), x),
    t.Jacobian(t.Gradient(product(t.Transpose(x), A, x, t.Transpose(x), z), x), x),
    t.Jacobian(t.Hadamard((x, x)), x),
    t.Jacobian(y, x, constant=True),
    t.Gradient(dot(y, y), x, ((y, W),)),
    t.Gradient(product(t.Transpose(y), J, x), x, ((y, product(lam, W)),)),
    t.Jacobian(product(number(2), y), x, ((y, J),)),
    t.Gradient(dot(t.Gradient(dot(y, y), x, ((y, J),)), z), x, ((y, J), (J, T))),
    t.Jacobian(t.Hadamard((y, y, y)), z, ((y, W),)),
    t.Gradient(t.Trace(A), z, ((A, t.Symbol("S", ("h", "h", "h"))),)),
    t.Gradient(dot(z, product(t.Inverse(A), z)), A),
    t.Gradient(dot(z, product(t.Inverse(t.Add((A, product(x, t.Transpose(x))))), z)), x),
    t.Gradient(t.Trace(t.Inverse(t.Add((B, t.Inverse(A))))), A),
    t.Gradient(t.Trace(product(t.Inverse(A), B, t.Inverse(A), A)), A),
    t.Jacobian(product(t.Inverse(t.Add((A, t.DiagonalMatrix(z)))), z), z),
    t.Gradient(t.Trace(t.Gradient(t.Trace(t.Inverse(A)), A)), A),
    t.Gradient(dot(y, y), x, ((y, J),)),
    t.Gradient(dot(x, product(t.Inverse(A), x)), z, ((x, A), (A, t.Symbol("S", ("h", "h", "h"))))),
    t.Gradient(t.Inverse(one), one),
    t.At(dot(x, product(A, x)), ((x, product(A, z)), (A, B))),
    t.At(t.Gradient(dot(x, product(A, x)), x), ((x, product(number(2), x)),)),
    t.At(dot(x, z), ((x, z), (z, x))),
    t.Expectation(t.Power(t.Add((rho, mu)), 2), rho, (t.Moment(1, (), lam), t.Moment(2, (), n))),
    t.Expectation(product(rho, W), rho, (t.Moment(1, (), lam),)),
    t.Expectation(W, rho, (t.Moment(1, (), lam),)),
    t.Expectation(product(A, x), x, (t.Moment(1, ("i",), t.Entry(z, ("i", "0"))),)),
    t.Expectation(t.Add((product(x, t.Transpose(x), A), B)), x, (t.Moment(2, ("i", "j"), t.Delta("i", "j")),)),
    t.Expectation(
        dot(product(A, z), product(A, x)),
        A,
        (t.Moment(2, ("i", "j", "u", "v"), product(t.Delta("i", "u"), t.Delta("j", "v"))),),
    ),
    t.Expectation(product(W, x), W, (t.Moment(1, ("u", "i"), number(1)),)),
    t.Expectation(product(t.Transpose(x), A, x, one), one, (t.Moment(1, (), t.Trace(B)),)),
    t.Expectation(
        t.Expectation(product(rho, lam, mu), lam, (t.Moment(1, (), product(rho, rho)),)),
        rho,
        (t.Moment(1, (), mu), t.Moment(2, (), n), t.Moment(3, (), number(7))),
    ),
    t.Gradient(t.Expectation(product(rho, dot(x, x)), rho, (t.Moment(1, (), mu),)), x),
    # by a scalar
    t.Gradient(product(lam, lam, mu, dot(x, z)), lam),
    t.Gradient(t.Quotient(product(mu, dot(x, z)), t.Add((number(1), product(lam, lam)))), lam),
    t.Gradient(t.Quotient(mu, t.Add((number(1), t.Quotient(number(1), t.Add((lam, n)))))), lam),
    t.Gradient(t.Trace(t.Inverse(t.Add((product(lam, A), t.Identity("h"))))), lam),
    t.Gradient(dot(x, product(A, x)), lam, ((x, z), (A, product(lam, B)))),
    t.Gradient(product(rho, rho, lam, lam), lam, ((rho, dot(x, z)),)),
    t.Gradient(t.Quotient(number(1), t.Add((number(1), rho))), lam, ((rho, product(lam, t.Trace(A))),)),
    t.Gradient(t.Gradient(t.Quotient(number(1), t.Add((number(1), product(lam, lam)))), lam), lam),
    t.Gradient(t.Trace(product(t.Inverse(t.Add((A, product(lam, B)))), B)), lam, ((B, t.Identity("h")),)),
    t.Gradient(dot(t.Gradient(product(lam, lam, dot(x, x)), x), z), lam),
    t.Gradient(t.Inverse(t.Add((dot(x, x), product(lam, lam)))), lam),
    t.Gradient(t.Expectation(product(rho, lam), rho, (t.Moment(1, (), lam),)), lam),
    t.Gradient(t.Trace(A), lam, (), constant=True),
]


@pytest.mark.parametrize("number_", range(len(NODES)))
def test_every_kind_of_node(number_: int) -> None:
    agree(NODES[number_])


@settings(deadline=None, max_examples=150)
@given(any_expressions(3), st.integers(0, 99))
def test_random_trees(tree: t.Expression, seed: int) -> None:
    try:
        meaning = meaning_of(tree)
        array = meaning.array(tree)
    except SymmixError as error:
        expected = (
            "a denominator that is not zero",
            "an inverse of one matrix",
            "values of symbols outside of inverses",
        )
        assert error.required in expected  # noqa: PT017
        assume(condition=False)
        raise
    sizes = SIZES[seed % 2]
    explicit = Explicit(sizes, drawn(meaning.names, sizes, seed))
    try:
        expected_rows = plain(explicit.of(tree))
        model = model_of(explicit, meaning.names, meaning)
    except UndefinedError:
        assume(condition=False)
        raise
    assert values_of(array, model, explicit) == expected_rows


def test_sample_indices_stay_open() -> None:
    s, r = t.Index("s", "h"), t.Index("r", "k")
    agree(t.Entry(x, ("s", "0")), free=(s,))
    agree(product(t.Slice(W, "r", ":"), x), free=(r,))
    agree(t.Slice(W, ":", "s"), free=(s,))
    agree(t.Add((t.Entry(W, ("r", "s")), lam)), free=(r, s))
    agree(t.Total((i,), product(t.Delta("i", "s"), e_i)), free=(s,))
    agree(t.ByEntries(i, None, t.Entry(A, ("i", "s"))), free=(s,))
    agree(t.Gradient(t.Entry(product(A, x), ("s", "0")), x), free=(s,))


# -- definitions, replacements -----------------------------------------------------------------------------------------


def test_definitions_are_unfolded_before_derivatives_and_expectations() -> None:
    e = t.Symbol("e", ("k", "1"))
    definitions: Pairs = ((e, minus(y, product(W, x))), (t.Symbol("L"), dot(e, e)))
    loss = t.Symbol("L")
    agree(t.Gradient(loss, x), definitions)
    agree(t.Gradient(loss, W), definitions)
    agree(t.Gradient(loss, x, ((y, J),)), definitions)
    agree(t.Expectation(loss, y, (t.Moment(1, ("a",), lam), t.Moment(2, ("a", "b"), t.Delta("a", "b")))), definitions)
    agree(t.ByEntries(a, None, t.Entry(e, ("a", "0"))), definitions)
    agree(t.Expectation(t.Symbol("q"), rho, (t.Moment(1, (), lam),)), ((t.Symbol("q"), product(rho, mu)),))
    gradient = meaning_of(t.Gradient(loss, x), definitions=definitions).array(t.Gradient(loss, x))
    by_hand = product(number(-2), t.Transpose(W), minus(y, product(W, x)))
    assert gradient.expression == meaning_of(by_hand).array(by_hand).expression


def test_replacements_act_afterwards() -> None:
    """The gradient of ``<x, x>`` at ``x = z`` is ``2 z``; the gradient of what is replaced first is another."""
    agree(t.At(t.Gradient(dot(x, x), x), ((x, z),)))
    at = t.At(t.Gradient(dot(x, x), x), ((x, z),))
    two = product(number(2), z)
    assert meaning_of(at, two).array(at) == meaning_of(two).array(two)
    e = t.Symbol("e", ("h", "1"))
    agree(t.At(e, ((x, z),)), ((e, product(A, x)),))


# -- derivatives -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tree", "definitions"),
    [
        (t.Gradient(lam, x), ()),
        (t.Gradient(dot(z, z), x), ()),
        (t.Jacobian(y, x), ()),
        (t.Gradient(dot(y, y), x, ((z, A),)), ()),
        (t.Gradient(mu, x), ((mu, lam),)),
    ],
)
def test_a_derivative_of_what_does_not_depend_is_refused(tree: t.Derivative, definitions: Pairs) -> None:
    meaning = meaning_of(tree, definitions=definitions)
    with pytest.raises(
        StatementError, match="something that depends on x to differentiate, or constant=True"
    ) as caught:
        meaning.array(tree)
    assert str(tree.of) in caught.value.arrived
    meant = type(tree)(tree.of, tree.by, tree.jacobians, constant=True)
    assert meaning_of(meant, definitions=definitions).array(meant).expression.is_zero


def test_what_depends_by_way_of_a_definition_or_an_inverse_depends() -> None:
    agree(t.Gradient(mu, x), ((mu, dot(x, x)),))
    agree(t.Gradient(t.Trace(t.Inverse(A)), A))
    agree(t.Gradient(t.Trace(t.Inverse(t.Add((B, t.Inverse(A))))), A))


def test_a_second_derivative_needs_the_jacobian_of_the_jacobian() -> None:
    first = t.Gradient(dot(y, y), x, ((y, J),))
    for second in (
        t.Jacobian(first, x, ((y, J),)),
        t.Jacobian(first, x, ((y, product(number(1), J)),)),
        t.Gradient(dot(first, z), x, ((y, J),)),
    ):
        with pytest.raises(StatementError, match="a Jacobian for everything that depends on x") as caught:
            meaning_of(second).array(second)
        assert "none for J in" in caught.value.arrived
    agree(t.Jacobian(first, x, ((y, J), (J, T))))
    without = meaning_of(t.Gradient(dot(x, x), x), t.Gradient(t.Trace(A), A))
    assert without.array(t.Gradient(t.Trace(A), A)).shape == ("h", "h")
    forgotten = t.Jacobian(first, x, ((J, T),))
    with pytest.raises(StatementError, match="none for y in"):
        meaning_of(forgotten).array(forgotten)
    # declared elsewhere in the theorem: J is a Jacobian by x everywhere
    other = t.Gradient(dot(product(J, x), y), x)
    meaning_of(other).array(other)
    with pytest.raises(StatementError, match="none for J in"):
        meaning_of(other, first).array(other)
    agree(t.Gradient(dot(product(J, z), y), z))  # by another variable
    by_x = t.At(t.Gradient(dot(y, y), x, ((y, J),)), ((y, product(W, z)),))
    agree(t.Gradient(dot(by_x, z), z))  # what is held constant when x moves may move with z


def test_what_is_held_constant() -> None:
    e = t.Symbol("e", ("k", "1"))
    node = t.Gradient(product(lam, dot(e, product(J, z))), x, ((z, A),), constant=True)
    meaning = meaning_of(node, definitions=((e, minus(y, product(W, x))),))
    assert meaning.names.held_constant(node) == {"lam", "J", "W", "y"}
    assert meaning.names.held_constant(t.Gradient(dot(x, x), x)) == frozenset()


# -- reciprocals, inverses ---------------------------------------------------------------------------------------------


def test_a_denominator_has_one_name_for_its_reciprocal() -> None:
    first, second = t.Quotient(x, t.Add((lam, number(1)))), t.Quotient(x, t.Add((number(1), lam)))
    meaning = meaning_of(first, second)
    assert meaning.array(first) == meaning.array(second)
    assert list(meaning.reciprocals.values()) == [Polynomial.variable("lam") + 1]
    other = t.Quotient(x, t.Add((number(2), lam)))
    assert meaning.array(other) != meaning.array(first)
    assert len(meaning.reciprocals) == 2
    assert len({*meaning.reciprocals}) == 2
    single = t.Quotient(x, product(number(2), lam))
    assert meaning.array(single).expression == meaning.array(x).expression * (
        Polynomial.variable("lam", -1) * Fraction(1, 2)
    )
    assert len(meaning.reciprocals) == 2


@pytest.mark.parametrize("below", [number(0), minus(lam, lam), product(number(0), lam), t.Quotient(number(0), lam)])
def test_nothing_is_divided_by_zero(below: t.Expression) -> None:
    tree = t.Quotient(x, below)
    with pytest.raises(UnsupportedError, match="a denominator that is not zero"):
        meaning_of(tree).array(tree)


def test_denominators_are_found_definitions_unfolded_and_cleared() -> None:
    below, inner = minus(lam, mu), minus(number(1), mu)
    nu = t.Symbol("nu")
    tree = t.Quotient(x, minus(nu, mu))
    meaning = meaning_of(tree, definitions=((nu, t.Quotient(below, inner)),))
    lam_, mu_ = Polynomial.variable("lam"), Polynomial.variable("mu")
    assert meaning.divisor(tree) == lam_ - mu_ - mu_ * (1 - mu_)
    assert meaning.divisor(t.Quotient(below, inner)) == 1 - mu_
    array = meaning.array(tree).expression
    assert {*meaning.reciprocals.values()} == {1 - mu_, lam_ - mu_ - mu_ * (1 - mu_)}
    cleared = meaning.cleared(array)
    assert not cleared.scalars & meaning.reciprocals.keys()
    assert cleared == meaning.array(x).expression * (1 - mu_)
    assert meaning.cleared(meaning.array(x).expression) == meaning.array(x).expression


def test_same_sign_multiplies_by_squares() -> None:
    below = minus(lam, number(1))
    tree, twice = t.Quotient(mu, below), t.Quotient(mu, t.Power(below, 1))
    meaning = meaning_of(tree, twice)
    lam_, mu_ = Polynomial.variable("lam"), Polynomial.variable("mu")
    assert meaning.same_sign(meaning.scalar(tree)) == mu_ * (lam_ - 1)
    squared = t.Add((t.Power(tree, 2), number(1)))
    assert meaning.same_sign(meaning.scalar(squared)) == mu_**2 + (lam_ - 1) ** 2
    cubed = t.Power(tree, 3)
    assert meaning.same_sign(meaning.scalar(cubed)) == mu_**3 * (lam_ - 1)
    assert meaning.same_sign(mu_) == mu_
    assert meaning.same_sign(Polynomial()) == Polynomial()
    with pytest.raises(UnsupportedError, match="a denominator that is not zero"):
        meaning.reciprocal(Polynomial(), mu)


def test_inverses_of_one_matrix_are_one_and_satisfy_their_relations() -> None:
    first, second = t.Inverse(t.Add((A, B))), t.Inverse(t.Add((B, A)))
    nested = t.Inverse(t.Add((t.Identity("h"), t.Inverse(A))))
    meaning = meaning_of(first, second, nested)
    assert meaning.array(first) == meaning.array(second)
    assert len(meaning.inverses) == 1
    meaning.array(nested)
    assert len(meaning.inverses) == 3
    outer = meaning.array(nested).expression
    relations = meaning.relations([outer])
    names = {symbol.name for symbol in meaning.inverses} - {next(iter(meaning.array(first).expression.tensors)).name}
    assert relations.keys() == {(name, side) for name in names for side in ("left", "right")}
    assert meaning.relations([entry(tensor("A", ("h", "h")), ROW, COLUMN)]) == {}
    of_a = meaning.array(t.Inverse(A)).expression.tensors
    assert meaning.hidden_in(outer) == {"A", *(symbol.name for symbol in of_a)}
    # each relation vanishes at explicit values
    for sizes in SIZES:
        values = drawn(meaning.names, sizes, 5)
        explicit = Explicit(sizes, values)
        model = model_of(explicit, meaning.names, meaning)
        assert not any(v for e in relations.values() for v in evaluate(e, model).values())
    (symbol,) = outer.tensors
    assert relations[symbol.name, "left"] != relations[symbol.name, "right"]
    scalar = meaning_of(t.Inverse(one))
    (relation, _) = scalar.relations([scalar.array(t.Inverse(one)).expression]).values()
    assert relation.free == {}


def test_what_stands_inside_of_an_inverse_stays() -> None:
    at = t.At(t.Inverse(A), ((A, B),))
    with pytest.raises(UnsupportedError, match="values of symbols outside of inverses"):
        meaning_of(at).array(at)
    agree(t.At(product(t.Inverse(A), x), ((x, z),)))
    each = t.Total((i,), t.Trace(t.Inverse(product(e_i, A))))
    with pytest.raises(UnsupportedError, match="an inverse of one matrix"):
        meaning_of(each).array(each)


# -- what is kept and asked again --------------------------------------------------------------------------------------


def test_indices_around_a_tree() -> None:
    tree = t.Entry(x, ("q", "0"))
    names = names_of([t.Total((t.Index("q", "h"),), tree)])
    meaning = Meaning(names)
    found = meaning.array(tree, {"q": "h"})
    assert found.expression == entry(tensor("x", ("h", "1")), "q")
    assert found.shape == ("1", "1")
    delta = t.Delta("q", "s")
    both = Meaning(names_of([t.Total((t.Index("q", "h"),), tree)], free=(t.Index("s", "h"),)))
    assert both.array(delta, {"q": "h"}).expression.free == {"q": "h", "s": "h"}
    assert both.array(t.Delta("s", "q"), {"q": "h"}).expression.free == {"q": "h", "s": "h"}
    assert meaning.array(x) is meaning.array(x)


def test_a_scalar_is_a_coefficient() -> None:
    meaning = meaning_of(lam, number(0))
    assert meaning.scalar(lam) == Polynomial.variable("lam")
    assert meaning.scalar(number(0)).is_zero
    assert meaning.array(number(2)).expression == constant(2)


def test_moments_of_a_matrix_are_over_the_indices_of_its_entries() -> None:
    node = t.Expectation(
        x,
        x,
        (t.Moment(1, ("a1",), lam), t.Moment(2, ("b1", "a2"), product(t.Delta("b1", "a2"), t.Entry(z, ("b1", "0"))))),
    )
    found = meaning_of(node).tensor_moments(node)
    assert found.tensor == tensor("x", ("h", "1"))
    assert found.moments[1][0] == ("a1",)
    assert found.moments[1][1].free == {"a1": "h"}
    assert found.moments[2][0] == ("b1", "a2")
    assert found.moments[2][1].free == {"a2": "h", "b1": "h"}
