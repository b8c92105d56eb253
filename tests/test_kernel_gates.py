"""The gates say no: forged evidence, handed to each of them directly, is not taken."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from symmix.errors import DimensionError
from symmix.kernel.arrays import COLUMN, ROW
from symmix.kernel.cofactors import Cofactors, Hypothesis, over_samples
from symmix.kernel.distributions import ScalarMoments, TensorMoments
from symmix.kernel.networks import Expression, constant, delta, entry, ones, zeros
from symmix.kernel.points import Model
from symmix.kernel.positivity import Interval, positive_form
from symmix.kernel.products import Tensor
from symmix.kernel.questions import Condition, Question
from symmix.kernel.scalars import ONE, ZERO, Polynomial
from tests.kernel_strategies import at_the_sample, everywhere

LAM, MU, N = (Polynomial.variable(name) for name in ("lam", "mu", "n"))
A, B = Tensor("A", ("n", "n")), Tensor("B", ("n", "n"))
x, y, s = Tensor("x", ("n",)), Tensor("y", ("n",)), Tensor("s", ())
HALF, TWO = Fraction(1, 2), Fraction(2)
Entries = dict[tuple[int, ...], Fraction]


def number(value: int | Fraction) -> Polynomial:
    return Polynomial.constant(value)


def entries(*values: int) -> Entries:
    return {(place,): Fraction(value) for place, value in enumerate(values)}


# -- witnesses ---------------------------------------------------------------------------------------------------------

NOT_ZERO = Question((entry(x, "i"),))
AT = Model({"n": 2}, {}, {x: entries(0, 1)})


def test_a_point_answers_where_some_goal_is_not_zero_and_only_there() -> None:
    assert NOT_ZERO.answered_by(AT)
    assert not NOT_ZERO.answered_by(replace(AT, entries={x: entries(0, 0)}))
    assert Question((zeros({}), entry(x, "i"))).answered_by(AT)
    assert not Question((zeros({}),)).answered_by(AT)
    assert not Question(()).answered_by(AT)


@pytest.mark.parametrize(("value", "below", "not_above"), [(-1, True, True), (0, False, True), (1, False, False)])
def test_a_bound_fails_where_the_goal_is_below_it(value: int, *, below: bool, not_above: bool) -> None:
    """``s >= 0`` fails where s < 0, and ``s > 0`` where s <= 0."""
    at = Model({}, {}, {s: {(): Fraction(value)}})
    assert Question((entry(s),), fails="<").answered_by(at) is below
    assert Question((entry(s),), fails="<=").answered_by(at) is not_above


def test_a_point_that_misses_a_hypothesis_does_not_answer() -> None:
    """``x = y`` at every place."""
    question = replace(NOT_ZERO, hypotheses=everywhere(entry(x, "i") - entry(y, "i"), entry(s)))
    good = Model({"n": 2}, {}, {x: entries(0, 1), y: entries(0, 1), s: {(): Fraction(0)}})
    assert question.answered_by(good)
    assert not question.answered_by(replace(good, entries={**good.entries, y: entries(0, 2)}))
    assert not question.answered_by(replace(good, entries={**good.entries, y: entries(1, 1)}))
    assert not question.answered_by(replace(good, entries={**good.entries, s: {(): Fraction(1)}}))


@pytest.mark.parametrize(
    ("condition", "inside", "outside"),
    [
        (Condition(LAM, ">"), HALF, Fraction(0)),
        (Condition(LAM, ">"), HALF, -HALF),
        (Condition(LAM, ">="), Fraction(0), -HALF),
        (Condition(LAM, "!="), -HALF, Fraction(0)),
        (Condition(LAM - 1, "!="), HALF, Fraction(1)),
    ],
)
def test_a_point_that_misses_a_condition_does_not_answer(
    condition: Condition, inside: Fraction, outside: Fraction
) -> None:
    question = replace(NOT_ZERO, conditions=(Condition(MU, ">"), condition))
    good = Model({"n": 2}, {"lam": inside, "mu": TWO}, {x: entries(0, 1)})
    assert condition.holds(good)
    assert condition.names == {"lam"}
    assert question.answered_by(good)
    assert not question.answered_by(replace(good, scalars={"lam": outside, "mu": TWO}))
    assert not question.answered_by(replace(good, scalars={"lam": inside, "mu": -TWO}))


def test_whole_numbers_are_whole() -> None:
    question = Question((constant(Polynomial.variable("q")),), whole=frozenset({"q", "elsewhere"}))
    assert question.answered_by(Model({}, {"q": TWO}))
    assert not question.answered_by(Model({}, {"q": HALF}))


def test_nothing_is_divided_by_zero() -> None:
    inverse = Polynomial.variable("lam", -1)
    for question in (
        Question((entry(s) * inverse + entry(s),)),
        Question((entry(s),), everywhere(entry(Tensor("o", ())) * inverse)),
        Question((entry(s),), conditions=(Condition(LAM + inverse**2, ">"),)),
    ):
        good = Model({}, {"lam": HALF}, {s: {(): Fraction(1)}, Tensor("o", ()): {}})
        assert question.answered_by(good)
        assert question.divisors == {"lam"}
        assert not question.answered_by(replace(good, scalars={"lam": Fraction(0)}))
    sized = Question((constant(Polynomial.variable("n", -1)),), dims=frozenset({"n"}))
    assert sized.answered_by(Model({"n": 3}))


def test_a_reciprocal_has_the_value_that_it_stands_for() -> None:
    """``r = 1/(lam - 1)``: whatever the point says, r is what it is, and has to be."""
    r = Polynomial.variable("r")
    question = Question((constant(r - 2),), reciprocals={"r": LAM - 1, "unused": MU})
    assert question.scalars == {"lam"}
    assert question.answered_by(Model({}, {"lam": TWO}))
    assert not question.answered_by(Model({}, {"lam": Fraction(3, 2)}))
    assert not question.answered_by(Model({}, {"lam": Fraction(3, 2), "r": Fraction(7)}))
    assert not question.answered_by(Model({}, {"lam": Fraction(1), "r": Fraction(7)}))
    assert not question.answered_by(Model({}, {"r": Fraction(7)}))
    completed = question.completed(Model({}, {"lam": TWO, "mu": HALF}))
    assert completed is not None
    assert completed.scalars == {"lam": 2, "mu": HALF, "r": 1}
    assert question.completed(Model({}, {"lam": TWO, "mu": Fraction(0)})) is not None
    laurent = Question((constant(r),), reciprocals={"r": Polynomial.variable("lam", -1) + 1})
    assert laurent.answered_by(Model({}, {"lam": TWO}))
    assert not laurent.answered_by(Model({}, {"lam": Fraction(0)}))
    sized = Question((constant(r - 1),), reciprocals={"r": N - 1}, dims=frozenset({"n"}))
    assert sized.answered_by(Model({"n": 3}))
    assert not sized.answered_by(Model({"n": 2}))
    assert not sized.answered_by(Model({"n": 1}))


def test_a_point_without_a_value_for_something_does_not_answer() -> None:
    question = Question((entry(x, "i") * LAM,), conditions=(Condition(MU, ">="),))
    good = Model({"n": 2}, {"lam": HALF, "mu": HALF}, {x: entries(0, 1)})
    assert question.answered_by(good)
    assert not question.answered_by(replace(good, sizes={}))
    assert not question.answered_by(replace(good, scalars={"lam": HALF}))
    assert not question.answered_by(replace(good, scalars={"mu": HALF}))
    hidden = Question((constant(1),), hypotheses=everywhere(entry(Tensor("u", ("m",)), "a")))
    assert not hidden.answered_by(Model({}))


def test_a_hypothesis_about_a_sample_is_met_at_that_sample_alone() -> None:
    question = Question((entry(x, "i").sum("i"),), (at_the_sample(entry(x, "i"), "i"),))
    assert question.samples == {"i": "n"}
    good = Model({"n": 2}, {}, {x: entries(0, 1)}, {"i": 0})
    assert question.answered_by(good)
    assert not question.answered_by(replace(good, at={"i": 1}))
    assert not question.answered_by(replace(good, at={}))
    assert not question.answered_by(replace(good, entries={x: entries(0, 0)}))
    anything = replace(question, goals=(constant(1),))
    assert anything.answered_by(replace(good, entries={x: entries(0, 0)}))
    assert not anything.answered_by(replace(good, entries={x: entries(0, 0)}, at={}))
    # positions that there are not
    assert not question.answered_by(replace(good, at={"i": 2}))
    assert not question.answered_by(replace(good, at={"i": -1}))
    # a goal at the sample
    own = Question((entry(y, "i"),), (at_the_sample(entry(x, "i"), "i"),))
    there = Model({"n": 2}, {}, {x: entries(0, 1), y: entries(1, 0)}, {"i": 0})
    assert own.answered_by(there)
    assert not own.answered_by(replace(there, entries={x: entries(0, 1), y: entries(0, 1)}))


def test_a_hypothesis_for_all_is_met_everywhere_whatever_the_point_fixes() -> None:
    question = Question((entry(x, "j").sum("j"),), everywhere(entry(x, ROW)))
    forged = Model({"n": 2}, {}, {x: entries(0, 1)}, {ROW: 0})
    assert not question.answered_by(forged)
    assert not question.answered_by(replace(forged, at={}))
    # what is fixed has to be a position, also of an index that the goal alone has
    goal = Question((ones(i="n") - delta("i", "i", "n") + ones(i="n") * (N - 2),))
    assert goal.answered_by(Model({"n": 3}, at={"i": 2}))
    assert not goal.answered_by(Model({"n": 3}, at={"i": 3}))
    assert not goal.answered_by(Model({"n": 3}, at={"i": -1}))


@pytest.mark.parametrize(
    "model",
    [
        Model({"n": 0}, {}, {x: {}}),
        Model({"n": 2}, {"n": HALF}, {x: entries(0, 1)}),
        Model({"n": 2}, {}, {x: entries(0, 1, 1)}),
        Model({"n": 2}, {}, {x: {(-1,): Fraction(1), (1,): Fraction(1)}}),
        Model({"n": 2}, {}, {x: {(1, 0): Fraction(1)}}),
        Model({"n": 2}, {}, {x: {(): Fraction(1)}}),
        Model({"n": 2}, {}, {x: entries(0, 1), Tensor("u", ("m",)): entries(1)}),
    ],
)
def test_a_point_that_contradicts_itself_does_not_answer(model: Model) -> None:
    assert not model.is_consistent
    assert not Question((entry(x, "i") + ones(i="n"),)).answered_by(model)


def test_a_size_is_no_scalar_too() -> None:
    """``x (n - 1)`` vanishes at n = 1, whatever a scalar n is said to be."""
    question = Question((entry(x, "i") * (N - 1),))
    assert not question.answered_by(Model({"n": 1}, {"n": Fraction(3)}, {x: entries(1)}))
    assert question.answered_by(Model({"n": 2}, {}, {x: entries(1, 1)}))
    assert Model({"n": 3}).scalar(N) == 3


def test_moments_that_no_distribution_has_do_not_answer() -> None:
    """``E z = p`` and ``E z^2 = q`` with ``q >= p^2``."""
    p, q = Polynomial.variable("p"), Polynomial.variable("q")
    question = Question((constant(p * q - 1),), moments=(ScalarMoments("z", {1: p, 2: q}),))
    assert question.scalars == {"p", "q"}
    assert question.answered_by(Model({}, {"p": HALF, "q": HALF}))
    assert not question.answered_by(Model({}, {"p": TWO, "q": TWO}))
    assert not question.answered_by(Model({}, {"p": HALF, "q": HALF, "z": HALF}))
    hidden = Question((constant(1),), moments=(ScalarMoments("z", {1: p, 2: q}),))
    assert hidden.scalars == {"p", "q"}
    assert hidden.answered_by(Model({}, {"p": HALF, "q": HALF}))
    assert not hidden.answered_by(Model({}, {"p": TWO, "q": HALF}))


def test_moments_of_a_tensor_that_no_distribution_has_do_not_answer() -> None:
    """``E z_i = y_i`` and ``E z_i z_j = B_ij``, with ``B - y y^T`` positive semidefinite."""
    z = Tensor("z", ("n",))
    given = TensorMoments(z, {1: (("i",), entry(y, "i")), 2: (("i", "j"), entry(B, "i", "j"))})
    question = Question((constant(1),), moments=(given,))
    assert question.expressions == (constant(1), entry(y, "i"), entry(B, "i", "j"))

    def at(*rows: tuple[int, int]) -> Model:
        table: Entries = {(i, j): Fraction(value) for i, row in enumerate(rows) for j, value in enumerate(row)}
        return Model({"n": 2}, {}, {y: entries(1, 2), B: table})

    assert question.answered_by(at((1, 2), (2, 4)))
    assert question.answered_by(at((3, 3), (3, 5)))
    assert not question.answered_by(at((3, 3), (2, 5)))  # not symmetric
    assert not question.answered_by(at((1, 2), (2, 3)))
    assert not question.answered_by(at((1, 0), (0, 4)))
    assert not question.answered_by(replace(at((1, 2), (2, 4)), entries={**at((1, 2), (2, 4)).entries, z: {}}))


# -- cofactors ---------------------------------------------------------------------------------------------------------


def cofactors(
    goal: Expression, hypothesis: Hypothesis, factor: Expression, *slots: str, units: frozenset[str] = frozenset()
) -> Cofactors:
    return Cofactors(goal, (hypothesis,), (factor,), (slots,), units)


def test_the_right_cofactors_hold_and_others_do_not() -> None:
    """``A x = sum_j A[i,j] x[j]``."""
    hypothesis = Hypothesis(entry(x, "k"), ("k",))
    goal = (entry(A, "i", "j") * entry(x, "j")).sum("j")
    right = cofactors(goal, hypothesis, entry(A, "i", "j"), "j")
    assert right.holds
    assert right.multiplied_out() == goal
    assert not cofactors(goal, hypothesis, entry(A, "j", "i"), "j").holds
    assert not cofactors(goal, hypothesis, entry(A, "i", "j") * 2, "j").holds
    assert not cofactors(goal * 2, hypothesis, entry(A, "i", "j"), "j").holds
    assert not cofactors(goal, Hypothesis(entry(y, "k"), ("k",)), entry(A, "i", "j"), "j").holds
    two = replace(right, hypotheses=right.hypotheses * 2, factors=right.factors * 2, slots=(("j",), ("k",)))
    assert not two.holds
    assert replace(two, factors=(right.factors[0], zeros({"i": "n", "k": "n"}))).holds
    halves = (entry(A, "i", "j") * HALF, entry(A, "i", "k") * HALF)
    assert replace(two, factors=halves).holds


def test_a_goal_over_more_indices_than_the_combination_does_not_follow() -> None:
    hypothesis = Hypothesis(entry(s), ())
    assert cofactors(entry(s) * ones(i="n"), hypothesis, ones(i="n")).holds
    with pytest.raises(DimensionError, match="two terms over the same free indices"):
        assert cofactors(entry(s) * ones(i="n"), hypothesis, ones(i="m")).holds
    assert not cofactors(entry(s), hypothesis, ones(i="n")).holds


@pytest.mark.parametrize("place", [0, 1])
def test_cofactors_divide_by_nothing_that_may_vanish(place: int) -> None:
    inverse = Polynomial.variable("lam", -1)
    hypotheses = (Hypothesis(entry(s) * LAM, ()), Hypothesis(entry(s) * 2, ()))
    factors = [constant(0), constant(0)]
    factors[place] = constant(inverse) if place == 0 else constant(LAM * inverse * HALF)
    found = Cofactors(entry(s), hypotheses, tuple(factors), ((), ()))
    assert found.multiplied_out() == entry(s)
    assert found.holds == (place == 1)
    hidden = (constant(inverse - inverse), constant(HALF)) if place else (constant(inverse), constant(0))
    assert replace(found, factors=hidden).holds == (place == 1)
    assert replace(found, units=frozenset({"lam"})).holds
    assert not replace(found, units=frozenset({"mu"}), factors=(constant(inverse), constant(0))).holds
    both = replace(found, factors=(constant(inverse * 2), constant(-HALF)))
    assert both.multiplied_out() == entry(s)
    assert not both.holds


def test_what_the_statement_divides_by_itself_and_sizes_may_be_divided_by() -> None:
    inverse = Polynomial.variable("lam", -1)
    assert cofactors(entry(s) * inverse, Hypothesis(entry(s), ()), constant(inverse)).holds
    divided = Hypothesis(entry(s) * inverse**2, ())
    assert Cofactors(entry(s) * inverse, (divided,), (constant(LAM),), ((),)).holds
    twice = Cofactors(
        entry(s), (divided, Hypothesis(entry(s) * LAM**2, ())), (constant(0), constant(inverse**2)), ((), ())
    )
    assert twice.holds  # the first hypothesis divides by lam already
    total = Hypothesis(entry(x, "i").sum("i") * N, ())
    assert cofactors(entry(x, "i").sum("i"), total, constant(Polynomial.variable("n", -1))).holds
    scalar = Hypothesis(entry(s) * N, ())  # n is no size here
    assert not cofactors(entry(s), scalar, constant(Polynomial.variable("n", -1))).holds


def test_slots_are_new_names() -> None:
    """``A[i,j] = 0`` for all j, at the claim's own sample i, makes no trace vanish."""
    row = at_the_sample(entry(A, "i", "j"), "i")
    trace = entry(A, "i", "i").sum("i")
    forged = cofactors(trace, row, ones(i="n"), "i")
    assert forged.multiplied_out() == trace
    assert not forged.holds
    assert not cofactors(trace, row, ones(), "i").holds
    two = Cofactors(trace, (Hypothesis(entry(s), ()), row), (constant(0), ones(i="n")), ((), ("i",)))
    assert not two.holds
    # a slot that is an index of the goal
    column = Hypothesis(entry(x, "j"), ("j",))
    goal = entry(x, "i").sum("i") * ones(j="n")
    assert cofactors(goal, column, ones(j="n", k="n"), "k").holds
    assert not cofactors(goal, column, ones(j="n"), "j").holds


def test_a_slot_for_each_that_the_hypothesis_has() -> None:
    square = Hypothesis(entry(A, "i", "j"), ("i", "j"))
    goal = entry(A, "i", "j").sum("i", "j")
    assert cofactors(goal, square, ones(a="n", b="n"), "a", "b").holds
    for slots in [("a",), ("a", "b", "c"), ()]:
        with pytest.raises(ValueError, match="zip"):
            cofactors(goal, square, ones(a="n", b="n"), *slots).multiplied_out()
        assert not cofactors(goal, square, ones(a="n", b="n"), *slots).holds
    twice = Cofactors(goal, (square, square), (ones(a="n", b="n"),) * 2, (("a", "b"), ("a",)))
    assert not twice.holds
    diagonal = entry(A, "a", "a").sum("a")
    assert not cofactors(diagonal, square, ones(a="n"), "a", "a").holds
    assert not cofactors(goal, Hypothesis(entry(A, "i", "j"), ("i", "i")), ones(a="n", b="n"), "a", "b").holds
    assert not cofactors(goal, Hypothesis(entry(A, "i", "j"), ("i", "z")), ones(a="n", b="n"), "a", "b").holds


def test_a_sample_of_a_hypothesis_is_no_slot() -> None:
    row = at_the_sample(entry(A, "i", "j"), "i")
    assert row.samples == {"i": "n"}
    assert row.slots == ("j",)
    goal = entry(A, "i", "j").sum("j")
    assert cofactors(goal, row, ones(i="n", k="n"), "k").holds
    assert not cofactors(entry(A, "m", "j").sum("j"), row, ones(m="n", k="n"), "k").holds
    assert not cofactors(goal.sum("i"), row, ones(i="n", k="n"), "k").holds


def test_over_samples_gives_goal_and_hypotheses_the_same_samples() -> None:
    one, other = at_the_sample(entry(A, "i", "j"), "i"), at_the_sample(entry(x, "l"), "l")
    goal, given = over_samples(entry(y, "j"), [one, other, Hypothesis(entry(y, "j"), ("j",))])
    assert goal == entry(y, "j") * ones(i="n", l="n")
    assert [h.expression for h in given] == [
        entry(A, "i", "j") * ones(l="n"),
        entry(x, "l") * ones(i="n"),
        entry(y, "j") * ones(i="n", l="n"),
    ]
    assert [h.slots for h in given] == [("j",), (), ("j",)]
    assert [h.samples for h in given] == [{"i": "n", "l": "n"}] * 3
    assert over_samples(goal, []) == (goal, ())


# -- positivity --------------------------------------------------------------------------------------------------------

UNIT, ABOVE = {"lam": Interval(Fraction(0), Fraction(1))}, {"lam": Interval(Fraction(1))}


@pytest.mark.parametrize("lifted", [0, 1, 5])
def test_a_form_is_given_only_where_the_scalar_is_positive(lifted: int) -> None:
    for polynomial in (ZERO, -LAM, 2 * LAM - 1, LAM - MU, MU, LAM + MU, -ONE):
        assert positive_form(polynomial, UNIT, lifted) is None
    for polynomial in (LAM - 2, 2 - LAM, LAM**2 - 3 * LAM):
        assert positive_form(polynomial, ABOVE, lifted) is None
    found = positive_form(LAM, UNIT, lifted)
    assert found is not None
    assert (found.original, found.lifted) == (LAM, lifted)
    assert found.form == LAM * (1 + LAM) ** lifted  # lam = t / (1 + t)


def test_the_form_is_the_scalar_in_the_terms_of_a_positive_one() -> None:
    def form(polynomial: Polynomial, ranges: dict[str, Interval], lifted: int = 0) -> Polynomial | None:
        found = positive_form(polynomial, ranges, lifted)
        return None if found is None else found.form

    assert form(1 - LAM, UNIT) == ONE  # 1 - t / (1 + t), times 1 + t
    assert form(ONE, UNIT) == ONE
    assert form(MU, {**UNIT, "mu": Interval(Fraction(0))}) == MU
    assert form(LAM - Fraction(1, 2), ABOVE) == LAM + HALF  # lam = 1 + t
    assert form(LAM * (1 - LAM), UNIT) == LAM
    assert form(LAM**2 + MU, {**UNIT, "mu": Interval(TWO)}) == LAM**2 + (MU + 2) * (1 + LAM) ** 2
    assert form(LAM**3 * MU, {**ABOVE, "mu": Interval(Fraction(0))}) == (LAM + 1) ** 3 * MU
    assert form(5 - LAM, {"lam": Interval(TWO, Fraction(4))}) == LAM + 3  # lam = (2 + 4 t) / (1 + t)
    assert form(LAM**2 - LAM + 1, UNIT) is not None
    assert form(LAM**2 - LAM + Fraction(26, 100), UNIT) is None
    assert form(LAM**2 - LAM + Fraction(26, 100), UNIT, 60) is not None
    # exponents that are negative, and those that are not
    assert form(Polynomial.variable("lam", -1), ABOVE) == LAM + 1
    assert form(Polynomial.variable("lam", -2), ABOVE) == ONE
    assert form(Polynomial.variable("lam", -3) + LAM, ABOVE) == (LAM + 1) ** 5 + LAM + 1
    assert form(LAM**3, ABOVE) == (LAM + 1) ** 3
    assert form(Polynomial.variable("lam", -1) * MU, {**ABOVE, "mu": Interval(Fraction(0))}) == (LAM + 1) * MU


def test_a_form_needs_a_range_in_which_nothing_is_divided_by_zero() -> None:
    inverse = Polynomial.variable("lam", -2)
    for low, high, defined in [(0, None, True), (-1, None, False), (-1, 1, False), (-2, 0, True), (-2, -1, True)]:
        interval = Interval(Fraction(low), None if high is None else Fraction(high))
        assert interval.excludes_zero == defined
        assert (positive_form(inverse, {"lam": interval}, 0) is not None) == defined
    assert positive_form(inverse, {}, 0) is None
    assert positive_form(ONE + inverse - inverse, {}, 0) is not None
    assert positive_form(inverse * Polynomial.variable("mu", -2), UNIT, 0) is None


# -- names of arrays ---------------------------------------------------------------------------------------------------


def test_the_axes_of_a_matrix_are_no_names_of_a_person() -> None:
    assert not ROW.isascii()
    assert not COLUMN.isascii()
    assert ROW != COLUMN
