"""Text that was written by hand, for print: paragraphs, headings, citations, references to theorems, formulas."""

from __future__ import annotations

import re
from collections.abc import Mapping

from symmix.printing.prose import Prose
from symmix.printing.symbols import PAPER
from symmix.publish.bibliography import sources
from symmix.publish.markup import LatexMarkup

_SEVERAL = re.compile(r"`\w+`(?:,\s+`\w+`)+")
_MARK = re.compile(r"`(?P<theorem>[\w|]+)`|\[@(?P<source>[\w-]+)\]")


def mentioned(text: str) -> set[str]:
    """Return the ids of the theorems that a text refers to."""
    return {match["theorem"] for match in _MARK.finditer(text) if match["theorem"]}


def cited(text: str) -> set[str]:
    """Return the keys of the sources that a text refers to."""
    return {match["source"] for match in _MARK.finditer(text) if match["source"] in sources()}


def latex(text: str, references: Mapping[str, str], symbols: Mapping[str, str] | None = None) -> str:
    """Return a text as LaTeX.

    Paragraphs are parted by empty lines, ``## `` begins a heading, a theorem's id stands between backticks, and a
    source is cited as ``[@key]``. ``symbols`` spells names that are not the legend's.
    """
    prose = Prose(PAPER, LatexMarkup().escape, references, symbols or {})
    return "\n\n".join(_block(block, references, prose) for block in re.split(r"\n{2,}", text.strip()))


def _block(block: str, references: Mapping[str, str], prose: Prose) -> str:
    if block.startswith("## "):
        return rf"\subsection*{{{_words(block[3:], references, prose)}}}"
    return _words(block, references, prose)


def _words(text: str, references: Mapping[str, str], prose: Prose) -> str:
    text = _SEVERAL.sub(lambda match: _together(match, references), text)
    out, place = "", 0
    for match in _MARK.finditer(text):
        between = text[place : match.start()]
        out += _spaced(prose, between)
        out += _referred(match["theorem"], references, prose) if match["theorem"] else rf"\cite{{{match['source']}}}"
        place = match.end()
    return out + _spaced(prose, text[place:])


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
