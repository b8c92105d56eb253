"""Points: sizes, scalars and entries, at which an expression has an exact value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, reduce
from itertools import product as cartesian

from symmix.errors import NotationError
from symmix.kernel.networks import Expression
from symmix.kernel.products import DELTA, Factor, Index, Product, Tensor, turns
from symmix.kernel.scalars import Polynomial

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

    def scalar(self, polynomial: Polynomial) -> Fraction:
        """Return the value of a coefficient."""
        if polynomial not in self._scalar_values:
            self._scalar_values[polynomial] = polynomial.value(self._values)
        return self._scalar_values[polynomial]

    @cached_property
    def _scalar_values(self) -> dict[Polynomial, Fraction]:
        return {}  # the terms of an expression share their coefficients and factors

    @cached_property
    def _tables(self) -> dict[Factor, Table]:
        return {}

    @cached_property
    def _values(self) -> Mapping[str, Fraction | int]:
        return {**self.scalars, **self.sizes}

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
    names = list(expression.free)
    places = (range(at.sizes[dim]) if i not in at.at else (at.at[i],) for i, dim in expression.free.items())
    totals = dict.fromkeys(cartesian(*places), Fraction(0))
    for product, c in expression.terms.items():
        scale = at.scalar(c)
        if not scale:
            continue
        open_indices, table = _contract(product, at)
        for position in totals:
            chosen = dict(zip(names, position, strict=True))
            totals[position] += scale * table.get(tuple(chosen[i] for i in open_indices), Fraction(0))
    return totals


Table = tuple[tuple[Index, ...], dict[tuple[int, ...], Fraction]]


def _contract(product: Product, at: Model) -> tuple[tuple[str, ...], dict[tuple[int, ...], Fraction]]:
    """Sum over the summed indices, one at a time, each time the one that makes the smallest table."""
    for factor in {*product} - at._tables.keys():
        at._tables[factor] = _table(factor, at)
    tables = [at._tables[factor] for factor in product]
    if not all(rows for _, rows in tables):
        return (), {}  # a factor that is zero everywhere, as most are in a witness
    left = {i for _, indices in product for i in indices if isinstance(i, int)}

    def cost(index: int) -> tuple[int, int]:
        return len({i for indices, _ in tables if index in indices for i in indices}), index

    while left:
        index = min(left, key=cost)
        left.remove(index)
        joined = reduce(_join, [table for table in tables if index in table[0]])
        tables = [table for table in tables if index not in table[0]] + [_sum_out(joined, index)]
    unit: Table = ((), {(): Fraction(1)})
    indices, table = reduce(_join, tables, unit)
    return tuple(str(i) for i in indices), table


def _table(factor: Factor, at: Model) -> Table:
    indices = tuple(dict.fromkeys(factor.indices))
    if factor.tensor.name == DELTA:
        size = at.sizes[factor.tensor.dims[0]]
        return indices, {(v,) * len(indices): Fraction(1) for v in range(size)}
    if factor.tensor not in at.entries:
        raise NotationError(f"entries for {factor.tensor}", "none", "give the model all tensors that occur")
    rows: dict[tuple[int, ...], Fraction] = {}
    for position, value in projected(factor.tensor, at.entries[factor.tensor]).items():
        where = dict(zip(factor.indices, position, strict=True))
        if value and all(where[i] == v for i, v in zip(factor.indices, position, strict=True)):
            rows[tuple(where[i] for i in indices)] = value
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
    groups: dict[tuple[int, ...], list[tuple[tuple[int, ...], Fraction]]] = {}
    for row, value in right[1].items():
        groups.setdefault(_pick(shared, right[0], row), []).append((_pick(new, right[0], row), value))
    joined = {
        row + tail: value * other
        for row, value in left[1].items()
        for tail, other in groups.get(_pick(shared, left[0], row), [])
    }
    return (*left[0], *new), joined


def _pick(wanted: Sequence[Index], have: Sequence[Index], row: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(row[have.index(index)] for index in wanted)


def _sum_out(table: Table, index: Index) -> Table:
    place = table[0].index(index)
    rows: dict[tuple[int, ...], Fraction] = {}
    for row, value in table[1].items():
        rest = row[:place] + row[place + 1 :]
        rows[rest] = rows.get(rest, Fraction(0)) + value
    return table[0][:place] + table[0][place + 1 :], rows
