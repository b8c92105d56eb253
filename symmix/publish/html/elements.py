"""Elements of HTML as text."""

from __future__ import annotations

from html import escape as _escape

VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "wbr"})


def escape(words: str) -> str:
    """Return words that mean nothing else in HTML."""
    return _escape(words, quote=False)


def element(tag: str, *inside: str, **attributes: str | int | bool | None) -> str:
    """Return an element around markup; ``class_`` is ``class``, ``data_name`` is ``data-name``, True has no value.

    >>> element("a", escape("A & B"), href="a.html", class_="x", hidden=True)
    '<a href="a.html" class="x" hidden>A &amp; B</a>'
    """
    written = "".join(_attribute(name, value) for name, value in attributes.items())
    return f"<{tag}{written}>" if tag in VOID else f"<{tag}{written}>{''.join(inside)}</{tag}>"


def _attribute(name: str, value: str | int | bool | None) -> str:  # noqa: FBT001 - a value, not an option
    if value is None or value is False:
        return ""
    spelled = name.rstrip("_").replace("_", "-")
    return f" {spelled}" if value is True else f' {spelled}="{_escape(str(value))}"'


def link(words: str, address: str) -> str:
    """Return a link with plain words."""
    return element("a", escape(words), href=address)


def listed(items: list[str], tag: str = "ul", **attributes: str) -> str:
    """Return a list of markup; nothing if there is none."""
    return element(tag, *(element("li", item) for item in items), **attributes) if items else ""


def joined(items: list[str]) -> str:
    """Return ``a, b and c``."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""
