"""Finding the layer of a network at which samples meet: mixup inside a model, by a hook or in its forward pass."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from typing import Any

import torch

from symmix.testing.spy import COLUMNS, ROUNDINGS
from symmix.testing.state import Snapshot


def meeting_layer(
    module: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any], begin: Callable[[], None] = lambda: None
) -> str | None:
    """Name the first layer whose input rows depend on several samples; None if there is none.

    The network is run twice, the second time with other samples in one half of the batch: where samples have met, the
    other half is changed. It is run in the mode that it is in, with batch normalisation as in evaluation and without
    dropout, since samples meet in the statistics of a batch; what it changes is put back. `begin` brings generators to
    where they were before either run.

    >>> net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Linear(4, 2))
    >>> handle = net[1].register_forward_pre_hook(lambda _, inputs: (inputs[0] + inputs[0].flip(0),))
    >>> meeting_layer(net, (torch.randn(4, 3),), {})
    '1'
    """
    rows = max((len(t) for t in (*args, *kwargs.values()) if _has_rows(t)), default=0)
    with Snapshot(module).kept(), warnings.catch_warnings(), torch.enable_grad():
        warnings.simplefilter("ignore")
        runs = []
        for change in (_own, _other_half):
            begin()
            given = [change(t, rows) for t in args], {key: change(t, rows) for key, t in kwargs.items()}
            runs.append(_inputs(module, *given, rows))
    for (path, one), (same, other) in zip(*runs, strict=False):
        if path == same and one.shape == other.shape and _changed(one[rows // 2 :], other[rows // 2 :]):
            return str(path)
    return None


def _has_rows(item: Any) -> bool:
    return isinstance(item, torch.Tensor) and item.ndim >= 1


def _own(item: Any, _rows: int) -> Any:
    return item.detach().clone() if _has_rows(item) else item  # what is passed may be written into


def _other_half(item: Any, rows: int) -> Any:
    """Put samples of the second half into the first."""
    found = _own(item, rows)
    if _has_rows(item) and len(item) == rows:
        half = rows // 2
        found[:half] = item[half : 2 * half].detach()
    return found


def _inputs(module: Any, args: list[Any], kwargs: dict[str, Any], rows: int) -> list[tuple[str, torch.Tensor]]:
    """Return some of what each layer is given in a forward pass, in the order of calls."""
    seen: list[tuple[str, torch.Tensor]] = []
    handles = []

    def noting(path: str) -> Callable[[Any, Any], None]:
        def note(_layer: Any, inputs: Any) -> None:
            for tensor in inputs[:1]:
                if isinstance(tensor, torch.Tensor) and tensor.is_floating_point() and tensor.shape[:1] == (rows,):
                    flat = tensor.detach().reshape(rows, -1)
                    seen.append((path, flat[:, :: -(-flat.shape[1] // COLUMNS) or 1].clone()))

        return note

    for path, inner in module.named_modules():
        if isinstance(inner, (torch.nn.modules.batchnorm._BatchNorm, torch.nn.modules.dropout._DropoutNd)):
            inner.training = False
        if path:
            handles.append(inner.register_forward_pre_hook(noting(path)))  # last, so that it sees what others change
    try:
        module(*args, **kwargs)
    finally:
        for handle in handles:
            handle.remove()
    return seen


def _changed(one: torch.Tensor, other: torch.Tensor) -> bool:
    """Whether rows differ by more than another order of additions could make."""
    if one.numel() == 0:
        return False
    allowed = ROUNDINGS * float(torch.finfo(one.dtype).eps) * float(one.abs().max())
    return bool((one - other).abs().max() > allowed)
