"""PyTorch for the checks: tensors in and out, its generator, its backward pass, and modules with hooks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
import torch.overrides

from symmix.numeric.arrays import Array
from symmix.testing.frameworks import GLOBAL_STATES, Call, Cotangent, Forward, Framework, Selection
from symmix.testing.spy_torch_calls import one_thread

DIFFERENTIATED = ("z", "W", "b")
CONVERSIONS = frozenset({"float", "double", "half", "bfloat16", "to", "type", "type_as"})


def _tensor(array: Array) -> torch.Tensor:
    return torch.tensor(np.ascontiguousarray(array))


def _numpy(native: Any) -> Array:
    if not isinstance(native, torch.Tensor):
        return np.asarray(native)
    detached = native.detach().cpu()
    if detached.dtype == torch.bfloat16:  # NumPy has no such type; the values are the same
        detached = detached.to(torch.float32)
    found: Array = detached.numpy()
    return found


def _run(forward: Forward, features: Array, select: Selection, cotangent: Cotangent) -> Call:
    if features.dtype.kind != "f":
        given = _tensor(features)
        return Call(forward(given), _numpy(given), None, "integers have no gradient")
    leaf = torch.from_numpy(np.ascontiguousarray(features)).requires_grad_()
    given = leaf.clone()  # a function may write into this one, and gradients still arrive at the leaf
    try:
        returned = forward(given)
    except RuntimeError as error:
        if "requires grad" not in str(error) and "require grad" not in str(error):
            raise
        given = _tensor(features)
        return Call(
            forward(given), _numpy(given), None, f"the function refuses tensors that require a gradient: {error}"
        )
    mixed = select(returned)
    after = _numpy(given)
    if not mixed.requires_grad:
        return Call(returned, after, None, "")
    pulled = torch.autograd.grad(
        mixed, leaf, torch.from_numpy(cotangent(tuple(mixed.shape))).to(mixed.dtype), allow_unused=True
    )
    return Call(returned, after, None if pulled[0] is None else _numpy(pulled[0]), "")


class _Noting(torch.overrides.TorchFunctionMode):  # type: ignore[misc]  # torch is untyped here
    """Notes whether integers of one shape are converted to floating numbers."""

    def __init__(self, shape: torch.Size) -> None:
        super().__init__()
        self.shape, self.turned = shape, False

    def __torch_function__(self, function: Any, _types: Any, args: Any = (), kwargs: Any = None) -> Any:
        found = function(*args, **(kwargs or {}))
        if getattr(function, "__name__", "") in CONVERSIONS and isinstance(found, torch.Tensor):
            given = args[0] if args else None
            whole = isinstance(given, torch.Tensor) and given.shape == self.shape and not given.is_floating_point()
            self.turned |= whole and found.is_floating_point()
        return found


def _turns(call: Callable[[Any], Any], integers: torch.Tensor) -> bool:
    with _Noting(integers.shape) as noting:
        call(integers)
    return bool(noting.turned)


def with_gradients(step: Callable[..., Any]) -> Callable[..., Any]:
    """Turn a step that returns a loss into one that returns the loss and its gradients by z, W and b.

    A loss of several rows is summed before it is differentiated. A variable that the loss does not depend on, or
    that was cut off, gets a gradient of zero.
    """

    def differentiated(z: Any, y: Any, W: Any, b: Any, lam: Any, partner: Any) -> tuple[Any, dict[str, Any]]:
        leaves = {name: value.detach().clone().requires_grad_() for name, value in (("z", z), ("W", W), ("b", b))}
        own = {name: leaf.clone() for name, leaf in leaves.items()}
        loss = step(own["z"], y, own["W"], own["b"], lam, partner)
        if not isinstance(loss, torch.Tensor):
            return loss, {}
        if not loss.requires_grad:
            return loss, {name: torch.zeros_like(leaf) for name, leaf in leaves.items()}
        found = torch.autograd.grad(loss.sum(), list(leaves.values()), allow_unused=True)
        filled = [torch.zeros_like(v) if g is None else g for g, v in zip(found, leaves.values(), strict=True)]
        return loss, dict(zip(leaves, filled, strict=True))

    return differentiated


def differentiated(function: Callable[..., Any], arguments: list[Any], places: tuple[int, ...]) -> Any:
    """Call a function; if it returns one number, return its gradients by the arguments at some places."""
    wide = {
        p: a if isinstance(a := arguments[p], torch.Tensor) else torch.tensor(a, dtype=torch.float64) for p in places
    }
    leaves = {place: value.detach().clone().requires_grad_() for place, value in wide.items()}
    given = [leaves.get(place, argument) for place, argument in enumerate(arguments)]
    returned = function(*given)
    if not isinstance(returned, torch.Tensor) or returned.ndim or (len(places) == 1 and not leaves[places[0]].ndim):
        return returned
    if not returned.requires_grad:
        return [torch.zeros_like(leaf) for leaf in leaves.values()]
    found = torch.autograd.grad(returned, list(leaves.values()), allow_unused=True)
    return [torch.zeros_like(v) if g is None else g for g, v in zip(found, leaves.values(), strict=True)]


def hooks_of(layer: torch.nn.Module, labels: Callable[[Any], Any] | None = None) -> Callable[..., Any]:
    """Turn the hooks of a layer into a mixing function: the layer itself does nothing, its hooks are run.

    `labels`, if given, mixes the labels after the forward pass, with whatever ratio and pairing the hooks kept.

    >>> layer = torch.nn.Identity()
    >>> handle = layer.register_forward_pre_hook(lambda module, inputs: (inputs[0].flip(0),))
    >>> hooks_of(layer)(torch.tensor([[1.0], [2.0]]), None)
    tensor([[2.],
            [1.]])
    """

    def mix(x: Any, y: Any) -> Any:
        forward = layer.__dict__.get("forward")
        layer.__dict__["forward"] = lambda features: features
        try:
            mixed = layer(x)
        finally:
            if forward is None:
                del layer.__dict__["forward"]
            else:
                layer.__dict__["forward"] = forward
        return mixed if labels is None else (mixed, labels(y))

    return mix


FRAMEWORK = Framework(
    name="torch",
    literal="torch.tensor",
    dtype="float32",
    step_dtype="float64",
    array=_tensor,
    numpy=_numpy,
    run=_run,
    step_with_gradients=with_gradients,
    random_states=(*GLOBAL_STATES, (torch.manual_seed, torch.get_rng_state, torch.set_rng_state)),
    cast=lambda native, name: native.to(getattr(torch, name)),
    stack=torch.stack,
    generator=lambda seed: torch.Generator().manual_seed(seed),
    one_thread=one_thread,
    differentiate=differentiated,
    turns=_turns,
)
