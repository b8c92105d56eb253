"""What a check has to know about a library of arrays: in, out, random states, and the backward pass.

NumPy is here; `symmix.testing.torch` and `symmix.testing.jax` declare theirs, and are imported only when they are
asked for by name. No random number is replaced: global generators are seeded before a check, so that it can be
repeated, and left afterwards as they were found.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any, TypeAlias

import numpy as np

from symmix.errors import ImplementationError
from symmix.numeric.arrays import Array

Native: TypeAlias = Any
"""An array of whatever library the implementation uses."""


@dataclass(frozen=True)
class Call:
    """What one call of a mixing function did.

    Attributes
    ----------
    returned
        What it returned, in the library's own arrays.
    features_after
        The features that were passed in, as they are after the call.
    gradient
        The pullback of the cotangent to the features; None where nothing came back or nothing could.
    blind
        Why the backward pass could not be looked at; empty if it could.
    """

    returned: Any
    features_after: Array
    gradient: Array | None
    blind: str


Forward: TypeAlias = Callable[[Native], Any]
Selection: TypeAlias = Callable[[Any], Native]
Cotangent: TypeAlias = Callable[[tuple[int, ...]], Array]
Runner: TypeAlias = Callable[[Forward, Array, Selection, Cotangent], Call]


@dataclass(frozen=True)
class Framework:
    """A library of arrays.

    Attributes
    ----------
    name, literal
        Its name, and how one of its arrays is written in a reproducer.
    dtype, step_dtype
        The precision in which its mixing functions are usually called, and the widest one, for steps.
    array, numpy
        From NumPy and back.
    run
        Call a mixing function on features, with a backward pass where there is one.
    step_with_gradients
        Turn a step that returns a loss into one that returns loss and gradients; None without a backward pass.
    random_states
        Generators with global state, each as (seed, get, set).
    cast, stack
        Bring an array to a type by its name, and stack several.
    key, generator
        A source of random numbers made of a seed, for functions that take one; None where NumPy's is meant.
    one_thread
        A context in which the library computes by one thread: small arrays wait for threads longer than for results.
    differentiate
        Call a function with a list of arguments; if it returns one number, return its gradients by the arguments at
        some places instead. None without a backward pass.
    turns
        Whether a function turns integers, its argument, into floating numbers itself, by a conversion that it names.
    """

    name: str
    literal: str
    dtype: str
    step_dtype: str
    array: Callable[[Array], Native]
    numpy: Callable[[Native], Array]
    run: Runner
    step_with_gradients: Callable[[Callable[..., Any]], Callable[..., Any]] | None
    random_states: tuple[tuple[Callable[[int], Any], Callable[[], Any], Callable[[Any], Any]], ...]
    cast: Callable[[Native, str], Native] = lambda native, name: native.astype(name)
    stack: Callable[[list[Native]], Native] = np.stack
    key: Callable[[int], Any] | None = None
    generator: Callable[[int], Any] | None = None
    one_thread: Callable[[], AbstractContextManager[None]] = nullcontext
    differentiate: Callable[[Callable[..., Any], list[Any], tuple[int, ...]], Any] | None = None
    turns: Callable[[Callable[[Native], Any], Native], bool] = lambda _call, _integers: False

    def seed(self, seed: int) -> None:
        """Seed every generator with a global state."""
        for plant, _, _ in self.random_states:
            plant(seed)

    @contextmanager
    def random_states_kept(self) -> Iterator[None]:
        """Leave the global generators as they were found."""
        states = [get() for _, get, _ in self.random_states]
        try:
            yield
        finally:
            for (_, _, put), state in zip(self.random_states, states, strict=True):
                put(state)


def _to_numpy(native: Native) -> Array:
    if type(native).__module__.partition(".")[0] in {"torch", "jax", "jaxlib"}:
        library = type(native).__module__.partition(".")[0].removesuffix("lib")
        raise ImplementationError(
            "NumPy arrays, since the check runs with framework='numpy'",
            f"a {type(native).__module__}.{type(native).__name__}",
            f"pass framework={library!r}",
        )
    return np.asarray(native)


class _Noting(np.ndarray[Any, Any]):
    """Integers that note whether they are converted to floating numbers."""

    turned = False

    def astype(self, dtype: Any, *args: Any, **kwargs: Any) -> Any:
        """Convert, and note it."""
        _Noting.turned |= np.dtype(dtype).kind == "f"
        return np.asarray(self).astype(dtype, *args, **kwargs)


def _turns(call: Callable[[Native], Any], integers: Native) -> bool:
    _Noting.turned = False  # of the class, so that copies and slices note as well
    call(np.asarray(integers).view(_Noting))
    return _Noting.turned


def _run(forward: Forward, features: Array, select: Selection, cotangent: Cotangent) -> Call:
    del select, cotangent
    return Call(forward(features), features, None, "NumPy has no backward pass")


GLOBAL_STATES: tuple[tuple[Callable[[int], Any], Callable[[], Any], Callable[[Any], Any]], ...] = (
    (np.random.seed, np.random.get_state, np.random.set_state),
    (random.seed, random.getstate, random.setstate),
)

NUMPY = Framework(
    name="numpy",
    literal="np.array",
    dtype="float64",
    step_dtype="float64",
    array=np.array,
    numpy=_to_numpy,
    run=_run,
    step_with_gradients=None,
    random_states=GLOBAL_STATES,
    turns=_turns,
)

FRAMEWORKS: tuple[str, ...] = ("numpy", "torch", "jax")


def framework_named(name: str) -> Framework:
    """Look a framework up by name; torch and JAX are imported here and nowhere else.

    >>> framework_named("numpy").literal
    'np.array'
    """
    if name not in FRAMEWORKS:
        raise ImplementationError(f"a framework among {', '.join(FRAMEWORKS)}", repr(name), "name one of them")
    if name == "numpy":
        return NUMPY
    if find_spec(name) is None:
        raise ImplementationError(
            f"{name}, since framework={name!r}", "a Python without it", f"install {name} beside symmix"
        )
    found: Framework = import_module(f"symmix.testing.{name}").FRAMEWORK
    return found
