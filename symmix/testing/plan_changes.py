"""What may be done wrong where one node of a plan is computed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, count

from symmix.plans import Coefficient, Combination, Contraction, Filled, Inverse, Named, Node, Plan
from symmix.testing.plan_edits import MINUS, minus, mirrored, power, scaled, times
from symmix.testing.plan_words import coefficient_in_words, words

FACTORS: tuple[tuple[str, Fraction], ...] = (
    ("twice", Fraction(2)),
    ("half", Fraction(1, 2)),
    ("minus twice", Fraction(-2)),
    ("minus half", Fraction(-1, 2)),
    ("four times", Fraction(4)),
)


@dataclass(frozen=True)
class Change:
    """A node and what stands in its place; changes of one ``kind`` are one slip, made at several places."""

    name: str
    message: str
    old: Node
    new: Node
    kind: str = ""


def changes(plan: Plan, node: Node) -> Iterator[Change]:
    """Yield what may be done wrong where one node is computed."""
    match node:
        case Combination(terms=terms):
            yield from _in_sum(plan, node, terms)
        case Contraction():
            yield from _in_product(plan, node)
        case Inverse(of=of):
            yield Change("missing inverse", f"{words(of)} stands where its inverse is derived", node, of)
        case Named():
            for other in _others(plan, node):
                yield Change("another symbol", f"{other.name} stands where {node.name} is derived", node, other)


def _others(plan: Plan, node: Node) -> Iterator[Named]:
    """Yield the arrays that have as many axes as one that has a name."""
    if isinstance(node, Named):
        arrays = {**plan.arrays, **{name: value.sizes for name, value in plan.where.items()}}
        for name, axes in arrays.items():
            if name != node.name and len(axes) == len(node.axes):
                yield Named(name, axes)


def _in_sum(plan: Plan, node: Combination, terms: tuple[tuple[Coefficient, Node], ...]) -> Iterator[Change]:
    for place, (c, term) in enumerate(terms):
        rest = (*terms[:place], *terms[place + 1 :])
        shown = f"{words(scaled(c, term))} in {words(node)}"

        def put(coefficient: Coefficient, term: Node = term, place: int = place) -> Node:
            return Combination((*terms[:place], (coefficient, term), *terms[place + 1 :]))

        if rest:
            yield Change("missing term", f"{shown} is missing", node, Combination(rest))
            yield Change("wrong sign", f"{shown} has the other sign", node, put(times(c, MINUS)))
        for title, said, factor in factors(plan):
            yield Change(title, f"{shown} {said}", node, put(times(c, factor)))
        for other in _others(plan, term):
            said = f"{other.name} stands where {words(term)} is derived in {words(node)}"
            yield Change("another symbol", said, node, put(c, other), f"{other.name} for {words(term)}")
        if term != Filled(1, term.sizes):
            yield Change("missing factor", f"{words(term)} in {shown} is missing", node, put(c, Filled(1, term.sizes)))
        if len(term.sizes) == 2:
            said = f"{words(term)} is transposed in {words(node)}"
            yield Change("missing transpose", said, node, put(c, Contraction(((term, (0, 1)),), (1, 0))))
        yield from _in_coefficient(plan, node, c, put, shown)
    for name in plan.scalars if len(terms) > 1 else ():
        mirror = Combination(tuple((mirrored(c, name), term) for c, term in terms))
        if mirror != node:
            yield Change(
                f"{name} for 1 - {name}", f"{name} and 1 - {name} are exchanged in {words(node)}", node, mirror
            )


def _in_coefficient(
    plan: Plan, node: Node, c: Coefficient, put: Callable[[Coefficient], Node], shown: str
) -> Iterator[Change]:
    """Yield other coefficients of one term."""
    names = [name for name in plan.scalars if any(name == n for powers, _ in c for n, _ in powers)]
    for name in names:
        yield Change(
            f"{name} for 1 - {name}", f"in {shown}, {name} and 1 - {name} are exchanged", node, put(mirrored(c, name))
        )
    known = coefficient_in_words(c)
    for other, said in (
        ((((), Fraction(1)),), "1"),
        *((power(n, 1), n) for n in plan.scalars),
        *((minus(n), f"1 - {n}") for n in plan.scalars),
    ):
        if other != c:
            yield Change("wrong weight", f"{shown} has weight {said} where {known} is derived", node, put(other))
    for place, (powers, number) in enumerate(c if len(c) > 1 else ()):
        for changed in (c[:place] + c[place + 1 :], (*c[:place], (powers, -number), *c[place + 1 :])):
            said = f"{shown} has weight {coefficient_in_words(changed)} where {known} is derived"
            yield Change("wrong weight", said, node, put(changed))


def _in_product(plan: Plan, node: Contraction) -> Iterator[Change]:
    for place, (of, indices) in enumerate(node.operands):
        before, after = node.operands[:place], node.operands[place + 1 :]
        if len(indices) == 2:
            turned = Contraction((*before, (of, indices[::-1]), *after), node.output)
            wrong, derived = min(_both_ways(turned, node), key=lambda pair: (pair[1].count(")^T"), pair[1].count("^T")))
            said = f"{wrong} stands where {derived} is derived: {words(of)} is transposed"
            yield Change("missing transpose", said, node, turned)
        for way, gone in enumerate(_without(node, place)):
            said = f"{words(of)} in {words(node)} is missing"
            yield Change("missing factor", said, node, gone, f"without {words(of)} {way}")
        for other in _others(plan, of):
            said = f"{other.name} stands where {words(of)} is derived in {words(node)}"
            for way, turned_indices in enumerate(dict.fromkeys((indices, indices[::-1]))):
                new = Contraction((*before, (other, turned_indices), *after), node.output)
                yield Change("another symbol", said, node, new, f"{other.name} for {words(of)} {way}")
    yield Change("wrong sign", f"{words(node)} has the other sign", node, scaled(MINUS, node))
    for title, said, factor in factors(plan):
        yield Change(title, f"{words(node)} {said}", node, scaled(factor, node))


def factors(plan: Plan) -> Iterator[tuple[str, str, Coefficient]]:
    """Yield the factors by which something may be wrong: what that is called, and said."""
    for name, number in FACTORS:
        yield "wrong factor", f"is {name} the derived one", (((), number),)
    for size in plan.sizes:
        yield "mean for sum", f"is 1/{size} times the derived one: a mean over {size} for the sum", power(size, -1)
        yield "sum for mean", f"is {size} times the derived one: a sum over {size} for the mean", power(size, 1)
    for name in plan.scalars:
        yield "missing factor", f"lacks the factor {name}", power(name, -1)
        yield "wrong factor", f"has a further factor {name}", power(name, 1)
        yield "wrong factor", f"has a further factor 1 - {name}", minus(name)


def _both_ways(one: Contraction, other: Contraction) -> Iterator[tuple[str, str]]:
    """Yield two products as formulas, and their transposes, where they are matrices."""
    yield words(one), words(other)
    if len(one.output) == 2:
        first, second = (Contraction(node.operands, node.output[::-1]) for node in (one, other))
        yield words(first), words(second)


def composite_transposes(node: Contraction) -> Iterator[Change]:
    """Yield a product in which several of its factors together, themselves a matrix, are transposed."""
    placed = _flat(node, node.output, count(-1, -1))
    for number in range(2, len(placed)):
        for chosen in combinations(range(len(placed)), number):
            inside = [placed[i] for i in chosen]
            outside = {i for j, (_, ix) in enumerate(placed) if j not in chosen for i in ix} | set(node.output)
            edges = sorted({i for _, ix in inside for i in ix} & outside)
            if len(edges) == 2:
                swap = {edges[0]: edges[1], edges[1]: edges[0]}
                turned = [
                    (of, tuple(swap.get(i, i) for i in ix) if j in chosen else ix) for j, (of, ix) in enumerate(placed)
                ]
                factors = " ".join(words(of) for of, _ in inside)
                said = f"the product of {factors} is transposed in {words(node)}"
                yield Change("missing transpose", said, node, Contraction(tuple(turned), node.output))


def _flat(node: Node, indices: Sequence[int], fresh: count[int]) -> list[tuple[Node, tuple[int, ...]]]:
    """Return a product of products as one, over the given indices."""
    if not isinstance(node, Contraction):
        return [(node, tuple(indices))]
    names = dict(zip(node.output, indices, strict=True))
    for index in node.extents:
        names.setdefault(index, next(fresh))
    return [part for of, ix in node.operands for part in _flat(of, [names[i] for i in ix], fresh)]


def distributed(plan: Plan, node: Contraction) -> Iterator[Change]:
    """Yield what may be done wrong where a sum that is multiplied is multiplied out."""
    for place, (of, indices) in enumerate(node.operands):
        if isinstance(of, Combination) and len(of.terms) > 1:
            before, after = node.operands[:place], node.operands[place + 1 :]
            terms = [(c, Contraction((*before, (term, indices), *after), node.output)) for c, term in of.terms]
            for number, (c, product) in enumerate(terms):
                for change in _in_product(plan, product):
                    changed = Combination((*terms[:number], (c, change.new), *terms[number + 1 :]))
                    yield Change(change.name, change.message, node, changed)


def _without(node: Contraction, place: int) -> Iterator[Node]:
    """Yield a product without one of its factors: as a 1 in every entry, or as an identity."""
    of, indices = node.operands[place]
    others = (*node.operands[:place], *node.operands[place + 1 :])
    elsewhere = {i for _, ix in others for i in ix}
    if others and set(node.output) <= elsewhere:
        yield Contraction(others, node.output)
    if others and len(indices) == 2 and len(set(indices)) == 2:
        one, other = indices
        names = {other: one}
        merged = tuple((part, tuple(names.get(i, i) for i in ix)) for part, ix in others)
        output = tuple(names.get(i, i) for i in node.output)
        if len(set(output)) == len(output) and set(output) <= {i for _, ix in merged for i in ix}:
            yield Contraction(merged, output)
    if others and isinstance(of, Named) and indices:
        yield Contraction(
            (*node.operands[:place], (Filled(1, of.sizes), indices), *node.operands[place + 1 :]), node.output
        )
