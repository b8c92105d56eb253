"""Plain text for terminals: ``lam W^T (lam e + (1 - lam) e')``."""

from __future__ import annotations

from collections.abc import Sequence

from symmix.printing.printer import Piece, Printer, Strength, is_quotient
from symmix.printing.symbols import Axes
from symmix.terms import nodes as t
from symmix.terms.names import ONE_SIZE


class TextPrinter(Printer):
    """Writes mathematics on one line, in ASCII."""

    def name(self, name: str, axes: Axes = ()) -> str:  # noqa: ARG002 - what has axes looks the same
        """Return the name itself."""
        return name

    def parenthesised(self, text: str) -> str:
        """Return a text in parentheses."""
        return f"({text})"

    def quotient(self, numerator: t.Expression, denominator: t.Expression) -> str:
        """Return ``numerator/denominator``: of ``a b/c d``, a b is divided by c, and multiplied by d."""
        plain = isinstance(numerator, t.Multiply) and not any(map(is_quotient, numerator.factors))
        above = self.at_least(numerator, Strength.PRODUCT if plain else Strength.POWER)
        return f"{above}/{self.at_least(denominator, Strength.POWER)}"

    def joined(self, factors: Sequence[str], scalars: int = 0) -> str:  # noqa: ARG002 - matrices look the same
        """Return the factors side by side."""
        return " ".join(factors)

    def raised(self, base: str, exponent: str) -> str:
        """Return ``base^exponent``."""
        return f"{base}^{exponent}"

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
        return "".join(f"sum_{{{i}<{size}}} " for i, size in indices) + body

    def applied(self, function: str, inside: str) -> str:
        """Return ``function(inside)``."""
        return f"{function}({inside})" if inside else function

    def special(self, node: t.Identity | t.Zeros | t.Ones) -> str:
        """Return ``I_k``, ``0_k``, ``0_{k x h}`` or ``1_n``."""
        rows, columns = node.shape
        if isinstance(node, t.Identity):
            return f"I_{rows}"
        sizes = rows if columns == ONE_SIZE else f"{{{rows} x {columns}}}"
        return f"{'0' if isinstance(node, t.Zeros) else '1'}_{sizes}"

    def derivative(self, node: t.Derivative) -> Piece:
        """Return ``dL/dz``, ``d(dL/dz)/dz'``; what is long is set off in a product; of a scalar a Jacobian is a row."""
        whole = self.print(node.of)
        inside = whole if isinstance(node.of, t.Symbol) else self.parenthesised(whole)
        strength = Strength.PRODUCT if inside.startswith("(") else Strength.POWER
        written = Piece(f"d{inside}/d{self.print(node.by)}", strength)
        if isinstance(node, t.Jacobian) and node.of.shape == t.SCALAR and node.by.shape != t.SCALAR:
            return Piece(self.transposed(self.parenthesised(written.text)), Strength.POWER)
        return written

    def expected(self, inside: str, random: str) -> str:
        """Return ``E_lam[...]``."""
        return f"E_{random}[{inside}]"

    def by_entries(self, body: str, indices: Sequence[tuple[str, str]]) -> str:
        """Return ``[u[i] v[j]]_{i<n,j<m}``."""
        return f"[{body}]_{{{','.join(f'{index}<{size}' for index, size in indices)}}}"

    def at(self, inside: str, values: Sequence[tuple[str, str]]) -> str:
        """Return ``dL/dz {y := s e}``."""
        return f"{inside} {{{', '.join(f'{symbol} := {value}' for symbol, value in values)}}}"

    def entrywise(self, factors: Sequence[str]) -> str:
        """Return the factors with ``o`` between them."""
        return " o ".join(factors)


def text(expression: object) -> str:
    """Return an expression, of SymPy's or a tree, as plain text.

    >>> from symmix.notation import W, lam, y, z
    >>> text(lam * W.T * (y - W * z))
    'lam W^T (y - W z)'
    """
    if isinstance(expression, t.Expression):
        return TextPrinter().print(expression)
    from symmix.language import read  # noqa: PLC0415  # SymPy is for SymPy's expressions

    return TextPrinter().print(read(expression))
