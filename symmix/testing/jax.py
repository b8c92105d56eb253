"""JAX for the checks: arrays in and out, and its backward pass; its random keys are the caller's, so none is global."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from symmix.numeric.arrays import Array
from symmix.testing.frameworks import GLOBAL_STATES, Call, Cotangent, Forward, Framework, Selection


def _run(forward: Forward, features: Array, select: Selection, cotangent: Cotangent) -> Call:
    given = jnp.asarray(features)

    def mixed(x: Any) -> tuple[Any, Any]:
        returned = forward(x)
        return select(returned), returned

    try:
        value, pull, returned = jax.vjp(mixed, given, has_aux=True)
    except (TypeError, jax.errors.JAXTypeError) as error:
        plain = forward(given)
        return Call(plain, np.asarray(given), None, f"the function cannot be traced: {type(error).__name__}")
    pulled = pull(jnp.asarray(cotangent(tuple(value.shape)), value.dtype))[0]
    return Call(returned, np.asarray(given), np.asarray(pulled), "")


def with_gradients(step: Callable[..., Any]) -> Callable[..., Any]:
    """Turn a step that returns a loss into one that returns the loss and its gradients by z, W and b.

    A loss of several rows is summed before it is differentiated.
    """

    def differentiated(z: Any, y: Any, W: Any, b: Any, lam: Any, partner: Any) -> tuple[Any, dict[str, Any]]:
        def total(z: Any, W: Any, b: Any) -> tuple[Any, Any]:
            loss = step(z, y, W, b, lam, partner)
            return jnp.sum(loss), loss

        gradients, loss = jax.grad(total, argnums=(0, 1, 2), has_aux=True)(z, W, b)
        return loss, dict(zip(("z", "W", "b"), gradients, strict=True))

    return differentiated


def differentiated(function: Callable[..., Any], arguments: list[Any], places: tuple[int, ...]) -> Any:
    """Call a function; if it returns one number, return its gradients by the arguments at some places."""
    returned = function(*arguments)
    if (
        isinstance(returned, tuple | list | dict)
        or jnp.ndim(returned)
        or len(places) == 1 == jnp.size(arguments[places[0]])
    ):
        return returned
    return jax.grad(function, argnums=places)(*arguments)


FRAMEWORK = Framework(
    name="jax",
    literal="jnp.array",
    dtype="float32",
    step_dtype="float64" if jax.config.jax_enable_x64 else "float32",
    array=jnp.asarray,
    numpy=np.asarray,
    run=_run,
    step_with_gradients=with_gradients,
    random_states=GLOBAL_STATES,
    stack=jnp.stack,
    key=jax.random.key,
    differentiate=differentiated,
)
