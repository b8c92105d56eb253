"""The arguments of a training step: which of them are features and labels, and the same call with others.

A call is a tuple of arguments as the engineer passes them: tensors, or tuples, lists and dictionaries with tensors in
them. Whatever has as many rows as the features and lies in the same container goes with them (an attention mask).
"""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, TypeAlias

import numpy as np

from symmix.errors import ImplementationError
from symmix.numeric.arrays import Array
from symmix.testing.state import is_array

FEATURES = frozenset(
    {
        "x",
        "xs",
        "xb",
        "x_batch",
        "batch_x",
        "input",
        "inputs",
        "image",
        "images",
        "img",
        "imgs",
        "pixel_values",
        "features",
        "feature",
        "data",
        "input_ids",
        "inputs_embeds",
        "input_values",
        "input_features",
        "waveform",
        "audio",
        "tokens",
        "ids",
        "src",
        "samples",
    }
)
LABELS = frozenset(
    {
        "y",
        "ys",
        "yb",
        "y_batch",
        "batch_y",
        "label",
        "labels",
        "target",
        "targets",
        "y_true",
        "truth",
        "classes",
        "tgt",
        "gt",
    }
)
KEYS = frozenset({"key", "rng", "rngs", "prng", "prng_key", "rng_key", "random_key"})
OTHERS = frozenset(
    {"params", "parameters", "weights", "variables", "state", "opt_state", "optimizer_state", "w", "b", "theta"}
)
LEAST, MOST = 4, 6
"""Samples in a call: four show a permutation and its inverse apart; more than six show nothing new."""
REMEDY = 'name them: features="x", labels="y", by the name of the argument or the key in the batch'

Path: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True)
class Arguments:
    """A call, taken apart.

    Attributes
    ----------
    given
        The arguments as they were passed.
    features, labels, along, keys
        Where features and labels are, what else has a row a sample, and keys of JAX.
    samples
        How many samples a call of the check has.
    low, high
        Two samples whose labels differ: those of the check are copies of these.
    axis
        Of features, where samples lie: 1 for sequences first, (T, N, ...).
    """

    given: tuple[Any, ...]
    features: Path
    labels: Path
    along: tuple[Path, ...]
    keys: tuple[Path, ...]
    samples: int
    low: int
    high: int
    axis: int = 0

    @property
    def both(self) -> bool:
        """Whether either of the first two axes of features can be that of samples."""
        return self.x.ndim > 1 and bool(self.x.shape[0] == self.x.shape[1])

    @property
    def x(self) -> Any:
        """The features that were passed."""
        return _at(self.given, self.features)

    @property
    def y(self) -> Any:
        """The labels that were passed."""
        return _at(self.given, self.labels)

    def call(self, rows: Sequence[int] | Array, labels: Any, keys: Any = None, x: Any = None) -> tuple[Any, ...]:
        """Return fresh arguments with these rows of the features, and these labels; `x` has samples first."""
        index = np.asarray(rows)
        changed = {path: _taken(_at(self.given, path), index, self.axis) for path in self.along}
        changed[self.features] = _taken(self.x, index, self.axis) if x is None else _put(x, self.axis)
        changed[self.labels] = labels
        changed.update({} if keys is None else dict.fromkeys(self.keys, keys))
        rebuilt: tuple[Any, ...] = _rebuilt(self.given, (), changed)
        return rebuilt

    def labelled(self, bits: Array) -> Any:
        """Return labels: the high one where a bit is set, the low one elsewhere."""
        return self.y[np.where(np.asarray(bits) > 0.5, self.high, self.low)]

    @property
    def soft(self) -> bool:
        """Whether labels are numbers that can be mixed."""
        return "float" in str(self.y.dtype)

    def between(self, share: float) -> Any:
        """Return equal labels, this share of the way from low to high; the id below, for ids."""
        index = np.zeros(self.samples, int)
        low, high = self.y[index + self.low], self.y[index + self.high]
        if self.soft:
            return low + share * (high - low)
        floor = share * (high - low) // 1
        return low + (floor.to(low.dtype) if hasattr(floor, "to") else floor.astype(low.dtype))


def read_arguments(
    train_step: Callable[..., Any], given: tuple[Any, ...], features: str | None, labels: str | None
) -> Arguments:
    """Find features and labels among the arguments of a call.

    >>> def step(weights, x, y): ...
    >>> found = read_arguments(step, (np.eye(2), np.eye(4), np.arange(4)), None, None)
    >>> found.features, found.labels
    ((1,), (2,))
    """
    names = _names(train_step, len(given))
    arrays = [(path, name, value) for path, name, value in _leaves(given, names) if value.ndim >= 1]
    x = _wanted(arrays, features, "features") or _named(arrays, FEATURES)
    y = _wanted(arrays, labels, "labels") or _named(arrays, LABELS)
    if x is None or y is None:
        x, y = _by_position(arrays, x, y)
    values = {path: value for path, _, value in arrays}
    rows = int(values[y].shape[0])
    axis = next((at for at, size in enumerate(values[x].shape[:2]) if size == rows), None)
    if rows < LEAST or axis is None:
        raise ImplementationError(
            f"a batch of at least {LEAST} samples, features and labels of equal length",
            f"features {tuple(values[x].shape)} and labels {tuple(values[y].shape)}",
            "pass a batch as the training loop has it, of 4 samples or more",
        )
    near = [p for p in values if len(p) > 1 and p[:-1] == x[:-1] and p not in {x, y}]
    along = tuple(p for p in near if rows in values[p].shape[: axis + 1])
    keys = tuple(path for path, name, value in _leaves(given, names) if _is_key(name, value))
    low, high = _two_labels(values[y])
    return Arguments(given, x, y, along, keys, min(rows - rows % 2, MOST), low, high, axis)


def _put(x: Any, axis: int) -> Any:
    return x.swapaxes(0, 1) if axis else x


def _taken(value: Any, index: Array, axis: int) -> Any:
    """Take samples; of what has no second axis, such as lengths beside sequences, along the first."""
    return value[:, index] if axis and value.ndim > 1 else value[index]


def _names(train_step: Callable[..., Any], count: int) -> list[str]:
    try:
        names = list(inspect.signature(train_step).parameters)
    except (TypeError, ValueError):
        names = []
    return (names + [""] * count)[:count]


def _leaves(given: tuple[Any, ...], names: list[str]) -> Iterator[tuple[Path, str, Any]]:
    for number, (item, name) in enumerate(zip(given, names, strict=True)):
        if name.lower() not in OTHERS:
            yield from _inside((number,), name, item)


def _inside(path: Path, name: str, item: Any) -> Iterator[tuple[Path, str, Any]]:
    if is_array(item):
        yield path, name, item
    elif hasattr(item, "items") and hasattr(item, "keys"):
        for key in list(item.keys()):
            yield from _inside((*path, key), str(key), item[key])
    elif isinstance(item, (tuple, list)):
        for number, inner in enumerate(item):
            yield from _inside((*path, number), "", inner)


Found: TypeAlias = list[tuple[Path, str, Any]]


def _wanted(arrays: Found, name: str | None, what: str) -> Path | None:
    if name is None:
        return None
    for path, found, _ in arrays:
        if found == name:
            return path
    raise ImplementationError(
        f"an argument or a key {name!r} that holds the {what}",
        f"arrays named {', '.join(repr(found) for _, found, _ in arrays) or 'nothing'}",
        "name one of them",
    )


def _named(arrays: Found, names: frozenset[str]) -> Path | None:
    return next((path for path, name, _ in arrays if name.lower() in names), None)


def _is_key(name: str, value: Any) -> bool:
    return str(value.dtype).startswith("key<") or (name.lower() in KEYS and str(value.dtype) == "uint32")


def _by_position(arrays: Found, x: Path | None, y: Path | None) -> tuple[Path, Path]:
    """Take the last two arrays of one length: parameters come first, and labels after features."""
    candidates = [(path, value) for path, name, value in arrays if not _is_key(name, value)]
    for axes, number in product((1, 2), range(len(candidates) - 1, 0, -1)):
        (first, a), (second, b) = candidates[number - 1], candidates[number]
        if b.shape[0] in a.shape[:axes] and (x in {None, first}) and (y in {None, second}):
            return first, second
    shapes = ", ".join(str(tuple(value.shape)) for _, value in candidates) or "none"
    raise ImplementationError("features and labels of one length among the arguments", f"arrays {shapes}", REMEDY)


def _two_labels(labels: Any) -> tuple[int, int]:
    """Choose two samples with different labels; class ids two apart, so that their average names a third class."""
    values = np.asarray(labels.detach().cpu().double() if hasattr(labels, "detach") else labels, dtype=np.float64)
    rows = values.reshape(len(values), -1)
    apart = np.asarray(np.abs(rows[:, None] - rows[None]).max(axis=2))
    if not np.any(apart > 0):
        raise ImplementationError("labels of two kinds at least", "a batch with one label", "pass a batch with two")
    if bool(np.all(rows == np.rint(rows))):
        ignored = np.asarray((rows < 0).any(axis=1))  # an id below zero usually marks what has no loss
        kept = np.asarray(np.where(ignored[:, None] | ignored[None], 0, apart))
        apart = kept if np.any(kept > 0) else apart
    far = np.argwhere(apart >= 2) if np.any(apart >= 2) else np.argwhere(apart > 0)
    low, high = (int(i) for i in far[0])
    return low, high


def _at(given: Any, path: Path) -> Any:
    for step in path:
        given = given[step]
    return given


def _rebuilt(item: Any, path: Path, changed: Mapping[Path, Any]) -> Any:
    """Copy containers, arrays as far as they are in `changed`, and keep everything else as it is."""
    if path in changed:
        return changed[path]
    if isinstance(item, tuple) and not hasattr(item, "_fields"):
        return tuple(_rebuilt(inner, (*path, number), changed) for number, inner in enumerate(item))
    if isinstance(item, tuple):
        return type(item)(*(_rebuilt(inner, (*path, number), changed) for number, inner in enumerate(item)))
    if isinstance(item, list):
        return [_rebuilt(inner, (*path, number), changed) for number, inner in enumerate(item)]
    if hasattr(item, "items") and hasattr(item, "keys") and not is_array(item):
        twin = copy.copy(item)
        for key in list(item.keys()):
            if any(other[: len(path) + 1] == (*path, key) for other in changed):
                twin[key] = _rebuilt(item[key], (*path, key), changed)
        return twin
    return item.copy() if isinstance(item, np.ndarray) else item
