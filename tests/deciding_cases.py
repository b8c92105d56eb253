"""Small statements as trees, and what is decided of them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from symmix.deciding import Frame, Hints, decide
from symmix.kernel.points import Model
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.terms.documents import require_setting, require_statement
from symmix.terms.meanings import Names
from symmix.verdict import (
    Proved,
    Refuted,
    Undecided,
    Verdict,
    Witness,
)

W, A, B = t.Symbol("W", ("k", "h")), t.Symbol("A", ("h", "h")), t.Symbol("B", ("h", "h"))
x, y, z, e = (t.Symbol(name, (size, "1")) for name, size in (("x", "h"), ("y", "k"), ("z", "h"), ("e", "h")))
lam, mu, p, q, r = (t.Symbol(name) for name in ("lam", "mu", "p", "q", "r"))
n, i, j, smp = t.Size("n"), t.Index("i", "h"), t.Index("j", "h"), t.Index("s", "h")


def number(value: int | str) -> t.Number:
    return t.Number(Fraction(value))


ZERO, ONE, TWO = number(0), number(1), number(2)
UNIT = t.Identity("h")


def product(*factors: t.Expression) -> t.Expression:
    return t.Multiply(factors)


def minus(left: t.Expression, right: t.Expression) -> t.Expression:
    return t.Add((left, product(number(-1), right)))


def norm(u: t.Expression) -> t.Expression:
    return product(t.Transpose(u), u)


def mean(of: t.Expression, *values: t.Expression, random: t.Symbol = lam) -> t.Expectation:
    return t.Expectation(of, random, tuple(t.Moment(d, (), value) for d, value in enumerate(values, 1)))


AAAx = product(A, A, A, x)
OPEN = product(A, x), AAAx, minus(A, t.Transpose(A))  # |A^2 x|^2 = x^T A (A^3 x) is zero, then so is |A x|^2


def open_statement() -> s.Vanishing:
    """Return what is true and not decided."""
    return s.Vanishing(OPEN[:1], OPEN[1:])


def above(symbol: t.Expression, sign: Any = ">", value: t.Expression = ZERO) -> s.Condition:
    return s.Condition(symbol, sign, value)


def frame_of(statement: s.Statement, setting: s.Setting | None = None, given: Model | None = None) -> Frame:
    setting = setting or s.Setting()
    names = Names.of([*setting.conditions, statement], setting.indices, setting.definitions)
    require_statement(statement, require_setting(setting, names))
    return Frame.of(setting, names, given)


def decided(statement: s.Statement, given: Model | None = None, hints: Hints | None = None, **parts: Any) -> Verdict:
    return decide(statement, frame_of(statement, s.Setting(**parts), given), hints or Hints())


def proved(statement: s.Statement, **parts: Any) -> Proved:
    verdict = decided(statement, **parts)
    assert isinstance(verdict, Proved), verdict
    return verdict


def witness(statement: s.Statement, **parts: Any) -> Witness:
    verdict = decided(statement, **parts)
    assert isinstance(verdict, Refuted), verdict
    assert verdict.witness is not None
    return verdict.witness


def undecided(statement: s.Statement, **parts: Any) -> str:
    verdict = decided(statement, **parts)
    assert isinstance(verdict, Undecided), verdict
    return verdict.missing


Wx = product(W, x)
Ax = product(A, x)


ZERO_COLUMN = t.Zeros("h", "1")
e_s = t.Entry(e, ("s", "0"))
Ae_s = t.Entry(product(A, e), ("s", "0"))


def between(symbol: t.Symbol | t.Size, low: int, high: int | None = None) -> s.Range:
    return s.Range(symbol, Fraction(low), None if high is None else Fraction(high))
