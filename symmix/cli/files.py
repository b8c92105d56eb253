"""Writing files: all of them or none, whole, and never over what is there without being told so."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from symmix.errors import UsageError


def write_whole(folder: Path, files: Mapping[str, str | bytes], *, force: bool) -> None:
    """Write files into a folder, all of them or none; a new folder appears at once with everything in it.

    Raises
    ------
    UsageError
        If files of these names are there already and ``force`` is not given, or the folder cannot be written to.
    """
    reject_losses(folder, files, force=force)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise _unwritable(folder, error) from error
    try:
        for name, content in files.items():
            if isinstance(content, bytes):
                (temporary / name).write_bytes(content)
            else:
                (temporary / name).write_text(content, encoding="utf-8", newline="\n")
        if folder.exists():
            for name in files:  # each of them whole
                (temporary / name).replace(folder / name)
        else:
            temporary.chmod(0o777 & ~_umask())
            temporary.rename(folder)
    except OSError as error:
        raise _unwritable(folder, error) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def reject_losses(folder: Path, names: Iterable[str], *, force: bool) -> None:
    """Refuse to write files of these names if that would overwrite something, before the work is done for them.

    Raises
    ------
    UsageError
        As :func:`write_whole`.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError("a folder to write to", f"{folder}, which is a file", "name another one")
    present = [name for name in names if (folder / name).exists()]
    if any((folder / name).is_dir() for name in present):
        raise UsageError("a folder without folders called like files", str(folder), "name another one")
    if present and not force:
        more = f" and {len(present) - 1} more" if len(present) > 1 else ""
        raise UsageError(
            "files that do not exist yet", f"{folder / present[0]}{more}", "name another folder, or add --force"
        )


def _unwritable(folder: Path, error: OSError) -> UsageError:
    return UsageError("a folder that can be written to", f"{folder}: {error.strerror}", "name another one")


def _umask() -> int:
    """Return the mask; Python can only read it by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
