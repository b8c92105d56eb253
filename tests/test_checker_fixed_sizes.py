"""The exact checker on sizes that are numbers and on derivatives by scalars: what holds for one holds for no other.

Documents are written by hand; each forgery is one slip away from what is accepted.
"""

from __future__ import annotations

from typing import Any

import pytest

from symmix import checker
from tests.checker_documents import (
    EQUAL,
    ZERO,
    add,
    at,
    certificate,
    combination,
    expected,
    identity,
    mul,
    neg,
    num,
    over,
    point,
    power,
    size,
    statement,
    sym,
    term,
    total,
    trace,
    transposed,
    vanishing,
    verdict,
    witness,
)

Data = Any
G, H, u, v, X, s, t, q = map(sym, ("G", "H", "u", "v", "X", "s", "t", "q"))
SYMBOLS = {"G": ["2", "2"], "H": ["2", "2"], "u": ["2", "1"], "v": ["3", "1"], "X": ["n", "2"], "c": ["n", "1"]}


def components(*ways: Data) -> Data:
    return {"kind": "components", "ways": list(ways)}


def reason(claim: Data, evidence: Data, **parts: Data) -> str:
    return verdict(claim, evidence, symbols={**SYMBOLS, **parts.pop("symbols", {})}, **parts)


def entry(of: Data, *places: str) -> Data:
    return at(of, *places)


def norm(of: Data) -> Data:
    return mul(transposed(of), of)


def squares(of: Data, count: int) -> Data:
    return add(*(power(entry(of, str(i), "0"), 2) for i in range(count)))


def det(of: Data) -> Data:
    return add(mul(entry(of, "0", "0"), entry(of, "1", "1")), neg(mul(entry(of, "0", "1"), entry(of, "1", "0"))))


CAYLEY = vanishing(add(mul(G, G), neg(mul(trace(G), G)), mul(det(G), ["Identity", "2"])))
NORM = identity(norm(u), squares(u, 2))


@pytest.mark.parametrize("claim", [CAYLEY, NORM])
def test_what_holds_at_one_size_needs_components(claim: Data) -> None:
    assert reason(claim, components(None)) == ""
    assert "two sides differ" in reason(claim, EQUAL)
    assert "a way for each component" in reason(claim, components([]))


def test_a_general_law_holds_at_a_fixed_size() -> None:
    cyclic = identity(trace(mul(G, H)), trace(mul(H, G)))
    assert reason(cyclic, EQUAL) == ""
    assert reason(cyclic, components(None)) == ""
    assert reason(cyclic, components(combination())) == ""
    assert "two sides differ" in reason(identity(trace(mul(G, H)), trace(mul(G, transposed(H)))), components(None))


def test_the_report_says_for_which_sizes() -> None:
    def line(claim: Data, evidence: Data) -> str:
        return checker.check(certificate(statement(claim, symbols=SYMBOLS), evidence)).line

    assert ", for size 2 alone; " in line(NORM, components(None))
    assert ", for size 2 and 3 alone; " in line(
        vanishing(add(mul(norm(u), norm(v)), neg(mul(norm(v), norm(u))))), EQUAL
    )
    long = identity(mul(X, add(u, u)), mul(num(2), X, u))
    assert ", for every open size, and size 2 alone; " in line(long, EQUAL)
    assert ", for every size; " in line(identity(mul(num(2), sym("x")), add(sym("x"), sym("x"))), EQUAL)


def test_a_near_miss_takes_nothing_from_the_claim() -> None:
    """A claim for all sizes with a slip of a fixed one is for all sizes still."""
    claim, slip = identity(add(sym("x"), sym("x")), mul(num(2), sym("x"))), ["Fails", NORM]
    stated = statement(claim, near_misses=[identity(u, add(u, u))], symbols=SYMBOLS)
    report = checker.check(certificate(stated, EQUAL, near_misses=[witness(u=["1", "0"])]))
    assert (report.accepted, report.sizes) == (True, "every size")
    stated = statement(claim, near_misses=[slip], symbols=SYMBOLS)
    report = checker.check(certificate(stated, EQUAL, near_misses=[components(None) | {"met": point()}]))
    assert (report.accepted, report.sizes) == (True, "every size")


# -- one size is not another ---


def characteristic(n: str) -> Data:
    """Return what a 2 x 2 matrix satisfies, for another size."""
    half = over(add(power(trace(G), 2), neg(trace(mul(G, G)))), num(2))
    return vanishing(add(mul(G, G), neg(mul(trace(G), G)), mul(half, ["Identity", n])))


@pytest.mark.parametrize("other", ["3", "4", "9", "n"])
def test_it_is_false_for_another_size(other: str) -> None:
    """The same words about a matrix of another size: false, and not even well formed where there is no such place."""
    assert reason(characteristic("2"), components(None)) == ""
    for evidence in (EQUAL, components(None), components(combination())):
        assert reason(characteristic(other), evidence, symbols={"G": [other, other]})
    found = reason(NORM, components(None), symbols={"u": [other, "1"]})
    assert ("positions" if other == "n" else "differ") in found


@pytest.mark.parametrize("claim", [identity(mul(sym("A"), sym("B")), mul(sym("B"), sym("A"))), vanishing(s)])
def test_components_of_what_has_no_fixed_size_are_none(claim: Data) -> None:
    for ways in (None, [], [combination()], combination()):
        assert "no fixed sizes" in reason(claim, components(ways))


def test_components_are_evidence_of_identities_alone() -> None:
    positive = ["Positivity", norm(u), [], [], False]
    assert "evidence for Positivity is required" in reason(positive, components(None))


@pytest.mark.parametrize(
    ("places", "of"),
    [
        *(
            ((a, b), G)
            for a, b in [("2", "0"), ("0", "2"), ("9", "0"), ("00", "0"), ("-1", "0"), (":", "0"), ("", "0")]
        ),
        (("0", "1"), u),
        (("0", "0"), sym("x")),
        (("0", "0"), mul(sym("x"), transposed(u))),
        (("3", "0"), v),
        (("0",), G),
        (("0", "0", "0"), G),
        (("1", "0", "0"), sym("T")),
    ],
)
def test_a_place_is_one_along_the_axis(places: tuple[str, ...], of: Data) -> None:
    claim = identity(add(entry(of, *places), entry(of, *places)), mul(num(2), entry(of, *places)))
    found = reason(claim, EQUAL, symbols={"T": ["n", "2", "2"]})
    assert "positions" in found or "index that is summed" in found


def test_places_of_arrays_and_slices_are_places() -> None:
    array = identity(total(entry(sym("T"), "i", "1", "0"), i="n"), total(entry(sym("T"), "j", "1", "0"), j="n"))
    assert reason(array, EQUAL, symbols={"T": ["n", "2", "2"]}) == ""
    columns = identity(
        mul(X, transposed(X)),
        add(*(mul(["Slice", X, ":", p], transposed(["Slice", X, ":", p])) for p in ("0", "1"))),
    )
    assert reason(columns, components(None)) == ""
    beyond = identity(["Slice", X, ":", "2"], ["Slice", X, ":", "0"])
    assert "positions" in reason(beyond, components(None))
    along_an_open_axis = identity(["Slice", X, "0", ":"], add(["Slice", X, "0", ":"], ["Zeros", "1", "2"]))
    assert "positions" in reason(along_an_open_axis, EQUAL)


# -- a number is no name ---


@pytest.mark.parametrize("name", ["2", "9", "10", "0", "02"])
def test_a_number_is_not_the_name_of_anything(name: str) -> None:
    document = statement(NORM, symbols=SYMBOLS)
    for changed in (
        {**document, "sizes": [name]},
        {**document, "symbols": {**document["symbols"], name: []}},
        {**document, "indices": [[name, "2"]]},
        {**document, "claims": [["0", identity(size(name), num(name.lstrip("0") or 0))]], "symbols": {}},
        {**document, "claims": [["0", identity(total(s, **{name: "2"}), mul(num(2), s))]], "symbols": {"s": []}},
    ):
        assert not checker.check(certificate(changed, components(None))).accepted
        assert not checker.check(certificate(changed, EQUAL)).accepted


def test_a_size_has_one_digit() -> None:
    for name in ("10", "0", "02", "-2", "2.0", ""):
        found = reason(identity(add(u, u), mul(num(2), u)), EQUAL, symbols={"u": [name, "1"]})
        assert "sizes of the table is required" in found or "a name" in found


def test_a_sum_over_a_fixed_size_is_that_many() -> None:
    assert reason(identity(total(s, i="7"), mul(num(7), s)), EQUAL) == ""
    assert reason(identity(trace(["Identity", "3"]), num(3)), EQUAL) == ""
    assert "differ" in reason(identity(trace(["Identity", "3"]), num(2)), EQUAL)
    assert "differ" in reason(identity(trace(["Identity", "n"]), num(2)), EQUAL)


# -- hypotheses by components ---

ORTHOGONAL = [mul(transposed(u), G)]  # u^T G = 0
SECOND = vanishing(
    add(mul(entry(u, "0", "0"), entry(G, "0", "1")), mul(entry(u, "1", "0"), entry(G, "1", "1"))), where=ORTHOGONAL
)
MET = point(u=["0", "0"], G=[["1", "0"], ["0", "1"]])


def unit(place: str, index: str = "of column") -> Data:
    return entry(["Identity", "2"], index, place)


def test_a_hypothesis_is_used_at_a_place() -> None:
    right = {**components([combination(term(0, unit("1")))]), "met": MET}
    assert reason(SECOND, right) == ""
    for ways in (
        None,
        [combination()],
        [combination(term(0, unit("0")))],
        [combination(term(0, unit("1")), term(0, unit("0")))],
        [combination(term(0, num(1)))],
        [combination(term(1, unit("1")))],
        [combination(term(0, unit("2")))],
        [combination(term(0, unit("1", "column")))],
        [combination(term(0, unit("1"))), combination(term(0, unit("1")))],
        combination(term(0, unit("0"))),
    ):
        assert reason(SECOND, {**components(ways), "met": MET})
    assert "no point is known" in reason(SECOND, {**right, "met": None})


def test_each_component_has_a_way_of_its_own() -> None:
    """G = H = 0, by components: ways in the order of row and column, and no other."""
    claim = vanishing(add(mul(G, G), neg(mul(trace(G), G)), mul(det(G), ["Identity", "2"]), H), where=[H])
    met = point(G=[["1", "0"], ["0", "0"]], H=[["0", "0"], ["0", "0"]])
    ways = [combination(term(0, mul(unit(i, "of row"), unit(j)))) for i in ("0", "1") for j in ("0", "1")]
    assert reason(claim, {**components(ways), "met": met}) == ""
    for number in range(3):
        swapped = [*ways]
        swapped[number], swapped[number + 1] = swapped[number + 1], swapped[number]
        assert reason(claim, {**components(swapped), "met": met})
        assert reason(claim, {**components([*ways[:number], combination(), *ways[number + 1 :]]), "met": met})
    assert reason(claim, {**components(ways[:3]), "met": met})


def test_samples_of_a_fixed_number_are_placed_too() -> None:
    claim = identity(
        add(mul(["Delta", "i", "j"], entry(u, "j", "0")), entry(u, "i", "0")),
        add(entry(u, "i", "0"), mul(["Delta", "j", "i"], entry(u, "i", "0"))),
    )
    samples = [["i", "2"], ["j", "2"]]
    assert reason(claim, components(None), indices=samples) == ""
    assert reason(claim, EQUAL, indices=samples) == ""
    first = identity(entry(u, "i", "0"), entry(u, "0", "0"))
    assert "differ" in reason(first, components(None), indices=[["i", "2"]])
    assert "a way for each component" in reason(claim, components([combination()] * 3), indices=samples)


# -- points ---


def test_a_point_has_the_size_that_is_stated() -> None:
    claim = ["Fails", identity(mul(G, H), mul(H, G))]
    one, other = [["0", "1"], ["0", "0"]], [["1", "0"], ["0", "0"]]
    assert reason(claim, witness(G=one, H=other)) == ""
    assert "of sizes of the theorem" in reason(claim, witness({"2": 3}, G=one, H=other))
    assert "of sizes of the theorem" in reason(claim, witness({"2": 2}, G=one, H=other))
    assert "a list of 2" in reason(claim, witness(G=[[*row, "0"] for row in [*one, ["0", "0"]]], H=other))
    assert "not false" in reason(claim, witness(G=one, H=one))
    places = identity(entry(u, "0", "0"), entry(u, "1", "0"))
    assert reason(["Fails", places], witness(u=["1", "2"])) == ""
    assert "not false" in reason(["Fails", places], witness(u=["1", "1"]))


# -- derivatives by scalars ---


def rate(of: Data, by: str, *moving: Data, constant: bool = False) -> Data:
    return ["Gradient", of, sym(by), list(moving), constant]


def test_a_derivative_by_a_scalar_is_the_ordinary_one() -> None:
    x = sym("x")
    for right in (
        identity(rate(mul(power(s, 3), norm(x)), "s"), mul(num(3), power(s, 2), norm(x))),
        identity(rate(over(t, s), "s"), neg(over(t, power(s, 2)))),
        identity(rate(over(t, add(num(1), over(num(1), add(s, num(1))))), "s"), over(t, power(add(s, num(2)), 2))),
        identity(rate(over(num(1), power(over(num(1), s), 2)), "s"), mul(num(2), s)),
        identity(rate(power(q, 2), "s", ["q", t]), mul(num(2), q, t)),
        identity(rate(norm(x), "s", ["x", mul(sym("A"), x)]), mul(num(2), transposed(x), sym("A"), x)),
        identity(
            rate(trace(["Inverse", mul(s, sym("A"))]), "s"),
            neg(trace(mul(["Inverse", mul(s, sym("A"))], sym("A"), ["Inverse", mul(s, sym("A"))]))),
        ),
        identity(rate(s, "s"), num(1)),
        identity(rate(t, "s", constant=True), ZERO),
    ):
        assert reason(right, EQUAL) == ""
        wrong = [*right[:2], mul(num(2), add(right[2], num(1))), *right[3:]]
        assert "two sides differ" in reason(wrong, EQUAL)


@pytest.mark.parametrize(
    ("claim", "parts", "why"),
    [
        (identity(rate(power(t, 2), "s"), ZERO), {}, "without saying 'constant'"),
        (identity(rate(power(s, 2), "s", ["s", t]), ZERO), {}, "a Jacobian of its own"),
        (identity(rate(power(q, 2), "s", ["q", t], ["q", s]), ZERO), {}, "two of one symbol"),
        (identity(rate(norm(u), "s", ["u", transposed(u)]), ZERO), {}, "another shape"),
        (identity(rate(norm(u), "s", ["u", t]), ZERO), {}, "another shape"),
        (identity(rate(power(q, 2), "s", ["q", u]), ZERO), {}, "another shape"),
        (identity(rate(s, "s"), num(1)), {"whole": ["s"]}, "a whole number"),
        (identity(rate(mul(q, s), "s", ["q", t]), q), {"whole": ["q"]}, "a whole number"),
        (identity(rate(mul(s, t), "s"), t), {"definitions": [["s", power(t, 2)]]}, "without a definition"),
        (identity(rate(size("n"), "n"), num(1)), {}, "a symbol of the document's table"),
        (identity(["Jacobian", mul(s, u), s, [], False], u), {}, "has another shape"),
        (identity(rate(mul(s, u), "s"), u), {}, "has another shape"),
        (identity(expected(rate(power(q, 2), "q"), "q", m1=t), mul(num(2), t)), {}, "of a derivative by it"),
        (identity(rate(expected(q, "q", m1=t), "q"), ZERO), {}, "without saying 'constant'"),
        (
            identity(rate(rate(power(q, 2), "s", ["q", t]), "s", ["q", t]), ZERO),
            {},
            "t is held constant in a derivative by s",
        ),
        (
            identity(rate(mul(t, rate(power(q, 2), "s", ["q", s])), "s"), ZERO),
            {},
            "q is held constant in a derivative by s",
        ),
        (
            identity(rate(mul(q, s), "s", ["q", entry(u, "i", "0")]), ZERO),
            {"indices": [["i", "2"]]},
            "depends on an index",
        ),
    ],
)
def test_a_derivative_by_a_scalar_that_says_nothing_is_refused(claim: Data, parts: Data, why: str) -> None:
    assert why in reason(claim, EQUAL, **parts)


# -- bounds ---


@pytest.mark.parametrize(
    "claim",
    [
        vanishing(add(power(sym("M"), 40), neg(power(transposed(sym("M")), 40)))),
        vanishing(add(*(mul(trace(power(sym("M"), k)), trace(power(sym("M"), 9))) for k in range(2, 9)))),
        identity(
            total(num(1), **{f"i{k}": "9" for k in range(60)}),
            add(total(num(1), **{f"i{k}": "9" for k in range(60)}), s),
        ),
        vanishing(rate(power(add(s, num(1)), 9999), "s")),
    ],
)
def test_work_is_bounded(claim: Data) -> None:
    found = reason(claim, components(None), symbols={"M": ["9", "9"]})
    assert any(words in found for words in ("more work", "too large", "differ", "more than"))


def test_many_samples_of_nothing_are_many_components() -> None:
    indices = [[f"i{k}", "9"] for k in range(30)]
    claim = identity(mul(num(2), s), add(s, s))
    assert "more work" in reason(claim, components(None), indices=indices)
