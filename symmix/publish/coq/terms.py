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

from symmix.publish.coq import syntax
from symmix.publish.coq.axes import NUMBER, OPEN, UNIT, Env, Look, View, Views, at, fed, outside, sizes_of
from symmix.publish.coq.context import Context, Definition, Law
from symmix.publish.coq.entries import Entrywise
from symmix.publish.coq.factors import Factors, divisors, signed
from symmix.publish.coq.lines import line, replaced
from symmix.publish.coq.syntax import applied, binder, identifier, multiplied, names, weighted
from symmix.terms import nodes as t
from symmix.terms.names import ONE_SIZE, WHOLE

_UNOPENED = (t.Gradient, t.ByEntries)  # what can be paired with a vector, but is not written as one


@dataclass(frozen=True)
class Printer:
    """Prints expressions; the context remembers what they depend on."""

    context: Context

    def reference(self, symbol: t.Symbol, env: Env) -> str:
        """Return a symbol, moved if it has moved, or the call of its definition."""
        if symbol.name in env:
            return env[symbol.name]
        context = self.context
        if symbol.name in context.whole:
            raise outside(symbol, "a whole number")
        if symbol not in context.names.definitions:
            context.found.add(symbol)
            return identifier(symbol.name)
        if symbol.name not in context.definitions:
            context.definitions[symbol.name] = self._definition(symbol)
        definition = context.definitions[symbol.name]
        for premise, about in definition.premises.items():
            if any(one.name in env for one in about):
                raise outside(symbol, "a definition that divides by what moves or is drawn at random")
            context.premises[premise] = about
        return applied(definition.name, *(self._argument(one, env) for one in definition.symbols))

    def _argument(self, symbol: t.Symbol | Law, env: Env) -> str:
        if isinstance(symbol, t.Symbol):
            return self.reference(symbol, env)
        self.context.found.add(symbol)
        return identifier(symbol.name)

    def assume(self, value: t.Expression, premise: str, env: Env) -> None:
        """Take a premise on a number; ``{}`` in it stands for the number."""
        if any(self.context.names.depends(value, name) for name in env):
            raise outside(value, "a premise on what moves, is drawn at random, or is summed over")
        inner = self.context.inner()
        stated = premise.format(Printer(inner).scalar(value, {}))
        self.context.premises |= {**inner.premises, stated: frozenset(inner.found)}

    def _definition(self, symbol: t.Symbol) -> Definition:
        inner, value = self.context.inner(), self.context.names.definitions[symbol]
        axes = symbol.axes or t.SCALAR
        views = [UNIT if s == ONE_SIZE else at(inner.sample()) if s in inner.samples else OPEN for s in axes]
        body = Printer(inner).view(value, (views[0], views[1]), {})
        if inner.lines:
            raise outside(value, "a gradient inside of a definition")
        rows = [f"({view.text} : {size})" for view, size in zip(views, axes, strict=True) if view.look is Look.AT]
        alone = inner.sizes.difference(*(sizes_of(s) for s in inner.found if isinstance(s, t.Symbol)))
        if alone:
            raise outside(value, f"a definition in which the size {min(alone)} stands alone")
        header = " ".join([*inner.binders(inner.found, "{}"), *rows, ":", inner.type_of(symbol).split(" -> ")[-1]])
        name = identifier(symbol.name)
        code = f"Definition {name} {header} :=\n  {body}."
        return Definition(name, tuple(inner.ordered(inner.found)), code, inner.premises)

    # -- numbers ---

    def scalar(self, node: t.Expression, env: Env) -> str:
        """Return a real number; a matrix of one entry is one too."""
        return self.view(node, NUMBER, env)

    def weight(self, factors: Factors, env: Env) -> str:
        """Return the scalars of a product over its denominators."""
        return self.over(multiplied([self.scalar(scalar, env) for scalar in factors.scalars]), factors.below, env)

    def over(self, above: str, below: Sequence[t.Expression], env: Env) -> str:
        """Return a quotient; its denominators are premises, but for numbers and counts of samples."""
        for divisor in (one for denominator in below for one in divisors(denominator)):
            if not (isinstance(divisor, t.Size) and divisor.name in self.context.samples):
                self.assume(divisor, "{} <> 0", env)
        return syntax.divided(above, multiplied([self.scalar(one, env) for one in below])) if below else above

    def _number(self, node: t.Number, views: Views, env: Env) -> str:
        del views, env
        return syntax.number(node.value)

    def _size(self, node: t.Size, views: Views, env: Env) -> str:
        del views, env
        if node.name not in self.context.samples:
            raise outside(node, "the size of a space as a number")
        return applied("count", self.context.size(node.name))

    def _trace(self, node: t.Trace, views: Views, env: Env) -> str:
        """Return a trace, cut open along an axis of size 1 or of samples, where it starts and ends."""
        if node.of.shape == t.SCALAR:
            return self.view(node.of, views, env)
        if isinstance(node.of, t.Add):
            terms = map(signed, node.of.terms)
            return syntax.added([(minus, self._trace(t.Trace(term), views, env)) for minus, term in terms])
        product = Factors.of(node.of)
        factors = product.matrices
        sizes = [factor.shape[0] for factor in factors]
        cut = next((p for p, size in enumerate(sizes) if size == ONE_SIZE), None)
        if cut is None:
            cut = next((p for p, size in enumerate(sizes) if size in self.context.samples), None)
        if cut is None:
            raise outside(node, "a trace over features that is no inner product of two vectors")
        end = UNIT if sizes[cut] == ONE_SIZE else at(self.context.sample())
        inside = self._chain([*factors[cut:], *factors[:cut]], (end, end), env)
        summed = inside if end is UNIT else applied("sum", binder(end.text, self.context.size(sizes[cut]), inside))
        return syntax.added([(product.minus, multiplied([self.weight(product, env), summed]))])

    def _entrywise(self, node: t.Total | t.Entry, views: Views, env: Env) -> str:
        del views
        return Entrywise(self, env).contracted(node, {})

    # -- matrices ---

    def view(self, node: t.Expression, views: Views, env: Env) -> str:
        """Return a matrix looked at along its two axes: a number, or a vector if one of them is open."""
        rule = _RULES.get(type(node))
        if rule is None:
            raise outside(node, f"an expression of the kind {type(node).__name__}")
        return rule(self, node, views, env)

    def looked_at(self, node: t.Expression, views: Sequence[View], env: Env) -> str:
        """Return a symbol, or what an entry or a slice is taken from, looked at along all of its axes."""
        if not isinstance(node, t.Symbol):
            return self.view(node, (views[0], views[1]), env)
        axes = list(zip(node.axes, views, strict=True)) if node.axes else []
        features = [view for size, view in axes if size != ONE_SIZE and size not in self.context.samples]
        definition = self.context.names.definitions.get(node)
        if definition is not None and len(features) == 2:  # no name for a matrix: its definition takes its place
            return self.view(definition, (views[0], views[1]), env)
        self.context.type_of(node)
        samples = [view.text for size, view in axes if size in self.context.samples]
        if not all(samples):
            raise outside(node, "a whole axis of samples where one of them is needed")
        return _paired(applied(self.reference(node, env), *samples), features, node)

    def _transposed(self, node: t.Transpose, views: Views, env: Env) -> str:
        row, column = views
        return self.view(node.of, (column, row), env)

    def _power(self, node: t.Power, views: Views, env: Env) -> str:
        if node.base.shape != t.SCALAR:
            return self._composed(node, views, env)
        return syntax.raised(self.scalar(node.base, env), node.exponent) if node.exponent else "1"

    def _composed(self, node: t.Add | t.Multiply | t.Quotient | t.Power, views: Views, env: Env) -> str:
        """Return a sum or a product; a vector is paired with another as a whole, where it can be written."""
        row, column = views
        vector = row.is_open or column.is_open
        if not vector and not self.context.has(node, *_UNOPENED):
            if column.look is Look.FED and row.look is Look.FED:
                return applied("inner", row.text, self.view(node, (OPEN, column), env))
            if row.look is Look.FED:
                return applied("inner", self.view(node, (OPEN, column), env), row.text)
            if column.look is Look.FED:
                return applied("inner", self.view(node, (row, OPEN), env), column.text)
        together = syntax.vectors_added if vector else syntax.added
        if isinstance(node, t.Add):
            return together([(minus, self.view(term, views, env)) for minus, term in map(signed, node.terms)])
        product = Factors.of(node)
        weight = self.weight(product, env)
        if not product.matrices:
            return together([(product.minus, weight)])
        value = self._chain(product.matrices, views, env)
        return together([(product.minus, weighted(weight, value, vector=vector))])

    def _chain(self, factors: Sequence[t.Expression], views: Views, env: Env) -> str:
        """Return a product of matrices: maps are applied to what is a vector, samples in between are summed over."""
        if len(factors) == 1:
            return self.view(factors[0], views, env)
        (first, *rest), (row, column) = factors, views
        size, vector = first.shape[1], row.is_open or column.is_open
        if size == ONE_SIZE or size in self.context.samples:
            middle = UNIT if size == ONE_SIZE else at(self.context.sample())
            left, right = self.view(first, (row, middle), env), self._chain(rest, (middle, column), env)
            weight, value = (right, left) if row.is_open else (left, right)
            product = weighted(weight, value, vector=vector)
            if size == ONE_SIZE:
                return product
            return applied("total" if vector else "sum", binder(middle.text, self.context.size(size), product))
        if row.is_open or self.context.has(first, *_UNOPENED):
            return self.view(first, (row, fed(self._chain(rest, (OPEN, column), env))), env)
        if column.is_open or any(self.context.has(factor, *_UNOPENED) for factor in rest):
            return self._chain(rest, (fed(self.view(first, (row, OPEN), env)), column), env)
        return applied("inner", self.view(first, (row, OPEN), env), self._chain(rest, (OPEN, column), env))

    def _identity(self, node: t.Identity, views: Views, env: Env) -> str:
        del env
        row, column = views
        match row.look, column.look:
            case Look.FED, Look.FED:
                return applied("inner", row.text, column.text)
            case Look.OPEN, Look.FED:
                return column.text
            case Look.FED, Look.OPEN:
                return row.text
            case Look.UNIT, Look.UNIT:
                return "1"
        raise outside(node, "an identity matrix that is applied to nothing, or of samples")

    def _zero(self, node: t.Zeros, views: Views, env: Env) -> str:
        del node, env
        return "zero" if any(view.is_open for view in views) else "0"

    def _ones(self, node: t.Ones, views: Views, env: Env) -> str:
        del views, env
        if not all(size == ONE_SIZE or size in self.context.samples for size in node.shape):
            raise outside(node, "ones along features, whose entries have no meaning of their own")
        return "1"

    def _slice(self, node: t.Slice, views: Views, env: Env) -> str:
        looked = []
        for size, place, view in zip(node.of.shape, (node.row, node.column), views, strict=True):
            taken = place != WHOLE and size != ONE_SIZE
            if taken and (size not in self.context.samples or place not in env):
                raise outside(node, "a sample that is not summed over")
            looked.append(at(env[place]) if taken else view)
        return self.looked_at(node.of, looked, env)

    def _from_entries(self, node: t.ByEntries, views: Views, env: Env) -> str:
        samples, vectors = dict(env), dict[str, str]()
        for index, view in zip((node.row, node.column), views, strict=True):
            if index is None:
                continue
            if view.look is Look.AT:
                samples[index.name] = view.text
            elif view.look is Look.FED:
                vectors[index.name] = view.text
            else:
                raise outside(node, "a vector given by its entries that is not paired with another")
        return Entrywise(self, samples).contracted(node.body, vectors)

    def _gradient(self, node: t.Gradient, views: Views, env: Env) -> str:
        return applied("slope", line(self, node, _direction(views, node), env))

    def _jacobian(self, node: t.Jacobian, views: Views, env: Env) -> str:
        del views, env
        raise outside(node, "the derivative of a vector")

    def _at(self, node: t.At, views: Views, env: Env) -> str:
        return self.view(node.of, views, replaced(self, node, env))

    def _mean(self, node: t.Expectation, views: Views, env: Env) -> str:
        if any(view.is_open for view in views):
            raise outside(node, "the expectation of a vector")
        if isinstance(node.of, t.ByEntries) and ONE_SIZE not in node.shape:
            raise outside(node, "the expectation of a matrix that is given by its entries")
        return self.expected(node, env, lambda inner: self.view(node.of, views, inner))

    def expected(self, node: t.Expectation, env: Env, inside: Callable[[Env], str]) -> str:
        """Return an expectation of what ``inside`` prints, and take what is known of the moments as premises."""
        random = node.random
        if sizes_of(random) or random.name in self.context.whole:
            raise outside(node, "an expectation over a random matrix, or a whole number")
        self.context.bound.add(random.name)
        name = identifier(random.name)
        if any(names(name, moved) for symbol, moved in env.items() if symbol != random.name):
            raise outside(node, f"another {random}, which is carried into its expectation")
        shown = self._argument(Law(random.name), {})
        for moment in node.moments:
            self.assume(moment.value, f"{applied('moment', shown, str(moment.degree))} = {{}}", env)
        before = set(self.context.lines)
        body = inside({**env, random.name: name})
        for moving in self.context.lines.keys() - before:  # what is differentiated depends on what is random
            self.context.lines[moving] = f"(forall {name} : R, {self.context.lines[moving]})"
        return applied("expect", shown, f"fun {name} => {body}")


def _paired(name: str, features: Sequence[View], node: t.Symbol) -> str:
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
    raise outside(node, "a matrix that is applied to nothing")


def _direction(views: Views, node: t.Gradient) -> str:
    """Return the direction that a gradient is paired with; for a matrix it is row column^T, of rank one."""
    match [view for view in views if view.look is not Look.UNIT]:
        case [View(look=Look.FED, text=direction)]:
            return direction
        case [View(look=Look.FED, text=left), View(look=Look.FED, text=right)]:
            return applied("outer", left, right)
    raise outside(node, "a gradient that is not paired with a direction")


_RULES: Mapping[type[t.Expression], Callable[[Printer, Any, Views, Env], str]] = {
    t.Number: Printer._number,
    t.Size: Printer._size,
    t.Symbol: Printer.looked_at,
    t.Add: Printer._composed,
    t.Multiply: Printer._composed,
    t.Quotient: Printer._composed,
    t.Power: Printer._power,
    t.Trace: Printer._trace,
    t.Total: Printer._entrywise,
    t.Entry: Printer._entrywise,
    t.Transpose: Printer._transposed,
    t.Identity: Printer._identity,
    t.Zeros: Printer._zero,
    t.Ones: Printer._ones,
    t.Slice: Printer._slice,
    t.ByEntries: Printer._from_entries,
    t.Gradient: Printer._gradient,
    t.Jacobian: Printer._jacobian,
    t.At: Printer._at,
    t.Expectation: Printer._mean,
}
