"""Finding theorems: those that come with symmix, and those in a user's files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from symmix.errors import StatementError, SymmixError, UsageError
from symmix.executing import module
from symmix.texts import SUFFIXES, has_theorems
from symmix.theorems import Script


def proofs_directory() -> Path:
    """Return the folder of the theorems that come with symmix: inside the wheel, beside the package in a checkout."""
    package = Path(__file__).parent
    inside = package / "proofs"
    return inside if inside.is_dir() else package.parent / "proofs"


@dataclass(frozen=True)
class Place:
    """Where a theorem stands; ``read`` is the theorem, if its file was executed to know what it holds."""

    path: Path
    id: str
    read: Script | None = None

    def script(self) -> Script:
        """Return the theorem; a file is executed once."""
        return self.read or next(script for script in _scripts(self.path) if script.id == self.id)


def load(paths: Sequence[Path] = (), wanted: Sequence[str] = ()) -> list[Script]:
    """Return the theorems of the given files and folders, or of the catalogue, whose id contains a wanted text.

    Raises
    ------
    UsageError
        If a path does not exist or holds no theorem. That nothing has a wanted id is no error: the list is empty.
    StatementError
        If a file cannot be executed, or two theorems have one id.
    """
    return [place.script() for place in located(paths, wanted)]


def attempt(paths: Sequence[Path] = (), wanted: Sequence[str] = ()) -> tuple[list[Script], Mapping[Path, SymmixError]]:
    """Return the theorems as :func:`load` does, and beside them the files that cannot be read, each with its error.

    Raises
    ------
    UsageError
        If a path does not exist, or a folder holds no file of theorems.
    StatementError
        If two theorems have one id.
    """
    if not paths:
        return [place.script() for place in _own(wanted)], {}
    scripts: list[Script] = []
    broken: dict[Path, SymmixError] = {}
    for path in _files(paths):
        try:
            scripts += _scripts(path)
        except SymmixError as error:
            broken[path] = error
    _reject_twins(scripts)
    return [script for script in scripts if _is_wanted(script.id, wanted)], broken


def places(paths: Sequence[Path] = (), wanted: Sequence[str] = ()) -> tuple[list[Place], Mapping[Path, SymmixError]]:
    """Return where theorems stand, found and refused as by :func:`attempt`; the catalogue's own are not executed."""
    if not paths:
        return _own(wanted), {}
    scripts, broken = attempt(paths, wanted)
    return [Place(script.path, script.id, script) for script in scripts], broken


def located(paths: Sequence[Path] = (), wanted: Sequence[str] = ()) -> list[Place]:
    """Return where theorems stand, found and refused as by :func:`load`; the catalogue's own are not executed."""
    found, broken = places(paths, wanted)
    for error in broken.values():
        raise error
    return found


def _own(wanted: Sequence[str]) -> list[Place]:
    """Return theorems of the catalogue, in its order; each has the name of its file."""
    files = [path for path in _files([proofs_directory()]) if _is_wanted(path.stem, wanted)]
    order = {name: place for place, name in enumerate(name for ids in chapters().values() for name in ids)}
    files.sort(key=lambda path: order.get(path.stem, len(order)))
    return [Place(path, path.stem) for path in files]


def _is_wanted(name: str, wanted: Sequence[str]) -> bool:
    return not wanted or any(text in name for text in wanted)


def chapters() -> dict[str, tuple[str, ...]]:
    """Return the catalogue's table of contents: the ids of each chapter, in order."""
    contents: dict[str, tuple[str, ...]] = _table("CHAPTERS")
    return contents


def text(name: str) -> str:
    """Return a text that was written by hand and comes with the catalogue: its introduction, the abstract of a note."""
    return (proofs_directory() / f"{name}.md").read_text(encoding="utf-8")


def _table(name: str) -> Any:
    """Return one of the tables that come with the catalogue."""
    return vars(module(proofs_directory() / "__init__.py"))[name]


def _files(paths: Iterable[Path]) -> list[Path]:
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            texts = (f for f in path.iterdir() if f.suffix in SUFFIXES and has_theorems(f))
            found = sorted(f for f in (*path.glob("*.py"), *texts) if not f.name.startswith("_"))
        elif path.is_file():
            found = [path]
        else:
            raise UsageError("a proof script or a folder of them", f"{path}, which does not exist", "check the path")
        if not found:
            arrived = f"{path}, without any .py file, and without a text that says theorem NAME: ..."
            raise UsageError("a folder with proof scripts", arrived, "name another folder")
        files.extend(found)
    return files


def _scripts(path: Path) -> list[Script]:
    if path.suffix in SUFFIXES:
        from symmix.textual import scripts_of  # noqa: PLC0415  # for theorems in text alone

        return scripts_of(path)
    found = [value for value in vars(module(path)).values() if isinstance(value, Script)]
    own = list({script.id: script for script in found if script.path.resolve() == path.resolve()}.values())
    if not own:
        raise UsageError(
            "a file with at least one theorem", f"{path}, which has none", "decorate a function with @theorem"
        )
    return own


def _reject_twins(scripts: Sequence[Script]) -> None:
    seen: dict[str, Script] = {}
    for script in scripts:
        other = seen.setdefault(script.id, script)
        if other is not script:
            raise StatementError(
                "one theorem for each id", f"{script.id} in {other.path} and in {script.path}", "rename one of them"
            )
