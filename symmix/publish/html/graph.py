"""Which theorem uses which: read off the reasons of the derivations, drawn as a map and told as a list."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from textwrap import wrap

from symmix.printing.prose import title
from symmix.publish.html.elements import element, escape, joined, link, listed
from symmix.theorems import Outcome

Uses = Mapping[str, tuple[str, ...]]
_WIDTH, _HEIGHT, _GAP, _ROW = 190, 46, 62, 62  # of a box, between columns, from row to row
_LETTERS = 27  # in a line of a box


def uses(outcomes: Sequence[Outcome]) -> Uses:
    """Return the theorems that the steps of each theorem refer to, of those that are there."""
    present = [outcome.script.id for outcome in outcomes]
    found = {}
    for outcome in outcomes:
        reasons = " ".join(step.reason for proof in outcome.document.proofs for step in proof.steps)
        words = dict.fromkeys(re.findall(r"\w+", reasons))
        found[outcome.script.id] = tuple(name for name in words if name in present and name != outcome.script.id)
    return found


def used(by: Uses) -> Uses:
    """Return the arrows turned round."""
    return {name: tuple(other for other, names in by.items() if name in names) for name in by}


def theorem_map(by: Uses, links: Mapping[str, str]) -> str:
    """Return the map as a drawing, and the same as nested lists; empty if no theorem uses another."""
    turned = used(by)
    columns = _columns(by, turned)
    if not columns:
        return ""
    roots = columns[0]
    tree = listed([_branch(name, turned, links) for name in roots], class_="tree")
    alone = [name for name in by if not by[name] and not turned[name]]
    words = element("p", f"{len(alone)} theorems stand on their own: {joined([_named(n, links) for n in alone])}.")
    drawing = element("div", _drawing(columns, by, links), class_="scroll map", tabindex="0", role="group",
                      aria_label="Map of the theorems; the list below says the same")  # fmt: skip
    said = element("details", element("summary", "The map as a list"), tree)
    return drawing + said + (words if alone else "")


def _named(name: str, links: Mapping[str, str]) -> str:
    return link(title(name), links[name])


def _branch(name: str, turned: Uses, links: Mapping[str, str], above: tuple[str, ...] = ()) -> str:
    way = (*above, name)
    below = listed([_branch(other, turned, links, way) for other in turned[name] if other not in way])
    return _named(name, links) + (f", used by{below}" if below else "")


def _columns(by: Uses, turned: Uses) -> list[list[str]]:
    """Return the theorems that take part, by the longest way from one that uses none."""
    depths: dict[str, int] = {}

    def depth(name: str, above: tuple[str, ...] = ()) -> int:
        if name not in depths and name not in above:  # a circle of references is drawn, not followed
            depths[name] = 1 + max((depth(other, (*above, name)) for other in by[name]), default=-1)
        return depths.get(name, 0)

    taking_part = [name for name in by if by[name] or turned[name]]
    deepest = max(map(depth, taking_part), default=-1)
    columns = [[name for name in taking_part if depth(name) == column] for column in range(deepest + 1)]
    places: dict[str, float] = {}
    for column in columns:  # beside what they use
        column.sort(key=lambda name: sum(places[o] for o in by[name] if o in places) / max(len(by[name]), 1))
        places.update({name: float(row) for row, name in enumerate(column)})
    return [column for column in columns if column]


def _drawing(columns: Sequence[Sequence[str]], by: Uses, links: Mapping[str, str]) -> str:
    rows = max(map(len, columns))
    width, height = len(columns) * (_WIDTH + _GAP) - _GAP + 4, rows * _ROW
    places = {
        name: (2 + x * (_WIDTH + _GAP), (rows - len(column)) * _ROW / 2 + y * _ROW + (_ROW - _HEIGHT) / 2)
        for x, column in enumerate(columns)
        for y, name in enumerate(column)
    }
    arrows = [_arrow(places[other], places[name]) for name in places for other in by[name] if other in places]
    boxes = [_box(name, *places[name], links[name]) for name in places]
    view = f"0 0 {width} {height:g}"
    return element("svg", *arrows, *boxes, viewBox=view, width=width, height=f"{height:g}", focusable="false")


def _arrow(start: tuple[float, float], end: tuple[float, float]) -> str:
    (x, y), (right, low) = start, end
    x, y, low = x + _WIDTH, y + _HEIGHT / 2, low + _HEIGHT / 2
    half = _GAP / 2 if right - x <= _GAP else (right - x) / 2
    curve = f"M{x:g} {y:g} C{x + half:g} {y:g} {right - half:g} {low:g} {right - 4:g} {low:g}"
    head = f"M{right - 9:g} {low - 4:g} L{right - 2:g} {low:g} L{right - 9:g} {low + 4:g}"
    return element("path", d=curve) + element("path", d=head)


def _box(name: str, x: float, y: float, address: str) -> str:
    lines = wrap(title(name), _LETTERS)[:3]
    first = y + _HEIGHT / 2 - 6.5 * (len(lines) - 1) + 4
    words = [element("tspan", escape(line), x=f"{x + _WIDTH / 2:g}", y=f"{first + 13 * row:g}")
             for row, line in enumerate(lines)]  # fmt: skip
    box = element("rect", x=f"{x:g}", y=f"{y:g}", width=_WIDTH, height=_HEIGHT, rx=5)
    return element("a", box, element("text", *words), href=address)
