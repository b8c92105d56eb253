"""Statements drawn with their values: nothing that is wrong somewhere is proved, nothing that holds is refuted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from random import Random

import pytest

from symmix import check_derivation
from symmix.checking import Finding
from tests.two_ways import (
    DECLARED,
    SHAPES,
    Matrix,
    Point,
    Undefined,
    Value,
    Writer,
    Written,
    inverse,
    matrix,
    plus,
    point,
    times,
    turned,
)


@dataclass(frozen=True)
class Given:
    """What is assumed: both sides of it, and how a point is changed so that it holds (or where that cannot be)."""

    left: str
    right: str
    sides: tuple[Value, Value]
    meet: Callable[[Point], None]


def _linear(writer: Writer) -> Given:
    """Return ``p d = q``, which says what d is."""
    p, q = (_without_d(writer) for _ in range(2))

    def meet(at: Point) -> None:
        slope, rest = p.value(at)[0][0], q.value(at)[0][0]
        if not slope:
            raise Undefined
        at.tables["d"] = [[rest / slope]]

    return Given(f"{p.left} d", q.left, (lambda at: times(p.value(at), at.tables["d"]), q.value), meet)


def _without_d(writer: Writer) -> Written:
    return next(p for p in iter(writer.polynomial, None) if "d" not in p.left)


def _roots(_: Writer) -> Given:
    """Return ``(a - 2) (a + 1/3) = 0``."""

    def value(at: Point) -> Matrix:
        a = at.number("a")
        return [[(a - 2) * (a + Fraction(1, 3))]]

    def meet(at: Point) -> None:
        at.tables["a"] = [[Fraction(2) if at.number("b") > 0 else Fraction(-1, 3)]]

    return Given("((a - 2) (a + 1/3))", "0", (value, lambda _: [[Fraction(0)]]), meet)


def _eigenvector(_: Writer) -> Given:
    """Return ``A x = a x``: A is changed along x."""

    def meet(at: Point) -> None:
        a, x, s = at.tables["A"], at.tables["x"], at.tables["a"]
        length = times(turned(x), x)[0][0]
        if length:
            wrong = plus(times(s, x), times([[Fraction(-1)]], times(a, x)))
            at.tables["A"] = plus(a, times([[1 / length]], times(wrong, turned(x))))

    sides = (lambda at: times(at.tables["A"], at.tables["x"]), lambda at: times(at.tables["a"], at.tables["x"]))
    return Given("A x", "a x", sides, meet)


def _inverse(_: Writer) -> Given:
    """Return ``A B = I``."""

    def meet(at: Point) -> None:
        at.tables["B"] = inverse(at.tables["A"])

    def unit(at: Point) -> Matrix:
        return matrix(at.sizes["n"], at.sizes["n"], lambda i, j: Fraction(i == j))

    return Given("A B", "I_n", (lambda at: times(at.tables["A"], at.tables["B"]), unit), meet)


GIVEN: dict[str, Callable[[Writer], Given] | None] = {
    "nothing": None,
    "a scalar": _linear,
    "roots": _roots,
    "an eigenvector": _eigenvector,
    "an inverse": _inverse,
}
SHAPE = {"an eigenvector": "n1", "an inverse": "nn"}


def drawn(kind: str, random: Random) -> tuple[str, Written, Given | None, Value]:
    """Return a text, its left side with the value of it, what is given, and the value of the right side."""
    writer, make = Writer(random), GIVEN[kind]
    given = None if make is None else make(writer)
    shape = SHAPE.get(kind) or ("" if given else random.choice(["", "nn", "n1"]))
    part = writer.shaped(shape, random.randint(1, 2)) if shape else writer.scalar(random.randint(1, 2))
    left, right, values = part.left, part.right, [part.value, part.value]
    if given is not None:
        factor = writer.scalar(1)
        left, right = f"{left} + {factor.left} ({given.left})", f"{factor.right} ({given.right}) + {right}"
        values = [_with(own, factor.value, side) for own, side in zip(values, given.sides, strict=True)]
    if random.random() < 0.4:
        slip = writer.shaped(shape, 0) if shape else writer.leaf()
        right, values[1] = f"{right} + {slip.right}", _with(values[1], lambda _: [[Fraction(1)]], slip.value)
    assumed = "" if given is None else f"given {given.left} = {given.right}\n"
    return f"{DECLARED}{assumed}{left} = {right}", Written(left, right, values[0]), given, values[1]


def _with(value: Value, factor: Value, more: Value) -> Value:
    return lambda at: plus(value(at), times(factor(at), more(at)))


def holds(at: Point, left: Value, right: Value) -> bool | None:
    """Whether two sides agree at a point; None where something is not defined."""
    try:
        return left(at) == right(at)
    except Undefined:
        return None


def true_at_points(left: Value, right: Value, given: Given | None, random: Random) -> bool | None:
    """Whether two sides agree at all points that are tried, if some are."""
    found: list[bool] = []
    for _ in range(30):
        at = point(random)
        try:
            if given is not None:
                given.meet(at)
        except Undefined:
            continue
        here = holds(at, left, right)
        found += [] if here is None else [here]
        if here is False or len(found) == 6:
            break
    return all(found) if found else None


def read(text: str, shape: str, at: Point) -> Matrix:
    """Read a value of a witness."""
    rows = re.findall(r"\[([^\[\]]*)\]", text) or [text]
    table = [[Fraction(x) for x in row.split(",")] for row in rows]
    count = {**at.sizes, "1": 1}[shape[0]]
    return table if len(table) == count else turned(table)


def at_witness(finding: Finding, random: Random) -> Point:
    """Return the point that a finding names; what it leaves open is drawn."""
    at = point(random, {size: int(number) for size, number in finding.sizes.items()})
    for name, text in finding.entries.items():
        at.tables[name] = read(text, SHAPES.get(name, "11"), at)
    return at


@pytest.mark.parametrize("kind", GIVEN)
def test_what_is_proved_holds_at_points_and_what_is_refuted_fails_at_its_own(kind: str) -> None:
    counts = judged(kind, range(10))
    assert counts["proved", True] >= 3, counts
    assert counts["refuted", False] >= 2, counts


@pytest.mark.slow
@pytest.mark.parametrize("kind", GIVEN)
def test_so_it_is_of_many_statements(kind: str) -> None:
    assert judged(kind, range(10, 200))["refuted", False] >= 40


def judged(kind: str, seeds: range) -> Counter[tuple[str, bool | None]]:
    """Decide statements, and require that they are what was found; count verdicts, and what points say."""
    counts: Counter[tuple[str, bool | None]] = Counter()
    for seed in seeds:
        random = Random(f"{kind} {seed}")
        text, left, given, right = drawn(kind, random)
        report = check_derivation(text, causes="none")
        (finding,) = report.findings
        truth = true_at_points(left.value, right, given, random)
        counts[finding.word, truth] += 1
        assert not report.defects, str(report)
        assert finding.word != "proved" or truth is not False, text
        if finding.word == "refuted":
            at = at_witness(finding, random)
            assert given is None or holds(at, *given.sides), str(report)
            assert holds(at, left.value, right) is False, str(report)
    return counts
