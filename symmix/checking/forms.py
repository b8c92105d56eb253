"""The forms in which a derivation comes: plain text, Markdown with fences, LaTeX, or JSON."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from symmix.checking.trees import from_document
from symmix.errors import UnsupportedError, UsageError
from symmix.reading import Derivation, lines_of, read_derivation, read_lines, read_paper
from symmix.texts import MAX_BYTES

_FENCE = re.compile(r"(`{3,}(?=[^`]*$)|~{3,})\s*\{?\.?(\w*).*")  # with the language, which other words may follow


def _markdown(text: str) -> Derivation:
    lines = lines_of(text)
    return read_lines(lines, fenced(lines))


FORMS: Mapping[str, Callable[[str], Derivation]] = {
    "txt": read_derivation,
    "md": _markdown,
    "tex": read_paper,
    "json": from_document,
}
"""How each form is read, by the suffix of its files."""


def contents(path: Path) -> str:
    """Return the text of a file.

    Raises
    ------
    UsageError
        If it cannot be read as text, or is too long.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UsageError(f"at most {MAX_BYTES} bytes", f"{path}", "make several files of it")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError("a file of text in UTF-8", f"{path}: {error}", "check the path") from error


def read(text: str, form: str) -> Derivation:
    """Return a derivation that was read in one of the forms."""
    if form not in FORMS:
        raise UnsupportedError(f"a derivation in one of the forms {', '.join(FORMS)}", form, "write it as plain text")
    return FORMS[form](text.removeprefix("\ufeff"))


def fenced(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Run through the lines that stand in code fences called symmix, with their numbers."""
    fence, ours = "", False
    for number, line in enumerate(lines, 1):
        mark = line.strip()
        if fence:
            if mark.startswith(fence) and not mark.strip(fence[0]):
                fence = ""
            elif ours:
                yield number, line
        elif (begin := _FENCE.fullmatch(mark)) is not None:
            fence, ours = begin[1], begin[2].lower() == "symmix"
