"""Files of text: what is read of them, and the errors in them with what stands there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, cast

from symmix.checking.forms import contents, read
from symmix.checking.report import pointed
from symmix.errors import SymmixError, UsageError
from symmix.language.outward import Outward, symbols_of
from symmix.objectives import Objective
from symmix.reading import Chain, ReadingError, Stated, Told
from symmix.reading import Derivation as Text
from symmix.terms.meanings import Names
from symmix.textual.written import Written, place_of
from symmix.theorems import Script

_SHOWN = 10  # errors of one file


class TextError(SymmixError):
    """Lines of a theorem file that are not understood, each with what stands there."""

    def __init__(self, errors: Sequence[ReadingError], path: Path, lines: Sequence[str]) -> None:
        first = errors[0]
        super().__init__(first.required, first.arrived, first.remedy)
        self.errors, self.path, self.lines = errors, path, lines

    def __str__(self) -> str:
        told = [self._told(error) for error in self.errors[:_SHOWN]]
        if len(self.errors) > _SHOWN:
            told.append(f"and {len(self.errors) - _SHOWN} more: symmix check {self.path} shows them all")
        return "\n".join(told)

    def _told(self, error: ReadingError) -> str:
        line, column = error.place.line, error.place.column
        said = SymmixError(error.required, error.arrived, error.remedy)
        return "\n".join([f"{self.path}:{line}:{column}", *pointed(self.lines, line, column), str(said)])


def text_of(path: Path) -> Text:
    """Return what was read of a file, every line of which was understood.

    Raises
    ------
    TextError
        With every line that was not.
    UsageError
        If it cannot be read as text at all, or is too long.
    """
    found = read(contents(path), path.suffix.removeprefix("."))
    if found.faults:
        raise TextError(found.faults, path, found.lines)
    return found


def scripts_of(path: Path) -> list[Script]:
    """Return the theorems of a file; a derivation without a word about theorems is one."""
    text = text_of(path)
    try:
        return [Written(told, parts, path).script() for told, parts in _theorems(text)]
    except ReadingError as error:
        raise TextError([error], path, text.lines) from error


def objectives_of(path: Path) -> dict[str, Objective]:
    """Return the scalars that a file defines, by name, with what is declared to depend on one symbol.

    Raises
    ------
    TextError, UsageError
        As :func:`text_of`; if derivatives by several symbols are declared.
    """
    found: dict[str, Objective] = {}
    for told in text_of(path).theorems:
        context = told.context
        names = Names.of([], (), context.definitions)
        depending = [x for x in context.dependences if {x.of.name, x.by.name} <= names.symbols.keys() | {x.by.name}]
        trees = [node for x in depending for node in (x.of, x.by, x.value)]
        out = Outward(symbols_of(Names.of(trees, (), context.definitions), context.whole))
        definitions = {out.symbols[x.name]: out.matrix(v) if x.axes else out(v) for x, v in context.definitions}
        by = {out.symbols[x.by.name] for x in depending}
        if len(by) > 1:
            named = ", ".join(sorted(str(symbol) for symbol in by))
            raise UsageError("declared derivatives by one symbol", f"by {named} in {path}", "leave the others out")
        more: dict[str, Any] = {"jacobians": {out.symbols[x.of.name]: out.slope(x.of, x.value) for x in depending}}
        if by:
            more["parameters"] = by.pop()
        for symbol, _ in (pair for pair in context.definitions if not pair[0].axes):
            own = out.symbols[symbol.name]
            first = {own: definitions[own], **definitions}
            found[symbol.name] = Objective(symbol.name, first, **more)
    return found


def _theorems(text: Text) -> Iterator[tuple[Told, Sequence[Chain | Stated]]]:
    """Run through the theorems with their statements and chains."""
    parts = cast("Sequence[Chain | Stated]", text.parts)
    ends = [*(told.begin for told in text.theorems[1:]), len(parts)]
    for told, end in zip(text.theorems, ends, strict=True):
        if told.name or len(text.theorems) == 1:
            yield told, parts[told.begin : end]
        elif end:
            remedy = "move it behind a line theorem NAME: ..., declarations alone are for all of them"
            raise ReadingError(place_of(parts[0]), "statements that belong to a theorem", "one above the first", remedy)
