"""Inequalities: a sum of squares with coefficients that are not negative, or a point at which it fails."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from symmix.deciding.consequence import Known
from symmix.deciding.signs import Signs, multiplied
from symmix.kernel.arrays import COLUMN, ROW, aligned
from symmix.kernel.cofactors import Hypothesis, over_samples
from symmix.kernel.networks import Expression
from symmix.kernel.scalars import ONE
from symmix.search.combinations import lifted, lowered, nearby
from symmix.search.squares import Sum, sum_of_given, sums_of_squares, tried
from symmix.verdict import Square, SquareSum, Way

_SUMS = 6  # sums of squares up to the hypotheses, for each of which these are searched


@dataclass(frozen=True)
class Inequality:
    """``goal >= 0``, or ``> 0`` if ``strict``, where hypotheses hold; the goal has no denominators left."""

    goal: Expression
    known: Known
    signs: Signs
    strict: bool

    def shown(self, roots: Sequence[Expression]) -> SquareSum | None:
        """Return a sum of squares that is the goal: of the given roots if there are some, else of what is found."""
        return next((found for found in self.searched(roots) if found is not None), None)

    def searched(self, roots: Sequence[Expression]) -> Iterator[SquareSum | None]:
        """Run through sums of squares that are the goal, with None after each part of the work that found none."""
        goal, hypotheses = over_samples(self.goal, self.known.hypotheses)
        free = self._free_scalars(goal, hypotheses)
        for names in dict.fromkeys((free, frozenset[str]())):  # as entries, then among the coefficients
            left = _SUMS
            for candidate in self._sums(goal, hypotheses, roots, names):
                if candidate is not None and not left:
                    break
                left -= candidate is not None
                yield None if candidate is None else self._checked(candidate, goal)

    def tried(self, roots: Sequence[Expression]) -> str:
        """Return what was tried where nothing is shown."""
        if roots:
            return f"the {len(roots)} roots that are given"
        goal, hypotheses = over_samples(self.goal, self.known.hypotheses)
        names = self._free_scalars(goal, hypotheses)
        raised = [Hypothesis(lifted(h.expression, names), h.slots) for h in hypotheses]
        return tried(lifted(goal, names), nearby(lifted(goal, names), raised))

    def _sums(
        self, goal: Expression, hypotheses: Sequence[Hypothesis], roots: Sequence[Expression], names: frozenset[str]
    ) -> Iterator[Sum | None]:
        """Run through sums of squares, in which some scalars are squared as entries are."""
        raised = [Hypothesis(lifted(h.expression, names), h.slots) for h in hypotheses]
        target = lifted(goal, names)
        if goal.is_zero:
            return iter([Sum((), ONE, goal)])
        if not roots:
            return sums_of_squares(target, nearby(target, raised), self.signs.is_nonnegative)
        given = [lifted(aligned([root, Expression(goal.free, [])])[0], names) for root in roots]
        whole = target
        for root in given:
            whole = whole + (root * root).sum(*(i for i in root.free if i not in goal.free))
        return sum_of_given(target, nearby(whole, raised), given)

    def _free_scalars(self, goal: Expression, hypotheses: Sequence[Hypothesis]) -> frozenset[str]:
        """Return the scalars of whose sign nothing is known: polynomials in them are sums of squares, too."""
        expressions = (goal, *(h.expression for h in hypotheses))
        fixed = self.signs.sizes.union(
            *(e.divisors for e in expressions), *(c.names for c in self.signs.conditions if c.relation != "!=")
        )
        return frozenset().union(*(e.scalars for e in expressions)) - fixed

    def _checked(self, found: Sum, goal: Expression) -> SquareSum | None:
        factor = self.signs.factored(found.factor, strict=True)
        scales = [self.signs.factored(square.scale) for square in found.squares]
        if factor is None or any(scale is None for scale in scales):
            return None
        squares = tuple(
            Square(scale, lowered(square.root))
            for scale, square in zip(scales, found.squares, strict=True)
            if scale is not None
        )
        rest = goal * multiplied(factor)
        for square in squares:
            rest = rest - square.over(goal.free)
        way = self.known.plainly(Hypothesis(rest, ()))
        if way is None:
            return None
        result = SquareSum(squares, factor, way)
        return result if holds(result, self) else None


def by_squares(goal: Hypothesis, known: Known) -> Way | None:
    """Return why a goal vanishes: ``factor |goal|^2`` and more squares add up to what hypotheses make zero.

    That is ``-|goal|^2 >= 0``, by squares and with a factor that is positive.
    """
    target, _ = over_samples((goal.expression * goal.expression).sum(*goal.slots), known.hypotheses)
    shown = Inequality(-target, known, known.signs, strict=False).shown([])
    if shown is None:
        return None
    rest = replace(shown.rest, goal=-shown.rest.goal, factors=tuple(-factor for factor in shown.rest.factors))
    return Way(rest, multiplied(shown.factor), squared=True, squares=shown.squares)


def holds(shown: SquareSum, stated: Inequality) -> bool:
    """Whether squares and what hypotheses make zero are a positive multiple of the goal: the gate of inequalities."""
    signs, known = stated.signs, stated.known
    target, given = over_samples(stated.goal, known.hypotheses)
    harmless = known.units.union(signs.sizes, *(e.divisors for e in (target, *(h.expression for h in given))))
    total = target * multiplied(shown.factor)
    for square in shown.squares:
        if not signs.holds(square.scale, strict=False) or not square.root.divisors <= harmless:
            return False
        total = total - square.over(target.free)
    some = any(_is_number(square.root) and signs.holds(square.scale, strict=True) for square in shown.squares)
    return (
        signs.holds(shown.factor, strict=True)
        and (shown.rest.hypotheses, shown.rest.units) == (given, known.units)
        and not set(target.free) & {ROW, COLUMN}
        and shown.rest.goal == total
        and shown.rest.holds
        and (some or not stated.strict)
    )


def _is_number(root: Expression) -> bool:
    """Whether a root is a number that is not zero."""
    return list(root.terms) == [()] and not root.terms[()].names
