"""What is drawn is what was computed, no more and no less, and it can be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from symmix.figures import FIGURES
from symmix.figures.drawing.style import MM
from symmix.figures.sizes import COLUMN, PAGE
from tests.canvases import canvas, each, needed, numbers

matplotlib = needed()
Curve = tuple[tuple[float, float], ...]


def curve(x: Any, y: Any) -> Curve:
    """Return points, with digits enough to tell any two apart."""
    xs, ys = np.broadcast_arrays(np.atleast_1d(x), np.atleast_1d(y))
    return tuple((round(float(a), 9) + 0.0, round(float(b), 9) + 0.0) for a, b in zip(xs, ys, strict=True))


def lines(axes: Any) -> Counter[Curve]:
    """Return what the lines and markers of some axes stand on."""
    return Counter(curve(*line.get_data()) for line in axes.get_lines())


def points(array: Any) -> Curve:
    return curve(*np.asarray(array).reshape(-1, 2).T)


# -- what is drawn ---


def unseen_loop(d: Any, axes: list[Any]) -> list[list[Curve]]:
    space = axes[0]
    levels = (d.ends[0, 0, 0], d.mixed_features[0, 0], d.ends[0, 1, 0])
    guides = [curve(level, space.get_ylim()) for level in levels]
    marks = [points(mixed) for mixed in d.mixed_features] + [points(d.features_of_mixture[1])]
    first = [*guides, *map(points, d.curves), points(d.ends[1]), *map(points, d.ends), *marks]
    at = int(np.flatnonzero(d.ratios == d.ratio)[0])
    panels = []
    for through, manifold in ((d.input_losses, d.manifold_losses), (d.input_gradients, d.manifold_gradients)):
        marked = [curve(d.ratio, through[1, at]), curve(d.ratio, manifold[1, at])]
        panels.append([*(curve(d.ratios, values) for values in (*through, *manifold)), *marked])
    return [first, *panels]


def gradient_floor(d: Any, axes: list[Any]) -> list[list[Curve]]:
    found = [curve(d.line_errors, d.slope_one), curve(d.errors, d.manifold)]
    for norms, line, floor in zip(d.through_input, d.with_gap, d.floors, strict=True):
        found += [curve(d.line_errors[[0, -1]], floor), curve(d.line_errors, line), curve(d.errors, norms)]
    triangle = max(lines(axes[0]), key=lambda c: len(c) == 3)
    (a, upper), (b, lower), (right, last) = triangle
    assert (a, lower) == (b, last)
    assert np.isclose(np.log(upper / lower), np.log(a / right), rtol=1e-4)  # one decade down for one across
    assert np.isclose(upper / a, d.manifold[0], rtol=1e-4)  # and on the line at both ends
    assert np.isclose(last / right, d.manifold[0], rtol=1e-4)
    return [[*found, triangle]]


def stationary_line(d: Any, axes: list[Any]) -> list[list[Curve]]:
    del axes
    cross = [curve([0, 0], [-1, 1]), curve([-1, 1], [0, 0])]
    panels = []
    for paths, more in ((d.paths_at_one_ratio, [d.stationary, d.marked_ends[0]]), (d.paths_on_average, [])):
        at_whole_times = paths[-1, np.isin(d.times, range(1, 8))]
        marks = [points(d.starts[-1]), points([0, 0]), points(at_whole_times)]
        panels.append([*map(points, paths), *marks, *map(points, more), *cross])
    return panels


def mixing_graph(d: Any, axes: list[Any]) -> list[list[Curve]]:
    del axes
    of_class = [d.classes == label for label in (0, 1)]
    samples = [curve(d.inputs[which], d.residuals[which]) for which in of_class]
    panels = []
    for pairing in d.pairings:
        met = [(i, j) for i in range(12) for j in range(i) if pairing[i, j] or pairing[j, i]]
        edges = [curve(d.inputs[[i, j]], d.residuals[[i, j]]) for i, j in met]
        panels.append([*edges, *samples, curve([0, 1], [0, 0])])
    return [*panels, [curve([d.erm, d.erm], [-0.5, 2.5])]]


def pair_average(d: Any, axes: list[Any]) -> list[list[Curve]]:
    del axes
    levels = [curve(d.line_strengths, level) for level in (d.erm, d.mean_part)]
    at = int(np.flatnonzero(d.parameters == 1)[0])
    removed = curve([d.strengths[at]] * 2, [d.losses[at], d.erm])
    return [[*levels, curve(d.line_strengths, d.line), curve(d.strengths, d.losses), removed]]


def experiment(d: Any, axes: list[Any]) -> list[list[Curve]]:
    del axes
    panels = []
    for place in range(len(d.panels)):
        rows = d.places == place
        up = np.arange(rows.sum())[::-1]
        kinds, predicted = d.kinds[rows], d.predicted[rows]
        guides = [curve([0, 1], level) for level in up]
        rings = [curve(predicted[kinds == kind], up[kinds == kind]) for kind in (0, 1)]
        panels.append([*guides, *rings, curve(d.measured[rows], up)])
    return panels


EXPECTED = {
    **{name: experiment for name in FIGURES if name.startswith("measured-")},
    "unseen-loop": unseen_loop,
    "gradient-floor": gradient_floor,
    "stationary-line": stationary_line,
    "mixing-graph": mixing_graph,
    "pair-average": pair_average,
}


@each
def test_what_is_drawn_is_what_was_computed(name: str, width: float) -> None:
    axes = canvas(name, width).axes
    expected = EXPECTED[name](numbers(name), axes)
    assert len(axes) == len(expected)
    for panel, curves in zip(axes, expected, strict=True):
        assert lines(panel) == Counter(curves)


@each
def test_bars_have_the_lengths_of_the_losses(name: str, width: float) -> None:
    bars = [patch for panel in canvas(name, width).axes for patch in panel.patches if hasattr(patch, "get_width")]
    if name != "mixing-graph":
        assert not bars
        return
    d = numbers(name)
    drawn = [(bar.get_x(), bar.get_width(), bool(bar.get_hatch())) for bar in bars]
    assert [hatched for _, _, hatched in drawn] == [False, True] * 3
    pairs = zip(d.remaining, d.removed_total, strict=True)
    lengths = [bar for stays, goes in pairs for bar in ((0, stays), (stays, goes))]
    assert np.allclose([bar[:2] for bar in drawn], lengths, rtol=1e-14, atol=0)
    texts = [text.get_text() for text in canvas(name, width).axes[-1].texts]
    for stays, goes in zip(d.remaining, d.removed_total, strict=True):
        assert f"{stays:.3f}" in texts
        assert f"\N{MINUS SIGN}{goes:.3f}" in texts
    assert f"ERM {float(d.erm):.3f}" in texts


@pytest.mark.parametrize("width", [COLUMN, PAGE])
def test_edges_are_the_thicker_the_likelier_and_the_darker_the_more_they_remove(width: float) -> None:
    d = numbers("mixing-graph")
    for panel, P, removed in zip(canvas("mixing-graph", width).axes, d.pairings, d.removed, strict=False):
        where = {curve(x, e): i for i, (x, e) in enumerate(zip(d.inputs, d.residuals, strict=True))}
        edges = [line for line in panel.get_lines() if len(line.get_xdata()) == 2 and line.get_color() != "#CFCFCF"]
        ends = [[where[(point,)] for point in curve(*edge.get_data())] for edge in edges]
        chance = [P[i, j] + P[j, i] for i, j in ends]
        loss = [removed[i, j] + removed[j, i] for i, j in ends]
        thickness = [edge.get_linewidth() for edge in edges]
        light = [float(edge.get_color()) for edge in edges]
        assert np.array_equal(
            np.argsort(np.round(chance, 9), kind="stable"), np.argsort(np.round(thickness, 9), kind="stable")
        )
        assert np.array_equal(
            np.argsort(np.round(loss, 9), kind="stable"), np.argsort(np.round(-np.array(light), 9), kind="stable")
        )


@pytest.mark.parametrize("width", [COLUMN, PAGE])
def test_the_floors_are_written_beside_them(width: float) -> None:
    texts = [text.get_text() for text in canvas("gradient-floor", width).axes[0].texts]
    assert all(any(text.endswith(f"= {floor}") for text in texts) for floor in ("0.40", "0.051", "0.0063"))
    assert [f"{floor:.2g}" for floor in numbers("gradient-floor").floors] == ["0.4", "0.051", "0.0063"]


@pytest.mark.parametrize("width", [COLUMN, PAGE])
def test_where_one_ratio_stops_is_written_beside_it(width: float) -> None:
    (text,) = (t for t in canvas("stationary-line", width).axes[0].texts if "stops" in t.get_text())
    assert "-1/4" in text.get_text()
    assert "3/4" in text.get_text()
    assert np.allclose(text.xy, (-1 / 4, 3 / 4), atol=1e-9)
    titles = [panel.get_title(loc="left") for panel in canvas("stationary-line", width).axes]
    assert "3/4" in titles[0]
    assert float(numbers("stationary-line").ratio) == 3 / 4


@each
def test_arrows_point_along_the_flow(name: str, width: float) -> None:
    if name != "stationary-line":
        return
    d = numbers(name)
    for panel, matrix in zip(canvas(name, width).axes, (d.at_one_ratio, d.on_average), strict=True):
        arrows = [text for text in panel.texts if text.arrow_patch is not None]
        assert len(arrows) > 15
        for arrow in arrows:
            begin, end = np.array(arrow.xyann), np.array(arrow.xy)
            velocity, step = matrix @ begin, end - begin
            assert velocity @ step > 0.99 * np.linalg.norm(velocity) * np.linalg.norm(step)


# -- how it looks ---


def texts(name: str, width: float) -> Iterator[Any]:
    """Run through all that is written and seen."""
    found = canvas(name, width)
    yield from found.texts
    for panel in found.axes:
        yield from (text for text in panel.texts if text.get_text())
        yield from (panel.xaxis.label, panel.yaxis.label, panel.title, panel._left_title)
        yield from (*panel.get_xticklabels(), *panel.get_yticklabels())


@each
def test_everything_written_is_inside_and_large_enough(name: str, width: float) -> None:
    found = canvas(name, width)
    renderer = _renderer(found)
    across, up = width * MM * 72, FIGURES[name].heights[width] * MM * 72
    for text in texts(name, width):
        if text.get_text():
            box = text.get_window_extent(renderer)
            assert box.x0 > 0, text
            assert box.y0 > 0, text
            assert box.x1 < across, text
            assert box.y1 < up, text
            assert text.get_fontsize() >= (6.5 if text in found.texts else 8), text


def _renderer(found: Any) -> Any:
    agg: Any = matplotlib.backends.backend_agg
    return agg.FigureCanvasAgg(found).get_renderer()


@each
def test_labels_do_not_cover_each_other(name: str, width: float) -> None:
    renderer = _renderer(canvas(name, width))
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in texts(name, width) if text.get_text()]
    for number, (first, box) in enumerate(boxes):
        for second, other in boxes[:number]:
            apart = box.x0 >= other.x1 or other.x0 >= box.x1 or box.y0 >= other.y1 or other.y0 >= box.y1
            assert apart, (first, second)


def luminance(colour: Any) -> float:
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in matplotlib.colors.to_rgb(colour)
    )
    return float(0.2126 * red + 0.7152 * green + 0.0722 * blue)


@each
def test_text_is_dark_enough_to_be_read(name: str, width: float) -> None:
    for text in texts(name, width):
        assert 1.05 / (luminance(text.get_color()) + 0.05) > 4.5, text  # WCAG's contrast on white


@each
def test_the_theorems_stand_in_the_picture(name: str, width: float) -> None:
    (small,) = canvas(name, width).texts
    assert all(theorem in small.get_text() for theorem in FIGURES[name].theorems)
