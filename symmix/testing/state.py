"""What a training step may change, kept and put back: parameters, buffers, optimisers, counters, random generators.

Libraries are recognised by what their objects can do, so that none of them is imported here. What is looked through is
what a step can reach: its arguments, the object whose method it is, what it closes over, and the globals that it names.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

MOST = 4000
"""How many objects are looked through; a trainer holds its whole data set somewhere."""
DEEP = 4
PLAIN = (str, bytes, int, float, complex, bool, type(None), type, ModuleType)

Undo = Callable[[], None]


def reachable(*roots: Any) -> list[Any]:
    """Return the objects that a step can reach from these, each once, the nearest first.

    >>> rng = np.random.default_rng(0)
    >>> any(found is rng for found in reachable(lambda: rng.random()))
    True
    """
    seen: dict[int, Any] = {}
    level = list(roots)
    for _ in range(DEEP):
        following: list[Any] = []
        for item in level:
            if id(item) in seen or isinstance(item, PLAIN) or len(seen) >= MOST:
                continue
            seen[id(item)] = item
            following += _inside(item)
        level = following
    return list(seen.values())


def _inside(item: Any) -> list[Any]:
    if isinstance(item, FunctionType):
        return _of_function(item)
    if isinstance(item, MethodType):
        return [item.__self__, item.__func__]
    if is_array(item) or is_module(item) or is_generator(item):
        return [value for value in getattr(item, "__dict__", {}).values() if is_generator(value) or is_optimiser(value)]
    if isinstance(item, (list, tuple, set, frozenset)):
        return list(item)[:64]
    if hasattr(item, "values") and hasattr(item, "keys"):
        return list(item.values())[:64]
    inner = [getattr(item, name, None) for name in ("__wrapped__", "func", "args", "keywords")]
    return [*inner, *vars(item).values()] if hasattr(item, "__dict__") else inner


def _of_function(function: FunctionType) -> list[Any]:
    names = {*function.__code__.co_names}
    for constant in function.__code__.co_consts:  # functions that are defined inside name globals as well
        names |= set(getattr(constant, "co_names", ()))
    found = [value for name, value in function.__globals__.items() if name in names]
    cells: list[Any] = []
    for cell in function.__closure__ or ():
        try:
            cells.append(cell.cell_contents)
        except ValueError:  # a name that is not bound yet
            continue
    return [*cells, *(function.__defaults__ or ()), *found, getattr(function, "__wrapped__", None)]


def is_array(item: Any) -> bool:
    """Tell arrays of any library by what they have; a tensor subclass with state of its own is one too."""
    return all(hasattr(item, name) for name in ("shape", "dtype", "ndim", "__getitem__")) and not isinstance(item, type)


def is_module(item: Any) -> bool:
    """Tell a network of torch, or of Keras on torch."""
    return not isinstance(item, type) and all(
        callable(getattr(item, name, None)) for name in ("named_parameters", "named_buffers", "modules", "train")
    )


def is_optimiser(item: Any) -> bool:
    """Tell an optimiser of torch."""
    return isinstance(getattr(item, "param_groups", None), list) and callable(getattr(item, "step", None))


def is_generator(item: Any) -> bool:
    """Tell a random generator with a state of its own."""
    torch_like = all(callable(getattr(item, n, None)) for n in ("get_state", "set_state", "manual_seed"))
    return isinstance(item, (np.random.Generator, np.random.RandomState, random.Random)) or (
        torch_like and not isinstance(item, (type, ModuleType))
    )


class Snapshot:
    """The state of everything that a step can reach.

    >>> rng = np.random.default_rng(0)
    >>> before = Snapshot(rng)
    >>> first = rng.random()
    >>> before.restore()
    >>> rng.random() == first
    True
    """

    def __init__(self, *roots: Any) -> None:
        found = reachable(*roots)
        self.modules = [item for item in found if is_module(item)]
        self.generators = [item for item in found if is_generator(item)]
        self._undo: list[Undo] = [undo for item in found for undo in _undo(item)]
        self._undo += [undo for get, put in (*_global_generators(),) for undo in [_put_back(get(), put)]]

    def restore(self) -> None:
        """Put everything back."""
        for undo in self._undo:
            undo()

    def seed(self, seed: int) -> None:
        """Seed the global generators, and those that the step holds."""
        random.seed(seed)
        np.random.seed(seed)
        torch = sys.modules.get("torch")
        if torch is not None:
            torch.manual_seed(seed)
        for generator in self.generators:
            _seed(generator, seed)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Put everything back afterwards, whatever happens."""
        try:
            yield
        finally:
            self.restore()


def _seed(generator: Any, seed: int) -> None:
    if isinstance(generator, np.random.Generator):
        kind = type(generator.bit_generator)
        generator.bit_generator.state = kind(seed).state
    elif hasattr(generator, "manual_seed"):
        generator.manual_seed(seed)
    else:
        generator.seed(seed)


def _put_back(state: Any, put: Callable[[Any], Any]) -> Undo:
    return lambda: put(state)


def _global_generators() -> Iterator[tuple[Callable[[], Any], Callable[[Any], Any]]]:
    yield random.getstate, random.setstate
    yield np.random.get_state, np.random.set_state
    torch = sys.modules.get("torch")
    if torch is not None:
        yield torch.get_rng_state, torch.set_rng_state
        if torch.cuda.is_available():
            yield torch.cuda.get_rng_state_all, torch.cuda.set_rng_state_all


def _undo(item: Any) -> Iterator[Undo]:
    """Yield what puts an object back; nothing for one without a state."""
    if is_generator(item):
        yield _of_generator(item)
    elif is_module(item):
        for module in item.modules():
            yield _of_attributes(module)
        for tensor in {id(t): t for _, t in (*item.named_parameters(), *item.named_buffers())}.values():
            yield _of_tensor(tensor)
    elif is_optimiser(item):
        yield _of_optimiser(item)
    elif is_array(item):
        yield from _of_array(item)
    elif isinstance(item, (dict, list)):
        yield _of_container(item)
    elif type(item).__module__ != "builtins" and not callable(getattr(item, "__get__", None)):
        yield _of_attributes(item)


def _of_array(item: Any) -> Iterator[Undo]:
    if hasattr(item, "detach") and hasattr(item, "copy_"):
        yield _of_tensor(item)
    elif isinstance(item, np.ndarray) and item.flags.writeable:
        yield _of_numpy(item)


def _of_generator(item: Any) -> Undo:
    if isinstance(item, np.random.Generator):
        bits, state = item.bit_generator, item.bit_generator.state
        return lambda: setattr(bits, "state", state)
    if isinstance(item, random.Random):
        return _put_back(item.getstate(), item.setstate)
    return _put_back(item.get_state(), item.set_state)


def _of_tensor(tensor: Any) -> Undo:
    values, gradient, wanted = tensor.detach().clone(), tensor.grad if tensor.is_leaf else None, tensor.requires_grad
    kept = None if gradient is None else gradient.detach().clone()
    marks, mark = [0, values.numel() // 2, values.numel() - 1] if values.numel() else [], _mark(tensor)

    def undo() -> None:
        nonlocal mark
        # writing through .data is not counted, hence the values in three places
        if _mark(tensor) != mark or any(_flat(tensor)[i].item() != _flat(values)[i].item() for i in marks):
            tensor.data.copy_(values)  # through .data: autograd has nothing to do with what a check puts back
            mark = _mark(tensor)
        if tensor.is_leaf:
            tensor.grad = gradient
            if gradient is not None:
                gradient.data.copy_(kept)
            if tensor.requires_grad != wanted:
                tensor.requires_grad_(wanted)

    return undo


def _mark(tensor: Any) -> tuple[int, int]:
    return int(tensor._version), int(tensor.data_ptr())  # how torch counts writing


def _flat(tensor: Any) -> Any:
    return tensor.detach().view(-1) if tensor.is_contiguous() else tensor.detach().reshape(-1)


def _of_numpy(array: Any) -> Undo:
    kept = array.copy()

    def undo() -> None:
        array[...] = kept

    return undo


def _of_optimiser(item: Any) -> Undo:
    state = {key: _cloned(value) for key, value in item.state.items()}
    groups = [dict(group) for group in item.param_groups]

    def undo() -> None:
        item.state.clear()
        item.state.update({key: _cloned(value) for key, value in state.items()})
        for group, kept in zip(item.param_groups, groups, strict=False):
            group.clear()
            group.update(kept)

    return undo


def _cloned(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _cloned(inner) for key, inner in value.items()}
    return value.detach().clone() if hasattr(value, "detach") and hasattr(value, "clone") else value


def _of_container(item: Any) -> Undo:
    kept = item.copy()

    def undo() -> None:
        item.clear()
        (item.update if isinstance(item, dict) else item.extend)(kept)

    return undo


def _of_attributes(item: Any) -> Undo:
    """Keep attributes, and lists and dictionaries among them, one level deep: counters, flags, histories."""
    names = getattr(item, "__dict__", None)
    if not isinstance(names, dict):
        return lambda: None
    kept = dict(names)
    inner = [_of_container(value) for value in _containers(kept)]

    def undo() -> None:
        for name in [name for name in names if name not in kept]:
            del names[name]
        names.update(kept)
        for put in inner:
            put()

    return undo


def _containers(kept: dict[str, Any]) -> Iterable[Any]:
    return (value for value in kept.values() if type(value) in {dict, list})
