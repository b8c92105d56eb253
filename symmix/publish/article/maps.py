"""Which theorem uses which: a map, drawn with LaTeX's own picture environment, and a list of the theorems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from symmix.publish.article.pen import LABEL, Pen
from symmix.publish.article.tables import longtable
from symmix.publish.authored import heading
from symmix.publish.markup import LatexMarkup
from symmix.publish.uses import Uses, columns, used, uses

_WIDTH, _HEIGHT, _ROW = 122, 25, 31  # of a box, and from row to row, in points
_TEXT, _FARTHEST = 470, 100  # the width of the page, and between columns at most


def theorem_map(pens: Sequence[Pen]) -> str:
    """Return the map, if theorems use each other, and the list of all with their pages."""
    by = uses([pen.outcome for pen in pens])
    found = columns(by)
    words = {pen.outcome.script.id: LatexMarkup().escape(heading(pen.outcome.script)) for pen in pens}
    return "\n".join(part for part in (_figure(found, by, words) if found else "", _listed(by, words)) if part)


def _figure(found: Sequence[Sequence[str]], by: Uses, words: Mapping[str, str]) -> str:
    gap = min(_FARTHEST, (_TEXT - len(found) * _WIDTH) // max(len(found) - 1, 1))
    scale = min(1.0, _TEXT / (len(found) * (_WIDTH + 24) - 24))  # many columns are drawn smaller
    gap = max(gap, 24)
    rows = max(map(len, found))
    width, height = len(found) * (_WIDTH + gap) - gap, rows * _ROW
    places = {
        name: (x * (_WIDTH + gap), height - _ROW * ((rows - len(column)) / 2 + y + 1))
        for x, column in enumerate(found)
        for y, name in enumerate(column)
    }
    arrows = [_arrow(places[other], places[name]) for name in places for other in by[name] if other in places]
    boxes = [_box(*places[name], name, words[name]) for name in places]
    body = "\n".join([*arrows, *boxes])
    drawing = (
        f"\\setlength{{\\unitlength}}{{{scale:.3f}pt}}\n\\begin{{picture}}({width},{height})\n{body}\n\\end{{picture}}"
    )
    alone = [rf"\ref{{{LABEL}{name}}}" for name in by if not any(name in column for column in found)]
    caption = "Which proof uses which theorem: an arrow leads from what is used to what uses it."
    caption += f" The other {len(alone)} stand on their own." if len(alone) > 1 else ""
    return (
        f"\\begin{{figure}}[!ht]\\centering\n{drawing}\n\\caption{{{caption}}}\\label{{{LABEL}drawn}}\n\\end{{figure}}"
    )


def _arrow(start: tuple[float, float], end: tuple[float, float]) -> str:
    """Return a curve from the right of a box to the left of another, level at both ends, of two quadratic pieces."""
    (x, y), (right, low) = start, end
    x, y, low = x + _WIDTH, y + _HEIGHT / 2, low + _HEIGHT / 2
    head = right - 5
    if y == low:
        return rf"\put({x:g},{y:g}){{\vector(1,0){{{right - x:g}}}}}"
    middle, half = (x + head) / 2, (y + low) / 2
    bend = (head - x) / 4
    return (
        rf"\qbezier({x:g},{y:g})({x + bend:g},{y:g})({middle:g},{half:g})"
        rf"\qbezier({middle:g},{half:g})({head - bend:g},{low:g})({head:g},{low:g})"
        rf"\put({head:g},{low:g}){{\vector(1,0){{5}}}}"
    )


def _box(x: float, y: float, name: str, words: str) -> str:
    """Return the number and the title of a theorem in a frame, linked to it."""
    linked = rf"\hyperref[{LABEL}{name}]{{\ref*{{{LABEL}{name}}}~{words}}}"
    inside = rf"\parbox{{{_WIDTH - 6}\unitlength}}{{\centering\scriptsize {linked}}}"
    return rf"\put({x:g},{y:g}){{\framebox({_WIDTH},{_HEIGHT}){{{inside}}}}}"


def _listed(by: Uses, words: Mapping[str, str]) -> str:
    """Return the theorems with what each uses, what uses it, and where it stands."""
    turned = used(by)
    rows = []
    for name, title in words.items():
        there, here = (", ".join(rf"\ref{{{LABEL}{x}}}" for x in some) for some in (by[name], turned[name]))
        linked = rf"\hyperref[{LABEL}{name}]{{{title}}}"
        rows.append(rf"\ref{{{LABEL}{name}}} & {linked} & {there} & {here} & \pageref{{{LABEL}{name}}}\\")
    head = r"r>{\raggedright\arraybackslash}p{0.5\linewidth}llr"
    caption = "The theorems, and where they stand."
    return longtable(head, "no. & theorem & uses & is used in & page", rows, caption, f"{LABEL}map", "scriptsize")
