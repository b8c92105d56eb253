"""What is drawn is what was computed, no more and no less; files are the same each time, and readable by all."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from symmix.cli import main
from symmix.errors import UsageError
from symmix.figures import FIGURES, render, write
from symmix.figures.sizes import COLUMN, PAGE
from symmix.figures.writing import WIDTHS

matplotlib = pytest.importorskip("matplotlib", reason="Matplotlib is not installed: the figures are not drawn")
pytest.importorskip("matplotlib.figure")
pytest.importorskip("matplotlib.backends.backend_agg")

from symmix.figures.drawing.style import MM, STYLE, write_theorems  # noqa: E402  # after the skip

ROOT = Path(__file__).parent.parent
README_PICTURE = ROOT / "docs" / "unseen-loop.svg"
SVG = "{http://www.w3.org/2000/svg}"
DRAWN = [(name, width) for name, figure in FIGURES.items() for width in figure.heights]
each = pytest.mark.parametrize(("name", "width"), DRAWN, ids=lambda part: f"{part}")
named = pytest.mark.parametrize("name", FIGURES)
printed = pytest.mark.parametrize("name", ["gradient-floor", "mixing-graph"])

Curve = tuple[tuple[float, float], ...]


@cache
def canvas(name: str, width: float) -> Any:
    """Return a figure of Matplotlib with everything on it."""
    figure = FIGURES[name]
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(STYLE)
        found = matplotlib.figure.Figure(figsize=(width * MM, figure.heights[width] * MM), dpi=72)
        figure.draw(found, numbers(name))
        write_theorems(found, figure.theorems)
        found.draw_without_rendering()  # puts the labels of axes where they belong
    return found


def numbers(name: str) -> Any:
    """Return what it shows."""
    return FIGURES[name].numbers()


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


EXPECTED = {
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


# -- files ---


@cache
def content(name: str, suffix: str = ".svg") -> bytes:
    """Return a file, drawn once."""
    return render(name, suffix)


@named
def test_svg_is_valid_and_says_what_it_shows(name: str) -> None:
    root = ET.fromstring(content(name))  # noqa: S314  # our own file
    title, words = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert words is not None
    assert (title.text, words.text) == (FIGURES[name].title, FIGURES[name].caption)
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {words.get('id')}"
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    used = {
        value for element in root.iter() for key, value in element.items() if key.endswith("href") and value[0] == "#"
    }
    assert {reference[1:] for reference in used} <= set(ids)
    assert not list(root.iter(f"{SVG}text"))  # letters are outlines: no font has to be there
    background = next(root.iter(f"{SVG}path"))
    assert "fill: #ffffff" in str(background.get("style"))
    width, height = (float(str(root.get(side)).removesuffix("pt")) for side in ("width", "height"))
    across, up = next(iter(FIGURES[name].heights.items()))
    assert np.allclose([width, height], [across * 72 / 25.4, up * 72 / 25.4])


@named
def test_svg_has_the_points_where_the_numbers_put_them(name: str) -> None:
    """The paths of the file, shortened as they are, lie on the drawn lines; and every marker of a line is there."""
    root = ET.fromstring(content(name))  # noqa: S314  # our own file
    width = next(iter(FIGURES[name].heights))
    found, height = canvas(name, width), FIGURES[name].heights[width] * MM * 72
    paths = [_coordinates(str(path.get("d"))) for path in root.iter(f"{SVG}path") if path.get("d")]
    uses = np.array(
        [[float(use.get("x", 0)), float(use.get("y", 0))] for use in root.iter(f"{SVG}use") if use.get("x")]
    )
    looked_at = 0
    for panel in found.axes:
        for line in panel.get_lines():
            at = panel.transData.transform(np.column_stack(line.get_data(orig=False)))
            at[:, 1] = height - at[:, 1]
            inside = at if line.get_marker() in ("None", None, "") else at[:0]
            if line.get_marker() not in ("None", None, ""):
                looked_at += len(at)
                assert all(np.abs(uses - point).sum(axis=1).min() < 0.02 for point in at)
            if len(inside) > 2 and line.get_linestyle() != "None":
                looked_at += 1
                assert any(len(path) > 1 and _on(path, inside) for path in paths), line
    assert looked_at >= 5


def _coordinates(path: str) -> Any:
    numbers = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", path)]
    return np.array(numbers[: len(numbers) // 2 * 2]).reshape(-1, 2)


def _on(path: Any, points: Any) -> bool:
    """Whether a path has the ends of a line, and each of its points lies on the line."""
    if np.abs(path[[0, -1]] - points[[0, -1]]).max() > 0.05:
        return False
    begin, step = points[:-1], np.diff(points, axis=0)
    lengths = np.maximum((step**2).sum(axis=1), 1e-12)
    share = np.clip(((path[:, None] - begin) * step).sum(axis=2) / lengths, 0, 1)
    return bool(np.linalg.norm(path[:, None] - begin - share[..., None] * step, axis=2).min(axis=1).max() < 0.1)


@printed
def test_pdf_is_one_page_without_a_date(name: str) -> None:
    pdf = content(name, ".pdf")
    assert pdf.startswith(b"%PDF-")
    assert pdf.rstrip().endswith(b"%%EOF")
    assert pdf.count(b"/Type /Page ") == 1
    assert b"Date" not in pdf
    across, up = next(iter(FIGURES[name].heights.items()))
    (box,) = re.findall(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", pdf)
    assert np.allclose([float(side) for side in box], [across * 72 / 25.4, up * 72 / 25.4], atol=0.01)


@printed
def test_png_has_300_dots_an_inch_and_no_date(name: str) -> None:
    png = content(name, ".png")
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    across, up = next(iter(FIGURES[name].heights.items()))
    size = [int.from_bytes(png[16:20]), int.from_bytes(png[20:24])]
    assert np.allclose(size, [across * 300 / 25.4, up * 300 / 25.4], atol=1)
    assert b"tIME" not in png
    assert FIGURES[name].title.encode() in png


def test_another_process_writes_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "matplotlibrc").write_text("lines.linewidth: 9\nfont.size: 30\nsvg.fonttype: none\naxes.grid: True\n")
    files = [*((name, ".svg") for name in FIGURES), ("gradient-floor", ".pdf"), ("gradient-floor", ".png")]
    program = (
        "import hashlib, symmix.figures as f;"
        f"print(*(hashlib.sha256(f.render(*file)).hexdigest() for file in {files!r}))"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == [hashlib.sha256(content(*file)).hexdigest() for file in files]


def test_the_readers_settings_stay_as_they_are() -> None:
    with matplotlib.rc_context({"lines.linewidth": 9, "svg.fonttype": "none"}):
        before = dict(matplotlib.rcParams)
        changed = render("pair-average")
        assert dict(matplotlib.rcParams) == before
    assert changed == content("pair-average")


def test_widths_differ() -> None:
    column, page = (render("gradient-floor", width=width) for width in WIDTHS)
    assert column != page
    assert page == content("gradient-floor")


def test_the_readmes_picture_is_small_and_made_by_the_command() -> None:
    committed = README_PICTURE.read_bytes()
    assert len(committed) < 60_000
    found = re.search(rb"<dc:title>symmix figure, Matplotlib ([\d.]+)</dc:title>", committed)
    assert found is not None
    made_by = found[1].decode()
    if made_by != matplotlib.__version__:
        pytest.skip(f"drawn by Matplotlib {made_by}; {matplotlib.__version__} may set a label elsewhere")
    assert committed == content("unseen-loop")


# -- the command ---


def test_command_writes_where_it_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "new" / "picture.pdf"
    assert main(["figure", "gradient-floor", "-o", str(path), "--width", "column"]) == 0
    out, err = capsys.readouterr()
    assert (out, err) == ("", f"{path}\n")
    assert path.read_bytes() == render("gradient-floor", ".pdf", width="column")
    assert [file.name for file in path.parent.iterdir()] == ["picture.pdf"]


def test_command_names_the_file_after_the_figure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["figure", "pair-average"]) == 0
    assert capsys.readouterr().err == "pair-average.svg\n"
    assert (tmp_path / "pair-average.svg").read_bytes() == content("pair-average")


def test_command_overwrites_when_it_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "here.svg"
    path.write_text("mine")
    assert main(["figure", "pair-average", "-o", str(path)]) == 2
    assert "a file that does not exist yet" in capsys.readouterr().err
    assert path.read_text() == "mine"
    assert main(["figure", "pair-average", "-o", str(path), "--force"]) == 0
    assert path.read_bytes() == content("pair-average")


def test_a_folder_that_cannot_be_made_is_an_error_of_use(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="a file that can be written to"):
        write("pair-average", tmp_path / "file" / "picture.svg")


def test_what_cannot_be_written_whole_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "here.svg"
    path.write_text("mine")

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(UsageError, match="No space left on device"):
        write("pair-average", path, force=True)
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("here.svg", "mine")]


def test_a_file_may_be_read_by_those_whom_the_mask_allows(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.write_text("")
    assert write("pair-average", tmp_path / "picture.svg").stat().st_mode == plain.stat().st_mode


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "folder.svg").mkdir()
    with pytest.raises(UsageError, match="which is a folder"):
        write("pair-average", tmp_path / "folder.svg", force=True)
