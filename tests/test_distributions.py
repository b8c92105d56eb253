"""Moments: accepted where some distribution has them, and never where none does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from itertools import product as cartesian

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symmix.kernel.distributions import ScalarMoments, TensorMoments, is_moment_sequence, is_positive_semidefinite
from symmix.kernel.networks import constant, entry, ones
from symmix.kernel.points import Model
from symmix.kernel.products import Tensor
from symmix.kernel.questions import Question
from symmix.kernel.scalars import ONE, Polynomial

Atoms = Sequence[tuple[Fraction, Fraction]]  # weight, place
X, A, B = (Polynomial.variable(name) for name in ("x", "a", "b"))
Entries = dict[tuple[int, ...], Fraction]
rationals = st.fractions(-3, 3, max_denominator=4)


def moments_of(atoms: Atoms, degree: int) -> list[Fraction]:
    return [sum((w * x**d for w, x in atoms), start=Fraction(0)) for d in range(degree + 1)]


@st.composite
def distributions(draw: st.DrawFn, places: st.SearchStrategy[Fraction] = rationals) -> Atoms:
    """Draw a distribution with one to four atoms."""
    support = draw(st.lists(places, min_size=1, max_size=4, unique=True))
    weights = [Fraction(draw(st.integers(1, 6))) for _ in support]
    return [(w / sum(weights), x) for w, x in zip(weights, support, strict=True)]


def minor(matrix: Sequence[Sequence[Fraction]], rows: Sequence[int]) -> Fraction:
    """Return a principal minor, by expansion."""
    if not rows:
        return Fraction(1)
    total = Fraction(0)

    def determinant(left: Sequence[int], columns: Sequence[int]) -> Fraction:
        if not left:
            return Fraction(1)
        rest = left[1:]
        return sum(
            (
                (-1) ** place * matrix[left[0]][c] * determinant(rest, [*columns[:place], *columns[place + 1 :]])
                for place, c in enumerate(columns)
            ),
            start=Fraction(0),
        )

    total += determinant(rows, rows)
    return total


def semidefinite(matrix: Sequence[Sequence[Fraction]]) -> bool:
    """Say whether all principal minors are not negative."""
    size = range(len(matrix))
    return all(minor(matrix, rows) >= 0 for count in size for rows in combinations(size, count + 1))


def necessary(moments: Sequence[Fraction], low: Fraction | None, high: Fraction | None) -> bool:
    """Say whether every quadratic form that has to be an average of something not negative is not negative."""
    weights: list[list[Fraction]] = [[Fraction(1)]]
    weights += [[-low, Fraction(1)]] if low is not None else []
    weights += [[high, Fraction(-1)]] if high is not None else []
    weights += [[-low * high, low + high, Fraction(-1)]] if low is not None and high is not None else []
    for weight in weights:
        count = len(moments) - len(weight) + 1
        shifted = [sum((c * moments[d + k] for k, c in enumerate(weight)), start=Fraction(0)) for d in range(count)]
        size = (count + 1) // 2
        if not semidefinite([[shifted[i + j] for j in range(size)] for i in range(size)]):
            return False
    return True


# -- every distribution has its moments ---


@settings(deadline=None, max_examples=150)
@given(distributions(), st.integers(0, 6))
def test_the_moments_of_a_distribution_are_accepted(atoms: Atoms, degree: int) -> None:
    moments = moments_of(atoms, degree)
    places = [x for _, x in atoms]
    assert is_moment_sequence(moments, None, None)
    assert is_moment_sequence(moments, min(places) - 1, max(places) + Fraction(1, 2))
    assert is_moment_sequence(moments, min(places), max(places))
    assert necessary(moments, min(places), max(places))


@settings(deadline=None, max_examples=100)
@given(distributions(), st.integers(0, 6))
def test_on_a_half_line_too_unless_an_end_carries_weight(atoms: Atoms, degree: int) -> None:
    moments = moments_of(atoms, degree)
    places = [x for _, x in atoms]
    assert is_moment_sequence(moments, min(places) - 1, None)
    assert is_moment_sequence(moments, None, max(places) + 1)


@settings(deadline=None, max_examples=150)
@given(
    st.lists(rationals, max_size=5),
    st.sampled_from([(None, None), (0, None), (None, 1), (0, 1), (-1, 2), (1, 1), (2, 1)]),
)
def test_what_is_accepted_meets_every_necessary_condition(
    rest: list[Fraction], ends: tuple[int | None, int | None]
) -> None:
    low, high = (None if end is None else Fraction(end) for end in ends)
    moments = [Fraction(1), *rest]
    possible = necessary(moments, low, high) and (low is None or high is None or low <= high)
    for strict in (False, True):
        if is_moment_sequence(moments, low, high, strict=strict):
            assert possible
    if low is not None and high is not None and possible:
        assert is_moment_sequence(moments, low, high)  # on an interval these conditions suffice


def test_strict_bounds_are_not_reached() -> None:
    zero, one, half = Fraction(0), Fraction(1), Fraction(1, 2)
    coin = [one, half, half]  # 0 or 1
    assert is_moment_sequence(coin, zero, one)
    assert not is_moment_sequence(coin, zero, one, strict=True)
    assert is_moment_sequence(coin, -one, 2 * one, strict=True)
    assert is_moment_sequence([one, half, Fraction(3, 8)], zero, one, strict=True)
    point = [one, half, half**2, half**3]
    assert is_moment_sequence(point, half, half)
    assert not is_moment_sequence(point, half, half, strict=True)
    assert not is_moment_sequence(point, one, half)
    assert not is_moment_sequence([one, half, half], half, half)
    assert not is_moment_sequence([one], one, zero)
    assert is_moment_sequence([one], one, one)


@pytest.mark.parametrize(
    ("moments", "low", "high", "accepted"),
    [
        ([1, 0, 0, 0, 1], None, None, False),  # an atom at 0 has no fourth moment
        ([1, 0, 0, 1], None, None, False),
        ([1, 0, 0, 0, 0], None, None, True),
        ([1, 0, 1, 0, 1], None, None, True),  # a sign
        ([1, 0, 1, 0, 1, 0, 1], None, None, True),
        ([1, 0, 1, 0, 1, 0, 2], None, None, False),
        ([1, 0, 1, 0, 1, 1], None, None, False),
        ([1, 0, 1, 0, 1], 0, None, False),
        ([1, 0, 1, 0, 1], -2, None, True),
        ([1, 0, 1, 0, 1], None, 2, True),
        ([1, 0, 1, 0, 1], None, 0, False),
        ([1, 1, 1, 1, 1], 0, None, True),
        ([1, 1, 1, 1, 1], 2, None, False),
        ([1, 1, 1, 1], None, 0, False),
        ([1, 2, 4, 8], 0, None, True),
        ([1, 2, 4, 9], 0, None, False),
        ([1, 0, 0, 0, 1], None, 2, False),
        ([1, 0, 0, 0, 1], -2, None, False),
        ([1, 0, 0, 0, 1], -2, 2, False),
        ([1, 1, 2], 0, None, True),
        ([1, 1, 2, 5], 0, None, True),
        ([1, 1, 2, 3], 0, None, False),
        ([1, -1], 0, None, False),
        ([1, -1], None, 0, True),
        ([1, -1], None, None, True),
        ([1, 1], None, 0, False),
        ([1, 3, 5], None, None, False),
        ([1, Fraction(1, 2), Fraction(1, 3)], 0, 1, True),
        ([1, Fraction(1, 2), Fraction(2, 3)], 0, 1, False),
        ([1, Fraction(1, 2), Fraction(1, 3), Fraction(1, 4), Fraction(1, 5)], 0, 1, True),
        ([1, Fraction(1, 2), Fraction(1, 3), Fraction(1, 4), Fraction(1, 9)], 0, 1, False),
    ],
)
def test_known_cases(moments: list[int | Fraction], low: int | None, high: int | None, accepted: bool) -> None:  # noqa: FBT001
    exact = [Fraction(m) for m in moments]
    ends = [None if end is None else Fraction(end) for end in (low, high)]
    assert is_moment_sequence(exact, *ends) == accepted


@settings(deadline=None, max_examples=200)
@given(st.lists(st.integers(-2, 3), min_size=6, max_size=6), st.integers(1, 3))
def test_semidefinite_by_all_principal_minors(entries: list[int], size: int) -> None:
    upper = iter(entries)
    matrix = [[Fraction(0)] * size for _ in range(size)]
    for i, j in cartesian(range(size), repeat=2):
        if i <= j:
            matrix[i][j] = matrix[j][i] = Fraction(next(upper))
    assert is_positive_semidefinite(matrix) == semidefinite(matrix)


# -- at a point ---


def test_the_range_is_what_the_conditions_leave() -> None:
    """``0 <= x <= a`` and ``b x >= 1``."""
    given = ScalarMoments("x", {1: ONE, 2: ONE * 2}, (X, A - X, B * X - 1))
    assert given.scalars == {"a", "b"}

    def realizable(a: int | Fraction, b: int | Fraction) -> bool:
        return given.realizable(Model({}, {"a": Fraction(a), "b": Fraction(b)}))

    assert realizable(3, 2)  # 1/2 <= x <= 3
    assert realizable(Fraction(5, 2), 50)
    assert not realizable(1, 2)  # x <= 1 with mean 1 is 1
    assert not realizable(Fraction(3, 2), 2)  # (1 - 1/2)(3/2 - 1) < 1
    assert not realizable(3, 1)  # 1 <= x with mean 1
    assert not realizable(3, Fraction(1, 2))  # 2 <= x
    assert not realizable(3, 0)  # 0 x >= 1
    assert not realizable(3, -1)  # x <= -1
    assert not realizable(-1, 2)


def test_a_bound_that_says_nothing_about_the_scalar_has_to_hold() -> None:
    for strict in (False, True):
        given = ScalarMoments("x", {1: ONE, 2: ONE * 2}, (A * X + B,), strict=strict)
        for a, b, accepted in [
            (0, 1, True),
            (0, -1, False),
            (0, 0, not strict),
            (1, 0, True),
            (-1, 3, True),
            (1, -3, False),
        ]:
            assert given.realizable(Model({}, {"a": Fraction(a), "b": Fraction(b)})) == accepted


@pytest.mark.parametrize(
    ("given", "accepted"),
    [
        (ScalarMoments("x", {1: ONE, 2: ONE}), True),
        (ScalarMoments("x", {2: ONE, 1: ONE}), True),
        (ScalarMoments("x", {2: ONE}), False),  # the mean is not given
        (ScalarMoments("x", {1: ONE, 3: ONE}), False),
        (ScalarMoments("x", {1: ONE, 2: ONE, 4: ONE}), False),
        (ScalarMoments("x", {1: ONE * 2, 2: ONE}), False),
        (ScalarMoments("x", {1: ONE, 2: ONE * 2}, (X * (1 - X),)), False),  # no known interval
        (ScalarMoments("x", {1: ONE, 2: ONE * 2}, (Polynomial.variable("x", -1),)), False),
        (ScalarMoments("x", {1: ONE, 2: ONE}, whole=True), False),
        (ScalarMoments("x", {1: ONE, 2: ONE}, strict=True), False),
        (ScalarMoments("x", {1: ONE, 2: ONE * 2}, strict=True), True),
        (ScalarMoments("x", {1: ONE, 2: ONE * 2}, (X - 1,)), False),
        (ScalarMoments("x", {1: ONE, 2: ONE}, (X - 1,)), True),
        (ScalarMoments("x", {1: ONE, 2: ONE}, (X - 1, 1 - X)), True),
        (ScalarMoments("x", {1: ONE, 2: ONE}, (X, X - 1, 3 - X, 2 - X)), True),
        (ScalarMoments("x", {1: ONE, 2: ONE * 2}, (X + 1, X - 1, 3 - X)), False),
        (ScalarMoments("x", {1: ONE, 2: ONE * 2}, (X - 1, X + 1, 3 - X)), False),
        (ScalarMoments("x", {1: ONE, 2: ONE * 3}, (X, 9 - X, 2 - X)), False),
        (ScalarMoments("x", {1: ONE, 2: ONE * 3}, (X, 2 - X, 9 - X)), False),
        (ScalarMoments("x", {1: ONE, 2: ONE * 3}, (2 * X + 6, 18 - 2 * X)), True),
        (ScalarMoments("x", {2: ONE * 2, 1: ONE}), True),
        (ScalarMoments("x", {1: ONE, 2: ONE * Fraction(5, 4)}, (2 * X - 1,)), True),
        (ScalarMoments("x", {1: ONE, 2: ONE * Fraction(5, 4)}, (X + 5, 2 * X - 1)), True),
        (ScalarMoments("x", {1: ONE, 2: ONE * 2}, (X, 3 - 2 * X)), False),
        (ScalarMoments("x", {1: ONE, 2: ONE * 2}, (X, 9 - X, 3 - 2 * X)), False),
        (ScalarMoments("x", {1: ONE, 2: ONE * Fraction(5, 4)}, (X, 9 - X, 3 - 2 * X)), True),
    ],
)
def test_scalar_moments_at_no_point_in_particular(given: ScalarMoments, accepted: bool) -> None:  # noqa: FBT001
    assert given.realizable(Model({})) == accepted
    assert not given.realizable(Model({}, {"x": Fraction(1)}))
    assert replace(given, valued=True).realizable(Model({}, {"x": Fraction(1)})) == accepted
    assert not (accepted and given.is_impossible)


@pytest.mark.parametrize(
    ("given", "impossible"),
    [
        (ScalarMoments("x", {1: ONE * 2, 2: ONE}), True),
        (ScalarMoments("x", {1: ONE, 2: ONE}), False),
        (ScalarMoments("x", {1: -ONE}, (X,)), True),
        (ScalarMoments("x", {1: -ONE}, (1 - X,)), False),
        (ScalarMoments("x", {1: 2 * ONE}, (1 - X,)), True),
        (ScalarMoments("x", {1: ONE, 2: 2 * ONE}, (X, 1 - X)), True),
        (ScalarMoments("x", {1: ONE * 2, 2: ONE}, whole=True), True),
        (ScalarMoments("x", {1: A, 2: A**2 - 1}), False),  # depends on a: so it is said at each point
        (ScalarMoments("x", {1: ONE, 2: 2 * ONE}, (X, A - X)), False),
        (ScalarMoments("x", {2: -ONE}), False),  # the mean is not known
        (ScalarMoments("x", {1: ONE * 0, 2: ONE * 0, 3: ONE * 0, 4: ONE}), True),  # an atom at 0
        (ScalarMoments("x", {1: ONE * 0, 2: ONE * 0, 3: ONE * 0, 4: ONE * 0}), False),
        (ScalarMoments("x", {1: ONE * 0}, (X,)), False),
        (ScalarMoments("x", {1: ONE, 2: ONE}, (X - 2,)), True),
        (ScalarMoments("x", {1: ONE * 2, 2: ONE}, (X * X - 1,)), False),
    ],
)
def test_impossible_moments_are_those_of_no_distribution(given: ScalarMoments, impossible: bool) -> None:  # noqa: FBT001
    assert given.is_impossible == impossible


# -- tensors ---

T, U = Tensor("T", ("n",)), Tensor("U", ("n", "n"))
m, S = Tensor("m", ("n",)), Tensor("S", ("n", "n"))
FIRST, SECOND = (("i",), entry(m, "i")), (("i", "j"), entry(S, "i", "j"))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(-2, 2), st.integers(-2, 2)), min_size=1, max_size=4), st.integers(0, 2))
def test_mean_and_second_moment_of_a_distribution_are_accepted(points: list[tuple[int, int]], less: int) -> None:
    share = Fraction(1, len(points))
    mean: Entries = {(i,): share * sum(p[i] for p in points) for i in range(2)}
    second: Entries = {(i, j): share * sum(p[i] * p[j] for p in points) for i in range(2) for j in range(2)}
    at = Model({"n": 2}, {}, {m: mean, S: second})
    assert TensorMoments(T, {1: FIRST, 2: SECOND}).realizable(at)
    assert TensorMoments(T, {2: SECOND}).realizable(at)
    assert TensorMoments(T, {1: FIRST}).realizable(at)
    spread = second[0, 0] - mean[0,] ** 2
    second[0, 0] = second[0, 0] - spread - less
    changed = Model({"n": 2}, {}, {m: mean, S: second})
    if less:
        assert not TensorMoments(T, {1: FIRST, 2: SECOND}).realizable(changed)
    if second[0, 0] < 0:
        assert not TensorMoments(T, {2: SECOND}).realizable(changed)


def test_tensor_moments_that_nothing_is_known_about_are_not_accepted() -> None:
    at = Model({"n": 1}, {}, {m: {(0,): Fraction(0)}, S: {(0, 0): Fraction(1)}})
    third = (("i", "j", "k"), ones(i="n", j="n", k="n"))
    assert TensorMoments(T, {1: FIRST, 2: SECOND}).realizable(at)
    assert not TensorMoments(T, {1: FIRST, 3: third}).realizable(at)
    assert not TensorMoments(T, {1: FIRST, 2: SECOND}).realizable(Model({"n": 1}, {}, {**at.entries, T: {}}))
    assert Question((), moments=(TensorMoments(T, {1: FIRST}),)).expressions == (entry(m, "i"),)


def test_the_slots_of_tensor_moments_are_in_the_order_in_which_they_are_given() -> None:
    """``E U_ij U_kl = a_ij a_kl`` with slots whose names sort otherwise."""
    a = Tensor("a", ("n", "n"))
    entries: Entries = {(0, 0): Fraction(1), (0, 1): Fraction(2), (1, 0): Fraction(3), (1, 1): Fraction(5)}
    at = Model({"n": 2}, {}, {a: entries})
    mean = (("z", "b"), entry(a, "z", "b"))
    second = (("z", "b", "y", "c"), entry(a, "z", "b") * entry(a, "y", "c"))
    assert TensorMoments(U, {1: mean, 2: second}).realizable(at)
    crossed = (("z", "b"), entry(a, "b", "z"))
    assert not TensorMoments(U, {1: crossed, 2: second}).realizable(at)
    assert TensorMoments(Tensor("q", ()), {1: ((), constant(2)), 2: ((), constant(4))}).realizable(Model({}))
    assert not TensorMoments(Tensor("q", ()), {1: ((), constant(2)), 2: ((), constant(3))}).realizable(Model({}))
