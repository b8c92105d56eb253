"""Exhaustive grids: every case at small sizes, smallest size first, in batches of bounded memory.

Entries run through {-1, 0, 1} and lam through {0, 1/2, 1}. Two polynomials of degree at most 2 in each
variable that agree on 3 points a variable are identical (fix all variables but one: a quadratic with three
roots is zero; induct). The exact gradient of the squared loss is such a polynomial. So for an implementation
that is a polynomial of degree at most 2 in each entry and in lam, agreement on the whole grid *is* a proof at
that size; for any other it is strong evidence.

What is enumerated, over lam, z, z', W, y, y', b:

    (k, h)    variables                        cases
    (1, 1)    1 + 1 + 1 + 1 + 1 + 1 + 1 =  7       2187
    (1, 2)    1 + 2 + 2 + 2 + 1 + 1 + 1 = 10      59049
    (2, 1)    1 + 1 + 1 + 2 + 2 + 2 + 2 = 11     177147
    (2, 2)    1 + 2 + 2 + 4 + 2 + 2 + 0 = 13    1594323   b folded
                                                1832706

At (2, 2) the bias is folded: instead of running through 3^2 values it is a fixed function of the case, b =
(1, -1) times lam's place in {-1, 0, 1}, so that it is neither always 0 nor always the same. The loss sees y,
y', b only through y - b and y' - b, so nothing is lost for implementations that do likewise, and those that
do not were seen with every b at the three smaller sizes. Pass ``fold=False`` for the full product of 14 348
907 cases.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TextIO

import numpy as np

from symmix.numeric.cases import shapes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import DTypeLike

    from symmix.numeric.cases import Case

GRID_SIZES: tuple[tuple[int, int], ...] = ((1, 1), (1, 2), (2, 1), (2, 2))


def _enumerated(k: int, h: int, *, fold: bool) -> dict[str, tuple[int, ...]]:
    listed = shapes(k, h)
    if fold and (k, h) == (2, 2):
        del listed["b"]
    return listed


def grid_size(sizes: Sequence[tuple[int, int]] = GRID_SIZES, *, fold: bool = True) -> int:
    """Count the cases of a grid, ``sum over sizes of 3^variables``.

    >>> grid_size(), grid_size([(2, 2)], fold=False)
    (1832706, 14348907)
    """
    return sum(3 ** sum(int(np.prod(shape)) for shape in _enumerated(k, h, fold=fold).values()) for k, h in sizes)


def grid_batches(
    sizes: Sequence[tuple[int, int]] = GRID_SIZES,
    *,
    fold: bool = True,
    batch: int = 1 << 15,
    dtype: DTypeLike = np.float64,
) -> Iterator[Case]:
    """Yield every case of the grid, size by size, `batch` cases at a time.

    The entries of case number c at its size are the digits of c in base 3, less 1.

    >>> sum(len(case["lam"]) for case in grid_batches([(1, 1)], batch=1000))
    2187
    """
    for k, h in sizes:
        listed = _enumerated(k, h, fold=fold)
        total = grid_size([(k, h)], fold=fold)
        for start in range(0, total, batch):
            numbers = np.arange(start, min(start + batch, total))
            case: Case = {}
            for name, shape in listed.items():
                entries = np.empty((len(numbers), int(np.prod(shape))), dtype)
                for entry in range(entries.shape[1]):
                    numbers, digit = np.divmod(numbers, 3)
                    entries[:, entry] = digit - 1
                case[name] = entries.reshape(-1, *shape)
            if "b" not in case:
                case["b"] = case["lam"][:, None] * np.array([1, -1], dtype)
            case["lam"] = (case["lam"] + 1) / 2
            yield case


def watched(batches: Iterable[Case], total: int, stream: TextIO | None = None) -> Iterator[Case]:
    """Pass batches through and draw a progress bar on standard error, if and only if that is a terminal.

    >>> len(list(watched(grid_batches([(1, 1)]), grid_size([(1, 1)]))))
    1
    """
    out = sys.stderr if stream is None else stream
    if not out.isatty():
        yield from batches
        return
    done = 0
    for case in batches:
        yield case
        done += len(case["lam"])
        share = done / total
        out.write(f"\r[{'#' * int(40 * share):<40}] {share:4.0%}  {done} of {total} cases")
        out.flush()
    out.write("\n")
