"""The sources on a page: short where they are cited, whole in a list, with an address where they have one."""

from __future__ import annotations

from collections.abc import Iterable

from symmix.publish.bibliography import address, names, plain_entry, sources
from symmix.publish.html.elements import element, escape, listed


def citation(key: str) -> str:
    """Return a source where it is cited: its authors and year."""
    words = escape(names()[key])
    return element("a", words, href=address(key)) if address(key) else words


def bibliography(keys: Iterable[str]) -> str:
    """Return the sources that are cited, in the order of the file."""
    wanted = set(keys)
    return listed([_entry(key) for key in sources() if key in wanted], class_="sources")


def _entry(key: str) -> str:
    people, title, year = map(escape, plain_entry(key))
    found = address(key)
    link = f" {element('a', escape(found), href=found)}" if found else ""
    return f"{people}: {element('cite', title)} {year}.{link}"
