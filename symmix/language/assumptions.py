"""What SymPy knows of a symbol: conditions that every value meets, or a reason to refuse it."""

from __future__ import annotations

from fractions import Fraction

import sympy as sp

from symmix.errors import NotationError, UnsupportedError
from symmix.terms import nodes as t
from symmix.terms import statements as s

_MEANT = frozenset(  # what a condition, a whole number or nothing at all stands for
    {"commutative", "real", "complex", "finite", "hermitian", "integer", "rational"}
    | {"positive", "negative", "nonnegative", "nonpositive", "nonzero", "zero"}
    | {"extended_real", "extended_positive", "extended_negative", "extended_nonnegative", "extended_nonpositive"}
    | {"extended_nonzero", "infinite", "imaginary", "algebraic"}
)
_STRICT: tuple[s.Sign, ...] = (">", "<")
_WEAK: tuple[s.Sign, ...] = (">=", "<=")
_SIGNS: tuple[tuple[s.Sign, str], ...] = (
    (">", "is_positive"),
    ("<", "is_negative"),
    (">=", "is_nonnegative"),
    ("<=", "is_nonpositive"),
)


def require_real(symbol: sp.Symbol) -> None:
    """Refuse a scalar symbol that is no real number, or of which SymPy knows what no condition can say."""
    given = symbol._assumptions_orig
    if not symbol.is_commutative:
        raise _refused(symbol, "a scalar that commutes", "declare a MatrixSymbol for what does not commute")
    unreal = [symbol.is_real, symbol.is_extended_real, symbol.is_finite, symbol.is_complex]
    open_complex = given.get("complex") is True and not symbol.is_real
    if False in unreal or open_complex:
        raise _refused(symbol, "a real number as scalar", "declare it with real=True")
    beyond = [name for name, value in given.items() if name.startswith("extended_") and value and not symbol.is_real]
    if beyond:
        raise _refused(
            symbol, "a finite real number as scalar", f"declare it with {beyond[0][len('extended_') :]}=True"
        )
    unknown = sorted(name for name in given if name not in _MEANT)
    if unknown or symbol.is_integer is False:  # as it is of what is irrational
        raise _refused(
            symbol,
            "assumptions that conditions can say: real, positive, negative, nonnegative, nonpositive, nonzero, integer",
            "leave the others out; state what it satisfies as a hypothesis",
        )
    if symbol.is_zero:
        raise _refused(symbol, "a scalar that is not known to be zero", "write 0")


def require_size(symbol: sp.Symbol, *, as_number: bool = False) -> None:
    """Refuse a size that is no positive whole number; one that is used as a number has to be known to be one."""
    impossible = (symbol.is_integer, symbol.is_positive, symbol.is_real, symbol.is_commutative, symbol.is_finite)
    odd = set(symbol._assumptions_orig) - {"commutative", "integer", "positive", "nonzero", "nonnegative", "real"}
    unknown = as_number and not (symbol.is_integer and symbol.is_positive)
    if False in impossible or odd - {"finite", "rational", "complex"} or unknown:
        raise NotationError(
            "a size that is a positive whole number" + (", where it is used as a number too" if as_number else ""),
            sp.srepr(symbol),
            f"declare it as Symbol({str(symbol.name)!r}, integer=True, positive=True), or rename one of the two",
        )


def require_index(symbol: sp.Symbol, first: int = 0) -> None:
    """Refuse an index of which SymPy knows that it is not each of the whole numbers from ``first`` on."""
    impossible = (symbol.is_integer, symbol.is_nonnegative, symbol.is_real, symbol.is_commutative)
    some = symbol.is_even is not None or symbol.is_prime or symbol.is_composite  # of the whole numbers only
    if False in impossible or some or (first == 0 and symbol.is_zero is False):
        raise NotationError(
            f"an index that is a whole number from {first} on",
            sp.srepr(symbol),
            f"declare it as Symbol({str(symbol.name)!r}, integer=True)",
        )


def conditions_of(symbol: sp.Symbol) -> list[s.Condition]:
    """Return what SymPy's assumptions say of a scalar symbol, as conditions."""
    scalar, zero = t.Symbol(str(symbol.name)), t.Number(Fraction(0))
    known = {sign: getattr(symbol, name) for sign, name in _SIGNS}
    if known[">"] is False:
        known["<="] = True  # of a real number
    if known["<"] is False:
        known[">="] = True
    strict = [sign for sign in _STRICT if known[sign]]
    signs = strict or [sign for sign in _WEAK if known[sign]]
    if symbol.is_zero is False and not strict:
        signs.append("!=")
    return [s.Condition(scalar, sign, zero) for sign in signs]


def _refused(symbol: sp.Symbol, required: str, remedy: str) -> UnsupportedError:
    return UnsupportedError(required, sp.srepr(symbol), remedy)
