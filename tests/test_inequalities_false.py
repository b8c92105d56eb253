"""False inequalities, minima and real facts where nobody looks for a point: nothing of it may be proved.

The search for witnesses is switched off, so that a false statement is refused by the gates alone. Random ones are
evaluated at random points, by SymPy at explicit sizes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import pytest
import sympy as sp

from symmix import Equivalence, Identity, Minimum, Nonnegative, Positivity, Setting, Vanishing, squared_norm
from symmix.language import ForAll
from symmix.statements.base import Statement
from symmix.verdict import Proved, Refuted
from tests.oracle import Point
from tests.slow import slow_but

n, d, k = sp.symbols("n d k", integer=True, positive=True)
x, y, z, t = sp.symbols("x y z t", real=True)
p = sp.Symbol("p", positive=True)
least = sp.Symbol("least", nonnegative=True)
other = sp.Symbol("other", real=True, nonzero=True)
below = sp.Symbol("below", negative=True)
count = sp.Symbol("count", integer=True)
i, j = sp.symbols("i j", integer=True)
u, v, w = (sp.MatrixSymbol(name, d, 1) for name in "uvw")
A = sp.MatrixSymbol("A", d, d)
X, r = sp.MatrixSymbol("X", n, d), sp.MatrixSymbol("r", n, 1)
tr, unit, oo = sp.Trace, sp.Identity, sp.oo
At: Any = {"indices": {i: n}}
Two: Any = {"indices": {i: n, j: n}}
False_ = tuple[Statement, Mapping[str, Any]]

SIGNS: dict[str, False_] = {
    "a scalar": (Nonnegative(x), {}),
    "not negative is not positive": (Positivity(least, {}), {}),
    "an even power of what may be zero": (Positivity(least**2, {}), {}),
    "not zero is not positive": (Positivity(other, {}), {}),
    "an odd power": (Nonnegative(other**3), {}),
    "an odd power of what is negative": (Nonnegative(below**3), {}),
    "below what is positive": (Nonnegative(x / p), {}),
    "below what is not zero": (Nonnegative(1 / other), {}),
    "below what may have any sign": (Nonnegative(squared_norm(v) / (x - y)), {}),
    "below an odd power": (Nonnegative(squared_norm(v) / (x - y) ** 3), {}),
    "a product of what is not zero": (Nonnegative(x * y), {"conditions": [sp.Ne(x, 0), sp.Ne(y, 0)]}),
    "a size above two": (Nonnegative(n - 2), {}),
    "sizes": (Nonnegative(n - d), {}),
    "a size above one": (Positivity(n - 1, {n: (0, oo)}), {}),
    "the other side of a bound": (Nonnegative(x - 1), {"conditions": [x <= 1]}),
    "nearer than a bound": (Nonnegative(sp.Rational(1, 2) - x), {"conditions": [x < 1]}),
    "inside of an interval": (Nonnegative(x * (1 - x) * (2 * x - 1)), {"conditions": [x >= 0, x <= 1]}),
    "a condition on a product": (Nonnegative(x), {"conditions": [x * y > 0]}),
    "a condition on a square": (Nonnegative(x), {"conditions": [x**2 > 0]}),
    "a condition on a sum": (Nonnegative(x), {"conditions": [x + y >= 0]}),
    "a range around zero": (Nonnegative(x, ranges={x: (-1, 1)}), {}),
    "a range below": (Nonnegative(x, ranges={x: (-oo, 1)}), {}),
    "beyond a range": (Positivity(x - 1, {x: (-oo, 1)}), {}),
    "a whole number": (Nonnegative(count), {}),
    "a whole number above one": (Nonnegative(count - 2), {"conditions": [count > 0]}),
}
SQUARES: dict[str, False_] = {
    "a difference of norms": (Nonnegative(squared_norm(v) - squared_norm(w)), {}),
    "a norm may be zero": (Positivity(squared_norm(v), {}), {}),
    "a norm and what may be zero": (Positivity(squared_norm(v) + least, {}), {}),
    "a norm and what is zero": (Positivity(squared_norm(v) + x, {}, where=[x]), {}),
    "a root divides by what may be zero": (Nonnegative(t, where=[x * t, y], squares=[y / x]), {}),
    "a root divides by a difference": (Nonnegative(t, where=[(x - y) * t, z], squares=[z / (x - y)]), {}),
    "a root of entries divides": (Nonnegative(t, where=[x * t, u], squares=[u / x]), {}),
    "a form": (Nonnegative(tr(v.T * A * v)), {}),
    "a symmetric form": (Nonnegative(tr(v.T * A * v), where=[A - A.T]), {}),
    "an oblique projection": (Nonnegative(tr(v.T * A * v), where=[A * A - A]), {}),
    "a trace of a square": (Nonnegative(tr(A * A)), {}),
    "a trace of a skew square": (Nonnegative(tr(A * A), where=[A + A.T]), {}),
    "a trace of a reflection": (Nonnegative(tr(A), where=[A * A - unit(d)]), {}),
    "Cauchy and Schwarz, turned": (Nonnegative(tr(v.T * w) ** 2 - squared_norm(v) * squared_norm(w)), {}),
    "a variance with another mean": (Nonnegative(squared_norm(r) / n - tr(sp.OneMatrix(1, n) * r) ** 2 / n), {}),
}
SAMPLES: dict[str, False_] = {
    "an entry": (Nonnegative(r[i, 0]), At),
    "two entries": (Nonnegative(r[i, 0] * r[j, 0]), Two),
    "one sample is not all": (Nonnegative(-squared_norm(r), where=[r[i, 0]]), At),
    "one sample is not another": (Nonnegative(-(r[j, 0] ** 2), where=[r[i, 0]]), Two),
    "one column is not all": (Nonnegative(-tr(X.T * X), where=[ForAll(i, X[i, j])]), {"indices": {j: d}}),
    "a sum of entries": (Nonnegative(sp.Sum(r[i, 0], (i, 0, n - 1))), {}),
    "pairs": (Nonnegative(2 * squared_norm(r) - sp.Sum(r[i, 0] * r[j, 0], (i, 0, n - 1), (j, 0, n - 1))), {}),
    "a sample vanishes alone": (Vanishing([r[j, 0]], where=[r[i, 0] ** 2]), Two),
}
MINIMA: dict[str, False_] = {
    "anywhere": (Minimum(squared_norm(X * w - r), at={w: u}), {}),
    "stationary without the point": (Minimum(squared_norm(X * w - r), at={w: u}, where=[X.T * r]), {}),
    "the variable is stationary": (Minimum(squared_norm(X * w - r), at={w: u}, where=[X.T * (X * w - r)]), {}),
    "a maximum": (Minimum(-squared_norm(w), at={w: v}, where=[v]), {}),
    "a saddle": (Minimum(squared_norm(w) - squared_norm(u), at={w: v, u: v}, where=[v]), {}),
}
REAL: dict[str, False_] = {
    "an inner product": (Vanishing([u], where=[tr(u.T * v)]), {}),
    "a difference of squares": (Vanishing([u], where=[squared_norm(u) - squared_norm(v)]), {}),
    "times what may be zero": (Vanishing([u], where=[x * squared_norm(u)]), {}),
    "times what is not negative": (Vanishing([u], where=[least * squared_norm(u)]), {}),
    "times a difference": (Vanishing([u], where=[(x - y) * u]), {"conditions": [sp.Ne(x, 0), sp.Ne(y, 0)]}),
    "times what a bound says": (Vanishing([u], where=[(x + y) * u]), {"conditions": [x >= y]}),
    "a trace of a square": (Vanishing([A], where=[tr(A * A)]), {}),
    "a nilpotent matrix": (Vanishing([A], where=[A * A]), {}),
    "a kernel": (Equivalence([X.T * X * u], [u]), {}),
    "provided is another": (Equivalence([x * u], [u], provided=[y]), {}),
    "provided are two others": (Equivalence([(x - y) * u], [u], provided=[x, y]), {}),
    "rows are not columns": (Identity(X.T * X, unit(d), where=[X * X.T - unit(n)]), {}),
}
FALSE = {f"{kind}: {name}": false for kind, table in (
    ("signs", SIGNS), ("squares", SQUARES), ("samples", SAMPLES), ("minima", MINIMA), ("real", REAL)
) for name, false in table.items()}  # fmt: skip


def nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("positivity", "frame", "equivalence"):
        monkeypatch.setattr(f"symmix.deciding.{module}.find_witness", lambda *_, **__: None)
    monkeypatch.setattr("symmix.deciding.positivity.lowest_point", lambda _: None)


@pytest.mark.parametrize("name", FALSE)
def test_what_is_false_is_not_proved_where_nobody_looks_for_a_point(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    statement, setting = FALSE[name]
    nobody_looks(monkeypatch)
    assert not isinstance(statement.decide(Setting(**setting)), Proved)


@pytest.mark.parametrize("name", FALSE)
def test_what_is_false_is_refuted_where_somebody_does(name: str) -> None:
    statement, setting = FALSE[name]
    assert isinstance(statement.decide(Setting(**setting)), Refuted)


def test_points_do_not_wait_for_squares_that_are_looked_for_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = iter([None] * 1000)
    monkeypatch.setattr("symmix.deciding.positivity._FEW", 1)
    monkeypatch.setattr("symmix.deciding.positivity._least", lambda _: None)
    monkeypatch.setattr("symmix.deciding.squares.Inequality.searched", lambda *_: turns)
    false = Nonnegative(squared_norm(u) - squared_norm(v) + 3)
    assert isinstance(false.decide(Setting()), Refuted)
    assert 0 < 1000 - len([*turns]) < 10


def test_squares_are_looked_for_before_the_points_that_take_long(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = list[float]()
    monkeypatch.setattr(
        "symmix.deciding.positivity.find_witness", lambda *_, attempts=None: drawn.append(attempts or oo)
    )
    monkeypatch.setattr("symmix.deciding.positivity.lowest_point", lambda _: None)
    assert isinstance(Nonnegative(squared_norm(u - v) / n).decide(Setting()), Proved)
    assert len(drawn) < 3
    drawn.clear()
    assert not isinstance(Nonnegative(tr(A)).decide(Setting()), Proved | Refuted)
    assert drawn == sorted(drawn)
    assert drawn[-1] == oo


# -- random ones ---

SCALARS = sp.symbols("s0:4", real=True)


def test_quadratic_polynomials_are_decided_completely() -> None:
    """By SymPy, the form in one more variable is semidefinite, or it is not."""
    random, found = Random(5), Counter[tuple[str, bool]]()
    one = sp.Symbol("one")
    for _ in range(40):
        rows = [[random.randint(-2, 2) for _ in range(5)] for _ in range(random.randint(1, 3))]
        squares = [sum(c * s for c, s in zip(row, (1, *SCALARS), strict=True)) ** 2 for row in rows]
        less = random.choice([0, 0, 1, sp.Rational(1, 3)]) * random.choice([1, *SCALARS, SCALARS[2] ** 2])
        form = sp.expand(sum(squares) - less)
        if form.free_symbols:
            whole = sp.expand(one**2 * form.subs({s: s / one for s in SCALARS}, simultaneous=True))
            truth = bool(sp.hessian(whole, (one, *SCALARS)).is_positive_semidefinite)
            word = Nonnegative(form).decide(Setting()).word
            assert word == ("proved" if truth else "refuted"), form
            found[word, truth] += 1
    assert min(found["proved", True], found["refuted", False]) > 4


def pieces(random: Random) -> Callable[[], sp.MatrixExpr]:
    """Return a source of columns with n rows."""
    G, c = sp.MatrixSymbol("G", n, n), sp.MatrixSymbol("c", n, 1)
    atoms = [r, X * w, X * v, G * r, c, sp.OneMatrix(n, 1), t * r, x * c, G.T * X * w]
    return lambda: sum((random.randint(-2, 2) * random.choice(atoms) for _ in range(2)), start=random.choice(atoms))


def random_bounds(random: Random) -> sp.Expr:
    """Return a sum of squared norms, from which a norm or an inner product may be subtracted."""
    column = pieces(random)
    scales = [1, 2, sp.Rational(1, 3), p, 1 / p, n, 1 / sp.S(n), least]
    whole = sum(random.choice(scales) * squared_norm(column()) for _ in range(random.randint(1, 2)))
    less = random.choice([0, 0, sp.Rational(1, 5) * squared_norm(column()), tr(column().T * column()) / 4, least])
    return whole - less


def value(expression: sp.Expr, seed: int) -> sp.Rational:
    """Return a value at a random point, with what has to be positive."""
    point = Point.drawn({n: 2, d: 3}, expression, seed=seed)
    for s in (p, least):
        if s in point.scalars:
            point = Point(point.sizes, {**point.scalars, s: abs(point.scalars[s])}, point.matrices)
    return point.explicit(expression)[0]


@pytest.mark.parametrize("seed", slow_but(range(10), range(40)))
def test_what_is_proved_holds_at_random_points(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where nobody looks for a point at which it fails; what is a sum of squares by construction is proved."""
    bound = random_bounds(Random(seed))
    lowest = min(value(bound, number) for number in range(8))
    found = Nonnegative(bound).decide(Setting())
    assert not (isinstance(found, Proved) and lowest < 0)
    if isinstance(found, Refuted):
        assert found.witness is not None
        assert found.witness.values["value"][0][0] < 0
    nobody_looks(monkeypatch)
    assert isinstance(Nonnegative(bound).decide(Setting()), Proved) is isinstance(found, Proved)
    assert not isinstance(Nonnegative(-bound - 1).decide(Setting()), Proved) or lowest < 0
