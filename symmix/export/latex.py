r"""LaTeX: ``\lambda\,\bm{W}^{\mathsf T}(\lambda\,\bm{e} + (1-\lambda)\,\bm{e}')``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import sympy as sp

from symmix.export.layout import width
from symmix.export.printer import Piece, Printer, Strength
from symmix.export.symbols import PLAIN, Dialect, expansions, spelled
from symmix.export.terms import signed, tensorial, with_complements
from symmix.language.nodes import Gradient, ScalarExpectation
from symmix.notation import lam

_COLOURS = (r"\sxown", r"\sxcross")
_TALL = re.compile(r"\\(tfrac|bigl|sum|lVert|tilde)|\(|\\sxcomix|\^")
_TALLER = re.compile(r"\\(frac|[bB]igl|sum|underbrace)|\(.*\(")
_SPACED = re.compile(r"\\(sum|operatorname|mathbb|nabla|partial|lVert|[bB]igl\\lVert|delta|tfrac|frac)")


class LatexPrinter(Printer):
    """Writes mathematics for amsmath; vectors and matrices in bold italics.

    Parameters
    ----------
    dialect
        For a paper with macros, plain with ``bm``, or for the web.
    names
        LaTeX for single symbols, instead of the legend's or what their names suggest.
    parts
        Names of parts of sums, which are marked by under-braces wherever all terms of a part occur.
    """

    barred = Strength.POWER

    def __init__(
        self,
        dialect: Dialect = PLAIN,
        names: Mapping[sp.Basic, str] | None = None,
        parts: Mapping[str, sp.Basic] | None = None,
    ) -> None:
        super().__init__()
        self.dialect, self._names, self._parts = dialect, names or {}, parts or {}
        self._pieces: dict[sp.Basic, Piece] = {}

    def name(self, symbol: sp.Basic) -> str:
        """Return the symbol's own LaTeX, the legend's, or a sensible reading of the name."""
        return self._names[symbol] if symbol in self._names else spelled(symbol, self.dialect)

    def piece(self, node: sp.Basic) -> Piece:
        """Return a node with its strength, walked through once."""
        if node not in self._pieces:
            self._pieces[node] = self._piece(node)
        return self._pieces[node]

    def _piece(self, node: sp.Basic) -> Piece:
        """Write 1 - s as one thing."""
        if isinstance(node, sp.Add) and len(node.args) == 2 and node.args[0] == 1:
            symbol = -node.args[1]
            if isinstance(symbol, sp.Symbol):
                return Piece(f"1-{self.name(symbol)}", Strength.SUM)
        return super().piece(node)

    def at_least(self, node: sp.Basic, strength: Strength) -> str:
        """Return a node, in parentheses if it holds together less than needed."""
        if self.dialect.macros and node == 1 - lam and strength > Strength.SUM and lam not in self._names:
            return r"\sxcomix"
        return super().at_least(node, strength)

    # -- sums ------------------------------------------------------------------------------------------------------

    def signed(self, term: sp.Basic) -> tuple[bool, sp.Basic]:
        """Return whether a term is negative, and the term without its sign; s - 1 as a factor is -(1 - s)."""
        negative, body = signed(term)
        turned, body = with_complements(body) if isinstance(body, sp.Mul | sp.MatMul) else (False, body)
        return negative != turned, body

    def groups(self, terms: Sequence[sp.Basic]) -> Sequence[tuple[str, Sequence[sp.Basic]]]:
        """Return the parts that all terms are there of, and the other terms behind them."""
        found, rest = [], list(terms)
        for part, expression in self._parts.items():
            own = expression.args if isinstance(expression, sp.Add | sp.MatAdd) else (expression,)
            if all(term in rest for term in own) and len(own) < len(terms):
                found.append((part, own))
                rest = [term for term in rest if term not in own]
        return [*found, ("", rest)]

    def named(self, part: str, body: str) -> str:
        """Return a part over its name; the first two have a colour besides."""
        place = list(self._parts).index(part)
        if self.dialect.macros and place < len(_COLOURS):
            body = _COLOURS[place] + f"{{{body}}}"
        return rf"{{\underbrace{{{body}}}_{{\text{{{part}}}}}}}"

    # -- products --------------------------------------------------------------------------------------------------

    def needed(self, factor: sp.Basic, *, last: bool) -> Strength:
        """Let a sum or an inner product end a product as it is; a nabla must not seem to reach further than it does."""
        if last:
            inner = isinstance(factor, sp.Trace) and factor.arg.shape == (1, 1)
            return Strength.PRODUCT if inner or isinstance(factor, sp.Sum | sp.OneMatrix) else Strength.POWER
        return Strength.ATOM if isinstance(factor, Gradient) else Strength.POWER

    def beside(self, factors: Sequence[sp.Expr], denominator: sp.Expr) -> tuple[Sequence[sp.Expr], Sequence[sp.Expr]]:
        """Keep numbers and names above the bar; norms and sums stand beside the fraction, as do long products."""

        def plain(factor: sp.Expr) -> bool:
            return not tensorial(factor) and not factor.has(sp.Sum, ScalarExpectation)

        above = [factor for factor in factors if plain(factor)]
        if denominator.is_number:
            numbers = [factor for factor in above if factor.is_number]
            above = numbers or (above if len(above) == 1 and isinstance(above[0], sp.Symbol) else [])
        rest = list(factors)
        for factor in above:
            rest.remove(factor)
        return above, rest

    def alone_above(self, factor: sp.Expr) -> str:
        """Return the only factor above the bar of a fraction: the bar is as good as parentheses."""
        return self.print(factor)

    def fraction(self, numerator: str, denominator: sp.Expr, rest: str) -> str:
        r"""Return ``\frac{numerator}{denominator} rest``."""
        below = self.print(denominator)
        small = max(width(numerator), width(below)) < 2.5
        bar = (r"\tfrac" if small else r"\frac") + f"{{{numerator}}}{{{below}}}"
        return bar + (self.dialect.space + rest if rest else "")

    def raised(self, base: str, exponent: str) -> str:
        """Return ``base^{exponent}``; a base with an exponent needs braces."""
        return f"{base}^{{{exponent}}}"

    def exponent(self, node: sp.Expr) -> str:
        """Return an exponent; its braces are parentheses."""
        return self.print(node)

    def joined(self, factors: Sequence[str], scalars: int = 0) -> str:
        """Return the factors side by side, a little apart where scalars meet matrices."""
        product = factors[0]
        for place, factor in enumerate(factors[1:], start=1):
            apart = place == scalars or _SPACED.match(factor) or (re.search(r"[\d}]$", product) and factor[0].isdigit())
            product = product + self.dialect.space + factor if apart else _beside(product, factor)
        return product

    def transposed(self, base: str) -> str:
        """Return the transpose; behind a prime TeX merges the superscripts."""
        return f"{base}^{{{self.dialect.transpose}}}"

    # -- brackets --------------------------------------------------------------------------------------------------

    def parenthesised(self, text: str) -> str:
        """Return a text in parentheses of its own height."""
        return fenced("(", text, ")")

    def squared_norm(self, inside: str) -> str:
        """Return the squared norm."""
        return fenced(r"\lVert ", inside, r"\rVert") + "^{2}"

    def norm_of(self, column: sp.MatrixExpr, row: sp.MatrixExpr) -> sp.MatrixExpr:
        """Return the one with fewer transposes in it."""
        return row if row.count(sp.Transpose) < column.count(sp.Transpose) else column

    def applied(self, function: str, inside: str) -> str:
        """Return a function of something."""
        if function == "delta":
            return r"\delta"
        return rf"\operatorname{{{function}}}" + fenced("(", inside, ")")

    def expected(self, inside: str, random: str) -> str:
        """Return an expectation with the symbol that is averaged over."""
        return rf"\mathbb{{E}}_{{{random}}}" + fenced("[", inside, "]")

    def by_entries(self, body: str, indices: Sequence[tuple[str, str]]) -> str:
        """Return a matrix by its entries, with the ranges of the indices."""
        below = ",".join(rf"{index} \le {size}" for index, size in indices)
        return fenced("[", body, "]") + (f"_{{{below}}}" if below else "")

    def at(self, inside: str, values: Sequence[tuple[str, str]]) -> str:
        """Return the expression with a bar and the values below."""
        below = ",".join(rf"{symbol} \leftarrow {value}" for symbol, value in values)
        return rf"{inside}\big|_{{{below}}}"

    def entrywise(self, factors: Sequence[str]) -> str:
        """Return a Hadamard product."""
        return r" \circ ".join(factors)

    # -- atoms and operators ---------------------------------------------------------------------------------------

    def subscripted(self, base: str, indices: Sequence[str]) -> str:
        """Return an entry, a row or a column."""
        separator = "," if ":" in indices else " "
        written = expansions()[base][0] if base in expansions() else base
        base = f"{{{base}}}" if "_" in written else base  # TeX refuses a second subscript
        return f"{base}_{{{separator.join(indices)}}}"

    def summed(self, indices: Sequence[tuple[str, str]], body: str) -> str:
        """Return a sum."""
        return "".join(rf"\sum_{{{i}=1}}^{{{size}}}" + self.dialect.space for i, size in reversed(indices)) + body

    def special(self, node: sp.Basic) -> str:
        """Return an identity, zero or all-ones matrix with its size."""
        rows, columns = (self.print(size) for size in node.shape)
        if isinstance(node, sp.Identity):
            return "1" if node.shape == (1, 1) else rf"{self.dialect.matrix % 'I'}_{{{rows}}}"
        if isinstance(node, sp.ZeroMatrix):
            return "0" if node.shape == (1, 1) else rf"{self.dialect.matrix % '0'}_{{{rows}\times {columns}}}"
        return rf"{self.dialect.vector % '1'}_{{{rows}}}"

    def gradient(self, scalar: str, wrt: str) -> str:
        """Return the gradient with a nabla."""
        return _beside(rf"\nabla_{{{wrt}}}", scalar)

    def jacobian(self, column: str, wrt: str) -> str:
        """Return the Jacobian as a partial derivative."""
        return _beside(rf"\partial_{{{wrt}}}", column)


def fenced(left: str, text: str, right: str) -> str:
    r"""Return a text between brackets that are as high as it needs, never by ``\left``."""
    if _TALLER.search(text):
        return rf"\Bigl{left}{text}\Bigr{right}"
    return rf"\bigl{left}{text}\bigr{right}" if _TALL.search(text) else f"{left}{text}{right}"


def _beside(left: str, right: str) -> str:
    """Return two pieces of LaTeX side by side; a command ends before a letter."""
    return f"{left} {right}" if re.search(r"\\[A-Za-z]+$", left) and right[:1].isalpha() else left + right


def latex(expression: sp.Basic) -> str:
    r"""Return an expression as LaTeX for amsmath and bm.

    In a notebook, ``sympy.init_printing(latex_printer=lambda expression, **_: latex(expression))`` shows all SymPy
    expressions that way, and :func:`symmix.show` a single one.

    >>> from symmix.notation import W, y, z
    >>> print(latex(y - W * z))
    \bm{y} - \bm{W}\bm{z}
    """
    return LatexPrinter().print(expression)
