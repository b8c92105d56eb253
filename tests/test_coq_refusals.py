"""What cannot be said in Coq is refused with the reason."""

from __future__ import annotations

import pytest

from symmix.errors import UnsupportedError
from symmix.terms import nodes as t
from symmix.terms import statements as s
from tests.coq_trees import (
    ONES,
    A,
    B,
    E,
    J,
    L,
    P,
    R,
    W,
    Z,
    b,
    column,
    e,
    entry,
    lam,
    m,
    m2,
    mean,
    minus,
    norm,
    num,
    one,
    plus,
    proposition,
    theorem_of,
    theta,
    times,
    total,
    unchecked,
    y,
    yp,
    z,
    zp,
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
        pytest.param(
            s.Identity(t.Gradient(times(lam, lam, norm(z)), lam), lam), "not paired with a direction", id="by a scalar"
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
