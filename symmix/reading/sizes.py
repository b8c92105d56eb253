"""Sizes that a text leaves open, the k of a bare I or of ``sum_{i}``, and what they turn out to be."""

from __future__ import annotations

from typing import Any

from symmix.terms import nodes as t
from symmix.terms.base import Node
from symmix.terms.names import ONE_SIZE

_OPEN = "?"


def is_open(size: str) -> bool:
    """Whether a size is not known yet."""
    return size.startswith(_OPEN)


def shown(shape: t.Shape) -> str:
    """Return a shape in words."""
    return "a scalar" if shape == t.SCALAR else " x ".join(shape)


class Sizes:
    """Unknown sizes by their marks, each bound at most once, to a size or to another one."""

    def __init__(self) -> None:
        self._bound: dict[str, str] = {}
        self._count = 0

    def fresh(self) -> str:
        """Return the mark of a size that is not known yet."""
        self._count += 1
        return f"{_OPEN}{self._count}"

    def found(self, size: str) -> str:
        """Return what a size is, as far as it is known."""
        while size in self._bound:
            size = self._bound[size]
        return size

    def agree(self, one: str, other: str) -> bool:
        """Whether two sizes are one; what was open may be known from now on."""
        one, other = self.found(one), self.found(other)
        if one == other:
            return True
        if ONE_SIZE in (one, other):  # a bare I is no number
            return False
        if is_open(one):
            self._bound[one] = other
        elif is_open(other):
            self._bound[other] = one
        else:
            return False
        return True

    def shapes_agree(self, one: t.Shape, other: t.Shape) -> bool:
        """Whether two shapes are one."""
        return self.agree(one[0], other[0]) and self.agree(one[1], other[1])

    def shape(self, node: t.Expression) -> t.Shape:
        """Return the shape of an expression, as far as it is known."""
        rows, columns = node.shape
        return self.found(rows), self.found(columns)

    def settled(self, part: Any) -> Any:
        """Return a tree, or a part of one, with its sizes as they turned out; what is still open stays."""
        if not self._count:
            return part
        if isinstance(part, str):
            return self.found(part) if is_open(part) else part
        if isinstance(part, tuple):
            return tuple(self.settled(item) for item in part)
        if isinstance(part, Node):
            return type(part)(*(self.settled(item) for item in part.parts))
        return part


def first_open(node: Node) -> Node | None:
    """Return a node whose size did not turn out, or None."""
    return next((n for n in node.walk() if any(isinstance(p, str) and is_open(p) for p in n.parts)), None)
