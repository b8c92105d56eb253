"""Positivity: proved only where it is true, refuted only by a point, and otherwise left open."""

from __future__ import annotations

from fractions import Fraction
from itertools import product as cartesian
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from symmix.errors import UnsupportedError
from symmix.kernel.positivity import Interval
from symmix.kernel.scalars import ONE, ZERO, Polynomial
from symmix.search.positivity import find_nonpositive_point, find_positive_form

LAM, MU, N = (Polynomial.variable(name) for name in ("lam", "mu", "n"))
UNIT = {"lam": Interval(Fraction(0), Fraction(1))}
SQUARE = {**UNIT, "mu": Interval(Fraction(0), Fraction(1))}
LARGE = {"n": Interval(Fraction(1))}
ALL = {**SQUARE, **LARGE}


def inside(interval: Interval, random: Random) -> Fraction:
    share = Fraction(random.randint(1, 9999), 10000)
    if interval.high is None:
        return interval.low + share / (1 - share)
    return interval.low + share * (interval.high - interval.low)


def confirm_form(polynomial: Polynomial, ranges: dict[str, Interval]) -> None:
    """Check the evidence by values: at 50 points the form is the polynomial times something positive, and positive."""
    found = find_positive_form(polynomial, ranges)
    assert found is not None
    assert found.original == polynomial
    assert not found.form.is_zero
    assert all(c > 0 for c in found.form.terms.values())
    assert found.form.names <= ranges.keys()
    random = Random(0)
    for _ in range(50):
        at = {name: inside(interval, random) for name, interval in ranges.items()}
        t = {
            name: at[name] - i.low if i.high is None else (at[name] - i.low) / (i.high - at[name])
            for name, i in ranges.items()
        }
        assert polynomial.value(at) > 0
        assert found.form.value(t) / polynomial.value(at) > 0


POSITIVE: list[tuple[Polynomial, dict[str, Interval]]] = [
    (LAM, UNIT),
    (1 - LAM, UNIT),
    (LAM * (1 - LAM), UNIT),
    (LAM**2 + (1 - LAM) ** 2, UNIT),
    (1 - LAM * (1 - LAM), UNIT),
    (LAM**2 - LAM + Fraction(26, 100), UNIT),  # needs lifting: the minimum is 1/100
    (LAM**4 - LAM**2 + Fraction(27, 100), UNIT),
    (Polynomial.variable("lam", -1) - 1, UNIT),
    (Polynomial.variable("lam", -3) * (1 - LAM), UNIT),
    (LAM + MU - LAM * MU, SQUARE),
    (LAM**2 + MU**2 - LAM * MU + Fraction(1, 10), SQUARE),  # needs lifting in two scalars
    (1 - LAM * MU, SQUARE),
    (N - 1, LARGE),
    (N**2 - N, LARGE),
    (1 - Polynomial.variable("n", -1), LARGE),
    ((N - 1) * LAM * (1 - LAM) + MU, ALL),
    (ONE, {}),
    (Polynomial.constant(Fraction(1, 10**9)), UNIT),
    (-LAM, {"lam": Interval(Fraction(-2), Fraction(-1))}),
    (LAM**2 - 1, {"lam": Interval(Fraction(-3), Fraction(-1))}),
    (-Polynomial.variable("lam", -1), {"lam": Interval(Fraction(-3), Fraction(0))}),
    (N - 5, {"n": Interval(Fraction(5))}),
]


@pytest.mark.parametrize(
    ("polynomial", "ranges"), POSITIVE, ids=lambda value: str(value) if isinstance(value, Polynomial) else ""
)
def test_positive_on_the_open_box(polynomial: Polynomial, ranges: dict[str, Interval]) -> None:
    confirm_form(polynomial, ranges)
    assert find_nonpositive_point(polynomial, ranges) is None


NOT_POSITIVE: list[tuple[Polynomial, dict[str, Interval]]] = [
    (ZERO, UNIT),
    (-LAM, UNIT),
    (2 * LAM - 1, UNIT),
    ((2 * LAM - 1) ** 2, UNIT),  # touches zero at 1/2
    ((3 * LAM - 1) ** 2, UNIT),
    (LAM - MU, SQUARE),
    ((LAM - MU) ** 2, SQUARE),
    (N - 2, LARGE),
    (N - Fraction(101, 100), LARGE),
    (Polynomial.constant(-1), {}),
    (ZERO, {}),
    (LAM * (LAM - Fraction(1, 500)), UNIT),
    (Fraction(998, 1000) - LAM, UNIT),
    (1 - N * Fraction(1, 20), LARGE),
    (Polynomial.variable("lam", -1) * MU - 1, SQUARE),
]


@pytest.mark.parametrize(
    ("polynomial", "ranges"), NOT_POSITIVE, ids=lambda value: str(value) if isinstance(value, Polynomial) else ""
)
def test_refuted_by_a_point_of_the_box(polynomial: Polynomial, ranges: dict[str, Interval]) -> None:
    assert find_positive_form(polynomial, ranges) is None
    at = find_nonpositive_point(polynomial, ranges)
    assert at is not None
    assert at.keys() == ranges.keys()
    assert polynomial.value(at) <= 0
    assert all(i.low < at[name] and (i.high is None or at[name] < i.high) for name, i in ranges.items())


def spike(at: Fraction, width: Fraction) -> Polynomial:
    """Negative only within ``width`` of a point."""
    return (LAM - at) ** 2 - width**2


@pytest.mark.parametrize("place", [Fraction(1, 7), Fraction(355, 1130), Fraction(99999, 100000), Fraction(1, 10**7)])
@pytest.mark.parametrize("width", [Fraction(1, 10**6), Fraction(1, 10**12), Fraction(0)])
def test_negative_in_a_tiny_region_is_never_proved(place: Fraction, width: Fraction) -> None:
    for factor in (ONE, LAM, 1 - LAM, (1 + LAM) ** 5, LAM**2 + MU):
        polynomial = spike(place, width) * factor
        ranges = SQUARE if "mu" in polynomial.names else UNIT
        assert polynomial.value({"lam": place, "mu": Fraction(1, 2)}) <= 0
        assert find_positive_form(polynomial, ranges) is None
        at = find_nonpositive_point(polynomial, ranges)
        assert at is None or polynomial.value(at) <= 0


def test_touching_zero_between_the_samples_or_at_a_corner_is_left_open() -> None:
    at_a_corner = LAM**2 + MU**2 - LAM * MU  # positive, but no lifting shows it
    for polynomial in ((LAM - Fraction(1, 7)) ** 2, at_a_corner):
        assert find_positive_form(polynomial, SQUARE) is None
        assert find_nonpositive_point(polynomial, SQUARE) is None


powers = st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(-1, 2))


@settings(deadline=None, max_examples=80)
@given(st.lists(st.tuples(powers, st.integers(-6, 9)), min_size=1, max_size=5))
def test_what_is_proved_is_positive_and_what_is_refuted_is_not(terms: list[tuple[tuple[int, int, int], int]]) -> None:
    polynomial = sum(((LAM**a * MU**b) * N**c * k for (a, b, c), k in terms), start=ZERO)
    form, at = find_positive_form(polynomial, ALL), find_nonpositive_point(polynomial, ALL)
    if form is not None:
        confirm_form(polynomial, ALL)
    if at is not None:
        assert polynomial.value(at) <= 0
    grid = [Fraction(1, 97), Fraction(1, 3), Fraction(2, 3), Fraction(96, 97)]
    values = [
        polynomial.value({"lam": a, "mu": b, "n": c})
        for a, b, c in cartesian(grid, grid, [Fraction(98, 97), Fraction(7), Fraction(900)])
    ]
    if min(values) <= 0:
        assert form is None


@settings(deadline=None, max_examples=150)
@given(st.lists(st.integers(-4, 4), min_size=2, max_size=4), st.integers(1, 40))
def test_a_square_plus_something_is_proved_or_left_open_but_never_refuted(roots: list[int], share: int) -> None:
    square = sum((LAM**power * c for power, c in enumerate(roots)), start=ZERO) ** 2
    polynomial = square + Fraction(share, 20)
    assume(not square.is_zero)
    assert find_nonpositive_point(polynomial, UNIT) is None


def test_a_scalar_without_a_range_is_not_positive() -> None:
    for polynomial in (MU, LAM * MU**2 + 1, LAM + Polynomial.variable("mu", -2)):
        assert find_positive_form(polynomial, UNIT) is None
        assert find_nonpositive_point(polynomial, UNIT) is None


def test_nothing_is_claimed_where_the_polynomial_is_not_defined() -> None:
    around = {"lam": Interval(Fraction(-1), Fraction(1))}
    assert find_positive_form(Polynomial.variable("lam", -2), around) is None
    assert find_nonpositive_point(Polynomial.variable("lam", -2), around) is None
    at = find_nonpositive_point(Polynomial.variable("lam", -1), around)
    assert at is not None
    assert at["lam"] < 0


@pytest.mark.parametrize(("low", "high"), [(1, 1), (1, 0), (0, -3)])
def test_an_interval_without_points_is_refused(low: int, high: int) -> None:
    with pytest.raises(
        UnsupportedError, match=f"required: an interval with points in it\n arrived: {low} < x < {high}"
    ):
        Interval(Fraction(low), Fraction(high))


def test_ranges_that_do_not_matter_cost_nothing() -> None:
    many = {f"c{k}": Interval(Fraction(0), Fraction(1)) for k in range(30)}
    at = find_nonpositive_point(LAM - Fraction(1, 2), {**many, **UNIT})
    assert at is not None
    assert at.keys() == many.keys() | {"lam"}
    assert find_nonpositive_point(LAM, {**many, **UNIT}) is None
    confirm_form(LAM, {**UNIT, "c0": many["c0"]})
