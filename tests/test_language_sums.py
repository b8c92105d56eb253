"""Sums over pairs of different indices and over ordered pairs: what they are at small sizes, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
import sympy as sp

from symmix import Identity, squared_norm, text
from symmix.errors import StatementError, SymmixError, UnsupportedError
from symmix.language import distinct, ordered, read
from symmix.terms import nodes as t
from tests.both_deciders import decided_by_both
from tests.explicit import Explicit, Poly

i, j, q = sp.symbols("i j q", integer=True)
n, d = sp.symbols("n d", integer=True, positive=True)
x, Z = sp.MatrixSymbol("x", n, 1), sp.MatrixSymbol("Z", n, d)
P, ones, tr = sp.MatrixSymbol("P", n, n), sp.OneMatrix(n, 1), sp.Trace
FROM_0, FROM_1 = ((i, 0, n - 1), (j, 0, n - 1)), ((i, 1, n), (j, 1, n))

Entry = Callable[[int, int], Fraction]
X = [Fraction(value) for value in (3, -1, 5, 2)]
TABLE = [[Fraction(3 * row + row * column - 2 * column**2 + 1) for column in range(4)] for row in range(4)]
SQUARE = (x[i, 0] - x[j, 0]) ** 2


def squared(a: int, b: int) -> Fraction:
    return (X[a] - X[b]) ** 2


SUMS: dict[str, tuple[sp.Sum, Entry, Callable[[int, int], bool]]] = {
    "i != j": (distinct(P[i, j], *FROM_0), lambda a, b: TABLE[a][b], lambda a, b: a != b),
    "i != j, from 1": (distinct(P[i, j], *FROM_1), lambda a, b: TABLE[a][b], lambda a, b: a != b),
    "i < j": (ordered(SQUARE, *FROM_0), squared, lambda a, b: a < b),
    "i < j, from 1": (ordered(SQUARE, *FROM_1), squared, lambda a, b: a < b),
    "i < j of a constant": (ordered(sp.S(3), *FROM_0), lambda *_: Fraction(3), lambda a, b: a < b),
    "written out": (sp.Sum(SQUARE, (j, i + 1, n - 1), (i, 0, n - 2)), squared, lambda a, b: a < b),
    "written out, to the end": (sp.Sum(SQUARE, (j, i + 1, n - 1), (i, 0, n - 1)), squared, lambda a, b: a < b),
    "written out, below": (sp.Sum(SQUARE, (j, 0, i - 1), (i, 1, n - 1)), squared, lambda a, b: b < a),
    "written out, below, from 1": (sp.Sum(SQUARE, (j, 1, i - 1), (i, 1, n)), squared, lambda a, b: b < a),
}


@pytest.mark.parametrize("name", SUMS)
@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_it_is_the_sum_at_every_small_size(name: str, size: int) -> None:
    node, term, chosen = SUMS[name]
    values = {
        "x": [[Poly.of(X[a])] for a in range(size)],
        "P": [[Poly.of(TABLE[a][b]) for b in range(size)] for a in range(size)],
    }
    tree = read(node + 0 * tr(P))
    found = Explicit({"n": size, "d": 2}, values).only(tree)
    brute = sum((term(a, b) for a in range(size) for b in range(size) if chosen(a, b)), Fraction(0))
    assert found.number() == brute


def test_what_is_printed_is_what_was_read() -> None:
    assert text(distinct(P[i, j], *FROM_0)) == "sum_{i<n} sum_{j<n} (1 - delta[i,j]) P[i,j]"
    assert text(ordered(SQUARE, *FROM_0)) == "sum_{i<n} sum_{j<n} 1/2 (1 - delta[i,j]) (x[i] - x[j])^2"


CLAIMS: dict[str, tuple[sp.Basic, sp.Basic, sp.Basic]] = {
    "all pairs but the diagonal": (
        distinct(P[i, j], *FROM_0), tr(ones.T * P * ones) - tr(P), tr(ones.T * P * ones),
    ),
    "the spread, by pairs": (
        ordered(SQUARE, *FROM_0), n * squared_norm(x) - tr(ones.T * x) ** 2, squared_norm(x) - tr(ones.T * x) ** 2 / n,
    ),
    "the number of pairs": (ordered(sp.S.One, *FROM_0), n * (n - 1) / 2, n * (n + 1) / 2),
    "rows": (
        ordered((Z * Z.T)[i, j], *FROM_0),
        (squared_norm(Z.T * ones) - tr(Z * Z.T)) / 2,
        squared_norm(Z.T * ones) / 2,
    ),
    "inside of another sum": (
        sp.Sum(P[q, q] * ordered(x[i, 0] * x[j, 0] * P[q, q], *FROM_0), (q, 0, n - 1)),
        sp.Sum(P[q, q] ** 2, (q, 0, n - 1)) * (tr(ones.T * x) ** 2 - squared_norm(x)) / 2,
        sp.Sum(P[q, q] ** 2, (q, 0, n - 1)) * (tr(ones.T * x) ** 2 - squared_norm(x)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CLAIMS)
def test_claims_and_their_slips(name: str) -> None:
    left, right, wrong = CLAIMS[name]
    decided_by_both(Identity(left, right), Identity(left, wrong))


def test_symmetric_by_a_definition() -> None:
    pairs = 2 * ordered(P[i, j], *FROM_0)
    right, wrong = (Identity(pairs, tr(ones.T * x) ** 2 - c * squared_norm(x)) for c in (1, 2))
    decided_by_both(right, wrong, definitions={P: x * x.T})


REFUSED: dict[str, tuple[Callable[[], sp.Basic], type[SymmixError], str]] = {
    "not symmetric": (lambda: ordered(P[i, j], *FROM_0), UnsupportedError, "symmix.language.distinct"),
    "one index alone": (lambda: ordered(x[i, 0], *FROM_0), UnsupportedError, "(f(i, j) + f(j, i))/2"),
    "antisymmetric": (lambda: ordered(x[i, 0] - x[j, 0], *FROM_0), UnsupportedError, "is the same for (i, j)"),
    "three in order": (
        lambda: sp.Sum(x[i, 0] * x[j, 0] * x[q, 0], (q, j + 1, n - 1), (j, i + 1, n - 1), (i, 0, n - 1)),
        UnsupportedError,
        "of pairs see",
    ),
    "a part of an axis": (lambda: sp.Sum(SQUARE, (j, i + 2, n - 1), (i, 0, n - 3)), UnsupportedError, "of pairs see"),
    "not to the end": (lambda: sp.Sum(SQUARE, (j, i + 1, n - 2), (i, 0, n - 1)), UnsupportedError, "of pairs see"),
    "bound from inside": (
        lambda: sp.Sum(SQUARE, (i, 0, n - 2), (j, i + 1, n - 1)),
        UnsupportedError,
        "of pairs see",
    ),
    "bound from inside, below": (
        lambda: sp.Sum(SQUARE, (i, 1, n - 1), (j, 0, i - 1)),
        UnsupportedError,
        "of pairs see",
    ),
    "i <= j": (lambda: sp.Sum(SQUARE, (j, i, n - 1), (i, 0, n - 1)), UnsupportedError, "of pairs see"),
    "one index twice": (lambda: distinct(SQUARE, FROM_0[0], FROM_0[0]), StatementError, "write (i, 0, n - 1)"),
    "two ranges": (lambda: ordered(SQUARE, (i, 0, n - 1), (j, 1, n)), StatementError, "write (i, 0, n - 1)"),
    "no range": (lambda: distinct(SQUARE, i, j), StatementError, "write (i, 0, n - 1)"),
    "text": (lambda: distinct("x", *FROM_0), UnsupportedError, "text is never evaluated"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_the_remedy(name: str) -> None:
    build, kind, words = REFUSED[name]
    with pytest.raises(kind) as caught:
        read(build())
    assert words in str(caught.value)


def test_the_tree_has_no_node_of_its_own_for_it() -> None:
    (total,) = (node for node in read(ordered(SQUARE, *FROM_0)).walk() if isinstance(node, t.Total))
    assert isinstance(total.body, t.Multiply)
    assert isinstance(total.body.factors[0], t.Number)
