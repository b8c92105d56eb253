"""Draw what an experiment measured: a row for each quantity, a ring for the prediction, a dot for the measurement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symmix.figures.computing.experiments import BOUND, EQUAL
from symmix.figures.drawing.style import BLUE, DARK, LIGHT, MM, VERMILLION, panel

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

    from symmix.figures.computing.experiments import Measured
    from symmix.numeric.arrays import Array

ROW, HEAD, FOOT = 3.5, 5.5, 4.5  # of a panel, in millimetres
LEFT, RIGHT, BELOW = 37.0, 5.0, 4.0


def height(rows: int, panels: int) -> float:
    """Return how high a figure with so many rows is, in millimetres."""
    return rows * ROW + panels * (HEAD + FOOT) + BELOW


def draw(canvas: Canvas, data: Measured) -> None:
    """Draw the panels below each other."""
    across, top = canvas.get_figwidth() / MM, canvas.get_figheight() / MM
    for place, title in enumerate(data.panels):
        rows = data.places == place
        tall = int(rows.sum()) * ROW
        top -= HEAD + tall
        axes = panel(canvas, LEFT, top, across - LEFT - RIGHT, tall)
        top -= FOOT
        _panel(axes, data, rows, logarithmic=bool(data.scales[place]))
        axes.set_title(str(title), pad=3, x=-(LEFT - 2) / (across - LEFT - RIGHT))


def _panel(axes: Axes, data: Measured, rows: Array, *, logarithmic: bool) -> None:
    measured, predicted, kinds = data.measured[rows], data.predicted[rows], data.kinds[rows]
    up = data.levels[rows]
    axes.set_ylim(-0.7, len(up) - 0.3)
    for level in up:
        axes.axhline(level, color=LIGHT, linewidth=0.5, zorder=0)
    equal, bound = kinds == EQUAL, kinds == BOUND
    if logarithmic:
        axes.set_xscale("log")
    axes.plot(predicted[equal], up[equal], "o", color=BLUE, fillstyle="none", markersize=7, markeredgewidth=1.1)
    axes.plot(predicted[bound], up[bound], ">", color=BLUE, fillstyle="none", markersize=6, markeredgewidth=1.1)
    axes.plot(measured, up, "o", color=VERMILLION, markersize=3.2)
    axes.set_yticks(up, [str(label) for label in data.labels[rows]], color=DARK)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    if not logarithmic:
        high = 1.08 * float(max(measured.max(), predicted.max()))
        axes.set_xlim(-0.04 * high, high)
        axes.locator_params(axis="x", nbins=5)
    low, high = axes.get_xlim()
    inside = [tick for tick in axes.get_xticks() if low <= tick <= high]
    axes.set_xticks(inside, [f"{tick:g}" for tick in inside])
