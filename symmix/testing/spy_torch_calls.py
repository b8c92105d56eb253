"""Standing between torch's modules and their callers, and noting what optimisers do."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import torch
from torch.optim.optimizer import register_optimizer_step_post_hook

DROPOUTS = ("dropout", "dropout1d", "dropout2d", "dropout3d", "alpha_dropout", "feature_alpha_dropout")


@contextmanager
def intercepted(run: Any) -> Iterator[None]:
    """Stand between every module and its callers."""
    with ExitStack() as stack:
        for kind, method in _kinds():
            original = kind.__call__
            stack.callback(setattr, kind, "__call__", original)
            kind.__call__ = _wrapped(original, method, run)
        for name in DROPOUTS:
            original = getattr(torch.nn.functional, name)
            stack.callback(setattr, torch.nn.functional, name, original)
            setattr(torch.nn.functional, name, _without_noise(original, run))
        yield


def _kinds() -> Iterator[tuple[Any, str]]:
    yield torch.nn.Module, "forward"
    keras = sys.modules.get("keras")
    if keras is not None and issubclass(keras.layers.Layer, torch.nn.Module):
        yield keras.layers.Layer, "call"


def _wrapped(original: Callable[..., Any], method: str, run: Any) -> Callable[..., Any]:
    def call(module: Any, *args: Any, **kwargs: Any) -> Any:
        if not run.inside and isinstance(module, torch.nn.modules.dropout._DropoutNd):
            return args[0] if args else next(iter(kwargs.values()))
        if run.inside or run.is_open(module, args, kwargs):
            return original(module, *args, **kwargs)
        own, real = module.__dict__.get(method), getattr(module, method)

        def answer(*inner: Any, **named: Any) -> Any:
            module.__dict__.pop(method, None) if own is None else module.__dict__.update({method: own})
            return run.answer(module, real, inner, named)

        module.__dict__[method] = answer  # hooks of the module still run around it
        try:
            return original(module, *args, **kwargs)
        finally:
            module.__dict__.pop(method, None) if own is None else module.__dict__.update({method: own})

    return call


def _without_noise(original: Callable[..., Any], run: Any) -> Callable[..., Any]:
    """Leave dropout out between networks that are answered for: its noise would hide what is mixed."""

    def dropout(*args: Any, **kwargs: Any) -> Any:
        return original(*args, **kwargs) if run.inside or not args else args[0]

    return dropout


@contextmanager
def one_thread() -> Iterator[None]:
    """Let torch compute in one thread: what a spy computes is small, and threads would wait for each other."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


@contextmanager
def optimisers_noted(run: Any) -> Iterator[None]:
    """Note each step of an optimiser of torch among the events, when it is done."""
    handle = register_optimizer_step_post_hook(lambda *_: run.events.append("step"))
    try:
        yield
    finally:
        handle.remove()
