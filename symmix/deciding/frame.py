"""The frame of a theorem: its setting, what its trees mean, and what a point has to meet in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product

from symmix.deciding.consequence import Known
from symmix.deciding.inverses import with_inverses
from symmix.deciding.signs import Signs, separated
from symmix.divisions import Multiplier
from symmix.kernel.arrays import COLUMN, ROW, Array, aligned
from symmix.kernel.cofactors import Hypothesis
from symmix.kernel.distributions import ScalarMoments, TensorMoments
from symmix.kernel.networks import Expression, constant
from symmix.kernel.points import Model, projected
from symmix.kernel.questions import Condition, Question
from symmix.kernel.scalars import Polynomial
from symmix.meaning import Meaning
from symmix.search.witnesses import find_witness
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.terms.base import Node
from symmix.terms.meanings import Names
from symmix.verdict import Evidence, Proved


@dataclass(frozen=True)
class Frame:
    """What holds throughout one theorem, and what its trees mean.

    ``given`` is a point that a user supplies; ``draws``, if it is not None, bounds how long points are looked for.
    """

    setting: s.Setting
    names: Names
    meaning: Meaning
    given: Model | None = None
    draws: int | None = None
    _taken: dict[Node, tuple[t.Expression, ...]] = field(default_factory=dict, compare=False, repr=False)
    lengths: dict[Node, int] = field(default_factory=dict, init=False, compare=False, repr=False)  # of trees, in terms
    _conditions: dict[Node, tuple[Condition, ...]] = field(default_factory=dict, init=False, compare=False, repr=False)

    @classmethod
    def of(cls, setting: s.Setting, names: Names, given: Model | None = None) -> Frame:
        """Return the frame of a well-formed setting."""
        return cls(setting, names, Meaning(names), given)

    # -- what is read ---

    def array(self, tree: t.Expression) -> Array:
        """Return what a tree means."""
        return self.meaning.array(tree)

    def goal(self, *sides: t.Expression, even: bool = False) -> Expression:
        """Return an expression, or the difference of two, with its denominators cleared; ``even`` keeps its sign."""
        return self._cleared([self.array(side) for side in sides], even=even)[0]

    def clearing(self, *sides: t.Expression, even: bool = False) -> Multiplier:
        """Return what an expression, or the difference of two, is multiplied by to clear its denominators."""
        return self._cleared([self.array(side) for side in sides], even=even)[1]

    def clearing_of(self, stated: s.Hypothesis) -> Multiplier:
        """Return what a hypothesis is multiplied by to clear its denominators."""
        stated = s.vanishing(stated)
        if not isinstance(stated, s.ForAll):
            return self.clearing(stated)
        bound = {index.name: index.size for index in stated.indices}
        return self._cleared([self.meaning.array(stated.body, bound)])[1]

    def _cleared(self, sides: Sequence[Array], *, even: bool = False) -> tuple[Expression, Multiplier]:
        read = aligned([side.expression for side in sides])
        return self.meaning.cleared_by(read[0] if len(read) == 1 else read[0] - read[1], even=even)

    def hypothesis(self, stated: s.Hypothesis) -> Hypothesis:
        """Return a hypothesis with its denominators cleared; it holds for all rows, columns and bound indices."""
        stated = s.vanishing(stated)
        bound = {index.name: index.size for index in stated.indices} if isinstance(stated, s.ForAll) else {}
        body = stated.body if isinstance(stated, s.ForAll) else stated
        expression = self.meaning.cleared(self.meaning.array(body, bound).expression)
        over = [*(index for index in (ROW, COLUMN) if index in expression.free), *bound]
        return Hypothesis(aligned([expression, Expression(bound, [])])[0], tuple(over))

    def hypotheses(self, where: Iterable[s.Hypothesis]) -> tuple[Hypothesis, ...]:
        """Return hypotheses."""
        return tuple(self.hypothesis(stated) for stated in where)

    def relations(self, statement: Node) -> dict[tuple[str, str], Hypothesis]:
        """Return what the inverses of a statement satisfy, by name and side, also of those that cancel in it."""
        inverses = [self.array(node).expression for node in self.presupposed(statement) if isinstance(node, t.Inverse)]
        found = self.meaning.relations(inverses)
        return {key: Hypothesis(e, tuple(e.free)) for key, e in sorted(found.items())}

    # -- what is assumed ---

    def presupposed(self, statement: Node) -> tuple[t.Expression, ...]:
        """Return what a statement takes for granted, also where it cancels: quotients, inverses, expectations.

        What conditions and definitions take for granted is so throughout the theorem.
        """
        if statement not in self._taken:
            self._taken[statement] = tuple(dict.fromkeys([*self._granted(statement), *self._standing]))
        return self._taken[statement]

    @cached_property
    def _standing(self) -> list[t.Expression]:
        trees = [*self.setting.conditions, *(value for _, value in self.setting.definitions)]
        return [node for tree in trees for node in self._granted(tree)]

    def _granted(self, tree: Node) -> list[t.Expression]:
        return [n for n in self.names.unfolded(tree) if isinstance(n, t.Quotient | t.Inverse | t.Expectation)]

    def conditions(self, statement: Node) -> tuple[Condition, ...]:
        """Return every condition on scalars: that no denominator vanishes, and those of the setting."""
        if statement not in self._conditions:
            quotients = [node for node in self.presupposed(statement) if isinstance(node, t.Quotient)]
            below = [Condition(q, "!=") for q in map(self.meaning.divisor, quotients) if q.names]
            self._conditions[statement] = (*dict.fromkeys(below), *self._stated)
        return self._conditions[statement]

    @cached_property
    def _stated(self) -> tuple[Condition, ...]:
        return tuple(self.condition(c) for c in self.setting.conditions)

    def condition(self, stated: s.Condition) -> Condition:
        """Return a condition as one on the sign of a polynomial."""
        difference = self.meaning.scalar(stated.left) - self.meaning.scalar(stated.right)
        if stated.sign == "!=":
            return Condition(self.meaning.same_sign(difference), "!=")
        turned = stated.sign in ("<", "<=")
        value = self.meaning.same_sign(-difference if turned else difference)
        return Condition(value, ">=" if "=" in stated.sign else ">")

    def units(self, statement: Node, provided: Sequence[t.Expression] = ()) -> frozenset[str]:
        """Return the scalars that are known not to be zero in a statement, and may be divided by."""
        nonzero = [c.polynomial for c in self.conditions(statement) if c.relation != ">="]
        nonzero += [self.meaning.scalar(scalar) for scalar in provided]
        single = frozenset(name for q in nonzero for name in q.names if len(q.terms) == 1)
        bounded = frozenset(name for c in self.conditions(statement) if len(c.names) == 1 for name in c.names)
        signs = self.signs(statement)
        return single | {name for name in bounded if signs.never_zero(Polynomial.variable(name))}

    def signs(self, statement: Node, extra: Sequence[Condition] = ()) -> Signs:
        """Return what is known of the signs of scalars."""
        return Signs((*self.conditions(statement), *extra), self.names.sizes)

    def known(
        self,
        statement: Node,
        hypotheses: tuple[Hypothesis, ...],
        provided: Sequence[t.Expression] = (),
        conditions: Sequence[Condition] = (),
    ) -> Known:
        """Return what may be used where a statement is to follow from hypotheses."""
        nonzero = [c.polynomial for c in (*self.conditions(statement), *conditions) if c.relation != ">="]
        nonzero += [self.meaning.scalar(scalar) for scalar in provided]
        signs = self.signs(statement, conditions)
        coefficients = dict.fromkeys(c for h in hypotheses for c in h.expression.terms.values() if len(c.terms) > 1)
        nonzero += [part for c in coefficients for part in separated(c) if signs.never_zero(part)]
        return Known(hypotheses, self.units(statement, provided), tuple(nonzero), signs)

    # -- verdicts ---

    def proved(
        self,
        evidence: Evidence,
        statement: Node,
        hypotheses: Sequence[Hypothesis] = (),
        extra: Sequence[Condition] = (),
    ) -> Proved:
        """Return the verdict, with what the statement assumes, and a point that meets it all."""
        return Proved((evidence,), self.assumed(statement), self.met(statement, hypotheses, extra))

    def assumed(self, statement: Node) -> tuple[t.Expression, ...]:
        """Return the denominators of a statement that might vanish, and the inverses that might not exist.

        What the theorem's own conditions keep from vanishing is not assumed: s^2 + 1, and mu where mu > 0.
        """
        assuming: dict[t.Expression, None] = {}
        for node in self.presupposed(statement):
            if isinstance(node, t.Quotient):
                assuming.update(dict.fromkeys(x for x in factors(node.denominator) if self._may_vanish(x)))
            elif isinstance(node, t.Inverse):
                assuming[node] = None
        return tuple(assuming)

    def _may_vanish(self, denominator: t.Expression) -> bool:
        """Whether a denominator is not known to differ from zero, by the setting alone."""
        stated = Signs(self._stated, self.names.sizes)
        value = self.meaning.scalar(denominator)
        return not any(stated.excludes_zero(p) for p in (value, self.meaning.same_sign(value)))

    def met(self, statement: Node, hypotheses: Sequence[Hypothesis], extra: Sequence[Condition] = ()) -> Model | None:
        """Return a point at which hypotheses and conditions hold, or None if none was found."""
        question = self.question([constant(1)], hypotheses, statement, extra)
        found = self.given_for(question) or self.answering(question)
        return None if found is None else self.settled(found)

    def given_for(self, question: Question) -> Model | None:
        """Return the point that a user supplies, for one of its samples, if it answers a question."""
        sizes = {} if self.given is None else self.given.sizes
        for places in product(*(range(sizes.get(size, 0)) for size in question.samples.values())):
            at = dict(zip(question.samples, places, strict=True))
            point = self.given and with_inverses(self.meaning, question, replace(self.given, at=at))
            if point is not None and question.answered_by(point):
                return point
        return None

    # -- points ---

    def settled(self, at: Model) -> Model:
        """Return a point with entries that have the properties of their symbols: what is drawn stands for these."""
        entries = {tensor: projected(tensor, table) for tensor, table in at.entries.items()}
        diagonal = {name for name, word in self.setting.properties if word == "diagonal"}
        for tensor in [tensor for tensor in entries if tensor.name in diagonal]:
            entries[tensor] = {place: x for place, x in entries[tensor].items() if place[0] == place[1]}
        return replace(at, entries=entries)

    def question(
        self,
        goals: Sequence[Expression],
        hypotheses: Sequence[Hypothesis],
        statement: Node,
        extra: Sequence[Condition] = (),
    ) -> Question:
        """Return what a point has to meet for a statement to fail there."""
        relations = self.relations(statement)
        valued = frozenset[str]().union(*(e.scalars for e in (*goals, *(h.expression for h in hypotheses))))
        moments = tuple(self.moments(statement, valued))
        question = Question(
            tuple(goals),
            (*hypotheses, *relations.values()),
            tuple(c for c in (*self.conditions(statement), *extra) if not _is_about_range(c, moments, valued)),
            whole=frozenset(self.setting.whole),
            reciprocals=self.meaning.reciprocals,
            moments=moments,
        )
        # a size that occurs in coefficients alone is a whole number still
        return replace(question, dims=question.scalars & self.names.sizes)

    def moments(self, statement: Node, valued: frozenset[str] = frozenset()) -> list[ScalarMoments | TensorMoments]:
        """Return what the expectations of a statement assume about their random symbols.

        Those of ``valued`` stand outside of their averages, too, which is known of if their range is.
        """
        found: list[ScalarMoments | TensorMoments] = []
        for node in self.presupposed(statement):
            if isinstance(node, t.Expectation) and node.random.axes:
                found.append(self.meaning.tensor_moments(node))
            elif isinstance(node, t.Expectation):
                name = node.random.name
                about = [c for c in self.conditions(statement) if name in c.names]
                bounds = tuple(c.polynomial for c in about if c.relation != "!=")
                strict = any(c.relation != ">=" for c in about) or name in self.setting.whole
                moments = {moment.degree: self.meaning.scalar(moment.value) for moment in node.moments}
                is_known = all(c.relation != "!=" or len(c.names) == 1 for c in about)
                flags = (strict, name in self.setting.whole, name in valued and is_known)
                found.append(ScalarMoments(name, moments, bounds, *flags))
        return found

    def find(
        self,
        goals: Sequence[Expression],
        hypotheses: Sequence[Hypothesis],
        statement: Node,
        extra: Sequence[Condition] = (),
        attempts: int | None = None,
    ) -> Model | None:
        """Return a point where hypotheses and conditions hold and some goal does not vanish, or None."""
        return self.answering(self.question(goals, hypotheses, statement, extra), attempts)

    def answering(self, question: Question, attempts: int | None = None) -> Model | None:
        """Return a point that answers a question with yes, if so many draws have one."""
        return find_witness(question, attempts=self.bounded(attempts))

    def bounded(self, attempts: int | None = None) -> int | None:
        """Return how often a point is drawn at most; None if as often as is usual."""
        return min((bound for bound in (attempts, self.draws) if bound is not None), default=None)


def _is_about_range(
    condition: Condition, moments: Sequence[ScalarMoments | TensorMoments], valued: frozenset[str]
) -> bool:
    """Whether a condition is on what a random scalar may be, not on a point: then its moments have to be possible.

    What is averaged over and stands outside of its averages, too, has a value, for which the condition holds as well.
    """
    random = condition.names & {given.name for given in moments if isinstance(given, ScalarMoments)} - valued
    return bool(random) and (condition.relation != "!=" or len(condition.names) == 1)


def factors(tree: t.Expression) -> list[t.Expression]:
    """Return what must not be zero, one by one, so that a denominator is not."""
    if isinstance(tree, t.Multiply):
        return [x for factor in tree.factors for x in factors(factor)]
    return factors(tree.base) if isinstance(tree, t.Power) else [tree]
