"""MathML, straight from the tree: ``<mi class="matrix">W</mi><mo>&#8290;</mo><mi class="vector">z</mi>``.

What is written is presentation MathML of the small core that browsers agree on, with the invisible operators that a
screen reader needs: products are multiplied, functions applied. A piece is a row of elements; whatever needs a single
one gets it in an ``mrow``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from itertools import groupby

from symmix.printing.glyphs import glyph, plain
from symmix.printing.printer import Piece, Printer, Strength, is_quotient
from symmix.printing.signs import signed, transposes, without_sign
from symmix.printing.spelling import mathml
from symmix.printing.symbols import SIZE, Axes
from symmix.terms import nodes as t
from symmix.terms.names import ONE_SIZE, WHOLE

TIMES, APPLY = "<mo>\u2062</mo>", "<mo>\u2061</mo>"
_DOT = "<mo>\u22c5</mo>"
_IN_NUMBERS = r"(?:\d+|</?(?:mn|mfrac|mrow|mstyle)(?: [^>]*)?>|<mo>\u2212</mo>)"
_NUMBER = re.compile(rf"<(?:mn|mfrac|mstyle)[^>]*>{_IN_NUMBERS}*")  # or a fraction of nothing but them
_SPACE = '<mspace width="0.17em"></mspace>'
_PLUS, _MINUS, _COMMA = "<mo>+</mo>", "<mo>\u2212</mo>", "<mo>,</mo>"
_TRANSPOSE = '<mo lspace="0" rspace="0">\u22a4</mo>'
_PRIMED = re.compile(r'<msup>(.*)(<mo class="prime"[^>]*>\u2032+</mo>)</msup>')
_TALL = re.compile(r"<mfrac>|<munder|<mtable")
_TOKEN = re.compile(r"<m[ino][^>]*>[^<]*</m[ino]>")
_SIGN = re.compile(r"^<mo>([+\u2212=\u2260<>\u2264\u2265]|&[lg]t;)</mo>")  # in a row of its own it would be a prefix
_BAR = re.compile(r"(<mo[^>]*>\u2016</mo>)(</mrow>)$")
_WIDE = 16  # letters that may be too many for a phone's line
_PLAIN = (t.Number, t.Size, t.Symbol, t.Add, t.Multiply, t.Quotient, t.Power)


class MathmlPrinter(Printer):
    """Writes mathematics as elements of MathML, without the ``math`` around them.

    Parameters
    ----------
    own
        Names of symbols that are not the legend's, although they look it: they are spelled as their names say.
    parts
        Names of parts of sums, which are marked by a line below wherever all terms of a part occur.
    spelling
        LaTeX for single symbols by name, as far as :mod:`symmix.printing.spelling` understands it.
    """

    barred = Strength.POWER

    def __init__(
        self,
        own: Collection[str] = (),
        parts: Mapping[str, t.Expression] | None = None,
        spelling: Mapping[str, str] | None = None,
    ) -> None:
        self._own, self._parts = frozenset(own), parts or {}
        self._spelled = {name: mathml(latex) for name, latex in (spelling or {}).items()}
        self._pieces: dict[t.Expression, Piece] = {}

    def piece(self, node: t.Expression) -> Piece:
        """Return a node with its strength, walked through once."""
        if node not in self._pieces:
            self._pieces[node] = self._own_piece(node) or super().piece(node)
        return self._pieces[node]

    def _own_piece(self, node: t.Expression) -> Piece | None:
        """Return what has signs or digits in it, which are elements here."""
        if isinstance(node, t.Add):
            return Piece("".join(self.lines(node)), Strength.SUM)
        if isinstance(node, t.Number) and node.value.denominator == 1 and node.value >= 0:
            return Piece(plain(str(node.value)), Strength.ATOM)
        return self._signed(node)

    def _signed(self, node: t.Expression) -> Piece | None:
        """Return what begins with a minus."""
        if not isinstance(node, t.Number | t.Multiply) or not signed(node):
            return None
        body = without_sign(node)
        bracketed = isinstance(body, t.Multiply) and body in node.children()
        strength = Strength.POWER if bracketed else Strength.PRODUCT
        return Piece(_MINUS + self.at_least(body, strength), Strength.SUM)

    # -- sums and products -----------------------------------------------------------------------------------------

    def lines(self, node: t.Expression) -> list[str]:
        """Return a sum term by term with their signs, a named part as one; anything else as one piece."""
        if not isinstance(node, t.Add):
            return [self.print(node)]
        found: list[str] = []
        for part, terms in self.groups(node.terms):
            if part:
                found.append(
                    (_PLUS if found else "") + self.named(part, "".join(self._signed_terms(terms, first=True)))
                )
            else:
                found += self._signed_terms(terms, first=not found)
        return found

    def _signed_terms(self, terms: Sequence[t.Expression], *, first: bool) -> list[str]:
        found: list[str] = []
        for term in terms:
            negative = self._signed(term)
            sign = "" if negative is not None or (first and not found) else _PLUS
            found.append(sign + (self.at_least(term, Strength.PRODUCT) if negative is None else negative.text))
        return found

    def named(self, part: str, body: str) -> str:
        """Return a part over its name."""
        place = list(self._parts).index(part)
        return f'<munder class="part{place}"><mrow class="braced">{body}</mrow>{plain(part, "mtext")}</munder>'

    def needed(self, factor: t.Expression, before: Sequence[t.Expression], *, last: bool) -> Strength:
        """Let a bar be parentheses, and a sum end a product; a nabla must not seem to reach further than it does."""
        if is_quotient(factor) and not _beside(factor):
            return Strength.PRODUCT
        if isinstance(factor, t.Gradient | t.Jacobian) and not last:
            return Strength.ATOM
        inner = isinstance(factor, t.Trace) and factor.of.shape == t.SCALAR
        alone = all(other.shape == t.SCALAR for other in before)
        return Strength.PRODUCT if last and (isinstance(factor, t.Total) or (inner and alone)) else Strength.POWER

    def quotient(self, numerator: t.Expression, denominator: t.Expression) -> str:
        """Return a fraction; norms, sums and matrices stand beside it."""
        beside = _beside(t.Quotient(numerator, denominator))
        if beside:
            above = [factor for factor in _factors(numerator) if factor not in beside]
            fraction = t.Quotient(_product(above) if above else t.Number(Fraction(1)), denominator)
            return self.print(t.Multiply((fraction, *beside)))
        over, below = grouped(self.print(numerator)), grouped(self.print(denominator))
        fraction_of = f"<mfrac>{over}{below}</mfrac>"
        small = isinstance(numerator, t.Number) and isinstance(denominator, t.Number)
        return f'<mstyle displaystyle="false">{fraction_of}</mstyle>' if small else fraction_of

    def joined(self, factors: Sequence[str], scalars: int = 0) -> str:
        """Return the factors side by side, a little apart where scalars meet matrices."""
        text = factors[0]
        for place, factor in enumerate(factors[1:], start=1):
            numbers = _NUMBER.fullmatch(factor) and _NUMBER.fullmatch(factors[place - 1])
            text += (_DOT if numbers else TIMES) + (_SPACE if place == scalars else "") + factor
        return text

    def entrywise(self, factors: Sequence[str]) -> str:
        """Return a Hadamard product."""
        return "<mo>\u2218</mo>".join(factors)

    # -- scripts ---------------------------------------------------------------------------------------------------

    def name(self, name: str, axes: Axes = ()) -> str:
        """Return the symbol's own spelling, the legend's symbol, or a sensible reading of the name."""
        given = plain(name) if name.isdigit() else self._spelled.get(name)
        return given or glyph(name, axes, own=name in self._own)

    def raised(self, base: str, exponent: str) -> str:
        """Return a power."""
        digits = plain(exponent.removeprefix("-"))
        return raised(base, f"<mrow>{_MINUS}{digits}</mrow>" if exponent.startswith("-") else digits)

    def transposed(self, base: str) -> str:
        """Return the transpose."""
        return raised(base, _TRANSPOSE)

    def subscripted(self, base: str, indices: Sequence[str]) -> str:
        """Return an entry, a row or a column."""
        written = [index if index.startswith("<") else _position(index) for index in indices]
        return f"<msub>{grouped(base)}{grouped(_COMMA.join(written))}</msub>"

    def position(self, name: str) -> str:
        """Return an index; a number counts from 1 on, as sums do."""
        return plain(str(int(name) + 1)) if name.isdigit() else super().position(name)

    def summed(self, indices: Sequence[tuple[str, str]], body: str) -> str:
        """Return a sum."""
        signs = []
        for size, some in groupby(indices, key=lambda index: index[1]):  # indices of one size share a sign
            names = "<mo>,</mo>".join(index for index, _ in some)
            below = f"<mrow>{names}<mo>=</mo><mn>1</mn></mrow>"
            signs.append(f"<munderover><mo>\u2211</mo>{below}{grouped(size)}</munderover>")
        return "".join(signs) + body

    # -- brackets and functions ------------------------------------------------------------------------------------

    applies = APPLY

    def parenthesised(self, text: str) -> str:
        """Return a row in parentheses."""
        return fenced("(", text, ")")

    def squared_norm(self, inside: str) -> str:
        """Return the squared norm; beside low bars the digit stands as high as it does in print, whatever is inside."""
        bars = fenced(chr(0x2016), inside, chr(0x2016))
        if _TALL.search(inside):
            return f"<msup>{bars}<mn>2</mn></msup>"
        return _BAR.sub(r"<msup>\1<mn>2</mn></msup>\2", bars)

    def norm_of(self, column: t.Expression, row: t.Expression) -> t.Expression:
        """Return the one with fewer transposes in it."""
        return row if transposes(row) < transposes(column) else column

    def applied(self, function: str, inside: str) -> str:
        """Return a function of something."""
        if function == "delta":
            return "<mi>\u03b4</mi>"
        return f"{plain(function, 'mi')}{APPLY}{fenced('(', inside, ')')}"

    def expected(self, inside: str, random: str) -> str:
        """Return an expectation with the symbol that is averaged over."""
        return f"<msub><mi>\U0001d53c</mi>{grouped(random)}</msub>{APPLY}{fenced('[', inside, ']')}"

    def by_entries(self, body: str, indices: Sequence[tuple[str, str]]) -> str:
        """Return a matrix by its entries, with the ranges of the indices."""
        below = _COMMA.join(f"{index}<mo>\u2264</mo>{size}" for index, size in indices)
        return f"<msub>{fenced('[', body, ']')}<mrow>{below}</mrow></msub>"

    def at(self, inside: str, values: Sequence[tuple[str, str]]) -> str:
        """Return the expression with a bar and the values below."""
        below = _COMMA.join(f"{symbol}<mo>\u2190</mo>{value}" for symbol, value in values)
        return f"<msub><mrow>{inside}<mo>|</mo></mrow><mrow>{below}</mrow></msub>"

    def special(self, node: t.Identity | t.Zeros | t.Ones) -> str:
        """Return an identity or zero matrix, or a column of ones, with its size."""
        if node.shape == t.SCALAR:
            return plain("0" if isinstance(node, t.Zeros) else "1")
        rows, columns = (plain("1") if size == ONE_SIZE else self.name(size, SIZE) for size in node.shape)
        if isinstance(node, t.Identity):
            return f'<msub><mi class="matrix">I</mi>{rows}</msub>'
        if isinstance(node, t.Ones):
            return f'<msub><mn class="vector">1</mn>{rows}</msub>'
        return f'<msub><mn class="matrix">0</mn><mrow>{rows}<mo>\u00d7</mo>{columns}</mrow></msub>'

    def derivative(self, node: t.Derivative) -> Piece:
        """Return the gradient with a nabla, a Jacobian and what is by a scalar as a partial derivative."""
        sign = "\u2207" if isinstance(node, t.Gradient) and node.by.axes else "\u2202"
        by = f"<msub><mo>{sign}</mo>{grouped(self.print(node.by))}</msub>"
        return Piece(by + APPLY + self.at_least(node.of, Strength.ATOM), Strength.POWER)


def grouped(text: str) -> str:
    """Return a row of elements as one element."""
    return text if _TOKEN.fullmatch(text) else f"<mrow>{text}</mrow>"


def fenced(left: str, text: str, right: str) -> str:
    """Return a row between brackets, which grow with it where it is tall."""
    look = "" if _TALL.search(text) else ' stretchy="false"'
    return f"<mrow><mo{look}>{left}</mo>{text}<mo{look}>{right}</mo></mrow>"


def mathematics(row: str) -> str:
    """Return a row of elements as a formula in a line of words."""
    return f"<math><mrow>{row}</mrow></math>"


def inline(row: str) -> str:
    """Return a formula in a line of words; a long one may scroll in itself where there is little room."""
    letters = re.sub(r"<[^>]*>", "", row)
    markup = mathematics(row)
    return f'<span class="inline">{markup}</span>' if len(letters) > _WIDE else markup


def displayed(rows: Sequence[str]) -> str:
    """Return rows of elements as a formula of its own; a style sheet may let lines end between the rows."""
    first, *others = rows
    apart = [_SIGN.sub(r'<mo form="infix">\1</mo>', row, count=1) for row in others]
    lines = "".join(f'<mrow class="line">{row}</mrow>' for row in (first, *apart))
    return f'<math display="block" class="lines">{lines}</math>'


def raised(base: str, above: str) -> str:
    """Return a base with something above it, beside a prime that is there."""
    primed = _PRIMED.fullmatch(base)
    if primed is not None:
        return f"<msup>{primed[1]}<mrow>{primed[2]}{above}</mrow></msup>"
    return f"<msup>{grouped(base)}{above}</msup>"


def _position(index: str) -> str:
    return "<mo>:</mo>" if index == WHOLE else plain(index)


def _factors(node: t.Expression) -> tuple[t.Expression, ...]:
    return node.factors if isinstance(node, t.Multiply) else (node,)


def _product(factors: Sequence[t.Expression]) -> t.Expression:
    return factors[0] if len(factors) == 1 else t.Multiply(tuple(factors))


def _beside(node: t.Expression) -> list[t.Expression]:
    """Return the factors of a numerator that stand beside the bar: over a number, all but numbers."""
    if not isinstance(node, t.Quotient):
        return []
    if isinstance(node.denominator, t.Number) and not isinstance(node.numerator, t.Symbol | t.Size):
        return [factor for factor in _factors(node.numerator) if not isinstance(factor, t.Number)]
    return [factor for factor in _factors(node.numerator) if not _is_plain(factor)]


def _is_plain(node: t.Expression) -> bool:
    """Whether a factor is built from numbers and scalar symbols."""
    return all(isinstance(part, _PLAIN) and not (isinstance(part, t.Symbol) and part.axes) for part in node.walk())
