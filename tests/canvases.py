"""Figures as Matplotlib has them, and as files, each drawn once for all tests; the tests skip where it is missing."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from symmix.figures import FIGURES, render
from symmix.figures.drawing.style import MM, STYLE, write_theorems


def needed() -> Any:
    """Return Matplotlib, or skip the module that asks: this one has to load without it, for whoever imports it next."""
    for part in ("matplotlib.figure", "matplotlib.backends.backend_agg"):
        pytest.importorskip(part, reason="Matplotlib is not installed: the figures are not drawn")
    return pytest.importorskip("matplotlib")


DRAWN = [(name, width) for name, figure in FIGURES.items() for width in figure.heights]
each = pytest.mark.parametrize(("name", "width"), DRAWN, ids=str)
named = pytest.mark.parametrize("name", FIGURES)


def numbers(name: str) -> Any:
    """Return what a picture shows."""
    return FIGURES[name].numbers()


@cache
def canvas(name: str, width: float) -> Any:
    """Return a figure of Matplotlib with everything on it."""
    matplotlib = needed()
    figure = FIGURES[name]
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(STYLE)
        found = matplotlib.figure.Figure(figsize=(width * MM, figure.heights[width] * MM), dpi=72)
        figure.draw(found, numbers(name))
        write_theorems(found, figure.theorems)
        found.draw_without_rendering()  # puts the labels of axes where they belong
    return found


@cache
def content(name: str, suffix: str = ".svg") -> bytes:
    """Return a file, drawn once."""
    return render(name, suffix)
