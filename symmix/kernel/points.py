"""Points: sizes, scalars and entries, at which an expression has an exact value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import product as cartesian
from operator import itemgetter

from symmix.errors import NotationError
from symmix.kernel.networks import Expression
from symmix.kernel.products import DELTA, Index, Product, Tensor, turns
from symmix.kernel.scalars import Polynomial, Rational, exact

Row = tuple[int, ...]
Pick = Callable[[Row], Row]
_Step = tuple[int, int, Pick, Pick, Pick]
Table = dict[Row, Rational]
Entries = Mapping[Row, Fraction]


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
    _tables: dict[tuple[Tensor, Row], Table] = field(default_factory=dict, init=False, repr=False, compare=False)

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


def evaluate(expression: Expression, at: Model) -> dict[Row, Fraction]:
    """Return the exact value for every position of the free indices, in the order of their names."""
    return {position: Fraction(value) for position, value in exact_values(expression, at).items()}


def exact_values(expression: Expression, at: Model) -> Table:
    """Return these values, ints where they are whole: to be compared, and not to be divided."""
    places = (range(at.sizes[dim]) if i not in at.at else (at.at[i],) for i, dim in expression.free.items())
    totals: Table = dict.fromkeys(cartesian(*places), 0)
    for product, c in expression.terms.items():
        factors, steps, pick = _plan(product, tuple(expression.free))
        table = _contract(factors, steps, at) if (scale := at.scalar(c)) else {}
        for position in totals if table else ():
            if value := table.get(pick(position)):
                totals[position] += scale * value
    return totals


@lru_cache(1 << 14)
def _plan(product: Product, free: tuple[Index, ...]) -> tuple[Sequence[tuple[Tensor, Row]], Sequence[_Step], Pick]:
    """Sum over the summed indices, one at a time, each time the one that makes the smallest table."""
    held = {number: tuple(dict.fromkeys(indices)) for number, (_, indices) in enumerate(product, 1)}
    summed = [i for _, indices in product for i in indices if isinstance(i, int)]
    near: dict[Index, set[Index]] = {i: set().union(*[own for own in held.values() if i in own]) for i in {*summed}}
    steps: list[_Step] = []
    while near or len(held) > 1:  # what is left at last is joined, and not summed over
        index = min(near, key=lambda i: (len(near[i]), i), default="")
        some = [number for number, indices in held.items() if not near or index in indices]
        around, left = near.pop(index, set()), some[0]
        for right in some[1:] or [0]:
            one, other = held.pop(left), held.pop(right, ())
            kept = tuple(i for i in dict.fromkeys(one + other) if i != index or right not in (0, some[-1]))
            shared = [i for i in other if i in one]
            steps.append((left, right, _pick(shared, one), _pick(shared, other), _pick(kept, one + other)))
            held[left := len(product) + len(steps)] = kept
        for i in near.keys() & around:
            near[i] = (near[i] | around) - {index}
    # factors with an index as the place where it stands first; what is joined; what of a position leads to a row
    return [(t, tuple(map(ix.index, ix))) for t, ix in product], steps, _pick([*held.values(), ()][0], free)


def _pick(wanted: Sequence[Index], have: Sequence[Index]) -> Pick:
    places = [have.index(index) for index in wanted]
    return itemgetter(*places) if len(places) > 1 else lambda row: tuple([row[place] for place in places])


def _contract(factors: Sequence[tuple[Tensor, Row]], steps: Sequence[_Step], at: Model) -> Table:
    """Join tables, of which 0 is 1 and those of the factors come next, where they agree; add up over what is lost."""
    tables: list[Table] = [{(): 1}, *[at._tables.get(f) or _table(*f, at) for f in factors]]
    for left, right, ours, theirs, kept in steps if all(tables) else ():  # most factors are zero in a witness
        groups: dict[Row, list[tuple[Row, Rational]]] = {}
        for row, value in tables[right].items():
            groups.setdefault(theirs(row), []).append((row, value))
        joined: Table = {}
        for row, x in tables[left].items():
            for other, y in groups.get(ours(row), ()):
                place = kept(row + other)
                joined[place] = joined.get(place, 0) + x * y
        tables.append(joined)
    return tables[-1] if all(tables) else {}


def _table(tensor: Tensor, own: Row, at: Model) -> Table:
    if tensor.name == DELTA:
        return {(v,) * len({*own}): 1 for v in range(at.sizes[tensor.dims[0]])}
    if tensor not in at.entries:
        raise NotationError(f"entries for {tensor}", "none", "give the model all tensors that occur")
    rows = {p: exact(x) for p, x in projected(tensor, at.entries[tensor]).items() if x}
    if len({*own}) < len(own):
        rows = {tuple([p[f] for f in {*own}]): x for p, x in rows.items() if p == tuple([p[f] for f in own])}
    return at._tables.setdefault((tensor, own), rows)


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
