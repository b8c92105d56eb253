"""Slips that are rarer: factors that are there twice, means taken off, something else for an inverse or a scale."""

from __future__ import annotations

from collections.abc import Iterator

from symmix.plans import ONE, Combination, Contraction, Filled, Inverse, Named, Node, Plan
from symmix.testing.plan_applied import FUNCTIONS, Applied
from symmix.testing.plan_changes import Change
from symmix.testing.plan_edits import MINUS, power, times
from symmix.testing.plan_words import words


def rarer(plan: Plan, node: Node) -> Iterator[Change]:
    """Yield what is done wrong more rarely where one node is computed."""
    match node:
        case Contraction():
            yield from _twice(node)
        case Combination(terms=terms):
            for place, (c, term) in enumerate(terms):
                both = _entrywise(term)
                said = f"{words(term)} is there twice, entry by entry, in {words(node)}"
                new = Combination((*terms[:place], (c, both), *terms[place + 1 :]))
                yield Change("doubled factor", said, node, new)
        case Named(axes=(_, _)):
            yield from _inverses(plan, node)
        case Inverse(of=of, square=True):
            turned = Contraction(((of, (0, 1)),), (1, 0))
            yield Change(
                "transpose for inverse", f"{words(turned)} stands where {words(node)} is derived", node, turned
            )
    for axis, size in enumerate(node.sizes):
        said = f"the mean over {size} is subtracted from {words(node)}"
        yield Change("mean subtracted", said, node, centred(node, axis))


def centred(node: Node, axis: int) -> Node:
    """Return a node less its mean along one of its axes."""
    size, inside = node.sizes[axis], tuple(range(len(node.sizes)))
    fresh = len(inside)
    output = (*inside[:axis], fresh, *inside[axis + 1 :])
    total = Contraction(((node, inside), (Filled(1, (size,)), (fresh,))), output)
    return Combination(((ONE, node), (times(MINUS, power(size, -1)), total)))


def scales(plan: Plan) -> Iterator[tuple[str, str, Node]]:
    """Yield what may be computed from an array where a scalar is declared: the scalar, what is said, the node."""
    arrays = {**plan.arrays, **{name: node.sizes for name, node in plan.where.items()}}
    for scalar in plan.scalars:
        for name, axes in arrays.items():
            for function in (f for f in FUNCTIONS if axes and f != "pinv"):
                node = Applied(function, Named(name, axes), ())
                yield scalar, f"{node} stands where {scalar} is derived", node


def _entrywise(node: Node) -> Contraction:
    inside = tuple(range(len(node.sizes)))
    return Contraction(((node, inside), (node, inside)), inside)


def _twice(node: Contraction) -> Iterator[Change]:
    """Yield a product in which a factor is there twice, entry by entry or, where it is square, as a matrix.

    Or what is inverted in the place of its inverse, in this product alone.
    """
    between = 1 + max(node.extents, default=0)
    for place, (of, indices) in enumerate(node.operands):
        said = f"{words(of)} is there twice in {words(node)}"
        yield Change("doubled factor", said, node, Contraction((*node.operands, (of, indices)), node.output))
        before, after = node.operands[:place], node.operands[place + 1 :]
        if isinstance(of, Inverse):
            plain = Contraction((*before, (of.of, indices), *after), node.output)
            wrong = f"{words(of.of)} stands where {words(of)} is derived in {words(node)}"
            yield Change("missing inverse", wrong, node, plain)
        if len(indices) == 2:
            chain = ((of, (indices[0], between)), (of, (between, indices[1])))
            yield Change("doubled factor", said, node, Contraction((*before, *chain, *after), node.output))


def _inverses(plan: Plan, node: Named) -> Iterator[Change]:
    """Yield inverses of other matrices, and of itself, in the place of a matrix."""
    for name, axes in plan.arrays.items():
        if len(axes) == 2:
            found = Applied("pinv", Named(name, axes), axes[::-1])
            for new in (found, Contraction(((found, (0, 1)),), (1, 0))):
                said = f"{words(new)} (inv, where there is one) stands where {words(node)} is derived"
                yield Change("another inverse", said, node, new)
