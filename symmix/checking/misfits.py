"""Likely causes where shapes do not fit inside of a side: there is no tree to change, so the tokens are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from symmix.checking.slips import MAX_TRIES, Mend
from symmix.errors import SymmixError
from symmix.reading import Link
from symmix.reading.statements import Statements
from symmix.reading.stream import Stream
from symmix.reading.tokens import Token, closing, tokens
from symmix.terms import nodes as t

_TRANSPOSE = ("^", "T")


class _Factor(NamedTuple):
    """Where a factor begins, where what is raised in it ends, and where it ends itself."""

    begin: int
    base: int
    end: int


def mended(link: Link, shape: t.Shape, proves: Callable[[t.Expression], bool]) -> Mend | None:
    """Return a side of a shape in which one transpose is put in or left out, or two factors are exchanged."""
    place = link.place
    try:
        found = tokens(link.text, place.line, link.context.knows)
    except SymmixError:
        return None  # a side over several lines is shown with spaces between its tokens
    for _, (slip, changed) in zip(range(MAX_TRIES), _changes(found), strict=False):
        side = _read(changed, link)
        try:
            if side is not None and side.shape == shape and proves(side):
                return Mend(slip, side)
        except SymmixError:
            continue
    return None


def _read(changed: Sequence[Token], link: Link) -> t.Expression | None:
    """Return the whole of some tokens as an expression; None if it is none, or its shapes do not fit either."""
    stream = Stream(changed, link.place)
    reader = Statements(stream, link.context)
    try:
        part = reader.sum()
        stream.done()
        return reader.settled(part)
    except SymmixError:
        return None


def _changes(found: Sequence[Token]) -> Iterator[tuple[str, Sequence[Token]]]:
    """Run through the changes of tokens: transposes first, then what stands side by side exchanged."""
    factors = list(_factors(found))
    for _, base, end in factors:
        raised = tuple(token.text for token in found[base : base + 2])
        if raised == _TRANSPOSE:
            yield "a transpose", [*found[:base], *found[base + 2 :]]
        elif base == end:
            at = found[base - 1].place
            yield "a transpose", [*found[:base], *(Token(text, at, spaced=False) for text in _TRANSPOSE), *found[base:]]
    for one, other in pairwise(factors):
        if one.end == other.begin:
            exchanged = [*found[other.begin : other.end], *found[one.begin : one.end]]
            spaced = [Token(token.text, token.place, spaced=True) for token in exchanged]
            yield "factors exchanged", [*found[: one.begin], *spaced, *found[other.end :]]


def _factors(found: Sequence[Token]) -> Iterator[_Factor]:
    """Run through the factors at every depth: names, and what stands in brackets, with their exponents."""
    for begin, token in enumerate(found):
        if token.is_name:
            base = begin + 1
        elif token.text == "(" and (close := closing(found, begin, "(", ")")) is not None:
            base = close + 1
        else:
            continue
        if begin and found[begin - 1].text == "^":
            continue  # the T of an exponent
        end = base
        while end + 1 < len(found) and found[end].text == "^":
            end += 2
        yield _Factor(begin, base, end)
