"""Verdicts of earlier runs, in the user's cache folder: one file a theorem, never trusted, and never needed.

An entry is found by a key, in which everything is that the verdict could depend on: what is stated and what helps to
prove it, every source file of symmix, and the interpreter with its SymPy. It holds evidence, which the second checker
has to accept again (see :mod:`symmix.remembering`). An entry that cannot be read, or is not accepted, is as good as
none; a folder that cannot be written to is none.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
import zlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import sympy

from symmix import __version__
from symmix.errors import within
from symmix.remembering import entry, identity, recalled
from symmix.theorems import Outcome, Script, Stated

FOLDER = "SYMMIX_CACHE"  # the variable that names another folder
_SUFFIX = ".symmix"
_UNFINISHED = ".unfinished"  # what an interrupted run may leave behind
_MOST = 4000  # entries; most have less than a kilobyte
_LARGEST = 10_000_000  # characters of an entry


@dataclass(frozen=True)
class Cache:
    """A folder of entries, made and used by the same machinery: symmix as it stands, the interpreter and SymPy."""

    folder: Path
    machinery: tuple[str, ...]

    def outcome(self, script: Script) -> Outcome:
        """Return what came of a theorem in an earlier run, if the second checker agrees; else decide it."""
        with within(script.place):
            stated = script.stated()
            text = _read(self._path(script, stated))
            found = None if text is None else recalled(script, stated, text)
        return found or script.prove(stated)

    def keep(self, outcome: Outcome) -> None:
        """Keep what was proved in this run for another one, if that can be."""
        text = entry(outcome)
        if text is not None and len(text) < _LARGEST:
            with suppress(OSError):
                _write(self._path(outcome.script, outcome), zlib.compress(text.encode()))

    def _path(self, script: Script, stated: Stated | Outcome) -> Path:
        """Return the file of a theorem's entry: another one whenever the verdict could be another one."""
        key = json.dumps([identity(script, stated), self.machinery])
        return self.folder / f"{hashlib.sha256(key.encode()).hexdigest()}{_SUFFIX}"


def proved(script: Script, cache: Cache | None, *, anew: bool) -> Outcome:
    """Return what comes of a theorem, by an earlier run's evidence if there is any and it is not decided ``anew``."""
    outcome = script.prove() if cache is None or anew else cache.outcome(script)
    if cache is not None:
        cache.keep(outcome)
    return outcome


def users_cache() -> Cache | None:
    """Return the user's cache, where the system wants it to be; none without a home, or without sources to compare."""
    modules = sorted(Path(__file__).parent.parent.rglob("*.py"))
    try:
        folder = Path(os.environ[FOLDER]) if os.environ.get(FOLDER) else _caches() / "symmix"
    except RuntimeError:
        return None
    machinery = (__version__, _digest(modules), sys.version, sys.implementation.name, sympy.__version__)
    return Cache(folder, machinery) if modules else None


def _caches() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def _digest(modules: Iterable[Path]) -> str:
    """Return a digest of modules: a checkout never uses the verdicts of what it was before."""
    whole = hashlib.sha256()
    for path in modules:
        content = path.read_bytes()
        whole.update(f"{path.name} {len(content)}\n".encode() + content)
    return whole.hexdigest()


# -- files ---


def _read(path: Path) -> str | None:
    """Return the text of an entry, unless it cannot be read; what is read is not too old to be kept."""
    try:
        unpacked = zlib.decompressobj()
        with path.open("rb") as file:
            text = unpacked.decompress(file.read(_LARGEST), _LARGEST).decode()
        if not unpacked.eof:
            return None
        os.utime(path)
    except (OSError, zlib.error, UnicodeDecodeError):
        return None
    return text


def _write(path: Path, content: bytes) -> None:
    """Write an entry at once, whoever else does so, and make room for it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(suffix=_UNFINISHED, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except OSError:
        with suppress(OSError):
            Path(name).unlink()
        raise
    _make_room(path.parent)


def _make_room(folder: Path) -> None:
    """Where there are too many entries, remove a quarter: those that were not used for longest."""
    names = [name for name in os.listdir(folder) if name.endswith((_SUFFIX, _UNFINISHED))]
    if len(names) <= _MOST:
        return
    used = []
    for name in names:
        with suppress(OSError):  # another run may have removed it
            used.append(((folder / name).stat().st_mtime, name))
    for _, name in sorted(used)[: len(names) - _MOST * 3 // 4]:
        with suppress(OSError):
            (folder / name).unlink()
