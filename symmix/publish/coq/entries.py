"""Numbers from entries: sums over samples, expectations, and chains of entries such as W[f, q] Z[i, q]."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from symmix.publish.coq.axes import OPEN, UNIT, Env, View, at, fed, outside
from symmix.publish.coq.factors import signed
from symmix.publish.coq.printing import Printing
from symmix.publish.coq.syntax import added, applied, binder, multiplied
from symmix.terms import nodes as t
from symmix.terms.meanings import samples_of
from symmix.terms.names import ONE_SIZE

Paired = Mapping[str, str]  # feature indices, and the vectors that they are paired with


@dataclass(frozen=True)
class Entrywise:
    """Prints what is given by entries, in one environment."""

    printer: Printing
    env: Env

    def contracted(self, node: t.Expression, vectors: Paired) -> str:
        """Return a number; along each feature index that is left, the entries are paired with a vector."""
        match node:
            case t.Total():
                return self._summed(node, vectors)
            case t.Expectation():
                return self.printer.expected(
                    node, self.env, lambda env: Entrywise(self.printer, env).contracted(node.of, vectors)
                )
            case t.Entry():
                return self._entry(node, vectors)
        if not vectors:
            return self.printer.scalar(node, self.env)
        match node:
            case t.Add(terms=terms):
                return added([(minus, self.contracted(term, vectors)) for minus, term in map(signed, terms)])
            case t.Multiply() | t.Quotient() | t.Power():
                return self._chain(node, vectors, ())
        raise outside(node, f"{type(node).__name__} with a feature index, or without one that it should have")

    def _entry(self, node: t.Entry, vectors: Paired) -> str:
        for index in vectors:
            if node.indices.count(index) != 1:  # W[f, f] paired with v is no inner product
                raise outside(node, f"the index {index}, which does not join two factors")
        views = self._views(node, vectors)
        if any(view.is_open for view in views):
            raise outside(node, "one component of a vector, which depends on the basis")
        return self.printer.looked_at(node.of, views, self.env)

    def _summed(self, node: t.Total, vectors: Paired) -> str:
        counted = self.printer.context.counted(index.size for index in node.indices)
        if not any(counted):
            return self._chain(node.body, vectors, [index.name for index in node.indices])
        if not all(counted):
            raise outside(node, "one sum over samples and features")
        names = {index.name: self.printer.context.sample() for index in node.indices}
        body = Entrywise(self.printer, {**self.env, **names}).contracted(node.body, vectors)
        for index in reversed(node.indices):
            body = applied("sum", binder(names[index.name], self.printer.context.size(index.size), body))
        return body

    def _chain(self, node: t.Expression, paired: Paired, summed: Iterable[str]) -> str:
        """Walk along a chain of entries, from what is known to what is not, until nothing is left of it."""
        minus, product = signed(node)
        vectors, (factors, below) = dict(paired), _factors(product)
        _require_pairs(factors, vectors, summed, node)
        loose = set(summed)
        done: list[str] = []
        while factors:
            factor = next((f for f in factors if _walkable(f, loose)), None)
            if factor is None:
                raise outside(node, "entries that are no chain of vectors and maps")
            factors.remove(factor)
            places = set(_places(factor))
            known = {index: vectors.pop(index) for index in list(vectors) if index in places}
            ahead = loose & places
            if ahead and isinstance(factor, t.Entry):  # a vector is left of it, to be paired with what comes next
                loose -= ahead
                vectors[ahead.pop()] = self.printer.looked_at(factor.of, self._views(factor, known), self.env)
            else:
                done.append(self.contracted(factor, known))
        return added([(minus, self.printer.over(multiplied(done), below, self.env))])

    def _views(self, node: t.Entry, vectors: Paired) -> list[View]:
        axes = node.of.axes if isinstance(node.of, t.Symbol) else node.of.shape
        return [self._along(index, size, vectors, node) for index, size in zip(node.indices, axes, strict=True)]

    def _along(self, index: str, size: str, vectors: Paired, node: t.Entry) -> View:
        if size == ONE_SIZE:
            return UNIT
        if size not in self.printer.context.samples:
            return fed(vectors[index]) if index in vectors else OPEN
        if index not in self.env:
            raise outside(node, "a sample that is not summed over")
        return at(self.env[index])


def _factors(node: t.Expression) -> tuple[list[t.Expression], list[t.Expression]]:
    """Return the factors of a product, powers of entries written out, and what it is divided by."""
    match node:
        case t.Multiply(factors=factors) if not node.matrices:
            parts = [_factors(factor) for factor in factors]
            return [one for above, _ in parts for one in above], [one for _, below in parts for one in below]
        case t.Power(base=t.Entry() as entry, exponent=exponent):
            return [entry] * exponent, []
        case t.Quotient(numerator=numerator, denominator=denominator):
            above, below = _factors(numerator)
            return above, [*below, denominator]
    return [node], []


def _places(factor: t.Expression) -> list[str]:
    """Return the indices at the positions of an entry, or each once that occurs anywhere in something else."""
    return list(factor.indices) if isinstance(factor, t.Entry) else [*samples_of(factor)]


def _walkable(factor: t.Expression, loose: set[str]) -> bool:
    """Whether all feature indices of a factor are paired, or all but one of an entry's."""
    return len(loose & set(_places(factor))) <= isinstance(factor, t.Entry)


def _require_pairs(factors: Sequence[t.Expression], vectors: Paired, summed: Iterable[str], node: t.Expression) -> None:
    """Refuse a feature index that does not join two: only then is a product of entries an inner product."""
    for index in (*vectors, *summed):
        ends = sum(_places(factor).count(index) for factor in factors) + (index in vectors)
        if ends != 2:
            raise outside(node, f"the index {index}, which does not join two factors")
