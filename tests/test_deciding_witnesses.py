"""Points in the names of the statement, whatever the question asked of them: what cancels has a value, too."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from symmix.deciding import Frame
from symmix.deciding.witnesses import completed, described
from symmix.kernel.arrays import tensor
from symmix.kernel.points import Model
from symmix.terms import nodes as t
from symmix.terms import statements as s
from tests.deciding_cases import (
    ONE,
    TWO,
    A,
    W,
    above,
    e,
    e_s,
    frame_of,
    lam,
    minus,
    mu,
    n,
    number,
    p,
    product,
    q,
    smp,
    witness,
    x,
    z,
)

half = Fraction(1, 2)
Table = dict[tuple[int, ...], Fraction]


def claim(*shared: t.Expression) -> s.Identity:
    """Return ``shared + z = shared + 2 z``: what is shared cancels in the question."""
    return s.Identity(t.Add((*shared, z)), t.Add((*shared, product(TWO, z))))


def at(model: Model, side: t.Expression, setting: s.Setting | None = None) -> Any:
    return described(frame_of(s.Vanishing((side,)), setting), model, {"value": side})


# -- what cancels ---


def test_what_cancels_has_small_values_and_is_shown() -> None:
    trace = t.Trace(product(W, t.Transpose(W)))
    found: Any = witness(claim(product(t.Add((lam, trace, n)), x)))
    assert found.sizes == {"h": 1, "k": 1, "n": 1}
    assert found.scalars == {"lam": half}
    assert found.entries == {"W": ((0,),), "x": ((0,),), "z": found.entries["z"]}
    assert found.values["right"][0][0] == 2 * found.values["left"][0][0] != 0


def test_a_whole_number_that_cancels_is_whole() -> None:
    found: Any = witness(claim(product(lam, x), product(mu, x)), whole=("mu",))
    assert found.scalars == {"lam": half, "mu": 1}


def test_what_cancels_comes_in_the_order_of_its_names() -> None:
    names = [f"a{number}" for number in range(9)]
    found: Any = witness(claim(*(product(t.Symbol(name), x) for name in reversed(names))))
    assert list(found.scalars) == names


def test_a_reciprocal_that_cancels_is_that_of_its_denominator() -> None:
    below = t.Add((ONE, lam))
    found: Any = witness(s.Identity(t.Add((t.Quotient(x, below), z)), t.Add((t.Quotient(x, below), product(TWO, z)))))
    assert found.scalars.keys() == {"lam"}
    held = at(
        Model({"h": 1}, {"lam": Fraction(2)}, {tensor("x", ("h", "1")): {(0,): Fraction(5)}}), t.Quotient(x, below)
    )
    assert held.scalars == {"lam": 2}
    assert held.values == {"value": ((Fraction(5, 3),),)}


def test_what_another_statement_divides_by_is_left_open_or_may_be_zero() -> None:
    """All statements of a theorem share the names of reciprocals; a point of one need not be one of the others."""
    statement, inside = s.Identity(product(TWO, lam), lam), t.Quotient(ONE, minus(ONE, lam))
    frame = frame_of(statement)
    below = (t.Add((ONE, p)), minus(ONE, lam), t.Add((ONE, inside)), t.Add((ONE, t.Quotient(ONE, lam))))
    for denominator in below:
        frame.array(t.Quotient(ONE, denominator))
    for value, hidden in ((0, 2), (1, 2), (3, 3)):  # where 1 - lam, 2 - lam and 1 + 1/lam are not zero
        model = Model({}, {"lam": Fraction(value)})
        found: Any = described(frame, model, {"left": statement.left, "right": statement.right})
        assert found.scalars == {"lam": value}
        assert found.values == {"left": ((2 * value,),), "right": ((value,),)}
        assert found.model.scalars == {"lam": value}  # a certificate names no others
        assert len(completed(frame, model, []).scalars) == 1 + hidden


# -- in the order in which it is read ---


def test_sizes_and_entries_come_in_the_order_of_their_names() -> None:
    X, B, K = tensor("x", ("h", "1")), tensor("W", ("k", "h")), tensor("A", ("h", "h"))
    unordered = Model({"k": 1, "h": 1}, {}, {X: {}, B: {}, K: {}})
    found = at(unordered, product(W, A, x))
    assert list(at(Model({"k": 1, "h": 1}), ONE).sizes) == ["h", "k"]
    assert list(found.entries) == ["A", "W", "x"]


def test_what_is_defined_is_shown_where_it_is_an_array_or_made_of_one() -> None:
    some = t.Symbol("u", ("h", "1"))
    ones, rho, trace, less = t.Symbol("v", ("h", "1")), t.Symbol("rho"), t.Symbol("tau"), t.Symbol("w", ("h", "1"))
    definitions = (
        (ones, product(lam, t.Ones("h", "1"))),
        (rho, product(lam, TWO)),
        (trace, t.Trace(A)),
        (less, product(t.Quotient(ONE, lam), x)),
        (some, t.Add((product(lam, ones), product(p, t.Trace(A), ones)))),
    )
    model = Model({"h": 2}, {"lam": Fraction(3)}, {tensor("A", ("h", "h")): {(0, 0): Fraction(4)}})
    found = at(model, A, s.Setting(definitions=definitions))
    assert found.entries == {"A": ((4, 0), (0, 0)), "v": ((3,), (3,)), "tau": ((4,),)}
    zero = Model({"h": 2}, {"lam": Fraction(0)}, {tensor("x", ("h", "1")): {(1,): Fraction(5)}})
    assert at(zero, x, s.Setting(definitions=definitions)).entries == {"x": ((0,), (5,)), "v": ((0,), (0,))}
    open_size = at(Model({"k": 1}, {"lam": Fraction(1)}), t.Ones("k", "1"), s.Setting(definitions=definitions))
    assert open_size.entries == {}


def test_the_values_of_a_row_and_of_a_matrix() -> None:
    table: Table = {(0, 0): Fraction(1), (0, 1): Fraction(2), (1, 2): Fraction(3)}
    model = Model({"k": 2, "h": 3}, {}, {tensor("W", ("k", "h")): table})
    rows = ((1, 2, 0), (0, 0, 3))
    assert at(model, W).values == {"value": rows}
    assert at(model, W).entries == {"W": rows}
    assert at(model, t.Transpose(W)).values == {"value": ((1, 0), (2, 0), (0, 3))}
    assert at(model, product(t.Ones("1", "k"), W)).values == {"value": ((1, 2, 3),)}
    assert at(model, product(W, t.Ones("h", "1"))).values == {"value": ((3,), (3,))}


def test_an_array_of_three_axes_lies_along_the_columns() -> None:
    cube = t.Symbol("T", ("k", "h", "m"))
    table: Table = {(a, b, c): Fraction(100 * a + 10 * b + c) for a in range(2) for b in range(3) for c in range(2)}
    model = Model({"k": 2, "h": 3, "m": 2}, {}, {tensor("T", ("k", "h", "m")): table})
    indices = (t.Index("i", "k"), t.Index("j", "h"), t.Index("l", "m"))
    found = at(model, t.Total(indices, t.Entry(cube, ("i", "j", "l"))))
    assert found.entries == {"T": ((0, 1, 10, 11, 20, 21), (100, 101, 110, 111, 120, 121))}


# -- at which sample ---


def test_values_are_those_at_the_first_sample_where_the_sides_differ() -> None:
    entry = tensor("e", ("h", "1"))
    setting = s.Setting((smp,))
    statement = s.Identity(e_s, product(TWO, e_s))

    def found(model: Model, *sides: t.Expression) -> Any:
        return described(frame_of(statement, setting), model, dict(zip(("left", "right"), sides, strict=False)))

    model = Model({"h": 3}, {}, {entry: {(1,): Fraction(5), (2,): Fraction(7)}})
    two = found(model, e_s, product(TWO, e_s))
    assert two.at == two.model.at == {"s": 1}
    assert two.values == {"left": ((5,),), "right": ((10,),)}
    later = found(Model({"h": 2}, {}, {entry: {(0,): Fraction(1), (1,): Fraction(2)}}), e_s, t.Power(e_s, 2))
    assert (later.at, later.values) == ({"s": 1}, {"left": ((2,),), "right": ((4,),)})
    one = found(model, e_s)
    assert (one.at, one.values) == ({"s": 1}, {"left": ((5,),)})
    given = found(Model(model.sizes, {}, model.entries, {"s": 2}), e_s)
    assert (given.at, given.values) == ({"s": 2}, {"left": ((7,),)})
    nowhere = found(Model({"h": 3}, {}, {entry: {}}), e_s)
    assert (nowhere.at, nowhere.values) == ({"s": 0}, {"left": ((0,),)})
    beside = found(model, product(e_s, e))  # a column at each sample: its rows are no samples
    assert (beside.at, beside.values) == ({"s": 1}, {"left": ((0,), (25,), (35,))})
    none = found(Model({"h": 3}, {}, {entry: {}}), product(e_s, e))
    assert (none.at, none.values) == ({"s": 0}, {"left": ((0,), (0,), (0,))})


def test_the_sample_of_a_hypothesis_belongs_to_the_point() -> None:
    found = at(Model({"h": 3}, {"lam": Fraction(1)}, {}, {"s": 1}), lam)
    assert found.at == found.model.at == {"s": 1}


def test_a_matrix_of_one_entry_is_a_number() -> None:
    cell = t.Symbol("c", ("1", "1"))
    found = at(Model({}, {}, {tensor("c", ("1", "1")): {(): Fraction(7)}}), cell)
    assert found.entries == {"c": ((7,),)}
    assert found.values == {"value": ((7,),)}


def test_a_side_that_does_not_depend_on_the_sample_has_its_value_everywhere() -> None:
    found: Any = witness(s.Identity(e_s, number(3)), indices=(smp,), conditions=(above(q),))
    assert found.at.keys() == {"s"}
    assert found.values["right"] == ((3,),)


def test_a_point_may_be_described_without_sides() -> None:
    frame: Frame = frame_of(s.Vanishing((x,)))
    found: Any = described(frame, Model({"h": 1}, {}, {tensor("x", ("h", "1")): {}}), {})
    assert (found.entries, found.values, found.at) == ({"x": ((0,),)}, {}, {})
