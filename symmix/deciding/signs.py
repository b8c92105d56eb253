"""What is known of the signs of scalars: sizes, conditions, ranges, even powers, and products of these."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from symmix.deciding.lines import line_of, never_zero, pieces
from symmix.divisions import Multiplier
from symmix.kernel.questions import Condition
from symmix.kernel.scalars import ONE, ZERO, Polynomial
from symmix.search.elimination import quotient


@dataclass(frozen=True)
class Signs:
    """Conditions, ``polynomial > 0``, ``>= 0`` or ``!= 0``, and sizes, which are positive."""

    conditions: tuple[Condition, ...]
    sizes: frozenset[str]

    @cached_property
    def _positive(self) -> frozenset[str]:
        return self.sizes | self._single(">")

    @cached_property
    def _nonnegative(self) -> frozenset[str]:
        return self._positive | self._single(">=")

    @cached_property
    def _nonzero(self) -> frozenset[str]:
        return self._positive | self._single("!=")

    def _single(self, relation: str) -> frozenset[str]:
        """Return the scalars of which a condition says so by themselves."""
        found = (c.polynomial for c in self.conditions if c.relation == relation)
        return frozenset(name for q in found if len(q.terms) == 1 for name in q.names if q == Polynomial.variable(name))

    # -- the gate ---

    def holds(self, product: Multiplier, *, strict: bool) -> bool:
        """Whether a product of powers is known not to be negative; if ``strict``, to be positive."""
        return all(self._factor(base, power, strict=strict) for base, power in product)

    def _factor(self, base: Polynomial, power: int, *, strict: bool) -> bool:
        if power < 0 or not base.divisors <= self._nonzero:
            return False
        if self._is_known(base, strict=strict):
            return True
        return power % 2 == 0 and (not strict or self._differs(base))

    def _is_known(self, base: Polynomial, *, strict: bool) -> bool:
        """Whether a polynomial is what a condition is about, or shows its sign: no coefficient is negative."""
        signs = (">",) if strict else (">", ">=")
        return self._shows(base, strict=strict) or any(
            c.relation in signs and _is_multiple(base, c.polynomial) for c in self.conditions
        )

    def _shows(self, polynomial: Polynomial, *, strict: bool) -> bool:
        def sure(name: str, exponent: int) -> bool:
            return name in self._nonnegative or exponent % 2 == 0

        plain = all(c > 0 and all(sure(*power) for power in powers) for powers, c in polynomial.terms.items())
        if not strict:
            return plain
        return plain and any(all(name in self._nonzero for name, _ in powers) for powers in polynomial.terms)

    def _differs(self, base: Polynomial) -> bool:
        return (len(base.terms) == 1 and base.names <= self._nonzero) or any(
            c.relation != ">=" and (_is_multiple(base, c.polynomial) or _is_multiple(-base, c.polynomial))
            for c in self.conditions
        )

    def never_zero(self, polynomial: Polynomial) -> bool:
        """Whether a polynomial is known not to be zero: by its sign, or as one of a single scalar on its line."""
        if not polynomial.divisors <= self._nonzero:
            return False
        if self._differs(polynomial) or any(self._is_known(p, strict=True) for p in (polynomial, -polynomial)):
            return True
        if len(polynomial.names) != 1 or polynomial.divisors:
            return False
        return never_zero(polynomial, line_of(min(polynomial.names), self.conditions, self.sizes))

    def excludes_zero(self, polynomial: Polynomial) -> bool:
        """Whether zero is excluded, also with a condition as a part: 1 - 2 m + 2 m2 is positive where m^2 <= m2."""
        return self.never_zero(polynomial) or any(
            self._is_positive(rest)
            for p in (polynomial, -polynomial)
            for condition in self.conditions
            if condition.relation != "!="
            for rest in _without(p, condition.polynomial)
        )

    def _is_positive(self, polynomial: Polynomial) -> bool:
        """Whether a polynomial is seen to be positive: by its sign, or as one of a single scalar on its line."""
        if self._is_known(polynomial, strict=True):
            return True
        if len(polynomial.names) != 1 or polynomial.divisors:
            return False
        line = line_of(min(polynomial.names), self.conditions, self.sizes)
        return pieces(polynomial, line, strict=True) is not None

    # -- the search ---

    def factored(self, polynomial: Polynomial, *, strict: bool = False) -> Multiplier | None:
        """Write a polynomial as a product whose sign is known, or return None."""
        found: list[tuple[Polynomial, int]] = []
        rest = polynomial
        for condition in self.conditions:
            while len(rest.terms) > 1 and (divided := quotient(rest, condition.polynomial)) is not None:
                rest, found = divided, [*found, (condition.polynomial, 1)]
        counts: dict[Polynomial, int] = {}
        for base, power in found:
            counts[base] = counts.get(base, 0) + power
        product: Multiplier = (*counts.items(), *(((rest, 1),) if rest != ONE else ()))
        return product if self.holds(product, strict=strict) else None

    def is_nonnegative(self, polynomial: Polynomial) -> bool:
        """Whether a polynomial is seen not to be negative."""
        return self.factored(polynomial) is not None


def multiplied(product: Sequence[tuple[Polynomial, int]]) -> Polynomial:
    """Return a product of powers as one polynomial."""
    total = ONE
    for base, power in product:
        total = total * base**power
    return total


def _without(polynomial: Polynomial, part: Polynomial) -> Iterator[Polynomial]:
    """Run through what is left of a polynomial without a positive multiple of a part, such that a term is gone."""
    for powers, c in part.terms.items():
        share = Fraction(polynomial.terms.get(powers, 0), c)
        if powers and share > 0:
            yield polynomial - part * share


def _is_multiple(polynomial: Polynomial, other: Polynomial) -> bool:
    """Whether a polynomial is a positive number times another."""
    if polynomial.terms.keys() != other.terms.keys():
        return False
    scales = {Fraction(c, other.terms[powers]) for powers, c in polynomial.terms.items()}
    return len(scales) == 1 and min(scales) > 0


def separated(polynomial: Polynomial) -> list[Polynomial]:
    """Return factors of a polynomial in a scalar each, where it is a product of such; else itself."""
    for name in sorted(polynomial.names)[1:]:
        parts: dict[int, Polynomial] = {}
        for powers, c in polynomial.terms.items():
            exponent = dict(powers).get(name, 0)
            rest = Polynomial([(tuple(power for power in powers if power[0] != name), c)])
            parts[exponent] = parts.get(exponent, ZERO) + rest
        first, *others = parts.values()
        if all(part.terms.keys() == first.terms.keys() for part in others):
            lead = next(iter(first.terms))
            scales = {e: Fraction(part.terms[lead], first.terms[lead]) for e, part in parts.items()}
            own = Polynomial((((name, e),) if e else (), scale) for e, scale in scales.items())
            if own * first == polynomial:
                return [own, *separated(first)]
    return [polynomial]
