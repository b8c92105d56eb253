"""Proposes cofactors where hypotheses have to be combined: exact linear algebra on multiples of them.

Round by round, the multiples that land on products seen so far are taken up, products that they bring are new columns,
and the goal is a combination of rows or not yet. Products longer than a bound are left out; the bound grows. That is
what F4 does for polynomials, in the module of tensor networks. Nothing of it is trusted: cofactors are multiplied out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from symmix.kernel.cofactors import Cofactors, Hypothesis, over_samples
from symmix.kernel.networks import Expression, zeros
from symmix.kernel.products import Factor, Product, Tensor, sort_key
from symmix.kernel.scalars import ONE, Polynomial
from symmix.metering import is_counted
from symmix.search.elimination import System
from symmix.search.multiples import Multiple, hole, multiples_at

_ROUNDS = 8  # of taking up what lands on the products of the round before
MULTIPLES = 600  # that are tried for one goal
Free = tuple[tuple[str, str], ...]  # free indices with their sizes
LIFTED = "\N{BLACK CIRCLE}"  # begins the name of a scalar that is a tensor for the time being
_NEARBY = 200  # multiples that sums of squares are looked for up to
_HIGHER = 3  # by how much longer than in goal and hypotheses products may get


@dataclass(frozen=True)
class Effort:
    """What was tried."""

    degree: int
    rounds: int
    multiples: int

    def __str__(self) -> str:
        multiples = f"{self.multiples} multiple{'s' * (self.multiples != 1)} of the hypotheses"
        return f"{multiples}, up to degree {self.degree}, in {self.rounds} round{'s' * (self.rounds != 1)}"


_NONE = Effort(0, 0, 0)


@dataclass(frozen=True)
class Combination:
    """Cofactors of the goal times ``factor``; without any, only the effort is known."""

    effort: Effort
    cofactors: Cofactors | None = None
    factor: Polynomial = ONE


def combine(
    goal: Expression,
    hypotheses: Sequence[Hypothesis],
    units: frozenset[str],
    is_nonzero: Callable[[Polynomial], bool],
    most: int = MULTIPLES,
) -> Combination:
    """Look for a combination of hypotheses that is the goal, or a multiple of it by a scalar that is not zero.

    ``units`` are the single scalars known not to be zero; a factor of the goal has to meet ``is_nonzero``. At most so
    many multiples are tried.
    """
    goal, given = over_samples(goal, hypotheses)
    raised = _liftable(goal, given, units)
    effort = _NONE
    for names in dict.fromkeys((frozenset[str](), _linear(goal, given, raised), raised)):
        found = _combined(
            lifted(goal, names),
            [Hypothesis(lifted(h.expression, names), h.slots) for h in given],
            units,
            is_nonzero,
            most,
        )
        if found.cofactors is not None:
            return replace(found, cofactors=_lowered(found.cofactors, names, goal * found.factor, given))
        effort = found.effort
    return Combination(effort)


def _combined(
    goal: Expression,
    given: Sequence[Hypothesis],
    units: frozenset[str],
    is_nonzero: Callable[[Polynomial], bool],
    most: int,
) -> Combination:
    first = max((len(p) for e in (goal, *(h.expression for h in given)) for p in e.terms), default=0)
    effort, landings = Effort(first, 0, 0), _Landings.of(goal.free, given)
    for degree in range(first, first + _HIGHER + 1):
        search = _Search(goal, tuple(given), landings, units, degree, is_nonzero, most)
        solved = search.run()
        effort = Effort(degree, search.rounds, len(search.multiples))
        if solved is not None:
            factor, numbers = solved
            found = search.collected(factor, numbers)
            if found.holds:
                return Combination(effort, found, factor)
        if len(search.multiples) >= most:
            break
    return Combination(effort)


# -- scalars that hypotheses are about are tensors without slots here, so that powers of them are products, too ---


def _liftable(goal: Expression, given: Sequence[Hypothesis], units: frozenset[str]) -> frozenset[str]:
    """Return the scalars of hypotheses that nothing divides by."""
    expressions = (goal, *(h.expression for h in given))
    fixed = units.union(*(e.dims | e.divisors for e in expressions))
    return frozenset().union(*(h.expression.scalars for h in given)) - fixed


def _linear(goal: Expression, given: Sequence[Hypothesis], names: frozenset[str]) -> frozenset[str]:
    """Return scalars of the goal, and others, in which all is linear: a system, whose determinant may be known.

    Those that most hypotheses are about come first: unknowns rather than coefficients.
    """
    terms = [{*powers} for e in (goal, *(h.expression for h in given)) for c in e.terms.values() for powers in c.terms]
    about = Counter(name for h in given for name in h.expression.scalars & names)
    found: set[str] = set()
    for name in sorted(names, key=lambda name: (name not in goal.scalars, -about[name], name)):
        together = {*found, name}
        if all(sum(e for other, e in powers if other in together) <= 1 for powers in terms):
            found = together
    return frozenset(found) if found & goal.scalars else frozenset()


def lifted(expression: Expression, names: frozenset[str]) -> Expression:
    """Return an expression with tensors without slots for some of its scalars."""
    raw = [
        (Polynomial([(tuple(p for p in powers if p[0] not in names), x)]), [*product, *_powers(powers, names)])
        for product, c in expression.terms.items()
        for powers, x in c.terms.items()
    ]
    return Expression(expression.free, raw)


def _powers(powers: Sequence[tuple[str, int]], names: frozenset[str]) -> list[Factor]:
    return [Factor(Tensor(LIFTED + name, ()), ()) for name, e in powers if name in names for _ in range(e)]


def lowered(expression: Expression) -> Expression:
    """Return an expression with the scalars back in its coefficients."""
    raw = []
    for product, c in expression.terms.items():
        scale = c
        for f in product:
            if f.tensor.name.startswith(LIFTED):
                scale = scale * Polynomial.variable(f.tensor.name.removeprefix(LIFTED))
        raw.append((scale, [f for f in product if not f.tensor.name.startswith(LIFTED)]))
    return Expression(expression.free, raw)


def _lowered(found: Cofactors, names: frozenset[str], goal: Expression, given: tuple[Hypothesis, ...]) -> Cofactors:
    if not names:
        return found
    return replace(found, goal=goal, hypotheses=given, factors=tuple(map(lowered, found.factors)))


# -- what is near a goal ---


def nearby(goal: Expression, hypotheses: Sequence[Hypothesis], rounds: int = 2) -> list[Expression]:
    """Return multiples of hypotheses that land on the goal's products, or on those that they bring."""
    found: dict[tuple[int, Expression], Expression] = {}
    degree = 2 + max((len(p) for e in (goal, *(h.expression for h in hypotheses)) for p in e.terms), default=0)
    landings, frontier, seen = _Landings.of(goal.free, hypotheses), list(goal.terms), set[Product]()
    for _ in range(rounds):
        new: dict[Product, None] = {}
        seen.update(frontier)
        for multiple in landings.on(frontier):
            key = multiple.number, multiple.context
            if key not in found and multiple.degree <= degree:
                found[key] = multiple.expanded
                new.update(dict.fromkeys(multiple.expanded.terms))
                if len(found) == _NEARBY:
                    break
        frontier = [product for product in new if product not in seen] if len(found) < _NEARBY else []
    return [row for row in found.values() if not row.is_zero]


@dataclass
class _Search:
    """One run, with products up to one degree."""

    goal: Expression
    hypotheses: tuple[Hypothesis, ...]
    landings: _Landings
    units: frozenset[str]
    degree: int
    is_nonzero: Callable[[Polynomial], bool]
    most: int
    multiples: list[Multiple] = field(default_factory=list)
    rounds: int = 0

    def run(self) -> tuple[Polynomial, dict[int, Polynomial]] | None:
        """Take up multiples round by round until the goal is a combination."""
        names = self.units.union(*(e.dims for e in (self.goal, *(h.expression for h in self.hypotheses))))
        system = System(lambda x: len(x.terms) == 1 and x.names <= names, _rank)
        seen: set[Product] = set()
        known: set[tuple[int, Expression]] = set()
        frontier = list(self.goal.terms)
        while frontier and self.rounds < _ROUNDS and len(self.multiples) < self.most:
            self.rounds += 1
            new: dict[Product, None] = {}
            for multiple in self.landings.on(frontier):
                key = multiple.number, multiple.context
                if key in known or multiple.degree > self.degree:
                    continue
                known.add(key)
                row = multiple.expanded
                if row.is_zero:
                    continue
                self.multiples.append(multiple)
                system.add(row.terms)
                new.update(dict.fromkeys(row.terms))
                if len(self.multiples) >= self.most:
                    break
            seen.update(frontier)
            solved = system.solve(self.goal.terms)
            if solved is not None and self.is_nonzero(solved[0]):
                return solved
            frontier = [product for product in new if product not in seen]
        return None

    def collected(self, factor: Polynomial, numbers: Mapping[int, Polynomial]) -> Cofactors:
        """Return the combination as cofactors of the hypotheses."""
        factors, slots = [], []
        for number, hypothesis in enumerate(self.hypotheses):
            holes = {hole(slot): hypothesis.expression.free[slot] for slot in hypothesis.slots}
            total = zeros({**self.goal.free, **holes})
            for place, coefficient in numbers.items():
                if self.multiples[place].number == number:
                    total = total + self.multiples[place].context * coefficient
            renamed = {name: f"{name}.{number}" for name in holes}
            factors.append(total.rename(renamed))
            slots.append(tuple(renamed.values()))
        goal = self.goal * factor
        return Cofactors(goal, self.hypotheses, tuple(factors), tuple(slots), self.units)


class _Landings:
    """The multiples of hypotheses that land on products, over some free indices: each is made once."""

    def __init__(self, free: Free, hypotheses: tuple[Hypothesis, ...]) -> None:
        self._free, self._hypotheses = dict(free), hypotheses
        self._known: dict[Product, tuple[list[Multiple], Iterator[Multiple]]] = {}  # those that were made, and the rest

    @classmethod
    def of(cls, free: Mapping[str, str], hypotheses: Sequence[Hypothesis]) -> _Landings:
        """Return those that were made lately, unless work is counted: then it is done each time."""
        return (cls if is_counted() else _made)(tuple(free.items()), tuple(hypotheses))

    def on(self, products: Iterable[Product]) -> Iterator[Multiple]:
        """Run through the multiples that land on one of the products."""
        for product in products:
            if product not in self._known:
                self._known[product] = [], self._on(product)
            made, others = self._known[product]
            yield from made
            for multiple in others:
                made.append(multiple)
                yield multiple

    def _on(self, product: Product) -> Iterator[Multiple]:
        for number, hypothesis in enumerate(self._hypotheses):
            yield from multiples_at(product, self._free, number, hypothesis)


_made = lru_cache(maxsize=16)(_Landings)


@lru_cache(maxsize=1 << 12)
def _rank(product: Product) -> tuple[int, list[Any]]:
    """Return what is eliminated first: long products, since the goal's are short."""
    return len(product), [sort_key(f) for f in product]
