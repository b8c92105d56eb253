"""What every page has: head, navigation, main part, foot."""

from __future__ import annotations

import re
from collections.abc import Sequence

from symmix.publish.html.elements import element, escape, link

STYLE, THEME, SCRIPT, ENTRIES = "style.css", "theme.js", "page.js", "entries.js"
FIGURES, DRAWN = "figures.js", "formulas.js"
_FORMULA = re.compile(r'(\(?)(?:<span class="inline">)?<math>(?:(?!<math>).)*?</math>(?:</span>)?([,.;:)?!]*)')


def page(
    title: str, main: str, *, navigation: Sequence[tuple[str, str]], here: str, scripts: Sequence[str] = ()
) -> str:
    """Return a whole page.

    Parameters
    ----------
    title
        What a browser shows in its tab.
    main
        The main part, as markup.
    navigation
        Words and addresses of the pages that every page links to.
    here
        The address of this page.
    scripts
        Scripts besides those of every page.
    """
    loaded = (ENTRIES, *scripts, SCRIPT)
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", escape(title)),
        element("link", rel="stylesheet", href=STYLE),
        element("link", rel="icon", href="data:,"),
        element("script", src=THEME),
        *(element("script", src=name, defer=True) for name in loaded),
    )
    body = element("body", _top(navigation, here), element("main", main, id="main", tabindex="-1"), _foot())
    return _document(head, body)


def standalone(title: str, main: str, style: str) -> str:
    """Return one page with its style in it, without scripts, for a pipe."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", escape(title)),
        element("style", style),
    )
    return _document(head, element("body", element("main", main), _foot()))


def _document(head: str, body: str) -> str:
    """Return the document; no line ends between a formula and the mark behind it, or the bracket before it."""
    glued = _FORMULA.sub(
        lambda found: element("span", found[0], class_="glued") if found[1] or found[2] else found[0], body
    )
    return f"<!DOCTYPE html>\n{element('html', head, glued, lang='en')}\n"


def _top(navigation: Sequence[tuple[str, str]], here: str) -> str:
    current = {True: "page", False: None}
    items = [
        element("li", element("a", escape(words), href=address, aria_current=current[address == here]))
        for words, address in navigation
    ]
    nav = element("nav", element("ul", *items), aria_label="Site")
    field = element("input", type="search", id="search", placeholder="Search the theorems", autocomplete="off",
                    aria_describedby="found")  # fmt: skip
    search = element(
        "search",
        element("label", "Search", for_="search", class_="unseen"),
        field,
        element("p", id="found", role="status", class_="unseen"),
        element("ul", id="results", aria_label="Theorems that were found", hidden=True),
        class_="scripted",
        hidden=True,
    )
    theme = element("button", "Dark", type="button", id="theme", class_="scripted", aria_pressed="false", hidden=True)
    skip = element("a", "Skip to the content", href="#main", class_="skip")
    return skip + element("header", nav, search, theme, class_="top")


def _foot() -> str:
    words = "Written by symmix from the statements that were decided."
    return element("footer", element("p", escape(words)), class_="bottom")


def breadcrumb(words: str, address: str) -> str:
    """Return the way back."""
    return element("p", link(words, address), class_="back")
