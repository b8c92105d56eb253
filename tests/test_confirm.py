"""Numbers beside the verdicts: what is confirmed, that each way says no, and that nothing is left out in silence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
import sympy as sp
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalOf
from sympy.matrices.expressions.matexpr import MatrixElement

from symmix import Equivalence, Fails, Identity, Minimum, Nonnegative, Positivity, Theorem, Vanishing, squared_norm
from symmix.confirmation import Confirmation
from symmix.confirming import confirm
from symmix.evaluation import trees
from symmix.language import At, Entries, ForAll, Gradient, Jacobian, expectation, inverse, ordered, quotient
from symmix.language.derivatives import ScalarGradient
from symmix.language.nodes import KeptInverse, MatrixExpectation, MatrixQuotient, ScalarExpectation
from symmix.language.rules import RULES
from symmix.language.translation import Translation
from symmix.statements import Statement
from symmix.terms import nodes as t
from symmix.theorems import Outcome, Script
from symmix.verdict import Existence, Proved, Refuted
from tests.catalogue import SCRIPTS, outcome

n, k, h, p = sp.symbols("n k h p", integer=True, positive=True)
i, j, a, b = sp.symbols("i j a b", integer=True)
c, m, q = sp.symbols("c m q", real=True)
A, B = sp.MatrixSymbol("A", n, n), sp.MatrixSymbol("B", n, n)
D = sp.MatrixSymbol("D", n, n)
M, x, u, w = (
    sp.MatrixSymbol("M", k, h), sp.MatrixSymbol("x", h, 1), sp.MatrixSymbol("u", k, 1), sp.MatrixSymbol("w", p, 1),
)  # fmt: skip
J = sp.MatrixSymbol("J", h, p)
A2, y = sp.MatrixSymbol("A2", h, h), sp.MatrixSymbol("y", n, 1)
z, e = sp.MatrixSymbol("z", 2, 1), sp.MatrixSymbol("e", 2, 1)


def stated(claim: Statement | Mapping[str, Statement], miss: Statement | None = None, **more: Any) -> Script:
    def own() -> Theorem:
        """A theorem of one's own."""
        return Theorem(claim=claim, near_misses={"a miss": miss or Identity(M * x, 2 * M * x)}, **more)

    return Script("own", own, "is it so?", ())


def of(claim: Statement | Mapping[str, Statement], miss: Statement | None = None, **more: Any) -> Confirmation:
    return confirm(stated(claim, miss, **more).prove())


def ways(confirmation: Confirmation) -> set[str]:
    return {row.way for row in confirmation.rows}


def contradicting(confirmation: Confirmation) -> set[str]:
    return {row.way for row in confirmation.rows if row.disagreements}


# -- what holds is confirmed, each way ---

HOLDS: Mapping[str, tuple[Statement, dict[str, Any]]] = {
    "an identity": (
        Identity(squared_norm(M * x - u), squared_norm(M * x) - 2 * sp.Trace(u.T * M * x) + squared_norm(u)),
        {},
    ),
    "a gradient": (Identity(Gradient(squared_norm(M * x - u), x), 2 * M.T * (M * x - u)), {}),
    "a gradient through a Jacobian": (
        Identity(Gradient(squared_norm(M * x - u), w, {x: J}), 2 * J.T * M.T * (M * x - u)),
        {},
    ),
    "a gradient by a scalar": (
        Identity(Gradient(quotient(c, 1 + m**2) * squared_norm(x), m), -2 * c * m * squared_norm(x) / (1 + m**2) ** 2),
        {},
    ),
    "a rate": (Identity(Gradient(squared_norm(x), m, {x: A2 * x}), 2 * x.T * A2 * x), {}),
    "a sum over pairs": (
        Identity(
            ordered((y[i, 0] - y[j, 0]) ** 2, (i, 0, n - 1), (j, 0, n - 1)),
            n * squared_norm(y) - sp.Trace(sp.OneMatrix(1, n) * y) ** 2,
        ),
        {},
    ),
    "a fixed size": (Identity(squared_norm(z), z[0, 0] ** 2 + z[1, 0] ** 2, where=[z - e]), {}),
    "a Hessian": (Identity(Jacobian(Gradient(squared_norm(M * x - u), x), x), 2 * M.T * M), {}),
    "an inverse": (Identity(inverse(A) * A * B, B), {}),
    "a hypothesis": (Identity(x.T * M.T * u, squared_norm(u) * sp.OneMatrix(1, 1), where=[M * x - u]), {}),
    "a hypothesis that is not linear": (
        Identity(squared_norm(A * sp.OneMatrix(n, 1)), n, where=[A.T * A - sp.Identity(n)]),
        {},
    ),
    "vanishing": (Vanishing([Gradient(squared_norm(M * x - u), x)], where=[M * x - u]), {}),
    "an equivalence": (Equivalence([c * u], [u], provided=[c]), {}),
    "positivity": (Positivity(c - c**2, {c: (0, 1)}), {}),
    "never negative": (Nonnegative(squared_norm(u) - 2 * sp.Trace(u.T * M * x) + squared_norm(M * x)), {}),
    "a minimum": (Minimum(squared_norm(u - M * x), at={u: M * x}), {}),
    "a denial": (Fails(Identity(M * x, 2 * M * x)), {}),
    "for all samples": (
        Identity(sp.Sum(u[a, 0], (a, 0, k - 1)), sp.S.Zero, where=[ForAll(a, u[a, 0])]),
        {},
    ),
    "one sample": (Vanishing([u[a, 0] * squared_norm(x)], where=[u[a, 0]]), {"indices": {a: k}}),
    "a sum from 1": (Identity(sp.Sum(u[a, 0] ** 2, (a, 1, k)), squared_norm(u)), {}),
    "a quotient": (Identity(quotient(c * u, c), u), {}),
    "a mean": (Identity(expectation((c * u + (1 - c) * M * x), c, {1: m, 2: q}), m * u + (1 - m) * M * x), {}),
    "other values": (Identity(At(Gradient(squared_norm(M * x - u), x), {u: 3 * u}), 2 * M.T * (M * x - 3 * u)), {}),
    "a symmetric matrix": (Identity(A * B, (B.T * A).T), {"properties": {A: "symmetric"}}),
    "a skew matrix": (Identity(sp.Trace(A * B * B.T), sp.S.Zero), {"properties": {A: "skew"}}),
    "a diagonal matrix": (Identity(A * D, D * A), {"properties": {A: "diagonal", D: "diagonal"}}),
    "entries": (Identity(Entries(k, h, sp.Lambda((a, b), u[a, 0] * x[b, 0])), u * x.T), {}),
}


@pytest.mark.parametrize("kind", HOLDS)
def test_what_holds_is_confirmed_each_way(kind: str) -> None:
    claim, more = HOLDS[kind]
    found = of(claim, **more)
    assert found.agrees, str(found)
    assert ways(found) == {"components", "arrays", "hypothesis"}
    assert all(row.statements == 2 and row.misses == 1 for row in found.rows), str(found)
    assert not any(row.skipped for row in found.rows), str(found)


def test_sizes_are_all_different() -> None:
    found = of(HOLDS["a gradient through a Jacobian"][0])
    components = next(row for row in found.rows if row.way == "components")
    sizes = [[part.split(" = ")[1] for part in line.split(", ")] for line in components.sizes]
    assert sum(len(set(line)) == len(line) == 3 for line in sizes) >= 2


def test_a_seed_fixes_everything() -> None:
    decided = stated(HOLDS["a hypothesis"][0]).prove()
    first, second, other = confirm(decided), confirm(decided), confirm(decided, seed=1)
    assert [row.data() for row in first.rows] == [row.data() for row in second.rows]
    assert other.agrees
    assert other.seed == 1


# -- each way says no ---

FALSE: Mapping[str, Statement] = {
    "a sign": Identity(Gradient(squared_norm(M * x - u), x), 2 * M.T * (u - M * x)),
    "a factor": Identity(squared_norm(u), 2 * squared_norm(u)),
    "a transpose": Identity(A * B, A.T * B),
    "one hypothesis too few": Vanishing([u + M * x], where=[u]),
    "one way only": Equivalence([u + M * x], [u, M * x]),
    "not positive": Positivity(c - sp.Rational(1, 4), {c: (0, 1)}),
    "below zero": Nonnegative(squared_norm(u) - squared_norm(M * x)),
    "no minimum": Minimum(squared_norm(u - M * x), at={u: 2 * M * x}),
}


@pytest.mark.parametrize("slip", FALSE)
def test_what_is_said_to_be_proved_and_is_false_is_contradicted_each_way(slip: str) -> None:
    decided = stated(FALSE[slip]).prove()
    (verdict,) = decided.claims.values()
    assert isinstance(verdict, Refuted)
    lied = replace(decided, claims={"": Proved((), (), verdict.witness.model if verdict.witness else None)})
    found = confirm(lied, examples=40)
    assert contradicting(found) >= {"components", "arrays"}, str(found)
    assert "hypothesis" in contradicting(found), str(found)
    assert not found.agrees


@pytest.mark.parametrize("kind", ["an identity", "a hypothesis", "positivity", "a minimum", "a mean"])
def test_what_is_said_to_fail_and_holds_is_contradicted_each_way(kind: str) -> None:
    claim, more = HOLDS[kind]
    decided = stated(claim, **more).prove()
    (verdict,) = decided.claims.values()
    assert isinstance(verdict, Proved)
    witness = next(v.witness for v in decided.near_misses.values() if isinstance(v, Refuted))
    assert witness is not None
    assert verdict.point is not None
    lie = Refuted(replace(witness, model=verdict.point))
    found = confirm(replace(decided, claims={"": lie}))
    assert contradicting(found) == {"components", "arrays", "hypothesis"}, str(found)


def test_a_denial_of_what_holds_is_contradicted() -> None:
    decided = stated(Fails(Identity(M * x, 2 * M * x))).prove()
    (verdict,) = decided.claims.values()
    assert isinstance(verdict, Proved)
    (evidence,) = verdict.evidence
    assert isinstance(evidence, Existence)
    zero = replace(evidence.witness, model=replace(evidence.witness.model, entries={
        tensor: dict.fromkeys(table, Fraction(0)) for tensor, table in evidence.witness.model.entries.items()
    }))  # fmt: skip
    found = confirm(replace(decided, claims={"": Proved((Existence(zero),))}))
    assert contradicting(found) >= {"components", "arrays"}, str(found)


def test_what_holds_at_general_points_alone_is_found_at_a_corner() -> None:
    decided = stated(Equivalence([c * u], [u])).prove()
    (verdict,) = decided.claims.values()
    assert isinstance(verdict, Refuted)
    assert verdict.witness is not None
    assert "hypothesis" in contradicting(confirm(replace(decided, claims={"": Proved(())}), examples=40))


# -- a node misread on purpose ---


def _other(change: Callable[[Any], t.Expression]) -> Callable[[Any], Any]:
    """Return how to read a kind of node, and then make something else of the tree."""

    def planted(rule: Any) -> Any:
        def read(translation: Translation, node: Any, around: Any) -> t.Expression:
            return change(rule(translation, node, around))

        return read

    return planted


EVERYWHERE = ((a, 0, n - 1), (b, 0, n - 1))


def _with_another_jacobian(tree: t.Gradient) -> t.Expression:
    return t.Gradient(tree.of, tree.by, tuple((symbol, t.Add((slope, slope))) for symbol, slope in tree.jacobians))


def _with_another_moment(tree: t.Expectation) -> t.Expression:
    first = tree.moments[0]
    return t.Expectation(tree.of, tree.random, (first, t.Moment(2, (), first.value)))


def _twice(tree: t.Expression) -> t.Expression:
    return t.Add((tree, tree))


MISREAD: Mapping[str, tuple[type, Callable[[Any], Any], sp.Basic]] = {
    "a square matrix is its transpose": (sp.Transpose, _other(lambda tree: tree.of), A.T),
    "a trace counts twice": (sp.Trace, _other(_twice), sp.Trace(A)),
    "a trace of the square": (sp.Trace, _other(lambda x: t.Trace(t.Power(x.of, 2))), sp.Trace(A)),
    "entry by entry is a product": (
        sp.HadamardProduct,
        _other(lambda x: t.Multiply(x.factors)),
        sp.HadamardProduct(A, B),
    ),
    "one power too many": (sp.MatPow, _other(lambda x: t.Power(x.base, x.exponent + 1)), A**2),
    "a scalar's power": (sp.Pow, _other(lambda x: t.Power(x.base, x.exponent + 1)), c**2 * u),
    "factors exchanged": (sp.MatMul, _other(lambda x: t.Multiply(x.factors[::-1])), A * B),
    "the last term is lost": (sp.MatAdd, _other(lambda x: x.terms[0]), (A + B) * A),
    "a scalar term is lost": (sp.Add, _other(lambda x: x.terms[0]), (1 - c) * u),
    "a delta is one": (
        sp.KroneckerDelta,
        _other(lambda _: t.Number(Fraction(1))),
        sp.Sum(A[a, b] * sp.KroneckerDelta(a, b), *EVERYWHERE),
    ),
    "row and column exchanged": (
        MatrixElement,
        _other(lambda x: t.Entry(x.of, x.indices[::-1])),
        sp.Sum(A[a, b] * B[a, a], *EVERYWHERE),
    ),
    "entries by column": (Entries, _other(t.Transpose), Entries(n, n, sp.Lambda((a, b), A[a, b] * B[a, a]))),
    "a diagonal of the square": (DiagonalOf, _other(lambda x: t.Diagonal(t.Power(x.of, 2))), DiagonalOf(A)),
    "a diagonal matrix of doubles": (DiagMatrix, _other(_twice), DiagMatrix(u)),
    "the identity is all ones": (sp.Identity, _other(lambda x: t.Ones(x.size, x.size)), sp.Identity(n) + A),
    "ones are zeros": (sp.OneMatrix, _other(lambda x: t.Zeros(x.rows, x.columns)), sp.OneMatrix(k, 1) + u),
    "a gradient with another Jacobian": (
        Gradient,
        _other(_with_another_jacobian),
        Gradient(squared_norm(x), w, {x: J}),
    ),
    "the definition of another derivative": (
        Gradient,
        _other(lambda x: t.Multiply((t.Number(Fraction(2)), x))),
        Gradient(squared_norm(x), x),
    ),
    "nothing is replaced": (At, _other(lambda x: x.of), At(Gradient(squared_norm(M * x - u), x), {u: 3 * u})),
    "the second moment is the first": (
        ScalarExpectation,
        _other(_with_another_moment),
        expectation(c**2, c, {1: m, 2: q}) * u,
    ),
    "an inverse is a transpose": (KeptInverse, _other(lambda x: t.Transpose(x.of)), inverse(A)),
    "a quotient is a product": (
        MatrixQuotient,
        _other(lambda x: t.Multiply((x.denominator, x.numerator))),
        quotient(u, c),
    ),
    "a product counts twice": (sp.Mul, _other(_twice), (c * m + q) * u),
    "a power of entries counts twice": (sp.HadamardPower, _other(_twice), sp.HadamardPower(A, 2)),
    "entries of a function by column": (
        sp.FunctionMatrix,
        _other(t.Transpose),
        sp.FunctionMatrix(n, n, sp.Lambda((a, b), A[a, b] * B[a, a])),
    ),
    "a diagonal part counts twice": (sp.DiagonalMatrix, _other(_twice), sp.DiagonalMatrix(A)),
    "a Jacobian counts twice": (Jacobian, _other(_twice), Jacobian(A * y, y)),
    "a derivative by a scalar counts twice": (ScalarGradient, _other(_twice), Gradient(squared_norm(c * u), c) * u),
    "an expectation counts twice": (MatrixExpectation, _other(_twice), expectation(c**2 * u, c, {1: m, 2: q})),
    "a sum counts twice": (sp.Sum, _other(_twice), sp.Sum(u[a, 0], (a, 0, k - 1)) * x),
}


@pytest.mark.parametrize("slip", MISREAD)
def test_a_node_that_is_misread_is_found_though_the_misread_statement_is_proved(
    slip: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind, planted, node = MISREAD[slip]
    one = sp.Symbol("one", real=True)
    claim = Identity(quotient(node, one), quotient(1, one) * node)
    miss = Identity(quotient(node, one), quotient(2, one) * node)
    if kind is MatrixQuotient:
        total = sp.Sum(u[a, 0] * node[a, 0], (a, 0, k - 1))
        claim, miss = (Identity(times * sp.Trace(u.T * node), total) for times in (1, 2))
    assert of(claim, miss).agrees
    monkeypatch.setitem(RULES, kind, planted(RULES[kind]))
    decided = stated(claim, miss).prove()
    assert isinstance(decided.verdict, Proved)
    found = confirm(decided)
    assert "components" in contradicting(found), str(found)


def _exchanged(rule: Any) -> Any:
    return lambda self, node, at: rule(self, node, at).T


def _doubled(rule: Any) -> Any:
    return lambda self, node, at: 2 * rule(self, node, at)


@pytest.mark.parametrize("kind", [t.Multiply, t.Gradient, t.Trace, t.Add, t.Total])
def test_arrays_that_misread_a_node_are_found(kind: type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(trees._RULES, kind, _doubled(trees._RULES[kind]))
    scalar = sp.Trace(A * B * A) + sp.Sum(A[a, a], (a, 0, n - 1))
    claim = Identity(Gradient(scalar, A), (B * A).T + (A * B).T + sp.Identity(n))
    assert "components" in contradicting(of(claim)) or "arrays" in contradicting(of(claim))


# -- what is not compared is counted, and said ---


def test_complex_steps_take_what_is_no_polynomial() -> None:
    found = of(Identity(Gradient(sp.Trace(inverse(A) * B), A), -(inverse(A) * B * inverse(A)).T))
    assert found.agrees, str(found)
    arrays = next(row for row in found.rows if row.way == "arrays")
    assert arrays.rounded > 0


def test_what_arrays_cannot_tell_is_said() -> None:
    second = Jacobian(Gradient(sp.Trace(x.T * inverse(sp.Identity(h) + x * x.T) * x), x), x)
    decided = stated(Identity(sp.Trace(second), sp.Sum(second[a, a], (a, 0, h - 1)))).prove()
    found = confirm(decided)
    arrays = next(row for row in found.rows if row.way == "arrays")
    assert any("second derivatives" in str(remark) for remark in arrays.skipped), str(found)
    assert not arrays.complete
    assert ("exact arrays (in part)", "as exact arrays; symmix prove --confirm -v names what was not compared") in list(
        found.levels()
    )


def test_a_point_that_is_not_found_may_be_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symmix.confirming.searching.find_spec", lambda _: None)
    there = {c: sp.Rational(117, 19), m: sp.Rational(-123, 29)}
    zero = Equivalence([sum((x - at) ** 2 for x, at in there.items())], [x - at for x, at in there.items()])
    searched, given = of(zero), of(zero, point=there)  # a search that solves for scalars meets no sum of squares
    assert searched.agrees
    skipped = {str(remark) for row in searched.rows for remark in row.skipped}
    assert len(skipped) == 1
    assert "was found where the left side vanishes; give one, Theorem(point=...)" in skipped.pop()
    assert all(row.complete and not row.skipped for row in given.rows), str(given)


def test_what_is_undecided_is_not_compared() -> None:
    hidden = Identity(M * x, u, where=[(A**2 - A) * A - sp.Identity(n), sp.Trace(A) * (M * x - u)])
    decided = stated(hidden).prove()
    found = confirm(decided)
    words = {label: verdict.word for label, verdict in decided.claims.items()}
    skipped = [str(remark) for row in found.rows for remark in row.skipped]
    assert (words[""] == "undecided") == any("it is undecided" in line for line in skipped), (words, skipped)


def test_the_absence_of_hypothesis_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symmix.confirming.searching.find_spec", lambda _: None)
    found = of(HOLDS["an identity"][0])
    assert ways(found) == {"components", "arrays"}
    assert found.absent == ("Hypothesis: not installed, so nothing was searched; pip install 'symmix[testing]'",)
    assert "Hypothesis: not installed" in str(found)


# -- the catalogue, in part: all of it is `symmix prove --confirm` ---

SAMPLE = ("gradient_has_four_terms", "beta_moments", "small_representation_is_removable", "loss_ignores_flatness")


@pytest.mark.parametrize("name", SAMPLE)
def test_a_theorem_of_the_catalogue_is_confirmed(name: str) -> None:
    _confirmed(outcome(name))


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in SCRIPTS if name not in SAMPLE][::3])
def test_more_of_the_catalogue_is_confirmed(name: str) -> None:  # of all: symmix prove --confirm
    _confirmed(outcome(name))


PARTLY = {  # one way or another may not find points where the hypotheses of every statement hold, and says so
    "selective_mixup_resamples",
    "mixup_cross_entropy_minimiser_is_finite",
}


def _confirmed(decided: Outcome) -> None:
    found = confirm(decided)
    assert found.agrees, str(found)
    whole = all(row.complete and not row.skipped for row in found.rows)
    assert whole or decided.script.id in PARTLY, str(found)
