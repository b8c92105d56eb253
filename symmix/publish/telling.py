"""A text that was written by hand, in which theorems and figures stand where it says; LaTeX and the site tell it.

Paragraphs are parted by empty lines, ``## `` begins a heading, a theorem's id stands between backticks, and a source
is cited as ``[@key]``. A block ``{{id: label; label}}`` states a theorem with the claims of these labels,
``{{figures: a, b; c}}`` shows figures in columns, a and b below each other and c beside them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from symmix.errors import NotationError
from symmix.publish.bibliography import sources
from symmix.theorems import Outcome

MARK = re.compile(r"`(?P<theorem>[\w|]+)`|\[@(?P<source>[\w-]+)\]")
_SHOWN = re.compile(r"\{\{(?P<name>\w+): (?P<which>.*)\}\}")
_FIGURES = "figures"


@dataclass(frozen=True)
class Words:
    """A paragraph, or a heading; ``speaker`` is the theorem whose symbols it uses, empty for the legend's."""

    text: str
    heading: bool = False
    speaker: str = ""


@dataclass(frozen=True)
class Stated:
    """A theorem, with the claims that it is stated with."""

    theorem: str
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Shown:
    """Figures in columns."""

    columns: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Picture:
    """A figure that stands behind a theorem."""

    file: str
    title: str
    caption: str
    theorem: str


Block = Words | Stated | Shown


def titled(text: str) -> tuple[str, str]:
    """Return the title of a text, its first line, and what stands below it."""
    heading, _, body = text.partition("\n")
    return heading.removeprefix("# "), body


def blocks(text: str) -> list[Block]:
    """Return the blocks of a text without its title.

    A paragraph spells its symbols as the next theorem does, or the last one under the same heading.
    """
    written = [_block(block) for block in re.split(r"\n{2,}", text.strip())]
    return [
        Words(block.text, block.heading, _speaker(written, place)) if isinstance(block, Words) else block
        for place, block in enumerate(written)
    ]


def _block(text: str) -> Block:
    match = _SHOWN.fullmatch(text)
    if match is None:
        return Words(text.removeprefix("## "), text.startswith("## "))
    if match["name"] != _FIGURES:
        return Stated(match["name"], tuple(match["which"].split("; ")))
    return Shown(tuple(tuple(column.split(", ")) for column in match["which"].split("; ")))


def _speaker(written: list[Block], place: int) -> str:
    for others in (written[place + 1 :], written[:place][::-1]):
        for block in others:
            if isinstance(block, Words) and block.heading:
                break
            if isinstance(block, Stated):
                return block.theorem
    return ""


def theorems(text: str) -> list[str]:
    """Return the ids of the theorems that a text states, in its order."""
    return [block.theorem for block in blocks(text) if isinstance(block, Stated)]


def figures(text: str) -> list[str]:
    """Return the names of the figures that a text shows, in its order."""
    return [name for block in blocks(text) if isinstance(block, Shown) for column in block.columns for name in column]


def mentioned(text: str) -> set[str]:
    """Return the ids of the theorems that a text refers to."""
    return {match["theorem"] for match in MARK.finditer(text) if match["theorem"]}


def cited(text: str) -> set[str]:
    """Return the keys of the sources that a text refers to."""
    return {match["source"] for match in MARK.finditer(text) if match["source"] in sources()}


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """Run through words: ``("words", ...)``, ``("theorem", id)`` and ``("source", key)``."""
    place = 0
    for match in MARK.finditer(text):
        yield "words", text[place : match.start()]
        yield ("theorem", match["theorem"]) if match["theorem"] else ("source", match["source"])
        place = match.end()
    yield "words", text[place:]


def require(block: Stated, outcome: Outcome | None) -> Outcome:
    """Return the theorem that a text states.

    Raises
    ------
    NotationError
        If the theorem, or one of the claims, is not there.
    """
    if outcome is None:
        raise NotationError("a theorem to state", f"{block.theorem!r} in the text", "name one that is proved")
    missing = set(block.labels) - {label for label, _ in outcome.document.claims}
    if missing:
        asked = f"{', '.join(sorted(missing))} in the text"
        raise NotationError(f"claims of {block.theorem}", asked, "use its own labels")
    return outcome
