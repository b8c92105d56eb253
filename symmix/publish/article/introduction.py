"""Text that was written by hand, for print: paragraphs, headings, citations, references to theorems, formulas."""

from __future__ import annotations

import re
from collections.abc import Mapping

from symmix.printing.prose import Prose
from symmix.printing.symbols import PAPER
from symmix.publish.bibliography import sources
from symmix.publish.markup import LatexMarkup

_MARK = re.compile(r"`(?P<theorem>\w+)`|\[@(?P<source>[\w-]+)\]")


def mentioned(text: str) -> set[str]:
    """Return the ids of the theorems that a text refers to."""
    return {match["theorem"] for match in _MARK.finditer(text) if match["theorem"]}


def cited(text: str) -> set[str]:
    """Return the keys of the sources that a text refers to."""
    return {match["source"] for match in _MARK.finditer(text) if match["source"] in sources()}


def latex(text: str, references: Mapping[str, str]) -> str:
    """Return a text as LaTeX.

    Paragraphs are parted by empty lines, ``## `` begins a heading, a theorem's id stands between backticks, and a
    source is cited as ``[@key]``.
    """
    return "\n\n".join(_block(block, references) for block in re.split(r"\n{2,}", text.strip()))


def _block(block: str, references: Mapping[str, str]) -> str:
    if block.startswith("## "):
        return rf"\subsection*{{{_words(block[3:], references)}}}"
    return _words(block, references)


def _words(text: str, references: Mapping[str, str]) -> str:
    prose = Prose(PAPER, LatexMarkup().escape, references)
    out, place = "", 0
    for match in _MARK.finditer(text):
        between = text[place : match.start()]
        out += _spaced(prose, between)
        out += prose(match["theorem"]) if match["theorem"] else rf"\cite{{{match['source']}}}"
        place = match.end()
    return out + _spaced(prose, text[place:])


def _spaced(prose: Prose, text: str) -> str:
    """Return words with the space that stands around them."""
    before, after = (" " if space else "" for space in (text[:1].isspace(), text[-1:].isspace() and text.strip()))
    return f"{before}{prose(text)}{after}" if text.strip() else before
