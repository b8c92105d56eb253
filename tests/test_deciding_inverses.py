"""The values of inverses at a point, and the order in which they come."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from symmix.deciding.inverses import with_inverses
from symmix.kernel.arrays import tensor
from symmix.kernel.points import Model
from symmix.kernel.products import Tensor
from symmix.terms import nodes as t
from symmix.terms import statements as s
from tests.deciding_cases import (
    ONE,
    A,
    B,
    frame_of,
    lam,
    minus,
    mu,
    product,
    proved,
    x,
)

# -- inverses ----------------------------------------------------------------------------------------------------------

Table = dict[tuple[int, ...], Fraction]


def table(rows: list[list[int]]) -> Table:
    return {(a, b): Fraction(value) for a, row in enumerate(rows) for b, value in enumerate(row)}


def times(one: Table, other: Table, size: int) -> Table:
    return {
        (a, b): sum((one[a, c] * other[c, b] for c in range(size)), Fraction(0))
        for a in range(size)
        for b in range(size)
    }


def inverted(tree: t.Expression, at: Model) -> list[Table] | None:
    """Return the values of the inverses in an expression at a point, inner ones first."""
    statement = s.Vanishing((tree,))
    frame = frame_of(statement)
    question = frame.question([frame.array(tree).expression], (), statement)
    found = with_inverses(frame.meaning, question, at)
    if found is None:
        return None
    assert replace(found, entries=at.entries) == at
    assert all(found.entries[symbol] == entries for symbol, entries in at.entries.items())
    return [dict(found.entries[symbol]) for symbol in frame.meaning.inverses]


@pytest.mark.parametrize(
    "rows",
    [
        [[5]],
        [[1, 2], [3, 5]],
        [[0, 2], [3, 0]],
        [[0, 2, 1], [1, 1, 0], [3, 0, 1]],
        [[2, 4, 1], [1, 2, 7], [0, 3, 1]],
        [[0, 0, 3], [0, 2, 5], [7, 1, 1]],
        [[2, 1, 0, 3], [4, 2, 1, 0], [0, 5, 1, 1], [1, 1, 1, 1]],
    ],
    ids=str,
)
def test_the_inverse_of_a_matrix_at_a_point(rows: list[list[int]]) -> None:
    size = len(rows)
    found = inverted(t.Inverse(A), Model({"h": size}, {}, {tensor("A", ("h", "h")): table(rows)}))
    assert found is not None
    unit = {(a, b): Fraction(a == b) for a in range(size) for b in range(size)}
    assert times(found[0], table(rows), size) == times(table(rows), found[0], size) == unit


@pytest.mark.parametrize(
    "rows", [[[0]], [[1, 2], [2, 4]], [[0, 1], [0, 1]], [[1, 0, 1], [0, 1, 1], [1, 1, 2]]], ids=str
)
def test_where_there_is_no_inverse_there_is_no_point(rows: list[list[int]]) -> None:
    assert inverted(t.Inverse(A), Model({"h": len(rows)}, {}, {tensor("A", ("h", "h")): table(rows)})) is None


def test_a_given_point_with_an_inverse_is_a_point() -> None:
    statement = s.Identity(product(A, t.Inverse(A), x), x)
    entries: dict[Tensor, Table] = {
        tensor("A", ("h", "h")): table([[1, 2], [3, 5]]),
        tensor("x", ("h", "1")): {(0,): Fraction(7)},
    }
    point = proved(statement, given=Model({"h": 2}, {}, entries)).point
    assert point is not None
    assert {symbol: point.entries[symbol] for symbol in entries} == entries
    singular = {**entries, tensor("A", ("h", "h")): table([[1, 2], [2, 4]])}
    other = proved(statement, given=Model({"h": 2}, {}, singular)).point
    assert other is not None
    assert other.entries[tensor("A", ("h", "h"))] != singular[tensor("A", ("h", "h"))]


def test_inverses_inside_of_inverses_come_first() -> None:
    tree: t.Expression = t.Inverse(A)
    for _ in range(12):
        tree = t.Inverse(t.Add((tree, B)))
    entries = {tensor(name, ("h", "h")): table(rows) for name, rows in (("A", [[2]]), ("B", [[3]]))}
    found = inverted(tree, Model({"h": 1}, {}, entries))
    value, expected = Fraction(1, 2), []
    for _ in range(13):
        expected.append({(0, 0): value})
        value = 1 / (value + 3)
    assert found == expected


def test_what_inverses_satisfy_comes_in_the_order_of_their_names() -> None:
    statement = s.Vanishing(tuple(t.Inverse(t.Symbol(f"A{number}", ("h", "h"))) for number in range(8)))
    names = list(frame_of(statement).relations(statement))
    assert len(names) == 16
    assert names == sorted(names)


def test_the_reciprocal_of_an_entry_at_a_point() -> None:
    c = t.Symbol("c", ("1", "1"))
    for value in (3, -2):
        found = inverted(t.Inverse(c), Model({}, {}, {tensor("c", ("1", "1")): {(): Fraction(value)}}))
        assert found == [{(): Fraction(1, value)}]
    assert inverted(t.Inverse(c), Model({}, {}, {tensor("c", ("1", "1")): {(): Fraction(0)}})) is None


def test_no_inverse_has_a_value_where_a_quotient_has_none() -> None:
    tree = product(t.Quotient(ONE, minus(lam, mu)), t.Inverse(A))
    entries = {tensor("A", ("h", "h")): table([[2]])}
    assert inverted(tree, Model({"h": 1}, {"lam": Fraction(1), "mu": Fraction(1)}, entries)) is None
    assert inverted(tree, Model({"h": 1}, {"lam": Fraction(1), "mu": Fraction(2)}, entries)) == [
        {(0, 0): Fraction(1, 2)}
    ]
