"""How much there is to do: what is too much is not begun, or given up, so that no input takes for ever.

What a statement has far too many terms for is said before anything is multiplied out. All else is counted as it is
done (:mod:`symmix.metering`): for a statement, for a text, and apart from both for what explains wrong lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import comb

from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.terms.base import Node

MAX_TERMS, MAX_DEGREE = 2_000_000, 60
STEP_WORK, CAUSE_WORK = 200_000, 150_000  # about 100,000 in a second
TEXT_WORK, LINE_SHARE = 2_000_000, 1_000  # for all steps of a text, and more for each of them: long texts take longer
EXPLAINING_WORK = 1_000_000  # for what is left over of all wrong lines of a text, and for their likely causes
LINE_WORK = 300  # what a line takes before anything is multiplied out
TRY_WORK, LEFT_OVER_WORK = 150, 500  # what a slip takes that is tried, and what is left over
_TALL = 200  # terms of a power from which on each of them counts a hundredfold: there is little that cancels


@dataclass(frozen=True)
class Effort:
    """A bound on the terms of something multiplied out, and on the factors in each."""

    terms: int = 1
    degree: int = 1

    def __add__(self, other: Effort) -> Effort:
        """Return that of a sum."""
        return Effort(min(self.terms + other.terms, 10**9), max(self.degree, other.degree))

    def __mul__(self, other: Effort) -> Effort:
        """Return that of a product."""
        return Effort(min(self.terms * other.terms, 10**9), self.degree + other.degree)

    def power(self, exponent: int) -> Effort:
        """Return that of a power of a scalar, whose factors change places."""
        many = min(self.terms, 10_000), min(exponent, 100)
        terms = comb(sum(many), many[1]) if self.terms > 1 else 1
        if exponent > 2 and terms > _TALL:
            terms *= 100
        return Effort(min(terms, 10**9), self.degree * exponent)

    def repeated(self, exponent: int) -> Effort:
        """Return that of a power of a matrix: each order of factors is a term of its own."""
        terms = min(self.terms, 10**9) ** min(exponent, 30) if self.terms > 1 else 1
        return Effort(min(terms, 10**9), self.degree * exponent)

    @property
    def is_too_much(self) -> bool:
        """Whether it is not begun."""
        return self.terms > MAX_TERMS or self.degree > MAX_DEGREE


class Efforts:
    """Efforts of the expressions of a setting, definitions unfolded, each worked out once."""

    def __init__(
        self, definitions: Mapping[t.Symbol, t.Expression], known: Mapping[Node, Effort] | None = None
    ) -> None:
        self._definitions = definitions
        self._known: dict[Node, Effort] = dict[Node, Effort](known or {})

    def of(self, node: Node) -> Effort:
        """Return the effort of an expression, or the most that one of a statement's expressions takes."""
        if node not in self._known:
            self._known[node] = self._of(node)
        return self._known[node]

    def _of(self, node: Node) -> Effort:
        if isinstance(node, t.Symbol) and node in self._definitions:
            return self.of(self._definitions[node])
        match node:
            case t.Gradient() | t.Jacobian() | t.At() | t.Expectation():
                return self._worked_out(node)
            case t.Add(terms=terms):
                return self._sum(terms, Effort(0, 1))
            case t.Multiply() | t.Hadamard() | t.Quotient():
                return self._product(node.children())
            case t.Power(base=base, exponent=exponent):
                inner = self.of(base)
                return inner.power(exponent) if base.shape == t.SCALAR else inner.repeated(exponent)
        found = [self.of(child) for child in node.children()]
        return Effort(max((e.terms for e in found), default=1), max((e.degree for e in found), default=1))

    def _worked_out(self, node: t.Gradient | t.Jacobian | t.At | t.Expectation) -> Effort:
        """Return the effort of what differentiates, replaces or averages."""
        if isinstance(node, t.At):
            return Efforts(self._definitions, {symbol: self.of(value) for symbol, value in node.values}).of(node.of)
        inner = self.of(node.of)
        match node:
            case t.Expectation(moments=moments):
                return inner * self._sum([moment.value for moment in moments], Effort())
        chain = self._sum([value for _, value in node.jacobians], Effort())
        return Effort(inner.terms * max(inner.degree, 1), inner.degree) * chain

    def _sum(self, parts: Iterable[Node], begin: Effort) -> Effort:
        for part in parts:
            begin += self.of(part)
        return begin

    def _product(self, parts: Iterable[Node]) -> Effort:
        found = Effort(1, 0)
        for part in parts:
            found *= self.of(part)
        return found


def too_much(theorem: s.Theorem) -> Effort | None:
    """Return what a statement would take, if that is too much."""
    efforts = Efforts(dict(theorem.setting.definitions))
    roots = [node for _, claim in theorem.claims for node in _sides(claim)]
    return next((effort for effort in map(efforts.of, roots) if effort.is_too_much), None)


def _sides(statement: Node) -> list[Node]:
    if isinstance(statement, t.Expression):
        return [statement]
    return [side for child in statement.children() for side in _sides(child)]
