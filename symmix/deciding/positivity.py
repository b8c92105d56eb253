"""Scalars that are positive in a range, and inequalities between scalars with entries in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import islice

from symmix.deciding.frame import Frame
from symmix.deciding.implication import Hints
from symmix.deciding.lines import failing, line_of, pieces, repeated_zero
from symmix.deciding.squares import Inequality
from symmix.deciding.witnesses import described
from symmix.kernel.networks import constant
from symmix.kernel.points import Model
from symmix.kernel.positivity import Interval, without_divisors
from symmix.kernel.questions import Condition, Question
from symmix.kernel.scalars import ZERO, Polynomial
from symmix.search.lowest import lowest_point
from symmix.search.pieces import Gap
from symmix.search.positivity import find_nonpositive_point, find_positive_form
from symmix.search.witnesses import find_witness
from symmix.terms import statements as s
from symmix.terms.nodes import At
from symmix.terms.nodes import Expression as Tree
from symmix.verdict import Bounded, Line, Positive, Refuted, SquareSum, Undecided, Verdict

Ranges = Mapping[str, Interval]
NO_HINTS = Hints()
_FEW = 24  # draws of a first look for a point,
_MORE = 12  # and after each part of the search for squares
_TRIED = 60  # points of a line at which a polynomial fails, if conditions of other kinds stand against the first


def decide_inequality(statement: s.Positivity | s.Minimum, frame: Frame, hints: Hints = NO_HINTS) -> Verdict:
    """Find positive coefficients or a sum of squares, or a point at which the inequality fails."""
    if isinstance(statement, s.Positivity) and _is_of_scalars(statement, frame):
        scalar = _decide_scalar(statement, frame)
        if scalar is not None:
            return scalar
    sides = _sides(statement)
    hypotheses = frame.hypotheses(statement.where)
    relations = frame.relations(statement)
    inside = within_ranges(statement)
    strict = isinstance(statement, s.Positivity) and statement.strict
    goal = frame.goal(*sides.values(), even=True)
    question = replace(frame.question([goal], hypotheses, statement, inside), fails="<=" if strict else "<")
    point = _least(question) or find_witness(question, attempts=frame.bounded(_FEW))
    if point is not None:
        return Refuted(described(frame, point, sides))
    known = frame.known(statement, (*hypotheses, *relations.values()), conditions=inside)
    roots = [frame.array(root).expression for root in hints.squares]
    stated = Inequality(goal, known, known.signs, strict)
    found: SquareSum | Model | Verdict | None = _in_turns(
        stated.searched(roots), question, frame, _polynomial_on_line(statement, frame)
    )
    found = _on_line(statement, frame) if found is None else found
    found = find_witness(question, attempts=frame.bounded()) if found is None else found
    match found:
        case SquareSum():
            evidence = Bounded(tuple(sides.values()), statement.where, found, tuple(relations))
            return frame.proved(evidence, statement, hypotheses, inside)
        case Model():
            return Refuted(described(frame, found, sides))
        case None:
            missing = "squares that sum up to it, or a point at which it fails; squares=[...] shows what is squared"
            return Undecided(_irrational_zero(statement, frame) or f"{missing}; tried were {stated.tried(roots)}")
    return found


def _in_turns(
    squares: Iterator[SquareSum | None], question: Question, frame: Frame, on_line: tuple[Polynomial, Line] | None
) -> SquareSum | Model | None:
    """Return what comes first, squares or a point: neither side waits long for the other.

    What is false on a line has its points there; none is drawn.
    """
    draws = _FEW
    for shown in squares:
        if shown is not None:
            return shown
        draws += _MORE
        point = None if on_line else find_witness(question, attempts=frame.bounded(draws))
        if point is not None:
            return point
    return None


def _least(question: Question) -> Model | None:
    """Return the point at which a quadratic polynomial in scalars is least, if it answers the question."""
    (goal,) = question.goals
    if list(goal.terms) != [()] or question.hypotheses:
        return None
    found = lowest_point(goal.terms[()])
    sizes = question.scalars & question.dims
    if found is None or sizes:
        return None
    point = Model({}, {name: found.get(name, Fraction(0)) for name in question.scalars})
    return point if question.answered_by(point) else None


def _polynomial_on_line(statement: s.Positivity | s.Minimum, frame: Frame) -> tuple[Polynomial, Line] | None:
    """Return a polynomial in one scalar alone that has the sign in question, and where that scalar may be."""
    goal = frame.goal(*_sides(statement).values(), even=True)
    polynomial = without_divisors(goal.terms.get((), ZERO))
    if goal.tensors or statement.where or len(polynomial.names) != 1:
        return None
    (name,) = polynomial.names
    return polynomial, line_of(name, (*frame.conditions(statement), *within_ranges(statement)), frame.names.sizes)


def _irrational_zero(statement: s.Positivity | s.Minimum, frame: Frame) -> str | None:
    """Say that a scalar is positive but for zeros that no point of rational numbers hits, if it is so."""
    found = _polynomial_on_line(statement, frame)
    if found is None or not (isinstance(statement, s.Positivity) and statement.strict):
        return None
    (name, zero) = (found[1].name, repeated_zero(*found))
    about = [c.polynomial for c in (*frame.conditions(statement), *within_ranges(statement)) if name in c.names]
    if not isinstance(zero, Gap) or any(p.terms.keys() - {(), ((name, 1),)} for p in about):
        return None
    return f"a point of rational numbers: it is 0 at an irrational value of {name}, between {zero.low} and {zero.high}"


def _on_line(statement: s.Positivity | s.Minimum, frame: Frame) -> Verdict | None:
    """Decide what is about one scalar alone, on the line that conditions leave to it."""
    found_on = _polynomial_on_line(statement, frame)
    if found_on is None:
        return None
    polynomial, line = found_on
    sides, inside = _sides(statement), within_ranges(statement)
    strict = isinstance(statement, s.Positivity) and statement.strict
    goal = frame.goal(*sides.values(), even=True)
    shown = pieces(polynomial, line, strict=strict)
    if shown is not None:
        found = frame.proved(shown, statement, extra=inside)
        met = found.point or _among(line.points(), line, frame.question([constant(1)], (), statement, inside))
        return replace(found, point=met)
    question = replace(frame.question([goal], (), statement, inside), fails="<=" if strict else "<")
    point = _among(failing(polynomial, line, strict=strict), line, question)
    return None if point is None else Refuted(described(frame, point, sides))


def _among(values: Iterable[Fraction], line: Line, question: Question) -> Model | None:
    """Return a point that answers a question, with one of the values of the scalar of a line."""
    others = replace(question, conditions=tuple(c for c in question.conditions if line.name not in c.names))
    elsewhere = find_witness(replace(others, goals=(constant(1),), fails="!="))
    if elsewhere is None:
        return None
    for x in islice(values, _TRIED):
        if line.name not in question.dims:
            point = replace(elsewhere, scalars={**elsewhere.scalars, line.name: x})
        elif x.denominator == 1 and x >= 1:
            point = replace(elsewhere, sizes={**elsewhere.sizes, line.name: int(x)})
        else:
            continue
        if question.answered_by(point):
            return point
    return None


def _is_of_scalars(statement: s.Positivity, frame: Frame) -> bool:
    """Whether a statement is about a polynomial in scalars with bounds, and says that it is positive."""
    bounded = all(found.low is not None for found in statement.ranges)
    plain = statement.strict and not statement.where and bounded
    return plain and not frame.array(statement.scalar).expression.tensors and _ranges_all(statement, frame)


def _ranges_all(statement: s.Positivity, frame: Frame) -> bool:
    """Whether every scalar has a range: positive coefficients need that."""
    names = frame.meaning.same_sign(frame.meaning.scalar(statement.scalar)).names
    return names <= {found.symbol.name for found in statement.ranges}


def _sides(statement: s.Positivity | s.Minimum) -> dict[str, Tree]:
    if isinstance(statement, s.Positivity):
        return {"value": statement.scalar}
    return {"left": statement.scalar, "right": At(statement.scalar, statement.at)}


def within_ranges(statement: s.Positivity | s.Minimum) -> list[Condition]:
    """Return what holds inside of the ranges."""
    found = []
    for given in statement.ranges if isinstance(statement, s.Positivity) else ():
        x = Polynomial.variable(given.symbol.name)
        found += [] if given.low is None else [Condition(x - given.low, ">")]
        found += [] if given.high is None else [Condition(given.high - x, ">")]
    return found


def _decide_scalar(statement: s.Positivity, frame: Frame) -> Verdict | None:
    """Rewrite the scalar with positive coefficients only, or find a point at which it is not positive."""
    polynomial = frame.meaning.same_sign(frame.meaning.scalar(statement.scalar))
    ranges = {f.symbol.name: Interval(f.low, f.high) for f in statement.ranges if f.low is not None}
    form = find_positive_form(polynomial, ranges)
    if form is not None:
        return frame.proved(Positive(form), statement, extra=within_ranges(statement))
    point = _point(polynomial, ranges, statement, frame)
    return None if point is None else Refuted(described(frame, point, {"value": statement.scalar}))


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
