"""Jacobians and moments: those that all of a theorem agrees on, and those that a statement has for itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from symmix.printing.display import Typesetter, enumerated
from symmix.publish.introducing import Key, jacobians, moments
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.terms.base import Node

_SIDES = ("left", "right")


class Context:
    """What the trees of a theorem say of Jacobians and moments, in words and formulas."""

    def __init__(self, stated: Sequence[Node], setter: Typesetter) -> None:
        self._stated, self._setter = stated, setter
        self._all = self._said(*stated)

    @cached_property
    def common(self) -> Mapping[Key, str]:
        """What is the same in all of the theorem; otherwise each statement says its own."""
        return {key: words for key, words in self._all.items() if self._is_common(key)}

    def meant(self, statement: s.Statement) -> list[str]:
        """Return what a statement has for itself, as a clause: for each side, if an average differs in nothing else."""
        if isinstance(statement, s.Identity):
            left, right = self._own(statement.left), self._own(statement.right)
            if left != right and _averaged(left) & _averaged(right):
                listed = [enumerated(list(own.values())) if own else "" for own in (left, right)]
                told = [f"on the {side} {words}" for side, words in zip(_SIDES, listed, strict=True) if words]
                return [f"where {', and '.join(told)}"]
        own = list(self._own(statement).values())
        return [f"where {enumerated(own)}"] if own else []

    def _said(self, *trees: Node) -> dict[Key, str]:
        return {**jacobians(trees, self._setter), **moments(trees, self._setter)}

    def _own(self, tree: Node) -> dict[Key, str]:
        return {key: words for key, words in self._said(tree).items() if key not in self.common}

    def _is_common(self, key: Key) -> bool:
        """Whether nothing else is said of the same, and every average over the symbol says it."""
        of = [node for tree in self._stated for node in tree.walk() if isinstance(node, t.Expectation)]
        missing = any(all(m.degree != key[1] for m in node.moments) for node in of if node.random == key[0])
        return sum(other[:2] == key[:2] for other in self._all) == 1 and not missing


def _averaged(own: Mapping[Key, str]) -> set[t.Symbol]:
    return {symbol for symbol, degree, _ in own if isinstance(degree, int)}
