"""Finding theorems: those that come with symmix, and those in a user's files."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from symmix.errors import StatementError, UsageError, place_of
from symmix.theorems import Script


def proofs_directory() -> Path:
    """Return the folder of the theorems that come with symmix: inside the wheel, beside the package in a checkout."""
    package = Path(__file__).parent
    inside = package / "proofs"
    return inside if inside.is_dir() else package.parent / "proofs"


def load(paths: Sequence[Path] = (), wanted: Sequence[str] = ()) -> list[Script]:
    """Return the theorems of the given files and folders, or of the catalogue, whose id contains a wanted text.

    Raises
    ------
    UsageError
        If a path does not exist or holds no theorem. That nothing has a wanted id is no error: the list is empty.
    StatementError
        If a file cannot be executed, or two theorems have one id.
    """
    scripts = [script for path in _files(paths or [proofs_directory()]) for script in _scripts(path)]
    _reject_twins(scripts)
    selected = [s for s in scripts if not wanted or any(text in s.id for text in wanted)]
    return sorted(selected, key=lambda s: _place(s, scripts)) if not paths else selected


def chapters() -> dict[str, tuple[str, ...]]:
    """Return the catalogue's table of contents: the ids of each chapter, in order."""
    contents: dict[str, tuple[str, ...]] = _table("CHAPTERS")
    return contents


def evidence(script: Script) -> tuple[str, ...]:
    """Return how a theorem of the catalogue is confirmed besides the kernel; nothing is known of other theorems."""
    if script.path.resolve().parent != proofs_directory().resolve():
        return ()
    known: dict[str, tuple[str, ...]] = _table("EVIDENCE")
    return known.get(script.id, ())


def kinds() -> dict[str, tuple[str, str]]:
    """Return the kinds of evidence, the kernel's first: what each is called, and how it confirms."""
    known: dict[str, tuple[str, str]] = _table("KINDS")
    return known


def text(name: str) -> str:
    """Return a text that was written by hand and comes with the catalogue: its introduction, the abstract of a note."""
    return (proofs_directory() / f"{name}.md").read_text(encoding="utf-8")


def _table(name: str) -> Any:
    """Return one of the tables that come with the catalogue."""
    return vars(module(proofs_directory() / "__init__.py"))[name]


def _place(script: Script, scripts: Sequence[Script]) -> int:
    order = [name for ids in chapters().values() for name in ids]
    return order.index(script.id) if script.id in order else len(order) + scripts.index(script)


def _files(paths: Iterable[Path]) -> list[Path]:
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            found = sorted(f for f in path.glob("*.py") if not f.name.startswith("_"))
        elif path.is_file():
            found = [path]
        else:
            raise UsageError("a proof script or a folder of them", f"{path}, which does not exist", "check the path")
        if not found:
            raise UsageError("a folder with proof scripts", f"{path}, without any .py file", "name another folder")
        files.extend(found)
    return files


def _scripts(path: Path) -> list[Script]:
    found = [value for value in vars(module(path)).values() if isinstance(value, Script)]
    own = list({script.id: script for script in found if script.path.resolve() == path.resolve()}.values())
    if not own:
        raise UsageError(
            "a file with at least one theorem", f"{path}, which has none", "decorate a function with @theorem"
        )
    return own


def module(path: Path) -> ModuleType:
    """Execute a proof script as Python would, under a name that no other module has."""
    name = "symmix_script_" + "".join(letter if letter.isalnum() else "_" for letter in str(path.resolve()))
    if name in sys.modules:
        return sys.modules[name]
    spec = spec_from_file_location(name, path)
    if not isinstance(spec, ModuleSpec) or spec.loader is None:
        raise UsageError("a Python file", str(path), "give it the ending .py")
    found = module_from_spec(spec)
    sys.modules[name] = found
    try:
        spec.loader.exec_module(found)
    except Exception as error:
        del sys.modules[name]
        raise StatementError(
            "a proof script that can be executed",
            f"{type(error).__name__} in {path}: {error}",
            f"see {place_of(error)}",
        ) from error
    return found


def _reject_twins(scripts: Sequence[Script]) -> None:
    seen: dict[str, Script] = {}
    for script in scripts:
        other = seen.setdefault(script.id, script)
        if other is not script:
            raise StatementError(
                "one theorem for each id", f"{script.id} in {other.path} and in {script.path}", "rename one of them"
            )
