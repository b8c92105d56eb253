"""The guides: pages in Markdown that come with symmix, as HTML."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from markdown_it import MarkdownIt

# in the order in which somebody new reads them
GUIDES = ("write-a-theorem", "check-an-implementation", "put-it-into-a-paper", "what-has-to-be-trusted")


def address(name: str) -> str:
    """Return the address of a guide's page."""
    return f"guide-{name}.html"


@cache
def source(name: str) -> str:
    """Return a guide as it is written."""
    return files("symmix").joinpath("guide", f"{name}.md").read_text(encoding="utf-8")


def heading(name: str) -> str:
    """Return a guide's title."""
    return source(name).partition("\n")[0].removeprefix("# ")


def rendered(name: str) -> str:
    """Return a guide as HTML; links between guides become links between pages."""
    text = re.sub(r"\((?P<name>[\w-]+)\.md(?P<at>#[\w-]+)?\)", _linked, source(name))
    html: str = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    html = re.sub(r"<(table>.*?</table)>", r'<div class="scroll"><\1></div>', html, flags=re.DOTALL)
    html = html.replace("<pre>", '<pre tabindex="0">').replace("<th>", '<th scope="col">')
    return re.sub(r"<h2>(.*?)</h2>", _anchored, html)


def _linked(match: re.Match[str]) -> str:
    return f"({address(match['name'])}{match['at'] or ''})"


def _anchored(match: re.Match[str]) -> str:
    words = re.sub(r"<[^>]*>", "", match[1]).lower()
    return f'<h2 id="{"-".join(re.findall(r"[a-z0-9]+", words))}">{match[1]}</h2>'
