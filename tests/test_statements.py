"""Each kind of statement: proved, refuted by a witness that SymPy confirms, undecided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from symmix import Derivation, Equivalence, Fails, Identity, Positivity, Setting, Vanishing, manifold_mixup, mix
from symmix.errors import DimensionError, StatementError, UnsupportedError
from symmix.language import ForAll, read
from symmix.notation import L, W, b, e, ep, h, k, lam, n, r, theta, y, z, zp
from symmix.statements import Statement
from symmix.verdict import (
    BothDirections,
    Existence,
    Membership,
    NormalForm,
    Positive,
    Proved,
    Refuted,
    Undecided,
    Verdict,
    Witness,
)
from tests.expressions import matrices, scalars
from tests.oracle import Point

u, v, w = (sp.MatrixSymbol(name, k, 1) for name in "uvw")
A, B = sp.MatrixSymbol("A", k, h), sp.MatrixSymbol("B", k, h)
C, D = sp.MatrixSymbol("C", k, k), sp.MatrixSymbol("D", k, k)
E, P = sp.MatrixSymbol("E", n, k), sp.MatrixSymbol("P", n, n)
i, j = sp.symbols("i j", integer=True)
s, t = sp.Symbol("s", real=True), sp.Symbol("t", real=True)
ones = sp.OneMatrix(n, 1)


def exact(rows: Sequence[Sequence[Fraction]]) -> sp.ImmutableMatrix:
    return sp.ImmutableMatrix([[sp.Rational(x.numerator, x.denominator) for x in row] for row in rows])


def point_of(witness: Witness, *expressions: sp.Basic, indices: Sequence[sp.Symbol] = ()) -> Point:
    """Return the witness as explicit matrices; every symbol of the expressions must be in it."""
    at = {index: witness.at[str(index.name)] for index in indices if str(index.name) in witness.at}
    free = {x for e in expressions for x in e.free_symbols if isinstance(x, sp.Symbol) and x not in indices}
    sizes = {x: witness.sizes[str(x.name)] for x in free if str(x.name) in witness.sizes}
    quantities = {name: rows[0][0] for name, rows in witness.entries.items()}  # scalars with a definition
    known = {**quantities, **witness.scalars}
    scalars = {x: exact([[known[str(x.name)]]])[0] for x in free if x not in sizes}
    symbols = {x for e in expressions for x in e.atoms(sp.MatrixSymbol)}
    return Point(sizes, scalars, {x: exact(witness.entries[str(x.name)]) for x in symbols}, at)


def refuted(verdict: Verdict) -> Witness:
    assert isinstance(verdict, Refuted)
    assert verdict.witness is not None
    return verdict.witness


def word(statement: Statement, **setting: object) -> str:
    return statement.decide(Setting(**setting)).word  # type: ignore[arg-type]


def vanishes(value: sp.ImmutableMatrix) -> bool:
    return all(x == 0 for x in value)


# -- identities ---


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ((A + B) * z, A * z + B * z),
        (sp.Trace(C * D), sp.Trace(D * C)),
        (mix(C * u, C * v), C * mix(u, v)),
        (lam**2 + 2 * lam * (1 - lam) + (1 - lam) ** 2, sp.S.One),
        (sp.Sum(E[i, j], (i, 0, n - 1)), (ones.T * E)[0, j]),
    ],
    ids=str,
)
def test_an_identity_is_proved(left: sp.Basic, right: sp.Basic) -> None:
    verdict = Identity(left, right).decide(Setting(indices={j: k}))
    assert isinstance(verdict, Proved)
    assert isinstance(verdict.evidence[0], NormalForm)


@pytest.mark.parametrize(
    ("left", "right", "where"),
    [
        ((A + B) * z, A * z - B * z, []),
        (sp.Trace(C * D), sp.Trace(C * D.T), []),
        (C * D, D * C, []),
        (C.T, C, []),
        (sp.HadamardProduct(u, v), v, []),
        (lam, lam**2, []),
        (n * lam, lam, []),
        (mix(u, v), mix(v, u), []),
        (C * u, u, [C * v - v]),
        (u, v, [u + v]),
        (u, v, [A.T * (u - v)]),
        (sp.Trace(C) / n, sp.Trace(C) / k, []),
        (P * ones, ones, [P.T * ones - ones]),
        (sp.Sum(u[i, 0] ** 3, (i, 0, k - 1)), sp.Sum(u[i, 0], (i, 0, k - 1)) ** 3, []),
    ],
    ids=str,
)
def test_a_false_identity_is_refuted_by_a_point_that_sympy_confirms(
    left: sp.Basic, right: sp.Basic, where: Sequence[sp.Basic]
) -> None:
    claim = Identity(left, right, where)
    witness = refuted(claim.decide(Setting()))
    point = point_of(witness, left, right, *where)
    assert point.explicit(left) == exact(witness.values["left"])
    assert point.explicit(right) == exact(witness.values["right"])
    assert point.explicit(left) != point.explicit(right)
    assert all(vanishes(point.explicit(hypothesis)) for hypothesis in where)
    denied = Fails(claim).decide(Setting())
    assert isinstance(denied, Proved)
    assert denied.evidence == (Existence(witness),)


def test_a_witness_holds_at_its_sample() -> None:
    claim, indices = Identity(E[i, :], P[i, i] * E[i, :]), {i: n}
    witness = refuted(claim.decide(Setting(indices=indices)))
    point = point_of(witness, claim.left, claim.right, indices=[i])
    assert point.explicit(claim.left) == exact(witness.values["left"]) != exact(witness.values["right"])
    assert point.explicit(claim.right) == exact(witness.values["right"])


def test_a_witness_shows_what_is_defined() -> None:
    mixup = manifold_mixup()
    witness = refuted(Identity(r, mix(ep, e)).decide(Setting(mixup.definitions)))
    point = point_of(witness, *mixup.definitions, *mixup.definitions.values())
    for symbol, value in mixup.definitions.items():
        assert point.explicit(value) == point.explicit(symbol)
    assert exact(witness.values["left"]) == point.explicit(r)
    assert 0 <= witness.scalars["lam"] <= 1


def test_a_witness_meets_the_conditions() -> None:
    conditions = [s > 2, t < s, sp.Ne(t, 0), s * t <= 3]
    witness = refuted(Identity(s * u, t * u).decide(Setting(conditions=conditions)))
    at = {x: exact([[witness.scalars[x.name]]])[0] for x in (s, t)}
    assert all(condition.subs(at) == sp.true for condition in conditions)


@settings(max_examples=60)
@given(st.data())
def test_random_identities_agree_with_explicit_values(data: st.DataObject) -> None:
    """Whatever is proved holds at a point, whatever is refuted fails at the witness."""
    if data.draw(st.booleans()):
        left, right = (data.draw(matrices(k, h, 1)) for _ in range(2))
    else:
        left, right = (data.draw(scalars(1)) for _ in range(2))
    if data.draw(st.booleans()) and isinstance(left, sp.MatrixExpr):
        right = 2 * left + right - left - left
    if read(left) == read(right):
        return  # it states nothing, and is refused: see test_sides_that_are_the_same_state_nothing
    verdict = Identity(left, right).decide(Setting())
    if isinstance(verdict, Proved):
        point = Point.drawn({k: 2, h: 3, n: 4}, left, right)
        assert point.explicit(left) == point.explicit(right)
    else:
        witness = refuted(verdict)
        assert exact(witness.values["left"]) != exact(witness.values["right"])


@pytest.mark.parametrize(
    "statement", [Identity(u, u), Fails(Identity(u, u)), Identity(s * u / s, u), Equivalence([u], [u])]
)
def test_sides_that_are_the_same_state_nothing(statement: Statement) -> None:
    with pytest.raises(StatementError, match="two sides that differ"):
        statement.decide(Setting())


@pytest.mark.parametrize("right", [u.T, z, lam, A])
def test_sides_of_two_shapes_are_an_error(right: sp.Basic) -> None:
    with pytest.raises((StatementError, DimensionError)):
        word(Identity(u, right))


# -- vanishing ---

VANISH: list[tuple[list[sp.Basic], list[sp.Basic]]] = [
    ([C * u + D * v], [u, v]),
    ([C * (u - v)], [u - v]),
    ([C * u - C * v], [u - v]),
    ([sp.Trace(u * v.T)], [v]),
    ([u - w], [u - v, v - w]),
    ([C * D * u - u], [C * D - sp.Identity(k)]),
    ([P * P * ones - ones], [P * ones - ones]),
    ([ones.T * P * E - ones.T * E], [P.T * ones - ones]),
    ([A.T * C * A * z], [A * z]),
    ([sp.Trace(E.T * P * E) - sp.Trace(E.T * E)], [P - sp.Identity(n)]),
    ([u, v, u + v], [u, v]),
    ([sp.ZeroMatrix(k, 1)], []),
]


@pytest.mark.parametrize(("expressions", "where"), VANISH, ids=str)
def test_vanishing_is_proved_with_cofactors(expressions: list[sp.Basic], where: list[sp.Basic]) -> None:
    verdict = Vanishing(expressions, where).decide(Setting())
    assert isinstance(verdict, Proved)
    assert len(verdict.evidence) == len(expressions)
    for piece in verdict.evidence:
        assert isinstance(piece, Membership)
        assert piece.way.cofactors.multiplied_out() == piece.way.cofactors.goal
        assert len(piece.way.cofactors.factors) == len(where)


@pytest.mark.parametrize(
    ("expressions", "where"),
    [
        ([C * u + D * v], [u]),
        ([u], [C * u]),
        ([u], [lam * u]),
        ([u, v], [u + v]),
        ([C * u - u * lam], [C - sp.Identity(k)]),
        ([P.T * ones - ones], [P * ones - ones]),
        ([C * D - D * C], [C - C.T, D - D.T]),
        ([u], []),
        ([D * C * u - u], [C * D * v - v]),
        ([sp.Trace(C)], [C - C.T]),
    ],
    ids=str,
)
def test_what_does_not_vanish_is_refuted(expressions: list[sp.Basic], where: list[sp.Basic]) -> None:
    witness = refuted(Vanishing(expressions, where).decide(Setting()))
    (value,) = witness.values.values()
    assert any(x for row in value for x in row)
    known = [x for x in expressions if {str(m.name) for m in x.atoms(sp.MatrixSymbol)} <= witness.entries.keys()]
    assert any(point_of(witness, x, *where).explicit(x) == exact(value) for x in known)
    point = point_of(witness, *where) if where else None
    assert point is None or all(vanishes(point.explicit(hypothesis)) for hypothesis in where)


def test_a_hypothesis_with_a_sample_index_is_about_that_sample() -> None:
    indices = {i: n}
    assert word(Vanishing([E[i, :] * C], where=[E[i, :]]), indices=indices) == "proved"
    assert word(Vanishing([E[i, :]], where=[sp.OneMatrix(1, n) * E]), indices=indices) == "refuted"
    assert word(Vanishing([E[i, :]], where=[P[i, i] * E[i, :]]), indices=indices) == "refuted"
    for claim in (sp.OneMatrix(1, n) * E, P[i, :] * E):
        witness = refuted(Vanishing([claim], where=[E[i, :]]).decide(Setting(indices=indices)))
        assert not any(witness.entries["E"][witness.at["i"]])
        assert any(x for row in witness.entries["E"] for x in row)
        for every in (ForAll(i, E[i, :]), ForAll((i, n), E[i, :]), E):
            assert word(Vanishing([claim.subs(i, j)], where=[every]), indices={j: n}) == "proved"


def test_a_hypothesis_about_one_sample_says_nothing_of_another() -> None:
    assert word(Vanishing([E[j, :]], where=[E[i, :]]), indices={i: n, j: n}) == "refuted"
    assert word(Vanishing([P[i, j] * E[j, :] * C], where=[E[j, :]]), indices={i: n, j: n}) == "proved"
    assert word(Equivalence([2 * E[i, :]], [E[i, :]]), indices={i: n}) == "proved"
    assert word(Equivalence([E[i, :]], [E[j, :]]), indices={i: n, j: n}) == "refuted"


@pytest.mark.slow
def test_what_needs_finite_sizes_is_undecided() -> None:
    """Of a matrix with L L = 0 the trace is 0, but no combination says so: not proved, and no witness either."""
    left = sp.MatrixSymbol("L", k, k)
    claim = Vanishing([sp.Trace(left)], where=[left * left])
    verdict = claim.decide(Setting())
    assert isinstance(verdict, Undecided)
    assert "cofactors" in verdict.missing
    assert word(Fails(claim)) == "undecided"


def test_a_sum_of_squares_vanishes_where_each_of_them_does() -> None:
    assert word(Vanishing([u], where=[sp.Trace(u.T * u)])) == "proved"
    assert word(Fails(Vanishing([u], where=[sp.Trace(u.T * u)]))) == "refuted"
    assert word(Vanishing([u], where=[sp.Trace(u.T * u) - sp.Trace(v.T * v)])) == "refuted"


def test_saying_nothing_is_an_error() -> None:
    for nothing in (Vanishing([]), Equivalence([], [u]), Equivalence([u], [])):
        with pytest.raises(StatementError, match="at least one expression"):
            word(nothing)


# -- equivalence ---

TWO = [lam * u + (1 - lam) * v, (1 - lam) * u + lam * v]


def test_an_equivalence_by_the_adjugate() -> None:
    verdict = Equivalence(TWO, [u, v], provided=[2 * lam - 1]).decide(Setting())
    assert isinstance(verdict, Proved)
    (evidence,) = verdict.evidence
    assert isinstance(evidence, BothDirections)
    assert all(way.cofactors.holds for way in (*evidence.forward, *evidence.backward))
    assert not any(way.squared for way in (*evidence.forward, *evidence.backward))


def test_without_the_determinant_it_is_refuted_where_that_vanishes(monkeypatch: pytest.MonkeyPatch) -> None:
    witness = refuted(Equivalence(TWO, [u, v]).decide(Setting()))
    assert witness.scalars["lam"] == Fraction(1, 2)
    assert word(Equivalence(TWO, [u, v], provided=[lam])) == "refuted"
    monkeypatch.setattr("symmix.search.witnesses._ATTEMPTS", 20)
    assert word(Equivalence(TWO, [u, v], provided=[(2 * lam - 1) ** 2])) == "undecided"  # true, but not recognised


def test_an_equivalence_by_hand() -> None:
    claim = Equivalence([s * A.T * u], [A.T * u], provided=[s], back=lambda left: [left])
    assert word(claim) == "proved"
    assert word(Equivalence([A.T * A * z], [A * z], back=lambda left: [sp.Trace(z.T * left)])) == "proved"
    assert word(Equivalence([s * A.T * A * z], [A * z], provided=[s], back=lambda left: [z.T * left])) == "proved"


def test_a_square_is_said_to_be_one() -> None:
    verdict = Equivalence([A.T * A * z], [A * z], back=lambda left: [z.T * left]).decide(Setting())
    assert isinstance(verdict, Proved)
    (evidence,) = verdict.evidence
    assert isinstance(evidence, BothDirections)
    assert evidence.backward[0].squared


@pytest.mark.parametrize(
    "back",
    [
        lambda _: [A * z],
        lambda _: [sp.ZeroMatrix(k, 1)],
        lambda left: [A * z + 0 * A * left],
        lambda left: [left.T * left * sp.Identity(1)],
        lambda left: [sp.Trace(left.T * left)],
        lambda _: [sp.Trace(z.T * A.T * A * z)],
        lambda left: [2 * z.T * left],
    ],
    ids=["the goal", "zero", "ignores left", "quadratic", "a square", "the goal's square", "a wrong factor"],
)
def test_a_way_back_that_shows_nothing_proves_nothing(back: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symmix.search.witnesses._ATTEMPTS", 20)  # the claim is true: there is no witness to find
    claim = Equivalence([A.T * A * z], [A * z], back=back)  # type: ignore[arg-type]
    assert word(claim) == "undecided"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ([A * z], [z]),
        ([u + v], [u, v]),
        ([lam * u], [u]),
        ([u], [A.T * u]),
        ([sp.Trace(C) * u], [u]),
        ([u], [v]),
    ],
    ids=str,
)
def test_a_false_equivalence_is_refuted(left: list[sp.Basic], right: list[sp.Basic]) -> None:
    for first, second in ((left, right), (right, left)):
        zeros = [sp.S.Zero] * len(second)
        for claim in (Equivalence(first, second), Equivalence(first, second, back=lambda *_, shown=zeros: shown)):
            assert word(claim) == "refuted"


def test_an_equivalence_under_a_hypothesis() -> None:
    assert word(Equivalence([u], [v], where=[u - v])) == "proved"
    assert word(Equivalence([u], [w], where=[u - v])) == "refuted"


def test_the_way_back_has_one_combination_for_each_right_side() -> None:
    with pytest.raises(StatementError, match="one combination for each of the 1 expressions"):
        word(Equivalence([A.T * A * z], [A * z], back=lambda left: [left, left]))
    with pytest.raises(StatementError, match="a combination over the indices"):
        word(Equivalence([A.T * A * z], [A * z], back=lambda left: [left]))


# -- positivity ---


@pytest.mark.parametrize(
    ("scalar", "ranges"),
    [
        (lam * (1 - lam), {lam: (0, 1)}),
        (lam**2 - lam + 1, {lam: (0, 1)}),
        (lam**2 - lam + sp.Rational(26, 100), {lam: (0, 1)}),
        (s * t + s, {s: (0, sp.oo), t: (0, sp.oo)}),
        ((s + 1) / (2 * (2 * s + 1)), {s: (0, sp.oo)}),
        (1 / s - 1, {s: (0, 1)}),
        (n - 1, {n: (1, sp.oo)}),
        (s - 2, {s: (Fraction(5, 2), 3)}),
    ],
    ids=str,
)
def test_positivity_is_proved(scalar: sp.Expr, ranges: Mapping[sp.Symbol, tuple[sp.Basic, sp.Basic]]) -> None:
    verdict = Positivity(scalar, ranges).decide(Setting())
    assert isinstance(verdict, Proved)
    assert isinstance(verdict.evidence[0], Positive)


@pytest.mark.parametrize(
    ("scalar", "ranges"),
    [
        (lam * (1 - lam) - sp.Rational(1, 4), {lam: (0, 1)}),
        (lam - sp.Rational(1, 100), {lam: (0, 1)}),
        (-lam, {lam: (0, 1)}),
        (s - t, {s: (0, sp.oo), t: (0, sp.oo)}),
        (1 / s - 1, {s: (0, sp.oo)}),
        (sp.S.Zero, {lam: (0, 1)}),
    ],
    ids=str,
)
def test_what_is_not_positive_is_refuted(
    scalar: sp.Expr, ranges: Mapping[sp.Symbol, tuple[sp.Basic, sp.Basic]]
) -> None:
    witness = refuted(Positivity(scalar, ranges).decide(Setting()))
    at = {x: exact([[witness.scalars[str(x.name)]]])[0] for x in scalar.free_symbols}
    assert scalar.subs(at) <= 0
    assert all(ranges[x][0] < value < ranges[x][1] for x, value in at.items())
    assert exact(witness.values["value"])[0] == scalar.subs(at)


def test_a_range_is_an_open_interval_too() -> None:
    reader = Setting().reader
    for interval, pair in ((sp.Interval.open(0, 1), (0, 1)), (sp.Interval(-sp.oo, sp.oo), (-sp.oo, sp.oo))):
        assert Positivity(lam + 1, {lam: interval}).tree(reader) == Positivity(lam + 1, {lam: pair}).tree(reader)


@pytest.mark.parametrize(
    ("bounds", "remedy"),
    [
        (sp.Interval(0, 1), "conditions=[x >= 0]"),
        (sp.Interval.Lopen(0, 1), "conditions=[x >= 0]"),
        (sp.Interval.open(0, sp.pi), "give exact bounds"),
        ((0, 2 / sp.Symbol("a", positive=True)), "one in other symbols is a condition"),
        (sp.Interval.open(1, 0), "give exact bounds"),
        ((1, 0), "lower bound first"),
        ({0, 1}, "give exact bounds"),
    ],
)
def test_a_range_that_cannot_be_one_is_refused_with_the_remedy(bounds: Any, remedy: str) -> None:
    with pytest.raises(StatementError) as refused:
        Positivity(lam + 1, {lam: bounds}).decide(Setting())
    assert remedy in str(refused.value)


def test_a_range_that_depends_on_others_is_a_condition() -> None:
    a, b = sp.symbols("a b", positive=True)
    below = Setting(conditions=[a * b < 2])
    assert isinstance(Positivity(1 - (1 - a * b) ** 2, {a: (0, sp.oo), b: (0, sp.oo)}).decide(below), Proved)
    above = Setting(conditions=[a * b < 3])
    assert isinstance(Positivity(1 - (1 - a * b) ** 2, {a: (0, sp.oo), b: (0, sp.oo)}).decide(above), Refuted)


def test_positivity_of_what_has_no_range_needs_squares() -> None:
    assert word(Positivity(s**2 + 1, {})) == "proved"
    assert word(Positivity(s**2, {})) == "refuted"
    motzkin = s**4 * t**2 + s**2 * t**4 - 3 * s**2 * t**2 + 1  # never negative, and no sum of squares
    assert word(Positivity(motzkin + 1, {})) == "undecided"
    assert word(Positivity((s - t) ** 2 + s, {s: (0, 1), t: (0, 1)})) in ("proved", "undecided")


def test_positivity_is_of_scalars() -> None:
    with pytest.raises((UnsupportedError, DimensionError), match="a scalar in an inequality"):
        word(Positivity(u, {}))
    assert word(Positivity(sp.Trace(u.T * u), {})) == "refuted"
    assert word(Positivity(sp.Trace(u.T * u) + 1, {})) == "proved"


# -- denials, conditions, derivations ---


def test_the_denial_of_what_is_proved_is_refuted_without_a_witness() -> None:
    verdict = Fails(Identity(C * (u + v), C * u + C * v)).decide(Setting())
    assert isinstance(verdict, Refuted)
    assert verdict.witness is None
    with pytest.raises(StatementError, match="a statement that fails"):
        word(Fails(Fails(Identity(u, v))))


def test_the_denial_of_what_is_proved_of_nothing_is_not_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symmix.search.witnesses._ATTEMPTS", 20)
    ones_and_zero = [u, u - sp.OneMatrix(k, 1)]
    verdict = Vanishing([v], where=ones_and_zero).decide(Setting())
    assert verdict.word in ("undecided", "proved")
    assert not (isinstance(verdict, Proved) and verdict.met)
    assert word(Fails(Vanishing([u], where=ones_and_zero))) == "undecided"


@pytest.mark.parametrize(
    "condition", [sp.Eq(s, 1), s, sp.true, sp.Contains(s, sp.Reals), "s > 0", sp.And(s > 0, t > 0)]
)
def test_conditions_are_inequalities(condition: object) -> None:
    with pytest.raises(StatementError, match="a condition of the form"):
        word(Identity(s * u, v), conditions=[condition])


def test_contradictory_conditions_prove_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symmix.search.witnesses._ATTEMPTS", 20)
    setting = Setting(conditions=[s > 1, s < 0])
    assert Identity(s * u, v).decide(setting).word == "undecided"
    assert Fails(Identity(s * u, v)).decide(setting).word == "undecided"


def test_every_step_of_a_derivation_is_decided() -> None:
    chain = (
        Derivation(C * (u + v))
        .equals(C * u + C * v, by="C is linear")
        .equals(C * u - C * v, by="a slip")
        .equals(C * u, by="v is zero", where=[v])
    )
    assert [verdict.word for verdict in chain.decide(Setting())] == ["proved", "refuted", "proved"]
    assert chain.end == C * u
    assert Derivation(u).end == u


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_step_has_a_reason(reason: str) -> None:
    with pytest.raises(StatementError, match="a reason for each step"):
        Derivation(u).equals(u, by=reason)


def test_the_order_of_statements_changes_no_verdict() -> None:
    mixup = manifold_mixup()
    statements: list[Statement] = [
        Identity(mixup.gradient(z), lam * W.T * r),
        Identity(mixup.gradient(z) / lam, W.T * r),
        Vanishing([W.T * r], where=[mixup.gradient(z)]),
        Equivalence([mixup.gradient(b)], [mix(e, ep)]),
        Identity(mixup.gradient(theta), sp.ZeroMatrix(theta.shape[0], 1)),
        Identity(L, sp.S.Zero, where=[e, ep]),
        Identity(y, zp[0, 0] * y) if zp.shape == (1, 1) else Identity(y, W * zp),
    ]
    alone = [statement.decide(Setting(mixup.definitions)).word for statement in statements]
    setting = Setting(mixup.definitions)
    backwards = [statement.decide(setting).word for statement in reversed(statements)]
    assert alone == backwards[::-1] == ["proved", "proved", "refuted", "proved", "refuted", "proved", "refuted"]
