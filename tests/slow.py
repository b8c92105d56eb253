"""Which parameters of a test are slow: all but a few, which stand for them in a quick run."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import pytest


def slow_but(quick: Collection[Any], names: Iterable[Any]) -> list[Any]:
    """Return parameters, marked as slow but for the quick ones, each of which has to be there."""
    every = list(names)
    missing = set(quick) - set(every)
    if missing:
        message = f"not among the parameters: {', '.join(sorted(map(str, missing)))}"
        raise ValueError(message)
    return [
        pytest.param(*(name if isinstance(name, tuple) else (name,)), marks=() if name in quick else pytest.mark.slow)
        for name in every
    ]
