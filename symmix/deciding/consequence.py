"""Why one expression vanishes where others do: by rewriting, by combining them, or through its square.

What is found has been multiplied out and compared, and divides by nothing that is not known to differ from zero.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial, reduce
from operator import mul

from symmix.deciding.signs import Signs
from symmix.kernel.cofactors import Cofactors, Hypothesis, over_samples
from symmix.kernel.networks import Expression, constant, delta, zeros
from symmix.kernel.scalars import ONE, Polynomial
from symmix.search.cofactors import find_cofactors
from symmix.search.combinations import MULTIPLES, Effort, combine
from symmix.search.elimination import quotient
from symmix.verdict import Way

_FEW = 12  # multiples of hypotheses that are combined before long looks for points


@dataclass(frozen=True)
class Known:
    """What holds where a goal is to vanish: hypotheses, and what is not zero."""

    hypotheses: tuple[Hypothesis, ...]
    units: frozenset[str]  # scalars that are not zero,
    nonzero: tuple[Polynomial, ...] = ()  # and polynomials
    signs: Signs = field(default_factory=lambda: Signs((), frozenset()))

    def plainly(self, goal: Hypothesis) -> Cofactors | None:
        """Return cofactors of the goal itself, neither of its square nor of a multiple."""
        found = find_cofactors(goal.expression, self.hypotheses, self.units)
        if found is not None or not self.hypotheses:
            return found
        return combine(goal.expression, self.hypotheses, self.units, lambda factor: factor == ONE).cofactors

    def rewritten(self, goal: Hypothesis) -> Way | None:
        """Rewrite the goal by the hypotheses: quick, where each can be solved for something."""
        found = find_cofactors(goal.expression, self.hypotheses, self.units)
        return None if found is None else Way(found)

    def squared(self, goal: Hypothesis) -> Way | None:
        """Rewrite the sum of the goal's squares, which has many terms."""
        found = find_cofactors(_square(goal), self.hypotheses, self.units) if self.hypotheses else None
        return None if found is None else Way(found, squared=True)

    def divided(self, goal: Hypothesis) -> Way | None:
        """Find a hypothesis that is the goal times a factor that is not zero: ``(s - 1)(s + 1)`` of ``s - 1``."""
        mine = goal.expression
        for number, h in enumerate(self.hypotheses):
            given = h.expression
            if given.free != mine.free or given.terms.keys() != mine.terms.keys() or not mine.terms:
                continue
            factor = quotient(*next((c, mine.terms[product]) for product, c in given.terms.items()))
            if factor is not None and is_nonzero(factor, self):
                way = self._alone(number, mine * factor)
                if self.shown_by(way, mine, factor):
                    return Way(way, factor)
        return None

    def _alone(self, number: int, target: Expression) -> Cofactors:
        """Return cofactors that are zero but for one hypothesis, which is the target."""
        whole, given = over_samples(target, self.hypotheses)
        slots = [tuple(f"#{place}.{index}" for index in h.slots) for place, h in enumerate(given)]
        factors = []
        for place, (h, own) in enumerate(zip(given, slots, strict=True)):
            dims = {slot: h.expression.free[index] for index, slot in zip(h.slots, own, strict=True)}
            unit = zeros({**whole.free, **dims})
            if place == number:
                unit = reduce(mul, (delta(i, x, dims[x]) for i, x in zip(h.slots, own, strict=True)), constant(1))
            factors.append(unit)
        return Cofactors(whole, given, tuple(factors), tuple(slots), self.units)

    def briefly(self, goal: Hypothesis) -> Way | None:
        """Divide a hypothesis, or combine few multiples of hypotheses to the goal: often that is all it takes."""
        found = self.divided(goal) or self._combined(goal.expression, _FEW)
        return found if isinstance(found, Way) else None

    def combined(self, goal: Hypothesis, most: int = MULTIPLES) -> Way | Effort:
        """Combine the hypotheses to the goal, or to its square; tells the larger effort if that fails."""
        plain = self._combined(goal.expression, most)
        if isinstance(plain, Way) or not self.hypotheses:
            return plain
        squared = self._combined(_square(goal), most)
        if isinstance(squared, Way):
            return replace(squared, squared=True)
        return max(plain, squared, key=lambda effort: effort.multiples)

    def _combined(self, target: Expression, most: int) -> Way | Effort:
        found = combine(target, self.hypotheses, self.units, partial(is_nonzero, known=self), most)
        if found.cofactors is not None and self.shown_by(found.cofactors, target, found.factor):
            return Way(found.cofactors, found.factor)
        return found.effort

    def shown_by(self, way: Cofactors, goal: Expression, factor: Polynomial) -> bool:
        """Whether cofactors are of these hypotheses, and of the goal times a factor that is not zero: the gate."""
        target, given = over_samples(goal, self.hypotheses)
        return (
            is_nonzero(factor, self)
            and (way.goal, way.hypotheses, way.units) == (target * factor, given, self.units)
            and way.holds
        )


def _square(goal: Hypothesis) -> Expression:
    """Return the sum of a goal's squares: one vanishes where the other does."""
    return (goal.expression * goal.expression).sum(*goal.slots)


def is_nonzero(polynomial: Polynomial, known: Known) -> bool:
    """Whether a polynomial is a number times what is known not to be zero; each factor is multiplied out again."""
    rest = polynomial
    while not rest.is_zero:
        if len(rest.terms) == 1:
            return all(known.signs.never_zero(Polynomial.variable(name)) for name in rest.names - known.units)
        if known.signs.never_zero(rest):
            return True
        for part in known.nonzero:
            divided = quotient(rest, part) if len(part.terms) > 1 else None
            if divided is not None and divided * part == rest:
                rest = divided
                break
        else:
            break
    return False
