"""Multiplying out: a tree becomes a sum of products of entries, definitions unfolded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import chain
from typing import Any

from .algebra import DELTA, NOTHING, Algebra, Gathered, Product, Sum, unpacked
from .moments import Bounds, may_have_distribution
from .polynomials import ONE, UNIT, Poly, by_power
from .reading import reject
from .trees import ONE as ONE_SIZE
from .trees import ONLY, SCALAR, Node, Shape, Trees

ROW, COLUMN, BY_ROW, BY_COLUMN, INNER = -1, -2, -3, -4, -5  # free indices; further ones have names
INVERSE = "inverse "  # and a number: the tensors that are inverses
Rules = Mapping[str, tuple[Sequence[int], Sum]]  # what a tensor becomes, at which of its indices


def axes_of(shape: Sequence[str]) -> list[int]:
    """Return the free indices of a matrix: those of its axes whose size is not 1."""
    return [i for i, size in zip((ROW, COLUMN), shape, strict=False) if size != ONE_SIZE]


class Expansion:
    """Multiplies the trees of one document out; ``range_of`` says where a random scalar lies."""

    def __init__(self, trees: Trees, algebra: Algebra, range_of: Callable[[str], Bounds]) -> None:
        self.trees, self.algebra, self.range_of = trees, algebra, range_of
        self.one: Sum = {NOTHING: {UNIT: ONE}}
        self.inverted: list[tuple[Sum, Shape]] = []  # what the inverses are of
        self._inverses: dict[object, int] = {}
        self._indices: dict[str, int] = {}
        self._done: dict[Node, Sum] = {}
        self._defined: dict[str, Sum] = {}

    def index(self, name: str) -> int:
        """Return the number of a free index."""
        return self._indices.setdefault(name, -10 - len(self._indices))

    def read(self, tree: Node) -> Sum:
        """Return a tree multiplied out."""
        if tree not in self._done:
            names = self.trees.used(tree)
            for name, value in self.trees.definitions.items():  # each uses earlier ones only
                if name in names and name not in self._defined:
                    self._defined[name] = self.out(value)
            self._done[tree] = self.out(tree)
        return self._done[tree]

    def scalar(self, tree: Node) -> Poly:
        """Return a scalar without entries."""
        return self.read(tree).get(NOTHING, {})

    def out(self, tree: Node) -> Sum:
        """Return a tree multiplied out whose definitions are known."""
        self.algebra.meter.spend(1)
        return _RULES[tree.kind](self, tree, *tree.parts)

    def entry(self, tensor: str, at: Iterable[int]) -> Sum:
        """Return an entry of a tensor."""
        return {(((), ((tensor, tuple(at)),)),): {UNIT: ONE}}

    def delta(self, i: int, j: int) -> Sum:
        """Return the Kronecker delta of two free indices."""
        return self.one if i == j else self.entry(DELTA, sorted((i, j)))

    def unit(self, shape: Shape) -> Sum:
        """Return the identity matrix."""
        return self.one if shape == SCALAR else self.delta(ROW, COLUMN)

    def symbol(self, name: str, at: Sequence[int]) -> Sum:
        """Return a symbol at indices, one for each axis that is not of size 1."""
        axes = self.trees.symbols[name]
        if name in self.trees.definitions:
            return self.algebra.renamed(self._defined[name], dict(zip(axes_of(axes), at, strict=True)))
        return self.entry(name, at) if axes else {NOTHING: {((name, 1),): ONE}}

    # -- algebra ---

    def chained(self, a: Sum, first: Shape, b: Sum, second: Shape) -> tuple[Sum, Shape]:
        """Multiply matrices, or a scalar and anything."""
        if SCALAR in (first, second):
            return self.algebra.multiplied(a, b), second if first == SCALAR else first
        a, b = self.algebra.renamed(a, {COLUMN: INNER}), self.algebra.renamed(b, {ROW: INNER})
        return self.algebra.bound(self.algebra.multiplied(a, b), [(INNER, first[1])]), (first[0], second[1])

    def multiply(self, _: Node, factors: Sequence[Node]) -> Sum:
        """Multiply scalars and chains of matrices."""
        total, shape = self.one, SCALAR
        for factor in factors:
            total, shape = self.chained(total, shape, self.out(factor), factor.shape)
        return total

    def quotient(self, _: Node, above: Node, below: Node) -> Sum:
        """Divide by a scalar without entries."""
        return self.algebra.scaled(self.out(above), self.algebra.reciprocal(self.out(below).get(NOTHING, {})))

    def power(self, tree: Node, base: Node, exponent: int) -> Sum:
        """Multiply something by itself."""
        total, result, shape = self.out(base), self.unit(tree.shape), tree.shape
        if shape == SCALAR and set(total) == {NOTHING}:
            return {NOTHING: self.algebra.power(total[NOTHING], exponent)}
        while exponent:
            result = self.chained(result, shape, total, shape)[0] if exponent & 1 else result
            exponent >>= 1
            total = self.chained(total, shape, total, shape)[0] if exponent else total
        return result

    def hadamard(self, _: Node, factors: Sequence[Node]) -> Sum:
        """Multiply entry by entry."""
        total = self.one
        for factor in factors:
            total = self.algebra.multiplied(total, self.out(factor))
        return total

    # -- matrices and entries ---

    def on_diagonal(self, of: Node) -> Sum:
        """Return a matrix, or a row, over its rows."""
        return self.algebra.renamed(self.out(of), {COLUMN: ROW})

    def inverse(self, of: Sum, shape: Shape) -> Sum:
        """Return the inverse of a matrix, a tensor of its own: equal matrices have one."""
        if any(i < 0 and i not in (ROW, COLUMN) for x in of for _, held in x for _, at in held for i in at):
            reject("an inverse that depends on an index")
        key = shape, frozenset((product, frozenset(c.items())) for product, c in of.items())
        number = self._inverses.setdefault(key, len(self.inverted))
        if number == len(self.inverted):
            self.inverted.append((of, shape))
        return self.entry(f"{INVERSE}{number}", axes_of(shape))

    def inverse_of(self, tensor: str) -> tuple[Sum, Shape] | None:
        """Return what a tensor is the inverse of, if it is one."""
        return self.inverted[int(tensor[len(INVERSE) :])] if tensor.startswith(INVERSE) else None

    def relation(self, tensor: str, *, left: bool) -> tuple[Sum, Shape]:
        """Return B A - I, or A B - I, for the inverse B of A."""
        of, shape = self.inverse_of(tensor) or reject("an inverse is required")
        own = self.entry(tensor, axes_of(shape))
        product, _ = self.chained(own, shape, of, shape) if left else self.chained(of, shape, own, shape)
        return self.algebra.minus(product, self.unit(shape)), shape

    def entry_of(self, _: Node, of: Node, indices: Sequence[str]) -> Sum:
        """Return an entry."""
        at = [self.index(i) for i in indices if i != ONLY]
        if of.kind == "Symbol":
            return self.symbol(of.parts[0], at)
        return self.algebra.renamed(self.out(of), dict(zip(axes_of(of.shape), at, strict=True)))

    def slice(self, _: Node, of: Node, row: str, column: str) -> Sum:
        """Return a row or a column."""
        names = {i: self.index(name) for i, name in ((ROW, row), (COLUMN, column)) if name not in (ONLY, ":")}
        return self.algebra.renamed(self.out(of), names)

    def total(self, _: Node, indices: Sequence[tuple[str, str]], body: Node) -> Sum:
        """Sum over indices."""
        return self.algebra.bound(self.out(body), [(self.index(name), size) for name, size in indices])

    def by_entries(self, _: Node, row: Any, column: Any, body: Node) -> Sum:
        """Return a matrix given by its entries."""
        names = {self.index(i[0]): axis for i, axis in ((row, ROW), (column, COLUMN)) if i}
        return self.algebra.renamed(self.out(body), names)

    # -- derivatives ---

    def derivative(self, tree: Node, *_: object) -> Sum:
        """Differentiate, through the Jacobians that are declared."""
        of, by, jacobians, constant = tree.parts
        slots = axes_of(self.trees.symbols[by])
        along = [BY_ROW if i == ROW else BY_COLUMN for i in slots]
        own = self.one
        for i, j in zip(slots, along, strict=True):
            own = self.algebra.multiplied(own, self.delta(i, j))
        rules: dict[str, tuple[Sequence[int], Sum]] = {by: (slots, own)}
        for name, value in jacobians:
            at = axes_of(self.trees.symbols[name])
            array = value.kind == "Symbol" and len(self.trees.symbols[value.parts[0]]) > 2
            slope = self.symbol(value.parts[0], [*at, *along]) if array else self.out(value)
            rules[name] = at, slope if array else self.algebra.renamed(slope, {COLUMN: BY_ROW})
        inner = self.out(of)
        present = self.tensors(inner)
        if not constant and not present & set(rules):
            reject(f"a derivative by {by} of what does not depend on it, without saying 'constant'")
        self._require_declared(of, by, present - set(rules), set(rules))
        found = self.differentiated(inner, rules)
        names = {BY_ROW: ROW, BY_COLUMN: COLUMN} if tree.kind == "Gradient" else {BY_ROW: COLUMN}
        return self.algebra.renamed(found, names)

    def _require_declared(self, of: Node, by: str, still: frozenset[str], moving: set[str]) -> None:
        """Refuse to hold constant what is said to depend on the variable: what has a Jacobian inside, or is one."""
        depends = set(self.trees.jacobians.get(by, ()))
        for node in self.trees.unfolded(of):
            for name, value in node.parts[2] if node.kind in ("Gradient", "Jacobian") else ():
                depends |= {name} if node.parts[1] == by else set()
                depends |= {value.parts[0]} if value.kind == "Symbol" and name in moving else set()
        if still & depends:
            reject(f"{min(still & depends)} is held constant in a derivative by {by}, on which it depends")

    def tensors(self, total: Sum) -> frozenset[str]:
        """Return the tensors that occur in a sum, also inside of inverses."""
        found = {tensor for product in total for _, factors in product for tensor, _ in factors}
        inside = [self.inverse_of(tensor) for tensor in found]
        return frozenset(found).union(*(self.tensors(of[0]) for of in inside if of))

    def _moving(self, total: Sum, rules: Rules) -> dict[str, tuple[Sum, Shape]]:
        """Return the inverses in a sum that depend on what has a rule, with what they are of."""
        names = {tensor for product in total for _, factors in product for tensor, _ in factors}
        inside = {name: of for name in sorted(names) if (of := self.inverse_of(name))}
        return {name: of for name, of in inside.items() if self.tensors(of[0]) & set(rules)}

    def differentiated(self, total: Sum, rules: Rules) -> Sum:
        """Put its derivative in the place of one factor after the other, and add up."""
        known = dict(rules)
        for name, (of, shape) in self._moving(total, rules).items():  # d B = -B dA B
            own, inner = self.entry(name, axes_of(shape)), self.differentiated(of, rules)
            before, _ = self.chained(own, shape, inner, shape)
            slope, _ = self.chained(before, shape, own, shape)
            known[name] = axes_of(shape), self.algebra.scaled(slope, {UNIT: Fraction(-1)})
        found: Gathered = {}
        for product, c in total.items():
            sizes, factors = unpacked(product)
            for place, (tensor, at) in enumerate(factors):
                if tensor in known:
                    slots, value = known[tensor]
                    rest = factors[:place] + factors[place + 1 :]
                    self.algebra.plugged(found, c, sizes, rest, [(value, dict(zip(slots, at, strict=True)))])
        return self.algebra.gathered(found)

    # -- replacements and expectations ---

    def at(self, _: Node, of: Node, values: Sequence[tuple[str, Node]]) -> Sum:
        """Replace symbols."""
        return self.replaced(self.out(of), {name: (axes_of(value.shape), self.out(value)) for name, value in values})

    def replaced(self, total: Sum, rules: Rules) -> Sum:
        """Put values in the place of all factors that have a rule, at once."""
        known = dict(rules)
        for name, (of, shape) in self._moving(total, rules).items():
            known[name] = axes_of(shape), self.inverse(self.replaced(of, rules), shape)
        found: Gathered = {}
        for product, c in total.items():
            sizes, factors = unpacked(product)
            values = [(known[t][1], dict(zip(known[t][0], at, strict=True))) for t, at in factors if t in known]
            self.algebra.plugged(found, c, sizes, [f for f in factors if f[0] not in known], values)
        return self.algebra.gathered(found)

    def expectation(self, _: Node, of: Node, random: str, moments: Sequence[Node]) -> Sum:
        """Put moments in the place of products of random entries, or of powers of a random scalar."""
        values: dict[int, tuple[list[int], Sum]] = {0: ([], self.one)}
        for moment in moments:
            degree, names, value = moment.parts
            values[degree] = [self.index(name) for name in names], self.out(value)
        found: Gathered = {}
        if not self.trees.symbols[random]:
            self._require_possible(random, {degree: value for degree, (_, value) in values.items()})
        for product, c in self.out(of).items():
            for degree, part, sizes, factors, at in self._random_parts(product, c, random):
                slots, value = values.get(degree) or reject(f"the moment of degree {degree} of {random} is not given")
                self.algebra.plugged(found, part, sizes, factors, [(value, dict(zip(slots, at, strict=True)))])
        return self.algebra.gathered(found)

    def _random_parts(self, product: Product, c: Poly, random: str) -> Iterable[tuple[int, Poly, Any, Any, list[int]]]:
        """Return, by degree, what a product has besides random entries, and the indices of these."""
        sizes, factors = unpacked(product)
        if not self.trees.symbols[random]:
            return [(degree, part, sizes, factors, []) for degree, part in by_power(c, random).items()]
        rest = [factor for factor in factors if factor[0] != random]
        own = sorted([at for tensor, at in factors if tensor == random], key=lambda at: [(i >= 0, abs(i)) for i in at])
        return [(len(own), c, sizes, rest, list(chain(*own)))]

    def _require_possible(self, random: str, moments: Mapping[int, Sum]) -> None:
        """Refuse given numbers that are the moments of no distribution."""
        known = {degree: value.get(NOTHING, {}) for degree, value in moments.items()}
        if all(set(m) <= {NOTHING} for m in moments.values()) and all(set(p) <= {UNIT} for p in known.values()):
            numbers = {degree: p.get(UNIT, Fraction(0)) for degree, p in known.items()}
            if not may_have_distribution(numbers, self.range_of(random)):
                reject(f"no distribution of {random} has the given moments")


_RULES: Mapping[str, Callable[..., Sum]] = {
    "Number": lambda _, __, value: {NOTHING: {UNIT: value}} if value else {},
    "Size": lambda _, __, name: {NOTHING: {((name, 1),): ONE}},
    "Symbol": lambda e, _, name: e.symbol(name, axes_of(e.trees.symbols[name])),
    "Add": lambda e, _, terms: e.algebra.sum_of([e.out(term) for term in terms]),
    "Multiply": Expansion.multiply,
    "Quotient": Expansion.quotient,
    "Power": Expansion.power,
    "Hadamard": Expansion.hadamard,
    "Transpose": lambda e, _, of: e.algebra.renamed(e.out(of), {ROW: COLUMN, COLUMN: ROW}),
    "Trace": lambda e, _, of: e.algebra.bound(e.on_diagonal(of), [(ROW, of.shape[0])]),
    "Diagonal": lambda e, _, of: e.on_diagonal(of),
    "DiagonalMatrix": lambda e, tree, of: e.algebra.multiplied(e.on_diagonal(of), e.unit(tree.shape)),
    "Inverse": lambda e, tree, of: e.inverse(e.out(of), tree.shape),
    "Identity": lambda e, tree, _: e.unit(tree.shape),
    "Ones": lambda e, *_: e.one,
    "Zeros": lambda *_: {},
    "Delta": lambda e, _, first, second: e.delta(e.index(first), e.index(second)),
    "Entry": Expansion.entry_of,
    "Slice": Expansion.slice,
    "Total": Expansion.total,
    "ByEntries": Expansion.by_entries,
    "Gradient": Expansion.derivative,
    "Jacobian": Expansion.derivative,
    "At": Expansion.at,
    "Expectation": Expansion.expectation,
}
