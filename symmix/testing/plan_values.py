"""What a plan computes, on NumPy arrays: entry by entry from its terms, with how much rounding may change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import prod
from typing import Any

import numpy as np

from symmix.numeric.arrays import Array
from symmix.plans import (
    Coefficient,
    Combination,
    Contraction,
    Eye,
    Filled,
    Inverse,
    Monomial,
    Named,
    Node,
    Plan,
    Result,
    Unit,
)
from symmix.testing.plan_applied import Applied


@dataclass(frozen=True)
class Case:
    """Sizes, scalars and arrays for the arguments of a plan.

    Attributes
    ----------
    words
        What is special about it: for messages.
    """

    plan: Plan
    sizes: Mapping[str, int]
    scalars: Mapping[str, float]
    arrays: Mapping[str, Array]
    words: str
    where: Mapping[str, Node] = field(default_factory=dict)

    @cached_property
    def values(self) -> Values:
        """What the plan computes here."""
        return Values(self, dict(self.plan.where))

    def expected(self, result: Result) -> Array:
        """Return a result as the sum of its terms."""
        return self.values.terms(result)

    def allowed(self, result: Result, eps: float) -> Array:
        """Return by how much rounding may change each entry, in whatever order it is computed."""
        return 64 * eps * (self.magnitudes.terms(result) + np.finfo(np.float64).tiny)

    @cached_property
    def magnitudes(self) -> Values:
        """What the plan would compute if nothing cancelled."""
        return Magnitudes(self, dict(self.plan.where))


class Values:
    """Computes nodes at a case.

    Parameters
    ----------
    where
        What is defined on the way, which may be other than the plan says.
    """

    def __init__(self, case: Case, where: Mapping[str, Node], known: Mapping[Node, Array] | None = None) -> None:
        self.case, self.where = case, where
        self._known: dict[Node, Array] = dict(known or {})

    def other(self, where: Mapping[str, Node]) -> Values:
        """Return what computes the same case with other definitions."""
        return Values(self.case, where, {} if where != self.where else self._known)

    def of(self, node: Node) -> Array:
        """Return the value of a node."""
        if node not in self._known:
            self._known[node] = self._computed(node)
        return self._known[node]

    def terms(self, result: Result) -> Array:
        """Return a result as the sum of its terms."""
        shape = [self.case.sizes[size] for size in result.node.sizes]
        total: Array = np.zeros(shape)
        for coefficient, node, _ in result.terms:
            total = total + self.coefficient(coefficient) * self.of(node)
        return total

    def coefficient(self, coefficient: Coefficient) -> float:
        """Return the value of a coefficient."""
        return sum(self.monomial(powers, float(c)) for powers, c in coefficient)

    def monomial(self, powers: Monomial, c: float) -> float:
        """Return the value of one term of it."""
        return c * float(prod(self.scalar(name) ** exponent for name, exponent in powers))

    def scalar(self, name: str) -> float:
        """Return the value of a scalar, a size, or the reciprocal of a coefficient."""
        if name in self.case.plan.reciprocals:
            return 1 / Values(self.case, self.where).coefficient(self.case.plan.reciprocals[name])
        if name in self.where:
            return float(self.of(self.where[name]))
        return float(self.case.scalars[name] if name in self.case.scalars else self.case.sizes[name])

    def _computed(self, node: Node) -> Array:
        match node:
            case Named(name=name):
                return self.of(self.where[name]) if name in self.where else self.array(self.case.arrays[name])
            case Combination(terms=terms):
                parts = [self.coefficient(c) * self.of(term) for c, term in terms]
                return np.asarray(sum(parts[1:], start=parts[0]))
            case Inverse(of=of, square=square):
                return np.asarray(np.linalg.inv(self.of(of)) if square else 1 / self.of(of))
            case Contraction(operands=operands, output=output):
                placed: list[Any] = [part for of, ix in operands for part in (self.of(of), list(ix))]
                return np.asarray(np.einsum(*placed, list(output), optimize=len(operands) > 2))
            case Applied(of=of):
                return node.applied(self.of(of))
        return self._constant(node)

    def _constant(self, node: Node) -> Array:
        match node:
            case Eye(size=size):
                return np.eye(self.case.sizes[size])
            case Unit(place=place, size=size):
                return np.asarray(np.eye(self.case.sizes[size])[place])
            case Filled(value=value, axes=axes):
                return np.full([self.case.sizes[size] for size in axes], float(value))
        raise TypeError(f"a node of a plan: {node}")

    def array(self, array: Array) -> Array:
        """Return an argument as it is computed with."""
        return array


class Magnitudes(Values):
    """Computes as if nothing cancelled: with absolute values throughout."""

    def monomial(self, powers: Monomial, c: float) -> float:
        """Return the absolute value of one term."""
        return abs(super().monomial(powers, c))

    def array(self, array: Array) -> Array:
        """Return the absolute values of an argument."""
        return np.abs(array)

    def _computed(self, node: Node) -> Array:
        if isinstance(node, Inverse):  # the largest entry of the inverse, times how far it may be off
            value = self.case.values.of(node)
            spread = np.linalg.cond(self.case.values.of(node.of)).max() if node.square else 1.0
            return np.full_like(value, float(np.max(np.abs(value), initial=0.0)) * float(spread))
        return super()._computed(node)


def cases(plan: Plan, *, rounds: int, seed: int) -> list[Case]:
    """Draw the cases: sizes that all differ and sizes that all agree, small whole numbers and normal ones."""
    random = np.random.default_rng(seed)
    names = [size for size in plan.sizes if not size.isdigit()]
    fixed = {size: int(size) for size in plan.sizes if size.isdigit()}
    layouts = {
        "sizes that all differ": {name: place + 2 for place, name in enumerate(reversed(names))},
        "equal sizes": dict.fromkeys(names, len(names) + 2),  # which no size was before: a factor is told from a size
    }
    return [
        _drawn(plan, {**sizes, **fixed}, words, random, whole=whole)
        for words, sizes in layouts.items()
        for _ in range(rounds)
        for whole in (True, False)
    ]


def _drawn(plan: Plan, sizes: Mapping[str, int], words: str, random: np.random.Generator, *, whole: bool) -> Case:
    kind = "whole numbers" if whole else "normal numbers"
    case = Case(plan, sizes, {}, {}, f"{words}, {kind}")
    for _ in range(20):
        scalars = {name: float(random.integers(1, 8)) / 8 for name in plan.scalars}
        shapes = {name: [sizes[size] for size in axes] for name, axes in plan.arrays.items()}
        arrays: dict[str, Array] = {
            name: random.integers(-3, 4, shape).astype(float) if whole else random.standard_normal(shape)
            for name, shape in shapes.items()
        }
        case = replace(case, scalars=scalars, arrays=arrays)
        if _is_regular(case):
            break
    return case


def _is_regular(case: Case) -> bool:
    """Whether what is inverted has an inverse that can be computed, and no gradient is all zero."""
    try:
        with np.errstate(all="ignore"):
            found = [case.expected(result) for result in case.plan.results]
            bounds = [case.allowed(result, 2.0**-53) for result in case.plan.results]
    except np.linalg.LinAlgError:
        return False
    return all(np.all(np.isfinite(a)) and np.all(b <= 1e-8) and np.any(a) for a, b in zip(found, bounds, strict=True))
