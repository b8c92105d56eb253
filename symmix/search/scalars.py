"""Draws scalars that meet what is asked of them: those that share a condition together, all others apart.

Drawn all at once, ten scalars between 0 and 1 would hardly ever meet ten conditions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from random import Random

from symmix.kernel.cofactors import Hypothesis
from symmix.kernel.distributions import ScalarMoments
from symmix.kernel.points import Model, exact_values
from symmix.kernel.products import Tensor
from symmix.kernel.questions import Condition, Question
from symmix.kernel.scalars import Polynomial
from symmix.metering import metered, spend

# inner points of [0, 1] first: a witness that works there says more than one at the ends
_SIMPLE = [Fraction(n, d) for n, d in ((1, 2), (1, 3), (2, 3), (1, 4), (3, 4), (2, 1), (1, 5), (3, 2))]
_SIMPLE += [Fraction(n, d) for n, d in ((3, 5), (4, 5))]  # the sides of a right triangle
_SIMPLE += [Fraction(n, d) for d in (1, 2, 3, 5, 7) for n in (0, 1, -1, 2, 3, -2, 5)]
_ENDS = [Fraction(0), Fraction(1)]  # statements like to fail there, so every fourth draw looks at them
_AT_ENDS = 16  # draws at the ends, where conditions may not hold
_DRAW = 2  # what one counts, of the work that is allowed
_ZEROS = 8  # of so many draws, one in which every other scalar is 0
_THOROUGH = 24  # draws that look long for scalars that meet hypotheses


@dataclass(frozen=True)
class Scalars:
    """The scalars of a question, in parts that share neither conditions nor hypotheses."""

    question: Question
    parts: tuple[Part, ...]

    @classmethod
    def of(cls, question: Question) -> Scalars:
        """Look at what is asked of the scalars of a question."""
        demands = list(_demands(question))
        groups = _joined([_names_of(demand, question) for demand in demands], question.scalars)
        return cls(question, tuple(Part.of(question, group, demands) for group in groups))

    @cached_property
    def sizes(self) -> list[str]:
        """The sizes that are drawn."""
        return sorted(self.question.dims.union(*(e.dims for e in self.question.expressions)))

    @cached_property
    def tensors(self) -> list[Tensor]:
        """The tensors that are drawn."""
        return sorted(frozenset().union(*(e.tensors for e in self.question.expressions)))

    @cached_property
    def largest(self) -> int:
        """How large sizes are drawn at most."""
        # a coefficient may vanish at as many sizes as its degree; solving hypotheses at larger sizes takes long
        coefficients = (c for e in self.question.expressions for c in e.terms.values())
        degrees = [_degree(c) for c in coefficients if not c.names.isdisjoint(self.sizes)]
        return max([4 if self.question.hypotheses else 6, *(1 + degree for degree in degrees)])

    def drawn(self, sizes: Mapping[str, int], attempt: int, random: Random) -> Model | None:
        """Return a point with sizes and scalars only, which meet the conditions and hypotheses on these, or None."""
        values: dict[str, Fraction] = {}
        for part in self.parts:
            found = part.drawn(sizes, attempt, random)
            if found is None:
                return None
            values |= found
        return self.question.completed(Model(sizes, values))


@dataclass(frozen=True)
class Part:
    """Scalars that are drawn together, what is asked of them alone, and values that they may need."""

    names: tuple[str, ...]
    question: Question
    roots: Mapping[str, Sequence[Fraction]]

    @classmethod
    def of(cls, whole: Question, names: frozenset[str], demands: Sequence[Demand]) -> Part:
        """Take from a question what is asked of some scalars, sizes among them or not."""
        own = [demand for demand in demands if _names_of(demand, whole) <= names]
        asked = Question(
            (),
            tuple(demand for demand in own if isinstance(demand, Hypothesis)),
            tuple(demand for demand in own if isinstance(demand, Condition)),
            whole=whole.whole & names,
            reciprocals=whole.reciprocals,
            moments=tuple(demand for demand in own if isinstance(demand, ScalarMoments)),
        )
        return cls(tuple(sorted(names)), asked, {name: x for name, x in _roots(whole).items() if name in names})

    def drawn(self, sizes: Mapping[str, int], attempt: int, random: Random) -> dict[str, Fraction] | None:
        """Return values that meet what is asked; None if a number of draws did not."""
        names = [name for name in self.names if name not in sizes]
        given = self.question.hypotheses
        draws = ((400 if attempt < _THOROUGH else 100) if given else 50) if names else 1
        for turn in range(draws):
            spend(_DRAW)
            ends = attempt % 4 == 3 and turn < _AT_ENDS
            values = {name: self._value(name, attempt, random, ends=ends) for name in names}
            if given and turn % _ZEROS == _ZEROS - 1:  # of what is linear in its unknowns 0 is a solution
                values = {name: Fraction(0) if random.random() < 1 / 2 else x for name, x in values.items()}
            if given and random.random() < 3 / 4:  # simple numbers may solve what is linear in no scalar
                values = self._solved(values, sizes, random)
            if self._is_free or self._met(Model(sizes, values)):
                return values
        return None

    def _solved(self, drawn: dict[str, Fraction], sizes: Mapping[str, int], random: Random) -> dict[str, Fraction]:
        """Solve each hypothesis that is linear in a scalar for it, if none before is about it."""
        values, before = dict(drawn), frozenset[str]()
        for mentioned, known in metered(self._lines):
            lines = {name: line for name, line in known.items() if name in values and name not in before}
            plain = [name for name, (slope, _) in lines.items() if not slope.names]
            before |= mentioned
            if lines and before <= values.keys() | sizes.keys():
                name = random.choice(plain or list(lines))
                at = Model(sizes, {other: value for other, value in values.items() if other != name})
                try:
                    slope, rest = (at.scalar(part) for part in lines[name])
                except ZeroDivisionError:  # no values for a hypothesis that divides by what was drawn as 0
                    continue
                values[name] = Fraction(-rest) / slope if slope else values[name]
        return values

    @cached_property
    def _lines(self) -> list[tuple[frozenset[str], dict[str, tuple[Polynomial, Polynomial]]]]:
        """The scalars of each hypothesis, and slope and rest in those that it is linear in."""
        found = []
        for hypothesis in self.question.hypotheses:
            (polynomial,) = hypothesis.expression.terms.values() or (Polynomial(),)
            lines = {name: line for name in sorted(polynomial.names) if (line := _line(polynomial, name))}
            found.append((polynomial.names, lines))
        return found

    @cached_property
    def _is_free(self) -> bool:
        """Whether nothing is asked: most scalars may be anything."""
        asked = self.question
        return not (asked.hypotheses or asked.conditions or asked.moments or asked.whole)

    def _met(self, drawn: Model) -> bool:
        model = self.question.completed(drawn)
        return (
            model is not None
            and self.question.is_defined(model)
            and not any(x for h in self.question.hypotheses for x in exact_values(h.expression, model).values())
            and all(moments.realizable(model) for moments in self.question.moments)
        )

    def _value(self, name: str, attempt: int, random: Random, *, ends: bool) -> Fraction:
        roots = self.roots.get(name)
        if roots and random.random() < 1 / 4:
            return random.choice(roots)
        if name in self.question.whole:
            return Fraction(random.randint(-1 - attempt // 4, 3 + attempt // 4))
        pool = _ENDS if ends else _SIMPLE[: 8 + attempt]
        if attempt >= 16 and random.random() < 1 / 2:  # a coefficient may vanish at all of these
            return Fraction(random.randint(-attempt, attempt), random.randint(1, 99))
        return random.choice(pool)


Demand = Condition | Hypothesis | ScalarMoments


def _demands(question: Question) -> Iterator[Demand]:
    """Run through what is asked of scalars alone: also that nothing is divided by zero."""
    yield from question.conditions
    yield from (Condition(Polynomial.variable(name), "!=") for name in sorted(question.divisors))
    for name in sorted(question.reciprocals_used):
        below = question.reciprocals[name]
        yield Condition(below, "!=")
        yield from (Condition(Polynomial.variable(inner), "!=") for inner in sorted(below.divisors))
    yield from (h for h in question.hypotheses if not h.expression.tensors)
    # moments of matrices need entries, and are seen later
    yield from (moments for moments in question.moments if isinstance(moments, ScalarMoments))


def _names_of(demand: Demand, question: Question) -> frozenset[str]:
    """Return the scalars, sizes among them, that a demand speaks about, of 1/q those of q."""
    match demand:
        case Condition():
            names = demand.names
        case Hypothesis():
            names = demand.expression.scalars
        case ScalarMoments():
            names = demand.scalars
    inner = (question.reciprocals[name].names for name in names & question.reciprocals.keys())
    return (names - question.reciprocals.keys()).union(*inner)


def _joined(groups: Sequence[frozenset[str]], names: frozenset[str]) -> list[frozenset[str]]:
    """Return the names in groups, those of two groups that share one together."""
    found: list[frozenset[str]] = []
    for group in [*groups, *(frozenset({name}) for name in sorted(names))]:
        apart = [other for other in found if not other & group]
        found = [*apart, group.union(*(other for other in found if other & group))]
    return sorted(found, key=sorted)


def _line(polynomial: Polynomial, name: str) -> tuple[Polynomial, Polynomial] | None:
    """Return slope and rest of a polynomial that is linear in a scalar."""
    powers = {dict(term).get(name, 0) for term in polynomial.terms}
    if 1 not in powers or not powers <= {0, 1}:
        return None
    none, one = Polynomial(), Polynomial.constant(1)
    return polynomial.map_powers(name, {0: none, 1: one}), polynomial.map_powers(name, {0: one, 1: none})


def _degree(polynomial: Polynomial) -> int:
    """Return the largest total degree of a term, negative exponents counted by their size."""
    return max(sum(abs(exponent) for _, exponent in powers) for powers in polynomial.terms)


def _roots(question: Question) -> dict[str, list[Fraction]]:
    """Return where coefficients of hypotheses vanish: of ``(s - 3) u = 0`` the value 3 of s."""
    found: dict[str, list[Fraction]] = {}
    for c in (c for hypothesis in question.hypotheses for c in hypothesis.expression.terms.values()):
        parts = {dict(powers).get(name, 0): x for powers, x in c.terms.items() for name in c.names}
        if len(c.names) == 1 and parts.keys() == {0, 1}:
            found.setdefault(min(c.names), []).append(Fraction(-parts[0], parts[1]))
    return found
