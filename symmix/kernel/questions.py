"""What a witness has to meet: the gate through which every refutation goes."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Literal

from symmix.kernel.cofactors import Hypothesis
from symmix.kernel.distributions import ScalarMoments, TensorMoments
from symmix.kernel.networks import Expression
from symmix.kernel.points import Model, exact_values
from symmix.kernel.scalars import Polynomial

_SIGNS = {">": operator.gt, ">=": operator.ge, "!=": operator.ne, "<": operator.lt, "<=": operator.le}


@dataclass(frozen=True)
class Condition:
    """A side condition on scalars: ``polynomial > 0``, ``>= 0`` or ``!= 0``."""

    polynomial: Polynomial
    relation: Literal[">", ">=", "!="]

    def holds(self, at: Model) -> bool:
        """Decide the condition at a point."""
        return bool(_SIGNS[self.relation](at.scalar(self.polynomial), 0))

    @property
    def names(self) -> frozenset[str]:
        """The scalars that it speaks about."""
        return self.polynomial.names


@dataclass(frozen=True)
class Question:
    """Whether there is a point where hypotheses and conditions hold and a goal ``fails``: is not zero, or below it.

    ``whole`` scalars are whole numbers, ``dims`` may occur in coefficients only, ``reciprocals`` says what scalars
    stand for that are 1/q, and ``moments`` what some distribution has to have.
    """

    goals: tuple[Expression, ...]
    hypotheses: tuple[Hypothesis, ...] = ()
    conditions: tuple[Condition, ...] = ()
    dims: frozenset[str] = frozenset()
    whole: frozenset[str] = frozenset()
    reciprocals: Mapping[str, Polynomial] = field(default_factory=dict)
    moments: tuple[ScalarMoments | TensorMoments, ...] = ()
    fails: Literal["!=", "<", "<="] = "!="

    @cached_property
    def expressions(self) -> tuple[Expression, ...]:
        """All expressions that need a value."""
        inner = (e for m in self.moments if isinstance(m, TensorMoments) for _, e in m.moments.values())
        return (*self.goals, *(hypothesis.expression for hypothesis in self.hypotheses), *inner)

    @cached_property
    def _names(self) -> frozenset[str]:
        names = frozenset().union(*(e.scalars for e in self.expressions), *(c.names for c in self.conditions))
        return names.union(*(m.scalars for m in self.moments if isinstance(m, ScalarMoments)))

    @cached_property
    def reciprocals_used(self) -> frozenset[str]:
        """The reciprocals that need a value."""
        return self._names & self.reciprocals.keys()

    @cached_property
    def scalars(self) -> frozenset[str]:
        """The scalars that need a value, sizes among them; those of reciprocals, not the reciprocals."""
        inner = (self.reciprocals[name].names for name in self.reciprocals_used)
        return (self._names - self.reciprocals.keys()).union(*inner)

    @cached_property
    def samples(self) -> dict[str, str]:
        """The samples that hypotheses are about, with their sizes."""
        return {index: dim for hypothesis in self.hypotheses for index, dim in hypothesis.samples.items()}

    @cached_property
    def divisors(self) -> frozenset[str]:
        """The scalars that must not be zero for the question to have a meaning."""
        inner = (name for e in self.expressions for name in e.divisors)
        return frozenset(inner).union(*(condition.polynomial.divisors for condition in self.conditions))

    def completed(self, at: Model) -> Model | None:
        """Return the point with the values of the reciprocals, or None where one is not defined."""
        known = {*at.scalars, *at.sizes}
        needed = {name: q for name, q in self.reciprocals.items() if name in self.reciprocals_used and q.names <= known}
        if not all(at.values[name] for q in needed.values() for name in q.divisors):
            return None
        found = {name: at.scalar(q) for name, q in needed.items()}
        if not all(found.values()):
            return None
        return replace(at, scalars={**at.scalars, **{n: 1 / Fraction(x) for n, x in found.items()}}) if found else at

    def is_defined(self, at: Model) -> bool:
        """Whether nothing is divided by zero, whole numbers are whole, and all conditions hold."""
        return (
            at.is_consistent
            and all(at.values[name] for name in self.divisors)
            and all(at.scalars[name].denominator == 1 for name in self.whole & at.scalars.keys())
            and all(condition.holds(at) for condition in self.conditions)
        )

    def _is_place(self, at: Model) -> bool:
        """Whether everything has a value, and what is fixed is a sample, at a position that it has."""
        slots = {slot for hypothesis in self.hypotheses for slot in hypothesis.slots}
        return (
            self.scalars <= {*at.scalars, *at.sizes}
            and frozenset().union(*(e.dims for e in self.expressions)) <= at.sizes.keys()
            and self.samples.keys() <= at.at.keys()
            and not slots & at.at.keys()
            and all(0 <= at.at[i] < at.sizes[dim] for e in self.expressions for i, dim in e.free.items() if i in at.at)
        )

    def answered_by(self, at: Model) -> bool:
        """Evaluate everything at the point: the only thing about a witness that has to be trusted."""
        whole = self.completed(at)
        return (
            whole is not None
            and self._is_place(at)
            and self.is_defined(whole)
            and any(_SIGNS[self.fails](value, 0) for e in self.goals for value in exact_values(e, whole).values())
            and not any(value for h in self.hypotheses for value in exact_values(h.expression, whole).values())
            and all(moments.realizable(whole) for moments in self.moments)
        )
