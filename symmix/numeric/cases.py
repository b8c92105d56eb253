"""Cases to check on: integer pairs for exact differences, normal ones for the complex step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import DTypeLike

    from symmix.numeric.arrays import Array

SIZES: tuple[tuple[int, int], ...] = ((1, 1), (1, 2), (2, 1), (2, 2), (1, 3), (3, 1), (3, 4), (4, 3))
"""Sizes (k, h), smallest first: k = 1, h = 1, k = h, k < h and k > h are all among them."""

Case = dict[str, "Array"]


def shapes(k: int, h: int) -> dict[str, tuple[int, ...]]:
    """Shape of each variable of a pair at an affine head.

    >>> shapes(2, 3)["W"]
    (2, 3)
    """
    return {"lam": (), "z": (h,), "z_prime": (h,), "y": (k,), "y_prime": (k,), "W": (k, h), "b": (k,)}


def integer_pairs(
    rng: np.random.Generator, k: int, h: int, cases: int, *, largest: int = 2, dtype: DTypeLike = np.float64
) -> Case:
    """Draw pairs with integer entries up to `largest` and lam = j/8.

    >>> integer_pairs(np.random.default_rng(0), 2, 3, 5)["W"].shape
    (5, 2, 3)
    """
    drawn: dict[str, Any] = {
        name: rng.integers(-largest, largest, (cases, *shape), endpoint=True).astype(dtype)
        for name, shape in shapes(k, h).items()
    }
    drawn["lam"] = (rng.integers(0, 8, cases, endpoint=True) / 8).astype(dtype)
    return drawn


def normal_pairs(rng: np.random.Generator, k: int, h: int, cases: int, *, dtype: DTypeLike = np.float64) -> Case:
    """Draw pairs with normal entries and a uniform lam, a fifth of them 0, 1/2 or 1.

    >>> normal_pairs(np.random.default_rng(0), 2, 3, 5, dtype=np.float32)["y"].dtype
    dtype('float32')
    """
    drawn: dict[str, Any] = {
        name: rng.standard_normal((cases, *shape)).astype(dtype) for name, shape in shapes(k, h).items()
    }
    corner = rng.choice([0.0, 0.5, 1.0], cases)
    drawn["lam"] = np.where(rng.random(cases) < 0.2, corner, rng.random(cases)).astype(dtype)
    return drawn


def integer_batches(
    seed: int, cases: int = 200, sizes: tuple[tuple[int, int], ...] = SIZES, dtype: DTypeLike = np.float64
) -> Iterator[Case]:
    """Yield one batch of `integer_pairs` for each size, smallest first; a seed fixes the cases."""
    rng = np.random.default_rng(seed)
    return (integer_pairs(rng, k, h, cases, dtype=dtype) for k, h in sizes)


def normal_batches(
    seed: int, cases: int = 200, sizes: tuple[tuple[int, int], ...] = SIZES, dtype: DTypeLike = np.float64
) -> Iterator[Case]:
    """Yield one batch of `normal_pairs` for each size, smallest first; a seed fixes the cases."""
    rng = np.random.default_rng(seed)
    return (normal_pairs(rng, k, h, cases, dtype=dtype) for k, h in sizes)


def corners(variables: Case) -> frozenset[str]:
    """Name the corners that a batch visits: lam in {0, 1/2, 1}, k against h, and sizes of one.

    Variables under other names have no such corners.

    >>> sorted(corners({"lam": np.array([0.0, 0.3]), "W": np.zeros((2, 1, 3))}))
    ['k < h', 'k = 1', 'lam = 0']
    """
    seen: set[str] = set()
    if "lam" in variables:
        for name, ratio in (("lam = 0", 0.0), ("lam = 1/2", 0.5), ("lam = 1", 1.0)):
            if np.any(variables["lam"] == ratio):
                seen.add(name)
    if "W" in variables:
        k, h = variables["W"].shape[-2:]
        seen.add("k > h" if k > h else "k < h" if k < h else "k = h")
        seen.update(name for name, size in (("k = 1", k), ("h = 1", h)) if size == 1)
    return frozenset(seen)
