"""Text that was written by hand, for print: paragraphs, headings, citations, references to theorems, formulas."""

from __future__ import annotations

import re
from collections.abc import Mapping

from symmix.printing.prose import Prose
from symmix.printing.symbols import PAPER
from symmix.publish import telling
from symmix.publish.markup import LatexMarkup

_SEVERAL = re.compile(r"`\w+`(?:,\s+`\w+`)+")


def latex(text: str, references: Mapping[str, str], symbols: Mapping[str, str] | None = None) -> str:
    """Return a text, in the form that `symmix.publish.telling` describes, as LaTeX.

    ``symbols`` spells names that are not the legend's.
    """
    found = [block for block in telling.blocks(text) if isinstance(block, telling.Words)]
    return "\n\n".join(written(block, references, symbols or {}) for block in found)


def written(block: telling.Words, references: Mapping[str, str], symbols: Mapping[str, str]) -> str:
    """Return a paragraph or a heading as LaTeX."""
    prose = Prose(PAPER, LatexMarkup().escape, references, symbols)
    words = _words(block.text, references, prose)
    return rf"\subsection*{{{words}}}" if block.heading else words


def _words(text: str, references: Mapping[str, str], prose: Prose) -> str:
    out = ""
    for kind, piece in telling.pieces(_SEVERAL.sub(lambda match: _together(match, references), text)):
        match kind:
            case "theorem":
                out += _referred(piece, references, prose)
            case "source":
                out += rf"\cite{{{piece}}}"
            case _:
                out += _spaced(prose, piece)
    return out


def _referred(names: str, references: Mapping[str, str], prose: Prose) -> str:
    first, *others = names.split("|")
    if not others:
        return prose(first)
    kind, _, number = references[first].partition("~")
    numbers = [number, *(references[name].partition("~")[2] for name in others)]
    return f"{kind}s~{', '.join(numbers[:-1])} and~{numbers[-1]}"


def _together(match: re.Match[str], references: Mapping[str, str]) -> str:
    """Return several theorems of one kind as one reference, protected like a single one: ``Theorems 8 and 9``."""
    names = re.findall(r"\w+", match.group())
    kinds = {references.get(name, name).partition("~")[0] for name in names}
    return match.group() if len(kinds) > 1 or not set(names) <= set(references) else f"`{'|'.join(names)}`"


def _spaced(prose: Prose, text: str) -> str:
    """Return words with the space that stands around them."""
    before, after = (" " if space else "" for space in (text[:1].isspace(), text[-1:].isspace() and text.strip()))
    return f"{before}{prose(text)}{after}" if text.strip() else before
