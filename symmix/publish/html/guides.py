"""The guides as HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from symmix.printing.symbols import WEB
from symmix.printing.words import WebProse
from symmix.publish.guides import source
from symmix.publish.html.elements import escape

# the letters of their examples, where they are not the legend's
_PROSE = WebProse(WEB, escape, axes={"X": ("n", "d"), "w": ("d", "1")})


def address(name: str) -> str:
    """Return the address of a guide's page."""
    return f"guide-{name}.html"


def rendered(name: str) -> str:
    """Return a guide as HTML; links between guides become links between pages."""
    text = re.sub(r"\((?P<name>[\w-]+)\.md(?P<at>#[\w-]+)?\)", _linked, source(name))
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    reader.add_render_rule("text", _with_formulas)
    html: str = reader.render(_unbroken(text))
    html = re.sub(r"<(table>.*?</table)>", r'<div class="scroll"><\1></div>', html, flags=re.DOTALL)
    html = html.replace("<pre>", '<pre tabindex="0">').replace("<th>", '<th scope="col">')
    return re.sub(r"<h2>(.*?)</h2>", _anchored, html)


def _unbroken(text: str) -> str:
    """Return a page with each paragraph on one line: a formula may go over the end of one."""
    parts = re.split(r"(^```.*?^```$)", text, flags=re.MULTILINE | re.DOTALL)
    return "".join(
        p if p.startswith("```") else re.sub(r"(?<=[^\n|])\n +|(?<=[^\n|])\n(?=[^\n|#>-])", " ", p) for p in parts
    )


def _with_formulas(
    renderer: RendererHTML, tokens: Sequence[Token], place: int, _options: object, _environment: Any
) -> str:
    """Return words with their formulas as MathML, and the spaces around them."""
    del renderer
    words = tokens[place].content
    inside = words.strip()
    before, after = words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]
    return f"{before}{_PROSE(inside)}{after}" if inside else words


def _linked(match: re.Match[str]) -> str:
    return f"({address(match['name'])}{match['at'] or ''})"


def _anchored(match: re.Match[str]) -> str:
    words = re.sub(r"<[^>]*>", "", match[1]).lower()
    return f'<h2 id="{"-".join(re.findall(r"[a-z0-9]+", words))}">{match[1]}</h2>'
