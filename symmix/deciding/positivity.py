"""Scalars that are positive in a range."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from symmix.deciding.frame import Frame
from symmix.deciding.witnesses import described
from symmix.kernel.networks import constant
from symmix.kernel.points import Model
from symmix.kernel.positivity import Interval
from symmix.kernel.questions import Condition
from symmix.kernel.scalars import Polynomial
from symmix.search.positivity import find_nonpositive_point, find_positive_form
from symmix.search.witnesses import find_witness
from symmix.terms import statements as s
from symmix.verdict import Positive, Refuted, Undecided, Verdict

Ranges = Mapping[str, Interval]


def decide_positivity(statement: s.Positivity, frame: Frame) -> Verdict:
    """Rewrite the scalar with positive coefficients only, or find a point at which it is not positive."""
    polynomial = frame.meaning.same_sign(frame.meaning.scalar(statement.scalar))
    ranges = {found.symbol.name: Interval(found.low, found.high) for found in statement.ranges}
    form = find_positive_form(polynomial, ranges)
    if form is not None:
        inside = [Condition(q, ">") for name, interval in ranges.items() for q in _distances(name, interval)]
        return frame.proved(Positive(form), statement, extra=inside)
    point = _point(polynomial, ranges, statement, frame)
    if point is not None:
        return Refuted(described(frame, point, {"value": statement.scalar}))
    return Undecided("a form with positive coefficients, or a point of the range at which it is not positive")


def _distances(name: str, interval: Interval) -> list[Polynomial]:
    """Return what is positive inside of an interval: the distances from its ends."""
    x = Polynomial.variable(name)
    return [x - interval.low] + ([] if interval.high is None else [interval.high - x])


def _point(polynomial: Polynomial, ranges: Ranges, statement: s.Positivity, frame: Frame) -> Model | None:
    """Return a point of the range at which the scalar is not positive, and at which all conditions hold."""
    question = frame.question([constant(1)], (), statement)
    outside = find_witness(question) if question.scalars - ranges.keys() else Model({})
    if outside is None:
        return None  # nothing meets the conditions, as far as is known

    def at(point: Mapping[str, Fraction]) -> Model:
        sizes = {name: int(value) for name, value in point.items() if name in frame.names.sizes}
        scalars = {name: value for name, value in point.items() if name not in sizes}
        return Model({**outside.sizes, **sizes}, {**outside.scalars, **scalars})

    def allowed(point: Mapping[str, Fraction]) -> bool:
        whole = all(value.denominator == 1 for name, value in point.items() if name in frame.names.sizes)
        return whole and question.answered_by(at(point))

    watched = question.scalars.union(frame.names.sizes, frame.setting.whole)
    found = find_nonpositive_point(polynomial, ranges, watched, allowed)
    return None if found is None else at(found)
