"""Draw the flow of the two errors, at one ratio and on average over the ratio."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from symmix.figures.drawing.style import BLACK, BLUE, DARK, GREY, HALO, PRIME, RUST, VERMILLION, is_wide, panel

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

    from symmix.figures.computing.stationary_line import StationaryLine
    from symmix.numeric.arrays import Array

SECONDS = slice(8, 64, 8)
"""The times 1, 2, ..., 7: dots that crowd together show a flow that slows down."""


def draw(canvas: Canvas, data: StationaryLine) -> None:
    """Draw two square panels side by side, or one below the other."""
    places = ((10, 15, 62, 62), (98, 15, 62, 62)) if is_wide(canvas) else ((12, 98, 64, 64), (12, 18, 64, 64))
    one, average = (panel(canvas, *place) for place in places)
    _flow(one, data, data.paths_at_one_ratio)
    _flow(average, data, data.paths_on_average)
    one.plot(*data.stationary.T, color=VERMILLION, linewidth=2, zorder=3)
    one.plot(*data.marked_ends[0], "o", color=VERMILLION, markersize=6, zorder=5)
    one.set_title(r"one ratio, $\lambda=3/4$: a line of stationary points", pad=5)
    average.set_title("averaged over the ratio: only the fit", pad=5)
    for axes in (one, average):
        axes.plot(0, 0, "o", color=BLUE, markersize=5.5, zorder=5)
        _say(axes, "fit", (0, 0), (7, 6), "left")
        _say(axes, "start", tuple(data.starts[-1]), (6, -2), "left")
    _say(one, f"stops without a fit:\n$e=-1/4$, $e${PRIME}$=3/4$", tuple(data.marked_ends[0]), (10, -13), "left")
    equation = rf"$\lambda e+(1-\lambda)e${PRIME}$=0$"
    _say(one, equation, tuple(data.stationary[1] * 0.8), (7, 0), "left", RUST)


def _say(
    axes: Axes, text: str, place: tuple[float, float], shift: tuple[float, float], side: str, colour: str = BLACK
) -> None:
    kept: dict[str, Any] = {"color": colour, "bbox": HALO, "zorder": 6, "annotation_clip": False, "linespacing": 1.1}
    axes.annotate(text, place, shift, textcoords="offset points", ha=side, va="center", **kept)


def _flow(axes: Axes, data: StationaryLine, paths: Array) -> None:
    for path in paths[:-1]:
        axes.plot(*path.T, color=GREY, linewidth=0.6, zorder=1)
        _arrow(axes, path)
    axes.plot(*paths[-1].T, color=BLACK, linewidth=1.5, zorder=4)
    axes.plot(*paths[-1, SECONDS].T, ".", color=BLACK, markersize=4, zorder=4)
    axes.plot(*data.starts[-1], "o", color=BLACK, markerfacecolor="white", markersize=4.5, zorder=7, clip_on=False)
    axes.plot([0, 0], [-1, 1], color=GREY, linewidth=0.4, zorder=0)
    axes.plot([-1, 1], [0, 0], color=GREY, linewidth=0.4, zorder=0)
    axes.set_xlim(-1.02, 1.02)
    axes.set_ylim(-1.02, 1.02)
    axes.set_xticks([-1, 0, 1])
    axes.set_yticks([-1, 0, 1])
    axes.set_xlabel("error $e$ of the one sample", labelpad=0)
    axes.set_ylabel(f"error $e${PRIME} of the other", labelpad=-4)


def _arrow(axes: Axes, path: Array) -> None:
    """Put an arrow head halfway along a path, if the path is long enough for one."""
    steps = ((path[1:] - path[:-1]) ** 2).sum(axis=1) ** 0.5
    length = steps.cumsum()
    if length[-1] > 0.25:
        at = int((length < 0.45 * length[-1]).sum())
        style = {"arrowstyle": "-|>,head_length=0.28,head_width=0.11", "color": DARK, "linewidth": 0.5}
        axes.annotate("", path[at + 1], path[at], arrowprops={**style, "shrinkA": 0, "shrinkB": 0}, zorder=2)
