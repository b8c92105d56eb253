"""Finding the layer of a network at which samples meet: mixup inside a model, by a hook or in its forward pass."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from typing import Any

import torch

from symmix.testing.state import Snapshot


def meeting_layer(module: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> str | None:
    """Name the first layer whose input rows depend on several samples; None if there is none.

    The network is really run, in the mode that it is in, with batch normalisation as in evaluation and without dropout,
    since samples meet in the statistics of a batch; what it changes is put back.

    >>> net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Linear(4, 2))
    >>> handle = net[1].register_forward_pre_hook(lambda _, inputs: (inputs[0] + inputs[0].flip(0),))
    >>> meeting_layer(net, (torch.randn(4, 3),), {})
    '1'
    """
    with Snapshot(module).kept(), warnings.catch_warnings(), torch.enable_grad():
        warnings.simplefilter("ignore")
        for inner in module.modules():
            if isinstance(inner, (torch.nn.modules.batchnorm._BatchNorm, torch.nn.modules.dropout._DropoutNd)):
                inner.training = False
        leaves = [t.detach().clone().requires_grad_() if _floats(t) else t for t in args]
        named = {key: t.detach().clone().requires_grad_() if _floats(t) else t for key, t in kwargs.items()}
        given = [t for t in (*leaves, *named.values()) if _floats(t)]
        return _first(
            module, lambda: module(*(_own(t) for t in leaves), **{k: _own(t) for k, t in named.items()}), given
        )


def _floats(item: Any) -> bool:
    return isinstance(item, torch.Tensor) and item.is_floating_point() and item.ndim >= 2


def _own(item: Any) -> Any:
    return item.clone() if _floats(item) else item  # what is computed may be written into


def _first(module: Any, call: Callable[[], Any], given: list[Any]) -> str | None:
    """Look for the first coupled input by halving: behind it, all are."""
    if not given:
        return None
    seen: list[tuple[str, torch.Tensor]] = []
    handles = []

    def noting(path: str) -> Callable[[Any, Any], None]:
        def note(_layer: Any, inputs: Any) -> None:
            seen.extend([(path, t) for t in inputs[:1] if _floats(t) and t.requires_grad and len(t) == len(given[0])])

        return note

    for path, inner in module.named_modules():
        if path:
            handles.append(inner.register_forward_pre_hook(noting(path)))  # last, so that it sees what others change
    try:
        call()
    finally:
        for handle in handles:
            handle.remove()
    if not seen or not _couples(seen[-1][1], given):
        return None
    low, high = 0, len(seen) - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if _couples(seen[middle][1], given) else (middle + 1, high)
    return seen[low][0]


def _couples(features: torch.Tensor, given: list[Any]) -> bool:
    for row in range(min(2, len(features))):
        pulled = torch.autograd.grad(features[row].sum(), given, retain_graph=True, allow_unused=True)
        for gradient in pulled:
            if gradient is not None:
                others = [i for i in range(len(gradient)) if i != row]
                if bool(torch.any(gradient[others] != 0)):
                    return True
    return False
