"""Evidence as plain data, in an order that does not change from run to run.

===============  ====================================================================================================
tree             an expression in the language of statements (see :mod:`symmix.terms.codec`), as all polynomials and
                 products of entries are; its indices may be the goal's ``row`` and ``column`` and the samples, and in a
                 factor those of its hypothesis: ``of row``, ``of column``, and ``of i`` for each i that it is "for all"
combination      ``{"squared": false, "multiplier": [tree, ...], "terms": [{"of": which, "factor": tree}, ...]}``: the
                 product of the multiplier times the goal is the sum, over all values of the indices of the
                 hypotheses, of factor times hypothesis; which is ``["where", 0]``, ``["other", 0]`` for the other
                 side of an equivalence, ``["left inverse", tree]`` or ``["right inverse", tree]``, or ``["turned",
                 {"of": which, "multiplier": [tree, ...], "left": tree, "right": tree, "factor": [tree, ...]}]``: the
                 hypothesis times the multiplier is L R - f I for square matrices, and R L - f I vanishes, too
components       ``{"ways": [...]}``, for what holds at fixed sizes alone: for each goal a combination, or one for each
                 place of its axes of fixed sizes (row, column, samples by name, the last one first), where sums over
                 fixed sizes are written out; or ``null``, where all cancels so
sum of squares   ``{"squares": [{"scale": [tree, ...], "ends": ["n", ...], "root": tree}, ...], "multiplier": ...,
                 "terms": ...}``: as a combination, with the product of each scale times the squared root, summed over
                 the root's indices ``end 0``, ``end 1``, ... of these sizes, besides the terms
line             ``{"form": tree, "root": tree}``: form, a polynomial in one scalar, is the scalar times root^2
positive form    ``{"form": tree, "multiplier": tree, "root": tree}``: form = scalar multiplier root^2, with form and
                 multiplier in symbols that are positive
instances        ``{"values": [tree, ...], "instances": [{"of": 0, "at": [tree, ...], "root": null}, ...], "evidence":
                 ...}``, for what is stated of functions: the values G(a) are new symbols ``value 0``, ...; what
                 hypothesis ``of`` says for all arguments is so ``at`` these; what is not negative is the square of a
                 new symbol ``root 0``; and the evidence is that of what is left
point            ``{"sizes": {"n": 2}, "scalars": {"lam": "1/2"}, "entries": {"W": [["1", "0"]]}, "at": {"i": 0}}``,
                 entries as lists of lists, one level for each axis whose size is not 1; an affine function G has those
                 of ``dG/dx`` and ``G(0)``
===============  ====================================================================================================

Nothing here decides anything; what reads it is :mod:`symmix.checker`, which shares no code with the kernel.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from symmix.kernel.arrays import COLUMN, ROW
from symmix.kernel.cofactors import Cofactors
from symmix.kernel.networks import Expression
from symmix.kernel.points import Entries, Model
from symmix.kernel.positivity import Interval, PositiveForm
from symmix.kernel.products import DELTA, Index, Product
from symmix.kernel.scalars import Polynomial
from symmix.terms.names import AXES

Data = Any  # what JSON can hold
Multiplier = Sequence[tuple[Polynomial, int]]
Names = Mapping[str, str]  # what free indices are called in the evidence
OWN = dict(zip((ROW, COLUMN), AXES, strict=True))


def number(value: object) -> Data:
    """Return a number as a tree."""
    return ["Number", str(value)]


def joined(kind: str, parts: Sequence[Data], empty: int) -> Data:
    """Return a sum or a product; of one part it is that part."""
    return [kind, [*parts]] if len(parts) > 1 else parts[0] if parts else number(empty)


def unit(size: str, index: str, place: int) -> Data:
    """Return an entry of a unit vector: it is 1 where the index is this place."""
    return ["Entry", ["Identity", size], [index, str(place)]]


def powered(base: Data, exponent: int) -> Data:
    """Return a power of a tree, which may be negative."""
    if exponent < 0:
        return ["Quotient", number(1), powered(base, -exponent)]
    return base if exponent == 1 else ["Power", base, exponent]


@dataclass
class Encoding:
    """Writes what the kernel computes with as trees, in the names of one theorem.

    ``symbols`` are the axes of its symbols, ``samples`` its indices, ``inverses`` the matrices that the kernel's
    tensors for inverses are of.

    A unit vector, which the kernel calls by its place, is a column of the identity; a component, called "G[0,:]" by the
    places of its axes, is an entry of the whole.
    """

    sizes: frozenset[str]
    symbols: Mapping[str, Sequence[str]]
    samples: frozenset[str]
    reciprocals: Mapping[str, Polynomial]
    inverses: Mapping[str, Data]

    def scalar(self, name: str) -> Data:
        """Return a name that occurs in polynomials."""
        if name in self.reciprocals:
            return powered(self.polynomial(self.reciprocals[name]), -1)
        return ["Size" if name in self.sizes else "Symbol", name]

    def polynomial(self, polynomial: Polynomial) -> Data:
        """Return a polynomial, its terms in the order of their powers."""
        ordered = sorted(polynomial.terms.items(), key=lambda term: (str(sorted(term[0])), term[1]))
        return joined("Add", [self._product(c, powers, []) for powers, c in ordered], 0)

    def _product(self, c: object, powers: Iterable[tuple[str, int]], entries: Sequence[Data]) -> Data:
        scale = [number(c)] if c != 1 else []
        return joined("Multiply", [*scale, *(powered(self.scalar(n), e) for n, e in sorted(powers)), *entries], 1)

    def bases(self, multiplier: Multiplier) -> list[Data]:
        """Return the factors of a product of powers."""
        return [self.polynomial(base) for base, power in multiplier for _ in range(power)]

    def network(self, expression: Expression, names: Names) -> Data:
        """Return an expression."""
        terms = []
        for product, c in expression.terms.items():
            for powers, scale in c.terms.items():
                summed, entries = self._entries(product, names)
                body = self._product(scale, powers, entries)
                terms.append(["Total", summed, body] if summed else body)
        return joined("Add", sorted(terms, key=str), 0)

    def _entries(self, product: Product, names: Names) -> tuple[list[Data], list[Data]]:
        """Return the summed indices with their sizes, and the factors."""
        fresh = (name for name in map("j{}".format, count()) if name not in self.samples)
        summed: dict[Index, list[str]] = {}
        entries = []
        for (tensor, dims, _), indices in product:
            for index, dim in zip(indices, dims, strict=True):
                if isinstance(index, int) and index not in summed:
                    summed[index] = [next(fresh), dim]
            at = [summed[i][0] if i in summed else names.get(str(i), str(i)) for i in indices]
            if tensor == DELTA:
                entries.append(["Delta", *at])
            else:
                entries.append(unit(dims[0], at[0], int(tensor)) if tensor.isdigit() else self._entry(tensor, at))
        return list(summed.values()), entries

    def _entry(self, component: str, at: Sequence[str]) -> Data:
        tensor, _, places = component.rstrip("]").partition("[")
        left = iter(at)
        at = [next(left) if place == ":" else place for place in places.split(",")] if places else at
        of = ["Inverse", self.inverses[tensor]] if tensor in self.inverses else ["Symbol", tensor]
        axes = self.symbols.get(tensor, ["n", "n"])  # those of an inverse both count, or none
        left = iter(at)
        return ["Entry", of, ["0" if size == "1" else next(left) for size in axes]] if at else of

    def combination(
        self, cofactors: Cofactors, multiplier: Multiplier, sources: Iterable[tuple[Data, Sequence[Data]]]
    ) -> Data:
        """Return cofactors; ``sources`` says which hypothesis each belongs to, and what that was multiplied by."""
        terms = []
        parts = zip(cofactors.factors, cofactors.slots, cofactors.hypotheses, sources, strict=True)
        for factor, slots, hypothesis, (of, by) in parts:
            if not factor.is_zero:
                own = {slot: f"of {OWN.get(i, i)}" for i, slot in zip(hypothesis.slots, slots, strict=True)}
                tree = joined("Multiply", [*by, self.network(factor, {**OWN, **own})], 1)
                terms.append({"of": of, "factor": tree})
        return {"multiplier": self.bases(multiplier), "terms": terms}

    def square(self, scale: Multiplier, root: Expression, samples: Mapping[str, str]) -> Data:
        """Return a square and what it is multiplied by; its own indices are called ``end 0``, ``end 1``, ..."""
        ends = [index for index in root.free if index not in samples]
        names = {index: f"end {number}" for number, index in enumerate(ends)}
        sizes = [root.free[index] for index in ends]
        return {"scale": self.bases(scale), "ends": sizes, "root": self.network(root, names)}

    def positive(self, found: PositiveForm, ranges: Mapping[str, Interval], squares: Multiplier) -> Data:
        """Return a positive form and what the scalar was multiplied by to get it; ``squares`` is what came before."""
        lowest: dict[str, int] = {}
        highest: dict[str, int] = {}
        for powers in found.original.terms:
            for name, exponent in powers:
                lowest[name] = min(lowest.get(name, 0), exponent)
        shifts = {name: -(exponent // 2) for name, exponent in lowest.items() if exponent < 0}
        for powers in found.original.terms:
            exponents = dict(powers)
            for name in lowest:
                highest[name] = max(highest.get(name, 0), exponents.get(name, 0) + 2 * shifts.get(name, 0))
        bounded = {name: degree for name, degree in highest.items() if ranges[name].high is not None}
        one, lift = Polynomial.constant(1), sum(map(Polynomial.variable, sorted(found.form.names & ranges.keys())), 0)
        above = [(one + Polynomial.variable(name), degree) for name, degree in sorted(bounded.items())]
        shifted = [(Polynomial.variable(name), power) for name, power in sorted(shifts.items())]
        return {
            "form": self.polynomial(found.form),
            "multiplier": joined("Multiply", self.bases([*above, (one + lift, found.lifted)]), 1),
            "root": joined("Multiply", self.bases([*squares, *shifted]), 1),
        }


def point_data(point: Model, hidden: Iterable[str] = ()) -> Data:
    """Return a point; ``hidden`` are names of what is only defined at it."""
    scalars = {name: str(value) for name, value in sorted(point.scalars.items()) if name not in {*hidden}}
    entries = {
        tensor.name: _nested(table, [point.sizes[dim] for dim in tensor.dims], ())
        for tensor, table in sorted(point.entries.items())
        if tensor.name not in {*hidden} and not tensor.name.isdigit()
    }
    sizes = {size: number for size, number in sorted(point.sizes.items()) if not size.isdigit()}
    return {"sizes": sizes, "scalars": scalars, "entries": entries, "at": dict(sorted(point.at.items()))}


def _nested(table: Entries, sizes: Sequence[int], position: tuple[int, ...]) -> Data:
    if not sizes:
        return str(table.get(position, 0))
    return [_nested(table, sizes[1:], (*position, i)) for i in range(sizes[0])]
