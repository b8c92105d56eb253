"""Proposes counterexamples: sizes, scalars and small rational entries at which a statement is false.

An expression that is not zero has a point where it is not: the search draws sizes and entries, small ones first, and
then labels the indices of one of its products by different positions, where few products are not zero. Under hypotheses
it reads those that say what a symbol is, solves others for tensors that they are affine in, and draws matrices of a
kind for what is left; it may then come back with nothing. The kernel evaluates what it returns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import chain, islice
from random import Random

from symmix.kernel.cofactors import Hypothesis
from symmix.kernel.networks import Expression
from symmix.kernel.points import Entries, Model, fixed_size, projected, unit_vector
from symmix.kernel.products import DELTA, Product, Tensor, turns
from symmix.kernel.questions import Question
from symmix.metering import is_counted
from symmix.search.drawing import draw, drawn_entries
from symmix.search.scalars import Scalars
from symmix.search.solving import Assignment, Place, Plan, Position, assignments, largest, nonlinear, parted, plans

_ATTEMPTS = 400  # draws before the search gives up; without hypotheses the first few succeed
_ATTEMPTS_GIVEN = 240  # under hypotheses, each of which costs solving linear systems
_ATTEMPTS_BELOW = 160  # for inequalities without hypotheses
_PLAIN = 24  # draws without hypotheses, after which indices are labelled
_MORE = 12  # draws for a point with smaller sizes, once one is found
_PLANS = 12  # sets of tensors to solve for, of one group of hypotheses; and then the largest
_MANY = 20  # hypotheses beyond which a point stays as it was drawn: each is solved again for each entry
_TURNS = 3  # sets of tensors that take turns in being solved for first
_AGAIN = 4  # draws of one group's tensors, while the others stay


def find_witness(
    question: Question, seed: int = 0, attempts: int | None = None, *, drawn_is_fine: bool = False
) -> Model | None:
    """Return a point that answers the question with yes, made as simple as it gets, or None if none was found.

    Without hypotheses and conditions, one is found whenever a goal is not zero. ``attempts`` bounds the draws; without
    it there are enough for most purposes.
    """
    if all(goal.is_zero for goal in question.goals) and question.fails != "<=":
        return None
    begin = _Search if is_counted() else begun
    return begin(_Asked.of(question, seed, drawn_is_fine=drawn_is_fine)).found(attempts)


@dataclass(frozen=True)
class _Asked:
    """A question, equal to another if the search for its points is the same."""

    key: tuple[object, ...]
    question: Question = field(compare=False)
    seed: int
    drawn_is_fine: bool

    @classmethod
    def of(cls, question: Question, seed: int, *, drawn_is_fine: bool) -> _Asked:
        """Look at a question."""
        q = question
        used = tuple((name, q.reciprocals[name]) for name in sorted(q.reciprocals_used))
        # moments, which hold tables, are what their texts say
        key = (q.goals, q.hypotheses, q.conditions, *map(frozenset, (q.dims, q.whole)), used, str(q.moments), q.fails)
        return cls(key, question, seed, drawn_is_fine)


class _Search:
    """A search for a point, which may go on where it stopped."""

    def __init__(self, asked: _Asked) -> None:
        self._question, self._drawn_is_fine = asked.question, asked.drawn_is_fine
        self._random = Random(asked.seed)  # noqa: S311 - a reproducible search, not a secret
        self._tried = 0  # attempts; the last of them has the answer, if there is one
        self._answer: Model | None = None

    @cached_property
    def _solver(self) -> Solver:
        return Solver.of(self._question)

    def found(self, attempts: int | None) -> Model | None:
        """Return the point that is found in so many attempts, those before included."""
        question = self._question
        most = _ATTEMPTS_GIVEN if question.hypotheses else _ATTEMPTS if question.fails == "!=" else _ATTEMPTS_BELOW
        bound = most if attempts is None else min(attempts, most)
        while self._answer is None and self._tried < bound:
            self._answer = self._at(self._tried)
            self._tried += 1
        return self._answer if self._tried <= bound else None

    def _at(self, attempt: int) -> Model | None:
        """Return the point of one attempt, made simple, if it answers the question."""
        question, solver, random = self._question, self._solver, self._random
        labelled = not question.hypotheses and attempt >= _PLAIN and question.fails == "!="
        drawn = _labelled(solver.scalars, attempt - _PLAIN, random) if labelled else solver.drawn(attempt, random)
        found = None if drawn is None else solver.completed(drawn, attempt)
        if drawn is None or found is None or not question.answered_by(found):
            return None
        if self._drawn_is_fine or len(question.hypotheses) > _MANY:
            return found
        return _shrunk(question, solver, _smaller(question, solver, drawn, attempt, random), attempt)


begun = lru_cache(maxsize=64)(_Search)  # what was asked lately: a look goes on, and an answer is found once


def _smaller(question: Question, solver: Solver, drawn: Model, attempt: int, random: Random) -> Model:
    """Return a point with smaller sizes, if a few more draws have one."""
    least = {dim: fixed_size(dim) or 1 for dim in drawn.sizes}
    for _ in range(_MORE):
        sizes = {dim: random.randint(least[dim], size) for dim, size in drawn.sizes.items()}
        if drawn.sizes == least:
            return drawn
        other = solver.drawn(attempt, random, sizes) if sizes != drawn.sizes else None
        found = None if other is None else solver.completed(other, attempt)
        if other is not None and found is not None and question.answered_by(found):
            drawn = other
    return drawn


# -- without hypotheses ---


def _labelled(scalars: Scalars, attempt: int, random: Random) -> Model | None:
    """Give the indices of a product positions of their own, and entries to what stands there alone.

    Only a product with the same pattern is not zero there, and there is just one; sizes grow until its coefficient,
    a polynomial in them, is not zero either.
    """
    question = scalars.question
    products = [product for goal in question.goals for product in goal.terms]
    goals = [goal for goal in question.goals for _ in goal.terms]
    order = sorted(range(len(products)), key=lambda i: (len(_indices(products[i], goals[i])), i))
    number = order[attempt // 4 % len(order)]
    labels, sizes = _positions(_indices(products[number], goals[number]))
    dims = question.dims.union(*(e.dims for e in question.expressions))
    larger = attempt % 4 + attempt // 16
    numbers = {dim: fixed_size(dim) or sizes.get(dim, 1) + larger for dim in dims}
    model = scalars.drawn(numbers, attempt, random)
    if model is None or any(size > numbers[dim] for dim, size in sizes.items()):
        return None  # what is fixed has no room for so many different positions
    tensors = frozenset().union(*(e.tensors for e in question.expressions))
    entries: dict[Tensor, dict[tuple[int, ...], Fraction]] = {t: {} for t in sorted(tensors)}
    for tensor, indices in products[number]:
        if tensor.name.isdigit():
            entries[tensor] = unit_vector(tensor)
        elif tensor.name != DELTA:
            place = tuple(labels[index] for index in indices)
            entries[tensor][place] = Fraction(random.randint(1, 3 + attempt))
    return replace(model, entries=entries, at=dict.fromkeys(question.samples, 0))


def _indices(product: Product, goal: Expression) -> dict[str | int, str]:
    """Return the indices of a product with their sizes, those of the goal that do not occur in it as well."""
    found: dict[str | int, str] = {index: dim for index, dim in goal.free.items()}  # noqa: C416 - other keys
    found |= {i: dim for f in product for i, dim in zip(f.indices, f.tensor.dims, strict=True)}
    return found


def _positions(indices: dict[str | int, str]) -> tuple[dict[str | int, int], dict[str, int]]:
    labels: dict[str | int, int] = {}
    sizes: dict[str, int] = {}
    for index, dim in indices.items():
        labels[index] = sizes.get(dim, 0)
        sizes[dim] = labels[index] + 1
    return labels, sizes


# -- under hypotheses ---


@dataclass(frozen=True)
class Solver:
    """How the hypotheses of a question are met: group by group, and then what says what a symbol is."""

    scalars: Scalars
    groups: tuple[_Group, ...]
    assigned: tuple[Assignment, ...]

    @classmethod
    def of(cls, question: Question) -> Solver:
        """Look at the hypotheses."""
        assigned, left = assignments(question.hypotheses)
        return cls(Scalars.of(question), tuple(map(_Group.of, parted(left))), tuple(assigned))

    def drawn(self, attempt: int, random: Random, sizes: Mapping[str, int] | None = None) -> Model | None:
        """Draw a point at which the groups' hypotheses hold, as far as a few draws of their tensors get there."""
        special = frozenset[Tensor]().union(*(group.special for group in self.groups))
        model = draw(self.scalars, attempt, random, special, sizes)
        for group in self.groups if model is not None else ():
            if model is None:
                return None
            model = group.met(model, attempt, random)
        return model

    def completed(self, drawn: Model, turn: int) -> Model | None:
        """Return the point with all hypotheses met, as far as they can be."""
        model: Model | None = drawn
        steps: list[_Group | Assignment] = [*self.groups, *self.assigned]
        for step in steps:
            if model is None:
                return None
            model = step.at(model) if isinstance(step, Assignment) else step.at(model, turn)
        return model


@dataclass(frozen=True)
class _Group:
    """Hypotheses that share tensors, none of which says what a symbol is."""

    hypotheses: tuple[Hypothesis, ...]
    tensors: tuple[Tensor, ...]
    special: frozenset[Tensor]
    plans: _Lazy
    last: list[tuple[Model, int, Mapping[Tensor, Entries] | None]] = field(default_factory=list)  # one at most

    @classmethod
    def of(cls, hypotheses: Sequence[Hypothesis]) -> _Group:
        """Look at hypotheses."""
        tensors = frozenset().union(*(h.expression.tensors for h in hypotheses))
        return cls(tuple(hypotheses), tuple(sorted(tensors)), nonlinear(hypotheses), _Lazy(_several(hypotheses)))

    def met(self, model: Model, attempt: int, random: Random) -> Model | None:
        """Return the point if the hypotheses can be met there, or after other draws of their tensors."""
        for again in range(_AGAIN):
            if again:
                model = replace(model, entries={**model.entries, **self._again(model, attempt, again, random)})
            if self.at(model, attempt) is not None:
                return model
        return None

    def _again(self, model: Model, attempt: int, again: int, random: Random) -> dict[Tensor, dict[Position, Fraction]]:
        """Draw the tensors anew: matrices of a kind, any entries, or in turns with those, a kind for one, and 0."""
        alone = random.choice(sorted(self.special)) if self.special and again == 2 and attempt % 2 else None
        special = self.special if again % 2 or alone is not None else frozenset[Tensor]()
        return {
            t: drawn_entries(t, model, 2 + attempt // 16, random, special=t in special)
            if alone is None or t == alone or t not in special
            else unit_vector(t)
            for t in self.tensors
        }

    def at(self, model: Model, turn: int) -> Model | None:
        """Return the point with other entries, so that the hypotheses hold; None where no plan gets there."""
        if not self.last or not self._stands_at(model, turn, *self.last[0][:2]):
            self.last[:] = [(model, turn, self._solved(model, turn))]
        found = self.last[0][2]
        return None if found is None else replace(model, entries={**model.entries, **found})

    def _stands_at(self, model: Model, turn: int, other: Model, before: int) -> bool:
        """Whether two points are the same for these hypotheses: then they are not solved again."""
        shared = turn == before and (model.sizes, model.scalars, model.at) == (other.sizes, other.scalars, other.at)
        return shared and all(model.entries[t] is other.entries[t] for t in self.tensors)

    def _solved(self, model: Model, turn: int) -> Mapping[Tensor, Entries] | None:
        """Solve the hypotheses for some of the tensors, the others given; which is tried first changes by turns.

        ``A v = s v`` solved for v is v = 0 for most A; solved for A it says something.
        """
        here, late = Place(model), list[Plan]()
        for plan in chain(self.plans, late):
            if len(late) < turn % _TURNS and plan.unknowns:
                late.append(plan)
                continue
            found = plan.complete(here)
            if found is not None:
                return found
        return None


def _several(hypotheses: Sequence[Hypothesis]) -> Iterator[Plan]:
    """Run through plans for few tensors; where there are many of these, then through that for the most."""
    small = plans(hypotheses)
    yield from islice(small, _PLANS)
    if next(small, None) is not None:
        yield largest(hypotheses)


class _Lazy:
    """Plans that are made when they are first tried."""

    def __init__(self, source: Iterator[Plan]) -> None:
        self._source, self._made = source, list[Plan]()

    def __iter__(self) -> Iterator[Plan]:
        yield from self._made
        for plan in self._source:
            self._made.append(plan)
            yield plan


# -- simplifying ---


def _shrunk(question: Question, solver: Solver, drawn: Model, turn: int) -> Model:
    """Set entries to 0, then to 1, as long as the point still answers the question."""
    drawn = best = replace(drawn, entries={t: projected(t, table) for t, table in drawn.entries.items()})
    for target in (Fraction(0), Fraction(1)):
        for tensor, table in drawn.entries.items():
            for position in table:
                current = best.entries[tensor][position]
                if current in (Fraction(0), target):
                    continue
                turned = {tuple(position[k] for k in order): target * sign for order, sign in turns(tensor)}
                changed = {**best.entries, tensor: {**best.entries[tensor], **turned}}
                candidate = replace(best, entries=changed)
                solved = solver.completed(candidate, turn)
                if solved is not None and question.answered_by(solved):
                    best = candidate
    completed = solver.completed(best, turn)
    return best if completed is None else completed
