"""The formulas of one theorem as MathML, each remembered with the tree that it was written from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from symmix.errors import NotationError
from symmix.notation import lookup
from symmix.printing.display import Relation
from symmix.printing.glyphs import plain
from symmix.printing.mathml import MathmlPrinter, displayed, grouped, inline, mathematics
from symmix.printing.order import ordered
from symmix.printing.symbols import INDEX, SIZE, WEB
from symmix.printing.words import WebProse
from symmix.publish import givens
from symmix.publish.html.elements import element, escape
from symmix.terms import nodes as t
from symmix.terms.names import ONE_SIZE
from symmix.theorems import Outcome
from symmix.verdict import Rows, Witness

SIGNS = {"=": "=", r"\ne": "≠", r"\gt": "&gt;", r"\ge": "≥", ">": "&gt;", ">=": "≥", "<": "&lt;", "<=": "≤", "!=": "≠"}


class Written(NamedTuple):
    """What stands in the page for a relation; ``right`` None means zero, or, without a sign, nothing."""

    left: t.Expression
    sign: str
    right: t.Expression | None
    markup: str


class Formulas:
    """Writes the formulas of one theorem."""

    def __init__(self, outcome: Outcome, references: Mapping[str, str]) -> None:
        self.outcome = outcome
        self.trees = givens.stated(outcome.document)
        self.names = outcome.frame.names
        symbols = self.names.symbols
        self.own = frozenset(name for name in symbols if not is_legends(name, outcome))
        self.printer = MathmlPrinter(self.own, spelling=outcome.spelling)
        parts = {name: ordered(part) for name, part in outcome.parts.items()}
        self.naming = MathmlPrinter(self.own, parts, outcome.spelling)  # names parts of sums
        _reject_homographs(self)
        axes = {name: symbol.axes for name, symbol in symbols.items()}
        spelled = {name: name for name in axes}
        others = {name: markup for name, markup in references.items() if name != outcome.script.id}
        self.prose = WebProse(WEB, escape, others, spelled, axes, self.own, outcome.spelling)
        self.written: list[Written] = []

    # -- relations -------------------------------------------------------------------------------------------------

    def block(self, relation: Relation, *, named: bool = False) -> str:
        """Return a relation as a display that may be broken into lines."""
        printer = self.naming if named else self.printer
        sign = SIGNS[relation.sign]
        one, other = _shown(relation)
        right = ["<mn>0</mn>"] if other is None else printer.lines(other)
        markup = displayed([*printer.lines(one), f"<mo>{sign}</mo>{right[0]}", *right[1:]])
        self.written.append(Written(relation.left, relation.sign, relation.right, markup))
        return element("div", markup, self._scope(relation), class_="formula")

    def step(self, expression: t.Expression, sign: str = "=") -> str:
        """Return a line of a chain of equalities."""
        first, *others = self.naming.lines(ordered(expression))
        markup = displayed([f"<mo>{sign}</mo>{first}" if sign else first, *others])
        self.written.append(Written(expression, "", None, markup))
        return element("div", markup, class_="formula")

    def relation(self, relation: Relation) -> str:
        """Return a relation in a line of words."""
        one, other = _shown(relation)
        right = "<mn>0</mn>" if other is None else self.printer.print(other)
        markup = inline(f"{self.printer.print(one)}<mo>{SIGNS[relation.sign]}</mo>{right}")
        self.written.append(Written(relation.left, relation.sign, relation.right, markup))
        return markup + self._scope(relation)

    def inline(self, expression: t.Expression) -> str:
        """Return an expression in a line of words."""
        markup = inline(self.printer.print(ordered(expression)))
        self.written.append(Written(expression, "", None, markup))
        return markup

    def chain(self, parts: Sequence[t.Expression | str]) -> str:
        """Return a chain of relations between scalars: 0 <= lam <= 1."""
        rows = [f"<mo>{SIGNS[p]}</mo>" if isinstance(p, str) else self.printer.print(ordered(p)) for p in parts]
        return inline("".join(rows))

    def _scope(self, relation: Relation) -> str:
        """Return for which samples a relation holds, as words behind it."""
        shown = [*map(self.printer.print, relation.every)]
        shown += [self.printer.name(name, INDEX) for name in relation.over or relation.here]
        names = [mathematics(name) for name in shown]
        return f" {relation.scope} {', '.join(names)}" if relation.scope else ""

    # -- symbols ---------------------------------------------------------------------------------------------------

    def size(self, name: str) -> str:
        """Return the name of a size, or 1."""
        return plain(name) if name == ONE_SIZE else self.printer.name(name, SIZE)

    def space(self, symbol: t.Symbol) -> str:
        """Return where a symbol lives: a row keeps its shape."""
        field = "ℤ" if symbol.name in self.outcome.document.setting.whole else "ℝ"
        if not symbol.axes or symbol.axes == t.SCALAR:
            return mathematics(f"<mi>{field}</mi>")
        sizes = symbol.axes[:1] if symbol.axes[1:] == (ONE_SIZE,) else symbol.axes
        above = grouped("<mo>×</mo>".join(map(self.size, sizes)))
        return mathematics(f"<msup><mi>{field}</mi>{above}</msup>")

    # -- witnesses -------------------------------------------------------------------------------------------------

    def point(self, witness: Witness) -> str:
        """Return a witness: sizes, scalars, small matrices, and both values."""
        given = [(plain(str(size)), self.size(name)) for name, size in witness.sizes.items()]
        given += [(number(value), self._spelled(name)) for name, value in witness.scalars.items()]
        given += [(matrix(rows), self._spelled(name)) for name, rows in witness.entries.items()]
        given += [(plain(str(place + 1)), self.printer.name(name, INDEX)) for name, place in witness.at.items()]
        sides = {"left": "the left side is", "right": "the right side is", "value": "the value is"}
        values = [f"{sides.get(side, side)} {inline(matrix(rows))}" for side, rows in witness.values.items()]
        return f"at {', '.join(_equations(given))}: {', '.join(values)}" if given else ", ".join(values)

    def _spelled(self, name: str) -> str:
        symbol = self.names.symbols.get(name)
        return self.printer.name(name) if symbol is None else self.printer.name(name, symbol.axes)


def _shown(relation: Relation) -> tuple[t.Expression, t.Expression | None]:
    """Return two sides in the order in which people write them, or as they are if they differ in nothing else."""
    left, right = ordered(relation.left), None if relation.right is None else ordered(relation.right)
    return (relation.left, relation.right) if left == right else (left, right)


def _reject_homographs(formulas: Formulas) -> None:
    """Refuse two symbols or sizes of a theorem that look the same on a page."""
    seen: dict[str, str] = {}
    named = [(size, SIZE) for size in formulas.names.sizes if size != ONE_SIZE]
    for name, axes in [*named, *((symbol.name, symbol.axes) for symbol in formulas.names.symbols.values())]:
        other = seen.setdefault(formulas.printer.name(name, axes), name)
        if other != name:
            both = " and ".join(sorted((other, name)))
            raise NotationError("symbols of a theorem that look different on a page", both, "rename one of them")


def is_legends(name: str, outcome: Outcome) -> bool:
    """Whether a symbol is the legend's own, not a namesake."""
    entry = lookup(name)
    return entry is not None and outcome.setting.reader.symbols.get(name) == entry.symbol


def _equations(given: Sequence[tuple[str, str]]) -> list[str]:
    """Return ``a = b = 0`` for neighbours of one value, each equation on its own."""
    found: list[tuple[list[str], str]] = []
    for value, name in given:
        if found and found[-1][1] == value:
            found[-1][0].append(name)
        else:
            found.append(([name], value))
    return [inline("<mo>=</mo>".join([*names, value])) for names, value in found]


def number(value: Fraction) -> str:
    """Return an exact number."""
    above, below = abs(value).as_integer_ratio()
    size = plain(str(above)) if below == 1 else f"<mfrac>{plain(str(above))}{plain(str(below))}</mfrac>"
    return f"<mrow><mo>−</mo>{size}</mrow>" if value < 0 else size


def matrix(rows: Rows) -> str:
    """Return a small matrix; a single entry is a number."""
    if len(rows) == 1 and len(rows[0]) == 1:
        return number(rows[0][0])
    lines = "".join(f"<mtr>{''.join(f'<mtd>{number(value)}</mtd>' for value in row)}</mtr>" for row in rows)
    return f"<mrow><mo>(</mo><mtable>{lines}</mtable><mo>)</mo></mrow>"
