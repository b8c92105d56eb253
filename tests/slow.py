"""Which parameters of a test are slow: all but a few, which stand for them in a quick run."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import pytest
from _pytest.mark.structures import ParameterSet


def slow_but(quick: Collection[Any], names: Iterable[Any]) -> list[Any]:
    """Return parameters, marked as slow but for the quick ones, each of which has to be there."""
    every = list(names)
    missing = [name for name in quick if name not in every]
    if missing:
        message = f"not among the parameters: {', '.join(sorted(map(str, missing)))}"
        raise ValueError(message)
    return [name if name in quick else _slow(name) for name in every]


def _slow(name: Any) -> ParameterSet:
    if isinstance(name, ParameterSet):
        return pytest.param(*name.values, id=name.id, marks=[*name.marks, pytest.mark.slow])
    return pytest.param(*(name if isinstance(name, tuple) else (name,)), marks=pytest.mark.slow)
