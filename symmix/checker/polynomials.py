"""Polynomials over the rationals, with names for reciprocals of polynomials."""

from __future__ import annotations

from fractions import Fraction

from .reading import Meter, reject

Monomial = tuple[tuple[str, int], ...]  # names with exponents, sorted; "1/0", "1/1", ... are reciprocals
Poly = dict[Monomial, Fraction]
UNIT: Monomial = ()
ONE = Fraction(1)


class Polynomials:
    """Adds, multiplies and divides; knows what the reciprocals are of."""

    def __init__(self, meter: Meter) -> None:
        self.meter = meter
        self._denominators: list[Poly] = []
        self._numbers: dict[frozenset[tuple[Monomial, Fraction]], int] = {}

    def plus(self, first: Poly, *others: Poly) -> Poly:
        """Return a sum."""
        total = dict(first)
        for other in others:
            self.meter.spend(len(other))
            for monomial, c in other.items():
                value = total.pop(monomial, None)
                value = c if value is None else self.meter.weigh(value + c)
                if value:
                    total[monomial] = value
        return total

    def less(self, a: Poly, b: Poly) -> Poly:
        """Return a - b."""
        return self.plus(a, {m: -c for m, c in b.items()})

    def times(self, a: Poly, b: Poly) -> Poly:
        """Return a * b."""
        if len(a) == 1 and a.get(UNIT) == 1:
            return b
        if len(b) == 1 and b.get(UNIT) == 1:
            return a
        total: Poly = {}
        width = sum([1 + (len(n) >> 1) for n in b])
        for m, c in a.items():
            self.meter.spend(width + len(b) * (len(m) >> 1))
            for n, d in b.items():
                monomial = product_of(m, n)
                total[monomial] = self.meter.weigh(total.get(monomial, 0) + c * d)
        return {m: c for m, c in total.items() if c}

    def power(self, p: Poly, exponent: int) -> Poly:
        """Return a whole power; a negative one of a polynomial that is not zero."""
        if exponent < 0:
            return self.power(self.reciprocal(p), -exponent)
        result: Poly = {UNIT: ONE}
        while exponent:
            result = self.times(result, p) if exponent & 1 else result
            exponent >>= 1
            p = self.times(p, p) if exponent else p
        return result

    def reciprocal(self, p: Poly) -> Poly:
        """Return 1/p, which is a name of its own if p has more than one term."""
        if self.is_zero(p):
            reject("a division by zero")
        scale = p[max(p)]
        if len(p) == 1:
            return {tuple([(name, -e) for name, e in max(p)]): 1 / scale}
        monic = {m: self.meter.weigh(c / scale) for m, c in p.items()}
        number = self._numbers.setdefault(frozenset(monic.items()), len(self._denominators))
        if number == len(self._denominators):
            self._denominators.append(monic)
        return {((f"1/{number}", 1),): 1 / scale}

    def cleared(self, p: Poly) -> Poly:
        """Return a polynomial times denominators, which are not zero, so that no reciprocal is left."""
        while True:
            self.meter.spend(len(p))
            numbers = {int(name[2:]) for m in p for name, _ in m if name[0] == "1"}
            if not numbers:
                return p
            last = max(numbers)  # what it is of holds earlier reciprocals at most
            parts = by_power(p, f"1/{last}")
            below, top = self._denominators[last], max(parts)
            p = self.plus({}, *(self.times(part, self.power(below, top - e)) for e, part in parts.items()))

    def is_zero(self, p: Poly) -> bool:
        """Whether a polynomial vanishes wherever its reciprocals exist."""
        return not p or not self.cleared(p)

    def divided(self, p: Poly, q: Poly) -> Poly | None:
        """Return p/q for polynomials without reciprocals and negative exponents, or None if there is a rest."""
        names = sorted({name for m in (*p, *q) for name, _ in m})

        def degree(m: Monomial) -> tuple[int, ...]:
            exponents = dict(m)
            return tuple([exponents.get(name, 0) for name in names])

        lead, quotient = max(q, key=degree), {}
        while p:
            self.meter.spend(len(p) + (len(p) + len(q)) * (1 + len(names)))
            top = max(p, key=degree)
            step = product_of(top, tuple([(name, -e) for name, e in lead]))
            if any(e < 0 for _, e in step):
                return None
            quotient[step] = p[top] / q[lead]
            p = self.plus(p, self.times({step: -quotient[step]}, q))
        return quotient


def product_of(m: Monomial, n: Monomial) -> Monomial:
    """Return the product of two monomials."""
    if not m or not n:
        return m or n
    exponents = dict(m)
    for name, e in n:
        exponents[name] = exponents.get(name, 0) + e
    return tuple(sorted([(name, e) for name, e in exponents.items() if e]))


def by_power(p: Poly, name: str) -> dict[int, Poly]:
    """Return the coefficients of the powers of a name."""
    found: dict[int, Poly] = {}
    for monomial, c in p.items():
        rest = dict(monomial)
        exponent = rest.pop(name, 0)
        found.setdefault(exponent, {})[tuple(rest.items())] = c
    return found


def without_content(p: Poly) -> tuple[set[str], Poly]:
    """Split off the powers of names that all terms of a polynomial have: return the names, and what is left."""
    exponents = [dict(m) for m in p]
    lowest = {name: min([e.get(name, 0) for e in exponents]) for name in {name for e in exponents for name in e}}
    inverse = tuple(sorted((name, -e) for name, e in lowest.items() if e))
    return {name for name, _ in inverse}, {product_of(m, inverse): c for m, c in p.items()}
