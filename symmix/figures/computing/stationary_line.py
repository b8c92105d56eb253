"""Gradient flow of the two errors: at one ratio it stops on a line, on average over the ratio only at the fit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from symmix.figures.numbers import Numbers, computed
from symmix.numeric import exact_differences
from symmix.numeric.flows import linear_flow, measured_matrix
from symmix.numeric.objectives import manifold_mixup_loss
from symmix.numeric.pairings import SIMPSON

if TYPE_CHECKING:
    from symmix.numeric.arrays import Array
    from symmix.numeric.datasets import Ratios

RATIO = 0.75
MARKED = np.array([0.5, 1.0])
TIMES = np.concatenate([np.arange(0, 8, 0.125), np.arange(8, 48.5, 0.5)])

_PATHS = "flow from each start, by symmix.numeric.flows.linear_flow with the measured matrix; (starts, times, 2)"
_MATRIX = "the velocity of (e, e') is this matrix times (e, e'): exact differences of manifold_mixup_loss by z and z'"


@dataclass(frozen=True, eq=False)
class StationaryLine(Numbers):
    """What is drawn: h = k = 1, W = 1, b = 0; the features follow the negative gradient of the loss."""

    ratio: Array = computed("chosen")
    starts: Array = computed("chosen: along the edge of the square [-1, 1]^2; the last one is marked; (starts, 2)")
    times: Array = computed("chosen; (times,)")
    at_one_ratio: Array = computed(f"{_MATRIX} at the ratio; (2, 2)")
    on_average: Array = computed(f"{_MATRIX}, averaged over the uniform ratio by Simpson's rule, exact here; (2, 2)")
    paths_at_one_ratio: Array = computed(f"{_PATHS}, at the ratio")
    paths_on_average: Array = computed(f"{_PATHS}, on average")
    stationary: Array = computed("the theorem's line lam e + (1-lam) e' = 0, within the square; (2, 2)")
    marked_ends: Array = computed("the marked paths at the last time, one ratio and average; (2, 2)")


def velocity(lam: float, errors: Array) -> Array:
    """How (e, e') moves: as y - z and y' - z' with dz/dt = -dloss/dz; (cases, 2) to (cases, 2)."""
    cases = len(errors)
    one = np.ones((cases, 1))
    variables = {
        "lam": np.full(cases, lam),
        "z": 0 * one,
        "z_prime": 0 * one,
        "y": errors[:, :1],
        "y_prime": errors[:, 1:],
        "W": one[..., None],
        "b": 0 * one,
    }
    found = exact_differences(manifold_mixup_loss, variables, ["z", "z_prime"])
    return np.concatenate([found["z"].value, found["z_prime"].value], axis=1)


def velocity_matrix(ratios: Ratios) -> Array:
    """Measure the matrix of the velocity at each ratio, and average."""
    matrices = [float(p) * measured_matrix(partial(velocity, float(lam)), 2) for lam, p in ratios]
    result: Array = np.sum(matrices, axis=0)
    return result


def starts() -> Array:
    """Points on the edge of the square, in equal steps, and the marked one."""
    steps = np.arange(-1, 1, 0.25)
    one = np.ones_like(steps)
    sides = [np.stack(side, axis=1) for side in ((steps, -one), (one, steps), (-steps, one), (-one, -steps))]
    edge = np.concatenate(sides)
    return np.concatenate([edge[~np.all(edge == MARKED, axis=1)], MARKED[None]])


def compute() -> StationaryLine:
    """Compute what is drawn."""
    begin = starts()
    matrices = [velocity_matrix([(RATIO, 1)]), velocity_matrix(SIMPSON)]
    paths = [linear_flow(M, begin, TIMES) for M in matrices]
    height = np.array([1.0, -1.0])
    return StationaryLine(
        ratio=np.array(RATIO),
        starts=begin,
        times=TIMES.copy(),
        at_one_ratio=matrices[0],
        on_average=matrices[1],
        paths_at_one_ratio=paths[0],
        paths_on_average=paths[1],
        stationary=np.stack([-(1 - RATIO) / RATIO * height, height], axis=1),
        marked_ends=np.array([path[-1, -1] for path in paths]),
    )
