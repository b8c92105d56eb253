"""Statements as Coq propositions: what the kernel decided, for all spaces, samples and maps.

Vectors are equal or not; a gradient is stated by what it does. Along each direction d the objective is quadratic,
L(z + t d) = L(z) + t <g, d> + t^2 q(d) for all t, and the statement says what <g, d> is. For a gradient by a matrix the
directions have rank one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import sympy as sp

from symmix.export.coq.axes import OPEN, UNIT, Env, View, at, fed, outside, sizes_of
from symmix.export.coq.lines import line, replaced
from symmix.export.coq.syntax import added, applied, argument, binder, canonical, multiplied
from symmix.export.coq.terms import Printer
from symmix.export.terms import signed
from symmix.export.text import TextPrinter, text
from symmix.export.wording import wording
from symmix.language.nodes import At, Gradient, Jacobian, MatrixExpectation
from symmix.statements import Equivalence, Fails, Identity, Positivity, Statement, Vanishing
from symmix.theorems import expressions_of

_KINDS = {
    Fails: "a claim that something fails, which takes a point",
    Positivity: "an inequality",
}


@dataclass
class StatementPrinter:
    """Prints one statement, or says why it cannot be printed.

    Attributes
    ----------
    printer
        What prints its expressions.
    indices
        The theorem's free samples, for statements "for every i".
    """

    printer: Printer
    indices: Mapping[sp.Symbol, sp.Symbol] = field(default_factory=dict)
    env: Env = field(default_factory=dict)

    def proposition(self, statement: Statement) -> str:
        """Return a statement with its quantifiers and premises.

        Raises
        ------
        UnsupportedError
            If the statement is outside of the fragment; the error says what in it is.
        """
        occurring = {symbol for expression in expressions_of(statement) for symbol in expression.free_symbols}
        free = {index: self.printer.context.sample() for index in self.indices if index in occurring}
        self.env = free
        match statement:
            case Identity(left=left, right=right, where=where):
                body = self._equation(left, right)
            case Vanishing(expressions=expressions, where=where):
                body = self._vanishing(expressions)
            case Equivalence(where=where):
                body = self._equivalence(statement)
            case _:
                raise outside(wording(statement, TextPrinter()), _KINDS[type(statement)])
        given = [self._hypothesis(expression) for expression in where]
        context = self.printer.context
        symbols = context.found.union(*context.premises.values())
        context.require_distinct(symbols)
        _require_one_law(context.premises)
        samples = [f"({name} : {context.size(self.indices[index])})" for index, name in free.items()]
        binders = " ".join([*context.binders(symbols), *samples])
        quantified = f"forall {binders},\n  " if binders else ""
        return quantified + "".join(f"{premise} ->\n  " for premise in (*context.premises, *given)) + body

    def _equivalence(self, statement: Equivalence) -> str:
        """Return an equivalence, if its two ways are multiples that a tactic finds."""
        shown = wording(statement, TextPrinter())
        if statement.forth or statement.back:
            raise outside(shown, "an equivalence, one way of which is shown by hand")
        if len(statement.left) != 1 or len(statement.right) != 1:
            raise outside(shown, "an equivalence of several equations")
        for scalar in statement.provided:
            self.printer.assume(scalar, "{} <> 0", {})
        body = f"({self._vanishing(statement.left)}) <->\n  ({self._vanishing(statement.right)})"
        context = self.printer.context
        if any(size in context.samples for symbol in context.found for size in sizes_of(symbol)):
            raise outside(shown, "an equivalence over a data set")
        return body

    def _vanishing(self, expressions: Iterable[sp.Basic]) -> str:
        return " /\\\n  ".join(f"({self._equation(e, _nothing(e))})" for e in expressions)

    def _equation(self, left: sp.Basic, right: sp.Basic) -> str:
        shape = sizes_of(left)
        counted = [size in self.printer.context.samples for size in shape]
        if left.has(Gradient) or right.has(Gradient) or counted == [False, False]:
            return Directions(self.printer, self.env, shape).equation(left, right)
        return self._plain(left, right)

    def _plain(self, left: sp.Basic, right: sp.Basic) -> str:
        """Return an equation of numbers or vectors, for every sample if there are samples."""
        if not isinstance(left, sp.MatrixExpr):
            return _equated(*(self.printer.scalar(side, self.env) for side in (left, right)))
        row, column = (self._taken(size) for size in left.shape)
        axes = zip(left.shape, (row, column), strict=True)
        quantified = "".join(
            f"forall {view.text} : {self.printer.context.size(size)}, " for size, view in axes if view.text
        )
        sides = [self.printer.view(side, (row, column), self.env) for side in (left, right)]
        return quantified + _equated(*sides)

    def _taken(self, size: sp.Basic) -> View:
        """Return the view of an axis of an equation: of every sample, of a whole vector."""
        if size in self.printer.context.samples:
            return at(self.printer.context.sample())
        return UNIT if size == 1 else OPEN

    def _hypothesis(self, node: sp.Basic) -> str:
        """Return ``node = 0`` with what is negative on the right; a map is stated by what it does to a vector."""
        if node.has(Gradient):
            raise outside(text(node), "a hypothesis on a gradient")
        left, right = _balanced(node)
        shape = sizes_of(node)
        if [size in self.printer.context.samples for size in shape] != [False, False]:
            return f"({self._plain(left, right)})"
        sides = [self.printer.view(side, (OPEN, fed("column")), self.env) for side in (left, right)]
        return f"(forall column : {self.printer.context.size(shape[1])}, {' = '.join(sides)})"


@dataclass(frozen=True)
class Directions:
    """Pairs the two sides of an equation with every direction in the space of their shape."""

    printer: Printer
    env: Env
    shape: tuple[sp.Basic, ...]

    def equation(self, left: sp.Basic, right: sp.Basic) -> str:
        """Return that both sides have one inner product with each direction, and what is differentiated is quadratic.

        A gradient alone on the left is stated at once: ``tangent`` of its line and the inner product with the right.
        """
        lines = self.printer.context.lines
        lines.clear()  # those of an earlier equation move along a direction of their own
        binders, direction = self._direction(left)
        first, second = (self._paired(side, direction, self.env) for side in (left, right))
        if len(lines) == 1 and first == applied("slope", *lines) and "slope" not in second:
            return f"forall {binders},\n  {applied('tangent', *lines)}\n    {argument(second)}"
        quadratic = "".join(f"{proposition} /\\\n  " for proposition in lines.values())
        return f"forall {binders},\n  {quadratic}{first} =\n  {second}"

    @property
    def _counted(self) -> list[bool]:
        return [size in self.printer.context.samples for size in self.shape]

    def _direction(self, node: sp.Basic) -> tuple[str, str]:
        """Return the binders of a direction, and the direction that a symbol of this shape moves along."""
        sizes = [self.printer.context.size(size) for size in self.shape]
        match self._counted:
            case [False]:
                return f"(dir : {sizes[0]})", "dir"
            case [False, False]:
                return f"(row : {sizes[0]}) (column : {sizes[1]})", applied("outer", "row", "column")
            case [True, False]:
                return f"(dir : {sizes[0]} -> {sizes[1]})", "dir"
        raise outside(text(node), "a gradient that is not paired with a direction")

    def _paired(self, node: sp.Basic, direction: str, env: Env) -> str:
        """Return the inner product of an expression with the direction; that of a gradient is the slope of its line."""
        match node:
            case Gradient() if not isinstance(node, Jacobian):
                return applied("slope", line(self.printer, node, direction, env))
            case At():
                return self._paired(node.matrix, direction, replaced(self.printer, node, env))
            case MatrixExpectation() if node.has(Gradient):
                return self.printer.expected(node, env, lambda inner: self._paired(node.averaged, direction, inner))
            case sp.MatAdd() if node.has(Gradient):
                terms = TextPrinter().ordered(node.args)
                return added([(minus, self._paired(term, direction, env)) for minus, term in terms])
            case sp.MatMul() if node.has(Gradient) and sum(isinstance(a, sp.MatrixExpr) for a in node.args) == 1:
                *scalars, matrix = sorted(node.args, key=lambda arg: isinstance(arg, sp.MatrixExpr))
                weights = [self.printer.scalar(scalar, env) for scalar in scalars]
                return multiplied([*weights, self._paired(matrix, direction, env)])
        return self._plainly_paired(node, env)

    def _plainly_paired(self, node: sp.Basic, env: Env) -> str:
        match self._counted:
            case [False]:
                row, column = (UNIT if size == 1 else fed("dir") for size in node.shape)
                return self.printer.view(node, (row, column), env)
            case [False, False]:
                return self.printer.view(node, (fed("row"), fed("column")), env)
        name = self.printer.context.sample()
        inside = self.printer.view(node, (at(name), fed(applied("dir", name))), env)
        return applied("sum", binder(name, self.printer.context.size(self.shape[0]), inside))


def _require_one_law(premises: Iterable[str]) -> None:
    """Refuse two values of one moment: no distribution has them, and anything would follow."""
    moments = {premise for premise in premises if premise.startswith("moment ")}
    for moment in {premise.split(" = ")[0] for premise in moments}:
        if sum(premise.startswith(f"{moment} = ") for premise in moments) > 1:
            raise outside(moment, "two distributions of one random number")


def _equated(left: str, right: str) -> str:
    if canonical(left) == canonical(right):
        raise outside(left, "an equation whose sides are the same as written")
    return f"{left} = {right}"


def _balanced(node: sp.Basic) -> tuple[sp.Basic, sp.Basic]:
    """Return what is positive in a sum, and what is negative."""
    if not isinstance(node, sp.MatAdd | sp.Add):
        return node, _nothing(node)
    terms = [signed(term) for term in node.args]
    sides = [[term for minus, term in terms if minus is negative] for negative in (False, True)]
    left, right = (node.func(*side) if side else _nothing(node) for side in sides)
    return left, right


def _nothing(node: sp.Basic) -> sp.Basic:
    """Return zero in the shape of an expression."""
    return sp.ZeroMatrix(*node.shape) if isinstance(node, sp.MatrixExpr) else sp.S.Zero
