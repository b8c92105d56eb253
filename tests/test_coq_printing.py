"""What is printed for Coq says what was stated, and what cannot be said is refused with the reason."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from typing import Any

import pytest

from symmix.errors import UnsupportedError, UsageError
from symmix.publish.coq import files as coq_files
from symmix.publish.coq import printed, theory
from symmix.publish.coq.axes import sample_sizes
from symmix.publish.coq.context import Context
from symmix.publish.coq.statements import StatementPrinter
from symmix.publish.coq.terms import Printer
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.terms.documents import require_setting, require_statement
from symmix.terms.meanings import names_of
from tests.catalogue import outcome

# -- trees, as they are written ----------------------------------------------------------------------------------------

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


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        pytest.param(
            s.Identity(t.Trace(times(t.Transpose(W), W)), lam), "a trace over features", id="a norm of a matrix"
        ),
        pytest.param(s.Identity(times(t.Size("k"), lam), lam), "the size of a space as a number", id="a size"),
        pytest.param(s.Identity(t.Symbol("q"), lam), "a whole number", id="a whole number"),
        pytest.param(
            s.Identity(t.Expectation(t.Symbol("q"), t.Symbol("q"), (t.Moment(1, (), m),)), lam),
            "or a whole number",
            id="a whole number that is random",
        ),
        pytest.param(s.Identity(times(t.Inverse(A), z), zp), "of the kind Inverse", id="an inverse"),
        pytest.param(s.Identity(times(t.Delta("i", "i"), z), zp), "of the kind Delta", id="a delta"),
        pytest.param(s.Identity(t.Hadamard((z, zp)), z), "kind Hadamard", id="entry by entry"),
        pytest.param(s.Identity(t.Diagonal(A), z), "kind Diagonal", id="a diagonal"),
        pytest.param(s.Identity(times(t.DiagonalMatrix(z), zp), z), "kind DiagonalMatrix", id="a diagonal matrix"),
        pytest.param(s.Identity(t.Quotient(lam, num(0)), lam), "division by zero", id="a division by zero"),
        pytest.param(s.Identity(times(t.Power(A, 21), z), zp), "power of a map above", id="a high power"),
        pytest.param(s.Identity(total(lam, f="k"), lam), "does not join two", id="a sum of nothing"),
        pytest.param(
            s.Identity(total(times(*(entry(v, "f", "0") for v in (y, yp, b, e))), f="k"), lam),
            "does not join two factors",
            id="four factors along one index",
        ),
        pytest.param(s.Identity(total(entry(y, "f", "0"), f="k"), lam), "does not join two", id="one factor"),
        pytest.param(
            s.Identity(total(times(entry(z, "f", "0"), entry(A, "f", "f")), f="h"), lam),
            "does not join two",
            id="a diagonal entry is no quadratic form",
        ),
        pytest.param(
            s.Identity(total(times(entry(z, "f", "0"), plus(entry(A, "f", "f"), entry(B, "f", "f"))), f="h"), lam),
            "does not join two",
            id="nor is a sum of them",
        ),
        pytest.param(
            s.Identity(total(times(entry(z, "f", "0"), plus(entry(zp, "f", "0"), lam)), f="h"), lam),
            "without one that it should have",
            id="a term without the index",
        ),
        pytest.param(
            s.Identity(y, t.ByEntries(t.Index("q", "k"), None, plus(entry(y, "q", "0"), one))),
            "not paired",
            id="a vector by its entries",
        ),
        pytest.param(
            s.Identity(t.Jacobian(t.Gradient(norm(z), z), z), times(num(2), t.Identity("h"))),
            "of a vector",
            id="a Hessian",
        ),
        pytest.param(
            s.Identity(t.Gradient(norm(t.Gradient(norm(z), z)), z), z), "second derivatives", id="a second derivative"
        ),
        pytest.param(s.Identity(z, zp, where=(t.Gradient(norm(z), z),)), "a hypothesis on a", id="a critical point"),
        pytest.param(
            s.Identity(times(P, ONES), ONES, where=(plus(total(entry(P, "j", "i"), j="n"), minus(one)),)),
            "a single sum",
            id="a sum that is one for this sample alone",
        ),
        pytest.param(
            s.Identity(mean(lam, m), times(num(2), mean(lam, m2))),
            "two distributions",
            id="a number with two means, of which anything would follow",
        ),
        pytest.param(
            s.Identity(t.Gradient(mean(times(lam, norm(z)), m), theta, ((z, times(lam, J)),)), theta),
            "carried into its expectation",
            id="a Jacobian in which lam is not the one that is averaged over",
        ),
        pytest.param(
            s.Identity(t.Expectation(mean(times(m, lam), m), m, (t.Moment(1, (), m2),)), m2),
            "a premise on what moves",
            id="a moment that depends on what is drawn before",
        ),
        pytest.param(
            s.Identity(times(num(2), column("z~", "h")), column("z_mixed", "h")), "a name that", id="one name"
        ),
        pytest.param(
            s.Identity(
                t.Expectation(times(t.Symbol("a~"), t.Symbol("a_mixed")), t.Symbol("a~"), (t.Moment(1, (), m),)), m
            ),
            "a name that",
            id="a random number that has the name of another",
        ),
        pytest.param(
            s.Identity(mean(lam, m), t.Symbol("law_lam")), "a name that", id="a number called like a distribution"
        ),
        pytest.param(s.Vanishing((column("u", "S"), y)), "taken", id="a size S"),
        pytest.param(
            s.Identity(times(lam, times(m, z)), times(lam, m, z)),
            "same as written",
            id="a tautology but for brackets",
        ),
        pytest.param(
            s.Identity(total(norm(t.Transpose(t.Slice(E, "j", ":"))), j="n"), t.Trace(times(t.Transpose(E), E))),
            "same as written",
            id="a tautology but for the name of a sample",
        ),
        pytest.param(s.Equivalence((z, zp), (zp, z)), "several equations", id="an equivalence of systems"),
        pytest.param(
            s.Equivalence((times(t.Transpose(E), ONES),), (y,)), "a data set", id="an equivalence over samples"
        ),
        pytest.param(s.Identity(mean(times(lam, z), m), z), "expectation of a vector", id="a mean vector"),
        pytest.param(
            s.Identity(
                t.Expectation(t.Trace(times(A, B)), A, (t.Moment(1, ("f", "g"), entry(B, "f", "g")),)),
                lam,
            ),
            "over a random matrix",
            id="a random matrix",
        ),
        pytest.param(s.Fails(s.Identity(z, zp)), "takes a point", id="that something fails"),
        pytest.param(s.Positivity(lam, ()), "an inequality", id="an inequality"),
    ],
)
def test_what_cannot_be_printed_is_refused_with_the_reason(statement: s.Statement, reason: str) -> None:
    whole = ("q",) if "whole" in reason else ()
    with pytest.raises(UnsupportedError) as caught:
        proposition(statement, whole=whole)
    assert reason in caught.value.remedy


def test_a_definition_that_divides_by_what_is_random_is_refused() -> None:
    """The premise would be about another lam, in front of the expectation; such a tree is not well formed, either."""
    stated = s.Identity(mean(R, m), m)
    with pytest.raises(UnsupportedError, match="a definition that divides by"):
        unchecked(stated, theorem_of(stated, definitions=((R, t.Quotient(one, lam)),)))


def test_a_gradient_inside_of_a_sum_or_of_a_definition_is_refused() -> None:
    """That what is differentiated is quadratic has to be said in the statement, for all that is bound there."""
    row = t.Slice(Z, "j", ":")
    inside = total(t.Trace(times(row, t.Gradient(norm(plus(z, minus(t.Transpose(row)))), z))), j="n")
    with pytest.raises(UnsupportedError, match=r"not paired|inside of"):
        proposition(s.Identity(inside, lam))
    with pytest.raises(UnsupportedError, match=r"not paired|inside of"):
        proposition(s.Identity(L, lam), definitions=((L, norm(t.Gradient(norm(z), z))),))


# -- files -------------------------------------------------------------------------------------------------------------

COMMENTED = s.Theorem(
    "commented",
    s.Setting(conditions=(s.Condition(lam, ">=", num(0)), s.Condition(lam, "<=", one))),
    (
        ("label *) with (* both", s.Identity(times(W, plus(z, zp)), plus(times(W, z), times(W, zp)))),
        ("entry", s.Identity(t.Trace(times(t.Transpose(W), W)), m)),
    ),
    (),
    (
        ("one", s.Identity(times(W, z), times(W, zp))),
        ("two", s.Identity(t.Trace(times(t.Transpose(W), W)), lam)),
    ),
)


def test_a_file_has_the_claims_and_each_near_miss_has_its_own() -> None:
    it = theory(COMMENTED, 'A summary that closes *) and opens (* a comment, with a " in it.')
    assert list(it.files) == ["commented.v", "commented__near_miss_1.v"]
    assert (it.claims, it.whole, it.near_misses) == (("label *) with (* both",), False, 1)
    reason = "a trace over features that is no inner product of two vectors: tr(W^T W)"
    assert it.outside == {"entry": reason, "near miss, two": reason}
    for code in it.files.values():
        assert code.count("(*") == code.count("*)")
        assert '"' not in code
        assert max(map(len, code.splitlines())) <= 110
        assert "Proof. settle. Qed." in code


def test_a_file_says_which_conditions_it_does_not_assume() -> None:
    head = theory(COMMENTED).files["commented.v"].split("From Coq")[0]
    assert "more general than what was stated: it does not assume lam >= 0, lam <= 1." in " ".join(head.split())
    free = dataclasses.replace(COMMENTED, setting=s.Setting())
    assert "general" not in theory(free).files["commented.v"]


def test_an_equivalence_by_squares_is_named() -> None:
    claims = (("squares", s.Equivalence((times(t.Transpose(W), W, z),), (times(W, z),))),)
    stated = dataclasses.replace(COMMENTED, claims=claims)
    assert theory(stated).whole
    (reason,) = theory(stated, "", frozenset({"squares"})).outside.values()
    assert reason.startswith("an equivalence, one way of which goes by a sum of squares")


def test_a_theorem_called_like_the_prelude_is_refused() -> None:
    one = outcome("mixed_residual_is_mixture_of_residuals")
    namesake = dataclasses.replace(one, document=dataclasses.replace(one.document, name="spaces"))
    with pytest.raises(UsageError, match=r"spaces\.v"):
        coq_files([namesake], {})


def test_samples_are_what_is_summed_over_or_picked_out() -> None:
    assert sample_sizes(outcome("pair_average_is_erm_minus_variance").document) == {"n"}
    assert sample_sizes(outcome("gradient_has_four_terms").document) == frozenset()


def test_the_gradient_has_four_terms_for_coq() -> None:
    """What the reader of the post looks for, as Coq has it."""
    code = " ".join(printed(outcome("gradient_has_four_terms")).files["gradient_has_four_terms.v"].split())
    assert (
        "forall (h k p : Space) (W : Linear h k) (J J' : Linear p h) (z z' : h) (b y y' : k) (lam : R),"
        " forall (dir : p), tangent (fun step => L W (move step z (app J dir)) (move step z' (app J' dir)) b y y' lam)"
    ) in code
