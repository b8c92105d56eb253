"""Coefficients: polynomials with rational coefficients in named scalars.

A polynomial is a finite map from *powers* to non-zero rationals, so two polynomials are equal as functions exactly
when the maps are equal: zero is decidable here, and nothing needs to be simplified. Exponents may be negative (a
Laurent polynomial): ``1/n`` is the name ``n`` to the power -1, and then ``n`` is assumed not to be zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache, reduce

from symmix.errors import UnsupportedError
from symmix.metering import spend

Rational = int | Fraction
Powers = tuple[tuple[str, int], ...]  # (name, exponent), sorted by name, no exponent zero


def exact(value: Rational) -> Rational:
    """Return a rational as the int that it is, where it is whole: ints are quick. A float has no denominator."""
    return value.numerator if value.denominator == 1 else value


class Polynomial:
    """A Laurent polynomial over the rationals; immutable, hashable, and always in normal form.

    >>> lam = Polynomial.variable("lam")
    >>> lam * (1 - lam) + lam**2 == lam
    True
    """

    __slots__ = ("_hash", "terms")

    terms: Mapping[Powers, Rational]

    def __init__(self, terms: Iterable[tuple[Powers, Rational]] = ()) -> None:
        collected: dict[Powers, Rational] = {}
        for powers, value in terms:
            collected[powers] = collected[powers] + value if powers in collected else value
        self.terms = {powers: c if type(c) is int else exact(c) for powers, c in collected.items() if c}
        self._hash: int | None = None

    @classmethod
    def constant(cls, value: Rational) -> Polynomial:
        """Return the polynomial without variables that is ``value`` everywhere; a float is refused."""
        if not isinstance(value, int | Fraction):
            raise UnsupportedError(
                "an integer or a Fraction as a coefficient",
                f"{value!r} of type {type(value).__name__}",
                "write the exact value, Fraction(1, 2) for 0.5",
            )
        return cls([((), value)])

    @classmethod
    def variable(cls, name: str, exponent: int = 1) -> Polynomial:
        """Return the named scalar, to a power."""
        return cls([(((name, exponent),) if exponent else (), 1)])

    def __add__(self, other: Polynomial | Rational) -> Polynomial:
        if not isinstance(other, Polynomial | int | Fraction):
            return NotImplemented
        return Polynomial([*self.terms.items(), *_lift(other).terms.items()])

    def __mul__(self, other: Polynomial | Rational) -> Polynomial:
        if not isinstance(other, Polynomial):
            if not isinstance(other, int | Fraction):
                return NotImplemented  # an expression knows how to be scaled; a float would end exactness
            return Polynomial([(powers, c * other) for powers, c in self.terms.items()])
        spend(len(self.terms) * len(other.terms))
        if self is ONE or other is ONE:  # most factors are
            return other if self is ONE else self
        return Polynomial([(_times(x, y), a * b) for x, a in self.terms.items() for y, b in other.terms.items()])

    def __pow__(self, exponent: int) -> Polynomial:
        if exponent >= 0:
            return reduce(lambda product, _: product * self, range(exponent), ONE)
        inverse = self.reciprocal()
        if inverse is None:
            raise UnsupportedError(
                "a single non-zero term under a negative exponent",
                f"({self})**{exponent}",
                "name the reciprocal as a scalar of its own and clear it from the statement",
            )
        return inverse**-exponent

    __radd__ = __add__
    __rmul__ = __mul__

    def __neg__(self) -> Polynomial:
        return self * -1

    def __sub__(self, other: Polynomial | Rational) -> Polynomial:
        return self + -_lift(other)

    def __rsub__(self, other: Rational) -> Polynomial:
        return -self + other

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Polynomial):
            return NotImplemented
        return self.terms == other.terms

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(frozenset(self.terms.items()))
        return self._hash

    @property
    def is_zero(self) -> bool:
        """Whether this is the zero polynomial: exact, not a guess."""
        return not self.terms

    @property
    def names(self) -> frozenset[str]:
        """The scalars that occur."""
        return frozenset(name for powers in self.terms for name, _ in powers)

    @property
    def divisors(self) -> frozenset[str]:
        """The scalars that occur with a negative exponent: they must not be zero."""
        return frozenset(name for powers in self.terms for name, exponent in powers if exponent < 0)

    def reciprocal(self) -> Polynomial | None:
        """Return 1/self if self is a single term, else None: only terms are units among Laurent polynomials."""
        if len(self.terms) != 1:
            return None
        ((powers, c),) = self.terms.items()
        return Polynomial([(tuple((name, -e) for name, e in powers), Fraction(1, c))])

    def map_powers(self, name: str, image: Mapping[int, Polynomial]) -> Polynomial:
        """Return the linear image of self under ``name**d -> image[d]``: an expectation is such a map on moments."""
        total = [ZERO]
        for powers, c in self.terms.items():
            exponents = dict(powers)
            d = exponents.pop(name, 0)
            if d not in image:
                raise UnsupportedError(
                    f"a moment of {name} for each power that occurs",
                    f"{name}**{d}; there are moments for the powers {sorted(image)}",
                    "give that moment too",
                )
            total.append(Polynomial([(tuple(exponents.items()), c)]) * image[d])
        return added(total)

    def value(self, at: Mapping[str, Rational]) -> Rational:
        """Return the exact value at rational arguments, an int where it is whole; a missing name raises KeyError."""
        top, bottom = 0, 1  # one fraction at the end instead of one for each power
        for powers, c in self.terms.items():
            above, below = c.numerator, c.denominator
            for name, e in powers:
                n, d = at[name].numerator, at[name].denominator
                above, below = (above * n**e, below * d**e) if e > 0 else (above * d**-e, below * n**-e)
            top, bottom = top * below + above * bottom, bottom * below
        return top if bottom == 1 else exact(Fraction(top, bottom))

    def __str__(self) -> str:
        if not self.terms:
            return "0"
        ordered = sorted(self.terms.items(), key=lambda item: [(n, -e) for n, e in item[0]])
        text = " + ".join(_term_text(powers, c) for powers, c in ordered)
        return text.replace("+ -", "- ")

    def __repr__(self) -> str:
        return f"Polynomial({self})"


def added(several: Sequence[Polynomial]) -> Polynomial:
    """Return the sum of one polynomial or more, collected once."""
    return several[0] if len(several) == 1 else Polynomial([item for p in several for item in p.terms.items()])


def _lift(value: Polynomial | Rational) -> Polynomial:
    return value if isinstance(value, Polynomial) else Polynomial.constant(value)


@lru_cache(maxsize=1 << 14)
def _times(left: Powers, right: Powers) -> Powers:
    if not left or not right:
        return left or right
    exponents = dict(left)
    for name, exponent in right:
        exponents[name] = exponents.get(name, 0) + exponent
    return tuple(sorted([item for item in exponents.items() if item[1]]))


def _term_text(powers: Powers, c: Rational) -> str:
    factors = [name if e == 1 else f"{name}**{e}" for name, e in powers]
    if not factors:
        return str(c)
    sign = "-" if c < 0 else ""
    lead = [] if abs(c) == 1 else [str(abs(c))]
    return sign + "*".join(lead + factors)


ZERO = Polynomial()
ONE = Polynomial.constant(1)
