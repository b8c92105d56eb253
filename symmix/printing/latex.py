r"""LaTeX: ``\lambda\,\bm{W}^{\mathsf T}(\lambda\,\bm{e} + (1-\lambda)\,\bm{e}')``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import groupby

from symmix.language import read
from symmix.printing.layout import width
from symmix.printing.order import ordered
from symmix.printing.printer import Piece, Printer, Strength, is_quotient
from symmix.printing.signs import transposes
from symmix.printing.symbols import PLAIN, SIZE, Axes, Dialect, expansions, joined, spelled, suggested
from symmix.terms import nodes as t
from symmix.terms.base import Node
from symmix.terms.names import ONE_SIZE

_COLOURS = (r"\sxown", r"\sxcross")
_TALL = re.compile(r"\\(tfrac|bigl|sum|lVert|tilde)|\(|\\sxcomix|\^")
_TALLER = re.compile(r"\\(frac|[bB]igl|sum|underbrace)|\(.*\(")
_SPACED = re.compile(r"\\(sum|operatorname|mathrm\{tr|mathbb|nabla|partial|lVert|[bB]igl\\lVert|delta|tfrac|frac)")
_NUMBER = re.compile(r"\d+|\\t?frac\{(?:[-\d{}]|\\t?frac)+\}")  # or a fraction of nothing but numbers
_RATIO = t.Symbol("lam")
_PLAIN = (t.Number, t.Size, t.Symbol, t.Add, t.Multiply, t.Quotient, t.Power)


class LatexPrinter(Printer):
    """Writes mathematics for amsmath; vectors and matrices in bold italics.

    Parameters
    ----------
    dialect
        For a paper with macros, plain with ``bm``, or for the web.
    names
        LaTeX for single symbols by name, instead of the legend's or what their names suggest; empty for what a name
        suggests although the legend has it.
    parts
        Names of parts of sums, which are marked by under-braces wherever all terms of a part occur.
    moved
        Whether factors and terms may be put in the order in which people write them.
    """

    barred = Strength.POWER

    def __init__(
        self,
        dialect: Dialect = PLAIN,
        names: Mapping[str, str] | None = None,
        parts: Mapping[str, t.Expression] | None = None,
        *,
        moved: bool = True,
    ) -> None:
        self.dialect, self._names = dialect, names or {}
        self._moved, self._written = moved, parts or {}
        self._parts = {part: ordered(x) if moved else x for part, x in self._written.items()}
        self._pieces: dict[t.Expression, Piece] = {}

    def print(self, expression: t.Expression) -> str:
        """Return the expression as one line, factors and terms in the order in which people write them."""
        moves = self._moved and isinstance(expression, t.Expression)
        return super().print(ordered(expression) if moves else expression)

    def as_written(self) -> LatexPrinter:
        """Return a printer that keeps the order of the statement: two sides may differ in nothing else."""
        return LatexPrinter(self.dialect, self._names, self._written, moved=False)

    def name(self, name: str, axes: Axes = ()) -> str:
        """Return the symbol's own LaTeX, the legend's, or a sensible reading of the name."""
        if name.isdigit():
            return name  # a size that is a number
        if name not in self._names:
            return spelled(name, axes, self.dialect)
        return self._names[name] or suggested(name, axes, self.dialect)

    def piece(self, node: t.Expression) -> Piece:
        """Return a node with its strength, walked through once; 1 - s is written as one thing."""
        if node not in self._pieces:
            other = _complemented(node)
            whole = None if other is None else Piece(f"1-{self.name(other.name)}", Strength.SUM)
            self._pieces[node] = whole or super().piece(node)
        return self._pieces[node]

    def at_least(self, node: t.Expression, strength: Strength) -> str:
        """Return a node, in parentheses if it holds together less than needed."""
        ratio = self.dialect.macros and strength > Strength.SUM and _complemented(node) == _RATIO
        return r"\sxcomix" if ratio and _RATIO.name not in self._names else super().at_least(node, strength)

    # -- sums ------------------------------------------------------------------------------------------------------

    def named(self, part: str, body: str) -> str:
        """Return a part over its name; the first two have a colour besides."""
        place = list(self._parts).index(part)
        if self.dialect.macros and place < len(_COLOURS):
            body = _COLOURS[place] + f"{{{body}}}"
        return rf"{{\underbrace{{{body}}}_{{\text{{{part}}}}}}}"

    # -- products --------------------------------------------------------------------------------------------------

    def needed(self, factor: t.Expression, before: Sequence[t.Expression], *, last: bool) -> Strength:
        """Let a bar be parentheses, and a sum end a product; a nabla must not seem to reach further than it does."""
        if _is_bar(factor):
            return Strength.PRODUCT
        if isinstance(factor, t.Gradient | t.Jacobian) and not last:
            return Strength.ATOM
        inner = isinstance(factor, t.Trace) and factor.of.shape == t.SCALAR
        alone = all(other.shape == t.SCALAR for other in before)
        ends = isinstance(factor, t.Total | t.Ones) or (inner and alone)
        return Strength.PRODUCT if last and ends else Strength.POWER

    def quotient(self, numerator: t.Expression, denominator: t.Expression) -> str:
        r"""Return ``\frac{a}{b}``, or ``\frac{a}{b} c``: norms, sums and matrices stand beside the bar."""
        above, beside = _parted(numerator, denominator)
        if beside:
            fraction = t.Quotient(_product(above) if above else t.Number(Fraction(1)), denominator)
            return self.print(t.Multiply((fraction, *beside)))
        over, below = self.print(numerator), self.print(denominator)
        small = max(width(over), width(below)) < 2.5
        return (r"\tfrac" if small else r"\frac") + f"{{{over}}}{{{below}}}"

    def joined(self, factors: Sequence[str], scalars: int = 0) -> str:
        """Return the factors side by side, a little apart where scalars meet matrices."""
        product = factors[0]
        for place, factor in enumerate(factors[1:], start=1):
            if _NUMBER.fullmatch(factor) and _NUMBER.fullmatch(factors[place - 1]):
                product = rf"{product} \cdot {factor}"
                continue
            apart = place == scalars or _SPACED.match(factor) or (re.search(r"[\d}]$", product) and factor[0].isdigit())
            product = product + self.dialect.space + factor if apart else joined(product, factor)
        return product

    def raised(self, base: str, exponent: str) -> str:
        """Return ``base^{exponent}``."""
        return f"{base}^{{{exponent}}}"

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

    def norm_of(self, column: t.Expression, row: t.Expression) -> t.Expression:
        """Return the one with fewer transposes in it."""
        return row if transposes(row) < transposes(column) else column

    def applied(self, function: str, inside: str) -> str:
        """Return a function of something."""
        if function == "delta":
            return r"\delta"
        return self.dialect.operator % function + fenced("(", inside, ")")

    def expected(self, inside: str, random: str) -> str:
        """Return an expectation with the symbol that is averaged over."""
        return rf"\mathbb{{E}}_{{{random}}}" + fenced("[", inside, "]")

    def by_entries(self, body: str, indices: Sequence[tuple[str, str]]) -> str:
        """Return a matrix by its entries, with the ranges of the indices."""
        below = ",".join(rf"{index} \le {size}" for index, size in indices)
        return fenced("[", body, "]") + f"_{{{below}}}"

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
        base = f"({base})" if "_" in written else base  # TeX refuses a second subscript
        return f"{base}_{{{separator.join(indices)}}}"

    def position(self, name: str) -> str:
        """Return an index; a number counts from 1 on, as sums do."""
        return str(int(name) + 1) if name.isdigit() else super().position(name)

    def summed(self, indices: Sequence[tuple[str, str]], body: str) -> str:
        """Return a sum; indices of one size share a sign."""
        signs = [
            rf"\sum_{{{','.join(index for index, _ in some)}=1}}^{{{size}}}" + self.dialect.space
            for size, some in groupby(indices, key=lambda index: index[1])
        ]
        return "".join(signs) + body

    def special(self, node: t.Identity | t.Zeros | t.Ones) -> str:
        """Return an identity or zero matrix, or a column of ones, with its size."""
        rows, columns = (size if size == ONE_SIZE else self.name(size, SIZE) for size in node.shape)
        digit = {t.Identity: "I", t.Zeros: "0", t.Ones: "1"}[type(node)]
        if node.shape == t.SCALAR:
            return "0" if digit == "0" else "1"
        below = rf"{rows}\times {columns}" if digit == "0" else rows
        style = self.dialect.vector if digit == "1" else self.dialect.matrix
        return f"{style % digit}_{{{below}}}"

    def derivative(self, node: t.Derivative) -> Piece:
        """Return the gradient with a nabla, a Jacobian and what is by a scalar as a partial derivative."""
        sign = r"\nabla" if isinstance(node, t.Gradient) and node.by.axes else r"\partial"
        inside = self.at_least(node.of, Strength.ATOM)
        return Piece(joined(rf"{sign}_{{{self.print(node.by)}}}", inside), Strength.POWER)


def _complemented(node: Node) -> t.Symbol | None:
    """Return the s of 1 - s."""
    match node:
        case t.Add(terms=(t.Number(value=1), t.Multiply(factors=(t.Number(value=-1), t.Symbol() as symbol)))):
            return symbol if not symbol.axes else None
    return None


def _is_plain(node: t.Expression) -> bool:
    """Whether a factor is built from numbers and scalar symbols."""
    return all(isinstance(part, _PLAIN) and not (isinstance(part, t.Symbol) and part.axes) for part in node.walk())


def _is_bar(node: t.Expression) -> bool:
    """Whether a node is written as a fraction with nothing beside its bar, which is as good as parentheses."""
    return is_quotient(node) and not (isinstance(node, t.Quotient) and _parted(node.numerator, node.denominator)[1])


def _parted(
    numerator: t.Expression, denominator: t.Expression
) -> tuple[Sequence[t.Expression], Sequence[t.Expression]]:
    """Return the factors above a bar, and those beside it: over a number, a product of symbols stands beside."""
    factors = numerator.factors if isinstance(numerator, t.Multiply) else (numerator,)
    above = [factor for factor in factors if _is_plain(factor)]
    if isinstance(denominator, t.Number) and not isinstance(numerator, t.Symbol | t.Size):
        above = [factor for factor in above if isinstance(factor, t.Number)]
    return above, [factor for factor in factors if factor not in above]


def _product(factors: Sequence[t.Expression]) -> t.Expression:
    return factors[0] if len(factors) == 1 else t.Multiply(tuple(factors))


def fenced(left: str, text: str, right: str) -> str:
    r"""Return a text between brackets that are as high as it needs, never by ``\left``."""
    if _TALLER.search(text):
        return rf"\Bigl{left}{text}\Bigr{right}"
    return rf"\bigl{left}{text}\bigr{right}" if _TALL.search(text) else f"{left}{text}{right}"


def latex(expression: object) -> str:
    r"""Return an expression, of SymPy's or a tree, as LaTeX for amsmath and bm.

    In a notebook, ``sympy.init_printing(latex_printer=lambda expression, **_: latex(expression))`` shows all SymPy
    expressions that way, and :func:`symmix.show` a single one.

    >>> from symmix.notation import W, y, z
    >>> print(latex(y - W * z))
    \bm{y} - \bm{W}\bm{z}
    """
    return LatexPrinter().print(expression if isinstance(expression, t.Expression) else read(expression))
