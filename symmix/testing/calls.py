"""Calling somebody's mixing function: the arguments it takes, and what it means that a call fails."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from symmix.errors import ImplementationError, SymmixError, place_of
from symmix.numeric.arrays import Array
from symmix.testing.finding import Finding
from symmix.testing.frameworks import Call, Native
from symmix.testing.precision import slack
from symmix.testing.probes import GENERATORS, Given, Probe, generator_names, given, laid_out
from symmix.testing.returns import features_of, is_list_of_samples, unpacked
from symmix.testing.rows import ACROSS
from symmix.testing.sources import read_rows

PERIOD = 1021
TRIES = 4
"""Further calls by which an error of some draws is told from one of the batch size."""


def call_once(probe: Probe, data: Given, number: int, seed: int) -> tuple[Call | Finding, Array]:
    """Call the function with a backward pass where there is one; return also the labels as they are afterwards.

    Features that are lent are not copied: what is written into them is written into the data.
    """
    framework = probe.framework
    features = data.features[:] if data.lent else data.features.copy()
    labels = framework.array(data.labels.copy())
    run = partial(forward, probe, labels, (number, seed))
    send = partial(cotangent, number, seed)
    try:
        call = framework.run(run, features, lambda r: features_of(unpacked(r, probe.batch)), send)
    except SymmixError:
        raise
    except Exception as error:  # whatever somebody else's function raises is what is reported
        finding = _why_it_failed(probe, error, number, seed)
        if finding is not None:
            return finding, data.labels
        raise _cannot_be_called(probe, data, error) from error
    return call, np.array(framework.numpy(labels))


def forward(probe: Probe, labels: Native, draw: tuple[int, int], features: Native) -> Any:
    """Call the function the way it takes its arguments, and return what it returns, with the features first."""
    framework = probe.framework
    if probe.dtype == "bfloat16":
        features = framework.cast(features, probe.dtype)
    drawn = {name: _generator(probe, name, draw) for name in generator_names(probe.mix, probe.arity)}
    positional, named = laid_out(probe.mix, _batch(probe, features, labels), drawn)
    returned = probe.mix(*positional, **named)
    if probe.batch != "list":
        return returned
    if is_list_of_samples(returned, probe.samples):
        return tuple(framework.stack([item[place] for item in returned]) for place in (0, 1))
    return returned


def _batch(probe: Probe, features: Native, labels: Native) -> tuple[Any, ...]:
    if probe.batch == "arguments":
        return features, labels
    if probe.batch == "pair":
        return ([features, labels],)
    if probe.batch == "list":
        return ([(features[i], labels[i]) for i in range(probe.samples)],)
    keys = probe.batch if isinstance(probe.batch, tuple) else ("image", "label")
    return (dict(zip(keys, (features, labels), strict=True)),)


def _generator(probe: Probe, name: str, draw: tuple[int, int]) -> Any:
    seed = draw[0] + 2**16 * draw[1]
    if probe.framework.key is not None:
        return probe.framework.key(seed)
    if GENERATORS[name] == "jax":
        raise ImplementationError(f"framework='jax' for a {name}", probe.framework.name, "pass framework='jax'")
    if name == "generator" and probe.framework.generator is not None:
        return probe.framework.generator(seed)
    return np.random.default_rng([*draw, 2])


def _cannot_be_called(probe: Probe, data: Given, error: Exception) -> ImplementationError:
    raised = f"{probe.name} raised {type(error).__name__}: {error} ({place_of(error)})"
    return ImplementationError(
        f"a function mix(x, y) of features {data.features.shape} and labels {data.labels.shape} ({probe.labels}), "
        f"{probe.framework.name} arrays",
        raised,
        "pass shape= for images, labels='indices' for class indices, framework= for its arrays, or wrap it: "
        "lambda x, y: yours(...)",
    )


def _why_it_failed(probe: Probe, error: Exception, number: int, seed: int) -> Finding | None:
    """Look whether the function works for as many features as samples, or for another batch size."""
    said = f"{type(error).__name__}: {error}"
    square = _on_a_square(probe, number, seed)
    if square is not None and square:
        return Finding(
            ACROSS,
            f"the function works for as many features as samples and fails for {probe.given_shape} features of "
            f"{probe.samples} samples ({said}): samples are taken from axis 1",
        )
    if any(works(probe, number, seed) for _ in range(TRIES)):
        return Finding(
            "raises in some draws", f"{said} ({place_of(error)}); other draws of {probe.samples} samples work"
        )
    for other in (6, 8, 4, 32):
        if other != probe.samples and works(probe.sized(other), number, seed):
            return Finding("fails for another batch size", f"{probe.samples} samples: {said}; {other} samples work")
    return None


def turns_ids(probe: Probe, data: Given) -> bool:
    """Say whether a function converts the class ids to floating numbers itself."""
    array = probe.framework.array
    try:
        with probe.framework.random_states_kept():  # the next draw is the one that it would have been
            return probe.framework.turns(
                lambda ids: forward(probe, ids, (0, 0), array(data.features.copy())), array(data.labels.copy())
            )
    except Exception:  # noqa: BLE001  # whatever is wrong with it was said by the draws
        return False


def works(probe: Probe, number: int, seed: int) -> bool:
    """Say whether a function can be called, and gives finite features."""
    data = given(probe, number, seed)
    try:
        returned = forward(
            probe, probe.framework.array(data.labels), (number, seed), probe.framework.array(data.features)
        )
        return bool(np.all(np.isfinite(probe.framework.numpy(features_of(unpacked(returned, probe.batch))))))
    except Exception:  # noqa: BLE001  # any failure is the answer no
        return False


def _on_a_square(probe: Probe, number: int, seed: int) -> bool | None:
    """Whether features are permuted in the place of samples where there are as many of both."""
    if probe.shape is not None:
        return None
    data = given(probe, number, seed, width=probe.samples)
    array = probe.framework.array
    try:
        returned = forward(probe, array(data.labels), (number, seed), array(data.features))
        out = probe.framework.numpy(features_of(unpacked(returned, probe.batch)))
    except Exception:  # noqa: BLE001  # any failure is the answer no
        return None
    if out.shape != data.x.shape:
        return None
    across = read_rows(data.x.T, np.asarray(out.T, np.float64), slack(out))
    return all(row.kind in {"mixup", "unmixed"} for row in across)


def cotangent(number: int, seed: int, shape: tuple[int, ...]) -> Array:
    """Return what is sent through the backward pass: small integers, repeated."""
    period = _period(number, seed)
    sent = np.empty(int(np.prod(shape)), np.float32)
    whole = len(sent) - len(sent) % len(period)
    sent[:whole].reshape(-1, len(period))[:] = period
    sent[whole:] = period[: len(sent) - whole]
    return sent.reshape(shape)


def cotangent_at(number: int, seed: int, places: Array) -> Array:
    """Return the entries of it at these places, counted through the whole array."""
    return np.asarray(_period(number, seed)[places % PERIOD])


def _period(number: int, seed: int) -> Array:
    return np.random.default_rng([seed, number, 1]).integers(-3, 4, PERIOD).astype(np.float32)
