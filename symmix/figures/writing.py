"""Pictures as files: the same bytes each time, whole or not at all, and over nothing without being told so."""

from __future__ import annotations

import io
import os
import re
import tempfile
from difflib import get_close_matches
from html import escape
from importlib.metadata import version
from pathlib import Path
from typing import Any

from symmix.errors import UsageError
from symmix.figures.catalogue import FIGURES, Figure
from symmix.figures.sizes import COLUMN, PAGE

SUFFIXES = (".svg", ".pdf", ".png")
WIDTHS = {"column": COLUMN, "page": PAGE}
DOTS_PER_INCH = 300
_PRODUCER = "symmix figure"


def look_up(name: str) -> Figure:
    """Return a picture by name.

    Raises
    ------
    UsageError
        If there is none of this name.
    """
    if name not in FIGURES:
        near = get_close_matches(name, FIGURES, 1, 0.4)
        raise UsageError(
            f"one of the figures {', '.join(FIGURES)}", name, f"did you mean {near[0]}?" if near else "name one of them"
        )
    return FIGURES[name]


def render(name: str, suffix: str = ".svg", *, width: str = "") -> bytes:
    """Draw a picture and return the file's bytes.

    Parameters
    ----------
    name
        One of `FIGURES`.
    suffix
        ``.svg``, ``.pdf`` or ``.png``.
    width
        ``column`` or ``page``; without one the picture's default.

    Raises
    ------
    UsageError
        If name, suffix or width is unknown, or Matplotlib is missing.
    """
    figure = look_up(name)
    size = _size(figure, width)
    _require_suffix(suffix)
    matplotlib = _matplotlib()
    from symmix.figures.drawing.style import MM, STYLE, write_theorems  # noqa: PLC0415  # with Matplotlib alone

    into = io.BytesIO()
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(STYLE)
        canvas = matplotlib.figure.Figure(figsize=(size[0] * MM, size[1] * MM))
        figure.draw(canvas, figure.numbers())
        write_theorems(canvas, figure.theorems)
        canvas.savefig(into, format=suffix[1:], dpi=DOTS_PER_INCH, metadata=_metadata(figure, suffix))
    return _readable(into.getvalue().decode(), figure).encode() if suffix == ".svg" else into.getvalue()


def write(name: str, path: Path | str, *, width: str = "", force: bool = False) -> Path:
    """Draw a picture into a file whose suffix says the format.

    Raises
    ------
    UsageError
        As `render`; if the file is there already and ``force`` is not given; if it cannot be written.
    """
    path = Path(path)
    look_up(name)
    _require_suffix(path.suffix)
    if path.is_dir():
        raise UsageError("a file to write to", f"{path}, which is a folder", f"add a name, such as {path / name}.svg")
    if path.exists() and not force:
        raise UsageError("a file that does not exist yet", str(path), "name another one, or add --force")
    content = render(name, path.suffix, width=width)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, content)
    except OSError as error:
        raise UsageError("a file that can be written to", f"{path}: {error.strerror}", "name another one") from error
    return path


def _replace(path: Path, content: bytes) -> None:
    """Write a file beside the one that is meant, and put it in its place."""
    descriptor, beside = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        mask = os.umask(0)
        os.umask(mask)
        Path(beside).chmod(0o666 & ~mask)
        Path(beside).replace(path)
    finally:  # gone if all went well
        Path(beside).unlink(missing_ok=True)


def _size(figure: Figure, width: str) -> tuple[float, float]:
    if width and width not in WIDTHS:
        raise UsageError(f"one of the widths {', '.join(WIDTHS)}", width, "name one of them")
    across = WIDTHS[width] if width else next(iter(figure.heights))
    if across not in figure.heights:
        has = [word for word, value in WIDTHS.items() if value in figure.heights]
        raise UsageError(f"a width that {figure.name} has: {', '.join(has)}", width, "leave it out")
    return across, figure.heights[across]


def _require_suffix(suffix: str) -> None:
    if suffix not in SUFFIXES:
        raise UsageError(f"a file whose name ends in {', '.join(SUFFIXES)}", suffix or "no ending", "add one of them")


def _matplotlib() -> Any:
    """Import Matplotlib: an extra, and nothing but pictures needs it."""
    try:
        import matplotlib.figure  # noqa: PLC0415
    except ImportError as error:
        raise UsageError(
            "Matplotlib, which draws the figures", f"no such package ({error})", "pip install 'symmix[figures]'"
        ) from error
    return matplotlib


def _metadata(figure: Figure, suffix: str) -> dict[str, Any]:
    """Say what the picture is, and not when it was made: equal pictures are equal files."""
    if suffix == ".png":
        return {"Title": figure.title, "Description": figure.caption, "Software": _PRODUCER}
    if suffix == ".pdf":
        subject = figure.caption
        return {
            "Title": figure.title,
            "Subject": subject,
            "Creator": _PRODUCER,
            "Producer": _PRODUCER,
            "CreationDate": None,
        }
    return {"Creator": f"{_PRODUCER}, Matplotlib {version('matplotlib')}", "Date": None}


def _readable(svg: str, figure: Figure) -> str:
    """Give an SVG a title and a description that screen readers read, and no more text than it takes."""
    head, opening, rest = svg.partition("<svg ")
    attributes, end, content = rest.partition(">\n")
    title, words = f"{figure.name}-title", f"{figure.name}-desc"
    role = f' role="img" aria-labelledby="{title} {words}"'
    text = f' <title id="{title}">{escape(figure.title)}</title>\n <desc id="{words}">{escape(figure.caption)}</desc>\n'
    content = re.sub(r'(?<= d=")[^"]*|(?<= transform=")[^"]*', lambda found: _shorter(found[0]), content)
    content = re.sub(r"STIX\w+-(\w)\w*-", r"\1", content)  # the names of glyphs, hundreds of times
    return head + opening + attributes + role + end + text + re.sub(r"\n +", "\n", content)


def _shorter(numbers: str) -> str:
    """Round coordinates to a hundredth of a point, far below what is seen or printed; scales keep their digits."""
    if "scale" not in numbers:
        numbers = re.sub(r"-?\d+\.\d+", lambda found: f"{float(found[0]):.2f}".rstrip("0").rstrip("."), numbers)
    return re.sub(r"\s*([MLQCz])\s*", r"\1", numbers)
