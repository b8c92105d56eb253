"""The relations with JAX's own derivatives, and a key for each draw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from symmix.numeric.arrays import Array
from symmix.testing.relations import EXACT, Slopes, loss_of
from symmix.testing.state import Snapshot
from symmix.testing.train_step_arguments import Arguments


class JaxSlopes(Slopes):
    """Derivatives by s that JAX computes; a step that it cannot trace is differentiated by differences."""

    error = EXACT

    def __init__(self, step: Callable[..., Any], arguments: Arguments, snapshot: Snapshot) -> None:
        super().__init__(step, arguments, snapshot)
        self.compiled: dict[str, Callable[..., Any]] = {}
        self.compiles = True

    def keys(self, seed: int) -> Any:
        """Return a key of the kind that the step is passed."""
        if not self.arguments.keys:
            return None
        given: Any = self.arguments.given
        for step in self.arguments.keys[0]:
            given = given[step]
        return jax.random.key(seed) if jnp.issubdtype(given.dtype, jax.dtypes.prng_key) else jax.random.PRNGKey(seed)

    def native(self, moved: Array) -> Any:
        """Return features in JAX's arrays, in the type that was passed."""
        return jnp.asarray(moved, self.arguments.x.dtype)

    def _along(self, s: Any, way: Any, labels: Any, key: Any) -> Any:
        origin = jnp.asarray(self.origin, self.arguments.x.dtype)
        moved = origin + s.reshape(-1, *[1] * origin.ndim) * way
        given = self.arguments.call(np.zeros(len(s), int), labels, key, x=moved)
        return jnp.sum(loss_of(self.step(*given)))

    def _derivative(self, kind: Callable[..., Any], bits: Array, direction: int, seed: int) -> Array:
        self.snapshot.restore()
        self.snapshot.seed(seed)
        self.calls += 1
        zero, labels = jnp.zeros(len(bits), self.arguments.x.dtype), self.arguments.labelled(bits)
        way, name = jnp.asarray(self.ways[direction], zero.dtype), kind.__name__
        if name not in self.compiled:
            plain = kind(self._along)
            # with a key as an argument, one compilation serves all draws; without, each draw has to be traced
            self.compiled[name] = jax.jit(plain) if self.arguments.keys and self.compiles else plain
        try:
            found = self.compiled[name](zero, way, labels, self.keys(seed))
        except (TypeError, jax.errors.JAXTypeError):
            if not self.compiles:
                raise
            self.compiles = False
            self.compiled.clear()
            return self._derivative(kind, bits, direction, seed)
        return np.asarray(found, dtype=np.float64)

    def first(self, bits: Array, direction: int, seed: int) -> Array:
        """Return dF/ds at 0."""
        return self._derivative(jax.grad, bits, direction, seed)

    def second(self, bits: Array, direction: int, seed: int) -> Array:
        """Return the matrix of second derivatives by s at 0."""
        return self._derivative(jax.hessian, bits, direction, seed)
