"""What experiments measured, as ``symmix experiment NAME`` printed it with seed 0: the tables beside this file."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from symmix.figures.numbers import Numbers, computed

if TYPE_CHECKING:
    from symmix.numeric.arrays import Array

_ROW = re.compile(r"(?P<quantity>\S.*?) {2,}(?P<bound>>=? )?(?P<predicted>\S+) +(?P<measured>\S+)")
EQUAL, BOUND, NOTHING = 0, 1, 2
"""What is predicted: a value, that it is larger, or nothing."""


@dataclass(frozen=True, eq=False)
class Measured(Numbers):
    """What is drawn: some rows of the table, in panels; the prediction was written down before the measurement."""

    panels: Array = computed("chosen: the titles of the panels; (P,)")
    scales: Array = computed("chosen: whether the axis of a panel is logarithmic; (P,)")
    places: Array = computed("chosen: the panel of a row; (N,)")
    levels: Array = computed("the place of a row in its panel, from below; (N,)")
    labels: Array = computed("the quantity of a row, without what the panel's title says; (N,)")
    kinds: Array = computed("the table: 0 a predicted value, 1 a lower bound, 2 nothing predicted; (N,)")
    predicted: Array = computed("the table: the theorem's formula at the data; (N,)")
    measured: Array = computed("the table: from the definition of the loss; (N,)")


def recorded(name: str) -> str:
    """Return the table of an experiment as it was printed."""
    return files("symmix.figures").joinpath("measured", f"{name}.txt").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Panel:
    """A panel: its title, and which quantities it shows; the groups of the pattern are the label."""

    title: str
    pattern: str
    logarithmic: bool = False


def of(name: str, *panels: Panel) -> Callable[[], Measured]:
    """Return what computes the numbers of an experiment's figure."""
    return partial(_read, name, panels)


def _read(name: str, panels: tuple[Panel, ...]) -> Measured:
    rows = [row for line in recorded(name).splitlines() if (row := _ROW.fullmatch(line))]
    found = [
        (place, "".join(part or "" for part in label.groups()), row)
        for place, panel in enumerate(panels)
        for row in rows
        if (label := re.fullmatch(panel.pattern, row["quantity"]))
    ]
    kinds = [NOTHING if row["predicted"] == "-" else BOUND if row["bound"] else EQUAL for _, _, row in found]
    predicted = [0.0 if row["predicted"] == "-" else float(row["predicted"]) for _, _, row in found]
    return Measured(
        panels=np.array([panel.title for panel in panels]),
        scales=np.array([panel.logarithmic for panel in panels]),
        places=np.array([place for place, _, _ in found]),
        levels=np.array(
            [sum(other == place for other, _, _ in found[k + 1 :]) for k, (place, _, _) in enumerate(found)]
        ),
        labels=np.array([label for _, label, _ in found]),
        kinds=np.array(kinds),
        predicted=np.array(predicted),
        measured=np.array([float(row["measured"]) for _, _, row in found]),
    )
