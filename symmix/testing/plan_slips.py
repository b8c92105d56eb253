"""Ways in which a plan is computed wrongly: one slip each, with what it is called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, islice
from typing import NamedTuple

from symmix.plans import Combination, Contraction, Named, Node, Plan, Result
from symmix.testing.plan_changes import Change, changes, composite_transposes, distributed, factors
from symmix.testing.plan_edits import MINUS, mirrored, paths, rebuilt, replaced, scaled
from symmix.testing.plan_rarer import rarer, scales

MOST = 20  # places at which a node that is used often is changed alone


class Slip(NamedTuple):
    """One way to compute a result wrongly: what it is called, what happened, and how it is computed then."""

    name: str
    message: str
    node: Node
    where: Mapping[str, Node]


def slips(plan: Plan, result: Result) -> Iterator[Slip]:
    """Yield the ways to compute a result wrongly, those that concern most of it first."""
    yield from _whole(plan, result)
    nodes = dict.fromkeys(
        n for root in (result.node, *_used(plan, result).values()) for n in reversed(list(root.walk()))
    )
    found = [change for node in nodes for change in changes(plan, node)]
    for change in found:
        yield _applied([change], result.node, plan.where)
    yield from _everywhere(plan, result)
    for change in found:
        yield from _once(change, result.node, plan.where)
    kinds: dict[str, list[Change]] = {}
    for change in found:
        kinds.setdefault(change.kind, []).append(change)
    for kind, alike in kinds.items():
        for pair in combinations(alike if kind else (), 2):
            yield _applied(pair, result.node, plan.where)
    for node in nodes:
        if isinstance(node, Contraction):
            transposes = composite_transposes(node) if len(node.sizes) == 2 else ()
            for change in (*distributed(plan, node), *transposes):
                yield _applied([change], result.node, plan.where)
                yield from _once(change, result.node, plan.where)
    yield from _rarer(plan, result, nodes)


def _rarer(plan: Plan, result: Result, nodes: Iterable[Node]) -> Iterator[Slip]:
    """Yield slips that are rarer."""
    for scalar, said, node in scales(plan):
        yield Slip("another scale", said, result.node, {**plan.where, scalar: node})
    found = [change for node in nodes for change in rarer(plan, node)]
    for change in found:
        yield _applied([change], result.node, plan.where)
    for change in found:
        yield from _once(change, result.node, plan.where)


def _used(plan: Plan, result: Result) -> dict[str, Node]:
    """Return what is defined on the way to a result."""
    found: dict[str, Node] = {}
    left = [result.node]
    while left:
        for node in left.pop().walk():
            if isinstance(node, Named) and node.name in plan.where and node.name not in found:
                found[node.name] = plan.where[node.name]
                left.append(plan.where[node.name])
    return found


def _applied(changes: Sequence[Change], node: Node, where: Mapping[str, Node]) -> Slip:
    """Return what becomes of a result if nodes are changed wherever they are used."""
    images = {change.old: change.new for change in changes}

    def turned(root: Node) -> Node:
        return rebuilt(root, images.get)

    further = {part for new in images.values() for part in new.walk() if isinstance(part, Named) and part.name in where}
    known = {part for old in images for part in old.walk()}
    inside = where if further - known else {name: turned(value) for name, value in where.items()}
    said = "; ".join(change.message for change in changes)
    return Slip(changes[0].name, said, turned(node), inside)  # nothing is defined by what needs it


def _once(change: Change, node: Node, where: Mapping[str, Node]) -> Iterator[Slip]:
    """Yield what becomes of a result if a node that is used several times is changed at one of them."""
    found = list(islice(paths(node, change.old), MOST))
    for path in found if len(found) > 1 else ():
        yield Slip(change.name, f"{change.message}, at one place", replaced(node, path, change.new), where)


def _whole(plan: Plan, result: Result) -> Iterator[Slip]:
    """Yield slips that concern the whole of a result."""
    node, where = result.node, plan.where
    yield Slip("wrong sign", "it is the negative of the derived one", scaled(MINUS, node), where)
    for title, said, factor in factors(plan):
        yield Slip(title, f"it {said}", scaled(factor, node), where)
    if len(node.sizes) == 2:
        turned = Contraction(((node, (0, 1)),), (1, 0))
        yield Slip("transposed gradient", "where it is square, it is the transpose of the derived one", turned, where)


def _everywhere(plan: Plan, result: Result) -> Iterator[Slip]:
    """Yield slips that are made throughout, and results that are others."""
    for other_result in plan.results:
        if other_result.name != result.name and len(other_result.node.sizes) == len(result.node.sizes):
            yield Slip("another gradient", f"it is {other_result.name}", other_result.node, plan.where)
    for name in plan.scalars:

        def image(node: Node, name: str = name) -> Node | None:
            if not isinstance(node, Combination):
                return None
            return Combination(tuple((mirrored(c, name), rebuilt(term, image)) for c, term in node.terms))

        where = {key: rebuilt(value, image) for key, value in plan.where.items()}
        said = f"{name} and 1 - {name} are exchanged throughout"
        yield Slip(f"{name} for 1 - {name}", said, rebuilt(result.node, image), where)
    arrays = {**plan.arrays, **{name: node.sizes for name, node in plan.where.items()}}
    for one, axes in arrays.items():
        for other, others in arrays.items():
            if one < other and len(axes) == len(others):
                swap = {one: other, other: one}

                def swapped(node: Node, swap: Mapping[str, str] = swap) -> Node | None:
                    return Named(swap[node.name], node.axes) if isinstance(node, Named) and node.name in swap else None

                yield Slip(
                    "symbols swapped", f"{one} and {other} are exchanged", rebuilt(result.node, swapped), plan.where
                )
