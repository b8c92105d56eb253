"""What every node is: frozen, compared by structure, with its parts in the order in which they were written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import MISSING, FrozenInstanceError, dataclass, fields
from functools import cached_property
from typing import Any, ClassVar, NoReturn, TypeVar, cast, dataclass_transform

_NAMED = re.compile(r"\(([A-Za-z]\w*[~']*)\)(?=[\^\[])")  # a name needs no brackets before ^T or an index
_MINUS = re.compile(r"(\(| \+ )-1 (?![-+=<>!]+ )")  # a factor -1, which stands for a sign, and no term


class Node:
    """A node of a tree: equal to another of the same kind with equal parts.

    ``form`` says how an error names it, with its parts by their names, and ``joint`` what stands between items of one.
    """

    form: ClassVar[str] = ""
    joint: ClassVar[str] = ", "
    __match_args__: ClassVar[tuple[str, ...]] = ()  # the names of the parts
    defaults: ClassVar[tuple[Any, ...]] = ()  # of the last parts
    parts: tuple[Any, ...]

    def __init__(self, *parts: Any, **named: Any) -> None:
        names = self.__match_args__
        if named or len(parts) != len(names):
            parts = _completed(type(self), parts, named)
        own = self.__dict__
        own["parts"] = parts
        for name, part in zip(names, parts, strict=True):
            own[name] = part

    def __setattr__(self, name: str, _value: object) -> NoReturn:
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> NoReturn:
        raise FrozenInstanceError(f"cannot delete field {name!r}")

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
        return _MINUS.sub(lambda found: {"(": "(-", " + ": " - "}[found[1]], text)

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
    return cast("type[Node]", kind).__match_args__


def _completed(kind: type[Node], parts: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, ...]:
    """Return all parts of a node in their order: those that are given by name among them, defaults for the others."""
    names, defaults = kind.__match_args__, kind.defaults
    missing = len(names) - len(parts)
    if not named and 0 < missing <= len(defaults):
        return parts + defaults[-missing:]
    left = names[len(parts) :]
    known = dict(zip(names[len(names) - len(defaults) :], defaults, strict=True)) | named
    if missing < 0 or not named.keys() <= {*left} <= known.keys():
        raise TypeError(f"{kind.__name__} has the parts {', '.join(names)}; {len(parts)} and {[*named]} arrived")
    return (*parts, *(known[name] for name in left))


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
    """Make a kind of node of a class: frozen; all methods are those of Node, since writing them anew takes long."""
    made: Any = dataclass(init=False, eq=False, repr=False)(kind)
    made.defaults = tuple(field.default for field in fields(made) if field.default is not MISSING)
    return kind
