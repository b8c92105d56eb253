"""Statements as Coq propositions: what the kernel decided, for all spaces, samples and maps.

Vectors are equal or not; a gradient is stated by what it does. Along each direction d the objective is quadratic,
L(z + t d) = L(z) + t <g, d> + t^2 q(d) for all t, and the statement says what <g, d> is. For a gradient by a matrix the
directions have rank one.

Sample indices are quantified in front, around hypotheses and claim: a hypothesis that mentions one is about that
sample; "for all" has quantifiers of its own. Conditions are left out, and what is printed is more general; but beside
an equivalence, what keeps two scalars apart is a premise: that their difference is not zero.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from symmix.printing.text import TextPrinter
from symmix.printing.wording import wording
from symmix.publish.coq.axes import OPEN, UNIT, Env, View, at, fed, outside, sizes_of
from symmix.publish.coq.factors import Factors, signed
from symmix.publish.coq.lines import line, replaced
from symmix.publish.coq.syntax import added, applied, argument, binder, canonical, multiplied, names
from symmix.publish.coq.terms import Printer
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.terms.base import Node
from symmix.terms.meanings import samples_of
from symmix.terms.names import ONE_SIZE

_KINDS: dict[type[Node], str] = {
    s.Fails: "a claim that something fails, which takes a point",
    s.Positivity: "an inequality",
    s.Minimum: "a minimum",
}


@dataclass
class StatementPrinter:
    """Prints one statement, or says why it cannot be printed.

    Attributes
    ----------
    printer
        What prints its expressions.
    setting
        The theorem's, with the sample indices that it may mention and the conditions.
    """

    printer: Printer
    setting: s.Setting = field(default_factory=s.Setting)
    env: Env = field(default_factory=dict)

    def proposition(self, statement: s.Statement) -> str:
        """Return a statement with its quantifiers and premises.

        Raises
        ------
        UnsupportedError
            If the statement is outside of the fragment; the error says what in it is.
        """
        context = self.printer.context
        mentioned = samples_of(statement)
        free = [index for index in self.setting.indices if index.name in mentioned]
        self.env = {index.name: context.sample() for index in free}
        context.free |= {*self.env.values()}
        match statement:
            case s.Identity(left=left, right=right, where=where):
                body = self._equation(left, right)
            case s.Vanishing(expressions=expressions, where=where):
                body = self._vanishing(expressions)
            case s.Equivalence(where=where):
                body = self._equivalence(statement)
            case _:
                raise outside(_in_words(statement), _KINDS[type(statement)])
        given = [self._hypothesis(hypothesis) for hypothesis in where]
        symbols = context.found.union(*context.premises.values())
        context.require_distinct(symbols)
        _require_one_law(context.premises)
        samples = [f"({self.env[index.name]} : {context.size(index.size)})" for index in free]
        binders = " ".join([*context.binders(symbols), *samples])
        quantified = f"forall {binders},\n  " if binders else ""
        return quantified + "".join(f"{premise} ->\n  " for premise in (*context.premises, *given)) + body

    def _equivalence(self, statement: s.Equivalence) -> str:
        """Return an equivalence, if its two ways are multiples that a tactic finds."""
        if len(statement.left) != 1 or len(statement.right) != 1:
            raise outside(_in_words(statement), "an equivalence of several equations")
        body = f"({self._vanishing(statement.left)}) <->\n  ({self._vanishing(statement.right)})"
        context = self.printer.context
        if any(any(context.counted(sizes_of(one))) for one in context.found if isinstance(one, t.Symbol)):
            raise outside(_in_words(statement), "an equivalence over a data set")
        for scalar in statement.provided:
            self.printer.assume(scalar, "{} <> 0", {})
        for condition in self.setting.conditions:
            self._assume_apart(condition, statement)
        return body

    def _assume_apart(self, condition: s.Condition, statement: s.Equivalence) -> None:
        """Take as a premise that the two sides of a condition differ, if it says so of symbols in the statement."""
        context, symbols = self.printer.context, {node.name for node in condition.walk() if isinstance(node, t.Symbol)}
        if context.has(condition, t.Size, t.Expectation) or condition.sign not in (">", "<", "!="):
            return
        if all(context.names.depends(statement, name) for name in symbols):
            larger, smaller = condition.left, condition.right
            if condition.sign == "<":
                larger, smaller = smaller, larger
            self.printer.assume(_difference(larger, smaller), "{} <> 0", {})

    def _vanishing(self, expressions: Iterable[t.Expression]) -> str:
        return " /\\\n  ".join(f"({self._equation(e, _nothing(e))})" for e in expressions)

    def _equation(self, left: t.Expression, right: t.Expression) -> str:
        shape, context = sizes_of(left), self.printer.context
        if any(context.has(side, t.Gradient) for side in (left, right)) or context.counted(shape) == [False, False]:
            return Directions(self.printer, self.env, shape).equation(left, right)
        return self._plain(left, right, self.env)

    def _plain(self, left: t.Expression, right: t.Expression, env: Env) -> str:
        """Return an equation of numbers or vectors, for every sample if there are samples."""
        views = self._taken(left.shape[0]), self._taken(left.shape[1])
        quantified = "".join(
            f"forall {view.text} : {self.printer.context.size(size)}, "
            for size, view in zip(left.shape, views, strict=True)
            if view.text
        )
        return quantified + _equated(*(self.printer.view(side, views, env) for side in (left, right)))

    def _taken(self, size: str) -> View:
        """Return the view of an axis of an equation: of every sample, of a whole vector."""
        if size in self.printer.context.samples:
            return at(self.printer.context.sample())
        return UNIT if size == ONE_SIZE else OPEN

    def _hypothesis(self, hypothesis: s.Hypothesis) -> str:
        """Return that a hypothesis vanishes, at the samples of the statement or for all that it binds."""
        context = self.printer.context
        if isinstance(hypothesis, s.Everywhere):
            raise outside(hypothesis, "a hypothesis about a function at all arguments")
        if not isinstance(hypothesis, s.ForAll):
            stated = self._vanishes(hypothesis, self.env)
            if hypothesis.shape == t.SCALAR and names("sum", stated):
                raise outside(hypothesis, "a hypothesis on a single sum, which no tactic here uses")
            if hypothesis.shape == t.SCALAR and not isinstance(hypothesis, t.Symbol) and not _is_solved(stated):
                raise outside(hypothesis, "an equation between numbers that is not solved for one of them")
            if hypothesis.shape[1] == ONE_SIZE and names("inner", stated) and stated.startswith("forall"):
                raise outside(hypothesis, "an equation between numbers of each sample")
            return f"({stated})"
        bound = {index.name: context.sample() for index in hypothesis.indices}
        samples = "".join(f"forall {bound[i.name]} : {context.size(i.size)}, " for i in hypothesis.indices)
        return f"({samples}{self._vanishes(hypothesis.body, {**self.env, **bound})})"

    def _vanishes(self, node: t.Expression, env: Env) -> str:
        """Return ``node = 0`` with what is negative on the right; a map is stated by what it does to a vector."""
        context, shape = self.printer.context, sizes_of(node)
        if context.has(node, t.Gradient):
            raise outside(node, "a hypothesis on a gradient")
        left, right = _balanced(node)
        if context.counted(shape) != [False, False]:
            return self._plain(left, right, env)
        sides = [self.printer.view(side, (OPEN, fed("column")), env) for side in (left, right)]
        return f"forall column : {context.size(shape[1])}, {_equated(*sides)}"


@dataclass(frozen=True)
class Directions:
    """Pairs the two sides of an equation with every direction in the space of their shape."""

    printer: Printer
    env: Env
    shape: tuple[str, ...]

    def equation(self, left: t.Expression, right: t.Expression) -> str:
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
        return f"forall {binders},\n  {quadratic}" + _equated(first, second, " =\n  ")

    @property
    def _counted(self) -> list[bool]:
        return self.printer.context.counted(self.shape)

    def _direction(self, node: t.Expression) -> tuple[str, str]:
        """Return the binders of a direction, and the direction that a symbol of this shape moves along."""
        sizes = [self.printer.context.size(size) for size in self.shape]
        match self._counted:
            case [False]:
                return f"(dir : {sizes[0]})", "dir"
            case [False, False]:
                return f"(row : {sizes[0]}) (column : {sizes[1]})", applied("outer", "row", "column")
            case [True, False]:
                return f"(dir : {sizes[0]} -> {sizes[1]})", "dir"
        raise outside(node, "a gradient that is not paired with a direction")

    def _paired(self, node: t.Expression, direction: str, env: Env) -> str:
        """Return the inner product of an expression with the direction; that of a gradient is the slope of its line."""
        sloped = self.printer.context.has(node, t.Gradient)
        match node:
            case t.Gradient():
                return applied("slope", line(self.printer, node, direction, env))
            case t.At() if sloped:
                return self._paired(node.of, direction, replaced(self.printer, node, env))
            case t.Expectation() if sloped:
                return self.printer.expected(node, env, lambda inner: self._paired(node.of, direction, inner))
            case t.Add(terms=terms) if sloped:
                return added([(minus, self._paired(term, direction, env)) for minus, term in map(signed, terms)])
        product = Factors.of(node)
        if sloped and len(product.matrices) == 1 and product.matrices != (node,):
            inner = self._paired(product.matrices[0], direction, env)
            return added([(product.minus, multiplied([self.printer.weight(product, env), inner]))])
        return self._plainly_paired(node, env)

    def _plainly_paired(self, node: t.Expression, env: Env) -> str:
        match self._counted:
            case [False]:
                row, column = (UNIT if size == ONE_SIZE else fed("dir") for size in node.shape)
                return self.printer.view(node, (row, column), env)
            case [False, False]:
                return self.printer.view(node, (fed("row"), fed("column")), env)
        name = self.printer.context.sample()
        inside = self.printer.view(node, (at(name), fed(applied("dir", name))), env)
        return applied("sum", binder(name, self.printer.context.size(self.shape[0]), inside))


def _in_words(statement: s.Statement) -> str:
    return wording(statement, TextPrinter())


def _require_one_law(premises: Iterable[str]) -> None:
    """Refuse two values of one moment: no distribution has them, and anything would follow."""
    moments = {premise for premise in premises if premise.startswith("moment ")}
    for moment in {premise.split(" = ")[0] for premise in moments}:
        if sum(premise.startswith(f"{moment} = ") for premise in moments) > 1:
            raise outside(moment, "two distributions of one random number")


def _equated(left: str, right: str, joint: str = " = ") -> str:
    if canonical(left) == canonical(right):
        raise outside(left, "an equation whose sides are the same as written")
    return f"{left}{joint}{right}"


def _is_solved(equation: str) -> bool:
    """Whether some number stands by itself in an equation, and nowhere else: it can be put in its place."""
    terms = equation.replace(" = ", " + ").split(" + ")
    alone = [term for term in terms if term.isidentifier()]
    return any(not any(names(number, term) for term in terms if term != number) for number in alone)


def _difference(one: t.Expression, other: t.Expression) -> t.Expression:
    """Return one - other, without a zero in it."""
    zero = t.Number(Fraction(0))
    if other == zero:
        return one
    negative = t.Multiply((t.Number(Fraction(-1)), other))
    return negative if one == zero else t.Add((one, negative))


def _balanced(node: t.Expression) -> tuple[t.Expression, t.Expression]:
    """Return what is positive in a sum, and what is negative."""
    if not isinstance(node, t.Add):
        return node, _nothing(node)
    terms = [signed(term) for term in node.terms]
    left, right = (_sum([term for minus, term in terms if minus is negative], node) for negative in (False, True))
    return left, right


def _sum(terms: list[t.Expression], like: t.Expression) -> t.Expression:
    """Return a sum of any number of terms."""
    return t.Add(tuple(terms)) if len(terms) > 1 else terms[0] if terms else _nothing(like)


def _nothing(node: t.Expression) -> t.Expression:
    """Return zero in the shape of an expression."""
    return t.Number(Fraction(0)) if node.shape == t.SCALAR else t.Zeros(*node.shape)
