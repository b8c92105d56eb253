"""What is printed as the reason of a statement is an equation that holds: denominators, factors, hypotheses."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy as sp

from symmix import Identity, Minimum, Nonnegative, Proved, Setting, Vanishing, squared_norm
from symmix.publish.evidence import bounded, combination, combined
from symmix.terms import nodes as t
from symmix.verdict import Bounded, Membership

n, d = sp.symbols("n d", integer=True, positive=True)
A, B = sp.MatrixSymbol("A", n, n), sp.MatrixSymbol("B", n, n)
v, w, o = (sp.MatrixSymbol(name, n, 1) for name in "vwo")
X, y = sp.MatrixSymbol("X", d, n), sp.MatrixSymbol("y", d, 1)
mu, x = sp.symbols("mu x", real=True)
p, q = sp.symbols("p q", positive=True)
unit, tr = sp.Identity(n), sp.Trace
loss = squared_norm(X * w - y) / (1 + p) + mu**2 * squared_norm(w)

STATEMENTS = {
    "a denominator": Identity(v / (1 + mu), w / (1 + mu), where=[B * A - unit, A * v - A * w]),
    "two, and one of a hypothesis": Vanishing([v / (1 + mu) + v / (2 + mu)], where=[B * A - unit, A * v / (3 + mu)]),
    "a square": Vanishing([A * v / (1 + p)], where=[A.T * A * v / (2 + p)]),
    "a factor": Vanishing([v / (2 + p)], where=[(1 + p) * v - w, w / (3 + p)]),
    "Young": Nonnegative(squared_norm(v) / (1 + p) + squared_norm(w) * (1 + p) - 2 * tr(v.T * w)),
    "Young, of any scalar": Nonnegative(squared_norm(v) / (1 + x**2) + squared_norm(w) * (1 + x**2) - 2 * tr(v.T * w)),
    "weights": Nonnegative(squared_norm(v) / (p + q) + squared_norm(w) / p - squared_norm(v + w) / (2 * p + q)),
    "a minimum": Minimum(loss, at={w: o}, where=[X.T * (X * o - y) / (1 + p) + mu**2 * o]),
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_the_equation_that_is_printed_holds(name: str) -> None:
    statement = STATEMENTS[name]
    setting = Setting()
    verdict = statement.decide(setting)
    assert isinstance(verdict, Proved), verdict
    (evidence,) = verdict.evidence
    if isinstance(evidence, Bounded):
        left, right = bounded(evidence, setting)
    else:
        assert isinstance(evidence, Membership)
        left, right = combined(evidence, setting), combination(evidence, setting)
    frame = setting.frame(statement.tree(setting.reader))
    assert frame.goal(left, right).is_zero
    assert not frame.goal(left, t.Multiply((t.Number(Fraction(2)), right))).is_zero


def test_a_combination_is_the_same_whenever_it_is_written() -> None:
    """What stands for hypotheses in between has names that sort in one way, and is gone afterwards."""
    setting = Setting()
    statement = Vanishing([mu * (x - q) + p * (q - 2)], where=[x - q, q - 2])
    verdict = statement.decide(setting)
    assert isinstance(verdict, Proved)
    (evidence,) = verdict.evidence
    assert isinstance(evidence, Membership)
    known = set(setting.reader.symbols)
    found = set()
    for number in range(12):
        found.add(str(combination(evidence, setting)))
        assert set(setting.reader.symbols) == known
        known.add(f"extra{number}")
        setting.reader.symbols[f"extra{number}"] = sp.Symbol(f"extra{number}", real=True)
    assert len(found) == 1
