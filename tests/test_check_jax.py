"""The checks on JAX: the backward pass of mixing, and the gradients of steps."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from symmix.testing import assert_mixing, assert_mixup_step, probe_mixing

jax = pytest.importorskip("jax", reason="jax is not installed: the checks of JAX functions are skipped")
jnp = jax.numpy
keys = (jax.random.key(number) for number in count())


def mix(x: Any, y: Any) -> Any:
    first, second = jax.random.split(next(keys))
    lam, partner = jax.random.beta(first, 0.5, 0.5), jax.random.permutation(second, len(x))
    return lam * x + (1 - lam) * x[partner], lam * y + (1 - lam) * y[partner]


def cut(x: Any, y: Any) -> Any:
    mixed, rows = mix(x, y)
    return jax.lax.stop_gradient(mixed), rows


def test_a_function_that_draws_from_keys_passes() -> None:
    report = assert_mixing(mix, framework="jax", draws=30)
    assert report.backward == "the transpose: gradients reach both partners"
    assert report.ratio.kind in {"Beta", "uniform"}
    assert not report.repeatable


def test_a_stopped_gradient_is_named() -> None:
    report = probe_mixing(cut, framework="jax", draws=5)
    assert report.findings[0].name == "the gradient is cut", str(report)


def step(z: Any, y: Any, W: Any, b: Any, lam: Any, partner: Any) -> Any:
    lam = jnp.reshape(jnp.asarray(lam), (-1, 1))
    r = lam * y + (1 - lam) * y[partner] - (lam * z + (1 - lam) * z[partner]) @ W.T - b
    return jnp.mean(jnp.sum(r * r, axis=1)) / 2


def test_a_correct_step_passes_with_the_gradients_of_jax() -> None:
    report = assert_mixup_step(step, framework="jax", rounds=1)
    assert report.gradients == ("z", "W", "b")
    assert report.stated == "squared loss with 1/2, labels mixed, mean over N, lam weighs the own sample"


def with_key(key: Any, x: Any, y: Any) -> Any:
    first, second = jax.random.split(key)
    lam, partner = jax.random.uniform(first, (len(x), 1)), jax.random.permutation(second, len(x))
    return lam * x + (1 - lam) * x[partner], lam * y + (1 - lam) * y[partner]


def key_last(x: Any, y: Any, key: Any) -> Any:
    return with_key(key, x, y)


def key_kept(key: Any, x: Any, y: Any) -> Any:
    return with_key(jax.random.key(0), x, y) if key is not None else None


@pytest.mark.parametrize("function", [with_key, key_last, jax.jit(with_key)])
def test_a_function_that_takes_a_key_is_given_one_a_draw(function: Any) -> None:
    report = assert_mixing(function, framework="jax", draws=30, expect={"per": "sample", "ratio": "uniform"})
    assert report.backward == "the transpose: gradients reach both partners"


def test_a_key_that_is_not_used_makes_every_draw_the_same() -> None:
    report = probe_mixing(key_kept, framework="jax", draws=30)
    assert [found.name for found in report.findings] == ["every draw is the same"], str(report)
