"""The forms in which a derivation comes: plain text, Markdown with fences, LaTeX, or JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from symmix.checking.trees import from_document
from symmix.errors import UnsupportedError
from symmix.reading import Derivation, read_derivation, read_lines, read_paper


def _markdown(text: str) -> Derivation:
    lines = text.splitlines()
    return read_lines(lines, fenced(lines))


FORMS: Mapping[str, Callable[[str], Derivation]] = {
    "txt": read_derivation,
    "md": _markdown,
    "tex": read_paper,
    "json": from_document,
}
"""How each form is read, by the suffix of its files."""


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
        elif mark.startswith(("```", "~~~")):
            fence = mark[: len(mark) - len(mark.lstrip(mark[0]))]
            ours = mark[len(fence) :].strip() == "symmix"
