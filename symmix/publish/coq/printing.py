"""What the walk over an expression offers to those who print a part of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from symmix.publish.coq.axes import Env, View, Views
from symmix.publish.coq.context import Context
from symmix.terms import nodes as t


class Printing(Protocol):
    """A printer of expressions, as the printers of entries and of lines see it."""

    @property
    def context(self) -> Context:
        """What was met so far."""

    def reference(self, symbol: t.Symbol, env: Env) -> str:
        """Return a symbol, moved if it has moved, or the call of its definition."""

    def scalar(self, node: t.Expression, env: Env) -> str:
        """Return a real number."""

    def over(self, above: str, below: Sequence[t.Expression], env: Env) -> str:
        """Return a quotient."""

    def view(self, node: t.Expression, views: Views, env: Env) -> str:
        """Return a matrix looked at along its two axes."""

    def looked_at(self, node: t.Expression, views: Sequence[View], env: Env) -> str:
        """Return a symbol looked at along all of its axes."""

    def expected(self, node: t.Expectation, env: Env, inside: Callable[[Env], str]) -> str:
        """Return an expectation of what ``inside`` prints."""
