"""Which parameters of a test are slow: all but a few, which stand for them in a quick run."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import pytest
from _pytest.mark.structures import ParameterSet


def slow_but(quick: Collection[str], names: Iterable[str]) -> list[str | ParameterSet]:
    """Return parameters, marked as slow but for the quick ones, each of which has to be there."""
    every = list(names)
    missing = set(quick) - set(every)
    if missing:
        message = f"not among the parameters: {', '.join(sorted(missing))}"
        raise ValueError(message)
    return [name if name in quick else pytest.param(name, marks=pytest.mark.slow) for name in every]
