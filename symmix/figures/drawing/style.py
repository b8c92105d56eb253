"""One look for all pictures: sizes in millimetres, type of 8 to 9 points, colours that colour-blind readers tell apart.

Colour is never alone: what it says, line style, marker or a label beside the line says too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from symmix.figures.sizes import COLUMN, PAGE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

MM = 1 / 25.4

BLUE, VERMILLION, SKY, ORANGE = "#0072B2", "#D55E00", "#56B4E9", "#E69F00"  # Okabe and Ito, 2008
RUST = "#A64600"
"""Vermillion as a text: darker, so that it is read on white."""

BLACK, DARK, GREY, LIGHT = "#000000", "#444444", "#8A8A8A", "#CFCFCF"

PRIME = "\u2032"
"""To be set as text after a formula: STIX's prime as a superscript is too small and too far off."""

HALO: Mapping[str, Any] = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
"""What stands behind a label that lines would cross."""

STYLE: Mapping[str, Any] = {
    "axes.edgecolor": DARK,
    "axes.labelsize": 8.5,
    "axes.linewidth": 0.6,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 9,
    "axes.unicode_minus": True,
    "figure.facecolor": "white",  # solid: a page in dark mode must not shine through
    "font.family": "STIXGeneral",  # comes with Matplotlib, and stands well beside the type of papers
    "font.size": 8.5,
    "lines.linewidth": 1.4,
    "lines.solid_capstyle": "round",
    "mathtext.fontset": "stix",
    "pdf.fonttype": 42,
    "savefig.facecolor": "white",
    "svg.fonttype": "path",  # the fonts of the reader's machine would move the labels
    "svg.hashsalt": "symmix",
    "xtick.labelsize": 8,
    "xtick.major.size": 2.5,
    "xtick.major.width": 0.6,
    "xtick.minor.size": 0,
    "ytick.labelsize": 8,
    "ytick.major.size": 2.5,
    "ytick.major.width": 0.6,
    "ytick.minor.size": 0,
}
"""On top of Matplotlib's defaults, whatever the reader's own settings are."""


def is_wide(canvas: Canvas) -> bool:
    """Whether a picture is drawn across the page, or else in one column."""
    return bool(canvas.get_figwidth() > (COLUMN + PAGE) / 2 * MM)


def panel(canvas: Canvas, left: float, bottom: float, width: float, height: float) -> Axes:
    """Add axes at a place in millimetres from the lower left corner."""
    across, up = canvas.get_figwidth() / MM, canvas.get_figheight() / MM
    return canvas.add_axes((left / across, bottom / up, width / across, height / up))


def write_theorems(canvas: Canvas, theorems: tuple[str, ...]) -> None:
    """Name the theorems in small print along the lower edge."""
    separator = ", " if is_wide(canvas) else ",\n"
    words = "theorem" if len(theorems) == 1 else "theorems"
    text = f"{words}: {separator.join(theorems)}"
    inset = 1.5 * MM
    canvas.text(
        inset / canvas.get_figwidth(), inset / canvas.get_figheight(), text, fontsize=6.5, color=DARK, linespacing=1.1
    )


def bare(axes: Axes) -> None:
    """Take away ticks and frame where positions, not numbers, are what one reads."""
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)
