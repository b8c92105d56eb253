"""Equations on paper: lines that fit, one column of signs, and a record of what was printed for what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import sympy as sp

from symmix.export.latex import LatexPrinter
from symmix.export.layout import broken, width
from symmix.statements import Equivalence, Identity, Positivity, Statement, Vanishing

_SIGN = 1.4  # the width of a relation sign with its spaces
_REASON = 12.0  # the width of the column of reasons
NOT_EQUAL = r"\ne"
_NEXT = " \\\\\n"


class Formula(NamedTuple):
    """An expression, and the LaTeX that stands for it in the output, line breaks and alignment included."""

    expression: sp.Basic
    latex: str


class Relation(NamedTuple):
    """Two sides; without a right one, zero."""

    left: sp.Basic
    sign: str
    right: sp.Basic | None


@dataclass
class Typesetter:
    """Writes formulas in displays and in lines, and remembers them."""

    printer: LatexPrinter  # for displays: names parts of sums
    inline_printer: LatexPrinter
    line: float
    formulas: list[Formula] = field(default_factory=list)

    # -- in a line -------------------------------------------------------------------------------------------------

    def inline(self, expression: sp.Basic) -> str:
        """Return an expression without dollar signs."""
        latex = self.inline_printer.print(expression)
        self.formulas.append(Formula(expression, latex))
        return latex

    def relation(self, relation: Relation) -> str:
        """Return a relation without dollar signs."""
        right = "0" if relation.right is None else self.inline(relation.right)
        return f"{self.inline(relation.left)} {relation.sign} {right}"

    def listing(self, relations: Sequence[Relation]) -> str:
        """Return relations with dollar signs: one, or several joined by "and"."""
        return enumerated([f"${self.relation(r)}$" for r in relations])

    # -- displayed -------------------------------------------------------------------------------------------------

    def rows(self, relations: Sequence[Relation], end: str = "") -> list[str]:
        """Return the rows of a display, with several short relations in one of them."""
        packed = self._packed(relations)
        if packed is not None:
            return [packed + end]
        rows = [row for relation in relations for row in self._rows(relation)]
        return [*rows[:-1], rows[-1] + end]

    def _packed(self, relations: Sequence[Relation]) -> str | None:
        """Return all relations in one row, if there is room for them."""
        prints = [(self.printer.print(r.left), r.sign, "0" if r.right is None else self.printer.print(r.right)) for r in relations]
        total = sum(width(left) + width(right) + _SIGN + 2 for left, _, right in prints) - 2
        if len(relations) < 2 or total > self.line:
            return None
        for relation, (left, _, right) in zip(relations, prints, strict=True):
            self._remember(relation, left, right)
        first, *rest = (f"{left} {sign} {right}" for left, sign, right in prints)
        return r",\qquad ".join(["&" + first, *rest])

    def _rows(self, relation: Relation) -> list[str]:
        left = self.printer.print(relation.left)
        right = "0" if relation.right is None else self.printer.print(relation.right)
        room = self.line - width(left) - _SIGN
        beside = broken(right, room)
        if width(left) > 0.45 * self.line and len(beside) > 1 or max(map(width, beside)) > room:
            return self._stacked(relation, left, right)
        written = _NEXT.join(_continued(beside, r"&\quad "))
        self._remember(relation, left, written)
        return f"{left} &{relation.sign} {written}".split(_NEXT)

    def _stacked(self, relation: Relation, left: str, right: str) -> list[str]:
        """Return a relation with its left side in lines of its own."""
        first = _NEXT.join(_continued(broken(left, self.line), r"&\quad "))
        second = _NEXT.join(_continued(broken(right, self.line - 2 - _SIGN), r"&\qquad\quad "))
        self._remember(relation, first, second)
        return [*f"&{first}".split(_NEXT), *f"&\\qquad {{}}{relation.sign} {second}".split(_NEXT)]

    def _remember(self, relation: Relation, left: str, right: str) -> None:
        self.formulas.append(Formula(relation.left, left))
        if relation.right is not None:
            self.formulas.append(Formula(relation.right, right))

    # -- chains ----------------------------------------------------------------------------------------------------

    def chain(self, start: sp.Basic, steps: Sequence[tuple[sp.Basic, str]]) -> list[str]:
        """Return the rows of a derivation, each step with its reason (in LaTeX): to the right, or else below."""
        begin = self.printer.print(start)
        ahead = begin if width(begin) < 0.25 * self.line else ""
        prints = [self.printer.print(expression) for expression, _ in steps]
        room = self.line - width(ahead) - _SIGN
        lines = [broken(latex, room - _REASON - 2) for latex in prints]
        aside = all(width(line) <= room - _REASON - 2 for step in lines for line in step)
        if not aside:
            lines = [broken(latex, room) for latex in prints]
        self.formulas.append(Formula(start, begin if ahead else _NEXT.join(_continued(broken(begin, self.line), r"&\quad "))))
        rows = [] if ahead else f"&{self.formulas[-1].latex}".split(_NEXT)
        for number, (step, (expression, reason)) in enumerate(zip(lines, steps, strict=True)):
            sign = f"{ahead if number == 0 else ''} &= ".lstrip()
            written = _NEXT.join(_continued(step, r"&\quad "))
            self.formulas.append(Formula(expression, written))
            rows += (f"{sign}{written} && {reason}" if aside else f"{sign}{written}{_NEXT}&\\qquad {reason}").split(_NEXT)
        return rows


def _continued(lines: Sequence[str], indent: str) -> list[str]:
    """Indent the lines behind the first; an empty group tells TeX that their sign has two sides."""
    return [lines[0], *(f"{indent}{{}}{line}" for line in lines[1:])]


def enumerated(items: Sequence[str]) -> str:
    """Return ``a, b and c``."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def relations(statement: Statement) -> list[Relation]:
    """Return what a statement asserts; of an equivalence the left side."""
    match statement:
        case Identity(left=left, right=right):
            return [Relation(left, "=", right)]
        case Vanishing(expressions=expressions):
            return zeros(expressions)
        case Equivalence(left=expressions):
            return zeros(expressions)
        case Positivity(scalar=scalar):
            return [Relation(scalar, r"\gt", None)]
    return []


def zeros(expressions: Sequence[sp.Basic], sign: str = "=") -> list[Relation]:
    """Return each expression as equal to zero, or in another relation to it."""
    return [Relation(expression, sign, None) for expression in expressions]
