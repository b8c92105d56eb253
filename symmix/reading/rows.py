r"""The rows of a display: its lexemes between line breaks, in columns, with words behind them; and what parts them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from symmix.reading.letters import FUNCTIONS
from symmix.reading.lexemes import QUADS
from symmix.reading.tokens import Token, closing

_NAMES = ("equation", "align", "alignat", "gather", "multline", "eqnarray", "flalign", "displaymath")
DISPLAYS = (*_NAMES, *(f"{name}*" for name in _NAMES))
_INSIDE = frozenset({"aligned", "alignedat", "split", "gathered", *DISPLAYS})
_LABELS = frozenset({"\\intertext", "\\shortintertext", "\\label", "\\tag", "\\ref", "\\eqref", "\\cref"})
_LABELS |= {"\\hspace", "\\vspace", "\\phantom", "\\hphantom", "\\vphantom"}  # which make room alone
_REASONS = frozenset({"\\text", "\\textrm", "\\mbox"})
_WHY = frozenset({"since", "because", "by", "using", "due", "from"})  # what begins a reason that has formulas in it
_BEHIND = frozenset({",", ".", ";", *QUADS})  # what ends a formula without being of it
_PARTING = frozenset(
    {*QUADS, ",", ";", "\\Rightarrow", "\\implies", "\\iff", "\\Leftrightarrow", "\\to", "\\in", "\\mid"}
)
_PARTING |= {"\\Longrightarrow", "\\Longleftrightarrow", "\\rightarrow", "\\forall", "\\therefore", "\\because"}
_GOES_ON = frozenset({"+", "-", "\\cdot", "\\odot", "\\circ"})


@dataclass(frozen=True)
class Row:
    """What stands in a row, or in two columns of it; ``aligned`` says that it begins behind an &."""

    lexemes: list[Token]
    reason: str = ""
    aligned: bool = False

    @property
    def goes_on(self) -> bool:
        """Whether it goes on the row above: a row with = of its own that begins with a sign is a new one."""
        if not self.lexemes or self.lexemes[0].text not in _GOES_ON:
            return False
        return self.aligned or all(token.text != "=" for token in self.lexemes)

    @property
    def trimmed(self) -> list[Token]:
        """Its formula, without points and space at its end."""
        return trimmed(self.lexemes)

    def followed_by(self, other: Row) -> Row:
        """Return both as one."""
        words = " ".join(filter(None, (self.reason, other.reason)))
        return Row([*self.lexemes, *other.lexemes], words, self.aligned)


def split(found: Sequence[Token]) -> Iterator[Row]:
    """Run through the rows between line breaks; a row has an equation in every two columns."""
    cells: list[list[Token]] = [[]]
    at = 0
    while at < len(found):
        text = found[at].text
        if text == "\\\\":
            yield from _paired(cells)
            cells, at = [[]], _behind_break(found, at + 1)
        elif text == "&":
            cells.append([])
            at += 1
        elif text in _LABELS or (text in ("\\begin", "\\end") and _group(found, at + 1)[0] in _INSIDE):
            at = _group(found, at + 1)[1]
        else:
            cells[-1].append(found[at])
            at += 1
    yield from _paired(cells)


def _paired(cells: Sequence[list[Token]]) -> Iterator[Row]:
    r"""Run through the equations of a row: ``a &= b & c &= d`` has two, ``a & = & b`` (of an eqnarray) has one."""
    if any([token.text for token in cell] == ["="] for cell in cells):
        cells = [[token for cell in cells for token in cell]]
    row: Row | None = None
    for place in range(0, len(cells), 2):
        aligned = not cells[place] and place + 1 < len(cells)
        body, reason = _reasoned(_without_quads([token for cell in cells[place : place + 2] for token in cell]))
        if body and row is not None:
            yield row
            row = None
        row = Row(body, reason, aligned) if row is None else row.followed_by(Row(body, reason))
    if row is not None:
        yield row


def _without_quads(found: Sequence[Token]) -> Sequence[Token]:
    """Return a formula without the space in front of it, and without an empty group, which makes room for a sign."""
    begin = next((place for place, token in enumerate(found) if token.text not in QUADS), len(found))
    if [token.text for token in found[begin : begin + 2]] == ["{", "}"] and found[begin + 2 : begin + 3]:
        return found[begin:] if found[begin + 2].text == "^" else _without_quads(found[begin + 2 :])
    return found[begin:]


def apart_by_quads(row: Row) -> Iterator[Row]:
    """Run through the formulas of a row: what is on both sides of a wide space is two where both have an =."""
    begin, depth, places = 0, 0, list[int]()
    for place, token in enumerate(row.lexemes):
        depth += token.nesting
        if depth == 0 and token.text in QUADS:
            places.append(place)
    for place in places:
        rest = _without_and(_without_quads(row.lexemes[place:]))
        both = _has_equals(row.lexemes[begin:place]) and _has_equals(rest)
        if both and not _words(row.lexemes[begin:place]) and rest[0].text not in _REASONS:
            yield Row(row.lexemes[begin:place], "", row.aligned)
            begin = len(row.lexemes) - len(rest)
    yield Row(list(_without_quads(row.lexemes[begin:])), row.reason, row.aligned)


def _without_and(found: Sequence[Token]) -> Sequence[Token]:
    r"""Return a formula without ``\text{and}`` in front of it."""
    if not found or found[0].text not in _REASONS or _group(found, 1)[0].strip() != "and":
        return found
    return _without_quads(found[_group(found, 1)[1] :])


def is_parted(found: Sequence[Token]) -> bool:
    """Whether words or signs stand in a formula that make several of it."""
    return _words(found) or any(token.text in _PARTING for token in found)


def _words(found: Sequence[Token]) -> bool:
    r"""Whether words stand in a formula, other than ``\text{tr}``."""
    said = (_group(found, place + 1)[0] for place, token in enumerate(found) if token.text in _REASONS)
    return any(words not in FUNCTIONS for words in said)


def _has_equals(found: Sequence[Token]) -> bool:
    return any(token.text == "=" for token in found)


def _reasoned(found: Sequence[Token]) -> tuple[list[Token], str]:
    """Return a formula without the words at its end, and these; words inside of a formula stay where they are.

    What begins with since, because, by, using is a reason as a whole, with the formulas in it.
    """
    at, words, begin = 0, list[str](), len(found)
    while at < len(found):
        if found[at].text in _REASONS and not _is_name(found, at):
            begin = at if not words else begin
            said, after = _group(found, at + 1)
            if not words and said.lstrip("( ").split(" ")[0].lower() in _WHY:
                return _opened_before(found, begin), _spoken([*_inside(found, at + 1), *found[after:]])
            at = after
            words.append(said)
        else:
            if found[at].text not in _BEHIND:
                words, begin = [], len(found)
            at += 1
    return list(found[:begin]), " ".join(words)


def _is_name(found: Sequence[Token], at: int) -> bool:
    r"""Whether ``\text{n}`` is of the formula: an index, or one word that stands right behind a part of it."""
    before = found[at - 1].text if at else ""
    inside = _inside(found, at + 1)
    if before in ("_", "^"):
        return True
    if not inside or not before or before in {*_BEHIND, "(", "["}:
        return False
    whole_group = found[at + 1 : at + 3 + len(inside)]
    spaced = any(_apart(one, other) for one, other in pairwise(whole_group))
    return not spaced and all(token.text.isalpha() for token in inside)


def _opened_before(found: Sequence[Token], at: int) -> list[Token]:
    """Return what stands before a reason, without the bracket that opens right before it."""
    return list(found[: at - (at > 0 and found[at - 1].text in ("(", "["))])


def _inside(found: Sequence[Token], at: int) -> Sequence[Token]:
    """Return the lexemes of a group."""
    end = closing(found, at, "{", "}")
    return found[at + 1 : len(found) if end is None else end]


def _behind_break(found: Sequence[Token], at: int) -> int:
    r"""Return where the next row begins: ``\\[2pt]`` says how far below."""
    if at < len(found) and found[at].text == "[" and not _apart(found[at - 1], found[at]):
        return next((place + 1 for place in range(at, len(found)) if found[place].text == "]"), at)
    return at


def _apart(one: Token, other: Token) -> bool:
    """Whether there is room between two lexemes, or another line."""
    return one.place.line != other.place.line or one.place.column + len(one.text) < other.place.column


def _group(found: Sequence[Token], at: int) -> tuple[str, int]:
    """Return the text of a group, and where it ends."""
    inside = _inside(found, at)
    return _spoken(inside), min(at + len(inside) + 2, len(found))


def _spoken(found: Sequence[Token]) -> str:
    """Return words: letters that stand side by side on their line are one; a reason may have formulas in it."""
    said, before = "", None
    for token in found:
        if token.text not in ("{", "}", "$", *_REASONS):
            said += (" " if before is not None and _apart(before, token) else "") + token.text
            before = token
    return said


def whole(rows: Iterable[Row]) -> Iterator[Row]:
    """Put rows that go on behind those that they go on."""
    before: Row | None = None
    for row in rows:
        if before is not None and (row.goes_on or not row.lexemes):
            before = before.followed_by(row)
            continue
        if before is not None and before.lexemes:
            yield before
        before = row
    if before is not None and before.lexemes:
        yield before


def divided(found: Sequence[Token]) -> Iterator[tuple[list[Token], list[Token]]]:
    """Run through the sides of a chain, each with the = before it."""
    begin, depth, sign = 0, 0, list[Token]()
    for place, token in enumerate(found):
        depth += token.nesting
        if token.text == "=" and depth <= 0:
            if place > begin or sign:
                yield sign, list(found[begin:place])
            begin, sign = place + 1, [token]
    yield sign, trimmed(found[begin:])


def trimmed(found: Sequence[Token]) -> list[Token]:
    """Return a formula without points and space at its end."""
    end = len(found)
    while end and found[end - 1].text in _BEHIND:
        end -= 1
    return list(found[:end])


def defining(row: Sequence[Token]) -> tuple[int, int] | None:
    """Return where the sign of a definition stands in a row, and how many lexemes it has; None if there is none."""
    for place, token in enumerate(row):
        if token.text in ("\\coloneqq", "\\triangleq"):
            return place, 1
        if token.text == ":" and place + 1 < len(row) and row[place + 1].text == "=":
            return place, 2
    return None


def is_open(found: Sequence[Token]) -> bool:
    """Whether a bracket is open behind some tokens."""
    return sum(token.nesting for token in found) > 0
