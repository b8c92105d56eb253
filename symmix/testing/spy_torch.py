"""A spy in the place of torch networks: the calls of a step are noted, and answered without computing.

Every module with parameters that is called is answered for, the outermost first, with the shape that it really has.
Executed as they are: modules without parameters, criteria, modules that are given labels (they mix or compute a loss
inside, and the networks within them are answered for), and those around a layer that is named. Hooks of modules run.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch

from symmix.numeric.arrays import Array
from symmix.testing.spy import Seen, Site
from symmix.testing.spy_torch_answers import Answers, Template, kind_of
from symmix.testing.spy_torch_calls import intercepted, optimisers_noted
from symmix.testing.state import Snapshot

WHOLE, SOME = 200_000, 16_384
"""Features of which all are noted: images of 224 x 224; and how many are of those that networks computed."""
LABELS = frozenset({"labels", "label", "targets", "target", "y"})


@dataclass
class _Output:
    """An answer: leaves with the values of the spy's choice, at the places of the real tensors."""

    leaves: list[torch.Tensor]
    module: int
    first: int
    """The number of its first leaf, or of that of an earlier call with the same features, whose answers it repeats."""
    site: Site


@dataclass
class TorchSpy:
    """Calls a step with its networks answered for.

    Attributes
    ----------
    open_modules
        Modules that are executed because a layer inside them is named.
    samples
        How many rows a batch has.
    looks, columns
        Whether gradients between sites are followed, and how many features are noted; None: all.
    unsure
        Whether something had either of two axes for that of samples.
    tied
        Whether answers depend on parameters, by a factor of zero, for steps that ask for their gradients.
    """

    snapshot: Snapshot
    open_modules: frozenset[int]
    samples: int
    looks: bool = True
    columns: int | None = None
    tied: bool = False
    unsure: bool = False
    templates: dict[Any, Any] = field(default_factory=dict)
    bases: dict[Any, Array] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    calls: int = 0
    last: list[Any] = field(default_factory=list)
    """The networks of the last call, each with its arguments."""

    def call(self, step: Callable[..., Any], arguments: tuple[Any, ...], labels: Any, outputs: Answers) -> Seen:
        """Call the step; `labels` are those among the arguments, `outputs` what networks answer."""
        self.calls += 1
        resting = {id(m) for root in self.snapshot.modules for m in root.modules() if not m.training}
        run = _Run(self, labels, outputs, resting)
        self.last.clear()
        with ExitStack() as stack:
            stack.enter_context(warnings.catch_warnings())
            warnings.simplefilter("ignore")
            stack.enter_context(intercepted(run))
            stack.enter_context(optimisers_noted(run))
            stack.enter_context(torch.enable_grad())
            returned = step(*arguments)
            run.differentiate(returned)
        return Seen(tuple(run.sites()), tuple(run.events), numeric=isinstance(returned, (int, float)))

    def named(self, module: Any) -> str:
        """Name a module by its class and, if it lies in another, its path."""
        if not self.names:
            for root in self.snapshot.modules:
                for path, inner in root.named_modules():
                    self.names.setdefault(id(inner), path)
        path = self.names.get(id(module), "")
        return f"{type(module).__name__} {path}".strip()


class _Run:
    def __init__(self, spy: TorchSpy, labels: Any, outputs: Answers, resting: set[int]) -> None:
        self.spy, self.labels, self.answers, self.resting = spy, labels, outputs, resting
        self.outputs: list[_Output] = []
        self.events: list[str] = []
        self.inside = False
        self.gradients: dict[int, torch.Tensor] = {}

    def is_open(self, module: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> bool:
        """Whether a module is executed as it is."""
        if id(module) in self.spy.open_modules or isinstance(module, torch.nn.modules.loss._Loss):
            return True
        if next(iter(module.parameters()), None) is None or not _tensors((args, kwargs)):
            return True
        if any(name in LABELS and value is not None for name, value in kwargs.items()):
            return True
        given = [tensor for tensor in _tensors((args[1:], kwargs)) if self._is_label(tensor)]
        return bool(given)

    def _is_label(self, tensor: torch.Tensor) -> bool:
        labels = self.labels
        return isinstance(labels, torch.Tensor) and tensor.shape == labels.shape and tensor.dtype == labels.dtype

    def answer(self, module: Any, real: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        """Answer for a module; what it was given is noted."""
        template = self._template(module, real, args, kwargs)
        if template is None:
            return real(*args, **kwargs)
        given = [self._rows_first(tensor) for tensor in _tensors((args, kwargs)) if tensor.ndim >= 1]
        rows = given[0].shape[0]
        used = [t for t in given if t.shape[0] == rows and t.is_floating_point()] or given[:1]
        features = torch.cat([self._noted(t, rows) for t in used], dim=1).double().cpu().numpy()
        trainable = [p for p in module.parameters() if p.requires_grad]
        tie = sum((p.reshape(-1)[0] * 0 for p in trainable), torch.zeros(())) if self.spy.tied else None
        leaves: list[torch.Tensor] = []
        twin = self._twin(id(module), features)
        first = self._count() if twin is None else self.outputs[twin].first
        answered = _mapped(template, lambda tensor: self._leaf(tensor, leaves, tie, first + len(leaves)))
        eps = max((_eps(t.dtype) for t in used), default=2.0**-52)
        site = Site(
            self.spy.named(module),
            features,
            eps,
            gradient_eps=max(_eps(leaf.dtype) for leaf in leaves),
            trainable=bool(trainable),
            enabled=torch.is_grad_enabled(),
            whole=sum(t[0].numel() for t in used) == features.shape[1],
            twin=twin,
            training=module.training,
            rested=id(module) in self.resting,
        )
        site = replace(site, **self._reach(used)) if self.spy.looks else site
        self.outputs.append(_Output(leaves, id(module), first, site))
        self.events.append("forward")
        self.spy.last.append((module, args, dict(kwargs)))
        return answered

    def _noted(self, tensor: torch.Tensor, rows: int) -> torch.Tensor:
        flat = _some(tensor.detach().reshape(rows, -1), SOME if tensor.requires_grad else WHOLE)
        return (flat if self.spy.columns is None else _some(flat, self.spy.columns)).clone()

    def _rows_first(self, tensor: torch.Tensor) -> torch.Tensor:
        """Bring the axis of samples to the front; it is the second one in sequences of torch."""
        samples = self.spy.samples
        if tensor.ndim < 2 or tensor.shape[1] != samples:
            return tensor
        self.spy.unsure |= tensor.shape[0] % samples == 0
        return tensor.movedim(1, 0) if tensor.shape[0] % samples else tensor

    def _template(self, module: Any, real: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        """Return what the module really gives for arguments of this shape; None if that is no batch of numbers."""
        key = (id(module), tuple((tuple(t.shape), t.dtype) for t in _tensors((args, kwargs))), tuple(kwargs))
        if key not in self.spy.templates:
            state, self.inside = torch.get_rng_state(), True
            kept = Snapshot(module)
            try:
                with torch.no_grad():
                    found = real(*args, **kwargs)
            finally:
                self.inside = False
                kept.restore()
                torch.set_rng_state(state)
            self.spy.templates[key] = _mapped(found, lambda tensor: tensor.detach()) if self._is_batch(found) else None
        return self.spy.templates[key]

    def _is_batch(self, found: Any) -> bool:
        """Whether an output consists of numbers with one row a sample and nothing else."""
        tensors = [self._rows_first(tensor) for tensor in _tensors(found)]
        rows = {tuple(t.shape[:1]) for t in tensors}
        if not tensors or len(rows) != 1 or not all(t.ndim >= 1 and t.is_floating_point() for t in tensors):
            return False
        inner = found if isinstance(found, (tuple, list)) else ()
        return all(isinstance(i, (torch.Tensor, tuple, list, type(None))) or hasattr(i, "keys") for i in inner)

    def _count(self) -> int:
        return sum(len(output.leaves) for output in self.outputs)

    def _twin(self, module: int, features: Array) -> int | None:
        """Find an earlier call with the same features: a network gives the same again."""
        for number, output in enumerate(self.outputs):
            if output.module == module and np.array_equal(output.site.features, features):
                return number
        return None

    def _leaf(
        self, real: torch.Tensor, leaves: list[torch.Tensor], tie: torch.Tensor | None, answer: int
    ) -> torch.Tensor:
        dtype = torch.float32 if _eps(real.dtype) > 2.0**-20 else real.dtype  # half precision hides weights
        number = self._count() + len(leaves)
        ordered = self._rows_first(real)
        key = id(real)
        if key not in self.spy.templates:
            self.spy.templates[key] = Template(
                tuple(ordered.shape), kind_of(ordered), str(dtype).removeprefix("torch.")
            )
        numbers = self.answers.values(self.spy.templates[key], answer, self.spy.bases)
        # the step gets a clone of it, so that it may share the numbers that are known
        leaf = torch.from_numpy(np.ascontiguousarray(numbers)).to(real.device, dtype).requires_grad_()
        leaf.register_hook(lambda gradient, at=number: self._arrived(at, gradient))
        leaves.append(leaf)
        given = leaf.clone() if ordered is real else leaf.movedim(0, 1).contiguous()
        return given if tie is None else given + tie.to(leaf)

    def _arrived(self, number: int, gradient: torch.Tensor) -> None:
        self.events.append("backward")
        before = self.gradients.get(number)
        self.gradients[number] = gradient.detach().clone() if before is None else before + gradient.detach()

    def _reach(self, used: list[torch.Tensor]) -> dict[str, Any]:
        """See which rows of which earlier answers a gradient reaches from each row of these features."""
        earlier = [(number, leaf) for number, output in enumerate(self.outputs) for leaf in output.leaves]
        attached = [tensor for tensor in used if tensor.requires_grad]
        if not earlier or not attached or not torch.is_grad_enabled():
            return {}
        rows = used[0].shape[0]
        flat = torch.cat([_some(tensor.reshape(rows, -1), SOME).double() for tensor in attached], dim=1)
        direction = torch.from_numpy(np.random.default_rng(0).uniform(0.5, 1.0, flat.shape[1]))
        events, gradients = list(self.events), dict(self.gradients)
        found: dict[int, Array] = {}
        for row in range(rows):
            pulled = torch.autograd.grad(
                flat[row] @ direction, [leaf for _, leaf in earlier], retain_graph=True, allow_unused=True
            )
            for (number, leaf), gradient in zip(earlier, pulled, strict=True):
                if gradient is not None:
                    hit = gradient.reshape(len(leaf), -1).abs().amax(dim=1).numpy() > 0
                    found.setdefault(number, np.zeros((rows, len(leaf)), bool))[row] |= hit
        self.events, self.gradients = events, gradients
        return {"sources": tuple(found), "reach": tuple(found.values())}

    def differentiate(self, returned: Any) -> None:
        """Ask for gradients unless the step has gone backward itself."""
        if self.gradients:
            return
        for value in _tensors(_losses(returned)):
            if value.requires_grad and value.numel():
                value.sum().backward()
                return

    def sites(self) -> list[Site]:
        """Return what was seen, with the gradients that arrived, those of twins at the first of them."""
        number, found = 0, list[Site]()
        for output in self.outputs:
            arrived = [self.gradients.get(number + place) for place in range(len(output.leaves))]
            number += len(output.leaves)
            flat = _flat(output.leaves, arrived)
            found.append(replace(output.site, gradient=flat if flat is not None and np.any(flat) else None))
            twin = output.site.twin
            if twin is not None and found[-1].gradient is not None:
                before = found[twin].gradient
                found[twin] = replace(found[twin], gradient=flat if before is None else before + flat)
                found[-1] = replace(found[-1], gradient=None)
        return found


def _flat(leaves: list[torch.Tensor], gradients: list[torch.Tensor | None]) -> Array | None:
    """Return the gradients by the parts of an answer as rows, zero where none arrived; None if none did at all."""
    if all(gradient is None for gradient in gradients):
        return None
    rows, pairs = len(leaves[0]), zip(leaves, gradients, strict=True)
    parts = [torch.zeros_like(leaf) if gradient is None else gradient for leaf, gradient in pairs]
    return np.asarray(torch.cat([part.reshape(rows, -1).double().cpu() for part in parts], dim=1).numpy())


def _some(flat: torch.Tensor, most: int) -> torch.Tensor:
    """Take features at equal distances: some of some are some of all."""
    return flat if flat.shape[1] <= most else flat[:, :: -(-flat.shape[1] // most)]


def _losses(returned: Any) -> Any:
    if hasattr(returned, "keys"):
        return returned["loss"] if "loss" in returned else list(returned.values())
    return returned


def _eps(dtype: torch.dtype) -> float:
    return float(torch.finfo(dtype).eps) if dtype.is_floating_point else 2.0**-52


def _tensors(item: Any) -> list[torch.Tensor]:
    if isinstance(item, torch.Tensor):
        return [item]
    if isinstance(item, (tuple, list)):
        return [tensor for inner in item for tensor in _tensors(inner)]
    if hasattr(item, "values") and hasattr(item, "keys"):
        return [tensor for inner in item.values() for tensor in _tensors(inner)]
    return []


def _mapped(item: Any, change: Callable[[torch.Tensor], torch.Tensor]) -> Any:
    """Copy a structure of tensors with each of them changed."""
    if isinstance(item, torch.Tensor):
        return change(item)
    if isinstance(item, tuple) and hasattr(item, "_fields"):
        return type(item)(*(_mapped(inner, change) for inner in item))
    if isinstance(item, (tuple, list)):
        return type(item)(_mapped(inner, change) for inner in item)
    if hasattr(item, "items") and hasattr(item, "keys"):
        return type(item)(**{key: _mapped(value, change) for key, value in item.items()})
    return item
