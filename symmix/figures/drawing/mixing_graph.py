"""Draw who is mixed with whom, and what each pair takes away from the loss."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from symmix.figures.drawing.style import BLACK, BLUE, DARK, LIGHT, ORANGE, RUST, VERMILLION, is_wide, panel

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

    from symmix.figures.computing.mixing_graph import MixingGraph

TITLES = ("same class", "all pairs", "two nearest")
MARKERS, COLOURS = ("o", "s"), (BLUE, ORANGE)


def draw(canvas: Canvas, data: MixingGraph) -> None:
    """Draw a graph for each pairing, and below them what each leaves of the loss."""
    wide = is_wide(canvas)
    for number, title in enumerate(TITLES):
        left, bottom = (9 + 54 * number, 45) if wide else (8, 41 + 40 * (2 - number))
        graph = panel(canvas, left, bottom, 50 if wide else 72, 38 if wide else 32)
        graph.set_title(title, pad=3)
        _graph(graph, data, number)
        if number == 0:
            for label, of, shift, side in (("one class", 5, (0, 5), "left"), ("the other class", 6, (-4, -8), "right")):
                place = (data.inputs[of], data.residuals[of])
                graph.annotate(label, place, shift, textcoords="offset points", ha=side, color=DARK)
        if number == 0 or not wide:
            graph.set_ylabel("residual")
            graph.set_yticks([0], ["0"])
            graph.yaxis.set_label_coords(-0.085 if wide else -0.06, 0.5)
        if number == (1 if wide else 2):
            graph.set_xlabel("input", labelpad=2)
    _bars(panel(canvas, *((25, 9, 128, 24) if wide else (19, 11, 52, 19))), data)


def _graph(axes: Axes, data: MixingGraph, number: int) -> None:
    P, removed = data.pairings[number], data.removed[number]
    largest = (data.removed + data.removed.transpose(0, 2, 1)).max()
    for i in range(len(P)):
        for j in range(i):
            probability, loss = (P[i, j] + P[j, i]) / 2, removed[i, j] + removed[j, i]
            if probability:
                shade = str(0.8 * (1 - (loss / largest) ** 0.5))
                ends = [i, j]
                width = 0.3 + 3.5 * probability
                axes.plot(data.inputs[ends], data.residuals[ends], color=shade, linewidth=width, zorder=1 + loss)
    for label, (marker, colour) in enumerate(zip(MARKERS, COLOURS, strict=True)):
        of = data.classes == label
        edge: dict[str, Any] = {"markeredgecolor": BLACK, "markeredgewidth": 0.5, "linestyle": "none"}
        axes.plot(data.inputs[of], data.residuals[of], marker=marker, color=colour, markersize=4.5, zorder=3, **edge)
    axes.axhline(0, color=LIGHT, linewidth=0.6, zorder=0)
    axes.set_xticks([])
    axes.set_yticks([0], [""])
    axes.spines["bottom"].set_visible(False)


def _bars(axes: Axes, data: MixingGraph) -> None:
    erm = float(data.erm)
    for row, (remains, removed) in enumerate(zip(data.remaining, data.removed_total, strict=True)):
        axes.barh(row, remains, height=0.62, color=LIGHT)
        axes.barh(row, removed, left=remains, height=0.62, color="white", edgecolor=VERMILLION, hatch="////")
        axes.annotate(f"{remains:.3f}", (0, row), (4, 0), textcoords="offset points", va="center")
        text = f"\N{MINUS SIGN}{removed:.3f}"
        place = (remains + removed, row)
        axes.annotate(text, place, (4, 0), textcoords="offset points", va="center", color=RUST)
    axes.plot([erm, erm], [-0.5, 2.5], color=DARK, linewidth=1)
    axes.annotate(f"ERM {erm:.3f}", (erm, -0.5), (0, 2), textcoords="offset points", ha="center", va="bottom")
    axes.annotate("loss that remains", (0, -0.5), (4, 2), textcoords="offset points", va="bottom")
    axes.set_ylim(2.5, -0.5)
    axes.set_xlim(0, 1.02 * data.unmixed.max())
    axes.set_yticks([0, 1, 2], TITLES)
    axes.set_xticks([])
    axes.tick_params("y", length=0)
    axes.spines["bottom"].set_visible(False)
