"""Equations on paper: lines that fit, one column of signs, and a record of what was printed for what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import NamedTuple, Protocol

from symmix.printing.breaking import broken, fitted
from symmix.printing.latex import LatexPrinter
from symmix.printing.layout import text_width, width
from symmix.printing.prose import in_mathematics
from symmix.printing.signs import signed, without_sign
from symmix.printing.symbols import INDEX
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.terms.meanings import samples_of

_SIGN = 1.4  # the width of a relation sign with its spaces
_REASON = 15.5  # the width of the column of reasons, and of the gap ahead of it
_MARGIN = 2.5  # how much wider than another display a derivation may be: it never stands in a list
_SMALL = 0.86  # the size of a reason
NOT_EQUAL = r"\ne"
_NEXT = " \\\\\n"


class Reason(Protocol):
    """Writes a reason for use in mathematics."""

    def __call__(self, words: str, *, below: bool = False, room: float = 0.0) -> str:
        """Return it for the right of a step, or for below; in lines of the given width, if it is too long for one."""


class Formula(NamedTuple):
    """An expression, and the LaTeX that stands for it in the output, line breaks and alignment included."""

    expression: t.Expression
    latex: str


class Relation(NamedTuple):
    """Two sides; without a right one, zero. It holds for all indices ``over``, or at the claim's own, ``here``."""

    left: t.Expression
    sign: str
    right: t.Expression | None
    over: tuple[str, ...] = ()
    here: tuple[str, ...] = ()
    every: tuple[t.Symbol, ...] = ()  # what takes all values

    @property
    def scope(self) -> str:
        """In words, whether it holds for all of something, or at the claim's own samples; empty if neither."""
        return "for all" if self.over or self.every else "at this" if self.here else ""


@dataclass
class Typesetter:
    """Writes formulas in displays and in lines, and remembers them."""

    printer: LatexPrinter  # for displays: names parts of sums
    inline_printer: LatexPrinter
    line: float
    formulas: list[Formula] = field(default_factory=list)

    # -- in a line -------------------------------------------------------------------------------------------------

    def inline(self, expression: t.Expression) -> str:
        """Return an expression without dollar signs."""
        latex = self.inline_printer.print(expression)
        self.formulas.append(Formula(expression, latex))
        return latex

    def relation(self, relation: Relation) -> str:
        """Return a relation without dollar signs."""
        if relation.right is None:
            return f"{self.inline(relation.left)} {relation.sign} 0"
        printer = self.inline_printer
        if printer.print(relation.left) == printer.print(relation.right):
            printer = printer.as_written()
        left, right = printer.print(relation.left), printer.print(relation.right)
        self._remember(relation, left, right)
        return f"{left} {relation.sign} {right}"

    def listing(self, relations: Sequence[Relation]) -> str:
        """Return relations with dollar signs: one, or several joined by "and"."""
        return enumerated([f"${self.relation(r)}${self.scope(r)}" for r in relations])

    def scope(self, relation: Relation) -> str:
        """Return for which samples a relation holds, as words behind it."""
        shown = [*map(self.printer.print, relation.every)]
        shown += [self.printer.name(name, INDEX) for name in relation.over or relation.here]
        names = ", ".join(shown)
        return f" {relation.scope} ${names}$" if relation.scope else ""

    def ranges(self, found: Sequence[s.Range]) -> str:
        """Return between which numbers symbols lie, with dollar signs."""
        parts = []
        for one in found:
            low = "" if one.low is None else rf"{self.inline(t.Number(one.low))} \lt "
            high = "" if one.high is None else rf" \lt {self.inline(t.Number(one.high))}"
            name = self.printer.print(one.symbol)
            parts.append(f"${low}{name}{high}$" if low or high else rf"${name} \in \mathbb{{R}}$")
        return enumerated(parts)

    # -- displayed -------------------------------------------------------------------------------------------------

    def rows(
        self, relations: Sequence[Relation], end: str = "", *, pack: bool = True, listed: bool = True, between: str = ""
    ) -> list[str]:
        """Return the rows of a display; several short relations may be packed into one of them; ``between`` parts them.

        A display that does not stand in a list may be a little wider.
        """
        if not listed:
            wider = replace(self, line=self.line + _MARGIN)  # it remembers in the same place
            return wider.rows(relations, end, pack=pack, between=between)
        packed = self._packed(relations) if pack else None
        if packed is not None:
            return [packed + end]
        sides = [(relation, *self._sides(relation)) for relation in relations]
        signs = max(width(left) for _, left, _ in sides)  # all signs stand below each other
        high = any(self._is_high(left, right, signs) for _, left, right in sides)
        each = [self._stacked(*side) if high else self._beside(*side, signs) for side in sides]
        ends = [between] * (len(each) - 1) + [end]
        return [row for rows, sign in zip(each, ends, strict=True) for row in (*rows[:-1], rows[-1] + sign)]

    def _sides(self, relation: Relation) -> tuple[str, str]:
        if relation.right is None:
            return self.printer.print(relation.left), "0"
        left, right = self._apart([relation.left, relation.right])
        return left, right

    def _apart(self, expressions: Sequence[t.Expression]) -> list[str]:
        """Return expressions that are equal by a proof; where neighbours look the same, all as they were written."""
        prints = [self.printer.print(expression) for expression in expressions]
        if all(one != other for one, other in pairwise(prints)):
            return prints
        written = self.printer.as_written()
        return [written.print(expression) for expression in expressions]

    def _packed(self, relations: Sequence[Relation]) -> str | None:
        """Return all relations in one row, if there is room for them."""
        sides = [self._sides(relation) for relation in relations]
        total = sum(width(left) + width(right) + _SIGN + 2 for left, right in sides) - 2
        total += sum(width(self._scoped(relation)) for relation in relations)
        if len(relations) < 2 or total > self.line:
            return None
        equations = []
        for relation, (left, right) in zip(relations, sides, strict=True):
            self._remember(relation, left, right)
            equations.append(f"{left} {relation.sign} {right}{self._scoped(relation)}")
        return "&" + r",\qquad ".join(equations)

    def _scoped(self, relation: Relation) -> str:
        scope = self.scope(relation)
        return rf"\quad {in_mathematics(scope.strip())}" if scope else ""

    def _is_high(self, left: str, right: str, signs: float) -> bool:
        """Whether the right side has to stand below the left one."""
        room = self.line - signs - _SIGN
        beside = broken(right, room)
        return (width(left) > 0.45 * self.line and len(beside) > 1) or max(map(width, beside)) > room

    def _beside(self, relation: Relation, left: str, right: str, signs: float) -> list[str]:
        """Return a relation with the lines of its right side behind the left one."""
        room = self.line - signs - _SIGN
        lines = broken(right, room)
        written = _NEXT.join(_continued(lines, r"&\quad "))
        self._remember(relation, left, written)
        return f"{left} &{relation.sign} {written}{self._behind(relation, lines[-1], room)}".split(_NEXT)

    def _stacked(self, relation: Relation, left: str, right: str) -> list[str]:
        """Return a relation with its left side in lines of its own, or in one line if there is room."""
        if width(left) + width(right) + _SIGN <= self.line:
            self._remember(relation, left, right)
            whole = f"{left} {relation.sign} {right}"
            return f"&{whole}{self._behind(relation, whole, self.line)}".split(_NEXT)
        left_lines, room = self._fitted(left, self.line), self.line - 2 - _SIGN
        if relation.right is None and width(left_lines[-1]) + _SIGN <= room:  # no zero in a line of its own
            written = _NEXT.join(_continued(left_lines, r"&\quad "))
            self._remember(relation, written, right)
            return f"&{written} {relation.sign} 0{self._behind(relation, left_lines[-1], room - 1)}".split(_NEXT)
        right_lines = self._fitted(right, room)
        first = _NEXT.join(_continued(left_lines, r"&\quad "))
        second = _NEXT.join(_continued(right_lines, r"&\qquad\quad "))
        self._remember(relation, first, second)
        behind = self._behind(relation, right_lines[-1], room - 1)
        return [*f"&{first}".split(_NEXT), *f"&\\qquad {{}}{relation.sign} {second}{behind}".split(_NEXT)]

    def _fitted(self, latex: str, room: float) -> list[str]:
        return fitted(latex, room, scaled=self.printer.dialect.macros)

    def _behind(self, relation: Relation, last: str, room: float) -> str:
        """Return for which samples a relation holds, in the same row if there is room for it."""
        scope = self._scoped(relation)
        return f"{_NEXT}&{scope}" if scope and width(last) + width(scope) > room else scope

    def _remember(self, relation: Relation, left: str, right: str) -> None:
        self.formulas.append(Formula(relation.left, left))
        if relation.right is not None:
            self.formulas.append(Formula(relation.right, right))

    # -- chains ----------------------------------------------------------------------------------------------------

    def chain(self, start: t.Expression, steps: Sequence[tuple[t.Expression, str]], by: Reason) -> list[str]:
        """Return the rows of a derivation, each step with its reason: to the right, or else below."""
        begin, *prints = self._apart([start, *(expression for expression, _ in steps)])
        ahead = begin if width(begin) < 0.25 * self.line else ""
        room = self.line + _MARGIN - width(ahead) - _SIGN
        narrow = room - _REASON
        lines = [broken(latex, narrow) for latex in prints]
        first = [begin] if ahead else broken(begin, narrow)
        wide = [self._fitted(latex, room) for latex in prints]
        aside = all(width(line) <= narrow for step in [first, *lines] for line in step)
        if not aside or sum(map(len, lines)) > sum(map(len, wide)) + len(wide):  # a row below each step is shorter
            aside, lines = False, wide
            first = [begin] if ahead else self._fitted(begin, self.line + _MARGIN)
        self.formulas.append(Formula(start, _NEXT.join(_continued(first, r"&\quad "))))
        rows = [] if ahead else f"&{self.formulas[-1].latex}".split(_NEXT)
        for number, (step, (expression, reason)) in enumerate(zip(lines, steps, strict=True)):
            sign = f"{ahead if number == 0 else ''} &= ".lstrip()
            written = _NEXT.join(_continued(step, r"&\quad "))
            self.formulas.append(Formula(expression, written))
            where = f" && {by(reason)}" if aside else f"{_NEXT}&\\qquad {self._below(reason, by, room)}"
            rows += f"{sign}{written}{where}".split(_NEXT)
        return rows

    def _below(self, reason: str, by: Reason, room: float) -> str:
        """Return a reason for the row below a step, in several lines if it is longer than one."""
        free = room + _SIGN - 3
        return by(reason, below=True, room=free if _SMALL * text_width(reason) > free else 0.0)


def _continued(lines: Sequence[str], indent: str) -> list[str]:
    """Indent the lines behind the first; an empty group tells TeX that their sign has two sides."""
    return [lines[0], *(f"{indent}{{}}{line}" for line in lines[1:])]


def enumerated(items: Sequence[str]) -> str:
    """Return ``a, b and c``."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def relations(statement: s.Statement) -> list[Relation]:
    """Return what a statement asserts; of an equivalence the left side."""
    match statement:
        case s.Identity(left=left, right=right):
            return [Relation(left, "=", right)]
        case s.Vanishing(expressions=expressions) | s.Equivalence(left=expressions):
            return zeros(expressions)
        case s.Positivity(scalar=scalar, strict=strict):
            return [Relation(scalar, r"\gt" if strict else r"\ge", None)]
        case s.Minimum(scalar=scalar, at=at):
            return [Relation(scalar, r"\ge", t.At(scalar, at))]
    return []


def zeros(expressions: Sequence[t.Expression], sign: str = "=") -> list[Relation]:
    """Return each expression as equal to zero, or in another relation to it."""
    return [Relation(expression, sign, None) for expression in expressions]


def equations(hypotheses: Sequence[s.Hypothesis]) -> list[Relation]:
    """Return each hypothesis as an equation: a difference with its two sides, anything else as zero."""
    return [_equation(hypothesis) for hypothesis in hypotheses]


def _equation(hypothesis: s.Hypothesis) -> Relation:
    if isinstance(hypothesis, s.Everywhere):
        sign = "=" if hypothesis.sign == "=" else r"\ge"
        return Relation(hypothesis.body, sign, None, every=hypothesis.symbols)
    bound = isinstance(hypothesis, s.ForAll)
    expression = hypothesis.body if isinstance(hypothesis, s.ForAll) else hypothesis
    over = tuple(index.name for index in hypothesis.indices) if isinstance(hypothesis, s.ForAll) else ()
    here = () if bound else samples_of(hypothesis)
    if isinstance(expression, t.Add):
        left = [term for term in expression.terms if not signed(term)]
        right = [without_sign(term) for term in expression.terms if signed(term)]
        if left and len(right) == 1:
            return Relation(left[0] if len(left) == 1 else t.Add(tuple(left)), "=", right[0], over, here)
    return Relation(expression, "=", None, over, here)
