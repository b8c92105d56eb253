"""Why an expression vanishes where others do: cofactors, ``A = sum_i C_i . e_i``, multiplied out and compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from symmix.kernel.arrays import aligned
from symmix.kernel.networks import Expression, total, zeros


@dataclass(frozen=True)
class Hypothesis:
    """``expression = 0`` for all values of ``slots``; its other free indices are the claim's own samples, and fixed."""

    expression: Expression
    slots: tuple[str, ...]

    @property
    def samples(self) -> dict[str, str]:
        """The indices that are fixed, with their sizes."""
        return {index: dim for index, dim in self.expression.free.items() if index not in self.slots}


@dataclass(frozen=True)
class Cofactors:
    """``goal = sum_i (factors[i] * hypotheses[i]).sum(slots[i])``, where ``slots[i]`` rename those of the hypothesis.

    ``units`` are the scalars known not to be zero: the factors divide by no others.
    """

    goal: Expression
    hypotheses: tuple[Hypothesis, ...]
    factors: tuple[Expression, ...]
    slots: tuple[tuple[str, ...], ...]
    units: frozenset[str] = frozenset()

    def multiplied_out(self) -> Expression:
        """Return the right-hand side in normal form, over the goal's free indices."""
        terms = [zeros(self.goal.free)]
        for factor, slots, hypothesis in zip(self.factors, self.slots, self.hypotheses, strict=True):
            renamed = hypothesis.expression.rename(dict(zip(hypothesis.slots, slots, strict=True)))
            terms.append((factor * renamed).sum(*slots))
        return total(aligned(terms))

    @property
    def holds(self) -> bool:
        """Whether the right-hand side is the goal, and defined: all that a reader of the evidence has to check."""
        given = (self.goal, *(hypothesis.expression for hypothesis in self.hypotheses))
        harmless = self.units.union(*(e.dims | e.divisors for e in given))
        defined = all(factor.divisors <= harmless for factor in self.factors)
        pairs = list(zip(self.slots, self.hypotheses, strict=True))
        named = all(len({*slots}) == len(slots) == len({*h.slots} & h.expression.free.keys()) for slots, h in pairs)
        fresh = not any({*slots} & (self.goal.free.keys() | h.samples.keys()) for slots, h in pairs)
        return defined and named and fresh and self.multiplied_out() == self.goal


def over_samples(goal: Expression, hypotheses: Sequence[Hypothesis]) -> tuple[Expression, tuple[Hypothesis, ...]]:
    """Give goal and hypotheses all samples that some hypothesis is about: the claim is made for each of them."""
    samples = {index: dim for hypothesis in hypotheses for index, dim in hypothesis.samples.items()}
    frame = Expression(samples, [])
    first = aligned([goal, frame])[0]
    return first, tuple(Hypothesis(aligned([h.expression, frame])[0], h.slots) for h in hypotheses)
