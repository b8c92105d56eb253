"""Which theorem uses which, drawn as a map and told as a list."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

from symmix.publish.html.elements import Address, Addresses, element, escape, joined, listed
from symmix.publish.uses import Uses, columns, used

_WIDTH, _HEIGHT, _GAP, _ROW = 190, 46, 62, 62  # of a box, between columns, from row to row
_LETTERS = 27  # in a line of a box


def theorem_map(by: Uses, links: Addresses) -> str:
    """Return the map as a drawing, and the same as nested lists; empty if no theorem uses another."""
    turned = used(by)
    found = columns(by)
    if not found:
        return ""
    roots = found[0]
    tree = listed([_branch(name, turned, links) for name in roots], class_="tree")
    alone = [name for name in by if not by[name] and not turned[name]]
    words = element("p", f"{len(alone)} theorems stand on their own: {joined([links[n].link() for n in alone])}.")
    drawing = element("div", _drawing(found, by, links), class_="scroll map", tabindex="0", role="group",
                      aria_label="Map of the theorems; the list below says the same")  # fmt: skip
    said = element("details", element("summary", "The map as a list"), tree)
    return drawing + said + (words if alone else "")


def _branch(name: str, turned: Uses, links: Addresses, above: tuple[str, ...] = ()) -> str:
    way = (*above, name)
    below = listed([_branch(other, turned, links, way) for other in turned[name] if other not in way])
    return links[name].link() + (f", used by{below}" if below else "")


def _drawing(found: Sequence[Sequence[str]], by: Uses, links: Addresses) -> str:
    rows = max(map(len, found))
    width, height = len(found) * (_WIDTH + _GAP) - _GAP + 4, rows * _ROW
    places = {
        name: (2 + x * (_WIDTH + _GAP), (rows - len(column)) * _ROW / 2 + y * _ROW + (_ROW - _HEIGHT) / 2)
        for x, column in enumerate(found)
        for y, name in enumerate(column)
    }
    arrows = [_arrow(places[other], places[name]) for name in places for other in by[name] if other in places]
    boxes = [_box(*places[name], links[name]) for name in places]
    view = f"0 0 {width} {height:g}"
    return element("svg", *arrows, *boxes, viewBox=view, width=width, height=f"{height:g}", focusable="false")


def _arrow(start: tuple[float, float], end: tuple[float, float]) -> str:
    (x, y), (right, low) = start, end
    x, y, low = x + _WIDTH, y + _HEIGHT / 2, low + _HEIGHT / 2
    half = _GAP / 2 if right - x <= _GAP else (right - x) / 2
    curve = f"M{x:g} {y:g} C{x + half:g} {y:g} {right - half:g} {low:g} {right - 4:g} {low:g}"
    head = f"M{right - 9:g} {low - 4:g} L{right - 2:g} {low:g} L{right - 9:g} {low + 4:g}"
    return element("path", d=curve) + element("path", d=head)


def _box(x: float, y: float, address: Address) -> str:
    lines = wrap(address.words, _LETTERS)[:3]
    first = y + _HEIGHT / 2 - 6.5 * (len(lines) - 1) + 4
    words = [element("tspan", escape(line), x=f"{x + _WIDTH / 2:g}", y=f"{first + 13 * row:g}")
             for row, line in enumerate(lines)]  # fmt: skip
    box = element("rect", x=f"{x:g}", y=f"{y:g}", width=_WIDTH, height=_HEIGHT, rx=5)
    return element("a", box, element("text", *words), href=address.href)
