r"""Where to break a formula that is too wide: never inside of brackets as long as anything else helps.

Before a relation rather than before the sign of a sum, and there rather than inside of a product, where the new line
begins with ``\cdot``; only then one bracket deeper, and so on. Of all ways to break it the best one is taken, not the
first. What has no such place is opened up: an under-brace is divided, a fraction becomes a product. What is too wide
even so is set smaller.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import floor
from typing import NamedTuple

from symmix.printing.layout import BIN, CLOSE, INNER, OP, OPEN, ORD, REL, SPACE, Atom, atoms, width

TIMES = r"\cdot "
_DEEPER = r"\quad "  # ahead of a line that begins inside of brackets
_TIMES_WIDTH = 0.78
_RELATION, _SUM, _PRODUCT = range(3)
_PREFIXES = frozenset((r"\nabla", r"\partial", r"\sum", r"\operatorname", r"\mathbb", r"\ln", r"\exp"))
_SPLIT = frozenset((ORD, CLOSE, INNER)), frozenset((ORD, OPEN, OP, INNER))
_LEGIBLE = 0.4  # of the size of the text: nothing is smaller
_LONG_NUMBER = 6  # digits of a coefficient that can stand alone at the end of a line
_DEEPEST = 3  # brackets inside of brackets inside of brackets are all the same


class Place(NamedTuple):
    """Where a line may begin: before which atom, inside of how many brackets, and at what."""

    atom: int
    depth: int
    rank: int


def broken(latex: str, limit: float, indent: float = 1.0) -> list[str]:
    r"""Return a formula in lines of at most the given width, if there are places to break it.

    The lines behind the first are ``indent`` to the right of it. They begin with their sign, or with ``\cdot`` inside
    of a product, and a little further to the right inside of brackets.

    >>> broken("a(b + c) + d(e - f)", 6)
    ['a(b + c)', '+ d(e - f)']
    """
    if width(latex) <= limit:
        return [latex]
    found = atoms(latex)
    options = list(places(latex))
    deep = _lines(latex, found, _best(found, options, limit, indent, deeper=1.0), deeper=True)
    if all(width(line) <= limit - (indent if number else 0.0) for number, line in enumerate(deep)):
        return deep
    return _lines(latex, found, _best(found, options, limit, indent, deeper=0.0), deeper=False)


def rejoined(lines: Sequence[str]) -> str:
    """Return the formula of lines, for comparison: what stands for the breaks is taken out, and so are thin spaces."""
    cut = (line.removeprefix(_DEEPER).removeprefix(TIMES) for line in lines)
    return bare("".join(cut))


def bare(latex: str) -> str:
    """Return a formula without its spaces."""
    return re.sub(r"\\,|\\thinspace|\s+", "", latex)


def places(latex: str) -> Iterator[Place]:
    """Run through the places at which a formula can be broken."""
    found = atoms(latex)
    depth, before = 0, -1
    for number, atom in enumerate(found):
        if atom.kind == SPACE:
            continue
        if before >= 0:
            rank = _rank(latex, found[before], atom)
            if rank is not None:
                yield Place(number, min(depth, _DEEPEST), rank)
        depth += (atom.kind == OPEN) - (atom.kind == CLOSE)
        before = number


def _rank(latex: str, before: Atom, atom: Atom) -> int | None:
    """Return what kind of a place stands before an atom, if any."""
    apart = latex[atom.start - 1] == " " and latex[atom.end : atom.end + 1] in (" ", "\n")
    if atom.kind == REL:
        return _RELATION if apart else None
    if atom.kind == BIN:
        return (_SUM if atom.name in "+-" else _PRODUCT) if apart else None
    if before.kind not in _SPLIT[0] or atom.kind not in _SPLIT[1]:
        return None
    if "/" in (before.name, atom.name):
        return None
    number = re.search(r"\d*$", latex[: before.end])
    short = before.name.isdigit() and number is not None and len(number.group()) < _LONG_NUMBER
    prefixed = before.name in _PREFIXES or before.name in "+-" or short or not before.name
    postfixed = atom.name in (r"\big", "!") or atom.name.isdigit()
    return None if prefixed or postfixed else _PRODUCT


# -- the best way ---

_Cost = tuple[float, ...]  # what is too wide, breaks from the worst kind to the best, and how uneven the lines are


def _best(
    found: Sequence[Atom], options: Sequence[Place], limit: float, indent: float, *, deeper: float
) -> Sequence[Place]:
    """Return the places that cost least, by going through the lines from the last one."""
    ends = _ends(found)
    kinds = sorted({(place.depth, place.rank) for place in options}, reverse=True)
    starts = [Place(0, 0, _RELATION), *options]
    marks = [place.atom for place in options] + [len(found)]
    best: list[tuple[_Cost, int]] = [((0.0,) * (len(kinds) + 2), -1)] * (len(starts) + 1)
    none = (0.0,) * len(kinds)
    for number in range(len(starts) - 1, -1, -1):
        place, candidates = starts[number], []
        room = limit if number == 0 else limit - indent - deeper * min(place.depth, 1)
        own = [float(number > 0 and kind == (place.depth, place.rank)) for kind in kinds]
        least = (_DEEPEST + 1, 0)  # the best kind of a place that the line goes past
        for following in range(number + 1, len(starts) + 1):
            wide = ends[marks[following - 1]] - ends[place.atom]
            wide += _TIMES_WIDTH if number and place.rank == _PRODUCT and found[place.atom].kind != BIN else 0.0
            over = max(0.0, round(wide - room, 6))
            last = following == len(starts)
            slack = 0.0 if over or last else round((room - wide) / limit, 6) ** 2
            worst = max(_kind(starts, number), _kind(starts, following))
            torn = least < worst and not worst[0]  # it ends inside of a product, and goes past the end of another
            mixed = [float(kind == worst) for kind in kinds] if torn else none  # as bad as one break more
            rest = best[following][0]
            breaks = map(sum, zip(own, mixed, rest[1:-1], strict=True))
            candidates.append(((over + rest[0], *breaks, slack + rest[-1]), following))
            if over:
                break  # a longer line would be wider still
            least = min(least, _kind(starts, following))
        best[number] = min(candidates)
    chosen, number = [], best[0][1]
    while number < len(starts):
        chosen.append(starts[number])
        number = best[number][1]
    return chosen


def _kind(starts: Sequence[Place], number: int) -> tuple[int, int]:
    """Return how bad a place is; the beginning and the end of a formula are best."""
    return (starts[number].depth, starts[number].rank) if 0 < number < len(starts) else (0, -1)


def _ends(found: Sequence[Atom]) -> list[float]:
    """Return where each atom begins, the space ahead of it included, and where the last one ends."""
    ends = [0.0]
    for atom in found:
        ends.append(ends[-1] + atom.space + atom.width)
    return ends


def _lines(latex: str, found: Sequence[Atom], chosen: Sequence[Place], *, deeper: bool) -> list[str]:
    bounds = [0, *(found[place.atom].start for place in chosen), len(latex)]
    lines = []
    for number, (start, end) in enumerate(pairwise(bounds)):
        line = re.sub(r"(\\,|\\thinspace|\s)+$", "", latex[start:end])
        if number:
            place = chosen[number - 1]
            dot = TIMES if place.rank == _PRODUCT and found[place.atom].kind != BIN else ""
            line = (_DEEPER if deeper and place.depth else "") + dot + line
        lines.append(line)
    return lines


# -- where even that does not fit ---


def fitted(latex: str, limit: float, indent: float = 1.0, *, scaled: bool = True) -> list[str]:
    """Return a formula in lines that fit, whatever it takes: opened up, and in the end in smaller type.

    Only a paper with our macros can be ``scaled``; elsewhere a line that is too wide can be scrolled.
    """
    lines = broken(latex, limit, indent)
    for _ in range(_DEEPEST):
        if _fit(lines, limit, indent):
            return lines
        wider, latex = latex, opened(latex, limit - indent)
        if wider == latex:
            break
        lines = broken(latex, limit, indent)
    if not scaled:
        return lines
    return [smaller(line, limit - (indent if number else 0.0)) for number, line in enumerate(lines)]


def _fit(lines: Sequence[str], limit: float, indent: float) -> bool:
    return all(width(line) <= limit - (indent if number else 0.0) for number, line in enumerate(lines))


def smaller(line: str, limit: float) -> str:
    """Return a line as it is, or in smaller type if it does not fit."""
    if width(line) <= limit:
        return line
    ahead = re.match(r"(?:\\quad |\\cdot |[-+=] )*", line)
    start = ahead.group() if ahead else ""
    return start + sized(line[len(start) :], limit - width(start + "{}"))


def sized(latex: str, limit: float) -> str:
    r"""Return a piece so small that it fits, but legible: ``\sxsized{0.8}{...}``."""
    return rf"\sxsized{{{factor(width(latex), limit)}}}{{{latex}}}"


def factor(wide: float, limit: float) -> float:
    """Return how much smaller something has to be."""
    return max(_LEGIBLE, floor(100 * limit / wide) / 100)


def opened(latex: str, limit: float) -> str:
    """Return a formula with its fractions and under-braces opened up where they are too wide."""
    out, place = "", 0
    found = atoms(latex)
    for number, atom in enumerate(found):
        source = latex[atom.start : atom.end]
        if atom.width > limit - _TIMES_WIDTH:
            source = _divided(source, limit) or _multiplied(source, limit) or source
            bare_next = number + 1 < len(found) and found[number + 1].kind in (ORD, OP)
            source += r"\," if bare_next and source.endswith(")") else ""
        out += latex[place : atom.start] + source
        place = atom.end
    return out + latex[place:]


_BRACED = re.compile(
    r"\{\\underbrace\{(?P<inside>.*)\}_\{\\text\{(?P<name>[^{}]*(?:\{[^{}]*\}[^{}]*)*)\}\}\}", re.DOTALL
)
_COLOURED = re.compile(r"(?P<colour>\\sx(?:own|cross))\{(?P<inside>.*)\}", re.DOTALL)


def _divided(source: str, limit: float) -> str | None:
    """Return a named part of a sum as several with that name, or without it if a term of it is too wide."""
    match = _BRACED.fullmatch(source)
    if match is None:
        return None
    coloured = _COLOURED.fullmatch(match["inside"])
    inside = coloured["inside"] if coloured else match["inside"]
    lines = broken(inside, limit - _TIMES_WIDTH - 0.5, 0.0)
    if any(not line.startswith(("+ ", "- ")) for line in lines[1:]) or not _fit(lines, limit - _TIMES_WIDTH, 0.0):
        return inside
    written = ""
    for number, line in enumerate(lines):
        sign, body = (" + ", line) if number else ("", line)
        if number and (line.startswith("+ ") or not _is_sum(line[2:])):
            sign, body = f" {line[0]} ", line[2:]
        coloured_body = f"{coloured['colour']}{{{body}}}" if coloured else body
        written += rf"{sign}{{\underbrace{{{coloured_body}}}_{{\text{{{match['name']}}}}}}}"
    return written


def _is_sum(latex: str) -> bool:
    return any((place.depth, place.rank) == (0, _SUM) for place in places(latex))


def _multiplied(source: str, limit: float) -> str | None:
    r"""Return a fraction as a product: ``\frac{1}{b} (a)``, or ``(a) (b)^{-1}`` if the denominator is wide."""
    parts = _fraction(source)
    if parts is None:
        return None
    above, below, scripts = parts
    if scripts:
        return None
    if width(rf"\frac{{1}}{{{below}}}") <= limit - _TIMES_WIDTH:
        return rf"\frac{{1}}{{{below}}}\,{_bracketed(above)}"
    inverse = rf"{_bracketed(below)}^{{-1}}"
    return inverse if above == "1" else rf"{_bracketed(above)}\,{inverse}"


def _bracketed(latex: str) -> str:
    return rf"\Bigl({latex}\Bigr)"


def _fraction(source: str) -> tuple[str, str, str] | None:
    """Return what stands above and below the bar of a fraction, and behind it."""
    match = re.match(r"\\[td]?frac\s*(?=\{)", source)
    if match is None:
        return None
    above, place = _group(source, match.end())
    below, place = _group(source, place)
    return above, below, source[place:].strip()


def _group(source: str, place: int) -> tuple[str, int]:
    """Return what stands in the braces at a place, and where they end."""
    depth, start = 0, place
    while True:
        escaped = source[place] == "\\"
        depth += (source[place] == "{") - (source[place] == "}")
        place += 2 if escaped else 1
        if depth == 0:
            return source[start + 1 : place - 1], place
