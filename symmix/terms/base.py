"""What every node is: frozen, compared by structure, with its parts in the order in which they were written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, ClassVar, TypeVar, cast, dataclass_transform

_NAMED = re.compile(r"\(([A-Za-z]\w*[~']*)\)(?=[\^\[])")  # a name needs no brackets before ^T or an index


class Node:
    """A node of a tree: equal to another of the same kind with equal parts.

    ``form`` says how an error names it, with its parts by their names, and ``joint`` what stands between items of one.
    """

    form: ClassVar[str] = ""
    joint: ClassVar[str] = ", "

    @cached_property
    def parts(self) -> tuple[Any, ...]:
        """The parts in their order."""
        return tuple(getattr(self, name) for name in part_names(type(self)))

    @cached_property
    def _key(self) -> tuple[int, str, tuple[Any, ...]]:
        kind = type(self).__name__
        return hash((kind, self.parts)), kind, self.parts  # the hash first: what differs mostly differs there

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return isinstance(other, Node) and self._key == other._key

    def __hash__(self) -> int:
        return self._key[0]

    def __str__(self) -> str:
        if not self.form:
            return f"{type(self).__name__}({', '.join(_shown(part) for part in self.parts)})"
        shown = {name: _shown(part, self.joint) for name, part in zip(part_names(type(self)), self.parts, strict=True)}
        text = _NAMED.sub(r"\1", self.form.format_map(shown))
        return text.replace(" + -1 ", " - ").replace("(-1 ", "(-")

    __repr__ = __str__

    @cached_property
    def _below(self) -> tuple[Node, ...]:
        return tuple(_nodes_in(self.parts))

    def children(self) -> tuple[Node, ...]:
        """Return the nodes right below this one, in their order."""
        return self._below

    def walk(self) -> Iterator[Node]:
        """Run through this node and all below it, depth first, in their order."""
        left = [self]
        while left:
            node = left.pop()
            yield node
            left.extend(reversed(node._below))


def part_names(kind: type) -> tuple[str, ...]:
    """Return the names of the parts of a kind of node, in their order."""
    return tuple(field.name for field in fields(cast("Any", kind)))


def _nodes_in(part: object) -> Iterator[Node]:
    if isinstance(part, Node):
        yield part
    elif isinstance(part, tuple):
        for item in part:
            yield from _nodes_in(item)


def _shown(part: object, joint: str = ", ") -> str:
    if isinstance(part, tuple):
        return joint.join(_shown(item, " = ") for item in part)
    return str(part)


Kind = TypeVar("Kind")


@dataclass_transform(eq_default=False, frozen_default=True)
def node(kind: type[Kind]) -> type[Kind]:
    """Make a kind of node of a class: frozen; equality, hash and text are those of Node."""
    return dataclass(frozen=True, eq=False, repr=False)(kind)
