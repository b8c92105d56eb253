"""What a function to be checked is, from itself: its arguments say which check, what it calls says whose arrays."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from types import CodeType
from typing import Any

STEP = ("z", "y", "W", "b", "lam", "partner")
LIBRARIES: dict[str, str] = {"torch": "torch", "torchvision": "torch", "kornia": "torch", "jax": "jax", "jaxlib": "jax"}
DEEP = 3
"""Functions that are called by functions, and so on, as far as they are looked into."""


def kind_of(function: Callable[..., Any]) -> str:
    """Return "step" for a function with the six arguments of one, else "mixing".

    >>> kind_of(lambda z, y, W, b, lam, partner: 0.0)
    'step'
    """
    try:
        names = tuple(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return "mixing"
    return "step" if len(names) >= len(STEP) and (names[: len(STEP)] == STEP or len(names) == len(STEP)) else "mixing"


def framework_of(function: Callable[..., Any]) -> str:
    """Return whose arrays a function takes, by its annotations, its own library, and what it calls.

    >>> framework_of(lambda x, y: (x, y))
    'numpy'
    """
    for found in (_annotated(function), _own(function), *_called(function, DEEP)):
        if found:
            return found
    return "numpy"


def _library(value: Any) -> str:
    module = getattr(value, "__name__", "") if inspect.ismodule(value) else getattr(value, "__module__", "")
    return LIBRARIES.get(str(module).partition(".")[0], "")


def _annotated(function: Callable[..., Any]) -> str:
    hints = getattr(function, "__annotations__", {})
    for hint in hints.values():
        word = hint.strip("'\"") if isinstance(hint, str) else ""
        found = _library(hint) or LIBRARIES.get(word.partition(".")[0], "")
        if found:
            return found
    return ""


def _own(function: Callable[..., Any]) -> str:
    kinds = () if inspect.isfunction(function) else type(function).__mro__
    return next(filter(None, map(_library, (function, *kinds))), "")


def _called(function: Any, deep: int) -> Iterator[str]:
    """Yield the libraries of what a function names, and of what the functions of its own module name."""
    body = inspect.unwrap(function) if callable(function) else function
    body = getattr(body, "__func__", body)
    if not hasattr(body, "__code__"):
        body = getattr(type(body), "__call__", body)  # noqa: B004  # the function behind an instance
    code, known = getattr(body, "__code__", None), getattr(body, "__globals__", {})
    if code is None:
        return
    for name in _names(code):
        value = known.get(name)
        yield _library(value)
        same = getattr(value, "__module__", None) == getattr(body, "__module__", "")
        if deep and same and inspect.isfunction(value) and value is not body:
            yield from _called(value, deep - 1)


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
