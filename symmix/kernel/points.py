"""Points: sizes, scalars and entries, at which an expression has an exact value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, reduce
from itertools import product as cartesian

from symmix.errors import NotationError
from symmix.kernel.networks import Expression
from symmix.kernel.products import DELTA, Factor, Index, Product, Tensor, turns
from symmix.kernel.scalars import Polynomial, Rational, exact

Entries = Mapping[tuple[int, ...], Fraction]


@dataclass(frozen=True)
class Model:
    """Sizes, scalars and entries at which an expression has a value.

    ``sizes`` gives each dimension its size, ``scalars`` each scalar its value (a size used as a scalar has its own),
    ``entries`` each tensor its non-zero entries by 0-based position, ``at`` each fixed sample index its only position.
    """

    sizes: Mapping[str, int]
    scalars: Mapping[str, Fraction] = field(default_factory=dict)
    entries: Mapping[Tensor, Entries] = field(default_factory=dict)
    at: Mapping[str, int] = field(default_factory=dict)
    _scalars: dict[Polynomial, Rational] = field(default_factory=dict, init=False, repr=False, compare=False)
    _tables: dict[Factor, Table] = field(default_factory=dict, init=False, repr=False, compare=False)

    def scalar(self, polynomial: Polynomial) -> Rational:
        """Return the value of a coefficient, which terms share."""
        if polynomial not in self._scalars:
            self._scalars[polynomial] = polynomial.value(self.values)
        return self._scalars[polynomial]

    @cached_property
    def values(self) -> Mapping[str, Rational]:
        """The values of scalars and sizes."""
        return {**{name: exact(x) for name, x in self.scalars.items()}, **self.sizes}

    @property
    def is_consistent(self) -> bool:
        """Whether sizes are what they may be, tensors called by numbers unit vectors, and entries have places."""
        return (
            all(size >= 1 and fixed_size(dim) in (0, size) for dim, size in self.sizes.items())
            and all(dict(table) == unit_vector(t) for t, table in self.entries.items() if t.name.isdigit())
            and not self.sizes.keys() & self.scalars.keys()
            and all(
                len(position) == len(tensor.dims)
                and all(0 <= at < self.sizes.get(dim, 0) for at, dim in zip(position, tensor.dims, strict=True))
                for tensor, table in self.entries.items()
                for position in table
            )
        )

    def positions(self, dims: Sequence[str]) -> Iterator[tuple[int, ...]]:
        """Run through all positions of an array with the given dimensions."""
        return cartesian(*(range(self.sizes[dim]) for dim in dims))


def fixed_size(dim: str) -> int:
    """Return a size that is a number; of one that is open 0."""
    return int(dim) if dim.isdigit() else 0


def unit_vector(tensor: Tensor) -> dict[tuple[int, ...], Fraction]:
    """Return the entries of a unit vector, which is called by its place; of another tensor none."""
    return {(int(tensor.name),): Fraction(1)} if tensor.name.isdigit() else {}


def evaluate(expression: Expression, at: Model) -> dict[tuple[int, ...], Fraction]:
    """Return the exact value for every position of the free indices, in the order of their names."""
    places = (range(at.sizes[dim]) if i not in at.at else (at.at[i],) for i, dim in expression.free.items())
    totals: dict[tuple[int, ...], Rational] = dict.fromkeys(cartesian(*places), 0)
    for product, c in expression.terms.items():
        scale = at.scalar(c)
        open_indices, table = _contract(product, at) if scale else ((), {})
        pick = _picker(open_indices, [*expression.free])
        for position in totals if table else ():
            totals[position] += scale * table.get(pick(position), 0)
    return {position: Fraction(value) for position, value in totals.items()}


Table = tuple[tuple[Index, ...], dict[tuple[int, ...], Rational]]


def _contract(product: Product, at: Model) -> Table:
    """Sum over the summed indices, one at a time, each time the one that makes the smallest table."""
    for factor in {*product} - at._tables.keys():
        at._tables[factor] = _table(factor, at)
    tables = [at._tables[factor] for factor in product]
    if not all(rows for _, rows in tables):
        return (), {}  # a factor that is zero everywhere, as most are in a witness
    near: dict[Index, set[Index]] = {i: set() for _, indices in product for i in indices if isinstance(i, int)}
    for indices, _ in tables:
        for index in near.keys() & {*indices}:
            near[index].update(indices)
    while near:
        around = near.pop(index := min(near, key=lambda i: (len(near[i]), i)))
        joined = reduce(_join, [table for table in tables if index in table[0]])
        tables = [table for table in tables if index not in table[0]] + [_sum_out(joined, index)]
        for other in near.keys() & around:
            near[other] = (near[other] | around) - {index}
    return reduce(_join, tables) if tables else ((), {(): 1})


def _table(factor: Factor, at: Model) -> Table:
    indices = tuple(dict.fromkeys(factor.indices))
    if factor.tensor.name == DELTA:
        size = at.sizes[factor.tensor.dims[0]]
        return indices, {(v,) * len(indices): 1 for v in range(size)}
    if factor.tensor not in at.entries:
        raise NotationError(f"entries for {factor.tensor}", "none", "give the model all tensors that occur")
    own, repeats = factor.indices, len(indices) < len(factor.indices)
    rows: dict[tuple[int, ...], Rational] = {}
    for position, value in projected(factor.tensor, at.entries[factor.tensor]).items():
        row = tuple([position[own.index(i)] for i in indices]) if repeats else position
        if value and (not repeats or all(row[indices.index(i)] == v for i, v in zip(own, position, strict=True))):
            rows[row] = exact(value)
    return indices, rows


def projected(tensor: Tensor, table: Entries) -> Entries:
    """Return the entries that a symmetry makes of any: their means over the orders of the slots, with signs."""
    orders = turns(tensor)
    if len(orders) == 1:
        return table
    total: dict[tuple[int, ...], Fraction] = {}
    for order, sign in orders:
        for position, value in table.items():
            place = tuple(position[k] for k in order)
            total[place] = total.get(place, Fraction(0)) + value * Fraction(sign, len(orders))
    return total


def _join(left: Table, right: Table) -> Table:
    shared = [i for i in right[0] if i in left[0]]
    new = [i for i in right[0] if i not in left[0]]
    ours, theirs, tail_of = _picker(shared, left[0]), _picker(shared, right[0]), _picker(new, right[0])
    groups: dict[tuple[int, ...], list[tuple[tuple[int, ...], Rational]]] = {}
    for row, value in right[1].items():
        groups.setdefault(theirs(row), []).append((tail_of(row), value))
    joined = {row + tail: x * y for row, x in left[1].items() for tail, y in groups.get(ours(row), ())}
    return (*left[0], *new), joined


def _picker(wanted: Sequence[Index], have: Sequence[Index]) -> Callable[[tuple[int, ...]], tuple[int, ...]]:
    places = [have.index(index) for index in wanted]
    return (lambda row: row) if places == [*range(len(have))] else lambda row: tuple([row[p] for p in places])


def _sum_out(table: Table, index: Index) -> Table:
    place = table[0].index(index)
    rows: dict[tuple[int, ...], Rational] = {}
    for row, value in table[1].items():
        rest = row[:place] + row[place + 1 :]
        rows[rest] = rows.get(rest, 0) + value
    return table[0][:place] + table[0][place + 1 :], rows
