r"""LaTeX: ``\lambda W^{\mathsf T}(\lambda e + (1-\lambda) e')``."""

from __future__ import annotations

import re
from collections.abc import Sequence

import sympy as sp

from symmix.export.printer import Printer
from symmix.notation import lookup

_TRANSPOSE = r"^{\mathsf T}"
_GREEK = re.compile(r"[A-Za-z]{2,}")


class LatexPrinter(Printer):
    """Writes mathematics for amsmath; vectors and matrices in bold italics."""

    def name(self, symbol: sp.Basic) -> str:
        """Return the legend's LaTeX, or a sensible reading of the name: ``mu`` is a Greek letter, ``x'`` a prime."""
        entry = lookup(str(symbol.name))
        latex = entry.latex if entry is not None and entry.symbol == symbol else sp.latex(sp.Symbol(symbol.name))
        if not isinstance(symbol, sp.MatrixExpr) or symbol.shape == (1, 1):
            return str(latex)
        primes = len(latex) - len(latex.rstrip("'"))
        return rf"\bm{{{latex[: len(latex) - primes]}}}" + "'" * primes

    def parenthesised(self, text: str) -> str:
        """Return a text in parentheses of its own height."""
        return rf"\bigl({text}\bigr)" if len(_GREEK.sub("x", text)) > 12 else f"({text})"

    def fraction(self, numerator: str, denominator: sp.Expr, rest: str) -> str:
        r"""Return ``\frac{numerator}{denominator} rest``."""
        return rf"\tfrac{{{numerator}}}{{{self.print(denominator)}}}" + (rf"\,{rest}" if rest else "")

    def raised(self, base: str, exponent: str) -> str:
        """Return ``base^{exponent}``."""
        return f"{base}^{{{exponent}}}"

    def exponent(self, node: sp.Expr) -> str:
        """Return an exponent; its braces are parentheses."""
        return self.print(node)

    def joined(self, factors: Sequence[str]) -> str:
        """Return the factors side by side."""
        return r"\,".join(factors)

    def transposed(self, base: str) -> str:
        """Return the transpose; behind a prime TeX merges the superscripts."""
        return base + _TRANSPOSE

    def squared_norm(self, inside: str) -> str:
        """Return the squared norm."""
        return rf"\bigl\lVert {inside}\bigr\rVert^{{2}}"

    def subscripted(self, base: str, indices: Sequence[str]) -> str:
        """Return an entry."""
        return f"{base}_{{{' '.join(indices)}}}"

    def summed(self, indices: Sequence[tuple[str, str]], body: str) -> str:
        """Return a sum."""
        return "".join(rf"\sum_{{{i}=1}}^{{{size}}} " for i, size in reversed(indices)) + body

    def applied(self, function: str, inside: str) -> str:
        """Return a function of something."""
        if function == "delta":
            return r"\delta"
        return rf"\operatorname{{{function}}}({inside})"

    def special(self, node: sp.Basic) -> str:
        """Return an identity, zero or all-ones matrix."""
        return {"Identity": r"\bm{I}", "ZeroMatrix": r"\bm{0}"}.get(type(node).__name__, r"\bm{1}")

    def gradient(self, scalar: str, wrt: str) -> str:
        """Return the gradient with a nabla."""
        return rf"\nabla_{{\!{wrt}}}{scalar}"

    def jacobian(self, column: str, wrt: str) -> str:
        """Return the Jacobian as a partial derivative."""
        return rf"\partial_{{{wrt}}}{column}"

    def expected(self, inside: str) -> str:
        """Return an expectation."""
        return rf"\mathbb{{E}}\bigl[{inside}\bigr]"

    def at(self, inside: str, values: Sequence[tuple[str, str]]) -> str:
        """Return the expression with a bar and the values below."""
        below = r",\,".join(rf"{symbol}\leftarrow {value}" for symbol, value in values)
        return rf"{inside}\big|_{{{below}}}"

    def entrywise(self, factors: Sequence[str]) -> str:
        """Return a Hadamard product."""
        return r" \circ ".join(factors)


def latex(expression: sp.Basic) -> str:
    r"""Return an expression as LaTeX for amsmath and bm.

    >>> from symmix.notation import W, y, z
    >>> print(latex(y - W * z))
    \bm{y} - \bm{W}\,\bm{z}
    """
    return LatexPrinter().print(expression)
