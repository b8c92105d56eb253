"""Coefficients, products and points, case by case: what every other test of the kernel rests on."""

from __future__ import annotations

from fractions import Fraction

import pytest

from symmix.errors import UnsupportedError
from symmix.kernel.arrays import COLUMN, ROW, Array, aligned, axes, dim, tensor
from symmix.kernel.calculus import Template, substitute, tensor_moments
from symmix.kernel.networks import Expression, constant, delta, entry, ones, zeros
from symmix.kernel.points import Model, evaluate
from symmix.kernel.products import Factor, Tensor, delta_factor, normal_form, relabel, shift, sort_key, width
from symmix.kernel.scalars import ONE, ZERO, Polynomial
from symmix.metering import TooMuchWork, allowed

LAM, MU = Polynomial.variable("lam"), Polynomial.variable("mu")
A, B, W, x, y = (
    Tensor("A", ("n", "n")),
    Tensor("B", ("n", "n")),
    Tensor("W", ("m", "n")),
    Tensor("x", ("n",)),
    Tensor("y", ("n",)),
)
HALF = Fraction(1, 2)


def inverse(name: str, power: int = 1) -> Polynomial:
    return Polynomial.variable(name, -power)


# -- scalars -----------------------------------------------------------------------------------------------------------


def test_terms_are_collected_and_zero_ones_forgotten() -> None:
    p = Polynomial([((("lam", 1),), 2), ((), HALF), ((("lam", 1),), -2)])
    assert p.terms == {(): HALF}
    assert (LAM - LAM).terms == {}
    assert (LAM - LAM).is_zero
    assert not LAM.is_zero
    assert Polynomial.variable("lam", 0) == ONE == Polynomial.constant(1)
    assert Polynomial.constant(0) == ZERO
    assert Polynomial.variable("lam", 2).terms == {(("lam", 2),): 1}
    assert all(type(c) is int for c in (2 * LAM + 1).terms.values())
    assert [type(c) for c in (LAM * Fraction(1, 2)).terms.values()] == [Fraction]
    with pytest.raises(AttributeError):
        Polynomial([((), 1 / 3)])  # type: ignore[list-item]  # what divides ints is noticed


def test_arithmetic() -> None:
    assert (LAM + MU) * (LAM - MU) == LAM**2 - MU**2
    assert LAM * inverse("lam") == ONE
    assert (LAM * MU) * inverse("lam", 2) == MU * inverse("lam")
    assert 3 - LAM == -(LAM - 3)
    assert HALF * LAM + LAM * HALF == LAM
    assert 1 + LAM == LAM + 1
    assert LAM**0 == ONE
    assert (2 * LAM) ** 3 == 8 * LAM**3
    assert LAM * 0 == ZERO
    assert ONE * LAM == LAM * ONE == LAM
    assert inverse("lam", 2) == LAM**-2
    assert 4 * inverse("lam", 2) == (HALF * LAM) ** -2
    assert MU * LAM == LAM * MU
    assert next(iter((MU * LAM).terms)) == (("lam", 1), ("mu", 1))
    assert LAM != 1
    assert LAM.__eq__(1) is NotImplemented
    assert hash(LAM + MU) == hash(MU + LAM)
    assert len({LAM + MU, MU + LAM, LAM}) == 2


def test_a_reciprocal_times_the_term_is_one() -> None:
    for term in (
        Polynomial.constant(3),
        LAM,
        HALF * LAM * inverse("mu", 2),
        Polynomial.constant(Fraction(-2, 3)) * MU**3,
    ):
        found = term.reciprocal()
        assert found is not None
        assert found * term == ONE
        assert found.reciprocal() == term
    assert (2 * LAM).reciprocal() == HALF * inverse("lam")
    assert ZERO.reciprocal() is None
    assert (LAM + 1).reciprocal() is None


def test_names_and_divisors() -> None:
    p = LAM * inverse("mu") + inverse("n", 2) + MU
    assert p.names == {"lam", "mu", "n"}
    assert p.divisors == {"mu", "n"}
    assert LAM.divisors == frozenset()
    assert ZERO.names == frozenset()


def test_values() -> None:
    at: dict[str, int | Fraction] = {"lam": HALF, "mu": 3, "n": Fraction(2)}
    assert (LAM * inverse("mu") + 2 * inverse("n", 2) - 1).value(at) == Fraction(1, 6) + HALF - 1
    assert (LAM**3 * inverse("mu", 4) - MU).value({"lam": Fraction(2, 3), "mu": Fraction(3, 5)}) == Fraction(
        8 * 625, 27 * 81
    ) - Fraction(3, 5)
    assert ZERO.value({}) == 0
    assert ONE.value({}) == 1
    assert type(Polynomial.constant(2).value({})) is int  # quick; nobody divides by it: mypy knows that it may be one
    assert type((4 * LAM**2).value(at)) is int
    with pytest.raises(KeyError):
        LAM.value({})
    for quotient in (inverse("lam"), LAM * inverse("mu") + inverse("lam", 2), inverse("lam") - inverse("lam", 3)):
        with pytest.raises(ZeroDivisionError):
            quotient.value({"lam": 0, "mu": 3})


def test_multiplying_is_work_that_is_counted() -> None:
    with allowed(100) as meter:
        (LAM + MU) * (LAM + MU + 1) * 3
    assert meter.left == 94
    with pytest.raises(TooMuchWork), allowed(5):
        (LAM + MU) * (LAM + MU + 1)


def test_linear_images_of_powers() -> None:
    image = {0: ONE, 1: MU, 2: Polynomial.constant(5)}
    assert (LAM**2 + 3 * LAM * MU + 1).map_powers("lam", image) == 5 + 3 * MU**2 + 1
    assert MU.map_powers("lam", {0: 2 * ONE}) == 2 * MU
    assert ZERO.map_powers("lam", {}) == ZERO
    with pytest.raises(UnsupportedError, match=r"lam\*\*3; there are moments for the powers \[0, 1, 2\]"):
        (LAM**3).map_powers("lam", image)
    with pytest.raises(UnsupportedError, match=r"lam\*\*0"):
        MU.map_powers("lam", {1: ONE})


@pytest.mark.parametrize(
    ("polynomial", "text"),
    [
        (ZERO, "0"),
        (ONE, "1"),
        (-ONE, "-1"),
        (LAM, "lam"),
        (-LAM, "-lam"),
        (2 * LAM**2, "2*lam**2"),
        (-HALF * LAM * MU, "-1/2*lam*mu"),
        (1 - LAM, "1 - lam"),
        (HALF * LAM, "1/2*lam"),
        (LAM**2 + LAM + MU, "lam**2 + lam + mu"),
        (inverse("lam") - 3, "-3 + lam**-1"),
    ],
)
def test_text(polynomial: Polynomial, text: str) -> None:
    assert str(polynomial) == text
    assert repr(polynomial) == f"Polynomial({text})"


# -- products ----------------------------------------------------------------------------------------------------------


def test_pieces_of_products() -> None:
    factor = Factor(A, ("i", 0))
    assert str(A) == "A[n, n]"
    assert str(Tensor("s", ())) == "s"
    assert relabel(factor, {0: 3, "i": "j"}) == Factor(A, ("j", 3))
    assert relabel(factor, {}) == factor
    assert width([factor, Factor(x, (4,))]) == 5
    assert width([factor]) == 1
    assert width([Factor(x, ("i",))]) == width([]) == 0
    assert shift([factor, Factor(x, (1,))], 2) == [Factor(A, ("i", 2)), Factor(x, (3,))]
    assert sort_key(Factor(A, ("i", 0))) < sort_key(Factor(A, (0, "i")))
    assert sort_key(Factor(A, ("z",))) < sort_key(Factor(A, (0,))) < sort_key(Factor(A, (1,)))
    assert sort_key(Factor(A, ("i",))) < sort_key(Factor(x, ("a",)))


def test_deltas_are_contracted() -> None:
    n = Polynomial.variable("n")
    assert normal_form((delta_factor(0, 0, "n"),)) == (n, ())
    assert normal_form((delta_factor(0, 1, "n"), delta_factor(1, 2, "n"))) == (n, ())
    assert normal_form((delta_factor(0, 1, "n"), delta_factor(2, 3, "m"))) == (n * Polynomial.variable("m"), ())
    assert normal_form((delta_factor("i", "i", "n"),)) == (ONE, ())
    assert normal_form((delta_factor("i", 0, "n"),)) == (ONE, ())
    assert normal_form((delta_factor("j", "i", "n"),)) == (ONE, (delta_factor("i", "j", "n"),))
    assert normal_form((delta_factor(0, "i", "n"), Factor(x, (0,)))) == (ONE, (Factor(x, ("i",)),))
    assert normal_form((delta_factor(0, 1, "n"), Factor(x, (0,)), Factor(y, (1,)))) == (
        ONE,
        (Factor(x, (0,)), Factor(y, (0,))),
    )
    joined = normal_form(
        (delta_factor("k", 0, "n"), delta_factor("j", 0, "n"), delta_factor("i", "j", "n"), Factor(x, (0,)))
    )
    assert joined == (ONE, (Factor(x, ("i",)), delta_factor("i", "j", "n"), delta_factor("i", "k", "n")))


# -- networks ----------------------------------------------------------------------------------------------------------


def test_what_an_expression_is_made_of() -> None:
    e = (entry(A, "i", "j") * entry(x, "j")).sum("j") * LAM + delta("i", "i", "n") * inverse("mu") * ones(i="n")
    assert e.free == {"i": "n"}
    assert e.tensors == {A, x}
    assert e.scalars == {"lam", "mu"}
    assert e.divisors == {"mu"}
    assert entry(W, "a", "i").dims == {"m", "n"}
    assert ones(i="k").dims == {"k"}
    assert zeros({"i": "k"}).dims == {"k"}
    assert delta("i", "j", "k").dims == {"k"}
    assert delta("i", "j", "k").tensors == frozenset()
    assert list(entry(A, "z", "a").free) == ["a", "z"]
    assert zeros({}).is_zero
    assert not ones().is_zero
    assert entry(x, "i") != 1
    assert entry(x, "i").__eq__(1) is NotImplemented
    assert entry(x, "i") != entry(x, "j")
    assert zeros({"i": "n"}) != zeros({})


def test_sums_over_several_indices_and_renamings() -> None:
    e = entry(A, "i", "j") * entry(x, "k")
    assert e.sum("i", "j") == e.sum("i").sum("j") == e.sum("j", "i")
    assert e.sum() == e
    assert ones(i="n", j="m").sum("i", "j") == constant(Polynomial.variable("n") * Polynomial.variable("m"))
    assert entry(A, "i", "j").rename({"i": "j", "j": "i"}) == entry(A, "j", "i")
    assert entry(A, "i", "j").rename({"i": "j"}) == entry(A, "j", "j")
    assert entry(A, "i", "j").rename({"q": "r"}) == entry(A, "i", "j")
    assert (entry(x, "i") + entry(y, "i")).map_coefficients({}) == zeros({"i": "n"})
    assert -entry(x, "i") + entry(x, "i") == zeros({"i": "n"})
    assert entry(x, "i") * 2 - entry(x, "i") == entry(x, "i")
    assert len({entry(x, "i") + entry(y, "i"), entry(y, "i") + entry(x, "i")}) == 1


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (zeros({"i": "n"}), "0"),
        (constant(LAM), "(lam)"),
        (entry(x, "i"), "(1) x[i]"),
        (entry(Tensor("s", ())) * 2, "(2) s"),
        ((entry(A, "i", "j") * entry(x, "j")).sum("j") - entry(x, "i") * LAM, "(1) A[i,0] x[0] + (-lam) x[i]"),
    ],
)
def test_text_of_expressions(expression: Expression, text: str) -> None:
    assert str(expression) == text
    other = entry(y, "i") + entry(x, "i") + entry(A, "i", "i")
    assert str(other) == "(1) A[i,i] + (1) x[i] + (1) y[i]"
    free = ", ".join(f"{i}: {d}" for i, d in expression.free.items())
    assert repr(expression) == f"Expression({{{free}}}: {text})"


def test_no_summed_index_is_lost_or_taken_for_another() -> None:
    assert substitute(entry(x, "i").sum("i"), [Template(x, ("s",), ones(s="n"))]) == constant(Polynomial.variable("n"))
    product = (entry(A, "i", "k") * entry(x, "k")).sum("k") * entry(y, "j")
    assert product.sum("i", "j") == product.sum("i").sum("j")
    assert tensor_moments(entry(x, "i"), x, {0: ((), ones()), 1: (("i",), entry(y, "i"))}) == entry(y, "i")
    both = delta("i", "k", "n") * delta("j", "l", "n")
    second = tensor_moments(entry(A, "a", "b") * entry(A, "c", "d"), A, {2: (("i", "j", "k", "l"), both)})
    assert second == delta("a", "c", "n") * delta("b", "d", "n")
    scalar = Tensor("s", ())
    assert tensor_moments(entry(scalar) * entry(scalar), scalar, {2: ((), constant(LAM))}) == constant(LAM)


def test_products_that_cancel_are_forgotten() -> None:
    product = (entry(x, "i") + entry(y, "i")) * (entry(x, "i") - entry(y, "i"))
    assert len(product.terms) == 2
    assert Expression({}, [(ONE, []), (-ONE, [])]).is_zero
    assert repr(zeros({"i": "n", "j": "m"})) == "Expression({i: n, j: m}: 0)"


def test_templates() -> None:
    body = entry(A, "i", "t")
    template = Template(x, ("i",), body)
    assert template.extra == {"t": "n"}
    assert Template(A, ("t", "i"), body).extra == {}


# -- points ------------------------------------------------------------------------------------------------------------


def test_models_that_are_consistent() -> None:
    good = Model({"n": 2, "m": 1}, {"lam": HALF}, {x: {(0,): HALF, (1,): HALF}, W: {(0, 1): HALF}})
    assert good.is_consistent
    assert list(good.positions(("m", "n"))) == [(0, 0), (0, 1)]
    assert list(good.positions(())) == [()]
    assert good.scalar(LAM * Polynomial.variable("n")) == 1
    assert not Model({"n": 0}).is_consistent
    assert not Model({"n": 2}, {}, {x: {(2,): HALF}}).is_consistent
    assert Model({"n": 1}).is_consistent


def test_values_at_samples_that_are_fixed() -> None:
    at = Model({"n": 2}, {}, {A: {(0, 1): Fraction(3), (1, 1): Fraction(5)}, x: {(1,): Fraction(2)}}, {"i": 1})
    assert evaluate(entry(A, "i", "j"), at) == {(1, 0): 0, (1, 1): 5}
    assert evaluate((entry(A, "i", "j") * entry(x, "j")).sum("j"), at) == {(1,): 10}
    assert evaluate(entry(A, "j", "j"), at) == {(0,): 0, (1,): 5}
    assert evaluate(delta("i", "j", "n"), at) == {(1, 0): 0, (1, 1): 1}
    assert evaluate(constant(2), at) == {(): 2}
    assert evaluate(entry(x, "j") * ones(k="n"), at) == {(0, 0): 0, (0, 1): 0, (1, 0): 2, (1, 1): 2}
    assert evaluate(entry(A, "j", "k").sum("j", "k") * entry(x, "i"), at) == {(1,): 16}
    trace = (entry(A, "j", "k") * entry(A, "k", "l") * entry(A, "l", "j")).sum("j", "k", "l")
    assert evaluate(trace, at) == {(): 125}


# -- arrays ------------------------------------------------------------------------------------------------------------


def test_arrays_have_axes_where_a_size_is_not_one() -> None:
    assert dim("1") is None
    assert dim("n") == "n"
    assert axes("n", None) == {ROW: "n"}
    assert axes(None, "n") == {COLUMN: "n"}
    assert axes("m", "n") == {ROW: "m", COLUMN: "n"}
    assert tensor("W", ("m", "1")) == Tensor("W", ("m",))
    assert tensor("W", ("1", "n")) == Tensor("W", ("n",))
    assert tensor("c", ("1", "1")) == Tensor("c", ())
    array = Array(entry(W, ROW, COLUMN), "m", "n")
    assert array.shape == ("m", "n")
    assert array.transposed.shape == ("n", "m")
    assert array.transposed.expression == entry(W, COLUMN, ROW)
    assert array.transposed.transposed == array
    assert Array(constant(1)).shape == ("1", "1")


def test_products_of_arrays() -> None:
    w, column, row = (
        Array(entry(W, ROW, COLUMN), "m", "n"),
        Array(entry(x, ROW), "n"),
        Array(entry(y, COLUMN), None, "n"),
    )
    assert w @ column == Array((entry(W, ROW, "j") * entry(x, "j")).sum("j"), "m")
    assert row @ column == Array((entry(y, "j") * entry(x, "j")).sum("j"))
    assert column @ row == Array(entry(x, ROW) * entry(y, COLUMN), "n", "n")
    assert (w @ (column @ row)).shape == ("m", "n")


def test_aligned_expressions_have_the_same_indices() -> None:
    one, other, third = entry(x, "i"), entry(y, "j"), constant(1)
    assert aligned([one, other, third]) == [one * ones(j="n"), ones(i="n") * other, ones(i="n", j="n")]
    assert aligned([one, one]) == [one, one]
    assert aligned([]) == []
