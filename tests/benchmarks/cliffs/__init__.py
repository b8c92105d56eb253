"""Families of inputs whose time must not grow faster than it does; ``tests/benchmarks/scaling.py`` measures them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

__all__ = ["Row"]


@dataclass(frozen=True)
class Row:
    """Inputs of growing size, with the growth of time at which they were last seen.

    ``make(size, seed)`` returns what is timed, for an instance of its own for each seed; called, that decides and says
    what came out, which has to be ``answer`` every time. ``kept`` is the exponent of a "power" of the size, or the
    "factor" for a unit more: written down as measured, and more than noise above it fails.
    """

    make: Callable[[int, int], Callable[[], str]]
    sizes: Sequence[int]
    answer: str
    kept: float
    growth: Literal["power", "factor"] = "power"
