"""Why all of some expressions vanish where all of others do: searched, shown by hand, or by the adjugate matrix.

Every way returns cofactors that have been multiplied out and compared; where they come from does not matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product as cartesian
from math import prod

from symmix.deciding.consequence import Known
from symmix.errors import StatementError
from symmix.kernel.arrays import aligned, tensor
from symmix.kernel.calculus import Template, leibniz, substitute
from symmix.kernel.cofactors import Cofactors, Hypothesis, over_samples
from symmix.kernel.networks import Expression, delta, ones, zeros
from symmix.kernel.scalars import ONE, ZERO, Polynomial
from symmix.meaning import Meaning
from symmix.search.cofactors import find_cofactors
from symmix.terms.nodes import Expression as Tree
from symmix.terms.nodes import Symbol
from symmix.verdict import Way

Ways = tuple[Way, ...]


@dataclass(frozen=True)
class Shown:
    """What a user shows: a combination for each goal, in symbols that stand for the sources."""

    markers: tuple[Symbol, ...]
    combinations: tuple[Tree, ...]


@dataclass(frozen=True)
class Hints:
    """What a user shows: of an equivalence a way to the left side, and one back; of an inequality what is squared."""

    forth: Shown | None = None
    back: Shown | None = None
    squares: tuple[Tree, ...] = ()


@dataclass(frozen=True)
class Implication:
    """All ``goals`` vanish where all ``sources`` and all ``given`` do, if no ``provided`` scalar does.

    If ``scaled``, what a user shows equals the product of ``provided`` times each goal.
    """

    goals: tuple[Hypothesis, ...]
    sources: tuple[Hypothesis, ...]
    given: Known
    provided: tuple[Polynomial, ...]
    scaled: bool
    meaning: Meaning

    def by_hand(self, shown: Shown) -> Ways | None:
        """Check the combinations that a user gives.

        Raises
        ------
        StatementError
            If there is not one combination for each goal, over its indices or none.
        """
        if len(shown.combinations) != len(self.goals):
            raise StatementError(
                f"one combination for each of the {len(self.goals)} expressions that are to vanish",
                f"{len(shown.combinations)} of them",
                "return as many as there are expressions on that side",
            )
        factor = prod(self.provided, start=ONE) if self.scaled else ONE
        ways = []
        for combination, goal in zip(shown.combinations, self.goals, strict=True):
            read, target = self.meaning.array(combination).expression, goal.expression * factor
            squared = False
            if goal.slots and not set(read.free) & set(goal.slots):
                squares = (goal.expression * goal.expression).sum(*goal.slots)
                target, squared = squares * factor, True
            way = self._cofactors(read, shown.markers, target)
            if way is None:
                return None
            ways.append(Way(way, factor, squared))
        return tuple(ways)

    def _cofactors(self, combination: Expression, markers: Sequence[Symbol], target: Expression) -> Cofactors | None:
        """Read cofactors off a combination of marker symbols; every term must hold one, or it proves nothing."""
        target, sources = over_samples(target, self.sources)
        combination = aligned([combination, Expression(target.free, [])])[0]
        if combination.free != target.free:
            raise StatementError(
                f"a combination over the indices {dict(target.free)} of what is to vanish, or a scalar",
                f"one over {dict(combination.free)}",
                "return what equals the factor times that expression, or times its square",
            )
        tensors = [tensor(marker.name, marker.axes) for marker in markers]
        pairs = list(zip(tensors, sources, strict=True))
        nothing = [Template(t, h.slots, zeros({slot: h.expression.free[slot] for slot in h.slots})) for t, h in pairs]
        if not substitute(combination, nothing).is_zero:
            return None
        factors, all_slots = [], []
        for number, (symbol, source) in enumerate(pairs):
            slots = _slots(source, number)
            unit = ones()
            for index, slot, dim in zip(source.slots, slots, symbol.dims, strict=True):
                unit = unit * delta(index, slot, dim)
            factors.append(leibniz(combination, [Template(symbol, source.slots, unit)]))
            all_slots.append(slots)
        if any(f.tensors & set(tensors) for f in factors):
            return None
        return self._completed(Cofactors(target, sources, tuple(factors), tuple(all_slots), self.given.units))

    def by_adjugate(self, forward: Sequence[Way]) -> Ways | None:
        """Invert a scalar matrix: the sources are combinations of the goals, with determinant not zero.

        ``forward`` holds the cofactors of the sources in terms of the goals (and of what is given).
        """
        count = range(len(self.goals))
        shapes = {tuple(h.expression.free[slot] for slot in h.slots) for h in (*self.goals, *self.sources)}
        if len(shapes) != 1:
            return None
        if len(forward) != len(self.goals) or any(way.squared or way.factor != ONE for way in forward):
            return None
        matrix = [[_as_multiple(way.cofactors, j) for j in count] for way in forward]
        adjugate, determinant = _adjugate(matrix)
        if not _is_product(determinant, self.provided):
            return None
        ways = []
        for j, goal in enumerate(self.goals):
            target, sources = over_samples(goal.expression, self.sources)
            slots = [_slots(source, number) for number, source in enumerate(sources)]
            factors = tuple(_identity(target, goal.slots, own) * adjugate[j][i] for i, own in enumerate(slots))
            ways.append(
                self._completed(Cofactors(target * determinant, sources, factors, tuple(slots), self.given.units))
            )
        found = tuple(Way(way, determinant) for way in ways if way is not None)
        return found if len(found) == len(ways) else None

    def _completed(self, way: Cofactors) -> Cofactors | None:
        """Add what the given hypotheses contribute, and check the whole."""
        if way.holds:
            return way
        found = find_cofactors(way.goal - way.multiplied_out(), self.given.hypotheses, self.given.units)
        if found is None:
            return None
        whole = replace(
            way,
            goal=aligned([way.goal, found.goal])[0],
            hypotheses=way.hypotheses + found.hypotheses,
            factors=way.factors + found.factors,
            slots=way.slots + found.slots,
        )
        return whole if whole.holds else None


def _slots(source: Hypothesis, number: int) -> tuple[str, ...]:
    return tuple(f"#{number}.{index}" for index in source.slots)


def _identity(goal: Expression, indices: Sequence[str], slots: Sequence[str]) -> Expression:
    """Return the identity between indices of the goal and slots."""
    unit = ones()
    for index, slot in zip(indices, slots, strict=True):
        unit = unit * delta(index, slot, goal.free[index])
    return unit


def _as_multiple(way: Cofactors, number: int) -> Polynomial:
    """Return the share in a cofactor of the identity between the goal's indices and the slots.

    What else there is in it is left out: then what comes of the matrix is not what it should be, which is seen.
    """
    factor, slots, hypothesis = way.factors[number], way.slots[number], way.hypotheses[number]
    indices = [index for index in way.goal.free if index not in hypothesis.samples]
    if len(slots) != len(indices):
        return ZERO
    (product,) = _identity(way.goal, indices, slots).terms
    return factor.terms.get(product, ZERO)


# -- scalar matrices ---


def _adjugate(matrix: Sequence[Sequence[Polynomial]]) -> tuple[list[list[Polynomial]], Polynomial]:
    """Return the adjugate and the determinant; each minor is multiplied out once."""
    size = range(len(matrix))
    known: dict[tuple[tuple[int, ...], tuple[int, ...]], Polynomial] = {((), ()): ONE}

    def minor(rows: tuple[int, ...], columns: tuple[int, ...]) -> Polynomial:
        if (rows, columns) not in known:
            terms = [
                matrix[rows[0]][j] * (-1) ** place * minor(rows[1:], columns[:place] + columns[place + 1 :])
                for place, j in enumerate(columns)
                if not matrix[rows[0]][j].is_zero
            ]
            known[rows, columns] = Polynomial([item for term in terms for item in term.terms.items()])
        return known[rows, columns]

    def without(left_out: int) -> tuple[int, ...]:
        return tuple(i for i in size if i != left_out)

    cofactors = [[minor(without(i), without(j)) * (-1) ** (i + j) for j in size] for i in size]
    return [[cofactors[i][j] for i in size] for j in size], minor(tuple(size), tuple(size))


def _is_product(determinant: Polynomial, provided: Sequence[Polynomial]) -> bool:
    """Whether the determinant is, up to a non-zero number, a product of what is provided not to vanish, or of squares.

    Degrees add in products, so those of a product are known before it is multiplied out.
    """
    wanted, degrees = _degrees(determinant), [_degrees(q) for q in provided]
    for powers in cartesian(range(3), repeat=len(provided)):
        sums = [sum(power * d[end] for power, d in zip(powers, degrees, strict=True)) for end in (0, 1)]
        if sums != wanted:
            continue
        candidate = prod((q**power for q, power in zip(provided, powers, strict=True)), start=ONE)
        lead, coefficient = next(iter(candidate.terms.items()))
        scale = Fraction(determinant.terms.get(lead, 0), coefficient)
        if scale and candidate * scale == determinant:
            return True
    return False


def _degrees(polynomial: Polynomial) -> list[int]:
    """Return the lowest and the highest degree of a term; zero has none that anything else has."""
    found = [sum(exponent for _, exponent in powers) for powers in polynomial.terms]
    return [min(found), max(found)] if found else [1, 0]
