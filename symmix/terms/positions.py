"""Which positions there are along an axis: indices over its size, and numbers where it is fixed."""

from __future__ import annotations

from symmix.errors import DimensionError, NotationError
from symmix.terms import nodes as t
from symmix.terms.meanings import Scope
from symmix.terms.names import ONE_SIZE, ONLY, is_fixed, is_position


def require_position(name: str, size: str, expression: t.Expression, scope: Scope) -> None:
    """Refuse a position that is not one along an axis of this size."""
    if is_position(name, size):
        return
    if size == ONE_SIZE:
        if name != ONLY:
            raise DimensionError("the position 0 along an axis of size 1", f"{name!r} in {expression}", "use 0")
    elif name not in scope.indices:
        raise NotationError(
            "indices that are summed over, or declared as sample indices",
            f"{name!r} in {expression}",
            _help(name, size),
        )
    elif scope.indices[name] != size:
        raise DimensionError(
            f"one size for the index {name}",
            f"{scope.indices[name]!r} and {size!r} in {expression}",
            "use another index, or check the order of the factors",
        )


def _help(name: str, size: str) -> str:
    """Return what to write instead of a name that is no position."""
    if not name.isdecimal():
        return "declare its size"
    if is_fixed(size):
        return f"numbers count from 0: write one from 0 to {int(size) - 1}"
    return f"declare the size as a number instead of {size}, or write an index"
