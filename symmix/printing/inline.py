r"""Formulas in a line of text: where TeX may break them.

Left to itself TeX breaks a line at any sign, inside of brackets too, and never at a comma or inside of a product. Here
it is told: not inside of brackets, unless they are wide; at a comma; and inside of a product that is wide.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from symmix.printing.breaking import Place, factor, opened, places
from symmix.printing.layout import BIN, CLOSE, OPEN, PUNCT, REL, Atom, atoms

_FORMULA = re.compile(r"(?<!\\)\$((?:[^$\\]|\\.)+)\$", re.DOTALL)
_WIDE = 0.4  # of the line
_SIGN = 1.6  # the width of a sign and a full stop behind it
_DEEP, _TIMES, _COMMA, _NEVER = r"\penalty5000", r"\penalty2000", r"\penalty300", r"\nobreak"


def steadied(text: str, line: float) -> str:
    """Return a text with all formulas in it steady; displays have no dollar signs and stay as they are."""
    return _FORMULA.sub(lambda match: f"${steady(match[1], line)}$", text)


def steady(latex: str, line: float) -> str:
    r"""Return a formula with the places at which TeX may break it, in lines of the given width.

    >>> steady("a(b - c) = d", 30)
    'a(b -\\nobreak c) = d'
    """
    if any(mark in latex for mark in ("\\text", r"\penalty", r"\nobreak", r"\sxsized", "&", "\\begin")):
        return latex
    latex = opened(latex, line)
    found, options = atoms(latex), list(places(latex))
    marks = _marked(latex, found, options, line)
    for start, end in _runs(found, options, marks):
        wide = _wide(found[start:end])
        if wide > line - _SIGN:  # and nothing in it can be broken
            first, last = found[start], found[end - 1]
            marks[first.start] = marks.get(first.start, "") + rf"\sxsized{{{factor(wide, line - _SIGN)}}}{{"
            marks[last.end] = "}" + marks.get(last.end, "")
    for where in sorted(marks, reverse=True):
        apart = " " if marks[where][-1].isalnum() and latex[where : where + 1] != " " else ""
        latex = latex[:where] + marks[where] + apart + latex[where:]
    return latex


def _marked(latex: str, found: tuple[Atom, ...], options: list[Place], line: float) -> dict[int, str]:
    """Return what to put where, so that TeX breaks the formula where it should."""
    marks = _commas(latex, found) if _wide(found) > _WIDE * line else {}
    depth = 0
    for number, atom in enumerate(found):
        depth += (atom.kind == OPEN) - (atom.kind == CLOSE)
        if depth and atom.kind in (BIN, REL):
            marks[atom.end] = _DEEP if _bracket(found, number) > _WIDE * line else _NEVER
    for place in options:
        atom = found[place.atom]
        if atom.kind in (BIN, REL):
            continue
        if place.depth and _bracket(found, place.atom) > _WIDE * line:
            marks[atom.start] = _DEEP
        elif not place.depth and _product(found, options, place) > _WIDE * line:
            marks[atom.start] = _TIMES
    return marks


def _runs(found: tuple[Atom, ...], options: list[Place], marks: dict[int, str]) -> list[tuple[int, int]]:
    """Return the runs of atoms that stay in one line, signs between them left out."""
    ends = {0, len(found)}
    for place in options:
        atom = found[place.atom]
        if atom.kind in (BIN, REL):
            ends |= {place.atom, place.atom + 1} if marks.get(atom.end) != _NEVER else set()
        elif atom.start in marks:
            ends.add(place.atom)
    ends |= {number + 1 for number, atom in enumerate(found) if marks.get(atom.end) == _COMMA}
    bounds = sorted(ends)
    return [
        (start, end) for start, end in pairwise(bounds) if not {found[start].kind, found[end - 1].kind} & {BIN, REL}
    ]


def _commas(latex: str, found: tuple[Atom, ...]) -> dict[int, str]:
    depth, marks = 0, {}
    for atom in found:
        depth += (atom.kind == OPEN) - (atom.kind == CLOSE)
        if atom.kind == PUNCT and not depth and latex[atom.end : atom.end + 1] == " ":
            marks[atom.end] = _COMMA
    return marks


def _bracket(found: tuple[Atom, ...], inside: int) -> float:
    """Return how wide the outermost brackets around an atom are."""
    start, depth, place = 0, 0, 0
    for place, atom in enumerate(found):
        if atom.kind == OPEN:
            start = place if depth == 0 else start
            depth += 1
        elif atom.kind == CLOSE:
            depth -= 1
            if depth == 0 and place >= inside:
                break
    return _wide(found[start : place + 1])


def _product(found: tuple[Atom, ...], options: list[Place], place: Place) -> float:
    """Return how wide the term is that a place is inside of."""
    ends = [0, *(other.atom for other in options if other.depth == 0 and other.rank < 2), len(found)]
    start = max(end for end in ends if end <= place.atom)
    end = min(end for end in ends if end > place.atom)
    return _wide(found[start + (found[start].kind in (BIN, REL)) : end])


def _wide(found: Sequence[Atom]) -> float:
    """Return how wide atoms are; what stands ahead of the first one does not count."""
    return sum(atom.space + atom.width for atom in found) - found[0].space if found else 0.0
