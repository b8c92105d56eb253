"""How much work may be done: counted, not timed, so that a text gets the same answer on every machine.

What multiplies counts the products of terms that it makes, and searches count what they try. Where nobody set an
allowance nothing is counted. What goes beyond one is given up by an exception that is no complaint about the input:
no search takes it for having found nothing, and nothing follows from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")


class TooMuchWork(Exception):  # noqa: N818 - it is no error of anybody's
    """There is more to do than was allowed: the answer is open."""


class Meter:
    """What is left of an allowance."""

    __slots__ = ("left",)

    def __init__(self, left: int) -> None:
        self.left = left


_METER: ContextVar[Meter | None] = ContextVar("meter", default=None)


def spend(amount: int = 1) -> None:
    """Count some work.

    Raises
    ------
    TooMuchWork
        If that is more than is left.
    """
    meter = _METER.get()
    if meter is not None:
        meter.left -= amount
        if meter.left < 0:
            raise TooMuchWork


def is_counted() -> bool:
    """Whether there is an allowance: then what was found before must not make work less."""
    return _METER.get() is not None


def metered(items: Iterable[T]) -> Iterator[T]:
    """Run through what is tried, each counted."""
    for item in items:
        spend()
        yield item


@contextmanager
def allowed(amount: int) -> Iterator[Meter]:
    """Allow an amount of work inside, of what is left around: all of it is counted there, too.

    >>> with allowed(2) as meter:
    ...     spend()
    >>> meter.left
    1
    """
    outer = _METER.get()
    begin = amount if outer is None else max(0, min(amount, outer.left))
    inner = Meter(begin)
    token = _METER.set(inner)
    try:
        yield inner
    finally:
        _METER.reset(token)
        if outer is not None:
            outer.left -= begin - max(inner.left, 0)
