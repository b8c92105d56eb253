"""Draw the loss of all pairs over the strength of mixing: dots that were computed, on the theorem's line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symmix.figures.drawing.style import BLUE, DARK, GREY, RUST, VERMILLION, is_wide, panel

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

    from symmix.figures.computing.pair_average import PairAverage


def draw(canvas: Canvas, data: PairAverage) -> None:
    """Draw one panel."""
    axes = panel(canvas, *((12, 17, 118, 50) if is_wide(canvas) else (10, 17, 53, 50)))
    for level, style in ((data.erm, (0, (4, 2))), (data.mean_part, (0, (1, 1.5)))):
        axes.plot(data.line_strengths, [level, level], color=GREY, linewidth=0.8, linestyle=style)
    axes.plot(data.line_strengths, data.line, color=BLUE, linewidth=1)
    axes.plot(data.strengths, data.losses, "o", color=BLUE, markersize=4)
    _names(axes, data)
    axes.set_xlim(0, 0.5)
    axes.set_ylim(0, 1.08 * float(data.erm))
    axes.set_xticks([0, 0.1, 0.2, 0.3, 0.4, 0.5], ["0", "0.1", "0.2", "0.3", "0.4", "0.5"])
    axes.set_yticks([0, 0.1, 0.2, 0.3, 0.4], ["0", "0.1", "0.2", "0.3", "0.4"])
    axes.set_xlabel(r"strength of mixing $c=2\,\mathrm{E}\,[\lambda(1-\lambda)]$", labelpad=1)
    axes.set_title("loss, averaged over pairs and ratio", pad=4)


def _names(axes: Axes, data: PairAverage) -> None:
    for a, c, loss in zip(data.parameters, data.strengths, data.losses, strict=True):
        name = f"$a$ = {a:g}" if a == data.parameters[-1] else f"{a:g}"
        axes.annotate(name, (c, loss), (-2, -4), textcoords="offset points", ha="center", va="top", color=BLUE)
    marked = int((data.parameters == 1).argmax())
    at, erm = data.strengths[marked], float(data.erm)
    axes.plot([at, at], [data.losses[marked], erm], color=VERMILLION, linewidth=1)
    middle = (data.losses[marked] + erm) / 2
    axes.annotate(r"$\frac{c}{2}V$", (at, middle), (4, 0), textcoords="offset points", va="center", color=RUST)
    end = data.line_strengths[1]
    axes.annotate("ERM", (end, erm), (4, 0), textcoords="offset points", va="center", color=DARK)
    axes.annotate(
        "ERM if all\nresiduals were\ntheir mean",
        (end, data.mean_part),
        (4, 0),
        textcoords="offset points",
        va="center",
        color=DARK,
        linespacing=1,
    )
