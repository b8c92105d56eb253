"""Trees as they are written, and what is printed of a statement for Coq."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from symmix.publish.coq.axes import sample_sizes
from symmix.publish.coq.context import Context
from symmix.publish.coq.statements import StatementPrinter
from symmix.publish.coq.terms import Printer
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.terms.documents import require_setting, require_statement
from symmix.terms.meanings import names_of

Tree = t.Expression


def num(value: int | str) -> t.Number:
    return t.Number(Fraction(value))


def column(name: str, size: str) -> t.Symbol:
    return t.Symbol(name, (size, "1"))


def plus(*terms: Tree) -> Tree:
    return t.Add(terms)


def times(*factors: Tree) -> Tree:
    return t.Multiply(factors)


def minus(*factors: Tree) -> Tree:
    return t.Multiply((num(-1), *factors))


def norm(vector: Tree) -> Tree:
    """Return |v|^2."""
    return t.Trace(times(t.Transpose(vector), vector))


def entry(of: Tree, *indices: str) -> Tree:
    return t.Entry(of, indices)


def total(body: Tree, **indices: str) -> Tree:
    return t.Total(tuple(t.Index(name, size) for name, size in indices.items()), body)


def mean(of: Tree, *moments: Tree) -> Tree:
    """Return an expectation over lam, with its moments from the first on."""
    return t.Expectation(of, lam, tuple(t.Moment(degree, (), one) for degree, one in enumerate(moments, start=1)))


def theorem_of(statement: s.Statement, **setting: Any) -> s.Theorem:
    given = {"indices": (t.Index("i", "n"),), **setting}
    return s.Theorem("some", s.Setting(**given), (("", statement),), (), ())


def proposition(statement: s.Statement, **setting: Any) -> str:
    """Return a well-formed statement for Coq in one line, n counting samples."""
    theorem = theorem_of(statement, **setting)
    require_statement(statement, require_setting(theorem.setting, names_of(theorem)))
    return unchecked(statement, theorem)


def unchecked(statement: s.Statement, theorem: s.Theorem) -> str:
    context = Context(names_of(theorem), sample_sizes(theorem), frozenset(theorem.setting.whole))
    return " ".join(StatementPrinter(Printer(context), theorem.setting).proposition(statement).split())


lam, m, m2 = (t.Symbol(name) for name in ("lam", "m", "m2"))
z, zp, y, yp, b, e, theta = (
    column(*pair) for pair in (("z", "h"), ("z'", "h"), ("y", "k"), ("y'", "k"), ("b", "k"), ("e", "k"), ("theta", "p"))
)
W, K, A, B = t.Symbol("W", ("k", "h")), t.Symbol("K", ("k", "h")), t.Symbol("A", ("h", "h")), t.Symbol("B", ("h", "h"))
E, Y, Z, P = (t.Symbol(name, ("n", size)) for name, size in (("E", "k"), ("Y", "k"), ("Z", "h"), ("P", "n")))
J, JZ = t.Symbol("J", ("h", "p")), t.Symbol("JZ", ("n", "h", "p"))
L, R = t.Symbol("L"), t.Symbol("R")
ONES, n, one = t.Ones("n", "1"), t.Size("n"), num(1)
LOSS = ((e, plus(y, minus(plus(times(W, z), b)))), (L, t.Quotient(minus(norm(e)), num(2))))
