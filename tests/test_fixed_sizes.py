"""Sizes that are numbers: proved by the general law where that suffices, else by components, and for no other size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
import sympy as sp
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from symmix import Identity, Nonnegative, Setting, Vanishing, latex, squared_norm, substitute, text
from symmix.deciding import components
from symmix.errors import DimensionError, NotationError, SymmixError, UnsupportedError
from symmix.kernel.cofactors import Hypothesis
from symmix.kernel.networks import Expression
from symmix.kernel.points import Model, evaluate
from symmix.kernel.products import Tensor
from symmix.language import ForAll, Gradient, inverse, read
from symmix.publish.coq.theory import theory
from symmix.publish.givens import verdict_as_text
from symmix.publish.paper import single, summary
from symmix.publish.report import conclusion, document, report
from symmix.terms import nodes as t
from symmix.terms.base import Node
from symmix.terms.meanings import Names, Scope
from symmix.terms.wellformed import require_well_formed
from symmix.theorems import Theorem, theorem
from symmix.verdict import Components, NormalForm, Proved, Refuted, Undecided
from tests.both_deciders import decided_by_both
from tests.explicit import Explicit, UndefinedError
from tests.test_meaning import drawn, meaning_of, model_of, plain, values_of
from tests.trees import any_expressions

n = sp.symbols("n", integer=True, positive=True)
lam = sp.Symbol("lam", real=True)
i, j = sp.symbols("i j", integer=True)
G, H, u = sp.MatrixSymbol("G", 2, 2), sp.MatrixSymbol("H", 2, 2), sp.MatrixSymbol("u", 2, 1)
M3, x, y = sp.MatrixSymbol("M", 3, 3), sp.MatrixSymbol("x", 3, 1), sp.MatrixSymbol("y", 3, 1)
X, A, w = sp.MatrixSymbol("X", n, 2), sp.MatrixSymbol("A", n, n), sp.MatrixSymbol("w", n, 1)
tr, I2, I3, zero2 = sp.Trace, sp.Identity(2), sp.Identity(3), sp.ZeroMatrix(2, 2)


def det(matrix: sp.MatrixExpr) -> sp.Expr:
    return matrix[0, 0] * matrix[1, 1] - matrix[0, 1] * matrix[1, 0]


cross = (x[1, 0] * y[2, 0] - x[2, 0] * y[1, 0]) ** 2 + (x[2, 0] * y[0, 0] - x[0, 0] * y[2, 0]) ** 2
cross += (x[0, 0] * y[1, 0] - x[1, 0] * y[0, 0]) ** 2
minors = (tr(M3) ** 2 - tr(M3**2)) / 2
det3 = tr(M3) ** 3 / 6 - tr(M3) * tr(M3**2) / 2 + tr(M3**3) / 3

# both sides, and a slip
BY_COMPONENTS: dict[str, tuple[sp.Basic, sp.Basic, sp.Basic]] = {
    "Cayley and Hamilton": (G**2 - tr(G) * G + det(G) * I2, zero2, G),
    "Cayley and Hamilton, transposed": ((G**2).T - tr(G) * G.T + det(G) * I2, zero2, G - G.T),
    "Cayley and Hamilton, 3 x 3": (M3**3 - tr(M3) * M3**2 + minors * M3, det3 * I3, -det3 * I3),
    "the determinant by traces": (2 * det(G), tr(G) ** 2 - tr(G**2), tr(G) ** 2 + tr(G**2)),
    "the determinant of a product": (2 * det(G) * det(H), tr(G * H) ** 2 - tr(G * H * G * H), 2 * det(G) + 2 * det(H)),
    "the entries of a norm": (squared_norm(x), x[0, 0] ** 2 + x[1, 0] ** 2 + x[2, 0] ** 2, x[0, 0] ** 2 + x[1, 0] ** 2),
    "Lagrange in three dimensions": (squared_norm(x) * squared_norm(y) - tr(x.T * y) ** 2, cross, 2 * cross),
    "columns of a long matrix": (
        X * X.T,
        X[:, 0] * X[:, 0].T + X[:, 1] * X[:, 1].T,
        X[:, 0] * X[:, 0].T,
    ),
    "a trace by entries": (tr(A * X * G * X.T), sum(
        (X.T * A * X)[a, b] * G[b, a] for a in range(2) for b in range(2)
    ), (X.T * A * X)[0, 0] * G[0, 0]),
}  # fmt: skip

BY_LAW: dict[str, tuple[sp.Basic, sp.Basic, sp.Basic]] = {
    "cyclic": (tr(G * H), tr(H * G), tr(G * H.T)),
    "a trace of ones": (tr(I2), sp.Integer(2), sp.Integer(3)),
    "a sum of ones": (sp.Sum(u[i, 0] ** 2 + 1, (i, 0, 1)), squared_norm(u) + 2, squared_norm(u) + 1),
    "products of entries": (G[0, 1] * H[1, 0] + G[0, 1], G[0, 1] * (1 + H[1, 0]), G[1, 0] * (1 + H[1, 0])),
    "a column": (tr(G[:, 0] * u.T), tr(u * G[:, 0].T), tr(G[:, 1] * u.T)),
    "a gradient": (Gradient(squared_norm(G * u), u), 2 * G.T * G * u, 2 * G * G * u),
}


@pytest.mark.parametrize("name", BY_COMPONENTS)
def test_what_no_general_law_says_is_decided_by_components(name: str) -> None:
    left, right, wrong = BY_COMPONENTS[name]
    outcome, report = decided_by_both(Identity(left, right), Identity(left, wrong))
    verdict = outcome.claims[""]
    assert isinstance(verdict, Proved)
    assert isinstance(verdict.evidence[0], Components)
    assert "alone" in report.sizes


@pytest.mark.parametrize("name", BY_LAW)
def test_what_holds_by_a_general_law_needs_no_components(name: str) -> None:
    left, right, wrong = BY_LAW[name]
    verdict = decided_by_both(Identity(left, right), Identity(left, wrong))[0].claims[""]
    assert isinstance(verdict, Proved)
    assert isinstance(verdict.evidence[0], NormalForm)


def test_it_holds_for_no_other_size() -> None:
    """Cayley and Hamilton for 2 x 2 is false for 3 x 3, in the same words, and for an open size."""
    for size in (3, n):
        square = sp.MatrixSymbol("S", size, size)
        half = (tr(square) ** 2 - tr(square**2)) / 2
        claim = Identity(square**2 - tr(square) * square + half * sp.Identity(size), sp.ZeroMatrix(size, size))
        assert isinstance(claim.decide(Setting()), Refuted)


def test_a_witness_has_the_size_that_is_stated() -> None:
    verdict = Identity(G * H, H * G).decide(Setting())
    assert isinstance(verdict, Refuted)
    assert verdict.witness is not None
    assert verdict.witness.model.sizes == {"2": 2}
    assert len(verdict.witness.entries["G"]) == 2


# -- hypotheses ---

UNDER: dict[str, tuple[sp.Basic, Sequence[sp.Basic], sp.Basic]] = {
    "the inverse of a 2 x 2 matrix": (H * det(G) - tr(G) * I2 + G, [G * H - I2], H * det(G) - G),
    "a rotation": (G[0, 0] - G[1, 1], [G[0, 0] - lam, G[1, 1] - lam], G[0, 1]),
    "vectors in the plane that are orthogonal": (
        u[0, 0] * G[0, 1] + u[1, 0] * G[1, 1], [u.T * G], u[0, 0] * G[0, 1]
    ),
    "an inverse, by its entries": (det(G) * inverse(G) - tr(G) * I2 + G, [], det(G) * inverse(G) - G),
    "a sum of squares": (u[1, 0], [squared_norm(u)], u[1, 0] - 1),
    "a symmetric matrix": (G[0, 1] - G[1, 0], [G - G.T], G[0, 1] + G[1, 0]),
    "for all rows": (X[:, 0] - X * u, [ForAll(i, X[i, 0]), ForAll(i, X[i, 1])], X[:, 0] - A * w),
}  # fmt: skip


@pytest.mark.parametrize("name", UNDER)
def test_hypotheses_hold_by_components_too(name: str) -> None:
    claim, where, wrong = UNDER[name]
    decided_by_both(Vanishing([claim], where=where), Vanishing([wrong], where=where))


def test_a_point_may_be_given() -> None:
    turned = Setting(point={G: [[0, -1], [1, 0]], lam: 0})
    verdict = Vanishing([G[0, 0] - G[1, 1]], where=[G[0, 0] - lam, G[1, 1] - lam]).decide(turned)
    assert isinstance(verdict, Proved)
    assert verdict.point is not None
    assert verdict.point.sizes == {"2": 2}


def test_a_norm_of_a_fixed_size_is_not_negative() -> None:
    assert isinstance(Nonnegative(squared_norm(G * u)).decide(Setting()), Proved)
    assert isinstance(Nonnegative(squared_norm(u) - 5 * u[0, 0]).decide(Setting()), Refuted)


def test_too_many_components_are_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(components, "MAX_PRODUCTS", 10)
    verdict = Identity(G**2 - tr(G) * G + det(G) * I2, zero2).decide(Setting())
    assert isinstance(verdict, Undecided)
    assert "more than 10 products" in verdict.missing


# -- how it is written ---


def test_positions_count_as_sums_do() -> None:
    """On a terminal sums begin at 0, on paper at 1."""
    assert text(G[0, 1]) == "G[0,1]"
    assert latex(G[0, 1]).endswith("_{1 2}")
    assert text(X[:, 1]) == "X[:,1]"
    assert latex(X[:, 1]).endswith("_{:,2}")
    assert latex(I2).endswith("_{2}")


def test_it_reads_back_what_is_multiplied_out() -> None:
    product = (G[0, 1] + G[1, 0]) * (u[0, 0] - u[1, 0]) * tr(G)
    assert isinstance(Identity(substitute(product, {}), product).decide(Setting()), Proved)
    assert read(substitute(squared_norm(x), {})) == read(tr(x.T * x))


def test_unit_vectors_are_columns_of_the_identity() -> None:
    e0 = I2[:, 0:1]
    gradient = Gradient(squared_norm(u) - 2 * u[0, 0], u)
    assert isinstance(Identity(gradient, 2 * u - 2 * e0).decide(Setting()), Proved)
    assert isinstance(Identity(gradient, substitute(gradient, {})).decide(Setting()), Proved)


@theorem(answers="is it a sum of squares?")
def squares_of_entries() -> Theorem:
    """A norm and a square of one entry are not negative."""
    return Theorem(
        claim=Nonnegative(squared_norm(u) + u[0, 0] ** 2),
        near_misses={"less": Nonnegative(squared_norm(u) - 2 * u[0, 0] ** 2)},
    )


def test_squares_of_entries_are_printed() -> None:
    outcome = squares_of_entries.prove()
    (claim,), (miss,) = outcome.claims.values(), outcome.near_misses.values()
    assert isinstance(claim, Proved)
    assert isinstance(miss, Refuted)
    assert "u[0]" in report(outcome)


REFUSED: dict[str, tuple[Callable[[], sp.Basic], type[SymmixError], str]] = {
    "outside": (lambda: sp.MatrixSymbol("v", n, 1)[0, 0], UnsupportedError, "or a number along one that is fixed"),
    "too large": (lambda: sp.MatrixSymbol("B", 10, 10), UnsupportedError, "a number from 1 to 9"),
    "two sizes": (lambda: G * sp.MatrixSymbol("v", 2, n) * X * sp.MatrixSymbol("w", n, 2), DimensionError, "matching"),
    "sums from 1": (lambda: sp.Sum(u[i - 1, 0], (i, 1, 2)), UnsupportedError, "from 0 to n - 1"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_the_remedy(name: str) -> None:
    build, kind, words = REFUSED[name]
    with pytest.raises(kind) as caught:
        read(build())
    assert words in str(caught.value)


@pytest.mark.parametrize("indices", [("0", "2"), ("2", "0"), ("00", "1"), ("-1", "0")])
def test_a_position_is_one_along_the_axis(indices: tuple[str, str]) -> None:
    entry = t.Entry(t.Symbol("G", ("2", "2")), indices)
    with pytest.raises(NotationError, match="indices that are summed over"):
        require_well_formed(entry, Scope(Names.of([entry]), {}))


# -- against an evaluator that knows nothing of the kernel ---

FIXED = {"k": "2", "h": "3"}
AT = {"2": 2, "3": 3, "n": 3}


def fixed(part: Any) -> Any:
    """Return a tree in which some open sizes are numbers."""
    match part:
        case t.Size(name=name) if name in FIXED:
            return t.Number(Fraction(FIXED[name]))
        case Node():
            return type(part)(*map(fixed, part.parts))
        case tuple():
            return tuple(map(fixed, part))
        case str():
            return FIXED.get(part, part)
    return part


def component(expression: Expression, model: Model) -> Model:
    """Return the point in the components that an expression has there."""
    entries: dict[Tensor, dict[tuple[int, ...], Fraction]] = {tensor: {} for tensor in expression.tensors}
    for whole, table in model.entries.items():
        for position, value in table.items():
            pairs = list(zip(position, whole.dims, strict=True))
            name = f"{whole.name}[{','.join(str(p) if dim in AT and dim.isdigit() else ':' for p, dim in pairs)}]"
            left = tuple((p, dim) for p, dim in pairs if not dim.isdigit())
            part = Tensor(name if len(left) < len(pairs) else whole.name, tuple(dim for _, dim in left))
            if part in entries:
                entries[part][tuple(p for p, _ in left)] = value
    return Model(model.sizes, model.scalars, entries)


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(any_expressions(3), st.integers(0, 99))
def test_random_trees_mean_what_they_say_and_their_components_sum_up(tree: t.Expression, seed: int) -> None:
    try:
        tree = fixed(tree)
        meaning = meaning_of(tree)
        array = meaning.array(tree)
        explicit = Explicit(AT, drawn(meaning.names, AT, seed))
        expected = plain(explicit.of(tree))
        model = model_of(explicit, meaning.names, meaning)
    except (SymmixError, UndefinedError):
        assume(condition=False)
        raise
    assert values_of(array, model, explicit) == expected
    if sum(map(len, array.expression.terms)) > 60:
        return
    for at, part in components.components(Hypothesis(array.expression, tuple(array.expression.free))):
        whole = list(evaluate(array.expression, replace(model, at=at)).values())
        assert list(evaluate(part.expression, component(part.expression, model)).values()) == whole


# -- what is said of it ---


@theorem(answers="what does a 2 x 2 matrix satisfy?")
def cayley_and_hamilton() -> Theorem:
    """A 2 x 2 matrix satisfies its own characteristic equation."""
    return Theorem(
        claim=Identity(G**2 - tr(G) * G + det(G) * I2, zero2),
        near_misses={"sign": Identity(G**2 - tr(G) * G - det(G) * I2, zero2)},
    )


def test_everything_says_for_which_size() -> None:
    outcome = cayley_and_hamilton.prove()
    (miss,) = outcome.near_misses.values()
    assert isinstance(miss, Refuted)
    assert document(outcome)["for all"] == "G in R^(2 x 2); for size 2 alone"
    assert "for size 2 alone: all 4 components vanish" in report(outcome)
    assert conclusion(outcome).endswith("cayley_and_hamilton, for size 2 alone")
    assert "for size 2 alone" in verdict_as_text(outcome)
    assert "a number is that alone" in summary([outcome])
    assert "for size 2 alone" in single([outcome], {"": [cayley_and_hamilton.id]})


def test_coq_refuses_it() -> None:
    found = theory(cayley_and_hamilton.prove().document)
    assert not found.claims
    assert found.outside
    assert all("a size that is a number" in why for why in found.outside.values())


def test_general_laws_and_components_stand_beside_each_other() -> None:
    of_symmetric = G[0, 0] * G[1, 1] - G[0, 1] ** 2
    claims = [tr(G * H) - tr(H * G), G**2 - tr(G) * G + det(G) * I2, G**2 - tr(G) * G + of_symmetric * I2]
    outcome, report = decided_by_both(Vanishing(claims, where=[G - G.T]), Vanishing([*claims, tr(G)], where=[G - G.T]))
    assert outcome.certified is not None
    (evidence,) = outcome.certified["evidence"]["claims"]
    assert evidence["kind"] == "components"
    assert [type(way) for way in evidence["ways"]] == [dict, type(None), list]
    assert report.sizes == "size 2 alone"
