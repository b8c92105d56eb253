"""The site of the catalogue, written once for all tests of a run, and a parser that minds how it is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser

from symmix.catalogue import chapters, text
from symmix.confirmation import CHECKER, KERNEL
from symmix.figures import FIGURES
from symmix.publish import html, telling
from symmix.publish.html.elements import VOID
from symmix.theorems import Outcome
from tests.catalogue import SCRIPTS, outcome


@cache
def outcomes() -> tuple[Outcome, ...]:
    return tuple(map(outcome, SCRIPTS))


def pictures(suffix: str) -> list[telling.Picture]:
    """Return all figures as the command line has them, not drawn."""
    return [telling.Picture(f"{name}{suffix}", x.title, x.caption, x.theorems[-1]) for name, x in FIGURES.items()]


@cache
def files() -> dict[str, str]:
    levels = {name: [KERNEL, CHECKER] for name in SCRIPTS}
    return html.files(outcomes(), chapters(), "", levels, text("story"), pictures(".svg"))


@cache
def pages() -> dict[str, Node]:
    return {name: parse(page) for name, page in files().items() if name.endswith(".html")}


@dataclass
class Node:
    tag: str
    attributes: dict[str, str | None] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)

    def walk(self) -> Iterator[Node]:
        """Run through the elements, this one first."""
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.walk()

    def all(self, *tags: str, kind: str = "") -> list[Node]:
        """Return the elements below with a tag, and a class if one is given."""
        found = [node for node in self.walk() if node.tag in tags or not tags]
        return [node for node in found if not kind or kind in (node.attributes.get("class") or "").split()]

    def text(self, *without: str) -> str:
        """Return the words below, those of some elements left out."""
        parts = [c if isinstance(c, str) else "" if c.tag in without else c.text(*without) for c in self.children]
        return "".join(parts)


class Strict(HTMLParser):
    """Builds a tree, and refuses what browsers would mend."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"an attribute twice in {tag}"
        node = Node(tag, dict(attrs))
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)
        if tag in ("p", "ul", "ol", "div", "table", "h1", "h2", "h3", "h4", "details", "figure", "section", "footer",
                   "header", "blockquote", "nav", "article"):  # fmt: skip
            assert not any(outer.tag in ("p", "span", "em", "strong") for outer in self.open[:-1]), (
                f"{tag} in a paragraph"
            )

    def handle_endtag(self, tag: str) -> None:
        closed = self.open.pop()
        assert closed.tag == tag, f"</{tag}> closes <{closed.tag}>"

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parse(text: str) -> Node:
    """Return a page as a tree."""
    assert text.startswith("<!DOCTYPE html>\n")
    parser = Strict()
    parser.feed(text)
    parser.close()
    assert parser.open == [parser.root], f"left open: {[node.tag for node in parser.open]}"
    return parser.root
