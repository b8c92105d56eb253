"""Hypothesis strategies for mixup: sizes, ratios, pairs, heads, batches, with the corners drawn on purpose.

Everything is drawn from small integers and eighths, so that a failure shrinks to a case that can be read and
redone by hand, and so that exact differences apply. A case is a dictionary of float64 arrays under the names
of the symbols, without an axis of cases; `one_case` adds it. A batch has its samples on the leading axis of z
and y.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from symmix.errors import UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import DrawFn, SearchStrategy

Array: TypeAlias = NDArray[Any]
Case: TypeAlias = "dict[str, Array]"

RELATIONS: tuple[str, ...] = ("k > h", "k < h", "k = 1", "h = 1", "any")
DEGENERACIES: tuple[str, ...] = ("equal features", "repeated rows", "rank deficient head", "zero head")


def one_case(case: Case) -> Case:
    """Give every array of a case a leading axis of one case, as checks expect.

    >>> one_case({"z": np.array([1.0, 2.0])})["z"].shape
    (1, 2)
    """
    return {name: np.asarray(value)[None] for name, value in case.items()}


@st.composite
def sizes(draw: DrawFn, relation: str = "any", largest: int = 4) -> tuple[int, int]:
    """Draw (k, h): outputs and features, both from 1 to `largest`, in a given relation.

    `relation` is one of "k > h", "k < h", "k = 1", "h = 1", "any"; raises `UnsupportedError` for another.
    """
    if relation not in RELATIONS:
        raise UnsupportedError(f"a relation among {', '.join(RELATIONS)}", repr(relation), "choose one of these")
    if relation == "k > h":
        h = draw(st.integers(1, largest - 1))
        return draw(st.integers(h + 1, largest)), h
    if relation == "k < h":
        k = draw(st.integers(1, largest - 1))
        return k, draw(st.integers(k + 1, largest))
    k = 1 if relation == "k = 1" else draw(st.integers(1, largest))
    return k, 1 if relation == "h = 1" else draw(st.integers(1, largest))


def ratios() -> SearchStrategy[float]:
    """Draw lam = j/8, the corners 0, 1/2 and 1 in half of the draws; shrinks to 0."""
    return st.one_of(st.sampled_from([0.0, 0.5, 1.0]), st.integers(0, 8).map(lambda j: j / 8))


def tensors(*shape: int, largest: int = 3) -> SearchStrategy[Array]:
    """Draw arrays of integers from -largest to largest as float64; shrinks to zeros."""
    # int -> float by map: Hypothesis then shrinks integers, and -0.0 never appears in a report
    entries = arrays(np.int64, shape, elements=st.integers(-largest, largest), fill=st.nothing())
    return entries.map(lambda drawn: drawn.astype(np.float64))


@st.composite
def heads(draw: DrawFn, size: tuple[int, int] | None = None, largest: int = 3) -> Case:
    """Draw affine heads: W (k, h) and b (k,)."""
    k, h = draw(sizes()) if size is None else size
    return {"W": draw(tensors(k, h, largest=largest)), "b": draw(tensors(k, largest=largest))}


@st.composite
def pairs(draw: DrawFn, size: tuple[int, int] | None = None, largest: int = 3) -> Case:
    """Draw pairs of examples with a ratio and a head: lam, z, z_prime, y, y_prime, W, b."""
    k, h = draw(sizes()) if size is None else size
    return {
        "lam": np.array(draw(ratios())),
        "z": draw(tensors(h, largest=largest)),
        "z_prime": draw(tensors(h, largest=largest)),
        "y": draw(tensors(k, largest=largest)),
        "y_prime": draw(tensors(k, largest=largest)),
        **draw(heads((k, h), largest)),
    }


def _fit(case: Case) -> Case:
    """Move the targets onto the predictions: integers, so the residuals are exactly zero."""
    fitted = {name: case["W"] @ case[z] + case["b"] for name, z in (("y", "z"), ("y_prime", "z_prime"))}
    return {**case, **fitted}


def fitted_pairs(size: tuple[int, int] | None = None, largest: int = 3) -> SearchStrategy[Case]:
    """Draw pairs whose two residuals are exactly zero: y = W z + b and y' = W z' + b."""
    return pairs(size, largest).map(_fit)


def _degenerate(kind: str) -> Callable[[Case], Case]:
    def change(case: Case) -> Case:
        W = case["W"].copy()
        if kind == "equal features":
            return {**case, "z_prime": case["z"].copy()}
        if kind == "repeated rows":
            W[:] = W[:1]
        elif kind == "rank deficient head":
            W[:, -1] = W[:, 0]
        else:
            W[:] = 0
        return {**case, "W": W}

    return change


@st.composite
def degenerate_pairs(draw: DrawFn, kind: str | None = None, largest: int = 3) -> Case:
    """Draw pairs with z = z', or a head with repeated rows, of deficient rank, or zero.

    `kind` is one of "equal features", "repeated rows", "rank deficient head", "zero head", or None for any.
    Rows repeat with k >= 2; the rank is below min(k, h). Raises `UnsupportedError` for another kind.
    """
    if kind is not None and kind not in DEGENERACIES:
        raise UnsupportedError(f"a kind among {', '.join(DEGENERACIES)}", repr(kind), "choose one of these")
    chosen = draw(st.sampled_from(DEGENERACIES)) if kind is None else kind
    k, h = draw(sizes())
    if chosen == "repeated rows":
        k = max(k, 2)
    if chosen == "rank deficient head":
        h = max(h, 2)
        k = max(k, h)  # otherwise k, not the repeated column, would limit the rank
    return _degenerate(chosen)(draw(pairs((k, h), largest)))


@dataclass(frozen=True)
class Batch:
    """A batch with the pairing that mixes it.

    Attributes
    ----------
    lam
        The ratio, one for the batch.
    z, y, W, b
        Features (n, h), targets (n, k) and the head.
    permutation
        Partner of each sample, (n,).
    """

    lam: float
    z: Array
    y: Array
    W: Array
    b: Array
    permutation: Array

    @property
    def fixed_points(self) -> int:
        """Number of samples that are mixed with themselves."""
        return int(np.sum(self.permutation == np.arange(len(self.permutation))))

    @property
    def cycles(self) -> tuple[int, ...]:
        """Lengths of the cycles of the permutation, longest first."""
        left, lengths = set(range(len(self.permutation))), []
        while left:
            sample, length = min(left), 0
            while sample in left:
                left.remove(sample)
                sample, length = int(self.permutation[sample]), length + 1
            lengths.append(length)
        return tuple(sorted(lengths, reverse=True))


def permutations(n: int) -> SearchStrategy[Array]:
    """Draw permutations of n samples: any, the identity, one cycle through all; shrinks to the identity."""
    cycle = np.roll(np.arange(n), -1)
    anything = st.permutations(range(n)).map(np.array)
    return st.one_of(st.just(np.arange(n)), st.just(cycle), anything)


@st.composite
def batches(draw: DrawFn, size: tuple[int, int] | None = None, most: int = 5, largest: int = 3) -> Batch:
    """Draw batches of 1 to `most` samples with a head, a ratio and a permutation."""
    k, h = draw(sizes()) if size is None else size
    n = draw(st.integers(1, most))
    head = draw(heads((k, h), largest))
    return Batch(
        lam=draw(ratios()),
        z=draw(tensors(n, h, largest=largest)),
        y=draw(tensors(n, k, largest=largest)),
        W=head["W"],
        b=head["b"],
        permutation=draw(permutations(n)),
    )


@st.composite
def pairings(draw: DrawFn, n: int) -> Array:
    """Draw row-stochastic (n, n) matrices of eighths: P[i, j] is the chance that i meets j."""
    rows = []
    for _ in range(n):
        partners = draw(st.lists(st.integers(0, n - 1), min_size=8, max_size=8))
        rows.append(np.bincount(partners, minlength=n) / 8)
    return np.array(rows)
