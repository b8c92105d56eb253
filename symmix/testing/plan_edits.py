"""Plans changed: parts of them, wherever they are used or at one place; and their coefficients."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from symmix.plans import Coefficient, Combination, Contraction, Inverse, Node

MINUS: Coefficient = (((), Fraction(-1)),)


def rebuilt(node: Node, image: Callable[[Node], Node | None]) -> Node:
    """Return a node in which parts are replaced by their image, where they have one."""
    found = image(node)
    if found is not None:
        return found
    return with_children(node, [rebuilt(child, image) for child in node.children()])


def with_children(node: Node, children: Sequence[Node]) -> Node:
    """Return a node that is computed from others."""
    match node:
        case Combination(terms=terms):
            return Combination(tuple((c, child) for (c, _), child in zip(terms, children, strict=True)))
        case Contraction(operands=operands, output=output):
            return Contraction(tuple((child, ix) for child, (_, ix) in zip(children, operands, strict=True)), output)
        case Inverse(square=square):
            return Inverse(children[0], square)
    return node


def paths(node: Node, wanted: Node) -> Iterator[tuple[int, ...]]:
    """Run through the ways from a node down to another, as positions among children."""
    if node == wanted:
        yield ()
    for place, child in enumerate(node.children()):
        for path in paths(child, wanted):
            yield (place, *path)


def replaced(node: Node, path: tuple[int, ...], new: Node) -> Node:
    """Return a node in which the part at the end of a path is another."""
    if not path:
        return new
    children = list(node.children())
    children[path[0]] = replaced(children[path[0]], path[1:], new)
    return with_children(node, children)


def scaled(coefficient: Coefficient, node: Node) -> Node:
    """Return a node times a coefficient."""
    return Combination(((coefficient, node),))


# -- coefficients ---


def power(name: str, exponent: int) -> Coefficient:
    """Return a power of a scalar or size."""
    return ((((name, exponent),), Fraction(1)),)


def times(one: Coefficient, other: Coefficient) -> Coefficient:
    """Return the product of two coefficients."""
    found: dict[tuple[tuple[str, int], ...], Fraction] = {}
    for left, a in one:
        for right, b in other:
            powers = dict(left)
            for name, exponent in right:
                powers[name] = powers.get(name, 0) + exponent
            key = tuple(sorted((name, e) for name, e in powers.items() if e))
            found[key] = found.get(key, Fraction(0)) + a * b
    return tuple(sorted((powers, c) for powers, c in found.items() if c)) or (((), Fraction(0)),)


def minus(name: str) -> Coefficient:
    """Return 1 - name."""
    return (((), Fraction(1)), (((name, 1),), Fraction(-1)))


def mirrored(coefficient: Coefficient, name: str) -> Coefficient:
    """Return a coefficient with 1 - name in the place of a scalar."""
    total: Coefficient = (((), Fraction(0)),)
    for powers, c in coefficient:
        rest = tuple((n, e) for n, e in powers if n != name)
        part: Coefficient = ((rest, c),)
        for _ in range(max(dict(powers).get(name, 0), 0)):
            part = times(part, minus(name))
        if dict(powers).get(name, 0) < 0:
            part = ((powers, c),)
        total = added(total, part)
    return total


def added(one: Coefficient, other: Coefficient) -> Coefficient:
    """Return the sum of two coefficients."""
    found: dict[tuple[tuple[str, int], ...], Fraction] = {}
    for powers, c in (*one, *other):
        found[powers] = found.get(powers, Fraction(0)) + c
    return tuple(sorted((powers, c) for powers, c in found.items() if c)) or (((), Fraction(0)),)
