"""What is done to expressions: substitution, derivative, moments, exact value.

All of it is one operation, applied to some or to all occurrences of a tensor: delete the factor ``T[i, j]`` and put a
*template* in its place, an expression that names the slots of ``T``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, reduce
from itertools import product as cartesian

from symmix.errors import DimensionError, NotationError, UnsupportedError
from symmix.kernel.networks import Expression, delta, ones, unify
from symmix.kernel.products import (
    DELTA,
    Factor,
    Index,
    Product,
    Tensor,
    delta_factor,
    relabel,
    shift,
    width,
)
from symmix.kernel.scalars import ONE, Polynomial


@dataclass(frozen=True)
class Template:
    """What replaces one occurrence of ``tensor``: ``body``, whose free indices ``slots`` are the tensor's slots.

    Further free indices of the body stay free in the result; in a derivative they are the indices of the variable.
    """

    tensor: Tensor
    slots: tuple[str, ...]
    body: Expression

    def __post_init__(self) -> None:
        found = tuple(self.body.free.get(slot) for slot in self.slots)
        if found != self.tensor.dims or len(set(self.slots)) != len(self.slots):
            raise DimensionError(
                f"a definition of {self.tensor} with one free index a slot, of dimensions {self.tensor.dims}",
                f"slots {self.slots} of dimensions {found} in {self.body!r}",
                "define the tensor with the shape that it has",
            )

    @property
    def extra(self) -> dict[str, str]:
        """The free indices that are not slots."""
        return {index: dim for index, dim in self.body.free.items() if index not in self.slots}


# -- substitution ---


def _by_tensor(templates: Iterable[Template]) -> dict[Tensor, Template]:
    table: dict[Tensor, Template] = {}
    for template in templates:
        if template.tensor in table:
            raise NotationError(
                f"one definition of {template.tensor}",
                f"two: {table[template.tensor].body} and {template.body}",
                "leave one out; a Jacobian of the variable itself is the identity and is not declared",
            )
        table[template.tensor] = template
    return table


def substitute(expression: Expression, templates: Iterable[Template]) -> Expression:
    """Replace every occurrence of the templates' tensors by their definitions, all at once."""
    table = _by_tensor(templates)
    for template in table.values():
        if template.extra:
            raise DimensionError(
                f"a definition of {template.tensor} whose only free indices are its slots",
                f"also free: {sorted(template.extra)}",
                "sum over them, or make them slots",
            )
    if not expression.tensors & table.keys():
        return expression
    raw = (
        (c * scale, factors)
        for product, c in expression.terms.items()
        for scale, factors in splice(product, {i: table[f.tensor] for i, f in enumerate(product) if f.tensor in table})
    )
    return Expression(expression.free, raw)


def substitute_scalars(expression: Expression, values: Mapping[str, Polynomial]) -> Expression:
    """Replace named scalars in the coefficients by polynomials, all at once."""
    return expression.map_coefficients({p: c.substitute(values) for p, c in expression.terms.items()})


def scalar_moments(expression: Expression, name: str, image: Mapping[int, Polynomial]) -> Expression:
    """Return the linear image under ``name**d -> image[d]``: the expectation over a random scalar."""
    return expression.map_coefficients({p: c.map_powers(name, image) for p, c in expression.terms.items()})


def tensor_moments(
    expression: Expression, tensor: Tensor, moments: Mapping[int, tuple[tuple[str, ...], Expression]]
) -> Expression:
    """Return the linear image under ``T[i,j] T[k,l] -> moments[2]``: the expectation over a random tensor.

    ``moments[d]`` is a pair: the slots of the first, the second, ... of d factors, and the expression that their
    product becomes. It must be symmetric under exchange of factors, as a moment is; degree 0 is 1.
    """
    for degree, (slots, body) in moments.items():
        _check_moment(tensor, degree, slots, body)
    raw: list[tuple[Polynomial, Sequence[Factor]]] = []
    for product, c in expression.terms.items():
        places = [i for i, f in enumerate(product) if f.tensor == tensor]
        if not places:
            raw.append((c, product))
            continue
        if len(places) not in moments:
            raise UnsupportedError(
                f"a moment of {tensor.name} for each degree that occurs",
                f"degree {len(places)}; there are moments for the degrees {sorted(moments)}",
                "give that moment too",
            )
        slots, body = moments[len(places)]
        # the factors of one product become one factor with the slots of all of them
        joint = Tensor(tensor.name, tensor.dims * len(places))
        indices = tuple(index for i in places for index in product[i].indices)
        rest = [f for i, f in enumerate(product) if i not in places]
        spliced = splice([*rest, Factor(joint, indices)], {len(rest): Template(joint, slots, body)})
        raw.extend((c * scale, factors) for scale, factors in spliced)
    return Expression(expression.free, raw)


def _check_moment(tensor: Tensor, degree: int, slots: Sequence[str], body: Expression) -> None:
    order = len(tensor.dims)
    if degree == 0 and body != ones():
        raise DimensionError(f"1 as the moment of degree 0 of {tensor.name}", str(body), "leave it out")
    if len(slots) != order * degree or set(slots) != body.free.keys():
        raise DimensionError(
            f"a moment of degree {degree} of {tensor} over {order * degree} slots and no other free index",
            f"slots {tuple(slots)} for {body!r}",
            "name the slots of the first factor, then of the second, and so on; sum over all other indices",
        )
    for place in range(0, order * (degree - 1), order):
        one, other = slots[place : place + order], slots[place + order : place + 2 * order]
        if body.rename({**dict(zip(one, other, strict=True)), **dict(zip(other, one, strict=True))}) != body:
            raise NotationError(
                f"a moment of {tensor.name} that is symmetric under exchange of its factors",
                f"{body!r}, which changes when {tuple(one)} and {tuple(other)} are exchanged",
                "average it over the orders of the factors",
            )


Raw = list[tuple[Polynomial, list[Factor]]]


def splice(product: Sequence[Factor], at: Mapping[int, Template]) -> Raw:
    """Multiply out a product in which the factors at some positions are replaced by templates."""
    kept = [f for i, f in enumerate(product) if i not in at]
    partial: Raw = [(ONE, kept)]
    for place, template in at.items():
        indices = product[place].indices
        names: dict[Index, Index] = dict(zip(template.slots, indices, strict=True))
        # a summed index that the template does not mention must not be lost: delta[i,i] = 1 keeps it
        anchors = [delta_factor(i, i, dim) for i, dim in zip(indices, template.tensor.dims, strict=True)]
        grown: Raw = []
        for scale, factors in partial:
            past = max(width(factors), width(product))
            for body, c in template.body.terms.items():
                grown.append((scale * c, [*factors, *anchors, *(relabel(f, names) for f in shift(body, past))]))
        partial = grown
    return partial


# -- derivative ---


def leibniz(expression: Expression, templates: Sequence[Template]) -> Expression:
    """Sum over all occurrences of the templates' tensors, replacing one occurrence at a time."""
    table = _by_tensor(templates)
    free = reduce(unify, (t.extra for t in templates), dict(expression.free))
    raw = [
        (c * scale, factors)
        for product, c in expression.terms.items()
        for place, f in enumerate(product)
        if f.tensor in table
        for scale, factors in splice(product, {place: table[f.tensor]})
    ]
    return Expression(free, raw)


def derivative(
    expression: Expression,
    variable: Tensor,
    indices: Sequence[str],
    jacobians: Sequence[Template] = (),
) -> Expression:
    """Return the derivative by ``variable[indices]``; the indices are new free indices of the result.

    ``jacobians`` declares the tensors that depend on the variable: ``Template(z, ("i",), J[i,t])`` says
    ``dz[i]/dtheta[t] = J[i,t]``, with the given indices of the variable. Undeclared tensors are constants.
    """
    clash = set(indices) & expression.free.keys()
    if clash or len(set(indices)) != len(variable.dims):
        raise NotationError(
            f"{len(variable.dims)} new and distinct indices for {variable}",
            f"{tuple(indices)}; taken are {sorted(expression.free)}",
            "choose index names that the expression does not use",
        )
    slots = tuple(f"slot {number} of {indices}" for number in range(len(indices)))  # longer than any of the indices
    unit = ones()
    for slot, index, dim in zip(slots, indices, variable.dims, strict=True):
        unit = unit * delta(slot, index, dim)
    wanted = dict(zip(indices, variable.dims, strict=True))
    for jacobian in jacobians:
        if jacobian.extra != wanted:
            raise DimensionError(
                f"a Jacobian of {jacobian.tensor} over the indices {wanted} of {variable}",
                f"one over {jacobian.extra}",
                "give it one axis for each slot of the variable",
            )
    return leibniz(expression, [Template(variable, slots, unit), *jacobians])


# -- exact value ---

Entries = Mapping[tuple[int, ...], Fraction]


@dataclass(frozen=True)
class Model:
    """Sizes, scalars and entries at which an expression has a value.

    ``sizes`` gives each dimension its size, ``scalars`` each named scalar its value (a dimension used as a scalar has
    its size), ``entries`` each tensor its non-zero entries by 0-based position.
    """

    sizes: Mapping[str, int]
    scalars: Mapping[str, Fraction] = field(default_factory=dict)
    entries: Mapping[Tensor, Entries] = field(default_factory=dict)

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
        """Whether sizes are positive, no size is a scalar as well, and every entry has a place in its array."""
        return (
            all(size >= 1 for size in self.sizes.values())
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


def evaluate(expression: Expression, at: Model) -> dict[tuple[int, ...], Fraction]:
    """Return the exact value for every position of the free indices, in the order of their names."""
    names = list(expression.free)
    totals = dict.fromkeys(at.positions(list(expression.free.values())), Fraction(0))
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
    tables = [_table(factor, at) for factor in product]
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
    if factor not in at._tables:
        at._tables[factor] = _new_table(factor, at)
    return at._tables[factor]


def _new_table(factor: Factor, at: Model) -> Table:
    indices = tuple(dict.fromkeys(factor.indices))
    if factor.tensor.name == DELTA:
        size = at.sizes[factor.tensor.dims[0]]
        return indices, {(v,) * len(indices): Fraction(1) for v in range(size)}
    if factor.tensor not in at.entries:
        raise NotationError(f"entries for {factor.tensor}", "none", "give the model all tensors that occur")
    rows: dict[tuple[int, ...], Fraction] = {}
    for position, value in at.entries[factor.tensor].items():
        where = dict(zip(factor.indices, position, strict=True))
        if value and all(where[i] == v for i, v in zip(factor.indices, position, strict=True)):
            rows[tuple(where[i] for i in indices)] = value
    return indices, rows


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
