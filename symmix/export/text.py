"""Plain text for terminals: ``lam W^T (lam e + (1 - lam) e')``."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from symmix.export.printer import Printer, Strength


class TextPrinter(Printer):
    """Writes mathematics on one line, in ASCII."""

    def name(self, symbol: sp.Basic) -> str:
        """Return the symbol's own name."""
        return str(symbol.name)

    def parenthesised(self, text: str) -> str:
        """Return a text in parentheses."""
        return f"({text})"

    def fraction(self, numerator: str, denominator: sp.Expr, rest: str) -> str:
        """Return ``numerator/denominator rest``."""
        below = self.at_least(denominator, Strength.POWER)
        return f"{numerator}/{below}" + (f" {rest}" if rest else "")

    def raised(self, base: str, exponent: str) -> str:
        """Return ``base^exponent``."""
        return f"{base}^{exponent}"

    def joined(self, factors: Sequence[str], scalars: int = 0) -> str:  # noqa: ARG002 - matrices look the same
        """Return the factors side by side."""
        return " ".join(factors)

    def transposed(self, base: str) -> str:
        """Return ``base^T``."""
        return f"{base}^T"

    def squared_norm(self, inside: str) -> str:
        """Return ``|v|^2``."""
        return f"|{inside}|^2"

    def subscripted(self, base: str, indices: Sequence[str]) -> str:
        """Return ``base[i,j]``."""
        return f"{base}[{','.join(indices)}]"

    def summed(self, indices: Sequence[tuple[str, str]], body: str) -> str:
        """Return ``sum_{i<n} body``."""
        return "".join(f"sum_{{{i}<{size}}} " for i, size in reversed(indices)) + body

    def applied(self, function: str, inside: str) -> str:
        """Return ``function(inside)``."""
        return f"{function}({inside})" if inside else function

    def special(self, node: sp.Basic) -> str:
        """Return ``I``, ``0`` or ``1``."""
        return {"Identity": "I", "ZeroMatrix": "0"}.get(type(node).__name__, "1")

    def gradient(self, scalar: str, wrt: str) -> str:
        """Return ``dL/dz``."""
        return f"d{scalar}/d{wrt}"

    def jacobian(self, column: str, wrt: str) -> str:
        """Return ``d(dL/dz)/dz'``."""
        return f"d{column}/d{wrt}"

    def expected(self, inside: str, random: str) -> str:  # noqa: ARG002 - on a terminal the context says over what
        """Return ``E[...]``."""
        return f"E[{inside}]"

    def at(self, inside: str, values: Sequence[tuple[str, str]]) -> str:
        """Return ``dL/dz {y := s e}``."""
        return f"{inside} {{{', '.join(f'{symbol} := {value}' for symbol, value in values)}}}"

    def entrywise(self, factors: Sequence[str]) -> str:
        """Return the factors with ``o`` between them."""
        return " o ".join(factors)


def text(expression: sp.Basic) -> str:
    """Return an expression as plain text.

    >>> from symmix.notation import W, lam, y, z
    >>> text(lam * W.T * (y - W * z))
    'lam W^T (y - W z)'
    """
    return TextPrinter().print(expression)
