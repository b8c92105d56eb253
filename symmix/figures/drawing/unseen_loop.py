"""Draw two encoders in feature space, and what both kinds of mixup make of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symmix.figures.drawing.style import BLACK, BLUE, DARK, LIGHT, PRIME, RUST, VERMILLION, is_wide, panel

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

    from symmix.figures.computing.unseen_loop import UnseenLoop
    from symmix.numeric.arrays import Array

COLOURS = (BLUE, VERMILLION)


def draw(canvas: Canvas, data: UnseenLoop) -> None:
    """Draw feature space to the left, loss and gradient over the ratio to the right, or below in one column."""
    if is_wide(canvas):
        places = (7, 11, 92, 55), (115, 44, 52, 22), (115, 15, 52, 22)
    else:
        places = (6, 70, 76, 56), (12, 43, 68, 18), (12, 18, 68, 18)
    space, loss, gradient = (panel(canvas, *place) for place in places)
    _space(space, data)
    _over_ratio(loss, data, data.manifold_losses, data.input_losses)
    _over_ratio(gradient, data, data.manifold_gradients, data.input_gradients)
    top = data.input_losses.max()
    loss.text(0.52, 0.8 * top, "input mixup,\nlooped encoder", color=RUST, ha="right", va="center", linespacing=1)
    loss.set_title("loss", pad=2)
    gradient.set_title("norm of its gradient", pad=2)
    gradient.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "1/4", "1/2", "3/4", "1"])
    gradient.set_xlabel(r"ratio $\lambda$", labelpad=1)


def _space(axes: Axes, data: UnseenLoop) -> None:
    low, high = -0.5, 4.5
    levels = (data.ends[0, 0, 0], data.mixed_features[0, 0], data.ends[0, 1, 0])
    for level, label in zip(levels, ("predicts $y$", r"predicts $\tilde y$", f"predicts $y${PRIME}"), strict=True):
        axes.plot([level, level], [low, high], color=LIGHT, linewidth=0.8, zorder=0)
        axes.text(level, high + 0.06, label, ha="center", va="bottom", color=DARK)
    for curve, colour in zip(data.curves, COLOURS, strict=True):
        axes.plot(*curve.T, color=colour, zorder=2)
    axes.plot(*data.ends[1].T, color=BLACK, linewidth=0.8, linestyle=(0, (1, 1.5)), zorder=1)
    for ends, mixed, colour in zip(data.ends, data.mixed_features, COLOURS, strict=True):
        axes.plot(*ends.T, "o", color=colour, markersize=4.5, zorder=3)
        axes.plot(*mixed, "o", color=colour, markerfacecolor="white", markersize=5, zorder=3)
    axes.plot(*data.features_of_mixture[1], "s", color=VERMILLION, markersize=4.5, zorder=3)
    _names(axes, data)
    axes.set_xlim(-0.3, 3.3)
    axes.set_ylim(low, high)
    axes.set_xlabel("direction that the head sees", labelpad=3)
    axes.set_ylabel("direction that it does not see", labelpad=1)
    axes.set_xticks([])
    axes.set_yticks([])


def _names(axes: Axes, data: UnseenLoop) -> None:
    straight, looped = data.curves
    top = looped[looped[:, 1].argmax()]
    axes.annotate("looped encoder", top, (0, 3), textcoords="offset points", color=RUST, ha="center")
    axes.annotate("straight encoder", straight[80], (0, 3), textcoords="offset points", color=BLUE, ha="center")
    for place, shift in zip(data.mixed_features, ((4, 4), (4, -9)), strict=True):
        axes.annotate(r"$\tilde z$", place, shift, textcoords="offset points")
    axes.annotate(r"$F(\tilde x)$", data.features_of_mixture[1], (6, 0), textcoords="offset points", va="center")
    for ends in data.ends:
        axes.annotate("$z$", ends[0], (-5, 0), textcoords="offset points", va="center", ha="right")
        axes.annotate(f"$z${PRIME}", ends[1], (5, 0), textcoords="offset points", va="center", ha="left")


def _over_ratio(axes: Axes, data: UnseenLoop, manifold: Array, through_input: Array) -> None:
    marked = int(abs(data.ratios - data.ratio).argmin())
    top = through_input.max()
    axes.plot(data.ratios, through_input[1], color=VERMILLION)
    axes.plot(data.ratios[marked], through_input[1, marked], "s", color=VERMILLION, markersize=4.5, zorder=3)
    for values in (through_input[0], *manifold):
        axes.plot(data.ratios, values, color=BLACK, linewidth=1.2)
    axes.plot(
        data.ratios[marked], manifold[1, marked], "o", color=BLACK, markerfacecolor="white", markersize=5, zorder=3
    )
    axes.text(0, -0.06 * top, "manifold mixup, both encoders: 0", ha="left", va="top")
    axes.set_xlim(-0.01, 1.01)
    axes.set_ylim(-0.3 * top, 1.06 * top)
    axes.set_xticks([])
    axes.set_yticks([0, round(top, 1)], ["0", f"{top:.1f}"])
    axes.spines["left"].set_bounds(0, top)
    axes.spines["bottom"].set_visible(False)
