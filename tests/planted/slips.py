"""Slips as people make them, as edits of a text: each at every place of a right side."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise

from tests.planted.grammar import Part

SIGN, TRANSPOSE, FACTOR, LAM, TERM, SWAP, MEAN = (
    "a sign",
    "a transpose",
    "a factor",
    "lam for 1 - lam",
    "a missing term",
    "factors exchanged",
    "a dropped mean",
)
KINDS = (SIGN, TRANSPOSE, FACTOR, LAM, TERM, SWAP, MEAN)


@dataclass(frozen=True)
class Edit:
    """``text[begin:end]`` becomes ``new``; ``kind`` is the slip that it is."""

    kind: str
    begin: int
    end: int
    new: str

    def of(self, text: str) -> str:
        return " ".join((text[: self.begin] + self.new + text[self.end :]).split())


def slips(text: str, side: Part, scalars: Collection[str], sizes: Collection[str]) -> Iterator[Edit]:
    """Return every slip of a side; ``scalars`` are names of ratios and other numbers, ``sizes`` names of sizes."""
    seen = {" ".join(text.split())}
    for part, within in _parts(side, None):
        for edit in _at(text, part, within, scalars, sizes):
            new = edit.of(text)
            if new not in seen and new:
                seen.add(new)
                yield edit


def _parts(part: Part, within: Part | None) -> Iterator[tuple[Part, Part | None]]:
    yield part, within
    if part.kind == "derivative" and part.parts[0].kind == "name":
        return  # dL/dz is one word
    for inner in part.parts:
        yield from _parts(inner, part)


def _at(text: str, part: Part, within: Part | None, scalars: Collection[str], sizes: Collection[str]) -> Iterator[Edit]:
    if part.kind == "terms":
        yield from _terms(text, part)
    if part.kind == "product":
        yield from _swapped(text, part)
    if part.kind == "T":
        yield Edit(TRANSPOSE, part.parts[0].end, part.end, "")
    elif _may_be_transposed(part, within, scalars, sizes):
        whole = text[part.begin : part.end]
        yield Edit(TRANSPOSE, part.begin, part.end, f"{whole}^T" if _closed(part) else f"({whole})^T")
    if part.kind == "mean":
        inside = part.parts[0]
        yield Edit(MEAN, part.begin, part.end, f"({text[inside.begin : inside.end]})")
    if part.kind == "name" and part.word in scalars:
        yield Edit(LAM, part.begin, part.end, f"(1 - {part.word})")
    if part.kind == "brackets" and (name := _complement(part.parts[0])) in scalars:
        yield Edit(LAM, part.begin, part.end, name)
    if part.kind == "quotient":
        yield from _divided(part, sizes)


def _terms(text: str, part: Part) -> Iterator[Edit]:
    for at, (sign, term) in enumerate(zip(part.word, part.parts, strict=True)):
        begin = part.begin if at == 0 else part.parts[at - 1].end
        between = text[begin : term.begin]
        flipped = "-" if sign != "-" else ("" if at == 0 else "+")
        yield Edit(SIGN, begin, term.begin, between.replace(sign, flipped) if sign.strip() else f"{flipped}{between}")
        whole = text[term.begin : term.end]
        for factor in ("2", "1/2"):
            apart = whole[:1].isdigit() or factor == "1/2"
            yield Edit(FACTOR, term.begin, term.end, f"{factor} ({whole})" if apart else f"{factor} {whole}")
        yield from _without_factor(text, term)
        if len(part.parts) > 1 and at:
            yield Edit(TERM, begin, term.end, "")
        elif len(part.parts) > 1:
            following = part.parts[1].begin
            yield Edit(TERM, begin, following, "-" if part.word[1] == "-" else "")


def _without_factor(text: str, term: Part) -> Iterator[Edit]:
    """Leave out a number that a term begins with: 2, or 1/2."""
    if term.kind != "product":
        if term.kind == "quotient" and text[term.begin : term.begin + 2] in ("2 ", "2("):
            yield Edit(FACTOR, term.begin, term.begin + 1, "")
        return
    first = term.parts[0]
    if all(letter in "0123456789/" for letter in text[first.begin : first.end]):
        yield Edit(FACTOR, first.begin, term.parts[1].begin, "")


def _divided(part: Part, sizes: Collection[str]) -> Iterator[Edit]:
    above, below = part.parts
    if below.kind == "number":
        yield Edit(FACTOR, above.end, part.end, "")
    if below.kind == "name" and below.word in sizes:
        yield Edit(MEAN, above.end, part.end, "")


def _swapped(text: str, part: Part) -> Iterator[Edit]:
    for left, right in pairwise(part.parts):
        if right.kind == "sum":
            continue  # a sum goes on to the end of its product
        first, between, last = text[left.begin : left.end], text[left.end : right.begin], text[right.begin : right.end]
        yield Edit(SWAP, left.begin, right.end, f"{last}{between}{first}")


def _may_be_transposed(part: Part, within: Part | None, scalars: Collection[str], sizes: Collection[str]) -> bool:
    if within is not None and within.kind in ("T", "entry", "power", "inverse", "replaced"):
        return False
    if part.kind == "name":
        return part.word not in scalars and part.word not in sizes
    return part.kind in ("brackets", "derivative", "inverse", "power", "ones")


def _closed(part: Part) -> bool:
    return part.kind in ("name", "brackets", "ones")


def _complement(part: Part) -> str:
    """Return the name where a part is 1 - name, else nothing."""
    if part.kind != "terms" or part.word != " -":
        return ""
    one, name = part.parts
    return name.word if one.kind == "number" and one.word == "1" and name.kind == "name" else ""
