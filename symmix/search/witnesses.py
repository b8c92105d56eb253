"""Proposes counterexamples: sizes, scalars and small rational entries at which a statement is false.

An expression that is not zero has a point where it is not: the search draws sizes and entries, small ones first, and
the kernel evaluates what it returns. Under hypotheses ``e = 0`` it draws all but a few tensors and solves for these
exactly, which needs the hypotheses to be linear in them; it may then come back with nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations, islice
from itertools import product as cartesian
from random import Random

from symmix.kernel.calculus import derivative
from symmix.kernel.distributions import ScalarMoments
from symmix.kernel.networks import Expression
from symmix.kernel.points import Model, evaluate
from symmix.kernel.products import Tensor
from symmix.kernel.questions import Question
from symmix.kernel.scalars import Polynomial

_ATTEMPTS = 400  # draws before the search gives up; without hypotheses the first few succeed
_ATTEMPTS_GIVEN = 160  # under hypotheses, each of which costs solving a linear system for every plan
_PLANS = 50  # sets of tensors to solve for: there are many when there are many hypotheses
# inner points of [0, 1] first: a witness that works there says more than one at the ends
_SCALARS = [Fraction(n, d) for n, d in ((1, 2), (1, 3), (2, 3), (1, 4), (3, 4), (2, 1), (1, 5), (3, 2))]
_SCALARS += [Fraction(n, d) for d in (1, 2, 3, 5, 7) for n in (0, 1, -1, 2, 3, -2, 5)]
_ENDS = [Fraction(0), Fraction(1)]  # statements like to fail there, so every fourth draw looks at them


def find_witness(question: Question, seed: int = 0) -> Model | None:
    """Return a point that answers the question with yes, made as simple as it gets, or None if none was found.

    Without hypotheses and conditions, one is found whenever a goal is not zero.
    """
    if all(goal.is_zero for goal in question.goals):
        return None
    random = Random(seed)  # noqa: S311 - a reproducible search, not a secret
    plans = list(islice(_plans(question), _PLANS))
    for attempt in range(min(_ATTEMPTS, _ATTEMPTS_GIVEN) if question.hypotheses else _ATTEMPTS):
        drawn = _draw(question, attempt, random)
        if drawn is None:
            continue
        for plan in plans:
            found = plan.complete(drawn)
            if found is not None and question.answered_by(found):
                return _shrink(question, plan, drawn)
    return None


# -- drawing -----------------------------------------------------------------------------------------------------------


def _draw(question: Question, attempt: int, random: Random) -> Model | None:
    """Draw a point that meets the conditions; sizes and entries grow with the attempts."""
    expressions = question.expressions
    dims = sorted(question.dims.union(*(e.dims for e in expressions)))
    # a coefficient may vanish at as many sizes as its degree; solving hypotheses at larger sizes takes long
    cap = max(
        [
            4 if question.hypotheses else 6,
            *(1 + _degree(c) for e in expressions for c in e.terms.values() if c.names & set(dims)),
        ]
    )
    largest = min(1 + attempt // 8, cap)
    sizes = {dim: random.randint(1, largest) for dim in dims}
    names = sorted(question.scalars - set(dims))
    for _ in range(50):
        drawn = Model(sizes, {name: _scalar(question, name, attempt, random) for name in names})
        model = question.completed(drawn)
        if model is not None and question.is_defined(model) and _has_moments(question, model):
            break
    else:
        return None
    reach = 2 + attempt // 16
    tensors = sorted(frozenset().union(*(e.tensors for e in expressions)))
    entries = {
        t: {position: Fraction(random.randint(-reach, reach)) for position in model.positions(t.dims)} for t in tensors
    }
    at = {index: random.randrange(sizes[dim]) for index, dim in question.samples.items()}
    return replace(model, entries=entries, at=at)


def _degree(polynomial: Polynomial) -> int:
    """Return the largest total degree of a term, negative exponents counted by their size."""
    return max(sum(abs(exponent) for _, exponent in powers) for powers in polynomial.terms)


def _has_moments(question: Question, at: Model) -> bool:
    """Whether the scalar moments are those of some distribution; those of matrices need entries, and are seen later."""
    return all(m.realizable(at) for m in question.moments if isinstance(m, ScalarMoments))


def _scalar(question: Question, name: str, attempt: int, random: Random) -> Fraction:
    if name in question.whole:
        return Fraction(random.randint(-1 - attempt // 4, 3 + attempt // 4))
    pool = _SCALARS[: 8 + attempt] if attempt % 4 != 3 else _ENDS
    if attempt >= 16:  # a coefficient may vanish at all of these
        pool = [*pool, *(Fraction(random.randint(-attempt, attempt), random.randint(1, 99)) for _ in pool)]
    return random.choice(pool)


# -- solving the hypotheses --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Plan:
    """Solve the hypotheses for some tensors in which they are affine, the others given."""

    hypotheses: tuple[Expression, ...]
    unknowns: tuple[Tensor, ...]
    derivatives: Mapping[tuple[int, Tensor], _Slope]

    def complete(self, drawn: Model) -> Model | None:
        """Change the unknown entries of the drawn point, as few as possible, so that the hypotheses hold."""
        if not self.hypotheses:
            return drawn
        columns = [(t, position) for t in self.unknowns for position in drawn.positions(t.dims)]
        number = {column: i for i, column in enumerate(columns)}
        rows: list[tuple[dict[int, Fraction], Fraction]] = []
        for index, e in enumerate(self.hypotheses):
            slopes = {t: self.derivatives[index, t].at(drawn) for t in self.unknowns}
            for place, value in evaluate(e, drawn).items():
                row = {
                    number[t, where[len(place) :]]: slope
                    for t, table in slopes.items()
                    for where, slope in table.items()
                    if slope and where[: len(place)] == place
                }
                rows.append((row, -value))
        step = _solve(rows)
        if step is None:
            return None
        entries = {t: dict(table) for t, table in drawn.entries.items()}
        for column, value in step.items():
            tensor, position = columns[column]
            entries[tensor][position] = entries[tensor].get(position, Fraction(0)) + value
        return replace(drawn, entries=entries)


def _plans(question: Question) -> Iterator[_Plan]:
    """Yield the smallest sets of tensors for which the hypotheses can be solved by linear algebra."""
    hypotheses = tuple(hypothesis.expression for hypothesis in question.hypotheses)
    tensors = sorted(frozenset().union(*(e.tensors for e in hypotheses)), reverse=True)
    slopes: dict[tuple[int, Tensor], _Slope] = {}
    yield _Plan(hypotheses, (), slopes)  # hypotheses about scalars only, and those that happen to hold
    for count in range(1, len(hypotheses) + 1):
        for unknowns in combinations(tensors, count):
            if any(e.tensors and not e.tensors & set(unknowns) for e in hypotheses):
                continue
            for key in cartesian(range(len(hypotheses)), unknowns):
                if key not in slopes:
                    slopes[key] = _Slope.of(hypotheses[key[0]], key[1])
            if not any(
                slopes[i, t].expression.tensors & set(unknowns) for i in range(len(hypotheses)) for t in unknowns
            ):
                yield _Plan(hypotheses, unknowns, slopes)


@dataclass(frozen=True)
class _Slope:
    """The derivative of a hypothesis by a tensor; its indices sort behind the hypothesis's own, so positions split."""

    expression: Expression
    own: Mapping[str, str]  # what the hypothesis's indices are called here

    @classmethod
    def of(cls, e: Expression, tensor: Tensor) -> _Slope:
        """Differentiate."""
        own = {index: f"0{number:03}" for number, index in enumerate(e.free)}
        return cls(derivative(e.rename(own), tensor, [f"1{number:03}" for number in range(len(tensor.dims))]), own)

    def at(self, point: Model) -> dict[tuple[int, ...], Fraction]:
        """Return its values at a point, those of the samples that are fixed there alone."""
        fixed = {self.own[index]: position for index, position in point.at.items() if index in self.own}
        return evaluate(self.expression, replace(point, at=fixed))


def _solve(rows: Sequence[tuple[dict[int, Fraction], Fraction]]) -> dict[int, Fraction] | None:
    """Solve a sparse linear system exactly; free unknowns are zero, None if it has no solution."""
    pivots: list[tuple[int, dict[int, Fraction], Fraction]] = []
    for coefficients, right in rows:
        row, value = dict(coefficients), right
        for column, other, other_value in pivots:
            if factor := row.get(column, Fraction(0)):
                value -= factor * other_value
                row = {c: row.get(c, Fraction(0)) - factor * other.get(c, Fraction(0)) for c in {*row, *other}}
        row = {c: x for c, x in row.items() if x}
        if not row:
            if value:
                return None
            continue
        column = min(row)
        pivots.append((column, {c: x / row[column] for c, x in row.items()}, value / row[column]))
    solution: dict[int, Fraction] = {}
    for column, row, value in reversed(pivots):
        solution[column] = value - sum(
            (x * solution.get(c, Fraction(0)) for c, x in row.items() if c != column), start=Fraction(0)
        )
    return {column: value for column, value in solution.items() if value}


# -- simplifying -------------------------------------------------------------------------------------------------------


def _shrink(question: Question, plan: _Plan, drawn: Model) -> Model:
    """Set entries to 0, then to 1, as long as the point still answers the question."""
    best = drawn
    for target in (Fraction(0), Fraction(1)):
        for tensor, table in drawn.entries.items():
            for position in table:
                current = best.entries[tensor][position]
                if current in (Fraction(0), target):
                    continue
                changed = {**best.entries, tensor: {**best.entries[tensor], position: target}}
                candidate = replace(best, entries=changed)
                solved = plan.complete(candidate)
                if solved is not None and question.answered_by(solved):
                    best = candidate
    completed = plan.complete(best)
    return best if completed is None else completed
