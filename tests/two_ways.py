"""Statements in text that are drawn together with their values: each side is written, and worked out, by itself.

A :class:`Written` is one value written in two ways, the second by rules that keep it: sums are multiplied out,
quotients expanded, denominators joined, products turned round, and terms added that cancel late.
What it is worth at a point is worked out with Fractions alone; nothing of it is read by symmix.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from random import Random
from typing import NamedTuple

Matrix = list[list[Fraction]]
SCALARS = "abcd"
SHAPES = {"A": "nn", "B": "nn", "S": "nn", "K": "nn", "G": "nm", "x": "n1", "w": "n1", "y": "m1"}
DECLARED = "let A: n x n, B: n x n, S: n x n symmetric, K: n x n skew, G: n x m, x: n, w: n, y: m, a, b, c, d\n"
NUMBERS = ("2", "-1", "1/3", "-7/2", "100000000000000000000", "1000000007/3")


class Undefined(Exception):  # noqa: N818 - a point, not an error
    """Something divides by zero at a point, or is not invertible there."""


@dataclass
class Point:
    """Sizes, scalars and tables; scalars are 1 x 1 matrices."""

    sizes: dict[str, int]
    tables: dict[str, Matrix] = field(default_factory=dict)

    def number(self, name: str) -> Fraction:
        """Return the value of a scalar or a size."""
        return Fraction(self.sizes[name]) if name in self.sizes else self.tables[name][0][0]


Value = Callable[[Point], Matrix]


class Written(NamedTuple):
    """A value, written in two ways."""

    left: str
    right: str
    value: Value


# -- matrices ---


def matrix(rows: int, columns: int, entry: Callable[[int, int], Fraction]) -> Matrix:
    """Return a table by its entries."""
    return [[entry(i, j) for j in range(columns)] for i in range(rows)]


def plus(p: Matrix, q: Matrix) -> Matrix:
    """Add."""
    return [[x + y for x, y in zip(r, s, strict=True)] for r, s in zip(p, q, strict=True)]


def times(p: Matrix, q: Matrix) -> Matrix:
    """Multiply; a scalar by anything."""
    if len(p) == len(p[0]) == 1:
        return [[p[0][0] * x for x in r] for r in q]
    return [[sum((x * y for x, y in zip(r, s, strict=True)), Fraction(0)) for s in zip(*q, strict=True)] for r in p]


def turned(p: Matrix) -> Matrix:
    """Transpose."""
    return [list(column) for column in zip(*p, strict=True)]


def inverse(p: Matrix) -> Matrix:
    """Invert by elimination."""
    size = len(p)
    rows = [[*row, *(Fraction(i == j) for j in range(size))] for i, row in enumerate(p)]
    for k in range(size):
        pivot = next((i for i in range(k, size) if rows[i][k]), None)
        if pivot is None:
            raise Undefined
        rows[k], rows[pivot] = rows[pivot], rows[k]
        rows[k] = [x / rows[k][k] for x in rows[k]]
        rows = [
            row if i == k else [x - row[k] * y for x, y in zip(row, rows[k], strict=True)] for i, row in enumerate(rows)
        ]
    return [row[size:] for row in rows]


def trace(p: Matrix) -> Matrix:
    """Return the sum of the diagonal."""
    return [[sum((p[i][i] for i in range(len(p))), Fraction(0))]]


def reciprocal(p: Matrix) -> Matrix:
    """Return one over a scalar."""
    if not p[0][0]:
        raise Undefined
    return [[1 / p[0][0]]]


# -- expressions ---


@dataclass
class Writer:
    """Draws values with two ways to write them."""

    random: Random

    def swapped(self, *parts: str) -> list[str]:
        """Return parts in some order."""
        return self.random.sample(parts, len(parts))

    def leaf(self) -> Written:
        """Draw a scalar, a size or a number."""
        name = self.random.choice([*SCALARS, *SCALARS, "n", "m"])
        if self.random.random() < 0.2:
            number = self.random.choice(NUMBERS)
            return Written(f"({number})", f"({number})", lambda _: [[Fraction(number)]])
        return Written(name, name, lambda at: [[at.number(name)]])

    def polynomial(self) -> Written:
        """Draw a polynomial in few terms: what may be divided by."""
        terms = [self.product(self.leaf(), self.leaf()) for _ in range(self.random.randint(1, 2))] + [self.leaf()]
        total = terms[0]
        for term in terms[1:]:
            total = self.total(total, term)
        return total

    def total(self, p: Written, q: Written) -> Written:
        """Add."""
        return Written(
            f"({p.left} + {q.left})",
            f"({' + '.join(self.swapped(p.right, q.right))})",
            lambda at: plus(p.value(at), q.value(at)),
        )

    def product(self, p: Written, q: Written) -> Written:
        """Multiply scalars."""
        return Written(
            f"({p.left} {q.left})",
            f"({' '.join(self.swapped(p.right, q.right))})",
            lambda at: times(p.value(at), q.value(at)),
        )

    def scalar(self, depth: int) -> Written:
        """Draw a scalar."""
        if depth == 0:
            return self.leaf()
        p, q, r = self.scalar(depth - 1), self.scalar(depth - 1), self.polynomial()
        forms: list[Callable[[], Written]] = [
            lambda: self.total(p, q),
            lambda: self.product(p, q),
            lambda: self.expanded(p, q, self.leaf()),
            lambda: self.quotient(p, r),
            lambda: self.quotients(p, r, self.polynomial()),
            lambda: self.late(p, q),
            lambda: self.inside(p, r),
            lambda: self.trace(depth - 1),
            lambda: self.norm(self.shaped("n1", depth - 1)),
        ]
        return self.random.choice(forms)()

    def expanded(self, p: Written, q: Written, r: Written) -> Written:
        """Multiply out."""
        both = self.swapped(f"{r.right} {p.right}", f"{q.right} {r.right}")
        return Written(
            f"(({p.left} + {q.left}) {r.left})",
            f"({' + '.join(both)})",
            lambda at: times(plus(p.value(at), q.value(at)), r.value(at)),
        )

    def quotient(self, p: Written, q: Written) -> Written:
        """Divide; expand, or take a negative power."""
        r = self.polynomial()
        forms = [
            f"({p.right} {r.left})/({r.right} {q.right})",
            f"{p.right} {q.right}^-1",
            f"({p.right} {q.left})/{q.right}^2",
        ]
        return Written(
            f"({p.left}/{q.left})",
            f"({self.random.choice(forms)})",
            lambda at: times(p.value(at), reciprocal(q.value(at))),
        )

    def quotients(self, p: Written, q: Written, r: Written) -> Written:
        """Join denominators."""
        return Written(
            f"({p.left}/{q.left} + 1/{r.left})",
            f"(({p.right} {r.right} + {q.left})/({q.right} {r.left}))",
            lambda at: plus(times(p.value(at), reciprocal(q.value(at))), reciprocal(r.value(at))),
        )

    def inside(self, p: Written, q: Written) -> Written:
        """Divide by what is a quotient itself."""
        r = self.leaf()
        return Written(
            f"({p.left}/({q.left} + {r.left}/{q.right}))",
            f"(({p.right} {q.right})/({q.right}^2 + {r.right}))",
            lambda at: times(
                p.value(at),
                reciprocal(plus(q.value(at), times(r.value(at), reciprocal(q.value(at))))),
            ),
        )

    def late(self, p: Written, q: Written) -> Written:
        """Add what cancels."""
        return Written(p.left, f"({' + '.join(self.swapped(p.right, q.left, f'(-1) {q.right}'))})", p.value)

    def trace(self, depth: int) -> Written:
        """Take the trace of a product, turned round."""
        p, q = self.shaped("nm", depth), self.shaped("mn", depth)
        return Written(
            f"tr({p.left} {q.left})", f"tr({q.right} {p.right})", lambda at: trace(times(p.value(at), q.value(at)))
        )

    def norm(self, p: Written) -> Written:
        """Square a column."""
        return Written(f"|{p.left}|^2", f"({p.right}^T {p.left})", lambda at: times(turned(p.value(at)), p.value(at)))

    def shaped(self, shape: str, depth: int) -> Written:
        """Draw a matrix, or a column, of a shape."""
        if depth == 0:
            return self._symbol(shape)
        p = self.shaped(shape, depth - 1)
        forms: list[Callable[[], Written]] = [
            lambda: self.total(p, self.shaped(shape, depth - 1)),
            lambda: self.late(p, self.shaped(shape, depth - 1)),
            lambda: self._scaled(self.scalar(depth - 1), p),
            lambda: self._product(self.shaped(f"{shape[0]}n", depth - 1), self.shaped(f"n{shape[1]}", depth - 1)),
            lambda: self._distributed(shape, depth - 1),
            lambda: self._turned(self.shaped(shape[::-1], depth - 1)),
        ]
        forms += [self._inverse] if shape == "nn" and self.random.random() < 1 / 2 else []
        return self.random.choice(forms)()

    def _symbol(self, shape: str) -> Written:
        names = [name for name, own in SHAPES.items() if own == shape]
        if shape == "nn" and self.random.random() < 0.2:
            return Written(
                "I_n", "I_n^T", lambda at: matrix(at.sizes["n"], at.sizes["n"], lambda i, j: Fraction(i == j))
            )
        if not names:
            (name,) = [name for name, own in SHAPES.items() if own == shape[::-1]][:1]
            return Written(f"{name}^T", f"(({name}^T)^T)^T", lambda at: turned(at.tables[name]))
        name = self.random.choice(names)
        other = {"S": "S^T", "K": "((-1) K^T)"}.get(name, name)
        return Written(name, self.random.choice([name, other]), lambda at: at.tables[name])

    def _scaled(self, p: Written, q: Written) -> Written:
        r = self.polynomial()
        forms = [f"{p.right} {q.right}", f"{r.left}^-1 ({p.right} {r.right}) {q.right}"]
        return Written(
            f"({p.left} {q.left})", f"({self.random.choice(forms)})", lambda at: times(p.value(at), q.value(at))
        )

    def _product(self, p: Written, q: Written) -> Written:
        forms = [f"({p.right} {q.right})", f"({q.right}^T {p.right}^T)^T", f"({p.right} I_n {q.right})"]
        return Written(f"({p.left} {q.left})", self.random.choice(forms), lambda at: times(p.value(at), q.value(at)))

    def _distributed(self, shape: str, depth: int) -> Written:
        p, q, r = (
            self.shaped(f"{shape[0]}n", depth),
            self.shaped(f"{shape[0]}n", depth),
            self.shaped(f"n{shape[1]}", depth),
        )
        return Written(
            f"(({p.left} + {q.left}) {r.left})",
            f"({p.right} {r.right} + {q.right} {r.right})",
            lambda at: times(plus(p.value(at), q.value(at)), r.value(at)),
        )

    def _turned(self, p: Written) -> Written:
        return Written(f"({p.left}^T)", f"(({p.right}^T + {p.left}^T) 1/2)", lambda at: turned(p.value(at)))

    def _inverse(self) -> Written:
        name = self.random.choice("AB")
        forms = [f"({name}^-1)", f"(({name}^T)^-1)^T", f"({name}^-1 {name} {name}^-1)"]
        return Written(forms[0], self.random.choice(forms), lambda at: inverse(at.tables[name]))


# -- points ---


def small(random: Random) -> Fraction:
    """Draw a small number."""
    return Fraction(random.randint(-3, 3), random.choice((1, 1, 2, 3)))


def point(random: Random, sizes: Mapping[str, int] | None = None, known: Mapping[str, Matrix] | None = None) -> Point:
    """Draw what is not known of a point."""
    at = Point({size: random.randint(1, 3) for size in "nm"} | dict(sizes or {}))
    long = {**at.sizes, "1": 1}
    for name in SCALARS:
        at.tables[name] = [[small(random)]]
    for name, shape in SHAPES.items():
        at.tables[name] = matrix(long[shape[0]], long[shape[1]], lambda _i, _j: small(random))
    at.tables["S"] = plus(at.tables["S"], turned(at.tables["S"]))
    at.tables["K"] = plus(at.tables["K"], times([[Fraction(-1)]], turned(at.tables["K"])))
    at.tables |= known or {}
    return at
