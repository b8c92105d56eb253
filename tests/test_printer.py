"""What is printed says what was meant: parsed back by a parser of the test's own, it has the value of the expression.

The parser knows the notation as a reader does: a power binds before a product, a product before a sum, ``a/b c`` is
``(a/b) c``, and a sum over an index reaches to the end of its product. A lost pair of parentheses changes the value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import reduce
from itertools import product as cartesian
from operator import mul
from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalMatrix, DiagonalOf

from symmix import text
from symmix.notation import h, k, lam, n
from tests.expressions import any_expressions, mu, symbol
from tests.oracle import Point

TOKEN = re.compile(r"\s*(sum_\{\w+<\w+\}|\d+|[A-Za-z_][\w']*\[?|\|\^2|\^T|[-+/^()\[\],|])")
Tree = tuple[Any, ...]


class Parser:
    """Recursive descent over the notation; returns trees of tuples."""

    def __init__(self, line: str) -> None:
        self.tokens, at = [], 0
        while at < len(line):
            match = TOKEN.match(line, at)
            assert match, f"no token at {line[at:]!r} in {line!r}"
            self.tokens.append(match[1])
            at = match.end()

    @property
    def next(self) -> str:
        return self.tokens[0] if self.tokens else ""

    def take(self, *expected: str) -> str:
        token = self.tokens.pop(0)
        assert not expected or token in expected, f"{token!r} where {expected} should be"
        return token

    def all(self) -> Tree:
        tree = self.sum()
        assert not self.tokens, f"left over: {self.tokens}"
        return tree

    def sum(self) -> Tree:
        terms = [("neg", self.product()) if self.next == "-" and self.take() else self.product()]
        while self.next in ("+", "-"):
            sign = self.take()
            assert self.next != "-", "two signs in a row"
            terms.append(self.product() if sign == "+" else ("neg", self.product()))
        return ("add", *terms)

    def product(self) -> Tree:
        if self.next.startswith("sum_"):
            index, size = re.findall(r"\w+", self.take()[4:])
            return ("sum", index, size, self.product())
        factors = [self.power()]
        if self.next == "o":
            while self.next == "o":
                self.take()
                factors.append(self.power())
            return ("entrywise", *factors)
        below = None
        while self.next and self.next not in ("+", "-", ")", ",", "]", "|^2"):
            if self.next == "/":
                assert below is None, "two fractions in one product"
                self.take()
                below = self.power()
            else:
                factors.append(self.power())
        return ("mul", *factors) if below is None else ("mul", ("inverse", below), *factors)

    def power(self) -> Tree:
        base = self.atom()
        if self.next == "^T":
            self.take()
            return ("transpose", base)
        if self.next == "^":
            self.take()
            return ("power", base, int(self.take()))
        return base

    def atom(self) -> Tree:
        token = self.take()
        if token.isdigit():
            return ("number", int(token))
        if token == "(":
            inside = self.sum()
            self.take(")")
            return inside
        if token == "|":
            inside = self.sum()
            self.take("|^2")
            return ("norm", inside)
        if token in ("tr", "diag"):
            self.take("(")
            inside = self.sum()
            self.take(")")
            return (token, inside)
        if token == "[":
            inside = self.sum()
            self.take("]")
            self.take("[")
            return ("entries", inside, *self.indices())
        if token.endswith("["):  # with a space before it, the bracket opens a matrix by its entries
            return ("entry", token[:-1], *self.indices())
        return ("name", token)

    def indices(self) -> list[str]:
        found = [self.take()]
        while self.take(",", "]") == ",":
            found.append(self.take())
        return found


class Reader:
    """Gives a tree its value at a point; the names are those of the point."""

    def __init__(self, point: Point) -> None:
        self.names: dict[str, Any] = {str(s.name): sp.S(v) for s, v in {**point.sizes, **point.scalars}.items()}
        self.names |= {str(s.name): v for s, v in point.matrices.items()}

    def value(self, tree: Tree, at: Mapping[str, int]) -> Any:
        kind, *parts = tree
        if kind == "number":
            return sp.Integer(parts[0])
        if kind == "name":
            return _plain(self.names[parts[0]])
        if kind == "entry":
            return self.entry(parts[0], [at[i] for i in parts[1:]])
        if kind == "sum":
            return sp.Add(*(self.value(parts[2], {**at, parts[0]: v}) for v in range(self.names[parts[1]])))
        if kind == "entries":
            sizes = [self.size(i, parts[0]) for i in parts[1:]]
            table = {v: self.value(parts[0], {**at, **dict(zip(parts[1:], v, strict=True))}) for v in _grid(sizes)}
            return sp.ImmutableMatrix(sizes[0], ([*sizes, 1])[1], lambda r, c: table[(r, c)[: len(sizes)]])
        if kind == "power":
            return self.value(parts[0], at) ** parts[1]
        return _plain(getattr(self, kind)(*(self.value(part, at) for part in parts)))

    def entry(self, name: str, places: list[int]) -> Any:
        if name == "delta":
            return sp.Integer(places[0] == places[1])
        matrix = self.names[name]
        if len(places) == 1:
            places = [0, *places] if matrix.rows == 1 else [*places, 0]
        return matrix[tuple(places)]

    def size(self, index: str, tree: Tree) -> int:
        """Return the size of an index from an entry that it stands in."""
        if tree[0] == "entry" and index in tree[2:] and tree[1] != "delta":
            matrix = self.names[tree[1]]
            shape = matrix.shape if len(tree) == 4 else [max(matrix.shape)]
            return int(shape[tree[2:].index(index)])
        return max((self.size(index, part) for part in tree if isinstance(part, tuple)), default=0)

    def add(self, *terms: Any) -> Any:
        return reduce(lambda one, other: one + other, terms)

    def mul(self, *factors: Any) -> Any:
        scale = [f for f in factors if not isinstance(f, sp.MatrixBase)]
        matrices = [f for f in factors if isinstance(f, sp.MatrixBase)]
        return sp.Mul(*scale) * reduce(mul, matrices) if matrices else sp.Mul(*scale)

    def neg(self, value: Any) -> Any:
        return -value

    def inverse(self, value: Any) -> Any:
        return 1 / value

    def transpose(self, value: Any) -> Any:
        return value.T if isinstance(value, sp.MatrixBase) else value

    def norm(self, value: Any) -> Any:
        return sum(x**2 for x in value) if isinstance(value, sp.MatrixBase) else value**2

    def tr(self, value: Any) -> Any:
        return value.trace() if isinstance(value, sp.MatrixBase) else value

    def diag(self, value: Any) -> Any:
        if not isinstance(value, sp.MatrixBase):
            return value
        if 1 in value.shape:
            return sp.ImmutableMatrix(sp.diag(*value))
        return sp.ImmutableMatrix([value[i, i] for i in range(value.rows)])

    def entrywise(self, *factors: Any) -> Any:
        if not isinstance(factors[0], sp.MatrixBase):
            return sp.Mul(*factors)
        return reduce(lambda one, other: one.multiply_elementwise(other), factors)


def _plain(value: Any) -> Any:
    return value[0, 0] if isinstance(value, sp.MatrixBase) and value.shape == (1, 1) else value


def _grid(sizes: list[int]) -> list[tuple[int, ...]]:
    return list(cartesian(*map(range, sizes)))


def assert_reads_as_meant(expression: sp.Basic) -> None:
    point = Point.drawn({k: 2, h: 3, n: 4}, expression, seed=5)
    printed = text(expression)
    assert Reader(point).value(Parser(printed).all(), {}) == _plain(point.explicit(expression)), printed


SPECIAL = (sp.Identity, sp.OneMatrix, sp.ZeroMatrix)  # their sizes are not printed


@settings(max_examples=250)
@given(any_expressions())
def test_parentheses_are_never_lost(expression: Any) -> None:
    if not expression.has(*SPECIAL):
        assert_reads_as_meant(expression)


u, v, A = symbol("u", k, sp.S.One), symbol("v", k, sp.S.One), symbol("A", k, h)
C, q = symbol("C", k, k), symbol("q", sp.S.One, k)
i, j = sp.symbols("i j", integer=True)


@pytest.mark.parametrize(
    "expression",
    [
        (lam + mu) * (u + v),
        lam * (mu - (lam - mu)) * u,
        -(u + v),
        -lam * (u - v),
        (lam - 1) * u - (1 - lam) * v,
        ((A + A) * A.T).T * u,
        (C * C).T,
        (C + C.T) ** 2,
        (C.T) ** 2,
        (C**2).T,
        (lam + mu) ** 2 / (n + 1),
        u / (2 * n * (n + 1)),
        -u / (2 * n),
        lam / (mu + 2) * u,
        sp.Rational(-2, 3) * lam**2 * u,
        (sp.Trace(C) + 1) ** 2 * u,
        sp.Trace((u - v).T * (u - v)) ** 2,
        sp.Trace((u - v).T * (u - v)) * sp.Trace(C),
        sp.HadamardProduct(u + v, u) + v,
        lam * sp.HadamardProduct(u, C * v),
        sp.HadamardProduct(C, C + C.T) * u,
        sp.HadamardPower(C + C.T, 2).T,
        DiagMatrix(u + v) * C,
        DiagonalMatrix(C) * u,
        DiagonalOf(C) + u,
        sp.Sum(u[i, 0] - v[i, 0], (i, 0, k - 1)) * lam,
        sp.Sum(u[i, 0] * (u[i, 0] + v[i, 0]), (i, 0, k - 1)) ** 2,
        sp.Sum(C[i, j] * q[0, j], (j, 0, k - 1), (i, 0, k - 1)) + lam,
        sp.Sum(u[i, 0], (i, 0, k - 1)) * sp.Sum(v[i, 0], (i, 0, k - 1)),
        sp.Sum(lam * sp.Sum(u[i, 0] * v[j, 0], (i, 0, k - 1)) + 1, (j, 0, k - 1)),
        sp.FunctionMatrix(k, k, sp.Lambda((i, j), C[i, j] + u[j, 0])) * v,
        (lam - mu) ** 3 * (1 - (lam - mu)) * C,
        1 / (lam + 2) + 1 / (mu + 2) ** 2,
        -(lam + mu),
        -sp.Trace(C) + lam,
        (u.T * v)[0, 0] * u,
        ((u + v).T * v)[0, 0] ** 2,
    ],
    ids=str,
)
def test_it_reads_as_meant(expression: sp.Basic) -> None:
    assert_reads_as_meant(expression)
    assert "+ -" not in text(expression)
    assert "- -" not in text(expression)


def test_the_parser_of_this_test_sees_lost_parentheses() -> None:
    point = Point.drawn({k: 2, h: 3, n: 4}, u, v, lam, seed=5)

    def value(line: str) -> Any:
        return Reader(point).value(Parser(line).all(), {})

    whole, lost = "lam (u_k_1 + v_k_1)", "lam u_k_1 + v_k_1"
    assert value(whole) == point.explicit(lam * (u + v)) != value(lost)
    assert value("1/2 lam") == value("lam/2") == point.explicit(lam / 2)[0]
