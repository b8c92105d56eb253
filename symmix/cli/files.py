"""Writing files: all of them or none, whole, and never over what is there without being told so."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile

from symmix.errors import UsageError


def write_files(folder: Path, files: Mapping[str, str], *, force: bool) -> None:
    """Write texts by file name into a folder, which is made if it is missing.

    Raises
    ------
    UsageError
        If a file is there already and ``force`` is not given, or the folder cannot be written to.
    """
    there = [name for name in files if (folder / name).exists()]
    if there and not force:
        raise UsageError(
            "files that are not there yet", f"{folder / there[0]}, and {len(there) - 1} more", "add --force"
        )
    written: list[tuple[str, Path]] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            with NamedTemporaryFile("w", dir=folder, prefix=".", delete=False, encoding="utf-8", newline="\n") as file:
                written.append((file.name, folder / name))
                file.write(text)
            os.chmod(file.name, 0o644)
        while written:  # everything is on disk; from here on a file is there whole
            os.replace(*written[-1])
            written.pop()
    except OSError as error:
        raise UsageError("a folder that can be written to", f"{folder}: {error}", "choose another one") from error
    finally:
        for temporary, _ in written:
            Path(temporary).unlink(missing_ok=True)
