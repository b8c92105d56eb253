"""Draw the gradient's norm over the error: dots that were computed, on the lines that the theorems say."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from symmix.figures.drawing.style import BLUE, DARK, GREY, RUST, VERMILLION, is_wide, panel

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

    from symmix.figures.computing.gradient_floor import GradientFloor

MARKERS = ("s", "^", "D")
_FLOOR = r"$|W^{\mathrm{T}}W\,\mathrm{gap}|$"


def draw(canvas: Canvas, data: GradientFloor) -> None:
    """Draw one panel; the error falls to the right, as it does in training."""
    axes = panel(canvas, *((13, 16, 118, 60) if is_wide(canvas) else (12, 19, 46, 62)))
    for marker, points, line, floor in zip(MARKERS, data.through_input, data.with_gap, data.floors, strict=True):
        axes.loglog(data.line_errors[[0, -1]], [floor, floor], color=GREY, linewidth=0.6, linestyle=(0, (4, 2)))
        axes.loglog(data.line_errors, line, color=VERMILLION, linewidth=1)
        axes.loglog(data.errors, points, marker, color=VERMILLION, markersize=3.5)
    axes.loglog(data.line_errors, data.slope_one, color=BLUE, linewidth=1)
    axes.loglog(data.errors, data.manifold, "o", color=BLUE, markersize=3.5)
    axes.set_xlabel("error $s$ of both samples", labelpad=1)
    axes.set_title("norm of the gradient by the mixed features", pad=4)
    _labels(axes, data, wide=is_wide(canvas))
    axes.set_xlim(1.25, data.errors[-1] / 1.25)
    axes.set_xticks([1, 0.1, 0.01, 0.001], ["1", "0.1", "0.01", "0.001"])
    axes.set_yticks([1, 0.1, 0.01, 0.001, 0.0001], ["1", "0.1", "0.01", "0.001", "0.0001"])


def _labels(axes: Axes, data: GradientFloor, *, wide: bool) -> None:
    last = data.errors[-1]
    for share, points, floor in zip(data.bends, data.through_input, data.floors, strict=True):
        bend = "1" if share == 1 else f"1/{1 / share:.0f}"
        digits = 1 - math.floor(math.log10(floor))
        text = f"input mixup,{' ' if wide else chr(10)}bend {bend}\n{_FLOOR} = {floor:.{digits}f}"
        _beside(axes, last, points[-1], text, RUST)
    _beside(axes, last, data.manifold[-1], "manifold mixup,\nany bend", BLUE)
    left, right = 2.0**-8, 2.0**-8 / 10
    upper, lower = (data.slope_one[0] * error for error in (left, right))
    axes.loglog([left, left, right], [upper, lower, lower], color=DARK, linewidth=0.6)
    axes.annotate("1", (left, (upper * lower) ** 0.5), (-4, 0), textcoords="offset points", ha="right", va="center")
    axes.annotate("1", ((left * right) ** 0.5, lower), (0, -3), textcoords="offset points", ha="center", va="top")


def _beside(axes: Axes, error: float, norm: float, text: str, colour: str) -> None:
    place: dict[str, Any] = {"textcoords": "offset points", "va": "center", "color": colour, "linespacing": 1.0}
    axes.annotate(text, (error, norm), (7, 0), **place)
