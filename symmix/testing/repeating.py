"""What is found by calling a mixing function again: with the same seed, another seed, another batch size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from symmix.errors import SymmixError
from symmix.testing.calls import forward, works
from symmix.testing.draws import draw_once
from symmix.testing.probes import OFTEN, Probe, given
from symmix.testing.returns import features_of, unpacked

ENTRIES = 2**24
"""Features over all draws: more than that only in the first draw, which is as large as it was asked for."""
SMALL = 8
"""The batch size of further draws where samples are large."""
ENOUGH = 20
"""Draws that are made however large a sample is."""


@dataclass(frozen=True)
class Repeating:
    """Whether seeding the global generators repeats a draw, and whether the function seeds them itself."""

    repeatable: bool
    reseeds: bool


def plan(probe: Probe, draws: int, seed: int) -> Iterator[Probe]:
    """Yield the probe of every draw: all alike, or a few as asked for and the rest with a smaller batch."""
    entries = probe.samples * int(np.prod(probe.given_shape))
    if draws * entries <= ENTRIES:
        yield from [probe] * draws
        return
    small = _small(probe)
    cost = small.samples * int(np.prod(probe.given_shape))
    full = max(1, ENTRIES // (4 * entries))
    if draws <= full or not works(small, 0, seed):
        yield from [probe] * min(draws, full)
        return
    yield from [probe] * full
    yield from [small] * min(draws - full, max(ENOUGH, ENTRIES // cost))


def _small(probe: Probe) -> Probe:
    """Return the same probe with a small batch: the larger a sample is, the fewer, but four at least."""
    fitting = max(4, 2 * (OFTEN // (4 * int(np.prod(probe.given_shape)))))
    return probe.sized(min(probe.samples, SMALL, fitting))


def repeating(probe: Probe, seed: int) -> Repeating:
    """Call it with one seed twice, and with two: generators that end up alike were seeded inside."""
    framework = probe.framework
    probe = _small(probe)
    outs: list[Any] = []
    for _ in range(2):
        framework.seed(seed)
        outs.append([_features(probe, number, seed) for number in range(3)])
    if any(out is None for drawn in outs for out in drawn):
        return Repeating(repeatable=False, reseeds=False)
    same = all(np.array_equal(first, second) for first, second in zip(*outs, strict=True))
    ends = []
    for other in (seed + 1, seed + 2):
        framework.seed(other)
        _features(probe, 0, seed)
        ends.append([_fingerprint(get()) for _, get, _ in framework.random_states])
    return Repeating(same, any(first == second for first, second in zip(*ends, strict=True)))


def _fingerprint(state: Any) -> bytes:
    """Turn the state of a generator into bytes; an array that is printed would be shortened."""
    parts = state if isinstance(state, tuple) else (state,)
    return b"|".join(np.asarray(part).tobytes() if hasattr(part, "shape") else repr(part).encode() for part in parts)


def _features(probe: Probe, number: int, seed: int) -> Any:
    data = given(probe, number, seed)
    array = probe.framework.array
    try:
        returned = forward(probe, array(data.labels.copy()), (number, seed), array(data.features.copy()))
    except Exception:  # noqa: BLE001  # said by the draws themselves
        return None
    return np.array(probe.framework.numpy(features_of(unpacked(returned, probe.batch))))


def other_sizes(probe: Probe, wanted: Sequence[int], seed: int) -> list[tuple[str, bool]]:
    """Say what happens with other batch sizes, a last short batch and a single sample; and whether it was asked for."""
    found = []
    small = _small(probe).samples
    for size in dict.fromkeys([*wanted, small - 1, 1]):
        said = _met(probe.sized(size), seed)
        if said:
            found.append((f"{size} sample{'s' if size != 1 else ''}: {said}", size in wanted))
    return found


def _met(probe: Probe, seed: int) -> str:
    data = given(probe, 0, seed)
    array = probe.framework.array
    try:
        returned = forward(probe, array(data.labels.copy()), (0, seed), array(data.features.copy()))
        out = probe.framework.numpy(features_of(unpacked(returned, probe.batch)))
    except SymmixError as error:
        return str(error.arrived)
    except Exception as error:  # noqa: BLE001  # whatever it raises is what is told
        return f"raises {type(error).__name__}: {error}"
    if out.size > data.x.size:
        return f"features {data.features.shape} are broadcast to {out.shape}"
    if probe.samples >= 3 and probe.samples <= SMALL:
        named = [finding.name for finding in draw_once(probe, 0, seed).findings if not finding.remark]
        return f"another defect than in full batches: {named[0]}" if named else ""
    return ""
