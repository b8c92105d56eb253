"""The figures that belong to theorems, for a note or a booklet: drawn by an extra that need not be installed."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from symmix.errors import UsageError
from symmix.publish.article.article import Picture


def pictures(ids: Sequence[str]) -> dict[Picture, bytes]:
    """Return the figures of theorems as PDF.

    A figure of several theorems stands behind the last of them, so that all that it shows has been said.

    Raises
    ------
    UsageError
        If the extra is not installed.
    """
    figures = _figures()
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, figure in figures.FIGURES.items():
            shown = [identifier for identifier in ids if identifier in figure.theorems]
            if shown:
                path = Path(folder) / f"{name}.pdf"
                figures.write(name, path)
                found[Picture(path.name, figure.caption, shown[-1])] = path.read_bytes()
    return found


def _figures() -> Any:
    try:
        return import_module("symmix.figures")
    except ModuleNotFoundError as error:
        raise UsageError(
            "the extra that draws figures",
            f"no module {error.name}",
            "pip install 'symmix[figures]', or leave out --figures",
        ) from error
