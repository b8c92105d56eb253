"""What is bound around a node while it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import sympy as sp


@dataclass
class Bound:
    """An index that is bound: its name in the tree, and its size as soon as that is known."""

    name: str
    size: str | None


@dataclass(frozen=True)
class Around:
    """The indices around a node; where it is ``closed``, in a moment or a value, nothing else is known as an index."""

    bound: Mapping[sp.Basic, Bound] = field(default_factory=dict)
    closed: bool = False

    @property
    def names(self) -> set[str]:
        """The names that are taken."""
        return {bound.name for bound in self.bound.values()}

    @property
    def indices(self) -> dict[str, str]:
        """The indices with their sizes, where those are known."""
        return {b.name: b.size for b in self.bound.values() if b.size is not None}

    def within(self, more: Mapping[sp.Basic, Bound]) -> Around:
        """Return what is bound further inside."""
        return Around({**self.bound, **more}, self.closed)
