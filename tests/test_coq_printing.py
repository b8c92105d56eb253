"""What is printed for Coq says what was stated."""

from __future__ import annotations

import pytest

from symmix.terms import nodes as t
from symmix.terms import statements as s
from tests.coq_trees import (
    JZ,
    LOSS,
    ONES,
    A,
    B,
    E,
    J,
    K,
    L,
    P,
    W,
    Y,
    Z,
    column,
    e,
    entry,
    lam,
    m,
    m2,
    mean,
    minus,
    n,
    norm,
    num,
    one,
    plus,
    proposition,
    theta,
    times,
    total,
    y,
    z,
    zp,
)


@pytest.mark.parametrize(
    ("statement", "printed"),
    [
        pytest.param(
            s.Identity(times(W, plus(z, zp)), times(lam, W, z)),
            "forall (h k : Space) (W : Linear h k) (z z' : h) (lam : R), app W (add z z') = scale lam (app W z)",
            id="a map is applied, sizes and symbols are quantified",
        ),
        pytest.param(
            s.Identity(norm(times(W, z)), times(t.Transpose(z), t.Transpose(W), y)),
            "forall (h k : Space) (W : Linear h k) (z : h) (y : k), inner (app W z) (app W z) = inner z (adj W y)",
            id="a trace is cut where its size is 1, a transpose is the adjoint",
        ),
        pytest.param(
            s.Identity(t.Trace(times(t.Transpose(E), E)), lam),
            "forall (k : Space) (n : Samples) (E : n -> k) (lam : R), sum (fun i : n => inner (E i) (E i)) = lam",
            id="a trace over samples is a sum",
        ),
        pytest.param(
            s.Identity(t.Quotient(times(t.Transpose(E), ONES), n), y),
            "forall (k : Space) (n : Samples) (y : k) (E : n -> k), scale (1 / count n) (total (fun i : n => E i)) = y",
            id="a mean is a total over the count",
        ),
        pytest.param(
            s.Identity(times(P, ONES), ONES, where=(plus(P, minus(t.Quotient(times(ONES, t.Transpose(ONES)), n))),)),
            "forall (n : Samples) (P : n -> n -> R), (forall i1 : n, forall j1 : n, P i1 j1 = 1 / count n) ->"
            " forall i : n, sum (fun j : n => P i j) = 1",
            id="two axes of samples are two samples",
        ),
        pytest.param(
            s.Identity(t.Slice(Y, "i", ":"), times(lam, t.Slice(Y, "i", ":"))),
            "forall (k : Space) (n : Samples) (Y : n -> k) (lam : R) (i : n), Y i = scale lam (Y i)",
            id="a free sample is quantified",
        ),
        pytest.param(
            s.Vanishing((t.Slice(times(P, E), "i", ":"),), where=(t.Slice(E, "i", ":"),)),
            "forall (k : Space) (n : Samples) (E : n -> k) (P : n -> n -> R) (i : n),"
            " (E i = zero) -> (total (fun j : n => scale (P i j) (E j)) = zero)",
            id="a hypothesis that mentions a sample is about that one",
        ),
        pytest.param(
            s.Vanishing(
                (t.Slice(times(P, E), "i", ":"),), where=(s.ForAll((t.Index("j", "n"),), t.Slice(E, "j", ":")),)
            ),
            "forall (k : Space) (n : Samples) (E : n -> k) (P : n -> n -> R) (i : n),"
            " (forall i1 : n, E i1 = zero) -> (total (fun j : n => scale (P i j) (E j)) = zero)",
            id="a hypothesis for all samples quantifies them itself",
        ),
        pytest.param(
            s.Vanishing(
                (entry(P, "i", "i"),),
                where=(
                    s.ForAll(
                        (t.Index("j", "n"), t.Index("l", "n")), plus(entry(P, "j", "l"), minus(entry(P, "l", "i")))
                    ),
                ),
            ),
            "forall (n : Samples) (P : n -> n -> R) (i : n),"
            " (forall j : n, forall i1 : n, P j i1 = P i1 i) -> (P i i = 0)",
            id="of two samples, beside the claim's",
        ),
        pytest.param(
            s.Identity(
                total(times(lam, norm(t.Transpose(t.Slice(E, "j", ":")))), j="n"),
                total(entry(P, "j", "l"), j="n", l="n"),
            ),
            "forall (k : Space) (n : Samples) (E : n -> k) (P : n -> n -> R) (lam : R),"
            " sum (fun i : n => lam * inner (E i) (E i)) = sum (fun j : n => sum (fun i1 : n => P j i1))",
            id="sums",
        ),
        pytest.param(
            s.Identity(mean(times(lam, plus(one, minus(lam))), m, m2), plus(m, minus(m2))),
            "forall (law_lam : Expectation) (m m2 : R), moment law_lam 1 = m -> moment law_lam 2 = m2 ->"
            " expect law_lam (fun lam => lam * (1 - lam)) = m - m2",
            id="an expectation, with what is known of the moments as premises",
        ),
        pytest.param(
            s.Identity(t.Quotient(norm(z), lam), lam),
            "forall (h : Space) (z : h) (lam : R), lam <> 0 -> inner z z / lam = lam",
            id="a denominator is a premise",
        ),
        pytest.param(
            s.Identity(times(t.Quotient(lam, times(num(2), t.Power(m, 2), n, plus(m, one))), z), zp),
            "forall (h : Space) (n : Samples) (z z' : h) (lam m : R), m <> 0 -> m + 1 <> 0 ->"
            " scale (lam / (2 * m ^ 2 * count n * (m + 1))) z = z'",
            id="each factor of a denominator that can be zero is a premise",
        ),
        pytest.param(
            s.Identity(t.Quotient(lam, t.Quotient(m, m2)), times(num("-1/2"), lam)),
            "forall (lam m m2 : R), m <> 0 -> m2 <> 0 -> lam / (m / m2) = - 1 / 2 * lam",
            id="so are both of a fraction below, and a sign goes in front",
        ),
        pytest.param(
            s.Identity(lam, m, where=(plus(lam, minus(m)),)),
            "forall (lam m : R), (lam = m) -> lam = m",
            id="conditions are left out",
        ),
        pytest.param(
            s.Identity(z, zp, where=(plus(times(A, B), minus(t.Identity("h"))), times(W, z))),
            "forall (h k : Space) (A B : Linear h h) (W : Linear h k) (z z' : h),"
            " (forall column : h, app A (app B column) = column) -> (app W z = zero) -> z = z'",
            id="a hypothesis on a map says what it does",
        ),
        pytest.param(
            s.Identity(times(A, B), times(B, A)),
            "forall (h : Space) (A B : Linear h h), forall (row : h) (column : h),"
            " inner row (app A (app B column)) = inner row (app B (app A column))",
            id="an equation of maps is one of all their entries",
        ),
        pytest.param(
            s.Identity(times(t.Power(A, 2), z), times(t.Power(A, 0), t.Power(lam, 0), zp)),
            "forall (h : Space) (A : Linear h h) (z z' : h), app A (app A z) = z'",
            id="powers of maps",
        ),
        pytest.param(
            s.Vanishing((plus(z, minus(zp)), y)),
            "forall (h k : Space) (z z' : h) (y : k), (sub z z' = zero) /\\ (y = zero)",
            id="what vanishes",
        ),
        pytest.param(
            s.Identity(t.Gradient(norm(times(W, z)), W), times(num(2), W, z, t.Transpose(z))),
            "forall (h k : Space) (W : Linear h k) (z : h), forall (row : k) (column : h),"
            " tangent (fun step => inner (app (move_map step W (outer row column)) z)"
            " (app (move_map step W (outer row column)) z))"
            " (inner row (scale 2 (app W (scale (inner z column) z))))",
            id="a gradient by a matrix, along every matrix of rank one",
        ),
        pytest.param(
            s.Identity(t.Gradient(t.Trace(times(t.Transpose(E), E)), E), times(num(2), E)),
            "forall (k : Space) (n : Samples) (E : n -> k), forall (dir : n -> k), tangent (fun step => sum (fun j : n"
            " => inner ((fun i : n => move step (E i) (dir i)) j) ((fun i : n => move step (E i) (dir i)) j)))"
            " (sum (fun i1 : n => inner (scale 2 (E i1)) (dir i1)))",
            id="a gradient by a family, along every family",
        ),
        pytest.param(
            s.Identity(plus(t.Gradient(norm(z), z), minus(z)), z),
            "forall (h : Space) (z : h), forall (dir : h),"
            " quadratic (fun step => inner (move step z dir) (move step z dir)) /\\"
            " slope (fun step => inner (move step z dir) (move step z dir)) - inner z dir = inner z dir",
            id="a gradient among other terms: what is differentiated is quadratic, too",
        ),
        pytest.param(
            s.Identity(t.Gradient(norm(z), theta, ((z, J),)), times(num(2), t.Transpose(J), z)),
            "forall (h p : Space) (J : Linear p h) (z : h), forall (dir : p), tangent (fun step => inner (move step z"
            " (app J dir)) (move step z (app J dir))) (inner (scale 2 (adj J z)) dir)",
            id="what hangs on a symbol moves with it",
        ),
        pytest.param(
            s.Identity(t.Gradient(t.Trace(times(t.Transpose(Z), Z)), theta, ((Z, JZ),)), t.Zeros("p", "1")),
            "forall (h p : Space) (n : Samples) (JZ : n -> Linear p h) (Z : n -> h), forall (dir : p), tangent"
            " (fun step => sum (fun j : n => inner ((fun i : n => move step (Z i) (app (JZ i) dir)) j) ((fun i : n =>"
            " move step (Z i) (app (JZ i) dir)) j))) 0",
            id="a Jacobian for each sample",
        ),
        pytest.param(
            s.Identity(total(times(entry(W, "f", "q"), entry(y, "f", "0"), entry(z, "q", "0")), f="k", q="h"), lam),
            "forall (h k : Space) (W : Linear h k) (z : h) (y : k) (lam : R), inner z (adj W y) = lam",
            id="a chain of entries",
        ),
        pytest.param(
            s.Identity(
                t.Gradient(norm(z), z),
                t.ByEntries(t.Index("q", "h"), None, total(times(entry(W, "f", "q"), entry(y, "f", "0")), f="k")),
            ),
            "forall (h k : Space) (W : Linear h k) (z : h) (y : k), forall (dir : h),"
            " tangent (fun step => inner (move step z dir) (move step z dir)) (inner y (app W dir))",
            id="a vector by its entries, paired with a direction",
        ),
        pytest.param(
            s.Identity(mean(t.Gradient(times(lam, norm(z)), z), m), times(num(2), m, z)),
            "forall (h : Space) (law_lam : Expectation) (z : h) (m : R), moment law_lam 1 = m -> forall (dir : h),"
            " (forall lam : R, quadratic (fun step => lam * inner (move step z dir) (move step z dir))) /\\"
            " expect law_lam (fun lam => slope (fun step => lam * inner (move step z dir) (move step z dir)))"
            " = inner (scale (2 * m) z) dir",
            id="an expected gradient: for every value, what is differentiated is quadratic",
        ),
        pytest.param(
            s.Equivalence((times(lam, t.Gradient(norm(z), z)),), (z,), provided=(lam,)),
            "forall (h : Space) (z : h) (lam : R), lam <> 0 ->"
            " ((forall (dir : h), quadratic (fun step => inner (move step z dir) (move step z dir)) /\\"
            " lam * slope (fun step => inner (move step z dir) (move step z dir)) = 0)) <-> ((z = zero))",
            id="an equivalence, given what does not vanish",
        ),
        pytest.param(
            s.Identity(times(n, lam), total(lam, j="n")),
            "forall (n : Samples) (lam : R), count n * lam = sum (fun i : n => lam)",
            id="a size without a symbol of that size",
        ),
        pytest.param(
            s.Identity(t.Gradient(norm(z), theta, ((zp, J),), constant=True), t.Zeros("p", "1")),
            "forall (h p : Space) (z : h), forall (dir : p), tangent (fun step => inner z z) 0",
            id="directions of a space without a symbol of it",
        ),
        pytest.param(
            s.Identity(times(t.Symbol("i1"), column("R", "h")), column("add", "h")),
            "forall (h : Space) (R_ add_ : h) (i1_ : R), scale i1_ R_ = add_",
            id="names that are taken get an underscore",
        ),
        pytest.param(
            s.Identity(times(column("proved", "h"), t.Symbol("claim_1")), column("near_miss_2", "h")),
            "forall (h : Space) (near_miss_2_ proved_ : h) (claim_1_ : R), scale claim_1_ proved_ = near_miss_2_",
            id="the names of the theorems in a file are taken, too",
        ),
    ],
)
def test_a_statement_is_printed_as_it_is_meant(statement: s.Statement, printed: str) -> None:
    conditions = (s.Condition(lam, ">=", num(0)), s.Condition(lam, "<", m))
    assert proposition(statement, conditions=conditions) == printed


def test_a_definition_is_a_function_so_that_a_derivative_can_move_what_it_is_made_of() -> None:
    gradient = s.Identity(t.Gradient(L, z), minus(t.Transpose(W), e))
    assert proposition(gradient, definitions=LOSS) == (
        "forall (h k : Space) (W : Linear h k) (z : h) (b y : k), forall (dir : h),"
        " tangent (fun step => L W (move step z dir) b y) (inner (neg (adj W (e W z b y))) dir)"
    )


def test_what_is_replaced_does_not_move() -> None:
    """``At`` replaces after the derivative: z in the new target stays where it is."""
    replaced = s.Identity(t.At(t.Gradient(L, z), ((y, times(W, z)),)), zp)
    assert "L W (move step z dir) b (app W z)" in proposition(replaced, definitions=LOSS)


def test_the_definition_of_a_matrix_takes_its_place() -> None:
    stated = s.Identity(times(K, z), times(W, z))
    assert proposition(stated, definitions=((K, times(num(2), W)),)).endswith("scale 2 (app W z) = app W z")


@pytest.mark.parametrize(
    ("condition", "premise"),
    [
        (s.Condition(lam, ">", num(0)), "lam <> 0 -> "),
        (s.Condition(lam, "<", one), "1 - lam <> 0 -> "),
        (s.Condition(num(0), "!=", lam), "- lam <> 0 -> "),
        (s.Condition(lam, ">=", num(0)), ""),
        (s.Condition(m, ">", num(0)), ""),
        (s.Condition(times(n, lam), ">", num(0)), ""),
    ],
)
def test_what_keeps_scalars_apart_is_a_premise_of_an_equivalence(condition: s.Condition, premise: str) -> None:
    stated = s.Equivalence((times(lam, z),), (z,))
    assert proposition(stated, conditions=(condition,)) == (
        f"forall (h : Space) (z : h) (lam : R), {premise}((scale lam z = zero)) <-> ((z = zero))"
    )
