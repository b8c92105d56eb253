"""Cofactors: found where the goal vanishes, never where it does not, and only the right ones hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings

from symmix.kernel.calculus import Template, derivative, substitute
from symmix.kernel.cofactors import Cofactors
from symmix.kernel.networks import Expression, constant, delta, entry, ones, zeros
from symmix.kernel.products import Tensor
from symmix.kernel.questions import Question
from symmix.kernel.scalars import Polynomial
from symmix.search.cofactors import MARKER, find_cofactors
from symmix.search.witnesses import find_witness
from tests.kernel_strategies import TENSORS, Written, build, everywhere, expressions, seeds

LAM = Polynomial.variable("lam")
NONE: frozenset[str] = frozenset()
x, y, A, B, W, u = (TENSORS[name] for name in "xyABWu")
P = Tensor("P", ("n", "n"))


def apply(matrix: Tensor, vector: Expression, index: str = "i") -> Expression:
    """``(M v)[index]`` for a vector over one free index."""
    (inner,) = vector.free
    return (entry(matrix, index, "%") * vector.rename({inner: "%"})).sum("%")


def total(expression: Expression) -> Expression:
    return expression.sum(*expression.free)


ROWS = entry(P, "i", "j").sum("j") - ones(i="n")  # P 1 = 1
COLUMNS = entry(P, "i", "j").sum("i") - ones(j="n")  # 1^T P = 1
ORTHOGONAL = (entry(P, "k", "i") * entry(P, "k", "j")).sum("k") - delta("i", "j", "n")  # P^T P = I
INVERSE = (entry(B, "i", "k") * entry(A, "k", "j")).sum("k") - delta("i", "j", "n")  # B A = I
KERNEL = apply(W, entry(x, "i"), "a")  # W x = 0
FIT = entry(u, "a") - apply(W, entry(x, "i"), "a")  # u = W x
MEAN = entry(A, "i", "s").sum("s")  # the rows of A have mean 0
N = constant(Polynomial.variable("n"))

MEMBERS: dict[str, tuple[Expression, list[Expression]]] = {
    "P P 1 = 1": (apply(P, apply(P, ones(i="n"))) - ones(i="n"), [ROWS]),
    "P**4 1 = 1": (apply(P, apply(P, apply(P, apply(P, ones(i="n"))))) - ones(i="n"), [ROWS]),
    "1 P x = 1 x": (total(apply(P, entry(x, "i"))) - total(entry(x, "i")), [COLUMNS]),
    "1 P 1 = n by rows": (total(entry(P, "i", "j")) - N, [ROWS]),
    "1 P 1 = n by columns": (total(entry(P, "i", "j")) - N, [COLUMNS, ROWS]),
    "(1 P 1)**2 = n**2": (total(entry(P, "i", "j")) * total(entry(P, "k", "l")) - N * N, [ROWS]),
    "|P x|**2 = |x|**2": (
        total(apply(P, entry(x, "i")) * apply(P, entry(x, "i"))) - total(entry(x, "i") * entry(x, "i")),
        [ORTHOGONAL],
    ),
    "B A x = x": (apply(B, apply(A, entry(x, "i"))) - entry(x, "i"), [INVERSE]),
    "B B A A x = x": (apply(B, apply(B, apply(A, apply(A, entry(x, "i"))))) - entry(x, "i"), [INVERSE]),
    "x from B, A x = y": (entry(x, "i") - apply(B, entry(y, "i")), [INVERSE, apply(A, entry(x, "j")) - entry(y, "i")]),
    "|W x|**2 = 0": (total(KERNEL * KERNEL), [KERNEL]),
    "u u = x W W x": (total(entry(u, "a") * entry(u, "a")) - total(KERNEL * KERNEL), [FIT]),
    "sums of the rows": (total(entry(A, "i", "s") * entry(x, "i")), [MEAN]),
    "1 = 1": (zeros({"i": "n"}), [ROWS]),
    "x = 0 from x = y and y = 0": (entry(x, "i"), [entry(x, "i") - entry(y, "i"), entry(y, "i")]),
    "x = 0 from n x = 0": (entry(x, "i"), [entry(x, "i") * Polynomial.variable("n")]),
    "the hypothesis twice": (entry(x, "i") * 3, [entry(x, "i"), entry(x, "i")]),
    "order is free": (entry(x, "z") * entry(y, "a"), [entry(x, "q")]),
}


@pytest.mark.parametrize("name", MEMBERS)
def test_found_where_the_goal_vanishes(name: str) -> None:
    goal, hypotheses = MEMBERS[name]
    found = find_cofactors(goal, everywhere(*hypotheses), NONE)
    assert found is not None
    assert found.multiplied_out() == goal == found.goal
    assert found.hypotheses == everywhere(*hypotheses)
    assert found.holds
    if not goal.is_zero:
        assert all(not e.holds for e in corrupted(found))


def corrupted(found: Cofactors) -> Iterator[Cofactors]:
    """Every certificate with one cofactor missing, doubled, negated or with one product more; and another goal."""
    for place, factor in enumerate(found.factors):
        if factor.is_zero or found.hypotheses[place].expression.is_zero:
            continue
        spoilt = [zeros(factor.free), factor * 2, -factor, factor * LAM, factor + ones(**factor.free)]
        if len(factor.terms) > 1:
            product, c = next(iter(factor.terms.items()))
            spoilt.append(factor - Expression(factor.free, [(c, product)]))
        for other in spoilt:
            factors = (*found.factors[:place], other, *found.factors[place + 1 :])
            yield replace(found, factors=factors)
    yield replace(found, goal=found.goal * 2)
    yield replace(found, goal=found.goal + ones(**found.goal.free))


@settings(deadline=None, max_examples=150)
@given(expressions(max_terms=2), expressions(max_terms=2, names=("x", "A", "s")), seeds)
def test_multiples_of_a_solvable_hypothesis_are_found_and_others_are_not(f: Written, g: Written, seed: int) -> None:
    """``e[i] = y[i] - g[i]`` lets y be eliminated: whatever vanishes then, and nothing else, is a multiple of e."""
    inner = build(g).sum(*(index for index, dim in g.free if index != "a"))
    inner = inner if "a" in inner.free else inner * ones(a="n")
    hypothesis = entry(y, "a") - inner
    goal = build(f)
    eliminated = substitute(goal, [Template(y, ("a",), inner)])
    shifted = goal - eliminated  # vanishes where y = g
    found = find_cofactors(shifted, everywhere(hypothesis), NONE)
    assert found is not None
    assert found.holds
    if not eliminated.is_zero:
        assert find_cofactors(goal, everywhere(hypothesis), NONE) is None
        point = find_witness(Question((goal,), everywhere(hypothesis)), seed)
        assert point is not None
    else:
        assert find_cofactors(goal, everywhere(hypothesis), NONE) is not None


FOREIGN: dict[str, tuple[Expression, list[Expression]]] = {
    "P x = x": (apply(P, entry(x, "i")) - entry(x, "i"), [ROWS]),
    "1 P = 1 from P 1 = 1": (COLUMNS, [ROWS]),
    "P = P^T": (entry(P, "i", "j") - entry(P, "j", "i"), [ROWS, COLUMNS]),
    "P P = 1": (apply(P, apply(P, entry(x, "i"))) - entry(x, "i"), [ROWS]),
    "x from W x = 0": (entry(x, "i"), [KERNEL]),
    "W = 0 from W x = 0": (entry(W, "a", "i"), [KERNEL]),
    "a sample from the mean": (entry(A, "i", "s"), [MEAN]),
    "squares from the mean": (entry(A, "i", "s") * entry(A, "i", "s"), [MEAN]),
    "sum of squares from the mean": ((entry(A, "i", "s") * entry(A, "i", "s")).sum("s"), [MEAN]),
    "diagonal from the sum": (entry(A, "i", "i"), [MEAN]),
    "one index is not any": (entry(x, "i"), [total(entry(x, "i"))]),
    "e from lam e": (entry(x, "i"), [entry(x, "i") * LAM]),
    "e from lam (1 - lam) e": (entry(x, "i"), [entry(x, "i") * (LAM * (1 - LAM))]),
    "1": (ones(), [entry(x, "i")]),
    "x from x x": (entry(x, "i"), [entry(x, "i") * entry(y, "i")]),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_not_found_where_a_witness_says_that_the_goal_does_not_vanish(name: str) -> None:
    goal, hypotheses = FOREIGN[name]
    assert find_cofactors(goal, everywhere(*hypotheses), NONE) is None
    question = Question((goal,), everywhere(*hypotheses))
    point = find_witness(question)
    assert point is not None
    assert question.answered_by(point)


# -- division ----------------------------------------------------------------------------------------------------------


def test_divides_only_by_scalars_known_not_to_be_zero() -> None:
    e = entry(x, "i")
    assert find_cofactors(e, everywhere(e * LAM), NONE) is None
    assert find_cofactors(e, everywhere(e * LAM), frozenset({"mu"})) is None
    found = find_cofactors(e, everywhere(e * LAM), frozenset({"lam"}))
    assert found is not None
    assert found.holds
    assert found.factors[0].divisors == {"lam"}
    assert find_cofactors(e, everywhere(e * (LAM * (1 - LAM))), frozenset({"lam"})) is None  # 1 - lam is no unit


def test_certificate_that_divides_by_a_scalar_that_may_be_zero_does_not_hold() -> None:
    e = entry(x, "i")
    inverse = delta("i", "j", "n") * Polynomial.variable("lam", -1)
    forged = Cofactors(e, everywhere(e * LAM), (inverse,), (("j",),))
    assert forged.multiplied_out() == e
    assert not forged.holds
    assert find_witness(Question((e,), everywhere(e * LAM))) is not None  # it is false at lam = 0
    assert replace(forged, units=frozenset({"lam"})).holds


def test_a_scalar_by_which_the_statement_divides_itself_is_no_objection() -> None:
    e, inverse = entry(x, "i"), Polynomial.variable("lam", -1)
    found = find_cofactors(e * inverse, everywhere(e), NONE)
    assert found is not None
    assert found.holds


def test_a_tensor_that_is_called_like_a_marker_proves_nothing() -> None:
    """No name of a tree can be one; what the search makes of it, the gate does not take."""
    marked = entry(Tensor(f"{MARKER}0", ("n",)), "i")
    assert find_cofactors(marked, everywhere(entry(x, "i")), NONE) is None
    assert find_cofactors(marked - entry(x, "i"), everywhere(entry(x, "i")), NONE) is None


# -- the statement that everything is for ------------------------------------------------------------------------------


def test_four_terms_are_the_cofactors_of_the_two_errors() -> None:
    z, z1, y1 = (Tensor(name, (dim,)) for name, dim in (("z", "n"), ("z'", "n"), ("y'", "m")))
    ratio = 1 - LAM
    mixed = entry(z, "i") * LAM + entry(z1, "i") * ratio
    residual = entry(u, "a") * LAM + entry(y1, "a") * ratio - apply(W, mixed, "a")
    gradient = derivative(total(residual * residual) * Polynomial.constant(1), z, ["c"])
    own = entry(u, "a") - apply(W, entry(z, "i"), "a")
    partner = entry(y1, "a") - apply(W, entry(z1, "i"), "a")
    found = find_cofactors(gradient, everywhere(own, partner), NONE)
    assert found is not None
    for factor, slots, weight in zip(found.factors, found.slots, (LAM * LAM, LAM * ratio), strict=True):
        assert factor == entry(W, slots[0], "c") * (weight * -2)
    assert find_cofactors(gradient, everywhere(own), NONE) is None
    assert find_cofactors(gradient, everywhere(partner), NONE) is None


# -- hostile systems ---------------------------------------------------------------------------------------------------


def chained(*names: str) -> Expression:
    result = entry(Tensor(names[-1], ("n", "n")), f"{len(names) - 1}", "z")
    for place in reversed(range(len(names) - 1)):
        result = (entry(Tensor(names[place], ("n", "n")), f"{place}", f"{place + 1}") * result).sum(f"{place + 1}")
    return result.rename({"0": "i", "z": "j"})


@pytest.mark.parametrize(
    "hypotheses",
    [
        [chained("A") - chained("B", "C") - chained("B", "D"), chained("B") - chained("A") - chained("A", "E")],
        [chained("A", "A") - chained("A", "B") - chained("B", "A"), chained("B", "B") - chained("A", "A")],
        [chained("A", "B") - chained("B", "A", "A"), chained("A", "A", "B") - chained("B", "B", "A")],
        [chained("A") - (chained("A", "B") + chained("A", "C")) * (1 + LAM)],  # twice as many products each time
        [entry(x, "i") - entry(x, "i") * total(entry(x, "j")) - apply(A, entry(x, "i"))],
    ],
)
def test_rewriting_that_goes_in_circles_or_grows_comes_to_an_end(hypotheses: list[Expression]) -> None:
    goal = (
        chained("A", "B", "A", "B", "A", "A")
        if hypotheses[0].free.keys() == {"i", "j"}
        else entry(x, "i") * entry(x, "j")
    )
    found = find_cofactors(goal, everywhere(*hypotheses), NONE)
    assert found is None or found.holds


def test_a_long_symmetric_lead_is_matched_without_trying_all_orders() -> None:
    lead = ones()
    for place in range(9):
        lead = lead * entry(x, f"{place}").sum(f"{place}")
    goal = ones()
    for place in range(12):
        goal = goal * entry(x, f"a{place}")
    assert find_cofactors(goal, everywhere(lead - ones()), NONE) is None


def test_cofactors_do_not_depend_on_the_names_of_indices() -> None:
    random = Random(3)
    for goal, hypotheses in MEMBERS.values():
        renamed = [e.rename({index: f"r{random.randrange(10**6)}" for index in e.free}) for e in hypotheses]
        assert find_cofactors(goal, everywhere(*renamed), NONE) is not None
