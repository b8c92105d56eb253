"""Proposes a numbering of the summed indices of a product that depends on the product, not on how it is written.

Nothing here is trusted: the kernel renumbers a product by whatever comes back, once it is a numbering, so products of
one form *are* one. That all ways to write a product lead to one form takes a search, which is that of nauty and bliss:

* indices are *coloured* by where they occur, and cells of one colour split by how they hang together with another cell,
  until nothing changes (only what is near to a change is looked at again);
* what is told apart is named; the rest falls into *parts* that hang together only through names, each for itself;
* in a part where nothing is told apart one index of the smallest cell is named, then each of the others instead. Of
  these branches the least wins. A branch is left where what it splits is more than in the best; where one leaf of it is
  a leaf that was seen, and so a symmetry carries it into another branch; and where known symmetries do so.

Colours, splits and forms say nothing of numbers that were written, so neither does what wins. A sum of weights that
happens to agree leaves a cell whole, which costs time and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from symmix.metering import spend

Entry = tuple[int, tuple[str | int, ...]]  # the rank of a tensor, with free indices by name and summed ones by number
Symmetry = Mapping[int, int]  # of the indices that it moves
Colours = dict[int, int]  # by index: how many indices come before those of its cell
Cells = dict[int, list[int]]  # by colour
Trace = list[tuple[int, int, tuple[tuple[int, int], ...]]]  # how cells split
Form = tuple[tuple[Any, Any], tuple[Any, ...]]  # names and entries of names, and the forms of parts


class _Found(NamedTuple):
    """The least form of a part, with the order of its indices, and the form and order at its first leaf."""

    form: Form
    order: list[int]
    first: Form
    first_order: list[int]


def canonical_order(entries: Sequence[Entry]) -> list[int]:
    """Return the summed indices in an order that depends only on the product."""
    spend(len(entries))
    # an index is told apart from the beginning by its name, or by where else in the entry it stands
    patterns = [
        (tensor, tuple([(i, 0) if isinstance(i, str) else ("", indices.index(i)) for i in indices]))
        for tensor, indices in entries
    ]
    ranks = {pattern: rank for rank, pattern in enumerate(sorted(set(patterns)))}
    if len(ranks) == len(entries):  # each entry is told apart: so is each index, by the first that holds it
        first = sorted(range(len(entries)), key=patterns.__getitem__)
        return list(dict.fromkeys([i for entry in first for i in entries[entry][1] if isinstance(i, int)]))
    kinds = [ranks[pattern] for pattern in patterns]
    held = [tuple(dict.fromkeys([i for i in indices if isinstance(i, int)])) for _, indices in entries]
    places: dict[int, list[tuple[int, int]]] = {}
    for kind, indices in zip(kinds, held, strict=True):
        for slot, index in enumerate(indices):
            places.setdefault(index, []).append((kind, slot))
    keys = {index: sorted(found) for index, found in places.items()}
    order = sorted(keys, key=keys.__getitem__)
    beside = {index for indices in held if len(indices) > 1 for index in indices}
    colours: Colours = {}
    for place, index in enumerate(order):  # of indices that hang on no other, one is as good as another
        alike = place > 0 and index in beside and keys[index] == keys[order[place - 1]]
        colours[index] = colours[order[place - 1]] if alike else place
    cells = _cells(order, colours)
    if len(cells) == len(order):
        return order
    graph = _Graph(kinds, held)
    graph.split(colours, cells, [*cells], None)
    return graph.solved(range(len(held)), order, colours, [], every=True).order


class _Graph:
    """Which indices hang together: by index, the others in its entries, each with a weight for the kind of entry."""

    def __init__(self, kinds: Sequence[int], held: Sequence[tuple[int, ...]]) -> None:
        self.kinds, self.held = kinds, held
        self.around: dict[int, list[tuple[int, int, tuple[int, ...]]]] = {}
        for kind, indices in zip(kinds, held, strict=True):
            for slot, index in enumerate(indices):
                near = self.around.setdefault(index, [])
                for other_slot, other in enumerate(indices):
                    if other != index:
                        third = tuple([i for i in indices if i not in (index, other)]) if len(indices) > 2 else ()
                        near.append((other, _mixed(kind, slot, other_slot), third))

    def split(self, colours: Colours, cells: Cells, queue: list[int], best: Trace | None) -> Trace | None:
        """Split cells by the cells of a queue, and those by what comes of it; None where that is more than the best."""
        trace: Trace = []
        below, expected = best is None, iter(best or ())
        while queue:
            weights: dict[int, int] = {}
            for index in cells[queue.pop()]:
                for other, weight, third in self.around[index]:
                    seen = _mixed(weight, *[colours[i] for i in third]) if third else weight
                    weights[other] = weights.get(other, 0) + seen
            touched: dict[int, dict[int, list[int]]] = {}
            for index, total in weights.items():
                touched.setdefault(colours[index], {}).setdefault(total, []).append(index)
            for colour in sorted(touched.keys() & cells.keys()):
                groups, cell = touched[colour], cells[colour]
                totals = sorted(groups)
                left = len(cell) - sum(map(len, groups.values()))
                trace.append((colour, left, tuple([(total, len(groups[total])) for total in totals])))
                if not below:
                    before = next(expected, ())
                    if trace[-1] > before:
                        return None
                    below = trace[-1] < before
                if left or len(groups) > 1:
                    pieces = [[index for index in cell if index not in weights]] if left else []
                    _replace(colour, pieces + [groups[total] for total in totals], colours, cells, queue)
        return trace

    def solved(
        self, entries: Iterable[int], indices: Iterable[int], colours: Colours, known: list[Symmetry], *, every: bool
    ) -> _Found:
        """Name what is told apart, and return the form of the rest; without ``every`` the first that is found.

        ``known`` are symmetries that keep all names; those that are found are added.
        """
        cells = _cells(indices, colours)
        loose = {index for cell in cells.values() if len(cell) > 1 for index in cell}
        named = [cells[colour][0] for colour in sorted(cells) if len(cells[colour]) == 1]
        part_of = self._parts(loose)
        ground: list[tuple[int, tuple[int, ...]]] = []
        inside: dict[int, list[int]] = {}
        for entry in entries:
            held = self.held[entry]
            part = next((part_of[index] for index in held if index in loose), None)
            if part is None:
                ground.append((self.kinds[entry], tuple([colours[index] for index in held])))
            else:
                inside.setdefault(part, []).append(entry)
        members: dict[int, list[int]] = {}
        for index, part in part_of.items():
            members.setdefault(part, []).append(index)
        found = [self._part(inside[part], members[part], colours, known, every=every) for part in members]
        found.sort(key=lambda one: one.form)
        for one, other in pairwise(found):
            if every and one.form == other.form:
                known.append(_carrying([*one.order, *other.order], [*other.order, *one.order]))
        base = tuple([colours[index] for index in named]), tuple(sorted(ground))
        form = base, tuple([one.form for one in found])
        order = named + [index for one in found for index in one.order]
        if all(one.first is one.form for one in found):
            return _Found(form, order, form, order)
        found.sort(key=lambda one: one.first)
        first_order = named + [index for one in found for index in one.first_order]
        return _Found(form, order, (base, tuple([one.first for one in found])), first_order)

    def _parts(self, loose: set[int]) -> dict[int, int]:
        """Return by loose index one that stands for all that hang together with it."""
        found: dict[int, int] = {}
        for start in loose:
            left = [] if start in found else [start]
            while left:
                index = left.pop()
                if index not in found:
                    found[index] = start
                    left += [other for other, *_ in self.around[index] if other in loose]
        return found

    def _part(
        self, entries: Sequence[int], indices: Sequence[int], colours: Colours, known: list[Symmetry], *, every: bool
    ) -> _Found:
        """Return the form of a part: by naming what is alone of its colour here, or else by branching."""
        cells = _cells(indices, colours)
        target = min(sorted(cells), key=lambda colour: len(cells[colour]))
        if len(cells[target]) == 1:
            return self.solved(entries, indices, colours, known, every=every)
        best: list[_Found] = []  # of the branches with the least trace, the one with the least form
        trace: Trace | None = None
        leaves: dict[Form, list[int]] = {}
        tried: list[int] = []
        for index in cells[target]:
            if tried and _carried(index, tried, known, cells[target]):
                continue
            tried.append(index)
            others = [other for other in cells[target] if other != index]
            own, finer = (
                {**colours, **dict.fromkeys(others, target + 1)},
                {**cells, target: [index], target + 1: others},
            )
            mine = self.split(own, finer, [target], trace)
            if mine is None:
                continue
            if not every:
                return self.solved(entries, indices, own, [], every=False)
            if mine != trace:
                trace, best, leaves = mine, [], {}
            else:
                leaf = self.solved(entries, indices, own, [], every=False)
                if leaf.form in leaves:
                    known.append(_carrying(leaves[leaf.form], leaf.order))
                    continue
            kept = [symmetry for symmetry in known if index not in symmetry]
            inner = [*kept]
            found = self.solved(entries, indices, own, inner, every=True)
            known += inner[len(kept) :]
            leaves.setdefault(found.first, found.first_order)
            if best and found.form == best[0].form:
                known.append(_carrying(best[0].order, found.order))
            elif not best or found.form < best[0].form:
                best = [found]
        first, first_order = next(iter(leaves.items()))
        return _Found(best[0].form, best[0].order, first, first_order)


def _mixed(*numbers: int) -> int:
    """Return a weight: a number of its own for each row of numbers, most likely."""
    total = 7
    for number in numbers:
        total = (total * 0x9E3779B97F4A7C15 + number + 1) % 0x1FFFFFFFFFFFFFFF
        total ^= total >> 29
    return total


def _cells(indices: Iterable[int], colours: Mapping[int, int]) -> Cells:
    cells: Cells = {}
    for index in indices:
        cells.setdefault(colours[index], []).append(index)
    return cells


def _replace(colour: int, pieces: Sequence[list[int]], colours: Colours, cells: Cells, queue: list[int]) -> None:
    """Put pieces in the place of a cell, and into the queue; if the cell is not in it, the largest may be left out."""
    place, starts = colour, list[int]()
    for piece in pieces:
        cells[place] = piece
        if place != colour:
            colours.update(dict.fromkeys(piece, place))
        starts.append(place)
        place += len(piece)
    if colour in queue:
        queue += starts[1:]
    else:
        largest = max(starts, key=lambda start: len(cells[start]))
        queue += [start for start in starts if start != largest]


def _carrying(order: Sequence[int], other: Sequence[int]) -> Symmetry:
    """Return the symmetry that carries one order into another."""
    return {one: image for one, image in zip(order, other, strict=True) if one != image}


def _carried(index: int, tried: Sequence[int], known: Sequence[Symmetry], cell: Sequence[int]) -> bool:
    """Whether symmetries carry an index into one that was tried: whether both are in one orbit."""
    leader = {i: i for i in cell}

    def find(i: int) -> int:
        while leader[i] != i:
            leader[i] = leader[leader[i]]
            i = leader[i]
        return i

    for symmetry in known:
        for one, image in symmetry.items():
            if one in leader and image in leader:
                leader[find(one)] = find(image)
    return find(index) in {find(i) for i in tried}
