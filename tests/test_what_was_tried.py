"""A verdict that is open names what was tried: degrees, rounds, multiples, roots."""

from __future__ import annotations

import re

import pytest
import sympy as sp

from symmix import Equivalence, Nonnegative, Positivity, Setting, Vanishing
from symmix.verdict import Undecided

n = sp.Symbol("n", integer=True, positive=True)
A, B = (sp.MatrixSymbol(name, n, n) for name in "AB")
v = sp.MatrixSymbol("v", n, 1)
x, y, z = sp.symbols("x y z", real=True)
tr = sp.Trace
COFACTORS = (
    r"tried were (?:1 multiple|0 multiples|[2-9] multiples|[1-9]\d+ multiples) of the hypotheses,"
    r" up to degree \d+, in (?:1 round|[2-9] rounds)\b"
)
SQUARES = r"tried were \d+ roots of degree \d+ at most, up to \d+ multiples of the hypotheses"
OPEN = {
    "a nilpotent matrix has no trace": (Vanishing([tr(A)], where=[A * A]), COFACTORS),
    "a power of a symmetric matrix": (Vanishing([A * v], where=[A * A * A * v, A - A.T]), COFACTORS),
    "the same, both ways": (Equivalence([A * v, A**3 * v], [A**3 * v], where=[A - A.T]), COFACTORS),
    "Motzkin": (Nonnegative(x**4 * y**2 + x**2 * y**4 - 3 * x**2 * y**2 + 1), SQUARES),
    "a given root that is not enough": (
        Nonnegative(x**4 + y**4 + z**4 + 1 - 4 * x * y * z, squares=[x**2 - y**2]),
        "tried were the 1 roots that are given",
    ),
    "an irrational zero": (Positivity((x**2 - 2) ** 2), "between -?[0-9/]+ and -?[0-9/]+"),
}


@pytest.mark.parametrize("name", OPEN)
def test_what_was_tried_is_said(name: str) -> None:
    statement, said = OPEN[name]
    verdict = statement.decide(Setting())
    assert isinstance(verdict, Undecided), verdict
    assert re.search(said, verdict.missing), verdict.missing
