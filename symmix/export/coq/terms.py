"""Expressions for Coq, looked at along their axes.

A matrix is never written as such. Where the kernel has Z W^T with n x k entries, this has the vector W z_i of one
sample i; where it has a Jacobian J, this has J applied to a direction. So an expression is printed together with a view
of each of its axes: samples are taken one by one, features are paired with a vector or left open, and what is left is a
number, or a vector if one axis is open. Products sum over samples and apply maps to vectors.

A definition becomes a Coq function of the symbols that it is made of, so that a derivative can move them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.matrices.expressions.slice import MatrixSlice
from sympy.tensor.array.expressions import ArrayElement, ArraySymbol

from symmix.export.coq import syntax
from symmix.export.coq.axes import OPEN, UNIT, Env, Look, View, Views, at, fed, outside, sizes_of
from symmix.export.coq.context import Context, Definition, Law
from symmix.export.coq.entries import Entrywise
from symmix.export.coq.lines import line, replaced
from symmix.export.coq.syntax import applied, binder, identifier, multiplied, names, weighted
from symmix.export.terms import split
from symmix.export.text import TextPrinter, text
from symmix.language.nodes import At, Entries, Gradient, Jacobian, MatrixExpectation, ScalarExpectation

Mean = ScalarExpectation | MatrixExpectation
_LAYOUT = TextPrinter()
_UNOPENED = (Gradient, Entries)  # what can be paired with a vector, but is not written as one


@dataclass(frozen=True)
class Printer:
    """Prints expressions; the context remembers what they depend on."""

    context: Context

    def reference(self, symbol: sp.Basic, env: Env) -> str:
        """Return a symbol, moved if it has moved, or the call of its definition."""
        if symbol in env:
            return env[symbol]
        context = self.context
        if symbol not in context.defined:
            context.found.add(symbol)
            return identifier(symbol)
        if symbol not in context.definitions:
            context.definitions[symbol] = self._definition(symbol)
        definition = context.definitions[symbol]
        context.premises |= definition.premises
        return applied(definition.name, *(self.reference(s, env) for s in definition.symbols))

    def assume(self, value: sp.Basic, premise: str, env: Env) -> None:
        """Take a premise on a number; ``{}`` in it stands for the number."""
        if any(self.context.depends(value, symbol) for symbol in env):
            raise outside(text(value), "a premise on what moves, is drawn at random, or is summed over")
        inner = self.context.inner()
        stated = premise.format(Printer(inner).scalar(value, {}))
        self.context.premises |= {**inner.premises, stated: frozenset(inner.found)}

    def _definition(self, symbol: sp.Basic) -> Definition:
        inner, value = self.context.inner(), self.context.defined[symbol]
        shape = getattr(symbol, "shape", ())
        views = [UNIT if s == 1 else at(inner.sample()) if s in inner.samples else OPEN for s in shape]
        body = Printer(inner).view(value, (views[0], views[1]), {}) if shape else Printer(inner).scalar(value, {})
        if inner.lines:
            raise outside(text(value), "a gradient inside of a definition")
        rows = [f"({view.text} : {size})" for view, size in zip(views, shape, strict=True) if view.look is Look.AT]
        alone = inner.sizes.difference(*map(sizes_of, inner.found))
        if alone:
            raise outside(text(value), f"a definition in which the size {min(map(str, alone))} stands alone")
        header = " ".join([*inner.binders(inner.found, "{}"), *rows, ":", inner.type_of(symbol).split(" -> ")[-1]])
        name = identifier(symbol)
        code = f"Definition {name} {header} :=\n  {body}."
        return Definition(name, tuple(inner.ordered(inner.found)), code, inner.premises)

    # -- numbers ---

    def scalar(self, node: sp.Basic, env: Env) -> str:
        """Return a real number; a matrix of one entry is one too."""
        if isinstance(node, sp.MatrixExpr) and node.shape == (1, 1):
            return self.view(node, (UNIT, UNIT), env)
        for kind, method in _NUMBERS.items():
            if isinstance(node, kind):
                return method(self, node, env)
        raise outside(text(node), _kind(node))

    def _rational(self, node: sp.Rational, env: Env) -> str:
        del env
        return syntax.number(node)

    def _named(self, node: sp.Symbol, env: Env) -> str:
        if node in self.context.samples:
            return applied("count", self.context.size(node))
        if node.is_integer and node not in self.context.defined:
            raise outside(text(node), "the size of a space as a number")
        return self.reference(node, env)

    def _sum(self, node: sp.Add, env: Env) -> str:
        return syntax.added([(minus, self.scalar(term, env)) for minus, term in _LAYOUT.ordered(node.args)])

    def _product(self, node: sp.Mul, env: Env) -> str:
        minus, node = _LAYOUT.signed(node)
        if not isinstance(node, sp.Mul):
            return syntax.added([(minus, self.scalar(node, env))])
        above, below, _ = split(node)
        product = multiplied([self.scalar(factor, env) for factor in _LAYOUT.scalars_ordered(above)])
        quotient = product if below == 1 else self._over(product, below, env)
        return syntax.added([(minus, quotient)])

    def _power(self, node: sp.Pow, env: Env) -> str:
        if not isinstance(node.exp, sp.Integer):
            raise outside(text(node), "a power that is no whole number")
        return self._over("1", 1 / node, env) if node.exp < 0 else syntax.raised(self.scalar(node.base, env), node.exp)

    def _over(self, above: str, below: sp.Expr, env: Env) -> str:
        """Return a quotient; its denominator is a premise, unless it is a number or how many samples there are."""
        for factor in sp.Mul.make_args(below):
            base = factor.base if isinstance(factor, sp.Pow) else factor
            if not base.is_Number and base not in self.context.samples:
                self.assume(base, "{} <> 0", env)
        return syntax.divided(above, self.scalar(below, env))

    def _trace(self, node: sp.Trace, env: Env) -> str:
        """Return a trace, cut open along an axis of size 1 or of samples, where it starts and ends."""
        if isinstance(node.arg, sp.MatAdd):
            terms = _LAYOUT.ordered(node.arg.args)
            return syntax.added([(minus, self._trace(sp.Trace(term), env)) for minus, term in terms])
        scalars, factors = _factors(node.arg)
        weights = [self.scalar(scalar, env) for scalar in scalars]
        sizes = [factor.shape[0] for factor in factors]
        cut = next((p for p, size in enumerate(sizes) if size == 1), None)
        if cut is None:
            cut = next((p for p, size in enumerate(sizes) if size in self.context.samples), None)
        if cut is None:
            raise outside(text(node), "a trace over features that is no inner product of two vectors")
        end = UNIT if sizes[cut] == 1 else at(self.context.sample())
        inside = self._chain([*factors[cut:], *factors[:cut]], (end, end), env)
        summed = inside if end is UNIT else applied("sum", binder(end.text, self.context.size(sizes[cut]), inside))
        return multiplied([*weights, summed])

    def _entrywise(self, node: sp.Basic, env: Env) -> str:
        return Entrywise(self, env).contracted(node, {})

    # -- matrices ---

    def view(self, node: sp.Basic, views: Views, env: Env) -> str:
        """Return a matrix looked at along its two axes: a number, or a vector if one of them is open."""
        for kind, method in _MATRICES.items():
            if isinstance(node, kind):
                return method(self, node, views, env)
        raise outside(text(node), _kind(node))

    def looked_at(self, node: sp.Basic, views: Sequence[View], env: Env) -> str:
        """Return a symbol, or what a slice is cut from, looked at along all of its axes."""
        if not isinstance(node, sp.MatrixSymbol | ArraySymbol):
            return self.view(node, (views[0], views[1]), env)
        axes = list(zip(node.shape, views, strict=True))
        features = [view for size, view in axes if size != 1 and size not in self.context.samples]
        if node in self.context.defined and len(features) == 2:  # no name for a matrix: its definition takes its place
            return self.view(self.context.defined[node], (views[0], views[1]), env)
        self.context.type_of(node)
        samples = [view.text for size, view in axes if size in self.context.samples]
        if not all(samples):
            raise outside(text(node), "a whole axis of samples where one of them is needed")
        return _paired(applied(self.reference(node, env), *samples), features, node)

    def _symbol(self, node: sp.MatrixSymbol, views: Views, env: Env) -> str:
        return self.looked_at(node, views, env)

    def _transposed(self, node: sp.Transpose, views: Views, env: Env) -> str:
        row, column = views
        return self.view(node.arg, (column, row), env)

    def _composed(self, node: sp.MatAdd | sp.MatMul | sp.MatPow, views: Views, env: Env) -> str:
        """Return a sum or a product; a vector is paired with another as a whole, where it can be written."""
        row, column = views
        vector = row.is_open or column.is_open
        if not vector and not node.has(*_UNOPENED):
            if column.look is Look.FED and row.look is Look.FED:
                return applied("inner", row.text, self.view(node, (OPEN, column), env))
            if row.look is Look.FED:
                return applied("inner", self.view(node, (OPEN, column), env), row.text)
            if column.look is Look.FED:
                return applied("inner", self.view(node, (row, OPEN), env), column.text)
        together = syntax.vectors_added if vector else syntax.added
        if isinstance(node, sp.MatAdd):
            return together([(minus, self.view(term, views, env)) for minus, term in _LAYOUT.ordered(node.args)])
        scalars, factors = _factors(node)
        minus, scalar = _LAYOUT.signed(sp.Mul(*scalars))
        return together([(minus, weighted(self.scalar(scalar, env), self._chain(factors, views, env), vector=vector))])

    def _chain(self, factors: Sequence[sp.Basic], views: Views, env: Env) -> str:
        """Return a product of matrices: maps are applied to what is a vector, samples in between are summed over."""
        if len(factors) == 1:
            return self.view(factors[0], views, env)
        (first, *rest), (row, column) = factors, views
        size, vector = first.shape[1], row.is_open or column.is_open
        if size == 1 or size in self.context.samples:
            middle = UNIT if size == 1 else at(self.context.sample())
            left, right = self.view(first, (row, middle), env), self._chain(rest, (middle, column), env)
            weight, value = (right, left) if row.is_open else (left, right)
            product = weighted(weight, value, vector=vector)
            if size == 1:
                return product
            return applied("total" if vector else "sum", binder(middle.text, self.context.size(size), product))
        if row.is_open or first.has(*_UNOPENED):
            return self.view(first, (row, fed(self._chain(rest, (OPEN, column), env))), env)
        if column.is_open or any(factor.has(*_UNOPENED) for factor in rest):
            return self._chain(rest, (fed(self.view(first, (row, OPEN), env)), column), env)
        return applied("inner", self.view(first, (row, OPEN), env), self._chain(rest, (OPEN, column), env))

    def _identity(self, node: sp.Identity, views: Views, env: Env) -> str:
        del env
        row, column = views
        match row.look, column.look:
            case Look.FED, Look.FED:
                return applied("inner", row.text, column.text)
            case Look.OPEN, Look.FED:
                return column.text
            case Look.FED, Look.OPEN:
                return row.text
        raise outside(text(node), "an identity matrix that is applied to nothing, or of samples")

    def _zero(self, node: sp.ZeroMatrix, views: Views, env: Env) -> str:
        del node, env
        return "zero" if any(view.is_open for view in views) else "0"

    def _ones(self, node: sp.OneMatrix, views: Views, env: Env) -> str:
        del views, env
        if not all(size == 1 or size in self.context.samples for size in node.shape):
            raise outside(text(node), "ones along features, whose entries have no meaning of their own")
        return "1"

    def _slice(self, node: MatrixSlice, views: Views, env: Env) -> str:
        looked = []
        for full, (start, stop, _), view in zip(node.parent.shape, (node.rowslice, node.colslice), views, strict=True):
            whole = start == 0 and stop == full
            if not whole and start not in env:
                raise outside(text(node), "a sample that is not summed over")
            looked.append(view if whole else at(env[start]))
        return self.looked_at(node.parent, looked, env)

    def _from_entries(self, node: Entries, views: Views, env: Env) -> str:
        samples, vectors, entry = dict(env), dict[sp.Basic, str](), node.lamda.expr
        for variable, size, view in zip(node.lamda.variables, node.shape, views, strict=True):
            if size == 1:
                entry = entry.subs(variable, 0)
            elif view.look is Look.AT:
                samples[variable] = view.text
            elif view.look is Look.FED:
                vectors[variable] = view.text
            else:
                raise outside(text(node), "a vector given by its entries that is not paired with another")
        return Entrywise(self, samples).contracted(entry, vectors)

    def _gradient(self, node: Gradient, views: Views, env: Env) -> str:
        if isinstance(node, Jacobian):
            raise outside(text(node), "the derivative of a vector")
        return applied("slope", line(self, node, _direction(views, node), env))

    def _at(self, node: At, views: Views, env: Env) -> str:
        return self.view(node.matrix, views, replaced(self, node, env))

    def _mean(self, node: MatrixExpectation, views: Views, env: Env) -> str:
        if any(view.is_open for view in views):
            raise outside(text(node), "the expectation of a vector")
        return self.expected(node, env, lambda inner: self.view(node.averaged, views, inner))

    def expected(self, node: Mean, env: Env, inside: Callable[[Env], str]) -> str:
        """Return an expectation of what ``inside`` prints, and take what is known of the moments as premises."""
        if not isinstance(node.random, sp.Symbol):
            raise outside(text(node.averaged), "an expectation over a random matrix")
        name = identifier(node.random)
        if any(names(name, moved) for symbol, moved in env.items() if symbol != node.random):
            raise outside(text(node), f"another {node.random}, which is carried into its expectation")
        shown = self.reference(Law(f"law_{node.random.name}"), {})
        for degree, value in node.moments.items():
            self.assume(value, f"{applied('moment', shown, str(degree))} = {{}}", env)
        before = set(self.context.lines)
        body = inside({**env, node.random: name})
        for moving in self.context.lines.keys() - before:  # what is differentiated depends on what is random
            self.context.lines[moving] = f"(forall {name} : R, {self.context.lines[moving]})"
        return applied("expect", shown, f"fun {name} => {body}")


def _factors(node: sp.Basic) -> tuple[list[sp.Basic], list[sp.Basic]]:
    """Return the scalars and the matrices of a product, powers written out."""
    if isinstance(node, sp.MatPow):
        return [], [node.base] * int(node.exp)
    if not isinstance(node, sp.MatMul):
        return [], [node]
    matrices = [factor for arg in node.args if isinstance(arg, sp.MatrixExpr) for factor in _factors(arg)[1]]
    return [arg for arg in node.args if not isinstance(arg, sp.MatrixExpr)], matrices


def _paired(name: str, features: Sequence[View], node: sp.Basic) -> str:
    """Return a symbol with its feature axes paired with vectors, or left open."""
    match [view.look for view in features]:
        case [] | [Look.OPEN]:
            return name
        case [Look.FED]:
            return applied("inner", name, features[0].text)
        case [Look.OPEN, Look.FED]:
            return applied("app", name, features[1].text)
        case [Look.FED, Look.OPEN]:
            return applied("adj", name, features[0].text)
        case [Look.FED, Look.FED]:
            return applied("inner", features[0].text, applied("app", name, features[1].text))
    raise outside(text(node), "a matrix that is applied to nothing")


def _direction(views: Views, node: sp.Basic) -> str:
    """Return the direction that a gradient is paired with; for a matrix it is row column^T, of rank one."""
    match [view for view in views if view.look is not Look.UNIT]:
        case [View(look=Look.FED, text=direction)]:
            return direction
        case [View(look=Look.FED, text=left), View(look=Look.FED, text=right)]:
            return applied("outer", left, right)
    raise outside(text(node), "a gradient that is not paired with a direction")


def _kind(node: sp.Basic) -> str:
    return f"an expression of the kind {type(node).__name__}"


_NUMBERS: Mapping[Any, Callable[[Printer, Any, Env], str]] = {
    sp.Rational: Printer._rational,
    sp.Symbol: Printer._named,
    sp.Add: Printer._sum,
    sp.Mul: Printer._product,
    sp.Pow: Printer._power,
    sp.Trace: Printer._trace,
    sp.Sum: Printer._entrywise,
    MatrixElement: Printer._entrywise,
    ArrayElement: Printer._entrywise,
    ScalarExpectation: Printer._entrywise,
}
_MATRICES: Mapping[Any, Callable[[Printer, Any, Views, Env], str]] = {
    sp.MatrixSymbol: Printer._symbol,
    sp.Transpose: Printer._transposed,
    sp.MatAdd: Printer._composed,
    sp.MatMul: Printer._composed,
    sp.MatPow: Printer._composed,
    sp.Identity: Printer._identity,
    sp.ZeroMatrix: Printer._zero,
    sp.OneMatrix: Printer._ones,
    MatrixSlice: Printer._slice,
    Entries: Printer._from_entries,
    Gradient: Printer._gradient,
    At: Printer._at,
    MatrixExpectation: Printer._mean,
}
