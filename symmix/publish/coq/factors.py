"""Taking products apart: signs, scalars, matrices, and what is divided by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from symmix.publish.coq.axes import outside
from symmix.terms import nodes as t

ONE = t.Number(Fraction(1))
_LONGEST = 20  # factors of a power of a map that is written out


@dataclass(frozen=True)
class Factors:
    """A product: scalars in their order over scalars, times matrices in theirs; perhaps negative."""

    minus: bool
    scalars: tuple[t.Expression, ...]
    below: tuple[t.Expression, ...]
    matrices: tuple[t.Expression, ...]

    @classmethod
    def of(cls, node: t.Expression) -> Factors:
        """Take a node apart; in a product that is a scalar, the matrices among its factors are kept, too."""
        minus, node = signed(node)
        scalars, below, matrices = _apart(node)
        return cls(minus, tuple(scalars), tuple(below), tuple(matrices))


def signed(term: t.Expression) -> tuple[bool, t.Expression]:
    """Take the sign out of a term."""
    match term:
        case t.Number(value=value) if value < 0:
            return True, t.Number(-value)
        case t.Multiply(factors=(first, *rest)):
            minus, positive = signed(first)
            kept = rest if minus and positive == ONE else [positive, *rest]
            return (True, kept[0] if len(kept) == 1 else t.Multiply(tuple(kept))) if minus else (False, term)
        case t.Quotient(numerator=numerator, denominator=denominator):
            minus, positive = signed(numerator)
            return (True, t.Quotient(positive, denominator)) if minus else (False, term)
    return False, term


def divisors(denominator: t.Expression) -> Iterator[t.Expression]:
    """Run through the factors of a denominator that may be zero: it is zero if one of them is."""
    match denominator:
        case t.Number(value=value):
            if not value:
                raise outside(denominator, "a division by zero")
        case t.Multiply(factors=factors):
            for factor in factors:
                yield from divisors(factor)
        case t.Quotient(numerator=numerator, denominator=below):
            yield from divisors(numerator)
            yield from divisors(below)
        case t.Power(base=base, exponent=exponent):
            yield from divisors(base) if exponent else ()
        case _:
            yield denominator


Apart = tuple[list[t.Expression], list[t.Expression], list[t.Expression]]  # scalars, denominators, matrices


def _apart(node: t.Expression) -> Apart:
    match node:
        case t.Multiply(factors=factors):
            parts = [_apart(factor) if _opens(factor) else ([factor], [], []) for factor in factors]
            scalars, below, matrices = ([one for part in kind for one in part] for kind in zip(*parts, strict=True))
            return scalars, below, matrices
        case t.Quotient(numerator=numerator, denominator=denominator):
            scalars, below, matrices = _apart(numerator) if _opens(numerator) else ([numerator], [], [])
            return scalars, [*below, denominator], matrices
        case t.Power(base=base, exponent=exponent) if base.shape != t.SCALAR:
            if exponent > _LONGEST:
                raise outside(node, f"a power of a map above {_LONGEST}")
            return [], [], [base] * exponent or [t.Identity(base.shape[0])]
    return ([node], [], []) if node.shape == t.SCALAR else ([], [], [node])


def _opens(factor: t.Expression) -> bool:
    """Whether a factor can be multiplied out of its brackets: what is a scalar by matrices in it cannot."""
    return factor.shape != t.SCALAR or not (isinstance(factor, t.Multiply) and factor.matrices)
