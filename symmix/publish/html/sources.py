"""The sources on a page: short where they are cited, whole in a list, with an address where they have one."""

from __future__ import annotations

import re
from collections.abc import Iterable

from symmix.publish.bibliography import markdown_entry, sources
from symmix.publish.html.elements import element, escape, listed


def citation(key: str) -> str:
    """Return a source where it is cited: its first author and year."""
    fields = sources()[key]
    first, *others = fields["author"].split(" and ")
    name = _plain(first).rsplit(" ", 1)[-1]
    words = f"{name}{' et al.' if others else ''} {fields['year']}"
    return element("a", escape(words), href=address(key)) if address(key) else escape(words)


def address(key: str) -> str:
    """Return where a source is found on the web; empty if nothing is known."""
    fields = sources()[key]
    return f"https://arxiv.org/abs/{fields['eprint']}" if "eprint" in fields else fields.get("url", "")


def bibliography(keys: Iterable[str]) -> str:
    """Return the sources that are cited, in the order of the file."""
    wanted = set(keys)
    return listed([_entry(key) for key in sources() if key in wanted], class_="sources")


def _entry(key: str) -> str:
    words = markdown_entry(key).partition("** ")[2]
    shown = re.sub(r"\*(.*)\*", lambda match: element("cite", match[1]), escape(words))
    found = address(key)
    return f"{shown} {element('a', escape(found), href=found)}" if found else shown


def _plain(words: str) -> str:
    return re.sub(r"[{}\\']", "", words)
