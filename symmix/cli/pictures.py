"""The figures that belong to theorems, for paper and the site: drawn by an extra that need not be installed."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from symmix.errors import UsageError
from symmix.publish.telling import Picture


def pictures(ids: Sequence[str], suffix: str = ".pdf", only: Collection[str] | None = None) -> dict[Picture, bytes]:
    """Return the figures of theorems, all of them or some, as files of a suffix.

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
            if shown and (only is None or name in only):
                path = Path(folder) / f"{name}{suffix}"
                figures.write(name, path)
                found[Picture(path.name, figure.title, figure.caption, shown[-1])] = path.read_bytes()
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
