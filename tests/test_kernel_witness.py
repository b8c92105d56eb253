"""Witnesses: found whenever there is a difference, confirmed by the definition, small, and always the same."""

from __future__ import annotations

import os
import subprocess
import sys
from fractions import Fraction
from itertools import permutations
from random import Random

import pytest
from hypothesis import given, settings

from symmix.kernel.networks import Expression, constant, delta, entry, ones, zeros
from symmix.kernel.points import Model, evaluate, fixed_size, projected, unit_vector
from symmix.kernel.products import Tensor
from symmix.kernel.questions import Condition, Question
from symmix.kernel.scalars import ONE, Polynomial
from symmix.search.witnesses import find_witness
from tests.kernel_rewritings import random_pair
from tests.kernel_strategies import (
    SHAPES,
    TENSORS,
    Point,
    Written,
    build,
    everywhere,
    expressions,
    seeds,
    value,
)

LAM, N = Polynomial.variable("lam"), Polynomial.variable("n")
x, y, A, B, W, u, s = (TENSORS[name] for name in "xyABWus")


def point(model: Model) -> Point:
    """Take the model apart for the naive evaluator; what was cancelled is 1, or zero if it is a tensor."""
    scalars = {"lam": Fraction(1), **model.scalars}
    entries = {t.name: table for t, table in model.entries.items()}
    return Point({"n": 1, "m": 1, **model.sizes}, scalars, {name: entries.get(name, {}) for name in SHAPES})


def confirm(question: Question, found: Model | None) -> Model:
    assert found is not None
    assert question.answered_by(found)
    assert all(size >= 1 for size in found.sizes.values())
    for e in question.expressions:
        for tensor in e.tensors:
            assert found.entries[tensor].keys() <= set(found.positions(tensor.dims))
    return found


# -- without hypotheses ------------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=300)
@given(expressions(), seeds)
def test_a_witness_is_found_exactly_when_the_expression_is_not_zero(written: Written, seed: int) -> None:
    expression = build(written)
    question = Question((expression,), dims=frozenset({"n", "m"}))
    found = find_witness(question, seed)
    if expression.is_zero:
        assert found is None
    else:
        assert any(value(written, point(confirm(question, found))).values())


@pytest.mark.slow
def test_thousands_of_different_pairs_have_witnesses() -> None:
    random, different = Random(11), 0
    for _ in range(2000):
        one, other = random_pair(random)
        difference = build(one) - build(other)
        question = Question((difference,), dims=frozenset({"n", "m"}))
        if difference.is_zero:
            assert find_witness(question) is None
            continue
        different += 1
        at = point(confirm(question, find_witness(question)))
        assert value(one, at) != value(other, at)
    assert different > 1000


def test_some_goal_is_enough() -> None:
    question = Question((zeros({}), entry(x, "i"), entry(x, "i") - entry(x, "i")))
    confirm(question, find_witness(question))
    assert find_witness(Question((zeros({}), zeros({"i": "n"})))) is None
    assert find_witness(Question(())) is None


def word(letters: str) -> Expression:
    """The matrix product of A, B, C, D and their transposes a, b, c, d, over the free indices i and j."""
    result = delta("0", "i", "n")
    for place, letter in enumerate(letters):
        matrix = Tensor(letter.upper(), ("n", "n"))
        pair = (f"{place}", f"{place + 1}")
        result = (result * entry(matrix, *(pair if letter.isupper() else pair[::-1]))).sum(f"{place}")
    return result.rename({f"{len(letters)}": "j"})


def trace(letters: str) -> Expression:
    return word(letters).rename({"j": "i"}).sum("i")


def sign(order: tuple[int, ...]) -> int:
    odd = sum(order[i] > order[j] for i in range(len(order)) for j in range(i + 1, len(order))) % 2
    return -1 if odd else 1


def standard_polynomial(letters: str) -> Expression:
    total = zeros({"i": "n", "j": "n"})
    for order in permutations(range(len(letters))):
        total = total + word("".join(letters[i] for i in order)) * sign(order)
    return total


def cayley_hamilton_of_size_two() -> Expression:
    """``A A - tr(A) A + det(A) I`` with ``det(A) = (tr(A)**2 - tr(A A)) / 2``: zero for every 2x2 matrix."""
    t = trace("A")
    determinant = (t * t - trace("AA")) * Fraction(1, 2)
    return word("AA") - t * word("A") + determinant * delta("i", "j", "n")


def determinant_of_size_three() -> Expression:
    """Six times the third elementary symmetric function of the eigenvalues: zero at sizes 1 and 2."""
    t, t2 = trace("A"), trace("AA")
    return t * t * t - 3 * (t * t2) + 2 * trace("AAA")


VANISHING: dict[str, tuple[Expression, int]] = {
    "commutator": (word("AB") - word("BA"), 2),
    "transposed product": (word("AB") - word("aB"), 2),
    "trace of a product": (trace("AB") - trace("A") * trace("B"), 2),
    "trace of a palindrome": (trace("AABABB") - trace("BBABAA"), 3),
    "standard polynomial S4": (standard_polynomial("ABCD"), 3),
    "S3": (standard_polynomial("ABC"), 2),
    "Cayley-Hamilton at 1": (word("A") - trace("A") * delta("i", "j", "n"), 2),
    "Cayley-Hamilton at 2": (cayley_hamilton_of_size_two(), 3),
    "determinant at 3": (determinant_of_size_three(), 3),
    "commutator squared is central": (
        word("ABABC")
        - word("ABBAC")
        - word("BAABC")
        + word("BABAC")
        - word("CABAB")
        + word("CABBA")
        + word("CBAAB")
        - word("CBABA"),
        3,
    ),
    "sum against ones": (entry(x, "i") - entry(x, "j").sum("j") * ones(i="n"), 2),
    "off the diagonal": (ones(i="n", j="n") - delta("i", "j", "n"), 2),
    "three different indices": (
        (ones(i="n", j="n") - delta("i", "j", "n"))
        * (ones(i="n", k="n") - delta("i", "k", "n"))
        * (ones(k="n", j="n") - delta("k", "j", "n")),
        3,
    ),
    "n - 1": (entry(x, "i") * (N - 1), 2),
    "(n-1)(n-2)(n-3)": (entry(x, "i") * ((N - 1) * (N - 2) * (N - 3)), 4),
    "(n-1)...(n-8)": (
        entry(x, "i") * ((N - 1) * (N - 2) * (N - 3) * (N - 4) * (N - 5) * (N - 6) * (N - 7) * (N - 8)),
        9,
    ),
    "1/n - 1": (entry(x, "i") * (Polynomial.variable("n", -1) - 1), 2),
}


@pytest.mark.parametrize("name", VANISHING)
def test_an_expression_that_vanishes_at_small_sizes_gets_a_witness_at_the_next(name: str) -> None:
    expression, size = VANISHING[name]
    found = confirm(Question((expression,)), find_witness(Question((expression,))))
    assert found.sizes["n"] >= size
    for seed in range(3):  # it does vanish below
        random = Random(seed)
        for small in range(1, size):
            at = Model({"n": small}, {}, {})
            entries = {
                t: {p: Fraction(random.randint(-9, 9)) for p in at.positions(t.dims)} for t in expression.tensors
            }
            assert not any(evaluate(expression, Model({"n": small}, {}, entries)).values()), (small, seed)


def vanishing_at(roots: list[Fraction]) -> Polynomial:
    product = ONE
    for root in roots:
        product = product * (LAM - root)
    return product


@pytest.mark.parametrize(
    "coefficient",
    [
        LAM * (1 - LAM) * (2 * LAM - 1),
        vanishing_at([Fraction(n, d) for d in (1, 2, 3) for n in range(-3, 4)]),
        vanishing_at([Fraction(n, d) for d in (1, 2, 3, 4, 5) for n in range(-4, 5)]),
        Polynomial.variable("lam", -2) * (1 - LAM) * (1 - 2 * LAM),
        (LAM - Polynomial.variable("mu")) * (LAM + Polynomial.variable("mu")) * (LAM - 1),
    ],
)
def test_zeros_of_coefficients_are_avoided(coefficient: Polynomial) -> None:
    question = Question((entry(x, "i") * coefficient,))
    for seed in range(5):
        found = confirm(question, find_witness(question, seed))
        assert found.scalar(coefficient) != 0


def test_a_dimension_in_coefficients_only_is_a_size() -> None:
    question = Question((constant((N - 1) * (N - 2)),), dims=frozenset({"n"}))
    found = confirm(question, find_witness(question))
    assert found.sizes["n"] >= 3
    assert "n" not in found.scalars


# -- conditions --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "conditions",
    [
        (Condition(LAM, ">"), Condition(1 - LAM, ">")),
        (Condition(LAM, ">="), Condition(1 - 2 * LAM, ">=")),
        (Condition(LAM * (1 - LAM), "!="),),
        (Condition(N - 2, ">"),),
        (Condition(-LAM, ">"), Condition(LAM + 1, ">")),
        (Condition(Polynomial.variable("lam", -1) - 2, ">="),),
    ],
)
def test_conditions_are_respected(conditions: tuple[Condition, ...]) -> None:
    question = Question((entry(x, "i") * (LAM + N),), (), conditions)
    for seed in range(10):
        found = confirm(question, find_witness(question, seed))
        values: dict[str, int | Fraction] = {**found.sizes, **found.scalars}
        for condition in conditions:
            at = condition.polynomial.value(values)
            assert at > 0 if condition.relation == ">" else at >= 0 if condition.relation == ">=" else at != 0


@pytest.mark.parametrize(
    "question",
    [
        Question((entry(x, "i"),), (), (Condition(LAM, ">"), Condition(-LAM, ">"))),
        Question((entry(x, "i"),), (), (Condition(-(LAM * LAM) - 1, ">="),)),
        Question((entry(x, "i") * LAM,), everywhere(constant(LAM))),
        Question((entry(x, "i"),), everywhere(entry(x, "j"))),
        Question((entry(x, "i"),), everywhere(constant(1))),
        Question((entry(x, "i"),), everywhere(entry(x, "i") * LAM), (Condition(LAM, "!="),)),
        Question((word("A"),), everywhere(trace("Aa"))),
        Question((word("AB") - delta("i", "j", "n"),), everywhere(word("BA") - delta("i", "j", "n"))),
    ],
)
def test_nothing_is_found_where_there_is_nothing(question: Question) -> None:
    assert find_witness(question) is None


# -- hypotheses --------------------------------------------------------------------------------------------------------

P = Tensor("P", ("n", "n"))
K, G = Tensor("K", ("m", "n")), Tensor("G", ("n", "m"))


def product(left: Tensor, right: Tensor) -> Expression:
    return (entry(left, "i", "k") * entry(right, "k", "j")).sum("k")


UNDER_HYPOTHESES: dict[str, Question] = {
    "row sums do not fix column sums": Question(
        (entry(P, "i", "j").sum("i") - ones(j="n"),), everywhere(entry(P, "i", "j").sum("j") - ones(i="n"))
    ),
    "doubly stochastic is not symmetric": Question(
        (entry(P, "i", "j") - entry(P, "j", "i"),),
        everywhere(entry(P, "i", "j").sum("i") - ones(j="n"), entry(P, "i", "j").sum("j") - ones(i="n")),
    ),
    "B A = I does not make A B = I for other shapes": Question(
        (product(K, G) - delta("i", "j", "m"),), everywhere(product(G, K) - delta("i", "j", "n"))
    ),
    "W x = 0 leaves x": Question((entry(x, "i"),), everywhere((entry(W, "a", "i") * entry(x, "i")).sum("i"))),
    "W x = 0 leaves W": Question((entry(W, "a", "i"),), everywhere((entry(W, "a", "i") * entry(x, "i")).sum("i"))),
    "mean zero leaves the residuals": Question((entry(A, "i", "s"),), everywhere(entry(A, "i", "s").sum("s"))),
    "symmetric matrices do not commute": Question(
        (word("AB") - word("BA"),), everywhere(word("A") - word("a"), word("B") - word("b"))
    ),
    "lam e = 0 leaves e": Question((entry(x, "i"),), everywhere(entry(x, "i") * LAM)),
    "a hypothesis about scalars": Question((entry(x, "i") * LAM,), everywhere(constant(LAM * (1 - LAM)))),
    "unit length": Question((entry(x, "i"),), everywhere((entry(x, "i") * entry(x, "i")).sum("i") - ones())),
    "a projection": Question((word("A"),), everywhere(word("AA") - word("A"))),
    "linear beside scalar": Question(
        (entry(x, "i") - entry(y, "i"),),
        everywhere(entry(x, "i") - entry(y, "i") * LAM, constant(LAM * LAM - LAM)),
    ),
    "no hypothesis at all": Question((entry(x, "i"),), everywhere(zeros({"i": "n"}))),
    "errors cancel": Question(
        (entry(x, "i"),),
        everywhere(entry(x, "i") * LAM + entry(y, "i") * (1 - LAM)),
        (Condition(LAM * (1 - LAM), ">"),),
    ),
    "1/lam in a hypothesis": Question(
        (entry(x, "i"),), everywhere(entry(x, "i") * Polynomial.variable("lam", -1) - entry(y, "i"))
    ),
}


@pytest.mark.parametrize("name", UNDER_HYPOTHESES)
def test_hypotheses_hold_at_the_witness(name: str) -> None:
    question = UNDER_HYPOTHESES[name]
    for seed in range(3):
        found = confirm(question, find_witness(question, seed))
        for hypothesis in question.hypotheses:
            assert not any(evaluate(hypothesis.expression, found).values())


def test_many_hypotheses_over_many_tensors_do_not_explode() -> None:
    """Six fits of six samples: there are 44851 sets of up to six tensors to solve for."""
    hypotheses = []
    for k in range(6):
        z, target, b = Tensor(f"z{k}", ("n",)), Tensor(f"y{k}", ("m",)), Tensor(f"b{k}", ("m",))
        fitted = (entry(W, "a", "i") * entry(z, "i")).sum("i") + entry(b, "a")
        hypotheses.append(entry(target, "a") - fitted)
    question = Question((entry(Tensor("y0", ("m",)), "a"),), everywhere(*hypotheses))
    confirm(question, find_witness(question))


# -- what it looks like ------------------------------------------------------------------------------------------------


def test_a_witness_is_small_and_plain() -> None:
    question = Question(((entry(x, "i") * entry(y, "i")).sum("i") - entry(s),))
    found = confirm(question, find_witness(question))
    assert found.sizes == {"n": 1}
    entries = [v for table in found.entries.values() for v in table.values()]
    assert sum(v != 0 for v in entries) == 1
    assert set(entries) <= {0, 1}
    commutator = Question((word("AB") - word("BA"),))
    found = confirm(commutator, find_witness(commutator))
    assert found.sizes == {"n": 2}
    assert sum(v != 0 for table in found.entries.values() for v in table.values()) <= 3


def test_setting_any_entry_of_a_witness_to_zero_spoils_it() -> None:
    for name, (expression, _) in VANISHING.items():
        question = Question((expression,))
        found = confirm(question, find_witness(question))
        for tensor, table in found.entries.items():
            for position in (p for p, v in table.items() if v):
                entries = {**found.entries, tensor: {**table, position: Fraction(0)}}
                assert not question.answered_by(Model(found.sizes, found.scalars, entries)), name


def test_the_same_seed_gives_the_same_witness_in_every_process() -> None:
    program = (
        "from tests.test_kernel_witness import UNDER_HYPOTHESES, VANISHING, Question, find_witness\n"
        "questions = [*UNDER_HYPOTHESES.values(), *(Question((e,)) for e, _ in VANISHING.values())]\n"
        "print([find_witness(q, 5) for q in questions])"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
    assert "Model" in outputs.pop()


def test_a_forged_witness_is_no_answer() -> None:
    """``sum x - x[i] sum 1`` is zero at size 1, whatever the model says beside it."""
    e = entry(x, "i").sum("i") * ones(j="n") - entry(x, "j")
    counted = entry(x, "i") * (N - 1)
    one: dict[Tensor, dict[tuple[int, ...], Fraction]] = {x: {(0,): Fraction(1)}}
    forged: list[
        tuple[Question, dict[str, int], dict[str, Fraction], dict[Tensor, dict[tuple[int, ...], Fraction]]]
    ] = [
        (Question((e,)), {"n": 1}, {}, {x: {(0,): Fraction(1), (1,): Fraction(1)}}),
        (Question((e,)), {"n": 1}, {}, {x: {(0,): Fraction(1), (-1,): Fraction(1)}}),
        (Question((e,)), {"n": 2}, {}, {x: {(0, 1): Fraction(1)}}),
        (Question((counted,)), {"n": 1}, {"n": Fraction(1, 2)}, one),
        (Question((entry(x, "i").sum("i") - constant(1),)), {"n": 0}, {}, {x: {}}),
    ]
    for question, sizes, scalars, entries in forged:
        assert not question.answered_by(Model(sizes, scalars, entries))
    assert Question((counted,)).answered_by(Model({"n": 2}, {}, one))


def test_an_answer_is_only_an_answer_where_the_question_has_a_meaning() -> None:
    question = Question((entry(x, "i") * Polynomial.variable("lam", -1) + entry(x, "i"),))
    entries: dict[Tensor, dict[tuple[int, ...], Fraction]] = {x: {(0,): Fraction(1)}}
    assert question.answered_by(Model({"n": 1}, {"lam": Fraction(2)}, entries))
    assert not question.answered_by(Model({"n": 1}, {"lam": Fraction(0)}, entries))
    assert not question.answered_by(Model({"n": 1}, {"lam": Fraction(-1)}, entries))


# -- points ---


@pytest.mark.parametrize(("symmetry", "sign"), [("symmetric", 1), ("skew", -1)])
def test_entries_of_a_tensor_with_a_symmetry_are_their_means(symmetry: str, sign: int) -> None:
    S = Tensor("S", ("k", "k"), symmetry)
    table: dict[tuple[int, ...], Fraction] = {(0, 1): Fraction(3), (1, 0): Fraction(1), (0, 2): Fraction(5)}
    off = Fraction(3 + sign, 2)
    expected = {(0, 1): off, (1, 0): sign * off, (0, 2): Fraction(5, 2), (2, 0): sign * Fraction(5, 2)}
    assert projected(S, table) == expected
    value = evaluate(entry(S, "a", "b"), Model({"k": 3}, entries={S: table}))
    assert {place: x for place, x in value.items() if x} == expected
    plain = Tensor("A", ("k", "k"))
    assert projected(plain, table) is table


def test_a_size_that_is_a_number_is_that_number_at_a_point() -> None:
    assert (fixed_size("3"), fixed_size("k")) == (3, 0)
    assert Model({"3": 3, "k": 1}).is_consistent
    assert not Model({"3": 2}).is_consistent
    assert not Model({"k": 0}).is_consistent


def test_a_tensor_that_is_called_by_a_number_is_a_unit_vector_at_a_point() -> None:
    second, other = Tensor("1", ("k",)), Tensor("u", ("k",))
    assert unit_vector(second) == {(1,): 1}
    assert unit_vector(other) == {}
    own: dict[tuple[int, ...], Fraction] = {(0,): Fraction(7)}
    for place, number, consistent in ((1, 1, True), (0, 1, False), (1, 2, False)):
        assert Model({"k": 2}, entries={second: {(place,): Fraction(number)}, other: own}).is_consistent is consistent
    assert not Model({"k": 2}, entries={second: {}}).is_consistent
    assert Model({"k": 2}, entries={other: own}).is_consistent
