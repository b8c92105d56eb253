"""Reading evidence: polynomials, networks and combinations, dividing by nothing but what a statement allows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .algebra import DELTA, Algebra, Factor, Gathered, Sum
from .expansion import COLUMN, ROW, Expansion, axes_of
from .polynomials import ONE, UNIT, Poly, Polynomials, without_content
from .reading import MAX_POWER, Data, flag_of, list_of, number_of, reject, table_of, whole_of
from .theorem import Hypothesis, Statement, Theorem
from .trees import ONE as ONE_SIZE
from .trees import Shape

Sources = Mapping[str, Sequence[Hypothesis]]
DIRECT: Data = {"squared": False, "multiplier": [], "terms": []}  # the combination of nothing


class Units:
    """What one statement may divide by: sizes, what it divides by itself, what is said not to be zero."""

    def __init__(self, algebra: Polynomials, sizes: Iterable[str], known: Iterable[Poly]) -> None:
        self.algebra, self.names = algebra, set(sizes)
        self.parts: list[Poly] = []
        for p in filter(None, map(algebra.cleared, known)):
            names, part = without_content(p)
            self.names |= names
            self.parts += [part] if len(part) > 1 else []

    def require(self, p: Poly) -> Poly:
        """Refuse a polynomial that is not, but for a number, a product or a factor of what is known not to be zero."""
        cleared = self.algebra.cleared(p)
        names, rest = without_content(cleared) if cleared else (set(), {})
        for part in self.parts:
            if len(rest) > 1 and self.algebra.divided(part, rest) is not None:
                rest = {UNIT: ONE}
            while len(rest) > 1 and (quotient := self.algebra.divided(rest, part)) is not None:
                rest = quotient
        if len(rest) != 1 or not names <= self.names:
            reject("the evidence divides by something that is not known not to be zero")
        return p


class Evidence:
    """The evidence of one certificate, read in the names of its theorem; none of it is believed."""

    def __init__(self, theorem: Theorem, algebra: Algebra, expansion: Expansion, data: Data) -> None:
        self.theorem, self.trees, self.algebra, self.expansion = theorem, theorem.trees, algebra, expansion
        self.indices = {"row": ROW, "column": COLUMN, **{i: expansion.index(i) for i in theorem.indices}}
        self._reciprocals = dict(table_of(data["reciprocals"], "reciprocals"))
        self._read: dict[str, Poly] = {}
        self._inverses: dict[str, str] = {}
        self.units = Units(algebra, theorem.sizes, ())
        self.permitted: frozenset[str] = frozenset()  # inverses
        for name, tree in table_of(data["inverses"], "inverses").items():
            self._enter_inverse(name, tree)
        names = [*theorem.sizes, *self.trees.symbols, *self._reciprocals, *self._inverses]
        if len(set(names)) != len(names):
            reject("names of reciprocals and inverses that mean nothing else are required")

    def _enter_inverse(self, name: str, data: Data) -> None:
        tree = self.theorem.expression(["Inverse", data])
        (((_, ((tensor, _),)),),) = self.expansion.read(tree)
        self._inverses[name] = tensor

    def allow(self, statement: Statement) -> None:
        """Find what a statement divides by; nothing else may be divided by in its evidence."""
        read, conditions = self.expansion.scalar, self.theorem.conditions
        known = [read(scalar) for scalar in statement.provided]
        known += [self.algebra.less(read(a), read(b)) for a, sign, b in conditions if sign in (">", "<", "!=")]
        roots = [*statement.roots(), *(side for a, _, b in conditions for side in (a, b))]
        below = {n.parts[1] for root in roots for n in self.trees.unfolded(root) if n.kind == "Quotient"}
        self.units = Units(self.algebra, self.theorem.sizes, [*known, *map(read, below)])
        self.permitted = frozenset().union(*(self.expansion.tensors(self.expansion.read(r)) for r in statement.roots()))
        self._read.clear()  # what was allowed for another statement

    # -- polynomials ---

    def polynomial(self, data: Data) -> Poly:
        """Return a polynomial; what it divides by has to be allowed."""
        parts: list[Poly] = [{}]
        for term in list_of(data, "a polynomial"):
            number, powers = list_of(term, "a term", 2)
            c = number_of(number)
            product: Poly = {UNIT: c} if c else {}
            for name, exponent in table_of(powers, "names with exponents").items():
                product = self.algebra.times(product, self._power(name, whole_of(exponent, "an exponent", -MAX_POWER)))
            parts.append(product)
        return self.algebra.plus(*parts)

    def _power(self, name: str, exponent: int) -> Poly:
        if name in self._reciprocals:
            if name not in self._read:
                data = self._reciprocals.pop(name)  # so that none is made of itself
                try:
                    self._read[name] = self.units.require(self.polynomial(data))
                finally:
                    self._reciprocals[name] = data
            return self.algebra.power(self._read[name], -exponent)
        if name not in self.theorem.sizes:
            self.trees.undefined(name, scalar=True)
        own: Poly = {((name, 1),): ONE}
        return self.algebra.power(own if exponent >= 0 else self.units.require(own), exponent)

    def multiplier(self, data: Data, *, unit: bool) -> Poly:
        """Return a product of powers; if it has to be a unit, each of them has to be known not to be zero."""
        total: Poly = {UNIT: ONE}
        for item in list_of(data, "a multiplier"):
            base, power = list_of(item, "a polynomial and a power", 2)
            found = self.polynomial(base)
            found = self.units.require(found) if unit else found
            total = self.algebra.times(total, self.algebra.power(found, whole_of(power, "a power")))
        return total

    # -- networks ---

    def network(self, data: Data, free: Mapping[str, tuple[int, str]]) -> Sum:
        """Return a sum of products of entries; ``free`` are the free indices that it may have, with their sizes."""
        table_of(data, "a network", ("free", "terms"))
        for name, size in table_of(data["free"], "free indices").items():
            if name not in free or free[name][1] != size:
                reject(f"a free index of the statement, with its size, is required, not {name!r:.80}")
        found: Gathered = {}
        for term in list_of(data["terms"], "the terms of a network"):
            coefficient, factors = list_of(term, "a term", 2)
            sizes, product = _Term(self, free).read(list_of(factors, "factors"))
            self.algebra.plugged(found, self.polynomial(coefficient), sizes, product, [])
        return self.algebra.gathered(found)

    def tensor(self, data: Data) -> tuple[str, list[str]]:
        """Return a symbol without a definition, or an inverse, and the sizes of its indices."""
        if isinstance(data, str) and data in self._inverses:
            tensor = self._inverses[data]
            _, shape = self.expansion.inverse_of(self.allowed(tensor)) or reject("an inverse is required")
            return tensor, [size for size in shape if size != ONE_SIZE]
        axes = self.trees.symbols[self.trees.undefined(data)]
        return (data, [size for size in axes if size != ONE_SIZE]) if axes else reject(f"{data} has no entries")

    def allowed(self, tensor: str) -> str:
        """Refuse an inverse that the statement does not speak of."""
        return tensor if tensor in self.permitted else reject("an inverse that the statement does not speak of")

    # -- combinations ---

    def require_combination(self, goal: Sum, shape: Shape, way: Data, sources: Sources) -> None:
        """Require that a goal is, but for a factor that is not zero, a combination of hypotheses, as the evidence says.

        Or that the sum of the squares of its entries is: for real numbers that is zero only where each entry is.
        """
        table_of(way, "a combination", ("squared", "multiplier", "terms"))
        own = {name: (self.indices[name], size) for name, size in zip(("row", "column"), shape, strict=True)}
        samples = {name: (self.indices[name], size) for name, size in self.theorem.indices.items()}
        free = {name: place for name, place in {**own, **samples}.items() if place[1] != ONE_SIZE}
        if flag_of(way["squared"]):
            goal = self.algebra.bound(self.algebra.multiplied(goal, goal), own.values())
        rest = self.algebra.scaled(goal, self.multiplier(way["multiplier"], unit=True))
        for term in list_of(way["terms"], "the terms of a combination"):
            rest = self.algebra.minus(rest, self._term(term, free, sources))
        if not self.algebra.vanishes(rest):
            reject("the two sides differ" if way == DIRECT else "the combination gives something else")

    def _term(self, data: Data, free: Mapping[str, tuple[int, str]], sources: Sources) -> Sum:
        """Return factor times hypothesis, summed over the slots of the hypothesis."""
        table_of(data, "a term of a combination", ("of", "multiplier", "slots", "factor"))
        body, own = self._source(data["of"], sources)
        slots = table_of(data["slots"], "the slots of a hypothesis", own)
        fresh = {name for name in slots.values() if isinstance(name, str) and name not in free}
        if len(fresh) != len(own):
            reject("slots with names of their own are required")
        moved = {own[i][0]: self.expansion.index(f"slot {name}") for i, name in slots.items()}
        inner = {name: (moved[own[i][0]], own[i][1]) for i, name in slots.items()}
        body = self.algebra.renamed(body, moved)
        hypothesis = self.algebra.scaled(body, self.multiplier(data["multiplier"], unit=False))
        factor = self.network(data["factor"], {**free, **inner})
        return self.algebra.bound(self.algebra.multiplied(factor, hypothesis), inner.values())

    def _source(self, of: Data, sources: Sources) -> tuple[Sum, dict[str, tuple[int, str]]]:
        """Return a hypothesis with its slots: its row, its column, and what it says "for all" of; no sample index."""
        kind, which = [*table_of(of, "a hypothesis").items(), ("", None)][0]
        if len(of) != 1:
            reject("one hypothesis is required")
        bound: Sequence[tuple[str, str]] = ()
        if kind == "inverse":
            name, side = list_of(which, "an inverse and a side", 2)
            if not isinstance(name, str) or name not in self._inverses or side not in ("left", "right"):
                reject("an inverse of the evidence, left or right, is required")
            body, shape = self.expansion.relation(self.allowed(self._inverses[name]), left=side == "left")
        elif kind in sources:
            bound, tree = sources[kind][whole_of(which, "the number of a hypothesis", 0, len(sources[kind]) - 1)]
            body, shape = self.expansion.read(tree), tree.shape
        else:
            reject("a hypothesis of the statement is required")
        axes = [(name, size) for name, size in zip(("row", "column"), shape, strict=True) if size != ONE_SIZE]
        own = {name: (i, size) for (name, size), i in zip(axes, axes_of(shape), strict=True)}
        return body, {**own, **{name: (self.expansion.index(name), size) for name, size in bound}}


class _Term:
    """A product of entries on the way: summed indices, whole numbers there, are numbered and get their sizes."""

    def __init__(self, evidence: Evidence, free: Mapping[str, tuple[int, str]]) -> None:
        self.evidence, self.free = evidence, free
        self.numbers: dict[int, int] = {}
        self.sizes: dict[int, str | None] = {}

    def read(self, data: Sequence[Data]) -> tuple[list[str], list[Factor]]:
        """Return the sizes of the summed indices, and the factors."""
        found, deltas = [], []
        for item in data:
            tensor, indices = list_of(item, "a factor", 2)
            if tensor == DELTA:
                deltas.append(list_of(indices, "the indices of a delta", 2))
            else:
                name, axes = self.evidence.tensor(tensor)
                places = zip(list_of(indices, f"the indices of {name}", len(axes)), axes, strict=True)
                found.append((name, tuple([self._place(i, size) for i, size in places])))
        self.evidence.algebra.meter.spend(len(deltas) ** 2)
        for _ in deltas:  # the size of one index of a delta is that of the other
            for i, j in deltas:
                self._place(i, self._size(j))
                self._place(j, self._size(i))
        found += [(DELTA, (self._place(i, None), self._place(j, None))) for i, j in deltas]
        sizes = [self.sizes[number] or reject("a summed index without a size") for number in range(len(self.numbers))]
        return sizes, found

    def _size(self, i: Any) -> str | None:
        return self.free[i][1] if isinstance(i, str) and i in self.free else self.sizes.get(self._place(i, None))

    def _place(self, i: Any, size: str | None) -> int:
        """Return the number of an index along an axis of some size."""
        if isinstance(i, str) and i in self.free:
            number, known = self.free[i]
        else:
            number = self.numbers.setdefault(whole_of(i, "a summed index"), len(self.numbers))
            own = self.sizes[number] = self.sizes.get(number) or size
            known = own or ""
        return number if size in (None, known) else reject("an index along axes of two sizes")
