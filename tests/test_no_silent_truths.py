"""Ways in which a false statement could be proved, or a true one refuted: each is closed, by an error or a verdict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import sympy as sp

from symmix import Equivalence, Fails, Identity, Positivity, Proved, Setting, Vanishing, gradient, squared_norm
from symmix.errors import NotationError, StatementError, SymmixError, UnsupportedError
from symmix.language import Gradient
from symmix.notation import J, L, W, h, k, lam, n, p, r, theta, y, z
from symmix.objectives import manifold_mixup

u, v = sp.MatrixSymbol("u", k, 1), sp.MatrixSymbol("v", k, 1)
s, t = sp.Symbol("s", real=True), sp.Symbol("t", real=True)
i, j = sp.symbols("i j", integer=True)
ZERO_BUT_UNEXPANDED = (lam + 1) ** 2 - lam**2 - 2 * lam - 1


def word(statement: Identity | Vanishing | Equivalence | Positivity | Fails, setting: Setting | None = None) -> str:
    return statement.decide(setting or Setting()).word


# -- derivatives that would be zero for want of anything to depend on ---


def test_a_gradient_inside_a_definition_sees_the_definitions_before_it() -> None:
    g = sp.MatrixSymbol("g", h, 1)
    definitions = {g: Gradient(L, z), **manifold_mixup().definitions}
    assert word(Identity(g, sp.ZeroMatrix(h, 1)), Setting(definitions)) == "refuted"
    assert word(Identity(g, lam * W.T * r), Setting(definitions)) == "proved"


@pytest.mark.parametrize(
    "derive",
    [
        lambda: gradient(manifold_mixup(), r),
        lambda: gradient(manifold_mixup(), theta, {r: sp.MatrixSymbol("K", k, p)}),
        lambda: gradient(manifold_mixup(), theta, {theta: sp.Identity(p)}),
        lambda: gradient(L, z),
        lambda: gradient(sp.MatrixSymbol("l", 1, 1), z),
        lambda: gradient(sp.MatrixSymbol("l", 1, 1)[0, 0], z),
    ],
    ids=[
        "by a defined symbol",
        "Jacobian of a defined symbol",
        "Jacobian of the variable",
        "undefined objective",
        "undefined 1x1 matrix",
        "its entry",
    ],
)
def test_a_derivative_that_means_nothing_is_refused(derive: Callable[[], sp.Basic]) -> None:
    with pytest.raises(StatementError):
        derive()


def test_an_undefined_symbol_with_a_jacobian_can_be_differentiated() -> None:
    small, row = sp.MatrixSymbol("s", 1, 1), sp.MatrixSymbol("D", 1, p)
    assert gradient(small, theta, {small: row}) == row.T


# -- division ---


def test_division_by_zero_in_disguise_is_refused() -> None:
    with pytest.raises(UnsupportedError, match="a denominator that is not zero"):
        word(Vanishing([u / ZERO_BUT_UNEXPANDED + v], where=[u]))


def test_division_by_what_is_defined_as_zero_is_refused() -> None:
    with pytest.raises(UnsupportedError, match="a denominator that is not zero"):
        word(Identity(u / (s + t), v), Setting({s: lam, t: -lam}))


@pytest.mark.parametrize(
    ("left", "right", "definitions"),
    [
        (u / (s + 1), u / (lam + 1), {s: lam}),
        (u / s, u / (lam + 2), {s: lam + 2}),
        (u / s, u * (lam + 2), {s: 1 / (lam + 2)}),
        (u / (1 + 1 / (lam + 2)), u * (lam + 2) / (lam + 3), {}),
        (u / (s * t), u * (lam + 2) / (t**1), {s: 1 / (lam + 2)}),
    ],
    ids=["defined inside", "defined as a sum", "defined as a reciprocal", "nested", "mixed"],
)
def test_denominators_are_unfolded_and_cleared(
    left: sp.Basic, right: sp.Basic, definitions: dict[sp.Basic, sp.Basic]
) -> None:
    assert word(Identity(left, right), Setting(definitions)) == "proved"
    assert word(Identity(left, 2 * right), Setting(definitions)) == "refuted"
    assert word(Fails(Identity(left, right)), Setting(definitions)) == "refuted"


def test_dividing_in_one_statement_assumes_nothing_for_the_next() -> None:
    setting, claim = Setting(), Vanishing([u], where=[s * u])
    assert word(Identity(u / s, v / s), setting) == "refuted"
    assert word(claim, setting) == "refuted"
    assert word(Vanishing([u / s], where=[s * u]), setting) == "proved"
    assert word(claim, setting) == "refuted"
    assert word(claim, Setting(conditions=[sp.Ne(s, 0)])) == "proved"


def test_dividing_in_a_definition_is_an_assumption_of_the_theorem() -> None:
    assert word(Vanishing([u], where=[s * u]), Setting({v: u / s})) == "proved"


def test_a_condition_may_divide() -> None:
    assert word(Vanishing([u], where=[(s - 3) * u]), Setting(conditions=[1 / (s + 1) > 0])) == "refuted"
    assert word(Identity(u / s, v), Setting(conditions=[1 / s > 1])) == "refuted"


# -- names ---


@pytest.mark.parametrize(
    "expression",
    [
        i * u[i, 0],
        sp.Sum(1, (j, 0, i - 1)) * u[i, 0],
        sp.Sum(u[sp.Symbol("i"), 0], (i, 0, k - 1)),
        lam * u[lam, 0],
    ],
    ids=["index as a scalar", "index as a size", "index with other assumptions", "scalar as an index"],
)
def test_an_index_has_one_meaning(expression: sp.Basic) -> None:
    with pytest.raises(NotationError, match="one meaning"):
        Setting().meaning(expression)


def test_no_scalar_takes_the_name_of_a_reciprocal() -> None:
    """Reciprocals are known by what they are of; their names are none that a symbol can have."""
    setting = Setting()
    frame = setting.frame(Identity(1 / (n - 1), 1 / (s + 1)).tree(setting.reader))
    frame.array(setting.reader.expression(1 / (n - 1)))
    assert frame.meaning.reciprocals
    for name in frame.meaning.reciprocals:
        with pytest.raises(NotationError, match="ASCII letter"):
            Setting().reader.expression(sp.Symbol(name, real=True))


@pytest.mark.parametrize("before", [True, False])
def test_a_size_is_not_defined(before: bool) -> None:  # noqa: FBT001 - a case
    definitions = {v: u, k: n} if before else {k: n}
    with pytest.raises(StatementError, match="left open"):
        Setting(definitions)


# -- sizes are whole numbers ---


def test_a_witness_has_whole_sizes() -> None:
    assert word(Vanishing([u], where=[(2 * n - 3) * u])) == "undecided"  # true: n = 3/2 is no size
    assert word(Vanishing([u], where=[(2 * n - 1) * u])) == "proved"  # no size is below 1
    assert word(Vanishing([u], where=[(n - 2) * u])) == "refuted"


def test_what_a_witness_adds_is_whole_too() -> None:
    verdict = Identity(u + n * sp.ZeroMatrix(k, 1), v).decide(Setting(conditions=[n > 1]))
    assert verdict.word == "refuted"


# -- ranges and conditions of Positivity ---


def test_an_empty_range_proves_nothing() -> None:
    for bounds in ((3, 1), (1, 1)):
        with pytest.raises(StatementError, match="points in it"):
            word(Positivity(lam, {lam: bounds}))


def test_a_pole_is_no_counterexample() -> None:
    square = (2 * lam - 1) ** 2
    quarter = lam**2 / square - lam / square + sp.Rational(1, 4) / square
    proved = Positivity(quarter, {lam: (0, 1)}).decide(Setting())  # it is 1/4 wherever it has a value,
    assert isinstance(proved, Proved)
    assert proved.assuming  # which the verdict says
    assert word(Positivity(-quarter, {lam: (0, 1)})) == "refuted"


def test_a_point_that_breaks_a_condition_is_no_counterexample() -> None:
    claim = Positivity(lam - sp.Rational(1, 3), {lam: (0, 1)})
    assert word(claim) == "refuted"
    assert word(claim, Setting(conditions=[lam > sp.Rational(1, 2)])) == "proved"
    assert word(claim, Setting(conditions=[lam > sp.Rational(1, 5)])) == "refuted"


def test_a_fraction_is_no_size() -> None:
    assert word(Positivity(n - sp.Rational(1, 5), {n: (0, sp.oo)})) == "proved"
    assert word(Positivity((2 * n - 3) ** 2, {n: (0, sp.oo)})) == "undecided"  # true: n = 3/2 is no size
    assert word(Positivity(n - 1, {n: (0, sp.oo)})) == "refuted"


# -- what is provided ---


@pytest.mark.parametrize("zero", [sp.S.Zero, ZERO_BUT_UNEXPANDED, s - lam])
def test_providing_that_zero_is_not_zero_proves_nothing(zero: sp.Expr) -> None:
    claim = Equivalence([lam * u], [u], provided=[zero], back=lambda _: [sp.ZeroMatrix(k, 1)])
    with pytest.raises(StatementError, match="which is 0"):
        word(claim, Setting({s: lam}))


# -- other accidents ---


def test_a_difference_of_a_scalar_and_a_1x1_matrix_is_decided_under_hypotheses() -> None:
    single = sp.MatrixSymbol("l", 1, 1)
    assert word(Identity(single, squared_norm(u), where=[u, single])) == "proved"
    assert word(Identity(squared_norm(u), single, where=[u])) == "refuted"


@pytest.mark.parametrize("definitions", [{L: L}, {u: v, v: u}, {s: t + 1, t: s - 1}, {u: s * v, v: u}])
def test_definitions_in_a_circle_are_refused(definitions: dict[sp.Basic, sp.Basic]) -> None:
    with pytest.raises(StatementError, match="a cycle among"):
        Setting(definitions)


def test_hypotheses_cannot_be_used_by_dividing_by_a_scalar_that_can_be_zero() -> None:
    assert word(Vanishing([u], where=[lam * u])) == "refuted"
    assert word(Vanishing([u], where=[lam * (1 - lam) * u])) == "refuted"
    assert word(Vanishing([u], where=[lam * u]), Setting(conditions=[lam > 0])) == "proved"
    assert word(Vanishing([u], where=[lam * u]), Setting(conditions=[lam >= 0])) == "refuted"


def test_a_way_that_a_user_shows_divides_only_by_what_is_provided() -> None:
    divided = Equivalence([lam * u], [u], back=lambda left: [left / lam])
    assert word(divided) == "refuted"
    assert word(replace(divided, provided=[lam], back=lambda left: [left])) == "proved"
    assert word(Equivalence([u], [lam * u], forth=lambda right: [right / lam])) == "refuted"
    assert word(Equivalence([u], [lam * u], forth=lambda right: [right / lam], provided=[lam])) == "proved"


@pytest.mark.parametrize("text", ["u", "__import__('os').system('true')"])
def test_text_is_not_evaluated(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither SymPy's parser nor Python's is reached from text, wherever it is passed."""

    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("text was evaluated")

    monkeypatch.setattr("sympy.parsing.sympy_parser.parse_expr", forbidden)
    monkeypatch.setattr("sympy.parsing.sympy_parser.eval_expr", forbidden)
    uses: list[Callable[[], object]] = [
        lambda: Setting().reader.expression(text),
        lambda: Setting({u: text}),
        lambda: Setting({text: u}),
        lambda: Setting(conditions=[text]),
        lambda: Setting(indices={i: text}),
        lambda: Setting(indices={text: k}),
        lambda: word(Identity(text, u)),
        lambda: word(Identity(u, text)),
        lambda: word(Vanishing([text])),
        lambda: word(Positivity(text, {})),
        lambda: word(Positivity(lam, {lam: (text, text)})),
        lambda: word(Positivity(lam, {text: (0, 1)})),
        lambda: word(Equivalence([u], [text])),
        lambda: word(Equivalence([u], [u], provided=[text])),
        lambda: gradient(text, u),
        lambda: gradient(squared_norm(u), text),
        lambda: gradient(squared_norm(z), theta, {z: text}),
    ]
    for use in uses:
        with pytest.raises((SymmixError, sp.SympifyError)):
            use()


def test_jacobians_are_followed() -> None:
    assert gradient(squared_norm(z) / 2, theta, {z: J}) == J.T * z
    assert gradient(squared_norm(y), theta, {z: J}, constant=True) == sp.ZeroMatrix(p, 1)
