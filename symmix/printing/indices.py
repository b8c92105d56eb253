"""Bound indices as people name them: what a machine called ``i_1`` is an i or a j again, and sums run over i first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from symmix.terms import nodes as t
from symmix.terms.base import Node

_MADE = re.compile(r"[A-Za-z]+_?\d+")  # a name with a number, put there to keep names apart
_LETTERS = ("i", "j", "l", "q", "u", "v")


def renamed(tree: t.Expression) -> t.Expression:
    """Return a tree of the same value, with letters for bound indices that have numbered names, where some are free."""
    if not any(_MADE.fullmatch(node.name) for node in tree.walk() if isinstance(node, t.Index)):
        return tree
    found: t.Expression = _renamed(tree, {}, frozenset(_taken(tree)))
    return found


def _taken(tree: Node) -> Iterator[str]:
    """Run through the names that a tree has already, without those that are to go."""
    for node in tree.walk():
        match node:
            case t.Symbol(name=name) | t.Size(name=name) | t.Index(name=name):
                yield from () if _MADE.fullmatch(name) and isinstance(node, t.Index) else (name,)
            case t.Entry(indices=indices) | t.Moment(indices=indices):
                yield from (index for index in indices if not _MADE.fullmatch(index))
            case t.Slice(row=first, column=second) | t.Delta(first=first, second=second):
                yield from (index for index in (first, second) if not _MADE.fullmatch(index))


def _renamed(part: Any, names: Mapping[str, str], taken: frozenset[str]) -> Any:
    """Return a part of a tree with other names for indices; those that are bound around it are taken."""
    match part:
        case t.Symbol() | t.Size() | t.Moment():
            return part
        case t.Total() | t.ByEntries():
            bound = [x for x in part.parts if isinstance(x, t.Index)]
            bound += [x for xs in part.parts if isinstance(xs, tuple) for x in xs if isinstance(x, t.Index)]
            for index in sorted(bound, key=lambda index: index.name):
                letters = (index.name.rstrip("_0123456789"), *_LETTERS)
                free = next((letter for letter in letters if letter not in taken), index.name)
                name = free if _MADE.fullmatch(index.name) else index.name
                names, taken = {**names, index.name: name}, taken | {name}
        case t.Index(name=name, size=size):
            return t.Index(names.get(name, name), size)
        case str():
            return names.get(part, part)
        case tuple():
            return tuple(_renamed(item, names, taken) for item in part)
    return type(part)(*(_renamed(item, names, taken) for item in part.parts)) if isinstance(part, Node) else part
