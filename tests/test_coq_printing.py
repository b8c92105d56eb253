"""What is printed for Coq says what was stated, and what cannot be said is refused with the reason."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import pytest
import sympy as sp

from symmix import Equivalence, Identity, Theorem, Vanishing, head, squared_norm, theorem
from symmix.datasets import ONES, over_ratio
from symmix.errors import UnsupportedError, UsageError
from symmix.export.coq import files as coq_files
from symmix.export.coq import theory
from symmix.export.coq.axes import sample_sizes
from symmix.export.coq.context import Context
from symmix.export.coq.statements import StatementPrinter
from symmix.export.coq.terms import Printer
from symmix.language import At, Entries, Gradient, Jacobian, expectation
from symmix.notation import JZ, E, J, L, P, W, Y, Z, b, e, h, i, j, k, lam, m, m2, n, p, theta, y, yp, z, zp
from symmix.statements import Statement
from tests.catalogue import SCRIPTS

f, q, t = sp.symbols("f q t_", integer=True)
A, B, K = sp.MatrixSymbol("A", h, h), sp.MatrixSymbol("B", h, h), sp.MatrixSymbol("K", k, h)
LOSS = {e: y - head(z), L: -squared_norm(e) / 2}


def proposition(statement: Statement, definitions: Mapping[sp.Basic, sp.Basic] | None = None) -> str:
    """Return a statement for Coq in one line, n counting samples."""
    context = Context(definitions or {}, frozenset({n}))
    return " ".join(StatementPrinter(Printer(context), {i: n}).proposition(statement).split())


@pytest.mark.parametrize(
    ("statement", "printed"),
    [
        pytest.param(
            Identity(W * (z + zp), lam * W * z),
            "forall (h k : Space) (W : Linear h k) (z z' : h) (lam : R), app W (add z z') = scale lam (app W z)",
            id="a map is applied, sizes and symbols are quantified",
        ),
        pytest.param(
            Identity(squared_norm(W * z), z.T * W.T * y),
            "forall (h k : Space) (W : Linear h k) (z : h) (y : k), inner z (adj W (app W z)) = inner z (adj W y)",
            id="a trace is cut where its size is 1, a transpose is the adjoint",
        ),
        pytest.param(
            Identity(sp.Trace(E.T * E), lam),
            "forall (k : Space) (n : Samples) (E : n -> k) (lam : R), sum (fun i : n => inner (E i) (E i)) = lam",
            id="a trace over samples is a sum",
        ),
        pytest.param(
            Identity(E.T * ONES / n, y),
            "forall (k : Space) (n : Samples) (y : k) (E : n -> k), scale (1 / count n) (total (fun i : n => E i)) = y",
            id="a mean is a total over the count",
        ),
        pytest.param(
            Identity(P * ONES, ONES, where=[P - ONES * ONES.T / n]),
            "forall (n : Samples) (P : n -> n -> R), (forall i1 : n, forall j1 : n, P i1 j1 = 1 / count n) ->"
            " forall i : n, sum (fun j : n => P i j) = 1",
            id="two axes of samples are two samples",
        ),
        pytest.param(
            Identity(Y[i, :], lam * Y[i, :]),
            "forall (k : Space) (n : Samples) (Y : n -> k) (lam : R) (i : n), Y i = scale lam (Y i)",
            id="a free sample is quantified",
        ),
        pytest.param(
            Identity(sp.Sum(lam * squared_norm(E[i, :]), (i, 0, n - 1)), sp.Sum(P[i, j], (i, 0, n - 1), (j, 0, n - 1))),
            "forall (k : Space) (n : Samples) (E : n -> k) (P : n -> n -> R) (lam : R),"
            " sum (fun i : n => lam * inner (E i) (E i)) = sum (fun i1 : n => sum (fun j : n => P j i1))",
            id="sums",
        ),
        pytest.param(
            Identity(over_ratio(lam * (1 - lam)), m - m2),
            "forall (law_lam : Expectation) (m m2 : R), moment law_lam 1 = m -> moment law_lam 2 = m2 ->"
            " expect law_lam (fun lam => lam * (1 - lam)) = m - m2",
            id="an expectation, with what is known of the moments as premises",
        ),
        pytest.param(
            Identity(squared_norm(z) / lam, lam),
            "forall (h : Space) (z : h) (lam : R), lam <> 0 -> inner z z / lam = lam",
            id="a denominator is a premise",
        ),
        pytest.param(
            Identity(z, zp, where=[A * B - sp.Identity(h), W * z]),
            "forall (h k : Space) (A B : Linear h h) (W : Linear h k) (z z' : h),"
            " (forall column : h, app A (app B column) = column) -> (app W z = zero) -> z = z'",
            id="a hypothesis on a map says what it does",
        ),
        pytest.param(
            Identity(A * B, B * A),
            "forall (h : Space) (A B : Linear h h), forall (row : h) (column : h),"
            " inner row (app A (app B column)) = inner row (app B (app A column))",
            id="an equation of maps is one of all their entries",
        ),
        pytest.param(
            Vanishing([z - zp, y]),
            "forall (h k : Space) (z z' : h) (y : k), (sub z z' = zero) /\\ (y = zero)",
            id="what vanishes",
        ),
        pytest.param(
            Identity(Gradient(squared_norm(W * z), W), 2 * W * z * z.T),
            "forall (h k : Space) (W : Linear h k) (z : h), forall (row : k) (column : h),"
            " tangent (fun step => inner z (adj (move_map step W (outer row column)) (app (move_map step W (outer row"
            " column)) z))) (inner row (scale 2 (app W (scale (inner z column) z))))",
            id="a gradient by a matrix, along every matrix of rank one",
        ),
        pytest.param(
            Identity(Gradient(sp.Trace(E.T * E), E), 2 * E),
            "forall (k : Space) (n : Samples) (E : n -> k), forall (dir : n -> k), tangent (fun step => sum (fun j : n"
            " => inner ((fun i : n => move step (E i) (dir i)) j) ((fun i : n => move step (E i) (dir i)) j)))"
            " (sum (fun i1 : n => inner (scale 2 (E i1)) (dir i1)))",
            id="a gradient by a family, along every family",
        ),
        pytest.param(
            Identity(Gradient(squared_norm(z), z) - z, z),
            "forall (h : Space) (z : h), forall (dir : h),"
            " quadratic (fun step => inner (move step z dir) (move step z dir)) /\\"
            " slope (fun step => inner (move step z dir) (move step z dir)) - inner z dir = inner z dir",
            id="a gradient among other terms: what is differentiated is quadratic, too",
        ),
        pytest.param(
            Identity(Gradient(squared_norm(z), theta, {z: J}), 2 * J.T * z),
            "forall (h p : Space) (J : Linear p h) (z : h), forall (dir : p), tangent (fun step => inner (move step z"
            " (app J dir)) (move step z (app J dir))) (inner (scale 2 (adj J z)) dir)",
            id="what hangs on a symbol moves with it",
        ),
        pytest.param(
            Identity(Gradient(sp.Trace(Z.T * Z), theta, {Z: JZ}), sp.ZeroMatrix(p, 1)),
            "forall (h p : Space) (n : Samples) (JZ : n -> Linear p h) (Z : n -> h), forall (dir : p), tangent"
            " (fun step => sum (fun j : n => inner ((fun i : n => move step (Z i) (app (JZ i) dir)) j) ((fun i : n =>"
            " move step (Z i) (app (JZ i) dir)) j))) 0",
            id="a Jacobian for each sample",
        ),
        pytest.param(
            Identity(sp.Sum(W[f, q] * y[f, 0] * z[q, 0], (f, 0, k - 1), (q, 0, h - 1)), lam),
            "forall (h k : Space) (W : Linear h k) (z : h) (y : k) (lam : R), inner z (adj W y) = lam",
            id="a chain of entries",
        ),
        pytest.param(
            Identity(
                Gradient(squared_norm(z), z),
                Entries(h, 1, sp.Lambda((q, t), sp.Sum(W[f, q] * y[f, 0], (f, 0, k - 1)))),
            ),
            "forall (h k : Space) (W : Linear h k) (z : h) (y : k), forall (dir : h),"
            " tangent (fun step => inner (move step z dir) (move step z dir)) (inner y (app W dir))",
            id="a vector by its entries, paired with a direction",
        ),
        pytest.param(
            Identity(expectation(Gradient(lam * squared_norm(z), z), lam, {1: m}), 2 * m * z),
            "forall (h : Space) (law_lam : Expectation) (z : h) (m : R), moment law_lam 1 = m -> forall (dir : h),"
            " (forall lam : R, quadratic (fun step => lam * inner (move step z dir) (move step z dir))) /\\"
            " expect law_lam (fun lam => slope (fun step => lam * inner (move step z dir) (move step z dir)))"
            " = inner (scale (2 * m) z) dir",
            id="an expected gradient: for every value, what is differentiated is quadratic",
        ),
        pytest.param(
            Equivalence([lam * Gradient(squared_norm(z), z)], [z], provided=[lam]),
            "forall (h : Space) (z : h) (lam : R), lam <> 0 ->"
            " ((forall (dir : h), quadratic (fun step => inner (move step z dir) (move step z dir)) /\\"
            " lam * slope (fun step => inner (move step z dir) (move step z dir)) = 0)) <-> ((z = zero))",
            id="an equivalence, given what does not vanish",
        ),
        pytest.param(
            Identity(n * lam, sp.Sum(lam, (i, 0, n - 1))),
            "forall (n : Samples) (lam : R), count n * lam = sum (fun i : n => lam)",
            id="a size without a symbol of that size",
        ),
        pytest.param(
            Identity(Gradient(squared_norm(z), theta, {Z: JZ}), sp.ZeroMatrix(p, 1)),
            "forall (h p : Space) (z : h), forall (dir : p), tangent (fun step => inner z z) 0",
            id="directions of a space without a symbol of it",
        ),
        pytest.param(
            Identity(sp.Symbol("i1", real=True) * sp.MatrixSymbol("R", h, 1), sp.MatrixSymbol("add", h, 1)),
            "forall (h : Space) (R_ add_ : h) (i1_ : R), scale i1_ R_ = add_",
            id="names that are taken get an underscore",
        ),
    ],
)
def test_a_statement_is_printed_as_it_is_meant(statement: Statement, printed: str) -> None:
    assert proposition(statement) == printed


def test_a_definition_is_a_function_so_that_a_derivative_can_move_what_it_is_made_of() -> None:
    assert proposition(Identity(Gradient(L, z), -W.T * e), LOSS) == (
        "forall (h k : Space) (W : Linear h k) (z : h) (b y : k), forall (dir : h),"
        " tangent (fun step => L W (move step z dir) b y) (inner (neg (adj W (e W z b y))) dir)"
    )


def test_what_is_replaced_does_not_move() -> None:
    """``At`` replaces after the derivative: z in the new target stays where it is."""
    assert "L W (move step z dir) b (app W z)" in proposition(Identity(At(Gradient(L, z), {y: W * z}), b), LOSS)


def test_the_definition_of_a_matrix_takes_its_place() -> None:
    assert proposition(Identity(K * z, W * z), {K: 2 * W}).endswith("scale 2 (app W z) = app W z")


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        pytest.param(Identity(sp.Trace(W.T * W), lam), "a trace over features", id="a norm of a matrix"),
        pytest.param(Identity(k * lam, lam), "the size of a space as a number", id="a size"),
        pytest.param(Identity(z[0, 0], lam), "one component", id="a component"),
        pytest.param(Identity(sp.Sum(lam, (f, 0, k - 1)), lam), "does not join two", id="a sum of nothing"),
        pytest.param(
            Identity(sp.Sum(y[f, 0] * yp[f, 0] * b[f, 0] * e[f, 0], (f, 0, k - 1)), lam),
            "does not join two factors",
            id="four factors along one index",
        ),
        pytest.param(Identity(sp.Sum(y[f, 0], (f, 0, k - 1)), lam), "does not join two", id="one factor"),
        pytest.param(
            Identity(y, Entries(k, 1, sp.Lambda((q, t), y[q, 0] + 1))), "not paired", id="a vector by its entries"
        ),
        pytest.param(Identity(expectation(1 / lam, lam, {1: m}), m), "a premise on", id="division by what is random"),
        pytest.param(
            Identity(Jacobian(Gradient(squared_norm(z), z), z), 2 * sp.Identity(h)), "of a vector", id="a Hessian"
        ),
        pytest.param(
            Identity(Gradient(squared_norm(Gradient(squared_norm(z), z)), z), z), "second derivatives", id="twice"
        ),
        pytest.param(Identity(z, zp, where=[Gradient(squared_norm(z), z)]), "a hypothesis on a", id="a critical point"),
        pytest.param(
            Identity(sp.Sum(sp.Sum(P[i, i], (i, 0, n - 1)), (i, 0, n - 1)), lam), "one index", id="two sums over i"
        ),
        pytest.param(
            Identity(expectation(lam, lam, {1: m}), 2 * expectation(lam, lam, {1: m2})),
            "two distributions",
            id="a number with two means, of which anything would follow",
        ),
        pytest.param(
            Identity(Gradient(expectation(lam * squared_norm(z), lam, {1: m}), theta, {z: lam * J}), z),
            "carried into its expectation",
            id="a Jacobian in which lam is not the one that is averaged over",
        ),
        pytest.param(
            Identity(2 * sp.MatrixSymbol("z~", h, 1), sp.MatrixSymbol("z_mixed", h, 1)), "a name that", id="one name"
        ),
        pytest.param(
            Identity(sp.MatrixSymbol("u", sp.Symbol("S", integer=True, positive=True), 1), y), "taken", id="a size S"
        ),
        pytest.param(Identity(W * z, W * z), "same as written", id="a tautology"),
        pytest.param(
            Identity(sp.Trace(E.T * E), sp.Sum(squared_norm(E[i, :]), (i, 0, n - 1))),
            "same as written",
            id="a tautology but for the name of a sample",
        ),
        pytest.param(Equivalence([z], [zp], back=lambda zero: [zero]), "shown by hand", id="a way shown by hand"),
        pytest.param(Equivalence([z, zp], [zp, z]), "several equations", id="an equivalence of systems"),
        pytest.param(Equivalence([E.T * ONES], [y]), "a data set", id="an equivalence over samples"),
        pytest.param(Identity(expectation(lam * z, lam, {1: m}), z), "expectation of a vector", id="a mean vector"),
        pytest.param(Identity(sp.HadamardProduct(z, zp), z), "kind HadamardProduct", id="entry by entry"),
    ],
)
def test_what_cannot_be_printed_is_refused_with_the_reason(statement: Statement, reason: str) -> None:
    with pytest.raises(UnsupportedError) as caught:
        proposition(statement)
    assert reason in caught.value.remedy


# -- files -------------------------------------------------------------------------------------------------------------


def test_a_gradient_inside_of_a_sum_or_of_a_definition_is_refused() -> None:
    """That what is differentiated is quadratic has to be said in the statement, for all that is bound there."""
    inside = sp.Sum(sp.Trace(Z[i, :] * Gradient(squared_norm(z - Z[i, :].T), z)), (i, 0, n - 1))
    with pytest.raises(UnsupportedError, match=r"not paired|inside of"):
        proposition(Identity(inside, lam))
    dz = Gradient(squared_norm(z), z)
    with pytest.raises(UnsupportedError, match=r"not paired|inside of"):
        proposition(Identity(L, lam), {L: squared_norm(dz)})


@theorem(answers='a (* sentence *) with a " in it')
def commented() -> Theorem:
    """A summary that closes *) and opens (* a comment, with a " in it."""
    return Theorem(
        claim={
            "label *) with (* both": Identity(W * (z + zp), W * z + W * zp),
            "entry": Identity(z[0, 0], z[0, 0]),
        },
        near_misses={"one": Identity(W * z, W * zp), "two": Identity(sp.Trace(W.T * W), lam)},
    )


def test_a_file_has_the_claims_and_each_near_miss_has_its_own() -> None:
    one = theory(commented)
    assert list(one.files) == ["commented.v", "commented__near_miss_1.v"]
    assert (one.claims, one.whole, one.near_misses) == (("label *) with (* both",), False, 1)
    assert one.outside == {
        "entry": "one component of a vector, which depends on the basis: z[0]",
        "near miss, two": "a trace over features that is no inner product of two vectors: tr(W^T W)",
    }
    for code in one.files.values():
        assert code.count("(*") == code.count("*)")
        assert '"' not in code
        assert max(map(len, code.splitlines())) <= 110
        assert "Proof. settle. Qed." in code


def test_a_theorem_called_like_the_prelude_is_refused() -> None:
    namesake = dataclasses.replace(SCRIPTS["mixed_residual_is_mixture_of_residuals"], id="spaces")
    with pytest.raises(UsageError, match=r"spaces\.v"):
        coq_files([namesake.prove()], {})


def test_samples_are_what_is_summed_over_or_picked_out() -> None:
    assert sample_sizes(SCRIPTS["pair_average_is_erm_minus_variance"].theorem) == {n}
    assert sample_sizes(SCRIPTS["gradient_has_four_terms"].theorem) == frozenset()


def test_the_gradient_has_four_terms_for_coq() -> None:
    """What the reader of the post looks for, as Coq has it."""
    code = " ".join(theory(SCRIPTS["gradient_has_four_terms"]).files["gradient_has_four_terms.v"].split())
    assert (
        "forall (h k p : Space) (W : Linear h k) (J J' : Linear p h) (z z' : h) (b y y' : k) (lam : R),"
        " forall (dir : p), tangent (fun step => L W (move step z (app J dir)) (move step z' (app J' dir)) b y y' lam)"
    ) in code
