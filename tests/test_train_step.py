"""Training steps on NumPy and JAX, by relations that hold for every network and loss; and their arguments."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pytest

from symmix.errors import ImplementationError
from symmix.testing.spy import read_mixture, read_weights
from symmix.testing.state import Snapshot
from symmix.testing.train_step import check_train_step
from symmix.testing.train_step_arguments import read_arguments
from symmix.testing.train_step_matrices import KNOWN, difference

SEEDS = range(int(os.environ.get("SYMMIX_SEEDS", "1")))
RNG = np.random.default_rng(0)
W, X, Y = RNG.normal(size=(5, 4)), RNG.normal(size=(8, 4)), np.array([0, 3, 1, 2, 4, 3, 0, 1])


def entropy(u: Any, y: Any) -> Any:
    return np.log(np.exp(u).sum(axis=1)) - u[np.arange(len(y)), y]


def squared(u: Any, y: Any) -> Any:
    return ((u - np.eye(5)[y]) ** 2).sum(axis=1)


def step_of(how: str, criterion: Any = entropy, *, per_sample: bool = False) -> Any:
    def train_step(W: Any, x: Any, y: Any, rng: Any) -> Any:
        lam, p = rng.beta(1, 1, len(x) if per_sample else None), rng.permutation(len(x))
        wide = lam[:, None] if per_sample else lam
        features = x if how == "discarded" else wide * x + (1 - wide) * x[p]
        u = np.tanh(features) @ W.T
        q = {"inverse": np.argsort(p), "again": rng.permutation(len(x))}.get(how, p)
        own = {"swapped": 1 - lam, "half": 0.5, "squared": lam**2, "unmixed": 1.0}.get(how, lam)
        return np.mean(own * criterion(u, y) + (1 - own) * criterion(u, y[q]))

    return train_step


@pytest.mark.parametrize("per_sample", [False, True])
@pytest.mark.parametrize("criterion", [entropy, squared])
def test_right_steps_of_numpy_pass(criterion: Any, per_sample: bool) -> None:  # noqa: FBT001
    for seed in SEEDS:
        step = step_of("", criterion, per_sample=per_sample)
        report = check_train_step(step, W, X, Y, np.random.default_rng(3), seed=seed)
        assert report.passed, str(report)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("how", "name"),
    [
        ("unmixed", "labels are not mixed"),
        ("swapped", "labels weigh the partner by lam"),
        ("inverse", "inputs and labels are paired differently"),
        ("half", "the loss ignores lam"),
        ("squared", "inputs and labels have different ratios"),
        ("discarded", "the mix is discarded"),
    ],
)
def test_defects_in_numpy_are_named(how: str, name: str) -> None:
    for seed in SEEDS:
        report = check_train_step(step_of(how), W, X, Y, np.random.default_rng(3), seed=seed)
        assert [found.name for found in report.findings] == [name], str(report)


@pytest.mark.slow
@pytest.mark.parametrize("how", ["unmixed", "swapped", "inverse", "again", "half", "squared"])
def test_defects_with_a_ratio_a_sample_are_found(how: str) -> None:
    for seed in SEEDS:
        assert check_train_step(step_of(how, per_sample=True), W, X, Y, np.random.default_rng(3), seed=seed).failed


def test_what_relations_cannot_see_is_not_decided() -> None:
    def absolute(W: Any, x: Any, y: Any, rng: Any) -> Any:
        lam, p = rng.random(), rng.permutation(len(x))
        return np.mean(np.abs((lam * x + (1 - lam) * x[p]) @ W[0] - lam * y - (1 - lam) * y[p]))

    report = check_train_step(absolute, W, X, Y.astype(float), np.random.default_rng(0))
    assert report.verdict == "not decided"
    assert "does not bend along the features" in report.undecided[0]


def test_patches_are_not_decided_by_relations() -> None:
    def patches(W: Any, x: Any, y: Any, rng: Any) -> Any:
        cut, p = rng.integers(1, 4), rng.permutation(len(x))
        u = np.where(np.arange(4) < cut, x, x[p]) @ W.T
        return np.mean(cut / 4 * entropy(u, y) + (1 - cut / 4) * entropy(u, y[p]))

    report = check_train_step(patches, W, X, Y, np.random.default_rng(0))
    assert report.verdict == "not decided", str(report)


def test_generators_that_are_passed_are_as_before() -> None:
    rng = np.random.default_rng(3)
    check_train_step(step_of(""), W, X, Y, rng)
    assert rng.random() == np.random.default_rng(3).random()


@pytest.mark.parametrize("seed", range(2))  # most of the time is spent compiling
@pytest.mark.parametrize(
    ("how", "name"), [("", ""), ("unmixed", "labels are not mixed"), ("swapped", "labels weigh the partner by lam")]
)
def test_steps_of_jax_with_a_key(how: str, name: str, seed: int) -> None:
    jax = pytest.importorskip("jax", reason="JAX is not installed: the checks of training steps on it are skipped")
    jnp = jax.numpy

    @jax.jit  # type: ignore[untyped-decorator]  # JAX is not followed here
    def train_step(params: Any, key: Any, x: Any, y: Any) -> Any:
        first, second = jax.random.split(key)
        lam, p = jax.random.uniform(first), jax.random.permutation(second, len(x))
        logp = jax.nn.log_softmax(jnp.tanh(lam * x + (1 - lam) * x[p]) @ params["w"].T)
        rows = jax.nn.one_hot(y, 5)
        own = 1 - lam if how == "swapped" else lam
        target = rows if how == "unmixed" else own * rows + (1 - own) * rows[p]
        return -jnp.mean(jnp.sum(target * logp, axis=1))

    arguments = ({"w": jnp.asarray(W)}, jax.random.PRNGKey(0), jnp.asarray(X), jnp.asarray(Y))
    report = check_train_step(train_step, *arguments, seed=seed)
    assert [found.name for found in report.findings] == ([name] if name else []), str(report)
    assert report.passed is (not name)


def test_arguments_are_found_by_name_and_by_position() -> None:
    def by_name(y: Any, x: Any) -> None: ...
    def by_position(params: Any, first: Any, second: Any) -> None: ...

    found = read_arguments(by_name, (Y, X), None, None)
    assert (found.features, found.labels) == ((1,), (0,))
    found = read_arguments(by_position, ({"a": W, "b": W}, X, Y), None, None)
    assert (found.features, found.labels) == ((1,), (2,))
    found = read_arguments(by_position, (W, {"pixels": X, "mask": X, "label": Y}, 0), "pixels", None)
    assert (found.features, found.labels, found.along) == ((1, "pixels"), (1, "label"), ((1, "mask"),))
    with pytest.raises(ImplementationError, match="features and labels of one length"):
        read_arguments(by_position, (W, 1, 2), None, None)


def test_label_prototypes_are_two_apart_and_no_ignored_ids() -> None:
    found = read_arguments(lambda x, y: None, (X, np.array([-1, 1, 2, 1, 3, -1, 0, 0])), None, None)  # noqa: ARG005
    low, high = found.y[found.low], found.y[found.high]
    assert min(low, high) >= 0
    assert abs(int(low) - int(high)) >= 2


def test_mixtures_of_several_samples_and_patches_are_read() -> None:
    x = RNG.random((4, 9))
    pure = np.repeat(x[:, None], 4, axis=1)
    many = np.array([[0.5, 0.25, 0.25, 0.0], [0, 1, 0, 0], [0.1, 0, 0.9, 0], [0, 0, 0.2, 0.8]])
    found = read_mixture(many @ x, pure, 2.0**-52)
    assert found.weights is not None
    np.testing.assert_allclose(found.weights, many, atol=1e-9)
    patched = np.where(np.arange(9) < 3, x, x[[1, 2, 3, 0]])
    found = read_mixture(patched, pure, 2.0**-52)
    assert found.how == "patches"
    assert found.weights is not None
    np.testing.assert_allclose(np.diag(found.weights), 3 / 9, atol=1e-5)
    assert read_mixture(x**2, pure, 2.0**-52).weights is None


def test_label_weights_that_do_not_sum_to_one_are_read() -> None:
    low, high = RNG.normal(size=(2, 3, 5))
    found = read_weights(0.5 * low + 0.75 * high, low, high, 2.0**-52)
    np.testing.assert_allclose([found.low, found.high], [[0.5] * 3, [0.75] * 3], atol=1e-9)
    assert not read_weights(RNG.normal(size=(3, 5)), low, high, 2.0**-52).between.any()


@pytest.mark.parametrize("name", KNOWN)
def test_known_mistakes_differ_from_the_right_weights(name: str) -> None:
    lam = np.array([0.2, 0.7, 0.4, 0.9])
    features = lam[:, None] * np.eye(4) + (1 - lam)[:, None] * np.eye(4)[[1, 2, 3, 0]]
    weights = KNOWN[name][0](features)
    assert weights is not None
    assert difference(features, weights, 1e-9)
    assert not difference(features, features, 1e-9)


def test_state_that_a_step_holds_is_put_back() -> None:
    class Loop:
        def __init__(self) -> None:
            self.count, self.history, self.rng = 0, [1], np.random.default_rng(0)

        def step(self) -> float:
            self.count += 1
            self.history.append(self.count)
            return self.rng.random()

    loop = Loop()
    before = Snapshot(loop.step)
    first = loop.step()
    before.restore()
    assert (loop.count, loop.history) == (0, [1])
    assert loop.step() == first
