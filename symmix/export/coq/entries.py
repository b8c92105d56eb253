"""Numbers from entries: sums over samples, expectations, and chains of entries such as W[f, q] Z[i, q]."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.tensor.array.expressions import ArrayElement

from symmix.export.coq import syntax
from symmix.export.coq.axes import OPEN, UNIT, Env, View, at, fed, outside
from symmix.export.coq.syntax import applied, binder, multiplied
from symmix.export.text import text
from symmix.language.nodes import ScalarExpectation

if TYPE_CHECKING:
    from symmix.export.coq.terms import Printer

Paired = Mapping[sp.Basic, str]  # feature indices, and the vectors that they are paired with


@dataclass(frozen=True)
class Entrywise:
    """Prints what is given by entries, in one environment."""

    printer: Printer
    env: Env

    def contracted(self, node: sp.Basic, vectors: Paired) -> str:
        """Return a number; along each feature index that is left, the entries are paired with a vector."""
        match node:
            case sp.Sum():
                return self._summed(node, vectors)
            case ScalarExpectation():
                return self.printer.expected(
                    node, self.env, lambda env: Entrywise(self.printer, env).contracted(node.averaged, vectors)
                )
            case MatrixElement() | ArrayElement():
                views = self._views(node, vectors)
                if any(view.is_open for view in views):
                    raise outside(text(node), "one component of a vector, which depends on the basis")
                return self.printer.looked_at(_array(node), views, self.env)
        if not vectors:
            return self.printer.scalar(node, self.env)
        match node:
            case sp.Add():
                return syntax.added([(False, self.contracted(term, vectors)) for term in node.args])
            case sp.Mul():
                return self._chain(node, vectors, ())
        raise outside(text(node), f"{type(node).__name__} with a feature index, or without one that it should have")

    def _summed(self, node: sp.Sum, vectors: Paired) -> str:
        sizes = {index: sp.expand(high - low + 1) for index, low, high in node.limits}
        if len(sizes) != len(node.limits):
            raise outside(text(node), "two sums over one index")
        counted = [size in self.printer.context.samples for size in sizes.values()]
        if not any(counted):
            return self._chain(node.function, vectors, tuple(sizes))
        if not all(counted):
            raise outside(text(node), "one sum over samples and features")
        names = {index: self.printer.context.sample() for index in sizes}
        body = Entrywise(self.printer, {**self.env, **names}).contracted(node.function, vectors)
        for index, size in sizes.items():
            body = applied("sum", binder(names[index], self.printer.context.size(size), body))
        return body

    def _chain(self, node: sp.Basic, paired: Paired, summed: Iterable[sp.Basic]) -> str:
        """Walk along a chain of entries, from what is known to what is not, until nothing is left of it."""
        vectors, factors = dict(paired), _factors(node)
        _require_pairs(factors, vectors, summed)
        loose = set(summed)
        done: list[str] = []
        while factors:
            factor = next((f for f in factors if self._walkable(f, loose)), None)
            if factor is None:
                raise outside(text(node), "entries that are no chain of vectors and maps")
            factors.remove(factor)
            known = {index: vectors.pop(index) for index in list(vectors) if index in factor.free_symbols}
            ahead = loose & factor.free_symbols
            if ahead:  # a vector is left of it, to be paired with what comes next
                loose -= ahead
                vectors[ahead.pop()] = self.printer.looked_at(_array(factor), self._views(factor, known), self.env)
            else:
                done.append(self.contracted(factor, known))
        return multiplied(done)

    @staticmethod
    def _walkable(factor: sp.Basic, loose: set[sp.Basic]) -> bool:
        """Whether all feature indices of a factor are paired, or all but one of an entry's."""
        return len(loose & factor.free_symbols) <= isinstance(factor, MatrixElement | ArrayElement)

    def _views(self, node: sp.Basic, vectors: Paired) -> list[View]:
        return [
            self._along(index, size, vectors, node)
            for index, size in zip(_indices(node), _array(node).shape, strict=True)
        ]

    def _along(self, index: sp.Basic, size: sp.Basic, vectors: Paired, node: sp.Basic) -> View:
        if size == 1:
            return UNIT
        if size not in self.printer.context.samples:
            return fed(vectors[index]) if index in vectors else OPEN
        if index not in self.env:
            raise outside(text(node), "a sample that is not summed over")
        return at(self.env[index])


def _factors(node: sp.Basic) -> list[sp.Basic]:
    """Return the factors of a product, whole powers of entries written out."""
    factors: list[sp.Basic] = []
    for factor in sp.Mul.make_args(node):
        entry = isinstance(factor, sp.Pow) and isinstance(factor.base, MatrixElement | ArrayElement)
        whole = entry and factor.exp.is_Integer and factor.exp > 0
        factors += [factor.base] * int(factor.exp) if whole else [factor]
    return factors


def _require_pairs(factors: Sequence[sp.Basic], vectors: Paired, summed: Iterable[sp.Basic]) -> None:
    """Refuse a feature index that does not join two: only then is a product of entries an inner product."""
    for index in (*vectors, *summed):
        ends = sum(index in factor.free_symbols for factor in factors) + (index in vectors)
        if ends != 2:
            raise outside(text(sp.Mul(*factors)), f"the index {index}, which does not join two factors")


def _array(node: sp.Basic) -> sp.Basic:
    return node.parent if isinstance(node, MatrixElement) else node.name


def _indices(node: sp.Basic) -> tuple[sp.Basic, ...]:
    return (node.i, node.j) if isinstance(node, MatrixElement) else tuple(node.indices)
