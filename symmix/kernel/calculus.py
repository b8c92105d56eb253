"""What is done to expressions: substitution, derivative, moments.

All of it is one operation, applied to some or to all occurrences of a tensor: delete the factor ``T[i, j]`` and put a
*template* in its place, an expression that names the slots of ``T``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from symmix.errors import DimensionError, NotationError, UnsupportedError
from symmix.kernel.networks import Expression, delta, ones, unify
from symmix.kernel.products import Factor, Index, Tensor, delta_factor, relabel, shift, width
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
    raw = (
        (c * scale, factors)
        for product, c in expression.terms.items()
        for scale, factors in splice(product, {i: table[f.tensor] for i, f in enumerate(product) if f.tensor in table})
    )
    return Expression(expression.free, raw)


def with_scalars(expression: Expression, values: Mapping[str, Polynomial]) -> Expression:
    """Replace scalars in coefficients, all at once; one that coefficients divide by needs a value that is a unit."""
    for name in values:  # first by names that no value mentions
        powers = {d: Polynomial.variable(f"{name} there", d) for d in _powers_of(name, expression)}
        expression = scalar_moments(expression, name, powers)
    for name, value in values.items():
        there = f"{name} there"
        expression = scalar_moments(expression, there, {d: value**d for d in _powers_of(there, expression)})
    return expression


def _powers_of(name: str, expression: Expression) -> set[int]:
    return {dict(p).get(name, 0) for c in expression.terms.values() for p in c.terms}


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
    for place in range(0, order * (degree - 1), order or 1):
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
    partial: Raw = [(ONE, [f for i, f in enumerate(product) if i not in at])]
    for place, template in at.items():
        indices = product[place].indices
        names: dict[Index, Index] = dict(zip(template.slots, indices, strict=True))
        # a summed index that the template does not mention must not be lost: delta[i,i] = 1 keeps it
        anchors = [(s, delta_factor(i, i, d)) for (s, i), d in zip(names.items(), template.tensor.dims, strict=True)]
        grown: Raw = []
        for scale, factors in partial:
            past = max(width(factors), width(product))
            for body, c in template.body.terms.items():
                lost = [anchor for slot, anchor in anchors if not any(slot in held for _, held in body)]
                grown.append((scale * c, [*factors, *lost, *[relabel(f, names) for f in shift(body, past)]]))
        partial = grown
    return partial


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
