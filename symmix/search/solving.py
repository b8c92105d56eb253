"""Solves hypotheses at a drawn point: ``symbol = ...`` by evaluation, others for tensors that they are affine in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import combinations

from symmix.kernel.calculus import derivative
from symmix.kernel.cofactors import Hypothesis
from symmix.kernel.networks import Expression, zeros
from symmix.kernel.points import Model, exact_values
from symmix.kernel.products import DELTA, Tensor, turns
from symmix.kernel.scalars import Polynomial, Rational, exact
from symmix.metering import metered, spend

Position = tuple[int, ...]
Slopes = dict[Position, dict[Position, Rational]]  # by place of a hypothesis, then by position in a tensor


@dataclass(frozen=True)
class Assignment:
    """A hypothesis ``scale * symbol[slots] + rest = 0``, read as what the symbol's entries are."""

    tensor: Tensor
    indices: tuple[str, ...]
    scale: Polynomial
    rest: Expression

    def at(self, point: Model) -> Model | None:
        """Return the point with those entries; where the scale is zero, any will do if the rest is zero, too."""
        scale = Fraction(point.scalar(self.scale))
        if not scale:
            return None if any(exact_values(self.rest, point).values()) else point
        names = list(self.rest.free)
        table = dict(point.entries.get(self.tensor, {}))
        for position, value in exact_values(self.rest, point).items():
            place = dict(zip(names, position, strict=True))
            table[tuple(place[index] for index in self.indices)] = -value / scale
        return replace(point, entries={**point.entries, self.tensor: table})


def assignments(hypotheses: Sequence[Hypothesis]) -> tuple[list[Assignment], list[Hypothesis]]:
    """Return hypotheses as assignments in the order in which they can be made, and those that are none.

    What an assignment fixes occurs in none of the others that are left: those are met first.
    """
    able = {i: list(_candidates(h)) for i, h in enumerate(hypotheses)}
    left = [i for i, found in able.items() if not found]
    while True:  # what is left must not hang on what is assigned
        fixed = frozenset().union(*(hypotheses[i].expression.tensors for i in left))
        able = {i: [c for c in found if c.tensor not in fixed] for i, found in able.items() if i not in left}
        lost = [i for i, found in able.items() if not found]
        if not lost:
            break
        left += lost
    chosen: dict[int, Assignment] = {}
    for i in sorted(able, key=lambda i: len(able[i])):
        found = next((c for c in able[i] if _fits(c, chosen.values())), None)
        if found is None:  # its symbols are taken: begin anew without it, and without what it needs
            rest = [h for j, h in enumerate(hypotheses) if j != i]
            kept, others = assignments([h for h in rest if not _hangs(h, hypotheses[i])])
            return kept, [*others, hypotheses[i], *(h for h in rest if _hangs(h, hypotheses[i]))]
        chosen[i] = found
    return list(_ordered(list(chosen.values()))), [hypotheses[i] for i in sorted(left)]


def _hangs(one: Hypothesis, other: Hypothesis) -> bool:
    return bool(one.expression.tensors & other.expression.tensors)


def _candidates(hypothesis: Hypothesis) -> Iterator[Assignment]:
    e, known = hypothesis.expression, {*hypothesis.slots, *hypothesis.samples}
    for product, c in e.terms.items():
        if len(product) != 1 or c.reciprocal() is None or product[0].tensor.name == DELTA or product[0].tensor.symmetry:
            continue
        tensor, indices = product[0]
        if tensor.name.isdigit():  # a unit vector is what it is
            continue
        names = tuple(i for i in indices if isinstance(i, str))
        whole = len(names) == len(indices) == len(set(names)) and set(hypothesis.slots) <= set(names) <= known
        if whole and not any(f.tensor == tensor for p in e.terms if p != product for f in p):
            yield Assignment(tensor, names, c, e - Expression(e.free, [(c, product)]))


def _fits(new: Assignment, chosen: Iterable[Assignment]) -> bool:
    """Whether an assignment goes with others: its symbol is not theirs, and they need not go round in a circle."""
    others = list(chosen)
    if any(other.tensor == new.tensor for other in others):
        return False
    return len(list(_ordered([*others, new]))) == len(others) + 1


def _ordered(found: list[Assignment]) -> Iterator[Assignment]:
    """Run through assignments, each after those that it needs; stops where there is a circle."""
    waiting = list(found)
    while waiting:
        open_ones = {a.tensor for a in waiting}
        ready = [a for a in waiting if not a.rest.tensors & open_ones]
        if not ready:
            return
        yield from ready
        waiting = [a for a in waiting if a not in ready]


# -- linear systems ---


@dataclass(frozen=True)
class Plan:
    """Solve hypotheses for some tensors in which they are affine, the others given."""

    hypotheses: tuple[Expression, ...]
    unknowns: tuple[Tensor, ...]
    slopes: Mapping[tuple[int, Tensor], _Slope] = field(repr=False)

    def complete(self, here: Place) -> dict[Tensor, dict[Position, Fraction]] | None:
        """Return other entries for the unknowns, as near as possible to those drawn, so that the hypotheses hold."""
        if not self.unknowns:
            return None if any(any(here.values(e).values()) for e in self.hypotheses) else {}
        columns = [(t, position) for t in self.unknowns for position in here.drawn.positions(t.dims)]
        number = {column: i for i, column in enumerate(columns)}
        rows: list[tuple[dict[int, Rational], Rational]] = []
        for index, e in enumerate(self.hypotheses):
            slopes = [(t, here.slopes(self.slopes[index, t])) for t in self.unknowns]
            for place, value in here.values(e).items():
                row = {number[t, at]: slope for t, table in slopes for at, slope in table.get(place, {}).items()}
                spend(1 + len(row))
                rows.append((row, -value))
        step = _solve(rows)
        if step is None:
            return None
        entries = {t: dict(here.drawn.entries[t]) for t in self.unknowns}
        for column, value in step.items():
            tensor, position = columns[column]
            entries[tensor][position] = entries[tensor].get(position, Fraction(0)) + value
        return entries


class Place:
    """A drawn point with what hypotheses and their slopes are there: worked out once for all plans."""

    def __init__(self, drawn: Model) -> None:
        self.drawn = drawn
        self._values: dict[Expression, dict[Position, Rational]] = {}
        self._slopes: dict[Expression, Slopes] = {}

    def values(self, e: Expression) -> dict[Position, Rational]:
        """Return the value of a hypothesis at each of its places."""
        if e not in self._values:
            self._values[e] = exact_values(e, self.drawn)
        return self._values[e]

    def slopes(self, slope: _Slope) -> Slopes:
        """Return the slopes that are not zero, for each place of the hypothesis, by position in the tensor."""
        if slope.expression not in self._slopes:
            self._slopes[slope.expression] = slope.at(self.drawn)
        return self._slopes[slope.expression]


def plans(hypotheses: Sequence[Hypothesis]) -> Iterator[Plan]:
    """Run through the sets of tensors for which hypotheses can be solved by linear algebra, small ones first."""
    given = tuple(hypothesis.expression for hypothesis in hypotheses)
    slopes: dict[tuple[int, Tensor], _Slope] = {}
    yield Plan(given, (), slopes)  # those that happen to hold
    for count in range(1, len(given) + 1):
        for unknowns in metered(combinations(_unknown(given), count)):
            if any(e.tensors and not e.tensors & set(unknowns) for e in given):
                continue
            if _are_affine(given, unknowns, slopes):
                yield Plan(given, unknowns, slopes)


def largest(hypotheses: Sequence[Hypothesis]) -> Plan:
    """Return the plan for as many tensors at once as hypotheses are affine in: a singular system has solutions then."""
    given = tuple(hypothesis.expression for hypothesis in hypotheses)
    slopes: dict[tuple[int, Tensor], _Slope] = {}
    unknowns: tuple[Tensor, ...] = ()
    for tensor in metered(_unknown(given)):
        if _are_affine(given, (*unknowns, tensor), slopes):
            unknowns = (*unknowns, tensor)
    return Plan(given, unknowns, slopes)


def _unknown(given: Sequence[Expression]) -> list[Tensor]:
    return sorted((t for t in frozenset().union(*(e.tensors for e in given)) if not t.name.isdigit()), reverse=True)


def _are_affine(
    given: Sequence[Expression], unknowns: Sequence[Tensor], slopes: dict[tuple[int, Tensor], _Slope]
) -> bool:
    """Whether expressions are affine in tensors together; makes the slopes by each."""
    for index, e in enumerate(given):
        for t in unknowns:
            if (index, t) not in slopes:
                slopes[index, t] = _Slope.of(e, t)
    return not any(slopes[i, t].expression.tensors & set(unknowns) for i in range(len(given)) for t in unknowns)


@dataclass(frozen=True)
class _Slope:
    """The derivative of a hypothesis by a tensor; its indices sort behind the hypothesis's own, so positions split."""

    expression: Expression
    own: Mapping[str, str]  # what the hypothesis's indices are called here

    @classmethod
    def of(cls, e: Expression, tensor: Tensor) -> _Slope:
        """Differentiate."""
        own = {index: f"0{number:03}" for number, index in enumerate(e.free)}
        by = [f"1{number:03}" for number in range(len(tensor.dims))]
        slope, orders = derivative(e.rename(own), tensor, by), turns(tensor)
        whole = zeros(slope.free)
        for order, sign in orders:  # what is changed are the entries of which a symmetry takes means
            whole = whole + slope.rename({by[k]: name for k, name in zip(order, by, strict=True)}) * Fraction(
                sign, len(orders)
            )
        return cls(whole, own)

    def at(self, point: Model) -> Slopes:
        """Return its values at a point, those of the samples that are fixed there alone."""
        fixed = {self.own[index]: position for index, position in point.at.items() if index in self.own}
        found: Slopes = {}
        for where, value in exact_values(self.expression, replace(point, at=fixed)).items():
            if value:
                found.setdefault(where[: len(self.own)], {})[where[len(self.own) :]] = value
        return found


def _solve(rows: Sequence[tuple[dict[int, Rational], Rational]]) -> dict[int, Fraction] | None:
    """Solve a sparse linear system exactly; free unknowns are zero, None if it has no solution."""
    pivots: dict[int, tuple[dict[int, Rational], Rational]] = {}
    for coefficients, right in rows:
        row, value = dict(coefficients), right
        while (hit := next((c for c in row if c in pivots), None)) is not None:
            factor, (other, other_value) = row[hit], pivots[hit]
            value -= factor * other_value
            for c, x in other.items():
                total = row.get(c, 0) - factor * x
                if total:
                    row[c] = total
                else:
                    row.pop(c, None)
        if not row:
            if value:
                return None
            continue
        column = min(row)
        scale = Fraction(1, row[column])
        pivots[column] = {c: exact(x * scale) for c, x in row.items()}, exact(value * scale)
    solution: dict[int, Rational] = {}
    for column, (row, value) in reversed(pivots.items()):
        solution[column] = value - sum([x * solution[c] for c, x in row.items() if c in solution])
    return {column: Fraction(value) for column, value in solution.items() if value}


# -- parts ---


def parted(hypotheses: Sequence[Hypothesis]) -> list[list[Hypothesis]]:
    """Part hypotheses into groups that share no tensor: each is solved by itself."""
    groups: list[tuple[frozenset[Tensor], list[Hypothesis]]] = []
    for hypothesis in hypotheses:
        own = hypothesis.expression.tensors
        touching = [group for group in groups if group[0] & own]
        groups = [group for group in groups if not group[0] & own]
        together = [h for _, members in touching for h in members]
        groups.append((own.union(*(tensors for tensors, _ in touching)), [*together, hypothesis]))
    return [members for _, members in groups]


def nonlinear(hypotheses: Sequence[Hypothesis]) -> frozenset[Tensor]:
    """Return the tensors that occur twice in some product of a hypothesis, or only beside others."""
    found: set[Tensor] = set()
    for hypothesis in hypotheses:
        for product in hypothesis.expression.terms:
            tensors = [f.tensor for f in product]
            found.update(t for t in tensors if len(tensors) > 1)
    return frozenset(found)
