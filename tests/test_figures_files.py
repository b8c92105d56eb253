"""Figures as files: the same bytes each time, what was drawn is in them, and all can read them."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from symmix.cli import main
from symmix.errors import UsageError
from symmix.figures import FIGURES, render, write
from symmix.figures.drawing.style import MM
from symmix.figures.writing import WIDTHS
from tests.canvases import canvas, content, named, needed

matplotlib = needed()
ROOT = Path(__file__).parent.parent
README_PICTURE = ROOT / "docs" / "unseen-loop.svg"
SVG = "{http://www.w3.org/2000/svg}"
printed = pytest.mark.parametrize("name", ["gradient-floor", "mixing-graph"])


@named
def test_svg_is_valid_and_says_what_it_shows(name: str) -> None:
    root = ET.fromstring(content(name))  # our own file
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
    root = ET.fromstring(content(name))  # our own file
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


@pytest.mark.slow
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
