"""How much work may be done: counted, not timed, so that a text gets the same answer on every machine.

What multiplies counts the products of terms that it makes, and searches count what they try. Where nobody set an
allowance nothing is counted. What goes beyond one is given up by an exception that is no complaint about the input:
no search takes it for having found nothing, and nothing follows from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, update_wrapper
from typing import Generic, ParamSpec, TypeVar, cast

T = TypeVar("T")
P = ParamSpec("P")
_UNCOUNTED = 10**18


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


class Remembered(Generic[P, T]):
    """A function whose answers are kept with the work that each took: one that is known costs as much again.

    So what was decided before something does not change how much work is left for it.
    """

    def __init__(self, function: Callable[P, T], most: int) -> None:
        def measured(*given: P.args, **named: P.kwargs) -> tuple[T, int]:
            outer = _METER.get()
            begin = _UNCOUNTED if outer is None else outer.left
            inner = Meter(begin)
            token = _METER.set(inner)
            try:
                return function(*given, **named), begin - inner.left  # it is counted where the answer is used
            except TooMuchWork:
                if outer is not None:
                    outer.left = 0
                raise
            finally:
                _METER.reset(token)

        known = lru_cache(most)(measured)
        self.cache_clear = known.cache_clear
        self._known = cast("Callable[P, tuple[T, int]]", known)
        update_wrapper(self, function)

    def __call__(self, *given: P.args, **named: P.kwargs) -> T:
        """Return the answer, and count its work."""
        found, work = self._known(*given, **named)
        spend(work)
        return found


def remembered(most: int) -> Callable[[Callable[P, T]], Remembered[P, T]]:
    """Keep so many answers of a function, each with its work."""
    return lambda function: Remembered(function, most)


@contextmanager
def allowed(amount: int, of: Meter | None = None) -> Iterator[Meter]:
    """Allow an amount of work inside, of what is left around, or ``of`` another allowance: it is counted there, too.

    >>> with allowed(2) as meter:
    ...     spend()
    >>> meter.left
    1
    """
    outer = of or _METER.get()
    begin = amount if outer is None else max(0, min(amount, outer.left))
    inner = Meter(begin)
    token = _METER.set(inner)
    try:
        yield inner
    finally:
        _METER.reset(token)
        if outer is not None:
            outer.left -= begin - max(inner.left, 0)
