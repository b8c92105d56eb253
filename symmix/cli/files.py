"""Writing files: all of them or none, whole, and never over what is there without being told so."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from symmix.errors import UsageError

LIST = ".symmix-files"  # what an export wrote into its folder: those of its files that a later one lacks are removed


def write_whole(folder: Path, files: Mapping[str, str | bytes], *, force: bool, replaces: bool = False) -> None:
    """Write files into a folder, all of them or none; a new folder appears at once with everything in it.

    Parameters
    ----------
    folder
        Where they go.
    files
        Contents by name; a name may have folders in it, ``theorems/name.html``.
    force
        Whether files of these names may be overwritten.
    replaces
        Whether they take the place of those that were written with ``replaces`` before: what is in the folder's list
        and not among them is removed. Files of anybody else stay.

    Raises
    ------
    UsageError
        If files of these names are there already and ``force`` is not given, or the folder cannot be written to.
    """
    reject_losses(folder, files, force=force)
    stale = list(_stale(folder, files)) if replaces and folder.exists() else []
    listed = {LIST: "".join(f"{name}\n" for name in files)} if replaces else {}
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise _unwritable(folder, error) from error
    try:
        for name, content in {**files, **listed}.items():
            _write(temporary / name, content)
        if folder.exists():
            for name in [*files, *listed]:  # each of them whole
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (temporary / name).replace(folder / name)
            for path in stale:
                path.unlink(missing_ok=True)
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


def _stale(folder: Path, files: Mapping[str, str | bytes]) -> Iterator[Path]:
    """Run through what an earlier export wrote and this one does not; a list that was tampered with names nothing."""
    try:
        names = (folder / LIST).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return
    for name in names:
        inside = not PurePosixPath(name).is_absolute() and ".." not in PurePosixPath(name).parts
        if inside and name not in files and (folder / name).is_file():
            yield folder / name


def _write(path: Path, content: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def _unwritable(folder: Path, error: OSError) -> UsageError:
    return UsageError("a folder that can be written to", f"{folder}: {error.strerror}", "name another one")


def _umask() -> int:
    """Return the mask; Python can only read it by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
