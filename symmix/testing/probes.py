"""How a mixing function is called: its options, and the features and labels that it is given."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import numpy as np

from symmix.errors import ImplementationError
from symmix.numeric.arrays import Array
from symmix.testing.frameworks import Framework
from symmix.testing.precision import BITS

LABELS: tuple[str, ...] = ("one-hot", "indices", "soft", "multi-label", "real", "masks")
WIDE = 64
"""Features of a sample where no shape is asked for: enough that a wrong partner explains none by chance."""
OFTEN = 2**21
"""Features of a batch that is called often; larger batches are few, and in single precision."""
KEPT = 2**17
"""Features of a batch that are drawn once and kept for several calls; more would fill the memory."""
GENERATORS: dict[str, str] = {
    "rng": "numpy",
    "generator": "numpy",
    "random_state": "numpy",
    "key": "jax",
    "prng_key": "jax",
    "rng_key": "jax",
}
"""Names of parameters that take a source of random numbers, and whose it is; with JAX each of them takes a key."""
BATCHES: tuple[str, ...] = ("arguments", "pair", "list", "dict")
IN_PLACE: dict[Any, tuple[str, ...]] = {
    False: (),
    True: ("features", "labels"),
    "features": ("features",),
    "labels": ("labels",),
}


@dataclass(frozen=True)
class Probe:
    """A mixing function with the way to call it; see `symmix.testing.probe_mixing` for the options."""

    mix: Callable[..., Any]
    framework: Framework
    labels: str = "one-hot"
    shape: tuple[int, ...] | None = None
    classes: int | None = None
    samples: int = 6
    ways: int = 2
    in_place: bool | str = False
    dtype: str = "float64"
    batch: str | tuple[str, str] = "arguments"
    kept: tuple[int, ...] = ()
    ignore_index: int | None = None

    def __post_init__(self) -> None:
        _require(self.labels in LABELS, f"labels among {', '.join(LABELS)}", f"labels={self.labels!r}")
        _require(self.samples >= 3, "at least 3 samples", str(self.samples), "two cannot show a permutation's inverse")
        _require(self.dtype in BITS, f"dtype among {', '.join(BITS)}", self.dtype)
        _require(self.in_place in IN_PLACE, "in_place False, True, 'features' or 'labels'", repr(self.in_place))
        named = isinstance(self.batch, tuple) and len(self.batch) == 2
        _require(named or self.batch in BATCHES, f"batch among {', '.join(BATCHES)}, or two keys", repr(self.batch))
        entries = WIDE if self.shape is None else int(np.prod(self.shape))
        _require(
            entries >= 4, "a shape of at least 4 entries", f"{self.shape}", "fewer cannot show who is in a mixture"
        )
        if self.classes is not None and self.labels != "real":
            remedy = "all labels would be equal, whoever is mixed; pass labels='real' for a target of one number"
            _require(self.classes >= 2, "at least 2 classes", f"classes={self.classes}", remedy)
        if self.labels == "masks":
            _require(self.shape is not None and len(self.shape) >= 2, "a shape (..., H, W) for masks", f"{self.shape}")
        require_callable(self.mix, self.arity)

    @property
    def arity(self) -> int:
        """How many arguments the function is called with, random numbers apart."""
        return 2 if self.batch == "arguments" else 1

    @property
    def name(self) -> str:
        """The name of the function."""
        return getattr(self.mix, "__name__", type(self.mix).__name__)

    @property
    def given_shape(self) -> tuple[int, ...]:
        """The shape of one sample."""
        return self.shape or (WIDE,)

    def options(self) -> dict[str, Any]:
        """Return the options that are not the usual ones, for a call that can be repeated."""
        usual = Probe(self.mix, self.framework, dtype=self.framework.dtype)
        names = ("labels", "shape", "classes", "samples", "ways", "in_place", "dtype", "batch", "kept", "ignore_index")
        found: dict[str, Any] = {} if self.framework.name == "numpy" else {"framework": self.framework.name}
        return found | {n: getattr(self, n) for n in names if getattr(self, n) != getattr(usual, n)}

    def sized(self, samples: int) -> Probe:
        """Return the same probe of another batch size."""
        other = replace(self)
        object.__setattr__(other, "samples", samples)  # sizes below 3 are looked at, and never read
        return other


def _require(holds: bool, required: str, arrived: str, remedy: str = "choose one of them") -> None:  # noqa: FBT001
    if not holds:
        raise ImplementationError(required, arrived, remedy)


def require_callable(mix: Callable[..., Any], arity: int) -> None:
    """Refuse what cannot be called as ``mix(x, y)``, or with one batch."""
    usual = "mix(x, y)" if arity == 2 else "mix(batch)"
    if not callable(mix):
        raise ImplementationError(f"a function {usual}", f"{mix!r}, which cannot be called", "pass the function itself")
    try:
        signature = inspect.signature(mix)
    except (TypeError, ValueError):
        return
    try:
        positional, named = laid_out(mix, tuple("xy"[:arity]), dict.fromkeys(generator_names(mix, arity), 0))
        signature.bind(*positional, **named)
    except TypeError as error:
        raise ImplementationError(
            f"a function that can be called as {usual}",
            f"{getattr(mix, '__name__', mix)!s}{signature}: {error}",
            "wrap it: lambda x, y: yours(x, y, alpha=1.0), or lambda x, y: yours(x) for features alone; "
            "batch='pair', 'dict' or 'list' passes both in one argument",
        ) from error


def generator_names(mix: Callable[..., Any], arity: int) -> tuple[str, ...]:
    """Name the parameters without a default that take a source of random numbers.

    >>> generator_names(lambda x, y, rng: x, 2)
    ('rng',)
    """
    try:
        parameters = inspect.signature(mix).parameters.values()
    except (TypeError, ValueError):
        return ()
    required = [p for p in parameters if p.default is p.empty and p.kind in {p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY}]
    if len(required) <= arity:
        return ()
    return tuple(p.name for p in required if p.name in GENERATORS)


def laid_out(
    mix: Callable[..., Any], values: tuple[Any, ...], drawn: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Put sources of random numbers where a function has them: first, as JAX's keys, or anywhere else.

    >>> laid_out(lambda key, x, y: x, ("x", "y"), {"key": 7})
    ((7, 'x', 'y'), {})
    """
    if not drawn:
        return values, {}
    parameters = inspect.signature(mix).parameters.values()
    places = [p.name for p in parameters if p.kind in {p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD}]
    rest, positional = list(values), []
    for name in places:
        if name in drawn:
            positional.append(drawn[name])
        elif rest:
            positional.append(rest.pop(0))
        else:
            break
    return (*positional, *rest), {name: value for name, value in drawn.items() if name not in places}


@dataclass(frozen=True)
class Given:
    """What a function is given: features as rows in [0, 1], what the labels mean as rows, and both as passed.

    Attributes
    ----------
    x
        (N, D) features as numbers in [0, 1].
    features
        They as they are passed, in their type and shape.
    rows
        (N, K) what labels mean: rows of weights, or real targets. For masks the classes of all pixels, (N, P).
    labels
        They as they are passed.
    lent
        Whether the features are so many that the function gets them themselves, not a copy.
    """

    x: Array
    features: Array
    rows: Array
    labels: Array
    lent: bool

    @property
    def digest(self) -> bytes:
        """What tells the features from others: a copy of them would take as much memory as they do."""
        return blake2b(np.ascontiguousarray(self.features).data).digest()


def given(probe: Probe, number: int, seed: int, width: int | None = None) -> Given:
    """Draw features in general position, none of them zero, and labels in an order of their own."""
    rng = np.random.default_rng([seed, number])
    shape = (width,) if width else probe.given_shape
    size = probe.samples * int(np.prod(shape))
    draw, lent = _kept_features if size <= KEPT else _features, size > OFTEN
    x, features = draw(probe.samples, shape, probe.dtype, 0 if lent else number % 3)
    if probe.labels == "masks":
        masks = rng.integers(0, probe.classes or 4, (probe.samples, *shape[-2:]))
        return Given(x, features, masks.reshape(probe.samples, -1), masks, lent)
    rows, labels = _labels(rng, probe, number)
    return Given(x, features, rows, labels, lent)


def _features(samples: int, shape: tuple[int, ...], dtype: str, seed: int) -> tuple[Array, Array]:
    """Draw within [1/32, 31/32], exact in the type: nothing there is clipped, and a ReLU passes it.

    They are never written into, but where they are lent: every other call is given a copy.
    """
    rng = np.random.default_rng(seed)
    bits = min(BITS[dtype], 24)  # so that two samples hardly ever agree at a position
    size = (samples, int(np.prod(shape)))
    if dtype in {"float32", "float64"} and samples * size[1] > OFTEN:
        wide = rng.random(size, dtype=np.float32)
        wide *= 15 / 16
        wide += 1 / 32
        return wide, wide.astype(dtype, copy=False).reshape(-1, *shape)
    drawn = rng.integers(2 ** (bits - 5), 31 * 2 ** (bits - 5), size, dtype=np.uint32)
    if dtype == "uint8":
        return drawn / 255.0, drawn.astype(np.uint8).reshape(-1, *shape)
    passed = "float32" if dtype == "bfloat16" else dtype
    x: Array = drawn.astype(np.float64 if drawn.size <= OFTEN else np.float32)
    np.multiply(x, 2.0**-bits, out=x)
    return x, x.astype(passed, copy=False).reshape(-1, *shape)


_kept_features = lru_cache(maxsize=8)(_features)


def _labels(rng: np.random.Generator, probe: Probe, number: int) -> tuple[Array, Array]:
    n, real = probe.samples, "float32" if probe.dtype in {"float16", "bfloat16", "uint8"} else probe.dtype
    if probe.labels == "real":
        rows = rng.integers(-(2**12), 2**12, (n, probe.classes or 1)) / 2.0**10
        return rows, (rows if probe.classes else rows[:, 0]).astype(real)
    classes = probe.classes or (n if number % 2 == 0 else max(2, n // 2))
    if probe.labels == "soft":
        parts = rng.integers(1, 64, (n, classes)).astype(np.float64)
        parts /= parts.sum(axis=1, keepdims=True)
        return parts, parts.astype(real)
    if probe.labels == "multi-label":
        several = (rng.random((n, classes)) < 0.4).astype(np.float64)
        return several, several.astype(real)
    ids = _class_ids(rng, n, classes, number)
    rows = np.eye(classes)[ids]
    if probe.labels == "one-hot":
        return rows, rows.astype(real)
    if probe.ignore_index is not None:
        ignored = rng.random(n) < 1 / 4
        rows[ignored], ids[ignored] = 0, probe.ignore_index
    return rows, ids


def _class_ids(rng: np.random.Generator, samples: int, classes: int, number: int) -> Array:
    """Draw ids in no order: all different where there are enough, and with repetitions in every other draw."""
    if classes < samples:
        return np.asarray(rng.permutation(np.arange(samples) % classes))
    if number % 2 == 0:
        return np.asarray(rng.permutation(classes)[:samples])
    chosen = rng.permutation(classes)[: max(2, samples // 2)]
    return np.asarray(chosen[rng.permutation(np.arange(samples) % len(chosen))])
